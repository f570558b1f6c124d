//! What can be read: pages of comments, one comment, its thread, its article, its author.

use super::super::exchange::{Answer, Call};
use super::super::world::{Comment, Moderator, Status, World};
use super::{PAGE_MAX, Problem, page, shape};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

/// Rows a page where the request names no number.
const PAGE_USUAL: usize = 50;
/// Siblings told with a thread.
const SIBLINGS_MAX: usize = 50;

/// What a list is asked for. An unknown value is an error, never ignored.
struct Filter {
    status: Option<Status>,
    reported: bool,
    article: Option<String>,
    author: Option<usize>,
    words: Option<String>,
    newest: bool,
    limit: usize,
    after: Option<(i64, usize)>,
}

impl Filter {
    fn of(world: &World, call: &Call) -> Result<Self, Problem> {
        let status = match call.param("status").as_deref() {
            None | Some("") => None,
            Some(word) => {
                let known = Status::of_word(word);
                Some(known.ok_or_else(|| Problem::bad_query("status", "is none of this site's statuses"))?)
            }
        };
        let reported = match call.param("reported").as_deref() {
            None | Some("" | "false") => false,
            Some("true") => true,
            Some(_) => return Err(Problem::bad_query("reported", "is true or false")),
        };
        let newest = match call.param("order").as_deref() {
            None | Some("" | "oldest") => false,
            Some("newest") => true,
            Some(_) => return Err(Problem::bad_query("order", "is oldest or newest")),
        };
        let author = call.param("author").filter(|id| !id.is_empty());
        Ok(Self {
            status,
            reported,
            article: call.param("article").filter(|id| !id.is_empty()),
            // An author nobody knows has written nothing.
            author: author.map(|id| world.cast.place(&id).unwrap_or(usize::MAX)),
            words: call.param("q").filter(|q| !q.is_empty()).map(|q| q.to_lowercase()),
            newest,
            limit: limit(call)?,
            after: after(call)?,
        })
    }

    fn fits(&self, world: &World, comment: &Comment) -> bool {
        comment.status != Status::Deleted
            && self.status.is_none_or(|status| comment.status == status)
            && (!self.reported || !comment.reports.is_empty())
            && self.author.is_none_or(|author| comment.author == author)
            && self.article.as_ref().is_none_or(|id| {
                world.stock.articles.get(comment.article).is_some_and(|piece| piece.field("id") == id)
            })
            && self.words.as_ref().is_none_or(|words| {
                comment.source.to_lowercase().contains(words)
                    || world.author_name(comment).to_lowercase().contains(words)
            })
    }
}

fn limit(call: &Call) -> Result<usize, Problem> {
    match call.param("limit") {
        None => Ok(PAGE_USUAL),
        Some(text) => text
            .parse()
            .ok()
            .filter(|n| (1..=PAGE_MAX).contains(n))
            .ok_or_else(|| Problem::bad_query("limit", "is a number from 1 to 100")),
    }
}

/// A cursor names the last row told: its time and its place in time.
fn after(call: &Call) -> Result<Option<(i64, usize)>, Problem> {
    let Some(text) = call.param("cursor").filter(|text| !text.is_empty()) else { return Ok(None) };
    let key = text.strip_prefix('k').and_then(|rest| {
        let (at, place) = rest.split_once('-')?;
        Some((i64::from_str_radix(at, 16).ok()?, usize::from_str_radix(place, 16).ok()?))
    });
    key.map(Some).ok_or_else(|| Problem::bad_query("cursor", "was not given out by this site"))
}

fn key(comment: &Comment, at: usize) -> (i64, usize) {
    (comment.created.timestamp(), at)
}

/// One page of comments. The cursor is a key, so nothing is skipped or told twice while others decide.
pub(super) fn comments(
    world: &World,
    call: &Call,
    who: &Moderator,
    author: Option<usize>,
) -> Result<Answer, Problem> {
    let mut filter = Filter::of(world, call)?;
    filter.author = author.or(filter.author);
    let mut rows: Vec<(i64, usize)> = world
        .comments
        .iter()
        .enumerate()
        .filter(|(_, comment)| filter.fits(world, comment))
        .map(|(at, comment)| key(comment, at))
        .collect();
    let total = rows.len();
    rows.sort_unstable();
    if filter.newest {
        rows.reverse();
    }
    if let Some(after) = filter.after {
        rows.retain(|row| if filter.newest { *row < after } else { *row > after });
    }
    let more = rows.len() > filter.limit;
    rows.truncate(filter.limit);
    let next = rows.last().filter(|_| more).map(|(at, place)| format!("k{at:x}-{place:x}"));
    let items: Vec<Value> = rows.iter().map(|(_, at)| shape::comment(world, *at, who)).collect();
    let mut answer = Answer::json(200, &json!({"items": items, "next": next, "total": total}));
    if let Some(next) = &next {
        let mut pairs: Vec<(String, String)> = url::form_urlencoded::parse(call.query.as_bytes())
            .filter(|(name, _)| name != "cursor")
            .map(|(name, value)| (name.into_owned(), value.into_owned()))
            .collect();
        pairs.push(("cursor".to_owned(), next.clone()));
        let query = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish();
        answer = answer.header("link", &format!("<{}{}?{query}>; rel=\"next\"", world.origin, call.path));
    }
    let digest = Sha256::digest(&answer.body);
    let etag = digest.iter().take(12).fold("\"l".to_owned(), |tag, byte| format!("{tag}{byte:02x}")) + "\"";
    let known = call.told("if-none-match").is_some_and(|tags| tags.split(',').any(|tag| tag.trim() == etag));
    let answer = if known { Answer::empty(304) } else { answer };
    Ok(answer.header("etag", &etag).header("cache-control", "private, no-cache"))
}

/// The place of a comment that can still be read.
pub(super) fn find(world: &World, id: &str) -> Result<usize, Problem> {
    let at = *world.by_id.get(id).ok_or_else(|| Problem::missing("comment"))?;
    match world.comments.get(at).map(|c| c.status) {
        None => Err(Problem::missing("comment")),
        Some(Status::Deleted) => Err(Problem::gone()),
        Some(_) => Ok(at),
    }
}

/// One comment.
pub(super) fn one(world: &World, id: &str, who: &Moderator) -> Result<Answer, Problem> {
    let at = find(world, id)?;
    let etag = world.comments.get(at).map(Comment::etag).unwrap_or_default();
    Ok(Answer::json(200, &shape::comment(world, at, who)).header("etag", &etag))
}

/// What a comment answers, what stands beside it, and what answers it.
pub(super) fn thread(world: &World, call: &Call, id: &str, who: &Moderator) -> Result<Answer, Problem> {
    let at = find(world, id)?;
    let (limit, after) = (limit(call)?, after(call)?);
    let parent_of = |at: usize| world.comments.get(at).and_then(|c| c.parent);
    let here = |at: &usize| world.comments.get(*at).is_some_and(|c| c.status != Status::Deleted);
    let mut ancestors = Vec::new();
    let mut above = parent_of(at);
    while let Some(parent) = above {
        ancestors.push(parent);
        above = parent_of(parent).filter(|next| *next < parent);
    }
    ancestors.reverse();
    let children = |at: usize| world.comments.get(at).map(|c| c.children.clone()).unwrap_or_default();
    let siblings: Vec<usize> = parent_of(at)
        .map(children)
        .unwrap_or_default()
        .into_iter()
        .filter(|other| *other != at && here(other))
        .take(SIBLINGS_MAX)
        .collect();
    let mut below = children(at);
    let mut looked = 0;
    while let Some(next) = below.get(looked).copied() {
        below.extend(children(next));
        looked += 1;
    }
    below.sort_unstable();
    below.retain(|reply| here(reply) && after.is_none_or(|(_, place)| *reply > place));
    let more = below.len() > limit;
    below.truncate(limit);
    let last = below.last().filter(|_| more).and_then(|at| Some(key(world.comments.get(*at)?, *at)));
    let all = |places: &[usize]| -> Vec<Value> {
        places.iter().filter(|p| here(p)).map(|at| shape::comment(world, *at, who)).collect()
    };
    Ok(Answer::json(
        200,
        &json!({
            "ancestors": all(&ancestors),
            "siblings": all(&siblings),
            "replies": all(&below),
            "next": last.map(|(at, place)| format!("k{at:x}-{place:x}")),
        }),
    ))
}

/// One article, whole.
pub(super) fn article(world: &World, id: &str) -> Result<Answer, Problem> {
    let found = world.stock.articles.iter().enumerate().find(|(_, piece)| piece.field("id") == id);
    let (at, piece) = found.ok_or_else(|| Problem::missing("article"))?;
    Ok(Answer::json(
        200,
        &json!({
            "id": piece.field("id"),
            "url": page::url(world, at),
            "title": piece.field("title"),
            "byline": piece.field("byline"),
            "published": shape::time(page::published(world, at)),
            "lang": piece.field("lang"),
            "excerpt": piece.field("excerpt"),
            "body": {"format": "html", "text": piece.html},
            "comments_open": true,
        }),
    ))
}

/// One author.
pub(super) fn author(world: &World, id: &str, who: &Moderator) -> Result<Answer, Problem> {
    let at = world.cast.place(id).ok_or_else(|| Problem::missing("author"))?;
    let mut shape = shape::author(world, at, who);
    let reader = world.cast.reader(at);
    // A guest whose record is longer than what the site still has was here before its first comment known.
    let is_new = reader.is_some_and(|reader| reader.approved + reader.rejected + reader.spam == 0);
    let first = world.comments.iter().find(|c| c.author == at && is_new).map(|c| c.created);
    let since = first.into_iter().chain(reader.and_then(|reader| reader.registered)).min();
    if let Some(members) = shape.as_object_mut() {
        members.insert("since".into(), json!(since.map(shape::time)));
        members.insert("sanction".into(), Value::Null);
    }
    Ok(Answer::json(200, &shape))
}

/// What an author wrote.
pub(super) fn by_author(world: &World, call: &Call, id: &str, who: &Moderator) -> Result<Answer, Problem> {
    let at = world.cast.place(id).ok_or_else(|| Problem::missing("author"))?;
    comments(world, call, who, Some(at))
}
