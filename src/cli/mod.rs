//! The desk without a window: for scripts and for staff without a display. The same [`App`], the same outbox.

mod args;
mod decide;
mod doctor;
mod print;
mod pull;
mod session;
mod sites;
mod tasks;

pub use args::{Args, DemoArgs, DeskTask, Task};
pub use print::complain;

use crate::app::{App, Waker};
use chrono::{DateTime, Utc};
use std::path::Path;

/// Every decision was delivered or taken back, there was nothing to do, or the question was answered.
pub const DONE: u8 = 0;
/// The task could not be carried out, or not told; a message says why.
pub const FAILED: u8 = 1;
/// A colleague was first, or the words changed.
pub const CONFLICT: u8 = 3;
/// A site refused or does not answer its check, or nothing could be decided or taken back.
pub const REFUSED: u8 = 4;
/// Still on its way: decisions, or what a site has to tell.
pub const WAITING: u8 = 5;
/// The command line was not understood (`EX_USAGE` of sysexits.h).
pub const USAGE: u8 = 64;

/// What a task needs of the sites.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sites {
    /// They are asked and sent to, as beside a window.
    AtWork,
    /// Nothing is asked of them and nothing is sent.
    AtRest,
}

/// Opens the desk for writing; the waker is called whenever it has news.
pub type Opener<'a> = &'a dyn Fn(Waker, Sites) -> Result<App, String>;

/// Runs one task and returns the exit code. A message for a person goes to standard error.
pub fn run(task: DeskTask, dir: &Path, now: DateTime<Utc>, open: Opener<'_>) -> u8 {
    match tasks::run(task, dir, now, open) {
        Ok(code) => code,
        Err(why) => {
            print::complain(why);
            FAILED
        }
    }
}
