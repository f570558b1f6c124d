//! A simulated site behind a simulated wire: one state with two faces, WordPress's and CMH's, so that the production
//! backends speak to it. It writes down every change this desk made, and how things stood at that moment.

use greenroom::domain::{self, DecisionId, Order, SiteId, Status};
use greenroom::net::{Broken, Method, Request, Response, Transport};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Face {
    /// Last writer wins, no sign of it.
    WordPress,
    /// Refuses what is stale, knows a repeated request by its key.
    Cmh,
}

/// What goes wrong on the wire with the next request that matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mishap {
    NotSent,
    RequestLost,
    AnswerLost,
    /// The answer is lost, and the server carries the request out much later.
    Late,
    ServerError,
    Throttled,
    WebPage,
}

#[derive(Debug, Clone)]
pub struct Comment {
    pub status: Status,
    pub body: String,
    pub version: u32,
    pub gone: bool,
    /// When somebody else last touched words or status.
    pub foreign_at: u64,
    pub last: Option<(String, Status, Option<String>)>,
}

impl Comment {
    /// One that waits to be decided on since `now`.
    pub fn new(body: &str, now: u64) -> Self {
        let (body, status) = (body.to_owned(), Status::Pending);
        Self { status, body, version: 0, gone: false, foreign_at: now, last: None }
    }
}

/// One change made for this desk.
#[derive(Debug, Clone)]
pub struct Applied {
    pub decision: DecisionId,
    pub comment: u64,
    pub from: Status,
    pub to: Status,
    pub body: String,
    pub foreign_at: u64,
    /// When the engine asked for the push, and how long the look before it took.
    pub asked_at: u64,
    pub sight_ms: u64,
    /// It changed what a colleague had decided.
    pub over_colleague: bool,
    pub late: bool,
}

/// A request whose answer was given up on, and which the server has not forgotten.
pub struct Ghost {
    decision: DecisionId,
    request: Request,
    sent_at: u64,
}

/// No server carries out what it was sent longer ago: the desk looks again after a minute.
const GHOST_MS_MAX: u64 = 50_000;

#[derive(Default)]
pub struct State {
    pub now: u64,
    pub comments: BTreeMap<u64, Comment>,
    pub applied: Vec<Applied>,
    pub mishap: Option<Mishap>,
    /// The decision whose push is on the wire.
    pub pushing: Option<DecisionId>,
    pub asked_at: u64,
    pub sight_ms: u64,
    pub ghosts: Vec<Ghost>,
    pub keys: BTreeMap<String, (String, Response)>,
}

pub struct Site {
    pub face: Face,
    state: Mutex<State>,
}

/// The site as a desk knows it, before it has a number there.
pub fn known_as(face: Face) -> domain::Site {
    let (backend, base) = match face {
        Face::WordPress => (domain::Backend::WordPress, "http://127.0.0.1:1/wp-json"),
        Face::Cmh => (domain::Backend::Cmh, "http://127.0.0.1:1/mod"),
    };
    domain::Site {
        id: SiteId(0),
        slug: "sim".into(),
        name: "Sim".into(),
        backend,
        base: base.into(),
        account: "mona".into(),
        order: Order::Oldest,
        hold_secs: 5,
    }
}

fn word(face: Face, status: Status) -> &'static str {
    match (face, status) {
        (Face::WordPress, Status::Pending) => "hold",
        (Face::WordPress, Status::Rejected) => "trash",
        (_, Status::Pending) => "pending",
        (_, Status::Approved) => "approved",
        (_, Status::Rejected) => "rejected",
        (_, Status::Spam) => "spam",
        (_, Status::Deleted | Status::Other) => "deleted",
    }
}

fn wanted(word: &str) -> Option<Status> {
    Some(match word {
        "approve" => Status::Approved,
        "hold" | "restore" => Status::Pending,
        "reject" => Status::Rejected,
        "spam" => Status::Spam,
        _ => return None,
    })
}

fn answer(status: u16, body: &Value) -> Response {
    let headers = vec![("content-type".to_owned(), "application/json".to_owned())];
    Response { status, headers, body: serde_json::to_vec(body).unwrap() }
}

fn query(url: &str) -> BTreeMap<String, String> {
    url::Url::parse(url).unwrap().query_pairs().map(|(k, v)| (k.into_owned(), v.into_owned())).collect()
}

fn header<'a>(request: &'a Request, name: &str) -> Option<&'a str> {
    request.headers.iter().find(|(n, _)| n == name).map(|(_, v)| v.as_str())
}

impl Site {
    pub fn new(face: Face) -> Self {
        Self { face, state: Mutex::new(State::default()) }
    }

    pub fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap()
    }

    /// A late server carries out a request whose answer nobody waits for any more.
    pub fn haunt(&self, n: usize) {
        let Ghost { decision, request, sent_at } = self.state().ghosts.remove(n);
        if self.state().now - sent_at > GHOST_MS_MAX {
            return;
        }
        let before = self.state().applied.len();
        self.state().pushing = Some(decision);
        let _ = self.handle(&request);
        let mut state = self.state();
        state.pushing = None;
        for applied in state.applied.iter_mut().skip(before) {
            applied.late = true;
        }
    }

    fn handle(&self, request: &Request) -> Response {
        let path = url::Url::parse(&request.url).unwrap().path().to_owned();
        match self.face {
            Face::WordPress => self.wordpress(request, &path),
            Face::Cmh => self.cmh(request, &path),
        }
    }

    fn wordpress(&self, request: &Request, path: &str) -> Response {
        let id = path.rsplit('/').next().and_then(|id| id.parse::<u64>().ok());
        if path.ends_with("/users/me") {
            return answer(
                200,
                &json!({"id": 1, "name": "Mona", "capabilities": {"moderate_comments": true}}),
            );
        }
        if path.ends_with("/wp-json/") {
            return answer(200, &json!({"name": "Sim"}));
        }
        if path.ends_with("xmlrpc.php") {
            return answer(404, &json!({}));
        }
        match (request.method, id) {
            (Method::Get, None) => self.wordpress_list(&request.url),
            (Method::Get, Some(id)) => self.wordpress_one(id),
            (Method::Delete, Some(id)) => self.wordpress_set(id, Status::Rejected),
            (Method::Post, Some(id)) => {
                let body: Value = serde_json::from_slice(&request.body).unwrap();
                assert_eq!(body["author_ip"], "203.0.113.9", "the reader's address goes back as it was");
                assert!(request.without_agent, "the desk's agent must not become the reader's");
                self.wordpress_set(id, wanted(body["status"].as_str().unwrap()).unwrap())
            }
            _ => answer(404, &json!({"code": "rest_no_route", "message": ""})),
        }
    }

    fn wordpress_list(&self, url: &str) -> Response {
        let query = query(url);
        let state = self.state();
        let mut found: Vec<(u64, &Comment)> = state
            .comments
            .iter()
            .filter(|(_, c)| !c.gone)
            .filter(|(id, _)| {
                query.get("include").is_none_or(|ids| ids.split(',').any(|i| i == id.to_string()))
            })
            .filter(|(_, c)| match query["status"].as_str() {
                "any" => true,
                asked => word(self.face, c.status) == asked,
            })
            .map(|(id, c)| (*id, c))
            .collect();
        if query.get("order").is_some_and(|order| order == "desc") {
            found.reverse();
        }
        let total = found.len();
        let offset = query.get("offset").map_or(0, |o| o.parse().unwrap());
        let rows: Vec<Value> = found
            .into_iter()
            .skip(offset)
            .take(query["per_page"].parse().unwrap())
            .map(wordpress_json)
            .collect();
        let mut response = answer(200, &Value::Array(rows));
        response.headers.push(("x-wp-total".into(), total.to_string()));
        response
    }

    fn wordpress_one(&self, id: u64) -> Response {
        match self.state().comments.get(&id).filter(|c| !c.gone) {
            Some(comment) => answer(200, &wordpress_json((id, comment))),
            None => {
                answer(404, &json!({"code": "rest_comment_invalid_id", "message": "Invalid comment ID."}))
            }
        }
    }

    fn wordpress_set(&self, id: u64, to: Status) -> Response {
        let trashed = self.state().comments.get(&id).is_some_and(|c| !c.gone && c.status == Status::Rejected);
        if trashed && to == Status::Rejected {
            return answer(410, &json!({"code": "rest_already_trashed", "message": ""}));
        }
        self.apply(id, to, None);
        self.wordpress_one(id)
    }

    /// Carries out what the desk asked for and writes down how things stood.
    fn apply(&self, id: u64, to: Status, key: Option<String>) {
        let mut state = self.state();
        let (decision, asked_at, sight_ms) = (state.pushing, state.asked_at, state.sight_ms);
        let Some(comment) = state.comments.get_mut(&id).filter(|c| !c.gone) else { return };
        let from = comment.status;
        let over_colleague = comment.last.as_ref().is_some_and(|(by, ..)| by != "Mona") && from != to;
        comment.status = to;
        comment.version += 1;
        if from != to {
            comment.last = Some(("Mona".into(), to, key));
        }
        let (body, foreign_at) = (comment.body.clone(), comment.foreign_at);
        let decision = decision.expect("only a push changes anything");
        let late = false;
        state.applied.push(Applied {
            decision,
            comment: id,
            from,
            to,
            body,
            foreign_at,
            asked_at,
            sight_ms,
            over_colleague,
            late,
        });
    }

    fn cmh(&self, request: &Request, path: &str) -> Response {
        let parts: Vec<&str> = path.trim_matches('/').split('/').collect();
        match (request.method, parts.as_slice()) {
            (Method::Get, ["mod"]) => answer(
                200,
                &json!({"me": {"id": "m", "name": "Mona"}, "capabilities": ["thread"],
                        "actions": ["approve", "reject", "spam", "restore"]}),
            ),
            (Method::Get, ["mod", "comments"]) => self.cmh_list(&request.url),
            (Method::Get, ["mod", "comments", id]) => self.cmh_one(id.parse().unwrap()),
            (Method::Post, ["mod", "comments", id, "decisions"]) => {
                self.cmh_decide(request, id.parse().unwrap())
            }
            _ => answer(404, &json!({"type": "about:blank"})),
        }
    }

    fn cmh_list(&self, url: &str) -> Response {
        let query = query(url);
        let state = self.state();
        let asked = query.get("status").map(String::as_str);
        let newest = query.get("order").is_some_and(|order| order == "newest");
        let mut found: Vec<(u64, &Comment)> = state
            .comments
            .iter()
            .filter(|(_, c)| !c.gone && asked.is_none_or(|asked| word(self.face, c.status) == asked))
            .map(|(id, c)| (*id, c))
            .collect();
        if newest {
            found.reverse();
        }
        let total = found.len();
        // A small page, so that a walk has many steps for others to step into.
        let after: Option<u64> = query.get("cursor").map(|cursor| cursor.parse().unwrap());
        let behind = |id: u64| after.is_none_or(|after| if newest { id < after } else { id > after });
        let page: Vec<(u64, &Comment)> = found.into_iter().filter(|(id, _)| behind(*id)).take(4).collect();
        let next = (page.len() == 4).then(|| page.last().unwrap().0.to_string());
        let items: Vec<Value> = page.into_iter().map(cmh_json).collect();
        answer(200, &json!({"items": items, "total": total, "next": next}))
    }

    fn cmh_one(&self, id: u64) -> Response {
        match self.state().comments.get(&id) {
            Some(comment) if !comment.gone => answer(200, &cmh_json((id, comment))),
            _ => answer(410, &json!({"type": "https://cmh.example/problems/gone", "title": "Gone"})),
        }
    }

    fn cmh_decide(&self, request: &Request, id: u64) -> Response {
        let key = header(request, "idempotency-key").unwrap().trim_matches('"').to_owned();
        let tag = header(request, "if-match").unwrap().to_owned();
        let print = format!("{tag}{}", String::from_utf8_lossy(&request.body));
        if let Some((known, stored)) = self.state().keys.get(&key) {
            assert_eq!(*known, print, "one key, one request");
            return stored.clone();
        }
        let body: Value = serde_json::from_slice(&request.body).unwrap();
        let to = wanted(body["action"].as_str().unwrap()).unwrap();
        let Some(comment) = self.state().comments.get(&id).filter(|c| !c.gone).cloned() else {
            return self.cmh_one(id);
        };
        let current = cmh_json((id, &comment));
        if current["etag"] != tag.as_str() {
            let revision = tag.trim_matches('"').split('.').next().unwrap() == comment.body;
            if revision && comment.status == to {
                return answer(200, &json!({"outcome": "already", "comment": current}));
            }
            let kind = if revision { "superseded" } else { "edited" };
            let last = &current["last_decision"];
            return answer(412, &json!({"type": kind, "current": current, "last_decision": last}));
        }
        self.apply(id, to, Some(key.clone()));
        let now = self.state().comments[&id].clone();
        let done = answer(201, &json!({"comment": cmh_json((id, &now))}));
        self.state().keys.insert(key, (print, done.clone()));
        done
    }
}

fn wordpress_json((id, comment): (u64, &Comment)) -> Value {
    json!({
        "id": id, "post": 1, "parent": 0, "author": 0, "author_name": "Ana", "author_email": "ana@example.test",
        "author_url": "", "author_ip": "203.0.113.9", "author_user_agent": "x", "date_gmt": "2026-11-01T10:00:00",
        "content": {"raw": comment.body, "rendered": format!("<p>{}</p>\n", comment.body)},
        "status": word(Face::WordPress, comment.status), "link": "", "type": "comment"
    })
}

fn cmh_json((id, comment): (u64, &Comment)) -> Value {
    let last = comment.last.as_ref().map(|(by, status, key)| {
        let action = match status {
            Status::Approved => "approve",
            Status::Rejected => "reject",
            Status::Spam => "spam",
            _ => "restore",
        };
        json!({"by": {"id": by, "name": by}, "action": action, "key": key})
    });
    json!({
        "id": id.to_string(), "type": "Note", "status": word(Face::Cmh, comment.status),
        "etag": format!("\"{}.{}\"", comment.body, comment.version), "created": "2026-11-01T10:00:00Z",
        "body": {"format": "plain", "source": comment.body}, "attributedTo": {"id": "a", "name": "Ana"},
        "article": {"id": "1"}, "inReplyTo": null, "last_decision": last
    })
}

impl Transport for Site {
    fn send(&self, request: Request) -> Result<Response, Broken> {
        let writes = matches!(request.method, Method::Post | Method::Delete);
        let pushing = self.state().pushing;
        // A push may read before it writes; the mishap waits for the write.
        let mishap = if pushing.is_none() || writes { self.state().mishap.take() } else { None };
        match mishap {
            None => Ok(self.handle(&request)),
            Some(Mishap::NotSent) => Err(Broken::NotSent("no route".into())),
            Some(Mishap::RequestLost) => Err(Broken::NoAnswer("reset".into())),
            Some(Mishap::AnswerLost) => {
                let _ = self.handle(&request);
                Err(Broken::NoAnswer("reset".into()))
            }
            Some(Mishap::Late) => {
                if let Some(decision) = pushing {
                    let sent_at = self.state().now;
                    self.state().ghosts.push(Ghost { decision, request, sent_at });
                }
                Err(Broken::NoAnswer("timed out".into()))
            }
            Some(Mishap::ServerError) => Ok(answer(500, &json!({"code": "oops", "message": "oops"}))),
            Some(Mishap::Throttled) => {
                let mut response = answer(429, &json!({}));
                response.headers.push(("retry-after".into(), "3".into()));
                Ok(response)
            }
            Some(Mishap::WebPage) => Ok(Response {
                status: 200,
                headers: vec![("content-type".into(), "text/html".into())],
                body: b"<!DOCTYPE html><title>Log in</title>".to_vec(),
            }),
        }
    }

    fn stream(&self, _: Request, _: &mut dyn FnMut(&[u8]) -> bool) -> Result<Response, Broken> {
        Err(Broken::NotSent("no feed in the storm".into()))
    }
}
