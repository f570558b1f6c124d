//! CMH/1, the open protocol a site of its own making speaks. It refuses stale decisions by ETag, knows a repeated request
//! by its key, and tells what changes as it happens.

mod api;
mod convert;
mod discover;
mod feed;
#[cfg(test)]
mod tests;
mod wire;

pub use discover::discover;

use super::{Backend, Change, Fault, Flow, Secret, headers, json};
use crate::domain::{
    Article, ArticleKey, AuthorKey, Capabilities, Cursor, Decision, Item, Moderator, NativeId, Observed,
    Order, Page, Queue, Receipt, Record, Rejecting, Sight, Site, Unreadable,
};
use crate::net::{Method, Response, Transport};
use api::Api;

/// Rows a page, at most; a site may give fewer.
const PER_PAGE_MAX: u32 = 100;

/// One token on one site.
pub struct Cmh {
    api: Api,
}

impl Cmh {
    /// `site.base` is what [`discover`] finds.
    pub fn new(site: &Site, secret: Secret) -> Self {
        Self { api: Api::new(&site.base, secret) }
    }
}

impl Backend for Cmh {
    fn capabilities(&self) -> Capabilities {
        Capabilities {
            rejecting: Rejecting::Reversible,
            spam: true,
            restore: true,
            reports: true,
            dismiss_reports: true,
            articles: true,
            thread: true,
            authors: true,
            refuses_stale: true,
            pages_by_offset: false,
            feed: true,
        }
    }

    fn identify(&self, wire: &dyn Transport) -> Result<Moderator, Fault> {
        let answer = self.api.get(wire, "/")?;
        let session: wire::Session = json::decode(&api::object(&answer)?)?;
        if session.actions.as_ref().is_some_and(Vec::is_empty) {
            return Err(Fault::Forbidden { why: "this token may read, and decide nothing".to_owned() });
        }
        let can = convert::capabilities(&session);
        let site_name =
            discover::site_name(wire, self.api.base()).unwrap_or_else(|| self.api.base().to_owned());
        let feed_at = session.cursor.filter(|cursor| !cursor.is_empty()).map(Cursor::Token);
        let name = convert::name(session.me).unwrap_or_default();
        let clock = headers::date(&answer);
        Ok(Moderator { name, site_name, can, caveats: Vec::new(), clock, feed_at })
    }

    fn pull(&self, wire: &dyn Transport, queue: &Queue, cursor: &Cursor) -> Result<Page, Fault> {
        let limit = queue.page_size.clamp(1, PER_PAGE_MAX).to_string();
        let order = if queue.order == Order::Oldest { "oldest" } else { "newest" };
        let mut query = vec![("order", order), ("limit", limit.as_str())];
        if let Some(status) = queue.status {
            let why = "this site has no such queue".to_owned();
            query.push(("status", convert::listed(status).ok_or(Fault::Refused { status: 400, why })?));
        }
        if queue.reported {
            query.push(("reported", "true"));
        }
        if let Some(article) = &queue.article {
            query.push(("article", &article.0));
        }
        match cursor {
            Cursor::Start => {}
            Cursor::Token(token) => query.push(("cursor", token)),
            Cursor::Offset(_) => return Err(Fault::Expired),
        }
        let answer = self.api.get(wire, &format!("/comments?{}", headers::query(&query)))?;
        let text = api::object(&answer)?;
        let why = || Fault::Malformed { why: "the page has no items".to_owned() };
        let items = json::elements(json::member(&text, "items").ok_or_else(why)?)?;
        let items: Vec<Item> = items.into_iter().map(convert::item).collect();
        let total = json::member(&text, "total").and_then(|total| json::decode(total).ok());
        let next = self.next(&answer, &text)?;
        if next.as_ref() == Some(cursor) {
            let why = "the next page is the same page again".to_owned();
            return Err(Fault::Malformed { why });
        }
        Ok(Page { items, total: total.and_then(json::count), next, covers: None })
    }

    fn look(&self, wire: &dyn Transport, ids: &[NativeId]) -> Result<Vec<Sight>, Fault> {
        ids.iter().map(|id| one(&self.api, wire, id)).collect()
    }

    fn push(&self, wire: &dyn Transport, decision: &Decision, fresh: &Observed) -> Result<Receipt, Fault> {
        let tag = match decision.base_tag.as_ref().or(fresh.tag.as_ref()) {
            Some(tag) => tag.clone(),
            None => self.tag(wire, &decision.native_id)?,
        };
        let body = json::encode(&convert::asked(decision))?;
        let path = format!("{}/decisions", api::comment_path(&decision.native_id)?);
        let request = self
            .api
            .request(Method::Post, &path)
            .header("if-match", tag)
            .header("idempotency-key", format!("\"{}\"", decision.key))
            .json(body);
        let answer = wire.send(request)?;
        match answer.status {
            200 | 201 => self.accepted(wire, decision, &answer),
            412 => self.outdated(wire, decision, &answer),
            _ => Err(api::fault(&answer).of_write()),
        }
    }

    fn thread(&self, wire: &dyn Transport, of: &Observed) -> Result<Vec<Item>, Fault> {
        let answer = self.api.get(wire, &format!("{}/thread", api::comment_path(&of.native_id)?))?;
        let text = api::object(&answer)?;
        let mut found: Vec<Item> = Vec::new();
        for name in ["ancestors", "siblings", "replies"] {
            let Some(list) = json::member(&text, name) else { continue };
            // siblings and replies may be pages of their own
            let list = json::member(list, "items").unwrap_or(list);
            for element in json::elements(list)? {
                let here = convert::item(element);
                let Some(id) = here.native_id() else { continue };
                if *id != of.native_id && !found.iter().any(|other| other.native_id() == Some(id)) {
                    found.push(here);
                }
            }
        }
        Ok(found)
    }

    fn author(&self, wire: &dyn Transport, who: &AuthorKey) -> Result<Record, Fault> {
        let AuthorKey::Account(id) = who else {
            return Err(Fault::Refused {
                status: 404,
                why: "authors are known by their account here".to_owned(),
            });
        };
        let answer = self.api.get(wire, &api::path("authors", id)?)?;
        Ok(convert::record(json::decode(&api::object(&answer)?)?))
    }

    fn articles(&self, wire: &dyn Transport, keys: &[ArticleKey]) -> Result<Vec<Article>, Fault> {
        let (mut found, mut unread) = (Vec::new(), None);
        for key in keys {
            match self.article(wire, key) {
                Ok(article) => found.push(article),
                Err(Fault::Gone) => {}
                // one that cannot be read never costs the others
                Err(fault @ (Fault::Malformed { .. } | Fault::Refused { .. })) => unread = Some(fault),
                Err(fault) => return Err(fault),
            }
        }
        match unread {
            Some(fault) if found.is_empty() => Err(fault),
            _ => Ok(found),
        }
    }

    fn feed(
        &self,
        wire: &dyn Transport,
        since: &Cursor,
        sink: &mut dyn FnMut(Change) -> Flow,
    ) -> Result<Cursor, Fault> {
        feed::follow(&self.api, wire, since, sink)
    }
}

impl Cmh {
    /// The next page's cursor. A link to another origin is refused: the token would go there.
    fn next(&self, answer: &Response, text: &str) -> Result<Option<Cursor>, Fault> {
        let refused = |to: &str| {
            let is_address = to.contains("://") || to.starts_with("//");
            is_address && !headers::is_same_origin(self.api.base(), to)
        };
        let link = headers::link(answer, "next");
        let next = json::member(text, "next")
            .filter(|next| *next != "null")
            .map(json::decode::<String>)
            .transpose()?;
        if link.is_some_and(refused) || next.as_deref().is_some_and(refused) {
            return Err(Fault::Malformed {
                why: "the next page is on another site; it is not asked for".to_owned(),
            });
        }
        Ok(next.filter(|next| !next.is_empty()).map(Cursor::Token))
    }

    fn article(&self, wire: &dyn Transport, key: &ArticleKey) -> Result<Article, Fault> {
        let answer = self.api.get(wire, &api::path("articles", &key.0)?)?;
        let article = convert::article(json::decode(&api::object(&answer)?)?);
        if article.key == *key {
            Ok(article)
        } else {
            Err(Fault::Malformed { why: "the answer is about another article".to_owned() })
        }
    }

    fn tag(&self, wire: &dyn Transport, id: &NativeId) -> Result<String, Fault> {
        match one(&self.api, wire, id)? {
            Sight::Here(now) => now
                .tag
                .ok_or_else(|| Fault::Malformed { why: "the site gives this comment no ETag".to_owned() }),
            Sight::Unreadable(here) => Err(Fault::Refused { status: 422, why: here.why }),
            Sight::Missing(_) | Sight::Gone(_) => Err(Fault::Gone),
            Sight::Denied { why, .. } => Err(Fault::Malformed { why }),
        }
    }

    /// 201, or 200 where the site had it so already.
    fn accepted(
        &self,
        wire: &dyn Transport,
        decision: &Decision,
        answer: &Response,
    ) -> Result<Receipt, Fault> {
        let text = api::object(answer)?;
        let told = json::member(&text, "comment").map(json::decode).transpose()?;
        let mut now = match told.map(convert::observed).filter(|now| now.native_id == decision.native_id) {
            Some(now) => now,
            None => self.read_again(wire, &decision.native_id)?,
        };
        if now.tag.is_none() {
            now.tag = answer.header("etag").map(str::to_owned);
        }
        if now.status == Some(decision.verb.wanted()) {
            Ok(Receipt { now, already: answer.status == 200 })
        } else {
            Err(Fault::Unconfirmed { theirs: Box::new(now) })
        }
    }

    /// 412: ours after all when the newest decision carries our key, somebody else's otherwise.
    fn outdated(
        &self,
        wire: &dyn Transport,
        decision: &Decision,
        answer: &Response,
    ) -> Result<Receipt, Fault> {
        let text = api::object(answer)?;
        let current =
            json::member(&text, "current").and_then(|text| json::decode::<wire::Comment>(text).ok());
        let current = current.map(convert::observed);
        let mut theirs = match current.filter(|theirs| theirs.native_id == decision.native_id) {
            Some(theirs) => theirs,
            None => self.read_again(wire, &decision.native_id)?,
        };
        let told = json::member(&text, "last_decision").and_then(|text| json::decode(text).ok());
        if let Some(told) = told {
            theirs.last_decision = Some(convert::last_decision(told));
        }
        let key = theirs.last_decision.as_ref().and_then(|decided| decided.key.as_deref());
        let is_ours = key.is_some_and(|key| key.trim_matches('"') == decision.key);
        if is_ours && theirs.status == Some(decision.verb.wanted()) {
            return Ok(Receipt { now: theirs, already: false });
        }
        Err(Fault::Conflict { theirs: Box::new(theirs) })
    }

    fn read_again(&self, wire: &dyn Transport, id: &NativeId) -> Result<Observed, Fault> {
        match one(&self.api, wire, id)? {
            Sight::Here(now) => Ok(now),
            Sight::Unreadable(now) => Ok(now.observed(id.clone())),
            Sight::Missing(_) | Sight::Gone(_) => Err(Fault::Gone),
            Sight::Denied { why, .. } => Err(Fault::Malformed { why }),
        }
    }
}

/// Who the token belongs to and what it may do.
fn session(api: &Api, wire: &dyn Transport) -> Result<wire::Session, Fault> {
    json::decode(&api::object(&api.get(wire, "/")?)?)
}

fn one(api: &Api, wire: &dyn Transport, id: &NativeId) -> Result<Sight, Fault> {
    match api.get(wire, &api::comment_path(id)?) {
        Ok(answer) => match convert::item(&api::object(&answer)?) {
            Item::Read(here) if here.native_id != *id => {
                Err(Fault::Malformed { why: "the answer is about another comment".to_owned() })
            }
            Item::Read(mut here) => {
                if here.tag.is_none() {
                    here.tag = answer.header("etag").map(str::to_owned);
                }
                Ok(Sight::Here(here))
            }
            Item::Unreadable(here) => {
                Ok(Sight::Unreadable(Unreadable { native_id: Some(id.clone()), ..here }))
            }
        },
        Err(Fault::Gone) => Ok(Sight::Gone(id.clone())),
        Err(fault) => Err(fault),
    }
}
