//! `heshu schema`: the JSON Schema of a record.

use super::{Done, print};
use clap::Args;
use heshu::emit::{json, schema};

/// Prints the schema.
#[derive(Args)]
pub struct SchemaArguments {}

pub fn run(_: &SchemaArguments) -> anyhow::Result<Done> {
    let bytes = json::pretty(&schema::report_schema())?;
    print(&String::from_utf8(bytes)?)?;
    Ok(Done::Clean)
}
