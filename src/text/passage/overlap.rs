//! The part whose rare words a comment shares. Each word counts by its rarity among the parts of this article; a part is
//! named only where it stands out from the next best.

use super::index::Index;
use super::said::{Said, Term};
use super::token::Script;
use super::{Passage, Why, kin};

/// What must be shared at least, and how many times it must outweigh what the second best part shares. A plain word that
/// stands in one part alone weighs 1. Chosen by eye from comments of the demo: what is shared is seldom chance there,
/// unless another part comes near.
const CLEAR: [(f32, f32); 2] = [(2.2, 1.4), (1.6, 1.7)];
/// Different words that must be shared.
const TERMS_MIN: usize = 2;
/// What a shared word must weigh to be counted.
const TERM_MIN: f32 = 0.3;
/// A name is worth more than another word as rare.
const NAME: f32 = 1.3;

/// What a comment shares with each unit of an article.
#[derive(Debug, Default)]
pub(super) struct Scores {
    pub units: Vec<Score>,
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
    let mut scores = Scores { units: vec![Score::default(); index.units.len()] };
    let mut worth = vec![0.0_f32; index.units.len()];
    for term in &said.terms {
        let (touched, name) = stands(index, term, &mut worth);
        let all: f32 = touched.iter().map(|unit| worth[*unit as usize]).sum();
        let weight = term.weight * rarity(all, index.compared) * if name { NAME } else { 1.0 };
        for unit in touched {
            let share = std::mem::take(&mut worth[unit as usize]);
            if let Some(score) = scores.units.get_mut(unit as usize) {
                score.weight += weight * share;
                score.terms += usize::from(weight * share > TERM_MIN);
            }
        }
    }
    scores
}

/// Fills in what each unit is worth to `term`; the units, and whether the word is a name.
fn stands(index: &Index, term: &Term, worth: &mut [f32]) -> (Vec<u32>, bool) {
    let mut touched = Vec::new();
    let mut name = false;
    let beginning = kin::beginning(&term.form).filter(|_| term.script == Script::Spaced);
    let shared = &term.form[..beginning.unwrap_or(term.form.len())];
    let from = index.forms.partition_point(|(form, _)| form.as_str() < shared);
    for (form, id) in index.forms[from..].iter().take_while(|(form, _)| form.starts_with(shared)) {
        let like = match beginning {
            Some(_) => kin::worth(&term.form, form),
            None if *form == term.form => 1.0,
            None => break,
        };
        let Some(word) = index.word(*id).filter(|_| like > 0.0) else { continue };
        name |= index.names_stand_out && word.capital > 0 && word.small == 0;
        for unit in &word.units {
            let Some(best) = worth.get_mut(*unit as usize) else { continue };
            if *best == 0.0 {
                touched.push(*unit);
            }
            *best = best.max(like);
        }
    }
    (touched, name)
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
pub(super) fn find(index: &Index, scores: &Scores) -> Option<Passage> {
    let (best, score) =
        scores.units.iter().enumerate().max_by(|(_, a), (_, b)| a.weight.total_cmp(&b.weight))?;
    let others = scores.units.iter().enumerate().filter(|(unit, _)| *unit != best);
    let second = others.map(|(_, other)| other.weight).fold(0.0, f32::max);
    let clear = CLEAR.iter().any(|(least, times)| score.weight >= *least && score.weight >= second * times);
    if !clear || score.terms < TERMS_MIN {
        return None;
    }
    let place = index.place(*index.units.get(best)?)?;
    Some(Passage { place, words: None, why: Why::Overlap })
}
