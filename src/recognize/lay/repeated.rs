//! Tables that write the text of a merged cell in each of its places, brought back to merged cells.
//!
//! `项目名称 | 甲 | 甲 | 甲` above `三级指标 | 目标值 | 分值 | 分值`: two columns are one where their heading is the same and no
//! row below tells them apart. 健全 under 目标值 beside 健全 under 实际值 are two cells.

use crate::model::{Cell, Table};
use crate::pattern::wording::Words;
use crate::text::shape::is_figure;

/// The table with its merged cells; as it is where no cell is repeated.
pub(super) fn merged(table: Table, words: &Words<'_>) -> Table {
    let plain = table.cells().iter().all(|c| c.row_span == 1 && c.col_span == 1);
    if !plain || table.cols() < 3 || table.rows() < 2 || !(0..table.rows()).any(|row| repeats_words(&table, row)) {
        return table;
    }
    let repeats = repeats(&table, words);
    if repeats.iter().all(|repeats| !repeats) {
        return table;
    }
    let marked = table.marked_header_rows;
    let cut = table.cut.clone();
    let plain = table.clone();
    let (rows, cols, cells) = table.into_cells();
    let mut merged: Vec<Cell> = Vec::with_capacity(cells.len());
    for cell in cells {
        match merged.last_mut() {
            Some(before) if repeats[cell.row * cols + cell.col] => before.col_span += 1,
            _ => merged.push(cell),
        }
    }
    match Table::filled(rows, cols, merged) {
        Ok(mut table) => {
            table.marked_header_rows = marked;
            table.cut = cut;
            table
        }
        Err(_) => plain,
    }
}

/// Whether a row holds a text of more than digits twice side by side, as every row that tells merged cells does.
fn repeats_words(table: &Table, row: usize) -> bool {
    let texts = || table.row_cells(row).map(|cell| cell.text.as_str());
    let figure = |text: &str| {
        text.bytes()
            .all(|b| b.is_ascii_digit() || matches!(b, b'.' | b',' | b'%'))
    };
    texts()
        .zip(texts().skip(1))
        .any(|(left, right)| left == right && !figure(left))
}

/// For each square, whether it repeats the one left of it.
fn repeats(table: &Table, words: &Words<'_>) -> Vec<bool> {
    let (rows, cols) = (table.rows(), table.cols());
    let text = |row: usize, col: usize| table.at(row, col).map_or("", |cell| cell.text.as_str());
    let mut repeats = vec![false; rows * cols];
    let headings: Vec<usize> = (0..rows).filter(|row| is_heading(table, *row, words)).collect();
    // The head of a form stands above the headings of its parts.
    let head = headings.first().copied().unwrap_or(0);
    for row in 0..head {
        let same = |col: usize| !text(row, col).is_empty() && text(row, col) == text(row, col - 1);
        // A row that tells more than its label and one value twice: 项目名称 ∣ 甲 ∣ 甲 ∣ 甲.
        if (1..cols).all(|col| !same(col)) || (0..cols).any(|col| is_figure(text(row, col))) {
            continue;
        }
        for col in 1..cols {
            repeats[row * cols + col] = same(col);
        }
    }
    for (at, start) in headings.iter().enumerate() {
        let end = headings.get(at + 1).copied().unwrap_or(rows);
        for col in 1..cols {
            let same = |row: usize| text(row, col) == text(row, col - 1);
            if !text(*start, col).is_empty() && (*start..end).all(same) {
                for row in *start..end {
                    repeats[row * cols + col] = true;
                }
            }
        }
    }
    repeats
}

/// Whether a row is one of headings, each counted once.
fn is_heading(table: &Table, row: usize, words: &Words<'_>) -> bool {
    let mut texts: Vec<&str> = table.row_cells(row).map(|cell| cell.text.as_str()).collect();
    texts.dedup();
    words.header(texts.into_iter()).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pattern::Patterns;

    fn spans(rows: &[&str]) -> Vec<String> {
        let patterns = Patterns::builtin().unwrap();
        let rows: Vec<Vec<&str>> = rows.iter().map(|row| row.split('|').collect()).collect();
        let table = merged(Table::from_rows(&rows).unwrap(), &Words::new(&patterns));
        let row = |row: usize| {
            let own = table.row_cells(row).map(|c| format!("{}:{}", c.text, c.col_span));
            own.collect::<Vec<_>>().join("|")
        };
        (0..table.rows()).map(row).collect()
    }

    #[test]
    fn columns_are_one_where_no_row_tells_them_apart() {
        for (rows, expected) in [
            (
                &[
                    "项目名称|甲|甲|甲|甲",
                    "三级指标|目标值|完成值|分值|分值",
                    "有效性|健全|健全|9|9",
                ][..],
                &[
                    "项目名称:1|甲:4",
                    "三级指标:1|目标值:1|完成值:1|分值:2",
                    "有效性:1|健全:1|健全:1|9:2",
                ][..],
            ),
            (
                &["三级指标|目标值|得分|得分", "有效性|健全|9|9", "及时率|90%|8|7"],
                &[
                    "三级指标:1|目标值:1|得分:1|得分:1",
                    "有效性:1|健全:1|9:1|9:1",
                    "及时率:1|90%:1|8:1|7:1",
                ],
            ),
            (
                &["项目名称|预算数|执行数", "甲|10|10"],
                &["项目名称:1|预算数:1|执行数:1", "甲:1|10:1|10:1"],
            ),
            (&["甲|1|1", "乙|2|2"], &["甲:1|1:1|1:1", "乙:1|2:1|2:1"]),
        ] {
            assert_eq!(spans(rows), expected);
        }
    }
}
