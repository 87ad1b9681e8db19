//! The manifest of a run: one line for each file that was tried.

use serde::Serialize;

/// What came of one file. Holds neither clock nor absolute path, so that a rerun gives the same bytes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ManifestEntry {
    /// Path as given.
    pub path: String,
    /// `done` or `failed`.
    pub status: Status,
    /// SHA-256 of the file's bytes; null when they could not be read.
    pub sha256: Option<String>,
    /// First file of the run with the same bytes, if this is not the first.
    pub duplicate_of: Option<String>,
    /// Path of the record below the output folder; null where none was written.
    pub output: Option<String>,
    /// Warnings in the record.
    pub warnings: usize,
    /// Failed checks in the record.
    pub failed_checks: usize,
    /// Kind of error, a stable word; null when done.
    pub error_code: Option<&'static str>,
    /// What was wrong and what to do.
    pub error: Option<String>,
}

/// Whether a file gave a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    /// A record was written.
    Done,
    /// None was.
    Failed,
}
