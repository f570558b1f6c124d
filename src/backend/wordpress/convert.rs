//! WordPress's shapes to the desk's words and back. Pure.

use super::wire;
use crate::backend::json;
use crate::domain::{
    Article, ArticleKey, ArticleRef, AuthorKey, AuthorSeen, Body, Format, Item, NativeId, Observed, Parent,
    Private, Status, Time, Unreadable, Verb,
};
use chrono::{Datelike as _, NaiveDateTime};

/// Theirs to ours. `post-trashed` and whatever plugins invent has no word here.
pub fn status(word: &str) -> Status {
    match word {
        "hold" => Status::Pending,
        "approved" => Status::Approved,
        "trash" => Status::Rejected,
        "spam" => Status::Spam,
        _ => Status::Other,
    }
}

/// The word a list is asked by, `None` for a status that WordPress has no list of.
pub fn listed(status: Status) -> Option<&'static str> {
    match status {
        Status::Pending => Some("hold"),
        Status::Approved => Some("approve"),
        Status::Rejected => Some("trash"),
        Status::Spam => Some("spam"),
        Status::Deleted | Status::Other => None,
    }
}

/// The word a status is set by. `None` for reject: setting `trash` deletes for good where the trash is switched off.
pub fn settable(verb: Verb) -> Option<&'static str> {
    match verb {
        Verb::Approve => Some("approve"),
        Verb::Spam => Some("spam"),
        Verb::Restore => Some("hold"),
        Verb::Reject => None,
    }
}

/// One element of a list, or what is known of it when it cannot be read.
pub fn item(source: &str) -> Item {
    let why = match json::decode::<wire::Comment>(source).map(observed) {
        Ok(here) if here.body.is_none() && json::member(source, "content").is_some() => {
            "its content holds no words".to_owned()
        }
        Ok(here) => return Item::Read(here),
        Err(fault) => fault.to_string(),
    };
    let id = json::member(source, "id").and_then(|id| id.trim_matches('"').parse::<u64>().ok());
    let word = json::member(source, "status").and_then(|word| json::decode::<String>(word).ok());
    Item::Unreadable(Unreadable {
        native_id: id.map(|id| NativeId(id.to_string())),
        status: word.as_deref().map(status),
        source: source.to_owned(),
        why,
    })
}

/// What one answer told about one comment.
pub fn observed(comment: wire::Comment) -> Observed {
    let wire::Comment {
        id,
        post,
        parent,
        author,
        author_name,
        author_email,
        author_url,
        author_ip,
        author_user_agent,
        date_gmt,
        content,
        status: word,
        link,
        kind,
    } = comment;
    let key = match (author_email.as_deref(), author) {
        (Some(email), _) if !email.is_empty() => Some(AuthorKey::Email(email.to_owned())),
        (_, Some(account)) if account != 0 => Some(AuthorKey::Account(account.to_string())),
        _ => None,
    };
    let private = (author_email.is_some() || author_ip.is_some() || author_user_agent.is_some())
        .then_some(Private { email: author_email, ip: author_ip, agent: author_user_agent });
    Observed {
        status: word.as_deref().map(status),
        created: date_gmt.as_deref().and_then(time),
        body: content.and_then(body),
        author: author_name.map(|name| AuthorSeen {
            name: unescape(&name),
            url: author_url.filter(|url| !url.is_empty()),
            key,
        }),
        private,
        article: post.filter(|&post| post != 0).map(|post| ArticleRef {
            key: ArticleKey(post.to_string()),
            title: None,
            url: link.as_deref().and_then(article_url),
        }),
        parent: parent.map(|parent| match parent {
            0 => Parent::Top,
            parent => Parent::Reply(NativeId(parent.to_string())),
        }),
        permalink: link,
        kind,
        ..Observed::of(NativeId(id.to_string()))
    }
}

/// An article; `byline` is its author's name.
pub fn article(article: wire::Article, byline: Option<String>) -> Article {
    let wire::Article { id, title, link, content, date_gmt, modified_gmt, author: _, status } = article;
    let title = title.and_then(|title| title.rendered.or(title.raw)).map(|title| plain(&title));
    let open = content.as_ref().is_some_and(|text| text.rendered.as_deref().is_some_and(|r| !r.is_empty()));
    let shut = content.as_ref().is_some_and(|text| text.protected) && !open;
    let withheld = match status.as_deref() {
        _ if shut => Some("protected"),
        Some("trash") => Some("deleted"),
        _ if content.is_none() => Some("untold"),
        _ => None,
    };
    Article {
        key: ArticleKey(id.to_string()),
        title: title.unwrap_or_default(),
        byline,
        published: date_gmt.as_deref().and_then(time),
        modified: modified_gmt.as_deref().and_then(time),
        url: link,
        lang: None,
        body: if withheld.is_some() { None } else { content.and_then(body) },
        withheld: withheld.map(str::to_owned),
    }
}

/// As readers see it: `rendered` has the paragraphs that `raw` only means by its line breaks.
fn body(text: wire::Text) -> Option<Body> {
    text.rendered.or(text.raw).map(|source| Body { format: Format::Html, source })
}

/// `date_gmt` is UTC without saying so; a comment without a date has zeros there, or `-0001-11-30`, which PHP makes of them.
pub fn time(text: &str) -> Option<Time> {
    let naive = NaiveDateTime::parse_from_str(text.trim_end_matches('Z'), "%Y-%m-%dT%H:%M:%S").ok()?;
    (naive.year() > 0).then_some(Time::second(naive.and_utc()))
}

/// A comment's address without the comment: the fragment, and the page of comments it stands on.
fn article_url(link: &str) -> Option<String> {
    let page = link.split('#').next().filter(|page| page.starts_with("http"))?;
    let cut = page
        .trim_end_matches('/')
        .rsplit_once('/')
        .filter(|(_, last)| last.strip_prefix("comment-page-").is_some_and(|n| n.parse::<u32>().is_ok()));
    Some(cut.map_or_else(|| page.to_owned(), |(before, _)| format!("{before}/")))
}

/// Words of a title: its tags dropped, its entities read.
pub fn plain(html: &str) -> String {
    let mut words = String::with_capacity(html.len());
    let mut rest = html;
    while let Some(open) = rest.find('<') {
        words.push_str(&rest[..open]);
        let tag = rest[open + 1..].starts_with(|c: char| c.is_ascii_alphabetic() || c == '/' || c == '!');
        match rest[open..].find('>').filter(|_| tag) {
            Some(close) => {
                let (tag, behind) = (&rest[open + 1..open + close], &rest[open + close + 1..]);
                // Two paragraphs are two sentences.
                if (tag == "/p" || tag.starts_with("br")) && !behind.is_empty() {
                    words.push(' ');
                }
                rest = behind;
            }
            None => {
                words.push('<');
                rest = &rest[open + 1..];
            }
        }
    }
    words.push_str(rest);
    unescape(&words)
}

/// Reads entities once, as WordPress writes them into names and titles.
pub fn unescape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        match rest[1..].find(';').and_then(|end| Some((entity(&rest[1..=end])?, end + 2))) {
            Some((meant, length)) => {
                out.push(meant);
                rest = &rest[length..];
            }
            None => {
                out.push('&');
                rest = &rest[1..];
            }
        }
    }
    out.push_str(rest);
    out
}

fn entity(name: &str) -> Option<char> {
    let named = match name {
        "amp" => '&',
        "lt" => '<',
        "gt" => '>',
        "quot" => '"',
        "apos" => '\'',
        "nbsp" => '\u{a0}',
        "hellip" => '…',
        "ndash" => '–',
        "mdash" => '—',
        "lsquo" => '‘',
        "rsquo" => '’',
        "ldquo" => '“',
        "rdquo" => '”',
        _ => {
            let number = name.strip_prefix('#')?;
            let code = match number.strip_prefix(['x', 'X']) {
                Some(hex) => u32::from_str_radix(hex, 16),
                None => number.parse(),
            };
            return char::from_u32(code.ok()?).filter(|&c| c != '\0');
        }
    };
    Some(named)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_status_that_can_be_wanted_can_be_read_back() {
        for verb in [Verb::Approve, Verb::Spam, Verb::Restore, Verb::Reject] {
            let wanted = verb.wanted();
            // WordPress is sent `approve` and answers `approved`
            let answered = match listed(wanted) {
                Some("approve") => "approved",
                other => other.unwrap(),
            };
            assert_eq!(status(answered), wanted);
        }
        assert_eq!(settable(Verb::Reject), None);
        assert_eq!(status("post-trashed"), Status::Other);
    }

    #[test]
    fn what_nobody_can_moderate_is_unreadable() {
        let check = |source: &str, id: Option<&str>, status: Option<Status>| {
            let Item::Unreadable(kept) = item(source) else { panic!("{source} was read") };
            assert_eq!((kept.native_id.map(|id| id.0).as_deref(), kept.status), (id, status), "{source}");
        };
        check(r#"{"id":"007","status":"trash"}"#, Some("7"), Some(Status::Rejected));
        check(r#"{"id":7,"status":"spam","author":"ana@example.org"}"#, Some("7"), Some(Status::Spam));
        for content in ["null", "{}", r#"{"rendered":null}"#, r#""no""#, "[]"] {
            check(
                &format!(r#"{{"id":7,"status":"hold","content":{content}}}"#),
                Some("7"),
                Some(Status::Pending),
            );
        }
        for id in ["-1", "1.5", "1e3", "18446744073709551616", "null", "\"\"", "[7]"] {
            check(&format!(r#"{{"id":{id},"status":["hold"]}}"#), None, None);
        }
        check("null", None, None);
        assert!(matches!(
            item(r#"{"id":7,"content":{"rendered":""},"parent":null,"author_url":null}"#),
            Item::Read(_)
        ));
    }

    #[test]
    fn a_date_that_cannot_be_is_not_told() {
        for text in
            ["0000-00-00T00:00:00", "-0001-11-30T00:00:00", "0000-01-01T00:00:00", "99999-01-01T00:00:00", ""]
        {
            assert_eq!(time(text), None, "{text}");
        }
        assert!(time("9999-12-31T23:59:59").is_some());
    }

    #[test]
    fn an_article_address_is_the_comment_address_without_the_comment() {
        let check = |link: &str, url: Option<&str>| assert_eq!(article_url(link).as_deref(), url, "{link}");
        check("https://a.example/2026/09/story/#comment-2", Some("https://a.example/2026/09/story/"));
        check("https://a.example/story/comment-page-3/#comment-2", Some("https://a.example/story/"));
        check("https://a.example/?p=44#comment-2", Some("https://a.example/?p=44"));
        check("/#comment-1382", None);
    }

    #[test]
    fn titles_and_names_become_words() {
        assert_eq!(
            plain("Bread &#038; <em>butter</em> 1 < 2 &amp;amp; &bogus; &"),
            "Bread & butter 1 < 2 &amp; &bogus; &"
        );
        assert_eq!(unescape("O&#8217;Neil &#x1F600; &#xD800; &#0;"), "O’Neil 😀 &#xD800; &#0;");
        assert_eq!(plain("<unclosed"), "<unclosed");
    }

    #[test]
    fn a_time_is_utc_and_no_time_is_no_fault() {
        let at = time("2026-10-26T00:40:40").unwrap().at;
        assert_eq!(at.to_rfc3339(), "2026-10-26T00:40:40+00:00");
        assert_eq!(time("0000-00-00T00:00:00"), None);
    }
}
