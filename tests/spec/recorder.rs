//! A wire that remembers what was said over it.

use greenroom::net::http::Http;
use greenroom::net::{Broken, Request, Response, Transport};
use std::sync::Mutex;

/// Real HTTP that remembers what was said.
pub struct Recorder {
    http: Http,
    /// A site that cannot stream is polled.
    pub streams: bool,
    heard: Mutex<Vec<(Request, Response)>>,
}

impl Recorder {
    pub fn new() -> Self {
        Self { http: Http::new().unwrap(), streams: true, heard: Mutex::default() }
    }

    pub fn heard(&self) -> Vec<(Request, Response)> {
        self.heard.lock().unwrap().clone()
    }

    fn remember(&self, request: Request, answer: &Result<Response, Broken>) {
        let answer = answer.as_ref().expect("the demo answers").clone();
        self.heard.lock().unwrap().push((request, answer));
    }
}

impl Transport for Recorder {
    fn send(&self, request: Request) -> Result<Response, Broken> {
        let answer = self.http.send(request.clone());
        self.remember(request, &answer);
        answer
    }

    fn stream(&self, request: Request, sink: &mut dyn FnMut(&[u8]) -> bool) -> Result<Response, Broken> {
        if !self.streams {
            return Ok(Response { status: 406, headers: Vec::new(), body: Vec::new() });
        }
        let mut body = Vec::new();
        let answer = self.http.stream(request.clone(), &mut |piece| {
            body.extend_from_slice(piece);
            sink(piece)
        });
        let whole =
            answer.clone().map(|head| if head.status == 200 { Response { body, ..head } } else { head });
        self.remember(request, &whole);
        answer
    }
}
