//! Joins tables and rows that a page has cut.
//!
//! Pieces are joined when nothing stands between them but a page's end. Then, at the seam: a repeated header is
//! dropped, a row that the page tore is one row again, and a merged label is one cell again although its text may
//! stand on only one of the pages.

use crate::model::{Block, Cell, Cut, Document, Paragraph, Table};
use crate::pattern::Patterns;
use crate::pattern::headers::fold;

/// Column edges of two pieces closer than this, in points, are one edge.
const SAME_EDGE: f64 = 4.0;
/// Most rows of a repeated header.
const MAX_HEADER: usize = 6;

/// Joins the pieces of each table that a page has cut; the document's other blocks stay as they are.
///
/// The joined cell's places have one entry a page. Continuation captions (续表) between pieces become furniture.
pub fn join(mut document: Document, _patterns: &Patterns) -> Document {
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
                    let captioned = between > 0 && prev.cut.bottom && repeats_captions(&blocks, at, &next);
                    (plain || captioned)
                        .then(|| join_two(prev, &next))?
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
fn repeats_captions(blocks: &[Block], at: usize, next: &Table) -> bool {
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
    let unit = |text: &str| text.contains("单位:") || text.contains("金额单位");
    let continued = |text: &str| {
        text.starts_with("续") || text.ends_with("(续)") || text.contains("(续表") || text.ends_with("续表")
    };
    let known = |text: &String| continued(text) || before.contains(text) || unit(text);
    let says = |text: &String| continued(text) || (before.contains(text) && !unit(text));
    between.iter().all(known)
        && (between.iter().any(says) || repeated_header(table, next) > 0)
        && same_page_order(table, next)
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

/// One table of two pieces, or `None` when they are two tables.
fn join_two(prev: &Table, next: &Table) -> Option<Table> {
    if prev.rows() == 0 || next.rows() == 0 || !same_page_order(prev, next) {
        return None;
    }
    let (edges, prev_starts, next_starts) = common_columns(prev, next)?;
    let cols = *prev_starts.last()?;
    let header = repeated_header(prev, next);
    if header == 0 && starts_anew(prev, next) {
        return None;
    }
    let upper = lay(prev, prev_starts, 0);
    let lower = lay(next, next_starts, header);
    let rest = next.rows() - header;
    if rest == 0 {
        return finish(prev, next, prev.rows(), cols, upper.cells, edges);
    }
    let seam = Seam::new(prev, next, &upper, &lower, header);
    let torn = seam.torn_row();
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
                upper.text = joined_text(&upper.text, &cell.text);
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
        column_edges: edges,
    };
    Some(table)
}

/// The column edges of both pieces together and where each piece's columns start among them.
fn common_columns(prev: &Table, next: &Table) -> Option<(Vec<f64>, Vec<usize>, Vec<usize>)> {
    let (a, b) = (&prev.cut.column_edges, &next.cut.column_edges);
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
fn repeated_header(prev: &Table, next: &Table) -> usize {
    let most = MAX_HEADER.min(next.rows());
    let mut best = 0;
    for first in 0..3.min(prev.rows()) {
        let same = |n: &usize| {
            let (above, below) = (row_texts(prev, first + n), row_texts(next, *n));
            above == below && below.iter().filter(|t| !t.is_empty()).count() >= 2 && !below.iter().all(|t| figure(t))
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

/// Whether the piece is the start of another table of the same width: its first label is the first label of the
/// table before, with other values; or the table before has ended with its total and other headings follow.
fn starts_anew(prev: &Table, next: &Table) -> bool {
    let (first, start) = (row_texts(prev, 0), row_texts(next, 0));
    let named = start.first().is_some_and(|t| t.chars().count() >= 2 && !figure(t));
    if named && first.first() == start.first() && start.len() <= first.len() + 1 {
        return true;
    }
    let last = row_texts(prev, prev.rows() - 1);
    let ended = last
        .iter()
        .any(|t| ["合计", "总计", "总分", "本年支出合计", "本年收入合计"].contains(&t.as_str()));
    let headings = start.iter().filter(|t| !t.is_empty()).count() >= 3 && !start.iter().any(|t| figure(t));
    ended && headings && prev.cut.column_edges.len() != next.cut.column_edges.len()
}

/// A cell that holds a figure and nothing else.
fn figure(text: &str) -> bool {
    !text.is_empty()
        && text.chars().any(|c| c.is_ascii_digit())
        && text.chars().all(|c| c.is_ascii_digit() || ".,%-+()/".contains(c))
}

/// A text that begins something of its own: a number, a label, a filler.
fn begins_anew(text: &str) -> bool {
    let text = text.trim_start();
    let rest = text.strip_prefix("指标").unwrap_or(text);
    let digits = rest.chars().take_while(char::is_ascii_digit).count();
    let after = rest.chars().nth(digits);
    (digits > 0
        && after.is_some_and(|c| "：:、.．）)".contains(c))
        && !rest.chars().nth(digits + 1).is_some_and(|c| c.is_ascii_digit()))
        || enumerated(text)
        || text.starts_with(['…', '①', '②', '③', '④', '⑤', '⑥', '☑', '□', '√'])
        || [
            "其中", "小计", "合计", "总计", "总分", "一、", "二、", "三、", "四、", "五、", "……", "...",
        ]
        .iter()
        .any(|w| text.starts_with(w))
}

/// （一） or (1): a number in brackets, as against a remark in brackets.
fn enumerated(text: &str) -> bool {
    let Some(inner) = text.strip_prefix(['（', '(']) else {
        return false;
    };
    let number = inner
        .chars()
        .take_while(|c| c.is_ascii_digit() || "一二三四五六七八九十".contains(*c))
        .count();
    (1..=3).contains(&number) && inner.chars().nth(number).is_some_and(|c| "）)".contains(c))
}

/// A label that is whole: nothing of it can stand on the next page.
fn whole_label(text: &str) -> bool {
    let folded = fold(text);
    [
        "指标",
        "分)",
        "%)",
        "目标",
        "资金",
        "效益",
        "满意度",
        "情况",
        "合计",
        "管理",
        "产出",
        "决策",
        "过程",
    ]
    .iter()
    .any(|end| folded.ends_with(end))
}

/// The end of a label whose beginning stands above: 效益 | 指标, 满意度指 | 标(10分).
fn is_tail(above: &str, below: &str) -> bool {
    let (above, below) = (fold(above), fold(below));
    !above.contains("指标")
        && ["指标", "标"]
            .iter()
            .any(|tail| below == *tail || below.starts_with(&format!("{tail}(")))
}

fn joined_text(above: &str, below: &str) -> String {
    if above.is_empty() || below.is_empty() || fold(above) == fold(below) {
        return if above.is_empty() { below } else { above }.to_owned();
    }
    let latin = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphabetic());
    let seam = if latin(above.chars().last()) && latin(below.chars().next()) {
        " "
    } else {
        ""
    };
    format!("{above}{seam}{below}")
}

/// The last row of one piece and the first of the next.
struct Seam<'t> {
    /// Cells of the last row, by common column: (first, end, index).
    bottom: Vec<(usize, usize, usize)>,
    prev: &'t Table,
    pairs: Vec<Pair>,
    /// Columns, by common start, where either piece merges cells vertically.
    labels: Vec<usize>,
}

/// Columns, by their common start, in whose body cells are merged vertically and that hold names, not figures.
fn label_columns(upper: &[Cell], lower: &[Cell], header: usize) -> Vec<usize> {
    // Merged cells of the header say nothing about the body; a page without a header has none to leave out.
    let heading = upper
        .iter()
        .filter(|c| c.row == 0)
        .map(|c| c.row_span)
        .max()
        .unwrap_or(0)
        .max(header);
    let body = || upper.iter().filter(|c| c.row >= heading).chain(lower);
    let mut columns: Vec<usize> = body().filter(|c| c.row_span > 1).map(|c| c.col).collect();
    columns.sort_unstable();
    columns.dedup();
    columns.retain(|column| {
        let texts = || body().filter(|c| c.col == *column && !c.text.is_empty());
        texts().filter(|c| figure(&fold(&c.text))).count() * 4 <= texts().count()
    });
    columns
}

/// Width of the first word of a text in Chinese characters, with the punctuation that must not begin a line.
fn first_word(text: &str) -> f64 {
    let latin = |c: char| c.is_ascii_graphic();
    let closes = |c: char| "，。、；：？！）》”’％%),.;:".contains(c);
    let mut width = 0.0;
    let mut before: Option<char> = None;
    for c in text.chars() {
        if before.is_some_and(|b| !((latin(b) && latin(c)) || closes(c) || "（《“(≥≤＞＜".contains(b))) {
            break;
        }
        width += if latin(c) { 0.55 } else { 1.0 };
        before = Some(c);
    }
    width
}

/// Two cells that meet at the seam.
struct Pair {
    above: String,
    below: String,
    /// The text above has no room for the word below: it goes on. `None` without geometry.
    runs_on: Option<bool>,
    /// One of them is merged with other rows.
    merged: bool,
    /// Share of the rows above in which the column is not empty.
    usually_filled: f64,
}

impl<'t> Seam<'t> {
    fn new(prev: &'t Table, next: &'t Table, upper: &Laid, lower: &Laid, header: usize) -> Self {
        let last = prev.rows() - 1;
        let touches = |(_, c): &(usize, &Cell)| c.row + c.row_span == last + 1;
        let mut bottom: Vec<(usize, usize, usize)> = upper
            .cells
            .iter()
            .enumerate()
            .filter(touches)
            .map(|(i, c)| (c.col, c.col + c.col_span, i))
            .collect();
        bottom.sort_unstable();
        let labels = label_columns(&upper.cells, &lower.cells, header);
        let geometry = !prev.cut.column_edges.is_empty();
        let find = |list: &[(usize, f64)], starts: &[usize], col: usize| {
            list.iter()
                .find(|(c, _)| starts.get(*c) == Some(&col))
                .map(|(_, points)| *points)
        };
        // One Chinese character is the least that a first word needs.
        let widths = prev
            .cut
            .first_word
            .iter()
            .chain(&next.cut.first_word)
            .map(|(_, points)| *points);
        let em = widths.filter(|w| *w > 5.0).fold(24.0, f64::min);
        let mut pairs = Vec::new();
        for cell in lower.cells.iter().filter(|c| c.row == 0) {
            let Some((_, _, index)) = bottom
                .iter()
                .find(|(a, b, _)| (*a, *b) == (cell.col, cell.col + cell.col_span))
            else {
                continue;
            };
            let above = &upper.cells[*index];
            let runs_on = geometry.then(|| {
                let room = find(&prev.cut.room_after, &upper.starts, cell.col).unwrap_or(f64::INFINITY);
                let measured = find(&next.cut.first_word, &lower.starts, cell.col).filter(|_| header == 0);
                room < measured.unwrap_or(0.0).max(first_word(&cell.text) * em) + 0.5 * em
            });
            let column = upper
                .cells
                .iter()
                .filter(|c| c.col == cell.col && c.col_span == cell.col_span && c.row < last);
            let (all, filled) = column.fold((0usize, 0usize), |(n, f), c| {
                (n + 1, f + usize::from(!c.text.is_empty()))
            });
            pairs.push(Pair {
                above: above.text.clone(),
                below: cell.text.clone(),
                runs_on,
                merged: above.row_span > 1 || cell.row_span > 1,
                usually_filled: filled as f64 / all.max(1) as f64,
            });
        }
        Seam {
            bottom,
            prev,
            pairs,
            labels,
        }
    }

    /// The cell of the last row that covers the same columns.
    fn above(&self, below: &Cell) -> Option<usize> {
        let range = (below.col, below.col + below.col_span);
        self.bottom
            .iter()
            .find(|(a, b, _)| (*a, *b) == range)
            .map(|(_, _, index)| *index)
    }

    /// Whether the page tore one row in two.
    fn torn_row(&self) -> bool {
        if self.pairs.is_empty() || self.pairs.len() < self.bottom.len() {
            return false; // the rows are divided differently
        }
        // A whole label above and another one below: a new group starts, and with it a new row.
        let new_group = |p: &Pair| {
            let whole = whole_label(&p.above) && !is_tail(&p.above, &p.below);
            p.merged && !p.below.is_empty() && whole && fold(&p.above) != fold(&p.below)
        };
        if self.pairs.iter().any(new_group) {
            return false;
        }
        let own: Vec<&Pair> = self.pairs.iter().filter(|p| !p.merged).collect();
        if own.iter().all(|p| p.below.is_empty()) {
            // Nothing but the end of a row's height; a label that begins here begins a row.
            return !self.prev.cut.column_edges.is_empty() && self.pairs.iter().all(|p| p.below.is_empty());
        }
        if own.iter().all(|p| p.above.is_empty()) {
            return false;
        }
        let both: Vec<&&Pair> = own
            .iter()
            .filter(|p| !p.above.is_empty() && !p.below.is_empty())
            .collect();
        if both.iter().any(|p| figure(&fold(&p.above)) && figure(&fold(&p.below))) {
            return false;
        }
        if both.iter().any(|p| begins_anew(&p.below) || p.above.ends_with('。')) {
            return false;
        }
        if self.prev.cut.column_edges.is_empty() {
            return self.torn_text_row(&own, both.len());
        }
        if !both.is_empty() {
            return both.iter().all(|p| p.runs_on == Some(true));
        }
        // Nothing stands on both pages: centred cells of one tall row. Each half lacks what the other has, in columns
        // that are else always filled, and the half below lacks the row's first cell.
        let below: Vec<&&Pair> = own.iter().filter(|p| !p.below.is_empty()).collect();
        let begins_below = own.first().is_some_and(|p| !p.below.is_empty());
        !begins_below && self.prev.rows() > 2 && below.iter().all(|p| p.usually_filled > 0.8)
    }

    /// Without geometry: a continuation has hardly any text, each bit of it under text.
    fn torn_text_row(&self, own: &[&Pair], both: usize) -> bool {
        let below = own.iter().filter(|p| !p.below.is_empty()).count();
        let first_empty = own.first().is_some_and(|p| p.below.is_empty());
        first_empty && below == both && below <= (own.len() / 3).max(1)
    }

    /// Whether two cells that meet at the seam are one merged label.
    fn one_label(&self, above: &Cell, below: &Cell) -> bool {
        if !self.labels.contains(&below.col) || self.prev.cut.column_edges.is_empty() {
            return false;
        }
        if figure(&fold(&above.text)) || figure(&fold(&below.text)) {
            return false;
        }
        match (above.text.is_empty(), below.text.is_empty()) {
            (true, true) => above.row_span > 1 || below.row_span > 1,
            (false, true) => true,
            (true, false) => above.row_span > 1 || below.row_span > 1,
            (false, false) => {
                let pair = self
                    .pairs
                    .iter()
                    .find(|p| p.above == above.text && p.below == below.text);
                let runs_on = pair.is_some_and(|p| p.runs_on == Some(true));
                let goes_on = !whole_label(&above.text) || is_tail(&above.text, &below.text);
                fold(&above.text) == fold(&below.text) || (runs_on && goes_on && !begins_anew(&below.text))
            }
        }
    }
}
