//! The keys, drawn from the one table.

use super::font::{strong, words};
use super::keys::{Group, TABLE, chord_shown};
use super::style::sheet;
use super::theme::{Palette, gap, size};
use super::widget::button::{Push, Weight, cap_ui, push_ui};
use crate::app::words::say;
use egui::{Id, Modal, ScrollArea, Ui};

/// Draws the sheet; true when it is to be closed.
pub fn keysheet_ui(ui: &mut Ui) -> bool {
    let palette = Palette::of(ui);
    let room = ui.ctx().content_rect();
    let columns = if room.width() > 860.0 { 2 } else { 1 };
    let width = if columns == 2 { 760.0 } else { (room.width() - 80.0).min(380.0) };
    let mut close = false;
    let modal = Modal::new(Id::unique("keys")).backdrop_color(palette.shade).frame(sheet(palette)).show(
        ui.ctx(),
        |ui| {
            ui.set_width(width);
            ui.label(strong(say("keys-title"), size::SECTION));
            ui.label(words(say("keys-why"), size::BODY).color(palette.soft));
            ui.add_space(gap::MEDIUM);
            ScrollArea::vertical().max_height((room.height() - 190.0).max(120.0)).show(ui, |ui| {
                if columns == 2 {
                    ui.columns(2, |sides| {
                        for (at, side) in sides.iter_mut().enumerate() {
                            let half = if at == 0 {
                                [Group::Decide, Group::Move]
                            } else {
                                [Group::Read, Group::Desk]
                            };
                            half.into_iter().for_each(|group| group_ui(side, group));
                        }
                    });
                } else {
                    Group::ALL.into_iter().for_each(|group| group_ui(ui, group));
                }
            });
            ui.add_space(gap::MEDIUM);
            close = push_ui(ui, &Push::new(&say("keys-close"), Weight::Primary)).clicked();
        },
    );
    close || modal.should_close()
}

fn group_ui(ui: &mut Ui, group: Group) {
    let palette = Palette::of(ui);
    ui.label(strong(say(group.title()), size::SMALL).color(palette.accent));
    ui.spacing_mut().item_spacing.y = 3.0;
    ui.spacing_mut().interact_size.y = 22.0;
    for entry in TABLE.iter().filter(|entry| entry.group == group) {
        ui.horizontal(|ui| {
            ui.spacing_mut().item_spacing.x = gap::TIGHT;
            ui.allocate_ui_with_layout(
                egui::vec2(146.0, 22.0),
                egui::Layout::left_to_right(egui::Align::Center),
                |ui| {
                    ui.set_min_width(146.0);
                    for chord in entry.chords.iter().take(2) {
                        cap_ui(ui, &chord_shown(*chord));
                    }
                },
            );
            ui.label(words(say(&format!("hand-{}", entry.id)), size::BODY));
        });
    }
    ui.add_space(gap::MEDIUM);
}
