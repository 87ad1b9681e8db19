//! Forms with points, put together from indicators, the funding row and the total row of one table.

use super::other::{self, Bound};
use super::{SCR_03, SCR_04};
use crate::check::figure::{Figure, compare_sum, sane};
use crate::check::ledger::{Entry, Ledger, place, verdict};
use crate::model::{
    BudgetLine, CellRecord, CheckStatus, Indicator, Measure, Report, RowRole, Score, ScoreKind, Source, TableRecord,
};
use crate::text::fold::fold;
use rust_decimal::Decimal;
use std::collections::HashSet;

/// Points of the funding row.
#[derive(Debug, Clone, Copy)]
pub struct Fund<'a> {
    /// 分值.
    pub weight: Figure<'a>,
    /// 得分.
    pub score: Option<Figure<'a>>,
}

/// A form: what its points are.
#[derive(Debug, Clone)]
pub struct Form<'a> {
    /// Table ids; more than one where a form goes on in the next table.
    pub tables: Vec<&'a str>,
    /// 项目名称.
    pub project: Option<&'a str>,
    /// Indicators in order.
    pub indicators: Vec<&'a Indicator>,
    /// Each cell of points once.
    pub weights: Vec<Figure<'a>>,
    /// Each cell of scores once.
    pub scores: Vec<Figure<'a>>,
    /// Weight and score of the same indicator.
    pub pairs: Vec<(Figure<'a>, Figure<'a>)>,
    /// Whether an indicator has no weight although others have.
    pub missing_weight: bool,
    /// Whether an indicator has no score although others have.
    pub missing_score: bool,
    /// The funding row's points.
    pub fund: Option<Fund<'a>>,
    /// Whether the form has a funding block at all.
    pub has_money: bool,
    /// Execution rate of the funding row, in per cent.
    pub rate: Option<(Decimal, &'a Source)>,
    /// The total, of the form or, for a report with one form, of its prose.
    pub total: Option<Figure<'a>>,
    /// Whether the total stands in the form.
    pub total_in_form: bool,
    /// Points that can be reached.
    pub full: Decimal,
    /// Where they are stated.
    pub full_source: Option<&'a Source>,
}

impl Form<'_> {
    /// How messages name the form.
    pub fn title(&self) -> String {
        let tables = self.tables.join("、");
        match self.project {
            Some(project) => format!("表{tables}“{}”", crate::check::ledger::shorten(project, 24)),
            None => format!("表{tables}"),
        }
    }
}

fn cell(source: &Source) -> Option<(Option<&str>, usize, usize)> {
    Some((source.table.as_deref(), source.row?, source.col?))
}

/// Every form of the report that gives points. `full` is what a form gives in all where it does not say.
pub fn forms(report: &Report, full: Decimal) -> Vec<Form<'_>> {
    let mut groups: Vec<(Vec<&str>, Vec<&Indicator>)> = Vec::new();
    for indicator in report
        .indicators
        .iter()
        .filter(|i| i.weight.is_some() || i.score.is_some())
    {
        match groups.iter_mut().rev().find(|(tables, _)| tables[0] == indicator.table) {
            Some((_, list)) => list.push(indicator),
            None => groups.push((vec![&indicator.table], vec![indicator])),
        }
    }
    let mut forms: Vec<Form<'_>> = groups.into_iter().map(|(t, i)| form(report, t, i, full)).collect();
    // A form that a page or a heading cuts in two: no part reaches the full points, together they do.
    if forms.len() > 1 && forms.iter().all(|f| points(f) < full) && forms.iter().map(points).sum::<Decimal>() == full {
        forms = vec![whole(report, &forms, full)];
    }
    forms = put_together(report, forms, full);
    if let [only] = &mut forms[..]
        && only.total.is_none()
    {
        let told: Vec<_> = report
            .scores
            .iter()
            .filter(|s| s.kind == ScoreKind::Self_ && s.value.is_some())
            .collect();
        if let [score] = told[..] {
            only.total = score
                .value
                .and_then(|v| sane(v.0))
                .map(|v| Figure::exact(v, &score.source));
        }
    }
    forms
}

/// Points of the indicators of a form and of its funding row.
fn points(form: &Form<'_>) -> Decimal {
    let fund = form.fund.map_or(Decimal::ZERO, |fund| fund.weight.value);
    form.weights.iter().map(|w| w.value).sum::<Decimal>() + fund
}

/// One form of several pieces.
fn whole<'a>(report: &'a Report, pieces: &[Form<'a>], full: Decimal) -> Form<'a> {
    let tables = pieces.iter().flat_map(|f| f.tables.clone()).collect();
    let indicators = pieces.iter().flat_map(|f| f.indicators.clone()).collect();
    form(report, tables, indicators, full)
}

/// Puts together the pieces of a form that goes on in the next tables: what stands before a total that is the only one, with
/// no head of another form in between. Together they may not reach the full points: that is told of the whole.
fn put_together<'a>(report: &'a Report, pieces: Vec<Form<'a>>, full: Decimal) -> Vec<Form<'a>> {
    let headed = |f: &Form<'_>| report.projects.iter().any(|p| f.tables.contains(&p.table.as_str()));
    let open = |f: &Form<'_>| f.total.is_none() && f.full_source.is_none();
    let mut out: Vec<Form<'a>> = Vec::new();
    for piece in pieces {
        match out.last_mut() {
            Some(last)
                if open(last)
                    && !headed(&piece)
                    && last.project == piece.project
                    && points(last) < full
                    && points(last) + points(&piece) <= full =>
            {
                *last = whole(report, &[last.clone(), piece], full);
            }
            _ => out.push(piece),
        }
    }
    out
}

fn form<'a>(report: &'a Report, tables: Vec<&'a str>, indicators: Vec<&'a Indicator>, full: Decimal) -> Form<'a> {
    let (mut seen_weights, mut seen_scores) = (HashSet::new(), HashSet::new());
    let (mut weights, mut scores, mut pairs) = (Vec::new(), Vec::new(), Vec::new());
    let (mut missing_weight, mut missing_score) = (false, false);
    for i in &indicators {
        let weight_at = i.weight_source.as_ref().unwrap_or(&i.source);
        let score_at = i.score_source.as_ref().unwrap_or(&i.source);
        // A merged cell gives its points once, however many indicators it stands beside.
        let new_weight = i
            .weight_source
            .as_ref()
            .and_then(cell)
            .is_none_or(|c| seen_weights.insert(c));
        let new_score = i
            .score_source
            .as_ref()
            .and_then(cell)
            .is_none_or(|c| seen_scores.insert(c));
        let weight = i.weight.and_then(|v| sane(v.0)).map(|v| Figure::exact(v, weight_at));
        let score = i.score.and_then(|v| sane(v.0)).map(|v| Figure::exact(v, score_at));
        missing_weight |= weight.is_none();
        missing_score |= score.is_none();
        weights.extend(weight.filter(|_| new_weight));
        scores.extend(score.filter(|_| new_score));
        if let (Some(w), Some(s), true) = (weight, score, new_weight && new_score) {
            pairs.push((w, s));
        }
    }
    let in_form = |table: &str| tables.contains(&table);
    let executed = report
        .scores
        .iter()
        .find(|s| s.kind == ScoreKind::Execution && s.table.as_deref().is_some_and(in_form));
    // Ten times the points of a form are money that stands where points are looked for.
    let most = full.checked_mul(Decimal::TEN).unwrap_or(full);
    let plausible = |s: &Score| [s.value, s.full].iter().flatten().all(|v| v.0 <= most);
    let total = report.scores.iter().find(|s| {
        s.kind == ScoreKind::Total
            && s.table.as_deref().is_some_and(in_form)
            && !is_money(report, &s.source)
            && plausible(s)
    });
    let stated_full = total.and_then(|t| Some((sane(t.full?.0)?, t.full_source.as_ref().unwrap_or(&t.source))));
    let has_points = |b: &&BudgetLine| {
        b.role != RowRole::OfWhich && b.amounts.get(&Measure::Weight).is_some_and(|a| a.value.is_some())
    };
    let line = report.budgets.iter().filter(|b| in_form(&b.table)).find(has_points);
    // A fund block in a table of its own, in front of the indicators of the same form.
    let indicated: Decimal = weights.iter().map(|f| f.value).sum();
    let lacking = indicated < stated_full.map_or(full, |(v, _)| v);
    let before = || {
        let table = table_before(report, &tables)?;
        report.budgets.iter().filter(|b| b.table == table).find(has_points)
    };
    let line = line.or_else(|| {
        Some(())
            .filter(|()| lacking && executed.is_none())
            .and_then(|()| before())
    });
    let of_line = |m: Measure| {
        let amount = line?.amounts.get(&m)?;
        Some(Figure::exact(sane(amount.value?.0)?, &amount.source))
    };
    let fund = match of_line(Measure::Weight) {
        Some(weight) => Some(Fund {
            weight,
            score: of_line(Measure::Score),
        }),
        None => executed.and_then(|s| {
            Some(Fund {
                weight: Figure::exact(sane(s.full?.0)?, &s.source),
                score: s.value.and_then(|v| sane(v.0)).map(|v| Figure::exact(v, &s.source)),
            })
        }),
    };
    let rate = line
        .and_then(|l| l.amounts.get(&Measure::ExecutionRate))
        .and_then(|a| Some((sane(a.percent.or(a.value)?.0)?, &a.source)));
    Form {
        project: indicators.first().and_then(|i| i.project.as_deref()),
        indicators,
        weights,
        scores,
        pairs,
        missing_weight,
        missing_score,
        fund,
        has_money: report.budgets.iter().any(|b| in_form(&b.table)),
        rate,
        total_in_form: total.is_some_and(|t| t.value.is_some()),
        total: total.and_then(|t| Some(Figure::exact(sane(t.value?.0)?, &t.source))),
        full: stated_full.map_or(full, |(v, _)| v),
        full_source: stated_full.map(|(_, s)| s),
        tables,
    }
}

/// Whether a line of the record has the cell as money: the total of a table of funds beside the indicators is no score.
fn is_money(report: &Report, source: &Source) -> bool {
    let at = cell(source);
    let money = |b: &BudgetLine| b.amounts.iter().any(|(m, a)| m.is_money() && cell(&a.source) == at);
    at.is_some() && report.budgets.iter().any(money)
}

/// The table of funds that the form of these tables goes on from: the nearest one in front that has lines of money, with no
/// indicators of its own, and none of another form in between.
fn table_before<'a>(report: &'a Report, tables: &[&str]) -> Option<&'a str> {
    let first = report.tables.iter().position(|t| tables.contains(&t.id.as_str()))?;
    let has_indicators = |id: &str| report.indicators.iter().any(|i| i.table == id);
    let has_lines = |id: &str| report.budgets.iter().any(|b| b.table == id);
    let mut above = report.tables[..first].iter().rev().map(|t| t.id.as_str());
    let nearest = above.find(|id| has_indicators(id) || has_lines(id))?;
    (!has_indicators(nearest)).then_some(nearest)
}

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
            let whole = agreed && list.iter().all(|i| i.weight.is_some());
            section(form, level1, "标注分值", stated, &items, whole, ledger);
        }
        let named = |name: &str| name.contains(level1) || (name.chars().count() >= 2 && level1.contains(name));
        let score = report.scores.iter().find(|s| {
            s.kind == ScoreKind::Section
                && s.table.as_deref().is_some_and(|t| form.tables.contains(&t))
                && named(&s.name)
        });
        if let Some((value, source)) = score.and_then(|s| Some((sane(s.value?.0)?, &s.source))) {
            let items = once(
                list.iter()
                    .filter_map(|i| Some((sane(i.score?.0)?, i.score_source.as_ref().unwrap_or(&i.source)))),
            );
            let whole = list.iter().all(|i| i.score.is_some());
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

/// The place of a cell.
pub(super) fn source_of(table: &TableRecord, cell: &CellRecord) -> Source {
    Source {
        page: cell.page,
        bbox: cell.bbox,
        continued: cell.continued.clone(),
        block: table.source.block,
        table: Some(table.id.clone()),
        row: Some(cell.row),
        col: Some(cell.col),
        text: Some(cell.text.clone()),
    }
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
