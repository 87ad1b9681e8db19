//! SCR: points. Totals, weights, sections, grades, and the same score in prose and form.

mod form;
mod grade;
mod other;

use super::catalogue::rules;
use super::figure::{Figure, compare, compare_sum};
use super::ledger::{Entry, Ledger, place, verdict};
use crate::model::{CheckStatus, Exact, Report, ScoreKind, Severity, Source};
use crate::pattern::Patterns;
use form::{Basis, Form, forms};
use rust_decimal::Decimal;

rules! {
    /// 检查：总分是否等于各指标得分之和（加上预算执行率得分）。
    /// 理由：总分是自评的结论，最常被引用。
    /// 公式：总分 = Σ三级指标得分（+ 执行率得分）。资金行的分值在100分之内还是之外，两种读法都试，取使分值合计等于满分的一种。
    /// 容差：得分为精确数，无。
    /// 易误报：加分项、扣分项单列；合并单元格只计一次。
    /// 例：总分96，17个指标得分之和94，相差2，不符。
    SCR_01 = ("SCR-01", "总分=得分之和", Error, Implemented);
    /// 检查：各指标分值之和（加上资金行分值）是否等于满分。
    /// 理由：分值不等于满分，得分就没有意义。
    /// 公式：Σ分值 = 总分行的分值（没有时为100）。
    /// 容差：无。
    /// 易误报：资金行分值在100分之外（江西部门评价表）；四川90+10。资金行有分值而未计入满分时另作提示。
    /// 例：17个指标分值之和100，相符；若计入资金行10分则为110。
    SCR_02 = ("SCR-02", "分值合计=满分", Error, Implemented);
    /// 检查：一级指标标注的分值（如“产出指标（50分）”）是否等于其下各指标分值之和；各部分得分是否等于其下得分之和。
    /// 理由：标注分值是表内自己的合计。
    /// 公式：标注分值 = Σ其下三级指标分值。
    /// 容差：无。
    /// 易误报：标注写在合并单元格里，跨页后断开。
    /// 例：“项目决策（20分）”，其下各指标分值之和20，相符。
    SCR_03 = ("SCR-03", "一级分值=其下分值之和", Error, Implemented);
    /// 检查：每项得分是否不小于零、不大于分值。
    /// 理由：预算管理一体化系统规定“得分不能大于分值”。
    /// 公式：0 ≤ 得分 ≤ 分值。
    /// 容差：无。
    /// 易误报：附加分。
    /// 例：分值10，得分12，不符。
    SCR_04 = ("SCR-04", "得分不超过分值", Error, Implemented);
    /// 与财预〔2020〕10号、财预〔2021〕101号及各地方案（10/50/30/10等）比较权重；各地不同，只宜作参考。
    SCR_05 = ("SCR-05", "权重方案", Info, NotImplemented);
    /// 检查：等级是否与得分所在的档次一致。
    /// 理由：等级与得分是同一结论的两种写法。
    /// 公式：报告自己印有档次的用报告的；否则用patterns/checks.toml的档次（90优、80良、60中）。
    /// 容差：无；档次下限含本数。
    /// 易误报：地方五级制；报告自印档次未能识别。
    /// 例：96分，“100-90（含）分为优”，等级优，相符。
    SCR_06 = ("SCR-06", "等级与得分", Error, Implemented);
    /// 检查：正文写的自评（评价）得分与表中总分是否一致。
    /// 理由：同一结论在两处应当相同。
    /// 公式：正文得分 = 表中总分。
    /// 容差：无。
    /// 易误报：正文引用的是某一部分的得分。
    /// 例：正文96分，表中总分96，相符。
    SCR_07 = ("SCR-07", "正文得分=表中总分", Error, Implemented);
    /// 检查：扣分叙述（扣2分，得3分）与表中分值、得分是否一致；表内扣分之和是否等于满分减总分。
    /// 理由：扣分说明要能落到具体指标上。
    /// 公式：分值 − 扣分 = 得分；满分 − 总分 = Σ(分值 − 得分)。
    /// 容差：无。
    /// 易误报：一句话说几个指标。
    /// 例：总分扣4分，表内共扣6分，不符。
    SCR_08 = ("SCR-08", "扣分", Warning, Implemented);
    /// 检查：总分为满分而执行率低于100%。
    /// 理由：执行率得分按比例计，执行率不足即不应满分。
    /// 公式：总分 = 满分 且 执行率 < 100%。
    /// 容差：无。
    /// 易误报：执行率不计分的表。
    /// 例：执行率89.97%，总分100。
    SCR_09 = ("SCR-09", "满分而执行率不足", Warning, Implemented);
}

/// Examines every form and every score.
pub fn examine(report: &Report, patterns: &Patterns, ledger: &mut Ledger<'_>) {
    let limits = patterns.checks.limits(&report.report);
    let forms = forms(Basis {
        report,
        full: limits.full_points,
        words: &patterns.checks.words.points,
    });
    for form in &forms {
        let counted = weights(form, ledger);
        totals(form, counted, report, ledger);
        form::sections(form, report, ledger);
        form::bounds(form, report, ledger);
        full_but_not_spent(form, ledger);
    }
    grade::examine(report, patterns, ledger);
    prose_against_form(report, &forms, ledger);
}

/// Whether the points of the funding row count within the full points.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Counted {
    /// They do, or there are none.
    Inside,
    /// They stand beside.
    Outside,
    /// Neither way of counting gives the full points.
    Unclear,
}

/// SCR-02.
fn weights(form: &Form<'_>, ledger: &mut Ledger<'_>) -> Counted {
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
        None => format!("满分{}", form.full),
    };
    let status = match counted {
        Counted::Unclear if form.missing_weight => CheckStatus::Insufficient,
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
        verdict(status, form.full - computed, Decimal::ZERO, "分")
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
    counted
}

/// Whether what is missing may be the funding row's points, which were not read: 10 or 20 by the common forms.
fn unread_fund(form: &Form<'_>, weights: Decimal) -> bool {
    let gap = form.full - weights;
    form.fund.is_none() && form.has_money && [5, 10, 15, 20].map(Decimal::from).contains(&gap)
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
fn totals(form: &Form<'_>, counted: Counted, report: &Report, ledger: &mut Ledger<'_>) {
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
    let holds = |o: &&(&str, &Vec<Figure<'_>>, super::figure::Outcome)| o.2.status != CheckStatus::Fail;
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
    if let Some((way, cells)) = Some(())
        .filter(|()| none_holds)
        .and_then(|()| other::explained(report, form, &total))
    {
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
                .operands([total.source].into_iter().chain(&cells)),
        );
        return;
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
                .operands([&total].into_iter().chain(items.iter()).map(|f| f.source)),
        );
    }
    deductions(form, total, ledger);
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

/// SCR-09.
fn full_but_not_spent(form: &Form<'_>, ledger: &mut Ledger<'_>) {
    let (Some(total), Some((rate, source))) = (form.total, form.rate) else {
        return;
    };
    if total.value != form.full || rate >= Decimal::ONE_HUNDRED || rate <= Decimal::ZERO || form.fund.is_none() {
        return;
    }
    let message = format!(
        "{}：{}总分为满分{}分，而{}执行率为{}%",
        form.title(),
        place(total.source),
        total.value,
        place(source),
        rate.normalize()
    );
    ledger.add(
        Entry::new(&SCR_09, CheckStatus::Fail)
            .message(message)
            .numbers(total.value, rate)
            .operands([total.source, source]),
    );
}

/// SCR-07.
fn prose_against_form(report: &Report, forms: &[Form<'_>], ledger: &mut Ledger<'_>) {
    let totals: Vec<(&Form<'_>, Figure<'_>)> = forms
        .iter()
        .filter(|f| f.total_in_form)
        .filter_map(|f| Some((f, f.total?)))
        .collect();
    let told: Vec<_> = report
        .scores
        .iter()
        .filter(|s| s.kind == ScoreKind::Self_ && s.table.is_none())
        .collect();
    let alone = told.len() == 1;
    for score in &told {
        let Some(Exact(value)) = score.value else {
            continue;
        };
        // Which form the sentence speaks of: the only one, or the one of the project that it names.
        let named = |f: &&(&Form<'_>, Figure<'_>)| score.project.is_some() && f.0.project == score.project.as_deref();
        let form = match totals[..] {
            [only] => Some(only),
            _ => totals.iter().find(named).copied(),
        };
        let Some((_, total)) = form else {
            continue;
        };
        let Some(outcome) = compare(value, total.value, Decimal::ZERO) else {
            continue;
        };
        // Beside a score that agrees, another one may be that of a part.
        let agrees = |s: &&crate::model::Score| s.value == Some(Exact(total.value));
        let status = match outcome.status {
            CheckStatus::Fail if !alone && told.iter().any(agrees) => CheckStatus::Insufficient,
            status => status,
        };
        let source: &Source = &score.source;
        let message = format!(
            "{}“{}”写{value}分，{}总分{}分，{}",
            place(source),
            score.name,
            place(total.source),
            total.value,
            verdict(status, outcome.difference, Decimal::ZERO, "分")
        );
        // One figure of prose against one form; beside others it may be that of a part.
        let severity = if alone && totals.len() == 1 {
            Severity::Error
        } else {
            Severity::Warning
        };
        ledger.add(
            Entry::new(&SCR_07, status)
                .severity(severity)
                .message(message)
                .numbers(value, total.value)
                .tolerance(Decimal::ZERO)
                .unit(Some("分"))
                .operands([source, total.source]),
        );
    }
}
