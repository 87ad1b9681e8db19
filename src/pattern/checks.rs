//! Parameters of the checks: thresholds, grade bands, severities and the wordings of prose.

mod words;

use super::file::PatternFile;
pub use super::words::WordList;
use crate::error::Result;
use crate::model::{Exact, ReportInfo, Severity};
use rust_decimal::Decimal;
use serde::Deserialize;
use std::collections::BTreeMap;
pub use words::{FundWords, IndicatorWords, PointWords, ProseWords, TableWords, ThreePublicWords};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CheckFile {
    limits: LimitsFile,
    grades: Vec<Band>,
    grade_words: BTreeMap<String, Vec<String>>,
    severity: BTreeMap<String, Severity>,
    words: Words,
    #[serde(default)]
    office: Vec<Office>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct LimitsFile {
    deviation_percent: Exact,
    execution_percent: Exact,
    adjustment_percent: Exact,
    line_high_percent: Exact,
    line_low_percent: Exact,
    proportion_points: Exact,
    full_points: Exact,
}

/// Values of one office or place, in place of the file's own.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Office {
    /// Parts of the organization's or the region's name.
    names: Vec<String>,
    deviation_percent: Option<Exact>,
    execution_percent: Option<Exact>,
    adjustment_percent: Option<Exact>,
    line_high_percent: Option<Exact>,
    line_low_percent: Option<Exact>,
    proportion_points: Option<Exact>,
    #[serde(default)]
    grades: Vec<Band>,
}

/// Thresholds, in per cent or points.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// A deviation from the target above this wants a reason.
    pub deviation_percent: Decimal,
    /// An execution rate below this wants a reason.
    pub execution_percent: Decimal,
    /// An adjustment of the budget above this wants a reason.
    pub adjustment_percent: Decimal,
    /// A line's outlay above this share of its budget is worth knowing.
    pub line_high_percent: Decimal,
    /// A line's outlay below this share of its budget is worth knowing.
    pub line_low_percent: Decimal,
    /// Points given may differ this much from points in proportion.
    pub proportion_points: Decimal,
    /// Points that a form gives in all.
    pub full_points: Decimal,
}

/// A grade and the lowest score that earns it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Band {
    /// 优, 良 …
    pub grade: String,
    /// Lowest score, included.
    pub from: Exact,
}

/// Wordings of prose; see `patterns/checks.toml` for what each list is for.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs)] // the pattern file documents each list
pub struct Words {
    pub includes: Vec<String>,
    pub of_which: Vec<String>,
    pub and_so_on: Vec<String>,
    pub above_in_all: Vec<String>,
    pub first_budget: Vec<String>,
    pub added: Vec<String>,
    pub taken: Vec<String>,
    pub came_out: Vec<String>,
    pub initial_budget: Vec<String>,
    pub adjusted_budget: Vec<String>,
    pub budget: Vec<String>,
    pub allocated: Vec<String>,
    pub actual: Vec<String>,
    pub execution_rate: Vec<String>,
    pub allocation_rate: Vec<String>,
    pub growth: Vec<String>,
    pub decline: Vec<String>,
    pub above: Vec<String>,
    pub below: Vec<String>,
    pub compared: Vec<String>,
    pub past: Vec<String>,
    pub present: Vec<String>,
    pub ranked: Vec<String>,
    pub outputs: Vec<String>,
    pub counted_things: Vec<String>,
    pub counted_kinds: Vec<String>,
    pub counted_lines: Vec<String>,
    pub counted_indicators: Vec<String>,
    pub added_line: Vec<String>,
    pub tables: TableWords,
    pub three_public: ThreePublicWords,
    pub funds: FundWords,
    pub points: PointWords,
    pub indicators: IndicatorWords,
    pub prose: ProseWords,
}

/// Everything that the checks take from patterns.
#[derive(Debug, Clone)]
pub struct CheckPatterns {
    limits: Limits,
    grades: Vec<Band>,
    grade_words: BTreeMap<String, Vec<String>>,
    severity: BTreeMap<String, Severity>,
    /// Wordings of prose.
    pub words: Words,
    offices: Vec<Office>,
}

impl CheckPatterns {
    pub(super) fn new(file: &PatternFile) -> Result<Self> {
        let parsed: CheckFile = file.parse()?;
        let well_formed = |id: &str| {
            let (family, number) = id.split_once('-').unwrap_or(("", ""));
            family.len() == 3
                && family.bytes().all(|b| b.is_ascii_uppercase())
                && number.len() == 2
                && number.bytes().all(|b| b.is_ascii_digit())
        };
        if let Some(id) = parsed.severity.keys().find(|id| !well_formed(id)) {
            return Err(file.error_about(&format!("“{id}” is no rule; a rule is named like TBL-01"), id));
        }
        for grades in parsed.offices_and_own() {
            if grades.windows(2).any(|pair| pair[0].from <= pair[1].from) {
                return Err(file.error_about("grades must stand from best to worst", "grades"));
            }
        }
        let l = &parsed.limits;
        Ok(CheckPatterns {
            limits: Limits {
                deviation_percent: l.deviation_percent.0,
                execution_percent: l.execution_percent.0,
                adjustment_percent: l.adjustment_percent.0,
                line_high_percent: l.line_high_percent.0,
                line_low_percent: l.line_low_percent.0,
                proportion_points: l.proportion_points.0,
                full_points: l.full_points.0,
            },
            grades: parsed.grades,
            grade_words: parsed.grade_words,
            severity: parsed.severity,
            words: parsed.words,
            offices: parsed.office,
        })
    }

    /// What the patterns say of a rule's severity, if anything.
    pub fn severity(&self, rule: &str) -> Option<Severity> {
        self.severity.get(rule).copied()
    }

    /// The thresholds for a report: those of its office where the patterns name it.
    pub fn limits(&self, report: &ReportInfo) -> Limits {
        let mut limits = self.limits;
        if let Some(office) = self.office(report) {
            let set = |limit: &mut Decimal, value: Option<Exact>| *limit = value.map_or(*limit, |v| v.0);
            set(&mut limits.deviation_percent, office.deviation_percent);
            set(&mut limits.execution_percent, office.execution_percent);
            set(&mut limits.adjustment_percent, office.adjustment_percent);
            set(&mut limits.line_high_percent, office.line_high_percent);
            set(&mut limits.line_low_percent, office.line_low_percent);
            set(&mut limits.proportion_points, office.proportion_points);
        }
        limits
    }

    /// The grade bands for a report that prints none, best first.
    pub fn grades(&self, report: &ReportInfo) -> &[Band] {
        match self.office(report) {
            Some(office) if !office.grades.is_empty() => &office.grades,
            _ => &self.grades,
        }
    }

    /// The grade that a word names: 优秀 is 优.
    pub fn grade_of<'a>(&'a self, word: &'a str) -> &'a str {
        let named = self.grade_words.iter().find(|(grade, words)| {
            let is = |w: &String| w == word;
            *grade == word || words.iter().any(is)
        });
        named.map_or(word, |(grade, _)| grade.as_str())
    }

    /// The best and the worst grade of the common scale.
    pub fn extremes(&self) -> Option<(&str, &str)> {
        let (best, worst) = (self.grades.first()?, self.grades.last()?);
        Some((&best.grade, &worst.grade))
    }

    fn office(&self, report: &ReportInfo) -> Option<&Office> {
        let texts = [report.organization.as_deref(), report.region.as_deref()];
        let named = |name: &String| texts.iter().flatten().any(|text| text.contains(name.as_str()));
        self.offices.iter().find(|office| office.names.iter().any(named))
    }
}

impl CheckFile {
    fn offices_and_own(&self) -> impl Iterator<Item = &Vec<Band>> {
        self.office.iter().map(|o| &o.grades).chain([&self.grades])
    }
}

#[cfg(test)]
mod tests {
    use crate::pattern::Patterns;

    #[test]
    fn grade_words_fold() {
        let patterns = Patterns::builtin().unwrap();
        assert_eq!(patterns.checks.grade_of("优秀"), "优");
        assert_eq!(patterns.checks.grade_of("良"), "良");
        assert_eq!(patterns.checks.grade_of("五星"), "五星");
    }

    #[test]
    fn a_bad_rule_name_is_refused() {
        let dir = tempfile::tempdir().unwrap();
        let own =
            include_str!("../../patterns/checks.toml").replace("[severity]\n", "[severity]\n\"TBL1\" = \"info\"\n");
        std::fs::write(dir.path().join("checks.toml"), own).unwrap();
        let error = Patterns::with_overrides(dir.path()).unwrap_err().to_string();
        assert!(error.contains("TBL1"), "{error}");
    }
}
