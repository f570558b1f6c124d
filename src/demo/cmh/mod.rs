//! CMH/1 as a site serves it, written down a second time on purpose: nothing here is shared with the client.

mod decide;
mod feed;
mod list;
mod problem;
mod shape;

pub(super) use feed::sse;
pub(super) use problem::Problem;

use super::exchange::{Answer, Call};
use super::page;
use super::world::{Moderator, World};
use serde_json::{Value, json};

/// Where the API lives below the origin.
pub const BASE: &str = "/api/mod";
/// The public specification, as served and as checked by the tests.
const SPECIFICATION: &str = include_str!("../../../assets/cmh-openapi.json");
/// Largest request body, in bytes.
pub const BODY_MAX: usize = 64 * 1024;
/// Rows a page.
const PAGE_MAX: usize = 100;

/// Why a moderator takes something down: code, label, whether words are needed.
const REASONS: [(&str, &str, bool); 7] = [
    ("insult", "Insults a person", false),
    ("hate", "Degrades a group", false),
    ("off-topic", "Not about the article", false),
    ("false-claim", "Claims what is known to be false", false),
    ("private", "Tells private things about somebody", false),
    ("advertising", "Advertises something", false),
    ("other", "Something else…", true),
];

/// The actions of this site that a token which may write can use.
const ACTIONS: [&str; 5] = ["approve", "reject", "spam", "restore", "dismiss_reports"];

impl World {
    /// Answers one request at the time of the last step. `changes` never waits here: that is the server's
    /// part.
    pub fn handle(&mut self, call: &Call) -> Answer {
        if let Some(answer) = self.refusal(call) {
            return answer;
        }
        route(self, call).unwrap_or_else(|problem| problem.answer(&call.path))
    }

    /// The answer while the site is down or asks for fewer requests.
    pub(super) fn refusal(&mut self, call: &Call) -> Option<Answer> {
        let (until, status) = self.outage?;
        if until <= self.now {
            self.outage = None;
            return None;
        }
        let problem = match status {
            429 => Problem::new(429, "throttled", "Too many requests", "Fewer requests, please"),
            _ => Problem::new(503, "unavailable", "The site is resting", "The database is being restarted"),
        };
        let left = (until - self.now).num_seconds() + 1;
        call.path.starts_with(BASE).then(|| problem.retry_after(left).answer(&call.path))
    }

    /// Whose request this is.
    pub(super) fn moderator(&self, call: &Call) -> Result<Moderator, Problem> {
        let refuse = |detail: &str, challenge: &str| {
            Problem::new(401, "unauthorized", "Sign in", detail).header("www-authenticate", challenge)
        };
        let Some(value) = call.told("authorization") else {
            return Err(refuse("The request carries no token", "Bearer"));
        };
        let token = value.split_once(' ').filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"));
        token
            .and_then(|(_, token)| self.tokens.get(token.trim()).cloned())
            .ok_or_else(|| refuse("This token is not known here", "Bearer error=\"invalid_token\""))
    }
}

fn route(world: &mut World, call: &Call) -> Result<Answer, Problem> {
    if call.body.len() > BODY_MAX {
        return Err(Problem::new(413, "too-large", "Too large", "A request body may have 64 KiB"));
    }
    let Some(below) = call.path.strip_prefix(BASE).filter(|rest| rest.is_empty() || rest.starts_with('/'))
    else {
        return outside(world, call);
    };
    let who = world.moderator(call)?;
    let parts: Vec<&str> = below.split('/').filter(|part| !part.is_empty()).collect();
    match (call.method.as_str(), parts.as_slice()) {
        ("GET", []) => Ok(session(world, &who)),
        ("GET", ["comments"]) => list::comments(world, call, &who, None),
        ("GET", ["comments", id]) => list::one(world, id, &who),
        ("GET", ["comments", id, "thread"]) => list::thread(world, call, id, &who),
        ("GET", ["articles", id]) => list::article(world, id),
        ("GET", ["authors", id]) => list::author(world, id, &who),
        ("GET", ["authors", id, "comments"]) => list::by_author(world, call, id, &who),
        ("GET", ["changes"]) => feed::changes(world, call),
        ("POST", ["comments", id, "decisions"]) => decide::decisions(world, call, id, &who),
        ("POST", ["comments", id, "replies"]) => decide::replies(world, call, id, &who),
        (_, ["comments", _, "decisions" | "replies"]) => Err(Problem::wrong_method("POST")),
        (_, [] | ["comments" | "changes"] | ["comments" | "articles" | "authors", _])
        | (_, ["comments", _, "thread"] | ["authors", _, "comments"]) => Err(Problem::wrong_method("GET")),
        _ => Err(Problem::missing("address")),
    }
}

/// What needs no token: discovery, the specification, the newspaper itself.
fn outside(world: &World, call: &Call) -> Result<Answer, Problem> {
    if call.method != "GET" {
        return Err(Problem::wrong_method("GET"));
    }
    match call.path.as_str() {
        "/.well-known/comment-moderation" => Ok(Answer::json(
            200,
            &json!({
                "cmh": "1",
                "base": format!("{}{BASE}", world.origin),
                "name": page::SITE_NAME,
                "auth": ["bearer"],
                "docs": format!("{}/cmh-openapi.json", world.origin),
            }),
        )),
        "/cmh-openapi.json" => {
            let mut answer = Answer::empty(200).header("content-type", "application/json");
            answer.body = SPECIFICATION.as_bytes().to_vec();
            Ok(answer)
        }
        path => page::at(world, path).ok_or_else(|| Problem::missing("page")),
    }
}

fn session(world: &World, who: &Moderator) -> Answer {
    let mut capabilities = vec!["articles", "thread", "authors", "changes"];
    if who.writes {
        capabilities.push("replies");
    }
    if who.sees_private {
        capabilities.push("pii");
    }
    let reasons: Vec<Value> = REASONS
        .iter()
        .map(|(code, label, needs)| json!({"code": code, "label": label, "needs_text": needs}))
        .collect();
    let count =
        |test: &dyn Fn(&super::world::Comment) -> bool| world.comments.iter().filter(|c| test(c)).count();
    Answer::json(
        200,
        &json!({
            "me": {"id": who.id, "name": who.name},
            "capabilities": capabilities,
            "statuses": super::world::Status::ALL.map(super::world::Status::word),
            "actions": if who.writes { &ACTIONS[..] } else { &[] },
            "reasons": reasons,
            "limits": {"page_max": PAGE_MAX, "batch_max": 0},
            "counts": {
                "pending": count(&|c| c.status == super::world::Status::Pending),
                "reported": count(&|c| !c.reports.is_empty()),
                "spam": count(&|c| c.status == super::world::Status::Spam),
            },
            "cursor": feed::cursor(world, world.head),
        }),
    )
}
