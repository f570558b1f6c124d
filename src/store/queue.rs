//! The queues: what belongs to each, in which order, and the one statement that says so.

use super::rows::status_word;
use super::{Reader, Trouble};
use crate::domain::{CommentId, Order, SiteId, Status};
use rusqlite::OptionalExtension as _;
use rusqlite::types::Value;

/// Which shelf of a site.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum Shelf {
    #[default]
    Pending,
    Reported,
    Parked,
    /// What the desk has read of everything with that status.
    Of(Status),
}

/// A queue as the desk shows it: truth, overlaid by open decisions.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct View {
    pub site: Option<SiteId>,
    pub shelf: Shelf,
    pub order: Order,
    /// An FTS5 expression over the search form.
    pub search: Option<String>,
}

/// A decision that takes its comment off the queue.
pub const OPEN: &str =
    "exists (select 1 from outbox o where o.comment = c.id and o.delivery in ('held', 'queued', 'sending'))";

impl Reader {
    /// A whole queue as sort keys: instant and id. Not bounded by the screen: never on the thread that draws.
    pub fn queue(&self, view: &View) -> Result<Vec<(i64, CommentId)>, Trouble> {
        let (sql, params) = queue_sql(view, None);
        let mut select = self.db().prepare_cached(&sql)?;
        let rows = select.query_map(rusqlite::params_from_iter(params), |row| {
            Ok((row.get::<_, Option<i64>>(0)?.unwrap_or(0), CommentId(row.get(1)?)))
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// The sort key of one comment if it belongs to a queue.
    pub fn belongs(&self, view: &View, id: CommentId) -> Result<Option<(i64, CommentId)>, Trouble> {
        let (sql, params) = queue_sql(view, Some(id));
        Ok(self
            .db()
            .prepare_cached(&sql)?
            .query_row(rusqlite::params_from_iter(params), |row| {
                Ok((row.get::<_, Option<i64>>(0)?.unwrap_or(0), CommentId(row.get(1)?)))
            })
            .optional()?)
    }

    /// How SQLite carries out what [`Reader::queue`] and, for one comment, [`Reader::belongs`] ask: for tests that pin
    /// plans.
    pub fn plan_of(&self, view: &View, only: Option<CommentId>) -> Result<Vec<String>, Trouble> {
        let (sql, params) = queue_sql(view, only);
        let mut explain = self.db().prepare(&format!("explain query plan {sql}"))?;
        let rows = explain.query_map(rusqlite::params_from_iter(params), |row| row.get("detail"))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }
}

fn queue_sql(view: &View, only: Option<CommentId>) -> (String, Vec<Value>) {
    let mut params: Vec<Value> = Vec::new();
    let mut sql = String::from("select c.created_at, c.id from comments c where ");
    match view.shelf {
        Shelf::Pending => sql.push_str("c.status = 'pending' and c.parked = 0"),
        Shelf::Reported => {
            // Few are reported, and most stand in these statuses: the pluses keep SQLite from going by status.
            sql.push_str("c.reports_total > 0 and +c.status in ('pending', 'approved') and +c.parked = 0");
        }
        Shelf::Parked => sql.push_str("c.status = 'pending' and c.parked = 1"),
        Shelf::Of(status) => {
            sql.push_str("c.status = ?");
            params.push(status_word(status).to_owned().into());
        }
    }
    if let Some(site) = view.site {
        sql.push_str(" and c.site = ?");
        params.push(site.0.into());
    }
    if let Some(search) = &view.search {
        // For one comment only its own words are looked at; of a queue the hits are found once, and the plus keeps SQLite
        // from sorting them instead of walking the queue in its order.
        sql.push_str(match only {
            Some(_) => " and exists (select 1 from words where rowid = c.id and words match ?)",
            None => " and +c.id in (select rowid from words where words match ?)",
        });
        params.push(search.clone().into());
    }
    if let Some(only) = only {
        sql.push_str(" and c.id = ?");
        params.push(only.0.into());
    }
    sql.push_str(" and not ");
    sql.push_str(OPEN);
    sql.push_str(match view.order {
        Order::Oldest => " order by c.created_at, c.id",
        Order::Newest => " order by c.created_at desc, c.id desc",
    });
    (sql, params)
}
