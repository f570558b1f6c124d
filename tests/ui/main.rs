//! The window by role and label, worked by keyboard alone, on the demo site over real HTTP.

mod conflicts;
#[path = "../desk/mod.rs"]
#[expect(dead_code, reason = "the flows use the rest of it")]
mod desk;
mod hostile;
mod long;
mod mishap;
mod note;
mod picture;
mod reading;
mod soften;
mod stage;
mod words;

use egui::accesskit::Role;
use egui::{Event, Key, Modifiers};
use egui_kittest::kittest::{NodeT, Queryable};
use greenroom::app::glance::Glance;
use greenroom::app::view::OutboxRow;
use greenroom::demo;
use greenroom::domain::{Delivery, Verb};
use stage::{Window, first_start, moderated, on_disk, spent};
use std::time::{Duration, Instant};

const USUAL: [f32; 2] = [1280.0, 800.0];

#[test]
fn approve_brings_the_next_comment_in_the_next_frame() {
    let mut window = moderated(USUAL);
    let first = window.open();
    window.harness.key_press(Key::A);
    window.harness.step();
    assert_ne!(window.open(), first);
    let outbox = window.decided(1);
    assert_eq!((outbox[0].comment, outbox[0].verb), (first, Verb::Approve));
}

#[test]
fn a_slow_disk_is_not_waited_for() {
    let disk = Duration::from_millis(200);
    let mut window = on_disk(USUAL, disk);
    let (mut frames, mut waits) = (Vec::new(), Vec::new());
    for n in 0..7 {
        let before = window.open();
        let (pressed, worked) = (Instant::now(), spent());
        window.harness.key_press(Key::A);
        window.harness.step();
        frames.push(spent() - worked);
        waits.push(pressed.elapsed());
        assert_ne!(window.open(), before);
        assert_eq!(window.outbox().len(), n, "the disk cannot have it yet");
        window.decided(n + 1);
    }
    // The other tests share the machine: what this thread works is told from what it waits for its turn.
    for times in [&mut frames, &mut waits] {
        times.sort_unstable();
    }
    assert!(frames[3] <= Duration::from_millis(16), "key to next comment: {frames:?}");
    assert!(waits[3] < disk, "the disk was waited for: {waits:?}");
}

#[test]
fn a_held_key_decides_once() {
    let mut window = moderated(USUAL);
    let event = |repeat| Event::Key {
        key: Key::R,
        physical_key: Some(Key::R),
        pressed: true,
        repeat,
        modifiers: Modifiers::NONE,
    };
    window.harness.event(event(false));
    window.settle();
    for _ in 0..5 {
        window.harness.event(event(true));
        window.settle();
    }
    window.press(Key::S);
    assert_eq!(window.decided(2).len(), 2);
}

#[test]
fn a_comment_that_has_just_come_on_screen_is_not_decided() {
    let mut window = moderated(USUAL);
    for _ in 0..2 {
        window.harness.key_press(Key::A);
        window.harness.step();
    }
    window.settle();
    assert_eq!(window.decided(1).len(), 1);
    window.press(Key::A);
    assert_eq!(window.decided(2).len(), 2);
}

#[test]
fn typing_in_search_decides_nothing() {
    let mut window = moderated(USUAL);
    window.press(Key::Slash);
    for key in [Key::A, Key::R, Key::S, Key::J] {
        window.harness.key_press(key);
        window.harness.event(Event::Text(key.name().to_lowercase()));
        window.settle();
    }
    assert_eq!(window.harness.state().app().search(), "arsj");
    window.press(Key::Escape);
    assert_eq!(window.harness.state().app().search(), "");
    assert!(window.outbox().is_empty());
    window.until("the queue is back", |window| window.harness.state().open_comment().is_some());
    window.settle();
    window.press(Key::A);
    assert_eq!(window.decided(1).len(), 1);
}

#[test]
fn next_and_previous_walk_the_queue() {
    let mut window = moderated(USUAL);
    let first = window.open();
    window.press(Key::J);
    let second = window.open();
    window.press(Key::ArrowUp);
    assert_eq!(window.open(), first);
    window.press(Key::ArrowDown);
    assert_eq!(window.open(), second);
    window.press(Key::End);
    assert_ne!(window.open(), second);
    window.press(Key::Home);
    assert_eq!(window.open(), first);
}

#[test]
fn undo_goes_back_to_the_comment() {
    let mut window = moderated(USUAL);
    let first = window.open();
    window.press(Key::S);
    window.decided(1);
    window.harness.key_press_modifiers(Modifiers::COMMAND, Key::Z);
    window.until("it is taken back", |window| window.outbox()[0].delivery == Delivery::Withdrawn);
    window.until("it is open again", |window| window.harness.state().open_comment() == Some(first));
}

#[test]
fn the_key_sheet_lists_the_hands_and_lets_none_through() {
    let mut window = moderated(USUAL);
    let first = window.open();
    // The toast has a button of that name too.
    let closes = |window: &Window| window.harness.query_all_by_role_and_label(Role::Button, "Close").count();
    let before = closes(&window);
    window.press(Key::Questionmark);
    assert_eq!(closes(&window), before + 1);
    window.press(Key::A);
    assert_eq!(window.open(), first);
    window.press(Key::Escape);
    assert_eq!(closes(&window), before);
    assert!(window.outbox().is_empty());
}

#[test]
fn a_key_decides_on_the_words_that_are_on_the_card() {
    let mut window = moderated([1280.0, 1400.0]);
    let open = window.open();
    let native = window.native(open);
    let demo = window.demo.as_ref().unwrap();
    assert!(demo.with_world(|world| world.edit(&native, "Words that nobody has read yet")));
    window.until("the card says that it was edited", |window| {
        window.harness.query_all_by_label_contains("Edited just now").next().is_some()
    });
    window.press(Key::A);
    window.decided(1);
    window.press(Key::O);
    window.until("the desk asks before anything is published", |window| {
        window.outbox()[0].delivery == Delivery::Conflicted
    });
    assert!(window.outbox()[0].conflict.as_ref().unwrap().words.differ());
    let demo = window.demo.as_ref().unwrap();
    assert_eq!(demo.with_world(|world| world.status_of(&native)), Some(greenroom::demo::Status::Pending));
}

#[test]
fn a_key_decides_nothing_while_the_comment_is_not_on_screen() {
    let mut window = moderated([512.0, 700.0]);
    window.press(Key::G);
    window.settle();
    window.press(Key::A);
    window.settle();
    assert!(window.outbox().is_empty(), "only the article was on screen");
    window.press(Key::G);
    window.settle();
    window.press(Key::A);
    window.decided(1);
}

#[test]
fn undo_held_down_takes_back_one() {
    let mut window = moderated(USUAL);
    for n in 1..=3 {
        window.press(Key::A);
        window.decided(n);
    }
    let modifiers = Modifiers::COMMAND;
    let event =
        |repeat| Event::Key { key: Key::Z, physical_key: Some(Key::Z), pressed: true, repeat, modifiers };
    window.harness.event(event(false));
    window.settle();
    for _ in 0..5 {
        window.harness.event(event(true));
        window.settle();
    }
    let withdrawn =
        |window: &Window| window.outbox().iter().filter(|row| row.delivery == Delivery::Withdrawn).count();
    window.until("one is taken back", |window| withdrawn(window) >= 1);
    window.settle();
    assert_eq!(withdrawn(&window), 1);
}

#[test]
fn a_conflict_is_shown_and_can_be_answered() {
    let mut window = moderated([1280.0, 1400.0]);
    window.press(Key::R);
    window.decided(1);
    let demo = window.demo.as_ref().unwrap();
    demo.with_world(|world| {
        let first = world.pending_ids()[0].clone();
        world.approve_as("Bo", &first);
    });
    window.press(Key::O);
    window.until("the conflict is on screen", |window| {
        window.harness.query_all_by_label_contains("Needs your answer").next().is_some()
            && window.harness.query_all_by_role_and_label(Role::Button, "Keep theirs").next().is_some()
    });
    window.harness.get_all_by_role_and_label(Role::Button, "Keep theirs").next().unwrap().click();
    window.until("it is settled", |window| window.outbox()[0].delivery == Delivery::Withdrawn);
}

#[test]
fn the_first_start_offers_the_demo_and_a_form() {
    let mut window = first_start([1024.0, 700.0]);
    assert!(window.harness.query_by_role_and_label(Role::Button, "Connect").is_some());
    window.harness.get_by_role_and_label(Role::Button, "Try the demo site").click();
    window.until("the demo is on the desk", |window| window.harness.state().open_comment().is_some());
    assert!(window.harness.query_by_role_and_label(Role::Button, "Connect").is_none());
}

#[test]
fn a_secret_is_handed_over_once_and_not_kept() {
    let mut window = first_start([1024.0, 700.0]);
    // Nothing listens there.
    for (field, text) in
        [("Address", "http://127.0.0.1:1"), ("User name", "mo"), ("Application password", "hush-hush")]
    {
        let role = if field.starts_with("App") { Role::PasswordInput } else { Role::TextInput };
        window.harness.get_by_role_and_label(role, field).focus();
        window.settle();
        window.harness.event(Event::Text(text.to_owned()));
        window.settle();
    }
    window.harness.get_by_role_and_label(Role::Button, "Connect").click();
    window.until("the failure is named", |window| {
        window.harness.query_all_by_label_contains("cannot be reached").next().is_some()
    });
    let field = window.harness.get_by_role_and_label(Role::PasswordInput, "Application password").value();
    assert!(field.is_none_or(|value| value.is_empty()), "the field still holds the secret");
    for entry in std::fs::read_dir(window.dir.path()).unwrap() {
        let bytes = std::fs::read(entry.unwrap().path()).unwrap();
        assert!(!bytes.windows(9).any(|part| part == b"hush-hush"));
    }
}

#[test]
fn every_width_has_a_comment_that_can_be_decided() {
    for size in [[1920.0, 1200.0], USUAL, [1024.0, 700.0], [640.0, 400.0], [512.0, 350.0]] {
        let window = moderated(size);
        assert!(window.harness.query_by_label("Approve this comment").is_some(), "{size:?}");
    }
}

/// What a site, a script and a screen reader are told of the shelves of a desk.
#[derive(Debug, PartialEq)]
struct Told {
    pending: u64,
    reported: u64,
}

fn on_the_site(window: &Window) -> Told {
    window.demo.as_ref().unwrap().with_world(|world| {
        let count = |fits: &dyn Fn(&demo::Comment) -> bool| {
            world.comments().iter().filter(|comment| fits(comment)).count() as u64
        };
        Told {
            pending: count(&|comment| comment.status == demo::Status::Pending),
            reported: count(&|comment| !comment.reports.is_empty()),
        }
    })
}

/// `greenroom list --json`, which counts as `greenroom sites list --json` does.
fn to_a_script(window: &Window) -> Told {
    let run = |task: &[&str]| -> serde_json::Value {
        let mut greenroom = std::process::Command::new(env!("CARGO_BIN_EXE_greenroom"));
        let done = greenroom.arg("--data").arg(window.dir.path()).args(task).output().unwrap();
        assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
        serde_json::from_slice(&done.stdout).unwrap()
    };
    let listed = |shelf| run(&["list", "--json", "--shelf", shelf])["count"].as_u64().unwrap();
    let told = Told { pending: listed("pending"), reported: listed("reported") };
    let sites = run(&["sites", "list", "--json"]);
    assert_eq!((&sites[0]["pending"], &sites[0]["reported"]), (&told.pending.into(), &told.reported.into()));
    let counts = Glance::open(window.dir.path()).unwrap().sites().unwrap()[0].counts;
    assert_eq!((counts.pending, counts.reported), (told.pending, told.reported));
    told
}

/// The labels of the side pane.
fn spoken(window: &Window) -> Told {
    let shown = |shelf: &str| {
        let labels = window.harness.root().children_recursive();
        let mut labels = labels.filter_map(|node| node.accesskit_node().label());
        let count = labels.find_map(|label| label.strip_prefix(shelf)?.strip_prefix(", ")?.parse().ok());
        count.unwrap_or_else(|| panic!("{shelf} is not in the side pane"))
    };
    assert_eq!(shown("Parked"), 0);
    Told { pending: shown("Pending"), reported: shown("Reported") }
}

#[test]
fn the_window_a_script_and_the_site_count_alike() {
    let mut window = moderated(USUAL);
    window.until("all is here", |window| spoken(window) == on_the_site(window));
    window.demo.as_ref().unwrap().with_world(|world| {
        let published = world.comments().iter().find(|c| c.status == demo::Status::Approved).unwrap();
        let id = published.id.clone();
        assert!(world.report(&id, "hate", "It hurts", "Ann"));
    });
    window.until("the report is here", |window| spoken(window) == on_the_site(window));
    let before = spoken(&window);
    assert_eq!((before.pending, to_a_script(&window)), (40, on_the_site(&window)));

    for key in [Key::A, Key::R, Key::S] {
        window.press(key);
    }
    let delivered = |row: &OutboxRow| row.delivery == Delivery::Delivered;
    window.until("three are delivered", |window| {
        window.outbox().iter().filter(|row| delivered(row)).count() == 3
    });
    window.until("they are counted off", |window| spoken(window) == on_the_site(window));
    let after = Told { pending: 37, reported: before.reported };
    assert_eq!((on_the_site(&window), to_a_script(&window)), (after, spoken(&window)));
}

#[test]
fn what_is_wrong_with_a_site_leads_to_what_mends_it() {
    let mut window = moderated([1024.0, 700.0]);
    window.demo = None;
    window.harness.key_press(Key::F5);
    let wrong = "It cannot be reached: nothing answers at that address. Show the sites";
    window.until("it is said in the status bar", |window| {
        window.harness.query_all_by_label_contains(wrong).next().is_some()
    });
    let ask = |window: &Window| {
        window.harness.query_all_by_role_and_label(Role::Button, "Ask again").next().is_some()
    };
    assert!(!ask(&window), "the pane of the sites is folded away");
    window.harness.get_all_by_label_contains(wrong).next().unwrap().click();
    window.settle();
    assert!(ask(&window));
}

#[test]
fn the_queue_is_one_tab_stop() {
    let mut window = moderated(USUAL);
    let mut stops = 0;
    let mut nameless = Vec::new();
    for _ in 0..31 {
        window.harness.key_press(Key::Tab);
        window.harness.run_steps(2);
        let focused = window.harness.root().children_recursive().find(|node| node.is_focused());
        let focused = focused.expect("something has the focus");
        let node = focused.accesskit_node();
        // To a screen reader the list's focus is on the row that is open.
        stops += usize::from(matches!(node.role(), Role::List | Role::ListItem));
        if node.label().is_none_or(|label| label.is_empty()) {
            nameless.push(format!("{:?}", node.role()));
        }
    }
    assert!((1..=2).contains(&stops), "{stops} stops in 31 tabs");
    assert!(nameless.is_empty(), "{nameless:?}");
}
