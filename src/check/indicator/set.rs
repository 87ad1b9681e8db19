//! Relations of a table's indicators as a set.

use super::{IND_06, IND_09, IND_16, IND_18, Offered};
use crate::check::figure::sane;
use crate::check::ledger::{Entry, Ledger};
use crate::model::{CheckStatus, ColumnRole, Indicator, Measure, Report, RowRole, Source, TableKind, ValueKind};
use crate::pattern::checks::{IndicatorWords, WordList};
use crate::text::fold::fold;
use rust_decimal::Decimal;
use std::collections::HashMap;

pub fn examine(report: &Report, offered: &Offered<'_>, words: &IndicatorWords, ledger: &mut Ledger<'_>) {
    let mut tables: Vec<(&str, Vec<&Indicator>)> = Vec::new();
    let mut at: HashMap<&str, usize> = HashMap::new();
    for indicator in &report.indicators {
        let place = *at.entry(&indicator.table).or_insert_with(|| {
            tables.push((&indicator.table, Vec::new()));
            tables.len() - 1
        });
        tables[place].1.push(indicator);
    }
    for (table, indicators) in &tables {
        if offered.has(table, ColumnRole::ActualValue) {
            scored_without_result(table, indicators, ledger);
        }
        repeated(table, indicators, ledger);
        dimensions(report, table, indicators, words, ledger);
        done_without_money(report, table, indicators, words, ledger);
    }
}

fn rows(indicators: &[&Indicator]) -> String {
    let words: Vec<String> = indicators.iter().take(12).map(|i| (i.row + 1).to_string()).collect();
    let more = if indicators.len() > 12 { "等" } else { "" };
    format!("第{}{more}行", words.join("、"))
}

/// IND-06: one entry for the table, naming each indicator.
fn scored_without_result(table: &str, indicators: &[&Indicator], ledger: &mut Ledger<'_>) {
    // A scoring block of the same table may have neither targets nor results: nothing is left blank there.
    let empty = |i: &Indicator| match &i.actual {
        Some(actual) => actual.kind == ValueKind::Empty || actual.raw.trim().is_empty(),
        None => i.target.is_some(),
    };
    let found: Vec<&Indicator> = indicators
        .iter()
        .copied()
        .filter(|i| empty(i) && i.score.is_some_and(|s| s.0 > Decimal::ZERO))
        .collect();
    // Where no indicator has a result, the column was not read and not left empty.
    if found.is_empty() || indicators.iter().all(|i| empty(i)) {
        return;
    }
    let names: Vec<&str> = found.iter().map(|i| i.name.as_str()).collect();
    let message = format!(
        "表{table}{}：“{}”实际完成值空白而有得分",
        rows(&found),
        names.join("”“")
    );
    let sources: Vec<&Source> = found
        .iter()
        .flat_map(|i| [i.score_source.as_ref(), Some(&i.source)].into_iter().flatten())
        .collect();
    ledger.add(
        Entry::new(&IND_06, CheckStatus::Fail)
            .message(message)
            .numbers(Decimal::ZERO, Decimal::from(found.len()))
            .unit(Some("项"))
            .operands(sources),
    );
}

/// Project, 一级指标, name, target and actual of a row.
type RowKey<'a> = (Option<&'a str>, Option<&'a str>, String, String, String);

/// IND-09: rows of the table against distinct rows.
fn repeated(table: &str, indicators: &[&Indicator], ledger: &mut Ledger<'_>) {
    let mut first: HashMap<RowKey<'_>, &Indicator> = HashMap::new();
    let mut pairs: Vec<(&Indicator, &Indicator)> = Vec::new();
    for i in indicators.iter().copied() {
        let raw = |v: &Option<crate::model::Value>| v.as_ref().map_or(String::new(), |v| fold(&v.raw));
        let key = (
            i.project.as_deref(),
            i.level1.as_deref(),
            fold(&i.name),
            raw(&i.target),
            raw(&i.actual),
        );
        if key.3.is_empty() && key.4.is_empty() {
            continue;
        }
        match first.get(&key) {
            Some(other) => pairs.push((other, i)),
            None => {
                first.insert(key, i);
            }
        }
    }
    if pairs.is_empty() {
        return;
    }
    let told: Vec<String> = pairs
        .iter()
        .take(12)
        .map(|(a, b)| format!("{}/{}", a.row + 1, b.row + 1))
        .collect();
    let distinct = indicators.len() - pairs.len();
    let message = format!(
        "表{table}：{}行指标中有{}行与前面的行名称、目标、实际全同（第{}行），不重复者{distinct}个",
        indicators.len(),
        pairs.len(),
        told.join("、")
    );
    ledger.add(
        Entry::new(&IND_09, CheckStatus::Fail)
            .message(message)
            .numbers(Decimal::from(indicators.len()), Decimal::from(distinct))
            .tolerance(Decimal::ZERO)
            .unit(Some("个"))
            .operands(pairs.iter().flat_map(|(a, b)| [&a.source, &b.source])),
    );
}

/// IND-18.
fn dimensions(
    report: &Report,
    table: &str,
    indicators: &[&Indicator],
    words: &IndicatorWords,
    ledger: &mut Ledger<'_>,
) {
    let form = report
        .tables
        .iter()
        .any(|t| t.id == table && t.kind == TableKind::SelfEvaluationForm);
    let has = |words: &WordList| {
        indicators
            .iter()
            .any(|i| [&i.level1, &i.level2].into_iter().flatten().any(|l| words.within(l)))
    };
    if !form || !has(&words.outputs) || has(&words.benefits) {
        return;
    }
    let Some(first) = indicators.first() else {
        return;
    };
    ledger.add(
        Entry::new(&IND_18, CheckStatus::Fail)
            .message(format!("表{table}：有产出指标，没有效益指标"))
            .words("产出指标", "无效益指标")
            .operands([&first.source]),
    );
}

/// IND-16.
fn done_without_money(
    report: &Report,
    table: &str,
    indicators: &[&Indicator],
    words: &IndicatorWords,
    ledger: &mut Ledger<'_>,
) {
    let line = report
        .budgets
        .iter()
        .find(|b| b.table == table && b.role == RowRole::Total);
    let amount = |m: Measure| {
        line.and_then(|l| l.amounts.get(&m))
            .and_then(|a| Some((sane(a.value?.0)?, &a.source)))
    };
    let Some((spent, spent_at)) = amount(Measure::Actual).or(amount(Measure::FinalAccounts)) else {
        return;
    };
    let Some((budget, budget_at)) = amount(Measure::AdjustedBudget).or(amount(Measure::Budget)) else {
        return;
    };
    if budget <= Decimal::ZERO || spent * Decimal::ONE_HUNDRED > budget {
        return;
    }
    let quantity =
        |i: &&&Indicator| i.level2.as_deref().is_some_and(|l| words.quantities.within(l)) && i.met == Some(true);
    let done: Vec<&&Indicator> = indicators.iter().filter(quantity).collect();
    let Some(first) = done.first() else {
        return;
    };
    let message = format!(
        "表{table}：预算{budget}，执行{spent}，而{}项数量指标已完成，请说明资金来源",
        done.len()
    );
    ledger.add(
        Entry::new(&IND_16, CheckStatus::Fail)
            .message(message)
            .numbers(budget, spent)
            .operands([budget_at, spent_at, &first.source]),
    );
}
