//! Shelves that are not mirrored: approved, rejected and spam are read through from the sites, a page at a time, as far as
//! somebody looks.

use super::App;
use super::view::{QueueView, Shelf};
use crate::domain::{CommentId, Cursor, Order, SiteId, Status};
use crate::store;
use crate::sync::engine::{Event, Want};
use std::collections::BTreeMap;

/// How far a shelf of one site was read.
#[derive(Debug, Default)]
struct Read {
    /// Where to read on; `None` at the end of it.
    next: Option<Cursor>,
    total: Option<u64>,
    asked: bool,
    why: Option<String>,
}

/// Whose shelf, which, and from which end.
type PageKey = (SiteId, Status, Order);

/// All that is read through.
#[derive(Debug)]
pub(super) struct Through {
    /// What was decided last is looked for most.
    pub(super) order: Order,
    read: BTreeMap<PageKey, Read>,
}

impl Default for Through {
    fn default() -> Self {
        Self { order: Order::Newest, read: BTreeMap::new() }
    }
}

/// The shelf as the store knows it.
pub(super) fn stored(shelf: Shelf) -> store::Shelf {
    match shelf {
        Shelf::Pending => store::Shelf::Pending,
        Shelf::Reported => store::Shelf::Reported,
        Shelf::Parked => store::Shelf::Parked,
        Shelf::Approved => store::Shelf::Of(Status::Approved),
        Shelf::Rejected => store::Shelf::Of(Status::Rejected),
        Shelf::Spam => store::Shelf::Of(Status::Spam),
    }
}

impl App {
    /// The order of the place that is open.
    pub fn order(&self) -> Order {
        if self.place.shelf.read_through().is_some() {
            return self.through.order;
        }
        let site = self.place.site.and_then(|id| self.sites.iter().find(|site| site.id == id));
        site.map_or(self.order, |site| site.order)
    }

    /// The first page of the open place is asked for, if it is not mirrored.
    pub(super) fn read_from_start(&mut self) {
        let Some(status) = self.place.shelf.read_through() else { return };
        for site in self.sites_here() {
            let key = (site, status, self.through.order);
            self.through.read.insert(key, Read { next: Some(Cursor::Start), ..Read::default() });
        }
        self.read_on();
    }

    /// The next page of the open place is asked for, unless it is on its way, could not be had, or was the last.
    fn read_on(&mut self) {
        let Some(status) = self.place.shelf.read_through() else { return };
        for site in self.sites_here() {
            self.ask_page((site, status, self.through.order));
        }
    }

    fn ask_page(&mut self, key: PageKey) {
        let Some(read) = self.through.read.get_mut(&key) else { return };
        if let (Some(cursor), false, None) = (&read.next, read.asked, &read.why) {
            read.asked = true;
            let (site, status, order) = key;
            let want = Want::Page { status, order, cursor: cursor.clone() };
            self.sync.tell(site, Event::Want(want));
        }
    }

    /// Reads on when the end of the list is on screen. A search finds what is here; it does not fetch an archive.
    pub(super) fn read_on_near_end(&mut self, shown: &[CommentId]) {
        let through = self.place.shelf.read_through().is_some();
        if through && self.search.trim().is_empty() && self.queue.ends_within(shown) {
            self.read_on();
        }
    }

    pub(super) fn take_page(
        &mut self,
        site: SiteId,
        (status, order): (Status, Order),
        total: Option<u64>,
        next: Option<Cursor>,
    ) {
        self.through.read.insert((site, status, order), Read { next, total, asked: false, why: None });
        if self.place.shelf.read_through() == Some(status) {
            self.load_queue();
        }
    }

    /// A page could not be had. It is not asked for again until a person does.
    pub(super) fn miss_page(&mut self, site: SiteId, (status, order): (Status, Order), why: String) {
        if let Some(read) = self.through.read.get_mut(&(site, status, order)) {
            read.asked = false;
            read.why = Some(why);
        }
    }

    /// Pages of a site that were asked for and did not come are asked for again.
    pub(super) fn forget_pages(&mut self, site: SiteId) {
        let keys: Vec<PageKey> = self.through.read.keys().filter(|(of, ..)| *of == site).copied().collect();
        keys.into_iter().for_each(|key| self.forget_page(key));
    }

    /// A page that did not come is asked for again: at once where the place is open, else when somebody goes there.
    pub(super) fn forget_page(&mut self, key: PageKey) {
        let Some(read) = self.through.read.get_mut(&key) else { return };
        let asked = std::mem::take(&mut read.asked);
        let missed = read.why.take().is_some();
        let (site, status, order) = key;
        let is_open = self.place.shelf.read_through() == Some(status)
            && self.through.order == order
            && self.sites_here().contains(&site);
        if (asked || missed) && is_open {
            self.ask_page(key);
        }
    }

    /// What is being read of the open place, and how much of it there is.
    pub(super) fn with_reading(&self, mut view: QueueView) -> QueueView {
        let Some(status) = self.place.shelf.read_through() else { return view };
        view.total = None;
        let mut goes_on = false;
        for site in self.sites_here() {
            let away = self.away(site);
            let Some(read) = self.through.read.get(&(site, status, self.through.order)) else { continue };
            view.reading |= read.asked && away.is_none();
            // A shelf opens at its top, and what is at its top only the site knows.
            view.loading |= read.asked && away.is_none() && read.next == Some(Cursor::Start);
            goes_on |= read.next.is_some();
            view.total = view.total.into_iter().chain(read.total).reduce(|a, b| a + b);
            view.unread = view.unread.or_else(|| read.why.clone()).or(away.filter(|_| read.asked));
        }
        // Of a shelf that was read to its end, the list itself is the count.
        view.total = view.total.filter(|_| goes_on);
        view
    }

    fn sites_here(&self) -> Vec<SiteId> {
        let here = self.sites.iter().filter(|site| self.place.site.is_none_or(|id| id == site.id));
        here.map(|site| site.id).collect()
    }
}
