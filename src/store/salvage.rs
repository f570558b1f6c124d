//! What can still be read of a damaged file beyond the open decisions: the journal, private notes, what is parked. Row by
//! row, until the file gives no more.

use super::journal::Line;
use super::{Trouble, Work};
use rusqlite::types::Value;
use rusqlite::{Connection, OpenFlags, OptionalExtension as _, params};
use std::path::Path;

const NOTES: &str = "select s.id, c.native_id, n.text, n.at from notes n join comments c on c.id = n.comment
     join sites s on s.id = c.site";
const PARKED: &str = "select site, native_id, null, first_seen from comments where parked = 1";
const JOURNAL: &str =
    "select id, at, act, site, native_id, what, moderator, digest, chain from journal order by id";

/// A damaged file, as far as it can be read.
pub struct Old(Connection);

impl Old {
    /// Opens it and takes over its salt: without that the digests of its journal tell nothing.
    pub fn open(work: &Work<'_>, aside: &Path) -> Result<Option<Self>, Trouble> {
        let Ok(old) = Connection::open_with_flags(aside, OpenFlags::SQLITE_OPEN_READ_ONLY) else {
            return Ok(None);
        };
        let salt =
            old.query_row("select value from facts where name = 'salt'", [], |row| row.get::<_, Vec<u8>>(0));
        match salt {
            Ok(salt) if salt.len() == 32 => {
                work.tx.execute("update facts set value = ? where name = 'salt'", [salt])?;
            }
            Ok(_) => tracing::warn!("the salt of the damaged file is none"),
            Err(why) => tracing::warn!(%why, "the salt of the damaged file cannot be read"),
        }
        Ok(Some(Self(old)))
    }

    /// Carries over what can be read; how many private notes that were. What cannot is in the file that was set aside. Fails
    /// where the new file cannot be written: that is no fault of the old one.
    pub fn carry_over(&self, work: &Work<'_>) -> Result<u64, Trouble> {
        let mut lines = Vec::new();
        if let Err(why) = journal(&self.0, &mut lines) {
            tracing::warn!(%why, "the journal of the damaged file was read in part");
        }
        work.tries(|| work.carry_journal(lines))?;
        let notes = each(&self.0, NOTES, |row| work.carry_note(row))?;
        let parked = each(&self.0, PARKED, |row| work.carry_parked(row))?;
        tracing::info!(notes, parked, "carried over from the damaged file");
        Ok(notes)
    }
}

fn journal(old: &Connection, lines: &mut Vec<Vec<Value>>) -> Result<(), Trouble> {
    let mut select = old.prepare(JOURNAL)?;
    let mut rows = select.query([])?;
    while let Some(row) = rows.next()? {
        lines.push((0..9).map(|at| row.get(at)).collect::<Result<_, _>>()?);
    }
    Ok(())
}

/// A row of [`NOTES`] or [`PARKED`].
struct Carried {
    site: i64,
    native_id: String,
    text: Option<String>,
    at: i64,
}

/// Reads as many rows as the file gives; how many were carried over. Fails where the new file cannot be written.
fn each(
    old: &Connection,
    sql: &str,
    mut carry: impl FnMut(&Carried) -> Result<bool, Trouble>,
) -> Result<u64, Trouble> {
    let (mut n, mut failed) = (0, Ok(()));
    let mut read = || -> Result<(), Trouble> {
        let mut select = old.prepare(sql)?;
        let mut rows = select.query([])?;
        while let Some(row) = rows.next()? {
            let carried =
                Carried { site: row.get(0)?, native_id: row.get(1)?, text: row.get(2)?, at: row.get(3)? };
            match carry(&carried) {
                Ok(is_carried) => n += u64::from(is_carried),
                Err(why @ (Trouble::Wrong(_) | Trouble::Corrupt(_))) => {
                    tracing::warn!(%why, "a row of the damaged file could not be carried over");
                }
                Err(trouble) => {
                    failed = Err(trouble);
                    break;
                }
            }
        }
        Ok(())
    };
    if let Err(why) = read() {
        tracing::warn!(%why, "the damaged file gave no more");
    }
    failed.map(|()| n)
}

impl Work<'_> {
    /// Lines as they stood; those written since the file was set aside come behind them, and the chain says where.
    fn carry_journal(&self, lines: Vec<Vec<Value>>) -> Result<(), Trouble> {
        // The new file's own first lines are written again behind the old ones.
        let mut newest = self
            .tx
            .prepare("select at, act, site, native_id, what, moderator, digest from journal order by id")?;
        let own: Vec<Line> = newest.query_map([], Line::of)?.collect::<Result<_, _>>()?;
        self.tx.execute("delete from journal", [])?;
        for line in lines {
            self.tx
                .prepare_cached("insert into journal values (?, ?, ?, ?, ?, ?, ?, ?, ?)")?
                .execute(rusqlite::params_from_iter(line))?;
        }
        own.iter().try_for_each(|line| self.append(line))
    }

    fn carry_note(&self, note: &Carried) -> Result<bool, Trouble> {
        let Some(comment) = self.carried_comment(note)? else { return Ok(false) };
        let sql = "insert or ignore into notes (comment, text, at) values (?, ?, ?)";
        let text = note.text.as_deref().unwrap_or_default();
        Ok(self.tx.prepare_cached(sql)?.execute(params![comment, text, note.at])? > 0)
    }

    fn carry_parked(&self, parked: &Carried) -> Result<bool, Trouble> {
        let Some(comment) = self.carried_comment(parked)? else { return Ok(false) };
        Ok(self.tx.prepare_cached("update comments set parked = 1 where id = ?")?.execute([comment])? > 0)
    }

    /// The comment that something stood on; `None` where its site was not recovered. It has no words until the site tells
    /// them.
    fn carried_comment(&self, of: &Carried) -> Result<Option<i64>, Trouble> {
        let has: bool = self
            .tx
            .prepare_cached("select exists (select 1 from sites where id = ?)")?
            .query_row([of.site], |row| row.get(0))?;
        if !has {
            return Ok(None);
        }
        let sql = "insert or ignore into comments (site, native_id, first_seen) values (?, ?, ?)";
        self.tx.prepare_cached(sql)?.execute(params![of.site, of.native_id, of.at])?;
        let sql = "select id from comments where site = ? and native_id = ?";
        let mut select = self.tx.prepare_cached(sql)?;
        Ok(select.query_row(params![of.site, of.native_id], |row| row.get(0)).optional()?)
    }
}
