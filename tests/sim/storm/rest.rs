//! What must hold once the storm is over and nothing is under way any more.

use super::books::{plain, status_of};
use super::{Outcome, Storm};
use crate::site::{Applied, Comment};
use crate::wire::How;
use greenroom::domain::{DecisionId, Delivery, Status, Verb};
use std::collections::BTreeMap;

impl Storm {
    pub(super) fn check_rest(&mut self) -> Outcome {
        self.check()?;
        self.check_journal()?;
        self.check_settled()?;
        let truth = self.site.state().comments.clone();
        for (native, theirs) in &truth {
            self.check_truth(*native, theirs)?;
        }
        self.check_counts()?;
        self.check_withdrawn(&truth)?;
        self.check_last_word(&truth)
    }

    /// Every decision is done, or waits for a person, or waits for one that does.
    fn check_settled(&self) -> Outcome {
        let rows: BTreeMap<DecisionId, _> = self.rows().into_iter().map(|row| (row.id, row)).collect();
        for (id, row) in &rows {
            let mut at = row;
            while at.delivery.is_open() {
                let Some(before) = at.after.and_then(|before| rows.get(&before)) else {
                    return Err(format!("decision {id} is {:?} at rest", row.delivery));
                };
                at = before;
            }
            if at.id != *id && at.delivery.is_settled() {
                return Err(format!("decision {id} waits for decision {}, which is settled", at.id));
            }
        }
        Ok(())
    }

    /// Status and words as the desk has them, read past the production code.
    pub(super) fn truth(&self, native: u64) -> Option<(Status, String)> {
        let db = self.ledger.reading();
        let sql = "select c.status, r.body from comments c join revisions r on r.id = c.revision where c.native_id = ?";
        let mut select = db.prepare_cached(sql).unwrap();
        let found = select.query_row([native.to_string()], |row| {
            Ok((status_of(&row.get::<_, String>(0)?), plain(&row.get::<_, String>(1)?)))
        });
        found.ok()
    }

    /// The desk's truth is the site's. What is pending on neither side is not mirrored: there it is as the site told it
    /// last.
    fn check_truth(&self, native: u64, theirs: &Comment) -> Outcome {
        let status = if theirs.gone { Status::Deleted } else { theirs.status };
        let Some((ours, words)) = self.truth(native) else {
            let is_here = status != Status::Pending;
            return if is_here { Ok(()) } else { Err(format!("{native} never arrived")) };
        };
        let is_mirrored = [ours, status].contains(&Status::Pending);
        if !is_mirrored && theirs.changed_at() > self.told_newest(native) {
            return Ok(());
        }
        if ours != status {
            return Err(format!(
                "at rest the desk has {native} as {ours:?}, the site as {status:?}: {:?}, told at {:?}",
                theirs.past,
                self.told.get(&native)
            ));
        }
        if words != theirs.body && !theirs.gone {
            return Err(format!(
                "at rest {native} says {words:?} on the desk, and {:?} on the site",
                theirs.body
            ));
        }
        Ok(())
    }

    /// The counts on the desk are those of its rows.
    fn check_counts(&self) -> Outcome {
        let db = self.ledger.reading();
        let sql = "select (select ifnull(sum(n), 0) from counts where status = 'pending'),
            (select count(*) from comments where status = 'pending')";
        let (counted, rows): (i64, i64) =
            db.query_row(sql, [], |row| Ok((row.get(0)?, row.get(1)?))).unwrap();
        if counted == rows { Ok(()) } else { Err(format!("{rows} are pending, {counted} are counted")) }
    }

    /// Where this desk changed a comment last, and nobody is asked about it, it stands as our last word on it, or as a
    /// person then saw it and let it stand.
    fn check_last_word(&self, truth: &BTreeMap<u64, Comment>) -> Outcome {
        let mut newest: BTreeMap<u64, (DecisionId, Verb)> = BTreeMap::new();
        for (id, mine) in &self.mine {
            if mine.delivery == Delivery::Delivered {
                newest.insert(mine.comment, (*id, mine.verb));
            }
        }
        for (native, (id, verb)) in newest {
            let theirs = &truth[&native];
            let asks = self
                .mine
                .iter()
                .any(|(other, mine)| mine.comment == native && *other > id && !mine.delivery.is_settled());
            let stands = theirs.status == verb.wanted() || self.was_kept(native, theirs.status);
            if self.is_ours(native, theirs) && !asks && !stands {
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
            let id = one.errand.decision;
            let newer = self.mine.iter().any(|(other, mine)| {
                mine.comment == native && *other > id && mine.delivery != Delivery::Withdrawn
            });
            let withdrawn = self.mine[&id].delivery == Delivery::Withdrawn;
            if self.is_ours(native, theirs) && withdrawn && !newer && !self.was_kept(native, theirs.status) {
                return Err(format!("{id} was taken back, and stands: {one:?}"));
            }
        }
        Ok(())
    }

    /// This desk changed it last, and not by a copy of a request that had been answered.
    fn is_ours(&self, native: u64, theirs: &Comment) -> bool {
        let state = self.site.state();
        let newest = state.applied.iter().rfind(|one| one.comment == native && one.from != one.to);
        let by_us = theirs.last.as_ref().is_some_and(|(by, ..)| by == "Mona");
        by_us && !theirs.gone && newest.is_some_and(|one| one.how != How::Echo)
    }
}
