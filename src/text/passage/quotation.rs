//! Words of the article that stand in a comment one after the other. Runs may go on from one part into the next; they
//! belong to the part that has most of them.

use super::index::Index;
use super::overlap::Scores;
use super::said::Said;
use super::token::Script;
use super::{Passage, Why};

/// A word counts two, a letter of a script without spaces one.
const WORD: usize = 2;
/// Five words in a row, or ten letters.
const ROW_MIN: usize = 5 * WORD;
/// What the words of a quotation must say by themselves: five that only hold sentences together are nobody's.
const SAYS_MIN: f32 = 0.5;
/// What must follow a slip for the quotation to go on.
const AFTER_SLIP_MIN: usize = 2 * WORD;
/// Words that a slip may replace, leave out or add.
const SLIP_MAX: usize = 2;
/// Runs looked at; an article that repeats one sentence a thousand times has no more to say.
const RUNS_MAX: usize = 1_000;
/// Places of one word in a comment from which runs are followed; whoever says a word more often quotes nobody.
const PLACES_MAX: usize = 64;

/// Equal words in the article and the comment, slips included.
#[derive(Debug, Clone, Copy)]
struct Run {
    /// First and after the last word, in the article.
    from: usize,
    to: usize,
    /// Words that are equal.
    size: usize,
}

/// The longest quotation.
pub(super) fn find(index: &Index, said: &Said, scores: &Scores) -> Option<Passage> {
    let best = runs(index, said)
        .into_iter()
        .filter(|run| says(index, *run) >= SAYS_MIN)
        .filter_map(|run| Some((run, unit_of(index, run)?)))
        .max_by(|(a, in_a), (b, in_b)| {
            a.size.cmp(&b.size).then(scores.of(*in_a).total_cmp(&scores.of(*in_b))).then(b.from.cmp(&a.from))
        })?;
    passage(index, best.0)
}

/// All runs of at least five words, each stretched over the slips beside it.
fn runs(index: &Index, said: &Said) -> Vec<Run> {
    let mut at_word: Vec<Vec<usize>> = vec![Vec::new(); index.words.len()];
    for (at, word) in said.words.iter().enumerate() {
        if let Some(places) = word.and_then(|word| at_word.get_mut(word as usize))
            && places.len() < PLACES_MAX
        {
            places.push(at);
        }
    }
    let equal = |a: usize, b: usize| {
        index
            .stands
            .get(a)
            .zip(said.words.get(b).copied().flatten())
            .is_some_and(|(stand, word)| stand.word == word)
    };
    let mut runs = Vec::new();
    for (a, stand) in index.stands.iter().enumerate() {
        if runs.len() >= RUNS_MAX {
            break;
        }
        for &b in at_word.get(stand.word as usize).into_iter().flatten() {
            if a > 0 && b > 0 && equal(a - 1, b - 1) {
                continue;
            }
            let words = (0..).take_while(|n| equal(a + n, b + n)).count();
            let size = size(index, a, a + words);
            if size >= ROW_MIN {
                runs.push(stretched(index, &equal, Run { from: a, to: a + words, size }, b));
            }
        }
    }
    runs
}

/// `run` with what stands beyond the slips on both its sides.
fn stretched(index: &Index, equal: &dyn Fn(usize, usize) -> bool, mut run: Run, b: usize) -> Run {
    let mut b_to = b + (run.to - run.from);
    while let Some((a, next, words)) = slips().find_map(|(skip, skip_b)| {
        let (a, next) = (run.to + skip, b_to + skip_b);
        let words = (0..).take_while(|n| equal(a + n, next + n)).count();
        (size(index, a, a + words) >= AFTER_SLIP_MIN).then_some((a, next, words))
    }) {
        run.size += size(index, a, a + words);
        (run.to, b_to) = (a + words, next + words);
    }
    let mut b_from = b;
    while let Some((a, next, words)) = slips().find_map(|(skip, skip_b)| {
        let (a, next) = (run.from.checked_sub(skip)?, b_from.checked_sub(skip_b)?);
        let words = (1..=a.min(next)).take_while(|n| equal(a - n, next - n)).count();
        (size(index, a - words, a) >= AFTER_SLIP_MIN).then_some((a, next, words))
    }) {
        run.size += size(index, a - words, a);
        (run.from, b_from) = (a - words, next - words);
    }
    run
}

/// Words skipped in the article and in the comment, the smallest slips first.
fn slips() -> impl Iterator<Item = (usize, usize)> {
    (0..=SLIP_MAX).flat_map(|a| (0..=SLIP_MAX).map(move |b| (a, b))).filter(|skips| *skips != (0, 0))
}

fn size(index: &Index, from: usize, to: usize) -> usize {
    let units = |script| if script == Script::Spaced { WORD } else { 1 };
    index.stands.get(from..to).unwrap_or_default().iter().map(|stand| units(stand.script)).sum()
}

/// The weight of a run's words.
fn says(index: &Index, run: Run) -> f32 {
    let stands = index.stands.get(run.from..run.to).unwrap_or_default();
    stands.iter().filter_map(|stand| index.word(stand.word)).map(|word| word.weight).sum()
}

/// The part that most of the run stands in.
fn part_of(index: &Index, run: Run) -> Option<u32> {
    let stands = index.stands.get(run.from..run.to)?;
    let mut best: Option<(u32, usize)> = None;
    for group in stands.chunk_by(|a, b| a.part == b.part) {
        let part = group.first()?.part;
        if best.is_none_or(|(_, most)| group.len() > most) {
            best = Some((part, group.len()));
        }
    }
    best.map(|(part, _)| part)
}

fn unit_of(index: &Index, run: Run) -> Option<u32> {
    index.unit_of(part_of(index, run)?)
}

fn passage(index: &Index, run: Run) -> Option<Passage> {
    let part = part_of(index, run)?;
    let stands = index.stands.get(run.from..run.to)?;
    let mut inside = stands.iter().filter(|stand| stand.part == part);
    let first = inside.next()?;
    let last = inside.next_back().unwrap_or(first);
    let words = Some(first.from as usize..last.to as usize);
    Some(Passage { place: index.place(part)?, words, why: Why::Quotation })
}
