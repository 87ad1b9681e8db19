//! A record as rows of the workbook.

use super::columns::{FIRST_MEASURE, Kind};
use super::sheet::{Cell, Mark};
use super::total;
use crate::emit::audit::{self, place};
use crate::model::{
    BudgetLine, CheckStatus, Exact, Indicator, Measure, Report, Score, Severity, Source, Value, ValueKind,
};
use std::borrow::Cow;

/// Figures of a finding that are quoted, and the longest quotation in characters.
const QUOTES: (usize, usize) = (8, 120);

/// The first cells of each row: which report.
#[derive(Debug, Clone)]
pub struct Head<'a> {
    /// Number of the report in 总览, from 1.
    pub number: u64,
    /// File name without folders.
    pub file: &'a str,
    /// 单位.
    pub organization: Option<&'a str>,
    /// 年度.
    pub year: Option<u16>,
}

impl<'a> Head<'a> {
    /// The head of a report's rows.
    pub fn of(number: u64, report: &'a Report) -> Self {
        Head {
            number,
            file: file_name(&report.document.path),
            organization: report.report.organization.as_deref(),
            year: report.report.fiscal_year,
        }
    }

    /// 序号, 文件, 单位, 年度, with room for `more`.
    pub fn cells(&self, more: usize) -> Vec<Cell<'a>> {
        let mut cells = Vec::with_capacity(4 + more);
        cells.push(Cell::Count(self.number));
        cells.push(Cell::text(self.file));
        cells.push(Cell::maybe(self.organization));
        cells.push(self.year.map_or(Cell::Empty, |year| Cell::Count(year.into())));
        cells
    }
}

/// The last part of a path, of an entry in an archive too.
pub fn file_name(path: &str) -> &str {
    let trimmed = path.trim_end_matches(['/', '\\']);
    trimmed.rsplit(['/', '\\']).next().unwrap_or(trimmed)
}

/// Row of 总览.
pub fn overview(number: u64, report: &Report) -> Vec<Cell<'_>> {
    let totals = total::of(report);
    let failed = |severity: Severity| {
        let counts = |c: &&crate::model::Check| c.status == CheckStatus::Fail && c.severity == severity;
        report.checks.iter().filter(counts).count()
    };
    let marked = |count: usize, mark: Mark| match count {
        0 => Cell::Empty,
        count => Cell::MarkedCount(count as u64, mark),
    };
    let insufficient = report
        .checks
        .iter()
        .filter(|c| c.status == CheckStatus::Insufficient)
        .count();
    let (info, document) = (&report.report, &report.document);
    vec![
        Cell::Count(number),
        Cell::text(document.path.as_str()),
        Cell::maybe(info.organization.as_deref()),
        Cell::maybe(info.region.as_deref()),
        info.fiscal_year.map_or(Cell::Empty, |year| Cell::Count(year.into())),
        Cell::text(audit::report_kind(info.kind)),
        Cell::maybe(info.title.as_deref()),
        Cell::maybe(info.date.as_deref()),
        Cell::figure(totals.score),
        totals.grade.map_or(Cell::Empty, Cell::text),
        Cell::figure(totals.budget),
        Cell::figure(totals.actual),
        Cell::figure(totals.stated_rate),
        Cell::figure(totals.computed_rate),
        Cell::text(totals.note),
        Cell::some(report.tables.len()),
        Cell::some(report.budgets.len()),
        Cell::some(report.indicators.len()),
        Cell::some(report.checks.len()),
        marked(failed(Severity::Error), Mark::Error),
        marked(failed(Severity::Warning), Mark::Warning),
        marked(failed(Severity::Info), Mark::Info),
        Cell::some(insufficient),
        Cell::some(report.warnings.len()),
        Cell::text(audit::coverage(&report.figures)),
        Cell::text(audit::format(document.format)),
        document.pages.map_or(Cell::Empty, |pages| Cell::Count(pages.into())),
    ]
}

/// Rows of 预算 for one line: one for each unit of money that it uses, and nearly always that is one.
pub fn budget<'a>(head: &Head<'a>, report: &'a Report, line: &'a BudgetLine) -> Vec<Vec<Cell<'a>>> {
    let mut units: Vec<Option<&str>> = Vec::new();
    for (measure, amount) in &line.amounts {
        let unit = amount.unit.as_deref();
        if measure.is_money() && amount.value.is_some() && !units.contains(&unit) {
            units.push(unit);
        }
    }
    if units.is_empty() {
        units.push(None);
    }
    let with_units = |(at, unit): (usize, &Option<&'a str>)| {
        let mut cells = head.cells(Kind::Budget.columns().len());
        cells.extend([
            Cell::text(line.id.as_str()),
            Cell::text(table(report, &line.table)),
            Cell::maybe(line.level1.as_deref()),
            Cell::text(line.name.as_str()),
            Cell::text(audit::row_role(line.role)),
            unit.map_or(Cell::Empty, Cell::text),
        ]);
        debug_assert_eq!(cells.len(), FIRST_MEASURE);
        for measure in Measure::ALL {
            let amount = line.amounts.get(measure);
            // What is no money stands once, in the first row.
            let here = |a: &&crate::model::Amount| {
                if measure.is_money() {
                    a.unit.as_deref() == *unit
                } else {
                    at == 0
                }
            };
            cells.push(Cell::figure(amount.filter(here).and_then(|a| a.value)));
        }
        if at == 0 {
            cells.push(others(line));
            cells.push(raw(line));
        } else {
            cells.extend([Cell::Empty, Cell::Empty]);
        }
        cells.push(Cell::text(place(&line.source)));
        cells
    };
    units.iter().enumerate().map(with_units).collect()
}

/// `t1 绩效自评表`; where no table holds the fact, that it is told in a sentence.
fn table<'a>(report: &'a Report, id: &str) -> Cow<'a, str> {
    match report.tables.iter().find(|t| t.id == id) {
        Some(table) => format!("{} {}", table.id, audit::table_kind(table.kind)).into(),
        None => "正文".into(),
    }
}

fn raw(line: &BudgetLine) -> Cell<'_> {
    let part = |(measure, amount): (&Measure, &crate::model::Amount)| {
        format!("{}：{}", measure.heading(), one_line(&amount.raw))
    };
    Cell::text(line.amounts.iter().map(part).collect::<Vec<_>>().join("；"))
}

fn others(line: &BudgetLine) -> Cell<'_> {
    let part = |other: &crate::model::OtherAmount| {
        let unit = other
            .unit
            .as_deref()
            .filter(|unit| !other.raw.contains(unit))
            .unwrap_or("");
        format!("{}：{}{unit}", one_line(&other.header), one_line(&other.raw))
    };
    Cell::text(line.others.iter().map(part).collect::<Vec<_>>().join("；"))
}

fn one_line(text: &str) -> Cow<'_, str> {
    if text.contains(['\n', '\t', '\r']) {
        text.split_whitespace().collect::<Vec<_>>().join(" ").into()
    } else {
        text.into()
    }
}

/// Row of 指标.
pub fn indicator<'a>(head: &Head<'a>, indicator: &'a Indicator) -> Vec<Cell<'a>> {
    let mut cells = head.cells(Kind::Indicator.columns().len());
    cells.extend([
        Cell::text(indicator.id.as_str()),
        Cell::maybe(indicator.project.as_deref()),
        Cell::maybe(indicator.level1.as_deref()),
        Cell::maybe(indicator.level2.as_deref()),
        Cell::text(indicator.name.as_str()),
    ]);
    cells.extend(value(indicator.target.as_ref()));
    cells.extend(value(indicator.actual.as_ref()));
    cells.extend([
        Cell::figure(indicator.weight),
        Cell::figure(indicator.score),
        match indicator.met {
            Some(true) => Cell::text("达到"),
            Some(false) => Cell::Marked("未达到".into(), Mark::Info),
            None => Cell::Empty,
        },
        Cell::maybe(indicator.deviation_reason.as_deref()),
        Cell::text(place(&indicator.source)),
    ]);
    cells
}

/// 原文, 表述, 数值, 上限, 单位.
fn value(value: Option<&Value>) -> [Cell<'_>; 5] {
    let Some(value) = value.filter(|v| v.kind != ValueKind::Empty || !v.raw.is_empty()) else {
        return [Cell::Empty, Cell::Empty, Cell::Empty, Cell::Empty, Cell::Empty];
    };
    let number = match (&value.date, value.value.or(value.low)) {
        (Some(date), _) => Cell::text(date.as_str()),
        (None, number) => Cell::figure(number),
    };
    [
        Cell::text(value.raw.as_str()),
        Cell::text(audit::value_kind(value.kind)),
        number,
        Cell::figure(value.high),
        Cell::maybe(value.unit.as_deref()),
    ]
}

/// Row of 得分.
pub fn score<'a>(head: &Head<'a>, score: &'a Score) -> Vec<Cell<'a>> {
    let mut cells = head.cells(Kind::Score.columns().len());
    cells.extend([
        Cell::maybe(score.project.as_deref()),
        Cell::text(audit::score_kind(score.kind)),
        Cell::text(score.name.as_str()),
        Cell::figure(score.value),
        Cell::figure(score.full),
        Cell::maybe(score.grade.as_deref()),
        Cell::maybe(score.source.text.as_deref()),
        Cell::text(place(&score.source)),
    ]);
    cells
}

/// A figure as a number where it is one, else the words.
pub fn figure_or_words(text: Option<&str>) -> Cell<'_> {
    match text {
        None => Cell::Empty,
        Some(text) => text.parse::<Exact>().map_or_else(|_| Cell::text(text), Cell::Figure),
    }
}

/// The figures of a finding as the report has them, each with its place.
pub fn quotations(operands: &[Source]) -> String {
    let quote = |source: &Source| {
        let text = source.text.as_deref().unwrap_or("");
        format!("{}：“{}”", place(source), audit::shorten(text, QUOTES.1))
    };
    let with_text = operands.iter().filter(|s| s.text.is_some());
    let mut lines: Vec<String> = with_text.take(QUOTES.0).map(quote).collect();
    lines.dedup();
    if operands.len() > QUOTES.0 {
        lines.push(format!("……共{}处", operands.len()));
    }
    // Short ones share lines: a row of the sheet stays as low as may be.
    let short = lines.iter().all(|line| line.chars().count() <= 30);
    lines.join(if short { "；" } else { "\n" })
}
