//! Words that say nearly the same thing, in several languages: Fähre, ferry, کشتی. The list is ours, general words of news
//! and everyday life; a word may have several senses, and most words have none.

use super::kin;
use crate::text::fold::folded_word;
use std::sync::LazyLock;

/// The list: a sense on each line.
const SENSES: &str = include_str!("../../../assets/senses.txt");

/// Letters that the last part of a compound has at least, and what stands before it.
const TAIL_MIN: usize = 5;
const HEAD_MIN: usize = 3;
/// What may stand between the two.
const LINKS: [&str; 6] = ["", "s", "n", "en", "e", "es"];

/// Letters that must be left of a word without what was written together with it, to be taken for an inflected form.
const REST_MIN: usize = 4;

/// Every word with its sense, sorted.
static WORDS: LazyLock<Vec<(String, u16)>> = LazyLock::new(|| {
    let lines = SENSES.lines().filter(|line| !line.starts_with('#') && !line.is_empty());
    let senses = lines.zip(0_u16..);
    let words = |(line, sense): (&str, u16)| {
        let forms = line.split_whitespace().map(|word| kin::form(&folded_word(word)));
        // The French oven is the English four: as a number it is read everywhere.
        forms.filter(|form| !form.starts_with(char::is_numeric)).map(|form| (form, sense)).collect::<Vec<_>>()
    };
    let mut words: Vec<_> = senses.flat_map(words).collect();
    words.sort_unstable();
    words.dedup();
    words
});

/// The senses of a word in the form in which words are compared, each once.
pub(super) fn senses(form: &str) -> Vec<u16> {
    let mut found = exact(form);
    if found.is_empty() {
        found = nearest(form);
    }
    for rest in kin::bare(form) {
        if found.is_empty() {
            found = exact(rest);
        }
        if found.is_empty() && rest.chars().count() >= REST_MIN {
            found = nearest(rest);
        }
    }
    // Nachtschicht is a Schicht, as Nacht is a word too; Brackwater is no water.
    let starts = form.char_indices().skip(HEAD_MIN).map(|(at, _)| at);
    for at in starts.filter(|_| form.is_ascii()) {
        if form.len() - at < TAIL_MIN || !found.is_empty() {
            break;
        }
        let mut heads = LINKS.iter().filter_map(|link| form[..at].strip_suffix(link));
        if heads.any(|head| !exact(head).is_empty()) {
            found = exact(&form[at..]);
        }
    }
    found
}

/// The senses of that very form.
pub(super) fn exact(form: &str) -> Vec<u16> {
    let from = WORDS.partition_point(|(word, _)| word.as_str() < form);
    WORDS[from..].iter().take_while(|(word, _)| word == form).map(|(_, sense)| *sense).collect()
}

/// Of the form that begins most like it.
fn nearest(form: &str) -> Vec<u16> {
    let Some(beginning) = kin::beginning(form) else { return Vec::new() };
    let shared = &form[..beginning];
    let from = WORDS.partition_point(|(word, _)| word.as_str() < shared);
    let (mut found, mut most) = (Vec::new(), 0);
    for (word, sense) in WORDS[from..].iter().take_while(|(word, _)| word.starts_with(shared)) {
        let alike = kin::shared(form, word);
        if alike < most || !kin::is_form(form, word) {
            continue;
        }
        if alike > most {
            found.clear();
        }
        most = alike;
        if !found.contains(sense) {
            found.push(*sense);
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn share(one: &str, other: &str) -> bool {
        let [one, other] = [one, other].map(|word| senses(&kin::form(&folded_word(word))));
        one.iter().any(|sense| other.contains(sense))
    }

    #[test]
    fn words_of_one_sense_are_known_in_every_form_and_language() {
        for (one, other) in [
            ("ferry", "Schiffe"),
            ("ferries", "کشتی‌ها"),
            ("lawyer", "barristers"),
            ("Krankenschwester", "infirmières"),
            ("Nachtschicht", "turno"),
            ("والمدرسة", "school"),
            ("بالخبز", "bakers"),
            ("ښوونکي", "teachers"),
            ("می‌فروشد", "sold"),
            ("Türen", "doors"),
            ("studies", "Studie"),
        ] {
            assert!(share(one, other), "{one} {other}");
        }
        for (one, other) in [
            ("ferry", "school"),
            ("states", "station"),
            ("padlock", "Bäcker"),
            ("zzyzx", "zzyzx"),
            ("counties", "counted"),
            ("Brackwater", "water"),
            ("vier", "four"),
        ] {
            assert!(!share(one, other), "{one} {other}");
        }
    }

    #[test]
    fn the_list_is_small_and_names_no_word_twice_in_a_sense() {
        assert!(SENSES.len() < 300_000);
        for line in SENSES.lines().filter(|line| !line.starts_with('#') && !line.is_empty()) {
            let words: Vec<_> = line.split(' ').collect();
            let different: std::collections::BTreeSet<_> = words.iter().collect();
            assert!(words.len() >= 3 && different.len() == words.len(), "{line}");
            assert!(
                words
                    .iter()
                    .all(|word| word.chars().all(|c| c.is_alphanumeric() || "-'\u{200C}&".contains(c))),
                "{line}"
            );
        }
    }
}
