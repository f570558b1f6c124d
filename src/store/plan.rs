//! How SQLite carries out the statements that run at every key, poll and frame: for tests that pin plans.

use super::read::Reader;
use super::{Trouble, delivery, doubt, lines, notes, outbox, stand, undo};

impl Reader {
    /// The steps of one statement, whatever would be bound.
    pub fn steps_of(&self, sql: &str) -> Result<Vec<String>, Trouble> {
        let mut explain = self.db().prepare(&format!("explain query plan {sql}"))?;
        let rows = explain.raw_query().mapped(|row| row.get("detail"));
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Each statement that must stay as quick as it is however much was ever decided, with its steps.
    pub fn plans(&self) -> Result<Vec<(String, Vec<String>)>, Trouble> {
        let fixed = [
            outbox::OPEN,
            delivery::INVERSE_BEHIND,
            stand::HAS_INVERSE,
            doubt::MAY_COME_LATE,
            doubt::DOUBTFUL,
            undo::UNDOABLE,
            undo::REDOABLE,
            undo::BATCH,
            notes::NOTE,
            notes::NOTINGS,
        ];
        let all = fixed.into_iter().map(str::to_owned).chain(lines::sql());
        all.map(|sql| Ok((sql.clone(), self.steps_of(&sql)?))).collect()
    }
}
