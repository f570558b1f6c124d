//! Hosts: the one an address really has, as it may be shown, and those that words name.

use super::lookalike;
use super::policy::{self, LINK_BYTES_MAX};
use super::visible::visible_line;
use std::ops::Range;
use url::{Host, Url};

/// Endings of files that are endings of hosts too.
const FILES: [&str; 12] = ["md", "rs", "py", "sh", "pl", "zip", "mov", "cc", "ps", "so", "st", "app"];

/// Longest host there is, in bytes.
const HOST_BYTES_MAX: usize = 253;

/// The host as it is shown: in Unicode where TR39 finds each label to be of one script and like nothing in ASCII, else
/// in ASCII (`xn--…`).
pub(super) fn shown(ascii: &str) -> String {
    if !ascii.contains("xn--") {
        return ascii.to_owned();
    }
    let unicode = unicode(ascii);
    let top = top_of(&unicode);
    let safe = !unicode.is_empty() && unicode.split('.').all(|label| lookalike::is_safe(label, top));
    if safe { unicode } else { ascii.to_owned() }
}

/// An address as a browser would take it, what hides labelled, and where its host stands in it: there it leads. Of what
/// cannot be followed, at most the beginning.
pub fn address(written: &str) -> (String, Range<usize>) {
    let whole = policy::link(written).map_or_else(|| visible_line(written), |link| link.url);
    let host = host_in(&whole).unwrap_or_default();
    (whole, host)
}

/// Whether an address can be shown whole and leads somewhere a browser should go.
pub fn may_be_followed(address: &str) -> bool {
    policy::link(address).is_some()
}

fn host_in(address: &str) -> Option<Range<usize>> {
    let url = Url::parse(address).ok()?;
    let host = url.host_str()?;
    let after_scheme = address.find("://")? + 3;
    let end = address[after_scheme..].find(['/', '?', '#']).map_or(address.len(), |at| after_scheme + at);
    let at = after_scheme + address[after_scheme..end].rfind(host)?;
    Some(at..at + host.len())
}

/// What the ASCII form stands for, safe or not; empty when it stands for nothing.
pub(super) fn unicode(ascii: &str) -> String {
    url::quirks::domain_to_unicode(ascii)
}

/// The last label.
pub(super) fn top_of(host: &str) -> &str {
    host.trim_end_matches('.').rsplit('.').next().unwrap_or_default()
}

/// Hosts that the words of a link name, in ASCII, when none of them is where the link leads: what a reader would take it
/// for, as it is written.
pub(super) fn named_elsewhere(words: &str, address: &Url) -> Option<String> {
    let real = address.host_str()?;
    let named: Vec<(String, &str)> =
        words.split(parts_words).filter_map(|word| named(word, address)).collect();
    if named.iter().any(|(host, _)| same_site(host, real)) {
        return None;
    }
    named.first().map(|(_, written)| (*written).to_owned())
}

fn parts_words(c: char) -> bool {
    c.is_whitespace()
        || matches!(c, '<' | '>' | '(' | ')' | '[' | ']' | '"' | '“' | '”' | '«' | '»' | ',' | ';' | '|')
}

/// The host that a word names, in ASCII and as written.
fn named<'w>(word: &'w str, address: &Url) -> Option<(String, &'w str)> {
    let word = word.trim_matches(['.', '\'', '’', '‘', ':', '!', '?', '…', '*']);
    if word.len() > LINK_BYTES_MAX {
        return None;
    }
    let bare = ["https://", "http://", "//"].iter().find_map(|scheme| {
        word.get(..scheme.len())
            .filter(|head| head.eq_ignore_ascii_case(scheme))
            .map(|_| &word[scheme.len()..])
    });
    let written = bare.unwrap_or(word);
    let written = &written[..written.find(['/', '?', '#', '\\']).unwrap_or(written.len())];
    let written = match written.rsplit_once('@') {
        // An address to write to names no site; before a host it is what the address begins with.
        Some(_) if bare.is_none() => return None,
        Some((user, host)) => {
            if user.contains('.') {
                user.split(':').next()?
            } else {
                host
            }
        }
        None => written,
    };
    let written =
        written.rsplit_once(':').filter(|(_, port)| is_number(port)).map_or(written, |(host, _)| host);
    if written.len() > HOST_BYTES_MAX || !written.contains('.') || written.split('.').any(str::is_empty) {
        return None;
    }
    let Ok(Host::Domain(ascii)) = Host::parse(written) else { return None };
    let explicit = bare.is_some() || ascii.starts_with("www.");
    if !explicit && !psl::suffix(ascii.as_bytes()).is_some_and(|suffix| suffix.is_known()) {
        return None;
    }
    let is_file = !explicit && FILES.contains(&top_of(&ascii)) && address.path().ends_with(word);
    (!is_file).then_some((ascii, written))
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit())
}

/// Whether two hosts are one owner's, by the public suffix list.
fn same_site(a: &str, b: &str) -> bool {
    let (a, b) = (a.trim_end_matches('.'), b.trim_end_matches('.'));
    let site = |host: &str| psl::domain(host.as_bytes()).map(|domain| domain.as_bytes().to_owned());
    a == b || site(a).is_some_and(|site_a| Some(site_a) == site(b))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_host_is_shown_in_unicode_only_when_that_is_safe() {
        for (written, expected) in [
            ("https://Example.ORG/", "example.org"),
            ("https://münchen.example/", "münchen.example"),
            ("https://xn--mnchen-3ya.example/", "münchen.example"),
            ("https://пример.рф/", "пример.рф"),
            ("https://хаос.рф/", "хаос.рф"),
            ("https://раура1.com/", "xn--1-7sba6dbr.com"),
            ("https://www.gооgle.com/", "www.xn--ggle-55da.com"),
            ("https://[::1]/", "[::1]"),
            ("https://0x7f.1/", "127.0.0.1"),
        ] {
            let url = Url::parse(written).unwrap();
            assert_eq!(shown(url.host_str().unwrap()), expected, "{written}");
        }
    }

    #[test]
    fn the_host_of_an_address_is_where_it_leads() {
        for (written, whole, host) in [
            ("https://evil.example/paypal.com", "https://evil.example/paypal.com", "evil.example"),
            ("HTTPS://Evil.Example", "https://evil.example/", "evil.example"),
            ("//evil.example:8080?x", "https://evil.example:8080/?x", "evil.example"),
            ("https://paypal.com@evil.example", "https://paypal.com@evil.example/", "evil.example"),
            ("https://раура1.com/", "https://xn--1-7sba6dbr.com/", "xn--1-7sba6dbr.com"),
            ("http://[::1]/", "http://[::1]/", "[::1]"),
            ("javascript:alert(1)", "javascript:alert(1)", ""),
            ("no\u{202E}address", "no⟦RLO⟧address", ""),
        ] {
            let (shown, at) = address(written);
            assert_eq!((shown.as_str(), &shown[at]), (whole, host), "{written}");
        }
        assert_eq!(address("https://a.example@a.example/").1.start, 18);
        let endless = format!("https://a.example/{}", "x".repeat(2_000_000));
        assert!(address(&endless).0.len() < 10_000 && !may_be_followed(&endless));
        assert!(may_be_followed("https://a.example/x") && !may_be_followed("javascript:alert(1)"));
    }

    #[test]
    fn words_that_name_another_host_are_told() {
        let elsewhere = |words: &str, address: &str| named_elsewhere(words, &Url::parse(address).unwrap());
        for (words, address, expected) in [
            ("paypal.com", "https://evil.example/", Some("paypal.com")),
            ("https://PayPal.com/login", "https://evil.example/", Some("PayPal.com")),
            ("see www.bank.example now", "https://evil.example/", Some("www.bank.example")),
            ("(paypal.com)", "https://paypal.com.evil.example/", Some("paypal.com")),
            ("https://paypal.com@evil.example/", "https://evil.example/", Some("paypal.com")),
            ("раypal.com", "https://paypal.com/", Some("раypal.com")),
            ("example.co.uk", "https://www.other.co.uk/", Some("example.co.uk")),
            ("paypal.com:443", "https://evil.example/", Some("paypal.com")),
            ("paypal.com", "https://www.paypal.com/x", None),
            ("blog.example.com", "https://example.com/blog", None),
            ("bbc.co.uk", "https://news.bbc.co.uk/", None),
            ("münchen.de", "https://xn--mnchen-3ya.de/", None),
            ("Node.js", "https://nodejs.org/", None),
            ("README.md", "https://github.com/x/README.md", None),
            ("mail me@paypal.com", "https://evil.example/", None),
            ("cheap pills", "https://evil.example/", None),
            ("read more...here", "https://evil.example/", None),
            ("3.14", "https://evil.example/", None),
            ("", "https://evil.example/", None),
        ] {
            assert_eq!(elsewhere(words, address).as_deref(), expected, "{words} to {address}");
        }
    }
}
