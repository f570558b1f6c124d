//! What a text hides or passes off, found once it has been read: hidden characters, lookalikes, links that are not what
//! their words say. Each finding has the very word, so that it can be said in a sentence.

use super::chip;
use super::host;
use super::lookalike::{self, Oddity, Setting};
use super::plain::words;
use super::policy;
use super::rich::{Block, Link, RichText, Span};
use std::collections::HashMap;
use url::Url;

/// Different findings of one text; more are not looked for.
pub const FINDINGS_MAX: usize = 100;
/// Characters of a word that are quoted.
const QUOTED_MAX: usize = 60;

/// One thing that was found.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Found {
    /// A character that cannot be seen; its label, or `marks` where marks are stacked on a letter.
    Hidden(String),
    /// A word, or a host, in letters that look like others.
    Odd(Oddity),
    /// A link whose words name a host, and which leads to this one.
    Elsewhere { host: String },
    /// An address that begins with a name and an `@`, and leads to this host.
    Named { host: String },
    /// A link to nowhere a browser should go: `javascript`, `data`, `file`.
    Scheme(String),
    /// A limit cut the text or its checks: there may be more.
    Unfinished,
}

/// Something found, the word it was found in, and how often.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    pub found: Found,
    /// Shortened, what hides in it labelled. For a link, what its words name or what its address begins with.
    pub word: String,
    pub times: usize,
    /// The address of the link it was found in.
    pub url: Option<String>,
}

/// Everything found in a text that was read.
pub fn findings(rich: &RichText) -> Vec<Finding> {
    let mut told = Told::default();
    let text = words(rich);
    let setting = Setting::of(&chip::without(&text));
    told.blocks(&rich.blocks, &setting);
    for address in &rich.refused {
        told.refused(address);
    }
    if rich.cut || rich.refused.len() >= policy::REFUSED_MAX {
        told.full = true;
    }
    told.finish()
}

/// Everything found in one line: a name or a title, as [`super::visible`] shows it.
pub fn findings_in_line(line: &str) -> Vec<Finding> {
    let mut told = Told::default();
    told.text(line, &Setting::of(&chip::without(line)));
    told.finish()
}

/// Everything found in an address that somebody gave as his own.
pub fn findings_in_address(address: &str) -> Vec<Finding> {
    let mut told = Told::default();
    match policy::link(address) {
        Some(link) => told.address(&link),
        None => told.text(&super::visible_line(address), &Setting::default()),
    }
    if let Some(refused) = policy::refused(address) {
        told.refused(&refused);
    }
    told.finish()
}

#[derive(Default)]
struct Told {
    list: Vec<Finding>,
    known: HashMap<(Found, String), usize>,
    full: bool,
}

impl Told {
    fn add(&mut self, found: Found, word: &str, at: usize, (times, url): (usize, Option<&str>)) {
        if self.full {
            return;
        }
        let word = quoted(word, at);
        if let Some(known) = self.known.get(&(found.clone(), word.clone())) {
            self.list[*known].times += times;
        } else if self.list.len() >= FINDINGS_MAX {
            self.full = true;
        } else {
            self.known.insert((found.clone(), word.clone()), self.list.len());
            self.list.push(Finding { found, word, times, url: url.map(str::to_owned) });
        }
    }

    fn finish(mut self) -> Vec<Finding> {
        if self.full {
            let (found, word) = (Found::Unfinished, String::new());
            self.list.push(Finding { found, word, times: 1, url: None });
        }
        self.list
    }

    fn blocks(&mut self, blocks: &[Block], setting: &Setting) {
        for block in blocks {
            match block {
                Block::Paragraph(spans) | Block::Heading { spans, .. } => self.spans(spans, setting),
                Block::Apart { blocks, .. } => self.blocks(blocks, setting),
                Block::Quote { blocks, source } => {
                    self.blocks(blocks, setting);
                    source.iter().for_each(|spans| self.spans(spans, setting));
                }
                Block::List { items, .. } => items.iter().for_each(|item| self.blocks(item, setting)),
                Block::Table { rows, caption, .. } => {
                    caption.iter().for_each(|spans| self.spans(spans, setting));
                    rows.iter().flatten().for_each(|cell| self.spans(cell, setting));
                }
                Block::Code(code) => self.text(code, setting),
                Block::Figure { alt, caption, .. } => {
                    self.text(alt, setting);
                    caption.iter().for_each(|spans| self.spans(spans, setting));
                }
                Block::Rule => {}
            }
        }
    }

    /// One line of words: a word may run through several spans, and a link too.
    fn spans(&mut self, spans: &[Span], setting: &Setting) {
        let line: String = spans.iter().map(|span| span.text.as_str()).collect();
        self.text(&line, setting);
        let mut rest = spans;
        while let Some(first) = rest.first() {
            let same = rest.iter().take_while(|span| span.link == first.link).count().max(1);
            if let Some(link) = &first.link {
                let words: String = rest[..same].iter().map(|span| span.text.as_str()).collect();
                self.link(&chip::without(&words), link);
            }
            rest = &rest[same..];
        }
    }

    fn link(&mut self, words: &str, link: &Link) {
        self.address(link);
        let Ok(url) = Url::parse(&link.url) else { return };
        if let Some(named) = host::named_elsewhere(words, &url) {
            let found = Found::Elsewhere { host: link.host.clone() };
            self.add(found, &named, 0, (1, Some(&link.url)));
        }
    }

    fn address(&mut self, link: &Link) {
        let Ok(url) = Url::parse(&link.url) else { return };
        let at = Some(link.url.as_str());
        if !url.username().is_empty() || url.password().is_some() {
            self.add(Found::Named { host: link.host.clone() }, url.username(), 0, (1, at));
        }
        let real = host::unicode(url.host_str().unwrap_or_default());
        let top = host::top_of(&real);
        if let Some(odd) = real.split('.').find_map(|label| lookalike::label(label, top)) {
            self.add(Found::Odd(odd), &real, 0, (1, at));
        }
    }

    fn refused(&mut self, address: &str) {
        let scheme = address.split(':').next().unwrap_or_default();
        self.add(Found::Scheme(scheme.to_owned()), address, 0, (1, None));
    }

    fn text(&mut self, text: &str, setting: &Setting) {
        if text.is_ascii() {
            return;
        }
        for token in text.split_whitespace().filter(|token| !token.is_ascii()) {
            let mut hides = false;
            for (at, label) in chip::all(token) {
                hides = true;
                self.add(Found::Hidden(label.name.to_owned()), token, at, (label.times, None));
            }
            if hides {
                self.word(&chip::without(token), setting);
            } else {
                self.word(token, setting);
            }
        }
    }

    /// A run of characters without white space: a host, or words between dashes and quotes.
    fn word(&mut self, token: &str, setting: &Setting) {
        for part in token.split(|c: char| !stands_in_host(c)).map(|part| part.trim_matches(['.', '-'])) {
            if part.is_ascii() {
                continue;
            }
            let top = host::top_of(part);
            let is_host =
                part.contains('.') && top.len() >= 2 && top.bytes().all(|b| b.is_ascii_alphabetic());
            let odd =
                if is_host { part.split('.').find_map(|label| lookalike::label(label, top)) } else { None };
            if let Some(odd) = odd {
                self.add(Found::Odd(odd), part, 0, (1, None));
                continue;
            }
            for word in part.split(['.', '-', '_']) {
                if let Some(odd) = lookalike::word(word, setting) {
                    self.add(Found::Odd(odd), word, 0, (1, None));
                }
            }
        }
    }
}

fn stands_in_host(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '.' | '-' | '_') || unicode_normalization::char::is_combining_mark(c)
}

/// A word around the byte `at`, no longer than can be read. Looks no further than it quotes: a word may be a whole text.
fn quoted(word: &str, at: usize) -> String {
    let back = word[..at].char_indices().rev().take(QUOTED_MAX / 3).last().map_or(at, |(start, _)| start);
    let mut rest = word[back..].char_indices().skip(QUOTED_MAX);
    let end = rest.next().map_or(word.len(), |(end, _)| back + end);
    let (head, tail) = (if back > 0 { "…" } else { "" }, if end < word.len() { "…" } else { "" });
    format!("{head}{}{tail}", &word[back..end])
}
