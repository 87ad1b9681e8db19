//! Puts the cells of rows between bars into the columns of a heading: cells that others cover are left out of the text.

use super::heading_tree::Below;
use super::place::{self, Part};
use crate::pattern::token::{self, Kind, Token};
use crate::pattern::wording::Words;

/// Another place of a cell must speak this much more against itself.
const MARGIN: u32 = 40;
/// A row that costs more stands nowhere.
const DEAREST: u32 = 500;
/// Not possible.
const NEVER: u32 = 100_000;

/// The headings that govern the rows below them.
pub(super) struct Grid {
    pub parts: Vec<Part>,
    /// What whole rows have in each column.
    pub below: Vec<Below>,
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

impl Grid {
    /// Whether a column holds figures.
    fn has_figures(&self, column: usize) -> bool {
        match self.parts[column] {
            part if part.is_value() => true,
            Part::Points | Part::Money | Part::Rate => true,
            Part::Other => self.below[column] == Below::Figures,
            _ => false,
        }
    }

    /// Whether a column holds names, groups or the words beside them: what the label of a total reaches over.
    fn is_worded(&self, column: usize) -> bool {
        match self.parts[column] {
            Part::Side | Part::Sequence | Part::Group(_) | Part::Name => true,
            Part::Other => self.below[column] == Below::Words,
            _ => false,
        }
    }

    /// Whether a figure has no place in a column: names, groups, words.
    pub fn holds_words(&self, column: usize) -> bool {
        let number = self.parts[column] == Part::Sequence;
        self.is_worded(column) && !number && self.below[column] == Below::Words
    }

    /// What speaks against leaving out a column, for the cell above covers it.
    fn skip(&self, column: usize) -> u32 {
        match self.parts[column] {
            Part::Side | Part::Group(_) | Part::Sequence => 5,
            Part::Other if self.below[column] == Below::Words => 180,
            Part::Other if self.below[column] == Below::Figures => 90,
            Part::Other => 30,
            Part::Name => 300,
            // Labels are merged downwards in every form, figures rarely.
            Part::Note => 80,
            _ => 90,
        }
    }

    /// What speaks against a cell in a column; `label` when it is that of a total.
    fn cost(&self, token: &Token, label: bool, column: usize) -> u32 {
        let part = self.parts[column];
        let code = token.kind == Kind::Number && token.text.bytes().all(|b| b.is_ascii_digit());
        match part {
            _ if label => u32::from(!self.is_worded(column)) * NEVER,
            Part::Name if token.text.is_empty() => 100,
            _ if token.text.is_empty() => 0,
            Part::Sequence if code => 0,
            Part::Other if self.below[column] == Below::Words && token.kind.is_value() => 60,
            Part::Other if self.below[column] == Below::Figures && token.kind == Kind::Text => 60,
            Part::Other => 0,
            _ => place::accept(token, part),
        }
    }
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

/// The columns of a row that numbers them, 栏次 ∣ 1 ∣ 2 ∣ 3: one for each column of figures.
fn numbers(tokens: &[Token], grid: &Grid) -> Option<Vec<usize>> {
    let labels = usize::from(tokens.first().is_some_and(|token| !token.kind.is_value()));
    let own = tokens[labels..].iter().enumerate();
    let counted = own.clone().all(|(at, token)| token.text.parse() == Ok(at + 1));
    let figures = (0..grid.parts.len()).filter(|column| grid.has_figures(*column));
    let columns: Vec<usize> = (0..labels).chain(figures).collect();
    (counted && own.len() > 1 && columns.len() == tokens.len() && columns.is_sorted_by(|a, b| a < b)).then_some(columns)
}

/// The columns of a row's cells, where one way to lay them is clearly the best.
pub(super) fn columns(tokens: &[Token], grid: &Grid, words: &Words<'_>) -> Option<Vec<usize>> {
    let (n, c) = (tokens.len(), grid.parts.len());
    if let Some(columns) = numbers(tokens, grid) {
        return Some(columns);
    }
    let covered = usize::from(grid.side && tokens[0].kind != Kind::Side);
    // Nothing but figures: their name is covered, too.
    let figures = |t: &Token| t.kind.is_value() || t.kind == Kind::Dash || t.text.is_empty();
    let unnamed = grid.name == 0 && n + 1 == c && tokens.iter().all(figures);
    if n + covered >= c || unnamed {
        return (n <= c).then(|| (c - n..c).collect());
    }
    // The points of levels are left out of a total's row, too: which ones it has is not told by their number.
    let of_levels = grid.parts[..grid.name].contains(&Part::Points) && words.is_total(&tokens[0].text);
    if let Some(columns) = below_covered(tokens, grid).filter(|_| !of_levels) {
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
    let labels: Vec<bool> = tokens.iter().map(|token| words.is_total(&token.text)).collect();
    let cost = |i: usize, j: usize| grid.cost(&tokens[i], labels[i], j);
    // What speaks against leaving out the columns before j, and those that no label reaches over.
    let (mut skipped, mut beside) = (vec![0u32; c + 1], vec![0u32; c + 1]);
    // Groups before j.
    let mut groups = vec![0usize; c + 1];
    for (j, part) in grid.parts.iter().enumerate() {
        skipped[j + 1] = skipped[j] + grid.skip(j);
        beside[j + 1] = beside[j] + u32::from(!grid.is_worded(j)) * grid.skip(j);
        groups[j + 1] = groups[j] + usize::from(part.is_group());
    }
    // What speaks against leaving out the columns between cell i in column k and the next one in column j.
    let between = |i: usize, k: usize, j: usize| match labels[i] {
        true => beside[j] - beside[k + 1],
        // Where a group begins, those inside it begin anew: the cell above covers none of them.
        false if grid.parts[k].is_group() && groups[j] > groups[k + 1] => skipped[j] - skipped[k + 1] + MARGIN,
        false => skipped[j] - skipped[k + 1],
    };
    // The cheapest way to cell i in column j, and on from it.
    let mut forward = vec![NEVER; n * c];
    let mut backward = vec![NEVER; n * c];
    for i in 0..n {
        for j in i..c {
            let before = match i {
                0 => skipped[j],
                _ => (0..j)
                    .map(|k| forward[(i - 1) * c + k] + between(i - 1, k, j))
                    .min()
                    .unwrap_or(NEVER),
            };
            forward[i * c + j] = (before + cost(i, j)).min(NEVER);
        }
    }
    for i in (0..n).rev() {
        for j in 0..c {
            let after = if i + 1 == n {
                between(i, j, c)
            } else {
                let next = |k: usize| between(i, j, k) + cost(i + 1, k) + backward[(i + 1) * c + k];
                (j + 1..c).map(next).min().unwrap_or(NEVER)
            };
            backward[i * c + j] = after.min(NEVER);
        }
    }
    let mut columns: Vec<usize> = Vec::with_capacity(n);
    for (i, token) in tokens.iter().enumerate() {
        let total = |j: usize| forward[i * c + j] + backward[i * c + j];
        let from = columns.last().map_or(0, |last| last + 1);
        let best = (from..c).min_by_key(|j| total(*j))?;
        // The label of a total reaches over all of them.
        let same = |j: usize| labels[i] && grid.is_worded(j);
        let rival = (0..c).filter(|j| *j != best && !same(*j)).map(total).min();
        let clear = says_nothing(token) || rival.is_none_or(|rival| rival >= total(best) + MARGIN);
        if total(best) > DEAREST || !clear {
            return None;
        }
        columns.push(best);
    }
    // A cell left out among others of its kind may have been any of them.
    let sure = |j: usize| {
        let part = grid.parts[j];
        let of_kind =
            |(k, token): (&usize, &Token)| grid.parts[*k] == part && grid.has_figures(*k) && !says_nothing(token);
        !grid.has_figures(j) || !columns.iter().zip(tokens).any(of_kind)
    };
    let mut left_out = (0..c).filter(|j| !columns.contains(j));
    let named = columns.contains(&grid.name) || labels.contains(&true);
    (left_out.all(sure) && named).then_some(columns)
}
