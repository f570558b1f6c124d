//! Words and hosts that pass for others: letters of one script among those of another, after Unicode TR39. It says which
//! script is written and which it looks like; it never judges what a language mixes by habit (TR39 *highly restrictive*),
//! nor a word with an ending in another script ("IPшник", "iPhoneը").

use unicode_normalization::UnicodeNormalization;
use unicode_script::{Script, UnicodeScript};
use unicode_security::{RestrictionLevel, RestrictionLevelDetection, skeleton};

/// Letters that a word needs before it is judged: "αx" and "ρV" are formulas.
const LETTERS_MIN: usize = 3;
/// Changes of script in one word that no ending explains.
const CHANGES_MIN: usize = 3;

/// What is odd about a word. Scripts are ISO 15924 codes; `Zyyy` is a symbol that belongs to none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Oddity {
    /// Letters of `script` that look like those of `like`.
    Lookalike { script: &'static str, like: &'static str },
    /// Letters of both, to and fro, which no other word explains.
    Mixed { scripts: [&'static str; 2] },
}

/// What a text is written in: a word that only looks Latin is ordinary where its own script is.
#[derive(Debug, Default)]
pub(super) struct Setting {
    /// Scripts of which a letter stands there that looks like no Latin one.
    own: Vec<Script>,
    /// A Latin word of at least three letters.
    latin: bool,
}

impl Setting {
    /// The setting of a whole text, labels taken out.
    pub(super) fn of(text: &str) -> Self {
        let mut setting = Self::default();
        let mut latin_letters = 0;
        for c in text.chars() {
            let latin = c.is_ascii_alphabetic() || (!c.is_ascii() && c.script() == Script::Latin);
            latin_letters = if latin { latin_letters + 1 } else { 0 };
            setting.latin |= latin_letters >= LETTERS_MIN;
            if !c.is_ascii() && c.is_alphabetic() && !latin {
                let script = c.script();
                if !setting.own.contains(&script) && as_latin(c).is_none() {
                    setting.own.push(script);
                }
            }
        }
        setting
    }

    fn expects_latin(&self, script: Script) -> bool {
        self.latin && !self.own.contains(&script)
    }
}

/// Judges one word of a text; `None` where there is nothing to say.
pub(super) fn word(word: &str, setting: &Setting) -> Option<Oddity> {
    if word.is_ascii() {
        return None;
    }
    let letters: Vec<char> = word.nfc().filter(|c| c.is_alphabetic()).collect();
    if letters.len() < LETTERS_MIN {
        return None;
    }
    if symbols(&letters) {
        return Some(Oddity::Lookalike {
            script: Script::Common.short_name(),
            like: Script::Latin.short_name(),
        });
    }
    mixed(&letters).or_else(|| {
        let script = whole(&letters)?;
        setting.expects_latin(script).then(|| latin_like(script))
    })
}

/// Judges one label of a host name; `top` is the last label.
pub(super) fn label(label: &str, top: &str) -> Option<Oddity> {
    if label.is_ascii() {
        return None;
    }
    let letters: Vec<char> = label.nfc().filter(|c| c.is_alphabetic()).collect();
    let odd = mixed(&letters).or_else(|| whole(&letters).filter(|_| top.is_ascii()).map(latin_like));
    // "ɡoogle" is all Latin, and still no word of ASCII.
    odd.or_else(|| (top.is_ascii() && reads_ascii(label)).then(|| latin_like(foreign(&letters))))
}

/// Whether a host label may be shown as Unicode: one script, nothing TR39 keeps out of names, and nothing that reads as
/// ASCII where the host ends in ASCII.
pub(super) fn is_safe(label: &str, top: &str) -> bool {
    let plain = label.is_ascii() || label.check_restriction_level(RestrictionLevel::SingleScript);
    plain && self::label(label, top).is_none()
}

fn latin_like(script: Script) -> Oddity {
    Oddity::Lookalike { script: script.short_name(), like: Script::Latin.short_name() }
}

fn foreign(letters: &[char]) -> Script {
    letters.iter().find(|c| !c.is_ascii()).map_or(Script::Common, |c| c.script())
}

/// Whether a reader would take it for ASCII.
fn reads_ascii(word: &str) -> bool {
    !word.is_ascii() && skeleton(word).all(|c| c.is_ascii())
}

/// The one ASCII letter that a letter is drawn like.
fn as_latin(c: char) -> Option<char> {
    let mut buffer = [0; 4];
    let mut drawn = skeleton(c.encode_utf8(&mut buffer));
    let first = drawn.next().filter(char::is_ascii_alphabetic)?;
    drawn.next().is_none().then_some(first)
}

/// Whether a letter of another script is drawn like one of `like`.
fn looks(c: char, like: Script) -> bool {
    let Some(drawn) = as_latin(c) else { return false };
    match like {
        Script::Latin => true,
        Script::Cyrillic => "SlJABEKMHOPCTYXbarweopcyxsijvVhdGQq".contains(drawn),
        Script::Greek => "JABEZlHKMNOPTYXayivopujcCF".contains(drawn),
        Script::Armenian => "USLOwgqhjnruicfo".contains(drawn),
        _ => false,
    }
}

/// Mathematical and other symbols in the place of letters.
fn symbols(letters: &[char]) -> bool {
    let mut odd = letters.iter().filter(|c| !c.is_ascii());
    odd.clone().count() >= LETTERS_MIN && odd.all(|c| c.script() == Script::Common && as_latin(*c).is_some())
}

/// The one script that a word is written in, when each of its letters is drawn like a Latin one.
fn whole(letters: &[char]) -> Option<Script> {
    let script = letters.first()?.script();
    let passes = !matches!(script, Script::Latin | Script::Common | Script::Inherited)
        && letters.iter().all(|c| c.script() == script && as_latin(*c).is_some());
    passes.then_some(script)
}

fn mixed(letters: &[char]) -> Option<Oddity> {
    let text: String = letters.iter().collect();
    let letters: Vec<(char, Script)> = letters
        .iter()
        .map(|c| (*c, c.script()))
        .filter(|(_, script)| !matches!(script, Script::Common | Script::Inherited))
        .collect();
    let first = letters.first()?.1;
    let second = letters.iter().find(|(_, script)| *script != first)?.1;
    let level = text.as_str().detect_restriction_level();
    let armenian = first == Script::Armenian || second == Script::Armenian;
    let ordinary = level <= RestrictionLevel::HighlyRestrictive
        || (level == RestrictionLevel::ModeratelyRestrictive && !armenian);
    if ordinary || is_acronym_with_ending(&letters) {
        return None;
    }
    // The script that most of it is written in is the one that the rest passes for.
    let of = |wanted: Script| letters.iter().filter(|(_, script)| *script == wanted).count();
    let (most, least) = if of(first) >= of(second) { (first, second) } else { (second, first) };
    for (like, script) in [(most, least), (least, most)] {
        if like != Script::Latin && is_compound(&letters) {
            continue;
        }
        if letters.iter().all(|(c, script)| *script == like || looks(*c, like)) {
            return Some(Oddity::Lookalike { script: script.short_name(), like: like.short_name() });
        }
    }
    let changes = letters.windows(2).filter(|pair| pair[0].1 != pair[1].1).count();
    (changes >= CHANGES_MIN).then(|| Oddity::Mixed { scripts: [first.short_name(), second.short_name()] })
}

/// "PDFа", "TNFα": capitals and an ending, as Serbian and biology write.
fn is_acronym_with_ending(letters: &[(char, Script)]) -> bool {
    let capitals = letters.iter().take_while(|(c, s)| *s == Script::Latin && c.is_uppercase()).count();
    capitals >= 2 && letters[capitals..].iter().all(|(c, s)| *s != Script::Latin && c.is_lowercase())
}

/// "СберPay": a word and a Latin name.
fn is_compound(letters: &[(char, Script)]) -> bool {
    let Some(at) = letters.iter().position(|(_, script)| *script == Script::Latin) else { return false };
    let name = &letters[at..];
    at > 1
        && name.len() > 1
        && name[0].0.is_uppercase()
        && name.iter().all(|(_, script)| *script == Script::Latin)
}

#[cfg(test)]
mod tests {
    use super::*;

    const CYRL: Option<(&str, &str)> = Some(("Cyrl", "Latn"));

    /// Words as a reader would write them, each alone in a text, and what is said of each.
    const WORDS: [(&str, Option<(&str, &str)>); 46] = [
        ("pаypаl", CYRL),
        ("gооgle", CYRL),
        ("аpple", CYRL),
        ("casinо", CYRL),
        ("Miсrosoft", CYRL),
        ("bitсоin2024", CYRL),
        ("Рaypal", CYRL),
        ("Росcия", Some(("Latn", "Cyrl"))),
        ("мошeнник", Some(("Latn", "Cyrl"))),
        ("Tелефон", Some(("Latn", "Cyrl"))),
        ("Gοοgle", Some(("Grek", "Latn"))),
        ("Αmazon", Some(("Grek", "Latn"))),
        ("gօօgle", Some(("Armn", "Latn"))),
        ("𝓬𝓪𝓼𝓲𝓷𝓸", Some(("Zyyy", "Latn"))),
        ("𝗳𝗿𝗲𝗲", Some(("Zyyy", "Latn"))),
        ("cкaзкaz", Some(("Latn", "Cyrl mixed"))),
        ("Россия", None),
        ("хаос", None),
        ("Сара", None),
        ("IPшник", None),
        ("PDFка", None),
        ("PDFа", None),
        ("CDшка", None),
        ("ВТБPay", None),
        ("iPhoneы", None),
        ("iPhoneը", None),
        ("Յարութիւն", None),
        ("Београд", None),
        ("Љубав", None),
        ("Київ", None),
        ("μm", None),
        ("αx", None),
        ("TNFα", None),
        ("Καλημέρα", None),
        ("東京タワー", None),
        ("Tシャツ", None),
        ("iPhone은", None),
        ("PCها", None),
        ("WhatsAppکې", None),
        ("پښتو", None),
        ("שלום", None),
        ("Facebookपर", None),
        ("ｃａｓｉｎｏ", None),
        ("naïve", None),
        ("Straße", None),
        ("Đặng", None),
    ];

    fn told(odd: Option<Oddity>) -> Option<(&'static str, String)> {
        odd.map(|odd| match odd {
            Oddity::Lookalike { script, like } => (script, like.to_owned()),
            Oddity::Mixed { scripts: [a, b] } => (a, format!("{b} mixed")),
        })
    }

    #[test]
    fn words_that_pass_for_others_are_told_from_words_that_do_not() {
        for (text, expected) in WORDS {
            let found = told(word(text, &Setting::of(text)));
            assert_eq!(found, expected.map(|(script, like)| (script, like.to_owned())), "{text}");
        }
        assert!(WORDS.iter().filter(|(_, expected)| expected.is_none()).count() >= WORDS.len() / 2);
    }

    #[test]
    fn a_word_that_is_all_of_one_script_is_judged_by_what_stands_around_it() {
        for (text, expected) in [
            ("buy from раура now", true),
            ("Я люблю сахар and tea", false),
            ("хаос", false),
            ("the хаос", true),
            ("NATO је рекао да је хаос", false),
            ("ok сахар", false),
        ] {
            let setting = Setting::of(text);
            let odd = text.split(' ').any(|each| word(each, &setting).is_some());
            assert_eq!(odd, expected, "{text}");
        }
    }

    #[test]
    fn a_host_label_is_shown_only_when_it_can_be_read_for_what_it_is() {
        for (each, top, safe) in [
            ("münchen", "example", true),
            ("københavn", "dk", true),
            ("пример", "com", true),
            ("例え", "jp", true),
            ("한국", "kr", true),
            ("مثال", "com", true),
            ("хаос", "рф", true),
            ("хаос", "com", false),
            ("раура1", "com", false),
            ("gооgle", "com", false),
            ("ɡoogle", "com", false),
            ("paypaı", "com", false),
            ("abcпривет", "com", false),
            ("a\u{200D}b", "com", false),
            ("plain", "com", true),
        ] {
            assert_eq!(is_safe(each, top), safe, "{each}.{top}");
        }
    }
}
