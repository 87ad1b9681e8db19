//! The rows of a table whose cells bars end or part, as written: which lines one row takes, and what its bars mean.
//!
//! Programs that write out the tables of pages fill a row up with bars where it has fewer cells than the table columns,
//! `合计 | 100 | |||`: those say nothing of where the cells stand.

use super::pipes;
use super::short_heads::Row;
use crate::text::lines::Line;
use crate::text::lines::is_separator;
use std::borrow::Cow;

/// Lines that one row may run over.
const LONGEST_ROW: usize = 8;

/// The rows from a line on, and the first line that is none. Where a blank line follows the first row, one may follow each.
pub(super) fn rows(lines: &[Line<'_>], start: usize) -> Option<(Vec<Row>, usize)> {
    if !barred(&lines[start]) || lines[start].starts_cell() {
        return None;
    }
    if lines[start].trimmed().starts_with('|') {
        return outer_rows(lines, start);
    }
    let spaced = lines.get(start + 1).is_some_and(|line| line.blank);
    let mut stretch = vec![start];
    while let Some(next) = following(lines, stretch[stretch.len() - 1], spaced) {
        stretch.push(next);
    }
    let texts = || stretch.iter().map(|at| lines[*at].trimmed());
    if texts().any(is_separator) {
        return None;
    }
    let ended = stretch.iter().filter(|at| ends(&lines[**at])).count();
    if ended * 3 >= stretch.len() * 2 {
        let (rows, next) = ended_rows(lines, start, spaced);
        let rows = whole_rows(rows);
        return (!rows.is_empty()).then_some((rows, next));
    }
    // Bars only between cells: the same number on each of several lines.
    let rows: Vec<Row> = texts()
        .zip(&stretch)
        .map(|(text, line)| Row::new(pipes::between(text), *line, 0))
        .collect();
    let width = rows[0].cells.len();
    let regular = rows.len() >= 3 && width >= 3 && rows.iter().all(|row| row.cells.len() == width);
    regular.then_some((rows, stretch[stretch.len() - 1] + 1))
}

fn barred(line: &Line<'_>) -> bool {
    line.text.contains('|')
}

/// The line with bars that follows a row's last line.
fn following(lines: &[Line<'_>], last: usize, spaced: bool) -> Option<usize> {
    let blank = spaced && lines.get(last + 1).is_some_and(|line| line.blank);
    let next = last + 1 + usize::from(blank);
    lines.get(next).is_some_and(barred).then_some(next)
}

fn ends(line: &Line<'_>) -> bool {
    line.trimmed().ends_with('|')
}

/// A row's text without the bars that fill it up, and how many those are.
///
/// They stand behind the row's own last bar with no blank among them: `| 10 | |||`. In `|10||` the cell is empty.
fn without_pads(text: &str) -> (&str, usize) {
    if text.len() > 1 && text.bytes().all(|b| b == b'|') {
        return ("", text.len());
    }
    let inner = text.trim_end_matches('|');
    let own = inner.trim_end();
    // Two blanks are an empty cell's.
    if own.ends_with('|') && inner.len() == own.len() + 1 {
        return (own, text.len() - inner.len());
    }
    (text, 0)
}

/// A row from its text: bars at its ends belong to no cell.
fn ended_row(text: &str, line: usize) -> Row {
    let (text, pads) = without_pads(text);
    let cells = match (text, pads) {
        ("", 1..) => Vec::new(),
        _ => pipes::between(text.strip_suffix('|').unwrap_or(text)),
    };
    Row::new(cells, line, pads)
}

/// Rows that end with a bar; one that does not goes on below.
fn ended_rows(lines: &[Line<'_>], start: usize, spaced: bool) -> (Vec<Row>, usize) {
    let mut rows = Vec::new();
    let mut next = start;
    let mut at = Some(start);
    while let Some(first) = at {
        let mut further = lines[first..].iter().take(LONGEST_ROW).take_while(|l| !l.blank);
        let Some(more) = further.position(ends) else { break };
        rows.push(ended_row(&joined(lines, first, first + more + 1), first));
        next = first + more + 1;
        at = following(lines, first + more, spaced);
    }
    (rows, next)
}

/// Rows that line breaks in their cells part, put together: where bars fill rows up, each has as many cells and bars.
fn whole_rows(rows: Vec<Row>) -> Vec<Row> {
    let full = |row: &Row| row.cells.len() + row.pads;
    let Some(width) = rows.iter().filter(|row| row.pads > 1).map(full).max() else {
        return rows.into_iter().filter(|row| !row.cells.is_empty()).collect();
    };
    let mut out: Vec<Row> = Vec::with_capacity(rows.len());
    for row in rows {
        match out.last_mut() {
            Some(open) if open.pads == 0 && full(open) + full(&row) <= width => {
                open.cells.extend(row.cells);
                open.pads = row.pads;
            }
            _ => out.push(row),
        }
    }
    out.retain(|row| !row.cells.is_empty());
    out
}

fn joined(lines: &[Line<'_>], start: usize, end: usize) -> String {
    let texts: Vec<&str> = lines[start..end].iter().map(Line::trimmed).collect();
    texts.join("\n")
}

/// Rows that begin and end with a bar, where some are filled up or run over lines; others are Markdown's.
fn outer_rows(lines: &[Line<'_>], start: usize) -> Option<(Vec<Row>, usize)> {
    let mut ranges = Vec::new();
    let mut at = start;
    while at < lines.len() && !(at > start && lines[at].page_top) && lines[at].trimmed().starts_with('|') {
        if is_separator(lines[at].trimmed()) {
            return None;
        }
        let mut end = at + 1;
        while end < lines.len() && end - at < LONGEST_ROW && goes_on(lines, at, end) {
            end += 1;
        }
        ranges.push((at, end));
        at = end;
    }
    let text = |start: usize, end: usize| match end - start {
        1 => Cow::Borrowed(lines[start].trimmed()),
        _ => Cow::Owned(joined(lines, start, end)),
    };
    // Most tables of this shape are Markdown's: that is found out before any row is taken apart.
    let filled = |(start, end): &(usize, usize)| {
        lines[*start..end - 1].iter().any(ends) || without_pads(inside(&text(*start, *end))).1 > 1
    };
    // Markdown has a separator below its headings; without one, a row that is shorter lacks what other cells cover.
    let bars = |(start, end): &(usize, usize)| {
        lines[*start..*end]
            .iter()
            .map(|line| bars_in(&line.text))
            .sum::<usize>()
    };
    let ragged = || ranges.windows(2).any(|pair| bars(&pair[0]) != bars(&pair[1]));
    if !ranges.iter().any(filled) && !ragged() {
        return None;
    }
    let rows = ranges
        .into_iter()
        .map(|(start, end)| ended_row(inside(&text(start, end)), start));
    Some((rows.collect(), at))
}

fn bars_in(text: &str) -> usize {
    text.bytes().filter(|b| *b == b'|').count()
}

fn inside(text: &str) -> &str {
    text.strip_prefix('|').unwrap_or(text)
}

/// Whether the row that starts at a line goes on with the line `next`.
fn goes_on(lines: &[Line<'_>], start: usize, next: usize) -> bool {
    let (before, line) = (lines[next - 1].trimmed(), lines[next].trimmed());
    if lines[next].blank || lines[next].page_top {
        return false;
    }
    if line.starts_with('|') {
        // Nothing but the bars that fill it up.
        return line.len() > 1 && line.bytes().all(|b| b == b'|') && !before.ends_with("||");
    }
    let opened = next == start + 1 && before == "|";
    opened || !before.ends_with('|') || line.ends_with('|')
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::lines;

    fn read(text: &str) -> Vec<(String, usize)> {
        let lines = lines::split(text);
        let (rows, _) = rows(&lines, 0).unwrap_or_default();
        rows.iter().map(|row| (row.cells.join("·"), row.pads)).collect()
    }

    fn expected(rows: &[(&str, usize)]) -> Vec<(String, usize)> {
        rows.iter().map(|(cells, pads)| (cells.to_string(), *pads)).collect()
    }

    #[test]
    fn bars_that_fill_a_row_up_are_no_cells() {
        assert_eq!(
            read("项目 | 预算 | 执行 |\n合计 | 100 | ||\n甲 | 1 |  |\n乙|1||\n"),
            expected(&[("项目·预算·执行", 0), ("合计·100", 2), ("甲·1·", 0), ("乙·1·", 0)])
        );
        assert_eq!(
            read(
                "| 项目名称 |\n某某项目 |\n||||\n|\n项目资金\n（万元） |\n预算数 | 得分 | ||\n| 总额 | 7.29 | 10 | |\n"
            ),
            expected(&[
                ("项目名称·某某项目", 4),
                ("项目资金\n（万元）·预算数·得分", 2),
                ("总额·7.29·10", 1)
            ])
        );
    }

    #[test]
    fn line_breaks_in_cells_part_no_row_that_bars_fill_up() {
        assert_eq!(
            read(
                "名称 | 甲 | |||\n资金 (万元) |\n预算数 | 执行数 | 得分 | |\n总额 | 9.48 | 9.4 | 10 | |\n指标 | 一级 |\n二级 | 值 | 分 |\n"
            ),
            expected(&[
                ("名称·甲", 3),
                ("资金 (万元)·预算数·执行数·得分", 1),
                ("总额·9.48·9.4·10", 1),
                ("指标·一级·二级·值·分", 0)
            ])
        );
    }

    #[test]
    fn markdown_is_left_to_its_reader() {
        assert!(read("| 甲 | 乙 |\n|---|---|\n| 1 | 2 |\n").is_empty());
        assert!(read("| 甲 | 乙 |\n| 1 | 2 |\n").is_empty());
    }
}
