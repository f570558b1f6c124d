//! Work off the thread that draws: small pools with named jobs, each handing back one [`Note`]. A job that panics ends
//! alone, and it is told what failed.

use super::inbox::{Inbox, Note};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};

struct Job {
    name: &'static str,
    work: Box<dyn FnOnce() -> Note + Send>,
    /// Comes when the work panics.
    otherwise: Note,
}

/// A handle on a pool, which ends with the last of them.
#[derive(Clone)]
pub struct Jobs {
    tx: Sender<Job>,
}

impl Jobs {
    /// Starts a pool of so many threads; results arrive in `inbox`.
    pub fn start(inbox: &Inbox, pool: &str, threads: usize) -> Self {
        let (tx, rx) = channel();
        let rx: Arc<Mutex<Receiver<Job>>> = Arc::new(Mutex::new(rx));
        for n in 0..threads {
            let (rx, inbox) = (Arc::clone(&rx), inbox.clone());
            let spawned = std::thread::Builder::new().name(format!("{pool}-{n}")).spawn(move || {
                loop {
                    let next = rx.lock().unwrap_or_else(PoisonError::into_inner).recv();
                    let Ok(job) = next else { return };
                    run(job, &inbox);
                }
            });
            if let Err(error) = spawned {
                tracing::error!(%error, "no thread for jobs");
            }
        }
        Self { tx }
    }

    /// Queues a job. If it panics, [`Note::Fault`] comes instead of what it hands back.
    pub fn run(&self, name: &'static str, work: impl FnOnce() -> Note + Send + 'static) {
        self.run_or(name, Note::Fault(name), work);
    }

    /// Queues a job that somebody waits for: if it panics, `otherwise` comes instead of what it hands back, and tells so.
    pub fn run_or(&self, name: &'static str, otherwise: Note, work: impl FnOnce() -> Note + Send + 'static) {
        // The threads outlive every sender.
        let _ = self.tx.send(Job { name, work: Box::new(work), otherwise });
    }
}

fn run(Job { name, work, otherwise }: Job, inbox: &Inbox) {
    tracing::debug!(name, "job");
    // What the work held is lost with it; nothing it shares is left half done but behind a lock, which is then let go.
    match catch_unwind(AssertUnwindSafe(work)) {
        Ok(note) => inbox.put(note),
        Err(_) => {
            tracing::error!(name, "a job panicked");
            inbox.put(otherwise);
        }
    }
}

/// What `work` comes to, unless it takes longer than `most` or panics. It then ends by itself, and nobody hears of it.
pub fn within<T: Send + 'static>(
    most: std::time::Duration,
    work: impl FnOnce() -> T + Send + 'static,
) -> Option<T> {
    let (tx, rx) = channel();
    let spawned = std::thread::Builder::new().name("asked".into()).spawn(move || {
        // Who asked may have gone.
        let _ = tx.send(work());
    });
    spawned.ok().and_then(|_| rx.recv_timeout(most).ok())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    #[test]
    fn a_job_that_panics_is_told_and_the_next_one_runs() {
        let (inbox, notes) = Inbox::new(Arc::new(|| ()));
        let jobs = Jobs::start(&inbox, "test", 1);
        let next = || notes.recv_timeout(Duration::from_secs(5)).unwrap();
        jobs.run_or("words", Note::Derived(Ok(1)), || panic!("planned"));
        assert!(matches!(next(), Note::Derived(Ok(1))), "whoever waits is told");
        jobs.run("queue", || panic!("planned"));
        assert!(matches!(next(), Note::Fault("queue")));
        jobs.run("derive", || Note::Derived(Ok(2)));
        assert!(matches!(next(), Note::Derived(Ok(2))), "the thread lives");
    }
}
