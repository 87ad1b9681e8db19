//! Plain text: encodings and lines. What stands where in them is laid by `recognize::lay`.

mod decode;

use crate::error::{Error, ErrorKind, Result};
use crate::model::loose::Line;
use crate::model::{Document, Format, Loose};
use crate::pattern::Patterns;
use crate::text::lines;
pub(super) use decode::decode;

/// Reads a text file: what it holds is [`Loose`] until it is laid.
///
/// # Errors
/// Empty, or bytes that no encoding decodes without loss.
pub fn read(bytes: &[u8], _patterns: &Patterns) -> Result<Document> {
    let (text, unsure) = decode::decode(bytes)?;
    if text.chars().all(lines::is_space) {
        return Err(Error::new(ErrorKind::Empty));
    }
    let mut document = Document::new(Format::Txt);
    document.warnings.extend(unsure);
    let lines = lines::split(&text).into_iter().map(Line::into_owned).collect();
    document.loose.push(Loose::Lines(lines));
    Ok(document)
}
