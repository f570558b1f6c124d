//! The queue pane's order of ids: read whole off the thread that draws, then patched one comment at a time. What arrives
//! in the middle of the list waits to be asked for, so the list never moves under the hand.

use super::view::QueueView;
use crate::domain::{CommentId, Order};
use crate::store::View;
use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

/// So many rows before its end, more of a list is read.
const NEAR_END: usize = 10;

/// The list on screen.
#[derive(Debug, Default)]
pub struct QueueState {
    pub view: View,
    /// Sort keys beside the ids, in the same order.
    keys: Vec<(i64, CommentId)>,
    instants: HashMap<CommentId, i64>,
    ids: Arc<Vec<CommentId>>,
    /// `keys` changed since `ids` were made.
    stale: bool,
    generation: u64,
    serial: u64,
    loading: bool,
    arrived: BTreeSet<CommentId>,
    /// What was patched while a read was under way: done again on its result.
    meanwhile: BTreeSet<CommentId>,
}

impl QueueState {
    /// A read of the whole queue begins; its result carries this number.
    pub fn begin(&mut self, view: View) -> u64 {
        if view != self.view {
            self.replace(Vec::new());
        }
        self.view = view;
        self.serial += 1;
        self.loading = true;
        self.arrived.clear();
        self.meanwhile.clear();
        self.serial
    }

    /// A read has ended. Returns the comments to be patched once more, or `None` when another read overtook this one.
    pub fn finish(&mut self, serial: u64, keys: Vec<(i64, CommentId)>) -> Option<BTreeSet<CommentId>> {
        if serial != self.serial {
            return None;
        }
        self.replace(keys);
        self.loading = false;
        Some(std::mem::take(&mut self.meanwhile))
    }

    /// A comment belongs to the queue with that key, or no longer. `free` lets it into the middle of the list.
    pub fn patch(&mut self, id: CommentId, belongs: Option<(i64, CommentId)>, free: bool) {
        if self.loading {
            self.meanwhile.insert(id);
        }
        let known = self.instants.get(&id).copied();
        match (known, belongs) {
            (Some(instant), None) => {
                let at = self.place((instant, id));
                self.keys.remove(at);
                self.instants.remove(&id);
                self.stale = true;
            }
            (None, Some(key)) => self.insert(key, free),
            (None, None) => {
                self.arrived.remove(&id);
            }
            (Some(_), Some(_)) => {}
        }
    }

    fn insert(&mut self, key: (i64, CommentId), free: bool) {
        let at = self.place(key);
        if free || at == self.keys.len() {
            self.arrived.remove(&key.1);
            self.keys.insert(at, key);
            self.instants.insert(key.1, key.0);
            self.stale = true;
        } else {
            self.arrived.insert(key.1);
        }
    }

    /// Where a key stands, or would.
    fn place(&self, key: (i64, CommentId)) -> usize {
        let newest_first = self.view.order == Order::Newest;
        self.keys.partition_point(|known| if newest_first { *known > key } else { *known < key })
    }

    fn replace(&mut self, keys: Vec<(i64, CommentId)>) {
        self.instants = keys.iter().map(|(instant, id)| (*id, *instant)).collect();
        self.keys = keys;
        self.stale = true;
    }

    /// Whether one of the last rows is among `shown`, or there are none.
    pub fn ends_within(&self, shown: &[CommentId]) -> bool {
        let tail = self.keys.len().saturating_sub(NEAR_END);
        !self.loading && (self.keys.is_empty() || self.keys[tail..].iter().any(|(_, id)| shown.contains(id)))
    }

    /// The list as it is drawn.
    pub fn view(&mut self, total: Option<u64>) -> QueueView {
        if std::mem::take(&mut self.stale) {
            self.ids = Arc::new(self.keys.iter().map(|(_, id)| *id).collect());
            self.generation += 1;
        }
        QueueView {
            ids: Arc::clone(&self.ids),
            generation: self.generation,
            total,
            loading: self.loading,
            arrived: self.arrived.len() as u64,
            reading: false,
            unread: None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ids(state: &mut QueueState) -> Vec<i64> {
        state.view(None).ids.iter().map(|id| id.0).collect()
    }

    fn key(n: i64) -> (i64, CommentId) {
        (n * 10, CommentId(n))
    }

    fn loaded(order: Order) -> QueueState {
        let mut state = QueueState::default();
        let serial = state.begin(View { order, ..View::default() });
        let mut keys: Vec<_> = [2, 4, 6].map(key).to_vec();
        if order == Order::Newest {
            keys.reverse();
        }
        state.finish(serial, keys);
        state
    }

    #[test]
    fn what_arrives_in_the_middle_waits_to_be_asked_for() {
        let mut state = loaded(Order::Oldest);
        state.patch(CommentId(3), Some(key(3)), false);
        assert_eq!((ids(&mut state), state.view(None).arrived), (vec![2, 4, 6], 1));
        state.patch(CommentId(7), Some(key(7)), false);
        assert_eq!((ids(&mut state), state.view(None).arrived), (vec![2, 4, 6, 7], 1));
    }

    #[test]
    fn what_was_taken_back_returns_to_its_place() {
        let mut state = loaded(Order::Newest);
        state.patch(CommentId(4), None, false);
        assert_eq!(ids(&mut state), [6, 2]);
        state.patch(CommentId(4), Some(key(4)), true);
        assert_eq!(ids(&mut state), [6, 4, 2]);
    }

    #[test]
    fn a_read_that_was_overtaken_is_dropped() {
        let mut state = loaded(Order::Oldest);
        let old = state.begin(View::default());
        let new = state.begin(View::default());
        assert_eq!(state.finish(old, vec![key(1)]), None);
        state.patch(CommentId(9), None, false);
        assert_eq!(state.finish(new, vec![key(9)]), Some([CommentId(9)].into()));
    }
}
