//! A fault of the window itself: it is told on a page, gone on from by keyboard, and nothing is lost by it.

use crate::desk::{Bench, demo_site, plant};
use crate::stage::{Window, moderated};
use egui::accesskit::Role;
use egui::{Event, Key};
use egui_kittest::kittest::Queryable;
use greenroom::app::command::Command;
use greenroom::app::glance::Glance;
use greenroom::app::{Ports, ThemeChoice};
use greenroom::domain::{Delivery, Verb};
use greenroom::log::Fault;
use greenroom::ui::Desk;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Duration;

const USUAL: [f32; 2] = [1280.0, 800.0];
const TITLE: &str = "Something went wrong in this window";

fn is_told(window: &Window, title: &str) -> bool {
    window.harness.query_all_by_label(title).next().is_some()
}

fn offers(window: &Window, words: &str) -> bool {
    window.harness.query_by_role_and_label(Role::Button, words).is_some()
}

fn fails(window: &mut Window, spot: &str, title: &str) {
    plant(window.dir.path(), spot, "");
    window.until("it is told", |window| is_told(window, title));
    window.settle();
}

#[test]
fn a_fault_while_drawing_is_told_and_the_window_goes_on_where_it_was() {
    for spot in ["window", "frame"] {
        let mut window = moderated(USUAL);
        let first = window.open();
        window.press(Key::A);
        window.decided(1);
        window.press(Key::N);
        window.harness.event(Event::Text("half a note".to_owned()));
        window.settle();
        let second = window.open();

        fails(&mut window, spot, TITLE);
        for key in [Key::A, Key::R, Key::S] {
            window.press(key);
        }
        assert_eq!(window.outbox().len(), 1, "no key decides on what is not on screen");
        window.press(Key::Enter);
        window.until("a comment is open", |window| window.harness.state().open_comment().is_some());
        assert!(!is_told(&window, TITLE));
        let row = &window.outbox()[0];
        assert_eq!((row.comment, row.verb), (first, Verb::Approve));
        window.until("it arrives as it would have", |window| {
            window.outbox()[0].delivery == Delivery::Delivered
        });
        assert_eq!(window.open(), second);
        window.settle();
        assert!(window.harness.query_all_by_label_contains("A note is begun").next().is_some(), "{spot}");
    }
}

#[test]
fn a_fault_that_comes_back_at_once_offers_the_way_out_first() {
    let mut window = moderated(USUAL);
    fails(&mut window, "window", TITLE);
    window.press(Key::Enter);
    window.until("the desk is back", |window| window.harness.state().open_comment().is_some());
    fails(&mut window, "window", TITLE);
    assert!(window.harness.query_all_by_label_contains("It came back at once").next().is_some());
    let close = window.harness.get_by_role_and_label(Role::Button, "Close Greenroom");
    assert!(close.is_focused());
    let go_on = window.harness.get_by_role_and_label(Role::Button, "Go on");
    assert!(close.rect().left() < go_on.rect().left());
}

#[test]
fn after_a_fault_the_whole_queue_is_there_and_a_screen_that_fails_again_is_left() {
    let mut window = moderated(USUAL);
    let outbox = |window: &Window| {
        let promise = window.harness.query_all_by_label_contains("Every decision from the key to the site");
        promise.count() > 0
    };
    window.press(Key::Slash);
    window.harness.event(Event::Text("ferry".to_owned()));
    window.until("it is looked for", |window| window.harness.state().app().search() == "ferry");
    fails(&mut window, "window", TITLE);
    window.press(Key::Enter);
    window.until("a comment is open", |window| window.harness.state().open_comment().is_some());
    assert_eq!(window.harness.state().app().search(), "", "nothing is left out by words that nobody sees");

    window.press(Key::O);
    assert!(outbox(&window));
    fails(&mut window, "window", TITLE);
    let go_on = window.harness.get_by_role_and_label(Role::Button, "Go on");
    go_on.click();
    window.settle();
    assert!(!outbox(&window), "what failed again is left");
}

#[test]
fn what_waits_for_the_disk_is_written_when_a_fault_takes_the_window_down() {
    let Bench { mut app, dir, demo, .. } = Bench::slow(40, Duration::from_millis(300));
    let first = app.queue().ids[0];
    app.run(Command::Approve(vec![first]));
    let desk = Desk::new(app);
    let fell = catch_unwind(AssertUnwindSafe(move || {
        let _taken_down = desk;
        panic!("planned")
    }));
    assert!(fell.is_err());
    let outbox = Glance::open(dir.path()).unwrap().outbox(9).unwrap();
    let rows: Vec<_> = outbox.iter().map(|(_, row)| (row.comment, row.delivery)).collect();
    assert_eq!(rows, [(first, Delivery::Held)], "it is on disk, and has not left");
    assert!(demo.with_world(|world| world.decisions().is_empty()));
}

fn told_before() -> Fault {
    Fault {
        at: "2026-11-28T21:14:03Z".into(),
        thread: "main".into(),
        place: "src/ui/widget/rich_text.rs:214".into(),
        words: "index out of bounds: the len is 3 but the index is 5".into(),
    }
}

#[test]
fn a_fault_that_ended_the_desk_is_told_at_the_next_start_whole_at_every_size() {
    for (name, theme, size, zoom) in [
        ("light", ThemeChoice::Light, [1024.0, 700.0], 1.0),
        ("dark", ThemeChoice::Dark, [1024.0, 700.0], 1.0),
        ("twice", ThemeChoice::Light, [1024.0, 700.0], 2.0),
        ("narrow", ThemeChoice::Dark, [480.0, 340.0], 1.0),
    ] {
        let fault_before = Some(told_before());
        let ports = |ports| Ports { fault_before, ..ports };
        let mut bench = Bench::through(demo_site(40), ports, Duration::ZERO);
        bench.app.set_theme(theme);
        bench.app.set_zoom(zoom);
        let mut window = Window::before_a_comment(size, bench);
        assert!(is_told(&window, "Greenroom was ended by a fault of its own"), "{name}");
        window.look(&format!("mishap-{name}"));
        assert!(offers(&window, "Go on") && offers(&window, "Copy the report"), "{name}");
        for button in ["Go on", "Copy the report", "Close Greenroom"] {
            let rect = window.harness.get_by_role_and_label(Role::Button, button).rect();
            assert!(rect.right() <= size[0] / zoom, "{name}: {button} ends at {}", rect.right());
        }
        window.harness.get_by_role_and_label(Role::Button, "Copy the report").click();
        window.harness.step();
        let copied = window.harness.output().platform_output.commands.clone();
        let report = told_before().report();
        assert_eq!(copied, [egui::OutputCommand::CopyText(report)]);
        window.settle();
        assert!(offers(&window, "Copied"));
        window.harness.get_by_role_and_label(Role::Button, "Go on").click();
        window.until("a comment is open", |window| window.harness.state().open_comment().is_some());
    }
}
