//! The side pane: every site together or one by one, their shelves with true counts, and how it goes with each.

use crate::app::command::Command;
use crate::app::notice;
use crate::app::view::{Health, Place, Shelf, SiteRow};
use crate::app::words::{Value, say, say_with};
use crate::domain::SiteId;
use crate::ui::ago::{self, count};
use crate::ui::focus::Screen;
use crate::ui::font::{Face, caption};
use crate::ui::hands::Stage;
use crate::ui::icon::{Icon, icon};
use crate::ui::keys::Hand;
use crate::ui::notice::tone;
use crate::ui::theme::{CLEAR, Palette, corner, gap, size};
use crate::ui::verb::{self, remedy};
use crate::ui::widget::button::{Meaning, Push, Weight, focus_ring, push_ui};
use crate::ui::widget::said::{said_line_ui, said_ui};
use egui::{Align2, Color32, CornerRadius, Label, Role, ScrollArea, Sense, Ui, WidgetInfo, pos2, vec2};

const ROW: f32 = 30.0;

/// One line of the pane.
struct Shelved<'a> {
    icon: Icon,
    name: &'a str,
    /// Where the desk mirrors the shelf.
    count: Option<u64>,
    place: Place,
}

/// Draws the pane.
pub fn sites_ui(ui: &mut Ui, stage: &mut Stage<'_>) {
    let rows = stage.app.sites().to_vec();
    let foot = 96.0_f32.min(ui.available_height() * 0.3);
    stage.focus.side_foot = foot;
    let height = ui.available_height() - foot;
    ScrollArea::vertical().max_height(height).auto_shrink([false, false]).show(ui, |ui| {
        ui.spacing_mut().item_spacing = vec2(0.0, gap::HAIR);
        brand_ui(ui);
        if rows.len() > 1 {
            group_ui(ui, stage, None, &rows);
        }
        for row in &rows {
            ui.add_space(gap::MEDIUM);
            ui.push_id(row.id, |ui| {
                head_ui(ui, stage, row);
                group_ui(ui, stage, Some(row.id), std::slice::from_ref(row));
            });
        }
    });
    foot_ui(ui, stage);
}

fn brand_ui(ui: &mut Ui) {
    let palette = Palette::of(ui);
    ui.add_space(gap::LARGE);
    ui.horizontal(|ui| {
        ui.add_space(gap::LARGE);
        let name = egui::RichText::new(say("app-name"))
            .font(Face::SerifStrong.at(size::SECTION + 2.0))
            .color(palette.accent);
        ui.label(name);
    });
    ui.add_space(gap::SMALL);
}

/// The shelves of one site or of all, as the sites have them.
fn group_ui(ui: &mut Ui, stage: &mut Stage<'_>, site: Option<SiteId>, rows: &[SiteRow]) {
    let sum = |pick: fn(&SiteRow) -> u64| Some(rows.iter().map(pick).fold(0, u64::saturating_add));
    let any = |has: fn(&SiteRow) -> bool| rows.iter().any(has);
    let lines = [
        (Shelf::Pending, Icon::Inbox, sum(|row| row.pending), true),
        (Shelf::Reported, Icon::Flag, sum(|row| row.reported), any(|row| row.has_reports)),
        (Shelf::Parked, Icon::Bookmark, sum(|row| row.parked), true),
        (Shelf::Approved, Icon::Check, None, true),
        (Shelf::Rejected, Icon::X, None, any(|row| row.has_rejected)),
        (Shelf::Spam, Icon::OctagonX, None, any(|row| row.has_spam)),
    ];
    for (shelf, icon, count, offered) in lines {
        if offered {
            let all = site.is_none() && shelf == Shelf::Pending;
            let name = say(if all { "shelf-all" } else { verb::shelf_key(shelf) });
            shelf_ui(ui, stage, &Shelved { icon, name: &name, count, place: Place { site, shelf } });
        }
    }
}

fn shelf_ui(ui: &mut Ui, stage: &mut Stage<'_>, line: &Shelved<'_>) {
    let palette = Palette::of(ui);
    let place = stage.app.place();
    let same_site = place.site == line.place.site || stage.app.sites().len() == 1;
    let chosen = same_site
        && place.shelf == line.place.shelf
        && stage.focus.search.is_empty()
        && stage.focus.screen == Screen::Desk;
    let (outer, response) = ui.allocate_exact_size(vec2(ui.available_width(), ROW), Sense::click());
    let spoken = match line.count {
        Some(n) => say_with("shelf-spoken", &[("name", Value::from(line.name)), ("shown", count(n).into())]),
        None => line.name.to_owned(),
    };
    response.widget_info(|| WidgetInfo::selected(Role::Button, true, chosen, &spoken));
    let rect = outer.shrink2(vec2(gap::SMALL, 0.0));
    let ground = if chosen {
        palette.selected
    } else if response.hovered() {
        palette.hover
    } else {
        CLEAR
    };
    ui.painter().rect_filled(rect, CornerRadius::same(corner::MEDIUM), ground);
    let ink = if chosen { palette.accent } else { palette.ink };
    let middle = rect.center().y;
    let left = rect.left() + gap::SMALL;
    let at = |x: f32| pos2(x, middle);
    ui.painter().text(
        at(left),
        Align2::LEFT_CENTER,
        line.icon.unicode(),
        Face::Icon.at(15.0),
        if chosen { ink } else { palette.faint },
    );
    let face = if chosen { Face::Strong } else { Face::Plain };
    ui.painter().text(at(left + 24.0), Align2::LEFT_CENTER, line.name, face.at(size::BODY), ink);
    if let Some(n) = line.count.filter(|n| *n > 0) {
        let ink = if chosen { palette.accent } else { palette.soft };
        ui.painter().text(
            at(rect.right() - gap::SMALL),
            Align2::RIGHT_CENTER,
            count(n),
            face.at(size::SMALL),
            ink,
        );
    }
    focus_ring(ui, &response, rect);
    if response.clicked() {
        stage.run(Command::Go(line.place));
    }
}

/// A site's name and health.
fn head_ui(ui: &mut Ui, stage: &mut Stage<'_>, row: &SiteRow) {
    let palette = Palette::of(ui);
    egui::Frame::new().inner_margin(egui::Margin { left: 16, right: 12, top: 4, bottom: 7 }).show(ui, |ui| {
        ui.spacing_mut().item_spacing = vec2(gap::SMALL, gap::TIGHT);
        said_line_ui(ui, &row.name, Face::Strong, size::SMALL, palette.ink);
        let (sign, ink, said, mend) = health(stage, row, palette);
        ui.horizontal_top(|ui| {
            ui.spacing_mut().item_spacing.x = 5.0;
            ui.label(icon(sign, 12.0).color(ink));
            let ink = if ink == palette.accent { palette.faint } else { ink };
            said_ui(ui, &said, Face::Plain, size::CAPTION, ink);
        });
        if let Some(command) = mend {
            let title = remedy(&command);
            if push_ui(ui, &Push::new(&title, Weight::Outlined(Meaning::Plain))).clicked() {
                stage.run(command);
            }
        }
        if let Some(note) = &row.secret_note {
            ui.add(Label::new(caption(note).color(palette.faint)).wrap());
        }
        if !row.caveats.is_empty() {
            let open = stage.focus.caveats_of == Some(row.id);
            let title = say(if open { "caveats-hide" } else { "caveats-show" });
            let sign = if open { Icon::ChevronUp } else { Icon::Info };
            if push_ui(ui, &Push::new(&title, Weight::Quiet).icon(sign)).clicked() {
                stage.focus.caveats_of = (!open).then_some(row.id);
            }
            for caveat in row.caveats.iter().filter(|_| open) {
                ui.add(Label::new(caption(caveat).color(palette.soft)).wrap());
            }
        }
        if let Health::Pulling { here, total: Some(total) } = &row.health {
            bar_ui(ui, *here, *total);
        }
    });
}

fn health(stage: &Stage<'_>, row: &SiteRow, palette: &Palette) -> (Icon, Color32, String, Option<Command>) {
    let now = stage.app.now();
    match &row.health {
        Health::Starting => (Icon::Hourglass, palette.faint, say("health-starting"), None),
        Health::Pulling { here, total } => {
            let said = match total {
                Some(total) => say_with(
                    "health-pulling",
                    &[("here", count(*here).into()), ("total", count(*total).into())],
                ),
                None => say_with("health-pulling-open", &[("here", count(*here).into())]),
            };
            (Icon::ArrowDown, palette.accent, said, None)
        }
        Health::Synced { at } => (
            Icon::Check,
            palette.accent,
            say_with("health-synced", &[("age", ago::ago(*at, now).into())]),
            None,
        ),
        Health::Offline { .. }
        | Health::Resting { .. }
        | Health::SignedOut { .. }
        | Health::Troubled { .. } => match notice::of_site(row, now) {
            Some(notice) => {
                let (sign, ink, _) = tone(notice.tone, palette);
                let sign = match row.health {
                    Health::Offline { .. } => Icon::CloudOff,
                    Health::Resting { .. } => Icon::Hourglass,
                    Health::SignedOut { .. } => Icon::Lock,
                    _ => sign,
                };
                (sign, ink, notice.words, notice.remedy)
            }
            None => (Icon::Hourglass, palette.faint, String::new(), None),
        },
    }
}

/// How much of the first pull is here.
fn bar_ui(ui: &mut Ui, here: u64, total: u64) {
    let palette = Palette::of(ui);
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), 4.0), Sense::hover());
    #[expect(clippy::cast_precision_loss, reason = "a share")]
    let share = (here as f32 / total.max(1) as f32).clamp(0.0, 1.0);
    response.widget_info(|| {
        let mut info = WidgetInfo::labeled(Role::ProgressIndicator, true, say("health-progress"));
        info.value = Some(f64::from(share) * 100.0);
        info
    });
    let round = CornerRadius::same(2);
    ui.painter().rect_filled(rect, round, palette.line);
    let done = egui::Rect::from_min_size(rect.min, vec2(rect.width() * share, rect.height()));
    ui.painter().rect_filled(done, round, palette.accent);
}

fn foot_ui(ui: &mut Ui, stage: &mut Stage<'_>) {
    ui.spacing_mut().item_spacing = vec2(gap::TIGHT, gap::TIGHT);
    ui.add_space(gap::SMALL);
    let width = ui.available_width() - gap::SMALL * 2.0;
    for (hand, key, sign) in
        [(Hand::Outbox, "hand-outbox", Icon::Send), (Hand::Connect, "hand-connect", Icon::Plus)]
    {
        ui.horizontal(|ui| {
            ui.add_space(gap::SMALL);
            let title = say(key);
            let cap = crate::ui::keys::shown(hand);
            let push = Push::new(&title, Weight::Quiet).icon(sign).cap(&cap).width(width).spread();
            if push_ui(ui, &push).clicked() {
                stage.hand(hand);
            }
        });
    }
}
