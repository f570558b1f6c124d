//! One configured account on one site, and what it may do there.

use super::{Cursor, Order, SiteId};
use chrono::{DateTime, Utc};

/// The system a site runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Backend {
    WordPress,
    Cmh,
}

impl Backend {
    /// The word it is stored and typed by.
    pub fn word(self) -> &'static str {
        match self {
            Self::WordPress => "wordpress",
            Self::Cmh => "cmh",
        }
    }

    /// The inverse of [`Backend::word`].
    pub fn of_word(word: &str) -> Option<Self> {
        [Self::WordPress, Self::Cmh].into_iter().find(|b| b.word() == word)
    }
}

/// A site is (origin, backend, account).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Site {
    pub id: SiteId,
    /// The short name a person types: `gazette` in `gazette:123`. Unique on a desk.
    pub slug: String,
    /// The name the site gives itself.
    pub name: String,
    pub backend: Backend,
    /// Where its API answers, without a trailing slash.
    pub base: String,
    /// Login name; empty where a token says who it is.
    pub account: String,
    pub order: Order,
    pub hold_secs: u32,
}

/// How a site takes a comment down.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Rejecting {
    /// It can be brought back.
    Reversible,
    /// The site has no reversible rejected state: not offered.
    Unavailable,
}

/// What this account can do on this site. Asked before drawing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Capabilities {
    pub rejecting: Rejecting,
    pub spam: bool,
    pub restore: bool,
    pub reports: bool,
    /// A published comment can be kept and its reports dismissed.
    pub dismiss_reports: bool,
    pub articles: bool,
    pub thread: bool,
    pub authors: bool,
    /// It refuses a decision on words or a status that changed since they were read.
    pub refuses_stale: bool,
    /// It pages by offset over a total key, so a walk is proved by [`super::Covers`].
    pub pages_by_offset: bool,
    /// It can tell what changed as it happens.
    pub feed: bool,
}

/// Who signed in, and what the site lets them do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Moderator {
    pub name: String,
    pub site_name: String,
    pub can: Capabilities,
    /// Facts about this site that a moderator should know, as keys of the words file.
    pub caveats: Vec<&'static str>,
    /// What the site's own clock showed when it answered, where it told.
    pub clock: Option<DateTime<Utc>>,
    /// Where its change feed stood then: whatever is read later misses nothing that the feed tells from here.
    pub feed_at: Option<Cursor>,
}
