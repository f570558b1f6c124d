//! What a desk does for itself in the background, without a site and without a person.

use super::App;
use super::inbox::Note;
use crate::store::{Rank, Store, Trouble};
use crate::sync::ingest::derive;
use std::sync::Arc;

/// Comments derived anew in one go: decisions get between two of them.
const AT_ONCE: u32 = 200;

impl App {
    /// Excerpts and search forms that an older version computed are computed anew.
    pub(super) fn derive_again(&self) {
        let store = Arc::clone(&self.store);
        self.jobs.run("derive", move || Note::Derived(derive_all(&store)));
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
