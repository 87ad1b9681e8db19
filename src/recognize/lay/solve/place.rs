//! Pieces into columns: the cheapest way to lay a sequence of pieces in rows, and how much dearer the next one is.

use super::kind::{KINDS, Kind};
use super::profile::{BIT, Cost};

/// What parts a piece from the one before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Border {
    /// It begins a row.
    Row,
    /// It is a cell of its own, in the same row or the first of the next.
    Any,
    /// It is the next cell of the same row.
    Cell,
    /// It stands in the same row, in the same cell or in one further right.
    Word,
}

/// Not possible.
const NEVER: Cost = 1 << 28;
/// Cost of taking an empty line for no cell at all.
const DROP: Cost = 6 * BIT;
/// Cost of a heading that is repeated.
pub(super) const ECHO: Cost = BIT;
/// Cost of two words in one cell.
const MERGE: Cost = 5 * BIT;

/// A piece as the solver sees it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Item {
    pub kind: Kind,
    pub border: Border,
    /// Cost of the piece when it is no part of the table.
    pub prose: Cost,
    /// Its text is a known heading.
    pub heading: bool,
    /// Columns (a bit each) whose heading it repeats.
    pub echo: u32,
}

/// Where a piece went.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Spot {
    /// Row, counted from 0; `None` for an empty line that is no cell.
    pub row: Option<usize>,
    pub col: usize,
    /// How much dearer the table is with the piece in another column.
    pub margin: Cost,
}

/// Costs of columns.
pub(crate) struct Columns {
    /// Cost of each kind in each column.
    pub costs: Vec<[Cost; KINDS]>,
    /// The kind of a column that no piece of a row stands in: left out or covered.
    pub left_out: Kind,
}

impl Columns {
    /// Cost of an item in a column.
    fn cost(&self, item: &Item, column: usize) -> Cost {
        match item.echo >> column & 1 {
            1 => ECHO,
            _ => self.costs[column][item.kind as usize],
        }
    }
}

/// How a state was reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum From {
    Start,
    NewRow,
    Along(u16),
    Dropped,
}

/// The cheapest places of the first items; the others, if any, are no part of the table.
pub(crate) fn place(items: &[Item], columns: &Columns, with_margins: bool) -> Vec<Spot> {
    let (m, n) = (items.len(), columns.costs.len());
    if m == 0 || n == 0 {
        return Vec::new();
    }
    let skip: Vec<Cost> = columns.costs.iter().map(|c| c[columns.left_out as usize]).collect();
    // Cost of leaving the columns before j empty.
    let mut lead = vec![0; n + 1];
    for j in 0..n {
        lead[j + 1] = lead[j] + skip[j];
    }
    let all = lead[n];
    let mut forward = vec![NEVER; m * n];
    let mut from = vec![From::Start; m * n];
    // Cost of all rows before item i when it begins one; whether item i - 1 was dropped between rows.
    let mut open = vec![NEVER; m + 1];
    let mut open_from: Vec<(usize, bool)> = vec![(0, false); m + 1];
    open[0] = 0;
    for i in 0..m {
        let item = items[i];
        let wraps = i == 0 || matches!(item.border, Border::Row | Border::Any);
        let mut along = (NEVER, 0u16);
        for j in 0..n {
            let own = columns.cost(&item, j);
            if j > 0 && i > 0 {
                let before = forward[(i - 1) * n + j - 1];
                along.0 = (along.0 + skip[j - 1]).min(NEVER);
                if before < along.0 {
                    along = (before, (j - 1) as u16);
                }
            }
            let mut best = (NEVER, From::Start);
            if wraps {
                best = (open[i] + lead[j] + own, From::NewRow);
            }
            if i > 0 && item.border != Border::Row && along.0 + own < best.0 {
                best = (along.0 + own, From::Along(along.1));
            }
            if i > 0 && item.border == Border::Word {
                let merged = forward[(i - 1) * n + j] + merge(items[i - 1].kind, item.kind);
                if merged < best.0 {
                    best = (merged, From::Along(j as u16));
                }
            }
            if i > 0 && item.kind == Kind::Empty && item.border != Border::Row {
                let dropped = forward[(i - 1) * n + j] + DROP;
                if dropped < best.0 {
                    best = (dropped, From::Dropped);
                }
            }
            forward[i * n + j] = best.0.min(NEVER);
            from[i * n + j] = best.1;
        }
        let closing = (0..n).min_by_key(|j| forward[i * n + j] + all - lead[j + 1]);
        if let Some(j) = closing {
            open[i + 1] = (forward[i * n + j] + all - lead[j + 1]).min(NEVER);
            open_from[i + 1] = (j, false);
        }
        if item.kind == Kind::Empty && i > 0 && open[i] + DROP < open[i + 1] {
            open[i + 1] = open[i] + DROP;
            open_from[i + 1] = (0, true);
        }
    }
    let end = end(items, &open);
    let mut spots = trace(&items[..end], n, &from, &open_from);
    if with_margins {
        margins(&items[..end], columns, &skip, &lead, &forward, &mut spots);
    }
    spots
}

/// Where the table ends: what follows is cheaper as no part of it.
fn end(items: &[Item], open: &[Cost]) -> usize {
    let mut rest = 0;
    let mut best = (items.len(), open[items.len()]);
    for i in (1..items.len()).rev() {
        rest += items[i].prose;
        let breaks = matches!(items[i].border, Border::Row | Border::Any);
        if breaks && open[i] + rest < best.1 {
            best = (i, open[i] + rest);
        }
    }
    best.0
}

/// Cost of a word in the same cell as the one before.
pub(super) fn merge(before: Kind, kind: Kind) -> Cost {
    let words = before.is_words() && kind.is_words();
    let apart = matches!(before, Kind::Level1 | Kind::Level2) || matches!(kind, Kind::Level1 | Kind::Level2);
    match (words, apart) {
        (true, false) => MERGE,
        (true, true) => 2 * MERGE,
        _ => 6 * MERGE,
    }
}

fn trace(items: &[Item], n: usize, from: &[From], open_from: &[(usize, bool)]) -> Vec<Spot> {
    let mut spots: Vec<Spot> = Vec::with_capacity(items.len());
    let spot = |row, col| Spot {
        row,
        col,
        margin: NEVER,
    };
    let mut i = items.len();
    let mut row = 0usize;
    // Column of the item being traced; `None` at the border of two rows.
    let mut at: Option<usize> = None;
    while i > 0 {
        let (col, dropped) = match at {
            Some(col) => (col, false),
            None => open_from[i],
        };
        if dropped {
            spots.push(spot(None, 0));
            i -= 1;
            continue;
        }
        i -= 1;
        match from[i * n + col] {
            From::Dropped => {
                spots.push(spot(None, 0));
                at = Some(col);
            }
            From::Along(before) => {
                spots.push(spot(Some(row), col));
                at = Some(usize::from(before));
            }
            From::NewRow | From::Start => {
                spots.push(spot(Some(row), col));
                row += 1;
                at = None;
            }
        }
    }
    spots.reverse();
    // Rows were counted from the last.
    for spot in &mut spots {
        spot.row = spot.row.map(|r| row - 1 - r);
    }
    spots
}

/// How much dearer the whole is with each item in another column.
fn margins(items: &[Item], columns: &Columns, skip: &[Cost], lead: &[Cost], forward: &[Cost], spots: &mut [Spot]) {
    let (m, n) = (items.len(), skip.len());
    let all = lead[n];
    // Cost of what follows an item in column j.
    let mut behind: Vec<Cost> = (0..n).map(|j| all - lead[j + 1]).collect();
    let mut now = vec![NEVER; n];
    for i in (0..m).rev() {
        if i + 1 < m {
            let next = items[i + 1];
            let own = |j: usize| columns.cost(&next, j);
            let wraps = matches!(next.border, Border::Row | Border::Any);
            let row = (0..n).map(|j| lead[j] + own(j) + behind[j]).min().unwrap_or(NEVER);
            let mut along = NEVER;
            for j in (0..n).rev() {
                if j + 1 < n {
                    let here = own(j + 1) + behind[j + 1];
                    along = if j + 2 < n {
                        (along + skip[j + 1]).min(here)
                    } else {
                        here
                    };
                }
                let mut best = NEVER;
                if wraps {
                    best = row + all - lead[j + 1];
                }
                if next.border != Border::Row {
                    best = best.min(along);
                }
                if next.border == Border::Word {
                    best = best.min(merge(items[i].kind, next.kind) + behind[j]);
                }
                if next.kind == Kind::Empty {
                    best = best.min(behind[j] + DROP);
                }
                now[j] = best.min(NEVER);
            }
            std::mem::swap(&mut behind, &mut now);
        }
        let total = |j: usize| forward[i * n + j] + behind[j];
        let col = spots[i].col;
        let best = total(col);
        let rival = (0..n).filter(|j| *j != col).map(total).min().unwrap_or(NEVER);
        spots[i].margin = rival.saturating_sub(best);
    }
}
