//! Networks of one's own: addresses that no router of the internet forwards. A site there may be spoken to without encryption
//! where a person has said so; nothing else may.

use super::{Broken, Request, Response, Transport};
use std::net::{IpAddr, Ipv6Addr};
use std::sync::Arc;
use url::{Host, Url};

/// Ends of names that the internet's own name servers never answer: RFC 6762, RFC 8375, and ICANN's resolution 2024.07.29.06
/// on `internal`; `lan` is what home routers call theirs.
const NAMES: [&str; 4] = [".local", ".home.arpa", ".internal", ".lan"];

/// Whether an address is of a private network or of this machine's link: RFC 1918, RFC 3927, RFC 4193 and RFC 4291.
pub fn is_private(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(v4) => v4.is_private() || v4.is_link_local() || v4.is_loopback(),
        IpAddr::V6(v6) => match v6.to_ipv4_mapped() {
            Some(v4) => is_private(IpAddr::V4(v4)),
            None => v6.is_unique_local() || is_link_local(v6) || v6.is_loopback(),
        },
    }
}

fn is_link_local(address: Ipv6Addr) -> bool {
    address.segments()[0] & 0xffc0 == 0xfe80
}

/// Whether the desk would speak `http` to that address once a person has said so. A name says only that it may be one of a
/// private network; what it resolves to is looked at before anything is sent.
pub fn may_be_in_clear(url: &str) -> Result<(), String> {
    let url = Url::parse(url).map_err(|error| format!("this is not an address: {error}"))?;
    let is_own = match url.host() {
        Some(Host::Ipv4(v4)) => is_private(v4.into()),
        Some(Host::Ipv6(v6)) => is_private(v6.into()),
        Some(Host::Domain(name)) => {
            let name = name.trim_end_matches('.').to_ascii_lowercase();
            !name.contains('.') || NAMES.iter().any(|end| name.ends_with(end))
        }
        None => false,
    };
    match url.scheme() {
        "http" if is_own => Ok(()),
        "http" => Err("without encryption only addresses of a private network are spoken to".to_owned()),
        "https" => super::http::is_allowed(url.as_str()),
        other => Err(format!("{other} is not a web address")),
    }
}

/// The wire of a site on a private network that a person lets the desk speak to without encryption.
pub struct InClear<T>(pub T);

/// The wire for a site whose address is `base`. An unencrypted one outside this machine is on a desk only because a person
/// said so when it was connected.
pub fn wire_for(base: &str, wire: &Arc<dyn Transport>) -> Arc<dyn Transport> {
    let wire = Arc::clone(wire);
    if super::http::is_allowed(base).is_ok() { wire } else { Arc::new(InClear(wire)) }
}

impl<T: Transport> Transport for InClear<T> {
    fn send(&self, request: Request) -> Result<Response, Broken> {
        self.0.send(Request { in_clear: true, ..request })
    }

    fn stream(&self, request: Request, sink: &mut dyn FnMut(&[u8]) -> bool) -> Result<Response, Broken> {
        self.0.stream(Request { in_clear: true, ..request }, sink)
    }

    fn permits(&self, url: &str) -> Result<(), String> {
        may_be_in_clear(url)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_the_internet_does_not_route_may_be_spoken_to_in_clear() {
        for good in [
            "http://192.168.0.2/blog",
            "http://10.1.2.3:8080",
            "http://172.31.255.1",
            "http://169.254.3.4",
            "http://[fd12:3456::1]/",
            "http://[fe80::1]/",
            "http://127.0.0.1:8471",
            "http://nas.local",
            "http://news.home.arpa./x",
            "http://wp.internal",
            "http://wp.LAN",
            "http://nas",
            "https://news.example",
        ] {
            assert_eq!(may_be_in_clear(good), Ok(()), "{good}");
        }
        for bad in [
            "http://news.example",
            "http://172.32.0.1",
            "http://192.169.0.1",
            "http://8.8.8.8",
            "http://[2001:db8::1]/",
            "http://[::ffff:8.8.8.8]/",
            "http://nas.local.evil.example",
            "http://evillocal.example",
            "ftp://192.168.0.2",
            "http://",
            "",
        ] {
            assert!(may_be_in_clear(bad).is_err(), "{bad}");
        }
    }
}
