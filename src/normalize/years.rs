//! Columns whose headings name a year: which are of the report's year and which of the one before.

use super::{info, when};
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
    let told = info::told_year(document, tables, patterns);
    let Some(year) = told.year else {
        return;
    };
    let titled: Vec<u16> = told.title.iter().flat_map(|title| when::named_years(title)).collect();
    if titled.iter().all(|y| *y == year) && !titled.is_empty() {
        tables.iter_mut().for_each(|table| next_year(table, year, patterns));
    }
    let sections = || tables.iter().flat_map(|t| &t.sections);
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

/// 2022年预算, 2022年执行 and 2023年预算 in a report of 2022: the last is of the year to come, and the others are this year's.
///
/// Of two years without a title the later is this year's (`recognize::columns`); a title that names one year knows better.
fn next_year(table: &mut RecognizedTable, year: u16, patterns: &Patterns) {
    for section in &mut table.sections {
        let years: Vec<Option<u16>> = section
            .columns
            .iter()
            .map(|c| patterns.headers.year(&c.header))
            .collect();
        let to_come = |(column, of): (&Column, &Option<u16>)| is_dated(column) && *of == Some(year + 1);
        if !section.columns.iter().zip(&years).any(to_come) || !years.contains(&Some(year)) {
            continue;
        }
        let of_year = section.columns.iter().zip(&years).filter(|(_, of)| **of == Some(year));
        let own = |column: &Column| patterns.headers.role(column.leaf()).map(|found| found.role);
        let mut roles: Vec<ColumnRole> = of_year.filter_map(|(column, _)| own(column)).collect();
        roles.sort_unstable();
        if roles.windows(2).any(|pair| pair[0] == pair[1]) {
            continue; // which of two is the measure, the year does not tell
        }
        for (column, of) in section.columns.iter_mut().zip(&years) {
            let own = own(column);
            let role = match *of {
                Some(of) if of > year && column.role.is_money() => ColumnRole::Other,
                Some(of) if of == year => own.filter(|role| role.is_money()).unwrap_or(column.role),
                _ => continue,
            };
            if column.role != role {
                column.role = role;
                for figure in section.lines.iter_mut().flat_map(|line| &mut line.figures) {
                    if figure.col == column.index {
                        figure.role = role;
                    }
                }
                let evidence = format!("“{}”按标题所写的{year}年定为{}", column.header, role.name());
                table.evidence.push(evidence);
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
