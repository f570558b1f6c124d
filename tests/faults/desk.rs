//! A whole desk, without pixels, behind the proxy: what a moderator reads while a fault lasts, and what becomes of a
//! decision that met it.

use super::fault::{Kind, Scope};
use super::proxy::{Dialect, Proxy, Seen};
use super::wordpress::WordPress;
use greenroom::app::command::{Command, Connect, Secret};
use greenroom::app::notice::{Notice, Tone, of_site};
use greenroom::app::secrets::Secrets;
use greenroom::app::view::{BadgeKind, Health, Loadable};
use greenroom::app::{App, Plant, Ports};
use greenroom::clock::{Clock, System};
use greenroom::demo::{self, Demo, Mischief, Options};
use greenroom::domain::{Backend, CommentId, Delivery, Verb};
use greenroom::net::http::{Http, Timeouts};
use greenroom::ui::verb;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

/// Longest wait for something that should come at once; several desks share two processors.
const PATIENCE: Duration = Duration::from_secs(25);
/// So long a fault is watched after its words stand, for a loop would show by then.
const WATCHED: Duration = Duration::from_millis(700);
/// So long after a look a decision may leave without another.
const SIGHT_GOOD: Duration = Duration::from_millis(1_100);
/// Requests that a desk may make in the seconds in which it meets a fault: a sign-in and a page of each queue, a look, the
/// decision, what stands beside it, the feed, and all of that again after two seconds.
pub const REQUESTS_MAX: usize = 40;
/// The wire of a test waits for seconds where the product waits for a minute.
pub const SHORT: Timeouts =
    Timeouts { answer: Duration::from_millis(2_500), idle: Duration::from_millis(1_500) };

/// The machine's clocks, which can be put forward.
pub struct Jump {
    base: System,
    ahead: AtomicU64,
}

impl Clock for Jump {
    fn now(&self) -> chrono::DateTime<chrono::Utc> {
        self.base.now() + chrono::Duration::milliseconds(self.ahead.load(Ordering::SeqCst).cast_signed())
    }

    fn monotonic(&self) -> Duration {
        self.base.monotonic() + Duration::from_millis(self.ahead.load(Ordering::SeqCst))
    }
}

/// A real site on loopback.
pub enum Site {
    Cmh(Demo),
    WordPress(WordPress),
}

impl Site {
    pub fn start(dialect: Dialect) -> Self {
        match dialect {
            Dialect::Cmh => {
                let quiet = Mischief::none();
                let options =
                    Options { comments: 6, rate_per_min: 0.0, mischief: quiet, ..Options::default() };
                Self::Cmh(Demo::start(options).unwrap())
            }
            Dialect::WordPress => Self::WordPress(WordPress::start()),
        }
    }

    pub fn address(&self) -> SocketAddr {
        match self {
            Self::Cmh(demo) => demo.address(),
            Self::WordPress(site) => site.address,
        }
    }

    /// What it calls itself in its own answers.
    pub fn stand_at(&self, origin: &str) {
        if let Self::Cmh(demo) = self {
            demo.with_world(|world| world.set_origin(origin));
        }
    }

    pub fn secret(&self) -> String {
        match self {
            Self::Cmh(demo) => demo.token().to_owned(),
            Self::WordPress(_) => "abcd efgh".to_owned(),
        }
    }

    pub fn connect(&self, origin: String) -> Connect {
        let secret = Secret::new(self.secret());
        let (backend, account) = match self {
            Self::Cmh(_) => (Backend::Cmh, String::new()),
            Self::WordPress(_) => (Backend::WordPress, "mod1".to_owned()),
        };
        Connect { backend, address: origin, account, secret }
    }

    pub fn pending(&self) -> usize {
        match self {
            Self::Cmh(demo) => demo.with_world(|world| world.pending_ids().len()),
            Self::WordPress(site) => site.pending(),
        }
    }

    /// How often this desk changed that comment, and whether it is approved.
    pub fn done(&self, native: &str) -> (usize, bool) {
        match self {
            Self::Cmh(demo) => demo.with_world(|world| {
                let ours = |done: &&demo::Decided| done.by == demo::MODERATOR && done.comment == native;
                let status = world.status_of(native);
                (world.decisions().iter().filter(ours).count(), status == Some(demo::Status::Approved))
            }),
            Self::WordPress(site) => {
                let id: u64 = native.parse().unwrap();
                let done = site.done().into_iter().filter(|done| done.id == id).count();
                (done, site.status_of(id) == "approved")
            }
        }
    }
}

/// What a moderator reads, and what mends it; empty where nothing is wrong.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Words {
    pub words: String,
    pub remedy: String,
}

impl Words {
    fn of(notice: &Notice) -> Self {
        let remedy = notice.remedy.as_ref().map(verb::remedy).unwrap_or_default();
        Self { words: timeless(&notice.words), remedy }
    }
}

/// Words without the numbers that change while they are read.
fn timeless(words: &str) -> String {
    let mut out: Vec<String> = Vec::new();
    for word in words.split(' ') {
        let counts = ["s", "min", "h"].contains(&word.trim_end_matches('.'));
        if let (true, Some(last)) = (counts, out.last_mut())
            && last.chars().all(|c| c.is_ascii_digit())
        {
            "N".clone_into(last);
        }
        out.push(word.to_owned());
    }
    // Ports are dealt out anew each time.
    let joined = out.join(" ");
    match joined.split_once("127.0.0.1:") {
        Some((before, after)) => {
            let rest = after.trim_start_matches(|c: char| c.is_ascii_digit());
            format!("{before}127.0.0.1:PORT{rest}")
        }
        None => joined,
    }
}

/// All that is on screen of a fault.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Screen {
    /// The site's line.
    pub site: Words,
    /// The decision's line in the outbox.
    pub outbox: Words,
    /// What is said beside the comment: of its article and of its author's record.
    pub beside: Words,
    /// What passes over the screen, where it is no success.
    pub toast: String,
    /// Comments shown as unreadable.
    pub unreadable: usize,
}

/// What a fault did in all.
#[derive(Debug)]
pub struct Met {
    pub screen: Screen,
    pub requests: usize,
    pub took: Duration,
}

pub struct Evening {
    pub app: App,
    pub site: Site,
    pub proxy: Proxy,
    clock: Arc<Jump>,
    first: CommentId,
    native: String,
    second: CommentId,
    /// Kept as long as the desk.
    pub _dir: tempfile::TempDir,
}

impl Evening {
    /// A desk whose first pull is complete.
    pub fn begin(dialect: Dialect) -> Self {
        let site = Site::start(dialect);
        let proxy = Proxy::before(site.address(), dialect);
        Self::behind(site, proxy)
    }

    /// The same on that site behind that proxy.
    pub fn behind(site: Site, proxy: Proxy) -> Self {
        let origin = format!("http://{}", proxy.address());
        site.stand_at(&origin);
        let dir = tempfile::tempdir().unwrap();
        let (mut app, clock) = open(dir.path());
        app.run(Command::Connect(site.connect(origin)));
        let pending = site.pending();
        until(&mut app, "the first pull", |app| {
            app.queue().ids.len() == pending && matches!(app.sites()[0].health, Health::Synced { .. })
        });
        let ids = app.queue().ids.to_vec();
        let native = app.card(ids[0]).unwrap().handle.split_once(':').unwrap().1.to_owned();
        Self { app, site, proxy, clock, first: ids[0], native, second: ids[1], _dir: dir }
    }

    /// Decides, and waits for the site. What is missing in the end.
    pub fn decide(&mut self) -> Vec<String> {
        self.app.run(Command::Approve(vec![self.first]));
        until(&mut self.app, "the decision is on disk", |app| app.outbox().len() == 1);
        let decision = self.app.outbox()[0].id;
        self.app.run(Command::Release(decision));
        self.recover()
    }

    /// Decides, and lets a fault begin that meets the decision or what is read.
    pub fn meet(&mut self, kind: &Kind, scope: Scope) {
        self.app.run(Command::Approve(vec![self.first]));
        until(&mut self.app, "the decision is on disk", |app| app.outbox().len() == 1);
        let fresh = Instant::now() + SIGHT_GOOD;
        until(&mut self.app, "the comment is looked at anew", |_| Instant::now() > fresh);
        self.proxy.begin(kind.how, scope);
        let decision = self.app.outbox()[0].id;
        self.app.run(Command::Release(decision));
        if scope != Scope::Writes {
            self.decision_meets();
        }
        if kind.name.starts_with("a clock") {
            // Clocks are compared at sign-in.
            let secret = Secret::new(self.site.secret());
            self.app.run(Command::SignIn(self.app.sites()[0].id, secret));
        } else if scope == Scope::All {
            self.app.run(Command::Refresh(None));
        }
    }

    /// Lets a fault happen to a decision and to what is read, until `wanted` is on screen; then lets it pass, and sees that
    /// the decision was carried out once and nothing was lost.
    pub fn play(&mut self, kind: &Kind, scope: Scope, wanted: Option<&Screen>) -> Result<Met, String> {
        let started = Instant::now();
        let shown = self.app.queue().ids.len();
        self.meet(kind, scope);
        let screen = self.watch(scope, wanted);
        let requests = self.proxy.seen().len();
        let met = Met { screen, requests, took: started.elapsed() };
        let mut wrong = self.kept(shown);
        if requests > if wanted.is_some() { REQUESTS_MAX } else { REQUESTS_MAX * 3 } {
            let last: Vec<String> = self.proxy.seen().iter().rev().take(8).map(Seen::line).collect();
            wrong.push(format!("{requests} requests, the last of them {last:?}"));
        }
        if kind.name != "gzip bomb" && requests == 0 && !matches!(kind.how, super::fault::How::Refuse) {
            wrong.push("nothing met it".to_owned());
        }
        let trapped = self.proxy.trapped();
        if !trapped.is_empty() {
            wrong.push(format!("another origin was asked: {trapped:?}"));
        }
        self.proxy.end();
        wrong.extend(self.recover());
        match wrong.is_empty() {
            true => Ok(met),
            false => Err(format!("{}; on screen: {:?}", wrong.join("; "), met.screen)),
        }
    }

    /// Waits for what the decision itself meets, so that nothing else comes before it.
    fn decision_meets(&mut self) {
        let until = Instant::now() + SHORT.answer + Duration::from_secs(2);
        while Instant::now() < until {
            let screen = self.look(Scope::All);
            if !screen.outbox.remedy.is_empty() || self.app.outbox()[0].delivery == Delivery::Delivered {
                return;
            }
            std::thread::sleep(Duration::from_millis(10));
        }
    }

    /// What is on screen once it is what is wanted and stays so for a while; without a wish, after some seconds.
    fn watch(&mut self, scope: Scope, wanted: Option<&Screen>) -> Screen {
        let until = Instant::now() + if wanted.is_some() { PATIENCE } else { Duration::from_secs(16) };
        let mut since = None;
        loop {
            let (screen, now) = (self.look(scope), Instant::now());
            since = since.filter(|_| wanted == Some(&screen)).or((wanted == Some(&screen)).then_some(now));
            if since.is_some_and(|since| now - since > WATCHED) || now > until {
                return screen;
            }
            std::thread::sleep(Duration::from_millis(10));
        }
    }

    fn look(&mut self, scope: Scope) -> Screen {
        let app = &mut self.app;
        app.frame();
        let mut screen = Screen::default();
        let row = &app.sites()[0];
        screen.site = of_site(row, app.now()).as_ref().map(Words::of).unwrap_or_default();
        if let Some(row) = app.outbox().first() {
            screen.outbox = row.notice.as_ref().map(Words::of).unwrap_or_default();
            if row.notice.is_none() {
                screen.outbox.words = verb::delivery(row.delivery);
            }
        }
        if scope == Scope::Beside {
            app.on_screen(Some(self.second), &[]);
            let article = match app.article(self.second) {
                Loadable::Failed { notice, .. } => notice.words,
                Loadable::Absent(why) => why,
                Loadable::Loading { .. } => "…".to_owned(),
                Loadable::Ready(article) => article.withheld.unwrap_or_else(|| "an article".to_owned()),
            };
            let record = match app.card(self.second).map(|card| card.record) {
                Some(Loadable::Failed { notice, .. }) => notice.words,
                Some(Loadable::Absent(why)) => why,
                Some(Loadable::Ready(_)) => "a record".to_owned(),
                _ => "…".to_owned(),
            };
            screen.beside.words = format!("{} / {}", timeless(&article), timeless(&record));
        }
        let toast = app.toast().filter(|toast| toast.notice.tone != Tone::Said);
        screen.toast = toast.map(|toast| timeless(&toast.notice.words)).unwrap_or_default();
        let ids = app.queue().ids.to_vec();
        let mut is_unread = |id: &CommentId| {
            let row = app.row(*id);
            row.is_some_and(|row| row.badges.iter().any(|badge| badge.kind == BadgeKind::Unreadable))
        };
        screen.unreadable = ids.iter().take(50).map(|id| usize::from(is_unread(id))).sum();
        screen
    }

    /// What is missing while the fault lasts: the decision, or a comment of the queue.
    fn kept(&mut self, shown: usize) -> Vec<String> {
        let mut wrong = Vec::new();
        let rows = self.app.outbox();
        if rows.len() != 1 || rows[0].comment != self.first || rows[0].verb != Verb::Approve {
            wrong.push(format!("the outbox has {rows:?}"));
        }
        let left = self.app.queue().ids.len();
        if left + 1 < shown {
            wrong.push(format!("{left} of {shown} comments are left in the queue"));
        }
        wrong
    }

    /// The fault is over: whatever the desk offers is done, and in the end all is as if it had not been.
    fn recover(&mut self) -> Vec<String> {
        let until = Instant::now() + PATIENCE;
        let mut next = Instant::now();
        let mut wrong;
        loop {
            self.app.frame();
            wrong = self.unmended();
            if wrong.is_empty() || Instant::now() > until {
                return wrong;
            }
            if Instant::now() >= next {
                next = Instant::now() + Duration::from_millis(400);
                self.clock.ahead.fetch_add(20_000, Ordering::SeqCst);
                self.mend();
            }
            std::thread::sleep(Duration::from_millis(10));
        }
    }

    fn mend(&mut self) {
        let row = self.app.sites()[0].clone();
        match row.health {
            Health::SignedOut { .. } if !self.app.connect().busy => {
                self.app.run(Command::SignIn(row.id, Secret::new(self.site.secret())));
            }
            _ => self.app.run(Command::Refresh(None)),
        }
        if let Some(row) = self.app.outbox().first() {
            match row.delivery {
                Delivery::Refused => self.app.run(Command::Retry(row.id)),
                Delivery::Conflicted => self.app.run(Command::ApplyMine(row.id)),
                _ => {}
            }
        }
    }

    fn unmended(&mut self) -> Vec<String> {
        let mut wrong = Vec::new();
        let rows = self.app.outbox();
        match rows.as_slice() {
            [row] if row.delivery == Delivery::Delivered => {}
            rows => wrong.push(format!("not delivered: {rows:?}")),
        }
        let done = self.site.done(&self.native);
        if done != (1, true) {
            wrong.push(format!("carried out {} times, approved: {}", done.0, done.1));
        }
        let (here, there) = (self.app.queue().ids.len(), self.site.pending());
        if here != there {
            wrong.push(format!("{here} comments on the desk, {there} on the site"));
        }
        let health = &self.app.sites()[0].health;
        if !matches!(health, Health::Synced { .. }) {
            wrong.push(format!("the site is {health:?}"));
        }
        wrong
    }
}

/// A desk in that folder, on clocks that can be put forward.
pub fn open(dir: &Path) -> (App, Arc<Jump>) {
    let clock = Arc::new(Jump { base: System::start(), ahead: AtomicU64::new(0) });
    let ports = Ports {
        clock: Arc::<Jump>::clone(&clock),
        wire: Arc::new(Http::with(SHORT).unwrap()),
        secrets: Secrets::in_memory(),
        waker: Arc::new(|| ()),
        other: None,
        is_demo: false,
        company: None,
        ending: Arc::new(AtomicBool::new(false)),
        commit_delay: Duration::ZERO,
        fault_before: None,
        plant: Plant::default(),
    };
    (App::open(dir, ports).unwrap(), clock)
}

/// Takes frames until something holds.
#[track_caller]
pub fn until(app: &mut App, what: &str, mut holds: impl FnMut(&mut App) -> bool) {
    let until = Instant::now() + PATIENCE;
    loop {
        app.frame();
        if holds(app) {
            return;
        }
        if Instant::now() > until {
            let (outbox, connect) = (app.outbox(), app.connect());
            panic!("{what}: {:?} {outbox:?} {connect:?}", app.sites());
        }
        std::thread::sleep(Duration::from_millis(5));
    }
}
