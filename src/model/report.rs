//! The record: what one report becomes. Field names are those of the output contract (`heshu schema` prints them).

use super::check::Check;
use super::document::Format;
use super::exact::Exact;
use super::fate::Figures;
use super::geometry::{BBox, PagePlace};
use super::vocabulary::{
    ColumnRole, ComparedWith, Direction, Fate, FigureKind, Measure, ReportKind, RowRole, ScoreKind, StatementKind,
    TableKind, ValueKind,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Name of the record's schema, the first field of each record.
pub const SCHEMA: &str = "heshu/report/v1";

/// One report as extracted.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Report {
    /// Always [`SCHEMA`].
    pub schema: String,
    /// The file.
    pub document: DocumentInfo,
    /// What the report is.
    pub report: ReportInfo,
    /// One a form; a file may hold several.
    pub projects: Vec<Project>,
    /// Every table of the body, recognized or not.
    pub tables: Vec<TableRecord>,
    /// Budget lines.
    pub budgets: Vec<BudgetLine>,
    /// Indicators.
    pub indicators: Vec<Indicator>,
    /// Total, self-evaluated and part scores.
    pub scores: Vec<Score>,
    /// Figures in prose.
    pub statements: Vec<Statement>,
    /// What became of the figures of the document.
    #[serde(default)]
    pub figures: Figures,
    /// Ledger of every relation that was examined.
    pub checks: Vec<Check>,
    /// What was seen and not understood.
    pub warnings: Vec<Warning>,
}

/// The file that a record comes from.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DocumentInfo {
    /// SHA-256 of the file's bytes, lower-case hexadecimal.
    pub sha256: String,
    /// Path as given.
    pub path: String,
    /// Format, told by the bytes.
    pub format: Format,
    /// Size in bytes.
    pub bytes: u64,
    /// Number of pages; null where the format has none.
    pub pages: Option<u32>,
    /// Program and version.
    pub extractor: String,
}

/// What the report is, from its title, head and signature.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ReportInfo {
    /// Kind of report.
    pub kind: ReportKind,
    /// Title of the report.
    pub title: Option<String>,
    /// Organization that reports.
    pub organization: Option<String>,
    /// Its place.
    pub region: Option<String>,
    /// Code of the place (GB/T 2260, six digits), where its name is certain.
    #[serde(default)]
    pub region_code: Option<String>,
    /// Fiscal year that is reported.
    pub fiscal_year: Option<u16>,
    /// Date of the report itself, `YYYY-MM-DD` (or `YYYY-MM` where no day is given).
    pub date: Option<String>,
}

/// Where a value stands. Holds the keys that apply: pages only for formats that have them.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Source {
    /// Page, from 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub page: Option<u32>,
    /// Box of the cell or sentence on that page.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bbox: Option<BBox>,
    /// Further boxes, where the cell or sentence goes on over a page.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub continued: Vec<PagePlace>,
    /// Ordinal of the paragraph or table in reading order, from 0.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub block: Option<usize>,
    /// Table id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub table: Option<String>,
    /// Grid row in the table, from 0.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub row: Option<usize>,
    /// Grid column in the table, from 0.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub col: Option<usize>,
    /// The cell's or the sentence's text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
}

impl Source {
    /// Sets page, bbox and continued from places in page order.
    pub fn with_places(mut self, places: &[PagePlace]) -> Self {
        if let Some((first, rest)) = places.split_first() {
            self.page = Some(first.page);
            self.bbox = Some(first.bbox);
            self.continued = rest.to_vec();
        }
        self
    }
}

/// Head of a form.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Project {
    /// 项目名称.
    pub name: Option<String>,
    /// 项目编码.
    pub code: Option<String>,
    /// 主管部门.
    pub department: Option<String>,
    /// 实施单位.
    pub implementer: Option<String>,
    /// 预期目标.
    pub goal_expected: Option<String>,
    /// 实际完成情况.
    pub goal_actual: Option<String>,
    /// Table id.
    pub table: String,
    /// Cell of the name.
    pub source: Source,
}

/// A table as read, with what was recognized of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TableRecord {
    /// `t1`, `t2` … in reading order.
    pub id: String,
    /// What the table is.
    pub kind: TableKind,
    /// Caption or merged title row.
    pub title: Option<String>,
    /// Unit of money as the caption or a heading states it.
    pub unit: Option<String>,
    /// Columns of the table's first header.
    pub columns: Vec<Column>,
    /// Rows of the first header, counted from the table's top.
    pub header_rows: usize,
    /// Cells, each once.
    pub cells: Vec<CellRecord>,
    /// For kind `other`: which headers were looked for and what was missing.
    pub reason: Option<String>,
    /// Evidence of the recognition, in order: headers matched, sections, row roles that were not obvious.
    pub evidence: Vec<String>,
    /// Where the table stands.
    pub source: Source,
}

/// A column and its role.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Column {
    /// Grid column, from 0.
    pub index: usize,
    /// Heading, of several header rows joined by `/`.
    pub header: String,
    /// Role.
    pub role: ColumnRole,
    /// Number of the column and how the form computes it, where a row below the heading says so: `1`, `3=1+2`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub number: Option<String>,
}

/// The last part of a path of headings (预算数 of 2022年度/预算数): the column's own.
pub fn lowest_heading(header: &str) -> &str {
    header.rsplit('/').next().unwrap_or(header)
}

impl Column {
    /// The column's own heading, without those above it.
    pub fn leaf(&self) -> &str {
        lowest_heading(&self.header)
    }
}

/// A cell as read.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CellRecord {
    /// First grid row.
    pub row: usize,
    /// First grid column.
    pub col: usize,
    /// Grid rows covered.
    pub row_span: usize,
    /// Grid columns covered.
    pub col_span: usize,
    /// Text.
    pub text: String,
    /// Page, from 1, for formats with pages.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub page: Option<u32>,
    /// Box on that page.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bbox: Option<BBox>,
    /// Further boxes, where a page cuts the cell.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub continued: Vec<PagePlace>,
    /// What became of the cell's digits; cells without a digit have none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fate: Option<Fate>,
}

/// One line of a budget, funding, income or allocation table.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct BudgetLine {
    /// `b1`, `b2` … in reading order.
    pub id: String,
    /// Table id; empty for a line that a report without tables tells in a sentence.
    pub table: String,
    /// Grid row; 0 for a line told in a sentence.
    pub row: usize,
    /// The group that the line belongs to (一级项目, else the form's 项目名称).
    pub level1: Option<String>,
    /// Line name.
    pub name: String,
    /// What the line is among its neighbours.
    pub role: RowRole,
    /// Figures by measure.
    pub amounts: BTreeMap<Measure, Amount>,
    /// Figures under headings that no measure names.
    pub others: Vec<OtherAmount>,
    /// Cell of the name.
    pub source: Source,
}

/// A figure of a budget line.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Amount {
    /// The cell's text.
    pub raw: String,
    /// Its number; null where none could be read.
    pub value: Option<Exact>,
    /// Unit as stated (万元, %, 分).
    pub unit: Option<String>,
    /// The amount in 元, exactly; null where it is no money or the unit is unknown.
    pub yuan: Option<Exact>,
    /// For a rate that is written as a fraction: what it is in per cent (95.8 of 0.958), where the amounts of the rows prove it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub percent: Option<Exact>,
    /// Cell.
    pub source: Source,
}

/// A figure under a heading of its own.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct OtherAmount {
    /// Heading of the column.
    pub header: String,
    /// The cell's text.
    pub raw: String,
    /// Its number.
    pub value: Option<Exact>,
    /// Unit as stated.
    pub unit: Option<String>,
    /// The amount in 元; null for what is no money.
    pub yuan: Option<Exact>,
    /// What the column holds, as heading and content say.
    #[serde(default = "unknown_figure")]
    pub kind: FigureKind,
    /// Cell.
    pub source: Source,
}

fn unknown_figure() -> FigureKind {
    FigureKind::Unknown
}

/// A target or an actual.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Value {
    /// The cell's text.
    pub raw: String,
    /// How it is stated.
    pub kind: ValueKind,
    /// The number of `exact`, `at_least`, `more_than`, `at_most`, `less_than` and `approximate`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<Exact>,
    /// Lower bound of `range`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub low: Option<Exact>,
    /// Upper bound of `range`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub high: Option<Exact>,
    /// Unit as written (家, %, 亿元).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit: Option<String>,
    /// For `date`: `YYYY`, `YYYY-MM` or `YYYY-MM-DD`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub date: Option<String>,
    /// Each value of `compound`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub parts: Vec<Value>,
    /// Cell; null for parts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<Source>,
}

/// One indicator.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Indicator {
    /// `i1`, `i2` … in reading order.
    pub id: String,
    /// Table id; empty for an indicator that a report without tables tells in a sentence.
    pub table: String,
    /// Grid row; 0 for an indicator told in a sentence.
    pub row: usize,
    /// The 二级项目 the row belongs to, else the form's 项目名称.
    pub project: Option<String>,
    /// 一级指标, without a stated （50分）.
    pub level1: Option<String>,
    /// 二级指标.
    pub level2: Option<String>,
    /// Name, without 指标1： and the like.
    pub name: String,
    /// 年度指标值; null where the form has no such column.
    pub target: Option<Value>,
    /// 实际完成值.
    pub actual: Option<Value>,
    /// 分值.
    pub weight: Option<Exact>,
    /// 得分.
    pub score: Option<Exact>,
    /// 偏差原因分析及改进措施.
    pub deviation_reason: Option<String>,
    /// Whether the actual reaches the target in the direction that it states; null where it cannot be judged.
    pub met: Option<bool>,
    /// Points that a heading or label states for the whole level 1 (产出指标（50分）).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub level1_weight: Option<Exact>,
    /// Cell of the level's points.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub level1_weight_source: Option<Source>,
    /// What was reached in a part of the year, in forms of monitoring.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub interim: Option<Value>,
    /// What is expected of the whole year, in forms of monitoring.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub forecast: Option<Value>,
    /// Cell of the weight.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub weight_source: Option<Source>,
    /// Cell of the score.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub score_source: Option<Source>,
    /// Cell of the name.
    pub source: Source,
}

/// A score of the report as a whole or of a part.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Score {
    /// Project, where a file holds several forms.
    pub project: Option<String>,
    /// What the score counts for.
    pub kind: ScoreKind,
    /// As the report calls it.
    pub name: String,
    /// Points.
    pub value: Option<Exact>,
    /// Points that could be reached.
    pub full: Option<Exact>,
    /// 优, 良, 中, 差 or the office's own grade.
    pub grade: Option<String>,
    /// Table id, for scores of a form.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub table: Option<String>,
    /// Cell of the points that could be reached.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub full_source: Option<Source>,
    /// Cell or sentence.
    pub source: Source,
}

/// A figure in prose.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Statement {
    /// The clause that holds the figure.
    pub raw: String,
    /// What the figure is.
    pub kind: StatementKind,
    /// The noun that the figure belongs to.
    pub subject: Option<String>,
    /// The number.
    pub value: Option<Exact>,
    /// Unit as written.
    pub unit: Option<String>,
    /// The amount in 元, for money.
    pub yuan: Option<Exact>,
    /// How it is stated (`exact`, `at_least` …).
    pub qualifier: ValueKind,
    /// Which way the change goes that the figure states (下降6% is `down`, its value 6; 增长-6% is `down` too). Null for levels
    /// (下降至6%) and where the words do not tell.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub direction: Option<Direction>,
    /// What the change is counted from, where words tell it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub compared_with: Option<ComparedWith>,
    /// The whole that a share is of: 总支出 of 占总支出的35%.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub share_of: Option<String>,
    /// First character (Unicode scalar value, from 0) of the figure in `source.text`.
    pub start: usize,
    /// One past the last character of the figure and its unit in `source.text`.
    pub end: usize,
    /// The sentence; sentences of one paragraph share its `block` and follow each other in the text's order.
    pub source: Source,
}

/// Something seen and not understood.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Warning {
    /// Stable code, `lower_snake_case`.
    pub code: String,
    /// For the reader, in Chinese.
    pub message: String,
    /// Where.
    pub source: Source,
}

impl Warning {
    /// A warning at a place.
    pub fn new(code: &str, message: impl Into<String>, source: Source) -> Self {
        Warning {
            code: code.to_owned(),
            message: message.into(),
            source,
        }
    }
}
