//! Names and titles that other people chose: like labels, with right-to-left words in their order.

use super::bidi::{has_rtl, starts_rtl, visual};
use egui::text::{LayoutJob, TextFormat, TextWrapping};
use egui::{Align, Color32, FontId, Galley, Label, Response, Role, Sense, Ui, WidgetInfo, pos2};
use std::sync::Arc;

/// Words laid out within a width and a number of rows, cut with an ellipsis.
pub fn lay(ui: &Ui, text: &str, format: TextFormat, width: f32, rows_max: usize) -> Arc<Galley> {
    let width = width.max(10.0);
    let mut job = LayoutJob::single_section(text.to_owned(), format);
    if has_rtl(text) {
        job = visual(&job, width - 14.0, rows_max, |word, format| measure(ui, word, format)).job;
        job.wrap = TextWrapping::no_max_width();
        job.halign = if starts_rtl(text) { Align::RIGHT } else { Align::LEFT };
        return ui.painter().layout_job(job);
    }
    job.wrap = TextWrapping {
        max_width: width,
        max_rows: rows_max,
        break_anywhere: false,
        ..TextWrapping::default()
    };
    ui.painter().layout_job(job)
}

/// Points that a word takes.
pub fn measure(ui: &Ui, word: &str, format: &TextFormat) -> f32 {
    let job = LayoutJob {
        wrap: TextWrapping::no_max_width(),
        ..LayoutJob::single_section(word.to_owned(), format.clone())
    };
    ui.painter().layout_job(job).size().x
}

/// Paints what [`lay`] made, so that it starts at the side where its words start.
pub fn paint(ui: &Ui, galley: Arc<Galley>, left: f32, top: f32, width: f32, ink: Color32) {
    let x = if galley.job.halign == Align::RIGHT { left + width } else { left };
    ui.painter().galley(pos2(x, top), galley, ink);
}

/// A wrapped label.
pub fn said_ui(ui: &mut Ui, text: &str, font: FontId, ink: Color32) -> Response {
    let leading = (font.size * 1.24).round();
    if !has_rtl(text) {
        let words = egui::RichText::new(text).font(font).color(ink).line_height(Some(leading));
        return ui.add(Label::new(words).wrap());
    }
    let format = TextFormat { line_height: Some((leading * 1.12).round()), ..TextFormat::simple(font, ink) };
    let width = ui.available_width();
    let galley = lay(ui, text, format, width, 12);
    let size = egui::vec2(width, galley.size().y);
    let (rect, response) = ui.allocate_exact_size(size, Sense::hover());
    // A name in a pane of another language starts where its pane starts.
    let left = if galley.rows.len() == 1 && galley.job.halign == Align::RIGHT {
        rect.left() - width + galley.size().x
    } else {
        rect.left()
    };
    paint(ui, galley, left, rect.top(), width, ink);
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, text));
    response
}

/// A label of one line, cut with an ellipsis.
pub fn said_line_ui(ui: &mut Ui, text: &str, font: FontId, ink: Color32) -> Response {
    let galley = lay(ui, text, TextFormat::simple(font, ink), ui.available_width(), 1);
    let (rect, response) = ui.allocate_exact_size(galley.size(), Sense::hover());
    paint(ui, galley, rect.left(), rect.top(), rect.width(), ink);
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, text));
    response
}
