//! What `greenroom doctor` knows: a desk looked over from outside, beside whoever holds it, and also where it cannot be
//! opened. Nothing here names a site, an account, a folder or a reader, unless that is asked for.

use super::connect::is_in_clear;
use super::job;
use super::notice;
use super::secrets;
use super::words::{say, say_with};
use crate::domain::Site;
use crate::log::{self, plain};
use crate::store::{self, Reader, Store, Trouble};
use crate::sync::dispatch::NO_REJECTING;
use chrono::{DateTime, Local, Utc};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// Longest wait for the keyring, which may ask its owner.
const KEYRING_MAX: Duration = Duration::from_secs(3);
/// Bytes of the log that are looked through.
const TAIL: u64 = 256 * 1024;
/// Kinds of lines told.
const KINDS_MAX: usize = 12;

/// See the module.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checkup {
    pub at: DateTime<Utc>,
    /// Minutes that the clock on the wall is ahead of UTC.
    pub offset_min: i32,
    pub folder: Folder,
    pub held_by: Option<String>,
    pub desk: Result<Desk, String>,
    pub keyring: Keyring,
    /// Kinds of warnings and errors in the log, the newest last.
    pub log: Vec<Kind>,
    /// The report of a fault that ended the desk when it was last open.
    pub fault: Option<String>,
    /// What a person should do something about, in words.
    pub findings: Vec<Finding>,
}

/// The data folder.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Folder {
    pub is_there: bool,
    /// Only this user may enter it; `None` where the system does not tell.
    pub is_private: Option<bool>,
    /// Bytes of the desk's file, of its journal, and of the logs.
    pub desk: u64,
    pub journal: u64,
    pub logs: u64,
    /// Its path, where that was asked for.
    pub path: Option<String>,
}

/// The desk's file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Desk {
    pub file: store::Checkup,
    pub comments: u64,
    pub decisions: Vec<store::Decisions>,
    pub sites: Vec<SiteFacts>,
}

/// A site by its number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SiteFacts {
    pub number: i64,
    pub system: &'static str,
    /// It is on this machine, or its requests are encrypted.
    pub is_safe: bool,
    pub pending: u64,
    pub reported: u64,
    pub hold_secs: u32,
    /// It deletes what is rejected, so that is not offered.
    pub rejects: bool,
    pub has_variable: bool,
    /// Its short name and address, where they were asked for.
    pub named: Option<(String, String)>,
}

/// How it goes with the system's keyring.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Keyring {
    Answers,
    Unreachable,
    /// Not within three seconds: it may ask its owner.
    Silent,
}

/// A kind of line in the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kind {
    pub last: String,
    pub level: String,
    pub words: String,
    pub n: u64,
}

/// Something found out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// The desk does not work with it.
    pub is_bad: bool,
    pub words: String,
}

impl Checkup {
    /// Looks a desk over. `full` names its sites and its folder too.
    pub fn of(dir: &Path, now: DateTime<Utc>, full: bool) -> Self {
        let mut checkup = Self {
            at: now,
            offset_min: now.with_timezone(&Local).offset().local_minus_utc() / 60,
            folder: folder(dir, full),
            held_by: Store::holder(dir),
            desk: desk(dir, full).map_err(in_words),
            keyring: keyring(),
            log: kinds(&log::tail(dir, TAIL)),
            fault: log::before(dir).map(|fault| fault.report()),
            findings: Vec::new(),
        };
        checkup.findings = checkup.found();
        checkup
    }

    fn found(&self) -> Vec<Finding> {
        let mut found = Vec::new();
        let mut find = |is_bad, words| found.push(Finding { is_bad, words });
        match &self.desk {
            Err(words) => find(true, words.clone()),
            Ok(desk) => {
                if !desk.file.damage.is_empty() {
                    let n = desk.file.damage.len();
                    find(true, say_with("doctor-damage", &[("n", n.into())]));
                }
                let stuck =
                    |row: &&store::Decisions| matches!(row.delivery.as_str(), "conflicted" | "refused");
                let stuck: u64 = desk.decisions.iter().filter(stuck).map(|row| row.n).sum();
                if stuck > 0 {
                    find(false, say_with("doctor-stuck", &[("n", stuck.into())]));
                }
                for site in desk.sites.iter().filter(|site| !site.is_safe) {
                    find(false, say_with("doctor-cleartext", &[("n", site.number.into())]));
                }
            }
        }
        if self.folder.is_private == Some(false) {
            find(true, say("doctor-open-folder"));
        }
        match self.keyring {
            Keyring::Answers => {}
            Keyring::Unreachable => find(false, say("doctor-no-keyring")),
            Keyring::Silent => find(false, say("doctor-silent-keyring")),
        }
        if self.fault.is_some() {
            find(false, say("doctor-fault"));
        }
        found
    }

    /// Whether the desk cannot be worked with as it is.
    pub fn is_bad(&self) -> bool {
        self.findings.iter().any(|finding| finding.is_bad)
    }
}

fn folder(dir: &Path, full: bool) -> Folder {
    let bytes = |path: &Path| std::fs::metadata(path).map_or(0, |about| about.len());
    let (desk, journal) = Store::files(dir);
    let logs = std::fs::read_dir(dir.join(log::FOLDER)).into_iter().flatten().flatten();
    Folder {
        is_there: dir.is_dir(),
        is_private: is_private(dir),
        desk: bytes(&desk),
        journal: bytes(&journal),
        logs: logs.map(|entry| bytes(&entry.path())).sum(),
        path: full.then(|| dir.display().to_string()),
    }
}

#[cfg(unix)]
fn is_private(dir: &Path) -> Option<bool> {
    use std::os::unix::fs::PermissionsExt as _;
    let mode = std::fs::metadata(dir).ok()?.permissions().mode();
    Some(mode & 0o077 == 0)
}

#[cfg(not(unix))]
fn is_private(_: &Path) -> Option<bool> {
    None
}

fn desk(dir: &Path, full: bool) -> Result<Desk, Trouble> {
    let reader = Store::peek(dir)?;
    let file = reader.checkup()?;
    let (schema, ours) = file.schema;
    if schema > ours {
        return Err(Trouble::Newer { file: schema, ours });
    }
    let sites = reader.sites()?;
    let sites = sites.into_iter().map(|site| facts(&reader, &site, full)).collect::<Result<_, _>>()?;
    Ok(Desk { comments: reader.comments_total()?, decisions: reader.decisions_by_state()?, sites, file })
}

fn facts(reader: &Reader, site: &Site, full: bool) -> Result<SiteFacts, Trouble> {
    let counts = reader.counts(site.id)?;
    Ok(SiteFacts {
        number: site.id.0,
        system: site.backend.word(),
        is_safe: !is_in_clear(site),
        pending: counts.pending,
        reported: counts.reported,
        hold_secs: site.hold_secs,
        rejects: reader.cursor(site.id, NO_REJECTING)?.is_none(),
        has_variable: secrets::is_given(&site.slug),
        named: full.then(|| (site.slug.clone(), site.base.clone())),
    })
}

/// Why the desk cannot be looked at, and what mends it, without the folder's name: that is often its user's.
fn in_words(trouble: Trouble) -> String {
    let folder = || PathBuf::from(say("doctor-folder"));
    let harmless = match trouble {
        Trouble::Corrupt(why) => Trouble::Corrupt(plain(&why)),
        Trouble::Sql(why) => Trouble::Sql(plain(&why)),
        Trouble::Wrong(why) => Trouble::Wrong(plain(&why)),
        Trouble::NoDesk(_) => Trouble::NoDesk(folder()),
        Trouble::ReadOnly(_) => Trouble::ReadOnly(folder()),
        Trouble::Folder { why, .. } => Trouble::Folder { dir: folder(), why: plain(&why) },
        Trouble::Unmigrated { why, copy } => {
            let copy = copy.file_name().map_or_else(folder, PathBuf::from);
            Trouble::Unmigrated { why: plain(&why), copy }
        }
        other => other,
    };
    notice::of_trouble(&harmless).words
}

/// Asks the keyring for what is not in it: an answer is an answer.
fn keyring() -> Keyring {
    let ask = || match keyring::Entry::new("greenroom", "doctor").and_then(|entry| entry.get_password()) {
        Ok(_) | Err(keyring::Error::NoEntry) => Keyring::Answers,
        Err(_) => Keyring::Unreachable,
    };
    job::within(KEYRING_MAX, ask).unwrap_or(Keyring::Silent)
}

/// Warnings and errors of a log, each kind once: as many as the newest are.
fn kinds(lines: &[String]) -> Vec<Kind> {
    let mut kinds: BTreeMap<(String, String), (String, u64)> = BTreeMap::new();
    for line in lines {
        // When, how bad, where, in which thread, what.
        let mut parts = line.split_whitespace();
        let (Some(at), Some(level @ ("WARN" | "ERROR")), Some(target)) =
            (parts.next(), parts.next(), parts.next())
        else {
            continue;
        };
        let said: Vec<&str> = parts.skip(1).collect();
        // What is left is made plain once more: a file can be written by others.
        let target: String =
            target.chars().filter(|c| c.is_ascii_alphanumeric() || "_:".contains(*c)).collect();
        let words = format!("{target} {}", plain(&said.join("\u{20}")));
        let kind = kinds.entry((level.to_owned(), words)).or_default();
        *kind = (plain_time(at), kind.1 + 1);
    }
    let mut kinds: Vec<Kind> =
        kinds.into_iter().map(|((level, words), (last, n))| Kind { last, level, words, n }).collect();
    kinds.sort_by(|one, other| one.last.cmp(&other.last));
    kinds.split_off(kinds.len().saturating_sub(KINDS_MAX))
}

fn plain_time(at: &str) -> String {
    DateTime::parse_from_rfc3339(at).map(|at| at.format("%Y-%m-%dT%H:%M:%SZ").to_string()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_kind_of_line_is_counted_and_nothing_else_is_told() {
        let lines = [
            "2026-11-28T12:00:00.000Z  INFO greenroom::app [main] desk",
            "2026-11-28T12:00:01.000Z ERROR greenroom::sync::driver [site-1] could not write trouble=\"disk full\"",
            "2026-11-28T12:00:03.000Z ERROR greenroom::sync::driver [site-1] could not write trouble=\"disk full\"",
            "2026-11-28T12:00:02.000Z  WARN x [main] Ana wrote ana@mail.example hush",
            "no log line at all",
        ]
        .map(str::to_owned);
        let told: Vec<_> = kinds(&lines).into_iter().map(|kind| (kind.last, kind.words, kind.n)).collect();
        assert_eq!(
            told,
            [
                ("2026-11-28T12:00:02Z".to_owned(), "x …".to_owned(), 1),
                (
                    "2026-11-28T12:00:03Z".to_owned(),
                    "greenroom::sync::driver could not write …".to_owned(),
                    2
                ),
            ]
        );
    }

    #[test]
    fn a_folder_is_not_named_where_nobody_asked() {
        let dir = Path::new("/home/mona/desks/gazette");
        let said = in_words(Trouble::NoDesk(dir.to_owned()));
        assert!(!said.contains("mona") && said.contains("sites add"), "{said}");
        let said = in_words(Trouble::Corrupt("file is not a database".into()));
        assert!(said.contains("file is not a database"), "{said}");
    }
}
