//! Decides what a table is from its sections, and says why.

use super::caption::Caption;
use crate::model::{ColumnRole, RowRole, Section, SectionKind, Table, TableKind};
use crate::pattern::Patterns;
use crate::text::fold::fold;

/// The kind of a table, or for [`TableKind::Other`] the reason.
pub fn decide(
    table: &Table,
    sections: &[Section],
    caption: &Caption,
    patterns: &Patterns,
) -> (TableKind, Option<String>) {
    let any = |kind: SectionKind| sections.iter().any(|s| s.kind == kind);
    if any(SectionKind::Sideways) && !any(SectionKind::Indicators) {
        return (TableKind::ScoringSheet, None);
    }
    if any(SectionKind::Indicators) {
        let has = |role| {
            sections
                .iter()
                .filter(|s| s.kind == SectionKind::Indicators)
                .any(|s| s.columns_of(role).next().is_some())
        };
        let valued = has(ColumnRole::Target) || has(ColumnRole::ActualValue);
        let done = has(ColumnRole::ActualValue) || has(ColumnRole::InterimActual) || has(ColumnRole::Score);
        if valued && !done {
            return (TableKind::PerformanceTarget, None);
        }
        if any(SectionKind::Head) || any(SectionKind::Money) || any(SectionKind::Goals) {
            return (TableKind::SelfEvaluationForm, None);
        }
        return (
            if valued {
                TableKind::IndicatorGrid
            } else {
                TableKind::ScoringSheet
            },
            None,
        );
    }
    if any(SectionKind::Money) {
        if any(SectionKind::Head) || any(SectionKind::Goals) {
            return (TableKind::SelfEvaluationForm, None);
        }
        return (money_kind(table, sections, caption, patterns), None);
    }
    if any(SectionKind::Goals) {
        return (TableKind::SelfEvaluationForm, None);
    }
    if any(SectionKind::Projects) {
        let scored = sections
            .iter()
            .any(|s| s.columns_of(ColumnRole::Score).next().is_some());
        return match scored {
            true => (TableKind::ScoringSheet, None),
            false => (
                TableKind::Other,
                Some("项目清单：各行是项目及其目标、完成情况或等级，没有金额、指标和得分栏".to_owned()),
            ),
        };
    }
    let first: Vec<String> = table
        .row_cells(0)
        .map(|c| fold(&c.text))
        .filter(|t| !t.is_empty())
        .take(6)
        .collect();
    let reason = format!(
        "未找到表头：指标表需有指标名称及指标值、完成值或分值、得分，资金表需有预算、执行、决算等金额栏；首行为“{}”",
        first.join("｜")
    );
    (TableKind::Other, Some(reason))
}

fn money_kind(table: &Table, sections: &[Section], caption: &Caption, patterns: &Patterns) -> TableKind {
    let forms = &patterns.forms;
    let title = caption.title.as_deref().unwrap_or("");
    let money = sections.iter().filter(|s| s.kind == SectionKind::Money);
    let lines: Vec<_> = money.clone().flat_map(|s| &s.lines).collect();
    let names: Vec<String> = lines
        .iter()
        .filter_map(|l| l.name.and_then(|col| table.at(l.row, col)))
        .map(|c| fold(&c.text))
        .collect();
    let has = |role| money.clone().any(|s| s.columns_of(role).next().is_some());
    if forms.speaks_of_three_public(title)
        || names
            .iter()
            .any(|n| forms.speaks_of_three_public(n) && forms.is_total_row(n))
    {
        return TableKind::ThreePublic;
    }
    let spent = has(ColumnRole::Actual);
    let (revenue, expenditure) = forms.revenue_and_expenditure(title);
    let totals_say = lines.iter().zip(&names).any(|(l, n)| {
        let (r, e) = forms.revenue_and_expenditure(n);
        l.role == RowRole::Total && (r || e)
    });
    let accounts = has(ColumnRole::FinalAccounts) || patterns.tables.caption.plans.within(title);
    if totals_say || ((revenue || expenditure) && accounts && !spent) {
        return TableKind::RevenueExpenditure;
    }
    if forms.speaks_of_allocation(title) && !spent && !has(ColumnRole::FinalAccounts) {
        return TableKind::Allocation;
    }
    TableKind::BudgetExecution
}
