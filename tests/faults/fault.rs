//! What can go wrong on a wire: about fifty kinds, each told once. What they do to JSON is in `mangle`.

use super::mangle;
use super::message::{Asked, Told};
use super::proxy::Dialect;
use super::wordpress;
use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::json;
use std::io::Write as _;
use std::net::SocketAddr;
use std::sync::LazyLock;

/// An answer that the site never gave.
#[derive(Debug, Clone, Copy)]
pub struct Instead(pub fn(&Asked, Dialect) -> Told);

/// The site's own answer, changed on its way. The address is that of another origin.
#[derive(Debug, Clone, Copy)]
pub struct Changed(pub fn(&Asked, Told, SocketAddr) -> Told);

/// What is done to a request.
#[derive(Debug, Clone, Copy)]
pub enum How {
    /// Nobody listens.
    Refuse,
    ResetBefore,
    /// The site has carried it out, and its answer is lost.
    ResetAfter,
    /// The answer ends after so many thirds, a byte short after the last; `told` where its length was.
    Cut {
        thirds: usize,
        told: bool,
    },
    Stall,
    StallHalfway,
    /// One byte a second.
    Trickle,
    /// Something else than the site's answer, byte for byte.
    Raw(fn() -> Vec<u8>),
    /// A page of a gigabyte.
    Endless,
    /// On to another origin.
    Elsewhere,
    /// On to itself.
    Circle,
    Instead(Instead),
    Changed(Changed),
    /// The same, of the first page whatever page was asked for.
    Again(Changed),
}

/// Which requests a fault is done to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Scope {
    All,
    /// Only what decides.
    Writes,
    /// Only pages of comments.
    Pages,
    /// What stands beside a comment: its article, its thread and its author's record.
    Beside,
}

impl Scope {
    pub fn covers(self, asked: &Asked) -> bool {
        let beside = || {
            ["/articles/", "/thread", "/authors/", "/posts", "/pages", "/types", "author_email=", "parent="]
                .iter()
                .any(|part| asked.path.contains(part))
        };
        match self {
            Self::All => true,
            Self::Writes => asked.is_write(),
            Self::Pages => !asked.is_write() && asked.path.contains("/comments?"),
            Self::Beside => !asked.is_write() && beside(),
        }
    }
}

/// One kind of fault.
#[derive(Debug, Clone, Copy)]
pub struct Kind {
    pub name: &'static str,
    pub how: How,
    /// Where it makes a difference which request it is.
    pub scopes: &'static [Scope],
}

const EVERY: &[Scope] = &[Scope::All, Scope::Writes, Scope::Beside];
const MOST: &[Scope] = &[Scope::All, Scope::Writes];
const READS: &[Scope] = &[Scope::All];

const fn kind(name: &'static str, how: How, scopes: &'static [Scope]) -> Kind {
    Kind { name, how, scopes }
}

const fn instead(name: &'static str, make: fn(&Asked, Dialect) -> Told, scopes: &'static [Scope]) -> Kind {
    kind(name, How::Instead(Instead(make)), scopes)
}

const fn changed(
    name: &'static str,
    change: fn(&Asked, Told, SocketAddr) -> Told,
    scopes: &'static [Scope],
) -> Kind {
    kind(name, How::Changed(Changed(change)), scopes)
}

/// What breaks below the meaning of an answer. Each is played once through the transport alone.
pub const TRANSPORT: [Kind; 18] = [
    kind("connection refused", How::Refuse, READS),
    kind("reset before the request", How::ResetBefore, MOST),
    kind("reset after the request", How::ResetAfter, MOST),
    kind("answer cut at a third", How::Cut { thirds: 1, told: true }, &[]),
    kind("answer cut at two thirds", How::Cut { thirds: 2, told: true }, MOST),
    kind("answer cut at its last byte", How::Cut { thirds: 3, told: true }, &[]),
    kind("answer cut, length untold", How::Cut { thirds: 2, told: false }, MOST),
    kind("silence before the answer", How::Stall, MOST),
    kind("silence halfway", How::StallHalfway, &[]),
    kind("one byte a second", How::Trickle, READS),
    kind("no HTTP", How::Raw(greeting), READS),
    kind("a header of a megabyte", How::Raw(long_header), READS),
    kind("10,000 headers", How::Raw(many_headers), &[]),
    kind("gzip bomb", How::Raw(bomb), EVERY),
    kind("a page of a gigabyte", How::Endless, READS),
    kind("redirect to another origin", How::Elsewhere, EVERY),
    kind("redirect in a circle", How::Circle, MOST),
    instead("no body", |_, _| Told::json(200, ""), EVERY),
];

/// What an answer says wrongly. Each is played on every backend.
pub const MEANING: [Kind; 35] = [
    instead("401", |_, dialect| refusal(401, dialect), EVERY),
    instead("403", |_, dialect| refusal(403, dialect), EVERY),
    instead("403 by a firewall", |_, _| Told::page(403, "Request blocked"), EVERY),
    instead("404", |_, dialect| refusal(404, dialect), EVERY),
    instead("404 by a web server", |_, _| Told::page(404, "Not Found"), EVERY),
    instead("409", |_, dialect| refusal(409, dialect), EVERY),
    instead("410", |_, dialect| refusal(410, dialect), EVERY),
    instead("412", |_, dialect| refusal(412, dialect), EVERY),
    instead("422", |_, dialect| refusal(422, dialect), EVERY),
    instead("429", |_, dialect| refusal(429, dialect), EVERY),
    instead("429, Retry-After: 3", |_, dialect| refusal(429, dialect).with("retry-after", "3"), READS),
    instead("429, Retry-After: 0", |_, dialect| refusal(429, dialect).with("retry-after", "0"), READS),
    instead(
        "429, Retry-After: 99999999999",
        |_, dialect| refusal(429, dialect).with("retry-after", "99999999999"),
        READS,
    ),
    instead("429, Retry-After: -5", |_, dialect| refusal(429, dialect).with("retry-after", "-5"), READS),
    instead("429, Retry-After: soon", |_, dialect| refusal(429, dialect).with("retry-after", "soon"), READS),
    instead(
        "429, Retry-After: in 2099",
        |_, dialect| {
            let dates = ("date", "Sat, 28 Nov 2026 12:00:00 GMT");
            refusal(429, dialect).with(dates.0, dates.1).with("retry-after", "Sun, 29 Nov 2099 12:00:00 GMT")
        },
        READS,
    ),
    instead("500", |_, dialect| refusal(500, dialect), EVERY),
    instead("502 by a gateway", |_, _| Told::page(502, "Bad Gateway"), EVERY),
    instead("503, Retry-After: 600", |_, dialect| refusal(503, dialect).with("retry-after", "600"), EVERY),
    instead("a web page with 200", |_, _| Told::page(200, "Are you human?"), EVERY),
    instead("other JSON", |_, _| Told::json(200, r#"{"ok":true}"#), EVERY),
    instead("204", |_, _| Told { status: 204, headers: Vec::new(), body: Vec::new() }, MOST),
    changed("text before the JSON", |_, told, _| mangle::stray(told), EVERY),
    changed("values of another type", |_, told, _| told.change(mangle::retype), EVERY),
    changed("fields missing", |_, told, _| told.change(mangle::thin), EVERY),
    changed("fields nobody knows", |_, told, _| told.change(mangle::extend), EVERY),
    changed("null everywhere", |_, told, _| told.change(mangle::nullify), EVERY),
    changed("empty lists with 200", |_, told, _| mangle::empty(told), EVERY),
    changed("a page of 8,000 comments", |_, told, _| told.change(mangle::multiply), READS),
    changed("every comment twice", |_, told, _| told.change(mangle::double), READS),
    changed("a clock a day ahead", |_, told, _| mangle::tomorrow(told), READS),
    changed("ids of another type", |_, told, _| told.change(mangle::retype_ids), MOST),
    changed("the next page on another site", |_, told, trap| mangle::lead_away(told, trap), READS),
    changed("pages without rows and without end", |asked, told, _| mangle::lead_on(asked, told), READS),
    kind(
        "the same page without end",
        How::Again(Changed(|asked, told, _| mangle::lead_on(asked, told))),
        READS,
    ),
];

fn greeting() -> Vec<u8> {
    b"SSH-2.0-OpenSSH_9.6\r\n".to_vec()
}

fn long_header() -> Vec<u8> {
    format!("HTTP/1.1 200 OK\r\nx-long: {}\r\ncontent-length: 2\r\n\r\n[]", "y".repeat(1 << 20)).into_bytes()
}

fn many_headers() -> Vec<u8> {
    let lines: String = (0..10_000).map(|n| format!("x-{n}: y\r\n")).collect();
    format!("HTTP/1.1 200 OK\r\n{lines}content-length: 2\r\n\r\n[]").into_bytes()
}

/// A megabyte that unfolds to one gigabyte of blanks.
fn bomb() -> Vec<u8> {
    static FOLDED: LazyLock<Vec<u8>> = LazyLock::new(|| {
        let mut folded = GzEncoder::new(Vec::new(), Compression::fast());
        let blanks = vec![b' '; 1 << 20];
        (0..1024).for_each(|_| folded.write_all(&blanks).unwrap());
        folded.finish().unwrap()
    });
    let head = format!(
        "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-encoding: gzip\r\nx-wp-total: 5\r\n\
         content-length: {}\r\n\r\n",
        FOLDED.len()
    );
    [head.as_bytes(), &FOLDED].concat()
}

/// The site's own refusal of that status, as each system words it.
fn refusal(status: u16, dialect: Dialect) -> Told {
    match dialect {
        Dialect::Cmh => {
            let (code, title) = match status {
                401 => ("unauthorized", "Sign in"),
                403 => ("forbidden", "Not allowed"),
                404 => ("missing", "No such thing"),
                410 => ("gone", "Gone"),
                429 => ("throttled", "Too many requests"),
                500.. => ("unavailable", "The site is resting"),
                _ => ("invalid", "This cannot be done"),
            };
            let problem = json!({"type": format!("https://cmh.example/problems/{code}"), "title": title,
                "status": status, "code": code});
            Told::json(status, &problem.to_string()).with("content-type", "application/problem+json")
        }
        Dialect::WordPress => match status {
            401 => Told::json(401, &wordpress::body("wrong-password-1")),
            404 => Told::json(404, &wordpress::body("look-gone-2")),
            410 => Told::json(410, &wordpress::body("reject-again-1")),
            500 => Told::json(500, &wordpress::body("fatal-1")),
            _ => {
                let (code, message) = match status {
                    403 => ("rest_cannot_edit", "Sorry, you are not allowed to edit this comment."),
                    409 => ("comment_duplicate", "Duplicate comment detected."),
                    429 => ("too_many_requests", "Slow down."),
                    503 => ("rest_unavailable", "Briefly unavailable for scheduled maintenance."),
                    _ => ("rest_invalid_param", "Invalid parameter(s): status"),
                };
                let problem = json!({"code": code, "message": message, "data": {"status": status}});
                Told::json(status, &problem.to_string())
            }
        },
    }
}
