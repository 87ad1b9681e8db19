//! Limits against hostile packages, all in one place; those that vary are shares of [`Limits`].
//!
//! The defaults are chosen so that a refused file costs less than a second and 100 MB, and a genuine report never meets
//! them: a table of 5,000 rows takes about 30 MB of XML and 5 MB of the memory counted here.

use crate::error::{Error, Result};
use crate::model::limits::about;
use crate::model::{self, Limit, Limits};
use std::cell::Cell;

/// Columns that one `gridSpan`, `gridBefore` or `gridAfter` may cover. Word itself stops at 63.
pub(in crate::ingest) const SPAN: usize = 1_024;
/// Styles based on styles, and lists linked to lists.
pub(in crate::ingest) const CHAIN: usize = 32;
/// Decompressed bytes of the main part: 96 MB.
pub(in crate::ingest) fn main_part(limits: &Limits) -> u64 {
    limits.inflated / 4
}

/// Decompressed bytes of any other part: 12 MB.
pub(in crate::ingest) fn other_part(limits: &Limits) -> u64 {
    limits.inflated / 32
}

/// Decompressed bytes of all parts that are read: 128 MB.
fn all_parts(limits: &Limits) -> u64 {
    limits.inflated / 3
}

/// Elements of all parts that are read, 4 million: an empty element costs as much time as a hundred bytes of text.
fn elements(limits: &Limits) -> u64 {
    limits.inflated / 100
}

/// Bytes of one piece of XML (a tag, a text, a comment): 8 MB.
fn event(limits: &Limits) -> u64 {
    limits.inflated / 48
}

/// Bytes of what is kept (texts, cells, blocks): 40 MB.
fn kept(limits: &Limits) -> u64 {
    ((limits.memory >> 20) / 50).max(1) << 20
}

/// What may still be read of a package's parts.
#[derive(Debug)]
pub(in crate::ingest) struct Allowance {
    limits: Limits,
    /// Decompressed bytes.
    bytes: Cell<u64>,
    /// Elements.
    elements: Cell<u64>,
}

impl Allowance {
    pub(in crate::ingest) fn new(limits: &Limits) -> Self {
        Allowance {
            bytes: Cell::new(all_parts(limits)),
            elements: Cell::new(elements(limits)),
            limits: limits.clone(),
        }
    }

    /// Takes decompressed bytes off; what they are too many of, if they are.
    pub(in crate::ingest) fn take(&self, bytes: u64) -> Option<()> {
        self.bytes.set(self.bytes.get().checked_sub(bytes)?);
        Some(())
    }

    /// Takes one element off.
    pub(in crate::ingest) fn element(&self) -> Result<()> {
        let Some(left) = self.elements.get().checked_sub(1) else {
            let most = elements(&self.limits).to_string();
            return Err(self
                .limits
                .over_share(Limit::Inflated, "the number of XML elements", most));
        };
        self.elements.set(left);
        Ok(())
    }

    /// Whether so many elements may be open at once.
    pub(in crate::ingest) fn depth(&self, levels: usize) -> Result<()> {
        if levels > self.limits.depth {
            return Err(self.limits.over(Limit::Depth, "the nesting of elements"));
        }
        Ok(())
    }

    /// Bytes that one piece of XML may have.
    pub(in crate::ingest) fn event(&self) -> u64 {
        event(&self.limits)
    }

    /// Bytes that all parts may have.
    pub(in crate::ingest) fn all_parts(&self) -> u64 {
        all_parts(&self.limits)
    }

    /// The error of decompressed bytes over a share of the limit.
    pub(in crate::ingest) fn too_large(&self, what: &str, bytes: u64) -> Error {
        self.limits.over_share(Limit::Inflated, what, about(bytes))
    }
}

/// Counts what a document keeps: memory and cells.
#[derive(Debug)]
pub(in crate::ingest) struct Meter {
    left: u64,
    cells: usize,
    limits: Limits,
}

impl Meter {
    pub(in crate::ingest) fn new(limits: &Limits) -> Self {
        Meter {
            left: kept(limits),
            cells: limits.cells,
            limits: limits.clone(),
        }
    }

    /// Takes `bytes` off the allowance.
    pub(in crate::ingest) fn charge(&mut self, bytes: usize) -> Result<()> {
        match self.left.checked_sub(bytes as u64) {
            Some(left) => {
                self.left = left;
                Ok(())
            }
            None => {
                let what = "the memory of the document's text and tables";
                let most = about(kept(&self.limits));
                Err(self.limits.over_share(Limit::Memory, what, most))
            }
        }
    }

    /// Takes a cell off.
    pub(in crate::ingest) fn cell(&mut self) -> Result<()> {
        let Some(left) = self.cells.checked_sub(1) else {
            return Err(self.limits.over(Limit::Cells, "the number of cells"));
        };
        self.cells = left;
        self.charge(size_of::<model::Cell>())
    }
}
