//! The report as a Word document.

use super::source::{Block, Grid, Source};
use docx_rs::{AlignmentType, Docx, Paragraph, Run, Style, StyleType, Table, TableCell, TableRow, VMergeType};
use std::io::Cursor;

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
    Ok(bytes.into_inner())
}

fn table(grid: &Grid) -> Table {
    let rows = (0..grid.rows()).map(|row| {
        let cells = grid.row_cells(row).map(|cell| {
            let mut out = TableCell::new().grid_span(cell.col_span);
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
    Table::new(rows.collect()).set_grid(vec![1400; grid.cols()])
}
