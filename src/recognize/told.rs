//! What recognition knows of cells that hold no figure of the report: numbers of columns, of rows, codes, dates.

use super::columns::texts;
use super::numbers;
use super::profile::{Profile, Shape, shape};
use super::view::RowView;
use crate::model::{ColumnRole, Fate, Line, Section, SectionKind, Table, lowest_heading};
use crate::pattern::Patterns;
use crate::text::fold::fold;
use std::collections::{BTreeMap, BTreeSet};

/// Rows at the top of a table that nobody recognized in which headings may stand.
const TOP: usize = 4;
/// Digits of a number that is a code wherever it stands: no amount has so many.
const LONGEST: usize = 15;
/// Longest text in bytes that may be a heading nobody knows.
const LONGEST_HEADING: usize = 60;

/// Fates by the first row and column of cells.
pub fn told(
    table: &Table,
    rows: &[RowView<'_>],
    sections: &[Section],
    patterns: &Patterns,
) -> BTreeMap<(usize, usize), Fate> {
    let mut told = BTreeMap::new();
    let facts: BTreeSet<usize> = sections.iter().flat_map(Section::rows).collect();
    let headings: BTreeSet<usize> = sections.iter().flat_map(|s| s.header.clone()).collect();
    for (row, view) in rows.iter().enumerate() {
        let in_lines = facts.contains(&row);
        let header = headings.contains(&row);
        let above = row.checked_sub(1).filter(|_| header).and_then(|above| rows.get(above));
        let in_header = || numbers::alone(view).or_else(|| numbers::beside_label(view, rows.get(row + 1), patterns));
        let numbered = numbers::of_columns(view, above, patterns).or_else(|| header.then(in_header).flatten());
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
            let leaf = column.leaf();
            let coded = patterns.forms.names_codes(&column.header);
            let cells = texts(table, section, position);
            tell_column(&mut told, column.index, leaf, coded, &cells, patterns);
        }
    }
    if taken.is_empty() {
        // A table that nobody recognized still has columns that count or number.
        for col in 0..table.cols() {
            let (first, heading) = loose_heading(table, col);
            let cells: Vec<(usize, String)> = rows
                .iter()
                .enumerate()
                .skip(first)
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

/// The heading of a column of a table that nobody recognized: the words at its top, titles aside; and the row below it.
fn loose_heading(table: &Table, col: usize) -> (usize, String) {
    let (mut next, mut heading) = (0, String::new());
    while next < table.rows().min(TOP) {
        let Some(cell) = table.at(next, col) else { break };
        let folded = fold(&cell.text);
        if !matches!(shape(&folded), Shape::Words | Shape::Blank) {
            break;
        }
        next = cell.row + cell.row_span;
        let title = cell.col_span >= table.cols() && table.cols() > 1;
        if title || folded.is_empty() {
            continue;
        }
        heading = folded; // the lowest of several rows of headings is the column's own
        let below = table.at(next, col).map(|c| fold(&c.text)).unwrap_or_default();
        if cell.col_span == 1 || !matches!(shape(&below), Shape::Words) {
            break;
        }
    }
    (next, heading)
}

/// Tells the cells of one column, where its heading says what they are or their own shape leaves nothing else. In doubt they
/// are figures: what is wrongly told to be none is lost without a word.
fn tell_column(
    told: &mut BTreeMap<(usize, usize), Fate>,
    col: usize,
    heading: &str,
    coded: bool,
    cells: &[(usize, String)],
    patterns: &Patterns,
) {
    let profile = Profile::of(cells.iter().map(|(_, t)| t.as_str()));
    let fates = &patterns.fates;
    let (dates, orders) = (fates.is_date_heading(heading), fates.is_order_heading(heading));
    let codes = fates.is_code_heading(heading)
        || patterns.forms.is_code_heading(heading) && !fates.ends_in_time(heading) && !orders;
    let wholes = cells.iter().filter(|(_, t)| shape(t) == Shape::Whole);
    let wholes: Vec<&str> = wholes.map(|(_, t)| t.as_str()).collect();
    let counts = profile.sequence && (orders || codes || heading.is_empty() && (col == 0 || wholes.len() > 2));
    let nested = coded && (profile.is_digits() || profile.nested) || nest_all(&wholes);
    for (row, text) in cells {
        let fate = match shape(text) {
            Shape::Date => Fate::Date,
            Shape::Code if codes || coded || names_by_shape(text, patterns) => Fate::Code,
            Shape::Whole if dates && profile.is_years() => Fate::Date,
            Shape::Whole if orders || counts => Fate::Sequence,
            Shape::Whole if codes || nested => Fate::Code,
            _ => continue,
        };
        told.entry((*row, col)).or_insert(fate);
    }
}

/// Whether the whole numbers of a column are codes by themselves: of several lengths, and each long one goes on a shorter.
fn nest_all(numbers: &[&str]) -> bool {
    let known: BTreeSet<&str> = numbers.iter().copied().collect();
    let shortest = known.iter().map(|n| n.len()).min().unwrap_or(0);
    let below = |n: &&str| [3, 5, 7].iter().any(|l| n.len() > *l && known.contains(&n[..*l]));
    let long = known.iter().filter(|n| n.len() > shortest);
    known.len() > 2
        && known.iter().all(|n| matches!(n.len(), 3 | 5 | 7 | 9))
        && known.iter().any(|n| n.len() > shortest)
        && long.into_iter().all(below)
}

/// Whether a text of the shape of a code can be nothing else. 10-20 may be a range, 500MW a figure, 123456789012 an amount.
fn names_by_shape(folded: &str, patterns: &Patterns) -> bool {
    let zero = |part: &str| part.len() > 1 && part.starts_with('0');
    let digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
    if digits(folded) {
        return zero(folded) || folded.len() >= LONGEST;
    }
    let parts: Vec<&str> = folded.split(['-', '_']).collect();
    if parts.len() > 1 {
        return parts.len() > 2 || parts.iter().any(|part| zero(part) || !digits(part));
    }
    let unit = folded.trim_start_matches(|c: char| c.is_ascii_digit());
    let figure = unit.len() < folded.len()
        && (!unit.contains(|c: char| c.is_ascii_digit()) || patterns.units.whole(unit).is_some());
    !figure
}

/// Whether a word of `patterns/` says something of a heading (of several rows: joined by `/`).
fn fits_a_word(header: &str, patterns: &Patterns) -> bool {
    let leaf = lowest_heading(header);
    leaf.is_empty()
        || patterns.headers.role(leaf).is_some()
        || patterns.headers.figure_kind(leaf).is_some()
        || patterns.forms.is_code_heading(leaf)
        || patterns.forms.names_codes(header)
        || patterns.forms.is_neutral_heading(leaf)
        || patterns.forms.speaks_of_money(header)
        || patterns.forms.is_funding_source(header)
        || patterns.headers.ends_in_money(leaf)
        || patterns.forms.is_total_row(leaf)
        || patterns.forms.is_subtotal_row(leaf)
}

/// Headings that no word fits, whatever stands below them; of a table without known headings the texts of its first row of
/// several.
pub fn unfitted_headings(table: &Table, sections: &[Section], patterns: &Patterns) -> Vec<String> {
    let columns = sections.iter().flat_map(|s| &s.columns);
    let mut headings: Vec<String> = columns
        .filter(|column| column.role == ColumnRole::Other)
        .map(|column| column.header.clone())
        .collect();
    if sections.iter().all(|s| s.columns.is_empty()) {
        let filled = |row: usize| {
            let cells = table.row_cells(row).filter(|cell| cell.row == row);
            let texts = cells.map(|cell| cell.text.split_whitespace().collect::<String>());
            let texts = texts.filter(|text| !text.is_empty());
            Some(texts.collect::<Vec<_>>()).filter(|texts| texts.len() > 1)
        };
        let short = |text: &String| text.len() <= LONGEST_HEADING && !text.chars().any(|c| c.is_ascii_digit());
        let first = (0..table.rows()).find_map(filled).unwrap_or_default();
        headings = first.into_iter().filter(short).collect();
    }
    let mut unfitted: Vec<String> = Vec::new();
    for heading in headings {
        let label = patterns.label(&heading).is_some();
        if !label && !fits_a_word(&heading, patterns) && !unfitted.contains(&heading) {
            unfitted.push(heading);
        }
    }
    unfitted
}

/// Headings of the columns of figures that nothing in `patterns/` fits: what stands below them is kept or said, not placed.
pub fn unknown_headings(table: &Table, sections: &[Section], patterns: &Patterns) -> Vec<String> {
    let mut unknown: Vec<String> = Vec::new();
    for section in sections.iter().filter(|s| !s.columns.is_empty()) {
        for (position, column) in section.columns.iter().enumerate() {
            // In a table laid sideways the headings are the names of the lines.
            let names_line = |l: &Line| section.header.contains(&l.row) && l.name == Some(column.index);
            let known = column.role != ColumnRole::Other
                || section.lines.iter().any(names_line)
                || fits_a_word(&column.header, patterns);
            let cells = texts(table, section, position);
            let profile = Profile::of(cells.iter().map(|(_, t)| t.as_str()));
            // The values of indicators have units and words beside them: 不少于12种.
            let valued = || {
                let filled = cells
                    .iter()
                    .filter(|(_, t)| !matches!(shape(t), Shape::Blank | Shape::Mark));
                let digits = filled.clone().filter(|(_, t)| t.chars().any(|c| c.is_ascii_digit()));
                section.kind == SectionKind::Indicators && digits.count() * 2 > filled.count()
            };
            let figures = profile.is_figures() || valued();
            if !known && figures && !profile.sequence && !unknown.contains(&column.header) {
                unknown.push(column.header.clone());
            }
        }
    }
    unknown
}
