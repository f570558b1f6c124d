//! Words in parts that can each be laid out at once, and how much of them is shown in short.

use super::{PIECE_BYTES_MAX, PIECE_RUNS_MAX};
use crate::ui::widget::text::{Words, cut, word_end};
use std::sync::Arc;

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
