//! Which lines of a table follow each other: sides that stand side by side, and parts that stand below each other.

use crate::model::{BudgetLine, Measure, RowRole, TableRecord};
use std::collections::{BTreeMap, BTreeSet};

/// Splits the lines of a table into sequences, as positions of the lines in their order.
pub(super) fn split(table: Option<&TableRecord>, lines: &[&BudgetLine]) -> Vec<Vec<usize>> {
    let sides: Vec<Vec<Vec<usize>>> = sides(lines).into_iter().map(|side| parts(table, lines, side)).collect();
    let whole: Option<Vec<Vec<usize>>> = sides
        .iter()
        .map(|parts| match &parts[..] {
            [only] => Some(only.clone()),
            _ => None,
        })
        .collect();
    let Some(whole) = whole else {
        return sides.into_iter().flatten().collect();
    };
    // 人员经费 beside 公用经费 beside more 公用经费: what goes on is a run of sides under the same headings.
    let mut runs: Vec<Vec<Vec<usize>>> = Vec::new();
    for side in whole {
        match runs.last_mut() {
            Some(run) if alike(table, lines, &run[0], &side) => run.push(side),
            _ => runs.push(vec![side]),
        }
    }
    runs.into_iter()
        .flat_map(|run| if run.len() > 1 { joined(lines, run) } else { run })
        .collect()
}

/// Splits lines that stand side by side in the same rows: positions of the lines of each side.
fn sides(lines: &[&BudgetLine]) -> Vec<Vec<usize>> {
    let mut by_row: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for (i, line) in lines.iter().enumerate() {
        by_row.entry(line.row).or_default().push(i);
    }
    let name_col = |i: usize| lines[i].source.col.unwrap_or(0);
    // The columns in which names of the widest rows stand open the sides.
    let widest = by_row.values().map(Vec::len).max().unwrap_or(1);
    // Each line of a table that is laid sideways has its figures below its name.
    let below = |line: &&BudgetLine| line.amounts.values().all(|a| a.source.row > Some(line.row));
    if widest < 2 || by_row.len() == 1 && lines.iter().all(below) {
        return vec![(0..lines.len()).collect()];
    }
    let mut starts: BTreeSet<usize> = BTreeSet::new();
    for row in by_row.values().filter(|row| row.len() == widest) {
        starts.extend(row.iter().map(|i| name_col(*i)));
    }
    let starts: Vec<usize> = starts.into_iter().collect();
    let mut out = vec![Vec::new(); starts.len()];
    for (i, line) in lines.iter().enumerate() {
        // 公用经费合计 merged over two sides stands in the one that holds its figure.
        let figures = line.amounts.values().filter_map(|a| a.source.col);
        let reach = figures.min().unwrap_or(0).max(name_col(i));
        let side = starts.iter().rposition(|start| *start <= reach).unwrap_or(0);
        out[side].push(i);
    }
    out.retain(|side| !side.is_empty());
    out
}

/// Parts a side where another header stands between two lines: neither has the measures of the other, and a row is between.
fn parts(table: Option<&TableRecord>, lines: &[&BudgetLine], side: Vec<usize>) -> Vec<Vec<usize>> {
    let mut out: Vec<Vec<usize>> = Vec::new();
    for i in side {
        let part = out.last();
        let above = part.and_then(|part| part.last()).map(|last| lines[*last]);
        let apart = above.is_some_and(|above| {
            let line = lines[i];
            // Blank cells leave measures out of single lines: what counts is all that the part has.
            let has = |measure: &Measure| {
                part.is_some_and(|part| part.iter().any(|k| lines[*k].amounts.contains_key(measure)))
            };
            let within = above.amounts.keys().all(|measure| line.amounts.contains_key(measure));
            let other = |row: usize| !table.is_some_and(|table| repeats_heading(table, row));
            !within && !line.amounts.keys().all(has) && (above.row + 1..line.row).any(other)
        });
        match out.last_mut() {
            Some(part) if !apart => part.push(i),
            _ => out.push(vec![i]),
        }
    }
    out
}

/// Whether a row says what a row of the table's header says.
fn repeats_heading(table: &TableRecord, row: usize) -> bool {
    let texts = |row: usize| {
        let first = table.cells.partition_point(|cell| cell.row < row);
        let own = table.cells[first..].iter().take_while(move |cell| cell.row == row);
        own.map(|cell| (cell.col, cell.text.as_str()))
    };
    texts(row).next().is_some() && (0..table.header_rows).any(|head| texts(head).eq(texts(row)))
}

/// Whether the sides hold the same kind of lines: the same measures, and names under the same heading. 收入 beside 支出 have
/// headings of their own.
fn alike(table: Option<&TableRecord>, lines: &[&BudgetLine], first: &[usize], next: &[usize]) -> bool {
    let measures =
        |side: &[usize]| -> BTreeSet<Measure> { side.iter().flat_map(|i| lines[*i].amounts.keys().copied()).collect() };
    let heading = |side: &[usize]| {
        let col = side.first().and_then(|i| lines[*i].source.col)?;
        let column = table?.columns.iter().find(|c| c.index == col)?;
        Some(column.header.chars().filter(|c| !c.is_whitespace()).collect::<String>())
    };
    measures(first) == measures(next) && heading(first) == heading(next)
}

/// One list that goes on in the next column group is one sequence: groups that share a total are put after each other.
fn joined(lines: &[&BudgetLine], sides: Vec<Vec<usize>>) -> Vec<Vec<usize>> {
    let total = |side: &Vec<usize>| side.iter().position(|i| lines[*i].role == RowRole::Total);
    if sides.iter().filter(|side| total(side).is_some()).count() <= 1 {
        return vec![sides.concat()];
    }
    // Several totals: a group without one goes on under a total at the top of the group before, or ends at that of the next.
    let mut out: Vec<Vec<usize>> = Vec::new();
    let mut goes_on = false;
    for side in sides {
        let own = total(&side);
        let opens = own.is_none_or(|at| at == 0);
        match out.last_mut() {
            Some(run) if goes_on && (own.is_none() || total(run).is_none()) => run.extend(side),
            _ => out.push(side),
        }
        goes_on = if own.is_some() { opens } else { true };
    }
    out
}
