//! A report as read: blocks in reading order, before any meaning is given to them.

use super::geometry::{BBox, PagePlace};
use super::loose::Loose;
use super::report::Warning;
use super::table::Table;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// File format, told by the bytes and not by the name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Format {
    /// Office Open XML word-processing document (ISO/IEC 29500).
    Docx,
    /// Portable Document Format (ISO 32000).
    Pdf,
    /// Plain text in any of the encodings of `ingest::txt`.
    Txt,
    /// Legacy Word or WPS document ([MS-DOC]).
    Doc,
    /// Office Open XML spreadsheet (ISO/IEC 29500).
    Xlsx,
    /// Legacy Excel or WPS spreadsheet ([MS-XLS]).
    Xls,
    /// OpenDocument spreadsheet (ISO/IEC 26300).
    Ods,
    /// HTML page, often under the name of a Word or Excel file.
    Html,
    /// Web archive (MIME HTML, RFC 2557).
    Mht,
    /// Rich Text Format.
    Rtf,
}

impl Format {
    /// Every format, in the order of messages.
    pub const ALL: &'static [Format] = &[
        Format::Docx,
        Format::Pdf,
        Format::Txt,
        Format::Doc,
        Format::Xlsx,
        Format::Xls,
        Format::Ods,
        Format::Html,
        Format::Mht,
        Format::Rtf,
    ];

    /// Whether it is a workbook, whose blocks begin with the name of each sheet's tab.
    pub fn is_workbook(self) -> bool {
        matches!(self, Format::Xlsx | Format::Xls | Format::Ods)
    }

    /// The name that stands in records.
    pub fn name(self) -> &'static str {
        match self {
            Format::Docx => "docx",
            Format::Pdf => "pdf",
            Format::Txt => "txt",
            Format::Doc => "doc",
            Format::Xlsx => "xlsx",
            Format::Xls => "xls",
            Format::Ods => "ods",
            Format::Html => "html",
            Format::Mht => "mht",
            Format::Rtf => "rtf",
        }
    }
}

/// A whole report as read.
#[derive(Debug, Clone, PartialEq)]
pub struct Document {
    /// Format of the file.
    pub format: Format,
    /// Number of pages; `None` where the format has none (Word, text).
    pub pages: Option<u32>,
    /// Body in reading order. The ordinal of a block in this list is the `block` of every source.
    pub blocks: Vec<Block>,
    /// What the reader could not part into paragraphs and tables by itself, in reading order, behind the blocks. Empty once
    /// the document is laid.
    pub loose: Vec<Loose>,
    /// Running headers, footers and page numbers: kept, but no part of the body.
    pub furniture: Vec<Block>,
    /// What the reader saw and did not understand.
    pub warnings: Vec<Warning>,
}

impl Document {
    /// An empty document of a format.
    pub fn new(format: Format) -> Self {
        Document {
            format,
            pages: None,
            blocks: Vec::new(),
            loose: Vec::new(),
            furniture: Vec::new(),
            warnings: Vec::new(),
        }
    }
}

/// One paragraph or table.
#[derive(Debug, Clone, PartialEq)]
pub enum Block {
    /// Running text.
    Paragraph(Paragraph),
    /// A table.
    Table(Table),
}

impl Block {
    /// The paragraph, if it is one.
    pub fn paragraph(&self) -> Option<&Paragraph> {
        match self {
            Block::Paragraph(p) => Some(p),
            Block::Table(_) => None,
        }
    }

    /// The table, if it is one.
    pub fn table(&self) -> Option<&Table> {
        match self {
            Block::Table(t) => Some(t),
            Block::Paragraph(_) => None,
        }
    }
}

/// What a paragraph is in the layout.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ParagraphKind {
    /// Running text.
    Body,
    /// A heading; level from 1, as styles, numbering or size tell.
    Heading(u8),
    /// Text of a text box.
    TextBox,
    /// A footnote or endnote.
    Note,
}

/// A part of a paragraph's text and its place: at most one visual line of a paged format, at least one character, so
/// that the place of a part of a line can be told exactly.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TextPlace {
    /// First byte of the part in [`Paragraph::text`].
    pub start: usize,
    /// One past its last byte.
    pub end: usize,
    /// Where the part stands.
    pub place: PagePlace,
}

/// A paragraph.
#[derive(Debug, Clone, PartialEq)]
pub struct Paragraph {
    /// Text as the report has it, automatic numbers included; soft line breaks are `\n`.
    pub text: String,
    /// What it is.
    pub kind: ParagraphKind,
    /// Its parts with their places, in order; empty for formats without pages.
    pub lines: Vec<TextPlace>,
}

impl Paragraph {
    /// A body paragraph without a place.
    pub fn body(text: impl Into<String>) -> Self {
        Paragraph {
            text: text.into(),
            kind: ParagraphKind::Body,
            lines: Vec::new(),
        }
    }

    /// Places of the bytes `start..end` of the text: one box a page, in page order.
    pub fn places(&self, start: usize, end: usize) -> Vec<PagePlace> {
        let mut places: Vec<PagePlace> = Vec::new();
        for line in self.lines.iter().filter(|line| line.start < end && line.end > start) {
            match places.last_mut() {
                Some(last) if last.page == line.place.page => last.bbox = BBox::union(last.bbox, line.place.bbox),
                _ => places.push(line.place),
            }
        }
        places
    }
}
