//! A comment as it is compared with an article: its words in order, and each different one once.

use super::index::Index;
use super::number::{Teller, Told};
use super::part::parts;
use super::token::{Script, tokens};
use super::{kin, sense, sound, weight};
use crate::text::rich::RichText;
use std::collections::HashSet;

/// Words of one comment that are looked at.
const TOKENS_MAX: usize = 2_000;
/// Different words of one comment that are compared.
const TERMS_MAX: usize = 600;

/// A comment's words.
#[derive(Debug, Default)]
pub(super) struct Said {
    /// In order; the article's number of a word that stands in the article too.
    pub words: Vec<Option<u32>>,
    pub scripts: Vec<Script>,
    pub terms: Vec<Term>,
}

/// One word that counts.
#[derive(Debug)]
pub(super) struct Term {
    /// In the form in which words are compared.
    pub form: String,
    /// How much it says wherever it stands: 0 is nothing, 1 a plain word.
    pub weight: f32,
    pub script: Script,
    pub senses: Vec<u16>,
    pub sound: Option<String>,
}

impl Said {
    pub fn of(index: &Index, comment: &RichText) -> Self {
        let mut said = Self::default();
        let mut seen = HashSet::new();
        let texts = comment.blocks.iter().flat_map(parts);
        for text in texts {
            let mut before = String::new();
            let mut teller = Teller::default();
            tokens(&text.words, |token| {
                if said.words.len() >= TOKENS_MAX {
                    return;
                }
                said.words.push(index.ids.get(token.word).copied());
                said.scripts.push(token.script);
                let arabic = sound::is_arabic(token.word);
                let mut word = Word {
                    form: kin::form(token.word),
                    weight: weight::weight(token.word, token.script),
                    script: token.script,
                    name: token.capital || arabic,
                };
                if token.script == Script::Unspaced {
                    let pair =
                        (token.joined && !before.is_empty()).then(|| format!("{before}{}", token.word));
                    before.clear();
                    before.push_str(token.word);
                    let Some(pair) = pair else { return };
                    word.form = pair;
                }
                teller.take(&text.words, &token, word, &mut |told| said.add(told, &mut seen));
            });
            teller.finish(&mut |told| said.add(told, &mut seen));
        }
        said
    }

    fn add(&mut self, told: Told<Word>, seen: &mut HashSet<String>) {
        let word = match told {
            Told::Word(word) => word,
            Told::Number(form) => {
                let weight = weight::weight(&form, Script::Spaced);
                Word { form, weight, script: Script::Spaced, name: false }
            }
        };
        if word.weight > 0.0 && self.terms.len() < TERMS_MAX && seen.insert(word.form.clone()) {
            self.terms.push(Term::of(word));
        }
    }
}

/// A word before it is known whether it counts by itself.
struct Word {
    form: String,
    weight: f32,
    script: Script,
    /// It may be a name: Latin letters begin one with a capital.
    name: bool,
}

impl Term {
    fn of(word: Word) -> Self {
        let Word { form, weight, script, name } = word;
        let (senses, sound) = match script {
            Script::Spaced => (sense::senses(&form), sound::consonants(&form).filter(|_| name)),
            Script::Unspaced => (Vec::new(), None),
        };
        Self { form, weight, script, senses, sound }
    }
}
