//! A wire for tests that gives prepared answers in turn and keeps what was asked.

use super::json;
use crate::net::{Broken, Request, Response, Transport};
use std::collections::VecDeque;
use std::sync::Mutex;

#[derive(Default)]
pub struct Canned {
    answers: Mutex<VecDeque<Result<Response, Broken>>>,
    asked: Mutex<Vec<Request>>,
}

impl Canned {
    pub fn new(answers: impl IntoIterator<Item = Response>) -> Self {
        Self::of(answers.into_iter().map(Ok))
    }

    pub fn breaking(broken: Broken) -> Self {
        Self::of([Err(broken)])
    }

    pub fn of(answers: impl IntoIterator<Item = Result<Response, Broken>>) -> Self {
        Self { answers: Mutex::new(answers.into_iter().collect()), asked: Mutex::default() }
    }

    /// Every request so far; all answers must have been used.
    pub fn asked(&self) -> Vec<Request> {
        assert_eq!(self.answers.lock().unwrap().len(), 0, "answers were left over");
        self.asked.lock().unwrap().clone()
    }

    fn next(&self, request: Request) -> Result<Response, Broken> {
        let answer = self.answers.lock().unwrap().pop_front();
        let answer = answer
            .unwrap_or_else(|| panic!("no answer was prepared for {:?} {}", request.method, request.url));
        self.asked.lock().unwrap().push(request);
        answer
    }
}

impl Transport for Canned {
    fn send(&self, request: Request) -> Result<Response, Broken> {
        self.next(request)
    }

    fn stream(&self, request: Request, sink: &mut dyn FnMut(&[u8]) -> bool) -> Result<Response, Broken> {
        let mut answer = self.next(request)?;
        if answer.status == 200 {
            let body = std::mem::take(&mut answer.body);
            body.chunks(7).all(sink);
        }
        Ok(answer)
    }
}

/// An answer with a JSON body.
pub fn answer(status: u16, body: &str) -> Response {
    let headers = vec![("content-type".to_owned(), "application/json; charset=UTF-8".to_owned())];
    Response { status, headers, body: body.as_bytes().to_vec() }
}

impl Response {
    pub fn with(mut self, name: &str, value: &str) -> Self {
        self.headers.insert(0, (name.to_owned(), value.to_owned()));
        self
    }
}

/// A recorded answer under `tests/fixtures/`.
pub fn fixture(path: &str) -> Response {
    let file = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures").join(path);
    let text = std::fs::read_to_string(&file).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
    let part = |name: &str| json::member(&text, name).unwrap_or_else(|| panic!("{path} has no {name}"));
    let body = match part("body") {
        quoted if quoted.starts_with('"') => json::decode(quoted).unwrap(),
        written => written.to_owned(),
    };
    Response {
        status: json::decode(part("status")).unwrap(),
        headers: json::decode(part("headers")).unwrap(),
        body: body.into_bytes(),
    }
}
