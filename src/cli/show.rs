//! `heshu show FILE`: the document as read and as understood.

use super::{Done, ReadArguments, complain, print};
use clap::Args;
use heshu::batch::{self, Input};
use heshu::emit::show;
use std::path::PathBuf;

/// Columns to draw for when the terminal does not say.
const COLUMNS: usize = 120;

/// Draws a report as read, block by block, and says why each table was recognized or not.
#[derive(Args)]
pub struct ShowArguments {
    #[command(flatten)]
    read: ReadArguments,
    /// Width to draw for [default: COLUMNS of the shell, else 120]
    #[arg(long, value_name = "COLUMNS", value_parser = clap::value_parser!(u16).range(20..=1000))]
    width: Option<u16>,
    /// The report
    #[arg(value_name = "FILE")]
    file: PathBuf,
}

pub fn run(arguments: &ShowArguments) -> anyhow::Result<Done> {
    let patterns = arguments.read.patterns()?;
    let input = Input {
        shown: batch::walk::shown(&arguments.file),
        path: arguments.file.clone(),
    };
    match batch::process(&input, &patterns, &arguments.read.options()).result {
        Err(error) => {
            complain(&input.shown, &error);
            Ok(Done::Failed)
        }
        Ok(extraction) => {
            let shell = || std::env::var("COLUMNS").ok().and_then(|text| text.parse().ok());
            let width = arguments.width.map(usize::from).or_else(shell).unwrap_or(COLUMNS);
            let mut text = String::new();
            show::show(
                &mut text,
                &extraction.document,
                &extraction.tables,
                &extraction.report,
                width.max(20),
            )?;
            print(&text)?;
            Ok(Done::Clean)
        }
    }
}
