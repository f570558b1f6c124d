//! Who writes under the articles: readers with names that fit their language, records and addresses that lead
//! nowhere.

use super::chance::Chance;
use super::stock::Stock;
use chrono::{DateTime, Duration, Utc};
use std::collections::{BTreeMap, HashMap};

/// One reader. The counts are what the site remembers from before this evening.
#[derive(Debug, Clone)]
pub struct Reader {
    pub id: String,
    pub name: String,
    /// `None` for a guest.
    pub registered: Option<DateTime<Utc>>,
    pub url: Option<String>,
    pub email: String,
    pub ip: String,
    pub approved: u32,
    pub rejected: u32,
    pub spam: u32,
}

/// All readers of the site.
#[derive(Debug, Clone, Default)]
pub struct Cast {
    readers: Vec<Reader>,
    by_name: HashMap<String, usize>,
    by_id: HashMap<String, usize>,
    /// The crowd only: characters speak in their own words or not at all.
    by_lang: BTreeMap<String, Vec<usize>>,
}

/// Readers made up for each language, beside those who were written by hand.
const CROWD: [(&str, usize); 9] = [
    ("en", 210),
    ("de", 22),
    ("es", 22),
    ("fa", 20),
    ("ps", 14),
    ("ar", 20),
    ("hi", 14),
    ("zh", 12),
    ("fr", 10),
];

/// Share of readers who never wrote before.
const SHARE_NEW: f64 = 0.16;

impl Cast {
    /// The crowd and the characters of the stock.
    pub fn new(stock: &Stock, chance: &mut Chance, now: DateTime<Utc>) -> Self {
        let mut cast = Self::default();
        for line in stock.cast.get("characters").into_iter().flatten() {
            cast.character(line, chance, now);
        }
        for (lang, count) in CROWD {
            let given = stock.cast.get(&format!("given_{lang}")).map_or(&[][..], Vec::as_slice);
            let family = stock.cast.get(&format!("family_{lang}")).map_or(&[][..], Vec::as_slice);
            for _ in 0..count {
                if let (Some(given), Some(family)) = (chance.pick(given), chance.pick(family)) {
                    let name = full_name(chance, lang, given, family);
                    let at = cast.named(&name, chance, now);
                    cast.by_lang.entry(lang.to_owned()).or_default().push(at);
                }
            }
        }
        cast
    }

    /// `Name | approved | rejected | spam | years or guest | url`
    fn character(&mut self, line: &str, chance: &mut Chance, now: DateTime<Utc>) {
        let parts: Vec<&str> = line.split('|').map(str::trim).collect();
        let [name, approved, rejected, spam, years, rest @ ..] = parts.as_slice() else { return };
        let at = self.named(name, chance, now);
        let Some(reader) = self.readers.get_mut(at) else { return };
        reader.approved = approved.parse().unwrap_or(0);
        reader.rejected = rejected.parse().unwrap_or(0);
        reader.spam = spam.parse().unwrap_or(0);
        reader.registered = years.parse::<f64>().ok().map(|y| now - Duration::hours((y * 8766.0) as i64));
        reader.url = rest.first().filter(|url| !url.is_empty()).map(|url| (*url).to_owned());
    }

    /// The reader of that name, made up where there is none yet.
    pub fn named(&mut self, name: &str, chance: &mut Chance, now: DateTime<Utc>) -> usize {
        if let Some(at) = self.by_name.get(name) {
            return *at;
        }
        let at = self.readers.len();
        let reader = made_up(at, name, chance, now);
        self.by_name.insert(name.to_owned(), at);
        self.by_id.insert(reader.id.clone(), at);
        self.readers.push(reader);
        at
    }

    /// The reader at that place.
    pub fn reader(&self, at: usize) -> Option<&Reader> {
        self.readers.get(at)
    }

    /// The same, to be changed.
    pub fn reader_mut(&mut self, at: usize) -> Option<&mut Reader> {
        self.readers.get_mut(at)
    }

    /// The place of the reader with that id.
    pub fn place(&self, id: &str) -> Option<usize> {
        self.by_id.get(id).copied()
    }

    /// Somebody who writes in that language.
    pub fn somebody(&self, lang: &str, chance: &mut Chance) -> Option<usize> {
        self.by_lang.get(lang).and_then(|places| chance.pick(places)).copied()
    }
}

/// People call themselves in more ways than one.
fn full_name(chance: &mut Chance, lang: &str, given: &str, family: &str) -> String {
    match (lang, chance.below(20)) {
        ("zh", _) => format!("{family}{given}"),
        ("en", 0..=2) => {
            let initial: String = family.chars().take(1).collect();
            format!("{given} {initial}.")
        }
        ("en", 3) => {
            let number = 50 + chance.below(49);
            format!("{}{number}", given.to_lowercase())
        }
        (_, 4) => given.to_owned(),
        _ => format!("{given} {family}"),
    }
}

fn made_up(at: usize, name: &str, chance: &mut Chance, now: DateTime<Utc>) -> Reader {
    let new = chance.happens(SHARE_NEW);
    let approved = if new { 0 } else { (chance.unit().powi(3) * 600.0) as u32 + 1 };
    let rejected = if new { 0 } else { (f64::from(approved) * chance.unit().powi(4) * 0.3) as u32 };
    let days = if new { chance.below(3) } else { 20 + chance.below(3000) };
    let guest = chance.happens(0.2);
    let ascii: String = name
        .chars()
        .filter_map(|c| match c {
            ' ' => Some('.'),
            c if c.is_ascii_alphanumeric() => Some(c.to_ascii_lowercase()),
            _ => None,
        })
        .collect();
    let ascii = ascii.trim_matches('.');
    let local = if ascii.len() < 3 { format!("reader{at}") } else { format!("{ascii}{}", at % 90 + 10) };
    let mail = ["mail.example", "post.example", "inbox.example", "example.org"];
    let host = mail[chance.below(mail.len())];
    let (a, b) = (chance.below(3), 1 + chance.below(254));
    let ip = match chance.below(6) {
        0 => format!("2001:db8:{:x}:{:x}::{:x}", chance.below(65_536), chance.below(65_536), b),
        _ => format!("{}.{b}", ["192.0.2", "198.51.100", "203.0.113"][a]),
    };
    Reader {
        id: format!("u{}", 1000 + at),
        name: name.to_owned(),
        registered: (!guest).then(|| now - Duration::minutes(days as i64 * 1440 + chance.below(1440) as i64)),
        url: None,
        email: format!("{local}@{host}"),
        ip,
        approved,
        rejected,
        spam: 0,
    }
}
