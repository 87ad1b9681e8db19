//! Source files to corpus files.

mod facts;
mod source;
mod word;

use source::{Block, Grid, Source, TextLayout};
use std::path::Path;

type Fallible<T> = Result<T, Box<dyn std::error::Error>>;

/// Every file of the corpus that is made from `folder`: path below corpus/ and bytes, sorted.
pub fn generate(folder: &Path) -> Fallible<Vec<(String, Vec<u8>)>> {
    let mut names: Vec<_> = std::fs::read_dir(folder)?.collect::<Result<Vec<_>, _>>()?;
    names.sort_by_key(|entry| entry.file_name());
    let mut files = Vec::new();
    for entry in names {
        let path = entry.path();
        let stem = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let text = std::fs::read_to_string(&path)?;
        let source = source::parse(&text).map_err(|error| format!("{stem}: {error}"))?;
        let truth = facts::truth(&source).map_err(|error| format!("{stem}: {error}"))?;
        let mut json = serde_json::to_vec_pretty(&truth)?;
        json.push(b'\n');
        files.push((format!("truth/{stem}.json"), json));
        files.push((format!("reports/{stem}.docx"), word::docx(&source)?));
        let plain = plain_text(&source);
        if source.gbk {
            let (bytes, _, lossy) = encoding_rs::GB18030.encode(&plain);
            assert!(!lossy, "{stem}");
            files.push((format!("reports/{stem}.gbk.txt"), bytes.into_owned()));
        }
        files.push((format!("reports/{stem}.txt"), plain.into_bytes()));
    }
    files.sort();
    Ok(files)
}

/// The report as archives of such reports hold it.
fn plain_text(source: &Source) -> String {
    let mut out = String::new();
    for block in &source.blocks {
        match block {
            Block::Title(text) | Block::Heading(text) | Block::Paragraph(text) => {
                out.push_str(text);
                out.push('\n');
            }
            Block::Table(grid) => {
                out.push('\n');
                match source.layout {
                    TextLayout::Cells => cells(grid, &mut out),
                    TextLayout::Pipes => pipes(grid, &mut out),
                    TextLayout::Columns => columns(grid, &mut out),
                }
                out.push('\n');
            }
        }
    }
    out
}

/// The dump of a Word table: a tab and a cell a line, an empty line between rows; a cell merged from above is empty.
fn cells(grid: &Grid, out: &mut String) {
    for row in 0..grid.rows() {
        for cell in grid.row_cells(row) {
            out.push('\t');
            out.push_str(if cell.row == row { &cell.text } else { "" });
            out.push('\n');
        }
        out.push('\n');
    }
}

/// Markdown; squares that a merged cell covers are empty.
fn pipes(grid: &Grid, out: &mut String) {
    for row in 0..grid.rows() {
        out.push('|');
        for col in 0..grid.cols() {
            let cell = grid.at(row, col);
            let text = if (cell.row, cell.col) == (row, col) {
                cell.text.replace('\n', "")
            } else {
                String::new()
            };
            out.push_str(&format!(" {text} |"));
        }
        out.push('\n');
        if row == 0 {
            out.push('|');
            out.push_str(&"---|".repeat(grid.cols()));
            out.push('\n');
        }
    }
}

/// Columns aligned by spaces, as a fixed-width font shows them.
fn columns(grid: &Grid, out: &mut String) {
    let width = heshu::emit::width::of;
    let text = |row, col| {
        let cell = grid.at(row, col);
        if (cell.row, cell.col) == (row, col) {
            cell.text.replace('\n', "")
        } else {
            String::new()
        }
    };
    let widest = |col| (0..grid.rows()).map(|row| width(&text(row, col))).max().unwrap_or(0) + 4;
    let widths: Vec<usize> = (0..grid.cols()).map(widest).collect();
    for row in 0..grid.rows() {
        let mut line = String::new();
        for (col, room) in widths.iter().enumerate() {
            let text = text(row, col);
            line.push_str(&text);
            line.push_str(&" ".repeat(room - width(&text)));
        }
        out.push_str(line.trim_end());
        out.push('\n');
    }
}
