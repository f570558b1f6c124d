//! From what a person types to the root of a CMH API. Sends no credentials.

use super::{api, wire};
use crate::backend::{Fault, Found, headers, json};
use crate::net::{Broken, Method, Request, Response, Transport};
use url::Url;

/// Moves to another origin (`www.`, `https`) that are followed; nothing secret is sent yet.
const MOVES_MAX: usize = 3;
const WELL_KNOWN: &str = "/.well-known/comment-moderation";

/// Finds the API that a site's well-known address, or a `<link rel="comment-moderation">` in its page, names.
pub fn discover(wire: &dyn Transport, address: &str) -> Result<Found, Fault> {
    let mut site = crate::backend::typed(wire, address)?;
    for _ in 0..=MOVES_MAX {
        let known = match site.join(WELL_KNOWN) {
            Ok(known) => known,
            Err(error) => return Err(Fault::Malformed { why: error.to_string() }),
        };
        match get(wire, &known) {
            Ok(answer) if answer.status == 200 => return named(wire, &answer, &site),
            Ok(answer) => {
                let Some(linked) = linked(wire, &site)? else { return Err(api::fault(&answer)) };
                let answer = get(wire, &linked)?;
                return if answer.status == 200 {
                    named(wire, &answer, &site)
                } else {
                    Err(api::fault(&answer))
                };
            }
            Err(Broken::Elsewhere(to)) => site = crate::backend::moved(&site, to)?,
            Err(broken) => return Err(broken.into()),
        }
    }
    Err(Fault::Malformed { why: "the site sends callers from one address to the next".to_owned() })
}

/// The name a site gives itself, from the well-known document beside its API.
pub fn site_name(wire: &dyn Transport, base: &str) -> Option<String> {
    let known = Url::parse(base).ok()?.join(WELL_KNOWN).ok()?;
    let answer = get(wire, &known).ok().filter(|answer| answer.status == 200)?;
    json::decode::<wire::WellKnown>(&api::object(&answer).ok()?).ok()?.name
}

fn get(wire: &dyn Transport, url: &Url) -> Result<Response, Broken> {
    wire.send(Request::new(Method::Get, url.as_str()).header("accept", "application/json"))
}

fn named(wire: &dyn Transport, answer: &Response, site: &Url) -> Result<Found, Fault> {
    let known: wire::WellKnown = json::decode(&api::object(answer)?)?;
    if known.cmh != "1" && !known.cmh.starts_with("1.") {
        return Err(Fault::Refused { status: 200, why: format!("the site speaks CMH {}", known.cmh) });
    }
    let base = site.join(&known.base).map_err(|error| Fault::Malformed { why: error.to_string() })?;
    // a site may keep its API on a host of its own, but may not point into this machine
    let is_trusted = headers::is_same_origin(site.as_str(), base.as_str()) || base.scheme() == "https";
    if !is_trusted || wire.permits(base.as_str()).is_err() {
        return Err(Fault::Malformed {
            why: "the site names an API where nothing secret is sent".to_owned(),
        });
    }
    let name = known.name.or_else(|| site.host_str().map(str::to_owned)).unwrap_or_default();
    Ok(Found {
        backend: crate::domain::Backend::Cmh,
        base: base.as_str().trim_end_matches('/').to_owned(),
        name,
    })
}

/// What the page's `<link rel="comment-moderation" href>` names, on its own origin.
fn linked(wire: &dyn Transport, site: &Url) -> Result<Option<Url>, Fault> {
    let answer = match wire.send(Request::new(Method::Get, site.as_str()).header("accept", "text/html")) {
        Ok(answer) => answer,
        Err(Broken::Elsewhere(_)) => return Ok(None),
        Err(broken) => return Err(broken.into()),
    };
    let page = String::from_utf8_lossy(&answer.body);
    let links = page.split("<link").skip(1).filter_map(|rest| rest.split('>').next());
    let link = links.into_iter().find(|link| attribute(link, "rel") == Some("comment-moderation"));
    let target = link.and_then(|link| attribute(link, "href")).and_then(|href| site.join(href).ok());
    Ok(target.filter(|target| target.origin() == site.origin()))
}

fn attribute<'a>(tag: &'a str, name: &str) -> Option<&'a str> {
    let rest = tag.split_once(&format!("{name}="))?.1;
    let quote = rest.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    rest[1..].split(quote).next()
}
