//! The reading that the figures themselves tell: lines that are the sum of those below them.

use super::{Group, Reading};
use crate::check::table::column::Column;
use crate::check::table::lines::Sequence;
use crate::model::RowRole;
use rust_decimal::Decimal;

/// Most parts that a line without any mark is taken to have.
const LONGEST_UNMARKED: usize = 60;

/// Lines that are the sum of those below them, found from the figures of all columns together: parts of parts too, and a
/// single part that repeats its line, where `twins` says that these count.
pub(super) fn by_figures(sequence: &Sequence<'_>, roles: &[RowRole], twins: bool) -> Option<Reading> {
    let totals: Vec<usize> = (0..roles.len()).filter(|i| roles[*i] == RowRole::Total).collect();
    let (first, last) = (*totals.first()?, *totals.last()?);
    let columns: Vec<&Column<'_>> = sequence.summed().collect();
    let values: Vec<Vec<Decimal>> = (0..roles.len())
        .map(|i| {
            columns
                .iter()
                .map(|c| c.figure(i).map_or(Decimal::ZERO, |f| f.value))
                .collect()
        })
        .collect();
    let value = |i: usize| values[i].as_slice();
    // Where nothing is below nought, a sum that is too large stays so.
    let grows = values.iter().flatten().all(|v| !v.is_sign_negative());
    let lines: Vec<usize> = (0..roles.len())
        .filter(|i| matches!(roles[*i], RowRole::Item | RowRole::Subtotal))
        .collect();
    let own_total = |k: usize| totals.iter().copied().find(|t| *t > lines[k]).unwrap_or(roles.len());
    let (parts, ends) = parts_of(&lines, own_total, value, grows, twins)?;
    let (mut tops, mut k) = (Vec::new(), 0);
    while k < lines.len() {
        tops.push(k);
        k = ends[k] + 1;
    }
    let mut groups: Vec<Group> = parts
        .iter()
        .enumerate()
        .filter(|(_, parts)| !parts.is_empty())
        .map(|(k, parts)| Group {
            parent: lines[k],
            children: parts.iter().map(|p| lines[*p]).collect(),
            total: false,
        })
        .collect();
    let tops: Vec<usize> = tops.into_iter().map(|k| lines[k]).collect();
    let told = !groups.is_empty();
    let split = (first == last)
        .then(|| partitions(&tops, value(first), value))
        .flatten();
    if let Some(runs) = split {
        // 按收入性质分 and 按支出性质分: each is the whole once more.
        let group = |children| Group {
            parent: first,
            children,
            total: true,
        };
        groups.extend(runs.into_iter().map(group));
    } else if told {
        groups.extend(sums_over(&tops, &totals, value));
    } else {
        return None;
    }
    groups.retain(|g| !g.children.is_empty());
    groups.sort_by_key(|g| g.parent);
    Some(Reading {
        name: "按数值看出的层级",
        groups,
        plain: false,
        inferred: true,
    })
}

/// From the last line up: the parts of each line, and where in `lines` they end. A total ends the parts above it.
fn parts_of<'v>(
    lines: &[usize],
    own_total: impl Fn(usize) -> usize,
    value: impl Fn(usize) -> &'v [Decimal],
    grows: bool,
    twins: bool,
) -> Option<(Vec<Vec<usize>>, Vec<usize>)> {
    let mut parts: Vec<Vec<usize>> = vec![Vec::new(); lines.len()];
    let mut ends: Vec<usize> = (0..lines.len()).collect();
    for k in (0..lines.len()).rev() {
        let own = value(lines[k]);
        let until = own_total(k);
        let (mut sum, mut found, mut next) = (vec![Decimal::ZERO; own.len()], Vec::new(), k + 1);
        while next < lines.len() && lines[next] < until && found.len() < LONGEST_UNMARKED {
            sum = added(&sum, value(lines[next]))?;
            if grows && sum.iter().zip(own).any(|(sum, own)| sum > own) {
                break;
            }
            found.push(next);
            let end = ends[next];
            if sum == own && (found.len() > 1 || twins) && own.iter().any(|v| !v.is_zero()) {
                (parts[k], ends[k]) = (found, end);
                break;
            }
            next = end + 1;
        }
    }
    Some((parts, ends))
}

/// The totals over the lines that are no parts: 支出总计 sums 本年支出合计 and what stands between.
fn sums_over<'v>(tops: &[usize], totals: &[usize], value: impl Fn(usize) -> &'v [Decimal]) -> Vec<Group> {
    let mut out = Vec::new();
    let mut before: Option<usize> = None;
    for total in totals {
        let from = before.map_or(0, |b| b + 1);
        let mut children: Vec<usize> = match totals.len() {
            1 => tops.to_vec(),
            _ => tops.iter().copied().filter(|i| (from..*total).contains(i)).collect(),
        };
        let nothing = vec![Decimal::ZERO; value(*total).len()];
        let sum = children.iter().try_fold(nothing, |sum, i| added(&sum, value(*i)));
        let alone = sum.is_some_and(|sum| sum == value(*total));
        if let Some(before) = before.filter(|_| !alone) {
            children.insert(0, before);
        }
        out.push(Group {
            parent: *total,
            children,
            total: true,
        });
        before = Some(*total);
    }
    out
}

fn added(a: &[Decimal], b: &[Decimal]) -> Option<Vec<Decimal>> {
    a.iter().zip(b).map(|(a, b)| a.checked_add(*b)).collect()
}

/// The lines in runs of two and more that each make the whole, in every column; `None` where they are not two such runs at
/// least, with nothing between.
fn partitions<'v>(
    lines: &[usize],
    whole: &[Decimal],
    value: impl Fn(usize) -> &'v [Decimal],
) -> Option<Vec<Vec<usize>>> {
    let (mut runs, mut run) = (Vec::new(), Vec::new());
    let nothing = vec![Decimal::ZERO; whole.len()];
    let mut sum = nothing.clone();
    for line in lines {
        sum = added(&sum, value(*line))?;
        run.push(*line);
        if run.len() > 1 && sum == whole {
            runs.push(std::mem::take(&mut run));
            sum.clone_from(&nothing);
        }
    }
    let told = whole.iter().any(|v| !v.is_zero());
    (told && run.is_empty() && runs.len() > 1).then_some(runs)
}
