//! Workbooks: figures as numbers with formats or as texts, titles merged over the table or not.

use crate::metamorphic::sheet::{Piece, Slot};
use rust_xlsxwriter::{Format, Workbook, Worksheet};

pub fn write(pieces: &[Piece], seed: u64) -> Vec<u8> {
    let mut workbook = Workbook::new();
    let worksheet = workbook.add_worksheet();
    let widths = pieces.iter().filter_map(|p| match p {
        Piece::Table(grid) => grid.rows.first().map(Vec::len),
        Piece::Paragraph(_) => None,
    });
    let width = widths.max().unwrap_or(1);
    let mut row = 0;
    for piece in pieces {
        match piece {
            Piece::Paragraph(text) if !seed.is_multiple_of(3) && width > 1 => {
                merged(worksheet, row, 0, 1, width, text);
                row += 1;
            }
            Piece::Paragraph(text) => {
                worksheet.write_string(row, 0, text).unwrap();
                row += 1;
            }
            Piece::Table(grid) => {
                for (r, line) in grid.rows.iter().enumerate() {
                    for (c, slot) in line.iter().enumerate() {
                        let Slot::Cell { text, rows, cols } = slot else {
                            continue;
                        };
                        let at = row + r as u32;
                        if rows * cols > 1 {
                            merged(worksheet, at, c, *rows, *cols, text);
                        } else {
                            cell(
                                worksheet,
                                at,
                                c as u16,
                                text,
                                seed.is_multiple_of(2) && r >= grid.header,
                            );
                        }
                    }
                }
                row += grid.rows.len() as u32;
            }
        }
    }
    workbook.save_to_buffer().unwrap()
}

fn merged(worksheet: &mut Worksheet, row: u32, col: usize, rows: usize, cols: usize, text: &str) {
    let (last_row, last_col) = (row + rows as u32 - 1, (col + cols - 1) as u16);
    worksheet
        .merge_range(row, col as u16, last_row, last_col, text, &Format::new())
        .unwrap();
}

/// A number with the format that shows it as the document has it, where numbers are wanted and the text is one.
fn cell(worksheet: &mut Worksheet, row: u32, col: u16, text: &str, as_number: bool) {
    if text.is_empty() {
        return;
    }
    let bare = text.trim_end_matches('%').replace(',', "");
    let decimals = bare.split_once('.').map_or(0, |(_, d)| d.len());
    let plain = bare.chars().all(|c| c.is_ascii_digit() || c == '.') && bare.matches('.').count() < 2;
    // A code keeps its zeros only as a text, a long one its digits.
    let code = bare.starts_with('0') && bare.len() > 1 && !bare.starts_with("0.") || bare.len() > 14;
    if !as_number || !plain || code || bare.is_empty() {
        worksheet.write_string(row, col, text).unwrap();
        return;
    }
    let zeros = if decimals > 0 {
        format!("0.{}", "0".repeat(decimals))
    } else {
        "0".to_owned()
    };
    let value: f64 = bare.parse().unwrap();
    let (value, shown) = if text.ends_with('%') {
        // The nearest number to the fraction, not a hundredth of the nearest to the percentage.
        (format!("{bare}e-2").parse().unwrap(), zeros + "%")
    } else if text.contains(',') {
        (value, format!("#,##{zeros}"))
    } else {
        (value, zeros)
    };
    worksheet
        .write_number_with_format(row, col, value, &Format::new().set_num_format(shown))
        .unwrap();
}
