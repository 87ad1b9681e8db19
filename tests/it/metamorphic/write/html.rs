//! HTML as a department's page has it.

use crate::metamorphic::sheet::{Piece, Slot};

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('\n', "<br>")
}

/// `seed` chooses among the habits of those who make pages: heading cells, hard blanks, paragraphs in cells.
pub fn write(pieces: &[Piece], seed: u64) -> Vec<u8> {
    let (headings, hard, paragraphs) = (seed.is_multiple_of(2), seed % 3 == 1, seed % 5 == 1);
    let mut out = "<!DOCTYPE html><html><head><meta charset=\"utf-8\"></head><body>\n".to_owned();
    for piece in pieces {
        match piece {
            Piece::Paragraph(text) => out += &format!("<p>{}</p>\n", escape(text)),
            Piece::Table(grid) => {
                out += "<table border=\"1\">\n";
                for (r, row) in grid.rows.iter().enumerate() {
                    out += "<tr>";
                    for slot in row {
                        let Slot::Cell { text, rows, cols } = slot else {
                            continue;
                        };
                        let rows = if *rows > 1 {
                            format!(" rowspan=\"{rows}\"")
                        } else {
                            String::new()
                        };
                        let cols = if *cols > 1 {
                            format!(" colspan=\"{cols}\"")
                        } else {
                            String::new()
                        };
                        let tag = if headings && r < grid.header { "th" } else { "td" };
                        let text = match escape(text) {
                            text if text.is_empty() && hard => "&nbsp;".to_owned(),
                            text if paragraphs => format!("<p><span>{text}</span></p>"),
                            text => text,
                        };
                        out += &format!("<{tag}{rows}{cols}>{text}</{tag}>");
                    }
                    out += "</tr>\n";
                }
                out += "</table>\n";
            }
        }
    }
    out += "</body></html>\n";
    out.into_bytes()
}
