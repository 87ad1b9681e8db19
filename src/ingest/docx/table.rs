//! One table under construction: rows arrive cell by cell, spans are settled when a row ends.

use super::limits;
use crate::error::{Error, Result};
use crate::model::{Cell, Table};
use std::collections::BTreeMap;

/// Part that a cell has in a merge.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Merge {
    #[default]
    None,
    Restart,
    Continue,
}

impl Merge {
    /// By the `val` of `vMerge` or `hMerge`; a merge without a value continues.
    pub(super) fn of(val: Option<&str>) -> Self {
        match val {
            Some("restart") => Merge::Restart,
            _ => Merge::Continue,
        }
    }
}

/// A cell as it stands in its row.
#[derive(Debug, Default)]
pub(super) struct RowCell {
    pub(super) span: usize,
    pub(super) vertical: Merge,
    pub(super) horizontal: Merge,
    /// Preferred width in twips; 0 when not stated so.
    pub(super) width: i64,
    pub(super) text: String,
    /// Whether a paragraph was put into the text.
    pub(super) started: bool,
    /// Text of a deleted paragraph mark's paragraph, waiting for the next one.
    pub(super) carry: String,
    /// Slots of the tables that stand in the cell.
    pub(super) nested: Vec<usize>,
    /// Removed by a tracked change.
    pub(super) deleted: bool,
    /// It has a colour behind it.
    pub(super) painted: bool,
    /// Slots of the paragraphs of text boxes that hang in the cell.
    pub(super) boxes: Vec<usize>,
}

impl RowCell {
    pub(super) fn add_paragraph(&mut self, text: &str) {
        if self.started {
            self.text.push('\n');
        }
        self.started = true;
        self.text.push_str(text);
    }
}

/// A merge that the next row may continue.
#[derive(Debug, Clone, Copy)]
struct OpenMerge {
    span: usize,
    cell: usize,
    last_row: usize,
}

/// What the reader must tell about a finished table.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Oddities {
    /// Rows (from 0) with fewer grid columns than the table, with their number of columns.
    pub(super) short_rows: Vec<(usize, usize)>,
    /// Texts that stood under a merged cell, where Word hides them: row, column, text.
    pub(super) hidden_texts: Vec<(usize, usize, String)>,
}

/// The table.
#[derive(Debug, Default)]
pub(super) struct TableBuilder {
    /// Edges of the grid columns in twips from the left, the first (0) left out; empty when not stated.
    edges: Vec<i64>,
    cells: Vec<Cell>,
    rows: usize,
    cols: usize,
    merges: BTreeMap<usize, OpenMerge>,
    row: Vec<RowCell>,
    spare: Vec<RowCell>,
    before: usize,
    after: usize,
    is_header: bool,
    header_rows: usize,
    /// End of each row in grid columns, `gridAfter` included.
    ends: Vec<usize>,
    /// The row was removed by a tracked change.
    pub(super) row_deleted: bool,
    /// A cell is open.
    pub(super) in_cell: bool,
    /// Its style or itself has colours behind the text.
    pub(super) painted: bool,
    hidden_texts: Vec<(usize, usize, String)>,
}

impl TableBuilder {
    pub(super) fn grid_column(&mut self, width: i64) {
        if self.edges.len() < limits::SPAN {
            let edge = self.edges.last().unwrap_or(&0).saturating_add(width.max(0));
            self.edges.push(edge);
        }
    }

    pub(super) fn start_row(&mut self) {
        self.spare.append(&mut self.row);
        self.before = 0;
        self.after = 0;
        self.is_header = false;
        self.row_deleted = false;
        self.in_cell = false;
    }

    pub(super) fn grid_before(&mut self, columns: i64) {
        self.before = clamp(columns, 0);
    }

    pub(super) fn grid_after(&mut self, columns: i64) {
        self.after = clamp(columns, 0);
    }

    pub(super) fn header_row(&mut self, on: bool) {
        self.is_header = on;
    }

    pub(super) fn start_cell(&mut self) {
        let mut cell = self.spare.pop().unwrap_or_default();
        cell.span = 1;
        cell.vertical = Merge::None;
        cell.horizontal = Merge::None;
        cell.width = 0;
        cell.text.clear();
        cell.started = false;
        cell.carry.clear();
        cell.nested.clear();
        cell.deleted = false;
        cell.painted = false;
        cell.boxes.clear();
        self.row.push(cell);
        self.in_cell = true;
    }

    /// Whether a colour is behind what is written into the table now.
    pub(super) fn is_painted(&self) -> bool {
        self.painted || (self.in_cell && self.row.last().is_some_and(|cell| cell.painted))
    }

    /// The open cell.
    pub(super) fn cell(&mut self) -> Option<&mut RowCell> {
        if self.in_cell { self.row.last_mut() } else { None }
    }

    pub(super) fn set_span(&mut self, columns: i64) {
        if let Some(cell) = self.cell() {
            cell.span = clamp(columns, 1);
        }
    }

    pub(super) fn end_cell(&mut self) {
        if self.cell().is_some_and(|cell| cell.deleted) {
            self.row.pop();
        }
        self.in_cell = false;
    }

    /// Puts the row into the grid; `place` hears the slot, row and column of each table that stands in a cell.
    pub(super) fn end_row(&mut self, mut place: impl FnMut(usize, usize, usize)) {
        if self.row_deleted || self.row.is_empty() {
            self.start_row();
            return;
        }
        self.fold_horizontal_merges();
        self.fit_to_widths();
        let row = self.rows;
        let mut col = self.before;
        for cell in &mut self.row {
            let text = cell.text.trim();
            let continued = match (cell.vertical, self.merges.get_mut(&col)) {
                (Merge::Continue, Some(open)) if open.span == cell.span && open.last_row + 1 == row => Some(open),
                _ => None,
            };
            let (top_row, top_col) = match continued {
                Some(open) => {
                    open.last_row = row;
                    let top = &mut self.cells[open.cell];
                    top.row_span += 1;
                    if !text.is_empty() && text != top.text {
                        self.hidden_texts.push((row, col, text.to_owned()));
                    }
                    (top.row, top.col)
                }
                None => {
                    if cell.vertical != Merge::None {
                        let open = OpenMerge {
                            span: cell.span,
                            cell: self.cells.len(),
                            last_row: row,
                        };
                        self.merges.insert(col, open);
                    }
                    self.cells.push(Cell::new(row, col, text).spanning(1, cell.span));
                    (row, col)
                }
            };
            for slot in cell.nested.drain(..) {
                place(slot, top_row, top_col);
            }
            col += cell.span;
        }
        self.merges.retain(|_, open| open.last_row == row);
        self.cols = self.cols.max(col);
        self.ends.push(col + self.after);
        if self.is_header && self.header_rows == row {
            self.header_rows = row + 1;
        }
        self.rows += 1;
        self.start_row();
    }

    /// `hMerge`, the merge of older files: the cell and those that continue it become one.
    fn fold_horizontal_merges(&mut self) {
        let mut open = false;
        let mut kept = 0;
        for i in 0..self.row.len() {
            if open && self.row[i].horizontal == Merge::Continue {
                let (left, right) = self.row.split_at_mut(i);
                let (into, from) = (&mut left[kept - 1], &mut right[0]);
                into.span += from.span;
                into.width += from.width;
                into.nested.append(&mut from.nested);
                let text = from.text.trim();
                if !text.is_empty() {
                    if !into.text.is_empty() {
                        into.text.push('\n');
                    }
                    into.text.push_str(text);
                }
            } else {
                open = self.row[i].horizontal != Merge::None;
                self.row.swap(kept, i);
                kept += 1;
            }
        }
        while self.row.len() > kept {
            self.spare.extend(self.row.pop());
        }
    }

    /// Some producers leave out `gridSpan` and state widths only. Where a row's spans do not fill the grid, but each of
    /// its cells ends at an edge of the grid, the edges tell the spans.
    fn fit_to_widths(&mut self) {
        /// Distance in twips at which an edge is met: 2 points.
        const NEAR: i64 = 40;
        let stated: usize = self.before + self.row.iter().map(|c| c.span).sum::<usize>() + self.after;
        if stated >= self.edges.len() || self.before > 0 || self.after > 0 {
            return;
        }
        let mut at = 0i64;
        let mut col = 0;
        let mut spans = Vec::with_capacity(self.row.len());
        for cell in &self.row {
            if cell.width <= 0 {
                return;
            }
            at = at.saturating_add(cell.width);
            let rest = &self.edges[col..];
            let Some(found) = rest.iter().position(|edge| (edge - at).abs() <= NEAR) else {
                return;
            };
            at = rest[found];
            spans.push(found + 1);
            col += found + 1;
        }
        for (cell, span) in self.row.iter_mut().zip(spans) {
            cell.span = span;
        }
    }

    /// Bytes that the finished grid will take, for the meter.
    pub(super) fn grid_bytes(&self) -> usize {
        let squares = self.rows.saturating_mul(self.cols);
        let covered: usize = self.cells.iter().map(|c| c.row_span * c.col_span).sum();
        squares
            .saturating_mul(5)
            .saturating_add(squares.saturating_sub(covered).saturating_mul(size_of::<Cell>()))
    }

    /// The table, or `None` when no row was left.
    pub(super) fn finish(self) -> Result<Option<(Table, Oddities)>> {
        if self.rows == 0 {
            return Ok(None);
        }
        let mut oddities = Oddities {
            short_rows: Vec::new(),
            hidden_texts: self.hidden_texts,
        };
        // `gridAfter` columns that no row fills stand for nothing.
        oddities.short_rows = self
            .ends
            .iter()
            .copied()
            .enumerate()
            .filter(|(_, end)| *end < self.cols)
            .take(8)
            .collect();
        let table = Table::filled(self.rows, self.cols, self.cells);
        let mut table =
            table.map_err(|e| Error::limit(format!("a table ({e})"), format!("{} squares", Table::MAX_SQUARES)))?;
        table.marked_header_rows = self.header_rows;
        Ok(Some((table, oddities)))
    }
}

fn clamp(columns: i64, least: usize) -> usize {
    usize::try_from(columns).unwrap_or(least).clamp(least, limits::SPAN)
}
