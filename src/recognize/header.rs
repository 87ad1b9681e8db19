//! Finds header rows and gives each grid column its heading and role.

use super::view::{RowView, is_blank_mark, looks_numeric};
use crate::model::{Cell, Column, ColumnRole, Table};
use crate::pattern::Patterns;
use crate::pattern::headers::{fold, strip_notes};
use std::collections::BTreeSet;
use std::ops::Range;

/// Most rows that one header may have.
const MAX_HEADER_ROWS: usize = 5;

/// A header and what it says.
#[derive(Debug, Clone)]
pub struct Header {
    /// Rows of the header.
    pub rows: Range<usize>,
    /// Columns in order; a heading that spans columns stands once, at its first.
    pub columns: Vec<Column>,
    /// Evidence for the reader: heading → role, by which wording.
    pub evidence: Vec<String>,
}

impl Header {
    /// Whether a role stands among the columns.
    pub fn has(&self, role: ColumnRole) -> bool {
        self.columns.iter().any(|c| c.role == role)
    }

    /// Whether the columns are those of indicators: names beside targets, actuals or points.
    pub fn is_indicators(&self) -> bool {
        let named = self.has(ColumnRole::Indicator) || self.has(ColumnRole::Level2) || self.has(ColumnRole::Level1);
        let valued = self.has(ColumnRole::Target) || self.has(ColumnRole::ActualValue);
        let scored = self.has(ColumnRole::Weight) || self.has(ColumnRole::Score);
        (named && (valued || scored)) || (self.has(ColumnRole::Target) && self.has(ColumnRole::ActualValue))
    }

    /// Whether some column holds a measure of money.
    pub fn is_money(&self) -> bool {
        self.columns
            .iter()
            .any(|c| c.role.measure().is_some_and(|m| m.is_money()))
    }
}

/// Whether a row may be (part of) a header: only words, no figure.
fn is_wordy(row: &RowView<'_>) -> bool {
    !row.own.is_empty()
        && row
            .own
            .iter()
            .all(|(_, text)| !looks_numeric(text) && !is_blank_mark(text))
}

/// Whether a role only stands in headers of facts (and not among the labels of a form's head).
fn is_fact_role(role: ColumnRole) -> bool {
    !matches!(
        role,
        ColumnRole::Project | ColumnRole::Sequence | ColumnRole::Remark | ColumnRole::Other | ColumnRole::Unit
    )
}

/// The header that starts at a row by its wordings, if one does.
pub fn by_wording(table: &Table, rows: &[RowView<'_>], start: usize, patterns: &Patterns) -> Option<Header> {
    let row = rows.get(start)?;
    if !is_wordy(row) {
        return None;
    }
    let mut roles = BTreeSet::new();
    let mut matched = 0usize;
    for (_, text) in &row.own {
        if let Some(found) = patterns.headers.role(text) {
            matched += 1;
            roles.insert(found.role);
        }
    }
    let facts = roles.iter().filter(|r| is_fact_role(**r)).count();
    let enough = facts >= 2 || (facts >= 1 && roles.len() >= 2);
    let mostly = matched * 2 >= row.own.len() || facts >= 3;
    if !enough || !mostly || is_label_and_value(row, patterns) {
        return None;
    }
    Some(build(table, rows, start, patterns))
}

/// A row of labels each followed by its value (年初预算 ∣ 另行下达) is no header.
fn is_label_and_value(row: &RowView<'_>, patterns: &Patterns) -> bool {
    let known: Vec<bool> = row
        .own
        .iter()
        .map(|(_, t)| patterns.headers.role(t).is_some())
        .collect();
    let starts_as_head = row
        .own
        .first()
        .is_some_and(|(_, t)| patterns.forms.head_field(t).is_some());
    starts_as_head && known.get(1) == Some(&false)
}

/// The header at the top of a table whose headings are not known: rows of words above rows of figures.
pub fn by_structure(table: &Table, rows: &[RowView<'_>], start: usize, patterns: &Patterns) -> Option<Header> {
    let row = rows.get(start)?;
    if !is_wordy(row) || row.own.len() < 2 {
        return None;
    }
    let first_figures = (start + 1..rows.len().min(start + 1 + MAX_HEADER_ROWS))
        .find(|r| rows[*r].own.iter().any(|(_, text)| looks_numeric(text)))?;
    let header = build(table, rows, start, patterns);
    (header.rows.end <= first_figures && header.columns.len() >= 2).then_some(header)
}

fn build(table: &Table, rows: &[RowView<'_>], start: usize, patterns: &Patterns) -> Header {
    let end = end_of_header(table, rows, start, patterns);
    let mut columns: Vec<Column> = Vec::new();
    let mut evidence = Vec::new();
    let mut previous: Vec<*const Cell> = Vec::new();
    for col in 0..table.cols() {
        let mut stack: Vec<&Cell> = Vec::new();
        for row in start..end {
            if let Some(cell) = table.at(row, col) {
                // A cell that reaches below the header or comes from above it labels rows, not a column.
                let labels_rows = cell.row < start || cell.row + cell.row_span > end;
                if !labels_rows && stack.last().is_none_or(|last| !std::ptr::eq(*last, cell)) {
                    stack.push(cell);
                }
            }
        }
        let key: Vec<*const Cell> = stack.iter().map(|c| std::ptr::from_ref::<Cell>(c)).collect();
        if key == previous && !key.is_empty() {
            continue; // the same headings go on: one column of several grid columns
        }
        previous = key;
        let mut texts: Vec<String> = stack.iter().map(|c| tidy(&c.text)).filter(|t| !t.is_empty()).collect();
        texts.dedup();
        let (role, why) = role_of_stack(&texts, patterns);
        let header = texts.join("/");
        if let Some(why) = why {
            evidence.push(format!("第{}列“{}”→{}（{}）", col + 1, header, role.name(), why));
        }
        columns.push(Column {
            index: col,
            header,
            role,
        });
    }
    measures_hold_figures(table, end, &mut columns, &mut evidence);
    settle_indicator_columns(&mut columns, &mut evidence);
    part_sides(table, end, &mut columns, &mut evidence);
    demote_repeated(&mut columns, &mut evidence);
    Header {
        rows: start..end,
        columns,
        evidence,
    }
}

/// A heading without white space, as it stands in records.
fn tidy(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace()).collect()
}

/// The role of a column from its headings, top to bottom.
fn role_of_stack(texts: &[String], patterns: &Patterns) -> (ColumnRole, Option<String>) {
    let Some(leaf) = texts.last() else {
        return (ColumnRole::Other, None);
    };
    if patterns.forms.is_code_heading(leaf) {
        return (ColumnRole::Sequence, Some("编码或序号".to_owned()));
    }
    if texts.len() > 1 {
        let joined = texts.concat();
        // 指标性质 and 度量单位 below 年度指标值 are no targets, 年中调整金额 below 预算安排 is no budget.
        let own = patterns.headers.role(leaf);
        if let Some(found) =
            own.filter(|own| matches!(own.role, ColumnRole::Comparator | ColumnRole::Unit | ColumnRole::Other))
        {
            return (found.role, Some(found.evidence));
        }
        if let Some(found) = patterns.headers.role(&joined) {
            return (found.role, Some(found.evidence));
        }
    }
    let bare = strip_notes(&fold(leaf));
    let generic = matches!(bare.as_str(), "合计" | "小计" | "金额" | "总计" | "总额" | "数额");
    if generic && texts.len() > 1 {
        // 年初预算数 over 合计, 其中…: the total column of the measure.
        if let Some(found) = patterns.headers.role(&texts[texts.len() - 2]) {
            return (found.role, Some(found.evidence));
        }
    }
    if generic && (texts.len() > 1 || bare != "金额") {
        return (ColumnRole::Other, Some("合计列".to_owned()));
    }
    match patterns.headers.role(leaf) {
        Some(found) => (found.role, Some(found.evidence)),
        None => (ColumnRole::Other, None),
    }
}

/// Folded texts of the first cells below a header that begin in a column, blank ones left out.
fn first_texts(table: &Table, below: usize, column: usize) -> Vec<String> {
    const LOOK_AT: usize = 8;
    let cells = (below..table.rows().min(below + LOOK_AT)).filter_map(|row| table.at(row, column));
    let own = cells.filter(|c| c.row >= below && c.col == column);
    own.map(|c| fold(&c.text)).filter(|t| !is_blank_mark(t)).collect()
}

/// A heading of money over words only labels the rows (年度预算数 over 总额, 其中：财政资金 …): it is no measure.
fn measures_hold_figures(table: &Table, below: usize, columns: &mut [Column], evidence: &mut Vec<String>) {
    for column in columns.iter_mut() {
        if !column.role.measure().is_some_and(|m| m.is_money()) {
            continue;
        }
        let texts = first_texts(table, below, column.index);
        let first = texts.first().is_some_and(|t| !t.chars().any(|c| c.is_ascii_digit()));
        let figures = texts.iter().filter(|t| looks_numeric(t)).count();
        if first && figures == 0 {
            evidence.push(format!("“{}”栏下是文字，不作金额栏", column.header));
            column.role = ColumnRole::Other;
        }
    }
}

/// Settles which of several columns of a grid names the indicator, holds its points and its score: each level may have
/// points of its own right of it (一级指标 ∣ 分值 ∣ 二级指标 ∣ 分值 ∣ 三级指标 ∣ 分值), and a reviewer's score may stand beside
/// the reporter's.
fn settle_indicator_columns(columns: &mut [Column], evidence: &mut Vec<String>) {
    let at = |columns: &[Column], role: ColumnRole| -> Vec<usize> {
        columns
            .iter()
            .enumerate()
            .filter(|(_, c)| c.role == role)
            .map(|(i, _)| i)
            .collect()
    };
    let levelled = columns
        .iter()
        .any(|c| matches!(c.role, ColumnRole::Level1 | ColumnRole::Level2));
    let names = at(columns, ColumnRole::Indicator);
    if names.is_empty() && !levelled {
        return;
    }
    let says = |column: &Column, words: &[&str]| words.iter().any(|w| column.header.contains(w));
    let name = names
        .iter()
        .copied()
        .find(|i| says(&columns[*i], &["四级", "名称", "内容"]))
        .or_else(|| names.iter().copied().find(|i| says(&columns[*i], &["三级"])))
        .or(names.last().copied());
    for other in names.iter().filter(|i| Some(**i) != name) {
        // 三级指标 beside 四级指标 is a level; 绩效指标 left of the levels labels the block.
        columns[*other].role = if says(&columns[*other], &["三级"]) {
            ColumnRole::Level3
        } else {
            ColumnRole::Other
        };
    }
    let last_name = name
        .or_else(|| at(columns, ColumnRole::Level2).last().copied())
        .or_else(|| at(columns, ColumnRole::Level1).last().copied());
    let weights = at(columns, ColumnRole::Weight);
    if weights.len() > 1 {
        let own = weights
            .iter()
            .copied()
            .find(|i| Some(*i) > last_name)
            .or(weights.last().copied());
        for other in weights.into_iter().filter(|i| Some(*i) != own) {
            columns[other].role = ColumnRole::Other;
            evidence.push(format!(
                "第{}列“{}”是上级指标的分值",
                columns[other].index + 1,
                columns[other].header
            ));
        }
    }
    let scores = at(columns, ColumnRole::Score);
    if scores.len() > 1 {
        let own = scores
            .iter()
            .copied()
            .find(|i| says(&columns[*i], &["自评"]))
            .or_else(|| scores.iter().copied().find(|i| columns[*i].header == "得分"))
            .or(scores.first().copied());
        for other in scores.into_iter().filter(|i| Some(*i) != own) {
            columns[other].role = ColumnRole::Other;
            evidence.push(format!(
                "第{}列“{}”是另一方的得分",
                columns[other].index + 1,
                columns[other].header
            ));
        }
    }
}

/// Two tables side by side, of which nobody knows the second heading of names: 资金来源 ∣ 预算数 ∣ 执行数 ∣ 支出类别 ∣ 预算数 ∣ 执行数.
fn part_sides(table: &Table, below: usize, columns: &mut [Column], evidence: &mut Vec<String>) {
    for at in 1..columns.len() {
        if columns[at].role != ColumnRole::Other {
            continue;
        }
        let measures = |columns: &[Column]| -> Vec<ColumnRole> {
            let named = columns.iter().take_while(|c| c.role != ColumnRole::Project);
            named.map(|c| c.role).filter(|r| r.measure().is_some()).collect()
        };
        let name = columns[..at].iter().rposition(|c| c.role == ColumnRole::Project);
        let Some(name) = name else { continue };
        let (left, right) = (measures(&columns[name + 1..at]), measures(&columns[at + 1..]));
        if left.is_empty() || left != right {
            continue;
        }
        let texts = first_texts(table, below, columns[at].index);
        if !texts.is_empty() && !texts.iter().any(|t| looks_numeric(t)) {
            evidence.push(format!("“{}”栏两侧各有同样的数列，为右侧各行名称", columns[at].header));
            columns[at].role = ColumnRole::Project;
        }
    }
}

/// Two columns of one measure beside one name column cannot both be that measure: neither is, since nothing says which.
fn demote_repeated(columns: &mut [Column], evidence: &mut Vec<String>) {
    let mut start = 0;
    while start < columns.len() {
        let end = columns[start + 1..]
            .iter()
            .position(|c| c.role == ColumnRole::Project)
            .map_or(columns.len(), |offset| start + 1 + offset);
        let group = &mut columns[start..end];
        let measures: BTreeSet<ColumnRole> = group.iter().map(|c| c.role).filter(|r| r.measure().is_some()).collect();
        for role in measures {
            let same: Vec<usize> = (0..group.len()).filter(|i| group[*i].role == role).collect();
            if same.len() < 2 {
                continue;
            }
            // The whole and its parts under one heading: the whole keeps the measure.
            let leaf = |c: &Column| fold(c.header.rsplit('/').next().unwrap_or(""));
            let exact: Vec<usize> = same
                .iter()
                .copied()
                .filter(|i| matches!(leaf(&group[*i]).as_str(), "合计" | "小计" | "总额" | "总计"))
                .collect();
            let keep = if exact.len() == 1 { Some(exact[0]) } else { None };
            for i in same {
                if Some(i) != keep {
                    group[i].role = ColumnRole::Other;
                    evidence.push(format!(
                        "“{}”与另一列同为{}，不能确定，按其他数列保留",
                        group[i].header,
                        role.name()
                    ));
                }
            }
        }
        start = end;
    }
}

/// One past the last row of the header that starts at `start`.
fn end_of_header(table: &Table, rows: &[RowView<'_>], start: usize, patterns: &Patterns) -> usize {
    let mut end = start + 1;
    // Headings merged downwards: the shortest reach of a known heading says how far the header goes.
    let reach = rows[start]
        .own
        .iter()
        .filter(|(_, t)| patterns.headers.role(t).is_some())
        .map(|(c, _)| c.row + c.row_span);
    if let Some(reach) = reach.max() {
        let shared = rows[start]
            .own
            .iter()
            .filter(|(c, _)| c.row + c.row_span == reach)
            .count();
        if reach > end
            && reach - start <= MAX_HEADER_ROWS
            && (shared * 2 >= rows[start].own.len() || reach == start + 2)
        {
            let wordy = (start + 1..reach).all(|r| rows[r].own.is_empty() || is_wordy(&rows[r]));
            if wordy {
                end = reach;
            }
        }
    }
    while end < rows.len() && end - start < MAX_HEADER_ROWS && is_subheading(table, rows, start, end, patterns) {
        end += 1;
    }
    end
}

/// Whether row `next` goes on with the header `start..next`: words only, each under a heading that it divides.
fn is_subheading(table: &Table, rows: &[RowView<'_>], start: usize, next: usize, patterns: &Patterns) -> bool {
    let row = &rows[next];
    if !is_wordy(row) {
        return false;
    }
    let divides = |cell: &Cell| {
        table.at(next - 1, cell.col).is_some_and(|above| {
            above.col_span > cell.col_span
                && above.row >= start
                && above.col <= cell.col
                && !above.text.trim().is_empty()
        })
    };
    let short = |text: &str| text.chars().count() <= 20;
    let dividing = row.own.iter().filter(|(c, t)| divides(c) && short(t)).count();
    let known = row
        .own
        .iter()
        .filter(|(_, t)| patterns.headers.role(t).is_some())
        .count();
    let placed = row
        .own
        .iter()
        .filter(|(c, t)| (divides(c) && short(t)) || patterns.headers.role(t).is_some())
        .count();
    // A first data row may consist of words too; it never lies wholly under divided headings.
    placed == row.own.len() && (dividing >= 2 || (dividing >= 1 && known >= 1)) && dividing * 2 >= row.own.len()
}
