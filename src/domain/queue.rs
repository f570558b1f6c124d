//! Which comments are asked for, in which order, and what one page of an answer proves.

use super::{ArticleKey, NativeId, Observed, Sight, Status, Unreadable};

/// The order of a queue, by when a comment was written.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Order {
    #[default]
    Oldest,
    Newest,
}

/// What is asked of a site: a predicate over its comments, never a membership.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Queue {
    /// `None` asks for reported comments whatever their status.
    pub status: Option<Status>,
    pub reported: bool,
    pub article: Option<ArticleKey>,
    pub order: Order,
    /// Rows a page; a backend lowers it to what its site allows.
    pub page_size: u32,
}

impl Queue {
    /// The queue every site has.
    pub fn pending(order: Order) -> Self {
        Self::of(Status::Pending, order)
    }

    /// Everything with one status.
    pub fn of(status: Status, order: Order) -> Self {
        Self { status: Some(status), reported: false, article: None, order, page_size: 100 }
    }
}

/// Where in a queue a page starts.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Cursor {
    #[default]
    Start,
    /// Rows to skip, on sites that page by offset over a total key.
    Offset(u64),
    /// The site's own token.
    Token(String),
}

/// What a page of an offset pager proves: nothing with an id between the two was left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Covers {
    pub id_min: u64,
    pub id_max: u64,
}

/// One element of a page. One that cannot be read never costs the others.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(clippy::large_enum_variant, reason = "pages hold at most 100 items, all but a few of them `Read`")]
pub enum Item {
    Read(Observed),
    Unreadable(Unreadable),
}

impl Item {
    /// `None` where not even that could be read.
    pub fn native_id(&self) -> Option<&NativeId> {
        match self {
            Self::Read(here) => Some(&here.native_id),
            Self::Unreadable(here) => here.native_id.as_ref(),
        }
    }
}

impl From<Item> for Sight {
    fn from(item: Item) -> Self {
        match item {
            Item::Read(here) => Self::Here(here),
            Item::Unreadable(here) => Self::Unreadable(here),
        }
    }
}

/// One page of a queue.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Page {
    pub items: Vec<Item>,
    /// How many the site says the queue holds.
    pub total: Option<u64>,
    /// `None` when this page is the last one by the site's own word.
    pub next: Option<Cursor>,
    /// Only on sites that page by offset over a total key; `None` for an empty page.
    pub covers: Option<Covers>,
}
