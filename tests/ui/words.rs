//! Other people's words in the window: what is selected is copied as it was written, and read aloud so.

use crate::stage::{Window, moderated};
use egui::accesskit::Role;
use egui::{Event, Key, Modifiers, OutputCommand, Rect, pos2};
use egui_kittest::kittest::{NodeT, Queryable};

const MIXED: &str = "ښوونکي وايي چې ۲۰۲۴ (Kabul) ښه کال دی";

/// A window whose second comment says `body`, open; `words` are those of its first paragraph.
pub fn saying(body: &str, words: &str) -> Window {
    let mut window = moderated([1280.0, 1000.0]);
    let demo = window.demo.as_ref().unwrap();
    let second = demo.with_world(|world| {
        let open = world.pending_ids()[1].clone();
        assert!(world.edit(&open, body));
        open
    });
    window.until("the words are on the card", |window| {
        let open = window.harness.state().open_comment();
        let is_second = open.is_some_and(|id| window.native(id) == second);
        if is_second && paragraph(window, words).is_some() {
            return true;
        }
        window.press(if is_second { Key::K } else { Key::J });
        false
    });
    window.settle();
    window
}

/// Where the paragraph with exactly these words stands.
fn paragraph(window: &Window, words: &str) -> Option<Rect> {
    let mut nodes = window.harness.query_all_by_label(words);
    nodes.find(|node| node.accesskit_node().role() == Role::Label).map(|node| node.rect())
}

pub fn copied(window: &mut Window) -> Vec<String> {
    window.harness.event(Event::Copy);
    window.harness.step();
    let commands = window.harness.output().platform_output.commands.clone();
    let text = |command| if let OutputCommand::CopyText(text) = command { Some(text) } else { None };
    commands.into_iter().filter_map(text).collect()
}

#[test]
fn words_are_dragged_over_on_screen_and_copied_as_written() {
    let mut window = saying(MIXED, MIXED);
    let rect = paragraph(&window, MIXED).unwrap();
    window.harness.drag_at(pos2(rect.right() - 1.0, rect.top() + 8.0));
    window.harness.step();
    for step in [0.9, 0.6, 0.3, 0.0] {
        window.harness.hover_at(pos2(rect.left() + step * rect.width() + 1.0, rect.bottom() - 8.0));
        window.harness.step();
    }
    window.harness.drop_at(pos2(rect.left() + 1.0, rect.bottom() - 8.0));
    window.harness.step();
    assert_eq!(copied(&mut window), [MIXED]);
}

#[test]
fn a_double_click_takes_a_word_and_shift_with_an_arrow_the_next_letter() {
    let mut window = saying(MIXED, MIXED);
    let rect = paragraph(&window, MIXED).unwrap();
    let at = pos2(rect.right() - 12.0, rect.top() + 10.0);
    for _ in 0..2 {
        window.harness.drag_at(at);
        window.harness.step();
        window.harness.drop_at(at);
        window.harness.step();
    }
    let word = copied(&mut window).concat();
    assert_eq!(word.trim_end(), "ښوونکي");
    for n in 1..=2 {
        window.harness.key_press_modifiers(Modifiers::SHIFT, Key::ArrowLeft);
        window.settle();
        let longer: String = MIXED.chars().take(word.chars().count() + n).collect();
        assert_eq!(copied(&mut window), [longer]);
    }
}

#[test]
fn all_of_a_text_is_taken_from_the_keyboard_and_nothing_of_its_neighbours() {
    let mut window = saying(MIXED, MIXED);
    let focused = |window: &Window| {
        let node = window.harness.root().children_recursive().find(|node| node.is_focused());
        node.map(|node| (node.accesskit_node().role(), node.accesskit_node().label()))
    };
    let wanted = Some((Role::Document, Some("Comment".to_owned())));
    let mut tabs = 0;
    while focused(&window) != wanted {
        tabs += 1;
        assert!(tabs < 40, "the comment is no stop of the Tab key");
        window.harness.key_press(Key::Tab);
        window.harness.run_steps(2);
    }
    window.harness.key_press_modifiers(Modifiers::COMMAND, Key::A);
    window.settle();
    assert_eq!(copied(&mut window), [MIXED]);
    assert!(window.outbox().is_empty(), "Ctrl and A decides nothing");
}

#[test]
fn a_link_is_reached_by_keyboard_and_asks_before_it_is_followed() {
    let mut window =
        saying(r#"وګوره <a href="https://example.org/a">example.org</a> دلته"#, "وګوره example.org دلته");
    let link = window.harness.get_by_role_and_label(Role::Link, "https://example.org/a");
    link.focus();
    window.settle();
    window.press(Key::Enter);
    assert!(window.harness.query_by_role_and_label(Role::Button, "Open in the browser").is_some());
    assert!(window.harness.output().platform_output.commands.is_empty(), "it was followed unasked");
}

/// A word of half a megabyte is folded, and no frame waits for it.
#[test]
fn a_word_without_end_holds_nothing_up() {
    let mut window = saying(&format!("first\n\n{}", "w".repeat(500_000)), "first");
    let mut frames = Vec::new();
    for _ in 0..20 {
        let started = std::time::Instant::now();
        window.harness.step();
        frames.push(started.elapsed());
    }
    frames.sort_unstable();
    assert!(frames[10] < std::time::Duration::from_millis(50), "{frames:?}");
}
