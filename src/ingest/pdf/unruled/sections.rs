//! Cells of a section under their headings: a cell that is merged over columns of another section has its text at the left,
//! in the middle or at the right, so that a heading and its figures may seem to stand in two columns.

use super::frags::{Frag, Measures};
use super::rows::Cell;

/// Whether known headings stand in a row and no value.
pub fn is_headings(cells: &[Cell], row: usize, frags: &[Frag], measures: &Measures<'_>) -> bool {
    let (mut all, mut known) = (0, 0);
    for cell in cells
        .iter()
        .filter(|c| c.row <= row && row < c.row + c.rows && !c.frags.is_empty())
    {
        if cell.frags.iter().any(|i| frags[*i].value) {
            return false;
        }
        let text: String = cell.frags.iter().map(|i| frags[*i].text.as_str()).collect();
        all += 1;
        known += usize::from(measures.knows(&text) && !measures.is_head(&text));
    }
    known >= 2 && known * 3 >= all * 2
}

/// Gives the cells of each section the columns of their heading, and the heading those of its cells.
pub fn align(cells: &mut [Cell], rows: usize, frags: &[Frag], measures: &Measures<'_>) {
    let heads: Vec<bool> = (0..rows).map(|row| is_headings(cells, row, frags, measures)).collect();
    for head in (0..rows).filter(|row| heads[*row]) {
        let end = (head + 1..rows).find(|row| heads[*row]).unwrap_or(rows);
        // Headings over others are laid by what stands below them.
        if head > 0 && heads[head - 1] || end == head + 1 {
            continue;
        }
        Section { head, end }.align(cells);
    }
}

/// A row of headings and the rows below it.
struct Section {
    head: usize,
    end: usize,
}

impl Section {
    fn align(&self, cells: &mut [Cell]) {
        let own = |c: &Cell| c.rows == 1 && self.head <= c.row && c.row < self.end;
        let of_head = |c: &Cell| own(c) && c.row == self.head;
        let wide = |c: &Cell| own(c) && c.row > self.head && c.last > c.first;
        let mut starts: Vec<usize> = (0..cells.len()).filter(|i| of_head(&cells[*i])).collect();
        starts.sort_by_key(|i| cells[*i].first);
        let mut body: Vec<usize> = (0..cells.len()).filter(|i| wide(&cells[*i])).collect();
        body.sort_by_key(|i| (cells[*i].first, cells[*i].row));
        starts.extend(body);
        for start in starts {
            let Some((range, found)) = self.range(cells, start) else {
                continue;
            };
            for at in found {
                (cells[at].first, cells[at].last) = range;
            }
        }
    }

    /// The columns of a cell with those above and below it, and all of these, where no other stands beside one of them.
    fn range(&self, cells: &[Cell], start: usize) -> Option<((usize, usize), Vec<usize>)> {
        let here = |c: &Cell| c.row < self.end && self.head < c.row + c.rows;
        let overlaps = |c: &Cell, (first, last): (usize, usize)| c.first <= last && first <= c.last;
        let below = |c: &Cell| c.rows == 1 && self.head < c.row && c.row < self.end;
        let mut range = (cells[start].first, cells[start].last);
        let own = range;
        // What stands below another heading too is merged over both: the row of a total.
        let other =
            |h: &Cell, c: &Cell| h.row <= self.head && here(h) && overlaps(h, (c.first, c.last)) && !overlaps(h, own);
        let crossing = |c: &Cell| below(c) && cells.iter().any(|h| other(h, c));
        let grown = |range: (usize, usize)| {
            let all = cells.iter().filter(|c| here(c) && overlaps(c, range) && !crossing(c));
            all.fold(range, |(a, b), c| (a.min(c.first), b.max(c.last)))
        };
        if !cells.iter().any(|c| below(c) && overlaps(c, range)) {
            // A heading with nothing below it: what stands beside it, under none.
            let under = |at: usize| cells.iter().any(|c| below(c) && overlaps(c, (at, at)));
            let headed = |at: usize| {
                cells
                    .iter()
                    .any(|c| c.row <= self.head && here(c) && overlaps(c, (at, at)))
            };
            let left = range.0.checked_sub(1).filter(|at| under(*at) && !headed(*at));
            let right = Some(range.1 + 1).filter(|at| under(*at) && !headed(*at));
            match (left, right) {
                (None, Some(at)) => range.1 = at,
                (Some(at), None) => range.0 = at,
                _ => return None,
            }
        }
        // Each further cell may reach over more columns.
        while range != grown(range) {
            range = grown(range);
        }
        let mut seen = vec![0; self.end - self.head];
        let mut found = Vec::new();
        for (at, cell) in cells.iter().enumerate().filter(|(_, c)| here(c) && overlaps(c, range)) {
            let row = cell.row.checked_sub(self.head)?;
            let count = seen.get_mut(row)?;
            *count += 1;
            if cell.rows > 1 || *count > 1 {
                return None;
            }
            if !crossing(cell) {
                found.push(at);
            }
        }
        Some((range, found))
    }
}
