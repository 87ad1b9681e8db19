//! Rows that number the columns, as cells of a table: 栏次 ∣ 1 ∣ 2 ∣ 3=1+2. What such a row is, [`numbering`] says.

use super::view::RowView;
use crate::model::Cell;
use crate::pattern::Patterns;
use crate::text::numbering::{self, Numbering};
use crate::text::shape::is_figure;

/// The number of a column, as such a row states it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ColumnNumber {
    /// Grid column of the cell.
    pub col: usize,
    /// `1`, or with the way that the form computes the column: `3=1+2`.
    pub text: String,
}

/// The number of the only column of figures, right below its heading: nothing but a 1, and no name.
pub fn alone(row: &RowView<'_>) -> Option<Vec<ColumnNumber>> {
    match row.own.as_slice() {
        [(cell, text)] if cell.col > 0 && text == "1" => Some(vec![ColumnNumber {
            col: cell.col,
            text: text.clone(),
        }]),
        _ => None,
    }
}

/// The numbers behind a label that begins beside them, 项目资金 ∣ 1 ∣ 2, where the format merges nothing: nothing stands below the
/// label, and names stand below one of the numbers.
pub fn beside_label(row: &RowView<'_>, below: Option<&RowView<'_>>, patterns: &Patterns) -> Option<Vec<ColumnNumber>> {
    let ((label, _), numbers) = row.own.split_first()?;
    let below = &below?.own;
    let blank = below.first().is_some_and(|(cell, _)| cell.col > label.col);
    let under = |cell: &Cell| numbers.iter().any(|(number, _)| number.col == cell.col);
    let names = blank && below.iter().any(|(cell, text)| under(cell) && !is_figure(text));
    let found = names.then(|| of_cells(numbers, None, patterns)).flatten()?;
    found.sure.then(|| placed(numbers, found))
}

/// The numbers of a row's columns, or `None` when the row numbers nothing. `above`: the row above, whose labels a dump repeats
/// where they are merged downwards.
pub fn of_columns(row: &RowView<'_>, above: Option<&RowView<'_>>, patterns: &Patterns) -> Option<Vec<ColumnNumber>> {
    of_cells(&row.own, above, patterns).map(|found| placed(&row.own, found))
}

/// Whether a row of words numbers the columns so that it can be nothing else; A ∣ B ∣ C may be headings as well.
pub fn surely(row: &RowView<'_>, above: Option<&RowView<'_>>, patterns: &Patterns) -> bool {
    of_cells(&row.own, above, patterns).is_some_and(|found| found.sure)
}

fn of_cells(own: &[(&Cell, String)], above: Option<&RowView<'_>>, patterns: &Patterns) -> Option<Numbering> {
    let repeats =
        |cell: &Cell, text: &str| above.is_some_and(|row| row.own.iter().any(|(c, t)| c.col == cell.col && t == text));
    // The last text tells most rows, before any is compared.
    own.last().filter(|(_, text)| text.chars().nth(LONGEST).is_none())?;
    let texts: Vec<&str> = own
        .iter()
        // A label beside the block may begin here.
        .map(|(cell, text)| {
            if cell.row_span > 1 || repeats(cell, text) {
                ""
            } else {
                text
            }
        })
        .collect();
    numbering::of_row(&texts, &patterns.tables.numbers)
}

/// Longest number of a column with its formula, in characters.
const LONGEST: usize = 40;

fn placed(own: &[(&Cell, String)], found: Numbering) -> Vec<ColumnNumber> {
    let number = |(place, text): (usize, String)| ColumnNumber {
        col: own[place].0.col,
        text,
    };
    found.numbers.into_iter().map(number).collect()
}
