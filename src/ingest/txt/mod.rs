//! Plain text: encodings, and where the text itself says that a cell ends.
//!
//! ```text
//! bytes ─decode→ text ─lines→ lines ─┬ drawn      cells in a frame of characters, with their spans
//!                                    ├ delimited  cells that commas, semicolons, quotes part (`certain` finds both first)
//!                                    └ lines      what is left, for `recognize::lay`
//! ```

mod certain;
mod decode;
mod delimited;
mod delimited_row;
mod drawn;
mod drawn_grid;
mod drawn_line;
mod drawn_rows;

use crate::error::{Error, ErrorKind, Result};
use crate::model::loose::Line;
use crate::model::{Document, Format, Loose, LooseRows};
use crate::pattern::Patterns;
use crate::pattern::words::Words;
use crate::text::lines;
pub(super) use decode::decode;

/// Reads a text file: what it holds is [`Loose`] until it is laid.
///
/// # Errors
/// Empty, or bytes that no encoding decodes without loss.
pub fn read(bytes: &[u8], patterns: &Patterns) -> Result<Document> {
    let (text, unsure) = decode::decode(bytes)?;
    if text.chars().all(lines::is_space) {
        return Err(Error::new(ErrorKind::Empty));
    }
    let words = Words::new(patterns);
    let lines = lines::split(&text);
    let known = |texts: &[&str]| words.header(texts.iter().copied()).is_some();
    let tables = certain::tables(&lines, &known);
    let mut document = Document::new(Format::Txt);
    document.warnings.extend(unsure);
    let mut rest = lines.into_iter();
    let mut at = 0;
    for table in tables {
        between(rest.by_ref().take(table.start - at), &mut document);
        rest.by_ref().take(table.next - table.start).for_each(drop);
        at = table.next;
        document.loose.push(Loose::Rows(LooseRows {
            before: table.before,
            rows: table.rows,
            orphans: table.orphans,
        }));
    }
    between(rest, &mut document);
    Ok(document)
}

/// Takes in the lines between two tables whose cells are certain.
fn between<'a>(lines: impl Iterator<Item = Line<'a>>, document: &mut Document) {
    let lines: Vec<Line<'static>> = lines.map(Line::into_owned).collect();
    if !lines.is_empty() {
        document.loose.push(Loose::Lines(lines));
    }
}
