//! Does what the engines say: a thread for each site that keeps its engine, a few workers that make its requests, and one
//! that follows its feed. Small and dull on purpose: whatever is clever belongs in the engine.

mod feed;

use super::dispatch::{Moment, stumble};
use super::engine::{Answer, Call, Effect, Engine, Event, Trip};
use super::news::{News, Waker};
use super::pace::IN_FLIGHT_MAX;
use super::perform::{lose, pack, travel, unpack};
use crate::backend::Backend;
use crate::clock::Clock;
use crate::domain::{Delivery, Order, Site, SiteId};
use crate::net::Transport;
use crate::store::{OpenRow, Rank, Reader, Store, Trouble, Work};
use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// Longest wait for what is held when the desk closes.
const CLOSE_MAX: Duration = Duration::from_secs(3);
/// Between two tries to write to a disk that refuses, or to read from it.
const REWRITE_EVERY: Duration = Duration::from_secs(1);

enum Msg {
    Event(Event),
    OutboxMoved,
    Done { seq: u64, answer: Answer, news: Vec<News> },
    Stop,
}

/// What every thread of one site shares.
struct Post {
    site: SiteId,
    backend: Arc<dyn Backend>,
    wire: Arc<dyn Transport>,
    store: Arc<Store>,
    clock: Arc<dyn Clock>,
    news: Sender<News>,
    waker: Waker,
    /// The number of the newest request, for receipts.
    seq: AtomicU64,
    stopping: AtomicBool,
}

struct Running {
    tx: Sender<Msg>,
    post: Arc<Post>,
    thread: std::thread::JoinHandle<()>,
}

/// All sites at work.
pub struct Sync {
    store: Arc<Store>,
    clock: Arc<dyn Clock>,
    wire: Arc<dyn Transport>,
    news: Sender<News>,
    waker: Waker,
    running: BTreeMap<SiteId, Running>,
}

impl Sync {
    /// Ready, with no site at work yet. News arrives on the other end, and `waker` is called with each.
    pub fn new(
        store: Arc<Store>,
        clock: Arc<dyn Clock>,
        wire: Arc<dyn Transport>,
        waker: Waker,
    ) -> (Self, Receiver<News>) {
        let (news, inbox) = channel();
        (Self { store, clock, wire, news, waker, running: BTreeMap::new() }, inbox)
    }

    /// Puts a site to work, or to work anew with another secret.
    pub fn start(&mut self, site: &Site, backend: Box<dyn Backend>) -> Result<(), Trouble> {
        let id = site.id;
        let before = self.running.get(&id).map(|running| Arc::clone(&running.post));
        self.stop(id);
        // What is under way still may be written after this: the count of requests goes on from there.
        let last = before.map_or(0, |post| post.seq.load(Ordering::Relaxed));
        let post = Arc::new(Post {
            site: id,
            backend: Arc::from(backend),
            wire: crate::net::private::wire_for(&site.base, &self.wire),
            store: Arc::clone(&self.store),
            clock: Arc::clone(&self.clock),
            news: self.news.clone(),
            waker: Arc::clone(&self.waker),
            seq: AtomicU64::new(last),
            stopping: AtomicBool::new(false),
        });
        let (tx, rx) = channel();
        let (theirs, order) = ((Arc::clone(&post), tx.clone()), site.order);
        let thread = std::thread::Builder::new()
            .name(format!("site-{id}"))
            .spawn(move || {
                let (post, tx) = theirs;
                // A panic ends the work with one site, and is told.
                let worked = catch_unwind(AssertUnwindSafe(|| work(&post, tx, order, &rx)));
                if worked.is_err() {
                    post.stopping.store(true, Ordering::Relaxed);
                    post.tell(News::Stopped(post.site));
                }
            })
            .map_err(|error| Trouble::Sql(error.to_string()))?;
        self.running.insert(id, Running { tx, post, thread });
        self.tell_outbox_moved(id);
        Ok(())
    }

    /// Tells a site's engine what happened.
    pub fn tell(&self, site: SiteId, event: Event) {
        if let Some(running) = self.running.get(&site) {
            // A site thread that has ended has nothing left to be told.
            let _ = running.tx.send(Msg::Event(event));
        }
    }

    /// The outbox of a site changed on disk.
    pub fn tell_outbox_moved(&self, site: SiteId) {
        if let Some(running) = self.running.get(&site) {
            let _ = running.tx.send(Msg::OutboxMoved);
        }
    }

    /// Ends a site's threads; requests under way finish by themselves and are recorded.
    pub fn stop(&mut self, site: SiteId) {
        if let Some(running) = self.running.remove(&site) {
            running.post.stopping.store(true, Ordering::Relaxed);
            let _ = running.tx.send(Msg::Stop);
            let _ = running.thread.join();
        }
    }

    /// Lets go of what is held and waits a moment for it; what does not make it goes at the next start.
    pub fn close(&mut self) {
        for running in self.running.values() {
            let _ = running.tx.send(Msg::Event(Event::LetGo));
        }
        let until = self.clock.monotonic() + CLOSE_MAX;
        while self.clock.monotonic() < until && self.is_busy() {
            std::thread::sleep(Duration::from_millis(20));
        }
        for site in self.running.keys().copied().collect::<Vec<_>>() {
            self.stop(site);
        }
    }

    /// Ends every site's threads. What has not left stays as it is; what has is given a moment for its answer.
    pub fn leave(&mut self) {
        let sites: Vec<SiteId> = self.running.keys().copied().collect();
        for site in &sites {
            self.stop(*site);
        }
        let until = self.clock.monotonic() + CLOSE_MAX;
        while self.clock.monotonic() < until && self.has_open(&sites, |row| row.delivery == Delivery::Sending)
        {
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    fn is_busy(&self) -> bool {
        let sites: Vec<SiteId> = self.running.keys().copied().collect();
        self.has_open(&sites, |_| true)
    }

    fn has_open(&self, sites: &[SiteId], which: impl Fn(&OpenRow) -> bool) -> bool {
        let Ok(reader) = self.store.reader() else { return false };
        sites.iter().any(|site| reader.open_rows(*site).is_ok_and(|rows| rows.iter().any(&which)))
    }
}

impl Post {
    fn moment<T>(&self, with: impl FnOnce(&mut Moment<'_>) -> T) -> T {
        let mut new_key = || uuid::Uuid::new_v4().to_string();
        with(&mut Moment { now: self.clock.now(), new_key: &mut new_key })
    }

    fn tell(&self, news: News) {
        // Nobody reads news any more when the desk is closing.
        let _ = self.news.send(news);
        (self.waker)();
    }

    /// Writes, and again until the disk takes it: what a site answered is not forgotten.
    fn write<T: Send + 'static>(
        self: &Arc<Self>,
        rank: Rank,
        work: impl Fn(&Work<'_>, &Post) -> Result<T, Trouble> + Send + std::marker::Sync + 'static,
    ) -> Result<T, Trouble> {
        let work = Arc::new(work);
        loop {
            let (post, attempt) = (Arc::clone(self), Arc::clone(&work));
            match self.store.write(rank, move |open| attempt(open, &post)) {
                Ok(value) => return Ok(value),
                Err(Trouble::Closed) => return Err(Trouble::Closed),
                // It would fail in the same way for ever.
                Err(trouble @ (Trouble::Wrong(_) | Trouble::Corrupt(_) | Trouble::Panicked)) => {
                    tracing::error!(site = %self.site, %trouble, "could not write");
                    self.tell(News::Trouble(self.site, trouble.to_string()));
                    return Err(trouble);
                }
                Err(trouble) => {
                    tracing::error!(site = %self.site, %trouble, "could not write");
                    self.tell(News::Trouble(self.site, trouble.to_string()));
                    if self.stopping.load(Ordering::Relaxed) {
                        return Err(trouble);
                    }
                    std::thread::sleep(REWRITE_EVERY);
                }
            }
        }
    }

    /// One call from first stride to last.
    fn carry_out(self: &Arc<Self>, seq: u64, call: &Call) -> Result<Msg, Trouble> {
        let asked = call.clone();
        let parcel =
            self.write(Rank::Dispatch, move |work, post| post.moment(|moment| pack(work, &asked, moment)))?;
        let brought = travel(&*self.backend, &*self.wire, parcel);
        let seq_now = self.seq.load(Ordering::Relaxed).max(seq);
        let rank = if matches!(call, Call::Push { .. }) { Rank::Dispatch } else { Rank::Ingest };
        let call = call.clone();
        let (answer, news) = self.write(rank, move |work, post| {
            post.moment(|moment| unpack(work, post.site, (seq, seq_now), &call, brought.clone(), moment))
        })?;
        Ok(Msg::Done { seq, answer, news })
    }

    /// A call that the desk's own file would not take, for good: the engine hears that it failed, and whatever it was for
    /// goes on.
    fn give_up(self: &Arc<Self>, seq: u64, call: &Call, trouble: &Trouble) -> Msg {
        let why = trouble.to_string();
        let (mut trip, mut news) = (Trip::Local, Vec::new());
        match call {
            Call::Push { id, .. } => {
                let id = *id;
                // Where that cannot be written either, it has been said, and the next start tries again.
                let _ = self.write(Rank::Dispatch, move |work, post| {
                    post.moment(|moment| lose(work, id, &why, moment))
                });
            }
            Call::Want(want) => news.push(News::Wanting(self.site, want.clone(), why)),
            Call::Identify => trip = Trip::Failing { why, after: None },
            Call::Pull { .. } | Call::Look { .. } => {}
        }
        Msg::Done { seq, answer: Answer::Failed(trip), news }
    }
}

/// Keeps a site's engine until it is told to stop.
fn work(post: &Arc<Post>, tx: Sender<Msg>, order: Order, rx: &Receiver<Msg>) {
    // What was on the wire when the desk last ended is unanswered.
    let now = post.clock.now();
    let seq = post.write(Rank::Dispatch, move |work, post| {
        work.recover(post.site, now)?;
        Ok((work.seq_max(post.site)?, work.doubtful(post.site)?))
    });
    let Ok((seq, doubtful)) = seq else { return };
    // This thread holds the other end.
    let _ = tx.send(Msg::Event(Event::Doubtful(doubtful)));
    let seq = seq.max(post.seq.load(Ordering::Relaxed));
    let engine = Engine::new(post.site, post.backend.capabilities(), order, seq);
    Desk::new(Arc::clone(post), tx, engine).run(rx);
}

type Calls = Arc<Mutex<Receiver<(u64, Call)>>>;

/// The thread that keeps one engine.
struct Desk {
    post: Arc<Post>,
    tx: Sender<Msg>,
    engine: Engine,
    calls: Sender<(u64, Call)>,
    follows_feed: bool,
    /// Kept for the outbox; `None` until it is read, and after it could not be.
    reader: Option<Reader>,
    /// The outbox moved and could not be read.
    is_behind: bool,
}

impl Desk {
    fn new(post: Arc<Post>, tx: Sender<Msg>, engine: Engine) -> Self {
        let (calls, waiting) = channel();
        let waiting: Calls = Arc::new(Mutex::new(waiting));
        for n in 0..IN_FLIGHT_MAX {
            let (post, tx, waiting) = (Arc::clone(&post), tx.clone(), Arc::clone(&waiting));
            let spawned = std::thread::Builder::new()
                .name(format!("site-{}-wire-{n}", post.site))
                .spawn(move || worker(&post, &tx, &waiting));
            if let Err(error) = spawned {
                tracing::error!(%error, "no thread for a worker");
            }
        }
        Self { post, tx, engine, calls, follows_feed: false, reader: None, is_behind: false }
    }

    fn run(mut self, rx: &Receiver<Msg>) {
        loop {
            let now = self.post.clock.monotonic();
            let mut wait = self.engine.wake_at(now).saturating_sub(now);
            if self.is_behind {
                wait = wait.min(REWRITE_EVERY);
            }
            let events = match rx.recv_timeout(wait) {
                Ok(Msg::Stop) | Err(RecvTimeoutError::Disconnected) => return,
                Err(RecvTimeoutError::Timeout) if self.is_behind => vec![self.outbox()],
                Err(RecvTimeoutError::Timeout) => vec![Event::Tick],
                Ok(Msg::Event(event)) => vec![event],
                Ok(Msg::OutboxMoved) => vec![self.outbox()],
                Ok(Msg::Done { seq, answer, news }) => {
                    for one in news {
                        self.take_note(&one);
                        self.post.tell(one);
                    }
                    vec![self.outbox(), Event::Answer { seq, answer }]
                }
            };
            for event in events {
                let effects = self.engine.tick(self.post.clock.monotonic(), event);
                self.post.seq.store(self.engine.seq(), Ordering::Relaxed);
                for effect in effects {
                    self.perform(effect);
                }
            }
        }
    }

    /// The outbox as it stands at this moment: what another thread read a moment ago may be older than what the engine
    /// knows. Where it cannot be read the engine keeps what it knew, and hears the rest a little later.
    fn outbox(&mut self) -> Event {
        match self.open_rows() {
            Ok(rows) => {
                self.is_behind = false;
                Event::Outbox(rows)
            }
            Err(trouble) => {
                tracing::error!(site = %self.post.site, %trouble, "could not read the outbox");
                (self.reader, self.is_behind) = (None, true);
                Event::Tick
            }
        }
    }

    fn open_rows(&mut self) -> Result<Vec<OpenRow>, Trouble> {
        let reader = match self.reader.take() {
            Some(reader) => reader,
            None => self.post.store.reader()?,
        };
        self.reader.insert(reader).open_rows(self.post.site)
    }

    fn take_note(&mut self, news: &News) {
        if let News::Identified(_, moderator) = news
            && moderator.can.feed
            && !self.follows_feed
        {
            self.follows_feed = true;
            let (post, tx) = (Arc::clone(&self.post), self.tx.clone());
            let since = moderator.feed_at.clone().unwrap_or_default();
            let spawned = std::thread::Builder::new()
                .name(format!("site-{}-feed", post.site))
                .spawn(move || feed::follow(&post, &tx, since));
            if let Err(error) = spawned {
                tracing::warn!(%error, "no thread for the feed; the site is polled");
            }
        }
    }

    fn perform(&self, effect: Effect) {
        let post = &self.post;
        match effect {
            Effect::Call { seq, call } => {
                // The workers end only after this sender.
                let _ = self.calls.send((seq, call));
            }
            Effect::Release(ids) => {
                let (now, tx, again) = (post.clock.now(), self.tx.clone(), ids.clone());
                let told = Arc::clone(post);
                post.store.submit(
                    Rank::Dispatch,
                    move |work| work.release(&ids, now),
                    move |result| {
                        let _ = tx.send(match result {
                            Ok(()) => Msg::OutboxMoved,
                            Err(trouble) => {
                                told.tell(News::Trouble(told.site, trouble.to_string()));
                                Msg::Event(Event::Unreleased(again))
                            }
                        });
                    },
                );
            }
            Effect::FindAbsent { seq } => {
                // Everything that the walk brought is on disk, and decisions need the writer.
                match post.store.reader().and_then(|reader| reader.unseen_since(post.site, seq)) {
                    Ok(absent) => {
                        let _ = self.tx.send(Msg::Event(Event::Absent(absent)));
                    }
                    Err(trouble) => post.tell(News::Trouble(post.site, trouble.to_string())),
                }
                self.bury_unmet(seq);
            }
            Effect::Stumble { id, fault, why } => {
                let (theirs, tx, told) = (Arc::clone(post), self.tx.clone(), Arc::clone(post));
                post.store.submit(
                    Rank::Dispatch,
                    move |work| theirs.moment(|moment| stumble(work, id, fault, &why, moment)),
                    move |result| {
                        if let Err(trouble) = result {
                            told.tell(News::Trouble(told.site, trouble.to_string()));
                        }
                        let _ = tx.send(Msg::OutboxMoved);
                    },
                );
            }
            Effect::Expire(ids) => {
                let (site, told) = (post.site, Arc::clone(post));
                post.store.submit(
                    Rank::Ingest,
                    move |work| work.expect_no_more(site, &ids),
                    move |result| {
                        // They stay doubtful, and are looked at again after the next start.
                        if let Err(trouble) = result {
                            told.tell(News::Trouble(told.site, trouble.to_string()));
                        }
                    },
                );
            }
            Effect::Walked { whole } => post.tell(News::Walked { site: post.site, whole }),
            Effect::Drop(want) => post.tell(News::Dropped(post.site, want)),
            Effect::Say(link) => post.tell(News::Link(post.site, link)),
        }
    }
}

impl Desk {
    /// What cannot be looked at, for it told no id, is gone if the whole walk since `from` did not meet it.
    fn bury_unmet(&self, from: u64) {
        let (told, site, now, seq) =
            (Arc::clone(&self.post), self.post.site, self.post.clock.now(), self.engine.seq());
        self.post.store.submit(
            Rank::Ingest,
            move |work| work.bury_unmet(site, (from, seq), now),
            move |result| match result {
                Ok(gone) if gone.is_empty() => {}
                Ok(gone) => told.tell(News::Changed(site, gone)),
                Err(trouble) => told.tell(News::Trouble(site, trouble.to_string())),
            },
        );
    }
}

fn worker(post: &Arc<Post>, tx: &Sender<Msg>, calls: &Calls) {
    loop {
        let next = calls.lock().unwrap_or_else(PoisonError::into_inner).recv();
        let Ok((seq, call)) = next else { return };
        tracing::debug!(site = %post.site, seq, ?call, "request");
        let carried = catch_unwind(AssertUnwindSafe(|| post.carry_out(seq, &call)));
        let carried = carried.unwrap_or_else(|_| {
            post.tell(News::Panicked(post.site));
            Err(Trouble::Panicked)
        });
        let done = carried.unwrap_or_else(|trouble| post.give_up(seq, &call, &trouble));
        if tx.send(done).is_err() {
            return;
        }
    }
}
