//! The only place where an error becomes words, each with what mends it.

use super::command::Command;
use super::view::{Health, SiteRow};
use super::words::{Value, say, say_with};
use crate::backend::Fault;
use crate::domain::{DecisionId, Delivery, SiteId, Status, Time};
use crate::net::Distrust;
use crate::store::{OutboxLine, Trouble};
use chrono::{DateTime, Utc};

/// How a notice weighs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Tone {
    Said,
    Warning,
    Error,
}

/// A sentence for a person, with the command that mends it where there is one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    pub tone: Tone,
    pub words: String,
    pub remedy: Option<Command>,
}

impl Notice {
    /// Something that was done.
    pub fn said(words: String, remedy: Option<Command>) -> Self {
        Self { tone: Tone::Said, words, remedy }
    }

    /// Something a person should know.
    pub fn warning(words: String, remedy: Option<Command>) -> Self {
        Self { tone: Tone::Warning, words, remedy }
    }

    /// Something that went wrong.
    pub fn error(words: String, remedy: Option<Command>) -> Self {
        Self { tone: Tone::Error, words, remedy }
    }
}

/// A fault met while connecting or signing in.
pub fn of_fault(fault: &Fault) -> Notice {
    let why = |why: &str| [("why", Value::from(clause(why)))];
    let words = match fault {
        Fault::Unreachable { why: w } => say_with("notice-unreachable", &why(w)),
        Fault::Untrusted { why: w } => untrusted(*w),
        Fault::Unanswered { why: w } => say_with("notice-unanswered", &why(w)),
        Fault::Unauthorized { why: w } => say_with("notice-unauthorized", &why(w)),
        Fault::Forbidden { why: w } => say_with("notice-forbidden", &why(w)),
        Fault::Throttled { after } => {
            let secs = after.map_or(60, |after| after.as_secs().max(1));
            say_with("notice-throttled", &[("wait", span(secs.cast_signed()).into())])
        }
        Fault::Refused { why: w, .. } => say_with("notice-refused", &why(w)),
        Fault::Failing { why: w, .. } => say_with("notice-failing", &why(w)),
        Fault::Malformed { why: w } => say_with("notice-malformed", &why(w)),
        Fault::Conflict { .. } | Fault::Unconfirmed { .. } | Fault::Gone | Fault::Expired => {
            say_with("notice-refused", &why(&fault.to_string()))
        }
    };
    Notice::error(words, None)
}

/// Nothing was sent, and nothing a moderator does at this desk mends it: the words say who can.
fn untrusted(why: Distrust) -> String {
    let kind = match why {
        Distrust::Expired => "expired",
        Distrust::Early => "early",
        Distrust::Stranger => "stranger",
        Distrust::OtherName => "other-name",
        Distrust::Revoked => "revoked",
        Distrust::Broken => "broken",
    };
    say_with("notice-untrusted", &[("why", why.to_string().into()), ("kind", kind.into())])
}

/// The reason without the address that stands behind its colon: whoever looks knows the site. An address that belongs to
/// the sentence stays.
pub fn brief(why: &str) -> String {
    let address = why.find("http://").or_else(|| why.find("https://"));
    let before = address.and_then(|at| why[..at].trim_end().strip_suffix(':'));
    let reason = before.unwrap_or(why);
    reason.split("(os").next().unwrap_or(reason).trim_end().to_owned()
}

/// A reason as part of a sentence: sites end theirs with a full stop.
fn clause(why: &str) -> String {
    why.trim_end_matches(['.', ' ', ':']).to_owned()
}

/// A reason as the beginning of a sentence.
pub fn sentence(why: &str) -> String {
    let why = clause(&brief(why));
    let mut letters = why.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// A time to wait: exact while somebody counts along.
pub fn span(secs: i64) -> String {
    match secs {
        ..120 => say_with("wait-secs", &[("n", secs.max(0).into())]),
        120..7_200 => say_with("wait-mins", &[("n", secs.div_euclid(60).into())]),
        _ => say_with("wait-hours", &[("n", secs.div_euclid(3_600).into())]),
    }
}

/// A site that is away for so long will not come back by itself.
const LASTS_SECS: i64 = 600;

/// What is wrong with a site and what mends it; `None` while all is well.
pub fn of_site(row: &SiteRow, now: DateTime<Utc>) -> Option<Notice> {
    let wait = |next: &Time| ("wait", Value::from(span((next.at - now).num_seconds())));
    let ask = Some(Command::Refresh(Some(row.id)));
    match &row.health {
        Health::Starting | Health::Pulling { .. } | Health::Synced { .. } => None,
        Health::Offline { since, next, why } => {
            let told = [("why", Value::from(sentence(why))), wait(next)];
            let lasts = (now - since.at).num_seconds() >= LASTS_SECS;
            let key = if lasts { "health-offline-long" } else { "health-offline" };
            Some(Notice::error(say_with(key, &told), ask))
        }
        Health::Resting { next } => Some(Notice::warning(say_with("health-resting", &[wait(next)]), ask)),
        Health::SignedOut { why } => {
            let told = [("why", Value::from(sentence(why)))];
            Some(Notice::error(say_with("health-signed-out", &told), Some(Command::AskSignIn(row.id))))
        }
        Health::Troubled { notice } => Some(notice.clone()),
    }
}

/// A failure of the desk's own memory.
pub fn of_trouble(trouble: &Trouble) -> Notice {
    let words = match trouble {
        Trouble::InUse { process } => say_with("trouble-in-use", &[("process", process.clone().into())]),
        Trouble::Known { slug } => say_with("trouble-known", &[("slug", slug.clone().into())]),
        Trouble::NoDesk(dir) => say_with("trouble-no-desk", &[("dir", dir.display().to_string().into())]),
        Trouble::Folder { dir, why } => say_with(
            "trouble-folder",
            &[("dir", dir.display().to_string().into()), ("why", why.clone().into())],
        ),
        Trouble::ReadOnly(dir) => say_with("trouble-read-only", &[("dir", dir.display().to_string().into())]),
        Trouble::Full => say("trouble-full"),
        Trouble::Newer { file, ours } => {
            say_with("trouble-newer", &[("file", (*file).into()), ("ours", (*ours).into())])
        }
        Trouble::Unmigrated { why, copy } => say_with(
            "trouble-unmigrated",
            &[("why", why.clone().into()), ("copy", copy.display().to_string().into())],
        ),
        Trouble::Corrupt(why) => say_with("trouble-corrupt", &[("why", why.clone().into())]),
        Trouble::Closed => say("trouble-closed"),
        Trouble::Panicked => say("trouble-panicked"),
        Trouble::Wrong(why) | Trouble::Sql(why) => say_with("trouble-other", &[("why", why.clone().into())]),
    };
    Notice::error(words, None)
}

/// A job that panicked, by its name.
pub fn of_panic(job: &'static str) -> Notice {
    Notice::error(say_with("desk-fault", &[("job", job.into())]), None)
}

/// A decision on a comment that the site now sends in a form that cannot be read.
pub fn of_unreadable() -> Notice {
    Notice::warning(say("outbox-unreadable"), None)
}

/// What an outbox row waits for, or what mends it.
pub fn of_line(line: &OutboxLine, site: SiteId) -> Option<Notice> {
    let id: DecisionId = line.decision.id;
    let why = sentence(line.why.as_deref().unwrap_or_default());
    let told = [("why", Value::from(why))];
    match line.delivery {
        Delivery::Held | Delivery::Queued if line.fault.as_deref() == Some("recovered") => {
            Some(Notice::warning(say("outbox-recovered"), None))
        }
        Delivery::Conflicted if line.fault.as_deref() == Some("late") => {
            Some(Notice::warning(say("outbox-late"), None))
        }
        Delivery::Conflicted if matches!(line.theirs, Some((Status::Deleted, ..))) => {
            Some(Notice::warning(say("outbox-gone"), None))
        }
        Delivery::Conflicted => Some(Notice::warning(say("outbox-conflicted"), None)),
        Delivery::Refused => {
            let words = match line.fault.as_deref() {
                Some("forbidden") => say_with("outbox-forbidden", &told),
                Some("refused") => say_with("outbox-refused", &told),
                Some("missing") => say("outbox-vanished"),
                Some("doubtful") => say("outbox-doubtful"),
                _ => say_with("outbox-tired", &told),
            };
            Some(Notice::error(words, Some(Command::Retry(id))))
        }
        Delivery::Queued | Delivery::Sending => match line.fault.as_deref() {
            Some("unauthorized") => {
                Some(Notice::warning(say("outbox-signed-out"), Some(Command::AskSignIn(site))))
            }
            Some("untrusted") => {
                Some(Notice::warning(say_with("outbox-untrusted", &told), Some(Command::Refresh(Some(site)))))
            }
            Some("unreachable") => {
                Some(Notice::warning(say_with("outbox-offline", &told), Some(Command::Refresh(Some(site)))))
            }
            Some("throttled") => {
                Some(Notice::warning(say("outbox-throttled"), Some(Command::Refresh(Some(site)))))
            }
            Some("missing") => {
                Some(Notice::warning(say("outbox-missing"), Some(Command::Refresh(Some(site)))))
            }
            Some(_) => {
                Some(Notice::warning(say_with("outbox-again", &told), Some(Command::Refresh(Some(site)))))
            }
            None if line.blocked => Some(Notice::said(say("outbox-behind"), None)),
            None => None,
        },
        Delivery::Held | Delivery::Delivered | Delivery::Withdrawn => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reason_begins_a_sentence_without_its_address_and_its_full_stop() {
        for (why, wanted) in [
            ("nothing answers at that address: https://a.example/x", "Nothing answers at that address"),
            (
                "the site sends callers on to http://b.example/x",
                "The site sends callers on to http://b.example/x",
            ),
            ("only https is used", "Only https is used"),
            ("no way there (os error 4711)", "No way there"),
            ("Slow down. ", "Slow down"),
            ("ärger", "Ärger"),
            ("", ""),
        ] {
            assert_eq!(sentence(why), wanted);
        }
    }

    #[test]
    fn a_wait_is_exact_while_somebody_counts_along() {
        let spans = [-3, 0, 119, 120, 3_600, 7_200, 86_400].map(span);
        assert_eq!(spans, ["0 s", "0 s", "119 s", "2 min", "60 min", "2 h", "24 h"]);
    }
}
