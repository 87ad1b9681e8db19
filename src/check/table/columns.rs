//! TBL-03: columns that are sums or differences of other columns.

use super::TBL_03;
use super::column::{Column, ColumnKey};
use super::lines::Sequence;
use crate::check::figure::{Figure, Outcome, compare, compare_interval, compare_sum};
use crate::check::ledger::{Entry, Ledger, place, verdict};
use crate::model::{CheckStatus, Measure, lowest_heading};
use rust_decimal::Decimal;
use std::collections::BTreeSet;

/// Examines the column relations of a sequence that its headings suggest and its rows bear out. Columns of which the form
/// prints how it computes them (`computed`, by grid column) have been examined.
pub fn examine(sequence: &Sequence<'_>, computed: &BTreeSet<usize>, ledger: &mut Ledger<'_>) {
    let columns: Vec<&Column<'_>> = {
        let mut columns: Vec<_> = sequence.summed().collect();
        columns.sort_by_key(|c| c.index);
        columns
    };
    for (t, target) in columns.iter().enumerate() {
        // 分配金额 ∣ 已提前下达 ∣ 本次下达: no heading says that it is a sum, but the rows may prove it.
        let unsaid = t == 0 && columns.len() >= 3;
        if (is_sum(target) || unsaid) && !computed.contains(&target.index) {
            sum_of_columns(sequence, &columns, t, target, ledger);
        }
    }
    changes(sequence, computed, ledger);
}

/// Whether a heading names a sum: its last part holds 合计, 小计 or 总计.
fn is_sum(column: &Column<'_>) -> bool {
    column.words.sums.within(lowest_heading(&column.header))
}

/// The heading above the last part: 预算数 of 预算数/合计.
fn group(header: &str) -> &str {
    header.rsplit_once('/').map_or("", |(above, _)| above)
}

fn sum_of_columns(
    sequence: &Sequence<'_>,
    columns: &[&Column<'_>],
    t: usize,
    target: &Column<'_>,
    ledger: &mut Ledger<'_>,
) {
    let n = sequence.lines.len();
    let best = best_set(columns, t, target, n);
    // Headings alone prove no relation: most rows must bear it out.
    let forms = &sequence.patterns.forms;
    let outlay = |c: &usize| forms.revenue_and_expenditure(&columns[*c].header).1;
    let named = |set: &[usize]| set.len() == 2 && set.iter().all(outlay);
    let borne_out = |(h, f, set): &(usize, usize, Vec<usize>)| {
        if is_sum(target) {
            return *h > *f * 2 || (*h > *f && named(set)) || (*f == 0 && *h > 0);
        }
        // Without such a heading: at least five rows in which two figures or more make the sum, and hardly any other.
        let proofs = (0..n).filter(|row| proves(columns, target, set, *row)).count();
        proofs >= 5 && *f * 5 <= proofs
    };
    let Some((_, _, set)) = best.filter(borne_out) else {
        return;
    };
    for row in 0..n {
        let Some((total, items, outcome)) = row_sum(columns, target, &set, row) else {
            continue;
        };
        let unit = target.unit.unwrap_or("");
        let headers: Vec<&str> = set.iter().map(|c| columns[*c].header.as_str()).collect();
        let message = format!(
            "{}第{}行“{}”：{}“{}”写{}{unit}，“{}”之和为{}{unit}，{}",
            sequence.title(),
            sequence.lines[row].row + 1,
            sequence.lines[row].name,
            place(total.source),
            target.header,
            total.value,
            headers.join("”“"),
            outcome.computed,
            verdict(outcome.status, outcome.difference, outcome.tolerance, unit)
        );
        ledger.add(
            Entry::new(&TBL_03, outcome.status)
                .message(message)
                .numbers(total.value, outcome.computed)
                .tolerance(outcome.tolerance)
                .unit(target.unit)
                .operands([&total].into_iter().chain(&items).map(|f| f.source)),
        );
    }
}

/// The sets of columns that a heading may be the sum of.
fn candidates(columns: &[&Column<'_>], t: usize, target: &Column<'_>) -> Vec<Vec<usize>> {
    let same_unit = |c: &usize| columns[*c].unit == target.unit || columns[*c].unit.is_none();
    let mut candidates: Vec<Vec<usize>> = Vec::new();
    let mut offer = |set: Vec<usize>| {
        let set: Vec<usize> = set.into_iter().filter(same_unit).collect();
        if set.len() >= 2 && !candidates.contains(&set) {
            candidates.push(set);
        }
    };
    // Columns under the same upper heading; columns up to the next sum; all that follow, with and without nested sums
    // in place of their parts; and the same to the left.
    let next = (t + 1..columns.len())
        .find(|c| is_sum(columns[*c]))
        .unwrap_or(columns.len());
    let before = (0..t).rev().find(|c| is_sum(columns[*c])).map_or(0, |c| c + 1);
    let own = group(&target.header);
    if !own.is_empty() {
        offer(
            (0..columns.len())
                .filter(|c| *c != t && group(&columns[*c].header) == own)
                .collect(),
        );
        let below = |c: &usize| *c != t && columns[*c].header.starts_with(own) && !is_sum(columns[*c]);
        offer((0..columns.len()).filter(below).collect());
    }
    offer((t + 1..next).collect());
    offer((t + 1..columns.len()).collect());
    offer((t + 1..columns.len()).filter(|c| !is_sum(columns[*c])).collect());
    if let Some(nested) = (t + 1..columns.len()).find(|c| is_sum(columns[*c])) {
        // 合计 | a | 小计 | 购置 | 运行 | b: the nested sum stands for the parts right of it, however many they are.
        for parts in 1..=4usize {
            let skipped = nested + 1..(nested + 1 + parts).min(columns.len());
            offer((t + 1..columns.len()).filter(|c| !skipped.contains(c)).collect());
            offer((t + 1..(t + 1 + parts).min(columns.len())).collect());
        }
    } else {
        for end in (t + 3..columns.len()).rev() {
            offer((t + 1..end).collect());
            if columns.len() - end > 6 {
                break;
            }
        }
    }
    offer((before..t).collect());
    candidates
}

/// The set that the rows bear out best: in how many rows it holds, in how many not, and its columns.
fn best_set(columns: &[&Column<'_>], t: usize, target: &Column<'_>, rows: usize) -> Option<(usize, usize, Vec<usize>)> {
    let mut best: Option<(usize, usize, Vec<usize>)> = None;
    for set in candidates(columns, t, target) {
        let (mut holds, mut fails) = (0usize, 0usize);
        for row in 0..rows {
            match row_sum(columns, target, &set, row) {
                Some((total, items, outcome)) if telling(&total, &items) => {
                    if outcome.status == CheckStatus::Fail {
                        fails += 1
                    } else {
                        holds += 1
                    }
                }
                Some((_, _, outcome)) if outcome.status == CheckStatus::Fail => fails += 1,
                _ => {}
            }
        }
        let better = best
            .as_ref()
            .is_none_or(|(h, f, _)| holds * (h + f).max(1) > h * (holds + fails).max(1));
        if holds > 0 && better {
            best = Some((holds, fails, set));
        }
    }
    best
}

/// The relation in one row; `None` where the row has no such figures or one of them was not read.
fn row_sum<'a>(
    columns: &[&Column<'a>],
    target: &Column<'a>,
    set: &[usize],
    row: usize,
) -> Option<(Figure<'a>, Vec<Figure<'a>>, Outcome)> {
    let total = target.figure(row)?;
    if set.iter().any(|c| columns[*c].unread(row)) {
        return None;
    }
    // The figures of a row share the decimals of the widest of its columns.
    let items: Vec<Figure<'a>> = set.iter().filter_map(|c| columns[*c].figure(row)).collect();
    if items.is_empty() {
        return None;
    }
    let outcome = compare_sum(&total, &items)?;
    Some((total, items, outcome))
}

/// Whether a row's total is made of at least two figures that are not nought.
fn proves(columns: &[&Column<'_>], target: &Column<'_>, set: &[usize], row: usize) -> bool {
    row_sum(columns, target, set, row).is_some_and(|(_, items, outcome)| {
        outcome.status == CheckStatus::Pass && items.iter().filter(|i| !i.value.is_zero()).count() >= 2
    })
}

/// Whether a row can tell anything: its total is not nought.
fn telling(total: &Figure<'_>, items: &[Figure<'_>]) -> bool {
    !total.value.is_zero() && !items.is_empty()
}

const CURRENT: [Measure; 6] = [
    Measure::FinalAccounts,
    Measure::Actual,
    Measure::AdjustedBudget,
    Measure::Budget,
    Measure::InitialBudget,
    Measure::Allocated,
];

/// 增减额 = 本年 − 上年 and 增减幅度 = 增减额 ÷ 上年, where one current column bears it out.
fn changes(sequence: &Sequence<'_>, computed: &BTreeSet<usize>, ledger: &mut Ledger<'_>) {
    let column = |m: Measure| sequence.columns.iter().find(|c| c.key == ColumnKey::Measure(m));
    let Some(prior) = column(Measure::PriorYear) else {
        return;
    };
    let current: Vec<&Column<'_>> = CURRENT.into_iter().filter_map(column).collect();
    for (target, rate) in [(column(Measure::Change), false), (column(Measure::ChangeRate), true)] {
        let Some(target) = target.filter(|t| !computed.contains(&t.index)) else {
            continue;
        };
        let look = |now: &Column<'_>, row: usize| -> Option<(Outcome, bool)> {
            let (stated, now, prior) = (target.figure(row)?, now.figure(row)?, prior.figure(row)?);
            let outcome = if rate {
                if prior.value <= Decimal::ZERO {
                    return None;
                }
                let span = now.interval()?.growth(prior.interval()?)?;
                let exact = crate::check::interval::Interval::point(now.value.into())
                    .growth(crate::check::interval::Interval::point(prior.value.into()))?;
                compare_interval(&stated, exact.low, span)?
            } else {
                let computed = now.value.checked_sub(prior.value)?;
                compare(stated.value, computed, stated.half + now.half + prior.half)?
            };
            Some((outcome, !stated.value.is_zero()))
        };
        let rows = 0..sequence.lines.len();
        let count = |now: &&&Column<'_>| {
            let outcomes = rows.clone().filter_map(|row| look(now, row));
            outcomes
                .filter(|(o, told)| *told && o.status != CheckStatus::Fail)
                .count()
        };
        let Some(now) = current.iter().max_by_key(count).copied() else {
            continue;
        };
        let examined = rows.clone().filter_map(|row| look(now, row)).count();
        let holds = count(&&now);
        if holds * 2 < examined {
            continue; // the columns are related in some other way
        }
        for row in rows {
            let (Some((outcome, _)), Some(stated)) = (look(now, row), target.figure(row)) else {
                continue;
            };
            let (Some(a), Some(b)) = (now.figure(row), prior.figure(row)) else {
                continue;
            };
            let unit = if rate { "%" } else { target.unit.unwrap_or("") };
            let message = format!(
                "{}第{}行“{}”：{}“{}”写{}{unit}，由“{}”{}与“{}”{}计算为{}{unit}，{}",
                sequence.title(),
                sequence.lines[row].row + 1,
                sequence.lines[row].name,
                place(stated.source),
                target.header,
                stated.value,
                now.header,
                a.value,
                prior.header,
                b.value,
                outcome.computed,
                verdict(outcome.status, outcome.difference, outcome.tolerance, unit)
            );
            ledger.add(
                Entry::new(&TBL_03, outcome.status)
                    .message(message)
                    .numbers(stated.value, outcome.computed)
                    .tolerance(outcome.tolerance)
                    .unit(Some(unit).filter(|u| !u.is_empty()))
                    .operands([stated.source, a.source, b.source]),
            );
        }
    }
}
