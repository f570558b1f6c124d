//! The simulated wire: it loses requests and answers, brings a request twice, and a server behind it may carry out much
//! later what nobody waits for any more.

use crate::site::{Errand, Site, answer};
use greenroom::net::{Broken, Method, Request, Response, Transport};
use serde_json::json;

/// What goes wrong on the wire with the next request that matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mishap {
    NotSent,
    RequestLost,
    AnswerLost,
    /// The answer is lost, and the server carries the request out much later.
    Late,
    /// The request arrives twice, one copy behind the other.
    Twice,
    /// The request arrives, is answered, and a copy of it arrives much later.
    Echo,
    ServerError,
    /// The server carries it out and fails then.
    DoneThenError,
    Throttled,
    WebPage,
    /// It is carried out, and something between puts a page of its own in place of the answer.
    DoneThenPage,
    SignedOut,
}

/// How a request came to be carried out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum How {
    /// While somebody waited for the answer.
    #[default]
    Prompt,
    /// After nobody waited any more.
    Late,
    /// As a copy, after the first was answered.
    Echo,
}

/// A request that the server has not forgotten.
pub struct Ghost {
    errand: Errand,
    request: Request,
    sent_at: u64,
    how: How,
}

/// No server carries out what it was sent longer ago: the desk looks for it up to ten minutes, the last time shortly before.
const GHOST_MS_MAX: u64 = 540_000;

impl Site {
    /// A late server carries out a request whose answer nobody waits for any more.
    pub fn haunt(&self, n: usize) {
        let Ghost { errand, request, sent_at, how } = self.state().ghosts.remove(n);
        if self.state().now - sent_at > GHOST_MS_MAX {
            return;
        }
        self.state().pushing = Some(errand);
        self.state().how = how;
        let _ = self.handle(&request);
        let mut state = self.state();
        (state.pushing, state.how) = (None, How::Prompt);
    }

    fn keep(&self, request: Request, how: How) {
        let mut state = self.state();
        let sent_at = state.now;
        if let Some(errand) = state.pushing.clone() {
            state.ghosts.push(Ghost { errand, request, sent_at, how });
        }
    }

    fn carry(&self, mishap: Mishap, request: Request) -> Result<Response, Broken> {
        match mishap {
            Mishap::NotSent => Err(Broken::NotSent("no route".into())),
            Mishap::RequestLost => Err(Broken::NoAnswer("reset".into())),
            Mishap::AnswerLost => {
                let _ = self.handle(&request);
                Err(Broken::NoAnswer("reset".into()))
            }
            Mishap::Late => {
                self.keep(request, How::Late);
                Err(Broken::NoAnswer("timed out".into()))
            }
            Mishap::Twice => {
                let _ = self.handle(&request);
                Ok(self.handle(&request))
            }
            Mishap::Echo => {
                let first = self.handle(&request);
                self.keep(request, How::Echo);
                Ok(first)
            }
            Mishap::ServerError => Ok(error()),
            Mishap::DoneThenError => {
                let _ = self.handle(&request);
                Ok(error())
            }
            Mishap::Throttled => {
                let mut response = answer(429, &json!({}));
                response.headers.push(("retry-after".into(), "3".into()));
                Ok(response)
            }
            Mishap::WebPage => Ok(page()),
            Mishap::DoneThenPage => {
                let _ = self.handle(&request);
                Ok(page())
            }
            Mishap::SignedOut => Ok(answer(401, &json!({"code": "rest_not_logged_in", "message": ""}))),
        }
    }
}

fn error() -> Response {
    answer(500, &json!({"code": "oops", "message": "oops"}))
}

fn page() -> Response {
    Response {
        status: 200,
        headers: vec![("content-type".into(), "text/html".into())],
        body: b"<!DOCTYPE html><title>Log in</title>".to_vec(),
    }
}

impl Transport for Site {
    fn send(&self, request: Request) -> Result<Response, Broken> {
        let writes = matches!(request.method, Method::Post | Method::Delete);
        let is_push = self.state().pushing.is_some();
        // A push may read before it writes; the mishap waits for the write.
        let mishap = if !is_push || writes { self.state().mishap.take() } else { None };
        match mishap {
            None => Ok(self.handle(&request)),
            Some(mishap) => self.carry(mishap, request),
        }
    }

    fn stream(&self, _: Request, _: &mut dyn FnMut(&[u8]) -> bool) -> Result<Response, Broken> {
        Err(Broken::NotSent("no feed in the storm".into()))
    }
}
