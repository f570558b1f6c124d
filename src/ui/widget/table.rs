//! A table inside a text. Columns take the width their words need; where that does not fit, each row becomes a small
//! paragraph that names its columns.

use super::paint::{Pen, line_ui};
use super::text::{Page, Room, Unit, Words, lay};
use crate::text::Link;
use crate::ui::theme::{Palette, gap};
use egui::{CornerRadius, Rect, Stroke, Ui, Vec2, pos2, vec2};
use std::ops::Range;
use std::sync::{Arc, OnceLock};

/// No column is squeezed below this many points, unless its words are shorter.
const COLUMN_MIN: f32 = 64.0;
/// No column asks for more than this many points.
const COLUMN_MAX: f32 = 280.0;
const PAD: Vec2 = vec2(8.0, 6.0);

/// Cells of one part; a row of more columns is never drawn as a row.
const PART_CELLS: usize = 32;
/// Cells of a table's beginning that are asked how wide they would like to be.
const MEASURED_CELLS: usize = 240;

/// A part of a table, without a width yet: so many cells that they can be laid out in one frame.
#[derive(Debug, Clone)]
pub struct Table {
    whole: Arc<Whole>,
    rows: Range<usize>,
    columns: Range<usize>,
    /// How many parts stand before it.
    part: usize,
    pub before: f32,
}

#[derive(Debug)]
struct Whole {
    head_rows: usize,
    rows: Vec<Vec<Arc<Words>>>,
    columns: usize,
    natural: OnceLock<Vec<f32>>,
}

impl Table {
    /// The parts of a table of `rows`, of which the first `head_rows` are headings.
    pub fn parts(head_rows: usize, rows: Vec<Vec<Arc<Words>>>, before: f32) -> Vec<Self> {
        let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
        let (of_rows, count) = (PART_CELLS / columns.clamp(1, PART_CELLS), rows.len());
        let whole = Arc::new(Whole { head_rows, rows, columns, natural: OnceLock::new() });
        let mut parts = Vec::new();
        for from in (0..count).step_by(of_rows) {
            for first in (0..columns).step_by(PART_CELLS) {
                parts.push(Self {
                    whole: Arc::clone(&whole),
                    rows: from..(from + of_rows).min(count),
                    columns: first..(first + PART_CELLS).min(columns),
                    part: parts.len(),
                    before: if parts.is_empty() { before } else { 0.0 },
                });
            }
        }
        parts
    }

    /// Its rows with their numbers, of each the cells in its columns with theirs.
    fn cells(&self) -> impl Iterator<Item = (usize, impl Iterator<Item = (usize, &Arc<Words>)>)> {
        self.rows.clone().filter_map(|r| {
            let row = self.whole.rows.get(r)?;
            Some((r, self.columns.clone().filter_map(|c| Some((c, row.get(c)?)))))
        })
    }

    /// Characters in its cells, for a guess at its height.
    pub fn chars(&self) -> usize {
        self.cells().flat_map(|(_, cells)| cells).map(|(_, words)| words.text().len()).sum()
    }

    /// Rows of it as they stand on their own.
    pub fn rows(&self) -> usize {
        if self.whole.columns > PART_CELLS { self.columns.len() } else { self.rows.len() }
    }

    /// The whole table, cells with tabs between them, rows on lines of their own; nothing where it is not the first part.
    pub fn plain(&self) -> Option<String> {
        let row = |row: &Vec<Arc<Words>>| row.iter().map(|words| words.text()).collect::<Vec<_>>().join("\t");
        (self.part == 0).then(|| self.whole.rows.iter().map(row).collect::<Vec<_>>().join("\n"))
    }

    /// Cells with their places, row by row.
    pub fn units(&self, piece: usize) -> Vec<(Unit, Arc<Words>)> {
        let piece = piece.saturating_sub(self.part);
        let cells = |(row, cells)| {
            let place =
                move |(column, words): (usize, &Arc<Words>)| (Unit { piece, row, column }, Arc::clone(words));
            Iterator::map(cells, place)
        };
        self.cells().flat_map(cells).collect()
    }

    /// What the columns would like to have; of a long table, as its beginning has it.
    fn natural(&self, ui: &Ui) -> &[f32] {
        self.whole.natural.get_or_init(|| {
            let mut widths = vec![0.0_f32; self.whole.columns];
            for row in self.whole.rows.iter().take(1 + MEASURED_CELLS / self.whole.columns.max(1)) {
                for (width, line) in widths.iter_mut().zip(row) {
                    let natural = lay(ui, line, Room::wide(f32::INFINITY)).size().x;
                    *width = width.max(natural.ceil() + 1.0).min(COLUMN_MAX);
                }
            }
            widths
        })
    }

    /// The place of a cell among all that can be selected.
    fn unit(&self, pen: &Pen, row: usize, column: usize) -> Option<Unit> {
        pen.unit.map(|unit| Unit { piece: unit.piece.saturating_sub(self.part), row, column })
    }
}

/// The widths of columns that want `natural` in `available` points; `None` where they do not fit.
fn fit(natural: &[f32], available: f32) -> Option<Vec<f32>> {
    let least: Vec<f32> = natural.iter().map(|width| width.min(COLUMN_MIN)).collect();
    let (wanted, needed): (f32, f32) = (natural.iter().sum(), least.iter().sum());
    if wanted <= available {
        return Some(natural.to_vec());
    }
    if needed > available {
        return None;
    }
    let share = (available - needed) / (wanted - needed);
    Some(natural.iter().zip(&least).map(|(want, least)| least + (want - least) * share).collect())
}

/// Draws the part into `width` points at `pen`; returns its height and the link that was clicked.
pub fn table_ui(ui: &mut Ui, table: &Table, pen: &Pen, width: f32, page: &mut Page) -> (f32, Option<Link>) {
    let columns = table.whole.columns;
    if columns > PART_CELLS {
        return stacked_ui(ui, table, pen, width, page);
    }
    #[expect(clippy::cast_precision_loss, reason = "a table has few columns")]
    let inner = width - PAD.x * 2.0 * columns as f32;
    match fit(table.natural(ui), inner) {
        Some(widths) => grid_ui(ui, table, pen, &widths, page),
        None => stacked_ui(ui, table, pen, width, page),
    }
}

fn grid_ui(ui: &mut Ui, table: &Table, pen: &Pen, widths: &[f32], page: &mut Page) -> (f32, Option<Link>) {
    let palette = Palette::of(ui);
    let total: f32 = widths.iter().map(|width| width + PAD.x * 2.0).sum();
    let mut y = pen.at.y;
    let mut clicked = None;
    for (r, row) in table.cells() {
        let row: Vec<_> = row.collect();
        let heights: Vec<_> = row
            .iter()
            .zip(widths)
            .map(|((_, line), width)| lay(ui, line, Room::wide(*width)).size().y)
            .collect();
        let height = heights.iter().copied().fold(0.0, f32::max) + PAD.y * 2.0;
        let rect = Rect::from_min_size(pos2(pen.at.x, y), vec2(total, height));
        if pen.draws {
            if r < table.whole.head_rows {
                ui.painter().rect_filled(rect, CornerRadius::same(3), palette.code_wash);
            }
            ui.painter().hline(rect.x_range(), rect.bottom(), Stroke::new(1.0, palette.line));
        }
        let mut x = pen.at.x;
        for ((c, line), width) in row.into_iter().zip(widths) {
            let cell = Pen {
                at: pos2(x + PAD.x, y + PAD.y),
                id: pen.id.with((r, c)),
                unit: table.unit(pen, r, c),
                ..*pen
            };
            let (_, link) = line_ui(ui, line, &cell, *width, None, page);
            clicked = clicked.or(link);
            x += width + PAD.x * 2.0;
        }
        y += height;
    }
    (y - pen.at.y, clicked)
}

fn stacked_ui(ui: &mut Ui, table: &Table, pen: &Pen, width: f32, page: &mut Page) -> (f32, Option<Link>) {
    let palette = Palette::of(ui);
    let whole = &table.whole;
    let heads = whole.rows.first().filter(|_| whole.head_rows > 0);
    let label_width = (width * 0.36).floor();
    let mut y = pen.at.y;
    let mut clicked = None;
    for (r, row) in table.cells().filter(|(r, _)| *r >= whole.head_rows) {
        for (c, line) in row {
            let head = heads.and_then(|heads| heads.get(c));
            let indent = if head.is_some() { label_width + gap::MEDIUM } else { 0.0 };
            let mut height: f32 = 0.0;
            if let Some(head) = head {
                let cell = Pen { at: pos2(pen.at.x, y), id: pen.id.with((r, c, 0)), unit: None, ..*pen };
                height = line_ui(ui, head, &cell, label_width, None, page).0;
            }
            let cell = Pen {
                at: pos2(pen.at.x + indent, y),
                id: pen.id.with((r, c, 1)),
                unit: table.unit(pen, r, c),
                ..*pen
            };
            let (tall, link) = line_ui(ui, line, &cell, width - indent, None, page);
            clicked = clicked.or(link);
            y += height.max(tall) + gap::TIGHT;
        }
        if table.columns.end < whole.columns {
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
mod tests {
    use super::{PART_CELLS, Table, fit};
    use crate::ui::font::Face;
    use crate::ui::theme::LIGHT;
    use crate::ui::widget::text::{Style, Words};
    use std::sync::Arc;

    fn parts(rows: usize, columns: usize) -> Vec<Table> {
        let style = Style::new(Face::Plain, 14.0, 20.0, LIGHT.ink);
        let cell = |r: usize, c: usize| Arc::new(Words::of(format!("{r}.{c}"), style));
        let row = |r| (0..columns).map(|c| cell(r, c)).collect();
        Table::parts(1, (0..rows).map(row).collect(), 9.0)
    }

    #[test]
    fn the_parts_of_a_table_are_small_and_all_of_it() {
        for (rows, columns) in [(3, 4), (100, 200), (2_000, 1), (1, 33), (5, 31)] {
            let parts = parts(rows, columns);
            let units: Vec<_> = parts.iter().enumerate().map(|(at, part)| part.units(7 + at)).collect();
            assert!(units.iter().all(|part| (1..=PART_CELLS).contains(&part.len())), "{rows} by {columns}");
            let told: Vec<String> = units
                .into_iter()
                .flatten()
                .map(|(unit, words)| format!("{unit:?} {}", words.text()))
                .collect();
            let place = |r, c| format!("Unit {{ piece: 7, row: {r}, column: {c} }} {r}.{c}");
            let all = (0..rows).flat_map(|r| (0..columns).map(move |c| place(r, c)));
            assert!(told.iter().eq(&all.collect::<Vec<_>>()), "{rows} by {columns}");
            assert_eq!(parts.iter().filter(|part| part.plain().is_some()).count(), 1);
            assert!(parts[0].before > 0.0 && parts.iter().skip(1).all(|part| part.before == 0.0));
        }
    }

    #[test]
    fn columns_that_fit_keep_their_width() {
        assert_eq!(fit(&[50.0, 100.0], 200.0), Some(vec![50.0, 100.0]));
    }

    #[test]
    fn squeezed_columns_fill_the_width_and_none_starves() {
        let widths = fit(&[40.0, 280.0, 280.0], 400.0).unwrap();
        assert!((widths.iter().sum::<f32>() - 400.0).abs() < 0.1, "{widths:?}");
        assert!((widths[0] - 40.0).abs() < 0.1 && widths[1] >= 64.0);
    }

    #[test]
    fn too_many_columns_do_not_fit() {
        assert_eq!(fit(&[200.0; 9], 400.0), None);
    }
}
