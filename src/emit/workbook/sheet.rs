//! The workbook as rows: each sheet takes its rows in order and goes on in another sheet when it is full.

use super::columns::{Column, Kind, OPINIONS, Style};
use super::text;
use crate::emit::width;
use crate::error::{Error, ErrorKind, Result};
use crate::model::Exact;
use rust_xlsxwriter::{
    Color, DataValidation, DocProperties, ExcelDateTime, Format, FormatAlign, FormatBorder, IgnoreError, Url, Workbook,
    Worksheet, XlsxError,
};
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::io::Write;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};

/// How much a sheet holds before the next begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Capacity {
    /// Rows, the header included.
    pub rows: u32,
    /// Links.
    pub links: u32,
}

impl Capacity {
    /// Limits of the format (Excel specifications and limits: 1,048,576 rows, 65,530 links a sheet).
    pub const FORMAT: Capacity = Capacity {
        rows: 1_048_576,
        links: 65_530,
    };
}

/// Lines of text that a row shows at most; the rest shows when somebody makes the row higher.
const MAX_LINES: usize = 12;
/// Points of a line, and of the room above and below.
const LINE_HEIGHT: f64 = 14.0;
const ROW_MARGIN: f64 = 3.0;
/// Points of a row in the format, where nothing else is said.
const DEFAULT_HEIGHT: f64 = 15.0;
/// Points of a row of one line.
const ROW_HEIGHT: f64 = 18.0;
const FONT: &str = "宋体";
/// More XML than this in one sheet needs the large form of the package.
const LARGE: u64 = 3 << 30;

/// A row of the workbook, to link to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct RowPlace {
    kind: Kind,
    part: u16,
    row: u32,
}

impl RowPlace {
    /// Name of the row's sheet.
    pub fn sheet(self) -> String {
        sheet_name(self.kind, self.part)
    }

    /// The row as the program shows it, from 1.
    pub fn row(self) -> u32 {
        self.row + 1
    }
}

/// What stands in a cell.
#[derive(Debug, Clone, PartialEq)]
pub enum Cell<'a> {
    /// Nothing.
    Empty,
    /// What a document, or this program, says.
    Text(Cow<'a, str>),
    /// The same on a coloured ground.
    Marked(Cow<'a, str>, Mark),
    /// A count on a coloured ground.
    MarkedCount(u64, Mark),
    /// A figure with its decimals.
    Figure(Exact),
    /// A count or a year.
    Count(u64),
    /// A row of the workbook.
    Link(RowPlace, String),
}

impl<'a> Cell<'a> {
    /// A text.
    pub fn text(text: impl Into<Cow<'a, str>>) -> Self {
        Cell::Text(text.into())
    }

    /// A text that may be missing.
    pub fn maybe(text: Option<&'a str>) -> Self {
        text.map_or(Cell::Empty, Cell::text)
    }

    /// A figure that may be missing.
    pub fn figure(value: Option<Exact>) -> Self {
        value.map_or(Cell::Empty, Cell::Figure)
    }

    /// A count; nothing for none.
    pub fn some(count: usize) -> Self {
        if count == 0 {
            Cell::Empty
        } else {
            Cell::Count(count as u64)
        }
    }
}

/// Colours that say how grave something is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mark {
    /// Red.
    Error,
    /// Orange.
    Warning,
    /// Yellow.
    Info,
    /// Grey.
    Unknown,
    /// Green.
    Good,
}

impl Mark {
    const ALL: [Mark; 5] = [Mark::Error, Mark::Warning, Mark::Info, Mark::Unknown, Mark::Good];

    /// Ground and text.
    fn colours(self) -> (u32, u32) {
        match self {
            Mark::Error => (0xFFC7CE, 0x9C0006),
            Mark::Warning => (0xFCE4D6, 0x974706),
            Mark::Info => (0xFFF2CC, 0x7F6000),
            Mark::Unknown => (0xE7E6E6, 0x404040),
            Mark::Good => (0xE2EFDA, 0x375623),
        }
    }
}

struct Formats {
    header: Format,
    text: [Format; 5],
    /// As `text`, for texts that look like a formula: they stay text when somebody edits the cell.
    quoted: [Format; 5],
    /// By number of decimals.
    figures: Vec<Format>,
    marks: Vec<Format>,
    link: Format,
}

impl Formats {
    fn new() -> Self {
        let base = || {
            Format::new()
                .set_font_name(FONT)
                .set_font_size(10)
                .set_align(FormatAlign::VerticalCenter)
        };
        let text = [Style::Text, Style::Wrap, Style::Center, Style::Number, Style::Review].map(|style| match style {
            Style::Text => base().set_align(FormatAlign::Left).set_indent(1),
            Style::Wrap => base().set_align(FormatAlign::Left).set_indent(1).set_text_wrap(),
            Style::Center => base().set_align(FormatAlign::Center),
            Style::Number => base().set_align(FormatAlign::Right).set_indent(1),
            Style::Review => base().set_text_wrap().set_background_color(Color::RGB(0xFFFFE5)),
        });
        let decimals = |n: usize| {
            if n == 0 {
                "#,##0".to_owned()
            } else {
                format!("#,##0.{}", "0".repeat(n))
            }
        };
        let mark = |mark: &Mark| {
            let (ground, ink) = mark.colours();
            let format = base().set_align(FormatAlign::Center).set_bold();
            format
                .set_background_color(Color::RGB(ground))
                .set_font_color(Color::RGB(ink))
        };
        Formats {
            header: base()
                .set_bold()
                .set_font_color(Color::White)
                .set_background_color(Color::RGB(0x1F4E79))
                .set_align(FormatAlign::Center)
                .set_border(FormatBorder::Thin)
                .set_border_color(Color::RGB(0xBFBFBF))
                .set_text_wrap(),
            quoted: text.clone().map(Format::set_quote_prefix),
            figures: (0..=28)
                .map(|n| {
                    base()
                        .set_align(FormatAlign::Right)
                        .set_indent(1)
                        .set_num_format(decimals(n))
                })
                .collect(),
            marks: Mark::ALL.iter().map(mark).collect(),
            link: base()
                .set_indent(1)
                .set_font_color(Color::RGB(0x0563C1))
                .set_underline(rust_xlsxwriter::FormatUnderline::Single),
            text,
        }
    }

    fn of(&self, style: Style, quoted: bool) -> &Format {
        let formats = if quoted { &self.quoted } else { &self.text };
        &formats[style as usize]
    }
}

/// One sheet of the file.
struct Sheet {
    kind: Kind,
    part: u16,
    next_row: u32,
    links: u32,
    /// Height of the last row, in points.
    height: f64,
    bytes: u64,
    widths: Vec<usize>,
    /// Whether any row has something in the column.
    filled: Vec<bool>,
}

/// The workbook while it is written.
pub struct Book {
    path: PathBuf,
    workbook: Workbook,
    sheets: Vec<Sheet>,
    /// Sheet that takes the rows of each kind, by [`Kind::ALL`].
    current: [usize; Kind::ALL.len()],
    formats: Formats,
    capacity: Capacity,
    broken: bool,
}

impl Book {
    /// A workbook with its empty sheets; rows wait in nameless files in `folder` until [`Book::save`].
    ///
    /// # Errors
    /// Those of the file system.
    pub fn new(path: PathBuf, folder: &Path, capacity: Capacity) -> Result<Self> {
        let mut workbook = Workbook::new();
        workbook
            .set_tempdir(folder)
            .map_err(|error| write_error(&path, &error))?;
        // The size hardly grows against the usual 6, and the time is half.
        workbook.set_zip_compression_level(2);
        let mut book = Book {
            path,
            workbook,
            sheets: Vec::new(),
            current: [0; Kind::ALL.len()],
            formats: Formats::new(),
            capacity,
            broken: false,
        };
        for kind in Kind::ALL {
            book.begin(kind, 1)?;
        }
        Ok(book)
    }

    /// Adds a row to a sheet; one cell a column, missing ones stay empty.
    ///
    /// # Errors
    /// Those of the file system.
    pub fn add(&mut self, kind: Kind, cells: &[Cell<'_>]) -> Result<RowPlace> {
        debug_assert!(cells.len() <= kind.columns().len(), "{kind:?}");
        let links = cells.iter().filter(|cell| matches!(cell, Cell::Link(..))).count() as u32;
        let sheet = &self.sheets[self.current[kind as usize]];
        if sheet.next_row >= self.capacity.rows || sheet.links + links > self.capacity.links {
            let part = sheet.part + 1;
            self.begin(kind, part)?;
        }
        self.guarded(|book| {
            let index = book.current[kind as usize];
            let sheet = &mut book.sheets[index];
            let worksheet = book.workbook.worksheet_from_index(index)?;
            let row = sheet.next_row;
            sheet.next_row += 1;
            sheet.links += links;
            let mut lines = 1;
            for (at, (cell, column)) in cells.iter().zip(kind.columns()).enumerate() {
                let written = write(worksheet, &book.formats, row, at as u16, cell, column)?;
                if written.bytes == 0 {
                    continue;
                }
                sheet.filled[at] = true;
                sheet.widths[at] = sheet.widths[at].max(written.width.min(column.widest));
                sheet.bytes += 64 + written.bytes as u64;
                lines = lines.max(written.lines);
            }
            // The row goes to disk with the default height of the moment in which the next row begins. So each row gets its
            // height without one being kept in memory for every row.
            sheet.height = row_height(lines);
            worksheet.set_default_row_height(sheet.height);
            Ok(RowPlace {
                kind,
                part: sheet.part,
                row,
            })
        })
    }

    /// Writes the file.
    ///
    /// # Errors
    /// Those of the file system.
    pub fn save(mut self, title: &str, out: impl Write + Send) -> Result<()> {
        self.guarded(|book| {
            for (index, sheet) in book.sheets.iter().enumerate() {
                finish_sheet(book.workbook.worksheet_from_index(index)?, sheet)?;
            }
            // Sheets that were begun when the first were full stand at the end until here.
            let mut order: Vec<usize> = (0..book.sheets.len()).collect();
            order.sort_by_key(|i| (book.sheets[*i].kind, book.sheets[*i].part));
            let worksheets = book.workbook.worksheets_mut();
            let mut taken: Vec<Option<Worksheet>> = worksheets.drain(..).map(Some).collect();
            worksheets.extend(order.into_iter().filter_map(|i| taken[i].take()));
            let bytes: u64 = book.sheets.iter().map(|s| s.bytes).max().unwrap_or(0);
            book.workbook.use_zip_large_file(bytes > LARGE);
            // The same records give the same bytes: the day says nothing and so is always the same.
            let day = ExcelDateTime::from_ymd(2000, 1, 1)?;
            let properties = DocProperties::new()
                .set_title(title)
                .set_subject("绩效报告数据核对")
                .set_author(concat!("heshu ", env!("CARGO_PKG_VERSION")))
                .set_category("审计底稿")
                .set_keywords("绩效自评 勾稽校验 审计底稿")
                .set_comment("由 heshu（核数）从报告原文提取；校验只指出不一致，不判断哪一方有误。")
                .set_creation_datetime(&day);
            book.workbook.set_properties(&properties);
            book.workbook.save_to_writer(out)
        })
    }

    fn begin(&mut self, kind: Kind, part: u16) -> Result<()> {
        self.guarded(|book| {
            let index = book.sheets.len();
            let worksheet = book.workbook.add_worksheet_with_constant_memory()?;
            worksheet.set_name(sheet_name(kind, part))?;
            worksheet.set_freeze_panes(1, kind.frozen())?;
            worksheet.set_tab_color(Color::RGB(kind.tab()));
            worksheet.set_row_height(0, LINE_HEIGHT * 2.6)?;
            let mut widths = Vec::new();
            for (at, column) in kind.columns().iter().enumerate() {
                let at = at as u16;
                worksheet.set_column_format(at, book.formats.of(column.style, false))?;
                worksheet.write_string_with_format(0, at, column.header, &book.formats.header)?;
                // A heading takes two lines; the arrow of the filter takes some room.
                let heading = (width::of(column.header).div_ceil(2) + 4).min(width::of(column.header) + 2);
                let review = if column.style == Style::Review {
                    column.widest
                } else {
                    0
                };
                widths.push(heading.max(review).max(6));
            }
            let filled = vec![false; widths.len()];
            book.current[kind as usize] = index;
            book.sheets.push(Sheet {
                kind,
                part,
                next_row: 1,
                links: 0,
                height: ROW_HEIGHT,
                bytes: 0,
                widths,
                filled,
            });
            Ok(())
        })
    }

    /// The library panics when a file that holds rows cannot be written: that too is an error of the file system.
    pub(super) fn guarded<T>(
        &mut self,
        work: impl FnOnce(&mut Self) -> std::result::Result<T, XlsxError>,
    ) -> Result<T> {
        if self.broken {
            return Err(self.full());
        }
        match catch_unwind(AssertUnwindSafe(|| work(self))) {
            Ok(Ok(done)) => Ok(done),
            Ok(Err(error)) => Err(write_error(&self.path, &error)),
            Err(_) => {
                self.broken = true;
                Err(self.full())
            }
        }
    }

    fn full(&self) -> Error {
        let message = format!("{}: its rows could not be stored on disk", self.path.display());
        Error::new(ErrorKind::Write(message))
    }
}

fn sheet_name(kind: Kind, part: u16) -> String {
    match part {
        1 => kind.name().to_owned(),
        part => format!("{}({part})", kind.name()),
    }
}

fn write_error(path: &Path, error: &XlsxError) -> Error {
    match error {
        XlsxError::IoError(error) | XlsxError::TempFileError(_, error) => Error::write(path, error),
        other => Error::new(ErrorKind::Write(format!("{}: {other}", path.display()))),
    }
}

fn row_height(lines: usize) -> f64 {
    match lines {
        1 => ROW_HEIGHT,
        lines => LINE_HEIGHT * lines.min(MAX_LINES) as f64 + ROW_MARGIN,
    }
}

/// What a cell takes.
#[derive(Default)]
struct Written {
    width: usize,
    lines: usize,
    bytes: usize,
}

fn write(
    worksheet: &mut Worksheet,
    formats: &Formats,
    row: u32,
    col: u16,
    cell: &Cell<'_>,
    column: &Column,
) -> std::result::Result<Written, XlsxError> {
    match cell {
        Cell::Empty => Ok(Written::default()),
        Cell::Text(text) => write_text(worksheet, formats, row, col, text, column),
        Cell::Marked(text, mark) => {
            let text = text::of(text);
            let written = taken(&text, column);
            worksheet.write_string_with_format(row, col, text, &formats.marks[*mark as usize])?;
            Ok(written)
        }
        Cell::MarkedCount(count, mark) => {
            worksheet.write_number_with_format(row, col, *count as f64, &formats.marks[*mark as usize])?;
            Ok(Written {
                width: 6,
                lines: 1,
                bytes: 6,
            })
        }
        Cell::Figure(value) => match text::double(*value) {
            Some(number) => {
                let format = &formats.figures[(value.scale() as usize).min(formats.figures.len() - 1)];
                worksheet.write_number_with_format(row, col, number, format)?;
                let digits = value.to_string().len();
                Ok(Written {
                    // Commas, and a little air.
                    width: digits + digits / 3 + 3,
                    lines: 1,
                    bytes: digits,
                })
            }
            None => write_text(worksheet, formats, row, col, &value.to_string(), column),
        },
        Cell::Count(count) => {
            // Counts are far below 2^53, where doubles stop being exact.
            worksheet.write_number(row, col, *count as f64)?;
            Ok(Written {
                width: 6,
                lines: 1,
                bytes: 6,
            })
        }
        Cell::Link(place, text) => {
            let text = text::of(text);
            let written = taken(&text, column);
            let url = Url::new(format!("internal:'{}'!A{}", place.sheet(), place.row())).set_text(text);
            worksheet.write_url_with_format(row, col, url, &formats.link)?;
            Ok(written)
        }
    }
}

fn write_text(
    worksheet: &mut Worksheet,
    formats: &Formats,
    row: u32,
    col: u16,
    text: &str,
    column: &Column,
) -> std::result::Result<Written, XlsxError> {
    let text = text::of(text.trim());
    let written = taken(&text, column);
    if text::looks_like_formula(&text) {
        worksheet.write_string_with_format(row, col, text, formats.of(column.style, true))?;
    } else {
        // The look comes with the column: nothing to look up.
        worksheet.write_string(row, col, text)?;
    }
    Ok(written)
}

fn taken(text: &str, column: &Column) -> Written {
    if column.style != Style::Wrap {
        return Written {
            width: width::of(text) + 2,
            lines: 1,
            bytes: text.len(),
        };
    }
    let mut written = Written {
        bytes: text.len(),
        ..Written::default()
    };
    for line in text.split('\n') {
        let width = width::of(line) + 2;
        written.width = written.width.max(width);
        written.lines += width.div_ceil(column.widest);
    }
    written
}

fn finish_sheet(worksheet: &mut Worksheet, sheet: &Sheet) -> std::result::Result<(), XlsxError> {
    for (at, width) in sheet.widths.iter().enumerate() {
        worksheet.set_column_width(at as u16, *width as f64 + 0.7)?;
        let measure = sheet.kind == Kind::Budget && sheet.kind.columns()[at].style == Style::Number;
        if measure && !sheet.filled[at] {
            worksheet.set_column_hidden(at as u16)?;
        }
    }
    let last_row = sheet.next_row - 1;
    // The last row has its height of its own, so that the sheet keeps the usual default.
    worksheet.set_default_row_height(DEFAULT_HEIGHT);
    if last_row > 0 {
        worksheet.set_row_height(last_row, sheet.height)?;
    }
    let last_col = (sheet.widths.len() - 1) as u16;
    if sheet.kind != Kind::About {
        worksheet.autofilter(0, 0, last_row, last_col)?;
    }
    if let Some(col) = sheet.kind.opinion().filter(|_| last_row > 0) {
        let list = DataValidation::new()
            .allow_list_strings(&OPINIONS)?
            .set_input_title("复核意见")?
            .set_input_message("从列表中选取，理由写在右边“复核说明”一列")?
            .set_error_title("复核意见")?
            .set_error_message("请从列表中选取；其他意见写在“复核说明”一列")?;
        worksheet.add_data_validation(1, col, last_row, col, &list)?;
    }
    // Report numbers kept as text are no slip.
    worksheet.ignore_error_range(0, 0, last_row, last_col, IgnoreError::NumberStoredAsText)?;
    worksheet.set_landscape();
    worksheet.set_paper_size(if sheet.widths.len() > 14 { 8 } else { 9 });
    worksheet.set_print_fit_to_pages(1, 0);
    worksheet.set_repeat_rows(0, 0)?;
    worksheet.set_print_gridlines(true);
    worksheet.set_margins(0.4, 0.4, 0.6, 0.6, 0.3, 0.3);
    worksheet.set_header("&L审计底稿&R&A");
    worksheet.set_footer("&L复核人：　　　　　　日期：&R第 &P 页，共 &N 页");
    Ok(())
}
