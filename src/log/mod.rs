//! What the program writes down about itself: lines in a bounded file of the data folder, on standard error, and the note
//! of a fault that ended it. Whatever goes through here is made [`plain`] first: no secret, no address and no reader's
//! words get in. Nothing here is ever an error for who logs.

mod fault;
mod file;
mod layer;
mod plain;

pub use fault::{Fault, before, newest, told};
pub use file::{BYTES_MAX, FILES_MAX, FOLDER, NAME, tail};
pub use plain::plain;

use crate::clock::Clock;
use file::File;
use layer::Lines;
use std::collections::VecDeque;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;
use tracing_subscriber::{EnvFilter, Layer as _};

/// The variable that sets the levels, of the file and of standard error.
pub const LEVELS: &str = "GREENROOM_LOG";

/// What the file is told where nobody asked for anything else.
const USUAL: &str = "warn,greenroom=info";

/// It complains of every certificate by itself; the desk says it in words.
const SILENT: &str = "rustls_platform_verifier=off";

/// Lines kept until it is known which folder they belong to.
const EARLY_MAX: usize = 200;

/// Where lines go.
#[derive(Default)]
struct Sink {
    file: Option<File>,
    early: VecDeque<String>,
}

static SINK: Mutex<Sink> = Mutex::new(Sink { file: None, early: VecDeque::new() });

fn sink() -> MutexGuard<'static, Sink> {
    SINK.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Starts both logs and the hook for panics. Once, before any thread; lines for the file wait for [`into_folder`].
pub fn start(clock: &Arc<dyn Clock>) {
    let asked = std::env::var(LEVELS).ok();
    let to_file = Lines::new(Arc::clone(clock), write);
    let to_person = Lines::new(Arc::clone(clock), say);
    let started = tracing_subscriber::registry()
        .with(to_file.with_filter(levels(asked.as_deref(), USUAL)))
        .with(to_person.with_filter(levels(asked.as_deref(), "error")))
        .try_init();
    if let Err(error) = started {
        tracing::warn!(%error, "the log was started before");
    }
    fault::hook(Arc::clone(clock));
}

/// Levels as they were asked for; what cannot be read as levels says nothing, as if it had not been asked.
fn levels(asked: Option<&str>, usual: &str) -> EnvFilter {
    let levels = EnvFilter::try_new(asked.unwrap_or(usual)).unwrap_or_else(|_| EnvFilter::new(usual));
    match SILENT.parse() {
        Ok(silent) => levels.add_directive(silent),
        Err(_) => levels,
    }
}

/// From now on lines and notes of faults go into a data folder, lines from before first. Where there is no such folder, or
/// it cannot be written, they go nowhere. Returns the folder before.
pub fn into_folder(dir: &Path) -> Option<PathBuf> {
    let mut sink = sink();
    let before = fault::folder();
    sink.file = if dir.is_dir() { File::open(dir).ok() } else { None };
    fault::leave_notes_in(sink.file.as_ref().map(|_| dir));
    let early = std::mem::take(&mut sink.early);
    if let Some(file) = &mut sink.file {
        early.iter().for_each(|line| file.write(line));
    }
    before
}

/// Where nobody listens any more nothing is said: `eprint!` would panic.
fn say(line: &str) {
    let _ = std::io::stderr().write_all(line.as_bytes());
}

fn write(line: &str) {
    let mut sink = sink();
    match &mut sink.file {
        Some(file) => file.write(line),
        None => {
            if sink.early.len() == EARLY_MAX {
                sink.early.pop_front();
            }
            sink.early.push_back(line.to_owned());
        }
    }
}
