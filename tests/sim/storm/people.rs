//! What people do in the storm: the moderator decides, undoes, looks around and answers; a colleague decides; readers edit
//! and delete.

use super::{Mine, Storm, Wind};
use crate::site::Comment;
use greenroom::domain::{CommentId, Cursor, DecisionId, Delivery, NativeId, Order, RevisionId, Status, Verb};
use greenroom::store::{ActKind, NewDecision};
use greenroom::sync::dispatch::TRIES_MAX;
use greenroom::sync::engine::{Event, Want};

/// A comment as a moderator sees it.
struct Shown {
    comment: CommentId,
    native: u64,
    seen: RevisionId,
    words: String,
    status: Status,
}

impl Storm {
    pub(super) fn decide(&mut self) {
        let choices = self.on_desk();
        if choices.is_empty() {
            return;
        }
        let most = self.swarm.by(Wind::Bulk, 1, 3, 8);
        let several = if self.dice.roll(4) == 0 { most } else { 1 };
        let verb = self.dice.pick(&[Verb::Approve, Verb::Approve, Verb::Reject, Verb::Spam, Verb::Restore]);
        let holds: &[u32] = self.swarm.by(Wind::Hold, &[0], &[0, 0, 1, 5], &[1, 5, 5, 60]);
        let hold_secs = self.dice.pick(holds);
        let mut items: Vec<NewDecision> = Vec::new();
        for _ in 0..several {
            let n = self.dice.roll(choices.len() as u64) as usize;
            let Shown { comment, native, seen, .. } = choices[n];
            if items.iter().any(|item| item.comment == comment) || self.spares(native) {
                continue;
            }
            self.key += 1;
            let key = format!("key-{}", self.key);
            items.push(NewDecision { comment, verb, keeps: false, seen: Some(seen), key, hold_secs });
        }
        self.has_acted = true;
        // Where the disk is full nothing was decided, and the moderator is told so.
        let Some(made) = self.write(|work, moment| work.decide(ActKind::Decide, &items, moment.now)) else {
            return;
        };
        self.learn();
        for (id, comment) in &made.decisions {
            let shown = choices.iter().find(|shown| shown.comment == *comment).unwrap();
            let mine = &self.mine[id];
            if (mine.words.as_str(), mine.comment) != (shown.words.as_str(), shown.native) {
                let words = mine.words.clone();
                self.find_wrong(|| format!("decision {id} names {words:?}, and {:?} was shown", shown.words));
            }
            if self.stubborn == Some(shown.native) {
                self.sabotage(&format!("update outbox set tries = {} where id = {id}", TRIES_MAX - 1));
            }
        }
        if made.decisions.len() > 1 {
            self.meet("an act on several comments");
        }
        self.decided(&made);
        self.outbox_moved();
    }

    /// Whether people leave this comment alone for once: what is tried in vain is mostly waited for.
    fn spares(&mut self, native: u64) -> bool {
        let waits = |mine: &Mine| mine.comment == native && mine.delivery.is_open();
        self.stubborn == Some(native) && self.mine.values().any(waits) && self.dice.roll(12) > 0
    }

    /// Comments on the desk with the words a moderator would read.
    fn on_desk(&mut self) -> Vec<Shown> {
        let id = self.id;
        let natives: Vec<u64> = self.site.state().comments.keys().copied().collect();
        self.read(|work| {
            let mut found = Vec::new();
            for native in natives {
                let Some(comment) = work.find(id, &NativeId(native.to_string()))? else { continue };
                let Some(row) = work.comment(comment)? else { continue };
                let (Some(seen), Some(body)) = (row.revision, row.body) else { continue };
                let words = super::books::plain(&body.source);
                found.push(Shown { comment, native, seen, words, status: row.status });
            }
            Ok(found)
        })
    }

    pub(super) fn undo(&mut self, redo: bool) {
        if self.stubborn.is_some_and(|native| self.spares(native)) {
            return;
        }
        self.before_undo();
        self.has_acted = true;
        let taken = self.write(|work, moment| {
            if redo { work.redo(moment.now, moment.new_key) } else { work.undo(moment.now, moment.new_key) }
        });
        for (_, back) in taken.flatten().map_or_else(Vec::new, |taken| taken.steps) {
            let what = format!("{back:?}");
            self.meet(format!("an act taken back: {}", what.split('(').next().unwrap_or_default()));
        }
        self.outbox_moved();
    }

    /// The second moderator: agrees with what is on its way, says the opposite, takes back, or does as he likes.
    pub(super) fn colleague(&mut self) {
        let open: Vec<(u64, Verb)> =
            self.mine.values().filter(|mine| mine.delivery.is_open()).map(|m| (m.comment, m.verb)).collect();
        let all = [Status::Approved, Status::Approved, Status::Rejected, Status::Spam, Status::Pending];
        let (id, to) = if open.is_empty() || self.dice.roll(2) == 0 {
            (self.any_comment(), self.dice.pick(&all))
        } else {
            let (id, verb) = self.dice.pick(&open);
            let opposite = if verb == Verb::Approve { Status::Rejected } else { Status::Approved };
            (id, self.dice.pick(&[verb.wanted(), opposite, Status::Pending]))
        };
        let takes_back = self.dice.roll(4) == 0;
        self.foreign(id, true, |comment| {
            let before = comment.past.iter().rev().map(|(_, status)| *status).nth(1);
            let to = if takes_back { before.unwrap_or(to) } else { to };
            comment.status = to;
            comment.last = Some(("Bo".into(), to, None));
        });
    }

    pub(super) fn reader_edits(&mut self) {
        let (id, n) = (self.any_comment(), self.dice.roll(1_000_000));
        self.foreign(id, false, |comment| comment.body = format!("words {n}"));
    }

    pub(super) fn reader_deletes(&mut self) {
        let id = self.any_comment();
        // One always stays: a site without any comment is not believed, and rightly.
        if self.site.state().comments.values().filter(|comment| !comment.gone).count() > 1 {
            self.foreign(id, false, |comment| comment.gone = true);
        }
    }

    fn any_comment(&mut self) -> u64 {
        let ids: Vec<u64> = self.site.state().comments.keys().copied().collect();
        self.dice.pick(&ids)
    }

    fn foreign(&mut self, id: u64, is_colleague: bool, act: impl FnOnce(&mut Comment)) {
        if !self.spares(id) {
            self.trace(|_| format!("    somebody else touches {id}"));
            self.site.state().foreign(id, is_colleague, act);
        }
    }

    pub(super) fn arrival(&mut self) {
        let mut state = self.site.state();
        let id = state.comments.len() as u64 + 1;
        state.beat += 1;
        let beat = state.beat;
        let mut comment = Comment::new(&format!("words of {id}"));
        comment.past = vec![(beat, Status::Pending)];
        state.comments.insert(id, comment);
    }

    /// The moderator looks around.
    pub(super) fn look_around(&mut self) {
        let shown = self.on_desk();
        if shown.is_empty() {
            return;
        }
        let open = &shown[self.dice.roll(shown.len() as u64) as usize];
        let id = NativeId(open.native.to_string());
        let status = if open.status == Status::Deleted { Status::Spam } else { open.status };
        let order = self.dice.pick(&[Order::Oldest, Order::Newest]);
        match self.dice.roll(6) {
            0 => self.tick(Event::Watching(Vec::new())),
            1 | 2 => self.tick(Event::Watching(vec![id])),
            3 => self.tick(Event::Changed(vec![id])),
            4 => self.tick(Event::Want(Want::Page { status, order, cursor: Cursor::Start })),
            _ => {
                self.order = order;
                self.tick(Event::Order(order));
            }
        }
    }

    /// The moderator settles one conflict or refusal.
    pub(super) fn answer_conflict(&mut self) {
        let stuck = |mine: &Mine| matches!(mine.delivery, Delivery::Conflicted | Delivery::Refused);
        let waiting: Vec<DecisionId> =
            self.mine.iter().filter(|(_, mine)| stuck(mine)).map(|(id, _)| *id).collect();
        if waiting.is_empty() {
            return;
        }
        let id = self.dice.pick(&waiting);
        let wants = self.dice.roll(2) == 0;
        let told = self.told_newest(self.mine[&id].comment);
        self.has_acted = true;
        let insisted = self.write(|work, moment| match (work.decision(id)?, wants) {
            (Some((decision, Delivery::Conflicted)), true) => {
                let says = work.comment(decision.comment)?.and_then(|row| row.revision);
                work.insist(id, says, &(moment.new_key)(), moment.now)?;
                Ok(true)
            }
            (Some((_, Delivery::Refused)), true) => {
                work.retry(id, moment.now)?;
                Ok(false)
            }
            (Some((_, Delivery::Conflicted | Delivery::Refused)), false) => {
                work.keep_theirs(id, &(moment.new_key)(), moment.now)?;
                Ok(false)
            }
            _ => Ok(false),
        });
        self.meet(if wants { "a person who insists" } else { "a person who keeps theirs" });
        if insisted == Some(true) {
            // Insisting means having read their side.
            let native = self.mine[&id].comment;
            let shown = self.on_desk().into_iter().find(|shown| shown.native == native).unwrap();
            let mine = self.mine.get_mut(&id).unwrap();
            mine.words = shown.words;
            mine.ground = (shown.status, shown.seen.0);
            mine.insisted = (mine.insisted.0 + 1, told);
        }
        self.outbox_moved();
    }
}
