//! The outbox as it is shown: its lines, and what is counted of them.

use super::read::Reader;
use super::rows::{instant, millis, status_of};
use super::{Trouble, outbox};
use crate::domain::{Decision, DecisionId, Delivery, RevisionId, Status};
use chrono::{DateTime, Utc};
use rusqlite::Row;

/// One line of the outbox pane.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutboxLine {
    pub decision: Decision,
    pub delivery: Delivery,
    pub since: DateTime<Utc>,
    pub tries: u32,
    pub fault: Option<String>,
    pub why: Option<String>,
    pub theirs: Option<(Status, Option<String>, Option<DateTime<Utc>>)>,
    pub theirs_revision: Option<RevisionId>,
}

impl Reader {
    /// Open decisions first, newest first, then the newest settled ones; at most `limit`.
    pub fn outbox(&self, limit: u32) -> Result<Vec<OutboxLine>, Trouble> {
        // Lines and their decisions of one moment.
        let _moment = self.db().unchecked_transaction()?;
        let mut lines = self.lines("delivery not in ('delivered', 'withdrawn')", limit)?;
        let left = limit.saturating_sub(u32::try_from(lines.len()).unwrap_or(limit));
        lines.extend(self.lines("delivery in ('delivered', 'withdrawn')", left)?);
        Ok(lines)
    }

    fn lines(&self, which: &str, limit: u32) -> Result<Vec<OutboxLine>, Trouble> {
        let mut select = self.db().prepare_cached(&format!(
            "select id, since, tries, fault, why, theirs_status, theirs_by, theirs_at, theirs_revision from outbox
             where {which} order by id desc limit ?"
        ))?;
        let rows: Vec<_> = select.query_map([limit], line_columns)?.collect::<Result<_, _>>()?;
        rows.into_iter()
            .map(|(id, mut line)| {
                let found = outbox::decision(self.db(), id)?;
                let (decision, delivery) =
                    found.ok_or_else(|| Trouble::Wrong(format!("no decision {id} in the outbox")))?;
                (line.decision, line.delivery) = (Some(decision), delivery);
                line.finish()
            })
            .collect()
    }

    /// How many decisions are held, waiting, and in need of a person.
    pub fn outbox_counts(&self) -> Result<(u32, u32, u32), Trouble> {
        let mut select = self.db().prepare_cached(
            "select ifnull(sum(delivery = 'held'), 0), ifnull(sum(delivery in ('queued', 'sending')), 0),
                ifnull(sum(delivery in ('conflicted', 'refused')), 0)
             from outbox where delivery not in ('delivered', 'withdrawn')",
        )?;
        Ok(select.query_row([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?)
    }

    /// Decisions made since `midnight` that were not taken back.
    pub fn decided_since(&self, midnight: DateTime<Utc>) -> Result<u64, Trouble> {
        let mut select = self.db().prepare_cached(
            "select count(*) from outbox where made_at >= ? and delivery <> 'withdrawn' and undoes is null",
        )?;
        Ok(select.query_row([millis(midnight)], |row| row.get(0))?)
    }
}

/// A line before its decision is known.
struct Half {
    decision: Option<Decision>,
    delivery: Delivery,
    since: DateTime<Utc>,
    tries: u32,
    fault: Option<String>,
    why: Option<String>,
    theirs: Option<(Status, Option<String>, Option<DateTime<Utc>>)>,
    theirs_revision: Option<RevisionId>,
}

impl Half {
    fn finish(self) -> Result<OutboxLine, Trouble> {
        let Self { decision, delivery, since, tries, fault, why, theirs, theirs_revision } = self;
        let decision = decision.ok_or_else(|| Trouble::Wrong("a line without a decision".into()))?;
        Ok(OutboxLine { decision, delivery, since, tries, fault, why, theirs, theirs_revision })
    }
}

fn line_columns(row: &Row<'_>) -> rusqlite::Result<(DecisionId, Half)> {
    let theirs: Option<String> = row.get(5)?;
    let theirs = match theirs {
        Some(word) => Some((status_of(&word)?, row.get(6)?, row.get::<_, Option<i64>>(7)?.map(instant))),
        None => None,
    };
    let half = Half {
        decision: None,
        delivery: Delivery::Held,
        since: instant(row.get(1)?),
        tries: row.get(2)?,
        fault: row.get(3)?,
        why: row.get(4)?,
        theirs,
        theirs_revision: row.get::<_, Option<i64>>(8)?.map(RevisionId),
    };
    Ok((DecisionId(row.get(0)?), half))
}
