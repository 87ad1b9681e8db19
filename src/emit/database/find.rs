//! Looking for words in a SQLite file: documents' cells, sentences and warnings with their places.

use super::words::{Word, hits, words};
use super::{failure, sqlite};
use crate::error::Result;
use rusqlite::Connection;
use serde::Serialize;
use std::path::{Path, PathBuf};

/// A passage that holds every term.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Hit {
    /// Path of the document as given when it was read.
    pub path: String,
    /// SHA-256 of the document.
    pub document_sha256: String,
    /// `cell`, `sentence` or `warning`.
    pub kind: String,
    /// Page, from 1.
    pub page: Option<u32>,
    /// Ordinal of the paragraph or table in reading order, from 0.
    pub block: Option<u32>,
    /// Table id.
    pub table: Option<String>,
    /// Grid row, from 0.
    pub row: Option<u32>,
    /// Grid column, from 0.
    pub col: Option<u32>,
    /// The text.
    pub text: String,
    /// Where the terms stand in the text: first character and one past the last (Unicode scalar values, from 0), in
    /// order and without overlaps.
    pub marks: Vec<(usize, usize)>,
}

impl Hit {
    /// The place in words, counted as people do: `第3页 表t1 第5行第2列`.
    pub fn place(&self) -> String {
        let mut parts = Vec::new();
        if let Some(page) = self.page {
            parts.push(format!("第{page}页"));
        }
        if let Some(table) = &self.table {
            parts.push(format!("表{table}"));
        }
        match (self.row, self.col, self.block) {
            (Some(row), Some(col), _) => parts.push(format!("第{}行第{}列", u64::from(row) + 1, u64::from(col) + 1)),
            (Some(row), None, _) => parts.push(format!("第{}行", u64::from(row) + 1)),
            (None, _, Some(block)) if self.table.is_none() => parts.push(format!("第{}段", u64::from(block) + 1)),
            _ => {}
        }
        if self.kind == "warning" {
            parts.push("提示".to_owned());
        }
        if parts.is_empty() {
            "全文".to_owned()
        } else {
            parts.join(" ")
        }
    }
}

/// What a search found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// Hits by path and place, at most as many as asked for.
    pub hits: Vec<Hit>,
    /// Whether there are more.
    pub more: bool,
    /// Documents in the database.
    pub documents: u64,
}

/// Finds the passages that hold every term. Terms are words, never a query: quotes and operators mean nothing.
///
/// # Errors
/// When the file is no database of ours, or a term holds neither letter nor digit.
pub fn find(path: &Path, terms: &[String], limit: usize) -> Result<Found> {
    let mut keyed = Vec::with_capacity(terms.len());
    for term in terms {
        let words = words(term);
        if words.is_empty() {
            let what = format!("nothing to look for in {term:?}");
            return Err(failure(what, "give a word with at least one letter or digit"));
        }
        keyed.push(words);
    }
    let connection = sqlite::open_existing(path)?;
    let found = search(&connection, &keyed, limit);
    found.map_err(|error| sqlite::describe_failure(&error, &PathBuf::from(path)))
}

fn search(connection: &Connection, terms: &[Vec<Word>], limit: usize) -> std::result::Result<Found, rusqlite::Error> {
    // Keys are ASCII letters and digits: a phrase needs no escaping.
    let phrase = |words: &Vec<Word>| {
        let keys: Vec<&str> = words.iter().map(|w| w.key.as_str()).collect();
        format!("\"{}\"", keys.join(" "))
    };
    let query: Vec<String> = terms.iter().map(phrase).collect();
    let documents = connection.query_row("SELECT count(*) FROM document", [], |row| row.get::<_, u32>(0))?;
    let mut statement = connection.prepare(
        "SELECT d.path, p.document_sha256, p.kind, p.page, p.block, p.table_id, p.row, p.col, t.text \
         FROM passage_index i JOIN passage_text t ON t.id = i.rowid JOIN passage p ON p.text_id = t.id \
         JOIN document d ON d.document_sha256 = p.document_sha256 \
         WHERE passage_index MATCH ?1 ORDER BY d.path, p.document_sha256, p.position",
    )?;
    let mut rows = statement.query([query.join(" AND ")])?;
    let mut found = Found {
        hits: Vec::new(),
        more: false,
        documents: documents.into(),
    };
    while let Some(row) = rows.next()? {
        if found.hits.len() == limit {
            found.more = true;
            break;
        }
        let text: String = row.get(8)?;
        found.hits.push(Hit {
            path: row.get(0)?,
            document_sha256: row.get(1)?,
            kind: row.get(2)?,
            page: row.get(3)?,
            block: row.get(4)?,
            table: row.get(5)?,
            row: row.get(6)?,
            col: row.get(7)?,
            marks: marks(&text, terms),
            text,
        });
    }
    Ok(found)
}

/// Places of all terms in a text, in order; where they overlap, joined.
fn marks(text: &str, terms: &[Vec<Word>]) -> Vec<(usize, usize)> {
    let text = words(text);
    let mut all: Vec<(usize, usize)> = terms
        .iter()
        .flat_map(|term| hits(&text, term))
        .map(|place| (place.start, place.end))
        .collect();
    all.sort_unstable();
    let mut joined: Vec<(usize, usize)> = Vec::with_capacity(all.len());
    for (start, end) in all {
        match joined.last_mut() {
            Some(last) if start < last.1 => last.1 = last.1.max(end),
            _ => joined.push((start, end)),
        }
    }
    joined
}
