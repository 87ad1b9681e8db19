//! Legacy workbooks ([MS-XLS]): values by `calamine`; formats, borders and what is hidden by the records themselves,
//! which `calamine` does not hand over.

use super::drawing::put_box;
use super::formula::{Formulas, Stated};
use super::grid::{Entry, Sheet, Visibility};
use super::records::{Records, SheetRecords};
use super::seen::settle_formulas;
use super::strings::{RichText, clean};
use super::styles::NONE;
use super::{Book, Count, MERGES, check_sheets};
use crate::error::{Error, ErrorKind, Result};
use crate::model::Limits;
use calamine::{Data, Range, Reader, SheetType, SheetVisible, Xls, XlsError};
use std::collections::BTreeSet;
use std::io::{Cursor, Read};
use std::panic::{AssertUnwindSafe, catch_unwind};

pub(super) fn read(bytes: &[u8], limits: &Limits) -> Result<Book> {
    let mut book = Book::default();
    let stream = stream(bytes)?;
    // Sizes are looked at before calamine takes memory for them.
    let records = Records::read(&stream, limits)?;
    let mut workbook: Xls<_> = sound(|| Xls::new(Cursor::new(bytes)))?.map_err(|e| open_error(&e))?;
    let since_1904 = workbook.has_1904_epoch();
    let sheets = workbook.sheets_metadata().to_vec();
    check_sheets(sheets.len(), limits)?;
    let mut count = Count::new(limits);
    let mut formulas = Formulas::default();
    for (index, metadata) in sheets.iter().enumerate() {
        if metadata.typ != SheetType::WorkSheet {
            continue;
        }
        let mut sheet = Sheet {
            name: metadata.name.clone(),
            visibility: match metadata.visible {
                SheetVisible::Visible => Visibility::Visible,
                SheetVisible::Hidden => Visibility::Hidden,
                SheetVisible::VeryHidden => Visibility::VeryHidden,
            },
            ..Sheet::default()
        };
        let range = sound(|| workbook.worksheet_range(&metadata.name))?.map_err(|e| open_error(&e))?;
        // Without its formulas a workbook is read all the same.
        let written = sound(|| workbook.worksheet_formula(&metadata.name))
            .ok()
            .and_then(|written| written.ok());
        let written = written.unwrap_or_default();
        formulas.start_sheet(&metadata.name);
        let reader = SheetReader {
            records: &records,
            said: records.sheet(index),
            since_1904,
        };
        reader.cells(&range, &written, &mut sheet, &mut formulas, &mut count)?;
        reader.looks(&mut sheet, &mut count)?;
        if let Some(said) = records.sheet(index) {
            sheet.commented.clone_from(&said.commented);
            for (at, text) in &said.boxes {
                put_box(*at, text, &mut sheet);
            }
        }
        let merges = workbook.merge_cells_by_sheet_id(index).unwrap_or_default();
        if merges.len() > MERGES {
            return Err(Error::limit("the number of merged cells", MERGES.to_string()));
        }
        sheet.merges = merges
            .iter()
            .map(|m| (m.start.0, m.start.1, m.end.0, m.end.1))
            .collect();
        book.sheets.push(sheet);
    }
    settle_formulas(
        formulas,
        |style| records.style(u16::try_from(style).unwrap_or(u16::MAX)),
        since_1904,
        &mut book,
    );
    Ok(book)
}

/// What one sheet is read with.
struct SheetReader<'r> {
    records: &'r Records,
    said: Option<&'r SheetRecords>,
    since_1904: bool,
}

impl SheetReader<'_> {
    /// The values, as they are seen.
    fn cells(
        &self,
        range: &Range<Data>,
        written: &Range<String>,
        sheet: &mut Sheet,
        formulas: &mut Formulas,
        count: &mut Count,
    ) -> Result<()> {
        let (top, left) = range.start().unwrap_or((0, 0));
        for (row, column, value) in range.used_cells() {
            let at = (top.saturating_add(row as u32), left.saturating_add(column as u32));
            let index = self.said.and_then(|said| said.styles.get(&at)).copied();
            let style = index.map_or(NONE, |index| self.records.style(index));
            let number = match value {
                Data::Float(number) => Some(number.to_string()),
                Data::Int(number) => Some(number.to_string()),
                Data::DateTime(moment) => Some(moment.as_f64().to_string()),
                _ => None,
            };
            let formula = written.get_value(at).map(String::as_str).unwrap_or_default();
            let index = index.unwrap_or(u16::MAX);
            note(formulas, at, formula, number.as_deref(), value, index);
            let text = match (number, value) {
                (Some(number), _) => sheet.number(at, style, &number, self.since_1904),
                (_, Data::Bool(value)) => value.to_string().to_uppercase(),
                (_, Data::Error(error)) => error.to_string(),
                (_, Data::String(text) | Data::DateTimeIso(text) | Data::DurationIso(text)) => {
                    let numbered = self.said.and_then(|said| said.texts.get(&at));
                    match numbered.and_then(|number| self.records.rich(*number)) {
                        Some(rich) => sheet.text(at, style, rich, false),
                        None => sheet.text(at, style, &RichText::plain(clean(text)), false),
                    }
                }
                _ => continue,
            };
            if text.trim().is_empty() {
                continue;
            }
            count.add()?;
            sheet.cells.insert(at, Entry { text, ruled: false });
        }
        Ok(())
    }

    /// Borders, white letters, and what is hidden.
    fn looks(&self, sheet: &mut Sheet, count: &mut Count) -> Result<()> {
        sheet.hide_white(self.said.is_some_and(|said| said.is_painted));
        let Some(said) = self.said else {
            return Ok(());
        };
        for (at, style) in &said.styles {
            if self.records.style(*style).ruled {
                count.add()?;
                sheet.cells.entry(*at).or_default().ruled = true;
            }
        }
        let used = || sheet.cells.iter().filter(|(_, entry)| !entry.text.is_empty());
        let rows: BTreeSet<u32> = used().map(|((row, _), _)| *row).collect();
        let columns: BTreeSet<u32> = used().map(|((_, col), _)| *col).collect();
        let hidden_column = |col: &&u32| said.hidden_columns.iter().any(|(from, to)| (from..=to).contains(col));
        sheet.hidden = (
            rows.intersection(&said.hidden_rows).count(),
            columns.iter().filter(hidden_column).count(),
        );
        Ok(())
    }
}

/// Keeps what formulas may ask for.
fn note(formulas: &mut Formulas, at: (u32, u32), formula: &str, number: Option<&str>, value: &Data, style: u16) {
    match (formula.is_empty(), number, value) {
        (false, Some(number), _) => {
            let stated = Stated {
                text: formula.trim_start_matches('=').to_owned(),
                shared: None,
            };
            formulas.formula(at, &stated, number, usize::from(style));
        }
        (true, Some(number), _) => formulas.number(at, number),
        (_, _, Data::Error(_)) => formulas.error(at),
        (_, _, Data::Empty) => {}
        _ => formulas.words(at),
    }
    if !formula.is_empty() && number.is_none() {
        formulas.computed();
    }
}

/// Runs the library, which panics on records that contradict each other (fixtures/broken/iso-mulrk.xls).
fn sound<T>(work: impl FnOnce() -> T) -> Result<T> {
    // What it leaves half done is not used again.
    catch_unwind(AssertUnwindSafe(work))
        .map_err(|_| Error::damaged("broken workbook: its records contradict each other"))
}

/// The stream of the workbook.
fn stream(bytes: &[u8]) -> Result<Vec<u8>> {
    let broken = |e: std::io::Error| Error::damaged(format!("broken compound file: {e}"));
    let mut file = cfb::CompoundFile::open(Cursor::new(bytes)).map_err(broken)?;
    let name = ["/Workbook", "/Book", "/WORKBOOK", "/BOOK"]
        .into_iter()
        .find(|name| file.is_stream(name));
    let name = name.ok_or_else(|| Error::damaged("the stream of the workbook is missing"))?;
    let mut stream = Vec::new();
    let opened = file.open_stream(name).map_err(broken)?;
    opened
        .take(bytes.len() as u64 + 1)
        .read_to_end(&mut stream)
        .map_err(broken)?;
    if stream.len() > bytes.len() {
        return Err(Error::damaged("a stream longer than the file").in_part(name.trim_start_matches('/')));
    }
    Ok(stream)
}

pub(super) fn encrypted() -> Error {
    Error::new(ErrorKind::Encrypted(
        "an Excel workbook with a password; open it and save it without one".to_owned(),
    ))
}

fn open_error(error: &XlsError) -> Error {
    match error {
        XlsError::Password => encrypted(),
        other => Error::damaged(format!("broken workbook: {other}")),
    }
}
