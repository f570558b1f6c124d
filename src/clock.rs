//! The only place that reads the wall clock and the monotonic clock; everyone else is told the time.

use chrono::{DateTime, Utc};
use std::time::{Duration, Instant};

/// Tells the time.
pub trait Clock: Send + Sync {
    /// The instant on the wall, for what is written down.
    fn now(&self) -> DateTime<Utc>;
    /// Time since some fixed moment, for waiting: never jumps and never runs backwards.
    fn monotonic(&self) -> Duration;
}

/// The machine's own clocks.
#[derive(Debug, Clone, Copy)]
pub struct System {
    started: Instant,
}

impl System {
    /// Clocks that count from now on.
    pub fn start() -> Self {
        Self { started: Instant::now() }
    }
}

impl Clock for System {
    fn now(&self) -> DateTime<Utc> {
        Utc::now()
    }

    fn monotonic(&self) -> Duration {
        self.started.elapsed()
    }
}
