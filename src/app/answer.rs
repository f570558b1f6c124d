//! Many conflicts answered at once: theirs kept, or mine applied to what was looked at. What is not as it was shown stays
//! in conflict, and that is said.

use super::App;
use super::command::{Command, Compared};
use super::decide::new_key;
use super::inbox::Note;
use super::notice::{self, Notice};
use super::words::{Value, say, say_with};
use crate::domain::DecisionId;
use crate::store::{Answered, Insisted, Rank, Trouble};

impl App {
    pub(super) fn keep_all(&mut self, ids: Vec<DecisionId>) {
        let (now, inbox) = (self.clock.now(), self.inbox.clone());
        self.store.submit(
            Rank::Decision,
            move |work| work.keep_all(&ids, &mut new_key, now),
            move |result| inbox.put(Note::Answered { mine: false, result }),
        );
    }

    /// Each is held as any decision is, and a bulk as a bulk: there is as much to regret.
    pub(super) fn apply_all(&mut self, compared: Vec<Compared>) {
        let many = compared.len();
        let (mut items, mut unread) = (Vec::new(), Vec::new());
        for of in compared {
            let Ok(Some((decision, _))) = self.reader.decision(of.id) else { continue };
            // Nobody has compared what is not there to be shown.
            let is_unread =
                [Some(decision.seen), of.now].into_iter().flatten().any(|wording| self.is_unread(wording));
            let keeps = decision.reports_seen.is_some();
            let hold_secs = self.hold_secs(decision.site, keeps, many).filter(|_| !is_unread);
            let Some(hold_secs) = hold_secs else {
                unread.push(decision.comment);
                continue;
            };
            let Compared { id, theirs, now, reports } = of;
            items.push(Insisted { id, theirs, compared: now, reports, key: new_key(), hold_secs });
        }
        if items.is_empty() {
            self.unanswered += 1;
            return self.show(Notice::said(say("act-unread"), None));
        }
        let (now, inbox) = (self.clock.now(), self.inbox.clone());
        self.store.submit(
            Rank::Decision,
            move |work| work.apply_all(&items, now),
            move |result| {
                let result = result.map(|mut answered| {
                    answered.left.extend(unread);
                    answered
                });
                inbox.put(Note::Answered { mine: true, result });
            },
        );
    }

    /// How many answers made no act, since the last call: undo does not stand for them.
    pub fn take_unanswered(&mut self) -> usize {
        std::mem::take(&mut self.unanswered)
    }

    pub(super) fn take_answered(&mut self, mine: bool, result: Result<Answered, Trouble>) {
        match result {
            Ok(answered) => {
                self.say_answered(mine, &answered);
                let Answered { made, kept, left } = answered;
                let is_no_act = if mine { made.is_empty() } else { kept.is_empty() };
                self.unanswered += usize::from(is_no_act);
                let comments: Vec<_> = made.into_iter().map(|(_, id)| id).chain(kept).chain(left).collect();
                self.touched(&comments);
            }
            Err(trouble) => {
                self.unanswered += 1;
                self.show(notice::of_trouble(&trouble));
            }
        }
        self.tell_outboxes();
    }

    fn say_answered(&mut self, mine: bool, Answered { made, kept, left }: &Answered) {
        let n = |of: usize| [("n", Value::from(of))];
        let mut said = Vec::new();
        if !made.is_empty() {
            said.push(say_with("answered-mine", &n(made.len())));
        }
        if !kept.is_empty() {
            let key = if mine { "answered-moot" } else { "answered-theirs" };
            said.push(say_with(key, &n(kept.len())));
        }
        if !left.is_empty() {
            said.push(say_with("answered-left", &n(left.len())));
        }
        let Some(words) = said.into_iter().reduce(|done, more| format!("{done}. {more}")) else { return };
        let way_back = (!made.is_empty() || (!mine && !kept.is_empty())).then_some(Command::Undo);
        self.show(Notice::said(words, way_back));
    }
}
