//! A field as it is drawn: what its caller is told, and where it says that its caret is.

use super::super::{Entry, entry_ui};
use egui::accesskit::Role;
use egui::{Event, Id, ImeEvent, Key, Modifiers, vec2};
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable;

#[derive(Default)]
struct Seen {
    text: String,
    entered: bool,
}

type Shown = Harness<'static, Seen>;

/// A field of one line that has the keyboard.
fn shown() -> Shown {
    let entry =
        Entry { id: Id::unique("field"), name: "field", hint: "", size: 16.0, rows: (1, 1), chars_max: 400 };
    let mut shown = Harness::builder().with_size(vec2(300.0, 100.0)).build_ui_state(
        move |ui, seen: &mut Seen| seen.entered |= entry_ui(ui, &entry, &mut seen.text).entered,
        Seen::default(),
    );
    shown.get_by_role(Role::TextInput).focus();
    shown.run_steps(2);
    shown
}

fn take(shown: &mut Shown, event: Event) {
    shown.event(event);
    shown.run_steps(2);
}

fn composes(shown: &mut Shown, text: &str) {
    take(shown, Event::Ime(ImeEvent::Preedit { text: text.to_owned(), active_range_chars: None }));
}

#[test]
fn what_is_composed_is_no_text_yet_and_its_enter_sends_nothing() {
    let mut shown = shown();
    take(&mut shown, Event::Text("a".to_owned()));
    composes(&mut shown, "nihao");
    take(&mut shown, Event::Text("b".to_owned()));
    shown.key_press(Key::Enter);
    shown.run_steps(2);
    assert!(!shown.state().entered && !shown.state().text.contains("nihao"), "{}", shown.state().text);
    take(&mut shown, Event::Ime(ImeEvent::Commit("你好".to_owned())));
    assert!(shown.state().text.contains("你好"));
}

#[test]
fn what_is_composed_is_chosen_when_the_keyboard_goes_elsewhere() {
    let mut shown = shown();
    composes(&mut shown, "nihao");
    assert_eq!(shown.state().text, "");
    shown.ctx.memory_mut(|memory| memory.surrender_focus(Id::unique("field")));
    shown.run_steps(2);
    assert_eq!(shown.state().text, "nihao");
}

#[test]
fn a_screen_reader_writes_all_or_what_is_selected() {
    let mut shown = shown();
    for text in ["first", "second"] {
        shown.get_by_role(Role::TextInput).set_text_value_accesskit(text);
        shown.run_steps(2);
        assert_eq!(shown.state().text, text);
    }
    shown.key_press_modifiers(Modifiers::SHIFT, Key::ArrowLeft);
    shown.run_steps(2);
    shown.get_by_role(Role::TextInput).replace_selected_text_accesskit("t");
    shown.run_steps(2);
    assert_eq!(shown.state().text, "secont");
}

#[test]
fn a_line_longer_than_its_field_moves_with_its_caret() {
    let mut shown = shown();
    let caret = |shown: &Shown| shown.output().platform_output.ime.unwrap();
    take(&mut shown, Event::Paste("long ".repeat(40)));
    let at = caret(&shown);
    assert!(at.rect.expand(3.0).contains_rect(at.cursor_rect), "{at:?}");
    shown.key_press(Key::Home);
    shown.run_steps(2);
    let start = caret(&shown);
    assert!(start.cursor_rect.left() < at.cursor_rect.left() - 100.0, "{start:?}");
    assert!(start.rect.expand(3.0).contains_rect(start.cursor_rect), "{start:?}");
}
