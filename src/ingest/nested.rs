//! Paragraphs and tables, and tables in the cells of tables, put into reading order.

use crate::model::{Block, Paragraph, ParagraphKind, Table};

/// A piece of a flow of text.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Item {
    Paragraph {
        text: String,
        kind: ParagraphKind,
    },
    /// Index of a finished table in its [`Nest`].
    Table(usize),
}

/// Block of a table, row and column.
type CellPlace = (usize, usize, usize);

/// Finished tables, each with those in its cells: index, row and column.
#[derive(Debug, Default)]
pub(super) struct Nest(Vec<Option<(Table, Vec<CellPlace>)>>);

impl Nest {
    /// Keeps a table; gives its index.
    pub(super) fn add(&mut self, table: Table, nested: Vec<(usize, usize, usize)>) -> usize {
        self.0.push(Some((table, nested)));
        self.0.len() - 1
    }

    /// Items as blocks in reading order, the tables inside a table behind it.
    pub(super) fn blocks(&mut self, items: Vec<Item>) -> Vec<Block> {
        let mut blocks = Vec::with_capacity(items.len());
        let mut waiting: Vec<(Item, Option<CellPlace>)> = items.into_iter().rev().map(|item| (item, None)).collect();
        while let Some((item, parent)) = waiting.pop() {
            match item {
                Item::Paragraph { text, kind } => blocks.push(Block::Paragraph(Paragraph {
                    text,
                    kind,
                    lines: Vec::new(),
                })),
                Item::Table(index) => {
                    let Some((mut table, nested)) = self.0.get_mut(index).and_then(Option::take) else {
                        continue;
                    };
                    table.parent = parent;
                    let at = blocks.len();
                    blocks.push(Block::Table(table));
                    let nested = nested.into_iter().rev();
                    waiting.extend(nested.map(|(table, row, col)| (Item::Table(table), Some((at, row, col)))));
                }
            }
        }
        blocks
    }
}
