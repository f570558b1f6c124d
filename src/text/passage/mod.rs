//! The passage of an article that a comment speaks about: an exact quotation wins, else the part whose rare words the
//! comment shares by a clear margin, be it in the same word, another form of it, another word of the same sense or, for
//! names, another script. Where neither holds there is none: a wrong passage misleads, no passage does not.

mod index;
mod kin;
mod list;
mod number;
mod overlap;
mod part;
mod quotation;
mod said;
mod sense;
mod sound;
#[cfg(test)]
mod tests;
mod token;
mod weight;

use super::rich::RichText;
pub use index::Index;

use std::ops::Range;

/// Where a comment points.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Passage {
    pub place: Place,
    /// For a quotation, the bytes of the part's words that are quoted.
    pub words: Option<Range<usize>>,
    pub why: Why,
}

/// A part of an article.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Place {
    Title,
    /// `block` indexes [`RichText::blocks`]. `part` counts the texts inside that block in reading order: a paragraph, a
    /// heading, a quotation's paragraphs and then its source, the texts of a list's items, a table's caption and then
    /// its cells row by row, code, a figure's words and then its caption.
    Block {
        block: usize,
        part: usize,
    },
}

/// Why it is that passage.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Why {
    /// At least five words of it stand in the comment one after the other.
    Quotation,
    /// It shares rare words with the comment, or what they mean, and no other part shares as much.
    Overlap,
}

impl Index {
    /// The passage that `comment` speaks about, if it can be told.
    pub fn find(&self, comment: &RichText) -> Option<Passage> {
        let said = said::Said::of(self, comment);
        let scores = overlap::scores(self, &said);
        quotation::find(self, &said, &scores).or_else(|| overlap::find(self, &said, &scores))
    }
}
