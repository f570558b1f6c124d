//! A table under way: where each cell stands among those that reach over several columns and rows.

use crate::text::rich::{Merged, Span};

/// Places that the merged cells of one table may reach into; beyond that a cell takes one place.
const FILLED_MAX: usize = 20_000;

/// A table under way.
#[derive(Debug, Default)]
pub struct Table {
    pub rows: Vec<Row>,
    pub caption: Option<Vec<Span>>,
    pub in_head: bool,
    pub row_open: bool,
    merged: Vec<Merged>,
    /// For each column, the row at which no cell from above reaches into it any more.
    until: Vec<usize>,
    /// Places that merged cells reach into.
    filled: usize,
}

#[derive(Debug, Default)]
pub struct Row {
    pub cells: Vec<Vec<Span>>,
    pub in_head: bool,
    pub has_plain_cell: bool,
}

impl Table {
    /// Puts a cell at the next free place of the last row.
    pub fn place(&mut self, spans: Vec<Span>, head: bool, wide: usize, tall: usize) {
        let row_at = self.rows.len().saturating_sub(1);
        let Some(row) = self.rows.last_mut() else { return };
        let taken = |column: usize| self.until.get(column).is_some_and(|until| *until > row_at);
        while taken(row.cells.len()) && self.filled < FILLED_MAX {
            row.cells.push(Vec::new());
            self.filled += 1;
        }
        let wide = if self.filled + wide > FILLED_MAX { 1 } else { wide };
        let column = row.cells.len();
        row.has_plain_cell |= !head;
        row.cells.push(spans);
        row.cells.resize(column + wide, Vec::new());
        self.filled += wide - 1;
        if wide > 1 || tall > 1 {
            self.merged.push(Merged { row: row_at, column, wide, tall });
        }
        if tall > 1 {
            self.until.resize(self.until.len().max(column + wide), 0);
            self.until[column..column + wide].fill(row_at + tall);
        }
    }

    /// The rows that have cells, and the merged cells with their numbers among those.
    pub fn done(self) -> (Vec<Row>, Vec<Merged>) {
        let Self { rows, mut merged, .. } = self;
        let mut kept = 0;
        let numbers: Vec<usize> = rows
            .iter()
            .map(|row| {
                kept += usize::from(!row.cells.is_empty());
                kept
            })
            .collect();
        for cell in &mut merged {
            let last = (cell.row + cell.tall).min(numbers.len()) - 1;
            let first = numbers[cell.row] - 1;
            *cell = Merged { row: first, tall: numbers[last] - first, ..*cell };
        }
        merged.retain(|cell| cell.wide > 1 || cell.tall > 1);
        (rows.into_iter().filter(|row| !row.cells.is_empty()).collect(), merged)
    }
}
