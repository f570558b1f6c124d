//! The one thread that writes. Decisions go before everything else; what the site sent waits its turn.

use super::carbon::{Carbon, Copied, Pending};
use super::{Options, Trouble, private_file, schema};
use rusqlite::{Connection, Transaction, TransactionBehavior};
use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// Who goes first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Rank {
    /// A moderator waits for it.
    Decision,
    /// A request waits for it.
    Dispatch,
    /// What a site sent.
    Ingest,
}

/// The write connection.
pub struct Ledger {
    db: Connection,
    commit_delay: Duration,
    /// Beside a file, once that is known to be sound.
    carbon: Option<Carbon>,
}

/// One open transaction: everything done through it lands together or not at all.
pub struct Work<'a> {
    pub(super) tx: Transaction<'a>,
}

impl Ledger {
    /// Opens and migrates the file, once `check` has nothing against it.
    pub(super) fn open_with(
        path: &Path,
        options: Options,
        check: &dyn Fn(&Connection) -> Result<(), Trouble>,
    ) -> Result<Self, Trouble> {
        // SQLite gives the journal files the mode of the database file.
        drop(private_file(path).map_err(|error| Trouble::of_io(path, &error))?);
        let mut db = Connection::open(path)?;
        schema::configure(&db)?;
        check(&db)?;
        schema::bring_up_to_date(&mut db, path, options.now)?;
        if let Some(pages) = options.pages_max {
            db.pragma_update(None, "max_page_count", pages)?;
        }
        Self::prepare(db, options)
    }

    /// The ledger in a folder, for simulation: opened as after a crash, and mended where it is damaged.
    pub fn open(dir: &Path, options: Options) -> Result<Self, Trouble> {
        super::recover::open(dir, options, false)
    }

    /// A ledger without a file, for simulation: same schema, same SQL.
    pub fn in_memory() -> Result<Self, Trouble> {
        let mut db = Connection::open_in_memory()?;
        schema::configure(&db)?;
        schema::migrate(&mut db)?;
        Self::prepare(db, Options::default())
    }

    fn prepare(db: Connection, options: Options) -> Result<Self, Trouble> {
        super::journal::ensure_salt(&db)?;
        super::carbon::ensure_desk(&db)?;
        Ok(Self { db, commit_delay: options.commit_delay, carbon: None })
    }

    /// Lets the carbon copy follow from here on.
    pub(super) fn with_carbon(mut self, dir: &Path, agreed: Option<&Copied>) -> Result<Self, Trouble> {
        self.carbon = Some(Carbon::start(dir, &mut self.db, agreed)?);
        Ok(self)
    }

    /// Runs one transaction. An error leaves the file as it was.
    pub fn write<T>(&mut self, work: impl FnOnce(&Work<'_>) -> Result<T, Trouble>) -> Result<T, Trouble> {
        let (value, pending) = self.transact(work)?;
        if let Some(carbon) = &mut self.carbon {
            if let Some(pending) = &pending {
                carbon.done(pending);
            }
            carbon.tidy(&self.db);
        }
        Ok(value)
    }

    fn transact<T>(
        &mut self,
        work: impl FnOnce(&Work<'_>) -> Result<T, Trouble>,
    ) -> Result<(T, Option<Pending>), Trouble> {
        let carbon = &mut self.carbon;
        if let Some(carbon) = carbon {
            carbon.begin();
        }
        let tx = self.db.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let open = Work { tx };
        let value = work(&open)?;
        let pending = match carbon {
            Some(carbon) => carbon.write(&open.tx)?,
            None => None,
        };
        if !self.commit_delay.is_zero() {
            std::thread::sleep(self.commit_delay);
        }
        if let Err(error) = open.tx.commit() {
            if let (Some(carbon), Some(pending)) = (carbon, &pending) {
                carbon.void(pending);
            }
            return Err(error.into());
        }
        Ok((value, pending))
    }

    /// Lends the connection for reading, where there is no file a reader could open.
    pub fn reading(&self) -> &Connection {
        &self.db
    }
}

type Job = Box<dyn FnOnce(&mut Ledger) + Send>;

#[derive(Default)]
struct Line {
    jobs: [VecDeque<Job>; 3],
    closing: bool,
}

#[derive(Default)]
struct Shared {
    line: Mutex<Line>,
    waiting: Condvar,
}

impl Shared {
    /// A job that panicked was never half written: the line itself stays sound.
    fn line(&self) -> MutexGuard<'_, Line> {
        self.line.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The thread and its line.
pub struct Writer {
    shared: Arc<Shared>,
    thread: Mutex<Option<std::thread::JoinHandle<()>>>,
}

impl Writer {
    pub fn start(ledger: Ledger) -> Result<Self, Trouble> {
        let shared = Arc::new(Shared::default());
        let theirs = Arc::clone(&shared);
        let thread = std::thread::Builder::new()
            .name("store-writer".into())
            .spawn(move || run(&theirs, ledger))
            .map_err(|error| Trouble::Sql(error.to_string()))?;
        Ok(Self { shared, thread: Mutex::new(Some(thread)) })
    }

    pub fn submit<T: Send + 'static>(
        &self,
        rank: Rank,
        work: impl FnOnce(&Work<'_>) -> Result<T, Trouble> + Send + 'static,
        done: impl FnOnce(Result<T, Trouble>) + Send + 'static,
    ) {
        let mut line = self.shared.line();
        if line.closing {
            drop(line);
            return done(Err(Trouble::Closed));
        }
        let job: Job = Box::new(move |ledger| {
            // The transaction that was open is taken back as it is dropped, and whoever waits is told.
            let written = catch_unwind(AssertUnwindSafe(|| ledger.write(work)));
            done(written.unwrap_or(Err(Trouble::Panicked)));
        });
        line.jobs[rank as usize].push_back(job);
        self.shared.waiting.notify_one();
    }

    /// Writes what waits, then ends the thread and closes the file. What comes later is refused as `Closed`.
    pub fn close(&self) {
        self.shared.line().closing = true;
        self.shared.waiting.notify_one();
        let thread = self.thread.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(thread) = thread {
            // A writer that panicked has nothing left to say here.
            let _ = thread.join();
        }
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        self.close();
    }
}

fn run(shared: &Shared, mut ledger: Ledger) {
    let mut line = shared.line();
    loop {
        let next = line.jobs.iter_mut().find_map(VecDeque::pop_front);
        if let Some(job) = next {
            drop(line);
            // What is on disk stays so, whatever befell who was to be told: the next one is written all the same.
            let _ = catch_unwind(AssertUnwindSafe(|| job(&mut ledger)));
            line = shared.line();
        } else if line.closing {
            return;
        } else {
            line = shared.waiting.wait(line).unwrap_or_else(PoisonError::into_inner);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::mpsc;

    #[test]
    fn a_decision_overtakes_what_a_site_sent() {
        let writer = Writer::start(Ledger::in_memory().unwrap()).unwrap();
        let (tx, rx) = mpsc::channel();
        let (gate_tx, gate_rx) = mpsc::channel::<()>();
        writer.submit(Rank::Ingest, move |_| Ok(gate_rx.recv().ok()), |_| ());
        for (rank, name) in [(Rank::Ingest, "page"), (Rank::Dispatch, "receipt"), (Rank::Decision, "key")] {
            let tx = tx.clone();
            writer.submit(rank, |_| Ok(()), move |_| tx.send(name).unwrap());
        }
        gate_tx.send(()).unwrap();
        drop(writer);
        drop(tx);
        assert_eq!(rx.iter().collect::<Vec<_>>(), ["key", "receipt", "page"]);
    }

    #[test]
    fn a_failed_transaction_leaves_nothing() {
        let mut ledger = Ledger::in_memory().unwrap();
        let failed = ledger.write(|work| {
            work.tx.execute("insert into facts values ('x', x'00')", [])?;
            Err::<(), _>(Trouble::Wrong("no".into()))
        });
        assert!(failed.is_err());
        let n: i64 =
            ledger.db.query_row("select count(*) from facts where name = 'x'", [], |r| r.get(0)).unwrap();
        assert_eq!(n, 0);
    }

    #[test]
    fn a_write_that_panics_is_told_and_leaves_nothing_behind_and_the_next_one_is_written() {
        let writer = Writer::start(Ledger::in_memory().unwrap()).unwrap();
        let (tx, rx) = mpsc::channel();
        let name = |work: &Work<'_>, name: &str| {
            work.tx.execute("insert into facts values (?, x'01')", [name]).map(drop).map_err(Trouble::from)
        };
        let told = tx.clone();
        writer.submit(
            Rank::Decision,
            move |work| {
                name(work, "half")?;
                if true { panic!("planned") } else { Ok(()) }
            },
            move |result| told.send(result).unwrap(),
        );
        let next = || rx.recv_timeout(Duration::from_secs(5)).unwrap();
        assert_eq!(next(), Err(Trouble::Panicked));
        writer.submit(Rank::Decision, |_| Ok(()), |_| panic!("planned"));
        writer.submit(Rank::Decision, move |work| name(work, "half"), move |result| tx.send(result).unwrap());
        assert_eq!(next(), Ok(()), "it had been taken back, and the thread lives");
    }
}
