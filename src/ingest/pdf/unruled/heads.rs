//! Headings that stand over others, in a table without rulings: which columns each of them reaches over.
//!
//! A heading over several columns stands over their middle or at their left edge; those that stand over none reach down
//! beside it.

use super::cells::{Cost, NEVER, as_one, astray, extent};
use super::frags::{Frag, Measures};
use super::rows::{Cell, Segment, Style, group, reach};

/// Longest heading, in characters.
const LONGEST: usize = 18;
/// Most lines of all headings.
const MOST: usize = 60;
/// Most heights at which they stand.
const HEIGHTS: usize = 10;
/// Most columns below one heading.
const WIDEST: usize = 14;
/// Rows of headings.
const DEEPEST: usize = 3;
/// Cost of headings over each other, and of one over others.
const OVER: Cost = 40;
const PARENT: Cost = 15;
/// Cost of a column without heading.
const BLANK: Cost = 60;
/// Most that a heading costs which does not stand over the middle of its columns.
const ASTRAY: Cost = 150;

struct Block<'a> {
    frags: &'a [Frag],
    measures: &'a Measures<'a>,
    style: &'a Style,
}

/// A way to read headings: its cost, its cells and their rows.
type Reading = (Cost, Vec<Cell>, usize);
/// The cheapest way to read the headings of some columns: its cost, and the first column, the cells and the rows of its
/// last part.
type Best = (Cost, usize, Vec<Cell>, usize);

/// Lines as headings of which some stand over others; `None` when there are none such.
pub fn headings(frags: &[Frag], own: &[usize], measures: &Measures<'_>, style: &Style) -> Option<Segment> {
    let short = |i: &usize| !frags[*i].value && frags[*i].text.chars().count() <= LONGEST;
    if own.len() < 4 || own.len() > MOST || !own.iter().all(short) {
        return None;
    }
    let mut heights: Vec<f64> = own.iter().map(|i| frags[*i].base).collect();
    heights.sort_by(f64::total_cmp);
    heights.dedup_by(|b, a| *b - *a < 0.2 * measures.size);
    // Headings over others stand at two heights at least; many heights are no headings.
    if !(2..=HEIGHTS).contains(&heights.len()) {
        return None;
    }
    let block = Block { frags, measures, style };
    let (first, last) = (style.labels, measures.columns.checked_sub(1)?);
    let (cost, cells, rows) = block.read(own, (first, last), DEEPEST)?;
    // 主管部门 ∣ 市教育局 ∣ 实施单位 ∣ 市图书馆: labels with their values head no columns.
    let text = |c: &Cell| c.frags.iter().map(|i| frags[*i].text.as_str()).collect::<String>();
    let known = cells
        .iter()
        .map(text)
        .filter(|t| measures.knows(t) && !measures.is_head(t))
        .count();
    (rows > 1 && known * 3 >= cells.len() * 2).then_some(Segment {
        cells,
        rows,
        cost: cost + OVER,
    })
}

impl Block<'_> {
    fn lines(&self, own: &[usize]) -> Vec<&Frag> {
        own.iter().map(|i| &self.frags[*i]).collect()
    }

    /// The cheapest way to read lines as headings of the columns from the first to the last.
    fn read(&self, own: &[usize], columns: (usize, usize), deepest: usize) -> Option<Reading> {
        let mut bases: Vec<f64> = own.iter().map(|i| self.frags[*i].base).collect();
        bases.sort_by(f64::total_cmp);
        bases.dedup_by(|b, a| *b - *a < 0.2 * self.measures.size);
        let mut best = self.parts(own, columns, f64::NEG_INFINITY, 1);
        if deepest > 1 {
            for pair in bases.windows(2) {
                let reading = self.parts(own, columns, (pair[0] + pair[1]) / 2.0, deepest);
                if let Some(reading) = reading
                    && best.as_ref().is_none_or(|b| reading.0 < b.0)
                {
                    best = Some(reading);
                }
            }
        }
        best
    }

    /// The same, where headings over others have their lines above a height.
    fn parts(&self, own: &[usize], (first, last): (usize, usize), over: f64, deepest: usize) -> Option<Reading> {
        let row = extent(self.lines(own));
        let n = last + 1 - first;
        let mut best: Vec<Option<Best>> = vec![None; n + 1];
        best[0] = Some((0, 0, Vec::new(), 0));
        for end in 1..=n {
            for start in end.saturating_sub(WIDEST)..end {
                let Some(before) = best[start].as_ref().map(|b| b.0) else {
                    continue;
                };
                let columns = (first + start, first + end - 1);
                let touches = |i: &&usize| self.frags[**i].first <= columns.1 && self.frags[**i].last >= columns.0;
                let inside = |i: &usize| self.frags[*i].first >= columns.0 && self.frags[*i].last <= columns.1;
                let part: Vec<usize> = own.iter().filter(touches).copied().collect();
                if !part.iter().all(inside) {
                    continue;
                }
                let alone = self.alone(&part, columns, row);
                let over = if (end - start > 1 || self.stacked(&part)) && deepest > 1 {
                    self.over(&part, columns, over, deepest)
                } else {
                    None
                };
                for (cost, cells, rows) in alone.into_iter().chain(over) {
                    if best[end].as_ref().is_none_or(|b| before + cost < b.0) {
                        best[end] = Some((before + cost, start, cells, rows));
                    }
                }
            }
        }
        let (mut cells, mut rows) = (Vec::new(), 1);
        let cost = best[n].as_ref()?.0;
        let mut at = n;
        while at > 0 {
            let (_, start, own, deep) = best[at].take()?;
            cells.extend(own);
            rows = rows.max(deep);
            at = start;
        }
        // What has no headings below reaches down to the last row.
        for cell in &mut cells {
            let lowest = cell.rows == 0;
            if lowest {
                cell.rows = rows - cell.row;
            }
        }
        Some((cost, cells, rows))
    }

    /// Whether two headings stand over each other in one column: the lower one is known, and both together are none.
    fn stacked(&self, part: &[usize]) -> bool {
        let lowest = part
            .iter()
            .max_by(|a, b| self.frags[**a].base.total_cmp(&self.frags[**b].base));
        part.len() > 1
            && lowest.is_some_and(|i| self.frags[*i].known)
            && !self
                .measures
                .exact(&part.iter().map(|i| self.frags[*i].text.as_str()).collect::<String>())
    }

    /// One heading that has none below.
    fn alone(&self, part: &[usize], columns: (usize, usize), row: (f64, f64)) -> Option<Reading> {
        if part.is_empty() {
            return (columns.0 == columns.1).then(|| (BLANK, Vec::new(), 1));
        }
        let groups = group(self.frags, part)?;
        let [own] = groups.as_slice() else { return None };
        if reach(self.frags, own) != columns {
            return None;
        }
        let lines = self.lines(own);
        let align = self.style.align[columns.0];
        let cost =
            as_one(&lines, self.measures) + astray(extent(lines.iter().copied()), row, align, self.measures.size);
        let cell = Cell {
            row: 0,
            rows: 0,
            first: columns.0,
            last: columns.1,
            frags: own.clone(),
        };
        (cost < NEVER).then(|| (cost, vec![cell], 1))
    }

    /// One heading over others.
    fn over(&self, part: &[usize], columns: (usize, usize), over: f64, deepest: usize) -> Option<Reading> {
        let (above, below): (Vec<usize>, Vec<usize>) = part.iter().partition(|i| self.frags[**i].base < over);
        if above.is_empty() || below.is_empty() {
            return None;
        }
        let groups = group(self.frags, &above)?;
        let [own] = groups.as_slice() else { return None };
        let filled = |c: usize| {
            below
                .iter()
                .any(|i| self.frags[*i].first <= c && c <= self.frags[*i].last)
        };
        if !(columns.0..=columns.1).all(filled) {
            return None;
        }
        let lines = self.lines(own);
        let (x0, x1) = lines.iter().fold((f64::INFINITY, f64::NEG_INFINITY), |(a, b), f| {
            (a.min(f.x0), b.max(f.x1))
        });
        let (left, right) = (self.measures.extents[columns.0].0, self.measures.extents[columns.1].1);
        let off = ((x0 + x1 - left - right) / 2.0).abs().min((x0 - left).abs()) / self.measures.size;
        let aside = ((30.0 * off) as Cost).min(ASTRAY);
        let (cost, mut cells, rows) = self.read(&below, columns, deepest - 1)?;
        for cell in &mut cells {
            // Those of the last row are told their height where the whole is known.
            if cell.row + cell.rows == rows {
                cell.rows = 0;
            }
            cell.row += 1;
        }
        cells.push(Cell {
            row: 0,
            rows: 1,
            first: columns.0,
            last: columns.1,
            frags: own.clone(),
        });
        let total = cost + aside + PARENT + as_one(&lines, self.measures);
        (total < NEVER).then_some((total, cells, rows + 1))
    }
}
