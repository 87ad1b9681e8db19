//! Signs apart from their digits in tables without vertical rulings: where a figure fills its column, its sign, bracket or
//! currency stands at the left edge and its digits at the right one.

use super::align::{Chunk, Row};
use super::text::{leads, trails};

/// Most columns of signs on a page; more is no table.
const MAX_COLUMNS: usize = 64;

/// A column in which nothing stands but signs beside figures.
struct Column {
    /// Where the signs stand.
    signs: (f64, f64),
    /// Where the figures beside them stand.
    figures: (f64, f64),
    /// The signs stand before the figures.
    leading: bool,
    /// Nothing else stands there.
    alone: bool,
    /// A figure stands there without a sign.
    plain: bool,
}

fn over(chunk: &Chunk, span: (f64, f64)) -> bool {
    chunk.x0 < span.1 && chunk.x1 > span.0
}

fn lone(chunk: &Chunk, of: fn(char) -> bool) -> bool {
    !chunk.text.is_empty() && chunk.text.chars().all(of)
}

/// Whether the second of two chunks of a row belongs to the first, or the first to the second: `Some(true)` for a sign
/// before its figure, `Some(false)` for a bracket behind it.
fn pair(left: &Chunk, right: &Chunk) -> Option<bool> {
    if lone(left, leads) && right.text.starts_with(|c: char| c.is_ascii_digit()) && digits(&right.text) {
        return Some(true);
    }
    (digits(&left.text) && lone(right, trails)).then_some(false)
}

fn digits(text: &str) -> bool {
    let body = text.trim_start_matches(leads).trim_end_matches(trails);
    body.starts_with(|c: char| c.is_ascii_digit()) && body.chars().all(|c| c.is_ascii_digit() || ".,，．".contains(c))
}

/// The rows with signs joined to their digits. A column of dashes alone stays: its dashes are blanks; and so does one that
/// has a heading of its own.
pub fn joined(rows: &[&Row]) -> Vec<Row> {
    let mut columns = columns(rows);
    for row in rows {
        for (index, chunk) in row.chunks.iter().enumerate() {
            for column in &mut columns {
                if over(chunk, column.signs) && !over(chunk, column.figures) {
                    let beside = if column.leading {
                        row.chunks.get(index + 1).and_then(|next| pair(chunk, next))
                    } else {
                        index.checked_sub(1).and_then(|i| pair(&row.chunks[i], chunk))
                    };
                    column.alone &= beside == Some(column.leading);
                }
            }
        }
        for column in &mut columns {
            let signed = row.chunks.iter().any(|chunk| over(chunk, column.signs));
            column.plain |= !signed && row.chunks.iter().any(|c| over(c, column.figures) && c.figure());
        }
    }
    columns.retain(|column| column.alone && column.plain);
    rows.iter().map(|row| join_row(row, &columns)).collect()
}

/// The columns of signs, merged where they overlap.
fn columns(rows: &[&Row]) -> Vec<Column> {
    let mut found: Vec<Column> = Vec::new();
    for row in rows {
        for pair_of in row.chunks.windows(2) {
            let Some(leading) = pair(&pair_of[0], &pair_of[1]) else {
                continue;
            };
            let (sign, figure) = if leading { (0, 1) } else { (1, 0) };
            let span = |c: &Chunk| (c.x0, c.x1);
            let (signs, figures) = (span(&pair_of[sign]), span(&pair_of[figure]));
            let wider = |a: (f64, f64), b: (f64, f64)| (a.0.min(b.0), a.1.max(b.1));
            let known = found
                .iter()
                .position(|c| c.leading == leading && over(&pair_of[sign], c.signs));
            match known {
                Some(known) => {
                    let column = &mut found[known];
                    column.signs = wider(column.signs, signs);
                    column.figures = wider(column.figures, figures);
                }
                None if found.len() < MAX_COLUMNS => found.push(Column {
                    signs,
                    figures,
                    leading,
                    alone: true,
                    plain: false,
                }),
                None => {}
            }
        }
    }
    found
}

fn join_row(row: &Row, columns: &[Column]) -> Row {
    let mut joined = row.clone();
    joined.chunks.clear();
    for (index, chunk) in row.chunks.iter().enumerate() {
        let joins = index > 0 && {
            let leading = pair(&row.chunks[index - 1], chunk);
            leading.is_some_and(|leading| {
                let sign = if leading { &row.chunks[index - 1] } else { chunk };
                columns.iter().any(|c| c.leading == leading && over(sign, c.signs))
            })
        };
        match joined.chunks.last_mut().filter(|_| joins) {
            Some(last) => {
                last.x1 = last.x1.max(chunk.x1);
                last.text.push_str(&chunk.text);
            }
            None => joined.chunks.push(chunk.clone()),
        }
    }
    joined
}
