//! Office Open XML workbooks (ISO/IEC 29500-1 §18): the numbers as the file writes them, formats, merges, borders.

use super::grid::{Entry, Region, Sheet, Visibility};
use super::number::Format;
use super::{Book, COLUMNS, Count, MERGES, ROWS, check_sheets};
use crate::error::{Error, Result};
use crate::ingest::docx::limits::main_part;
use crate::ingest::docx::package::Package;
use crate::ingest::docx::xml::{Element, Node, Xml};
use crate::model::Limits;
use std::collections::{BTreeMap, BTreeSet};

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
        SheetReader::new(&context, &mut sheet, &mut count)
            .read(&mut xml)
            .map_err(|e| xml.locate(e))?;
        book.sheets.push(sheet);
    }
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

fn on(element: &Element<'_>, name: &str) -> Result<bool> {
    Ok(element
        .attr(name)?
        .is_some_and(|v| matches!(v.as_ref(), "1" | "true" | "on")))
}

/// Shared strings; the readings above characters (phonetics) are left out.
fn shared_strings(xml: &mut Xml<'_>) -> Result<Vec<String>> {
    let mut strings = Vec::new();
    let mut text: Option<String> = None;
    let mut in_text = false;
    loop {
        let mut skip = false;
        match xml.next()? {
            Node::Open(element) => match element.local() {
                "si" if element.is_empty => strings.push(String::new()),
                "si" => text = Some(String::new()),
                "t" => in_text = !element.is_empty,
                "rPh" => skip = !element.is_empty,
                _ => {}
            },
            // Inside <si> only <t> holds text, and <si> closes outside of it.
            Node::Close if in_text => in_text = false,
            Node::Close => {}
            Node::Text(piece) if in_text => {
                if let Some(text) = &mut text {
                    text.push_str(&piece);
                }
            }
            Node::Char(c) if in_text => {
                if let Some(text) = &mut text {
                    text.push(c);
                }
            }
            Node::Text(_) | Node::Char(_) => {}
            Node::End => {
                strings.extend(text.map(|t| clean(&t)));
                return Ok(strings);
            }
        }
        if skip {
            xml.skip()?;
        }
        // The next <si> settles the one before.
        if let Some(done) = text.take_if(|_| xml.depth() == 1) {
            strings.push(clean(&done));
        }
    }
}

/// `_x000D_` stands for a carriage return (§22.9.2.19); only control characters are written so in practice.
fn clean(text: &str) -> String {
    text.replace("_x000D_", "")
        .replace("_x000A_", "\n")
        .replace("\r\n", "\n")
        .replace('\r', "\n")
}

/// Format and border of each cell style.
#[derive(Debug, Default)]
struct Styles {
    formats: Vec<Format>,
    ruled: Vec<bool>,
}

impl Styles {
    fn read(&mut self, xml: &mut Xml<'_>) -> Result<()> {
        let mut codes: BTreeMap<i64, Format> = BTreeMap::new();
        let mut borders: Vec<bool> = Vec::new();
        let (mut in_borders, mut in_styles) = (false, false);
        loop {
            match xml.next()? {
                Node::Open(element) => match element.local() {
                    "numFmt" => {
                        if let Some(id) = element.number("numFmtId")? {
                            let code = element.attr("formatCode")?.unwrap_or_default();
                            codes.entry(id).or_insert_with(|| Format::of(&code));
                        }
                    }
                    "borders" => in_borders = true,
                    "fills" | "fonts" | "cellStyleXfs" | "cellStyles" | "dxfs" => {
                        in_borders = false;
                        in_styles = false;
                    }
                    "cellXfs" => {
                        in_borders = false;
                        in_styles = true;
                    }
                    "border" if in_borders => borders.push(false),
                    "left" | "right" | "top" | "bottom" | "start" | "end" if in_borders => {
                        let drawn = element.attr("style")?.is_some_and(|style| style != "none");
                        if let Some(border) = borders.last_mut() {
                            *border |= drawn;
                        }
                    }
                    "xf" if in_styles => {
                        let id = element.number("numFmtId")?.unwrap_or(0);
                        let builtin = || Format::builtin(u32::try_from(id).unwrap_or(0));
                        self.formats.push(codes.get(&id).cloned().unwrap_or_else(builtin));
                        let border = element.number("borderId")?.and_then(|i| usize::try_from(i).ok());
                        self.ruled
                            .push(border.and_then(|i| borders.get(i)).copied().unwrap_or(false));
                    }
                    _ => {}
                },
                Node::End => return Ok(()),
                _ => {}
            }
        }
    }
}

struct Context<'c> {
    strings: &'c [String],
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
    text: String,
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
    /// Where text goes: `v` or `t`.
    target: Option<char>,
}

impl<'s, 'c> SheetReader<'s, 'c> {
    fn new(context: &'s Context<'c>, sheet: &'s mut Sheet, count: &'s mut Count) -> Self {
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
        }
    }

    fn read(mut self, xml: &mut Xml<'_>) -> Result<()> {
        loop {
            let mut skip = false;
            match xml.next()? {
                Node::Open(element) => {
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
                _ => cell.text.push_str(text),
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
        let ruled = styles.ruled.get(cell.style).copied().unwrap_or(false);
        let text = match cell.kind.as_str() {
            "s" => {
                let index = cell.value.trim().parse::<usize>().ok();
                let string = index.and_then(|index| self.context.strings.get(index));
                match (string, cell.value.trim().is_empty()) {
                    (Some(string), _) => string.clone(),
                    (None, true) => String::new(),
                    (None, false) => return Err(Error::damaged("a cell names a text that the workbook does not have")),
                }
            }
            "inlineStr" => clean(&cell.text),
            "str" | "e" | "d" => clean(&cell.value),
            "b" => if cell.value.trim() == "1" { "TRUE" } else { "FALSE" }.to_owned(),
            _ if cell.value.trim().is_empty() => clean(&cell.text),
            _ => {
                let format = styles.formats.get(cell.style).unwrap_or(&Format::General);
                match format.show(&cell.value, self.context.since_1904) {
                    Some(shown) => {
                        self.sheet.rounded += usize::from(shown.rounded);
                        shown.text
                    }
                    None => cell.value.trim().to_owned(),
                }
            }
        };
        if text.trim().is_empty() && !ruled {
            return Ok(());
        }
        self.count.add()?;
        self.sheet.cells.insert(cell.at, Entry { text, ruled });
        Ok(())
    }
}

/// `B12` as row and column from 0.
fn place(name: &str) -> Option<(u32, u32)> {
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
