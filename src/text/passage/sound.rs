//! Names across scripts: Zarmina and زرمینه have the same consonants. Vowels, and letters that one script writes and the
//! other does not, are left out.

/// Consonants that a name must have to be told from others.
pub(super) const CONSONANTS_MIN: usize = 3;

/// The consonants of a folded word, in Latin letters; `None` where it has too few, or is of a third script.
pub(super) fn consonants(word: &str) -> Option<String> {
    let mut out = String::new();
    let mut letters = word.chars().peekable();
    let mut first = true;
    while let Some(c) = letters.next() {
        let next = letters.peek().copied().unwrap_or('\0');
        if c.is_ascii_alphabetic() && next == 'h' && matches!(c, 's' | 'c' | 'k' | 'g' | 't' | 'p') {
            letters.next();
        }
        let soft = matches!(next, 'e' | 'i' | 'y');
        let sound = match c {
            'h' | 'ه' | 'ح' if first => "h",
            'a' | 'e' | 'i' | 'o' | 'u' | 'w' | 'v' | 'y' | 'h' | 'ا' | 'و' | 'ی' | 'ې' | 'ه' | 'ح' | 'ع' => {
                ""
            }
            'p' if next == 'h' => "f",
            's' | 'س' | 'ص' | 'ش' | 'ث' | 'څ' | 'ښ' => "s",
            'c' if next == 'h' => "c",
            'c' if soft => "s",
            'k' if next == 'h' => "x",
            'g' if soft => "j",
            'c' | 'k' | 'q' | 'g' | 'ک' | 'ق' | 'گ' | 'غ' => "k",
            'x' => "ks",
            'خ' => "x",
            'چ' => "c",
            'j' | 'ج' => "j",
            'z' | 'ز' | 'ذ' | 'ظ' | 'ض' | 'ژ' | 'ځ' | 'ږ' => "z",
            't' | 'ت' | 'ط' | 'ټ' => "t",
            'd' | 'د' | 'ډ' => "d",
            'b' | 'ب' => "b",
            'p' | 'پ' => "p",
            'f' | 'ف' => "f",
            'l' | 'ل' => "l",
            'm' | 'م' => "m",
            'n' | 'ن' | 'ڼ' => "n",
            'r' | 'ر' | 'ړ' => "r",
            _ => return None,
        };
        first = false;
        if !out.ends_with(sound) || sound.is_empty() {
            out.push_str(sound);
        }
    }
    (out.len() >= CONSONANTS_MIN).then_some(out)
}

/// Whether the word is written in Arabic letters.
pub(super) fn is_arabic(word: &str) -> bool {
    word.chars().next().is_some_and(super::kin::is_arabic)
}
