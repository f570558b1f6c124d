//! The words of the desk: plain data that every room shares. No I/O, no serde, no SQL, no clock, and no other room.

mod article;
mod comment;
mod decision;
mod delivery;
mod id;
mod queue;
mod site;

pub use article::{Article, ArticleRef, Format};
pub use comment::{
    AuthorKey, AuthorSeen, Body, HeldReason, LastDecision, Observed, Parent, Private, Record, Report,
    Reports, Sight, Status, Time, TimePrecision, Unreadable,
};
pub use decision::{Decision, Receipt, Verb};
pub use delivery::{Delivery, Illegal, Move};
pub use id::{ArticleId, ArticleKey, BatchId, CommentId, DecisionId, NativeId, RevisionId, SiteId};
pub use queue::{Covers, Cursor, Item, Order, Page, Queue};
pub use site::{Backend, Capabilities, Moderator, Rejecting, Site};
