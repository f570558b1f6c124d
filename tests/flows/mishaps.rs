//! Faults of the desk itself on every thread that works for it: each is told, and everything else goes on.

use crate::desk::{Bench, demo_site};
use chrono::{DateTime, Utc};
use greenroom::app::command::Command;
use greenroom::app::view::Health;
use greenroom::app::{App, Ports};
use greenroom::clock::{Clock, System};
use greenroom::demo;
use greenroom::domain::{CommentId, Delivery};
use greenroom::net::http::Http;
use greenroom::net::{Broken, Request, Response, Transport};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

fn said(app: &App) -> String {
    app.toast().map(|toast| toast.notice.words).unwrap_or_default()
}

/// Decides, lets it go and waits until the site has it.
fn is_delivered(bench: &mut Bench, id: CommentId) {
    let before = bench.app.outbox().len();
    bench.app.run(Command::Approve(vec![id]));
    bench.until("it is on disk", |app| app.outbox().len() > before);
    let decision = bench.newest_decision();
    bench.app.run(Command::Release(decision));
    bench.until("it is delivered", |app| {
        app.outbox().iter().any(|row| row.id == decision && row.delivery == Delivery::Delivered)
    });
}

#[test]
fn a_decision_that_the_writer_could_not_write_is_said_and_the_next_one_is_written() {
    let mut bench = Bench::connected(40);
    let first = bench.queue()[0];
    bench.plant("writer", "");
    bench.app.run(Command::Approve(vec![first]));
    bench.until("it is said", |app| said(app).starts_with("The decision was not written down"));
    assert!(said(&bench.app).contains("A fault of the desk itself"));
    assert_eq!(bench.app.take_undecided(), [first]);
    assert!(bench.app.outbox().is_empty() && bench.queue().contains(&first), "nothing of it is on disk");
    assert!(!bench.app.row(first).unwrap().saving, "nobody waits for it any more");
    is_delivered(&mut bench, first);
}

#[test]
fn a_job_that_panics_is_said_and_its_thread_works_on() {
    let mut bench = Bench::connected(40);
    for _ in 0..4 {
        bench.plant("job", "");
        bench.app.run(Command::ShowArrived);
        bench.until("it is said", |app| {
            said(app) == "The list of comments could not be read: a fault of the desk itself. Every decision is on disk"
        });
    }
    bench.app.run(Command::Search("e".to_owned()));
    bench.until("the list is read", |app| !app.queue().loading && app.queue().ids.len() > 1);
}

/// A wire that panics once, when it is told to, after the request has left.
struct Bitten {
    http: Http,
    bites: Arc<AtomicBool>,
}

impl Transport for Bitten {
    fn send(&self, request: Request) -> Result<Response, Broken> {
        let decides = request.url.ends_with("/decisions");
        let answer = self.http.send(request);
        if decides && self.bites.swap(false, Ordering::Relaxed) {
            panic!("planned");
        }
        answer
    }

    fn stream(&self, request: Request, sink: &mut dyn FnMut(&[u8]) -> bool) -> Result<Response, Broken> {
        self.http.stream(request, sink)
    }
}

#[test]
fn a_request_that_panics_is_one_whose_answer_was_lost_and_it_is_carried_out_once() {
    let bites = Arc::new(AtomicBool::new(true));
    let wire = Arc::new(Bitten { http: Http::new().unwrap(), bites: Arc::clone(&bites) });
    let mut bench = Bench::on(demo_site(40), wire, Duration::ZERO);
    let first = bench.queue()[0];
    let native = bench.native(first);
    is_delivered(&mut bench, first);
    assert!(!bites.load(Ordering::Relaxed), "it did not panic");
    let decided =
        bench.demo.with_world(|world| world.decisions().iter().filter(|d| d.comment == native).count());
    assert_eq!((decided, bench.site_status(&native)), (1, demo::Status::Approved));
    bench.until("it is said", |app| {
        said(app).starts_with("Something that was asked of a site came to nothing")
    });
}

/// A clock at which the thread of a site's engine panics once, when it is told to.
struct Stopping {
    system: System,
    stops: Arc<AtomicBool>,
}

impl Clock for Stopping {
    fn now(&self) -> DateTime<Utc> {
        self.system.now()
    }

    fn monotonic(&self) -> Duration {
        let is_engine = std::thread::current().name() == Some("site-1");
        if is_engine && self.stops.swap(false, Ordering::Relaxed) {
            panic!("planned");
        }
        self.system.monotonic()
    }
}

#[test]
fn a_site_whose_engine_panics_is_said_and_is_begun_anew_and_nothing_is_lost() {
    let stops = Arc::new(AtomicBool::new(false));
    let clock = Arc::new(Stopping { system: System::start(), stops: Arc::clone(&stops) });
    let mut bench = Bench::through(demo_site(40), |ports| Ports { clock, ..ports }, Duration::ZERO);
    let (first, second) = (bench.queue()[0], bench.queue()[1]);
    bench.app.run(Command::Approve(vec![first]));
    bench.until("it is on disk", |app| app.outbox().len() == 1);
    stops.store(true, Ordering::Relaxed);
    bench.app.run(Command::Refresh(None));
    let stopped = |app: &mut App| matches!(app.sites()[0].health, Health::Troubled { .. });
    bench.until("it is said of the site", stopped);
    let Health::Troubled { notice } = bench.app.sites()[0].health.clone() else { panic!() };
    assert!(notice.words.starts_with("Work with a site broke off; ask the site again"), "{}", notice.words);

    // The desk decides on, and the site is asked again.
    bench.app.run(Command::Reject(vec![second]));
    bench.until("both are on disk", |app| app.outbox().len() == 2);
    bench.app.run(notice.remedy.unwrap());
    bench.until("both are delivered", |app| {
        app.outbox().iter().filter(|row| row.delivery == Delivery::Delivered).count() == 2
    });
    assert!(!stopped(&mut bench.app));
}
