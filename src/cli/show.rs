//! `heshu show FILE`: the document as read and as understood.

use super::log::Log;
use super::{Done, ReadArguments, print};
use clap::Args;
use heshu::batch::{self, Input};
use heshu::emit::show;
use heshu::error::Error;
use heshu::ingest;
use heshu::model::Format;
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
    /// For a PDF: this page (from 1) as SVG, with the glyphs, rulings and cells that were seen
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    page: Option<u32>,
    /// The report
    #[arg(value_name = "FILE")]
    file: PathBuf,
}

pub fn run(arguments: &ShowArguments) -> anyhow::Result<Done> {
    let patterns = arguments.read.patterns()?;
    let input = match Input::named(arguments.file.clone(), &arguments.read.options().limits) {
        Ok(input) => input,
        Err(error) => {
            Log::default().error(&batch::walk::shown(&arguments.file), &error);
            return Ok(Done::Failed);
        }
    };
    if let Some(page) = arguments.page {
        return show_page(&input, &arguments.read, page);
    }
    match batch::isolate::levels(&input, &patterns, &arguments.read.options()) {
        Err(error) => {
            Log::default().error(&input.shown, &error);
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

fn show_page(input: &Input, read: &ReadArguments, page: u32) -> anyhow::Result<Done> {
    let explained =
        batch::isolate::read(input, &read.options().limits).and_then(|bytes| match ingest::sniff::sniff(&bytes)? {
            Format::Pdf => ingest::pdf::explain_page(&bytes, &read.options(), page),
            _ => Err(Error::unsupported(
                "a file without pages",
                "leave --page out; only PDF files have pages",
            )),
        });
    match explained {
        Ok(text) => {
            print(&text)?;
            Ok(Done::Clean)
        }
        Err(error) => {
            Log::default().error(&input.shown, &error);
            Ok(Done::Failed)
        }
    }
}
