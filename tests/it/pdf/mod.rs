//! PDF reports.

mod broken;
mod fonts;
mod forms;
mod layout;
mod producers;
mod provenance;
mod seen;
mod writer;

pub use writer::{deflated_page, one_page, table, text};

use heshu::ReadOptions;
use heshu::model::{Block, Document, Table};
use heshu::pattern::Patterns;

/// A document as read, its tables joined over pages.
pub fn read(bytes: &[u8]) -> Document {
    let document = heshu::ingest::pdf::read(bytes, &ReadOptions::default()).expect("readable");
    heshu::recognize::join::join(document, &Patterns::builtin().unwrap())
}

pub fn fixture(name: &str) -> Vec<u8> {
    let path = format!("{}/fixtures/pdf/{name}", env!("CARGO_MANIFEST_DIR"));
    std::fs::read(&path).unwrap_or_else(|e| panic!("{path}: {e}"))
}

pub fn tables(document: &Document) -> Vec<&Table> {
    document.blocks.iter().filter_map(Block::table).collect()
}

pub fn paragraphs(document: &Document) -> Vec<&str> {
    document
        .blocks
        .iter()
        .filter_map(Block::paragraph)
        .map(|p| p.text.as_str())
        .collect()
}

/// Rows of texts; a cell merged from above is `^`.
pub fn rows(table: &Table) -> Vec<Vec<String>> {
    let cell = |row: usize, c: &heshu::model::Cell| {
        if c.row == row {
            c.text.replace('\n', "")
        } else {
            "^".to_owned()
        }
    };
    (0..table.rows())
        .map(|row| table.row_cells(row).map(|c| cell(row, c)).collect())
        .collect()
}

pub fn codes(document: &Document) -> Vec<&str> {
    document.warnings.iter().map(|w| w.code.as_str()).collect()
}
