//! `RichText` laid flat: a list of pieces, each one paragraph of text or one table, with its place in the page. Built once
//! for a text and kept; nothing is drawn here.

use super::rich_text::{Manner, Voice};
use super::table::Table;
use super::text::{Base, Style, Words};
use crate::text::{Block, Link, RichText, Span};
use crate::ui::font::Face;
use crate::ui::theme::{CLEAR, LINE_HEIGHT, Palette, gap};
use egui::Color32;
use std::sync::Arc;

/// Bytes laid out at once: a paragraph without end is laid out as it comes into view, like many.
const PIECE_BYTES_MAX: usize = 4_000;

/// One thing on a page.
#[derive(Debug, Clone)]
pub enum Piece {
    Text(TextPiece),
    Table(Table),
    Rule,
}

/// A paragraph.
#[derive(Debug, Clone)]
pub struct TextPiece {
    pub words: Arc<Words>,
    /// Points kept free at the side where lines start.
    pub indent: f32,
    /// Where bars of quotations stand, in points from that side.
    pub bars: Vec<f32>,
    /// Goes on with the quotation above it, so that its bars are one.
    pub joins: bool,
    /// A list's bullet or number.
    pub marker: Option<String>,
    /// Points above it.
    pub before: f32,
    /// Drawn on a ground of its own: code, figures.
    pub ground: bool,
    /// 1 to 6 for a heading.
    pub heading: Option<u8>,
    pub size: f32,
}

/// Where the walk stands.
#[derive(Clone, Default)]
struct Place {
    indent: f32,
    bars: Vec<f32>,
    tight: bool,
}

struct Walk<'a> {
    pieces: Vec<Piece>,
    manner: &'a Manner,
    palette: &'a Palette,
}

/// Lays `text` flat.
pub fn flow(text: &RichText, manner: &Manner, palette: &Palette) -> Vec<Piece> {
    flow_by_block(text, manner, palette).0
}

/// Lays `text` flat; the second list says which piece each block begins with.
pub fn flow_by_block(text: &RichText, manner: &Manner, palette: &Palette) -> (Vec<Piece>, Vec<usize>) {
    let mut walk = Walk { pieces: Vec::new(), manner, palette };
    let mut starts = Vec::with_capacity(text.blocks.len());
    for block in &text.blocks {
        starts.push(walk.pieces.len());
        walk.block(block, &Place::default());
    }
    (walk.pieces, starts)
}

impl Walk<'_> {
    fn blocks(&mut self, blocks: &[Block], place: &Place) {
        for block in blocks {
            self.block(block, place);
        }
    }

    fn block(&mut self, block: &Block, place: &Place) {
        match block {
            Block::Paragraph(spans) => self.paragraph(spans, place),
            Block::Heading { level, spans } => self.heading(*level, spans, place),
            Block::Quote { blocks, source } => self.quote(blocks, source.as_deref(), place),
            Block::List { start, items } => self.list(*start, items, place),
            Block::Table { head_rows, rows, caption } => {
                self.table(*head_rows, rows, caption.as_deref(), place);
            }
            Block::Code(code) => self.code(code, place),
            Block::Figure { alt, host, caption } => {
                self.figure(alt, host.as_deref(), caption.as_deref(), place);
            }
            Block::Rule => self.pieces.push(Piece::Rule),
        }
    }

    fn piece(&self, words: Words, place: &Place) -> TextPiece {
        let before = match (self.pieces.is_empty(), place.tight) {
            (true, _) => 0.0,
            (false, true) => gap::TIGHT,
            (false, false) => self.manner.size * 0.72,
        };
        TextPiece {
            words: Arc::new(words),
            indent: place.indent,
            bars: place.bars.clone(),
            joins: true,
            marker: None,
            before,
            ground: false,
            heading: None,
            size: self.manner.size,
        }
    }

    /// Puts a piece, as several where it is too long to be laid out at once.
    fn put(&mut self, piece: TextPiece) {
        if piece.words.text().len() <= PIECE_BYTES_MAX {
            self.pieces.push(Piece::Text(piece));
            return;
        }
        let parts = piece.words.as_ref().clone().split(PIECE_BYTES_MAX);
        for (index, words) in parts.into_iter().enumerate() {
            let mut part = TextPiece { words: Arc::new(words), ..piece.clone() };
            if index > 0 {
                part = TextPiece { before: 0.0, marker: None, joins: true, ..part };
            }
            self.pieces.push(Piece::Text(part));
        }
    }

    fn paragraph(&mut self, spans: &[Span], place: &Place) {
        let line = line(spans, &Ink::of(self.manner, self.palette));
        let piece = self.piece(line, place);
        self.put(piece);
    }

    fn heading(&mut self, level: u8, spans: &[Span], place: &Place) {
        let scale = match level {
            1 => 1.4,
            2 => 1.25,
            3 => 1.1,
            _ => 1.0,
        };
        let size = self.manner.size * scale;
        let ink = Ink { size, strong: true, leading: 1.25, ..Ink::of(self.manner, self.palette) };
        let line = line(spans, &ink);
        let first = self.pieces.is_empty();
        let above = self.manner.size * 1.5;
        let mut piece = self.piece(line, place);
        piece.heading = Some(level);
        piece.size = size;
        piece.before = if first { 0.0 } else { above };
        self.put(piece);
    }

    fn quote(&mut self, blocks: &[Block], source: Option<&[Span]>, place: &Place) {
        let mut inner = place.clone();
        // Deep nests keep their words and stop moving in.
        if inner.bars.len() < 4 {
            inner.bars.push(place.indent);
            inner.indent += gap::LARGE;
        }
        inner.tight = false;
        let from = self.pieces.len();
        self.blocks(blocks, &inner);
        if let Some(Piece::Text(first)) = self.pieces.get_mut(from) {
            first.joins = false;
        }
        if let Some(source) = source {
            let ink = Ink {
                color: self.palette.faint,
                size: self.manner.size * 0.88,
                ..Ink::of(self.manner, self.palette)
            };
            let mut spans = vec![Span { text: "—\u{a0}".to_owned(), ..Span::default() }];
            spans.extend_from_slice(source);
            let line = line(&spans, &ink);
            let mut piece = self.piece(line, &inner);
            piece.before = gap::TIGHT;
            self.put(piece);
        }
    }

    fn list(&mut self, start: Option<u64>, items: &[Vec<Block>], place: &Place) {
        let wide = start.is_some_and(|s| s.saturating_add(items.len() as u64) > 99);
        let mut inner = Place { tight: true, ..place.clone() };
        inner.indent += if wide { 36.0 } else { 26.0 };
        for (index, item) in items.iter().enumerate() {
            let marker = match start {
                Some(start) => format!("{}.", start.saturating_add(index as u64)),
                None => "•".to_owned(),
            };
            let from = self.pieces.len();
            self.blocks(item, &inner);
            if let Some(Piece::Text(first)) = self.pieces.get_mut(from) {
                first.marker = Some(marker);
                if index == 0 && from > 0 {
                    first.before = self.manner.size * 0.6;
                }
            }
        }
    }

    fn table(&mut self, head_rows: usize, rows: &[Vec<Vec<Span>>], caption: Option<&[Span]>, place: &Place) {
        let base = Ink { size: self.manner.size * 0.88, leading: 1.35, ..Ink::of(self.manner, self.palette) };
        let cells = |index: usize, row: &Vec<Vec<Span>>| {
            let ink = Ink { strong: index < head_rows, ..base };
            row.iter().map(|spans| Arc::new(cell(line(spans, &ink)))).collect()
        };
        let rows = rows.iter().enumerate().map(|(index, row)| cells(index, row)).collect();
        let before = if self.pieces.is_empty() { 0.0 } else { self.manner.size };
        self.pieces.push(Piece::Table(Table::new(head_rows, rows, before)));
        self.caption(caption, place);
    }

    fn caption(&mut self, caption: Option<&[Span]>, place: &Place) {
        let Some(spans) = caption else { return };
        let ink = Ink {
            color: self.palette.faint,
            size: self.manner.size * 0.82,
            ..Ink::of(self.manner, self.palette)
        };
        let line = line(spans, &ink);
        let mut piece = self.piece(line, place);
        piece.before = gap::SMALL;
        self.put(piece);
    }

    fn code(&mut self, code: &str, place: &Place) {
        let span = Span { text: code.trim_end_matches('\n').to_owned(), code: true, ..Span::default() };
        let ink = Ink { leading: 1.35, block: true, ..Ink::of(self.manner, self.palette) };
        let line = line(&[span], &ink).based(Base::LeftToRight);
        let mut piece = self.piece(line, place);
        piece.ground = true;
        self.put(piece);
    }

    fn figure(&mut self, alt: &str, host: Option<&str>, caption: Option<&[Span]>, place: &Place) {
        let mut words = String::from("▣\u{2002}");
        words.push_str(alt);
        if let Some(host) = host {
            if !alt.is_empty() {
                words.push_str("\u{2002}·\u{2002}");
            }
            words.push_str(host);
        }
        let ink = Ink {
            color: self.palette.soft,
            size: self.manner.size * 0.88,
            ..Ink::of(self.manner, self.palette)
        };
        let line = line(&[Span { text: words, ..Span::default() }], &ink);
        let mut piece = self.piece(line, place);
        piece.ground = true;
        self.put(piece);
        self.caption(caption, place);
    }
}

/// How a line is written.
#[derive(Clone, Copy)]
struct Ink<'a> {
    size: f32,
    leading: f32,
    strong: bool,
    /// Code that stands on a ground of its own.
    block: bool,
    color: Color32,
    voice: Voice,
    palette: &'a Palette,
}

impl<'a> Ink<'a> {
    fn of(manner: &Manner, palette: &'a Palette) -> Self {
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
        }
    }
}

fn line(spans: &[Span], ink: &Ink<'_>) -> Words {
    let mut words = Words::default();
    for span in spans {
        let style = ink.style(span);
        let start = words.text().len();
        words.push_labelled(&span.text, style, Style::label(style, ink.palette));
        if let Some(link) = &span.link {
            words.link(start, link.clone());
            host_note(&mut words, span, link, ink);
        }
    }
    words
}

/// The words of a cell; one that is too long to be laid out at once is cut, which its ellipsis says.
fn cell(words: Words) -> Words {
    let end = words.text().floor_char_boundary(PIECE_BYTES_MAX);
    let Some((_, style)) = words.runs().first().filter(|_| end < words.text().len()).cloned() else {
        return words;
    };
    let mut part = words.part(0..end);
    part.push("…", style);
    part
}

/// The real host behind words that do not name it.
fn host_note(words: &mut Words, span: &Span, link: &Link, ink: &Ink<'_>) {
    let bare = link.host.trim_start_matches("www.");
    if span.text.to_lowercase().contains(bare) {
        return;
    }
    let line = (ink.size * ink.leading * 0.8).round();
    words.push(&format!("\u{a0}[{bare}]"), Style::new(Face::Plain, ink.size * 0.8, line, ink.palette.faint));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::theme::LIGHT;

    fn span(text: &str) -> Span {
        Span { text: text.to_owned(), ..Span::default() }
    }

    fn linked(text: &str, host: &str) -> Span {
        let link = Link { url: format!("https://{host}/x"), host: host.to_owned() };
        Span { link: Some(link), ..span(text) }
    }

    fn pieces(blocks: Vec<Block>) -> Vec<Piece> {
        let text = RichText { blocks, ..RichText::default() };
        flow(&text, &Manner::reader(), &LIGHT)
    }

    #[test]
    fn each_block_knows_its_first_piece() {
        let line = |text: &str| Block::Paragraph(vec![span(text)]);
        let items = vec![vec![line("one")], vec![line("two")]];
        let blocks = vec![line("a"), Block::List { start: None, items }, Block::Rule, line("b")];
        let (made, starts) =
            flow_by_block(&RichText { blocks, ..RichText::default() }, &Manner::reader(), &LIGHT);
        assert_eq!((made.len(), starts), (5, vec![0, 1, 3, 4]));
    }

    #[test]
    fn a_link_that_hides_its_host_shows_it() {
        let made = pieces(vec![Block::Paragraph(vec![linked("cheap pills", "www.evil.example")])]);
        let Piece::Text(piece) = &made[0] else { panic!() };
        assert!(piece.words.text().ends_with("[evil.example]"), "{}", piece.words.text());
        assert_eq!(piece.words.links()[0].0, 0..11);
    }

    #[test]
    fn a_link_that_names_its_host_is_left_alone() {
        let made = pieces(vec![Block::Paragraph(vec![linked("https://Good.example/x", "good.example")])]);
        let Piece::Text(piece) = &made[0] else { panic!() };
        assert_eq!(piece.words.text(), "https://Good.example/x");
    }

    #[test]
    fn links_keep_their_place_after_one_that_grew() {
        let spans = vec![linked("aa", "one.example"), span(" "), linked("bb", "two.example")];
        let made = pieces(vec![Block::Paragraph(spans)]);
        let Piece::Text(piece) = &made[0] else { panic!() };
        let (range, _) = &piece.words.links()[1];
        assert_eq!(&piece.words.text()[range.clone()], "bb");
    }

    #[test]
    fn lists_count_from_where_they_start() {
        let items = vec![vec![Block::Paragraph(vec![span("a")])], vec![Block::Paragraph(vec![span("b")])]];
        let made = pieces(vec![Block::List { start: Some(9), items }]);
        let markers: Vec<_> =
            made.iter().map(|p| if let Piece::Text(t) = p { t.marker.clone() } else { None }).collect();
        assert_eq!(markers, vec![Some("9.".to_owned()), Some("10.".to_owned())]);
    }

    #[test]
    fn quotes_nested_without_end_stop_moving_in() {
        let mut block = Block::Paragraph(vec![span("deep")]);
        for _ in 0..40 {
            block = Block::Quote { blocks: vec![block], source: None };
        }
        let made = pieces(vec![block]);
        let Piece::Text(piece) = &made[0] else { panic!() };
        assert!(piece.indent <= 80.0, "{}", piece.indent);
    }
}
