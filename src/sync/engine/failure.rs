//! What the engine makes of a call that failed: one comment's fault, or the whole site's.

use super::{Call, Effect, Engine, LOOK_BACK, Link, MISSING_REST, Purpose, Trip, Walk};
use crate::domain::{Cursor, NativeId};
use crate::sync::pace::wait_after;
use std::time::Duration;

/// So many reads that fail in a row are the site's fault, though its probe answers.
const TRIPS_MAX: u32 = 3;

impl Engine {
    pub(super) fn take_failure(&mut self, now: Duration, call: &Call, trip: Trip, effects: &mut Vec<Effect>) {
        match call {
            Call::Pull { cursor, walk, .. } => self.pull_failed(now, cursor, *walk, &trip),
            Call::Push { id, native_id } => {
                self.forget_sight(*id);
                if matches!(trip, Trip::Local | Trip::Failing { .. }) {
                    self.look_back.push((now + LOOK_BACK, native_id.clone()));
                }
                let tries = self.rows.iter().find(|row| row.id == *id).map_or(0, |row| row.tries);
                let memory = self.memory.entry(*id).or_default();
                memory.not_before = now + wait_after(tries);
            }
            Call::Look { ids, purpose } => self.look_failed(now, ids, *purpose, &trip, effects),
            Call::Identify | Call::Want(_) => {}
        }
        let is_probe = *call == Call::Identify;
        let says_site = matches!(call, Call::Look { purpose: Purpose::Missing, .. });
        match trip {
            Trip::Local => {}
            Trip::SignedOut(why) => self.link = Link::SignedOut { why },
            Trip::Throttled(after) => self.pace.throttled(now, after),
            Trip::Unreachable(why) => self.go_down(now, why, None),
            Trip::Failing { why, after } if is_probe || says_site || self.trips >= TRIPS_MAX => {
                self.go_down(now, why, after);
            }
            // It may fail on one comment or one page only: the probe tells.
            Trip::Failing { .. } => self.suspect = true,
        }
    }

    fn go_down(&mut self, now: Duration, why: String, after: Option<Duration>) {
        self.failures += 1;
        self.trips = 0;
        let wait = after.unwrap_or_default().clamp(wait_after(self.failures), Duration::from_secs(3600));
        self.link = Link::Down { next: now + wait, why };
        self.identified = false;
        self.suspect = false;
    }

    /// A page is asked for again after a rest that grows. A place in a list that is no more starts the walk anew.
    fn pull_failed(&mut self, now: Duration, cursor: &Cursor, walk: bool, trip: &Trip) {
        self.trips += 1;
        let rest = now + wait_after(self.trips);
        if !walk {
            self.poll_at = rest;
            return;
        }
        match (&mut self.walk, cursor) {
            (Walk::Offset(cover), Cursor::Offset(offset)) => cover.lost(*offset),
            (Walk::Offset(cover), Cursor::Start) => cover.lost(0),
            (Walk::Token { under_way, .. }, _) => *under_way = false,
            _ => {}
        }
        self.pull_rest = rest;
        if *trip == Trip::Local {
            self.walk = Walk::None;
            self.walk_at = rest;
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
        let alone = ids.len() == 1 && matches!(trip, Trip::Failing { .. } | Trip::Local);
        if purpose == Purpose::Missing {
            self.look_rest.insert(purpose, now + MISSING_REST);
        } else if !alone {
            self.look_rest.insert(purpose, now + wait_after(1));
        }
        let half = (ids.len() / 2).max(1);
        match purpose {
            Purpose::Missing => self.look_at(purpose, ids.to_vec()),
            Purpose::Refresh if alone => {
                self.look_back.extend(ids.iter().map(|id| (now + LOOK_BACK, id.clone())));
            }
            Purpose::Refresh => {
                self.look_max = if matches!(trip, Trip::Failing { .. }) { half } else { self.look_max };
                self.look_at(purpose, ids.to_vec());
            }
            Purpose::BeforePush => {
                self.sight_max = if matches!(trip, Trip::Failing { .. }) { half } else { self.sight_max };
                if let (true, Trip::Failing { why, .. }) = (alone, trip) {
                    self.stumble(now, ids, why, effects);
                }
            }
        }
    }

    /// The site fails on this one comment: its decision waits longer each time, and in the end a person is asked.
    fn stumble(&mut self, now: Duration, ids: &[NativeId], why: &str, effects: &mut Vec<Effect>) {
        for row in self.rows.iter().filter(|row| ids.contains(&row.native_id)) {
            let memory = self.memory.entry(row.id).or_default();
            memory.not_before = now + wait_after(row.tries + 1);
            effects.push(Effect::Stumble { id: row.id, fault: "failing", why: why.to_owned() });
        }
    }
}
