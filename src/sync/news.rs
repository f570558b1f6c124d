//! What changed, by id, never the thing itself: whoever shows it reads it anew.

use super::engine::Link;
use crate::domain::{ArticleKey, CommentId, Cursor, DecisionId, Order, SiteId, Status};
use std::sync::Arc;

/// One piece of news for the desk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum News {
    /// Comments the desk did not know before.
    Arrived(SiteId, Vec<CommentId>),
    Changed(SiteId, Vec<CommentId>),
    /// A decision moved along its road.
    Moved(DecisionId, CommentId),
    /// A site's article is here, anew or for the first time.
    Article(SiteId, ArticleKey),
    /// What a card asked for could not be had, and why.
    Wanting(SiteId, super::engine::Want, String),
    /// What was wanted will not be asked for: too much was wanted at once.
    Dropped(SiteId, super::engine::Want),
    /// A card's thread or record is here.
    Fetched(SiteId, super::engine::Want),
    /// A page of a shelf that is not mirrored is here: how many the site has of it, and where to read on.
    Page {
        site: SiteId,
        shelf: (Status, Order),
        total: Option<u64>,
        next: Option<Cursor>,
    },
    Link(SiteId, Link),
    /// A complete answer came.
    Synced(SiteId),
    /// A walk through the site's queues has ended; `whole` if it left no gap.
    Walked {
        site: SiteId,
        whole: bool,
    },
    /// Who signed in, and what the site lets them do.
    Identified(SiteId, crate::domain::Moderator),
    /// The desk's own file failed.
    Trouble(SiteId, String),
    /// Something asked of the site met a fault of this program; the rest goes on.
    Panicked(SiteId),
    /// Work with the site met a fault of this program and has ended; the other sites go on.
    Stopped(SiteId),
}

/// Wakes whoever draws.
pub type Waker = Arc<dyn Fn() + Send + Sync>;
