//! The headings of a table that recognition made no section of.

use super::cell::{Row, Teller};
use crate::model::has_digit;
use crate::text::fold::fold;
use std::collections::BTreeMap;

/// Rows at the top of a table without sections in which its headings are looked for.
const TOP: usize = 4;

impl Teller<'_> {
    /// The headings of a table of which no section was made: words at its top above cells with digits.
    pub(super) fn loose_headings(&self) -> BTreeMap<usize, (usize, String)> {
        let mut headings = BTreeMap::new();
        if !self.rows.iter().all(|row| matches!(row, Row::Loose)) {
            return headings;
        }
        let table = self.context.table;
        for col in 0..table.cols() {
            let mut found: Option<(usize, String)> = None;
            for row in 0..table.rows().min(TOP) {
                let Some(cell) = table.at(row, col) else { continue };
                let folded = fold(&cell.text);
                let title = cell.col_span >= table.cols() && table.cols() > 1;
                if folded.is_empty() || title {
                    continue;
                }
                if !self.is_words(&cell.text) || found.is_some() && has_digit(&folded) {
                    break;
                }
                // Several header rows: the words follow each other in each column until a figure stands there.
                let below = (row + cell.row_span..table.rows().min(TOP + 1)).find_map(|r| table.at(r, col));
                let header = found.is_none() || below.is_some_and(|c| !self.is_words(&c.text) && has_digit(&c.text));
                if header {
                    let above = found.map(|(_, text)| text).unwrap_or_default();
                    found = Some((cell.row + cell.row_span - 1, above + &folded));
                }
            }
            if let Some(found) = found {
                headings.insert(col, found);
            }
        }
        headings
    }
}
