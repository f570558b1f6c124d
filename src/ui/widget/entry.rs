//! A field to type in. What is typed stands as it will be sent: laid out by the text engine, starting at the side of its
//! first letter, with the caret and what is selected where the words are. What it says beside itself is its caller's.

mod hands;
mod state;
#[cfg(test)]
mod tests;

use super::button::focus_ring;
use super::text::{Engine, Laid, Style, paint};
use crate::ui::font::Face;
use crate::ui::theme::{LINE_HEIGHT, Palette, corner};
use egui::accesskit::{Action, ActionData, Role as Spoken};
use egui::emath::GuiRounding as _;
use egui::mutex::Mutex;
use egui::output::IMEOutput;
use egui::text_edit::TextEditState;
use egui::{
    Context, CornerRadius, CursorIcon, Event, EventFilter, IMEPurpose, Id, Pos2, Rect, Response, Sense,
    Stroke, StrokeKind, Ui, WidgetInfo, pos2, vec2,
};
use hands::Rules;
use state::{Dress, State};
use std::sync::Arc;

/// A field to be drawn.
#[derive(Debug, Clone, Copy)]
pub struct Entry<'a> {
    pub id: Id,
    /// What it is called to those who cannot see it.
    pub name: &'a str,
    /// Stands in it while it is empty.
    pub hint: &'a str,
    /// Points of its type.
    pub size: f32,
    /// The fewest rows and the most; a field of at most one takes no line breaks.
    pub rows: (u8, u8),
    /// Characters that it takes.
    pub chars_max: usize,
}

/// What was done in a field.
pub struct Told {
    pub response: Response,
    /// Enter in a field of one line, Ctrl and Enter in any.
    pub entered: bool,
    /// Not all that was typed or pasted had room; until the next change.
    pub cut: bool,
}

/// Points between a field's edge and its words.
const PAD: egui::Vec2 = vec2(10.0, 6.0);

impl Entry<'_> {
    fn multiline(&self) -> bool {
        self.rows.1 > 1
    }

    fn line(&self) -> f32 {
        (self.size * LINE_HEIGHT).round()
    }

    /// Points that it takes of `ui`'s height for a text this tall.
    fn height(&self, words: f32) -> f32 {
        let rows = |n: u8| f32::from(n) * self.line();
        words.clamp(rows(self.rows.0), rows(self.rows.1)) + PAD.y * 2.0
    }
}

/// Draws a field as wide as there is room, and takes in what was done to `text` in it.
pub fn entry_ui(ui: &mut Ui, entry: &Entry<'_>, text: &mut String) -> Told {
    let state = ui.data_mut(|data| {
        Arc::clone(data.get_temp_mut_or_default::<Arc<Mutex<State>>>(entry.id.with("entry")))
    });
    let mut state = state.lock();
    let before = text.clone();
    let width = ui.available_width().max(40.0).floor();
    let wraps = entry.multiline().then_some(width - PAD.x * 2.0);
    let style = Style::new(Face::Plain, entry.size, entry.line(), Palette::of(ui).ink);
    let dress = Dress { style, scale: ui.pixels_per_point(), width: wraps };
    let engine = Engine::of(ui.ctx());
    state.dress(dress, text, engine.lock().tools());
    // Whoever asks egui whether somebody is writing is told by this.
    if TextEditState::load(ui.ctx(), entry.id).is_none() {
        TextEditState::default().store(ui.ctx(), entry.id);
    }
    let caret_before = *state.editor.raw_selection();
    let mut entered = keyboard(ui, entry, &mut state, &engine);
    let laid = state.laid(engine.lock().tools());
    let (_, rect) = ui.allocate_space(vec2(width, entry.height(laid.size().y)));
    let mut response = ui.interact(rect, entry.id, Sense::click_and_drag());
    let inner = rect.shrink2(PAD);
    let at = corner_of(&laid, inner, state.scroll, wraps.is_some());
    mouse(ui, entry, &mut state, &engine, &response, at);
    let laid = state.laid(engine.lock().tools());
    let moved = *state.editor.raw_selection() != caret_before;
    follow(ui, &mut state, &laid, inner, (wraps.is_some(), moved && response.has_focus()));
    if state.editor.text() != text.as_str() {
        *text = state.editor.text().to_string();
        response.mark_changed();
    }
    entered &= !state.editor.is_composing();
    if entered && !entry.multiline() {
        response.surrender_focus();
    }
    speak(ui, entry, &response, &before, text);
    if ui.is_rect_visible(rect) {
        draw(ui, entry, &state, &laid, &response, corner_of(&laid, inner, state.scroll, wraps.is_some()));
    }
    if response.hovered() {
        ui.set_cursor_icon(CursorIcon::Text);
    }
    Told { response, entered, cut: state.cut }
}

fn rules(ctx: &Context, entry: &Entry<'_>) -> Rules {
    Rules { multiline: entry.multiline(), chars_max: entry.chars_max, mac: ctx.os().is_mac() }
}

/// Takes in what was typed, if the field has the keyboard, and what an assistive technology put into it.
fn keyboard(ui: &Ui, entry: &Entry<'_>, state: &mut State, engine: &Mutex<Engine>) -> bool {
    let now = ui.input(|input| input.time);
    let rules = rules(ui.ctx(), entry);
    state.remember(now);
    for (action, whole) in [(Action::SetValue, true), (Action::ReplaceSelectedText, false)] {
        for value in told_values(ui, entry.id, action) {
            if whole {
                state.driver(engine.lock().tools()).select_all();
                state.driver(engine.lock().tools()).delete_selection();
            }
            hands::insert(state, engine.lock().tools(), &value, rules);
        }
    }
    if !ui.memory(|memory| memory.has_focus(entry.id)) {
        if state.editor.is_composing() {
            state.driver(engine.lock().tools()).finish_compose();
        }
        return false;
    }
    let filter = EventFilter { horizontal_arrows: true, vertical_arrows: true, tab: false, escape: false };
    ui.memory_mut(|memory| memory.set_focus_lock_filter(entry.id, filter));
    let events = ui.input(|input| input.filtered_events(&filter));
    let did = hands::take(state, engine.lock().tools(), &events, rules);
    state.remember(now);
    if let Some(chosen) = did.copied {
        ui.copy_text(chosen);
    }
    did.entered
}

fn told_values(ui: &Ui, id: Id, action: Action) -> Vec<String> {
    ui.input(|input| {
        let requests = input.accesskit_action_requests(id, action);
        let value = |data: &Option<ActionData>| match data {
            Some(ActionData::Value(value)) => Some(value.to_string()),
            _ => None,
        };
        requests.filter_map(|request| value(&request.data)).collect()
    })
}

/// Where the corner of the words stands: those that run from the right start at the right.
/// Words that wrap are placed in the field's width by the engine already.
fn corner_of(laid: &Laid, inner: Rect, scroll: egui::Vec2, wraps: bool) -> Pos2 {
    let spare = inner.width() - laid.size().x;
    let start = if laid.rtl() && !wraps && spare > 0.0 { spare } else { 0.0 };
    (inner.min + vec2(start, 0.0) - scroll).round_to_pixels(laid.scale)
}

fn mouse(
    ui: &Ui,
    entry: &Entry<'_>,
    state: &mut State,
    engine: &Mutex<Engine>,
    response: &Response,
    at: Pos2,
) {
    let scale = ui.pixels_per_point();
    let inside = |pos: Pos2| (pos - at) * scale;
    let pasted = ui.input(|input| {
        input.events.iter().find_map(|event| match event {
            Event::MiddleClickPaste { pos, text } => Some((*pos, text.clone())),
            _ => None,
        })
    });
    if let Some((pos, pasted)) = pasted.filter(|_| response.contains_pointer()) {
        let to = inside(pos);
        state.driver(engine.lock().tools()).move_to_point(to.x, to.y);
        hands::insert(state, engine.lock().tools(), &pasted, rules(ui.ctx(), entry));
        response.request_focus();
    }
    let Some(pos) = response.interact_pointer_pos() else { return };
    let (pressed, shift) = ui.input(|input| (input.pointer.primary_pressed(), input.modifiers.shift));
    let to = inside(pos);
    let mut engine = engine.lock();
    let mut driver = state.driver(engine.tools());
    if pressed && response.is_pointer_button_down_on() {
        if driver.editor.is_composing() {
            driver.finish_compose();
            ui.memory_mut(egui::Memory::interrupt_ime);
        }
        if shift {
            driver.shift_click_extension(to.x, to.y)
        } else {
            driver.move_to_point(to.x, to.y)
        }
        response.request_focus();
    } else if response.triple_clicked() {
        driver.select_hard_line_at_point(to.x, to.y);
    } else if response.double_clicked() {
        driver.select_word_at_point(to.x, to.y);
    } else if response.dragged() {
        driver.extend_selection_to_point(to.x, to.y);
    }
}

/// Scrolls so that the caret is in view, and by the wheel.
fn follow(ui: &Ui, state: &mut State, laid: &Laid, inner: Rect, (wraps, moved): (bool, bool)) {
    let over = laid.size() - inner.size();
    let most = vec2(over.x.max(0.0), over.y.max(0.0));
    if most.y > 0.0 && ui.rect_contains_pointer(inner) {
        state.scroll.y -= ui.input_mut(|input| std::mem::take(&mut input.smooth_scroll_delta.y));
    }
    if moved && let Some(caret) = caret(state, laid) {
        let at = caret.translate(corner_of(laid, inner, egui::Vec2::ZERO, wraps).to_vec2());
        let keep =
            |scroll: f32, from: f32, to: f32, low: f32, high: f32| scroll.min(from - low).max(to - high);
        state.scroll.x = keep(state.scroll.x, at.left(), at.right(), inner.left(), inner.right());
        state.scroll.y = keep(state.scroll.y, at.top(), at.bottom(), inner.top(), inner.bottom());
        ui.scroll_to_rect(at.translate(-state.scroll), None);
    }
    state.scroll = state.scroll.clamp(egui::Vec2::ZERO, most);
}

/// Where the next letter goes, from the corner of the words.
fn caret(state: &State, laid: &Laid) -> Option<Rect> {
    state.editor.cursor_geometry(CARET * laid.scale).map(|bounds| points(bounds, laid.scale))
}

/// Points that the caret is wide.
const CARET: f32 = 2.0;

#[expect(clippy::cast_possible_truncation, reason = "pixels of a window")]
fn points(bounds: parley::BoundingBox, scale: f32) -> Rect {
    let corner = |x: f64, y: f64| pos2(x as f32, y as f32) / scale;
    Rect::from_min_max(corner(bounds.x0, bounds.y0), corner(bounds.x1, bounds.y1))
}

fn draw(ui: &mut Ui, entry: &Entry<'_>, state: &State, laid: &Laid, response: &Response, at: Pos2) {
    let palette = Palette::of(ui);
    let rect = response.rect;
    let round = CornerRadius::same(corner::MEDIUM);
    let edge = Stroke::new(1.0, if response.has_focus() { palette.accent } else { palette.edge });
    ui.painter().rect(rect, round, palette.page, edge, StrokeKind::Inside);
    focus_ring(ui, response, rect);
    let inner = rect.shrink2(PAD);
    let mut within = ui.new_child(egui::UiBuilder::new().max_rect(inner));
    let ui = &mut within;
    ui.set_clip_rect(inner.expand(CARET).intersect(ui.clip_rect()));
    if state.editor.raw_text().is_empty() {
        let hint = entry.hint.to_owned();
        let galley = ui.painter().layout_no_wrap(hint, Face::Plain.at(entry.size), palette.faint);
        let top = inner.top() + (entry.line() - galley.size().y) / 2.0;
        ui.painter().galley(pos2(inner.left(), top), galley, palette.faint);
    }
    if response.has_focus() && !state.editor.is_composing() {
        for (bounds, _) in state.editor.selection_geometry() {
            let chosen = points(bounds, laid.scale).translate(at.to_vec2());
            ui.painter().rect_filled(chosen, 0.0, palette.selection);
        }
    }
    paint(ui, laid, at);
    if response.has_focus()
        && let Some(caret) = caret(state, laid).map(|caret| caret.translate(at.to_vec2()))
    {
        ui.painter().rect_filled(caret, 0.0, palette.accent);
        ime_ui(ui, inner, caret);
    }
}

/// Where an input method may show its choices.
fn ime_ui(ui: &Ui, rect: Rect, caret: Rect) {
    let to_global = ui.ctx().layer_transform_to_global(ui.layer_id()).unwrap_or_default();
    let told = IMEOutput {
        purpose: IMEPurpose::Normal,
        rect: to_global * rect,
        cursor_rect: to_global * caret,
        should_interrupt_composition: false,
    };
    ui.output_mut(|output| output.ime = Some(told));
}

fn speak(ui: &Ui, entry: &Entry<'_>, response: &Response, before: &str, text: &str) {
    response.widget_info(|| {
        let mut info = WidgetInfo::text_edit(ui.is_enabled(), before, text, entry.hint);
        info.label = Some(entry.name.to_owned());
        info
    });
    ui.ctx().accesskit_node_builder(entry.id, |node| {
        node.set_role(if entry.multiline() { Spoken::MultilineTextInput } else { Spoken::TextInput });
        node.add_action(Action::SetValue);
        node.add_action(Action::ReplaceSelectedText);
    });
}
