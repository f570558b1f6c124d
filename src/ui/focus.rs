//! What the window remembers: which comment is open, where the list stands, what is unfolded. Ids only; the desk's own
//! state is in `app`.

use super::columns::{Asked, Widths};
use super::looked::Looked;
use super::widget::list;
use crate::app::view::{Place, QueueView};
use crate::domain::{CommentId, Order, SiteId};
use std::collections::HashMap;
use std::sync::Arc;

/// A comment must have been on screen for this many seconds before a key may decide on it.
pub const SEEN_SECS: f64 = 0.150;
/// The same for the pointer: the second click of a double click must not decide on the next comment.
pub const SEEN_BEFORE_CLICK_SECS: f64 = 0.400;
/// A hint stays this many seconds.
const HINT_SECS: f64 = 6.0;
/// How many rows are asked whether they are still open when looking for the next one.
const NEXT_LOOKS: usize = 5_000;

/// What fills the window beside the side pane.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Screen {
    #[default]
    Desk,
    Outbox,
    Connect,
    SignIn(SiteId),
}

/// A sentence at the buttons of the card.
#[derive(Debug, Clone, PartialEq)]
pub struct Hint {
    words: String,
    until: f64,
}

impl Hint {
    /// The sentence.
    pub fn words(&self) -> &str {
        &self.words
    }
}

/// What a hand did to a comment, for the way back to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Done {
    /// `None` where it was about no comment on the card, but about several in the outbox.
    id: Option<CommentId>,
    /// It was decided; else something was noted on it.
    decided: bool,
}

/// See the module.
#[derive(Debug, Default)]
pub struct Focus {
    pub screen: Screen,
    pub open: Option<CommentId>,
    /// Seconds, in egui's time, when the open comment was first drawn.
    pub seen_since: Option<f64>,
    /// The card was drawn in this frame.
    pub card_drawn: bool,
    pub list: list::Place<CommentId>,
    pub asked: Asked,
    pub widths: Widths,
    pub keys_open: bool,
    /// The site whose limits are unfolded in the side pane.
    pub caveats_of: Option<SiteId>,
    /// An address somebody clicked, to be shown whole before it is followed.
    pub link: Option<String>,
    pub search: String,
    pub search_wanted: bool,
    /// Comments whose source, private data or whole length is shown: only ever the open one.
    pub source_of: Option<CommentId>,
    pub private_of: Option<CommentId>,
    pub whole_of: Option<CommentId>,
    /// The open comment while a note is written on it, and whether its field is to have the keyboard.
    pub note_of: Option<CommentId>,
    pub note_wanted: bool,
    /// Notes that were begun and not kept.
    pub drafts: HashMap<CommentId, String>,
    /// Conflicts that were on screen.
    pub looked: Looked,
    /// Pages to move the article by, or the outbox.
    pub pages: i32,
    pub hint: Option<Hint>,
    /// Points that the buttons under the card took in the last frame.
    pub foot: f32,
    /// Points that the side pane's own buttons took at its bottom; 0 without a side pane.
    pub side_foot: f32,
    /// Where the card started, in points from the left.
    pub card_left: f32,
    /// Rows drawn in the last frame.
    pub rows: Vec<CommentId>,
    pub list_focused: bool,
    /// Words that are read have the keyboard: Space still turns the page.
    pub text_focused: bool,
    ids: Arc<Vec<CommentId>>,
    /// Where the open comment stands in `ids`, or would.
    index: usize,
    place: Place,
    fresh: bool,
    /// The list shows another search or order, and starts at its top once that is here.
    sifted: bool,
    sieve: (Order, String),
    done: Vec<Done>,
    undone: Vec<Done>,
}

impl Focus {
    /// At the start of a desk.
    pub fn new() -> Self {
        Self { fresh: true, ..Self::default() }
    }

    /// Takes the queue as it is now. The open comment stays open, also when it left the list: only the moderator's own
    /// hand replaces it. `done` tells whether a comment is decided already.
    pub fn follow(&mut self, queue: &QueueView, place: Place, done: impl FnMut(CommentId) -> bool) {
        let stood = self.stands();
        if place != self.place {
            self.place = place;
            self.fresh = true;
        }
        if self.fresh && !queue.loading {
            self.fresh = false;
            self.open(None);
            self.list.restart();
            self.ids = Arc::default();
            self.index = 0;
        }
        if !Arc::ptr_eq(&self.ids, &queue.ids) {
            if std::mem::take(&mut self.sifted) {
                self.list.restart();
            }
            self.index = list::hold(&self.ids, &queue.ids, self.index).0;
            self.ids = Arc::clone(&queue.ids);
            if !stood {
                self.stand_again();
            }
        }
        self.list.follow(&queue.ids);
        if self.open.is_none() {
            self.index = self.index.min(self.ids.len().saturating_sub(1));
            self.open_next_from(self.index, done);
        }
    }

    /// Tells which search and order the queue is about to follow.
    pub fn sift(&mut self, order: Order, search: &str) {
        if self.sieve.0 != order || self.sieve.1 != search {
            self.sieve = (order, search.to_owned());
            self.sifted = true;
        }
    }

    /// Opens a comment.
    pub fn open(&mut self, id: Option<CommentId>) {
        if self.open != id {
            self.seen_since = None;
            self.source_of = None;
            self.private_of = None;
            self.whole_of = None;
            self.note_of = None;
            self.hint = None;
        }
        self.open = id;
    }

    /// Opens the row that was clicked.
    pub fn click(&mut self, id: CommentId) {
        if let Some(at) = list::find_near(&self.ids, id, self.index) {
            self.index = at;
        }
        self.open(Some(id));
    }

    /// What was taken back is in the list again a moment after it is on the card.
    fn stand_again(&mut self) {
        if let Some(at) = self.open.and_then(|id| list::find_near(&self.ids, id, self.index)) {
            self.index = at;
            self.list.want(at);
        }
    }

    fn stands(&self) -> bool {
        self.open.is_some() && self.ids.get(self.index).copied() == self.open
    }

    /// Moves by rows; past an end it stays at that end.
    pub fn step(&mut self, rows: isize) {
        if self.ids.is_empty() {
            return;
        }
        // When the open comment has left the list, the row now in its place is the next one.
        let rows = if !self.stands() && rows > 0 { rows - 1 } else { rows };
        let last = self.ids.len() - 1;
        self.go(self.index.saturating_add_signed(rows).min(last));
    }

    /// Opens a row by its place; past the end is the last.
    pub fn go(&mut self, index: usize) {
        let index = index.min(self.ids.len().saturating_sub(1));
        if let Some(id) = self.ids.get(index).copied() {
            self.index = index;
            self.open(Some(id));
            self.list.want(index);
        }
    }

    /// The open comment was decided: the next open one of the order comes on screen at once.
    pub fn decided(&mut self, mut done: impl FnMut(CommentId) -> bool) {
        let Some(id) = self.open else { return };
        self.done.push(Done { id: Some(id), decided: true });
        self.undone.clear();
        let from = if self.stands() { self.index + 1 } else { self.index };
        self.open(None);
        self.open_next_from(from, |next| next == id || done(next));
    }

    /// Conflicts were answered in the outbox.
    pub fn answered(&mut self) {
        self.done.push(Done { id: None, decided: false });
        self.undone.clear();
    }

    /// A decision on it was not made after all: undo has nothing of it to give back.
    pub fn forget(&mut self, id: CommentId) {
        self.forget_done(Done { id: Some(id), decided: true });
    }

    /// An answer made no act: undo has nothing of it to give back.
    pub fn forget_answer(&mut self) {
        self.forget_done(Done { id: None, decided: false });
    }

    fn forget_done(&mut self, of: Done) {
        if let Some(at) = self.done.iter().rposition(|done| *done == of) {
            self.done.remove(at);
        }
    }

    /// A note is on its way to the disk.
    pub fn noted(&mut self, id: CommentId) {
        self.done.push(Done { id: Some(id), decided: false });
        self.undone.clear();
        self.drafts.remove(&id);
        self.note_of = None;
    }

    /// A note changed nothing, or was not written: its words are then begun again.
    pub fn unnoted(&mut self, id: CommentId, text: Option<String>) {
        self.forget_done(Done { id: Some(id), decided: false });
        if let Some(text) = text.filter(|text| !text.is_empty()) {
            self.drafts.entry(id).or_insert(text);
        }
    }

    fn open_next_from(&mut self, from: usize, mut done: impl FnMut(CommentId) -> bool) {
        let from = from.min(self.ids.len());
        let after = (from..self.ids.len()).take(NEXT_LOOKS);
        let before = (0..from).rev().take(NEXT_LOOKS);
        let next = after.chain(before).find(|at| !done(self.ids[*at]));
        if let Some(at) = next {
            self.go(at);
        }
    }

    /// An undo is on its way: back to the comment it gives back.
    pub fn undone(&mut self) {
        if let Some(done) = self.done.pop() {
            self.undone.push(done);
            if let Some(id) = done.id {
                self.click(id);
                self.list.want(self.index);
            }
        }
    }

    /// A redo is on its way: on from the comment it takes.
    pub fn redone(&mut self, done: impl FnMut(CommentId) -> bool) {
        if let Some(again) = self.undone.pop() {
            let rest = std::mem::take(&mut self.undone);
            if let Some(id) = again.id {
                self.click(id);
            }
            if again.decided {
                self.decided(done);
            } else {
                self.done.push(again);
            }
            self.undone = rest;
        }
    }

    /// Whether the open comment has been on screen long enough to decide on it.
    pub fn seen(&self, now: f64, by_key: bool) -> bool {
        let least = if by_key { SEEN_SECS } else { SEEN_BEFORE_CLICK_SECS };
        self.seen_since.is_some_and(|since| now - since >= least)
    }

    /// Says something at the buttons for a while.
    pub fn say(&mut self, words: String, now: f64) {
        self.hint = Some(Hint { words, until: now + HINT_SECS });
    }

    /// Drops a hint whose time is over; tells when it will be, in seconds.
    pub fn age_hint(&mut self, now: f64) -> Option<f64> {
        let left = self.hint.as_ref().map(|hint| hint.until - now)?;
        if left <= 0.0 {
            self.hint = None;
            return None;
        }
        Some(left)
    }

    /// Where the open comment stands, from 0, and of how many.
    pub fn position(&self) -> Option<(usize, usize)> {
        self.stands().then_some((self.index, self.ids.len()))
    }

    /// Whether the queue has no row at all.
    pub fn is_empty(&self) -> bool {
        self.ids.is_empty()
    }

    /// The last row of the list.
    pub fn last(&self) -> usize {
        self.ids.len().saturating_sub(1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn queue(ids: impl IntoIterator<Item = i64>) -> QueueView {
        QueueView { ids: Arc::new(ids.into_iter().map(CommentId).collect()), ..QueueView::default() }
    }

    fn none(_: CommentId) -> bool {
        false
    }

    fn focus(ids: impl IntoIterator<Item = i64>) -> Focus {
        let mut focus = Focus::new();
        focus.follow(&queue(ids), Place::default(), none);
        focus
    }

    #[test]
    fn the_first_comment_is_open_at_the_start() {
        assert_eq!(focus(1..9).open, Some(CommentId(1)));
        assert_eq!(focus([]).open, None);
    }

    #[test]
    fn a_decision_opens_the_next_comment_of_the_order() {
        let mut focus = focus(1..9);
        focus.go(3);
        focus.decided(|id| id == CommentId(5));
        assert_eq!(focus.open, Some(CommentId(6)));
    }

    #[test]
    fn after_the_last_comment_the_one_before_it_is_opened() {
        let mut focus = focus(1..4);
        focus.go(2);
        focus.decided(none);
        assert_eq!(focus.open, Some(CommentId(2)));
    }

    #[test]
    fn when_all_are_decided_none_is_open() {
        let mut focus = focus(1..3);
        focus.decided(|_| true);
        assert_eq!(focus.open, None);
        focus.follow(&queue([]), Place::default(), none);
        assert_eq!(focus.open, None);
    }

    #[test]
    fn the_open_comment_is_not_replaced_when_it_leaves_the_list() {
        let mut focus = focus(1..9);
        focus.go(3);
        focus.follow(&queue([1, 2, 3, 5, 6, 7]), Place::default(), none);
        assert_eq!(focus.open, Some(CommentId(4)));
        focus.step(1);
        assert_eq!(focus.open, Some(CommentId(5)));
    }

    #[test]
    fn back_from_a_comment_that_left_is_the_one_before_it() {
        let mut focus = focus(1..9);
        focus.go(3);
        focus.follow(&queue([1, 2, 3, 5, 6, 7]), Place::default(), none);
        focus.step(-1);
        assert_eq!(focus.open, Some(CommentId(3)));
    }

    #[test]
    fn arrivals_above_do_not_move_the_open_comment() {
        let mut focus = focus(10..20);
        focus.go(4);
        focus.follow(&queue(1..20), Place::default(), none);
        assert_eq!((focus.open, focus.position()), (Some(CommentId(14)), Some((13, 19))));
    }

    #[test]
    fn undo_goes_back_to_the_comment_and_redo_on_from_it() {
        let mut focus = focus(1..9);
        focus.decided(none);
        focus.decided(|id| id == CommentId(1));
        assert_eq!(focus.open, Some(CommentId(3)));
        focus.undone();
        assert_eq!(focus.open, Some(CommentId(2)));
        focus.undone();
        assert_eq!(focus.open, Some(CommentId(1)));
        focus.redone(none);
        assert_eq!(focus.open, Some(CommentId(2)));
        focus.redone(none);
        assert_eq!(focus.open, Some(CommentId(3)));
    }

    #[test]
    fn what_was_taken_back_stands_in_the_list_again() {
        let mut focus = focus(1..9);
        focus.decided(none);
        focus.follow(&queue(2..9), Place::default(), none);
        focus.undone();
        assert_eq!((focus.open, focus.position()), (Some(CommentId(1)), None));
        focus.follow(&queue(1..9), Place::default(), none);
        assert_eq!((focus.open, focus.position()), (Some(CommentId(1)), Some((0, 8))));
    }

    #[test]
    fn a_comment_must_be_seen_before_it_is_decided() {
        let mut focus = focus(1..9);
        assert!(!focus.seen(100.0, true), "not drawn yet");
        focus.seen_since = Some(10.0);
        assert!(!focus.seen(10.1, true));
        assert!(focus.seen(10.151, true));
        assert!(!focus.seen(10.3, false));
        focus.step(1);
        assert!(!focus.seen(10.6, true), "another comment");
    }

    #[test]
    fn what_a_search_finds_is_shown_from_its_top() {
        let mut focus = focus(0..1000);
        focus.list.settle_at(500);
        focus.sift(Order::Oldest, "ana");
        focus.follow(&queue(490..520), Place::default(), none);
        assert_eq!(focus.list.top(), 0);
        focus.list.settle_at(20);
        focus.follow(&queue(489..520), Place::default(), none);
        assert_eq!(focus.list.top(), 21, "more that is found does not move the list");
    }

    #[test]
    fn another_place_opens_its_own_first_comment() {
        let mut focus = focus(1..9);
        focus.go(5);
        let place = Place { site: Some(SiteId(2)), ..Place::default() };
        let loading = QueueView { loading: true, ..queue(1..9) };
        focus.follow(&loading, place, none);
        assert_eq!(focus.open, Some(CommentId(6)), "stays until the other queue is here");
        focus.follow(&queue(50..60), place, none);
        assert_eq!(focus.open, Some(CommentId(50)));
    }
}
