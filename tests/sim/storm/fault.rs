//! What goes wrong by itself in the storm: on the wire, on the disk, with the clock.

use super::{Disk, Level, Storm, Wind};
use crate::wire::Mishap;

impl Storm {
    /// Whether something of one wind happens now, in thousandths.
    pub(super) fn blows(&mut self, wind: Wind, mild: u64, wild: u64) -> bool {
        let chance = self.swarm.by(wind, 0, mild, wild);
        !self.calm && chance > 0 && self.dice.roll(1_000) < chance
    }

    pub(super) fn mishap(&mut self, pushed: Option<u64>) -> Option<Mishap> {
        use Mishap::{
            AnswerLost, DoneThenError, DoneThenPage, Echo, Late, NotSent, RequestLost, ServerError,
            SignedOut, Throttled, Twice, WebPage,
        };
        if self.calm {
            return None;
        }
        if pushed.is_some() && pushed == self.stubborn && self.dice.roll(10) < 9 {
            return Some(self.dice.pick(&[RequestLost, Late, ServerError]));
        }
        let kinds: [(Wind, u64, u64, &[Mishap]); 5] = [
            (Wind::Lost, 50, 250, &[NotSent, RequestLost, AnswerLost]),
            (Wind::Late, 40, 200, &[Late]),
            (Wind::Echo, 40, 200, &[Twice, Echo]),
            (Wind::Broken, 40, 200, &[ServerError, DoneThenError, Throttled, WebPage, DoneThenPage]),
            (Wind::SignedOut, 3, 20, &[SignedOut]),
        ];
        for (wind, mild, wild, mishaps) in kinds {
            if self.blows(wind, mild, wild) {
                return Some(self.dice.pick(mishaps));
            }
        }
        None
    }

    pub(super) fn haunt(&mut self) {
        let ghosts = self.site.state().ghosts.len() as u64;
        if ghosts > 0 {
            let n = self.dice.roll(ghosts) as usize;
            self.site.haunt(n);
        }
    }

    pub(super) fn jump_clock(&mut self) {
        const MINUTE: i64 = 60_000;
        let far = self.swarm.level(Wind::Clock) == Level::Wild;
        let by = self.dice.pick(if far {
            &[MINUTE, 60 * MINUTE, 2_880 * MINUTE]
        } else {
            &[1_000, 5_000, MINUTE]
        });
        self.skew_ms += if self.dice.roll(2) == 0 { by } else { -by };
    }

    pub(super) fn fill_disk(&mut self) {
        if self.disk != Disk::Roomy {
            return;
        }
        self.disk = self.dice.pick(&[Disk::Brim, Disk::Full]);
        self.disk_until = self.now + self.dice.pick(&[500, 5_000, 60_000]);
        if self.disk == Disk::Brim {
            let db = self.ledger.reading();
            let pages: i64 = db.pragma_query_value(None, "page_count", |row| row.get(0)).unwrap();
            self.limit_pages(pages);
        }
    }

    pub(super) fn make_room(&mut self) {
        self.disk = Disk::Roomy;
        self.limit_pages(1_000_000);
    }

    fn limit_pages(&self, most: i64) {
        let sql = format!("pragma max_page_count = {most}");
        self.ledger.reading().query_row(&sql, [], |row| row.get::<_, i64>(0)).unwrap();
    }
}
