//! Draws pieces of text with egui's own layout, with links that can be reached by keyboard and words that can be copied.

use super::bidi::visual;
use super::flow::{Line, TextPiece};
use super::said::measure;
use crate::text::Link;
use crate::ui::font::Face;
use crate::ui::theme::{LINE_HEIGHT, Palette, corner, gap};
use egui::text::LayoutJob;
use egui::text_selection::LabelSelectionState;
use egui::{
    Align, Align2, CornerRadius, CursorIcon, Galley, Id, Pos2, Rect, Role, Sense, Stroke, StrokeKind, Ui,
    WidgetInfo, pos2, vec2,
};
use std::ops::Range;

/// Where a thing is drawn and under which name.
#[derive(Clone, Copy)]
pub struct Pen {
    pub at: Pos2,
    pub id: Id,
    /// Only measures when false.
    pub draws: bool,
}

/// Padding of what stands on a ground of its own.
const GROUND_PAD: f32 = gap::MEDIUM;

/// Draws one paragraph; returns its height and the link that was clicked.
pub fn text_ui(ui: &mut Ui, piece: &TextPiece, pen: &Pen, width: f32) -> (f32, Option<Link>) {
    let palette = Palette::of(ui);
    let pad = if piece.ground { GROUND_PAD } else { 0.0 };
    let rtl = piece.line.rtl;
    let inner = (width - piece.indent - pad * 2.0).max(40.0);
    let start = if rtl { pad } else { piece.indent + pad };
    let at = pos2(pen.at.x + start, pen.at.y + pad);
    let ground = pen.draws && piece.ground;
    let under = ground.then(|| ui.painter().add(egui::Shape::Noop));
    let (height, clicked) = line_ui(ui, &piece.line, &Pen { at, ..*pen }, inner, piece.heading);
    let whole = height + pad * 2.0;
    if let Some(under) = under {
        let left = pen.at.x + if rtl { 0.0 } else { piece.indent };
        let rect = Rect::from_min_size(pos2(left, pen.at.y), vec2(width - piece.indent, whole));
        ui.painter().set(
            under,
            egui::Shape::rect_filled(rect, CornerRadius::same(corner::MEDIUM), palette.code_wash),
        );
    }
    if pen.draws {
        let side = |points: f32| if rtl { pen.at.x + width - points } else { pen.at.x + points };
        for bar in &piece.bars {
            // The bar also spans the space above, so that a quotation has one bar, not one a paragraph.
            let above = if piece.joins { piece.before } else { 0.0 };
            let range = (pen.at.y - above)..=(pen.at.y + whole);
            ui.painter().vline(side(*bar + 1.5), range, Stroke::new(3.0, palette.line));
        }
        if let Some(marker) = &piece.marker {
            let y = pen.at.y + (piece.size * LINE_HEIGHT).round() / 2.0;
            let align = if rtl { Align2::LEFT_CENTER } else { Align2::RIGHT_CENTER };
            let at = pos2(side(piece.indent - gap::SMALL), y);
            ui.painter().text(at, align, marker, Face::Plain.at(piece.size * 0.94), palette.soft);
        }
    }
    (whole, clicked)
}

/// Draws one line of words, wrapped; returns its height and the link that was clicked.
pub fn line_ui(ui: &mut Ui, line: &Line, pen: &Pen, width: f32, heading: Option<u8>) -> (f32, Option<Link>) {
    let (job, links) = seen(ui, line, width);
    let galley = ui.painter().layout_job(job);
    let height = galley.size().y;
    if !pen.draws {
        return (height, None);
    }
    let origin = if line.rtl { pos2(pen.at.x + width, pen.at.y) } else { pen.at };
    let rect = Rect::from_min_size(pen.at, vec2(width, height));
    // Reading is no stop of the Tab key.
    // Words in the order they are seen cannot be copied by a drag; the card's own button copies them as written.
    let sense = if line.mixed { Sense::hover() } else { Sense::click_and_drag() - Sense::FOCUSABLE };
    let response = ui.interact(rect, pen.id, sense);
    let role = if heading.is_some() { Role::Heading } else { Role::Label };
    response.widget_info(|| WidgetInfo::labeled(role, true, &line.job.text));
    if let Some(level) = heading {
        ui.ctx().accesskit_node_builder(pen.id, |node| node.set_level(usize::from(level)));
    }
    if response.hovered() && !line.mixed {
        ui.set_cursor_icon(CursorIcon::Text);
    }
    let ink = Palette::of(ui).ink;
    let mut clicked = None;
    for (index, (range, link)) in links.iter().enumerate() {
        if link_ui(ui, pen.id.with(("link", index)), origin, &galley, range, link) {
            clicked = Some(link.clone());
        }
    }
    if line.mixed {
        ui.painter().galley(origin, galley, ink);
    } else {
        LabelSelectionState::label_text_selection(ui, &response, origin, galley, ink, Stroke::NONE);
    }
    (height, clicked)
}

/// Where links stand, in characters of what is seen.
type Links = Vec<(Range<usize>, Link)>;

/// The line as it is seen within a width, and where its links are then.
pub fn seen(ui: &Ui, line: &Line, width: f32) -> (LayoutJob, Links) {
    if !line.mixed {
        let mut job = line.job.clone();
        job.wrap.max_width = width;
        return (job, line.links.clone());
    }
    let made = visual(&line.job, width, usize::MAX, |word, format| measure(ui, word, format));
    let starts: Vec<usize> = section_starts(line);
    let link_of = |section: usize| {
        let start = starts.get(section)?;
        line.links.iter().find(|(range, _)| range.contains(start)).map(|(_, link)| link.clone())
    };
    let links = made
        .origins
        .iter()
        .filter_map(|(range, section)| Some((range.clone(), link_of(*section)?)))
        .collect();
    let mut job = made.job;
    job.wrap.max_width = f32::INFINITY;
    job.halign = if line.rtl { Align::RIGHT } else { Align::LEFT };
    (job, links)
}

/// Where the sections of a line start, in characters.
fn section_starts(line: &Line) -> Vec<usize> {
    let text = &line.job.text;
    let start = |section: &egui::text::LayoutSection| {
        text.get(..section.byte_range.start.0).map_or(0, |t| t.chars().count())
    };
    line.job.sections.iter().map(start).collect()
}

/// One link: every row it spans can be clicked, its first row is the tab stop.
fn link_ui(ui: &mut Ui, id: Id, origin: Pos2, galley: &Galley, range: &Range<usize>, link: &Link) -> bool {
    let mut clicked = false;
    for (row, rect) in rows_of(galley, range).into_iter().enumerate() {
        let rect = rect.translate(origin.to_vec2());
        let under = rect.center().y + rect.height() / LINE_HEIGHT * 0.5;
        ui.painter().hline(rect.x_range(), under, Stroke::new(1.0, ui.visuals().hyperlink_color));
        let sense = if row == 0 { Sense::click() } else { Sense::CLICK };
        let response = ui.interact(rect, id.with(row), sense);
        if row == 0 {
            response.widget_info(|| WidgetInfo::labeled(Role::Link, true, &link.url));
            if response.has_focus() {
                let stroke = ui.visuals().selection.stroke;
                ui.painter().rect_stroke(
                    rect.expand(2.0),
                    CornerRadius::same(3),
                    stroke,
                    StrokeKind::Outside,
                );
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

/// The rectangles that a range of characters covers.
fn rows_of(galley: &Galley, range: &Range<usize>) -> Vec<Rect> {
    let mut rects = Vec::new();
    let mut first = 0;
    for placed in &galley.rows {
        let count = placed.char_count_excluding_newline().0;
        let from = range.start.max(first);
        let to = range.end.min(first + count);
        if from < to {
            let a = placed.x_offset((from - first).into());
            let b = placed.x_offset((to - first).into());
            let (left, right) = (a.min(b), a.max(b));
            let x = placed.pos.x;
            rects.push(Rect::from_x_y_ranges((x + left)..=(x + right), placed.rect().y_range()));
        }
        first += count + usize::from(placed.ends_with_newline);
    }
    rects
}
