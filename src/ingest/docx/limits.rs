//! Limits against hostile packages, all in one place.
//!
//! They are chosen so that a refused file costs less than a second and 100 MB, and a genuine report never meets them:
//! a table of 5,000 rows takes about 30 MB of XML and 5 MB of the memory counted here.

use crate::error::{Error, Result};

/// Entries of a package.
pub(super) const ENTRIES: usize = 10_000;
/// Decompressed bytes of the main part.
pub(super) const MAIN_PART: u64 = 96 << 20;
/// Decompressed bytes of any other part.
pub(super) const PART: u64 = 24 << 20;
/// Decompressed bytes of all parts that are read.
pub(super) const ALL_PARTS: u64 = 128 << 20;
/// Bytes of one piece of XML: a tag, a text, a comment.
pub(super) const EVENT: u64 = 8 << 20;
/// Elements open at once.
pub(super) const DEPTH: usize = 4_096;
/// Columns that one `gridSpan`, `gridBefore` or `gridAfter` may cover. Word itself stops at 63.
pub(super) const SPAN: usize = 1_024;
/// Styles based on styles, and lists linked to lists.
pub(super) const CHAIN: usize = 32;
/// Bytes of what is kept: texts, cells, blocks.
const KEPT: usize = 40 << 20;

/// Counts the memory of what a document keeps.
#[derive(Debug)]
pub(super) struct Meter {
    left: usize,
}

impl Meter {
    pub(super) fn new() -> Self {
        Meter { left: KEPT }
    }

    /// Takes `bytes` off the allowance.
    pub(super) fn charge(&mut self, bytes: usize) -> Result<()> {
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
