//! Documents as files of each format.

mod html;
mod pdf;
mod sheet;
mod text;
mod word;

use super::generate::Document;
use super::sheet::{Piece, Slot};

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Format {
    Docx,
    Html,
    Xlsx,
    Pdf,
    /// Cut over two pages.
    PdfCut,
    /// Without rules between columns; none of [`FORMATS`], so that it changes none of their documents.
    PdfBare,
    Bars,
    Tabs,
    Commas,
    /// One cell a line.
    Cells,
    /// One row a line, a blank between its cells.
    Rows,
}

pub const FORMATS: [Format; 10] = [
    Format::Docx,
    Format::Html,
    Format::Xlsx,
    Format::Pdf,
    Format::PdfCut,
    Format::Bars,
    Format::Tabs,
    Format::Commas,
    Format::Cells,
    Format::Rows,
];

impl Format {
    pub fn name(self) -> &'static str {
        match self {
            Format::Docx => "docx",
            Format::Html => "html",
            Format::Xlsx => "xlsx",
            Format::Pdf => "pdf",
            Format::PdfCut => "pdf-cut",
            Format::PdfBare => "pdf-bare",
            Format::Bars => "bars",
            Format::Tabs => "tabs",
            Format::Commas => "csv",
            Format::Cells => "cells",
            Format::Rows => "rows",
        }
    }

    /// The name of a file of this format.
    pub fn file(self) -> &'static str {
        match self {
            Format::Docx => "a.docx",
            Format::Html => "a.html",
            Format::Xlsx => "a.xlsx",
            Format::Pdf | Format::PdfCut | Format::PdfBare => "a.pdf",
            Format::Bars => "a.md",
            Format::Tabs | Format::Cells | Format::Rows => "a.txt",
            Format::Commas => "a.csv",
        }
    }

    /// Whether a text says where each cell ends but not what is merged.
    pub fn is_text(self) -> bool {
        matches!(self, Format::Bars | Format::Tabs | Format::Commas) || self.is_loose()
    }

    /// Whether it does not say where cells stand.
    pub fn is_loose(self) -> bool {
        matches!(self, Format::Cells | Format::Rows)
    }

    /// The file; `seed` chooses among the habits of those who write such files.
    pub fn write(self, document: &Document, seed: u64) -> Vec<u8> {
        let pieces = &document.pieces;
        match self {
            Format::Docx => word::write(pieces, seed),
            Format::Html => html::write(pieces, seed),
            Format::Xlsx => sheet::write(pieces, seed),
            Format::Pdf => pdf::write(pieces, seed, false, pdf::Style::ruled(seed)),
            Format::PdfCut => pdf::write(pieces, seed, true, pdf::Style::ruled(seed)),
            Format::PdfBare => pdf::write(pieces, seed, false, pdf::Style::bare(seed)),
            Format::Bars => text::bars(pieces, seed).into_bytes(),
            Format::Tabs => text::tabs(pieces, seed).into_bytes(),
            Format::Commas => text::commas(pieces).into_bytes(),
            Format::Cells => text::cells(pieces, seed).into_bytes(),
            Format::Rows => text::words(pieces).into_bytes(),
        }
    }
}

/// The texts of a row of a grid, one a column; merged places are empty.
pub fn texts(row: &[Slot]) -> impl Iterator<Item = &str> {
    row.iter().map(|slot| match slot {
        Slot::Cell { text, .. } => text.as_str(),
        _ => "",
    })
}

/// A document as bars, for people.
pub fn readable(pieces: &[Piece]) -> String {
    text::bars(pieces, 0)
}
