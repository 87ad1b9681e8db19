//! What the full-text index holds of a record: cells, sentences and warnings with their places.

use crate::model::{Report, Source};
use std::borrow::Cow;
use std::collections::HashSet;

/// A text of a document with its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Passage<'a> {
    /// `cell`, `sentence` or `warning`.
    pub kind: &'static str,
    /// Page, from 1.
    pub page: Option<u32>,
    /// Ordinal of the paragraph or table in reading order, from 0.
    pub block: Option<usize>,
    /// Table id.
    pub table: Option<Cow<'a, str>>,
    /// Grid row, from 0.
    pub row: Option<usize>,
    /// Grid column, from 0.
    pub col: Option<usize>,
    /// The text.
    pub text: Cow<'a, str>,
}

impl Passage<'_> {
    /// Without borrows.
    pub fn into_owned(self) -> Passage<'static> {
        Passage {
            table: self.table.map(|t| Cow::Owned(t.into_owned())),
            text: Cow::Owned(self.text.into_owned()),
            ..self
        }
    }
}

/// Texts of a record in reading order: each cell, each sentence that holds a figure (once, however many it holds), each
/// warning's message.
pub fn passages(report: &Report) -> Vec<Passage<'_>> {
    let mut all = Vec::new();
    for table in &report.tables {
        for cell in table.cells.iter().filter(|c| !c.text.trim().is_empty()) {
            all.push(Passage {
                kind: "cell",
                page: cell.page,
                block: table.source.block,
                table: Some(Cow::Borrowed(&table.id)),
                row: Some(cell.row),
                col: Some(cell.col),
                text: Cow::Borrowed(&cell.text),
            });
        }
    }
    let mut sentences = HashSet::new();
    let prose = report.statements.iter().map(|s| (&s.source, s.raw.as_str()));
    // Scores told in prose have a sentence too.
    let scores = report.scores.iter().filter(|s| s.source.row.is_none());
    for (source, raw) in prose.chain(scores.map(|s| (&s.source, s.name.as_str()))) {
        let text = source.text.as_deref().unwrap_or(raw);
        if source.row.is_none() && sentences.insert((source.block, text)) {
            all.push(at(source, "sentence", text));
        }
    }
    for warning in &report.warnings {
        all.push(at(&warning.source, "warning", &warning.message));
    }
    // Stable: within a table or paragraph the order stays.
    all.sort_by_key(|p| p.block.unwrap_or(usize::MAX));
    all
}

fn at<'a>(source: &'a Source, kind: &'static str, text: &'a str) -> Passage<'a> {
    Passage {
        kind,
        page: source.page,
        block: source.block,
        table: source.table.as_deref().map(Cow::Borrowed),
        row: source.row,
        col: source.col,
        text: Cow::Borrowed(text),
    }
}
