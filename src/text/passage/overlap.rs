//! The part whose rare words a comment shares, or others of the same sense. Each word counts by its rarity among the
//! parts of this article; a part is named only where it stands out from the next best.

use super::index::Index;
use super::said::{Said, Term};
use super::token::Script;
use super::{Passage, Place, Why, kin, sound};
use std::collections::HashSet;

/// A part is named where what it shares, less this much of what the second best shares, and less this much for each word
/// of the comment (the more is said, the more is shared by chance), comes to so much. A plain word that stands in one part
/// alone weighs 1. Chosen on the pairs of tests/passage.rs that may be looked at, and on their comments set under every
/// other article. Of 146 comments on a part 112 are given it and none another, of 72 on the article as a whole 3 are given
/// one, of 2,616 on another article 73. A clearness of 0.8 would make that 118, 1, 9 and 144, one of 1.4 95, 0, 2 and 21.
const SECOND: f32 = 0.5;
const BY_CHANCE: f32 = 0.035;
const CLEAR: f32 = 1.09;
/// What another part may share of that, at most, in words that the named one does not share: a comment on two parts is on
/// neither.
const BESIDE_MAX: f32 = 2.0 / 3.0;
/// Units of a list or a table that are seen at one glance, on each side.
const BESIDE_UNITS: usize = 3;
/// Different words that must be shared.
const TERMS_MIN: usize = 2;
/// What a shared word must weigh to be counted.
const TERM_MIN: f32 = 0.3;
/// A name is worth more than another word as rare.
const NAME: f32 = 1.3;
/// What a name is worth to itself in another script. Another form of a word, and another word of its sense, are worth as
/// much as the word: a comment on no part in particular shares the very words of the article's subject.
const SOUND: f32 = 0.8;
/// What a word of the article is still worth that an earlier word of the comment has met.
const AGAIN: f32 = 0.4;
/// How much of a part's score is by its length: long ones share more by chance. Parts are held to be no shorter and no
/// longer than so many times the average.
const BY_LENGTH: f32 = 0.2;
const LENGTHS: (f32, f32) = (0.3, 3.0);

/// What a comment shares with each unit of an article.
#[derive(Debug, Default)]
pub(super) struct Scores {
    pub units: Vec<Score>,
    /// What all words of the comment weigh.
    all: f32,
}

#[derive(Debug, Default, Clone)]
pub(super) struct Score {
    pub weight: f32,
    pub terms: usize,
}

impl Scores {
    pub fn of(&self, unit: u32) -> f32 {
        self.units.get(unit as usize).map_or(0.0, |score| score.weight)
    }
}

/// Compares a comment with every unit.
pub(super) fn scores(index: &Index, said: &Said) -> Scores {
    compare(index, said, None)
}

/// The same by those words of the comment alone that the unit `beside` does not share.
fn compare(index: &Index, said: &Said, beside: Option<usize>) -> Scores {
    let mut units = vec![Score::default(); index.units.len()];
    let mut likes =
        Likes { best: vec![Like::default(); index.units.len()], touched: Vec::new(), name: false };
    let mut met = HashSet::new();
    for term in &said.terms {
        likes.fill(index, term);
        let shared = beside.and_then(|unit| likes.best.get(unit)).is_some_and(|like| like.worth > 0.0);
        let name = if likes.name { NAME } else { 1.0 };
        let weight = term.weight * rarity(likes.units(), index.compared) * name;
        for unit in std::mem::take(&mut likes.touched) {
            let Some(like) = likes.best.get_mut(unit as usize).map(std::mem::take) else { continue };
            if shared {
                continue;
            }
            let again = if met.insert((unit, like.word)) { 1.0 } else { AGAIN };
            if let Some(score) = units.get_mut(unit as usize) {
                score.weight += weight * like.worth * again;
                score.terms += usize::from(weight * like.worth * again > TERM_MIN);
            }
        }
    }
    by_length(index, &mut units);
    Scores { units, all: said.terms.iter().map(|term| term.weight).sum() }
}

#[expect(clippy::cast_precision_loss, reason = "counts of words and parts")]
fn by_length(index: &Index, units: &mut [Score]) {
    let words: u32 = index.lens.iter().sum();
    let average = words as f32 / index.lens.iter().filter(|len| **len > 0).count().max(1) as f32;
    for (score, len) in units.iter_mut().zip(&index.lens) {
        let length = (*len as f32 / average.max(1.0)).clamp(LENGTHS.0, LENGTHS.1);
        score.weight /= 1.0 - BY_LENGTH + BY_LENGTH * length;
    }
}

/// What each unit is worth to one word of the comment, and by which of its own.
struct Likes {
    best: Vec<Like>,
    touched: Vec<u32>,
    /// The word is a name.
    name: bool,
}

#[derive(Debug, Default, Clone, Copy)]
struct Like {
    worth: f32,
    /// Of the article.
    word: u32,
}

impl Likes {
    /// Units that the word stands in; where none has the word itself, the likest count for whole.
    fn units(&self) -> f32 {
        let worths = self.touched.iter().filter_map(|unit| Some(self.best.get(*unit as usize)?.worth));
        let most = worths.clone().fold(0.0, f32::max);
        if most > 0.0 { worths.sum::<f32>() / most } else { 0.0 }
    }

    fn fill(&mut self, index: &Index, term: &Term) {
        self.name = false;
        let beginning = kin::beginning(&term.form).filter(|_| term.script == Script::Spaced);
        let shared = &term.form[..beginning.unwrap_or(term.form.len())];
        let from = index.forms.partition_point(|(form, _)| form.as_str() < shared);
        for (form, id) in index.forms[from..].iter().take_while(|(form, _)| form.starts_with(shared)) {
            let like = match beginning {
                Some(_) => kin::is_form(&term.form, form),
                None if *form == term.form => true,
                None => break,
            };
            if like {
                self.name |= is_name(index, *id);
                self.add(index, *id, 1.0);
            }
        }
        for sense in &term.senses {
            let from = index.senses.partition_point(|(other, _)| other < sense);
            for (_, id) in index.senses[from..].iter().take_while(|(other, _)| other == sense) {
                let weight = index.word(*id).map_or(0.0, |word| word.weight.min(1.0));
                self.add(index, *id, weight);
            }
        }
        let Some(sound) = &term.sound else { return };
        let arabic = sound::is_arabic(&term.form);
        let from = index.sounds.partition_point(|(other, ..)| other < sound);
        let same = index.sounds[from..].iter().take_while(|(other, ..)| other == sound);
        for (_, _, id) in same.filter(|(_, other, _)| *other != arabic) {
            self.add(index, *id, SOUND);
        }
    }

    fn add(&mut self, index: &Index, id: u32, like: f32) {
        let Some(word) = index.word(id).filter(|_| like > 0.0) else { return };
        for unit in &word.units {
            let Some(best) = self.best.get_mut(*unit as usize) else { continue };
            if best.worth == 0.0 {
                self.touched.push(*unit);
            }
            if like > best.worth {
                *best = Like { worth: like, word: id };
            }
        }
    }
}

fn is_name(index: &Index, id: u32) -> bool {
    index.names_stand_out && index.word(id).is_some_and(|word| word.capital > 0 && word.small == 0)
}

/// 1 for a word of one unit, 0 for a word of all of them.
#[expect(clippy::cast_precision_loss, reason = "a count of parts")]
fn rarity(units: f32, of: usize) -> f32 {
    let most = (of as f32 + 0.5).ln() - 1.5_f32.ln();
    if most <= 0.0 {
        return 0.0;
    }
    (((of as f32 + 0.5).ln() - (units.max(1.0) + 0.5).ln()) / most).clamp(0.0, 1.0)
}

/// The unit that stands out, if one does.
pub(super) fn find(index: &Index, said: &Said, scores: &Scores) -> Option<Passage> {
    let (best, score) =
        scores.units.iter().enumerate().max_by(|(_, a), (_, b)| a.weight.total_cmp(&b.weight))?;
    let clear = score.weight - SECOND * second(index, scores, best) - BY_CHANCE * scores.all >= CLEAR;
    if !clear || score.terms < TERMS_MIN {
        return None;
    }
    let beside = second(index, &compare(index, said, Some(best)), best);
    if beside > BESIDE_MAX * score.weight {
        return None;
    }
    let place = index.place(*index.units.get(best)?)?;
    Some(Passage { place, words: None, why: Why::Overlap })
}

/// The most that another unit shares. Items of a list that stand close together are no rivals: whoever is shown the one
/// sees the other.
fn second(index: &Index, scores: &Scores, best: usize) -> f32 {
    let block = |unit: usize| match index.units.get(unit).and_then(|part| index.place(*part)) {
        Some(Place::Block { block, .. }) => Some(block),
        Some(Place::Title) | None => None,
    };
    let beside = |unit: usize| unit.abs_diff(best) <= BESIDE_UNITS && block(unit) == block(best);
    let others = scores.units.iter().enumerate().filter(|(unit, _)| !beside(*unit));
    others.map(|(_, other)| other.weight).fold(0.0, f32::max)
}
