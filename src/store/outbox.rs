//! Decisions as they are made: what they stand on, what they replace and what they wait for. A decision
//! is kept until its site is removed.

use super::journal::Entry;
use super::rows::{
    delivery_of, instant, millis, payload_of, payload_word, status_of, status_word, verb_of, verb_word,
};
use super::{ActKind, Trouble, Work};
use crate::domain::{
    BatchId, CommentId, Decision, DecisionId, Delivery, Move, NativeId, RevisionId, SiteId, Status, Verb,
};
use chrono::{DateTime, Utc};
use rusqlite::{Connection, OptionalExtension as _, Row, params};

/// One decision as the moderator made it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewDecision {
    pub comment: CommentId,
    pub verb: Verb,
    /// The comment stands published, and its reports are to be dismissed.
    pub keeps: bool,
    /// The wording on the card; `None` means the newest one stored (scripts).
    pub seen: Option<RevisionId>,
    /// Fresh for this decision; a UUID.
    pub key: String,
    pub hold_secs: u32,
}

/// What one act put into the outbox.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Made {
    pub batch: BatchId,
    pub decisions: Vec<(DecisionId, CommentId)>,
    /// Comments that stand as wanted already, or have no words to decide on.
    pub skipped: Vec<CommentId>,
}

/// An open decision as the engine schedules it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenRow {
    pub id: DecisionId,
    pub site: SiteId,
    pub comment: CommentId,
    pub native_id: NativeId,
    pub verb: Verb,
    pub delivery: Delivery,
    pub hold_secs: u32,
    /// Other comments were decided by the same act.
    pub in_bulk: bool,
    pub tries: u32,
    /// The newest request went unanswered: look before sending.
    pub unanswered: bool,
    /// The decision before it is not settled.
    pub blocked: bool,
}

const DECISION: &str =
    "select o.id, o.batch, o.site, o.comment, c.native_id, o.verb, o.seen, o.prior, o.replaced,
    o.after, o.undoes, o.moderator, o.made_at, o.hold_secs, o.base_tag, o.payload, o.key, o.delivery
    from outbox o join comments c on c.id = o.comment where o.id = ?";

/// Open is what the engine may still have to move: held, queued or sending. That it is not settled is said too: only then
/// does SQLite go by the index of open decisions.
pub(super) const OPEN: &str = "select o.id, o.site, o.comment, c.native_id, o.verb, o.delivery, o.hold_secs,
    exists (select 1 from outbox b where b.batch = o.batch and b.id <> o.id), o.tries, o.unanswered,
    exists (select 1 from outbox a where a.id = o.after and a.delivery not in ('delivered', 'withdrawn'))
    from outbox o join comments c on c.id = o.comment
    where o.site = ? and o.delivery in ('held', 'queued', 'sending')
        and o.delivery not in ('delivered', 'withdrawn') order by o.id";

/// Decisions of a site that may still move by themselves, oldest first.
pub fn open_rows(db: &Connection, site: SiteId) -> Result<Vec<OpenRow>, Trouble> {
    let mut select = db.prepare_cached(OPEN)?;
    let rows = select.query_map([site.0], |row| {
        Ok(OpenRow {
            id: DecisionId(row.get(0)?),
            site: SiteId(row.get(1)?),
            comment: CommentId(row.get(2)?),
            native_id: NativeId(row.get(3)?),
            verb: verb_of(&row.get::<_, String>(4)?)?,
            delivery: delivery_of(&row.get::<_, String>(5)?)?,
            hold_secs: row.get(6)?,
            in_bulk: row.get(7)?,
            tries: row.get(8)?,
            unanswered: row.get(9)?,
            blocked: row.get(10)?,
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// One decision with where it stands.
pub fn decision(db: &Connection, id: DecisionId) -> Result<Option<(Decision, Delivery)>, Trouble> {
    Ok(db.prepare_cached(DECISION)?.query_row([id.0], decision_at).optional()?)
}

fn decision_at(row: &Row<'_>) -> rusqlite::Result<(Decision, Delivery)> {
    let replaced: Option<String> = row.get(8)?;
    let decision = Decision {
        id: DecisionId(row.get(0)?),
        batch: BatchId(row.get(1)?),
        site: SiteId(row.get(2)?),
        comment: CommentId(row.get(3)?),
        native_id: NativeId(row.get(4)?),
        verb: verb_of(&row.get::<_, String>(5)?)?,
        seen: RevisionId(row.get(6)?),
        prior: status_of(&row.get::<_, String>(7)?)?,
        replaced: replaced.map(|word| status_of(&word)).transpose()?,
        after: row.get::<_, Option<i64>>(9)?.map(DecisionId),
        undoes: row.get::<_, Option<i64>>(10)?.map(DecisionId),
        moderator: row.get(11)?,
        made_at: instant(row.get(12)?),
        hold_secs: row.get(13)?,
        base_tag: row.get(14)?,
        reports_seen: payload_of(row.get::<_, Option<String>>(15)?.as_deref())?,
        key: row.get(16)?,
    };
    Ok((decision, delivery_of(&row.get::<_, String>(17)?)?))
}

/// What a new decision stands on.
struct Ground {
    site: i64,
    status: Status,
    revision: Option<i64>,
    tag: Option<String>,
    reports: u64,
    unreadable: bool,
}

/// What a new decision stands on once the way is clear.
struct Standing {
    after: Option<DecisionId>,
    prior: Status,
    doubt: Option<Doubt>,
}

/// A request that may still be carried out beside a new decision, which is told from its own.
struct Doubt {
    late: Decision,
    /// What the new decision replaces, as far as is known.
    replaced: Option<Status>,
}

impl Work<'_> {
    /// Puts one act into the outbox: what is held for the same comment and has not left is withdrawn, what may have
    /// left is waited for.
    pub fn decide(&self, kind: ActKind, items: &[NewDecision], now: DateTime<Utc>) -> Result<Made, Trouble> {
        let batch = self.new_act(kind, items.first().map(|item| item.verb), None, now)?;
        let mut made = Made { batch, decisions: Vec::new(), skipped: Vec::new() };
        for item in items {
            match self.decide_in(batch, item, now)? {
                Some(id) => made.decisions.push((id, item.comment)),
                None => made.skipped.push(item.comment),
            }
        }
        if made.decisions.is_empty() {
            // Nothing was done: there is nothing to undo.
            self.tx.prepare_cached("delete from acts where id = ?")?.execute([batch.0])?;
        }
        Ok(made)
    }

    pub(super) fn decide_in(
        &self,
        batch: BatchId,
        item: &NewDecision,
        now: DateTime<Utc>,
    ) -> Result<Option<DecisionId>, Trouble> {
        let ground = self.ground(item.comment)?;
        let unsettled = self.unsettled(item.comment)?;
        if let Some((open, Delivery::Held | Delivery::Queued)) = unsettled.last()
            && open.verb == item.verb
        {
            return Ok(None);
        }
        let Standing { after, mut prior, mut doubt } = self.stand_on(unsettled, ground.status, now)?;
        if let Some(doubt) = &mut doubt
            && prior == item.verb.wanted()
        {
            // It stands as wanted, as far as is known, beside a request that was taken back and may be carried out all the
            // same, or by that request: deciding so is a decision of its own.
            let late = &doubt.late;
            prior = if late.prior == prior { late.verb.wanted() } else { late.prior };
            doubt.replaced = late.replaced;
        }
        let seen = item.seen.map(|revision| revision.0).or(ground.revision);
        let gone = ground.status == Status::Deleted;
        // It was decided on as published; where it is that no more, the judge asks.
        let keeps = item.keeps && after.is_none() && (ground.reports > 0 || prior != Status::Approved);
        let prior = if keeps { Status::Approved } else { prior };
        let (Some(seen), false, true) =
            (seen, ground.unreadable || gone, keeps || prior != item.verb.wanted())
        else {
            return Ok(None);
        };
        let new = Insert {
            batch,
            site: ground.site,
            comment: item.comment,
            verb: item.verb,
            seen,
            prior,
            after,
            undoes: None,
            hold_secs: item.hold_secs,
            base_tag: ground.tag,
            reports_seen: keeps.then_some(ground.reports),
            key: &item.key,
        };
        let id = self.insert(&new, now)?;
        if let Some(Doubt { replaced, late }) = doubt {
            self.tx
                .prepare_cached("update outbox set beside = ?, unanswered = 1, replaced = ? where id = ?")?
                .execute(params![late.id.0, replaced.map(status_word), id.0])?;
        }
        Ok(Some(id))
    }

    /// Makes way for a new decision among those that are not settled, oldest first.
    fn stand_on(
        &self,
        unsettled: Vec<(Decision, Delivery)>,
        prior: Status,
        now: DateTime<Utc>,
    ) -> Result<Standing, Trouble> {
        let mut standing = Standing { after: None, prior, doubt: None };
        for (open, delivery) in unsettled {
            let stuck = matches!(delivery, Delivery::Conflicted | Delivery::Refused);
            if !stuck && !self.may_withdraw(open.id, delivery)? {
                standing.prior = open.verb.wanted();
                standing.after = Some(open.id);
                continue;
            }
            if let Some(late) = self.late_behind(&open)? {
                let replaced = if stuck { Some(standing.prior) } else { late.replaced };
                standing.doubt = Some(Doubt { late, replaced });
            }
            self.step(open.id, if stuck { Move::KeepTheirs } else { Move::Withdraw }, now)?;
            self.note_decision(&open, if stuck { "keep-theirs" } else { "withdraw" }, now)?;
        }
        Ok(standing)
    }

    fn ground(&self, comment: CommentId) -> Result<Ground, Trouble> {
        let ground = self
            .tx
            .prepare_cached(
                "select site, status, revision, tag, reports_total, unreadable is not null from comments where id = ?",
            )?
            .query_row([comment.0], |row| {
                Ok(Ground {
                    site: row.get(0)?,
                    status: status_of(&row.get::<_, String>(1)?)?,
                    revision: row.get(2)?,
                    tag: row.get(3)?,
                    reports: row.get(4)?,
                    unreadable: row.get(5)?,
                })
            })
            .optional()?;
        ground.ok_or_else(|| Trouble::Wrong(format!("no comment {comment} on this desk")))
    }

    /// Decisions on a comment that are not delivered or withdrawn, oldest first.
    pub fn unsettled(&self, comment: CommentId) -> Result<Vec<(Decision, Delivery)>, Trouble> {
        let ids: Vec<i64> = self
            .tx
            .prepare_cached(
                "select id from outbox where comment = ? and delivery not in ('delivered', 'withdrawn') order by id",
            )?
            .query_map([comment.0], |row| row.get(0))?
            .collect::<Result<_, _>>()?;
        ids.into_iter().filter_map(|id| decision(&self.tx, DecisionId(id)).transpose()).collect()
    }

    pub(super) fn insert(&self, new: &Insert<'_>, now: DateTime<Utc>) -> Result<DecisionId, Trouble> {
        let moderator: String = self
            .tx
            .prepare_cached(
                "select coalesce((select value from cursors where site = ?1 and name = 'moderator'), account)
                 from sites where id = ?1",
            )?
            .query_row([new.site], |row| row.get(0))?;
        self.tx
            .prepare_cached(
                "insert into outbox (batch, site, comment, verb, seen, prior, after, undoes, moderator, made_at, hold_secs,
                    base_tag, payload, key, delivery, since)
                 values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'held', ?)",
            )?
            .execute(params![
                new.batch.0,
                new.site,
                new.comment.0,
                verb_word(new.verb),
                new.seen,
                status_word(new.prior),
                new.after.map(|id| id.0),
                new.undoes.map(|id| id.0),
                moderator,
                millis(now),
                new.hold_secs,
                new.base_tag,
                payload_word(new.reports_seen),
                new.key,
                millis(now)
            ])?;
        let id = DecisionId(self.tx.last_insert_rowid());
        self.note_by_id(id, verb_word(new.verb), now)?;
        Ok(id)
    }

    pub(super) fn note_by_id(&self, id: DecisionId, what: &str, now: DateTime<Utc>) -> Result<(), Trouble> {
        match decision(&self.tx, id)? {
            Some((decision, _)) => self.note_decision(&decision, what, now),
            None => Err(Trouble::Wrong(format!("no decision {id} in the outbox"))),
        }
    }

    pub(super) fn note_decision(&self, of: &Decision, what: &str, now: DateTime<Utc>) -> Result<(), Trouble> {
        let slug: String = self
            .tx
            .prepare_cached("select slug from sites where id = ?")?
            .query_row([of.site.0], |r| r.get(0))?;
        let seen: Vec<u8> = self
            .tx
            .prepare_cached("select digest from revisions where id = ?")?
            .query_row([of.seen.0], |row| row.get(0))?;
        self.note(&Entry {
            at: now,
            act: of.batch.0,
            site: &slug,
            native_id: &of.native_id.0,
            what,
            moderator: &of.moderator,
            seen: Some(&seen),
        })
    }
}

/// A row about to enter the outbox.
pub(super) struct Insert<'a> {
    pub batch: BatchId,
    pub site: i64,
    pub comment: CommentId,
    pub verb: Verb,
    pub seen: i64,
    pub prior: Status,
    pub after: Option<DecisionId>,
    pub undoes: Option<DecisionId>,
    pub hold_secs: u32,
    pub base_tag: Option<String>,
    pub reports_seen: Option<u64>,
    pub key: &'a str,
}
