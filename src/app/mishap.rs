//! Faults of the desk itself: what goes on by itself, what a person begins anew, and what is told of it. A fault that was
//! planted on purpose is met here too.

use super::notice::{self, Notice};
use super::words::say_with;
use super::{App, Command};
use crate::domain::{Site, SiteId};
use crate::log;
use std::path::PathBuf;

/// Work with a site that broke off is begun anew by itself unless it had just begun.
const AGAIN_AFTER_SECS: i64 = 30;

/// Test seam: a file in this folder makes the spot of its name panic once, with what the file says.
#[derive(Debug, Clone, Default)]
pub struct Plant(Option<PathBuf>);

impl Plant {
    pub fn in_folder(folder: PathBuf) -> Self {
        Self(Some(folder))
    }

    /// Nothing, unless a fault was planted here.
    pub fn at(&self, spot: &str) {
        let Some(file) = self.0.as_ref().map(|folder| folder.join(spot)) else { return };
        let Ok(said) = std::fs::read_to_string(&file) else { return };
        if std::fs::remove_file(&file).is_ok() {
            panic!("a fault planted in the {spot}: {said}");
        }
    }
}

/// What the window tells of a fault of its own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mishap {
    /// It ended the program when it was last open.
    pub before: bool,
    /// Lines that can be shared.
    pub report: String,
}

/// Work with a site broke off.
pub(super) fn stopped(site: SiteId) -> Notice {
    let words = say_with("desk-fault", &[("job", "site-stopped".into())]);
    Notice::error(words, Some(Command::Refresh(Some(site))))
}

impl App {
    /// The fault that the thread which draws has just met.
    pub fn mishap(&self) -> Mishap {
        let report = log::newest().map(|fault| fault.report()).unwrap_or_default();
        Mishap { before: false, report }
    }

    /// The fault that ended the desk when it was last open; told once.
    pub fn mishap_before(&mut self) -> Option<Mishap> {
        self.fault_before.take().map(|fault| Mishap { before: true, report: fault.report() })
    }

    /// A person has read of it.
    pub fn mishap_told(&self) {
        log::told();
    }

    /// Panics where a fault was planted.
    pub fn plant(&self, spot: &str) {
        self.plant.at(spot);
    }

    /// After a fault in the window: whatever is kept ready for it is read from disk anew.
    pub fn refresh_views(&mut self) {
        self.cache.clear();
        self.open = None;
        self.outbox_at = None;
        self.status_at = None;
        self.rows_stale = true;
        self.generation += 1;
        self.load_queue();
    }

    pub(super) fn take_stopped(&mut self, site: SiteId) {
        let Some(row) = self.site_by_id(site) else { return };
        let now = self.clock.now();
        let started = self.known.get(&site).and_then(|known| known.started);
        if started.is_some_and(|at| (now - at).num_seconds() >= AGAIN_AFTER_SECS) {
            self.look_for_secret(row);
            return self.show(notice::of_panic("site-again"));
        }
        if let Some(known) = self.known.get_mut(&site) {
            known.stopped = true;
        }
        self.show(stopped(site));
    }

    /// Sites whose work broke off are put to work again because a person asks for them.
    pub(super) fn begin_anew(&mut self, site: Option<SiteId>) {
        let stopped = |id: &SiteId| self.known.get(id).is_some_and(|known| known.stopped);
        let these: Vec<Site> = self
            .sites
            .iter()
            .filter(|row| site.is_none_or(|id| id == row.id) && stopped(&row.id))
            .cloned()
            .collect();
        these.into_iter().for_each(|row| self.look_for_secret(row));
    }

    fn site_by_id(&self, site: SiteId) -> Option<Site> {
        self.sites.iter().find(|row| row.id == site).cloned()
    }
}
