//! The grid of one table, as browsers form it (WHATWG HTML, "forming a table"), without squares that nobody starts.

use crate::error::{Error, Result};

/// Columns that one table may have before those that nothing starts in are dropped.
const COLUMNS: usize = 8_192;
/// Largest `colspan` that counts (WHATWG).
const MAX_COLSPAN: usize = 1_000;
/// Largest `rowspan` that counts (WHATWG).
const MAX_ROWSPAN: usize = 65_534;

/// A cell and its place.
#[derive(Debug, PartialEq)]
pub(super) struct Placed<T> {
    pub(super) row: usize,
    pub(super) col: usize,
    pub(super) row_span: usize,
    pub(super) col_span: usize,
    pub(super) content: T,
}

/// Rows and cells as they come.
#[derive(Debug)]
pub(super) struct Grid<T> {
    cells: Vec<Placed<T>>,
    /// Row before which each column is taken from above.
    taken: Vec<usize>,
    rows: usize,
    col: usize,
    /// First cell of the present row group: its spans end with the group.
    group: usize,
    /// Row groups that are feet: they stand at the end, wherever they come.
    feet: Vec<std::ops::Range<usize>>,
    foot: Option<usize>,
    in_row: bool,
}

impl<T> Default for Grid<T> {
    fn default() -> Self {
        Grid {
            cells: Vec::new(),
            taken: Vec::new(),
            rows: 0,
            col: 0,
            group: 0,
            feet: Vec::new(),
            foot: None,
            in_row: false,
        }
    }
}

/// The number that an attribute begins with.
fn number(attribute: Option<&str>) -> Option<usize> {
    let text = attribute?.trim_start();
    let text = text.strip_prefix('+').unwrap_or(text);
    let end = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    if end == 0 {
        return None;
    }
    // More digits than a number holds are as good as many.
    Some(text[..end].parse().unwrap_or(usize::MAX))
}

impl<T> Grid<T> {
    pub(super) fn start_group(&mut self, is_foot: bool) {
        self.end_group();
        self.foot = is_foot.then_some(self.rows);
    }

    /// Spans end with their group; a span of 0 reaches to its end.
    pub(super) fn end_group(&mut self) {
        self.end_row();
        for cell in &mut self.cells[self.group..] {
            cell.row_span = cell.row_span.min(self.rows - cell.row);
        }
        self.group = self.cells.len();
        self.taken.clear();
        if let Some(first) = self.foot.take() {
            self.feet.push(first..self.rows);
        }
    }

    pub(super) fn start_row(&mut self) {
        self.end_row();
        self.in_row = true;
        self.col = 0;
    }

    pub(super) fn end_row(&mut self) {
        if self.in_row {
            self.rows += 1;
        }
        self.in_row = false;
    }

    /// Puts a cell at the next free square.
    ///
    /// # Errors
    /// More columns than any table has.
    pub(super) fn cell(&mut self, rowspan: Option<&str>, colspan: Option<&str>, content: T) -> Result<()> {
        if !self.in_row {
            self.start_row();
        }
        let wanted = number(colspan).unwrap_or(1).clamp(1, MAX_COLSPAN);
        let row_span = match number(rowspan) {
            Some(0) => MAX_ROWSPAN,
            Some(n) => n.min(MAX_ROWSPAN),
            None => 1,
        };
        let row = self.rows;
        let free = |taken: &[usize], col: usize| taken.get(col).is_none_or(|until| *until <= row);
        while !free(&self.taken, self.col) {
            self.col += 1;
        }
        let mut col_span = 1;
        // Where a span meets a cell from above, browsers draw one over the other: here it ends.
        while col_span < wanted && free(&self.taken, self.col + col_span) {
            col_span += 1;
        }
        let end = self.col + col_span;
        if end > COLUMNS {
            return Err(Error::limit("the number of columns", COLUMNS.to_string()));
        }
        if self.taken.len() < end {
            self.taken.resize(end, 0);
        }
        self.taken[self.col..end].fill(row.saturating_add(row_span));
        self.cells.push(Placed {
            row,
            col: self.col,
            row_span,
            col_span,
            content,
        });
        self.col = end;
        Ok(())
    }

    /// Rows, columns and cells, without the rows and columns in which no cell starts: `colspan=100` over a single column
    /// covers one.
    pub(super) fn finish(mut self) -> (usize, usize, Vec<Placed<T>>) {
        self.end_group();
        self.feet_last();
        let cols = drop_unused(&mut self.cells, |cell| (&mut cell.col, &mut cell.col_span));
        let rows = drop_unused(&mut self.cells, |cell| (&mut cell.row, &mut cell.row_span));
        self.cells.sort_by_key(|cell| (cell.row, cell.col));
        (rows, cols, self.cells)
    }

    fn feet_last(&mut self) {
        let feet: usize = self.feet.iter().map(ExactSizeIterator::len).sum();
        let is_foot = |row: usize| self.feet.iter().any(|foot| foot.contains(&row));
        if feet == 0 || (self.rows - feet..self.rows).all(is_foot) {
            return;
        }
        let mut to = vec![0; self.rows];
        let (mut body, mut foot) = (0, self.rows - feet);
        for (row, to) in to.iter_mut().enumerate() {
            let next = if is_foot(row) { &mut foot } else { &mut body };
            *to = *next;
            *next += 1;
        }
        for cell in &mut self.cells {
            cell.row = to[cell.row];
        }
    }
}

/// Renumbers along one axis so that in every line some cell starts; gives the number of lines.
fn drop_unused<T>(cells: &mut [Placed<T>], axis: impl Fn(&mut Placed<T>) -> (&mut usize, &mut usize)) -> usize {
    let mut starts: Vec<usize> = cells.iter_mut().map(|cell| *axis(cell).0).collect();
    starts.sort_unstable();
    starts.dedup();
    for cell in cells {
        let (start, span) = axis(cell);
        let first = starts.partition_point(|s| s < start);
        let end = starts.partition_point(|s| *s < start.saturating_add(*span));
        *start = first;
        *span = end - first;
    }
    starts.len()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    type Row<'a> = &'a [(&'a str, &'a str, &'a str)];

    fn drawn(groups: &[(bool, &[Row])]) -> String {
        let mut grid = Grid::default();
        for (is_foot, rows) in groups {
            grid.start_group(*is_foot);
            for row in *rows {
                grid.start_row();
                for (name, rowspan, colspan) in *row {
                    grid.cell(Some(rowspan), Some(colspan), *name).unwrap();
                }
                grid.end_row();
            }
        }
        let (rows, cols, cells) = grid.finish();
        let cells: Vec<String> = cells
            .iter()
            .map(|c| format!("{}@{},{}+{}x{}", c.content, c.row, c.col, c.row_span, c.col_span))
            .collect();
        format!("{rows}x{cols}: {}", cells.join(" "))
    }

    #[test]
    fn spans_are_placed_as_browsers_do() {
        let body = |rows: &[Row]| drawn(&[(false, rows)]);
        assert_eq!(
            body(&[&[("a", "2", "1"), ("b", "", "2")], &[("c", "", ""), ("d", "", "")]]),
            "2x3: a@0,0+2x1 b@0,1+1x2 c@1,1+1x1 d@1,2+1x1"
        );
        // Over the end, 0 and nonsense.
        assert_eq!(
            body(&[
                &[("a", "0", "1"), ("b", "99999999999999999999999", "-3")],
                &[("c", "x", "0")]
            ]),
            "2x3: a@0,0+2x1 b@0,1+2x1 c@1,2+1x1"
        );
        // A huge span over one column, a row that only continues.
        assert_eq!(
            body(&[&[("t", "", "5000")], &[("a", "3", "")], &[], &[]]),
            "2x1: t@0,0+1x1 a@1,0+1x1"
        );
        // A span that meets a cell from above ends there.
        assert_eq!(
            body(&[&[("a", "", ""), ("b", "2", "")], &[("c", "", "3"), ("d", "", "")]]),
            "2x3: a@0,0+1x1 b@0,1+2x1 c@1,0+1x1 d@1,2+1x1"
        );
    }

    #[test]
    fn groups_end_spans_and_feet_come_last() {
        let drawn = drawn(&[
            (true, &[&[("f", "", "")]]),
            (false, &[&[("a", "9", "")]]),
            (false, &[&[("b", "", "")]]),
        ]);
        assert_eq!(drawn, "3x1: a@0,0+1x1 b@1,0+1x1 f@2,0+1x1");
    }

    proptest! {
        /// No square is covered twice, whatever the spans.
        #[test]
        fn cells_never_overlap(rows in prop::collection::vec(prop::collection::vec((0usize..5, 0usize..5), 0..6), 0..8)) {
            let mut grid = Grid::default();
            for row in &rows {
                grid.start_row();
                for (rowspan, colspan) in row {
                    grid.cell(Some(&rowspan.to_string()), Some(&colspan.to_string()), ()).unwrap();
                }
            }
            let (rows, cols, cells) = grid.finish();
            let cells = cells.iter().map(|c| crate::model::Cell::new(c.row, c.col, "").spanning(c.row_span, c.col_span));
            prop_assert!(crate::model::Table::filled(rows, cols, cells.collect()).is_ok());
        }
    }
}
