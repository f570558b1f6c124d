//! A comment as it is compared with an article: its words in order, and each different one once.

use super::index::Index;
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
            tokens(&text.words, |token| {
                if said.words.len() >= TOKENS_MAX {
                    return;
                }
                said.words.push(index.ids.get(token.word).copied());
                said.scripts.push(token.script);
                let mut form = kin::form(token.word);
                if token.script == Script::Unspaced {
                    let pair =
                        (token.joined && !before.is_empty()).then(|| format!("{before}{}", token.word));
                    before.clear();
                    before.push_str(token.word);
                    let Some(pair) = pair else { return };
                    form = pair;
                }
                let weight = weight::weight(token.word, token.script);
                if weight > 0.0 && said.terms.len() < TERMS_MAX && seen.insert(form.clone()) {
                    said.terms.push(Term::of(form, weight, token.script));
                }
            });
        }
        said
    }
}

impl Term {
    fn of(form: String, weight: f32, script: Script) -> Self {
        let (senses, sound) = match script {
            Script::Spaced => (sense::senses(&form), sound::consonants(&form)),
            Script::Unspaced => (Vec::new(), None),
        };
        Self { form, weight, script, senses, sound }
    }
}
