//! One file, walled off: whatever it holds, the others are done all the same.

use super::walk::{Input, io_reason};
use crate::ReadOptions;
use crate::error::{Error, ErrorKind, Result};
use crate::model::{Format, Report};
use crate::pattern::Patterns;
use std::fs::File;
use std::io::Read;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

/// Largest file that is read, in bytes.
pub const MAX_BYTES: u64 = 512 << 20;

/// What came of one file.
#[derive(Debug)]
pub struct Outcome {
    /// SHA-256 of the bytes; `None` when they could not be read.
    pub sha256: Option<String>,
    /// The report, or why there is none.
    pub result: Result<Report>,
}

/// Reads and extracts one file; a panic becomes [`ErrorKind::Internal`].
pub fn process(input: &Input, patterns: &Patterns, options: &ReadOptions) -> Outcome {
    let bytes = match read(input) {
        Ok(bytes) => bytes,
        Err(error) => {
            return Outcome {
                sha256: None,
                result: Err(error),
            };
        }
    };
    let result = guarded(|| Ok(crate::extract_with(&bytes, &input.shown, patterns, options)?.report));
    let result = result.and_then(|report| refuse_false_name(&input.path, report));
    let sha256 = match &result {
        Ok(report) => report.document.sha256.clone(),
        Err(_) => crate::sha256(&bytes),
    };
    Outcome {
        sha256: Some(sha256),
        result,
    }
}

/// One file with the levels below its record, as `heshu show` draws them.
///
/// # Errors
/// As [`crate::extract`], and those of the file system.
pub fn levels(input: &Input, patterns: &Patterns, options: &ReadOptions) -> Result<crate::Extraction> {
    let bytes = read(input)?;
    guarded(|| crate::extract_with(&bytes, &input.shown, patterns, options))
}

/// Text under the name of another format is the remains of that format (a failed download, a page of an error), and
/// what would be read from it is no report.
fn refuse_false_name(path: &Path, report: Report) -> Result<Report> {
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

/// An input's bytes as a stream, at most [`MAX_BYTES`] and one of them.
///
/// Every reading of an input comes through here: wherever it lies, it is opened, limited and refused alike.
///
/// # Errors
/// [`ErrorKind::Io`] with the system's words; [`ErrorKind::Limit`] over [`MAX_BYTES`] where the size is known beforehand.
fn open(input: &Input) -> Result<impl Read> {
    let file = File::open(&input.path).map_err(|error| io(&error))?;
    let metadata = file.metadata().map_err(|error| io(&error))?;
    if metadata.is_dir() {
        return Err(Error::new(ErrorKind::Io("is a folder".to_owned())));
    }
    if metadata.len() > MAX_BYTES {
        return Err(too_large());
    }
    // The size is a hint only: a pipe has none, a file may grow.
    Ok(file.take(MAX_BYTES + 1))
}

/// The bytes of an input.
///
/// # Errors
/// [`ErrorKind::Io`] with the system's words; [`ErrorKind::Limit`] over [`MAX_BYTES`].
pub fn read(input: &Input) -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    open(input)?.read_to_end(&mut bytes).map_err(|error| io(&error))?;
    if bytes.len() as u64 > MAX_BYTES {
        return Err(too_large());
    }
    Ok(bytes)
}

/// SHA-256 of an input's bytes, in lower-case hexadecimal; memory does not grow with the input.
///
/// # Errors
/// As [`read`].
pub fn hash(input: &Input) -> Result<String> {
    let (hash, length) = crate::sha256_of(open(input)?).map_err(|error| io(&error))?;
    if length > MAX_BYTES {
        return Err(too_large());
    }
    Ok(hash)
}

fn io(error: &std::io::Error) -> Error {
    Error::new(ErrorKind::Io(io_reason(error)))
}

fn too_large() -> Error {
    Error::limit("the file's size", format!("{} MB", MAX_BYTES >> 20))
}

fn guarded<T>(work: impl FnOnce() -> Result<T>) -> Result<T> {
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
        let missing = read(&input(dir.path().join("none.txt"))).unwrap_err().to_string();
        assert!(missing.contains("no such file"), "{missing}");
        let folder = input(dir.path().to_owned());
        assert!(read(&folder).unwrap_err().to_string().contains("folder"));
        assert!(hash(&folder).unwrap_err().to_string().contains("folder"));
    }

    #[test]
    fn the_hash_of_a_stream_is_that_of_the_bytes() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("a.txt");
        std::fs::write(&path, "绩效".repeat(100_000)).unwrap();
        let input = input(path);
        assert_eq!(hash(&input).unwrap(), crate::sha256(&read(&input).unwrap()));
    }
}
