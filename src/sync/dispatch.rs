//! One decision through a backend: what is written before the request leaves, and what is written once it is answered.
//! Every fault has its answer here, and no decision is ever dropped.

use super::conflict::{Verdict, judge, wording, words_changed};
use super::engine::{Answer, Trip};
use super::ingest::arrival;
use crate::backend::Fault;
use crate::domain::{CommentId, Decision, DecisionId, Delivery, Observed, Receipt, SiteId, Verb};
use crate::store::{CommentRow, Side, Source, Stumble, Trouble, Work};
use chrono::{DateTime, Utc};

/// Remembered of a site whose trash is switched off: rejecting would delete for good, so it is not offered any more.
pub const NO_REJECTING: &str = "no-rejecting";
/// A decision that fails so often is shown to a person.
pub const TRIES_MAX: u32 = 8;

/// Said of a decision that the site refused as stale, though nothing that its moderator read has changed.
const MOVED: (&str, &str) = ("moved", "the comment changed on the site meanwhile, though not its words");

/// And of one that it said yes to and did not do.
const UNDONE: (&str, &str) = ("unconfirmed", "the site said yes but did not do it");

/// What helps an account that may not moderate.
const ANOTHER_ACCOUNT: &str =
    "Ask the site for the role of editor or moderator, or sign in with another account";

/// The time and the source of keys, for one transaction.
pub struct Moment<'a> {
    pub now: DateTime<Utc>,
    pub new_key: &'a mut dyn FnMut() -> String,
}

/// Judges a queued decision against truth and, if it may go, writes `Sending`. `None` when there is nothing to send (any
/// more).
pub fn depart(
    work: &Work<'_>,
    id: DecisionId,
    moment: &mut Moment<'_>,
) -> Result<Option<(Decision, Observed)>, Trouble> {
    let Some((decision, Delivery::Queued)) = work.decision(id)? else { return Ok(None) };
    if work.is_blocked(id)? || judged(work, &decision, moment)? != Verdict::CarryOn {
        return Ok(None);
    }
    let Some(row) = work.comment(decision.comment)? else { return Ok(None) };
    if row.tag != decision.base_tag {
        work.stand_on_tag(id, row.tag.as_deref(), &(moment.new_key)())?;
    }
    work.sending(id, Some(row.status), moment.now)?;
    let Some((decision, _)) = work.decision(id)? else { return Ok(None) };
    let fresh = observed(&row, work)?;
    Ok(Some((decision, fresh)))
}

/// The comment as truth has it, in the shape a backend reads.
fn observed(row: &CommentRow, work: &Work<'_>) -> Result<Observed, Trouble> {
    let mut observed = Observed::of(row.native_id.clone());
    observed.status = Some(row.status);
    observed.body = row.body.clone();
    observed.tag = row.tag.clone();
    observed.kind = row.kind.clone();
    observed.parent = row.parent.clone();
    observed.private = Some(work.private(row.id)?);
    Ok(observed)
}

/// Judges a decision that is still at home, and writes the verdict unless it is to carry on.
pub fn judged(work: &Work<'_>, decision: &Decision, moment: &mut Moment<'_>) -> Result<Verdict, Trouble> {
    let Some(row) = work.comment(decision.comment)? else { return Ok(Verdict::CarryOn) };
    let changed = match (work.revision(decision.seen)?, wording(&row)) {
        // What cannot be read may say anything.
        _ if row.unreadable.is_some() => true,
        (Some(seen), Some(theirs)) => words_changed(&seen, &theirs),
        _ => false,
    };
    let (key, by) = (row.last_key.as_deref(), row.last_by.as_deref());
    let mut verdict = judge(decision, row.status, changed, row.reports_total);
    if verdict == Verdict::Ask
        && let Some(key) = &row.last_key
        && work.is_taken_back(row.id, key.trim_matches('"'))?
    {
        // What stands is this desk's own word, taken back and carried out all the same: nobody else is overwritten.
        let own = Decision { prior: row.status, ..decision.clone() };
        verdict = judge(&own, row.status, changed, row.reports_total);
    }
    // What may have been carried out already was then changed back by somebody, and what is to be taken back may be somebody
    // else's by now, though it stands as before: where the site names them.
    if verdict == Verdict::CarryOn
        && row.tag != decision.base_tag
        && (decision.undoes.is_some() || work.may_have_left(decision.id)?)
        && work.is_anothers(decision, key, by)?
    {
        verdict = Verdict::Ask;
    }
    match verdict {
        Verdict::CarryOn => {}
        Verdict::Moot => {
            let ours = work.stands_by(decision, key, by)?;
            if let Some(ours) = ours {
                // That request was carried out: it will not be once more.
                work.came_home(ours)?;
            }
            work.deliver(decision.id, ours.is_some(), moment.now)?;
            work.confirmed(decision.comment, moment.now)?;
        }
        Verdict::Ask => work.contradict(decision.id, &side(&row), &(moment.new_key)(), moment.now)?,
    }
    Ok(verdict)
}

fn side(row: &CommentRow) -> Side {
    Side { status: row.status, by: row.last_by.clone(), at: row.last_at }
}

/// After truth about some comments changed: whatever of ours is at home for them is judged anew.
pub fn judge_open(
    work: &Work<'_>,
    comments: &[CommentId],
    moment: &mut Moment<'_>,
) -> Result<Vec<DecisionId>, Trouble> {
    let mut moved = Vec::new();
    for comment in comments {
        moved.extend(exorcise(work, *comment, moment)?);
        let open = work.unsettled(*comment)?;
        let first = open.into_iter().find(|(decision, _)| !work.is_blocked(decision.id).unwrap_or(true));
        let Some((decision, Delivery::Held | Delivery::Queued)) = first else { continue };
        match judged(work, &decision, moment)? {
            Verdict::CarryOn => work.answered_for(decision.id)?,
            Verdict::Moot | Verdict::Ask => moved.push(decision.id),
        }
    }
    Ok(moved)
}

/// Where a request that nobody answered was carried out after our last word, that word is said once more. Where the site
/// does not name whose doing it was, a colleague may have done the same, and a person is asked.
fn exorcise(
    work: &Work<'_>,
    comment: CommentId,
    moment: &mut Moment<'_>,
) -> Result<Option<DecisionId>, Trouble> {
    let (Some(haunt), Some(row)) = (work.haunted(comment)?, work.comment(comment)?) else {
        return Ok(None);
    };
    work.answer_haunt(&haunt, &side(&row), moment.new_key, moment.now).map(Some)
}

/// Writes what became of a request.
pub fn arrive(
    work: &Work<'_>,
    site: SiteId,
    seqs: (u64, u64),
    decision: &Decision,
    result: Result<Receipt, Fault>,
    moment: &mut Moment<'_>,
) -> Result<Answer, Trouble> {
    let id = decision.id;
    let now = moment.now;
    let is_read_meanwhile = work.is_written_since(site, &decision.native_id, seqs.0)?;
    let is_awaited = decision_at(work, id)? == Delivery::Sending;
    let otherwise = if matches!(result, Err(Fault::Unconfirmed { .. })) { UNDONE } else { MOVED };
    let trip = match result {
        Ok(receipt) => {
            work.ingest(site, seqs.0, Source::Receipt, now, &[arrival(receipt.now.clone())])?;
            work.receipt(site, &decision.native_id, seqs.1, now)?;
            if decision_at(work, id)?.is_open() {
                work.came_home(id)?;
                work.deliver(id, is_ours(work, decision, &receipt)?, now)?;
            } else {
                judge_open(work, &[decision.comment], moment)?;
            }
            None
        }
        Err(Fault::Conflict { theirs } | Fault::Unconfirmed { theirs }) => {
            work.came_home(id)?;
            work.ingest(site, seqs.1, Source::Look, now, &[arrival(*theirs)])?;
            work.receipt(site, &decision.native_id, seqs.1, now)?;
            stand_anew(work, decision, is_awaited, otherwise, moment)?
        }
        Err(Fault::Gone) => {
            work.came_home(id)?;
            work.bury(site, seqs.1, now, std::slice::from_ref(&decision.native_id))?;
            work.receipt(site, &decision.native_id, seqs.1, now)?;
            stand_anew(work, decision, is_awaited, MOVED, moment)?
        }
        // The site was put to work anew while this was on its way, and what became of the decision is known by another way.
        Err(_) if !is_awaited => None,
        Err(fault @ (Fault::Forbidden { .. } | Fault::Refused { .. })) => {
            work.came_home(id)?;
            if decision.verb == Verb::Reject && matches!(fault, Fault::Refused { status: 501, .. }) {
                work.set_cursor(site, NO_REJECTING, "501")?;
            }
            work.refuse(id, (word(&fault), &fault.to_string()), &(moment.new_key)(), now)?;
            None
        }
        Err(fault) => Some(turn_back(work, decision, &fault, moment)?),
    };
    if matches!(decision_at(work, id)?, Delivery::Queued) && work.has_inverse(id)? {
        // Taken back while it was on the wire: it is not sent again, its inverse goes.
        work.give_up(id, now)?;
    }
    Ok(match trip {
        Some(trip) => Answer::Failed(trip),
        // A request that is sent once more may be answered as the first was then.
        None if is_read_meanwhile || work.may_have_left(id)? => Answer::Overtaken,
        None => Answer::Done,
    })
}

fn decision_at(work: &Work<'_>, id: DecisionId) -> Result<Delivery, Trouble> {
    let found = work.decision(id)?;
    found
        .map(|(_, delivery)| delivery)
        .ok_or_else(|| Trouble::Wrong(format!("no decision {id} in the outbox")))
}

/// Whether a comment stands as wanted by this desk's doing.
fn is_ours(work: &Work<'_>, decision: &Decision, receipt: &Receipt) -> Result<bool, Trouble> {
    let last = receipt.now.last_decision.as_ref();
    let (key, by) = last.map_or((None, None), |last| (last.key.as_deref(), last.by.as_deref()));
    Ok(!receipt.already || work.stands_by(decision, key, by)?.is_some())
}

/// The site answered with another state than ours: the judge says what that means. Where nobody waits for this answer any
/// more, it is judged as after any look.
fn stand_anew(
    work: &Work<'_>,
    decision: &Decision,
    is_awaited: bool,
    (fault, why): (&'static str, &str),
    moment: &mut Moment<'_>,
) -> Result<Option<Trip>, Trouble> {
    if !is_awaited {
        judge_open(work, &[decision.comment], moment)?;
        return Ok(None);
    }
    if judged(work, decision, moment)? == Verdict::CarryOn {
        let stumble = Stumble { may_have_left: false, counts: true, fault, why: why.to_owned() };
        work.stumble(decision.id, &stumble, moment.now)?;
        give_in(work, decision.id, moment)?;
        return Ok(Some(Trip::Local));
    }
    Ok(None)
}

fn turn_back(
    work: &Work<'_>,
    decision: &Decision,
    fault: &Fault,
    moment: &mut Moment<'_>,
) -> Result<Trip, Trouble> {
    let (may_have_left, counts, trip) = match fault {
        Fault::Unreachable { .. } | Fault::Untrusted { .. } => {
            (false, false, Trip::Unreachable(fault.to_string()))
        }
        Fault::Unauthorized { .. } => (false, false, Trip::SignedOut(fault.to_string())),
        Fault::Throttled { after } => (false, false, Trip::Throttled(*after)),
        Fault::Failing { after, .. } => (true, true, Trip::Failing { why: fault.to_string(), after: *after }),
        // Whether the request was carried out is open: the comment is looked at before anything else.
        _ => (true, true, Trip::Local),
    };
    if !may_have_left {
        work.came_home(decision.id)?;
    }
    let stumble = Stumble { may_have_left, counts, fault: word(fault), why: fault.to_string() };
    work.stumble(decision.id, &stumble, moment.now)?;
    give_in(work, decision.id, moment)?;
    Ok(trip)
}

/// The site fails on a decision's comment before anything is sent.
pub fn stumble(
    work: &Work<'_>,
    id: DecisionId,
    fault: &str,
    why: &str,
    moment: &mut Moment<'_>,
) -> Result<(), Trouble> {
    work.stumble_at_home(id, fault, why)?;
    give_in(work, id, moment)
}

/// After enough tries a person is asked.
fn give_in(work: &Work<'_>, id: DecisionId, moment: &mut Moment<'_>) -> Result<(), Trouble> {
    if let Some((fault, why)) = work.tried_enough(id, TRIES_MAX)? {
        work.refuse(id, (&fault, &why), &(moment.new_key)(), moment.now)?;
    }
    Ok(())
}

/// The word a fault is stored by; `app/notice.rs` has a sentence and a remedy for each.
pub fn word(fault: &Fault) -> &'static str {
    match fault {
        Fault::Unreachable { .. } => "unreachable",
        Fault::Untrusted { .. } => "untrusted",
        Fault::Unanswered { .. } => "unanswered",
        Fault::Unconfirmed { .. } => "unconfirmed",
        Fault::Unauthorized { .. } => "unauthorized",
        Fault::Forbidden { .. } => "forbidden",
        Fault::Throttled { .. } => "throttled",
        Fault::Conflict { .. } => "conflict",
        Fault::Gone => "gone",
        Fault::Refused { .. } => "refused",
        Fault::Failing { .. } => "failing",
        Fault::Malformed { .. } => "malformed",
        Fault::Expired => "expired",
    }
}

/// What a fault of a request that decides nothing means for the site.
pub fn trip(fault: &Fault) -> Trip {
    match fault {
        Fault::Unreachable { .. } | Fault::Untrusted { .. } | Fault::Unanswered { .. } => {
            Trip::Unreachable(fault.to_string())
        }
        Fault::Unauthorized { .. } => Trip::SignedOut(fault.to_string()),
        Fault::Forbidden { .. } => Trip::SignedOut(format!("{fault}. {ANOTHER_ACCOUNT}")),
        Fault::Throttled { after } => Trip::Throttled(*after),
        Fault::Failing { after, .. } => Trip::Failing { why: fault.to_string(), after: *after },
        Fault::Malformed { .. } | Fault::Refused { .. } => {
            Trip::Failing { why: fault.to_string(), after: None }
        }
        Fault::Conflict { .. } | Fault::Unconfirmed { .. } | Fault::Gone | Fault::Expired => Trip::Local,
    }
}
