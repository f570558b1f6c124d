//! CMH's shapes to the desk's words and back. Pure. What a site adds to its lists of words becomes *other*.

use super::wire;
use crate::backend::{Change, json};
use crate::domain::{
    Article, ArticleKey, ArticleRef, AuthorKey, AuthorSeen, Body, Capabilities, Cursor, Decision, Format,
    HeldReason, Item, LastDecision, NativeId, Observed, Parent, Private, Record, Rejecting, Report, Reports,
    Status, Time, Verb,
};
use chrono::DateTime;

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
    match json::decode::<wire::Comment>(source) {
        Ok(comment) => Item::Read(observed(comment)),
        Err(fault) => {
            let id = json::member(source, "id").and_then(|id| json::decode::<String>(id).ok());
            Item::Unreadable {
                native_id: id.map(NativeId),
                source: source.to_owned(),
                why: fault.to_string(),
            }
        }
    }
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
        approved: counts.approved,
        pending: counts.pending,
        rejected: counts.rejected,
        spam: counts.spam,
        since: record.since.as_deref().and_then(time),
    }
}

/// An event; `id` is the cursor its stream gave it, where the event itself tells none.
pub fn change(event: wire::Event, id: Option<String>) -> Option<Change> {
    let wire::Event { cursor, comment, status: word, by } = event;
    Some(Change {
        cursor: Cursor::Token(cursor.or(id)?),
        native_id: comment.map(NativeId),
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

pub fn time(text: &str) -> Option<Time> {
    DateTime::parse_from_rfc3339(text).ok().map(|at| Time::second(at.to_utc()))
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
        let Item::Unreadable { native_id, source: kept, .. } = item(source) else { panic!("it was read") };
        assert_eq!((native_id, kept.as_str()), (Some(NativeId("a\"b".to_owned())), source));
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
