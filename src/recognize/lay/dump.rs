//! The dump of a Word table: each cell starts a line with a tab, an empty line ends a row.
//!
//! Cells hold line breaks and blank lines of their own, and blank lines between rows get lost; whether a row is full
//! tells most of these cases apart.

use super::flat::Flat;
use crate::model::{RawCell, RawRow};
use crate::pattern::label::Label;
use crate::pattern::token;
use crate::pattern::wording::{Words, holds_values};
use crate::text::fold::fold;
use crate::text::lines::{Line, is_heading, is_space};

/// How far to look for the rest of a cell that holds blank lines.
const LOOK_AHEAD: usize = 40;
/// Lines of text that a cell of a full row may go on for.
const LONGEST_CELL: usize = 8;
/// Characters of a label's second part, too short for a caption.
const SHORT: usize = 6;
/// More empty lines than this between two rows part two tables.
const WIDEST_GAP: usize = 3;

/// Rows above a total that are asked where names stand.
const ROWS_ABOVE: usize = 12;

/// Reads the dump that starts at a line; or the line up to which there is none (indented prose).
pub(super) fn read(lines: &[Line<'_>], start: usize, words: &Words<'_>) -> Result<Flat, usize> {
    let mut rows: Vec<RawRow> = Vec::new();
    let mut row: Vec<String> = Vec::new();
    let mut lost_first = false;
    let mut at = start;
    while at < lines.len() {
        let line = &lines[at];
        // As many cells as the row before, its lost first cell counted.
        let full = rows
            .last()
            .is_some_and(|last| row.len() + usize::from(lost_first) >= last.len());
        if line.starts_cell() {
            let tab = line.text.find('\t').unwrap_or(0);
            if tab > 0 && !row.is_empty() {
                // " \tcell": the row's end and its first cell have run together.
                close(&mut rows, &mut row, &mut lost_first, words);
                lost_first = true;
            }
            row.push(line.text[tab + 1..].to_owned());
            at += 1;
        } else if line.blank {
            let gap = lines[at..].iter().take_while(|l| is_gap(l)).count();
            let next = at + gap;
            match lines.get(next) {
                Some(line) if line.starts_cell() => {
                    close(&mut rows, &mut row, &mut lost_first, words);
                    if gap > WIDEST_GAP {
                        at = next;
                        break;
                    }
                    at = next;
                }
                Some(_) => match rest_of_cell(lines, next, gap, &row, full) {
                    Some(end) => {
                        append(&mut row, &lines[at..end]);
                        at = end;
                    }
                    None => {
                        at = next;
                        break;
                    }
                },
                None => {
                    at = lines.len();
                    break;
                }
            }
        } else {
            match rest_of_cell(lines, at, 0, &row, full) {
                Some(end) => {
                    append(&mut row, &lines[at..end]);
                    at = end;
                }
                None => break,
            }
        }
    }
    close(&mut rows, &mut row, &mut lost_first, words);
    if !is_table(&rows, words) {
        return Err(at);
    }
    Ok(Flat {
        rows,
        orphans: Vec::new(),
        next: at,
    })
}

/// A blank line that is no empty cell.
fn is_gap(line: &Line<'_>) -> bool {
    line.blank && !line.starts_cell()
}

fn append(row: &mut [String], lines: &[Line<'_>]) {
    if let Some(cell) = row.last_mut() {
        for line in lines {
            cell.push('\n');
            cell.push_str(&line.text);
        }
    }
}

fn close(rows: &mut Vec<RawRow>, row: &mut Vec<String>, lost_first: &mut bool, words: &Words<'_>) {
    if row.is_empty() {
        return;
    }
    let mut cells: RawRow = row.drain(..).map(|text| RawCell::new(&text)).collect();
    let expected = rows.last().map(Vec::len);
    if std::mem::take(lost_first) && expected == Some(cells.len() + 1) {
        cells.insert(0, RawCell::new(""));
    }
    let reached = reach(rows, &cells, words);
    for _ in 0..reached {
        cells.insert(
            1,
            RawCell {
                left: true,
                ..RawCell::new("")
            },
        );
    }
    rows.push(cells);
}

/// How many columns of names the name of a total reaches over besides its own: the row is short by so many cells, and its
/// first figure would stand among the names.
fn reach(rows: &[RawRow], cells: &RawRow, words: &Words<'_>) -> usize {
    let figure = |cell: &RawCell| token::kind(cell.text.trim_matches(is_space), words).is_value();
    let total = cells.first().is_some_and(|cell| words.is_total(&fold(&cell.text)));
    let Some(width) = rows.last().map(Vec::len).filter(|_| total) else {
        return 0;
    };
    let missing = width.saturating_sub(cells.len());
    let above = rows.iter().rev().take(ROWS_ABOVE);
    let names = |column: usize| {
        let held = || above.clone().filter_map(|row| row.get(column));
        let filled = || held().filter(|cell| !cell.text.trim_matches(is_space).is_empty() && !cell.left);
        let heads = |cell: &RawCell| words.role(&cell.text).is_some_and(holds_values);
        filled().count() > 0 && !filled().any(|cell| figure(cell) || heads(cell))
    };
    let told = missing > 0 && cells.get(1).is_some_and(figure) && (1..=missing).all(names) && !names(missing + 1);
    if told { missing } else { 0 }
}

/// End of the text lines from `at` on that belong to the cell above, or `None` when the table ends before them.
fn rest_of_cell(lines: &[Line<'_>], at: usize, gap: usize, row: &[String], full: bool) -> Option<usize> {
    let horizon = lines.len().min(at + LOOK_AHEAD);
    // Text up to the next cell, over blank lines.
    let mut end = at;
    let mut blanks = 0;
    while end < horizon && !lines[end].starts_cell() {
        if lines[end].page_top || is_heading(lines[end].trimmed()) {
            return None;
        }
        blanks = if lines[end].blank { blanks + 1 } else { 0 };
        if blanks > 1 {
            return None;
        }
        end += 1;
    }
    if end >= horizon {
        // No further cell: text right below the last cell is its rest, unless the row was full before.
        let run = lines[at..].iter().take_while(|l| !l.blank).count();
        return (gap == 0 && !full && !row.is_empty() && run <= 3).then_some(at + run);
    }
    // After a blank line only words go on: an empty cell or a figure is complete, and a title opens the next form.
    let done = row.last().is_none_or(|cell| {
        let text = cell.trim_matches(crate::text::lines::is_space);
        text.is_empty() || text.chars().all(|c| c.is_ascii_digit() || matches!(c, '.' | ',' | '%'))
    });
    if gap > 0 && done {
        return None;
    }
    match (full, blanks) {
        // The next cell follows at once: it is in this row, so the row is not full.
        (false, 0) if gap <= 2 => Some(end),
        (false, _) if gap == 0 => Some(end - blanks),
        // Wider than the row before, as the rows of a form's head are: only a cell's short lines go on.
        (true, 0) if gap == 0 && end - at <= LONGEST_CELL => Some(end),
        (true, 0) if gap == 1 && end == at + 1 && lines[at].trimmed().chars().count() <= SHORT => Some(end),
        // The rest of a full row's last cell: a row like this one must follow.
        (true, 1) if gap <= 1 => {
            let merged_below = lines[end].text.trim_matches(crate::text::lines::is_space).is_empty();
            let sentence = |text: &str| {
                text.trim_end_matches(crate::text::lines::is_space)
                    .ends_with(['。', '；', ';'])
            };
            let sentences =
                sentence(lines[end - blanks - 1].trimmed()) && row.last().is_some_and(|cell| sentence(cell));
            let goes_on = gap == 0 || merged_below || sentences;
            goes_on.then_some(end - blanks)
        }
        _ => None,
    }
}

/// Tables have at least two rows of at least two cells and a heading or a label of forms; without these, short cells.
fn is_table(rows: &[RawRow], words: &Words<'_>) -> bool {
    let wide = rows.iter().filter(|row| row.len() >= 2).count();
    if wide < 2 || wide * 2 < rows.len() {
        return false;
    }
    let texts = |row: &RawRow| row.iter().map(|cell| cell.text.clone()).collect::<Vec<_>>();
    let known = |row: &RawRow| {
        words.header(texts(row).iter().map(String::as_str)).is_some()
            || row
                .first()
                .is_some_and(|cell| words.label(&cell.text) == Some(Label::Head))
    };
    if rows.iter().take(12).any(known) {
        return true;
    }
    let cells: usize = rows.iter().map(Vec::len).sum();
    let prose = |text: &str| text.ends_with('。') || is_heading(text) || text.chars().count() > 60;
    rows.iter().flatten().filter(|cell| prose(&cell.text)).count() * 4 < cells
}
