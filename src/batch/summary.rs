//! What a run found, counted: the lines that stand at its end.

use crate::emit::audit;
use crate::error::{Error, ErrorKind};
use crate::model::{CheckStatus, Figures, Report, Severity};
use serde::Serialize;
use std::collections::BTreeMap;
use std::fmt;

/// Counts of a run.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Summary {
    /// Reports by format.
    pub formats: BTreeMap<&'static str, usize>,
    /// Tables by kind.
    pub tables: BTreeMap<&'static str, usize>,
    /// Budget lines.
    pub budgets: usize,
    /// Indicators.
    pub indicators: usize,
    /// Scores.
    pub scores: usize,
    /// Figures in prose.
    pub statements: usize,
    /// What became of the figures.
    pub figures: Figures,
    /// Checks by status.
    pub checks: BTreeMap<&'static str, usize>,
    /// Failed checks by severity.
    pub failed: BTreeMap<&'static str, usize>,
    /// Warnings by code.
    pub warnings: BTreeMap<String, usize>,
    /// Files without a record, by kind of error.
    pub errors: BTreeMap<String, usize>,
}

impl Summary {
    /// Counts a record.
    pub fn add(&mut self, report: &Report) {
        *self.formats.entry(report.document.format.name()).or_default() += 1;
        for table in &report.tables {
            *self.tables.entry(table.kind.name()).or_default() += 1;
        }
        self.budgets += report.budgets.len();
        self.indicators += report.indicators.len();
        self.scores += report.scores.len();
        self.statements += report.statements.len();
        self.figures.merge(&report.figures);
        for check in &report.checks {
            *self.checks.entry(check.status.name()).or_default() += 1;
            if check.status == CheckStatus::Fail {
                *self.failed.entry(check.severity.name()).or_default() += 1;
            }
        }
        for warning in &report.warnings {
            *self.warnings.entry(warning.code.clone()).or_default() += 1;
        }
    }

    /// Counts a file without a record.
    pub fn add_error(&mut self, error: &Error) {
        self.add_error_code(error_code(&error.kind));
    }

    /// As [`Summary::add_error`], by its code.
    pub fn add_error_code(&mut self, code: &str) {
        *self.errors.entry(code.to_owned()).or_default() += 1;
    }

    /// Adds the counts of another run, or of one report.
    pub fn merge(&mut self, other: &Summary) {
        merge(&mut self.formats, &other.formats);
        merge(&mut self.tables, &other.tables);
        self.budgets += other.budgets;
        self.indicators += other.indicators;
        self.scores += other.scores;
        self.statements += other.statements;
        self.figures.merge(&other.figures);
        merge(&mut self.checks, &other.checks);
        merge(&mut self.failed, &other.failed);
        merge(&mut self.warnings, &other.warnings);
        merge(&mut self.errors, &other.errors);
    }

    /// Reports read.
    pub fn reports(&self) -> usize {
        self.formats.values().sum()
    }

    /// Whether some file gave no record.
    pub fn has_errors(&self) -> bool {
        !self.errors.is_empty()
    }

    /// Whether a check of severity `error` failed.
    pub fn has_failed_checks(&self) -> bool {
        self.failed.contains_key(Severity::Error.name())
    }
}

/// A short, stable name of a kind of error.
pub fn error_code(kind: &ErrorKind) -> &'static str {
    match kind {
        ErrorKind::Io(_) => "unreadable",
        ErrorKind::Empty => "empty",
        ErrorKind::Unsupported { .. } => "unsupported",
        ErrorKind::Encrypted(_) => "encrypted",
        ErrorKind::Damaged(_) => "damaged",
        ErrorKind::Limit { .. } => "limit",
        ErrorKind::Scanned(_) => "scanned",
        ErrorKind::Pattern(_) => "pattern",
        ErrorKind::Write(_) => "write",
        ErrorKind::Database { .. } => "database",
        ErrorKind::Busy(_) => "busy",
        ErrorKind::Crashed(_) => "crashed",
        ErrorKind::Worker(_) => "worker",
        ErrorKind::Internal(_) => "internal",
    }
}

fn merge<K: Ord + Clone>(into: &mut BTreeMap<K, usize>, from: &BTreeMap<K, usize>) {
    for (key, count) in from {
        *into.entry(key.clone()).or_default() += count;
    }
}

/// `12  damaged 2, empty 10`: the sum, then the largest first.
pub(crate) fn counts<K: AsRef<str> + Ord>(map: &BTreeMap<K, usize>) -> String {
    let mut entries: Vec<(&str, usize)> = map.iter().map(|(k, n)| (k.as_ref(), *n)).collect();
    entries.sort_by_key(|(name, n)| (std::cmp::Reverse(*n), *name));
    let total: usize = entries.iter().map(|e| e.1).sum();
    let list: Vec<String> = entries.iter().map(|(name, n)| format!("{name} {n}")).collect();
    if list.is_empty() {
        "0".to_owned()
    } else {
        format!("{total:<8}{}", list.join(", "))
    }
}

impl fmt::Display for Summary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "reports       {}", counts(&self.formats))?;
        writeln!(f, "tables        {}", counts(&self.tables))?;
        writeln!(f, "budget lines  {}", self.budgets)?;
        writeln!(f, "indicators    {}", self.indicators)?;
        writeln!(f, "scores        {}", self.scores)?;
        writeln!(f, "statements    {}", self.statements)?;
        writeln!(f, "figures       {}", audit::coverage(&self.figures))?;
        writeln!(f, "checks        {}", counts(&self.checks))?;
        if !self.failed.is_empty() {
            writeln!(f, "  failed      {}", counts(&self.failed))?;
        }
        writeln!(f, "warnings      {}", counts(&self.warnings))?;
        write!(f, "errors        {}", counts(&self.errors))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_put_the_largest_first() {
        let map = BTreeMap::from([("a", 2), ("b", 3), ("c", 2)]);
        assert_eq!(counts(&map), "7       b 3, a 2, c 2");
    }
}
