//! Files that another Greenroom wrote: older ones are copied and brought up to date, newer ones refused.

use crate::commands::Desk;
use crate::file::{FILE, at, named, options};
use greenroom::store::{Options, Store, Trouble};
use rusqlite::Connection;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

/// Every migration, in order.
fn migrations() -> Vec<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/store/migrations");
    let mut paths: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    paths.iter().map(|path| std::fs::read_to_string(path).unwrap()).collect()
}

/// A file as the Greenroom of that schema left it: a site, a comment with an address, and a decision that is held.
fn written(dir: &Path, schema: usize) {
    let db = Connection::open(dir.join(FILE)).unwrap();
    db.pragma_update(None, "journal_mode", "wal").unwrap();
    for sql in &migrations()[..schema] {
        db.execute_batch(sql).unwrap();
    }
    db.pragma_update(None, "user_version", schema as i64).unwrap();
    db.execute_batch(
        "insert into facts values ('salt', randomblob(32));
         insert into sites (slug, name, backend, base, account, sort, hold_secs)
             values ('g', 'Gazette', 'cmh', 'https://g.example', '', 'oldest', 5);
         insert into comments (site, native_id, status, first_seen) values (1, 'c1', 'pending', 0);
         insert into revisions (comment, digest, format, body, name, first_seen)
             values (1, x'01', 'plain', 'late ferry', 'Ana', 0);
         update comments set revision = 1;
         insert into persons (comment, email) values (1, 'ana@example.org');
         insert into acts (at, kind, verb) values (0, 'decide', 'approve');
         insert into outbox (batch, site, comment, verb, seen, prior, moderator, made_at, hold_secs, key, delivery, since)
             values (1, 1, 1, 'approve', 1, 'pending', 'Robin', 0, 5, 'k1', 'held', 0);",
    )
    .unwrap();
}

#[test]
fn a_file_of_every_older_schema_is_copied_first_and_keeps_its_decision() {
    let newest = migrations().len();
    for schema in 1..=newest {
        let dir = tempfile::tempdir().unwrap();
        written(dir.path(), schema);
        let store =
            Store::open(dir.path(), options()).unwrap_or_else(|trouble| panic!("{schema}: {trouble}"));
        let lines = store.reader().unwrap().outbox(10, 10).unwrap();
        assert_eq!((lines.len(), lines[0].decision.key.as_str()), (1, "k1"), "schema {schema}");
        assert_eq!(store.reader().unwrap().check(), Ok(()));
        let folder = dir.path().join("backups");
        if schema == newest {
            assert!(!folder.exists(), "there was nothing to bring up to date");
            continue;
        }
        let copies = named(&folder, &format!("desk-schema{schema}-2026-"));
        assert_eq!(copies.len(), 1, "schema {schema}");
        assert_eq!(std::fs::metadata(&copies[0]).unwrap().permissions().mode() & 0o777, 0o600);
        assert_eq!(std::fs::metadata(&folder).unwrap().permissions().mode() & 0o777, 0o700);
        let copy = Connection::open(&copies[0]).unwrap();
        let version: usize = copy.pragma_query_value(None, "user_version", |row| row.get(0)).unwrap();
        assert_eq!(version, schema);
        let email: String = copy.query_row("select email from persons", [], |row| row.get(0)).unwrap();
        assert_eq!(email, "ana@example.org");
    }
}

#[test]
fn only_the_newest_few_copies_are_kept() {
    let dir = tempfile::tempdir().unwrap();
    for n in 0..5 {
        let _ = std::fs::remove_file(dir.path().join(FILE));
        let _ = std::fs::remove_file(dir.path().join("desk.carbon"));
        written(dir.path(), 1);
        let options = Options { now: Some(at(n * 100)), ..options() };
        drop(Store::open(dir.path(), options).unwrap());
    }
    let copies = named(&dir.path().join("backups"), "desk-schema1-");
    let names: Vec<_> = copies.iter().map(|path| path.file_name().unwrap().to_string_lossy()).collect();
    let date = |n: i64| at(n * 100).format("desk-schema1-%Y-%m-%d-%H%M%S.sqlite").to_string();
    assert_eq!(names, [date(2), date(3), date(4)]);
}

#[test]
fn a_newer_file_is_refused_untouched_and_said_so() {
    let desk = Desk::empty();
    std::fs::create_dir_all(desk.data()).unwrap();
    let store = Store::open(&desk.data(), options()).unwrap();
    drop(store);
    let db = Connection::open(desk.data().join(FILE)).unwrap();
    let ours: i64 = db.pragma_query_value(None, "user_version", |row| row.get(0)).unwrap();
    db.pragma_update(None, "user_version", ours + 1).unwrap();
    drop(db);
    let bytes = std::fs::read(desk.data().join(FILE)).unwrap();
    let refused = Store::open(&desk.data(), options()).err();
    assert_eq!(refused, Some(Trouble::Newer { file: ours + 1, ours }));
    let ran = desk.run(&["pull"]);
    assert!(ran.code == 1 && ran.err.contains("Update") && ran.err.contains("newer Greenroom"), "{ran:?}");
    assert_eq!(std::fs::read(desk.data().join(FILE)).unwrap(), bytes);
}
