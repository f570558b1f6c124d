//! The article beside the comment: its pages, by the key that turns them.

use crate::stage::{Window, moderated};
use egui::accesskit::Role;
use egui::{Key, Modifiers, Rect};
use egui_kittest::kittest::Queryable;

const SIZE: [f32; 2] = [1280.0, 800.0];
/// What the article's pane has of it: all but the status bar and the harness's own margin.
const VIEW: f32 = 800.0 - 36.0 - 16.0;
/// A line of an article.
const LINE: f32 = 26.0;

fn text(window: &Window) -> Rect {
    window.harness.get_by_role_and_label(Role::Document, "Article").rect()
}

/// A window on a comment whose article is three pages long or longer.
fn long_read() -> Window {
    let mut window = moderated(SIZE);
    for _ in 0..40 {
        window.until("the article is here", |window| {
            window.harness.query_by_role_and_label(Role::Document, "Article").is_some()
        });
        window.settle();
        if text(&window).height() > VIEW * 3.0 {
            return window;
        }
        window.press(Key::J);
    }
    panic!("no long article");
}

fn back(window: &mut Window) {
    window.harness.key_press_modifiers(Modifiers::SHIFT, Key::Space);
    window.settle();
}

/// To the first page: a comment that speaks about a passage opens at it.
fn to_the_top(window: &mut Window) -> f32 {
    for _ in 0..20 {
        back(window);
    }
    text(window).top()
}

#[test]
fn space_turns_a_page_and_keeps_a_line() {
    let mut window = long_read();
    let top = to_the_top(&mut window);
    window.press(Key::Space);
    let second = text(&window).top();
    assert!((top - second - (VIEW - LINE)).abs() < 1.5, "from {top} to {second}");
    back(&mut window);
    assert!((text(&window).top() - top).abs() < 1.5, "and back");
}

#[test]
fn at_an_end_the_page_stays() {
    let mut window = long_read();
    let top = to_the_top(&mut window);
    back(&mut window);
    assert!((text(&window).top() - top).abs() < 0.5);
    for _ in 0..30 {
        window.press(Key::Space);
    }
    let bottom = text(&window);
    window.press(Key::Space);
    assert_eq!(text(&window), bottom);
    assert!(bottom.bottom() < VIEW && bottom.bottom() > VIEW - 90.0, "the end is in view: {bottom:?}");
}

#[test]
fn space_turns_the_page_also_while_a_text_has_the_keyboard() {
    for name in ["Article", "Comment"] {
        let mut window = long_read();
        let top = to_the_top(&mut window);
        window.harness.get_by_role_and_label(Role::Document, name).focus();
        window.settle();
        window.press(Key::Space);
        let second = text(&window).top();
        assert!((top - second - (VIEW - LINE)).abs() < 1.5, "{name}: from {top} to {second}");
        back(&mut window);
        assert!((text(&window).top() - top).abs() < 1.5, "{name}: and back");
    }
}

#[test]
fn the_byline_and_what_opens_the_site_stand_on_one_line() {
    let mut window = moderated([1024.0, 700.0]);
    window
        .until("the article is here", |window| window.harness.query_by_label_contains("min read").is_some());
    window.settle();
    // The card has such a button too; the article stands right of it.
    let all = window.harness.get_all_by_label("Open on the site…").map(|node| node.rect());
    let icon = all.max_by(|a, b| a.left().total_cmp(&b.left())).unwrap();
    let line = window.harness.get_by_label_contains("min read").rect();
    assert!(icon.top() < line.bottom() && icon.bottom() > line.top(), "{icon:?} beside {line:?}");
    assert!(icon.left() >= line.right() - 0.5, "{icon:?} beside {line:?}");
}

/// Where no passage is marked, the moderator must not look for one.
#[test]
fn a_comment_that_speaks_about_no_passage_says_so() {
    let mut window = moderated(SIZE);
    let mut told = Vec::new();
    for _ in 0..20 {
        window.until("the article is here", |window| {
            window.harness.query_by_role_and_label(Role::Document, "Article").is_some()
        });
        window.settle();
        told.push(window.harness.query_all_by_label_contains("no passage found").next().is_some());
        window.press(Key::J);
    }
    assert!(told.contains(&true) && told.contains(&false), "{told:?}");
}
