//! Which figures stand for a whole report in the overview: only those of which there is one.

use crate::emit::audit;
use crate::model::{Amount, BudgetLine, Exact, Measure, Report, RowRole, Score, ScoreKind, TableKind};
use rust_decimal::Decimal;

/// The figures of the overview; `None` where the report has none, or several that differ.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Totals {
    /// Score of the whole.
    pub score: Option<Exact>,
    /// Grade of the whole.
    pub grade: Option<String>,
    /// Budget, in 万元.
    pub budget: Option<Exact>,
    /// Outlay, in 万元.
    pub actual: Option<Exact>,
    /// Execution rate in per cent, as the report writes it.
    pub stated_rate: Option<Exact>,
    /// Outlay over budget in per cent, to two decimals.
    pub computed_rate: Option<Exact>,
    /// Where the figures come from, or why there are none.
    pub note: String,
}

/// The totals of a report.
pub fn of(report: &Report) -> Totals {
    let mut totals = Totals::default();
    let mut notes = Vec::new();
    money(report, &mut totals, &mut notes);
    score(report, &mut totals, &mut notes);
    totals.note = notes.join("；");
    totals
}

fn budget_of(line: &BudgetLine) -> Option<(Measure, &Amount)> {
    first_of(
        line,
        &[Measure::AdjustedBudget, Measure::Budget, Measure::InitialBudget],
    )
}

fn actual_of(line: &BudgetLine) -> Option<(Measure, &Amount)> {
    first_of(line, &[Measure::Actual, Measure::FinalAccounts])
}

fn first_of<'a>(line: &'a BudgetLine, measures: &[Measure]) -> Option<(Measure, &'a Amount)> {
    let amount = |m: &Measure| line.amounts.get(m).map(|amount| (*m, amount));
    measures.iter().filter_map(amount).find(|(_, a)| a.value.is_some())
}

/// The total line of the forms; of a report without forms that of its budget table, or of its sentences.
fn money(report: &Report, totals: &mut Totals, notes: &mut Vec<String>) {
    let kind = |line: &BudgetLine| report.tables.iter().find(|t| t.id == line.table).map(|t| t.kind);
    let groups = [
        Some(TableKind::SelfEvaluationForm),
        Some(TableKind::BudgetExecution),
        None,
    ];
    let lines = |group: &Option<TableKind>| {
        let of_group = |line: &&BudgetLine| line.role == RowRole::Total && kind(line) == *group;
        let figures = |line: &&BudgetLine| budget_of(line).is_some() || actual_of(line).is_some();
        report
            .budgets
            .iter()
            .filter(of_group)
            .filter(figures)
            .collect::<Vec<_>>()
    };
    let Some(lines) = groups.iter().map(lines).find(|lines| !lines.is_empty()) else {
        notes.push("没有可取的资金合计行".to_owned());
        return;
    };
    let yuan = |amount: Option<(Measure, &Amount)>| amount.and_then(|(_, a)| a.yuan.map(Exact::normalized));
    let figures = |line: &BudgetLine| (yuan(budget_of(line)), yuan(actual_of(line)));
    let line = lines[0];
    if lines.iter().any(|other| figures(other) != figures(line)) {
        notes.push(format!("有{}个资金合计行，金额不一，未取数", lines.len()));
        return;
    }
    let (budget, actual) = (budget_of(line), actual_of(line));
    if [budget, actual].iter().flatten().any(|(_, a)| a.yuan.is_none()) {
        notes.push("资金合计行的计量单位不明，未取数".to_owned());
        return;
    }
    totals.budget = yuan(budget).and_then(ten_thousands);
    totals.actual = yuan(actual).and_then(ten_thousands);
    let rate = line.amounts.get(&Measure::ExecutionRate);
    totals.stated_rate = rate.filter(|r| r.unit.as_deref() == Some("%")).and_then(|r| r.value);
    if let (Some(budget), Some(actual)) = (yuan(budget), yuan(actual)) {
        let rate = actual
            .0
            .checked_div(budget.0)
            .and_then(|r| r.checked_mul(Decimal::ONE_HUNDRED));
        totals.computed_rate = rate.map(|r| Exact(r.round_dp(2)));
    }
    let part = |(m, a): (Measure, &Amount)| format!("{}{}", m.heading(), written(a));
    let parts: Vec<String> = [budget, actual].into_iter().flatten().map(part).collect();
    notes.push(format!(
        "{}“{}”：{}",
        audit::place(&line.source),
        line.name.trim(),
        parts.join("，")
    ));
}

fn written(amount: &Amount) -> String {
    let unit = amount.unit.as_deref().unwrap_or("");
    let unit = if amount.raw.contains(unit) { "" } else { unit };
    format!("{}{unit}", amount.raw)
}

/// 元 as 万元, exactly; with two decimals at least, as 万元 are written.
fn ten_thousands(yuan: Exact) -> Option<Exact> {
    let mut value = yuan.0.normalize().checked_mul(Decimal::new(1, 4))?;
    // A product drops digits that no decimal holds; then there is no exact value to show.
    if value.checked_mul(Decimal::from(10_000)) != Some(yuan.0) {
        return None;
    }
    value = value.normalize();
    if value.scale() < 2 {
        value.rescale(2);
    }
    Some(Exact(value))
}

fn score(report: &Report, totals: &mut Totals, notes: &mut Vec<String>) {
    let of_kind = |kind: ScoreKind| {
        report
            .scores
            .iter()
            .filter(move |s| s.kind == kind && s.value.is_some())
    };
    let mut scores: Vec<&Score> = of_kind(ScoreKind::Total).collect();
    if scores.is_empty() {
        scores = of_kind(ScoreKind::Self_).collect();
    }
    if let Some(first) = scores.first() {
        if scores.iter().all(|s| s.value == first.value) {
            totals.score = first.value;
        } else {
            notes.push(format!("有{}个总分，分值不一，未取数", scores.len()));
        }
    }
    let whole = |s: &&Score| matches!(s.kind, ScoreKind::Total | ScoreKind::Self_);
    let mut grades: Vec<&str> = report
        .scores
        .iter()
        .filter(whole)
        .filter_map(|s| s.grade.as_deref())
        .collect();
    grades.sort_unstable();
    grades.dedup();
    match grades.as_slice() {
        [] => {}
        [grade] => totals.grade = Some((*grade).to_owned()),
        _ => notes.push(format!("等次有{}种写法（{}），未取", grades.len(), grades.join("、"))),
    }
}
