//! The outbox: every decision on its way, where it is, since when, and what mends it. What needs a person stands first.

use crate::app::command::Command;
use crate::app::view::{OUTBOX_LINES, OutboxRow};
use crate::app::words::{Value, say, say_with};
use crate::domain::Delivery;
use crate::ui::ago::{self, count};
use crate::ui::conflict::conflict_ui;
use crate::ui::font::{Face, caption, strong, words};
use crate::ui::hands::Stage;
use crate::ui::icon::{self, Icon};
use crate::ui::keys::{self, Hand};
use crate::ui::many::{self, Which, many_ui};
use crate::ui::notice::notice_ui;
use crate::ui::theme::{Palette, corner, gap, size};
use crate::ui::verb;
use crate::ui::widget::badge::badge_ui;
use crate::ui::widget::button::{Meaning, Push, Weight, push_ui};
use crate::ui::widget::empty::{Empty, empty_ui};
use crate::ui::widget::said::{isolated, said_line_ui};
use egui::style::ScrollAnimation;
use egui::{Align, CornerRadius, Frame, Label, Layout, Margin, ScrollArea, Stroke, Ui, vec2};

/// Groups in the order of the pane.
const GROUPS: [(&str, &[Delivery]); 3] = [
    ("outbox-help", &[Delivery::Conflicted, Delivery::Refused]),
    ("outbox-way", &[Delivery::Held, Delivery::Queued, Delivery::Sending]),
    ("outbox-done", &[Delivery::Delivered, Delivery::Withdrawn]),
];

/// Points of a page that are still on screen after it was turned.
const OVERLAP: f32 = 64.0;

/// Draws the pane.
pub fn outbox_ui(ui: &mut Ui, stage: &mut Stage<'_>) {
    let rows = stage.app.outbox();
    let status = stage.app.status();
    // Of what is done only the newest are here, and nobody counts the rest.
    let totals = [Some(status.needs_help), Some(status.held + status.waiting), None];
    head_ui(ui, stage);
    if rows.is_empty() {
        empty_ui(
            ui,
            &Empty {
                icon: Icon::Send,
                title: &say("outbox-empty"),
                why: &say("outbox-empty-why"),
                remedy: None,
            },
        );
        return;
    }
    let pages = std::mem::take(&mut stage.focus.pages);
    let view = ui.available_height();
    let shown: Vec<_> = rows.iter().filter_map(many::compared).collect();
    stage.focus.looked.keep(&shown);
    ScrollArea::vertical().id_salt("outbox-scroll").auto_shrink([false, false]).show(ui, |ui| {
        if pages != 0 {
            #[expect(clippy::cast_precision_loss, reason = "a few pages")]
            let by = -(view - OVERLAP) * pages as f32;
            ui.scroll_with_delta_animation(vec2(0.0, by), ScrollAnimation::duration(0.12));
        }
        Frame::new().inner_margin(Margin { left: 24, right: 24, top: 4, bottom: 40 }).show(ui, |ui| {
            ui.set_max_width(ui.available_width().min(820.0));
            for ((key, states), total) in GROUPS.into_iter().zip(totals) {
                let group: Vec<_> = rows.iter().filter(|row| states.contains(&row.delivery)).collect();
                if !group.is_empty() {
                    group_ui(ui, stage, key, &group, total.map(u64::from));
                }
            }
        });
    });
}

fn head_ui(ui: &mut Ui, stage: &mut Stage<'_>) {
    let palette = Palette::of(ui);
    Frame::new().inner_margin(Margin { left: 24, right: 24, top: 16, bottom: 8 }).show(ui, |ui| {
        ui.set_max_width(ui.available_width().min(820.0));
        ui.horizontal(|ui| {
            ui.label(strong(say("hand-outbox"), size::TITLE));
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                let cap = keys::shown(Hand::Leave);
                if push_ui(ui, &Push::new(&say("outbox-back"), Weight::Quiet).icon(Icon::ArrowLeft).cap(&cap))
                    .clicked()
                {
                    stage.hand(Hand::Leave);
                }
            });
        });
        ui.add(Label::new(words(say("outbox-why"), size::BODY).color(palette.soft)).wrap());
    });
}

fn group_ui(ui: &mut Ui, stage: &mut Stage<'_>, key: &str, group: &[&OutboxRow], total: Option<u64>) {
    let palette = Palette::of(ui);
    let shown = group.len() as u64;
    let is_cut = shown >= u64::from(OUTBOX_LINES);
    let how_many = match total {
        Some(total) => count(total.max(shown)),
        None if is_cut => say_with("outbox-newest", &[("shown", count(shown).into())]),
        None => count(shown),
    };
    ui.add_space(gap::LARGE);
    ui.horizontal(|ui| {
        ui.label(strong(say(key), size::READING));
        ui.label(caption(how_many).color(palette.faint));
    });
    let conflicts = many::conflicts(group);
    if conflicts.len() > 1 {
        many_ui(ui, stage, Which::All, &conflicts);
    }
    let acts = many::acts(&conflicts);
    for act in &acts {
        let of_act: Vec<_> = conflicts.iter().copied().filter(|row| row.act == *act).collect();
        ui.push_id(act, |ui| many_ui(ui, stage, Which::OfAct, &of_act));
        rows_ui(ui, stage, of_act.into_iter());
    }
    let stands_above = |row: &&OutboxRow| row.conflict.is_some() && acts.contains(&row.act);
    rows_ui(ui, stage, group.iter().copied().filter(|row| !stands_above(row)));
    if let Some(more) = total.map(|total| total.saturating_sub(shown)).filter(|more| is_cut && *more > 0) {
        ui.label(caption(say_with("outbox-more", &[("shown", count(more).into())])).color(palette.soft));
    }
}

fn rows_ui<'a>(ui: &mut Ui, stage: &mut Stage<'_>, rows: impl Iterator<Item = &'a OutboxRow>) {
    for row in rows {
        ui.push_id(row.id, |ui| row_ui(ui, stage, row));
    }
}

fn row_ui(ui: &mut Ui, stage: &mut Stage<'_>, row: &OutboxRow) {
    let palette = Palette::of(ui);
    let frame = Frame::new()
        .fill(palette.page)
        .stroke(Stroke::new(1.0, palette.line))
        .corner_radius(CornerRadius::same(corner::LARGE))
        .inner_margin(Margin::symmetric(16, 12));
    frame.show(ui, |ui| {
        ui.set_width(ui.available_width());
        ui.spacing_mut().item_spacing = vec2(gap::SMALL, 6.0);
        ui.horizontal(|ui| {
            badge_ui(ui, icon::of_verb(row.verb), &verb::title(row.verb), "", verb::meaning(row.verb));
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                state_ui(ui, stage, row);
                ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
                    let who = say_with(
                        "outbox-who",
                        &[("author", isolated(&row.author).into()), ("site", isolated(&row.site).into())],
                    );
                    said_line_ui(ui, &who, Face::Strong, size::BODY, palette.ink);
                });
            });
        });
        said_line_ui(ui, &row.excerpt, Face::Plain, size::SMALL, palette.soft);
        if let Some(notice) = &row.notice
            && let Some(command) = notice_ui(ui, notice)
        {
            stage.run(command);
        }
        if let Some(conflict) = &row.conflict {
            conflict_ui(ui, stage, row.id, conflict);
        }
        buttons_ui(ui, stage, row);
    });
    ui.add_space(gap::TIGHT);
}

/// Where it is and since when.
fn state_ui(ui: &mut Ui, stage: &Stage<'_>, row: &OutboxRow) {
    let palette = Palette::of(ui);
    let now = stage.app.now();
    let meaning = match row.delivery {
        Delivery::Conflicted | Delivery::Refused => Meaning::Reject,
        Delivery::Delivered => Meaning::Accent,
        _ => Meaning::Plain,
    };
    let since = match row.leaves_in_secs {
        Some(secs) => say_with("outbox-leaves", &[("secs", Value::from(secs))]),
        None => ago::ago(row.since, now),
    };
    let line = if row.tries > 1 && row.delivery != Delivery::Delivered {
        say_with("outbox-tries", &[("since", since.into()), ("n", Value::from(row.tries))])
    } else {
        since
    };
    ui.label(caption(line).color(palette.soft));
    let state = verb::delivery(row.delivery);
    badge_ui(ui, icon::of_delivery(row.delivery), &state, &verb::delivery_why(row.delivery), meaning);
}

fn buttons_ui(ui: &mut Ui, stage: &mut Stage<'_>, row: &OutboxRow) {
    let offered = match row.delivery {
        Delivery::Held => Some(Command::Release(row.id)),
        Delivery::Refused => Some(Command::Retry(row.id)),
        _ => None,
    };
    // The notice may bring the same remedy already.
    let told = row.notice.as_ref().and_then(|notice| notice.remedy.as_ref());
    if let Some(command) = offered.filter(|command| Some(command) != told) {
        let title = verb::remedy(&command);
        if push_ui(ui, &Push::new(&title, Weight::Outlined(Meaning::Plain))).clicked() {
            stage.run(command);
        }
    }
}
