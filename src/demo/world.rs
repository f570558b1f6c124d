//! The demo site as one plain value: what was written, by whom, what became of it. No clock, no socket, no
//! thread: the time is handed in with [`World::step`], and the same seed and calls give the same evening.

use super::cast::Cast;
use super::chance::Chance;
use super::exchange::Answer;
use super::mischief::Schedule;
use super::stock::{Nature, Stock, Written};
use chrono::{DateTime, Utc};
use std::collections::{HashMap, HashSet, VecDeque};

/// Where a comment stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Status {
    Pending,
    Approved,
    Rejected,
    Spam,
    Deleted,
}

impl Status {
    /// All of them, in the order in which they are listed.
    pub const ALL: [Self; 5] = [Self::Pending, Self::Approved, Self::Rejected, Self::Spam, Self::Deleted];

    /// The word on the wire.
    pub fn word(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Approved => "approved",
            Self::Rejected => "rejected",
            Self::Spam => "spam",
            Self::Deleted => "deleted",
        }
    }

    /// The status of that word.
    pub fn of_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|status| status.word() == word)
    }
}

/// A reader's report.
#[derive(Debug, Clone)]
pub struct Report {
    pub code: String,
    pub text: String,
    pub by: String,
    pub at: DateTime<Utc>,
}

/// One comment.
#[derive(Debug, Clone)]
pub struct Comment {
    pub id: String,
    pub status: Status,
    /// Counts wordings.
    pub revision: u32,
    /// Counts changes of status.
    pub turn: u32,
    pub created: DateTime<Utc>,
    pub edited: Option<DateTime<Utc>>,
    pub source: String,
    pub format: &'static str,
    pub author: usize,
    pub article: usize,
    pub parent: Option<usize>,
    pub children: Vec<usize>,
    pub reports: Vec<Report>,
    /// (code, words)
    pub held: Vec<(String, String)>,
    pub likes: u32,
    pub nature: Nature,
    pub last: Option<usize>,
}

impl Comment {
    /// The strong tag over words and status; likes, replies and reports leave it as it is.
    pub fn etag(&self) -> String {
        format!("\"r{}.s{}\"", self.revision, self.turn)
    }
}

/// One applied decision.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decided {
    pub id: String,
    pub comment: String,
    pub action: String,
    pub from: Status,
    pub to: Status,
    pub by: String,
    pub at: DateTime<Utc>,
    /// The idempotency key it came with; `None` for what was not sent over the wire.
    pub key: Option<String>,
    /// (code, words)
    pub reason: Option<(String, String)>,
}

/// One line of the change feed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    pub number: u64,
    pub at: DateTime<Utc>,
    pub kind: &'static str,
    pub comment: String,
    pub status: Status,
    pub etag: String,
    pub by: Option<String>,
}

/// Somebody who may moderate, and how far.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Moderator {
    pub id: String,
    pub name: String,
    pub writes: bool,
    /// May see e-mail addresses and IPs of readers.
    pub sees_private: bool,
}

/// An answer kept under an idempotency key.
#[derive(Debug, Clone)]
pub struct Kept {
    pub at: DateTime<Utc>,
    pub fingerprint: String,
    pub answer: Answer,
}

/// The feed forgets what is older.
const FEED_DAYS_MAX: i64 = 7;
/// The feed forgets what is further back.
const FEED_EVENTS_MAX: usize = 100_000;
/// Keys are remembered that long.
const KEY_HOURS_MAX: i64 = 24;

/// The site.
#[derive(Debug)]
pub struct World {
    pub(super) stock: Stock,
    pub(super) cast: Cast,
    pub(super) comments: Vec<Comment>,
    pub(super) by_id: HashMap<String, usize>,
    pub(super) by_author: HashMap<usize, Vec<usize>>,
    /// Where a comment of the stock went.
    pub(super) by_key: HashMap<String, usize>,
    pub(super) events: VecDeque<Event>,
    pub(super) decided: Vec<Decided>,
    pub(super) kept: HashMap<(String, String), Kept>,
    pub(super) tokens: HashMap<String, Moderator>,
    pub(super) schedule: Schedule,
    /// Written comments that have not been sent in yet, with their article.
    pub(super) drawer: Vec<(usize, Written)>,
    /// Wordings of ordinary comments, so that no two are equal.
    pub(super) said: HashSet<String>,
    pub(super) chance: Chance,
    pub(super) origin: String,
    pub(super) born: DateTime<Utc>,
    pub(super) now: DateTime<Utc>,
    pub(super) head: u64,
    /// Until when every request is refused, and with which status.
    pub(super) outage: Option<(DateTime<Utc>, u16)>,
}

impl World {
    /// An evening in which `comments` wait for a moderator at `now`; a third as many again were decided
    /// before.
    pub fn new(seed: u64, comments: usize, now: DateTime<Utc>) -> Self {
        let stock = Stock::read();
        let mut chance = Chance::new(seed, 1);
        let cast = Cast::new(&stock, &mut chance, now);
        let mut world = Self {
            stock,
            cast,
            comments: Vec::new(),
            by_id: HashMap::new(),
            by_author: HashMap::new(),
            by_key: HashMap::new(),
            events: VecDeque::new(),
            decided: Vec::new(),
            kept: HashMap::new(),
            tokens: HashMap::new(),
            schedule: Schedule::still(seed),
            drawer: Vec::new(),
            said: HashSet::new(),
            chance,
            origin: "http://127.0.0.1".to_owned(),
            born: now,
            now,
            head: 0,
            outage: None,
        };
        super::evening::fill(&mut world, comments);
        world.events.clear();
        world
    }

    /// Where the site says that it lives; no trailing slash.
    pub fn set_origin(&mut self, origin: &str) {
        origin.clone_into(&mut self.origin);
    }

    /// Lets somebody in with that token.
    pub fn admit(&mut self, token: &str, moderator: Moderator) {
        self.tokens.insert(token.to_owned(), moderator);
    }

    /// The time of the last step.
    pub fn now(&self) -> DateTime<Utc> {
        self.now
    }

    /// The number of the newest event; changes whenever anything a client could see has changed.
    pub fn head(&self) -> u64 {
        self.head
    }

    /// Ids of all that wait, oldest first.
    pub fn pending_ids(&self) -> Vec<String> {
        self.comments.iter().filter(|c| c.status == Status::Pending).map(|c| c.id.clone()).collect()
    }

    /// Where a comment stands; `None` for one that never was.
    pub fn status_of(&self, id: &str) -> Option<Status> {
        self.comment(id).map(|c| c.status)
    }

    /// One comment.
    pub fn comment(&self, id: &str) -> Option<&Comment> {
        self.comments.get(*self.by_id.get(id)?)
    }

    /// All comments, oldest first.
    pub fn comments(&self) -> &[Comment] {
        &self.comments
    }

    /// The name of a comment's author.
    pub fn author_name(&self, comment: &Comment) -> &str {
        self.cast.reader(comment.author).map_or("", |reader| &reader.name)
    }

    /// The title of a comment's article.
    pub fn article_title(&self, comment: &Comment) -> &str {
        self.stock.articles.get(comment.article).map_or("", |piece| piece.field("title"))
    }

    /// Every decision since the start, oldest first.
    pub fn decisions(&self) -> &[Decided] {
        &self.decided
    }

    /// Somebody else approves it. False where it is not there or stands so already.
    pub fn approve_as(&mut self, by: &str, id: &str) -> bool {
        self.decide_as(by, id, "approve", Status::Approved)
    }

    /// Somebody else rejects it.
    pub fn reject_as(&mut self, by: &str, id: &str) -> bool {
        self.decide_as(by, id, "reject", Status::Rejected)
    }

    /// Somebody else calls it spam.
    pub fn spam_as(&mut self, by: &str, id: &str) -> bool {
        self.decide_as(by, id, "spam", Status::Spam)
    }

    /// Somebody else puts it back into the queue.
    pub fn restore_as(&mut self, by: &str, id: &str) -> bool {
        self.decide_as(by, id, "restore", Status::Pending)
    }

    fn decide_as(&mut self, by: &str, id: &str, action: &str, to: Status) -> bool {
        let Some(at) = self.by_id.get(id).copied() else { return false };
        let stands = self.comments.get(at).map(|c| c.status);
        if stands == Some(to) || stands == Some(Status::Deleted) {
            return false;
        }
        self.apply(at, to, &Decision { action, by, key: None, reason: None });
        true
    }

    /// Carries a decision out: status, log and feed.
    pub(super) fn apply(&mut self, at: usize, to: Status, decision: &Decision<'_>) {
        let number = self.decided.len();
        let now = self.now;
        let Some(comment) = self.comments.get_mut(at) else { return };
        let from = comment.status;
        if from != to {
            comment.status = to;
            comment.turn += 1;
        }
        comment.reports.clear();
        comment.last = Some(number);
        self.decided.push(Decided {
            id: format!("d{}", number + 1),
            comment: comment.id.clone(),
            action: decision.action.to_owned(),
            from,
            to,
            by: decision.by.to_owned(),
            at: now,
            key: decision.key.map(str::to_owned),
            reason: decision.reason.clone(),
        });
        let kind = if from == to { "reported" } else { "status" };
        self.tell(kind, at, Some(decision.by.to_owned()));
    }

    /// Its author words it differently.
    pub fn edit(&mut self, id: &str, text: &str) -> bool {
        let Some(at) = self.by_id.get(id).copied() else { return false };
        let now = self.now;
        let Some(comment) = self.comments.get_mut(at).filter(|c| c.status != Status::Deleted) else {
            return false;
        };
        text.clone_into(&mut comment.source);
        comment.revision += 1;
        comment.edited = Some(now);
        self.tell("edited", at, None);
        true
    }

    /// Its author goes by another name, with another address on the web.
    pub fn rename(&mut self, id: &str, name: &str, url: Option<&str>) -> bool {
        let Some(at) = self.by_id.get(id).copied() else { return false };
        let Some(comment) = self.comments.get_mut(at) else { return false };
        let Some(reader) = self.cast.reader_mut(comment.author) else { return false };
        name.clone_into(&mut reader.name);
        reader.url = url.map(str::to_owned);
        comment.revision += 1;
        self.tell("edited", at, None);
        true
    }

    /// It is gone for good.
    pub fn delete(&mut self, id: &str) -> bool {
        let Some(at) = self.by_id.get(id).copied() else { return false };
        let Some(comment) = self.comments.get_mut(at).filter(|c| c.status != Status::Deleted) else {
            return false;
        };
        comment.status = Status::Deleted;
        comment.turn += 1;
        comment.source.clear();
        comment.reports.clear();
        self.tell("deleted", at, None);
        true
    }

    /// A reader reports it.
    pub fn report(&mut self, id: &str, code: &str, text: &str, by: &str) -> bool {
        let Some(at) = self.by_id.get(id).copied() else { return false };
        let now = self.now;
        let Some(comment) = self.comments.get_mut(at).filter(|c| c.status != Status::Deleted) else {
            return false;
        };
        let report = Report { code: code.to_owned(), text: text.to_owned(), by: by.to_owned(), at: now };
        comment.reports.push(report);
        self.tell("reported", at, None);
        true
    }

    /// The feed forgets all that it told; who resumes from before must read everything again.
    pub fn expire_feed(&mut self) {
        self.events.clear();
        self.head += 1;
    }

    /// Every request is refused with 503 for that many seconds.
    pub fn fail_for(&mut self, secs: i64) {
        self.outage = Some((self.now + chrono::Duration::seconds(secs), 503));
    }

    /// Every request is refused with 429 for that many seconds.
    pub fn throttle_for(&mut self, secs: i64) {
        self.outage = Some((self.now + chrono::Duration::seconds(secs), 429));
    }

    /// Adds a line to the feed.
    pub(super) fn tell(&mut self, kind: &'static str, at: usize, by: Option<String>) {
        let Some(comment) = self.comments.get(at) else { return };
        self.head += 1;
        self.events.push_back(Event {
            number: self.head,
            at: self.now,
            kind,
            comment: comment.id.clone(),
            status: comment.status,
            etag: comment.etag(),
            by,
        });
        let oldest = self.now - chrono::Duration::days(FEED_DAYS_MAX);
        while self.events.len() > FEED_EVENTS_MAX || self.events.front().is_some_and(|e| e.at < oldest) {
            self.events.pop_front();
        }
    }

    /// Puts a comment into the world, at the end.
    pub(super) fn place(&mut self, mut comment: Comment) -> usize {
        let at = self.comments.len();
        comment.id = format!("c{}", 10_001 + at);
        if let Some(parent) = comment.parent.and_then(|parent| self.comments.get_mut(parent)) {
            parent.children.push(at);
        }
        self.by_id.insert(comment.id.clone(), at);
        self.by_author.entry(comment.author).or_default().push(at);
        self.comments.push(comment);
        self.tell("created", at, None);
        at
    }

    /// Forgets idempotency keys past their time.
    pub(super) fn forget_keys(&mut self) {
        let oldest = self.now - chrono::Duration::hours(KEY_HOURS_MAX);
        self.kept.retain(|_, kept| kept.at >= oldest);
    }
}

/// What [`World::apply`] records.
pub(super) struct Decision<'a> {
    pub action: &'a str,
    pub by: &'a str,
    pub key: Option<&'a str>,
    pub reason: Option<(String, String)>,
}
