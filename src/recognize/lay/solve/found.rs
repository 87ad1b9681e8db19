//! A laid table as the text reader takes it in: its rows, what could not be placed, and where reading goes on.

use super::super::flat::{Flat, solid};
use super::{Laid, LaidRow};
use crate::model::Orphan;
use crate::text::lines::{Line, is_space};

/// A table, behind lines that are none of it.
pub(in super::super) struct Found {
    /// First line of the headings.
    pub start: usize,
    pub table: Flat,
}

/// A line's text without the white space at its ends.
pub(super) fn text<'l>(lines: &'l [Line<'_>], line: usize) -> &'l str {
    lines[line].text.trim_matches(is_space)
}

/// The table of pieces that stand in the lines of `origin` (none for a cell that is known to be empty); `captions` are
/// lines that say the unit: those among the rows stand above them.
pub(super) fn found(laid: &Laid, origin: &[Option<usize>], captions: &[usize], lines: &[Line<'_>]) -> Option<Found> {
    let start = origin[laid.start..].iter().flatten().next().copied()?;
    let next = origin[..laid.end].iter().rev().flatten().next()? + 1;
    let within = captions.iter().filter(|line| (start..next).contains(line));
    let mut table = Flat {
        rows: within.map(|line| vec![solid(text(lines, *line))]).collect(),
        orphans: Vec::new(),
        next,
    };
    table.rows.extend(laid.headings.iter().cloned());
    let certain = laid.rows.iter().filter(|row| row.certain);
    table.rows.extend(certain.map(|row| row.cells.clone()));
    table.orphans = orphans(laid, origin, lines);
    Some(Found { start, table })
}

/// The rows whose places are not certain, each as its text.
pub(super) fn orphans(laid: &Laid, origin: &[Option<usize>], lines: &[Line<'_>]) -> Vec<Orphan> {
    let uncertain = laid.rows.iter().filter(|row| !row.certain);
    let orphan = |row: &LaidRow| {
        let mut own: Vec<usize> = origin[row.pieces.0..row.pieces.1].iter().flatten().copied().collect();
        own.dedup();
        let texts: Vec<&str> = own.iter().map(|line| text(lines, *line)).collect();
        Orphan {
            text: texts.join(" "),
            figures: true,
            line: own.first().copied().unwrap_or_default(),
        }
    };
    uncertain.map(orphan).collect()
}
