//! `heshu eval DIR`: precision, recall and F1.

use super::log::Log;
use super::run::{self, RunArguments};
use super::{Done, ReadArguments, print};
use anyhow::{Context, bail};
use clap::Args;
use heshu::eval::{self, Comparison, Evaluation};
use serde_json::Value;
use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::{Path, PathBuf};

/// Measures the records of DIR/reports against DIR/truth.
///
/// The truth of the report `a.utf8.txt` is `a.json`.
#[derive(Args)]
pub struct EvalArguments {
    /// Print what was missed, invented or misread
    #[arg(long, short)]
    verbose: bool,
    #[command(flatten)]
    read: ReadArguments,
    #[command(flatten)]
    log: Log,
    /// Folder with `reports/` and `truth/`
    #[arg(value_name = "DIR")]
    dir: PathBuf,
}

impl EvalArguments {
    pub fn log(&self) -> Log {
        self.log
    }
}

pub fn run(arguments: &EvalArguments) -> anyhow::Result<Done> {
    let truths = truths(&arguments.dir.join("truth"))?;
    let run = RunArguments::of_folder(arguments.read.clone(), arguments.log, arguments.dir.join("reports"));
    let make = |report: heshu::model::Report| {
        let (stem, _) = eval::stem_and_group(&report.document.path);
        Ok(truths.get(stem).map(|truth| eval::compare(truth, &report)))
    };
    let mut evaluation = Evaluation::default();
    let mut text = String::new();
    let summary = run::run(&run, make, |shown, finished| {
        let (_, group) = eval::stem_and_group(shown);
        match finished.result {
            Ok(Some(comparison)) => {
                evaluation.add(group, &comparison);
                if arguments.verbose {
                    notes(&mut text, shown, &comparison)?;
                }
            }
            Ok(None) => writeln!(text, "{shown}: no truth")?,
            Err(_) => {} // told on standard error
        }
        Ok(())
    })?;
    writeln!(text, "{evaluation}")?;
    print(&text)?;
    Ok(if summary.has_errors() {
        Done::Failed
    } else {
        Done::Clean
    })
}

fn notes(text: &mut String, shown: &str, comparison: &Comparison) -> std::fmt::Result {
    writeln!(text, "{shown}")?;
    for note in &comparison.notes {
        writeln!(text, "    {note}")?;
    }
    Ok(())
}

/// Truth files by stem.
fn truths(folder: &Path) -> anyhow::Result<BTreeMap<String, Value>> {
    let place = || folder.display().to_string();
    let mut truths = BTreeMap::new();
    for entry in std::fs::read_dir(folder).with_context(place)? {
        let path = entry.with_context(place)?.path();
        if path.extension().is_some_and(|e| e == "json") {
            let stem = path
                .file_stem()
                .map(|s| s.to_string_lossy().into_owned())
                .unwrap_or_default();
            let shown = || path.display().to_string();
            let bytes = std::fs::read(&path).with_context(shown)?;
            truths.insert(stem, serde_json::from_slice(&bytes).with_context(shown)?);
        }
    }
    if truths.is_empty() {
        bail!(
            "{}: holds no truth (NAME.json for reports NAME.docx, NAME.txt …)",
            folder.display()
        );
    }
    Ok(truths)
}
