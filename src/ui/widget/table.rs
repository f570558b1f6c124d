//! A table inside a text. Columns take the width their words need; where not even their longest words fit, each row becomes
//! a small paragraph that names its columns, or, with many columns or none named, the table moves sideways in its own area.

mod columns;

use self::columns::{Want, fit, free};
use super::flow::PIECE_BYTES_MAX;
use super::flow::ink::{Grown, Ink, cell, line, said, said_in_cell};
use super::paint::{Pen, line_ui};
use super::soften::Soft;
use super::text::{Page, Room, Unit, Words, lay, starts_rtl};
use crate::text::{Link, Merged, Span};
use crate::ui::theme::{Palette, gap};
use egui::{
    CornerRadius, Event, Key, Modifiers, Rangef, Rect, ScrollArea, Sense, Stroke, Ui, UiBuilder, Vec2, pos2,
    vec2,
};
use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::ops::Range;
use std::sync::{Arc, OnceLock};

/// Rows with more columns than this are compared, not read one by one: they stay a table.
const STACKED_COLUMNS_MAX: usize = 6;
/// Places over which cells reach down that are told from others; beyond it a line is drawn where none belongs.
const DOWN_MAX: usize = 20_000;
/// Points kept below a table that moves sideways, for its bar.
const BAR: f32 = 14.0;
const PAD: Vec2 = vec2(8.0, 6.0);

/// A table of no more cells than this is one piece.
const WHOLE_CELLS: usize = 240;
/// Cells of one part of a larger one; a row of more columns is never drawn as a row.
const PART_CELLS: usize = 32;

/// A table without a width yet, or of a large one a part: so many cells that they can be laid out in one frame.
#[derive(Debug, Clone)]
pub struct Table {
    whole: Arc<Whole>,
    rows: Range<usize>,
    columns: Range<usize>,
    /// How many parts stand before it.
    part: usize,
    /// Its rows end with it.
    is_last: bool,
    bytes: usize,
    pub before: f32,
}

/// How the cells of a table are written.
#[derive(Debug, Clone)]
pub struct Look {
    pub head: Ink,
    pub base: Ink,
    pub soft: Option<Soft>,
}

/// A cell as it was read. Its words are made when it is first looked at.
#[derive(Debug)]
struct Cell {
    spans: Vec<Span>,
    made: OnceLock<(Arc<Words>, Grown)>,
}

impl Cell {
    /// Bytes of it that are drawn.
    fn bytes(&self) -> usize {
        self.spans.iter().map(|span| span.text.len()).sum::<usize>().min(PIECE_BYTES_MAX)
    }

    /// What its words say.
    fn said(&self) -> Cow<'_, str> {
        match self.made.get() {
            Some((words, _)) => Cow::Borrowed(words.text()),
            None => Cow::Owned(said_in_cell(&self.spans)),
        }
    }

    /// Whether it has letters, and if so whether they run from the right.
    fn is_rtl(&self) -> Option<bool> {
        let chars = || self.spans.iter().flat_map(|span| span.text.chars());
        chars().any(char::is_alphabetic).then(|| starts_rtl(chars()))
    }
}

#[derive(Debug)]
struct Whole {
    head_rows: usize,
    look: Look,
    rows: Vec<Vec<Cell>>,
    columns: usize,
    merged: Vec<Merged>,
    /// Columns and rows that a cell takes, where more than one.
    reaches: HashMap<(usize, usize), (usize, usize)>,
    /// Places that a cell reaches on from into the row below.
    down: HashSet<(usize, usize)>,
    /// Its first column is the rightmost.
    rtl: bool,
    wants: OnceLock<Vec<Want>>,
}

impl Table {
    /// The parts of a table of `rows`, of which the first `head_rows` are headings. A table runs the way most of its words
    /// do.
    pub fn parts(
        head_rows: usize,
        rows: &[Vec<Vec<Span>>],
        look: Look,
        merged: &[Merged],
        before: f32,
    ) -> Vec<Self> {
        let whole = Arc::new(Whole::new(head_rows, rows, look, merged));
        let (count, columns) = (rows.len(), whole.columns);
        let small = count.saturating_mul(columns) <= WHOLE_CELLS;
        let of_rows = if small { count.max(1) } else { PART_CELLS / columns.clamp(1, PART_CELLS) };
        let of_columns = if small { columns.max(1) } else { PART_CELLS };
        let mut parts = Vec::new();
        for from in (0..count).step_by(of_rows) {
            let rows = from..(from + of_rows).min(count);
            // One row without end must not make all others as long.
            let own = whole.rows[rows.clone()].iter().map(Vec::len).max().unwrap_or(0);
            let own = if small { columns } else { own };
            for first in (0..own).step_by(of_columns) {
                let columns = first..(first + of_columns).min(own);
                parts.push(Self {
                    bytes: whole.bytes(&rows, &columns),
                    whole: Arc::clone(&whole),
                    rows: rows.clone(),
                    is_last: columns.end == own,
                    columns,
                    part: parts.len(),
                    before: if parts.is_empty() { before } else { 0.0 },
                });
            }
        }
        parts
    }

    /// Its rows with their numbers, of each the cells in its columns with theirs.
    fn cells(&self) -> impl Iterator<Item = (usize, impl Iterator<Item = (usize, &Arc<Words>)>)> {
        self.rows.clone().map(move |r| {
            let words = move |c| Some((c, self.whole.words(r, c)?));
            (r, self.columns.clone().filter_map(words))
        })
    }

    /// It runs from the right.
    pub fn is_rtl(&self) -> bool {
        self.whole.rtl
    }

    /// It is all of its table.
    fn is_whole(&self) -> bool {
        self.rows.len() == self.whole.rows.len() && self.columns.len() == self.whole.columns
    }

    /// Bytes in its cells, for a guess at its height.
    pub fn bytes(&self) -> usize {
        self.bytes
    }

    /// Characters in its cells.
    pub fn chars(&self) -> usize {
        let rows = self.whole.rows[self.rows.clone()].iter();
        let cells = rows.flat_map(|row| row.iter().take(self.columns.end).skip(self.columns.start));
        cells.flat_map(|cell| &cell.spans).map(|span| span.text.chars().count()).sum()
    }

    /// What the desk added to the words of the cell at a place.
    pub fn grown(&self, unit: Unit) -> Grown {
        self.whole.made(unit.row, unit.column).map(|(_, grown)| grown.clone()).unwrap_or_default()
    }

    /// Rows of it as they stand on their own.
    pub fn rows(&self) -> usize {
        if self.whole.columns > PART_CELLS { self.columns.len() } else { self.rows.len() }
    }

    /// The whole table, cells with tabs between them, rows on lines of their own; nothing where it is not the first part.
    pub fn plain(&self) -> Option<String> {
        let row = |row: &Vec<Cell>| row.iter().map(|cell| said(&cell.spans)).collect::<Vec<_>>().join("\t");
        (self.part == 0).then(|| self.whole.rows.iter().map(row).collect::<Vec<_>>().join("\n"))
    }

    /// What its cells say, with their places, row by row. No look is made for it: that of so many cells takes long.
    pub fn units(&self, piece: usize) -> Vec<(Unit, Cow<'_, str>)> {
        let piece = piece.saturating_sub(self.part);
        let mut units = Vec::new();
        for row in self.rows.clone() {
            let cells = self.whole.rows[row].iter().enumerate();
            let cells = cells.take(self.columns.end).skip(self.columns.start);
            units.extend(cells.map(|(column, cell)| (Unit { piece, row, column }, cell.said())));
        }
        units
    }

    /// Whether it holds the cell at a place of a table whose first part is `piece`, where it is itself `own`.
    pub fn holds(&self, own: usize, unit: Unit) -> bool {
        own.saturating_sub(self.part) == unit.piece
            && self.rows.contains(&unit.row)
            && self.columns.contains(&unit.column)
    }

    /// The place of a cell among all that can be selected.
    fn unit(&self, pen: &Pen, row: usize, column: usize) -> Option<Unit> {
        pen.unit.map(|unit| Unit { piece: unit.piece.saturating_sub(self.part), row, column })
    }
}

impl Whole {
    fn new(head_rows: usize, rows: &[Vec<Vec<Span>>], look: Look, merged: &[Merged]) -> Self {
        let cell = |spans: &Vec<Span>| Cell { spans: spans.clone(), made: OnceLock::new() };
        let rows: Vec<Vec<Cell>> = rows.iter().map(|row| row.iter().map(cell).collect()).collect();
        let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
        let (mut lettered, mut rtl) = (0, 0);
        for is_rtl in rows.iter().flatten().filter_map(Cell::is_rtl) {
            lettered += 1;
            rtl += usize::from(is_rtl);
        }
        let reaches = merged.iter().map(|m| ((m.row, m.column), (m.wide, m.tall))).collect();
        let places = |m: &Merged| {
            let columns = m.column..m.column + m.wide;
            (m.row..m.row + m.tall - 1).flat_map(move |row| columns.clone().map(move |column| (row, column)))
        };
        let down = merged.iter().flat_map(places).take(DOWN_MAX).collect();
        let (merged, rtl) = (merged.to_vec(), rtl * 2 > lettered);
        Self { head_rows, look, rows, columns, merged, reaches, down, rtl, wants: OnceLock::new() }
    }

    fn bytes(&self, rows: &Range<usize>, columns: &Range<usize>) -> usize {
        let cells = |row: &Vec<Cell>| -> usize {
            row.iter().take(columns.end).skip(columns.start).map(Cell::bytes).sum()
        };
        self.rows[rows.clone()].iter().map(cells).sum()
    }

    fn made(&self, row: usize, column: usize) -> Option<&(Arc<Words>, Grown)> {
        let one = self.rows.get(row)?.get(column)?;
        let ink = if row < self.head_rows { &self.look.head } else { &self.look.base };
        Some(one.made.get_or_init(|| {
            let (words, grown) = line(&one.spans, ink);
            let words = cell(words);
            let soft = self.look.soft.as_ref();
            (Arc::new(if let Some(soft) = soft { soft.words(words) } else { words }), grown)
        }))
    }

    fn words(&self, row: usize, column: usize) -> Option<&Arc<Words>> {
        self.made(row, column).map(|(words, _)| words)
    }

    /// How many columns and rows the cell at a place takes.
    fn reach(&self, row: usize, column: usize) -> (usize, usize) {
        self.reaches.get(&(row, column)).copied().unwrap_or((1, 1))
    }

    /// A cell reaches from a row into the next one at a column.
    fn goes_down(&self, row: usize, column: usize) -> bool {
        self.down.contains(&(row, column))
    }

    /// What each column wants; of a long table, as its beginning does.
    fn wants(&self, ui: &Ui) -> &[Want] {
        self.wants.get_or_init(|| {
            let cell = |line: &Arc<Words>| Want::cell(&lay(ui, line, Room::wide(f32::INFINITY)));
            self.measured(cell)
        })
    }

    /// What a cell over several columns lacks, all of them want more.
    fn measured(&self, cell: impl Fn(&Arc<Words>) -> Want) -> Vec<Want> {
        let mut wants = vec![Want::default(); self.columns];
        let measured = 1 + WHOLE_CELLS / self.columns.max(1);
        for (r, row) in self.rows.iter().enumerate().take(measured) {
            for (c, want) in wants.iter_mut().enumerate().take(row.len()) {
                let line = self.words(r, c).filter(|line| !line.text().is_empty());
                if let Some(line) = line.filter(|_| self.reach(r, c).0 < 2) {
                    *want = want.and(cell(line));
                }
            }
        }
        for merged in self.merged.iter().filter(|merged| merged.wide > 1 && merged.row < measured) {
            let end = (merged.column + merged.wide).min(wants.len());
            let Some(line) = self.words(merged.row, merged.column) else { continue };
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
    let whole = &table.whole;
    let columns = whole.columns;
    if columns == 0 {
        return (0.0, None);
    }
    if !table.is_whole() && columns > PART_CELLS {
        return stacked_ui(ui, table, pen, width, page);
    }
    #[expect(clippy::cast_precision_loss, reason = "a table has few columns")]
    let pads = PAD.x * 2.0 * columns as f32;
    let wants = whole.wants(ui);
    if let Some(widths) = fit(wants, width - pads) {
        return grid_ui(ui, table, pen, &widths, (width, page));
    }
    let named = whole.head_rows == 1 && whole.merged.is_empty();
    // Parts of one table must not be moved sideways each on its own.
    if (named && columns <= STACKED_COLUMNS_MAX) || !table.is_whole() {
        return stacked_ui(ui, table, pen, width, page);
    }
    sideways_ui(ui, table, pen, (width, &free(wants)), page)
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
    let (stands, most) = (pen.id.with("stands"), total - width);
    let stood = area.data(|data| data.get_temp::<f32>(stands));
    let begins = if table.whole.rtl { most } else { 0.0 };
    let scroll = if stood.is_none() { scroll.horizontal_scroll_offset(begins) } else { scroll };
    let by = pushed(ui, page, width / 2.0, (stood.unwrap_or(begins), most));
    let drawn = scroll.show(&mut area, |ui| {
        if by != 0.0 {
            ui.scroll_with_delta(vec2(-by, 0.0));
        }
        let at = ui.cursor().min;
        let drawn = grid_ui(ui, table, &Pen { at, ..*pen }, widths, (total, page));
        ui.allocate_rect(Rect::from_min_size(at, vec2(total, height)), Sense::hover());
        drawn
    });
    ui.data_mut(|data| data.insert_temp(stands, drawn.state.clamped_offset().x));
    (height + BAR, drawn.inner.1)
}

/// Points to the right that Alt with an arrow moves the view over a table which stands `at` so many of `most`, while its
/// text has the keyboard. The first table that can still be moved that way takes the key.
fn pushed(ui: &Ui, page: &Page, step: f32, (at, most): (f32, f32)) -> f32 {
    if !page.has_keyboard(ui) {
        return 0.0;
    }
    let step = |event: &Event| match event {
        Event::Key { key, pressed: true, modifiers, .. } if modifiers.matches_exact(Modifiers::ALT) => {
            match key {
                Key::ArrowRight if at < most - 0.5 => step,
                Key::ArrowLeft if at > 0.5 => -step,
                _ => 0.0,
            }
        }
        _ => 0.0,
    };
    ui.input_mut(|input| {
        let by = input.events.iter().map(step).sum();
        input.events.retain(|event| step(event) == 0.0);
        by
    })
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
    let whole = &table.whole;
    let total: f32 = widths.iter().map(|width| width + PAD.x * 2.0).sum();
    let left = if table.whole.rtl { pen.at.x + width - total } else { pen.at.x };
    // Where each column starts, counted from the side where the first one stands.
    let starts: Vec<f32> =
        widths.iter().scan(0.0, |x, width| Some(std::mem::replace(x, *x + width + PAD.x * 2.0))).collect();
    let place = |column: usize, wide: usize| {
        let end = (column + wide).min(widths.len());
        let inner = widths[column..end].iter().map(|width| width + PAD.x * 2.0).sum::<f32>();
        let from = if table.whole.rtl { total - starts[column] - inner } else { starts[column] };
        Rangef::new(left + from, left + from + inner)
    };
    let mut y = pen.at.y;
    let mut clicked = None;
    for (r, row) in table.cells() {
        let row: Vec<_> = row.collect();
        let tall = |(c, line): &(usize, &Arc<Words>)| {
            let inner = place(*c, whole.reach(r, *c).0).span() - PAD.x * 2.0;
            lay(ui, line, Room::wide(inner)).size().y
        };
        let height = row.iter().map(tall).fold(0.0, f32::max) + PAD.y * 2.0;
        if pen.draws {
            if r < whole.head_rows {
                let rect = Rect::from_min_size(pos2(left, y), vec2(total, height));
                ui.painter().rect_filled(rect, CornerRadius::same(3), palette.code_wash);
            }
            let stroke = Stroke::new(1.0, palette.line);
            if whole.down.is_empty() {
                ui.painter().hline(Rangef::new(left, left + total), y + height, stroke);
            } else {
                for c in (0..widths.len()).filter(|c| !whole.goes_down(r, *c)) {
                    ui.painter().hline(place(c, 1), y + height, stroke);
                }
            }
        }
        for (c, line) in row.into_iter().filter(|(_, line)| !line.text().is_empty()) {
            let room = place(c, whole.reach(r, c).0).shrink(PAD.x);
            let laid = lay(ui, line, Room::wide(room.span()));
            // A number or a name of another script stands where its column starts.
            let moved = table.whole.rtl && !laid.rtl() && laid.layout.len() == 1;
            let x = if moved { room.max - laid.size().x } else { room.min };
            let at = pos2(x, y + PAD.y);
            let cell = Pen { at, id: pen.id.with((r, c)), unit: table.unit(pen, r, c), ..*pen };
            let (_, link) = line_ui(ui, line, &cell, room.span(), None, page);
            clicked = clicked.or(link);
        }
        y += height;
    }
    (y - pen.at.y, clicked)
}

fn stacked_ui(ui: &mut Ui, table: &Table, pen: &Pen, width: f32, page: &mut Page) -> (f32, Option<Link>) {
    let palette = Palette::of(ui);
    let whole = &table.whole;
    let has_heads = whole.head_rows > 0;
    let head = |column| whole.words(0, column).filter(|_| has_heads);
    let named = table.columns.clone().filter_map(head);
    let longest = named.map(|head| Want::cell(&lay(ui, head, Room::wide(f32::INFINITY))));
    let label_width = longest.fold((width * 0.36).floor(), |widest, want| widest.max(want.least));
    // Where a name takes more than half, it stands above what it names.
    let above = !has_heads || label_width > width / 2.0;
    let (label_width, body_width) =
        if above { (width, width) } else { (label_width, width - label_width - gap::MEDIUM) };
    let (label_x, body_x) = match table.whole.rtl {
        true => (pen.at.x + width - label_width, pen.at.x),
        false => (pen.at.x, pen.at.x + width - body_width),
    };
    let mut y = pen.at.y;
    let mut clicked = None;
    for (r, row) in table.cells().filter(|(r, _)| *r >= whole.head_rows) {
        for (c, line) in row.filter(|(_, line)| !line.text().is_empty()) {
            let mut height: f32 = 0.0;
            if let Some(head) = head(c) {
                let label = Pen { at: pos2(label_x, y), id: pen.id.with((r, c, 0)), unit: None, ..*pen };
                height = line_ui(ui, head, &label, label_width, None, page).0;
                y += if above { height } else { 0.0 };
            }
            let at = pos2(body_x, y);
            let cell = Pen { at, id: pen.id.with((r, c, 1)), unit: table.unit(pen, r, c), ..*pen };
            let (tall, link) = line_ui(ui, line, &cell, body_width, None, page);
            clicked = clicked.or(link);
            y += if above { tall + gap::SMALL } else { height.max(tall) + gap::TIGHT };
        }
        if !table.is_last {
            continue;
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
