//! Markdown tables: cells between pipes, a separator row of dashes below the heading.

use super::short;
use crate::model::Orphan;
use crate::model::RawRow;
use crate::model::{Cell, Table, TilingError};
use crate::pattern::wording::Words;
use crate::text::lines::Line;
use crate::text::lines::is_separator;

/// A piece of a table, and where reading goes on.
pub(super) struct Piece {
    /// Cells of its rows, and the line of each.
    rows: Vec<(Vec<String>, usize)>,
    /// Rows above a separator row.
    header_rows: usize,
    /// First line that is no part of it.
    pub next: usize,
}

impl Piece {
    /// Its rows where merged headings are written once and in one place.
    pub fn placed(&self, words: &Words<'_>) -> Option<(Vec<RawRow>, Vec<Orphan>)> {
        let rows = self.rows.iter();
        let rows: Vec<(Vec<&str>, usize)> = rows
            .map(|(cells, line)| (cells.iter().map(String::as_str).collect(), *line))
            .collect();
        short::of_cells(&rows, words)
    }

    /// The table; the heading row is marked when a separator row stands below it.
    ///
    /// # Errors
    /// [`TilingError::TooLarge`] for a grid over the limit.
    pub fn table(&self) -> Result<Table, TilingError> {
        let cols = self.rows.iter().map(|(cells, _)| cells.len()).max().unwrap_or(0);
        let cells = self.rows.iter().enumerate().flat_map(|(r, (row, _))| {
            let cell = move |(c, text): (usize, &String)| Cell::new(r, c, text.as_str());
            row.iter().enumerate().map(cell)
        });
        let mut table = Table::filled(self.rows.len(), cols, cells.collect())?;
        table.marked_header_rows = self.header_rows;
        Ok(table)
    }
}

/// How many lines one row may run over.
const LONGEST_ROW: usize = 20;

/// Whether a line can start a piece.
pub(super) fn starts(lines: &[Line<'_>], at: usize) -> bool {
    let line = lines[at].trimmed();
    if line.starts_with('|') {
        return line.bytes().filter(|b| *b == b'|').count() >= 2;
    }
    // Without outer pipes only the separator row tells a table.
    line.contains('|') && lines.get(at + 1).is_some_and(|next| is_separator(next.trimmed()))
}

/// Reads the piece that starts at a line.
pub(super) fn read(lines: &[Line<'_>], start: usize) -> Piece {
    let outer = lines[start].trimmed().starts_with('|');
    let mut rows = Vec::new();
    let mut header_rows = 0;
    let mut at = start;
    while at < lines.len() && !(at > start && lines[at].page_top) {
        let line = lines[at].trimmed();
        if line.is_empty() || !line.contains('|') || line.starts_with('|') != outer {
            break;
        }
        if is_separator(line) {
            if rows.len() == 1 {
                header_rows = 1;
            }
            at += 1;
            continue;
        }
        let end = row_end(lines, at, outer);
        let mut text = line.to_owned();
        for further in &lines[at + 1..end] {
            text.push('\n');
            text.push_str(further.trimmed());
        }
        rows.push((cells(&text), at));
        at = end;
    }
    Piece {
        rows,
        header_rows,
        next: at.max(start + 1),
    }
}

/// One past the last line of a row: a cell with line breaks leaves its row open until a line ends with a pipe.
fn row_end(lines: &[Line<'_>], at: usize, outer: bool) -> usize {
    if !outer || lines[at].trimmed().ends_with('|') {
        return at + 1;
    }
    for (offset, line) in lines[at + 1..].iter().take(LONGEST_ROW).enumerate() {
        let line = line.trimmed();
        if line.starts_with('|') || line.is_empty() {
            break;
        }
        if line.ends_with('|') {
            return at + offset + 2;
        }
    }
    at + 1
}

/// Cells of a row that may have outer pipes.
fn cells(line: &str) -> Vec<String> {
    let line = line.strip_prefix('|').unwrap_or(line);
    between(match line.strip_suffix('|') {
        Some(inner) if !inner.ends_with('\\') => inner,
        _ => line,
    })
}

/// Cells between pipes; `\|` is a pipe of the text, `<br>` a line break.
pub(super) fn between(line: &str) -> Vec<String> {
    let mut cells = Vec::new();
    let mut cell = String::new();
    let mut chars = line.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\\' if chars.peek() == Some(&'|') => {
                chars.next();
                cell.push('|');
            }
            '|' => cells.push(finish(&mut cell)),
            c => cell.push(c),
        }
    }
    cells.push(finish(&mut cell));
    cells
}

fn finish(cell: &mut String) -> String {
    let text = std::mem::take(cell);
    let text = if text.contains("<br") {
        text.replace("<br>", "\n")
            .replace("<br/>", "\n")
            .replace("<br />", "\n")
    } else {
        text
    };
    text.trim_matches(crate::text::lines::is_space).to_owned()
}
