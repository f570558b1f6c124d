//! What an opening had to mend, kept on the desk until a person has read it.

use super::super::carbon::Record;
use super::super::{Reader, Trouble, Work};
use rusqlite::{OptionalExtension as _, params};
use std::path::PathBuf;

/// The fact that keeps it.
const MENDED: &str = "mended";

/// What opening a desk had to mend.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Mended {
    /// Where the damaged file is now. `None` where the file is sound and only its newest changes were lost.
    pub aside: Option<PathBuf>,
    /// What was wrong with it.
    pub why: String,
    pub sites: u64,
    /// Decisions that are on their way again.
    pub decisions: u64,
    /// Decisions of which the desk cannot tell whether they were still wanted: a person is asked.
    pub doubtful: u64,
    /// Lines of the carbon copy that could not be read: what stood there is lost.
    pub lost: u64,
    /// Private notes that could still be read.
    pub notes: u64,
    /// A script has printed it.
    pub told: bool,
}

impl Mended {
    fn record(&self) -> Record {
        let record = Record::new(MENDED).with("why", &self.why).with("sites", self.sites);
        let record = record.with("decisions", self.decisions).with("doubtful", self.doubtful);
        let record = record.with("lost", self.lost).with("notes", self.notes);
        let record = record.with("told", i64::from(self.told));
        match &self.aside {
            Some(aside) => record.with("aside", aside.display()),
            None => record,
        }
    }

    fn of(record: &Record) -> Self {
        let number = |name| record.number(name).and_then(|n| u64::try_from(n).ok()).unwrap_or_default();
        Self {
            aside: record.text("aside").map(PathBuf::from),
            why: record.text("why").unwrap_or_default().to_owned(),
            sites: number("sites"),
            decisions: number("decisions"),
            doubtful: number("doubtful"),
            lost: number("lost"),
            notes: number("notes"),
            told: number("told") > 0,
        }
    }
}

impl Work<'_> {
    /// Keeps it until a person has read it.
    pub fn remember(&self, mended: &Mended) -> Result<(), Trouble> {
        let sql = "insert into facts values (?, ?) on conflict do update set value = excluded.value";
        self.tx.execute(sql, params![MENDED, mended.record().line().into_bytes()])?;
        Ok(())
    }

    /// A person has read what was mended.
    pub fn forget_mended(&self) -> Result<(), Trouble> {
        self.tx.execute("delete from facts where name = ?", [MENDED])?;
        Ok(())
    }
}

impl Reader {
    /// What an opening had to mend, until a person has read it.
    pub fn mended(&self) -> Result<Option<Mended>, Trouble> {
        let mut select = self.db().prepare_cached("select cast(value as text) from facts where name = ?")?;
        let line: Option<String> = select.query_row([MENDED], |row| row.get(0)).optional()?;
        Ok(line.and_then(|line| Record::of_line(line.trim_end())).map(|record| Mended::of(&record)))
    }
}
