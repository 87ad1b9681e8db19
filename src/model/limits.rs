//! How much one document may take: what every reader obeys, and what the flags of the command line set.

use crate::error::Error;
use serde::{Deserialize, Serialize};

/// Limits on one document. The defaults are far above what genuine reports need.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Limits {
    /// Bytes of the file.
    pub bytes: u64,
    /// Bytes after decompression, of all parts that are read.
    pub inflated: u64,
    /// Entries of an archive or package.
    pub entries: usize,
    /// Levels of nesting: elements, tables, groups.
    pub depth: usize,
    /// Pages, and sheets of a workbook.
    pub pages: usize,
    /// Cells of all tables.
    pub cells: usize,
    /// Seconds that reading may take. Worker processes are ended; in a thread only the PDF reader watches the clock.
    pub seconds: u64,
    /// Bytes of address space of a worker process; a thread has no such limit.
    pub memory: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Limits {
            bytes: 512 << 20,
            inflated: 384 << 20,
            entries: 10_000,
            depth: 4_096,
            pages: 5_000,
            cells: 1_000_000,
            seconds: 30,
            memory: 2 << 30,
        }
    }
}

/// One of the [`Limits`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Limit {
    /// [`Limits::bytes`].
    Bytes,
    /// [`Limits::inflated`].
    Inflated,
    /// [`Limits::entries`].
    Entries,
    /// [`Limits::depth`].
    Depth,
    /// [`Limits::pages`].
    Pages,
    /// [`Limits::cells`].
    Cells,
    /// [`Limits::seconds`].
    Seconds,
    /// [`Limits::memory`].
    Memory,
}

impl Limit {
    /// The flag that sets it.
    pub fn flag(self) -> &'static str {
        match self {
            Limit::Bytes => "--max-bytes",
            Limit::Inflated => "--max-inflated",
            Limit::Entries => "--max-entries",
            Limit::Depth => "--max-depth",
            Limit::Pages => "--max-pages",
            Limit::Cells => "--max-cells",
            Limit::Seconds => "--max-seconds",
            Limit::Memory => "--max-memory",
        }
    }
}

impl Limits {
    /// The error of a document over a limit that follows from one of these, such as a share of the inflated bytes;
    /// `limit` states it.
    pub fn over_share(&self, of: Limit, what: impl Into<String>, limit: impl Into<String>) -> Error {
        Error::over(what, limit, of.flag())
    }

    /// The error of a document over one of the limits; `what` is what there was too much of (`7,000 pages`).
    pub fn over(&self, limit: Limit, what: impl Into<String>) -> Error {
        let value = match limit {
            Limit::Bytes => size(self.bytes),
            Limit::Inflated => size(self.inflated),
            Limit::Entries => format!("{} entries", self.entries),
            Limit::Depth => format!("{} levels", self.depth),
            Limit::Pages => format!("{} pages", self.pages),
            Limit::Cells => format!("{} cells", self.cells),
            Limit::Seconds => format!("{} s", self.seconds),
            Limit::Memory => size(self.memory),
        };
        Error::over(what, value, limit.flag())
    }
}

/// A number of bytes in the largest unit that states it exactly, units being powers of 1024: `512 MB`.
pub fn size(bytes: u64) -> String {
    const UNITS: [(u32, &str); 3] = [(30, "GB"), (20, "MB"), (10, "kB")];
    let exact = |(shift, _): &&(u32, &str)| bytes > 0 && bytes.trailing_zeros() >= *shift;
    match UNITS.iter().find(exact) {
        Some((shift, unit)) => format!("{} {unit}", bytes >> shift),
        None => format!("{bytes} bytes"),
    }
}

/// A number of bytes in whole megabytes where it has some: shares of odd limits are no whole numbers of anything.
pub fn about(bytes: u64) -> String {
    match bytes >> 20 {
        0 => size(bytes),
        megabytes => format!("{megabytes} MB"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_stated_exactly() {
        for (bytes, text) in [
            (0, "0 bytes"),
            (1023, "1023 bytes"),
            (1024, "1 kB"),
            (384 << 20, "384 MB"),
            (2 << 30, "2 GB"),
            ((1 << 30) + (1 << 20), "1025 MB"),
        ] {
            assert_eq!(size(bytes), text);
        }
    }

    #[test]
    fn an_error_names_limit_and_flag() {
        let error = Limits::default().over(Limit::Pages, "5,001 pages").to_string();
        assert_eq!(
            error,
            "refused: 5,001 pages exceeds the limit of 5000 pages; raise --max-pages if the file is genuine"
        );
    }
}
