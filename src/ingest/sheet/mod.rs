//! Spreadsheets: .xlsx, .xls (and WPS's .et, which is one of the two) and .ods.
//!
//! A sheet gives its tables in order, with merged cells as spans; rows without borders above and below a table are its
//! title, unit and notes. Numbers stand as the sheet shows them (98.82%, 7,040.80, 2022年4月7日), read as exact decimals;
//! only formulas without a stored result are computed, and that is said. Text boxes stand where they are anchored; figures in
//! comments are said. Struck and unseen text is left out. Hidden rows,
//! columns and sheets are read, because sums count them, and warned of.

mod date;
mod drawing;
mod floating;
mod format;
mod formula;
mod grid;
mod number;
mod ods;
mod records;
mod seen;
mod shared;
mod strings;
mod styles;
mod xls;
mod xlsx;

use crate::error::{Error, ErrorKind, Result};
use crate::ingest::looks::Unseen;
use crate::model::{Document, Format, Limit, Limits, ParagraphKind, Source, Warning};
use grid::{Sheet, Visibility};
use std::io::Cursor;

/// Merged regions of one sheet.
const MERGES: usize = 50_000;
/// Rows and columns that a sheet may have (ISO/IEC 29500-1 §18.3.1.73, §18.3.1.13).
const ROWS: u32 = 1_048_576;
const COLUMNS: u32 = 16_384;

/// Reads a workbook of a format that [`zip_format`] or the compound file told.
///
/// # Errors
/// Encrypted, damaged, over a limit, or without any text.
pub fn read(bytes: &[u8], format: Format, limits: &Limits) -> Result<Document> {
    let mut document = Document::new(format);
    let book = match format {
        Format::Xlsx => xlsx::read(bytes, limits)?,
        Format::Ods => ods::read(bytes, limits)?,
        _ => xls::read(bytes, limits)?,
    };
    let visible = book.sheets.iter().filter(|s| !s.cells.is_empty()).count();
    for sheet in &book.sheets {
        if sheet.visibility == Visibility::VeryHidden {
            let message = format!("工作表“{}”只有宏才能显示，未读入", sheet.name);
            warn(&mut document, "sheet_not_read", message);
            continue;
        }
        let mut blocks = grid::blocks(sheet)?;
        if blocks.is_empty() {
            continue;
        }
        if visible > 1 || !is_default_name(&sheet.name) {
            grid::push_paragraph(&sheet.name, ParagraphKind::Heading(1), &mut document.blocks);
        }
        document.blocks.append(&mut blocks);
        warn_of(sheet, &mut document);
    }
    for (code, message) in book.warnings {
        warn(&mut document, code, message);
    }
    let mut unseen = Unseen::default();
    book.sheets.iter().for_each(|sheet| unseen.add(sheet.unseen));
    document.warnings.extend(unseen.warnings());
    if document.blocks.is_empty() {
        return Err(Error::new(ErrorKind::Empty));
    }
    Ok(document)
}

/// The spreadsheet format of a zip container, by the parts in it; `None` for any other zip.
pub fn zip_format(bytes: &[u8]) -> Option<Format> {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).ok()?;
    let named = |start: &str| {
        let mut names = archive.file_names();
        names.any(|name| name.is_ok_and(|name| name.to_ascii_lowercase().starts_with(start)))
    };
    if named("xl/workbook") && !named("word/") {
        return Some(Format::Xlsx);
    }
    let index = archive.index_for_name("mimetype")?;
    let mut kind = String::new();
    let file = archive.by_index(index).ok()?;
    std::io::Read::read_to_string(&mut std::io::Read::take(file, 100), &mut kind).ok()?;
    kind.starts_with("application/vnd.oasis.opendocument.spreadsheet")
        .then_some(Format::Ods)
}

/// What a reader of a workbook hands over.
#[derive(Debug, Default)]
struct Book {
    sheets: Vec<Sheet>,
    warnings: Vec<(&'static str, String)>,
}

/// Counts cells against the limit.
#[derive(Debug, Default)]
struct Count {
    cells: usize,
    limits: Limits,
}

impl Count {
    fn new(limits: &Limits) -> Self {
        Count {
            cells: 0,
            limits: limits.clone(),
        }
    }

    fn add(&mut self) -> Result<()> {
        self.cells += 1;
        if self.cells > self.limits.cells {
            return Err(self.limits.over(Limit::Cells, "the number of cells"));
        }
        Ok(())
    }
}

/// Refuses a workbook of too many sheets before any is read.
fn check_sheets(count: usize, limits: &Limits) -> Result<()> {
    if count > limits.pages {
        return Err(limits.over(Limit::Pages, format!("the number of sheets, {count},")));
    }
    Ok(())
}

fn warn(document: &mut Document, code: &str, message: String) {
    document.warnings.push(Warning::new(code, message, Source::default()));
}

fn warn_of(sheet: &Sheet, document: &mut Document) {
    if sheet.visibility == Visibility::Hidden {
        let message = format!("工作表“{}”是隐藏的，已一并读入", sheet.name);
        warn(document, "hidden_sheet", message);
    }
    let (rows, columns) = sheet.hidden;
    if rows + columns > 0 {
        let message = format!("工作表“{}”有{rows}行、{columns}列隐藏而有内容，已一并读入", sheet.name);
        warn(document, "hidden_cells", message);
    }
    let places = |cells: &[(u32, u32)]| {
        const SAID: usize = 10;
        let names: Vec<String> = cells.iter().take(SAID).map(|at| formula::name(*at)).collect();
        let rest = if cells.len() > SAID { "等" } else { "" };
        format!("{}{rest}", names.join("、"))
    };
    let said = [
        (
            &sheet.commented,
            "comment_not_read",
            "个单元格的批注里有数字，批注未读入",
        ),
        (
            &sheet.not_shown,
            "cell_not_shown",
            "个单元格有内容而不显示（数字格式为空或白底白字），未读入",
        ),
        (
            &sheet.computed,
            "formula_computed",
            "个公式没有存下结果，已按公式算出，请在表格软件中重算核对",
        ),
        (
            &sheet.without_result,
            "formula_without_result",
            "个公式没有存下结果，此处也算不出，未读；请在表格软件中打开、重算并保存",
        ),
    ];
    for (cells, code, what) in said.into_iter().filter(|(cells, ..)| !cells.is_empty()) {
        let message = format!("工作表“{}”有{}{what}：{}", sheet.name, cells.len(), places(cells));
        warn(document, code, message);
    }
    if sheet.rounded > 0 {
        let message = format!(
            "工作表“{}”有{}个数按单元格格式显示时舍去了小数，此处按显示的数读取",
            sheet.name, sheet.rounded
        );
        warn(document, "rounded_by_format", message);
    }
}

/// Sheet1, 工作表1: the program's own names say nothing.
fn is_default_name(name: &str) -> bool {
    let stem = name.trim_end_matches(|c: char| c.is_ascii_digit());
    matches!(stem, "Sheet" | "sheet" | "工作表" | "表")
}
