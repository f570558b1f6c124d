//! Acts and their way back. An act is taken back as a whole: what never left is withdrawn, what left gets its inverse
//! behind it, and what nobody can take back is counted and said.

use super::outbox::{Insert, NewDecision, decision};
use super::rows::{millis, verb_of, verb_word};
use super::{Trouble, Work};
use crate::domain::{BatchId, CommentId, Decision, DecisionId, Delivery, Move, RevisionId, Verb};
use chrono::{DateTime, Utc};
use rusqlite::{Connection, OptionalExtension as _, params};

/// What kind of act it was.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ActKind {
    Decide,
    Park,
    Unpark,
    /// A private note was written, changed or taken away.
    Note,
    /// Conflicts were answered by keeping what the sites have.
    Keep,
    Undo,
    Redo,
}

impl ActKind {
    fn word(self) -> &'static str {
        match self {
            Self::Decide => "decide",
            Self::Park => "park",
            Self::Unpark => "unpark",
            Self::Note => "note",
            Self::Keep => "keep",
            Self::Undo => "undo",
            Self::Redo => "redo",
        }
    }

    fn of(word: &str) -> Result<Self, Trouble> {
        [Self::Decide, Self::Park, Self::Unpark, Self::Note, Self::Keep, Self::Undo, Self::Redo]
            .into_iter()
            .find(|kind| kind.word() == word)
            .ok_or_else(|| Trouble::Wrong(format!("the desk's file holds an unknown act, {word:?}")))
    }
}

/// What an undo or redo did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Taken {
    /// The act that was taken back, or done again; of a note also where it had been done again before.
    pub kind: ActKind,
    pub verb: Option<Verb>,
    pub steps: Vec<(CommentId, Back)>,
}

/// What became of one comment of an act that was taken back or done again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Back {
    /// Never left: as if it had not been.
    Withdrawn,
    /// Left already, or may have: the opposite is on its way.
    Inverse(DecisionId),
    /// A later decision had taken its place.
    Replaced,
    /// A colleague had done the same, and nothing of ours was sent.
    Theirs,
    /// Cannot be called back.
    Stuck,
    /// Done again, by a new decision if one was needed.
    Again(Option<DecisionId>),
}

impl Taken {
    pub fn comments(&self) -> Vec<CommentId> {
        self.steps.iter().map(|(comment, _)| *comment).collect()
    }

    pub fn withdrawn(&self) -> usize {
        self.count(|back| back == Back::Withdrawn)
    }

    pub fn inverses(&self) -> usize {
        self.count(|back| matches!(back, Back::Inverse(_)))
    }

    pub fn stuck(&self) -> usize {
        self.count(|back| back == Back::Stuck)
    }

    fn count(&self, which: impl Fn(Back) -> bool) -> usize {
        self.steps.iter().filter(|(_, back)| which(*back)).count()
    }
}

struct Act {
    id: i64,
    kind: ActKind,
    verb: Option<Verb>,
    of_act: Option<i64>,
}

impl Act {
    /// What is known of taking it back before anything was done.
    fn nothing_taken(&self) -> Taken {
        Taken { kind: self.kind, verb: self.verb, steps: Vec::new() }
    }
}

/// The opposite of a decision, about to enter the outbox.
pub(super) struct Inverse<'a> {
    pub batch: BatchId,
    pub first: &'a Decision,
    pub verb: Verb,
    /// The wording it stands on.
    pub seen: RevisionId,
    pub after: Option<DecisionId>,
}

pub(super) const UNDOABLE: &str = "select id, kind, verb, of_act from acts where id = (select max(id) from (
    select max(id) as id from acts where kind = 'decide' and taken_back = 0
    union all select max(id) from acts where kind = 'park' and taken_back = 0
    union all select max(id) from acts where kind = 'unpark' and taken_back = 0
    union all select max(id) from acts where kind = 'note' and taken_back = 0
    union all select max(id) from acts where kind = 'keep' and taken_back = 0
    union all select max(id) from acts where kind = 'redo' and taken_back = 0))";

/// The pluses keep SQLite from walking every act of a kind: only those after the undo count.
pub(super) const REDOABLE: &str = "select id, kind, verb, of_act from acts where
    id = (select max(id) from acts where kind = 'undo' and taken_back = 0)
    and not exists (select 1 from acts n where +n.kind in ('decide', 'park', 'unpark', 'note', 'keep') and n.id > acts.id)";

pub(super) const BATCH: &str = "select id from outbox where batch = ? order by id";

/// Whether there is something to undo, and to redo.
pub fn ways_back(db: &Connection) -> Result<(bool, bool), Trouble> {
    Ok((newest(db, UNDOABLE)?.is_some(), newest(db, REDOABLE)?.is_some()))
}

fn newest(db: &Connection, sql: &str) -> Result<Option<Act>, Trouble> {
    act_of(db.prepare_cached(sql)?.query_row([], act_columns).optional()?)
}

type ActColumns = (i64, String, Option<String>, Option<i64>);

fn act_columns(row: &rusqlite::Row<'_>) -> rusqlite::Result<ActColumns> {
    Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?))
}

fn act_of(columns: Option<ActColumns>) -> Result<Option<Act>, Trouble> {
    let Some((id, kind, verb, of_act)) = columns else { return Ok(None) };
    let verb = verb.map(|word| verb_of(&word)).transpose()?;
    Ok(Some(Act { id, kind: ActKind::of(&kind)?, verb, of_act }))
}

impl Work<'_> {
    pub(super) fn new_act(
        &self,
        kind: ActKind,
        verb: Option<Verb>,
        of_act: Option<i64>,
        now: DateTime<Utc>,
    ) -> Result<BatchId, Trouble> {
        self.tx
            .prepare_cached("insert into acts (at, kind, verb, of_act) values (?, ?, ?, ?)")?
            .execute(params![millis(now), kind.word(), verb.map(verb_word), of_act])?;
        Ok(BatchId(self.tx.last_insert_rowid()))
    }

    /// Sets comments aside on this desk, or takes them back from there.
    pub fn park(&self, comments: &[CommentId], parked: bool, now: DateTime<Utc>) -> Result<(), Trouble> {
        let act = self.new_act(if parked { ActKind::Park } else { ActKind::Unpark }, None, None, now)?;
        for comment in comments {
            let moved = self.set_parked(*comment, parked)?;
            if moved {
                self.touch(act, *comment)?;
                self.note_here(act.0, *comment, if parked { "park" } else { "unpark" }, now)?;
            }
        }
        Ok(())
    }

    /// Remembers that an act on this desk alone was about a comment.
    pub(super) fn touch(&self, act: BatchId, comment: CommentId) -> Result<(), Trouble> {
        self.tx
            .prepare_cached("insert or ignore into parkings values (?, ?)")?
            .execute(params![act.0, comment.0])?;
        Ok(())
    }

    /// The comments that an act on this desk alone was about.
    pub(super) fn touched_by(&self, act: i64) -> Result<Vec<CommentId>, Trouble> {
        let mut select =
            self.tx.prepare_cached("select comment from parkings where act = ? order by comment")?;
        let rows = select.query_map([act], |row| Ok(CommentId(row.get(0)?)))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Whether an act kept what the sites have, or does again what one did.
    fn keeps(&self, act: &Act) -> Result<bool, Trouble> {
        let (mut kind, mut origin) = (act.kind, act.of_act);
        while let Some(before) = origin.map(|id| self.act(id)).transpose()?.flatten() {
            (kind, origin) = (before.kind, before.of_act);
        }
        Ok(kind == ActKind::Keep)
    }

    fn set_parked(&self, comment: CommentId, parked: bool) -> Result<bool, Trouble> {
        let n = self
            .tx
            .prepare_cached("update comments set parked = ?1 where id = ?2 and parked <> ?1")?
            .execute(params![parked, comment.0])?;
        Ok(n == 1)
    }

    /// Journals what an act did on this desk alone.
    pub(super) fn note_here(
        &self,
        act: i64,
        comment: CommentId,
        what: &str,
        now: DateTime<Utc>,
    ) -> Result<(), Trouble> {
        let (slug, native_id): (String, String) = self
            .tx
            .prepare_cached(
                "select s.slug, c.native_id from comments c join sites s on s.id = c.site where c.id = ?",
            )?
            .query_row([comment.0], |row| Ok((row.get(0)?, row.get(1)?)))?;
        let entry = super::Entry {
            at: now,
            act,
            site: &slug,
            native_id: &native_id,
            what,
            moderator: "",
            seen: None,
        };
        self.note(&entry)
    }

    /// Takes back the newest act that stands. `new_key` makes the keys of inverses.
    pub fn undo(
        &self,
        now: DateTime<Utc>,
        new_key: &mut dyn FnMut() -> String,
    ) -> Result<Option<Taken>, Trouble> {
        let Some(act) = newest(&self.tx, UNDOABLE)? else { return Ok(None) };
        let undo = self.new_act(ActKind::Undo, act.verb, Some(act.id), now)?;
        self.mark_taken_back(act.id, true)?;
        let mut taken = act.nothing_taken();
        if self.keeps(&act)? {
            taken.kind = ActKind::Keep;
            taken.steps = self.ask_again(act.id, undo, new_key, now)?;
        } else {
            for (comment, parked) in self.parkings(&act)? {
                self.set_parked(comment, !parked)?;
                self.note_here(undo.0, comment, if parked { "unpark" } else { "park" }, now)?;
                taken.steps.push((comment, Back::Withdrawn));
            }
        }
        for comment in self.take_back_notes(act.id, undo.0, now)? {
            taken.kind = ActKind::Note;
            taken.steps.push((comment, Back::Withdrawn));
        }
        for (decision, delivery) in self.decisions_of(&act)? {
            let back = self.take_back(undo, &decision, delivery, now, new_key)?;
            taken.steps.push((decision.comment, back));
        }
        if taken.withdrawn() == 0 && taken.inverses() == 0 {
            // Nothing was taken back, so there is nothing to do again.
            self.mark_taken_back(undo.0, true)?;
        }
        Ok(Some(taken))
    }

    fn take_back(
        &self,
        undo: BatchId,
        first: &Decision,
        delivery: Delivery,
        now: DateTime<Utc>,
        new_key: &mut dyn FnMut() -> String,
    ) -> Result<Back, Trouble> {
        let back_to = match delivery {
            Delivery::Withdrawn => return Ok(Back::Replaced),
            Delivery::Conflicted | Delivery::Refused => {
                let guard = self.let_theirs_stand(Some(undo), (first, delivery), &new_key(), now)?;
                return Ok(guard.map_or(Back::Withdrawn, Back::Inverse));
            }
            Delivery::Delivered if first.replaced.is_none() => return Ok(Back::Theirs),
            Delivery::Held | Delivery::Queued | Delivery::Sending | Delivery::Delivered => {
                first.replaced.unwrap_or(first.prior)
            }
        };
        let withdrawn = self.may_withdraw(first.id, delivery)?;
        // What may have left is not sent again once it is taken back. What is still on its way for this comment is waited
        // for, be it the request itself or the inverse of a later one: taken back last, arrived last.
        if matches!(delivery, Delivery::Held | Delivery::Queued) {
            self.step(first.id, Move::Withdraw, now)?;
            self.note_decision(first, "withdraw", now)?;
        }
        if withdrawn {
            // It never left, but what it took the place of may have.
            let guard = match self.late_behind(first)? {
                Some(late) => {
                    let standing = self.standing(first, delivery, &late)?;
                    let guard = self.guard(Some(undo), &late, standing, &new_key(), now)?;
                    // The guard takes back what waits to be sent once more: that is not sent again.
                    if guard.is_some() && matches!(self.decision(late.id)?, Some((_, Delivery::Queued))) {
                        self.give_up(late.id, now)?;
                    }
                    guard
                }
                None => None,
            };
            return Ok(guard.map_or(Back::Withdrawn, Back::Inverse));
        }
        // Dismissed reports cannot be made again.
        let Some(verb) = Verb::towards(back_to).filter(|_| first.reports_seen.is_none()) else {
            return Ok(Back::Stuck);
        };
        let after = self.unsettled(first.comment)?.last().map(|(newest, _)| newest.id);
        let inverse = Inverse { batch: undo, first, verb, seen: first.seen, after };
        self.insert_inverse(&inverse, &new_key(), now).map(Back::Inverse)
    }

    /// Puts the opposite of a decision behind it.
    pub(super) fn insert_inverse(
        &self,
        inverse: &Inverse<'_>,
        key: &str,
        now: DateTime<Utc>,
    ) -> Result<DecisionId, Trouble> {
        let Inverse { batch, first, verb, seen, after } = *inverse;
        let new = Insert {
            batch,
            site: first.site.0,
            comment: first.comment,
            verb,
            seen: seen.0,
            prior: first.verb.wanted(),
            after,
            undoes: Some(first.id),
            hold_secs: 0,
            base_tag: None,
            reports_seen: None,
            key,
        };
        let id = self.insert(&new, now)?;
        // What a slow server may have done meanwhile is not in truth yet: the comment is looked at first.
        self.tx
            .prepare_cached("update outbox set unanswered = 1 where id = ? and (select left_home from outbox where id = ?) > 0")?
            .execute(params![id.0, first.id.0])?;
        Ok(id)
    }

    /// Does the newest undone act again, while nothing newer was decided.
    pub fn redo(
        &self,
        now: DateTime<Utc>,
        new_key: &mut dyn FnMut() -> String,
    ) -> Result<Option<Taken>, Trouble> {
        let Some(undo) = newest(&self.tx, REDOABLE)? else { return Ok(None) };
        let Some(act) = self.act(undo.of_act.unwrap_or_default())? else { return Ok(None) };
        self.mark_taken_back(undo.id, true)?;
        let again = self.new_act(ActKind::Redo, act.verb, Some(undo.id), now)?;
        let mut taken = act.nothing_taken();
        if self.keeps(&act)? {
            taken.kind = ActKind::Keep;
            taken.steps = self.keep_again(act.id, again, new_key, now)?;
        } else {
            for (comment, parked) in self.parkings(&act)? {
                self.set_parked(comment, parked)?;
                self.touch(again, comment)?;
                self.note_here(again.0, comment, if parked { "park" } else { "unpark" }, now)?;
                taken.steps.push((comment, Back::Again(None)));
            }
        }
        for comment in self.note_again(act.id, again.0, now)? {
            taken.kind = ActKind::Note;
            taken.steps.push((comment, Back::Again(None)));
        }
        for (first, _) in self.decisions_of(&act)? {
            let item = NewDecision {
                comment: first.comment,
                verb: first.verb,
                keeps: first.reports_seen.is_some(),
                seen: Some(first.seen),
                key: new_key(),
                hold_secs: first.hold_secs,
            };
            let made = self.decide_in(again, &item, now)?;
            taken.steps.push((first.comment, Back::Again(made)));
        }
        Ok(Some(taken))
    }

    pub(super) fn mark_taken_back(&self, act: i64, taken_back: bool) -> Result<(), Trouble> {
        self.tx
            .prepare_cached("update acts set taken_back = ? where id = ?")?
            .execute(params![taken_back, act])?;
        Ok(())
    }

    fn act(&self, id: i64) -> Result<Option<Act>, Trouble> {
        let mut select = self.tx.prepare_cached("select id, kind, verb, of_act from acts where id = ?")?;
        act_of(select.query_row([id], act_columns).optional()?)
    }

    /// The comments an act parked (`true`) or took back from there.
    fn parkings(&self, act: &Act) -> Result<Vec<(CommentId, bool)>, Trouble> {
        let mut parked = act.kind == ActKind::Park;
        let mut origin = act.of_act;
        while let Some(before) = origin.map(|id| self.act(id)).transpose()?.flatten() {
            parked = before.kind == ActKind::Park;
            origin = before.of_act;
        }
        Ok(self.touched_by(act.id)?.into_iter().map(|comment| (comment, parked)).collect())
    }

    /// An act's decisions. A redo also stands for those of its original that needed no second request, because their
    /// inverse had not left.
    fn decisions_of(&self, act: &Act) -> Result<Vec<(Decision, Delivery)>, Trouble> {
        let mut all: Vec<(Decision, Delivery)> = Vec::new();
        let mut next = Some(act.id);
        while let Some(id) = next {
            for (decision, delivery) in self.batch(BatchId(id))? {
                let covered = all.iter().any(|(known, _)| known.comment == decision.comment);
                if !covered && (id == act.id || delivery == Delivery::Delivered) {
                    all.push((decision, delivery));
                }
            }
            next = match self.act(id)? {
                Some(Act { kind: ActKind::Redo, of_act: Some(undo), .. }) => {
                    self.act(undo)?.and_then(|undo| undo.of_act)
                }
                _ => None,
            };
        }
        Ok(all)
    }

    fn batch(&self, batch: BatchId) -> Result<Vec<(Decision, Delivery)>, Trouble> {
        let ids: Vec<i64> = self
            .tx
            .prepare_cached(BATCH)?
            .query_map([batch.0], |row| row.get(0))?
            .collect::<Result<_, _>>()?;
        ids.into_iter().filter_map(|id| decision(&self.tx, DecisionId(id)).transpose()).collect()
    }
}
