//! Whether two words are forms of one: patched and patches, کتاب and کتابها. No dictionary, so a chance likeness counts
//! for less than the word itself.

use super::weight;

/// Letters that both words must begin with.
const SHARED_MIN: usize = 4;
const SHARED_MIN_ARABIC: usize = 3;
/// Letters that may follow in either.
const REST_MAX: usize = 4;
const REST_MAX_ARABIC: usize = 3;

/// What a word is worth to another form of it.
const INFLECTED: f32 = 0.85;
const ALIKE: f32 = 0.5;

/// Ends that words take in the languages that readers write in, after what stays the same.
const ENDS: [&str; 54] = [
    "", "a", "al", "ally", "an", "ar", "as", "ced", "cing", "d", "e", "ed", "em", "en", "ens", "er", "ern",
    "ers", "es", "est", "ian", "ic", "ied", "ies", "in", "ing", "innen", "ion", "ions", "ity", "ly", "ment",
    "ments", "n", "ned", "nen", "ner", "ness", "ning", "o", "on", "or", "ors", "os", "r", "ren", "rs", "s",
    "t", "te", "ten", "ung", "y", "ada",
];
const ENDS_ARABIC: [&str; 20] = [
    "", "ا", "ات", "ان", "انو", "ت", "تر", "ته", "ها", "های", "هم", "و", "ون", "ونه", "ونو", "ه", "ی", "ین",
    "ن", "م",
];

/// The form in which a word is compared: numbers as digits, Arabic words without their article.
pub(super) fn form(word: &str) -> String {
    if let Some(number) = weight::number(word) {
        return number.to_owned();
    }
    without_article(word).unwrap_or(word).to_owned()
}

/// كتاب of والكتاب.
fn without_article(word: &str) -> Option<&str> {
    let rest =
        ["وال", "فال", "بال", "کال", "لل", "ال"].iter().find_map(|article| word.strip_prefix(article))?;
    (rest.chars().count() >= 3).then_some(rest)
}

/// How many letters `form` shares at least with whatever is a form of it; `None` where only itself is.
pub(super) fn beginning(form: &str) -> Option<usize> {
    let first = form.chars().next()?;
    let shared = if is_arabic(first) { SHARED_MIN_ARABIC } else { SHARED_MIN };
    if first.is_numeric() || !first.is_alphabetic() {
        return None;
    }
    form.char_indices()
        .nth(shared)
        .map(|(at, _)| at)
        .or((form.chars().count() == shared).then_some(form.len()))
}

/// What `other` is worth where `form` is looked for: 1 for itself, 0 for a stranger.
pub(super) fn worth(form: &str, other: &str) -> f32 {
    if form == other {
        return 1.0;
    }
    let shared: usize =
        form.chars().zip(other.chars()).take_while(|(a, b)| a == b).map(|(c, _)| c.len_utf8()).sum();
    let (rest, other_rest) = (&form[shared..], &other[shared..]);
    let arabic = form.chars().next().is_some_and(is_arabic);
    let letters = form[..shared].chars().count();
    let longest = letters + rest.chars().count().max(other_rest.chars().count());
    let (shared_min, rest_max, ends): (usize, usize, &[&str]) = match arabic {
        true => (SHARED_MIN_ARABIC, REST_MAX_ARABIC, &ENDS_ARABIC),
        false => (SHARED_MIN, REST_MAX, &ENDS),
    };
    if letters < shared_min {
        return 0.0;
    }
    if ends.contains(&rest) && ends.contains(&other_rest) {
        return INFLECTED;
    }
    // An end that is none of these is a chance likeness more often in short words.
    let close = longest - letters <= rest_max && letters * 3 >= longest * 2 && letters > shared_min;
    if close { ALIKE } else { 0.0 }
}

fn is_arabic(c: char) -> bool {
    matches!(u32::from(c), 0x0600..=0x06FF | 0x0750..=0x077F | 0x08A0..=0x08FF)
}
