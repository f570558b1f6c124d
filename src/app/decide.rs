//! From a key to the outbox. The row is drawn as *saving* at once, and leaves the queue when the disk has it.

use super::inbox::Note;
use super::notice::{self, Notice};
use super::view::Toast;
use super::words::{Value, say, say_with};
use super::{App, Command};
use crate::domain::{CommentId, DecisionId, Delivery, SiteId, Status, Verb};
use crate::store::{ActKind, Made, NewDecision, Rank, Taken, Trouble, Work};
use chrono::{DateTime, Datelike as _, Local, Utc};

/// A bulk is held at least this long: there is more to regret.
const BULK_HOLD_SECS: u32 = 15;
/// What cannot be taken back is held at least this long.
const FINAL_HOLD_SECS: u32 = 10;
/// Words for the days, from Monday.
const WEEKDAYS: [&str; 7] = [
    "day-monday",
    "day-tuesday",
    "day-wednesday",
    "day-thursday",
    "day-friday",
    "day-saturday",
    "day-sunday",
];
/// From so many comments on, an act is a bulk.
const BULK_FROM: usize = 21;

pub(super) fn new_key() -> String {
    uuid::Uuid::new_v4().to_string()
}

/// The key of the words for a verb.
pub fn verb_key(verb: Verb) -> &'static str {
    match verb {
        Verb::Approve => "approve",
        Verb::Reject => "reject",
        Verb::Spam => "spam",
        Verb::Restore => "restore",
    }
}

impl App {
    pub(super) fn decide(&mut self, verb: Verb, mut asked: Vec<CommentId>) {
        // A decision records the words that were shown, and these are not yet.
        let unread = self.open.as_ref().filter(|open| self.is_unread(open.shown)).map(|open| open.id);
        let unread = asked.iter().position(|id| Some(*id) == unread);
        if let Some(at) = unread {
            self.undecided.push(asked.remove(at));
            if asked.is_empty() {
                return self.show(Notice::said(say("act-unread"), None));
            }
        }
        let unread = unread.is_some();
        let mut items = Vec::new();
        for id in &asked {
            let Ok(Some(row)) = self.reader.head(*id) else { continue };
            let keeps = verb == Verb::Approve && row.status == Status::Approved;
            let Some(hold_secs) = self.hold_secs(row.site, keeps, asked.len()) else { continue };
            let seen = self.open.as_ref().filter(|open| open.id == *id).map(|open| open.shown);
            items.push(NewDecision { comment: *id, verb, keeps, seen, key: new_key(), hold_secs });
            self.saving.insert(*id);
            self.cache.remove(id);
        }
        let now = self.clock.now();
        let (inbox, plant) = (self.inbox.clone(), self.plant.clone());
        self.store.submit(
            Rank::Decision,
            move |work| {
                let made = work.decide(ActKind::Decide, &items, now);
                plant.at("writer");
                made
            },
            move |result| inbox.put(Note::Decided { verb, asked, unread, result }),
        );
    }

    pub(super) fn hold_secs(&self, site: SiteId, keeps: bool, bulk: usize) -> Option<u32> {
        let site = self.sites.iter().find(|known| known.id == site)?;
        let least = match (bulk >= BULK_FROM, keeps) {
            (true, _) => BULK_HOLD_SECS,
            (false, true) => FINAL_HOLD_SECS,
            (false, false) => 0,
        };
        Some(site.hold_secs.max(least))
    }

    /// Whether a decision's hold is no more than a site's habit: a bulk, and what cannot be taken back, are held in full.
    pub fn may_go_at_once(&self, id: DecisionId) -> bool {
        let Ok(Some((decision, _))) = self.reader.decision(id) else { return false };
        let keeps = decision.reports_seen.is_some();
        !keeps && self.reader.batch_size(decision.batch).is_ok_and(|size| size < BULK_FROM)
    }

    pub(super) fn take_decided(
        &mut self,
        verb: Verb,
        asked: &[CommentId],
        unread: bool,
        result: Result<Made, Trouble>,
    ) {
        for id in asked {
            self.saving.remove(id);
        }
        match result {
            Ok(made) => {
                if made.decisions.is_empty() {
                    self.show(Notice::said(say_with("done-nothing", &[]), None));
                }
                self.undecided.extend(&made.skipped);
                self.say_done(verb, &made);
                if let Some(toast) = self.toast.as_mut().filter(|_| unread) {
                    let done = std::mem::take(&mut toast.notice.words);
                    toast.notice.words = say_with("done-but-unread", &[("done", done.into())]);
                }
                self.ended.made = Some(Ok(made));
            }
            Err(trouble) => {
                let mut notice = notice::of_trouble(&trouble);
                notice.words = say_with("decide-not-written", &[("why", notice.words.into())]);
                self.ended.made = Some(Err(notice.clone()));
                self.undecided.extend(asked);
                self.show(notice);
            }
        }
        self.touched(asked);
        self.tell_outboxes();
    }

    fn say_done(&mut self, verb: Verb, made: &Made) {
        let n = made.decisions.len();
        let Some((first, comment)) = made.decisions.first().copied() else { return };
        let author = self.row(comment).map(|row| row.author).unwrap_or_default();
        let decision = self.reader.decision(first).ok().flatten();
        let keeps = n == 1 && decision.is_some_and(|(decision, _)| decision.reports_seen.is_some());
        let args = [("n", Value::from(n)), ("author", author.into())];
        let words = match verb {
            Verb::Approve if keeps => say_with("done-keep", &args),
            Verb::Approve => say_with("done-approve", &args),
            Verb::Reject => say_with("done-reject", &args),
            Verb::Spam => say_with("done-spam", &args),
            Verb::Restore => say_with("done-restore", &args),
        };
        self.show(Notice::said(words, Some(Command::Undo)));
    }

    /// Comments whose decision was not written, since the last call: undo does not stand for them.
    pub fn take_undecided(&mut self) -> Vec<CommentId> {
        std::mem::take(&mut self.undecided)
    }

    pub(super) fn park(&mut self, comments: Vec<CommentId>) {
        let parked =
            comments.iter().any(|id| self.reader.head(*id).ok().flatten().is_some_and(|row| !row.parked));
        let now = self.clock.now();
        let (inbox, theirs) = (self.inbox.clone(), comments.clone());
        self.saving.extend(&comments);
        self.store.submit(
            Rank::Decision,
            move |work| work.park(&theirs, parked, now),
            move |result| inbox.put(Note::Parked { parked, comments, result }),
        );
    }

    pub(super) fn take_parked(&mut self, parked: bool, comments: &[CommentId], result: Result<(), Trouble>) {
        for id in comments {
            self.saving.remove(id);
        }
        match result {
            Ok(()) => {
                let author =
                    comments.first().and_then(|id| self.row(*id)).map(|row| row.author).unwrap_or_default();
                let args = [("n", Value::from(comments.len())), ("author", author.into())];
                let words =
                    if parked { say_with("done-park", &args) } else { say_with("done-unpark", &args) };
                self.show(Notice::said(words, Some(Command::Undo)));
            }
            Err(trouble) => self.show(notice::of_trouble(&trouble)),
        }
        self.touched(comments);
    }

    pub(super) fn undo(&mut self, redo: bool) {
        let now = self.clock.now();
        let inbox = self.inbox.clone();
        self.store.submit(
            Rank::Decision,
            move |work| if redo { work.redo(now, &mut new_key) } else { work.undo(now, &mut new_key) },
            move |result| inbox.put(Note::Undone { redo, result }),
        );
    }

    pub(super) fn take_undone(&mut self, redo: bool, result: Result<Option<Taken>, Trouble>) {
        let ended = match result {
            Ok(Some(taken)) => {
                self.say_undone(redo, &taken);
                self.touched(&taken.comments());
                self.tell_outboxes();
                Ok(Some(taken))
            }
            Ok(None) => {
                let words = if redo { say_with("redo-nothing", &[]) } else { say_with("undo-nothing", &[]) };
                self.show(Notice::said(words, None));
                Ok(None)
            }
            Err(trouble) => {
                let notice = notice::of_trouble(&trouble);
                self.show(notice.clone());
                Err(notice)
            }
        };
        let words = self.toast.as_ref().map(|toast| toast.notice.words.clone()).unwrap_or_default();
        self.ended.taken = Some(ended.map(|taken| (taken, words)));
    }

    fn say_undone(&mut self, redo: bool, taken: &Taken) {
        let first = taken.steps.first().and_then(|(comment, _)| self.row(*comment));
        let author = first.map(|row| row.author).unwrap_or_default();
        let what = match (taken.verb, taken.kind) {
            (Some(verb), _) => verb_key(verb),
            (None, ActKind::Note) => "note",
            (None, ActKind::Keep) => "keep",
            (None, ActKind::Decide) => "mixed",
            (None, _) if taken.inverses() > 0 => "mixed",
            (None, _) => "park",
        };
        let args = [
            ("n", Value::from(taken.steps.len())),
            ("author", author.into()),
            ("what", what.into()),
            ("stuck", taken.stuck().into()),
        ];
        let words = match (redo, taken.stuck(), taken.inverses()) {
            (true, ..) => say_with("redone", &args),
            (false, 1.., _) => say_with("undone-stuck", &args),
            (false, 0, 1..) => say_with("undone-inverse", &args),
            (false, 0, 0) if taken.withdrawn() == 0 => say("undone-nothing"),
            (false, 0, 0) => say_with("undone-withdrawn", &args),
        };
        let way_back = if redo { Command::Undo } else { Command::Redo };
        let moved = redo || taken.withdrawn() > 0 || taken.inverses() > 0;
        self.show(Notice::said(words, moved.then_some(way_back)));
    }

    /// What is held from before is held again in full, and said.
    pub(super) fn say_held(&mut self, site: SiteId) {
        let rows = self.reader.open_rows(site).unwrap_or_default();
        let held: Vec<_> = rows.iter().filter(|row| row.delivery == Delivery::Held).collect();
        let Some(first) = held.first() else { return };
        let Ok(Some((decision, _))) = self.reader.decision(first.id) else { return };
        let made = decision.made_at.with_timezone(&Local).date_naive();
        let days = (self.clock.now().with_timezone(&Local).date_naive() - made).num_days();
        let when = match days {
            0 => say("day-today"),
            1..7 => say(WEEKDAYS[made.weekday().num_days_from_monday() as usize]),
            _ => made.to_string(),
        };
        let secs = held.iter().map(|row| row.hold_secs).max().unwrap_or_default();
        let args = [("n", Value::from(held.len())), ("when", when.into()), ("secs", secs.into())];
        self.show(Notice::said(say_with("held-again", &args), Some(Command::ShowOutbox)));
    }

    /// Applies a decision to the words that its row compares it with, once those are there; where the comment has others
    /// since, nothing is done and the row shows those.
    pub(super) fn insist(&mut self, id: DecisionId) {
        let decision = self.reader.decision(id).ok().flatten().map(|(decision, _)| decision);
        let row = decision.as_ref().and_then(|decision| self.reader.head(decision.comment).ok().flatten());
        let seen = decision.map(|decision| decision.seen);
        let shown = self.outbox_at.iter().flat_map(|(_, rows)| rows).find(|row| row.id == id);
        let compared = match shown.and_then(|row| row.conflict.as_ref()) {
            Some(conflict) => conflict.now,
            None => row.and_then(|row| row.revision),
        };
        if seen.into_iter().chain(compared).any(|wording| self.is_unread(wording)) {
            self.show(Notice::said(say("act-unread"), None));
            return;
        }
        self.settle_by_hand(id, move |work, id, now, key| work.insist(id, compared, key, now));
    }

    /// Moves one outbox row because a person said so.
    pub(super) fn settle_by_hand(
        &mut self,
        id: DecisionId,
        step: impl FnOnce(&Work<'_>, DecisionId, DateTime<Utc>, &str) -> Result<(), Trouble> + Send + 'static,
    ) {
        let now = self.clock.now();
        let comment = self.reader.decision(id).ok().flatten().map(|(decision, _)| decision.comment);
        let inbox = self.inbox.clone();
        self.store.submit(
            Rank::Decision,
            move |work| step(work, id, now, &new_key()),
            move |result| inbox.put(Note::Settled { comment, result }),
        );
    }

    /// Shows a message until the next one.
    pub(super) fn show(&mut self, notice: Notice) {
        let serial = self.toast.as_ref().map_or(0, |toast| toast.serial) + 1;
        self.toast = Some(Toast { serial, notice });
    }

    pub(super) fn tell_outboxes(&self) {
        for site in &self.sites {
            self.sync.tell_outbox_moved(site.id);
        }
    }
}
