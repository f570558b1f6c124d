//! What people do in the storm: the moderator decides, undoes and answers, a colleague decides, readers edit and delete.

use super::{Mine, Plant, Storm};
use crate::site::Comment;
use greenroom::domain::{self, CommentId, DecisionId, Delivery, RevisionId, Status, Verb};
use greenroom::store::{ActKind, NewDecision};
use greenroom::sync::dispatch::TRIES_MAX;

impl Storm {
    pub(super) fn decide(&mut self) {
        let choices: Vec<(CommentId, u64, RevisionId, String, Status)> = self.on_desk();
        if choices.is_empty() {
            return;
        }
        let several = if self.dice.roll(6) == 0 { 3 } else { 1 };
        let verb = self.dice.pick(&[Verb::Approve, Verb::Approve, Verb::Reject, Verb::Spam, Verb::Restore]);
        let hold_secs = self.dice.pick(&[0, 0, 1, 5]);
        let mut items = Vec::new();
        for _ in 0..several {
            let n = self.dice.roll(choices.len() as u64) as usize;
            let (comment, _, seen, ..) = choices[n].clone();
            if items.iter().any(|item: &NewDecision| item.comment == comment) || self.spares(choices[n].1) {
                continue;
            }
            self.key += 1;
            let key = format!("key-{}", self.key);
            items.push(NewDecision { comment, verb, keeps: false, seen: Some(seen), key, hold_secs });
        }
        let made = self.write(|work, moment| work.decide(ActKind::Decide, &items, moment.now));
        for (id, comment) in made.decisions {
            let (_, native, _, body, _) = choices.iter().find(|(c, ..)| *c == comment).unwrap().clone();
            self.mine.insert(id, Mine { comment: native, verb, body, is_inverse: false, insisted: false });
            if self.stubborn == Some(native) {
                self.sabotage(&format!("update outbox set tries = {} where id = {id}", TRIES_MAX - 1));
            }
        }
        self.outbox_moved();
    }

    /// Whether people leave this comment alone for once: what is tried in vain is mostly waited for.
    fn spares(&mut self, native: u64) -> bool {
        let waits = |(id, mine): (&DecisionId, &Mine)| {
            mine.comment == native && self.deliveries.get(id).is_some_and(|delivery| delivery.is_open())
        };
        self.stubborn == Some(native) && self.mine.iter().any(waits) && self.dice.roll(12) > 0
    }

    /// Comments on the desk with the words a moderator would read.
    pub(super) fn on_desk(&mut self) -> Vec<(CommentId, u64, RevisionId, String, Status)> {
        let id = self.id;
        let natives: Vec<u64> = self.site.state().comments.keys().copied().collect();
        self.write(|work, _| {
            let mut found = Vec::new();
            for native in natives {
                let key = domain::NativeId(native.to_string());
                let Some(comment) = work.find(id, &key)? else { continue };
                let Some(row) = work.comment(comment)? else { continue };
                let (Some(seen), Some(body)) = (row.revision, row.body) else { continue };
                let words = body.source.replace("<p>", "").replace("</p>\n", "");
                found.push((comment, native, seen, words, row.status));
            }
            Ok(found)
        })
    }

    pub(super) fn undo(&mut self, redo: bool) {
        if self.stubborn.is_some_and(|native| self.spares(native)) {
            return;
        }
        if self.plant == Plant::UndoWithoutInverse {
            self.sabotage("update outbox set left_home = 0, unanswered = 0");
        }
        self.write(|work, moment| {
            if redo { work.redo(moment.now, moment.new_key) } else { work.undo(moment.now, moment.new_key) }
        });
        self.remember_new();
        self.outbox_moved();
    }

    pub(super) fn colleague(&mut self) {
        let to = self.dice.pick(&[
            Status::Approved,
            Status::Approved,
            Status::Rejected,
            Status::Spam,
            Status::Pending,
        ]);
        self.foreign(|comment| {
            comment.status = to;
            comment.last = Some(("Bo".into(), to, None));
        });
    }

    pub(super) fn reader_edits(&mut self) {
        let n = self.dice.roll(1_000_000);
        self.foreign(|comment| comment.body = format!("words {n}"));
    }

    pub(super) fn reader_deletes(&mut self) {
        // One always stays: a site without any comment is not believed, and rightly.
        if self.site.state().comments.values().filter(|comment| !comment.gone).count() > 1 {
            self.foreign(|comment| comment.gone = true);
        }
    }

    pub(super) fn foreign(&mut self, act: impl FnOnce(&mut Comment)) {
        let ids: Vec<u64> = self.site.state().comments.keys().copied().collect();
        let id = self.dice.pick(&ids);
        if self.spares(id) {
            return;
        }
        let mut state = self.site.state();
        let now = state.now;
        let Some(comment) = state.comments.get_mut(&id).filter(|comment| !comment.gone) else { return };
        act(comment);
        comment.version += 1;
        comment.foreign_at = now;
    }

    pub(super) fn arrival(&mut self) {
        let mut state = self.site.state();
        let (id, now) = (state.comments.len() as u64 + 1, state.now);
        state.comments.insert(id, Comment::new(&format!("words of {id}"), now));
    }

    /// The moderator settles one conflict or refusal.
    pub(super) fn answer_conflict(&mut self) {
        let waiting: Vec<DecisionId> = self
            .deliveries
            .iter()
            .filter(|(_, delivery)| matches!(delivery, Delivery::Conflicted | Delivery::Refused))
            .map(|(id, _)| *id)
            .collect();
        if waiting.is_empty() {
            return;
        }
        let id = self.dice.pick(&waiting);
        let insist = self.dice.roll(2) == 0;
        let insisted = self.write(|work, moment| match (work.decision(id)?, insist) {
            (Some((_, Delivery::Conflicted)), true) => {
                let decision = work.decision(id)?.map(|(decision, _)| decision.comment);
                let says = decision.map(|comment| work.comment(comment)).transpose()?.flatten();
                work.insist(id, says.and_then(|row| row.revision), &(moment.new_key)(), moment.now)?;
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
        if insisted {
            // Insisting means having read their side.
            let body = self.write(|work, _| {
                let Some((decision, _)) = work.decision(id)? else { return Ok(String::new()) };
                Ok(work.revision(decision.seen)?.map(|(body, ..)| body.source).unwrap_or_default())
            });
            let mine = self.mine.get_mut(&id).unwrap();
            mine.body = body.replace("<p>", "").replace("</p>\n", "");
            mine.insisted = true;
        }
        self.outbox_moved();
    }
}
