//! The flows through `App`, without pixels, against the demo site over real HTTP.

#[path = "flows/answers.rs"]
mod answers;
#[path = "flows/article.rs"]
mod article;
mod desk;
#[path = "flows/disk.rs"]
mod disk;
#[path = "flows/long.rs"]
mod long;
#[path = "flows/mishaps.rs"]
mod mishaps;

use desk::Bench;
use greenroom::app::App;
use greenroom::app::command::Command;
use greenroom::app::glance::Glance;
use greenroom::app::passage::Sought;
use greenroom::app::secrets::Secrets;
use greenroom::app::view::{Health, Loadable, Place, Shelf};
use greenroom::demo;
use greenroom::domain::{CommentId, Delivery, Order, Status, Verb};
use greenroom::text::passage::Index;
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
    assert!(bench.app.outbox()[0].conflict.as_ref().unwrap().words.differ());
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
fn a_desk_that_is_left_sends_nothing_and_keeps_what_it_holds() {
    let mut bench = Bench::connected(40);
    let first = bench.queue()[0];
    let native = bench.native(first);
    bench.app.run(Command::Approve(vec![first]));
    bench.until("it is on disk", |app| app.outbox().len() == 1);
    bench.app.leave();
    std::thread::sleep(Duration::from_millis(600));
    assert_eq!(bench.site_status(&native), demo::Status::Pending);
    let outbox = Glance::open(bench.dir.path()).unwrap().outbox(10).unwrap();
    assert_eq!(outbox[0].1.delivery, Delivery::Held);
}

#[test]
fn a_desk_at_rest_sends_nothing_that_is_due() {
    let mut bench = Bench::connected(40);
    let first = bench.queue()[0];
    let native = bench.native(first);
    bench.reopen_at_rest();
    bench.app.decide_held(Verb::Approve, vec![first], Some(0));
    bench.until("it is on disk", |app| app.outbox().len() == 1);
    bench.for_a_while(Duration::from_millis(600));
    assert_eq!(bench.app.outbox()[0].delivery, Delivery::Held);
    assert_eq!(bench.site_status(&native), demo::Status::Pending);
    bench.reopen();
    bench.until("it goes out", |app| app.outbox()[0].delivery == Delivery::Delivered);
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
fn the_passage_a_comment_speaks_about_is_found_in_its_article() {
    let mut bench = Bench::connected(60);
    let ids = bench.queue();
    let asked = |app: &mut App, id: CommentId| {
        let here = matches!(app.article(id), Loadable::Ready(_));
        match app.passage(id) {
            Sought::Here(passage) if here => Some(passage),
            _ => None,
        }
    };
    bench.until("some passages are found", |app| {
        ids.iter().filter(|id| asked(app, **id).is_some()).count() > 5
    });
    for id in ids {
        let Some(found) = asked(&mut bench.app, id) else { continue };
        let (article, card) = (bench.app.article(id), bench.app.card(id).unwrap());
        let article = article.latest().unwrap();
        let sought = Index::of(&article.title, &article.body).find(&card.body);
        assert_eq!(Some(found), sought, "{}", card.handle);
    }
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

/// Ids of all that is published on the site, newest first.
fn published(bench: &Bench) -> Vec<String> {
    bench.demo.with_world(|world| {
        let all = world.comments().iter().filter(|comment| comment.status == demo::Status::Approved);
        let mut all: Vec<_> = all.map(|comment| (comment.created, comment.id.clone())).collect();
        all.sort_by_key(|(created, _)| std::cmp::Reverse(*created));
        all.into_iter().map(|(_, id)| id).collect()
    })
}

#[test]
fn what_is_published_is_read_as_far_as_somebody_looks() {
    let mut bench = Bench::connected(400);
    let site = bench.app.sites()[0].id;
    let on_the_site = published(&bench);
    let total = on_the_site.len() as u64;
    assert!(total > 110, "the site has {total}: more than a page");
    bench.app.run(Command::Go(Place { site: Some(site), shelf: Shelf::Approved }));
    bench.until("a page is read", |app| app.queue().total.is_some() && app.queue().ids.len() >= 100);
    assert_eq!((bench.app.order(), bench.app.queue().total), (Order::Newest, Some(total)));
    bench.for_a_while(Duration::from_millis(300));
    let page = bench.queue();
    assert!((page.len() as u64) < total, "nobody has looked further");
    assert_eq!(bench.native(page[0]), on_the_site[0]);

    bench.app.on_screen(None, &page[..8]);
    bench.for_a_while(Duration::from_millis(300));
    assert_eq!(bench.queue(), page, "the end is not on screen");
    bench.app.on_screen(None, &page[page.len() - 8..]);
    bench.until("all is read", |app| app.queue().ids.len() as u64 == total);
    let all = bench.queue();
    let times: Vec<_> = all.iter().map(|id| bench.app.row(*id).unwrap().created.unwrap().at).collect();
    assert!(times.is_sorted_by(|one, next| one >= next), "newest first");
    assert_eq!(bench.app.queue().total, None, "the list itself is the count");

    let second = all[1];
    let native = bench.native(second);
    bench.decide_now(Command::Restore(vec![second]));
    assert_eq!(bench.site_status(&native), demo::Status::Pending);
    bench.until("it leaves the shelf", |app| !app.queue().ids.contains(&second));
    bench.app.run(Command::Go(Place { site: Some(site), shelf: Shelf::Pending }));
    bench.until("it waits again", |app| app.queue().ids.contains(&second));
    bench.app.run(Command::Go(Place { site: Some(site), shelf: Shelf::Approved }));
    bench.until("the site counts one less", |app| app.queue().total == Some(total - 1));
}

fn shelf_of(bench: &Bench, shelf: Shelf) -> Place {
    Place { site: Some(bench.app.sites()[0].id), shelf }
}

fn is_away(app: &mut App) -> bool {
    matches!(app.sites()[0].health, Health::Offline { .. })
}

#[test]
fn a_page_that_was_missed_is_read_when_its_site_is_back() {
    let mut bench = Bench::connected(400);
    bench.demo.with_world(|world| world.fail_for(3));
    bench.app.run(Command::Go(shelf_of(&bench, Shelf::Approved)));
    bench.until("it is away", is_away);
    assert!(bench.app.queue().unread.is_some(), "the page is missed");
    bench.until("a page is read", |app| app.queue().total.is_some() && app.queue().ids.len() >= 100);
    let page = bench.queue();
    bench.for_a_while(Duration::from_millis(300));
    assert_eq!(bench.queue(), page, "nobody has looked further");
}

#[test]
fn a_page_that_was_dropped_is_asked_for_again() {
    let mut bench = Bench::connected(400);
    let waiting: Vec<_> = bench.queue()[..100].to_vec();
    bench.demo.with_world(|world| world.fail_for(3));
    bench.app.run(Command::Go(shelf_of(&bench, Shelf::Spam)));
    bench.until("it is away", is_away);
    bench.app.run(Command::Go(shelf_of(&bench, Shelf::Approved)));
    for id in waiting {
        let _ = bench.app.card(id);
    }
    bench.until("a page is read", |app| app.queue().ids.len() >= 100);
}

#[test]
fn what_failed_while_a_site_was_away_is_had_when_a_person_has_it_asked_again() {
    let mut bench = Bench::connected(40);
    let first = bench.queue()[0];
    bench.demo.with_world(|world| world.fail_for(3600));
    bench.until("the article fails", |app| matches!(app.article(first), Loadable::Failed { .. }));
    bench.app.run(Command::Refresh(None));
    bench.until("it is away", is_away);
    bench.demo.with_world(|world| world.fail_for(0));
    bench.app.run(Command::Refresh(None));
    bench.until("the article is here", |app| matches!(app.article(first), Loadable::Ready(_)));
}

#[test]
fn what_needs_a_person_is_in_the_outbox_however_much_is_on_its_way() {
    let mut bench = Bench::connected(400);
    let ids = bench.queue();
    let native = bench.native(ids[0]);
    bench.demo.with_world(|world| world.approve_as("Bo", &native));
    bench.app.run(Command::Reject(vec![ids[0]]));
    bench.until("it is on disk", |app| app.outbox().len() == 1);
    let conflicted = bench.newest_decision();
    bench.app.run(Command::Release(conflicted));
    bench.until("the desk asks", |app| app.outbox()[0].delivery == Delivery::Conflicted);
    bench.app.run(Command::Approve(ids[1..301].to_vec()));
    bench.until("the others are on disk", |app| app.status().held == 300);
    let rows = bench.app.outbox();
    assert_eq!((rows[0].id, rows.len()), (conflicted, 201));
    let all = Glance::open(bench.dir.path()).unwrap().outbox(0).unwrap();
    assert_eq!((all[0].1.id, all.len()), (conflicted, 301), "scripts see all that is open");
}

/// A published comment that was just reported, on the shelf for that.
#[test]
fn a_bulk_is_not_let_go_before_its_hold_and_one_comment_is() {
    let mut bench = Bench::connected(30);
    let ids = bench.queue();
    bench.app.run(Command::Spam(ids[..21].to_vec()));
    bench.until("the bulk is on disk", |app| app.outbox().len() == 21);
    let bulk = bench.newest_decision();
    assert!(!bench.app.may_go_at_once(bulk));
    bench.app.run(Command::Spam(vec![ids[21]]));
    bench.until("the other is on disk", |app| app.outbox().len() == 22);
    let single = bench.newest_decision();
    assert!(bench.app.may_go_at_once(single));
}

fn reported(bench: &mut Bench) -> (CommentId, String) {
    let native = bench.demo.with_world(|world| {
        let fits = |c: &&demo::Comment| c.status == demo::Status::Approved && c.reports.is_empty();
        let native = world.comments().iter().rfind(fits).unwrap().id.clone();
        assert!(world.report(&native, "hate", "It hurts", "Ann"));
        native
    });
    bench.app.run(Command::Go(Place { site: None, shelf: Shelf::Reported }));
    let handle = format!(":{native}");
    let mut found = None;
    bench.until("the report is here", |app| {
        let ids = app.queue().ids;
        found = ids.iter().copied().find(|id| app.card(*id).unwrap().handle.ends_with(&handle));
        found.is_some()
    });
    (found.unwrap(), native)
}

fn reports_on_the_site(bench: &Bench, native: &str) -> usize {
    bench.demo.with_world(|world| world.comment(native).unwrap().reports.len())
}

#[test]
fn a_published_comment_is_kept_and_its_reports_dismissed() {
    let mut bench = Bench::connected(40);
    let (id, native) = reported(&mut bench);
    let card = bench.app.card(id).unwrap();
    assert_eq!((card.status, card.reports_total), (Status::Approved, 1));
    let keeps: Vec<_> = card.acts.iter().filter(|act| act.keeps).map(|act| &act.command).collect();
    assert_eq!(keeps, [&Command::Approve(vec![id])]);
    assert!(card.acts.iter().all(|act| !act.keeps || act.not_offered.is_none()));
    bench.decide_now(Command::Approve(vec![id]));
    assert_eq!(bench.site_status(&native), demo::Status::Approved);
    assert_eq!(reports_on_the_site(&bench, &native), 0);
    bench.until("it leaves the shelf", |app| !app.queue().ids.contains(&id));

    let (sent, before) = (bench.demo.with_world(|world| world.decisions().len()), bench.app.outbox());
    bench.app.run(Command::Undo);
    bench.until("it says so", |app| {
        let toast = app.toast().unwrap().notice;
        toast.words == greenroom::app::words::say_with("undone-stuck", &[("stuck", 1.into())])
    });
    bench.for_a_while(Duration::from_millis(600));
    assert_eq!(bench.demo.with_world(|world| world.decisions().len()), sent);
    let ids = |rows: Vec<greenroom::app::view::OutboxRow>| {
        rows.iter().map(|r| (r.id, r.delivery)).collect::<Vec<_>>()
    };
    assert_eq!(ids(bench.app.outbox()), ids(before));
}

#[test]
fn reports_that_were_not_seen_are_not_dismissed() {
    let mut bench = Bench::connected(40);
    let (id, native) = reported(&mut bench);
    bench.app.run(Command::Approve(vec![id]));
    bench.until("it is on disk", |app| app.outbox().first().is_some_and(|r| r.delivery == Delivery::Held));
    bench.demo.with_world(|world| assert!(world.report(&native, "insult", "And so rude", "Bob")));
    let decision = bench.newest_decision();
    bench.app.run(Command::Release(decision));
    bench.until("the desk asks", |app| app.outbox()[0].delivery == Delivery::Conflicted);
    let conflict = bench.app.outbox()[0].conflict.clone().unwrap();
    assert_eq!((conflict.theirs, conflict.reports), (Status::Approved, Some((1, 2))));
    assert_eq!(reports_on_the_site(&bench, &native), 2);
}

#[test]
fn the_demos_desk_is_a_button_away_and_so_is_ones_own() {
    let dir = tempfile::tempdir().unwrap();
    let mut app = desk::open(dir.path(), Secrets::in_memory(), Duration::ZERO);
    assert!(!app.is_demo() && app.sites().is_empty());
    app.run(Command::SwitchDesk);
    desk::until(&mut app, "the demo's comments are here", |app| app.is_demo() && app.queue().ids.len() == 40);
    assert_eq!((app.turns(), app.sites().len()), (1, 1));
    assert!(Glance::open(dir.path()).unwrap().sites().unwrap().is_empty(), "the own desk has none of it");
    app.run(Command::SwitchDesk);
    desk::until(&mut app, "one's own desk is back", |app| !app.is_demo());
    assert_eq!((app.turns(), app.sites().len(), app.queue().ids.len()), (2, 0, 0));
}
