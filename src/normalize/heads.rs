//! Rows of a scoring sheet that head the indicators below them: 一、投入 ∣ 40 ∣ 38 over 1.目标设定 ∣ 20 ∣ 19.

use super::cells::{self, TableContext, one_line};
use crate::model::{Cell, ColumnRole, Exact, Section};
use crate::text::fold::fold;
use crate::text::outline;
use rust_decimal::Decimal;

/// A row that is a level and no indicator.
pub struct Head<'a> {
    /// Grid row.
    pub row: usize,
    /// Name without its number.
    pub name: String,
    /// Points of the level, and their cell.
    pub weight: (Exact, &'a Cell),
    /// Score of the level, and its cell.
    pub score: Option<(Exact, &'a Cell)>,
}

/// The heads of a grid, from top to bottom: where no column holds levels, the rows numbered 一、, if the points of each are
/// the sum of those below it up to the next. None where one of them is not: the figures prove what the number only suggests.
pub fn heads<'a>(context: &'a TableContext<'_>, section: &Section) -> Vec<Head<'a>> {
    let position = |role: ColumnRole| section.columns.iter().position(|c| c.role == role);
    if position(ColumnRole::Level1).is_some() || position(ColumnRole::Level2).is_some() {
        return Vec::new();
    }
    let (Some(names), Some(weights)) = (position(ColumnRole::Indicator), position(ColumnRole::Weight)) else {
        return Vec::new();
    };
    let own = |row: usize, position: usize| context.under(section, row, position).filter(|c| c.row == row);
    let points = |row: usize, position: usize| {
        let cell = own(row, position)?;
        Some((cells::points(cell)?, cell))
    };
    let mut heads: Vec<Head<'a>> = Vec::new();
    // What the rows below the last head add up to, and how many they are.
    let mut sums: Vec<(Decimal, usize)> = Vec::new();
    for row in section.rows() {
        let Some(name) = own(row, names).map(|c| one_line(&c.text)) else {
            continue;
        };
        let Some(weight) = points(row, weights) else { continue };
        let folded = fold(&name);
        if outline::level(&folded) == Some(1) {
            heads.push(Head {
                row,
                name: outline::strip(&folded).to_owned(),
                weight,
                score: position(ColumnRole::Score).and_then(|score| points(row, score)),
            });
            sums.push((Decimal::ZERO, 0));
        } else {
            let Some((sum, count)) = sums.last_mut() else {
                return Vec::new(); // a row above the first head
            };
            let Some(added) = sum.checked_add(weight.0.0) else {
                return Vec::new();
            };
            (*sum, *count) = (added, *count + 1);
        }
    }
    let proved = heads.iter().zip(&sums).all(|(head, (sum, _))| head.weight.0.0 == *sum);
    let parts = sums.iter().all(|(_, count)| *count > 0) && sums.iter().any(|(_, count)| *count > 1);
    if proved && parts { heads } else { Vec::new() }
}
