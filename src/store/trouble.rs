//! What can be wrong with the desk's own memory, named by what mends it.

use std::path::{Path, PathBuf};

/// Why the store did not do what was asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Trouble {
    /// Another process holds this desk.
    InUse { process: String },
    /// This account of this site is on the desk already, under that short name.
    Known { slug: String },
    /// There is no desk in this folder.
    NoDesk(PathBuf),
    /// The folder cannot be made, read or written.
    Folder { dir: PathBuf, why: String },
    /// The folder or the file in it may be read and not written.
    ReadOnly(PathBuf),
    /// The disk is full.
    Full,
    /// The file was written by a newer Greenroom.
    Newer { file: i64, ours: i64 },
    /// The file could not be brought to this program's schema. It is as it was, and copied.
    Unmigrated { why: String, copy: PathBuf },
    /// The file is damaged.
    Corrupt(String),
    /// A move the table of deliveries does not know, a row that is not there, or one that breaks a rule of the file: it
    /// fails in the same way however often it is tried.
    Wrong(String),
    /// The desk is closing.
    Closed,
    /// What was to be written met a fault of this program, and nothing of it was. It would meet it again.
    Panicked,
    /// Anything else SQLite said.
    Sql(String),
}

impl std::fmt::Display for Trouble {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::InUse { process } => write!(f, "another Greenroom (process {process}) holds this desk"),
            Self::Known { slug } => write!(f, "this account is on the desk already, as {slug}"),
            Self::NoDesk(dir) => write!(f, "no desk in {}", dir.display()),
            Self::Folder { dir, why } => write!(f, "{why}: {}", dir.display()),
            Self::ReadOnly(dir) => write!(f, "only reading is allowed in {}", dir.display()),
            Self::Full => f.write_str("the disk is full"),
            Self::Newer { file, ours } => {
                write!(f, "the desk was written by a newer Greenroom (schema {file}, this one knows {ours})")
            }
            Self::Unmigrated { why, copy } => {
                write!(f, "the desk could not be brought up to date: {why}; a copy is {}", copy.display())
            }
            Self::Corrupt(why) => write!(f, "the desk's file is damaged: {why}"),
            Self::Wrong(why) | Self::Sql(why) => f.write_str(why),
            Self::Closed => f.write_str("the desk is closing"),
            Self::Panicked => f.write_str("a fault of the desk itself"),
        }
    }
}

impl std::error::Error for Trouble {}

impl Trouble {
    /// What the system said about a file or folder.
    pub(super) fn of_io(path: &Path, error: &std::io::Error) -> Self {
        use std::io::ErrorKind;
        match error.kind() {
            ErrorKind::StorageFull | ErrorKind::QuotaExceeded => Self::Full,
            ErrorKind::ReadOnlyFilesystem | ErrorKind::PermissionDenied => Self::ReadOnly(path.to_owned()),
            _ => Self::Folder { dir: path.to_owned(), why: error.to_string() },
        }
    }

    /// The same with the place where it happened, which SQLite does not tell.
    #[must_use]
    pub(super) fn at(self, path: &Path) -> Self {
        match self {
            Self::ReadOnly(dir) if dir.as_os_str().is_empty() => Self::ReadOnly(path.to_owned()),
            other => other,
        }
    }
}

impl From<rusqlite::Error> for Trouble {
    fn from(error: rusqlite::Error) -> Self {
        use rusqlite::ErrorCode;
        match error.sqlite_error_code() {
            Some(ErrorCode::DiskFull) => Self::Full,
            Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => Self::Corrupt(error.to_string()),
            Some(ErrorCode::ReadOnly | ErrorCode::CannotOpen | ErrorCode::PermissionDenied) => {
                Self::ReadOnly(PathBuf::new())
            }
            // A word or a number stands where the desk never writes one.
            None if is_unreadable(&error) => Self::Corrupt(error.to_string()),
            // What SQLite itself did not refuse could not be read as what it should be; what it calls an error and no more is
            // a statement that the file's own tables do not bear.
            Some(ErrorCode::ConstraintViolation | ErrorCode::TypeMismatch | ErrorCode::Unknown) | None => {
                Self::Wrong(error.to_string())
            }
            _ => Self::Sql(error.to_string()),
        }
    }
}

fn is_unreadable(error: &rusqlite::Error) -> bool {
    use rusqlite::Error::{FromSqlConversionFailure, IntegralValueOutOfRange, InvalidColumnType, Utf8Error};
    matches!(
        error,
        FromSqlConversionFailure(..) | IntegralValueOutOfRange(..) | InvalidColumnType(..) | Utf8Error(..)
    )
}

impl From<crate::domain::Illegal> for Trouble {
    fn from(illegal: crate::domain::Illegal) -> Self {
        Self::Wrong(illegal.to_string())
    }
}
