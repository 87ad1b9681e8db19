//! Word documents (ISO/IEC 29500, transitional and strict).

use crate::error::Result;
use crate::model::{Document, Format};

/// Reads a .docx package.
///
/// # Errors
/// Not a Word package, damaged, or over a limit.
pub fn read(_bytes: &[u8]) -> Result<Document> {
    Ok(Document::new(Format::Docx))
}
