//! Other ways in which a form may count: weighted scores, points on top, blocks of scores that stand below each other.

use super::form::{Form, source_of};
use crate::check::figure::{Figure, sane};
use crate::model::{BudgetLine, Measure, Report, RowRole, Source, TableRecord};
use crate::pattern::checks::PointWords;
use crate::text::fold::fold;
use rust_decimal::Decimal;
use std::str::FromStr;

fn table_of<'a>(report: &'a Report, source: &Source) -> Option<&'a TableRecord> {
    let id = source.table.as_deref()?;
    report.tables.iter().find(|t| t.id == id)
}

fn number(text: &str, words: &PointWords) -> Option<Decimal> {
    let folded = fold(text);
    let bare = words
        .unit
        .iter()
        .fold(folded.as_str(), |text, unit| text.trim_end_matches(unit.as_str()));
    sane(Decimal::from_str(bare).ok()?)
}

/// The figures in the column of the total, where they are its sum: a column of weighted scores beside the raw ones, or the
/// scores of tasks above those of indicators.
fn column_of_total(report: &Report, total: &Figure<'_>, words: &PointWords) -> Option<Vec<Source>> {
    let table = table_of(report, total.source)?;
    let (row, col) = (total.source.row?, total.source.col?);
    let within = |c: &&crate::model::CellRecord| c.col == col && c.row != row;
    let cells: Vec<_> = table
        .cells
        .iter()
        .filter(within)
        .filter_map(|c| Some((number(&c.text, words)?, c)))
        .collect();
    let sum = cells
        .iter()
        .try_fold(Decimal::ZERO, |sum, (value, _)| sum.checked_add(*value))?;
    (cells.len() >= 2 && sum == total.value).then(|| cells.iter().map(|(_, c)| source_of(table, c)).collect())
}

/// How the total comes about where it is not the sum of the scores, and what it is made of.
pub(super) fn explained(report: &Report, form: &Form<'_>, total: &Figure<'_>) -> Option<(&'static str, Vec<Source>)> {
    if let Some(cells) = column_of_total(report, total, form.words) {
        return Some(("总分所在列", cells));
    }
    let weighs = form.pairs.len() == form.scores.len() && form.pairs.iter().any(|(w, s)| s.value > w.value);
    let holds = weighs && weighted_sum(form) == Some(total.value);
    let cells = || {
        form.pairs
            .iter()
            .flat_map(|(w, s)| [w.source.clone(), s.source.clone()])
    };
    holds.then(|| ("按权重加权的", cells().collect()))
}

/// Whether the form leaves open which of its scores make the total: it weighs them, or scores tasks beside indicators.
pub(super) fn several_readings(report: &Report, form: &Form<'_>) -> bool {
    let in_form = |table: &str| form.tables.contains(&table);
    let weighed = |t: &TableRecord| t.columns.iter().any(|c| form.words.weighted.within(&c.header));
    let scored = |b: &&BudgetLine| {
        let has = b.amounts.get(&Measure::Score).is_some_and(|a| a.value.is_some());
        b.role == RowRole::Item && has && in_form(&b.table)
    };
    report.tables.iter().any(|t| in_form(&t.id) && weighed(t)) || report.budgets.iter().filter(scored).count() >= 2
}

/// What a score above its weight may be.
pub(super) enum Bound {
    /// The most that it can be is another figure of the row: 满分, or the weight and the points on top.
    Holds,
    /// The form has such columns, or such points, and does not say how they count.
    Open,
    /// Nothing but the weight bounds it.
    None,
}

/// Reads a score that is above its weight in the other ways that its form has.
pub(super) fn bound(
    report: &Report,
    form: &Form<'_>,
    names: &[&str],
    weight: &Figure<'_>,
    score: &Figure<'_>,
) -> Bound {
    let Some(table) = table_of(report, score.source) else {
        return Bound::None;
    };
    let words = form.words;
    let at = |source: &Source| source.col.map(|c| heading(table, c)).unwrap_or_default();
    let (own, of_score) = (at(weight.source), at(score.source));
    let Some(row) = score.source.row else {
        return Bound::None;
    };
    let value = |col: usize| {
        let over = |c: &&crate::model::CellRecord| c.col == col && c.row <= row && row < c.row + c.row_span;
        table.cells.iter().find(over).and_then(|c| number(&c.text, words))
    };
    let mut open = names
        .iter()
        .any(|n| words.on_top.within(n) || words.on_top_names.within(n));
    let mut most = weight.value;
    for column in &table.columns {
        if Some(column.index) == weight.source.col || Some(column.index) == score.source.col {
            continue;
        }
        if words.full.within(&column.header) {
            open = true;
            most = most.max(value(column.index).unwrap_or(most));
        } else if words.on_top.within(&column.header) {
            open = true;
            let points = value(column.index).unwrap_or_default().abs();
            most = most.checked_add(points).unwrap_or(most);
        }
    }
    if score.value <= most && score.value >= Decimal::ZERO {
        return Bound::Holds;
    }
    // 权重 20 ∣ 得分 95: every score is out of the full points, and the weights tell how much of it counts.
    let in_hundred = form
        .scores
        .iter()
        .all(|s| s.value <= form.full && s.value >= Decimal::ZERO);
    let above = form.pairs.iter().filter(|(w, s)| s.value > w.value).count();
    let weights = words.weights.within(own) || words.weighted.within(of_score);
    if weights && in_hundred && above * 2 > form.pairs.len() {
        return if weighted_sum(form)
            .zip(form.total)
            .is_some_and(|(sum, t)| sum == t.value)
        {
            Bound::Holds
        } else {
            Bound::Open
        };
    }
    if open { Bound::Open } else { Bound::None }
}

fn heading(table: &TableRecord, col: usize) -> &str {
    table
        .columns
        .iter()
        .find(|c| c.index == col)
        .map_or("", |c| c.header.as_str())
}

/// Σ weight × score ÷ full points, to the decimals of the total.
fn weighted_sum(form: &Form<'_>) -> Option<Decimal> {
    let products = form.pairs.iter().map(|(w, s)| w.value.checked_mul(s.value));
    let sum = products
        .collect::<Option<Vec<_>>>()?
        .into_iter()
        .try_fold(Decimal::ZERO, |sum, p| sum.checked_add(p))?;
    let whole = sum.checked_div(form.full)?;
    Some(form.total.map_or(whole, |t| whole.round_dp(t.value.scale())))
}
