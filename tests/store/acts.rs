//! Acts: what a decision stands on, and how it is taken back and done again.

use super::{Desk, told};
use greenroom::domain::{DecisionId, Delivery, Reports, Status, Verb};
use greenroom::store::{ActKind, Arrival, Back, NewDecision, Side, Source, View};

#[test]
fn a_decision_that_decides_nothing_is_nothing_to_undo() {
    let desk = Desk::new();
    desk.ingest(1, Source::List, vec![told("1", Status::Pending, "a"), told("2", Status::Approved, "b")]);
    assert_eq!(desk.decide("1", Verb::Reject).decisions.len(), 1);
    let made = desk.decide("2", Verb::Approve);
    assert_eq!((made.decisions.len(), made.skipped), (0, vec![desk.id("2")]));
    let now = desk.now;
    let taken = desk.write(move |work| work.undo(now, &mut String::new)).unwrap();
    assert_eq!(taken.steps, [(desk.id("1"), Back::Withdrawn)]);
}

fn reported(native: &str, status: Status, reports: u64) -> Arrival {
    let mut arrival = told(native, status, "words");
    arrival.observed.reports = Some(Reports { total: reports, items: Vec::new() });
    arrival
}

#[test]
fn reports_are_dismissed_only_where_that_was_decided() {
    let desk = Desk::new();
    desk.ingest(1, Source::List, vec![reported("1", Status::Pending, 3)]);
    let (first, comment) = desk.decide("1", Verb::Approve).decisions[0];
    let now = desk.now;
    desk.write(move |work| {
        work.release(&[first], now)?;
        work.sending(first, Some(Status::Pending), now)
    });
    assert_eq!(desk.decide("1", Verb::Approve).skipped, [comment], "the first is on its way");
    desk.write(move |work| {
        work.came_home(first)?;
        work.deliver(first, true, now)
    });
    desk.receipt("1", Status::Approved, 2, 2);
    let taken = desk.write(move |work| work.undo(now, &mut String::new)).unwrap();
    let Back::Inverse(inverse) = taken.steps[0].1 else { panic!("{taken:?}") };
    let redone = desk.write(move |work| work.redo(now, &mut String::new)).unwrap();
    assert_eq!(redone.steps, [(comment, Back::Again(None))], "it stands approved, and nothing has left");
    let withdrawn = desk.reader.decision(inverse).unwrap().unwrap().1;
    assert_eq!(withdrawn, Delivery::Withdrawn);
}

#[test]
fn a_redo_dismisses_reports_where_its_original_did() {
    let desk = Desk::new();
    desk.ingest(1, Source::List, vec![reported("1", Status::Approved, 3)]);
    let (comment, now) = (desk.id("1"), desk.now);
    let item = NewDecision { keeps: true, ..desk.item("1", Verb::Approve) };
    let made = desk.write(move |work| work.decide(ActKind::Decide, &[item], now));
    let of = |id| desk.reader.decision(id).unwrap().unwrap().0.reports_seen;
    assert_eq!(of(made.decisions[0].0), Some(3));
    desk.write(move |work| work.undo(now, &mut String::new)).unwrap();
    let redone = desk.write(move |work| work.redo(now, &mut String::new)).unwrap();
    let [(_, Back::Again(Some(again)))] = redone.steps[..] else { panic!("{redone:?}") };
    assert_eq!(of(again), Some(3));
    desk.write(move |work| work.undo(now, &mut String::new)).unwrap();
    // A colleague took it down before the key was pressed: kept as seen, so that the judge asks.
    desk.ingest(2, Source::Look, vec![reported("1", Status::Spam, 0)]);
    let item = NewDecision { keeps: true, ..desk.item("1", Verb::Approve) };
    let made = desk.write(move |work| work.decide(ActKind::Decide, &[item], now));
    let (kept, _) = desk.reader.decision(made.decisions[0].0).unwrap().unwrap();
    assert_eq!((kept.comment, kept.prior, kept.reports_seen), (comment, Status::Approved, Some(0)));
}

#[test]
fn a_refused_decision_is_tried_again_on_the_words_that_were_read() {
    let desk = Desk::new();
    desk.ingest(1, Source::List, vec![told("1", Status::Pending, "what was read")]);
    let (id, _) = desk.decide("1", Verb::Approve).decisions[0];
    let now = desk.now;
    desk.write(move |work| {
        work.release(&[id], now)?;
        work.sending(id, Some(Status::Pending), now)?;
        work.came_home(id)?;
        work.refuse(id, ("refused", "no"), "guard", now)
    });
    let before = desk.reader.decision(id).unwrap().unwrap().0;
    desk.ingest(2, Source::Look, vec![told("1", Status::Spam, "what nobody has read")]);
    desk.write(move |work| work.retry(id, now));
    let (after, delivery) = desk.reader.decision(id).unwrap().unwrap();
    assert_eq!(delivery, Delivery::Queued);
    assert_eq!((after.seen, after.prior), (before.seen, before.prior), "so that the judge asks");
}

#[test]
fn mine_is_applied_to_the_words_that_were_compared_or_not_at_all() {
    let desk = Desk::new();
    desk.ingest(1, Source::List, vec![told("1", Status::Pending, "what was read")]);
    let (id, _) = desk.decide("1", Verb::Approve).decisions[0];
    let (now, comment) = (desk.now, desk.id("1"));
    let says = |desk: &Desk| desk.reader.comment(comment).unwrap().unwrap().revision;
    desk.ingest(2, Source::Look, vec![told("1", Status::Pending, "what was compared")]);
    let compared = says(&desk);
    desk.write(move |work| {
        work.release(&[id], now)?;
        let theirs = Side { status: Status::Pending, by: None, at: None };
        work.contradict(id, &theirs, "guard", now)
    });
    desk.ingest(3, Source::Look, vec![told("1", Status::Pending, "what came after")]);
    let delivery = |desk: &Desk| desk.reader.decision(id).unwrap().unwrap().1;
    desk.write(move |work| work.insist(id, compared, "key", now));
    assert_eq!(delivery(&desk), Delivery::Conflicted, "nobody has seen what it would be applied to");
    let after = says(&desk);
    desk.write(move |work| work.insist(id, after, "key", now));
    assert_eq!(
        (delivery(&desk), desk.reader.decision(id).unwrap().map(|(d, _)| d.seen)),
        (Delivery::Queued, after)
    );
}

#[test]
fn an_inverse_goes_behind_whatever_is_still_on_its_way_for_its_comment() {
    let desk = Desk::new();
    desk.ingest(1, Source::List, vec![told("1", Status::Pending, "words")]);
    let now = desk.now;
    let (first, _) = desk.decide("1", Verb::Approve).decisions[0];
    desk.write(move |work| {
        work.release(&[first], now)?;
        work.sending(first, Some(Status::Pending), now)?;
        work.came_home(first)?;
        work.deliver(first, true, now)
    });
    desk.receipt("1", Status::Approved, 2, 2);
    let (second, _) = desk.decide("1", Verb::Spam).decisions[0];
    desk.write(move |work| {
        work.release(&[second], now)?;
        work.sending(second, Some(Status::Approved), now)
    });
    let mut key = 0;
    let mut new_key = move || {
        key += 1;
        format!("inverse-{key}")
    };
    desk.write(move |work| {
        work.undo(now, &mut new_key)?;
        work.undo(now, &mut new_key)
    });
    let (behind, last) = (second.0 + 1, second.0 + 2);
    let after = |id: i64| desk.reader.decision(DecisionId(id)).unwrap().unwrap().0.after;
    assert_eq!((after(behind), after(last)), (Some(second), Some(DecisionId(behind))));
}

#[test]
fn a_second_thought_while_the_first_is_held_replaces_it() {
    let desk = Desk::new();
    desk.ingest(1, Source::List, vec![told("1", Status::Pending, "words")]);
    let first = desk.decide("1", Verb::Approve).decisions[0].0;
    let second = desk.decide("1", Verb::Spam).decisions[0].0;
    let delivery = |id| desk.reader.decision(id).unwrap().unwrap().1;
    assert_eq!((delivery(first), delivery(second)), (Delivery::Withdrawn, Delivery::Held));
    assert!(desk.reader.decision(second).unwrap().unwrap().0.after.is_none());
}

#[test]
fn undo_and_redo_walk_back_and_forth_without_end() {
    let desk = Desk::new();
    desk.ingest(
        1,
        Source::List,
        vec![told("1", Status::Pending, "words"), told("2", Status::Pending, "words")],
    );
    desk.decide("1", Verb::Approve);
    desk.decide("2", Verb::Reject);
    let now = desk.now;
    let step = |redo: bool| {
        desk.write(move |work| {
            let mut n = 0;
            let mut key = || {
                n += 1;
                format!("k{n}")
            };
            let taken = if redo { work.redo(now, &mut key) } else { work.undo(now, &mut key) };
            taken.map(|taken| taken.is_some())
        })
    };
    assert_eq!(desk.queue(&View::default()).len(), 0);
    assert!(step(false) && step(false));
    assert_eq!(desk.queue(&View::default()).len(), 2);
    assert!(!step(false), "nothing is left to undo");
    assert!(step(true) && step(true));
    assert_eq!(desk.queue(&View::default()).len(), 0);
    assert!(!step(true), "nothing is left to redo");
    assert!(step(false));
    desk.decide("1", Verb::Spam);
    assert!(!step(true), "a newer decision ends the way forth");
}

#[test]
fn what_was_done_again_while_it_was_on_its_way_is_taken_back_again() {
    let desk = Desk::new();
    desk.ingest(1, Source::List, vec![told("1", Status::Pending, "words")]);
    let (first, _) = desk.decide("1", Verb::Approve).decisions[0];
    let now = desk.now;
    desk.write(move |work| {
        work.release(&[first], now)?;
        work.sending(first, Some(Status::Pending), now)
    });
    let undo = || desk.write(move |work| work.undo(now, &mut String::new)).unwrap();
    assert!(matches!(undo().steps[..], [(_, Back::Inverse(_))]));
    desk.write(move |work| work.redo(now, &mut String::new)).unwrap();
    let taken = undo();
    let [(_, Back::Inverse(inverse))] = taken.steps[..] else { panic!("{taken:?}") };
    let (inverse, delivery) = desk.reader.decision(inverse).unwrap().unwrap();
    assert_eq!((inverse.undoes, inverse.after, delivery), (Some(first), Some(first), Delivery::Held));
}

/// The note on a comment, what the journal says, and whether there is a way back and forth.
fn noted(desk: &Desk, native: &str) -> (Option<String>, Vec<String>, (bool, bool)) {
    let mut select = desk.reader.db().prepare("select what from journal order by id").unwrap();
    let lines = select.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect();
    let note = desk.reader.note(desk.id(native)).unwrap().map(|(text, _)| text);
    (note, lines, desk.reader.ways_back().unwrap())
}

#[test]
fn a_note_is_an_act_with_a_way_back() {
    let desk = Desk::new();
    desk.ingest(1, Source::List, vec![told("1", Status::Pending, "words")]);
    let (id, now) = (desk.id("1"), desk.now);
    let write = |text: &'static str| desk.write(move |work| work.write_note(id, text, now));
    let later = now + chrono::TimeDelta::minutes(5);
    let undo = || desk.write(move |work| work.undo(later, &mut String::new)).unwrap();
    let redo = || desk.write(move |work| work.redo(later, &mut String::new)).unwrap();
    let note = |text: &str| Some(text.to_owned());
    assert!(!write(""), "there is nothing to take away");
    assert_eq!(noted(&desk, "1"), (None, vec![], (false, false)));
    assert!(write("ښه") && write("ask Bo"));
    assert!(!write("ask Bo"), "the same again is no act");
    assert_eq!(noted(&desk, "1").0, note("ask Bo"));
    let taken = undo();
    assert_eq!((taken.kind, taken.steps), (ActKind::Note, vec![(id, Back::Withdrawn)]));
    assert_eq!(desk.reader.note(id).unwrap(), Some(("ښه".to_owned(), now)), "as old as it was");
    undo();
    assert_eq!(noted(&desk, "1").0, None);
    assert_eq!(redo().steps, [(id, Back::Again(None))]);
    assert_eq!(noted(&desk, "1").0, note("ښه"));
    let taken = undo();
    assert_eq!((taken.kind, taken.withdrawn()), (ActKind::Note, 1), "what was done again is taken back too");
    assert_eq!(noted(&desk, "1").0, None);
    assert_eq!(noted(&desk, "1").1, ["note", "note", "note", "unnote", "note", "unnote"]);
    redo();
    assert!(write(""), "an empty one takes it away");
    assert_eq!(noted(&desk, "1").0, None);
    undo();
    assert_eq!(noted(&desk, "1").0, note("ښه"));
    write("newer");
    assert_eq!(noted(&desk, "1").2, (true, false), "a newer note ends what could be done again");
}

#[test]
fn a_note_stands_on_its_comment_alone_and_never_in_the_journal() {
    let desk = Desk::new();
    desk.ingest(1, Source::List, vec![told("1", Status::Pending, "a"), told("2", Status::Pending, "b")]);
    let (id, other, now) = (desk.id("1"), desk.id("2"), desk.now);
    desk.write(move |work| work.write_note(id, "quite private", now));
    let has = |id| desk.reader.comment(id).unwrap().unwrap().noted;
    assert_eq!((has(id), has(other)), (true, false));
    let found: i64 = desk
        .reader
        .db()
        .query_row(
            "select count(*) from journal where site || native_id || what || moderator || ifnull(digest, '') like '%private%'",
            [],
            |row| row.get(0),
        )
        .unwrap();
    assert_eq!(found, 0);
    let site = desk.site;
    desk.write(move |work| work.remove_site(site));
    for table in ["notes", "notings"] {
        let sql = format!("select count(*) from {table}");
        let left: i64 = desk.reader.db().query_row(&sql, [], |row| row.get(0)).unwrap();
        assert_eq!(left, 0, "{table} goes with its comment");
    }
    assert!(
        desk.write(move |work| work.undo(now, &mut String::new)).is_none_or(|taken| taken.steps.is_empty())
    );
}
