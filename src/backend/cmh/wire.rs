//! CMH/1's shapes as this desk reads them: the specification in code. Members it does not know are passed over; `None` is
//! *not told*. Serde and nothing else.

use serde::{Deserialize, Deserializer, Serialize};

/// A member that tells apart being left out (`None`) and being null (`Some(None)`).
type Told<T> = Option<Option<T>>;

fn told<'de, D: Deserializer<'de>, T: Deserialize<'de>>(from: D) -> Result<Told<T>, D::Error> {
    Option::deserialize(from).map(Some)
}

#[derive(Debug, Clone, Deserialize)]
pub struct WellKnown {
    pub cmh: String,
    pub base: String,
    pub name: Option<String>,
}

#[derive(Debug, Clone, Deserialize)]
pub struct Session {
    pub me: Who,
    #[serde(default)]
    pub capabilities: Vec<String>,
    /// Level 0 may leave it out: approve, reject and restore are then meant.
    pub actions: Option<Vec<String>>,
    pub counts: Option<Counts>,
    /// Where the change feed stands now.
    pub cursor: Option<String>,
}

/// A person: an object, or only a name.
#[derive(Debug, Clone, Deserialize)]
#[serde(untagged)]
pub enum Who {
    Name(String),
    Person { id: Option<String>, name: Option<String> },
}

#[derive(Debug, Clone, Default, Deserialize)]
pub struct Counts {
    pub pending: Option<u64>,
    pub approved: Option<u64>,
    pub rejected: Option<u64>,
    pub spam: Option<u64>,
    pub reported: Option<u64>,
}

#[derive(Debug, Clone, Deserialize)]
pub struct Comment {
    pub id: String,
    pub status: Option<String>,
    pub etag: Option<String>,
    pub created: Option<String>,
    pub edited: Option<String>,
    pub body: Option<Text>,
    #[serde(rename = "attributedTo")]
    pub author: Option<Author>,
    pub article: Option<ArticleRef>,
    #[serde(rename = "inReplyTo", default, deserialize_with = "told")]
    pub parent: Told<Parent>,
    pub reports: Option<Reports>,
    pub held_because: Option<Vec<Held>>,
    pub permalink: Option<String>,
    #[serde(default, deserialize_with = "told")]
    pub last_decision: Told<LastDecision>,
    #[serde(rename = "type")]
    pub kind: Option<String>,
}

/// `source` and `html` in comments, `text` in articles.
#[derive(Debug, Clone, Deserialize)]
pub struct Text {
    pub format: Option<String>,
    pub source: Option<String>,
    pub text: Option<String>,
    pub html: Option<String>,
}

#[derive(Debug, Clone, Deserialize)]
pub struct Author {
    pub id: Option<String>,
    pub name: Option<String>,
    pub url: Option<String>,
    /// Only for tokens with `mod:pii`, like the two below.
    pub email: Option<String>,
    pub ip: Option<String>,
    pub agent: Option<String>,
}

#[derive(Debug, Clone, Deserialize)]
pub struct ArticleRef {
    pub id: String,
    pub url: Option<String>,
    pub title: Option<String>,
}

#[derive(Debug, Clone, Deserialize)]
pub struct Parent {
    pub id: String,
}

#[derive(Debug, Clone, Deserialize)]
pub struct Reports {
    pub total: u64,
    #[serde(default)]
    pub items: Vec<Report>,
}

#[derive(Debug, Clone, Deserialize)]
pub struct Report {
    pub code: Option<String>,
    pub text: Option<String>,
    pub by: Option<Who>,
    pub at: Option<String>,
}

#[derive(Debug, Clone, Deserialize)]
pub struct Held {
    pub code: String,
    pub detail: Option<String>,
}

#[derive(Debug, Clone, Deserialize)]
pub struct LastDecision {
    pub action: Option<String>,
    pub by: Option<Who>,
    pub at: Option<String>,
    pub key: Option<String>,
}

#[derive(Debug, Clone, Deserialize)]
pub struct Article {
    pub id: String,
    pub url: Option<String>,
    pub title: Option<String>,
    pub byline: Option<String>,
    pub published: Option<String>,
    pub modified: Option<String>,
    pub lang: Option<String>,
    pub body: Option<Text>,
    /// Why there is no body, where the site says so.
    pub withheld: Option<String>,
}

#[derive(Debug, Clone, Deserialize)]
pub struct Record {
    pub counts: Option<Counts>,
    pub since: Option<String>,
}

#[derive(Debug, Clone, Serialize)]
pub struct Decide<'a> {
    pub action: &'a str,
    pub notify_author: bool,
    /// With `dismiss_reports` only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reports_seen: Option<u64>,
}

/// Problem details (RFC 9457). `current` and `last_decision` stay in the text and are cut out of it.
#[derive(Debug, Clone, Default, Deserialize)]
pub struct Problem {
    #[serde(rename = "type", default)]
    pub kind: String,
    pub title: Option<String>,
    pub detail: Option<String>,
    pub code: Option<String>,
}

#[derive(Debug, Clone, Deserialize)]
pub struct Event {
    pub cursor: Option<String>,
    pub comment: Option<String>,
    pub status: Option<String>,
    pub by: Option<Who>,
}
