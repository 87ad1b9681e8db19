//! The ledger: entries as they are found, and the words for places and figures.

use super::catalogue::Rule;
use crate::model::{Check, CheckStatus, Exact, Severity, Source};
use crate::pattern::Patterns;
use rust_decimal::Decimal;

/// Entries in the order in which the relations were examined.
pub struct Ledger<'a> {
    patterns: &'a Patterns,
    checks: Vec<Check>,
}

impl<'a> Ledger<'a> {
    /// An empty ledger.
    pub fn new(patterns: &'a Patterns) -> Self {
        Ledger {
            patterns,
            checks: Vec::new(),
        }
    }

    /// Enters a relation; what the patterns say of the rule's severity wins.
    pub fn add(&mut self, entry: Entry) {
        let configured = self.patterns.checks.severity(entry.rule.id);
        let mut check = entry.check;
        check.id = format!("c{}", self.checks.len() + 1);
        check.severity = configured.unwrap_or(check.severity);
        self.checks.push(check);
    }

    /// The finished ledger.
    pub fn into_checks(self) -> Vec<Check> {
        self.checks
    }
}

/// One relation on its way into the ledger.
pub struct Entry {
    rule: &'static Rule,
    check: Check,
}

impl Entry {
    /// A relation of a rule.
    pub fn new(rule: &'static Rule, status: CheckStatus) -> Self {
        Entry {
            rule,
            check: Check {
                id: String::new(),
                rule: rule.id.to_owned(),
                name: rule.name.to_owned(),
                status,
                severity: rule.severity,
                message: String::new(),
                stated: None,
                computed: None,
                difference: None,
                tolerance: None,
                unit: None,
                operands: Vec::new(),
            },
        }
    }

    /// Another severity than the rule's own.
    pub fn severity(mut self, severity: Severity) -> Self {
        self.check.severity = severity;
        self
    }

    /// For the reader.
    pub fn message(mut self, message: impl Into<String>) -> Self {
        self.check.message = message.into();
        self
    }

    /// What is stated and what follows from the operands, as numbers.
    pub fn numbers(mut self, stated: Decimal, computed: Decimal) -> Self {
        self.check.stated = Some(Exact(stated).to_string());
        self.check.computed = Some(Exact(computed).to_string());
        self.check.difference = stated.checked_sub(computed).map(Exact);
        self
    }

    /// A figure that follows from the operands and the threshold that it is held against: their distance says nothing.
    pub fn threshold(mut self, value: Decimal, limit: Decimal) -> Self {
        self.check.stated = Some(Exact(value).to_string());
        self.check.computed = Some(Exact(limit).to_string());
        self
    }

    /// What is stated and what follows from the operands, in words.
    pub fn words(mut self, stated: impl Into<String>, computed: impl Into<String>) -> Self {
        self.check.stated = Some(stated.into());
        self.check.computed = Some(computed.into());
        self
    }

    /// What is stated, where nothing could be computed.
    pub fn stated(mut self, stated: Decimal) -> Self {
        self.check.stated = Some(Exact(stated).to_string());
        self
    }

    /// Largest difference that rounding allows.
    pub fn tolerance(mut self, tolerance: Decimal) -> Self {
        self.check.tolerance = Some(Exact(tolerance.normalize()));
        self
    }

    /// Unit of the figures.
    pub fn unit(mut self, unit: Option<&str>) -> Self {
        self.check.unit = unit.map(str::to_owned);
        self
    }

    /// Every figure that took part, the stated one first.
    pub fn operands<'s>(mut self, sources: impl IntoIterator<Item = &'s Source>) -> Self {
        self.check.operands.extend(sources.into_iter().cloned());
        self
    }
}

/// 错误, 提醒, 提示.
pub fn severity_label(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "错误",
        Severity::Warning => "提醒",
        Severity::Info => "提示",
    }
}

/// 不符, 尾差, 相符, 无法核对.
pub fn status_label(status: CheckStatus) -> &'static str {
    match status {
        CheckStatus::Fail => "不符",
        CheckStatus::Rounding => "尾差",
        CheckStatus::Pass => "相符",
        CheckStatus::Insufficient => "无法核对",
    }
}

/// The place in words, counted from 1 as a reader counts: `表t1第3行第2列（第4页）`, `第12段`.
pub fn place(source: &Source) -> String {
    let mut out = String::new();
    if let Some(table) = &source.table {
        out.push_str(&format!("表{table}"));
        if let Some(row) = source.row {
            out.push_str(&format!("第{}行", row + 1));
        }
        if let Some(col) = source.col {
            out.push_str(&format!("第{}列", col + 1));
        }
    } else if let Some(block) = source.block {
        out.push_str(&format!("第{}段", block + 1));
    }
    if let Some(page) = source.page {
        out.push_str(&format!("（第{page}页）"));
    }
    if out.is_empty() { "文中".to_owned() } else { out }
}

/// A clause cut to what a message can hold.
pub fn shorten(text: &str, limit: usize) -> String {
    let flat: String = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if flat.chars().count() <= limit {
        return flat;
    }
    flat.chars().take(limit.saturating_sub(1)).chain(['…']).collect()
}

/// How the outcome of a comparison reads at the end of a message.
pub fn verdict(status: CheckStatus, difference: Decimal, tolerance: Decimal, unit: &str) -> String {
    match status {
        CheckStatus::Pass => "相符".to_owned(),
        CheckStatus::Rounding => format!(
            "相差{}{unit}，在四舍五入允许的{}{unit}之内",
            difference.abs(),
            tolerance.normalize()
        ),
        CheckStatus::Fail if tolerance.is_zero() => format!("相差{}{unit}", difference.abs()),
        CheckStatus::Fail => format!(
            "相差{}{unit}，四舍五入只允许{}{unit}",
            difference.abs(),
            tolerance.normalize()
        ),
        CheckStatus::Insufficient => "有数未能读出，无法核对".to_owned(),
    }
}
