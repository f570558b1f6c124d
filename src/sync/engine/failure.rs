//! What the engine makes of a call that failed: one comment's fault, or the whole site's.

use super::{Call, Effect, Engine, LOOK_BACKS, Link, MISSING_REST, Purpose, Trip, Walk};
use crate::domain::{Cursor, Delivery, NativeId, Queue};
use crate::sync::pace::wait_after;
use std::time::Duration;

/// So many pages that fail, with nothing read in between, are the site's fault, though its probe answers.
const TRIPS_MAX: u32 = 3;
/// A site's own word for how long it will fail is believed up to here.
const ASKED_MAX: Duration = Duration::from_secs(3600);
/// Why a site is down whose probe came to nothing of its own.
const UNIDENTIFIED: &str = "it could not be found out who is signed in";
/// Why a decision waits whose comment's look came to nothing of its own.
const UNSEEN: &str = "the comment could not be looked at";

impl Engine {
    pub(super) fn take_failure(&mut self, now: Duration, call: &Call, trip: Trip, effects: &mut Vec<Effect>) {
        match call {
            Call::Pull { queue, cursor, walk } => {
                self.pull_failed(now, queue, cursor, *walk, &trip);
                self.unread += 1;
                // Looks may go on for hours on a site whose list cannot be read.
                if self.unread == TRIPS_MAX {
                    effects.push(Effect::Walked { whole: false });
                }
            }
            Call::Push { id, native_id } => {
                self.forget_sights(native_id);
                if matches!(trip, Trip::Local | Trip::Failing { .. }) {
                    self.look_back_at(now, native_id);
                }
                let tries = self.rows.iter().find(|row| row.id == *id).map_or(0, |row| row.tries);
                let memory = self.memory.entry(*id).or_default();
                let asked =
                    if let Trip::Failing { after: Some(after), .. } = trip { after } else { Duration::ZERO };
                memory.not_before = now + asked.clamp(wait_after(tries), ASKED_MAX);
            }
            Call::Look { ids, purpose } => self.look_failed(now, ids, *purpose, &trip, effects),
            Call::Identify | Call::Want(_) => {}
        }
        let is_probe = *call == Call::Identify;
        match trip {
            // Without an answer to this nothing else is asked: it is asked again after a rest.
            Trip::Local if is_probe => self.go_down(now, UNIDENTIFIED.to_owned(), None),
            Trip::Local => {}
            Trip::Broken(why) => self.go_down(now, why, Some(MISSING_REST)),
            Trip::SignedOut(why) => self.link = Link::SignedOut { why },
            Trip::Throttled(after) => self.pace.throttled(now, after),
            Trip::Unreachable(why) => self.go_down(now, why, None),
            Trip::Failing { why, after } if is_probe || self.trips >= TRIPS_MAX => {
                // A place in the list that is always refused is no place to go on from.
                if self.trips >= TRIPS_MAX && matches!(self.walk, Walk::Token { .. }) {
                    self.begin_anew(now);
                }
                self.go_down(now, why, after);
            }
            // It may fail on one comment or one page only: the probe tells.
            Trip::Failing { .. } => self.suspect = true,
        }
    }

    fn go_down(&mut self, now: Duration, why: String, after: Option<Duration>) {
        self.failures += 1;
        self.trips = 0;
        let wait = after.unwrap_or_default().clamp(wait_after(self.failures), ASKED_MAX);
        self.link = Link::Down { next: now + wait, why };
        self.identified = false;
        self.suspect = false;
    }

    /// A page is asked for again after a rest that grows. A place in a list that is no more starts the walk anew; where
    /// places never last, that rest grows too.
    fn pull_failed(&mut self, now: Duration, queue: &Queue, cursor: &Cursor, walk: bool, trip: &Trip) {
        self.trips += 1;
        let rest = now + wait_after(self.trips);
        if !walk {
            self.poll_at = rest;
            return;
        }
        self.pull_rest = rest;
        if queue.order != self.order {
            return;
        }
        match (&mut self.walk, cursor) {
            (Walk::Offset(cover), Cursor::Offset(offset)) => cover.lost(*offset),
            (Walk::Offset(cover), Cursor::Start) => cover.lost(0),
            (Walk::Token { .. }, _) if *trip == Trip::Local => {
                self.dropped += 1;
                self.begin_anew(now + wait_after(self.dropped));
            }
            (Walk::Token { under_way, .. }, _) => *under_way = false,
            _ => {}
        }
    }

    /// Nothing that should be looked at is forgotten. A look that fails is made smaller, until the comment it fails on is
    /// alone and waits by itself.
    fn look_failed(
        &mut self,
        now: Duration,
        ids: &[NativeId],
        purpose: Purpose,
        trip: &Trip,
        effects: &mut Vec<Effect>,
    ) {
        let why = match trip {
            Trip::Failing { why, .. } => Some(why.as_str()),
            Trip::Local => Some(UNSEEN),
            Trip::Unreachable(_) | Trip::SignedOut(_) | Trip::Throttled(_) | Trip::Broken(_) => None,
        };
        let alone = why.filter(|_| ids.len() == 1);
        let half = if why.is_some() { (ids.len() / 2).max(1) } else { usize::MAX };
        if purpose != Purpose::BeforePush || alone.is_none() {
            self.look_rest.insert(purpose, now + wait_after(1));
        }
        match purpose {
            // Asked one by one: the others are not to wait behind this one.
            Purpose::Missing if !matches!(trip, Trip::Broken(_)) => self.look_later(now, ids),
            Purpose::Missing => self.look_at(purpose, ids.to_vec()),
            Purpose::Refresh if alone.is_some() => self.look_later(now, ids),
            Purpose::Refresh => {
                self.look_max = self.look_max.min(half);
                self.look_at(purpose, ids.to_vec());
            }
            Purpose::BeforePush => self.sight_max = self.sight_max.min(half),
        }
        if let (Purpose::Missing | Purpose::BeforePush, Some(why)) = (purpose, alone) {
            self.stumble(now, ids, why, effects);
        }
    }

    fn look_later(&mut self, now: Duration, ids: &[NativeId]) {
        self.look_back.extend(ids.iter().map(|id| (now + LOOK_BACKS[0], id.clone())));
    }

    /// The site fails on this one comment: its decision waits longer each time, and in the end a person is asked.
    fn stumble(&mut self, now: Duration, ids: &[NativeId], why: &str, effects: &mut Vec<Effect>) {
        let queued = self.rows.iter().filter(|row| row.delivery == Delivery::Queued);
        for row in queued.filter(|row| ids.contains(&row.native_id)) {
            let memory = self.memory.entry(row.id).or_default();
            memory.not_before = memory.not_before.max(now + wait_after(row.tries + 1));
            effects.push(Effect::Stumble { id: row.id, fault: "failing", why: why.to_owned() });
        }
    }
}
