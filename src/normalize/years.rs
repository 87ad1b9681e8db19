//! Columns whose headings name a year: which are of the report's year and which of the one before.

use super::info;
use crate::model::{Column, ColumnRole, Document, RecognizedTable, Section};
use crate::pattern::Patterns;

/// A column of money with the year that its headings name.
struct Dated {
    position: usize,
    year: u16,
    /// Told by an expression of `patterns/`, whose author vouches for it.
    by_expression: bool,
}

/// Gives columns of the year before the report's the role of the prior year, and those of other years none.
///
/// A year in a heading alone proves little: papers of 2023 report 2022. So another column of money must be headed by the
/// report's year.
pub fn settle(document: &Document, tables: &mut [RecognizedTable], patterns: &Patterns) {
    let sections = || tables.iter().flat_map(|t| &t.sections);
    if !sections().any(|s| !dated(s, patterns).is_empty()) {
        return;
    }
    let Some(year) = info::info(document, tables, &[], patterns).fiscal_year else {
        return;
    };
    let headed = |s: &Section| {
        s.columns
            .iter()
            .any(|c| is_dated(c) && patterns.headers.year(&c.header) == Some(year))
    };
    let spoken = sections().any(headed);
    for table in tables {
        for section in &mut table.sections {
            let told: Vec<Dated> = dated(section, patterns)
                .into_iter()
                .filter(|column| column.by_expression || spoken)
                .collect();
            let before: Vec<usize> = told.iter().filter(|d| d.year + 1 == year).map(|d| d.position).collect();
            let known = section
                .columns
                .iter()
                .any(|column| column.role == ColumnRole::PriorYear);
            for Dated { position, year: of, .. } in told.into_iter().filter(|d| d.year != year) {
                let column = &mut section.columns[position];
                // Of two columns of last year none is known to be the one that 上年 means.
                column.role = if before == [position] && !known {
                    ColumnRole::PriorYear
                } else {
                    ColumnRole::Other
                };
                for figure in section.lines.iter_mut().flat_map(|line| &mut line.figures) {
                    if figure.col == column.index && figure.role != ColumnRole::PriorYear {
                        figure.role = column.role;
                    }
                }
                table
                    .evidence
                    .push(format!("“{}”属{of}年，本报告为{year}年", column.header));
            }
        }
    }
}

fn is_dated(column: &Column) -> bool {
    column.role.is_money() && column.role != ColumnRole::PriorYear
}

fn dated(section: &Section, patterns: &Patterns) -> Vec<Dated> {
    let columns = section
        .columns
        .iter()
        .enumerate()
        .filter(|(_, column)| is_dated(column));
    columns
        .filter_map(|(position, column)| {
            let told = patterns.headers.told(&column.header).and_then(|told| told.year);
            Some(Dated {
                position,
                year: patterns.headers.year(&column.header)?,
                by_expression: told.is_some(),
            })
        })
        .collect()
}
