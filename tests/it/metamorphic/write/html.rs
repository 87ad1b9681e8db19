//! HTML as a department's page has it.

use crate::metamorphic::sheet::{Piece, Slot};

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('\n', "<br>")
}

pub fn write(pieces: &[Piece]) -> Vec<u8> {
    let mut out = "<!DOCTYPE html><html><head><meta charset=\"utf-8\"></head><body>\n".to_owned();
    for piece in pieces {
        match piece {
            Piece::Paragraph(text) => out += &format!("<p>{}</p>\n", escape(text)),
            Piece::Table(grid) => {
                out += "<table border=\"1\">\n";
                for row in &grid.rows {
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
                        out += &format!("<td{rows}{cols}>{}</td>", escape(text));
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
