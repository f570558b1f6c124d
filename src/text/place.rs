//! Inside or beside the article, while a whole page is read. Beside it only boxes about the author and lists of other
//! articles are read; inside, what the desk shows above the text (title, byline) is left out.

use super::apart::{self, Told};
use super::build::Kind;
use super::html::{Reader, attribute};
use super::page::{self, Page};
use super::policy::Role;
use super::rich::Apart;
use html5ever::tokenizer::Tag;

/// Where the reader stands on its page.
#[derive(Debug)]
pub(super) struct Place {
    pub page: Page,
    /// Candidates met so far.
    pub seen: usize,
    /// Not in the article: not yet, or not any more.
    pub outside: bool,
    /// The element that the article is in, and how often it is open.
    pub within: Option<(String, usize)>,
}

impl Reader {
    /// Whether what comes is neither the article nor a box of it.
    pub(super) fn is_beside(&self) -> bool {
        let boxed = |kind: &Kind| matches!(kind, Kind::Apart { .. } | Kind::Gone { .. });
        self.place.outside && !self.builder.stack.iter().any(|frame| boxed(&frame.kind))
    }

    /// Counts towards the article's element, and goes in where this is it.
    pub(super) fn enter(&mut self, tag: &Tag) {
        let Some(wanted) = self.place.page.article else { return };
        let name: &str = &tag.name;
        if let Some((within, open)) = &mut self.place.within {
            *open += usize::from(within == name);
        } else if page::candidate(tag).is_some() {
            self.place.seen += 1;
            if self.place.seen == wanted + 1 {
                self.builder.close_to(1);
                self.place.outside = false;
                self.place.within = Some((name.to_owned(), 1));
            }
        }
    }

    /// Counts towards the end of the article. `true` when the tag belongs to nothing that is read.
    pub(super) fn leave(&mut self, name: &str) -> bool {
        if let Some((within, open)) = &mut self.place.within
            && within == name
            && *open > 0
        {
            *open -= 1;
            if *open == 0 {
                self.builder.close_to(1);
                self.builder.break_block();
                self.place.outside = true;
                return true;
            }
        }
        self.is_beside() && !matches!(name, "svg" | "math")
    }

    /// An element beside the article: a box of the article's opens, all else passes.
    pub(super) fn start_beside(&mut self, role: Role, tag: &Tag) {
        let told = apart::told(self.named(role, tag), false);
        if matches!(told, Some(Told::Box(Apart::Author | Apart::Related))) {
            if !self.start_apart(role, tag) {
                self.start_role(role, tag);
            }
        } else if role == Role::Gone {
            self.builder.open_gone(&tag.name);
        }
    }

    /// Whether an element of a whole page repeats what the desk shows above the text, or frames the page.
    pub(super) fn is_frame(&mut self, role: Role, tag: &Tag) -> bool {
        if !self.place.page.whole {
            return false;
        }
        let name: &str = &tag.name;
        let framed = self.place.page.article.is_none() && (name == "header" || role == Role::Footer);
        let class = attribute(tag, "class").unwrap_or_default();
        let first = self.builder.is_empty();
        framed || (first && (role == Role::Heading(1) || name == "header" || apart::is_head(class)))
    }
}
