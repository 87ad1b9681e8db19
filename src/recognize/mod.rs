//! From tables as read to tables with meaning.
//!
//! Each table is cut into sections of rows that share a header (a composite form has several); the sections decide the
//! kind. Wordings come from `patterns/`; every decision leaves its evidence.

mod caption;
mod header;
pub mod join;
mod kind;
mod lines;
pub mod loose;
mod sections;
mod view;

use crate::model::{Block, Document, RecognizedTable, SectionKind, Table};
use crate::pattern::Patterns;

/// Recognizes every table of a document, in reading order.
pub fn recognize(document: &Document, patterns: &Patterns) -> Vec<RecognizedTable> {
    let mut recognized = Vec::new();
    for (block, content) in document.blocks.iter().enumerate() {
        if let Block::Table(table) = content {
            let id = format!("t{}", recognized.len() + 1);
            recognized.push(recognize_table(document, block, id, table, patterns));
        }
    }
    recognized
}

fn recognize_table(
    document: &Document,
    block: usize,
    id: String,
    table: &Table,
    patterns: &Patterns,
) -> RecognizedTable {
    let rows = view::rows(table);
    let caption = caption::caption(document, block, table, &rows);
    let said = [caption.title.as_deref(), caption.unit.as_deref()]
        .into_iter()
        .flatten()
        .any(|t| patterns.forms.speaks_of_money(t) || t.ends_with('元'));
    let mut found = sections::scan(table, &rows, caption.rows, said, patterns);
    for section in found.list.iter_mut().filter(|s| s.kind == SectionKind::Money) {
        lines::fill(table, &rows, section, patterns);
    }
    for section in found.list.iter_mut().filter(|s| s.kind == SectionKind::Indicators) {
        lines::fill_from_grid(table, &rows, section, patterns);
    }
    // A money header with no figure below it says nothing about money.
    found
        .list
        .retain(|s| s.kind != SectionKind::Money || !s.lines.is_empty());
    let (kind, reason) = kind::decide(table, &found.list, &caption, patterns);
    let mut evidence = Vec::new();
    if let Some(title) = &caption.title {
        evidence.push(format!("表名“{title}”"));
    }
    if let Some(unit) = &caption.unit {
        evidence.push(format!("单位“{unit}”"));
    }
    evidence.append(&mut found.evidence);
    RecognizedTable {
        block,
        id,
        kind,
        title: caption.title,
        unit: caption.unit,
        sections: found.list,
        unread: found.unread,
        told: Default::default(),
        reason,
        evidence,
    }
}
