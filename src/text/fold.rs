//! The form in which words are found again: the index and the query pass the same fold, so that case, marks, Arabic
//! letter forms and hidden characters never stand between a moderator and a comment.

use unicode_normalization::UnicodeNormalization;

/// Words of one query; more would only narrow what is already narrow.
pub const QUERY_WORDS_MAX: usize = 32;

/// The search form: folded words parted by single spaces, scripts without spaces as overlapping pairs of letters.
pub fn fold(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for run in runs(text) {
        let letters: Vec<char> = run.text.chars().collect();
        if !run.unspaced {
            add(&mut out, &letters);
            continue;
        }
        // The last letter alone too: any single letter is then the beginning of some term.
        for at in 0..letters.len() {
            add(&mut out, &letters[at..letters.len().min(at + 2)]);
        }
    }
    out
}

/// A query that means the same in FTS5: every word quoted, all of them wanted, the last one as a beginning. Empty when
/// nothing in it can be searched for.
pub fn fold_query(text: &str) -> String {
    let mut terms: Vec<String> = Vec::new();
    for run in runs(text).into_iter().take(QUERY_WORDS_MAX) {
        let letters: Vec<char> = run.text.chars().collect();
        if run.unspaced && letters.len() > 1 {
            let pairs: Vec<String> = letters.windows(2).map(|pair| pair.iter().collect()).collect();
            terms.push(format!("\"{}\"", pairs.join(" ")));
        } else {
            terms.push(format!("\"{}\"{}", run.text, if run.unspaced { "*" } else { "" }));
        }
    }
    let mut query = terms.join(" ");
    if !query.is_empty() && !query.ends_with('*') {
        query.push('*');
    }
    query
}

/// One word in the search form, whatever parts it.
pub(super) fn folded_word(word: &str) -> String {
    runs(word).into_iter().map(|run| run.text).collect()
}

/// A stretch of letters and digits in one manner of writing.
struct Run {
    text: String,
    unspaced: bool,
}

fn runs(text: &str) -> Vec<Run> {
    let mut out: Vec<Run> = Vec::new();
    let mut open = false;
    // The labels of hidden characters are ours, not the writer's: a word that hides a joiner is found as the word.
    let plain = super::chip::without(text);
    let lower = plain.nfkd().flat_map(char::to_lowercase).filter_map(letter).nfc();
    for c in lower {
        if !(c.is_alphanumeric() || unicode_normalization::char::is_combining_mark(c)) {
            open = false;
            continue;
        }
        let unspaced = is_unspaced(c);
        match out.last_mut() {
            Some(run) if open && run.unspaced == unspaced => run.text.push(c),
            _ => out.push(Run { text: c.to_string(), unspaced }),
        }
        open = true;
    }
    out
}

/// One letter folded, or `None` where it does not count: marks of Latin, Arabic and Hebrew, tatweel, what is hidden.
pub(super) fn letter(c: char) -> Option<char> {
    Some(match u32::from(c) {
        0x0300..=0x036F | 0x0591..=0x05BD | 0x05BF | 0x05C1 | 0x05C2 | 0x05C4 | 0x05C5 | 0x05C7 => {
            return None;
        }
        0x0610..=0x061A | 0x0640 | 0x064B..=0x065F | 0x0670 | 0x06D6..=0x06DC | 0x06DF..=0x06E4 => {
            return None;
        }
        0x06E7 | 0x06E8 | 0x06EA..=0x06ED | 0x08CA..=0x08FF | 0xFE00..=0xFE0F => return None,
        0x00AD | 0x061C | 0x180B..=0x180F | 0x200B..=0x200F | 0x202A..=0x202E => return None,
        0x2060..=0x206F | 0xFEFF | 0xE0000..=0xE0FFF => return None,
        0x0643 | 0x06AA => 'ک',
        0x0649 | 0x064A | 0x06CD | 0x06D2 => 'ی',
        0x0629 | 0x06BE | 0x06C1 | 0x06C3 | 0x06D5 => 'ه',
        0x0671..=0x0673 | 0x0675 => 'ا',
        0x06AB => 'گ',
        0x0621 => return None,
        0x0660..=0x0669 => char::from_u32(u32::from(c) - 0x0660 + 0x30)?,
        0x06F0..=0x06F9 => char::from_u32(u32::from(c) - 0x06F0 + 0x30)?,
        _ => c,
    })
}

/// Hiragana to Han and the scripts of South-East Asia: no spaces between words.
pub(super) fn is_unspaced(c: char) -> bool {
    matches!(u32::from(c), 0x0E00..=0x0EFF | 0x1000..=0x109F | 0x1780..=0x17FF | 0x3040..=0x30FF | 0x31F0..=0x31FF)
        || matches!(u32::from(c), 0x3400..=0x4DBF | 0x4E00..=0x9FFF | 0xF900..=0xFAFF | 0x20000..=0x323AF)
        || matches!(u32::from(c), 0x3005..=0x3007)
}

fn add(out: &mut String, letters: &[char]) {
    if !out.is_empty() {
        out.push(' ');
    }
    out.extend(letters);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_word_written_in_several_ways_has_one_form() {
        for (written, as_written) in [
            ("كتاب", "کتاب"),
            ("علي", "علی"),
            ("على", "علی"),
            ("مدرسة", "مدرسه"),
            ("خانۀ", "خانه"),
            ("أحمد", "احمد"),
            ("إسلام", "اسلام"),
            ("آزادی", "ازادی"),
            ("مُحَمَّد", "محمد"),
            ("مـــحمد", "محمد"),
            ("می\u{200C}روم", "میروم"),
            ("مسؤول", "مسوول"),
            ("۲۰۲۴", "2024"),
            ("٢٠٢٤", "2024"),
            ("CAFÉ", "cafe"),
            ("ﬁne", "fine"),
            ("Ｆｕｌｌ", "full"),
            ("cas\u{200D}ino", "casino"),
            ("cas⟦ZWJ⟧ino", "casino"),
            ("Straße", "straße"),
        ] {
            assert_eq!(fold(written), as_written, "{written}");
            assert_eq!(fold(written), fold(as_written), "{written}");
        }
    }

    #[test]
    fn words_are_parted_and_scripts_without_spaces_paired() {
        for (text, folded) in [
            ("Don't  panic!", "don t panic"),
            ("東京都 Tokyo", "東京 京都 都 tokyo"),
            ("東", "東"),
            ("東京2024年", "東京 京 2024 年"),
            ("हिन्दी", "हिन्दी"),
            ("한국어 댓글", "한국어 댓글"),
            ("", ""),
            ("?! …", ""),
        ] {
            assert_eq!(fold(text), folded, "{text}");
        }
    }

    #[test]
    fn a_query_cannot_say_anything_but_words() {
        for (typed, query) in [
            ("runway", "\"runway\"*"),
            ("who holds", "\"who\" \"holds\"*"),
            ("\" OR author:* NEAR(", "\"or\" \"author\" \"near\"*"),
            ("東京都", "\"東京 京都\"*"),
            ("都", "\"都\"*"),
            ("都 runway", "\"都\"* \"runway\"*"),
            ("  -- ", ""),
        ] {
            assert_eq!(fold_query(typed), query, "{typed}");
        }
        let long = "a ".repeat(1000);
        assert_eq!(fold_query(&long).split(' ').count(), QUERY_WORDS_MAX);
    }
}
