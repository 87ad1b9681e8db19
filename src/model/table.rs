//! A table: each cell stored once with its spans, the grid a computed view.

use super::geometry::PagePlace;
use thiserror::Error;

/// One cell. Rows and columns count from 0 in the table's grid; spans are at least 1.
#[derive(Debug, Clone, PartialEq)]
pub struct Cell {
    /// First grid row that the cell covers.
    pub row: usize,
    /// First grid column that the cell covers.
    pub col: usize,
    /// Number of grid rows covered (vertical merge).
    pub row_span: usize,
    /// Number of grid columns covered (horizontal merge).
    pub col_span: usize,
    /// Text as the report has it; paragraphs and line breaks of the cell are `\n`.
    pub text: String,
    /// Where the cell stands; empty for formats without pages, several when a page cuts the cell.
    pub places: Vec<PagePlace>,
}

impl Cell {
    /// A cell of one grid square without a place.
    pub fn new(row: usize, col: usize, text: impl Into<String>) -> Self {
        Cell {
            row,
            col,
            row_span: 1,
            col_span: 1,
            text: text.into(),
            places: Vec::new(),
        }
    }

    /// The same cell with spans.
    pub fn spanning(mut self, row_span: usize, col_span: usize) -> Self {
        self.row_span = row_span;
        self.col_span = col_span;
        self
    }
}

/// Why a set of cells is no table.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum TilingError {
    /// Two cells cover one square.
    #[error("cells overlap at row {row}, column {col}")]
    Overlap {
        /// Grid row of the square.
        row: usize,
        /// Grid column of the square.
        col: usize,
    },
    /// No cell covers a square.
    #[error("no cell covers row {row}, column {col}")]
    Hole {
        /// Grid row of the square.
        row: usize,
        /// Grid column of the square.
        col: usize,
    },
    /// A cell reaches over the grid's edge or has a span of 0.
    #[error("cell at row {row}, column {col} does not fit the {rows}×{cols} grid")]
    OutOfGrid {
        /// First row of the cell.
        row: usize,
        /// First column of the cell.
        col: usize,
        /// Rows of the grid.
        rows: usize,
        /// Columns of the grid.
        cols: usize,
    },
    /// The grid would need more squares than [`Table::MAX_SQUARES`].
    #[error("a grid of {rows}×{cols} squares is over the limit")]
    TooLarge {
        /// Rows asked for.
        rows: usize,
        /// Columns asked for.
        cols: usize,
    },
}

/// What the page did to a table; set by readers of paged layouts, read when pieces are joined.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Cut {
    /// The piece starts where a page (or a page's text) starts.
    pub top: bool,
    /// The piece ends where a page ends.
    pub bottom: bool,
    /// No closing rule was drawn at the lower edge: the last row goes on.
    pub open_bottom: bool,
    /// x positions of the column edges in points (cols + 1 of them), where the format has geometry.
    pub column_edges: Vec<f64>,
    /// For the cells that touch the lower edge, by first column: points left free at the end of the cell's text; infinite
    /// where another line would fit. Empty where the format has no geometry.
    pub room_after: Vec<(usize, f64)>,
    /// For the cells that touch the upper edge, by first column: points that the text's first word needs.
    pub first_word: Vec<(usize, f64)>,
    /// For the cells that touch the lower edge, by first column: points that their last line would leave free after one more
    /// character; negative where not even that fits, as in a line that broke in the midst of a figure.
    pub spare: Vec<(usize, f64)>,
}

/// A table whose cells tile its grid exactly: no hole, no overlap.
#[derive(Debug, Clone, PartialEq)]
pub struct Table {
    rows: usize,
    cols: usize,
    cells: Vec<Cell>,
    grid: Vec<u32>,
    /// Rows at the top that the format itself marks as repeated heading (Word's `tblHeader`); 0 when unknown.
    pub marked_header_rows: usize,
    /// For a table inside a cell: the block and the row and column of the cell around it.
    pub parent: Option<(usize, usize, usize)>,
    /// How the page cut this piece.
    pub cut: Cut,
}

impl Table {
    /// Most squares that one grid may have; a guard against spans that a hostile file declares.
    pub const MAX_SQUARES: usize = 4_000_000;

    /// Builds a table of `rows` × `cols`; the cells must tile it.
    ///
    /// # Errors
    /// [`TilingError`] names the first square that no cell or more than one cell covers.
    pub fn new(rows: usize, cols: usize, mut cells: Vec<Cell>) -> Result<Self, TilingError> {
        let squares = rows.checked_mul(cols).filter(|n| *n <= Self::MAX_SQUARES);
        let squares = squares.ok_or(TilingError::TooLarge { rows, cols })?;
        cells.sort_by_key(|c| (c.row, c.col));
        let mut grid = vec![u32::MAX; squares];
        for (index, cell) in cells.iter().enumerate() {
            let fits = cell.row_span > 0
                && cell.col_span > 0
                && cell.row.checked_add(cell.row_span).is_some_and(|end| end <= rows)
                && cell.col.checked_add(cell.col_span).is_some_and(|end| end <= cols);
            if !fits {
                return Err(TilingError::OutOfGrid {
                    row: cell.row,
                    col: cell.col,
                    rows,
                    cols,
                });
            }
            for row in cell.row..cell.row + cell.row_span {
                for col in cell.col..cell.col + cell.col_span {
                    let square = &mut grid[row * cols + col];
                    if *square != u32::MAX {
                        return Err(TilingError::Overlap { row, col });
                    }
                    *square = index as u32; // squares <= MAX_SQUARES < u32::MAX
                }
            }
        }
        if let Some(hole) = grid.iter().position(|square| *square == u32::MAX) {
            return Err(TilingError::Hole {
                row: hole / cols,
                col: hole % cols,
            });
        }
        Ok(Table {
            rows,
            cols,
            cells,
            grid,
            marked_header_rows: 0,
            parent: None,
            cut: Cut::default(),
        })
    }

    /// Builds a table from cells that may leave squares free: each free square becomes an empty cell.
    ///
    /// # Errors
    /// As [`Table::new`], except that holes are filled.
    pub fn filled(rows: usize, cols: usize, mut cells: Vec<Cell>) -> Result<Self, TilingError> {
        let squares = rows.checked_mul(cols).filter(|n| *n <= Self::MAX_SQUARES);
        let squares = squares.ok_or(TilingError::TooLarge { rows, cols })?;
        let mut taken = vec![false; squares];
        for cell in &cells {
            for row in cell.row..cell.row.saturating_add(cell.row_span).min(rows) {
                for col in cell.col..cell.col.saturating_add(cell.col_span).min(cols) {
                    taken[row * cols + col] = true;
                }
            }
        }
        let free = taken.iter().enumerate().filter(|(_, t)| !**t);
        let empty: Vec<Cell> = free.map(|(i, _)| Cell::new(i / cols, i % cols, "")).collect();
        cells.extend(empty);
        Table::new(rows, cols, cells)
    }

    /// A plain grid of texts; short rows are filled with empty cells.
    ///
    /// # Errors
    /// [`TilingError::TooLarge`] only.
    pub fn from_rows<S: AsRef<str>>(rows: &[Vec<S>]) -> Result<Self, TilingError> {
        let cols = rows.iter().map(Vec::len).max().unwrap_or(0);
        let mut cells = Vec::new();
        for (r, row) in rows.iter().enumerate() {
            for (c, text) in row.iter().enumerate() {
                cells.push(Cell::new(r, c, text.as_ref()));
            }
        }
        Table::filled(rows.len(), cols, cells)
    }

    /// Rows of the grid.
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// Columns of the grid.
    pub fn cols(&self) -> usize {
        self.cols
    }

    /// Every cell once, in order of its first row and column.
    pub fn cells(&self) -> &[Cell] {
        &self.cells
    }

    /// The cell that covers a square, or `None` outside the grid.
    pub fn at(&self, row: usize, col: usize) -> Option<&Cell> {
        if row >= self.rows || col >= self.cols {
            return None;
        }
        self.cells.get(self.grid[row * self.cols + col] as usize)
    }

    /// The distinct cells that touch a row, from left to right; cells merged from above are included.
    pub fn row_cells(&self, row: usize) -> impl Iterator<Item = &Cell> {
        let mut col = 0;
        std::iter::from_fn(move || {
            let cell = self.at(row, col)?;
            col = cell.col + cell.col_span;
            Some(cell)
        })
    }

    /// Takes the table apart again, to change cells and rebuild it.
    pub fn into_cells(self) -> (usize, usize, Vec<Cell>) {
        (self.rows, self.cols, self.cells)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn overlap_and_hole_are_named() {
        let overlap = vec![Cell::new(0, 0, "a").spanning(1, 2), Cell::new(0, 1, "b")];
        assert_eq!(Table::new(1, 2, overlap), Err(TilingError::Overlap { row: 0, col: 1 }));
        assert_eq!(
            Table::new(1, 2, vec![Cell::new(0, 0, "a")]),
            Err(TilingError::Hole { row: 0, col: 1 })
        );
        assert!(matches!(
            Table::new(1, 1, vec![Cell::new(0, 0, "a").spanning(2, 1)]),
            Err(TilingError::OutOfGrid { .. })
        ));
    }

    proptest! {
        /// Whatever cells are offered, a table that is built covers each square exactly once.
        #[test]
        fn cells_tile_the_grid(cells in prop::collection::vec((0usize..5, 0usize..5, 1usize..4, 1usize..4), 0..12)) {
            let cells: Vec<Cell> = cells.into_iter().map(|(r, c, rs, cs)| Cell::new(r, c, "x").spanning(rs, cs)).collect();
            if let Ok(table) = Table::filled(5, 5, cells) {
                let area: usize = table.cells().iter().map(|c| c.row_span * c.col_span).sum();
                prop_assert_eq!(area, 25);
                for row in 0..5 {
                    let width: usize = table.row_cells(row).map(|c| c.col_span).sum();
                    prop_assert_eq!(width, 5);
                    for col in 0..5 {
                        let cell = table.at(row, col).unwrap();
                        prop_assert!((cell.row..cell.row + cell.row_span).contains(&row));
                        prop_assert!((cell.col..cell.col + cell.col_span).contains(&col));
                    }
                }
            }
        }
    }
}
