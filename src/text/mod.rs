//! The one door for other people's words: any markup in, [`RichText`] out, which can express neither a script nor a
//! remote image nor an instruction to the desk. Nothing here fetches anything, and nothing here fails: what cannot be
//! understood stays words, what is over a limit sets [`RichText::cut`].

mod apart;
mod build;
mod chip;
mod diff;
mod ending;
mod finding;
mod flow;
mod fold;
mod host;
mod html;
mod lookalike;
mod normal;
mod page;
pub mod passage;
mod place;
mod plain;
mod policy;
mod rich;
mod scan;
mod settle;
mod soften;
mod visible;

pub use chip::labels;
pub use diff::{Change, changed_words};
pub use finding::{FINDINGS_MAX, Finding, Found, findings, findings_in_address, findings_in_line};
pub use fold::{fold, fold_query};
pub use host::{address, may_be_followed};
pub use lookalike::Oddity;
pub use normal::{FIELD, digest, normal_form};
pub use plain::{excerpt, reading_minutes, words};
pub use rich::{Apart, Block, Link, Merged, RichText, Span};
pub use soften::{Softener, put};
pub use visible::{bare, hidden, isolated, reveal, visible, visible_line};

/// Bytes of one text that are read; the rest is left to the source view.
pub const SOURCE_BYTES_MAX: usize = 512 << 10;

/// The markup a text came in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Markup {
    Html,
    Markdown,
    Plain,
}

/// Reads a reader's text: every word of it, whatever element it stands in.
pub fn read(source: &str, markup: Markup) -> RichText {
    read_as(source, markup, Manner::Comment)
}

/// Reads an article's body. Menus, share buttons and forms are left out; who wrote it, what else there is to read, asides
/// and footnotes are set apart. Of a whole page the article alone is read, as its markup tells it.
pub fn read_article(source: &str, markup: Markup) -> RichText {
    read_as(source, markup, Manner::Article)
}

/// A source as it was sent, line by line, with what hides in it named. Of one over the limit the beginning.
pub fn revealed(source: &str) -> RichText {
    let (source, cut) = head(source, SOURCE_BYTES_MAX);
    RichText { blocks: vec![Block::Code(reveal(source))], cut, ..RichText::default() }
}

/// Whose text is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Manner {
    Comment,
    Article,
}

fn read_as(source: &str, markup: Markup, manner: Manner) -> RichText {
    let (source, cut) = head(source, SOURCE_BYTES_MAX);
    let mut rich = match markup {
        Markup::Html => html::read(source, manner),
        Markup::Markdown => {
            // Tables and strikethrough are what the markdown dialects of comment systems agree on.
            let options =
                pulldown_cmark::Options::ENABLE_TABLES | pulldown_cmark::Options::ENABLE_STRIKETHROUGH;
            let mut page = String::with_capacity(source.len() * 3 / 2);
            pulldown_cmark::html::push_html(&mut page, pulldown_cmark::Parser::new_ext(source, options));
            let (page, over) = head(&page, 2 * SOURCE_BYTES_MAX);
            let mut rich = html::read_marked(page, manner);
            rich.cut |= over;
            rich
        }
        Markup::Plain => plain::read(source),
    };
    rich.cut |= cut;
    rich
}

/// The first `bytes_max` bytes, ending between two characters, and whether anything is missing.
fn head(text: &str, bytes_max: usize) -> (&str, bool) {
    if text.len() <= bytes_max { (text, false) } else { (&text[..text.floor_char_boundary(bytes_max)], true) }
}

#[cfg(test)]
mod tests;
