//! The passage of its article that a comment speaks about, looked for once for each wording and off the thread that draws.

use super::App;
use super::inbox::Note;
use super::notice::{self, Notice};
use crate::domain::{CommentId, RevisionId};
use crate::text::passage::{Index, Passage};
use std::collections::HashMap;
use std::sync::{Arc, OnceLock};

/// Answers kept.
const KEPT: usize = 1_000;

/// What is known of the passage that a comment speaks about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Sought {
    /// It is looked for, or its article is not here yet.
    NotYet,
    /// The comment speaks about no passage that can be told.
    Nowhere,
    Here(Passage),
}

/// A version of an article, as [`super::view::ArticleView::generation`] counts them, and a wording of a comment.
pub type PassageKey = (u64, RevisionId);

/// What was found, and the article that was made ready last.
#[derive(Default)]
pub(super) struct Passages {
    /// `None` while it is looked for.
    found: HashMap<PassageKey, Option<Arc<Option<Passage>>>>,
    index: Option<(u64, Arc<OnceLock<Index>>)>,
}

impl App {
    /// Where in its article the comment points: for the wording that the card shows, in the version of the article that
    /// [`App::article`] gave.
    pub fn passage(&mut self, id: CommentId) -> Sought {
        match self.passage_found(id).as_deref() {
            None => Sought::NotYet,
            Some(None) => Sought::Nowhere,
            Some(Some(passage)) => Sought::Here(passage.clone()),
        }
    }

    fn passage_found(&mut self, id: CommentId) -> Option<Arc<Option<Passage>>> {
        let row = self.reader.head(id).ok()??;
        let revision = match &self.open {
            Some(open) if open.id == id => open.shown,
            _ => row.revision?,
        };
        let article = self.articles.shown(row.site, &row.article?)?;
        let key = (article.generation, revision);
        if let Some(found) = self.passages.found.get(&key) {
            return found.clone();
        }
        let worded = self.bodies.get(&self.reader, revision).ok()?;
        let comment = Arc::clone(worded.here()?);
        let index = match &self.passages.index {
            Some((generation, index)) if *generation == article.generation => Arc::clone(index),
            _ => Arc::default(),
        };
        self.passages.index = Some((article.generation, Arc::clone(&index)));
        let (title, body) = (article.title.clone(), Arc::clone(&article.body));
        if self.passages.found.len() >= KEPT {
            self.passages.found.clear();
        }
        self.passages.found.insert(key, None);
        let fault = Note::Passage { key, passage: Err(notice::of_panic("passage")) };
        self.reading.run_or("passage", fault, move || {
            let passage = index.get_or_init(|| Index::of(&title, &body)).find(&comment.rich);
            Note::Passage { key, passage: Ok(passage) }
        });
        None
    }

    pub(super) fn take_passage(&mut self, key: PassageKey, passage: Result<Option<Passage>, Notice>) {
        let passage = passage.unwrap_or_else(|notice| {
            self.show(notice);
            None
        });
        self.passages.found.insert(key, Some(Arc::new(passage)));
    }
}
