//! The ledger as a table that a reviewer can act on.

use super::ledger::{place, severity_label, shorten, status_label};
use crate::model::{Check, CheckStatus, Severity};
use std::fmt::Write;

/// The relations of one report in Chinese: failures first, the gravest on top; then how many relations were examined.
///
/// `all` adds the relations that hold, differ by rounding or could not be examined.
pub fn render(path: &str, checks: &[Check], all: bool) -> String {
    let mut out = String::new();
    let count = |status: CheckStatus| checks.iter().filter(|c| c.status == status).count();
    // `write!` to a String cannot fail.
    let _ = writeln!(
        out,
        "{path}\n  核对{}项：不符{}，尾差{}，相符{}，无法核对{}",
        checks.len(),
        count(CheckStatus::Fail),
        count(CheckStatus::Rounding),
        count(CheckStatus::Pass),
        count(CheckStatus::Insufficient)
    );
    let mut shown: Vec<&Check> = checks.iter().filter(|c| all || c.status == CheckStatus::Fail).collect();
    shown.sort_by_key(|c| (order(c.status), grade(c.severity)));
    for check in shown {
        let label = match check.status {
            CheckStatus::Fail => severity_label(check.severity),
            status => status_label(status),
        };
        let _ = writeln!(out, "  [{label}] {} {}（{}）", check.rule, check.name, check.id);
        let unit = check.unit.as_deref().unwrap_or("");
        if let Some(stated) = &check.stated {
            let at = check
                .operands
                .first()
                .map(|s| format!("　{}", place(s)))
                .unwrap_or_default();
            let _ = writeln!(out, "      报告所写：{}{unit}{at}", shorten(stated, 60));
        }
        if let Some(computed) = &check.computed {
            let mut from: Vec<String> = check.operands.iter().skip(1).map(place).collect();
            from.dedup();
            let more = from.len().saturating_sub(6);
            from.truncate(6);
            let more = if more > 0 {
                format!("等{}处", more + 6)
            } else {
                String::new()
            };
            let from = if from.is_empty() {
                String::new()
            } else {
                format!("　由{}{more}", from.join("、"))
            };
            let _ = writeln!(out, "      核对所得：{}{unit}{from}", shorten(computed, 60));
        }
        if let (Some(difference), CheckStatus::Fail | CheckStatus::Rounding) = (check.difference, check.status) {
            let allowed = check
                .tolerance
                .map(|t| format!("　允许：{t}{unit}"))
                .unwrap_or_default();
            let _ = writeln!(out, "      相差：{difference}{unit}{allowed}");
        }
        let _ = writeln!(out, "      {}", check.message);
    }
    out
}

fn order(status: CheckStatus) -> u8 {
    match status {
        CheckStatus::Fail => 0,
        CheckStatus::Insufficient => 1,
        CheckStatus::Rounding => 2,
        CheckStatus::Pass => 3,
    }
}

fn grade(severity: Severity) -> u8 {
    match severity {
        Severity::Error => 0,
        Severity::Warning => 1,
        Severity::Info => 2,
    }
}
