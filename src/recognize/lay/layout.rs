//! From rows of cells, ragged as a dump leaves them, to a table whose cells tile.
//!
//! A form is one table whose parts have different numbers of columns. Rows of one width under one heading are a
//! section; the widest section gives the grid, and in the others the name or the value cells stretch.

use super::align::align;
use crate::model::{Cell, ColumnRole, RawCell, RawRow, Table, TilingError};
use crate::pattern::label::Label;
use crate::pattern::wording::{Words, name_column};
use crate::text::fold::fold_char;

/// Rows of one width that share a heading, or have none.
struct Section {
    /// First row.
    start: usize,
    /// One past the last row.
    end: usize,
    /// Cells in each row.
    width: usize,
    /// Roles of the heading row, which is the first.
    roles: Option<Vec<Option<ColumnRole>>>,
}

/// Builds the table of rows.
///
/// # Errors
/// [`TilingError::TooLarge`] for a grid over the limit.
pub(super) fn table(rows: &[RawRow], words: &Words<'_>) -> Result<Table, TilingError> {
    let rows = &align(rows, words);
    let sections = sections(rows, words);
    let width = sections.iter().map(|s| s.width).max().unwrap_or(0);
    if rows.len().saturating_mul(width) > Table::MAX_SQUARES {
        return Err(TilingError::TooLarge {
            rows: rows.len(),
            cols: width,
        });
    }
    let mut cells: Vec<Cell> = Vec::with_capacity(rows.len() * 4);
    let mut points = None;
    for section in &sections {
        let spans = spans(section, &rows[section.start..section.end], width, points, words);
        if let Some(roles) = &section.roles {
            points = point_columns(roles, &spans).or(points);
        }
        place(section, rows, &spans, words, &mut cells);
    }
    Table::filled(rows.len(), width, cells)
}

fn texts(row: &RawRow) -> impl Iterator<Item = &str> {
    row.iter().map(|cell| cell.text.as_str())
}

fn sections(rows: &[RawRow], words: &Words<'_>) -> Vec<Section> {
    let mut sections: Vec<Section> = Vec::new();
    for (index, row) in rows.iter().enumerate() {
        let roles = words.header(texts(row));
        match sections.last_mut() {
            Some(last) if last.width == row.len() && roles.is_none() => last.end = index + 1,
            _ => sections.push(Section {
                start: index,
                end: index + 1,
                width: row.len(),
                roles,
            }),
        }
    }
    sections
}

/// Grid columns of 分值 and 得分 of a section, for the total row below it.
fn point_columns(roles: &[Option<ColumnRole>], spans: &[usize]) -> Option<(usize, usize)> {
    let column = |role| {
        let index = roles.iter().position(|r| *r == Some(role))?;
        Some(spans[..index].iter().sum::<usize>())
    };
    let (weight, score) = (column(ColumnRole::Weight)?, column(ColumnRole::Score)?);
    (weight < score).then_some((weight, score))
}

/// Width in grid columns of each cell of a section's rows.
fn spans(
    section: &Section,
    rows: &[RawRow],
    width: usize,
    points: Option<(usize, usize)>,
    words: &Words<'_>,
) -> Vec<usize> {
    let n = section.width;
    let extra = width - n;
    let mut spans = vec![1; n];
    if n == 0 || extra == 0 {
        return spans;
    }
    if let Some(roles) = &section.roles {
        spans[name_column(roles)] += extra;
        return spans;
    }
    // 总分 | 100 | 99.5: the figures stand under 分值 and 得分, the label stretches up to them.
    if let ([row], Some((weight, score))) = (rows, points)
        && words.label(&row[0].text) == Some(Label::Total)
    {
        let figures = |cell: &RawCell| cell.text.starts_with(|c: char| c.is_ascii_digit());
        let first = row.iter().position(figures);
        spans[0] += extra;
        if first.is_none_or(|first| first + extra == weight) {
            return spans;
        }
        if let (3, Some(1)) = (n, first)
            && weight > 0
        {
            return vec![weight, score - weight, width - score];
        }
        spans[0] -= extra;
    }
    // Label and value by turns; after an odd label (年度总体目标) the values share the width.
    let stretching: Vec<usize> = if n.is_multiple_of(2) {
        (1..n).step_by(2).collect()
    } else if n == 1 {
        vec![0]
    } else {
        (1..n).collect()
    };
    for (i, cell) in stretching.iter().enumerate() {
        let last = i + 1 == stretching.len();
        spans[*cell] += extra / stretching.len() + if last { extra % stretching.len() } else { 0 };
    }
    spans
}

/// Lets the cell above a square reach over it; false where none ends above it.
fn reach_down(cells: &mut [Cell], row: usize, col: usize) -> bool {
    let over = |cell: &&mut Cell| (cell.col..cell.col + cell.col_span).contains(&col);
    let Some(above) = cells.iter_mut().rev().find(|cell| cell.row < row && over(cell)) else {
        return false;
    };
    match row - above.row {
        rows if rows == above.row_span => above.row_span += 1,
        // Another of its columns was before this one.
        rows if rows + 1 == above.row_span => {}
        _ => return false,
    }
    true
}

/// Cells of a section, with void label cells merged into the cell above.
fn place(section: &Section, rows: &[RawRow], spans: &[usize], words: &Words<'_>, cells: &mut Vec<Cell>) {
    let labels = match &section.roles {
        // The label of the whole part stands left of the headings, also where no name does.
        Some(roles) if roles.first() == Some(&None) => name_column(roles).max(1),
        Some(roles) => name_column(roles),
        None => usize::from(section.width > 1),
    };
    // Whether a column has cells of its own below the heading: then no label beside the grid stands over it.
    let column_below = |c: usize| {
        let own = &rows[section.start..section.end];
        let label = own.first().and_then(|row| words.label(&row[c].text));
        let label = matches!(label, Some(Label::Side | Label::FundingHead | Label::Goal));
        !label && own.iter().skip(1).any(|row| !row[c].text.is_empty())
    };
    // For each label column: the cell that goes on downwards.
    let mut open: Vec<Option<usize>> = vec![None; labels];
    for (index, row) in rows[section.start..section.end].iter().enumerate() {
        let mut col = 0;
        let mut nested = true; // every label cell further left goes on, too
        let numbers_columns = numbers_columns(texts(row));
        for (c, raw) in row.iter().enumerate() {
            if let (true, Some(reaching)) = (raw.left, cells.last_mut()) {
                reaching.col_span += spans[c];
                col += spans[c];
                continue;
            }
            if raw.up && reach_down(cells, section.start + index, col) {
                col += spans[c];
                continue;
            }
            if c < labels {
                let role = section.roles.as_ref().and_then(|roles| roles[c]);
                let onto = open[c].filter(|_| raw.void && nested);
                if let Some(above) = onto {
                    cells[above].row_span += 1;
                    col += spans[c];
                    continue;
                }
                if role != Some(ColumnRole::Sequence) && !raw.void {
                    nested = false;
                }
                // A heading does not go on into its column; the label beside a grid does. 1 of 栏次 and a date label no rows.
                let heading = index == 0 && section.roles.is_some() && (role.is_some() || column_below(c));
                let single = section.roles.is_none() && words.label(&raw.text) == Some(Label::Head);
                let figure = numbers_columns || c == 0 && is_date_or_number(&raw.text);
                open[c] = (!heading && !single && !figure && !raw.void).then_some(cells.len());
                for below in open.iter_mut().skip(c + 1) {
                    *below = None;
                }
            }
            cells.push(Cell::new(section.start + index, col, raw.text.clone()).spanning(1, spans[c]));
            col += spans[c];
        }
    }
}

/// Whether a text is a number or a date in digits, which labels no rows.
fn is_date_or_number(text: &str) -> bool {
    text.chars()
        .all(|c| fold_char(c).is_ascii_digit() || matches!(c, '.' | '-' | '/' | '(' | ')' | '（' | '）'))
}

/// Whether a row is 栏次 ∣ 1 ∣ 2 ∣ 3: numbers from 1 on, with words before them only.
pub(super) fn numbers_columns<'t>(texts: impl Iterator<Item = &'t str>) -> bool {
    let is_number = |text: &&str| text.bytes().all(|b| b.is_ascii_digit());
    let bare = |text| str::trim_matches(text, ['(', ')', '（', '）', '[', ']']);
    let filled = texts.map(bare).filter(|text| !text.is_empty());
    let mut numbers = filled.skip_while(|text| !is_number(text));
    let mut count = 0u32;
    numbers.all(|text| {
        count += 1;
        text.parse() == Ok(count)
    }) && count > 1
}
