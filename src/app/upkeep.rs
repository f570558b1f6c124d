//! What a desk does for itself in the background, without a site and without a person.

use super::App;
use super::inbox::Note;
use crate::store::{Rank, Store, Trouble};
use crate::sync::ingest::derive;
use chrono::TimeDelta;
use std::sync::Arc;
use std::time::Duration;

/// Comments derived anew in one go: decisions get between two of them.
const AT_ONCE: u32 = 200;
/// Between two looks for what is to be erased.
const RETAIN_EVERY: Duration = Duration::from_secs(6 * 3600);

impl App {
    /// Excerpts and search forms that an older version computed are computed anew.
    pub(super) fn derive_again(&self) {
        let store = Arc::clone(&self.store);
        self.jobs.run("derive", move || Note::Derived(derive_all(&store)));
    }
}

impl App {
    /// What readers wrote is erased once it is not needed any more: at the start, and every few hours.
    pub(super) fn retain(&mut self) {
        let now = self.clock.monotonic();
        if self.retained_at.is_some_and(|at| now.saturating_sub(at) < RETAIN_EVERY) {
            return;
        }
        self.retained_at = Some(now);
        let days = TimeDelta::days(i64::from(self.settings.retention_days.max(1)));
        let Some(before) = self.clock.now().checked_sub_signed(days) else { return };
        let store = Arc::clone(&self.store);
        self.jobs.run("retain", move || Note::Retained(store.retain(before)));
    }
}

/// How many were derived anew.
fn derive_all(store: &Store) -> Result<usize, Trouble> {
    let mut done = 0;
    loop {
        let old = store.write(Rank::Ingest, |work| work.underived(AT_ONCE))?;
        if old.is_empty() {
            return Ok(done);
        }
        done += old.len();
        let derived: Vec<_> = old
            .into_iter()
            .map(|of| {
                let anew = derive(&of.body, &of.name);
                (of, anew)
            })
            .collect();
        store.write(Rank::Ingest, move |work| {
            derived.iter().try_for_each(|(of, derived)| work.derive_again(of, derived))
        })?;
    }
}
