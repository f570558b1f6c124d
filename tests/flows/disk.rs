//! The desk's own file refuses something for good; everything else goes on.

use crate::desk::{Bench, open, until};
use greenroom::app::App;
use greenroom::app::command::Command;
use greenroom::app::view::Loadable;
use greenroom::demo;
use greenroom::domain::Delivery;
use std::time::{Duration, Instant};

/// From now on the file does not take what this trigger is about.
fn refuse(bench: &Bench, trigger: &str) -> rusqlite::Connection {
    let file = rusqlite::Connection::open(bench.dir.path().join("desk.sqlite")).unwrap();
    file.busy_timeout(Duration::from_secs(5)).unwrap();
    file.execute_batch(&format!(
        "create trigger worn before {trigger} begin select raise(abort, 'worn out'); end"
    ))
    .unwrap();
    file
}

#[test]
fn a_decision_whose_receipt_the_file_does_not_take_goes_on_and_so_does_what_is_held_beside_it() {
    let mut bench = Bench::connected(40);
    let (first, second) = (bench.queue()[0], bench.queue()[1]);
    let natives = [bench.native(first), bench.native(second)];
    let about =
        format!("update of delivery on outbox when new.delivery = 'delivered' and new.comment = {}", first.0);
    let file = refuse(&bench, &about);
    bench.app.run(Command::Approve(vec![second]));
    bench.until("it is on disk", |app| app.outbox().len() == 1);
    let (held_at, beside) = (Instant::now(), bench.newest_decision());
    bench.app.run(Command::Approve(vec![first]));
    bench.until("both are on disk", |app| app.outbox().len() == 2);
    let id = bench.newest_decision();
    bench.app.run(Command::Release(id));
    let site = bench.app.sites()[0].id;
    let delivery = move |app: &mut greenroom::app::App, wanted| {
        app.outbox().iter().find(|row| row.id == wanted).unwrap().delivery
    };
    bench.until("it waits at home again", |app| {
        let row = app.outbox().into_iter().find(|row| row.id == id).unwrap();
        row.delivery == Delivery::Queued && row.tries == 1
    });
    assert_eq!(bench.site_status(&natives[0]), demo::Status::Approved, "the site has it");
    bench.until("the other leaves", |app| delivery(app, beside) == Delivery::Delivered);
    let took = held_at.elapsed();
    assert!(took < Duration::from_secs(8), "its hold was not begun anew: {took:?}");

    file.execute_batch("drop trigger worn").unwrap();
    bench.app.run(Command::Refresh(Some(site)));
    bench.until("it is seen to be there", |app| delivery(app, id) == Delivery::Delivered);
    let sent = bench.demo.with_world(|world| {
        world.decisions().iter().filter(|d| d.by == demo::MODERATOR && d.comment == natives[0]).count()
    });
    assert_eq!(sent, 1, "it is not sent twice");
}

#[test]
fn a_note_needs_no_site_and_is_there_after_a_restart() {
    let mut bench = Bench::connected(40);
    let first = bench.queue()[0];
    let Bench { mut app, demo, dir, secrets } = bench;
    drop(demo);
    app.run(Command::WriteNote(first, "  ask Bo \n".to_owned()));
    let text = |app: &mut App| app.card(first).unwrap().note.map(|note| note.text);
    until(&mut app, "it is on disk", |app| text(app).as_deref() == Some("ask Bo"));
    assert!(app.outbox().is_empty(), "nothing of it leaves");
    app.close();
    let mut app = open(dir.path(), secrets, Duration::ZERO);
    assert_eq!(text(&mut app).as_deref(), Some("ask Bo"));
    app.run(Command::Undo);
    until(&mut app, "it is taken back", |app| text(app).is_none());
    app.close();
}

#[test]
fn a_note_that_the_file_does_not_take_is_said_and_not_lost() {
    let mut bench = Bench::connected(40);
    let first = bench.queue()[0];
    let _file = refuse(&bench, "insert on notes");
    bench.app.run(Command::WriteNote(first, "ask Bo".to_owned()));
    bench.until("it is said", |app| {
        app.toast().is_some_and(|toast| toast.notice.words.contains("The note was not kept"))
    });
    assert_eq!(bench.app.take_unnoted(), [(first, Some("ask Bo".to_owned()))]);
    assert_eq!(bench.app.card(first).unwrap().note, None);
}

#[test]
fn what_a_card_asked_for_and_the_file_does_not_take_is_said() {
    let mut bench = Bench::connected(40);
    let first = bench.queue()[0];
    bench.until("the article is here", |app| matches!(app.article(first), Loadable::Ready(_)));
    let _file = refuse(&bench, "insert on records");
    bench.until("its record is given up", |app| {
        matches!(app.card(first).unwrap().record, Loadable::Failed { .. })
    });
}
