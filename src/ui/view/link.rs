//! A link that somebody wrote: its whole address is shown before it is followed.

use crate::app::words::say;
use crate::ui::font::{Face, strong, words};
use crate::ui::style::sheet;
use crate::ui::theme::{Palette, gap, size};
use crate::ui::widget::button::{Meaning, Push, Weight, push_ui};
use egui::{Id, Label, Modal, Ui};

/// What was answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answer {
    Asking,
    Leave,
    Follow,
}

/// Asks.
pub fn link_ui(ui: &mut Ui, url: &str) -> Answer {
    let palette = Palette::of(ui);
    let mut answer = Answer::Asking;
    let modal = Modal::new(Id::unique("link")).backdrop_color(palette.shade).frame(sheet(palette)).show(
        ui.ctx(),
        |ui| {
            ui.set_width(460.0_f32.min(ui.ctx().content_rect().width() - gap::HUGE * 2.0));
            ui.label(strong(say("link-title"), size::SECTION));
            ui.label(words(say("link-why"), size::BODY).color(palette.soft));
            ui.add_space(gap::SMALL);
            egui::Frame::new().fill(palette.code_wash).corner_radius(6.0).inner_margin(gap::MEDIUM).show(
                ui,
                |ui| {
                    ui.set_width(ui.available_width());
                    egui::ScrollArea::vertical().max_height(180.0).show(ui, |ui| {
                        ui.add(Label::new(egui::RichText::new(url).font(Face::Code.at(size::SMALL))).wrap());
                    });
                },
            );
            ui.add_space(gap::MEDIUM);
            ui.horizontal(|ui| {
                let leave = say("link-leave");
                let back = push_ui(ui, &Push::new(&leave, Weight::Primary));
                if back.clicked() {
                    answer = Answer::Leave;
                }
                if ui.memory(|memory| memory.focused().is_none()) {
                    back.request_focus();
                }
                if push_ui(ui, &Push::new(&say("link-copy"), Weight::Outlined(Meaning::Plain))).clicked() {
                    ui.ctx().copy_text(url.to_owned());
                    answer = Answer::Leave;
                }
                if push_ui(ui, &Push::new(&say("link-follow"), Weight::Outlined(Meaning::Plain))).clicked() {
                    answer = Answer::Follow;
                }
            });
        },
    );
    if modal.should_close() && answer == Answer::Asking { Answer::Leave } else { answer }
}
