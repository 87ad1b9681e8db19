//! What the report says of each record, gathered while they come, in bounded memory.

use crate::emit::audit::{self, place};
use crate::model::{Check, CheckStatus, Figures, Report, ScoreKind, Severity, TableKind};
use std::collections::{BTreeMap, BTreeSet};

/// Reports whose findings are told one by one, the gravest first.
pub const DETAILED: usize = 200;
/// Findings told of one report.
pub const FINDINGS: usize = 40;
/// Rows of any list.
pub const LISTED: usize = 1_000;
/// Relations that could not be examined and are told one by one.
pub const INSUFFICIENT: usize = 100;
/// Figures of a finding that are quoted, and the longest quotation in characters.
const QUOTES: (usize, usize) = (6, 80);

/// Counts of a rule.
#[derive(Debug, Clone, Default)]
pub struct RuleCounts {
    /// Name, in Chinese.
    pub name: String,
    /// By outcome, in the order of [`CheckStatus::ALL`].
    pub by_status: [usize; 4],
}

/// A report in lists.
#[derive(Debug, Clone)]
pub struct Row {
    /// Number in input order, as in the workbook.
    pub number: usize,
    /// Path as given.
    pub path: String,
    /// 单位.
    pub organization: Option<String>,
    /// Title.
    pub title: Option<String>,
    /// 年度.
    pub year: Option<u16>,
    /// Relations examined.
    pub checks: usize,
    /// Failed, by severity in the order of [`Severity::ALL`].
    pub failed: [usize; 3],
    /// Could not be examined.
    pub insufficient: usize,
    /// Warnings.
    pub warnings: usize,
}

impl Row {
    /// Failed relations.
    pub fn all_failed(&self) -> usize {
        self.failed.iter().sum()
    }

    /// Smaller is graver.
    fn order(&self) -> ([std::cmp::Reverse<usize>; 3], usize) {
        (self.failed.map(std::cmp::Reverse), self.number)
    }
}

/// A failed relation.
#[derive(Debug, Clone)]
pub struct Finding {
    /// Name of the rule, the rule and the check's id.
    pub rule: String,
    /// How grave.
    pub severity: Severity,
    /// Message.
    pub message: String,
    /// What the report states, with its unit.
    pub stated: String,
    /// What follows from the operands, with its unit.
    pub computed: String,
    /// Difference.
    pub difference: String,
    /// What rounding allows.
    pub tolerance: Option<String>,
    /// Quotations with places, one a line.
    pub quotations: Vec<String>,
}

/// A report with its findings.
#[derive(Debug, Clone)]
pub struct Detail {
    /// The report.
    pub row: Row,
    /// The gravest first.
    pub findings: Vec<Finding>,
}

/// A relation that could not be examined.
#[derive(Debug, Clone)]
pub struct Gap {
    /// Number of the report.
    pub number: usize,
    /// File name.
    pub path: String,
    /// Rule and its name.
    pub rule: String,
    /// Message.
    pub message: String,
}

/// Warnings of one code.
#[derive(Debug, Clone)]
pub struct WarningCounts {
    /// How many.
    pub count: usize,
    /// In how many reports.
    pub reports: usize,
    /// The first one: message, place and file.
    pub example: String,
}

/// What one report is, for a document about one.
#[derive(Debug, Clone)]
pub struct Single {
    /// Kind of report.
    pub kind: &'static str,
    /// SHA-256 of the file.
    pub sha256: String,
    /// Total score as written, with the grade.
    pub score: Option<String>,
    /// Date of the report.
    pub date: Option<String>,
}

/// Everything gathered.
#[derive(Debug, Default)]
pub struct Collected {
    /// Every report, in input order.
    pub rows: Vec<Row>,
    /// The gravest reports.
    details: Vec<Detail>,
    /// Tables recognized, and others.
    pub tables: [usize; 2],
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
    /// Years of the reports.
    pub years: BTreeSet<u16>,
    /// Organizations.
    pub organizations: BTreeSet<String>,
    /// By rule.
    pub rules: BTreeMap<String, RuleCounts>,
    /// By code.
    pub warnings: BTreeMap<String, WarningCounts>,
    /// The first relations that could not be examined.
    pub gaps: Vec<Gap>,
    /// The first report, as long as it is the only one.
    pub single: Option<Single>,
}

impl Collected {
    /// Takes the next record.
    pub fn take(&mut self, report: &Report) {
        let row = row(self.rows.len() + 1, report);
        for table in &report.tables {
            self.tables[usize::from(table.kind == TableKind::Other)] += 1;
        }
        self.budgets += report.budgets.len();
        self.indicators += report.indicators.len();
        self.scores += report.scores.len();
        self.statements += report.statements.len();
        self.figures.merge(&report.figures);
        self.years.extend(report.report.fiscal_year);
        if let Some(organization) = &report.report.organization
            && !self.organizations.contains(organization)
        {
            self.organizations.insert(organization.clone());
        }
        for check in &report.checks {
            self.count(check);
            if check.status == CheckStatus::Insufficient && self.gaps.len() < INSUFFICIENT {
                self.gaps.push(Gap {
                    number: row.number,
                    path: row.path.clone(),
                    rule: format!("{} {}", check.rule, check.name),
                    message: audit::shorten(&check.message, 200),
                });
            }
        }
        self.count_warnings(report);
        if row.all_failed() > 0 {
            self.details.push(detail(row.clone(), report));
            // Twice the number is kept before the rest is dropped, so sorting costs little.
            if self.details.len() >= 2 * DETAILED {
                self.keep_gravest();
            }
        }
        self.single = self.rows.is_empty().then(|| single(report));
        self.rows.push(row);
    }

    fn count(&mut self, check: &Check) {
        if !self.rules.contains_key(&check.rule) {
            let counts = RuleCounts {
                name: check.name.clone(),
                ..RuleCounts::default()
            };
            self.rules.insert(check.rule.clone(), counts);
        }
        if let Some(counts) = self.rules.get_mut(&check.rule) {
            counts.by_status[check.status as usize] += 1;
        }
    }

    fn count_warnings(&mut self, report: &Report) {
        let mut seen = BTreeSet::new();
        for warning in &report.warnings {
            let first = seen.insert(warning.code.as_str());
            if let Some(counts) = self.warnings.get_mut(&warning.code) {
                counts.count += 1;
                counts.reports += usize::from(first);
                continue;
            }
            let place = place(&warning.source);
            let message = audit::shorten(&warning.message, 160);
            let counts = WarningCounts {
                count: 1,
                reports: 1,
                example: format!("{message}（{}，{place}）", report.document.path),
            };
            self.warnings.insert(warning.code.clone(), counts);
        }
    }

    fn keep_gravest(&mut self) {
        self.details.sort_by_key(|detail| detail.row.order());
        self.details.truncate(DETAILED);
    }

    /// The reports whose findings are told, the gravest first.
    pub fn details(&mut self) -> Vec<Detail> {
        self.keep_gravest();
        std::mem::take(&mut self.details)
    }

    /// Relations of an outcome.
    pub fn of_status(&self, status: CheckStatus) -> usize {
        self.rules.values().map(|rule| rule.by_status[status as usize]).sum()
    }

    /// Failed relations of a severity.
    pub fn of_severity(&self, severity: Severity) -> usize {
        self.rows.iter().map(|row| row.failed[severity as usize]).sum()
    }
}

fn row(number: usize, report: &Report) -> Row {
    let mut failed = [0; 3];
    let mut insufficient = 0;
    for check in &report.checks {
        match check.status {
            CheckStatus::Fail => failed[check.severity as usize] += 1,
            CheckStatus::Insufficient => insufficient += 1,
            CheckStatus::Pass | CheckStatus::Rounding => {}
        }
    }
    let short = |text: &Option<String>| text.as_deref().map(|text| audit::shorten(text, 80));
    Row {
        number,
        path: audit::shorten(&report.document.path, 200),
        organization: short(&report.report.organization),
        title: short(&report.report.title),
        year: report.report.fiscal_year,
        checks: report.checks.len(),
        failed,
        insufficient,
        warnings: report.warnings.len(),
    }
}

fn detail(row: Row, report: &Report) -> Detail {
    let mut failed: Vec<&Check> = report.checks.iter().filter(|c| c.status == CheckStatus::Fail).collect();
    failed.sort_by_key(|check| check.severity);
    Detail {
        row,
        findings: failed.into_iter().take(FINDINGS).map(finding).collect(),
    }
}

fn finding(check: &Check) -> Finding {
    let unit = check.unit.as_deref().unwrap_or("");
    let with_unit = |text: &Option<String>| match text {
        Some(text) => format!("{}{}", audit::shorten(text, 60), audit::shorten(unit, 12)),
        None => "—".to_owned(),
    };
    let figure =
        |figure: Option<crate::model::Exact>| figure.map(|figure| format!("{figure}{}", audit::shorten(unit, 12)));
    let mut quotations: Vec<String> = Vec::new();
    for source in check.operands.iter().filter(|s| s.text.is_some()).take(QUOTES.0) {
        let text = audit::shorten(source.text.as_deref().unwrap_or(""), QUOTES.1);
        let line = format!("{}：“{text}”", place(source));
        if quotations.last() != Some(&line) {
            quotations.push(line);
        }
    }
    // Short ones share lines, as long as a reader takes them in at a glance.
    if quotations.iter().all(|line| line.chars().count() <= 24) {
        quotations = quotations.chunks(2).map(|pair| pair.join("；")).collect();
    }
    if check.operands.len() > QUOTES.0 {
        quotations.push(format!("……共{}处，余见审计底稿。", check.operands.len()));
    }
    Finding {
        rule: format!("{}（{}，{}）", check.name, check.rule, check.id),
        severity: check.severity,
        message: audit::shorten(&check.message, 400),
        stated: with_unit(&check.stated),
        computed: with_unit(&check.computed),
        tolerance: check.difference.and_then(|_| figure(check.tolerance)),
        difference: figure(check.difference).unwrap_or_else(|| "—".to_owned()),
        quotations,
    }
}

fn single(report: &Report) -> Single {
    let whole = |s: &&crate::model::Score| matches!(s.kind, ScoreKind::Total | ScoreKind::Self_) && s.value.is_some();
    let score = report.scores.iter().find(whole).and_then(|score| {
        let grade = score.grade.as_deref().map(|g| format!("，等次{g}")).unwrap_or_default();
        score
            .value
            .map(|value| format!("{}{value}分{grade}", audit::score_kind(score.kind)))
    });
    Single {
        kind: audit::report_kind(report.report.kind),
        sha256: report.document.sha256.clone(),
        score,
        date: report.report.date.clone(),
    }
}
