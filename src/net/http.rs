//! `Transport` over reqwest: pooled connections, time and size limits, redirects within one origin only. Never retries,
//! and never lets a header value or a query into an error's words.

use super::private::{is_private, may_be_in_clear};
use super::{ANSWER_SECS_MAX, BODY_MAX, Broken, CONNECT_SECS_MAX, Method, Request, Response, Transport};
use reqwest::blocking::{Client, ClientBuilder, Response as Raw};
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use reqwest::header::{HeaderName, HeaderValue, LOCATION, USER_AGENT};
use std::error::Error as _;
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

#[derive(Clone, Copy)]
struct Timeouts {
    answer: Duration,
    idle: Duration,
}

impl Http {
    /// Fails where the system offers no TLS roots.
    pub fn new() -> Result<Self, Broken> {
        Self::with(Timeouts { answer: ANSWER_SECS_MAX, idle: IDLE_SECS_MAX })
    }

    fn with(timeouts: Timeouts) -> Result<Self, Broken> {
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
        Err(Broken::NoAnswer(format!("the site redirects in circles: {}", shown(&url))))
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

/// Names as they resolve on a private network. An answer that leads out of it is none: whoever answers for a name could have
/// changed it since a person looked.
struct PrivateNames;

impl Resolve for PrivateNames {
    fn resolve(&self, name: Name) -> Resolving {
        Box::pin(async move {
            let found: Vec<_> = tokio::net::lookup_host((name.as_str(), 0)).await?.collect();
            if found.is_empty() || !found.iter().all(|address| is_private(address.ip())) {
                return Err("that name leads out of the private network, and nothing was sent".into());
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
    builder.build().map_err(|error| Broken::NotSent(root(&error)))
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
    let why = format!("{}: {}", root(error), shown(url));
    if error.is_connect() || error.is_builder() { Broken::NotSent(why) } else { Broken::NoAnswer(why) }
}

fn cut(error: &std::io::Error, url: &Url) -> Broken {
    let why = error.get_ref().and_then(|inner| inner.downcast_ref()).map_or_else(|| error.to_string(), root);
    Broken::NoAnswer(format!("the answer was cut short ({why}): {}", shown(url)))
}

fn over_cap(url: &Url) -> Broken {
    Broken::NoAnswer(format!("the answer is larger than {} MiB: {}", BODY_MAX >> 20, shown(url)))
}

/// The innermost reason: the outer ones only say that a request failed, and name the whole address.
fn root(error: &reqwest::Error) -> String {
    if error.is_timeout() {
        return "no answer in time".to_owned();
    }
    let mut inner = error.source();
    while let Some(deeper) = inner.and_then(std::error::Error::source) {
        inner = Some(deeper);
    }
    inner.map_or_else(|| "the request could not be made".to_owned(), ToString::to_string)
}

/// An address as it may stand in an error: no user, password, query or fragment.
fn shown(url: &Url) -> String {
    format!("{}{}", url.origin().ascii_serialization(), url.path())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;
    use std::net::{TcpListener, TcpStream};
    use std::sync::{Arc, mpsc};
    use std::thread;

    /// A server that gives each connection to `each`, with the request it read.
    fn serve(each: impl Fn(String, TcpStream) + Send + Sync + 'static) -> (String, mpsc::Receiver<String>) {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let (tell, told) = mpsc::channel();
        let each = Arc::new(each);
        thread::spawn(move || {
            for stream in listener.incoming() {
                let (mut stream, tell, each) = (stream.unwrap(), tell.clone(), Arc::clone(&each));
                thread::spawn(move || {
                    let request = read_request(&mut stream);
                    let _ = tell.send(request.clone());
                    each(request, stream);
                });
            }
        });
        (address, told)
    }

    fn read_request(stream: &mut TcpStream) -> String {
        let mut all = Vec::new();
        let mut piece = [0; 4096];
        loop {
            let length = stream.read(&mut piece).unwrap_or(0);
            all.extend_from_slice(&piece[..length]);
            let text = String::from_utf8_lossy(&all).into_owned();
            let Some((head, body)) = text.split_once("\r\n\r\n") else {
                if length == 0 {
                    return text;
                }
                continue;
            };
            let wanted = head.to_lowercase();
            let wanted = wanted.lines().find_map(|l| l.strip_prefix("content-length: "));
            if body.len() >= wanted.map_or(0, |n| n.parse().unwrap()) || length == 0 {
                return text;
            }
        }
    }

    fn answer(stream: &mut TcpStream, head: &str, body: &[u8]) {
        let _ =
            write!(stream, "HTTP/1.1 {head}\r\ncontent-length: {}\r\nconnection: close\r\n\r\n", body.len());
        let _ = stream.write_all(body);
    }

    fn short() -> Http {
        let timeouts = Timeouts { answer: Duration::from_millis(400), idle: Duration::from_millis(400) };
        Http::with(timeouts).unwrap()
    }

    fn get(url: impl Into<String>) -> Request {
        Request::new(Method::Get, url)
    }

    #[test]
    fn the_agent_is_honest_or_absent() {
        let (url, told) = serve(|_, mut s| answer(&mut s, "200 OK", b"[]"));
        let http = Http::new().unwrap();
        http.send(get(&url)).unwrap();
        let agent = format!("user-agent: greenroom/{}", env!("CARGO_PKG_VERSION"));
        let seen = told.recv().unwrap().to_lowercase();
        assert!(seen.contains(&agent), "{seen}");
        let mut request = Request::new(Method::Post, &url).json(b"{}".to_vec());
        request.without_agent = true;
        http.send(request).unwrap();
        let seen = told.recv().unwrap().to_lowercase();
        assert!(!seen.contains("user-agent"), "{seen}");
    }

    #[test]
    fn a_redirect_stays_on_its_origin() {
        let (other, reached) = serve(|_, mut s| answer(&mut s, "200 OK", b"stolen"));
        let target = other.clone();
        let (url, _told) = serve(move |request, mut s| {
            let head = match request.split(' ').nth(1).unwrap() {
                "/near" => "302 Found\r\nlocation: /here?x=1".to_owned(),
                "/far" => format!("302 Found\r\nlocation: {target}/loot?token=1"),
                "/circle" => "302 Found\r\nlocation: /circle".to_owned(),
                _ => "200 OK".to_owned(),
            };
            answer(&mut s, &head, b"arrived");
        });
        let http = Http::new().unwrap();
        assert_eq!(http.send(get(format!("{url}/near"))).unwrap().body, b"arrived");
        let far = http.send(get(format!("{url}/far")).header("authorization", "Basic c2VjcmV0"));
        assert_eq!(far, Err(Broken::Elsewhere(format!("{other}/loot"))));
        assert!(reached.try_recv().is_err(), "the credentials went to another origin");
        assert!(matches!(http.send(get(format!("{url}/circle"))), Err(Broken::NoAnswer(_))));
    }

    #[test]
    fn a_write_is_never_turned_into_a_read() {
        let (url, told) = serve(|_, mut s| answer(&mut s, "301 Moved\r\nlocation: /elsewhere", b""));
        let got = Http::new().unwrap().send(Request::new(Method::Post, url).json(b"{}".to_vec())).unwrap();
        assert_eq!(got.status, 301);
        assert!(told.recv().unwrap().starts_with("POST"));
        assert!(told.try_recv().is_err(), "it asked a second time");
    }

    #[test]
    fn what_never_left_is_told_from_what_was_not_answered() {
        let closed = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
        let http = short();
        assert!(matches!(http.send(get(format!("http://{closed}"))), Err(Broken::NotSent(_))));
        let (silent, _a) = serve(|_, s| {
            thread::sleep(Duration::from_secs(2));
            drop(s);
        });
        assert!(matches!(http.send(get(silent)), Err(Broken::NoAnswer(_))));
        let (hangs_up, _b) = serve(|_, s| drop(s));
        assert!(matches!(http.send(get(hangs_up)), Err(Broken::NoAnswer(_))));
        let (cut_short, _c) = serve(|_, mut s| {
            let _ = s.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nonly this");
        });
        assert!(matches!(http.send(get(cut_short)), Err(Broken::NoAnswer(_))));
    }

    #[test]
    fn an_answer_over_the_cap_is_refused() {
        let (told_length, _a) = serve(|_, mut s| {
            let _ = write!(s, "HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n", BODY_MAX + 1);
        });
        assert!(matches!(Http::new().unwrap().send(get(told_length)), Err(Broken::NoAnswer(_))));
        let (written, pieces) = mpsc::channel();
        let (endless, _b) = serve(move |_, mut s| {
            let _ = s.write_all(b"HTTP/1.1 200 OK\r\n\r\n");
            let piece = vec![b' '; 1 << 20];
            while s.write_all(&piece).is_ok() && written.send(()).is_ok() {}
        });
        let got = Http::new().unwrap().send(get(endless));
        assert!(matches!(&got, Err(Broken::NoAnswer(why)) if why.contains("16 MiB")), "{got:?}");
        let read_mib = pieces.try_iter().count();
        assert!(read_mib < 32, "{read_mib} MiB were read of an answer over the cap");
    }

    #[test]
    fn the_cap_counts_what_an_answer_unfolds_to() {
        let small = include_bytes!("../../tests/fixtures/http/unfolds.gz");
        assert!(small.len() < 32 * 1024);
        let (url, told) = serve(|_, mut s| answer(&mut s, "200 OK\r\ncontent-encoding: gzip", small));
        let got = Http::new().unwrap().send(get(url));
        assert!(matches!(&got, Err(Broken::NoAnswer(why)) if why.contains("16 MiB")), "{got:?}");
        assert!(told.recv().unwrap().to_lowercase().contains("accept-encoding: gzip"));
    }

    #[test]
    fn errors_name_no_secret() {
        let closed = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
        let url = format!("http://mona:passw0rd@{closed}/a?token=t0ken&author_email=r%40x");
        let error = short().send(get(&url).header("authorization", "Bearer b3arer")).unwrap_err();
        let words = format!("{error:?} {:?}", get(&url));
        for secret in ["passw0rd", "t0ken", "b3arer", "r%40x"] {
            assert!(!words.contains(secret), "{words}");
        }
        let error = short().send(get("http://127.0.0.1:1/").header("x-key", "ke\ny")).unwrap_err();
        assert_eq!(error, Broken::NotSent("the header x-key cannot be sent".to_owned()));
    }

    #[test]
    fn only_https_leaves_this_machine() {
        for good in
            ["https://news.example/x", "http://127.0.0.1:8471", "http://[::1]/", "http://localhost:1/"]
        {
            assert_eq!(is_allowed(good), Ok(()), "{good}");
        }
        for bad in [
            "http://news.example",
            "http://192.168.0.2",
            "http://localhost.evil.example",
            "ftp://127.0.0.1",
            "file:///etc/passwd",
            "news.example",
            "",
        ] {
            assert!(is_allowed(bad).is_err(), "{bad}");
            assert!(matches!(Http::new().unwrap().send(get(bad)), Err(Broken::NotSent(_))), "{bad}");
        }
    }

    #[test]
    fn in_clear_nothing_leaves_the_private_network() {
        let http = Http::new().unwrap();
        let in_clear = |url: &str| http.send(Request { in_clear: true, ..get(url) });
        for bad in ["http://news.example/", "http://8.8.8.8/", "http://192.169.0.1/"] {
            let Err(Broken::NotSent(why)) = in_clear(bad) else { panic!("{bad}") };
            assert!(why.contains("private network"), "{why}");
        }
        // without having been let through, the same address is refused as ever
        assert!(matches!(http.send(get("http://192.168.0.2/")), Err(Broken::NotSent(_))));
    }

    #[test]
    fn a_name_that_leads_out_of_the_private_network_is_no_name() {
        let resolve = |name: &str| {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            runtime.block_on(PrivateNames.resolve(name.parse().unwrap())).map(Iterator::count)
        };
        assert!(resolve("localhost").unwrap() > 0);
        let why = resolve("192.0.2.9").unwrap_err().to_string();
        assert!(why.contains("nothing was sent"), "{why}");
        assert!(resolve("10.1.2.3").unwrap() == 1);
    }

    #[test]
    fn a_stream_comes_piece_by_piece_and_ends_when_it_falls_silent() {
        let (url, _told) = serve(|request, mut s| {
            if request.starts_with("GET /no") {
                return answer(&mut s, "410 Gone", b"too old");
            }
            let _ = s.write_all(b"HTTP/1.1 200 OK\r\n\r\n");
            for piece in ["one", "two", "three"] {
                let _ = s.write_all(piece.as_bytes());
                thread::sleep(Duration::from_millis(250));
            }
            thread::sleep(Duration::from_secs(3));
        });
        let http = short();
        let mut all = String::new();
        let end = http.stream(get(&url), &mut |piece| {
            all.push_str(&String::from_utf8_lossy(piece));
            true
        });
        // longer than the idle limit in all, and no single silence as long as it until the last
        assert_eq!(all, "onetwothree");
        assert!(matches!(end, Err(Broken::NoAnswer(_))), "{end:?}");
        let stopped = http.stream(get(&url), &mut |_| false).unwrap();
        assert_eq!((stopped.status, stopped.body.len()), (200, 0));
        let refused = http.stream(get(format!("{url}/no")), &mut |_| true).unwrap();
        assert_eq!((refused.status, refused.body), (410, b"too old".to_vec()));
    }
}
