//! What `ui` may see: plain structs, ready to draw, built by `read.rs`. Nothing here can change anything.

use super::command::{Command, Compared};
use super::notice::Notice;
use crate::domain::{
    BatchId, CommentId, DecisionId, Delivery, Order, Record, Report, RevisionId, SiteId, Status, Time, Verb,
};
use crate::text::RichText;
use std::sync::Arc;

/// Which comments the queue pane lists.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct Place {
    /// `None` is every site together.
    pub site: Option<SiteId>,
    pub shelf: Shelf,
}

/// The shelves of a site.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum Shelf {
    #[default]
    Pending,
    Reported,
    Parked,
    Approved,
    Rejected,
    Spam,
}

impl Shelf {
    /// The status of a shelf that is not mirrored, but read through as far as somebody looks.
    pub fn read_through(self) -> Option<Status> {
        match self {
            Self::Pending | Self::Reported | Self::Parked => None,
            Self::Approved => Some(Status::Approved),
            Self::Rejected => Some(Status::Rejected),
            Self::Spam => Some(Status::Spam),
        }
    }
}

/// One site in the left pane.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SiteRow {
    pub id: SiteId,
    pub slug: String,
    pub name: String,
    pub pending: u64,
    pub reported: u64,
    pub parked: u64,
    pub has_reports: bool,
    pub has_rejected: bool,
    pub has_spam: bool,
    pub health: Health,
    /// Where the secret is kept, in words; `None` once it is in the system keyring.
    pub secret_note: Option<String>,
    /// What a moderator of this site should know about it.
    pub caveats: Vec<String>,
}

/// How it goes with a site.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Health {
    /// Nothing asked yet.
    Starting,
    /// First pull under way: comments here and comments the site says it has.
    Pulling { here: u64, total: Option<u64> },
    /// `at` is the last complete answer.
    Synced { at: Time },
    /// Cannot be reached; tried again at `next`.
    Offline { since: Time, next: Time, why: String },
    /// It asked for fewer requests; nothing is asked of it until `next`.
    Resting { next: Time },
    /// The secret does not work any more.
    SignedOut { why: String },
    /// Something else a person must see.
    Troubled { notice: Notice },
}

/// The queue pane: an order of ids. Rows are fetched one by one for what is on screen.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct QueueView {
    pub ids: Arc<Vec<CommentId>>,
    /// Counts up whenever `ids` changed.
    pub generation: u64,
    /// "400 of 100,212": what the sites say they have beyond what is here.
    pub total: Option<u64>,
    /// Still being read from disk for a place just chosen.
    pub loading: bool,
    /// Arrived since the list was last asked for, and not in it yet.
    pub arrived: u64,
    /// More of it is being read from the sites.
    pub reading: bool,
    /// Why no more of it could be read.
    pub unread: Option<String>,
}

/// Two lines of a queue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RowView {
    pub id: CommentId,
    pub author: String,
    pub site: String,
    pub article: String,
    pub created: Option<Time>,
    /// The first words, one line, no line breaks.
    pub excerpt: String,
    pub badges: Vec<Badge>,
    /// The open decision on it, if any.
    pub decided: Option<(Verb, Delivery)>,
    /// Its decision is not on disk yet.
    pub saving: bool,
}

/// A short mark on a row or card; `why` is the whole sentence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Badge {
    pub kind: BadgeKind,
    pub label: String,
    pub why: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum BadgeKind {
    FirstComment,
    Links,
    Reported,
    Held,
    Edited,
    Pingback,
    Unreadable,
    Parked,
    Noted,
    /// Characters that cannot be seen, or marks piled on a letter.
    Hides,
    /// Letters that look like those of another script.
    Lookalike,
    /// A link that is not what it says.
    Deceives,
    /// Not all of it was checked.
    Unchecked,
}

/// The comment card.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CardView {
    pub id: CommentId,
    pub site: String,
    /// `gazette:123`.
    pub handle: String,
    pub author: String,
    pub author_url: Option<String>,
    pub article: String,
    pub status: Status,
    pub created: Option<Time>,
    pub edited: Option<Time>,
    pub body: Arc<RichText>,
    /// Its words are still being read: `body` and `source` are empty, and nothing can be decided.
    pub reading: bool,
    /// The body as the site sent it.
    pub source: Arc<str>,
    pub badges: Vec<Badge>,
    /// What was noted about it on this desk.
    pub note: Option<NoteView>,
    pub reports: Vec<Report>,
    pub reports_total: u64,
    pub permalink: Option<String>,
    /// What it replies to, outermost first.
    pub parents: Vec<ThreadRow>,
    pub record: Loadable<Record>,
    pub decided: Option<(DecisionId, Verb, Delivery)>,
    /// A sentence about what stands between this card and a decision: edited just now, decided by Bo.
    pub notice: Option<Notice>,
    /// What may be done with it, in the order of the buttons; a refusal carries its reason.
    pub acts: Vec<Act>,
    pub generation: u64,
}

/// A private note.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NoteView {
    pub text: String,
    pub at: Time,
}

/// One button of the card.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Act {
    pub command: Command,
    /// Why it is not offered; `None` when it is.
    pub not_offered: Option<String>,
    /// It leaves a published comment as it is and dismisses its reports.
    pub keeps: bool,
}

/// A parent or sibling, in short.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ThreadRow {
    pub author: String,
    pub created: Option<Time>,
    pub status: Status,
    pub body: Arc<RichText>,
    /// Its words are still being read.
    pub reading: bool,
}

/// What is shown on demand only.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PrivateView {
    pub email: Option<String>,
    pub ip: Option<String>,
    pub agent: Option<String>,
}

/// The article pane.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ArticleView {
    pub title: String,
    pub byline: Option<String>,
    pub published: Option<Time>,
    /// Minutes at 230 words a minute, at least 1.
    pub reading_minutes: u32,
    pub url: Option<String>,
    pub body: Arc<RichText>,
    /// Why there is no body.
    pub withheld: Option<String>,
    /// Changes when another article or another version is shown.
    pub generation: u64,
}

/// Something fetched in the background: what we had stays on screen while the new comes or fails.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Loadable<T> {
    /// There will be none, and why.
    Absent(String),
    Loading {
        previous: Option<T>,
    },
    Ready(T),
    Failed {
        previous: Option<T>,
        notice: Notice,
    },
}

impl<T> Loadable<T> {
    /// The newest value there is.
    pub fn latest(&self) -> Option<&T> {
        match self {
            Self::Ready(value) => Some(value),
            Self::Loading { previous } | Self::Failed { previous, .. } => previous.as_ref(),
            Self::Absent(_) => None,
        }
    }
}

/// Rows of each group of the outbox pane, at most.
pub const OUTBOX_LINES: u32 = 200;

/// One row of the outbox pane.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutboxRow {
    pub id: DecisionId,
    /// Decisions of one act have it in common.
    pub act: BatchId,
    pub comment: CommentId,
    pub site: String,
    pub author: String,
    pub excerpt: String,
    pub verb: Verb,
    pub delivery: Delivery,
    /// Since when it is in this state.
    pub since: Time,
    /// Whole seconds until it leaves, while held.
    pub leaves_in_secs: Option<u32>,
    pub tries: u32,
    /// What mends it, for the states that need a person; else what it waits for.
    pub notice: Option<Notice>,
    /// Mine, theirs and what changed, when conflicted.
    pub conflict: Option<ConflictView>,
}

/// The two sides of a conflict.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConflictView {
    pub mine: Verb,
    pub theirs: Status,
    pub by: Option<String>,
    pub at: Option<Time>,
    pub words: TwoWordings,
    /// What its comment says now: mine is applied to that or to nothing.
    pub now: Option<RevisionId>,
    /// Reports as they were seen and as they are now, when more came in.
    pub reports: Option<(u64, u64)>,
    /// Nobody can say what mine would be applied to.
    pub unreadable: bool,
}

impl ConflictView {
    /// The other side of decision `id` as it stands here.
    pub fn compared(&self, id: DecisionId) -> Compared {
        Compared { id, theirs: self.theirs, now: self.now, reports: self.reports.map(|(_, now)| now) }
    }

    /// There is nothing any more that mine could be applied to.
    pub fn is_gone(&self) -> bool {
        self.theirs == Status::Deleted
    }

    /// Whether mine can be applied at all, once this was looked at.
    pub fn can_be_applied(&self) -> bool {
        !self.unreadable && !self.is_gone() && self.words != TwoWordings::Reading
    }
}

/// The words of a comment when it was decided on, and now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TwoWordings {
    Same,
    /// They differ and are being read, and nobody can say yet what mine would be applied to.
    Reading,
    /// All that each tells a reader.
    Differ {
        read: Arc<str>,
        now: Arc<str>,
    },
}

impl TwoWordings {
    pub fn differ(&self) -> bool {
        matches!(self, Self::Differ { .. })
    }
}

/// The status bar.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct StatusView {
    /// One sentence on the sites: "Gazette synced 12 s ago", "Gazette · No answer in time".
    pub sync: String,
    pub trouble: bool,
    pub held: u32,
    pub waiting: u32,
    pub needs_help: u32,
    pub decided_today: u64,
    /// When the place that is open is asked for again by itself; `None` while that is not known.
    pub next_check: Option<Time>,
}

/// A message that passes: what was done, and the way back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Toast {
    /// Counts up; the newest replaces the one on screen.
    pub serial: u64,
    pub notice: Notice,
}

/// What the connect screen shows.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ConnectView {
    /// An attempt is under way.
    pub busy: bool,
    /// How the last attempt ended, if it failed.
    pub notice: Option<Notice>,
}

/// How the queue is ordered, for the header of its pane.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OrderView {
    pub order: Order,
}
