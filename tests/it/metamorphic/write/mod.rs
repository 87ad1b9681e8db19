//! Documents as files of each format.

mod html;
mod text;
mod word;

use super::generate::Document;
use super::sheet::{Piece, Slot};

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Format {
    Docx,
    Html,
    Bars,
}

pub const FORMATS: [Format; 3] = [Format::Docx, Format::Html, Format::Bars];

impl Format {
    pub fn name(self) -> &'static str {
        match self {
            Format::Docx => "docx",
            Format::Html => "html",
            Format::Bars => "bars",
        }
    }

    /// The name of a file of this format.
    pub fn file(self) -> &'static str {
        match self {
            Format::Docx => "a.docx",
            Format::Html => "a.html",
            Format::Bars => "a.md",
        }
    }

    pub fn write(self, document: &Document) -> Vec<u8> {
        match self {
            Format::Docx => word::write(&document.pieces),
            Format::Html => html::write(&document.pieces).into_bytes(),
            Format::Bars => text::bars(&document.pieces).into_bytes(),
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
    text::bars(pieces)
}
