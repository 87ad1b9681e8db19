//! A sheet to blocks: which rows are tables, and which are titles, units and notes above and below them.

use crate::error::{Error, Result};
use crate::ingest::looks::Unseen;
use crate::model::{Block, Cell, Paragraph, ParagraphKind, Table};
use std::collections::{BTreeMap, BTreeSet};

/// Who sees a sheet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Visibility {
    #[default]
    Visible,
    Hidden,
    /// Only a macro can show it.
    VeryHidden,
}

/// One cell.
#[derive(Debug, Clone, Default)]
pub(super) struct Entry {
    pub(super) text: String,
    /// It has a border.
    pub(super) ruled: bool,
}

/// A rectangle of merged cells: first row and column, last row and column.
pub(super) type Region = (u32, u32, u32, u32);

/// A sheet as read.
#[derive(Debug, Default)]
pub(super) struct Sheet {
    pub(super) name: String,
    pub(super) visibility: Visibility,
    pub(super) cells: BTreeMap<(u32, u32), Entry>,
    pub(super) merges: Vec<Region>,
    /// Rows and columns that are hidden and hold text.
    pub(super) hidden: (usize, usize),
    /// Cells whose format shows fewer decimals than they hold.
    pub(super) rounded: usize,
    /// Cells that hold something and show nothing of it, by their format or by white letters on white.
    pub(super) not_shown: Vec<(u32, u32)>,
    /// Rows of which something was left out: they part no table.
    pub(super) gone: BTreeSet<u32>,
    /// Cells with white letters and nothing painted behind them, as far as the cells themselves say.
    pub(super) white: Vec<(u32, u32)>,
    /// Struck text that was left out.
    pub(super) unseen: Unseen,
    /// Formulas whose result the file does not have, and which were computed or not.
    pub(super) computed: Vec<(u32, u32)>,
    pub(super) without_result: Vec<(u32, u32)>,
    /// Text boxes, each with the row and column of its anchor.
    pub(super) boxes: Vec<((u32, u32), String)>,
    /// Cells whose comments hold a figure.
    pub(super) commented: Vec<(u32, u32)>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum RowKind {
    Blank,
    Text,
    Table,
}

#[derive(Debug, Default, Clone, Copy)]
struct RowFacts {
    texts: usize,
    ruled: usize,
    /// All its texts are labels with their value: 填报单位：某局.
    labels: usize,
    /// A cell merged over several rows covers it.
    tied: bool,
    /// One of its texts stands merged over several columns.
    wide: bool,
    /// All its texts were left out.
    gone: bool,
    /// A text of it is a sentence or the line of a unit: nothing that a row of a table is called.
    prose: bool,
}

/// The blocks of a sheet, in reading order.
///
/// # Errors
/// When a table would be over [`Table::MAX_SQUARES`].
pub(super) fn blocks(sheet: &Sheet) -> Result<Vec<Block>> {
    let merges = sound_merges(sheet);
    let rows = facts(sheet, &merges);
    let kinds = classify(&rows);
    let mut blocks = Vec::new();
    let mut table: Vec<u32> = Vec::new();
    let mut last = None;
    let mut boxes: Vec<&((u32, u32), String)> = sheet.boxes.iter().collect();
    boxes.sort_by_key(|(at, _)| *at);
    let mut boxes = boxes.into_iter().peekable();
    for (&row, kind) in rows.keys().zip(kinds) {
        let follows = last.is_some_and(|last: u32| last + 1 == row);
        if (kind != RowKind::Table || !follows) && !table.is_empty() {
            put_table(sheet, &merges, &std::mem::take(&mut table), &mut blocks)?;
        }
        // A box beside the first row of a table says what stands over it; one over its other rows stands behind it.
        let before = row + u32::from(kind == RowKind::Table);
        while let Some((_, text)) = boxes.next_if(|((at, _), _)| table.is_empty() && *at < before) {
            put_box(text, &mut blocks);
        }
        match kind {
            RowKind::Table => table.push(row),
            RowKind::Text => put_text(sheet, row, &mut blocks),
            RowKind::Blank => {}
        }
        last = Some(row);
    }
    if !table.is_empty() {
        put_table(sheet, &merges, &table, &mut blocks)?;
    }
    for (_, text) in boxes {
        put_box(text, &mut blocks);
    }
    Ok(blocks)
}

/// Each paragraph of a text box.
fn put_box(text: &str, blocks: &mut Vec<Block>) {
    for line in text.lines() {
        push_paragraph(line, ParagraphKind::Body, blocks);
    }
}

/// Merges that do not overlap each other; text under a merged cell is not shown, so it is nobody's.
fn sound_merges(sheet: &Sheet) -> Vec<Region> {
    let mut merges: Vec<Region> = sheet
        .merges
        .iter()
        .copied()
        .filter(|(r1, c1, r2, c2)| r1 <= r2 && c1 <= c2 && (r1 < r2 || c1 < c2))
        .collect();
    merges.sort_unstable();
    merges.dedup();
    let mut kept: Vec<Region> = Vec::with_capacity(merges.len());
    // Regions that still reach the row under way, by their columns.
    let mut open: Vec<Region> = Vec::new();
    for merge in merges {
        open.retain(|other| other.2 >= merge.0);
        let clash = open.iter().any(|other| other.1 <= merge.3 && merge.1 <= other.3);
        if !clash {
            open.push(merge);
            kept.push(merge);
        }
    }
    kept
}

fn text_at(sheet: &Sheet, row: u32, col: u32) -> &str {
    sheet.cells.get(&(row, col)).map_or("", |entry| entry.text.trim())
}

fn facts(sheet: &Sheet, merges: &[Region]) -> BTreeMap<u32, RowFacts> {
    let mut rows: BTreeMap<u32, RowFacts> = BTreeMap::new();
    for ((row, _), entry) in &sheet.cells {
        let facts = rows.entry(*row).or_default();
        let text = entry.text.trim();
        facts.texts += usize::from(!text.is_empty());
        facts.labels += usize::from(text.contains(['：', ':']));
        facts.ruled += usize::from(entry.ruled);
        facts.prose |= is_prose(text);
    }
    for row in &sheet.gone {
        let facts = rows.entry(*row).or_default();
        facts.gone = facts.texts == 0;
    }
    for (row, ..) in merges
        .iter()
        .filter(|m| m.3 > m.1 && !text_at(sheet, m.0, m.1).is_empty())
    {
        if let Some(facts) = rows.get_mut(row) {
            facts.wide = true;
        }
    }
    let used: BTreeSet<u32> = rows.keys().copied().collect();
    for (r1, c1, r2, _) in merges.iter().filter(|m| m.2 > m.0) {
        if text_at(sheet, *r1, *c1).is_empty() {
            continue;
        }
        for row in used.range(*r1..=*r2) {
            if let Some(facts) = rows.get_mut(row) {
                facts.tied = true;
            }
        }
    }
    rows
}

fn classify(rows: &BTreeMap<u32, RowFacts>) -> Vec<RowKind> {
    let several = rows.values().filter(|facts| facts.texts >= 2);
    let (all, ruled) = several.fold((0, 0), |(all, ruled), facts| {
        (all + 1, ruled + usize::from(facts.ruled >= 2))
    });
    let is_ruled = ruled > 0 && ruled * 2 >= all;
    let kind = |facts: &RowFacts| match facts {
        RowFacts { tied: true, .. } | RowFacts { gone: true, .. } => RowKind::Table,
        RowFacts { texts: 0, ruled, .. } if *ruled == 0 || !is_ruled => RowKind::Blank,
        // Borders tell what belongs to a table, also where most of its cells are empty.
        _ if is_ruled && facts.ruled > 1 => RowKind::Table,
        _ if is_ruled && (facts.texts <= 2 || facts.labels == facts.texts) => RowKind::Text,
        _ if facts.texts <= 1 => RowKind::Text,
        _ => RowKind::Table,
    };
    let mut kinds: Vec<RowKind> = rows.values().map(kind).collect();
    if !is_ruled {
        // Without borders a row with one text is a title or a note at the edge, and a row of the table inside it, unless
        // it stands among sentences.
        let numbers: Vec<u32> = rows.keys().copied().collect();
        let mut start = 0;
        for end in 1..=kinds.len() {
            let goes_on = end < kinds.len() && numbers[end] == numbers[end - 1] + 1 && kinds[end] != RowKind::Blank;
            if goes_on {
                continue;
            }
            let region = &mut kinds[start..end];
            let is_table = |kind: &RowKind| *kind == RowKind::Table;
            if let (Some(first), Some(last)) = (region.iter().position(is_table), region.iter().rposition(is_table)) {
                let facts: Vec<&RowFacts> = rows.values().skip(start + first).take(last - first).collect();
                fill_inside(&mut region[first..last], &facts);
            }
            start = end;
        }
    }
    kinds
}

/// Rows with one text inside a table without borders belong to it, except a run of them that holds a sentence or a unit.
fn fill_inside(kinds: &mut [RowKind], facts: &[&RowFacts]) {
    let mut at = 0;
    while at < kinds.len() {
        let run = kinds[at..].iter().take_while(|kind| **kind == RowKind::Text).count();
        let between = &facts[at..at + run];
        if !between.iter().any(|facts| facts.prose) || between.iter().any(|facts| facts.wide) {
            kinds[at..at + run].fill(RowKind::Table);
        }
        at += run.max(1);
    }
}

fn is_prose(text: &str) -> bool {
    let length = text.chars().count();
    let unit = text.contains("单位") && text.trim_end_matches([')', '）']).ends_with('元') && length <= 30;
    let title = length >= 6 && text.ends_with('表');
    unit || title || length > 60 || (length > 10 && text.ends_with(['。', '：', '；', ':']))
}

fn put_text(sheet: &Sheet, row: u32, blocks: &mut Vec<Block>) {
    let cells = sheet.cells.range((row, 0)..=(row, u32::MAX));
    let texts: Vec<&str> = cells
        .map(|(_, entry)| entry.text.trim())
        .filter(|t| !t.is_empty())
        .collect();
    push_paragraph(&texts.join("\t"), ParagraphKind::Body, blocks);
}

pub(super) fn push_paragraph(text: &str, kind: ParagraphKind, blocks: &mut Vec<Block>) {
    let text = text.trim();
    if !text.is_empty() {
        blocks.push(Block::Paragraph(Paragraph {
            text: text.to_owned(),
            kind,
            lines: Vec::new(),
        }));
    }
}

/// Rows that follow each other become a table, without the empty rows and columns at its edges.
fn put_table(sheet: &Sheet, merges: &[Region], rows: &[u32], blocks: &mut Vec<Block>) -> Result<()> {
    let (Some(&first), Some(&last)) = (rows.first(), rows.last()) else {
        return Ok(());
    };
    let inside = merges.iter().filter(|m| m.0 >= first && m.0 <= last);
    let spans: BTreeMap<(u32, u32), (u32, u32)> = inside.map(|m| ((m.0, m.1), (m.2.min(last), m.3))).collect();
    let tied: usize = spans.iter().map(|((r1, _), (r2, _))| (r2 - r1) as usize + 1).sum();
    if tied > Table::MAX_SQUARES {
        return Err(Error::limit(
            "the merged cells of a table",
            Table::MAX_SQUARES.to_string(),
        ));
    }
    let mut covered: BTreeSet<(u32, u32)> = BTreeSet::new();
    for ((r1, c1), (r2, c2)) in &spans {
        for row in *r1..=*r2 {
            let texts = sheet.cells.range((row, *c1)..=(row, *c2));
            covered.extend(texts.map(|(at, _)| *at).filter(|at| at != &(*r1, *c1)));
        }
    }
    let anchors: Vec<(u32, u32, &str)> = sheet
        .cells
        .range((first, 0)..=(last, u32::MAX))
        .filter(|(at, entry)| !covered.contains(at) && !entry.text.trim().is_empty())
        .map(|((row, col), entry)| (*row, *col, entry.text.trim()))
        .collect();
    let end = |row: u32, col: u32| spans.get(&(row, col)).copied().unwrap_or((row, col));
    let top = anchors.iter().map(|(row, ..)| *row).min();
    let bottom = anchors.iter().map(|(row, col, _)| end(*row, *col).0).max();
    let left = anchors.iter().map(|(_, col, _)| *col).min();
    let (Some(top), Some(bottom), Some(left)) = (top, bottom, left) else {
        return Ok(());
    };
    // A title merged far over the table's right edge does not make it wider.
    let right = anchors
        .iter()
        .map(|(row, col, _)| if row == &top { *col } else { end(*row, *col).1 })
        .max()
        .unwrap_or(left);
    // Columns in which some cell starts: those that are merged away in every row stand for nothing.
    let mut starts: BTreeSet<u32> = anchors.iter().map(|(_, col, _)| *col).collect();
    starts.insert(left);
    let borders = sheet.cells.range((top, 0)..=(bottom, u32::MAX));
    starts.extend(
        borders
            .filter(|(at, entry)| entry.ruled && !covered.contains(at) && (left..=right).contains(&at.1))
            .map(|(at, _)| at.1),
    );
    let columns: Vec<u32> = starts.into_iter().collect();
    let index = |col: u32| columns.partition_point(|start| *start < col);
    if columns.len() == 1 {
        for (_, _, text) in &anchors {
            push_paragraph(text, ParagraphKind::Body, blocks);
        }
        return Ok(());
    }
    let mut cells: Vec<Cell> = Vec::with_capacity(anchors.len());
    let mut placed: BTreeSet<(u32, u32)> = BTreeSet::new();
    for (row, col, text) in anchors {
        let (last_row, last_col) = end(row, col);
        let span = (index(last_col.min(right).saturating_add(1)) - index(col)).max(1);
        let rows = (last_row.min(bottom) - row + 1) as usize;
        cells.push(Cell::new((row - top) as usize, index(col), text).spanning(rows, span));
        placed.insert((row, col));
    }
    // Merged cells without text keep their place.
    for ((row, col), (last_row, last_col)) in &spans {
        let fits = (top..=bottom).contains(row) && (left..=right).contains(col) && !placed.contains(&(*row, *col));
        if fits && columns.binary_search(col).is_ok() {
            let span = (index(last_col.saturating_add(1).min(right + 1)) - index(*col)).max(1);
            let rows = (last_row.min(&bottom) - row + 1) as usize;
            cells.push(Cell::new((row - top) as usize, index(*col), "").spanning(rows, span));
        }
    }
    let rows = (bottom - top + 1) as usize;
    let table = Table::filled(rows, columns.len(), cells);
    let table = table.map_err(|e| Error::limit(format!("a table ({e})"), format!("{} squares", Table::MAX_SQUARES)))?;
    blocks.push(Block::Table(table));
    Ok(())
}
