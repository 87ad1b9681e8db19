//! Laid rows to a grid: labels spread over their rows, lines of text taken off, what is not sure left out.

use super::cells::{Cost, KNOWN, as_one};
use super::frags::{Frag, Measures};
use super::labels::{RowAt, labels};
use super::lay::{Laid, bodies, places};
use super::rows::Cell;
use super::sections;
use crate::ingest::pdf::grid::{Grid, Held, Square};

/// Another reading of a row must cost this much more.
const SURE: Cost = 20;

/// Longest heading over all others, in characters; a title is longer.
const HEADING: usize = 8;

/// A row of the grid.
#[derive(Debug, Clone, Copy)]
struct GridRow {
    top: f64,
    bottom: f64,
    sure: bool,
}

/// The cells of a table in its rows.
pub struct Table<'a> {
    frags: &'a [Frag],
    measures: &'a Measures<'a>,
    rows: Vec<GridRow>,
    cells: Vec<Cell>,
}

impl<'a> Table<'a> {
    pub fn new(frags: &'a [Frag], measures: &'a Measures<'a>, laid: &Laid, rules: &[f64]) -> Option<Self> {
        let mut rows = Vec::new();
        for (start, end, segment) in &laid.rows.segments {
            let sure = (*start..=*end).all(|i| laid.rows.sure.get(i).is_none_or(|s| *s >= SURE));
            let digits = segment.cells.iter().flat_map(|c| &c.frags).any(|i| frags[*i].value);
            // Two figures in one cell: a border was not seen, whatever else is sure.
            let double = segment.cells.iter().flat_map(|c| &c.frags).any(|i| frags[*i].double);
            rows.extend((0..segment.rows).map(|_| (sure || !digits) && !double));
        }
        // Nor is a name that is two: labels that stand in rows without values have none of their own.
        let two = |cell: &&Cell| as_one(&cell.frags.iter().map(|i| &frags[*i]).collect::<Vec<_>>(), measures) >= KNOWN;
        for cell in laid.labels.iter().filter(two) {
            let until = (cell.row + cell.rows).min(rows.len());
            rows[cell.row.min(until)..until].fill(false);
        }
        let places = places(frags, &laid.rows);
        let mut cells: Vec<Cell> = bodies(&laid.rows)
            .into_iter()
            .map(|(at, c)| Cell {
                row: at + c.row,
                ..c.clone()
            })
            .collect();
        cells.extend(laid.labels.iter().cloned());
        let mut table = Table {
            frags,
            measures,
            rows: places
                .iter()
                .zip(rows)
                .map(|((top, bottom), sure)| GridRow {
                    top: *top,
                    bottom: *bottom,
                    sure,
                })
                .collect(),
            cells,
        };
        table.spread_labels(laid);
        sections::align(&mut table.cells, table.rows.len(), frags, measures);
        table.trim(!rules.is_empty());
        table.is_table().then_some(table)
    }

    fn in_row(&self, row: usize) -> impl Iterator<Item = &Cell> {
        self.cells.iter().filter(move |c| c.row <= row && row < c.row + c.rows)
    }

    fn figures(&self, row: usize, from: usize) -> usize {
        let figure = |c: &&Cell| c.first >= from && c.rows == 1 && c.frags.iter().any(|i| self.frags[*i].value);
        self.in_row(row).filter(figure).count()
    }

    /// Words at the left that stand in the middle of several rows are labels of all of them.
    fn spread_labels(&mut self, laid: &Laid) {
        for column in laid.style.labels..self.measures.columns.saturating_sub(1) {
            let own: Vec<usize> = (0..self.cells.len())
                .filter(|i| self.cells[*i].first == column && self.cells[*i].last == column)
                .collect();
            let words = |column: usize| {
                let here = || self.frags.iter().filter(move |f| f.first == column && f.last == column);
                here().filter(|f| f.value).count() * 8 <= here().count()
            };
            if !words(column)
                || !words(column + 1)
                || own.iter().any(|i| self.cells[*i].rows > 1 && self.cells[*i].row > 3)
            {
                return;
            }
            let taken = |row: usize| {
                let other = |c: &&Cell| c.first <= column && c.last >= column && (c.first, c.last) != (column, column);
                self.in_row(row).any(|c| other(&c) || c.first == column && c.rows > 1)
            };
            let at: Vec<RowAt> = (0..self.rows.len())
                .map(|row| RowAt {
                    top: self.rows[row].top,
                    bottom: self.rows[row].bottom,
                    taken: taken(row),
                    heads: self.figures(row, 0) == 0,
                    bare: !self.in_row(row).any(|c| c.first <= column + 1 && column < c.last),
                })
                .collect();
            let blank = (0..self.rows.len()).any(|row| !at[row].taken && !self.in_row(row).any(|c| c.first == column));
            let single: Vec<usize> = own.iter().copied().filter(|i| self.cells[*i].rows == 1).collect();
            let mut lines: Vec<usize> = single.iter().flat_map(|i| self.cells[*i].frags.clone()).collect();
            lines.sort_by(|a, b| self.frags[*a].base.total_cmp(&self.frags[*b].base));
            if !blank {
                continue;
            }
            let Some((_, found)) = labels(self.frags, &lines, column, &at, self.measures, laid.style.align[column])
            else {
                return;
            };
            let whole = (0..self.rows.len())
                .all(|row| at[row].taken || at[row].bare || found.iter().any(|c| c.row <= row && row < c.row + c.rows));
            if !whole || found.len() != single.len() {
                return;
            }
            let mut index = 0;
            self.cells.retain(|_| {
                index += 1;
                !single.contains(&(index - 1))
            });
            self.cells.extend(found);
        }
    }

    /// Takes off the first and last rows that are lines of text of their own: titles, labels with their values, notes.
    fn trim(&mut self, ruled: bool) {
        let text = |table: &Table<'_>, row: usize| {
            let cells: Vec<&Cell> = table.in_row(row).collect();
            let told = |c: &&Cell| c.frags.iter().any(|i| table.frags[*i].text.contains(['：', ':']));
            let whole = cells.iter().all(|c| c.rows == 1);
            // 2022年度 over the columns of figures heads them.
            let group = |c: &&Cell| {
                let length: usize = c.frags.iter().map(|i| table.frags[*i].text.chars().count()).sum();
                row == 0 && c.first > 0 && c.last > c.first && length <= HEADING
            };
            let alone = cells.len() <= 1 && !ruled && !cells.iter().any(group);
            whole && (alone || cells.iter().all(told))
        };
        while !self.rows.is_empty() && text(self, self.rows.len() - 1) {
            let last = self.rows.len() - 1;
            self.rows.pop();
            self.cells.retain(|c| c.row < last);
        }
        while !self.rows.is_empty() && text(self, 0) {
            self.rows.remove(0);
            self.cells.retain(|c| c.row > 0);
            self.cells.iter_mut().for_each(|c| c.row -= 1);
        }
    }

    /// Whether a label stands alone in a row between others, in a column that most rows leave empty: it is merged with
    /// rows that are not told.
    fn has_stray_labels(&self) -> bool {
        let n = self.rows.len();
        let valued = |row: &usize| self.figures(*row, 0) > 0;
        let (Some(first), Some(last)) = ((0..n).find(valued), (0..n).rfind(valued)) else {
            return false;
        };
        (first..last).any(|row| {
            let own: Vec<&Cell> = self.in_row(row).filter(|c| c.rows == 1).collect();
            let [cell] = own.as_slice() else { return false };
            let filled =
                (first..=last).filter(|r| self.in_row(*r).any(|c| c.first <= cell.first && cell.first <= c.last));
            cell.first > 0 && cell.first == cell.last && filled.count() * 2 < last + 1 - first
        })
    }

    /// Whether a row of known headings stands above values, as few as they are.
    fn is_headed(&self) -> bool {
        let n = self.rows.len();
        let headings = |row: &usize| sections::is_headings(&self.cells, *row, self.frags, self.measures);
        let Some(first) = (0..n.min(3)).find(headings) else {
            return false;
        };
        let wide = |row: usize| self.in_row(row).count() > 2;
        (first + 1..n).any(|row| self.figures(row, 1) > 0 || wide(row) && wide(first))
    }

    /// Whether figures stand in columns, row after row.
    fn is_table(&self) -> bool {
        let n = self.rows.len();
        let with: Vec<usize> = (0..n).map(|row| self.figures(row, 1)).collect();
        let figured = with.iter().filter(|f| **f > 0).count();
        let wide = with.iter().filter(|f| **f > 1).count();
        let unsure = self.rows.iter().filter(|r| !r.sure).count();
        let numbers = |c: &Cell| {
            c.frags.iter().all(|i| {
                let text = &self.frags[*i].text;
                text.len() <= 3 && text.bytes().all(|b| b.is_ascii_digit())
            })
        };
        // A table of contents has two columns, the second of page numbers.
        let contents = (0..n).all(|row| {
            let cells: Vec<&Cell> = self.in_row(row).collect();
            cells.len() <= 2 && cells.last().is_some_and(|c| numbers(c))
        });
        n >= 2
            && !contents
            && !self.has_stray_labels()
            && unsure * 3 <= n
            && (self.is_headed() || figured >= 3 && figured * 10 >= n * 6 || wide >= 2 && figured * 10 >= n * 3)
    }

    /// The grid; rows that are not sure are left out of it.
    pub fn grid(mut self, borders: &[f64]) -> Option<Grid> {
        let unsure: Vec<usize> = (0..self.rows.len()).rev().filter(|r| !self.rows[*r].sure).collect();
        for row in unsure {
            self.rows.remove(row);
            self.cells.retain(|c| c.row != row || c.rows > 1);
            for cell in &mut self.cells {
                if cell.row > row {
                    cell.row -= 1;
                } else if cell.row + cell.rows > row {
                    cell.rows -= 1;
                }
            }
        }
        let (borders, extents) = self.without_needless(borders);
        let (rows, cols) = (self.rows.len(), extents.len());
        let mut owner = vec![None; rows * cols];
        let mut squares: Vec<(Square, Vec<usize>)> = Vec::new();
        for cell in &self.cells {
            for row in cell.row..cell.row + cell.rows {
                for col in cell.first..=cell.last {
                    if owner.get_mut(row * cols + col)?.replace(()).is_some() {
                        return None;
                    }
                }
            }
            let square = Square {
                row: cell.row,
                col: cell.first,
                row_span: cell.rows,
                col_span: cell.last + 1 - cell.first,
            };
            squares.push((square, cell.frags.clone()));
        }
        for (at, owner) in owner.iter().enumerate().filter(|(_, o)| o.is_none()) {
            let _: &Option<()> = owner;
            let square = Square {
                row: at / cols,
                col: at % cols,
                row_span: 1,
                col_span: 1,
            };
            squares.push((square, Vec::new()));
        }
        squares.sort_by_key(|(s, _)| (s.row, s.col));
        let mut ys = vec![self.rows.first()?.top - 1.0];
        for pair in self.rows.windows(2) {
            ys.push(((pair[0].bottom + pair[1].top) / 2.0).max(ys[ys.len() - 1] + 0.5));
        }
        ys.push((self.rows.last()?.bottom + 1.0).max(ys[ys.len() - 1] + 0.5));
        let held = squares.iter().enumerate().flat_map(|(cell, (_, own))| {
            own.iter().map(move |i| {
                let f = &self.frags[*i];
                Held {
                    place: [f.x0, f.top(), f.x1, f.bottom()],
                    base: f.base,
                    cell,
                }
            })
        });
        let mut held: Vec<Held> = held.collect();
        held.sort_by(|a, b| a.base.total_cmp(&b.base));
        let left = extents.iter().map(|e| e.0).fold(f64::INFINITY, f64::min) - 2.0;
        let right = extents.iter().map(|e| e.1).fold(f64::NEG_INFINITY, f64::max) + 2.0;
        let mut xs = vec![left];
        xs.extend(borders);
        xs.push(right);
        Some(Grid {
            xs,
            ys,
            cells: squares.into_iter().map(|(s, _)| s).collect(),
            open_bottom: false,
            held,
            extents,
        })
    }

    /// Borders and columns without those that part nothing: no row has cells on both sides, and headings stand on one.
    fn without_needless(&mut self, borders: &[f64]) -> (Vec<f64>, Vec<(f64, f64)>) {
        let mut extents = self.measures.extents.clone();
        let mut kept = borders.to_vec();
        let headings =
            |table: &Self, row: &usize| sections::is_headings(&table.cells, *row, table.frags, table.measures);
        if !(0..self.rows.len()).any(|row| headings(self, &row)) {
            return (kept, extents);
        }
        for left in (0..kept.len()).rev() {
            let at = |c: &&Cell, column: usize| c.first <= column && column <= c.last;
            let parts = |row: usize| {
                let ends = self.in_row(row).any(|c| at(&c, left) && c.last == left);
                let begins = self.in_row(row).any(|c| at(&c, left + 1) && c.first == left + 1);
                ends && begins
            };
            if (0..self.rows.len()).any(parts) {
                continue;
            }
            kept.remove(left);
            let right = extents.remove(left + 1);
            extents[left] = (extents[left].0.min(right.0), extents[left].1.max(right.1));
            for cell in &mut self.cells {
                cell.first -= usize::from(cell.first > left);
                cell.last -= usize::from(cell.last > left);
            }
        }
        (kept, extents)
    }
}
