//! Where on a whole page the article stands: counted before it is read. Nothing is shown from here.

use super::html::{attribute, is_void, raw_kind};
use html5ever::tendril::StrTendril;
use html5ever::tokenizer::{
    BufferQueue, Tag, TagKind, Token, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts,
};
use std::cell::RefCell;

/// Candidates that are looked at.
const CANDIDATES_MAX: usize = 500;

/// Classes of the element that holds an article's text.
const BODY: [&str; 12] = [
    "entry-content",
    "post-content",
    "article-content",
    "article-body",
    "article__body",
    "story-body",
    "post-body",
    "td-post-content",
    "wp-block-post-content",
    "single-content",
    "articlebody",
    "content-body",
];

/// What a source is as a whole.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(super) struct Page {
    /// A document with a head of its own, or as good as one.
    pub whole: bool,
    /// The candidate that the article is in, counted by [`candidate`].
    pub article: Option<usize>,
}

/// How surely an element of this kind holds the article: 3 its text, 2 the article, 1 the page's main part.
pub(super) fn candidate(tag: &Tag) -> Option<u8> {
    let name: &str = &tag.name;
    if is_void(name) {
        return None;
    }
    let classes = attribute(tag, "class").unwrap_or_default();
    let is_body = |class: &str| BODY.iter().any(|body| class.eq_ignore_ascii_case(body));
    let says = attribute(tag, "itemprop").unwrap_or_default().split_ascii_whitespace();
    if says.into_iter().any(|prop| prop == "articleBody") || classes.split_ascii_whitespace().any(is_body) {
        return Some(3);
    }
    match name {
        "article" => Some(2),
        "main" => Some(1),
        _ => (attribute(tag, "role") == Some("main")).then_some(1),
    }
}

/// Looks a source over.
pub(super) fn look(source: &str) -> Page {
    let whole = has_tag(source, "body") || has_tag(source, "html") || has_tag(source, "main");
    if !whole && !has_tag(source, "article") && !source.contains("articleBody") {
        return Page::default();
    }
    let input = BufferQueue::default();
    input.push_back(StrTendril::from_slice(source));
    let tokenizer = Tokenizer::new(Scout(RefCell::default()), TokenizerOpts::default());
    let _ = tokenizer.feed(&input);
    tokenizer.end();
    let seen = tokenizer.sink.0.into_inner();
    Page { whole, article: seen.best(whole) }
}

/// The article's words where a page has them only in its JSON-LD.
pub(super) fn json_body(source: &str) -> Option<String> {
    let from = source.find("\"articleBody\"")? + "\"articleBody\"".len();
    let rest = source[from..].trim_start().strip_prefix(':')?.trim_start().strip_prefix('"')?;
    let mut out = String::new();
    let mut units = Vec::new();
    let mut chars = rest.chars();
    loop {
        let c = chars.next()?;
        let escaped = if c == '\\' { Some(chars.next()?) } else { None };
        if escaped == Some('u') {
            let digits: String = chars.by_ref().take(4).collect();
            units.push(u16::from_str_radix(&digits, 16).ok()?);
            continue;
        }
        out.push_str(&String::from_utf16_lossy(&units));
        units.clear();
        match (c, escaped) {
            ('"', None) => break,
            (c, None) => out.push(c),
            (_, Some('n' | 'r')) => out.push('\n'),
            (_, Some('t' | 'b' | 'f')) => out.push(' '),
            (_, Some(c)) => out.push(c),
        }
    }
    (!out.trim().is_empty()).then_some(out)
}

fn has_tag(source: &str, name: &str) -> bool {
    source.split('<').skip(1).any(|tag| {
        let head = tag.get(..name.len()).is_some_and(|head| head.eq_ignore_ascii_case(name));
        head && !tag[name.len()..].starts_with(|c: char| c.is_ascii_alphanumeric() || c == '-')
    })
}

struct Candidate {
    rank: u8,
    name: String,
    /// 0 once it is closed.
    open: usize,
    chars: usize,
}

#[derive(Default)]
struct Seen {
    candidates: Vec<Candidate>,
    chars: usize,
    foreign: usize,
    /// Inside an element whose text is no text.
    raw: bool,
}

struct Scout(RefCell<Seen>);

impl TokenSink for Scout {
    type Handle = ();

    fn process_token(&self, token: Token, _line: u64) -> TokenSinkResult<()> {
        let mut seen = self.0.borrow_mut();
        match token {
            Token::TagToken(tag) => match tag.kind {
                TagKind::StartTag => return seen.start(&tag),
                TagKind::EndTag => seen.end(&tag.name),
            },
            Token::CharacterTokens(text) if !seen.raw => {
                seen.count(text.split_whitespace().map(str::len).sum())
            }
            _ => {}
        }
        TokenSinkResult::Continue
    }
}

impl Seen {
    fn count(&mut self, chars: usize) {
        self.chars += chars;
        let open = self.candidates.iter_mut().filter(|candidate| candidate.open > 0);
        open.for_each(|candidate| candidate.chars += chars);
    }

    fn start(&mut self, tag: &Tag) -> TokenSinkResult<()> {
        let name: &str = &tag.name;
        if matches!(name, "svg" | "math") {
            self.foreign += usize::from(!tag.self_closing);
        }
        for candidate in self.candidates.iter_mut().filter(|candidate| candidate.open > 0) {
            candidate.open += usize::from(candidate.name == name);
        }
        if let Some(rank) = candidate(tag)
            && self.candidates.len() < CANDIDATES_MAX
        {
            self.candidates.push(Candidate { rank, name: name.to_owned(), open: 1, chars: 0 });
        }
        match raw_kind(name).filter(|_| self.foreign == 0) {
            Some(kind) => {
                self.raw = true;
                TokenSinkResult::RawData(kind)
            }
            None => TokenSinkResult::Continue,
        }
    }

    fn end(&mut self, name: &str) {
        self.raw = false;
        self.foreign -= usize::from(matches!(name, "svg" | "math") && self.foreign > 0);
        for candidate in self.candidates.iter_mut().filter(|candidate| candidate.open > 0) {
            candidate.open -= usize::from(candidate.name == name);
        }
    }

    /// The surest candidate that is not a small part of what a less sure one holds. In a fragment it must hold most of it:
    /// cards of other articles are `article` elements too.
    fn best(&self, whole: bool) -> Option<usize> {
        let most = |rank| {
            let of = self.candidates.iter().enumerate().filter(|(_, candidate)| candidate.rank == rank);
            of.max_by_key(|(at, candidate)| (candidate.chars, usize::MAX - at))
        };
        let found: Vec<_> = [3, 2, 1].into_iter().filter_map(most).filter(|(_, c)| c.chars > 0).collect();
        let enough = |chars: usize, rest: &[(usize, &Candidate)]| {
            rest.first().is_none_or(|(_, around)| chars * 5 >= around.chars)
                && (whole || chars * 2 >= self.chars)
        };
        let index = (0..found.len()).find(|at| enough(found[*at].1.chars, &found[at + 1..]))?;
        Some(found[index].0)
    }
}
