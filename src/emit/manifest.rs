//! The manifest of a folder run: one line for each file that was tried.

use serde::{Deserialize, Serialize};

/// What came of one file. But for `seconds` it is the same in every run over the same files: no clock, no absolute path.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ManifestEntry {
    /// Path as given.
    pub path: String,
    /// `done` or `failed`.
    pub status: Status,
    /// SHA-256 of the file's bytes; null when they could not be read.
    pub sha256: Option<String>,
    /// The file of the run with the same bytes whose record this file shares; null for that file itself.
    pub duplicate_of: Option<String>,
    /// Stored record below the output folder, one line of JSON; null when failed.
    pub record: Option<String>,
    /// SHA-256 of the stored record: says whether it is still what this entry speaks of.
    pub record_sha256: Option<String>,
    /// Fingerprint of what the record depends on besides the file: version, patterns, options.
    pub settings: Option<String>,
    /// Path of the indented record below the output folder; null where none was asked for, and when failed.
    pub output: Option<String>,
    /// Warnings in the record.
    pub warnings: usize,
    /// Failed checks in the record.
    pub failed_checks: usize,
    /// How long reading took, in seconds, to the millisecond, in the run that read the file.
    pub seconds: f64,
    /// Kind of error, a stable word; null when done.
    pub error_code: Option<String>,
    /// What was wrong and what to do; null when done.
    pub message: Option<String>,
}

/// Whether a file gave a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    /// A record was written.
    Done,
    /// None was.
    Failed,
}

impl ManifestEntry {
    /// A file of which nothing is known yet but its path.
    pub fn new(path: impl Into<String>, status: Status) -> Self {
        ManifestEntry {
            path: path.into(),
            status,
            sha256: None,
            duplicate_of: None,
            record: None,
            record_sha256: None,
            settings: None,
            output: None,
            warnings: 0,
            failed_checks: 0,
            seconds: 0.0,
            error_code: None,
            message: None,
        }
    }
}
