//! Frames to cells: positions of rows and columns, and the squares that no edge separates.

use super::edges::{Frame, SNAP, positions};
use super::ink::Rule;

/// Most squares of one grid.
const MAX_SQUARES: usize = 250_000;
/// An edge separates two squares when it covers this share of their common side.
const COVER: f64 = 0.6;

/// One cell of a grid, in squares.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Square {
    /// First row.
    pub row: usize,
    /// First column.
    pub col: usize,
    /// Rows covered.
    pub row_span: usize,
    /// Columns covered.
    pub col_span: usize,
}

/// Rows, columns and cells of one table on one page.
#[derive(Debug, Clone)]
pub struct Grid {
    /// x of the column edges, one more than columns.
    pub xs: Vec<f64>,
    /// y of the row edges, one more than rows.
    pub ys: Vec<f64>,
    /// Cells, in order of row and column; they tile the grid.
    pub cells: Vec<Square>,
    /// No rule closes the grid at its bottom.
    pub open_bottom: bool,
    /// Where no rule says what a cell holds: its lines, from top to bottom by their baselines.
    pub held: Vec<Held>,
    /// Left and right edge of each column's text, where no rule says how wide the column is.
    pub extents: Vec<(f64, f64)>,
}

/// A line that a cell holds.
#[derive(Debug, Clone, Copy)]
pub struct Held {
    /// Left, top, right, bottom.
    pub place: [f64; 4],
    /// Baseline.
    pub base: f64,
    /// Index of the cell.
    pub cell: usize,
}

impl Grid {
    /// Number of rows.
    pub fn rows(&self) -> usize {
        self.ys.len().saturating_sub(1)
    }

    /// Number of columns.
    pub fn cols(&self) -> usize {
        self.xs.len().saturating_sub(1)
    }

    /// Left, top, right, bottom.
    pub fn bounds(&self) -> [f64; 4] {
        let edge = |v: &[f64], last: bool| if last { v.last() } else { v.first() }.copied().unwrap_or(0.0);
        [
            edge(&self.xs, false),
            edge(&self.ys, false),
            edge(&self.xs, true),
            edge(&self.ys, true),
        ]
    }

    /// Left, top, right, bottom of a cell.
    pub fn place(&self, cell: Square) -> [f64; 4] {
        [
            self.xs[cell.col],
            self.ys[cell.row],
            self.xs[cell.col + cell.col_span],
            self.ys[cell.row + cell.row_span],
        ]
    }

    /// For each square, row by row, the index of its cell.
    pub fn owners(&self) -> Vec<usize> {
        let mut owners = vec![0; self.rows() * self.cols()];
        for (index, cell) in self.cells.iter().enumerate() {
            for row in cell.row..cell.row + cell.row_span {
                for col in cell.col..cell.col + cell.col_span {
                    owners[row * self.cols() + col] = index;
                }
            }
        }
        owners
    }

    /// Left and right edge of what a cell's text may fill.
    pub fn width(&self, cell: Square) -> (f64, f64) {
        let [left, _, right, _] = self.place(cell);
        let text = self
            .extents
            .get(cell.col)
            .zip(self.extents.get(cell.col + cell.col_span - 1));
        text.map_or((left, right), |(first, last)| (first.0, last.1))
    }

    /// The cell that holds a point on a baseline, where lines say so.
    pub fn holder(&self, x: f64, base: f64, size: f64) -> Option<usize> {
        let near = 0.6 * size;
        let first = self.held.partition_point(|h| h.base < base - near);
        let here = self.held[first..].iter().take_while(|h| h.base <= base + near);
        let over = here.filter(|h| h.place[0] - 0.5 <= x && x <= h.place[2] + 0.5);
        over.min_by(|a, b| (a.base - base).abs().total_cmp(&(b.base - base).abs()))
            .map(|h| h.cell)
    }

    /// The square at a point.
    pub fn square_at(&self, x: f64, y: f64) -> Option<(usize, usize)> {
        let find = |edges: &[f64], v: f64| {
            let after = edges.partition_point(|e| *e <= v);
            (after > 0 && after < edges.len()).then(|| after - 1)
        };
        Some((find(&self.ys, y)?, find(&self.xs, x)?))
    }
}

/// The grid that a frame draws; `None` when it has not at least two edges in each direction.
pub fn grid(frame: &Frame) -> Option<Grid> {
    let mut frame = frame.clone();
    let open_bottom = close(&mut frame);
    let xs = positions(frame.down.iter().map(|e| e.at).collect());
    let ys = positions(frame.across.iter().map(|e| e.at).collect());
    if xs.len() < 2 || ys.len() < 2 || (xs.len() - 1) * (ys.len() - 1) > MAX_SQUARES {
        return None;
    }
    let (rows, cols) = (ys.len() - 1, xs.len() - 1);
    // right[r][c]: an edge between (r, c) and (r, c + 1); below[r][c]: between (r, c) and (r + 1, c).
    let right = separated(&frame.down, &xs, &ys);
    let below = separated(&frame.across, &ys, &xs);
    let mut owned = vec![false; rows * cols];
    let mut cells = Vec::new();
    for row in 0..rows {
        for col in 0..cols {
            if owned[row * cols + col] {
                continue;
            }
            let mut end = col + 1;
            while end < cols && !right[end * rows + row] && !owned[row * cols + end] {
                end += 1;
            }
            let mut bottom = row + 1;
            while bottom < rows
                && (col..end).all(|c| !below[bottom * cols + c] && !owned[bottom * cols + c])
                && (col + 1..end).all(|c| !right[c * rows + bottom])
                && (end == cols || right[end * rows + bottom])
                && (col == 0 || right[col * rows + bottom])
            {
                bottom += 1;
            }
            for r in row..bottom {
                owned[r * cols + col..r * cols + end].fill(true);
            }
            cells.push(Square {
                row,
                col,
                row_span: bottom - row,
                col_span: end - col,
            });
        }
    }
    Some(Grid {
        xs,
        ys,
        cells,
        open_bottom,
        held: Vec::new(),
        extents: Vec::new(),
    })
}

/// `[i * n + k]`: whether edges at position `i` separate the squares beside their `k`-th stretch.
fn separated(edges: &[Rule], at: &[f64], along: &[f64]) -> Vec<bool> {
    let n = along.len() - 1;
    let mut covered = vec![0.0f64; at.len() * n];
    for edge in edges {
        let Some(i) = at.iter().position(|p| (edge.at - p).abs() <= SNAP) else {
            continue;
        };
        let first = along.partition_point(|p| *p <= edge.lo).saturating_sub(1);
        for k in first..n {
            if along[k] >= edge.hi {
                break;
            }
            covered[i * n + k] += edge.hi.min(along[k + 1]) - edge.lo.max(along[k]);
        }
    }
    (0..at.len() * n)
        .map(|index| covered[index] >= COVER * (along[index % n + 1] - along[index % n]))
        .collect()
}

/// Adds the outer edges that a printer leaves out: none at the sides of open tables, none at a page's end in Chromium.
/// Returns whether the bottom was open.
fn close(frame: &mut Frame) -> bool {
    let open_label = close_labels(frame);
    let [left, top, right, bottom] = frame.bounds();
    let ends = |edges: &[Rule], value: f64, low: bool| {
        edges
            .iter()
            .filter(|e| ((if low { e.lo } else { e.hi }) - value).abs() <= SNAP)
            .count()
    };
    let reached = |edges: &[Rule], value: f64| edges.iter().any(|e| (e.at - value).abs() <= 2.0 * SNAP);
    let mut open_bottom = open_label;
    if ends(&frame.across, left, true) >= 2 && !reached(&frame.down, left) {
        frame.down.push(Rule {
            at: left,
            lo: top,
            hi: bottom,
        });
    }
    if ends(&frame.across, right, false) >= 2 && !reached(&frame.down, right) {
        frame.down.push(Rule {
            at: right,
            lo: top,
            hi: bottom,
        });
    }
    if ends(&frame.down, top, true) >= 2 && !reached(&frame.across, top) {
        frame.across.push(Rule {
            at: top,
            lo: left,
            hi: right,
        });
    }
    if ends(&frame.down, bottom, false) >= 2 && !reached(&frame.across, bottom) {
        frame.across.push(Rule {
            at: bottom,
            lo: left,
            hi: right,
        });
        open_bottom = true;
    }
    open_bottom
}

/// Closes a merged label that runs over the page where the other columns have no row any more: its verticals go on below
/// the last rule, and its text may stand there. The row beside it reaches down with it; nothing else stands there.
/// Returns whether there was one at the bottom.
fn close_labels(frame: &mut Frame) -> bool {
    let mut open_bottom = false;
    for low in [true, false] {
        let rules = frame.across.iter().map(|a| a.at);
        let limit = if low {
            rules.fold(f64::INFINITY, f64::min)
        } else {
            rules.fold(f64::NEG_INFINITY, f64::max)
        };
        let [left, top, right, bottom] = frame.bounds();
        let end = if low { top } else { bottom };
        let reach = |e: &Rule| if low { e.lo } else { e.hi };
        let beyond = |e: &Rule| (reach(e) - end).abs() <= SNAP;
        let at: Vec<f64> = frame.down.iter().filter(|e| beyond(e)).map(|e| e.at).collect();
        let first = at.iter().copied().fold(f64::INFINITY, f64::min);
        let last = at.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        // Where every column goes on, it is a row without a closing rule.
        let others_end = frame.down.iter().any(|e| (reach(e) - limit).abs() <= SNAP);
        let whole = !others_end || (first <= left + SNAP && last >= right - SNAP);
        if !limit.is_finite() || (end - limit).abs() <= 2.0 * SNAP || at.len() < 2 || whole {
            continue;
        }
        for edge in frame.down.iter_mut().filter(|e| (reach(e) - limit).abs() <= SNAP) {
            if low {
                edge.lo = end;
            } else {
                edge.hi = end;
            }
        }
        for rule in frame.across.iter_mut().filter(|a| (a.at - limit).abs() <= SNAP) {
            rule.at = end;
        }
        frame.across.push(Rule {
            at: end,
            lo: first,
            hi: last,
        });
        open_bottom |= !low;
    }
    open_bottom
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rule(at: f64, lo: f64, hi: f64) -> Rule {
        Rule { at, lo, hi }
    }

    #[test]
    fn missing_rulings_merge_squares() {
        // Three columns, two rows; the first column is one cell, the header spans the other two.
        let frame = Frame {
            across: vec![rule(0.0, 0.0, 90.0), rule(20.0, 30.0, 90.0), rule(40.0, 0.0, 90.0)],
            down: vec![
                rule(0.0, 0.0, 40.0),
                rule(30.0, 0.0, 40.0),
                rule(60.0, 20.0, 40.0),
                rule(90.0, 0.0, 40.0),
            ],
        };
        let grid = grid(&frame).unwrap();
        let spans: Vec<_> = grid
            .cells
            .iter()
            .map(|c| (c.row, c.col, c.row_span, c.col_span))
            .collect();
        assert_eq!(spans, [(0, 0, 2, 1), (0, 1, 1, 2), (1, 1, 1, 1), (1, 2, 1, 1)]);
        assert!(!grid.open_bottom);
    }

    #[test]
    fn open_sides_and_bottom_are_closed() {
        let frame = Frame {
            across: vec![rule(0.0, 0.0, 90.0), rule(20.0, 0.0, 90.0)],
            down: vec![rule(30.0, 0.0, 40.0), rule(60.0, 0.0, 40.0)],
        };
        let grid = grid(&frame).unwrap();
        assert_eq!((grid.rows(), grid.cols()), (2, 3));
        assert!(grid.open_bottom);
    }

    #[test]
    fn a_label_that_goes_on_to_the_next_page_makes_no_row() {
        // Two rows beside a merged label; the label's sides run on to the page's end.
        let frame = Frame {
            across: vec![rule(0.0, 0.0, 90.0), rule(20.0, 30.0, 90.0), rule(40.0, 30.0, 90.0)],
            down: vec![rule(0.0, 0.0, 70.0), rule(30.0, 0.0, 70.0), rule(90.0, 0.0, 40.0)],
        };
        let grid = grid(&frame).unwrap();
        let spans: Vec<_> = grid
            .cells
            .iter()
            .map(|c| (c.row, c.col, c.row_span, c.col_span))
            .collect();
        assert_eq!(spans, [(0, 0, 2, 1), (0, 1, 1, 1), (1, 1, 1, 1)]);
        assert!(grid.open_bottom);
    }
}
