//! Newtype ids. Local ids are SQLite row ids; native ids are the site's own and stay opaque strings.

macro_rules! local_id {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub i64);

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.fmt(f)
            }
        }
    )+};
}

local_id! {
    /// One configured account on one site.
    SiteId,
    /// A comment on this desk; `(site, native_id)` is unique.
    CommentId,
    /// An article on this desk.
    ArticleId,
    /// One row of the outbox.
    DecisionId,
    /// One stored wording of a comment.
    RevisionId,
    /// The decisions that one act made; they are undone together.
    BatchId,
}

/// The site's own id of a comment: opaque, at most 200 bytes, never computed with outside a backend.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NativeId(pub String);

impl std::fmt::Display for NativeId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

/// The site's own id of an article, opaque like [`NativeId`].
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ArticleKey(pub String);
