//! The bytes of one input, under limits, and the wall around the code that reads them.

use super::walk::{Input, io_reason};
use crate::ReadOptions;
use crate::error::{Error, ErrorKind, Result};
use crate::model::{Format, Limit, Limits, Report};
use crate::pattern::Patterns;
use std::fs::File;
use std::io::Read;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

/// One file with the levels below its record, as `heshu show` draws them.
///
/// # Errors
/// As [`crate::extract`], and those of the file system.
pub fn levels(input: &Input, patterns: &Patterns, options: &ReadOptions) -> Result<crate::Extraction> {
    let bytes = read(input, &options.limits)?;
    guarded(|| crate::extract_with(&bytes, &input.shown, patterns, options))
}

/// Text under the name of another format is the remains of that format (a failed download, a page of an error), and
/// what would be read from it is no report.
pub(super) fn refuse_false_name(path: &Path, report: Report) -> Result<Report> {
    let extension = path
        .extension()
        .map(|e| e.to_string_lossy().to_lowercase())
        .unwrap_or_default();
    let text = report.document.format == Format::Txt;
    if text && matches!(extension.as_str(), "docx" | "pdf") {
        let found = format!("plain text under the name .{extension}");
        return Err(Error::unsupported(
            found,
            "obtain the file again, or name it .txt if it is a text",
        ));
    }
    Ok(report)
}

/// An input's bytes as a stream, at most [`Limits::bytes`] and one of them.
///
/// Every reading of an input comes through here: wherever it lies, it is opened, limited and refused alike.
///
/// # Errors
/// [`ErrorKind::Io`] with the system's words; [`ErrorKind::Limit`] over [`Limits::bytes`] where the size is known beforehand.
fn open(input: &Input, limits: &Limits) -> Result<impl Read> {
    // Asked before it is opened: opening a pipe waits for somebody to write into it.
    let metadata = std::fs::metadata(&input.path).map_err(|error| io(&error))?;
    if metadata.is_dir() {
        return Err(Error::new(ErrorKind::Io("is a folder".to_owned())));
    }
    if !metadata.is_file() {
        let reason = "is a pipe or a device, not a file".to_owned();
        return Err(Error::new(ErrorKind::Io(reason)));
    }
    let file = File::open(&input.path).map_err(|error| io(&error))?;
    if metadata.len() > limits.bytes {
        return Err(too_large(limits));
    }
    // The size is a hint only: a file may grow.
    Ok(file.take(limits.bytes.saturating_add(1)))
}

/// The bytes of an input.
///
/// # Errors
/// [`ErrorKind::Io`] with the system's words; [`ErrorKind::Limit`] over [`Limits::bytes`].
pub fn read(input: &Input, limits: &Limits) -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    open(input, limits)?
        .read_to_end(&mut bytes)
        .map_err(|error| io(&error))?;
    if bytes.len() as u64 > limits.bytes {
        return Err(too_large(limits));
    }
    Ok(bytes)
}

/// SHA-256 of an input's bytes, in lower-case hexadecimal; memory does not grow with the input.
///
/// # Errors
/// As [`read`].
pub fn hash(input: &Input, limits: &Limits) -> Result<String> {
    let (hash, length) = crate::sha256_of(open(input, limits)?).map_err(|error| io(&error))?;
    if length > limits.bytes {
        return Err(too_large(limits));
    }
    Ok(hash)
}

fn io(error: &std::io::Error) -> Error {
    Error::new(ErrorKind::Io(io_reason(error)))
}

fn too_large(limits: &Limits) -> Error {
    limits.over(Limit::Bytes, "the file's size")
}

pub(super) fn guarded<T>(work: impl FnOnce() -> Result<T>) -> Result<T> {
    // Nothing that `work` borrows is changed by it, so a panic leaves nothing half done.
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|panic| {
        let words = panic.downcast_ref::<&str>().map(|s| (*s).to_owned());
        let words = words.or_else(|| panic.downcast_ref::<String>().cloned());
        let words = words.unwrap_or_else(|| "panic without a message".to_owned());
        // One line: messages of assertions have several.
        Err(Error::new(ErrorKind::Internal(words.replace('\n', " "))))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_becomes_an_error() {
        let error = guarded::<()>(|| panic!("row {}\nof 2", 3)).unwrap_err();
        assert_eq!(error.kind, ErrorKind::Internal("row 3 of 2".to_owned()));
    }

    fn input(path: std::path::PathBuf) -> Input {
        let shown = path.display().to_string();
        Input { path, shown }
    }

    #[test]
    fn a_missing_file_and_a_folder_are_io_errors() {
        let dir = tempfile::tempdir().unwrap();
        let missing = read(&input(dir.path().join("none.txt")), &Limits::default())
            .unwrap_err()
            .to_string();
        assert!(missing.contains("no such file"), "{missing}");
        let folder = input(dir.path().to_owned());
        assert!(
            read(&folder, &Limits::default())
                .unwrap_err()
                .to_string()
                .contains("folder")
        );
        assert!(
            hash(&folder, &Limits::default())
                .unwrap_err()
                .to_string()
                .contains("folder")
        );
    }

    #[test]
    fn the_hash_of_a_stream_is_that_of_the_bytes() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("a.txt");
        std::fs::write(&path, "绩效".repeat(100_000)).unwrap();
        let input = input(path);
        let limits = Limits::default();
        assert_eq!(
            hash(&input, &limits).unwrap(),
            crate::sha256(&read(&input, &limits).unwrap())
        );
        let small = Limits {
            bytes: 600_000 - 1,
            ..limits
        };
        for error in [hash(&input, &small).unwrap_err(), read(&input, &small).unwrap_err()] {
            assert!(error.to_string().contains("--max-bytes"), "{error}");
        }
    }
}
