//! A desk in memory with one site, and comments for it.

use super::{Arrival, Derived, Ledger};
use crate::domain::{Backend, Body, Format, NativeId, Observed, Order, Site, SiteId, Status};
use chrono::{DateTime, Utc};

pub fn site() -> Site {
    Site {
        id: SiteId(0),
        slug: "gazette".into(),
        name: "Gazette".into(),
        backend: Backend::Cmh,
        base: "https://gazette.example/mod".into(),
        account: String::new(),
        order: Order::Oldest,
        hold_secs: 5,
    }
}

pub fn desk() -> (Ledger, SiteId, DateTime<Utc>) {
    let mut desk = Ledger::in_memory().unwrap();
    let site = desk.write(|work| work.add_site(&site())).unwrap();
    (desk, site, DateTime::from_timestamp(1_770_000_000, 0).unwrap())
}

/// A pending comment.
pub fn told(id: &str, words: &str) -> Arrival {
    let observed = Observed {
        status: Some(Status::Pending),
        body: Some(Body { format: Format::Plain, source: words.into() }),
        ..Observed::of(NativeId(id.into()))
    };
    let derived = Derived { excerpt: words.into(), links: 0, form: words.into() };
    Arrival { observed, derived: Some(derived) }
}
