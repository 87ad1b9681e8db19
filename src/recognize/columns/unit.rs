//! The unit of a section's amounts that a cell beside or above them states, and no heading of theirs.

use crate::model::{Cell, Section, Table, has_digit};
use crate::pattern::Patterns;
use crate::pattern::headers::strip_notes;
use crate::pattern::label::Label;
use crate::recognize::caption::Caption;
use crate::text::fold::fold;

/// Settles [`Section::unit`] once the section's columns are known.
pub fn settle(
    table: &Table,
    section: &mut Section,
    caption: &Caption,
    patterns: &Patterns,
    evidence: &mut Vec<String>,
) {
    let by_header = || of_header(table, section, patterns).map(|unit| (unit, "表头"));
    let by_label = || of_label(table, section, patterns).map(|unit| (unit, "左侧标签"));
    let by_title = || of_title(table, section, caption, patterns).map(|unit| (unit, "上方的标题或单位行"));
    if let Some((unit, place)) = by_header().or_else(by_label).or_else(by_title) {
        let first = section.header.start.min(section.body.start);
        evidence.push(format!("第{}行起的金额，其{place}写明单位“{unit}”", first + 1));
        section.unit = Some(unit);
    }
}

/// The unit that the header states in a cell of its own, beside it (项目资金（万元）) or over a group of its columns, where all such
/// cells state the same.
fn of_header(table: &Table, section: &Section, patterns: &Patterns) -> Option<String> {
    let first = section.header.start.min(section.body.start);
    let heads = |cell: &Cell| {
        let column = section.columns.iter().find(|column| column.index == cell.col);
        let figures = |index: usize, measured: bool| measured || holds_figures(table, section, index);
        column.is_some_and(|c| figures(c.index, c.role.measure().is_some()) && c.leaf() == tidy(&cell.text))
    };
    let rows = first..section.header.end.max(first + 1);
    let cells = rows.flat_map(|row| table.row_cells(row).filter(move |c| c.row <= row));
    one(cells.filter(|c| !heads(c)), patterns)
}

/// The unit of a block's label that stands in the first column beside some row of the block, where nothing merges it: 年度资金（万元）.
fn of_label(table: &Table, section: &Section, patterns: &Patterns) -> Option<String> {
    let own = section.rows().filter_map(|row| table.at(row, 0));
    let labels = own.filter(|cell| patterns.label(&strip_notes(&fold(&cell.text))) == Some(Label::FundingHead));
    one(labels, patterns)
}

/// The unit of the title row above the header, 部门支出情况（万元）, or of a unit line further up in the same sheet.
fn of_title(table: &Table, section: &Section, caption: &Caption, patterns: &Patterns) -> Option<String> {
    let first = section.header.start.min(section.body.start);
    let alone = |row: usize| {
        let mut cells = table
            .row_cells(row)
            .filter(|c| c.row == row && !c.text.trim().is_empty());
        cells.next().filter(|_| cells.next().is_none())
    };
    let above = first.checked_sub(1)?;
    if let Some(unit) = alone(above).and_then(|title| patterns.stated_money(&title.text)) {
        return Some(unit);
    }
    let words = &patterns.tables.caption;
    let unit_line = |row: usize| alone(row).filter(|c| words.has_unit_label(&fold(&c.text)));
    (0..above)
        .rev()
        .filter(|_| caption.unit.is_none())
        .find_map(|row| unit_line(row).and_then(|c| patterns.stated_money(&c.text)))
}

/// The one unit that cells state.
fn one<'t>(cells: impl Iterator<Item = &'t Cell>, patterns: &Patterns) -> Option<String> {
    let mut units: Vec<String> = cells.filter_map(|c| patterns.stated_money(&c.text)).collect();
    units.dedup();
    match units.as_slice() {
        [unit] => Some(unit.clone()),
        _ => None,
    }
}

/// Whether the column that begins at a grid column holds figures of the section's lines.
fn holds_figures(table: &Table, section: &Section, index: usize) -> bool {
    let mut figures = section.sides.iter().flat_map(|s| &s.figures).map(|(p, _)| *p);
    let digits = |cell: &Cell| has_digit(&cell.text);
    figures.any(|p| {
        section.columns[p].index == index
            && section
                .rows()
                .any(|row| section.body_cell(table, row, p).is_some_and(digits))
    })
}

/// A heading as it stands in records.
fn tidy(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace()).collect()
}
