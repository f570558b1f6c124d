//! What mouse and keyboard take of a text of several blocks, and what of it goes to the clipboard.

use super::*;
use crate::text::isolated;
use crate::text::{Markup, read_article};
use crate::ui::widget::entry::{Entry, entry_ui};
use crate::ui::widget::rich_text::{Manner, rich_text_ui};
use egui::OutputCommand;
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable;

const SOURCE: &str = "<p>one two</p><p>سلام دنیا</p>\
    <table><tr><td>a</td><td>b</td></tr><tr><td>c</td><td>d</td></tr></table><p>last words</p>";
const ALL: &str = "one two\n\nسلام دنیا\n\na\tb\nc\td\n\nlast words";

type Shown = Harness<'static, String>;

/// The text, under a field to type in.
fn shown() -> Shown {
    let text = Arc::new(read_article(SOURCE, Markup::Html));
    let entry =
        Entry { id: Id::unique("field"), name: "field", hint: "", size: 16.0, rows: (1, 1), chars_max: 400 };
    let mut shown = Harness::builder().with_size(vec2(500.0, 600.0)).build_ui_state(
        move |ui, typed: &mut String| {
            entry_ui(ui, &entry, typed);
            rich_text_ui(ui, &text, &Manner::reader(), "text");
        },
        String::new(),
    );
    shown.run_steps(2);
    shown
}

fn block(shown: &Shown, words: &str) -> Rect {
    shown.get_by_role_and_label(egui::accesskit::Role::Label, words).rect()
}

fn drag(shown: &mut Shown, from: Pos2, to: Pos2) {
    shown.drag_at(from);
    shown.step();
    for share in [0.3, 0.7, 1.0] {
        shown.hover_at(from.lerp(to, share));
        shown.step();
    }
    shown.drop_at(to);
    shown.step();
}

fn click(shown: &mut Shown, at: Pos2, modifiers: Modifiers) {
    shown.event(Event::ModifiersChanged(modifiers));
    shown.drag_at(at);
    shown.step();
    shown.drop_at(at);
    shown.step();
    shown.event(Event::ModifiersChanged(Modifiers::NONE));
    // Long enough for the next click to be the first of its own.
    shown.run_steps(6);
}

fn press(shown: &mut Shown, modifiers: Modifiers, key: Key) {
    shown.key_press_modifiers(modifiers, key);
    shown.run_steps(2);
}

fn focus(shown: &mut Shown, role: egui::accesskit::Role) {
    shown.get_by_role(role).focus();
    shown.run_steps(2);
}

fn copied(shown: &mut Shown) -> String {
    shown.event(Event::Copy);
    shown.step();
    let commands = shown.output().platform_output.commands.clone().into_iter();
    commands.filter_map(|c| if let OutputCommand::CopyText(text) = c { Some(text) } else { None }).collect()
}

#[test]
fn a_drag_over_several_blocks_takes_a_part_of_the_first_and_the_last_whichever_way() {
    let mut shown = shown();
    let inside = |rect: Rect| pos2(rect.left() + 34.0, rect.center().y);
    let (from, to) = (inside(block(&shown, "one two")), inside(block(&shown, "last words")));
    drag(&mut shown, from, to);
    let down = copied(&mut shown);
    let (first, rest) = down.split_once("\n\n").unwrap();
    let (between, last) = rest.rsplit_once("\n\n").unwrap();
    assert!("one two".ends_with(first) && (1..7).contains(&first.len()), "{down}");
    assert!("last words".starts_with(last) && (1..10).contains(&last.len()), "{down}");
    assert!(ALL.contains(&format!("\n\n{between}\n\n")) && between.ends_with("c\td"), "{down}");
    drag(&mut shown, to, from);
    assert_eq!(copied(&mut shown), down);
}

#[test]
fn beside_a_row_of_cells_the_nearest_of_them_is_meant() {
    let mut shown = shown();
    let (first, cell) = (block(&shown, "one two"), block(&shown, "d"));
    drag(&mut shown, first.left_center(), pos2(first.right() - 2.0, cell.center().y));
    assert_eq!(format!("{}\n\nlast words", copied(&mut shown)), ALL);
}

#[test]
fn shift_with_an_arrow_goes_on_into_the_next_block_the_way_its_words_run() {
    let mut shown = shown();
    let end = block(&shown, "one two").right_center();
    click(&mut shown, end - vec2(2.0, 0.0), Modifiers::NONE);
    let mut step = |key, expect: &str| {
        press(&mut shown, Modifiers::SHIFT, key);
        assert_eq!(copied(&mut shown), expect, "{key:?}");
    };
    step(Key::ArrowRight, "");
    step(Key::ArrowLeft, "س");
    step(Key::ArrowRight, "");
    step(Key::ArrowRight, "");
    step(Key::ArrowLeft, "o");
    step(Key::ArrowRight, "");
    step(Key::ArrowDown, "");
    step(Key::ArrowDown, "سلام دنیا");
    step(Key::ArrowRight, "سلام دنی");
    step(Key::ArrowLeft, "سلام دنیا");
    step(Key::ArrowLeft, "سلام دنیا");
    step(Key::ArrowRight, "سلام دنیا\n\na");
    press(&mut shown, Modifiers::NONE, Key::ArrowLeft);
    assert_eq!(copied(&mut shown), "سلام دنیا\n\na", "an arrow alone changes nothing");
}

#[test]
fn all_blocks_are_taken_and_a_field_with_the_keyboard_copies_its_own() {
    let mut shown = shown();
    focus(&mut shown, egui::accesskit::Role::Document);
    press(&mut shown, Modifiers::COMMAND, Key::A);
    assert_eq!(copied(&mut shown), ALL);
    shown.state_mut().push_str("typed");
    focus(&mut shown, egui::accesskit::Role::TextInput);
    press(&mut shown, Modifiers::COMMAND, Key::A);
    assert_eq!(copied(&mut shown), "typed");
}

#[test]
fn shift_with_a_click_goes_on_and_a_click_elsewhere_lets_go() {
    let mut shown = shown();
    let (first, last) = (block(&shown, "one two"), block(&shown, "last words"));
    click(&mut shown, first.left_center(), Modifiers::NONE);
    click(&mut shown, last.right_center() - vec2(2.0, 0.0), Modifiers::SHIFT);
    assert_eq!(copied(&mut shown), ALL);
    click(&mut shown, last.center_bottom() + vec2(0.0, 60.0), Modifiers::NONE);
    assert_eq!(copied(&mut shown), "");
}

#[test]
fn a_paragraph_that_is_laid_out_in_parts_is_copied_as_one() {
    let looks = |words: &[&str], joint: &str| {
        let word = |n: usize| {
            let word = words[n % words.len()];
            if n.is_multiple_of(2) { format!("<b>{word}</b>") } else { word.to_owned() }
        };
        let source = (0..200).map(word).collect::<Vec<_>>().join(joint);
        let plain = (0..200).map(|n| words[n % words.len()]).collect::<Vec<_>>().join(joint);
        (source, plain)
    };
    let long = "سلام word ".repeat(600).trim_end().to_owned();
    let torn = "ښ".repeat(5_000);
    for (source, plain) in [
        looks(&["one", "two", "درې"], "\u{20}"),
        looks(&["i", "d"], ""),
        (long.clone(), long),
        (torn.clone(), torn),
    ] {
        let text = Arc::new(read_article(&format!("<p>{source}</p><p>after</p>"), Markup::Html));
        let expect = format!("{plain}\n\nafter");
        assert_eq!(crate::ui::widget::rich_text::plain(&text), expect);
        let mut shown = Harness::builder().with_size(vec2(500.0, 600.0)).build_ui_state(
            move |ui, _: &mut String| drop(rich_text_ui(ui, &text, &Manner::reader(), "text")),
            String::new(),
        );
        shown.run_steps(2);
        focus(&mut shown, egui::accesskit::Role::Document);
        press(&mut shown, Modifiers::COMMAND, Key::A);
        assert_eq!(copied(&mut shown), expect);
    }
}

#[test]
fn what_keeps_a_name_apart_is_not_copied() {
    let text = format!("reply to {}", isolated("أحمد"));
    let spot = |at| Spot { unit: Unit::default(), at, affinity: Affinity::Downstream };
    let held = Held { text: store(), anchor: spot(0), focus: spot(text.len()) };
    assert_eq!(
        chosen(&held, &[Part { unit: Unit::default(), text: text.into(), goes_on: false }]),
        "reply to أحمد"
    );
}
