//! The wire: one port, our own envelopes. Nothing here knows a site, a comment or a retry.

pub mod http;
pub mod private;
mod why;

use std::time::Duration;

/// What a request does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Method {
    Head,
    Get,
    Post,
    Put,
    Patch,
    Delete,
}

/// One request. `Debug` leaves header values, bodies and the query out: they hold secrets and readers' addresses.
#[derive(Clone, PartialEq, Eq)]
pub struct Request {
    pub method: Method,
    pub url: String,
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
    /// The honest `User-Agent` is left off (WordPress would store it as the reader's).
    pub without_agent: bool,
    /// Its site is on a private network, and a person lets the desk speak to it without encryption.
    pub in_clear: bool,
}

impl std::fmt::Debug for Request {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let end = self.url.find(['?', '#']).unwrap_or(self.url.len());
        let path = &self.url[..end];
        // whoever stands before an `@` in the host part may have a password
        let host = path.find("://").map_or(0, |at| at + 3);
        let user = path[host..].split('/').next().and_then(|host| host.rfind('@'));
        write!(f, "{:?} {}{}", self.method, &path[..host], &path[host + user.map_or(0, |at| at + 1)..])
    }
}

impl Request {
    /// A request without headers or body.
    pub fn new(method: Method, url: impl Into<String>) -> Self {
        Self {
            method,
            url: url.into(),
            headers: Vec::new(),
            body: Vec::new(),
            without_agent: false,
            in_clear: false,
        }
    }

    /// The same with one header more.
    #[must_use]
    pub fn header(mut self, name: &str, value: impl Into<String>) -> Self {
        self.headers.push((name.to_owned(), value.into()));
        self
    }

    /// The same with a JSON body.
    #[must_use]
    pub fn json(mut self, body: Vec<u8>) -> Self {
        self.body = body;
        self.header("content-type", "application/json")
    }
}

/// One answer, whole. Header names are lower case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Response {
    pub status: u16,
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

impl Response {
    /// The first header of that lower-case name.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(n, _)| n == name).map(|(_, v)| v.as_str())
    }
}

impl<T: Transport + ?Sized> Transport for &T {
    fn send(&self, request: Request) -> Result<Response, Broken> {
        (**self).send(request)
    }

    fn stream(&self, request: Request, sink: &mut dyn FnMut(&[u8]) -> bool) -> Result<Response, Broken> {
        (**self).stream(request, sink)
    }

    fn permits(&self, url: &str) -> Result<(), String> {
        (**self).permits(url)
    }
}

impl<T: Transport + ?Sized> Transport for std::sync::Arc<T> {
    fn send(&self, request: Request) -> Result<Response, Broken> {
        (**self).send(request)
    }

    fn stream(&self, request: Request, sink: &mut dyn FnMut(&[u8]) -> bool) -> Result<Response, Broken> {
        (**self).stream(request, sink)
    }

    fn permits(&self, url: &str) -> Result<(), String> {
        (**self).permits(url)
    }
}

/// Why there is no answer, told apart by whether the request may have been carried out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Broken {
    /// It never left: no name, no route, connection refused, TLS refused.
    NotSent(String),
    /// It was sent, and the answer was lost or cut.
    NoAnswer(String),
    /// It was sent and answered, and the answer is over the cap or leads in circles.
    Unusable(String),
    /// The answer pointed to another origin; credentials do not go there.
    Elsewhere(String),
    /// It never left: who answers there could not prove to be the site.
    Untrusted(Distrust),
}

impl std::fmt::Display for Broken {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::NotSent(why) | Self::NoAnswer(why) | Self::Unusable(why) => f.write_str(why),
            Self::Elsewhere(to) => write!(f, "the site sends callers on to {to}"),
            Self::Untrusted(why) => why.fmt(f),
        }
    }
}

/// What is wrong with a site's certificate. Each is mended by somebody else.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Distrust {
    Expired,
    /// Not valid yet: most often this computer's clock is behind.
    Early,
    /// Signed by nobody that this system trusts, itself included.
    Stranger,
    /// It names another host.
    OtherName,
    Revoked,
    /// It cannot be read, or may not be used for a site.
    Broken,
}

impl std::fmt::Display for Distrust {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Expired => "its certificate has expired",
            Self::Early => "its certificate is not valid yet",
            Self::Stranger => "its certificate is signed by nobody this computer trusts",
            Self::OtherName => "its certificate is for another name",
            Self::Revoked => "its certificate was withdrawn",
            Self::Broken => "its certificate cannot be used",
        })
    }
}

/// Largest answer read, in bytes.
pub const BODY_MAX: u64 = 16 * 1024 * 1024;
/// Time for a connection to stand.
pub const CONNECT_SECS_MAX: Duration = Duration::from_secs(10);
/// Time for a whole answer.
pub const ANSWER_SECS_MAX: Duration = Duration::from_secs(60);

/// Sends requests. Implementations never retry and never follow a redirect to another origin.
pub trait Transport: Send + Sync {
    /// Whether anything would be sent to that address. The error says why not.
    fn permits(&self, url: &str) -> Result<(), String> {
        http::is_allowed(url)
    }

    /// Sends one request and reads the whole answer.
    fn send(&self, request: Request) -> Result<Response, Broken>;

    /// Sends one request and hands over the answer in pieces as they come, until `sink` says false or the
    /// answer ends. Returns the answer's head; `sink` sees pieces only when the status is 200.
    fn stream(&self, request: Request, sink: &mut dyn FnMut(&[u8]) -> bool) -> Result<Response, Broken>;
}
