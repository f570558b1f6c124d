//! An article made ready to be compared with its comments: where each word stands, and how rare it is. Nothing is judged
//! here.

use super::number::{Teller, Told};
use super::part::parts;
use super::token::{Script, tokens};
use super::{Place, kin, sense, sound, weight};
use crate::text::rich::RichText;
use std::collections::HashMap;

/// Words of one article that are looked at; a text of the size that is read at most has fewer.
const TOKENS_MAX: usize = 400_000;

/// One word where it stands.
#[derive(Debug, Clone, Copy)]
pub(super) struct Stand {
    pub word: u32,
    pub part: u32,
    /// Bytes of the part.
    pub from: u32,
    pub to: u32,
    pub script: Script,
}

/// One text of the article.
#[derive(Debug, Clone, Copy)]
pub(super) struct Part {
    pub place: Place,
    /// Texts that are compared as one: the cells of a row, a quotation and its source.
    pub unit: u32,
}

/// A word as the article has it.
#[derive(Debug, Default, Clone)]
pub(super) struct Word {
    /// Units it stands in, each once, ascending. Titles and headings are not compared: they share their words with all
    /// that stands below them.
    pub units: Vec<u32>,
    /// What it says by itself.
    pub weight: f32,
    /// Times it stands inside a sentence with a capital letter, and without.
    pub capital: u32,
    pub small: u32,
}

/// An article made ready for its comments; built once, asked for each of them.
#[derive(Debug, Default)]
pub struct Index {
    pub(super) parts: Vec<Part>,
    pub(super) stands: Vec<Stand>,
    pub(super) ids: HashMap<String, u32>,
    pub(super) words: Vec<Word>,
    /// The form in which words are compared, sorted, with the word.
    pub(super) forms: Vec<(String, u32)>,
    /// Senses of compared words, sorted, with the word.
    pub(super) senses: Vec<(u16, u32)>,
    /// Consonants of compared words, and whether they are written in Arabic letters, sorted, with the word.
    pub(super) sounds: Vec<(String, bool, u32)>,
    /// The first part of each unit.
    pub(super) units: Vec<u32>,
    /// Words of each unit that say something.
    pub(super) lens: Vec<u32>,
    /// Units that are compared.
    pub(super) compared: usize,
    /// Capital letters mean names here; in German they do not.
    pub(super) names_stand_out: bool,
}

impl Index {
    /// Reads an article.
    pub fn of(title: &str, body: &RichText) -> Self {
        let mut index = Self::default();
        index.begin();
        index.add(Place::Title, title, false);
        for (block, rich) in body.blocks.iter().enumerate() {
            for (part, text) in parts(rich).into_iter().enumerate() {
                if text.begins {
                    index.begin();
                    index.compared += usize::from(text.compared);
                }
                index.add(Place::Block { block, part }, &text.words, text.compared);
            }
        }
        index.forms = index.ids.iter().map(|(word, id)| (kin::form(word), *id)).collect();
        index
            .forms
            .retain(|(_, id)| index.words.get(*id as usize).is_some_and(|word| !word.units.is_empty()));
        index.forms.sort_unstable();
        let (capital, small) = index.words.iter().fold((0, 0), |(c, s), w| (c + w.capital, s + w.small));
        index.names_stand_out = capital * 5 < capital + small;
        index.add_senses();
        index
    }

    fn add_senses(&mut self) {
        for (form, id) in &self.forms {
            let Some(word) = self.words.get(*id as usize).filter(|word| word.weight > 0.0) else { continue };
            let name = word.capital > 0 && word.small == 0;
            // A name that only begins like a word is not that word.
            let senses = if name && self.names_stand_out { sense::exact(form) } else { sense::senses(form) };
            self.senses.extend(senses.into_iter().map(|sense| (sense, *id)));
            let arabic = sound::is_arabic(form);
            let sound = sound::consonants(form).filter(|_| name || arabic);
            self.sounds.extend(sound.map(|sound| (sound, arabic, *id)));
        }
        self.senses.sort_unstable();
        self.sounds.sort_unstable();
    }

    /// The word of a number given by this index.
    pub(super) fn word(&self, id: u32) -> Option<&Word> {
        self.words.get(id as usize)
    }

    pub(super) fn place(&self, part: u32) -> Option<Place> {
        self.parts.get(part as usize).map(|part| part.place)
    }

    pub(super) fn unit_of(&self, part: u32) -> Option<u32> {
        self.parts.get(part as usize).map(|part| part.unit)
    }

    fn begin(&mut self) {
        self.units.push(number(self.parts.len()));
        self.lens.push(0);
    }

    fn add(&mut self, place: Place, text: &str, compared: bool) {
        let unit = number(self.units.len().saturating_sub(1));
        let part = number(self.parts.len());
        self.parts.push(Part { place, unit });
        let mut before = String::new();
        let mut teller = Teller::default();
        tokens(text, |token| {
            if self.stands.len() >= TOKENS_MAX {
                return;
            }
            let word = self.id(token.word, token.script);
            let (from, to, script) = (number(token.range.start), number(token.range.end), token.script);
            self.stands.push(Stand { word, part, from, to, script });
            if !compared {
                return;
            }
            if script == Script::Unspaced {
                if token.joined && !before.is_empty() {
                    before.push_str(token.word);
                    let pair = self.id(&before, script);
                    self.stands_in(pair, unit);
                }
                before.clear();
                before.push_str(token.word);
                return;
            }
            teller.take(text, &token, word, &mut |told| self.told(told, unit));
            if let Some(word) = self.words.get_mut(word as usize).filter(|_| !token.begins) {
                word.capital += u32::from(token.capital);
                word.small += u32::from(!token.capital);
            }
        });
        teller.finish(&mut |told| self.told(told, unit));
    }

    fn told(&mut self, told: Told<u32>, unit: u32) {
        let word = match told {
            Told::Word(word) => word,
            Told::Number(digits) => self.id(&digits, Script::Spaced),
        };
        self.stands_in(word, unit);
    }

    fn id(&mut self, word: &str, script: Script) -> u32 {
        if let Some(id) = self.ids.get(word) {
            return *id;
        }
        let id = number(self.words.len());
        self.ids.insert(word.to_owned(), id);
        self.words.push(Word { weight: weight::weight(word, script), ..Word::default() });
        id
    }

    fn stands_in(&mut self, word: u32, unit: u32) {
        if let Some(word) = self.words.get_mut(word as usize)
            && word.units.last() != Some(&unit)
        {
            word.units.push(unit);
            if let Some(len) = self.lens.get_mut(unit as usize).filter(|_| word.weight > 0.0) {
                *len += 1;
            }
        }
    }
}

/// Every count here is bounded by the bytes of a text, which are few.
fn number(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}
