//! From tables as read to tables with meaning, in steps that each take what the one before made:
//!
//! `view` (cells with folded texts) → `rows` (what each row is, with `header`'s paths of headings and `numbers` of
//! columns) → `sections` (rows that share a header) → `profile` and `columns` (what each column holds, its role, its
//! side) → `lines` (names and figures of each row, and what the row is among its neighbours) → `told` (what holds no
//! figure). The sections decide the `kind`. Wordings come from `patterns/`; every decision leaves its evidence, which
//! `heshu show` prints.

mod caption;
mod columns;
mod header;
pub mod join;
mod kind;
pub mod lay;
mod lines;
mod list;
pub mod loose;
mod numbers;
mod profile;
mod rows;
mod sections;
mod sideways;
mod told;
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
    let caption = caption::caption(document, block, table, &rows, patterns);
    let said = [caption.title.as_deref(), caption.unit.as_deref()]
        .into_iter()
        .flatten()
        .any(|t| patterns.forms.speaks_of_money(t) || patterns.tables.caption.money.end(t))
        || caption.unclear.is_some()
        || caption.price.is_some();
    let mut found = sections::scan(table, &rows, caption.rows, said, patterns);
    for at in 0..found.list.len() {
        let next = found.list.get(at + 1).filter(|s| s.kind == SectionKind::Closing);
        let closing = next.map(|s| s.body.start);
        let section = &mut found.list[at];
        match section.kind {
            SectionKind::Money => {
                if !section.columns.is_empty() {
                    columns::settle(table, section, &caption, patterns, &mut found.evidence);
                }
                lines::fill(table, &rows, section, patterns);
            }
            SectionKind::Indicators => {
                columns::units(table, section, patterns, &mut found.evidence);
                columns::grid::targets_by_column(table, section, patterns, &mut found.evidence);
                columns::grid::settle(table, section, patterns, &mut found.evidence);
                let end = section.body.end;
                let end = if closing == Some(end) { end + 1 } else { end };
                lines::fill_from_grid(table, &rows, section, end, patterns);
            }
            SectionKind::Head
            | SectionKind::Goals
            | SectionKind::Projects
            | SectionKind::Sideways
            | SectionKind::Closing => {}
        }
    }
    for section in found.list.iter_mut().filter(|s| !s.lines.is_empty()) {
        columns::unit::settle(table, section, &caption, patterns, &mut found.evidence);
    }
    let unknown = told::unknown_headings(table, &found.list, patterns);
    let unfitted = told::unfitted_headings(table, &found.list, patterns);
    // A header with nothing below it that it could head says nothing.
    found.list.retain(|s| match s.kind {
        SectionKind::Money => !s.lines.is_empty(),
        SectionKind::Indicators => columns::grid::tells(s),
        SectionKind::Head
        | SectionKind::Goals
        | SectionKind::Projects
        | SectionKind::Sideways
        | SectionKind::Closing => true,
    });
    let told = told::told(table, &rows, &found.list, patterns);
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
        unclear: caption.unclear,
        percent: caption.percent,
        price: caption.price,
        sections: found.list,
        unread: found.unread,
        told,
        unknown,
        unfitted,
        reason,
        evidence,
    }
}
