//! Which words are softened, as a moderator set it: the desk's own lists and `soften.txt` in the data folder.

use super::App;
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

/// Whether it is switched on, and by which list once that was read.
#[derive(Default)]
pub(super) struct Softening {
    list: Option<Arc<Softener>>,
}

impl App {
    /// Switches softening on or off, and keeps it so. The moderator's list is read anew.
    pub fn set_soften(&mut self, on: bool) {
        self.settings.soften = on;
        self.settings_file.write(self.settings);
        self.softening = Softening::default();
    }

    /// The words to soften; `None` while that is switched off. Reads the moderator's list once.
    pub fn softener(&mut self) -> Option<Arc<Softener>> {
        if !self.settings.soften {
            return None;
        }
        if let Some(list) = &self.softening.list {
            return Some(Arc::clone(list));
        }
        let path = self.settings_file.beside(OWN);
        let own = read_own(&path).unwrap_or_else(|why| {
            let file = path.display().to_string();
            let words = say_with("soften-unreadable", &[("file", file.into()), ("why", why.into())]);
            self.show(Notice::warning(words, None));
            String::new()
        });
        let list = Arc::new(Softener::new(&own));
        self.softening.list = Some(Arc::clone(&list));
        Some(list)
    }
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
