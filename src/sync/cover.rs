//! A proved walk over a queue that is paged by offset while others decide: each page covers the interval of ids between
//! its ends; when the intervals join from end to end, every comment that waited throughout was seen.

use crate::domain::{Covers, Order};
use std::collections::{BTreeMap, BTreeSet};

/// Rows each page shares with the one before it, so that a few decisions between two pages leave no gap.
const OVERLAP_ROWS: u64 = 5;
/// A gap that a refetch does not narrow is fetched this often, then the walk is given up as unproved.
const GAP_TRIES_MAX: u8 = 2;

/// A page that fails is asked for this often.
const PAGE_TRIES_MAX: u8 = 4;

/// So many pages in a row that bring nothing new are no part of a queue, whatever the site says that it has.
const BARREN_MAX: u8 = 20;

/// An interval of keys, with the page that began it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Piece {
    low: i64,
    high: i64,
    offset: u64,
    total: u64,
}

/// One walk.
#[derive(Debug, Clone)]
pub struct Cover {
    order: Order,
    page_size: u64,
    /// The number of the walk's first request: what it did not see was last written before this.
    pub first_seq: u64,
    pieces: Vec<Piece>,
    total: Option<u64>,
    next_offset: u64,
    asked: BTreeSet<u64>,
    tries: BTreeMap<(i64, i64), u8>,
    /// How often each page failed, and those to be asked for again.
    failed: BTreeMap<u64, u8>,
    again: BTreeSet<u64>,
    /// Pages in a row without a row that no other had.
    barren: u8,
    pub seen: u64,
}

/// What a walk needs next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// The page that starts after so many rows.
    Ask(u64),
    /// Answers under way decide.
    Wait,
    /// Everything from end to end was covered.
    Complete,
    /// A gap would not close; the walk proves nothing.
    Unproved,
}

impl Cover {
    pub fn new(order: Order, page_size: u32, first_seq: u64) -> Self {
        Self {
            order,
            page_size: u64::from(page_size),
            first_seq,
            pieces: Vec::new(),
            total: None,
            next_offset: 0,
            asked: BTreeSet::new(),
            tries: BTreeMap::new(),
            failed: BTreeMap::new(),
            again: BTreeSet::new(),
            barren: 0,
            seen: 0,
        }
    }

    /// How many the site says there are.
    pub fn total(&self) -> Option<u64> {
        self.total
    }

    /// What to do next; an `Ask` counts as asked.
    pub fn step(&mut self) -> Step {
        if self.barren >= BARREN_MAX {
            return if self.asked.is_empty() { Step::Unproved } else { Step::Wait };
        }
        if let Some(offset) = self.again.pop_first() {
            self.asked.insert(offset);
            return Step::Ask(offset);
        }
        let ahead = match self.total {
            None => self.next_offset == 0,
            Some(total) => self.next_offset < total,
        };
        if ahead {
            let offset = self.next_offset;
            self.next_offset += self.page_size.saturating_sub(OVERLAP_ROWS).max(1);
            self.asked.insert(offset);
            return Step::Ask(offset);
        }
        if !self.asked.is_empty() {
            return Step::Wait;
        }
        match self.gap() {
            None => Step::Complete,
            Some((gap, offset)) => {
                let tries = self.tries.entry(gap).or_default();
                if *tries >= GAP_TRIES_MAX {
                    return Step::Unproved;
                }
                *tries += 1;
                self.asked.insert(offset);
                Step::Ask(offset)
            }
        }
    }

    /// Takes in one answer. `last` is the answer's own word that nothing follows.
    pub fn answer(&mut self, offset: u64, covers: Option<Covers>, total: Option<u64>, last: bool, rows: u64) {
        self.asked.remove(&offset);
        self.seen += rows;
        let total = total.or(self.total).unwrap_or(offset + rows);
        self.total = Some(total);
        let piece = match covers {
            Some(Covers { id_min, id_max }) => {
                let (one, other) = (self.key(id_min), self.key(id_max));
                Piece {
                    low: if offset == 0 { i64::MIN } else { one.min(other) },
                    high: if last { i64::MAX } else { one.max(other) },
                    offset,
                    total,
                }
            }
            // An empty list is whole; rows that tell no id prove nothing.
            None if offset == 0 && rows == 0 => Piece { low: i64::MIN, high: i64::MAX, offset, total },
            None => {
                self.barren = self.barren.saturating_add(u8::from(rows == 0));
                return;
            }
        };
        let brings_new = !self.pieces.iter().any(|known| known.low <= piece.low && piece.high <= known.high);
        self.barren = if brings_new { 0 } else { self.barren.saturating_add(1) };
        self.pieces.push(piece);
        self.join();
    }

    /// A request failed. It is made again a few times; then its page stays a gap, and the others come all the same.
    pub fn lost(&mut self, offset: u64) {
        self.asked.remove(&offset);
        let failed = self.failed.entry(offset).or_default();
        *failed += 1;
        // Without its first page a walk knows nothing of the rest.
        if *failed < PAGE_TRIES_MAX || self.total.is_none() {
            self.again.insert(offset);
        }
    }

    fn key(&self, id: u64) -> i64 {
        let id = i64::try_from(id).unwrap_or(i64::MAX - 1);
        match self.order {
            Order::Oldest => id,
            Order::Newest => -id,
        }
    }

    fn join(&mut self) {
        self.pieces.sort_by_key(|piece| piece.low);
        let mut joined: Vec<Piece> = Vec::new();
        for piece in self.pieces.drain(..) {
            match joined.last_mut() {
                Some(last) if piece.low <= last.high => last.high = last.high.max(piece.high),
                _ => joined.push(piece),
            }
        }
        self.pieces = joined;
    }

    /// The first gap, and the offset from which a page should bridge it.
    fn gap(&self) -> Option<((i64, i64), u64)> {
        let total = self.total.unwrap_or(0);
        let mut high = i64::MIN;
        for piece in &self.pieces {
            if piece.low > high {
                // Rows that left below the gap moved everything after them forward.
                let moved = piece.total.saturating_sub(total);
                let back = self.page_size.saturating_sub(OVERLAP_ROWS);
                return Some(((high, piece.low), piece.offset.saturating_sub(moved + back)));
            }
            high = piece.high;
        }
        (high < i64::MAX).then(|| ((high, i64::MAX), total.saturating_sub(self.page_size)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_site_that_counts_what_it_does_not_have_is_not_asked_for_ever() {
        for (covers, rows) in [(None, 0), (Some(Covers { id_min: 1, id_max: 10 }), 10)] {
            let mut cover = Cover::new(Order::Oldest, 10, 1);
            let mut asked = 0;
            while let Step::Ask(offset) = cover.step() {
                asked += 1;
                assert!(asked < 100, "{covers:?}");
                let here = if offset == 0 { Some(Covers { id_min: 1, id_max: 10 }) } else { covers };
                cover.answer(offset, here, Some(1_000_000_000), false, rows);
            }
            assert_eq!(cover.step(), Step::Unproved, "{covers:?}");
        }
    }

    /// Walks a queue of ids while `meanwhile` changes it between two answers.
    fn walk(
        ids: &mut Vec<u64>,
        order: Order,
        mut meanwhile: impl FnMut(usize, &mut Vec<u64>),
    ) -> (Vec<u64>, Step) {
        let mut cover = Cover::new(order, 10, 1);
        let mut seen = Vec::new();
        for turn in 0..200 {
            match cover.step() {
                Step::Ask(offset) => {
                    let mut sorted = ids.clone();
                    sorted.sort_unstable();
                    if order == Order::Newest {
                        sorted.reverse();
                    }
                    let start = usize::try_from(offset).unwrap();
                    let page: Vec<u64> = sorted.iter().copied().skip(start).take(10).collect();
                    let covers = page.iter().min().zip(page.iter().max());
                    let covers = covers.map(|(min, max)| Covers { id_min: *min, id_max: *max });
                    let last = start + 10 >= sorted.len();
                    cover.answer(offset, covers, Some(sorted.len() as u64), last, page.len() as u64);
                    seen.extend(page);
                    meanwhile(turn, ids);
                }
                done => return (seen, done),
            }
        }
        panic!("the walk never ended");
    }

    #[test]
    fn rows_that_tell_no_id_prove_nothing() {
        let mut cover = Cover::new(Order::Oldest, 100, 1);
        let mut asked = 0;
        loop {
            match cover.step() {
                Step::Ask(offset) => cover.answer(offset, None, Some(3), true, 3),
                step => break assert_eq!(step, Step::Unproved),
            }
            asked += 1;
            assert!(asked < 10);
        }
    }

    #[test]
    fn whoever_waited_throughout_is_seen_though_others_decide() {
        for order in [Order::Oldest, Order::Newest] {
            let mut ids: Vec<u64> = (1..=100).collect();
            let all = ids.clone();
            let (seen, end) = walk(&mut ids, order, |turn, ids| {
                // A colleague clears seven from the front after each page: more than the overlap.
                if turn < 6 {
                    ids.drain(..7.min(ids.len()));
                }
            });
            assert_eq!(end, Step::Complete, "{order:?}");
            let stayed: Vec<u64> = all.into_iter().filter(|id| ids.contains(id)).collect();
            let missed: Vec<_> = stayed.iter().filter(|id| !seen.contains(id)).collect();
            assert!(missed.is_empty(), "{order:?} missed {missed:?}");
        }
    }

    #[test]
    fn an_empty_queue_is_complete_at_once() {
        assert_eq!(walk(&mut Vec::new(), Order::Oldest, |_, _| ()), (Vec::new(), Step::Complete));
    }

    #[test]
    fn arrivals_at_the_end_do_not_keep_it_going_for_ever() {
        let mut ids: Vec<u64> = (1..=30).collect();
        let (seen, end) = walk(&mut ids, Order::Oldest, |turn, ids| ids.push(1000 + turn as u64));
        assert_eq!(end, Step::Complete);
        assert!((1..=30).all(|id| seen.contains(&id)));
    }

    #[test]
    fn a_gap_that_does_not_close_is_not_called_complete() {
        let mut cover = Cover::new(Order::Oldest, 10, 1);
        loop {
            match cover.step() {
                // Whatever is asked for in between, the site shows none of what lies between 10 and 20.
                Step::Ask(0) => cover.answer(0, Some(Covers { id_min: 1, id_max: 10 }), Some(16), false, 10),
                Step::Ask(offset) => {
                    cover.answer(offset, Some(Covers { id_min: 20, id_max: 25 }), Some(16), true, 6);
                }
                end => return assert_eq!(end, Step::Unproved),
            }
        }
    }
}
