//! What the site says when it does not do what was asked (RFC 9457).

use super::super::exchange::Answer;
use serde_json::{Map, Value, json};

/// Problem types are named below this address.
const TYPES: &str = "https://cmh.example/problems";

/// One refusal.
#[derive(Debug, Clone)]
pub struct Problem {
    status: u16,
    code: &'static str,
    title: &'static str,
    detail: String,
    retryable: bool,
    more: Vec<(&'static str, Value)>,
    headers: Vec<(&'static str, String)>,
}

impl Problem {
    /// A refusal that will be the same next time.
    pub fn new(status: u16, code: &'static str, title: &'static str, detail: impl Into<String>) -> Self {
        Self {
            status,
            code,
            title,
            detail: detail.into(),
            retryable: false,
            more: Vec::new(),
            headers: Vec::new(),
        }
    }

    /// The same with one member more.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: Value) -> Self {
        self.more.push((name, value));
        self
    }

    /// The same with one header more.
    #[must_use]
    pub fn header(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    /// One that may be tried again after some seconds.
    #[must_use]
    pub fn retry_after(mut self, secs: i64) -> Self {
        self.retryable = true;
        self.header("retry-after", secs.max(1).to_string())
    }

    /// A body or query whose parts are wrong; each error is (pointer, detail).
    pub fn invalid(errors: &[(&str, String)]) -> Self {
        let list: Vec<Value> = errors.iter().map(|(p, d)| json!({"pointer": p, "detail": d})).collect();
        let detail = errors.first().map(|(_, d)| d.clone()).unwrap_or_default();
        Self::new(422, "invalid", "The request cannot be carried out as written", detail)
            .with("errors", Value::Array(list))
    }

    /// A query parameter that cannot be read.
    pub fn bad_query(name: &str, detail: &str) -> Self {
        Self::new(400, "bad-query", "A query parameter cannot be read", format!("{name}: {detail}"))
    }

    /// No such thing, and there never was.
    pub fn missing(what: &str) -> Self {
        Self::new(404, "not-found", "Not found", format!("There is no such {what}"))
    }

    /// It was here and is gone for good.
    pub fn gone() -> Self {
        Self::new(410, "gone", "Gone", "This comment was deleted for good")
    }

    /// The path exists, the method does not.
    pub fn wrong_method(allow: &'static str) -> Self {
        Self::new(405, "method", "Method not allowed", format!("This address takes {allow}"))
            .header("allow", allow)
    }

    /// The answer that says so; `instance` is the path asked for.
    pub fn answer(self, instance: &str) -> Answer {
        let mut body = Map::new();
        body.insert("type".into(), json!(format!("{TYPES}/{}", self.code)));
        body.insert("title".into(), json!(self.title));
        body.insert("status".into(), json!(self.status));
        body.insert("detail".into(), json!(self.detail));
        body.insert("instance".into(), json!(instance));
        body.insert("code".into(), json!(self.code));
        body.insert("retryable".into(), json!(self.retryable));
        for (name, value) in self.more {
            body.insert(name.into(), value);
        }
        let mut answer = Answer::empty(self.status).header("content-type", "application/problem+json");
        answer.body = Value::Object(body).to_string().into_bytes();
        for (name, value) in self.headers {
            answer = answer.header(name, &value);
        }
        answer
    }
}
