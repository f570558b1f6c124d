//! What other threads have for the desk, taken in once a frame.

use super::App;
use super::bodies::Words;
use super::notice::Notice;
use super::passage::PassageKey;
use super::softening::List;
use super::view::ArticleView;
use crate::backend::Secret;
use crate::domain::{ArticleKey, CommentId, Moderator, RevisionId, Site, SiteId, Verb};
use crate::store::{Answered, Made, Taken, Trouble};
use crate::sync::Waker;
use crate::text::passage::Passage;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender, channel};

/// One message to the desk.
pub enum Note {
    /// A queue was read whole.
    Queue {
        serial: u64,
        keys: Result<Vec<(i64, CommentId)>, Trouble>,
    },
    /// Decisions are on disk, or are not.
    Decided {
        verb: Verb,
        asked: Vec<CommentId>,
        /// One more was asked for, and its words were not on screen yet.
        unread: bool,
        result: Result<Made, Trouble>,
    },
    Parked {
        parked: bool,
        comments: Vec<CommentId>,
        result: Result<(), Trouble>,
    },
    /// A private note is on disk, or is not; whether it changed anything.
    Noted {
        comment: CommentId,
        text: String,
        result: Result<bool, Trouble>,
    },
    Undone {
        redo: bool,
        result: Result<Option<Taken>, Trouble>,
    },
    /// An outbox row was moved by hand.
    Settled {
        comment: Option<CommentId>,
        result: Result<(), Trouble>,
    },
    /// Many conflicts were answered: mine applied, or theirs kept.
    Answered {
        mine: bool,
        result: Result<Answered, Trouble>,
    },
    Connected(Box<Result<Connected, Notice>>),
    /// The other desk is open, or cannot be opened.
    Desk(Box<Result<App, Notice>>),
    /// A stored secret was looked for.
    Secret {
        site: SiteId,
        found: Option<(Secret, Kept)>,
    },
    /// A new secret was tried.
    SignedIn {
        site: SiteId,
        result: Result<(Secret, Kept), Notice>,
    },
    Removed {
        site: SiteId,
        result: Result<(), Trouble>,
    },
    /// The passage that a comment speaks about was looked for.
    Passage {
        key: PassageKey,
        passage: Result<Option<Passage>, Notice>,
    },
    /// The words of a wording were read, or the desk has it no more.
    Words {
        id: RevisionId,
        words: Result<Option<Arc<Words>>, Notice>,
    },
    /// Nobody asked for a wording any more when its turn to be read came.
    Unasked(RevisionId),
    /// A version of an article was read.
    Article {
        place: (SiteId, ArticleKey),
        generation: u64,
        view: Result<Option<ArticleView>, Notice>,
    },
    /// The words to soften were read.
    Softener {
        serial: u64,
        list: List,
    },
    /// The desk's file was read whole.
    Checked(Result<(), Trouble>),
    /// So many comments were erased.
    Retained(Result<u32, Trouble>),
    /// So many comments were derived anew.
    Derived(Result<usize, Trouble>),
    /// The job of this name panicked.
    Fault(&'static str),
    /// Something small was written; only a failure is told.
    Written(Result<(), Trouble>),
}

/// A site that was reached and let us in.
pub struct Connected {
    pub site: Site,
    pub moderator: Moderator,
    pub secret: Secret,
    pub kept: Kept,
}

/// Where a secret is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kept {
    Keyring,
    /// An environment variable gave it.
    Environment,
    /// Only this run knows it.
    Memory,
}

/// The sending end, with what wakes the desk.
#[derive(Clone)]
pub struct Inbox {
    tx: Sender<Note>,
    waker: Waker,
}

impl Inbox {
    pub fn new(waker: Waker) -> (Self, Receiver<Note>) {
        let (tx, rx) = channel();
        (Self { tx, waker }, rx)
    }

    /// What wakes the desk.
    pub fn waker(&self) -> Waker {
        Arc::clone(&self.waker)
    }

    pub fn put(&self, note: Note) {
        // The desk is closing and nobody reads any more.
        let _ = self.tx.send(note);
        (self.waker)();
    }
}
