//! A record as JSON: one line (NDJSON) or indented.

use crate::error::{Error, ErrorKind, Result};
use serde::Serialize;

/// One line, closed by `\n`.
///
/// # Errors
/// Never for the types of this program: their maps have text keys.
pub fn line(value: &impl Serialize) -> Result<Vec<u8>> {
    close(serde_json::to_vec(value))
}

/// Indented by two spaces, closed by `\n`.
///
/// # Errors
/// As [`line()`].
pub fn pretty(value: &impl Serialize) -> Result<Vec<u8>> {
    close(serde_json::to_vec_pretty(value))
}

fn close(bytes: serde_json::Result<Vec<u8>>) -> Result<Vec<u8>> {
    let mut bytes = bytes.map_err(|error| Error::new(ErrorKind::Internal(error.to_string())))?;
    bytes.push(b'\n');
    Ok(bytes)
}
