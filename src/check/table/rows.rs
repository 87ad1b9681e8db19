//! TBL-05, TBL-08 and TBL-09: relations of single lines.

use super::column::{Column, ColumnKey};
use super::lines::Sequence;
use super::{TBL_05, TBL_08, TBL_09};
use crate::check::interval::Rational;
use crate::check::ledger::{Entry, Ledger, place};
use crate::model::{CheckStatus, Measure, RowRole};
use crate::pattern::checks::Limits;
use rust_decimal::Decimal;
use std::collections::HashMap;

fn measure_column<'a, 's>(sequence: &'s Sequence<'a>, measures: &[Measure]) -> Option<&'s Column<'a>> {
    let find = |m: &Measure| sequence.columns.iter().find(|c| c.key == ColumnKey::Measure(*m));
    measures.iter().find_map(find)
}

/// TBL-05.
pub fn same_columns(sequence: &Sequence<'_>, ledger: &mut Ledger<'_>) {
    let adjusted = measure_column(sequence, &[Measure::AdjustedBudget]);
    let executed = measure_column(sequence, &[Measure::FinalAccounts, Measure::Actual]);
    let (Some(adjusted), Some(executed)) = (adjusted, executed) else {
        return;
    };
    let pairs: Vec<_> = (0..sequence.lines.len())
        .filter_map(|i| Some((adjusted.figure(i)?, executed.figure(i)?)))
        .collect();
    let filled = pairs.iter().filter(|(a, _)| !a.value.is_zero()).count();
    if filled < 4 || pairs.iter().any(|(a, b)| a.value != b.value) {
        return;
    }
    let message = format!(
        "{}：“{}”与“{}”两列{}行逐行相同，请确认全年预算数是否按决算数填写",
        sequence.title(),
        adjusted.header,
        executed.header,
        pairs.len()
    );
    let sources = pairs.iter().flat_map(|(a, b)| [a.source, b.source]);
    ledger.add(
        Entry::new(&TBL_05, CheckStatus::Fail)
            .message(message)
            .words(adjusted.header.clone(), executed.header.clone())
            .operands(sources),
    );
}

/// Group, name and figures of a line.
type LineKey<'a> = (Option<&'a str>, &'a str, Vec<Option<Decimal>>);

/// TBL-08.
pub fn repeated(sequence: &Sequence<'_>, ledger: &mut Ledger<'_>) {
    let mut seen: HashMap<LineKey<'_>, usize> = HashMap::new();
    for (i, line) in sequence.lines.iter().enumerate() {
        let values: Vec<Option<Decimal>> = sequence.columns.iter().map(|c| c.figure(i).map(|f| f.value)).collect();
        let filled = values.iter().flatten().filter(|v| !v.is_zero()).count();
        if filled == 0 || line.role == RowRole::Subtotal {
            continue;
        }
        let key = (line.level1.as_deref(), line.name.as_str(), values);
        let Some(first) = seen.get(&key).copied() else {
            seen.insert(key, i);
            continue;
        };
        let other = sequence.lines[first];
        let message = format!(
            "{}：第{}行与第{}行“{}”名称和各列数值都相同，疑为重复",
            sequence.title(),
            other.row + 1,
            line.row + 1,
            line.name
        );
        let cells = |i: usize| {
            sequence
                .columns
                .iter()
                .filter_map(move |c| c.figure(i).map(|f| f.source))
        };
        ledger.add(
            Entry::new(&TBL_08, CheckStatus::Fail)
                .message(message)
                .words(other.name.clone(), line.name.clone())
                .operands(
                    [&other.source, &line.source]
                        .into_iter()
                        .chain(cells(first))
                        .chain(cells(i)),
                ),
        );
    }
}

/// TBL-09.
pub fn out_of_band(sequence: &Sequence<'_>, limits: &Limits, ledger: &mut Ledger<'_>) {
    let budget = measure_column(
        sequence,
        &[Measure::AdjustedBudget, Measure::Budget, Measure::InitialBudget],
    );
    let executed = measure_column(sequence, &[Measure::Actual, Measure::FinalAccounts]);
    let (Some(budget), Some(executed)) = (budget, executed) else {
        return;
    };
    if budget.in_yuan != executed.in_yuan || budget.unit != executed.unit || sequence.is_income() {
        return;
    }
    for (i, line) in sequence.lines.iter().enumerate() {
        let (Some(b), Some(a)) = (budget.figure(i), executed.figure(i)) else {
            continue;
        };
        if line.role != RowRole::Item || b.value <= Decimal::ZERO {
            continue;
        }
        let percent = Rational::from(a.value).over(b.value.into());
        let percent = percent.and_then(|r| r.times(Rational::whole(100)));
        let Some(shown) = percent.and_then(|p| p.rounded(2)) else {
            continue;
        };
        let (bound, word) = if shown > limits.line_high_percent {
            (limits.line_high_percent, "高于")
        } else if shown < limits.line_low_percent {
            (limits.line_low_percent, "低于")
        } else {
            continue;
        };
        let message = format!(
            "{}第{}行“{}”：{}“{}”{}与{}“{}”{}之比为{shown}%，{word}{}%",
            sequence.title(),
            line.row + 1,
            line.name,
            place(a.source),
            executed.header,
            a.value,
            place(b.source),
            budget.header,
            b.value,
            bound.normalize()
        );
        ledger.add(
            Entry::new(&TBL_09, CheckStatus::Fail)
                .message(message)
                .threshold(shown, bound.normalize())
                .unit(Some("%"))
                .operands([a.source, b.source]),
        );
    }
}
