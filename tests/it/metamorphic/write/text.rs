//! Plain text: bars. A line break within a cell cannot be written and is left out.

use super::texts;
use crate::metamorphic::sheet::Piece;

/// Tables with bars between the cells, the line below the headings as Markdown has it.
pub fn bars(pieces: &[Piece]) -> String {
    let mut out = String::new();
    for piece in pieces {
        match piece {
            Piece::Paragraph(text) => out += &format!("{}\n\n", text.replace('\n', "")),
            Piece::Table(grid) => {
                for (index, row) in grid.rows.iter().enumerate() {
                    let cells: Vec<String> = texts(row).map(|t| t.replace('\n', "")).collect();
                    out += &format!("| {} |\n", cells.join(" | "));
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
