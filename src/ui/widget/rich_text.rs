//! Other people's words on the page. This is the one place that draws a `RichText`; links are never followed here, a
//! click is only told.

use super::flow::{Flat, Piece, Slice, flow};
use super::paint::{Pen, text_ui};
use super::soften::{self, Soft};
use super::table::table_ui;
use super::text::{Page, Part, Unit, reach_ui, select_ui};
use crate::text::{Link, RichText};
use crate::ui::theme::{LINE_HEIGHT, MARK_BAR, MARK_OUT, MEASURE_EMS, Palette, corner, gap, size};
use egui::mutex::Mutex;
use egui::{CornerRadius, Id, Rect, Sense, Stroke, Ui, pos2, vec2};
use std::borrow::Cow;
use std::collections::HashMap;
use std::ops::Range;
use std::sync::Arc;

/// Whose words they are: this chooses the face.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Voice {
    Reader,
    Paper,
}

/// What something else speaks about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mark {
    /// The block of the text.
    pub block: usize,
    /// The text of that block, as [`crate::text::passage::Place::Block`] counts, and bytes of it.
    pub words: Option<(usize, Range<usize>)>,
}

/// What boxes beside the text are called; empty for none.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Headings {
    pub author: String,
    pub related: String,
    pub footnotes: String,
}

/// How a text is drawn.
#[derive(Debug, Clone, PartialEq)]
pub struct Manner {
    pub size: f32,
    pub voice: Voice,
    /// In secondary ink: what surrounds the text that is decided on.
    pub quiet: bool,
    /// Only whole words of at most so many characters, with the rest left out.
    pub chars_max: Option<usize>,
    /// What the window's list finds is drawn soft: not what a paper prints, and not a source.
    pub softens: bool,
    pub marked: Option<Mark>,
    pub headings: Headings,
}

impl Manner {
    /// A comment.
    pub fn reader() -> Self {
        let headings = Headings::default();
        Self {
            size: size::READING,
            voice: Voice::Reader,
            quiet: false,
            chars_max: None,
            softens: true,
            marked: None,
            headings,
        }
    }

    /// An article.
    pub fn paper() -> Self {
        Self { size: size::ARTICLE, voice: Voice::Paper, softens: false, ..Self::reader() }
    }
}

/// What was drawn.
pub struct Drawn {
    pub clicked: Option<Link>,
    /// `chars_max` left something out.
    pub folded: bool,
    /// Where the marked block stands, once everything above it was measured.
    pub marked: Option<Rect>,
    /// Where the words stand that are spoken of.
    pub quoted: Option<Rect>,
    /// The text has the keyboard.
    pub focused: bool,
}

/// Texts kept laid out; the ones longest unused go first.
const KEPT: usize = 240;
/// Bytes laid out in one frame before more is laid out ahead of the view, where a short piece counts as so many.
const AHEAD_BYTES: usize = 6_000;
const PIECE_BYTES_MIN: usize = 400;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
struct Key {
    text: usize,
    width: u32,
    scale: u32,
    size: u32,
    dark: bool,
    paper: bool,
    quiet: bool,
    chars_max: Option<usize>,
    /// The list that its words are softened by; 0 for none.
    soft: usize,
}

struct Laid {
    /// Keeps the address in [`Key`] from being given to another text.
    _text: Arc<RichText>,
    soft: Option<Soft>,
    flat: Flat,
    heights: Vec<Option<f32>>,
    /// Points that it took when it was last drawn.
    tall: f32,
    used_at: u64,
}

impl Laid {
    /// The pieces of the block that is to be marked.
    fn marked(&self, manner: &Manner) -> Range<usize> {
        let Some(Mark { block, .. }) = &manner.marked else { return 0..0 };
        let start = |block: usize| self.flat.starts.get(block).copied().unwrap_or(self.flat.pieces.len());
        start(*block)..start(block + 1)
    }
}

#[derive(Default)]
struct Cache(HashMap<Key, Laid>);

/// Draws `text` as wide as there is room, at most [`MEASURE_EMS`] wide. `name` is what it is called to those who cannot see
/// it.
pub fn rich_text_ui(ui: &mut Ui, text: &Arc<RichText>, manner: &Manner, name: &str) -> Drawn {
    let width = ui.available_width().min(MEASURE_EMS * manner.size).max(80.0).floor();
    let cache = ui.data_mut(|data| {
        Arc::clone(data.get_temp_mut_or_default::<Arc<Mutex<Cache>>>(Id::unique("rich-text-cache")))
    });
    let now = ui.ctx().cumulative_frame_nr();
    let mut cache = cache.lock();
    if cache.0.len() > KEPT {
        cache.0.retain(|_, laid| now.saturating_sub(laid.used_at) < 60);
    }
    let palette = Palette::of(ui);
    let soft = soften::of(ui).filter(|_| manner.softens);
    let key = Key {
        text: Arc::as_ptr(text) as usize,
        width: width.to_bits(),
        scale: ui.pixels_per_point().to_bits(),
        size: manner.size.to_bits(),
        dark: ui.visuals().dark_mode,
        paper: manner.voice == Voice::Paper,
        quiet: manner.quiet,
        chars_max: manner.chars_max,
        soft: soft.as_ref().map_or(0, |soft| Arc::as_ptr(&soft.list) as usize),
    };
    let laid = cache.0.entry(key).or_insert_with(|| {
        let flat = flow(text, manner, palette, soft.as_ref());
        let heights = vec![None; flat.pieces.len()];
        Laid { _text: Arc::clone(text), soft, flat, heights, tall: 0.0, used_at: now }
    });
    laid.used_at = now;
    let base = ui.auto_id_with("rich-text");
    let mut page = Page::new(ui.ctx(), base);
    if let Some(Mark { block, words: Some((part, words)) }) = &manner.marked {
        page.told = laid.flat.find(*block, *part, words);
    }
    let whole = Rect::from_min_size(ui.cursor().min, vec2(width, laid.tall));
    reach_ui(ui, &mut page, whole, name);
    let mut drawn = pieces_ui(ui, laid, manner, width, base, &mut page);
    drawn.focused = ui.memory(|memory| memory.has_focus(base));
    let pieces = &laid.flat.pieces;
    select_ui(ui, &mut page, || parts(pieces));
    drawn
}

/// Pieces in view are drawn, some beyond it measured, the rest guessed until their turn comes.
fn pieces_ui(ui: &mut Ui, laid: &mut Laid, manner: &Manner, width: f32, base: Id, page: &mut Page) -> Drawn {
    let origin = ui.cursor().min;
    let clip = ui.clip_rect();
    let mut drawn = Drawn { clicked: None, folded: false, marked: None, quoted: None, focused: false };
    let marked = laid.marked(manner);
    let (mut guessed, mut waits) = (false, false);
    let mut y = origin.y;
    let mut laid_out = 0;
    let Laid { flat, heights, tall, soft, .. } = laid;
    for (index, (piece, height)) in flat.pieces.iter().zip(heights.iter_mut()).enumerate() {
        if flat.left_out == Some(index) {
            drawn.folded = true;
            break;
        }
        let bytes = flat.bytes[index];
        let before = before_of(piece);
        let guess = height.unwrap_or_else(|| guess(piece, bytes, manner, width));
        if let Some(slice) = flat.grounds.get(index).copied().flatten() {
            let top = if slice.first { y + before } else { y };
            let rect = Rect::from_min_max(pos2(origin.x, top), pos2(origin.x + width, y + before + guess));
            ground_ui(ui, rect, slice);
        }
        if marked.contains(&index)
            && let Some(height) = *height
        {
            let top = if index == marked.start { y + before - 4.0 } else { y };
            let rect = Rect::from_min_max(
                pos2(origin.x - MARK_OUT, top),
                pos2(origin.x + width + MARK_OUT, y + before + height + 4.0),
            );
            mark_ui(ui, piece, rect);
            if !guessed {
                drawn.marked = Some(drawn.marked.map_or(rect, |above| above.union(rect)));
            }
        }
        guessed |= height.is_none();
        let in_view = y + before + guess >= clip.top() && y <= clip.bottom();
        let wanted = !guessed && marked.contains(&index) && tells(page, index, piece);
        if in_view || wanted || (height.is_none() && laid_out < AHEAD_BYTES) {
            laid_out += if height.is_some() { 0 } else { bytes.max(PIECE_BYTES_MIN) };
            if let Some(soft) = soft {
                flat.soften(index, soft);
            }
            let unit = Some(Unit { piece: index, ..Unit::default() });
            let pen = Pen { at: pos2(origin.x, y + before), id: base.with(index), draws: in_view, unit };
            let told = page.told_at.len();
            let (measured, link) = piece_ui(ui, piece, &pen, width, page);
            if !guessed {
                let quoted = page.told_at[told..].iter().copied().reduce(Rect::union);
                drawn.quoted = drawn.quoted.into_iter().chain(quoted).reduce(Rect::union);
            }
            *height = Some(measured);
            drawn.clicked = drawn.clicked.or(link);
        } else {
            waits |= height.is_none();
        }
        y += before + height.unwrap_or(guess);
    }
    if waits || (guessed && manner.marked.is_some()) {
        ui.ctx().request_repaint();
    }
    *tall = y - origin.y;
    ui.allocate_rect(Rect::from_min_size(origin, vec2(width, y - origin.y)), Sense::hover());
    drawn
}

/// Words that are spoken of stand in a piece.
fn tells(page: &Page, index: usize, piece: &Piece) -> bool {
    page.told.iter().any(|(unit, _)| match piece {
        Piece::Table(table) => table.holds(index, *unit),
        Piece::Text(_) | Piece::Rule | Piece::Edge { .. } => unit.piece == index,
    })
}

/// A slice of a quiet ground; it reaches into the slice above, so that no seam shows.
fn ground_ui(ui: &Ui, rect: Rect, Slice { first, last }: Slice) {
    let overlap = if first { 0.0 } else { 1.0 };
    let rect = rect.expand2(vec2(MARK_OUT, 0.0)).with_min_y(rect.top() - overlap);
    let round = |on: bool| if on { corner::MEDIUM } else { 0 };
    let corners = CornerRadius { nw: round(first), ne: round(first), sw: round(last), se: round(last) };
    ui.painter().rect_filled(rect, corners, Palette::of(ui).canvas);
}

/// The ground and the bar of a block that something else speaks about.
fn mark_ui(ui: &Ui, piece: &Piece, rect: Rect) {
    let palette = Palette::of(ui);
    let rtl = match piece {
        Piece::Text(text) => text.words.is_rtl(),
        Piece::Table(table) => table.is_rtl(),
        Piece::Rule | Piece::Edge { .. } => false,
    };
    let side = if rtl { rect.right() - MARK_BAR } else { rect.left() };
    ui.painter().rect_filled(rect, 0.0, palette.accent_wash);
    let bar = Rect::from_min_size(pos2(side, rect.top()), vec2(MARK_BAR, rect.height()));
    ui.painter().rect_filled(bar, 0.0, palette.accent);
}

fn piece_ui(ui: &mut Ui, piece: &Piece, pen: &Pen, width: f32, page: &mut Page) -> (f32, Option<Link>) {
    match piece {
        Piece::Text(text) => text_ui(ui, text, pen, width, page),
        Piece::Table(table) => table_ui(ui, table, pen, width, page),
        Piece::Edge { tall, .. } => (*tall, None),
        Piece::Rule => {
            if pen.draws {
                let stroke = Stroke::new(1.0, Palette::of(ui).edge);
                let middle = pen.at.x + width / 2.0;
                ui.painter().hline((middle - 40.0)..=(middle + 40.0), pen.at.y, stroke);
            }
            (1.0, None)
        }
    }
}

/// All blocks with their places, drawn or not.
fn parts(pieces: &[Piece]) -> Vec<Part<'_>> {
    let mut parts = Vec::new();
    for (index, piece) in pieces.iter().enumerate() {
        match piece {
            Piece::Text(text) => {
                let unit = Unit { piece: index, ..Unit::default() };
                parts.push(Part { unit, text: Cow::Borrowed(text.words.text()), goes_on: text.goes_on });
            }
            Piece::Table(table) => {
                let part = |(unit, text)| Part { unit, text, goes_on: false };
                parts.extend(table.units(index).into_iter().map(part));
            }
            Piece::Rule | Piece::Edge { .. } => {}
        }
    }
    parts
}

fn before_of(piece: &Piece) -> f32 {
    match piece {
        Piece::Text(text) => text.before,
        Piece::Table(table) => table.before,
        Piece::Rule => gap::WIDE,
        Piece::Edge { before, .. } => *before,
    }
}

#[expect(clippy::cast_precision_loss, reason = "a guess")]
fn guess(piece: &Piece, bytes: usize, manner: &Manner, width: f32) -> f32 {
    let chars = bytes as f32;
    let per_line = (width / (manner.size * 0.5)).max(8.0);
    let rows = if let Piece::Table(table) = piece { table.rows() as f32 } else { 1.0 };
    (chars / per_line).ceil().max(rows) * manner.size * LINE_HEIGHT
}

/// The words alone, for the clipboard.
pub fn plain(text: &RichText) -> String {
    let mut lines: Vec<String> = Vec::new();
    for piece in flow(text, &Manner::reader(), &crate::ui::theme::LIGHT, None).pieces {
        match piece {
            Piece::Text(piece) => {
                let marker = piece.marker.map(|marker| marker + "\u{20}").unwrap_or_default();
                match lines.last_mut().filter(|_| piece.goes_on) {
                    Some(line) => line.push_str(piece.words.text()),
                    None => lines.push(marker + piece.words.text()),
                }
            }
            Piece::Table(table) => lines.extend(table.plain()),
            Piece::Rule => lines.push("—".to_owned()),
            Piece::Edge { .. } => {}
        }
    }
    lines.join("\n\n")
}

#[cfg(test)]
mod tests;
