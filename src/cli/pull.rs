//! Fetching what waits, and sending what an earlier task left; telling a walk that goes on from one that has stopped.

use super::print;
use super::session::{STALL_MAX, Session};
use super::tasks::Code;
use super::{DONE, Opener, Sites, WAITING};
use crate::app::script::Progress;
use crate::app::words::{say, say_with};
use crate::domain::SiteId;
use std::collections::BTreeSet;
use std::time::Duration;

/// A site whose walks leave gaps so often in a row is not waited for any longer.
const WALKS_MAX: u32 = 2;

pub fn pull(open: Opener<'_>, json: bool) -> Code {
    let mut session = Session::open(open, Sites::AtWork)?;
    let bar = print::bar(0);
    let sites: Vec<SiteId> = session.app.sites().iter().map(|row| row.id).collect();
    let mut walks = Walks::begun(sites.len(), session.app.monotonic());
    let mut warned = false;
    let stuck = session.wait(Duration::MAX, |app| {
        let states: Vec<Progress> = sites.iter().map(|id| app.progress(*id)).collect();
        let stalled = walks.take(app.monotonic(), &states);
        let (here, total) = walks.measure();
        bar.set_length(total);
        bar.set_position(here);
        if !warned && states.iter().any(walks_again) {
            warned = true;
            bar.suspend(|| print::complain(say("cli-gaps")));
        }
        let working = |state: &Progress| matches!(state, Progress::Working { .. }) || walks_again(state);
        if states.iter().any(working) && !stalled {
            return None;
        }
        let stuck = states.into_iter().filter_map(|state| match state {
            Progress::Stuck { why } => Some(why),
            Progress::Working { .. } => Some(say("cli-no-answer")),
            Progress::Gaps { .. } => Some(say("cli-gaps-still")),
            Progress::Walked => None,
        });
        Some(stuck.collect::<Vec<_>>())
    });
    bar.finish_and_clear();
    let leaving = send_what_was_left(&mut session);
    let pending: u64 = session.app.sites().iter().map(|row| row.pending).sum();
    if json {
        print::json(&serde_json::json!({ "pending": pending }))?;
    } else {
        print::line(say_with("cli-pending", &[("n", pending.into())]))?;
    }
    match stuck {
        Some(stuck) if stuck.is_empty() && leaving.is_empty() => Ok(DONE),
        stuck => {
            leaving.into_iter().filter_map(|site| session.app.locked_out(site)).for_each(print::complain);
            stuck.unwrap_or_default().iter().for_each(print::complain);
            Ok(WAITING)
        }
    }
}

/// Waits until no decision may leave any more: what a task that was killed had on the wire is looked at first, which takes
/// longer than a walk. Returns the sites of those that are not gone after all, each once.
fn send_what_was_left(session: &mut Session) -> BTreeSet<SiteId> {
    let (mut fewest, mut moved_at) = (usize::MAX, session.app.monotonic());
    session.wait(Duration::MAX, |app| {
        let left =
            app.may_leave().into_iter().filter(|site| !matches!(app.progress(*site), Progress::Stuck { .. }));
        let (left, now) = (left.count(), app.monotonic());
        if left < fewest {
            (fewest, moved_at) = (left, now);
        }
        (left == 0 || now.saturating_sub(moved_at) >= STALL_MAX).then_some(())
    });
    session.app.may_leave().into_iter().collect()
}

/// Whether a site whose walk left gaps is waited for until it is walked again.
fn walks_again(state: &Progress) -> bool {
    matches!(state, Progress::Gaps { walks } if *walks < WALKS_MAX)
}

/// How the walks of all sites get on. A desk that has everything already shows nothing new while it is walked again, so
/// what counts is the walk itself.
struct Walks {
    states: Vec<Progress>,
    moved_at: Duration,
    /// Of each site, rows seen and rows expected.
    measures: Vec<(u64, u64)>,
}

impl Walks {
    fn begun(sites: usize, now: Duration) -> Self {
        Self { states: Vec::new(), moved_at: now, measures: vec![(0, 0); sites] }
    }

    /// Takes in how it stands now; whether nothing has moved for too long.
    fn take(&mut self, now: Duration, states: &[Progress]) -> bool {
        // Minutes pass between two walks.
        if self.states != states || states.iter().any(walks_again) {
            self.states = states.to_vec();
            self.moved_at = now;
        }
        for (measure, state) in self.measures.iter_mut().zip(states) {
            *measure = match state {
                Progress::Working { here, total: Some(total) } => (*here, *total.max(here)),
                Progress::Working { here, total: None } if *here > 0 => (*here, *here),
                Progress::Walked => (measure.1, measure.1),
                Progress::Working { .. } | Progress::Gaps { .. } | Progress::Stuck { .. } => *measure,
            };
        }
        now.saturating_sub(self.moved_at) >= STALL_MAX
    }

    /// Rows seen and rows expected, of all sites.
    fn measure(&self) -> (u64, u64) {
        self.measures.iter().fold((0, 0), |(here, total), of| (here + of.0, total + of.1))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(here: u64) -> [Progress; 1] {
        [Progress::Working { here, total: Some(12_000) }]
    }

    #[test]
    fn a_full_desk_that_is_walked_again_for_minutes_has_not_stopped() {
        let mut walks = Walks::begun(1, Duration::ZERO);
        for secs in 0..600 {
            let states = at(secs * 20);
            assert!(!walks.take(Duration::from_secs(secs), &states), "after {secs} s");
        }
        assert_eq!(walks.measure(), (11_980, 12_000));
        walks.take(Duration::from_secs(600), &[Progress::Working { here: 0, total: None }]);
        assert_eq!(walks.measure(), (11_980, 12_000), "the next queue has not answered yet");
        walks.take(Duration::from_secs(601), &[Progress::Walked]);
        assert_eq!(walks.measure(), (12_000, 12_000));
    }

    #[test]
    fn a_walk_that_left_gaps_is_made_once_more() {
        let mut walks = Walks::begun(1, Duration::ZERO);
        for secs in 0..400 {
            assert!(!walks.take(Duration::from_secs(secs), &[Progress::Gaps { walks: 1 }]), "after {secs} s");
        }
        assert!(walks_again(&Progress::Gaps { walks: 1 }) && !walks_again(&Progress::Gaps { walks: 2 }));
    }

    #[test]
    fn a_walk_that_stands_still_for_a_minute_has() {
        let mut walks = Walks::begun(1, Duration::ZERO);
        assert!(!walks.take(Duration::from_secs(30), &at(100)));
        assert!(!walks.take(Duration::from_secs(89), &at(100)));
        assert!(walks.take(Duration::from_secs(90), &at(100)));
    }
}
