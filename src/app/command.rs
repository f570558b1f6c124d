//! Everything a moderator can do, in one table: keys, buttons, menus and screen readers take their words from here.

use super::view::Place;
pub use crate::backend::Secret;
use crate::domain::{Backend, CommentId, DecisionId, Order, RevisionId, SiteId, Status};

/// One act. Those that draw nothing and touch only the view (next, focus, search) are commands too, so that one table
/// serves keys, palette and menus.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Command {
    Approve(Vec<CommentId>),
    Reject(Vec<CommentId>),
    Spam(Vec<CommentId>),
    /// Bring back into the queue.
    Restore(Vec<CommentId>),
    /// Set aside on this desk only; again takes it back.
    Park(Vec<CommentId>),
    /// Write a private note on this desk only; an empty one takes it away.
    WriteNote(CommentId, String),
    Undo,
    Redo,
    /// Send a held decision now.
    Release(DecisionId),
    /// Try a refused decision again.
    Retry(DecisionId),
    KeepTheirs(DecisionId),
    ApplyMine(DecisionId),
    /// Keep theirs for all of these.
    KeepAll(Vec<DecisionId>),
    /// Apply mine to all of these, each to what it was compared with.
    ApplyAll(Vec<Compared>),
    /// Let the new words of an edited comment onto its card.
    ReadAnew(CommentId),
    /// Fetch now.
    Refresh(Option<SiteId>),
    /// Let what arrived into the list.
    ShowArrived,
    Go(Place),
    SetOrder(Order),
    /// The text typed into search; empty ends it.
    Search(String),
    Connect(Connect),
    /// The same for a site on a private network, without encryption.
    ConnectInClear(Connect),
    /// Give a signed-out site its new secret.
    SignIn(SiteId, Secret),
    RemoveSite(SiteId),
    /// To the demo's desk, and back to one's own.
    SwitchDesk,
    /// Close the damaged desk and open it anew: its file is set aside.
    MendDesk,
    /// What was said about the desk's own file has been read.
    Understood,
    /// Open the connect screen.
    AskConnect,
    /// Ask for the secret of a site again.
    AskSignIn(SiteId),
    /// Open the outbox pane.
    ShowOutbox,
    OpenLink(String),
}

/// A conflict as it was shown to whoever answers it: the other side, which mine is applied to or to nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Compared {
    pub id: DecisionId,
    pub theirs: Status,
    /// What the comment said.
    pub now: Option<RevisionId>,
    /// How many reports it had, where reports are what it is about.
    pub reports: Option<u64>,
}

/// What the connect form asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Connect {
    pub backend: Backend,
    pub address: String,
    /// Login name; empty for CMH.
    pub account: String,
    pub secret: Secret,
}
