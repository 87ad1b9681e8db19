//! The bytes of one input, under limits, and the wall around the code that reads them.

use super::walk::{Input, io_reason};
use crate::ReadOptions;
use crate::error::{Error, ErrorKind, Result};
use crate::ingest::sniff;
use crate::model::{Format, Limit, Limits, Report, Source, Warning};
use crate::pattern::Patterns;
use std::fs::File;
use std::io::Read;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// One file with the levels below its record, as `heshu show` draws them.
///
/// # Errors
/// As [`crate::extract`], and those of the file system.
pub fn levels(input: &Input, patterns: &Patterns, options: &ReadOptions) -> Result<crate::Extraction> {
    let bytes = read(input, &options.limits)?;
    guarded(|| crate::extract_with(&bytes, &input.shown, patterns, options))
}

/// Compares what the name says with what the bytes are: a difference is a warning in the record. But a text or page
/// without anything of a report under the name of a document is what remains of one: a failed download, an error's page.
pub(super) fn check_name(name: &str, mut report: Report) -> Result<Report> {
    use Format::{Doc, Docx, Html, Mht, Ods, Pdf, Rtf, Txt, Xls, Xlsx};
    if report.warnings.iter().any(|warning| warning.code == "converted") {
        // What was read is the converter's file; its warning says so.
        return Ok(report);
    }
    let extension = super::walk::extension(name);
    let format = report.document.format;
    let said: Option<Format> = match extension.as_str() {
        "docx" | "docm" | "dotx" | "dotm" => Some(Docx),
        "pdf" => Some(Pdf),
        "txt" => Some(Txt),
        "doc" | "dot" | "wps" | "wpt" => Some(Doc),
        "xls" | "xlt" | "et" => Some(Xls),
        "xlsx" | "xlsm" => Some(Xlsx),
        "ods" => Some(Ods),
        "html" | "htm" => Some(Html),
        "mht" | "mhtml" => Some(Mht),
        "rtf" => Some(Rtf),
        _ => None,
    };
    if said == Some(format) || (said.is_none() && format == Txt) {
        return Ok(report);
    }
    let remains = matches!(format, Txt | Html) && matches!(said, Some(Docx | Pdf | Doc | Xls | Xlsx | Ods | Rtf));
    let has_facts = !(report.tables.is_empty()
        && report.projects.is_empty()
        && report.scores.is_empty()
        && report.statements.is_empty());
    if remains && !has_facts {
        let kind = if format == Txt { "plain text" } else { "an HTML page" };
        return Err(Error::unsupported(
            format!("{kind} under the name .{extension}, with nothing of a report in it"),
            "obtain the file again, or name it .txt if it is a text",
        ));
    }
    let content = match format {
        Docx => "Word文档",
        Pdf => "PDF文件",
        Txt => "纯文本",
        Doc => "旧版Word或WPS文档",
        Xls => "旧版Excel或WPS表格",
        Xlsx => "Excel工作簿",
        Ods => "OpenDocument表格",
        Html => "HTML网页",
        Mht => "单个文件网页（MHT）",
        Rtf => "RTF文档",
    };
    let message = match extension.as_str() {
        "" => format!("文件名没有后缀，内容是{content}（.{}），按内容读取", format.name()),
        extension => format!(
            "文件名后缀为.{extension}，内容却是{content}（.{}），按内容读取",
            format.name()
        ),
    };
    let warning = Warning::new("name_disagrees", message, Source::default());
    report.warnings.insert(0, warning);
    Ok(report)
}

/// An input's bytes as a stream, at most [`Limits::bytes`] and one of them, and how many there seem to be.
///
/// Every reading of an input comes through here: wherever it lies, it is opened, limited and refused alike.
///
/// # Errors
/// [`ErrorKind::Io`] with the system's words; [`ErrorKind::Limit`] over [`Limits::bytes`] where the size is known beforehand.
fn open(input: &Input, limits: &Limits) -> Result<(Box<dyn Read>, usize)> {
    if let Some(member) = &input.member {
        let stream = member.open(&input.path, limits)?;
        return Ok((Box::new(stream.take(most(input, limits).saturating_add(1))), 0));
    }
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
        // A film under a report's name is told by its first bytes.
        let mut head = Vec::new();
        let told = file.take(sniff::HEAD as u64).read_to_end(&mut head).is_ok();
        let known = sniff::known(&head).filter(|_| told);
        return Err(known.map_or_else(|| too_large(input, limits), |known| known.error()));
    }
    // The size is a hint only: a file may grow.
    let seems = usize::try_from(metadata.len()).unwrap_or(0);
    Ok((Box::new(file.take(limits.bytes.saturating_add(1))), seems))
}

/// The bytes of an input.
///
/// # Errors
/// [`ErrorKind::Io`] with the system's words; [`ErrorKind::Limit`] over [`Limits::bytes`].
pub fn read(input: &Input, limits: &Limits) -> Result<Vec<u8>> {
    let (mut stream, seems) = open(input, limits)?;
    // One more: a reader asks once again after the last byte.
    let mut bytes = Vec::with_capacity(seems + 1);
    stream.read_to_end(&mut bytes).map_err(|error| failed(input, &error))?;
    if bytes.len() as u64 > most(input, limits) {
        return Err(too_large(input, limits));
    }
    Ok(bytes)
}

/// SHA-256 of an input's bytes, in lower-case hexadecimal; memory does not grow with the input.
///
/// # Errors
/// As [`read`].
pub fn hash(input: &Input, limits: &Limits) -> Result<String> {
    let (hash, length) = crate::sha256_of(open(input, limits)?.0).map_err(|error| failed(input, &error))?;
    if length > most(input, limits) {
        return Err(too_large(input, limits));
    }
    Ok(hash)
}

fn io(error: &std::io::Error) -> Error {
    Error::new(ErrorKind::Io(io_reason(error)))
}

fn failed(input: &Input, error: &std::io::Error) -> Error {
    match input.member {
        Some(_) => super::archive::broken(error),
        None => io(error),
    }
}

/// Bytes that an input may have.
fn most(input: &Input, limits: &Limits) -> u64 {
    match input.member {
        Some(_) => limits.bytes.min(limits.inflated),
        None => limits.bytes,
    }
}

fn too_large(input: &Input, limits: &Limits) -> Error {
    match input.member {
        Some(_) if limits.inflated < limits.bytes => limits.over(Limit::Inflated, "the file, unpacked,"),
        _ => limits.over(Limit::Bytes, "the file's size"),
    }
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
        Input::file(path)
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
