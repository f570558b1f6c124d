//! Work off the thread that draws: a small pool with named jobs, each handing back one [`Note`].

use super::inbox::{Inbox, Note};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};

type Job = Box<dyn FnOnce() -> Note + Send>;

/// A handle on the pool, which ends with the last of them.
#[derive(Clone)]
pub struct Jobs {
    tx: Sender<(&'static str, Job)>,
}

/// A keyring that asks its owner may block for minutes; another job must still get through.
const THREADS: usize = 3;

impl Jobs {
    /// Starts the pool; results arrive in `inbox`.
    pub fn start(inbox: &Inbox) -> Self {
        let (tx, rx) = channel();
        let rx: Arc<Mutex<Receiver<(&'static str, Job)>>> = Arc::new(Mutex::new(rx));
        for n in 0..THREADS {
            let (rx, inbox) = (Arc::clone(&rx), inbox.clone());
            let spawned = std::thread::Builder::new().name(format!("job-{n}")).spawn(move || {
                loop {
                    let next = rx.lock().unwrap_or_else(PoisonError::into_inner).recv();
                    let Ok((name, job)) = next else { return };
                    tracing::debug!(name, "job");
                    inbox.put(job());
                }
            });
            if let Err(error) = spawned {
                tracing::error!(%error, "no thread for jobs");
            }
        }
        Self { tx }
    }

    /// Queues a job.
    pub fn run(&self, name: &'static str, job: impl FnOnce() -> Note + Send + 'static) {
        // The threads outlive every sender.
        let _ = self.tx.send((name, Box::new(job)));
    }
}
