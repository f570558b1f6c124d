//! HTML read tag by tag: html5ever's tokenizer takes any bytes, and each tag moves the [`Builder`]. There is no tree, so
//! nesting costs nothing; what browsers repair (unclosed, crossed and stray tags) is repaired here to the same words.

use super::Manner;
use super::apart::{self, Named, Told};
use super::build::{Builder, Kind, Table};
use super::flow::Effect;
use super::page::{self, Page};
use super::place::Place;
use super::policy::{self, Role};
use super::rich::{Apart, Block, RichText, Span};
use super::scan::{attribute_flood, has_paragraphs};
use super::settle::settle;
use super::visible::visible;
use html5ever::tendril::StrTendril;
use html5ever::tokenizer::states::RawKind;
use html5ever::tokenizer::{
    BufferQueue, Tag, TagKind, Token, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts,
};
use std::cell::RefCell;
use std::rc::Rc;

/// Columns that one wide cell may stand for.
const COLSPAN_MAX: usize = 20;
/// Rows that one tall cell may stand for.
const ROWSPAN_MAX: usize = 1_000;

/// Reads a body that a person may have typed: without any paragraph element, its blank lines part paragraphs.
pub(super) fn read(source: &str, manner: Manner) -> RichText {
    run(source, manner, !has_paragraphs(source))
}

/// Reads what a program marked up: line ends mean nothing.
pub(super) fn read_marked(source: &str, manner: Manner) -> RichText {
    run(source, manner, false)
}

fn run(source: &str, manner: Manner, by_line: bool) -> RichText {
    let flood = attribute_flood(source);
    let source = &source[..flood.unwrap_or(source.len())];
    let input = BufferQueue::default();
    input.push_back(StrTendril::from_slice(source));
    let page = if manner == Manner::Article { page::look(source) } else { Page::default() };
    if page.whole
        && page.article.is_none()
        && let Some(body) = page::json_body(source)
    {
        return super::plain::read(&body);
    }
    let outside = page.article.is_some();
    let place = Place { page, seen: 0, outside, within: None };
    let builder = Builder::new();
    let reader = Reader { builder, manner, by_line, line_ends: 0, foreign: 0, leads_here: false, place };
    let tokenizer = Tokenizer::new(Sink(RefCell::new(reader)), TokenizerOpts::default());
    let _ = tokenizer.feed(&input);
    tokenizer.end();
    let mut rich = tokenizer.sink.0.into_inner().builder.finish();
    rich.cut |= flood.is_some();
    if manner == Manner::Article {
        settle(&mut rich.blocks);
    }
    rich
}

struct Sink(RefCell<Reader>);

impl TokenSink for Sink {
    type Handle = ();

    fn process_token(&self, token: Token, _line: u64) -> TokenSinkResult<()> {
        let mut reader = self.0.borrow_mut();
        match token {
            Token::TagToken(tag) => match tag.kind {
                TagKind::StartTag => return reader.start(&tag),
                TagKind::EndTag => reader.end(&tag.name),
            },
            Token::CharacterTokens(text) => reader.text(&text),
            Token::NullCharacterToken => reader.text("\0"),
            // The text ends inside a tag or a comment: what stands there is not shown.
            Token::ParseError(why) if why.contains("EOF") => reader.builder.cut = true,
            _ => {}
        }
        TokenSinkResult::Continue
    }
}

pub(super) struct Reader {
    pub(super) builder: Builder,
    manner: Manner,
    by_line: bool,
    /// Line ends since the last word, when they mean something.
    line_ends: usize,
    /// Open `svg` and `math` elements: inside, names mean other things.
    pub(super) foreign: usize,
    /// In a link to another place of the same text.
    pub(super) leads_here: bool,
    pub(super) place: Place,
}

impl Reader {
    fn text(&mut self, text: &str) {
        let leads_back = self.leads_here && self.manner == Manner::Article && is_way_back(text);
        if leads_back || self.is_beside() {
            return;
        }
        match &self.builder.top().kind {
            Kind::Gone { .. } => return,
            Kind::Pre(code) => {
                let text = if code.is_empty() { text.strip_prefix('\n').unwrap_or(text) } else { text };
                return self.builder.words(text);
            }
            _ => {}
        }
        for piece in text.split_inclusive([' ', '\n', '\t', '\u{C}', '\r']) {
            let word = piece.trim_end_matches([' ', '\n', '\t', '\u{C}', '\r']);
            if !word.is_empty() {
                self.leave_implied_list();
                match std::mem::take(&mut self.line_ends) {
                    0 => {}
                    1 => self.builder.line(),
                    _ => self.builder.break_block(),
                }
                self.builder.words(word);
            }
            if word.len() < piece.len() {
                self.builder.space();
                self.line_ends += usize::from(self.by_line && piece.ends_with('\n'));
            }
        }
    }

    fn start(&mut self, tag: &Tag) -> TokenSinkResult<()> {
        let name: &str = &tag.name;
        let mut role = policy::role(name);
        if matches!(name, "svg" | "math") {
            self.foreign += usize::from(!tag.self_closing);
            return TokenSinkResult::Continue;
        }
        if self.foreign > 0 && breaks_out(role, name) {
            self.foreign = 0;
            self.builder.close(|kind| matches!(kind, Kind::Gone { .. }), |_| true);
        }
        let foreign = self.foreign > 0;
        if foreign && (tag.self_closing || role != Role::Gone) {
            role = Role::Words;
        }
        let raw = if foreign { None } else { raw_kind(name) };
        self.enter(tag);
        if self.is_beside() {
            self.start_beside(role, tag);
        } else if let Kind::Gone { name: gone, open } = &mut self.builder.top().kind {
            *open += usize::from(gone == name && !(foreign && tag.self_closing));
        } else if matches!(self.builder.top().kind, Kind::Pre(_)) {
            match role {
                Role::LineBreak => self.builder.line(),
                Role::Gone => self.builder.open_gone(name),
                _ => {}
            }
        } else if !self.start_apart(role, tag) {
            self.start_role(role, tag);
        }
        match raw {
            Some(kind) => TokenSinkResult::RawData(kind),
            None if name == "plaintext" && !foreign => TokenSinkResult::Plaintext,
            None => TokenSinkResult::Continue,
        }
    }

    /// Counts elements of the same name inside one that is set apart, and opens such a one. `true` when that was all.
    pub(super) fn start_apart(&mut self, role: Role, tag: &Tag) -> bool {
        let name: &str = &tag.name;
        if self.manner == Manner::Comment || is_void(name) {
            return false;
        }
        let named = self.named(role, tag);
        let in_quote = self.builder.stack.iter().any(|frame| matches!(frame.kind, Kind::Quote { .. }));
        let told = apart::told(named, in_quote);
        let flat = self.builder.is_flat();
        if self.is_frame(role, tag) || told == Some(Told::Gone) || (told == Some(Told::Menu) && flat) {
            if named.role.is_block() {
                self.builder.break_block();
            }
            self.builder.open_gone(name);
            return true;
        }
        let mut around = None;
        for (at, frame) in self.builder.stack.iter_mut().enumerate().rev() {
            let Kind::Apart { role: of, name: opened, open } = &mut frame.kind else { continue };
            around = around.or(Some(*of));
            if opened == "p" && named.role.is_block() {
                // A paragraph ends where the next block begins, whether it says so or not.
                self.builder.close_to(at);
                around = None;
                break;
            }
            if opened == name {
                *open += 1;
                break;
            }
        }
        let wanted = match told {
            None | Some(Told::Gone) => return false,
            Some(Told::Menu) => None,
            Some(Told::Box(role)) => Some(role),
        };
        let names_itself = !matches!(wanted, None | Some(Apart::Note));
        if flat || around.is_some_and(|around| !names_itself || around == wanted) {
            return false;
        }
        self.leave_implied_list();
        self.builder.open(Kind::Apart { role: wanted, name: name.to_owned(), open: 1 });
        false
    }

    pub(super) fn named<'a>(&self, role: Role, tag: &'a Tag) -> Named<'a> {
        let of = |wanted| attribute(tag, wanted).unwrap_or_default();
        Named { role, class: of("class"), aria: of("role"), itemprop: of("itemprop") }
    }

    pub(super) fn start_role(&mut self, role: Role, tag: &Tag) {
        let name: &str = &tag.name;
        match role {
            Role::Words => {}
            Role::Strong => self.builder.open_mark(name, Effect::Strong),
            Role::Emphasis => self.builder.open_mark(name, Effect::Emphasis),
            Role::Code => self.builder.open_mark(name, Effect::Code),
            Role::Struck => self.builder.open_mark(name, Effect::Struck),
            Role::Raised => self.builder.open_mark(name, Effect::Raised),
            Role::Lowered => self.builder.open_mark(name, Effect::Lowered),
            Role::Link => self.start_link(tag),
            Role::Quoted => self.builder.words("“"),
            Role::LineBreak => self.line_break(),
            Role::Gone => self.builder.open_gone(name),
            Role::GoneInArticle if name == "button" => {}
            Role::Cite if !self.starts_source(role) => self.builder.open_mark(name, Effect::Emphasis),
            Role::Image => self.image(tag),
            Role::Table | Role::TableHead | Role::TableBody | Role::Row | Role::Cell(_) => {
                self.start_table(role, tag);
            }
            _ if self.builder.is_flat() => self.builder.break_block(),
            _ => self.start_block(role, tag),
        }
    }

    fn start_link(&mut self, tag: &Tag) {
        let base = self.marks_base();
        self.builder.marks.close("a", base);
        let address = attribute(tag, "href").unwrap_or_default();
        self.builder.cut |= address.len() > policy::LINK_BYTES_MAX;
        self.leads_here = address.starts_with('#');
        if attribute(tag, "rel").is_some_and(|rel| rel.split_ascii_whitespace().any(|rel| rel == "author")) {
            self.builder.is_about_author();
        }
        let link = policy::link(address);
        if link.is_none() && self.builder.refused.len() < policy::REFUSED_MAX {
            self.builder.refused.extend(policy::refused(address));
        }
        self.builder.open_mark("a", Effect::Link(link.map(Rc::new)));
    }

    fn start_block(&mut self, role: Role, tag: &Tag) {
        if role != Role::Item {
            self.leave_implied_list();
        }
        self.line_ends = 0;
        match role {
            Role::Heading(level) => {
                self.builder.break_block();
                self.builder.top().heading = Some(level);
            }
            Role::Quote => {
                let address = attribute(tag, "cite").and_then(policy::link);
                self.builder.open(Kind::Quote { source: None, address });
            }
            Role::List(numbered) => {
                let first = attribute(tag, "start").and_then(|start| start.trim().parse().ok()).unwrap_or(1);
                let start = numbered.then_some(first);
                self.builder.open(Kind::List { start, items: Vec::new(), implied: false });
            }
            Role::Terms => {
                self.builder.open(Kind::List { start: None, items: Vec::new(), implied: false });
            }
            Role::Item => self.start_item(),
            Role::Term => {
                self.start_item();
                self.builder.marks.close("dt", 0);
                self.builder.open_mark("dt", Effect::Strong);
            }
            Role::Meaning => {
                self.builder.break_block();
                self.builder.marks.close("dt", 0);
            }
            Role::Figure => self.builder.open(Kind::Figure { caption: None }),
            Role::Caption => self.builder.open(Kind::Caption),
            Role::Cite | Role::Footer if self.starts_source(role) => self.builder.open(Kind::Source),
            Role::Medium => self.medium(tag),
            Role::Pre => self.builder.open(Kind::Pre(String::new())),
            Role::Rule => {
                self.builder.break_block();
                self.builder.put(Block::Rule);
            }
            _ => {
                self.builder.break_block();
                self.builder.top().in_paragraph = &*tag.name == "p";
            }
        }
    }

    /// An item ends the one before it; outside any list it starts one.
    fn start_item(&mut self) {
        self.builder.close(|kind| matches!(kind, Kind::Item), |_| true);
        if !matches!(self.builder.top().kind, Kind::List { .. }) {
            self.builder.open(Kind::List { start: None, items: Vec::new(), implied: true });
        }
        if matches!(self.builder.top().kind, Kind::List { .. }) {
            self.builder.open(Kind::Item);
        }
    }

    /// Whether a name given here is the source of the quotation around it, and not a title in its sentence.
    fn starts_source(&mut self, role: Role) -> bool {
        let frame = self.builder.top();
        let alone = role == Role::Footer || (frame.run.is_blank() && !frame.in_paragraph);
        alone && matches!(frame.kind, Kind::Quote { .. })
    }

    fn start_table(&mut self, role: Role, tag: &Tag) {
        if self.builder.is_flat() {
            if role == Role::Table || self.builder.top().tables_in_line > 0 {
                self.builder.top().tables_in_line += usize::from(role == Role::Table);
                return if matches!(role, Role::Cell(_)) {
                    self.builder.space();
                } else {
                    self.builder.break_block();
                };
            }
            // A cell or caption that was never closed ends where the next part of its table begins.
            let below = self.builder.stack.iter().rev().nth(1).map(|frame| &frame.kind);
            if !matches!(below, Some(Kind::Table(_))) {
                return self.builder.break_block();
            }
            self.builder.close(|_| true, |_| true);
        }
        match role {
            Role::Table => {
                self.leave_implied_list();
                self.builder.open(Kind::Table(Table::default()));
            }
            _ if self.builder.table().is_none() => self.builder.break_block(),
            Role::Row => self.builder.open_row(),
            Role::Cell(head) => {
                let wide =
                    attribute(tag, "colspan").and_then(|n| n.trim().parse::<usize>().ok()).unwrap_or(1);
                let tall =
                    attribute(tag, "rowspan").and_then(|n| n.trim().parse::<usize>().ok()).unwrap_or(1);
                self.builder.open_cell(head, wide.clamp(1, COLSPAN_MAX), tall.clamp(1, ROWSPAN_MAX));
            }
            _ => {
                if let Some(table) = self.builder.table() {
                    table.in_head = role == Role::TableHead;
                }
                self.builder.close_row();
            }
        }
    }

    fn line_break(&mut self) {
        self.line_ends = 0;
        let twice = !self.builder.top().run.is_blank() && self.builder.top().run.at_line_start();
        if twice && !self.builder.is_flat() {
            // Two line breaks are how a paragraph is made where there is no paragraph element.
            let in_paragraph = self.builder.top().in_paragraph;
            self.builder.break_block();
            self.builder.top().in_paragraph = in_paragraph;
        } else {
            self.builder.line();
        }
    }

    fn image(&mut self, tag: &Tag) {
        let alt = attribute(tag, "alt").unwrap_or_default().trim();
        let class = attribute(tag, "class").unwrap_or_default();
        let is_letter = class.split_ascii_whitespace().any(|c| matches!(c, "emoji" | "wp-smiley"));
        if self.builder.is_flat() || is_letter {
            return self.text(alt);
        }
        let image = [attribute(tag, "src"), attribute(tag, "data-src")].into_iter().flatten();
        let host = image.filter_map(policy::link).next().map(|link| link.host);
        // An image that leads elsewhere says so: its address would be seen nowhere else.
        let link = self
            .builder
            .marks
            .link()
            .filter(|link| self.manner == Manner::Comment || Some(&link.host) != host.as_ref());
        let caption = link
            .map(|link| vec![Span { text: link.host.clone(), link: Some(link.clone()), ..Span::default() }]);
        self.figure(alt, host, caption);
    }

    fn medium(&mut self, tag: &Tag) {
        let title = attribute(tag, "title").or(attribute(tag, "aria-label")).unwrap_or_default();
        let address = attribute(tag, "src").or(attribute(tag, "data"));
        self.figure(title, address.and_then(policy::link).map(|link| link.host), None);
        if &*tag.name == "iframe" {
            self.builder.open_gone("iframe");
        }
    }

    fn figure(&mut self, alt: &str, host: Option<String>, caption: Option<Vec<Span>>) {
        self.leave_implied_list();
        let in_paragraph = self.builder.top().in_paragraph;
        self.builder.break_block();
        self.builder.top().in_paragraph = in_paragraph;
        self.builder.put(Block::Figure { alt: visible(alt), host, caption });
    }

    /// A list that no element opened ends with its last item.
    fn leave_implied_list(&mut self) {
        self.builder.close(|kind| matches!(kind, Kind::List { implied: true, .. }), |_| true);
    }

    /// Marks opened before the cell or caption that the words stand in; they stay open.
    pub(super) fn marks_base(&self) -> usize {
        let line = |kind: &Kind| matches!(kind, Kind::Cell { .. } | Kind::Caption);
        self.builder.stack.iter().rev().find(|frame| line(&frame.kind)).map_or(0, |frame| frame.marks_base)
    }
}

/// Whether words only lead back from a footnote to where it is called.
fn is_way_back(text: &str) -> bool {
    let arrow = |c: char| matches!(c, '↩' | '↵' | '⏎' | '⤴' | '↑' | '^' | '🔙' | '\u{FE0E}' | '\u{FE0F}');
    !text.trim().is_empty() && text.chars().all(|c| arrow(c) || c.is_whitespace())
}

/// The value of an attribute.
pub(super) fn attribute<'a>(tag: &'a Tag, name: &str) -> Option<&'a str> {
    tag.attrs.iter().find(|attribute| &*attribute.name.local == name).map(|attribute| &*attribute.value)
}

/// Elements whose inside is not markup.
pub(super) fn raw_kind(name: &str) -> Option<RawKind> {
    match name {
        "script" => Some(RawKind::ScriptData),
        "style" | "iframe" | "noembed" | "noframes" | "xmp" => Some(RawKind::Rawtext),
        "title" | "textarea" => Some(RawKind::Rcdata),
        _ => None,
    }
}

/// Elements that have no inside.
pub(super) fn is_void(name: &str) -> bool {
    matches!(
        name,
        "img" | "image" | "br" | "hr" | "embed" | "input" | "meta" | "link" | "source" | "track" | "wbr"
    )
}

/// Elements that end a drawing or a formula: a browser shows what follows, so it must not be lost here.
fn breaks_out(role: Role, name: &str) -> bool {
    match role {
        Role::Words => matches!(name, "big" | "font" | "nobr" | "ruby" | "small" | "span" | "u" | "meta"),
        Role::Gone | Role::Link | Role::Cite => false,
        _ => name != "image",
    }
}
