//! The outbox as it is shown: its lines, and what is counted of them.

use super::read::Reader;
use super::rows::{instant, millis, status_of};
use super::{Trouble, outbox};
use crate::domain::{BatchId, Decision, DecisionId, Delivery, RevisionId, Status};
use chrono::{DateTime, Utc};
use rusqlite::{Row, ToSql};

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
    /// The decision before it is not settled.
    pub blocked: bool,
}

/// Lines before their decisions are known. It waits for another decision as long as that one is not settled.
const LINES: &str =
    "select o.id, o.since, o.tries, o.fault, o.why, o.theirs_status, o.theirs_by, o.theirs_at,
    o.theirs_revision,
    exists (select 1 from outbox a where a.id = o.after and a.delivery not in ('delivered', 'withdrawn'))
    from outbox o where ";

const COUNTS: &str =
    "select ifnull(sum(delivery = 'held'), 0), ifnull(sum(delivery in ('queued', 'sending')), 0),
    ifnull(sum(delivery in ('conflicted', 'refused')), 0)
    from outbox where delivery not in ('delivered', 'withdrawn')";

/// Groups of lines, in the order in which they concern a person: what is open is found among what is open.
const GROUPS: [&str; 3] = [
    "o.delivery in ('conflicted', 'refused') and o.delivery not in ('delivered', 'withdrawn')",
    "o.delivery in ('held', 'queued', 'sending') and o.delivery not in ('delivered', 'withdrawn')",
    "o.delivery in ('delivered', 'withdrawn')",
];

fn group_sql(which: &str) -> String {
    format!("{LINES}{which} order by o.id desc limit ?")
}

/// The statements behind [`Reader::outbox`] and [`Reader::outbox_counts`].
pub(super) fn sql() -> impl Iterator<Item = String> {
    GROUPS.into_iter().map(group_sql).chain([COUNTS.to_owned()])
}

impl Reader {
    /// What needs a person, then what is on its way, at most `open` of each, then the newest `settled` ones; each group
    /// newest first.
    pub fn outbox(&self, open: u32, settled: u32) -> Result<Vec<OutboxLine>, Trouble> {
        // Lines and their decisions of one moment.
        let _moment = self.db().unchecked_transaction()?;
        let mut lines = Vec::new();
        for (which, most) in GROUPS.into_iter().zip([open, open, settled]) {
            lines.extend(self.lines(&group_sql(which), most)?);
        }
        Ok(lines)
    }

    /// One line.
    pub fn line(&self, id: DecisionId) -> Result<Option<OutboxLine>, Trouble> {
        let _moment = self.db().unchecked_transaction()?;
        Ok(self.lines(&format!("{LINES}o.id = ?"), id.0)?.pop())
    }

    fn lines(&self, sql: &str, bound: impl ToSql) -> Result<Vec<OutboxLine>, Trouble> {
        let mut select = self.db().prepare_cached(sql)?;
        let rows: Vec<_> = select.query_map([bound], line_columns)?.collect::<Result<_, _>>()?;
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

    /// How many decisions are settled.
    pub fn settled(&self) -> Result<u64, Trouble> {
        let mut select = self
            .db()
            .prepare_cached("select count(*) from outbox where delivery in ('delivered', 'withdrawn')")?;
        Ok(select.query_row([], |row| row.get(0))?)
    }

    /// How many decisions one act made.
    pub fn batch_size(&self, batch: BatchId) -> Result<usize, Trouble> {
        let mut select = self.db().prepare_cached("select count(*) from outbox where batch = ?")?;
        Ok(select.query_row([batch.0], |row| row.get(0))?)
    }

    /// How many decisions are held, waiting, and in need of a person.
    pub fn outbox_counts(&self) -> Result<(u32, u32, u32), Trouble> {
        let mut select = self.db().prepare_cached(COUNTS)?;
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
    blocked: bool,
}

impl Half {
    fn finish(self) -> Result<OutboxLine, Trouble> {
        let Self { decision, delivery, since, tries, fault, why, theirs, theirs_revision, blocked } = self;
        let decision = decision.ok_or_else(|| Trouble::Wrong("a line without a decision".into()))?;
        Ok(OutboxLine { decision, delivery, since, tries, fault, why, theirs, theirs_revision, blocked })
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
        blocked: row.get(9)?,
    };
    Ok((DecisionId(row.get(0)?), half))
}
