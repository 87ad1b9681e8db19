//! Sequences of two tables that are one: a table that goes on under a heading of its own, with its total in one part.

use super::column::{Column, columns_of};
use super::lines::Sequence;
use crate::check::figure::{Figure, compare_sum};
use crate::model::{CheckStatus, RowRole};

/// Most parts that a table is looked for in.
const MOST_PARTS: usize = 8;

/// Puts sequences together whose total is the sum of the lines of both parts and not of those of its own: evidence of the
/// figures, since a table of the same form may also be a table of its own.
pub(super) fn join(sequences: Vec<Sequence<'_>>) -> Vec<Sequence<'_>> {
    let mut out: Vec<Sequence<'_>> = Vec::new();
    for sequence in sequences {
        // The parts in front, the nearest first, until together they bear the total out.
        let mut whole = sequence.clone();
        let mut taken = 0;
        let mut found = None;
        for before in out.iter().rev().take(MOST_PARTS) {
            if !alike(before, &whole) {
                break;
            }
            whole = together(before, &whole);
            taken += 1;
            if totals(&whole) > 1 {
                break;
            }
            if totals(&whole) == 1 && holds(&whole) > 0 {
                found = Some(taken);
                break;
            }
        }
        let own = totals(&sequence) == 1 && holds(&sequence) > 0;
        let first = found.map(|taken| out.len() - taken);
        // A part with a total that its own lines bear out is whole.
        let divided = first.is_some_and(|first| !own && out[first..].iter().all(|s| totals(s) == 0 || holds(s) == 0));
        match first.filter(|_| divided) {
            Some(first) => {
                out.truncate(first);
                out.push(whole);
            }
            None => out.push(sequence),
        }
    }
    out
}

fn totals(sequence: &Sequence<'_>) -> usize {
    sequence.lines.iter().filter(|l| l.role == RowRole::Total).count()
}

/// Whether two sequences may be parts of one table: of different tables, without subtotals and codes, with the same columns.
fn alike(before: &Sequence<'_>, after: &Sequence<'_>) -> bool {
    let table = |s: &Sequence<'_>| s.table.map(|t| t.id.clone());
    let simple =
        |s: &Sequence<'_>| s.codes.iter().all(Option::is_none) && !s.lines.iter().any(|l| l.role == RowRole::Subtotal);
    let keys = |s: &Sequence<'_>| -> Vec<_> {
        let mut keys: Vec<_> = s.summed().map(|c| c.key.clone()).collect();
        keys.sort();
        keys
    };
    let named = table(before).is_some() && table(after).is_some() && table(before) != table(after);
    named && simple(before) && simple(after) && !keys(before).is_empty() && keys(before) == keys(after)
}

fn together<'a>(before: &Sequence<'a>, after: &Sequence<'a>) -> Sequence<'a> {
    let lines: Vec<_> = before.lines.iter().chain(&after.lines).copied().collect();
    Sequence {
        table: before.table,
        codes: before.codes.iter().chain(&after.codes).cloned().collect(),
        columns: columns_of(before.table, &lines, &before.patterns.checks.words.tables),
        lines,
        patterns: before.patterns,
    }
}

/// In how many columns the total is the sum of the lines; 0 where the total stands neither first nor last.
fn holds(sequence: &Sequence<'_>) -> usize {
    let last = sequence.lines.len().saturating_sub(1);
    let Some(total) = sequence.lines.iter().position(|l| l.role == RowRole::Total) else {
        return 0;
    };
    let item = |i: &usize| sequence.lines[*i].role == RowRole::Item;
    let sum = |c: &Column<'_>| {
        let stated = c.figure(total).filter(|f| !f.value.is_zero())?;
        let items: Vec<Figure<'_>> = (0..sequence.lines.len())
            .filter(item)
            .filter_map(|i| c.figure(i))
            .collect();
        compare_sum(&stated, &items)
    };
    let held = |c: &&Column<'_>| c.adds_up() && sum(c).is_some_and(|o| o.status != CheckStatus::Fail);
    if total != 0 && total != last {
        return 0;
    }
    sequence.columns.iter().filter(held).count()
}
