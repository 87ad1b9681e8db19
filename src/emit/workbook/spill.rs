//! Ledger rows that wait on disk: what failed comes first over all reports, so the rest is written when all is read.

use crate::error::{Error, ErrorKind, Result};
use crate::model::{CheckStatus, Severity};
use serde::{Deserialize, Serialize};
use std::fs::File;
use std::io::{self, BufRead, BufReader, BufWriter, Seek, Write};
use std::path::{Path, PathBuf};

/// Bytes that wait before they are written, and that are read at once.
const BUFFER: usize = 64 << 10;

/// Group of the ledger, in the order of the sheet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Group {
    /// Failed, severity `error`.
    Error,
    /// Failed, severity `warning`.
    Warning,
    /// Failed, severity `info`.
    Info,
    /// A figure could not be read.
    Insufficient,
    /// Differs within rounding.
    Rounding,
    /// Holds.
    Pass,
}

impl Group {
    /// Those that wait, in order.
    const WAITING: [Group; 5] = [
        Group::Warning,
        Group::Info,
        Group::Insufficient,
        Group::Rounding,
        Group::Pass,
    ];

    /// The group of a check.
    pub fn of(status: CheckStatus, severity: Severity) -> Self {
        match (status, severity) {
            (CheckStatus::Fail, Severity::Error) => Group::Error,
            (CheckStatus::Fail, Severity::Warning) => Group::Warning,
            (CheckStatus::Fail, Severity::Info) => Group::Info,
            (CheckStatus::Insufficient, _) => Group::Insufficient,
            (CheckStatus::Rounding, _) => Group::Rounding,
            (CheckStatus::Pass, _) => Group::Pass,
        }
    }
}

/// Waiting rows, one line of JSON each, in nameless files that vanish with the process.
pub struct Spill {
    path: PathBuf,
    files: Vec<BufWriter<File>>,
}

impl Spill {
    /// Empty files in `folder`; `path` is the output that errors name.
    ///
    /// # Errors
    /// Those of the file system.
    pub fn new(path: &Path, folder: &Path) -> Result<Self> {
        let file = |_| tempfile::tempfile_in(folder).map(|file| BufWriter::with_capacity(BUFFER, file));
        let files: io::Result<_> = Group::WAITING.iter().map(file).collect();
        Ok(Spill {
            path: path.to_owned(),
            files: files.map_err(|error| Error::write(path, &error))?,
        })
    }

    /// Puts a row aside.
    ///
    /// # Errors
    /// Those of the file system.
    pub fn put(&mut self, group: Group, row: &impl Serialize) -> Result<()> {
        let at = Group::WAITING.iter().position(|g| *g == group).unwrap_or(0);
        let file = &mut self.files[at];
        let line = serde_json::to_vec(row).map_err(|error| Error::new(ErrorKind::Internal(error.to_string())))?;
        let write = file.write_all(&line).and_then(|()| file.write_all(b"\n"));
        write.map_err(|error| Error::write(&self.path, &error))
    }

    /// Gives every row back, group by group, in the order in which they came.
    ///
    /// # Errors
    /// Those of the file system, and of `each`.
    pub fn drain<T: for<'de> Deserialize<'de>>(self, mut each: impl FnMut(T) -> Result<()>) -> Result<()> {
        for file in self.files {
            let io = |error: &io::Error| Error::write(&self.path, error);
            let mut file = file.into_inner().map_err(|error| io(error.error()))?;
            file.rewind().map_err(|error| io(&error))?;
            let mut file = BufReader::with_capacity(BUFFER, file);
            let mut line = Vec::new();
            while file.read_until(b'\n', &mut line).map_err(|error| io(&error))? > 0 {
                let row = serde_json::from_slice(&line).map_err(|e| Error::new(ErrorKind::Internal(e.to_string())))?;
                each(row)?;
                line.clear();
            }
        }
        Ok(())
    }
}
