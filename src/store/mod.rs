//! The desk's memory: one SQLite file, one writer thread, and readers that never wait for it. The only door to SQL.
//! Nothing here decides anything, and nothing here knows the wire.

mod answers;
mod carbon;
mod checkup;
mod delivery;
mod derived;
mod doubt;
mod ingest;
mod journal;
mod lines;
mod notes;
mod outbox;
mod plan;
mod queue;
mod read;
mod recover;
mod retention;
mod rows;
mod salvage;
#[cfg(test)]
pub(crate) mod sample;
mod schema;
mod sites;
mod stand;
mod trouble;
mod undo;
mod unreadable;
mod writer;

pub use answers::{Answered, Insisted};
pub use checkup::{Checkup, Decisions};
pub use delivery::{Side, Stumble};
pub use derived::Underived;
pub use doubt::Haunt;
pub use ingest::{Arrival, Derived, Ingested, Source};
pub use journal::Entry;
pub use lines::OutboxLine;
pub use notes::Note;
pub use outbox::{Made, NewDecision, OpenRow};
pub use queue::{Shelf, View};
pub use read::{CommentRow, Counts, Reader};
pub use recover::Mended;
pub use trouble::Trouble;
pub use undo::{ActKind, Back, Taken};
pub use unreadable::is_unnamed;
pub use writer::{Ledger, Rank, Work};

use chrono::{DateTime, Utc};
use std::fs::{File, OpenOptions, TryLockError};
use std::io::{Read, Seek, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// How a store is opened.
#[derive(Debug, Clone, Copy, Default)]
pub struct Options {
    /// Test seam: every commit takes this much longer, as on a slow disk.
    pub commit_delay: Duration,
    /// Test seam: the file has room for so many pages, as on a full disk.
    pub pages_max: Option<u32>,
    /// What time it is, for the names of files that are set aside or copied.
    pub now: Option<DateTime<Utc>>,
}

/// One desk's data folder, locked for this process.
pub struct Store {
    path: PathBuf,
    writer: writer::Writer,
    lock: Mutex<Option<File>>,
    /// What was found wrong with the file while it was open.
    damage: Arc<Mutex<Option<String>>>,
}

const FILE: &str = "desk.sqlite";
const LOCK: &str = "desk.lock";

impl Store {
    /// Opens the folder as this process's desk, making it if needed. One process at a time holds it.
    pub fn open(dir: &Path, options: Options) -> Result<Self, Trouble> {
        make_private_folder(dir)?;
        let (lock, ended_well) = take_lock(&dir.join(LOCK))?;
        let ledger = recover::open(dir, options, ended_well)?;
        let damage = Arc::default();
        let writer = writer::Writer::start(ledger)?;
        Ok(Self { path: dir.join(FILE), writer, lock: Mutex::new(Some(lock)), damage })
    }

    /// Writes what waits and lets the folder go. Whoever still holds this store is refused from now on.
    pub fn close(&self) {
        self.writer.close();
        let lock = self.lock.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(lock) = lock
            && let Err(error) = lock.set_len(0)
        {
            // The next start looks through the file, as after a crash.
            tracing::warn!(%error, "the desk was closed and could not say so");
        }
    }

    /// Remembers that the file was found to be damaged, so that the next start looks through all of it.
    pub fn tell_damage(&self, why: &str) {
        let mut damage = self.damage.lock().unwrap_or_else(PoisonError::into_inner);
        if damage.is_none() {
            *damage = Some(why.to_owned());
            recover::mark(self.dir(), why);
        }
    }

    /// What was found wrong with the file since it was opened.
    pub fn damage(&self) -> Option<String> {
        self.damage.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The folder it is in.
    pub fn dir(&self) -> &Path {
        self.path.parent().unwrap_or(Path::new("."))
    }

    /// Empties a desk's folder, unless a process holds it.
    pub fn erase(dir: &Path) -> Result<(), Trouble> {
        let failed = |error: std::io::Error| Trouble::of_io(dir, &error);
        make_private_folder(dir)?;
        let _lock = take_lock(&dir.join(LOCK))?;
        for entry in std::fs::read_dir(dir).map_err(failed)? {
            let entry = entry.map_err(failed)?;
            // The lock stays: while it is held nobody can open what is half erased.
            if entry.file_name() == LOCK {
                continue;
            }
            if entry.file_type().map_err(failed)?.is_dir() {
                std::fs::remove_dir_all(entry.path()).map_err(failed)?;
            } else {
                std::fs::remove_file(entry.path()).map_err(failed)?;
            }
        }
        Ok(())
    }

    /// Opens a desk for reading only, beside the process that holds it.
    pub fn peek(dir: &Path) -> Result<Reader, Trouble> {
        let path = dir.join(FILE);
        if !path.exists() {
            return Err(Trouble::NoDesk(dir.to_owned()));
        }
        Reader::beside(&path).map_err(|trouble| trouble.at(dir))
    }

    /// A read connection of its own, for one thread.
    pub fn reader(&self) -> Result<Reader, Trouble> {
        Reader::open(&self.path)
    }

    /// Queues a transaction and returns at once; `done` runs on the writer's thread once it is on disk or has failed.
    pub fn submit<T: Send + 'static>(
        &self,
        rank: Rank,
        work: impl FnOnce(&Work<'_>) -> Result<T, Trouble> + Send + 'static,
        done: impl FnOnce(Result<T, Trouble>) + Send + 'static,
    ) {
        let (damage, dir) = (Arc::clone(&self.damage), self.dir().to_owned());
        self.writer.submit(rank, work, move |result| {
            if let Err(Trouble::Corrupt(why)) = &result {
                let mut damage = damage.lock().unwrap_or_else(PoisonError::into_inner);
                if damage.is_none() {
                    *damage = Some(why.clone());
                    recover::mark(&dir, why);
                }
            }
            done(result.map_err(|trouble| trouble.at(&dir)));
        });
    }

    /// Runs a transaction and waits until it is on disk. For worker threads, never for the one that draws.
    pub fn write<T: Send + 'static>(
        &self,
        rank: Rank,
        work: impl FnOnce(&Work<'_>) -> Result<T, Trouble> + Send + 'static,
    ) -> Result<T, Trouble> {
        let (tx, rx) = std::sync::mpsc::sync_channel(1);
        self.submit(rank, work, move |result| {
            // The waiting side is gone only when its thread is; then nobody wants the result.
            let _ = tx.send(result);
        });
        rx.recv().unwrap_or(Err(Trouble::Closed))
    }
}

impl Drop for Store {
    fn drop(&mut self) {
        self.close();
    }
}

/// What a folder lists survives a power cut only once the folder itself is on disk.
fn sync_folder(of: &Path) -> std::io::Result<()> {
    match of.parent() {
        #[cfg(unix)]
        Some(folder) => File::open(folder)?.sync_all(),
        _ => Ok(()),
    }
}

fn make_private_folder(dir: &Path) -> Result<(), Trouble> {
    let failed = |error: std::io::Error| Trouble::of_io(dir, &error);
    std::fs::create_dir_all(dir).map_err(failed)?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        std::fs::set_permissions(dir, std::fs::Permissions::from_mode(0o700)).map_err(failed)?;
    }
    Ok(())
}

/// Opens a file that only this user may read.
fn private_file(path: &Path) -> std::io::Result<File> {
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt as _;
        options.mode(0o600);
    }
    options.open(path)
}

/// The lock lives as long as the file handle; its text names the process for the message another one shows. Whoever closes
/// the desk empties it: a text that is there says that nobody did.
fn take_lock(path: &Path) -> Result<(File, bool), Trouble> {
    let failed = |error: std::io::Error| Trouble::of_io(path.parent().unwrap_or(path), &error);
    let mut file = private_file(path).map_err(failed)?;
    match file.try_lock() {
        Ok(()) => {
            let ended_well = file.metadata().map_err(failed)?.len() == 0;
            file.set_len(0).map_err(failed)?;
            file.rewind().map_err(failed)?;
            write!(file, "{}", std::process::id()).map_err(failed)?;
            Ok((file, ended_well))
        }
        Err(TryLockError::WouldBlock) => {
            let mut holder = String::new();
            // An unreadable name costs the message a number, not the refusal.
            let _ = file.read_to_string(&mut holder);
            Err(Trouble::InUse { process: holder })
        }
        Err(TryLockError::Error(error)) => Err(failed(error)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_process_a_folder_and_readers_beside_it() {
        let dir = tempfile::tempdir().unwrap();
        let desk = Store::open(dir.path(), Options::default()).unwrap();
        let Err(Trouble::InUse { process }) = Store::open(dir.path(), Options::default()) else {
            panic!("the folder was taken twice");
        };
        assert_eq!(process, std::process::id().to_string());
        assert!(Store::peek(dir.path()).is_ok());
        drop(desk);
        assert!(Store::open(dir.path(), Options::default()).is_ok());
    }

    #[test]
    fn every_connection_keeps_what_guards_against_a_power_cut() {
        let dir = tempfile::tempdir().unwrap();
        let asked = |db: &rusqlite::Connection, name: &str| {
            db.pragma_query_value(None, name, |row| row.get::<_, rusqlite::types::Value>(0)).unwrap()
        };
        let (full, on): (rusqlite::types::Value, rusqlite::types::Value) = (2.into(), 1.into());
        // A file that is new, and one that was there.
        for _ in 0..2 {
            let desk = Store::open(dir.path(), Options::default()).unwrap();
            let told = desk.write(Rank::Decision, move |work| {
                Ok(["journal_mode", "synchronous", "foreign_keys"].map(|name| asked(&work.tx, name)))
            });
            assert_eq!(told.unwrap(), ["wal".to_owned().into(), full.clone(), on.clone()]);
            for reader in [desk.reader().unwrap(), Store::peek(dir.path()).unwrap()] {
                assert_eq!(asked(reader.db(), "journal_mode"), "wal".to_owned().into());
                assert!(
                    reader.db().is_readonly("main").unwrap(),
                    "what a reader wrote would be guarded by nothing"
                );
            }
        }
    }

    #[test]
    fn a_folder_is_erased_only_while_nobody_holds_it() {
        let dir = tempfile::tempdir().unwrap();
        let desk = Store::open(dir.path(), Options::default()).unwrap();
        assert!(matches!(Store::erase(dir.path()), Err(Trouble::InUse { .. })));
        assert!(dir.path().join(FILE).exists());
        drop(desk);
        Store::erase(dir.path()).unwrap();
        let left: Vec<_> = std::fs::read_dir(dir.path()).unwrap().map(|e| e.unwrap().file_name()).collect();
        assert_eq!(left, [LOCK]);
    }

    #[test]
    fn a_folder_without_a_desk_is_not_made_by_looking() {
        let dir = tempfile::tempdir().unwrap();
        assert!(matches!(Store::peek(&dir.path().join("none")), Err(Trouble::NoDesk(_))));
        assert!(!dir.path().join("none").exists());
    }

    #[cfg(unix)]
    #[test]
    fn others_on_the_machine_cannot_read_it() {
        use std::os::unix::fs::PermissionsExt as _;
        let dir = tempfile::tempdir().unwrap();
        let folder = dir.path().join("desk");
        let _desk = Store::open(&folder, Options::default()).unwrap();
        assert_eq!(std::fs::metadata(&folder).unwrap().permissions().mode() & 0o777, 0o700);
        for entry in std::fs::read_dir(&folder).unwrap() {
            let entry = entry.unwrap();
            let mode = entry.metadata().unwrap().permissions().mode() & 0o777;
            assert_eq!(mode, 0o600, "{:?}", entry.file_name());
        }
    }
}
