//! A panic, on any thread: one redacted line in the log and on standard error, and for the thread that draws a note that
//! the next start finds. Whoever catches the panic tells the moderator.

use super::file::{FOLDER, only_ours};
use super::layer::head;
use super::{plain, say, write};
use crate::clock::Clock;
use std::panic::PanicHookInfo;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

/// What is known of a panic.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// UTC, to the second.
    pub at: String,
    pub thread: String,
    /// `src/ui/shell.rs:40`, or a library's file.
    pub place: String,
    /// What the panic said, made plain.
    pub words: String,
}

impl Fault {
    /// Lines that can be shared.
    pub fn report(&self) -> String {
        let Self { at, thread, place, words } = self;
        format!(
            "Greenroom {}\n{} {}\nat {at}\nin {place}\nthread {thread}\n{words}\n",
            env!("CARGO_PKG_VERSION"),
            std::env::consts::OS,
            std::env::consts::ARCH
        )
    }

    /// A report read back; `None` where it is none.
    fn read(report: &str) -> Option<Self> {
        let mut lines = report.lines().skip(2);
        let mut next =
            |before: &str| lines.next().and_then(|line| line.strip_prefix(before)).map(str::to_owned);
        Some(Self { at: next("at ")?, place: next("in ")?, thread: next("thread ")?, words: next("")? })
    }
}

static NEWEST: Mutex<Option<Fault>> = Mutex::new(None);

/// The newest panic of this run.
pub fn newest() -> Option<Fault> {
    NEWEST.lock().unwrap_or_else(PoisonError::into_inner).clone()
}

/// The thread that draws: when it panics the window is in danger, and with it whoever would tell.
const DRAWS: &str = "main";

/// Puts the hook in place of Rust's own, which prints whatever the panic says.
pub(super) fn hook(clock: Arc<dyn Clock>) {
    std::panic::set_hook(Box::new(move |info| {
        let fault = of(info, &*clock);
        let line = format!(
            "{}panicked place={:?} words={:?}\n",
            head(&fault.at, "ERROR", "greenroom::fault"),
            fault.place,
            fault.words
        );
        write(&line);
        say(&line);
        if fault.thread == DRAWS {
            leave_note(&fault);
        }
        *NEWEST.lock().unwrap_or_else(PoisonError::into_inner) = Some(fault);
    }));
}

fn of(info: &PanicHookInfo<'_>, clock: &dyn Clock) -> Fault {
    let thread = std::thread::current();
    Fault {
        at: clock.now().format("%Y-%m-%dT%H:%M:%SZ").to_string(),
        thread: thread.name().unwrap_or("-").to_owned(),
        place: info.location().map_or_else(String::new, |at| place(at.file(), at.line())),
        words: plain(info.payload_as_str().unwrap_or_default()),
    }
}

/// Where it happened, without where that stands on this machine: a library's folder has its user's name in it.
fn place(file: &str, line: u32) -> String {
    let file = file.replace('\\', "/");
    let parts: Vec<&str> = file.split('/').collect();
    let own = !file.starts_with('/') && parts.first() == Some(&"src");
    let from = if own {
        0
    } else {
        parts.iter().rposition(|part| *part == "src").map_or(parts.len(), |at| at).saturating_sub(1)
    };
    format!("{}:{line}", parts[from.min(parts.len() - 1)..].join("/"))
}

fn note_in(dir: &Path) -> PathBuf {
    dir.join(FOLDER).join("fault.txt")
}

/// Where notes go: the folder that the log stands in.
static FOLDER_OF_NOTES: Mutex<Option<PathBuf>> = Mutex::new(None);

pub(super) fn folder() -> Option<PathBuf> {
    FOLDER_OF_NOTES.lock().unwrap_or_else(PoisonError::into_inner).clone()
}

fn leave_note(fault: &Fault) {
    let Some(dir) = folder() else { return };
    let path = note_in(&dir);
    if std::fs::write(&path, fault.report()).is_ok() {
        // Where the mode cannot be set the folder's own still holds.
        let _ = only_ours(&path, 0o600);
    }
}

pub(super) fn leave_notes_in(dir: Option<&Path>) {
    *FOLDER_OF_NOTES.lock().unwrap_or_else(PoisonError::into_inner) = dir.map(Path::to_owned);
}

/// The fault that ended the desk in `dir` when it was last open, and that nobody was told of.
pub fn before(dir: &Path) -> Option<Fault> {
    Fault::read(&std::fs::read_to_string(note_in(dir)).ok()?)
}

/// The moderator was told: the next start need not.
pub fn told() {
    if let Some(dir) = folder() {
        // Where it cannot be removed it is told once more.
        let _ = std::fs::remove_file(note_in(&dir));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_names_a_file_of_a_crate_and_no_folder_of_this_machine() {
        for (file, shown) in [
            ("src/ui/shell.rs", "src/ui/shell.rs:7"),
            (
                "/home/mona/.cargo/registry/src/index.crates.io-1/egui-0.37.0/src/context.rs",
                "egui-0.37.0/src/context.rs:7",
            ),
            (r"C:\Users\mona\.cargo\registry\src\x\egui-0.37.0\src\ui.rs", "egui-0.37.0/src/ui.rs:7"),
            ("/rustc/5980/library/core/src/option.rs", "core/src/option.rs:7"),
            ("/home/mona/build.rs", "build.rs:7"),
        ] {
            assert_eq!(place(file, 7), shown);
        }
    }

    #[test]
    fn a_report_is_read_back() {
        let fault = Fault {
            at: "2026-11-28T12:00:00Z".into(),
            thread: "main".into(),
            place: "src/ui/shell.rs:40".into(),
            words: String::new(),
        };
        assert_eq!(Fault::read(&fault.report()), Some(fault));
        assert_eq!(Fault::read("Greenroom"), None);
    }
}
