//! Many conflicts answered at once, in one transaction. Whatever is not as it was when a person looked at it stays in
//! conflict.

use super::outbox::{Insert, decision};
use super::rows::status_of;
use super::{ActKind, Back, NewDecision, Side, Trouble, Work};
use crate::domain::{BatchId, CommentId, Decision, DecisionId, Delivery, RevisionId, Status};
use chrono::{DateTime, Utc};
use rusqlite::params;

/// A decision that a person wants in spite of a conflict, with the other side as it was shown to them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Insisted {
    pub id: DecisionId,
    pub theirs: Status,
    pub compared: Option<RevisionId>,
    /// Reports that were shown; fewer or as many may be dismissed.
    pub reports: Option<u64>,
    /// Fresh for this decision; a UUID.
    pub key: String,
    pub hold_secs: u32,
}

/// What became of many conflicts.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Answered {
    /// Decisions that were made anew, each with its comment, by one act.
    pub made: Vec<(DecisionId, CommentId)>,
    /// What the site has stands, and nothing is sent.
    pub kept: Vec<CommentId>,
    /// Still in conflict: not as it was shown, or a later decision waits behind it.
    pub left: Vec<CommentId>,
}

impl Work<'_> {
    /// A person keeps what the sites have. `new_key` is as in [`Work::keep_theirs`].
    pub fn keep_all(
        &self,
        ids: &[DecisionId],
        new_key: &mut dyn FnMut() -> String,
        now: DateTime<Utc>,
    ) -> Result<Answered, Trouble> {
        let mut answered = Answered::default();
        let act = self.new_act(ActKind::Keep, None, None, now)?;
        for id in ids {
            let Some((of, delivery @ Delivery::Conflicted)) = decision(&self.tx, *id)? else { continue };
            self.let_theirs_stand(None, (&of, delivery), &new_key(), now)?;
            self.touch(act, of.comment)?;
            answered.kept.push(of.comment);
        }
        if answered.kept.is_empty() {
            self.tx.prepare_cached("delete from acts where id = ?")?.execute([act.0])?;
        }
        Ok(answered)
    }

    /// Takes back that theirs was kept: each question is asked again, by a decision that is in conflict from its beginning.
    /// Where a later decision stands on a comment, or it stands as wanted by now, there is nothing to ask.
    pub(super) fn ask_again(
        &self,
        act: i64,
        undo: BatchId,
        new_key: &mut dyn FnMut() -> String,
        now: DateTime<Utc>,
    ) -> Result<Vec<(CommentId, Back)>, Trouble> {
        let mut steps = Vec::new();
        for comment in self.touched_by(act)? {
            let back = match self.let_go(comment)? {
                Some(of) => self.ask_about(undo, &of, new_key, now)?,
                None => Back::Replaced,
            };
            steps.push((comment, back));
        }
        Ok(steps)
    }

    fn ask_about(
        &self,
        undo: BatchId,
        of: &Decision,
        new_key: &mut dyn FnMut() -> String,
        now: DateTime<Utc>,
    ) -> Result<Back, Trouble> {
        let Some(row) = self.comment(of.comment)? else { return Ok(Back::Replaced) };
        if row.status == of.verb.wanted() && of.reports_seen.is_none() {
            return Ok(Back::Replaced);
        }
        let key = new_key();
        let new = Insert {
            batch: undo,
            site: of.site.0,
            comment: of.comment,
            verb: of.verb,
            seen: of.seen.0,
            prior: of.prior,
            after: None,
            undoes: of.undoes,
            hold_secs: of.hold_secs,
            base_tag: None,
            reports_seen: of.reports_seen,
            key: &key,
        };
        let id = self.insert(&new, now)?;
        let theirs = Side { status: row.status, by: row.last_by, at: row.last_at };
        self.contradict(id, &theirs, &new_key(), now)?;
        Ok(Back::Withdrawn)
    }

    /// The newest decision on a comment that was let go of because theirs was kept, where nothing later stands. One that was
    /// made later and taken back was never in conflict.
    fn let_go(&self, comment: CommentId) -> Result<Option<Decision>, Trouble> {
        let newest: Option<i64> = self
            .tx
            .prepare_cached(
                "select max(id) from outbox of where comment = ?1 and delivery = 'withdrawn' and theirs_status is not null
                 and not exists (select 1 from outbox later where later.comment = ?1 and later.id > of.id
                     and later.delivery <> 'withdrawn')",
            )?
            .query_row([comment.0], |row| row.get(0))?;
        let found = newest.map(|id| decision(&self.tx, DecisionId(id))).transpose()?.flatten();
        Ok(found.map(|(of, _)| of))
    }

    /// Keeps what the sites have once more.
    pub(super) fn keep_again(
        &self,
        act: i64,
        again: BatchId,
        new_key: &mut dyn FnMut() -> String,
        now: DateTime<Utc>,
    ) -> Result<Vec<(CommentId, Back)>, Trouble> {
        let mut steps = Vec::new();
        for comment in self.touched_by(act)? {
            for (of, delivery) in self.unsettled(comment)? {
                if delivery == Delivery::Conflicted {
                    self.let_theirs_stand(None, (&of, delivery), &new_key(), now)?;
                    self.touch(again, comment)?;
                }
            }
            steps.push((comment, Back::Again(None)));
        }
        Ok(steps)
    }

    /// A person has seen the other side of each and wants theirs all the same. Each is decided on anew, on what they saw,
    /// in one act: held, and taken back as a whole.
    pub fn apply_all(&self, items: &[Insisted], now: DateTime<Utc>) -> Result<Answered, Trouble> {
        let mut answered = Answered::default();
        let batch = self.new_act(ActKind::Decide, None, None, now)?;
        // Of several on one comment the newest is what the person wants.
        let mut items: Vec<&Insisted> = items.iter().collect();
        items.sort_by_key(|item| std::cmp::Reverse(item.id));
        for item in items {
            let Some((of, Delivery::Conflicted)) = decision(&self.tx, item.id)? else { continue };
            if !self.is_as_shown(item, &of)? {
                answered.left.push(of.comment);
                continue;
            }
            let new = NewDecision {
                comment: of.comment,
                verb: of.verb,
                keeps: of.reports_seen.is_some(),
                seen: item.compared,
                key: item.key.clone(),
                hold_secs: item.hold_secs,
            };
            match self.decide_in(batch, &new, now)? {
                Some(id) => {
                    self.note_by_id(id, "apply-mine", now)?;
                    answered.made.push((id, of.comment));
                }
                // It stands as wanted by now, and the old one has ended.
                None => answered.kept.push(of.comment),
            }
        }
        self.name_act(batch, &mut answered)?;
        Ok(answered)
    }

    /// An act is named after its verb where it has one only; one that made nothing is nothing to undo.
    fn name_act(&self, batch: BatchId, answered: &mut Answered) -> Result<(), Trouble> {
        if answered.made.is_empty() {
            self.tx.prepare_cached("delete from acts where id = ?")?.execute([batch.0])?;
            return Ok(());
        }
        answered.made.sort_unstable();
        self.tx
            .prepare_cached("update acts set verb = (select iif(min(verb) = max(verb), min(verb), null) from outbox where batch = ?1)
                 where id = ?1")?
            .execute([batch.0])?;
        Ok(())
    }

    fn is_as_shown(&self, item: &Insisted, of: &Decision) -> Result<bool, Trouble> {
        let (status, revision, reports, unreadable): (String, Option<i64>, u64, bool) = self
            .tx
            .prepare_cached(
                "select status, revision, reports_total, unreadable is not null from comments where id = ?",
            )?
            .query_row([of.comment.0], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?)))?;
        let is_last: bool = self
            .tx
            .prepare_cached(
                "select not exists (select 1 from outbox where comment = ? and id > ?
                 and delivery not in ('delivered', 'withdrawn'))",
            )?
            .query_row(params![of.comment.0, of.id.0], |row| row.get(0))?;
        let shown = of.reports_seen.map(|seen| item.reports.unwrap_or(seen));
        let status = status_of(&status)?;
        Ok(is_last
            && !unreadable
            && status != Status::Deleted
            && status == item.theirs
            && revision == item.compared.map(|revision| revision.0)
            && shown.is_none_or(|shown| reports <= shown))
    }
}
