//! Names and titles that other people chose: like labels, each in its own direction.

use super::paint::{Pen, line_ui};
use super::soften;
use super::text::{self, Laid, Page, Room, Style, Unit, Words, select_ui};
use crate::ui::font::Face;
use crate::ui::theme::{MARK_BAR, MARK_OUT, Palette, gap, size};
use egui::{Color32, Rect, Response, Role, Sense, Shape, Ui, WidgetInfo, pos2, vec2};
use std::ops::Range;
use std::sync::Arc;

pub use crate::text::isolated;

/// Points from one line of a label to the next, as a share of its size.
const LEADING: f32 = 1.3;

/// Bytes of a name or a title that are drawn; of a longer one the beginning, with an ellipsis.
const SAID_BYTES_MAX: usize = 2_000;

/// How a name or a title looks.
#[derive(Debug, Clone, Copy)]
pub struct Hand {
    pub face: Face,
    pub points: f32,
    pub ink: Color32,
}

impl Hand {
    /// The look of a stretch.
    pub fn style(self) -> Style {
        Style::new(self.face, self.points, (self.points * LEADING).round(), self.ink)
    }

    fn words(self, ui: &Ui, text: &str) -> Arc<Words> {
        let mut words = Words::default();
        let end = text.floor_char_boundary(SAID_BYTES_MAX);
        words.push_labelled(&text[..end], self.style(), Style::label(self.style(), Palette::of(ui)));
        if end < text.len() {
            words.push("…", self.style());
        }
        Arc::new(match soften::of(ui) {
            Some(soft) => soft.words(words),
            None => words,
        })
    }
}

/// Words laid out within a width and a number of rows, cut with an ellipsis.
pub fn lay(ui: &Ui, text: &str, hand: Hand, width: f32, rows_max: usize) -> Arc<Laid> {
    text::lay(ui, &hand.words(ui, text), Room { width: width.max(10.0), rows_max })
}

/// Paints what [`lay`] made; what starts from the right ends at the right of its width.
pub fn paint(ui: &Ui, laid: &Laid, left: f32, top: f32) {
    text::paint(ui, laid, pos2(left, top));
}

/// A wrapped label whose words can be selected.
pub fn said_ui(ui: &mut Ui, text: &str, face: Face, points: f32, ink: Color32) -> Response {
    let words = Hand { face, points, ink }.words(ui, text);
    block_ui(ui, &words)
}

/// The same, where something else may speak about it: then it is marked, with the words that are spoken of, and the second
/// answer is where they stand.
pub fn marked_ui(
    ui: &mut Ui,
    text: &str,
    hand: Hand,
    spoken: Option<Range<usize>>,
) -> (Response, Option<Rect>) {
    let words = hand.words(ui, text);
    let Some(spoken) = spoken else { return (block_ui(ui, &words), None) };
    let ground = ui.painter().add(Shape::Noop);
    let response = told_ui(ui, &words, &[(Unit::default(), spoken)]);
    let rect = response.rect.expand2(vec2(MARK_OUT, gap::TIGHT));
    let palette = Palette::of(ui);
    let rtl = words.is_rtl();
    let side = if rtl { rect.right() - MARK_BAR } else { rect.left() };
    let bar = Rect::from_min_size(pos2(side, rect.top()), vec2(MARK_BAR, rect.height()));
    let shapes = vec![
        Shape::rect_filled(rect, 0.0, palette.accent_wash),
        Shape::rect_filled(bar, 0.0, palette.accent),
    ];
    ui.painter().set(ground, Shape::Vec(shapes));
    (response, Some(rect))
}

/// Words of several looks as such a label.
pub fn block_ui(ui: &mut Ui, words: &Arc<Words>) -> Response {
    told_ui(ui, words, &[])
}

fn told_ui(ui: &mut Ui, words: &Arc<Words>, told: &[(Unit, Range<usize>)]) -> Response {
    let room = ui.available_width().max(10.0);
    let natural = text::lay(ui, words, Room::wide(room));
    // A name in a pane of another language starts where its pane starts.
    let one_line = natural.layout.len() == 1;
    let width = if one_line { natural.size().x.ceil() + 1.0 } else { room };
    let size = text::lay(ui, words, Room::wide(width)).size();
    let (rect, response) = ui.allocate_exact_size(vec2(width, size.y), Sense::hover());
    let unit = Unit::default();
    let mut page = Page::new(ui.ctx(), response.id);
    page.told = told.to_vec();
    let pen = Pen { at: rect.min, id: response.id.with("words"), draws: true, unit: Some(unit) };
    line_ui(ui, words, &pen, width, None, &mut page);
    select_ui(ui, &mut page, || vec![(unit, Arc::clone(words))]);
    page.seen.pop().map_or(response, |seen| seen.response)
}

/// Shows words beside what the pointer rests on. They cannot be pointed at themselves, so that they are in the way of
/// nothing under them.
pub fn hint(response: Response, text: &str) -> Response {
    response.on_hover_ui(|ui| {
        let hand = Hand { face: Face::Plain, points: size::SMALL, ink: Palette::of(ui).ink };
        let room = ui.available_width();
        let natural = lay(ui, text, hand, room, usize::MAX);
        let width = if natural.layout.len() == 1 { natural.size().x.ceil() + 1.0 } else { room };
        let laid = lay(ui, text, hand, width, usize::MAX);
        let (rect, label) = ui.allocate_exact_size(vec2(width, laid.size().y), Sense::hover());
        paint(ui, &laid, rect.left(), rect.top());
        let soft = soften::of(ui);
        label.widget_info(|| WidgetInfo::labeled(Role::Label, true, soften::spoken(soft.as_ref(), text)));
    })
}

/// A label of one line, cut with an ellipsis.
pub fn said_line_ui(ui: &mut Ui, text: &str, face: Face, points: f32, ink: Color32) -> Response {
    let room = ui.available_width();
    let laid = lay(ui, text, Hand { face, points, ink }, room, 1);
    let (rect, response) = ui.allocate_exact_size(laid.size(), Sense::hover());
    let inset = if laid.rtl() { room - laid.size().x } else { 0.0 };
    paint(ui, &laid, rect.left() - inset, rect.top());
    let soft = soften::of(ui);
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, soften::spoken(soft.as_ref(), text)));
    response
}
