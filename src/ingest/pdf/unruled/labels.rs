//! Labels of several rows at the left of a table without rulings: how far down each of them reaches.
//!
//! A label stands in the middle of its rows, or at their top, and each row has one.

use super::cells::{Align, Cost, NEVER, as_one, extent};
use super::frags::{Frag, Measures};
use super::rows::Cell;

/// Most rows of a label, and most of its lines.
const TALLEST: usize = 80;
const MOST_LINES: usize = 12;
/// Cost of a label of several rows, and of a row without one.
const SPAN: Cost = 10;
const BLANK: Cost = 25;
const BARE: Cost = 5;
/// Cost of a label that is a note in brackets.
const NOTE: Cost = 20;
/// Cost of a label of headings and of what is below them.
const MIXED: Cost = 15;
/// A label may stand off the middle of its rows by this many parts of the font size.
const OFF: f64 = 0.5;
/// Cost of a label that is higher than its rows.
const HIGH: Cost = 30;

/// A row as the labels see it.
#[derive(Debug, Clone, Copy)]
pub struct RowAt {
    pub top: f64,
    pub bottom: f64,
    /// The label's column is covered in this row by a cell of another.
    pub taken: bool,
    /// Nothing stands in the first column behind the labels either, as in the row of a total.
    pub bare: bool,
    /// No value stands in it, as in a row of headings.
    pub heads: bool,
}

/// The labels of a column, with what they cost; `frags` are the lines of the column, from top to bottom.
pub fn labels(
    all: &[Frag],
    frags: &[usize],
    column: usize,
    rows: &[RowAt],
    measures: &Measures<'_>,
    align: Align,
) -> Option<(Cost, Vec<Cell>)> {
    let (n, m) = (rows.len(), frags.len());
    // best[i][k]: the first i rows have taken the first k lines.
    let mut best: Vec<Vec<(Cost, usize, usize)>> = vec![vec![(NEVER, 0, 0); m + 1]; n + 1];
    best[0][0] = (0, 0, 0);
    // What the lines from one on cost as a label, for each number of them.
    let as_label: Vec<Vec<Cost>> = (0..m)
        .map(|k| {
            // （80分） is the end of a label.
            let first = &all[frags[k]];
            let note = first.text.starts_with(['（', '(']) && !first.begins;
            let ends = k + 1..=m.min(k + MOST_LINES);
            let costs = ends.map(|end| {
                let lines: Vec<&Frag> = frags[k..end].iter().map(|f| &all[*f]).collect();
                as_one(&lines, measures) + if note { NOTE } else { 0 }
            });
            costs.take_while(|cost| *cost < NEVER).collect()
        })
        .collect();
    for i in 0..n {
        for k in 0..=m {
            let cost = best[i][k].0;
            if cost >= NEVER {
                continue;
            }
            let blank = match (rows[i].taken, rows[i].bare) {
                (true, _) => 0,
                (_, true) => BARE,
                _ if rows[i].heads => BARE,
                _ => BLANK,
            };
            relax(&mut best[i + 1][k], (cost + blank, i, k));
            if rows[i].taken {
                continue;
            }
            let Some(costs) = as_label.get(k) else { continue };
            for (more, own) in costs.iter().enumerate() {
                let end = k + 1 + more;
                let lines = frags[k..end].iter().map(|f| &all[*f]);
                let label = extent(lines);
                if label.1 < rows[i].top - measures.size && align != Align::Bottom {
                    break;
                }
                for j in i..n.min(i + TALLEST) {
                    if rows[j].taken {
                        break;
                    }
                    // No label runs into the rows above and below its own.
                    let room = 0.3 * measures.size;
                    let above = i.checked_sub(1).is_some_and(|r| label.0 < rows[r].bottom - room);
                    let below = rows.get(j + 1).is_some_and(|r| label.1 > r.top + room);
                    if above || below {
                        continue;
                    }
                    if let Some(fits) = fit(label, &rows[i..=j], align, measures.size) {
                        // Few labels reach over headings and what is below them.
                        let mixed = rows[i].heads && rows[i..=j].iter().any(|r| !r.heads);
                        let span = if j > i { SPAN } else { 0 } + if mixed { MIXED } else { 0 };
                        relax(&mut best[j + 1][end], (cost + own + fits + span, i, k));
                    }
                }
            }
        }
    }
    let total = best[n][m].0;
    if total >= NEVER {
        return None;
    }
    let mut cells = Vec::new();
    let (mut i, mut k) = (n, m);
    while i > 0 {
        let (_, row, line) = best[i][k];
        if line < k {
            let own = frags[line..k].to_vec();
            let last = own.iter().map(|f| all[*f].last).max().unwrap_or(column);
            cells.push(Cell {
                row,
                rows: i - row,
                first: column,
                last,
                frags: own,
            });
        }
        (i, k) = (row, line);
    }
    cells.reverse();
    Some((total, cells))
}

fn relax(best: &mut (Cost, usize, usize), other: (Cost, usize, usize)) {
    if other.0 < best.0 {
        *best = other;
    }
}

/// Cost of a label of some rows by where it stands; `None` when it stands elsewhere.
fn fit(label: (f64, f64), rows: &[RowAt], align: Align, size: f64) -> Option<Cost> {
    let (top, bottom) = (rows[0].top, rows[rows.len() - 1].bottom);
    let higher = label.1 - label.0 > bottom - top + 0.2 * size;
    let off = match align {
        Align::Middle => (label.0 + label.1 - top - bottom) / 2.0,
        Align::Top => label.0 - top,
        Align::Bottom => label.1 - bottom,
    };
    if off.abs() <= OFF * size {
        // The nearer, the better.
        return Some((60.0 * off.abs() / size) as Cost);
    }
    // A label of more lines than its rows stretches one of them.
    let within = rows
        .iter()
        .all(|r| (r.top + r.bottom) / 2.0 > label.0 && (r.top + r.bottom) / 2.0 < label.1);
    (higher && within && align == Align::Middle).then_some(HIGH)
}
