//! What a carbon copy tells, put together, and put back onto a desk.

use super::super::carbon::{Copied, Record};
use super::super::{Trouble, Work};
use super::Mended;
use crate::domain::{DecisionId, SiteId};
use chrono::{DateTime, Utc};
use rusqlite::{OptionalExtension as _, ToSql, params, params_from_iter};
use std::collections::{BTreeMap, BTreeSet};

/// Columns of the outbox that name another decision, which may be settled and gone.
const OTHERS: [&str; 3] = ["after", "undoes", "beside"];

/// What a carbon copy tells, put together.
#[derive(Default)]
pub struct Found {
    sites: BTreeMap<i64, Option<Record>>,
    acts: BTreeMap<i64, Record>,
    words: BTreeMap<String, Record>,
    pub open: BTreeMap<i64, Record>,
    settled: BTreeMap<i64, String>,
    /// Whether the database took the newest change of these is not known.
    doubtful: BTreeSet<i64>,
    /// Everything that was open at the end, also what did not change since.
    all_open: BTreeSet<i64>,
}

impl Found {
    /// What changed after transaction `since`. Of a sound database it is known that it did not take what is not `done`.
    pub fn of(copied: &Copied, since: i64, is_lost: bool) -> Self {
        let mut found = Self::default();
        for block in &copied.blocks {
            let is_new = is_lost || block.seq > since;
            if !block.done && !is_lost {
                continue;
            }
            for record in &block.records {
                found.take(record, is_new, block.done);
            }
        }
        found
    }

    fn take(&mut self, record: &Record, is_new: bool, done: bool) {
        let id = record.number("id");
        match (record.kind.as_str(), id) {
            ("words", _) => {
                let wording = record.text("wording").unwrap_or_default().to_owned();
                self.words.insert(wording, record.clone());
            }
            ("act", Some(id)) => drop(self.acts.insert(id, record.clone())),
            ("site", Some(id)) if is_new => drop(self.sites.insert(id, Some(record.clone()))),
            ("no-site", Some(id)) if is_new => {
                self.sites.insert(id, None);
                self.open.retain(|_, open| open.number("site") != Some(id));
            }
            ("open", Some(id)) => {
                if !done && !self.all_open.contains(&id) {
                    self.doubtful.insert(id);
                }
                self.all_open.insert(id);
                if is_new {
                    self.settled.remove(&id);
                    self.open.insert(id, record.clone());
                }
            }
            ("settled", Some(id)) if !done => drop(self.doubtful.insert(id)),
            ("settled", Some(id)) => {
                self.all_open.remove(&id);
                self.open.remove(&id);
                if is_new {
                    self.settled.insert(id, record.text("delivery").unwrap_or("withdrawn").to_owned());
                }
            }
            _ => {}
        }
    }
}

impl Work<'_> {
    pub fn bring_back(
        &self,
        found: &Found,
        is_damaged: bool,
        now: DateTime<Utc>,
        mended: &mut Mended,
    ) -> Result<(), Trouble> {
        for (id, site) in &found.sites {
            match site {
                Some(record) if self.tries(|| self.put("sites", record, &[]))?.is_some() => mended.sites += 1,
                Some(_) => mended.lost += 1,
                None => self.remove_site(SiteId(*id))?,
            }
        }
        for (id, record) in &found.open {
            let is_doubtful = found.doubtful.contains(id);
            let brought = self.tries(|| {
                let is_back = self.bring_decision_back(record, found, (is_doubtful, is_damaged))?;
                if is_back {
                    let what = if is_doubtful { "doubtful" } else { "recovered" };
                    self.note_by_id(DecisionId(*id), what, now)?;
                }
                Ok(is_back)
            })?;
            if brought == Some(true) {
                let count = if is_doubtful { &mut mended.doubtful } else { &mut mended.decisions };
                *count += 1;
            } else {
                mended.lost += 1;
            }
        }
        for (id, delivery) in &found.settled {
            self.tx
                .prepare_cached("update outbox set delivery = ? where id = ?")?
                .execute(params![delivery, id])?;
        }
        Ok(())
    }

    /// Does something whole or not at all: one record that breaks a rule of the file costs itself alone.
    pub(in crate::store) fn tries<T>(
        &self,
        work: impl FnOnce() -> Result<T, Trouble>,
    ) -> Result<Option<T>, Trouble> {
        self.tx.execute_batch("savepoint one")?;
        match work() {
            Ok(value) => {
                self.tx.execute_batch("release one")?;
                Ok(Some(value))
            }
            Err(Trouble::Wrong(why) | Trouble::Corrupt(why)) => {
                tracing::warn!(%why, "what the damaged desk had of this could not be brought back");
                self.tx.execute_batch("rollback to one; release one")?;
                Ok(None)
            }
            Err(trouble) => Err(trouble),
        }
    }

    /// Puts one decision back, on its site; `false` where the record does not say which.
    fn bring_decision_back(
        &self,
        record: &Record,
        found: &Found,
        (is_doubtful, is_damaged): (bool, bool),
    ) -> Result<bool, Trouble> {
        let (Some(site), Some(batch)) = (record.number("site"), record.number("batch")) else {
            return Ok(false);
        };
        if !self.has("select exists (select 1 from sites where id = ?)", site)? {
            let mut of_site = Record::new("site").with("id", site);
            for (name, value) in &record.fields {
                if let Some(name) = name.strip_prefix("site_") {
                    of_site.fields.insert(name.to_owned(), value.clone());
                }
            }
            self.put("sites", &of_site, &[])?;
        }
        self.bring_act_back(batch, record, found)?;
        let (comment, seen) = self.stand_in(site, record, found)?;
        let mut row = record.clone();
        for name in OTHERS {
            let other = record.number(name);
            let is_here =
                other.map(|other| self.has("select exists (select 1 from outbox where id = ?)", other));
            if !is_here.transpose()?.unwrap_or(false) {
                row.fields.insert(name.to_owned(), None);
            }
        }
        let is_sent = record.text("delivery") == Some("sending");
        if is_doubtful {
            row = row.with("delivery", "refused").with("fault", "doubtful").with("why", "");
        } else if matches!(record.text("delivery"), Some("held" | "queued")) {
            row = row.with("fault", "recovered").with("why", "");
        }
        // It is looked at before it is sent, whatever is known of it.
        if !is_sent {
            row = row.with("unanswered", 1);
        }
        if is_damaged || is_doubtful {
            row = row.with("left_home", record.number("left_home").unwrap_or_default().max(1));
        }
        self.put("outbox", &row, &[("comment", comment), ("seen", seen)])?;
        Ok(true)
    }

    fn bring_act_back(&self, batch: i64, record: &Record, found: &Found) -> Result<(), Trouble> {
        if self.has("select exists (select 1 from acts where id = ?)", batch)? {
            return Ok(());
        }
        let plain = || {
            let at = record.number("made_at").unwrap_or_default();
            let act = Record::new("act").with("id", batch).with("at", at).with("kind", "decide");
            act.with("verb", record.text("verb").unwrap_or_default()).with("taken_back", 0)
        };
        let mut act = found.acts.get(&batch).cloned().unwrap_or_else(plain);
        let of =
            act.number("of_act").map(|of| self.has("select exists (select 1 from acts where id = ?)", of));
        if !of.transpose()?.unwrap_or(false) {
            act.fields.insert("of_act".to_owned(), None);
        }
        self.put("acts", &act, &[])
    }

    /// The comment and the wording that a decision stands on, as far as they are known, until the site tells them anew.
    fn stand_in(&self, site: i64, record: &Record, found: &Found) -> Result<(i64, i64), Trouble> {
        let native_id = record.text("comment_id").unwrap_or_default();
        let made_at = record.number("made_at").unwrap_or_default();
        let known: Option<i64> = self
            .tx
            .prepare_cached("select id from comments where site = ? and native_id = ?")?
            .query_row(params![site, native_id], |row| row.get(0))
            .optional()?;
        let comment = match known {
            Some(id) => id,
            None => {
                let sql =
                    "insert into comments (site, native_id, status, tag, first_seen) values (?, ?, ?, ?, ?)";
                let (prior, tag) = (record.text("prior").unwrap_or("other"), record.text("base_tag"));
                self.tx.prepare_cached(sql)?.execute(params![site, native_id, prior, tag, made_at])?;
                self.tx.last_insert_rowid()
            }
        };
        let wording = record.text("wording").unwrap_or_default();
        let sql = "select id from revisions where comment = ? and hex(digest) = ?";
        let stored: Option<i64> =
            self.tx.prepare_cached(sql)?.query_row(params![comment, wording], |row| row.get(0)).optional()?;
        let seen = match stored {
            Some(id) => id,
            None => {
                // Without its words it is never sent unasked: they differ from whatever the site has.
                let words = found.words.get(wording);
                let text = |name| words.and_then(|words| words.text(name));
                self.tx
                    .prepare_cached(
                        "insert into revisions (comment, digest, format, body, name, url, first_seen)
                         values (?, ifnull(unhex(?), x''), ?, ?, ?, ?, ?)",
                    )?
                    .execute(params![
                        comment,
                        wording,
                        text("format").unwrap_or("plain"),
                        text("body").unwrap_or_default(),
                        text("name").unwrap_or_default(),
                        text("url"),
                        made_at
                    ])?;
                self.tx.last_insert_rowid()
            }
        };
        let sql = "update comments set revision = ? where id = ? and revision is null";
        self.tx.prepare_cached(sql)?.execute([seen, comment])?;
        Ok((comment, seen))
    }

    /// An older file was put back: what it holds as open and the copy does not is settled since, as delivered or as taken
    /// back. Which of them it is nobody knows, so a person is asked before anything is sent.
    pub fn doubt_what_is_not_open(
        &self,
        found: &Found,
        now: DateTime<Utc>,
        mended: &mut Mended,
    ) -> Result<(), Trouble> {
        let mut select =
            self.tx.prepare("select id from outbox where delivery in ('held', 'queued', 'sending')")?;
        let open: Vec<i64> = select.query_map([], |row| row.get(0))?.collect::<Result<_, _>>()?;
        for id in open.into_iter().filter(|id| !found.all_open.contains(id)) {
            let sql = "update outbox set delivery = 'refused', fault = 'doubtful', why = '', unanswered = 1,
                 left_home = max(left_home, 1) where id = ?";
            self.tx.prepare_cached(sql)?.execute([id])?;
            self.note_by_id(DecisionId(id), "doubtful", now)?;
            mended.doubtful += 1;
        }
        Ok(())
    }

    fn has(&self, sql: &str, id: i64) -> Result<bool, Trouble> {
        Ok(self.tx.prepare_cached(sql)?.query_row([id], |row| row.get(0))?)
    }

    /// Writes a record as a row, over the one with its id if there is one. Columns that this table does not have are left
    /// out, so that a copy may be older or newer than the schema.
    fn put(&self, table: &str, record: &Record, more: &[(&str, i64)]) -> Result<(), Trouble> {
        let mut columns = self.tx.prepare_cached("select name from pragma_table_info(?)")?;
        let known: Vec<String> = columns.query_map([table], |row| row.get(0))?.collect::<Result<_, _>>()?;
        let mut names: Vec<&str> = Vec::new();
        let mut values: Vec<&dyn ToSql> = Vec::new();
        for (name, value) in record.fields.iter().filter(|(name, _)| known.contains(name)) {
            names.push(name);
            values.push(value);
        }
        for (name, value) in more {
            names.push(name);
            values.push(value);
        }
        let marks = vec!["?"; names.len()].join(", ");
        let over: Vec<String> =
            names.iter().map(|name| format!("\"{name}\" = excluded.\"{name}\"")).collect();
        let sql = format!(
            "insert into {table} (\"{}\") values ({marks}) on conflict (id) do update set {}",
            names.join("\", \""),
            over.join(", ")
        );
        self.tx.execute(&sql, params_from_iter(values))?;
        Ok(())
    }
}
