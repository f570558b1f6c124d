//! The texts of a block in reading order, and which of them belong together. A text is one run of words on the page.

use crate::text::rich::{Apart, Block, Span};

/// One text of a block.
pub(super) struct Text {
    pub words: String,
    /// Compared apart from the text before it.
    pub begins: bool,
    /// Headings, code and notes are only quoted, never spoken about in other words.
    pub compared: bool,
}

/// The texts of `block`, numbered as [`super::Place::Block`] says.
pub(super) fn parts(block: &Block) -> Vec<Text> {
    let mut out = Vec::new();
    walk(block, &mut out);
    out
}

fn walk(block: &Block, out: &mut Vec<Text>) {
    let text = |words: String, begins, compared| Text { words, begins, compared };
    match block {
        Block::Paragraph(spans) => out.push(text(line(spans), true, true)),
        Block::Heading { spans, .. } => out.push(text(line(spans), true, false)),
        Block::Quote { blocks, source } => {
            let from = out.len();
            blocks.iter().for_each(|block| walk(block, out));
            let alone = out.len() == from;
            out.extend(source.iter().map(|spans| text(line(spans), alone, true)));
        }
        Block::List { items, .. } => items.iter().flatten().for_each(|block| walk(block, out)),
        Block::Table { rows, caption, .. } => {
            out.extend(caption.iter().map(|spans| text(line(spans), true, true)));
            for row in rows {
                out.extend(row.iter().enumerate().map(|(at, cell)| text(line(cell), at == 0, true)));
            }
        }
        Block::Code(code) => out.push(text(code.clone(), true, false)),
        Block::Figure { alt, caption, .. } => {
            let named = !alt.is_empty();
            out.extend(named.then(|| text(alt.clone(), true, true)));
            out.extend(caption.iter().map(|spans| text(line(spans), !named, true)));
        }
        // A note may be quoted; who wrote the article and what else there is to read are none of its text.
        Block::Apart { role: Apart::Note | Apart::Footnotes, blocks } => {
            let from = out.len();
            blocks.iter().for_each(|block| walk(block, out));
            out[from..].iter_mut().for_each(|text| text.compared = false);
        }
        Block::Rule | Block::Apart { .. } => {}
    }
}

fn line(spans: &[Span]) -> String {
    spans.iter().map(|span| span.text.as_str()).collect()
}
