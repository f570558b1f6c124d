//! What stands with an article and is not its text: told by the names that site software gives its boxes, by the
//! element, or by a box's own heading. Nothing is read here.

use super::policy::Role;
use super::rich::{Apart, Block, Span};

/// What an element sets apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Told {
    Box(Apart),
    /// A menu, or a list of other articles: its heading says which.
    Menu,
    /// Share buttons, forms, comments: no words of the article at all.
    Gone,
}

/// Parts of class names, `_` written as `-`. Sources: WordPress's own blocks and the most installed plugins and themes.
const AUTHOR: [&str; 17] = [
    "author-box",
    "authorbox",
    "author-bio",
    "author-info",
    "author-card",
    "author-profile",
    "author-description",
    "about-author",
    "about-the-author",
    "wp-block-post-author-biography",
    "saboxplugin",
    "m-a-box",
    "molongui-author",
    "abh-box",
    "pp-multiple-authors",
    "guest-author",
    "contributor-bio",
];
const RELATED: [&str; 20] = [
    "related-post",
    "related-article",
    "related-link",
    "related-content",
    "related-stories",
    "related-story",
    "related-news",
    "related-entries",
    "related-reading",
    "relatedposts",
    "crp-related",
    "yarpp",
    "rp4wp",
    "read-next",
    "also-read",
    "more-articles",
    "recommended-posts",
    "recommended-articles",
    "wp-block-latest-posts",
    "wp-block-query",
];
const FOOTNOTES: [&str; 2] = ["footnotes", "footnote-list"];
const GONE: [&str; 31] = [
    "sharedaddy",
    "sd-sharing",
    "social-share",
    "social-sharing",
    "social-links",
    "share-buttons",
    "post-share",
    "addtoany",
    "heateor",
    "breadcrumb",
    "post-navigation",
    "posts-navigation",
    "post-nav-links",
    "wp-block-post-navigation-link",
    "newsletter-signup",
    "mc4wp-form",
    "toc-container",
    "table-of-contents",
    "screen-reader-text",
    "adsbygoogle",
    "advertisement",
    "taboola",
    "outbrain",
    "comments-area",
    "comment-respond",
    "comment-list",
    "wp-block-comments",
    "wp-block-post-comments",
    "wp-block-post-terms",
    "wp-block-post-date",
    "skip-link",
];
/// Title and byline of a whole page: the desk shows them itself.
const HEAD: [&str; 7] =
    ["entry-meta", "post-meta", "article-meta", "byline", "posted-on", "entry-header", "post-header"];

/// Headings of boxes, as they are compared.
const AUTHOR_HEADS: [&str; 14] = [
    "author",
    "about the author",
    "about the authors",
    "about author",
    "written by",
    "über den autor",
    "über die autorin",
    "à propos de l’auteur",
    "sobre el autor",
    "درباره نویسنده",
    "دربارهٔ نویسنده",
    "د لیکوال په اړه",
    "عن الكاتب",
    "مصنف کے بارے میں",
];
const RELATED_HEADS: [&str; 24] = [
    "related",
    "related articles",
    "related posts",
    "related stories",
    "related news",
    "related content",
    "related links",
    "related reading",
    "read also",
    "read more",
    "read next",
    "more on this",
    "more on this story",
    "you may also like",
    "you might also like",
    "recommended",
    "ähnliche beiträge",
    "articles liés",
    "artículos relacionados",
    "مطالب مرتبط",
    "مقاله های مرتبط",
    "اړوند مطالب",
    "مقالات ذات صلة",
    "متعلقہ مضامین",
];

/// An element as far as it tells what it is.
#[derive(Debug, Clone, Copy)]
pub(super) struct Named<'a> {
    pub role: Role,
    pub class: &'a str,
    /// The attribute `role`.
    pub aria: &'a str,
    pub itemprop: &'a str,
}

/// What `named` sets apart, if anything. Inline elements set nothing apart, only share buttons and the like go.
pub(super) fn told(named: Named<'_>, in_quote: bool) -> Option<Told> {
    if has(named.class, &GONE) || named.class.split_ascii_whitespace().any(|class| class == "navigation") {
        return Some(Told::Gone);
    }
    match named.role {
        Role::GoneInArticle => return Some(Told::Gone),
        Role::Break
        | Role::Aside
        | Role::Footer
        | Role::List(_)
        | Role::Terms
        | Role::Table
        | Role::Figure
        | Role::Menu => {}
        _ => return None,
    }
    let token = |wanted: &str| named.class.split_ascii_whitespace().any(|class| class == wanted);
    if has(named.class, &RELATED) {
        return Some(Told::Box(Apart::Related));
    }
    if has(named.class, &AUTHOR) || token("wp-block-post-author") || named.itemprop == "author" {
        return Some(Told::Box(Apart::Author));
    }
    if has(named.class, &FOOTNOTES) || named.aria == "doc-endnotes" {
        return Some(Told::Box(Apart::Footnotes));
    }
    match named.role {
        Role::Aside => Some(Told::Box(Apart::Note)),
        Role::Footer if !in_quote => Some(Told::Box(Apart::Note)),
        Role::Menu => Some(Told::Menu),
        _ => None,
    }
}

/// Whether a class list names the head of an article on its page.
pub(super) fn is_head(class: &str) -> bool {
    has(class, &HEAD)
}

fn has(class: &str, parts: &[&str]) -> bool {
    class.split_ascii_whitespace().any(|class| {
        let class = class.to_ascii_lowercase().replace('_', "-");
        // `has-author-box` stands on what holds such a box.
        let says_of = ["has-", "no-", "with-", "without-", "hide-", "show-", "is-"];
        !says_of.iter().any(|prefix| class.starts_with(prefix))
            && parts.iter().any(|part| class.contains(part))
    })
}

/// What a heading says that stands below it.
pub(super) fn headed(spans: &[Span]) -> Option<Apart> {
    let words: String = spans.iter().map(|span| span.text.as_str()).collect();
    if words.len() > 60 {
        return None;
    }
    let words = words.trim().trim_end_matches([':', '：', '.', '…']).trim().to_lowercase().replace('\'', "’");
    if AUTHOR_HEADS.contains(&words.as_str()) {
        return Some(Apart::Author);
    }
    RELATED_HEADS.contains(&words.as_str()).then_some(Apart::Related)
}

/// The heading of a box: an element of its own, or a first short paragraph.
fn head(block: Option<&Block>) -> Option<Apart> {
    match block {
        Some(Block::Heading { spans, .. } | Block::Paragraph(spans)) => headed(spans),
        _ => None,
    }
}

/// What a box becomes: itself, and after it the boxes that stood in it. Nothing where it has no words of its own.
pub(super) fn closed(told: Option<Apart>, blocks: Vec<Block>) -> Vec<Block> {
    let (inner, mut own): (Vec<Block>, Vec<Block>) =
        blocks.into_iter().partition(|block| matches!(block, Block::Apart { .. }));
    let headed = head(own.first());
    let role = match (told, headed) {
        (None | Some(Apart::Note), Some(role)) => Some(role),
        (told, _) => told,
    };
    let mut out = Vec::new();
    if let Some(role) = role {
        if headed == Some(role) {
            own.remove(0);
        }
        if matches!(role, Apart::Author | Apart::Related) {
            // Portraits and thumbnails.
            own.retain(|block| !matches!(block, Block::Figure { .. } | Block::Rule));
        }
        // A list of other articles that a script would have filled.
        let says = own.iter().any(|block| !matches!(block, Block::Heading { .. } | Block::Rule));
        if says || (role == Apart::Note && !own.is_empty()) {
            out.push(Block::Apart { role, blocks: own });
        }
    }
    out.extend(inner);
    out
}
