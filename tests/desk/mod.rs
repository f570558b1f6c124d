//! A desk on the demo site over real HTTP, without a window: what the flows and the window's tests stand on.

use greenroom::app::command::{Command, Connect, Secret};
use greenroom::app::glance::Glance;
use greenroom::app::notice::Notice;
use greenroom::app::secrets::Secrets;
use greenroom::app::{App, OtherDesk, Plant, Ports};
use greenroom::clock::System;
use greenroom::demo::{self, Demo, Mischief, Options};
use greenroom::domain::{Backend, CommentId, DecisionId, Delivery};
use greenroom::net::http::Http;
use greenroom::net::{Broken, Request, Response, Transport};
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

/// Longest wait for something that should come at once.
const PATIENCE: Duration = Duration::from_secs(20);

pub struct Bench {
    pub app: App,
    pub demo: Demo,
    pub dir: tempfile::TempDir,
    pub secrets: Secrets,
}

/// The wire of a site whose articles all say one thing, in HTML.
pub struct Swollen {
    http: Http,
    article: Arc<Mutex<String>>,
}

impl Swollen {
    pub fn saying(article: String) -> Self {
        Self { http: Http::new().unwrap(), article: Arc::new(Mutex::new(article)) }
    }

    /// What its articles say from now on can be put there.
    pub fn article(&self) -> Arc<Mutex<String>> {
        Arc::clone(&self.article)
    }
}

impl Transport for Swollen {
    fn send(&self, request: Request) -> Result<Response, Broken> {
        let is_article = request.url.contains("/articles/");
        let mut answer = self.http.send(request)?;
        if is_article && answer.status == 200 {
            let mut told: serde_json::Value = serde_json::from_slice(&answer.body).unwrap();
            told["body"]["text"] = self.article.lock().unwrap().clone().into();
            answer.body = told.to_string().into_bytes();
        }
        Ok(answer)
    }

    fn stream(&self, request: Request, sink: &mut dyn FnMut(&[u8]) -> bool) -> Result<Response, Broken> {
        self.http.stream(request, sink)
    }
}

pub fn demo_site(comments: usize) -> Demo {
    let options = Options { comments, rate_per_min: 0.0, mischief: Mischief::none(), ..Options::default() };
    Demo::start(options).unwrap()
}

/// What the button *Try the demo site* opens. From there one's own desk in `own` is a button away.
fn demo_desk(own: PathBuf, secrets: Secrets) -> Result<App, Notice> {
    let (demo, dir) = (demo_site(40), tempfile::tempdir().unwrap());
    let (connect, path) = (invitation(&demo), dir.path().to_owned());
    let company: Option<Box<dyn Send>> = Some(Box::new((demo, dir)));
    let other: OtherDesk = Arc::new(move || Ok(open(&own, secrets.clone(), Duration::ZERO)));
    let ports = ports(Secrets::in_memory(), Duration::ZERO, other);
    let mut app = App::open(&path, Ports { is_demo: true, company, ..ports })?;
    app.join(connect);
    Ok(app)
}

fn invitation(demo: &Demo) -> Connect {
    Connect {
        backend: Backend::Cmh,
        address: demo.origin(),
        account: String::new(),
        secret: Secret::new(demo.token()),
    }
}

pub fn open(dir: &Path, secrets: Secrets, commit_delay: Duration) -> App {
    App::open(dir, own_ports(dir, secrets, commit_delay)).unwrap()
}

fn own_ports(dir: &Path, secrets: Secrets, commit_delay: Duration) -> Ports {
    let (own, kept) = (dir.to_owned(), secrets.clone());
    let other: OtherDesk = Arc::new(move || demo_desk(own.clone(), kept.clone()));
    Ports { plant: Plant::in_folder(plants(dir)), ..ports(secrets, commit_delay, other) }
}

fn plants(dir: &Path) -> PathBuf {
    dir.join("plants")
}

fn ports(secrets: Secrets, commit_delay: Duration, other: OtherDesk) -> Ports {
    Ports {
        clock: Arc::new(System::start()),
        wire: Arc::new(Http::new().unwrap()),
        secrets,
        waker: Arc::new(|| ()),
        other: Some(other),
        is_demo: false,
        company: None,
        ending: Arc::new(AtomicBool::new(false)),
        commit_delay,
        fault_before: None,
        plant: Plant::default(),
    }
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
        assert!(
            Instant::now() < until,
            "{what}: not within {PATIENCE:?}; outbox: {:#?}; toast: {:?}",
            app.outbox(),
            app.toast()
        );
        std::thread::sleep(Duration::from_millis(5));
    }
}

/// Plants a fault in a desk's folder.
pub fn plant(dir: &Path, spot: &str, words: &str) {
    std::fs::create_dir_all(plants(dir)).unwrap();
    std::fs::write(plants(dir).join(spot), words).unwrap();
}

impl Bench {
    /// A desk whose first pull is complete.
    pub fn connected(comments: usize) -> Self {
        Self::slow(comments, Duration::ZERO)
    }

    /// The same on a disk whose every commit takes `commit_delay` longer.
    pub fn slow(comments: usize, commit_delay: Duration) -> Self {
        Self::on(demo_site(comments), Arc::new(Http::new().unwrap()), commit_delay)
    }

    /// A desk on a site, through a wire.
    pub fn on(demo: Demo, wire: Arc<dyn Transport>, commit_delay: Duration) -> Self {
        Self::through(demo, |ports| Ports { wire, ..ports }, commit_delay)
    }

    /// A desk on a site, with other ports.
    pub fn through(demo: Demo, ports: impl FnOnce(Ports) -> Ports, commit_delay: Duration) -> Self {
        let (dir, secrets) = (tempfile::tempdir().unwrap(), Secrets::in_memory());
        let ports = ports(own_ports(dir.path(), secrets.clone(), commit_delay));
        let app = App::open(dir.path(), ports).unwrap();
        let mut bench = Self { app, demo, dir, secrets };
        bench.app.run(Command::Connect(invitation(&bench.demo)));
        let pending = bench.demo.with_world(|world| world.pending_ids().len());
        bench.until("the first pull is complete", |app| app.queue().ids.len() == pending);
        bench
    }

    /// Takes frames until something holds.
    #[track_caller]
    pub fn until(&mut self, what: &str, holds: impl FnMut(&mut App) -> bool) {
        until(&mut self.app, what, holds);
    }

    /// Plants a fault that says `words` when it is met.
    pub fn plant(&self, spot: &str, words: &str) {
        plant(self.dir.path(), spot, words);
    }

    pub fn for_a_while(&mut self, time: Duration) {
        let until = Instant::now() + time;
        while Instant::now() < until {
            self.app.frame();
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    pub fn queue(&mut self) -> Vec<CommentId> {
        self.app.frame();
        self.app.queue().ids.to_vec()
    }

    pub fn native(&mut self, id: CommentId) -> String {
        self.app.card(id).unwrap().handle.split_once(':').unwrap().1.to_owned()
    }

    pub fn newest_decision(&mut self) -> DecisionId {
        self.app.outbox().iter().map(|row| row.id).max().unwrap()
    }

    /// Decides and waits for the site.
    pub fn decide_now(&mut self, command: Command) {
        let before = self.app.outbox().len();
        self.app.run(command);
        self.until("it is on disk", |app| app.outbox().len() > before);
        let id = self.newest_decision();
        self.app.run(Command::Release(id));
        self.until("it is delivered", |app| {
            app.outbox().iter().any(|row| row.id == id && row.delivery == Delivery::Delivered)
        });
    }

    pub fn site_status(&self, native: &str) -> demo::Status {
        self.demo.with_world(|world| world.status_of(native)).unwrap()
    }

    pub fn counts(&self) -> greenroom::store::Counts {
        Glance::open(self.dir.path()).unwrap().sites().unwrap()[0].counts
    }

    pub fn forget_secret(&mut self) {
        self.secrets = Secrets::in_memory();
    }

    /// Opens the desk anew as after a crash: what was held was not let go.
    pub fn crash(&mut self) {
        let copy = tempfile::tempdir().unwrap();
        for entry in std::fs::read_dir(self.dir.path()).unwrap() {
            let entry = entry.unwrap();
            std::fs::copy(entry.path(), copy.path().join(entry.file_name())).unwrap();
        }
        self.app = open(copy.path(), self.secrets.clone(), Duration::ZERO);
        self.dir = copy;
    }

    /// Closes the desk and opens it again, as a restart does.
    pub fn reopen(&mut self) {
        self.app.close();
        self.open_again(App::open);
    }

    /// Leaves the desk, and opens it again without its sites.
    pub fn reopen_at_rest(&mut self) {
        self.app.leave();
        self.open_again(App::open_at_rest);
    }

    fn open_again(&mut self, again: fn(&Path, Ports) -> Result<App, Notice>) {
        let (elsewhere, secrets) = (tempfile::tempdir().unwrap(), self.secrets.clone());
        let old =
            std::mem::replace(&mut self.app, open(elsewhere.path(), Secrets::in_memory(), Duration::ZERO));
        drop(old);
        let dir = self.dir.path();
        self.app = again(dir, own_ports(dir, secrets, Duration::ZERO)).unwrap();
    }
}
