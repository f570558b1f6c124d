//! Words that hurt, found in a text so that whoever reads all day need not meet them unasked: whole words of a list, in any
//! case, with any marks, through hidden characters, and with digits in the place of letters. Nothing is taken out here.

use super::chip;
use super::fold::{is_unspaced, letter};
use std::collections::{BTreeSet, HashMap, HashSet};
use std::ops::Range;
use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::is_combining_mark;

/// What every desk softens, each language in a file of its own.
const LISTS: [&str; 6] = [
    include_str!("../../assets/words/soften/ar.txt"),
    include_str!("../../assets/words/soften/de.txt"),
    include_str!("../../assets/words/soften/en.txt"),
    include_str!("../../assets/words/soften/es.txt"),
    include_str!("../../assets/words/soften/fa.txt"),
    include_str!("../../assets/words/soften/ps.txt"),
];

/// Lines of one list that are read.
pub const LINES_MAX: usize = 20_000;

/// Lists of words and sayings, ready to be looked for.
#[derive(Debug, Default)]
pub struct Softener {
    /// By its first word, each with the words that must follow.
    sayings: HashMap<String, Vec<Vec<String>>>,
    /// Of scripts without spaces, found wherever they stand.
    unspaced: HashSet<Vec<char>>,
    /// How many letters those have.
    lengths: BTreeSet<usize>,
}

impl Softener {
    /// The lists of every desk, and a moderator's own: one word or saying a line; what follows a `#` is a remark.
    pub fn new(own: &str) -> Self {
        let mut made = Self::default();
        for list in LISTS.into_iter().chain([own]) {
            list.lines().take(LINES_MAX).for_each(|line| made.add(line));
        }
        made
    }

    fn add(&mut self, line: &str) {
        let saying = line.split('#').next().unwrap_or_default();
        let mut words = Vec::new();
        for word in words_of(saying) {
            if word.unspaced {
                let letters: Vec<char> = word.letters.iter().map(|letter| letter.folded).collect();
                self.lengths.insert(letters.len());
                self.unspaced.insert(letters);
            } else {
                words.push(word.text());
            }
        }
        if !words.is_empty() {
            let rest = words.split_off(1);
            self.sayings.entry(words.remove(0)).or_default().push(rest);
        }
    }

    /// Where such words stand in `text`, in bytes, in their order and apart from each other.
    pub fn find(&self, text: &str) -> Vec<Range<usize>> {
        let words = words_of(text);
        let mut found: Vec<Range<usize>> = Vec::new();
        for (at, word) in words.iter().enumerate() {
            if word.unspaced {
                found.extend(self.within(word));
                continue;
            }
            let forms = [Some(word.text()), word.as_letters()];
            let longest = forms
                .iter()
                .flatten()
                .filter_map(|form| self.sayings.get(form))
                .flatten()
                .filter(|rest| follows(&words[at + 1..], rest))
                .map(Vec::len)
                .max();
            if let Some(more) = longest {
                found.push(word.range().start..words[at + more].range().end);
            }
        }
        joined(found)
    }

    fn within(&self, word: &Word) -> Vec<Range<usize>> {
        let letters: Vec<char> = word.letters.iter().map(|letter| letter.folded).collect();
        let mut found = Vec::new();
        for at in 0..letters.len() {
            let ends = self.lengths.iter().map(|length| at + length).take_while(|end| *end <= letters.len());
            for end in ends.filter(|end| self.unspaced.contains(&letters[at..*end])) {
                found.push(word.letters[at].from..word.letters[end - 1].to);
            }
        }
        found
    }

    /// `text` as it is read aloud, with `said` in the place of each such word.
    pub fn spoken(&self, text: &str, said: &str) -> String {
        put(text, &self.find(text), said)
    }
}

/// `text` with `said` in the place of each range.
pub fn put(text: &str, ranges: &[Range<usize>], said: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut from = 0;
    for range in ranges {
        out.push_str(&text[from..range.start]);
        out.push_str(said);
        from = range.end;
    }
    out.push_str(&text[from..]);
    out
}

fn follows(words: &[Word], rest: &[String]) -> bool {
    words.len() >= rest.len()
        && rest.iter().zip(words).all(|(wanted, word)| {
            !word.unspaced && (word.text() == *wanted || word.as_letters().as_ref() == Some(wanted))
        })
}

fn joined(found: Vec<Range<usize>>) -> Vec<Range<usize>> {
    let mut apart: Vec<Range<usize>> = Vec::new();
    for range in found {
        match apart.last_mut() {
            Some(before) if range.start < before.end => before.end = before.end.max(range.end),
            _ => apart.push(range),
        }
    }
    apart
}

/// One folded letter with the bytes that it was written in.
struct Letter {
    folded: char,
    from: usize,
    to: usize,
}

/// One word, folded letter by letter.
struct Word {
    letters: Vec<Letter>,
    unspaced: bool,
}

impl Word {
    fn text(&self) -> String {
        self.letters.iter().map(|letter| letter.folded).collect()
    }

    fn range(&self) -> Range<usize> {
        let from = self.letters.first().map_or(0, |letter| letter.from);
        from..self.letters.last().map_or(from, |letter| letter.to)
    }

    /// The word with letters in the place of digits that stand for them; `None` where it has no such digits.
    fn as_letters(&self) -> Option<String> {
        let is_mixed = self.letters.iter().any(|letter| letter.folded.is_ascii_digit())
            && self.letters.iter().any(|letter| letter.folded.is_alphabetic());
        let stands_for = |letter: &Letter| match letter.folded {
            '0' => 'o',
            '1' => 'i',
            '3' => 'e',
            '4' => 'a',
            '5' => 's',
            '7' => 't',
            other => other,
        };
        is_mixed.then(|| self.letters.iter().map(stands_for).collect())
    }
}

/// The words of a text, as search folds them, but with the place that each letter was written in.
fn words_of(text: &str) -> Vec<Word> {
    let mut words: Vec<Word> = Vec::new();
    let mut open = false;
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let from = text.len() - rest.len();
        let long = chip::first(rest).map_or(c.len_utf8(), |chip| chip.len);
        let to = from + long;
        rest = &rest[long..];
        if long > c.len_utf8() {
            continue;
        }
        let mut take = |folded: char| {
            if !folded.is_alphanumeric() && !is_combining_mark(folded) {
                open = false;
                return;
            }
            let unspaced = is_unspaced(folded);
            let letter = Letter { folded, from, to };
            match words.last_mut() {
                Some(word) if open && word.unspaced == unspaced => word.letters.push(letter),
                _ => words.push(Word { letters: vec![letter], unspaced }),
            }
            open = true;
        };
        if c.is_ascii() {
            // Most letters of most texts, which nothing decomposes.
            letter(c.to_ascii_lowercase()).into_iter().for_each(take);
            continue;
        }
        std::iter::once(c).nfkd().flat_map(char::to_lowercase).filter_map(letter).for_each(&mut take);
        // A mark that does not count still belongs to its letter.
        if let Some(last) = words.last_mut().filter(|_| open && is_combining_mark(c))
            && let Some(letter) = last.letters.last_mut()
        {
            letter.to = to;
        }
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(own: &str, text: &str, expect: &[&str]) {
        let softener = Softener::new(own);
        let found: Vec<&str> = softener.find(text).into_iter().map(|range| &text[range]).collect();
        assert_eq!(found, expect, "{text}");
    }

    #[test]
    fn whole_words_are_found_however_they_are_written() {
        for (text, found) in [
            ("You idiot, you IDIOT!", &["idiot", "IDIOT"][..]),
            ("id\u{200D}iot i⟦ZWSP⟧diot idıot", &["id\u{200D}iot", "i⟦ZWSP⟧diot"]),
            ("1d10t and m0r0n, 101", &["1d10t", "m0r0n"]),
            ("ìdîót", &["ìdîót"]),
            ("idi\u{301}o\u{302}t\u{301}!", &["idi\u{301}o\u{302}t\u{301}"]),
            ("ＩＤＩＯＴ", &["ＩＤＩＯＴ"]),
            ("Go and  kill\nyourself now", &["kill\nyourself"]),
            ("I'll kill you. You kill time", &["kill you"]),
            ("du Trottel", &["Trottel"]),
            ("qué imbécil, imbecil", &["imbécil", "imbecil"]),
            ("أنت أحمق يا كلب", &["أحمق", "يا كلب"]),
            ("يــا کــلب", &["يــا کــلب"]),
            ("تو بی‌شرف هستی", &["بی‌شرف"]),
            ("ته خو سپیه یې", &["سپیه"]),
        ] {
            check("", text, found);
        }
    }

    #[test]
    fn words_that_only_contain_one_are_left_alone() {
        for text in [
            "Scunthorpe, Essex and Penistone",
            "assassin, Dickens, cockpit, Matsushita, Clitheroe",
            "idiotic idiom, scumbled, vermiculite, moronic",
            "idiosyncrasy halfwits",
            "skill yourself, kill your darlings",
            "101 3 1d3a",
            "كلب في الحديقة، كلبشات",
            "Hangzhou yourself",
            "",
        ] {
            check("", text, &[]);
        }
    }

    #[test]
    fn a_list_of_ones_own_adds_to_it() {
        let own = "# mine\nferryman's folly\n  Ünrat # of the street\n馬鹿\n\n#idiotic\n";
        check(own, "The Ferryman's Folly is no folly", &["Ferryman's Folly"]);
        check(own, "unrat idiotic", &["unrat"]);
        check(own, "お前は馬鹿だ", &["馬鹿"]);
        check(own, "an idiot", &["idiot"]);
        check("kill", "kill yourself, kill time", &["kill yourself", "kill"]);
    }

    #[test]
    fn what_is_read_aloud_says_that_a_word_is_softened() {
        let softener = Softener::new("");
        assert_eq!(softener.spoken("you idiot, idiot", "(softened)"), "you (softened), (softened)");
        assert_eq!(softener.spoken("Scunthorpe", "x"), "Scunthorpe");
    }

    #[test]
    fn the_lists_hold_only_words() {
        for list in LISTS {
            let lines: Vec<&str> = list.lines().filter(|line| !line.starts_with('#')).collect();
            assert!(lines.len() > 5 && lines.iter().all(|line| !line.trim().is_empty()), "{list}");
            for line in lines {
                assert_eq!(
                    Softener::new("").find(line),
                    vec![std::ops::Range { start: 0, end: line.len() }],
                    "{line}"
                );
            }
        }
    }
}
