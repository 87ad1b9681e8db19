//! Tables without rulings between their columns, whose cells may wrap over lines, stand in the middle of their rows and
//! be merged: laid by what costs least.
//!
//! Columns are told by the gaps between words side by side (`columns`), rows by where the lines of cells stand in them
//! (`rows`), headings over others by the columns that they stand over (`heads`), labels of several rows by the middle of
//! what is beside them (`labels`). Where another reading of a row costs hardly more, the row is left out and said.

mod cells;
mod columns;
mod frags;
mod heads;
mod labels;
mod lay;
mod rows;
mod sections;
mod table;
mod words;

use super::align::{Row, regions};
use super::edges::Frame;
use super::flow::numbered;
use super::grid::Grid;
use super::ink::Glyph;
use super::signs;
use crate::pattern::label::Label;
use crate::pattern::wording::Words;
use crate::text::page::{is_caption, is_continued, is_title as says_title};
use words::{Word, words as split};

/// Lines of a table stand closer than this many font sizes, from bottom to bottom.
const PITCH: f64 = 3.2;
/// A line of text of its own that is as wide as the table has at least so many characters.
const PROSE: usize = 20;
/// Fewest figures of a table.
const FIGURES: usize = 2;
/// Longest heading over all others, in characters; a title is longer.
const HEADING: usize = 8;
/// Longest line that says that a table goes on, in characters.
const CONTINUED: usize = 8;
/// Most lines and words of a table on one page; more is a drawing.
const MOST_LINES: usize = 300;
const MOST_WORDS: usize = 1_200;

/// A part of a page that may be a table.
struct Part<'l> {
    /// Lines of it.
    pub lines: &'l [Vec<Word>],
    /// Heights of the rules over its whole width.
    pub rules: &'l [f64],
    /// What texts say of themselves.
    pub words: Option<&'l Words<'l>>,
}

/// What was made of a part of a page.
enum Reading {
    /// No table of this kind.
    None,
    /// A table, and the rows that were left out of it.
    Table(Grid),
    /// Cells of several lines that cannot be told apart.
    Refused,
}

/// Tables whose cells may wrap, and the lines that they take.
pub fn grids(
    lines: &[Vec<Glyph>],
    rows: &[Row],
    frames: &[Frame],
    struck: &[f64],
    words: Option<&Words<'_>>,
) -> (Vec<Grid>, Vec<bool>) {
    let lines: Vec<Vec<Word>> = lines.iter().map(|line| split(line, words)).collect();
    let lines = lines.as_slice();
    let mut taken = vec![false; rows.len()];
    let mut grids = Vec::new();
    let mut read = |from: usize, to: usize, rules: &[f64], taken: &mut [bool]| {
        // Signs that stand apart from their digits are joined where rows are lines.
        let own: Vec<&Row> = rows[from..to].iter().collect();
        let count = |rows: &mut dyn Iterator<Item = usize>| rows.sum::<usize>();
        if count(&mut signs::joined(&own).iter().map(|r| r.chunks.len()))
            < count(&mut own.iter().map(|r| r.chunks.len()))
        {
            return;
        }
        let part = Part {
            lines: &lines[from..to],
            rules,
            words,
        };
        match read_part(&part) {
            Reading::Table(grid) => {
                taken[from..to].fill(true);
                grids.push(grid);
            }
            Reading::Refused => taken[from..to].fill(true),
            Reading::None => {}
        }
    };
    for region in regions(frames) {
        let inside = |row: &Row| region.holds(row);
        let from = rows.iter().position(inside).unwrap_or(0);
        let to = rows.iter().rposition(inside).map_or(0, |last| last + 1);
        let own = (from..to).all(|i| !taken[i] && inside(&rows[i]));
        if from < to && own {
            for (from, to) in between_titles(lines, from, to, words) {
                read(from, to, &region.rules, &mut taken);
            }
        }
    }
    for (from, to) in stretches(lines, rows, &taken, struck, words) {
        read(from, to, &[], &mut taken);
    }
    (grids, taken)
}

/// Reads a part of a page.
fn read_part(part: &Part<'_>) -> Reading {
    let lines = part.lines;
    let count: usize = lines.iter().map(Vec::len).sum();
    let figures = lines
        .iter()
        .flat_map(|line| line.iter().skip(1))
        .filter(|w| w.figure)
        .count();
    if lines.len() > MOST_LINES || count > MOST_WORDS || figures < FIGURES && !headed(lines, part.words) {
        return Reading::None;
    }
    match lay::lay(lines, part.rules, part.words) {
        Some(grid) => Reading::Table(grid),
        // Rows of one line each may still be read as they stand.
        None if wraps(lines) => Reading::Refused,
        None => Reading::None,
    }
}

/// Whether cells go on over lines: lines that hold one word, or stand half beside each other.
fn wraps(lines: &[Vec<Word>]) -> bool {
    let half = |two: &[Vec<Word>]| match (two[0].first(), two[1].first()) {
        (Some(a), Some(b)) => (b.base - a.base) < 0.95 * a.size.min(b.size),
        _ => false,
    };
    let single = lines.iter().filter(|l| l.len() < 2).count();
    single * 10 > lines.len() || lines.windows(2).filter(|two| half(two)).count() * 10 > lines.len()
}

/// Stretches of lines that may be tables: from a line of several chunks on, as long as lines follow closely.
fn stretches(
    lines: &[Vec<Word>],
    rows: &[Row],
    taken: &[bool],
    struck: &[f64],
    words: Option<&Words<'_>>,
) -> Vec<(usize, usize)> {
    let mut stretches = Vec::new();
    let mut start = 0;
    let titles: Vec<bool> = (0..lines.len()).map(|i| is_title(lines, i, words)).collect();
    let several = |i: usize| !taken[i] && !titles[i] && (rows[i].chunks.len() >= 2 || is_headings(&lines[i], words));
    // A row that was struck out leaves its height between the others.
    let near = |above: &Row, below: &Row| {
        let first = struck.partition_point(|y| *y <= above.bottom);
        let between = |y: &&f64| **y < below.top;
        let gone = struck[first..].iter().take_while(between).take(8).count();
        below.bottom - above.bottom < PITCH * below.size.max(above.size) * (gone + 1) as f64
    };
    while start < lines.len() {
        if !several(start) {
            start += 1;
            continue;
        }
        let mut from = start;
        let (mut left, mut right) = rows[start].bounds();
        let mut end = start + 1;
        let mut last = end;
        while end < lines.len() && !taken[end] && !titles[end] && near(&rows[end - 1], &rows[end]) {
            let (x0, x1) = rows[end].bounds();
            let wide = x1 - x0 > 0.92 * (right - left) && x0 < left + rows[end].size;
            if rows[end].chunks.len() == 1 && wide && rows[end].chunks[0].text.chars().count() >= PROSE {
                break;
            }
            (left, right) = (left.min(x0), right.max(x1));
            end += 1;
            let figures = || lines[end - 1].iter().skip(1).any(|w| w.figure);
            if several(end - 1) || figures() {
                last = end;
            }
        }
        // The last lines of cells that wrap, and the first ones.
        let beside = |above: &Row, below: &Row| below.bottom - above.bottom < 1.9 * below.size;
        let mut lower = last;
        while lower < end && beside(&rows[lower - 1], &rows[lower]) && lower < last + 6 {
            lower += 1;
        }
        // Columns may stand closer than two words of a text.
        while from > 0
            && !taken[from - 1]
            && !titles[from - 1]
            && stretches.last().is_none_or(|(_, e)| *e < from)
            && near(&rows[from - 1], &rows[from])
            && rows[from - 1].chunks.iter().any(|c| !c.text.contains(['：', ':']))
            && (lines[from - 1].len() > 1
                || beside(&rows[from - 1], &rows[from])
                || rows[from - 1].chunks.iter().all(|c| c.text.chars().count() <= HEADING))
            && (rows[from - 1].bounds().1 - rows[from - 1].bounds().0 < 0.5 * (right - left)
                || is_headings(&lines[from - 1], words))
            && start - from < 4
        {
            from -= 1;
        }
        stretches.push((from, lower));
        start = lower;
    }
    stretches
}

/// How many headings a line holds that are known, where it is a line of headings: two at least, and most of its words.
fn headings(line: &[Word], words: Option<&Words<'_>>) -> Option<usize> {
    let known = |w: &&Word| words.is_some_and(|words| words.knows(&w.text));
    if line.len() < 2 || line.iter().any(|w| w.value) {
        return None;
    }
    let count = line.iter().filter(known).count();
    (count >= 2 && count * 3 >= line.len() * 2).then_some(count)
}

fn is_headings(line: &[Word], words: Option<&Words<'_>>) -> bool {
    headings(line, words).is_some()
}

/// Whether a line of headings stands above a value; above words where there are three of them.
fn headed(lines: &[Vec<Word>], words: Option<&Words<'_>>) -> bool {
    let first = lines
        .iter()
        .enumerate()
        .find_map(|(at, line)| Some((at, headings(line, words)?)));
    first.is_some_and(|(at, count)| {
        let below = &lines[at + 1..];
        below.iter().flat_map(|l| l.iter().skip(1)).any(|w| w.value) || count > 2 && below.iter().any(|l| l.len() > 2)
    })
}

/// Whether a line stands between tables and in none: 单位：万元, 续表, the title above a line of headings.
fn is_title(lines: &[Vec<Word>], at: usize, words: Option<&Words<'_>>) -> bool {
    let line = &lines[at];
    if line.is_empty() || line.len() > 2 {
        return false;
    }
    let text: String = line.iter().map(|w| w.text.as_str()).collect();
    if is_caption(&text) && line.len() == 1 || is_continued(&text) && text.chars().count() <= CONTINUED {
        return true;
    }
    let below = lines[at + 1..].iter().take(3).find(|below| {
        let text: String = below.iter().map(|w| w.text.as_str()).collect();
        !is_caption(&text)
    });
    // 项目名称 ∣ 校舍维修: the head of the next form.
    let head = |line: &[Word]| {
        let label = |w: &Word| words.is_some_and(|words| words.label(&w.text) == Some(Label::Head));
        (2..=4).contains(&line.len()) && line.first().is_some_and(label)
    };
    let first = |below: &Vec<Word>| {
        let numbered = numbered(&text).is_some() && is_headings(below, words);
        numbered || says_title(&text) && (is_headings(below, words) || head(below))
    };
    line.len() == 1 && below.is_some_and(first)
}

/// The parts of some lines between those that stand in no table.
fn between_titles(lines: &[Vec<Word>], from: usize, to: usize, words: Option<&Words<'_>>) -> Vec<(usize, usize)> {
    let mut parts = Vec::new();
    let mut start = from;
    for at in from..to {
        if is_title(lines, at, words) {
            parts.push((start, at));
            start = at + 1;
        }
    }
    parts.push((start, to));
    parts.retain(|(from, to)| from < to);
    parts
}
