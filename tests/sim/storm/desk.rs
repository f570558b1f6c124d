//! The desk in the storm: it does what the driver does with the engine's effects, one stride at a time, and any stride may
//! be its last.

use super::{Disk, Flight, Mine, Plant, Stage, Storm, Wind, number};
use crate::site::{Errand, Face};
use greenroom::backend::Fault;
use greenroom::domain::{Decision, Delivery, Sight};
use greenroom::store::{Ledger, Options, Trouble, Work};
use greenroom::sync::dispatch::{Moment, stumble};
use greenroom::sync::engine::{Answer, Call, Effect, Engine, Event, Link, Purpose, Trip};
use greenroom::sync::perform::{Brought, Parcel, lose, pack, travel, unpack};
use std::time::Duration;

/// How old a sight may be when a push is asked for, unless the site itself takes longer to answer a look.
const SIGHT_MS: u64 = 1_000;
/// A disk that refuses is tried again after this long, as the driver does it.
const REWRITE_MS: u64 = 1_000;

impl Storm {
    pub(super) fn tick(&mut self, event: Event) {
        if self.is_dead {
            return;
        }
        let effects = self.engine.tick(Duration::from_millis(self.now), event);
        for effect in effects {
            self.perform(effect);
        }
    }

    fn perform(&mut self, effect: Effect) {
        match effect {
            Effect::Call { seq, call } => {
                self.check_sight(&call);
                self.flights.push(Flight {
                    seq,
                    asked_at: self.now,
                    stalled_until: 0,
                    carried_at: 0,
                    call,
                    stage: Stage::Asked,
                    errand: None,
                    orphan: None,
                });
            }
            Effect::Release(ids) => {
                let released = self.write(|work, moment| work.release(&ids, moment.now)).is_some();
                if released { self.outbox_moved() } else { self.tick(Event::Unreleased(ids)) }
            }
            Effect::FindAbsent { seq } => {
                let id = self.id;
                self.walks += 1;
                let absent = self.read(|work| work.unseen_since(id, seq));
                self.tick(Event::Absent(absent));
            }
            Effect::Stumble { id, fault, why } => {
                let _ = self.write(|work, moment| stumble(work, id, fault, &why, moment));
                self.outbox_moved();
            }
            Effect::Expire(ids) => {
                let id = self.id;
                let _ = self.write(|work, _| work.expect_no_more(id, &ids));
            }
            Effect::Say(link) => self.is_signed_out = matches!(link, Link::SignedOut { .. }),
            Effect::Walked { .. } | Effect::Drop(_) => {}
        }
    }

    /// A site that cannot refuse is looked at before a push is asked for.
    fn check_sight(&mut self, call: &Call) {
        let Call::Push { native_id, .. } = call else { return };
        let (face, now) = (self.site.face, self.now);
        let sight = self.sights.get(&number(native_id)).copied();
        let good = sight.is_some_and(|(asked, back)| now - asked <= SIGHT_MS || back == now);
        if face == Face::WordPress && !good {
            self.find_wrong(|| format!("{call:?} is asked for at {now} without a fresh look: {sight:?}"));
        }
    }

    pub(super) fn outbox_moved(&mut self) {
        if self.is_dead {
            return;
        }
        let id = self.id;
        if self.plant == Plant::TwoAtOnce {
            self.sabotage("update outbox set after = null");
        }
        let mut rows = self.read(|work| work.open_rows(id));
        if self.plant == Plant::HoldIgnored {
            rows.iter_mut().for_each(|row| row.hold_secs = 0);
        }
        self.tick(Event::Outbox(rows));
    }

    /// What the desk reads: it never fails.
    pub(super) fn read<T>(&mut self, with: impl FnOnce(&Work<'_>) -> Result<T, Trouble>) -> T {
        self.ledger.write(with).unwrap()
    }

    /// One transaction. `None` where nothing of it is on disk: the process died before the commit, or the disk is full.
    /// Where it dies after the commit, nobody on the desk hears what was written.
    pub(super) fn write<T>(
        &mut self,
        with: impl FnOnce(&Work<'_>, &mut Moment<'_>) -> Result<T, Trouble>,
    ) -> Option<T> {
        match self.attempt(with) {
            Ok(done) => done,
            Err(trouble) => {
                self.find_wrong(|| format!("a transaction failed: {trouble:?}"));
                None
            }
        }
    }

    /// As [`Storm::write`]; an error is what the driver would take as final.
    fn attempt<T>(
        &mut self,
        with: impl FnOnce(&Work<'_>, &mut Moment<'_>) -> Result<T, Trouble>,
    ) -> Result<Option<T>, Trouble> {
        if self.is_dead {
            return Ok(None);
        }
        let dies = self.blows(Wind::Crash, 2, 12);
        let dies_before = dies && self.dice.roll(2) == 0;
        let is_full = self.disk == Disk::Full;
        let before = self.books();
        let (mut key, now) = (self.key, self.utc());
        let mut new_key = || {
            key += 1;
            format!("key-{key}")
        };
        let mut moment = Moment { now, new_key: &mut new_key };
        let done = self.ledger.write(|work| {
            let value = with(work, &mut moment)?;
            match (dies_before, is_full) {
                (true, _) => Err(Trouble::Closed),
                (_, true) => Err(Trouble::Full),
                _ => Ok(value),
            }
        });
        self.key = key;
        self.is_dead = dies;
        if done.is_err() && self.books() != before {
            self.find_wrong(|| "a transaction that failed left something behind".to_owned());
        }
        match done {
            Ok(value) => {
                if dies {
                    self.meet("death after a commit");
                }
                Ok(Some(value))
            }
            Err(Trouble::Closed) if dies => {
                self.meet("death before a commit");
                Ok(None)
            }
            Err(Trouble::Full) if self.disk != Disk::Roomy => {
                self.meet(format!("no room on a disk that is {:?}", self.disk));
                Ok(None)
            }
            Err(trouble) => Err(trouble),
        }
    }

    /// One stride of one call.
    pub(super) fn fly(&mut self) {
        let ready: Vec<usize> = (0..self.flights.len())
            .filter(|n| self.calm || self.flights[*n].stalled_until <= self.now)
            .collect();
        if ready.is_empty() {
            return self.tick(Event::Tick);
        }
        let overtakes = self.blows(Wind::Disorder, 250, 1_000);
        let n = if overtakes { self.dice.roll(ready.len() as u64) as usize } else { 0 };
        let mut flight = self.flights.remove(ready[n]);
        if self.blows(Wind::Slow, 60, 250) {
            flight.stalled_until = self.now + self.dice.pick(&[2_000, 10_000, 40_000]);
            self.flights.push(flight);
            return;
        }
        if !matches!(flight.stage, Stage::Packed(_)) && self.blows(Wind::Disk, 1, 8) {
            return self.give_up(flight);
        }
        match flight.stage.clone() {
            Stage::Asked => self.take_off(flight),
            Stage::Packed(parcel) => {
                self.check_on_disk(&flight);
                let brought = self.travel(parcel, flight.errand.as_ref());
                flight.carried_at = self.site.answered_at();
                flight.stage = Stage::Back(self.tampered(brought, &flight));
                self.flights.push(flight);
            }
            Stage::Back(brought) => self.land(flight, brought),
        }
    }

    fn take_off(&mut self, mut flight: Flight) {
        let call = flight.call.clone();
        let unseen = self.begin_unseen();
        let packed = self.attempt(|work, moment| pack(work, &call, moment));
        self.end_unseen(unseen);
        match packed {
            Ok(Some(parcel)) => {
                if let Parcel::Push(both) = &parcel {
                    flight.errand = Some(self.depart(&both.0, &flight));
                }
                let parcel = self.repacked(parcel);
                flight.stage = Stage::Packed(parcel);
                self.departed(&flight);
            }
            Ok(None) => flight.stalled_until = self.now + REWRITE_MS,
            Err(trouble) => self.find_wrong(|| format!("{call:?} cannot leave: {trouble:?}")),
        }
        self.flights.push(flight);
    }

    /// What must hold when a request is about to leave.
    fn depart(&mut self, decision: &Decision, flight: &Flight) -> Errand {
        self.learn();
        let native = number(&decision.native_id);
        let mine = self.mine[&decision.id].clone();
        if mine.delivery.is_settled() {
            self.find_wrong(|| format!("decision {} leaves and is {:?}", decision.id, mine.delivery));
        }
        let takes_back =
            |other: &Mine| other.undoes == Some(decision.id) && other.delivery != Delivery::Withdrawn;
        let inverse = self.mine.iter().find(|(_, other)| takes_back(other));
        if let Some((inverse, Mine { delivery, .. })) = inverse {
            let why = format!("{} leaves, though {inverse} takes it back and is {delivery:?}", decision.id);
            self.find_wrong(|| why);
        }
        let another = self.flights.iter().any(|other| {
            let on_the_wire = !matches!(other.stage, Stage::Asked) && other.errand.is_some();
            let same =
                matches!(&other.call, Call::Push { native_id, .. } if *native_id == decision.native_id);
            on_the_wire && same && other.orphan.is_none() && flight.orphan.is_none()
        });
        if another {
            self.find_wrong(|| format!("two requests for comment {native} are on their way at once"));
        }
        Errand {
            decision: decision.id,
            told_at: self.told_newest(native),
            prior: decision.prior,
            words: mine.words,
            insisted: mine.insisted,
        }
    }

    /// What leaves was written down before. Where the site was put to work anew, it was on its way already.
    fn check_on_disk(&mut self, flight: &Flight) {
        let Some(id) = flight.errand.as_ref().map(|errand| errand.decision) else { return };
        let found = self.delivery_word(id);
        if found != "sending" && !self.doubled.contains(&id) {
            self.find_wrong(|| format!("decision {id} is on the wire, and on disk it is {found}"));
        }
    }

    fn travel(&mut self, parcel: Parcel, errand: Option<&Errand>) -> Brought {
        let mishap = self.mishap(errand.map(|errand| self.mine[&errand.decision].comment));
        self.trace(|_| format!("    travels {mishap:?} {errand:?}"));
        if let Some(mishap) = mishap {
            self.meet(format!("{mishap:?}"));
        }
        {
            let mut state = self.site.state();
            (state.mishap, state.replayed_at) = (mishap, None);
            state.pushing = errand.cloned();
        }
        let brought = travel(&*self.backend, &self.site, parcel);
        let mut state = self.site.state();
        (state.mishap, state.pushing) = (None, None);
        drop(state);
        brought
    }

    fn land(&mut self, mut flight: Flight, brought: Brought) {
        let (id, seq, call) = (self.id, flight.seq, flight.call.clone());
        let seq_now = flight.orphan.unwrap_or(self.engine.seq());
        let (copy, natives) = (brought.clone(), self.may_tell(&flight, &brought, seq_now));
        let unseen = self.begin_unseen();
        let done = self.attempt(|work, moment| {
            let done = unpack(work, id, (seq, seq_now), &call, copy, moment)?;
            Ok((done, work.open_rows(id)?))
        });
        self.end_unseen(unseen);
        match done {
            Ok(Some(((answer, _), rows))) => {
                self.take_told(&flight, &brought, (natives, seq_now));
                self.landed = Some(flight.carried_at);
                if answer == Answer::Overtaken {
                    self.meet("an answer that was overtaken");
                }
                if flight.orphan.is_some() {
                    self.meet("an answer from before a restart");
                } else {
                    self.tick(Event::Outbox(rows));
                    self.tick(Event::Answer { seq, answer });
                }
            }
            Ok(None) => {
                flight.stalled_until = self.now + REWRITE_MS;
                self.flights.push(flight);
            }
            Err(trouble) => {
                self.find_wrong(|| format!("what came back for {call:?} cannot be written: {trouble:?}"))
            }
        }
    }

    /// The desk's file would not take what came back, or what was to leave, for good.
    fn give_up(&mut self, mut flight: Flight) {
        self.meet("a row that the file refuses");
        let mut trip = Trip::Local;
        match &flight.call {
            Call::Push { id, .. } => {
                let id = *id;
                if self.write(|work, moment| lose(work, id, "no", moment)).is_none() {
                    flight.stalled_until = self.now + REWRITE_MS;
                    self.flights.push(flight);
                    return;
                }
            }
            Call::Identify => trip = Trip::Failing { why: "no".to_owned(), after: None },
            _ => {}
        }
        if flight.orphan.is_none() {
            self.outbox_moved();
            self.tick(Event::Answer { seq: flight.seq, answer: Answer::Failed(trip) });
        }
    }

    /// The comments that an answer tells about and whose rows it may write: those for which nothing newer is known.
    fn may_tell(&self, flight: &Flight, brought: &Brought, seq_now: u64) -> Vec<u64> {
        let told = |sight: &Sight| match sight {
            Sight::Here(here) => Some(number(&here.native_id)),
            Sight::Gone(id) => Some(number(id)),
            Sight::Unreadable(_) | Sight::Missing(_) | Sight::Denied { .. } => None,
        };
        let (natives, seq): (Vec<u64>, u64) = match brought {
            Brought::Page(_, arrivals) => {
                (arrivals.iter().map(|arrival| number(&arrival.observed.native_id)).collect(), flight.seq)
            }
            Brought::Sights(sights, _) => (sights.iter().filter_map(told).collect(), flight.seq),
            // An answer without a request told nothing of the words.
            Brought::Pushed(both) => match &both.1 {
                Ok(receipt) if receipt.already && self.site.face == Face::WordPress => (Vec::new(), 0),
                Ok(_) => return vec![number(&both.0.native_id)],
                Err(Fault::Conflict { .. } | Fault::Unconfirmed { .. } | Fault::Gone) => {
                    (vec![number(&both.0.native_id)], seq_now)
                }
                Err(_) => (Vec::new(), 0),
            },
            _ => (Vec::new(), 0),
        };
        let admits = |native: &u64| {
            let (written, receipt) = self.seqs(*native);
            seq > receipt && seq >= written
        };
        natives.into_iter().filter(admits).collect()
    }

    /// Remembers when the site gave the answers by which comments are known.
    fn take_told(&mut self, flight: &Flight, brought: &Brought, (natives, seq_now): (Vec<u64>, u64)) {
        if let Call::Look { ids, purpose: Purpose::BeforePush } = &flight.call {
            for id in ids.iter().filter(|_| matches!(brought, Brought::Sights(..))) {
                self.sights.entry(number(id)).or_default().1 = self.now;
            }
        }
        self.trace(|_| {
            format!(
                "    lands {} {:?}, carried at {}, may tell of {natives:?}",
                flight.seq, flight.call, flight.carried_at
            )
        });
        for native in natives {
            if [flight.seq, seq_now].contains(&self.seqs(native).0) {
                self.told.entry(native).or_default().push(flight.carried_at);
                if !matches!(brought, Brought::Pushed(_)) {
                    self.sights.entry(native).or_default().0 = flight.asked_at;
                }
            }
        }
    }

    pub(super) fn told_newest(&self, native: u64) -> u64 {
        self.told.get(&native).and_then(|told| told.last()).copied().unwrap_or(0)
    }

    /// The process dies; what was on the wire may still arrive, and nobody hears the answer. It is started again.
    pub(super) fn crash(&mut self) {
        self.trace(|_| "    the process dies".to_owned());
        for flight in std::mem::take(&mut self.flights) {
            if let (Stage::Packed(parcel), 0) = (flight.stage, self.dice.roll(2)) {
                let _ = self.travel(parcel, flight.errand.as_ref());
            }
        }
        self.die_late();
        self.open_again();
        let seq = self.start();
        self.begin(seq);
    }

    /// A desk that has a file of its own reads everything from there.
    fn open_again(&mut self) {
        if let Some(home) = &self.home {
            // Nothing of the old connection outlives the process.
            self.ledger = Ledger::in_memory().unwrap();
            self.ledger = Ledger::open(home.path(), Options::default()).unwrap();
            (self.disk, self.writes) = (Disk::Roomy, u64::MAX);
            self.meet("a file that was opened again");
        }
    }

    /// The site is put to work anew: what is under way goes on by itself, and is recorded.
    pub(super) fn restart(&mut self) {
        let last = self.engine.seq();
        for flight in &mut self.flights {
            flight.orphan.get_or_insert(last);
            self.doubled.extend(flight.errand.as_ref().map(|errand| errand.decision));
        }
        let seq = self.start();
        self.begin(seq.max(last));
    }

    /// What was on the wire is unanswered. Returns the largest number a request is known to have had.
    fn start(&mut self) -> u64 {
        let id = self.id;
        loop {
            self.is_dead = false;
            let found = match self.plant {
                Plant::NoRecovery => self.write(|work, _| work.seq_max(id)),
                _ => self.write(|work, moment| {
                    work.recover(id, moment.now)?;
                    work.seq_max(id)
                }),
            };
            match found {
                Some(seq) if !self.is_dead => return seq,
                Some(_) => {}
                // A person makes room, or nothing starts.
                None if !self.is_dead => self.make_room(),
                None => {}
            }
        }
    }

    fn begin(&mut self, seq: u64) {
        let held = self.learn().into_iter().filter(|row| row.delivery == Delivery::Held);
        for row in held {
            if let Some(mine) = self.mine.get_mut(&row.id) {
                mine.held_from = self.now;
            }
        }
        if self.plant == Plant::ForgetSending {
            self.sabotage("update outbox set left_home = 0, unanswered = 0");
        }
        self.has_let_go |= self.letting_go;
        (self.letting_go, self.is_signed_out) = (false, false);
        let id = self.id;
        let doubtful = self.read(|work| work.doubtful(id));
        self.engine = Engine::new(self.id, self.backend.capabilities(), self.order, seq);
        self.tick(Event::Doubtful(doubtful));
        self.outbox_moved();
        self.tick(Event::Tick);
    }
}
