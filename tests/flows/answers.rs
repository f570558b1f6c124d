//! Many conflicts, one answer: theirs kept, or mine applied to what was looked at and to nothing else.

use crate::desk::Bench;
use greenroom::app::App;
use greenroom::app::command::{Command, Compared};
use greenroom::app::view::OutboxRow;
use greenroom::demo::Status;
use greenroom::domain::{CommentId, DecisionId, Delivery};

/// So many comments that were rejected here while Bo approved them, each in conflict.
fn contradicted(bench: &mut Bench, n: usize) -> (Vec<CommentId>, Vec<String>) {
    let ids = bench.queue()[..n].to_vec();
    let natives: Vec<String> = ids.iter().map(|id| bench.native(*id)).collect();
    bench.app.run(Command::Reject(ids.clone()));
    bench.until("they are on disk", |app| app.outbox().len() == n);
    bench.demo.with_world(|world| natives.iter().for_each(|native| assert!(world.approve_as("Bo", native))));
    release(bench);
    bench.until("the desk asks about each", |app| conflicts(app).len() == n);
    (ids, natives)
}

fn release(bench: &mut Bench) {
    let held: Vec<DecisionId> =
        bench.app.outbox().iter().filter(|row| row.delivery == Delivery::Held).map(|row| row.id).collect();
    held.into_iter().for_each(|id| bench.app.run(Command::Release(id)));
}

fn conflicts(app: &mut App) -> Vec<OutboxRow> {
    app.outbox().into_iter().filter(|row| row.delivery == Delivery::Conflicted).collect()
}

fn compared(app: &mut App) -> Vec<Compared> {
    conflicts(app).iter().map(|row| row.conflict.as_ref().unwrap().compared(row.id)).collect()
}

fn said(app: &App) -> String {
    app.toast().unwrap().notice.words
}

fn sent(bench: &Bench) -> usize {
    bench.demo.with_world(|world| world.decisions().len())
}

#[test]
fn theirs_is_kept_for_all_and_nothing_is_sent() {
    let mut bench = Bench::connected(40);
    let (_, natives) = contradicted(&mut bench, 12);
    let before = sent(&bench);
    let ids = conflicts(&mut bench.app).iter().map(|row| row.id).collect();
    bench.app.run(Command::KeepAll(ids));
    bench.until("they are settled", |app| conflicts(app).is_empty());
    bench.until("it is said", |app| said(app) == "Kept theirs for 12 comments: nothing is sent");
    assert!(bench.app.outbox().iter().all(|row| row.delivery == Delivery::Withdrawn));
    assert!(natives.iter().all(|native| bench.site_status(native) == Status::Approved));
    assert_eq!(sent(&bench), before);

    // It is taken back as a whole: the questions are asked again, but for what was decided on since.
    let again = bench.app.outbox()[0].comment;
    bench.demo.with_world(|world| assert!(world.spam_as("Cy", &natives[1])));
    bench.app.run(Command::Undo);
    bench.until("they are asked again", |app| conflicts(app).len() == 12);
    assert_eq!(said(&bench.app), "Taken back: 12 conflicts are asked again");
    assert!(conflicts(&mut bench.app).iter().any(|row| row.comment == again));
    bench.app.run(Command::Redo);
    bench.until("they are kept again", |app| conflicts(app).is_empty());
    bench.app.run(Command::Undo);
    bench.until("and asked again", |app| conflicts(app).len() == 12);
    let shown = compared(&mut bench.app);
    bench.app.run(Command::ApplyAll(shown));
    bench.until("mine is applied after all", |app| app.status().held == 12);
    assert_eq!(sent(&bench), before + 1, "only Cy has decided since");
}

#[test]
fn what_was_decided_since_theirs_was_kept_is_not_asked_about_again() {
    let mut bench = Bench::connected(40);
    let (ids, natives) = contradicted(&mut bench, 2);
    let first = conflicts(&mut bench.app).iter().find(|row| row.comment == ids[0]).unwrap().id;
    bench.app.run(Command::KeepTheirs(first));
    bench.until("it is settled", |app| conflicts(app).len() == 1);
    assert_eq!(said(&bench.app), "Kept theirs for one comment: nothing is sent");
    bench.demo.with_world(|world| assert!(world.reject_as("Bo", &natives[0])));
    bench.until("it stands as wanted", |app| {
        app.card(ids[0]).is_some_and(|card| card.status == greenroom::domain::Status::Rejected)
    });
    bench.app.run(Command::Undo);
    bench.until("it is said", |app| said(app).starts_with("Nothing to take back"));
    assert_eq!(conflicts(&mut bench.app).len(), 1);
}

#[test]
fn the_question_that_is_asked_again_is_the_one_that_was_answered() {
    let mut bench = Bench::connected(40);
    let (ids, natives) = contradicted(&mut bench, 1);
    let before = conflicts(&mut bench.app);
    bench.app.run(Command::KeepAll(before.iter().map(|row| row.id).collect()));
    bench.until("it is settled", |app| conflicts(app).is_empty());
    bench.app.run(Command::Spam(vec![ids[0]]));
    bench.until("a second thought is held", |app| app.status().held == 1);
    bench.app.run(Command::Undo);
    bench.until("and taken back", |app| app.status().held == 0);
    bench.app.run(Command::Undo);
    bench.until("it is asked again", |app| conflicts(app).len() == 1);
    assert_eq!(conflicts(&mut bench.app)[0].verb, before[0].verb);
    assert_ne!(bench.site_status(&natives[0]), Status::Spam);
}

#[test]
fn mine_is_applied_to_all_in_one_act_that_is_held_and_taken_back_as_one() {
    let mut bench = Bench::connected(40);
    let (_, natives) = contradicted(&mut bench, 3);
    let shown = compared(&mut bench.app);
    bench.app.run(Command::ApplyAll(shown));
    let held = |app: &mut App| app.outbox().iter().filter(|row| row.delivery == Delivery::Held).count();
    bench.until("they are held", |app| held(app) == 3);
    assert_eq!(said(&bench.app), "3 decisions go out in spite of their conflicts");
    assert!(natives.iter().all(|native| bench.site_status(native) == Status::Approved), "nothing has left");
    bench.app.run(Command::Undo);
    bench.until("all are taken back", |app| held(app) == 0);
    assert!(conflicts(&mut bench.app).is_empty() && natives.len() == 3);
    assert!(said(&bench.app).starts_with("Taken back before anything was sent: 3 decisions to reject"));

    bench.app.run(Command::Redo);
    bench.until("they are held again", |app| held(app) == 3);
    release(&mut bench);
    bench.until("they stand", |app| app.status().held + app.status().waiting == 0);
    assert!(natives.iter().all(|native| bench.site_status(native) == Status::Rejected));
    bench.app.run(Command::Undo);
    bench.until("they are called back", |app| {
        app.outbox().iter().filter(|row| row.delivery == Delivery::Delivered).count() == 6
    });
    assert!(natives.iter().all(|native| bench.site_status(native) == Status::Approved), "as Bo had it");
}

#[test]
fn what_changed_since_it_was_shown_stays_in_conflict() {
    let mut bench = Bench::connected(40);
    let (_, natives) = contradicted(&mut bench, 4);
    let shown = compared(&mut bench.app);
    // One is edited, and on one a third person acts: neither is what was looked at.
    bench.demo.with_world(|world| {
        assert!(world.edit(&natives[0], "Something else entirely"));
        assert!(world.spam_as("Cy", &natives[1]));
    });
    let what = |app: &mut App| compared(app).into_iter().filter(|one| !shown.contains(one)).count();
    bench.until("the desk knows", |app| what(app) == 2);
    bench.app.run(Command::ApplyAll(shown.clone()));
    bench.until("two go out", |app| app.status().held == 2);
    assert_eq!(bench.app.take_unanswered(), 0);
    assert_eq!(
        said(&bench.app),
        "2 decisions go out in spite of their conflicts. 2 stay in conflict: they are not as they were shown, or later \
         decisions wait behind them"
    );
    let left: Vec<OutboxRow> = conflicts(&mut bench.app);
    assert_eq!(left.len(), 2);
    assert!(left.iter().any(|row| row.conflict.as_ref().unwrap().theirs == greenroom::domain::Status::Spam));
    // The same answer again is about nothing that is as it was shown.
    let stale: Vec<_> = shown.iter().filter(|one| left.iter().any(|row| row.id == one.id)).copied().collect();
    bench.app.run(Command::ApplyAll(stale));
    bench.until("it is said", |app| said(app).starts_with("2 stay in conflict"));
    assert_eq!(bench.app.take_unanswered(), 1, "there is no act for undo to give back");
    release(&mut bench);
    bench.until("they stand", |app| app.status().held + app.status().waiting == 0);
    let stands: Vec<Status> = natives.iter().map(|native| bench.site_status(native)).collect();
    assert_eq!(stands, [Status::Approved, Status::Spam, Status::Rejected, Status::Rejected]);
}

#[test]
fn a_bulk_of_answers_is_held_as_any_bulk_is() {
    let mut bench = Bench::connected(40);
    contradicted(&mut bench, 21);
    let shown = compared(&mut bench.app);
    bench.app.run(Command::ApplyAll(shown));
    bench.until("they are held", |app| app.status().held == 21);
    let left = |row: &OutboxRow| row.delivery != Delivery::Held || row.leaves_in_secs.is_some_and(|s| s > 9);
    assert!(bench.app.outbox().iter().all(left), "{:?}", bench.app.outbox()[0]);
}

#[test]
fn what_stands_as_wanted_by_now_is_settled_without_a_request() {
    let mut bench = Bench::connected(40);
    let (_, natives) = contradicted(&mut bench, 2);
    bench.demo.with_world(|world| assert!(world.reject_as("Bo", &natives[0])));
    bench.until("the desk knows", |app| {
        compared(app).iter().any(|one| one.theirs == greenroom::domain::Status::Rejected)
    });
    let shown = compared(&mut bench.app);
    bench.app.run(Command::ApplyAll(shown));
    bench.until("one goes out", |app| app.status().held == 1 && conflicts(app).is_empty());
    assert!(said(&bench.app).ends_with("One stands as you wanted by now"), "{}", said(&bench.app));
}
