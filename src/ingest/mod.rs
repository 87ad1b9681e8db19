//! Readers: bytes to a [`Document`]. The format is told by the bytes, never by the name.

pub mod doc;
pub mod docx;
mod garbled;
pub mod html;
mod looks;
pub mod mht;
mod nested;
pub mod pdf;
pub mod rtf;
mod ruled;
pub mod sheet;
pub mod signature;
pub mod sniff;
pub mod txt;

use crate::error::Result;
use crate::model::{Block, Document, Format, Limit, Limits};
use crate::pattern::Patterns;
use serde::{Deserialize, Serialize};

/// What a caller may say about reading.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReadOptions {
    /// Password of an encrypted PDF.
    pub password: Option<String>,
    /// How much one document may take.
    pub limits: Limits,
}

/// Reads a document of any supported format. What borders are not certain stays loose until it is laid.
///
/// # Errors
/// The reader's own error; see [`sniff::sniff`] for files of other formats.
pub fn read(bytes: &[u8], patterns: &Patterns, options: &ReadOptions) -> Result<Document> {
    let limits = &options.limits;
    match sniff::sniff(bytes)? {
        Format::Docx => docx::read_within(bytes, limits),
        Format::Doc => doc::read(bytes, limits),
        format @ (Format::Xlsx | Format::Xls | Format::Ods) => sheet::read(bytes, format, limits),
        Format::Pdf => pdf::read_with(bytes, Some(patterns), options),
        Format::Txt => txt::read(bytes, patterns),
        Format::Html => html::read(bytes, limits),
        Format::Mht => mht::read(bytes, limits),
        Format::Rtf => rtf::read(bytes, limits),
    }
}

/// A document whose size and text were looked at once it was laid.
///
/// # Errors
/// When it has more cells than a document may have.
pub fn checked(mut document: Document, limits: &Limits) -> Result<Document> {
    within(&document, limits)?;
    document.warnings.extend(garbled::warning(&document));
    Ok(document)
}

/// What readers may have passed over: whatever comes after them costs time and memory by the cell.
fn within(document: &Document, limits: &Limits) -> Result<()> {
    let cells = |block: &Block| block.table().map_or(0, |table| table.cells().len());
    let count: usize = document.blocks.iter().chain(&document.furniture).map(cells).sum();
    if count > limits.cells {
        return Err(limits.over(Limit::Cells, format!("the number of cells, {count},")));
    }
    Ok(())
}
