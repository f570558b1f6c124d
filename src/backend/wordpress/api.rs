//! One request to WordPress's REST API and what its answer means. Every road to the site passes here.

use super::wire;
use crate::backend::{Fault, Secret, auth, headers, json, json::Shape};
use crate::net::{Method, Request, Response, Transport};

/// A site's API root and who asks. Holds the secret; has no `Debug`.
pub struct Api {
    /// The root as its own `Link` header names it, without a trailing slash: `…/wp-json`, or `…?rest_route=` where
    /// permalinks are off.
    base: String,
    pub account: String,
    secret: Secret,
}

/// A list's elements, each as its own text, with the total its header names.
pub struct Listed {
    pub text: String,
    pub total: Option<u64>,
}

impl Listed {
    pub fn elements(&self) -> Result<Vec<&str>, Fault> {
        json::elements(&self.text)
    }
}

impl Api {
    pub fn new(base: &str, account: &str, secret: Secret) -> Self {
        Self { base: base.trim_end_matches('/').to_owned(), account: account.to_owned(), secret }
    }

    pub fn secret(&self) -> &Secret {
        &self.secret
    }

    /// The address of `path` (`/wp/v2/comments`), with permalinks or without.
    pub fn url(&self, path: &str, query: &[(&str, &str)]) -> String {
        address(&self.base, path, query)
    }

    /// Where XML-RPC answers, if it does: beside the API root, not below it.
    pub fn xmlrpc_url(&self) -> String {
        let root = self.base.split('?').next().unwrap_or_default().trim_end_matches("/index.php");
        let root = root.strip_suffix("/wp-json").unwrap_or(root);
        format!("{}/xmlrpc.php", root.trim_end_matches('/'))
    }

    pub fn request(&self, method: Method, path: &str, query: &[(&str, &str)]) -> Request {
        Request::new(method, self.url(path, query))
            .header("authorization", auth::basic(&self.account, &self.secret))
            .header("accept", "application/json")
    }

    pub fn get(&self, wire: &dyn Transport, path: &str, query: &[(&str, &str)]) -> Result<Response, Fault> {
        let answer = wire.send(self.request(Method::Get, path, query))?;
        if answer.status == 200 { Ok(answer) } else { Err(fault(&answer)) }
    }

    /// A list, its total from `X-WP-Total`.
    pub fn list(&self, wire: &dyn Transport, path: &str, query: &[(&str, &str)]) -> Result<Listed, Fault> {
        let answer = self.get(wire, path, query)?;
        let total =
            answer.header("x-wp-total").and_then(|total| total.trim().parse().ok()).and_then(json::count);
        Ok(Listed { text: json::text(&answer.body, Shape::List)?, total })
    }
}

/// An API root and a path as one address.
pub fn address(base: &str, path: &str, query: &[(&str, &str)]) -> String {
    let join = match (base.contains("rest_route="), query.is_empty()) {
        (_, true) => "",
        (true, false) => "&",
        (false, false) => "?",
    };
    format!("{base}{path}{join}{}", headers::query(query))
}

/// WordPress's own account of a failure, where the body is one.
pub fn problem(answer: &Response) -> Option<wire::Problem> {
    json::decode(&json::text(&answer.body, Shape::Object).ok()?).ok()
}

/// What an answer other than a success means. `Gone` is left to those who know what they asked for.
pub fn fault(answer: &Response) -> Fault {
    let problem = problem(answer);
    let code = problem.as_ref().map_or("", |problem| problem.code.as_str());
    let why = problem.as_ref().map_or_else(
        || json::not_json(String::from_utf8_lossy(&answer.body).trim()),
        |problem| {
            let words = super::convert::plain(&problem.message);
            format!("{} ({})", words.trim_end_matches(['.', ' ']), problem.code)
        },
    );
    let after = headers::retry_after(answer);
    match answer.status {
        401 => Fault::Unauthorized { why: unauthorized(code, &why) },
        // a firewall's page, not WordPress: it says nothing about the account
        403 if problem.is_none() => Fault::Failing { status: 403, why, after },
        403 => Fault::Forbidden { why },
        429 => Fault::Throttled { after },
        status @ 500.. => Fault::Failing { status, why, after },
        404 if problem.is_none() || code == "rest_no_route" => Fault::Malformed { why },
        status @ 400..500 => Fault::Refused { status, why },
        status => Fault::of_status(status, &why),
    }
}

/// A wrong password is seldom called one: the request runs as a visitor's, and fails for want of rights.
fn unauthorized(code: &str, why: &str) -> String {
    match code {
        "rest_not_logged_in" | "rest_forbidden_context" | "rest_forbidden_param" | "rest_cannot_edit" => {
            format!(
                "the site took this for an anonymous visitor: the user name or the application password is wrong, or the \
             server drops the Authorization header ({code})"
            )
        }
        _ => why.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    fn api(base: &str) -> Api {
        Api::new(base, "mona", Secret::new("pass word"))
    }

    #[test]
    fn addresses_hold_with_permalinks_and_without() {
        let pretty = api("https://a.example/blog/wp-json/");
        assert_eq!(
            pretty.url("/wp/v2/comments", &[("a", "b c")]),
            "https://a.example/blog/wp-json/wp/v2/comments?a=b+c"
        );
        assert_eq!(pretty.url("/wp/v2/types", &[]), "https://a.example/blog/wp-json/wp/v2/types");
        assert_eq!(pretty.xmlrpc_url(), "https://a.example/blog/xmlrpc.php");
        let plain = api("https://a.example/index.php?rest_route=/");
        let url = "https://a.example/index.php?rest_route=/wp/v2/comments&a=b";
        assert_eq!(plain.url("/wp/v2/comments", &[("a", "b")]), url);
        assert_eq!(plain.xmlrpc_url(), "https://a.example/xmlrpc.php");
        assert_eq!(api("https://a.example/?rest_route=/").xmlrpc_url(), "https://a.example/xmlrpc.php");
    }

    fn answer(status: u16, headers: &[(&str, &str)], body: &str) -> Response {
        let headers = headers.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned())).collect();
        Response { status, headers, body: body.as_bytes().to_vec() }
    }

    #[test]
    fn failures_are_named_by_what_mends_them() {
        let page = "<!DOCTYPE html><html><head><title>Maintenance</title></head></html>";
        let code = |code: &str| {
            format!(r#"{{"code":"{code}","message":"No &#8217;way&#8217;.","data":{{"status":1}}}}"#)
        };
        let why = json::not_json(page);
        let after = Some(Duration::from_secs(600));
        let maintenance = answer(503, &[("retry-after", "600")], page);
        assert_eq!(fault(&maintenance), Fault::Failing { status: 503, why: why.clone(), after });
        assert_eq!(fault(&answer(404, &[], page)), Fault::Malformed { why: why.clone() });
        assert_eq!(fault(&answer(403, &[], page)), Fault::Failing { status: 403, why, after: None });
        assert!(matches!(fault(&answer(403, &[], &code("rest_cannot_edit"))), Fault::Forbidden { .. }));
        assert!(matches!(fault(&answer(404, &[], &code("rest_no_route"))), Fault::Malformed { .. }));
        let refused = fault(&answer(409, &[], &code("comment_duplicate")));
        assert_eq!(refused, Fault::Refused { status: 409, why: "No ’way’ (comment_duplicate)".to_owned() });
        assert_eq!(fault(&answer(429, &[], "")), Fault::Throttled { after: None });
        let anonymous = fault(&answer(401, &[], &code("rest_not_logged_in")));
        assert!(
            matches!(&anonymous, Fault::Unauthorized { why } if why.contains("anonymous")),
            "{anonymous:?}"
        );
        let wrong = fault(&answer(401, &[], &code("incorrect_password")));
        assert!(matches!(&wrong, Fault::Unauthorized { why } if why.contains("incorrect_password")));
    }
}
