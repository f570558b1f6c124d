//! Stretches of a text that look for their face elsewhere than the rest.

use std::ops::Range;
use unicode_script::{Script, UnicodeScript as _};

/// Scripts that an embedded face has.
const EMBEDDED: [Script; 7] = [
    Script::Latin,
    Script::Greek,
    Script::Cyrillic,
    Script::Arabic,
    Script::Hebrew,
    Script::Devanagari,
    Script::Thai,
];

/// Words of scripts that no embedded face has, spaces between them included: to ask each embedded face for each of their
/// letters takes longer than to lay them out.
pub fn not_embedded(text: &str) -> Vec<Range<usize>> {
    let mut found: Vec<Range<usize>> = Vec::new();
    let mut open = false;
    for (at, c) in text.char_indices() {
        let end = at + c.len_utf8();
        let scripts = c.script_extension();
        let mark = c.script() == Script::Inherited;
        let far =
            !scripts.is_common() && !mark && !EMBEDDED.iter().any(|script| scripts.contains_script(*script));
        match found.last_mut().filter(|_| open) {
            Some(last) if far || mark => last.end = end,
            None if far => {
                match found.last_mut().filter(|last| text[last.end..at].trim_matches(' ').is_empty()) {
                    Some(last) => last.end = end,
                    None => found.push(at..end),
                }
                open = true;
            }
            _ => open = false,
        }
    }
    found
}

/// Where a sign asks by U+FE0F to be a picture, with all that is joined to it.
pub fn pictures(text: &str) -> Vec<Range<usize>> {
    let mut found: Vec<Range<usize>> = Vec::new();
    for (at, selector) in text.match_indices('\u{FE0F}') {
        let before = &text[..at];
        let Some(sign) = before.chars().next_back() else { continue };
        let start = at - sign.len_utf8();
        // In the middle of a sequence its first sign has already chosen the face.
        if found.last().is_some_and(|last| start < last.end) || text[..start].ends_with('\u{200D}') {
            continue;
        }
        let mut end = at + selector.len();
        let mut joined = false;
        for c in text[end..].chars() {
            let goes_on =
                matches!(u32::from(c), 0x200D | 0x20E3 | 0xFE0F | 0x1F3FB..=0x1F3FF | 0xE0020..=0xE007F);
            if !goes_on && !joined {
                break;
            }
            joined = c == '\u{200D}';
            end += c.len_utf8();
        }
        found.push(start..end);
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_without_an_embedded_face_are_found_with_the_spaces_between_them() {
        for (text, expected) in [
            ("plain سلام שלום नमस्ते ไทย мир 123", vec![]),
            ("தமிழ் மொழி", vec!["தமிழ் மொழி"]),
            ("see தமிழ், மொழி!", vec!["தமிழ்", "மொழி"]),
            ("東京、大阪 and 한국어", vec!["東京、大阪", "한국어"]),
            ("ក\u{301}a", vec!["ក\u{301}"]),
            ("", vec![]),
        ] {
            let found: Vec<&str> = not_embedded(text).into_iter().map(|range| &text[range]).collect();
            assert_eq!(found, expected, "{text}");
        }
    }
}
