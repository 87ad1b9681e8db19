//! `heshu check`: the relations that do not hold.

use super::Done;
use super::log::Log;
use super::run::{self, RunArguments};
use clap::{Args, ValueEnum};
use heshu::check::catalogue;
use heshu::check::render::render;
use heshu::emit::json;
use heshu::model::{Check, CheckStatus, Severity};
use std::io::{self, BufWriter, Write};

/// Prints the relations that were examined and do not hold.
#[derive(Args)]
pub struct CheckArguments {
    /// Only these rules
    #[arg(long, value_delimiter = ',', value_name = "ID")]
    rules: Vec<String>,
    /// How to print
    #[arg(long, value_enum, default_value_t = CheckFormat::Text)]
    format: CheckFormat,
    /// Also the relations that hold, differ by rounding or could not be examined (ndjson always has them)
    #[arg(long)]
    all: bool,
    #[command(flatten)]
    run: RunArguments,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum CheckFormat {
    /// For a reviewer: the failed relations, the gravest first
    Text,
    /// One check a line, with those that hold
    Ndjson,
}

impl CheckArguments {
    pub fn log(&self) -> Log {
        self.run.log
    }
}

pub fn run(arguments: &CheckArguments) -> anyhow::Result<Done> {
    let mut rules = Vec::new();
    for id in &arguments.rules {
        let Some(rule) = catalogue::find(id) else {
            anyhow::bail!("no rule {id}; `heshu rules` lists them");
        };
        rules.push(rule.id);
    }
    let wanted = |check: &Check| rules.is_empty() || rules.contains(&check.rule.as_str());
    let mut out = BufWriter::new(io::stdout().lock());
    let mut findings = false;
    let make = |report: heshu::model::Report| {
        let checks: Vec<Check> = report.checks.into_iter().filter(wanted).collect();
        Ok(checks)
    };
    let summary = run::run(&arguments.run, make, |shown, finished| {
        let Ok(checks) = finished.result else {
            return Ok(());
        };
        findings |= checks
            .iter()
            .any(|c| c.status == CheckStatus::Fail && c.severity == Severity::Error);
        match arguments.format {
            CheckFormat::Text => out.write_all(render(shown, &checks, arguments.all).as_bytes())?,
            CheckFormat::Ndjson => {
                for check in &checks {
                    let line = serde_json::json!({ "path": shown, "check": check });
                    out.write_all(&json::line(&line)?)?;
                }
            }
        }
        Ok(())
    })?;
    out.flush()?;
    Ok(match (summary.has_errors(), findings) {
        (true, _) => Done::Failed,
        (false, true) => Done::Findings,
        (false, false) => Done::Clean,
    })
}
