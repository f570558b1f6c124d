//! The newspaper as its readers see it: a front page and one page an article, in plain HTML.

use super::cmh;
use super::exchange::Answer;
use super::world::{Status, World};
use chrono::{DateTime, Duration, SubsecRound, Utc};
use std::fmt::Write as _;

/// The newspaper.
pub const SITE_NAME: &str = "The Brackwater Gazette";

const STYLE: &str = "body{font:18px/1.55 Georgia,serif;\
    max-width:42rem;margin:2rem auto;padding:0 1rem;color:#222}\
    header a{color:inherit;text-decoration:none;font-weight:bold}article{margin:0 0 2.5rem}\
    blockquote{border-left:3px solid #bbb;margin-left:0;padding-left:1rem}table{border-collapse:collapse}\
    td,th{border:1px solid #ccc;padding:.2rem .6rem}aside{background:#f3f1ec;padding:.6rem 1rem}\
    .comment{border-top:1px solid #ddd;padding:.6rem 0;white-space:pre-wrap;overflow-wrap:anywhere}\
    .who{font:600 .8rem sans-serif;color:#666}";

/// The address of an article.
pub(super) fn url(world: &World, article: usize) -> String {
    let slug = world.stock.articles.get(article).map_or("", |piece| piece.field("slug"));
    format!("{}/{}/{slug}", world.origin, published(world, article).format("%Y/%m/%d"))
}

/// When an article appeared.
pub(super) fn published(world: &World, article: usize) -> DateTime<Utc> {
    let hours = world.stock.articles.get(article).map_or(6, |piece| piece.number("hours_ago", 6));
    (world.born - Duration::hours(hours)).trunc_subsecs(0)
}

/// Words as HTML shows them.
pub(super) fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            _ => out.push(c),
        }
    }
    out
}

/// The page at that path. An article is found by the end of its address.
pub(super) fn at(world: &World, path: &str) -> Option<Answer> {
    if path == "/" {
        return Some(front(world));
    }
    let slug = path.trim_end_matches('/').rsplit('/').next()?;
    let found = world.stock.articles.iter().position(|p| !slug.is_empty() && p.field("slug") == slug)?;
    Some(article(world, found))
}

fn page(world: &World, title: &str, lang: &str, content: &str) -> Answer {
    let dir = if matches!(lang, "fa" | "ps" | "ar") { "rtl" } else { "ltr" };
    Answer::html(
        200,
        format!(
            "<!doctype html><html lang=\"{lang}\" dir=\"{dir}\"><head><meta charset=\"utf-8\"><title>{}</title>\
             <meta name=\"viewport\" content=\"width=device-width\">\
             <link rel=\"comment-moderation\" href=\"{}{}\"><style>{STYLE}</style></head>\
             <body><header><a href=\"/\">{SITE_NAME}</a></header>{content}</body></html>",
            escaped(title),
            world.origin,
            cmh::BASE,
        ),
    )
}

fn front(world: &World) -> Answer {
    let mut content = String::from("<h1>Today</h1>");
    for (at, piece) in world.stock.articles.iter().enumerate() {
        let _ = write!(
            content,
            "<article><h2><a href=\"{}\">{}</a></h2><p>{}</p></article>",
            escaped(&url(world, at)),
            escaped(piece.field("title")),
            escaped(piece.field("excerpt")),
        );
    }
    page(world, SITE_NAME, "en", &content)
}

fn article(world: &World, at: usize) -> Answer {
    let Some(piece) = world.stock.articles.get(at) else { return front(world) };
    let mut content = format!(
        "<article><h1>{}</h1><p class=\"who\">{} · {}</p>{}</article><section>",
        escaped(piece.field("title")),
        escaped(piece.field("byline")),
        published(world, at).format("%-d %B %Y, %H:%M UTC"),
        piece.html,
    );
    let seen = world.comments.iter().filter(|c| c.article == at && c.status == Status::Approved);
    for comment in seen {
        let _ = write!(
            content,
            "<div class=\"comment\" id=\"{}\" dir=\"auto\"><div class=\"who\">{}</div>{}</div>",
            comment.id,
            escaped(world.author_name(comment)),
            escaped(&comment.source),
        );
    }
    content.push_str("</section>");
    page(world, piece.field("title"), piece.field("lang"), &content)
}
