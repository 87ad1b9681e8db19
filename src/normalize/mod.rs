//! From recognized tables and prose to the record.

mod budget;
pub mod cells;
mod change;
pub mod deadline;
pub mod direction;
mod fate;
pub mod figure;
mod fraction;
mod head;
mod heads;
mod indicator;
mod info;
mod levels;
mod measure;
pub mod met;
mod prose;
mod score;
mod sideways;
pub mod statement;
mod subject;
mod summary;
pub mod unit;
pub mod value;
mod when;
pub mod years;

use crate::model::{
    Document, DocumentInfo, Figures, Project, RecognizedTable, Report, SCHEMA, Source, TableKind, TableRecord, Warning,
};
use crate::pattern::Patterns;
use cells::TableContext;

/// Builds the record of a document, without checks.
pub fn assemble(document: &Document, tables: &[RecognizedTable], info: DocumentInfo, patterns: &Patterns) -> Report {
    let mut warnings = document.warnings.clone();
    let mut projects: Vec<Project> = Vec::new();
    let mut budgets = Vec::new();
    let mut indicators = Vec::new();
    let mut scores = Vec::new();
    let mut records = Vec::new();
    // A form may be broken into several tables: what has no head of its own belongs to the form before it.
    let mut open: Option<String> = None;
    for context in TableContext::all(document, tables) {
        let forms = head::projects(&context, patterns);
        let before = open.clone();
        let project = |row: usize| -> Option<String> {
            let form = forms.iter().rev().find(|(start, _)| *start <= row).or(forms.first());
            match form {
                Some((_, form)) => form.name.clone(),
                None => before.clone(),
            }
        };
        let lines = budget::lines(&context, &project, patterns, &mut warnings);
        unit::warn_unstated(&context, &lines, &budgets, &mut warnings);
        let listed = summary::of_table(&context, &lines, patterns, &mut warnings);
        scores.extend(score::of_funding(&lines, &listed.scores));
        budgets.extend(lines);
        indicators.extend(indicator::indicators(&context, &project, patterns, &mut warnings));
        let turned = sideways::of_table(&context, &project, patterns);
        indicators.extend(turned.0);
        scores.extend(score::of_table(&context, &project, patterns));
        scores.extend(turned.1);
        scores.extend(listed.scores);
        warn_unread(&context, &mut warnings);
        warn_unknown(&context, &mut warnings);
        warn_unjoined(document, &context, &records, &mut warnings);
        records.push(context.record());
        if let Some((_, last)) = forms.last() {
            open = last.name.clone().or(open);
        } else if !matches!(
            context.recognized.kind,
            TableKind::SelfEvaluationForm | TableKind::IndicatorGrid
        ) {
            open = None;
        }
        projects.extend(forms.into_iter().map(|(_, form)| form).filter(|f| {
            f.name.is_some()
                || f.goal_expected.is_some()
                || f.goal_actual.is_some()
                || f.implementer.is_some()
                || f.department.is_some()
        }));
        projects.extend(listed.projects);
    }
    // A report without tables may tell the form's facts in sentences.
    let only = projects.first().and_then(|p| p.name.as_deref());
    if indicators.is_empty() {
        indicators = prose::indicators(document, only, patterns);
    }
    if budgets.is_empty() {
        budgets = prose::funding(document, only, patterns);
    }
    scores.extend(score::of_prose(document, patterns));
    for (n, line) in budgets.iter_mut().enumerate() {
        line.id = format!("b{}", n + 1);
    }
    for (n, indicator) in indicators.iter_mut().enumerate() {
        indicator.id = format!("i{}", n + 1);
    }
    let about = info::info(document, tables, &projects, patterns);
    warnings.extend(when::warn_year(document, &about, patterns));
    let statements = statement::statements(document, about.fiscal_year, patterns);
    let mut report = Report {
        schema: SCHEMA.to_owned(),
        document: info,
        report: about,
        projects,
        tables: records,
        budgets,
        indicators,
        scores,
        statements,
        figures: Figures::default(),
        checks: Vec::new(),
        warnings,
    };
    fate::settle(document, tables, &mut report, patterns);
    report
}

/// Headings over figures that nobody knows: what stands below is kept as it is, or said to be unread.
fn warn_unknown(context: &TableContext<'_>, warnings: &mut Vec<Warning>) {
    let unknown = &context.recognized.unknown;
    if unknown.is_empty() {
        return;
    }
    let message = format!("栏目“{}”不在词表中，其下的数字不作预算、指标或得分", unknown.join("”“"));
    warnings.push(Warning::new("heading_unknown", message, context.table_source()));
}

/// Rows with figures that no section of a recognized table took.
fn warn_unread(context: &TableContext<'_>, warnings: &mut Vec<Warning>) {
    let recognized = context.recognized;
    for row in &recognized.unread {
        let text: Vec<&str> = context
            .table
            .row_cells(*row)
            .map(|c| cells::raw(&c.text))
            .filter(|t| !t.is_empty())
            .collect();
        if recognized.kind != TableKind::Other {
            let message = format!("第{}行含有数字，但不属于任何表头：“{}”", row + 1, text.join("｜"));
            let source = Source {
                row: Some(*row),
                ..context.table_source()
            };
            warnings.push(Warning::new("row_unread", message, source));
        }
    }
}

/// A table that stands right where a page cut the one before, and was not understood: its figures belong to that table,
/// which is therefore incomplete.
fn warn_unjoined(document: &Document, context: &TableContext<'_>, before: &[TableRecord], warnings: &mut Vec<Warning>) {
    let recognized = context.recognized;
    let (Some(last), Some(at)) = (before.last(), recognized.block.checked_sub(1)) else {
        return;
    };
    let cut = context.table.cut.top && document.blocks[at].table().is_some_and(|t| t.cut.bottom);
    let figures = context
        .table
        .cells()
        .iter()
        .any(|c| c.text.chars().any(|c| c.is_ascii_digit()));
    if cut && figures && recognized.kind == TableKind::Other && last.source.block == Some(at) {
        let page = context
            .table_source()
            .page
            .map(|p| format!("第{p}页的"))
            .unwrap_or_default();
        let message = format!(
            "{page}表{}像是表{}的续页，但列对不上，未能接上；其中的数字没有提取，表{}不完整",
            recognized.id, last.id, last.id
        );
        warnings.push(Warning::new("table_incomplete", message, last.source.clone()));
    }
}
