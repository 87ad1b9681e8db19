//! Word packages with the merges as Word writes them.

use crate::docx::{document, pack, package_rels};
use crate::metamorphic::sheet::{Piece, Slot};

/// The text's lines; `cut` splits each into two runs, as Word does where it was edited.
fn paragraphs(text: &str, cut: bool) -> String {
    let escape = |t: &str| t.replace('&', "&amp;").replace('<', "&lt;");
    let run = |t: String| format!("<w:r><w:t xml:space=\"preserve\">{}</w:t></w:r>", escape(&t));
    let runs = |line: &str| {
        let at = if cut { line.chars().count() / 2 } else { 0 };
        let (first, rest): (String, String) = (line.chars().take(at).collect(), line.chars().skip(at).collect());
        [first, rest]
            .into_iter()
            .filter(|t| !t.is_empty())
            .map(run)
            .collect::<String>()
    };
    text.split('\n')
        .map(|line| format!("<w:p>{}</w:p>", runs(line)))
        .collect()
}

pub fn write(pieces: &[Piece], seed: u64) -> Vec<u8> {
    let cut = seed.is_multiple_of(2);
    let mut body = String::new();
    let mut after_table = false;
    for piece in pieces {
        match piece {
            Piece::Paragraph(text) => body += &paragraphs(text, cut),
            Piece::Table(grid) => {
                if after_table {
                    body += "<w:p/>";
                }
                body += "<w:tbl><w:tblGrid>";
                body += &"<w:gridCol w:w=\"1200\"/>".repeat(grid.rows.first().map_or(0, Vec::len));
                body += "</w:tblGrid>";
                for row in &grid.rows {
                    body += "<w:tr>";
                    for slot in row {
                        let (text, cols, merge) = match slot {
                            Slot::Cell { text, rows, cols } if *rows > 1 => {
                                (text.as_str(), *cols, "<w:vMerge w:val=\"restart\"/>")
                            }
                            Slot::Cell { text, cols, .. } => (text.as_str(), *cols, ""),
                            Slot::Below { cols } => ("", *cols, "<w:vMerge/>"),
                            Slot::Right => continue,
                        };
                        let span = if cols > 1 {
                            format!("<w:gridSpan w:val=\"{cols}\"/>")
                        } else {
                            String::new()
                        };
                        body += &format!("<w:tc><w:tcPr>{span}{merge}</w:tcPr>{}</w:tc>", paragraphs(text, cut));
                    }
                    body += "</w:tr>";
                }
                body += "</w:tbl>";
            }
        }
        after_table = matches!(piece, Piece::Table(_));
    }
    pack(&[
        ("_rels/.rels", package_rels("word/document.xml")),
        ("word/document.xml", document(&body)),
    ])
}
