//! What the rows and columns of a table tell of their digits: numbers of columns, numbers of rows, codes that nest, headings.

use super::cell::{Row, Teller};
use crate::model::has_digit;
use crate::pattern::headers::fold;
use std::collections::{BTreeMap, BTreeSet};

/// Rows at the top of a table without sections in which its headings are looked for.
const TOP: usize = 4;
/// Fewest cells of a row of column numbers, and of a column of row numbers.
const FEWEST: usize = 3;

impl Teller<'_> {
    /// Rows whose figures are 1, 2, 3 … or formulas of such.
    pub(super) fn rows_of_numbers(&self) -> BTreeSet<usize> {
        let table = self.context.table;
        let is_numbered = |row: &usize| {
            let mut last = 0;
            let mut count = 0;
            for cell in table.row_cells(*row).filter(|c| c.row == *row) {
                let folded = fold(&cell.text);
                if !has_digit(&folded) {
                    continue;
                }
                match column_number(&folded) {
                    Some(number) if number == last + 1 || count == 0 && number <= 2 => last = number,
                    _ => return false,
                }
                count += 1;
            }
            count >= FEWEST
        };
        (0..table.rows()).filter(is_numbered).collect()
    }

    /// Columns whose figures count 1, 2, 3 … downwards.
    pub(super) fn columns_of_numbers(&self) -> BTreeSet<usize> {
        let mut columns: BTreeMap<usize, Option<(u32, usize)>> = BTreeMap::new();
        for cell in self.context.table.cells() {
            let folded = fold(&cell.text);
            if !has_digit(&folded) || matches!(self.rows.get(cell.row), Some(Row::Header | Row::Above)) {
                continue;
            }
            let column = columns.entry(cell.col).or_insert(Some((0, 0)));
            if self.numbered.contains(&cell.row) || self.is_words(&cell.text) {
                continue;
            }
            *column = match (*column, folded.parse::<u32>()) {
                (Some((last, count)), Ok(number)) if number == last + 1 => Some((number, count + 1)),
                _ => None,
            };
        }
        let counted =
            |(col, state): (usize, Option<(u32, usize)>)| Some(col).filter(|_| state.is_some_and(|s| s.1 >= FEWEST));
        columns.into_iter().filter_map(counted).collect()
    }

    /// Columns whose numbers nest as codes of accounts do: 208, 20805, 2080505.
    pub(super) fn columns_of_codes(&self) -> BTreeSet<usize> {
        let mut columns: BTreeMap<usize, Option<BTreeSet<String>>> = BTreeMap::new();
        for cell in self.context.table.cells() {
            let folded = fold(&cell.text);
            let head = matches!(self.rows.get(cell.row), Some(Row::Header | Row::Above));
            if !has_digit(&folded) || head || self.numbered.contains(&cell.row) || self.is_words(&cell.text) {
                continue;
            }
            let code = matches!(folded.len(), 3 | 5 | 7) && folded.chars().all(|c| c.is_ascii_digit());
            let column = columns.entry(cell.col).or_insert_with(|| Some(BTreeSet::new()));
            match column {
                Some(codes) if code => {
                    codes.insert(folded);
                }
                _ => *column = None,
            }
        }
        let nests = |codes: &BTreeSet<String>| {
            let within = |code: &&String| code.len() > 3 && codes.contains(&code[..code.len() - 2]);
            codes.iter().filter(within).count() * 2 >= codes.iter().filter(|c| c.len() > 3).count()
                && codes.iter().any(|code| code.len() > 3)
        };
        let coded = columns
            .into_iter()
            .filter(|(_, codes)| codes.as_ref().is_some_and(nests));
        coded.map(|(col, _)| col).collect()
    }

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

/// The number of a column: 3, (3), 第3栏, 3=1+2, 栏3.
pub(super) fn column_number(folded: &str) -> Option<u32> {
    let bare = folded.trim_matches(|c| matches!(c, '(' | ')' | '[' | ']' | '第' | '栏' | '列'));
    let number = bare.split('=').next()?.trim_end_matches(')');
    let formula = bare.chars().all(|c| c.is_ascii_digit() || "=+-*/÷×()%[]".contains(c));
    let number: u32 = number.parse().ok().filter(|n| (1..=99).contains(n))?;
    formula.then_some(number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_of_columns() {
        for (text, expected) in [
            ("3", Some(3)),
            ("(3)", Some(3)),
            ("第3栏", Some(3)),
            ("3=1+2", Some(3)),
            ("7=(6-5)/5", Some(7)),
            ("100", None),
            ("1.5", None),
            ("3家", None),
        ] {
            assert_eq!(column_number(text), expected, "{text}");
        }
    }
}
