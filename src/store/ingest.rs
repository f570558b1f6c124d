//! What a site said becomes truth: an upsert writes only what was told, and only if its request started after the last
//! receipt for that comment arrived.

use super::rows::{author_key_word, format_word, held_word, millis, precision_number, status_word};
use super::{Trouble, Work, journal};
use crate::domain::{
    Article, ArticleRef, CommentId, NativeId, Observed, Parent, Record, SiteId, Status, Time,
};
use chrono::{DateTime, Utc};
use rusqlite::{OptionalExtension as _, params};
use sha2::{Digest as _, Sha256};

/// Where an observation came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    /// A page of a list, which may come from a cache or a replica.
    List,
    /// A look at the comment itself.
    Look,
    /// The site's answer to our own decision.
    Receipt,
}

/// What is computed from a body once, when it arrives.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Derived {
    pub excerpt: String,
    pub links: u32,
    /// The search form.
    pub form: String,
}

/// One comment on its way in. `derived` is there when a body was told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Arrival {
    pub observed: Observed,
    pub derived: Option<Derived>,
}

/// What an ingest did.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Ingested {
    pub new: Vec<CommentId>,
    pub changed: Vec<CommentId>,
    /// A list contradicted a receipt younger than a minute: look, do not believe.
    pub contested: Vec<NativeId>,
}

/// For this long a list that contradicts a receipt is only a reason to look.
const RECEIPT_TRUSTED_MS: i64 = 60_000;

/// What a row was before an answer.
pub(super) struct Known {
    pub id: i64,
    pub status: String,
    pub revision: Option<i64>,
    pub written_seq: i64,
    receipt_seq: i64,
    receipt_at: Option<i64>,
    pub is_unreadable: bool,
    print: String,
}

/// One answer: the number its request started under, where it came from, when it came.
#[derive(Clone, Copy)]
pub(super) struct Answer {
    pub site: SiteId,
    pub seq: i64,
    pub source: Source,
    pub now: DateTime<Utc>,
}

impl Known {
    /// Whether an answer may write this row.
    pub(super) fn admits(&self, answer: Answer, seen: &Observed, done: &mut Ingested) -> bool {
        let is_late = answer.seq <= self.receipt_seq || answer.seq < self.written_seq;
        if answer.source != Source::Receipt && is_late {
            return false;
        }
        let contradicts = seen.status.is_some_and(|status| status_word(status) != self.status);
        let fresh_receipt = self.receipt_at.is_some_and(|at| millis(answer.now) - at < RECEIPT_TRUSTED_MS);
        if answer.source == Source::List && contradicts && fresh_receipt {
            done.contested.push(seen.native_id.clone());
            return false;
        }
        true
    }
}

impl Work<'_> {
    /// Takes in what the request that started as number `seq` told about some comments.
    pub fn ingest(
        &self,
        site: SiteId,
        seq: u64,
        source: Source,
        now: DateTime<Utc>,
        arrivals: &[Arrival],
    ) -> Result<Ingested, Trouble> {
        let mut done = Ingested::default();
        let answer = Answer { site, seq: i64::try_from(seq).unwrap_or(i64::MAX), source, now };
        for arrival in arrivals {
            self.take_in(answer, arrival, &mut done)?;
        }
        Ok(done)
    }

    fn take_in(&self, answer: Answer, arrival: &Arrival, done: &mut Ingested) -> Result<(), Trouble> {
        let seen = &arrival.observed;
        let known = self.known(answer.site, &seen.native_id)?;
        if known.as_ref().is_some_and(|known| !known.admits(answer, seen, done)) {
            return Ok(());
        }
        let is_new = known.is_none();
        let id = match &known {
            Some(known) => known.id,
            None => self.new_comment(answer, &seen.native_id)?,
        };
        let before = known.as_ref().and_then(|known| known.revision);
        let revision = self.take_revision(id, seen, answer.now)?.or(before);
        self.write_comment(id, answer, seen, revision)?;
        self.write_person(id, seen)?;
        self.write_reports(id, seen)?;
        if let (Some(derived), true) = (&arrival.derived, revision != before) {
            self.write_derived(id, is_new, derived)?;
        }
        if seen.body.is_some() && known.as_ref().is_some_and(|known| known.is_unreadable) {
            self.drop_source(id)?;
        }
        self.tell(id, known.as_ref(), done)
    }

    /// Says what became of a row that an answer has written.
    pub(super) fn tell(&self, id: i64, known: Option<&Known>, done: &mut Ingested) -> Result<(), Trouble> {
        match known {
            None => done.new.push(CommentId(id)),
            Some(known) if self.print(id)? != known.print => done.changed.push(CommentId(id)),
            Some(_) => {}
        }
        Ok(())
    }

    pub(super) fn known(&self, site: SiteId, native_id: &NativeId) -> Result<Option<Known>, Trouble> {
        let mut select = self.tx.prepare_cached(
            "select id, status, revision, written_seq, receipt_seq, receipt_at, unreadable is not null from comments
             where site = ? and native_id = ?",
        )?;
        let found = select
            .query_row(params![site.0, native_id.0], |row| {
                Ok(Known {
                    id: row.get(0)?,
                    status: row.get(1)?,
                    revision: row.get(2)?,
                    written_seq: row.get(3)?,
                    receipt_seq: row.get(4)?,
                    receipt_at: row.get(5)?,
                    is_unreadable: row.get(6)?,
                    print: String::new(),
                })
            })
            .optional()?;
        match found {
            Some(mut known) => {
                known.print = self.print(known.id)?;
                Ok(Some(known))
            }
            None => Ok(None),
        }
    }

    /// Everything of a row that shows, in one string: two prints differ when a screen would.
    fn print(&self, id: i64) -> Result<String, Trouble> {
        let mut select = self.tx.prepare_cached(
            "select status || '|' || ifnull(revision, 0) || '|' || reports_total || '|' || ifnull(held, '') || '|'
                || ifnull(edited_at, 0) || '|' || ifnull(article, 0) || '|' || ifnull(parent, '') || '|'
                || ifnull(last_by, '') || '|' || ifnull(gone_at, 0) || '|' || ifnull(unreadable, '') from comments where id = ?",
        )?;
        Ok(select.query_row([id], |row| row.get(0))?)
    }

    pub(super) fn new_comment(&self, answer: Answer, native_id: &NativeId) -> Result<i64, Trouble> {
        self.tx
            .prepare_cached("insert into comments (site, native_id, first_seen) values (?, ?, ?)")?
            .execute(params![answer.site.0, native_id.0, millis(answer.now)])?;
        Ok(self.tx.last_insert_rowid())
    }

    /// Stores a wording unless it is stored already; `None` when the answer told no words.
    fn take_revision(&self, id: i64, seen: &Observed, now: DateTime<Utc>) -> Result<Option<i64>, Trouble> {
        let Some(body) = &seen.body else { return Ok(None) };
        let (name, url) =
            seen.author.as_ref().map_or(("", None), |author| (author.name.as_str(), author.url.as_deref()));
        let digest = digest_of(format_word(body.format), &body.source, name, url);
        self.tx
            .prepare_cached(
                "insert or ignore into revisions (comment, digest, format, body, name, url, first_seen)
                 values (?, ?, ?, ?, ?, ?, ?)",
            )?
            .execute(params![
                id,
                digest.as_slice(),
                format_word(body.format),
                body.source,
                name,
                url,
                millis(now)
            ])?;
        let revision = self
            .tx
            .prepare_cached("select id from revisions where comment = ? and digest = ?")?
            .query_row(params![id, digest.as_slice()], |row| row.get(0))?;
        Ok(Some(revision))
    }

    pub(super) fn write_comment(
        &self,
        id: i64,
        answer: Answer,
        seen: &Observed,
        revision: Option<i64>,
    ) -> Result<(), Trouble> {
        let Answer { site, seq, now, .. } = answer;
        let (created, created_precision) = columns(seen.created);
        let (edited, edited_precision) = columns(seen.edited);
        let article = match &seen.article {
            Some(article) => Some(self.article_row(site, article)?),
            None => None,
        };
        let author_key = match seen.author.as_ref().and_then(|author| author.key.as_ref()) {
            Some(key) => Some(author_key_word(key, &journal::salt(&self.tx)?)),
            None => None,
        };
        let parent = seen.parent.as_ref().map(|parent| match parent {
            Parent::Top => "",
            Parent::Reply(native_id) => native_id.0.as_str(),
        });
        let last = seen.last_decision.as_ref();
        let settled = seen.status.is_some_and(|s| !matches!(s, Status::Pending | Status::Other));
        self.tx
            .prepare_cached(
                "update comments set status = ifnull(?2, status), created_at = ifnull(?3, created_at),
                    created_precision = ifnull(?4, created_precision), edited_at = ifnull(?5, edited_at),
                    edited_precision = ifnull(?6, edited_precision), revision = ifnull(?7, revision),
                    article = ifnull(?8, article), parent = ifnull(?9, parent), author_key = ifnull(?10, author_key),
                    reports_total = ifnull(?11, reports_total), held = ifnull(?12, held),
                    permalink = ifnull(?13, permalink), tag = ifnull(?14, tag), kind = ifnull(?15, kind),
                    last_by = iif(?24, ?16, last_by), last_status = iif(?24, ?17, last_status),
                    last_at = iif(?24, ?18, last_at), last_key = iif(?24, ?19, last_key), written_seq = ?20,
                    unreadable = iif(?23, null, unreadable), gone_at = iif(?2 = 'deleted', ifnull(gone_at, ?22), null),
                    decided_at = iif(?21, ifnull(decided_at, ?22), iif(?2 is null, decided_at, null))
                 where id = ?1",
            )?
            .execute(params![
                id,
                seen.status.map(status_word),
                created,
                created_precision,
                edited,
                edited_precision,
                revision,
                article,
                parent,
                author_key,
                seen.reports.as_ref().map(|reports| count(reports.total)),
                seen.held_because.as_deref().map(held_word),
                seen.permalink,
                seen.tag,
                seen.kind,
                last.and_then(|l| l.by.as_deref()),
                last.and_then(|l| l.status).map(status_word),
                last.and_then(|l| l.at).map(|at| millis(at.at)),
                last.and_then(|l| l.key.as_deref()),
                seq,
                settled,
                millis(now),
                seen.body.is_some(),
                // A newer decision is not made by whoever made the one before it.
                last.is_some(),
            ])?;
        Ok(())
    }

    fn article_row(&self, site: SiteId, article: &ArticleRef) -> Result<i64, Trouble> {
        let row = self
            .tx
            .prepare_cached(
                "insert into articles (site, native_key, title, url) values (?, ?, ?, ?)
                 on conflict do update set title = ifnull(excluded.title, title), url = ifnull(excluded.url, url)
                 returning id",
            )?
            .query_row(params![site.0, article.key.0, article.title, article.url], |row| row.get(0))?;
        Ok(row)
    }

    fn write_person(&self, id: i64, seen: &Observed) -> Result<(), Trouble> {
        let Some(private) = &seen.private else { return Ok(()) };
        self.tx
            .prepare_cached(
                "insert into persons (comment, email, ip, agent) values (?, ?, ?, ?) on conflict do update set
                 email = ifnull(excluded.email, email), ip = ifnull(excluded.ip, ip), agent = ifnull(excluded.agent, agent)",
            )?
            .execute(params![id, private.email, private.ip, private.agent])?;
        Ok(())
    }

    fn write_reports(&self, id: i64, seen: &Observed) -> Result<(), Trouble> {
        let Some(reports) = &seen.reports else { return Ok(()) };
        self.tx.prepare_cached("delete from reports where comment = ?")?.execute([id])?;
        for (n, report) in (0_i64..).zip(&reports.items) {
            self.tx.prepare_cached("insert into reports values (?, ?, ?, ?, ?, ?)")?.execute(params![
                id,
                n,
                report.code,
                report.text,
                report.by,
                report.at.map(|at| millis(at.at))
            ])?;
        }
        Ok(())
    }

    /// Marks comments the site says are gone for good. Their words stay until retention ends.
    pub fn bury(
        &self,
        site: SiteId,
        seq: u64,
        now: DateTime<Utc>,
        gone: &[NativeId],
    ) -> Result<Vec<CommentId>, Trouble> {
        let mut buried = Vec::new();
        for native_id in gone {
            let id: Option<i64> = self
                .tx
                .prepare_cached(
                    "update comments set status = 'deleted', gone_at = ifnull(gone_at, ?4), decided_at = ifnull(decided_at, ?4),
                        written_seq = ?3
                     where site = ?1 and native_id = ?2 and ?3 > receipt_seq and ?3 >= written_seq
                        and status <> 'deleted' returning id",
                )?
                .query_row(params![site.0, native_id.0, i64::try_from(seq).unwrap_or(i64::MAX), millis(now)], |row| {
                    row.get(0)
                })
                .optional()?;
            buried.extend(id.map(CommentId));
        }
        Ok(buried)
    }

    /// Stores an article in full.
    pub fn keep_article(&self, site: SiteId, article: &Article, now: DateTime<Utc>) -> Result<(), Trouble> {
        let (published, published_precision) = columns(article.published);
        let (modified, modified_precision) = columns(article.modified);
        self.tx
            .prepare_cached(
                "insert into articles (site, native_key, title, url, byline, published_at, published_precision,
                    modified_at, modified_precision, lang, format, body, withheld, fetched_at)
                 values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)
                 on conflict (site, native_key) do update set title = ?3, url = ifnull(?4, url), byline = ?5,
                    published_at = ?6, published_precision = ?7, modified_at = ?8, modified_precision = ?9, lang = ?10,
                    format = ?11, body = ?12, withheld = ?13, fetched_at = ?14",
            )?
            .execute(params![
                site.0,
                article.key.0,
                article.title,
                article.url,
                article.byline,
                published,
                published_precision,
                modified,
                modified_precision,
                article.lang,
                article.body.as_ref().map(|body| format_word(body.format)),
                article.body.as_ref().map(|body| body.source.as_str()),
                article.withheld,
                millis(now)
            ])?;
        Ok(())
    }

    /// Stores an author's record.
    pub fn keep_record(
        &self,
        site: SiteId,
        row_key: &str,
        record: &Record,
        now: DateTime<Utc>,
    ) -> Result<(), Trouble> {
        self.tx.prepare_cached("insert or replace into records values (?, ?, ?, ?, ?, ?, ?, ?)")?.execute(
            params![
                site.0,
                row_key,
                record.approved.map(count),
                record.pending.map(count),
                record.rejected.map(count),
                record.spam.map(count),
                record.since.map(|since| millis(since.at)),
                millis(now)
            ],
        )?;
        Ok(())
    }
}

/// What names a wording: the same words by the same author have the same digest on every desk.
pub(super) fn digest_of(format: &str, body: &str, name: &str, url: Option<&str>) -> [u8; 32] {
    let mut sum = Sha256::new();
    for field in [format, body, name, url.unwrap_or("")] {
        sum.update((field.len() as u64).to_be_bytes());
        sum.update(field);
    }
    sum.finalize().into()
}

/// A column holds no more than an `i64`; a site may claim more.
fn count(told: u64) -> i64 {
    i64::try_from(told).unwrap_or(i64::MAX)
}

fn columns(time: Option<Time>) -> (Option<i64>, Option<i64>) {
    (time.map(|t| millis(t.at)), time.map(|t| precision_number(t.precision)))
}
