//! Numbers in words, be they one word or several: thirty-eight, achtunddreißig, mil cien, چهل و هفت. Whoever reads 38 may
//! write it in any of these.

use super::kin;
use super::token::Token;
use crate::text::fold::folded_word;
use std::collections::HashMap;
use std::sync::LazyLock;

/// What a word adds to a number.
const PLUS: [(u32, &str); 45] = [
    (1, "one ein eins eine un una uno une یک یو یوه واحد احد"),
    (2, "two zwei dos deux دو دوه اثنان اثنین اثنا"),
    (3, "three drei tres trois سه درې ثلاثة ثلاث"),
    (4, "four vier cuatro quatre چهار څلور اربعة اربع"),
    (5, "five fünf cinco cinq پنج پنځه خمسة خمس"),
    (6, "six sechs seis شش شپږ ستة ست"),
    (7, "seven sieben siete sept هفت اووه اوه سبعة سبع"),
    (8, "eight acht ocho huit هشت اته ثمانية ثماني"),
    (9, "nine neun nueve neuf نه تسعة تسع"),
    (10, "ten zehn diez dix ده لس عشرة عشر"),
    (11, "eleven elf once onze یازده یوولس"),
    (12, "twelve zwölf doce douze دوازده دولس"),
    (13, "thirteen dreizehn trece treize سیزده دیارلس"),
    (14, "fourteen vierzehn catorce quatorze چهارده څوارلس"),
    (15, "fifteen fünfzehn quince quinze پانزده پنځلس"),
    (16, "sixteen sechzehn dieciséis seize شانزده شپاړس"),
    (17, "seventeen siebzehn diecisiete هفده اوولس"),
    (18, "eighteen achtzehn dieciocho هجده هژده اتلس"),
    (19, "nineteen neunzehn diecinueve نوزده نولس"),
    (20, "twenty zwanzig veinte vingt بیست شل عشرین عشرون"),
    (21, "veintiuno veintiún veintiuna یوویشت"),
    (22, "veintidós دوه‌ویشت"),
    (23, "veintitrés درویشت"),
    (24, "veinticuatro څلورویشت"),
    (25, "veinticinco پنځه‌ویشت"),
    (26, "veintiséis شپږویشت"),
    (27, "veintisiete اووه‌ویشت"),
    (28, "veintiocho اته‌ویشت"),
    (29, "veintinueve نهه‌ویشت"),
    (30, "thirty dreißig treinta trente سی دېرش ثلاثین ثلاثون"),
    (40, "forty vierzig cuarenta quarante چهل څلوېښت اربعین اربعون"),
    (50, "fifty fünfzig cincuenta cinquante پنجاه پنځوس خمسین خمسون"),
    (60, "sixty sechzig sesenta soixante شصت شپېته ستین ستون"),
    (70, "seventy siebzig setenta هفتاد اویا سبعین سبعون"),
    (80, "eighty achtzig ochenta هشتاد اتیا ثمانین ثمانون"),
    (90, "ninety neunzig noventa نود نوي تسعین تسعون"),
    (200, "doscientos doscientas دوصد مئتان مئتین مائتان مائتین"),
    (300, "trescientos trescientas سیصد سه‌صد ثلاثمئة ثلاثمائة"),
    (400, "cuatrocientos cuatrocientas چهارصد اربعمئة اربعمائة"),
    (500, "quinientos quinientas پنجصد خمسمئة خمسمائة"),
    (600, "seiscientos seiscientas ششصد ستمئة ستمائة"),
    (700, "setecientos setecientas هفتصد سبعمئة سبعمائة"),
    (800, "ochocientos ochocientas هشتصد ثمانمئة ثمانمائة"),
    (900, "novecientos novecientas نهصد تسعمئة تسعمائة"),
    (2_000, "الفان الفین"),
];
/// How many times a word takes what stands before it.
const TIMES: [(u32, &str); 2] = [
    (100, "hundred hundert cien ciento cent صد سل سوه مئة مائة"),
    (1_000, "thousand tausend mil mille هزار زره زرګونه الف الاف"),
];
/// What holds two parts of a number together.
const AND: &str = "and und y et و او";
/// Numbers beside another number only: alone these words mean something else more often, or say nothing.
const NOT_ALONE: &str = "\
    one ein eins eine un una uno une یک یو یوه واحد احد two zwei dos deux دو دوه اثنان اثنین اثنا نه ده once sept ست \
    ستون ستین thousand tausend mil mille هزار زره زرګونه الف الاف cent سوه";
/// Digits that words may go on from: 19 thousand.
const DIGITS_MAX: usize = 3;
/// Bytes of the longest compound that is taken apart; 999,999 has 57 in German.
const COMPOUND_BYTES_MAX: usize = 64;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Piece {
    Plus(u32),
    Times(u32),
    And,
}

static PIECES: LazyLock<HashMap<String, Piece>> = LazyLock::new(|| {
    let plus = PLUS.iter().map(|(value, words)| (Piece::Plus(*value), *words));
    let times = TIMES.iter().map(|(value, words)| (Piece::Times(*value), *words));
    let all = plus.chain(times).chain([(Piece::And, AND)]);
    all.flat_map(|(piece, words)| words.split_whitespace().map(move |word| (folded_word(word), piece)))
        .collect()
});

static ALONE: LazyLock<HashMap<&'static str, String>> = LazyLock::new(|| {
    let not_alone: Vec<_> = NOT_ALONE.split_whitespace().map(folded_word).collect();
    let alone = PIECES.iter().filter(|(word, _)| !not_alone.contains(word));
    let digits = alone.filter_map(|(word, piece)| match piece {
        Piece::Plus(value) | Piece::Times(value) => Some((word.as_str(), value.to_string())),
        Piece::And => None,
    });
    digits.collect()
});

/// The digits of a folded word that is a number by itself.
pub(super) fn alone(word: &str) -> Option<&'static str> {
    ALONE.get(word).map(String::as_str)
}

/// What the words of a text come to.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Told<T> {
    Word(T),
    /// The digits of a number of several words, or of a compound.
    Number(String),
}

/// Tells the words of one text in order, those of a number as one.
#[derive(Debug)]
pub(super) struct Teller<T> {
    sum: Sum,
    /// The words of the number that may still go on.
    waiting: Vec<T>,
    /// Where the last of them ends.
    end: usize,
}

impl<T> Default for Teller<T> {
    fn default() -> Self {
        Self { sum: Sum::default(), waiting: Vec::new(), end: 0 }
    }
}

impl<T> Teller<T> {
    /// The next word of `text`; what it completes goes to `tell`.
    pub fn take(&mut self, text: &str, token: &Token<'_>, item: T, tell: &mut impl FnMut(Told<T>)) {
        let gap = text.get(self.end..token.range.start).unwrap_or_default();
        let near =
            gap.chars().count() == 1 && gap.chars().all(|c| c.is_whitespace() || "-‐\u{2011}".contains(c));
        self.end = token.range.end;
        if !(near && self.sum.take(token.word)) {
            self.finish(tell);
            if !self.sum.take(token.word) {
                tell(Told::Word(item));
                return;
            }
        }
        self.waiting.push(item);
    }

    /// The text is over, or the number.
    pub fn finish(&mut self, tell: &mut impl FnMut(Told<T>)) {
        if let Some(digits) = std::mem::take(&mut self.sum).digits() {
            self.waiting.clear();
            tell(Told::Number(digits));
        }
        self.waiting.drain(..).for_each(|item| tell(Told::Word(item)));
    }
}

/// A number as far as it has been read.
#[derive(Debug, Default, Clone)]
struct Sum {
    thousands: u32,
    /// Below a thousand.
    rest: u32,
    pieces: usize,
    and: bool,
}

impl Sum {
    /// Adds a folded word, if the number can go on with it.
    fn take(&mut self, word: &str) -> bool {
        let mut next = self.clone();
        let digits = word.bytes().all(|b| b.is_ascii_digit());
        let added = match pieces(word) {
            Some(_) if digits && self.pieces > 0 => false,
            Some(pieces) => pieces.into_iter().all(|piece| next.add(piece, word)),
            None => false,
        };
        if added {
            *self = next;
        }
        added
    }

    fn digits(&self) -> Option<String> {
        (self.pieces > 1).then(|| (self.thousands * 1_000 + self.rest).to_string())
    }

    fn add(&mut self, piece: Piece, word: &str) -> bool {
        let and = std::mem::replace(&mut self.and, piece == Piece::And);
        match piece {
            Piece::And => return self.pieces > 0 && !and,
            Piece::Times(1_000) if self.thousands == 0 => {
                (self.thousands, self.rest) = (self.rest.max(1), 0);
            }
            Piece::Times(100) if self.rest < 10 => self.rest = self.rest.max(1) * 100,
            Piece::Plus(value) if value >= 1_000 && self.pieces == 0 => self.thousands = value / 1_000,
            Piece::Plus(20) if self.rest % 100 == 4 && word.starts_with("vingt") => self.rest += 76,
            Piece::Plus(value) if value < 1_000 && self.has_room(value, and, word) => self.rest += value,
            Piece::Times(_) | Piece::Plus(_) => return false,
        }
        self.pieces += 1;
        true
    }

    /// Whether a number that has come so far is said with `value` next: 30 goes on with 8, 8 does not with 30.
    fn has_room(&self, value: u32, and: bool, word: &str) -> bool {
        let last = self.rest % 100;
        let arabic = word.chars().next().is_some_and(kin::is_arabic);
        let room = match value {
            0..10 => self.rest.is_multiple_of(10),
            10..100 => last == 0,
            _ => self.rest == 0,
        };
        let tens = value.is_multiple_of(10) && (20..100).contains(&value);
        // Achtunddreißig and ثمانية وثلاثين name the eight first, and so does اته دېرش.
        let turned = (1..10).contains(&last) && tens && (word.contains("und") || arabic);
        let teen = (1..10).contains(&last) && word.starts_with("عشر");
        // Soixante-dix, quatre-vingt-onze.
        let french = matches!(last, 60 | 80) && (10..20).contains(&value);
        // Without an `and`, what follows a number in Arabic letters is another word: نه is nine and not, سینه is a chest.
        (room && (!arabic || and || self.pieces == 0)) || turned || teen || french
    }
}

/// The pieces that a folded word consists of, if it consists of nothing else.
fn pieces(word: &str) -> Option<Vec<Piece>> {
    if word.len() <= DIGITS_MAX && word.bytes().all(|b| b.is_ascii_digit()) {
        return word.parse().ok().filter(|value| *value > 0).map(|value| vec![Piece::Plus(value)]);
    }
    if let Some(piece) = PIECES.get(word) {
        return Some(vec![*piece]);
    }
    // What Arabic writes before a word and together with it.
    let bare = ["لل", "ال", "ل", "ب"].iter().find_map(|before| word.strip_prefix(before));
    if let Some(piece) = bare.and_then(|bare| PIECES.get(bare)) {
        return Some(vec![*piece]);
    }
    if word.len() > COMPOUND_BYTES_MAX {
        return None;
    }
    let mut found = Vec::new();
    let mut rest = word;
    while !rest.is_empty() {
        let ends = rest.char_indices().map(|(at, c)| at + c.len_utf8()).rev();
        let (end, piece) = ends.filter_map(|end| Some((end, *PIECES.get(&rest[..end])?))).next()?;
        found.push(piece);
        rest = &rest[end..];
    }
    Some(found)
}

#[cfg(test)]
mod tests {
    use super::super::token::tokens;
    use super::*;

    /// The words of `text`, the numbers of several words as digits.
    fn told(text: &str) -> String {
        let mut out = Vec::new();
        let mut tell = |told| {
            out.push(match told {
                Told::Word(word) => word,
                Told::Number(digits) => digits,
            });
        };
        let mut teller = Teller::default();
        tokens(text, |token| teller.take(text, &token, token.word.to_owned(), &mut tell));
        teller.finish(&mut tell);
        out.join(" ")
    }

    #[test]
    fn a_number_of_several_words_is_read_in_every_language() {
        for (text, read) in [
            ("two thousand three hundred and twelve people", "2312 people"),
            ("thirty-eight patients", "38 patients"),
            ("achtunddreißig von dreihundertvierzig", "38 von 340"),
            ("treinta y ocho mil", "38000"),
            ("mil cien, y unas disculpas", "1100 y unas disculpas"),
            ("trente-huit enfants", "38 enfants"),
            ("quatre-vingt-onze", "91"),
            ("القاعة لمئة وثمانين", "القاعه 180"),
            ("أحد عشر صوتا", "11 صوتا"),
            ("ثمانية وثلاثين", "38"),
            ("چهل‌وهفت جای", "47 جای"),
            ("صد و بیست متر", "120 متر"),
            ("اته دېرش کسان", "38 کسان"),
            ("19 thousand a week", "19000 a week"),
        ] {
            assert_eq!(told(text), read, "{text}");
        }
    }

    #[test]
    fn a_word_without_end_is_no_number_and_no_wait() {
        let start = std::time::Instant::now();
        for word in ["ein".repeat(20_000), "q".repeat(500_000), "⟦".repeat(200_000)] {
            let _ = told(&word);
        }
        assert!(start.elapsed() < std::time::Duration::from_secs(1), "{:?}", start.elapsed());
    }

    #[test]
    fn what_only_looks_like_a_number_is_none() {
        for text in [
            "three five",
            "thirty, eight",
            "seven and a half",
            "30 8",
            "شل نه",
            "سینه",
            "ein haus",
            "and so",
            "five cents",
            "between three and twenty people",
        ] {
            assert_eq!(told(text), text.replace(',', ""), "{text}");
        }
        assert_eq!((alone("once"), alone("eleven"), alone("acht")), (None, Some("11"), Some("8")));
    }
}
