//! OpenDocument spreadsheets (ISO/IEC 26300-1 §9): cells carry the text that they show.

use super::grid::{Entry, Sheet, Visibility};
use super::number::Decimal;
use super::{Book, COLUMNS, Count, MERGES, ROWS, check_sheets};
use crate::error::{Error, ErrorKind, Result};
use crate::ingest::docx::limits::main_part;
use crate::ingest::docx::package::Package;
use crate::ingest::docx::xml::{Element, Node};
use crate::model::Limits;
use std::collections::BTreeSet;

pub(super) fn read(bytes: &[u8], limits: &Limits) -> Result<Book> {
    let mut package = Package::open(bytes, limits)?;
    if let Some(mut manifest) = package.part("META-INF/manifest.xml")? {
        loop {
            match manifest.next()? {
                Node::Open(element) if element.local() == "encryption-data" => {
                    let what = "an OpenDocument spreadsheet with a password; open it and save it without one";
                    return Err(Error::new(ErrorKind::Encrypted(what.to_owned())));
                }
                Node::End => break,
                _ => {}
            }
        }
    }
    let Some(mut xml) = package.part_within("content.xml", main_part(limits))? else {
        return Err(Error::damaged("the part with the sheets is missing").in_part("content.xml"));
    };
    let mut reader = BookReader {
        count: Count::new(limits),
        ..BookReader::default()
    };
    loop {
        let mut skip = false;
        let outcome = match xml.next()? {
            Node::Open(element) => {
                // Comments and what was changed are no content.
                skip = matches!(element.local(), "annotation" | "tracked-changes" | "shapes" | "forms")
                    && !element.is_empty;
                if skip { Ok(()) } else { reader.open(&element) }
            }
            Node::Close => reader.close(),
            Node::Text(text) => {
                reader.text(&text);
                Ok(())
            }
            Node::Char(c) => {
                reader.text(c.encode_utf8(&mut [0; 4]));
                Ok(())
            }
            Node::End => break,
        };
        outcome.map_err(|e| xml.locate(e))?;
        if skip {
            xml.skip()?;
        }
    }
    check_sheets(reader.sheets.len(), limits)?;
    Ok(Book {
        sheets: reader.sheets,
        ..Book::default()
    })
}

#[derive(Default)]
struct CellState {
    repeated: u32,
    rows: u32,
    columns: u32,
    kind: String,
    value: String,
    ruled: bool,
    text: String,
    started: bool,
}

#[derive(Default)]
struct BookReader {
    sheets: Vec<Sheet>,
    count: Count,
    /// Local names of the open elements.
    open: Vec<String>,
    /// Cell styles with a border, and the table styles that hide.
    ruled: BTreeSet<String>,
    hiding: BTreeSet<String>,
    style: String,
    row: u32,
    column: u32,
    row_repeated: u32,
    row_hidden: bool,
    /// Cells of the row under way.
    cells: Vec<(u32, Entry)>,
    cell: Option<CellState>,
    /// Columns that are declared hidden.
    declared: u32,
    hidden_columns: Vec<(u32, u32)>,
    hidden_rows: usize,
}

fn repeats(element: &Element<'_>, name: &str) -> Result<u32> {
    Ok(element
        .number(name)?
        .and_then(|n| u32::try_from(n).ok())
        .unwrap_or(1)
        .max(1))
}

impl BookReader {
    fn open(&mut self, element: &Element<'_>) -> Result<()> {
        match element.local() {
            "style" => self.style = element.attr("name")?.unwrap_or_default().into_owned(),
            "table-cell-properties" => {
                for side in ["border", "border-top", "border-bottom", "border-left", "border-right"] {
                    if element.attr(side)?.is_some_and(|border| !border.contains("none")) {
                        self.ruled.insert(self.style.clone());
                    }
                }
            }
            "table-properties" if element.attr("display")?.as_deref() == Some("false") => {
                self.hiding.insert(self.style.clone());
            }
            "table" if !self.open.iter().any(|name| name == "table") => {
                let style = element.attr("style-name")?.unwrap_or_default();
                let hidden = self.hiding.contains(style.as_ref());
                self.sheets.push(Sheet {
                    name: element.attr("name")?.unwrap_or_default().into_owned(),
                    visibility: if hidden {
                        Visibility::Hidden
                    } else {
                        Visibility::Visible
                    },
                    ..Sheet::default()
                });
                self.row = 0;
                self.declared = 0;
                self.hidden_columns.clear();
                self.hidden_rows = 0;
            }
            "table-column" => {
                let count = repeats(element, "number-columns-repeated")?;
                let end = self.declared.saturating_add(count);
                let hidden = element.attr("visibility")?.is_some_and(|v| v != "visible");
                if hidden && self.hidden_columns.len() < COLUMNS as usize {
                    self.hidden_columns.push((self.declared, end));
                }
                self.declared = end;
            }
            "table-row" => {
                self.row_repeated = repeats(element, "number-rows-repeated")?;
                self.row_hidden = element.attr("visibility")?.is_some_and(|v| v != "visible");
                self.column = 0;
                self.cells.clear();
            }
            "table-cell" => self.open_cell(element, false)?,
            "covered-table-cell" => self.open_cell(element, true)?,
            "p" => {
                if let Some(cell) = &mut self.cell {
                    if cell.started {
                        cell.text.push('\n');
                    }
                    cell.started = true;
                }
            }
            "s" => {
                let count = repeats(element, "c")?.min(100);
                self.text(&" ".repeat(count as usize));
            }
            "tab" => self.text("\t"),
            "line-break" => self.text("\n"),
            _ => {}
        }
        if element.is_empty {
            self.end(element.local().to_owned().as_str())?;
        } else {
            self.open.push(element.local().to_owned());
        }
        Ok(())
    }

    fn close(&mut self) -> Result<()> {
        match self.open.pop() {
            Some(name) => self.end(&name),
            None => Ok(()),
        }
    }

    fn text(&mut self, text: &str) {
        let in_paragraph = self.open.iter().rev().any(|name| name == "p");
        if let Some(cell) = self.cell.as_mut().filter(|_| in_paragraph) {
            cell.text.push_str(text);
        }
    }

    fn open_cell(&mut self, element: &Element<'_>, covered: bool) -> Result<()> {
        let style = element.attr("style-name")?.unwrap_or_default();
        let mut value = String::new();
        for name in ["value", "date-value"] {
            if let Some(found) = element.attr(name)? {
                value = found.into_owned();
            }
        }
        self.cell = Some(CellState {
            repeated: repeats(element, "number-columns-repeated")?,
            rows: if covered {
                1
            } else {
                repeats(element, "number-rows-spanned")?
            },
            columns: if covered {
                1
            } else {
                repeats(element, "number-columns-spanned")?
            },
            kind: element.attr("value-type")?.unwrap_or_default().into_owned(),
            value,
            ruled: self.ruled.contains(style.as_ref()),
            ..CellState::default()
        });
        Ok(())
    }

    fn end(&mut self, name: &str) -> Result<()> {
        match name {
            "table-cell" | "covered-table-cell" => self.end_cell(),
            "table-row" => self.end_row(),
            "table" if !self.open.iter().any(|name| name == "table") => {
                if let Some(sheet) = self.sheets.last_mut() {
                    let used = sheet.cells.iter().filter(|(_, entry)| !entry.text.trim().is_empty());
                    let used: BTreeSet<u32> = used.map(|((_, col), _)| *col).collect();
                    let hidden = |col: &&u32| self.hidden_columns.iter().any(|(from, end)| (from..end).contains(col));
                    sheet.hidden = (self.hidden_rows, used.iter().filter(hidden).count());
                }
                Ok(())
            }
            _ => Ok(()),
        }
    }

    fn end_cell(&mut self) -> Result<()> {
        let Some(cell) = self.cell.take() else {
            return Ok(());
        };
        let text = shown(&cell);
        let start = self.column;
        self.column = start.saturating_add(cell.repeated).min(COLUMNS);
        if (cell.rows > 1 || cell.columns > 1)
            && let Some(sheet) = self.sheets.last_mut()
        {
            if sheet.merges.len() >= MERGES {
                return Err(Error::limit("the number of merged cells", MERGES.to_string()));
            }
            let last_row = self.row.saturating_add(cell.rows - 1).min(ROWS - 1);
            let last_col = start.saturating_add(cell.columns - 1).min(COLUMNS - 1);
            sheet.merges.push((self.row, start, last_row, last_col));
        }
        if text.trim().is_empty() && (!cell.ruled || cell.repeated > 1_000) {
            return Ok(());
        }
        for column in start..self.column {
            self.count.add()?;
            let entry = Entry {
                text: text.clone(),
                ruled: cell.ruled,
            };
            self.cells.push((column, entry));
        }
        Ok(())
    }

    fn end_row(&mut self) -> Result<()> {
        let has_text = self.cells.iter().any(|(_, entry)| !entry.text.trim().is_empty());
        // Empty rows with borders to the sheet's end are no rows of a table.
        let rows = if has_text || self.row_repeated <= 100 {
            self.row_repeated
        } else {
            0
        };
        let end = self.row.saturating_add(self.row_repeated).min(ROWS);
        if let Some(sheet) = self.sheets.last_mut().filter(|_| !self.cells.is_empty()) {
            for row in self.row..self.row.saturating_add(rows).min(ROWS) {
                for (column, entry) in &self.cells {
                    if row > self.row {
                        self.count.add()?;
                    }
                    sheet.cells.insert((row, *column), entry.clone());
                }
                self.hidden_rows += usize::from(self.row_hidden && has_text);
            }
        }
        self.row = end;
        self.cells.clear();
        Ok(())
    }
}

/// What the cell shows. Dates stand with the year first and figures with their sign, whatever the format does.
fn shown(cell: &CellState) -> String {
    let text = cell.text.trim();
    match cell.kind.as_str() {
        "date" if !text.contains('年') && !cell.value.is_empty() => {
            let day = cell.value.split('T').next().unwrap_or_default();
            day.to_owned()
        }
        "float" | "percentage" | "currency" => {
            let value = Decimal::parse(&cell.value);
            let negative = value.as_ref().is_some_and(Decimal::is_negative);
            if text.is_empty() || text.starts_with('#') {
                return value.and_then(|value| value.plain()).unwrap_or_else(|| text.to_owned());
            }
            let bare = text.trim_start_matches(['¥', '￥', '$', ' ']);
            if negative && !text.contains(['-', '−', '－']) {
                return format!("-{}", bare.trim_matches(['(', ')', '（', '）']));
            }
            bare.to_owned()
        }
        _ => text.to_owned(),
    }
}
