//! `RichText` laid flat: a list of pieces, each one paragraph of text or one table, with its place in the page. Built once
//! for a text and kept; nothing is drawn here.

pub mod ink;
mod portion;

use self::ink::{Grown, Ink, line};
use self::portion::{beginning, first_words, last_words, portions, softened};
use super::rich_text::{Manner, Voice};
use super::soften::Soft;
use super::table::{Look, Table};
use super::text::{Base, Unit, Words};
use crate::text::{Apart, Block, Merged, RichText, Span};
use crate::ui::theme::{Palette, gap};
use std::borrow::Cow;
use std::ops::Range;
use std::sync::{Arc, OnceLock};

/// Bytes laid out at once: a paragraph without end is laid out as it comes into view, like many.
pub const PIECE_BYTES_MAX: usize = 4_000;
/// Stretches of one look laid out at once: each costs as much as many letters.
const PIECE_RUNS_MAX: usize = 160;

/// One thing on a page.
#[derive(Debug, Clone)]
pub enum Piece {
    Text(TextPiece),
    Table(Table),
    Rule,
    /// Empty, so many points below the piece before it and so many tall: the edge of a ground.
    Edge {
        before: f32,
        tall: f32,
    },
}

/// A paragraph.
#[derive(Debug, Clone)]
pub struct TextPiece {
    pub words: Arc<Words>,
    /// The same with what is to be softened drawn so, once it was looked for.
    soft: OnceLock<Arc<Words>>,
    /// Points kept free at the side where lines start.
    pub indent: f32,
    /// Where bars of quotations stand, in points from that side.
    pub bars: Vec<f32>,
    /// Goes on with the quotation above it, so that its bars are one.
    pub joins: bool,
    /// Goes on with the text of the piece before it.
    pub goes_on: bool,
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

impl TextPiece {
    /// The words as they are drawn, softened where they were looked through.
    pub fn drawn(&self) -> &Arc<Words> {
        self.soft.get().unwrap_or(&self.words)
    }
}

/// Where the walk stands.
#[derive(Clone, Default)]
struct Place {
    indent: f32,
    bars: Vec<f32>,
    tight: bool,
}

/// A text laid flat.
#[derive(Debug, Default)]
pub struct Flat {
    pub pieces: Vec<Piece>,
    /// The first piece that is left out where only so many characters are shown; a table that begins before is shown.
    pub left_out: Option<usize>,
    /// Bytes of the words of each piece.
    pub bytes: Vec<usize>,
    /// The piece that each block begins with.
    pub starts: Vec<usize>,
    /// For each piece, as far as any has one, what it is of a quiet ground.
    pub grounds: Vec<Option<Slice>>,
    /// For each block where its texts stand, counted as [`crate::text::passage::Place::Block`] counts them.
    texts: Vec<Vec<Stand>>,
}

/// A piece's part of a ground that several share.
#[derive(Debug, Clone, Copy)]
pub struct Slice {
    pub first: bool,
    pub last: bool,
}

/// Where a text begins, and what the desk added to it; of a cell the table knows.
#[derive(Debug)]
struct Stand {
    unit: Unit,
    grown: Option<Grown>,
}

impl Flat {
    /// Looks for what is to be softened in a piece of text, the first time; what goes on in the piece beside it is found too.
    pub fn soften(&self, index: usize, soft: &Soft) {
        let text =
            |at: usize| if let Some(Piece::Text(text)) = self.pieces.get(at) { Some(text) } else { None };
        let Some(piece) = text(index) else { return };
        piece.soft.get_or_init(|| {
            let before = index.checked_sub(1).filter(|_| piece.goes_on).and_then(text);
            let after = text(index + 1).filter(|next| next.goes_on);
            let beside = (
                before.map_or("", |piece| last_words(piece.words.text())),
                after.map_or("", |piece| first_words(piece.words.text())),
            );
            Arc::new(softened(&piece.words, beside, soft))
        });
    }

    /// Where `words`, bytes of a text of a block, are drawn: the places, and the bytes of what is drawn there.
    pub fn find(&self, block: usize, part: usize, words: &Range<usize>) -> Vec<(Unit, Range<usize>)> {
        let Some(stand) = self.texts.get(block).and_then(|texts| texts.get(part)) else { return Vec::new() };
        let grown = match (&stand.grown, self.pieces.get(stand.unit.piece)) {
            (Some(grown), _) => Cow::Borrowed(grown),
            (None, Some(Piece::Table(table))) => Cow::Owned(table.grown(stand.unit)),
            (None, _) => Cow::Owned(Grown::new()),
        };
        let added = |most: &dyn Fn(usize) -> bool| -> usize {
            grown.iter().filter(|(at, _)| most(*at)).map(|(_, bytes)| bytes).sum()
        };
        let mut from = words.start + added(&|at| at <= words.start);
        let mut to = words.end + added(&|at| at < words.end);
        if let Some(Piece::Table(_)) = self.pieces.get(stand.unit.piece) {
            return vec![(stand.unit, from..to)];
        }
        let mut found = Vec::new();
        for (piece, made) in self.pieces.iter().enumerate().skip(stand.unit.piece) {
            let Piece::Text(text) = made else { break };
            if piece > stand.unit.piece && !text.goes_on {
                break;
            }
            let len = text.words.text().len();
            if from < len && to > 0 {
                found.push((Unit { piece, ..Unit::default() }, from..to.min(len)));
            }
            (from, to) = (from.saturating_sub(len), to.saturating_sub(len));
        }
        found
    }
}

struct Walk<'a> {
    flat: Flat,
    manner: Manner,
    palette: &'static Palette,
    soft: Option<&'a Soft>,
    /// Characters that may still be shown.
    left: usize,
    /// Texts of the block under way.
    stands: Vec<Stand>,
}

/// Lays `text` flat, its tables with what is `soft` in them.
pub fn flow(text: &RichText, manner: &Manner, palette: &'static Palette, soft: Option<&Soft>) -> Flat {
    let left = manner.chars_max.unwrap_or(usize::MAX);
    let mut walk =
        Walk { flat: Flat::default(), manner: manner.clone(), palette, soft, left, stands: Vec::new() };
    for block in &text.blocks {
        walk.flat.starts.push(walk.flat.pieces.len());
        walk.block(block, &Place::default());
        walk.flat.texts.push(std::mem::take(&mut walk.stands));
    }
    walk.flat.bytes = walk.flat.pieces.iter().map(bytes_of).collect();
    walk.flat
}

fn bytes_of(piece: &Piece) -> usize {
    match piece {
        Piece::Text(text) => text.words.text().len(),
        Piece::Table(table) => table.bytes(),
        Piece::Rule | Piece::Edge { .. } => 0,
    }
}

impl Walk<'_> {
    fn ink(&self) -> Ink {
        Ink::of(&self.manner, self.palette)
    }

    /// The next piece begins with the next text of the block.
    fn stands(&mut self, grown: Grown) {
        self.stands_at(Unit { piece: self.flat.pieces.len(), ..Unit::default() }, grown);
    }

    fn stands_at(&mut self, unit: Unit, grown: Grown) {
        self.stands.push(Stand { unit, grown: Some(grown) });
    }

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
            Block::Table { head_rows, rows, caption, merged } => {
                self.table((*head_rows, merged), rows, caption.as_deref(), place);
            }
            Block::Code(code) => self.code(code, place),
            Block::Figure { alt, host, caption } => {
                self.figure(alt, host.as_deref(), caption.as_deref(), place);
            }
            Block::Rule => self.flat.pieces.push(Piece::Rule),
            Block::Apart { role, blocks } => self.apart(*role, blocks, place),
        }
    }

    fn piece(&self, words: Words, place: &Place) -> TextPiece {
        let before = match (self.flat.pieces.is_empty(), place.tight) {
            (true, _) => 0.0,
            (false, true) => gap::TIGHT,
            (false, false) => self.manner.size * 0.72,
        };
        TextPiece {
            words: Arc::new(words),
            soft: OnceLock::new(),
            indent: place.indent,
            bars: place.bars.clone(),
            joins: true,
            goes_on: false,
            marker: None,
            before,
            ground: false,
            heading: None,
            size: self.manner.size,
        }
    }

    /// Puts a piece, as several where it is too long to be laid out at once.
    fn put(&mut self, piece: TextPiece) {
        let parts = portions(&piece.words).into_iter().flat_map(|words| self.in_short(words));
        let parts: Vec<_> = parts.collect();
        for (index, (words, is_shown)) in parts.into_iter().enumerate() {
            let mut part = TextPiece { words, ..piece.clone() };
            if index > 0 {
                part = TextPiece { before: 0.0, marker: None, joins: true, goes_on: true, ..part };
            }
            if !is_shown {
                self.flat.left_out.get_or_insert(self.flat.pieces.len());
            }
            self.flat.pieces.push(Piece::Text(part));
        }
    }

    /// Words with whether they are shown; in two parts where only their beginning is.
    fn in_short(&mut self, words: Arc<Words>) -> Vec<(Arc<Words>, bool)> {
        if self.manner.chars_max.is_none() {
            return vec![(words, true)];
        }
        let is_first = self.manner.chars_max == Some(self.left);
        let end = beginning(words.text(), self.left, is_first);
        if end == words.text().len() {
            self.left = self.left.saturating_sub(words.text().chars().count());
            return vec![(words, true)];
        }
        self.left = 0;
        if end == 0 {
            return vec![(words, false)];
        }
        let base = words.started();
        let part = |range| Arc::new(words.part(range).based(base));
        vec![(part(0..end), true), (part(end..words.text().len()), false)]
    }

    /// Puts the parts of a table, each shown where it begins before what is left out.
    fn put_table(&mut self, parts: Vec<Table>) {
        for table in parts {
            if self.left == 0 {
                self.flat.left_out.get_or_insert(self.flat.pieces.len());
            }
            self.left = self.left.saturating_sub(table.chars());
            self.flat.pieces.push(Piece::Table(table));
        }
    }

    fn paragraph(&mut self, spans: &[Span], place: &Place) {
        let (line, grown) = line(spans, &self.ink());
        self.stands(grown);
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
        let ink = Ink { size, strong: true, leading: 1.25, ..self.ink() };
        let (line, grown) = line(spans, &ink);
        self.stands(grown);
        let first = self.flat.pieces.is_empty();
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
        let from = self.flat.pieces.len();
        self.blocks(blocks, &inner);
        if let Some(Piece::Text(first)) = self.flat.pieces.get_mut(from) {
            first.joins = false;
        }
        if let Some(source) = source {
            let ink = Ink { color: self.palette.faint, size: self.manner.size * 0.88, ..self.ink() };
            let mut spans = vec![Span { text: "—\u{a0}".to_owned(), ..Span::default() }];
            let dash = spans[0].text.len();
            spans.extend_from_slice(source);
            let (line, mut grown) = line(&spans, &ink);
            // Counted from behind the dash, which is the desk's own.
            grown.iter_mut().for_each(|(at, _)| *at = at.saturating_sub(dash));
            grown.insert(0, (0, dash));
            self.stands(grown);
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
            let from = self.flat.pieces.len();
            self.blocks(item, &inner);
            if let Some(Piece::Text(first)) = self.flat.pieces.get_mut(from) {
                first.marker = Some(marker);
                if index == 0 && from > 0 {
                    first.before = self.manner.size * 0.6;
                }
            }
        }
    }

    fn table(
        &mut self,
        (head_rows, merged): (usize, &[Merged]),
        rows: &[Vec<Vec<Span>>],
        caption: Option<&[Span]>,
        place: &Place,
    ) {
        let piece = self.flat.pieces.len();
        let ink = self.caption_ink();
        let caption = caption.map(|spans| line(spans, &ink));
        let base = Ink { size: self.manner.size * 0.88, leading: 1.35, ..self.ink() };
        let look = Look { head: Ink { strong: true, ..base }, base, soft: self.soft.cloned() };
        let mut stands = Vec::new();
        for (row, cells) in rows.iter().enumerate() {
            let unit = |column| Unit { piece, row, column };
            stands.extend((0..cells.len()).map(|column| Stand { unit: unit(column), grown: None }));
        }
        let before = if self.flat.pieces.is_empty() { 0.0 } else { self.manner.size };
        let parts = Table::parts(head_rows, rows, look, merged, before);
        self.put_table(parts);
        if let Some((_, grown)) = &caption {
            let piece = self.flat.pieces.len();
            self.stands_at(Unit { piece, ..Unit::default() }, grown.clone());
        }
        self.stands.append(&mut stands);
        if let Some((words, _)) = caption {
            self.put_caption(words, place);
        }
    }

    fn caption_ink(&self) -> Ink {
        Ink { color: self.palette.faint, size: self.manner.size * 0.82, ..self.ink() }
    }

    fn put_caption(&mut self, words: Words, place: &Place) {
        let mut piece = self.piece(words, place);
        piece.before = gap::SMALL;
        self.put(piece);
    }

    fn code(&mut self, code: &str, place: &Place) {
        let span = Span { text: code.trim_end_matches('\n').to_owned(), code: true, ..Span::default() };
        let ink = Ink { leading: 1.35, block: true, ..self.ink() };
        let (line, grown) = line(&[span], &ink);
        self.stands(grown);
        let mut piece = self.piece(line.based(Base::LeftToRight), place);
        piece.ground = true;
        self.put(piece);
    }

    fn figure(&mut self, alt: &str, host: Option<&str>, caption: Option<&[Span]>, place: &Place) {
        let mut words = String::from("▣\u{2002}");
        if !alt.is_empty() {
            self.stands(vec![(0, words.len())]);
        }
        words.push_str(alt);
        if let Some(host) = host {
            if !alt.is_empty() {
                words.push_str("\u{2002}·\u{2002}");
            }
            words.push_str(host);
        }
        let ink = Ink { color: self.palette.soft, size: self.manner.size * 0.88, ..self.ink() };
        let (drawn, _) = line(&[Span { text: words, ..Span::default() }], &ink);
        let mut piece = self.piece(drawn, place);
        piece.ground = true;
        self.put(piece);
        if let Some(spans) = caption {
            let (drawn, grown) = line(spans, &self.caption_ink());
            self.stands(grown);
            self.put_caption(drawn, place);
        }
    }

    /// What is no part of the article's text stands smaller, on a quiet ground, under a heading that says what it is.
    fn apart(&mut self, role: Apart, blocks: &[Block], place: &Place) {
        let outer = self.manner.clone();
        let heading = match role {
            Apart::Author => outer.headings.author.clone(),
            Apart::Related => outer.headings.related.clone(),
            Apart::Footnotes => outer.headings.footnotes.clone(),
            Apart::Note => String::new(),
        };
        let from = self.flat.pieces.len();
        let before = if from == 0 { 0.0 } else { outer.size * 1.4 };
        self.flat.pieces.push(Piece::Edge { before, tall: gap::MEDIUM });
        self.manner.size = (outer.size * 0.86).round();
        self.manner.quiet = true;
        if !heading.is_empty() {
            let size = (outer.size * 0.76).round();
            let ink = Ink { size, strong: true, voice: Voice::Reader, ..self.ink() };
            let (words, _) = line(&[Span { text: heading, ..Span::default() }], &ink);
            let mut piece = self.piece(words, place);
            (piece.heading, piece.size) = (Some(2), size);
            self.put(piece);
        }
        let (first, stands) = (self.flat.pieces.len(), self.stands.len());
        self.blocks(blocks, place);
        if matches!(role, Apart::Author | Apart::Related) {
            // Nobody speaks about these, so they are not counted.
            self.stands.truncate(stands);
        }
        self.manner = outer;
        for at in [from + 1, first] {
            let before = if at == from + 1 { 0.0 } else { gap::TIGHT };
            match self.flat.pieces.get_mut(at) {
                Some(Piece::Text(piece)) => piece.before = before,
                Some(Piece::Table(table)) => table.before = before,
                _ => {}
            }
        }
        self.flat.pieces.push(Piece::Edge { before: 0.0, tall: gap::MEDIUM });
        let end = self.flat.pieces.len();
        self.flat.grounds.resize(end, None);
        for at in from..end {
            self.flat.grounds[at] = Some(Slice { first: at == from, last: at + 1 == end });
        }
    }
}

#[cfg(test)]
mod tests;
