//! The outputs of a folder run: which there are, and how records become them.

use super::publish;
use super::store::Store;
use crate::emit::audit::FileRow;
use crate::emit::csv::{self, Csv};
use crate::emit::flat;
use crate::emit::folder::{WholeFile, with_folder};
use crate::emit::manifest::ManifestEntry;
use crate::emit::parquet::{self, Parquet};
use crate::emit::word::{self, AuditReport};
use crate::emit::workbook::{self, AuditWorkbook};
use crate::error::{Error, ErrorKind, Result};
use crate::model::Report;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

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
}

/// A record on its way into the outputs.
#[derive(Debug)]
pub struct Item {
    /// The record.
    pub report: Report,
    /// As it is stored: one line.
    pub line: Vec<u8>,
    /// Indented, where such files are asked for.
    pub pretty: Vec<u8>,
}

/// An output while it is made.
enum Output {
    Json(PathBuf),
    Ndjson(WholeFile),
    /// Both from the same rows, which are made once.
    Flat {
        csv: Option<Csv>,
        parquet: Option<Parquet>,
    },
    Xlsx(Box<AuditWorkbook>),
    Docx(Box<AuditReport>),
}

impl Output {
    /// Those of the formats that are asked for, below `root`.
    fn create(root: &Path, formats: &[OutputFormat]) -> Result<Vec<Self>> {
        let asked = |format: OutputFormat| formats.contains(&format).then(|| root.join(format.place()));
        let mut outputs = Vec::new();
        if let Some(folder) = asked(OutputFormat::Json) {
            // Made even if no report was read: an empty folder says so.
            fs::create_dir_all(&folder).map_err(|error| Error::write(&folder, &error))?;
            outputs.push(Output::Json(root.to_owned()));
        }
        if let Some(path) = asked(OutputFormat::Ndjson) {
            let file = WholeFile::create(path.clone()).map_err(|error| Error::write(&path, &error))?;
            outputs.push(Output::Ndjson(file));
        }
        let csv = asked(OutputFormat::Csv).map(|_| Csv::create(root)).transpose()?;
        let parquet = asked(OutputFormat::Parquet)
            .map(|_| Parquet::create(root))
            .transpose()?;
        if csv.is_some() || parquet.is_some() {
            outputs.push(Output::Flat { csv, parquet });
        }
        if asked(OutputFormat::Xlsx).is_some() {
            outputs.push(Output::Xlsx(Box::new(AuditWorkbook::create(root)?)));
        }
        if asked(OutputFormat::Docx).is_some() {
            outputs.push(Output::Docx(Box::new(AuditReport::create(root)?)));
        }
        Ok(outputs)
    }

    fn take(&mut self, entry: &ManifestEntry, item: &Item) -> Result<()> {
        match self {
            Output::Json(root) => {
                let Some(name) = &entry.output else { return Ok(()) };
                let path = root.join(name);
                // Made below the staging folder, so it needs no care to be whole.
                let written = with_folder(&path, || fs::write(&path, &item.pretty));
                written.map_err(|error| Error::write(&path, &error))
            }
            Output::Ndjson(file) => {
                let written = file.write_all(&item.line);
                written.map_err(|error| Error::write(Path::new(OutputFormat::Ndjson.place()), &error))
            }
            Output::Flat { csv, parquet } => flat::rows(&item.report, |table, fields| {
                csv.as_mut().map_or(Ok(()), |csv| csv.row(table, fields))?;
                parquet.as_mut().map_or(Ok(()), |parquet| parquet.row(table, fields))
            }),
            Output::Xlsx(workbook) => workbook.take(&item.report),
            Output::Docx(word) => word.take(&item.report),
        }
    }

    fn finish(self, files: &[FileRow]) -> Result<()> {
        match self {
            Output::Json(_) => Ok(()),
            Output::Ndjson(file) => {
                let finished = file.finish();
                finished.map_err(|error| Error::write(Path::new(OutputFormat::Ndjson.place()), &error))
            }
            Output::Flat { csv, parquet } => {
                csv.map_or(Ok(()), Csv::finish)?;
                parquet.map_or(Ok(()), Parquet::finish)
            }
            Output::Xlsx(workbook) => workbook.finish(files),
            Output::Docx(word) => word.finish(files),
        }
    }
}

/// The outputs of a run while they are made, in the staging folder. Memory does not grow with the number of records.
pub struct Outputs {
    root: PathBuf,
    staging: PathBuf,
    outputs: Vec<Output>,
    /// What went wrong first. Nothing more is made then; what is read is stored all the same.
    failed: Option<Error>,
}

impl Outputs {
    /// Begins the outputs of these formats.
    pub fn create(store: &Store, formats: &[OutputFormat]) -> Self {
        let mut outputs = Outputs {
            root: store.root().to_owned(),
            staging: store.staging(),
            outputs: Vec::new(),
            failed: None,
        };
        match Output::create(&outputs.staging, formats) {
            Ok(begun) => outputs.outputs = begun,
            Err(error) => outputs.fail(error),
        }
        outputs
    }

    /// Takes the next record, in the order of the manifest, each content once.
    pub fn take(&mut self, entry: &ManifestEntry, item: &Item) {
        let taken = self.outputs.iter_mut().try_for_each(|output| output.take(entry, item));
        if let Err(error) = taken {
            self.fail(error);
        }
    }

    /// How many there are.
    pub fn count(&self) -> usize {
        self.outputs.len()
    }

    /// Completes the outputs, `each` called for every one, and puts them under their names. Gives the names under which
    /// files that a user had changed are kept.
    ///
    /// # Errors
    /// The first of any output; the outputs of the last run stay as they are then.
    pub fn finish(mut self, store: &Store, entries: &[ManifestEntry], mut each: impl FnMut()) -> Result<Vec<String>> {
        let files: Vec<FileRow> = entries.iter().map(FileRow::from).collect();
        let mut outputs = std::mem::take(&mut self.outputs).into_iter();
        let finished = outputs.try_for_each(|output| {
            each();
            output.finish(&files)
        });
        if let Err(error) = finished {
            drop(outputs);
            self.fail(error);
        }
        match self.failed {
            Some(error) => Err(error),
            None => publish::publish(store),
        }
    }

    fn fail(&mut self, mut error: Error) {
        // The reader knows the outputs by their own names, not by where they stand while they are made.
        if let ErrorKind::Write(reason) = &mut error.kind {
            let staging = self.staging.display().to_string();
            *reason = reason.replace(&staging, &self.root.display().to_string());
        }
        self.outputs.clear();
        self.failed.get_or_insert(error);
    }
}
