//! `heshu load`: reports, or records that were made before, into a database.

use super::Done;
use super::log::Log;
use super::run::{self, RunArguments};
use clap::Args;
use heshu::batch::records::RecordLines;
use heshu::emit::database::{Counts, Database, Layout, Options, Summary, Target};

use std::path::{Path, PathBuf};

/// Loads reports, and records made by `extract` (.ndjson), into PostgreSQL or a SQLite file. Loading the same again
/// changes nothing. PATHs that end in .ndjson are records; all others are reports.
#[derive(Args)]
pub struct LoadArguments {
    /// postgres://USER@HOST:PORT/DATABASE (the password there or in PGPASSWORD), or the path of a SQLite file
    #[arg(long, value_name = "DATABASE")]
    to: String,
    /// Schema of a PostgreSQL database that holds the tables
    #[arg(long, value_name = "NAME", default_value = "heshu")]
    schema: String,
    /// Documents in one transaction at most
    #[arg(long, value_name = "N", default_value_t = 500, value_parser = clap::value_parser!(u32).range(1..=100_000))]
    batch: u32,
    #[command(flatten)]
    pub run: RunArguments,
}

pub fn run(arguments: LoadArguments) -> anyhow::Result<Done> {
    let log = arguments.run.log;
    let password = std::env::var("PGPASSWORD").ok();
    let target = Target::parse(&arguments.to, password.as_deref())?;
    let options = Options {
        schema: arguments.schema,
        batch: arguments.batch as usize,
    };
    let mut database = Database::open(&target, Layout::current(), options)?;

    let mut reports = arguments.run;
    let (records, paths): (Vec<PathBuf>, Vec<PathBuf>) = reports.paths.into_iter().partition(|p| is_records(p));
    reports.paths = paths;
    let mut failed = false;
    if !reports.paths.is_empty() {
        let preparer = database.preparer();
        let summary = run::run(
            &reports,
            |report| preparer.report(&report),
            |_, finished| match finished.result {
                Ok(document) => Ok(database.take(document)?),
                // Said where it failed.
                Err(_) => Ok(()),
            },
        )?;
        failed = summary.has_errors();
    }
    for path in &records {
        failed |= load_records(path, &mut database, log)?;
    }
    let summary = database.finish()?;
    say(&summary, &target, log);
    Ok(if failed { Done::Failed } else { Done::Clean })
}

fn is_records(path: &Path) -> bool {
    let extension = path.extension().map(|e| e.to_string_lossy().to_ascii_lowercase());
    matches!(extension.as_deref(), Some("ndjson" | "jsonl")) && !path.is_dir()
}

/// Loads a file of records; lines that are none are said and left out. Gives whether there were such.
fn load_records(path: &Path, database: &mut Database, log: Log) -> anyhow::Result<bool> {
    let shown = path.display().to_string();
    let lines = match RecordLines::open(path) {
        Ok(lines) => lines,
        Err(error) => {
            log.error(&shown, &error);
            return Ok(true);
        }
    };
    let preparer = database.preparer();
    let mut failed = false;
    for (line, record) in lines {
        match record.and_then(|report| preparer.report(&report)) {
            Ok(document) => database.take(document)?,
            Err(error) => {
                failed = true;
                log.error(&format!("{shown}:{line}"), &error);
            }
        }
    }
    Ok(failed)
}

/// What the load did, table by table.
fn say(summary: &Summary, target: &Target, log: Log) {
    let mut text = format!(
        "{:<14}{:>10}{:>10}{:>10}{:>10}\n",
        "table", "inserted", "updated", "unchanged", "removed"
    );
    let mut sum = Counts::default();
    let mut row = |name: &str, c: &Counts| {
        text.push_str(&format!(
            "{name:<14}{:>10}{:>10}{:>10}{:>10}\n",
            c.inserted, c.updated, c.unchanged, c.removed
        ));
    };
    for (name, counts) in &summary.tables {
        row(name, counts);
        sum.add(*counts);
    }
    row("all", &sum);
    if summary.repeated > 0 {
        let line = format!(
            "{} records of documents that came before were left out\n",
            summary.repeated
        );
        text.push_str(&line);
    }
    if summary.nul_characters > 0 {
        let line = format!(
            "{} NUL characters, which a database cannot hold, were written as ␀\n",
            summary.nul_characters
        );
        text.push_str(&line);
    }
    let end = format!("{} documents loaded into {target}", summary.documents);
    log.end("load", &text, &end, &serde_json::json!(summary));
}
