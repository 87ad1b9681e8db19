//! `heshu extract`: reports to records.

use super::Done;
use super::folder::FolderRun;
use super::log::Log;
use super::run::{self, RunArguments};
use anyhow::bail;
use clap::builder::PossibleValue;
use clap::{Args, ValueEnum};
use heshu::batch::outputs::OutputFormat;
use heshu::emit::json;
use heshu::model::Report;
use std::io::{self, BufWriter, Write};
use std::path::PathBuf;

/// Writes one record a line to standard output, or files below a folder.
///
/// A run with --out that is stopped or killed goes on where it was when it is started again, and a later run reads only
/// what is new, changed or failed.
#[derive(Args)]
pub struct ExtractArguments {
    /// Folder for the outputs; manifest.ndjson in it says what came of each file
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// What to write below DIR
    #[arg(long, value_enum, value_delimiter = ',', value_name = "FMT", default_values_t = [Format(OutputFormat::Json), Format(OutputFormat::Ndjson)])]
    format: Vec<Format>,
    /// With --out: read every file, also those whose records are stored
    #[arg(long, requires = "out")]
    force: bool,
    /// Read the text of PDF pages once more with another library and warn of pages that differ
    #[cfg(feature = "second-opinion")]
    #[arg(long)]
    second_opinion: bool,
    #[command(flatten)]
    run: RunArguments,
}

/// An output as an argument.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Format(OutputFormat);

impl ValueEnum for Format {
    fn value_variants<'a>() -> &'a [Self] {
        const ALL: [Format; OutputFormat::ALL.len()] = {
            let mut all = [Format(OutputFormat::Json); OutputFormat::ALL.len()];
            let mut n = 0;
            while n < all.len() {
                all[n] = Format(OutputFormat::ALL[n]);
                n += 1;
            }
            all
        };
        &ALL
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        Some(PossibleValue::new(self.0.name()).help(self.0.help()))
    }
}

impl ExtractArguments {
    pub fn log(&self) -> Log {
        self.run.log
    }
}

pub fn run(arguments: &ExtractArguments) -> anyhow::Result<Done> {
    let formats: Vec<OutputFormat> = arguments.format.iter().map(|format| format.0).collect();
    match &arguments.out {
        Some(root) => {
            let run = FolderRun {
                arguments: &arguments.run,
                root,
                formats: &formats,
                force: arguments.force,
                further: further(arguments),
                amend: |report| asked(report, arguments),
            };
            run.run()
        }
        None if formats.contains(&OutputFormat::Ndjson) => to_standard_output(arguments),
        None => {
            let format = formats.first().map_or("json", |format| format.name());
            bail!("--format {format} writes files; name their folder with --out DIR")
        }
    }
}

fn to_standard_output(arguments: &ExtractArguments) -> anyhow::Result<Done> {
    let mut out = BufWriter::new(io::stdout().lock());
    let make = |report: Report| json::line(&asked(report, arguments));
    let summary = run::run(&arguments.run, make, |_, finished| {
        if let Ok(line) = finished.result {
            out.write_all(&line)?;
            // A reader of a pipe gets each record when it is done, not when a buffer is full.
            out.flush()?;
        }
        Ok(())
    })?;
    out.flush()?;
    Ok(if summary.has_errors() {
        Done::Failed
    } else {
        Done::Clean
    })
}

/// Options of this command that change records.
#[cfg(feature = "second-opinion")]
fn further(arguments: &ExtractArguments) -> &'static [&'static str] {
    if arguments.second_opinion {
        &["second opinion"]
    } else {
        &[]
    }
}

#[cfg(not(feature = "second-opinion"))]
fn further(_: &ExtractArguments) -> &'static [&'static str] {
    &[]
}

/// The record with the warnings of a second opinion, where one is asked for.
#[cfg(feature = "second-opinion")]
fn asked(mut report: Report, arguments: &ExtractArguments) -> Report {
    if arguments.second_opinion {
        let password = arguments.run.read.password.as_deref();
        let warnings = super::second_opinion::compare(&report, password);
        report.warnings.extend(warnings);
    }
    report
}

#[cfg(not(feature = "second-opinion"))]
fn asked(report: Report, _: &ExtractArguments) -> Report {
    report
}
