//! heshu (核数) turns Chinese government performance reports into exact, traceable records and checks their figures.
//!
//! ```text
//! bytes ─ingest→ Document ─recognize→ RecognizedTable ─normalize→ Report ─check→ checks ─emit→ JSON · NDJSON
//! ```
//!
//! Nouns live in [`model`], verbs in stages. A stage imports only `model`, `text`, `pattern`, `error`, never another stage;
//! this file alone composes them.

pub mod batch;
pub mod check;
pub mod emit;
pub mod error;
pub mod eval;
pub mod ingest;
pub mod model;
pub mod normalize;
pub mod pattern;
pub mod recognize;
pub mod text;

use error::Result;
use model::{Document, DocumentInfo, Format, RecognizedTable, Report};
use pattern::Patterns;
use sha2::{Digest, Sha256};

pub use ingest::ReadOptions;

/// Program and version, as it stands in records.
pub const EXTRACTOR: &str = concat!("heshu ", env!("CARGO_PKG_VERSION"));

/// A report on each level of understanding; what `heshu show` draws.
#[derive(Debug, Clone)]
pub struct Extraction {
    /// The document as read, tables cut by pages joined.
    pub document: Document,
    /// Its tables as recognized.
    pub tables: Vec<RecognizedTable>,
    /// The record.
    pub report: Report,
}

/// Reads one report into its record, checks included.
///
/// `name` is the path as it shall stand in the record; the format is told by the bytes.
///
/// # Errors
/// When the bytes are no report that can be read: empty, damaged, encrypted, of another format, or over a limit.
///
/// ```
/// let patterns = heshu::pattern::Patterns::builtin()?;
/// let text = "自评结论\n绩效自评分数为95分，绩效等级为优。";
/// let report = heshu::extract(text.as_bytes(), "a.txt", &patterns)?;
/// assert_eq!(report.document.path, "a.txt");
/// # Ok::<(), heshu::error::Error>(())
/// ```
pub fn extract(bytes: &[u8], name: &str, patterns: &Patterns) -> Result<Report> {
    Ok(extract_with(bytes, name, patterns, &ReadOptions::default())?.report)
}

/// As [`extract`], with options, and keeping the levels below the record.
///
/// # Errors
/// As [`extract`].
pub fn extract_with(bytes: &[u8], name: &str, patterns: &Patterns, options: &ReadOptions) -> Result<Extraction> {
    let mut document = recognize::join::join(read(bytes, patterns, options)?, patterns);
    let loose = recognize::loose::warnings(&document);
    document.warnings.extend(loose);
    let mut tables = recognize::recognize(&document, patterns);
    normalize::years::settle(&document, &mut tables, patterns);
    let info = document_info(bytes, name, document.format, document.pages);
    let mut report = normalize::assemble(&document, &tables, info, patterns);
    report.checks = check::run(&report, patterns);
    Ok(Extraction {
        document,
        tables,
        report,
    })
}

/// Reads a document of any supported format: its paragraphs and tables, cells with uncertain borders laid in grids.
///
/// # Errors
/// As [`extract`].
pub fn read(bytes: &[u8], patterns: &Patterns, options: &ReadOptions) -> Result<Document> {
    let document = recognize::lay::lay(ingest::read(bytes, patterns, options)?, patterns);
    ingest::checked(document, &options.limits)
}

fn document_info(bytes: &[u8], name: &str, format: Format, pages: Option<u32>) -> DocumentInfo {
    DocumentInfo {
        sha256: sha256(bytes),
        path: name.to_owned(),
        format,
        bytes: bytes.len() as u64,
        pages,
        extractor: EXTRACTOR.to_owned(),
    }
}

/// SHA-256 of bytes in lower-case hexadecimal, as it stands in records.
pub fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|b| format!("{b:02x}")).collect()
}

/// As [`sha256`], of a stream, with its length; memory does not grow with it.
///
/// # Errors
/// Those of the stream.
pub fn sha256_of(mut stream: impl std::io::Read) -> std::io::Result<(String, u64)> {
    let mut hasher = Sha256::new();
    let mut buffer = vec![0; 64 << 10];
    let mut length = 0;
    loop {
        match stream.read(&mut buffer) {
            Ok(0) => break,
            Ok(n) => {
                hasher.update(&buffer[..n]);
                length += n as u64;
            }
            Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok((hasher.finalize().iter().map(|b| format!("{b:02x}")).collect(), length))
}
