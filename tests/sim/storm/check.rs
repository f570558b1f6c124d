//! What must hold after every step of the storm, and at rest.

use super::{Outcome, Storm};
use crate::site::{Applied, Comment, Face};
use greenroom::domain::{self, DecisionId, Delivery, Status, Verb};
use greenroom::store::Trouble;
use std::collections::BTreeMap;

/// How old a sight may be when a push is asked for.
const SIGHT_MS: u64 = 1_000;

impl Storm {
    pub(super) fn check(&mut self) -> Outcome {
        self.remember_new();
        let ids: Vec<DecisionId> = self.mine.keys().copied().collect();
        let found = self.write(|work, _| {
            ids.iter().map(|id| Ok((*id, work.decision(*id)?))).collect::<Result<Vec<_>, Trouble>>()
        });
        for (id, found) in found {
            let Some((_, delivery)) = found else { return Err(format!("decision {id} is lost")) };
            if let Some(Delivery::Delivered | Delivery::Withdrawn) = self.deliveries.get(&id)
                && self.deliveries[&id] != delivery
            {
                return Err(format!(
                    "decision {id} moved on from {:?} to {delivery:?}",
                    self.deliveries[&id]
                ));
            }
            let stuck = |delivery: &Delivery| matches!(delivery, Delivery::Conflicted | Delivery::Refused);
            if delivery == Delivery::Withdrawn && self.deliveries.get(&id).is_some_and(stuck) {
                self.remember_kept(id);
            }
            self.deliveries.insert(id, delivery);
        }
        let applied = self.site.state().applied[self.checked..].to_vec();
        for one in applied {
            self.checked += 1;
            self.check_applied(&one)?;
        }
        Ok(())
    }

    /// A person was asked and let stand what the desk showed.
    fn remember_kept(&mut self, id: DecisionId) {
        let native = self.mine[&id].comment;
        let shown = self.write(|work, _| match work.decision(id)? {
            Some((decision, _)) => work.comment(decision.comment),
            None => Ok(None),
        });
        if let Some(row) = shown {
            self.kept.insert(native, (row.status, self.checked));
        }
    }

    /// Whether our newest change on a comment is what a person then saw and let stand.
    fn was_kept(&self, native: u64, status: Status) -> bool {
        let newest = self.site.state().applied.iter().rposition(|one| one.comment == native);
        let seen_after = |(kept, after): &(Status, usize)| *kept == status && newest < Some(*after);
        self.kept.get(&native).is_some_and(seen_after)
    }

    fn check_applied(&mut self, one: &Applied) -> Outcome {
        let Some(mine) = self.mine.get(&one.decision).cloned() else {
            return Err(format!("something unknown was applied: {one:?}"));
        };
        if mine.comment != one.comment || mine.verb.wanted() != one.to {
            return Err(format!("decision {} was applied as something else: {one:?}", one.decision));
        }
        if one.late {
            return Ok(());
        }
        // A site that cannot refuse a stale write leaves a window: a sight is good for a second when the push is asked for, or
        // for as long as the site took to answer the look, and the push itself takes its time. A site that can refuse leaves
        // none.
        let sight = SIGHT_MS.max(one.sight_ms);
        let window = self.site.face == Face::WordPress && one.foreign_at + sight >= one.asked_at;
        if one.body != mine.body && mine.verb != Verb::Restore && !window {
            return Err(format!("applied to words that were not seen ({:?}): {one:?}", mine.body));
        }
        let stands_on = self.write(|work, _| work.decision(one.decision)).map(|(decision, _)| decision.prior);
        // What takes something back stands on what it takes back, and on a site that names people on whose it is.
        let unseen = stands_on != Some(one.from) || (mine.is_inverse && self.site.face == Face::Cmh);
        if one.over_colleague && unseen && !mine.insisted && !window {
            return Err(format!("a colleague was overruled unseen ({stands_on:?}): {one:?}"));
        }
        let repeats = self
            .site
            .state()
            .applied
            .iter()
            .filter(|a| a.decision == one.decision && !a.late && a.from != a.to)
            .count();
        if repeats > 1 && self.site.face == Face::Cmh && !mine.is_inverse && !mine.insisted {
            return Err(format!("decision {} was carried out twice: {one:?}", one.decision));
        }
        if self.deliveries.get(&one.decision) == Some(&Delivery::Withdrawn)
            && !self.may_have_left(one.decision)
        {
            return Err(format!("sent after it was withdrawn: {one:?}"));
        }
        Ok(())
    }

    fn may_have_left(&mut self, id: DecisionId) -> bool {
        self.write(|work, _| work.may_have_left(id))
    }

    pub(super) fn check_rest(&mut self) -> Outcome {
        self.check()?;
        for (id, delivery) in self.deliveries.clone() {
            if !delivery.is_settled() && !matches!(delivery, Delivery::Conflicted | Delivery::Refused) {
                let blocked = self.write(|work, _| work.is_blocked(id));
                if !blocked {
                    return Err(format!("decision {id} is {delivery:?} at rest"));
                }
            }
        }
        let truth = self.site.state().comments.clone();
        let id = self.id;
        for (native, theirs) in &truth {
            let key = domain::NativeId(native.to_string());
            let row = self.write(|work, _| match work.find(id, &key)? {
                Some(comment) => work.comment(comment),
                None => Ok(None),
            });
            let status = if theirs.gone { Status::Deleted } else { theirs.status };
            match row {
                Some(row)
                    if row.status != status
                        && (status == Status::Pending || row.status == Status::Pending) =>
                {
                    return Err(format!(
                        "at rest the desk has {native} as {:?}, the site as {status:?}",
                        row.status
                    ));
                }
                None if status == Status::Pending => return Err(format!("{native} never arrived")),
                _ => {}
            }
        }
        self.check_undone(&truth)
    }

    /// What was taken back does not stand on the site as if it had not been.
    fn check_undone(&mut self, truth: &BTreeMap<u64, Comment>) -> Outcome {
        self.check_withdrawn(truth)?;
        let mut newest: BTreeMap<u64, (DecisionId, Verb)> = BTreeMap::new();
        for (id, mine) in &self.mine {
            if self.deliveries[id] == Delivery::Delivered {
                newest.insert(mine.comment, (*id, mine.verb));
            }
        }
        for (native, (id, verb)) in newest {
            let theirs = &truth[&native];
            let ours = theirs.last.as_ref().is_some_and(|(by, ..)| by == "Mona");
            let open = self.mine.iter().any(|(other, mine)| {
                mine.comment == native && *other > id && !self.deliveries[other].is_settled()
            });
            let stands = theirs.status == verb.wanted() || self.was_kept(native, theirs.status);
            if ours && !theirs.gone && !open && !stands {
                return Err(format!(
                    "{id} ({verb:?}) is our last word on {native}, the site has {:?}",
                    theirs.status
                ));
            }
        }
        Ok(())
    }

    /// Nothing that was withdrawn is what the site was last told by us.
    fn check_withdrawn(&self, truth: &BTreeMap<u64, Comment>) -> Outcome {
        let last: BTreeMap<u64, Applied> =
            self.site.state().applied.iter().map(|one| (one.comment, one.clone())).collect();
        for (native, one) in last {
            let theirs = &truth[&native];
            let ours = theirs.last.as_ref().is_some_and(|(by, ..)| by == "Mona");
            let newer = self.mine.iter().any(|(id, mine)| {
                mine.comment == native && *id > one.decision && self.deliveries[id] != Delivery::Withdrawn
            });
            let withdrawn = self.deliveries[&one.decision] == Delivery::Withdrawn;
            if ours && !theirs.gone && withdrawn && !newer && !self.was_kept(native, theirs.status) {
                return Err(format!("{} was taken back, and stands: {one:?}", one.decision));
            }
        }
        Ok(())
    }
}
