//! What readers wrote and who they are is kept for as long as it is needed, and then erased: from the tables, from the search
//! index, from the log beside the file and from the carbon copy. Decisions stay, and so does the journal, whose digests are
//! salted. A file that was set aside is not touched: whoever was told of it deletes it.

use super::rows::{millis, salted};
use super::{Rank, Reader, Store, Trouble, Work, journal, schema};
use crate::domain::{CommentId, SiteId};
use chrono::{DateTime, Utc};
use rusqlite::{Connection, params};

/// Comments erased in one transaction: decisions get between two of them.
const AT_ONCE: usize = 50;
/// Pages of the search index that are merged in one transaction.
const MERGED_PAGES: i64 = 64;
/// More rounds of merging than any index needs.
const MERGES_MAX: usize = 10_000;

/// Comments that were decided or are gone since before a moment, with something to erase and nothing open.
const OLD: &str = "select c.id from comments c where min(ifnull(c.decided_at, c.gone_at), ifnull(c.gone_at, c.decided_at)) < ?
     and (c.author_key is not null or c.excerpt <> '' or exists (select 1 from persons p where p.comment = c.id)
         or exists (select 1 from revisions r where r.comment = c.id and (r.body <> '' or r.name <> '')))
     and not exists (select 1 from outbox o where o.comment = c.id and o.delivery not in ('delivered', 'withdrawn'))";

impl Reader {
    /// Comments with something to erase.
    fn old(&self, before: DateTime<Utc>) -> Result<Vec<i64>, Trouble> {
        let mut select = self.db().prepare(OLD)?;
        Ok(select.query_map([millis(before)], |row| row.get(0))?.collect::<Result<_, _>>()?)
    }
}

impl Work<'_> {
    /// Erases the words and the persons of comments, but for those that were decided on meanwhile.
    fn erase_all(&self, comments: &[i64]) -> Result<(), Trouble> {
        for id in comments {
            if self.unsettled(CommentId(*id))?.is_empty() {
                self.erase(*id)?;
            }
        }
        Ok(())
    }

    fn erase(&self, comment: i64) -> Result<(), Trouble> {
        for sql in [
            "delete from persons where comment = ?",
            "delete from reports where comment = ?",
            "delete from notes where comment = ?",
            "delete from notings where comment = ?",
            "delete from words where rowid = ?",
            "delete from records where (site, author_key) in (select site, author_key from comments where id = ?)",
            "update comments set excerpt = '', links = 0, author_key = null, held = null where id = ?",
        ] {
            self.tx.prepare_cached(sql)?.execute([comment])?;
        }
        // The wording's own digest would tell whoever guesses the words that they are right.
        let salt = journal::salt(&self.tx)?;
        let mut select = self.tx.prepare_cached("select id, digest from revisions where comment = ?")?;
        let wordings: Vec<(i64, Vec<u8>)> =
            select.query_map([comment], |row| Ok((row.get(0)?, row.get(1)?)))?.collect::<Result<_, _>>()?;
        for (id, digest) in wordings {
            let sql = "update revisions set body = '', name = '', url = null, digest = ? where id = ?";
            self.tx.prepare_cached(sql)?.execute(params![salted(&salt, &digest).as_slice(), id])?;
        }
        Ok(())
    }

    /// Merges a part of the search index, so that what was taken out of it is out of the file; whether there is more to do.
    fn merge_words(&self, first: bool) -> Result<bool, Trouble> {
        let pages = if first { -MERGED_PAGES } else { MERGED_PAGES };
        let before = self.tx.total_changes();
        self.tx.execute("insert into words (words, rank) values ('merge', ?)", [pages])?;
        // The statement itself counts as one; see the documentation of FTS5 on `merge`.
        Ok(self.tx.total_changes() - before >= 2)
    }
}

impl Store {
    /// Erases what is older than `before`; how many comments that were. Blocks, with room for decisions in between.
    pub fn retain(&self, before: DateTime<Utc>) -> Result<u32, Trouble> {
        let old = self.reader()?.old(before)?;
        for some in old.chunks(AT_ONCE) {
            let some = some.to_vec();
            self.write(Rank::Ingest, move |work| work.erase_all(&some))?;
        }
        // A copy that is younger than that was still made before what is erased now was.
        let made_before = if old.is_empty() { before } else { DateTime::<Utc>::MAX_UTC };
        schema::forget_before(&self.path, made_before)?;
        if !old.is_empty() {
            self.purge()?;
        }
        Ok(u32::try_from(old.len()).unwrap_or(u32::MAX))
    }

    /// Erases a site with everything that was read from it, out of every file of the desk.
    pub fn remove_site(&self, site: SiteId) -> Result<(), Trouble> {
        self.write(Rank::Decision, move |work| work.remove_site(site))?;
        if let Err(why) = schema::forget_before(&self.path, DateTime::<Utc>::MAX_UTC) {
            tracing::warn!(%why, "a site that was removed is still in copies of older files");
        }
        if let Err(why) = self.purge() {
            // It is gone from the desk; the next start empties the log.
            tracing::warn!(%why, "a site that was removed is not yet out of the log");
        }
        Ok(())
    }

    /// Whatever was erased leaves the search index and the log beside the file.
    fn purge(&self) -> Result<(), Trouble> {
        for round in 0..MERGES_MAX {
            if !self.write(Rank::Ingest, move |work| work.merge_words(round == 0))? {
                break;
            }
        }
        let db = Connection::open(&self.path)?;
        schema::configure(&db)?;
        let busy: i64 = db.query_row("pragma wal_checkpoint(truncate)", [], |row| row.get(0))?;
        if busy == 0 {
            Ok(())
        } else {
            Err(Trouble::Sql("the log is in use; it is emptied later".to_owned()))
        }
    }
}
