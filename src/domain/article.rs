//! The page a thread of comments hangs under.

use super::{ArticleKey, Time};

/// The markup a text came in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Format {
    Html,
    Markdown,
    Plain,
}

/// What a comment says about its article.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct ArticleRef {
    pub key: ArticleKey,
    pub title: Option<String>,
    pub url: Option<String>,
}

/// An article in full. The body is the site's own markup and passes `text::read` before anyone sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Article {
    pub key: ArticleKey,
    pub title: String,
    pub byline: Option<String>,
    pub published: Option<Time>,
    pub modified: Option<Time>,
    pub url: Option<String>,
    pub lang: Option<String>,
    /// `None` where the site withholds it (protected, deleted); `withheld` then says which.
    pub body: Option<super::Body>,
    /// The site's reason for giving no body.
    pub withheld: Option<String>,
}
