//! PDF documents (ISO 32000).

use super::ReadOptions;
use crate::error::Result;
use crate::model::{Document, Format};

/// Reads a born-digital PDF.
///
/// # Errors
/// Damaged, encrypted, scanned, or over a limit.
pub fn read(_bytes: &[u8], _options: &ReadOptions) -> Result<Document> {
    Ok(Document::new(Format::Pdf))
}
