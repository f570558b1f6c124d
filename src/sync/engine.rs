//! What to do next for one site, as a value: an event and the time in, effects out. No clock, no thread, no randomness,
//! no wire: so every order of events can be played through.

mod failure;
mod plan;
mod word;

pub use word::{Answer, Call, Effect, Event, Link, Pulled, Purpose, Trip, Want};

use plan::{LOOK_MAX, SIGHT_BATCH};

use super::cover::Cover;
use super::pace::{Pace, Weight};
use crate::domain::{Capabilities, Cursor, DecisionId, Delivery, NativeId, Order, Queue, SiteId};
use crate::store::OpenRow;
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::time::Duration;

/// An active site is asked for its newest page this often.
const POLL_ACTIVE: Duration = Duration::from_secs(20);
/// A site nobody looks at, at least this often.
const POLL_IDLE_MAX: Duration = Duration::from_secs(300);
/// Without a reason, the whole queue is walked again after this long.
const WALK_AGAIN: Duration = Duration::from_secs(1800);
/// Totals that disagree, or a walk that left gaps, are no reason to walk again sooner than this.
const WALK_REST: Duration = Duration::from_secs(300);
/// Nobody looked for this long: intervals begin to double.
const IDLE_AFTER: Duration = Duration::from_secs(120);
/// A decision on a comment that was missing waits so long before the comment is looked at again.
const MISSING_REST: Duration = Duration::from_secs(30);
/// A slow server may still carry out what went unanswered: it is looked at again after these times. After the last nobody
/// expects it any more.
const LOOK_BACKS: [Duration; 4] =
    [Duration::from_secs(60), Duration::from_secs(180), Duration::from_secs(420), Duration::from_secs(590)];
/// A decision that is about to be sent stands on a look at most this old, counted from when the look was asked. Where the
/// site takes longer than this to answer one, the look counts for what it brings at once.
pub const SIGHT_GOOD: Duration = Duration::from_secs(1);
/// A disk that would not take a release is asked again after this long.
const RELEASE_AGAIN: Duration = Duration::from_secs(2);
/// Rows that a queue is thought to have at most where its site does not count them.
const WALK_ROWS_MAX: u64 = 1_000_000;
/// Things wanted for the screen that wait at most; the oldest is dropped, and asked for again if it is still on screen.
const WANTS_MAX: usize = 64;

#[derive(Debug, Clone, Default)]
struct Memory {
    held_since: Option<Duration>,
    releasing: bool,
    not_before: Duration,
    sighted: Option<Duration>,
}

#[derive(Debug, Clone)]
enum Walk {
    None,
    Offset(Cover),
    /// Pages one after another by the site's own token.
    Token {
        next: Option<Cursor>,
        under_way: bool,
        first_seq: u64,
        seen: u64,
        total: Option<u64>,
    },
}

#[derive(Debug, Clone)]
struct UnderWay {
    call: Call,
    started: Duration,
}

/// One site's engine.
#[derive(Debug, Clone)]
pub struct Engine {
    pub site: SiteId,
    can: Capabilities,
    order: Order,
    seq: u64,
    under_way: BTreeMap<u64, UnderWay>,
    rows: Vec<OpenRow>,
    memory: BTreeMap<DecisionId, Memory>,
    /// The number of the newest request when a decision on a comment last landed, as long as older ones are under way.
    landed: BTreeMap<NativeId, u64>,
    pace: Pace,
    link: Link,
    identified: bool,
    failures: u32,
    /// Pages that failed since one, or a look, was last answered.
    trips: u32,
    /// Pages that failed since one was last answered.
    unread: u32,
    suspect: bool,
    walk: Walk,
    /// A site that serves reports has a second queue; its walk follows the first one's.
    reported_next: bool,
    reported_walk: bool,
    /// No queue of this walk ended with a gap.
    whole: bool,
    /// Walks in a row whose place in the list was lost.
    dropped: u32,
    walk_at: Duration,
    /// Another walk was wanted while one was under way.
    walk_again: bool,
    /// No page of a walk is asked for before this.
    pull_rest: Duration,
    poll_at: Duration,
    poll_every: Duration,
    disagreed: u8,
    watching: Vec<NativeId>,
    watched_at: Duration,
    looks: BTreeMap<Purpose, BTreeSet<NativeId>>,
    look_back: Vec<(Duration, NativeId)>,
    /// The last look back at these is due: any that is asked after request `seq` is the last.
    expiring: BTreeMap<NativeId, u64>,
    wants: VecDeque<Want>,
    refresh_at: Duration,
    /// Looks of each purpose rest until then, and carry so many ids.
    look_rest: BTreeMap<Purpose, Duration>,
    look_max: usize,
    sight_max: usize,
    /// Pending comments the site counts beyond those on the desk, since the last walk.
    gap: Option<i64>,
    walked_at: Duration,
    said: Option<Link>,
    letting_go: bool,
}

impl Engine {
    /// An engine whose next request is number `seq + 1`.
    pub fn new(site: SiteId, can: Capabilities, order: Order, seq: u64) -> Self {
        Self {
            site,
            can,
            order,
            seq,
            under_way: BTreeMap::new(),
            rows: Vec::new(),
            memory: BTreeMap::new(),
            landed: BTreeMap::new(),
            pace: Pace::default(),
            link: Link::Starting,
            identified: false,
            failures: 0,
            trips: 0,
            unread: 0,
            suspect: false,
            walk: Walk::None,
            reported_next: false,
            reported_walk: false,
            whole: true,
            dropped: 0,
            walk_at: Duration::ZERO,
            walk_again: false,
            pull_rest: Duration::ZERO,
            poll_at: Duration::ZERO,
            poll_every: POLL_ACTIVE,
            disagreed: 0,
            watching: Vec::new(),
            watched_at: Duration::ZERO,
            looks: BTreeMap::new(),
            look_back: Vec::new(),
            expiring: BTreeMap::new(),
            wants: VecDeque::new(),
            refresh_at: Duration::ZERO,
            look_rest: BTreeMap::new(),
            look_max: LOOK_MAX,
            sight_max: SIGHT_BATCH,
            gap: None,
            walked_at: Duration::ZERO,
            said: None,
            letting_go: false,
        }
    }

    /// The number of the newest request.
    pub fn seq(&self) -> u64 {
        self.seq
    }

    /// Whether anything is under way or can be sent; at rest nothing is, though some may wait for a person.
    pub fn is_at_rest(&self) -> bool {
        self.under_way.is_empty()
            && self.rows.iter().all(|row| row.blocked)
            && self.looks.values().all(BTreeSet::is_empty)
            && self.look_back.is_empty()
            && matches!(self.walk, Walk::None)
    }

    /// Takes in what happened and says what to do.
    pub fn tick(&mut self, now: Duration, event: Event) -> Vec<Effect> {
        let mut effects = Vec::new();
        self.absorb(now, event, &mut effects);
        self.plan(now, &mut effects);
        let stands = self.stands(now);
        if self.said.as_ref() != Some(&stands) {
            self.said = Some(stands.clone());
            effects.push(Effect::Say(stands));
        }
        effects
    }

    /// How it stands with the site, as a person is told.
    fn stands(&self, now: Duration) -> Link {
        match (&self.link, self.pace.pause(now)) {
            (Link::Up { .. } | Link::Starting, Some((next, wait))) => Link::Resting { next, wait },
            (link, _) => link.clone(),
        }
    }

    fn absorb(&mut self, now: Duration, event: Event, effects: &mut Vec<Effect>) {
        match event {
            Event::Tick => {}
            Event::Outbox(rows) => self.take_rows(now, rows),
            Event::Answer { seq, answer } => self.take_answer(now, seq, answer, effects),
            Event::Watching(ids) => {
                if !ids.is_empty() {
                    self.watched_at = now;
                    self.poll_every = POLL_ACTIVE;
                    self.poll_at = self.poll_at.min(now + POLL_ACTIVE);
                    self.refresh_at = self.refresh_at.min(now + POLL_ACTIVE);
                }
                self.watching = ids;
            }
            Event::Want(want) => {
                if !self.wants.contains(&want) {
                    self.wants.push_front(want);
                }
                if self.wants.len() > WANTS_MAX {
                    effects.extend(self.wants.pop_back().map(Effect::Drop));
                }
            }
            Event::Changed(ids) => self.look_at(Purpose::Refresh, ids),
            Event::Absent(ids) => self.look_at(Purpose::Refresh, ids),
            Event::Doubtful(ids) => {
                ids.iter().for_each(|id| self.look_back_at(now, id));
                self.look_at(Purpose::Refresh, ids);
            }
            Event::Missed => self.walk_from(now),
            Event::Refresh => {
                self.poll_at = now;
                self.walk_from(now);
                if matches!(self.link, Link::Down { .. }) {
                    self.link = Link::Starting;
                    self.identified = false;
                }
                self.pace.hasten(now);
                for memory in self.memory.values_mut() {
                    memory.not_before = memory.not_before.min(now);
                }
            }
            Event::LetGo => self.letting_go = true,
            Event::Unreleased(ids) => {
                for id in ids {
                    let memory = self.memory.entry(id).or_default();
                    memory.releasing = false;
                    memory.not_before = now + RELEASE_AGAIN;
                }
            }
            Event::Order(order) => {
                if order != self.order {
                    // Pages in two orders prove nothing together.
                    self.order = order;
                    self.begin_anew(now);
                }
            }
        }
    }

    /// Another walk is wanted. The pages that one under way has read already are older than what is wanted.
    fn walk_from(&mut self, now: Duration) {
        self.walk_again = !matches!(self.walk, Walk::None) || self.reported_next;
        self.walk_at = now;
    }

    fn take_rows(&mut self, now: Duration, rows: Vec<OpenRow>) {
        self.memory.retain(|id, _| rows.iter().any(|row| row.id == *id));
        for row in &rows {
            let memory = self.memory.entry(row.id).or_default();
            if row.delivery == Delivery::Held {
                memory.held_since.get_or_insert(now);
            }
        }
        self.rows = rows;
    }

    fn take_answer(&mut self, now: Duration, seq: u64, answer: Answer, effects: &mut Vec<Effect>) {
        let Some(UnderWay { call, started }) = self.under_way.remove(&seq) else { return };
        if let Answer::Failed(trip) = answer {
            self.take_failure(now, &call, trip, effects);
            return;
        }
        let weight = if matches!(call, Call::Pull { .. }) { Weight::Page } else { Weight::Other };
        self.pace.answered(now, now.saturating_sub(started), weight);
        if call != Call::Identify {
            self.failures = 0;
        }
        if matches!(call, Call::Pull { .. } | Call::Look { .. }) {
            self.trips = 0;
        }
        if matches!(call, Call::Pull { .. }) {
            self.unread = 0;
        }
        self.suspect = false;
        match (call, answer) {
            (Call::Identify, Answer::Identified(can)) => {
                self.can = can;
                self.identified = true;
                self.link = Link::Up { walking: None, next: now };
            }
            (Call::Pull { queue, cursor, walk }, Answer::Pulled(page)) => {
                self.take_page(now, &queue, &cursor, walk, page, effects);
            }
            (Call::Look { ids, purpose }, Answer::Looked { missing }) => {
                self.take_sights((now, started, seq), &ids, purpose, missing, effects);
            }
            (Call::Want(_), Answer::Pulled(page)) => self.look_at(Purpose::Refresh, page.contested),
            (Call::Push { native_id, .. }, answer) => {
                self.forget_sights(&native_id);
                if answer == Answer::Overtaken {
                    self.look_at(Purpose::Refresh, vec![native_id]);
                }
            }
            _ => {}
        }
    }

    fn take_sights(
        &mut self,
        (now, started, seq): (Duration, Duration, u64),
        ids: &[NativeId],
        purpose: Purpose,
        missing: Vec<NativeId>,
        effects: &mut Vec<Effect>,
    ) {
        match purpose {
            Purpose::Refresh => self.look_max = (self.look_max * 2).min(LOOK_MAX),
            Purpose::BeforePush => self.sight_max = (self.sight_max * 2).min(SIGHT_BATCH),
            Purpose::Missing => {}
        }
        let sighted = match purpose {
            Purpose::BeforePush => started.max(now.saturating_sub(SIGHT_GOOD)),
            Purpose::Refresh | Purpose::Missing => started,
        };
        for row in self.rows.iter().filter(|row| ids.contains(&row.native_id)) {
            let memory = self.memory.entry(row.id).or_default();
            if missing.contains(&row.native_id) {
                // It is asked for by itself meanwhile; asking with the others again would only spin.
                memory.not_before = now + MISSING_REST;
                if purpose == Purpose::Missing {
                    effects.push(Effect::Stumble { id: row.id, fault: "missing", why: String::new() });
                }
            } else if self.landed.get(&row.native_id).is_none_or(|landed| seq > *landed) {
                memory.sighted = Some(sighted);
            }
        }
        let last = |id: &&NativeId| self.expiring.get(*id).is_some_and(|due| seq > *due);
        let expired: Vec<NativeId> = ids.iter().filter(last).cloned().collect();
        if !expired.is_empty() {
            self.expiring.retain(|id, _| !expired.contains(id));
            effects.push(Effect::Expire(expired));
        }
        let under_way = &self.under_way;
        self.landed.retain(|_, landed| under_way.keys().any(|seq| seq <= landed));
        // Asked one by one, a site that has lost its table says something else than one that has lost a comment.
        if purpose != Purpose::Missing {
            self.look_at(Purpose::Missing, missing);
        }
    }

    fn look_back_at(&mut self, now: Duration, native_id: &NativeId) {
        self.expiring.remove(native_id);
        self.look_back.extend(LOOK_BACKS.map(|after| (now + after, native_id.clone())));
    }

    /// A decision on this comment has landed: what was asked before that tells nothing any more of how it stands.
    fn forget_sights(&mut self, native_id: &NativeId) {
        self.landed.insert(native_id.clone(), self.seq);
        for row in self.rows.iter().filter(|row| row.native_id == *native_id) {
            self.memory.entry(row.id).or_default().sighted = None;
        }
    }

    fn take_page(
        &mut self,
        now: Duration,
        queue: &Queue,
        cursor: &Cursor,
        walk: bool,
        page: Pulled,
        effects: &mut Vec<Effect>,
    ) {
        self.look_at(Purpose::Refresh, page.contested.clone());
        if !walk {
            self.take_poll(now, &page);
            return;
        }
        if queue.order != self.order {
            return;
        }
        match (&mut self.walk, cursor) {
            (Walk::Offset(cover), Cursor::Start | Cursor::Offset(_)) => {
                let offset = if let Cursor::Offset(offset) = cursor { *offset } else { 0 };
                cover.answer(offset, page.covers, page.total, page.next.is_none(), page.rows);
            }
            (Walk::Token { next, under_way, seen, total, first_seq }, _) => {
                *under_way = false;
                *seen += page.rows;
                *total = page.total.or(*total);
                *next = page.next;
                // A site that has always one page more, or names pages in a circle, is not followed for ever, whatever it
                // says that it has: rows that are not new to the desk prove nothing.
                let told = total.unwrap_or(WALK_ROWS_MAX).min(WALK_ROWS_MAX) * 2;
                let bound = if queue.reported { told } else { told.min(page.here * 4) } + 1_000;
                let lost = next.is_some() && (page.rows == 0 || *seen > bound);
                if next.is_none() || lost {
                    let first_seq = *first_seq;
                    if !queue.reported && !lost {
                        effects.push(Effect::FindAbsent { seq: first_seq });
                    }
                    self.end_walk(now, queue.reported, !lost, effects);
                }
            }
            _ => {}
        }
    }

    /// A walk that is under way is given up, and begun again from the first queue.
    fn begin_anew(&mut self, at: Duration) {
        if self.reported_next || !matches!(self.walk, Walk::None) {
            self.walk = Walk::None;
            self.reported_next = false;
            self.walk_at = at;
        }
    }

    /// A queue's walk is over, `whole` if it left no gap. The second queue, of reported comments, follows the first where
    /// the site has one.
    fn end_walk(&mut self, now: Duration, was_reported: bool, whole: bool, effects: &mut Vec<Effect>) {
        self.walk = Walk::None;
        self.dropped = 0;
        self.whole &= whole;
        self.walked_at = now;
        self.gap = None;
        self.disagreed = 0;
        self.poll_at = now + self.poll_every;
        if self.can.reports && !was_reported {
            self.reported_next = true;
        } else {
            let rest = if self.whole { WALK_AGAIN } else { WALK_REST };
            self.walk_at = if std::mem::take(&mut self.walk_again) { now } else { now + rest };
            effects.push(Effect::Walked { whole: self.whole });
        }
    }

    /// The newest page. What the site counts beyond the desk should stay what it was; two disagreements are a reason to walk.
    fn take_poll(&mut self, now: Duration, page: &Pulled) {
        if now.saturating_sub(self.watched_at) > IDLE_AFTER {
            self.poll_every = (self.poll_every * 2).min(POLL_IDLE_MAX);
        }
        self.poll_at = now + self.poll_every;
        let Some(total) = page.total else { return };
        let gap = total.cast_signed() - page.here.cast_signed();
        let agrees = *self.gap.get_or_insert(gap) == gap;
        self.disagreed = if agrees { 0 } else { self.disagreed + 1 };
        if self.disagreed >= 2 {
            self.walk_at = self.walk_at.min(now.max(self.walked_at + WALK_REST));
            self.disagreed = 0;
        }
    }

    fn look_at(&mut self, purpose: Purpose, ids: Vec<NativeId>) {
        if !ids.is_empty() {
            self.looks.entry(purpose).or_default().extend(ids);
        }
    }
}
