//! How fast a site is asked: requests in flight, waits after faults, and the slow lane.

use std::collections::VecDeque;
use std::time::Duration;

/// Requests to one site at any moment, its feed not counted.
pub const IN_FLIGHT_MAX: usize = 4;
/// Of these, decisions may take so many first.
pub const WRITES_MAX: usize = 2;
/// After a 429 or when answers take twice as long, one at a time for this long.
const SLOW_LANE: Duration = Duration::from_secs(60);
/// Longest wait between two tries.
const WAIT_MAX: Duration = Duration::from_secs(300);
/// A site's own `Retry-After` is believed up to here.
const ASKED_WAIT_MAX: Duration = Duration::from_secs(3600);
/// And a site that asks for fewer requests at once gets none for so long.
const ASKED_WAIT_MIN: Duration = Duration::from_secs(2);
/// Answers compared for the median.
const SAMPLE: usize = 9;

/// The wait before try number `tries + 1`: 2 s, 4 s, 8 s … 5 min.
pub fn wait_after(tries: u32) -> Duration {
    Duration::from_secs(2_u64.saturating_pow(tries.clamp(1, 16))).min(WAIT_MAX)
}

/// What is compared with what: a page is heavier than a look, and each is measured against its own kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Weight {
    Page,
    Other,
}

/// How long one kind of answer takes.
#[derive(Debug, Clone, Default)]
struct Tempo {
    recent: VecDeque<Duration>,
    usual: Option<Duration>,
}

impl Tempo {
    /// Whether the newest answers took more than twice as long as usual.
    fn doubled(&mut self, took: Duration) -> bool {
        self.recent.push_back(took);
        if self.recent.len() < SAMPLE {
            return false;
        }
        let mut sorted: Vec<_> = self.recent.drain(..).collect();
        sorted.sort_unstable();
        let median = sorted[SAMPLE / 2];
        let usual = *self.usual.get_or_insert(median);
        // What stays slow becomes usual in time; what grows faster is so at once.
        self.usual = Some(median.min((usual * 7 + median) / 8));
        // Below a tenth of a second a doubling is noise, not a site in trouble.
        median > usual * 2 && median > Duration::from_millis(100)
    }
}

/// The tempo of one site.
#[derive(Debug, Clone, Default)]
pub struct Pace {
    slow_until: Duration,
    paused_at: Duration,
    paused_until: Duration,
    pages: Tempo,
    others: Tempo,
}

impl Pace {
    /// Requests that may be in flight now.
    pub fn allowed(&self, now: Duration) -> usize {
        if now < self.paused_until {
            0
        } else if now < self.slow_until {
            1
        } else {
            IN_FLIGHT_MAX
        }
    }

    /// When a pause that is on ends, and how long it is in all.
    pub fn pause(&self, now: Duration) -> Option<(Duration, Duration)> {
        (now < self.paused_until).then(|| (self.paused_until, self.paused_until - self.paused_at))
    }

    /// A person asks now: a long pause ends, and the site's next answer says whether that was too soon. Never sooner than
    /// the shortest pause.
    pub fn hasten(&mut self, now: Duration) {
        self.paused_until = self.paused_until.min(now.max(self.paused_at + ASKED_WAIT_MIN));
    }

    /// The site asked for fewer requests.
    pub fn throttled(&mut self, now: Duration, asked: Option<Duration>) {
        let wait = asked.unwrap_or(Duration::from_secs(5)).clamp(ASKED_WAIT_MIN, ASKED_WAIT_MAX);
        self.paused_at = now;
        self.paused_until = now + wait;
        self.slow_until = self.paused_until + SLOW_LANE;
    }

    /// An answer came after so long.
    pub fn answered(&mut self, now: Duration, took: Duration, weight: Weight) {
        let tempo = match weight {
            Weight::Page => &mut self.pages,
            Weight::Other => &mut self.others,
        };
        if tempo.doubled(took) {
            self.slow_until = now + SLOW_LANE;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    #[test]
    fn a_throttled_site_rests_and_then_gets_one_at_a_time() {
        let mut pace = Pace::default();
        pace.throttled(SECOND, Some(SECOND * 30));
        assert_eq!(pace.allowed(SECOND * 30), 0);
        assert_eq!(pace.allowed(SECOND * 31), 1);
        assert_eq!(pace.allowed(SECOND * 92), IN_FLIGHT_MAX);
    }

    #[test]
    fn an_absurd_wait_is_cut() {
        let mut pace = Pace::default();
        pace.throttled(SECOND, Some(Duration::ZERO));
        assert_eq!(pace.pause(SECOND), Some((SECOND * 3, SECOND * 2)), "at once would be a busy loop");
        pace.throttled(SECOND, Some(SECOND * 1_000_000_000));
        assert_eq!(pace.pause(SECOND), Some((SECOND * 3601, SECOND * 3600)));
    }

    #[test]
    fn a_person_need_not_wait_as_long_as_a_site_asks() {
        let mut pace = Pace::default();
        pace.throttled(SECOND, Some(SECOND * 3600));
        pace.hasten(SECOND);
        assert_eq!(pace.allowed(SECOND * 2), 0, "however often it is asked");
        assert_eq!(pace.allowed(SECOND * 3), 1);
        pace.throttled(SECOND * 3, Some(SECOND * 3600));
        pace.hasten(SECOND * 60);
        assert_eq!((pace.pause(SECOND * 60), pace.allowed(SECOND * 60)), (None, 1));
    }

    #[test]
    fn a_doubled_median_takes_the_slow_lane() {
        let mut pace = Pace::default();
        for _ in 0..9 {
            pace.answered(SECOND, Duration::from_millis(80), Weight::Other);
            pace.answered(SECOND, Duration::from_millis(300), Weight::Page);
        }
        assert_eq!(pace.allowed(SECOND), IN_FLIGHT_MAX);
        for _ in 0..9 {
            pace.answered(SECOND, Duration::from_millis(200), Weight::Other);
        }
        assert_eq!(pace.allowed(SECOND), 1);
    }

    #[test]
    fn waits_double_up_to_five_minutes() {
        let waits: Vec<u64> = [1, 2, 3, 8, 9, 60].into_iter().map(|n| wait_after(n).as_secs()).collect();
        assert_eq!(waits, [2, 4, 8, 256, 300, 300]);
    }
}
