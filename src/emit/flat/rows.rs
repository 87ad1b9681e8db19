//! A record as rows.

use super::row::Row;
use super::{Field, SCHEMA_VERSION, TableId};
use crate::model::{CheckStatus, ComparedWith, Direction, Report, Source};

/// Hands over every row of a record, table by table, in the order of the record.
///
/// # Errors
/// The first that `sink` gives.
pub fn rows<'a, E>(report: &'a Report, mut sink: impl FnMut(TableId, &[Field<'a>]) -> Result<(), E>) -> Result<(), E> {
    for id in TableId::ALL {
        rows_by_table(report, id, |fields| sink(id, fields))?;
    }
    Ok(())
}

/// Hands over the rows of one table.
///
/// # Errors
/// The first that `sink` gives.
pub fn rows_by_table<'a, E>(
    report: &'a Report,
    id: TableId,
    mut sink: impl FnMut(&[Field<'a>]) -> Result<(), E>,
) -> Result<(), E> {
    let mut row = Row(Vec::new());
    // Key first, own columns, then what every table closes with, then the columns of later versions.
    let mut emit = |row_id: RowId<'a>, own: &dyn Fn(&mut Row<'a>), later: &dyn Fn(&mut Row<'a>)| -> Result<(), E> {
        row.0.clear();
        row.text(&report.document.sha256);
        match row_id {
            RowId::Own(text) => row.text(text),
            RowId::Made(text) => row.owned(text),
        };
        own(&mut row);
        match report.report.fiscal_year {
            Some(year) => row.integer(i64::from(year)),
            None => row.null(1),
        };
        row.integer(SCHEMA_VERSION).text(&report.document.extractor);
        later(&mut row);
        sink(&row.0)
    };
    let made = |letter: &str, index: usize| RowId::Made(format!("{letter}{}", index + 1));
    match id {
        TableId::Document => emit(RowId::Own("document"), &|row| document(report, row), &none)?,
        TableId::Project => {
            for (index, project) in report.projects.iter().enumerate() {
                emit(
                    made("p", index),
                    &|row| {
                        row.opt(project.name.as_deref())
                            .opt(project.code.as_deref())
                            .opt(project.department.as_deref())
                            .opt(project.implementer.as_deref())
                            .opt(project.goal_expected.as_deref())
                            .opt(project.goal_actual.as_deref())
                            .text(&project.table)
                            .source(&project.source);
                    },
                    &none,
                )?;
            }
        }
        TableId::ReportTable => {
            for table in &report.tables {
                emit(
                    RowId::Own(&table.id),
                    &|row| {
                        row.text(table.kind.name())
                            .opt(table.title.as_deref())
                            .opt(table.unit.as_deref())
                            .count(table.header_rows)
                            .count(table.cells.len())
                            .json(&table.columns)
                            .opt(table.reason.as_deref())
                            .json(&table.evidence)
                            .source(&table.source);
                    },
                    &none,
                )?;
            }
        }
        TableId::Cell => {
            for table in &report.tables {
                for cell in &table.cells {
                    emit(
                        RowId::Made(format!("{}/r{}c{}", table.id, cell.row, cell.col)),
                        &|row| {
                            row.text(&table.id)
                                .count(cell.row)
                                .count(cell.col)
                                .count(cell.row_span)
                                .count(cell.col_span)
                                .text(&cell.text)
                                .place(cell.page, cell.bbox, &cell.continued);
                        },
                        &none,
                    )?;
                }
            }
        }
        TableId::BudgetLine => budget_lines(report, emit)?,
        TableId::Indicator => {
            for indicator in &report.indicators {
                emit(
                    RowId::Own(&indicator.id),
                    &|row| {
                        row.text(&indicator.table)
                            .count(indicator.row)
                            .opt(indicator.project.as_deref())
                            .opt(indicator.level1.as_deref())
                            .opt(indicator.level2.as_deref())
                            .text(&indicator.name)
                            .value(indicator.target.as_ref())
                            .value(indicator.actual.as_ref())
                            .figure(indicator.weight)
                            .figure(indicator.score)
                            .figure(indicator.level1_weight)
                            .opt(indicator.deviation_reason.as_deref())
                            .boolean(indicator.met)
                            .source(&indicator.source);
                    },
                    &|row| {
                        row.value(indicator.interim.as_ref()).value(indicator.forecast.as_ref());
                    },
                )?;
            }
        }
        TableId::Score => {
            for (index, score) in report.scores.iter().enumerate() {
                emit(
                    made("s", index),
                    &|row| {
                        row.opt(score.project.as_deref())
                            .text(score.kind.name())
                            .text(&score.name)
                            .figure(score.value)
                            .figure(score.full)
                            .opt(score.grade.as_deref())
                            .opt(score.table.as_deref())
                            .source(&score.source);
                    },
                    &none,
                )?;
            }
        }
        TableId::Statement => {
            for (index, statement) in report.statements.iter().enumerate() {
                emit(
                    made("n", index),
                    &|row| {
                        row.text(&statement.raw)
                            .text(statement.kind.name())
                            .opt(statement.subject.as_deref())
                            .text(statement.qualifier.name())
                            .figure(statement.value)
                            .opt(statement.unit.as_deref())
                            .money(statement.yuan)
                            .count(statement.start)
                            .count(statement.end)
                            .source(&statement.source);
                    },
                    &|row| {
                        row.opt(statement.direction.map(Direction::name))
                            .opt(statement.compared_with.map(ComparedWith::name))
                            .opt(statement.share_of.as_deref());
                    },
                )?;
            }
        }
        TableId::Check => {
            const NOWHERE: &Source = &Source {
                page: None,
                bbox: None,
                continued: Vec::new(),
                block: None,
                table: None,
                row: None,
                col: None,
                text: None,
            };
            for check in &report.checks {
                emit(
                    RowId::Own(&check.id),
                    &|row| {
                        row.text(&check.rule)
                            .text(&check.name)
                            .text(check.status.name())
                            .text(check.severity.name())
                            .text(&check.message)
                            .opt(check.stated.as_deref())
                            .opt(check.computed.as_deref())
                            .figure(check.difference)
                            .figure(check.tolerance)
                            .opt(check.unit.as_deref())
                            .json(&check.operands)
                            .source(check.operands.first().unwrap_or(NOWHERE));
                    },
                    &none,
                )?;
            }
        }
        TableId::Warning => {
            for (index, warning) in report.warnings.iter().enumerate() {
                emit(
                    made("w", index),
                    &|row| {
                        row.text(&warning.code).text(&warning.message).source(&warning.source);
                    },
                    &none,
                )?;
            }
        }
    }
    Ok(())
}

/// A table without columns of later versions.
fn none(_: &mut Row<'_>) {}

enum RowId<'a> {
    Own(&'a str),
    Made(String),
}

fn document<'a>(report: &'a Report, row: &mut Row<'a>) {
    let (file, info) = (&report.document, &report.report);
    row.text(&file.path)
        .text(file.format.name())
        .integer(i64::try_from(file.bytes).unwrap_or(i64::MAX))
        .opt_count(file.pages.map(|pages| pages as usize))
        .text(info.kind.name())
        .opt(info.title.as_deref())
        .opt(info.organization.as_deref())
        .opt(info.region.as_deref())
        .opt(info.region_code.as_deref())
        .opt(info.date.as_deref())
        .count(report.budgets.len())
        .count(report.indicators.len())
        .count(
            report
                .checks
                .iter()
                .filter(|check| check.status == CheckStatus::Fail)
                .count(),
        )
        .count(report.warnings.len());
}

fn budget_lines<'a, E>(
    report: &'a Report,
    mut emit: impl FnMut(RowId<'a>, &dyn Fn(&mut Row<'a>), &dyn Fn(&mut Row<'a>)) -> Result<(), E>,
) -> Result<(), E> {
    for line in &report.budgets {
        let head = |row: &mut Row<'a>| {
            row.text(&line.id)
                .text(&line.table)
                .count(line.row)
                .opt(line.level1.as_deref())
                .text(&line.name)
                .text(line.role.name());
        };
        for (measure, amount) in &line.amounts {
            emit(
                RowId::Made(format!("{}/{}", line.id, measure.name())),
                &|row| {
                    head(row);
                    row.text(measure.name())
                        .null(1)
                        .text(&amount.raw)
                        .figure(amount.value)
                        .opt(amount.unit.as_deref())
                        .money(amount.yuan)
                        .source(&amount.source);
                },
                &|row| {
                    row.figure(amount.percent);
                },
            )?;
        }
        for (index, other) in line.others.iter().enumerate() {
            emit(
                RowId::Made(format!("{}/other{}", line.id, index + 1)),
                &|row| {
                    head(row);
                    row.null(1)
                        .text(&other.header)
                        .text(&other.raw)
                        .figure(other.value)
                        .opt(other.unit.as_deref())
                        .money(other.yuan)
                        .source(&other.source);
                },
                &|row| {
                    row.null(2);
                },
            )?;
        }
        if line.amounts.is_empty() && line.others.is_empty() {
            // A line without a figure still is a line.
            emit(
                RowId::Made(format!("{}/none", line.id)),
                &|row| {
                    head(row);
                    row.null(2).text("").null(5).source(&line.source);
                },
                &|row| {
                    row.null(2);
                },
            )?;
        }
    }
    Ok(())
}
