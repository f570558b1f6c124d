//! A field with what must be said about its text under it: what had no room, how much room is left, and what is hidden
//! in it.

use super::font::caption;
use super::theme::{Palette, gap};
use super::widget::button::{Push, Weight, push_ui};
use super::widget::entry::{Entry, Told, entry_ui};
use crate::app::words::{Value, say, say_with};
use crate::text;
use egui::accesskit::Live;
use egui::{Color32, Label, Ui};

/// From so few characters on, what is left is told.
const FEW: usize = 50;

/// Draws a field and what there is to say of it.
pub fn field_ui(ui: &mut Ui, entry: &Entry<'_>, words: &mut String) -> Told {
    let palette = Palette::of(ui);
    let mut told = entry_ui(ui, entry, words);
    let left = entry.chars_max.saturating_sub(words.chars().count());
    if told.cut {
        said_ui(ui, &say_with("field-cut", &[("n", Value::from(entry.chars_max))]), palette.reject);
    } else if left < FEW {
        said_ui(ui, &say_with("field-left", &[("n", Value::from(left))]), palette.soft);
    }
    let hidden = text::hidden(words);
    if !hidden.is_empty() {
        ui.horizontal_wrapped(|ui| {
            ui.spacing_mut().item_spacing.x = gap::LARGE;
            let names = hidden.join(",\u{20}");
            said_ui(ui, &say_with("field-hidden", &[("names", names.into())]), palette.spam);
            if push_ui(ui, &Push::new(&say("field-bare"), Weight::Quiet)).clicked() {
                *words = text::bare(words);
                told.response.mark_changed();
                told.response.request_focus();
            }
        });
    }
    told
}

fn said_ui(ui: &mut Ui, said: &str, ink: Color32) {
    let response = ui.add(Label::new(caption(said).color(ink)).wrap());
    ui.ctx().accesskit_node_builder(response.id, |node| node.set_live(Live::Polite));
}
