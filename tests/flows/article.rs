//! An article that the site sends again: whoever reads it stays where they are until there is something else to read.

use crate::desk::{Bench, Swollen, demo_site};
use greenroom::app::App;
use greenroom::app::command::{Command, Secret};
use greenroom::app::view::{ArticleView, Loadable};
use greenroom::domain::CommentId;
use greenroom::text;
use std::sync::{Arc, Mutex};
use std::time::Duration;

fn long(words: &str) -> String {
    format!("<p>{words}</p>{}", "<p>word <b>word</b></p>".repeat(60_000))
}

/// A desk that shows the article above its first comment, and what the site's articles say.
fn showing(words: &str) -> (Bench, CommentId, Arc<Mutex<String>>) {
    let wire = Swollen::saying(long(words));
    let said = wire.article();
    let mut bench = Bench::on(demo_site(5), Arc::new(wire), Duration::ZERO);
    let first = bench.queue()[0];
    bench.until("the article is here", |app| matches!(app.article(first), Loadable::Ready(_)));
    (bench, first, said)
}

/// Everything is asked of the site again.
fn ask_again(bench: &mut Bench) {
    let (site, token) = (bench.app.sites()[0].id, Secret::new(bench.demo.token()));
    bench.app.run(Command::SignIn(site, token));
}

fn shown(app: &mut App, id: CommentId) -> ArticleView {
    app.article(id).latest().expect("something is always on screen").clone()
}

fn says(view: &ArticleView, words: &str) -> bool {
    text::words(&view.body).starts_with(words)
}

#[test]
fn a_long_version_stays_until_the_next_long_one_is_read() {
    let (mut bench, first, said) = showing("The ferry stays");
    let before = shown(&mut bench.app, first);
    *said.lock().unwrap() = long("The ferry leaves");
    ask_again(&mut bench);
    let mut read_apart = false;
    bench.until("the next one is here", |app| {
        read_apart |= matches!(app.article(first), Loadable::Loading { .. });
        let now = shown(app, first);
        assert!(now == before || says(&now, "The ferry leaves"));
        now != before
    });
    assert!(read_apart && shown(&mut bench.app, first).generation != before.generation);
}

#[test]
fn the_same_version_again_is_the_one_on_screen() {
    let (mut bench, first, _said) = showing("The ferry stays");
    let before = shown(&mut bench.app, first);
    ask_again(&mut bench);
    bench.until("it is read again", |app| matches!(app.article(first), Loadable::Loading { .. }));
    bench.until("it is here", |app| matches!(app.article(first), Loadable::Ready(_)));
    assert_eq!(shown(&mut bench.app, first).generation, before.generation);
}

#[test]
fn an_article_that_the_desk_cannot_read_leaves_the_one_on_screen_and_is_read_when_it_can_be() {
    let (mut bench, first, _said) = showing("The ferry stays");
    let before = shown(&mut bench.app, first);
    let file = rusqlite::Connection::open(bench.dir.path().join("desk.sqlite")).unwrap();
    file.busy_timeout(Duration::from_secs(5)).unwrap();
    file.execute_batch(
        "create trigger worn after update of fetched_at on articles
         begin update articles set format = 'worn' where id = new.id; end",
    )
    .unwrap();
    ask_again(&mut bench);
    bench.until("it cannot be read", |app| matches!(app.article(first), Loadable::Failed { .. }));
    assert_eq!(shown(&mut bench.app, first), before);
    file.execute_batch("drop trigger worn; update articles set format = 'html' where format = 'worn'")
        .unwrap();
    bench.until("it is read again by itself", |app| matches!(app.article(first), Loadable::Ready(_)));
    assert_eq!(shown(&mut bench.app, first), before);
}
