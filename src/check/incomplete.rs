//! Sums of tables that were not read whole: no verdict.

use crate::model::{Check, CheckStatus, Report};
use std::collections::BTreeSet;

/// Warnings that say that a row of a table was left out.
const LEFT_OUT: [&str; 6] = [
    "ambiguous_row",
    "table_incomplete",
    "table_unread",
    "row_unread",
    "indicator_without_name",
    "line_without_name",
];
/// Rules that need every row of a table.
const SUMS: [&str; 7] = ["TBL-01", "TBL-02", "TBL-04", "FND-01", "SCR-01", "SCR-02", "SCR-03"];

/// Turns failed sums over tables with rows left out into `insufficient`: the difference may stand in those rows.
pub fn withhold(report: &Report, checks: &mut [Check]) {
    let incomplete = tables(report);
    if incomplete.is_empty() {
        return;
    }
    for check in checks
        .iter_mut()
        .filter(|c| c.status == CheckStatus::Fail && SUMS.contains(&c.rule.as_str()))
    {
        let over = check
            .operands
            .iter()
            .filter_map(|o| o.table.as_deref())
            .any(|t| incomplete.contains(t));
        if over {
            check.status = CheckStatus::Insufficient;
            check.message.push_str("；该表有行未能读取（见警告），不作判断");
        }
    }
}

/// Ids of the tables with rows left out: named by the warning, or standing before the line that was left out.
fn tables(report: &Report) -> BTreeSet<&str> {
    let warned = report.warnings.iter().filter(|w| LEFT_OUT.contains(&w.code.as_str()));
    warned
        .filter_map(|w| {
            let named = w.source.table.as_deref();
            let before = || {
                let block = w.source.block?;
                let tables = report
                    .tables
                    .iter()
                    .filter(|t| t.source.block.is_some_and(|b| b <= block));
                tables.max_by_key(|t| t.source.block).map(|t| t.id.as_str())
            };
            named.or_else(before)
        })
        .collect()
}
