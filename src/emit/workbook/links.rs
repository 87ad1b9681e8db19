//! From the figures of a finding to the rows of the workbook that hold them.

use super::sheet::RowPlace;
use crate::model::Source;
use std::collections::HashMap;

/// Rows of one report's facts.
pub struct Links<'a> {
    cells: HashMap<(&'a str, usize), RowPlace>,
    sentences: HashMap<usize, RowPlace>,
    report: RowPlace,
}

impl<'a> Links<'a> {
    /// No facts yet; `report` is the report's own row.
    pub fn new(report: RowPlace) -> Self {
        Links {
            cells: HashMap::new(),
            sentences: HashMap::new(),
            report,
        }
    }

    /// A fact that stands in a row of a table, or in a paragraph. The first fact of a row keeps it.
    pub fn put(&mut self, source: &'a Source, place: RowPlace) {
        match (&source.table, source.row, source.block) {
            (Some(table), Some(row), _) => {
                self.cells.entry((table, row)).or_insert(place);
            }
            (None, _, Some(block)) => {
                self.sentences.entry(block).or_insert(place);
            }
            _ => {}
        }
    }

    /// The row of a figure: that of its fact, else that of the report.
    fn find(&self, source: &Source) -> Option<RowPlace> {
        match (&source.table, source.row, source.block) {
            (Some(table), Some(row), _) => self.cells.get(&(table.as_str(), row)).copied(),
            (None, _, Some(block)) => self.sentences.get(&block).copied(),
            _ => None,
        }
    }

    /// The row of the first figure (the report's own where it has none), and the first other row of the others.
    pub fn of(&self, operands: &[Source]) -> (RowPlace, Option<RowPlace>) {
        let first = operands.first().and_then(|source| self.find(source));
        let first = first.unwrap_or(self.report);
        let mut others = operands.iter().skip(1).filter_map(|source| self.find(source));
        let other = others.find(|place| *place != first);
        (first, other)
    }
}

/// What a link reads: `预算 第12行`.
pub fn label(place: RowPlace) -> String {
    format!("{} 第{}行", place.sheet(), place.row())
}
