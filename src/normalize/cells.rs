//! From cells of a table to sources and records.

use crate::model::{Cell, CellRecord, Document, RecognizedTable, Section, SectionKind, Source, Table, TableRecord};

use crate::text::fold::fold;
use crate::text::unit::without_points;
/// A table of the document beside what was recognized of it.
#[derive(Clone, Copy)]
pub struct TableContext<'a> {
    /// The table as read.
    pub table: &'a Table,
    /// Its meaning.
    pub recognized: &'a RecognizedTable,
}

impl<'a> TableContext<'a> {
    /// The tables of a document in order, each with its meaning.
    pub fn all(document: &'a Document, recognized: &'a [RecognizedTable]) -> impl Iterator<Item = TableContext<'a>> {
        recognized.iter().filter_map(|r| {
            let table = document.blocks.get(r.block)?.table()?;
            Some(TableContext { table, recognized: r })
        })
    }

    /// Where a cell stands.
    pub fn source(&self, cell: &Cell) -> Source {
        Source {
            block: Some(self.recognized.block),
            table: Some(self.recognized.id.clone()),
            row: Some(cell.row),
            col: Some(cell.col),
            text: Some(raw(&cell.text).to_owned()),
            ..Source::default()
        }
        .with_places(&cell.places)
    }

    /// Where the whole table stands.
    pub fn table_source(&self) -> Source {
        let mut places: Vec<crate::model::PagePlace> = Vec::new();
        for place in self.table.cells().iter().flat_map(|c| &c.places) {
            match places.iter_mut().find(|p| p.page == place.page) {
                Some(known) => known.bbox = known.bbox.union(place.bbox),
                None => places.push(*place),
            }
        }
        places.sort_by_key(|p| p.page);
        let source = Source {
            block: Some(self.recognized.block),
            table: Some(self.recognized.id.clone()),
            ..Source::default()
        };
        source.with_places(&places)
    }

    /// The cell of a row under a section's heading: it must start under that heading.
    pub fn under(&self, section: &Section, row: usize, position: usize) -> Option<&'a Cell> {
        section.under(self.table, row, position)
    }

    /// The record of the table.
    pub fn record(&self) -> TableRecord {
        let recognized = self.recognized;
        let main = recognized
            .sections
            .iter()
            .filter(|s| !s.columns.is_empty())
            .find(|s| s.kind == SectionKind::Indicators)
            .or_else(|| recognized.sections.iter().find(|s| !s.columns.is_empty()));
        TableRecord {
            id: recognized.id.clone(),
            kind: recognized.kind,
            title: recognized.title.clone(),
            unit: recognized.unit.clone(),
            columns: main.map(|s| s.columns.clone()).unwrap_or_default(),
            header_rows: main.map_or(0, |s| s.header.len()),
            cells: self
                .table
                .cells()
                .iter()
                .map(|c| CellRecord {
                    row: c.row,
                    col: c.col,
                    row_span: c.row_span,
                    col_span: c.col_span,
                    text: raw(&c.text).to_owned(),
                    page: c.places.first().map(|p| p.page),
                    bbox: c.places.first().map(|p| p.bbox),
                    continued: c.places.iter().skip(1).copied().collect(),
                    fate: None,
                })
                .collect(),
            reason: recognized.reason.clone(),
            evidence: recognized.evidence.clone(),
            source: self.table_source(),
        }
    }
}

/// Text as the report has it, without outer white space (full-width included).
pub fn raw(text: &str) -> &str {
    text.trim_matches(|c: char| c.is_whitespace() || matches!(c, '\u{200b}' | '\u{feff}'))
}

/// A label or name on one line: line breaks that only wrap it are dropped, and white space between Han characters.
pub fn one_line(text: &str) -> String {
    let chars: Vec<char> = raw(text).chars().collect();
    let mut out = String::with_capacity(text.len());
    for (i, c) in chars.iter().enumerate() {
        if !c.is_whitespace() {
            out.push(*c);
            continue;
        }
        let before = out.chars().last();
        let after = chars[i + 1..].iter().find(|c| !c.is_whitespace());
        let latin = |c: Option<&char>| c.is_some_and(|c| c.is_ascii_alphanumeric());
        if latin(before.as_ref()) && latin(after) && !out.ends_with(' ') {
            out.push(' ');
        }
    }
    out
}

/// Folded text in which figures that white space parts stay two: a cell with the lines 10 and 5 holds no 105.
pub fn fold_figures(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for piece in text.split_whitespace().map(fold) {
        let digit = |c: Option<char>| c.is_some_and(|c| c.is_ascii_digit());
        if digit(out.chars().last()) && digit(piece.chars().next()) {
            out.push(' ');
        }
        out.push_str(&piece);
    }
    out
}

/// The number of a cell of points, with or without 分.
pub fn points(cell: &Cell) -> Option<crate::model::Exact> {
    let folded = fold_figures(&cell.text);
    crate::text::number::plain(without_points(&folded))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::number::plain;

    #[test]
    fn two_figures_are_never_read_as_one() {
        assert_eq!(fold_figures("总 分 100 99.5"), "总分100 99.5");
        assert_eq!(plain(&fold_figures("10\n5")), None);
        assert_eq!(
            plain(&fold_figures(" 9.5 分 ").replace('分', "")),
            plain("9.5"),
            "blanks beside words go"
        );
    }
}
