//! What a site must be able to do to be moderated, in one trait. A backend turns requests into domain values: it keeps
//! no state beyond its configuration, never touches the store, never retries. It answers, or it faults.

mod fault;

pub use fault::Fault;

use crate::domain::{
    Article, ArticleKey, AuthorKey, Capabilities, Cursor, Decision, Moderator, NativeId, Observed, Page,
    Queue, Receipt, Record, Sight, Status,
};
use crate::net::Transport;

/// What gets a moderator in. Has no `Debug`: a secret is never printed.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// Takes a secret into custody.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The secret itself, for the one header it goes into or the keyring it is kept in.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Secret(…)")
    }
}

/// One change a feed told: thin, the comment itself is looked at again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// Where to resume after this one.
    pub cursor: Cursor,
    pub native_id: Option<NativeId>,
    pub status: Option<Status>,
    /// The moderator behind it, where the site says.
    pub by: Option<String>,
}

/// Whether a feed goes on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Flow {
    GoOn,
    Stop,
}

/// One site's API. Calls block; who calls decides when, how often and on which thread.
pub trait Backend: Send + Sync {
    /// What the system can do before anyone has signed in; [`Moderator::can`] narrows it.
    fn capabilities(&self) -> Capabilities;

    /// Who the secret belongs to and what they may do. Faults `Unauthorized` for a wrong secret and `Forbidden` for an
    /// account that may not moderate, however the site words it.
    fn identify(&self, wire: &dyn Transport) -> Result<Moderator, Fault>;

    /// One page of a queue.
    fn pull(&self, wire: &dyn Transport, queue: &Queue, cursor: &Cursor) -> Result<Page, Fault>;

    /// How up to 100 comments stand now: words, author fields and status. One sight for each id, in the order asked.
    fn look(&self, wire: &dyn Transport, ids: &[NativeId]) -> Result<Vec<Sight>, Fault>;

    /// Carries out one decision. `fresh` is the newest look at the comment; where the site cannot refuse a stale write it
    /// is at most one second old. A receipt's status is the wanted one; an answer that did something else is
    /// `Unconfirmed`.
    fn push(&self, wire: &dyn Transport, decision: &Decision, fresh: &Observed) -> Result<Receipt, Fault>;

    /// What a comment replies to, outermost first, and the replies beside and below it that the site tells.
    fn thread(&self, wire: &dyn Transport, of: &Observed) -> Result<Vec<Observed>, Fault>;

    /// An author's record on this site.
    fn author(&self, wire: &dyn Transport, who: &AuthorKey) -> Result<Record, Fault>;

    /// Articles in full, those of `keys` that the site gives. A missing one is simply not in the answer.
    fn articles(&self, wire: &dyn Transport, keys: &[ArticleKey]) -> Result<Vec<Article>, Fault>;

    /// Follows the site's changes from `since` (`Start` is now) until `sink` stops it or the connection ends; returns
    /// where to resume. Only with [`Capabilities::feed`].
    fn feed(
        &self,
        wire: &dyn Transport,
        since: &Cursor,
        sink: &mut dyn FnMut(Change) -> Flow,
    ) -> Result<Cursor, Fault>;
}
