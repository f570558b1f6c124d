//! Fields of the window: what is typed into them is theirs alone, and a private note stays on its comment.

use crate::stage::{Window, moderated};
use egui::accesskit::Role;
use egui::{Event, Key, Modifiers};
use egui_kittest::kittest::{NodeT, Queryable};
use greenroom::app::glance::Glance;
use greenroom::domain::CommentId;
use std::time::Duration;

const USUAL: [f32; 2] = [1280.0, 1000.0];
const WORDS: &str = "ښه ajrsp 12";

/// Types as a keyboard does: a key and its letter.
fn typed(window: &mut Window, text: &str) {
    for letter in text.chars() {
        if let Some(key) = Key::from_name(&letter.to_uppercase().to_string()) {
            window.harness.key_press(key);
        }
        window.harness.event(Event::Text(letter.to_string()));
        window.harness.step();
    }
    window.settle();
}

fn field(window: &Window) -> Option<String> {
    let node = window.harness.query_by_role(Role::MultilineTextInput)?;
    Some(node.accesskit_node().value().unwrap_or_default())
}

fn noted(window: &Window, id: CommentId) -> Option<String> {
    Glance::open(window.dir.path()).unwrap().card(id).unwrap().unwrap().note.map(|note| note.text)
}

fn keep(window: &mut Window) {
    window.harness.key_press_modifiers(Modifiers::COMMAND | Modifiers::CTRL, Key::Enter);
    window.settle();
}

#[test]
fn a_note_is_written_shown_changed_and_taken_back_by_keyboard() {
    let mut window = moderated(USUAL);
    let id = window.open();
    assert_eq!(field(&window), None);
    window.press(Key::N);
    assert_eq!(field(&window).as_deref(), Some(""), "the key that opens it is not typed into it");
    let entry = window.harness.get_by_role(Role::MultilineTextInput).rect();
    let button = window.harness.get_by_role_and_label(Role::Button, "Keep").rect();
    assert!(entry.bottom() <= button.top(), "{entry:?} {button:?}");
    typed(&mut window, WORDS);
    assert_eq!(field(&window).as_deref(), Some(WORDS));
    assert_eq!((window.open(), window.outbox().len()), (id, 0), "no letter is a command");
    keep(&mut window);
    window.until("it is on disk", |window| noted(window, id).as_deref() == Some(WORDS));
    window.settle();
    assert_eq!(field(&window), None);
    assert!(window.harness.query_by_label(WORDS).is_some(), "it stands on the card");
    window.press(Key::N);
    typed(&mut window, "!");
    keep(&mut window);
    window.until("it is changed", |window| noted(window, id).as_deref() == Some("ښه ajrsp 12!"));
    window.press(Key::J);
    assert!(window.harness.query_by_label("ښه ajrsp 12!").is_none(), "it is not on its neighbour");
    let way_back = |window: &mut Window| {
        window.harness.key_press_modifiers(Modifiers::COMMAND, Key::Z);
        window.settle();
    };
    way_back(&mut window);
    window.until("the change is taken back", |window| noted(window, id).as_deref() == Some(WORDS));
    assert_eq!(window.open(), id, "undo goes to its comment");
    way_back(&mut window);
    window.until("it is gone", |window| noted(window, id).is_none());
    window.harness.key_press_modifiers(Modifiers::COMMAND | Modifiers::SHIFT, Key::Z);
    window.until("it is there again", |window| noted(window, id).as_deref() == Some(WORDS));
    window.press(Key::A);
    assert_eq!(window.decided(1).len(), 1, "letters decide again");
}

#[test]
fn a_note_that_was_begun_and_left_goes_on() {
    let mut window = moderated(USUAL);
    let id = window.open();
    window.press(Key::N);
    typed(&mut window, "half a th");
    window.press(Key::Escape);
    assert_eq!(field(&window), None);
    window.press(Key::J);
    assert_ne!(window.open(), id);
    window.press(Key::K);
    window.press(Key::N);
    assert_eq!(field(&window).as_deref(), Some("half a th"));
    typed(&mut window, "ought");
    keep(&mut window);
    window.until("it is on disk", |window| noted(window, id).as_deref() == Some("half a thought"));
    assert!(window.outbox().is_empty());
}

#[test]
fn what_is_hidden_in_a_field_is_named_under_it_and_taken_out() {
    let mut window = moderated(USUAL);
    window.press(Key::N);
    window.harness.event(Event::Paste("a\u{202E}b\r\nc".to_owned()));
    window.settle();
    assert_eq!(field(&window).as_deref(), Some("a\u{202E}b\nc"));
    let said = window.harness.query_by_label("Hidden characters in it: RLO");
    assert!(said.is_some());
    window.harness.get_by_role_and_label(Role::Button, "Take them out").click();
    window.settle();
    assert_eq!(field(&window).as_deref(), Some("ab\nc"));
    assert!(window.harness.query_by_label("Hidden characters in it: RLO").is_none());
}

#[test]
fn what_has_no_room_in_a_note_is_said() {
    let mut window = moderated(USUAL);
    window.press(Key::N);
    window.harness.event(Event::Paste("w".repeat(5_000)));
    window.settle();
    assert_eq!(field(&window).unwrap().len(), 4_000);
    assert!(window.harness.query_by_label_contains("Only 4000 characters have room").is_some());
}

#[test]
fn the_caret_of_an_idle_field_asks_for_no_frame() {
    let mut window = moderated(USUAL);
    window.press(Key::Slash);
    typed(&mut window, "a");
    let output = window.harness.output();
    let delay = output.viewport_output.values().map(|output| output.repaint_delay).min().unwrap();
    assert!(delay >= Duration::from_millis(500), "{delay:?}");
    assert!(output.platform_output.ime.is_some(), "an input method is told where the caret is");
}
