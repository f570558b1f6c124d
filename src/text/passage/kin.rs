//! Whether two words are forms of one: patched and patches, کتاب and کتابها. No dictionary, only the ends that words take.

use super::number;
use std::sync::LazyLock;

/// Letters that both words must begin with.
const SHARED_MIN: usize = 3;
/// And with fewer than so many, one of the two is them alone and the other has one of these ends: bus and buses.
const SHORT: usize = 4;
const SHORT_ENDS: [&str; 3] = ["s", "es", "en"];

/// And, with, for, so, like; it does, it does not.
const BEFORE: [&str; 12] = ["نمی", "می", "ون", "وی", "و", "ب", "ل", "ف", "ک", "ی", "ن", "ت"];

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
    if let Some(number) = number::alone(word) {
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
    if first.is_numeric() || !first.is_alphabetic() {
        return None;
    }
    form.char_indices()
        .nth(SHARED_MIN)
        .map(|(at, _)| at)
        .or((form.chars().count() == SHARED_MIN).then_some(form.len()))
}

/// Whether one is the other, or an inflected form of it.
pub(super) fn is_form(form: &str, other: &str) -> bool {
    if form == other {
        return true;
    }
    let shared = shared(form, other);
    let rests = [&form[shared..], &other[shared..]];
    let arabic = form.chars().next().is_some_and(is_arabic);
    let whole = rests.contains(&"");
    match form[..shared].chars().count() {
        ..SHARED_MIN => false,
        letters if letters < SHORT && !arabic => whole && rests.iter().any(|rest| SHORT_ENDS.contains(rest)),
        // Counties are of a county, not of a count.
        _ if rests.contains(&"ies") || rests.contains(&"ied") => {
            rests.iter().all(|rest| matches!(*rest, "y" | "ies" | "ied"))
        }
        _ => rests.iter().all(|rest| ENDINGS[usize::from(arabic)].binary_search(rest).is_ok()),
    }
}

/// Bytes that two words have in common at their beginnings.
pub(super) fn shared(form: &str, other: &str) -> usize {
    form.chars().zip(other.chars()).take_while(|(a, b)| a == b).map(|(c, _)| c.len_utf8()).sum()
}

/// What is left of it without what Arabic, Dari and Pashto write before a word and together with it.
pub(super) fn bare(form: &str) -> impl Iterator<Item = &str> {
    let rest = BEFORE.iter().filter_map(move |before| form.strip_prefix(before));
    rest.filter(|rest| rest.chars().count() >= SHARED_MIN)
}

pub(super) fn is_arabic(c: char) -> bool {
    matches!(u32::from(c), 0x0600..=0x06FF | 0x0750..=0x077F | 0x08A0..=0x08FF)
}
