//! What tells rows of headings from rows below them, and what stands in the columns, where rows are short (`short`).

use super::heading_tree::Below;
use super::layout::numbers_columns;
use super::place::{Group, Part};
use crate::model::ColumnRole;
use crate::pattern::label::Label;
use crate::pattern::token::{self, Kind};
use crate::pattern::wording::Words;

/// Longest text of a heading, in characters.
const LONGEST_HEADING: usize = 40;

/// A row as written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Row {
    /// Cells; those that another covers are left out, empty ones may be.
    pub cells: Vec<String>,
    /// Its first line.
    pub line: usize,
    /// Bars that fill it up.
    pub pads: usize,
    /// It can be one of headings. Asked once, for a table has thousands of rows.
    pub may_head: bool,
    /// Its cells are headings.
    pub header: bool,
}

impl Row {
    pub fn new(cells: Vec<String>, line: usize, pads: usize) -> Self {
        Row {
            cells,
            line,
            pads,
            may_head: false,
            header: false,
        }
    }
}

/// The row, with whether it is one of headings.
pub(super) fn as_heading(mut row: Row, words: &Words<'_>) -> Row {
    let known = is_header(&row.cells, words);
    row.may_head = may_head(&row.cells, known, words);
    row.header = row.may_head && known;
    row
}

/// Whether a row's cells are headings: most of them known, or three of many (one column for each village).
fn is_header(cells: &[String], words: &Words<'_>) -> bool {
    let known = cells.iter().filter(|text| words.role(text).is_some()).count();
    known >= 3 || words.header(cells.iter().map(String::as_str)).is_some()
}

/// Whether a row can be one of headings; `known` when its cells are.
fn may_head(cells: &[String], known: bool, words: &Words<'_>) -> bool {
    let label = match words.label(&cells[0]) {
        Some(Label::Head | Label::Goal | Label::GoalColumn | Label::FundingRow | Label::Closing) => true,
        // 合计 is also the first of several headings.
        Some(Label::Total) => cells.len() < 3 || cells.iter().any(String::is_empty),
        _ => false,
    };
    (known || !label) && cells.iter().all(|text| is_wording(text, words))
}

/// Whether a text may be a heading by its form.
pub(super) fn is_wording(text: &str, words: &Words<'_>) -> bool {
    !token::kind(text, words).is_value() && text.chars().count() <= LONGEST_HEADING && !text.contains(['：', ':'])
}

/// What most cells are in the columns of the rows that have them all; 1, 2, 3 … number the rows and are no figures.
pub(super) fn below(rows: &[Row], width: usize, words: &Words<'_>) -> Vec<Below> {
    let numbers = |row: &&Row| numbers_columns(row.cells.iter().map(String::as_str));
    let whole = || rows.iter().filter(|row| row.cells.len() == width && !numbers(row));
    let mut counts = vec![(0, 0); width];
    // The last number of each column that counts its rows, as far as it does.
    let mut order = vec![Some(0u32); width];
    for row in whole() {
        for (column, text) in row.cells.iter().enumerate().filter(|(_, text)| !text.is_empty()) {
            match token::kind(text, words) {
                Kind::Number | Kind::Percent | Kind::Value => counts[column].0 += 1,
                Kind::Dash => {}
                _ => counts[column].1 += 1,
            }
            order[column] = order[column]
                .filter(|last| text.parse() == Ok(last + 1))
                .map(|last| last + 1);
        }
    }
    let most = |((figures, other), order): ((u32, u32), Option<u32>)| match (figures, other) {
        (0, 0) => Below::Unknown,
        _ if order.is_some_and(|last| last > 1) => Below::Words,
        (figures, other) if figures > other => Below::Figures,
        _ => Below::Words,
    };
    counts.into_iter().zip(order).map(most).collect()
}

/// Whether a row has figures side by side.
pub(super) fn has_figures_beside(row: &Row, words: &Words<'_>) -> bool {
    let figure = |text: &String| token::kind(text, words).is_value();
    row.cells.windows(2).any(|pair| pair.iter().all(figure))
}

/// What the headings leave open and the cells tell: codes before the names are no groups, a column of figures is no name.
pub(super) fn by_content(parts: &mut [Part], roles: &[Option<ColumnRole>], below: &[Below]) {
    let Some(name) = parts.iter().position(|part| *part == Part::Name) else {
        return;
    };
    if roles[name].is_none()
        && below[name] == Below::Figures
        && let Some(first) = below[..name].iter().rposition(|below| *below == Below::Words)
    {
        parts[first] = Part::Name;
        parts[first + 1..=name].fill(Part::Other);
    }
    for (part, below) in parts.iter_mut().zip(below).take_while(|(part, _)| **part != Part::Name) {
        if (&*part, below) == (&Part::Group(Group::Free), &Below::Figures) {
            *part = Part::Sequence;
        }
    }
}
