//! What a desk has on disk beside what its site was told.

use greenroom::demo::{Decided, Status};
use greenroom::store::Reader;
use std::collections::{BTreeMap, BTreeSet};

/// One decision on disk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    pub id: i64,
    pub batch: i64,
    pub comment: String,
    pub verb: String,
    pub delivery: String,
    pub undoes: Option<i64>,
    /// A decision whose request may be carried out beside this one's.
    pub beside: Option<i64>,
    /// Every idempotency key it was ever sent under.
    pub keys: Vec<String>,
}

impl Row {
    pub fn is_open(&self) -> bool {
        !matches!(self.delivery.as_str(), "delivered" | "withdrawn")
    }
}

/// The outbox on disk, oldest first.
pub fn rows(desk: &Reader) -> Vec<Row> {
    let mut select = desk
        .db()
        .prepare(
            "select o.id, o.batch, c.native_id, o.verb, o.delivery, o.undoes, o.beside, o.old_keys || o.key
             from outbox o join comments c on c.id = o.comment order by o.id",
        )
        .unwrap();
    let rows = select.query_map([], |row| {
        Ok(Row {
            id: row.get(0)?,
            batch: row.get(1)?,
            comment: row.get(2)?,
            verb: row.get(3)?,
            delivery: row.get(4)?,
            undoes: row.get(5)?,
            beside: row.get(6)?,
            keys: row.get::<_, String>(7)?.split(' ').map(str::to_owned).collect(),
        })
    });
    rows.unwrap().map(Result::unwrap).collect()
}

/// Where the desk thinks that each comment stands.
pub fn standing(desk: &Reader) -> BTreeMap<String, String> {
    let mut select = desk.db().prepare("select native_id, status from comments").unwrap();
    select.query_map([], |row| Ok((row.get(0)?, row.get(1)?))).unwrap().map(Result::unwrap).collect()
}

/// Decisions that the journal calls arrived more than once, and how often; the journal is told once of each.
pub fn told_twice(desk: &Reader) -> Vec<(String, u32)> {
    let mut select = desk
        .db()
        .prepare(
            "select native_id, count(*) from journal where what in ('delivered', 'moot')
             group by act, native_id having count(*) > 1",
        )
        .unwrap();
    select.query_map([], |row| Ok((row.get(0)?, row.get(1)?))).unwrap().map(Result::unwrap).collect()
}

/// What the file itself says of its pages and of rows that name rows.
pub fn unsound(desk: &Reader) -> Option<String> {
    let told: String = desk.db().query_row("pragma integrity_check", [], |row| row.get(0)).unwrap();
    let strays: i64 =
        desk.db().query_row("select count(*) from pragma_foreign_key_check", [], |row| row.get(0)).unwrap();
    (told != "ok" || strays > 0).then(|| format!("the file: {told}, {strays} rows that name none"))
}

fn wanted(verb: &str) -> &'static str {
    match verb {
        "approve" => "approved",
        "reject" => "rejected",
        "spam" => "spam",
        "restore" => "pending",
        _ => "no verb",
    }
}

/// What may have changed on disk between `before` and `after` while decisions were made on the comments `decided`, or
/// nothing was decided, or, where that is `None`, an act was taken back.
pub fn steps(before: &[Row], after: &[Row], decided: Option<&[&str]>) -> Vec<String> {
    let now: BTreeMap<i64, &Row> = after.iter().map(|row| (row.id, row)).collect();
    let mut wrong = Vec::new();
    let mut taken_back = BTreeSet::new();
    for old in before {
        let Some(new) = now.get(&old.id) else {
            wrong.push(format!("forgotten: {old:?}"));
            continue;
        };
        if (&new.comment, &new.verb, new.undoes) != (&old.comment, &old.verb, old.undoes) {
            wrong.push(format!("another decision now: {old:?}, then {new:?}"));
        }
        if !old.is_open() && new.delivery != old.delivery {
            wrong.push(format!("settled and moved: {old:?}, then {new:?}"));
        }
        // What may have left ends with its inverse behind it, whenever that is written.
        let has_inverse = after.iter().any(|row| row.undoes == Some(old.id));
        if old.is_open() && new.delivery == "withdrawn" && !has_inverse {
            match decided {
                None => drop(taken_back.insert(old.batch)),
                Some(decided) if decided.contains(&old.comment.as_str()) => {}
                Some(_) => wrong.push(format!("withdrawn by nobody: {old:?}")),
            }
        }
    }
    if taken_back.len() > 1 {
        wrong.push(format!("an undo took back the acts {taken_back:?}"));
    }
    wrong
}

/// How many of the comments an act named have it on disk: a new decision, or an earlier one withdrawn for it.
pub fn touched(before: &[Row], after: &[Row], decided: &[&str]) -> usize {
    let known: BTreeMap<i64, &Row> = before.iter().map(|row| (row.id, row)).collect();
    let is_touched = |comment: &&&str| {
        after.iter().filter(|row| row.comment == **comment).any(|row| match known.get(&row.id) {
            Some(old) => {
                let taken_back = after.iter().any(|row| row.undoes == Some(old.id));
                old.is_open() && row.delivery == "withdrawn" && !taken_back
            }
            None => row.undoes.is_none(),
        })
    };
    decided.iter().filter(is_touched).count()
}

/// What is wrong once nothing waits any more. `here` and `there` are where the desk and the site say that comments stand.
pub fn at_rest(
    rows: &[Row],
    log: &[Decided],
    here: &BTreeMap<String, String>,
    there: &BTreeMap<String, Status>,
) -> Vec<String> {
    let mut wrong = Vec::new();
    let arrived = |row: &Row| -> usize {
        let own = |entry: &&Decided| entry.key.as_ref().is_some_and(|key| row.keys.contains(key));
        log.iter().filter(own).count()
    };
    let by_id: BTreeMap<i64, &Row> = rows.iter().map(|row| (row.id, row)).collect();
    for row in rows {
        let count = arrived(row);
        // It stood so already: what it takes back never arrived, or what it stood beside did.
        let is_moot = row.undoes.and_then(|first| by_id.get(&first)).is_some_and(|first| arrived(first) == 0)
            || row
                .beside
                .and_then(|id| by_id.get(&id))
                .is_some_and(|b| b.verb == row.verb && arrived(b) == 1);
        let later =
            rows.iter().any(|of| of.id > row.id && of.comment == row.comment && of.delivery == "delivered");
        match (row.delivery.as_str(), count) {
            (_, 2..) => wrong.push(format!("doubled, {count} times: {row:?}")),
            ("delivered", 1) | ("withdrawn", 0) => {}
            ("delivered", _) if is_moot => {}
            ("delivered", _) => wrong.push(format!("lost: {row:?}")),
            ("withdrawn", _) if later => {}
            ("withdrawn", _) => wrong.push(format!("arrived though taken back: {row:?}")),
            _ => wrong.push(format!("still waits: {row:?}")),
        }
    }
    for entry in log.iter().filter(|entry| entry.key.is_some()) {
        let is_known = |row: &&Row| {
            entry.key.as_ref().is_some_and(|key| row.keys.contains(key))
                && (&row.comment, &row.verb) == (&entry.comment, &entry.action)
        };
        match rows.iter().filter(is_known).count() {
            1 => {}
            n => wrong.push(format!("the site was told what {n} decisions here say: {entry:?}")),
        }
        if entry.from == entry.to {
            wrong.push(format!("told what stood already: {entry:?}"));
        }
    }
    for (comment, status) in there {
        let last = rows.iter().rev().find(|row| &row.comment == comment && row.delivery == "delivered");
        let due = last.map_or("pending", |row| wanted(&row.verb));
        let ours = here.get(comment).map_or("not there", String::as_str);
        if (status.word(), ours) != (due, due) {
            wrong.push(format!(
                "{comment} is {} on the site, {ours} here, and should be {due}",
                status.word()
            ));
        }
    }
    wrong
}
