//! The carbon copy: every site and every open decision once more, in a text file beside the database, where damage to that
//! does not reach. What a transaction changes is on disk here before the transaction commits, so a decision that was
//! acknowledged can be recovered whatever becomes of the database. Nothing is ever read from here while the database is
//! sound.

mod line;

pub use line::{Copied, Record};

use super::{Trouble, private_file};
use rusqlite::hooks::Action;
use rusqlite::types::ValueRef;
use rusqlite::{Connection, OptionalExtension as _, params};
use std::collections::BTreeSet;
use std::fs::File;
use std::io::{Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

/// Its name in the desk's folder.
pub const FILE: &str = "desk.carbon";
/// With nothing open, more bytes than this are written anew: words of settled decisions do not stay.
const IDLE_BYTES_MAX: u64 = 16 * 1024;
/// What has grown by more than this, and to more than twice of what is open, is written anew: the cost of that stays a
/// part of what was appended, however much is open.
const BYTES_MAX: u64 = 8 * 1024 * 1024;

/// The name of the newest transaction in the table of facts.
const SEQ: &str = "carbon";
/// The desk's own name there: a copy of another desk is not this one's.
const DESK: &str = "desk";

/// Columns of the outbox that name rows of this database, which a new one does not have.
const LOCAL: [&str; 3] = ["comment", "seen", "theirs_revision"];

/// An open decision with what names its comment, its wording and its site anywhere: should the site's own line be damaged, that
/// costs no decision.
const OPEN: &str = "select o.*, c.native_id as comment_id, hex(r.digest) as wording, s.slug as site_slug, s.name as site_name,
         s.backend as site_backend, s.base as site_base, s.account as site_account, s.sort as site_sort,
         s.hold_secs as site_hold_secs
     from outbox o join comments c on c.id = o.comment join revisions r on r.id = o.seen join sites s on s.id = o.site
     where o.id = ? and o.delivery not in ('delivered', 'withdrawn')";
const WORDING: &str = "select hex(r.digest) as wording, r.format, r.body, r.name, r.url, r.first_seen
     from outbox o join revisions r on r.id = o.seen where o.id = ?";

/// Which rows a transaction has touched.
#[derive(Default)]
struct Touched {
    outbox: BTreeSet<i64>,
    acts: BTreeSet<i64>,
    sites: BTreeSet<i64>,
    /// A wording was erased.
    erased: bool,
}

impl Touched {
    fn is_empty(&self) -> bool {
        self.outbox.is_empty() && self.acts.is_empty() && self.sites.is_empty()
    }
}

/// The file, and what of the database it follows.
pub struct Carbon {
    path: PathBuf,
    file: File,
    length: u64,
    /// Its length when it was last written anew; 0 where that was in an earlier run.
    rewritten: u64,
    seq: i64,
    touched: Arc<Mutex<Touched>>,
    worded: BTreeSet<String>,
    open: BTreeSet<i64>,
    /// Something was erased, and what was written about it must go too; or the file has grown.
    stale: bool,
}

/// A block that is on disk and whose transaction is not yet.
pub struct Pending {
    before: u64,
    seq: i64,
}

impl Carbon {
    /// Follows a sound database from here on. The copy that agrees with it goes on as it is: what is written anew from the
    /// database would be no better than that, should it be damaged where nobody has looked yet.
    pub fn start(dir: &Path, db: &mut Connection, agreed: Option<&Copied>) -> Result<Self, Trouble> {
        let touched = Arc::new(Mutex::new(Touched::default()));
        let theirs = Arc::clone(&touched);
        db.update_hook(Some(move |action: Action, _: &str, table: &str, row: i64| {
            let mut touched = theirs.lock().unwrap_or_else(PoisonError::into_inner);
            match table {
                "outbox" => touched.outbox.insert(row),
                "acts" => touched.acts.insert(row),
                "sites" => touched.sites.insert(row),
                // A wording never changes; what updates or deletes it erases it.
                "revisions" if action != Action::SQLITE_INSERT => {
                    std::mem::replace(&mut touched.erased, true)
                }
                _ => false,
            };
        }))?;
        let path = dir.join(FILE);
        let file = private_file(&path).map_err(|error| failed(&path, &error))?;
        let seq = seq_of(db)?;
        let mut carbon = Self {
            path,
            file,
            length: 0,
            rewritten: 0,
            seq,
            touched,
            worded: BTreeSet::new(),
            open: BTreeSet::new(),
            stale: false,
        };
        match agreed.filter(|copied| copied.damaged == 0 && copied.seq_done() == seq && copied.length > 0) {
            Some(copied) => carbon.go_on(copied)?,
            None => carbon.rewrite(db)?,
        }
        if carbon.open.is_empty() && carbon.length > IDLE_BYTES_MAX {
            carbon.rewrite(db)?;
        }
        Ok(carbon)
    }

    fn go_on(&mut self, copied: &Copied) -> Result<(), Trouble> {
        for record in copied.records() {
            match (record.kind.as_str(), record.number("id")) {
                ("words", _) => self.worded.insert(record.text("wording").unwrap_or_default().to_owned()),
                ("open", Some(id)) => self.open.insert(id),
                ("settled", Some(id)) => self.open.remove(&id),
                _ => false,
            };
        }
        self.length = copied.length;
        // What was written last and never came to be.
        self.file.set_len(self.length).map_err(|error| failed(&self.path, &error))
    }

    /// Forgets what an earlier transaction touched.
    pub fn begin(&self) {
        *self.touched.lock().unwrap_or_else(PoisonError::into_inner) = Touched::default();
    }

    /// Puts on disk what a transaction is about to change; `None` when it changes nothing that is kept here.
    pub fn write(&mut self, tx: &Connection) -> Result<Option<Pending>, Trouble> {
        let touched = std::mem::take(&mut *self.touched.lock().unwrap_or_else(PoisonError::into_inner));
        self.stale |= touched.erased;
        if touched.is_empty() {
            return Ok(None);
        }
        let seq = self.seq + 1;
        let text = match self.block(tx, &touched, seq) {
            Ok(text) => text,
            Err(trouble) => {
                // None of the words that it would have had is written.
                self.worded.clear();
                return Err(trouble);
            }
        };
        if text.is_empty() {
            return Ok(None);
        }
        let pending = Pending { before: self.length, seq };
        if let Err(error) = self.append(&text).and_then(|()| self.file.sync_data()) {
            self.void(&pending);
            return Err(failed(&self.path, &error));
        }
        Ok(Some(pending))
    }

    /// What a transaction is about to change, told to it under the number `seq`; empty when that is nothing that is kept here.
    fn block(&mut self, tx: &Connection, touched: &Touched, seq: i64) -> Result<String, Trouble> {
        let mut text = Record::new("begin").with("seq", seq).line();
        let begun = text.len();
        for id in &touched.sites {
            match row(tx, "select * from sites where id = ?", *id, "site", &[])? {
                Some(record) => text += &record.line(),
                None => {
                    self.stale = true;
                    text += &Record::new("no-site").with("id", id).line();
                }
            }
        }
        for id in &touched.outbox {
            text += &self.decision(tx, *id)?;
        }
        for id in &touched.acts {
            text += &act(tx, *id)?;
        }
        if text.len() == begun {
            return Ok(String::new());
        }
        set_seq(tx, seq)?;
        Ok(text)
    }

    fn decision(&mut self, tx: &Connection, id: i64) -> Result<String, Trouble> {
        let Some(record) = open_decision(tx, id)? else {
            self.open.remove(&id);
            let mut select = tx.prepare_cached("select delivery from outbox where id = ?")?;
            let delivery: Option<String> = select.query_row([id], |row| row.get(0)).optional()?;
            let settled = Record::new("settled").with("id", id);
            return Ok(settled.with("delivery", delivery.as_deref().unwrap_or("withdrawn")).line());
        };
        self.open.insert(id);
        let mut text = String::new();
        let wording = record.text("wording").unwrap_or_default().to_owned();
        if self.worded.insert(wording)
            && let Some(words) = row(tx, WORDING, id, "words", &[])?
        {
            text += &words.line();
        }
        if let Some(batch) = record.number("batch") {
            text += &act(tx, batch)?;
        }
        Ok(text + &record.line())
    }

    fn append(&mut self, text: &str) -> std::io::Result<()> {
        self.file.seek(SeekFrom::Start(self.length))?;
        self.file.write_all(text.as_bytes())?;
        self.length += text.len() as u64;
        Ok(())
    }

    /// The transaction is on disk.
    pub fn done(&mut self, pending: &Pending) {
        self.seq = pending.seq;
        // Unsaid it is only in doubt, and a sound database says so itself.
        if let Err(error) = self.append(&Record::new("done").with("seq", pending.seq).line()) {
            tracing::warn!(%error, "the carbon copy");
        }
        let idle = self.open.is_empty() && self.length > IDLE_BYTES_MAX;
        self.stale |= idle || self.length > 2 * self.rewritten + BYTES_MAX;
    }

    /// After every transaction: what must not or need not stay is written out.
    pub fn tidy(&mut self, db: &Connection) {
        if std::mem::take(&mut self.stale)
            && let Err(why) = self.rewrite(db)
        {
            tracing::warn!(%why, "the carbon copy was not written anew");
            self.stale = true;
        }
    }

    /// The transaction did not come to be.
    pub fn void(&mut self, pending: &Pending) {
        self.length = pending.before;
        // Words that were written with it are written again.
        self.worded.clear();
        if let Err(error) = self.file.set_len(pending.before) {
            tracing::warn!(%error, "the carbon copy keeps what did not come to be");
        }
    }

    /// Writes everything that is open anew, and nothing else. A crash leaves the old file or the new one.
    pub fn rewrite(&mut self, db: &Connection) -> Result<(), Trouble> {
        let seq = self.seq;
        self.worded.clear();
        self.open.clear();
        let mut text =
            Record::new("desk").with("id", desk_of(db)?).with("schema", super::schema::OURS).line();
        text += &Record::new("begin").with("seq", seq).line();
        for id in ids(db, "select id from sites order by id")? {
            if let Some(record) = row(db, "select * from sites where id = ?", id, "site", &[])? {
                text += &record.line();
            }
        }
        let open = "select id from outbox where delivery not in ('delivered', 'withdrawn') order by id";
        for id in ids(db, open)? {
            text += &self.decision(db, id)?;
        }
        text += &Record::new("done").with("seq", seq).line();
        let beside = self.path.with_extension("carbon.new");
        let written = || -> std::io::Result<File> {
            let mut file = private_file(&beside)?;
            file.set_len(0)?;
            file.write_all(text.as_bytes())?;
            file.sync_all()?;
            std::fs::rename(&beside, &self.path)?;
            super::sync_folder(&self.path)?;
            Ok(file)
        };
        self.file = written().map_err(|error| failed(&self.path, &error))?;
        self.length = text.len() as u64;
        self.rewritten = self.length;
        self.stale = false;
        Ok(())
    }
}

fn failed(path: &Path, error: &std::io::Error) -> Trouble {
    Trouble::of_io(path, error)
}

/// Reads what an earlier run left; `None` where there is none.
pub fn read(dir: &Path) -> Option<Copied> {
    match std::fs::read(dir.join(FILE)) {
        Ok(bytes) => Some(Copied::of_bytes(&bytes)),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => None,
        Err(error) => {
            tracing::warn!(%error, "the carbon copy cannot be read");
            None
        }
    }
}

/// An open decision as its record would be written now.
pub fn open_decision(db: &Connection, id: i64) -> Result<Option<Record>, Trouble> {
    row(db, OPEN, id, "open", &LOCAL)
}

/// The newest transaction that a database holds of those the copy knows.
pub fn seq_of(db: &Connection) -> Result<i64, Trouble> {
    Ok(fact(db, SEQ)?.and_then(|text| text.parse().ok()).unwrap_or_default())
}

/// The desk's own name; empty where it has none yet.
pub fn desk_of(db: &Connection) -> Result<String, Trouble> {
    Ok(fact(db, DESK)?.unwrap_or_default())
}

/// Gives a desk a name of its own, once.
pub fn ensure_desk(db: &Connection) -> Result<(), Trouble> {
    let sql = "insert or ignore into facts values (?, cast(lower(hex(randomblob(8))) as blob))";
    db.execute(sql, [DESK])?;
    Ok(())
}

/// Gives a new file the name of the desk that it is recovered for.
pub fn name_desk(db: &Connection, name: &str) -> Result<(), Trouble> {
    db.execute("update facts set value = ? where name = ?", params![name.as_bytes(), DESK])?;
    Ok(())
}

/// Remembers which transaction of the copy a database has come to.
pub fn set_seq(db: &Connection, seq: i64) -> Result<(), Trouble> {
    let sql = "insert into facts values (?, ?) on conflict do update set value = excluded.value";
    db.prepare_cached(sql)?.execute(params![SEQ, seq.to_string().into_bytes()])?;
    Ok(())
}

fn fact(db: &Connection, name: &str) -> Result<Option<String>, Trouble> {
    let mut select = db.prepare_cached("select cast(value as text) from facts where name = ?")?;
    Ok(select.query_row([name], |row| row.get(0)).optional()?)
}

fn ids(db: &Connection, sql: &str) -> Result<Vec<i64>, Trouble> {
    let mut select = db.prepare_cached(sql)?;
    Ok(select.query_map([], |row| row.get(0))?.collect::<Result<_, _>>()?)
}

/// An act that has open decisions; of others there is nothing to keep.
fn act(db: &Connection, id: i64) -> Result<String, Trouble> {
    let open = "select * from acts where id = ? and exists (select 1 from outbox o where o.batch = acts.id
        and o.delivery not in ('delivered', 'withdrawn'))";
    let record = row(db, open, id, "act", &[])?;
    Ok(record.map(|record| record.line()).unwrap_or_default())
}

/// One row as a record, whatever columns it has, but for those left out.
fn row(db: &Connection, sql: &str, id: i64, kind: &str, without: &[&str]) -> Result<Option<Record>, Trouble> {
    let mut select = db.prepare_cached(sql)?;
    let names: Vec<String> = select.column_names().map(str::to_owned).collect();
    let found = select.query_row([id], |row| {
        let mut record = Record::new(kind);
        for (at, name) in names.iter().enumerate().filter(|(_, name)| !without.contains(&name.as_str())) {
            let value = match row.get_ref(at)? {
                ValueRef::Null | ValueRef::Blob(_) => None,
                ValueRef::Integer(number) => Some(number.to_string()),
                ValueRef::Real(number) => Some(number.to_string()),
                ValueRef::Text(text) => Some(String::from_utf8_lossy(text).into_owned()),
            };
            record.fields.insert(name.clone(), value);
        }
        Ok(record)
    });
    Ok(found.optional()?)
}

#[cfg(test)]
mod tests {
    use super::super::{ActKind, Ledger, NewDecision, Options, Source, sample, schema};
    use super::*;
    use crate::domain::{CommentId, Verb};
    use chrono::DateTime;

    #[test]
    fn a_copy_is_not_written_anew_at_every_change_however_much_is_open() {
        let dir = tempfile::tempdir().unwrap();
        let mut db = Connection::open_in_memory().unwrap();
        schema::migrate(&mut db).unwrap();
        ensure_desk(&db).unwrap();
        let mut carbon = Carbon::start(dir.path(), &mut db, None).unwrap();
        assert_eq!(carbon.rewritten, carbon.length);
        carbon.open.insert(1);
        (carbon.rewritten, carbon.length) = (BYTES_MAX + 1, BYTES_MAX + 1);
        carbon.done(&Pending { before: 0, seq: 1 });
        assert!(!carbon.stale, "all of it is open");
        carbon.length = 3 * BYTES_MAX + 3;
        carbon.done(&Pending { before: 0, seq: 2 });
        assert!(carbon.stale);
        carbon.tidy(&db);
        assert!(!carbon.stale && carbon.rewritten == carbon.length && carbon.length < BYTES_MAX);
    }

    #[test]
    fn a_decision_has_its_words_in_the_copy_also_where_it_was_written_at_the_second_try() {
        let dir = tempfile::tempdir().unwrap();
        let now = DateTime::from_timestamp(1_770_000_000, 0).unwrap();
        let mut desk = Ledger::open(dir.path(), Options::default()).unwrap();
        let site = desk.write(|work| work.add_site(&sample::site())).unwrap();
        desk.write(|work| work.ingest(site, 1, Source::List, now, &[sample::told("c1", "late ferry")]))
            .unwrap();
        let item = || NewDecision {
            comment: CommentId(1),
            verb: Verb::Spam,
            keeps: false,
            seen: None,
            key: "k".to_owned(),
            hold_secs: 5,
        };
        let words = || {
            let copied = read(dir.path()).unwrap();
            let kinds: Vec<String> = copied.records().map(|record| record.kind.clone()).collect();
            ["words", "open"].map(|wanted| kinds.iter().filter(|kind| *kind == wanted).count())
        };
        let failed = desk.write(|work| {
            work.decide(ActKind::Decide, &[item()], now)?;
            let sql = "create temp trigger no before insert on facts begin select raise(abort, 'no'); end";
            Ok(work.tx.execute_batch(sql)?)
        });
        assert!(failed.is_err() && words() == [0, 0], "{failed:?}");
        desk.write(|work| work.decide(ActKind::Decide, &[item()], now)).unwrap();
        assert_eq!(words(), [1, 1]);
    }
}
