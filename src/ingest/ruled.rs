//! Tables whose rows state where each of their cells ends, as Word's binary format and RTF do: no grid is stated, the
//! edges of all rows together make it.

use crate::error::{Error, Result};
use crate::model::{Cell, Table};
use std::collections::BTreeMap;

/// Part that a cell has in a vertical merge.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Merge {
    #[default]
    None,
    Restart,
    Continue,
}

/// A cell as its row has it.
#[derive(Debug, Clone, Default)]
pub(super) struct RuledCell {
    pub(super) text: String,
    pub(super) vertical: Merge,
    /// The cell belongs to the one on its left.
    pub(super) joins_left: bool,
    /// Marks of the tables that stand in the cell, for the caller.
    pub(super) nested: Vec<usize>,
}

/// A row.
#[derive(Debug, Clone, Default)]
pub(super) struct RuledRow {
    /// Edges of the cells from left to right, one more than cells; empty when not stated.
    pub(super) edges: Vec<i32>,
    pub(super) cells: Vec<RuledCell>,
    pub(super) is_header: bool,
}

/// A finished table.
#[derive(Debug)]
pub(super) struct Ruled {
    pub(super) table: Table,
    /// Marks of nested tables with the row and column of the cell around them.
    pub(super) nested: Vec<(usize, usize, usize)>,
    /// Rows (from 0) that end before the table's right edge, with their number of columns.
    pub(super) short_rows: Vec<(usize, usize)>,
    /// Texts under a merged cell, where the program hides them: row, column, text.
    pub(super) hidden_texts: Vec<(usize, usize, String)>,
}

/// Distances in twips within which edges are one. Programs round each row by itself, by a point and a half at most; where
/// that would swallow a cell, the finer ones hold.
const NEAR: [i32; 3] = [30, 4, 0];

/// A merge that the next row may continue.
struct Open {
    span: usize,
    cell: usize,
    last_row: usize,
}

/// Builds the table; `None` without any row.
///
/// # Errors
/// When the grid would be over [`Table::MAX_SQUARES`].
pub(super) fn build(mut rows: Vec<RuledRow>) -> Result<Option<Ruled>> {
    rows.retain(|row| !row.cells.is_empty());
    if rows.is_empty() {
        return Ok(None);
    }
    rows.iter_mut().for_each(settle_edges);
    borrow_edges(&mut rows);
    rows.iter_mut().for_each(fold_joined);
    let grid = NEAR.into_iter().find_map(|near| grid(&rows, near));
    let mut built = Builder::default();
    for (index, row) in rows.into_iter().enumerate() {
        built.row(index, row, grid.as_deref());
    }
    built.finish().map(Some)
}

/// Edges must be one more than cells and go from left to right.
fn settle_edges(row: &mut RuledRow) {
    let stated = row.edges.len().saturating_sub(1);
    if stated == 0 {
        row.edges.clear();
        return;
    }
    for index in 1..row.edges.len() {
        row.edges[index] = row.edges[index].max(row.edges[index - 1]);
    }
    if row.cells.len() < stated {
        row.cells.resize_with(stated, RuledCell::default);
    }
    // More cells than edges: they stand right of the last edge, a column each.
    while row.edges.len() <= row.cells.len() {
        let last = row.edges.last().copied().unwrap_or(0);
        row.edges.push(last.saturating_add(1440));
    }
}

/// A row that states no edges has those of the row above with as many cells.
fn borrow_edges(rows: &mut [RuledRow]) {
    let known: Vec<Vec<i32>> = rows.iter().map(|row| row.edges.clone()).collect();
    for index in 0..rows.len() {
        if rows[index].edges.is_empty() {
            let wanted = rows[index].cells.len() + 1;
            let above = known[..index].iter().rev().find(|edges| edges.len() == wanted);
            let found = above.or_else(|| known[index..].iter().find(|edges| edges.len() == wanted));
            rows[index].edges = found.cloned().unwrap_or_default();
        }
    }
}

fn fold_joined(row: &mut RuledRow) {
    let mut kept: Vec<RuledCell> = Vec::with_capacity(row.cells.len());
    let mut edges: Vec<i32> = row.edges.first().copied().into_iter().collect();
    for (index, cell) in std::mem::take(&mut row.cells).into_iter().enumerate() {
        let right = row.edges.get(index + 1).copied();
        match kept.last_mut() {
            Some(into) if cell.joins_left => {
                let text = cell.text.trim();
                if !text.is_empty() {
                    if !into.text.is_empty() {
                        into.text.push('\n');
                    }
                    into.text.push_str(text);
                }
                into.nested.extend(cell.nested);
                if let (Some(last), Some(right)) = (edges.last_mut(), right) {
                    *last = right;
                }
            }
            _ => {
                // A cell without any width shows nothing.
                let empty = cell.text.trim().is_empty() && cell.nested.is_empty();
                if empty && right.is_some() && right == edges.last().copied() {
                    continue;
                }
                kept.push(cell);
                edges.extend(right);
            }
        }
    }
    row.cells = kept;
    row.edges = if row.edges.is_empty() { Vec::new() } else { edges };
}

/// The distinct edges of all rows, those within `near` of each other as one; `None` where a cell would lose its width.
fn grid(rows: &[RuledRow], near: i32) -> Option<Vec<i32>> {
    let mut edges: Vec<i32> = rows.iter().flat_map(|row| row.edges.iter().copied()).collect();
    edges.sort_unstable();
    edges.dedup_by(|next, first| next.saturating_sub(*first) <= near);
    for row in rows {
        let mut columns = row.edges.iter().map(|edge| column_of(&edges, *edge));
        let mut last = columns.next();
        for column in columns {
            if last.is_some_and(|last| column <= last) {
                return None;
            }
            last = Some(column);
        }
        if row.edges.is_empty() {
            return None;
        }
    }
    Some(edges)
}

/// Index of the edge that stands for `edge`: the last one that is not right of it.
fn column_of(edges: &[i32], edge: i32) -> usize {
    edges.partition_point(|e| *e <= edge).saturating_sub(1)
}

#[derive(Default)]
struct Builder {
    cells: Vec<Cell>,
    open: BTreeMap<usize, Open>,
    ends: Vec<usize>,
    cols: usize,
    header_rows: usize,
    nested: Vec<(usize, usize, usize)>,
    hidden_texts: Vec<(usize, usize, String)>,
}

impl Builder {
    fn row(&mut self, row: usize, ruled: RuledRow, grid: Option<&[i32]>) {
        let start_of = |index: usize| match grid {
            Some(grid) => column_of(grid, ruled.edges[index]),
            // No common grid: cells count from the left.
            None => index,
        };
        let mut end = 0;
        for (index, cell) in ruled.cells.into_iter().enumerate() {
            let (col, next) = (start_of(index), start_of(index + 1));
            let span = next - col;
            end = next;
            let text = cell.text.trim();
            let above = self.open.get_mut(&col);
            let above = above.filter(|open| open.span == span && open.last_row + 1 == row);
            let (top_row, top_col) = match (cell.vertical, above) {
                (Merge::Continue, Some(open)) => {
                    open.last_row = row;
                    let top = &mut self.cells[open.cell];
                    top.row_span += 1;
                    if !text.is_empty() && text != top.text {
                        self.hidden_texts.push((row, col, text.to_owned()));
                    }
                    (top.row, top.col)
                }
                (vertical, _) => {
                    if vertical != Merge::None {
                        let open = Open {
                            span,
                            cell: self.cells.len(),
                            last_row: row,
                        };
                        self.open.insert(col, open);
                    }
                    self.cells.push(Cell::new(row, col, text).spanning(1, span));
                    (row, col)
                }
            };
            self.nested
                .extend(cell.nested.iter().map(|mark| (*mark, top_row, top_col)));
        }
        self.open.retain(|_, open| open.last_row == row);
        self.ends.push(end);
        self.cols = self.cols.max(end);
        if ruled.is_header && self.header_rows == row {
            self.header_rows = row + 1;
        }
    }

    fn finish(self) -> Result<Ruled> {
        let cols = self.cols;
        let short = self.ends.iter().copied().enumerate().filter(|(_, end)| *end < cols);
        let short_rows = short.take(8).collect();
        let table = Table::filled(self.ends.len(), cols, self.cells);
        let mut table =
            table.map_err(|e| Error::limit(format!("a table ({e})"), format!("{} squares", Table::MAX_SQUARES)))?;
        table.marked_header_rows = self.header_rows;
        Ok(Ruled {
            table,
            nested: self.nested,
            short_rows,
            hidden_texts: self.hidden_texts,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn row(edges: &[i32], cells: &[(&str, Merge, bool)]) -> RuledRow {
        let cell = |(text, vertical, joins_left): &(&str, Merge, bool)| RuledCell {
            text: (*text).to_owned(),
            vertical: *vertical,
            joins_left: *joins_left,
            nested: Vec::new(),
        };
        RuledRow {
            edges: edges.to_vec(),
            cells: cells.iter().map(cell).collect(),
            is_header: false,
        }
    }

    fn drawn(rows: Vec<RuledRow>) -> String {
        let ruled = build(rows).unwrap().unwrap();
        let cells = ruled.table.cells().iter();
        let cells: Vec<String> = cells
            .map(|c| format!("{}@{},{}+{}x{}", c.text, c.row, c.col, c.row_span, c.col_span))
            .collect();
        cells.join(" ")
    }

    const N: Merge = Merge::None;

    #[test]
    fn edges_of_all_rows_make_the_grid() {
        let rows = vec![
            row(&[0, 3000], &[("a", N, false)]),
            row(&[-5, 1008, 2990], &[("b", Merge::Restart, false), ("c", N, false)]),
            row(
                &[0, 1000, 2000, 3000],
                &[("", Merge::Continue, false), ("d", N, false), ("e", N, false)],
            ),
        ];
        assert_eq!(drawn(rows), "a@0,0+1x3 b@1,0+2x1 c@1,1+1x2 d@2,1+1x1 e@2,2+1x1");
    }

    #[test]
    fn joined_cells_are_one_and_cells_without_width_are_none() {
        let rows = vec![
            row(
                &[0, 1000, 2000, 3000],
                &[("a", N, false), ("", N, true), ("b", N, false)],
            ),
            row(
                &[0, 1000, 1000, 2000, 3000],
                &[("c", N, false), ("", N, false), ("d", N, false), ("e", N, false)],
            ),
        ];
        assert_eq!(drawn(rows), "a@0,0+1x2 b@0,2+1x1 c@1,0+1x1 d@1,1+1x1 e@1,2+1x1");
    }

    #[test]
    fn a_narrow_cell_with_text_keeps_its_column() {
        let rows = vec![
            row(
                &[0, 1000, 1020, 3000],
                &[("a", N, false), ("5", N, false), ("b", N, false)],
            ),
            row(&[0, 1002, 3000], &[("c", N, false), ("d", N, false)]),
        ];
        let drawn = drawn(rows);
        assert!(drawn.contains("5@0,1+1x1"), "{drawn}");
    }

    #[test]
    fn rows_without_edges_borrow_them() {
        let rows = vec![
            row(&[0, 1000, 3000], &[("a", N, false), ("b", N, false)]),
            row(&[0, 3000], &[("c", N, false)]),
            row(&[], &[("d", N, false), ("e", N, false)]),
        ];
        assert_eq!(drawn(rows), "a@0,0+1x1 b@0,1+1x1 c@1,0+1x2 d@2,0+1x1 e@2,1+1x1");
    }

    proptest! {
        /// No text is lost, whatever the edges say.
        #[test]
        fn every_text_is_kept(rows in prop::collection::vec((prop::collection::vec(-2000i32..2000, 0..6),
            prop::collection::vec((0u8..3, any::<bool>()), 0..6)), 1..6)) {
            let rows: Vec<RuledRow> = rows.into_iter().enumerate().map(|(r, (edges, cells))| {
                let cells = cells.into_iter().enumerate().map(|(c, (vertical, joins_left))| RuledCell {
                    text: format!("r{r}c{c}."),
                    vertical: [Merge::None, Merge::Restart, Merge::Continue][usize::from(vertical)],
                    joins_left,
                    nested: Vec::new(),
                });
                RuledRow { edges, cells: cells.collect(), is_header: false }
            }).collect();
            let texts: Vec<String> = rows.iter().flat_map(|row| row.cells.iter().map(|c| c.text.clone())).collect();
            if let Some(ruled) = build(rows).unwrap() {
                let mut all: String = ruled.table.cells().iter().map(|c| c.text.as_str()).collect();
                all.extend(ruled.hidden_texts.iter().map(|(.., text)| text.as_str()));
                for text in texts {
                    prop_assert!(all.contains(&text), "{text} is lost");
                }
            }
        }
    }
}
