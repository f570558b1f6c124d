//! What the engine asks for next: decisions first, then what the person on the desk looks at, then the queue itself.

use super::{Call, Effect, Engine, Link, Purpose, SIGHT_GOOD, UnderWay, Walk};
use crate::domain::{Cursor, Delivery, NativeId, Order, Queue};
use crate::store::OpenRow;
use crate::sync::cover::{Cover, Step};
use crate::sync::pace::WRITES_MAX;
use std::time::Duration;

/// Comments in one look.
pub(super) const LOOK_MAX: usize = 100;
/// Comments looked at together before their decisions are sent.
pub(super) const SIGHT_BATCH: usize = 25;
/// Rows a page.
const PAGE_SIZE: u32 = 100;

impl Engine {
    pub(super) fn plan(&mut self, now: Duration, effects: &mut Vec<Effect>) {
        self.let_go(now, effects);
        match &self.link {
            Link::SignedOut { .. } => return,
            Link::Down { next, .. } if now < *next => return,
            _ => {}
        }
        let probing = self.is_under_way(|call| *call == Call::Identify);
        if (!self.identified || self.suspect) && !probing && self.room(now) > 0 {
            self.suspect = false;
            self.ask(now, Call::Identify, effects);
        }
        if !self.identified {
            return;
        }
        self.look_back(now);
        self.plan_decisions(now, effects);
        self.plan_looks(now, effects);
        self.plan_wants(now, effects);
        if !self.letting_go {
            self.plan_poll(now, effects);
            self.plan_walk(now, effects);
        }
    }

    /// When there will be something to do though nothing happens.
    pub fn wake_at(&self, now: Duration) -> Duration {
        let mut at = now + Duration::from_secs(300);
        // What is due already waits for an answer, and the answer wakes the engine.
        let mut sooner = |when: Duration| {
            if when > now {
                at = at.min(when);
            }
        };
        for row in &self.rows {
            let Some(memory) = self.memory.get(&row.id) else { continue };
            if let (Delivery::Held, Some(since), false) = (row.delivery, memory.held_since, memory.releasing)
            {
                let passed = since + Duration::from_secs(u64::from(row.hold_secs));
                sooner(passed.max(memory.not_before));
            }
            if row.delivery == Delivery::Queued {
                sooner(memory.not_before);
            }
        }
        if let Some((until, _)) = self.pace.pause(now) {
            sooner(until);
        }
        match &self.link {
            Link::Down { next, .. } => sooner(*next),
            Link::Up { .. } => {
                sooner(self.poll_at);
                sooner(self.walk_at);
                sooner(self.pull_rest);
                if self.watches() {
                    sooner(self.refresh_at);
                }
                for rest in self.look_rest.values() {
                    sooner(*rest);
                }
                for (when, _) in &self.look_back {
                    sooner(*when);
                }
            }
            Link::Starting | Link::Resting { .. } | Link::SignedOut { .. } => {}
        }
        at
    }

    /// Held decisions whose time has passed may leave.
    fn let_go(&mut self, now: Duration, effects: &mut Vec<Effect>) {
        let letting_go = self.letting_go;
        let mut due = Vec::new();
        for row in self.rows.iter().filter(|row| row.delivery == Delivery::Held) {
            let Some(memory) = self.memory.get_mut(&row.id) else { continue };
            let since = memory.held_since.unwrap_or(now);
            let passed = now >= since + Duration::from_secs(u64::from(row.hold_secs));
            if (passed || letting_go) && !memory.releasing && now >= memory.not_before {
                memory.releasing = true;
                due.push(row.id);
            }
        }
        if !due.is_empty() {
            effects.push(Effect::Release(due));
        }
    }

    fn look_back(&mut self, now: Duration) {
        let (due, later) =
            std::mem::take(&mut self.look_back).into_iter().partition(|(when, _)| *when <= now);
        self.look_back = later;
        let due: Vec<(Duration, NativeId)> = due;
        let due: Vec<NativeId> = due.into_iter().map(|(_, id)| id).collect();
        let last = due.iter().filter(|id| !self.look_back.iter().any(|(_, later)| later == *id));
        self.expiring.extend(last.map(|id| (id.clone(), self.seq)));
        self.look_at(Purpose::Refresh, due);
    }

    fn plan_decisions(&mut self, now: Duration, effects: &mut Vec<Effect>) {
        let mut ready: Vec<OpenRow> = self
            .rows
            .iter()
            .filter(|row| row.delivery == Delivery::Queued && !row.blocked)
            .filter(|row| !self.is_decided_now(&row.native_id))
            .filter(|row| self.memory.get(&row.id).is_none_or(|memory| memory.not_before <= now))
            .cloned()
            .collect();
        // A single decision goes before a bulk's: somebody sits and waits for it.
        ready.sort_by_key(|row| (row.in_bulk, row.id));
        let mut unsighted = Vec::new();
        for row in ready {
            let sighted = self.memory.get(&row.id).and_then(|memory| memory.sighted);
            let fresh = sighted.is_some_and(|at| now.saturating_sub(at) <= SIGHT_GOOD);
            if (self.can.refuses_stale && !row.unanswered) || fresh {
                if self.writes() < WRITES_MAX && self.room(now) > 0 {
                    self.ask(now, Call::Push { id: row.id, native_id: row.native_id }, effects);
                }
            } else if unsighted.len() < self.sight_max {
                unsighted.push(row.native_id);
            }
        }
        let looking =
            self.is_under_way(|call| matches!(call, Call::Look { purpose: Purpose::BeforePush, .. }));
        // Looking again while sighted ones still wait for their turn would only let those grow old.
        let rests = self.rests(Purpose::BeforePush, now);
        if !unsighted.is_empty() && !looking && !rests && self.writes() == 0 && self.room(now) > 0 {
            self.ask(now, Call::Look { ids: unsighted, purpose: Purpose::BeforePush }, effects);
        }
    }

    fn plan_looks(&mut self, now: Duration, effects: &mut Vec<Effect>) {
        if self.watches() && now >= self.refresh_at {
            self.refresh_at = now + self.poll_every;
            let watched = self.watching.iter();
            let watched: Vec<NativeId> = if self.can.feed {
                // A feed tells what changed; only the open comment is asked for as well.
                watched.take(1).cloned().collect()
            } else {
                watched.chain(self.rows.iter().map(|row| &row.native_id)).take(LOOK_MAX).cloned().collect()
            };
            self.look_at(Purpose::Refresh, watched);
        }
        for (purpose, at_once) in [(Purpose::Missing, 1), (Purpose::Refresh, self.look_max)] {
            let same = |call: &Call| matches!(call, Call::Look { purpose: p, .. } if *p == purpose);
            if self.room(now) == 0 || self.rests(purpose, now) || self.is_under_way(same) {
                continue;
            }
            let Some(waiting) = self.looks.get_mut(&purpose) else { continue };
            let ids: Vec<NativeId> = waiting.iter().take(at_once).cloned().collect();
            if ids.is_empty() {
                continue;
            }
            waiting.retain(|id| !ids.contains(id));
            self.ask(now, Call::Look { ids, purpose }, effects);
        }
    }

    /// Whether there is something whose state should be kept fresh.
    fn watches(&self) -> bool {
        !self.watching.is_empty() || (!self.can.feed && !self.rows.is_empty())
    }

    fn rests(&self, purpose: Purpose, now: Duration) -> bool {
        self.look_rest.get(&purpose).is_some_and(|rest| now < *rest)
    }

    fn plan_wants(&mut self, now: Duration, effects: &mut Vec<Effect>) {
        while self.room(now) > 0 {
            let Some(want) = self.wants.pop_front() else { return };
            self.ask(now, Call::Want(want), effects);
        }
    }

    fn plan_poll(&mut self, now: Duration, effects: &mut Vec<Effect>) {
        let walking = !matches!(self.walk, Walk::None);
        let polling = self.is_under_way(|call| matches!(call, Call::Pull { walk: false, .. }));
        if now < self.poll_at || walking || now >= self.walk_at || polling || self.room(now) == 0 {
            return;
        }
        let queue = Queue { page_size: PAGE_SIZE, ..Queue::pending(Order::Newest) };
        self.ask(now, Call::Pull { queue, cursor: Cursor::Start, walk: false }, effects);
    }

    fn plan_walk(&mut self, now: Duration, effects: &mut Vec<Effect>) {
        loop {
            self.begin_walk(now);
            while self.room(now) > 0 && now >= self.pull_rest {
                let Some(call) = self.next_page(now, effects) else { break };
                self.ask(now, call, effects);
            }
            // The first queue may have ended just now: nothing else would wake the engine for the second.
            if !self.reported_next {
                break;
            }
        }
        self.tell_progress();
    }

    fn begin_walk(&mut self, now: Duration) {
        if !matches!(self.walk, Walk::None) {
            return;
        }
        if self.reported_next {
            self.reported_next = false;
            self.walk = self.token_walk();
            self.reported_walk = true;
        } else if now >= self.walk_at {
            self.reported_walk = false;
            self.whole = true;
            self.walk = if self.can.pages_by_offset {
                Walk::Offset(Cover::new(self.order, PAGE_SIZE, self.seq + 1))
            } else {
                self.token_walk()
            };
        }
    }

    fn token_walk(&self) -> Walk {
        Walk::Token {
            next: Some(Cursor::Start),
            under_way: false,
            first_seq: self.seq + 1,
            seen: 0,
            total: None,
        }
    }

    fn next_page(&mut self, now: Duration, effects: &mut Vec<Effect>) -> Option<Call> {
        let mut queue = Queue { page_size: PAGE_SIZE, ..Queue::pending(self.order) };
        match &mut self.walk {
            Walk::None => None,
            Walk::Token { next, under_way, .. } => {
                if self.reported_walk {
                    queue.reported = true;
                    queue.status = None;
                }
                if *under_way {
                    return None;
                }
                *under_way = true;
                Some(Call::Pull { queue, cursor: next.clone()?, walk: true })
            }
            Walk::Offset(cover) => match cover.step() {
                Step::Ask(0) => Some(Call::Pull { queue, cursor: Cursor::Start, walk: true }),
                Step::Ask(offset) => Some(Call::Pull { queue, cursor: Cursor::Offset(offset), walk: true }),
                Step::Wait => None,
                Step::Complete => {
                    effects.push(Effect::FindAbsent { seq: cover.first_seq });
                    self.end_walk(now, false, true, effects);
                    None
                }
                // Others decide faster than the walk, or a page always fails: everything that came is kept, nothing is
                // called absent.
                Step::Unproved => {
                    self.end_walk(now, false, false, effects);
                    None
                }
            },
        }
    }

    fn tell_progress(&mut self) {
        let walking = match &self.walk {
            Walk::None => None,
            Walk::Offset(cover) => Some((cover.seen, cover.total())),
            Walk::Token { seen, total, .. } => Some((*seen, *total)),
        };
        if let Link::Up { walking: told, next } = &mut self.link {
            *told = walking;
            *next = self.poll_at;
        }
    }

    fn ask(&mut self, now: Duration, call: Call, effects: &mut Vec<Effect>) {
        self.seq += 1;
        self.under_way.insert(self.seq, UnderWay { call: call.clone(), started: now });
        effects.push(Effect::Call { seq: self.seq, call });
    }

    fn is_under_way(&self, which: impl Fn(&Call) -> bool) -> bool {
        self.under_way.values().any(|under_way| which(&under_way.call))
    }

    /// Whether a decision on a comment is on the wire. What is decided next about it waits for how that one lands.
    fn is_decided_now(&self, comment: &NativeId) -> bool {
        self.is_under_way(|call| matches!(call, Call::Push { native_id, .. } if native_id == comment))
    }

    fn writes(&self) -> usize {
        self.under_way.values().filter(|under_way| matches!(under_way.call, Call::Push { .. })).count()
    }

    fn room(&self, now: Duration) -> usize {
        self.pace.allowed(now).saturating_sub(self.under_way.len())
    }
}
