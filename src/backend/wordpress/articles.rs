//! Articles in full: posts, else pages, else whatever other types the site gives comments to.

use super::api::Api;
use super::look::PER_PAGE_MAX;
use super::{convert, wire};
use crate::backend::{Fault, json, json::Shape};
use crate::domain::{Article, ArticleKey};
use crate::net::Transport;
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// Types looked through for an article that is neither post nor page.
const TYPES_MAX: usize = 20;
/// Types that WordPress itself has and that nobody comments on.
const NEVER: [&str; 9] = [
    "posts",
    "pages",
    "blocks",
    "templates",
    "template-parts",
    "navigation",
    "menu-items",
    "global-styles",
    "font-families",
];

pub fn articles(api: &Api, wire: &dyn Transport, keys: &[ArticleKey]) -> Result<Vec<Article>, Fault> {
    let mut wanted: BTreeSet<u64> = keys.iter().filter_map(|key| key.0.parse().ok()).collect();
    let mut found = Vec::new();
    for path in ["/wp/v2/posts", "/wp/v2/pages"] {
        take(api, wire, path, &mut wanted, &mut found)?;
    }
    if !wanted.is_empty() {
        let paths = match other_paths(api, wire) {
            // what was found is shown, though nothing else can be looked for
            Err(Fault::Refused { .. } | Fault::Forbidden { .. } | Fault::Malformed { .. })
                if !found.is_empty() =>
            {
                Vec::new()
            }
            paths => paths?,
        };
        for path in paths.into_iter().take(TYPES_MAX) {
            // a type that cannot be read costs only its own articles
            match take(api, wire, &path, &mut wanted, &mut found) {
                Err(Fault::Refused { .. } | Fault::Forbidden { .. } | Fault::Malformed { .. }) | Ok(()) => {}
                Err(fault) => return Err(fault),
            }
        }
    }
    let names = bylines(api, wire, &found);
    Ok(found
        .into_iter()
        .map(|article| {
            let byline = article.author.and_then(|author| names.get(&author).cloned());
            convert::article(article, byline)
        })
        .collect())
}

/// Moves what this path has of `wanted` to `found`.
fn take(
    api: &Api,
    wire: &dyn Transport,
    path: &str,
    wanted: &mut BTreeSet<u64>,
    found: &mut Vec<wire::Article>,
) -> Result<(), Fault> {
    let ids: Vec<u64> = wanted.iter().copied().collect();
    for ids in ids.chunks(PER_PAGE_MAX as usize) {
        let include = ids.iter().map(u64::to_string).collect::<Vec<_>>().join(",");
        let common = [("include", include.as_str()), ("per_page", "100"), ("_fields", wire::ARTICLE_FIELDS)];
        let mut editing = vec![("context", "edit"), ("status", "any")];
        editing.extend(common);
        let listed = match api.list(wire, path, &editing) {
            // who may not edit this type may still read what is published
            Err(Fault::Forbidden { .. } | Fault::Refused { status: 400, .. }) => {
                api.list(wire, path, &common)?
            }
            answer => answer?,
        };
        for element in listed.elements()? {
            if let Ok(article) = json::decode::<wire::Article>(element)
                && wanted.remove(&article.id)
            {
                found.push(article);
            }
        }
    }
    Ok(())
}

/// Where the other types live. Without `_fields`: WordPress 6.5 answers an empty list to it here.
fn other_paths(api: &Api, wire: &dyn Transport) -> Result<Vec<String>, Fault> {
    let answer = api.get(wire, "/wp/v2/types", &[])?;
    let text = json::text(&answer.body, Shape::Object)?;
    let types: BTreeMap<String, wire::AnyType> = json::decode(&text)?;
    let paths = types.into_values().filter_map(|one| {
        let wire::AnyType::Known(one) = one else { return None };
        let base = one.rest_base.filter(|base| !NEVER.contains(&base.as_str()) && !base.contains('('))?;
        Some(format!("/{}/{base}", one.rest_namespace.as_deref().unwrap_or("wp/v2")))
    });
    Ok(paths.collect())
}

/// Names of authors. An article without a byline is better than none, so no fault comes from here.
fn bylines(api: &Api, wire: &dyn Transport, articles: &[wire::Article]) -> HashMap<u64, String> {
    let authors: BTreeSet<u64> =
        articles.iter().filter_map(|article| article.author).filter(|&id| id != 0).collect();
    if authors.is_empty() {
        return HashMap::new();
    }
    let include =
        authors.iter().take(PER_PAGE_MAX as usize).map(u64::to_string).collect::<Vec<_>>().join(",");
    let query = [("include", include.as_str()), ("per_page", "100"), ("_fields", "id,name")];
    let Ok(listed) = api.list(wire, "/wp/v2/users", &query) else { return HashMap::new() };
    let users = listed.elements().unwrap_or_default();
    let users = users.into_iter().filter_map(|user| json::decode::<wire::User>(user).ok());
    users.filter_map(|user| Some((user.id, convert::unescape(&user.name?)))).collect()
}
