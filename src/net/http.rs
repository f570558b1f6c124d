//! `Transport` over reqwest: pooled connections, time and size limits, redirects within one origin only. Never retries,
//! and never lets a header value or a query into an error's words.

#[cfg(test)]
mod tests;

use super::private::{is_private, may_be_in_clear};
use super::why::{Cause, cause};
use super::{ANSWER_SECS_MAX, BODY_MAX, Broken, CONNECT_SECS_MAX, Method, Request, Response, Transport};
use reqwest::blocking::{Client, ClientBuilder, Response as Raw};
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use reqwest::header::{HeaderName, HeaderValue, LOCATION, USER_AGENT};
use std::io::Read;
use std::sync::{Arc, OnceLock};
use std::time::Duration;
use url::{Host, Url};

/// How long a stream may be silent; sites send a heartbeat every 15 seconds.
pub const IDLE_SECS_MAX: Duration = Duration::from_secs(45);
/// Redirects followed within one origin.
const REDIRECTS_MAX: usize = 5;
/// Shorter than the 5 s after which common web servers close an idle connection: a request is not lost in one.
const POOL_IDLE_SECS: Duration = Duration::from_secs(4);
/// Bytes handed to a stream's sink at once, at most.
const PIECE_MAX: usize = 16 * 1024;
const AGENT: &str = concat!("greenroom/", env!("CARGO_PKG_VERSION"));

/// Real HTTP. One value serves every site and every thread.
pub struct Http {
    client: Client,
    /// Without the system's proxy: it could only lead away from this machine. Made at its first use.
    loopback: OnceLock<Client>,
    /// Resolves names to private addresses only, and knows no proxy either. Made at its first use.
    private: OnceLock<Client>,
    timeouts: Timeouts,
}

/// How long is waited for a site. Tests that play a slow one ask for less.
#[derive(Debug, Clone, Copy)]
pub struct Timeouts {
    /// For a whole answer.
    pub answer: Duration,
    /// For one read.
    pub idle: Duration,
}

impl Default for Timeouts {
    fn default() -> Self {
        Self { answer: ANSWER_SECS_MAX, idle: IDLE_SECS_MAX }
    }
}

impl Http {
    /// Fails where the system offers no TLS roots.
    pub fn new() -> Result<Self, Broken> {
        Self::with(Timeouts::default())
    }

    /// The same with other times to wait.
    pub fn with(timeouts: Timeouts) -> Result<Self, Broken> {
        let client = made(builder(timeouts))?;
        Ok(Self { client, loopback: OnceLock::new(), private: OnceLock::new(), timeouts })
    }

    fn client_for(&self, url: &Url) -> Result<&Client, Broken> {
        let (cell, builder) = match url.scheme() {
            _ if is_loopback(url) => (&self.loopback, builder(self.timeouts).no_proxy()),
            // Only what was let through in clear gets here with it.
            "http" => (&self.private, builder(self.timeouts).no_proxy().dns_resolver(Arc::new(PrivateNames))),
            _ => return Ok(&self.client),
        };
        match cell.get() {
            Some(client) => Ok(client),
            None => {
                let client = made(builder)?;
                Ok(cell.get_or_init(|| client))
            }
        }
    }

    /// Sends, and follows redirects that stay on the origin.
    fn exchange(&self, request: &Request, whole: Option<Duration>) -> Result<(Raw, Url), Broken> {
        let allowed = if request.in_clear { may_be_in_clear } else { is_allowed };
        allowed(&request.url).map_err(Broken::NotSent)?;
        let mut url = Url::parse(&request.url).map_err(|e| Broken::NotSent(e.to_string()))?;
        for _ in 0..=REDIRECTS_MAX {
            let raw = self.send_once(request, &url, whole)?;
            let Some(next) = redirect(request.method, &raw, &url)? else { return Ok((raw, url)) };
            url = next;
        }
        Err(Broken::Unusable(format!("the site redirects in circles: {}", shown(&url))))
    }

    fn send_once(&self, request: &Request, url: &Url, whole: Option<Duration>) -> Result<Raw, Broken> {
        let mut builder = self.client_for(url)?.request(method(request.method), url.clone());
        for (name, value) in &request.headers {
            // the value itself stays out of the words: it may be a secret
            let bad = |_| Broken::NotSent(format!("the header {name} cannot be sent"));
            let name = HeaderName::from_bytes(name.as_bytes()).map_err(|_| bad(()))?;
            let mut value = HeaderValue::from_str(value).map_err(|_| bad(()))?;
            value.set_sensitive(true);
            builder = builder.header(name, value);
        }
        if !request.without_agent {
            builder = builder.header(USER_AGENT, AGENT);
        }
        if let Some(whole) = whole {
            builder = builder.timeout(whole);
        }
        if !request.body.is_empty() {
            builder = builder.body(request.body.clone());
        }
        builder.send().map_err(|error| broken(&error, url))
    }
}

impl Transport for Http {
    fn send(&self, request: Request) -> Result<Response, Broken> {
        let (mut raw, url) = self.exchange(&request, Some(self.timeouts.answer))?;
        let mut answer = head(&raw);
        if raw.content_length().is_some_and(|length| length > BODY_MAX) {
            return Err(over_cap(&url));
        }
        let mut body = Vec::new();
        // counted after decompression: a small answer may unfold into a huge one
        (&mut raw).take(BODY_MAX + 1).read_to_end(&mut body).map_err(|error| cut(&error, &url))?;
        if body.len() as u64 > BODY_MAX {
            return Err(over_cap(&url));
        }
        answer.body = body;
        Ok(answer)
    }

    fn stream(&self, request: Request, sink: &mut dyn FnMut(&[u8]) -> bool) -> Result<Response, Broken> {
        let (mut raw, url) = self.exchange(&request, None)?;
        let mut answer = head(&raw);
        if answer.status != 200 {
            (&mut raw).take(BODY_MAX).read_to_end(&mut answer.body).map_err(|error| cut(&error, &url))?;
            return Ok(answer);
        }
        let mut piece = vec![0; PIECE_MAX];
        loop {
            let length = raw.read(&mut piece).map_err(|error| cut(&error, &url))?;
            if length == 0 || !sink(&piece[..length]) {
                return Ok(answer);
            }
        }
    }
}

/// Whether the desk would send anything to that address: `https`, or `http` to this machine. The error says why not.
pub fn is_allowed(url: &str) -> Result<(), String> {
    let url = Url::parse(url).map_err(|error| format!("this is not an address: {error}"))?;
    match url.scheme() {
        "https" if url.has_host() => Ok(()),
        "http" if is_loopback(&url) => Ok(()),
        "http" => Err("only https is used, so that nobody on the way reads the password".to_owned()),
        other => Err(format!("{other} is not a web address")),
    }
}

fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        Some(Host::Domain(name)) => name.eq_ignore_ascii_case("localhost"),
        None => false,
    }
}

/// Why nothing was sent by a name.
pub(super) const LEADS_OUT: &str = "that name leads out of the private network, and nothing was sent";

/// Names as they resolve on a private network. An answer that leads out of it is none: whoever answers for a name could have
/// changed it since a person looked.
struct PrivateNames;

impl Resolve for PrivateNames {
    fn resolve(&self, name: Name) -> Resolving {
        Box::pin(async move {
            let found: Vec<_> = tokio::net::lookup_host((name.as_str(), 0)).await?.collect();
            if found.is_empty() || !found.iter().all(|address| is_private(address.ip())) {
                return Err(LEADS_OUT.into());
            }
            Ok(Box::new(found.into_iter()) as Addrs)
        })
    }
}

fn builder(timeouts: Timeouts) -> ClientBuilder {
    Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .retry(reqwest::retry::never())
        .referer(false)
        .connect_timeout(CONNECT_SECS_MAX)
        // on the blocking client this is the longest wait for one read, not for the whole answer
        .timeout(timeouts.idle)
        .pool_idle_timeout(POOL_IDLE_SECS)
}

fn made(builder: ClientBuilder) -> Result<Client, Broken> {
    builder.build().map_err(|error| match cause(&error) {
        Cause::Untrusted(distrust) => Broken::Untrusted(distrust),
        Cause::Other(why) => Broken::NotSent(why),
    })
}

fn method(method: Method) -> reqwest::Method {
    match method {
        Method::Head => reqwest::Method::HEAD,
        Method::Get => reqwest::Method::GET,
        Method::Post => reqwest::Method::POST,
        Method::Put => reqwest::Method::PUT,
        Method::Patch => reqwest::Method::PATCH,
        Method::Delete => reqwest::Method::DELETE,
    }
}

/// Where to go on, if anywhere. A write follows only the redirects that keep its method.
fn redirect(method: Method, raw: &Raw, from: &Url) -> Result<Option<Url>, Broken> {
    let keeps_method = matches!(raw.status().as_u16(), 307 | 308);
    let moves = keeps_method || matches!(raw.status().as_u16(), 301..=303);
    let Some(location) = raw.headers().get(LOCATION).filter(|_| moves) else { return Ok(None) };
    let target = location.to_str().ok().and_then(|text| from.join(text).ok());
    let Some(target) = target else { return Ok(None) };
    if target.origin() != from.origin() {
        return Err(Broken::Elsewhere(shown(&target)));
    }
    let may_follow = keeps_method || matches!(method, Method::Get | Method::Head);
    Ok(may_follow.then_some(target))
}

fn head(raw: &Raw) -> Response {
    let headers = raw.headers().iter().map(|(name, value)| {
        (name.as_str().to_owned(), String::from_utf8_lossy(value.as_bytes()).into_owned())
    });
    Response { status: raw.status().as_u16(), headers: headers.collect(), body: Vec::new() }
}

fn broken(error: &reqwest::Error, url: &Url) -> Broken {
    let why = match root(error) {
        Cause::Untrusted(distrust) => return Broken::Untrusted(distrust),
        Cause::Other(why) => format!("{why}: {}", shown(url)),
    };
    if error.is_connect() || error.is_builder() { Broken::NotSent(why) } else { Broken::NoAnswer(why) }
}

fn cut(error: &std::io::Error, url: &Url) -> Broken {
    let told = error.get_ref().and_then(|inner| inner.downcast_ref::<reqwest::Error>());
    let cause = match told {
        Some(told) => root(told),
        None => cause(error),
    };
    let why = match cause {
        Cause::Untrusted(distrust) => return Broken::Untrusted(distrust),
        Cause::Other(why) => why,
    };
    Broken::NoAnswer(format!("{why}: {}", shown(url)))
}

fn over_cap(url: &Url) -> Broken {
    Broken::Unusable(format!("the answer is larger than {} MiB: {}", BODY_MAX >> 20, shown(url)))
}

/// The innermost reason: the outer ones only say that a request failed, and name the whole address.
fn root(error: &reqwest::Error) -> Cause {
    if error.is_timeout() {
        let missed = if error.is_connect() { "no connection in time" } else { "no answer in time" };
        return Cause::Other(missed.to_owned());
    }
    cause(error)
}

/// An address as it may stand in an error: no user, password, query or fragment.
fn shown(url: &Url) -> String {
    format!("{}{}", url.origin().ascii_serialization(), url.path())
}
