//! Right-to-left text on a toolkit that draws from left to right. Lines are broken here, their words put into the order in
//! which they are seen (UAX 9), and handed over word by word; the letters inside a word are joined by the toolkit. To be
//! removed when the toolkit does it.

use egui::text::{LayoutJob, TextFormat};
use std::ops::Range;
use unicode_bidi::{BidiInfo, Level};

/// Whether a text has any letter that runs from right to left.
pub fn has_rtl(text: &str) -> bool {
    text.chars().any(is_rtl)
}

/// Whether the first letter that has a direction runs from right to left.
pub fn starts_rtl(text: &str) -> bool {
    text.chars().find(|c| c.is_alphabetic()).is_some_and(is_rtl)
}

fn is_rtl(c: char) -> bool {
    matches!(u32::from(c),
        0x0590..=0x08FF | 0xFB1D..=0xFDFF | 0xFE70..=0xFEFF | 0x1_0800..=0x1_0FFF | 0x1_E800..=0x1_EFFF)
}

/// A text in the order in which it is seen, with its lines broken.
#[derive(Debug, Clone, Default)]
pub struct Visual {
    pub job: LayoutJob,
    /// For every stretch of the seen text, in characters, the section of the original it came from.
    pub origins: Vec<(Range<usize>, usize)>,
    /// `rows_max` cut it.
    pub cut: bool,
}

/// A word, a space or a sign: one direction, one format.
#[derive(Debug, Clone, Copy)]
struct Token<'a> {
    text: &'a str,
    section: usize,
    level: Level,
    width: f32,
    space: bool,
    breaks: bool,
}

/// Puts `job` into lines at most `width` wide; `measure` tells how wide a word is.
pub fn visual(
    job: &LayoutJob,
    width: f32,
    rows_max: usize,
    mut measure: impl FnMut(&str, &TextFormat) -> f32,
) -> Visual {
    let tokens = tokens(job, &mut measure);
    let mut made = Visual::default();
    let lines = lines(&tokens, width);
    made.cut = lines.len() > rows_max;
    let mut chars = 0;
    let mut put = |made: &mut Visual, text: &str, section: usize| {
        // Neighbours of one format would be joined into one run again; this part of a format is never seen.
        let mut format = format_of(job, section);
        format.expand_bg = if made.origins.len().is_multiple_of(2) { 1.0 } else { 0.5 };
        made.job.append(text, 0.0, format);
        let count = text.chars().count();
        made.origins.push((chars..chars + count, section));
        chars += count;
    };
    let rtl = starts_rtl(&job.text);
    for (index, line) in lines.iter().take(rows_max).enumerate() {
        let section = line.first().map_or(0, |token| token.section);
        let ends_cut = made.cut && index + 1 == rows_max;
        if index > 0 {
            put(&mut made, "\n", section);
        }
        if ends_cut && rtl {
            put(&mut made, "…", section);
        }
        let levels: Vec<Level> = line.iter().map(|token| token.level).collect();
        for at in BidiInfo::reorder_visual(&levels) {
            let token = &line[at];
            put(&mut made, &seen(token), token.section);
        }
        if ends_cut && !rtl {
            put(&mut made, "…", section);
        }
    }
    made
}

fn format_of(job: &LayoutJob, section: usize) -> TextFormat {
    job.sections.get(section).map(|section| section.format.clone()).unwrap_or_default()
}

fn tokens<'a>(job: &'a LayoutJob, measure: &mut impl FnMut(&str, &TextFormat) -> f32) -> Vec<Token<'a>> {
    let bidi = BidiInfo::new(&job.text, None);
    let mut found = Vec::new();
    for (index, section) in job.sections.iter().enumerate() {
        let range = section.byte_range.start.0..section.byte_range.end.0;
        let Some(text) = job.text.get(range.clone()) else { continue };
        let mut start = 0;
        let mut chars = text.char_indices().peekable();
        while let Some((at, c)) = chars.next() {
            let level = bidi.levels[range.start + at];
            let joins = chars.peek().is_some_and(|(next_at, next)| {
                bidi.levels[range.start + *next_at] == level
                    && kind(c) == kind(*next)
                    && kind(c) != Kind::Sign
            });
            if joins {
                continue;
            }
            let end = at + c.len_utf8();
            let piece = &text[start..end];
            start = end;
            let breaks = kind(c) == Kind::Break;
            let width = if breaks { 0.0 } else { measure(piece, &section.format) };
            found.push(Token {
                text: piece,
                section: index,
                level,
                width,
                space: kind(c) == Kind::Space,
                breaks,
            });
        }
    }
    found
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Word,
    Number,
    Space,
    Break,
    Sign,
}

fn kind(c: char) -> Kind {
    if c == '\n' {
        Kind::Break
    } else if c.is_numeric() {
        Kind::Number
    } else if c.is_whitespace() {
        Kind::Space
    } else if c.is_alphabetic()
        || matches!(c, '\u{200c}' | '\u{200d}')
        || unicode_normalization::char::is_combining_mark(c)
    {
        Kind::Word
    } else {
        Kind::Sign
    }
}

/// Greedy lines; a space at the end of a line is not drawn.
fn lines<'a>(tokens: &[Token<'a>], width: f32) -> Vec<Vec<Token<'a>>> {
    let mut lines = vec![Vec::new()];
    let mut used = 0.0;
    let mut at = 0;
    while at < tokens.len() {
        if tokens[at].breaks {
            lines.push(Vec::new());
            used = 0.0;
            at += 1;
            continue;
        }
        // What has no space inside stays together.
        let stop = |token: &Token<'_>| token.space || token.breaks;
        let length = tokens[at..].iter().position(stop).unwrap_or(tokens.len() - at).max(1);
        let unit = &tokens[at..at + length];
        let wide: f32 = unit.iter().map(|token| token.width).sum();
        if used + wide > width && used > 0.0 {
            lines.push(Vec::new());
            used = 0.0;
            if tokens[at].space {
                at += length;
                continue;
            }
        }
        if let Some(line) = lines.last_mut() {
            line.extend_from_slice(unit);
        }
        used += wide;
        at += length;
    }
    for line in &mut lines {
        while line.last().is_some_and(|token| token.space) {
            line.pop();
        }
    }
    lines
}

/// A token as it is handed over: signs mirrored where they run from right to left, and numbers in Arabic-script digits
/// turned round, because the toolkit takes their script for their direction.
fn seen(token: &Token<'_>) -> String {
    let arabic_digit = |c: char| matches!(c, '\u{6f0}'..='\u{6f9}');
    if token.level.is_rtl() {
        return token.text.chars().map(mirrored).collect();
    }
    if token.text.chars().any(arabic_digit) {
        return token.text.chars().rev().collect();
    }
    token.text.to_owned()
}

fn mirrored(c: char) -> char {
    match c {
        '(' => ')',
        ')' => '(',
        '[' => ']',
        ']' => '[',
        '{' => '}',
        '}' => '{',
        '<' => '>',
        '>' => '<',
        '«' => '»',
        '»' => '«',
        '‹' => '›',
        '›' => '‹',
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str, width: f32) -> String {
        let job = LayoutJob::single_section(text.to_owned(), TextFormat::default());
        #[expect(clippy::cast_precision_loss, reason = "a test's word")]
        visual(&job, width, 99, |word, _| word.chars().count() as f32).job.text
    }

    #[test]
    fn words_stand_in_the_order_they_are_seen() {
        assert_eq!(shown("שלום עולם", 99.0), "עולם שלום");
    }

    #[test]
    fn the_first_words_stay_on_the_first_line() {
        assert_eq!(shown("אחת שתים שלוש", 9.0), "שתים אחת\nשלוש");
    }

    #[test]
    fn latin_inside_keeps_its_own_order() {
        assert_eq!(shown("אחת new york שתים", 99.0), "שתים new york אחת");
    }

    #[test]
    fn arabic_digits_are_turned_for_the_toolkit() {
        let told = shown("سال ۲۰۲۴ بود", 99.0);
        assert_eq!(told, "بود ۴۲۰۲ سال");
        assert_eq!(shown("سنة ٢٠٢٤", 99.0), "٢٠٢٤ سنة");
    }

    #[test]
    fn brackets_are_mirrored() {
        assert_eq!(shown("(אחת)", 99.0), "(אחת)");
        assert_eq!(shown("אחת (שתים)", 99.0), "(שתים) אחת");
    }

    #[test]
    fn text_from_left_to_right_is_only_broken() {
        assert_eq!(shown("one two three", 8.0), "one two\nthree");
    }

    #[test]
    fn a_word_wider_than_the_line_still_has_a_line() {
        assert_eq!(shown("אאאאאאאאאאאא בב", 5.0), "אאאאאאאאאאאא\nבב");
    }

    #[test]
    fn what_is_cut_says_so() {
        let job = LayoutJob::single_section("א ב ג".to_owned(), TextFormat::default());
        let told = visual(&job, 1.0, 2, |_, _| 1.0);
        assert!(told.cut);
        assert_eq!(told.job.text, "א\n…ב");
    }

    #[test]
    fn a_word_and_its_sign_are_never_one_run() {
        let job = LayoutJob::single_section("است، ولی".to_owned(), TextFormat::default());
        let told = visual(&job, 99.0, 9, |_, _| 1.0).job;
        assert_eq!(told.text, "ولی ،است");
        assert_eq!(told.sections.len(), 4, "{:?}", told.sections);
    }

    #[test]
    fn every_stretch_knows_its_section() {
        let mut job = LayoutJob::default();
        job.append("אחת ", 0.0, TextFormat::default());
        job.append("שתים", 0.0, TextFormat { italics: true, ..TextFormat::default() });
        let told = visual(&job, 99.0, 9, |_, _| 1.0);
        assert_eq!(told.job.text, "שתים אחת");
        assert_eq!(told.origins.first(), Some(&(0..4, 1)));
    }
}
