//! OpenDocument spreadsheets (ISO/IEC 26300-1 §9): cells carry the text that they show.

use super::drawing::put_box;
use super::grid::{Entry, Sheet, Visibility};
use super::number::Decimal;
use super::{Book, COLUMNS, Count, MERGES, ROWS, check_sheets};
use crate::error::{Error, ErrorKind, Result};
use crate::ingest::docx::limits::main_part;
use crate::ingest::docx::package::Package;
use crate::ingest::docx::xml::{Element, Node};
use crate::ingest::looks::{Level, Line, Look};
use crate::model::{Limits, has_digit};
use std::collections::{BTreeMap, BTreeSet};

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
                // What was changed is no content.
                skip = matches!(element.local(), "tracked-changes" | "forms") && !element.is_empty;
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
    line: Line,
    /// What the cell's style says of its letters, and whether it has a colour.
    look: Look,
    painted: bool,
    /// Text was left out for its look.
    left_out: bool,
    /// A figure that a formula should give stands nowhere.
    formula: String,
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
    /// Looks of the styles of cells and runs, and those that paint something behind.
    looks: BTreeMap<String, Look>,
    painted: BTreeSet<String>,
    /// Looks of the open runs.
    runs: Vec<Look>,
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
    /// What the shapes and the comment under way say: they float over the cell that holds them.
    floating: String,
}

/// Shapes and comments (ISO/IEC 26300-1 §10.3, §14.1).
fn floats(name: &str) -> bool {
    matches!(
        name,
        "annotation"
            | "frame"
            | "custom-shape"
            | "rect"
            | "ellipse"
            | "circle"
            | "line"
            | "polyline"
            | "polygon"
            | "path"
            | "caption"
            | "connector"
    )
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
        if self.open.iter().any(|name| floats(name)) {
            return self.open_floating(element);
        }
        match element.local() {
            "style" => self.style = element.attr("name")?.unwrap_or_default().into_owned(),
            "span" if !element.is_empty => self.open_run(element)?,
            "text-properties" | "table-cell-properties" | "table-properties" => self.style_property(element)?,
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

    /// A run, with the look that its style gives it.
    fn open_run(&mut self, element: &Element<'_>) -> Result<()> {
        let style = element.attr("style-name")?.unwrap_or_default();
        let look = self.looks.get(style.as_ref()).copied().unwrap_or_default();
        let around = self.runs.last().copied().unwrap_or_default();
        self.runs.push(look.over(around));
        Ok(())
    }

    /// An element inside a shape or comment.
    fn open_floating(&mut self, element: &Element<'_>) -> Result<()> {
        match element.local() {
            "p" | "line-break" => self.floating.push('\n'),
            "tab" | "s" => self.floating.push(' '),
            "span" if !element.is_empty => self.open_run(element)?,
            _ => {}
        }
        if !element.is_empty {
            self.open.push(element.local().to_owned());
        }
        Ok(())
    }

    /// The end of a shape or comment that stands in no other.
    fn end_floating(&mut self, name: &str) {
        let text = std::mem::take(&mut self.floating);
        let column = self.cell.as_ref().map_or(0, |_| self.column);
        let row = self.cell.as_ref().map_or(0, |_| self.row);
        let Some(sheet) = self.sheets.last_mut() else { return };
        if name != "annotation" {
            put_box((row, column), &text, sheet);
        } else if has_digit(&text) {
            sheet.commented.push((row, column));
        }
    }

    /// What a style says of the cells, runs or tables that have it.
    fn style_property(&mut self, element: &Element<'_>) -> Result<()> {
        match element.local() {
            "text-properties" => {
                let look = look_of(element)?;
                if look != Look::default() {
                    self.looks.insert(self.style.clone(), look);
                }
            }
            "table-cell-properties" => {
                let colour = element.attr("background-color")?;
                let none = |colour: &str| matches!(colour, "transparent" | "#ffffff");
                if colour.is_some_and(|colour| !none(&colour)) {
                    self.painted.insert(self.style.clone());
                }
                for side in ["border", "border-top", "border-bottom", "border-left", "border-right"] {
                    if element.attr(side)?.is_some_and(|border| !border.contains("none")) {
                        self.ruled.insert(self.style.clone());
                    }
                }
            }
            "table-properties" if element.attr("display")?.as_deref() == Some("false") => {
                self.hiding.insert(self.style.clone());
            }
            _ => {}
        }
        Ok(())
    }

    fn close(&mut self) -> Result<()> {
        match self.open.pop() {
            Some(name) if self.open.iter().any(|name| floats(name)) => {
                if name == "span" {
                    self.runs.pop();
                }
                Ok(())
            }
            Some(name) if floats(&name) => {
                self.end_floating(&name);
                Ok(())
            }
            Some(name) => self.end(&name),
            None => Ok(()),
        }
    }

    fn text(&mut self, text: &str) {
        let in_paragraph = self.open.iter().rev().any(|name| name == "p");
        if self.open.iter().any(|name| floats(name)) {
            // The author and the date of a comment stand outside of its paragraphs.
            if in_paragraph {
                self.float(text);
            }
            return;
        }
        let run = self.runs.last().copied().unwrap_or_default();
        if let Some(cell) = self.cell.as_mut().filter(|_| in_paragraph) {
            let look = run.over(cell.look);
            let sheet = self.sheets.last_mut();
            match (look.unread(!cell.painted), sheet) {
                (Some(why), Some(sheet)) => {
                    cell.left_out = true;
                    sheet.unseen.note(why, text);
                }
                (None, Some(sheet)) if look.hidden != Some(true) => {
                    sheet.unseen.seen();
                    cell.line.push(&mut cell.text, text, run.level());
                }
                _ => cell.left_out = true,
            }
        }
    }

    /// Text of a shape or comment. What stands behind white letters is not known there.
    fn float(&mut self, text: &str) {
        let look = self.runs.last().copied().unwrap_or_default();
        match (look.unread(false), self.sheets.last_mut()) {
            (Some(why), Some(sheet)) => sheet.unseen.note(why, text),
            (None, Some(sheet)) => {
                sheet.unseen.seen();
                self.floating.push_str(text);
            }
            _ => {}
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
            look: self.looks.get(style.as_ref()).copied().unwrap_or_default(),
            painted: self.painted.contains(style.as_ref()),
            formula: element.attr("formula")?.unwrap_or_default().into_owned(),
            ..CellState::default()
        });
        Ok(())
    }

    fn end(&mut self, name: &str) -> Result<()> {
        match name {
            "span" => {
                self.runs.pop();
                Ok(())
            }
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
        let mut text = shown(&cell);
        let said_nothing = cell.text.trim().is_empty() && (cell.left_out || cell.started);
        if said_nothing && Decimal::parse(&cell.value).is_none_or(|value| !value.is_zero()) {
            if let Some(sheet) = self
                .sheets
                .last_mut()
                .filter(|_| !cell.left_out && !text.trim().is_empty())
            {
                sheet.not_shown.push((self.row, self.column));
            }
            if let Some(sheet) = self.sheets.last_mut().filter(|_| cell.left_out) {
                sheet.gone.insert(self.row);
            }
            text.clear();
        }
        // The program that wrote the formula did not compute it.
        let without = text.trim().is_empty() && !cell.formula.is_empty() && cell.kind.is_empty();
        if let Some(sheet) = self.sheets.last_mut().filter(|_| without) {
            text = super::seen::unsolved(&cell.formula);
            sheet.without_result.push((self.row, self.column));
        }
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

/// What the properties of letters say (ISO/IEC 26300-1 §16.29.28).
fn look_of(element: &Element<'_>) -> Result<Look> {
    let mut look = Look::default();
    if let Some(line) = element
        .attr("text-line-through-style")?
        .or(element.attr("text-line-through-type")?)
    {
        look.struck = Some(line != "none");
    }
    if let Some(position) = element.attr("text-position")? {
        let first = position.split_ascii_whitespace().next().unwrap_or_default();
        look.level = Some(match first {
            "super" => Level::Raised,
            "sub" => Level::Lowered,
            "0%" | "" => Level::Line,
            moved if moved.starts_with('-') => Level::Lowered,
            _ => Level::Raised,
        });
    }
    if let Some(colour) = element.attr("color")? {
        look.white = Some(colour.eq_ignore_ascii_case("#ffffff"));
    }
    if let Some(display) = element.attr("display")? {
        look.hidden = Some(display == "none");
    }
    Ok(look)
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
