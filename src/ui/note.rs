//! The private note on the card: what stands there, and the field to write it in. What was begun and left stays begun.

use super::ago;
use super::field::field_ui;
use super::font::{Face, caption, strong};
use super::hands::Stage;
use super::icon::Icon;
use super::keys::{self, Hand};
use super::theme::{Palette, corner, gap, size};
use super::widget::button::{Meaning, Push, Weight, push_ui};
use super::widget::entry::Entry;
use super::widget::said::said_ui;
use crate::app::NOTE_CHARS_MAX;
use crate::app::command::Command;
use crate::app::view::{CardView, NoteView};
use crate::app::words::{say, say_with};
use crate::text;
use egui::{Frame, Id, Margin, Ui, vec2};

/// Draws what there is of a note.
pub fn note_ui(ui: &mut Ui, stage: &mut Stage<'_>, card: &CardView) {
    let writes = stage.focus.note_of == Some(card.id);
    let begun = stage.focus.drafts.contains_key(&card.id);
    if !writes && !begun && card.note.is_none() {
        return;
    }
    let palette = Palette::of(ui);
    ui.add_space(gap::SMALL);
    let frame = Frame::new().fill(palette.park_wash).corner_radius(corner::MEDIUM);
    frame.inner_margin(Margin::symmetric(12, 9)).show(ui, |ui| {
        ui.set_width(ui.available_width());
        ui.spacing_mut().item_spacing = vec2(gap::SMALL, gap::SMALL);
        if writes {
            write_ui(ui, stage, card);
        } else {
            stands_ui(ui, stage, card, begun);
        }
    });
}

fn stands_ui(ui: &mut Ui, stage: &mut Stage<'_>, card: &CardView, begun: bool) {
    let palette = Palette::of(ui);
    if let Some(NoteView { text, at }) = &card.note {
        ui.horizontal_wrapped(|ui| {
            ui.label(strong(say("note-title"), size::SMALL).color(palette.park));
            let age = ui.label(caption(ago::ago(*at, stage.app.now())).color(palette.ink));
            age.on_hover_text(ago::exact(*at));
        });
        said_ui(ui, text::reveal(text).as_str(), Face::Plain, size::BODY, palette.ink);
    }
    if begun {
        let key = keys::shown(Hand::Note);
        ui.label(caption(say_with("note-draft", &[("key", key.into())])).color(palette.ink));
    }
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = gap::LARGE + gap::TIGHT;
        let cap = keys::shown(Hand::Note);
        if push_ui(ui, &Push::new(&say("note-edit"), Weight::Quiet).icon(Icon::Pencil).cap(&cap)).clicked() {
            stage.hand(Hand::Note);
        }
        if card.note.is_some()
            && push_ui(ui, &Push::new(&say("note-remove"), Weight::Quiet).icon(Icon::Trash2)).clicked()
        {
            keep(stage, card, String::new());
        }
    });
}

fn write_ui(ui: &mut Ui, stage: &mut Stage<'_>, card: &CardView) {
    let palette = Palette::of(ui);
    let before = card.note.as_ref().map(|note| note.text.clone()).unwrap_or_default();
    let mut draft = stage.focus.drafts.get(&card.id).unwrap_or(&before).clone();
    ui.label(strong(say("note-title"), size::SMALL).color(palette.park));
    let name = say_with("note-name", &[("author", card.author.as_str().into())]);
    let hint = say("note-hint");
    let entry = Entry {
        id: Id::unique("note").with(card.id),
        name: &name,
        hint: &hint,
        size: size::BODY,
        rows: (3, 12),
        chars_max: NOTE_CHARS_MAX,
    };
    let told = field_ui(ui, &entry, &mut draft);
    if std::mem::take(&mut stage.focus.note_wanted) {
        told.response.request_focus();
    }
    let mut keeps = told.entered;
    let mut leaves = false;
    ui.horizontal(|ui| {
        let title = say("note-save");
        let cap = keys::chord_shown(keys::ENTER);
        keeps |= push_ui(ui, &Push::new(&title, Weight::Outlined(Meaning::Park)).cap(&cap)).clicked();
        ui.add_space(gap::SMALL);
        let cap = keys::shown(Hand::Leave);
        leaves = push_ui(ui, &Push::new(&say("note-leave"), Weight::Quiet).cap(&cap)).clicked();
    });
    if draft == before {
        stage.focus.drafts.remove(&card.id);
    } else {
        stage.focus.drafts.insert(card.id, draft.clone());
    }
    if keeps {
        told.response.surrender_focus();
        keep(stage, card, draft);
    } else if leaves {
        stage.hand(Hand::Leave);
    }
}

fn keep(stage: &mut Stage<'_>, card: &CardView, text: String) {
    stage.focus.noted(card.id);
    // At once, as a decision: what fails later in this frame must not take it along.
    stage.app.run(Command::WriteNote(card.id, text));
}
