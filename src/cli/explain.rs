//! `heshu explain ID`: what a rule examines.

use super::Done;
use clap::Args;

/// Explains one rule.
#[derive(Args)]
pub struct ExplainArguments {
    /// Rule, as `heshu rules` lists it (TBL-01)
    id: String,
}

pub fn run(arguments: &ExplainArguments) -> anyhow::Result<Done> {
    anyhow::bail!("no rule {}; `heshu rules` lists them", arguments.id)
}
