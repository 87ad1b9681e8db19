//! Plain texts: bars, tabs, commas, one cell a line. A line break within a cell cannot be written and is left out.

use super::texts;
use crate::metamorphic::sheet::{Grid, Piece, Slot};

/// The texts of a grid; where `filled`, a merged cell's text stands in each of its places but those of a row over the whole width.
fn rows(grid: &Grid, filled: bool) -> Vec<Vec<String>> {
    let mut rows: Vec<Vec<String>> = grid
        .rows
        .iter()
        .map(|row| texts(row).map(|t| t.replace('\n', "")).collect())
        .collect();
    if filled {
        for (r, row) in grid.rows.iter().enumerate() {
            for (c, slot) in row.iter().enumerate() {
                let Slot::Cell { rows: high, cols, .. } = slot else {
                    continue;
                };
                if *cols == row.len() {
                    continue;
                }
                let text = rows[r][c].clone();
                for row in &mut rows[r..r + high] {
                    row[c..c + cols].fill(text.clone());
                }
            }
        }
    }
    rows
}

/// Tables with bars between the cells, the line below the first row as Markdown has it.
pub fn bars(pieces: &[Piece], seed: u64) -> String {
    let mut out = String::new();
    for piece in pieces {
        match piece {
            Piece::Paragraph(text) => out += &format!("{}\n\n", text.replace('\n', "")),
            Piece::Table(grid) => {
                for (index, row) in rows(grid, seed % 4 == 1).iter().enumerate() {
                    out += &format!("| {} |\n", row.join(" | "));
                    if index == 0 {
                        out += &format!("|{}\n", "---|".repeat(row.len()));
                    }
                }
                out.push('\n');
            }
        }
    }
    out
}

/// Tables with tabs between the cells, as they are copied from a workbook.
pub fn tabs(pieces: &[Piece], seed: u64) -> String {
    separated(pieces, |row| {
        let line = row.join("\t");
        // Some programs leave out what is empty at the end of a line.
        if seed.is_multiple_of(2) {
            line
        } else {
            line.trim_end_matches('\t').to_owned()
        }
    })
}

/// Tables as a CSV file has them.
pub fn commas(pieces: &[Piece]) -> String {
    separated(pieces, |row| {
        let quoted = |t: &String| {
            if t.contains([',', '"']) {
                format!("\"{}\"", t.replace('"', "\"\""))
            } else {
                t.clone()
            }
        };
        row.iter().map(quoted).collect::<Vec<_>>().join(",")
    })
}

fn separated(pieces: &[Piece], line: impl Fn(&[String]) -> String) -> String {
    let mut out = String::new();
    for piece in pieces {
        match piece {
            Piece::Paragraph(text) => out += &format!("{}\n", text.replace('\n', "")),
            Piece::Table(grid) => rows(grid, false)
                .iter()
                .for_each(|row| out += &format!("{}\n", line(row))),
        }
    }
    out
}

/// One cell a line, with or without empty lines between: what is left of a table that was copied without its lines.
pub fn cells(pieces: &[Piece], seed: u64) -> String {
    let gap = if seed.is_multiple_of(2) { "\n" } else { "\n\n" };
    let mut out = String::new();
    for piece in pieces {
        match piece {
            Piece::Paragraph(text) => out += &format!("{}{gap}", text.replace('\n', "")),
            Piece::Table(grid) => {
                for slot in grid.rows.iter().flatten() {
                    if let Slot::Cell { text, .. } = slot {
                        out += &format!("{}{gap}", text.replace('\n', ""));
                    }
                }
            }
        }
    }
    out
}

/// One row a line, a blank between its cells: what is left of a table whose page was taken down as text.
pub fn words(pieces: &[Piece]) -> String {
    let bare = |text: &String| text.split_whitespace().collect::<String>();
    separated(pieces, |row| {
        let cells: Vec<String> = row.iter().map(bare).filter(|text| !text.is_empty()).collect();
        cells.join(" ")
    })
}
