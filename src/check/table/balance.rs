//! TBL-04: what comes in against what goes out.

use super::TBL_04;
use super::lines::Sequence;
use crate::check::figure::compare;
use crate::check::ledger::{Entry, Ledger, place, verdict};
use crate::model::RowRole;

/// TBL-04: 收入总计 against 支出总计 of one table, column by column.
pub fn examine(all: &[Sequence<'_>], ledger: &mut Ledger<'_>) {
    // A grand total by its words: 总计 closes both sides, 本年…合计 does not.
    let grand = |sequence: &Sequence<'_>, side: fn((bool, bool)) -> bool| {
        let closes = &sequence.patterns.checks.words.tables.grand;
        (0..sequence.lines.len()).find(|i| {
            let line = sequence.lines[*i];
            let name: String = line.name.chars().filter(|c| !c.is_whitespace()).collect();
            let told = sequence.patterns.forms.revenue_and_expenditure(&name);
            matches!(line.role, RowRole::Total | RowRole::Subtotal) && side(told) && closes.within(&name)
        })
    };
    for (k, income) in all.iter().enumerate() {
        let Some(i) = grand(income, |told| told.0) else {
            continue;
        };
        let same_table = |s: &&Sequence<'_>| s.lines[0].table == income.lines[0].table;
        let Some((outlay, j)) = all[k..]
            .iter()
            .take_while(same_table)
            .find_map(|s| Some((s, grand(s, |told| told.1)?)))
        else {
            continue;
        };
        for (a, b) in income.summed().filter_map(|column| {
            let mut same = outlay.columns.iter().filter(|c| c.key == column.key);
            let other = same.next()?;
            Some((column, other)).filter(|_| column.unit == other.unit)
        }) {
            let (Some(stated), Some(against)) = (a.figure(i), b.figure(j)) else {
                continue;
            };
            let tolerance = stated.half + against.half;
            let Some(outcome) = compare(stated.value, against.value, tolerance) else {
                continue;
            };
            let unit = a.unit.unwrap_or("");
            let message = format!(
                "{}：{}“{}”{}{unit}，{}“{}”{}{unit}，{}",
                income.title(),
                place(stated.source),
                income.lines[i].name,
                stated.value,
                place(against.source),
                outlay.lines[j].name,
                against.value,
                verdict(outcome.status, outcome.difference, outcome.tolerance, unit)
            );
            ledger.add(
                Entry::new(&TBL_04, outcome.status)
                    .message(message)
                    .numbers(stated.value, outcome.computed)
                    .tolerance(outcome.tolerance)
                    .unit(a.unit)
                    .operands([stated.source, against.source]),
            );
        }
    }
}
