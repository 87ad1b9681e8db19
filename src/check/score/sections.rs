//! SCR-03 and SCR-04: the points of a part of a form, and the points of each indicator.

use super::form::{Form, cell, source_of};
use super::other::{self, Bound};
use super::{SCR_03, SCR_04};
use crate::check::figure::{Figure, compare_sum, sane};
use crate::check::ledger::{Entry, Ledger, place, verdict};
use crate::model::{CellRecord, CheckStatus, Indicator, Report, ScoreKind, Source};
use crate::text::fold::fold;
use rust_decimal::Decimal;
use std::collections::HashSet;

/// SCR-03.
pub fn sections(form: &Form<'_>, report: &Report, ledger: &mut Ledger<'_>) {
    let mut groups: Vec<(&str, Vec<&Indicator>)> = Vec::new();
    for i in &form.indicators {
        let Some(level1) = i.level1.as_deref() else {
            continue;
        };
        match groups.iter_mut().find(|(name, _)| *name == level1) {
            Some((_, list)) => list.push(i),
            None => groups.push((level1, vec![i])),
        }
    }
    // An indicator without a level may belong to any of them.
    let named_all = form.indicators.iter().all(|i| i.level1.is_some());
    for (index, (level1, list)) in groups.iter().enumerate() {
        let stated = list.iter().find_map(|i| Some((sane(i.level1_weight?.0)?, *i)));
        if let Some((value, first)) = stated {
            let label = label_cell(report, first, level1, value);
            let source = label.as_ref().unwrap_or(&first.source);
            let agreed = list.iter().all(|i| i.level1_weight.is_none_or(|w| w.0 == value));
            let stated = Figure::exact(value, source);
            let mut items = weights(list.iter().copied());
            // 满意度 below 效益指标（30分） may be a part of it: a level that states no points of its own.
            let next = groups.get(index + 1).map_or(&[][..], |(_, next)| next);
            if next.iter().all(|i| i.level1_weight.is_none()) {
                let both = weights(list.iter().chain(next).copied());
                let agrees = |items| compare_sum(&stated, items).is_some_and(|o| o.status == CheckStatus::Pass);
                if !agrees(&items) && agrees(&both) {
                    items = both;
                }
            }
            let whole = agreed && named_all && list.iter().all(|i| i.weight.is_some());
            section(form, level1, "标注分值", stated, &items, whole, ledger);
        }
        // 产出数量 is a level below 产出 and has points of its own.
        let below = |name: &str| list.iter().any(|i| i.level2.as_deref() == Some(name));
        let part = |name: &str| name.contains(level1) || (name.chars().count() >= 2 && level1.contains(name));
        let named = |name: &str| name == *level1 || !below(name) && part(name);
        let score = report
            .scores
            .iter()
            .find(|s| s.kind == ScoreKind::Section && s.table.is_some() && form.holds(&s.source) && named(&s.name));
        if let Some((value, source)) = score.and_then(|s| Some((sane(s.value?.0)?, &s.source))) {
            let items = once(
                list.iter()
                    .filter_map(|i| Some((sane(i.score?.0)?, i.score_source.as_ref().unwrap_or(&i.source)))),
            );
            let whole = named_all && list.iter().all(|i| i.score.is_some());
            section(
                form,
                level1,
                "得分",
                Figure::exact(value, source),
                &items,
                whole,
                ledger,
            );
        }
    }
}

/// The cell whose text holds the level and its points: 产出指标（50分）.
fn label_cell(report: &Report, first: &Indicator, level1: &str, value: Decimal) -> Option<Source> {
    let table = report.tables.iter().find(|t| t.id == first.table)?;
    let (name, points) = (fold(level1), format!("{}分", value.normalize()));
    let holds = |text: &str| {
        let folded = fold(text);
        folded.contains(&name) && folded.contains(&points)
    };
    let over = |c: &&CellRecord| c.row <= first.row && first.row < c.row + c.row_span && holds(&c.text);
    let cell = table
        .cells
        .iter()
        .find(over)
        .or_else(|| table.cells.iter().find(|c| holds(&c.text)))?;
    Some(source_of(table, cell))
}

fn weights<'a>(indicators: impl Iterator<Item = &'a Indicator>) -> Vec<Figure<'a>> {
    once(indicators.filter_map(|i| Some((sane(i.weight?.0)?, i.weight_source.as_ref().unwrap_or(&i.source)))))
}

fn once<'a>(cells: impl Iterator<Item = (Decimal, &'a Source)>) -> Vec<Figure<'a>> {
    let mut seen = HashSet::new();
    let new = |(_, source): &(Decimal, &'a Source)| cell(source).is_none_or(|c| seen.insert(c));
    cells
        .filter(new)
        .map(|(value, source)| Figure::exact(value, source))
        .collect()
}

fn section(
    form: &Form<'_>,
    level1: &str,
    what: &str,
    stated: Figure<'_>,
    items: &[Figure<'_>],
    whole: bool,
    ledger: &mut Ledger<'_>,
) {
    let Some(outcome) = compare_sum(&stated, items).filter(|_| !items.is_empty()) else {
        return;
    };
    let status = match outcome.status {
        CheckStatus::Fail if !whole => CheckStatus::Insufficient,
        status => status,
    };
    let message = format!(
        "{}：{}“{level1}”{what}{}分，其下{}项之和为{}分，{}",
        form.title(),
        place(stated.source),
        stated.value,
        items.len(),
        outcome.computed,
        verdict(status, outcome.difference, Decimal::ZERO, "分")
    );
    ledger.add(
        Entry::new(&SCR_03, status)
            .message(message)
            .numbers(stated.value, outcome.computed)
            .tolerance(Decimal::ZERO)
            .unit(Some("分"))
            .operands([stated.source].into_iter().chain(items.iter().map(|f| f.source))),
    );
}

/// SCR-04, one entry for each violation and one for all that hold.
pub fn bounds(form: &Form<'_>, report: &Report, ledger: &mut Ledger<'_>) {
    let named: Vec<_> = form
        .indicators
        .iter()
        .filter_map(|i| {
            let weight = Figure::exact(sane(i.weight?.0)?, i.weight_source.as_ref().unwrap_or(&i.source));
            let score = Figure::exact(sane(i.score?.0)?, i.score_source.as_ref().unwrap_or(&i.source));
            Some((i.name.as_str(), i.level1.as_deref(), weight, score))
        })
        .chain(form.fund.and_then(|f| Some(("资金执行率", None, f.weight, f.score?))))
        .collect();
    if named.is_empty() {
        return;
    }
    let mut good = Vec::new();
    for (name, level1, weight, score) in named {
        if score.value >= Decimal::ZERO && score.value <= weight.value {
            good.push((weight, score));
            continue;
        }
        let (status, words) = match other::bound(report, form, &[name, level1.unwrap_or("")], &weight, &score) {
            Bound::Holds => {
                good.push((weight, score));
                continue;
            }
            Bound::Open => (
                CheckStatus::Insufficient,
                "但表中另有满分、加分或加权，不能确定上限，无法核对",
            ),
            Bound::None => (CheckStatus::Fail, "得分应在0与分值之间"),
        };
        let message = format!(
            "{}“{name}”：{}得分{}分，{}分值{}分，{words}",
            form.title(),
            place(score.source),
            score.value,
            place(weight.source),
            weight.value
        );
        ledger.add(
            Entry::new(&SCR_04, status)
                .message(message)
                .numbers(score.value, weight.value)
                .tolerance(Decimal::ZERO)
                .unit(Some("分"))
                .operands([score.source, weight.source]),
        );
    }
    if !good.is_empty() {
        let message = format!("{}：{}项得分都在0与分值之间", form.title(), good.len());
        ledger.add(
            Entry::new(&SCR_04, CheckStatus::Pass)
                .message(message)
                .operands(good.iter().flat_map(|(w, s)| [s.source, w.source])),
        );
    }
}
