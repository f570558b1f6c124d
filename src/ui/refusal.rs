//! The window of a desk that cannot be opened: why, with what mends it, and a button that closes it. Whoever starts the desk
//! from a menu sees no standard error.

use crate::app::notice::Notice;
use crate::app::words::say;
use crate::ui::font::strong;
use crate::ui::notice::notice_ui;
use crate::ui::theme::{Palette, gap, size};
use crate::ui::widget::button::{Push, Weight, push_ui};
use egui::{Key, ScrollArea, Ui};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// Widest line of words.
const WIDTH_MAX: f32 = 520.0;

/// What is shown in place of the desk.
pub struct Refusal {
    notice: Notice,
    /// Set by whatever wakes the window: without a desk that is only the system, which asks it to end.
    woken: Arc<AtomicBool>,
}

impl Refusal {
    pub fn new(why: String, woken: Arc<AtomicBool>) -> Self {
        woken.store(false, Ordering::Relaxed);
        Self { notice: Notice::error(why, None), woken }
    }

    /// Draws it; true when it is to be closed.
    pub fn refusal_ui(&self, ui: &mut Ui) -> bool {
        let palette = Palette::of(ui);
        let whole = ui.max_rect();
        ui.painter().rect_filled(whole, 0.0, palette.page);
        let mut close = ui.input(|input| input.key_pressed(Key::Escape) || input.key_pressed(Key::Enter));
        ScrollArea::vertical().auto_shrink([false, false]).show(ui, |ui| {
            let width = WIDTH_MAX.min(ui.available_width() - gap::LARGE * 2.0);
            ui.add_space((whole.height() * 0.12).min(90.0));
            ui.horizontal_top(|ui| {
                ui.add_space(((ui.available_width() - width) / 2.0).max(gap::LARGE));
                ui.vertical(|ui| {
                    ui.set_width(width);
                    ui.label(strong(say("refusal-title"), size::TITLE));
                    ui.add_space(gap::SMALL);
                    let _ = notice_ui(ui, &self.notice);
                    ui.add_space(gap::MEDIUM);
                    close |= push_ui(ui, &Push::new(&say("toast-close"), Weight::Primary)).clicked();
                });
            });
        });
        close
    }
}

impl eframe::App for Refusal {
    fn ui(&mut self, ui: &mut Ui, _frame: &mut eframe::Frame) {
        if self.refusal_ui(ui) || self.woken.load(Ordering::Relaxed) {
            ui.ctx().send_viewport_cmd(egui::ViewportCommand::Close);
        }
    }
}
