//! A table with its merged cells, in box-drawing characters.

use crate::emit::width;
use crate::model::{Cell, Table};
use std::fmt::{self, Write};

/// Narrowest and widest a grid column is drawn, in terminal columns.
const NARROW: usize = 4;
const WIDE: usize = 30;

/// A cell's text is cut after this many lines: prose in a cell shall not hide the table.
const MAX_LINES: usize = 12;

struct Layout<'a> {
    table: &'a Table,
    widths: Vec<usize>,
    /// Text lines of each grid row.
    heights: Vec<usize>,
    /// Wrapped text of each cell, by its first square.
    lines: Vec<(usize, usize, Vec<String>)>,
}

/// Draws a table within `columns` terminal columns where its number of grid columns allows it.
///
/// # Errors
/// Those of the sink.
pub fn table(out: &mut impl Write, table: &Table, columns: usize) -> fmt::Result {
    if table.rows() == 0 || table.cols() == 0 {
        return writeln!(out, "  (no cells)");
    }
    let layout = Layout::new(table, columns);
    for row in 0..table.rows() {
        layout.rule(out, row)?;
        for line in 0..layout.heights[row] {
            layout.text_line(out, row, line)?;
        }
    }
    layout.rule(out, table.rows())
}

impl<'a> Layout<'a> {
    fn new(table: &'a Table, columns: usize) -> Self {
        let widths = widths(table, columns);
        let mut heights = vec![1; table.rows()];
        let mut lines = Vec::with_capacity(table.cells().len());
        for cell in table.cells() {
            let mut text = width::wrap(cell.text.trim(), inner_width(&widths, cell));
            if text.len() > MAX_LINES {
                text.truncate(MAX_LINES - 1);
                text.push("…".to_owned());
            }
            if cell.row_span == 1 {
                heights[cell.row] = heights[cell.row].max(text.len());
            }
            lines.push((cell.row, cell.col, text));
        }
        for (cell, (_, _, text)) in table.cells().iter().zip(&lines) {
            // What does not fit beside the rows that a merged cell covers makes the last of them taller.
            let rows = cell.row..cell.row + cell.row_span;
            let room = heights[rows.clone()].iter().sum::<usize>() + cell.row_span - 1;
            heights[rows.end - 1] += text.len().saturating_sub(room);
        }
        Layout {
            table,
            widths,
            heights,
            lines,
        }
    }

    /// The text of a cell on a line of a row, or on the rule above the row (`line` is `None`).
    fn text(&self, cell: &Cell, row: usize, line: Option<usize>) -> &str {
        let above: usize = (cell.row..row).map(|r| self.heights[r] + 1).sum();
        let index = match line {
            Some(line) => above + line,
            None => above - 1, // a rule inside a cell is below the cell's first row
        };
        let found = self
            .lines
            .binary_search_by_key(&(cell.row, cell.col), |(r, c, _)| (*r, *c));
        found
            .ok()
            .and_then(|i| self.lines[i].2.get(index))
            .map_or("", String::as_str)
    }

    fn text_line(&self, out: &mut impl Write, row: usize, line: usize) -> fmt::Result {
        for cell in self.table.row_cells(row) {
            let text = self.text(cell, row, Some(line));
            let room = inner_width(&self.widths, cell).saturating_sub(width::of(text));
            write!(out, "│{text}{}", " ".repeat(room))?;
        }
        writeln!(out, "│")
    }

    /// Whether one cell covers the squares above and below the rule over `row`, at a column.
    fn is_open(&self, row: usize, col: usize) -> bool {
        row > 0 && row < self.table.rows() && same(self.table.at(row - 1, col), self.table.at(row, col))
    }

    /// Whether a vertical rule stands left of `col` in `row`.
    fn has_edge(&self, row: Option<usize>, col: usize) -> bool {
        let Some(row) = row.filter(|r| *r < self.table.rows()) else {
            return false;
        };
        col == 0 || col == self.table.cols() || !same(self.table.at(row, col - 1), self.table.at(row, col))
    }

    /// The rule above a row; merged cells show their text through it.
    fn rule(&self, out: &mut impl Write, row: usize) -> fmt::Result {
        let cols = self.table.cols();
        let mut col = 0;
        while col <= cols {
            let left = col > 0 && !self.is_open(row, col - 1);
            let right = col < cols && !self.is_open(row, col);
            let up = self.has_edge(row.checked_sub(1), col);
            let down = self.has_edge(Some(row), col);
            write!(out, "{}", junction(up, down, left, right))?;
            if col == cols {
                break;
            }
            if right {
                write!(out, "{}", "─".repeat(self.widths[col]))?;
                col += 1;
            } else if let Some(cell) = self.table.at(row, col) {
                let text = self.text(cell, row, None);
                let room = inner_width(&self.widths, cell).saturating_sub(width::of(text));
                write!(out, "{text}{}", " ".repeat(room))?;
                col = cell.col + cell.col_span;
            }
        }
        writeln!(out)
    }
}

fn same(a: Option<&Cell>, b: Option<&Cell>) -> bool {
    match (a, b) {
        (Some(a), Some(b)) => (a.row, a.col) == (b.row, b.col),
        _ => false,
    }
}

fn inner_width(widths: &[usize], cell: &Cell) -> usize {
    widths[cell.col..cell.col + cell.col_span].iter().sum::<usize>() + cell.col_span - 1
}

/// As wide as the texts ask for, then the widest are narrowed until the table fits.
fn widths(table: &Table, columns: usize) -> Vec<usize> {
    let mut widths = vec![NARROW; table.cols()];
    for cell in table.cells() {
        let longest = cell.text.lines().map(|l| width::of(l.trim())).max().unwrap_or(0);
        let share = longest.div_ceil(cell.col_span).clamp(NARROW, WIDE);
        for w in &mut widths[cell.col..cell.col + cell.col_span] {
            *w = (*w).max(share);
        }
    }
    let room = columns.saturating_sub(table.cols() + 1);
    while widths.iter().sum::<usize>() > room {
        let Some(widest) = widths.iter_mut().max().filter(|w| **w > NARROW) else {
            break;
        };
        *widest -= 1;
    }
    widths
}

fn junction(up: bool, down: bool, left: bool, right: bool) -> char {
    match (up, down, left, right) {
        (false, false, _, _) => '─',
        (_, _, false, false) => '│',
        (false, true, false, true) => '┌',
        (false, true, true, false) => '┐',
        (false, true, true, true) => '┬',
        (true, false, false, true) => '└',
        (true, false, true, false) => '┘',
        (true, false, true, true) => '┴',
        (true, true, false, true) => '├',
        (true, true, true, false) => '┤',
        (true, true, true, true) => '┼',
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn merged_cells_stay_open() {
        let cells = vec![
            Cell::new(0, 0, "产出指标").spanning(2, 1),
            Cell::new(0, 1, "数量"),
            Cell::new(0, 2, "10"),
            Cell::new(1, 1, "质量"),
            Cell::new(1, 2, "5"),
            Cell::new(2, 0, "总分").spanning(1, 2),
            Cell::new(2, 2, "15"),
        ];
        let mut drawn = String::new();
        table(&mut drawn, &Table::new(3, 3, cells).unwrap(), 80).unwrap();
        let expected = "\
┌────────┬────┬────┐
│产出指标│数量│10  │
│        ├────┼────┤
│        │质量│5   │
├────────┴────┼────┤
│总分         │15  │
└─────────────┴────┘
";
        assert_eq!(drawn, expected);
    }

    #[test]
    fn long_text_wraps_within_the_width_and_merged_text_runs_through_rules() {
        let cells = vec![
            Cell::new(0, 0, "年度总体目标完成情况说明").spanning(2, 1),
            Cell::new(0, 1, "a"),
            Cell::new(1, 1, "b"),
        ];
        let mut drawn = String::new();
        table(&mut drawn, &Table::new(2, 2, cells).unwrap(), 15).unwrap();
        let lines: Vec<usize> = drawn.lines().map(width::of).collect();
        assert!(lines.iter().all(|w| *w == lines[0] && *w <= 15), "{drawn}");
        assert_eq!(
            drawn
                .chars()
                .filter(|c| "年度总体目标完成情况说明".contains(*c))
                .count(),
            12,
            "{drawn}"
        );
    }
}
