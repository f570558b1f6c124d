//! Characters that a reader cannot see or that turn the words around, each replaced in place by a short label such as
//! `⟦RLO⟧`. Joiners stay where their script needs them. Nothing hidden leaves this file.

use super::chip;
use unicode_properties::{GeneralCategory, UnicodeGeneralCategory};

/// Marks that may stand on one letter; pointed Hebrew with cantillation needs five.
const MARKS_MAX: usize = 5;

/// Bytes of a name or a title that are looked at where it is shown on one line.
const LINE_BYTES_MAX: usize = 4_000;

/// Other people's name or title on one line: white space folded, what hides or deceives labelled.
pub fn visible(text: &str) -> String {
    let mut line = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
    }
    reveal(&line).trim().to_owned()
}

/// The same of the beginning of one that is longer than anybody's name, which `…` says.
pub fn visible_line(text: &str) -> String {
    let text = text.trim_start();
    let end = text.floor_char_boundary(LINE_BYTES_MAX);
    if end == text.len() { visible(text) } else { visible(&text[..end]) + "…" }
}

/// Somebody else's word inside a sentence: whichever way it runs, the sentence goes on as it would.
pub fn isolated(word: &str) -> String {
    format!("\u{2068}{word}\u{2069}")
}

/// The labels of what is hidden in a text, each once, in its order.
pub fn hidden(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    for (_, label) in labelled(text) {
        if !found.contains(&label) {
            found.push(label);
        }
    }
    found
}

/// A text without what is hidden in it.
pub fn bare(text: &str) -> String {
    let mut hidden = labelled(text).into_iter().map(|(at, _)| at).peekable();
    let is_shown = |(at, _): &(usize, char)| hidden.next_if_eq(at).is_none();
    text.char_indices().filter(is_shown).map(|(_, c)| c).collect()
}

/// Where each hidden character stands, and its label.
fn labelled(text: &str) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    let mut chars = text.char_indices().peekable();
    let (mut before, mut in_flag) = ('\0', false);
    while let Some((at, c)) = chars.next() {
        let after = chars.peek().map_or('\0', |(_, c)| *c);
        in_flag = c == '\u{1F3F4}' || (in_flag && is_tag(c));
        found.extend(label(before, c, after, in_flag).map(|label| (at, label)));
        before = c;
    }
    found
}

/// The same for a body or its source, white space kept.
pub fn reveal(text: &str) -> String {
    Reveal::default().next(text, None)
}

/// Reveals a text that comes in stretches: what stands at the end of one counts at the beginning of the next.
#[derive(Default)]
pub(super) struct Reveal {
    before: char,
    marks: usize,
    in_flag: bool,
}

impl Reveal {
    /// The next stretch; `after` is what stands behind it.
    pub fn next(&mut self, text: &str, after: Option<char>) -> String {
        if text.bytes().all(|b| b == b'\n' || (b' '..0x7F).contains(&b)) {
            if let Some(last) = text.chars().next_back() {
                *self = Self { before: last, ..Self::default() };
            }
            return text.to_owned();
        }
        let mut out = Revealed { text: String::with_capacity(text.len()), label: None, times: 0 };
        let mut chars = text.char_indices().peekable();
        while let Some((at, c)) = chars.next() {
            let after = chars.peek().map(|(_, after)| *after).or(after);
            let after = after.filter(|after| !is_nameless(*after)).unwrap_or('\0');
            self.in_flag = c == '\u{1F3F4}' || (self.in_flag && is_tag(c));
            self.marks = if stacks(c) { self.marks + 1 } else { 0 };
            let label = if self.marks > MARKS_MAX {
                Some("marks".to_owned())
            } else {
                label(self.before, c, after, self.in_flag)
            };
            // Nothing joins to a label.
            self.before = if label.is_some() { '\0' } else { c };
            if let Some(label) = label {
                out.label(label);
                continue;
            }
            out.close();
            out.text.push(if matches!(c, '\u{2028}' | '\u{2029}') { '\n' } else { c });
            if c == '⟦' && chip::looks_typed(&text[at..]) {
                out.text.push(' ');
            }
        }
        out.close();
        out.text
    }
}

/// Text under way, with a label whose repeats are counted.
struct Revealed {
    text: String,
    label: Option<String>,
    times: usize,
}

impl Revealed {
    fn label(&mut self, label: String) {
        if self.label.as_deref() != Some(label.as_str()) {
            self.close();
        }
        self.label = Some(label);
        self.times += 1;
    }

    fn close(&mut self) {
        let Some(label) = self.label.take() else { return };
        self.text.push('⟦');
        self.text.push_str(&label);
        if self.times > 1 {
            self.text.push_str(&format!("×{}", self.times));
        }
        self.text.push('⟧');
        self.times = 0;
    }
}

/// The label of a character that must not stand as it is, between its neighbours.
fn label(before: char, c: char, after: char, in_flag: bool) -> Option<String> {
    let name = match c {
        '\n' | '\t' => return None,
        '\u{00AD}' => "SHY",
        '\u{034F}' => "CGJ",
        '\u{061C}' => "ALM",
        '\u{200E}' => "LRM",
        '\u{200F}' => "RLM",
        '\u{202A}' => "LRE",
        '\u{202B}' => "RLE",
        '\u{202C}' => "PDF",
        '\u{202D}' => "LRO",
        '\u{202E}' => "RLO",
        '\u{2066}' => "LRI",
        '\u{2067}' => "RLI",
        '\u{2068}' => "FSI",
        '\u{2069}' => "PDI",
        '\u{200B}' if breaks_by_zero_width(before) && breaks_by_zero_width(after) => return None,
        '\u{200B}' => "ZWSP",
        '\u{200C}' if joins(before) && joins(after) => return None,
        '\u{200C}' => "ZWNJ",
        '\u{200D}' if joins(before) || (is_pictograph(before) && is_pictograph(after)) => return None,
        '\u{200D}' => "ZWJ",
        '\u{2060}' => "WJ",
        '\u{FEFF}' => "BOM",
        '\u{115F}' | '\u{1160}' | '\u{3164}' | '\u{FFA0}' => "FILLER",
        '\u{2800}' => "BLANK",
        '\u{180B}'..='\u{180D}' | '\u{180F}' if is_mongolian(before) => return None,
        '\u{FE0E}' | '\u{FE0F}' if !(before.is_alphabetic() || before.is_whitespace() || before == '\0') => {
            return None;
        }
        '\u{FE00}'..='\u{FE0F}' | '\u{E0100}'..='\u{E01EF}' if is_ideograph(before) => return None,
        '\u{180E}' => "MVS",
        '\u{17B4}' | '\u{17B5}' => "KIV",
        '\u{180B}'..='\u{180F}' | '\u{FE00}'..='\u{FE0F}' | '\u{E0100}'..='\u{E01EF}' => "VS",
        c if is_tag(c) && in_flag => return None,
        c if is_tag(c) => "TAG",
        c if is_nameless(c) => return Some(format!("U+{:04X}", u32::from(c))),
        _ => return None,
    };
    Some(name.to_owned())
}

/// Marks that are drawn over or under the letter before them.
fn stacks(c: char) -> bool {
    !c.is_ascii()
        && matches!(c.general_category(), GeneralCategory::NonspacingMark | GeneralCategory::EnclosingMark)
}

/// Controls, formats, private use, and code points that Unicode has not given out: nothing that a font could show
/// honestly.
fn is_nameless(c: char) -> bool {
    match c.general_category() {
        GeneralCategory::Control | GeneralCategory::PrivateUse | GeneralCategory::Unassigned => true,
        GeneralCategory::Format => !is_drawn_format(c),
        _ => false,
    }
}

/// Formats that have a shape: Arabic, Syriac and Kaithi number signs, hieroglyphs joined.
fn is_drawn_format(c: char) -> bool {
    matches!(u32::from(c), 0x0600..=0x0605 | 0x06DD | 0x070F | 0x0890 | 0x0891 | 0x08E2 | 0x110BD | 0x110CD)
        || matches!(u32::from(c), 0x13430..=0x1343F)
}

fn is_tag(c: char) -> bool {
    ('\u{E0020}'..='\u{E007F}').contains(&c)
}

/// Scripts whose letters change shape at a joiner: Arabic to N'Ko, the Indic ones, Mongolian.
fn joins(c: char) -> bool {
    matches!(u32::from(c), 0x0600..=0x08FF | 0x0900..=0x0DFF | 0x1000..=0x109F | 0x1780..=0x17FF | 0x1800..=0x18AF)
        || matches!(u32::from(c), 0xFB50..=0xFDCF | 0xFE70..=0xFEFC)
}

/// Scripts without spaces that mark a word's end by U+200B.
fn breaks_by_zero_width(c: char) -> bool {
    matches!(u32::from(c), 0x0E00..=0x0EFF | 0x1000..=0x109F | 0x1780..=0x17FF | 0x19E0..=0x19FF)
}

fn is_mongolian(c: char) -> bool {
    ('\u{1800}'..='\u{18AF}').contains(&c)
}

fn is_ideograph(c: char) -> bool {
    matches!(u32::from(c), 0x3400..=0x9FFF | 0xF900..=0xFAFF | 0x20000..=0x323AF)
}

/// What an emoji sequence is made of, its modifiers and selectors included.
fn is_pictograph(c: char) -> bool {
    matches!(u32::from(c), 0x1F000..=0x1FAFF | 0x2190..=0x2BFF | 0xFE0F | 0x20E3 | 0xA9 | 0xAE)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_hides_or_turns_is_labelled_in_place() {
        for (text, expected) in [
            ("Maryam", "Maryam"),
            ("invoice\u{202E}fdp.exe", "invoice⟦RLO⟧fdp.exe"),
            ("a\u{200B}b", "a⟦ZWSP⟧b"),
            ("c\u{200C}a\u{200D}s\u{2060}ino", "c⟦ZWNJ⟧a⟦ZWJ⟧s⟦WJ⟧ino"),
            ("a\u{202E}\u{202E}\u{202E}b", "a⟦RLO×3⟧b"),
            ("  two \t\n lines\u{7} ", "two lines⟦U+0007⟧"),
            ("\u{E041}", "⟦U+E041⟧"),
            ("a\u{378}b\u{10FFFF}\u{1FFFE}", "a⟦U+0378⟧b⟦U+10FFFF⟧⟦U+1FFFE⟧"),
            ("a\u{2063}b\u{1BCA0}\u{206A}", "a⟦U+2063⟧b⟦U+1BCA0⟧⟦U+206A⟧"),
            ("\u{992}\u{200D}x", "⟦U+0992⟧⟦ZWJ⟧x"),
            ("ক\u{200C}\u{992}", "ক⟦ZWNJ⟧⟦U+0992⟧"),
            ("ក\u{17B5}ខ\u{180E}", "ក⟦KIV⟧ខ⟦MVS⟧"),
            ("\u{FFFA}\u{F0000}\u{1D173}", "⟦U+FFFA⟧⟦U+F0000⟧⟦U+1D173⟧"),
            ("\u{E0041}", "⟦TAG⟧"),
            ("\u{3164}", "⟦FILLER⟧"),
            ("A\u{FE0F}", "A⟦VS⟧"),
            ("a \u{FE0F}b", "a ⟦VS⟧b"),
            (
                "z\u{301}\u{302}\u{303}\u{304}\u{305}\u{306}\u{307}",
                "z\u{301}\u{302}\u{303}\u{304}\u{305}⟦marks×2⟧",
            ),
            (
                "ก\u{E47}\u{E47}\u{E47}\u{E47}\u{E47}\u{E47}\u{E47}",
                "ก\u{E47}\u{E47}\u{E47}\u{E47}\u{E47}⟦marks×2⟧",
            ),
            ("", ""),
            (" \u{A0} ", ""),
            ("⟦RLO⟧ ⟦x⟧ ⟦", "⟦ RLO⟧ ⟦x⟧ ⟦"),
        ] {
            assert_eq!(visible(text), expected, "{text:?}");
        }
    }

    #[test]
    fn what_a_script_or_an_emoji_needs_stays() {
        for text in [
            "می\u{200C}روم",
            "क्\u{200D}ष",
            "👨\u{200D}👩\u{200D}👧",
            "❤\u{FE0F}\u{200D}🔥",
            "1\u{FE0F}\u{20E3}",
            "🏴\u{E0067}\u{E0062}\u{E0065}\u{E006E}\u{E0067}\u{E007F}",
            "ខ្មែរ\u{200B}ខ្មែរ",
            "Việt Nam ệ",
            "בְּרֵאשִׁ֖ית",
            "မြန်မာ",
            "葛\u{E0100}",
            "\u{600}١٢",
            "ཧཱུྃ",
        ] {
            assert_eq!(visible(text), text, "{text:?}");
        }
    }

    #[test]
    fn what_is_hidden_is_named_once_and_taken_out() {
        for (text, named, without) in [
            ("plain\n\ttext", &[][..], "plain\n\ttext"),
            ("a\u{202E}b\u{202E}c\u{200B}", &["RLO", "ZWSP"], "abc"),
            ("می\u{200C}روم \u{2066}x\u{2069}", &["LRI", "PDI"], "می\u{200C}روم x"),
            ("👨\u{200D}👩", &[], "👨\u{200D}👩"),
        ] {
            assert_eq!(hidden(text), named, "{text:?}");
            assert_eq!(bare(text), without, "{text:?}");
        }
    }

    #[test]
    fn of_a_name_without_end_the_beginning_is_shown_and_that_it_goes_on() {
        assert_eq!(visible_line("Maryam\u{202E}"), "Maryam⟦RLO⟧");
        let long = visible_line(&"ښ".repeat(1_000_000));
        assert_eq!(long.chars().count(), LINE_BYTES_MAX / 2 + 1);
        assert!(long.ends_with("ښ…"), "{}", &long[long.len() - 9..]);
    }

    #[test]
    fn a_label_that_a_writer_types_is_no_label() {
        let typed = visible("a⟦ZWSP⟧b ⟦U+202E⟧");
        assert_eq!(typed, "a⟦ ZWSP⟧b ⟦ U+202E⟧");
        assert_eq!(visible(&typed), typed);
    }
}
