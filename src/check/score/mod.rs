//! SCR: points. Totals, weights, sections, grades, and the same score in prose and form.

mod form;
mod grade;
mod other;
mod sections;
mod totals;

use super::catalogue::rules;
use super::figure::{Figure, compare};
use super::ledger::{Entry, Ledger, place, verdict};
use super::table::Sequence;
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
pub fn examine(report: &Report, sequences: &[Sequence<'_>], patterns: &Patterns, ledger: &mut Ledger<'_>) {
    let limits = patterns.checks.limits(&report.report);
    let forms = forms(Basis {
        report,
        full: limits.full_points,
        words: &patterns.checks.words.points,
        sequences,
    });
    for form in &forms {
        let counted = totals::weights(form, ledger);
        totals::totals(form, counted, report, ledger);
        sections::sections(form, report, ledger);
        sections::bounds(form, report, ledger);
        full_but_not_spent(form, ledger);
    }
    grade::examine(report, patterns, ledger);
    prose_against_form(report, &forms, ledger);
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
