//! `heshu rules`: every rule of `check`.

use super::Done;
use clap::Args;
use heshu::check::catalogue;
use heshu::pattern::Patterns;
use std::path::PathBuf;

/// Lists the rules.
#[derive(Args)]
pub struct RulesArguments {
    /// Folder of pattern files (laid out like patterns/) whose severities are shown
    #[arg(long, value_name = "DIR")]
    patterns: Option<PathBuf>,
}

pub fn run(arguments: &RulesArguments) -> anyhow::Result<Done> {
    let patterns = match &arguments.patterns {
        Some(dir) => Patterns::with_overrides(dir)?,
        None => Patterns::builtin()?,
    };
    let severity = |rule: &catalogue::Rule| patterns.checks.severity(rule.id).unwrap_or(rule.severity);
    super::print(&catalogue::render_list(severity))?;
    Ok(Done::Clean)
}
