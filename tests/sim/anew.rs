//! A site that is put to work anew while one of its answers is under way: with the driver's own threads.

use crate::site::{self, Comment, Face, Site};
use greenroom::backend::{self, Secret};
use greenroom::clock::System;
use greenroom::domain::{ArticleKey, CommentId, NativeId, SiteId, Status};
use greenroom::net::{Broken, Request, Response, Transport};
use greenroom::store::{Options, Rank, Store};
use greenroom::sync::Sync;
use greenroom::sync::engine::{Event, Want};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, mpsc};
use std::time::{Duration, Instant};

/// A wire on which the next look's answer can be kept back.
struct Gate {
    site: Site,
    is_shut: AtomicBool,
    passed: AtomicU64,
    gate: Mutex<mpsc::Receiver<()>>,
}

impl Transport for Gate {
    fn send(&self, request: Request) -> Result<Response, Broken> {
        let is_look = request.url.contains("/comments/1");
        let answer = self.site.send(request);
        if is_look && self.is_shut.swap(false, Ordering::Relaxed) {
            self.passed.fetch_add(1, Ordering::Relaxed);
            // Whoever opens it may be gone by then.
            let _ = self.gate.lock().unwrap().recv();
        }
        self.passed.fetch_add(1, Ordering::Relaxed);
        answer
    }

    fn stream(&self, _: Request, _: &mut dyn FnMut(&[u8]) -> bool) -> Result<Response, Broken> {
        Err(Broken::NotSent("no feed".into()))
    }
}

#[track_caller]
fn until(what: &str, holds: impl Fn() -> bool) {
    let end = Instant::now() + Duration::from_secs(20);
    while !holds() {
        assert!(Instant::now() < end, "{what}");
        std::thread::sleep(Duration::from_millis(2));
    }
}

#[test]
fn an_answer_from_before_a_site_was_put_to_work_anew_overwrites_nothing_newer() {
    let dir = tempfile::tempdir().unwrap();
    let store = Arc::new(Store::open(dir.path(), Options::default()).unwrap());
    let mut row = site::known_as(Face::Cmh);
    let added = row.clone();
    row.id = store.write(Rank::Decision, move |work| work.add_site(&added)).unwrap();
    let (open, gate) = mpsc::channel();
    let site = Site::new(Face::Cmh);
    site.state().comments.insert(1, Comment::new("words"));
    let gate = Mutex::new(gate);
    let wire = Arc::new(Gate { site, is_shut: AtomicBool::new(false), passed: AtomicU64::new(0), gate });
    let carried: Arc<dyn Transport> = Arc::clone(&wire) as Arc<dyn Transport>;
    let (mut sync, _news) =
        Sync::new(Arc::clone(&store), Arc::new(System::start()), carried, Arc::new(|| ()));
    let stands = |id: SiteId| {
        let reader = store.reader().unwrap();
        let found = reader.find(id, &NativeId("1".into())).unwrap();
        found.and_then(|id: CommentId| reader.comment(id).unwrap()).map(|row| row.status)
    };
    let work = |sync: &mut Sync| sync.start(&row, backend::open(&row, Secret::new("s")).unwrap()).unwrap();
    let look = |sync: &Sync| sync.tell(row.id, Event::Changed(vec![NativeId("1".into())]));

    work(&mut sync);
    until("it is pending", || stands(row.id) == Some(Status::Pending));
    // Requests that write no comment: the numbers on disk fall behind.
    let before = wire.passed.load(Ordering::Relaxed);
    for n in 0..20 {
        sync.tell(row.id, Event::Want(Want::Articles(vec![ArticleKey(format!("none-{n}"))])));
    }
    until("they were asked for", || wire.passed.load(Ordering::Relaxed) >= before + 20);
    let before = wire.passed.load(Ordering::Relaxed);
    wire.is_shut.store(true, Ordering::Relaxed);
    look(&sync);
    until("the look is answered", || wire.passed.load(Ordering::Relaxed) > before);

    work(&mut sync);
    wire.site.state().foreign(1, true, |comment| {
        comment.status = Status::Spam;
        comment.last = Some(("Bo".into(), Status::Spam, None));
    });
    until("it is spam", || {
        look(&sync);
        stands(row.id) == Some(Status::Spam)
    });
    open.send(()).unwrap();
    let end = Instant::now() + Duration::from_millis(500);
    while Instant::now() < end {
        assert_eq!(stands(row.id), Some(Status::Spam), "what was read before came last");
        std::thread::sleep(Duration::from_millis(5));
    }
    sync.leave();
}
