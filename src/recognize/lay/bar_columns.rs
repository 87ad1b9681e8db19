//! Puts the cells of rows between bars into the columns of a heading: cells that others cover are left out of the text.

use super::place::{self, Part};
use crate::pattern::token::{self, Kind, Token};
use crate::pattern::words::Words;

/// Another place of a cell must speak this much more against itself.
const MARGIN: u32 = 40;
/// A row that costs more stands nowhere.
const DEAREST: u32 = 500;
/// Not possible.
const NEVER: u32 = 100_000;

/// The headings that govern the rows below them.
pub(super) struct Grid {
    pub parts: Vec<Part>,
    /// Column of names.
    pub name: usize,
    /// The first heading is the label of the whole part: it covers the first column of every row below it.
    pub side: bool,
    /// Columns of 分值 or 得分.
    pub points: bool,
    /// The row of points has come: labels and their values may follow.
    pub closed: bool,
    /// A row could not be placed: the groups that rows below it go on with are not known, until one names them.
    pub lost: bool,
}

/// Tokens of a row's cells.
pub(super) fn tokens(cells: &[String], words: &Words<'_>) -> Vec<Token> {
    let texts: Vec<&str> = cells.iter().map(String::as_str).collect();
    let mut tokens = token::cells(&texts, false, words);
    // A number and its unit in one cell: 200 家.
    for token in tokens.iter_mut().filter(|t| t.kind == Kind::Text) {
        token.kind = token::kind_of_parts(token.text.split_whitespace(), words).unwrap_or(token.kind);
    }
    tokens
}

/// The last columns, where cells above cover the groups before them and the points of these: 二级指标 | 分值 | 三级指标 | 分值 | 得分.
fn below_covered(tokens: &[Token], grid: &Grid) -> Option<Vec<usize>> {
    let first = grid.parts.len().checked_sub(tokens.len())?;
    let group = |part: &Part| part.is_group() || *part == Part::Sequence;
    let opens = |column: usize| group(&grid.parts[column]) || column == grid.name;
    let covered = (0..first).all(|column| {
        let of_group = column > 0 && grid.parts[column] == Part::Points && group(&grid.parts[column - 1]);
        group(&grid.parts[column]) || of_group
    });
    let all_fit = tokens.iter().zip(&grid.parts[first..]).all(fits);
    (first > 0 && first <= grid.name && opens(first) && covered && all_fit).then(|| (first..grid.parts.len()).collect())
}

/// Whether it does not matter which of two columns a cell stands in.
fn says_nothing(token: &Token) -> bool {
    token.text.is_empty() || token.kind == Kind::Dash
}

/// Whether little speaks against a cell in a column.
fn fits((token, part): (&Token, &Part)) -> bool {
    token.text.is_empty() || place::accept(token, *part) < MARGIN * 2
}

/// Whether cells stand in the columns from the first on, and the last one is empty.
pub(super) fn whole(tokens: &[Token], grid: &Grid) -> bool {
    tokens.len() + 1 == grid.parts.len() && tokens.iter().zip(&grid.parts).all(fits)
}

/// The columns of a row's cells, where one way to lay them is clearly the best.
pub(super) fn columns(tokens: &[Token], grid: &Grid) -> Option<Vec<usize>> {
    let (n, c) = (tokens.len(), grid.parts.len());
    let covered = usize::from(grid.side && tokens[0].kind != Kind::Side);
    // Nothing but figures: their name is covered, too.
    let figures = |t: &Token| t.kind.is_value() || t.kind == Kind::Dash || t.text.is_empty();
    let unnamed = grid.name == 0 && n + 1 == c && tokens.iter().all(figures);
    if n + covered >= c || unnamed {
        return (n <= c).then(|| (c - n..c).collect());
    }
    if let Some(columns) = below_covered(tokens, grid) {
        return Some(columns);
    }
    // 效益指标 | 经济效益指标: labels of groups that have no indicator.
    if tokens.iter().all(|t| t.kind.is_label()) && grid.parts[grid.name] == Part::Name {
        let mut from = 0;
        let placed = tokens.iter().map(|token| {
            let groups = (from..grid.name).filter(|j| matches!(grid.parts[*j], Part::Group(_)));
            let column = groups.min_by_key(|j| place::accept(token, grid.parts[*j]))?;
            from = column + 1;
            (place::accept(token, grid.parts[column]) == 0).then_some(column)
        });
        if let Some(columns) = placed.collect() {
            return Some(columns);
        }
    }
    if let ([name], true) = (tokens, grid.parts[grid.name] == Part::Name) {
        // Its values are merged with those above.
        return (!name.kind.is_value()).then(|| vec![grid.name]);
    }
    let cost = |i: usize, j: usize| match (tokens[i].text.is_empty(), grid.parts[j]) {
        (true, Part::Name) => 100,
        (true, _) | (false, Part::Other) => 0,
        (false, part) => place::accept(&tokens[i], part),
    };
    // What speaks against leaving out the columns before j.
    let mut skipped = vec![0u32; c + 1];
    for (j, part) in grid.parts.iter().enumerate() {
        skipped[j + 1] = skipped[j] + skip(*part);
    }
    let between = |from: usize, to: usize| skipped[to] - skipped[from];
    // The cheapest way to cell i in column j, and on from it.
    let mut forward = vec![NEVER; n * c];
    let mut backward = vec![NEVER; n * c];
    for i in 0..n {
        for j in i..c {
            let before = match i {
                0 => between(0, j),
                _ => (0..j)
                    .map(|k| forward[(i - 1) * c + k] + between(k + 1, j))
                    .min()
                    .unwrap_or(NEVER),
            };
            forward[i * c + j] = (before + cost(i, j)).min(NEVER);
        }
    }
    for i in (0..n).rev() {
        for j in 0..c {
            let after = if i + 1 == n {
                between(j + 1, c)
            } else {
                let next = |k: usize| between(j + 1, k) + cost(i + 1, k) + backward[(i + 1) * c + k];
                (j + 1..c).map(next).min().unwrap_or(NEVER)
            };
            backward[i * c + j] = after.min(NEVER);
        }
    }
    let group = |j: usize| grid.parts[j].is_group();
    let mut columns: Vec<usize> = Vec::with_capacity(n);
    for (i, token) in tokens.iter().enumerate() {
        let total = |j: usize| forward[i * c + j] + backward[i * c + j];
        let from = columns.last().map_or(0, |last| last + 1);
        let best = (from..c).min_by_key(|j| total(*j))?;
        let rival = (0..c)
            .filter(|j| *j != best && !(group(*j) && group(best)))
            .map(total)
            .min();
        let clear = says_nothing(token) || rival.is_none_or(|rival| rival >= total(best) + MARGIN);
        if total(best) > DEAREST || !clear {
            return None;
        }
        columns.push(best);
    }
    // A cell left out among others of its kind may have been any of them.
    let sure = |j: usize| {
        let part = grid.parts[j];
        let of_kind = |(k, token): (&usize, &Token)| grid.parts[*k] == part && !says_nothing(token);
        let figures = part.is_value() || matches!(part, Part::Points | Part::Money);
        !figures || !columns.iter().zip(tokens).any(of_kind)
    };
    let left_out = (0..c).filter(|j| !columns.contains(j));
    (left_out.into_iter().all(sure) && columns.contains(&grid.name)).then_some(columns)
}

/// What speaks against leaving out a column, for the cell above covers it.
fn skip(part: Part) -> u32 {
    match part {
        Part::Side | Part::Group(_) | Part::Sequence => 5,
        Part::Other => 30,
        Part::Name => 300,
        // Labels are merged downwards in every form, figures rarely.
        Part::Note => 80,
        _ => 90,
    }
}
