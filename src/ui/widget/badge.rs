//! Small marks: an icon and a word, with the whole sentence one hover away.

use super::button::Meaning;
use super::said::{self, Hand, hint};
use super::soften;
use super::text::Laid;
use crate::ui::font::Face;
use crate::ui::icon::Icon;
use crate::ui::theme::{Palette, corner, size};
use egui::{Color32, CornerRadius, Pos2, Rect, Response, Role, Sense, Ui, WidgetInfo, pos2, vec2};
use std::sync::Arc;

const HEIGHT: f32 = 20.0;
/// Points that its sign and its edges take.
const AROUND: f32 = 29.0;

/// Draws a mark into the flow of `ui`.
pub fn badge_ui(ui: &mut Ui, icon: Icon, label: &str, why: &str, meaning: Meaning) -> Response {
    let width = width_of(ui, label);
    let (rect, response) = ui.allocate_exact_size(vec2(width, HEIGHT), Sense::hover());
    paint(ui, rect.min, icon, label, meaning);
    let soft = soften::of(ui);
    let spoken = |text: &str| soften::spoken(soft.as_ref(), text);
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, spoken(label)));
    if why.is_empty() {
        return response;
    }
    ui.ctx().accesskit_node_builder(response.id, |node| node.set_description(spoken(why)));
    hint(response, why)
}

/// The width a mark needs.
pub fn width_of(ui: &Ui, label: &str) -> f32 {
    lay(ui, label, Palette::of(ui).ink).size().x.ceil() + AROUND
}

/// Paints a mark at a point and returns its width: for rows, which are one thing to a screen reader.
pub fn paint(ui: &Ui, at: Pos2, icon: Icon, label: &str, meaning: Meaning) -> f32 {
    let palette = Palette::of(ui);
    let (ink, ground) = meaning.colors(palette);
    let ink = if meaning == Meaning::Plain { palette.soft } else { ink };
    let words = lay(ui, label, ink);
    let sign = ui.painter().layout_no_wrap(icon.unicode().to_string(), Face::Icon.at(13.0), ink);
    let rect = Rect::from_min_size(at, vec2(words.size().x.ceil() + AROUND, HEIGHT));
    ui.painter().rect_filled(rect, CornerRadius::same(corner::SMALL), ground);
    ui.painter().galley(pos2(at.x + 6.0, rect.center().y - sign.size().y / 2.0), sign, ink);
    said::paint(ui, &words, at.x + 23.0, rect.center().y - words.size().y / 2.0);
    rect.width()
}

fn lay(ui: &Ui, label: &str, ink: Color32) -> Arc<Laid> {
    said::lay(ui, label, Hand { face: Face::Plain, points: size::CAPTION, ink }, f32::INFINITY, 1)
}
