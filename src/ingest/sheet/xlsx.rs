//! Office Open XML workbooks (ISO/IEC 29500-1 §18): the numbers as the file writes them, formats, merges, borders.

use super::drawing;
use super::formula::{Formulas, Stated};
use super::grid::{Entry, Region, Sheet, Visibility};
use super::seen::settle_formulas;
use super::strings::{RichText, TextReader, clean, shared_strings};
use super::styles::{CellStyle, Styles};
use super::{Book, COLUMNS, Count, MERGES, ROWS, check_sheets};
use crate::error::{Error, Result};
use crate::ingest::docx::limits::main_part;
use crate::ingest::docx::package::Package;
use crate::ingest::docx::xml::{Element, Node, Xml};
use crate::model::Limits;
use std::collections::BTreeSet;

pub(super) fn read(bytes: &[u8], limits: &Limits) -> Result<Book> {
    let mut package = Package::open(bytes, limits)?;
    let stated = package.relationships("")?.unwrap_or_default();
    let main = stated
        .into_iter()
        .find(|r| r.kind == "officeDocument")
        .map(|r| r.target);
    let main = main
        .filter(|name| package.has(name))
        .unwrap_or_else(|| "xl/workbook.xml".to_owned());
    if main.ends_with(".bin") || !package.has(&main) && package.has("xl/workbook.bin") {
        return Err(Error::unsupported(
            "a binary Excel workbook (.xlsb)",
            "open it in Excel or WPS and save it as .xlsx",
        ));
    }
    let related = package.relationships(&main)?.unwrap_or_default();
    let part_of = |kind: &str| related.iter().find(|r| r.kind == kind).map(|r| r.target.clone());

    let (entries, since_1904) = match package.part(&main)? {
        Some(mut xml) => workbook(&mut xml)?,
        None => return Err(Error::damaged("the workbook part is missing").in_part(main)),
    };
    let mut book = Book::default();
    let strings = match part_of("sharedStrings") {
        Some(name) => match package.part_within(&name, main_part(limits))? {
            Some(mut xml) => shared_strings(&mut xml)?,
            None => Vec::new(),
        },
        None => Vec::new(),
    };
    let mut styles = Styles::default();
    if let Some(name) = part_of("styles")
        && let Some(mut xml) = package.part(&name)?
        && let Err(error) = styles.read(&mut xml)
    {
        let message = format!("样式部件读不完整，百分数和日期可能按原始数值读出：{error}");
        book.warnings.push(("styles_unreadable", message));
    }
    check_sheets(entries.len(), limits)?;
    let mut count = Count::new(limits);
    let mut formulas = Formulas::default();
    for (name, visibility, id) in entries {
        let target = related.iter().find(|r| r.id == id && r.kind == "worksheet");
        let Some(target) = target.map(|r| r.target.clone()) else {
            continue;
        };
        let mut sheet = Sheet {
            name,
            visibility,
            ..Sheet::default()
        };
        let Some(mut xml) = package.part_within(&target, main_part(limits))? else {
            return Err(Error::damaged("the part of a sheet is missing").in_part(target));
        };
        let context = Context {
            strings: &strings,
            styles: &styles,
            since_1904,
        };
        formulas.start_sheet(&sheet.name);
        SheetReader::new(&context, &mut sheet, &mut count, &mut formulas)
            .read(&mut xml)
            .map_err(|e| xml.locate(e))?;
        drop(xml);
        // A workbook whose drawings are damaged is read all the same.
        if let Err(error) = drawing::read(&mut package, &target, &mut sheet) {
            let message = format!("工作表“{}”的文本框和批注读不完整：{error}", sheet.name);
            book.warnings.push(("drawing_unreadable", message));
        }
        book.sheets.push(sheet);
    }
    settle_formulas(formulas, |style| styles.of(style), since_1904, &mut book);
    Ok(book)
}

type SheetEntry = (String, Visibility, String);

/// Names, visibility and relationship ids of the sheets, and whether days count from 1904.
fn workbook(xml: &mut Xml<'_>) -> Result<(Vec<SheetEntry>, bool)> {
    let mut sheets = Vec::new();
    let mut since_1904 = false;
    loop {
        match xml.next()? {
            Node::Open(element) => match element.local() {
                "sheet" => {
                    let visibility = match element.attr("state")?.as_deref() {
                        Some("hidden") => Visibility::Hidden,
                        Some("veryHidden") => Visibility::VeryHidden,
                        _ => Visibility::Visible,
                    };
                    let name = element.attr("name")?.unwrap_or_default().into_owned();
                    let id = element.attr("id")?.unwrap_or_default().into_owned();
                    sheets.push((name, visibility, id));
                }
                "workbookPr" => since_1904 = on(&element, "date1904")?,
                _ => {}
            },
            Node::End => return Ok((sheets, since_1904)),
            _ => {}
        }
    }
}

pub(super) fn on(element: &Element<'_>, name: &str) -> Result<bool> {
    Ok(element
        .attr(name)?
        .is_some_and(|v| matches!(v.as_ref(), "1" | "true" | "on")))
}

struct Context<'c> {
    strings: &'c [RichText],
    styles: &'c Styles,
    since_1904: bool,
}

/// The cell under way.
#[derive(Default)]
struct CellState {
    at: (u32, u32),
    kind: String,
    style: usize,
    value: String,
    text: TextReader,
    formula: Option<Stated>,
}

struct SheetReader<'s, 'c> {
    context: &'s Context<'c>,
    sheet: &'s mut Sheet,
    count: &'s mut Count,
    row: u32,
    column: u32,
    hidden_rows: BTreeSet<u32>,
    hidden_columns: Vec<(u32, u32)>,
    cell: Option<CellState>,
    /// Where text goes: `v`, `t` or `f`.
    target: Option<char>,
    formulas: &'s mut Formulas,
    /// Colours may be painted by a table's style or a condition.
    is_painted: bool,
}

impl<'s, 'c> SheetReader<'s, 'c> {
    fn new(context: &'s Context<'c>, sheet: &'s mut Sheet, count: &'s mut Count, formulas: &'s mut Formulas) -> Self {
        SheetReader {
            context,
            sheet,
            count,
            row: 0,
            column: 0,
            hidden_rows: BTreeSet::new(),
            hidden_columns: Vec::new(),
            cell: None,
            target: None,
            formulas,
            is_painted: false,
        }
    }

    fn read(mut self, xml: &mut Xml<'_>) -> Result<()> {
        loop {
            let mut skip = false;
            match xml.next()? {
                Node::Open(element) => {
                    self.is_painted |= matches!(element.local(), "conditionalFormatting" | "tablePart" | "picture");
                    // Readings, header texts and the like are no cells.
                    skip = matches!(
                        element.local(),
                        "rPh" | "headerFooter" | "extLst" | "conditionalFormatting" | "dataValidations"
                    ) && !element.is_empty;
                    self.open(&element)?;
                }
                Node::Close => self.target = None,
                Node::Text(text) => self.text(&text),
                Node::Char(c) => self.text(c.encode_utf8(&mut [0; 4])),
                Node::End => break,
            }
            if skip {
                xml.skip()?;
            }
        }
        self.end_cell()?;
        self.sheet.hide_white(self.is_painted);
        let texts = |entry: &&Entry| !entry.text.trim().is_empty();
        let cells = &self.sheet.cells;
        let rows = self.hidden_rows.iter();
        let rows = rows.filter(|row| cells.range((**row, 0)..=(**row, u32::MAX)).any(|(_, e)| texts(&e)));
        let rows = rows.count();
        let used: BTreeSet<u32> = cells
            .iter()
            .filter(|(_, e)| texts(e))
            .map(|((_, col), _)| *col)
            .collect();
        let hidden = |col: &&u32| self.hidden_columns.iter().any(|(from, to)| (from..=to).contains(col));
        self.sheet.hidden = (rows, used.iter().filter(hidden).count());
        Ok(())
    }

    fn text(&mut self, text: &str) {
        if let (Some(cell), Some(target)) = (&mut self.cell, self.target) {
            match target {
                'v' => cell.value.push_str(text),
                'f' => cell.formula.get_or_insert_default().text.push_str(text),
                _ => cell.text.text(text),
            }
        }
    }

    fn open(&mut self, element: &Element<'_>) -> Result<()> {
        match element.local() {
            "row" => {
                self.end_cell()?;
                let stated = element.number("r")?.and_then(|r| u32::try_from(r).ok()?.checked_sub(1));
                self.row = stated.unwrap_or(self.row.saturating_add(1)).min(ROWS - 1);
                self.column = 0;
                if on(element, "hidden")? && self.hidden_rows.len() < ROWS as usize {
                    self.hidden_rows.insert(self.row);
                }
            }
            "c" => {
                self.end_cell()?;
                let stated = element.attr("r")?;
                let at = stated.as_deref().and_then(place).unwrap_or((self.row, self.column));
                self.column = at.1.saturating_add(1);
                self.cell = Some(CellState {
                    at,
                    kind: element.attr("t")?.unwrap_or_default().into_owned(),
                    style: element.number("s")?.and_then(|s| usize::try_from(s).ok()).unwrap_or(0),
                    ..CellState::default()
                });
            }
            "v" if !element.is_empty => self.target = Some('v'),
            "t" if !element.is_empty => self.target = Some('t'),
            "f" => {
                if let Some(cell) = &mut self.cell {
                    let shared = element.attr("t")?.is_some_and(|kind| kind == "shared");
                    cell.formula = Some(Stated {
                        text: String::new(),
                        shared: if shared { element.number("si")? } else { None },
                    });
                    self.target = (!element.is_empty).then_some('f');
                }
            }
            "r" | "rPr" | "strike" | "vertAlign" | "color" | "sz" => {
                if let Some(cell) = &mut self.cell {
                    cell.text.element(element)?;
                }
            }
            "col" if on(element, "hidden")? => {
                let bound = |name| {
                    Ok(element
                        .number(name)?
                        .and_then(|n| u32::try_from(n).ok()?.checked_sub(1)))
                };
                if let (Some(from), Some(to)) = (bound("min")?, bound("max")?)
                    && self.hidden_columns.len() < COLUMNS as usize
                {
                    self.hidden_columns.push((from, to));
                }
            }
            "mergeCell" => {
                self.end_cell()?;
                if self.sheet.merges.len() >= MERGES {
                    return Err(Error::limit("the number of merged cells", MERGES.to_string()));
                }
                self.sheet
                    .merges
                    .extend(element.attr("ref")?.as_deref().and_then(region));
            }
            "sheetData" | "mergeCells" => self.end_cell()?,
            _ => {}
        }
        Ok(())
    }

    fn end_cell(&mut self) -> Result<()> {
        let Some(cell) = self.cell.take() else {
            return Ok(());
        };
        self.target = None;
        let styles = self.context.styles;
        let style = styles.of(cell.style);
        let at = cell.at;
        let ruled = style.ruled;
        self.note_formula(&cell);
        let text = self.shown(cell, style)?;
        if text.trim().is_empty() && !ruled {
            return Ok(());
        }
        self.count.add()?;
        self.sheet.cells.insert(at, Entry { text, ruled });
        Ok(())
    }

    /// Keeps what formulas may ask for.
    fn note_formula(&mut self, cell: &CellState) {
        let number = matches!(cell.kind.as_str(), "" | "n");
        let value = cell.value.trim();
        if !number && cell.formula.is_some() {
            self.formulas.computed();
        }
        match &cell.formula {
            Some(formula) if number => self.formulas.formula(cell.at, formula, value, cell.style),
            None if number && !value.is_empty() => self.formulas.number(cell.at, value),
            _ if cell.kind == "e" => self.formulas.error(cell.at),
            _ if !value.is_empty() || !cell.text.is_empty() => self.formulas.words(cell.at),
            _ => {}
        }
    }

    /// What the cell shows.
    fn shown(&mut self, mut cell: CellState, style: &CellStyle) -> Result<String> {
        let value = cell.value.trim();
        let rich = match cell.kind.as_str() {
            "s" if value.is_empty() => RichText::default(),
            "s" => {
                let string = value
                    .parse::<usize>()
                    .ok()
                    .and_then(|index| self.context.strings.get(index));
                let missing = || Error::damaged("a cell names a text that the workbook does not have");
                return Ok(self.sheet.text(cell.at, style, string.ok_or_else(missing)?, false));
            }
            "inlineStr" => cell.text.take(),
            "str" | "e" | "d" => RichText::plain(clean(&cell.value)),
            "b" => RichText::plain(if value == "1" { "TRUE" } else { "FALSE" }.to_owned()),
            _ if value.is_empty() => cell.text.take(),
            _ => return Ok(self.sheet.number(cell.at, style, value, self.context.since_1904)),
        };
        Ok(self.sheet.text(cell.at, style, &rich, cell.kind == "e"))
    }
}

/// `B12` as row and column from 0.
pub(super) fn place(name: &str) -> Option<(u32, u32)> {
    let name = name.trim();
    let split = name.find(|c: char| c.is_ascii_digit())?;
    let (letters, digits) = name.split_at(split);
    let mut column = 0u32;
    for letter in letters.bytes() {
        let letter = letter.to_ascii_uppercase();
        if !letter.is_ascii_uppercase() {
            return None;
        }
        column = column.checked_mul(26)?.checked_add(u32::from(letter - b'A') + 1)?;
    }
    let (row, column) = (digits.parse::<u32>().ok()?.checked_sub(1)?, column.checked_sub(1)?);
    (row < ROWS && column < COLUMNS).then_some((row, column))
}

/// `B2:D5`.
fn region(name: &str) -> Option<Region> {
    let (first, last) = name.split_once(':')?;
    let ((r1, c1), (r2, c2)) = (place(first)?, place(last)?);
    Some((r1, c1, r2, c2))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_and_regions() {
        assert_eq!(place("A1"), Some((0, 0)));
        assert_eq!(place("AB12"), Some((11, 27)));
        assert_eq!(place("XFD1048576"), Some((1_048_575, 16_383)));
        for bad in ["", "A", "1", "A0", "XFE1", "A1048577", "-1", "ZZZZZZZZ1"] {
            assert_eq!(place(bad), None, "{bad}");
        }
        assert_eq!(region("B2:D5"), Some((1, 1, 4, 3)));
    }
}
