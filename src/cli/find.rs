//! `heshu find`: words in a database made by `heshu load`.

use super::{Done, print};
use clap::{Args, ValueEnum};
use heshu::emit::database::find::{Hit, find};
use heshu::emit::json;
use std::fmt::Write as _;
use std::io::{self, IsTerminal, Write};
use std::path::PathBuf;

/// Characters shown around the first hit of a long text.
const CONTEXT: usize = 60;

/// Finds the cells, sentences and warnings that hold every WORD; Chinese words of any length, also of one character.
#[derive(Args)]
pub struct FindArguments {
    /// Words to find; quotes and operators mean nothing
    #[arg(required = true, value_name = "WORD")]
    words: Vec<String>,
    /// SQLite file made by `heshu load`
    #[arg(long = "in", value_name = "FILE")]
    database: PathBuf,
    /// Hits shown at most
    #[arg(long, value_name = "N", default_value_t = 50)]
    limit: usize,
    /// Form of the hits
    #[arg(long, value_enum, default_value_t = Form::Text, value_name = "FORM")]
    format: Form,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Form {
    /// PATH: place: text, with the hits marked
    Text,
    /// One JSON object a hit, the text whole and the places of the hits beside it
    Ndjson,
}

pub fn run(arguments: &FindArguments) -> anyhow::Result<Done> {
    let found = find(&arguments.database, &arguments.words, arguments.limit)?;
    let mut out = Vec::new();
    let colour = io::stdout().is_terminal();
    for hit in &found.hits {
        match arguments.format {
            Form::Text => writeln!(out, "{}", text(hit, colour))?,
            Form::Ndjson => out.extend(json::line(hit)?),
        }
    }
    print(&String::from_utf8(out)?)?;
    let database = arguments.database.display();
    let remark = if found.hits.is_empty() && !found.more {
        format!(
            "none found: none of the {} documents in {database} holds it",
            found.documents
        )
    } else if found.more {
        format!("the first {} hits; more with --limit", found.hits.len())
    } else {
        return Ok(Done::Clean);
    };
    let _ = writeln!(io::stderr(), "{remark}");
    Ok(Done::Clean)
}

/// One line: path, place, text. Hits are marked with 【】, on a terminal by colour.
fn text(hit: &Hit, colour: bool) -> String {
    let (open, close) = if colour {
        ("\u{1b}[1;31m", "\u{1b}[0m")
    } else {
        ("【", "】")
    };
    let characters: Vec<char> = hit.text.chars().collect();
    let first = hit.marks.first().map_or(0, |mark| mark.0);
    let start = if characters.len() <= 3 * CONTEXT {
        0
    } else {
        first.saturating_sub(CONTEXT)
    };
    let end = if characters.len() <= 3 * CONTEXT {
        characters.len()
    } else {
        (first + 2 * CONTEXT).min(characters.len())
    };
    let mut out = String::new();
    if start > 0 {
        out.push('…');
    }
    for (i, c) in characters.iter().enumerate().take(end).skip(start) {
        if hit.marks.iter().any(|mark| mark.0 == i) {
            out.push_str(open);
        }
        // A document shall not move the terminal's cursor, nor break the line.
        out.push(if c.is_control() { ' ' } else { *c });
        if hit.marks.iter().any(|mark| mark.1 == i + 1) {
            out.push_str(close);
        }
    }
    if end < characters.len() {
        out.push('…');
    }
    let mut line = String::new();
    for c in hit.path.chars() {
        if c.is_control() {
            let _ = write!(line, "{}", c.escape_default());
        } else {
            line.push(c);
        }
    }
    format!("{line}: {}: {out}", hit.place())
}
