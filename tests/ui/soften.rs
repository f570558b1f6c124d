//! Words that hurt: soft when that is switched on, until the key is held; whole on the clipboard and in the source.

use crate::stage::{Window, moderated};
use crate::words::{copied, saying};
use egui::accesskit::Role;
use egui::{Event, Key, Modifiers, pos2};
use egui_kittest::kittest::{NodeT, Queryable};

const HARD: &str = "You utter idiot, go back to Scunthorpe";
const SOFT: &str = "You utter (softened), go back to Scunthorpe";

fn says(window: &Window, words: &str) -> bool {
    let mut nodes = window.harness.query_all_by_label(words);
    nodes.any(|node| node.accesskit_node().role() == Role::Label)
}

fn switch(window: &mut Window) {
    window.harness.key_press_modifiers(Modifiers::SHIFT, Key::H);
    window.settle();
}

fn hold(window: &mut Window, pressed: bool) {
    window.harness.event(Event::Key {
        key: Key::H,
        physical_key: None,
        pressed,
        repeat: false,
        modifiers: Modifiers::NONE,
    });
    window.settle();
}

#[test]
fn words_are_soft_when_switched_on_and_shown_while_the_key_is_held() {
    let mut window = saying(HARD, HARD);
    assert!(says(&window, HARD), "off by default");
    switch(&mut window);
    assert!(says(&window, SOFT) && !says(&window, HARD));
    let rows = |window: &Window, words: &str| window.harness.query_all_by_label_contains(words).count();
    assert_eq!(rows(&window, "idiot"), 0, "neither in the queue nor on the card");
    assert!(rows(&window, SOFT) >= 2, "softened in both");
    hold(&mut window, true);
    assert!(says(&window, HARD) && !says(&window, SOFT));
    hold(&mut window, false);
    assert!(says(&window, SOFT) && !says(&window, HARD));
    assert!(window.outbox().is_empty());
    let kept = std::fs::read_to_string(window.dir.path().join("settings.toml")).unwrap();
    assert!(kept.contains("soften = true"), "{kept}");
    switch(&mut window);
    assert!(says(&window, HARD));
}

#[test]
fn what_is_copied_is_whole_and_the_source_is_never_soft() {
    let mut window = saying(HARD, HARD);
    switch(&mut window);
    let rect = window
        .harness
        .query_all_by_label(SOFT)
        .find(|node| node.accesskit_node().role() == Role::Label)
        .unwrap()
        .rect();
    for _ in 0..3 {
        let at = pos2(rect.left() + 20.0, rect.top() + 10.0);
        window.harness.drag_at(at);
        window.harness.step();
        window.harness.drop_at(at);
        window.harness.step();
    }
    assert_eq!(copied(&mut window), [HARD]);
    window.harness.get_by_role_and_label(Role::Button, "Copy the comment").click();
    window.harness.step();
    let commands = format!("{:?}", window.harness.output().platform_output.commands);
    assert!(commands.contains(HARD), "{commands}");
    window.press(Key::V);
    assert!(window.harness.query_all_by_label_contains(HARD).next().is_some(), "as the site sent it");
}

#[test]
fn the_key_that_shows_is_a_letter_in_a_field() {
    let mut window = saying(HARD, HARD);
    switch(&mut window);
    window.press(Key::N);
    hold(&mut window, true);
    window.harness.event(Event::Text("h".to_owned()));
    window.settle();
    assert!(says(&window, SOFT), "whoever writes is shown nothing");
    let field = window.harness.get_by_role(Role::MultilineTextInput);
    assert_eq!(field.accesskit_node().value().as_deref(), Some("h"));
}

#[test]
fn a_list_of_ones_own_is_read_and_a_damaged_one_is_told() {
    let mut window = saying(HARD, HARD);
    std::fs::write(window.dir.path().join("soften.txt"), "utter # mine\n").unwrap();
    switch(&mut window);
    assert!(says(&window, "You (softened) (softened), go back to Scunthorpe"));
    std::fs::write(window.dir.path().join("soften.txt"), b"utter\xff").unwrap();
    switch(&mut window);
    switch(&mut window);
    assert!(says(&window, SOFT), "the desk's own lists hold");
    let told = window.harness.query_all_by_label_contains("Your own list of words to soften was left out");
    assert!(told.count() > 0);
}

#[test]
fn a_key_with_nothing_to_show_says_so() {
    let mut window = moderated([1280.0, 800.0]);
    window.press(Key::H);
    assert!(window.harness.query_by_label_contains("Nothing is softened").is_some());
}
