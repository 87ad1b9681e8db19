//! `heshu schema`: the JSON Schema of a record, or the dictionary of the flat tables.

use super::{Done, print};
use clap::Args;
use heshu::emit::{flat, json, schema};

/// Prints the schema.
#[derive(Args)]
pub struct SchemaArguments {
    /// The data dictionary of the flat tables (csv, parquet, load) instead, in Markdown
    #[arg(long)]
    tables: bool,
}

pub fn run(arguments: &SchemaArguments) -> anyhow::Result<Done> {
    if arguments.tables {
        print(&flat::dictionary())?;
    } else {
        let bytes = json::pretty(&schema::report_schema())?;
        print(&String::from_utf8(bytes)?)?;
    }
    Ok(Done::Clean)
}
