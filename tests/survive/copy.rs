//! The file and its carbon copy do not tell the same: an older file, a damaged copy, an index that is not its table's.

use crate::file::{FILE, Left, at, decide, fill, folder, lines, named, open, options, write};
use greenroom::domain::{CommentId, Delivery, Status, Verb};
use greenroom::store::{Options, Store, Trouble};
use rusqlite::Connection;
use std::path::Path;

const COPY: &str = "desk.carbon";

#[test]
fn what_was_settled_since_is_asked_about_when_an_older_file_comes_back() {
    let dir = tempfile::tempdir().unwrap();
    let store = Store::open(dir.path(), options()).unwrap();
    let before = fill(&store);
    let sent = decide(&store, 41, Verb::Spam);
    write(&store, move |work| {
        work.release(&[sent], at(400))?;
        work.sending(sent, Some(Status::Pending), at(400))
    });
    let held = decide(&store, 40, Verb::Reject);
    drop(store);
    let older = std::fs::read(dir.path().join(FILE)).unwrap();
    let store = Store::open(dir.path(), options()).unwrap();
    write(&store, |work| work.undo(at(500), &mut || "undo".to_owned()));
    write(&store, move |work| work.deliver(sent, true, at(500)));
    assert_eq!(open(&store), before);
    drop(store);
    // It is written anew: how the two were settled does not stand there any more.
    std::fs::remove_file(dir.path().join(COPY)).unwrap();
    drop(Store::open(dir.path(), options()).unwrap());

    std::fs::write(dir.path().join(FILE), older).unwrap();
    let store = Store::open(dir.path(), options()).unwrap();
    let mended = store.reader().unwrap().mended().unwrap().unwrap();
    assert_eq!((mended.aside, mended.doubtful), (None, 2));
    let asked: Vec<_> = lines(&store)
        .into_iter()
        .filter(|line| line.fault.as_deref() == Some("doubtful"))
        .map(|line| (line.decision.id, line.delivery))
        .collect();
    assert_eq!(asked.len(), 2, "{asked:?}");
    assert!([held, sent].iter().all(|id| asked.contains(&(*id, Delivery::Refused))), "{asked:?}");
    assert_eq!(open(&store).len(), before.len() + 2);
}

#[test]
fn a_bad_line_in_the_copy_costs_no_sound_file() {
    let left = Left::closed();
    let whole = left.bytes(COPY);
    let needle = b"settled";
    let at = whole.windows(needle.len()).rposition(|window| window == needle).unwrap();
    let mut bytes = whole.clone();
    bytes[at] ^= 1;
    let dir = left.with(COPY, &bytes);
    let store = Store::open(dir.path(), options()).unwrap();
    assert_eq!(store.reader().unwrap().mended().unwrap(), None);
    assert_eq!(named(dir.path(), "desk-damaged"), Vec::<std::path::PathBuf>::new());
    assert_eq!(open(&store), left.open);
    drop(store);
    // The copy is whole again.
    std::fs::write(dir.path().join(FILE), b"").unwrap();
    let store = Store::open(dir.path(), options()).unwrap();
    let mended = store.reader().unwrap().mended().unwrap().unwrap();
    assert_eq!((mended.decisions as usize, mended.lost, mended.doubtful), (left.open.len(), 0, 0));
    assert_eq!(open(&store), left.open);
}

/// Lets an index tell something else than its table.
fn estrange(path: &Path, index: &str, change: &str) {
    let wild = || {
        let db = Connection::open(path).unwrap();
        db.pragma_update(None, "writable_schema", true).unwrap();
        db
    };
    let named = "from sqlite_schema where name = ?";
    let db = wild();
    let row: (String, i64, String) = db
        .query_row(&format!("select tbl_name, rootpage, sql {named}"), [index], |row| {
            Ok((row.get(0)?, row.get(1)?, row.get(2)?))
        })
        .unwrap();
    assert_eq!(db.execute(&format!("delete {named}"), [index]).unwrap(), 1);
    drop(db);
    assert!(wild().execute(change, []).unwrap() > 0);
    let sql = "insert into sqlite_schema (type, name, tbl_name, rootpage, sql) values ('index', ?, ?, ?, ?)";
    wild().execute(sql, rusqlite::params![index, row.0, row.1, row.2]).unwrap();
}

#[test]
fn damage_that_is_met_again_and_again_is_found_at_the_start_after_it() {
    let left = Left::closed();
    let dir = left.with(FILE, &left.bytes(FILE));
    estrange(&dir.path().join(FILE), "outbox_made", "update outbox set made_at = made_at + 1");
    let store = Store::open(dir.path(), options()).unwrap();
    assert_eq!(store.reader().unwrap().mended().unwrap(), None);
    assert_eq!(store.reader().unwrap().check(), Ok(()), "a quick look does not see it");
    store.tell_damage("database disk image is malformed");
    drop(store);
    let store = Store::open(dir.path(), options()).unwrap();
    let mended = store.reader().unwrap().mended().unwrap().unwrap();
    assert!(mended.aside.is_some() && mended.why.contains("outbox_made"), "{mended:?}");
    assert_eq!(open(&store), left.open);
}

#[test]
fn a_disk_that_fills_while_a_damaged_file_is_mended_leaves_everything_as_it_was() {
    let dir = tempfile::tempdir().unwrap();
    let pages = |dir: &Path| std::fs::metadata(dir.join(FILE)).unwrap().len() / 4096;
    drop(Store::open(dir.path(), options()).unwrap());
    let empty = u32::try_from(pages(dir.path())).unwrap();
    let store = Store::open(dir.path(), options()).unwrap();
    let before = fill(&store);
    for n in 0..100 {
        write(&store, move |work| work.write_note(CommentId(n + 1), &"ask Bo ".repeat(200), at(600)));
    }
    let lines = store.reader().unwrap().verify_journal().unwrap();
    drop(store);
    let db = Connection::open(dir.path().join(FILE)).unwrap();
    assert!(db.execute("update outbox set key = 'other' where delivery = 'held'", []).unwrap() > 0);
    drop(db);
    let left = Left { files: folder(dir.path()), open: before };
    let (mut full, mut whole) = (0, 0);
    for room in (0..160).step_by(8) {
        let dir = left.with(FILE, &left.bytes(FILE));
        let tight = Options { pages_max: Some(empty + room), ..options() };
        match Store::open(dir.path(), tight) {
            Ok(store) => {
                whole += 1;
                drop(store);
            }
            Err(trouble) => {
                assert_eq!(trouble, Trouble::Full);
                assert_eq!(named(dir.path(), "desk-damaged"), Vec::<std::path::PathBuf>::new(), "{room}");
                full += 1;
            }
        }
        let store = Store::open(dir.path(), options()).unwrap();
        let mended = store.reader().unwrap().mended().unwrap().unwrap();
        assert_eq!((mended.notes, mended.lost), (100, 0), "{room}: {mended:?}");
        assert_eq!(open(&store), left.open, "{room}");
        assert!(store.reader().unwrap().verify_journal().unwrap() > lines, "{room}");
    }
    assert!(full > 3 && whole > 3, "{full} {whole}");
}
