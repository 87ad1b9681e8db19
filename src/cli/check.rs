//! `heshu check`: the relations that do not hold.

use super::Done;
use super::run::{self, RunArguments};
use clap::{Args, ValueEnum};
use heshu::emit::json;
use heshu::model::{Check, CheckStatus};
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
    #[command(flatten)]
    run: RunArguments,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum CheckFormat {
    /// For a reviewer: the failed relations
    Text,
    /// One check a line, with those that hold
    Ndjson,
}

pub fn run(arguments: &CheckArguments) -> anyhow::Result<Done> {
    let wanted = |check: &Check| arguments.rules.is_empty() || arguments.rules.contains(&check.rule);
    let mut out = BufWriter::new(io::stdout().lock());
    let mut findings = false;
    let make = |extraction: &heshu::Extraction| {
        let checks: Vec<Check> = extraction.report.checks.iter().filter(|c| wanted(c)).cloned().collect();
        Ok(checks)
    };
    let summary = run::run(&arguments.run, make, |shown, finished| {
        for check in finished.result.unwrap_or_default() {
            let failed = check.status == CheckStatus::Fail;
            findings |= failed && check.severity == heshu::model::Severity::Error;
            match arguments.format {
                CheckFormat::Text if failed => {
                    let Check {
                        rule,
                        severity,
                        message,
                        ..
                    } = &check;
                    writeln!(out, "{shown}: {rule} [{}] {message}", severity.name())?;
                }
                CheckFormat::Text => {}
                CheckFormat::Ndjson => {
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
