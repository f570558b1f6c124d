//! Requests that nobody answered: a slow server may still carry them out after their decision was taken back, given up or
//! overruled. Whatever stands in their place is guarded until they have been looked for long enough: by looks, for a clock may
//! be set in between.

use super::outbox::decision;
use super::rows::status_of;
use super::undo::Inverse;
use super::{ActKind, Side, Trouble, Work};
use crate::domain::{
    BatchId, CommentId, Decision, DecisionId, Delivery, Move, NativeId, SiteId, Status, Verb,
};
use chrono::{DateTime, Utc};
use rusqlite::params;
use std::collections::BTreeSet;

/// What was withdrawn before it left answers nothing; what a person was asked about does.
pub(super) const MAY_COME_LATE: &str =
    "select f.id from outbox f where f.comment = ? and f.id < ? and f.left_home > 0
     and f.delivery in ('withdrawn', 'delivered')
     and (select count(*) from outbox b where b.undoes = f.id and (b.delivery <> 'withdrawn' or b.fault is not null))
         <= f.left_home order by f.id desc";

pub(super) const DOUBTFUL: &str = "select c.native_id from outbox o join comments c on c.id = o.comment
     where o.site = ? and o.left_home > 0";

/// A comment that stands as a decision wanted which is no longer our last word on it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Haunt {
    /// Whose request may have been carried out late.
    pub late: Decision,
    /// Our last word, which should stand.
    pub last: Decision,
    /// The site names our own request. Where it names nobody, a colleague may have done the same.
    pub is_ours: bool,
}

impl Work<'_> {
    fn left_home(&self, id: DecisionId) -> Result<i64, Trouble> {
        let mut select = self.tx.prepare_cached("select left_home from outbox where id = ?")?;
        Ok(select.query_row([id.0], |row| row.get(0))?)
    }

    /// Whether a request for it went unanswered, so that the site may have done it for us.
    pub fn may_have_left(&self, id: DecisionId) -> Result<bool, Trouble> {
        Ok(self.left_home(id)? > 0)
    }

    /// The decision by which a comment stands as `of` wanted, if it is one of ours that wanted the same: the site names one
    /// of its requests, or names nobody and one went unanswered.
    pub fn stands_by(
        &self,
        of: &Decision,
        key: Option<&str>,
        by: Option<&str>,
    ) -> Result<Option<DecisionId>, Trouble> {
        let beside = self.beside(of.id)?.filter(|beside| beside.verb == of.verb).map(|beside| beside.id);
        for ours in [Some(of.id), beside].into_iter().flatten() {
            let stands = match (key, by) {
                (Some(key), _) => self.left_under(ours, key.trim_matches('"'))?,
                (None, Some(_)) => false,
                (None, None) => self.may_have_left(ours)?,
            };
            if stands {
                return Ok(Some(ours));
            }
        }
        Ok(None)
    }

    /// Whether the site names somebody else, or another desk, as the one who decided last on a comment.
    pub fn is_anothers(&self, of: &Decision, key: Option<&str>, by: Option<&str>) -> Result<bool, Trouble> {
        let Some(key) = key else { return Ok(by.is_some_and(|by| by != of.moderator)) };
        let mut select = self.tx.prepare_cached(
            "select not exists (select 1 from outbox where comment = ?1 and (key = ?2 or instr(old_keys, ?2 || ' ') > 0))",
        )?;
        Ok(select.query_row(params![of.comment.0, key.trim_matches('"')], |row| row.get(0))?)
    }

    fn beside(&self, id: DecisionId) -> Result<Option<Decision>, Trouble> {
        let mut select = self.tx.prepare_cached("select beside from outbox where id = ?")?;
        let beside: Option<i64> = select.query_row([id.0], |row| row.get(0))?;
        let found = beside.map(|id| decision(&self.tx, DecisionId(id))).transpose()?;
        Ok(found.flatten().map(|(beside, _)| beside))
    }

    /// Whose request may still be carried out behind a decision: its own, or one that it took the place of or takes back.
    pub(super) fn late_behind(&self, of: &Decision) -> Result<Option<Decision>, Trouble> {
        if self.may_have_left(of.id)? {
            return Ok(Some(of.clone()));
        }
        let before = match of.undoes {
            Some(first) => decision(&self.tx, first)?.map(|(first, _)| first),
            None => self.beside(of.id)?,
        };
        Ok(match before {
            Some(late) if self.may_have_left(late.id)? => Some(late),
            _ => None,
        })
    }

    /// Lets go of a refused or contradicted decision: what the site has shall stand. A request of it that may still be
    /// carried out is guarded against, in the act `batch` or in one of its own; then the guard's id is returned.
    pub(super) fn let_theirs_stand(
        &self,
        batch: Option<BatchId>,
        (of, delivery): (&Decision, Delivery),
        key: &str,
        now: DateTime<Utc>,
    ) -> Result<Option<DecisionId>, Trouble> {
        let late = self.late_behind(of)?;
        let theirs = late.as_ref().map(|late| self.standing(of, delivery, late)).transpose()?;
        self.step(of.id, Move::KeepTheirs, now)?;
        self.note_decision(of, "keep-theirs", now)?;
        match late.zip(theirs) {
            Some((late, theirs)) => self.guard(batch, &late, theirs, key, now),
            None => Ok(None),
        }
    }

    /// Puts what shall stand behind a request that may still be carried out.
    pub(super) fn guard(
        &self,
        batch: Option<BatchId>,
        late: &Decision,
        standing: Status,
        key: &str,
        now: DateTime<Utc>,
    ) -> Result<Option<DecisionId>, Trouble> {
        // Dismissed reports cannot be made again.
        let verb = Verb::towards(standing).filter(|verb| *verb != late.verb && late.reports_seen.is_none());
        let Some(verb) = verb else { return Ok(None) };
        let batch = batch.map_or_else(|| self.act_apart(late, now), Ok)?;
        let after = self.unsettled(late.comment)?.last().map(|(newest, _)| newest.id);
        let inverse = Inverse { batch, first: late, verb, seen: late.seen, after };
        self.insert_inverse(&inverse, key, now).map(Some)
    }

    /// The status that stands where a decision is let go of beside `late`, which may be itself.
    pub(super) fn standing(
        &self,
        of: &Decision,
        delivery: Delivery,
        late: &Decision,
    ) -> Result<Status, Trouble> {
        let (here, told): (String, Option<String>) = self
            .tx
            .prepare_cached(
                "select c.status, o.theirs_status from outbox o join comments c on c.id = o.comment where o.id = ?",
            )?
            .query_row([of.id.0], |row| Ok((row.get(0)?, row.get(1)?)))?;
        if let (Delivery::Conflicted, Some(told)) = (delivery, told) {
            return Ok(status_of(&told)?);
        }
        let here = status_of(&here)?;
        // Where it stands as that request wanted, it was carried out late, and what stood before it is what stands: unless it
        // is the way back from it that is let go of.
        let is_way_back = of.undoes == Some(late.id);
        let carried_out = here == late.verb.wanted() && !is_way_back;
        Ok(if carried_out { late.replaced.unwrap_or(late.prior) } else { here })
    }

    /// An act for what the desk does by itself: nobody undoes it or does it again.
    fn act_apart(&self, of: &Decision, now: DateTime<Utc>) -> Result<BatchId, Trouble> {
        let act = self.new_act(ActKind::Undo, Some(of.verb), Some(of.batch.0), now)?;
        self.mark_taken_back(act.0, true)?;
        Ok(act)
    }

    /// The comment stands as a decision wanted that was taken back, given up or overruled, though requests of it may have
    /// been on their way. Each such request is answered once.
    pub fn haunted(&self, comment: CommentId) -> Result<Option<Haunt>, Trouble> {
        let Some(last) = self.last_word(comment)? else { return Ok(None) };
        let Some(row) = self.comment(comment)? else { return Ok(None) };
        for late in self.may_come_late(&last)? {
            if row.status != late.verb.wanted() || late.verb == last.verb {
                continue;
            }
            // Where the site says whose decision stands, a colleague's is none of ours that came late.
            let is_ours = match (&row.last_key, &row.last_by) {
                (Some(key), _) => Some(self.left_under(late.id, key.trim_matches('"'))?),
                (None, Some(_)) => Some(false),
                (None, None) => None,
            };
            if is_ours != Some(false) {
                return Ok(Some(Haunt { late, last, is_ours: is_ours.is_some() }));
            }
        }
        Ok(None)
    }

    /// The newest decision on a comment that was not taken back, if it was delivered.
    fn last_word(&self, comment: CommentId) -> Result<Option<Decision>, Trouble> {
        let newest: Option<i64> = self
            .tx
            .prepare_cached(
                "select max(id) from outbox where id = (select max(id) from outbox where comment = ?1 and delivery <> 'withdrawn')
                 and delivery = 'delivered'",
            )?
            .query_row([comment.0], |row| row.get(0))?;
        let found = newest.map(|id| self.decision(DecisionId(id))).transpose()?;
        Ok(found.flatten().map(|(decision, _)| decision))
    }

    /// Decisions before `last` that may still be carried out, newest first. Each request that went unanswered may be
    /// carried out once, and is taken back, or asked about, once.
    fn may_come_late(&self, last: &Decision) -> Result<Vec<Decision>, Trouble> {
        let ids: Vec<i64> = self
            .tx
            .prepare_cached(MAY_COME_LATE)?
            .query_map(params![last.comment.0, last.id.0], |row| row.get(0))?
            .collect::<Result<_, _>>()?;
        let found = ids.into_iter().filter_map(|id| self.decision(DecisionId(id)).transpose());
        Ok(found.collect::<Result<Vec<_>, _>>()?.into_iter().map(|(decision, _)| decision).collect())
    }

    /// Puts our last word behind a request that was carried out late. Where it only may have been, a person is asked.
    pub fn answer_haunt(
        &self,
        haunt: &Haunt,
        theirs: &Side,
        new_key: &mut dyn FnMut() -> String,
        now: DateTime<Utc>,
    ) -> Result<DecisionId, Trouble> {
        let batch = self.act_apart(&haunt.late, now)?;
        let (verb, seen) = (haunt.last.verb, haunt.last.seen);
        let inverse = Inverse { batch, first: &haunt.late, verb, seen, after: None };
        let id = self.insert_inverse(&inverse, &new_key(), now)?;
        if !haunt.is_ours {
            self.contradict(id, theirs, &new_key(), now)?;
            self.tx.prepare_cached("update outbox set fault = 'late' where id = ?")?.execute([id.0])?;
        }
        Ok(id)
    }

    /// Whether a key is that of a request which this desk took back after it may have left.
    pub fn is_taken_back(&self, comment: CommentId, key: &str) -> Result<bool, Trouble> {
        Ok(self
            .tx
            .prepare_cached(
                "select exists (select 1 from outbox where comment = ?1 and delivery = 'withdrawn' and left_home > 0
                 and (key = ?2 or instr(old_keys, ?2 || ' ') > 0))",
            )?
            .query_row(params![comment.0, key], |row| row.get(0))?)
    }

    /// Whether a decision was ever sent under that key.
    fn left_under(&self, id: DecisionId, key: &str) -> Result<bool, Trouble> {
        Ok(self
            .tx
            .prepare_cached("select key = ?2 or instr(old_keys, ?2 || ' ') > 0 from outbox where id = ?1")?
            .query_row(params![id.0, key], |row| row.get(0))?)
    }

    /// Comments for which a request may still be carried out by a slow server.
    pub fn doubtful(&self, site: SiteId) -> Result<Vec<NativeId>, Trouble> {
        let mut select = self.tx.prepare_cached(DOUBTFUL)?;
        let rows = select.query_map([site.0], |row| Ok(NativeId(row.get(0)?)))?;
        let each: BTreeSet<NativeId> = rows.collect::<Result<_, _>>()?;
        Ok(each.into_iter().collect())
    }

    /// No server carries out any more what was sent for these comments and went unanswered. What is not settled keeps its
    /// doubt: it is looked at before it is sent again.
    pub fn expect_no_more(&self, site: SiteId, ids: &[NativeId]) -> Result<(), Trouble> {
        let mut update = self.tx.prepare_cached(
            "update outbox set left_home = 0 where comment = (select id from comments where site = ? and native_id = ?)
             and left_home > 0 and delivery in ('withdrawn', 'delivered')",
        )?;
        for id in ids {
            update.execute(params![site.0, id.0])?;
        }
        Ok(())
    }
}
