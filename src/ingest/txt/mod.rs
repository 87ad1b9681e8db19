//! Plain text: encodings and the shapes that tables take in it.

use crate::error::Result;
use crate::model::{Document, Format};
use crate::pattern::Patterns;

/// Reads a text file.
///
/// # Errors
/// Empty, or bytes that no encoding decodes without loss.
pub fn read(_bytes: &[u8], _patterns: &Patterns) -> Result<Document> {
    Ok(Document::new(Format::Txt))
}
