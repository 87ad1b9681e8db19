//! Form fields whose value is no text ([MS-DOC] §2.9.78, FFData): check boxes and lists to choose from.

use super::bytes::Bytes;
use crate::ingest::docx::symbols;

/// Entries of a list that are read.
const ENTRIES: usize = 1_000;
/// A result that was never given.
const UNDEFINED: u16 = 25;

/// What the field at a place of the data stream shows; `None` for a field of text, whose result stands in the text.
pub(super) fn value(data: Bytes<'_>, at: usize) -> Option<String> {
    let head = usize::from(data.u16(at.checked_add(4)?)?);
    let form = data.from(at.checked_add(head)?);
    let bits = form.u16(4)?;
    let (kind, result) = (bits & 3, (bits >> 2) & 0x1F);
    let behind_name = text_end(form, 10)?;
    // What it was made with.
    let default = form.u16(behind_name)?;
    let result = if result == UNDEFINED { default } else { result };
    match kind {
        1 => Some(symbols::check_box(result == 1).to_string()),
        2 => {
            // Format, help, status, and the macros at its start and end.
            let list = (0..5).try_fold(behind_name + 2, |at, _| text_end(form, at))?;
            entry(form.from(list), usize::from(result))
        }
        _ => None,
    }
}

/// End of a counted text with its closing zero.
fn text_end(form: Bytes<'_>, at: usize) -> Option<usize> {
    let count = usize::from(form.u16(at)?);
    at.checked_add(2 + (count + 1) * 2)
}

/// An entry of a table of texts (STTB, §2.2.4).
fn entry(table: Bytes<'_>, wanted: usize) -> Option<String> {
    let extended = table.u16(0)? == 0xFFFF;
    let mut at = if extended { 2 } else { 0 };
    let count = usize::from(table.u16(at)?);
    let extra = usize::from(table.u16(at + 2)?);
    at += 4;
    for index in 0..count.min(ENTRIES) {
        let length = usize::from(table.u16(at)?);
        if index == wanted {
            let units = table.slice(at + 2, length * 2)?;
            let units: Vec<u16> = units
                .chunks_exact(2)
                .map(|pair| u16::from_le_bytes([pair[0], pair[1]]))
                .collect();
            return Some(String::from_utf16_lossy(&units));
        }
        at += 2 + length * 2 + extra;
    }
    None
}
