//! CMH's shapes to the desk's words and back. Pure. What a site adds to its lists of words becomes *other*.

use super::{api, wire};
use crate::backend::{Change, json};
use crate::domain::{
    Article, ArticleKey, ArticleRef, AuthorKey, AuthorSeen, Body, Capabilities, Cursor, Decision, Format,
    HeldReason, Item, LastDecision, NativeId, Observed, Parent, Private, Record, Rejecting, Report, Reports,
    Status, Time, Unreadable, Verb,
};
use chrono::{DateTime, Datelike as _};

pub fn status(word: &str) -> Status {
    match word {
        "pending" => Status::Pending,
        "approved" => Status::Approved,
        "rejected" => Status::Rejected,
        "spam" => Status::Spam,
        "deleted" => Status::Deleted,
        _ => Status::Other,
    }
}

/// The word a list is asked by.
pub fn listed(status: Status) -> Option<&'static str> {
    match status {
        Status::Pending => Some("pending"),
        Status::Approved => Some("approved"),
        Status::Rejected => Some("rejected"),
        Status::Spam => Some("spam"),
        Status::Deleted => Some("deleted"),
        Status::Other => None,
    }
}

fn action(verb: Verb) -> &'static str {
    match verb {
        Verb::Approve => "approve",
        Verb::Reject => "reject",
        Verb::Spam => "spam",
        Verb::Restore => "restore",
    }
}

/// What a decision asks for. One that keeps a published comment dismisses its reports, and no more than were seen.
pub fn asked(decision: &Decision) -> wire::Decide<'static> {
    let action = if decision.reports_seen.is_some() { "dismiss_reports" } else { action(decision.verb) };
    wire::Decide { action, notify_author: false, reports_seen: decision.reports_seen }
}

fn status_after(action: &str) -> Option<Status> {
    match action {
        "approve" => Some(Status::Approved),
        "reject" => Some(Status::Rejected),
        "spam" => Some(Status::Spam),
        "restore" => Some(Status::Pending),
        "delete" => Some(Status::Deleted),
        _ => None,
    }
}

/// What the session allows. Without a list of actions level 0 is meant.
pub fn capabilities(session: &wire::Session) -> Capabilities {
    let has = |word: &str| session.capabilities.iter().any(|one| one == word);
    let level_0 = ["approve", "reject", "restore"];
    let may = |word: &str| match &session.actions {
        Some(actions) => actions.iter().any(|one| one == word),
        None => level_0.contains(&word),
    };
    let is_reversible = may("reject") && may("restore");
    let counts_reports = session.counts.as_ref().is_some_and(|counts| counts.reported.is_some());
    Capabilities {
        rejecting: if is_reversible { Rejecting::Reversible } else { Rejecting::Unavailable },
        spam: may("spam"),
        restore: may("restore"),
        reports: counts_reports || may("dismiss_reports"),
        dismiss_reports: may("dismiss_reports"),
        articles: has("articles"),
        thread: has("thread"),
        authors: has("authors"),
        refuses_stale: true,
        pages_by_offset: false,
        feed: has("changes"),
    }
}

pub fn item(source: &str) -> Item {
    let why = match json::decode::<wire::Comment>(source).map(observed) {
        Ok(here) => match flaw(&here, source) {
            None => return Item::Read(here),
            Some(why) => why.to_owned(),
        },
        Err(fault) => fault.to_string(),
    };
    let word = json::member(source, "status").and_then(|word| json::decode::<String>(word).ok());
    Item::Unreadable(Unreadable {
        native_id: json::member(source, "id").and_then(id),
        status: word.as_deref().map(status),
        source: source.to_owned(),
        why,
    })
}

/// What keeps a comment of the right shape from being moderated.
fn flaw(here: &Observed, source: &str) -> Option<&'static str> {
    if !api::is_id(&here.native_id.0) {
        return Some("nothing can be asked for by its id");
    }
    let tells_no_words = here.body.is_none() && json::member(source, "body").is_some();
    (tells_no_words && here.status != Some(Status::Deleted)).then_some("its body holds no words")
}

/// An id by which the comment can be asked for. A number is none by the protocol, but the site will know its own.
fn id(text: &str) -> Option<NativeId> {
    let is_number = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let id = if is_number { Some(text.to_owned()) } else { json::decode::<String>(text).ok() };
    id.filter(|id| api::is_id(id)).map(NativeId)
}

pub fn observed(comment: wire::Comment) -> Observed {
    let wire::Comment {
        id,
        status: word,
        etag,
        created,
        edited,
        body: text,
        author,
        article,
        parent,
        reports: told_reports,
        held_because,
        permalink,
        last_decision: decided,
        kind,
    } = comment;
    let held = |held: wire::Held| HeldReason { code: held.code, detail: held.detail.unwrap_or_default() };
    Observed {
        native_id: NativeId(id),
        status: word.as_deref().map(status),
        created: created.as_deref().and_then(time),
        edited: edited.as_deref().and_then(time),
        body: text.and_then(body),
        private: author.as_ref().and_then(private),
        author: author.map(author_seen),
        article: article.map(|article| {
            let wire::ArticleRef { id, url, title } = article;
            ArticleRef { key: ArticleKey(id), title, url }
        }),
        parent: parent.map(|parent| parent.map_or(Parent::Top, |to| Parent::Reply(NativeId(to.id)))),
        reports: told_reports.map(reports),
        held_because: held_because.map(|reasons| reasons.into_iter().map(held).collect()),
        permalink,
        tag: etag,
        last_decision: decided.flatten().map(last_decision),
        kind,
    }
}

fn author_seen(author: wire::Author) -> AuthorSeen {
    let wire::Author { id, name, url, email: _, ip: _, agent: _ } = author;
    AuthorSeen { name: name.unwrap_or_default(), url, key: id.map(AuthorKey::Account) }
}

fn private(author: &wire::Author) -> Option<Private> {
    let wire::Author { email, ip, agent, .. } = author;
    let is_told = email.is_some() || ip.is_some() || agent.is_some();
    is_told.then(|| Private { email: email.clone(), ip: ip.clone(), agent: agent.clone() })
}

fn reports(told: wire::Reports) -> Reports {
    let wire::Reports { total, items } = told;
    let one = |report: wire::Report| Report {
        code: report.code.unwrap_or_default(),
        text: report.text.unwrap_or_default(),
        by: report.by.and_then(name),
        at: report.at.as_deref().and_then(time),
    };
    Reports { total, items: items.into_iter().map(one).collect() }
}

pub fn last_decision(decided: wire::LastDecision) -> LastDecision {
    let wire::LastDecision { action, by, at, key } = decided;
    LastDecision {
        by: by.and_then(name),
        status: action.as_deref().and_then(status_after),
        at: at.as_deref().and_then(time),
        key,
    }
}

pub fn name(who: wire::Who) -> Option<String> {
    match who {
        wire::Who::Name(name) => Some(name),
        wire::Who::Person { id, name } => name.or(id),
    }
}

pub fn article(article: wire::Article) -> Article {
    let wire::Article { id, url, title, byline, published, modified, lang, body: text, withheld } = article;
    let body = text.and_then(body);
    let withheld = body.is_none().then(|| withheld.unwrap_or_else(|| "untold".to_owned()));
    Article {
        key: ArticleKey(id),
        title: title.unwrap_or_default(),
        byline,
        published: published.as_deref().and_then(time),
        modified: modified.as_deref().and_then(time),
        url,
        lang,
        body,
        withheld,
    }
}

pub fn record(record: wire::Record) -> Record {
    let counts = record.counts.unwrap_or_default();
    Record {
        approved: counts.approved.and_then(json::count),
        pending: counts.pending.and_then(json::count),
        rejected: counts.rejected.and_then(json::count),
        spam: counts.spam.and_then(json::count),
        since: record.since.as_deref().and_then(time),
    }
}

/// An event; `at` is the cursor its stream gave it, where the event itself tells none. Of one that cannot be read whole,
/// the comment that it names: that is looked at all the same.
pub fn change(event: &str, at: Option<String>) -> Option<Change> {
    let told = |name: &str| json::member(event, name).and_then(|text| json::decode::<String>(text).ok());
    let read = json::decode(event).ok();
    let thin = || {
        told("comment").map(|comment| wire::Event {
            cursor: told("cursor"),
            comment: Some(comment),
            status: None,
            by: None,
        })
    };
    let wire::Event { cursor, comment, status: word, by } = read.or_else(thin)?;
    Some(Change {
        cursor: Cursor::Token(cursor.filter(|cursor| !cursor.is_empty()).or(at)?),
        native_id: comment.filter(|id| api::is_id(id)).map(NativeId),
        status: word.as_deref().map(status),
        by: by.and_then(name),
    })
}

/// The site's own HTML where it gives one, else what the author typed in its format.
fn body(text: wire::Text) -> Option<Body> {
    let wire::Text { format, source, text, html } = text;
    if let Some(html) = html {
        return Some(Body { format: Format::Html, source: html });
    }
    let format = match format.as_deref() {
        Some("html") => Format::Html,
        Some("markdown") => Format::Markdown,
        // an unknown markup is shown as it was typed
        _ => Format::Plain,
    };
    source.or(text).map(|source| Body { format, source })
}

/// A year before 1 is what a database makes of a date that it does not have.
pub fn time(text: &str) -> Option<Time> {
    let at = DateTime::parse_from_rfc3339(text).ok()?.to_utc();
    (at.year() > 0).then_some(Time::second(at))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_action_leads_to_the_status_it_wants() {
        for verb in [Verb::Approve, Verb::Reject, Verb::Spam, Verb::Restore] {
            assert_eq!(status_after(action(verb)), Some(verb.wanted()));
            assert_eq!(listed(verb.wanted()).map(status), Some(verb.wanted()));
        }
        assert_eq!(status("shadowbanned"), Status::Other);
    }

    #[test]
    fn what_is_left_out_is_not_told_and_null_is() {
        let read = |json: &str| match item(json) {
            Item::Read(here) => here,
            unreadable => panic!("{unreadable:?}"),
        };
        assert_eq!(read(r#"{"id":"a"}"#), Observed::of(NativeId("a".to_owned())));
        assert_eq!(read(r#"{"id":"a","inReplyTo":null,"last_decision":null}"#).parent, Some(Parent::Top));
        let reply = read(r#"{"id":"a","inReplyTo":{"id":"p","excerpt":"x","unknown":[1]},"status":"new"}"#);
        assert_eq!(reply.parent, Some(Parent::Reply(NativeId("p".to_owned()))));
        assert_eq!(reply.status, Some(Status::Other));
    }

    #[test]
    fn an_unreadable_comment_keeps_its_id_and_source() {
        let source = r#"{"status":7,"id":"a\"b"}"#;
        let Item::Unreadable(kept) = item(source) else { panic!("it was read") };
        assert_eq!((kept.native_id, kept.source.as_str()), (Some(NativeId("a\"b".to_owned())), source));
        assert_eq!(kept.status, None);
    }

    #[test]
    fn what_nobody_can_moderate_is_unreadable() {
        let check = |source: &str, id: Option<&str>, status: Option<Status>| {
            let Item::Unreadable(kept) = item(source) else { panic!("{source} was read") };
            assert_eq!((kept.native_id.map(|id| id.0).as_deref(), kept.status), (id, status), "{source}");
        };
        let body = r#""body":{"format":"plain","source":"no"}"#;
        check(&format!(r#"{{"id":4711,"status":"spam",{body}}}"#), Some("4711"), Some(Status::Spam));
        check(&format!(r#"{{"id":-1.5,{body}}}"#), None, None);
        for id in ["", ".", "..", &"x".repeat(201)] {
            check(&format!(r#"{{"id":"{id}","status":"pending",{body}}}"#), None, Some(Status::Pending));
        }
        for body in ["null", "{}", r#"{"source":null,"html":null}"#, "7"] {
            check(
                &format!(r#"{{"id":"a","status":"pending","body":{body}}}"#),
                Some("a"),
                Some(Status::Pending),
            );
        }
        check(r#"{"id":"a","reports":{"total":-1}}"#, Some("a"), None);
        check(r#"{"id":"a","reports":{"total":1e30}}"#, Some("a"), None);
        check(r#"{"id":"a","status":"approved","status":"spam"}"#, Some("a"), Some(Status::Approved));
        check("7", None, None);
        check("null", None, None);
        assert!(matches!(item(r#"{"id":"a","status":"deleted","body":null}"#), Item::Read(_)));
    }

    #[test]
    fn a_date_that_cannot_be_is_not_told() {
        let at = |text: &str| time(text).map(|time| time.at.to_rfc3339());
        let zero = ["0000-01-01T00:00:00Z", "0000-01-01T00:00:00+23:59", "-0001-11-30T00:00:00Z"];
        let wrong =
            ["99999-01-01T00:00:00Z", "2026-02-30T00:00:00Z", "2026-01-01", "2026-01-01T00:00:00", "0", ""];
        for text in zero.iter().chain(&wrong) {
            assert_eq!(at(text), None, "{text}");
        }
        assert_eq!(at("9999-12-31T23:59:59-23:59").as_deref(), Some("+10000-01-01T23:58:59+00:00"));
    }

    #[test]
    fn an_event_that_cannot_be_read_whole_still_names_its_comment() {
        let change =
            |text: &str| change(text, Some("k1".to_owned())).map(|change| (change.native_id, change.cursor));
        let named = Some(NativeId("a".to_owned()));
        let (here, next) = (Cursor::Token("k1".to_owned()), Cursor::Token("k2".to_owned()));
        assert_eq!(change(r#"{"comment":"a","by":7,"cursor":"k2"}"#), Some((named.clone(), next)));
        assert_eq!(change(r#"{"comment":"a","status":["?"],"cursor":9}"#), Some((named, here.clone())));
        assert_eq!(change(r#"{"comment":"..","cursor":""}"#), Some((None, here)));
        assert_eq!(change("broken"), None);
        assert_eq!(change(r#"{"by":7}"#), None);
    }

    #[test]
    fn the_sites_html_goes_before_the_source() {
        let text = |json: &str| body(json::decode(json).unwrap()).unwrap();
        let both = text(r#"{"format":"markdown","source":"*a*","html":"<em>a</em>"}"#);
        assert_eq!(both, Body { format: Format::Html, source: "<em>a</em>".to_owned() });
        let source = text(r#"{"format":"markdown","source":"*a*"}"#);
        assert_eq!(source, Body { format: Format::Markdown, source: "*a*".to_owned() });
        assert_eq!(text(r#"{"format":"bbcode","text":"[b]"}"#).format, Format::Plain);
    }

    #[test]
    fn a_session_without_actions_is_level_0() {
        let read = |json: &str| capabilities(&json::decode(json).unwrap());
        let level_0 = read(r#"{"me":{"id":"1","name":"Mona"}}"#);
        assert_eq!((level_0.rejecting, level_0.spam, level_0.feed), (Rejecting::Reversible, false, false));
        let no_return = read(r#"{"me":"Mona","actions":["approve","reject"],"capabilities":["changes"]}"#);
        assert_eq!((no_return.rejecting, no_return.restore), (Rejecting::Unavailable, false));
        assert!(no_return.feed);
    }
}
