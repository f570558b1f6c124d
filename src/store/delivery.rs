//! A decision's road, step by step. Each step is a compare-and-set along the table of [`Delivery`], written with what it
//! must leave behind: the fault, the other side, the line in the journal.

use super::outbox::{decision, open_rows};
use super::rows::{delivery_of, delivery_word, millis, status_word};
use super::{Trouble, Work};
use crate::domain::{DecisionId, Delivery, Move, RevisionId, SiteId, Status};
use chrono::{DateTime, Utc};
use rusqlite::{OptionalExtension as _, params};

/// Why an attempt did not end in a delivery, and whether it may be tried again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stumble {
    /// The request may have been carried out.
    pub may_have_left: bool,
    /// Counts towards the limit of tries.
    pub counts: bool,
    /// A word for the kind of fault.
    pub fault: &'static str,
    pub why: String,
}

/// The other side of a conflict.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Side {
    pub status: Status,
    pub by: Option<String>,
    pub at: Option<DateTime<Utc>>,
}

pub(super) const INVERSE_BEHIND: &str =
    "select id from outbox where undoes = ? and delivery in ('held', 'queued')";

impl Work<'_> {
    /// Whether nothing of it can have reached the site.
    pub fn may_withdraw(&self, id: DecisionId, delivery: Delivery) -> Result<bool, Trouble> {
        let left: i64 = self
            .tx
            .prepare_cached("select left_home from outbox where id = ?")?
            .query_row([id.0], |row| row.get(0))?;
        Ok(left == 0 && matches!(delivery, Delivery::Held | Delivery::Queued))
    }

    /// Moves a decision along the table; an illegal move changes nothing and is an error.
    pub fn step(&self, id: DecisionId, by: Move, now: DateTime<Utc>) -> Result<Delivery, Trouble> {
        let word: String = self
            .tx
            .prepare_cached("select delivery from outbox where id = ?")?
            .query_row([id.0], |row| row.get(0))?;
        let next = delivery_of(&word)?.next(by)?;
        self.tx
            .prepare_cached("update outbox set delivery = ?, since = ? where id = ? and delivery = ?")?
            .execute(params![delivery_word(next), millis(now), id.0, word])?;
        Ok(next)
    }

    /// Lets held decisions go. Those that are held no longer are left alone.
    pub fn release(&self, ids: &[DecisionId], now: DateTime<Utc>) -> Result<(), Trouble> {
        for id in ids {
            if matches!(decision(&self.tx, *id)?, Some((_, Delivery::Held))) {
                self.step(*id, Move::Release, now)?;
            }
        }
        Ok(())
    }

    /// Writes that a request is about to leave. `replaced` is the status the newest look found.
    pub fn sending(
        &self,
        id: DecisionId,
        replaced: Option<Status>,
        now: DateTime<Utc>,
    ) -> Result<(), Trouble> {
        self.step(id, Move::Send, now)?;
        self.tx
            .prepare_cached(
                "update outbox set left_home = left_home + 1, unanswered = 0, replaced = ifnull(replaced, ?) where id = ?",
            )?
            .execute(params![replaced.map(status_word), id.0])?;
        Ok(())
    }

    /// The newest request was answered or never left: one less that may still be carried out.
    pub fn came_home(&self, id: DecisionId) -> Result<(), Trouble> {
        self.tx
            .prepare_cached("update outbox set left_home = max(left_home - 1, 0) where id = ?")?
            .execute([id.0])?;
        Ok(())
    }

    /// Back to the queue after an attempt that failed.
    pub fn stumble(&self, id: DecisionId, stumble: &Stumble, now: DateTime<Utc>) -> Result<(), Trouble> {
        self.step(id, Move::Retry, now)?;
        self.tx
            .prepare_cached(
                "update outbox set tries = tries + ?, unanswered = ?, fault = ?, why = ? where id = ?",
            )?
            .execute(params![stumble.counts, stumble.may_have_left, stumble.fault, stumble.why, id.0])?;
        Ok(())
    }

    /// A try that failed before anything was sent: the site fails on the comment itself.
    pub fn stumble_at_home(&self, id: DecisionId, fault: &str, why: &str) -> Result<(), Trouble> {
        self.tx
            .prepare_cached(
                "update outbox set tries = tries + 1, fault = ?, why = ? where id = ? and delivery = 'queued'",
            )?
            .execute(params![fault, why, id.0])?;
        Ok(())
    }

    /// The site has it as wanted. Where it was not `ours` a colleague did the same: there is nothing of ours to take back.
    pub fn deliver(&self, id: DecisionId, ours: bool, now: DateTime<Utc>) -> Result<(), Trouble> {
        self.step(id, Move::Confirm, now)?;
        self.tx
            .prepare_cached(
                "update outbox set unanswered = 0, fault = null, why = null, replaced = iif(?, replaced, null) where id = ?",
            )?
            .execute(params![ours, id.0])?;
        self.note_by_id(id, if ours { "delivered" } else { "moot" }, now)
    }

    /// Somebody else was first or the words changed: a person decides. An inverse behind it has then nothing left to
    /// take back, and both end. `key` is as in [`Work::keep_theirs`].
    pub fn contradict(
        &self,
        id: DecisionId,
        theirs: &Side,
        key: &str,
        now: DateTime<Utc>,
    ) -> Result<(), Trouble> {
        self.step(id, Move::Contradict, now)?;
        self.tx
            .prepare_cached(
                "update outbox set fault = 'conflict', theirs_status = ?, theirs_by = ?, theirs_at = ?,
                    theirs_revision = (select revision from comments where id = outbox.comment) where id = ?",
            )?
            .execute(params![status_word(theirs.status), theirs.by, theirs.at.map(millis), id.0])?;
        self.note_by_id(id, "conflict", now)?;
        self.let_inverse_end(id, key, now)
    }

    /// The site will not, or it was tried too often. `key` is as in [`Work::keep_theirs`].
    pub fn refuse(
        &self,
        id: DecisionId,
        (fault, why): (&str, &str),
        key: &str,
        now: DateTime<Utc>,
    ) -> Result<(), Trouble> {
        self.step(id, Move::Refuse, now)?;
        self.tx
            .prepare_cached("update outbox set fault = ?, why = ? where id = ?")?
            .execute(params![fault, why, id.0])?;
        self.note_by_id(id, "refused", now)?;
        self.let_inverse_end(id, key, now)
    }

    fn let_inverse_end(&self, first: DecisionId, key: &str, now: DateTime<Utc>) -> Result<(), Trouble> {
        let behind: Option<i64> =
            self.tx.prepare_cached(INVERSE_BEHIND)?.query_row([first.0], |row| row.get(0)).optional()?;
        let Some(inverse) = behind.map(DecisionId) else { return Ok(()) };
        let (Some((first, delivery)), Some((inverse, _))) =
            (decision(&self.tx, first)?, decision(&self.tx, inverse)?)
        else {
            return Ok(());
        };
        self.step(inverse.id, Move::Withdraw, now)?;
        self.note_decision(&inverse, "withdraw", now)?;
        if let Some(guard) = self.let_theirs_stand(Some(inverse.batch), (&first, delivery), key, now)? {
            // It stands where the inverse stood, before what waited for that.
            self.tx
                .prepare_cached(
                    "update outbox set after = iif(id = ?1, null, ?1) where id = ?1 or after = ?2",
                )?
                .execute(params![guard.0, inverse.id.0])?;
        }
        Ok(())
    }

    /// A person keeps what the site has. `key` is for what guards it against a request that may come late.
    pub fn keep_theirs(&self, id: DecisionId, key: &str, now: DateTime<Utc>) -> Result<(), Trouble> {
        match decision(&self.tx, id)? {
            Some((of, delivery)) => self.let_theirs_stand(None, (&of, delivery), key, now).map(drop),
            None => Err(Trouble::Wrong(format!("no decision {id} in the outbox"))),
        }
    }

    /// A person wants a refused one tried again: on what they read then, so that it is judged like any other.
    pub fn retry(&self, id: DecisionId, now: DateTime<Utc>) -> Result<(), Trouble> {
        self.step(id, Move::Insist, now)?;
        self.tx.prepare_cached("update outbox set tries = 0 where id = ?")?.execute([id.0])?;
        self.note_by_id(id, "retry", now)
    }

    /// A person has seen the other side, with the comment as it was in `compared`, and wants it all the same: it now stands
    /// on what they saw. Where the comment says something else by now it stays in conflict.
    pub fn insist(
        &self,
        id: DecisionId,
        compared: Option<RevisionId>,
        key: &str,
        now: DateTime<Utc>,
    ) -> Result<(), Trouble> {
        let says: Option<i64> = self
            .tx
            .prepare_cached(
                "select c.revision from outbox o join comments c on c.id = o.comment where o.id = ?",
            )?
            .query_row([id.0], |row| row.get(0))?;
        if says != compared.map(|revision| revision.0) {
            return Ok(());
        }
        self.step(id, Move::Insist, now)?;
        self.rebase(id, key)?;
        self.tx
            .prepare_cached("update outbox set tries = 0, replaced = null where id = ?")?
            .execute([id.0])?;
        self.note_by_id(id, "apply-mine", now)
    }

    /// Stands a decision on the comment as it is now, under a fresh key.
    pub fn rebase(&self, id: DecisionId, key: &str) -> Result<(), Trouble> {
        self.tx
            .prepare_cached(
                "update outbox set old_keys = iif(left_home = 0, old_keys, old_keys || key || ' '), key = ?1, (prior, seen, base_tag, payload) =
                    (select status, revision, tag, iif(payload is not null and status = 'approved',
                        'reports ' || reports_total, null) from comments where id = outbox.comment)
                 where id = ?2",
            )?
            .execute(params![key, id.0])?;
        Ok(())
    }

    /// After a restart, whatever was on the wire is unanswered.
    pub fn recover(&self, site: SiteId, now: DateTime<Utc>) -> Result<(), Trouble> {
        for row in open_rows(&self.tx, site)? {
            if row.delivery == Delivery::Sending {
                let why = "the desk ended before the answer came".to_owned();
                let lost = Stumble { may_have_left: true, counts: false, fault: "unanswered", why };
                self.stumble(row.id, &lost, now)?;
                if self.has_inverse(row.id)? {
                    self.give_up(row.id, now)?;
                }
            }
        }
        Ok(())
    }
}
