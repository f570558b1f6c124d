//! A desk whose own file is damaged: what is said about it, and the way on. The damage is found when the desk opens, by the
//! look through the file after every start, or by whoever reads or writes next; it is mended by opening the desk anew.

use super::command::Command;
use super::inbox::Note;
use super::notice::{self, Notice};
use super::words::{Value, say, say_with};
use super::{App, Ports};
use crate::domain::Site;
use crate::store::{self, Mended, Rank, Reader, Store, Trouble};
use crate::sync::Sync;
use std::path::Path;
use std::sync::{Arc, PoisonError};
use std::time::Duration;

/// How it stands with the desk's own file.
#[derive(Default)]
pub struct Mending {
    /// What the opening had to mend, until a person has read it.
    mended: Option<Mended>,
    /// The desk is being opened anew.
    pub is_under_way: bool,
}

impl Mending {
    pub fn of(reader: &Reader) -> Result<Self, Trouble> {
        Ok(Self { mended: reader.mended()?, is_under_way: false })
    }
}

/// A desk's file with what the window shows of it at once.
pub struct Opened {
    pub store: Store,
    pub reader: Reader,
    pub mending: Mending,
    pub sites: Vec<Site>,
    pub ways_back: (bool, bool),
}

impl Opened {
    /// Opens the desk in `dir`. Damage that is met by reading that is mended by opening it once more: it is looked through
    /// then.
    pub fn of(dir: &Path, options: store::Options) -> Result<Self, Trouble> {
        let desk = Store::open(dir, options)?;
        let why = match Self::read(&desk) {
            Ok(seen) => return Ok(Self::with(desk, seen)),
            Err(Trouble::Corrupt(why) | Trouble::Wrong(why)) => why,
            Err(trouble) => return Err(trouble),
        };
        desk.tell_damage(&why);
        drop(desk);
        let desk = Store::open(dir, options)?;
        let seen = Self::read(&desk)?;
        Ok(Self::with(desk, seen))
    }

    fn read(store: &Store) -> Result<Seen, Trouble> {
        let reader = store.reader()?;
        let (mending, sites, ways_back) = (Mending::of(&reader)?, reader.sites()?, reader.ways_back()?);
        Ok((reader, mending, sites, ways_back))
    }

    fn with(store: Store, (reader, mending, sites, ways_back): Seen) -> Self {
        Self { store, reader, mending, sites, ways_back }
    }
}

type Seen = (Reader, Mending, Vec<Site>, (bool, bool));

impl App {
    /// What a person must know about the desk's own file, until they have said that they do.
    pub fn alarm(&self) -> Option<Notice> {
        if self.mending.is_under_way {
            return Some(Notice::warning(say("mending"), None));
        }
        if let Some(why) = self.store.damage() {
            let words = say_with("damage-met", &[("why", why.into())]);
            return Some(Notice::error(words, Some(Command::MendDesk)));
        }
        let mended = self.mending.mended.as_ref()?;
        Some(Notice::warning(of_mended(mended), Some(Command::Understood)))
    }

    /// The same for a script, which is told once.
    pub fn take_alarm(&mut self) -> Option<Notice> {
        if self.mending.mended.as_ref().is_some_and(|mended| mended.told) {
            return None;
        }
        let alarm = self.alarm()?;
        if let Some(mended) = &mut self.mending.mended {
            mended.told = true;
            let told = mended.clone();
            self.write_quietly(move |work| work.remember(&told));
        }
        Some(alarm)
    }

    pub(super) fn understood(&mut self) {
        if self.mending.mended.take().is_some() {
            self.write_quietly(|work| work.forget_mended());
        }
    }

    fn write_quietly(
        &self,
        work: impl FnOnce(&crate::store::Work<'_>) -> Result<(), Trouble> + Send + 'static,
    ) {
        let inbox = self.inbox.clone();
        self.store.submit(Rank::Ingest, work, move |result| inbox.put(Note::Written(result)));
    }

    /// The whole file is read in the background after every start: damage is met before it is built on.
    pub(super) fn look_through(&self) {
        let store = Arc::clone(&self.store);
        self.reading.run("check", move || Note::Checked(look_through(&store)));
    }

    /// A failure of the desk's own file. Damage is remembered, so that it is mended at the next start at the latest.
    pub(super) fn show_trouble(&mut self, trouble: &Trouble) {
        if let Trouble::Corrupt(why) = trouble {
            self.store.tell_damage(why);
        } else {
            self.show(notice::of_trouble(trouble));
        }
    }

    /// Closes this desk and opens it anew in its place.
    pub(super) fn mend_desk(&mut self) {
        if std::mem::replace(&mut self.mending.is_under_way, true) {
            return;
        }
        let waker = self.inbox.waker();
        let (idle, news) = Sync::new(
            Arc::clone(&self.store),
            Arc::clone(&self.clock),
            Arc::clone(&self.wire),
            Arc::clone(&waker),
        );
        let mut sync = std::mem::replace(&mut self.sync, idle);
        self.news = news;
        let ports = Ports {
            clock: Arc::clone(&self.clock),
            wire: Arc::clone(&self.wire),
            secrets: self.secrets.clone(),
            waker,
            other: self.other.clone(),
            is_demo: self.is_demo,
            company: self.company.take(),
            ending: Arc::clone(&self.ending),
            commit_delay: Duration::ZERO,
            fault_before: self.fault_before.take(),
            plant: self.plant.clone(),
        };
        let (store, closing) = (Arc::clone(&self.store), Arc::clone(&self.closing));
        let fault = Note::Desk(Box::new(Err(notice::of_panic("desk"))));
        self.jobs.run_or("desk", fault, move || {
            let _closed = closing.lock().unwrap_or_else(PoisonError::into_inner);
            sync.leave();
            store.close();
            Note::Desk(Box::new(Self::open(store.dir(), ports)))
        });
    }
}

fn look_through(store: &Store) -> Result<(), Trouble> {
    store.reader()?.check()
}

fn of_mended(mended: &Mended) -> String {
    let mut args = vec![
        ("decisions", Value::from(mended.decisions)),
        ("doubtful", mended.doubtful.into()),
        ("lost", mended.lost.into()),
        ("notes", mended.notes.into()),
    ];
    let key = match &mended.aside {
        Some(aside) => {
            args.push(("file", aside.display().to_string().into()));
            "mended-aside"
        }
        None => "mended-behind",
    };
    say_with(key, &args)
}
