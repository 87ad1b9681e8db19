//! A section of a form whose headings are told: the cells below them, one a line, in its columns.

use super::found::orphans;
use super::heads::Reading;
use super::stretch::{Extra, gaps, modes, pieces, untold};
use super::{Border, Laid, Piece, solve_below};
use crate::model::{Orphan, RawRow};
use crate::pattern::wording::Words;
use crate::text::lines::Line;

/// Most cells that are left empty behind the last text.
const MOST_BEHIND: usize = 24;

/// Rows of a section and what of it is not certain.
pub(in super::super) struct Section {
    pub rows: Vec<RawRow>,
    pub orphans: Vec<Orphan>,
    /// First line that is no part of it.
    pub next: usize,
}

/// Lays the lines `at` below headings that end before the line `start`; `None` where that is not certain.
pub(in super::super) fn read(
    lines: &[Line<'_>],
    start: usize,
    at: &[usize],
    reading: &Reading,
    words: &Words<'_>,
) -> Option<Section> {
    let last_heading = start.checked_sub(1)?;
    let all: Vec<usize> = std::iter::once(last_heading).chain(at.iter().copied()).collect();
    let (usual, gaps) = gaps(&all, &[]);
    let cells = at.iter().all(|line| lines[*line].cell);
    let mut best: Option<(Vec<Option<usize>>, Laid)> = None;
    for extra in modes(&gaps, usual) {
        let (mut origin, mut pieces) = pieces(lines, &all, &gaps, usual, *extra);
        origin.remove(0);
        pieces.remove(0);
        if *extra == Extra::Cell {
            let more = blank_behind(lines, *at.last()?).saturating_sub(usual) / (usual + 1);
            for _ in 0..more.min(reading.leaves.len()) {
                origin.push(None);
                pieces.push(Piece {
                    text: "",
                    border: Border::Any,
                });
            }
        }
        let Some(mut laid) = solve_below(&pieces, reading, cells, words) else {
            continue;
        };
        if *extra == Extra::Nothing {
            laid.cost += untold(&gaps, usual);
        }
        if best.as_ref().is_none_or(|(_, before)| laid.cost < before.cost) {
            best = Some((origin, laid));
        }
    }
    let (origin, laid) = best?;
    let next = origin[..laid.end].iter().rev().flatten().next()? + 1;
    Some(Section {
        orphans: orphans(&laid, &origin, lines),
        rows: laid
            .rows
            .into_iter()
            .filter(|row| row.certain)
            .map(|row| row.cells)
            .collect(),
        next,
    })
}

/// Blank lines behind a line, up to the next that is not blank; the end of the text is none.
fn blank_behind(lines: &[Line<'_>], line: usize) -> usize {
    let behind = lines.get(line + 1..).unwrap_or_default();
    let blank = behind.iter().take(2 * MOST_BEHIND).take_while(|l| l.blank).count();
    if blank == behind.len() { 0 } else { blank }
}
