//! Lines of cells to rows: the cheapest way to cut a table between lines.
//!
//! What overlaps in height stands in one row. What does not may too: a cell of three lines beside one of one line. The
//! cells of a row stand at its top, its middle or its bottom, and the lines of a cell are full but the last.

use super::cells::{Align, Cost, NEVER, as_one, astray, extent};
use super::frags::{Frag, Measures};
use super::heads;

/// Most strips of one row.
const TALLEST: usize = 24;
/// The first value below headings stands within so many strips: a name of several lines begins above it.
const BELOW: usize = 3;
/// Cost of a row.
const ROW: Cost = 30;
/// Cost of a row of one text that is no label.
const LONE: Cost = 60;
/// A row that costs this much more than several is none.
const HOPELESS: Cost = 1_500;
/// Cost of a cut where no rule is drawn, in a table whose rows are ruled.
const UNRULED: Cost = 60;

/// Lines of cells that overlap in height.
#[derive(Debug, Clone)]
pub struct Strip {
    /// Indices of the lines.
    pub frags: Vec<usize>,
    pub top: f64,
    pub bottom: f64,
}

/// A cell: its place in the rows of its segment, and its lines.
#[derive(Debug, Clone)]
pub struct Cell {
    pub row: usize,
    pub rows: usize,
    pub first: usize,
    pub last: usize,
    pub frags: Vec<usize>,
}

/// Rows that are read together: one, or headings over each other.
#[derive(Debug, Clone)]
pub struct Segment {
    pub cells: Vec<Cell>,
    pub rows: usize,
    pub cost: Cost,
}

/// How cells of a table stand and how many of them are empty.
#[derive(Debug, Clone)]
pub struct Style {
    /// Where the cells of each column stand in their rows.
    pub align: Vec<Align>,
    /// Cost of a cell that is empty and of one that is not, for each column.
    pub fill: Vec<(Cost, Cost)>,
    /// Columns before this one hold labels of several rows, which are laid afterwards.
    pub labels: usize,
}

/// The lines of the body, those of labels left out, in strips.
pub fn strips(frags: &[Frag], labels: usize) -> Vec<Strip> {
    let mut strips: Vec<Strip> = Vec::new();
    for (index, frag) in frags.iter().enumerate().filter(|(_, f)| f.last >= labels) {
        match strips.last_mut() {
            Some(strip) if frag.top() < strip.bottom - 0.12 * frag.size => {
                strip.bottom = strip.bottom.max(frag.bottom());
                strip.frags.push(index);
            }
            _ => strips.push(Strip {
                frags: vec![index],
                top: frag.top(),
                bottom: frag.bottom(),
            }),
        }
    }
    strips
}

/// The rows of a table and what they cost; `sure[i]`: how much dearer the table is when it is cut otherwise before
/// strip `i`.
pub struct Rows {
    pub segments: Vec<(usize, usize, Segment)>,
    pub cost: Cost,
    pub sure: Vec<Cost>,
}

/// The cheapest rows.
pub fn rows(frags: &[Frag], strips: &[Strip], measures: &Measures<'_>, style: &Style, rules: &[f64]) -> Option<Rows> {
    let n = strips.len();
    let ruled = rules.len() >= 4;
    let part = |strip: &Strip| rules.partition_point(|y| *y < (strip.top + strip.bottom) / 2.0);
    let mut open = vec![NEVER; n + 1];
    let mut from: Vec<Option<(usize, Segment)>> = vec![None; n + 1];
    // Cost of each stretch of strips as one segment.
    let mut costs: Vec<(usize, usize, Cost)> = Vec::new();
    open[0] = 0;
    for start in 0..n {
        for end in start + 1..=n.min(start + TALLEST) {
            if part(&strips[start]) != part(&strips[end - 1]) {
                break;
            }
            // Blank lines stand in no cell.
            if end > start + 1 && strips[end - 1].top - strips[end - 2].bottom > 1.7 * measures.size {
                break;
            }
            let own: Vec<usize> = strips[start..end]
                .iter()
                .flat_map(|s| s.frags.iter().copied())
                .collect();
            if stacked(frags, &own, measures.columns) {
                break;
            }
            // Headings stand above values.
            let below = &strips[end..n.min(end + BELOW)];
            let above = below.iter().flat_map(|s| &s.frags).any(|i| frags[*i].value);
            let Some(mut segment) = segment(frags, &own, measures, style, above) else {
                continue;
            };
            if start > 0 && is_end(frags, &strips[start - 1], &segment, measures) {
                segment.cost += LONE;
            }
            // A row that costs so much more than several does not get cheaper with more lines.
            if open[end] < NEVER && open[start] + segment.cost > open[end] + HOPELESS {
                break;
            }
            if ruled && end < n && part(&strips[end]) == part(&strips[end - 1]) {
                segment.cost += UNRULED;
            }
            costs.push((start, end, segment.cost));
            if open[start] + segment.cost < open[end] {
                open[end] = open[start] + segment.cost;
                from[end] = Some((start, segment));
            }
        }
    }
    if open[n] >= NEVER {
        return None;
    }
    let cost = open[n];
    let mut behind = vec![NEVER; n + 1];
    behind[n] = 0;
    for (start, end, cost) in costs.iter().rev() {
        behind[*start] = behind[*start].min(cost + behind[*end]);
    }
    let mut segments = Vec::new();
    let mut at = n;
    while at > 0 {
        let (start, segment) = from[at].take()?;
        segments.push((start, at, segment));
        at = start;
    }
    segments.reverse();
    let cut: Vec<bool> = (0..=n).map(|i| segments.iter().any(|(s, ..)| *s == i)).collect();
    let mut sure = vec![NEVER; n + 1];
    for i in 1..n {
        let other = if cut[i] {
            let across = costs.iter().filter(|(s, e, _)| *s < i && *e > i);
            across.map(|(s, e, c)| open[*s] + c + behind[*e]).min().unwrap_or(NEVER)
        } else {
            open[i] + behind[i]
        };
        sure[i] = other - cost;
    }
    Some(Rows { segments, cost, sure })
}

/// Whether a row of one text that begins nothing may be the end of the cell above it: no farther from it than lines of a cell.
fn is_end(frags: &[Frag], above: &Strip, segment: &Segment, measures: &Measures<'_>) -> bool {
    let [cell] = segment.cells.as_slice() else { return false };
    // 其他支出： introduces what follows.
    let open = |i: &usize| frags[*i].text.ends_with(['：', ':']);
    let plain = |i: &usize| !measures.exact(&frags[*i].text) && !frags[*i].begins && !frags[*i].value && !open(i);
    let over = || {
        above
            .frags
            .iter()
            .find(|i| frags[**i].first == cell.first && frags[**i].last == cell.first)
    };
    let Some(first) = cell.frags.first() else { return false };
    cell.first == cell.last
        && cell.frags.iter().all(plain)
        && over().is_some_and(|i| frags[*first].base - frags[*i].base <= 1.08 * measures.pitch)
}

/// Whether whole figures stand below each other in a column: no row holds them. A figure that a narrow column breaks says so at the
/// break: 12,345. above 67.
fn stacked(frags: &[Frag], own: &[usize], columns: usize) -> bool {
    let mut above: Vec<Option<&Frag>> = vec![None; columns];
    let mut count = vec![0; columns];
    let mut figures: Vec<&Frag> = own.iter().map(|i| &frags[*i]).filter(|f| f.figure).collect();
    figures.sort_by(|a, b| a.base.total_cmp(&b.base));
    figures.into_iter().any(|f| {
        let broken = |above: &Frag| above.text.ends_with(['.', ',']) || f.text.starts_with(['.', ',']);
        count[f.first] += 1;
        let whole = above[f.first].replace(f).is_some_and(|above| !broken(above));
        whole || count[f.first] > 2
    })
}

/// Lines of cells as one segment; `None` when they can be none.
fn segment(frags: &[Frag], own: &[usize], measures: &Measures<'_>, style: &Style, above: bool) -> Option<Segment> {
    let plain = plain(frags, own, measures, style);
    let heads = if above {
        heads::headings(frags, own, measures, style)
    } else {
        None
    };
    match (plain, heads) {
        (Some(a), Some(b)) => Some(if b.cost < a.cost { b } else { a }),
        (a, b) => a.or(b),
    }
}

/// Groups lines that share columns into cells; `None` when two of one height would be one cell.
pub fn group(frags: &[Frag], own: &[usize]) -> Option<Vec<Vec<usize>>> {
    let mut order = own.to_vec();
    order.sort_by_key(|i| (frags[*i].first, frags[*i].last));
    let mut groups: Vec<(usize, Vec<usize>)> = Vec::new();
    for index in order {
        let frag = &frags[index];
        match groups.last_mut() {
            Some((last, group)) if frag.first <= *last => {
                *last = (*last).max(frag.last);
                group.push(index);
            }
            _ => groups.push((frag.last, vec![index])),
        }
    }
    let mut cells = Vec::with_capacity(groups.len());
    for (_, mut group) in groups {
        group.sort_by(|a, b| frags[*a].base.total_cmp(&frags[*b].base));
        let level = |w: &[usize]| frags[w[1]].base - frags[w[0]].base < 0.5 * frags[w[0]].size;
        if group.windows(2).any(level) {
            return None;
        }
        cells.push(group);
    }
    Some(cells)
}

/// The columns that lines of a cell reach over.
pub fn reach(frags: &[Frag], own: &[usize]) -> (usize, usize) {
    own.iter().fold((usize::MAX, 0), |(f, l), i| {
        (f.min(frags[*i].first), l.max(frags[*i].last))
    })
}

/// Lines of cells as one row.
fn plain(frags: &[Frag], own: &[usize], measures: &Measures<'_>, style: &Style) -> Option<Segment> {
    let groups = group(frags, own)?;
    let row = extent(own.iter().map(|i| &frags[*i]));
    let mut filled = vec![false; measures.columns];
    let mut cost = ROW;
    let mut cells = Vec::with_capacity(groups.len());
    for group in groups {
        let lines: Vec<&Frag> = group.iter().map(|i| &frags[*i]).collect();
        let (first, last) = reach(frags, &group);
        cost += as_one(&lines, measures);
        cost += astray(extent(lines.iter().copied()), row, style.align[first], measures.size);
        if cost >= NEVER {
            return None;
        }
        filled[first..=last].fill(true);
        cells.push(Cell {
            row: 0,
            rows: 1,
            first,
            last,
            frags: group,
        });
    }
    for (column, filled) in filled.iter().enumerate().skip(style.labels) {
        let (empty, full) = style.fill[column];
        cost += if *filled { full } else { empty };
    }
    Some(Segment { cells, rows: 1, cost })
}
