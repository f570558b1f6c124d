//! The books: a decision and its line in the journal are written together or not at all, and the journal's chain holds.

use super::{Outcome, Storm};
use greenroom::domain::{DecisionId, Delivery, Status, Verb};
use sha2::{Digest as _, Sha256};

/// One decision as it stands on disk, read past the production code.
pub(super) struct Row {
    pub id: DecisionId,
    pub comment: u64,
    pub verb: Verb,
    pub delivery: Delivery,
    pub seen: i64,
    pub prior: Status,
    pub after: Option<DecisionId>,
    pub undoes: Option<DecisionId>,
    pub hold_ms: u64,
    pub words: String,
}

const ROWS: &str =
    "select o.id, c.native_id, o.verb, o.delivery, o.seen, o.prior, o.after, o.undoes, o.hold_secs, r.body
    from outbox o join comments c on c.id = o.comment join revisions r on r.id = o.seen order by o.id";

/// Lines of decisions made, delivered and withdrawn, beside as many decisions.
const LINES: &str = "select
    (select count(*) from outbox), (select count(*) from journal where what in ('approve', 'reject', 'spam', 'restore')),
    (select count(*) from outbox where delivery = 'delivered'), (select count(*) from journal where what in ('delivered', 'moot')),
    (select count(*) from outbox where delivery = 'withdrawn'), (select count(*) from journal where what in ('withdraw', 'keep-theirs'))";

/// A decision without its line, or a line without its decision.
const UNPAIRED: &str = "select count(*) from (
    select o.batch, c.native_id, o.verb from outbox o join comments c on c.id = o.comment
    except select act, native_id, what from journal)
    union all select count(*) from (
    select act, native_id, what from journal where what in ('approve', 'reject', 'spam', 'restore')
    except select o.batch, c.native_id, o.verb from outbox o join comments c on c.id = o.comment)";

pub(super) fn plain(body: &str) -> String {
    body.replace("<p>", "").replace("</p>\n", "")
}

pub(super) fn status_of(word: &str) -> Status {
    match word {
        "pending" => Status::Pending,
        "approved" => Status::Approved,
        "rejected" => Status::Rejected,
        "spam" => Status::Spam,
        "deleted" => Status::Deleted,
        _ => Status::Other,
    }
}

fn verb_of(word: &str) -> Verb {
    match word {
        "approve" => Verb::Approve,
        "reject" => Verb::Reject,
        "spam" => Verb::Spam,
        "restore" => Verb::Restore,
        _ => panic!("an unknown verb, {word}"),
    }
}

fn delivery_of(word: &str) -> Delivery {
    match word {
        "held" => Delivery::Held,
        "queued" => Delivery::Queued,
        "sending" => Delivery::Sending,
        "delivered" => Delivery::Delivered,
        "withdrawn" => Delivery::Withdrawn,
        "conflicted" => Delivery::Conflicted,
        "refused" => Delivery::Refused,
        _ => panic!("an unknown delivery, {word}"),
    }
}

impl Storm {
    pub(super) fn rows(&self) -> Vec<Row> {
        let mut select = self.ledger.reading().prepare_cached(ROWS).unwrap();
        let rows = select.query_map([], |row| {
            Ok(Row {
                id: DecisionId(row.get(0)?),
                comment: row.get::<_, String>(1)?.parse().unwrap(),
                verb: verb_of(&row.get::<_, String>(2)?),
                delivery: delivery_of(&row.get::<_, String>(3)?),
                seen: row.get(4)?,
                prior: status_of(&row.get::<_, String>(5)?),
                after: row.get::<_, Option<i64>>(6)?.map(DecisionId),
                undoes: row.get::<_, Option<i64>>(7)?.map(DecisionId),
                hold_ms: row.get::<_, u64>(8)? * 1_000,
                words: plain(&row.get::<_, String>(9)?),
            })
        });
        rows.unwrap().collect::<Result<_, _>>().unwrap()
    }

    pub(super) fn delivery_word(&self, id: DecisionId) -> String {
        let db = self.ledger.reading();
        let mut select = db.prepare_cached("select delivery from outbox where id = ?").unwrap();
        select.query_row([id.0], |row| row.get(0)).unwrap()
    }

    /// The numbers of the answer that wrote a comment last, and of the newest request when its receipt came.
    pub(super) fn seqs(&self, native: u64) -> (u64, u64) {
        let db = self.ledger.reading();
        let sql = "select written_seq, receipt_seq from comments where native_id = ?";
        let mut select = db.prepare_cached(sql).unwrap();
        select.query_row([native.to_string()], |row| Ok((row.get(0)?, row.get(1)?))).unwrap_or((0, 0))
    }

    /// Counts that a transaction which fails leaves alone.
    pub(super) fn books(&self) -> [i64; 4] {
        let db = self.ledger.reading();
        let sql = "select ifnull((select max(id) from outbox), 0), ifnull((select max(id) from journal), 0),
            ifnull((select max(id) from acts), 0), (select ifnull(sum(left_home + tries), 0) from outbox)";
        let mut select = db.prepare_cached(sql).unwrap();
        select.query_row([], |row| Ok([row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?])).unwrap()
    }

    pub(super) fn check_lines(&self) -> Outcome {
        let mut select = self.ledger.reading().prepare_cached(LINES).unwrap();
        let count: [i64; 6] = select
            .query_row([], |row| {
                Ok([row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?, row.get(5)?])
            })
            .unwrap();
        for (pair, name) in count.chunks(2).zip(["made", "delivered", "withdrawn"]) {
            if pair[0] != pair[1] {
                return Err(format!("{} decisions were {name}, the journal has {}", pair[0], pair[1]));
            }
        }
        Ok(())
    }

    /// Line by line, and link by link as `store/journal.rs` tells it.
    pub(super) fn check_journal(&self) -> Outcome {
        let db = self.ledger.reading();
        let mut select = db.prepare_cached(UNPAIRED).unwrap();
        let unpaired: Vec<i64> =
            select.query_map([], |row| row.get(0)).unwrap().collect::<Result<_, _>>().unwrap();
        if unpaired != [0, 0] {
            return Err(format!("decisions without a line, lines without a decision: {unpaired:?}"));
        }
        let mut select = db
            .prepare_cached(
                "select at, act, site, native_id, what, moderator, digest, chain from journal order by id",
            )
            .unwrap();
        let mut rows = select.query([]).unwrap();
        let mut before: Vec<u8> = Vec::new();
        while let Some(row) = rows.next().unwrap() {
            let number = |n| row.get::<_, i64>(n).unwrap().to_be_bytes().to_vec();
            let word = |n| row.get::<_, String>(n).unwrap().into_bytes();
            let digest: Option<Vec<u8>> = row.get(6).unwrap();
            let mut sum = Sha256::new();
            let fields =
                [number(0), number(1), word(2), word(3), word(4), word(5), digest.unwrap_or_default()];
            for field in [before].into_iter().chain(fields) {
                sum.update((field.len() as u64).to_be_bytes());
                sum.update(&field);
            }
            before = sum.finalize().to_vec();
            if row.get::<_, Vec<u8>>(7).unwrap() != before {
                return Err("a link of the journal's chain is broken".to_owned());
            }
        }
        Ok(())
    }
}
