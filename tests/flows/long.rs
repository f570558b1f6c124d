//! Long texts are read off the thread that draws. Nobody decides on words that were not shown, and what was on screen stays
//! there until the new is read.

use crate::desk::{Bench, Swollen, demo_site};
use greenroom::app::App;
use greenroom::app::command::Command;
use greenroom::app::passage::Sought;
use greenroom::app::view::{Loadable, TwoWordings};
use greenroom::demo;
use greenroom::domain::{CommentId, Delivery};
use greenroom::net::http::Http;
use greenroom::store::Store;
use greenroom::text;
use std::sync::Arc;
use std::time::Duration;

const UNREAD: &str = "Nothing was done: the words of this comment are not on screen yet";

fn long(words: &str) -> String {
    format!("{words}\n\n{}", "> * **word** `x` [a](http://b.example) ".repeat(50_000))
}

/// A desk whose first comment is long, and says `words` before all else.
fn long_first(words: &str) -> (Bench, CommentId) {
    let demo = demo_site(40);
    demo.with_world(|world| {
        let first = world.pending_ids()[0].clone();
        assert!(world.edit(&first, &long(words)));
    });
    let mut bench = Bench::on(demo, Arc::new(Http::new().unwrap()), Duration::ZERO);
    let first = bench.queue()[0];
    (bench, first)
}

fn is_read(app: &mut App, id: CommentId) -> bool {
    !app.card(id).unwrap().reading
}

fn said(app: &App) -> String {
    app.toast().unwrap().notice.words
}

#[test]
fn nothing_is_decided_before_the_words_are_shown() {
    let (mut bench, first) = long_first("Read me first");
    let card = bench.app.card(first).unwrap();
    assert!(card.reading && card.body.blocks.is_empty());
    for act in &card.acts {
        let decides = !matches!(act.command, Command::Park(_));
        assert_eq!(act.not_offered.as_deref(), decides.then_some(UNREAD), "{act:?}");
    }
    for command in [Command::Approve, Command::Reject, Command::Spam] {
        bench.app.run(command(vec![first]));
        assert_eq!(said(&bench.app), UNREAD);
    }
    assert_eq!(bench.app.take_undecided(), [first; 3]);
    assert!(!bench.app.decided(first));
    bench.until("its words are there", |app| is_read(app, first));
    let card = bench.app.card(first).unwrap();
    assert!(text::words(&card.body).starts_with("Read me first"));
    assert_eq!(text::words(&bench.app.source(first).unwrap())[..13], card.source[..13]);
    assert!(card.acts.iter().all(|act| act.not_offered.is_none()));
    assert!(bench.app.outbox().is_empty());
    bench.decide_now(Command::Approve(vec![first]));
    let native = bench.native(first);
    assert_eq!(bench.site_status(&native), demo::Status::Approved);
}

#[test]
fn of_several_only_the_open_one_is_left_out() {
    let (mut bench, first) = long_first("Read me first");
    let second = bench.queue()[1];
    assert!(bench.app.card(first).unwrap().reading);
    bench.app.run(Command::Approve(vec![first, second]));
    bench.until("the other is on disk", |app| app.outbox().len() == 1);
    assert_eq!(bench.app.outbox()[0].comment, second);
    assert_eq!(bench.app.take_undecided(), [first]);
    bench.until("it is told", |app| said(app).starts_with("Approved "));
    let said = said(&bench.app);
    assert!(said.contains("Not the open comment"), "{said}");
}

#[test]
fn a_long_edit_comes_onto_the_open_card_only_when_asked_for_and_read() {
    let mut bench = Bench::connected(40);
    let first = bench.queue()[0];
    let native = bench.native(first);
    let before = bench.app.card(first).unwrap().body;
    bench.app.on_screen(Some(first), &[first]);
    bench.demo.with_world(|world| world.edit(&native, &long("Longer now")));
    bench.until("the card says so", |app| app.card(first).unwrap().notice.is_some());
    assert_eq!(bench.app.card(first).unwrap().body, before);
    bench.app.run(Command::ReadAnew(first));
    bench.until("the new words are there", |app| is_read(app, first));
    assert!(text::words(&bench.app.card(first).unwrap().body).starts_with("Longer now"));
}

#[test]
fn mine_is_not_applied_to_long_words_that_nobody_could_compare() {
    let mut bench = Bench::connected(40);
    let first = bench.queue()[0];
    let native = bench.native(first);
    bench.app.run(Command::Approve(vec![first]));
    bench
        .until("it is on disk", |app| app.outbox().first().is_some_and(|row| row.delivery == Delivery::Held));
    bench.demo.with_world(|world| world.edit(&native, &long("Now I say much more")));
    let id = bench.newest_decision();
    bench.app.run(Command::Release(id));
    // Without looking at the outbox: looking at it is what begins to read.
    bench.until("the desk asks", |app| app.status().needs_help == 1);
    let words = |app: &mut App| app.outbox()[0].conflict.clone().unwrap().words;
    assert_eq!(words(&mut bench.app), TwoWordings::Reading);
    bench.app.run(Command::ApplyMine(id));
    assert_eq!(said(&bench.app), UNREAD);
    bench.until("both are there", |app| words(app).differ());
    assert_eq!(bench.app.outbox()[0].delivery, Delivery::Conflicted);
    bench.app.run(Command::ApplyMine(id));
    bench.until("it goes out", |app| app.outbox()[0].delivery == Delivery::Delivered);
    assert_eq!(bench.site_status(&native), demo::Status::Approved);
}

/// What a pending comment replies to, and the comment.
fn a_reply(world: &demo::World) -> (String, String) {
    let pending = world.pending_ids();
    let mut pending = world.comments().iter().filter(|comment| pending.contains(&comment.id));
    let reply = pending.find(|comment| comment.parent.is_some()).unwrap();
    (world.comments()[reply.parent.unwrap()].id.clone(), reply.id.clone())
}

#[test]
fn a_long_comment_above_a_short_one_keeps_it_from_nobody() {
    let demo = demo_site(40);
    let child = demo.with_world(|world| {
        let (above, reply) = a_reply(world);
        assert!(world.edit(&above, &long("What was said before")));
        reply
    });
    let mut bench = Bench::on(demo, Arc::new(Http::new().unwrap()), Duration::ZERO);
    let all = bench.queue();
    let id = all.into_iter().find(|id| bench.native(*id) == child).unwrap();
    let mut seen = false;
    bench.until("what it replies to is here", |app| {
        let card = app.card(id).unwrap();
        assert!(!card.reading && card.acts.iter().any(|act| act.not_offered.is_none()));
        seen |= card.parents.iter().any(|parent| parent.reading);
        card.parents.iter().any(|parent| text::words(&parent.body).starts_with("What was said before"))
    });
    assert!(seen, "it was read while a frame waited");
}

#[test]
fn a_frame_reads_no_more_than_one_short_comment() {
    let demo = demo_site(40);
    let child = demo.with_world(|world| {
        let (above, reply) = a_reply(world);
        for id in [&above, &reply] {
            assert!(world.edit(id, &"so many words ".repeat(1_000)));
        }
        reply
    });
    let mut bench = Bench::on(demo, Arc::new(Http::new().unwrap()), Duration::ZERO);
    let all = bench.queue();
    let id = all.into_iter().find(|id| bench.native(*id) == child).unwrap();
    bench.until("what it replies to is here", |app| !app.card(id).unwrap().parents.is_empty());
    bench.reopen();
    let card = bench.app.card(id).unwrap();
    assert!(!card.reading, "it is short");
    assert!(card.parents.iter().any(|parent| parent.reading), "so much was read in one frame");
    bench.until("all is read", |app| !app.card(id).unwrap().parents.iter().any(|parent| parent.reading));
}

#[test]
fn a_long_article_is_read_apart_and_the_comment_has_its_passage() {
    let article = format!("<p>The ferry stays in harbour</p>{}", "<p>word <b>word</b></p>".repeat(90_000));
    let wire = Swollen::saying(article);
    let demo = demo_site(40);
    demo.with_world(|world| {
        let first = world.pending_ids()[0].clone();
        assert!(world.edit(&first, "“The ferry stays in harbour” is no surprise"));
    });
    let mut bench = Bench::on(demo, Arc::new(wire), Duration::ZERO);
    let first = bench.queue()[0];
    bench.app.card(first);
    // Asked for; from here on nobody looks until the desk has it.
    bench.app.article(first);
    let reader = Store::peek(bench.dir.path()).unwrap();
    let row = reader.head(first).unwrap().unwrap();
    let key = row.article.unwrap();
    bench.until("the desk has the article", |_| {
        reader.article_bytes(row.site, &key).unwrap().is_some_and(|bytes| bytes > 2_000_000)
    });
    let is_read = matches!(bench.app.article(first), Loadable::Ready(_));
    assert!(!is_read, "it was read while a frame waited");
    bench.until("the article is here", |app| matches!(app.article(first), Loadable::Ready(_)));
    let Loadable::Ready(view) = bench.app.article(first) else { panic!() };
    assert!(view.body.cut && text::words(&view.body).starts_with("The ferry stays in harbour"));
    bench.until("its passage is found", |app| matches!(app.passage(first), Sought::Here(_)));
}

#[test]
fn a_long_list_of_words_to_soften_is_read_apart_and_is_there_from_the_start() {
    let mut bench = Bench::connected(5);
    let own = (0..20_000).fold(String::new(), |own, n| own + &format!("nastyword{n}\n"));
    std::fs::write(bench.dir.path().join("soften.txt"), own).unwrap();
    bench.app.set_soften(true);
    assert!(bench.app.softener().is_none(), "it was read while a frame waited");
    let finds = |app: &mut App| app.softener().is_some_and(|list| list.find("nastyword19999").len() == 1);
    bench.until("it was read", finds);
    bench.app.set_soften(false);
    assert!(bench.app.softener().is_none());
    // What is still on its way for an earlier switch is not taken for this one.
    bench.app.set_soften(true);
    assert!(bench.app.softener().is_none());
    std::fs::write(bench.dir.path().join("soften.txt"), "otherword\n").unwrap();
    bench.app.set_soften(true);
    let list = bench.app.softener().expect("a short list is read at once");
    assert_eq!(list.find("nastyword19999 otherword").len(), 1);
    bench.for_a_while(Duration::from_millis(300));
    assert!(!finds(&mut bench.app), "the list from before came late");
    std::fs::write(bench.dir.path().join("soften.txt"), "nastyword19999\n".repeat(9_000)).unwrap();
    bench.reopen();
    assert!(finds(&mut bench.app), "words were shown before they were softened");
}
