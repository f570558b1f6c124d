//! Luck that can be repeated: one seeded stream of numbers (SplitMix64). Nothing here asks the machine for
//! randomness.

/// A stream of pseudo-random numbers. The same seed and stream give the same numbers for ever.
#[derive(Debug, Clone)]
pub struct Chance(u64);

impl Chance {
    /// One of many independent streams of a seed.
    pub fn new(seed: u64, stream: u64) -> Self {
        let mut chance = Self(seed ^ stream.wrapping_mul(0xD6E8_FEB8_6659_FD93));
        chance.draw();
        chance
    }

    /// The next number.
    pub fn draw(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// A number from 0 up to, not including, `end`; 0 where `end` is 0.
    pub fn below(&mut self, end: usize) -> usize {
        if end == 0 {
            return 0;
        }
        usize::try_from(self.draw() % end as u64).unwrap_or(0)
    }

    /// A number from 0 up to, not including, 1.
    pub fn unit(&mut self) -> f64 {
        (self.draw() >> 11) as f64 / (1u64 << 53) as f64
    }

    /// True in `share` of all cases.
    pub fn happens(&mut self, share: f64) -> bool {
        self.unit() < share
    }

    /// One of them, each as likely as the next.
    pub fn pick<'a, T>(&mut self, from: &'a [T]) -> Option<&'a T> {
        from.get(self.below(from.len()))
    }

    /// One of them, `weight` deciding how often.
    pub fn pick_weighted(&mut self, weights: &[u32]) -> usize {
        let sum: u64 = weights.iter().map(|w| u64::from(*w)).sum();
        let mut left = if sum == 0 { 0 } else { self.draw() % sum };
        for (at, weight) in weights.iter().enumerate() {
            if left < u64::from(*weight) {
                return at;
            }
            left -= u64::from(*weight);
        }
        0
    }

    /// Milliseconds until the next event of a kind that happens `per_min` times a minute, `None` for never.
    pub fn wait_ms(&mut self, per_min: f64) -> Option<i64> {
        if !(per_min > 0.0 && per_min.is_finite()) {
            return None;
        }
        let minutes = -(1.0 - self.unit()).ln() / per_min;
        Some((minutes * 60_000.0).clamp(1.0, 1e12) as i64)
    }

    /// Puts them in another order.
    pub fn shuffle<T>(&mut self, items: &mut [T]) {
        for at in (1..items.len()).rev() {
            let other = self.below(at + 1);
            items.swap(at, other);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seed_repeats_itself_and_its_streams_differ() {
        let mut a = Chance::new(7, 1);
        let mut b = Chance::new(7, 1);
        let mut c = Chance::new(7, 2);
        let drawn: Vec<u64> = (0..5).map(|_| a.draw()).collect();
        assert_eq!(drawn, (0..5).map(|_| b.draw()).collect::<Vec<_>>());
        assert_ne!(drawn, (0..5).map(|_| c.draw()).collect::<Vec<_>>());
    }

    #[test]
    fn events_keep_their_mean_distance() {
        let mut chance = Chance::new(1, 1);
        let sum: i64 = (0..4000).filter_map(|_| chance.wait_ms(6.0)).sum();
        let mean = sum / 4000;
        assert!((9_000..11_000).contains(&mean), "{mean}");
        assert_eq!(chance.wait_ms(0.0), None);
    }
}
