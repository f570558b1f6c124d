//! The headers that several sites answer with, read once for everyone.

use crate::net::Response;
use chrono::{DateTime, Utc};
use std::time::Duration;
use url::Url;

/// Longest wait believed.
const WAIT_SECS_MAX: u64 = 24 * 3600;

/// `Retry-After` (RFC 9110, 10.2.3): seconds, or a date measured against the answer's own `Date`.
pub fn retry_after(answer: &Response) -> Option<Duration> {
    let value = answer.header("retry-after")?.trim();
    let secs = match value.parse() {
        Ok(secs) => secs,
        Err(_) => {
            let then = DateTime::parse_from_rfc2822(value).ok()?.to_utc();
            u64::try_from((then - date(answer)?).num_seconds()).unwrap_or(0)
        }
    };
    Some(Duration::from_secs(secs.min(WAIT_SECS_MAX)))
}

/// What the site's clock showed (`Date`, RFC 9110, 6.6.1).
pub fn date(answer: &Response) -> Option<DateTime<Utc>> {
    DateTime::parse_from_rfc2822(answer.header("date")?).ok().map(|at| at.to_utc())
}

/// The target of the `Link` with that relation (RFC 8288), as written.
pub fn link<'a>(answer: &'a Response, relation: &str) -> Option<&'a str> {
    let links = answer.headers.iter().filter(|(name, _)| name == "link");
    links.flat_map(|(_, value)| value.split('<').skip(1)).find_map(|link| {
        let (target, rest) = link.split_once('>')?;
        let mut parameters = rest.split(';').filter_map(|p| p.trim().split_once('='));
        let names = |value: &str| {
            let value = value.trim_end_matches([',', ' ']).trim_matches('"');
            value.split_ascii_whitespace().any(|one| one.eq_ignore_ascii_case(relation))
        };
        parameters.any(|(name, value)| name.eq_ignore_ascii_case("rel") && names(value)).then_some(target)
    })
}

/// Whether credentials meant for `base` may go to `target`.
pub fn is_same_origin(base: &str, target: &str) -> bool {
    match (Url::parse(base), Url::parse(target)) {
        (Ok(base), Ok(target)) => base.origin() == target.origin(),
        _ => false,
    }
}

/// `name=value&…`, encoded.
pub fn query(pairs: &[(&str, &str)]) -> String {
    url::form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(headers: &[(&str, &str)]) -> Response {
        let headers = headers.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned())).collect();
        Response { status: 200, headers, body: Vec::new() }
    }

    #[test]
    fn a_wait_is_told_in_seconds_or_as_a_date() {
        let check = |headers: &[(&str, &str)], secs: Option<u64>| {
            assert_eq!(retry_after(&with(headers)), secs.map(Duration::from_secs), "{headers:?}");
        };
        check(&[("retry-after", "600")], Some(600));
        check(&[("retry-after", "99999999999")], Some(WAIT_SECS_MAX));
        let date = ("date", "Mon, 23 Nov 2026 20:51:00 GMT");
        check(&[date, ("retry-after", "Mon, 23 Nov 2026 20:52:30 GMT")], Some(90));
        check(&[date, ("retry-after", "Mon, 23 Nov 2026 20:00:00 GMT")], Some(0));
        check(&[("retry-after", "soon")], None);
        check(&[], None);
    }

    #[test]
    fn a_link_is_found_by_its_relation() {
        let one = r#"<https://a.example/wp-json/>; rel="https://api.w.org/""#;
        assert_eq!(link(&with(&[("link", one)]), "https://api.w.org/"), Some("https://a.example/wp-json/"));
        let many = "<https://a.example/1>; rel=prev, <https://a.example/2,3>; title=\"x\"; rel=\"last next\"";
        let answer = with(&[("link", "<https://b.example>; rel=me"), ("link", many)]);
        assert_eq!(link(&answer, "next"), Some("https://a.example/2,3"));
        assert_eq!(link(&answer, "prev"), Some("https://a.example/1"));
        assert_eq!(link(&answer, "first"), None);
    }

    #[test]
    fn an_origin_is_scheme_host_and_port() {
        assert!(is_same_origin("https://a.example/api", "https://a.example:443/x"));
        for other in ["http://a.example/", "https://a.example:444/", "https://b.a.example/", "/x", ""] {
            assert!(!is_same_origin("https://a.example/api", other), "{other}");
        }
    }
}
