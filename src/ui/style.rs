//! egui's own style, built from the tokens, for both themes.

use super::font::{self, Face};
use super::theme::{DARK, LIGHT, MOTION_SECS, Palette, corner, gap, size};
use egui::style::{ScrollStyle, WidgetVisuals};
use egui::{
    Color32, Context, CornerRadius, Frame, Margin, Shadow, Stroke, Style, TextStyle, Theme, Vec2, Visuals,
    vec2,
};

/// Puts fonts and both styles into `ctx`.
pub fn install(ctx: &Context) {
    ctx.set_fonts(font::definitions());
    ctx.set_style_of(Theme::Light, style(&LIGHT, false));
    ctx.set_style_of(Theme::Dark, style(&DARK, true));
    // Zoom belongs to the settings; egui's own keys would go around them.
    ctx.options_mut(|options| {
        options.zoom_with_keyboard = false;
        options.fallback_theme = Theme::Light;
    });
}

fn style(palette: &Palette, dark: bool) -> Style {
    let text_styles = [
        (TextStyle::Small, Face::Plain.at(size::CAPTION)),
        (TextStyle::Body, Face::Plain.at(size::BODY)),
        (TextStyle::Button, Face::Plain.at(size::BODY)),
        (TextStyle::Heading, Face::Strong.at(size::SECTION)),
        (TextStyle::Monospace, Face::Code.at(size::SMALL)),
    ];
    let mut style = Style {
        text_styles: text_styles.into(),
        animation_time: MOTION_SECS,
        explanation_tooltips: false,
        visuals: visuals(palette, dark),
        ..Style::default()
    };
    let spacing = &mut style.spacing;
    spacing.item_spacing = vec2(gap::SMALL, gap::SMALL);
    spacing.button_padding = vec2(gap::MEDIUM, 6.0);
    spacing.interact_size = vec2(32.0, 30.0);
    spacing.window_margin = Margin::same(20);
    spacing.menu_margin = Margin::same(6);
    spacing.text_edit_width = 280.0;
    spacing.tooltip_width = 340.0;
    spacing.scroll = scroll();
    style
}

fn scroll() -> ScrollStyle {
    let mut scroll = ScrollStyle::floating();
    scroll.bar_width = 9.0;
    scroll.floating_width = 5.0;
    scroll.bar_inner_margin = gap::TIGHT;
    scroll.bar_outer_margin = gap::HAIR;
    scroll.handle_min_length = 28.0;
    scroll.foreground_color = true;
    scroll.dormant_handle_opacity = 0.18;
    scroll.active_handle_opacity = 0.35;
    scroll.interact_handle_opacity = 0.6;
    scroll.dormant_background_opacity = 0.0;
    scroll.active_background_opacity = 0.0;
    scroll.interact_background_opacity = 0.0;
    scroll
}

fn widget(fill: Color32, edge: Color32, text: Color32) -> WidgetVisuals {
    WidgetVisuals {
        bg_fill: fill,
        weak_bg_fill: fill,
        bg_stroke: Stroke::new(1.0, edge),
        corner_radius: CornerRadius::same(corner::MEDIUM),
        fg_stroke: Stroke::new(1.0, text),
        expansion: 0.0,
    }
}

fn visuals(palette: &Palette, dark: bool) -> Visuals {
    let mut visuals = if dark { Visuals::dark() } else { Visuals::light() };
    let widgets = &mut visuals.widgets;
    widgets.noninteractive = widget(palette.page, palette.line, palette.ink);
    widgets.inactive = widget(palette.page, palette.line, palette.ink);
    widgets.hovered = widget(palette.hover, palette.edge, palette.ink);
    widgets.active = widget(palette.accent_wash, palette.accent, palette.ink);
    widgets.open = widget(palette.hover, palette.edge, palette.ink);
    visuals.selection.bg_fill = palette.selection;
    visuals.selection.stroke = Stroke::new(2.0, palette.accent);
    visuals.weak_text_color = Some(palette.faint);
    visuals.hyperlink_color = palette.accent;
    visuals.faint_bg_color = palette.surface;
    visuals.extreme_bg_color = palette.page;
    visuals.code_bg_color = palette.code_wash;
    visuals.warn_fg_color = palette.spam;
    visuals.error_fg_color = palette.reject;
    visuals.panel_fill = palette.canvas;
    visuals.window_fill = palette.page;
    visuals.window_stroke = Stroke::new(1.0, palette.line);
    visuals.window_corner_radius = CornerRadius::same(corner::LARGE);
    visuals.menu_corner_radius = CornerRadius::same(corner::MEDIUM);
    visuals.window_shadow = shadow(palette);
    visuals.popup_shadow = shadow(palette);
    // A blinking caret would repaint an idle window for ever.
    visuals.text_cursor.blink = false;
    visuals.text_cursor.stroke = Stroke::new(2.0, palette.accent);
    visuals
}

fn shadow(palette: &Palette) -> Shadow {
    Shadow { offset: [0, 6], blur: 22, spread: 0, color: palette.shadow }
}

/// The sheet of something that asks, above the desk.
pub fn sheet(palette: &Palette) -> Frame {
    Frame::new()
        .fill(palette.page)
        .stroke(Stroke::new(1.0, palette.line))
        .corner_radius(CornerRadius::same(corner::LARGE))
        .shadow(shadow(palette))
        .inner_margin(Margin::same(24))
}

/// The smallest thing a finger or a shaky hand can hit.
pub const TARGET: Vec2 = Vec2::splat(28.0);
