//! From what a person types to the root of a WordPress API. Sends no credentials.

use super::{api, convert, wire};
use crate::backend::{Fault, Found, headers, json, json::Shape};
use crate::net::{Broken, Method, Request, Response, Transport};
use url::Url;

/// Moves to another origin (`www.`, `https`) that are followed; nothing secret is sent yet.
const MOVES_MAX: usize = 3;

/// Finds the API root behind a site's address, its `…/wp-json`, or an address inside it.
pub fn discover(wire: &dyn Transport, address: &str) -> Result<Found, Fault> {
    let mut site = crate::backend::typed(wire, address)?;
    let mut last = None;
    for _ in 0..=MOVES_MAX {
        match named(wire, &site) {
            Ok(Some(base)) => return found(wire, &base),
            Ok(None) => break,
            Err(Moved(to)) => site = to,
            Err(Failed(fault)) => {
                last = Some(fault);
                break;
            }
        }
    }
    for base in guesses(&site) {
        match found(wire, &base) {
            Ok(found) => return Ok(found),
            Err(fault @ Fault::Unreachable { .. }) => return Err(fault),
            // the first word on why is the nearest to what the person typed
            Err(fault) => last = last.or(Some(fault)),
        }
    }
    Err(last.unwrap_or_else(|| Fault::Malformed { why: "this is not a WordPress site".to_owned() }))
}

enum Detour {
    Moved(Url),
    Failed(Fault),
}
use Detour::{Failed, Moved};

/// The root that the site names in its own `Link` header.
fn named(wire: &dyn Transport, site: &Url) -> Result<Option<String>, Detour> {
    for method in [Method::Head, Method::Get] {
        let answer = match wire.send(Request::new(method, site.as_str())) {
            Ok(answer) => answer,
            Err(Broken::Elsewhere(to)) => {
                return Err(crate::backend::moved(site, to).map_or_else(Failed, Moved));
            }
            Err(broken) => return Err(Failed(broken.into())),
        };
        if let Some(link) = headers::link(&answer, "https://api.w.org/")
            && let Ok(base) = site.join(link)
            && base.origin() == site.origin()
        {
            return Ok(Some(base.as_str().trim_end_matches('/').to_owned()));
        }
        if answer.status == 503 || answer.status == 429 {
            return Err(Failed(api::fault(&answer)));
        }
    }
    Ok(None)
}

/// Where roots usually are, outwards from what was typed.
fn guesses(site: &Url) -> Vec<String> {
    let mut roots = Vec::new();
    let path = site.path().trim_end_matches('/');
    let path = path.split("/wp-json").next().unwrap_or_default();
    let path = path.split("/wp-admin").next().unwrap_or_default();
    let mut path = path.strip_suffix("/wp-login.php").unwrap_or(path);
    let origin = site.origin().ascii_serialization();
    loop {
        roots.push(format!("{origin}{path}/wp-json"));
        roots.push(format!("{origin}{path}/?rest_route="));
        match path.rfind('/') {
            Some(at) if roots.len() < 6 => path = &path[..at],
            _ => return roots,
        }
    }
}

fn found(wire: &dyn Transport, base: &str) -> Result<Found, Fault> {
    let url = api::address(base, "/", &[("_fields", "name,namespaces")]);
    let answer = wire.send(Request::new(Method::Get, url).header("accept", "application/json"))?;
    Ok(Found { backend: crate::domain::Backend::WordPress, name: name(&answer)?, base: base.to_owned() })
}

/// The name in an API's index; also the proof that it is one.
pub fn name(answer: &Response) -> Result<String, Fault> {
    if answer.status != 200 {
        return Err(api::fault(answer));
    }
    let index: wire::Index = json::decode(&json::text(&answer.body, Shape::Object)?)?;
    let name = index.name.ok_or_else(|| Fault::Malformed { why: "the API names no site".to_owned() })?;
    Ok(convert::plain(&name))
}
