//! One seed of the storm: the production engine, dispatch and SQLite, a moderator, a colleague, readers, a wire that loses
//! things, crashes; everything checked after every step.

mod check;
mod dice;
mod people;

use crate::site::{self, Comment, Face, Mishap, Site};
use chrono::{DateTime, Utc};
use greenroom::backend::{self, Backend, Secret};
use greenroom::domain::{DecisionId, Delivery, Order, SiteId, Status, Verb};
use greenroom::store::{Ledger, Trouble, Work};
use greenroom::sync::dispatch::{Moment, stumble};
use greenroom::sync::engine::{Call, Effect, Engine, Event, Purpose};
use greenroom::sync::perform::{Brought, Parcel, pack, travel, unpack};
use std::collections::BTreeMap;
use std::time::Duration;

use dice::Dice;

/// How a fault was planted into the storm, to show that it is caught.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Plant {
    None,
    /// Decisions are sent without being judged against what the moderator saw.
    SendUnjudged,
    /// After a crash, requests that were on the wire count as never sent.
    ForgetSending,
    /// An undo of what may have left only forgets it.
    UndoWithoutInverse,
}

struct Flight {
    seq: u64,
    asked_at: u64,
    /// How long the newest look before a push took.
    sight_ms: u64,
    call: Call,
    stage: Stage,
}

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
    body: String,
    is_inverse: bool,
    /// A person saw the other side and wanted it all the same.
    insisted: bool,
}

pub struct Storm {
    dice: Dice,
    site: Site,
    backend: Box<dyn Backend>,
    ledger: Ledger,
    engine: Engine,
    id: SiteId,
    now: u64,
    key: u64,
    flights: Vec<Flight>,
    mine: BTreeMap<DecisionId, Mine>,
    deliveries: BTreeMap<DecisionId, Delivery>,
    /// What a person let stand on a comment, seeing it so, after so many changes of ours.
    kept: BTreeMap<u64, (Status, usize)>,
    checked: usize,
    walks: u32,
    calm: bool,
    sight_ms: u64,
    plant: Plant,
    crashes: bool,
    late: bool,
    /// Decisions on this comment hardly ever get an answer, until the desk gives up on them. All tries but the last lie
    /// behind them already: their waits would take the storm's whole time.
    stubborn: Option<u64>,
}

type Outcome = Result<(), String>;

fn utc(ms: u64) -> DateTime<Utc> {
    DateTime::from_timestamp_millis(1_760_000_000_000 + ms as i64).unwrap()
}

impl Storm {
    pub fn new(seed: u64, face: Face, plant: Plant) -> Self {
        let mut dice = Dice::new(seed);
        let site = Site::new(face);
        // Few comments, so that much happens to each, or many.
        let comments = if dice.roll(3) == 0 { 2 } else { 3 + dice.roll(12) };
        for id in 1..=comments {
            site.state().comments.insert(id, Comment::new(&format!("words of {id}"), 0));
        }
        let mut ledger = Ledger::in_memory().unwrap();
        let mut row = site::known_as(face);
        row.id = ledger.write(|work| work.add_site(&row)).unwrap();
        let backend = backend::open(&row, Secret::new("s")).unwrap();
        let engine = Engine::new(row.id, backend.capabilities(), Order::Oldest, 0);
        let planted = plant != Plant::None;
        let stubborn = (dice.roll(4) == 0).then(|| 1 + dice.roll(comments));
        let (crashes, late) = (planted || dice.roll(2) == 0, planted || dice.roll(3) == 0);
        let late = late || stubborn.is_some();
        Self {
            dice,
            site,
            backend,
            ledger,
            engine,
            id: row.id,
            now: 1,
            key: 0,
            flights: Vec::new(),
            mine: BTreeMap::new(),
            deliveries: BTreeMap::new(),
            kept: BTreeMap::new(),
            checked: 0,
            walks: 0,
            calm: false,
            sight_ms: 0,
            plant,
            crashes,
            late,
            stubborn,
        }
    }

    /// Runs the storm, then calm, then the last check.
    pub fn run(mut self, steps: usize) -> Outcome {
        self.tick(Event::Tick);
        for step in 0..steps {
            self.step().map_err(|why| format!("step {step}: {why}"))?;
        }
        self.calm = true;
        self.site.state().mishap = None;
        while !self.site.state().ghosts.is_empty() {
            self.site.haunt(0);
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
            if self.flights.is_empty() {
                let now = Duration::from_millis(self.now);
                let wait = self.engine.wake_at(now).saturating_sub(now);
                self.now += u64::try_from(wait.as_millis()).unwrap() + 1;
                self.site.state().now = self.now;
                let event = if self.engine.is_at_rest() { Event::Refresh } else { Event::Tick };
                self.tick(event);
            } else {
                self.fly();
            }
            self.check()?;
        }
        let rows = self.write(|work, _| work.open_rows(SiteId(1)));
        Err(format!("the desk never came to rest: {rows:?}, {:?}", self.engine))
    }

    fn step(&mut self) -> Outcome {
        let pause = self.dice.pick(&[1, 5, 20, 100, 300, 900, 3_000, 30_000]);
        self.now += pause;
        self.site.state().now = self.now;
        match self.dice.roll(100) {
            0..40 => self.fly(),
            40..55 => self.decide(),
            55..61 => self.undo(false),
            61..64 => self.undo(true),
            64..71 => self.colleague(),
            71..76 => self.reader_edits(),
            76..77 => self.reader_deletes(),
            77..79 => self.arrival(),
            79..81 if self.crashes => self.crash(),
            81..83 => self.answer_conflict(),
            83..86 => self.tick(Event::Refresh),
            86..89 if self.late => self.haunt(),
            _ => self.tick(Event::Tick),
        }
        self.check()
    }

    fn tick(&mut self, event: Event) {
        let effects = self.engine.tick(Duration::from_millis(self.now), event);
        for effect in effects {
            match effect {
                Effect::Call { seq, call } => {
                    let sight_ms = self.sight_ms;
                    self.flights.push(Flight {
                        seq,
                        asked_at: self.now,
                        sight_ms,
                        call,
                        stage: Stage::Asked,
                    });
                }
                Effect::Release(ids) => {
                    let now = utc(self.now);
                    self.ledger.write(|work| work.release(&ids, now)).unwrap();
                    self.outbox_moved();
                }
                Effect::FindAbsent { seq } => {
                    let id = self.id;
                    self.walks += 1;
                    let absent = self.ledger.write(|work| work.unseen_since(id, seq)).unwrap();
                    self.tick(Event::Absent(absent));
                }
                Effect::Stumble { id, fault, why } => {
                    self.write(|work, moment| stumble(work, id, fault, &why, moment));
                    self.outbox_moved();
                }
                Effect::Walked { .. } | Effect::Drop(_) | Effect::Say(_) => {}
            }
        }
    }

    /// Plants a fault behind the production code's back.
    fn sabotage(&self, sql: &str) {
        self.ledger.reading().execute(sql, []).unwrap();
    }

    fn outbox_moved(&mut self) {
        let id = self.id;
        let rows = self.ledger.write(|work| work.open_rows(id)).unwrap();
        self.tick(Event::Outbox(rows));
    }

    fn write<T>(&mut self, with: impl FnOnce(&Work<'_>, &mut Moment<'_>) -> Result<T, Trouble>) -> T {
        let mut key = self.key;
        let mut new_key = || {
            key += 1;
            format!("key-{key}")
        };
        let mut moment = Moment { now: utc(self.now), new_key: &mut new_key };
        let value = self.ledger.write(|work| with(work, &mut moment)).unwrap();
        self.key = key;
        value
    }

    /// One stride of one call, whichever the dice choose.
    fn fly(&mut self) {
        if self.flights.is_empty() {
            return self.tick(Event::Tick);
        }
        let n = self.dice.roll(self.flights.len() as u64) as usize;
        let Flight { seq, asked_at, sight_ms, call, stage } = self.flights.remove(n);
        let stage = match stage {
            Stage::Asked if self.plant == Plant::SendUnjudged => {
                self.sabotage(
                    "update outbox set (prior, seen) = (select status, revision from comments where id = outbox.comment)
                     where delivery = 'queued'",
                );
                Stage::Packed(self.write(|work, moment| pack(work, &call, moment)))
            }
            Stage::Asked => Stage::Packed(self.write(|work, moment| pack(work, &call, moment))),
            Stage::Packed(parcel) => Stage::Back(self.travel(parcel, asked_at, sight_ms)),
            Stage::Back(brought) => {
                if matches!(call, Call::Look { purpose: Purpose::BeforePush, .. }) {
                    self.sight_ms = self.now - asked_at;
                }
                return self.land(seq, call, brought);
            }
        };
        self.flights.push(Flight { seq, asked_at, sight_ms, call, stage });
    }

    fn travel(&mut self, parcel: Parcel, asked_at: u64, sight_ms: u64) -> Brought {
        use Mishap::{AnswerLost, Late, NotSent, RequestLost, ServerError, Throttled, WebPage};
        let (pushing, native) = match &parcel {
            Parcel::Push(both) => (Some(both.0.id), both.0.native_id.0.parse::<u64>().ok()),
            _ => (None, None),
        };
        let mut mishap = None;
        let stubborn = native.is_some() && native == self.stubborn;
        if !self.calm && self.dice.roll(if stubborn { 10 } else { 5 }) < if stubborn { 9 } else { 1 } {
            let lost = match stubborn {
                true => self.dice.pick(&[RequestLost, Late, ServerError]),
                false => {
                    self.dice.pick(&[NotSent, RequestLost, AnswerLost, Late, ServerError, Throttled, WebPage])
                }
            };
            mishap = Some(if lost == Late && !self.late { RequestLost } else { lost });
        }
        {
            let mut state = self.site.state();
            state.mishap = mishap;
            state.pushing = pushing;
            state.asked_at = asked_at;
            state.sight_ms = sight_ms;
        }
        let brought = travel(&*self.backend, &self.site, parcel);
        let mut state = self.site.state();
        state.mishap = None;
        state.pushing = None;
        drop(state);
        brought
    }

    fn land(&mut self, seq: u64, call: Call, brought: Brought) {
        let (id, seq_now) = (self.id, self.engine.seq());
        let ((answer, _), rows) = self.write(|work, moment| {
            let done = unpack(work, id, (seq, seq_now), &call, brought, moment)?;
            Ok((done, work.open_rows(id)?))
        });
        self.tick(Event::Outbox(rows));
        self.tick(Event::Answer { seq, answer });
    }

    /// Decisions that an undo, a redo or an exorcism made.
    fn remember_new(&mut self) {
        let (id, known) = (self.id, self.mine.keys().copied().max().unwrap_or(DecisionId(0)));
        let made = self.write(|work, _| {
            let mut made = Vec::new();
            for n in known.0 + 1.. {
                let Some((decision, _)) = work.decision(DecisionId(n))? else { break };
                let body = work.revision(decision.seen)?.map(|(body, ..)| body.source).unwrap_or_default();
                made.push((decision, body));
            }
            Ok((made, work.open_rows(id)?))
        });
        for (decision, body) in made.0 {
            let body = body.replace("<p>", "").replace("</p>\n", "");
            let comment = decision.native_id.0.parse().unwrap();
            let is_inverse = decision.undoes.is_some();
            self.mine.insert(
                decision.id,
                Mine { comment, verb: decision.verb, body, is_inverse, insisted: false },
            );
        }
    }

    fn haunt(&mut self) {
        let ghosts = self.site.state().ghosts.len() as u64;
        if ghosts > 0 {
            let n = self.dice.roll(ghosts) as usize;
            self.site.haunt(n);
        }
    }

    /// The process dies; what was on the wire may still arrive, and nobody hears the answer.
    fn crash(&mut self) {
        for flight in std::mem::take(&mut self.flights) {
            if let (Stage::Packed(parcel), 0) = (flight.stage, self.dice.roll(2)) {
                let _ = self.travel(parcel, flight.asked_at, flight.sight_ms);
            }
        }
        let (id, now) = (self.id, utc(self.now));
        let (seq, doubtful) = self
            .ledger
            .write(|work| {
                work.recover(id, now)?;
                Ok((work.seq_max(id)?, work.doubtful(id, now)?))
            })
            .unwrap();
        if self.plant == Plant::ForgetSending {
            self.sabotage("update outbox set left_home = 0, unanswered = 0");
        }
        self.engine = Engine::new(self.id, self.backend.capabilities(), Order::Oldest, seq);
        self.tick(Event::Doubtful(doubtful));
        self.outbox_moved();
        self.tick(Event::Tick);
    }
}
