//! The outputs of a folder run: which there are, and how stored records become them.

use super::pool::ordered_within;
use super::publish;
use super::store::Store;
use crate::emit::audit::FileRow;
use crate::emit::csv::{self, Csv};
use crate::emit::folder::WholeFile;
use crate::emit::json;
use crate::emit::manifest::{ManifestEntry, Status};
use crate::emit::parquet::{self, Parquet};
use crate::emit::word::{self, AuditReport};
use crate::emit::workbook::{self, AuditWorkbook};
use crate::error::{Error, ErrorKind, Result};
use crate::model::Report;
use std::fs;
use std::io::Write;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

/// Records that are parsed ahead of the writer, for each thread: some reports are large.
const AHEAD: usize = 2;

/// An output that a run can be asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum OutputFormat {
    /// One indented file a report, below `json/`.
    Json,
    /// `reports.ndjson`, one record a line.
    Ndjson,
    /// Flat tables, `csv/<table>.csv`.
    Csv,
    /// Flat tables, `parquet/<table>/fiscal_year=…/part-0.parquet`.
    Parquet,
    /// `审计底稿.xlsx`.
    Xlsx,
    /// `核对报告.docx`.
    Docx,
}

impl OutputFormat {
    /// All, in the order in which they are made.
    pub const ALL: [OutputFormat; 6] = [
        OutputFormat::Json,
        OutputFormat::Ndjson,
        OutputFormat::Csv,
        OutputFormat::Parquet,
        OutputFormat::Xlsx,
        OutputFormat::Docx,
    ];

    /// Its name on the command line.
    pub fn name(self) -> &'static str {
        match self {
            OutputFormat::Json => "json",
            OutputFormat::Ndjson => "ndjson",
            OutputFormat::Csv => "csv",
            OutputFormat::Parquet => "parquet",
            OutputFormat::Xlsx => "xlsx",
            OutputFormat::Docx => "docx",
        }
    }

    /// The file or folder below the output folder.
    pub fn place(self) -> &'static str {
        match self {
            OutputFormat::Json => "json",
            OutputFormat::Ndjson => "reports.ndjson",
            OutputFormat::Csv => csv::FOLDER,
            OutputFormat::Parquet => parquet::FOLDER,
            OutputFormat::Xlsx => workbook::FILE_NAME,
            OutputFormat::Docx => word::FILE_NAME,
        }
    }

    /// What it holds, for the help.
    pub fn help(self) -> &'static str {
        match self {
            OutputFormat::Json => "One indented file a report, DIR/json/<path of the report>.json",
            OutputFormat::Ndjson => "One record a line, DIR/reports.ndjson",
            OutputFormat::Csv => "Flat tables, DIR/csv/<table>.csv",
            OutputFormat::Parquet => "Flat tables, DIR/parquet/<table>/fiscal_year=<year>/",
            OutputFormat::Xlsx => "Workbook for the auditor in Chinese, DIR/审计底稿.xlsx",
            OutputFormat::Docx => "What does not agree, to attach to working papers, in Chinese, DIR/核对报告.docx",
        }
    }

    /// Whether it is made from the parsed record.
    fn needs_report(self) -> bool {
        !matches!(self, OutputFormat::Ndjson)
    }
}

/// A stored record on its way into the outputs.
struct Item {
    line: Vec<u8>,
    /// Indented, where such files are asked for.
    pretty: Vec<u8>,
    /// Parsed, where an output needs it.
    report: Option<Report>,
}

/// An output while it is made.
enum Output {
    Json(PathBuf),
    Ndjson(WholeFile),
    Csv(Csv),
    Parquet(Parquet),
    Xlsx(Box<AuditWorkbook>),
    Docx(Box<AuditReport>),
}

impl Output {
    fn create(format: OutputFormat, root: &Path) -> Result<Self> {
        let place = root.join(format.place());
        let failed = |error: std::io::Error| Error::write(&place, &error);
        Ok(match format {
            OutputFormat::Json => {
                // Made even if no report was read: an empty folder says so.
                fs::create_dir_all(&place).map_err(failed)?;
                Output::Json(root.to_owned())
            }
            OutputFormat::Ndjson => Output::Ndjson(WholeFile::create(place.clone()).map_err(failed)?),
            OutputFormat::Csv => Output::Csv(Csv::create(root)?),
            OutputFormat::Parquet => Output::Parquet(Parquet::create(root)?),
            OutputFormat::Xlsx => Output::Xlsx(Box::new(AuditWorkbook::create(root)?)),
            OutputFormat::Docx => Output::Docx(Box::new(AuditReport::create(root)?)),
        })
    }

    fn take(&mut self, entry: &ManifestEntry, item: &Item) -> Result<()> {
        match self {
            Output::Json(root) => {
                let Some(name) = &entry.output else { return Ok(()) };
                let path = root.join(name);
                // Made below the staging folder, so it needs no care to be whole.
                let folder = path.parent().map_or(Ok(()), fs::create_dir_all);
                let written = folder.and_then(|()| fs::write(&path, &item.pretty));
                written.map_err(|error| Error::write(&path, &error))
            }
            Output::Ndjson(file) => {
                let written = file.write_all(&item.line);
                written.map_err(|error| Error::write(Path::new(OutputFormat::Ndjson.place()), &error))
            }
            Output::Csv(output) => item.report.as_ref().map_or(Ok(()), |report| output.take(report)),
            Output::Parquet(output) => item.report.as_ref().map_or(Ok(()), |report| output.take(report)),
            Output::Xlsx(workbook) => item.report.as_ref().map_or(Ok(()), |report| workbook.take(report)),
            Output::Docx(word) => item.report.as_ref().map_or(Ok(()), |report| word.take(report)),
        }
    }

    fn finish(self, files: &[FileRow]) -> Result<()> {
        match self {
            Output::Json(_) => Ok(()),
            Output::Ndjson(file) => {
                let finished = file.finish();
                finished.map_err(|error| Error::write(Path::new(OutputFormat::Ndjson.place()), &error))
            }
            Output::Csv(output) => output.finish(),
            Output::Parquet(output) => output.finish(),
            Output::Xlsx(workbook) => workbook.finish(files),
            Output::Docx(word) => word.finish(files),
        }
    }
}

/// Makes the outputs from the stored records, in the order of the manifest, each content once, and puts them under
/// their names when all are complete. Gives the names under which files that a user had changed are kept.
///
/// `each` is called once a record; memory does not grow with their number.
///
/// # Errors
/// Those of the file system; the outputs of the last run stay as they are then.
pub fn assemble(
    store: &Store,
    entries: &[ManifestEntry],
    formats: &[OutputFormat],
    jobs: usize,
    each: impl FnMut(),
) -> Result<Vec<String>> {
    make(store, entries, formats, jobs, each).map_err(|mut error| {
        // The reader knows the outputs by their own names, not by where they stand while they are made.
        if let ErrorKind::Write(reason) = &mut error.kind {
            let staging = store.staging().display().to_string();
            *reason = reason.replace(&staging, &store.root().display().to_string());
        }
        error
    })?;
    publish::publish(store)
}

/// Makes the outputs in the staging folder.
fn make(
    store: &Store,
    entries: &[ManifestEntry],
    formats: &[OutputFormat],
    jobs: usize,
    mut each: impl FnMut(),
) -> Result<()> {
    let staging = store.staging();
    let mut outputs = Vec::new();
    for format in OutputFormat::ALL.into_iter().filter(|format| formats.contains(format)) {
        outputs.push(Output::create(format, &staging)?);
    }
    let owners: Vec<&ManifestEntry> = entries.iter().filter(|entry| owns_record(entry)).collect();
    let json_files = formats.contains(&OutputFormat::Json);
    let parse = formats.iter().any(|format| format.needs_report());
    pass(store, &owners, jobs, (parse, json_files), |entry, item| {
        each();
        outputs.iter_mut().try_for_each(|output| output.take(entry, item))
    })?;
    let files: Vec<FileRow> = entries.iter().map(FileRow::from).collect();
    outputs.into_iter().try_for_each(|output| output.finish(&files))
}

/// Whether an entry stands for a record, and is the first to do so.
pub fn owns_record(entry: &ManifestEntry) -> bool {
    entry.status == Status::Done && entry.duplicate_of.is_none()
}

/// Reads the stored records of these entries, in order.
fn pass(
    store: &Store,
    owners: &[&ManifestEntry],
    jobs: usize,
    (parse, indent): (bool, bool),
    mut sink: impl FnMut(&ManifestEntry, &Item) -> Result<()>,
) -> Result<()> {
    let work = |entry: &&ManifestEntry| -> Result<Item> {
        let found = if parse {
            store.get(entry).map(|(line, report)| (line, Some(report)))
        } else {
            store.line(entry).map(|line| (line, None))
        };
        let (line, report) = found.ok_or_else(|| {
            let record = entry.record.as_deref().unwrap_or(&entry.path);
            let reason = format!("{record}: the stored record was changed while the run went on; run again");
            Error::new(ErrorKind::Io(reason))
        })?;
        let pretty = match &report {
            Some(report) if indent => json::pretty(report)?,
            _ => Vec::new(),
        };
        Ok(Item { line, pretty, report })
    };
    let mut result = Ok(());
    let ran = ordered_within(owners, jobs, AHEAD, work, |entry, item| {
        result = item.and_then(|item| sink(entry, &item));
        if result.is_ok() {
            ControlFlow::Continue(())
        } else {
            ControlFlow::Break(())
        }
    });
    result?;
    ran.map_err(|error| Error::new(ErrorKind::Internal(error.to_string())))
}
