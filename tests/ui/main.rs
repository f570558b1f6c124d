//! The window by role and label, worked by keyboard alone.

use egui::accesskit::Role;
use egui::{Event, Key, Modifiers};
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT, Queryable};
use greenroom::app::command::Command;
use greenroom::app::{App, Settings, ThemeChoice};
use greenroom::ui::Desk;

type Window = Harness<'static, Desk>;

fn app(scene: &str) -> App {
    App::canned(scene, Settings { theme: ThemeChoice::Light, zoom: 1.0 })
}

fn window(scene: &str, size: [f32; 2]) -> Window {
    let mut window = Harness::builder()
        .with_size(size)
        .with_max_steps(8)
        .with_step_dt(0.03)
        .allow_missing_glyphs()
        .with_context_setup(Desk::install)
        .build_ui_state(
            |ui, desk: &mut Desk| {
                desk.frame();
                desk.desk_ui(ui);
            },
            Desk::new(app(scene)),
        );
    settle(&mut window);
    window
}

/// Half a second of frames: what is on screen has then been seen.
fn settle(window: &mut Window) {
    window.run_steps(20);
}

fn press(window: &mut Window, key: Key) {
    window.key_press(key);
    settle(window);
}

fn open_author(window: &Window) -> String {
    let open = window.state().open_comment().expect("a comment is open");
    format!("{open:?}")
}

#[test]
fn approve_brings_the_next_comment_in_the_next_frame() {
    let mut window = window("", [1280.0, 800.0]);
    let first = open_author(&window);
    window.key_press(Key::A);
    window.step();
    assert_ne!(open_author(&window), first);
    assert!(matches!(window.state().app().ran.last(), Some(Command::Approve(_))));
}

#[test]
fn a_held_key_decides_once() {
    let mut window = window("", [1280.0, 800.0]);
    let event = |repeat| Event::Key {
        key: Key::R,
        physical_key: Some(Key::R),
        pressed: true,
        repeat,
        modifiers: Modifiers::NONE,
    };
    window.event(event(false));
    settle(&mut window);
    for _ in 0..5 {
        window.event(event(true));
        settle(&mut window);
    }
    assert_eq!(window.state().app().ran.len(), 1);
}

#[test]
fn a_comment_that_has_just_come_on_screen_is_not_decided() {
    let mut window = window("", [1280.0, 800.0]);
    window.key_press(Key::A);
    window.step();
    window.key_press(Key::A);
    window.step();
    assert_eq!(window.state().app().ran.len(), 1);
    settle(&mut window);
    press(&mut window, Key::A);
    assert_eq!(window.state().app().ran.len(), 2);
}

#[test]
fn typing_in_search_decides_nothing() {
    let mut window = window("", [1280.0, 800.0]);
    press(&mut window, Key::Slash);
    for key in [Key::A, Key::R, Key::S, Key::J] {
        window.key_press(key);
        window.event(Event::Text(key.name().to_lowercase()));
        settle(&mut window);
    }
    let ran = &window.state().app().ran;
    assert!(ran.iter().all(|command| matches!(command, Command::Search(_))), "{ran:?}");
    assert!(matches!(ran.last(), Some(Command::Search(text)) if text == "arsj"), "{ran:?}");
    press(&mut window, Key::Escape);
    assert!(matches!(window.state().app().ran.last(), Some(Command::Search(text)) if text.is_empty()));
    press(&mut window, Key::A);
    assert!(matches!(window.state().app().ran.last(), Some(Command::Approve(_))));
}

#[test]
fn next_and_previous_walk_the_queue() {
    let mut window = window("", [1280.0, 800.0]);
    let first = open_author(&window);
    press(&mut window, Key::J);
    let second = open_author(&window);
    press(&mut window, Key::ArrowUp);
    assert_eq!(open_author(&window), first);
    press(&mut window, Key::ArrowDown);
    assert_eq!(open_author(&window), second);
    press(&mut window, Key::End);
    assert_ne!(open_author(&window), second);
    press(&mut window, Key::Home);
    assert_eq!(open_author(&window), first);
}

#[test]
fn undo_goes_back_to_the_comment() {
    let mut window = window("", [1280.0, 800.0]);
    let first = open_author(&window);
    press(&mut window, Key::S);
    window.key_press_modifiers(Modifiers::COMMAND, Key::Z);
    settle(&mut window);
    assert_eq!(open_author(&window), first);
    assert!(matches!(window.state().app().ran.last(), Some(Command::Undo)));
}

#[test]
fn the_key_sheet_lists_the_hands_and_lets_none_through() {
    let mut window = window("", [1280.0, 800.0]);
    press(&mut window, Key::Questionmark);
    assert!(window.query_by_role_and_label(Role::Button, "Close").is_some());
    press(&mut window, Key::A);
    assert!(window.state().app().ran.is_empty());
    press(&mut window, Key::Escape);
    assert!(window.query_by_role_and_label(Role::Button, "Close").is_none());
}

#[test]
fn the_outbox_shows_every_state_and_a_conflict_can_be_answered() {
    let mut window = window("", [1280.0, 1400.0]);
    press(&mut window, Key::O);
    for state in ["Needs your answer", "Refused", "Waiting", "On its way", "Delivered"] {
        assert!(
            window.query_all_by_label_contains(state).next().is_some()
                || window.query_by_label(state).is_some(),
            "{state}"
        );
    }
    window.get_by_role_and_label(Role::Button, "Keep theirs").click();
    settle(&mut window);
    assert!(matches!(window.state().app().ran.last(), Some(Command::KeepTheirs(_))));
}

#[test]
fn the_first_start_offers_the_demo_and_a_form() {
    let mut window = window("first", [1024.0, 700.0]);
    assert!(window.query_by_role_and_label(Role::Button, "Connect").is_some());
    window.get_by_role_and_label(Role::Button, "Try the demo site").click();
    settle(&mut window);
    assert!(window.query_by_role_and_label(Role::Button, "Connect").is_none());
}

#[test]
fn a_secret_is_handed_over_once_and_not_kept() {
    let mut window = window("first", [1024.0, 700.0]);
    for (field, text) in
        [("Address", "https://x.example"), ("User name", "mo"), ("Application password", "abcd")]
    {
        let role = if field.starts_with("App") { Role::PasswordInput } else { Role::TextInput };
        window.get_by_role_and_label(role, field).focus();
        settle(&mut window);
        window.event(Event::Text(text.to_owned()));
        settle(&mut window);
    }
    window.get_by_role_and_label(Role::Button, "Connect").click();
    settle(&mut window);
    let ran = window.state().app().ran.clone();
    let Some(Command::Connect(connect)) = ran.last() else { panic!("{ran:?}") };
    assert_eq!((connect.address.as_str(), connect.secret.reveal()), ("https://x.example", "abcd"));
    let kept =
        format!("{:?}", window.get_by_role_and_label(Role::PasswordInput, "Application password").value());
    assert!(!kept.contains("abcd") && !kept.contains("••••"), "{kept}");
}

#[test]
fn every_width_has_a_comment_that_can_be_decided() {
    for size in [[1920.0, 1200.0], [1280.0, 800.0], [1024.0, 700.0], [640.0, 400.0], [512.0, 350.0]] {
        let window = window("", size);
        assert!(window.query_by_label("Approve this comment").is_some(), "{size:?}");
    }
}

#[test]
fn the_queue_is_one_tab_stop() {
    let mut window = window("", [1280.0, 800.0]);
    let mut stops = 0;
    let mut nameless = Vec::new();
    for _ in 0..31 {
        window.key_press(Key::Tab);
        window.run_steps(2);
        let focused = window
            .root()
            .children_recursive()
            .find(|node| node.is_focused())
            .expect("something has the focus");
        let node = focused.accesskit_node();
        // To a screen reader the list's focus is on the row that is open.
        stops += usize::from(matches!(node.role(), Role::List | Role::ListItem));
        if node.label().is_none_or(|label| label.is_empty()) {
            nameless.push(format!("{:?}", node.role()));
        }
    }
    assert_eq!(stops, 1);
    assert!(nameless.is_empty(), "{nameless:?}");
}
