//! What can be told of a desk's file without telling anything that stands in it: numbers, states, and whether it is sound.

use super::{FILE, LOCK, Reader, Store, Trouble, schema};
use std::fs::TryLockError;
use std::path::{Path, PathBuf};

/// See the module.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checkup {
    /// The file's schema, and the one this program writes.
    pub schema: (i64, i64),
    /// SQLite's own, such as `3.46.0`.
    pub sqlite: String,
    /// What the quick check of SQLite found, at most a hundred lines; none where the file is sound.
    pub damage: Vec<String>,
    /// `wal`, as every desk's file is.
    pub journal: String,
}

/// Decisions by state and, where one met a fault, its kind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decisions {
    pub delivery: String,
    pub fault: Option<String>,
    pub n: u64,
}

impl Reader {
    /// Looks the file over. Takes as long as reading all of it.
    pub fn checkup(&self) -> Result<Checkup, Trouble> {
        let db = self.db();
        let file: i64 = db.pragma_query_value(None, "user_version", |row| row.get(0))?;
        let mut damage = Vec::new();
        db.pragma_query(None, "quick_check", |row| {
            damage.push(row.get::<_, String>(0)?);
            Ok(())
        })?;
        damage.retain(|line| line != "ok");
        Ok(Checkup {
            schema: (file, schema::OURS),
            sqlite: rusqlite::version().to_owned(),
            damage,
            journal: db.pragma_query_value(None, "journal_mode", |row| row.get(0))?,
        })
    }

    /// How many decisions are in each state, those that met a fault apart.
    pub fn decisions_by_state(&self) -> Result<Vec<Decisions>, Trouble> {
        let mut select = self.db().prepare(
            "select delivery, iif(delivery in ('delivered', 'withdrawn'), null, fault), count(*) from outbox
             group by 1, 2 order by 1, 2",
        )?;
        let rows = select.query_map([], |row| {
            Ok(Decisions { delivery: row.get(0)?, fault: row.get(1)?, n: row.get(2)? })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// How many comments are on the desk, whatever their status.
    pub fn comments_total(&self) -> Result<u64, Trouble> {
        Ok(self.db().query_row("select count(*) from comments", [], |row| row.get(0))?)
    }
}

impl Store {
    /// A desk's file and the journal beside it, be they there or not.
    pub fn files(dir: &Path) -> (PathBuf, PathBuf) {
        (dir.join(FILE), dir.join(format!("{FILE}-wal")))
    }

    /// The process that holds a desk, as its lock names it.
    pub fn holder(dir: &Path) -> Option<String> {
        let path = dir.join(LOCK);
        let file = std::fs::File::open(&path).ok()?;
        match file.try_lock_shared() {
            Err(TryLockError::WouldBlock) => Some(std::fs::read_to_string(&path).unwrap_or_default()),
            // It was ours for this moment, or nobody can tell.
            Ok(()) | Err(TryLockError::Error(_)) => None,
        }
    }
}
