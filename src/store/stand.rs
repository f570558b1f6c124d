//! What dispatch asks of an open decision, inside its transaction.

use super::read::{self, CommentRow};
use super::rows::millis;
use super::{Trouble, Work, outbox};
use crate::domain::{
    Body, CommentId, Decision, DecisionId, Delivery, Move, NativeId, Private, RevisionId, SiteId,
};
use chrono::{DateTime, Utc};
use rusqlite::{OptionalExtension as _, params};

/// How long a slow server is thought able to carry out an old request.
const HAUNTED_MS: i64 = 600_000;

pub(super) const HAS_INVERSE: &str =
    "select exists (select 1 from outbox where undoes = ? and delivery not in ('delivered', 'withdrawn'))";

pub(super) const MAY_COME_LATE: &str =
    "select f.id from outbox f where f.comment = ? and f.id < ? and f.left_home > 0
    and f.delivery in ('withdrawn', 'delivered')
    and (select count(*) from outbox b where b.undoes = f.id) <= f.left_home order by f.id desc";

impl Work<'_> {
    pub fn decision(&self, id: DecisionId) -> Result<Option<(Decision, Delivery)>, Trouble> {
        outbox::decision(&self.tx, id)
    }

    pub fn site(&self, id: SiteId) -> Result<crate::domain::Site, Trouble> {
        let found = super::sites::sites(&self.tx)?.into_iter().find(|site| site.id == id);
        found.ok_or_else(|| Trouble::Wrong(format!("no site {id} on this desk")))
    }

    pub fn open_rows(&self, site: SiteId) -> Result<Vec<super::OpenRow>, Trouble> {
        outbox::open_rows(&self.tx, site)
    }

    pub fn comment(&self, id: CommentId) -> Result<Option<CommentRow>, Trouble> {
        read::comment(&self.tx, id)
    }

    pub fn find(&self, site: SiteId, native_id: &NativeId) -> Result<Option<CommentId>, Trouble> {
        read::find(&self.tx, site, native_id)
    }

    pub fn private(&self, id: CommentId) -> Result<Private, Trouble> {
        read::private(&self.tx, id)
    }

    pub fn revision(&self, id: RevisionId) -> Result<Option<(Body, String, Option<String>)>, Trouble> {
        read::revision(&self.tx, id)
    }

    /// Whether the decision before it is not settled.
    pub fn is_blocked(&self, id: DecisionId) -> Result<bool, Trouble> {
        Ok(self
            .tx
            .prepare_cached(
                "select exists (select 1 from outbox o join outbox a on a.id = o.after
                 where o.id = ? and a.delivery not in ('delivered', 'withdrawn'))",
            )?
            .query_row([id.0], |row| row.get(0))?)
    }

    /// Whether a request for it went unanswered, so that the site may have done it for us.
    pub fn may_have_left(&self, id: DecisionId) -> Result<bool, Trouble> {
        Ok(self
            .tx
            .prepare_cached("select left_home > 0 from outbox where id = ?")?
            .query_row([id.0], |row| row.get(0))?)
    }

    /// A look has answered what an unanswered request left open.
    pub fn answered_for(&self, id: DecisionId) -> Result<(), Trouble> {
        self.tx.prepare_cached("update outbox set unanswered = 0 where id = ?")?.execute([id.0])?;
        Ok(())
    }

    /// Stands a decision on another version token of the same words, under a fresh key.
    pub fn stand_on_tag(&self, id: DecisionId, tag: Option<&str>, key: &str) -> Result<(), Trouble> {
        self.tx
            .prepare_cached(
                "update outbox set base_tag = ?1, key = iif(base_tag is null, key, ?2),
                    old_keys = iif(base_tag is null or left_home = 0, old_keys, old_keys || key || ' ') where id = ?3",
            )?
            .execute(params![tag, key, id.0])?;
        Ok(())
    }

    /// Answers that started before `seq_now` can no longer write this comment.
    pub fn receipt(
        &self,
        site: SiteId,
        native_id: &NativeId,
        seq_now: u64,
        now: DateTime<Utc>,
    ) -> Result<(), Trouble> {
        self.tx
            .prepare_cached(
                "update comments set receipt_seq = ?3, receipt_at = ?4, written_seq = max(written_seq, ?3)
                 where site = ?1 and native_id = ?2",
            )?
            .execute(params![site.0, native_id.0, i64::try_from(seq_now).unwrap_or(i64::MAX), millis(now)])?;
        Ok(())
    }

    /// Whether an open decision takes this one back.
    pub fn has_inverse(&self, id: DecisionId) -> Result<bool, Trouble> {
        Ok(self.tx.prepare_cached(HAS_INVERSE)?.query_row([id.0], |row| row.get(0))?)
    }

    /// Ends a queued decision that its inverse, already behind it, takes back.
    pub fn give_up(&self, id: DecisionId, now: DateTime<Utc>) -> Result<(), Trouble> {
        self.step(id, Move::Withdraw, now)?;
        match self.decision(id)? {
            Some((decision, _)) => self.note_decision(&decision, "withdraw", now),
            None => Ok(()),
        }
    }

    /// The kind and words of the newest fault, if it was tried `most` times.
    pub fn tried_enough(&self, id: DecisionId, most: u32) -> Result<Option<(String, String)>, Trouble> {
        Ok(self
            .tx
            .prepare_cached(
                "select ifnull(fault, ''), ifnull(why, '') from outbox where id = ? and tries >= ? and delivery = 'queued'",
            )?
            .query_row(params![id.0, most], |row| Ok((row.get(0)?, row.get(1)?)))
            .optional()?)
    }

    /// A decision that was taken back though it may have left, if the comment now stands as it wanted: with the inverse that
    /// was the last word on the comment. It need not be the inverse's own: what was decided between them is taken back too.
    pub fn haunted(
        &self,
        comment: CommentId,
        now: DateTime<Utc>,
    ) -> Result<Option<(Decision, Decision)>, Trouble> {
        let newest: Option<i64> = self
            .tx
            .prepare_cached(
                "select id from outbox where id = (select max(id) from outbox where comment = ?1 and delivery <> 'withdrawn')
                 and delivery = 'delivered' and undoes is not null and since > ?2",
            )?
            .query_row(params![comment.0, millis(now) - HAUNTED_MS], |row| row.get(0))
            .optional()?;
        let Some(newest) = newest else { return Ok(None) };
        let (Some((inverse, _)), Some(row)) = (self.decision(DecisionId(newest))?, self.comment(comment)?)
        else {
            return Ok(None);
        };
        for first in self.may_come_late(comment, inverse.id)? {
            // Where the site says whose decision stands, a colleague's is none of ours that came late.
            let ours = match &row.last_key {
                Some(key) => self.left_under(first.id, key.trim_matches('"'))?,
                None => row.last_by.is_none(),
            };
            if ours && row.status == first.verb.wanted() {
                return Ok(Some((first, inverse)));
            }
        }
        Ok(None)
    }

    /// Decisions before `inverse` that may still be carried out, newest first. Each request that went unanswered may be
    /// carried out once, and is taken back once.
    fn may_come_late(&self, comment: CommentId, inverse: DecisionId) -> Result<Vec<Decision>, Trouble> {
        let ids: Vec<i64> = self
            .tx
            .prepare_cached(MAY_COME_LATE)?
            .query_map(params![comment.0, inverse.0], |row| row.get(0))?
            .collect::<Result<_, _>>()?;
        let found = ids.into_iter().filter_map(|id| self.decision(DecisionId(id)).transpose());
        Ok(found.collect::<Result<Vec<_>, _>>()?.into_iter().map(|(decision, _)| decision).collect())
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
    pub fn doubtful(&self, site: SiteId, now: DateTime<Utc>) -> Result<Vec<NativeId>, Trouble> {
        let mut select = self.tx.prepare_cached(
            "select distinct c.native_id from outbox o join comments c on c.id = o.comment
             where o.site = ? and o.left_home > 0 and o.since > ?",
        )?;
        let rows =
            select.query_map(params![site.0, millis(now) - HAUNTED_MS], |row| Ok(NativeId(row.get(0)?)))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Pending comments of a site that no answer since request `seq` has told anything about.
    pub fn unseen_since(&self, site: SiteId, seq: u64) -> Result<Vec<NativeId>, Trouble> {
        read::unseen_since(&self.tx, site, seq)
    }

    /// How many comments of a site are pending here, parked or not.
    pub fn pending(&self, site: SiteId) -> Result<u64, Trouble> {
        Ok(self
            .tx
            .prepare_cached("select ifnull(sum(n), 0) from counts where site = ? and status = 'pending'")?
            .query_row([site.0], |row| row.get(0))?)
    }

    /// The largest request number any row of a site remembers.
    pub fn seq_max(&self, site: SiteId) -> Result<u64, Trouble> {
        let seq: i64 = self.tx.query_row(
            "select ifnull(max(max(written_seq, receipt_seq)), 0) from comments where site = ?",
            [site.0],
            |row| row.get(0),
        )?;
        Ok(u64::try_from(seq).unwrap_or(0))
    }
}
