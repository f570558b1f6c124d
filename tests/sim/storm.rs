//! One seed of the storm: the production engine, dispatch and SQLite, a moderator, a colleague, readers, a wire that loses
//! things, a disk that fills up, crashes; everything checked after every step.

mod books;
mod check;
mod desk;
mod dice;
mod fault;
mod people;
mod plant;
mod rest;
mod swarm;

use crate::site::{self, Comment, Errand, Face, Site};
use chrono::{DateTime, Utc};
use greenroom::backend::{self, Backend, Secret};
use greenroom::domain::{DecisionId, Delivery, NativeId, Order, SiteId, Status, Verb};
use greenroom::store::{Entry, Ledger, Options};
use greenroom::sync::engine::{Call, Engine, Event};
use greenroom::sync::perform::{Brought, Parcel};
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

pub use plant::{PLANTS, Plant};

use dice::Dice;
use swarm::{Level, Swarm, Wind};

/// One desk in so many has a file, which is opened again after every crash.
const FILED_ONCE_IN: u64 = 32;

struct Flight {
    seq: u64,
    /// Milliseconds.
    asked_at: u64,
    /// It does not move before this.
    stalled_until: u64,
    /// The beat at which the site was done with it.
    carried_at: u64,
    call: Call,
    stage: Stage,
    errand: Option<Errand>,
    /// The site was put to work anew meanwhile: the newest request of the engine that asked for it.
    orphan: Option<u64>,
}

#[derive(Clone)]
enum Stage {
    Asked,
    Packed(Parcel),
    Back(Brought),
}

/// What the moderator remembers of a decision.
#[derive(Clone)]
struct Mine {
    comment: u64,
    verb: Verb,
    /// What was read.
    words: String,
    /// What it stands on: a status, and the number of the words.
    ground: (Status, i64),
    undoes: Option<DecisionId>,
    hold_ms: u64,
    /// Milliseconds since which it is held.
    held_from: u64,
    /// The beat of the newest answer about the comment that the desk had when it was made.
    told_at: u64,
    /// A person saw the other side and wanted it all the same: how often, and the newest answer they had the last time.
    insisted: (usize, u64),
    delivery: Delivery,
}

/// The disk as it is now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Disk {
    Roomy,
    /// Not a page more: what fits in is written.
    Brim,
    /// Nothing is written.
    Full,
}

pub struct Storm {
    dice: Dice,
    swarm: Swarm,
    site: Site,
    backend: Box<dyn Backend>,
    ledger: Ledger,
    /// Where the ledger is a file.
    home: Option<tempfile::TempDir>,
    engine: Engine,
    id: SiteId,
    order: Order,
    /// Milliseconds on the clock that never jumps.
    now: u64,
    /// How far the clock on the wall is off.
    skew_ms: i64,
    key: u64,
    flights: Vec<Flight>,
    mine: BTreeMap<DecisionId, Mine>,
    /// The beats of the answers about a comment that became truth.
    told: BTreeMap<u64, Vec<u64>>,
    /// When the reading that is the desk's truth of a comment was asked for, and when the newest look before a push was back;
    /// milliseconds.
    sights: BTreeMap<u64, (u64, u64)>,
    /// What a person let stand on a comment, seeing it so, after so many changes of ours.
    kept: BTreeMap<u64, (Status, usize)>,
    /// Changes for this desk and refusals that were looked at, and rows that were written by then.
    checked: (usize, usize),
    writes: u64,
    /// Decisions of which a request was under way when the site was put to work anew: another may be sent beside it.
    doubled: BTreeSet<DecisionId>,
    walks: u32,
    calm: bool,
    /// The process died within this step.
    is_dead: bool,
    is_signed_out: bool,
    letting_go: bool,
    /// It was letting go when it was started anew in this step.
    has_let_go: bool,
    /// A person did something in this step.
    has_acted: bool,
    /// The beat of the answer that landed in this step.
    landed: Option<u64>,
    disk: Disk,
    disk_until: u64,
    /// What was found to be wrong in the middle of a step.
    wrong: Option<String>,
    plant: Plant,
    /// The version a decision was made on, for a plant.
    tags: BTreeMap<DecisionId, Option<String>>,
    /// Decisions on this comment hardly ever get an answer, until the desk gives up on them. All tries but the last lie
    /// behind them already: their waits would take the storm's whole time.
    stubborn: Option<u64>,
    traced: bool,
    tally: Tally,
}

type Outcome = Result<(), String>;

/// What was met in a storm, and how often.
pub type Tally = BTreeMap<String, u64>;

#[derive(Debug, Clone, Copy)]
enum Act {
    Fly,
    Decide,
    Undo,
    Redo,
    Colleague,
    Edit,
    Delete,
    Arrive,
    Crash,
    Restart,
    JumpClock,
    FillDisk,
    Settle,
    Refresh,
    Haunt,
    Look,
    Close,
    Wait,
}

impl Storm {
    pub fn new(seed: u64, face: Face, plant: Plant) -> Self {
        let mut dice = Dice::new(seed);
        let mut swarm = Swarm::new(&mut dice);
        let site = Site::new(face);
        // Few comments, so that much happens to each, or many.
        let comments = if dice.roll(3) == 0 { 2 } else { 3 + dice.roll(12) };
        for id in 1..=comments {
            site.state().comments.insert(id, Comment::new(&format!("words of {id}")));
        }
        let (home, mut ledger) = ledger(&mut dice);
        let mut row = site::known_as(face);
        row.id = ledger.write(|work| work.add_site(&row)).unwrap();
        let backend = backend::open(&row, Secret::new("s")).unwrap();
        let engine = Engine::new(row.id, backend.capabilities(), Order::Oldest, 0);
        let stubborn = (dice.roll(4) == 0).then(|| 1 + dice.roll(comments));
        if stubborn.is_some() {
            swarm.at_least(Wind::Late, Level::Mild);
        }
        for (wind, level) in plant.needs() {
            swarm.at_least(*wind, *level);
        }
        Self {
            dice,
            swarm,
            site,
            backend,
            ledger,
            home,
            engine,
            id: row.id,
            order: Order::Oldest,
            now: 1,
            skew_ms: 0,
            key: 0,
            flights: Vec::new(),
            mine: BTreeMap::new(),
            told: BTreeMap::new(),
            sights: BTreeMap::new(),
            kept: BTreeMap::new(),
            checked: (0, 0),
            writes: 0,
            doubled: BTreeSet::new(),
            walks: 0,
            calm: false,
            is_dead: false,
            is_signed_out: false,
            letting_go: false,
            has_let_go: false,
            has_acted: false,
            landed: None,
            disk: Disk::Roomy,
            disk_until: 0,
            wrong: None,
            plant,
            tags: BTreeMap::new(),
            stubborn,
            traced: false,
            tally: Tally::new(),
        }
    }

    /// Tells every step.
    pub fn traced(mut self) -> Self {
        self.traced = true;
        self
    }

    /// Runs the storm, then calm, then the last check.
    pub fn run(mut self, steps: usize) -> Result<Tally, String> {
        let swarm = self.swarm.to_string();
        self.tick(Event::Tick);
        for step in 0..steps {
            self.step().map_err(|why| format!("step {step}: {why}\n    {swarm}"))?;
        }
        self.abate().map_err(|why| format!("in the calm: {why}\n    {swarm}"))?;
        Ok(self.tally)
    }

    fn abate(&mut self) -> Outcome {
        self.calm = true;
        self.make_room();
        while !self.site.state().ghosts.is_empty() {
            self.site.haunt(0);
        }
        if self.is_signed_out || self.letting_go {
            self.restart();
        }
        self.tick(Event::Refresh);
        let mut ended = None;
        for _ in 0..2_000 {
            if self.engine.is_at_rest() && self.flights.is_empty() {
                match ended {
                    // This walk started after everything else had ended.
                    Some(walks) if self.walks > walks => return self.check_rest(),
                    _ => ended = ended.or(Some(self.walks)),
                }
            }
            if self.is_signed_out && self.flights.is_empty() {
                self.restart();
            } else if self.flights.is_empty() {
                let now = Duration::from_millis(self.now);
                let wait = self.engine.wake_at(now).saturating_sub(now);
                self.pass(u64::try_from(wait.as_millis()).unwrap() + 1);
                let event = if self.engine.is_at_rest() { Event::Refresh } else { Event::Tick };
                self.tick(event);
            } else {
                self.fly();
            }
            self.check()?;
        }
        let id = self.id;
        let rows = self.read(|work| work.open_rows(id));
        Err(format!("the desk never came to rest: {rows:?}, {:?}", self.engine))
    }

    fn pass(&mut self, ms: u64) {
        self.now += ms;
        self.site.state().now = self.now;
        if self.disk != Disk::Roomy && self.now >= self.disk_until {
            self.make_room();
        }
    }

    fn step(&mut self) -> Outcome {
        let pause = self.dice.pick(&[1, 5, 20, 100, 300, 900, 3_000, 30_000]);
        self.pass(pause);
        let act = self.choose();
        self.trace(|storm| format!("{} ms {act:?}", storm.now));
        self.meet(format!("{act:?}"));
        match act {
            Act::Fly => self.fly(),
            Act::Decide => self.decide(),
            Act::Undo => self.undo(false),
            Act::Redo => self.undo(true),
            Act::Colleague => self.colleague(),
            Act::Edit => self.reader_edits(),
            Act::Delete => self.reader_deletes(),
            Act::Arrive => self.arrival(),
            Act::Crash => self.is_dead = true,
            Act::Restart => self.restart(),
            Act::JumpClock => self.jump_clock(),
            Act::FillDisk => self.fill_disk(),
            Act::Settle => self.answer_conflict(),
            Act::Refresh => self.tick(Event::Refresh),
            Act::Haunt => self.haunt(),
            Act::Look => self.look_around(),
            Act::Close => {
                self.letting_go = true;
                self.tick(Event::LetGo);
            }
            Act::Wait => self.tick(Event::Tick),
        }
        if self.is_dead {
            self.crash();
        }
        self.check()
    }

    fn choose(&mut self) -> Act {
        let by = |wind, off, mild, wild| self.swarm.by(wind, off, mild, wild);
        let anew = if self.is_signed_out || self.letting_go { 10 } else { by(Wind::Restart, 0, 1, 3) };
        let table: [(u64, Act); 18] = [
            (90, Act::Fly),
            (14, Act::Decide),
            (by(Wind::Undo, 0, 5, 16), Act::Undo),
            (by(Wind::Undo, 0, 3, 8), Act::Redo),
            (by(Wind::Colleague, 0, 5, 16), Act::Colleague),
            (by(Wind::Readers, 0, 4, 10), Act::Edit),
            (by(Wind::Readers, 0, 1, 3), Act::Delete),
            (2, Act::Arrive),
            (by(Wind::Crash, 0, 1, 3), Act::Crash),
            (anew, Act::Restart),
            (by(Wind::Clock, 0, 1, 4), Act::JumpClock),
            (by(Wind::Disk, 0, 1, 4), Act::FillDisk),
            (4, Act::Settle),
            (3, Act::Refresh),
            (by(Wind::Late, 0, 2, 4) + by(Wind::Echo, 0, 1, 3), Act::Haunt),
            (by(Wind::Reading, 0, 4, 12), Act::Look),
            (by(Wind::Restart, 0, 0, 1), Act::Close),
            (11, Act::Wait),
        ];
        let all = table.iter().map(|(weight, _)| weight).sum();
        let mut roll = self.dice.roll(all);
        for (weight, act) in table {
            if roll < weight {
                return act;
            }
            roll -= weight;
        }
        Act::Wait
    }

    fn utc(&self) -> DateTime<Utc> {
        let ms = 1_760_000_000_000 + self.now.cast_signed() + self.skew_ms;
        DateTime::from_timestamp_millis(ms).unwrap()
    }

    fn meet(&mut self, what: impl Into<String>) {
        *self.tally.entry(what.into()).or_default() += 1;
    }

    fn find_wrong(&mut self, why: impl FnOnce() -> String) {
        self.wrong.get_or_insert_with(why);
    }

    fn trace(&self, line: impl FnOnce(&Self) -> String) {
        if self.traced {
            eprintln!("{}", line(self));
        }
    }
}

fn number(native_id: &NativeId) -> u64 {
    native_id.0.parse().unwrap_or(0)
}

/// A desk's memory: in a file or without one, and with some lines of an earlier evening in its journal, so that its last
/// page is more or less full.
fn ledger(dice: &mut Dice) -> (Option<tempfile::TempDir>, Ledger) {
    let home = (dice.roll(FILED_ONCE_IN) == 0).then(home);
    let mut ledger = match &home {
        Some(home) => Ledger::open(home.path(), Options::default()).unwrap(),
        None => Ledger::in_memory().unwrap(),
    };
    let lines = dice.roll(60);
    ledger.write(|work| (0..lines).try_for_each(|_| work.note(&before_the_storm()))).unwrap();
    (home, ledger)
}

/// In memory if the machine has a folder there: a disk would be waited for at every commit.
fn home() -> tempfile::TempDir {
    tempfile::tempdir_in("/dev/shm").or_else(|_| tempfile::tempdir()).unwrap()
}

fn before_the_storm() -> Entry<'static> {
    let at = DateTime::from_timestamp_millis(0).unwrap();
    Entry { at, act: 0, site: "sim", native_id: "0", what: "park", moderator: "Mona", seen: None }
}
