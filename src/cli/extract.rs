//! `heshu extract`: reports to records.

use super::Done;
use super::run::{self, Finished, RunArguments};
use anyhow::{Context, bail};
use clap::{Args, ValueEnum};
use heshu::batch::summary::error_code;
use heshu::emit::folder::{OutputNames, WholeFile, write_whole};
use heshu::emit::json;
use heshu::emit::manifest::{ManifestEntry, Status};
use heshu::model::CheckStatus;
use std::collections::HashMap;
use std::io::{self, BufWriter, Write};
use std::path::PathBuf;

/// Writes one record a line to standard output, or files below a folder.
#[derive(Args)]
pub struct ExtractArguments {
    /// Folder for the records: reports.ndjson, json/<path of the report>.json, manifest.ndjson
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// What to write below DIR
    #[arg(long, value_enum, value_delimiter = ',', value_name = "FMT", default_values_t = [OutputFormat::Json, OutputFormat::Ndjson])]
    format: Vec<OutputFormat>,
    /// Read the text of PDF pages once more with another library and warn of pages that differ
    #[cfg(feature = "second-opinion")]
    #[arg(long)]
    second_opinion: bool,
    #[command(flatten)]
    run: RunArguments,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum OutputFormat {
    /// One indented file a report, below DIR/json
    Json,
    /// DIR/reports.ndjson, one record a line
    Ndjson,
}

/// A record ready to write.
struct Record {
    line: Vec<u8>,
    pretty: Vec<u8>,
    warnings: usize,
    failed_checks: usize,
}

pub fn run(arguments: &ExtractArguments) -> anyhow::Result<Done> {
    let wants = |format| arguments.format.contains(&format);
    let (json_files, ndjson) = match &arguments.out {
        Some(_) => (wants(OutputFormat::Json), wants(OutputFormat::Ndjson)),
        None if wants(OutputFormat::Ndjson) => (false, true),
        None => bail!("--format json writes files; name their folder with --out DIR"),
    };
    let make = |report: &heshu::model::Report| {
        #[cfg(feature = "second-opinion")]
        let report = &asked(report, arguments);
        Ok(Record {
            line: if ndjson { json::line(report)? } else { Vec::new() },
            pretty: if json_files { json::pretty(report)? } else { Vec::new() },
            warnings: report.warnings.len(),
            failed_checks: report.checks.iter().filter(|c| c.status == CheckStatus::Fail).count(),
        })
    };
    let summary = match &arguments.out {
        None => {
            let mut out = BufWriter::new(io::stdout().lock());
            let summary = run::run(&arguments.run, make, |_, finished| {
                if let Ok(record) = finished.result {
                    out.write_all(&record.line)?;
                    // A reader of a pipe gets each record when it is done, not when a buffer is full.
                    out.flush()?;
                }
                Ok(())
            })?;
            out.flush()?;
            summary
        }
        Some(root) => {
            let mut folder = Folder::create(root.clone(), json_files, ndjson)?;
            let summary = run::run(&arguments.run, make, |shown, finished| folder.take(shown, finished))?;
            folder.finish()?;
            summary
        }
    };
    Ok(if summary.has_errors() {
        Done::Failed
    } else {
        Done::Clean
    })
}

/// The record with the warnings of a second opinion, where one is asked for.
#[cfg(feature = "second-opinion")]
fn asked(report: &heshu::model::Report, arguments: &ExtractArguments) -> heshu::model::Report {
    let mut report = report.clone();
    if arguments.second_opinion {
        let password = arguments.run.read.password.as_deref();
        report
            .warnings
            .extend(super::second_opinion::compare(&report, password));
    }
    report
}

/// The output folder of a run.
struct Folder {
    root: PathBuf,
    json_files: bool,
    ndjson: Option<WholeFile>,
    manifest: WholeFile,
    names: OutputNames,
    /// First file of each content.
    first: HashMap<String, String>,
}

impl Folder {
    fn create(root: PathBuf, json_files: bool, ndjson: bool) -> anyhow::Result<Self> {
        let create = |name: &str| {
            let path = root.join(name);
            WholeFile::create(path.clone())
                .with_context(|| format!("{}: cannot be written; name another folder with --out", path.display()))
        };
        Ok(Folder {
            ndjson: if ndjson { Some(create("reports.ndjson")?) } else { None },
            manifest: create("manifest.ndjson")?,
            root,
            json_files,
            names: OutputNames::default(),
            first: HashMap::new(),
        })
    }

    fn take(&mut self, shown: &str, finished: Finished<Record>) -> anyhow::Result<()> {
        let duplicate_of = finished
            .sha256
            .as_ref()
            .and_then(|sha256| self.first.get(sha256).cloned());
        if let Some(sha256) = finished.sha256.as_ref().filter(|_| duplicate_of.is_none()) {
            self.first.insert(sha256.clone(), shown.to_owned());
        }
        let mut entry = ManifestEntry::new(shown, Status::Done);
        entry.sha256 = finished.sha256;
        entry.duplicate_of = duplicate_of;
        match finished.result {
            Ok(record) => {
                entry.warnings = record.warnings;
                entry.failed_checks = record.failed_checks;
                if self.json_files {
                    let name = self.names.name("json", shown, "json");
                    let path = self.root.join(&name);
                    write_whole(path.clone(), &record.pretty).with_context(|| {
                        format!("{}: cannot be written; name another folder with --out", path.display())
                    })?;
                    entry.output = Some(name);
                }
                if let Some(file) = &mut self.ndjson {
                    file.write_all(&record.line)
                        .context("reports.ndjson: cannot be written")?;
                    entry.output.get_or_insert_with(|| "reports.ndjson".to_owned());
                }
            }
            Err(error) => {
                entry.status = Status::Failed;
                entry.error_code = Some(error_code(&error.kind).to_owned());
                entry.message = Some(error.to_string());
            }
        }
        self.manifest
            .write_all(&json::line(&entry)?)
            .context("manifest.ndjson: cannot be written")
    }

    fn finish(self) -> anyhow::Result<()> {
        if let Some(file) = self.ndjson {
            file.finish().context("reports.ndjson: cannot be written")?;
        }
        self.manifest.finish().context("manifest.ndjson: cannot be written")
    }
}
