//! Faults planted behind the production code's back, to show that the storm catches them: each is what the desk would do
//! if one line of it were missing.

use super::{Flight, Level, Storm, Wind};
use greenroom::backend::Fault;
use greenroom::domain::{DecisionId, Receipt};
use greenroom::store::Made;
use greenroom::sync::engine::{Answer, Event};
use greenroom::sync::perform::{Brought, Parcel};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Plant {
    None,
    /// A request that nobody answered counts as carried out.
    LostCountsAsDelivered,
    /// A request stands on the version that the decision was made on, whatever the desk was told since.
    NoRebase,
    /// After a crash nobody asks what became of what was on the wire.
    NoRecovery,
    /// What was read is not compared with what the comment says.
    SeenNotCompared,
    /// A decision does not wait for the one before it on the same comment.
    TwoAtOnce,
    /// What the site says stands in the way of a decision does not become truth.
    ConflictForgotten,
    /// What is on its way counts as never having left when it is taken back.
    WithdrawnOnItsWay,
    /// A decision's line is written to the journal in a transaction of its own.
    JournalLate,
    /// That a request leaves is written once it is back.
    SendingLate,
    /// After a crash, requests that were on the wire count as never sent.
    ForgetSending,
    /// An undo of what may have left only forgets it.
    UndoWithoutInverse,
    /// A hold is over at once.
    HoldIgnored,
}

pub const PLANTS: [Plant; 12] = [
    Plant::LostCountsAsDelivered,
    Plant::NoRebase,
    Plant::NoRecovery,
    Plant::SeenNotCompared,
    Plant::TwoAtOnce,
    Plant::ConflictForgotten,
    Plant::WithdrawnOnItsWay,
    Plant::JournalLate,
    Plant::SendingLate,
    Plant::ForgetSending,
    Plant::UndoWithoutInverse,
    Plant::HoldIgnored,
];

/// What the plant that compares nothing puts back afterwards.
type Unseen = Vec<(i64, i64)>;

impl Plant {
    /// Winds without which the fault would not show.
    pub(super) fn needs(self) -> &'static [(Wind, Level)] {
        match self {
            Self::None => &[],
            Self::TwoAtOnce => &[(Wind::Undo, Level::Wild), (Wind::Slow, Level::Wild)],
            Self::LostCountsAsDelivered | Self::UndoWithoutInverse => &[(Wind::Lost, Level::Wild)],
            Self::NoRebase | Self::SeenNotCompared => &[(Wind::Readers, Level::Wild)],
            Self::ConflictForgotten => &[(Wind::Colleague, Level::Wild)],
            Self::NoRecovery | Self::JournalLate | Self::SendingLate | Self::ForgetSending => {
                &[(Wind::Crash, Level::Wild)]
            }
            Self::WithdrawnOnItsWay => &[(Wind::Undo, Level::Wild)],
            Self::HoldIgnored => &[(Wind::Hold, Level::Mild)],
        }
    }
}

impl Storm {
    /// Does something to the desk's file that no line of the desk does.
    pub(super) fn sabotage(&self, sql: &str) {
        self.ledger.reading().execute(sql, []).unwrap();
    }

    /// Every decision stands on the comment's words of the moment for as long as it is judged.
    pub(super) fn begin_unseen(&self) -> Unseen {
        if self.plant != Plant::SeenNotCompared {
            return Vec::new();
        }
        let db = self.ledger.reading();
        let mut select = db.prepare_cached("select id, seen from outbox").unwrap();
        let rows = select.query_map([], |row| Ok((row.get(0)?, row.get(1)?))).unwrap();
        let seen = rows.collect::<Result<Vec<(i64, i64)>, _>>().unwrap();
        self.sabotage("update outbox set seen = (select revision from comments where id = outbox.comment)");
        self.sabotage(
            "create temp trigger unseen after update of revision on comments begin
             update outbox set seen = new.revision where comment = new.id; end",
        );
        seen
    }

    pub(super) fn end_unseen(&self, seen: Unseen) {
        if self.plant == Plant::SeenNotCompared {
            self.sabotage("drop trigger unseen");
        }
        for (id, revision) in seen {
            self.sabotage(&format!("update outbox set seen = {revision} where id = {id}"));
        }
    }

    /// What is about to leave.
    pub(super) fn repacked(&self, parcel: Parcel) -> Parcel {
        match parcel {
            Parcel::Push(mut both) if self.plant == Plant::NoRebase => {
                if let Some(tag) = self.tags.get(&both.0.id) {
                    both.0.base_tag.clone_from(tag);
                }
                Parcel::Push(both)
            }
            parcel => parcel,
        }
    }

    /// A request was written down, and leaves.
    pub(super) fn departed(&mut self, flight: &Flight) {
        let Some(id) = flight.errand.as_ref().map(|errand| errand.decision) else { return };
        match self.plant {
            Plant::SendingLate => self.sabotage(&format!(
                "update outbox set delivery = 'queued', left_home = left_home - 1 where id = {id}"
            )),
            Plant::TwoAtOnce => {
                self.tick(Event::Answer { seq: flight.seq, answer: Answer::Done });
                self.outbox_moved();
            }
            _ => {}
        }
    }

    /// What came back.
    pub(super) fn tampered(&self, brought: Brought, flight: &Flight) -> Brought {
        let Brought::Pushed(mut both) = brought else { return brought };
        let mut then = greenroom::domain::Observed::of(both.0.native_id.clone());
        match (self.plant, &both.1) {
            (Plant::LostCountsAsDelivered, Err(Fault::Unanswered { .. })) => {
                then.status = Some(both.0.verb.wanted());
                both.1 = Ok(Receipt { now: then, already: false });
            }
            (Plant::ConflictForgotten, Err(Fault::Conflict { .. })) => {
                then.status = Some(both.0.prior);
                both.1 = Err(Fault::Conflict { theirs: Box::new(then) });
            }
            (Plant::SendingLate, _) => {
                let id = flight.errand.as_ref().map_or(DecisionId(0), |errand| errand.decision);
                self.sabotage(&format!(
                    "update outbox set delivery = 'sending', left_home = left_home + 1 where id = {id}"
                ));
            }
            _ => {}
        }
        Brought::Pushed(both)
    }

    /// A decision was written.
    pub(super) fn decided(&mut self, made: &Made) {
        for (id, _) in &made.decisions {
            let tag = self.read(|work| Ok(work.decision(*id)?.and_then(|(decision, _)| decision.base_tag)));
            self.tags.insert(*id, tag);
        }
        // Half of the crashes of this plant come between its two transactions.
        if self.plant == Plant::JournalLate && self.dice.roll(20) == 0 {
            let batch = made.batch.0;
            self.sabotage(&format!("delete from journal where act = {batch}"));
            self.is_dead = true;
        }
    }

    /// What is on its way is taken for something at home.
    pub(super) fn before_undo(&self) {
        match self.plant {
            Plant::UndoWithoutInverse => self.sabotage("update outbox set left_home = 0, unanswered = 0"),
            Plant::WithdrawnOnItsWay => self.sabotage(
                "update outbox set left_home = 0, unanswered = 0, delivery = 'queued' where delivery = 'sending'",
            ),
            _ => {}
        }
    }

    /// The process died with this plant in it.
    pub(super) fn die_late(&self) {
        if self.plant == Plant::SendingLate {
            self.sabotage("update outbox set unanswered = 0 where delivery = 'queued' and left_home = 0");
        }
    }
}
