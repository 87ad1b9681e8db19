//! How recognition looks at a table: rows as cells with folded texts.

use crate::model::{Cell, Table};
use crate::text::fold::fold;
use crate::text::shape::is_figure;
use rust_decimal::Decimal;

/// A row of the grid, as the cells that start in it.
pub struct RowView<'a> {
    /// Cells that start in the row and hold text, from left to right, with their folded texts.
    pub own: Vec<(&'a Cell, String)>,
    /// Cells that start above and reach into the row.
    pub carried: Vec<&'a Cell>,
}

/// The rows of a table.
pub fn rows(table: &Table) -> Vec<RowView<'_>> {
    (0..table.rows())
        .map(|row| {
            let mut own = Vec::new();
            let mut carried = Vec::new();
            for cell in table.row_cells(row) {
                if cell.row == row {
                    let folded = fold(&cell.text);
                    if !folded.is_empty() {
                        own.push((cell, folded));
                    }
                } else {
                    carried.push(cell);
                }
            }
            RowView { own, carried }
        })
        .collect()
}

/// A name and its figure in one cell: `其中:一般公共预算:80.5` gives (`其中:一般公共预算`, `80.5`).
pub fn inline_figure(folded: &str) -> Option<(&str, &str)> {
    let (name, figure) = folded.rsplit_once(':')?;
    let named = name.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c)) && name.chars().count() <= 24;
    (named && is_figure(figure)).then_some((name, figure))
}

/// A folded cell that is one plain number.
pub fn decimal(folded: &str) -> Option<Decimal> {
    let digits: String = folded
        .trim_end_matches(['元', '万'])
        .chars()
        .filter(|c| *c != ',')
        .collect();
    digits.parse().ok()
}
