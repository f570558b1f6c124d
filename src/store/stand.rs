//! What dispatch asks of an open decision, inside its transaction.

use super::read::{self, CommentRow};
use super::rows::millis;
use super::{Trouble, Work, outbox};
use crate::domain::{
    Body, CommentId, Decision, DecisionId, Delivery, Move, NativeId, Private, RevisionId, SiteId,
};
use chrono::{DateTime, Utc};
use rusqlite::{OptionalExtension as _, params};

pub(super) const HAS_INVERSE: &str =
    "select exists (select 1 from outbox where undoes = ? and delivery not in ('delivered', 'withdrawn'))";

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

    /// Whether an answer to a request after number `seq` has told about a comment.
    pub fn is_written_since(&self, site: SiteId, native_id: &NativeId, seq: u64) -> Result<bool, Trouble> {
        let mut select = self.tx.prepare_cached(
            "select exists (select 1 from comments where site = ? and native_id = ? and written_seq > ?)",
        )?;
        let seq = i64::try_from(seq).unwrap_or(i64::MAX);
        Ok(select.query_row(params![site.0, native_id.0, seq], |row| row.get(0))?)
    }

    /// A look has told that a comment stands as it was decided. A page that was read before it and comes after it is no
    /// truth, as after a receipt.
    pub fn confirmed(&self, comment: CommentId, now: DateTime<Utc>) -> Result<(), Trouble> {
        self.tx
            .prepare_cached("update comments set receipt_at = ? where id = ?")?
            .execute(params![millis(now), comment.0])?;
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
