//! What a site must be able to do to be moderated, in one trait. A backend turns requests into domain values: it keeps
//! no state beyond its configuration, never touches the store, never retries. It answers, or it faults.

mod auth;
#[cfg(test)]
mod canned;
pub mod cmh;
mod fault;
mod headers;
pub mod json;
pub mod wordpress;

pub use fault::Fault;

use crate::domain;
use crate::domain::{
    Article, ArticleKey, AuthorKey, Capabilities, Cursor, Decision, Item, Moderator, NativeId, Observed,
    Page, Queue, Receipt, Record, Sight, Site, Status,
};
use crate::net::{Broken, Transport, private};
use url::Url;

/// What gets a moderator in. Has no `Debug`: a secret is never printed.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// Takes a secret into custody.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The secret itself, for the one header it goes into or the keyring it is kept in.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Secret(…)")
    }
}

/// One change a feed told: thin, the comment itself is looked at again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// Where to resume after this one.
    pub cursor: Cursor,
    pub native_id: Option<NativeId>,
    pub status: Option<Status>,
    /// The moderator behind it, where the site says.
    pub by: Option<String>,
}

/// Whether a feed goes on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Flow {
    GoOn,
    Stop,
}

/// One site's API. Calls block; who calls decides when, how often and on which thread.
pub trait Backend: Send + Sync {
    /// What the system can do before anyone has signed in; [`Moderator::can`] narrows it.
    fn capabilities(&self) -> Capabilities;

    /// Who the secret belongs to and what they may do. Faults `Unauthorized` for a wrong secret and `Forbidden` for an
    /// account that may not moderate, however the site words it.
    fn identify(&self, wire: &dyn Transport) -> Result<Moderator, Fault>;

    /// One page of a queue.
    fn pull(&self, wire: &dyn Transport, queue: &Queue, cursor: &Cursor) -> Result<Page, Fault>;

    /// How up to 100 comments stand now: words, author fields and status. One sight for each id, in the order asked.
    fn look(&self, wire: &dyn Transport, ids: &[NativeId]) -> Result<Vec<Sight>, Fault>;

    /// Carries out one decision. `fresh` is the newest look at the comment; where the site cannot refuse a stale write it
    /// is at most one second old. A receipt's status is the wanted one; an answer that did something else is
    /// `Unconfirmed`.
    fn push(&self, wire: &dyn Transport, decision: &Decision, fresh: &Observed) -> Result<Receipt, Fault>;

    /// What a comment replies to, outermost first, and the replies beside and below it that the site tells.
    fn thread(&self, wire: &dyn Transport, of: &Observed) -> Result<Vec<Item>, Fault>;

    /// An author's record on this site.
    fn author(&self, wire: &dyn Transport, who: &AuthorKey) -> Result<Record, Fault>;

    /// Articles in full, those of `keys` that the site gives. A missing one is simply not in the answer.
    fn articles(&self, wire: &dyn Transport, keys: &[ArticleKey]) -> Result<Vec<Article>, Fault>;

    /// Follows the site's changes from `since` (`Start` is now) until `sink` stops it or the connection ends; returns
    /// where to resume. Only with [`Capabilities::feed`].
    fn feed(
        &self,
        wire: &dyn Transport,
        since: &Cursor,
        sink: &mut dyn FnMut(Change) -> Flow,
    ) -> Result<Cursor, Fault>;
}

/// Opens the backend of a configured site. Sends nothing.
pub fn open(site: &Site, secret: Secret) -> Result<Box<dyn Backend>, Fault> {
    // whether this site may be spoken to in clear is for its wire to know
    private::may_be_in_clear(&site.base).map_err(|why| Fault::Unreachable { why })?;
    Ok(match site.backend {
        domain::Backend::WordPress => Box::new(wordpress::WordPress::new(site, secret)),
        domain::Backend::Cmh => Box::new(cmh::Cmh::new(site, secret)),
    })
}

/// A site's API, found from an address that a person typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    pub backend: domain::Backend,
    /// For [`Site::base`].
    pub base: String,
    /// The name the site gives itself.
    pub name: String,
}

/// Finds out what a site speaks: CMH where it says so, else WordPress. Sends no credentials.
pub fn discover(wire: &dyn Transport, address: &str) -> Result<Found, Fault> {
    match cmh::discover(wire, address) {
        Err(
            Fault::Malformed { .. }
            | Fault::Refused { .. }
            | Fault::Forbidden { .. }
            | Fault::Unauthorized { .. },
        ) => wordpress::discover(wire, address),
        found => found,
    }
}

/// An address as people type them, as a URL without password, query and fragment. It becomes `https` unless it means
/// this machine.
fn typed(wire: &dyn Transport, address: &str) -> Result<Url, Fault> {
    let address = address.trim();
    let rest = address.strip_prefix("http://").unwrap_or(address);
    let candidates = match rest.contains("://") {
        true => vec![rest.to_owned()],
        false => vec![format!("http://{rest}"), format!("https://{rest}")],
    };
    let mut why = String::new();
    for candidate in candidates {
        match wire.permits(&candidate).and_then(|()| Url::parse(&candidate).map_err(|e| e.to_string())) {
            Ok(mut url) => {
                url.set_query(None);
                url.set_fragment(None);
                // neither can fail on a URL that has a host
                let _ = url.set_username("").and_then(|()| url.set_password(None));
                return Ok(url);
            }
            Err(refused) => why = refused,
        }
    }
    Err(Fault::Unreachable { why })
}

/// Where discovery goes on after an answer that points to another origin: from `https` only to `https`, or a secret meant for
/// a site would go out in clear, or to whatever listens on this machine.
fn moved(from: &Url, to: String) -> Result<Url, Fault> {
    match Url::parse(&to) {
        Ok(url) if from.scheme() != "https" || url.scheme() == "https" => Ok(url),
        _ => Err(Broken::Elsewhere(to).into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::net::{Broken, Request, Response};

    /// A wire that nobody speaks over.
    struct Deaf;

    impl Transport for Deaf {
        fn send(&self, _: Request) -> Result<Response, Broken> {
            Err(Broken::NotSent(String::new()))
        }

        fn stream(&self, _: Request, _: &mut dyn FnMut(&[u8]) -> bool) -> Result<Response, Broken> {
            Err(Broken::NotSent(String::new()))
        }
    }

    #[test]
    fn what_people_type_becomes_an_address() {
        let check = |from: &str, to: &str| assert_eq!(typed(&Deaf, from).unwrap().as_str(), to, "{from}");
        check(" news.example ", "https://news.example/");
        check("http://news.example/blog?x#y", "https://news.example/blog");
        check("127.0.0.1:8471", "http://127.0.0.1:8471/");
        check("https://mona:secret@news.example/", "https://news.example/");
        let in_clear =
            |from: &str| typed(&private::InClear(Deaf), from).map(|url| url.to_string()).unwrap_or_default();
        assert_eq!(in_clear("http://192.168.0.2/blog"), "http://192.168.0.2/blog");
        assert_eq!(in_clear("nas.local"), "http://nas.local/");
        assert_eq!(in_clear("http://news.example"), "https://news.example/", "a public host never");
        assert_eq!(typed(&Deaf, "http://192.168.0.2/").unwrap().as_str(), "https://192.168.0.2/");
        for bad in ["", "ftp://news.example", "a b", "javascript://x"] {
            assert!(typed(&Deaf, bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_secret_is_not_led_away_from_https() {
        type Discover = fn(&dyn Transport, &str) -> Result<Found, Fault>;
        // WordPress is then looked for where it usually is, on the site itself.
        let systems: [(Discover, usize); 2] = [(wordpress::discover, 3), (cmh::discover, 1)];
        for to in ["http://127.0.0.1:9000/", "http://192.168.1.7/", "ftp://news.example/"] {
            for (discover, asked) in systems {
                let away = std::iter::repeat_with(|| Err(Broken::Elsewhere(to.to_owned())));
                let wire = canned::Canned::of(away.take(asked));
                let found = discover(&wire, "https://news.example");
                assert!(matches!(&found, Err(Fault::Malformed { why }) if why.contains(to)), "{found:?}");
                assert!(wire.asked().iter().all(|request| request.url.starts_with("https://news.example/")));
            }
        }
        let from = |text: &str| Url::parse(text).unwrap();
        assert!(moved(&from("https://news.example/"), "https://www.news.example/".to_owned()).is_ok());
        assert!(moved(&from("http://127.0.0.1:1/"), "http://127.0.0.1:2/".to_owned()).is_ok());
    }
}
