//! The words of comments, read once for each wording. Short ones are read where they are asked for, long ones off the
//! thread that draws, which shows that they are being read until they are there.

use super::App;
use super::inbox::Note;
use super::job::Jobs;
use super::marks;
use super::notice::{self, Notice};
use crate::domain::{Body, CommentId, RevisionId};
use crate::store::{Reader, Store, Trouble};
use crate::sync::conflict::{Wording, markup};
use crate::text::{self, Finding, RichText};
use std::cell::RefCell;
use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

/// Bytes of wordings that are read where they are asked for, in one and in all of a frame: at most 3 ms of a release build,
/// whatever they say. The article beside them has as much again.
pub(super) const AT_ONCE_BYTES: usize = 16 << 10;

/// Wordings kept ready, and bytes of their sources: read, a source that is all markup takes some 25 times as much. What was
/// asked for of late is kept beyond both.
const KEPT: usize = 300;
const KEPT_BYTES: usize = 8 << 20;

/// What was asked for in this time may be on screen: rows that are drawn each frame are built once a second.
const OF_LATE: Duration = Duration::from_secs(2);
/// The longest that one frame counts for: while nothing is drawn nothing is asked for.
const FRAME_MAX: Duration = Duration::from_secs(1);
/// What could not be read is tried again after this long.
pub(super) const TRY_AGAIN: Duration = Duration::from_secs(5);

/// A wording that was read.
#[derive(Debug)]
pub struct Words {
    pub rich: Arc<RichText>,
    /// As the site sent it.
    pub source: Arc<str>,
    /// The author's name and address that came with it.
    pub name: String,
    pub url: Option<String>,
    found: OnceLock<Arc<[Finding]>>,
    normal: OnceLock<[u8; 32]>,
    revealed: OnceLock<Arc<RichText>>,
    told: OnceLock<Arc<str>>,
}

impl Words {
    fn read((body, name, url): Wording) -> Self {
        let rich = Arc::new(read_body(&body));
        let source = Arc::from(body.source);
        let (found, normal, revealed, told) = Default::default();
        Self { rich, source, name, url, found, normal, revealed, told }
    }

    /// Everything that takes as long as the text is.
    fn read_whole(wording: Wording) -> Self {
        let words = Self::read(wording);
        words.findings();
        words.normal();
        words.revealed();
        words.told();
        words
    }

    /// What hides or deceives in it.
    pub fn findings(&self) -> &[Finding] {
        self.found.get_or_init(|| text::findings(&self.rich).into())
    }

    /// The fingerprint of what it says to a reader.
    fn normal(&self) -> [u8; 32] {
        *self.normal.get_or_init(|| text::digest(&self.form()))
    }

    /// The source with what hides in it named.
    pub fn revealed(&self) -> &Arc<RichText> {
        self.revealed.get_or_init(|| Arc::new(text::revealed(&self.source)))
    }

    /// All that it tells a reader, to be compared word by word: what is said, where its links lead, and who says it.
    pub fn told(&self) -> &Arc<str> {
        self.told.get_or_init(|| self.form().replace(text::FIELD, "\n").into())
    }

    fn form(&self) -> String {
        text::normal_form(&self.rich, &self.name, self.url.as_deref())
    }

    /// Whether a reader would notice: a site may rewrite its own markup.
    pub fn differ(&self, other: &Self) -> bool {
        self.normal() != other.normal()
    }

    /// Bytes of all that was read.
    fn bytes(&self) -> usize {
        self.source.len() + self.name.len() + self.url.as_ref().map_or(0, String::len)
    }
}

fn read_body(body: &Body) -> RichText {
    text::read(&body.source, markup(body.format))
}

/// What is known of a wording.
#[derive(Debug, Clone)]
pub enum Worded {
    /// The desk has none.
    Missing,
    /// It is being read; nobody has seen it.
    Reading,
    Here(Arc<Words>),
}

impl Worded {
    pub fn here(&self) -> Option<&Arc<Words>> {
        match self {
            Self::Here(words) => Some(words),
            Self::Missing | Self::Reading => None,
        }
    }

    pub fn is_reading(&self) -> bool {
        matches!(self, Self::Reading)
    }

    /// The words, or none where there are none yet.
    pub fn rich(&self) -> Arc<RichText> {
        self.here().map(|words| Arc::clone(&words.rich)).unwrap_or_default()
    }
}

#[derive(Debug, Default)]
struct Kept {
    /// `None` while it is being read.
    words: Option<Arc<Words>>,
    /// When it was last asked for, in milliseconds; also for the thread that is to read it.
    asked: Arc<AtomicU64>,
    /// When it was last found that it could not be read.
    failed: Option<Duration>,
    /// It could not be read before, and that was told.
    told: bool,
}

#[derive(Debug, Default)]
struct Shelf {
    kept: HashMap<RevisionId, Kept>,
    /// Of all that are here.
    bytes: usize,
    /// The time that was drawn, in milliseconds; also for the threads that read.
    time: Arc<AtomicU64>,
    /// When the frame under way began, by the desk's clock.
    frame: Duration,
    /// Bytes read in this frame where they were asked for.
    read_now: usize,
}

impl Shelf {
    fn now(&self) -> u64 {
        self.time.load(Ordering::Relaxed)
    }

    fn begin_frame(&mut self, at: Duration) {
        let passed = at.saturating_sub(self.frame).min(FRAME_MAX);
        self.time.fetch_add(millis(passed), Ordering::Relaxed);
        self.frame = at;
        self.read_now = 0;
    }

    /// What is known of a wording, which is now asked for; `None` where it is to be read.
    fn told(&mut self, id: RevisionId) -> Option<Worded> {
        let (now, frame) = (self.now(), self.frame);
        let kept = self.kept.get_mut(&id)?;
        kept.asked.store(now, Ordering::Relaxed);
        if kept.failed.is_some_and(|at| frame >= at + TRY_AGAIN) {
            return None;
        }
        Some(kept.words.clone().map_or(Worded::Reading, Worded::Here))
    }

    fn put(&mut self, id: RevisionId, words: Option<Arc<Words>>) -> &Kept {
        let now = self.now();
        self.bytes += words.as_ref().map_or(0, |words| words.bytes());
        let kept = self.kept.entry(id).or_default();
        self.bytes -= kept.words.as_ref().map_or(0, |words| words.bytes());
        (kept.words, kept.failed) = (words, None);
        kept.asked.store(now, Ordering::Relaxed);
        self.evict();
        self.kept.entry(id).or_default()
    }

    fn remove(&mut self, id: RevisionId) {
        let kept = self.kept.remove(&id);
        self.bytes -= kept.and_then(|kept| kept.words).map_or(0, |words| words.bytes());
    }

    /// Down to the limits, what was asked for longest ago first.
    fn evict(&mut self) {
        if self.kept.len() <= KEPT && self.bytes <= KEPT_BYTES {
            return;
        }
        let late = self.now().saturating_sub(millis(OF_LATE));
        let idle = self.kept.iter().filter(|(_, kept)| kept.words.is_some() || kept.failed.is_some());
        let idle = idle.map(|(id, kept)| (kept.asked.load(Ordering::Relaxed), *id));
        let mut idle: Vec<_> = idle.filter(|(asked, _)| *asked < late).collect();
        idle.sort_unstable();
        for (_, id) in idle {
            if self.kept.len() <= KEPT && self.bytes <= KEPT_BYTES {
                return;
            }
            self.remove(id);
        }
    }
}

fn millis(time: Duration) -> u64 {
    u64::try_from(time.as_millis()).unwrap_or(u64::MAX)
}

/// Wordings that were read already: a wording never changes.
#[derive(Default)]
pub struct Bodies {
    shelf: RefCell<Shelf>,
    /// Who reads long ones, and from where. Without them all are read where they are asked for.
    readers: Option<(Jobs, Arc<Store>)>,
}

impl Bodies {
    /// For a window, whose frames wait for nothing.
    pub(super) fn apart(jobs: Jobs, store: Arc<Store>) -> Self {
        Self { readers: Some((jobs, store)), ..Self::default() }
    }

    /// A wording. The first time, a long one begins to be read; one that could not be read is tried again after some
    /// seconds.
    pub(super) fn get(&self, reader: &Reader, id: RevisionId) -> Result<Worded, Trouble> {
        let mut shelf = self.shelf.borrow_mut();
        if let Some(worded) = shelf.told(id) {
            return Ok(worded);
        }
        let Some(bytes) = reader.revision_bytes(id)? else { return Ok(Worded::Missing) };
        shelf.read_now += bytes;
        let is_long = shelf.read_now > AT_ONCE_BYTES;
        if let Some((jobs, store)) = self.readers.as_ref().filter(|_| is_long) {
            shelf.read_now -= bytes;
            let asked = Arc::clone(&shelf.put(id, None).asked);
            let (store, time) = (Arc::clone(store), Arc::clone(&shelf.time));
            let fault = Note::Words { id, words: Err(notice::of_panic("words")) };
            jobs.run_or("words", fault, move || {
                let since = time.load(Ordering::Relaxed).saturating_sub(asked.load(Ordering::Relaxed));
                if since > millis(OF_LATE) {
                    return Note::Unasked(id);
                }
                let wording = store.reader().and_then(|reader| reader.revision(id));
                let words = wording.map_err(|trouble| notice::of_trouble(&trouble));
                let words = words.map(|wording| wording.map(|wording| Arc::new(Words::read_whole(wording))));
                Note::Words { id, words }
            });
            return Ok(Worded::Reading);
        }
        let Some(wording) = reader.revision(id)? else { return Ok(Worded::Missing) };
        let words = Arc::new(Words::read(wording));
        shelf.put(id, Some(Arc::clone(&words)));
        Ok(Worded::Here(words))
    }

    /// A new frame, at this time of the desk's clock.
    pub(super) fn begin_frame(&self, at: Duration) {
        self.shelf.borrow_mut().begin_frame(at);
    }

    /// What was being read is here, or the desk has it no more.
    fn take(&self, id: RevisionId, words: Option<Arc<Words>>) {
        let mut shelf = self.shelf.borrow_mut();
        match words {
            Some(words) => _ = shelf.put(id, Some(words)),
            None => shelf.remove(id),
        }
    }

    /// A wording is not read after all, and is read when it is next asked for.
    pub(super) fn let_go(&self, id: RevisionId) {
        self.shelf.borrow_mut().remove(id);
    }

    /// It could not be read. Whether that is news.
    fn miss(&self, id: RevisionId) -> bool {
        let mut shelf = self.shelf.borrow_mut();
        let frame = shelf.frame;
        let Some(kept) = shelf.kept.get_mut(&id) else { return false };
        kept.failed = Some(frame);
        !std::mem::replace(&mut kept.told, true)
    }

    /// What could not be read is tried again when it is next asked for, however short ago it failed.
    pub(super) fn try_again(&self) {
        let mut shelf = self.shelf.borrow_mut();
        shelf.kept.retain(|_, kept| kept.failed.is_none());
    }

    /// What is to be known before an address is followed, one sentence each.
    pub(super) fn about_address(&self, url: &str) -> Vec<String> {
        let shelf = self.shelf.borrow();
        let found = shelf.kept.values().filter_map(|kept| kept.words.as_ref()?.found.get());
        marks::of_address(url, found.flat_map(|found| found.iter()))
    }
}

impl App {
    /// Whether the words of a wording are not there to be shown.
    pub(super) fn is_unread(&self, id: RevisionId) -> bool {
        self.bodies.get(&self.reader, id).is_ok_and(|worded| worded.is_reading())
    }

    /// A comment's source as its card shows it, with what hides in it named; `None` where there is none.
    pub fn source(&self, id: CommentId) -> Option<Arc<RichText>> {
        let shown = match &self.open {
            Some(open) if open.id == id => open.shown,
            _ => self.reader.head(id).ok()??.revision?,
        };
        let worded = self.bodies.get(&self.reader, shown).ok()?;
        worded.here().map(|words| Arc::clone(words.revealed()))
    }

    pub(super) fn take_words(&mut self, id: RevisionId, words: Result<Option<Arc<Words>>, Notice>) {
        match words {
            Ok(words) => self.bodies.take(id, words),
            Err(notice) if self.bodies.miss(id) => self.show(notice),
            // It was told when it failed first.
            Err(_) => {}
        }
        self.outbox_at = None;
        self.generation += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::super::inbox::Inbox;
    use super::*;
    use crate::domain::Format;
    use crate::store::{Options, Rank, Source, sample};
    use std::sync::mpsc::channel;

    fn words(bytes: usize) -> Arc<Words> {
        let body = Body { format: Format::Plain, source: "a".repeat(bytes) };
        Arc::new(Words::read((body, String::new(), None)))
    }

    fn ids(shelf: &Shelf) -> Vec<i64> {
        let mut ids: Vec<i64> = shelf.kept.keys().map(|id| id.0).collect();
        ids.sort_unstable();
        ids
    }

    #[test]
    fn the_oldest_go_first_and_no_more_than_must() {
        let mut shelf = Shelf::default();
        let third = words(KEPT_BYTES / 3);
        for n in 1..=3 {
            shelf.begin_frame(Duration::from_secs(n));
            shelf.put(RevisionId(n.cast_signed()), Some(Arc::clone(&third)));
        }
        assert_eq!(ids(&shelf), [1, 2, 3]);
        shelf.begin_frame(Duration::from_secs(4));
        assert!(shelf.told(RevisionId(1)).is_some());
        (5..=6).for_each(|at| shelf.begin_frame(Duration::from_secs(at)));
        shelf.put(RevisionId(4), Some(Arc::clone(&third)));
        assert_eq!(ids(&shelf), [1, 3, 4], "the one asked for longest ago");
        assert_eq!(shelf.bytes, 3 * third.bytes());
    }

    #[test]
    fn what_was_asked_for_of_late_stays_beyond_the_limit() {
        let mut shelf = Shelf::default();
        let half = words(KEPT_BYTES / 2 + 1);
        // However long nothing was drawn, what the frame before asked for may be on screen.
        for (id, at) in [(1, 1), (2, 2), (3, 9_000)] {
            shelf.begin_frame(Duration::from_secs(at));
            shelf.put(RevisionId(id), Some(Arc::clone(&half)));
        }
        assert_eq!(ids(&shelf), [1, 2, 3]);
        shelf.begin_frame(Duration::from_secs(9_001));
        shelf.put(RevisionId(4), Some(half));
        assert_eq!(ids(&shelf), [2, 3, 4]);
    }

    #[test]
    fn what_could_not_be_read_is_tried_again_and_told_once() {
        let bodies = Bodies::default();
        let id = RevisionId(1);
        let told = || bodies.shelf.borrow_mut().told(id);
        bodies.shelf.borrow_mut().put(id, None);
        assert!(bodies.miss(id), "that is news");
        assert!(told().is_some_and(|worded| worded.is_reading()));
        bodies.begin_frame(TRY_AGAIN);
        assert!(told().is_none(), "it is to be read");
        bodies.shelf.borrow_mut().put(id, None);
        assert!(told().is_some_and(|worded| worded.is_reading()));
        assert!(!bodies.miss(id), "that is no news");
        bodies.try_again();
        assert!(told().is_none());
    }

    /// A desk with one comment, whose only wording is long.
    fn long_one(store: &Store) -> RevisionId {
        let arrivals = [sample::told("1", &"a".repeat(AT_ONCE_BYTES + 1))];
        store
            .write(Rank::Decision, move |work| {
                let site = work.add_site(&sample::site())?;
                work.ingest(site, 1, Source::List, chrono::DateTime::UNIX_EPOCH, &arrivals)
            })
            .unwrap();
        RevisionId(1)
    }

    #[test]
    fn a_long_one_that_nobody_asks_for_any_more_is_passed_over_until_somebody_does() {
        let dir = tempfile::tempdir().unwrap();
        let store = Arc::new(Store::open(dir.path(), Options::default()).unwrap());
        let (id, reader) = (long_one(&store), store.reader().unwrap());
        let (inbox, notes) = Inbox::new(Arc::new(|| ()));
        let next = || notes.recv_timeout(Duration::from_secs(5)).unwrap();
        let jobs = Jobs::start(&inbox, "test", 1);
        let (go, gone) = channel();
        jobs.run("before it", move || {
            gone.recv().unwrap();
            Note::Derived(Ok(0))
        });
        let bodies = Bodies::apart(jobs, store);
        assert!(bodies.get(&reader, id).unwrap().is_reading());
        (1..=3).for_each(|at| bodies.begin_frame(Duration::from_secs(at)));
        go.send(()).unwrap();
        assert!(matches!(next(), Note::Derived(_)));
        assert!(matches!(next(), Note::Unasked(_)));
        bodies.let_go(id);
        assert!(bodies.get(&reader, id).unwrap().is_reading());
        assert!(matches!(next(), Note::Words { words: Ok(Some(_)), .. }));
    }
}
