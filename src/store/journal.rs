//! Every act, append-only. A line holds a salted digest of the words that were seen, so it survives their erasure, and
//! a chain digest over the line before it, so a changed or missing line shows. A cut tail shows only against an
//! exported head.

use super::rows::{millis, salted};
use super::{Reader, Trouble, Work};
use chrono::{DateTime, Utc};
use rusqlite::{Connection, OptionalExtension as _, Row, params};
use sha2::{Digest as _, Sha256};

/// One line to be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry<'a> {
    pub at: DateTime<Utc>,
    pub act: i64,
    pub site: &'a str,
    pub native_id: &'a str,
    /// What happened, as a word: `approve`, `withdraw`, `delivered`, `keep-theirs`, …
    pub what: &'a str,
    pub moderator: &'a str,
    /// Digest of the revision that was seen.
    pub seen: Option<&'a [u8]>,
}

/// Makes the desk's salt once.
pub fn ensure_salt(db: &Connection) -> Result<(), Trouble> {
    db.execute("insert or ignore into facts values ('salt', randomblob(32))", [])?;
    Ok(())
}

pub fn salt(db: &Connection) -> Result<Vec<u8>, Trouble> {
    Ok(db.query_row("select value from facts where name = 'salt'", [], |row| row.get(0))?)
}

/// A line as it is stored, without its place in the chain.
pub(super) struct Line {
    at: i64,
    act: i64,
    site: String,
    native_id: String,
    what: String,
    moderator: String,
    digest: Option<Vec<u8>>,
}

impl Line {
    /// Reads one from these columns, in the order of the table.
    pub fn of(row: &Row<'_>) -> rusqlite::Result<Self> {
        Ok(Self {
            at: row.get(0)?,
            act: row.get(1)?,
            site: row.get(2)?,
            native_id: row.get(3)?,
            what: row.get(4)?,
            moderator: row.get(5)?,
            digest: row.get(6)?,
        })
    }
}

impl Work<'_> {
    /// Appends one line.
    pub fn note(&self, entry: &Entry<'_>) -> Result<(), Trouble> {
        let digest = match entry.seen {
            Some(seen) => Some(salted(&salt(&self.tx)?, seen).to_vec()),
            None => None,
        };
        self.append(&Line {
            at: millis(entry.at),
            act: entry.act,
            site: entry.site.to_owned(),
            native_id: entry.native_id.to_owned(),
            what: entry.what.to_owned(),
            moderator: entry.moderator.to_owned(),
            digest,
        })
    }

    /// Appends a line behind the newest.
    pub(super) fn append(&self, line: &Line) -> Result<(), Trouble> {
        let before: Option<Vec<u8>> = self
            .tx
            .prepare_cached("select chain from journal order by id desc limit 1")?
            .query_row([], |row| row.get(0))
            .optional()?;
        let chain = link(&before.unwrap_or_default(), line);
        self.tx
            .prepare_cached(
                "insert into journal (at, act, site, native_id, what, moderator, digest, chain)
                 values (?, ?, ?, ?, ?, ?, ?, ?)",
            )?
            .execute(params![
                line.at,
                line.act,
                line.site,
                line.native_id,
                line.what,
                line.moderator,
                line.digest,
                chain.as_slice()
            ])?;
        Ok(())
    }
}

fn link(before: &[u8], line: &Line) -> [u8; 32] {
    let mut sum = Sha256::new();
    let (at, act) = (line.at.to_be_bytes(), line.act.to_be_bytes());
    let fields: [&[u8]; 8] = [
        before,
        &at,
        &act,
        line.site.as_bytes(),
        line.native_id.as_bytes(),
        line.what.as_bytes(),
        line.moderator.as_bytes(),
        line.digest.as_deref().unwrap_or_default(),
    ];
    for field in fields {
        // Lengths keep two fields from trading bytes unseen.
        sum.update((field.len() as u64).to_be_bytes());
        sum.update(field);
    }
    sum.finalize().into()
}

impl Reader {
    /// Walks the whole chain; how many lines hold. A line that was changed, or taken out between two others, is an error.
    pub fn verify_journal(&self) -> Result<u64, Trouble> {
        let mut select = self.db().prepare(
            "select at, act, site, native_id, what, moderator, digest, chain, id from journal order by id",
        )?;
        let mut rows = select.query([])?;
        let (mut before, mut n) = (Vec::new(), 0);
        while let Some(row) = rows.next()? {
            let chain: Vec<u8> = row.get(7)?;
            if link(&before, &Line::of(row)?).as_slice() != chain {
                let id: i64 = row.get(8)?;
                return Err(Trouble::Corrupt(format!("line {id} of the journal is not what was written")));
            }
            (before, n) = (chain, n + 1);
        }
        Ok(n)
    }
}
