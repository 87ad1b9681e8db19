//! SCR-01, SCR-02 and SCR-08: the total of a form, its full points, and whether the funding row counts.

use super::form::Form;
use super::{SCR_01, SCR_02, SCR_08, other};
use crate::check::figure::{Figure, Outcome, compare_sum};
use crate::check::ledger::{Entry, Ledger, place, verdict};
use crate::model::{CheckStatus, Report, Severity, Source};
use rust_decimal::Decimal;

/// Points that forms give for the execution of the budget.
const FUND_POINTS: [i64; 4] = [5, 10, 15, 20];

/// Whether the points of the funding row count within the full points.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Counted {
    /// They do, or there are none.
    Inside,
    /// They stand beside.
    Outside,
    /// Neither way of counting gives the full points.
    Unclear,
}

/// SCR-02.
pub(super) fn weights(form: &Form<'_>, ledger: &mut Ledger<'_>) -> Counted {
    let indicators: Decimal = form.weights.iter().map(|f| f.value).sum();
    let Some(first) = form.weights.first() else {
        return Counted::Unclear;
    };
    let fund = form.fund.map(|f| f.weight);
    let with_fund = fund.map_or(indicators, |f| indicators + f.value);
    // The scores tell too whether the funding row counts.
    let scored_inside = fund.is_some() && scores_hold_only_inside(form);
    let (counted, computed) = match form.full {
        full if with_fund == full => (Counted::Inside, with_fund),
        full if indicators == full && !scored_inside => (Counted::Outside, indicators),
        _ => (Counted::Unclear, with_fund),
    };
    let stated_at = form.full_source.unwrap_or(first.source);
    let where_full = match form.full_source {
        Some(source) => format!("{}写明满分{}", place(source), form.full),
        None => format!("通常满分{}", form.full),
    };
    // Without a stated full score, nothing says that the form gives 100: an application keeps 10 for the execution rate,
    // and an excerpt gives less than half.
    let kept_back = form.scores.is_empty() && FUND_POINTS.map(Decimal::from).contains(&(form.full - computed));
    let unstated = form.full_source.is_none() && (kept_back || computed + computed < form.full);
    let status = match counted {
        Counted::Unclear if form.missing_weight || unstated => CheckStatus::Insufficient,
        Counted::Unclear => CheckStatus::Fail,
        _ => CheckStatus::Pass,
    };
    let kept = if counted == Counted::Outside { None } else { fund };
    let fund_words = match (counted, fund) {
        (_, None) => String::new(),
        (Counted::Outside, Some(f)) => format!("（资金行分值{}另计）", f.value),
        (_, Some(f)) => format!("（含资金行分值{}）", f.value),
    };
    let message = format!(
        "{}：{where_full}分，{}个指标分值之和{fund_words}为{computed}分，{}",
        form.title(),
        form.weights.len(),
        match status {
            CheckStatus::Insufficient if !form.missing_weight => "表中未写明满分，无法核对".to_owned(),
            status => verdict(status, form.full - computed, Decimal::ZERO, "分"),
        }
    );
    // Without a stated full score, 100 is a convention and no statement of the report; and a funding row whose points
    // stand in no cell of their own may make up the rest.
    let unread = unread_fund(form, computed);
    let severity = if form.full_source.is_some() && !unread {
        Severity::Error
    } else {
        Severity::Warning
    };
    let message = if status == CheckStatus::Fail && unread {
        format!("{message}；资金行的分值可能未计入，请核实")
    } else {
        message
    };
    let operands = form
        .full_source
        .into_iter()
        .chain(form.weights.iter().map(|f| f.source))
        .chain(kept.map(|f| f.source));
    ledger.add(
        Entry::new(&SCR_02, status)
            .severity(severity)
            .message(message)
            .numbers(form.full, computed)
            .tolerance(Decimal::ZERO)
            .unit(Some("分"))
            .operands(operands),
    );
    if let (Counted::Outside, Some(fund)) = (counted, fund) {
        not_counted(form, &fund, with_fund, stated_at, ledger);
    }
    counted
}

/// The points of the funding row stand beside the full ones: worth asking about.
fn not_counted(form: &Form<'_>, fund: &Figure<'_>, with_fund: Decimal, stated_at: &Source, ledger: &mut Ledger<'_>) {
    let message = format!(
        "{}：{}资金行填有分值{}分，未计入满分{}分；若计入，分值合计为{with_fund}分，请确认口径",
        form.title(),
        place(fund.source),
        fund.value,
        form.full
    );
    ledger.add(
        Entry::new(&SCR_02, CheckStatus::Fail)
            .severity(Severity::Info)
            .message(message)
            .numbers(form.full, with_fund)
            .tolerance(Decimal::ZERO)
            .unit(Some("分"))
            .operands([stated_at, fund.source]),
    );
}

/// Whether what is missing may be the funding row's points, which were not read: 10 or 20 by the common forms.
fn unread_fund(form: &Form<'_>, weights: Decimal) -> bool {
    let gap = form.full - weights;
    form.fund.is_none() && form.has_money && FUND_POINTS.map(Decimal::from).contains(&gap)
}

/// Whether the total is the sum of the scores with that of the funding row, and not without it.
fn scores_hold_only_inside(form: &Form<'_>) -> bool {
    let (Some(total), Some(fund)) = (form.total, form.fund.and_then(|f| f.score)) else {
        return false;
    };
    let sum: Decimal = form.scores.iter().map(|f| f.value).sum();
    !fund.value.is_zero() && sum + fund.value == total.value
}

/// SCR-01 and the deductions of SCR-08.
pub(super) fn totals(form: &Form<'_>, counted: Counted, report: &Report, ledger: &mut Ledger<'_>) {
    let Some(total) = form.total else {
        return;
    };
    if form.scores.is_empty() {
        return;
    }
    let fund = form.fund.and_then(|f| f.score);
    let inside: Vec<Figure<'_>> = form.scores.iter().copied().chain(fund).collect();
    let outside: Vec<Figure<'_>> = form.scores.clone();
    let readings = if fund.is_none() {
        vec![("", &outside)]
    } else if counted == Counted::Outside {
        vec![("（资金行得分另计）", &outside), ("（含资金行得分）", &inside)]
    } else {
        vec![("（含资金行得分）", &inside), ("（资金行得分另计）", &outside)]
    };
    let outcomes: Vec<_> = readings
        .iter()
        .filter_map(|(words, items)| Some((*words, *items, compare_sum(&total, items.as_slice())?)))
        .collect();
    let holds = |o: &&(&str, &Vec<Figure<'_>>, Outcome)| o.2.status != CheckStatus::Fail;
    // The reading that the weights support decides; where they support none, any that holds.
    let decided = match counted {
        Counted::Unclear => outcomes.iter().find(holds).or(outcomes.first()),
        _ => outcomes.first(),
    };
    let Some((words, items, outcome)) = decided else {
        return;
    };
    // Where no such reading holds, the column of the total may be another one, or have more scores, or weights count.
    let none_holds = outcomes.iter().all(|o| o.2.status == CheckStatus::Fail);
    if none_holds && let Some((way, cells)) = other::explained(report, form, &total) {
        return held_otherwise(form, &total, way, &cells, ledger);
    }
    let other = outcomes.iter().find(|o| o.0 != *words);
    let weighed: Decimal = form.weights.iter().map(|f| f.value).sum();
    let status = match outcome.status {
        CheckStatus::Fail if form.missing_score && outcome.difference.is_sign_positive() => CheckStatus::Insufficient,
        CheckStatus::Fail if other::several_readings(report, form) => CheckStatus::Insufficient,
        status => status,
    };
    let other_holds = other.is_some_and(|o| o.2.status != CheckStatus::Fail);
    let mut message = format!(
        "{}：{}总分写{}分，{}项得分之和{words}为{}分，{}",
        form.title(),
        place(total.source),
        total.value,
        items.len(),
        outcome.computed,
        verdict(status, outcome.difference, Decimal::ZERO, "分")
    );
    let unread = unread_fund(form, weighed) && outcome.difference.is_sign_positive();
    if status == CheckStatus::Fail && unread {
        message.push_str("；资金行的得分可能未计入，请核实");
    }
    if status == CheckStatus::Fail && other_holds {
        message.push_str("；若按另一口径计资金行得分则相符，请确认口径");
    }
    // Weights that do not give the full points leave open what counts.
    let doubtful = counted == Counted::Unclear && !form.weights.is_empty();
    let severity = if other_holds || unread || doubtful {
        Severity::Warning
    } else {
        Severity::Error
    };
    ledger.add(
        Entry::new(&SCR_01, status)
            .severity(severity)
            .message(message)
            .numbers(total.value, outcome.computed)
            .tolerance(Decimal::ZERO)
            .unit(Some("分"))
            .operands([&total].into_iter().chain(items.iter()).map(|f| f.source)),
    );
    if status != CheckStatus::Fail || other_holds {
        return;
    }
    if let Some((words, items, outcome)) = other {
        neither(form, &total, words, items, outcome, ledger);
    }
    deductions(form, total, ledger);
}

/// The total holds by another way of counting: its own column, or weights.
fn held_otherwise(form: &Form<'_>, total: &Figure<'_>, way: &str, cells: &[Source], ledger: &mut Ledger<'_>) {
    let message = format!(
        "{}：{}总分写{}分，{way}{}项之和为{}分，相符",
        form.title(),
        place(total.source),
        total.value,
        cells.len(),
        total.value
    );
    ledger.add(
        Entry::new(&SCR_01, CheckStatus::Pass)
            .message(message)
            .numbers(total.value, total.value)
            .tolerance(Decimal::ZERO)
            .unit(Some("分"))
            .operands([total.source].into_iter().chain(cells)),
    );
}

/// The other way of counting the funding row does not give the total either.
fn neither(
    form: &Form<'_>,
    total: &Figure<'_>,
    words: &str,
    items: &[Figure<'_>],
    outcome: &Outcome,
    ledger: &mut Ledger<'_>,
) {
    let message = format!(
        "{}：{}总分{}分，换一种口径{words}得分之和为{}分，也不相符",
        form.title(),
        place(total.source),
        total.value,
        outcome.computed
    );
    ledger.add(
        Entry::new(&SCR_01, CheckStatus::Fail)
            .severity(Severity::Info)
            .message(message)
            .numbers(total.value, outcome.computed)
            .tolerance(Decimal::ZERO)
            .unit(Some("分"))
            .operands([total].into_iter().chain(items).map(|f| f.source)),
    );
}

/// SCR-08: where the points were lost.
fn deductions(form: &Form<'_>, total: Figure<'_>, ledger: &mut Ledger<'_>) {
    let stated = form.full - total.value;
    let lost: Vec<_> = form.pairs.iter().filter(|(w, s)| w.value != s.value).collect();
    let computed: Decimal = lost.iter().map(|(w, s)| w.value - s.value).sum();
    if form.missing_score || form.missing_weight || lost.is_empty() || stated == computed {
        return;
    }
    let message = format!(
        "{}：总分{}分，比满分少{stated}分；表内{}项扣分之和为{computed}分，相差{}分",
        form.title(),
        total.value,
        lost.len(),
        (stated - computed).abs()
    );
    let cells = lost.iter().flat_map(|(w, s)| [w.source, s.source]);
    ledger.add(
        Entry::new(&SCR_08, CheckStatus::Fail)
            .severity(Severity::Info)
            .message(message)
            .numbers(stated, computed)
            .tolerance(Decimal::ZERO)
            .unit(Some("分"))
            .operands([total.source].into_iter().chain(cells)),
    );
}
