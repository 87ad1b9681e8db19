//! Rows of a table under way: cells come one after the other, the end of the row says how wide they are.

use super::sprm::Row;
use crate::error::Result;
use crate::ingest::ruled::{self, Merge, Ruled, RuledCell, RuledRow};

/// A table under way.
#[derive(Debug, Default)]
pub(super) struct Rows {
    /// Place that the table takes in reading order.
    pub(super) slot: usize,
    rows: Vec<RuledRow>,
    cells: Vec<RuledCell>,
    cell: RuledCell,
    /// A paragraph was put into the cell under way.
    started: bool,
    /// Every cell of the row under way so far was deleted.
    all_deleted: bool,
}

impl Rows {
    pub(super) fn new(slot: usize) -> Self {
        Rows {
            slot,
            all_deleted: true,
            ..Rows::default()
        }
    }

    /// The cell under way.
    pub(super) fn cell(&mut self) -> &mut RuledCell {
        &mut self.cell
    }

    pub(super) fn add_paragraph(&mut self, text: &str) {
        if self.started {
            self.cell.text.push('\n');
        }
        self.started = true;
        self.cell.text.push_str(text);
    }

    pub(super) fn end_cell(&mut self, deleted: bool) {
        self.all_deleted &= deleted;
        self.started = false;
        self.cells.push(std::mem::take(&mut self.cell));
    }

    /// The row ends; a row is deleted when its end and all its cells are.
    pub(super) fn end_row(&mut self, row: &Row, deleted: bool) {
        if self.started || !self.cell.nested.is_empty() {
            self.end_cell(false);
        }
        let mut cells = std::mem::take(&mut self.cells);
        if deleted && std::mem::replace(&mut self.all_deleted, true) {
            return;
        }
        self.all_deleted = true;
        let joined = horizontal(&row.flags);
        for (index, cell) in cells.iter_mut().enumerate() {
            let flags = row.flags.get(index).copied().unwrap_or(0);
            cell.vertical = match (flags >> 5) & 3 {
                0 => Merge::None,
                1 => Merge::Continue,
                _ => Merge::Restart,
            };
            cell.joins_left = joined.get(index).copied().unwrap_or(false);
        }
        self.rows.push(RuledRow {
            edges: row.edges.clone(),
            cells,
            is_header: row.is_header,
        });
    }

    /// Squares that the grid may take.
    pub(super) fn squares(&self) -> usize {
        let widest = self.rows.iter().map(|row| row.cells.len()).max().unwrap_or(0);
        self.rows.len().saturating_mul(widest)
    }

    /// The table; cells whose row never ended become a last row.
    pub(super) fn finish(mut self) -> Result<Option<Ruled>> {
        if !self.cells.is_empty() || self.started {
            self.end_row(&Row::default(), false);
        }
        ruled::build(self.rows)
    }
}

/// Which cells belong to the one on their left. The specification (§2.9.328) numbers the first cell of a merge 2 or 3 and
/// the others 1; Word 97 and the programs that follow it number the first 1 and the others 2. The first cell of a merge
/// is the first that is marked at all, and tells which.
pub(super) fn horizontal(flags: &[u16]) -> Vec<bool> {
    let marks: Vec<u16> = flags.iter().map(|flags| flags & 3).collect();
    let first = marks.iter().copied().find(|mark| *mark != 0).unwrap_or(0);
    let continues = match first {
        1 => |mark: u16| mark == 2,
        _ => |mark: u16| mark == 1,
    };
    let mut open = false;
    let joins = marks.iter().map(|mark| {
        let joins = open && continues(*mark);
        open = *mark != 0;
        joins
    });
    joins.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_ways_of_marking_a_horizontal_merge() {
        assert_eq!(horizontal(&[0, 1, 2, 2, 0]), [false, false, true, true, false]);
        assert_eq!(horizontal(&[0, 2, 1, 1, 0]), [false, false, true, true, false]);
        assert_eq!(horizontal(&[3, 1, 3, 1]), [false, true, false, true]);
        assert_eq!(horizontal(&[1, 2, 1, 2]), [false, true, false, true]);
        assert_eq!(horizontal(&[0x60, 0x20, 0]), [false, false, false]);
    }

    #[test]
    fn a_row_whose_every_mark_was_deleted_is_gone() {
        let row = Row {
            edges: vec![0, 100, 200],
            flags: vec![0, 0],
            is_header: false,
        };
        let mut rows = Rows::new(0);
        for (texts, deleted) in [(["a", "b"], false), (["", ""], true), (["c", "d"], false)] {
            for text in texts {
                rows.add_paragraph(text);
                rows.end_cell(deleted);
            }
            rows.end_row(&row, deleted);
        }
        let table = rows.finish().unwrap().unwrap().table;
        let texts: Vec<&str> = table.cells().iter().map(|c| c.text.as_str()).collect();
        assert_eq!(texts, ["a", "b", "c", "d"]);
    }
}
