//! The report as a Word document.

use super::source::{Block, Grid, Source};
use docx_rs::{
    AlignmentType, Docx, Paragraph, Run, Style, StyleType, Table, TableCell, TableRow, VMergeType, WidthType,
};
use std::io::Cursor;

/// Width of the page between its margins, in twentieths of a point.
const TEXT_WIDTH: usize = 8500;

/// Bytes of the document; the same for the same source.
pub fn docx(source: &Source) -> Result<Vec<u8>, Box<dyn std::error::Error>> {
    let heading = Style::new("Heading1", StyleType::Paragraph).name("heading 1").bold();
    let mut document = Docx::new().add_style(heading);
    for block in &source.blocks {
        document = match block {
            Block::Title(text) => {
                let run = Run::new().add_text(text).bold().size(36);
                document.add_paragraph(Paragraph::new().add_run(run).align(AlignmentType::Center))
            }
            Block::Heading(text) => {
                let run = Run::new().add_text(text);
                document.add_paragraph(Paragraph::new().add_run(run).style("Heading1"))
            }
            Block::Paragraph(text) => document.add_paragraph(Paragraph::new().add_run(Run::new().add_text(text))),
            Block::Table(grid) => document.add_table(table(grid)),
        };
    }
    let mut bytes = Cursor::new(Vec::new());
    document.build().pack(&mut bytes)?;
    compressed(bytes)
}

/// The same package with its parts compressed, as Word writes them (docx-rs stores them as they are).
fn compressed(bytes: Cursor<Vec<u8>>) -> Result<Vec<u8>, Box<dyn std::error::Error>> {
    let mut stored = zip::ZipArchive::new(bytes)?;
    let mut out = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for index in 0..stored.len() {
        let mut part = stored.by_index(index)?;
        // The default options hold no clock: the bytes are the same in every run.
        out.start_file(part.name()?.to_string(), zip::write::SimpleFileOptions::default())?;
        std::io::copy(&mut part, &mut out)?;
    }
    Ok(out.finish()?.into_inner())
}

fn table(grid: &Grid) -> Table {
    let rows = (0..grid.rows()).map(|row| {
        let cells = grid.row_cells(row).map(|cell| {
            let width = cell.col_span * TEXT_WIDTH / grid.cols();
            let mut out = TableCell::new().grid_span(cell.col_span).width(width, WidthType::Dxa);
            if cell.row_span > 1 {
                let start = cell.row == row;
                out = out.vertical_merge(if start {
                    VMergeType::Restart
                } else {
                    VMergeType::Continue
                });
            }
            let text = if cell.row == row { cell.text.as_str() } else { "" };
            for line in text.split('\n') {
                out = out.add_paragraph(Paragraph::new().add_run(Run::new().add_text(line)));
            }
            out
        });
        TableRow::new(cells.collect())
    });
    Table::new(rows.collect()).set_grid(vec![TEXT_WIDTH / grid.cols(); grid.cols()])
}
