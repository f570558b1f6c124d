//! The flows through `App`, without pixels, against the demo site over real HTTP.

mod desk;

use desk::Bench;
use greenroom::app::command::Command;
use greenroom::app::view::{Health, Loadable};
use greenroom::demo;
use greenroom::domain::{Delivery, Status};
use std::time::Duration;

#[test]
fn a_decision_goes_from_the_key_to_the_site() {
    let mut bench = Bench::connected(40);
    let first = bench.queue()[0];
    let native = bench.native(first);
    bench.app.run(Command::Approve(vec![first]));
    bench.until("the row leaves the queue", |app| !app.queue().ids.contains(&first));
    assert_eq!(bench.site_status(&native), demo::Status::Pending, "it is held at home first");
    let id = bench.newest_decision();
    bench.app.run(Command::Release(id));
    bench.until("it is delivered", |app| app.outbox()[0].delivery == Delivery::Delivered);
    assert_eq!(bench.site_status(&native), demo::Status::Approved);
    assert_eq!(bench.counts().pending, 39);
}

#[test]
fn an_undo_before_the_hold_ends_sends_nothing() {
    let mut bench = Bench::connected(40);
    let first = bench.queue()[0];
    bench.app.run(Command::Reject(vec![first]));
    bench.until("the row leaves the queue", |app| !app.queue().ids.contains(&first));
    bench.app.run(Command::Undo);
    bench.until("the row is back in its place", |app| app.queue().ids.first() == Some(&first));
    bench.for_a_while(Duration::from_millis(600));
    assert!(bench.demo.with_world(|world| world.decisions().iter().all(|d| d.by != demo::MODERATOR)));
    assert_eq!(bench.app.outbox()[0].delivery, Delivery::Withdrawn);
    assert!(bench.app.can_redo());
}

#[test]
fn an_undo_after_delivery_restores_what_was() {
    let mut bench = Bench::connected(40);
    let first = bench.queue()[0];
    let native = bench.native(first);
    bench.decide_now(Command::Spam(vec![first]));
    assert_eq!(bench.site_status(&native), demo::Status::Spam);
    bench.app.run(Command::Undo);
    bench.until("the row is back", |app| app.queue().ids.first() == Some(&first));
    assert_eq!(bench.site_status(&native), demo::Status::Pending);
    bench.app.run(Command::Redo);
    bench.until("it is marked again", |app| app.outbox()[0].delivery == Delivery::Held);
}

#[test]
fn a_colleague_who_was_first_is_not_overwritten() {
    let mut bench = Bench::connected(40);
    let first = bench.queue()[0];
    let native = bench.native(first);
    bench.app.run(Command::Reject(vec![first]));
    bench
        .until("it is on disk", |app| app.outbox().first().is_some_and(|row| row.delivery == Delivery::Held));
    bench.demo.with_world(|world| world.approve_as("Bo", &native));
    let id = bench.newest_decision();
    bench.app.run(Command::Release(id));
    bench.until("the desk says so", |app| app.outbox()[0].delivery == Delivery::Conflicted);
    assert_eq!(bench.site_status(&native), demo::Status::Approved);
    let conflict = bench.app.outbox()[0].conflict.clone().unwrap();
    assert_eq!((conflict.theirs, conflict.by.as_deref()), (Status::Approved, Some("Bo")));
    let id = bench.newest_decision();
    bench.app.run(Command::KeepTheirs(id));
    bench.until("it is settled", |app| app.outbox()[0].delivery == Delivery::Withdrawn);
}

#[test]
fn words_that_changed_are_not_decided_on_unread() {
    let mut bench = Bench::connected(40);
    let first = bench.queue()[0];
    let native = bench.native(first);
    let _ = bench.app.card(first);
    bench.app.run(Command::Approve(vec![first]));
    bench
        .until("it is on disk", |app| app.outbox().first().is_some_and(|row| row.delivery == Delivery::Held));
    bench.demo.with_world(|world| world.edit(&native, "Now I say something else entirely"));
    let id = bench.newest_decision();
    bench.app.run(Command::Release(id));
    bench.until("the desk asks", |app| app.outbox()[0].delivery == Delivery::Conflicted);
    assert_eq!(bench.site_status(&native), demo::Status::Pending);
    assert!(bench.app.outbox()[0].conflict.as_ref().unwrap().words.is_some());
    let id = bench.newest_decision();
    bench.app.run(Command::ApplyMine(id));
    bench.until("it goes out", |app| app.outbox()[0].delivery == Delivery::Delivered);
    assert_eq!(bench.site_status(&native), demo::Status::Approved);
}

#[test]
fn the_open_card_does_not_swap_its_words_under_the_reader() {
    let mut bench = Bench::connected(40);
    let first = bench.queue()[0];
    let native = bench.native(first);
    let before = bench.app.card(first).unwrap();
    bench.app.on_screen(Some(first), &[first]);
    bench.demo.with_world(|world| world.edit(&native, "Swapped"));
    bench.until("the card says so", |app| app.card(first).unwrap().notice.is_some());
    assert_eq!(bench.app.card(first).unwrap().body, before.body);
    bench.app.run(Command::ReadAnew(first));
    assert_ne!(bench.app.card(first).unwrap().body, before.body);
}

#[test]
fn decisions_survive_a_closed_desk_and_an_absent_site() {
    let mut bench = Bench::connected(40);
    let ids: Vec<_> = bench.queue()[..3].to_vec();
    let natives: Vec<String> = ids.iter().map(|id| bench.native(*id)).collect();
    bench.demo.with_world(|world| world.fail_for(3600));
    bench.app.run(Command::Approve(ids));
    bench.until("they are on disk", |app| app.outbox().len() == 3);
    bench.reopen();
    bench.demo.with_world(|world| world.fail_for(0));
    bench.app.run(Command::Refresh(None));
    bench.until("all arrive", |app| app.outbox().iter().all(|row| row.delivery == Delivery::Delivered));
    for native in natives {
        assert_eq!(bench.site_status(&native), demo::Status::Approved);
    }
    let ours =
        bench.demo.with_world(|world| world.decisions().iter().filter(|d| d.by == demo::MODERATOR).count());
    assert_eq!(ours, 3, "each once");
}

#[test]
fn a_comment_that_arrives_is_told_and_the_list_stays() {
    let mut bench = Bench::connected(40);
    let before = bench.queue();
    bench.demo.with_world(|world| world.reject_as("Bo", &world.pending_ids()[0].clone()));
    bench.until("what a colleague decided leaves", |app| app.queue().ids.len() == 39);
    assert_eq!(bench.queue()[..], before[1..]);
}

#[test]
fn the_article_stands_beside_the_comment() {
    let mut bench = Bench::connected(40);
    let first = bench.queue()[0];
    bench.until("the article is here", |app| matches!(app.article(first), Loadable::Ready(_)));
    let Loadable::Ready(article) = bench.app.article(first) else { panic!("no article") };
    assert!(article.body.blocks.len() > 5);
    assert!(article.reading_minutes >= 1);
}

#[test]
fn a_wrong_secret_is_named_and_keeps_everything() {
    let mut bench = Bench::connected(40);
    let first = bench.queue()[0];
    bench.app.run(Command::Approve(vec![first]));
    bench.until("it is on disk", |app| app.outbox().len() == 1);
    bench.forget_secret();
    bench.reopen();
    bench.until("the desk asks for it", |app| matches!(app.sites()[0].health, Health::SignedOut { .. }));
    assert_eq!(bench.queue().len(), 39);
    let site = bench.app.sites()[0].id;
    let token = greenroom::app::command::Secret::new(bench.demo.token());
    bench.app.run(Command::SignIn(site, token));
    bench.until("it goes out", |app| app.outbox()[0].delivery == Delivery::Delivered);
}

#[test]
fn parked_is_this_desks_own_and_comes_back() {
    let mut bench = Bench::connected(40);
    let first = bench.queue()[0];
    bench.app.run(Command::Park(vec![first]));
    bench.until("it is set aside", |app| !app.queue().ids.contains(&first));
    assert_eq!((bench.counts().pending, bench.counts().parked), (39, 1));
    bench.app.run(Command::Undo);
    bench.until("it is back", |app| app.queue().ids.first() == Some(&first));
}

#[test]
fn what_an_older_version_derived_is_derived_anew() {
    let mut bench = Bench::connected(40);
    let first = bench.queue()[0];
    let before = bench.app.row(first).unwrap().excerpt;
    bench.app.close();
    let file = rusqlite::Connection::open(bench.dir.path().join("desk.sqlite")).unwrap();
    file.execute_batch("update comments set derived_version = 0, excerpt = 'stale'").unwrap();
    drop(file);
    bench.reopen();
    bench.until("the excerpt is today's", |app| app.row(first).is_some_and(|row| row.excerpt == before));
}

#[test]
fn what_is_held_from_before_is_said_and_held_again_in_full() {
    let mut bench = Bench::connected(40);
    let first = bench.queue()[0];
    bench.app.run(Command::Approve(vec![first]));
    bench.until("it is on disk", |app| app.outbox().len() == 1);
    bench.crash();
    bench.until("it is said", |app| {
        app.toast().is_some_and(|toast| toast.notice.words.contains("goes out in 5 s"))
    });
    let left = bench.app.outbox()[0].leaves_in_secs;
    assert!(left.is_some_and(|left| left >= 4), "{left:?}");
}

#[test]
fn searching_finds_words_whatever_their_case() {
    let mut bench = Bench::connected(200);
    let first = bench.queue()[0];
    let card = bench.app.card(first).unwrap();
    let words = greenroom::text::words(&card.body);
    let word = words.split_whitespace().find(|word| word.chars().all(char::is_alphabetic) && word.len() > 5);
    let word = word.unwrap_or("comment").to_uppercase();
    bench.app.run(Command::Search(word.clone()));
    bench.until("the search has ended", |app| !app.queue().loading && app.queue().ids.len() < 200);
    assert!(bench.queue().contains(&first), "{word}");
}
