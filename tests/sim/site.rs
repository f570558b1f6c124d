//! A simulated site: one state with two faces, WordPress's and the protocol's, so that the production backends speak to
//! it. It writes down every change this desk made, and how things stood at that moment.

mod cmh;
mod wordpress;

use crate::wire::{Ghost, How, Mishap};
use greenroom::domain::{self, DecisionId, Order, SiteId, Status};
use greenroom::net::{Request, Response};
use serde_json::Value;
use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Face {
    /// Last writer wins, no sign of it.
    WordPress,
    /// Refuses what is stale, knows a repeated request by its key.
    Cmh,
}

#[derive(Debug, Clone)]
pub struct Comment {
    pub status: Status,
    pub body: String,
    pub version: u32,
    pub gone: bool,
    /// Who decided last, how, and under which key.
    pub last: Option<(String, Status, Option<String>)>,
    /// The beat of the newest change of words.
    pub words_at: u64,
    /// The beat of the newest decision that was not this desk's.
    pub colleague_at: u64,
    /// The beats at which it changed in any way, and how it stood from then on.
    pub past: Vec<(u64, Status)>,
}

impl Comment {
    /// One that waits to be decided on.
    pub fn new(body: &str) -> Self {
        let (body, status) = (body.to_owned(), Status::Pending);
        let past = vec![(0, status)];
        Self { status, body, version: 0, gone: false, last: None, words_at: 0, colleague_at: 0, past }
    }

    /// The beat of its newest change.
    pub fn changed_at(&self) -> u64 {
        self.past.last().map_or(0, |(at, _)| *at)
    }

    /// How it stood at that beat.
    pub fn stood_at(&self, beat: u64) -> Status {
        self.past.iter().rfind(|(at, _)| *at <= beat).map_or(Status::Pending, |(_, status)| *status)
    }

    /// Whether it stood like that at some time since that beat.
    pub fn stood_since(&self, beat: u64, status: Status) -> bool {
        self.stood_at(beat) == status || self.past.iter().any(|(at, stood)| *at > beat && *stood == status)
    }
}

/// A decision's request, and what the desk knew when it left.
#[derive(Debug, Clone)]
pub struct Errand {
    pub decision: DecisionId,
    /// The beat of the newest answer about the comment that the desk had.
    pub told_at: u64,
    /// The status it stands on.
    pub prior: Status,
    /// The words a person read.
    pub words: String,
    /// How often a person wanted it though theirs differed, and the newest answer they had the last time.
    pub insisted: (usize, u64),
}

impl Errand {
    /// One of which nothing is checked.
    pub fn of(decision: DecisionId) -> Self {
        Self { decision, told_at: 0, prior: Status::Pending, words: String::new(), insisted: (0, 0) }
    }
}

/// One change made for this desk.
#[derive(Debug, Clone)]
pub struct Applied {
    pub errand: Errand,
    pub comment: u64,
    pub from: Status,
    pub to: Status,
    pub body: String,
    pub words_at: u64,
    pub colleague_at: u64,
    pub at: u64,
    /// It changed what a colleague had decided.
    pub over_colleague: bool,
    pub how: How,
}

/// A request that was refused because the comment had moved on at that beat.
#[derive(Debug, Clone)]
pub struct Stale {
    pub errand: Errand,
    pub changed_at: u64,
    pub how: How,
}

#[derive(Default)]
pub struct State {
    /// Milliseconds.
    pub now: u64,
    /// Counts whatever happens here, so that what came first is known within a millisecond too.
    pub beat: u64,
    pub comments: BTreeMap<u64, Comment>,
    pub applied: Vec<Applied>,
    pub stale: Vec<Stale>,
    pub mishap: Option<Mishap>,
    /// The decision whose push is on the wire.
    pub pushing: Option<Errand>,
    pub how: How,
    pub ghosts: Vec<Ghost>,
    /// A stored answer was given once more: it tells how things stood at that beat.
    pub replayed_at: Option<u64>,
    /// What was asked under a key, what was answered, and at which beat.
    pub keys: BTreeMap<String, (String, Response, u64)>,
}

impl State {
    /// Somebody else does something to a comment: a colleague decides, or a reader.
    pub fn foreign(&mut self, id: u64, is_colleague: bool, act: impl FnOnce(&mut Comment)) {
        let Some(comment) = self.comments.get_mut(&id).filter(|comment| !comment.gone) else { return };
        self.beat += 1;
        act(comment);
        comment.version += 1;
        *(if is_colleague { &mut comment.colleague_at } else { &mut comment.words_at }) = self.beat;
        let stands = if comment.gone { Status::Deleted } else { comment.status };
        comment.past.push((self.beat, stands));
    }
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

pub fn answer(status: u16, body: &Value) -> Response {
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

    /// The beat of what the newest answer tells.
    pub fn answered_at(&self) -> u64 {
        let state = self.state();
        state.replayed_at.unwrap_or(state.beat)
    }

    /// The site carries out what it was asked.
    pub fn handle(&self, request: &Request) -> Response {
        let path = url::Url::parse(&request.url).unwrap().path().to_owned();
        self.state().beat += 1;
        match self.face {
            Face::WordPress => self.wordpress(request, &path),
            Face::Cmh => self.cmh(request, &path),
        }
    }

    /// Carries out what the desk asked for and writes down how things stood.
    fn apply(&self, id: u64, to: Status, key: Option<String>) {
        let mut state = self.state();
        let (errand, how, at) = (state.pushing.clone(), state.how, state.beat);
        let Some(comment) = state.comments.get_mut(&id).filter(|c| !c.gone) else { return };
        let from = comment.status;
        let over_colleague = comment.last.as_ref().is_some_and(|(by, ..)| by != "Mona") && from != to;
        let (words_at, colleague_at) = (comment.words_at, comment.colleague_at);
        comment.status = to;
        comment.version += 1;
        if from != to {
            comment.last = Some(("Mona".into(), to, key));
        }
        comment.past.push((at, to));
        let body = comment.body.clone();
        let errand = errand.expect("only a push changes anything");
        let comment = id;
        state.applied.push(Applied {
            errand,
            comment,
            from,
            to,
            body,
            words_at,
            colleague_at,
            at,
            over_colleague,
            how,
        });
    }
}
