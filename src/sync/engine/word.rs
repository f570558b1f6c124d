//! The engine's words: what happens to it, what it asks for, and how it says that a site fares.

use crate::domain::{
    ArticleKey, Capabilities, CommentId, Covers, Cursor, DecisionId, NativeId, Order, Queue, Status,
};
use crate::store::OpenRow;
use std::time::Duration;

/// One request to be made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Call {
    Identify,
    /// A page: of a walk through the whole queue, or else the newest one.
    Pull {
        queue: Queue,
        cursor: Cursor,
        walk: bool,
    },
    Look {
        ids: Vec<NativeId>,
        purpose: Purpose,
    },
    Push {
        id: DecisionId,
        native_id: NativeId,
    },
    Want(Want),
}

/// Why comments are looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Purpose {
    /// The words on screen should be today's.
    Refresh,
    /// Decisions are about to be sent, or went unanswered.
    BeforePush,
    /// They were missing where they should have been: asked one by one.
    Missing,
}

/// What the screen needs from the site beside its queue.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Want {
    Articles(Vec<ArticleKey>),
    Thread(CommentId),
    Record(CommentId),
    /// A page of what is not mirrored.
    Page {
        status: Status,
        order: Order,
        cursor: Cursor,
    },
}

/// What happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    /// Nothing but time.
    Tick,
    /// The open decisions of this site, as they stand on disk.
    Outbox(Vec<OpenRow>),
    Answer {
        seq: u64,
        answer: Answer,
    },
    /// What a person looks at, most important first; empty when nobody does.
    Watching(Vec<NativeId>),
    Want(Want),
    /// A feed told that these changed.
    Changed(Vec<NativeId>),
    /// After a start: a slow server may still carry out what was sent for these.
    Doubtful(Vec<NativeId>),
    /// Pending comments that a complete walk did not meet.
    Absent(Vec<NativeId>),
    /// A person asks for everything now.
    Refresh,
    /// The feed lost its place: what it would have told must be read.
    Missed,
    /// Whatever is held goes now: the desk is closing.
    LetGo,
    /// The disk did not take the release of these.
    Unreleased(Vec<DecisionId>),
    /// The queue is shown in this order from now on.
    Order(Order),
}

/// How a call ended, without the words: those are in the store already.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    Identified(Capabilities),
    Pulled(Pulled),
    Looked {
        missing: Vec<NativeId>,
    },
    Done,
    /// Done, and what the site told of the comment may be older than what is known of it: it is looked at again.
    Overtaken,
    Failed(Trip),
}

/// What a page says about the walk.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Pulled {
    pub rows: u64,
    pub total: Option<u64>,
    pub next: Option<Cursor>,
    pub covers: Option<Covers>,
    /// How many pending comments of the site are on the desk now.
    pub here: u64,
    /// Rows that contradict a fresh receipt: to be looked at.
    pub contested: Vec<NativeId>,
}

/// A fault as far as the site as a whole is concerned.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Trip {
    /// Not reachable.
    Unreachable(String),
    SignedOut(String),
    Throttled(Option<Duration>),
    /// It answers, but wrongly: one comment's fault or the whole site's, which a probe tells.
    Failing {
        why: String,
        after: Option<Duration>,
    },
    /// It answers, and all of it is broken, though its probe says otherwise.
    Broken(String),
    /// Only this request's own.
    Local,
}

/// What is to be done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Effect {
    Call {
        seq: u64,
        call: Call,
    },
    /// The hold of these has passed.
    Release(Vec<DecisionId>),
    /// The queue of what is pending was walked without a gap: find what is pending on the desk and was last written before
    /// `seq`.
    FindAbsent {
        seq: u64,
    },
    /// A walk has ended with its last queue, or its pages cannot be read; `whole` if each was read from end to end.
    Walked {
        whole: bool,
    },
    /// The site fails on this decision's comment before anything is sent: one try more.
    Stumble {
        id: DecisionId,
        fault: &'static str,
        why: String,
    },
    /// Nothing that was sent for these before can still be carried out: they were looked at long after.
    Expire(Vec<NativeId>),
    /// This will not be asked for: too much is wanted at once.
    Drop(Want),
    Say(Link),
}

/// How it stands with the site.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Link {
    Starting,
    /// `walking` is rows seen and rows expected; `next` is when it is asked again by itself.
    Up {
        walking: Option<(u64, Option<u64>)>,
        next: Duration,
    },
    Down {
        next: Duration,
        why: String,
    },
    /// It asked for fewer requests, `wait` long: nothing is asked of it until `next`.
    Resting {
        next: Duration,
        wait: Duration,
    },
    SignedOut {
        why: String,
    },
}
