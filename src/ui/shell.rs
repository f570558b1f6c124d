//! The frame of the window: panes side by side with splitters between them, the status bar, and what floats above.

use super::columns::{Folded, Pane, columns};
use super::focus::Screen;
use super::hands::{Stage, Wish};
use super::notice::notice_ui;
use super::theme::{Palette, STATUS_HEIGHT, gap};
use super::view::{article, card, connect, link, outbox, queue, sites, status};
use super::{keysheet, toast};
use egui::{CursorIcon, Id, Rangef, Rect, ScrollArea, Sense, Stroke, Ui, UiBuilder, pos2};

/// An alarm takes this much of the window's height at most, and scrolls.
const ALARM_SHARE: f32 = 0.5;

/// Draws everything.
pub fn shell_ui(ui: &mut Ui, stage: &mut Stage<'_>, form: &mut connect::Form, shown: &mut toast::Shown) {
    let palette = Palette::of(ui);
    let whole = ui.max_rect();
    ui.painter().rect_filled(whole, 0.0, palette.canvas);
    let bar = Rect::from_min_max(pos2(whole.left(), whole.bottom() - STATUS_HEIGHT), whole.max);
    let body = Rect::from_min_max(whole.min, pos2(whole.right(), bar.top()));
    let body = alarm_ui(ui, stage, body);
    stage.focus.list_focused = false;
    stage.focus.text_focused = false;
    stage.focus.side_foot = 0.0;
    stage.focus.rows.clear();
    match stage.focus.screen {
        Screen::Connect => {
            pane_ui(ui, body, palette.page, "connect", |ui| connect::connect_ui(ui, stage, form))
        }
        Screen::SignIn(site) => {
            pane_ui(ui, body, palette.page, "sign-in", |ui| connect::sign_in_ui(ui, stage, form, site));
        }
        Screen::Desk | Screen::Outbox => panes_ui(ui, stage, body),
    }
    stage.app.plant("window");
    pane_ui(ui, bar, palette.canvas, "status", |ui| status::status_ui(ui, stage));
    ui.painter().hline(bar.x_range(), bar.top(), Stroke::new(1.0, palette.line));
    toast::toast_ui(ui, stage, shown, body);
    if stage.focus.keys_open && keysheet::keysheet_ui(ui) {
        stage.focus.keys_open = false;
    }
    if let Some(url) = stage.focus.link.clone() {
        match link::link_ui(ui, &url, &stage.app.about_address(&url)) {
            link::Answer::Asking => {}
            link::Answer::Leave => stage.focus.link = None,
            link::Answer::Follow => {
                stage.focus.link = None;
                stage.wishes.push(Wish::Run(crate::app::command::Command::OpenLink(url)));
            }
        }
    }
}

/// What is wrong with the desk's own file, above everything else; returns the room that is left.
fn alarm_ui(ui: &mut Ui, stage: &mut Stage<'_>, body: Rect) -> Rect {
    let Some(notice) = stage.app.alarm() else { return body };
    let room = Rect::from_min_max(body.min, pos2(body.right(), body.top() + body.height() * ALARM_SHARE));
    let mut top = ui.new_child(UiBuilder::new().id_salt("alarm").max_rect(room.shrink(gap::SMALL)));
    let scroll = ScrollArea::vertical().id_salt("alarm-scroll").max_height(room.height() - 2.0 * gap::SMALL);
    let drawn = scroll.show(&mut top, |ui| {
        let asked = ui.scope(|ui| notice_ui(ui, &notice));
        (asked.inner, asked.response.rect.height())
    });
    let (asked, height) = drawn.inner;
    if let Some(command) = asked {
        stage.run(command);
    }
    let below = (room.top() + height + 2.0 * gap::SMALL).min(room.bottom());
    Rect::from_min_max(pos2(body.left(), below), body.max)
}

fn pane_ui(ui: &mut Ui, rect: Rect, ground: egui::Color32, name: &str, add: impl FnOnce(&mut Ui)) {
    ui.painter().rect_filled(rect, 0.0, ground);
    let mut pane = ui.new_child(UiBuilder::new().id_salt(name).max_rect(rect));
    pane.set_clip_rect(rect.intersect(ui.clip_rect()));
    add(&mut pane);
}

fn panes_ui(ui: &mut Ui, stage: &mut Stage<'_>, body: Rect) {
    let palette = Palette::of(ui);
    let placed = columns(body.width(), &stage.focus.widths, stage.focus.asked);
    if stage.focus.screen == Screen::Outbox {
        let side = placed.iter().find(|(pane, _)| *pane == Pane::Sites).map_or(0.0, |(_, range)| range.max);
        if side > 0.0 {
            pane_ui(ui, strip(body, Rangef::new(0.0, side)), palette.canvas, "sites", |ui| {
                sites::sites_ui(ui, stage)
            });
        }
        let rest = strip(body, Rangef::new(side, body.width()));
        pane_ui(ui, rest, palette.page, "outbox", |ui| outbox::outbox_ui(ui, stage));
        return;
    }
    let shows = |pane| placed.iter().any(|(p, _)| *p == pane);
    let folded =
        Folded { sites: !shows(Pane::Sites), article: !shows(Pane::Article), queue: !shows(Pane::Queue) };
    for (pane, range) in &placed {
        let rect = strip(body, *range);
        match pane {
            Pane::Sites => pane_ui(ui, rect, palette.canvas, "sites", |ui| sites::sites_ui(ui, stage)),
            Pane::Queue => {
                pane_ui(ui, rect, palette.surface, "queue", |ui| queue::queue_ui(ui, stage, folded))
            }
            Pane::Card => {
                stage.focus.card_left = range.min;
                pane_ui(ui, rect, palette.page, "card", |ui| card::card_ui(ui, stage, folded));
            }
            Pane::Article => {
                pane_ui(ui, rect, palette.page, "article", |ui| article::article_ui(ui, stage, folded))
            }
        }
    }
    for pair in placed.windows(2) {
        if let [(left, range), (_, _)] = pair {
            splitter_ui(ui, stage, body, *left, range.max);
        }
    }
}

fn strip(body: Rect, range: Rangef) -> Rect {
    Rect::from_min_max(
        pos2(body.left() + range.min, body.top()),
        pos2(body.left() + range.max, body.bottom()),
    )
}

/// The line between two panes; it can be pulled.
fn splitter_ui(ui: &mut Ui, stage: &mut Stage<'_>, body: Rect, left: Pane, x: f32) {
    let x = body.left() + x;
    let rect = Rect::from_x_y_ranges((x - 3.0)..=(x + 3.0), body.y_range());
    let response = ui.interact(rect, Id::unique(("splitter", left)), Sense::DRAG);
    let palette = Palette::of(ui);
    let stroke = if response.hovered() || response.dragged() {
        Stroke::new(2.0, palette.accent)
    } else {
        Stroke::new(1.0, palette.line)
    };
    ui.painter().vline(x, body.y_range(), stroke);
    if response.dragged() {
        let moved = response.drag_delta().x;
        let widths = &mut stage.focus.widths;
        match left {
            Pane::Sites => widths.sites = (widths.sites + moved).clamp(150.0, 320.0),
            Pane::Queue => widths.queue = (widths.queue + moved).clamp(220.0, 560.0),
            Pane::Card | Pane::Article => {
                let read = (body.width() - widths.sites - widths.queue).max(1.0);
                widths.article_share = (widths.article_share - moved / read).clamp(0.2, 0.8);
            }
        }
    }
    response.on_hover_and_drag_cursor(CursorIcon::ResizeHorizontal);
}
