//! Words in parts that can each be laid out at once, and how much of them is shown in short.

use super::{PIECE_BYTES_MAX, PIECE_RUNS_MAX};
use crate::ui::widget::soften::Soft;
use crate::ui::widget::text::{Words, cut, word_end};
use std::ops::Range;
use std::sync::Arc;

/// Bytes beyond an edge of a part in which a saying may begin or end that is to be softened.
const JOINT: usize = 200;

/// Words in parts of which each can be laid out at once.
pub fn portions(words: &Arc<Words>) -> Vec<Arc<Words>> {
    let is_short = words.text().len() <= PIECE_BYTES_MAX && words.runs().len() <= PIECE_RUNS_MAX;
    if is_short {
        return vec![Arc::clone(words)];
    }
    let parts = words.as_ref().clone().split(PIECE_BYTES_MAX);
    parts.iter().flat_map(by_looks).map(Arc::new).collect()
}

/// Words in parts of few looks, cut between words where there are any; all start the way the first one does.
fn by_looks(words: &Words) -> Vec<Words> {
    let (text, runs) = (words.text(), words.runs());
    let mut parts = Vec::new();
    let mut from = 0;
    while from < text.len() {
        let first = runs.partition_point(|(run, _)| run.end <= from);
        let most = runs.get(first + PIECE_RUNS_MAX).map_or(text.len(), |(run, _)| run.start);
        let to = from + cut(&text[from..], most - from);
        parts.push(words.part(from..to).based(words.started()));
        from = to;
    }
    parts
}

/// The end of the whole words at the beginning of `text` that have at most `chars_max` characters. A first word that is
/// longer itself is cut where it `must` be something.
pub fn beginning(text: &str, chars_max: usize, must: bool) -> usize {
    let Some((most, next)) = text.char_indices().nth(chars_max) else { return text.len() };
    if text[most..].trim().is_empty() {
        return text.len();
    }
    let end = match (next.is_whitespace(), must) {
        (true, _) => most,
        (false, true) => cut(text, most),
        (false, false) => word_end(text, most).unwrap_or(0),
    };
    text[..end].trim_end().len()
}

/// A part with what is to be softened drawn so, also what begins or ends in the words beside it.
pub fn softened(words: &Words, (before, after): (&str, &str), soft: &Soft) -> Words {
    let text = words.text();
    let (from, to) = (before.len(), before.len() + text.len());
    let own = |found: Range<usize>| {
        let (start, end) = (found.start.max(from), found.end.min(to));
        (start < end).then(|| start - from..end - from)
    };
    let found = soft.list.find(&[before, text, after].concat());
    words.clone().softened(&found.into_iter().filter_map(own).collect::<Vec<_>>())
}

/// Whole words at the end of a part, as many as count for the next one.
pub fn last_words(text: &str) -> &str {
    let from = text.ceil_char_boundary(text.len().saturating_sub(JOINT));
    let last = &text[from..];
    let gap = last.find(char::is_whitespace).filter(|_| from > 0);
    &last[gap.unwrap_or(0)..]
}

/// Whole words at the beginning of a part, as many as count for the one before.
pub fn first_words(text: &str) -> &str {
    let first = &text[..text.floor_char_boundary(JOINT)];
    let gap = first.rfind(char::is_whitespace).filter(|_| first.len() < text.len());
    &first[..gap.unwrap_or(first.len())]
}
