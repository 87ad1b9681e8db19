//! `heshu rules`: every rule of `check`.

use super::Done;
use clap::Args;

/// Lists the rules.
#[derive(Args)]
pub struct RulesArguments {}

pub fn run(_: &RulesArguments) -> anyhow::Result<Done> {
    anyhow::bail!("no rules yet")
}
