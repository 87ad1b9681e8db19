//! Columns whose year an expression of `patterns/` tells: which are of the report's year and which of the one before.

use super::info;
use crate::model::{ColumnRole, Document, RecognizedTable, Section};
use crate::pattern::Patterns;

/// Gives columns of the year before the report's the role of the prior year, and those of other years none.
pub fn settle(document: &Document, tables: &mut [RecognizedTable], patterns: &Patterns) {
    let told = |section: &Section| -> Vec<(usize, i32)> {
        let columns = section.columns.iter().enumerate();
        let money = columns.filter(|(_, column)| column.role.is_money() && column.role != ColumnRole::PriorYear);
        money
            .filter_map(|(p, column)| Some((p, patterns.headers.told(&column.header)?.year?)))
            .collect()
    };
    if !tables.iter().flat_map(|t| &t.sections).any(|s| !told(s).is_empty()) {
        return;
    }
    let Some(year) = info::info(document, tables, &[], patterns).fiscal_year.map(i32::from) else {
        return;
    };
    for table in tables {
        for section in &mut table.sections {
            let prior: Vec<usize> = told(section)
                .into_iter()
                .filter(|(_, y)| *y == year - 1)
                .map(|(p, _)| p)
                .collect();
            let known = section
                .columns
                .iter()
                .any(|column| column.role == ColumnRole::PriorYear);
            for (position, of) in told(section) {
                if of == year {
                    continue;
                }
                let column = &mut section.columns[position];
                // Of two columns of last year none is known to be the one that 上年 means.
                column.role = if prior == [position] && !known {
                    ColumnRole::PriorYear
                } else {
                    ColumnRole::Other
                };
                for figure in section.lines.iter_mut().flat_map(|line| &mut line.figures) {
                    if figure.col == column.index {
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
