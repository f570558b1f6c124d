//! A damaged desk as a moderator meets it: in the window and on the command line.

use crate::commands::{Desk, TOKEN, each, native};
use crate::desk::{Bench, until};
use crate::file::named;
use greenroom::app::command::Command;
use greenroom::demo::{self, Demo, Mischief, Options, Status};
use greenroom::domain::Delivery;
use std::path::{Path, PathBuf};
use std::time::Duration;

fn newsroom(comments: usize) -> Demo {
    let token = Some(TOKEN.to_owned());
    let options =
        Options { comments, rate_per_min: 0.0, mischief: Mischief::none(), token, ..Options::default() };
    Demo::start(options).unwrap()
}

/// The desk's file with everything in it that still stood in the log beside it.
fn settled(dir: &Path) -> PathBuf {
    let path = dir.join("desk.sqlite");
    rusqlite::Connection::open(&path).unwrap().pragma_update(None, "wal_checkpoint", "truncate").unwrap();
    path
}

fn garble(dir: &Path) {
    let path = settled(dir);
    let mut bytes = std::fs::read(&path).unwrap();
    bytes[..4096].fill(0x5a);
    std::fs::write(path, bytes).unwrap();
}

#[test]
fn the_next_command_mends_a_damaged_desk_says_so_and_sends_nothing_twice() {
    let site = newsroom(20);
    let desk = Desk::on(&site.origin());
    let queue = desk.queue();
    let names: Vec<&str> = queue[..4].iter().map(String::as_str).collect();
    assert_eq!(desk.run(&["decide", "approve", &queue[5]]).code, 0);
    assert_eq!(desk.run(&[&["decide", "reject", "--hold", "0"], &names[..]].concat()).code, 5);
    garble(&desk.data());
    // A colleague was as fast for one of them: there is nothing left to send for it.
    site.with_world(|world| world.reject_as("Bo", native(names[3])));

    let read = desk.run(&["list"]);
    assert!(
        read.code == 1 && read.err.contains("damaged") && read.err.contains("greenroom pull"),
        "{read:?}"
    );
    let mended = desk.run(&["pull", "--json"]);
    assert_eq!(mended.json(0)["pending"], 15);
    let aside = named(&desk.data(), "desk-damaged");
    let file = aside.iter().find(|path| path.extension().is_some_and(|end| end == "sqlite")).unwrap();
    assert!(mended.err.contains(file.to_str().unwrap()), "{mended:?}");
    assert!(mended.err.contains("4 open decisions were recovered"), "{mended:?}");
    let outbox = desk.run(&["outbox", "--json"]);
    assert_eq!(each(&outbox.json(0), "state"), ["delivered"; 4], "{outbox:?}");
    assert_eq!(outbox.err, "", "it is said once");
    let sent = |handle: &str| {
        site.with_world(|world| {
            let ours = world.decisions().iter().filter(|of| of.comment == native(handle) && of.key.is_some());
            (ours.count(), world.status_of(native(handle)))
        })
    };
    for name in &names[..3] {
        assert_eq!(sent(name), (1, Some(Status::Rejected)), "{name}");
    }
    assert_eq!(sent(names[3]), (0, Some(Status::Rejected)));
    assert_eq!(sent(&queue[5]), (1, Some(Status::Approved)), "what was delivered is not sent again");
    assert_eq!(desk.run(&["pull", "--json"]).json(0)["pending"], 15);
    for name in &names[..3] {
        assert_eq!(sent(name).0, 1, "{name}");
    }
}

#[test]
fn damage_that_is_met_while_the_desk_is_open_is_mended_in_the_window() {
    let mut bench = Bench::connected(40);
    let ids: Vec<_> = bench.queue()[..2].to_vec();
    let natives: Vec<String> = ids.iter().map(|id| bench.native(*id)).collect();
    let noted = bench.queue()[5];
    bench.app.run(Command::WriteNote(noted, "ask Bo".to_owned()));
    bench.until("the note is on disk", |app| app.card(noted).unwrap().note.is_some());
    bench.app.run(Command::Approve(ids));
    bench.until("they are on disk", |app| app.outbox().len() == 2);
    bench.app.leave();
    // A page in the middle: nothing that is read at the start.
    let path = settled(bench.dir.path());
    let mut bytes = std::fs::read(&path).unwrap();
    let needle = b"ferry";
    let at = bytes.windows(needle.len()).rposition(|window| window == needle).unwrap_or(bytes.len() - 1);
    bytes[at / 4096 * 4096..][..4096].fill(0);
    std::fs::write(&path, bytes).unwrap();

    bench.reopen_at_rest();
    bench.until("the damage is met", |app| {
        app.alarm().is_some_and(|alarm| alarm.remedy == Some(Command::MendDesk))
    });
    bench.app.run(Command::MendDesk);
    bench.until("the desk is mended", |app| {
        app.alarm().is_some_and(|alarm| alarm.remedy == Some(Command::Understood))
    });
    let alarm = bench.app.alarm().unwrap().words;
    assert!(alarm.contains("2 open decisions were recovered") && alarm.contains("desk-damaged-"), "{alarm}");
    let rows = bench.app.outbox();
    assert_eq!(rows.len(), 2);
    let open = |row: &greenroom::app::view::OutboxRow| {
        row.delivery != Delivery::Held || row.notice.as_ref().is_some_and(|n| n.words.contains("Recovered"))
    };
    assert!(rows.iter().all(open), "{rows:#?}");
    bench.until("they go out", |app| app.outbox().iter().all(|row| row.delivery == Delivery::Delivered));
    bench.until("the queue is read anew", |app| app.queue().ids.len() == 38);
    for native in natives {
        assert_eq!(bench.site_status(&native), demo::Status::Approved);
    }
    bench.app.run(Command::Understood);
    until(&mut bench.app, "it is put away", |app| app.alarm().is_none());
    bench.reopen();
    bench.for_a_while(Duration::from_millis(500));
    assert_eq!(bench.app.alarm(), None);
    let ours =
        bench.demo.with_world(|world| world.decisions().iter().filter(|d| d.by == demo::MODERATOR).count());
    assert_eq!(ours, 2, "each once");
}

#[test]
fn damage_that_is_met_while_the_window_opens_is_mended_at_once() {
    for change in [None, Some("update acts set verb = 'zq'")] {
        let mut bench = Bench::connected(12);
        let ids: Vec<_> = bench.queue()[..2].to_vec();
        bench.app.run(Command::Approve(ids));
        bench.until("they are on disk", |app| app.outbox().len() == 2);
        bench.app.leave();
        let path = settled(bench.dir.path());
        let db = rusqlite::Connection::open(&path).unwrap();
        if let Some(sql) = change {
            assert!(db.execute(sql, []).unwrap() > 0);
        } else {
            let sql = "select rootpage from sqlite_schema where name = 'acts'";
            let page: usize = db.query_row(sql, [], |row| row.get(0)).unwrap();
            drop(db);
            let mut bytes = std::fs::read(&path).unwrap();
            bytes[(page - 1) * 4096..page * 4096].fill(0);
            std::fs::write(&path, bytes).unwrap();
        }
        bench.reopen_at_rest();
        let alarm = bench.app.alarm().unwrap_or_else(|| panic!("nothing is said: {change:?}"));
        assert_eq!(alarm.remedy, Some(Command::Understood));
        assert!(alarm.words.contains("2 open decisions were recovered"), "{}", alarm.words);
        assert_eq!(bench.app.outbox().len(), 2);
        bench.app.leave();
    }
}
