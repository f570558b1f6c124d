//! One request to a CMH site and what its answer means.

use super::wire;
use crate::backend::{Fault, Secret, auth, headers, json, json::Shape};
use crate::domain::NativeId;
use crate::net::{Method, Request, Response, Transport};

/// Where a site's API answers, and the token for it. Holds the secret; has no `Debug`.
pub struct Api {
    base: String,
    secret: Secret,
}

impl Api {
    pub fn new(base: &str, secret: Secret) -> Self {
        Self { base: base.trim_end_matches('/').to_owned(), secret }
    }

    pub fn base(&self) -> &str {
        &self.base
    }

    pub fn request(&self, method: Method, path: &str) -> Request {
        Request::new(method, format!("{}{path}", self.base))
            .header("authorization", auth::bearer(&self.secret))
            .header("accept", "application/json, application/problem+json")
    }

    /// A successful answer, or what the failure means.
    pub fn get(&self, wire: &dyn Transport, path: &str) -> Result<Response, Fault> {
        let answer = wire.send(self.request(Method::Get, path))?;
        if answer.status == 200 { Ok(answer) } else { Err(fault(&answer)) }
    }
}

/// The text of an answer that must be an object.
pub fn object(answer: &Response) -> Result<String, Fault> {
    json::text(&answer.body, Shape::Object)
}

/// Whether something can be asked for by that id.
pub fn is_id(id: &str) -> bool {
    !matches!(id, "" | "." | "..") && id.len() <= 200
}

/// `/collection/id`, whatever the id holds.
pub fn path(collection: &str, id: &str) -> Result<String, Fault> {
    if !is_id(id) {
        return Err(Fault::Refused { status: 404, why: "this cannot be the id of anything".to_owned() });
    }
    let mut path = format!("/{collection}/");
    for byte in id.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => path.push(byte as char),
            _ => path.push_str(&format!("%{byte:02X}")),
        }
    }
    Ok(path)
}

pub fn comment_path(id: &NativeId) -> Result<String, Fault> {
    path("comments", &id.0)
}

/// The problem in a failed answer; an empty one where the body is none.
pub fn problem(answer: &Response) -> Option<wire::Problem> {
    json::decode(&object(answer).ok()?).ok()
}

/// Whether a problem is of that kind (the end of its type, or its short code).
pub fn is_kind(problem: &wire::Problem, kind: &str) -> bool {
    problem.kind.rsplit('/').next() == Some(kind) || problem.code.as_deref() == Some(kind)
}

/// What an answer other than a success means.
pub fn fault(answer: &Response) -> Fault {
    let problem = problem(answer);
    let why = match &problem {
        Some(problem) => words(problem),
        None => json::not_json(String::from_utf8_lossy(&answer.body).trim()),
    };
    let after = headers::retry_after(answer);
    match answer.status {
        401 => Fault::Unauthorized { why },
        // a firewall's page, not the site: it says nothing about the account
        403 if problem.is_none() => Fault::Failing { status: 403, why, after },
        403 => Fault::Forbidden { why },
        // the same request is still at work there
        409 if after.is_some() => Fault::Throttled { after },
        410 if problem.as_ref().is_some_and(|p| is_kind(p, "cursor-expired")) => Fault::Expired,
        404 | 410 if problem.is_some() => Fault::Gone,
        429 => Fault::Throttled { after },
        status @ 500.. => Fault::Failing { status, why, after },
        404 => Fault::Malformed { why },
        status @ 400..500 => Fault::Refused { status, why },
        status => Fault::of_status(status, &why),
    }
}

fn words(problem: &wire::Problem) -> String {
    let parts = [problem.title.as_deref(), problem.detail.as_deref(), problem.code.as_deref()];
    let parts: Vec<_> = parts.into_iter().flatten().filter(|part| !part.is_empty()).collect();
    if parts.is_empty() { "the site gave no reason".to_owned() } else { parts.join(": ") }
}
