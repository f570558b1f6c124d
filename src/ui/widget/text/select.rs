//! What is selected of a text, by mouse and by keyboard. A selection runs over all blocks of one text; what is copied is
//! the text as it was written. One text of a window has a selection at a time.

use super::laid::Laid;
use super::words::{Words, written};
use crate::ui::theme::{Palette, corner};
use egui::{
    Context, CornerRadius, Event, Id, Key, Modifiers, Pos2, Rect, Response, Role, Sense, Stroke, StrokeKind,
    Ui, WidgetInfo, pos2, vec2,
};
use parley::{Affinity, Cursor, Selection};
use std::borrow::Cow;
use std::ops::Range;
use std::sync::Arc;

/// A block's place in its text: later blocks have higher numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Unit {
    pub piece: usize,
    pub row: usize,
    pub column: usize,
}

/// A place between two letters of a text as it was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Spot {
    unit: Unit,
    /// Bytes.
    at: usize,
    affinity: Affinity,
}

impl Spot {
    fn order(self) -> (Unit, usize) {
        (self.unit, self.at)
    }
}

#[derive(Debug, Clone, Copy)]
struct Held {
    text: Id,
    anchor: Spot,
    focus: Spot,
}

impl Held {
    fn ends(&self) -> (Spot, Spot) {
        if self.anchor.order() <= self.focus.order() {
            (self.anchor, self.focus)
        } else {
            (self.focus, self.anchor)
        }
    }

    /// What is selected of a block of `len` bytes.
    fn within(&self, unit: Unit, len: usize) -> Option<Range<usize>> {
        let (from, to) = self.ends();
        let start = if from.unit < unit {
            0
        } else if from.unit == unit {
            from.at
        } else {
            return None;
        };
        let end = if to.unit > unit {
            len
        } else if to.unit == unit {
            to.at
        } else {
            return None;
        };
        (start < end).then_some(start..end.min(len))
    }
}

/// A block of a text, drawn or not.
pub struct Part<'a> {
    pub unit: Unit,
    pub text: Cow<'a, str>,
    /// Goes on with the text of the part before it.
    pub goes_on: bool,
}

impl From<(Unit, Arc<Words>)> for Part<'_> {
    fn from((unit, words): (Unit, Arc<Words>)) -> Self {
        Self { unit, text: Cow::Owned(words.text().to_owned()), goes_on: false }
    }
}

/// A block that was drawn.
pub struct Seen {
    pub unit: Unit,
    pub laid: Arc<Laid>,
    /// Where its words start.
    pub at: Pos2,
    pub response: Response,
}

impl Seen {
    fn spot(&self, pos: Pos2) -> Spot {
        let inner = (pos - self.at) * self.laid.scale;
        self.place(Cursor::from_point(&self.laid.layout, inner.x, inner.y))
    }

    fn place(&self, cursor: Cursor) -> Spot {
        Spot { unit: self.unit, at: cursor.index(), affinity: cursor.affinity() }
    }

    fn edge(&self, last: bool) -> Spot {
        let at = if last { self.laid.words.text().len() } else { 0 };
        Spot { unit: self.unit, at, affinity: if last { Affinity::Upstream } else { Affinity::Downstream } }
    }

    /// How far away a point is, the distance down the page first.
    fn away(&self, pos: Pos2) -> (f32, f32) {
        let rect = self.response.rect;
        let beyond = |at: f32, from: f32, to: f32| (from - at).max(at - to).max(0.0);
        (beyond(pos.y, rect.top(), rect.bottom()), beyond(pos.x, rect.left(), rect.right()))
    }
}

/// A text under way in a frame: the blocks that were drawn, and what is selected of it.
pub struct Page {
    text: Id,
    held: Option<Held>,
    pub seen: Vec<Seen>,
    /// Bytes of blocks that something else speaks about.
    pub told: Vec<(Unit, Range<usize>)>,
    /// Where those stand, as far as they were laid out in this frame.
    pub told_at: Vec<Rect>,
}

fn store() -> Id {
    Id::unique("text-held")
}

impl Page {
    /// The text of this name.
    pub fn new(ctx: &Context, text: Id) -> Self {
        let held = ctx.data(|data| data.get_temp::<Held>(store())).filter(|held| held.text == text);
        Self { text, held, seen: Vec::new(), told: Vec::new(), told_at: Vec::new() }
    }

    /// It has the keyboard.
    pub fn has_keyboard(&self, ui: &Ui) -> bool {
        ui.memory(|memory| memory.has_focus(self.text))
    }

    /// The rectangles of what is told of a block laid out at `at`.
    pub fn told_rects(&mut self, unit: Unit, laid: &Laid, at: Pos2) -> Vec<Rect> {
        let of = self.told.iter().filter(|(told, _)| *told == unit);
        let found: Vec<Rect> = of
            .flat_map(|(_, words)| rects(laid, words.clone()))
            .map(|rect| rect.translate(at.to_vec2()))
            .collect();
        self.told_at.extend(&found);
        found
    }

    /// Draws what is selected of a block, under its words.
    pub fn ground_ui(&self, ui: &Ui, unit: Unit, laid: &Laid, at: Pos2) {
        let Some(range) = self.held.and_then(|held| held.within(unit, laid.words.text().len())) else {
            return;
        };
        let ground = ui.visuals().selection.bg_fill;
        for rect in rects(laid, range) {
            ui.painter().rect_filled(rect.translate(at.to_vec2()), 0.0, ground);
        }
    }

    fn hold(&mut self, ctx: &Context, anchor: Spot, focus: Spot) {
        let held = Held { text: self.text, anchor, focus };
        self.held = Some(held);
        ctx.data_mut(|data| data.insert_temp(store(), held));
        ctx.request_repaint();
    }

    fn mouse(&mut self, ui: &Ui) {
        let (pointer, origin, shift, pressed) = ui.input(|input| {
            let pointer = &input.pointer;
            (pointer.interact_pos(), pointer.press_origin(), input.modifiers.shift, pointer.any_pressed())
        });
        let Some(pos) = pointer else { return };
        let mut wanted = None;
        for seen in &self.seen {
            let response = &seen.response;
            if response.triple_clicked() {
                wanted = Some((seen.edge(false), seen.edge(true)));
            } else if response.double_clicked() {
                let inner = (pos - seen.at) * seen.laid.scale;
                let word = Selection::word_from_point(&seen.laid.layout, inner.x, inner.y);
                wanted = Some((seen.place(word.anchor()), seen.place(word.focus())));
            } else if response.clicked() {
                let spot = seen.spot(pos);
                let anchor = self.held.filter(|_| shift).map_or(spot, |held| held.anchor);
                wanted = Some((anchor, spot));
            } else if response.drag_started() {
                let spot = seen.spot(origin.unwrap_or(pos));
                wanted = Some((spot, spot));
            }
            if response.dragged() {
                let anchor =
                    wanted.map_or_else(|| self.held.map(|held| held.anchor), |(anchor, _)| Some(anchor));
                let nearest = self.seen.iter().min_by(|a, b| {
                    a.away(pos).partial_cmp(&b.away(pos)).unwrap_or(std::cmp::Ordering::Equal)
                });
                if let (Some(anchor), Some(nearest)) = (anchor, nearest) {
                    wanted = Some((anchor, nearest.spot(pos)));
                }
            }
        }
        let outside = || !self.seen.iter().any(|seen| seen.response.rect.contains(pos));
        if let Some((anchor, focus)) = wanted {
            self.hold(ui.ctx(), anchor, focus);
        } else if pressed && self.held.is_some() && outside() {
            self.held = None;
            ui.ctx().data_mut(|data| data.remove::<Held>(store()));
        }
    }

    /// Shift and arrows move the end of the selection, with Ctrl by words; Ctrl and A takes all.
    fn keys<'a>(&mut self, ui: &Ui, parts: impl Fn() -> Vec<Part<'a>>) {
        if self.held.is_none() || ui.ctx().text_edit_focused() {
            return;
        }
        let events = ui.input(|input| input.events.clone());
        let arrows = [Key::ArrowLeft, Key::ArrowRight, Key::ArrowUp, Key::ArrowDown, Key::Home, Key::End];
        for event in events {
            let Some(held) = self.held else { return };
            match event {
                Event::Copy => {
                    let chosen = chosen(&held, &parts());
                    if !chosen.is_empty() {
                        ui.ctx().copy_text(chosen);
                    }
                }
                Event::Key { key: Key::A, pressed: true, modifiers, .. } if modifiers.command_only() => {
                    let parts = parts();
                    let (Some(first), Some(last)) = (parts.first(), parts.last()) else { continue };
                    let spot =
                        |part: &Part<'_>, at| Spot { unit: part.unit, at, affinity: Affinity::Downstream };
                    self.hold(ui.ctx(), spot(first, 0), spot(last, last.text.len()));
                }
                Event::Key { key, pressed: true, modifiers, .. }
                    if modifiers.shift && arrows.contains(&key) =>
                {
                    if let Some(focus) = self.moved(held.focus, key, modifiers) {
                        self.hold(ui.ctx(), held.anchor, focus);
                    }
                }
                _ => {}
            }
        }
    }

    /// Where a key moves a place to; beyond the end of a block, into the next one that is drawn.
    fn moved(&self, from: Spot, key: Key, modifiers: Modifiers) -> Option<Spot> {
        let index = self.seen.iter().position(|seen| seen.unit == from.unit)?;
        let (seen, layout) = (&self.seen[index], &self.seen[index].laid.layout);
        let here = Selection::from(Cursor::from_byte_index(layout, from.at, from.affinity));
        let word = modifiers.command || modifiers.alt;
        let there = match (key, word) {
            (Key::ArrowLeft, false) => here.previous_visual(layout, false),
            (Key::ArrowLeft, true) => here.previous_visual_word(layout, false),
            (Key::ArrowRight, false) => here.next_visual(layout, false),
            (Key::ArrowRight, true) => here.next_visual_word(layout, false),
            (Key::ArrowUp, _) => here.previous_line(layout, false),
            (Key::ArrowDown, _) => here.next_line(layout, false),
            (Key::Home, _) => here.line_start(layout, false),
            _ => here.line_end(layout, false),
        };
        let spot = seen.place(there.focus());
        if spot.at != from.at {
            return Some(spot);
        }
        let forth = match key {
            Key::ArrowDown => true,
            Key::ArrowUp => false,
            Key::ArrowRight => !seen.laid.rtl(),
            Key::ArrowLeft => seen.laid.rtl(),
            _ => return Some(spot),
        };
        let next =
            if forth { self.seen.get(index + 1) } else { index.checked_sub(1).map(|at| &self.seen[at]) };
        next.map(|next| next.edge(!forth))
    }

    /// Where the next letter would be taken in, while the text has the keyboard.
    fn caret_ui(&self, ui: &Ui) {
        let Some(held) = self.held else { return };
        let Some(seen) = self.seen.iter().find(|seen| seen.unit == held.focus.unit) else { return };
        let cursor = Cursor::from_byte_index(&seen.laid.layout, held.focus.at, held.focus.affinity);
        let bounds = cursor.geometry(&seen.laid.layout, 1.0);
        let rect = points(bounds, seen.laid.scale).translate(seen.at.to_vec2());
        ui.painter().vline(rect.left(), rect.y_range(), Stroke::new(2.0, Palette::of(ui).accent));
    }
}

/// Makes the text a stop of the Tab key, under `name`; called before its blocks are drawn.
pub fn reach_ui(ui: &mut Ui, page: &mut Page, rect: Rect, name: &str) {
    let response = ui.interact(rect, page.text, Sense::FOCUSABLE);
    response.widget_info(|| WidgetInfo::labeled(Role::Document, true, name));
    if response.has_focus() {
        let around = rect.expand2(vec2(8.0, 4.0));
        let corners = CornerRadius::same(corner::MEDIUM);
        ui.painter().rect_stroke(around, corners, ui.visuals().selection.stroke, StrokeKind::Outside);
    }
    if response.gained_focus() && page.held.is_none() {
        let start = Spot { unit: Unit::default(), at: 0, affinity: Affinity::Downstream };
        page.hold(ui.ctx(), start, start);
    }
}

/// Takes in what mouse and keyboard did with a text whose blocks are `parts`, of which a long one has too many to be gone
/// through each frame; called after they were drawn.
pub fn select_ui<'a, P: Into<Part<'a>>>(ui: &Ui, page: &mut Page, parts: impl Fn() -> Vec<P>) {
    page.mouse(ui);
    page.keys(ui, || parts().into_iter().map(Into::into).collect());
    if page.has_keyboard(ui) {
        page.caret_ui(ui);
    }
}

/// The rectangles, in points, that a range of the text covers.
pub fn rects(laid: &Laid, range: Range<usize>) -> Vec<Rect> {
    let start = Cursor::from_byte_index(&laid.layout, range.start, Affinity::Downstream);
    let end = Cursor::from_byte_index(&laid.layout, range.end, Affinity::Upstream);
    let geometry = Selection::new(start, end).geometry(&laid.layout);
    geometry.into_iter().map(|(bounds, _)| points(bounds, laid.scale)).collect()
}

#[expect(clippy::cast_possible_truncation, reason = "pixels of a window")]
fn points(bounds: parley::BoundingBox, scale: f32) -> Rect {
    let corner = |x: f64, y: f64| pos2(x as f32, y as f32) / scale;
    Rect::from_min_max(corner(bounds.x0, bounds.y0), corner(bounds.x1, bounds.y1))
}

/// The selected words as they were written.
fn chosen(held: &Held, parts: &[Part<'_>]) -> String {
    let mut told = String::new();
    let mut before: Option<Unit> = None;
    for Part { unit, text, goes_on } in parts {
        let Some(range) = held.within(*unit, text.len()) else { continue };
        told.push_str(match before {
            Some(before) if before.piece == unit.piece && before.row == unit.row => "\t",
            Some(before) if before.piece == unit.piece => "\n",
            Some(_) if *goes_on => "",
            Some(_) => "\n\n",
            None => "",
        });
        told.push_str(&written(text.get(range).unwrap_or_default()));
        before = Some(*unit);
    }
    told
}

#[cfg(test)]
mod tests;
