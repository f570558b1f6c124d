//! Opening a desk whose file is damaged: the file is set aside, never deleted, and what was open is brought back from the
//! carbon copy onto a new one. A sound file that lost its newest transactions gets those back from there too.

use super::carbon::{self, Copied, Record};
use super::ingest::digest_of;
use super::rows::{delivery_of, status_of, verb_of};
use super::{FILE, Ledger, Options, Reader, Trouble, Work, schema};
use chrono::{DateTime, Utc};
use rusqlite::{Connection, OptionalExtension as _, ToSql, params, params_from_iter};
use std::collections::{BTreeMap, BTreeSet};
use std::io::Read as _;
use std::path::{Path, PathBuf};

/// In the desk's folder after its file was found to be damaged while it was open: the next start looks through all of it.
const MARK: &str = "desk.damaged";
/// The fact that keeps [`Mended`] until a person has read it.
const MENDED: &str = "mended";
/// A SQLite file begins with a header of this size.
const HEADER_BYTES: u64 = 100;
/// Columns of the outbox that name another decision, which may be settled and gone.
const OTHERS: [&str; 3] = ["after", "undoes", "beside"];

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

/// Opens a desk's file; where it is damaged, in a new one with everything that could be recovered. `ended_well` is false
/// where whoever had it open last did not close it.
pub fn open(dir: &Path, options: Options, ended_well: bool) -> Result<Ledger, Trouble> {
    let path = dir.join(FILE);
    let now = options.now.unwrap_or_else(|| last_written(&path));
    let copied = carbon::read(dir).unwrap_or_default();
    let suspect = !ended_well || dir.join(MARK).exists();
    let opened = sound(&path, options, suspect, &copied).and_then(|mut ledger| {
        let agrees = keep_up(&mut ledger, &copied, (dir, now))?;
        ledger.with_carbon(dir, Some(&copied).filter(|_| agrees))
    });
    let ledger = match opened {
        Ok(ledger) => ledger,
        // Tables that do not bear our own statements are not those that were made.
        Err(Trouble::Corrupt(why) | Trouble::Wrong(why)) => begin_anew(dir, options, (&copied, &why), now)?,
        Err(trouble) => return Err(trouble.at(dir)),
    };
    // It stays where it is if it cannot be removed, and costs the next start a look.
    let _ = std::fs::remove_file(dir.join(MARK));
    Ok(ledger)
}

/// The next start looks through the whole file.
pub fn mark(dir: &Path, why: &str) {
    let written = super::private_file(&dir.join(MARK))
        .and_then(|mut file| std::io::Write::write_all(&mut file, why.as_bytes()));
    if let Err(error) = written {
        tracing::warn!(%error, "the damaged desk could not be marked");
    }
}

/// When a file was last written; the epoch for one that is not there.
fn last_written(path: &Path) -> DateTime<Utc> {
    let modified = std::fs::metadata(path).and_then(|meta| meta.modified());
    modified.map(DateTime::from).unwrap_or_default()
}

fn sound(path: &Path, options: Options, suspect: bool, copied: &Copied) -> Result<Ledger, Trouble> {
    match header(path) {
        Ok(header) if header.is_empty() && copied.is_empty() => {}
        Ok(header) if header.is_empty() => {
            return Err(Trouble::Corrupt("the file is gone or empty".to_owned()));
        }
        Ok(header) => see_header(&header)?,
        Err(error) => return Err(Trouble::of_io(path, &error)),
    }
    let ledger = Ledger::open_with(path, options, &|db| see_schema(db, copied))?;
    let db = ledger.reading();
    if suspect {
        check(db)?;
    }
    // What the desk cannot do without is read once before anything is built on it.
    for site in super::sites::sites(db)? {
        super::outbox::open_rows(db, site.id)?;
    }
    compare(db, copied)?;
    Ok(ledger)
}

/// The first bytes of a file; none where it is not there.
fn header(path: &Path) -> std::io::Result<Vec<u8>> {
    let mut header = Vec::new();
    match std::fs::File::open(path) {
        Ok(file) => file.take(HEADER_BYTES).read_to_end(&mut header).map(|_| header),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(header),
        Err(error) => Err(error),
    }
}

/// What SQLite would take for something else than damage: a stump for a new file, and another version of the format (bytes 18
/// and 19 of the header), of the schema's (44 to 47) or of the text's (56 to 59, UTF-8 alone is written here) for a file that
/// it may only read, or not at all. See <https://sqlite.org/fileformat.html>.
fn see_header(header: &[u8]) -> Result<(), Trouble> {
    let is_sound = matches!(header.get(18..20), Some([1 | 2, 1 | 2]))
        && matches!(header.get(44..48), Some([0, 0, 0, 0..=4]))
        && matches!(header.get(56..60), Some([0, 0, 0, 0..=1]));
    if is_sound && header.len() as u64 == HEADER_BYTES {
        Ok(())
    } else {
        Err(Trouble::Corrupt("its header is garbled or cut".to_owned()))
    }
}

/// The copy is written anew whenever a file has been brought to a newer schema: one that tells of an older was not written so.
fn see_schema(db: &Connection, copied: &Copied) -> Result<(), Trouble> {
    let file: i64 = db.pragma_query_value(None, "user_version", |row| row.get(0))?;
    match copied.schema {
        Some(written) if written <= schema::OURS && file < written => {
            Err(Trouble::Corrupt(format!("its header tells of schema {file}")))
        }
        _ => Ok(()),
    }
}

/// What an open decision is about. A file that says otherwise than its copy, of the same moment, was not written so.
const ABOUT: [&str; 5] = ["site", "comment_id", "verb", "key", "wording"];

/// A flipped bit in a column is no damage that SQLite could see: open decisions are compared with their copy.
fn compare(db: &Connection, copied: &Copied) -> Result<(), Trouble> {
    if carbon::desk_of(db)? != copied.desk || carbon::seq_of(db)? != copied.seq_done() {
        return Ok(());
    }
    let found = Found::of(copied, 0, false);
    for (id, record) in &found.open {
        let here = carbon::open_decision(db, *id)?;
        let differs = |here: &Record| ABOUT.iter().any(|name| here.text(name) != record.text(name));
        if here.is_none_or(|here| differs(&here)) || !reads_as_seen(db, *id)? {
            return Err(Trouble::Corrupt(format!("decision {id} is not what was written")));
        }
    }
    see_words(db, "outbox where delivery not in ('delivered', 'withdrawn')")
}

/// Whether the wording that a decision stands on still is the one its digest names.
fn reads_as_seen(db: &Connection, id: i64) -> Result<bool, Trouble> {
    let sql = "select r.format, r.body, r.name, r.url, r.digest from outbox o join revisions r on r.id = o.seen
         where o.id = ?";
    let mut select = db.prepare_cached(sql)?;
    Ok(select.query_row([id], |row| {
        let (format, body, name): (String, String, String) = (row.get(0)?, row.get(1)?, row.get(2)?);
        let url: Option<String> = row.get(3)?;
        let told: Vec<u8> = row.get(4)?;
        // What was recovered without its words has a digest and nothing that it names.
        Ok(body.is_empty() || digest_of(&format, &body, &name, url.as_deref()).as_slice() == told)
    })?)
}

/// Whether the words in the outbox are those that the desk writes.
fn see_words(db: &Connection, of: &str) -> Result<(), Trouble> {
    let sql = format!("select distinct verb, delivery, prior, replaced, theirs_status from {of}");
    let mut select = db.prepare(&sql)?;
    let mut rows = select.query([])?;
    while let Some(row) = rows.next()? {
        verb_of(&row.get::<_, String>(0)?)?;
        delivery_of(&row.get::<_, String>(1)?)?;
        for at in 2..5 {
            row.get::<_, Option<String>>(at)?.map(|word| status_of(&word)).transpose()?;
        }
    }
    Ok(())
}

/// Reads the whole file. Costs about 0.3 s for 100 MB that the system has in its cache.
pub fn check(db: &Connection) -> Result<(), Trouble> {
    let told: String = db.query_row("pragma quick_check(1)", [], |row| row.get(0))?;
    if told != "ok" {
        return Err(Trouble::Corrupt(told.replace('\n', " ")));
    }
    let mut statuses = db.prepare("select distinct status from comments")?;
    let mut rows = statuses.query([])?;
    while let Some(row) = rows.next()? {
        status_of(&row.get::<_, String>(0)?)?;
    }
    see_words(db, "outbox")
}

/// Sets the damaged file aside and begins a new one with what the carbon copy has.
fn begin_anew(
    dir: &Path,
    options: Options,
    (copied, why): (&Copied, &str),
    now: DateTime<Utc>,
) -> Result<Ledger, Trouble> {
    let aside = set_aside(dir, now)?;
    tracing::warn!(%why, file = %aside.display(), "the desk's file was damaged and is set aside");
    let mut ledger = Ledger::open_with(&dir.join(FILE), options, &|_| Ok(()))?;
    if !copied.desk.is_empty() {
        carbon::name_desk(ledger.reading(), &copied.desk)?;
    }
    let found = Found::of(copied, 0, true);
    let lost = copied.damaged as u64;
    let mut mended = Mended { aside: Some(aside.clone()), why: why.to_owned(), lost, ..Mended::default() };
    ledger.write(|work| {
        carbon::set_seq(&work.tx, copied.blocks.iter().map(|block| block.seq).max().unwrap_or_default())?;
        let old = super::salvage::Old::open(work, &aside);
        work.bring_back(&found, copied.damaged > 0, now, &mut mended)?;
        mended.notes = old.map_or(0, |old| old.carry_over(work));
        work.remember(&mended)
    })?;
    ledger.with_carbon(dir, None)
}

/// A sound file may have lost transactions that were acknowledged (a torn write-ahead log), or may be an older one that was
/// put back: the copy then knows better. Whether the two agree as they are.
fn keep_up(
    ledger: &mut Ledger,
    copied: &Copied,
    (dir, now): (&Path, DateTime<Utc>),
) -> Result<bool, Trouble> {
    let db = ledger.reading();
    let (desk, seq, newest) = (carbon::desk_of(db)?, carbon::seq_of(db)?, copied.seq_done());
    if desk != copied.desk && !copied.is_empty() {
        if db.query_row("select count(*) from sites", [], |row| row.get::<_, i64>(0))? == 0 {
            return Err(Trouble::Corrupt("nothing of what was written is in it".to_owned()));
        }
        // Somebody put another desk's file here: that one's decisions are not this copy's.
        let other = aside_name(dir, now).with_extension("carbon");
        return std::fs::copy(dir.join(carbon::FILE), &other)
            .map(|_| false)
            .map_err(|error| Trouble::of_io(&other, &error));
    }
    if desk != copied.desk || seq >= newest {
        return Ok(desk == copied.desk && copied.schema == Some(schema::OURS));
    }
    let found = Found::of(copied, seq, false);
    let lost = copied.damaged as u64;
    ledger.write(|work| {
        let why = format!("{} changes were lost", newest - seq);
        let mut mended = Mended { why, lost, ..Mended::default() };
        carbon::set_seq(&work.tx, newest)?;
        work.bring_back(&found, copied.damaged > 0, now, &mut mended)?;
        work.doubt_what_is_not_open(&found)?;
        work.remember(&mended)
    })?;
    Ok(false)
}

/// A name with the date that nothing in the folder has yet.
fn aside_name(dir: &Path, now: DateTime<Utc>) -> PathBuf {
    let stem = format!("desk-damaged-{}", now.format("%Y-%m-%d-%H%M%S"));
    let free = (1..).map(|n| if n == 1 { stem.clone() } else { format!("{stem}-{n}") });
    let is_free = |path: &PathBuf| !path.exists() && !path.with_extension("carbon").exists();
    let name = free.map(|stem| dir.join(stem + ".sqlite")).find(is_free);
    name.unwrap_or_else(|| dir.join(stem + ".sqlite"))
}

/// Moves the file, with what belongs to it, to a name with the date. Nothing is deleted.
fn set_aside(dir: &Path, now: DateTime<Utc>) -> Result<PathBuf, Trouble> {
    let aside = aside_name(dir, now);
    let with = |path: &Path, end: &str| {
        let mut name = path.as_os_str().to_owned();
        name.push(end);
        PathBuf::from(name)
    };
    let failed = |error: std::io::Error| Trouble::of_io(dir, &error);
    let copy = dir.join(carbon::FILE);
    if copy.exists() {
        std::fs::copy(&copy, aside.with_extension("carbon")).map_err(failed)?;
    }
    // The file itself goes last: its log beside a new file would be taken for that one's.
    for end in ["-wal", "-shm", ""] {
        let from = with(&dir.join(FILE), end);
        if from.exists() {
            std::fs::rename(&from, with(&aside, end)).map_err(failed)?;
        }
    }
    super::sync_folder(&aside).map_err(failed)?;
    Ok(aside)
}

/// What a carbon copy tells, put together.
#[derive(Default)]
struct Found {
    sites: BTreeMap<i64, Option<Record>>,
    acts: BTreeMap<i64, Record>,
    words: BTreeMap<String, Record>,
    open: BTreeMap<i64, Record>,
    settled: BTreeMap<i64, String>,
    /// Whether the database took the newest change of these is not known.
    doubtful: BTreeSet<i64>,
    /// Everything that was open at the end, also what did not change since.
    all_open: BTreeSet<i64>,
}

impl Found {
    /// What changed after transaction `since`. Of a sound database it is known that it did not take what is not `done`.
    fn of(copied: &Copied, since: i64, is_lost: bool) -> Self {
        let mut found = Self::default();
        for block in &copied.blocks {
            let is_new = is_lost || block.seq > since;
            if !block.done && !is_lost {
                continue;
            }
            for record in &block.records {
                found.take(record, is_new, block.done);
            }
        }
        found
    }

    fn take(&mut self, record: &Record, is_new: bool, done: bool) {
        let id = record.number("id");
        match (record.kind.as_str(), id) {
            ("words", _) => {
                let wording = record.text("wording").unwrap_or_default().to_owned();
                self.words.insert(wording, record.clone());
            }
            ("act", Some(id)) => drop(self.acts.insert(id, record.clone())),
            ("site", Some(id)) if is_new => drop(self.sites.insert(id, Some(record.clone()))),
            ("no-site", Some(id)) if is_new => {
                self.sites.insert(id, None);
                self.open.retain(|_, open| open.number("site") != Some(id));
            }
            ("open", Some(id)) => {
                if !done && !self.all_open.contains(&id) {
                    self.doubtful.insert(id);
                }
                self.all_open.insert(id);
                if is_new {
                    self.settled.remove(&id);
                    self.open.insert(id, record.clone());
                }
            }
            ("settled", Some(id)) if !done => drop(self.doubtful.insert(id)),
            ("settled", Some(id)) => {
                self.all_open.remove(&id);
                self.open.remove(&id);
                if is_new {
                    self.settled.insert(id, record.text("delivery").unwrap_or("withdrawn").to_owned());
                }
            }
            _ => {}
        }
    }
}

impl Work<'_> {
    fn bring_back(
        &self,
        found: &Found,
        is_damaged: bool,
        now: DateTime<Utc>,
        mended: &mut Mended,
    ) -> Result<(), Trouble> {
        for (id, site) in &found.sites {
            match site {
                Some(record) if self.tries(|| self.put("sites", record, &[]))?.is_some() => mended.sites += 1,
                Some(_) => mended.lost += 1,
                None => self.remove_site(crate::domain::SiteId(*id))?,
            }
        }
        for (id, record) in &found.open {
            let is_doubtful = found.doubtful.contains(id);
            let brought = self.tries(|| {
                let is_back = self.bring_decision_back(record, found, (is_doubtful, is_damaged))?;
                if is_back {
                    let what = if is_doubtful { "doubtful" } else { "recovered" };
                    self.note_by_id(crate::domain::DecisionId(*id), what, now)?;
                }
                Ok(is_back)
            })?;
            if brought == Some(true) {
                let count = if is_doubtful { &mut mended.doubtful } else { &mut mended.decisions };
                *count += 1;
            } else {
                mended.lost += 1;
            }
        }
        for (id, delivery) in &found.settled {
            self.tx
                .prepare_cached("update outbox set delivery = ? where id = ?")?
                .execute(params![delivery, id])?;
        }
        Ok(())
    }

    /// Does something whole or not at all: one record that breaks a rule of the file costs itself alone.
    fn tries<T>(&self, work: impl FnOnce() -> Result<T, Trouble>) -> Result<Option<T>, Trouble> {
        self.tx.execute_batch("savepoint one")?;
        match work() {
            Ok(value) => {
                self.tx.execute_batch("release one")?;
                Ok(Some(value))
            }
            Err(Trouble::Wrong(why) | Trouble::Corrupt(why)) => {
                tracing::warn!(%why, "a record of the carbon copy could not be brought back");
                self.tx.execute_batch("rollback to one; release one")?;
                Ok(None)
            }
            Err(trouble) => Err(trouble),
        }
    }

    /// Puts one decision back; `false` where its site is not known any more.
    fn bring_decision_back(
        &self,
        record: &Record,
        found: &Found,
        (is_doubtful, is_damaged): (bool, bool),
    ) -> Result<bool, Trouble> {
        let (Some(site), Some(batch)) = (record.number("site"), record.number("batch")) else { return Ok(false) };
        if !self.has("select exists (select 1 from sites where id = ?)", site)? {
            return Ok(false);
        }
        self.bring_act_back(batch, record, found)?;
        let (comment, seen) = self.stand_in(site, record, found)?;
        let mut row = record.clone();
        for name in OTHERS {
            let other = record.number(name);
            let is_here = other.map(|other| self.has("select exists (select 1 from outbox where id = ?)", other));
            if !is_here.transpose()?.unwrap_or(false) {
                row.fields.insert(name.to_owned(), None);
            }
        }
        let is_sent = record.text("delivery") == Some("sending");
        if is_doubtful {
            row = row.with("delivery", "refused").with("fault", "doubtful").with("why", "");
        } else if matches!(record.text("delivery"), Some("held" | "queued")) {
            row = row.with("fault", "recovered").with("why", "");
        }
        // It is looked at before it is sent, whatever is known of it.
        if !is_sent {
            row = row.with("unanswered", 1);
        }
        if is_damaged || is_doubtful {
            row = row.with("left_home", record.number("left_home").unwrap_or_default().max(1));
        }
        self.put("outbox", &row, &[("comment", comment), ("seen", seen)])?;
        Ok(true)
    }

    fn bring_act_back(&self, batch: i64, record: &Record, found: &Found) -> Result<(), Trouble> {
        if self.has("select exists (select 1 from acts where id = ?)", batch)? {
            return Ok(());
        }
        let plain = || {
            let at = record.number("made_at").unwrap_or_default();
            let act = Record::new("act").with("id", batch).with("at", at).with("kind", "decide");
            act.with("verb", record.text("verb").unwrap_or_default()).with("taken_back", 0)
        };
        let mut act = found.acts.get(&batch).cloned().unwrap_or_else(plain);
        let of = act.number("of_act").map(|of| self.has("select exists (select 1 from acts where id = ?)", of));
        if !of.transpose()?.unwrap_or(false) {
            act.fields.insert("of_act".to_owned(), None);
        }
        self.put("acts", &act, &[])
    }

    /// The comment and the wording that a decision stands on, as far as they are known, until the site tells them anew.
    fn stand_in(&self, site: i64, record: &Record, found: &Found) -> Result<(i64, i64), Trouble> {
        let native_id = record.text("comment_id").unwrap_or_default();
        let made_at = record.number("made_at").unwrap_or_default();
        let known: Option<i64> = self
            .tx
            .prepare_cached("select id from comments where site = ? and native_id = ?")?
            .query_row(params![site, native_id], |row| row.get(0))
            .optional()?;
        let comment = match known {
            Some(id) => id,
            None => {
                let sql = "insert into comments (site, native_id, status, tag, first_seen) values (?, ?, ?, ?, ?)";
                let (prior, tag) = (record.text("prior").unwrap_or("other"), record.text("base_tag"));
                self.tx.prepare_cached(sql)?.execute(params![site, native_id, prior, tag, made_at])?;
                self.tx.last_insert_rowid()
            }
        };
        let wording = record.text("wording").unwrap_or_default();
        let sql = "select id from revisions where comment = ? and hex(digest) = ?";
        let stored: Option<i64> =
            self.tx.prepare_cached(sql)?.query_row(params![comment, wording], |row| row.get(0)).optional()?;
        let seen = match stored {
            Some(id) => id,
            None => {
                // Without its words it is never sent unasked: they differ from whatever the site has.
                let words = found.words.get(wording);
                let text = |name| words.and_then(|words| words.text(name));
                self.tx
                    .prepare_cached(
                        "insert into revisions (comment, digest, format, body, name, url, first_seen)
                         values (?, ifnull(unhex(?), x''), ?, ?, ?, ?, ?)",
                    )?
                    .execute(params![
                        comment,
                        wording,
                        text("format").unwrap_or("plain"),
                        text("body").unwrap_or_default(),
                        text("name").unwrap_or_default(),
                        text("url"),
                        made_at
                    ])?;
                self.tx.last_insert_rowid()
            }
        };
        let sql = "update comments set revision = ? where id = ? and revision is null";
        self.tx.prepare_cached(sql)?.execute([seen, comment])?;
        Ok((comment, seen))
    }

    /// An older file was put back: what it holds as open and the copy does not is settled since, as far as anybody knows.
    fn doubt_what_is_not_open(&self, found: &Found) -> Result<(), Trouble> {
        let mut select = self
            .tx
            .prepare("select id from outbox where delivery in ('held', 'queued') and unanswered = 0")?;
        let open: Vec<i64> = select.query_map([], |row| row.get(0))?.collect::<Result<_, _>>()?;
        for id in open.into_iter().filter(|id| !found.all_open.contains(id)) {
            let sql = "update outbox set unanswered = 1, left_home = max(left_home, 1) where id = ?";
            self.tx.prepare_cached(sql)?.execute([id])?;
        }
        Ok(())
    }

    fn has(&self, sql: &str, id: i64) -> Result<bool, Trouble> {
        Ok(self.tx.prepare_cached(sql)?.query_row([id], |row| row.get(0))?)
    }

    /// Writes a record as a row, over the one with its id if there is one. Columns that this table does not have are left
    /// out, so that a copy may be older or newer than the schema.
    fn put(&self, table: &str, record: &Record, more: &[(&str, i64)]) -> Result<(), Trouble> {
        let mut columns = self.tx.prepare_cached("select name from pragma_table_info(?)")?;
        let known: Vec<String> = columns.query_map([table], |row| row.get(0))?.collect::<Result<_, _>>()?;
        let mut names: Vec<&str> = Vec::new();
        let mut values: Vec<&dyn ToSql> = Vec::new();
        for (name, value) in record.fields.iter().filter(|(name, _)| known.contains(name)) {
            names.push(name);
            values.push(value);
        }
        for (name, value) in more {
            names.push(name);
            values.push(value);
        }
        let marks = vec!["?"; names.len()].join(", ");
        let over: Vec<String> = names.iter().map(|name| format!("\"{name}\" = excluded.\"{name}\"")).collect();
        let sql = format!(
            "insert into {table} (\"{}\") values ({marks}) on conflict (id) do update set {}",
            names.join("\", \""),
            over.join(", ")
        );
        self.tx.execute(&sql, params_from_iter(values))?;
        Ok(())
    }

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

    /// Reads the whole file and fails where it is damaged. On a reader's own thread only.
    pub fn check(&self) -> Result<(), Trouble> {
        check(self.db())
    }
}
