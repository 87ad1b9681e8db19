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
        if cell.frags.first().is_some_and(|i| frags[*i].value) {
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
        let section = Section { head, end };
        section.align(cells);
        section.order(cells, frags);
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

    /// Where a heading has nothing below it and figures stand below none: the headings take the columns of the figures in
    /// their order, where each row has one for each heading.
    fn order(&self, cells: &mut [Cell], frags: &[Frag]) {
        let overlaps = |a: &Cell, b: &Cell| a.first <= b.last && b.first <= a.last;
        let mut heads: Vec<usize> = (0..cells.len())
            .filter(|i| cells[*i].row == self.head && cells[*i].rows == 1)
            .collect();
        heads.sort_by_key(|i| cells[*i].first);
        let seen: &[Cell] = cells;
        let body = |row: usize| (0..seen.len()).filter(move |i| seen[*i].row == row && seen[*i].rows == 1);
        let is_value = |i: usize| seen[i].frags.iter().any(|f| frags[*f].value);
        let valued = |row: &usize| body(*row).any(is_value);
        let rows: Vec<usize> = (self.head + 1..self.end).filter(valued).collect();
        let all = || rows.iter().flat_map(|row| body(*row));
        let bare = heads
            .iter()
            .filter(|h| !all().any(|i| overlaps(&seen[**h], &seen[i])))
            .count();
        let left = heads.first().map_or(0, |h| seen[*h].first);
        let free = all().filter(|i| seen[*i].first >= left && !heads.iter().any(|h| overlaps(&seen[*h], &seen[*i])));
        if bare == 0 || free.count() == 0 {
            return;
        }
        let mut columns: Vec<Option<(usize, usize)>> = vec![None; heads.len()];
        for row in &rows {
            let mut own: Vec<usize> = body(*row).filter(|i| seen[*i].first >= left).collect();
            own.sort_by_key(|i| seen[*i].first);
            if own.len() != heads.len() {
                return;
            }
            for (column, i) in columns.iter_mut().zip(own) {
                let (first, last) = (seen[i].first, seen[i].last);
                let so_far = column.unwrap_or((first, last));
                *column = Some((so_far.0.min(first), so_far.1.max(last)));
            }
        }
        let columns: Vec<(usize, usize)> = columns.into_iter().flatten().collect();
        if columns.len() == heads.len() && columns.windows(2).all(|w| w[0].1 < w[1].0) {
            for (head, (first, last)) in heads.into_iter().zip(columns) {
                (cells[head].first, cells[head].last) = (first, last);
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
        // What stands beside a heading and under none is its own where no row holds both: figures at the right of a cell that
        // is merged, its heading and its dashes at the left.
        let under = |c: &Cell, range: (usize, usize)| below(c) && overlaps(c, range);
        let headed = |at: usize| {
            cells
                .iter()
                .any(|c| c.row <= self.head && here(c) && overlaps(c, (at, at)))
        };
        let both = |at: usize| {
            let beside = |c: &&Cell| under(c, (at, at)) && !overlaps(c, own);
            cells
                .iter()
                .filter(beside)
                .any(|c| cells.iter().any(|d| d.row == c.row && under(d, own)))
        };
        let adopted =
            |at: &usize| cells.iter().any(|c| under(c, (*at, *at)) && !overlaps(c, own)) && !headed(*at) && !both(*at);
        if cells[start].row == self.head {
            let left = own.0.checked_sub(1).filter(adopted);
            let right = Some(own.1 + 1).filter(adopted);
            match (left, right) {
                (None, Some(at)) => range.1 = at,
                (Some(at), None) => range.0 = at,
                _ => {}
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
