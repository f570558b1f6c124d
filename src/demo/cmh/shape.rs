//! The shapes of CMH/1: comments, authors, decisions as JSON.

use super::super::stock::Nature;
use super::super::world::{Comment, Decided, Moderator, Status, World};
use chrono::{DateTime, SecondsFormat, Utc};
use serde_json::{Map, Value, json};

/// Characters of a parent shown with its reply.
const EXCERPT_CHARS_MAX: usize = 140;

/// A time as RFC 3339.
pub(super) fn time(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Secs, true)
}

/// The first words of a text.
pub(super) fn excerpt(text: &str) -> String {
    let mut short: String = text.chars().take(EXCERPT_CHARS_MAX).collect();
    if short.len() < text.len() {
        short.push('…');
    }
    short
}

/// What can be done with a comment as it stands.
pub(super) fn actions(comment: &Comment, who: &Moderator) -> Vec<&'static str> {
    if !who.writes {
        return Vec::new();
    }
    let reported = !comment.reports.is_empty();
    let mut actions = match comment.status {
        Status::Pending => vec!["approve", "reject", "spam"],
        Status::Approved if reported => vec!["approve", "reject", "spam", "restore"],
        Status::Approved => vec!["reject", "spam", "restore"],
        Status::Rejected => vec!["approve", "spam", "restore"],
        Status::Spam => vec!["approve", "reject", "restore"],
        Status::Deleted => Vec::new(),
    };
    if reported {
        actions.push("dismiss_reports");
    }
    actions
}

/// One comment in full.
pub(super) fn comment(world: &World, at: usize, who: &Moderator) -> Value {
    let Some(comment) = world.comments.get(at) else { return Value::Null };
    let piece = world.stock.articles.get(comment.article);
    let field = |name: &str| piece.map_or("", |piece| piece.field(name));
    let url = super::page::url(world, comment.article);
    let items: Vec<Value> = comment
        .reports
        .iter()
        .map(|r| json!({"code": r.code, "text": r.text, "by": r.by, "at": time(r.at)}))
        .collect();
    let held: Vec<Value> = match comment.status {
        Status::Pending => comment.held.iter().map(|(c, d)| json!({"code": c, "detail": d})).collect(),
        _ => Vec::new(),
    };
    let replies = comment
        .children
        .iter()
        .filter(|c| world.comments.get(**c).is_some_and(|c| c.status == Status::Approved));
    json!({
        "id": comment.id,
        "type": "Note",
        "status": comment.status.word(),
        "revision": format!("r{}", comment.revision),
        "etag": comment.etag(),
        "created": time(comment.created),
        "edited": comment.edited.map(time),
        "body": {"format": comment.format, "source": comment.source, "html": html(comment)},
        "attributedTo": author(world, comment.author, who),
        "article": {"id": field("id"), "url": url, "title": field("title")},
        "inReplyTo": comment.parent.map(|parent| above(world, parent)),
        "root": root(world, at),
        "reports": {"total": comment.reports.len(), "items": items},
        "held_because": held,
        "score": {"spam": score(comment)},
        "likes": comment.likes,
        "replies": replies.count(),
        "pinned": false,
        "permalink": format!("{url}#{}", comment.id),
        "last_decision": comment.last.and_then(|number| world.decided.get(number)).map(decision),
        "actions": actions(comment, who),
    })
}

/// The site's own rendering. Like that of many a site it lets raw HTML through.
fn html(comment: &Comment) -> String {
    if comment.format == "html" {
        return comment.source.clone();
    }
    if comment.format == "plain" {
        return format!("<p>{}</p>", super::page::escaped(&comment.source));
    }
    let mut html = String::new();
    pulldown_cmark::html::push_html(&mut html, pulldown_cmark::Parser::new(&comment.source));
    html
}

/// What the site's filter makes of it: sure of most spam, never of anything else.
fn score(comment: &Comment) -> f64 {
    let spread = f64::from(comment.created.timestamp().rem_euclid(97) as u32) / 97.0;
    let score = match comment.nature {
        Nature::Spam => 0.62 + 0.37 * spread,
        Nature::Hostile => 0.2 + 0.5 * spread,
        Nature::Rude | Nature::Ordinary => 0.01 + 0.3 * spread * spread,
    };
    (score * 100.0).round() / 100.0
}

fn above(world: &World, parent: usize) -> Value {
    let Some(comment) = world.comments.get(parent) else { return Value::Null };
    let gone = comment.status == Status::Deleted;
    json!({
        "id": comment.id,
        "excerpt": (!gone).then(|| excerpt(&comment.source)),
        "author": (!gone).then(|| world.author_name(comment)),
    })
}

fn root(world: &World, at: usize) -> Value {
    let mut top = at;
    while let Some(parent) = world.comments.get(top).and_then(|c| c.parent).filter(|p| *p < top) {
        top = parent;
    }
    world.comments.get(top).map_or(Value::Null, |c| json!(c.id))
}

/// An author as comments carry them; e-mail and IP only for those who may see them.
pub(super) fn author(world: &World, at: usize, who: &Moderator) -> Value {
    let Some(reader) = world.cast.reader(at) else { return Value::Null };
    let (mut approved, mut rejected, mut spam, mut pending) =
        (reader.approved, reader.rejected, reader.spam, 0);
    let written = world.by_author.get(&at).into_iter().flatten();
    for comment in written.filter_map(|at| world.comments.get(*at)) {
        match comment.status {
            Status::Approved => approved += 1,
            Status::Rejected => rejected += 1,
            Status::Spam => spam += 1,
            Status::Pending => pending += 1,
            Status::Deleted => {}
        }
    }
    let mut shape = Map::new();
    shape.insert("id".into(), json!(reader.id));
    shape.insert("name".into(), json!(reader.name));
    shape.insert("registered".into(), json!(reader.registered.map(time)));
    shape.insert("url".into(), json!(reader.url));
    shape.insert(
        "counts".into(),
        json!({"approved": approved, "rejected": rejected, "spam": spam, "pending": pending}),
    );
    if who.sees_private {
        shape.insert("email".into(), json!(reader.email));
        shape.insert("ip".into(), json!(reader.ip));
    }
    Value::Object(shape)
}

/// A decision as a comment carries its newest.
pub(super) fn decision(decided: &Decided) -> Value {
    json!({
        "id": decided.id,
        "action": decided.action,
        "status": decided.to.word(),
        "by": decided.by,
        "at": time(decided.at),
        "key": decided.key,
        "reason": decided.reason.as_ref().map(|(code, text)| json!({"code": code, "text": text})),
    })
}
