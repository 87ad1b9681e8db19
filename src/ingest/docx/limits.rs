//! Limits against hostile packages, all in one place.
//!
//! They are chosen so that a refused file costs less than a second and 100 MB, and a genuine report never meets them:
//! a table of 5,000 rows takes about 30 MB of XML and 5 MB of the memory counted here.

use crate::error::{Error, Result};
use std::cell::Cell;

/// Entries of a package.
pub(in crate::ingest) const ENTRIES: usize = 10_000;
/// Decompressed bytes of the main part.
pub(in crate::ingest) const MAIN_PART: u64 = 96 << 20;
/// Decompressed bytes of any other part.
pub(in crate::ingest) const PART: u64 = 12 << 20;
/// Decompressed bytes of all parts that are read.
pub(in crate::ingest) const ALL_PARTS: u64 = 128 << 20;
/// Elements of all parts that are read: an empty element costs as much time as a hundred bytes of text.
pub(in crate::ingest) const ELEMENTS: u64 = 4_000_000;
/// Bytes of one piece of XML: a tag, a text, a comment.
pub(in crate::ingest) const EVENT: u64 = 8 << 20;
/// Elements open at once.
pub(in crate::ingest) const DEPTH: usize = 4_096;
/// Columns that one `gridSpan`, `gridBefore` or `gridAfter` may cover. Word itself stops at 63.
pub(in crate::ingest) const SPAN: usize = 1_024;
/// Styles based on styles, and lists linked to lists.
pub(in crate::ingest) const CHAIN: usize = 32;
/// Bytes of what is kept: texts, cells, blocks.
const KEPT: usize = 40 << 20;

/// What may still be read of a package's parts.
#[derive(Debug)]
pub(in crate::ingest) struct Allowance {
    /// Decompressed bytes.
    pub(in crate::ingest) bytes: Cell<u64>,
    /// Elements.
    pub(in crate::ingest) elements: Cell<u64>,
}

impl Allowance {
    pub(in crate::ingest) fn new() -> Self {
        Allowance {
            bytes: Cell::new(ALL_PARTS),
            elements: Cell::new(ELEMENTS),
        }
    }

    /// Takes one element off.
    pub(in crate::ingest) fn element(&self) -> Result<()> {
        let Some(left) = self.elements.get().checked_sub(1) else {
            return Err(Error::limit("the number of XML elements", ELEMENTS.to_string()));
        };
        self.elements.set(left);
        Ok(())
    }
}

/// Counts the memory of what a document keeps.
#[derive(Debug)]
pub(in crate::ingest) struct Meter {
    left: usize,
}

impl Meter {
    pub(in crate::ingest) fn new() -> Self {
        Meter { left: KEPT }
    }

    /// Takes `bytes` off the allowance.
    pub(in crate::ingest) fn charge(&mut self, bytes: usize) -> Result<()> {
        match self.left.checked_sub(bytes) {
            Some(left) => {
                self.left = left;
                Ok(())
            }
            None => Err(Error::limit(
                "the text and tables of the document",
                format!("{} MB", KEPT >> 20),
            )),
        }
    }
}
