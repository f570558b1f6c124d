//! Every act, append-only. A line holds a salted digest of the words that were seen, so it survives their erasure, and
//! a chain digest over the line before it, so a changed or missing line shows. A cut tail shows only against an
//! exported head.

use super::rows::{millis, salted};
use super::{Trouble, Work};
use chrono::{DateTime, Utc};
use rusqlite::{Connection, OptionalExtension as _, params};
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

impl Work<'_> {
    /// Appends one line.
    pub fn note(&self, entry: &Entry<'_>) -> Result<(), Trouble> {
        let before: Option<Vec<u8>> = self
            .tx
            .prepare_cached("select chain from journal order by id desc limit 1")?
            .query_row([], |row| row.get(0))
            .optional()?;
        let digest = match entry.seen {
            Some(seen) => Some(salted(&salt(&self.tx)?, seen).to_vec()),
            None => None,
        };
        let chain = link(&before.unwrap_or_default(), entry, digest.as_deref());
        self.tx
            .prepare_cached(
                "insert into journal (at, act, site, native_id, what, moderator, digest, chain)
                 values (?, ?, ?, ?, ?, ?, ?, ?)",
            )?
            .execute(params![
                millis(entry.at),
                entry.act,
                entry.site,
                entry.native_id,
                entry.what,
                entry.moderator,
                digest,
                chain.as_slice()
            ])?;
        Ok(())
    }
}

fn link(before: &[u8], entry: &Entry<'_>, digest: Option<&[u8]>) -> [u8; 32] {
    let mut sum = Sha256::new();
    let (at, act) = (millis(entry.at).to_be_bytes(), entry.act.to_be_bytes());
    let fields: [&[u8]; 8] = [
        before,
        &at,
        &act,
        entry.site.as_bytes(),
        entry.native_id.as_bytes(),
        entry.what.as_bytes(),
        entry.moderator.as_bytes(),
        digest.unwrap_or_default(),
    ];
    for field in fields {
        // Lengths keep two fields from trading bytes unseen.
        sum.update((field.len() as u64).to_be_bytes());
        sum.update(field);
    }
    sum.finalize().into()
}
