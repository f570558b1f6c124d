//! The only place where an error becomes words, each with what mends it.

use super::command::Command;
use super::words::{Value, say, say_with};
use crate::backend::Fault;
use crate::domain::{DecisionId, Delivery, SiteId};
use crate::store::{OutboxLine, Trouble};

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
    let why = |why: &str| [("why", Value::from(why.to_owned()))];
    let words = match fault {
        Fault::Unreachable { why: w } => say_with("notice-unreachable", &why(w)),
        Fault::Unanswered { why: w } => say_with("notice-unanswered", &why(w)),
        Fault::Unauthorized { why: w } => say_with("notice-unauthorized", &why(w)),
        Fault::Forbidden { why: w } => say_with("notice-forbidden", &why(w)),
        Fault::Throttled { .. } => say("notice-throttled"),
        Fault::Refused { why: w, .. } => say_with("notice-refused", &why(w)),
        Fault::Failing { why: w, .. } => say_with("notice-failing", &why(w)),
        Fault::Malformed { why: w } => say_with("notice-malformed", &why(w)),
        Fault::Conflict { .. } | Fault::Unconfirmed { .. } | Fault::Gone | Fault::Expired => {
            say_with("notice-refused", &why(&fault.to_string()))
        }
    };
    Notice::error(words, None)
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
        Trouble::Wrong(why) | Trouble::Sql(why) => say_with("trouble-other", &[("why", why.clone().into())]),
    };
    Notice::error(words, None)
}

/// A job that panicked, by its name.
pub fn of_panic(job: &'static str) -> Notice {
    Notice::error(say_with("desk-fault", &[("job", job.into())]), None)
}

/// What an outbox row waits for, or what mends it.
pub fn of_line(line: &OutboxLine, site: SiteId) -> Option<Notice> {
    let id: DecisionId = line.decision.id;
    let why = line.why.clone().unwrap_or_default();
    let told = [("why", Value::from(why))];
    match line.delivery {
        Delivery::Held | Delivery::Queued if line.fault.as_deref() == Some("recovered") => {
            Some(Notice::warning(say("outbox-recovered"), None))
        }
        Delivery::Conflicted if line.fault.as_deref() == Some("late") => {
            Some(Notice::warning(say("outbox-late"), None))
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
            Some("unreachable") => {
                Some(Notice::warning(say_with("outbox-offline", &told), Some(Command::Refresh(Some(site)))))
            }
            Some("throttled") => Some(Notice::said(say("outbox-throttled"), None)),
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
