//! A comment as one answer of its site told it. `None` means *not told*, never *empty*: an upsert writes only what was told.

use super::{ArticleRef, Format, NativeId};
use chrono::{DateTime, Utc};

/// Where a comment stands on its site. The site's word, never the moderator's wish.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Status {
    /// Waits for a moderator; readers do not see it.
    Pending,
    /// Readers see it.
    Approved,
    /// Taken down, and can be brought back.
    Rejected,
    /// Taken down as spam, and can be brought back.
    Spam,
    /// Gone for good.
    Deleted,
    /// A state this desk has no word for; it is shown, never sent.
    Other,
}

/// How exactly a site told a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TimePrecision {
    Second,
    Minute,
    /// Guessed from a date without a zone or from words such as "yesterday".
    About,
}

/// An instant in UTC with the precision the site gave it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Time {
    pub at: DateTime<Utc>,
    pub precision: TimePrecision,
}

impl Time {
    /// An instant known to the second.
    pub fn second(at: DateTime<Utc>) -> Self {
        Self { at, precision: TimePrecision::Second }
    }
}

/// The words of a comment as the site sent them, untouched.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Body {
    pub format: Format,
    pub source: String,
}

/// What tells one author from another on a site: an account id, else the e-mail address, else nothing.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum AuthorKey {
    Account(String),
    Email(String),
}

/// An author as one comment shows them.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct AuthorSeen {
    pub name: String,
    pub url: Option<String>,
    /// `None` where the site gives nothing to recognise them by.
    pub key: Option<AuthorKey>,
}

/// What readers did not mean to publish. Stored in a table of its own, shown on demand only, erased by retention.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct Private {
    pub email: Option<String>,
    pub ip: Option<String>,
    pub agent: Option<String>,
}

/// An author's record on one site.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Record {
    pub approved: Option<u64>,
    pub pending: Option<u64>,
    pub rejected: Option<u64>,
    pub spam: Option<u64>,
    /// When the site first saw them.
    pub since: Option<Time>,
}

/// What a comment replies to.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Parent {
    /// It stands on its own under the article.
    Top,
    Reply(NativeId),
}

/// One reader's report of a comment.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Report {
    pub code: String,
    pub text: String,
    pub by: Option<String>,
    pub at: Option<Time>,
}

/// The reports on a comment: how many, and those the site told in full.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct Reports {
    pub total: u64,
    pub items: Vec<Report>,
}

/// Why the site holds a comment: its own short code and words.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct HeldReason {
    pub code: String,
    pub detail: String,
}

/// The newest decision the site knows of on a comment, whoever made it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct LastDecision {
    /// The moderator's name as the site gives it.
    pub by: Option<String>,
    pub status: Option<Status>,
    pub at: Option<Time>,
    /// The idempotency key it was sent with, where the site tells it.
    pub key: Option<String>,
}

/// What one answer told about one comment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Observed {
    pub native_id: NativeId,
    pub status: Option<Status>,
    pub created: Option<Time>,
    pub edited: Option<Time>,
    pub body: Option<Body>,
    pub author: Option<AuthorSeen>,
    pub private: Option<Private>,
    pub article: Option<ArticleRef>,
    pub parent: Option<Parent>,
    pub reports: Option<Reports>,
    pub held_because: Option<Vec<HeldReason>>,
    pub permalink: Option<String>,
    /// The site's own version token, where it has one (an ETag, a revision id).
    pub tag: Option<String>,
    pub last_decision: Option<LastDecision>,
    /// The site's own word for the kind of comment (`comment`, `pingback`).
    pub kind: Option<String>,
}

impl Observed {
    /// An answer that told nothing yet but the id.
    pub fn of(native_id: NativeId) -> Self {
        Self {
            native_id,
            status: None,
            created: None,
            edited: None,
            body: None,
            author: None,
            private: None,
            article: None,
            parent: None,
            reports: None,
            held_because: None,
            permalink: None,
            tag: None,
            last_decision: None,
            kind: None,
        }
    }
}

/// A comment that an answer brought and nobody could read: what is known of it all the same.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unreadable {
    /// `None` where not even that could be read.
    pub native_id: Option<NativeId>,
    /// As the answer told it, else as it was asked for.
    pub status: Option<Status>,
    /// The comment as the site sent it, readers' addresses in it.
    pub source: String,
    /// What is wrong with it, in words that quote nothing of it.
    pub why: String,
}

impl Unreadable {
    /// What it tells of the comment all the same.
    pub fn observed(&self, native_id: NativeId) -> Observed {
        Observed { status: self.status, ..Observed::of(native_id) }
    }
}

/// What a second look at one id found.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(
    clippy::large_enum_variant,
    reason = "at most 100 sights live at once, all but a few of them `Here`"
)]
pub enum Sight {
    Here(Observed),
    /// It is there, in a form that cannot be read.
    Unreadable(Unreadable),
    /// The answer did not contain it. Not yet proof that it is gone.
    Missing(NativeId),
    /// The site says that it is gone for good (404, 410).
    Gone(NativeId),
    /// The site says so, and shows no comment at all: it is not believed.
    Denied {
        native_id: NativeId,
        why: String,
    },
}
