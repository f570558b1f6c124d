//! The whole product without pixels: commands in, views out. Nothing here draws, and nothing here waits for a site or a
//! disk.

mod answer;
mod article;
mod bodies;
pub mod checkup;
pub mod command;
pub mod connect;
mod decide;
pub mod glance;
pub mod inbox;
mod job;
mod marks;
mod mending;
mod mishap;
mod news;
pub mod notice;
mod noting;
mod other;
pub mod passage;
mod queue;
pub mod read;
pub mod script;
pub mod secrets;
pub mod settings;
mod shelf;
mod show;
mod softening;
mod upkeep;
pub mod view;
pub mod words;

pub use mishap::{Mishap, Plant};
pub use noting::NOTE_CHARS_MAX;
pub use other::OtherDesk;
pub use settings::{Settings, ThemeChoice};

use crate::clock::Clock;
use crate::domain::{ArticleKey, Capabilities, CommentId, Order, Record, RevisionId, Site, SiteId};
use crate::log::Fault;
use crate::net::Transport;
use crate::store::{self, Reader, Store, Trouble};
pub use crate::sync::Waker;
use crate::sync::engine::{Link, Want};
use crate::sync::{News, Sync};
use bodies::Bodies;
use chrono::{DateTime, Utc};
use command::Command;
use inbox::{Inbox, Kept, Note};
use job::Jobs;
use notice::Notice;
use queue::QueueState;
use secrets::Secrets;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::Path;
use std::sync::atomic::AtomicBool;
use std::sync::mpsc::Receiver;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use view::{ConnectView, Loadable, OutboxRow, Place, RowView, SiteRow, StatusView, Toast};

/// What the desk needs from outside.
pub struct Ports {
    pub clock: Arc<dyn Clock>,
    pub wire: Arc<dyn Transport>,
    pub secrets: Secrets,
    pub waker: Waker,
    pub other: Option<OtherDesk>,
    /// Nothing on this desk is kept.
    pub is_demo: bool,
    /// Lives as long as the desk: the demo site itself.
    pub company: Option<Box<dyn Send>>,
    /// Set when the process is asked to end.
    pub ending: Arc<AtomicBool>,
    /// Test seam: every commit takes this much longer.
    pub commit_delay: Duration,
    /// The fault that ended the desk when it was last open.
    pub fault_before: Option<Fault>,
    /// Test seam: faults planted on purpose.
    pub plant: Plant,
}

impl Ports {
    fn store_options(&self) -> store::Options {
        let now = Some(self.clock.now());
        store::Options { commit_delay: self.commit_delay, now, ..store::Options::default() }
    }
}

/// The comment on the card: its wording does not change under the reader.
struct Open {
    id: CommentId,
    shown: RevisionId,
}

/// What is known of a site beyond its row.
struct Known {
    link: Link,
    can: Option<Capabilities>,
    kept: Option<Kept>,
    synced_at: Option<DateTime<Utc>>,
    down_since: Option<DateTime<Utc>>,
    total: Option<u64>,
    trouble: Option<String>,
    /// Its queues were walked from end to end since the start.
    walked: bool,
    /// Walks in a row that left gaps.
    gaps: u32,
    caveats: Vec<&'static str>,
    /// It was said that its clock is off.
    clock_said: bool,
    /// When its holds began to count in this run.
    started: Option<DateTime<Utc>>,
    /// Work with it broke off and was not begun anew.
    stopped: bool,
}

/// The desk.
pub struct App {
    clock: Arc<dyn Clock>,
    wire: Arc<dyn Transport>,
    secrets: Secrets,
    other: Option<OtherDesk>,
    is_demo: bool,
    turns: u32,
    /// Held while a desk that left the window closes.
    closing: Arc<Mutex<()>>,
    company: Option<Box<dyn Send>>,
    ending: Arc<AtomicBool>,
    store: Arc<Store>,
    reader: Reader,
    sync: Sync,
    news: Receiver<News>,
    notes: Receiver<Note>,
    inbox: Inbox,
    jobs: Jobs,
    /// Reads what is on screen, and waits for no person.
    reading: Jobs,
    sites: Vec<Site>,
    known: BTreeMap<SiteId, Known>,
    rows: Vec<SiteRow>,
    rows_stale: bool,
    place: Place,
    order: Order,
    through: shelf::Through,
    search: String,
    queue: QueueState,
    cache: HashMap<CommentId, RowView>,
    saving: BTreeSet<CommentId>,
    /// Keys pressed on these came to nothing.
    undecided: Vec<CommentId>,
    /// Notes that came to nothing, with the words of those that were not written.
    /// Answers to many conflicts that made no act.
    unanswered: usize,
    unnoted: Vec<(CommentId, Option<String>)>,
    open: Option<Open>,
    generation: u64,
    articles: article::Articles,
    passages: passage::Passages,
    records: HashMap<CommentId, Loadable<Record>>,
    asked: BTreeMap<(SiteId, Want), DateTime<Utc>>,
    refused: BTreeMap<(SiteId, Want), String>,
    asked_titles: BTreeSet<(SiteId, ArticleKey)>,
    toast: Option<Toast>,
    connect: ConnectView,
    settings: Settings,
    settings_file: settings::File,
    softening: softening::Softening,
    ways_back: (bool, bool),
    watching: Vec<CommentId>,
    bodies: Bodies,
    /// Read at most once a second, and when something moved.
    outbox_at: Option<(i64, Vec<OutboxRow>)>,
    status_at: Option<(i64, StatusView)>,
    ended: script::Ended,
    fault_before: Option<Fault>,
    plant: Plant,
    mending: mending::Mending,
    retained_at: Option<Duration>,
}

/// Rows kept ready; far more than any screen shows.
const ROWS_MAX: usize = 4_000;

/// A keyring that asks its owner may block for minutes; another job must still get through.
const JOB_THREADS: usize = 3;

/// One long text does not keep the next one waiting.
const READING_THREADS: usize = 2;

impl App {
    /// Opens the desk in `dir` and puts every site to work.
    pub fn open(dir: &Path, ports: Ports) -> Result<Self, Notice> {
        let mut app = Self::open_at_rest(dir, ports)?;
        for site in app.sites.clone() {
            app.look_for_secret(site);
        }
        Ok(app)
    }

    /// Opens the desk in `dir` and leaves its sites alone: nothing is asked of them, and nothing is sent.
    pub fn open_at_rest(dir: &Path, ports: Ports) -> Result<Self, Notice> {
        Self::opened(dir, ports).map_err(|trouble| notice::of_trouble(&trouble))
    }

    fn opened(dir: &Path, ports: Ports) -> Result<Self, Trouble> {
        let mending::Opened { store, reader, mending, sites, ways_back } =
            mending::Opened::of(dir, ports.store_options())?;
        let store = Arc::new(store);
        let (inbox, notes) = Inbox::new(Arc::clone(&ports.waker));
        let (sync, news) =
            Sync::new(Arc::clone(&store), Arc::clone(&ports.clock), Arc::clone(&ports.wire), ports.waker);
        let settings_file = settings::File::in_folder(dir);
        let reading = Jobs::start(&inbox, "reading", READING_THREADS);
        let mut app = Self {
            clock: ports.clock,
            wire: ports.wire,
            secrets: ports.secrets,
            other: ports.other,
            is_demo: ports.is_demo,
            turns: 0,
            closing: Arc::default(),
            company: ports.company,
            ending: ports.ending,
            bodies: Bodies::apart(reading.clone(), Arc::clone(&store)),
            jobs: Jobs::start(&inbox, "job", JOB_THREADS),
            reading,
            sites,
            ways_back,
            store,
            reader,
            sync,
            news,
            notes,
            inbox,
            known: BTreeMap::new(),
            rows: Vec::new(),
            rows_stale: true,
            place: Place::default(),
            order: Order::default(),
            through: shelf::Through::default(),
            search: String::new(),
            queue: QueueState::default(),
            cache: HashMap::new(),
            saving: BTreeSet::new(),
            undecided: Vec::new(),
            unanswered: 0,
            unnoted: Vec::new(),
            open: None,
            generation: 0,
            articles: article::Articles::default(),
            passages: passage::Passages::default(),
            records: HashMap::new(),
            asked: BTreeMap::new(),
            refused: BTreeMap::new(),
            asked_titles: BTreeSet::new(),
            toast: None,
            connect: ConnectView::default(),
            settings: settings_file.read(),
            settings_file,
            softening: softening::Softening::default(),
            watching: Vec::new(),
            outbox_at: None,
            status_at: None,
            ended: script::Ended::default(),
            fault_before: ports.fault_before,
            plant: ports.plant,
            mending,
            retained_at: None,
        };
        app.begin();
        Ok(app)
    }

    /// What a desk that was just opened does by itself.
    fn begin(&mut self) {
        self.order = self.sites.first().map(|site| site.order).unwrap_or_default();
        self.load_queue();
        self.refresh_rows();
        self.derive_again();
        self.look_through();
        self.soften_from_start();
    }

    /// Once a frame: what other threads have found, done and written is taken in.
    pub fn frame(&mut self) {
        self.plant.at("frame");
        self.retain();
        self.bodies.begin_frame(self.clock.monotonic());
        while let Ok(note) = self.notes.try_recv() {
            self.take_note(note);
        }
        while let Ok(news) = self.news.try_recv() {
            self.take_news(news);
        }
        if std::mem::take(&mut self.rows_stale) {
            self.outbox_at = None;
            self.status_at = None;
            self.refresh_rows();
        }
    }

    /// Carries out one command. Returns at once; what takes time arrives in a later [`App::frame`].
    pub fn run(&mut self, command: Command) {
        use crate::domain::Verb;
        match command {
            Command::Approve(ids) => self.decide(Verb::Approve, ids),
            Command::Reject(ids) => self.decide(Verb::Reject, ids),
            Command::Spam(ids) => self.decide(Verb::Spam, ids),
            Command::Restore(ids) => self.decide(Verb::Restore, ids),
            Command::Park(ids) => self.park(ids),
            Command::WriteNote(id, text) => self.write_note(id, &text),
            Command::Undo => self.undo(false),
            Command::Redo => self.undo(true),
            Command::Release(id) => self.settle_by_hand(id, |work, id, now, _| work.release(&[id], now)),
            Command::Retry(id) => self.settle_by_hand(id, |work, id, now, _| work.retry(id, now)),
            Command::ApplyMine(id) => self.insist(id),
            Command::KeepTheirs(id) => self.keep_all(vec![id]),
            Command::KeepAll(ids) => self.keep_all(ids),
            Command::ApplyAll(compared) => self.apply_all(compared),
            Command::ReadAnew(id) => {
                self.open = self.open.take().filter(|open| open.id != id);
                self.generation += 1;
            }
            Command::Refresh(site) => self.refresh(site),
            Command::ShowArrived => self.load_queue(),
            Command::Go(place) => self.go(place),
            Command::SetOrder(order) => self.set_order(order),
            Command::Search(text) => {
                self.search = text;
                self.load_queue();
            }
            Command::Connect(connect) => self.connect_site(connect, false),
            Command::ConnectInClear(connect) => self.connect_site(connect, true),
            Command::SignIn(site, secret) => self.sign_in(site, secret),
            Command::RemoveSite(site) => self.remove_site(site),
            Command::SwitchDesk => self.switch_desk(),
            Command::MendDesk => self.mend_desk(),
            Command::Understood => self.understood(),
            // Where to look is the window's own business.
            Command::AskConnect | Command::AskSignIn(_) | Command::ShowOutbox | Command::OpenLink(_) => {}
        }
    }

    /// Lets go of what is held, waits at most three seconds for it, and ends every thread.
    pub fn close(&mut self) {
        self.sync.close();
        self.store.close();
    }

    /// Ends every thread and lets go of nothing: what is held goes out when the desk is open again.
    pub fn leave(&mut self) {
        self.sync.leave();
        self.store.close();
    }

    fn go(&mut self, place: Place) {
        if self.place != place {
            self.place = place;
            self.load_queue();
            self.read_from_start();
        }
    }

    fn set_order(&mut self, order: Order) {
        if self.place.shelf.read_through().is_some() {
            self.through.order = order;
            self.load_queue();
            return self.read_from_start();
        }
        if self.place.site.is_none() {
            self.order = order;
        }
        for site in self.sites.iter_mut().filter(|site| self.place.site.is_none_or(|id| id == site.id)) {
            site.order = order;
            let id = site.id;
            self.sync.tell(id, crate::sync::engine::Event::Order(order));
            let inbox = self.inbox.clone();
            self.store.submit(
                store::Rank::Decision,
                move |work| work.set_order(id, order),
                move |result| inbox.put(Note::Written(result)),
            );
        }
        self.load_queue();
    }

    fn refresh(&mut self, site: Option<SiteId>) {
        self.begin_anew(site);
        for id in self.known.keys() {
            if site.is_none_or(|site| site == *id) {
                self.sync.tell(*id, crate::sync::engine::Event::Refresh);
            }
        }
        self.read_from_start();
    }

    /// Reads the queue anew on a worker; the list on screen stays until the result is there.
    fn load_queue(&mut self) {
        let view = self.view();
        let serial = self.queue.begin(view.clone());
        let (store, plant) = (Arc::clone(&self.store), self.plant.clone());
        self.reading.run("queue", move || {
            plant.at("job");
            let keys = store.reader().and_then(|reader| reader.queue(&view));
            Note::Queue { serial, keys }
        });
    }

    fn view(&self) -> store::View {
        let search = self.search.trim();
        store::View {
            site: self.place.site,
            shelf: shelf::stored(self.place.shelf),
            order: self.order(),
            search: Some(crate::text::fold_query(search)).filter(|query| !query.is_empty()),
        }
    }
}
