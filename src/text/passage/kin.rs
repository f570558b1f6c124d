//! Whether two words are forms of one: patched and patches, کتاب and کتابها. No dictionary, so a chance likeness counts
//! for less than the word itself.

use super::weight;
use std::sync::LazyLock;

/// Letters that both words must begin with.
const SHARED_MIN: usize = 4;
const SHARED_MIN_ARABIC: usize = 3;
/// Letters that may follow in either.
const REST_MAX: usize = 4;
const REST_MAX_ARABIC: usize = 3;

/// And, with, for, so, like; it does, it does not.
const BEFORE: [&str; 12] = ["نمی", "می", "ون", "وی", "و", "ب", "ل", "ف", "ک", "ی", "ن", "ت"];

/// What a word is worth to another form of it.
const INFLECTED: f32 = 0.85;
const ALIKE: f32 = 0.5;

/// Ends that words take in the languages that readers write in, after what stays the same.
const ENDS: &str = "\
    a able aba aban ada adas ado ados ait al ally amos an ando ant ante ar aron as ation cion ciones ced cing \
    d e ed ee ees em en end ende ens er erin ern eron ers es est et ez ful heit ia ian ic ida ido ied iendo ies \
    ieron ig ige igen in ing ingen innen ion ions ir isch ity ive keit less lich ly ment ments n ned nen ner \
    ness ning o on or ors os r ren rs s st t te ten tet ung ungen y";
const ENDS_ARABIC: &str = "\
    ا ات اش ام ان د اند انه انو انی ای ایی ت تان تر تم تن تها ته تهم ده دن ش شان گان گر گی م مان ن نا ند ه ها های \
    هایش هایم هایی هم هما و وا وال ول وم ون ونه ونو ونکی وی ې ېدل ېدلی ېدلې ېږی ی یان یانو ید یم ین یه گانې کم";

static ENDINGS: LazyLock<[Vec<&'static str>; 2]> = LazyLock::new(|| {
    let list = |ends: &'static str| {
        let mut ends: Vec<_> = ends.split_whitespace().chain([""]).collect();
        ends.sort_unstable();
        ends
    };
    [list(ENDS), list(ENDS_ARABIC)]
});

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
    let shared = shared(form, other);
    let (rest, other_rest) = (&form[shared..], &other[shared..]);
    let arabic = form.chars().next().is_some_and(is_arabic);
    let letters = form[..shared].chars().count();
    let longest = letters + rest.chars().count().max(other_rest.chars().count());
    let (shared_min, rest_max, ends) = match arabic {
        true => (SHARED_MIN_ARABIC, REST_MAX_ARABIC, &ENDINGS[1]),
        false => (SHARED_MIN, REST_MAX, &ENDINGS[0]),
    };
    if letters < shared_min {
        return 0.0;
    }
    if ends.binary_search(&rest).is_ok() && ends.binary_search(&other_rest).is_ok() {
        return INFLECTED;
    }
    // An end that is none of these is a chance likeness more often in short words.
    let close = longest - letters <= rest_max && letters * 3 >= longest * 2 && letters > shared_min;
    if close { ALIKE } else { 0.0 }
}

/// Bytes that two words have in common at their beginnings.
pub(super) fn shared(form: &str, other: &str) -> usize {
    form.chars().zip(other.chars()).take_while(|(a, b)| a == b).map(|(c, _)| c.len_utf8()).sum()
}

/// Whether one is an inflected form of the other.
pub(super) fn is_form(form: &str, other: &str) -> bool {
    worth(form, other) >= INFLECTED
}

/// What is left of it without what Arabic, Dari and Pashto write before a word and together with it.
pub(super) fn bare(form: &str) -> impl Iterator<Item = &str> {
    let rest = BEFORE.iter().filter_map(move |before| form.strip_prefix(before));
    rest.filter(|rest| rest.chars().count() >= SHARED_MIN_ARABIC)
}

pub(super) fn is_arabic(c: char) -> bool {
    matches!(u32::from(c), 0x0600..=0x06FF | 0x0750..=0x077F | 0x08A0..=0x08FF)
}
