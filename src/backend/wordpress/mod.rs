//! WordPress 6.5 and newer over its own REST API, with an application password. It cannot refuse a stale decision, knows
//! no reports and has no feed; what each answer really means was tried on a running 6.5.5.

mod api;
mod articles;
mod convert;
mod decide;
mod discover;
mod look;
#[cfg(test)]
mod tests;
mod wire;
mod xmlrpc;

pub use discover::discover;

use super::{Backend, Change, Fault, Flow, Secret, headers, json, json::Shape};
use crate::domain::{
    Article, ArticleKey, AuthorKey, Capabilities, Covers, Cursor, Decision, Item, Moderator, NativeId,
    Observed, Order, Page, Queue, Receipt, Record, Rejecting, Sight, Site, Status,
};
use crate::net::Transport;
use api::Api;
use look::TYPES;

/// Rows by which neighbouring pages overlap, so that decisions made between them tear no gap.
const OVERLAP: u64 = 5;

const CAN: Capabilities = Capabilities {
    rejecting: Rejecting::Reversible,
    spam: true,
    restore: true,
    reports: false,
    dismiss_reports: false,
    articles: true,
    thread: true,
    authors: true,
    refuses_stale: false,
    pages_by_offset: true,
    feed: false,
};

/// Said of every WordPress: a colleague's act in the second before ours may be overwritten.
const CAVEAT_RACE: &str = "caveat-wordpress-race";
/// Said where XML-RPC is off: a missing reader's address becomes 127.0.0.1 with the decision.
const CAVEAT_EMPTY_IP: &str = "caveat-wordpress-empty-ip";

/// One account on one WordPress.
pub struct WordPress {
    api: Api,
}

impl WordPress {
    /// `site.base` is an API root as [`discover`] finds it.
    pub fn new(site: &Site, secret: Secret) -> Self {
        Self { api: Api::new(&site.base, &site.account, secret) }
    }
}

impl Backend for WordPress {
    fn capabilities(&self) -> Capabilities {
        CAN
    }

    fn identify(&self, wire: &dyn Transport) -> Result<Moderator, Fault> {
        let query = [("context", "edit"), ("_fields", "id,name,roles,capabilities")];
        let answer = self.api.get(wire, "/wp/v2/users/me", &query)?;
        let me: wire::User = json::decode(&json::text(&answer.body, Shape::Object)?)?;
        let may_moderate = me.capabilities.get("moderate_comments").is_some_and(wire::Flag::is_set);
        if !may_moderate {
            let why = "this account may not moderate comments (moderate_comments): an editor's or an administrator's may";
            return Err(Fault::Forbidden { why: why.to_owned() });
        }
        let site_name = discover::name(&self.api.get(wire, "/", &[("_fields", "name")])?)?;
        let mut caveats = vec![CAVEAT_RACE];
        if !xmlrpc::is_available(&self.api, wire).unwrap_or(false) {
            caveats.push(CAVEAT_EMPTY_IP);
        }
        let name = me.name.as_deref().map(convert::unescape).unwrap_or_else(|| self.api.account.clone());
        Ok(Moderator { name, site_name, can: CAN, caveats, clock: headers::date(&answer), feed_at: None })
    }

    fn pull(&self, wire: &dyn Transport, queue: &Queue, cursor: &Cursor) -> Result<Page, Fault> {
        let offset = match cursor {
            Cursor::Start => 0,
            Cursor::Offset(rows) => *rows,
            Cursor::Token(_) => return Err(Fault::Expired),
        };
        let status = queue.status.filter(|_| !queue.reported).and_then(convert::listed);
        let Some(status) = status else {
            return Err(Fault::Refused { status: 400, why: "WordPress has no such queue".to_owned() });
        };
        let rows = u64::from(queue.page_size.clamp(1, look::PER_PAGE_MAX));
        let (rows_text, offset_text) = (rows.to_string(), offset.to_string());
        let mut query = vec![
            ("status", status),
            ("context", "edit"),
            TYPES,
            ("orderby", "id"),
            ("order", if queue.order == Order::Oldest { "asc" } else { "desc" }),
            ("per_page", &rows_text),
            ("offset", &offset_text),
            ("_fields", wire::COMMENT_FIELDS),
        ];
        if let Some(article) = &queue.article {
            query.push(("post", &article.0));
        }
        let listed = self.api.list(wire, "/wp/v2/comments", &query)?;
        let why =
            || Fault::Malformed { why: "the answer does not say how many there are (X-WP-Total)".to_owned() };
        let total = listed.total.ok_or_else(why)?;
        let items: Vec<Item> = listed.elements()?.into_iter().map(convert::item).collect();
        // a short page proves nothing: WordPress silently leaves out what it may not show
        let is_last = offset + rows >= total;
        let next = (!is_last).then(|| Cursor::Offset(offset + rows - OVERLAP.min(rows / 2)));
        Ok(Page { covers: covers(&items), items, total: Some(total), next })
    }

    fn look(&self, wire: &dyn Transport, ids: &[NativeId]) -> Result<Vec<Sight>, Fault> {
        look::look(&self.api, wire, ids)
    }

    fn push(&self, wire: &dyn Transport, decision: &Decision, fresh: &Observed) -> Result<Receipt, Fault> {
        decide::push(&self.api, wire, decision, fresh)
    }

    fn thread(&self, wire: &dyn Transport, of: &Observed) -> Result<Vec<Item>, Fault> {
        look::thread(&self.api, wire, of)
    }

    fn author(&self, wire: &dyn Transport, who: &AuthorKey) -> Result<Record, Fault> {
        let who = match who {
            AuthorKey::Email(email) => ("author_email", email.as_str()),
            AuthorKey::Account(id) => ("author", id.as_str()),
        };
        let mut record = Record::default();
        for status in [Status::Approved, Status::Pending, Status::Rejected, Status::Spam] {
            let Some(word) = convert::listed(status) else { continue };
            let query =
                [who, ("status", word), TYPES, ("orderby", "id"), ("order", "asc"), ("per_page", "1")];
            let listed = self.api.list(
                wire,
                "/wp/v2/comments",
                &[&query[..], &[("_fields", "id,date_gmt")]].concat(),
            )?;
            let first = listed.elements()?.first().and_then(|text| json::decode::<wire::Counted>(text).ok());
            let first = first.and_then(|counted| counted.date_gmt).as_deref().and_then(convert::time);
            record.since = [record.since, first].into_iter().flatten().min();
            match status {
                Status::Approved => record.approved = listed.total,
                Status::Pending => record.pending = listed.total,
                Status::Rejected => record.rejected = listed.total,
                _ => record.spam = listed.total,
            }
        }
        Ok(record)
    }

    fn articles(&self, wire: &dyn Transport, keys: &[ArticleKey]) -> Result<Vec<Article>, Fault> {
        articles::articles(&self.api, wire, keys)
    }

    fn feed(
        &self,
        _: &dyn Transport,
        _: &Cursor,
        _: &mut dyn FnMut(Change) -> Flow,
    ) -> Result<Cursor, Fault> {
        Err(Fault::Refused { status: 404, why: "WordPress has no change feed".to_owned() })
    }
}

/// The ids a page spans, those it could not read among them.
fn covers(items: &[Item]) -> Option<Covers> {
    let ids = items.iter().filter_map(|item| item.native_id().and_then(look::number));
    ids.fold(None, |covers, id| {
        let Covers { id_min, id_max } = covers.unwrap_or(Covers { id_min: id, id_max: id });
        Some(Covers { id_min: id_min.min(id), id_max: id_max.max(id) })
    })
}
