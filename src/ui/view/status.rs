//! The status bar: how it goes with the sites, what is still at home, what was done today, and the window's own switches.

use crate::app::ThemeChoice;
use crate::app::words::{Value, say, say_with};
use crate::ui::ago::count;
use crate::ui::font::{Face, strong, words};
use crate::ui::hands::Stage;
use crate::ui::icon::{Icon, icon};
use crate::ui::keys::{Hand, shown};
use crate::ui::theme::{Palette, gap, size};
use crate::ui::widget::button::{focus_ring, icon_ui};
use crate::ui::widget::said::said_line_ui;
use egui::{Align, Button, Color32, Layout, Rect, Response, Role, Sense, Ui, WidgetInfo};

/// Draws the bar.
pub fn status_ui(ui: &mut Ui, stage: &mut Stage<'_>) {
    let palette = Palette::of(ui);
    let status = stage.app.status();
    let wide = ui.available_width() > 640.0;
    ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
        ui.spacing_mut().item_spacing.x = gap::TIGHT;
        ui.add_space(gap::SMALL);
        switches_ui(ui, stage);
        if wide && status.decided_today > 0 {
            let today = [("shown", Value::from(count(status.decided_today)))];
            ui.label(words(say_with("status-today", &today), size::SMALL).color(palette.soft));
            ui.add_space(gap::SMALL);
        }
        ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
            ui.add_space(gap::LARGE);
            ui.spacing_mut().item_spacing.x = gap::SMALL;
            let (sign, ink) = if status.trouble {
                (Icon::CloudOff, palette.reject)
            } else {
                (Icon::CircleCheck, palette.accent)
            };
            if !status.sync.is_empty() {
                ui.label(icon(sign, 14.0).color(ink));
            }
            let parts = [
                (status.needs_help, "status-help", palette.reject),
                (status.held, "status-held", palette.ink),
                (status.waiting, "status-waiting", palette.ink),
            ];
            let some = parts.iter().filter(|(n, ..)| *n > 0).count();
            #[expect(clippy::cast_precision_loss, reason = "at most 3")]
            let room = (ui.available_width() - some as f32 * 150.0).max(90.0);
            let ink = if status.trouble { palette.reject } else { palette.soft };
            let said = ui.scope(|ui| {
                ui.set_max_width(room);
                said_line_ui(ui, &status.sync, Face::Plain, size::SMALL, ink);
            });
            if status.trouble && trouble_ui(ui, said.response.rect, &status.sync).clicked() {
                stage.focus.asked.sites = true;
            }
            ui.spacing_mut().item_spacing.x = gap::LARGE;
            ui.add_space(gap::SMALL);
            for (n, key, ink) in parts.into_iter().filter(|(n, ..)| *n > 0) {
                let said =
                    say_with(key, &[("n", Value::from(n)), ("shown", Value::from(count(u64::from(n))))]);
                if part_ui(ui, &said, ink).clicked() {
                    stage.hand(Hand::Outbox);
                }
            }
        });
    });
}

/// What is wrong with a site is cut to the bar: the pane of the sites, which may be folded away, has all of it and what
/// mends it.
fn trouble_ui(ui: &Ui, rect: Rect, said: &str) -> Response {
    let response = ui.interact(rect, ui.scope_id().with("trouble"), Sense::click());
    let spoken = say_with("status-trouble", &[("said", Value::from(said))]);
    response.widget_info(|| WidgetInfo::labeled(Role::Button, true, &spoken));
    focus_ring(ui, &response, rect);
    response.on_hover_text(said)
}

fn part_ui(ui: &mut Ui, said: &str, ink: Color32) -> Response {
    let key = shown(Hand::Outbox);
    let response = ui.add(Button::new(strong(said, size::SMALL).color(ink)).frame(false));
    focus_ring(ui, &response, response.rect);
    response.on_hover_text(say_with("status-outbox", &[("key", Value::from(key))]))
}

/// Theme, size and keys.
fn switches_ui(ui: &mut Ui, stage: &mut Stage<'_>) {
    let named = |hand: Hand, key: &str| {
        say_with("control-with-key", &[("name", Value::from(say(key))), ("key", Value::from(shown(hand)))])
    };
    if icon_ui(ui, Icon::Keyboard, &named(Hand::Keys, "hand-keys"), false).clicked() {
        stage.hand(Hand::Keys);
    }
    let softens = stage.app.settings().soften;
    if icon_ui(ui, Icon::Feather, &named(Hand::Soften, "hand-soften"), softens).clicked() {
        stage.hand(Hand::Soften);
    }
    let (sign, key) = match stage.app.settings().theme {
        ThemeChoice::System => (Icon::SunMoon, "theme-system"),
        ThemeChoice::Light => (Icon::Sun, "theme-light"),
        ThemeChoice::Dark => (Icon::Moon, "theme-dark"),
    };
    if icon_ui(ui, sign, &named(Hand::Theme, key), false).clicked() {
        stage.hand(Hand::Theme);
    }
    if icon_ui(ui, Icon::AArrowUp, &named(Hand::Larger, "hand-larger"), false).clicked() {
        stage.hand(Hand::Larger);
    }
    if icon_ui(ui, Icon::AArrowDown, &named(Hand::Smaller, "hand-smaller"), false).clicked() {
        stage.hand(Hand::Smaller);
    }
}
