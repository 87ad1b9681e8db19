//! A Word document of headings, paragraphs and bordered tables, as working papers have them.

use crate::emit::audit::visible;
use crate::error::{Error, ErrorKind, Result};
use docx_rs::{
    AlignmentType, Docx, Footer, Header, HeightRule, LineSpacing, LineSpacingType, NumPages, PageMargin, PageNum,
    Paragraph, Run, RunFonts, Shading, SpecialIndentType, Style, StyleType, Table, TableAlignmentType, TableCell,
    TableCellMargins, TableLayoutType, TableRow, VAlignType, WidthType,
};
use std::io::{Cursor, Read, Write};

/// Width of the text of a page in twentieths of a point: A4 less two margins of 2 cm.
pub const TEXT_WIDTH: usize = 11_906 - 2 * MARGIN as usize;
const MARGIN: i32 = 1134;
/// Sizes in half points.
const BODY: usize = 24;
const CELL: usize = 18;
const SMALL: usize = 16;
const SONG: &str = "宋体";
const HEI: &str = "黑体";
/// Only header rows are written with a least height; what Word repeats on each page is told by a second mark, which the
/// library has no name for.
const HEADER_ROW: &str = "w:hRule=\"atLeast\" />";
const REPEATED_ROW: &str = "w:hRule=\"atLeast\" /><w:tblHeader />";
/// A row that holds more than this many characters may go on over a page.
const LONG_ROW: usize = 900;

/// How a line of a cell looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ink {
    /// As is.
    Plain,
    /// Bold.
    Strong,
    /// Smaller and grey.
    Quiet,
}

/// Where the text of a cell stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Align {
    /// Left.
    Left,
    /// In the middle.
    Center,
    /// Right: figures.
    Right,
}

/// A cell of a table.
#[derive(Debug, Clone, PartialEq)]
pub struct Box {
    lines: Vec<(String, Ink)>,
    align: Align,
    fill: Option<&'static str>,
}

impl Box {
    /// A text to the left.
    pub fn left(text: impl Into<String>) -> Self {
        Box::of(text, Align::Left)
    }

    /// A short text in the middle.
    pub fn center(text: impl Into<String>) -> Self {
        Box::of(text, Align::Center)
    }

    /// A figure.
    pub fn right(text: impl Into<String>) -> Self {
        Box::of(text, Align::Right)
    }

    fn of(text: impl Into<String>, align: Align) -> Self {
        Box {
            lines: vec![(text.into(), Ink::Plain)],
            align,
            fill: None,
        }
    }

    /// Several lines.
    pub fn lines(lines: Vec<(String, Ink)>) -> Self {
        Box {
            lines,
            align: Align::Left,
            fill: None,
        }
    }

    /// The same on a coloured ground (RRGGBB).
    pub fn on(mut self, fill: &'static str) -> Self {
        self.fill = Some(fill);
        self
    }

    /// The same in the middle.
    pub fn centered(mut self) -> Self {
        self.align = Align::Center;
        self
    }

    /// The same in bold.
    pub fn strong(mut self) -> Self {
        self.lines.iter_mut().for_each(|(_, ink)| *ink = Ink::Strong);
        self
    }
}

/// A document while it is written.
pub struct Paper {
    docx: Docx,
    next_id: u32,
}

impl Paper {
    /// An empty document; `running` stands at the top of each page.
    pub fn new(running: &str) -> Self {
        let margin = PageMargin {
            top: 1304,
            bottom: 1304,
            left: MARGIN,
            right: MARGIN,
            header: 680,
            footer: 680,
            gutter: 0,
        };
        let mut paper = Paper {
            docx: Docx::new(),
            next_id: 1,
        };
        let head = paper
            .paragraph()
            .align(AlignmentType::Right)
            .add_run(run(running, SMALL));
        let foot = paper
            .paragraph()
            .style("Footer")
            .align(AlignmentType::Center)
            .add_run(run("第 ", SMALL))
            .add_page_num(PageNum::new())
            .add_run(run(" 页　共 ", SMALL))
            .add_num_pages(NumPages::new())
            .add_run(run(" 页", SMALL));
        // The numbers of pages take their size from the style: their runs are the library's own.
        let footer = Style::new("Footer", StyleType::Paragraph).name("footer").size(SMALL);
        let heading = |level: usize, size: usize| {
            Style::new(format!("Heading{level}"), StyleType::Paragraph)
                .name(format!("heading {level}"))
                .based_on("Normal")
                .next("Normal")
                .fonts(fonts(HEI))
                .size(size)
                .outline_lvl(level - 1)
        };
        paper.docx = paper
            .docx
            .page_size(11_906, 16_838)
            .page_margin(margin)
            .default_fonts(fonts(SONG))
            .default_size(BODY)
            .add_style(heading(1, 30))
            .add_style(heading(2, 26))
            .add_style(footer)
            .header(Header::new().add_paragraph(head))
            .footer(Footer::new().add_paragraph(foot));
        paper
    }

    /// Ids of paragraphs count from 1 in each document, so that the same records give the same bytes.
    fn paragraph(&mut self) -> Paragraph {
        let id = self.next_id;
        self.next_id += 1;
        Paragraph::new().id(format!("{id:08x}"))
    }

    fn add(&mut self, paragraph: Paragraph) {
        let docx = std::mem::take(&mut self.docx);
        self.docx = docx.add_paragraph(paragraph);
    }

    /// The title of the document.
    pub fn title(&mut self, text: &str) {
        let title = run(text, 44).fonts(fonts(HEI)).bold();
        let paragraph = self
            .paragraph()
            .align(AlignmentType::Center)
            .line_spacing(around(240, 200));
        self.add(paragraph.add_run(title));
    }

    /// A line below the title.
    pub fn subtitle(&mut self, text: &str) {
        let paragraph = self
            .paragraph()
            .align(AlignmentType::Center)
            .line_spacing(around(0, 80));
        self.add(paragraph.add_run(run(text, 28)));
    }

    /// A heading of level 1 or 2.
    pub fn heading(&mut self, level: usize, text: &str) {
        let style = format!("Heading{level}");
        let paragraph = self
            .paragraph()
            .style(&style)
            .keep_next(true)
            .line_spacing(around(240, 120));
        // The size comes with the style.
        let text = visible(text);
        self.add(paragraph.add_run(Run::new().add_text(text)));
    }

    /// A paragraph of running text.
    pub fn text(&mut self, text: &str) {
        let indent = SpecialIndentType::FirstLine(480);
        let spacing = LineSpacing::new().line_rule(LineSpacingType::Auto).line(360);
        let paragraph = self
            .paragraph()
            .indent(None, Some(indent), None, None)
            .line_spacing(spacing);
        self.add(paragraph.add_run(run(text, BODY)));
    }

    /// A line in small type: what was left out.
    pub fn note(&mut self, text: &str) {
        let paragraph = self.paragraph().line_spacing(around(40, 80));
        self.add(paragraph.add_run(run(text, CELL).color("595959")));
    }

    /// A line in small type that stays with the table below it.
    pub fn caption(&mut self, text: &str) {
        let paragraph = self.paragraph().keep_next(true).line_spacing(around(40, 80));
        self.add(paragraph.add_run(run(text, CELL).color("595959")));
    }

    /// Lines to sign on.
    pub fn blanks(&mut self, text: &str) {
        let paragraph = self
            .paragraph()
            .align(AlignmentType::Left)
            .line_spacing(around(240, 120));
        self.add(paragraph.add_run(run(text, BODY)));
    }

    /// A table; `widths` in parts of the page's width, the header repeats on each page.
    pub fn table(&mut self, widths: &[usize], header: &[&str], rows: Vec<Vec<Box>>) {
        let sum: usize = widths.iter().sum();
        let widths: Vec<usize> = widths.iter().map(|w| w * TEXT_WIDTH / sum.max(1)).collect();
        let mut made = Vec::with_capacity(rows.len() + 1);
        if !header.is_empty() {
            let cells = header
                .iter()
                .map(|text| Box::center(*text).strong().on("D9E2F3"))
                .collect();
            made.push(self.row(&widths, cells, true));
        }
        for cells in rows {
            made.push(self.row(&widths, cells, false));
        }
        let table = Table::new(made)
            .set_grid(widths)
            .layout(TableLayoutType::Fixed)
            .width(TEXT_WIDTH, WidthType::Dxa)
            .align(TableAlignmentType::Center)
            .margins(TableCellMargins::new().margin(30, 70, 30, 70));
        let docx = std::mem::take(&mut self.docx);
        self.docx = docx.add_table(table);
        // Two tables without anything between them are one; so are a table and what stands below it, to the eye.
        let gap = self
            .paragraph()
            .line_spacing(LineSpacing::new().line_rule(LineSpacingType::Exact).line(160));
        self.add(gap);
    }

    fn row(&mut self, widths: &[usize], cells: Vec<Box>, header: bool) -> TableRow {
        let length: usize = cells
            .iter()
            .flat_map(|cell| &cell.lines)
            .map(|(text, _)| text.chars().count())
            .sum();
        let make = |(cell, width): (Box, &usize)| {
            let mut made = TableCell::new()
                .width(*width, WidthType::Dxa)
                .vertical_align(VAlignType::Center);
            if let Some(fill) = cell.fill {
                made = made.shading(Shading::new().fill(fill));
            }
            for (text, ink) in &cell.lines {
                let align = match cell.align {
                    Align::Left => AlignmentType::Left,
                    Align::Center => AlignmentType::Center,
                    Align::Right => AlignmentType::Right,
                };
                let line = match ink {
                    Ink::Plain => run(text, CELL),
                    Ink::Strong => run(text, CELL).bold(),
                    Ink::Quiet => run(text, SMALL).color("404040"),
                };
                let paragraph = self.paragraph().align(align).keep_next(header);
                made = made.add_paragraph(paragraph.add_run(line));
            }
            made
        };
        let row = TableRow::new(cells.into_iter().zip(widths).map(make).collect());
        match (header, length > LONG_ROW) {
            (true, _) => row.cant_split().row_height(320.0).height_rule(HeightRule::AtLeast),
            (false, false) => row.cant_split(),
            (false, true) => row,
        }
    }

    /// The bytes of the file.
    ///
    /// # Errors
    /// Never for documents made here: nothing but memory is written to.
    pub fn finish(self, title: &str) -> Result<Vec<u8>> {
        let mut parts = self.docx.build();
        let document = String::from_utf8(parts.document).map_err(|error| internal(&error))?;
        parts.document = document.replace(HEADER_ROW, REPEATED_ROW).into_bytes();
        parts.doc_props.core = properties(title).into_bytes();
        let mut stored = Cursor::new(Vec::new());
        parts.pack(&mut stored).map_err(|error| internal(&error))?;
        compressed(stored)
    }
}

fn internal(error: &dyn std::fmt::Display) -> Error {
    Error::new(ErrorKind::Internal(error.to_string()))
}

/// The library stores the parts as they are; packed they take a tenth.
fn compressed(stored: Cursor<Vec<u8>>) -> Result<Vec<u8>> {
    let mut stored = zip::ZipArchive::new(stored).map_err(|error| internal(&error))?;
    let mut packed = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let options = zip::write::SimpleFileOptions::default()
        .compression_method(zip::CompressionMethod::Deflated)
        .last_modified_time(zip::DateTime::default());
    for index in 0..stored.len() {
        let mut part = stored.by_index(index).map_err(|error| internal(&error))?;
        if part.is_dir() {
            continue;
        }
        let name = part.name().map_err(|error| internal(&error))?.into_owned();
        let mut bytes = Vec::new();
        part.read_to_end(&mut bytes).map_err(|error| internal(&error))?;
        packed.start_file(name, options).map_err(|error| internal(&error))?;
        packed.write_all(&bytes).map_err(|error| internal(&error))?;
    }
    Ok(packed.finish().map_err(|error| internal(&error))?.into_inner())
}

/// The same records give the same bytes: the day says nothing and so is always the same.
fn properties(title: &str) -> String {
    let day = "2000-01-01T00:00:00Z";
    let program = concat!("heshu ", env!("CARGO_PKG_VERSION"));
    format!(
        concat!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>",
            "<cp:coreProperties xmlns:cp=\"http://schemas.openxmlformats.org/package/2006/metadata/core-properties\" ",
            "xmlns:dc=\"http://purl.org/dc/elements/1.1/\" xmlns:dcterms=\"http://purl.org/dc/terms/\" ",
            "xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\">",
            "<dc:title>{}</dc:title><dc:subject>绩效报告数据核对</dc:subject><dc:creator>{}</dc:creator>",
            "<cp:lastModifiedBy>{}</cp:lastModifiedBy>",
            "<dcterms:created xsi:type=\"dcterms:W3CDTF\">{}</dcterms:created>",
            "<dcterms:modified xsi:type=\"dcterms:W3CDTF\">{}</dcterms:modified></cp:coreProperties>"
        ),
        title, program, program, day, day
    )
}

fn fonts(east_asia: &str) -> RunFonts {
    RunFonts::new()
        .ascii("Times New Roman")
        .hi_ansi("Times New Roman")
        .cs("Times New Roman")
        .east_asia(east_asia)
}

fn around(before: u32, after: u32) -> LineSpacing {
    LineSpacing::new().before(before).after(after)
}

/// A run of text; what documents say may hold anything.
fn run(text: &str, size: usize) -> Run {
    let text = visible(text).replace(['\n', '\t'], " ");
    Run::new().add_text(text).size(size)
}
