//! The log's file: `logs/greenroom.log` in the data folder, for this user's eyes only, moved aside when it is full. The
//! appender of `tracing` itself knows no bound in bytes and leaves the mode to the umask.

use std::fs::OpenOptions;
use std::io::{Read as _, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};

/// The folder within the data folder.
pub const FOLDER: &str = "logs";
/// The newest file; those before it end in `.1`, `.2` and so on.
pub const NAME: &str = "greenroom.log";
/// Files kept, the newest among them.
pub const FILES_MAX: usize = 4;
/// Bytes of one file.
pub const BYTES_MAX: u64 = 1 << 20;
/// Bytes of one line.
const LINE_MAX: usize = 4_096;

/// An open log.
pub(super) struct File {
    path: PathBuf,
    file: std::fs::File,
    bytes: u64,
    most: u64,
}

impl File {
    /// Opens or makes the log of a data folder.
    pub fn open(dir: &Path) -> std::io::Result<Self> {
        let folder = dir.join(FOLDER);
        std::fs::create_dir_all(&folder)?;
        only_ours(&folder, 0o700)?;
        let path = folder.join(NAME);
        let file = append(&path)?;
        let bytes = file.metadata()?.len();
        Ok(Self { path, file, bytes, most: BYTES_MAX })
    }

    /// Writes a line, in one call: another process may write into the same file. Not waited for: a log is no decision.
    pub fn write(&mut self, line: &str) {
        let line = cut(line);
        if self.bytes + line.len() as u64 > self.most {
            // A file that cannot be moved aside grows no further.
            let Ok(file) = self.turn() else { return };
            (self.file, self.bytes) = (file, 0);
        }
        if self.file.write_all(line.as_bytes()).is_ok() {
            self.bytes += line.len() as u64;
        }
    }

    /// Moves each file one number on; the oldest goes.
    fn turn(&self) -> std::io::Result<std::fs::File> {
        for n in (1..FILES_MAX - 1).rev() {
            let older = nth(&self.path, n);
            if older.exists() {
                std::fs::rename(older, nth(&self.path, n + 1))?;
            }
        }
        std::fs::rename(&self.path, nth(&self.path, 1))?;
        append(&self.path)
    }
}

fn nth(path: &Path, n: usize) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(format!(".{n}"));
    PathBuf::from(name)
}

/// One line that ends as a line does.
fn cut(line: &str) -> String {
    let line = line.trim_end_matches('\n');
    let mut end = line.len().min(LINE_MAX - 1);
    while !line.is_char_boundary(end) {
        end -= 1;
    }
    format!("{}\n", line[..end].replace('\n', " "))
}

fn append(path: &Path) -> std::io::Result<std::fs::File> {
    let mut options = OpenOptions::new();
    options.append(true).create(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt as _;
        options.mode(0o600);
    }
    let file = options.open(path)?;
    only_ours(path, 0o600)?;
    Ok(file)
}

/// Others on the machine do not read it, also where it was made otherwise.
pub(super) fn only_ours(path: &Path, mode: u32) -> std::io::Result<()> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode))?;
    }
    #[cfg(not(unix))]
    let _ = (path, mode);
    Ok(())
}

/// The last lines of a data folder's log, as many as `bytes` hold, oldest first. Nothing where there is none.
pub fn tail(dir: &Path, bytes: u64) -> Vec<String> {
    let read = || -> std::io::Result<String> {
        let mut file = std::fs::File::open(dir.join(FOLDER).join(NAME))?;
        let from = file.metadata()?.len().saturating_sub(bytes);
        file.seek(SeekFrom::Start(from))?;
        let mut text = Vec::new();
        file.take(bytes).read_to_end(&mut text)?;
        let text = String::from_utf8_lossy(&text).into_owned();
        // The first line may be half a one.
        Ok(if from > 0 { text.split_once('\n').map_or("", |(_, rest)| rest).to_owned() } else { text })
    };
    read().unwrap_or_default().lines().map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(dir: &Path) -> Vec<String> {
        let entries = std::fs::read_dir(dir.join(FOLDER)).unwrap();
        let mut names: Vec<_> =
            entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    #[test]
    fn a_full_file_is_moved_aside_and_the_oldest_goes() {
        let dir = tempfile::tempdir().unwrap();
        let mut log = File::open(dir.path()).unwrap();
        log.most = 100;
        for n in 0..60 {
            log.write(&format!("a line of some words, number {n:02}\n"));
        }
        assert_eq!(
            names(dir.path()),
            ["greenroom.log", "greenroom.log.1", "greenroom.log.2", "greenroom.log.3"]
        );
        let newest = tail(dir.path(), 1_000);
        assert_eq!(newest.last().unwrap(), "a line of some words, number 59");
        for name in names(dir.path()) {
            assert!(std::fs::metadata(dir.path().join(FOLDER).join(name)).unwrap().len() <= 100);
        }
    }

    #[test]
    fn a_file_from_before_is_gone_on_with() {
        let dir = tempfile::tempdir().unwrap();
        File::open(dir.path()).unwrap().write("one");
        File::open(dir.path()).unwrap().write("two\nin one");
        assert_eq!(tail(dir.path(), 1_000), ["one", "two in one"]);
        assert_eq!(tail(dir.path(), 9), ["two in one"][..0], "half a line is none");
        assert_eq!(tail(&dir.path().join("none"), 9).len(), 0);
    }

    #[test]
    fn a_line_is_bounded_and_ends_between_characters() {
        assert_eq!(cut(&"é".repeat(4_000)).len(), LINE_MAX - 1);
        assert_eq!(cut("short"), "short\n");
    }

    #[cfg(unix)]
    #[test]
    fn others_on_the_machine_cannot_read_it() {
        use std::os::unix::fs::PermissionsExt as _;
        let dir = tempfile::tempdir().unwrap();
        let folder = dir.path().join(FOLDER);
        std::fs::create_dir(&folder).unwrap();
        std::fs::write(folder.join(NAME), "").unwrap();
        std::fs::set_permissions(&folder, std::fs::Permissions::from_mode(0o755)).unwrap();
        std::fs::set_permissions(folder.join(NAME), std::fs::Permissions::from_mode(0o644)).unwrap();
        let mut log = File::open(dir.path()).unwrap();
        log.most = 10;
        log.write("one line");
        log.write("and another");
        let mode = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode(&folder), 0o700);
        for name in names(dir.path()) {
            assert_eq!(mode(&folder.join(&name)), 0o600, "{name}");
        }
    }
}
