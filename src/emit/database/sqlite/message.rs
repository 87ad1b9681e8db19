//! What SQLite says, in words that help.

use super::super::failure;
use crate::error::Error;
use rusqlite::ErrorCode;
use std::path::Path;

/// An error of a file.
pub fn describe(error: &rusqlite::Error, path: &Path) -> Error {
    let advice = match error.sqlite_error_code() {
        Some(ErrorCode::DiskFull) => "make room and run again; what was loaded before is kept",
        Some(ErrorCode::ReadOnly | ErrorCode::PermissionDenied) => {
            "allow writing to the file and its folder, or name another one"
        }
        Some(ErrorCode::CannotOpen) => "check that its folder exists and may be written",
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => {
            "another program is writing to it: run again when that one is done"
        }
        Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => {
            "load into a new file; the records can be loaded again at any time"
        }
        Some(ErrorCode::SystemIoFailure) => {
            "check the disk and its free space, then run again; what was loaded before is kept"
        }
        _ => "run again; what was loaded before is kept",
    };
    failure(format!("{}: {error}", path.display()), advice)
}
