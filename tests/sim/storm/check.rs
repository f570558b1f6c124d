//! What must hold after every step of the storm.

use super::books::Row;
use super::{Mine, Outcome, Stage, Storm};
use crate::site::{Applied, Face, Stale};
use crate::wire::How;
use greenroom::domain::{DecisionId, Delivery, Status, Verb};
use std::collections::BTreeMap;

impl Storm {
    /// Takes notice of decisions that are new: a person's, and those that an undo, a redo or the desk itself made.
    pub(super) fn learn(&mut self) -> Vec<Row> {
        let rows = self.rows();
        for row in &rows {
            if self.mine.contains_key(&row.id) {
                continue;
            }
            let mine = Mine {
                comment: row.comment,
                verb: row.verb,
                words: row.words.clone(),
                ground: (row.prior, row.seen),
                undoes: row.undoes,
                hold_ms: row.hold_ms,
                held_from: self.now,
                told_at: self.told_newest(row.comment),
                insisted: (0, 0),
                delivery: Delivery::Held,
            };
            self.mine.insert(row.id, mine);
        }
        rows
    }

    pub(super) fn check(&mut self) -> Outcome {
        let done = self.look_over();
        (self.has_acted, self.has_let_go, self.landed) = (false, false, None);
        done
    }

    fn look_over(&mut self) -> Outcome {
        let writes = self.ledger.reading().total_changes();
        let happened = {
            let state = self.site.state();
            (state.applied.len(), state.stale.len())
        };
        if self.wrong.is_none() && (writes, happened) == (self.writes, self.checked) {
            return Ok(());
        }
        self.writes = writes;
        let rows: BTreeMap<DecisionId, Row> = self.learn().into_iter().map(|row| (row.id, row)).collect();
        if let Some(why) = self.wrong.take() {
            return Err(why);
        }
        for id in self.mine.keys().copied().collect::<Vec<_>>() {
            let Some(row) = rows.get(&id) else { return Err(format!("decision {id} is lost")) };
            self.check_row(row, &rows)?;
        }
        self.check_lines()?;
        let (applied, stale) = {
            let state = self.site.state();
            (state.applied[self.checked.0..].to_vec(), state.stale[self.checked.1..].to_vec())
        };
        for one in applied {
            self.check_applied(&one)?;
            self.checked.0 += 1;
        }
        for one in stale {
            self.meet("a stale request refused");
            Self::check_stale(&one)?;
            self.checked.1 += 1;
        }
        Ok(())
    }

    fn check_row(&mut self, row: &Row, rows: &BTreeMap<DecisionId, Row>) -> Outcome {
        let id = row.id;
        let mine = self.mine[&id].clone();
        if mine.ground != (row.prior, row.seen) {
            return Err(format!(
                "decision {id} stands on something else than was seen, and nobody was asked"
            ));
        }
        let on_the_wire = |stage: &Stage| !matches!(stage, Stage::Asked);
        let carried = self.flights.iter().any(|flight| {
            on_the_wire(&flight.stage) && flight.errand.as_ref().is_some_and(|errand| errand.decision == id)
        });
        if row.delivery == Delivery::Sending && !carried {
            return Err(format!("decision {id} is said to be on its way, and nothing of it is"));
        }
        if mine.delivery == row.delivery {
            return Ok(());
        }
        self.meet(format!("a decision {:?}", row.delivery));
        match (mine.delivery, row.delivery) {
            (from @ (Delivery::Delivered | Delivery::Withdrawn), to) => {
                return Err(format!("decision {id} moved on from {from:?} to {to:?}"));
            }
            (Delivery::Held, Delivery::Queued | Delivery::Sending)
                if self.now < mine.held_from + mine.hold_ms && !self.letting_go && !self.has_let_go =>
            {
                let (from, hold) = (mine.held_from, mine.hold_ms);
                return Err(format!("decision {id} is let go of, held since {from} ms for {hold} ms"));
            }
            (_, Delivery::Delivered) => self.check_delivered(row, &mine)?,
            (from, Delivery::Withdrawn) => {
                let taken_back = rows.values().any(|other| other.undoes == Some(id));
                let first = row.undoes.and_then(|first| rows.get(&first)).map(|first| first.delivery);
                let first_ended =
                    matches!(first, Some(Delivery::Conflicted | Delivery::Refused | Delivery::Withdrawn));
                if !(self.has_acted || taken_back || first_ended) {
                    return Err(format!("decision {id} was withdrawn by nobody"));
                }
                if matches!(from, Delivery::Conflicted | Delivery::Refused) {
                    self.remember_kept(row.comment);
                }
            }
            _ => {}
        }
        self.mine.insert(id, Mine { delivery: row.delivery, ..mine });
        Ok(())
    }

    /// What counts as delivered stood on the site like that, at some time since the desk's knowledge of it when it was
    /// made, or since the answer by which it was delivered.
    fn check_delivered(&self, row: &Row, mine: &Mine) -> Outcome {
        let since = mine.told_at.min(self.landed.unwrap_or(u64::MAX));
        let state = self.site.state();
        let theirs = &state.comments[&row.comment];
        let takes_down = matches!(row.verb, Verb::Reject | Verb::Spam);
        let was_so = theirs.stood_since(since, row.verb.wanted())
            || (takes_down && theirs.stood_since(since, Status::Deleted));
        if was_so {
            return Ok(());
        }
        Err(format!("decision {} ({:?}) counts as delivered, and the site never had it so", row.id, row.verb))
    }

    /// A person was asked and let stand what the desk showed.
    fn remember_kept(&mut self, native: u64) {
        let changes = self.site.state().applied.len();
        if let Some((status, _)) = self.truth(native) {
            self.kept.insert(native, (status, changes));
        }
    }

    /// Whether our newest change on a comment is what a person then saw and let stand.
    pub(super) fn was_kept(&self, native: u64, status: Status) -> bool {
        let newest = self.site.state().applied.iter().rposition(|one| one.comment == native);
        let seen_after = |(kept, after): &(Status, usize)| *kept == status && newest < Some(*after);
        self.kept.get(&native).is_some_and(seen_after)
    }

    fn check_applied(&mut self, one: &Applied) -> Outcome {
        let id = one.errand.decision;
        let Some(mine) = self.mine.get(&id).cloned() else {
            return Err(format!("something unknown was applied: {one:?}"));
        };
        if mine.comment != one.comment || mine.verb.wanted() != one.to {
            return Err(format!("decision {id} was applied as something else: {one:?}"));
        }
        self.meet(format!("a request carried out {:?}", one.how));
        let refuses = self.site.face == Face::Cmh;
        // What a site that cannot refuse leaves open, and no more: see the guarantee in `main.rs`.
        let is_excused = |at: u64| !refuses && (one.how != How::Prompt || at > one.errand.told_at);
        if one.body != one.errand.words && mine.verb != Verb::Restore && !is_excused(one.words_at) {
            return Err(format!("applied to words that were not seen: {one:?}"));
        }
        // Where people are named, taking back stands on whose it is as well.
        let names_other = refuses && mine.undoes.is_some() && one.colleague_at > one.errand.insisted.1;
        let seen_so = one.errand.prior == one.from && !names_other;
        if one.over_colleague && !seen_so && one.how == How::Prompt && is_excused(one.colleague_at) {
            self.meet("a colleague overruled within the window");
        }
        if one.over_colleague && !seen_so && !is_excused(one.colleague_at) {
            return Err(format!("a colleague was overruled unseen: {one:?}"));
        }
        self.check_once(one, refuses)
    }

    /// No decision has its effect twice: what a colleague put back afterwards is not done again unasked.
    fn check_once(&self, one: &Applied, refuses: bool) -> Outcome {
        if !one.over_colleague || (!refuses && one.how != How::Prompt) {
            return Ok(());
        }
        let state = self.site.state();
        let before = state.applied[..self.checked.0].iter();
        let effects: Vec<u64> = before
            .filter(|a| a.errand.decision == one.errand.decision && a.from != a.to)
            .map(|a| a.at)
            .collect();
        let Some(first) = effects.last() else { return Ok(()) };
        // Where nobody is named, only an answer that told of the effect before it was put back says that there was one.
        let told = self.told.get(&one.comment).map_or(&[][..], Vec::as_slice);
        let stood = |at: &u64| state.comments[&one.comment].stood_at(*at) == one.to;
        let knew = told.iter().any(|at| first <= at && *at < one.colleague_at && stood(at));
        if effects.len() > one.errand.insisted.0 && (refuses || knew) {
            return Err(format!("decision {} was carried out twice: {one:?}", one.errand.decision));
        }
        Ok(())
    }

    /// No request stands on a version of which the desk had been told that it is the site's no more.
    fn check_stale(one: &Stale) -> Outcome {
        if one.how == How::Prompt && one.changed_at <= one.errand.told_at {
            return Err(format!("a request stood on what the desk knew to be outdated: {one:?}"));
        }
        Ok(())
    }
}
