//! A table inside a text. Columns take the width their words need; where not even their longest words fit, each row becomes
//! a small paragraph that names its columns, or, with many columns or none named, the table moves sideways in its own area.

mod columns;

use self::columns::{Want, fit, free};
use super::paint::{Pen, line_ui};
use super::soften::Soft;
use super::text::{Page, Room, Unit, Words, lay};
use crate::text::{Link, Merged};
use crate::ui::theme::{Palette, gap};
use egui::{CornerRadius, Rangef, Rect, ScrollArea, Sense, Stroke, Ui, UiBuilder, Vec2, pos2, vec2};
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

/// Rows with more columns than this are compared, not read one by one: they stay a table.
const STACKED_COLUMNS_MAX: usize = 6;
/// Places over which cells reach down that are told from others; beyond it a line is drawn where none belongs.
const DOWN_MAX: usize = 20_000;
/// Points kept below a table that moves sideways, for its bar.
const BAR: f32 = 14.0;
const PAD: Vec2 = vec2(8.0, 6.0);

/// A table without a width yet.
#[derive(Debug, Clone)]
pub struct Table {
    head_rows: usize,
    rows: Vec<Vec<Arc<Words>>>,
    merged: Vec<Merged>,
    /// Columns and rows that a cell takes, where more than one.
    reaches: HashMap<(usize, usize), (usize, usize)>,
    /// Places that a cell reaches on from into the row below.
    down: HashSet<(usize, usize)>,
    /// Its first column is the rightmost.
    rtl: bool,
    pub before: f32,
}

impl Table {
    /// Rows of cells; the first `head_rows` are headings. A table runs the way most of its words do.
    pub fn new(head_rows: usize, rows: Vec<Vec<Arc<Words>>>, merged: &[Merged], before: f32) -> Self {
        let (mut lettered, mut rtl) = (0, 0);
        for words in rows.iter().flatten().filter(|words| words.text().contains(char::is_alphabetic)) {
            lettered += 1;
            rtl += usize::from(words.is_rtl());
        }
        let reaches = merged.iter().map(|m| ((m.row, m.column), (m.wide, m.tall))).collect();
        let places = |m: &Merged| {
            let columns = m.column..m.column + m.wide;
            (m.row..m.row + m.tall - 1).flat_map(move |row| columns.clone().map(move |column| (row, column)))
        };
        let down = merged.iter().flat_map(places).take(DOWN_MAX).collect();
        let merged = merged.to_vec();
        Self { head_rows, rows, merged, reaches, down, rtl: rtl * 2 > lettered, before }
    }

    /// How many columns and rows the cell at a place takes.
    fn reach(&self, row: usize, column: usize) -> (usize, usize) {
        self.reaches.get(&(row, column)).copied().unwrap_or((1, 1))
    }

    /// A cell reaches from a row into the next one at a column.
    fn goes_down(&self, row: usize, column: usize) -> bool {
        self.down.contains(&(row, column))
    }

    /// The same with each cell's words softened.
    pub fn softened(mut self, soft: &Soft) -> Self {
        for cell in self.rows.iter_mut().flatten() {
            *cell = Arc::new(soft.words(cell.as_ref().clone()));
        }
        self
    }

    fn columns(&self) -> usize {
        self.rows.iter().map(Vec::len).max().unwrap_or(0)
    }

    /// It runs from the right.
    pub fn is_rtl(&self) -> bool {
        self.rtl
    }

    /// Characters in all cells, for a guess at its height.
    pub fn chars(&self) -> usize {
        self.rows.iter().flatten().map(|words| words.text().len()).sum()
    }

    /// Cells with tabs between them, rows on lines of their own.
    pub fn plain(&self) -> String {
        let row = |row: &Vec<Arc<Words>>| row.iter().map(|words| words.text()).collect::<Vec<_>>().join("\t");
        self.rows.iter().map(row).collect::<Vec<_>>().join("\n")
    }

    /// Cells with their places, row by row.
    pub fn units(&self, piece: usize) -> impl Iterator<Item = (Unit, Arc<Words>)> {
        self.rows.iter().enumerate().flat_map(move |(row, cells)| {
            let place = move |column| Unit { piece, row, column };
            cells.iter().enumerate().map(move |(column, words)| (place(column), Arc::clone(words)))
        })
    }

    /// What each column wants. What a cell over several lacks, all of them want more.
    fn wants(&self, ui: &Ui) -> Vec<Want> {
        let mut wants = vec![Want::default(); self.columns()];
        let cell = |line: &Arc<Words>| Want::cell(&lay(ui, line, Room::wide(f32::INFINITY)));
        for (r, row) in self.rows.iter().enumerate() {
            for (c, line) in row.iter().enumerate().filter(|(_, line)| !line.text().is_empty()) {
                if self.reach(r, c).0 < 2 {
                    wants[c] = wants[c].and(cell(line));
                }
            }
        }
        for merged in self.merged.iter().filter(|merged| merged.wide > 1) {
            let end = (merged.column + merged.wide).min(wants.len());
            let Some(line) = self.rows.get(merged.row).and_then(|row| row.get(merged.column)) else {
                continue;
            };
            let over = &mut wants[merged.column..end];
            #[expect(clippy::cast_precision_loss, reason = "a table has few columns")]
            let columns = over.len() as f32;
            let Want { least, most } = cell(line);
            let sum = over.iter().fold(Want::default(), |sum, want| Want {
                least: sum.least + want.least,
                most: sum.most + want.most,
            });
            let lacks =
                |wanted: f32, has: f32| ((wanted - has - PAD.x * 2.0 * (columns - 1.0)) / columns).max(0.0);
            for want in over {
                want.least += lacks(least, sum.least);
                want.most = (want.most + lacks(most, sum.most)).max(want.least);
            }
        }
        wants
    }
}

/// Draws the table into `width` points at `pen`; returns its height and the link that was clicked.
pub fn table_ui(ui: &mut Ui, table: &Table, pen: &Pen, width: f32, page: &mut Page) -> (f32, Option<Link>) {
    let columns = table.columns();
    if columns == 0 {
        return (0.0, None);
    }
    #[expect(clippy::cast_precision_loss, reason = "a table has few columns")]
    let pads = PAD.x * 2.0 * columns as f32;
    let wants = table.wants(ui);
    if let Some(widths) = fit(&wants, width - pads) {
        return grid_ui(ui, table, pen, &widths, (width, page));
    }
    let named = table.head_rows == 1 && table.merged.is_empty();
    if named && columns <= STACKED_COLUMNS_MAX {
        return stacked_ui(ui, table, pen, width, page);
    }
    sideways_ui(ui, table, pen, (width, &free(&wants)), page)
}

/// The whole grid, as wide as it is, in an area of its own.
fn sideways_ui(
    ui: &mut Ui,
    table: &Table,
    pen: &Pen,
    (width, widths): (f32, &[f32]),
    page: &mut Page,
) -> (f32, Option<Link>) {
    let total: f32 = widths.iter().map(|width| width + PAD.x * 2.0).sum();
    let measured = Pen { draws: false, ..*pen };
    let (height, _) = grid_ui(ui, table, &measured, widths, (total, page));
    if !pen.draws {
        return (height + BAR, None);
    }
    let rect = Rect::from_min_size(pen.at, vec2(width, height + BAR));
    let mut area = ui.new_child(UiBuilder::new().id_salt(pen.id).max_rect(rect));
    let scroll = ScrollArea::horizontal().id_salt("sideways").auto_shrink([false, false]);
    // The first column of a table from the right is out of sight at first: it starts there.
    let begun = pen.id.with("begun");
    let is_new = area.data_mut(|data| !std::mem::replace(data.get_temp_mut_or_default::<bool>(begun), true));
    let scroll = if is_new && table.rtl { scroll.horizontal_scroll_offset(total - width) } else { scroll };
    let drawn = scroll.show(&mut area, |ui| {
        let at = ui.cursor().min;
        let drawn = grid_ui(ui, table, &Pen { at, ..*pen }, widths, (total, page));
        ui.allocate_rect(Rect::from_min_size(at, vec2(total, height)), Sense::hover());
        drawn
    });
    (height + BAR, drawn.inner.1)
}

fn unit(pen: &Pen, row: usize, column: usize) -> Option<Unit> {
    pen.unit.map(|unit| Unit { row, column, ..unit })
}

/// Draws rows under each other, the first column at the side where its words start.
fn grid_ui(
    ui: &mut Ui,
    table: &Table,
    pen: &Pen,
    widths: &[f32],
    (width, page): (f32, &mut Page),
) -> (f32, Option<Link>) {
    let palette = Palette::of(ui);
    let total: f32 = widths.iter().map(|width| width + PAD.x * 2.0).sum();
    let left = if table.rtl { pen.at.x + width - total } else { pen.at.x };
    // Where each column starts, counted from the side where the first one stands.
    let starts: Vec<f32> =
        widths.iter().scan(0.0, |x, width| Some(std::mem::replace(x, *x + width + PAD.x * 2.0))).collect();
    let place = |column: usize, wide: usize| {
        let end = (column + wide).min(widths.len());
        let inner = widths[column..end].iter().map(|width| width + PAD.x * 2.0).sum::<f32>();
        let from = if table.rtl { total - starts[column] - inner } else { starts[column] };
        Rangef::new(left + from, left + from + inner)
    };
    let mut y = pen.at.y;
    let mut clicked = None;
    for (r, row) in table.rows.iter().enumerate() {
        let tall = |(c, line): (usize, &Arc<Words>)| {
            let inner = place(c, table.reach(r, c).0).span() - PAD.x * 2.0;
            lay(ui, line, Room::wide(inner)).size().y
        };
        let height = row.iter().enumerate().map(tall).fold(0.0, f32::max) + PAD.y * 2.0;
        if pen.draws {
            if r < table.head_rows {
                let rect = Rect::from_min_size(pos2(left, y), vec2(total, height));
                ui.painter().rect_filled(rect, CornerRadius::same(3), palette.code_wash);
            }
            let stroke = Stroke::new(1.0, palette.line);
            if table.down.is_empty() {
                ui.painter().hline(Rangef::new(left, left + total), y + height, stroke);
            } else {
                for c in (0..widths.len()).filter(|c| !table.goes_down(r, *c)) {
                    ui.painter().hline(place(c, 1), y + height, stroke);
                }
            }
        }
        for (c, line) in row.iter().enumerate().filter(|(_, line)| !line.text().is_empty()) {
            let room = place(c, table.reach(r, c).0).shrink(PAD.x);
            let laid = lay(ui, line, Room::wide(room.span()));
            // A number or a name of another script stands where its column starts.
            let moved = table.rtl && !laid.rtl() && laid.layout.len() == 1;
            let x = if moved { room.max - laid.size().x } else { room.min };
            let at = pos2(x, y + PAD.y);
            let cell = Pen { at, id: pen.id.with((r, c)), unit: unit(pen, r, c), ..*pen };
            let (_, link) = line_ui(ui, line, &cell, room.span(), None, page);
            clicked = clicked.or(link);
        }
        y += height;
    }
    (y - pen.at.y, clicked)
}

fn stacked_ui(ui: &mut Ui, table: &Table, pen: &Pen, width: f32, page: &mut Page) -> (f32, Option<Link>) {
    let palette = Palette::of(ui);
    let heads = table.rows.first().filter(|_| table.head_rows > 0);
    let longest =
        heads.into_iter().flatten().map(|head| Want::cell(&lay(ui, head, Room::wide(f32::INFINITY))));
    let label_width = longest.fold((width * 0.36).floor(), |widest, want| widest.max(want.least));
    // Where a name takes more than half, it stands above what it names.
    let above = heads.is_none() || label_width > width / 2.0;
    let (label_width, body_width) =
        if above { (width, width) } else { (label_width, width - label_width - gap::MEDIUM) };
    let (label_x, body_x) = match table.rtl {
        true => (pen.at.x + width - label_width, pen.at.x),
        false => (pen.at.x, pen.at.x + width - body_width),
    };
    let mut y = pen.at.y;
    let mut clicked = None;
    for (r, row) in table.rows.iter().enumerate().skip(table.head_rows) {
        for (c, line) in row.iter().enumerate().filter(|(_, line)| !line.text().is_empty()) {
            let mut height: f32 = 0.0;
            if let Some(head) = heads.and_then(|heads| heads.get(c)) {
                let label = Pen { at: pos2(label_x, y), id: pen.id.with((r, c, 0)), unit: None, ..*pen };
                height = line_ui(ui, head, &label, label_width, None, page).0;
                y += if above { height } else { 0.0 };
            }
            let at = pos2(body_x, y);
            let cell = Pen { at, id: pen.id.with((r, c, 1)), unit: unit(pen, r, c), ..*pen };
            let (tall, link) = line_ui(ui, line, &cell, body_width, None, page);
            clicked = clicked.or(link);
            y += if above { tall + gap::SMALL } else { height.max(tall) + gap::TIGHT };
        }
        if pen.draws {
            ui.painter().hline(pen.at.x..=pen.at.x + width, y + gap::TIGHT, Stroke::new(1.0, palette.line));
        }
        y += gap::MEDIUM;
    }
    (y - pen.at.y, clicked)
}

#[cfg(test)]
mod tests;
