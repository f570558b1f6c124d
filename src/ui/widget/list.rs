//! A virtual list that holds its place. Its state is a row and an offset inside that row, never a distance from the top:
//! a million rows scroll as smoothly as ten, and rows that come or go above leave what is read where it is.

use crate::ui::theme::{Palette, gap};
use egui::{
    CornerRadius, EventFilter, Id, Rect, Response, Role, Sense, StrokeKind, Ui, UiBuilder, WidgetInfo, pos2,
    vec2,
};
use std::sync::Arc;

/// How far around its old place a row is looked for before the whole list is searched.
const NEAR: usize = 512;
/// How many rows after a lost one are tried as its stand-in.
const HEIRS: usize = 16;

/// Where a list stands.
#[derive(Debug, Clone)]
pub struct Place<K> {
    keys: Arc<Vec<K>>,
    /// The row at the top of the view.
    top: usize,
    /// How much of that row is above the view, in points; less than a row.
    above: f32,
    /// A row to be brought into view when next drawn.
    wanted: Option<usize>,
    view_height: f32,
}

impl<K> Default for Place<K> {
    fn default() -> Self {
        Self { keys: Arc::new(Vec::new()), top: 0, above: 0.0, wanted: None, view_height: 0.0 }
    }
}

impl<K: Copy + PartialEq> Place<K> {
    /// Takes the list as it is now; the row at the top stays at the top.
    pub fn follow(&mut self, keys: &Arc<Vec<K>>) {
        if Arc::ptr_eq(&self.keys, keys) {
            return;
        }
        let (top, kept) = hold(&self.keys, keys, self.top);
        if !kept {
            self.above = 0.0;
        }
        self.top = top;
        self.keys = Arc::clone(keys);
    }

    /// Starts at the top of another list.
    pub fn restart(&mut self) {
        *self = Self::default();
    }

    /// Brings a row into view when next drawn.
    pub fn want(&mut self, index: usize) {
        self.wanted = Some(index);
    }

    /// The row at the top of the view.
    #[cfg(test)]
    pub fn top(&self) -> usize {
        self.top
    }

    /// Puts a row at the top of the view.
    #[cfg(test)]
    pub fn settle_at(&mut self, top: usize) {
        self.top = top;
    }

    fn scroll(&mut self, points: f64, row_height: f32, len: usize) {
        let row = f64::from(row_height);
        #[expect(clippy::cast_precision_loss, reason = "a list has far fewer than 2^52 rows")]
        let (top, len) = (self.top as f64, len as f64);
        let most = (len * row - f64::from(self.view_height)).max(0.0);
        let position = (top * row + f64::from(self.above) + points).clamp(0.0, most);
        self.settle(position, row);
    }

    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "inside the list")]
    fn settle(&mut self, position: f64, row: f64) {
        self.top = (position / row).floor() as usize;
        self.above = (position % row) as f32;
    }

    fn reveal(&mut self, index: usize, row_height: f32, len: usize) {
        let row = f64::from(row_height);
        #[expect(clippy::cast_precision_loss, reason = "a list has far fewer than 2^52 rows")]
        let (start, now) = (index as f64 * row, self.top as f64 * row + f64::from(self.above));
        let view = f64::from(self.view_height);
        // Half a row beyond shows that the list goes on.
        let beyond = (row / 2.0).min((view - row).max(0.0) / 2.0);
        if start - beyond < now {
            self.settle((start - beyond).max(0.0), row);
        } else if start + row + beyond > now + view {
            self.settle((start + row + beyond - view).max(0.0), row);
        }
        self.scroll(0.0, row_height, len);
    }
}

/// Where row `index` of `old` is in `new`, and whether it is that row: else the first row after it that is still there.
pub fn hold<K: Copy + PartialEq>(old: &[K], new: &[K], index: usize) -> (usize, bool) {
    if let Some(key) = old.get(index)
        && let Some(at) = find_near(new, *key, index)
    {
        return (at, true);
    }
    let heirs = old.iter().skip(index + 1).take(HEIRS);
    for heir in heirs {
        if let Some(at) = find_near(new, *heir, index) {
            return (at, false);
        }
    }
    (index.min(new.len().saturating_sub(1)), false)
}

/// The index of `key`, looked for around `hint` first.
pub fn find_near<K: Copy + PartialEq>(keys: &[K], key: K, hint: usize) -> Option<usize> {
    let from = hint.saturating_sub(NEAR).min(keys.len());
    let to = hint.saturating_add(NEAR).min(keys.len());
    let near = keys[from..to].iter().position(|k| *k == key).map(|at| from + at);
    near.or_else(|| keys.iter().position(|k| *k == key))
}

/// What a list is told about itself.
pub struct Look<'a, K> {
    pub id: Id,
    /// Its name for screen readers.
    pub name: &'a str,
    pub row_height: f32,
    pub selected: Option<K>,
}

/// What happened in a list.
pub struct Answer<K> {
    pub clicked: Option<K>,
    /// The rows drawn.
    pub shown: Vec<K>,
    pub focused: bool,
}

/// Draws the part of `place` that is in view. `row_ui` draws one row into the rectangle of its `Ui` and returns its name
/// for screen readers.
pub fn list_ui<K: Copy + PartialEq + std::hash::Hash + std::fmt::Debug>(
    ui: &mut Ui,
    place: &mut Place<K>,
    look: &Look<'_, K>,
    mut row_ui: impl FnMut(&mut Ui, K, usize, &Response) -> String,
) -> Answer<K> {
    let rect = ui.available_rect_before_wrap();
    let keys = Arc::clone(&place.keys);
    place.view_height = rect.height();
    let whole = ui.interact(rect, look.id, Sense::drag() | Sense::FOCUSABLE);
    let focused = whole.has_focus();
    ui.memory_mut(|memory| {
        memory
            .set_focus_lock_filter(look.id, EventFilter { vertical_arrows: true, ..EventFilter::default() });
    });
    if let Some(index) = place.wanted.take() {
        place.reveal(index, look.row_height, keys.len());
    }
    let moved = wheel_and_drag(ui, rect, &whole);
    place.scroll(f64::from(moved), look.row_height, keys.len());
    whole.widget_info(|| WidgetInfo::labeled(Role::List, true, look.name));

    let mut answer = Answer { clicked: None, shown: Vec::new(), focused };
    let mut active = None;
    let mut child = ui.new_child(UiBuilder::new().id_salt(look.id).max_rect(rect));
    child.set_clip_rect(rect.intersect(ui.clip_rect()));
    ui.ctx().accesskit_node_builder(look.id, |node| node.set_size_of_set(keys.len()));
    let mut y = rect.top() - place.above;
    let mut index = place.top;
    while y < rect.bottom()
        && let Some(key) = keys.get(index).copied()
    {
        let row_rect = Rect::from_min_size(pos2(rect.left(), y), vec2(rect.width(), look.row_height));
        let id = look.id.with(key);
        // Without FOCUSABLE: the list is one tab stop, its rows are moved through by keys.
        let response = child.interact(row_rect, id, Sense::CLICK);
        let selected = look.selected == Some(key);
        if response.clicked() {
            answer.clicked = Some(key);
        }
        let mut row = child.new_child(UiBuilder::new().id_salt(id).max_rect(row_rect));
        let name = row_ui(&mut row, key, index, &response);
        response.widget_info(|| WidgetInfo::selected(Role::ListItem, true, selected, &name));
        row.ctx().accesskit_node_builder(id, |node| {
            node.set_position_in_set(index);
            node.set_size_of_set(keys.len());
        });
        if selected {
            active = Some(id);
        }
        answer.shown.push(key);
        y += look.row_height;
        index += 1;
    }
    if let Some(active) = active {
        ui.ctx().accesskit_node_builder(look.id, |node| node.set_active_descendant(active.accesskit_id()));
    }
    bar_ui(&mut child, rect, place, look, keys.len());
    if focused {
        let stroke = ui.visuals().selection.stroke;
        ui.painter().rect_stroke(rect.shrink(1.0), CornerRadius::same(3), stroke, StrokeKind::Inside);
    }
    ui.advance_cursor_after_rect(rect);
    answer
}

/// Points to move down by.
fn wheel_and_drag(ui: &Ui, rect: Rect, whole: &Response) -> f32 {
    let mut moved = 0.0;
    if whole.dragged() {
        moved -= whole.drag_delta().y;
    }
    if ui.rect_contains_pointer(rect) {
        ui.input_mut(|input| {
            moved -= input.smooth_scroll_delta.y;
            input.smooth_scroll_delta.y = 0.0;
        });
    }
    moved
}

/// The scroll bar: proportional to rows, not to points.
#[expect(clippy::cast_precision_loss, clippy::cast_possible_truncation, reason = "shares of a bar")]
fn bar_ui<K: Copy + PartialEq>(
    ui: &mut Ui,
    rect: Rect,
    place: &mut Place<K>,
    look: &Look<'_, K>,
    len: usize,
) {
    let row = f64::from(look.row_height);
    let whole = len as f64 * row;
    let view = f64::from(rect.height());
    if whole <= view {
        return;
    }
    let track = Rect::from_min_max(pos2(rect.right() - 12.0, rect.top()), rect.max);
    let height = ((view / whole * view) as f32).clamp(28.0_f32.min(rect.height()), rect.height());
    let travel = f64::from(rect.height() - height).max(1.0);
    let position = place.top as f64 * row + f64::from(place.above);
    let start = rect.top() + (position / (whole - view) * travel) as f32;
    let response = ui.interact(track, look.id.with("bar"), Sense::DRAG | Sense::CLICK);
    if response.dragged() {
        let moved = f64::from(response.drag_delta().y) / travel * (whole - view);
        place.scroll(moved, look.row_height, len);
    } else if response.clicked()
        && let Some(at) = response.interact_pointer_pos()
    {
        let page = if at.y < start { -view } else { view };
        place.scroll(page * 0.9, look.row_height, len);
    }
    let strength = if response.dragged() || response.hovered() { 0.6 } else { 0.2 };
    let width = if response.dragged() || response.hovered() { 7.0 } else { 4.0 };
    let handle = Rect::from_min_size(pos2(rect.right() - width - gap::HAIR, start), vec2(width, height));
    let color = Palette::of(ui).ink.gamma_multiply(strength);
    ui.painter().rect_filled(handle.shrink2(vec2(0.0, 2.0)), CornerRadius::same(4), color);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(keys: Vec<i64>, top: usize, above: f32) -> Place<i64> {
        Place { keys: Arc::new(keys), top, above, wanted: None, view_height: 400.0 }
    }

    #[test]
    fn the_top_row_stays_when_rows_come_above() {
        let mut place = place((0..100).collect(), 40, 7.5);
        let mut keys: Vec<i64> = (1000..1020).collect();
        keys.extend(0..100);
        place.follow(&Arc::new(keys));
        assert_eq!((place.top, place.keys[place.top], place.above), (60, 40, 7.5));
    }

    #[test]
    fn the_top_row_stays_when_rows_go_above() {
        let mut place = place((0..100).collect(), 40, 7.5);
        place.follow(&Arc::new((30..100).collect()));
        assert_eq!((place.top, place.keys[place.top], place.above), (10, 40, 7.5));
    }

    #[test]
    fn a_lost_top_row_hands_over_to_the_next_that_is_left() {
        let mut place = place((0..100).collect(), 40, 7.5);
        place.follow(&Arc::new((0..100).filter(|k| !(38..43).contains(k)).collect()));
        assert_eq!((place.keys[place.top], place.above), (43, 0.0));
    }

    #[test]
    fn a_list_emptied_and_filled_again_starts_at_its_top() {
        let mut place = place((0..100).collect(), 40, 7.5);
        place.follow(&Arc::new(Vec::new()));
        assert_eq!((place.top, place.above), (0, 0.0));
    }

    #[test]
    fn scrolling_stops_at_both_ends() {
        let mut place = place((0..100).collect(), 0, 0.0);
        place.scroll(-50.0, 40.0, 100);
        assert_eq!((place.top, place.above), (0, 0.0));
        place.scroll(1e9, 40.0, 100);
        assert_eq!((place.top, place.above), (90, 0.0));
    }

    #[test]
    fn a_point_is_a_point_even_at_row_one_million() {
        let mut place = place(Vec::new(), 1_000_000, 3.0);
        place.scroll(0.25, 84.0, 2_000_000);
        assert_eq!((place.top, place.above), (1_000_000, 3.25));
    }

    #[test]
    fn a_wanted_row_comes_fully_into_view() {
        let mut place = place((0..100).collect(), 0, 0.0);
        place.reveal(50, 40.0, 100);
        let start = (50.0 - place.top as f32) * 40.0 - place.above;
        assert!(start >= 0.0 && start + 40.0 <= 400.0, "{start}");
        place.reveal(2, 40.0, 100);
        let start = (2.0 - place.top as f32) * 40.0 - place.above;
        assert!(start >= 0.0, "{start}");
    }

    #[test]
    fn a_row_in_view_does_not_move_the_list() {
        let mut place = place((0..100).collect(), 10, 5.0);
        place.reveal(14, 40.0, 100);
        assert_eq!((place.top, place.above), (10, 5.0));
    }

    #[test]
    fn far_rows_are_found_too() {
        let keys: Vec<i64> = (0..10_000).collect();
        assert_eq!(find_near(&keys, 9_000, 3), Some(9_000));
        assert_eq!(find_near(&keys, 70_000, 3), None);
    }
}
