//! `heshu eval DIR`: precision, recall and F1.

use super::Done;
use clap::Args;
use std::path::PathBuf;

/// Measures the records of DIR/reports against DIR/truth.
#[derive(Args)]
pub struct EvalArguments {
    /// Folder with `reports/` and `truth/`
    #[arg(value_name = "DIR")]
    dir: PathBuf,
}

pub fn run(arguments: &EvalArguments) -> anyhow::Result<Done> {
    anyhow::bail!("{}: no evaluation yet", arguments.dir.display())
}
