//! Which words are softened, as a moderator set it: the desk's own lists and `soften.txt` in the data folder.

use super::App;
use super::inbox::Note;
use super::notice::Notice;
use super::words::{say, say_with};
use crate::text::Softener;
use std::io::{ErrorKind, Read as _};
use std::path::Path;
use std::sync::Arc;

/// The moderator's list: one word or saying a line, UTF-8.
const OWN: &str = "soften.txt";
/// Bytes of it that are read.
const OWN_BYTES_MAX: u64 = 1 << 20;
/// Bytes of a list that a frame waits for: some 3 ms of a release build.
const AT_ONCE_BYTES: u64 = 32 << 10;

/// By which list words are softened, once that was read.
#[derive(Default)]
pub(super) struct Softening {
    list: Option<Arc<Softener>>,
    is_reading: bool,
    /// Counts the lists that were asked for: what comes late for an earlier one is let go.
    serial: u64,
}

impl App {
    /// Switches softening on or off, and keeps it so. The moderator's list is read anew; a long one takes effect when it
    /// was read.
    pub fn set_soften(&mut self, on: bool) {
        self.settings.soften = on;
        self.settings_file.write(self.settings);
        self.softening = Softening { serial: self.softening.serial + 1, ..Softening::default() };
    }

    /// The words to soften; `None` while that is switched off, or a long list is read. Reads the moderator's list once.
    pub fn softener(&mut self) -> Option<Arc<Softener>> {
        if !self.settings.soften || self.softening.is_reading {
            return None;
        }
        if self.softening.list.is_none() {
            let path = self.settings_file.beside(OWN);
            if std::fs::metadata(&path).is_ok_and(|file| file.len() > AT_ONCE_BYTES) {
                self.softening.is_reading = true;
                let serial = self.softening.serial;
                let fault = Note::Softener { serial, list: Err(say("soften-fault")) };
                self.jobs.run_or("soften", fault, move || Note::Softener { serial, list: read_list(&path) });
                return None;
            }
            self.soften_by(read_list(&path));
        }
        self.softening.list.clone()
    }

    /// Before the first frame of a desk on which words are softened, so that none of them is shown unasked.
    pub(super) fn soften_from_start(&mut self) {
        if self.settings.soften {
            self.soften_by(read_list(&self.settings_file.beside(OWN)));
        }
    }

    pub(super) fn take_softener(&mut self, serial: u64, list: List) {
        if serial == self.softening.serial {
            self.softening.is_reading = false;
            self.soften_by(list);
        }
    }

    fn soften_by(&mut self, list: List) {
        let list = list.unwrap_or_else(|why| {
            let file = self.settings_file.beside(OWN).display().to_string();
            let words = say_with("soften-unreadable", &[("file", file.into()), ("why", why.into())]);
            self.show(Notice::warning(words, None));
            Softener::new("")
        });
        self.softening.list = Some(Arc::new(list));
    }
}

/// All that is softened; the error says why the moderator's list could not be read.
pub(super) type List = Result<Softener, String>;

fn read_list(path: &Path) -> List {
    read_own(path).map(|own| Softener::new(&own))
}

/// The moderator's list, empty where there is none. The error says why it could not be read.
fn read_own(path: &Path) -> Result<String, String> {
    let file = match std::fs::File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(String::new()),
        Err(error) => return Err(error.to_string()),
    };
    let mut bytes = Vec::new();
    file.take(OWN_BYTES_MAX + 1).read_to_end(&mut bytes).map_err(|error| error.to_string())?;
    if bytes.len() as u64 > OWN_BYTES_MAX {
        return Err(say("soften-too-long"));
    }
    String::from_utf8(bytes).map_err(|_| say("soften-no-text"))
}

#[cfg(test)]
mod tests {
    use super::read_own;

    #[test]
    fn a_list_that_is_not_there_is_empty_and_a_damaged_one_is_told() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("soften.txt");
        assert_eq!(read_own(&path), Ok(String::new()));
        std::fs::write(&path, "folly\nښه\n").unwrap();
        assert_eq!(read_own(&path).as_deref(), Ok("folly\nښه\n"));
        for damaged in [&b"fol\xffly"[..], &vec![b'a'; (1 << 20) + 1]] {
            std::fs::write(&path, damaged).unwrap();
            assert!(read_own(&path).is_err_and(|why| why.len() > 20));
        }
        std::fs::remove_file(&path).unwrap();
        std::fs::create_dir(&path).unwrap();
        assert!(read_own(&path).is_err(), "a folder is no list");
    }
}
