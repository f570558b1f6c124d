//! A table inside a text. Columns take the width their words need; where that does not fit, each row becomes a small
//! paragraph that names its columns.

use super::paint::{Pen, line_ui};
use super::soften::Soft;
use super::text::{Page, Room, Unit, Words, lay};
use crate::text::Link;
use crate::ui::theme::{Palette, gap};
use egui::{CornerRadius, Rect, Stroke, Ui, Vec2, pos2, vec2};
use std::sync::Arc;

/// No column is squeezed below this many points, unless its words are shorter.
const COLUMN_MIN: f32 = 64.0;
/// No column asks for more than this many points.
const COLUMN_MAX: f32 = 280.0;
const PAD: Vec2 = vec2(8.0, 6.0);

/// A table without a width yet.
#[derive(Debug, Clone)]
pub struct Table {
    head_rows: usize,
    rows: Vec<Vec<Arc<Words>>>,
    pub before: f32,
}

impl Table {
    /// Rows of cells; the first `head_rows` are headings.
    pub fn new(head_rows: usize, rows: Vec<Vec<Arc<Words>>>, before: f32) -> Self {
        Self { head_rows, rows, before }
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

    fn natural(&self, ui: &Ui) -> Vec<f32> {
        let mut widths = vec![0.0_f32; self.columns()];
        for row in &self.rows {
            for (width, line) in widths.iter_mut().zip(row) {
                let natural = lay(ui, line, Room::wide(f32::INFINITY)).size().x;
                *width = width.max(natural.ceil() + 1.0).min(COLUMN_MAX);
            }
        }
        widths
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

/// Draws the table into `width` points at `pen`; returns its height and the link that was clicked.
pub fn table_ui(ui: &mut Ui, table: &Table, pen: &Pen, width: f32, page: &mut Page) -> (f32, Option<Link>) {
    let columns = table.columns();
    if columns == 0 {
        return (0.0, None);
    }
    #[expect(clippy::cast_precision_loss, reason = "a table has few columns")]
    let inner = width - PAD.x * 2.0 * columns as f32;
    match fit(&table.natural(ui), inner) {
        Some(widths) => grid_ui(ui, table, pen, &widths, page),
        None => stacked_ui(ui, table, pen, width, page),
    }
}

fn unit(pen: &Pen, row: usize, column: usize) -> Option<Unit> {
    pen.unit.map(|unit| Unit { row, column, ..unit })
}

fn grid_ui(ui: &mut Ui, table: &Table, pen: &Pen, widths: &[f32], page: &mut Page) -> (f32, Option<Link>) {
    let palette = Palette::of(ui);
    let total: f32 = widths.iter().map(|width| width + PAD.x * 2.0).sum();
    let mut y = pen.at.y;
    let mut clicked = None;
    for (r, row) in table.rows.iter().enumerate() {
        let heights: Vec<_> =
            row.iter().zip(widths).map(|(line, width)| lay(ui, line, Room::wide(*width)).size().y).collect();
        let height = heights.iter().copied().fold(0.0, f32::max) + PAD.y * 2.0;
        let rect = Rect::from_min_size(pos2(pen.at.x, y), vec2(total, height));
        if pen.draws {
            if r < table.head_rows {
                ui.painter().rect_filled(rect, CornerRadius::same(3), palette.code_wash);
            }
            ui.painter().hline(rect.x_range(), rect.bottom(), Stroke::new(1.0, palette.line));
        }
        let mut x = pen.at.x;
        for (c, (line, width)) in row.iter().zip(widths).enumerate() {
            let cell = Pen {
                at: pos2(x + PAD.x, y + PAD.y),
                id: pen.id.with((r, c)),
                unit: unit(pen, r, c),
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
    let heads = table.rows.first().filter(|_| table.head_rows > 0);
    let label_width = (width * 0.36).floor();
    let mut y = pen.at.y;
    let mut clicked = None;
    for (r, row) in table.rows.iter().enumerate().skip(table.head_rows) {
        for (c, line) in row.iter().enumerate() {
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
                unit: unit(pen, r, c),
                ..*pen
            };
            let (tall, link) = line_ui(ui, line, &cell, width - indent, None, page);
            clicked = clicked.or(link);
            y += height.max(tall) + gap::TIGHT;
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
    use super::fit;

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
