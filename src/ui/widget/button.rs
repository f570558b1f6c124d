//! Buttons: an icon, words and the key that does the same. All are reached by Tab and named for screen readers.

use crate::ui::font::Face;
use crate::ui::icon::Icon;
use crate::ui::style::TARGET;
use crate::ui::theme::{CLEAR, Palette, corner, gap, size};
use egui::{
    Align2, Color32, CornerRadius, FontId, Galley, Rect, Response, Role, Sense, Stroke, StrokeKind, Ui,
    WidgetInfo, pos2, vec2,
};
use std::sync::Arc;

/// How much a button asks for attention.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Weight {
    /// The one thing to do here.
    Primary,
    /// Outlined, in the colour of its meaning.
    Outlined(Meaning),
    /// Words only, until the pointer is on it.
    Quiet,
}

/// What a colour means; words and icons say it too.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Meaning {
    Plain,
    Accent,
    Reject,
    Spam,
    Park,
}

impl Meaning {
    /// Its ink and its ground.
    pub fn colors(self, palette: &Palette) -> (Color32, Color32) {
        match self {
            Self::Plain => (palette.ink, palette.code_wash),
            Self::Accent => (palette.accent, palette.accent_wash),
            Self::Reject => (palette.reject, palette.reject_wash),
            Self::Spam => (palette.spam, palette.spam_wash),
            Self::Park => (palette.park, palette.park_wash),
        }
    }
}

/// A button to be drawn.
#[derive(Debug, Clone)]
pub struct Push<'a> {
    pub icon: Option<Icon>,
    pub words: &'a str,
    /// The key that does the same.
    pub cap: &'a str,
    /// For screen readers, where the words alone say too little.
    pub spoken: &'a str,
    pub weight: Weight,
    pub enabled: bool,
    /// Points; 0 takes what the words need.
    pub width: f32,
    /// Words at the left edge, the key at the right one.
    pub spread: bool,
}

impl<'a> Push<'a> {
    /// Words only.
    pub fn new(words: &'a str, weight: Weight) -> Self {
        Self { icon: None, words, cap: "", spoken: "", weight, enabled: true, width: 0.0, spread: false }
    }

    /// With an icon before the words.
    pub fn icon(mut self, icon: Icon) -> Self {
        self.icon = Some(icon);
        self
    }

    /// With its key behind the words.
    pub fn cap(mut self, cap: &'a str) -> Self {
        self.cap = cap;
        self
    }

    /// With another name for screen readers.
    pub fn spoken(mut self, spoken: &'a str) -> Self {
        self.spoken = spoken;
        self
    }

    /// As wide as this.
    pub fn width(mut self, width: f32) -> Self {
        self.width = width;
        self
    }

    /// Words at the left edge, the key at the right one.
    pub fn spread(mut self) -> Self {
        self.spread = true;
        self
    }

    /// Can be pushed or not.
    pub fn enabled(mut self, enabled: bool) -> Self {
        self.enabled = enabled;
        self
    }

    fn name(&self) -> &str {
        if self.spoken.is_empty() { self.words } else { self.spoken }
    }

    /// The width it needs.
    pub fn natural_width(&self, ui: &Ui) -> f32 {
        let Parts { icon, words, cap } = self.parts(ui);
        let mut width = self.padding() * 2.0 + words.size().x;
        width += icon.map_or(0.0, |galley| galley.size().x + 6.0);
        width + cap.map_or(0.0, |galley| galley.size().x + 10.0 + gap::SMALL)
    }

    /// A quiet button starts flush with the text around it; its ground reaches beyond it.
    fn padding(&self) -> f32 {
        if self.weight == Weight::Quiet && !self.spread { 0.0 } else { gap::MEDIUM }
    }

    fn parts(&self, ui: &Ui) -> Parts {
        let lay = |text: String, font: FontId| ui.painter().layout_no_wrap(text, font, CLEAR);
        let quiet = self.weight == Weight::Quiet;
        let (face, points) = if quiet { (Face::Plain, size::SMALL) } else { (Face::Strong, size::BODY) };
        Parts {
            icon: self.icon.map(|icon| lay(icon.unicode().to_string(), Face::Icon.at(16.0))),
            words: lay(self.words.to_owned(), face.at(points)),
            cap: (!self.cap.is_empty()).then(|| lay(self.cap.to_owned(), Face::Plain.at(size::CAPTION))),
        }
    }
}

struct Parts {
    icon: Option<Arc<Galley>>,
    words: Arc<Galley>,
    cap: Option<Arc<Galley>>,
}

/// Ink, ground and edge of a button as it is now.
fn paint_of(push: &Push<'_>, response: &Response, palette: &Palette) -> (Color32, Color32, Color32) {
    let touched = response.hovered() || response.has_focus();
    let down = response.is_pointer_button_down_on();
    let (ink, ground, edge) = match push.weight {
        Weight::Primary => {
            let ground =
                if touched { palette.accent.lerp_to_gamma(palette.ink, 0.14) } else { palette.accent };
            (palette.on_accent, ground, ground)
        }
        Weight::Outlined(meaning) => {
            let (ink, wash) = meaning.colors(palette);
            (ink, if touched || down { wash } else { palette.page }, if touched { ink } else { palette.edge })
        }
        Weight::Quiet => (palette.soft, if touched { palette.hover } else { CLEAR }, CLEAR),
    };
    if push.enabled { (ink, ground, edge) } else { (palette.faint, palette.code_wash, palette.line) }
}

/// Draws a button.
pub fn push_ui(ui: &mut Ui, push: &Push<'_>) -> Response {
    let parts = push.parts(ui);
    let natural = push.natural_width(ui);
    let size = vec2(if push.width > 0.0 { push.width } else { natural }, 32.0);
    let sense = if push.enabled { Sense::click() } else { Sense::hover() };
    let (rect, response) = ui.allocate_exact_size(size, sense);
    response.widget_info(|| WidgetInfo::labeled(Role::Button, push.enabled, push.name()));
    if !ui.is_rect_visible(rect) {
        return response;
    }
    let palette = Palette::of(ui);
    let (ink, ground, edge) = paint_of(push, &response, palette);
    let round = CornerRadius::same(corner::MEDIUM);
    let padding = push.padding();
    let reach = rect.expand2(vec2(if padding > 0.0 { 0.0 } else { gap::SMALL }, 0.0));
    ui.painter().rect(reach, round, ground, Stroke::new(1.0, edge), StrokeKind::Inside);
    focus_ring(ui, &response, reach);
    // Where there is no room for the key, the words win.
    let shows_cap = size.x + 0.5 >= natural;
    let all_cap = parts.cap.as_ref().map_or(0.0, |cap| cap.size().x + 10.0 + gap::SMALL);
    let cap_width = if shows_cap { all_cap } else { 0.0 };
    let used = natural - padding * 2.0 - (all_cap - cap_width);
    let mut x = if push.spread { rect.left() + gap::SMALL } else { rect.center().x - used / 2.0 };
    let painter = ui.painter().with_clip_rect(reach.intersect(ui.clip_rect()));
    let put = |galley: Arc<Galley>, x: f32| {
        let at = pos2(x, rect.center().y - galley.size().y / 2.0);
        painter.galley_with_override_text_color(at, galley, ink);
    };
    if let Some(icon) = parts.icon {
        let width = icon.size().x;
        put(icon, x);
        x += width + 6.0;
    }
    let words_width = parts.words.size().x;
    put(parts.words, x);
    x += words_width;
    if cap_width > 0.0
        && let Some(cap) = parts.cap
    {
        let wide = cap.size().x + 10.0;
        let left = if push.spread { rect.right() - wide - gap::TIGHT } else { x + gap::SMALL };
        let box_rect = Rect::from_min_size(pos2(left, rect.center().y - 9.0), vec2(wide, 18.0));
        painter.rect_stroke(
            box_rect,
            CornerRadius::same(corner::SMALL),
            Stroke::new(1.0, ink.gamma_multiply(0.45)),
            StrokeKind::Inside,
        );
        put(cap, box_rect.left() + 5.0);
    }
    response
}

/// A square button that shows only an icon; its name is its tooltip.
pub fn icon_ui(ui: &mut Ui, icon: Icon, name: &str, on: bool) -> Response {
    let (rect, response) = ui.allocate_exact_size(TARGET, Sense::click());
    response.widget_info(|| WidgetInfo::selected(Role::Button, true, on, name));
    let palette = Palette::of(ui);
    let ground = if on {
        palette.accent_wash
    } else if response.hovered() {
        palette.hover
    } else {
        CLEAR
    };
    let ink = if on { palette.accent } else { palette.soft };
    ui.painter().rect_filled(rect, CornerRadius::same(corner::MEDIUM), ground);
    ui.painter().text(rect.center(), Align2::CENTER_CENTER, icon.unicode(), Face::Icon.at(17.0), ink);
    focus_ring(ui, &response, rect);
    response.on_hover_text(name)
}

/// The ring around what has the keyboard.
pub fn focus_ring(ui: &Ui, response: &Response, rect: Rect) {
    if response.has_focus() {
        let stroke = ui.visuals().selection.stroke;
        ui.painter().rect_stroke(
            rect.expand(2.0),
            CornerRadius::same(corner::MEDIUM + 2),
            stroke,
            StrokeKind::Outside,
        );
    }
    if response.gained_focus() {
        response.scroll_to_me(None);
    }
}

/// A key as it is printed on a keyboard.
pub fn cap_ui(ui: &mut Ui, key: &str) -> Response {
    let palette = Palette::of(ui);
    let galley = ui.painter().layout_no_wrap(key.to_owned(), Face::Plain.at(size::CAPTION), palette.soft);
    let (rect, response) =
        ui.allocate_exact_size(vec2((galley.size().x + 12.0).max(22.0), 20.0), Sense::hover());
    let round = CornerRadius::same(corner::SMALL);
    ui.painter().rect(rect, round, palette.code_wash, Stroke::new(1.0, palette.line), StrokeKind::Inside);
    let at = pos2(rect.center().x - galley.size().x / 2.0, rect.center().y - galley.size().y / 2.0);
    ui.painter().galley(at, galley, palette.soft);
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, key));
    response
}
