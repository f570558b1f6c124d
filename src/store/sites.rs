//! Sites and cursors.

use super::rows::{backend_of, order_of, order_word};
use super::{Trouble, Work};
use crate::domain::{Site, SiteId};
use rusqlite::{Connection, OptionalExtension as _, Row, params};

impl Work<'_> {
    /// Adds a site; its `id` is given here. The same (origin, backend, account) twice is refused.
    pub fn add_site(&self, site: &Site) -> Result<SiteId, Trouble> {
        let taken: Option<String> = self
            .tx
            .query_row(
                "select slug from sites where base = ? and backend = ? and account = ?",
                params![site.base, site.backend.word(), site.account],
                |row| row.get(0),
            )
            .optional()?;
        if let Some(slug) = taken {
            return Err(Trouble::Known { slug });
        }
        self.tx.execute(
            "insert into sites (slug, name, backend, base, account, sort, hold_secs) values (?, ?, ?, ?, ?, ?, ?)",
            params![
                free_slug(&self.tx, &site.slug)?,
                site.name,
                site.backend.word(),
                site.base,
                site.account,
                order_word(site.order),
                site.hold_secs
            ],
        )?;
        Ok(SiteId(self.tx.last_insert_rowid()))
    }

    /// Erases a site with everything that was read from it. The journal keeps its lines.
    pub fn remove_site(&self, site: SiteId) -> Result<(), Trouble> {
        let site = site.0;
        self.tx
            .execute("delete from words where rowid in (select id from comments where site = ?)", [site])?;
        self.tx.execute("delete from outbox where site = ?", [site])?;
        self.tx.execute("delete from comments where site = ?", [site])?;
        self.tx.execute("delete from articles where site = ?", [site])?;
        self.tx.execute("delete from sites where id = ?", [site])?;
        Ok(())
    }

    /// Changes how a site's queue is ordered.
    pub fn set_order(&self, site: SiteId, order: crate::domain::Order) -> Result<(), Trouble> {
        self.tx.execute("update sites set sort = ? where id = ?", params![order_word(order), site.0])?;
        Ok(())
    }

    /// Remembers a place in a site's change feed.
    pub fn set_cursor(&self, site: SiteId, name: &str, value: &str) -> Result<(), Trouble> {
        self.tx.execute(
            "insert into cursors values (?, ?, ?) on conflict do update set value = excluded.value",
            params![site.0, name, value],
        )?;
        Ok(())
    }
}

/// `gazette`, else `gazette-2`, `gazette-3`, …
fn free_slug(db: &Connection, wanted: &str) -> Result<String, Trouble> {
    let mut slug = wanted.to_owned();
    for n in 2.. {
        let taken: bool =
            db.query_row("select exists (select 1 from sites where slug = ?)", [&slug], |row| row.get(0))?;
        if !taken {
            break;
        }
        slug = format!("{wanted}-{n}");
    }
    Ok(slug)
}

/// Every site, in the order they were added.
pub fn sites(db: &Connection) -> Result<Vec<Site>, Trouble> {
    let mut select = db.prepare_cached(
        "select id, slug, name, backend, base, account, sort, hold_secs from sites order by id",
    )?;
    Ok(select.query_map([], site_at)?.collect::<Result<_, _>>()?)
}

fn site_at(row: &Row<'_>) -> rusqlite::Result<Site> {
    Ok(Site {
        id: SiteId(row.get(0)?),
        slug: row.get(1)?,
        name: row.get(2)?,
        backend: backend_of(&row.get::<_, String>(3)?)?,
        base: row.get(4)?,
        account: row.get(5)?,
        order: order_of(&row.get::<_, String>(6)?)?,
        hold_secs: row.get(7)?,
    })
}

/// A remembered place, if there is one.
pub fn cursor(db: &Connection, site: SiteId, name: &str) -> Result<Option<String>, Trouble> {
    Ok(db
        .query_row("select value from cursors where site = ? and name = ?", params![site.0, name], |row| {
            row.get(0)
        })
        .optional()?)
}
