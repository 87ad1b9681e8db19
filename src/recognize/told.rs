//! What recognition knows of cells that hold no figure of the report: numbers of columns, of rows, codes, dates.

use super::columns::texts;
use super::numbers;
use super::profile::{Profile, Shape, shape};
use super::view::RowView;
use crate::model::{ColumnRole, Fate, Section, SectionKind, Table};
use crate::pattern::Patterns;
use crate::pattern::headers::fold;
use std::collections::BTreeMap;

/// Fates by the first row and column of cells.
pub fn told(
    table: &Table,
    rows: &[RowView<'_>],
    sections: &[Section],
    patterns: &Patterns,
) -> BTreeMap<(usize, usize), Fate> {
    let mut told = BTreeMap::new();
    for (row, view) in rows.iter().enumerate() {
        let in_lines = sections
            .iter()
            .any(|s| s.body.contains(&row) && !s.skipped.contains(&row));
        let header = sections.iter().any(|s| s.header.contains(&row));
        let numbered = numbers::of_columns(view).or_else(|| numbers::alone(view).filter(|_| header));
        let Some(numbered) = numbered.filter(|_| !in_lines) else {
            continue;
        };
        for number in numbered {
            told.insert((row, number.col), Fate::ColumnNumber);
        }
    }
    // Headings that are repeated, and notes between the lines.
    for row in sections.iter().flat_map(|s| &s.skipped) {
        for (cell, text) in rows.get(*row).into_iter().flat_map(|view| &view.own) {
            if text.chars().any(|c| c.is_ascii_digit()) {
                told.entry((cell.row, cell.col)).or_insert(Fate::Label);
            }
        }
    }
    let taken: Vec<&Section> = sections.iter().filter(|s| !s.columns.is_empty()).collect();
    for section in &taken {
        for position in 0..section.columns.len() {
            let of_money = section.kind == SectionKind::Money;
            let figures = section
                .sides
                .iter()
                .flat_map(|s| &s.figures)
                .any(|(p, _)| *p == position);
            if of_money && figures {
                continue;
            }
            let column = &section.columns[position];
            let leaf = column.header.rsplit('/').next().unwrap_or("");
            let coded = patterns.forms.names_codes(&column.header);
            let cells = texts(table, section, position);
            tell_column(&mut told, column.index, leaf, coded, &cells, patterns);
        }
    }
    if taken.is_empty() {
        // A table that nobody recognized still has columns that count or number.
        for col in 0..table.cols() {
            let heading = table.at(0, col).map(|c| fold(&c.text)).unwrap_or_default();
            let cells: Vec<(usize, String)> = rows
                .iter()
                .enumerate()
                .skip(1)
                .flat_map(|(row, view)| {
                    view.own
                        .iter()
                        .filter(move |(c, _)| c.col == col)
                        .map(move |(_, t)| (row, t))
                })
                .map(|(row, text)| (row, text.clone()))
                .collect();
            let coded = patterns.forms.names_codes(&heading);
            tell_column(&mut told, col, &heading, coded, &cells, patterns);
        }
    }
    told
}

/// Tells the cells of one column, where its content or its heading says what they are.
fn tell_column(
    told: &mut BTreeMap<(usize, usize), Fate>,
    col: usize,
    heading: &str,
    coded: bool,
    cells: &[(usize, String)],
    patterns: &Patterns,
) {
    let profile = Profile::of(cells.iter().map(|(_, t)| t.as_str()));
    let numbering = patterns.forms.is_code_heading(heading);
    for (row, text) in cells {
        let fate = match shape(text) {
            Shape::Date => Fate::Date,
            Shape::Code => Fate::Code,
            Shape::Whole if profile.is_years() && numbering => Fate::Date,
            Shape::Whole if profile.sequence && (numbering || heading.is_empty()) => Fate::Sequence,
            Shape::Whole if profile.nested || (coded && profile.is_digits()) => Fate::Code,
            Shape::Whole if numbering => Fate::Code,
            _ => continue,
        };
        told.entry((*row, col)).or_insert(fate);
    }
}

/// Headings of the columns of figures that nothing in `patterns/` fits: what stands below them is kept or said, not placed.
pub fn unknown_headings(table: &Table, sections: &[Section], patterns: &Patterns) -> Vec<String> {
    let mut unknown: Vec<String> = Vec::new();
    for section in sections.iter().filter(|s| !s.columns.is_empty()) {
        for (position, column) in section.columns.iter().enumerate() {
            let leaf = column.header.rsplit('/').next().unwrap_or("");
            let known = column.role != ColumnRole::Other
                || leaf.is_empty()
                || patterns.headers.role(leaf).is_some()
                || patterns.headers.figure_kind(leaf).is_some()
                || patterns.forms.is_code_heading(leaf)
                || patterns.forms.names_codes(&column.header)
                || patterns.forms.is_neutral_heading(leaf)
                || patterns.forms.speaks_of_money(&column.header)
                || patterns.forms.is_funding_source(&column.header)
                || patterns.headers.ends_in_money(leaf)
                || patterns.forms.is_total_row(leaf)
                || patterns.forms.is_subtotal_row(leaf);
            let cells = texts(table, section, position);
            let profile = Profile::of(cells.iter().map(|(_, t)| t.as_str()));
            if !known && profile.is_figures() && !profile.sequence && !unknown.contains(&column.header) {
                unknown.push(column.header.clone());
            }
        }
    }
    unknown
}
