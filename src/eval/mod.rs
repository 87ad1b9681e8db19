//! How good are the records? Compares them with hand-checked truth, fact by fact.
//!
//! A truth file is JSON: `budget_lines` and `funding_rows` (a name and a figure for each column), `indicators`
//! (`name`, `target_raw`, `actual_raw`, parsed `target`, `weight`, `score`), `scores`, `checks` (`stated`, `computed`,
//! `difference`, `verdict`: holds, rounding or fails) and `partial` (true: what it does not list may still be right).
//! corpus/README.md describes it. Text is compared after NFKC and without white space, numbers by value.

mod compare;
mod facts;
mod text;

pub use compare::compare;

use std::collections::BTreeMap;
use std::fmt;

/// A kind of fact that is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum FactKind {
    /// (line, measure, value) of each amount of each budget line.
    Budget,
    /// (name, text of the target, text of the actual).
    Indicator,
    /// Parsed target of an indicator: kind, number or bounds, unit.
    Value,
    /// Weight and score of an indicator.
    Points,
    /// Total scores.
    Score,
    /// Failing relations; found beyond the truth counts only what the record calls an error.
    Faults,
}

impl FactKind {
    /// Every kind, in the order of the report.
    pub const ALL: [FactKind; 6] = [
        FactKind::Budget,
        FactKind::Indicator,
        FactKind::Value,
        FactKind::Points,
        FactKind::Score,
        FactKind::Faults,
    ];

    /// Name in tables.
    pub fn name(self) -> &'static str {
        match self {
            FactKind::Budget => "budget",
            FactKind::Indicator => "indicator",
            FactKind::Value => "value",
            FactKind::Points => "points",
            FactKind::Score => "score",
            FactKind::Faults => "faults",
        }
    }
}

/// Counts of one kind of fact.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tally {
    /// Facts of the truth that the record has.
    pub hit: usize,
    /// Facts of the truth.
    pub truth: usize,
    /// Facts of the record.
    pub found: usize,
}

impl Tally {
    /// Share of the record's facts that are true; 1 where neither side has any.
    pub fn precision(self) -> f64 {
        match (self.found, self.truth) {
            (0, 0) => 1.0,
            (0, _) => 0.0,
            (found, _) => self.hit as f64 / found as f64,
        }
    }

    /// Share of the truth that the record has; 1 where there is none.
    pub fn recall(self) -> f64 {
        if self.truth == 0 {
            1.0
        } else {
            self.hit as f64 / self.truth as f64
        }
    }

    /// Harmonic mean of both.
    pub fn f1(self) -> f64 {
        let (p, r) = (self.precision(), self.recall());
        if p + r == 0.0 { 0.0 } else { 2.0 * p * r / (p + r) }
    }

    fn add(&mut self, other: Tally) {
        self.hit += other.hit;
        self.truth += other.truth;
        self.found += other.found;
    }
}

/// One record against its truth.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Comparison {
    /// Counts by kind.
    pub tallies: BTreeMap<FactKind, Tally>,
    /// What was missed, invented or misread, one line each.
    pub notes: Vec<String>,
}

/// Sums over many records, by format and altogether.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Evaluation {
    /// Sums by what follows the truth's name in the file's name: `docx`, `utf8.txt`; `ALL` for all.
    pub groups: BTreeMap<String, BTreeMap<FactKind, Tally>>,
    /// Records compared.
    pub records: usize,
}

impl Evaluation {
    /// Adds a record's counts to its group and to `ALL`.
    pub fn add(&mut self, group: &str, comparison: &Comparison) {
        self.records += 1;
        for name in [group, "ALL"] {
            let sums = self.groups.entry(name.to_owned()).or_default();
            for (kind, tally) in &comparison.tallies {
                sums.entry(*kind).or_default().add(*tally);
            }
        }
    }

    /// Sum of a kind of fact over all records.
    pub fn total(&self, kind: FactKind) -> Tally {
        self.groups
            .get("ALL")
            .and_then(|g| g.get(&kind))
            .copied()
            .unwrap_or_default()
    }
}

impl fmt::Display for Evaluation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "{:<16}{:<12}{:>10}{:>9}{:>9}{:>7}{:>7}{:>7}",
            "format", "fact", "precision", "recall", "F1", "hit", "truth", "found"
        )?;
        for (group, sums) in &self.groups {
            for (kind, t) in sums {
                let (p, r, f1) = (t.precision(), t.recall(), t.f1());
                let name = kind.name();
                writeln!(
                    f,
                    "{group:<16}{name:<12}{p:>10.3}{r:>9.3}{f1:>9.3}{:>7}{:>7}{:>7}",
                    t.hit, t.truth, t.found
                )?;
            }
        }
        write!(f, "{} records compared", self.records)
    }
}

/// Stem of the truth file and group of a report's file name: `seed003.lo.pdf` is (`seed003`, `lo.pdf`).
pub fn stem_and_group(path: &str) -> (&str, &str) {
    let name = path.rsplit('/').next().unwrap_or(path);
    name.split_once('.').unwrap_or((name, ""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn precision_of_nothing_is_perfect_only_where_nothing_is_to_be_found() {
        assert_eq!(Tally::default().f1(), 1.0);
        let silent = Tally {
            truth: 3,
            ..Tally::default()
        };
        assert_eq!((silent.precision(), silent.recall(), silent.f1()), (0.0, 0.0, 0.0));
        let half = Tally {
            hit: 1,
            truth: 2,
            found: 1,
        };
        assert!((half.f1() - 2.0 / 3.0).abs() < 1e-9);
    }

    #[test]
    fn names_of_reports_name_their_truth() {
        assert_eq!(stem_and_group("a/seed003.lo.pdf"), ("seed003", "lo.pdf"));
        assert_eq!(stem_and_group("f1"), ("f1", ""));
    }
}
