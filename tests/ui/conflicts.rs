//! Conflicts on screen: every kind of them whole at every size, and several answered together by keyboard alone.
//! `LOOK=folder cargo test --test ui conflicts` draws them there.

use crate::desk::Bench;
use crate::stage::{Window, of};
use egui::Key;
use egui::accesskit::Role;
use egui_kittest::kittest::{NodeT, Queryable};
use greenroom::app::ThemeChoice;
use greenroom::app::command::Command;
use greenroom::app::view::{OutboxRow, Place, Shelf};
use greenroom::demo::{Comment, Status, World};
use greenroom::domain::{CommentId, DecisionId, Delivery};

type Decide = fn(Vec<CommentId>) -> Command;

/// What happened to a comment between a decision and its request.
type Between = fn(&mut World, &str) -> bool;

const LATER: &str =
    "The council said on Monday that the bridge will open in May, and nobody at the ferry believes it";

/// Each kind of conflict that a pending comment can come into, by what is decided and what happens then.
const KINDS: [(Decide, Between); 7] = [
    (Command::Approve, |world, id| world.edit(id, LATER)),
    (Command::Approve, |world, id| world.rename(id, "Ana K.", Some("https://cheap-loans.example/now"))),
    (Command::Reject, |world, id| world.approve_as("Bo", id)),
    (Command::Approve, |world, id| world.reject_as("Bo", id)),
    (Command::Approve, |world, id| world.spam_as("Bo Nguyễn-Kowalczyk of the night desk", id)),
    (Command::Approve, |world, id| world.delete(id)),
    (Command::Spam, |world, id| world.approve_as("بهار", id)),
];

fn releases(bench: &mut Bench) {
    let held: Vec<DecisionId> =
        bench.app.outbox().iter().filter(|row| row.delivery == Delivery::Held).map(|row| row.id).collect();
    held.into_iter().for_each(|id| bench.app.run(Command::Release(id)));
}

fn conflicts(rows: &[OutboxRow]) -> Vec<&OutboxRow> {
    rows.iter().filter(|row| row.delivery == Delivery::Conflicted).collect()
}

/// A desk with one conflict of each kind, and so many rejections of one act that Bo contradicted.
fn contradicted(bulk: usize) -> Bench {
    let mut bench = Bench::connected(60);
    let ids = bench.queue();
    let natives: Vec<String> = ids.iter().map(|id| bench.native(*id)).collect();
    let (kinds, rest) = (KINDS.len(), &ids[KINDS.len()..]);
    bench.app.run(Command::Reject(rest[..bulk].to_vec()));
    for (id, (decide, _)) in ids.iter().zip(KINDS) {
        bench.app.run(decide(vec![*id]));
    }
    bench.until("all are on disk", |app| app.outbox().len() == kinds + bulk);
    bench.demo.with_world(|world| {
        for (native, (_, between)) in natives.iter().zip(KINDS) {
            assert!(between(world, native));
        }
        natives[kinds..kinds + bulk].iter().for_each(|native| assert!(world.approve_as("Bo", native)));
    });
    releases(&mut bench);
    // What was taken down and is gone is no conflict.
    bench.until("the desk asks about each", |app| conflicts(&app.outbox()).len() == kinds + bulk);
    // Bo had taken it back into the queue; and of the reports to be dismissed more came in.
    published(&mut bench, Command::Reject, |world, id| world.restore_as("Bo", id));
    published(&mut bench, Command::Approve, |world, id| world.report(id, "insult", "And so rude", "Bob"));
    bench
}

/// A published comment that was just reported.
fn reported(bench: &mut Bench) -> (CommentId, String) {
    let native = bench.demo.with_world(|world| {
        let fits = |c: &&Comment| c.status == Status::Approved && c.reports.is_empty() && c.last.is_none();
        let native = world.comments().iter().rfind(fits).unwrap().id.clone();
        assert!(world.report(&native, "hate", "It hurts", "Ann"));
        native
    });
    bench.app.run(Command::Go(Place { site: None, shelf: Shelf::Reported }));
    let handle = format!(":{native}");
    let mut found = None;
    bench.until("the report is here", |app| {
        let ids = app.queue().ids;
        found = ids.iter().copied().find(|id| app.card(*id).unwrap().handle.ends_with(&handle));
        found.is_some()
    });
    (found.unwrap(), native)
}

/// Decides on a published comment, to which something happens meanwhile.
fn published(bench: &mut Bench, decide: Decide, between: Between) {
    let (id, native) = reported(bench);
    let before = bench.app.outbox().len();
    bench.app.run(decide(vec![id]));
    bench.until("it is on disk", |app| app.outbox().len() > before);
    bench.demo.with_world(|world| assert!(between(world, &native)));
    releases(bench);
    bench.until("the desk asks", |app| app.status().held + app.status().waiting == 0);
    bench.app.run(Command::Go(Place { site: None, shelf: Shelf::Pending }));
}

/// One says that it came late, and one cannot be read any more.
fn in_the_file(bench: &mut Bench) {
    bench.app.close();
    let file = rusqlite::Connection::open(bench.dir.path().join("desk.sqlite")).unwrap();
    file.execute_batch(
        "update outbox set fault = 'late' where id = (select min(id) from outbox where delivery = 'conflicted');
         update comments set unreadable = 'no text' where id = (select comment from outbox where delivery = 'conflicted'
            order by id limit 1 offset 1);",
    )
    .unwrap();
    drop(file);
    bench.reopen_at_rest();
}

fn opened(size: [f32; 2], bench: Bench) -> Window {
    let mut window = of(size, bench);
    window.press(Key::O);
    window.until("the outbox is on screen", |window| shown(window, "Keep theirs for all") > 0);
    window.settle();
    window
}

/// How many buttons begin with these words.
fn shown(window: &Window, words: &str) -> usize {
    let nodes = window.harness.root().children_recursive();
    let buttons = nodes.filter(|node| node.accesskit_node().role() == Role::Button);
    buttons.filter(|node| node.accesskit_node().label().is_some_and(|label| label.starts_with(words))).count()
}

/// Whatever is on screen ends within the window.
#[track_caller]
fn fits(window: &Window, size: [f32; 2], zoom: f32) {
    let right = size[0] / zoom + 0.5;
    for node in window.harness.root().children_recursive() {
        let label = node.accesskit_node().label().unwrap_or_default();
        if node.accesskit_node().role() == Role::Button {
            assert!(node.rect().right() <= right, "{label:?} ends at {} of {right}", node.rect().right());
        }
    }
}

#[test]
fn every_kind_of_conflict_is_shown_whole() {
    for (name, theme, size, zoom) in [
        ("light", ThemeChoice::Light, [1024.0, 2600.0], 1.0),
        ("dark", ThemeChoice::Dark, [1024.0, 2600.0], 1.0),
        ("small", ThemeChoice::Light, [1024.0, 700.0], 1.0),
        ("twice", ThemeChoice::Light, [1024.0, 700.0], 2.0),
        ("twice-dark", ThemeChoice::Dark, [1024.0, 4200.0], 2.0),
    ] {
        let mut bench = contradicted(3);
        in_the_file(&mut bench);
        bench.app.set_theme(theme);
        bench.app.set_zoom(zoom);
        let mut window = opened(size, bench);
        window.look(&format!("conflicts-{name}"));
        fits(&window, size, zoom);
        assert_eq!(window.harness.query_all_by_label("12 conflicts").count(), 1, "{name}");
        for page in 0..if size[1] > 1000.0 { 0 } else { 6 } {
            window.press(Key::Space);
            window.look(&format!("conflicts-{name}-{page}"));
            fits(&window, size, zoom);
        }
    }
}

/// Moves the keyboard to a button by Tab alone.
#[track_caller]
fn tab_to(window: &mut Window, words: &str) {
    for _ in 0..60 {
        window.harness.key_press(Key::Tab);
        window.harness.run_steps(2);
        let focused = window.harness.root().children_recursive().find(|node| node.is_focused());
        let label = focused.and_then(|node| node.accesskit_node().label());
        if label.is_some_and(|label| label.starts_with(words)) {
            return;
        }
    }
    panic!("no Tab leads to {words:?}");
}

fn press_at(window: &mut Window, words: &str) {
    tab_to(window, words);
    window.press(Key::Enter);
}

#[test]
fn mine_is_applied_by_keyboard_to_what_was_on_screen_and_to_nothing_else() {
    let bench = contradicted(8);
    let all = KINDS.len() + 8 + 2;
    let mut window = opened([1024.0, 700.0], bench);
    assert_eq!(shown(&window, &format!("Apply mine for all {all}")), 0, "most have not been on screen");
    let some = conflicts(&window.outbox()).len();
    assert_eq!(some, all);
    for _ in 0..12 {
        window.press(Key::PageDown);
    }
    for _ in 0..12 {
        window.press(Key::PageUp);
    }
    // What is gone is nothing to apply it to.
    let apply = |n: usize| format!("Apply mine for the {n} you have seen");
    assert_eq!(shown(&window, &apply(all - 1)), 1, "all have been on screen");

    // What its author words anew meanwhile has not been.
    let newest =
        window.outbox().into_iter().find(|row| row.delivery == Delivery::Conflicted).unwrap().comment;
    let native = window.native(newest);
    let demo = window.demo.as_ref().unwrap();
    demo.with_world(|world| assert!(world.edit(&native, &"Nobody has looked at this yet. ".repeat(400))));
    window.until("it is offered no more", |window| shown(window, &apply(all - 2)) == 1);
    press_at(&mut window, &apply(all - 2));
    window.until("the others go out", |window| conflicts(&window.outbox()).len() == 2);
    let left: Vec<_> = window.outbox().iter().filter_map(|row| row.conflict.clone()).collect();
    assert!(
        left.iter().any(|conflict| conflict.is_gone()) && left.iter().any(|conflict| conflict.words.differ())
    );
}

#[test]
fn the_conflicts_of_one_act_are_one_question() {
    let bench = contradicted(8);
    let before = bench.demo.with_world(|world| world.decisions().len());
    let mut window = opened([1280.0, 900.0], bench);
    press_at(&mut window, "Keep theirs for all 8, Reject: 8 decided together");
    window.until("they are settled", |window| conflicts(&window.outbox()).len() == KINDS.len() + 2);
    let demo = window.demo.as_ref().unwrap();
    assert_eq!(demo.with_world(|world| world.decisions().len()), before, "nothing is sent");
    window.until("the question is gone", |window| shown(window, "Keep theirs for all 8") == 0);
    assert_eq!(shown(&window, "Keep theirs for all 9"), 1);
    window.until("it is said", |window| {
        window.harness.query_all_by_label_contains("Kept theirs for 8 comments").next().is_some()
    });
}
