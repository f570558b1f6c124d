//! Text without markup in, and rich text back to plain words: for the search, for one line in a list, for counting.

use super::build::{PARTS_MAX, WORDS_BYTES_MAX};
use super::rich::{Apart, Block, RichText, Span};
use super::visible::reveal;

/// Words a minute of reading, and characters a minute in scripts that write without spaces.
const WORDS_A_MINUTE: usize = 230;
const IDEOGRAPHS_A_MINUTE: usize = 400;

/// Blank lines part paragraphs; other line ends stay.
pub(super) fn read(source: &str) -> RichText {
    let source = source.replace("\r\n", "\n").replace('\r', "\n");
    let mut rich = RichText::default();
    let mut lines: Vec<&str> = Vec::new();
    for line in source.split('\n').chain([""]) {
        if !line.trim().is_empty() {
            lines.push(line.trim_end());
            continue;
        }
        if lines.is_empty() {
            continue;
        }
        if rich.blocks.len() >= PARTS_MAX {
            rich.cut = true;
            break;
        }
        let mut text = reveal(lines.join("\n").trim());
        lines.clear();
        // A bracket that ends the paragraph has no label to be told from: nothing can follow it.
        text.truncate(text.trim_end().len());
        rich.blocks.push(Block::Paragraph(vec![Span { text, ..Span::default() }]));
    }
    rich
}

/// Every visible word, blocks on lines of their own.
pub fn words(rich: &RichText) -> String {
    let mut out = String::new();
    gather(&rich.blocks, &mut |text| out.push_str(text));
    out.truncate(out.trim_end().len());
    out
}

/// The first words on one line, with `…` when there are more than `chars_max` characters.
pub fn excerpt(rich: &RichText, chars_max: usize) -> String {
    let mut out = String::new();
    let mut left = chars_max;
    let mut over = false;
    gather(&rich.blocks, &mut |text| {
        if over || text.is_empty() {
            return;
        }
        let gap = text.starts_with(char::is_whitespace);
        for (at, word) in text.split_whitespace().enumerate() {
            if (at > 0 || gap) && !out.is_empty() && !out.ends_with(' ') {
                if left == 0 {
                    over = true;
                    return;
                }
                out.push(' ');
                left -= 1;
            }
            for c in word.chars() {
                if left == 0 {
                    over = true;
                    return;
                }
                out.push(c);
                left -= 1;
            }
        }
        if text.ends_with(char::is_whitespace) && !out.is_empty() && !out.ends_with(' ') && left > 0 {
            out.push(' ');
            left -= 1;
        }
    });
    out.truncate(out.trim_end().len());
    if over {
        out.push('…');
    }
    out
}

/// Whole minutes of reading, at least 1: 230 words a minute, 400 characters a minute in scripts without spaces. Who wrote
/// it and what else there is to read take no time.
pub fn reading_minutes(rich: &RichText) -> u32 {
    let (mut words, mut ideographs) = (0, 0);
    let mut in_word = false;
    let read = |block: &&Block| !matches!(block, Block::Apart { role: Apart::Author | Apart::Related, .. });
    rich.blocks.iter().filter(read).for_each(|block| {
        gather(std::slice::from_ref(block), &mut |text| {
            for c in text.chars() {
                let ideograph = super::fold::is_unspaced(c);
                ideographs += usize::from(ideograph);
                let letter = c.is_alphanumeric() && !ideograph;
                words += usize::from(letter && !in_word);
                in_word = !ideograph && (letter || (in_word && !c.is_whitespace()));
            }
        })
    });
    let minutes = (words * IDEOGRAPHS_A_MINUTE + ideographs * WORDS_A_MINUTE)
        .div_ceil(WORDS_A_MINUTE * IDEOGRAPHS_A_MINUTE);
    u32::try_from(minutes.max(1)).unwrap_or(u32::MAX)
}

/// Walks the words in reading order; every block ends with a line end.
pub(super) fn gather(blocks: &[Block], tell: &mut dyn FnMut(&str)) {
    for block in blocks {
        match block {
            Block::Paragraph(spans) | Block::Heading { spans, .. } => line(spans, tell),
            Block::Quote { blocks, source } => {
                gather(blocks, tell);
                source.iter().for_each(|spans| line(spans, tell));
            }
            Block::List { items, .. } => items.iter().for_each(|item| gather(item, tell)),
            Block::Table { rows, caption, .. } => {
                caption.iter().for_each(|spans| line(spans, tell));
                for row in rows {
                    for (at, cell) in row.iter().enumerate() {
                        tell(if at > 0 { "\t" } else { "" });
                        cell.iter().for_each(|span| tell(&span.text));
                    }
                    tell("\n");
                }
            }
            Block::Code(code) => {
                tell(code);
                tell("\n");
            }
            Block::Figure { alt, caption, .. } => {
                if !alt.is_empty() {
                    tell(alt);
                    tell("\n");
                }
                caption.iter().for_each(|spans| line(spans, tell));
            }
            Block::Rule => {}
            Block::Apart { blocks, .. } => gather(blocks, tell),
        }
    }
}

fn line(spans: &[Span], tell: &mut dyn FnMut(&str)) {
    spans.iter().for_each(|span| tell(&span.text));
    tell("\n");
}

const _: () = assert!(super::SOURCE_BYTES_MAX <= WORDS_BYTES_MAX, "plain text never needs cutting by words");
