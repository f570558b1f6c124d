//! Nothing here, and why, and what can be done.

use super::button::{Push, Weight, push_ui};
use crate::ui::font::{strong, words};
use crate::ui::icon::{Icon, icon};
use crate::ui::theme::{Palette, gap, size};
use egui::{Label, Ui};

/// A pane without content.
#[derive(Debug, Clone, Copy)]
pub struct Empty<'a> {
    pub icon: Icon,
    pub title: &'a str,
    pub why: &'a str,
    /// The words of a button.
    pub remedy: Option<&'a str>,
}

/// Draws it in the middle of what is left; true when the remedy is asked for.
pub fn empty_ui(ui: &mut Ui, empty: &Empty<'_>) -> bool {
    let palette = Palette::of(ui);
    let mut asked = false;
    ui.vertical_centered(|ui| {
        ui.add_space((ui.available_height() * 0.32 - 40.0).max(gap::LARGE));
        ui.label(icon(empty.icon, 30.0).color(palette.faint));
        ui.add_space(gap::TIGHT);
        ui.add(Label::new(strong(empty.title, size::READING)).wrap());
        if !empty.why.is_empty() {
            ui.add(Label::new(words(empty.why, size::BODY).color(palette.soft)).wrap());
        }
        if let Some(remedy) = empty.remedy {
            ui.add_space(gap::SMALL);
            asked =
                push_ui(ui, &Push::new(remedy, Weight::Outlined(super::button::Meaning::Plain))).clicked();
        }
    });
    asked
}
