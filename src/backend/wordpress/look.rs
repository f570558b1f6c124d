//! How named comments stand now, and what they reply to. Reads only.

use super::api::{self, Api};
use super::convert;
use super::wire::COMMENT_FIELDS;
use crate::backend::{Fault, json, json::Shape};
use crate::domain::{Item, NativeId, Observed, Parent, Sight};
use crate::net::{Method, Transport};
use std::collections::HashMap;

/// Most that WordPress gives in one answer.
pub const PER_PAGE_MAX: u32 = 100;
/// Parents followed upwards.
const DEPTH_MAX: usize = 20;
/// Replies shown beside and below one comment.
const REPLIES_MAX: &str = "50";

/// The set of types that every list and look asks for. The empty word is what wp-admin's own list asks for: comments,
/// pingbacks, trackbacks and plugins' kinds, and not the editors' notes of WordPress 6.9 and newer, which `all` would
/// add. `type` takes one word: a comma list answers nothing, and an array is refused.
pub const TYPES: (&str, &str) = ("type", "");

/// Said of a site that has lost its comments.
const NO_COMMENT: &str = "the site shows no comment at all: its comments table may be damaged";

/// WordPress numbers its comments.
pub fn number(id: &NativeId) -> Option<u64> {
    id.0.parse().ok()
}

/// One sight for each id, in the order asked; at most [`PER_PAGE_MAX`] a request.
pub fn look(api: &Api, wire: &dyn Transport, ids: &[NativeId]) -> Result<Vec<Sight>, Fault> {
    if let [id] = ids {
        return Ok(vec![one(api, wire, id)?]);
    }
    let mut sights = Vec::with_capacity(ids.len());
    for ids in ids.chunks(PER_PAGE_MAX as usize) {
        let mut found = included(api, wire, ids)?;
        sights.extend(ids.iter().map(|id| match found.remove(id) {
            Some(here) => Sight::from(here),
            None => Sight::Missing(id.clone()),
        }));
    }
    Ok(sights)
}

/// One comment; what the list leaves out is asked for by its own address, which alone can say that it is gone.
pub fn one(api: &Api, wire: &dyn Transport, id: &NativeId) -> Result<Sight, Fault> {
    let Some(number) = number(id) else { return Ok(Sight::Gone(id.clone())) };
    if let Some(here) = included(api, wire, std::slice::from_ref(id))?.remove(id) {
        return Ok(Sight::from(here));
    }
    let path = format!("/wp/v2/comments/{number}");
    let query = [("context", "edit"), ("_fields", COMMENT_FIELDS)];
    let answer = wire.send(api.request(Method::Get, &path, &query))?;
    match answer.status {
        200 => {
            let here = convert::item(&json::text(&answer.body, Shape::Object)?);
            match here.native_id() {
                Some(told) if told != id => {
                    Err(Fault::Malformed { why: "the answer is about another comment".to_owned() })
                }
                Some(_) => Ok(Sight::from(here)),
                // no other was asked for
                None => Ok(Sight::from(named(here, id))),
            }
        }
        404 | 410 if api::problem(&answer).is_some_and(|p| p.code == "rest_comment_invalid_id") => {
            Ok(match shows_any(api, wire)? {
                true => Sight::Gone(id.clone()),
                false => Sight::Denied { native_id: id.clone(), why: NO_COMMENT.to_owned() },
            })
        }
        // its article is gone: WordPress lists it or not, as it likes
        404 if api::problem(&answer).is_some_and(|p| p.code == "rest_post_invalid_id") => {
            Ok(Sight::Missing(id.clone()))
        }
        _ => Err(api::fault(&answer)),
    }
}

/// A comment said not to exist: gone, unless the site says the same of every comment (a damaged table answers so).
pub fn missing(api: &Api, wire: &dyn Transport) -> Fault {
    match shows_any(api, wire) {
        Ok(true) => Fault::Gone,
        Ok(false) => Fault::Malformed { why: NO_COMMENT.to_owned() },
        Err(fault) => fault,
    }
}

fn shows_any(api: &Api, wire: &dyn Transport) -> Result<bool, Fault> {
    let query = [("status", "any"), TYPES, ("per_page", "1"), ("_fields", "id")];
    Ok(api.list(wire, "/wp/v2/comments", &query)?.total != Some(0))
}

fn named(mut item: Item, id: &NativeId) -> Item {
    if let Item::Unreadable(here) = &mut item {
        here.native_id = Some(id.clone());
    }
    item
}

fn included(api: &Api, wire: &dyn Transport, ids: &[NativeId]) -> Result<HashMap<NativeId, Item>, Fault> {
    let numbers: Vec<String> = ids.iter().filter_map(number).map(|id| id.to_string()).collect();
    if numbers.is_empty() {
        return Ok(HashMap::new());
    }
    let per_page = PER_PAGE_MAX.to_string();
    let query = [("include", numbers.join(",")), ("per_page", per_page)];
    let query: Vec<_> = query.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let found = comments(api, wire, &query)?.into_iter();
    Ok(found.filter_map(|here| Some((here.native_id()?.clone(), here))).collect())
}

/// Comments of any status, those that cannot be read among them.
fn comments(api: &Api, wire: &dyn Transport, query: &[(&str, &str)]) -> Result<Vec<Item>, Fault> {
    let mut all = vec![("context", "edit"), ("status", "any"), TYPES, ("orderby", "id"), ("order", "asc")];
    all.extend_from_slice(query);
    all.push(("_fields", COMMENT_FIELDS));
    let listed = api.list(wire, "/wp/v2/comments", &all)?;
    Ok(listed.elements()?.into_iter().map(convert::item).collect())
}

/// What a comment replies to, outermost first, then the replies beside and below it.
pub fn thread(api: &Api, wire: &dyn Transport, of: &Observed) -> Result<Vec<Item>, Fault> {
    let mut above: Vec<Item> = Vec::new();
    let mut next = of.parent.clone();
    while let Some(Parent::Reply(id)) = next {
        let seen = id == of.native_id || above.iter().any(|here| here.native_id() == Some(&id));
        if seen || above.len() == DEPTH_MAX {
            break;
        }
        let Some(here) = included(api, wire, std::slice::from_ref(&id))?.remove(&id) else { break };
        next = match &here {
            Item::Read(here) => here.parent.clone(),
            Item::Unreadable(_) => None,
        };
        above.push(here);
    }
    above.reverse();
    let mut parents = vec![of.native_id.0.clone()];
    if let Some(Parent::Reply(id)) = &of.parent {
        parents.push(id.0.clone());
    }
    for here in comments(api, wire, &[("parent", &parents.join(",")), ("per_page", REPLIES_MAX)])? {
        let is_new = here
            .native_id()
            .is_some_and(|id| *id != of.native_id && above.iter().all(|known| known.native_id() != Some(id)));
        if is_new {
            above.push(here);
        }
    }
    Ok(above)
}
