//! A sentence that needs to be seen, with the command that mends it.

use crate::app::command::Command;
use crate::app::notice::{Notice, Tone};
use crate::ui::font::Face;
use crate::ui::icon::{Icon, icon};
use crate::ui::theme::{Palette, corner, gap, size};
use crate::ui::verb::remedy;
use crate::ui::widget::button::{Meaning, Push, Weight, push_ui};
use crate::ui::widget::said::said_ui;
use egui::accesskit::Live;
use egui::{Color32, CornerRadius, Frame, Margin, Role, Ui};

/// Icon, ink and ground of a tone.
pub fn tone(tone: Tone, palette: &Palette) -> (Icon, Color32, Color32) {
    match tone {
        Tone::Said => (Icon::Info, palette.park, palette.park_wash),
        Tone::Warning => (Icon::TriangleAlert, palette.spam, palette.spam_wash),
        Tone::Error => (Icon::CircleAlert, palette.reject, palette.reject_wash),
    }
}

/// Draws a notice across the width; returns its remedy when that was asked for.
pub fn notice_ui(ui: &mut Ui, notice: &Notice) -> Option<Command> {
    let palette = Palette::of(ui);
    let (sign, ink, ground) = tone(notice.tone, palette);
    let mut asked = None;
    let frame = Frame::new()
        .fill(ground)
        .corner_radius(CornerRadius::same(corner::MEDIUM))
        .inner_margin(Margin::symmetric(12, 9));
    let drawn = frame.show(ui, |ui| {
        ui.set_width(ui.available_width());
        ui.horizontal_top(|ui| {
            ui.spacing_mut().item_spacing.x = gap::SMALL;
            ui.label(icon(sign, 17.0).color(ink));
            ui.vertical(|ui| {
                said_ui(ui, &notice.words, Face::Plain, size::BODY, palette.ink);
                if let Some(command) = &notice.remedy {
                    let title = remedy(command);
                    if push_ui(ui, &Push::new(&title, Weight::Outlined(Meaning::Plain))).clicked() {
                        asked = Some(command.clone());
                    }
                }
            });
        });
    });
    ui.ctx().accesskit_node_builder(drawn.response.id, |node| {
        node.set_role(Role::Status);
        node.set_live(Live::Polite);
    });
    asked
}
