//! What a script needs of the desk beyond what the window does: to know when something has ended.

use super::App;
use super::glance::Glance;
use super::view::OutboxRow;
use crate::domain::{CommentId, Delivery, SiteId, Verb};
use crate::sync::engine::Link;

/// How a site fares, for a script that waits for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Progress {
    Working {
        here: u64,
        total: Option<u64>,
    },
    /// Its queues were walked from end to end.
    Walked,
    Stuck {
        why: String,
    },
}

impl App {
    /// The desk's own monotonic clock.
    pub fn monotonic(&self) -> std::time::Duration {
        self.clock.monotonic()
    }

    pub fn progress(&self, site: SiteId) -> Progress {
        let Some(known) = self.known.get(&site) else { return Progress::Working { here: 0, total: None } };
        match &known.link {
            _ if known.walked => Progress::Walked,
            Link::SignedOut { why } | Link::Down { why, .. } => Progress::Stuck { why: why.clone() },
            Link::Up { walking: Some((here, total)), .. } => Progress::Working { here: *here, total: *total },
            Link::Up { walking: None, .. } | Link::Starting => Progress::Working { here: 0, total: None },
        }
    }

    /// What a moderator of a site should know about it, as keys of the words file.
    pub fn caveats(&self, site: SiteId) -> &[&'static str] {
        self.known.get(&site).map_or(&[], |known| known.caveats.as_slice())
    }

    /// Decides with another hold than the site's own.
    pub fn decide_held(&mut self, verb: Verb, ids: Vec<CommentId>, hold_secs: Option<u32>) {
        if let Some(hold_secs) = hold_secs {
            for site in &mut self.sites {
                site.hold_secs = hold_secs;
            }
        }
        self.decide(verb, ids);
    }

    /// The newest decision on each of these comments, once all are on disk.
    pub fn decisions_on(&mut self, ids: &[CommentId]) -> Option<Vec<OutboxRow>> {
        if ids.iter().any(|id| self.saving.contains(id)) {
            return None;
        }
        let rows = self.outbox();
        let newest =
            |id: &CommentId| rows.iter().filter(|row| row.comment == *id).max_by_key(|row| row.id).cloned();
        Some(ids.iter().filter_map(newest).collect())
    }

    /// Whether every decision is delivered, withdrawn or waits for a person.
    pub fn is_outbox_quiet(&mut self) -> bool {
        self.outbox()
            .iter()
            .all(|row| !matches!(row.delivery, Delivery::Held | Delivery::Queued | Delivery::Sending))
    }

    /// The same desk for reading, to find comments by handle.
    pub fn glance(&self, dir: &std::path::Path) -> Result<Glance, super::notice::Notice> {
        Glance::open(dir)
    }

    /// Whether the process was asked to end.
    pub fn is_ending(&self) -> bool {
        self.ending.load(std::sync::atomic::Ordering::Relaxed)
    }
}
