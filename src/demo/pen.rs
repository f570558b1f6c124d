//! How generated comments are worded: frames filled with an article's facts, and spam that never looks the
//! same twice.

use super::chance::Chance;
use super::stock::{Piece, Stock};

/// Fills `{slots}` of a frame; a slot in capitals starts its value with a capital. `None` where a slot has no
/// value.
pub fn fill(frame: &str, mut value: impl FnMut(&str) -> Option<String>) -> Option<String> {
    let mut out = String::with_capacity(frame.len() * 2);
    let mut rest = frame;
    while let Some((before, after)) = rest.split_once('{') {
        out.push_str(before);
        let (slot, tail) = after.split_once('}')?;
        let found = value(&slot.to_lowercase())?;
        if slot.starts_with(char::is_uppercase) {
            out.push_str(&capitalised(&found));
        } else {
            out.push_str(&found);
        }
        rest = tail;
    }
    out.push_str(rest);
    Some(out)
}

fn capitalised(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}

/// One sentence or so from a section of frames, with the facts of the article.
fn from_frames(stock: &Stock, piece: &Piece, section: &str, chance: &mut Chance) -> Option<String> {
    let frame = chance.pick(stock.frames.get(section)?)?.clone();
    fill(&frame, |slot| {
        let own = piece.facts.get(slot);
        let lang = piece.field("lang");
        let shared = || stock.frames.get(&format!("{lang}_{slot}"));
        chance.pick(own.or_else(shared)?).cloned()
    })
}

/// How a reader of that habit goes about it, where the language has frames for it: corrects, jokes, tells,
/// despairs.
fn character(stock: &Stock, piece: &Piece, habit: u64, chance: &mut Chance) -> Option<String> {
    let own = match habit % 11 {
        0 => "pedant",
        1 => "joke",
        2..=4 => "story",
        5 => "bitter",
        _ => return None,
    };
    let text = from_frames(stock, piece, &format!("{}_{own}", piece.field("lang")), chance)?;
    let second = format!("{}_second", piece.field("lang"));
    let more = chance.happens(0.3).then(|| from_frames(stock, piece, &second, chance)).flatten();
    Some(more.map_or(text.clone(), |more| format!("{text} {more}")))
}

/// An ordinary remark on an article. `None` only where its language has no frames.
pub fn remark(stock: &Stock, piece: &Piece, habit: u64, chance: &mut Chance) -> Option<String> {
    let lang = piece.field("lang").to_owned();
    let section = |name: &str| format!("{lang}_{name}");
    if chance.happens(0.7)
        && let Some(text) = character(stock, piece, habit, chance)
    {
        return Some(text);
    }
    let mut parts = Vec::new();
    match chance.below(10) {
        0 | 1 => {
            let quote = chance.pick(piece.facts.get("quotes")?)?;
            let answer = from_frames(stock, piece, &section("after_quote"), chance)?;
            parts.push(format!("> {quote}\n\n{answer}"));
        }
        2 => {
            parts.push(from_frames(stock, piece, &section("open"), chance)?);
            parts.push(from_frames(stock, piece, &section("core"), chance)?);
        }
        _ => parts.push(from_frames(stock, piece, &section("core"), chance)?),
    }
    if chance.happens(0.6) {
        parts.extend(from_frames(stock, piece, &section("second"), chance));
    }
    if chance.happens(0.35) {
        parts.extend(from_frames(stock, piece, &section("close"), chance));
    }
    let gap = if chance.happens(0.12) { "\n\n" } else { " " };
    Some(parts.join(gap))
}

/// Nobody quotes less than that.
const QUOTE_BYTES_MIN: usize = 24;

/// An answer to what somebody said.
pub fn reply(stock: &Stock, piece: &Piece, to: &str, said: &str, chance: &mut Chance) -> Option<String> {
    let lang = piece.field("lang").to_owned();
    let mut text = String::new();
    if chance.happens(0.2) {
        let sentence = said.lines().find(|line| !line.starts_with('>') && line.chars().count() > 20)?;
        let mut ends = sentence.match_indices(['.', '!', '?', '؟', '。']).map(|(at, mark)| at + mark.len());
        let end = ends.find(|end| *end > QUOTE_BYTES_MIN).unwrap_or(sentence.len());
        text.push_str(&format!("> {}\n\n", &sentence[..end]));
    }
    let frame = chance.pick(stock.frames.get(&format!("{lang}_reply"))?)?.clone();
    let first = addressed(to);
    text.push_str(&fill(&frame, |slot| match slot {
        "to" => Some(first.clone()),
        _ => chance
            .pick(piece.facts.get(slot).or_else(|| stock.frames.get(&format!("{lang}_{slot}")))?)
            .cloned(),
    })?);
    if chance.happens(0.4)
        && let Some(more) = from_frames(stock, piece, &format!("{lang}_second"), chance)
    {
        text.push(' ');
        text.push_str(&more);
    }
    Some(text)
}

/// How one addresses somebody: by the first of two plain names, else by all they call themselves.
fn addressed(name: &str) -> String {
    let plain = |word: &str| word.chars().count() > 2 && word.chars().all(char::is_alphabetic);
    match name.split_whitespace().collect::<Vec<_>>().as_slice() {
        // Abu Karim is never Abu.
        ["أبو" | "أم", _] => name.to_owned(),
        [first, last] if plain(first) && (plain(last) || last.ends_with('.')) => (*first).to_owned(),
        _ => name.to_owned(),
    }
}

/// Something nobody should have to read, in the article's language or English.
pub fn rude(stock: &Stock, piece: &Piece, chance: &mut Chance) -> Option<String> {
    let own = format!("{}_rude", piece.field("lang"));
    from_frames(stock, piece, &own, chance)
}

/// How a reader types: some never find the shift key, some sign everything. What they quote stays as it was.
pub fn manner(text: String, name: &str, habit: u64) -> String {
    if let Some((quote, rest)) = text.split_once("\n\n").filter(|(quote, _)| quote.starts_with("> ")) {
        return format!("{quote}\n\n{}", manner(rest.to_owned(), name, habit));
    }
    match habit % 29 {
        0 | 1 => text.to_lowercase(),
        2 => text.replace(['\'', '’'], ""),
        3 => format!("{}!!", text.trim_end_matches(['.', '!'])),
        4 => {
            let first = name.split_whitespace().next().unwrap_or(name);
            format!("{text}\n\n– {first}")
        }
        5 => text.replace(". ", "... "),
        6 => text.replace("the ", "teh ").replacen("teh ", "the ", 1),
        _ => text,
    }
}

/// Letters and what spammers write instead.
const DISGUISE: [(char, &[&str]); 9] = [
    ('a', &["а", "@", "á"]),
    ('e', &["е", "3", "ė"]),
    ('i', &["і", "1", "í"]),
    ('o', &["о", "0", "ö"]),
    ('c', &["с", "ç"]),
    ('s', &["$", "5", "ѕ"]),
    ('p', &["р"]),
    ('x', &["х"]),
    ('l', &["|", "ӏ"]),
];

/// One message of a spam wave, disguised a little differently each time.
pub fn spam(stock: &Stock, wave: &str, chance: &mut Chance) -> Option<String> {
    let frame = chance.pick(stock.waves.get(wave)?)?.clone();
    let text = fill(&frame, |slot| match slot {
        "n" => Some((11 + chance.below(88)).to_string()),
        "amount" => Some(format!("{},{:03}", 2 + chance.below(17), chance.below(1000))),
        _ => chance.pick(stock.waves.get(slot)?).cloned(),
    })?;
    let strength = [0.0, 0.02, 0.06][chance.below(3)];
    let mut out = String::with_capacity(text.len() * 2);
    let mut in_link = false;
    for c in text.chars() {
        in_link = !c.is_whitespace() && (in_link || c == '/' || c == '.');
        let other = DISGUISE.iter().find(|(plain, _)| *plain == c);
        match other {
            Some((_, forms)) if !in_link && chance.happens(strength) => {
                out.push_str(chance.pick(forms).map_or("", |form| form));
            }
            _ => out.push(c),
        }
        if strength > 0.05 && chance.happens(0.01) {
            out.push('\u{200b}');
        }
    }
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slots_are_filled_and_capitals_follow_the_slot() {
        let filled = fill("{Who} said {what}.", |slot| Some(format!("<{slot}>").replace('<', "x")));
        assert_eq!(filled.as_deref(), Some("Xwho> said xwhat>."));
        assert_eq!(fill("{gone}", |_| None), None);
        assert_eq!(fill("open { end", |_| Some(String::new())), None);
    }
}
