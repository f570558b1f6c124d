//! The desk, held for one task. Closing it sends nothing: what a task leaves waits for whoever opens the desk next.

use super::{Opener, Sites, print};
use crate::app::App;
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::Duration;

/// Longest wait for a whole walk, a disk or a keyring without any progress.
pub const STALL_MAX: Duration = Duration::from_secs(60);

/// A desk that is held for one task, and left with it.
pub struct Session {
    pub app: App,
    bell: Arc<(Mutex<bool>, Condvar)>,
}

impl Session {
    pub fn open(open: Opener<'_>, sites: Sites) -> Result<Self, String> {
        let bell = Arc::new((Mutex::new(false), Condvar::new()));
        let rung = Arc::clone(&bell);
        let waker = Arc::new(move || {
            *rung.0.lock().unwrap_or_else(PoisonError::into_inner) = true;
            rung.1.notify_one();
        });
        let mut app = open(waker, sites)?;
        if let Some(notice) = app.take_alarm() {
            print::complain(notice.words);
        }
        Ok(Self { app, bell })
    }

    /// Takes news in until `done` has an answer, the process is asked to end, or `most` has passed.
    pub fn wait<T>(&mut self, most: Duration, mut done: impl FnMut(&mut App) -> Option<T>) -> Option<T> {
        let until = self.app.monotonic().saturating_add(most);
        loop {
            self.app.frame();
            if let Some(value) = done(&mut self.app) {
                return Some(value);
            }
            if self.app.monotonic() >= until || self.app.is_ending() {
                return None;
            }
            let rung = self.bell.0.lock().unwrap_or_else(PoisonError::into_inner);
            let waited = self.bell.1.wait_timeout_while(rung, Duration::from_millis(200), |rung| !*rung);
            *waited.unwrap_or_else(PoisonError::into_inner).0 = false;
        }
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        self.app.leave();
    }
}
