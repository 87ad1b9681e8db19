//! A part of a page to a grid: styles tried, the cheapest kept, what is not sure left out.

use super::cells::{ALIGNS, Align, Cost, extent};
use super::columns::borders;
use super::frags::{Frag, Measures, frags};
use super::labels::{RowAt, labels};
use super::rows::{Cell, Rows, Style, rows, strips};
use super::table::Table;
use super::words::Word;
use crate::ingest::pdf::grid::Grid;
use crate::pattern::wording::Words;

/// Most columns of labels.
const LABELS: usize = 6;
/// A column of labels must make the table this much cheaper.
const WORTH: Cost = 20;
const EACH: Cost = 3;
/// Cost of an empty cell in a column of figures that is taken to be full.
const EMPTY: Cost = 40;
/// Times that a table learns how its cells stand.
const ROUNDS: usize = 3;

/// Rows with their labels.
pub struct Laid {
    pub style: Style,
    pub rows: Rows,
    pub labels: Vec<Cell>,
    cost: Cost,
}

/// The grid of lines of words; `None` when they are no table.
pub fn lay(lines: &[Vec<Word>], rules: &[f64], words: Option<&Words<'_>>) -> Option<Grid> {
    let known = |text: &str| words.is_some_and(|words| words.knows(text));
    let borders = borders(lines, &known);
    if borders.is_empty() {
        return None;
    }
    let frags = frags(lines, &borders, &known);
    let measures = Measures::of(&frags, borders.len() + 1, words);
    let laid = cheapest(&frags, &measures, rules)?;
    let table = Table::new(&frags, &measures, &laid, rules)?;
    table.grid(&borders)
}

/// The cheapest way to lay the lines.
fn cheapest(frags: &[Frag], measures: &Measures<'_>, rules: &[f64]) -> Option<Laid> {
    let mut best: Option<Laid> = None;
    for count in 0..=LABELS.min(measures.columns.saturating_sub(2)) {
        // Labels are words.
        let values = |columns: std::ops::Range<usize>| {
            let own = || {
                frags
                    .iter()
                    .filter(|f| columns.contains(&f.first) && columns.contains(&f.last))
            };
            (own().filter(|f| f.value).count(), own().count())
        };
        let (names, all) = values(count..count + 1);
        if count > 0 && names * 2 > all {
            continue;
        }
        let points = values(0..count).0 > 0;
        for align in ALIGNS {
            // The points of a level are merged like its label; that is seen only where both stand in the middle.
            if points && align != Align::Middle {
                continue;
            }
            // Rows may be learned to be half empty, or full: the start decides.
            for fill in [vec![(0, 0); measures.columns], full(frags, measures)] {
                let style = Style {
                    align: vec![align; measures.columns],
                    fill,
                    labels: count,
                };
                let Some(laid) = learned(frags, measures, style, rules) else {
                    continue;
                };
                if best.as_ref().is_none_or(|b| laid.cost < b.cost) {
                    best = Some(laid);
                }
            }
        }
    }
    best
}

/// What an empty cell costs in each column when columns of figures are taken to be full.
fn full(frags: &[Frag], measures: &Measures<'_>) -> Vec<(Cost, Cost)> {
    let cost = |column: usize| {
        let own = || frags.iter().filter(move |f| f.first == column && f.last == column);
        let figures = own().filter(|f| f.value).count();
        if figures > 0 && figures * 2 >= own().count() {
            (EMPTY, 0)
        } else {
            (0, 0)
        }
    };
    (0..measures.columns).map(cost).collect()
}

/// Lays the lines, learns how the cells stand, and lays them again.
fn learned(frags: &[Frag], measures: &Measures<'_>, style: Style, rules: &[f64]) -> Option<Laid> {
    let mut best: Option<Laid> = None;
    let mut style = style;
    // The first round does not know yet what empty cells cost.
    for round in 0..ROUNDS {
        let found = with_labels(frags, measures, &style, rules)?;
        let next = Style {
            fill: fills(&found.rows, measures),
            align: aligns(frags, &found, measures),
            labels: style.labels,
        };
        if round < 2 || best.as_ref().is_none_or(|b| found.cost < b.cost) {
            best = Some(found);
        }
        style = next;
    }
    best
}

fn with_labels(frags: &[Frag], measures: &Measures<'_>, style: &Style, rules: &[f64]) -> Option<Laid> {
    let strips = strips(frags, style.labels);
    let rows = rows(frags, &strips, measures, style, rules)?;
    let height: usize = rows.segments.iter().map(|s| s.2.rows).sum();
    let mut cost = rows.cost + (WORTH + EACH * height as Cost) * style.labels as Cost;
    let mut cells: Vec<Cell> = Vec::new();
    if style.labels > 0 {
        let places = places(frags, &rows);
        let body: Vec<(usize, &Cell)> = bodies(&rows);
        for column in 0..style.labels {
            let own: Vec<usize> = (0..frags.len())
                .filter(|i| frags[*i].first == column && frags[*i].last < style.labels)
                .collect();
            let taken = |row: usize| {
                let over =
                    |(at, c): &(usize, &Cell)| c.first <= column && at + c.row <= row && row < at + c.row + c.rows;
                let label = |c: &Cell| c.last >= column && c.row <= row && row < c.row + c.rows;
                body.iter().any(over) || cells.iter().any(label)
            };
            let at: Vec<RowAt> = (0..places.len())
                .map(|row| RowAt {
                    taken: taken(row),
                    bare: !body.iter().any(|(at, c)| {
                        c.first <= style.labels
                            && style.labels <= c.last
                            && at + c.row <= row
                            && row < at + c.row + c.rows
                    }),
                    heads: !body.iter().any(|(at, c)| {
                        at + c.row <= row && row < at + c.row + c.rows && c.frags.iter().any(|i| frags[*i].value)
                    }),
                    top: places[row].0,
                    bottom: places[row].1,
                })
                .collect();
            let found = labels(frags, &own, column, &at, measures, style.align[column]);
            let (own_cost, own) = found?;
            cost += own_cost;
            cells.extend(own);
        }
    }
    Some(Laid {
        style: style.clone(),
        rows,
        labels: cells,
        cost,
    })
}

/// The cells of the body, each with the first row of its segment.
pub fn bodies(rows: &Rows) -> Vec<(usize, &Cell)> {
    let mut at = 0;
    let mut cells = Vec::new();
    for (_, _, segment) in &rows.segments {
        cells.extend(segment.cells.iter().map(|c| (at, c)));
        at += segment.rows;
    }
    cells
}

/// Top and bottom of each row.
pub fn places(frags: &[Frag], rows: &Rows) -> Vec<(f64, f64)> {
    let mut places = Vec::new();
    for (_, _, segment) in &rows.segments {
        let all = |cells: &mut dyn Iterator<Item = &Cell>| extent(cells.flat_map(|c| &c.frags).map(|i| &frags[*i]));
        let whole = all(&mut segment.cells.iter());
        for row in 0..segment.rows {
            let (top, bottom) = all(&mut segment.cells.iter().filter(|c| c.row == row && c.rows == 1));
            let last = row + 1 == segment.rows;
            let top = if row == 0 || top > bottom { whole.0 } else { top };
            let bottom = if last || top > bottom { whole.1 } else { bottom };
            places.push((top, bottom));
        }
    }
    places
}

/// What empty cells and others cost in each column.
fn fills(rows: &Rows, measures: &Measures<'_>) -> Vec<(Cost, Cost)> {
    let mut filled = vec![0usize; measures.columns];
    let mut count = 0;
    for (_, _, segment) in rows.segments.iter().filter(|s| s.2.rows == 1) {
        count += 1;
        for cell in &segment.cells {
            filled[cell.first..=cell.last].iter_mut().for_each(|f| *f += 1);
        }
    }
    let bits = |n: usize| (-10.0 * ((n as f64 + 0.5) / (count as f64 + 1.0)).log2()) as Cost;
    filled.iter().map(|n| (bits(count - n), bits(*n))).collect()
}

/// Where the cells of each column stand in rows that are higher than they.
fn aligns(frags: &[Frag], laid: &Laid, measures: &Measures<'_>) -> Vec<Align> {
    let mut votes = vec![[0i64; 3]; measures.columns];
    for (_, _, segment) in laid.rows.segments.iter().filter(|s| s.2.rows == 1) {
        let lines = |own: &[usize]| extent(own.iter().map(|i| &frags[*i]));
        let row = extent(segment.cells.iter().flat_map(|c| &c.frags).map(|i| &frags[*i]));
        for cell in &segment.cells {
            let own = lines(&cell.frags);
            if row.1 - row.0 < own.1 - own.0 + 0.4 * measures.size {
                continue;
            }
            for (vote, align) in votes[cell.first].iter_mut().zip(ALIGNS) {
                *vote += i64::from(super::cells::astray(own, row, align, measures.size) == 0);
            }
        }
    }
    let pick = |(column, votes): (usize, &[i64; 3])| {
        let usual = laid.style.align[column];
        let own = ALIGNS.iter().position(|a| *a == usual).unwrap_or(0);
        let most = (0..3).max_by_key(|i| (votes[*i], *i == own)).unwrap_or(own);
        if votes[most] > votes[own] { ALIGNS[most] } else { usual }
    };
    votes.iter().enumerate().map(pick).collect()
}
