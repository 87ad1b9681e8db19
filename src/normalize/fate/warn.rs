//! Warnings of cells whose figures nobody read.

use super::super::cells::TableContext;
use crate::model::{CellRecord, Fate, Source, TableKind, TableRecord, Warning};
use std::collections::BTreeMap;

/// Cells that a warning names, and the longest text that it quotes.
const NAMED: usize = 8;
const QUOTED: usize = 24;

/// One warning a row or a column, whichever are fewer; one for a table that was not recognized. Cells that have a warning
/// at their own place get no second one.
pub fn of_table(context: &TableContext<'_>, record: &TableRecord, known: &[Warning]) -> Vec<Warning> {
    let own: Vec<&Warning> = known
        .iter()
        .filter(|w| w.source.table.as_deref() == Some(record.id.as_str()))
        .collect();
    let warned = |cell: &CellRecord| {
        own.iter().any(|w| match (w.source.row, w.source.col) {
            // A row without a name is lost as a whole, whichever of its cells the warning quotes.
            (Some(row), Some(_)) if w.code == "indicator_without_name" => row == cell.row,
            (Some(row), Some(col)) => (row, col) == (cell.row, cell.col),
            (Some(row), None) => (cell.row..cell.row + cell.row_span).contains(&row),
            (None, _) => false,
        })
    };
    let unread: Vec<&CellRecord> = record
        .cells
        .iter()
        .filter(|cell| cell.fate == Some(Fate::Unread) && !warned(cell))
        .collect();
    if unread.is_empty() {
        return Vec::new();
    }
    let id = &record.id;
    if record.kind == TableKind::Other {
        let message = format!(
            "表{id}没有识别，其中{}个数没有读出：{}",
            unread.len(),
            named(&unread, true, true)
        );
        return vec![Warning::new("figure_unread", message, context.table_source())];
    }
    let (mut rows, mut columns) = (BTreeMap::new(), BTreeMap::new());
    for cell in unread {
        rows.entry(cell.row).or_insert_with(Vec::new).push(cell);
        columns.entry(cell.col).or_insert_with(Vec::new).push(cell);
    }
    let by_row = rows.len() <= columns.len();
    let groups = if by_row { rows } else { columns };
    groups
        .into_iter()
        .map(|(at, cells)| {
            let place = if by_row {
                format!("第{}行", at + 1)
            } else {
                let heading = record
                    .columns
                    .iter()
                    .rev()
                    .find(|c| c.index <= at)
                    .map(|c| c.header.as_str());
                let heading = heading.filter(|h| !h.is_empty()).map(|h| format!("“{}”", shorten(h)));
                format!("第{}列{}", at + 1, heading.unwrap_or_default())
            };
            let message = format!(
                "表{id}{place}有{}个数没有读出：{}",
                cells.len(),
                named(&cells, !by_row, by_row)
            );
            let source = Source {
                block: Some(context.recognized.block),
                table: Some(id.clone()),
                row: by_row.then_some(at),
                col: (!by_row).then_some(at),
                ..Source::default()
            };
            let places: Vec<_> = cells
                .first()
                .into_iter()
                .filter_map(|c| context.table.at(c.row, c.col))
                .flat_map(|c| c.places.iter().copied())
                .collect();
            Warning::new("figure_unread", message, source.with_places(&places))
        })
        .collect()
}

fn named(cells: &[&CellRecord], row: bool, col: bool) -> String {
    let name = |cell: &&CellRecord| {
        let row = if row {
            format!("第{}行", cell.row + 1)
        } else {
            String::new()
        };
        let col = if col {
            format!("第{}列", cell.col + 1)
        } else {
            String::new()
        };
        format!("{row}{col}“{}”", shorten(&cell.text))
    };
    let list: Vec<String> = cells.iter().take(NAMED).map(name).collect();
    let more = if cells.len() > NAMED { "等" } else { "" };
    list.join("、") + more
}

fn shorten(text: &str) -> String {
    let line: String = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if line.chars().count() <= QUOTED {
        return line;
    }
    line.chars().take(QUOTED).chain(['…']).collect()
}
