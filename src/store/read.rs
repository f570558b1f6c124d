//! Everything that is read. A reader is a connection of its own: it never waits for the writer, and sees what is on disk.

use super::queue::OPEN;
use super::rows::{delivery_of, format_of, held_of, instant, status_of, time_at, verb_of};
use super::{OpenRow, Trouble, outbox, schema, sites, undo};
use crate::domain::{
    Article, ArticleKey, Body, CommentId, Decision, DecisionId, Delivery, HeldReason, NativeId, Parent,
    Private, Record, Report, RevisionId, Site, SiteId, Status, Time, Verb,
};
use chrono::{DateTime, Utc};
use rusqlite::{Connection, OpenFlags, OptionalExtension as _, Row, params};
use std::path::Path;

/// A read-only connection.
pub struct Reader {
    db: Connection,
}

/// One comment with its newest words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CommentRow {
    pub id: CommentId,
    pub site: SiteId,
    pub native_id: NativeId,
    pub status: Status,
    pub created: Option<Time>,
    pub edited: Option<Time>,
    pub revision: Option<RevisionId>,
    pub body: Option<Body>,
    pub author_name: String,
    pub author_url: Option<String>,
    pub author_key: Option<String>,
    pub article: Option<ArticleKey>,
    pub article_title: Option<String>,
    pub article_url: Option<String>,
    pub parent: Option<Parent>,
    pub reports_total: u64,
    pub held: Vec<HeldReason>,
    pub permalink: Option<String>,
    pub tag: Option<String>,
    pub kind: Option<String>,
    pub last_by: Option<String>,
    pub last_at: Option<DateTime<Utc>>,
    pub last_key: Option<String>,
    pub unreadable: Option<String>,
    pub excerpt: String,
    pub links: u32,
    pub parked: bool,
    /// A private note stands on it.
    pub noted: bool,
}

/// What a site has on the desk.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    pub pending: u64,
    pub reported: u64,
    pub parked: u64,
}

/// The columns that [`comment_at`] reads, with these two for the words.
macro_rules! select_comment {
    ($words:literal) => {
        concat!(
            "select c.id, c.site, c.native_id, c.status, c.created_at, c.created_precision, c.edited_at,
    c.edited_precision, c.revision, ",
            $words,
            ", r.name, r.url, c.author_key, a.native_key, a.title, a.url, c.parent,
    c.reports_total, c.held, c.permalink, c.tag, c.kind, c.last_by, c.last_at, c.last_key, c.unreadable, c.excerpt, c.links,
    c.parked, exists (select 1 from notes n where n.comment = c.id)
    from comments c left join revisions r on r.id = c.revision left join articles a on a.id = c.article where c.id = ?"
        )
    };
}

/// A letter of a path as it may stand in SQLite's `file:` addresses.
fn uri_letter(letter: char) -> String {
    match letter {
        '%' => "%25".to_owned(),
        '?' => "%3f".to_owned(),
        '#' => "%23".to_owned(),
        other => other.to_string(),
    }
}

impl Reader {
    /// Opens a desk's file for reading.
    pub fn open(path: &Path) -> Result<Self, Trouble> {
        let db = Connection::open_with_flags(
            path,
            OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX,
        )?;
        Self::of(db)
    }

    /// The same for a desk that somebody else may hold, or that nobody may write. Where nothing can be written beside the
    /// file, and nothing waits there to be read, the file alone is read.
    pub fn beside(path: &Path) -> Result<Self, Trouble> {
        let reader = Self::open(path)?;
        let Err(Trouble::ReadOnly(_)) = reader.sites() else { return Ok(reader) };
        let log = path.with_extension("sqlite-wal");
        if std::fs::metadata(log).is_ok_and(|log| log.len() > 0) {
            return Ok(reader);
        }
        let escaped: String = path.to_string_lossy().chars().map(uri_letter).collect();
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let uri = format!("file:{escaped}?immutable=1");
        Self::of(Connection::open_with_flags(uri, flags | OpenFlags::SQLITE_OPEN_URI)?)
    }

    fn of(db: Connection) -> Result<Self, Trouble> {
        db.busy_timeout(std::time::Duration::from_secs(5))?;
        schema::plan_once(&db)?;
        Ok(Self { db })
    }

    /// The connection, for the functions of this module that also serve inside a transaction.
    pub fn db(&self) -> &Connection {
        &self.db
    }

    pub fn sites(&self) -> Result<Vec<Site>, Trouble> {
        sites::sites(&self.db)
    }

    pub fn cursor(&self, site: SiteId, name: &str) -> Result<Option<String>, Trouble> {
        sites::cursor(&self.db, site, name)
    }

    pub fn unseen_since(&self, site: SiteId, seq: u64) -> Result<Vec<NativeId>, Trouble> {
        unseen_since(&self.db, site, seq)
    }

    pub fn open_rows(&self, site: SiteId) -> Result<Vec<OpenRow>, Trouble> {
        outbox::open_rows(&self.db, site)
    }

    pub fn decision(&self, id: DecisionId) -> Result<Option<(Decision, Delivery)>, Trouble> {
        outbox::decision(&self.db, id)
    }

    /// Whether there is something to undo, and to redo.
    pub fn ways_back(&self) -> Result<(bool, bool), Trouble> {
        undo::ways_back(&self.db)
    }

    pub fn comment(&self, id: CommentId) -> Result<Option<CommentRow>, Trouble> {
        comment(&self.db, id)
    }

    /// A comment without its words, however long they are: `body` is left out.
    pub fn head(&self, id: CommentId) -> Result<Option<CommentRow>, Trouble> {
        let mut select = self.db.prepare_cached(select_comment!("null, null"))?;
        Ok(select.query_row([id.0], comment_at).optional()?)
    }

    /// A comment by the site's own id.
    pub fn find(&self, site: SiteId, native_id: &NativeId) -> Result<Option<CommentId>, Trouble> {
        find(&self.db, site, native_id)
    }

    /// The newest decision on a comment, unless it was withdrawn.
    pub fn decided(&self, id: CommentId) -> Result<Option<(DecisionId, Verb, Delivery)>, Trouble> {
        let mut select = self.db.prepare_cached(
            "select id, verb, delivery from outbox where comment = ? and delivery <> 'withdrawn' order by id desc limit 1",
        )?;
        Ok(select
            .query_row([id.0], |row| {
                Ok((
                    DecisionId(row.get(0)?),
                    verb_of(&row.get::<_, String>(1)?)?,
                    delivery_of(&row.get::<_, String>(2)?)?,
                ))
            })
            .optional()?)
    }

    pub fn private(&self, id: CommentId) -> Result<Private, Trouble> {
        private(&self.db, id)
    }

    /// What the site sent for a comment that could not be read.
    pub fn source(&self, id: CommentId) -> Result<Option<String>, Trouble> {
        let mut select = self.db.prepare_cached("select source from persons where comment = ?")?;
        Ok(select.query_row([id.0], |row| row.get(0)).optional()?.flatten())
    }

    pub fn reports(&self, id: CommentId) -> Result<Vec<Report>, Trouble> {
        let mut select = self.db.prepare_cached(
            "select code, text, by, at from reports where comment = ? order by n limit 100",
        )?;
        let rows = select.query_map([id.0], |row| {
            Ok(Report {
                code: row.get(0)?,
                text: row.get(1)?,
                by: row.get(2)?,
                at: row.get::<_, Option<i64>>(3)?.map(|ms| Time::second(instant(ms))),
            })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// The stored article and when it was fetched.
    pub fn article(
        &self,
        site: SiteId,
        key: &ArticleKey,
    ) -> Result<Option<(Article, DateTime<Utc>)>, Trouble> {
        let mut select = self.db.prepare_cached(
            "select native_key, ifnull(title, ''), byline, published_at, published_precision, modified_at, modified_precision,
                url, lang, format, body, withheld, fetched_at
             from articles where site = ? and native_key = ? and fetched_at is not null",
        )?;
        Ok(select.query_row(params![site.0, key.0], article_at).optional()?)
    }

    /// Bytes of the body of a stored article; 0 where it has none.
    pub fn article_bytes(&self, site: SiteId, key: &ArticleKey) -> Result<Option<usize>, Trouble> {
        let mut select = self.db.prepare_cached(
            "select ifnull(octet_length(body), 0) from articles
             where site = ? and native_key = ? and fetched_at is not null",
        )?;
        Ok(select.query_row(params![site.0, key.0], |row| row.get(0)).optional()?)
    }

    /// An author's record and when it was fetched.
    pub fn record(&self, site: SiteId, author_key: &str) -> Result<Option<(Record, DateTime<Utc>)>, Trouble> {
        let mut select = self.db.prepare_cached(
            "select approved, pending, rejected, spam, since, fetched_at from records where site = ? and author_key = ?",
        )?;
        Ok(select
            .query_row(params![site.0, author_key], |row| {
                let since: Option<i64> = row.get(4)?;
                let record = Record {
                    approved: row.get(0)?,
                    pending: row.get(1)?,
                    rejected: row.get(2)?,
                    spam: row.get(3)?,
                    since: since.map(|ms| Time::second(instant(ms))),
                };
                Ok((record, instant(row.get(5)?)))
            })
            .optional()?)
    }

    /// What a site has, as its queues show it.
    pub fn counts(&self, site: SiteId) -> Result<Counts, Trouble> {
        let mut counts = Counts::default();
        let mut add = |status: &str, parked: bool, reported: bool, n: i64| {
            let n = u64::try_from(n).unwrap_or(0);
            match (status, parked) {
                ("pending", true) => counts.parked += n,
                ("pending", false) => counts.pending += n,
                _ => {}
            }
            if reported && !parked && matches!(status, "pending" | "approved") {
                counts.reported += n;
            }
        };
        let sql = format!(
            "select status, parked, reported, n from counts where site = ?1 union all
             select c.status, c.parked, c.reports_total > 0, -1 from comments c
             where c.site = ?1 and c.id in (select comment from outbox
                where site = ?1 and delivery not in ('delivered', 'withdrawn')) and {OPEN}"
        );
        let mut select = self.db.prepare_cached(&sql)?;
        let mut sums = std::collections::BTreeMap::<(String, bool, bool), i64>::new();
        let rows = select.query_map([site.0], |row| {
            Ok(((row.get(0)?, row.get(1)?, row.get(2)?), row.get::<_, i64>(3)?))
        })?;
        for row in rows {
            let (key, n) = row?;
            *sums.entry(key).or_default() += n;
        }
        for ((status, parked, reported), n) in sums {
            add(&status, parked, reported, n);
        }
        Ok(counts)
    }

    /// The stored wording of a revision.
    pub fn revision(&self, id: RevisionId) -> Result<Option<(Body, String, Option<String>)>, Trouble> {
        revision(&self.db, id)
    }

    /// Bytes of a revision: of its body, and of the name and address that came with it.
    pub fn revision_bytes(&self, id: RevisionId) -> Result<Option<usize>, Trouble> {
        let mut select = self.db.prepare_cached(
            "select octet_length(body) + octet_length(name) + ifnull(octet_length(url), 0)
             from revisions where id = ?",
        )?;
        Ok(select.query_row([id.0], |row| row.get(0)).optional()?)
    }
}

/// Pending comments of a site that no answer since request `seq` has told anything about. Those without an id of the site's
/// own cannot be asked for.
pub fn unseen_since(db: &Connection, site: SiteId, seq: u64) -> Result<Vec<NativeId>, Trouble> {
    let mut select = db.prepare_cached(
        "select native_id from comments where site = ? and status = 'pending' and written_seq < ?
         and native_id not like 'unreadable-%'",
    )?;
    let seq = i64::try_from(seq).unwrap_or(i64::MAX);
    let rows = select.query_map(params![site.0, seq], |row| Ok(NativeId(row.get(0)?)))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// One comment, inside a transaction or outside.
pub fn comment(db: &Connection, id: CommentId) -> Result<Option<CommentRow>, Trouble> {
    let mut select = db.prepare_cached(select_comment!("r.format, r.body"))?;
    Ok(select.query_row([id.0], comment_at).optional()?)
}

pub fn find(db: &Connection, site: SiteId, native_id: &NativeId) -> Result<Option<CommentId>, Trouble> {
    let mut select = db.prepare_cached("select id from comments where site = ? and native_id = ?")?;
    Ok(select.query_row(params![site.0, native_id.0], |row| Ok(CommentId(row.get(0)?))).optional()?)
}

pub fn private(db: &Connection, id: CommentId) -> Result<Private, Trouble> {
    let mut select = db.prepare_cached("select email, ip, agent from persons where comment = ?")?;
    let found = select
        .query_row([id.0], |row| Ok(Private { email: row.get(0)?, ip: row.get(1)?, agent: row.get(2)? }))
        .optional()?;
    Ok(found.unwrap_or_default())
}

pub fn revision(db: &Connection, id: RevisionId) -> Result<Option<(Body, String, Option<String>)>, Trouble> {
    let mut select = db.prepare_cached("select format, body, name, url from revisions where id = ?")?;
    Ok(select
        .query_row([id.0], |row| {
            let body = Body { format: format_of(&row.get::<_, String>(0)?)?, source: row.get(1)? };
            Ok((body, row.get(2)?, row.get(3)?))
        })
        .optional()?)
}

fn comment_at(row: &Row<'_>) -> rusqlite::Result<CommentRow> {
    let format: Option<String> = row.get(9)?;
    let body = match format {
        Some(word) => Some(Body { format: format_of(&word)?, source: row.get(10)? }),
        None => None,
    };
    let parent = row
        .get::<_, Option<String>>(17)?
        .map(|parent| if parent.is_empty() { Parent::Top } else { Parent::Reply(NativeId(parent)) });
    Ok(CommentRow {
        id: CommentId(row.get(0)?),
        site: SiteId(row.get(1)?),
        native_id: NativeId(row.get(2)?),
        status: status_of(&row.get::<_, String>(3)?)?,
        created: time_at(row, 4)?,
        edited: time_at(row, 6)?,
        revision: row.get::<_, Option<i64>>(8)?.map(RevisionId),
        body,
        author_name: row.get::<_, Option<String>>(11)?.unwrap_or_default(),
        author_url: row.get(12)?,
        author_key: row.get(13)?,
        article: row.get::<_, Option<String>>(14)?.map(ArticleKey),
        article_title: row.get(15)?,
        article_url: row.get(16)?,
        parent,
        reports_total: row.get(18)?,
        held: row.get::<_, Option<String>>(19)?.map(|word| held_of(&word)).unwrap_or_default(),
        permalink: row.get(20)?,
        tag: row.get(21)?,
        kind: row.get(22)?,
        last_by: row.get(23)?,
        last_at: row.get::<_, Option<i64>>(24)?.map(instant),
        last_key: row.get(25)?,
        unreadable: row.get(26)?,
        excerpt: row.get(27)?,
        links: row.get(28)?,
        parked: row.get(29)?,
        noted: row.get(30)?,
    })
}

fn article_at(row: &Row<'_>) -> rusqlite::Result<(Article, DateTime<Utc>)> {
    let format: Option<String> = row.get(9)?;
    let body = match format {
        Some(word) => Some(Body { format: format_of(&word)?, source: row.get(10)? }),
        None => None,
    };
    let article = Article {
        key: ArticleKey(row.get(0)?),
        title: row.get(1)?,
        byline: row.get(2)?,
        published: time_at(row, 3)?,
        modified: time_at(row, 5)?,
        url: row.get(7)?,
        lang: row.get(8)?,
        body,
        withheld: row.get(11)?,
    };
    Ok((article, instant(row.get(12)?)))
}
