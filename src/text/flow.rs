//! Words as they flow in a line: marks that are open, white space folded, spans of one manner.

use super::rich::{Link, Span};
use super::visible::Reveal;
use std::rc::Rc;

/// Marks that may be open at once.
pub(super) const MARKS_MAX: usize = 64;

/// What an open inline element does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Effect {
    Strong,
    Emphasis,
    Code,
    Struck,
    Raised,
    Lowered,
    Link(Option<Rc<Link>>),
}

/// The inline elements that are open, and the manner they add up to. Closing one takes it out wherever it stands, so
/// `<b><i></b></i>` reads as it is meant.
#[derive(Debug, Default)]
pub(super) struct Marks {
    open: Vec<(String, Effect)>,
    /// Without the link, which is copied only into the spans that have it.
    manner: Span,
    link: Option<Rc<Link>>,
    shift: Shift,
    /// Counts up when the manner changes.
    version: u64,
}

/// Where digits stand on the line.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
enum Shift {
    #[default]
    Level,
    Raised,
    Lowered,
}

impl Marks {
    /// Opens one; `false` when too many are open.
    pub(super) fn open(&mut self, name: &str, effect: Effect) -> bool {
        if self.open.len() >= MARKS_MAX {
            return false;
        }
        self.open.push((name.to_owned(), effect));
        self.add_up();
        true
    }

    /// Closes the newest of this name among those opened after the first `base`.
    pub(super) fn close(&mut self, name: &str, base: usize) {
        if let Some(at) = self.open.iter().rposition(|(open, _)| open == name).filter(|at| *at >= base) {
            self.open.remove(at);
            self.add_up();
        }
    }

    pub(super) fn count(&self) -> usize {
        self.open.len()
    }

    /// Closes all but the first `count`.
    pub(super) fn cut_to(&mut self, count: usize) {
        if self.open.len() > count {
            self.open.truncate(count);
            self.add_up();
        }
    }

    pub(super) fn link(&self) -> Option<&Link> {
        self.link.as_deref()
    }

    fn add_up(&mut self) {
        let mut manner = Span::default();
        (self.shift, self.link) = (Shift::Level, None);
        for (_, effect) in &self.open {
            match effect {
                Effect::Strong => manner.strong = true,
                Effect::Emphasis => manner.emphasis = true,
                Effect::Code => manner.code = true,
                Effect::Struck => manner.struck = true,
                Effect::Raised => self.shift = Shift::Raised,
                Effect::Lowered => self.shift = Shift::Lowered,
                Effect::Link(link) => self.link = link.clone(),
            }
        }
        self.manner = manner;
        self.version += 1;
    }
}

/// The line under way.
#[derive(Debug, Default)]
pub(super) struct Run {
    spans: Vec<Span>,
    /// The version of the marks that the last span was written in.
    version: u64,
}

impl Run {
    pub(super) fn is_blank(&self) -> bool {
        self.spans.iter().all(|span| span.text.trim().is_empty())
    }

    /// Adds words as they are; returns the bytes this cost.
    pub(super) fn push(&mut self, text: &str, marks: &Marks) -> usize {
        let mut cost = text.len();
        if self.spans.is_empty() || self.version != marks.version {
            let span = Span { link: marks.link().cloned(), ..marks.manner.clone() };
            cost += size_of::<Span>() + span.link.as_ref().map_or(0, |link| link.url.len() + link.host.len());
            self.spans.push(span);
            self.version = marks.version;
        }
        if let Some(span) = self.spans.last_mut() {
            match marks.shift {
                Shift::Level => span.text.push_str(text),
                Shift::Raised => span.text.extend(text.chars().map(raised)),
                Shift::Lowered => span.text.extend(text.chars().map(lowered)),
            }
        }
        cost
    }

    /// Adds one space unless there is one already.
    pub(super) fn space(&mut self, marks: &Marks) -> usize {
        let last = self.spans.iter().rev().find_map(|span| span.text.chars().next_back());
        if last.is_none_or(|c| c == ' ' || c == '\n') { 0 } else { self.push(" ", marks) }
    }

    /// Starts a new line; at most one line stays blank.
    pub(super) fn line(&mut self, marks: &Marks) -> usize {
        if let Some(span) = self.spans.last_mut() {
            span.text.truncate(span.text.trim_end_matches(' ').len());
        }
        let blank = self.spans.last().is_none_or(|span| span.text.ends_with("\n\n"));
        if blank { 0 } else { self.push("\n", marks) }
    }

    /// Whether the line under way has just begun.
    pub(super) fn at_line_start(&self) -> bool {
        let last = self.spans.iter().rev().find_map(|span| span.text.chars().rfind(|c| *c != ' '));
        last.is_none_or(|c| c == '\n')
    }

    /// The spans, trimmed at both ends, what hides labelled; empty when nothing is left.
    pub(super) fn take(&mut self) -> Vec<Span> {
        let mut out: Vec<Span> = Vec::with_capacity(self.spans.len());
        let mut reveal = Reveal::default();
        let mut spans =
            std::mem::take(&mut self.spans).into_iter().filter(|span| !span.text.is_empty()).peekable();
        while let Some(mut span) = spans.next() {
            let after = spans.peek().and_then(|next| next.text.chars().next());
            span.text = reveal.next(&span.text, after);
            if span.text.is_empty() {
                continue;
            }
            match out.last_mut() {
                Some(last) if same_manner(last, &span) => last.text.push_str(&span.text),
                _ => out.push(span),
            }
        }
        trim(&mut out);
        out
    }
}

fn same_manner(a: &Span, b: &Span) -> bool {
    (a.strong, a.emphasis, a.code, a.struck) == (b.strong, b.emphasis, b.code, b.struck) && a.link == b.link
}

/// Takes blank space off both ends.
fn trim(spans: &mut Vec<Span>) {
    while let Some(last) = spans.last_mut() {
        last.text.truncate(last.text.trim_end().len());
        if !last.text.is_empty() {
            break;
        }
        spans.pop();
    }
    let blank = spans.iter().take_while(|span| span.text.trim().is_empty()).count();
    spans.drain(..blank);
    if let Some(first) = spans.first_mut() {
        let trimmed = first.text.trim_start_matches([' ', '\n', '\t']);
        first.text = trimmed.to_owned();
    }
}

/// 10<sup>6</sup> must not read 106.
fn raised(c: char) -> char {
    match c {
        '0' => '⁰',
        '1' => '¹',
        '2' => '²',
        '3' => '³',
        '4'..='9' => char::from_u32(u32::from(c) - u32::from('4') + u32::from('⁴')).unwrap_or(c),
        '+' => '⁺',
        '-' | '−' => '⁻',
        _ => c,
    }
}

fn lowered(c: char) -> char {
    match c {
        '0'..='9' => char::from_u32(u32::from(c) - u32::from('0') + u32::from('₀')).unwrap_or(c),
        '+' => '₊',
        '-' | '−' => '₋',
        _ => c,
    }
}
