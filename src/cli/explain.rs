//! `heshu explain ID`: what a rule examines.

use super::Done;
use clap::Args;
use heshu::check::catalogue;

/// Explains one rule.
#[derive(Args)]
pub struct ExplainArguments {
    /// Rule, as `heshu rules` lists it (TBL-01)
    id: String,
}

pub fn run(arguments: &ExplainArguments) -> anyhow::Result<Done> {
    let Some(rule) = catalogue::find(&arguments.id) else {
        anyhow::bail!("no rule {}; `heshu rules` lists them", arguments.id);
    };
    super::print(&catalogue::render_explanation(rule, rule.severity))?;
    Ok(Done::Clean)
}
