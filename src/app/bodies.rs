//! The words of comments, read once for each wording. Short ones are read where they are asked for, long ones off the
//! thread that draws, which shows that they are being read until they are there.

use super::App;
use super::inbox::Note;
use super::job::Jobs;
use super::marks;
use super::notice;
use crate::domain::{Body, CommentId, RevisionId};
use crate::store::{Reader, Store, Trouble};
use crate::sync::conflict::{Wording, markup};
use crate::text::{self, Finding, RichText};
use std::cell::RefCell;
use std::collections::HashMap;
use std::sync::{Arc, OnceLock};

/// Bytes that are read where they are asked for, in one body and in all of a frame: at most 3 ms of a release build,
/// whatever they say.
pub(super) const AT_ONCE_BYTES: usize = 16 << 10;

/// Wordings kept ready, and bytes of their sources. What is on screen is kept beyond both.
const KEPT: usize = 300;
const KEPT_BYTES: usize = 64 << 20;

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

#[derive(Debug)]
struct Kept {
    /// `None` while it is being read.
    words: Option<Arc<Words>>,
    used_at: u64,
    /// It could not be read when it was last tried.
    failed: bool,
}

#[derive(Debug, Default)]
struct Shelf {
    kept: HashMap<RevisionId, Kept>,
    /// Of the sources of all that are here.
    bytes: usize,
    frame: u64,
    /// Bytes read in this frame where they were asked for.
    read_now: usize,
}

impl Shelf {
    fn put(&mut self, id: RevisionId, words: Option<Arc<Words>>) {
        let used_at = self.frame;
        self.bytes += words.as_ref().map_or(0, |words| words.source.len());
        self.kept.insert(id, Kept { words, used_at, failed: false });
        if self.kept.len() > KEPT || self.bytes > KEPT_BYTES {
            // Whatever the frame under way and the one before it asked for is on screen.
            self.kept.retain(|_, kept| kept.words.is_none() || kept.used_at + 1 >= used_at);
            let sizes = self.kept.values().filter_map(|kept| Some(kept.words.as_ref()?.source.len()));
            self.bytes = sizes.sum();
        }
    }
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

    /// A wording. The first time, a long one begins to be read.
    pub(super) fn get(&self, reader: &Reader, id: RevisionId) -> Result<Worded, Trouble> {
        let mut shelf = self.shelf.borrow_mut();
        let frame = shelf.frame;
        if let Some(kept) = shelf.kept.get_mut(&id) {
            kept.used_at = frame;
            return Ok(kept.words.clone().map_or(Worded::Reading, Worded::Here));
        }
        let Some(bytes) = reader.revision_bytes(id)? else { return Ok(Worded::Missing) };
        shelf.read_now += bytes;
        let is_long = shelf.read_now > AT_ONCE_BYTES;
        if let Some((jobs, store)) = self.readers.as_ref().filter(|_| is_long) {
            shelf.read_now -= bytes;
            shelf.put(id, None);
            let store = Arc::clone(store);
            jobs.run("words", move || {
                let wording = store.reader().and_then(|reader| reader.revision(id));
                let words =
                    wording.map(|wording| wording.map(|wording| Arc::new(Words::read_whole(wording))));
                Note::Words { id, words }
            });
            return Ok(Worded::Reading);
        }
        let Some(wording) = reader.revision(id)? else { return Ok(Worded::Missing) };
        let words = Arc::new(Words::read(wording));
        shelf.put(id, Some(Arc::clone(&words)));
        Ok(Worded::Here(words))
    }

    /// A new frame: what it asks for is on screen.
    pub(super) fn begin_frame(&self) {
        let mut shelf = self.shelf.borrow_mut();
        shelf.frame += 1;
        shelf.read_now = 0;
    }

    /// What was being read is here, or the desk has it no more.
    fn take(&self, id: RevisionId, words: Option<Arc<Words>>) {
        let mut shelf = self.shelf.borrow_mut();
        shelf.kept.remove(&id);
        if words.is_some() {
            shelf.put(id, words);
        }
    }

    fn miss(&self, id: RevisionId) {
        if let Some(kept) = self.shelf.borrow_mut().kept.get_mut(&id) {
            kept.failed = true;
        }
    }

    /// What could not be read is tried again when it is next asked for.
    pub(super) fn try_again(&self) {
        self.shelf.borrow_mut().kept.retain(|_, kept| !kept.failed);
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

    pub(super) fn take_words(&mut self, id: RevisionId, words: Result<Option<Arc<Words>>, Trouble>) {
        match words {
            Ok(words) => self.bodies.take(id, words),
            Err(trouble) => {
                self.bodies.miss(id);
                self.show(notice::of_trouble(&trouble));
            }
        }
        self.outbox_at = None;
        self.generation += 1;
    }
}
