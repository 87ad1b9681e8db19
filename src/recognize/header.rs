//! Finds the heading rows of a section and gives each grid column its path of headings and the role that these name.
//!
//! A row of words is a heading for what stands below it: figures under its measures, or the columns of an indicator. What
//! the columns really hold, and which of them belong together, `columns` decides once the section's rows are known.

use super::numbers;
use super::view::RowView;
use crate::model::{Cell, Column, ColumnRole, Table, lowest_heading};
use crate::pattern::Patterns;
use crate::pattern::forms::HeadField;
use crate::pattern::headers::strip_notes;
use crate::text::fold::fold;
use crate::text::mark::is_nothing;
use crate::text::shape::is_figure;
use std::collections::BTreeSet;
use std::ops::Range;

/// Most rows that one header may have, the row of column numbers not counted.
const MAX_HEADER_ROWS: usize = 6;
/// How many rows below a heading are looked at for what it heads.
const LOOK_BELOW: usize = 10;
/// Digits of a date with its month.
const DATE_DIGITS: usize = 6;
/// Longest heading in characters.
const LONGEST_HEADING: usize = 40;

/// A header and what it says.
#[derive(Debug, Clone)]
pub struct Header {
    /// Rows of the header, that of column numbers included.
    pub rows: Range<usize>,
    /// Columns in order; a heading that spans columns stands once, at its first.
    pub columns: Vec<Column>,
    /// Whether several columns are sources or sums of money over figures.
    pub sources: bool,
    /// Whether the last of the rows numbers the columns.
    pub numbered: bool,
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
        let interim = self.has(ColumnRole::Level1) && self.has(ColumnRole::InterimActual);
        let valued = self.has(ColumnRole::Target) || self.has(ColumnRole::ActualValue) || interim;
        let scored = self.has(ColumnRole::Weight) || self.has(ColumnRole::Score);
        (named && (valued || scored)) || (self.has(ColumnRole::Target) && self.has(ColumnRole::ActualValue))
    }

    /// Whether some column holds a measure of money.
    pub fn is_money(&self) -> bool {
        self.columns.iter().any(|c| c.role.is_money())
    }
}

/// Whether a row may be (part of) a header: only words, no figure.
fn is_wordy(row: &RowView<'_>) -> bool {
    !row.own.is_empty() && row.own.iter().all(|(_, text)| !is_figure(text) && !is_nothing(text))
}

/// Whether a role only stands in headers of facts (and not among the labels of a form's head).
fn is_fact_role(role: ColumnRole) -> bool {
    !matches!(
        role,
        ColumnRole::Project | ColumnRole::Sequence | ColumnRole::Remark | ColumnRole::Other | ColumnRole::Unit
    )
}

/// The header that starts at a row by its wordings, if one does.
pub fn by_wording(
    table: &Table,
    rows: &[RowView<'_>],
    start: usize,
    built: &dyn Fn() -> Header,
    patterns: &Patterns,
) -> Option<Header> {
    let row = rows.get(start)?;
    if !is_wordy(row) || row.own.iter().all(|(_, text)| text.chars().count() > LONGEST_HEADING) {
        return None;
    }
    // Two full dates that no heading holds are values: 2022年12月底前 ∣ 2023年1月15日 of an indicator.
    let dated = |(_, t): &&(&Cell, String)| {
        t.chars().filter(char::is_ascii_digit).count() >= DATE_DIGITS && patterns.headers.role(t).is_none()
    };
    if row.own.iter().filter(dated).count() > 1 {
        return None;
    }
    // 上年结转资金 with nothing beside it is a line that the form leaves blank, not a heading of what follows.
    if let [(cell, text)] = row.own.as_slice()
        && cell.col_span == 1
        && patterns.forms.is_funding_source(text)
    {
        return None;
    }
    // Headings nobody knows are no header by their wording: cheap to see, and most rows end here.
    let speaks = |text: &str| patterns.headers.role(text).is_some() || patterns.forms.is_funding_source(text);
    let spoken = |row: &RowView<'_>| row.own.iter().any(|(_, t)| speaks(t));
    let near = &rows[start..rows.len().min(start + MAX_HEADER_ROWS)];
    if !near.iter().take_while(|r| r.own.is_empty() || is_wordy(r)).any(spoken) {
        return None;
    }
    let mut header = built();
    // Words above a complete row of a grid's headings are the end of what stands above: 执行准确性 ∣ 按预算执行.
    let heads = |(_, t): &(&Cell, String)| patterns.headers.exact_role(t).is_some() || patterns.headers.heads_group(t);
    let headings = row.own.iter().filter(|cell| heads(cell)).count();
    let below = rows
        .get(start + 1)
        .filter(|_| header.rows.end > start + 1 && headings * 2 < row.own.len());
    if below.is_some_and(|below| is_whole_grid(below, patterns)) {
        return None;
    }
    let known: Vec<&Column> = header
        .columns
        .iter()
        .filter(|c| patterns.headers.role(c.leaf()).is_some() || c.role != ColumnRole::Other)
        .collect();
    let roles: BTreeSet<ColumnRole> = known.iter().map(|c| c.role).collect();
    let facts = roles.iter().filter(|r| is_fact_role(**r)).count();
    let headed = header.columns.iter().filter(|c| !c.header.is_empty()).count();
    let enough = facts >= 2 || (facts >= 1 && roles.len() >= 2);
    let mostly = known.len() * 2 >= headed || facts >= 3;
    // Figures right below a heading of money prove it, whatever stands beside.
    let proved = header
        .columns
        .iter()
        .filter(|c| c.role.is_money() && heads_figures(rows, header.rows.end, c.index))
        .count();
    // 小计, 中央资金, 省级资金 over figures are columns of money without any measure.
    let sourced = header
        .columns
        .iter()
        .filter(|c| {
            let part = c.leaf();
            let money = patterns.forms.is_funding_source(part)
                || patterns.forms.is_total_row(part)
                || patterns.forms.is_subtotal_row(part)
                || patterns.headers.ends_in_money(part);
            money && heads_figures(rows, header.rows.end, c.index)
        })
        .count();
    let sources = sourced >= 2 && headed >= 3 && words_below(rows, &header) && !crowded(rows, &header);
    let good = sources || (enough && mostly) || (proved >= 1 && headed >= 2 && words_below(rows, &header));
    if !good {
        return None;
    }
    // 项目名称 ∣ 甲项目 ∣ 预算金额 ∣ 另行下达 is a row of labels and values: no figures stand below its labels, or what
    // stands there belongs to a heading further down.
    let labels = row
        .own
        .first()
        .is_some_and(|(_, t)| patterns.forms.head_field(t).is_some());
    let second = !labels || heads_beside_name(rows, start, patterns);
    let says = |(_, t): &&(&Cell, String)| patterns.headers.role(t).is_some_and(|m| is_fact_role(m.role));
    let own = row.own.iter().filter(says).count();
    let last = header.rows.end - usize::from(header.numbered);
    let goes_down = header_goes_down(table, row, start..last, patterns);
    // 部门名称 ∣ 某局 above 资金总额 ∣ 一般公共预算: a label with its value, and the header begins below.
    let pair = row.own.len() == 2 && last > start + 1 && !patterns.forms.is_of_which_word(&row.own[1].1);
    if labels && !second && !goes_down && (!sources || pair) && (own == 0 || (facts < 3 && proved == 0)) {
        return None;
    }
    header.sources = sources;
    Some(header)
}

/// Whether the cell beside the first label of a row heads a column. What stands beside 项目名称 is its value, even where it holds
/// the words of a heading (得分管理系统建设): a heading is one word for word, or heads figures, or stands beside another.
pub(super) fn heads_beside_name(rows: &[RowView<'_>], row: usize, patterns: &Patterns) -> bool {
    let [_, (cell, text), others @ ..] = rows[row].own.as_slice() else {
        return false;
    };
    let known = |text: &str| patterns.headers.role(text).is_some();
    let exact = || patterns.headers.exact_role(text).is_some();
    known(text) && (exact() || others.iter().any(|(_, t)| known(t)) || heads_figures(rows, row + 1, cell.col))
}

/// Whether the first heading, one of names, goes on down to the end of the header, as do the others that divide nothing:
/// merged, with nothing below it, or written again in each row.
fn header_goes_down(table: &Table, row: &RowView<'_>, rows: Range<usize>, patterns: &Patterns) -> bool {
    let Some((first, text)) = row.own.first().filter(|_| rows.len() > 1) else {
        return false;
    };
    if first.row + first.row_span >= rows.end {
        return true;
    }
    let below = |col: usize| (rows.start + 1..rows.end).filter_map(move |row| table.at(row, col));
    let down = |cell: &Cell, text: &str| {
        below(cell.col).all(|c| c.text.trim().is_empty()) || below(cell.col).all(|c| fold(&c.text) == text)
    };
    let known = |text: &str| patterns.headers.heads_group(text) || patterns.headers.role(text).is_some();
    let named = |(cell, text): &(&Cell, String)| {
        let role = patterns.headers.role(text).map(|m| m.role);
        role == Some(ColumnRole::Project) && down(cell, text)
    };
    let others = &row.own[1..];
    row.own.iter().any(named)
        && down(first, text)
        && others.iter().any(|(_, text)| known(text))
        && others.iter().all(|(cell, text)| known(text) || down(cell, text))
}

/// Whether a row is all the headings of a grid of indicators: each known, none twice.
fn is_whole_grid(row: &RowView<'_>, patterns: &Patterns) -> bool {
    let roles: Option<Vec<ColumnRole>> = row
        .own
        .iter()
        .filter(|(c, _)| c.row_span == 1) // 绩效指标 beside the whole block is no heading
        .map(|(_, t)| patterns.headers.role(t).map(|m| m.role))
        .collect();
    roles.is_some_and(|roles| {
        let distinct: BTreeSet<ColumnRole> = roles.iter().copied().collect();
        let named = distinct.contains(&ColumnRole::Indicator) || distinct.contains(&ColumnRole::Level2);
        let valued = distinct.contains(&ColumnRole::Target) || distinct.contains(&ColumnRole::Weight);
        distinct.len() == roles.len() && roles.len() >= 3 && named && valued
    })
}

/// The header at the top of a table whose headings are not known: rows of words above rows of figures.
pub fn by_structure(rows: &[RowView<'_>], start: usize, built: &dyn Fn() -> Header) -> Option<Header> {
    let row = rows.get(start)?;
    if !is_wordy(row) || row.own.len() < 2 {
        return None;
    }
    let header = built();
    let end = header.rows.end;
    let figures =
        (end..rows.len().min(end + MAX_HEADER_ROWS)).any(|r| rows[r].own.iter().any(|(_, text)| is_figure(text)));
    (figures && header.columns.len() >= 2).then_some(header)
}

/// The first texts that begin in a column at and below a row, blank ones left out.
fn texts_below<'r>(rows: &'r [RowView<'_>], below: usize, col: usize) -> impl Iterator<Item = &'r str> {
    let end = rows.len().min(below + LOOK_BELOW);
    rows[below.min(end)..end]
        .iter()
        .flat_map(move |row| row.own.iter().filter(move |(c, _)| c.col == col))
        .map(|(_, text)| text.as_str())
        .filter(|text| !is_nothing(text))
}

/// Whether the first thing that stands below in a column is a figure.
fn heads_figures(rows: &[RowView<'_>], below: usize, col: usize) -> bool {
    texts_below(rows, below, col).next().is_some_and(is_figure)
}

/// Whether figures prevail below in a column.
fn figures_below(rows: &[RowView<'_>], below: usize, col: usize) -> bool {
    let (mut figures, mut words) = (0usize, 0usize);
    for text in texts_below(rows, below, col) {
        if is_figure(text) { figures += 1 } else { words += 1 }
    }
    figures > 0 && figures * 2 >= words
}

/// Whether two figures stand side by side below one heading in the next row: headings whose widths are lost head others.
fn crowded(rows: &[RowView<'_>], header: &Header) -> bool {
    let Some(below) = rows.get(header.rows.end) else {
        return false;
    };
    let position = |cell: &Cell| header.columns.iter().rposition(|c| c.index <= cell.col);
    let figures = below.own.iter().filter(|(_, t)| is_figure(t));
    let under: Vec<Option<usize>> = figures.map(|(cell, _)| position(cell)).collect();
    under.windows(2).any(|pair| pair[0] == pair[1])
}

/// Whether some column holds words below the header, which can name the rows.
fn words_below(rows: &[RowView<'_>], header: &Header) -> bool {
    header
        .columns
        .iter()
        .any(|c| texts_below(rows, header.rows.end, c.index).any(|t| !is_figure(t)))
}

/// The header whose first row is `start`, with all its columns.
pub(super) fn build(table: &Table, rows: &[RowView<'_>], start: usize, patterns: &Patterns) -> Header {
    let words_end = end_of_header(table, rows, start, patterns);
    let above = words_end.checked_sub(1).and_then(|last| rows.get(last));
    let numbered = rows.get(words_end).and_then(|row| {
        numbers::of_columns(row, above, patterns)
            .or_else(|| numbers::alone(row))
            .or_else(|| numbers::beside_label(row, rows.get(words_end + 1), patterns))
    });
    let end = words_end + usize::from(numbered.is_some());
    let mut columns: Vec<Column> = Vec::new();
    let mut evidence = Vec::new();
    let mut previous: Vec<*const Cell> = Vec::new();
    for col in 0..table.cols() {
        let mut stack: Vec<&Cell> = Vec::new();
        for row in start..words_end {
            if let Some(cell) = table.at(row, col) {
                // A cell that reaches below the header or comes from above it labels rows, not a column.
                let labels_rows = cell.row < start || cell.row + cell.row_span > end;
                // A cell over the whole table is its title.
                let title = cell.col_span == table.cols() && table.cols() > 1;
                if !labels_rows && !title && stack.last().is_none_or(|last| !std::ptr::eq(*last, cell)) {
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
        // 支出数 over 元: the unit of the column, not a heading of it.
        if let [.., _, unit] = texts.as_slice()
            && patterns.units.whole(unit).is_some()
        {
            let unit = texts.pop().unwrap_or_default();
            if let Some(leaf) = texts.last_mut() {
                *leaf = format!("{leaf}（{unit}）");
            }
        }
        let (mut role, why) = role_of_path(&texts, patterns);
        let header = texts.join("/");
        // 增减（%） is a rate.
        if role == ColumnRole::Change && fold(lowest_heading(&header)).contains('%') {
            role = ColumnRole::ChangeRate;
        }
        // 1—7月 over or before 执行数.
        let spent = matches!(role, ColumnRole::Actual | ColumnRole::ActualValue);
        let done = || role == ColumnRole::Other && patterns.headers.says_done(&header);
        if patterns.headers.part_of_year(&header) && (spent || done()) {
            role = ColumnRole::InterimActual;
        }
        if let Some(why) = why {
            evidence.push(format!("第{}列“{}”→{}（{}）", col + 1, header, role.name(), why));
        }
        let number = numbered.iter().flatten().find(|n| n.col == col).map(|n| n.text.clone());
        let number = number.or_else(|| patterns.headers.told(&header)?.number);
        columns.push(Column {
            index: col,
            header,
            role,
            number,
        });
    }
    if numbered.is_some() {
        evidence.push(format!("第{}行是栏次，不是数据", end));
    }
    Header {
        rows: start..end,
        columns,
        sources: false,
        numbered: numbered.is_some(),
        evidence,
    }
}

/// Whether a heading is one of codes and of nothing else: 单位名称/预算代码 may name the rows.
pub(super) fn codes_only(leaf: &str, patterns: &Patterns) -> bool {
    let names = |part: &str| {
        let role = patterns.headers.role(part).map(|m| m.role);
        role == Some(ColumnRole::Project)
            || patterns.forms.is_organization_heading(part)
            || patterns.forms.head_field(part).is_some_and(|f| f != HeadField::Code)
    };
    let joins = &patterns.tables.columns.joins;
    let parts: Vec<&str> = leaf.split(|c| joins.has(c)).collect();
    let several = parts.len() > 1;
    patterns.forms.is_code_heading(leaf)
        && !(several
            && parts
                .iter()
                .any(|part| names(part) && !patterns.forms.is_code_heading(part)))
}

/// A heading without white space, as it stands in records.
fn tidy(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace()).collect()
}

/// Whether a heading is the one word that says no more than that money stands below it.
pub(super) fn is_amount(heading: &str, patterns: &Patterns) -> bool {
    patterns.tables.columns.bare_amount.is(&strip_notes(&fold(heading)))
}

/// The role of a column from its headings, top to bottom.
fn role_of_path(texts: &[String], patterns: &Patterns) -> (ColumnRole, Option<String>) {
    let Some(leaf) = texts.last() else {
        return (ColumnRole::Other, None);
    };
    if codes_only(leaf, patterns) {
        return (ColumnRole::Sequence, Some("编码或序号".to_owned()));
    }
    let found = |text: &str| patterns.headers.role(text).map(|m| (m.role, Some(m.evidence)));
    let (upper, joined) = (texts[..texts.len() - 1].concat(), texts.concat());
    let derived = |text: &str| {
        let role = patterns.headers.derived_role(text)?;
        Some((role, Some(format!("“{text}”，与已知栏名仅首尾用字不同"))))
    };
    let own = derived(leaf).or_else(|| found(leaf));
    // 指标性质 and 度量单位 below 年度指标值 are no targets, 年中调整金额 below 预算安排 is no budget.
    if let Some(own) = own.clone().filter(|(role, _)| {
        matches!(role, ColumnRole::Comparator | ColumnRole::Unit | ColumnRole::Other) && texts.len() > 1
    }) {
        return own;
    }
    let bare = strip_notes(&fold(leaf));
    let words = &patterns.tables.columns;
    let generic = words.sums.is(&bare) || words.amounts.is(&bare);
    // 分值 below 自评 is the points, whatever the two words together may be called.
    let plain = !generic && !patterns.headers.turns_measure(&upper);
    if let Some(role) = patterns.headers.exact_role(leaf).filter(|_| plain && texts.len() > 1) {
        return (role, Some(format!("“{leaf}”")));
    }
    if let Some(role) = patterns.headers.exact_role(&joined).filter(|_| texts.len() > 1) {
        return (role, Some(format!("“{joined}”")));
    }
    if generic && texts.len() > 1 {
        // 年初预算数 over 合计, 其中…: the total column of the measure.
        return found(&joined)
            .or_else(|| found(&texts[texts.len() - 2]))
            .unwrap_or((ColumnRole::Other, Some("合计列".to_owned())));
    }
    if generic && !is_amount(leaf, patterns) {
        return (ColumnRole::Other, Some("合计列".to_owned()));
    }
    // 决算数 over 上年结转, 财政拨款: a source of the measure, and not another measure by the two words together.
    let of_measure = || found(&upper).filter(|(role, _)| role.measure().is_some());
    if texts.len() > 1
        && patterns.forms.is_funding_source(leaf)
        && patterns.headers.exact_role(leaf).is_none()
        && let Some(above) = of_measure()
    {
        return above;
    }
    // 上年 over 决算数 makes it another measure; 预算执行情况 over 全年执行数 does not.
    let turned = patterns.headers.turns_measure(&upper);
    match own {
        Some(own) if !turned => own,
        own => {
            // 上年 over a measure that no synonym names together: no measure of this year.
            let of_year =
                |role: ColumnRole| role.is_money() && !matches!(role, ColumnRole::PriorYear | ColumnRole::Change);
            let own = own.filter(|(role, _)| !(of_year(*role) && patterns.headers.is_prior(&fold(&upper))));
            let whole = found(&joined).or_else(|| derived(&joined));
            whole.or(own).unwrap_or((ColumnRole::Other, None))
        }
    }
}

/// One past the last row of words of the header that starts at `start`.
fn end_of_header(table: &Table, rows: &[RowView<'_>], start: usize, patterns: &Patterns) -> usize {
    let mut end = start + 1;
    // Headings merged downwards, or with nothing below them: how far most of the known ones reach. A label beside the
    // block may reach further.
    let reach = |cell: &Cell| {
        let blank = |row: &usize| {
            let below = table.at(*row, cell.col).is_none_or(|c| c.text.trim().is_empty());
            let digit = |t: &str| t.contains(|c: char| c.is_ascii_digit());
            let heads = |(_, t): &(&Cell, String)| {
                let known = patterns.headers.role(t).is_some() || patterns.headers.heads_group(t);
                known && !digit(strip_notes(t).as_str())
            };
            below && is_wordy(&rows[*row]) && rows[*row].own.iter().any(heads)
        };
        let most = rows.len().min(start + MAX_HEADER_ROWS);
        match cell.row_span {
            1 => start + 1 + (start + 1..most).take_while(blank).count(),
            merged => cell.row + merged,
        }
    };
    let mut reaches: Vec<usize> = rows[start]
        .own
        .iter()
        .filter(|(_, t)| patterns.headers.role(t).is_some())
        .map(|(c, _)| reach(c))
        .filter(|reach| *reach > end && *reach - start <= MAX_HEADER_ROWS)
        .collect();
    reaches.sort_unstable();
    let count = |reach: usize| reaches.iter().filter(|r| **r == reach).count();
    let most = reaches
        .iter()
        .copied()
        .max_by_key(|reach| (count(*reach), std::cmp::Reverse(*reach)));
    if let Some(far) = most {
        let own: Vec<usize> = rows[start].own.iter().map(|(c, _)| reach(c)).collect();
        let shared = own.iter().filter(|reach| **reach == far).count();
        let labels = own.iter().filter(|reach| **reach > far).count();
        let wordy = (start + 1..far).all(|r| rows[r].own.is_empty() || is_wordy(&rows[r]));
        if shared * 2 >= own.len() - labels && wordy {
            end = far;
        }
    }
    while end < rows.len() && end - start < MAX_HEADER_ROWS && goes_on(table, rows, start, end, patterns) {
        end += 1;
    }
    end
}

/// Whether a cell of row `next` stands under a wider one of the header that starts at `start`.
fn under_wider(table: &Table, next: usize, start: usize, cell: &Cell) -> bool {
    table.at(next - 1, cell.col).is_some_and(|above| {
        above.col_span > cell.col_span && above.row >= start && above.col <= cell.col && !above.text.trim().is_empty()
    })
}

/// Whether row `next` goes on with the header `start..next`: words only, each under a heading that it divides, known as a
/// heading, or above figures.
fn goes_on(table: &Table, rows: &[RowView<'_>], start: usize, next: usize, patterns: &Patterns) -> bool {
    let row = &rows[next];
    if row.own.is_empty() {
        // Nothing but headings merged downwards.
        let headings = || {
            row.carried
                .iter()
                .filter(|c| c.row >= start && !c.text.trim().is_empty())
        };
        let reach = headings()
            .filter(|c| c.row + c.row_span <= start + MAX_HEADER_ROWS)
            .count();
        return reach >= 2 && reach * 2 >= headings().count();
    }
    if !is_wordy(row) || row.own.iter().any(|(_, t)| t.chars().count() > LONGEST_HEADING) {
        return false;
    }
    // ① ∣ ② ∣ ③ and A ∣ B ∣ C=B/A are words too; A ∣ B ∣ C below one heading divide it.
    let numbers = |above: &RowView<'_>| numbers::of_columns(row, Some(above), patterns).is_some();
    if numbers::surely(row, rows.get(next - 1), patterns)
        || rows.get(next - 1).is_some_and(numbers)
            && !row.own.iter().any(|(cell, _)| under_wider(table, next, start, cell))
    {
        return false;
    }
    let divides = |cell: &Cell| under_wider(table, next, start, cell);
    // Written again where the format merges nothing.
    let again = |cell: &Cell, text: &str| {
        let above = table.at(next - 1, cell.col);
        above.is_some_and(|above| above.row >= start && fold(&above.text) == text)
    };
    let own: Vec<&(&Cell, String)> = row.own.iter().filter(|(cell, text)| !again(cell, text)).collect();
    if own.is_empty() {
        return false;
    }
    let (mut dividing, mut known, mut above_figures, mut alone) = (0usize, 0usize, 0usize, 0usize);
    for (cell, text) in &own {
        let role = patterns.headers.role(text).is_some() || patterns.forms.is_code_heading(text);
        let figures = figures_below(rows, next + 1, cell.col);
        let divided = divides(cell);
        dividing += usize::from(divided);
        known += usize::from(role);
        above_figures += usize::from(figures);
        alone += usize::from(!(divided || role || figures));
    }
    // A first data row may consist of words too; it never lies wholly under divided headings and above figures.
    // A heading alone over figures, with nothing below the names' heading.
    let single = above_figures >= 1 && own.len() == 1;
    // Known headings throughout: no row of data is called so.
    let all_known = known >= 2 && known == own.len();
    let divided = dividing >= 2 || (dividing >= 1 && (known >= 1 || above_figures >= 1));
    alone == 0
        && (divided || above_figures >= 2 || single || all_known)
        && (dividing * 2 >= own.len() || above_figures * 2 >= own.len() || all_known)
}
