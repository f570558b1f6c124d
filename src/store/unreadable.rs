//! Comments that could not be read: rows like any other, with what the site sent where readers' addresses stand.

use super::ingest::{Answer, Ingested, Source};
use super::rows::salted;
use super::{Trouble, Work, journal};
use crate::domain::{CommentId, NativeId, SiteId, Status, Unreadable};
use chrono::{DateTime, Utc};
use rusqlite::params;

/// What stands before the made-up id of a comment that told none; `unseen_since` passes over it.
const UNNAMED: &str = "unreadable-";
/// So many comments without an id are kept of one site at once.
const UNNAMED_MAX: usize = 100;

impl Work<'_> {
    /// Takes in what the request that started as number `seq` brought and nobody could read. What was read of a comment
    /// before stays; that its newest state could not be read is said beside it.
    pub fn keep_unreadable(
        &self,
        site: SiteId,
        seq: u64,
        source: Source,
        now: DateTime<Utc>,
        items: &[Unreadable],
    ) -> Result<Ingested, Trouble> {
        let mut done = Ingested::default();
        let answer = Answer { site, seq: i64::try_from(seq).unwrap_or(i64::MAX), source, now };
        for item in items {
            self.keep_one(answer, item, &mut done)?;
        }
        Ok(done)
    }

    fn keep_one(&self, answer: Answer, item: &Unreadable, done: &mut Ingested) -> Result<(), Trouble> {
        let id = item.native_id.clone().map_or_else(|| self.unnamed(&item.source), Ok)?;
        let mut seen = item.observed(id);
        let known = self.known(answer.site, &seen.native_id)?;
        if let Some(known) = &known {
            // One answer may tell a comment twice; then what can be read of it counts.
            let was_read =
                known.revision.is_some() && !known.is_unreadable && known.written_seq == answer.seq;
            if was_read || !known.admits(answer, &seen, done) {
                return Ok(());
            }
        }
        let id = match &known {
            Some(known) => known.id,
            None if is_unnamed(&seen.native_id) && !self.takes_unnamed(answer.site)? => return Ok(()),
            None => {
                // Where even the status is unknown, the queue is where somebody sees it.
                seen.status.get_or_insert(Status::Pending);
                self.new_comment(answer, &seen.native_id)?
            }
        };
        let revision = known.as_ref().and_then(|known| known.revision);
        self.write_comment(id, answer, &seen, revision)?;
        self.tx
            .prepare_cached(
                "update comments set unreadable = ?2, excerpt = iif(revision is null, ?2, excerpt) where id = ?1",
            )?
            .execute(params![id, item.why])?;
        self.tx
            .prepare_cached(
                "insert into persons (comment, source) values (?, ?) on conflict do update set source = excluded.source",
            )?
            .execute(params![id, item.source])?;
        self.tell(id, known.as_ref(), done)
    }

    /// It could be read: what the site sent before that is needed no more.
    pub(super) fn drop_source(&self, id: i64) -> Result<(), Trouble> {
        self.tx.prepare_cached("update persons set source = null where comment = ?")?.execute([id])?;
        Ok(())
    }

    /// A whole walk over the pending queue began with request `from` and has ended before `seq`. What told no id cannot be
    /// looked at: what the walk did not meet is gone.
    pub fn bury_unmet(
        &self,
        site: SiteId,
        (from, seq): (u64, u64),
        now: DateTime<Utc>,
    ) -> Result<Vec<CommentId>, Trouble> {
        let unmet: Vec<NativeId> = self
            .tx
            .prepare_cached(
                "select native_id from comments where site = ?1 and status = 'pending' and written_seq < ?2
                 and native_id like ?3 || '%' and unreadable is not null",
            )?
            .query_map(params![site.0, i64::try_from(from).unwrap_or(i64::MAX), UNNAMED], |row| {
                Ok(NativeId(row.get(0)?))
            })?
            .collect::<Result<_, _>>()?;
        self.bury(site, seq, now, &unmet)
    }

    /// An id for what has none: the same source is the same row. Salted, for it outlives the source.
    fn unnamed(&self, source: &str) -> Result<NativeId, Trouble> {
        let digest = salted(&journal::salt(&self.tx)?, source.as_bytes());
        let hex: String = digest.iter().take(8).map(|b| format!("{b:02x}")).collect();
        Ok(NativeId(format!("{UNNAMED}{hex}")))
    }

    /// Whether a site may have one more row without an id: where these never stay the same, each page would add some.
    fn takes_unnamed(&self, site: SiteId) -> Result<bool, Trouble> {
        let mut select = self.tx.prepare_cached(
            "select count(*) from (select 1 from comments where site = ? and status = 'pending' and native_id like ? || '%'
             limit ?)",
        )?;
        let here: usize = select.query_row(params![site.0, UNNAMED, UNNAMED_MAX], |row| row.get(0))?;
        Ok(here < UNNAMED_MAX)
    }
}

/// Whether an id was made up here: the site does not know it, and nothing can be asked for by it.
pub fn is_unnamed(id: &NativeId) -> bool {
    id.0.starts_with(UNNAMED)
}

#[cfg(test)]
mod tests {
    use super::super::sample::{desk, told};
    use super::*;
    use crate::store::{CommentRow, Ledger};

    fn bad(id: Option<&str>, status: Option<Status>) -> Unreadable {
        let native_id = id.map(|id| NativeId(id.into()));
        Unreadable { native_id, status, source: r#"{"ip":"203.0.113.7"}"#.into(), why: "no text".into() }
    }

    fn row(desk: &mut Ledger, id: i64) -> CommentRow {
        desk.write(|work| work.comment(CommentId(id))).unwrap().unwrap()
    }

    fn source(desk: &mut Ledger) -> Option<String> {
        desk.write(|work| Ok(work.tx.query_row("select source from persons", [], |row| row.get(0))?)).unwrap()
    }

    #[test]
    fn what_was_read_before_stays_beside_what_could_not_be() {
        let (mut desk, site, now) = desk();
        desk.write(|work| work.ingest(site, 1, Source::List, now, &[told("1", "words")])).unwrap();
        let keep = |work: &Work<'_>, seq, source| {
            work.keep_unreadable(site, seq, source, now, &[bad(Some("1"), None)])
        };
        let done = desk.write(|work| keep(work, 2, Source::List)).unwrap();
        assert_eq!((done.new, done.changed), (vec![], vec![CommentId(1)]));
        let kept = row(&mut desk, 1);
        assert_eq!((kept.status, kept.unreadable.as_deref()), (Status::Pending, Some("no text")));
        assert_eq!((kept.body.unwrap().source.as_str(), kept.excerpt.as_str()), ("words", "words"));
        let again = desk.write(|work| keep(work, 3, Source::Look)).unwrap();
        assert_eq!(again, Ingested::default(), "nothing new to show");
        let done = desk.write(|work| work.ingest(site, 4, Source::Look, now, &[told("1", "words")])).unwrap();
        assert_eq!(done.changed, [CommentId(1)], "the same words, but they can be read");
        assert_eq!((row(&mut desk, 1).unreadable, source(&mut desk)), (None, None));
    }

    #[test]
    fn an_older_answer_makes_nothing_unreadable() {
        let (mut desk, site, now) = desk();
        let keep = |work: &Work<'_>, seq, source, status| {
            work.keep_unreadable(site, seq, source, now, &[bad(Some("1"), status)])
        };
        desk.write(|work| work.ingest(site, 5, Source::Look, now, &[told("1", "words")])).unwrap();
        desk.write(|work| keep(work, 4, Source::Look, None)).unwrap();
        assert_eq!(row(&mut desk, 1).unreadable, None, "its request started before");
        desk.write(|work| keep(work, 5, Source::List, None)).unwrap();
        assert_eq!(row(&mut desk, 1).unreadable, None, "the same answer tells it twice");
        desk.write(|work| {
            work.ingest(site, 6, Source::Receipt, now, &[told("1", "words")])?;
            work.receipt(site, &NativeId("1".into()), 8, now)
        })
        .unwrap();
        desk.write(|work| keep(work, 8, Source::Look, Some(Status::Spam))).unwrap();
        assert_eq!(row(&mut desk, 1).unreadable, None, "the receipt is newer");
        let done = desk.write(|work| keep(work, 9, Source::List, Some(Status::Spam))).unwrap();
        assert_eq!(done.contested, [NativeId("1".into())], "a list is no word against a fresh receipt");
        assert_eq!((row(&mut desk, 1).unreadable, row(&mut desk, 1).status), (None, Status::Pending));
        desk.write(|work| keep(work, 10, Source::Look, Some(Status::Spam))).unwrap();
        assert_eq!((row(&mut desk, 1).unreadable.is_some(), row(&mut desk, 1).status), (true, Status::Spam));
        desk.write(|work| work.ingest(site, 9, Source::Look, now, &[told("1", "late")])).unwrap();
        assert!(row(&mut desk, 1).unreadable.is_some(), "nor does an older one make it readable");
    }

    #[test]
    fn an_older_answer_buries_nothing_either() {
        let (mut desk, site, now) = desk();
        let gone = [NativeId("1".into())];
        desk.write(|work| work.ingest(site, 5, Source::Look, now, &[told("1", "words")])).unwrap();
        assert_eq!(desk.write(|work| work.bury(site, 4, now, &gone)).unwrap(), []);
        assert_eq!(row(&mut desk, 1).status, Status::Pending, "a request that started later has seen it");
        assert_eq!(desk.write(|work| work.unseen_since(site, 5)).unwrap(), []);
        assert_eq!(desk.write(|work| work.bury(site, 5, now, &gone)).unwrap(), [CommentId(1)]);
        assert_eq!(row(&mut desk, 1).status, Status::Deleted);
    }

    #[test]
    fn what_told_no_id_leaves_once_a_whole_walk_has_not_met_it() {
        let (mut desk, site, now) = desk();
        let items = [bad(None, Some(Status::Pending)), bad(Some("2"), Some(Status::Pending))];
        let walk = |desk: &mut Ledger, seq, meets: bool| {
            if meets {
                desk.write(|work| work.keep_unreadable(site, seq + 1, Source::List, now, &items)).unwrap();
            }
            desk.write(|work| work.bury_unmet(site, (seq, seq + 1), now)).unwrap()
        };
        for seq in [1, 3, 5] {
            assert_eq!(walk(&mut desk, seq, true), [], "one row, met again");
        }
        assert_eq!(walk(&mut desk, 7, false), [CommentId(1)], "and never what can be looked at");
        assert_eq!(walk(&mut desk, 9, true), []);
        assert_eq!((row(&mut desk, 1).status, row(&mut desk, 2).status), (Status::Pending, Status::Pending));
        assert_eq!(desk.write(|work| work.pending(site)).unwrap(), 2, "it came back");
    }

    #[test]
    fn what_tells_no_id_and_never_stays_the_same_fills_no_desk() {
        let (mut desk, site, now) = desk();
        let items: Vec<Unreadable> = (0..UNNAMED_MAX + 5)
            .map(|n| Unreadable { source: format!("{{\"votes\":{n}}}"), ..bad(None, Some(Status::Pending)) })
            .collect();
        let done = desk.write(|work| work.keep_unreadable(site, 1, Source::List, now, &items)).unwrap();
        assert_eq!(done.new.len(), UNNAMED_MAX);
        let again = desk.write(|work| work.keep_unreadable(site, 2, Source::List, now, &items[..5])).unwrap();
        assert_eq!(again.new, [], "those that are here are met again");
    }

    #[test]
    fn a_count_beyond_the_columns_costs_nothing() {
        let (mut desk, site, now) = desk();
        let mut arrival = told("1", "words");
        arrival.observed.reports = Some(crate::domain::Reports { total: u64::MAX, items: Vec::new() });
        desk.write(|work| work.ingest(site, 1, Source::List, now, &[arrival])).unwrap();
        assert_eq!(row(&mut desk, 1).reports_total, i64::MAX as u64);
        let record = crate::domain::Record { spam: Some(u64::MAX), ..Default::default() };
        desk.write(|work| work.keep_record(site, "a:1", &record, now)).unwrap();
    }
}
