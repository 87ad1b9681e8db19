//! Tables whose text says where each cell ends: drawn with characters, or parted by delimiters. They are taken out before
//! any other shape is looked for, and the readers of other shapes see only what stands between them.

use super::delimited::{self, DELIMITERS};
use super::drawn;
use crate::model::Orphan;
use crate::model::RawRow;
use crate::pattern::wording::Words;
use crate::text::lines::Line;

/// A table and where it stands.
pub(super) struct Found {
    /// Its first line.
    pub start: usize,
    /// First line that is no part of it.
    pub next: usize,
    /// Texts above its headings that are no row.
    pub before: Vec<String>,
    /// Rows with their cells.
    pub rows: Vec<RawRow>,
    /// Lines that hold no certain row.
    pub orphans: Vec<Orphan>,
}

/// What a line starts.
pub(super) enum Reading {
    /// Nothing of the kind.
    None,
    /// Lines that look alike up to this one, and are no table.
    Refused(usize),
    /// A table.
    Found(Found),
}

/// All such tables, in order.
pub(super) fn tables(lines: &[Line<'_>], words: &Words<'_>) -> Vec<Found> {
    let mut found = Vec::new();
    // Up to which line each shape was refused: no line is looked at twice for one shape.
    let mut refused = [0; DELIMITERS.len() + 1];
    let mut at = 0;
    while at < lines.len() {
        let read = |shape: usize| match shape.checked_sub(1) {
            None => drawn::read(lines, at),
            Some(which) => delimited::read(lines, at, DELIMITERS[which], words),
        };
        let mut next = at + 1;
        for (shape, refused) in refused.iter_mut().enumerate() {
            if lines[at].blank || at < *refused {
                continue;
            }
            match read(shape) {
                Reading::None => {}
                Reading::Refused(end) => *refused = end,
                Reading::Found(table) => {
                    next = table.next.max(at + 1);
                    found.push(table);
                    break;
                }
            }
        }
        at = next;
    }
    found
}
