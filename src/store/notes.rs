//! Private notes: what moderators write down about a comment on this desk alone. Nothing of a note ever leaves it, and the
//! journal tells only that there was one.

use super::rows::{instant, millis};
use super::{ActKind, Reader, Trouble, Work};
use crate::domain::CommentId;
use chrono::{DateTime, Utc};
use rusqlite::{Connection, OptionalExtension as _, params};

/// A note, and when it was written.
pub type Note = (String, DateTime<Utc>);

pub(super) const NOTE: &str = "select text, at from notes where comment = ?";
pub(super) const NOTINGS: &str =
    "select comment, before, before_at, after, after_at from notings where act = ?";

/// What an act changed about one comment's note.
pub(super) struct Noting {
    pub comment: CommentId,
    pub before: Option<Note>,
    pub after: Option<Note>,
}

fn note(db: &Connection, comment: CommentId) -> Result<Option<Note>, Trouble> {
    let mut select = db.prepare_cached(NOTE)?;
    Ok(select.query_row([comment.0], |row| Ok((row.get(0)?, instant(row.get(1)?)))).optional()?)
}

impl Reader {
    /// The note on a comment.
    pub fn note(&self, comment: CommentId) -> Result<Option<Note>, Trouble> {
        note(self.db(), comment)
    }
}

impl Work<'_> {
    /// Writes the note on a comment in place of the one it has; an empty one takes that away. False where nothing changes.
    pub fn write_note(&self, comment: CommentId, text: &str, now: DateTime<Utc>) -> Result<bool, Trouble> {
        let before = note(&self.tx, comment)?;
        let after = (!text.is_empty()).then(|| (text.to_owned(), now));
        if before.as_ref().map(|(text, _)| text) == after.as_ref().map(|(text, _)| text) {
            return Ok(false);
        }
        let act = self.new_act(ActKind::Note, None, None, now)?;
        self.carry_out(act.0, &Noting { comment, before, after }, now)?;
        Ok(true)
    }

    /// Takes back what an act noted, as part of the act `undo`.
    pub(super) fn take_back_notes(
        &self,
        act: i64,
        undo: i64,
        now: DateTime<Utc>,
    ) -> Result<Vec<CommentId>, Trouble> {
        let turned = |noting: Noting| Noting { before: noting.after, after: noting.before, ..noting };
        self.notings(act)?.into_iter().map(|noting| self.carry_out(undo, &turned(noting), now)).collect()
    }

    /// Notes again what an act noted, as part of the act `again`.
    pub(super) fn note_again(
        &self,
        act: i64,
        again: i64,
        now: DateTime<Utc>,
    ) -> Result<Vec<CommentId>, Trouble> {
        self.notings(act)?.iter().map(|noting| self.carry_out(again, noting, now)).collect()
    }

    fn notings(&self, act: i64) -> Result<Vec<Noting>, Trouble> {
        let mut select = self.tx.prepare_cached(NOTINGS)?;
        let rows = select.query_map([act], |row| {
            let note = |text: Option<String>, at: Option<i64>| text.zip(at.map(instant));
            Ok(Noting {
                comment: CommentId(row.get(0)?),
                before: note(row.get(1)?, row.get(2)?),
                after: note(row.get(3)?, row.get(4)?),
            })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    fn carry_out(&self, act: i64, noting: &Noting, now: DateTime<Utc>) -> Result<CommentId, Trouble> {
        let Noting { comment, before, after } = noting;
        match after {
            Some((text, at)) => self
                .tx
                .prepare_cached(
                    "insert into notes values (?, ?, ?)
                     on conflict do update set text = excluded.text, at = excluded.at",
                )?
                .execute(params![comment.0, text, millis(*at)])?,
            None => self.tx.prepare_cached("delete from notes where comment = ?")?.execute([comment.0])?,
        };
        let of = |note: &Option<Note>| note.clone().map(|(text, at)| (text, millis(at))).unzip();
        let ((before, before_at), (after, after_at)) = (of(before), of(after));
        self.tx
            .prepare_cached("insert into notings values (?, ?, ?, ?, ?, ?)")?
            .execute(params![act, comment.0, before, before_at, after, after_at])?;
        self.note_here(act, *comment, if after.is_some() { "note" } else { "unnote" }, now)?;
        Ok(*comment)
    }
}
