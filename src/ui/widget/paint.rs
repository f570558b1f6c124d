//! Draws paragraphs, with links that can be reached by keyboard and words that can be selected.

use super::flow::TextPiece;
use super::soften;
use super::text::{Laid, Page, Room, Seen, Style, Unit, Words, lay, paint, rects};
use crate::text::Link;
use crate::ui::font::Face;
use crate::ui::theme::{LINE_HEIGHT, Palette, corner, gap};
use egui::emath::GuiRounding as _;
use egui::{
    CornerRadius, CursorIcon, Id, Pos2, Rect, Role, Sense, Stroke, StrokeKind, Ui, WidgetInfo, pos2, vec2,
};
use std::ops::Range;
use std::sync::Arc;

/// Where a thing is drawn and under which name.
#[derive(Clone, Copy)]
pub struct Pen {
    pub at: Pos2,
    pub id: Id,
    /// Only measures when false.
    pub draws: bool,
    /// Its place in the text; without one it cannot be selected.
    pub unit: Option<Unit>,
}

/// Padding of what stands on a ground of its own.
const GROUND_PAD: f32 = gap::MEDIUM;

/// Draws one paragraph; returns its height and the link that was clicked.
pub fn text_ui(
    ui: &mut Ui,
    piece: &TextPiece,
    pen: &Pen,
    width: f32,
    page: &mut Page,
) -> (f32, Option<Link>) {
    let pad = if piece.ground { GROUND_PAD } else { 0.0 };
    let inner = (width - piece.indent - pad * 2.0).max(40.0);
    let words = piece.drawn();
    let laid = lay(ui, words, Room::wide(inner));
    let rtl = laid.rtl();
    let start = if rtl { pad } else { piece.indent + pad };
    let at = pos2(pen.at.x + start, pen.at.y + pad);
    let whole = laid.size().y + pad * 2.0;
    if pen.draws && piece.ground {
        let left = pen.at.x + if rtl { 0.0 } else { piece.indent };
        let rect = Rect::from_min_size(pos2(left, pen.at.y), vec2(width - piece.indent, whole));
        let corners = CornerRadius::same(corner::MEDIUM);
        ui.painter().rect_filled(rect, corners, Palette::of(ui).code_wash);
    }
    let (_, clicked) = line_ui(ui, words, &Pen { at, ..*pen }, inner, piece.heading, page);
    if pen.draws {
        beside_ui(ui, piece, pen, width, whole, rtl);
    }
    (whole, clicked)
}

/// A quotation's bars and a list's marker, at the side where the words start.
fn beside_ui(ui: &Ui, piece: &TextPiece, pen: &Pen, width: f32, whole: f32, rtl: bool) {
    let palette = Palette::of(ui);
    let side = |points: f32| if rtl { pen.at.x + width - points } else { pen.at.x + points };
    for bar in &piece.bars {
        // The bar also spans the space above, so that a quotation has one bar, not one a paragraph.
        let above = if piece.joins { piece.before } else { 0.0 };
        let range = (pen.at.y - above)..=(pen.at.y + whole);
        ui.painter().vline(side(*bar + 1.5), range, Stroke::new(3.0, palette.line));
    }
    if let Some(marker) = &piece.marker {
        let style =
            Style::new(Face::Plain, piece.size * 0.94, (piece.size * LINE_HEIGHT).round(), palette.soft);
        let laid = lay(ui, &Arc::new(Words::of(marker.as_str(), style)), Room::wide(f32::INFINITY));
        let edge = side(piece.indent - gap::SMALL);
        let left = if rtl { edge } else { edge - laid.size().x };
        paint(ui, &laid, pos2(left, pen.at.y));
    }
}

/// Draws a block of words, wrapped; returns its height and the link that was clicked.
pub fn line_ui(
    ui: &mut Ui,
    words: &Arc<Words>,
    pen: &Pen,
    width: f32,
    heading: Option<u8>,
    page: &mut Page,
) -> (f32, Option<Link>) {
    let laid = lay(ui, words, Room::wide(width));
    let height = laid.size().y;
    let told = pen.unit.map(|unit| page.told_rects(unit, &laid, pen.at)).unwrap_or_default();
    if !pen.draws {
        return (height, None);
    }
    quoted_ui(ui, &told);
    let at = pen.at.round_to_pixels(laid.scale);
    let rect = Rect::from_min_size(at, vec2(width, height));
    // The text as a whole is the stop of the Tab key, not each of its paragraphs.
    let response = ui.interact(rect, pen.id, Sense::click_and_drag() - Sense::FOCUSABLE);
    let role = if heading.is_some() { Role::Heading } else { Role::Label };
    let soft = soften::of(ui);
    response.widget_info(|| WidgetInfo::labeled(role, true, soften::spoken_words(soft.as_ref(), words)));
    if let Some(level) = heading {
        ui.ctx().accesskit_node_builder(pen.id, |node| node.set_level(usize::from(level)));
    }
    if response.hovered() {
        ui.set_cursor_icon(CursorIcon::Text);
    }
    if let Some(unit) = pen.unit {
        page.ground_ui(ui, unit, &laid, at);
        page.seen.push(Seen { unit, laid: Arc::clone(&laid), at, response });
    }
    paint(ui, &laid, at);
    let mut clicked = None;
    for (index, (range, link)) in words.links().iter().enumerate() {
        if link_ui(ui, pen.id.with(("link", index)), at, &laid, range, link) {
            clicked = Some(link.clone());
        }
    }
    (height, clicked)
}

/// The ground of words that something else speaks about, and a line under them: never a colour alone.
pub fn quoted_ui(ui: &Ui, rects: &[Rect]) {
    let palette = Palette::of(ui);
    for rect in rects {
        let rect = rect.expand2(vec2(1.0, 0.0));
        ui.painter().rect_filled(rect, 0.0, palette.quoted);
        ui.painter().hline(rect.x_range(), rect.bottom() - 1.0, Stroke::new(1.5, palette.accent));
    }
}

/// One link: every row it spans can be clicked, its first row is the tab stop.
fn link_ui(ui: &mut Ui, id: Id, at: Pos2, laid: &Laid, range: &Range<usize>, link: &Link) -> bool {
    let mut clicked = false;
    for (row, rect) in rects(laid, range.clone()).into_iter().enumerate() {
        let rect = rect.translate(at.to_vec2());
        let sense = if row == 0 { Sense::click() } else { Sense::CLICK };
        let response = ui.interact(rect, id.with(row), sense);
        if row == 0 {
            response.widget_info(|| WidgetInfo::labeled(Role::Link, true, &link.url));
            if response.has_focus() {
                let stroke = ui.visuals().selection.stroke;
                let around = rect.expand(2.0);
                ui.painter().rect_stroke(around, CornerRadius::same(3), stroke, StrokeKind::Outside);
            }
            if response.gained_focus() {
                response.scroll_to_me(None);
            }
        }
        clicked |= response.clicked();
        response.on_hover_cursor(CursorIcon::PointingHand).on_hover_text(&link.url);
    }
    clicked
}
