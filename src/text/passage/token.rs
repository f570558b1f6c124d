//! Words as they are compared: folded, with the bytes they stand on. Punctuation, white space, addresses and the labels
//! of hidden characters are no words.

use crate::text::fold::{folded_word, is_unspaced};
use std::ops::Range;
use unicode_normalization::char::is_combining_mark;

/// Bytes of the longest label, such as `⟦U+10FFFF×99⟧`; what stands for hidden characters is no word.
const LABEL_BYTES_MAX: usize = 24;

/// How a script parts its words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Script {
    Spaced,
    /// A token is one letter.
    Unspaced,
}

/// One word, or one letter of a script without spaces.
pub(super) struct Token<'a> {
    pub word: &'a str,
    pub range: Range<usize>,
    pub script: Script,
    /// Nothing stands between it and the token before.
    pub joined: bool,
    /// It begins a sentence.
    pub begins: bool,
    pub capital: bool,
}

/// Gives every word of `text` to `tell`.
pub(super) fn tokens(text: &str, mut tell: impl FnMut(Token<'_>)) {
    let mut word = String::new();
    let (mut at, mut ended, mut begins) = (0, usize::MAX, true);
    while let Some(c) = text[at..].chars().next() {
        if !is_letter(c) && c != '⟦' {
            begins |=
                matches!(c, '.' | '!' | '?' | '…' | ':' | '“' | '„' | '«' | '"' | '\n' | '؟' | '۔' | '。');
            at += c.len_utf8();
            continue;
        }
        let end = at + word_len(&text[at..]);
        let written = &text[at..end];
        let rest = &text[end..];
        if rest.starts_with("://") || (written.eq_ignore_ascii_case("www") && rest.starts_with('.')) {
            at = end + rest.find(char::is_whitespace).unwrap_or(rest.len());
            continue;
        }
        let script = if is_unspaced(c) { Script::Unspaced } else { Script::Spaced };
        fold_into(&mut word, written);
        if !word.is_empty() {
            let capital = c.is_uppercase();
            tell(Token { word: &word, range: at..end, script, joined: ended == at, begins, capital });
            begins = false;
        }
        (at, ended) = (end, end);
    }
}

fn is_letter(c: char) -> bool {
    c.is_alphanumeric()
}

/// Bytes of the word that `text` begins with: one letter with its marks where words have no spaces.
fn word_len(text: &str) -> usize {
    let mut chars = text.char_indices().peekable();
    let (mut letters, mut group, mut digits, mut unspaced) = (0, 0, true, false);
    while let Some((at, c)) = chars.next() {
        let next = chars.peek().map_or('\0', |(_, c)| *c);
        match c {
            '⟦' => {
                let label = text[at..].char_indices().take_while(|(len, _)| *len < LABEL_BYTES_MAX);
                let Some((label, _)) = label.into_iter().find(|(_, c)| *c == '⟧') else {
                    return at.max(c.len_utf8());
                };
                while chars.next_if(|(of, _)| *of <= at + label).is_some() {}
                continue;
            }
            c if is_combining_mark(c) || is_hidden(c) => continue,
            // A group of digits goes on, and so does a word that an apostrophe only abbreviates.
            '.' | ',' | ':' | '٫' | '٬' | '\u{A0}' | '\u{202F}'
                if digits && letters > 0 && next.is_numeric() =>
            {
                continue;
            }
            '\'' | '’' | 'ʼ' if letters > 2 && !digits && next.is_alphabetic() && !is_unspaced(next) => {
                continue;
            }
            '\'' | '’' if digits && letters > 0 && next.is_numeric() => continue,
            ' ' if digits && (1..=3).contains(&group) && is_thousands(&text[at + 1..]) => {
                group = 0;
                continue;
            }
            c if !is_letter(c) => return at,
            _ => {}
        }
        if letters > 0 && (unspaced || is_unspaced(c)) {
            return at;
        }
        letters += 1;
        group += 1;
        unspaced = is_unspaced(c);
        digits &= c.is_numeric();
    }
    text.len()
}

/// Three digits that are the end of 46 000.
fn is_thousands(rest: &str) -> bool {
    let mut chars = rest.chars();
    chars.by_ref().take(3).filter(|c| c.is_numeric()).count() == 3 && !chars.next().is_some_and(is_letter)
}

fn is_hidden(c: char) -> bool {
    matches!(u32::from(c), 0x00AD | 0x200B..=0x200F | 0x2060..=0x2064 | 0xFE00..=0xFE0F | 0xFEFF | 0x0640)
}

fn fold_into(word: &mut String, written: &str) {
    word.clear();
    if written.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'\'')
        && !written.as_bytes()[0].is_ascii_digit()
    {
        word.extend(written.bytes().filter(|b| *b != b'\'').map(|b| char::from(b.to_ascii_lowercase())));
        return;
    }
    if !written.chars().next().is_some_and(char::is_numeric) {
        word.push_str(&folded_word(written));
        return;
    }
    let parts = [',', '.', ':', '٫', '٬', ' ', '\u{A0}', '\u{202F}', '\'', '’'];
    for (at, group) in written.split(parts).enumerate() {
        let group = folded_word(group);
        // 2,300 and 2.300 and 2300 are one number; 7.52 and 7:52 are one time.
        if at > 0 && group.len() != 3 {
            word.push('.');
        }
        word.push_str(&group);
    }
    if let Some(number) = ["st", "nd", "rd", "th"].iter().find_map(|end| word.strip_suffix(end)) {
        word.truncate(number.len());
    }
}
