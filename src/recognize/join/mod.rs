//! Joins tables and rows that a page has cut.
//!
//! Pieces are joined when nothing stands between them but a page's end. Then, at the seam: a repeated header is
//! dropped, a row that the page tore is one row again, and a merged label is one cell again although its text may
//! stand on only one of the pages.

mod seam;
mod torn;

use super::caption::is_unit_line;
use crate::model::{Block, Cell, Cut, Document, Paragraph, Table};
use crate::pattern::Patterns;
use crate::pattern::tables::CaptionWords;
use crate::text::fold::fold;
use seam::Seam;
use torn::{Row, figure, joined_text};

/// Column edges of two pieces closer than this, in points, are one edge.
const SAME_EDGE: f64 = 4.0;
/// Most rows of a repeated header.
const MAX_HEADER: usize = 6;

/// Joins the pieces of each table that a page has cut; the document's other blocks stay as they are.
///
/// The joined cell's places have one entry a page. Continuation captions (续表) between pieces become furniture.
pub fn join(mut document: Document, patterns: &Patterns) -> Document {
    let mut blocks: Vec<Block> = Vec::with_capacity(document.blocks.len());
    // Where each block went, for nested tables that name the block around them.
    let mut moved: Vec<usize> = Vec::with_capacity(document.blocks.len());
    for block in std::mem::take(&mut document.blocks) {
        let block = match block {
            Block::Table(next) if next.parent.is_none() => {
                let between = captions_before(&blocks);
                let at = blocks.len().checked_sub(between + 1);
                let joined = at.and_then(|at| {
                    let prev = blocks[at].table().filter(|t| t.parent.is_none())?;
                    let plain = between == 0 && prev.cut.bottom && next.cut.top;
                    let captioned = between > 0 && prev.cut.bottom && repeats_captions(&blocks, at, &next, patterns);
                    // 续表 says that it goes on, in formats without pages too.
                    let said = between > 0 && says_continued(&blocks, at, &next, patterns);
                    let adjacent = between == 0 && goes_on(prev, &next, patterns);
                    let said = said || adjacent;
                    (plain || captioned || said)
                        .then(|| join_two(prev, &next, said, patterns))?
                        .map(|table| (at, table))
                });
                if let Some((at, table)) = joined {
                    blocks[at] = Block::Table(table);
                    for dropped in blocks.drain(at + 1..) {
                        document.furniture.push(dropped);
                    }
                    moved.iter_mut().for_each(|m| *m = (*m).min(at));
                    moved.push(at);
                    continue;
                }
                Block::Table(next)
            }
            other => other,
        };
        moved.push(blocks.len());
        blocks.push(block);
    }
    for block in &mut blocks {
        if let Block::Table(Table {
            parent: Some((around, ..)),
            ..
        }) = block
        {
            *around = moved.get(*around).copied().unwrap_or(*around);
        }
    }
    document.blocks = blocks;
    document
}

/// How many short paragraphs at the end of the blocks follow a table directly.
fn captions_before(blocks: &[Block]) -> usize {
    let short = |b: &&Block| b.paragraph().is_some_and(|p| p.text.chars().count() <= 40);
    let count = blocks.iter().rev().take(4).take_while(short).count();
    if count < 4 { count } else { 0 }
}

/// Whether the paragraphs after the table at `at` only repeat its caption on the next page, or say 续表.
fn repeats_captions(blocks: &[Block], at: usize, next: &Table, patterns: &Patterns) -> bool {
    let words = &patterns.tables.caption;
    let Some(table) = blocks[at].table() else { return false };
    let texts = |range: &[Block]| -> Vec<String> {
        range
            .iter()
            .filter_map(Block::paragraph)
            .map(|p: &Paragraph| fold(&p.text))
            .collect()
    };
    let before = texts(&blocks[at.saturating_sub(4)..at]);
    let between = texts(&blocks[at + 1..]);
    let known = |text: &String| words.is_continued(text) || before.contains(text) || words.has_unit_label(text);
    let says = |text: &String| words.is_continued(text) || (before.contains(text) && !words.has_unit_label(text));
    between.iter().all(known)
        && (between.iter().any(says) || repeated_header(table, next, words) > 0)
        && same_page_order(table, next)
}

/// Whether what stands between two tables of the same headings says that the second continues the first.
fn says_continued(blocks: &[Block], at: usize, next: &Table, patterns: &Patterns) -> bool {
    let words = &patterns.tables.caption;
    let Some(table) = blocks[at].table() else { return false };
    let between: Vec<String> = blocks[at + 1..]
        .iter()
        .filter_map(Block::paragraph)
        .map(|p| fold(&p.text))
        .filter(|t| !t.is_empty())
        .collect();
    let title = |text: &String| {
        let before = blocks[at.saturating_sub(4)..at].iter().filter_map(Block::paragraph);
        before.into_iter().any(|p| fold(&p.text) == *text)
    };
    // A running head may stand between; the title of another table may not.
    let known = |t: &String| words.is_continued(t) || words.has_unit_label(t) || title(t) || !words.table.within(t);
    let starts_with_figures = || row_texts(next, 0).iter().any(|t| figure(t));
    between.iter().any(|t| words.is_continued(t))
        && between.iter().all(known)
        && table.cols() == next.cols()
        && (repeated_header(table, next, words) > 0 || starts_with_figures())
}

/// Whether a table right below another goes on with it, where no page says so: it repeats the headings or begins with a row of the
/// same columns, the one before has no total yet, and this one ends with it or counts its rows further.
fn goes_on(prev: &Table, next: &Table, patterns: &Patterns) -> bool {
    if prev.cols() != next.cols() || prev.cols() < 3 || prev.rows() < 3 || next.rows() == 0 {
        return false;
    }
    let header = repeated_header(prev, next, &patterns.tables.caption);
    let same_columns = || {
        let figures = |table: &Table, row: usize| -> Vec<bool> {
            (0..table.cols())
                .map(|col| table.at(row, col).is_some_and(|c| figure(&fold(&c.text))))
                .collect()
        };
        let (above, below) = (figures(prev, prev.rows() - 1), figures(next, 0));
        // A number of order in the first column is none of the total's figures.
        let pairs = || above.iter().zip(&below).skip(1);
        pairs().filter(|(a, b)| **a && **b).count() >= 2 && pairs().all(|(a, b)| a == b)
    };
    let sums = |texts: Vec<String>| {
        texts
            .iter()
            .any(|t| patterns.forms.is_total_row(t) || patterns.forms.is_total_score(t))
    };
    let ended =
        (0..prev.rows()).any(|row| !row_texts(prev, row).iter().all(|t| !figure(t)) && sums(row_texts(prev, row)));
    let number = |table: &Table, row: usize| table.at(row, 0).and_then(|c| fold(&c.text).parse::<u32>().ok());
    let last = number(prev, prev.rows() - 1);
    let counts = last.is_some() && number(next, header) == last.and_then(|n| n.checked_add(1));
    let totals = || sums(row_texts(next, next.rows() - 1));
    !ended && (header > 0 || same_columns()) && (counts || totals())
}

/// The piece stands on the page after the table's last.
fn same_page_order(table: &Table, next: &Table) -> bool {
    let last = table.cells().iter().flat_map(|c| &c.places).map(|p| p.page).max();
    let first = next.cells().first().and_then(|c| c.places.first()).map(|p| p.page);
    last.zip(first).is_none_or(|(last, first)| first == last + 1)
}

/// A piece laid on the common columns of both pieces.
struct Laid {
    cells: Vec<Cell>,
    /// For each of the piece's own columns, its first common column; one more entry for the end.
    starts: Vec<usize>,
}

/// One table of two pieces, or `None` when they are two tables. `said`: the document says that it goes on, so that the
/// second may stand on the page of the first.
fn join_two(prev: &Table, next: &Table, said: bool, patterns: &Patterns) -> Option<Table> {
    if prev.rows() == 0 || next.rows() == 0 || !(said || same_page_order(prev, next)) {
        return None;
    }
    let (edges, prev_starts, next_starts) = common_columns(prev, next, said)?;
    let cols = *prev_starts.last()?;
    let header = repeated_header(prev, next, &patterns.tables.caption);
    if header == 0 && starts_anew(prev, next, patterns) {
        return None;
    }
    let upper = lay(prev, prev_starts, 0);
    let lower = lay(next, next_starts, header);
    let rest = next.rows() - header;
    if rest == 0 {
        return finish(prev, next, prev.rows(), cols, upper.cells, edges);
    }
    let seam = Seam::new((prev, next), (&upper, &lower), header, &patterns.tables.seam);
    let row = seam.row();
    let torn = row != Row::Whole;
    let offset = prev.rows() - usize::from(torn);
    let mut cells = upper.cells;
    for mut cell in lower.cells {
        let above = if cell.row == 0 { seam.above(&cell) } else { None };
        let label = above.filter(|above| torn || seam.one_label(&cells[*above], &cell));
        cell.row += offset;
        match label {
            Some(above) => {
                let upper = &mut cells[above];
                upper.row_span = cell.row + cell.row_span - upper.row;
                upper.text = joined_text(&upper.text, &cell.text, row);
                upper.places.extend(cell.places);
            }
            None => cells.push(cell),
        }
    }
    finish(prev, next, offset + rest, cols, cells, edges)
}

fn finish(prev: &Table, next: &Table, rows: usize, cols: usize, cells: Vec<Cell>, edges: Vec<f64>) -> Option<Table> {
    let mut table = Table::new(rows, cols, cells).ok()?;
    table.marked_header_rows = prev.marked_header_rows;
    let column = |x: &(usize, f64)| -> Option<(usize, f64)> {
        let at = next.cut.column_edges.get(x.0)?;
        Some((edges.iter().position(|e| (e - at).abs() <= SAME_EDGE)?, x.1))
    };
    table.cut = Cut {
        top: prev.cut.top,
        bottom: next.cut.bottom,
        open_bottom: next.cut.open_bottom,
        room_after: next.cut.room_after.iter().filter_map(column).collect(),
        first_word: prev.cut.first_word.clone(),
        spare: next.cut.spare.iter().filter_map(column).collect(),
        column_edges: edges,
    };
    Some(table)
}

/// The column edges of both pieces together and where each piece's columns start among them.
fn common_columns(prev: &Table, next: &Table, said: bool) -> Option<(Vec<f64>, Vec<usize>, Vec<usize>)> {
    let (a, b) = (&prev.cut.column_edges, &next.cut.column_edges);
    if said && prev.cols() == next.cols() {
        // The continuation of a table may be drawn with other widths: what the next page continues has those.
        let plain: Vec<usize> = (0..=prev.cols()).collect();
        let last = if b.len() == plain.len() { b } else { a };
        return Some((last.clone(), plain.clone(), plain));
    }
    if a.len() != prev.cols() + 1 || b.len() != next.cols() + 1 {
        // No geometry: the same number of columns, or no joint.
        let plain: Vec<usize> = (0..=prev.cols()).collect();
        return (prev.cols() == next.cols()).then(|| (Vec::new(), plain.clone(), plain));
    }
    let near = |x: Option<&f64>, y: Option<&f64>| x.zip(y).is_some_and(|(x, y)| (x - y).abs() <= 1.5 * SAME_EDGE);
    if !near(a.first(), b.first()) || !near(a.last(), b.last()) {
        return None;
    }
    let mut all: Vec<f64> = a.clone();
    for edge in b {
        if !all.iter().any(|known| (known - edge).abs() <= SAME_EDGE) {
            all.push(*edge);
        }
    }
    all.sort_by(f64::total_cmp);
    let starts = |edges: &[f64]| -> Option<Vec<usize>> {
        let last = edges.len() - 1;
        let at = |(i, e): (usize, &f64)| match i {
            0 => Some(0),
            i if i == last => Some(all.len() - 1),
            // The nearest: a form may have two edges of its own closer together than the pieces' edges vary.
            _ => (0..all.len())
                .filter(|k| (all[*k] - e).abs() <= SAME_EDGE)
                .min_by(|x, y| (all[*x] - e).abs().total_cmp(&(all[*y] - e).abs())),
        };
        let starts: Vec<usize> = edges.iter().enumerate().map(at).collect::<Option<_>>()?;
        starts.windows(2).all(|w| w[0] < w[1]).then_some(starts)
    };
    let (a, b) = (starts(a)?, starts(b)?);
    Some((all, a, b))
}

/// A piece's cells from row `from` on, in common columns; rows count from the first kept one.
fn lay(table: &Table, starts: Vec<usize>, from: usize) -> Laid {
    let kept = table.cells().iter().filter(|c| c.row + c.row_span > from);
    let cells = kept.map(|c| {
        let row = c.row.max(from);
        let (left, right) = (starts[c.col], starts[c.col + c.col_span]);
        Cell {
            row: row - from,
            row_span: c.row + c.row_span - row,
            col: left,
            col_span: right - left,
            text: c.text.clone(),
            places: c.places.clone(),
        }
    });
    Laid {
        cells: cells.collect(),
        starts,
    }
}

fn row_texts(table: &Table, row: usize) -> Vec<String> {
    table.row_cells(row).map(|c| fold(&c.text)).collect()
}

/// Rows at the top of `next` that repeat rows near the top of `prev`, or stand empty in place of a header.
fn repeated_header(prev: &Table, next: &Table, words: &CaptionWords) -> usize {
    let most = MAX_HEADER.min(next.rows());
    let figures = |row: usize| row_texts(prev, row).iter().any(|t| figure(t));
    let body = (0..prev.rows()).find(|row| figures(*row)).unwrap_or(prev.rows());
    let mut best = 0;
    for first in 0..3.min(prev.rows()) {
        let same = |n: &usize| {
            let (above, below) = (row_texts(prev, first + n), row_texts(next, *n));
            let beside = *n == 0 && repeats_label(prev, first, &above, &below);
            // Below the first row of headings one alone may be divided; 单位：万元 may stand above them in a row of its own.
            let unit =
                || *n == 0 && next.rows() > 1 && below.iter().any(|t| is_unit_line(t, words)) && first + 1 < body;
            let above_headings = unit() && row_texts(prev, first + 1) == row_texts(next, 1);
            let least = if *n > 0 && first + n < body || above_headings {
                1
            } else {
                2
            };
            (beside || above == below)
                && below.iter().filter(|t| !t.is_empty()).count() >= least
                && !below.iter().all(|t| figure(t))
        };
        let count = (0..most.min(prev.rows() - first)).take_while(same).count();
        best = best.max(count);
    }
    // A text table must have a header row; where the page cut it, that row is empty.
    if best == 0
        && next.cut.column_edges.is_empty()
        && next.rows() > 1
        && row_texts(next, 0).iter().all(String::is_empty)
    {
        return 1;
    }
    best
}

/// Whether the rows are the same but for the label beside the block, which stands above the headings in one of them:
/// 资金使用情况 ∣ 单位：万元 over the headings, then 资金使用情况 ∣ 资金来源 ∣ 预算数.
fn repeats_label(prev: &Table, row: usize, above: &[String], below: &[String]) -> bool {
    let ([first, rest @ ..], [label, others @ ..]) = (above, below) else {
        return false;
    };
    let over = (0..row).any(|r| row_texts(prev, r).first() == Some(label));
    first.is_empty() && !label.is_empty() && over && rest == others
}

/// Whether the piece is the start of another table of the same width: its first label is the first label of the
/// table before, with other values; or the table before has ended with its total and other headings follow.
fn starts_anew(prev: &Table, next: &Table, patterns: &Patterns) -> bool {
    let (first, start) = (row_texts(prev, 0), row_texts(next, 0));
    let named = start.first().is_some_and(|t| t.chars().count() >= 2 && !figure(t));
    if named && first.first() == start.first() && start.len() <= first.len() + 1 {
        return true;
    }
    let last = row_texts(prev, prev.rows() - 1);
    let ended = last
        .iter()
        .any(|t| patterns.forms.is_total_row(t) || patterns.forms.is_total_score(t));
    let headings = start.iter().filter(|t| !t.is_empty()).count() >= 3 && !start.iter().any(|t| figure(t));
    ended && headings && prev.cut.column_edges.len() != next.cut.column_edges.len()
}

#[cfg(test)]
mod tests;
