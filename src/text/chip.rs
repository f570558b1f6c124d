//! Labels such as `⟦RLO⟧` or `⟦ZWSP×3⟧`, which stand in a text for what cannot be shown as it is. Only this house writes
//! them: one that a writer types is pulled apart ([`looks_typed`]), so whatever is found here was hidden there.

use std::ops::Range;

/// Every label but `U+…`, which names a code point.
const NAMES: [&str; 26] = [
    "marks", "SHY", "CGJ", "ALM", "LRM", "RLM", "LRE", "RLE", "PDF", "LRO", "RLO", "LRI", "RLI", "FSI",
    "PDI", "ZWSP", "ZWNJ", "ZWJ", "WJ", "BOM", "FILLER", "BLANK", "VS", "TAG", "MVS", "KIV",
];

/// One label.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Chip<'t> {
    /// Without brackets and without its count.
    pub name: &'t str,
    /// How many characters in a row it stands for.
    pub times: usize,
    /// Its bytes, brackets included.
    pub len: usize,
}

/// The label that `text` begins with.
pub(super) fn first(text: &str) -> Option<Chip<'_>> {
    let inside = text.strip_prefix('⟦')?;
    let end = inside.find(|c: char| !may_stand_in(c)).filter(|end| inside[*end..].starts_with('⟧'))?;
    let inside = &inside[..end];
    let (name, times) = match inside.split_once('×') {
        Some((name, times)) => (name, times.parse().ok()?),
        None => (inside, 1),
    };
    let point = |code: &str| (4..=6).contains(&code.len()) && code.bytes().all(|b| b.is_ascii_hexdigit());
    let known = NAMES.contains(&name) || name.strip_prefix("U+").is_some_and(point);
    known.then_some(Chip { name, times, len: end + '⟦'.len_utf8() + '⟧'.len_utf8() })
}

/// Whether `text`, which a writer typed, is a label or becomes one with what may follow in the next span.
pub(super) fn looks_typed(text: &str) -> bool {
    let Some(inside) = text.strip_prefix('⟦') else { return false };
    first(text).is_some() || inside.chars().all(may_stand_in)
}

fn may_stand_in(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '+' | '×')
}

/// Every label with the byte it stands at.
pub(super) fn all(text: &str) -> impl Iterator<Item = (usize, Chip<'_>)> {
    text.match_indices('⟦').filter_map(|(at, _)| first(&text[at..]).map(|chip| (at, chip)))
}

/// Where the labels of hidden characters stand in a text that was read.
pub fn labels(text: &str) -> impl Iterator<Item = Range<usize>> {
    all(text).map(|(at, chip)| at..at + chip.len)
}

/// The text as if nothing had been hidden in it.
pub(super) fn without(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut from = 0;
    for (at, chip) in all(text) {
        out.push_str(&text[from..at]);
        from = at + chip.len;
    }
    out.push_str(&text[from..]);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_label_is_told_from_other_brackets() {
        for (text, expected) in [
            ("⟦RLO⟧x", Some(("RLO", 1, 9))),
            ("⟦ZWSP×12⟧", Some(("ZWSP", 12, 14))),
            ("⟦marks×2⟧", Some(("marks", 2, 14))),
            ("⟦U+E041⟧", Some(("U+E041", 1, 12))),
            ("⟦U+⟧", None),
            ("⟦ RLO⟧", None),
            ("⟦x⟧", None),
            ("⟦ABC⟧", None),
            ("⟦RLO", None),
            ("RLO⟧", None),
            ("⟦ZWSP×⟧", None),
        ] {
            assert_eq!(first(text).map(|chip| (chip.name, chip.times, chip.len)), expected, "{text}");
        }
    }

    #[test]
    fn a_text_without_its_labels_keeps_everything_else() {
        assert_eq!(without("c⟦ZWJ⟧as⟦WJ×2⟧ino ⟦x⟧ ⟦"), "casino ⟦x⟧ ⟦");
        assert!(looks_typed("⟦RLO⟧ y") && looks_typed("⟦") && looks_typed("⟦ZW"));
        assert!(!looks_typed("⟦x⟧") && !looks_typed("⟦a b"));
    }
}
