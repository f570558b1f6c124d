//! What was just done, and the way back. It passes by itself, waits while the pointer is on it, and is read aloud.

use super::focus::Screen;
use super::font::Face;
use super::hands::{Stage, Wish};
use super::keys::{Hand, shown as key_of};
use super::notice::tone;
use super::style::TARGET;
use super::theme::{Palette, STATUS_HEIGHT, corner, gap, size};
use super::verb::remedy;
use super::widget::button::{Meaning, Push, Weight, icon_ui, push_ui};
use super::widget::said::said_ui;
use crate::app::command::Command;
use crate::app::words::say;
use crate::ui::icon::{Icon, icon};
use egui::accesskit::Live;
use egui::{Align2, Area, CornerRadius, Frame, Id, Margin, Order, Rect, Role, Stroke, Ui, vec2};

/// A toast stays this many seconds.
const STAY_SECS: f64 = 7.0;

/// Which toast is on screen, and until when.
#[derive(Debug, Default)]
pub struct Shown {
    serial: u64,
    until: f64,
}

/// Draws the newest toast above the status bar.
pub fn toast_ui(ui: &mut Ui, stage: &mut Stage<'_>, shown: &mut Shown, body: Rect) {
    let Some(toast) = stage.app.toast() else { return };
    let now = ui.input(|input| input.time);
    if toast.serial != shown.serial {
        *shown = Shown { serial: toast.serial, until: now + STAY_SECS };
    }
    if now >= shown.until {
        return;
    }
    let palette = Palette::of(ui);
    let width = 460.0_f32.min(body.width() - gap::LARGE * 2.0);
    // It never lies on the buttons that decide, nor on those of the side pane.
    let on_card = stage.focus.screen == Screen::Desk && stage.focus.card_left < gap::MEDIUM + width;
    let lift = if on_card { stage.focus.foot } else { 0.0 }.max(stage.focus.side_foot);
    let place = vec2(gap::MEDIUM, -(STATUS_HEIGHT + gap::MEDIUM + lift));
    let area = Area::new(Id::unique("toast")).order(Order::Foreground).anchor(Align2::LEFT_BOTTOM, place);
    let drawn = area.show(ui.ctx(), |ui| {
        let frame = Frame::new()
            .fill(palette.page)
            .stroke(Stroke::new(1.0, palette.edge))
            .corner_radius(CornerRadius::same(corner::LARGE))
            .shadow(ui.visuals().popup_shadow)
            .inner_margin(Margin::symmetric(14, 9));
        frame.show(ui, |ui| {
            ui.set_max_width(width);
            ui.horizontal(|ui| {
                let (sign, ink, _) = tone(toast.notice.tone, palette);
                ui.label(icon(sign, 17.0).color(ink));
                let remedy_width = if toast.notice.remedy.is_some() { 150.0 } else { 0.0 };
                let room = (width - remedy_width - TARGET.x - 60.0).max(80.0);
                ui.scope(|ui| {
                    ui.set_max_width(room);
                    said_ui(ui, &toast.notice.words, Face::Plain, size::BODY, palette.ink);
                });
                if let Some(command) = toast.notice.remedy {
                    let cap = if command == Command::Undo { key_of(Hand::Undo) } else { String::new() };
                    let title = remedy(&command);
                    let push = Push::new(&title, Weight::Outlined(Meaning::Accent)).cap(&cap);
                    if push_ui(ui, &push).clicked() {
                        let undo = command == Command::Undo;
                        stage.wishes.push(if undo { Wish::Hand(Hand::Undo) } else { Wish::Run(command) });
                        shown.until = now;
                    }
                }
                if icon_ui(ui, Icon::X, &say("toast-close"), false).clicked() {
                    shown.until = now;
                }
            });
        });
    });
    ui.ctx().accesskit_node_builder(drawn.response.id, |node| {
        node.set_role(Role::Status);
        node.set_live(Live::Polite);
        node.set_label(toast.notice.words.as_str());
    });
    if drawn.response.contains_pointer() {
        shown.until = shown.until.max(now + 1.5);
    }
    ui.ctx().request_repaint_after_secs(0.5);
}
