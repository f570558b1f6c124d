//! A desk with decisions in every state, whose file can be hurt in every way.

use chrono::{DateTime, TimeDelta, Utc};
use greenroom::domain::{
    AuthorSeen, Backend, Body, CommentId, DecisionId, Delivery, Format, NativeId, Observed, Order, Private,
    Site, SiteId, Status, Verb,
};
use greenroom::store::{
    ActKind, Arrival, Derived, NewDecision, Options, OutboxLine, Rank, Side, Source, Store, Stumble, Trouble,
    Work,
};
use std::path::{Path, PathBuf};

pub const COMMENTS: usize = 120;
pub const FILE: &str = "desk.sqlite";

pub fn at(secs: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(1_770_000_000, 0).unwrap() + TimeDelta::seconds(secs)
}

pub fn options() -> Options {
    Options { now: Some(at(5_000)), ..Options::default() }
}

pub fn site() -> Site {
    Site {
        id: SiteId(0),
        slug: "gazette".into(),
        name: "Gazette".into(),
        backend: Backend::Cmh,
        base: "https://gazette.example/mod".into(),
        account: "Robin".into(),
        order: Order::Newest,
        hold_secs: 7,
    }
}

pub fn words(n: usize) -> String {
    format!("Comment {n} says:\tthe ferry was late\nagain. {}", "And so on. ".repeat(n % 40))
}

pub fn told(n: usize) -> Arrival {
    let observed = Observed {
        status: Some(Status::Pending),
        body: Some(Body { format: Format::Plain, source: words(n) }),
        author: Some(AuthorSeen { name: format!("Ana {n}"), url: None, key: None }),
        private: Some(Private { email: Some(format!("ana{n}@example.org")), ip: None, agent: None }),
        ..Observed::of(NativeId(format!("c{n}")))
    };
    let derived = Derived { excerpt: words(n), links: 0, form: words(n) };
    Arrival { observed, derived: Some(derived) }
}

pub fn write<T: Send + 'static>(
    store: &Store,
    work: impl FnOnce(&Work<'_>) -> Result<T, Trouble> + Send + 'static,
) -> T {
    store.write(Rank::Decision, work).unwrap()
}

pub fn decide(store: &Store, n: usize, verb: Verb) -> DecisionId {
    let item = NewDecision {
        comment: CommentId(n as i64 + 1),
        verb,
        keeps: false,
        seen: None,
        key: format!("key-{n}-{verb:?}"),
        hold_secs: 7,
    };
    write(store, move |work| work.decide(ActKind::Decide, &[item], at(100 + n as i64))).decisions[0].0
}

/// What is expected to be there again: of every open decision what it is about, and where it may stand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wanted {
    pub native_id: String,
    pub verb: Verb,
    pub words: String,
    pub prior: Status,
    pub key: String,
    pub delivery: Delivery,
}

/// Makes a desk with decisions that are held, queued, on the wire, unanswered, contradicted, refused, delivered and taken
/// back. Returns those that are open.
pub fn fill(store: &Store) -> Vec<Wanted> {
    let site = write(store, |work| work.add_site(&site()));
    let arrivals: Vec<Arrival> = (0..COMMENTS).map(told).collect();
    write(store, move |work| work.ingest(site, 1, Source::List, at(0), &arrivals));
    let verbs = [Verb::Approve, Verb::Reject, Verb::Spam];
    for n in 0..24 {
        let id = decide(store, n, verbs[n % 3]);
        write(store, move |work| {
            let now = at(200);
            if n % 8 == 0 {
                return Ok(());
            }
            work.release(&[id], now)?;
            if n % 8 == 1 {
                return Ok(());
            }
            if n % 8 == 7 {
                return work.refuse(id, ("refused", "no"), "guard", now);
            }
            work.sending(id, Some(Status::Pending), now)?;
            match n % 8 {
                2 => Ok(()),
                3 => {
                    let fault = "unanswered";
                    work.stumble(
                        id,
                        &Stumble { may_have_left: true, counts: true, fault, why: String::new() },
                        now,
                    )
                }
                4 => {
                    let theirs = Side { status: Status::Spam, by: Some("Bo".into()), at: None };
                    work.contradict(id, &theirs, "guard", now)
                }
                _ => work.deliver(id, true, now),
            }
        });
    }
    // One that is taken back before it left.
    decide(store, 30, Verb::Spam);
    write(store, |work| {
        let mut n = 0;
        let mut key = || {
            n += 1;
            format!("undo-{n}")
        };
        work.undo(at(300), &mut key)
    });
    open(store)
}

pub fn lines(store: &Store) -> Vec<OutboxLine> {
    let lines = store.reader().unwrap().outbox(1_000, 1_000).unwrap();
    lines.into_iter().filter(|line| !line.delivery.is_settled()).collect()
}

/// The open decisions of a desk, by native id.
pub fn open(store: &Store) -> Vec<Wanted> {
    let reader = store.reader().unwrap();
    let mut open: Vec<Wanted> = lines(store)
        .into_iter()
        .map(|line| {
            let seen = reader.revision(line.decision.seen).unwrap().unwrap();
            Wanted {
                native_id: line.decision.native_id.0.clone(),
                verb: line.decision.verb,
                words: seen.0.source,
                prior: line.decision.prior,
                key: line.decision.key.clone(),
                delivery: line.delivery,
            }
        })
        .collect();
    open.sort_by(|a, b| a.native_id.cmp(&b.native_id));
    open
}

/// A desk's folder as it was left: closed well, or as a crash leaves it, with what SQLite had not yet put into the file.
pub struct Left {
    pub files: Vec<(String, Vec<u8>)>,
    pub open: Vec<Wanted>,
}

pub fn folder(dir: &Path) -> Vec<(String, Vec<u8>)> {
    let mut files: Vec<_> = std::fs::read_dir(dir)
        .unwrap()
        .map(|entry| entry.unwrap())
        .filter(|entry| entry.file_type().unwrap().is_file())
        .map(|entry| (entry.file_name().into_string().unwrap(), std::fs::read(entry.path()).unwrap()))
        .collect();
    files.sort();
    files
}

impl Left {
    pub fn closed() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let store = Store::open(dir.path(), options()).unwrap();
        let open = fill(&store);
        drop(store);
        Self { files: folder(dir.path()), open }
    }

    pub fn crashed() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let store = Store::open(dir.path(), options()).unwrap();
        let open = fill(&store);
        Self { files: folder(dir.path()), open }
    }

    pub fn bytes(&self, name: &str) -> Vec<u8> {
        self.files.iter().find(|(file, _)| file == name).map(|(_, bytes)| bytes.clone()).unwrap()
    }

    /// The folder with one of its files as it became.
    pub fn with(&self, name: &str, bytes: &[u8]) -> tempfile::TempDir {
        let dir = tempfile::tempdir().unwrap();
        for (file, whole) in &self.files {
            let bytes = if file == name { bytes } else { whole };
            std::fs::write(dir.path().join(file), bytes).unwrap();
        }
        dir
    }
}

/// Files with that at the beginning of their names.
pub fn named(dir: &Path, begins: &str) -> Vec<PathBuf> {
    let mut found: Vec<PathBuf> = std::fs::read_dir(dir)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.file_name().unwrap().to_string_lossy().starts_with(begins))
        .collect();
    found.sort();
    found
}
