//! Tables with one cell a line and no tabs: as copied from a page, empty cells often left out.
//!
//! Headings in sequence decide the columns. Where groups of lines between blank lines are rows, each is placed by
//! itself; otherwise the lines are one stream, and rows begin where the words say so (`place::stream`).

use super::flat::{Flat, Grid, solid, void, worded};
use super::place::{self, Part, Placed};
use super::solve::Reading;
use super::solve::section;
use crate::model::Orphan;
use crate::model::RawRow;
use crate::pattern::label::Label;
use crate::pattern::token::{self, Kind, Token};
use crate::pattern::wording::Words;
use crate::text::lines::{Line, is_heading, is_space};

/// Longest heading or label of a cell, in bytes.
pub(super) const LONGEST_LABEL: usize = 90;
/// Longest cell, in characters.
const LONGEST_CELL: usize = 200;
/// So many blank lines part two sections, fewer may be empty cells.
const WIDEST_GAP: usize = 24;
/// Most rows before the first grid.
const LONGEST_HEAD: usize = 16;

/// Reads the table that starts at a line, or `None` when the line starts none.
pub(super) fn read(lines: &[Line<'_>], start: usize, words: &Words<'_>) -> Option<Flat> {
    let first = text(&lines[start]);
    if first.len() > LONGEST_LABEL
        || words.role(first).is_none() && words.label(label_part(first)).is_none() && first.chars().count() > 4
    {
        return None;
    }
    // The headings from here on were part of a heading that did not hold.
    let before = start.checked_sub(1).map(|at| text(&lines[at]));
    if before.is_some_and(|before| before.len() <= LONGEST_LABEL && words.role(before).is_some()) {
        return None;
    }
    let mut cells = Cells {
        lines,
        words,
        rows: Vec::new(),
        orphans: Vec::new(),
        placed: 0,
        indicators: false,
        points: false,
        next: start,
    };
    while cells.part() {}
    let next = cells.next;
    cells.orphans.retain(|orphan| orphan.line < next);
    (cells.placed > 0).then_some(Flat {
        rows: cells.rows,
        orphans: cells.orphans,
        next,
    })
}

pub(super) struct Cells<'a> {
    pub lines: &'a [Line<'a>],
    pub words: &'a Words<'a>,
    pub rows: Vec<RawRow>,
    orphans: Vec<Orphan>,
    placed: usize,
    indicators: bool,
    points: bool,
    next: usize,
}

pub(super) fn text<'l>(line: &'l Line<'_>) -> &'l str {
    line.text.trim_matches(is_space)
}

fn label_part(text: &str) -> &str {
    text.split_once(['：', ':']).map_or(text, |(label, _)| label)
}

impl Cells<'_> {
    /// The next line that is not blank, over a small gap.
    pub(super) fn after(&self, at: usize) -> Option<usize> {
        self.within(at, 3)
    }

    /// The next line that is not blank, over fewer blank lines than these.
    fn within(&self, at: usize, most: usize) -> Option<usize> {
        let gap = self.lines[at.min(self.lines.len())..]
            .iter()
            .take(most + 1)
            .take_while(|l| l.blank)
            .count();
        let next = at + gap;
        let line = self.lines.get(next).filter(|line| gap < most && !line.starts_cell())?;
        (!line.blank).then_some(next)
    }

    /// Reads one part of the form; false when there is none.
    fn part(&mut self) -> bool {
        let Some(at) = self.after(self.next) else { return false };
        if self.placed == 0 && self.rows.len() > LONGEST_HEAD {
            return false;
        }
        if let Some((grid, end)) = self.headings(at) {
            let grid = grid.beside(&mut self.rows, self.words);
            return self.grid(&grid, end);
        }
        let line = text(&self.lines[at]);
        match self.words.label(label_part(line)) {
            Some(Label::Head) if !self.indicators => self.head(at),
            Some(Label::Goal | Label::GoalColumn) if !self.indicators => self.goals(at),
            Some(Label::Side | Label::FundingHead) => {
                self.rows.push(vec![solid(line)]);
                self.next = at + 1;
                true
            }
            Some(Label::Total) if self.points => self.total(at),
            Some(Label::Closing) if self.indicators && line.len() == label_part(line).len() => {
                let Some(value) = self.after(at + 1) else { return false };
                self.rows.push(vec![solid(line), solid(text(&self.lines[value]))]);
                self.next = value + 1;
                true
            }
            _ => false,
        }
    }

    /// 项目名称, and its value on the next line or behind a colon.
    fn head(&mut self, at: usize) -> bool {
        let line = text(&self.lines[at]);
        let label = label_part(line);
        let rest = line[label.len()..].trim_start_matches(['：', ':']);
        if !rest.is_empty() {
            let colon = &line[..line.len() - rest.len()];
            self.rows.push(vec![solid(colon), solid(rest.trim_matches(is_space))]);
            self.next = at + 1;
            return true;
        }
        let value = self.after(at + 1).filter(|next| {
            let value = text(&self.lines[*next]);
            self.words.label(value).is_none() && !is_heading(value) && self.headings(*next).is_none()
        });
        let value_text = value.map_or("", |next| text(&self.lines[next]));
        self.rows.push(vec![solid(line), solid(value_text)]);
        self.next = value.unwrap_or(at) + 1;
        true
    }

    /// 年度总体目标, 预期目标, 实际完成情况, then the two texts; more lines than two have no certain border.
    fn goals(&mut self, at: usize) -> bool {
        let mut headings: RawRow = Vec::new();
        let mut index = Some(at);
        while let Some(i) = index {
            let line = text(&self.lines[i]);
            let known = self.words.label(line).is_some() || self.words.role(line).is_some();
            if !known || headings.len() == 3 || self.headings(i).is_some() {
                break;
            }
            headings.push(solid(line));
            self.next = i + 1;
            index = self.after(i + 1);
        }
        if headings.is_empty() {
            return false;
        }
        let mut goals: Vec<usize> = Vec::new();
        while let Some(i) = index {
            let line = text(&self.lines[i]);
            let ends = is_heading(line) || self.words.label(line).is_some() || goals.len() > 12;
            if ends || self.headings(i).is_some() {
                break;
            }
            goals.push(i);
            index = self.after(i + 1);
        }
        self.rows.push(headings);
        if let [a, b] = goals[..] {
            self.rows
                .push(vec![void(), solid(text(&self.lines[a])), solid(text(&self.lines[b]))]);
        } else {
            for i in &goals {
                self.orphan(text(&self.lines[*i]).to_owned(), *i, false);
            }
        }
        self.next = goals.last().map_or(self.next, |last| last + 1);
        true
    }

    fn total(&mut self, at: usize) -> bool {
        let mut row = vec![solid(text(&self.lines[at]))];
        let (mut end, mut numbers) = (at + 1, 0usize);
        // A dash keeps its column, before the points or behind them; the row is no wider than those above.
        let width = self.rows.iter().map(Vec::len).max().unwrap_or(0).max(3);
        while let Some(i) = self.after(end) {
            let figure = token::kind(text(&self.lines[i]), self.words);
            let dash = matches!(figure, Kind::Dash);
            let empty = text(&self.lines[i]).is_empty();
            let fits = row.len() < width && (dash || matches!(figure, Kind::Number) && numbers < 2);
            if !(empty || fits) {
                break;
            }
            end = i + 1;
            // Where a cell is known to be empty, it is one of the columns before the points or behind them.
            if empty {
                continue;
            }
            numbers += usize::from(!dash);
            row.push(solid(text(&self.lines[i])));
        }
        self.rows.push(row);
        self.next = end;
        true
    }

    /// The rows below a heading.
    fn grid(&mut self, grid: &Grid, start: usize) -> bool {
        let region = self.region(grid, start, 3);
        self.rows.extend(grid.heading_rows());
        self.indicators |= grid.indicators;
        self.points |= grid.points;
        self.next = start;
        if region.is_empty() || self.section(grid, start) || self.with_empty_lines(grid, start) {
            return true;
        }
        let blank_before = |i: &usize| *i > start && self.lines[i - 1].blank;
        let breaks = region.iter().skip(1).filter(|i| blank_before(i)).count();
        // Blank lines between some cells part rows; between all or none they say nothing.
        if breaks > 0 && breaks < region.len() - 1 {
            self.grouped(grid, &region);
        } else {
            self.streamed(grid, &region);
        }
        true
    }

    /// Whether a label of the head is the name of an indicator, its target and actual behind it: 项目完成时间.
    fn figures_follow(&self, at: usize) -> bool {
        let second = self.after(at + 1);
        let third = second.and_then(|second| self.after(second + 1));
        let texts: Vec<&str> = [Some(at), second, third]
            .into_iter()
            .flatten()
            .map(|i| text(&self.lines[i]))
            .collect();
        self.words.is_row_of_figures(&texts, 2)
    }

    /// Lines that can be cells of the grid.
    fn region(&self, grid: &Grid, start: usize, gap: usize) -> Vec<usize> {
        let mut region = Vec::new();
        let mut index = self.within(start, gap);
        while let Some(i) = index {
            let line = text(&self.lines[i]);
            let label = self.words.label(line);
            let closing = grid.points && matches!(label, Some(Label::Total | Label::Closing));
            let head = label == Some(Label::Head) && !self.figures_follow(i);
            let next_part = head || label == Some(Label::Goal) || self.lines[i].has_outer_bar();
            if closing || next_part || is_heading(line) || line.len() > LONGEST_CELL * 3 || self.headings(i).is_some() {
                break;
            }
            region.push(i);
            index = self.within(i + 1, gap);
        }
        region
    }

    /// The rows below a heading where each of their figures has one place only.
    fn section(&mut self, grid: &Grid, start: usize) -> bool {
        let region = self.region(grid, start, WIDEST_GAP);
        let reading = Reading::told(grid.headings.clone(), &grid.parts, grid.heading_rows(), self.words);
        let Some(section) = section::read(self.lines, start, &region, &reading, self.words) else {
            return false;
        };
        if !section.orphans.is_empty() || section.rows.is_empty() {
            return false;
        }
        self.placed += section.rows.len();
        self.rows.extend(section.rows);
        self.next = section.next;
        true
    }

    fn tokens(&self, grid: &Grid, region: &[usize]) -> Vec<Token> {
        let texts: Vec<&str> = region.iter().map(|i| text(&self.lines[*i])).collect();
        let mut tokens = token::cells(&texts, false, self.words);
        for (token, i) in tokens.iter_mut().zip(region) {
            token.whole = self.lines[*i].cell;
        }
        if !grid.joins {
            return tokens;
        }
        // "200 家" in one cell.
        for token in tokens.iter_mut().filter(|t| t.kind == Kind::Text) {
            token.kind = token::kind_of_parts(token.text.split(' '), self.words).unwrap_or(token.kind);
        }
        tokens
    }

    /// Every cell has its line, the empty ones a blank line; between rows stands nothing or one blank line more.
    fn with_empty_lines(&mut self, grid: &Grid, start: usize) -> bool {
        (0..2).any(|between| self.exact_rows(grid, start, between))
    }

    fn exact_rows(&mut self, grid: &Grid, start: usize, between: usize) -> bool {
        let width = grid.parts.len();
        let mut at = start + between;
        let (mut rows, mut empty) = (Vec::new(), false);
        let parted = |at: usize| between == 0 || self.lines.get(at - 1).is_none_or(|l| l.blank);
        while at < self.lines.len() && parted(at) {
            let end = (at + width).min(self.lines.len());
            let cells: Vec<usize> = (at..end).filter(|i| !self.lines[*i].blank).collect();
            let short = |i: &usize| self.lines[*i].text.len() <= LONGEST_CELL * 3 && !self.lines[*i].starts_cell();
            let total = cells
                .first()
                .is_some_and(|i| self.words.label(text(&self.lines[*i])) == Some(Label::Total));
            if !cells.iter().all(short) || total && grid.points {
                break;
            }
            let tokens = self.tokens(grid, &cells);
            let columns: Vec<usize> = cells.iter().map(|i| i - at).collect();
            let named = columns.contains(&grid.name());
            if !named || place::row_cost(&tokens, &columns, &grid.parts) > 200 {
                break;
            }
            empty |= cells.last().is_some_and(|last| last - at + 1 > cells.len());
            rows.push(grid.row(&tokens, &columns));
            at = end + between;
        }
        if !parted(at) {
            at -= between;
        }
        // What follows must not look like more rows: then the lines only happened to fit.
        let following = self.lines[at.min(self.lines.len())..]
            .iter()
            .filter(|l| !l.blank)
            .take(3);
        let texts: Vec<&str> = following.map(text).collect();
        let total = texts.first().is_some_and(|t| self.words.label(t) == Some(Label::Total));
        let goes_on = !total && texts.iter().any(|t| token::kind(t, self.words).is_value());
        if rows.len() < 2 || !empty || goes_on {
            return false;
        }
        self.placed += rows.len();
        self.rows.extend(rows);
        self.next = at.min(self.lines.len());
        true
    }

    /// Each group of lines is a row, labels on their own belong to the group below.
    fn grouped(&mut self, grid: &Grid, region: &[usize]) {
        let mut groups: Vec<Vec<usize>> = Vec::new();
        for i in region {
            match groups.last_mut() {
                Some(group) if !self.lines[i - 1].blank => group.push(*i),
                _ => groups.push(vec![*i]),
            }
        }
        let mut pending: Vec<usize> = Vec::new();
        for group in groups {
            let all: Vec<usize> = pending.iter().chain(&group).copied().collect();
            let tokens = self.tokens(grid, &all);
            if tokens
                .iter()
                .all(|t| t.kind.is_label() || t.text.starts_with(['（', '(']))
            {
                pending = all;
                continue;
            }
            if let Some(columns) = self.bare_name(grid, &tokens) {
                self.rows.push(grid.row(&tokens, &columns));
                self.next = all.last().map_or(self.next, |last| last + 1);
                pending.clear();
                continue;
            }
            match place::row(&tokens, &grid.parts, true) {
                Placed::Columns(columns) => {
                    if !self.accept(grid, &tokens, &columns, &all) {
                        return;
                    }
                }
                Placed::Ambiguous => self.reject(grid, &tokens, &all),
                Placed::NoRow => {
                    if !tokens.iter().any(|t| t.kind.is_value()) {
                        return;
                    }
                    self.reject(grid, &tokens, &all);
                }
            }
            pending.clear();
        }
    }

    /// A row of a name alone: a filler, or a fund that has no figures.
    fn bare_name(&self, grid: &Grid, tokens: &[Token]) -> Option<Vec<usize>> {
        let fund = tokens
            .last()
            .is_some_and(|t| self.words.label(&t.text) == Some(Label::FundingRow));
        place::bare_name(tokens, &grid.parts, fund)
    }

    /// Lines as one stream; fillers and funds without figures end a row for certain and part it into pieces.
    fn streamed(&mut self, grid: &Grid, region: &[usize]) {
        let tokens = self.tokens(grid, region);
        let figure = |t: &Token| t.kind.is_value() || t.kind == Kind::Dash;
        let mut from = 0;
        for (i, token) in tokens.iter().enumerate() {
            let fund = self.words.label(&token.text) == Some(Label::FundingRow);
            let bare = token.kind == Kind::Filler || fund && !tokens.get(i + 1).is_some_and(figure);
            // A second level before a first level has no indicators of its own.
            let empty = token.kind == Kind::Level2 && tokens.get(i + 1).is_some_and(|t| t.kind == Kind::Level1);
            if !bare && !empty {
                continue;
            }
            let labels = tokens[from..i].iter().rev().take_while(|t| t.kind.is_label()).count();
            if !self.pieces(grid, &tokens[from..i - labels], &region[from..i - labels]) {
                return;
            }
            let words = &tokens[i - labels..=i];
            let placed = match place::row(words, &grid.parts[..grid.name()], false) {
                Placed::Columns(columns) if empty => Some(columns),
                _ if empty => None,
                _ => self.bare_name(grid, words),
            };
            match placed {
                Some(columns) => self.rows.push(grid.row(words, &columns)),
                None => self.reject(grid, words, &region[i - labels..=i]),
            }
            let empty = tokens[i + 1..].iter().take_while(|t| t.text.is_empty()).count();
            self.next = region[i + empty] + 1;
            from = i + 1 + empty;
        }
        self.pieces(grid, &tokens[from..], &region[from..]);
    }

    /// Rows of a piece of the stream; false when the table has ended in it.
    fn pieces(&mut self, grid: &Grid, tokens: &[Token], region: &[usize]) -> bool {
        let placed = place::stream(tokens, &grid.parts);
        let mut from = 0;
        // Where a row is not certain, neither is where the next one begins.
        let mut adrift = false;
        while from < tokens.len() {
            let row = placed[from].row;
            let to = from + placed[from..].iter().take_while(|p| p.row == row).count();
            let columns: Vec<usize> = placed[from..to].iter().map(|p| p.col).collect();
            let (words, lines) = (&tokens[from..to], &region[from..to]);
            let certain = placed[from..to].iter().all(|p| p.certain) && !place::misnamed(words, &columns, &grid.parts);
            let dear = place::is_too_dear(place::row_cost(words, &columns, &grid.parts));
            let values = words.iter().any(|t| t.kind.is_value());
            let full = || {
                let figures = |part: &Part| matches!(part, Part::Value | Part::Actual | Part::Money | Part::Points);
                let parts = grid.parts.iter().enumerate();
                let filled = |column: usize| {
                    columns
                        .iter()
                        .zip(words)
                        .any(|(c, t)| *c == column && !t.text.is_empty())
                };
                parts
                    .filter(|(_, part)| figures(part))
                    .all(|(column, _)| filled(column))
            };
            let opens = words[0].kind.is_label() || words[0].kind == Kind::Numbered || words[0].part_row;
            adrift &= !opens && !full();
            if certain && !dear && !adrift {
                if !self.accept(grid, words, &columns, lines) {
                    return false;
                }
            } else if values || to < tokens.len() {
                self.reject(grid, words, lines);
                adrift = true;
            } else {
                return false;
            }
            from = to;
        }
        true
    }

    /// Takes a placed row in; false when it says nothing and so the table has ended.
    fn accept(&mut self, grid: &Grid, tokens: &[Token], columns: &[usize], lines: &[usize]) -> bool {
        let name = columns.contains(&grid.name());
        let values = tokens.iter().any(|t| t.kind.is_value()) || worded(tokens);
        let filler = tokens.iter().all(|t| {
            matches!(t.kind, Kind::Numbered | Kind::Filler)
                || t.kind.is_label()
                || self.words.label(&t.text) == Some(Label::FundingRow)
        });
        if name && (values || filler) {
            self.rows.push(grid.row(tokens, columns));
            self.placed += usize::from(values);
        } else if values {
            self.reject(grid, tokens, lines);
        } else {
            return false;
        }
        self.next = lines.last().map_or(self.next, |last| last + 1);
        true
    }

    /// Keeps a row's labels, on which the rows below depend; the rest is handed back.
    fn reject(&mut self, grid: &Grid, tokens: &[Token], lines: &[usize]) {
        let labels = tokens.iter().take_while(|t| t.kind.is_label()).count();
        let mut kept = 0;
        if labels > 0
            && let Placed::Columns(columns) = place::row(&tokens[..labels], &grid.parts[..grid.name()], false)
        {
            self.rows.push(grid.row(&tokens[..labels], &columns));
            kept = labels;
        }
        let figures = tokens.iter().any(|t| t.kind.is_value());
        let rest: Vec<&str> = tokens[kept..].iter().map(|t| t.text.as_str()).collect();
        if let (Some(last), false) = (lines.last(), rest.is_empty()) {
            self.orphan(rest.join(" "), *last, figures);
        }
        self.next = lines.last().map_or(self.next, |last| last + 1);
    }

    fn orphan(&mut self, text: String, line: usize, figures: bool) {
        self.orphans.push(Orphan { text, figures, line });
    }
}
