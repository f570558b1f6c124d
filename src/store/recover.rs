//! Opening a desk whose file is damaged: the file is set aside, never deleted, and what was open is brought back from the
//! carbon copy onto a new one. A sound file that lost its newest transactions gets those back from there too.

mod bring;
mod mended;

pub use mended::Mended;

use super::carbon::{self, Copied, Record};
use super::ingest::digest_of;
use super::rows::{delivery_of, status_of, verb_of};
use super::{FILE, Ledger, Options, Reader, Trouble, schema};
use bring::Found;
use chrono::{DateTime, Utc};
use rusqlite::Connection;
use std::io::Read as _;
use std::path::{Path, PathBuf};

/// In the desk's folder after its file was found to be damaged while it was open: the next start looks through all of it.
const MARK: &str = "desk.damaged";
/// A SQLite file begins with a header of this size.
const HEADER_BYTES: u64 = 100;

/// Opens a desk's file; where it is damaged, in a new one with everything that could be recovered. `ended_well` is false
/// where whoever had it open last did not close it.
pub fn open(dir: &Path, options: Options, ended_well: bool) -> Result<Ledger, Trouble> {
    let path = dir.join(FILE);
    let now = options.now.unwrap_or_else(|| last_written(&path));
    let copied = carbon::read(dir).unwrap_or_default();
    let look = match (dir.join(MARK).exists(), ended_well) {
        (true, _) => Some(Look::Whole),
        (false, false) => Some(Look::Quick),
        (false, true) => None,
    };
    let opened = sound(&path, options, look, &copied).and_then(|mut ledger| {
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

fn sound(path: &Path, options: Options, look: Option<Look>, copied: &Copied) -> Result<Ledger, Trouble> {
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
    if let Some(look) = look {
        check(db, look)?;
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

/// A flipped bit in a column is no damage that SQLite could see: open decisions are compared with their copy. A copy that is
/// damaged itself is no witness: the line that is gone may have settled what an earlier one tells of.
fn compare(db: &Connection, copied: &Copied) -> Result<(), Trouble> {
    if copied.damaged > 0 || carbon::desk_of(db)? != copied.desk || carbon::seq_of(db)? != copied.seq_done() {
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
    let sql =
        "select r.format, r.body, r.name, r.url, r.digest from outbox o join revisions r on r.id = o.seen
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

/// How closely a file is looked through.
#[derive(Clone, Copy)]
enum Look {
    /// Every page, but not whether an index agrees with its table.
    Quick,
    /// That too: what was met while the desk was open is damage, and one that is not found would be met again for ever.
    Whole,
}

/// Reads the whole file. Looked at quickly, 125 MiB (100,000 comments) that the system has in its cache take 0.4 to 0.8 s on two shared cores,
/// which is why a start waits for it only after an end that was none.
fn check(db: &Connection, look: Look) -> Result<(), Trouble> {
    let sql = match look {
        Look::Quick => "pragma quick_check(1)",
        Look::Whole => "pragma integrity_check(1)",
    };
    let told: String = db.query_row(sql, [], |row| row.get(0))?;
    if told != "ok" {
        return Err(Trouble::Corrupt(told.replace('\n', " ")));
    }
    let mut statuses = db.prepare("select distinct status from comments")?;
    let mut rows = statuses.query([])?;
    while let Some(row) = rows.next()? {
        status_of(&row.get::<_, String>(0)?)?;
    }
    super::undo::ways_back(db)?;
    see_words(db, "outbox")
}

/// Sets the damaged file aside and begins a new one with what the carbon copy has. Where that cannot be written, everything
/// is as it was: the next start does the same with more room.
fn begin_anew(
    dir: &Path,
    options: Options,
    (copied, why): (&Copied, &str),
    now: DateTime<Utc>,
) -> Result<Ledger, Trouble> {
    let aside = set_aside(dir, now)?;
    tracing::warn!(%why, file = %aside.display(), "a damaged file was set aside");
    let begun = recovered(dir, options, (copied, why), (&aside, now));
    if begun.is_err()
        && let Err(error) = put_back(dir, &aside)
    {
        tracing::warn!(%error, "the damaged file stays aside");
    }
    begun?.with_carbon(dir, None)
}

/// A new file with everything that could be recovered, all in one transaction.
fn recovered(
    dir: &Path,
    options: Options,
    (copied, why): (&Copied, &str),
    (aside, now): (&Path, DateTime<Utc>),
) -> Result<Ledger, Trouble> {
    let mut ledger = Ledger::open_with(&dir.join(FILE), options, &|_| Ok(()))?;
    let found = Found::of(copied, 0, true);
    let lost = copied.damaged as u64;
    let mut mended = Mended { aside: Some(aside.to_owned()), why: why.to_owned(), lost, ..Mended::default() };
    ledger.write(|work| {
        // Half made it would be another desk's.
        if !copied.desk.is_empty() {
            carbon::name_desk(&work.tx, &copied.desk)?;
        }
        carbon::set_seq(&work.tx, copied.blocks.iter().map(|block| block.seq).max().unwrap_or_default())?;
        let old = super::salvage::Old::open(work, aside)?;
        work.bring_back(&found, copied.damaged > 0, now, &mut mended)?;
        mended.notes = old.map_or(Ok(0), |old| old.carry_over(work))?;
        work.remember(&mended)
    })?;
    Ok(ledger)
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
        work.doubt_what_is_not_open(&found, now, &mut mended)?;
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

/// A database's file, and what SQLite has beside it. The file itself goes last: its log beside a new file would be taken for
/// that one's.
const PARTS: [&str; 3] = ["-wal", "-shm", ""];

fn part(path: &Path, end: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(end);
    PathBuf::from(name)
}

/// Moves the file, with what belongs to it, to a name with the date. Nothing is deleted.
fn set_aside(dir: &Path, now: DateTime<Utc>) -> Result<PathBuf, Trouble> {
    let aside = aside_name(dir, now);
    let failed = |error: std::io::Error| Trouble::of_io(dir, &error);
    let copy = dir.join(carbon::FILE);
    if copy.exists() {
        std::fs::copy(&copy, aside.with_extension("carbon")).map_err(failed)?;
    }
    for end in PARTS {
        let from = part(&dir.join(FILE), end);
        if from.exists() {
            std::fs::rename(&from, part(&aside, end)).map_err(failed)?;
        }
    }
    super::sync_folder(&aside).map_err(failed)?;
    Ok(aside)
}

/// Takes [`set_aside`] back: the new file goes, of which nothing came to be, and the damaged one stands in its place again.
fn put_back(dir: &Path, aside: &Path) -> std::io::Result<()> {
    let here = dir.join(FILE);
    for new in PARTS.iter().rev().map(|end| part(&here, end)).filter(|new| new.exists()) {
        std::fs::remove_file(new)?;
    }
    for end in PARTS.iter().filter(|end| part(aside, end).exists()) {
        std::fs::rename(part(aside, end), part(&here, end))?;
    }
    let copy = aside.with_extension("carbon");
    if copy.exists() {
        std::fs::remove_file(copy)?;
    }
    super::sync_folder(aside)
}

impl Reader {
    /// Reads the whole file and fails where it is damaged. On a reader's own thread only.
    pub fn check(&self) -> Result<(), Trouble> {
        check(self.db(), Look::Quick)
    }
}
