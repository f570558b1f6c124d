//! Deciding and taking back, and waiting for what the sites say to it.

use super::args::VerbArg;
use super::print::{self, DecisionJson};
use super::session::{STALL_MAX, Session};
use super::tasks::{Code, glance};
use super::{CONFLICT, DONE, Opener, REFUSED, Sites, WAITING};
use crate::app::App;
use crate::app::command::Command;
use crate::app::script::{Outcome, Progress, Step};
use crate::app::words::say;
use crate::domain::{CommentId, DecisionId, Delivery, SiteId, Verb};
use std::collections::BTreeSet;
use std::path::Path;
use std::time::Duration;

/// Longest wait for the sites while none of the decisions awaited ends.
const ANSWER_MAX: Duration = Duration::from_secs(90);
/// Many decisions are asked after this often at most.
const ASK_EVERY: Duration = Duration::from_millis(100);

/// `greenroom decide`, as it was typed.
pub struct Asked {
    pub verb: VerbArg,
    pub ids: Vec<String>,
    pub hold: Option<u32>,
    pub later: bool,
    pub json: bool,
}

pub fn decide(asked: &Asked, dir: &Path, open: Opener<'_>) -> Code {
    let verb = match asked.verb {
        VerbArg::Approve => Verb::Approve,
        VerbArg::Reject => Verb::Reject,
        VerbArg::Spam => Verb::Spam,
        VerbArg::Restore => Verb::Restore,
    };
    let named = named(&asked.ids, dir)?;
    let ids: Vec<CommentId> = named.iter().map(|(_, id)| *id).collect();
    let waits = !asked.later && asked.hold.is_none();
    let mut session = Session::open(open, if waits { Sites::AtWork } else { Sites::AtRest })?;
    let hold = if waits { Some(0) } else { asked.hold };
    session.app.decide_held(verb, ids.clone(), hold);
    let steps = session.wait(STALL_MAX, |app| app.decided_steps(verb, &ids));
    let steps = steps.ok_or_else(|| say("cli-no-disk"))?.map_err(|notice| notice.words)?;
    if waits {
        for step in &steps {
            if let Outcome::Before(id) = step.outcome
                && session.app.may_go_at_once(id)
            {
                session.app.run(Command::Release(id));
            }
        }
        arrive(&mut session, &steps);
    }
    let handle = |id: CommentId| named.iter().find(|(_, of)| *of == id).map(|(handle, _)| handle.clone());
    let lines = lines(&session.app, verb, &steps, |id| handle(id).unwrap_or_default())?;
    let printed: Vec<&DecisionJson> = lines.iter().map(|(line, _)| line).collect();
    if asked.json {
        print::json(&printed)?;
    } else {
        printed.iter().try_for_each(|line| print::line(line.line()))?;
    }
    Ok(worst(lines.iter().map(|(_, code)| *code)))
}

/// Each comment once, by the name it was called first.
fn named(handles: &[String], dir: &Path) -> Result<Vec<(String, CommentId)>, String> {
    let glance = glance(dir)?;
    let mut seen = BTreeSet::new();
    let mut named = Vec::new();
    for handle in handles {
        let id = glance.comment(handle).map_err(|notice| notice.words)?;
        if seen.insert(id) {
            named.push((handle.clone(), id));
        }
    }
    Ok(named)
}

pub fn undo(dir: &Path, open: Opener<'_>, json: bool) -> Code {
    let mut session = Session::open(open, Sites::AtWork)?;
    session.app.run(Command::Undo);
    let taken = session.wait(STALL_MAX, App::taken_back);
    let taken = taken.ok_or_else(|| say("cli-no-disk"))?.map_err(|notice| notice.words)?;
    arrive(&mut session, &taken.steps);
    let glance = glance(dir)?;
    let verb = taken.verb.unwrap_or(Verb::Restore);
    let lines = lines(&session.app, verb, &taken.steps, |id| glance.handle(id))?;
    let printed: Vec<&DecisionJson> = lines.iter().map(|(line, _)| line).collect();
    if json {
        print::json(&serde_json::json!({ "words": taken.words, "decisions": printed }))?;
    } else {
        print::line(&taken.words)?;
        printed.iter().try_for_each(|line| print::line(line.line()))?;
    }
    let stuck = if taken.stuck > 0 { REFUSED } else { DONE };
    Ok(worst(lines.iter().map(|(_, code)| *code).chain([stuck])))
}

fn decision_of(step: &Step) -> Option<DecisionId> {
    match step.outcome {
        Outcome::Decided(id) | Outcome::Before(id) => Some(id),
        _ => None,
    }
}

/// Waits until the sites have said what becomes of them, or nothing more is to be expected.
fn arrive(session: &mut Session, steps: &[Step]) {
    let mut open: Vec<DecisionId> = steps.iter().filter_map(decision_of).collect();
    let total = open.len();
    let bar = print::bar_of_many(total);
    let every = if total > 1 { ASK_EVERY } else { Duration::ZERO };
    let (mut moved_at, mut next) = (session.app.monotonic(), Duration::ZERO);
    session.wait(Duration::MAX, |app| {
        let now = app.monotonic();
        if now < next {
            return None;
        }
        next = now + every;
        let left = app.still_open(&open);
        if left.len() < open.len() {
            moved_at = now;
            open = left.iter().map(|(id, _)| *id).collect();
        }
        bar.set_position((total - left.len()) as u64);
        let nobody_answers = left.iter().all(|(_, site)| app.locked_out(*site).is_some());
        (nobody_answers || now.saturating_sub(moved_at) >= ANSWER_MAX).then_some(())
    });
    bar.finish_and_clear();
    let sites: BTreeSet<_> = session.app.still_open(&open).into_iter().map(|(_, site)| site).collect();
    sites.into_iter().filter_map(|site| in_the_way(&session.app, site)).for_each(print::complain);
}

/// Why a site takes nothing.
fn in_the_way(app: &App, site: SiteId) -> Option<String> {
    app.locked_out(site).or_else(|| match app.progress(site) {
        Progress::Stuck { why } => Some(why),
        Progress::Working { .. } | Progress::Gaps { .. } | Progress::Walked => None,
    })
}

/// A line for each comment, with the exit code it asks for.
fn lines(
    app: &App,
    verb: Verb,
    steps: &[Step],
    handle: impl Fn(CommentId) -> String,
) -> Result<Vec<(DecisionJson, u8)>, String> {
    let ids: Vec<DecisionId> = steps.iter().filter_map(decision_of).collect();
    let rows = app.decision_rows(&ids).map_err(|notice| notice.words)?;
    let line = |step: &Step| {
        let handle = handle(step.comment);
        match decision_of(step).and_then(|id| rows.get(&id)) {
            Some(row) => (DecisionJson::new(handle, row), code_of(row.delivery)),
            None => (DecisionJson::without(handle, verb, step.outcome), code_without(step.outcome)),
        }
    };
    Ok(steps.iter().map(line).collect())
}

fn code_of(delivery: Delivery) -> u8 {
    match delivery {
        Delivery::Conflicted => CONFLICT,
        Delivery::Refused => REFUSED,
        Delivery::Held | Delivery::Queued | Delivery::Sending => WAITING,
        Delivery::Delivered | Delivery::Withdrawn => DONE,
    }
}

fn code_without(outcome: Outcome) -> u8 {
    match outcome {
        Outcome::Standing | Outcome::Withdrawn | Outcome::Theirs => DONE,
        // A decision without a row is one whose comment left the desk meanwhile.
        Outcome::Gone | Outcome::Unreadable | Outcome::Stuck => REFUSED,
        Outcome::Decided(_) | Outcome::Before(_) => REFUSED,
    }
}

/// The worst of them names the code: what needs a person goes before what still waits.
fn worst(codes: impl Iterator<Item = u8>) -> u8 {
    let codes: BTreeSet<u8> = codes.collect();
    [CONFLICT, REFUSED, WAITING].into_iter().find(|code| codes.contains(code)).unwrap_or(DONE)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_needs_a_person_goes_before_what_waits() {
        for (deliveries, code) in [
            (&[][..], DONE),
            (&[Delivery::Delivered, Delivery::Withdrawn], DONE),
            (&[Delivery::Delivered, Delivery::Held], WAITING),
            (&[Delivery::Queued], WAITING),
            (&[Delivery::Sending, Delivery::Refused], REFUSED),
            (&[Delivery::Refused, Delivery::Conflicted, Delivery::Queued], CONFLICT),
        ] {
            assert_eq!(worst(deliveries.iter().map(|delivery| code_of(*delivery))), code, "{deliveries:?}");
        }
    }
}
