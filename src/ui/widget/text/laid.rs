//! Words laid out within a width, kept as long as they are looked at. One engine stands behind each window.

use super::atlas::Atlas;
use super::fonts;
use super::mesh::Meshes;
use super::stretch;
use super::words::{Base, Style, Words};
use egui::mutex::Mutex;
use egui::{Color32, Context, Id, Ui, Vec2, vec2};
use parley::{
    Alignment, AlignmentOptions, BaseDirection, FontContext, Layout, LayoutContext, LineHeight, OverflowWrap,
    StyleProperty,
};
use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::Arc;

/// Layouts kept; of more, those that were not drawn of late go.
const LAID_MAX: usize = 1_500;
/// Frames that a layout is kept at least once it is out of sight.
const UNSEEN_FRAMES: u64 = 120;
/// Bytes of a text that is cut to a few rows anyway.
const CUT_BYTES_MAX: usize = 600;

/// What a stretch is painted with.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Ink {
    pub ink: Color32,
    pub ground: Color32,
    /// Only the first letter is drawn.
    pub soft: bool,
}

/// Words in their places. Places inside are in physical pixels.
pub struct Laid {
    /// As they were given, or cut to the rows there were, with an ellipsis.
    pub words: Arc<Words>,
    pub layout: Layout<Ink>,
    /// Physical pixels in a point.
    pub scale: f32,
    pub(super) meshes: Mutex<Option<Meshes>>,
}

impl Laid {
    /// Points that it takes.
    pub fn size(&self) -> Vec2 {
        vec2(self.layout.width(), self.layout.height()) / self.scale
    }

    /// It starts from the right.
    pub fn rtl(&self) -> bool {
        self.layout.is_rtl()
    }

    /// What was laid out elsewhere, with the tools of an [`Engine`].
    pub fn of(words: Arc<Words>, layout: Layout<Ink>, scale: f32) -> Self {
        Self { words, layout, scale, meshes: Mutex::default() }
    }
}

/// The room there is for words.
#[derive(Debug, Clone, Copy)]
pub struct Room {
    /// Points; infinite for one line that is as long as it is.
    pub width: f32,
    /// `usize::MAX` for as many as it takes.
    pub rows_max: usize,
}

impl Room {
    /// As many rows as it takes.
    pub fn wide(width: f32) -> Self {
        Self { width, rows_max: usize::MAX }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
struct Key {
    words: u64,
    width: u32,
    scale: u32,
    rows_max: usize,
}

struct Kept {
    laid: Arc<Laid>,
    seen_at: u64,
}

/// What lays out and draws.
pub struct Engine {
    fonts: FontContext,
    shaper: LayoutContext<Ink>,
    kept: HashMap<Key, Kept>,
    pub(super) atlas: Atlas,
}

impl Engine {
    fn new() -> Self {
        Self {
            fonts: fonts::ready(),
            shaper: LayoutContext::new(),
            kept: HashMap::new(),
            atlas: Atlas::default(),
        }
    }

    /// The engine of a window.
    pub fn of(ctx: &Context) -> Arc<Mutex<Self>> {
        let id = Id::unique("text-engine");
        let found = ctx.data(|data| data.get_temp::<Arc<Mutex<Self>>>(id));
        found.unwrap_or_else(|| {
            let made = Arc::new(Mutex::new(Self::new()));
            ctx.data_mut(|data| data.insert_temp(id, Arc::clone(&made)));
            made
        })
    }

    /// What it lays out with, for text that changes under the hand.
    pub fn tools(&mut self) -> (&mut FontContext, &mut LayoutContext<Ink>) {
        (&mut self.fonts, &mut self.shaper)
    }

    /// Words in `room`, laid out unless they are already.
    pub fn lay(&mut self, words: &Arc<Words>, room: Room, scale: f32, frame: u64) -> Arc<Laid> {
        let width = room.width.to_bits();
        let key = Key { words: words.key(), width, scale: scale.to_bits(), rows_max: room.rows_max };
        if let Some(kept) = self.kept.get_mut(&key) {
            kept.seen_at = frame;
            return Arc::clone(&kept.laid);
        }
        self.forget(frame);
        let laid = Arc::new(self.within(words, room, scale));
        self.kept.insert(key, Kept { laid: Arc::clone(&laid), seen_at: frame });
        laid
    }

    /// Lets the oldest go once there are too many.
    fn forget(&mut self, frame: u64) {
        if self.kept.len() < LAID_MAX {
            return;
        }
        self.kept.retain(|_, kept| kept.seen_at + UNSEEN_FRAMES >= frame);
        if self.kept.len() >= LAID_MAX {
            let mut ages: Vec<u64> = self.kept.values().map(|kept| kept.seen_at).collect();
            let (_, middle, _) = ages.select_nth_unstable(LAID_MAX / 2);
            let middle = *middle;
            self.kept.retain(|_, kept| kept.seen_at > middle);
        }
    }

    fn within(&mut self, words: &Arc<Words>, room: Room, scale: f32) -> Laid {
        if room.rows_max == usize::MAX {
            return self.whole(Arc::clone(words), room.width, scale);
        }
        let most = words.text().floor_char_boundary(CUT_BYTES_MAX);
        if most == words.text().len() {
            let laid = self.whole(Arc::clone(words), room.width, scale);
            if laid.layout.len() <= room.rows_max {
                return laid;
            }
        }
        // The longest beginning that still has room for an ellipsis.
        let ends: Vec<usize> = words.text()[..most].char_indices().map(|(at, _)| at).collect();
        let (mut fits, mut over) = (0, ends.len());
        while fits + 1 < over {
            let middle = fits.midpoint(over);
            let tried = self.whole(shortened(words, ends[middle]), room.width, scale);
            if tried.layout.len() <= room.rows_max { fits = middle } else { over = middle }
        }
        let end = ends.get(fits).copied().unwrap_or_default();
        self.whole(shortened(words, end), room.width, scale)
    }

    fn whole(&mut self, words: Arc<Words>, width: f32, scale: f32) -> Laid {
        let text = disarmed(words.text());
        let mut builder = self.shaper.ranged_builder(&mut self.fonts, &text, scale, true);
        builder.set_base_direction(match words.base() {
            Base::FirstStrong => BaseDirection::Auto,
            Base::LeftToRight => BaseDirection::Ltr,
            Base::RightToLeft => BaseDirection::Rtl,
        });
        builder.push_default(StyleProperty::OverflowWrap(OverflowWrap::Anywhere));
        if let Some((_, style)) = words.runs().first() {
            properties(style).into_iter().for_each(|property| builder.push_default(property));
        }
        for (range, style) in words.runs().iter().skip(1) {
            properties(style).into_iter().for_each(|property| builder.push(property, range.clone()));
        }
        for range in stretch::pictures(&text) {
            builder.push(StyleProperty::FontFamily(fonts::pictures()), range);
        }
        for range in stretch::not_embedded(&text) {
            builder.push(StyleProperty::FontFamily(fonts::not_embedded()), range);
        }
        let mut layout = builder.build(&text);
        layout.break_all_lines(width.is_finite().then_some(width * scale));
        layout.align(Alignment::Start, AlignmentOptions::default());
        Laid { words, layout, scale, meshes: Mutex::default() }
    }
}

/// The text with every control that would turn words around replaced by a sign as long as it, so that places in one are
/// places in the other. Texts come here with such controls already labelled; none that slipped through is ever obeyed.
fn disarmed(text: &str) -> Cow<'_, str> {
    /// The Arabic letter mark, of two bytes where the others have three.
    const LETTER_MARK: char = '\u{61c}';
    let turns =
        |c: char| matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}' | '\u{2067}');
    if !text.contains(|c| turns(c) || c == LETTER_MARK) {
        return Cow::Borrowed(text);
    }
    Cow::Owned(text.replace(turns, "\u{fffd}").replace(LETTER_MARK, "¿"))
}

/// A look as the engine is told it.
pub fn properties(style: &Style) -> [StyleProperty<'static, Ink>; 8] {
    let (weight, slope) = fonts::attributes(style.face, style.slanted);
    [
        StyleProperty::FontFamily(fonts::families(style.face)),
        StyleProperty::FontWeight(weight),
        StyleProperty::FontStyle(slope),
        StyleProperty::FontSize(style.size),
        StyleProperty::LineHeight(LineHeight::Absolute(style.line)),
        StyleProperty::Brush(Ink { ink: style.ink, ground: style.ground, soft: style.soft }),
        StyleProperty::Strikethrough(style.struck),
        StyleProperty::Underline(style.underlined),
    ]
}

fn shortened(words: &Words, end: usize) -> Arc<Words> {
    let kept = words.text()[..end].trim_end().len();
    let mut part = words.part(0..kept);
    if let Some((_, style)) = words.runs().first() {
        part.push("…", *style);
    }
    Arc::new(part)
}

/// Words in `room` where `ui` draws.
pub fn lay(ui: &Ui, words: &Arc<Words>, room: Room) -> Arc<Laid> {
    let frame = ui.ctx().cumulative_frame_nr();
    Engine::of(ui.ctx()).lock().lay(words, room, ui.pixels_per_point(), frame)
}

#[cfg(test)]
mod tests;
