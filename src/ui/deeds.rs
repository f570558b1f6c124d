//! The bar of buttons under a comment: what may be done with it, each with its key, and why something may not.

use crate::app::view::{Act, CardView};
use crate::app::words::say;
use crate::ui::font::Face;
use crate::ui::hands::{Stage, hand_of};
use crate::ui::icon::Icon;
use crate::ui::keys::{self, Hand};
use crate::ui::theme::{Palette, gap, size};
use crate::ui::widget::button::{Meaning, Push, Weight, push_ui};
use egui::accesskit::Live;
use egui::{Align2, Role, Sense, Stroke, Ui, WidgetInfo, vec2};

/// Points that the bar takes for a card.
pub fn height(ui: &Ui, card: &CardView, hint: Option<&str>) -> f32 {
    let room = ui.available_width() - gap::LARGE * 2.0;
    let rows = if one_row(ui, &deeds(ui, card, room), room) { 1.0 } else { 2.0 };
    let hint = hint.map_or(0.0, |words| hint_galley(ui, words, room).size().y + gap::SMALL);
    rows * 32.0 + (rows - 1.0) * gap::SMALL + gap::MEDIUM * 2.0 + hint
}

fn hint_galley(ui: &Ui, hint: &str, room: f32) -> std::sync::Arc<egui::Galley> {
    let ink = Palette::of(ui).ink;
    ui.painter().layout(hint.to_owned(), Face::Plain.at(size::SMALL), ink, room - 22.0)
}

/// A window of fewer points is low.
const LOW: f32 = 480.0;

struct Deed {
    hand: Hand,
    words: String,
    spoken: String,
    cap: String,
    icon: Icon,
    meaning: Meaning,
    not_offered: Option<String>,
}

/// In a low window the buttons lose their key caps where that saves the words above a row.
fn deeds(ui: &Ui, card: &CardView, room: f32) -> Vec<Deed> {
    let all: Vec<Deed> = card.acts.iter().filter_map(deed).collect();
    if ui.ctx().content_rect().height() >= LOW || one_row(ui, &all, room) {
        return all;
    }
    let bare: Vec<Deed> =
        card.acts.iter().filter_map(deed).map(|deed| Deed { cap: String::new(), ..deed }).collect();
    if one_row(ui, &bare, room) { bare } else { all }
}

fn deed(act: &Act) -> Option<Deed> {
    let hand = hand_of(&act.command)?;
    let (key, icon, meaning) = match hand {
        Hand::Approve if act.keeps => ("hand-keep", Icon::Check, Meaning::Accent),
        Hand::Approve => ("hand-approve", Icon::Check, Meaning::Accent),
        Hand::Reject => ("hand-reject", Icon::X, Meaning::Reject),
        Hand::Spam => ("hand-spam", Icon::OctagonX, Meaning::Spam),
        Hand::Park => ("hand-park", Icon::Bookmark, Meaning::Park),
        _ => ("hand-restore", Icon::Undo2, Meaning::Plain),
    };
    let spoken = say(&format!("{key}.spoken"));
    Some(Deed {
        hand,
        words: say(key),
        spoken,
        cap: keys::shown(hand),
        icon,
        meaning,
        not_offered: act.not_offered.clone(),
    })
}

fn push<'a>(deed: &'a Deed) -> Push<'a> {
    let weight = if deed.hand == Hand::Approve { Weight::Primary } else { Weight::Outlined(deed.meaning) };
    Push::new(&deed.words, weight)
        .icon(deed.icon)
        .cap(&deed.cap)
        .spoken(&deed.spoken)
        .enabled(deed.not_offered.is_none())
}

fn one_row(ui: &Ui, all: &[Deed], room: f32) -> bool {
    let needed: f32 = all.iter().map(|deed| push(deed).natural_width(ui) + gap::SMALL).sum();
    needed <= room + gap::SMALL
}

/// Draws the bar into the whole of `ui`.
pub fn deeds_ui(ui: &mut Ui, stage: &mut Stage<'_>, card: &CardView) {
    let palette = Palette::of(ui);
    let whole = ui.max_rect();
    ui.painter().hline(whole.x_range(), whole.top(), Stroke::new(1.0, palette.line));
    egui::Frame::new().inner_margin(egui::Margin::symmetric(16, 12)).show(ui, |ui| {
        ui.spacing_mut().item_spacing = vec2(gap::SMALL, gap::SMALL);
        if let Some(hint) = &stage.focus.hint {
            let galley = hint_galley(ui, hint.words(), ui.available_width());
            let (rect, response) =
                ui.allocate_exact_size(vec2(ui.available_width(), galley.size().y), Sense::hover());
            let sign = Icon::Info.unicode();
            ui.painter().text(rect.left_top(), Align2::LEFT_TOP, sign, Face::Icon.at(14.0), palette.spam);
            ui.painter().galley(rect.left_top() + vec2(22.0, 0.0), galley, palette.ink);
            response.widget_info(|| WidgetInfo::labeled(Role::Status, true, hint.words()));
            ui.ctx().accesskit_node_builder(response.id, |node| node.set_live(Live::Assertive));
        }
        let room = ui.available_width();
        let all = deeds(ui, card, room);
        let single = one_row(ui, &all, room);
        let per_row = if single { all.len().max(1) } else { all.len().div_ceil(2).max(1) };
        for row in all.chunks(per_row) {
            ui.horizontal(|ui| row_ui(ui, stage, row, single));
        }
    });
}

fn row_ui(ui: &mut Ui, stage: &mut Stage<'_>, row: &[Deed], single: bool) {
    #[expect(clippy::cast_precision_loss, reason = "at most 6")]
    let n = row.len().max(1) as f32;
    let natural: f32 = row.iter().map(|deed| push(deed).natural_width(ui)).sum();
    let spare = ui.available_width().min(640.0) - natural - gap::SMALL * (n - 1.0);
    let even = ((ui.available_width() - gap::SMALL * (n - 1.0)) / n).floor();
    for deed in row {
        let push = push(deed);
        let width = if single { push.natural_width(ui) + (spare / n).clamp(0.0, 26.0) } else { even };
        let response = push_ui(ui, &push.width(width.floor()));
        let response = match &deed.not_offered {
            Some(why) => response.on_hover_text(why),
            None => response,
        };
        if response.clicked() {
            stage.hand(deed.hand);
        }
    }
}
