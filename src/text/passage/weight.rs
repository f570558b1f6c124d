//! How much a word says by itself, before its rarity in the article is known.

use super::list::{EVERYDAY, FUNCTION};
use super::token::Script;
use super::{kin, number};
use crate::text::fold::folded_word;
use std::collections::HashMap;
use std::sync::LazyLock;

/// What a word of every day is worth beside one that is not.
const EVERYDAY_WEIGHT: f32 = 0.35;
/// Two letters of a script without spaces are about half a word.
const PAIR_WEIGHT: f32 = 0.6;

/// Letters of an English word that its end leaves.
const STEM_MIN: usize = 3;

static WEIGHTS: LazyLock<HashMap<String, f32>> = LazyLock::new(|| {
    let everyday = EVERYDAY.split_whitespace().map(|word| (folded_word(word), EVERYDAY_WEIGHT));
    let function = FUNCTION.split_whitespace().map(|word| (folded_word(word), 0.0));
    // A word of both lists is of the second.
    everyday.chain(function).collect()
});

/// 0 for a word that says nothing, 1 for a plain one.
pub(super) fn weight(word: &str, script: Script) -> f32 {
    if script == Script::Unspaced {
        return PAIR_WEIGHT;
    }
    let letters = word.chars().count();
    if word.starts_with(char::is_numeric) {
        return if letters == 1 { 0.5 } else { 1.3 };
    }
    let by_length = match letters {
        0 | 1 => 0.0,
        2 => 0.3,
        3 => 0.6,
        4 => 0.85,
        5..=7 => 1.0,
        _ => 1.15,
    };
    if number::alone(word).is_some() {
        return 0.7;
    }
    listed(word).map_or(by_length, |most| by_length.min(most))
}

/// What the lists say of a word: as it stands, else without an English end, or what Arabic and Dari write before it.
fn listed(word: &str) -> Option<f32> {
    let stems = ["s", "ed", "d", "ing"].iter().filter_map(|end| word.strip_suffix(end));
    let stems = stems.filter(|stem| stem.is_ascii() && stem.len() >= STEM_MIN);
    let mut forms = std::iter::once(word).chain(stems).chain(kin::bare(word));
    forms.find_map(|form| WEIGHTS.get(form).copied())
}
