//! Spans of other people's words in the look they are drawn in.

use super::PIECE_BYTES_MAX;
use crate::text::{Link, Span};
use crate::ui::font::Face;
use crate::ui::theme::{CLEAR, LINE_HEIGHT, Palette};
use crate::ui::widget::rich_text::{Manner, Voice};
use crate::ui::widget::text::{Style, Words};
use egui::Color32;

/// How a line is written.
#[derive(Debug, Clone, Copy)]
pub struct Ink {
    pub size: f32,
    pub leading: f32,
    pub strong: bool,
    /// Code that stands on a ground of its own.
    pub block: bool,
    pub color: Color32,
    pub voice: Voice,
    pub palette: &'static Palette,
}

impl Ink {
    pub fn of(manner: &Manner, palette: &'static Palette) -> Self {
        let color = if manner.quiet { palette.soft } else { palette.ink };
        Self {
            size: manner.size,
            leading: LINE_HEIGHT,
            strong: false,
            block: false,
            color,
            voice: manner.voice,
            palette,
        }
    }

    fn style(&self, span: &Span) -> Style {
        let strong = span.strong || self.strong;
        let face = match (self.voice, span.code, strong, span.emphasis) {
            (_, true, _, _) => Face::Code,
            (Voice::Reader, _, true, _) => Face::Strong,
            (Voice::Reader, _, _, true) => Face::Italic,
            (Voice::Reader, ..) => Face::Plain,
            (Voice::Paper, _, true, _) => Face::SerifStrong,
            (Voice::Paper, _, _, true) => Face::SerifItalic,
            (Voice::Paper, ..) => Face::Serif,
        };
        let in_line = span.code && !self.block;
        let line = (self.size * self.leading).round();
        Style {
            face,
            size: if span.code { self.size * 0.88 } else { self.size },
            // Smaller words beside larger ones must not push the lines apart.
            line: if in_line { (line * 0.8).round() } else { line },
            ink: if span.link.is_some() { self.palette.accent } else { self.color },
            ground: if in_line { self.palette.code_wash } else { CLEAR },
            struck: span.struck,
            underlined: span.link.is_some(),
            slanted: strong && span.emphasis && !span.code,
            soft: false,
        }
    }
}

/// Words that the desk put between those of a text: at which of its bytes, and how many of its own.
pub type Grown = Vec<(usize, usize)>;

/// Spans as one line of words.
pub fn line(spans: &[Span], ink: &Ink) -> (Words, Grown) {
    let mut words = Words::default();
    let mut grown = Grown::new();
    let mut said = 0;
    for span in spans {
        said += span.text.len();
        let style = ink.style(span);
        let start = words.text().len();
        words.push_labelled(&span.text, style, Style::label(style, ink.palette));
        if let Some(link) = &span.link {
            words.link(start, link.clone());
            if let Some(note) = host_note(span, link) {
                let line = (ink.size * ink.leading * 0.8).round();
                words.push(&note, Style::new(Face::Plain, ink.size * 0.8, line, ink.palette.faint));
                grown.push((said, note.len()));
            }
        }
    }
    (words, grown)
}

/// The words of a cell; one that is too long to be laid out at once is cut, which its ellipsis says.
pub fn cell(words: Words) -> Words {
    let end = words.text().floor_char_boundary(PIECE_BYTES_MAX);
    let Some((_, style)) = words.runs().first().filter(|_| end < words.text().len()).cloned() else {
        return words;
    };
    let mut part = words.part(0..end);
    part.push("…", style);
    part
}

/// What the words of a [`cell`] say, without a look.
pub fn said_in_cell(spans: &[Span]) -> String {
    let mut said = said(spans);
    let end = said.floor_char_boundary(PIECE_BYTES_MAX);
    if end < said.len() {
        said.truncate(end);
        said.push('…');
    }
    said
}

/// What [`line`] says, without a look.
pub fn said(spans: &[Span]) -> String {
    let mut said = String::new();
    for span in spans {
        said.push_str(&span.text);
        said.extend(span.link.as_ref().and_then(|link| host_note(span, link)));
    }
    said
}

/// The real host behind words that do not name it.
fn host_note(span: &Span, link: &Link) -> Option<String> {
    let bare = link.host.trim_start_matches("www.");
    (!span.text.to_lowercase().contains(bare)).then(|| format!("\u{a0}[{bare}]"))
}
