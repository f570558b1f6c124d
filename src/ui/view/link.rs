//! A link that somebody wrote: its whole address is shown before it is followed.

use crate::app::words::say;
use crate::text;
use crate::ui::font::{Face, strong, words};
use crate::ui::icon::{Icon, icon};
use crate::ui::style::sheet;
use crate::ui::theme::{Palette, gap, size};
use crate::ui::widget::button::{Meaning, Push, Weight, push_ui};
use crate::ui::widget::said::said_ui;
use egui::text::{LayoutJob, TextFormat};
use egui::{Id, Label, Modal, Stroke, Ui};

/// What was answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answer {
    Asking,
    Leave,
    Follow,
}

/// Asks.
pub fn link_ui(ui: &mut Ui, url: &str, warnings: &[String]) -> Answer {
    let palette = Palette::of(ui);
    let mut answer = Answer::Asking;
    let is_whole = text::may_be_followed(url);
    let modal = Modal::new(Id::unique("link")).backdrop_color(palette.shade).frame(sheet(palette)).show(
        ui.ctx(),
        |ui| {
            ui.set_width(460.0_f32.min(ui.ctx().content_rect().width() - gap::HUGE * 2.0));
            ui.label(strong(say("link-title"), size::SECTION));
            let why = say(if is_whole { "link-why" } else { "link-too-long" });
            ui.label(words(why, size::BODY).color(palette.soft));
            ui.add_space(gap::SMALL);
            egui::Frame::new().fill(palette.code_wash).corner_radius(6.0).inner_margin(gap::MEDIUM).show(
                ui,
                |ui| {
                    ui.set_width(ui.available_width());
                    egui::ScrollArea::vertical().max_height(180.0).show(ui, |ui| {
                        ui.add(Label::new(address(url, palette)).wrap());
                    });
                },
            );
            for warning in warnings {
                ui.add_space(gap::SMALL);
                ui.horizontal_top(|ui| {
                    ui.label(icon(Icon::TriangleAlert, size::BODY).color(palette.reject));
                    said_ui(ui, warning, Face::Plain, size::BODY, palette.ink);
                });
            }
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
                let follow = say("link-follow");
                if is_whole && push_ui(ui, &Push::new(&follow, Weight::Outlined(Meaning::Plain))).clicked() {
                    answer = Answer::Follow;
                }
            });
        },
    );
    if modal.should_close() && answer == Answer::Asking { Answer::Leave } else { answer }
}

/// The whole address; its host, which is where it leads, stands out.
fn address(url: &str, palette: &Palette) -> LayoutJob {
    let (shown, host) = text::address(url);
    let plain = TextFormat::simple(Face::Code.at(size::SMALL), palette.soft);
    let underline = Stroke::new(1.0, palette.accent);
    let strong = TextFormat { color: palette.ink, underline, ..plain.clone() };
    let mut job = LayoutJob::default();
    for (part, format) in
        [(&shown[..host.start], &plain), (&shown[host.clone()], &strong), (&shown[host.end..], &plain)]
    {
        job.append(part, 0.0, format.clone());
    }
    job
}
