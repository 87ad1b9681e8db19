//! Tables whose rows are flattened to one line with single spaces.
//!
//! The heading decides the columns; each row's words are placed by what they are (`place`). A form is read part by
//! part: head (label, value), funding block, goals, indicators, total. What cannot be placed is handed back as it is.

use super::place::{self, Part, Placed};
use super::row_words::{is_note, split_words};
use crate::model::ColumnRole;
use crate::model::{Orphan, RawCell, RawRow};
use crate::pattern::label::Label;
use crate::pattern::token::{self, Kind, Token};
use crate::pattern::wording::{Words, holds_values, labels_second};
use crate::text::lines::{Line, is_heading, is_space};

/// A table, what of its lines could not be placed, and where reading goes on.
pub(super) struct Flat {
    /// Rows with their cells.
    pub rows: Vec<RawRow>,
    /// Lines (or their ends) that hold no certain row.
    pub orphans: Vec<Orphan>,
    /// First line that is no part of it.
    pub next: usize,
}

/// The heading that governs the rows below it.
pub(super) struct Grid {
    /// Texts of the heading, one a column.
    pub headings: Vec<String>,
    /// The heading's rows, where one divides the other.
    pub block: Vec<RawRow>,
    /// What each column takes.
    pub parts: Vec<Part>,
    /// Numbers and their units may be parted by a blank (no column of its own takes the unit).
    pub joins: bool,
    /// Columns of 分值 and 得分.
    pub points: bool,
    /// It has targets or names of indicators.
    pub indicators: bool,
}

/// Longest heading line in bytes, and the most columns.
const LONGEST_HEADING: usize = 600;
const MOST_COLUMNS: usize = 24;
/// Lines that a form's head may have before its first grid.
const LONGEST_HEAD: usize = 16;
/// How many lines that are no rows may stand between rows.
const LOOK_AHEAD: usize = 3;

/// The grid that a line's words are the heading of.
pub(super) fn heading(line: &str, words: &Words<'_>) -> Option<Grid> {
    if line.len() > LONGEST_HEADING {
        return None;
    }
    // A row's figures tell it from a heading before anything is looked up.
    let figure = |t: &str| t.starts_with(|c: char| c.is_ascii_digit()) && !t.contains('年') || t == "无";
    if line.split(is_space).any(figure) {
        return None;
    }
    let mut texts: Vec<String> = Vec::new();
    for text in &split_words(line, words) {
        match texts.last_mut() {
            // The heading's note: 项目资金 （万元）, 执行率 （B/A）.
            Some(last) if is_note(text) => last.push_str(text),
            Some(last) if parted_heading(last, text, words) => last.push_str(text),
            _ => texts.push(text.to_string()),
        }
        if texts.len() > MOST_COLUMNS {
            return None;
        }
    }
    grid(texts, words)
}

/// Whether a blank or a line's end parts one heading: 年度 指标值, 一级 指标.
pub(super) fn parted_heading(first: &str, second: &str, words: &Words<'_>) -> bool {
    let Some(joined) = words.role(&format!("{first}{second}")) else {
        return false;
    };
    match words.role(first) {
        // 本年预算 beside 实际支出数 is a heading that nobody knows; 年度 beside 指标值 is a part of it.
        None if first.chars().count() <= 2 => true,
        None => words.label(first).is_none() && words.role(second) != Some(joined),
        Some(role) => second == "指标" && role == joined,
    }
}

/// The grid of heading texts, if most of them are known and at least three.
pub(super) fn grid(mut texts: Vec<String>, words: &Words<'_>) -> Option<Grid> {
    let mut roles = words.header(texts.iter().map(String::as_str))?;
    let known = roles.iter().flatten().count();
    if texts.len() < 3 || known < 3 && known < texts.len() - 1 {
        return None;
    }
    if labels_second(&roles) {
        roles[1] = None;
    }
    // The block of funds has its row labels below or right of its first heading.
    let first_value = roles.iter().position(|r| r.is_some_and(holds_values))?;
    let label = words.label(&texts[0]);
    if first_value == 0 || first_value == 1 && matches!(label, Some(Label::FundingHead)) {
        texts.insert(first_value, String::new());
        roles.insert(first_value, None);
    }
    let headings: Vec<&str> = texts.iter().map(String::as_str).collect();
    let parts = place::parts(&roles, &headings, words);
    let has = |part| parts.contains(&part);
    Some(Grid {
        joins: !has(Part::Unit) && !has(Part::Comparator),
        points: roles.contains(&Some(ColumnRole::Score)),
        indicators: has(Part::Value),
        parts,
        headings: texts,
        block: Vec::new(),
    })
}

impl Grid {
    /// The heading's rows.
    pub fn heading_rows(&self) -> Vec<RawRow> {
        match self.block.as_slice() {
            [] => vec![self.heading_row()],
            rows => rows.to_vec(),
        }
    }

    /// The heading as a row.
    pub fn heading_row(&self) -> RawRow {
        self.headings.iter().map(|text| solid(text)).collect()
    }

    /// A row of placed words. Empty grouping columns are void: the cell above goes on.
    pub fn row(&self, tokens: &[Token], columns: &[usize]) -> RawRow {
        let mut texts = vec![String::new(); self.parts.len()];
        for (token, column) in tokens.iter().zip(columns) {
            let text = &mut texts[*column];
            if !text.is_empty() {
                text.push(' ');
            }
            text.push_str(&token.text);
        }
        let cell = |(text, part): (String, &Part)| RawCell {
            void: text.is_empty() && part.is_group(),
            left: false,
            up: false,
            text,
        };
        texts.into_iter().zip(&self.parts).map(cell).collect()
    }

    /// Takes in a label that stands alone before the heading (绩效指标, 项目资金): it is left of the grid.
    pub fn beside(mut self, rows: &mut Vec<RawRow>, words: &Words<'_>) -> Grid {
        let side = |row: &RawRow| {
            row.len() == 1 && matches!(words.label(&row[0].text), Some(Label::Side | Label::FundingHead))
        };
        if self.block.is_empty() && !self.parts.contains(&Part::Side) && rows.last().is_some_and(side) {
            let label = rows.pop().and_then(|mut row| row.pop()).map(|cell| cell.text);
            self.headings.insert(0, label.unwrap_or_default());
            self.parts.insert(0, Part::Side);
        }
        self
    }

    /// The column of names.
    pub fn name(&self) -> usize {
        self.parts.iter().position(|p| *p == Part::Name).unwrap_or(0)
    }
}

/// A cell that merges with nothing.
pub(super) fn solid(text: &str) -> RawCell {
    RawCell {
        text: text.to_owned(),
        void: false,
        left: false,
        up: false,
    }
}

/// A cell that the one above covers.
pub(super) fn void() -> RawCell {
    RawCell {
        text: String::new(),
        void: true,
        left: false,
        up: false,
    }
}

/// What the lines are being read as.
enum State {
    Head,
    Goals,
    Grid(Grid),
}

/// Reads the table that starts at a line, or `None` when the line starts none.
pub(super) fn read(lines: &[Line<'_>], start: usize, words: &Words<'_>) -> Option<Flat> {
    if !may_start(&lines[start].text, words) {
        return None;
    }
    let mut form = Form {
        words,
        state: State::Head,
        rows: Vec::new(),
        orphans: Vec::new(),
        pending: Vec::new(),
        placed: 0,
        headed: 0,
        indicators: false,
        next: start,
    };
    let mut blanks = 0;
    let mut misses = 0;
    let mut at = start;
    while at < lines.len() && blanks < 3 && misses <= LOOK_AHEAD {
        let line = &lines[at];
        if line.blank {
            blanks += 1;
            at += 1;
            continue;
        }
        blanks = 0;
        if form.placed == 0 && at - start > LONGEST_HEAD || line.starts_cell() || line.has_outer_bar() {
            break;
        }
        match form.line(line.text.trim_matches(is_space), at) {
            Taken::Yes => {
                misses = 0;
                form.next = at + 1;
            }
            // The first line must belong to the table.
            _ if at == start => return None,
            Taken::Held => {}
            Taken::No => misses += 1,
            Taken::End => break,
        }
        at += 1;
    }
    let next = form.next;
    // Labels that no row came for: those of the table's lines stand beside it.
    form.drop_pending();
    form.orphans.retain(|orphan| orphan.line < next);
    form.orphans.sort_by_key(|orphan| orphan.line);
    (form.placed > 0).then_some(Flat {
        rows: form.rows,
        orphans: form.orphans,
        next,
    })
}

/// A cheap test that most lines of prose fail.
fn may_start(line: &str, words: &Words<'_>) -> bool {
    let first = line.trim_start_matches(is_space).split(is_space).next().unwrap_or("");
    if first.is_empty() || first.len() > 90 {
        return false;
    }
    let label = first.split_once(['：', ':']).map_or(first, |(label, _)| label);
    words.label(label).is_some() || words.role(first).is_some() || first.chars().count() <= 2
}

enum Taken {
    /// Part of the table.
    Yes,
    /// Part of it if a row follows.
    Held,
    /// Not understood; the table may go on.
    No,
    /// The table has ended before it.
    End,
}

struct Form<'a> {
    words: &'a Words<'a>,
    state: State,
    rows: Vec<RawRow>,
    orphans: Vec<Orphan>,
    /// Labels on a line of their own, for the row below, with their lines.
    pending: Vec<(Token, usize)>,
    /// Rows placed in a grid.
    placed: usize,
    /// Rows up to the last heading.
    headed: usize,
    /// A grid of indicators was read.
    indicators: bool,
    next: usize,
}

impl Form<'_> {
    fn line(&mut self, line: &str, at: usize) -> Taken {
        if let Some(grid) = heading(line, self.words) {
            if self.indicators && grid.headings.len() < 3 {
                return Taken::End;
            }
            self.drop_pending();
            let grid = grid.beside(&mut self.rows, self.words);
            self.rows.push(grid.heading_row());
            self.headed = self.rows.len();
            self.indicators |= grid.indicators;
            self.state = State::Grid(grid);
            return Taken::Yes;
        }
        let texts = split_words(line, self.words);
        let texts: Vec<&str> = texts.iter().map(AsRef::as_ref).collect();
        let Some(first) = texts.first() else { return Taken::No };
        let label_text = first.split_once(['：', ':']).map_or(*first, |(label, _)| label);
        match self.words.label(label_text) {
            // A label alone has its value on another line: no shape of this reader.
            Some(Label::Head) if texts.len() == 1 && label_text.len() == first.len() => return self.miss(line, at),
            Some(Label::Head) if self.in_indicators() && self.words.is_row_of_figures(&texts, 2) => {}
            Some(Label::Head) => {
                if self.indicators {
                    return Taken::End; // the next form
                }
                if let State::Head = self.state {
                    self.rows.push(self.head_row(&texts));
                    return Taken::Yes;
                }
            }
            Some(Label::Goal | Label::GoalColumn) if !self.in_indicators() => return self.goal_line(&texts, line, at),
            Some(Label::Side | Label::FundingHead | Label::Goal) if texts.len() == 1 => {
                self.rows.push(vec![solid(first)]);
                return Taken::Yes;
            }
            Some(Label::Total) if matches!(&self.state, State::Grid(grid) if grid.points) => {
                return self.total_line(&texts, line, at);
            }
            Some(Label::Closing) if self.indicators && texts.len() > 1 => {
                self.rows.push(vec![solid(first), solid(&texts[1..].join(" "))]);
                return Taken::Yes;
            }
            _ => {}
        }
        if first.starts_with("单位：") || first.starts_with("金额单位") {
            self.rows.push(vec![solid(line)]);
            return Taken::Yes;
        }
        match &self.state {
            State::Head => self.miss(line, at),
            State::Goals => self.goal_text(&texts, line, at),
            State::Grid(_) => self.grid_line(&texts, line, at),
        }
    }

    /// A line that is understood as nothing.
    fn miss(&mut self, line: &str, at: usize) -> Taken {
        self.orphan(line.to_owned(), at, false);
        Taken::No
    }

    fn in_indicators(&self) -> bool {
        matches!(&self.state, State::Grid(grid) if grid.indicators)
    }

    /// Labels and values by turns: 项目名称 甲 主管部门 乙, also 项目名称：甲.
    fn head_row(&self, texts: &[&str]) -> RawRow {
        let mut row: RawRow = Vec::new();
        let mut value_open = false;
        for text in texts {
            let split = text
                .find(['：', ':'])
                .map(|at| at + text[at..].chars().next().map_or(1, char::len_utf8));
            let (label, value) = text.split_at(split.unwrap_or(text.len()));
            if self.words.label(label) == Some(Label::Head) {
                if value_open && row.len() % 2 == 1 {
                    row.push(solid(""));
                }
                row.push(solid(label));
                value_open = true;
                if !value.is_empty() {
                    row.push(solid(value));
                }
                continue;
            }
            match row.last_mut() {
                Some(last) if row_is_value(self.words, &last.text) => {
                    last.text.push(' ');
                    last.text.push_str(text);
                }
                _ => row.push(solid(text)),
            }
        }
        if row.len() % 2 == 1 {
            row.push(solid(""));
        }
        row
    }

    fn goal_line(&mut self, texts: &[&str], line: &str, at: usize) -> Taken {
        let labels = texts
            .iter()
            .all(|t| self.words.label(t).is_some() || self.words.role(t).is_some());
        if labels || texts.len() <= 3 {
            self.rows.push(texts.iter().map(|t| solid(t)).collect());
            self.state = State::Goals;
            return Taken::Yes;
        }
        self.orphan(line.to_owned(), at, false);
        self.state = State::Goals;
        Taken::Yes
    }

    /// A goal and what came of it, side by side; with more words the border between them is not certain.
    fn goal_text(&mut self, texts: &[&str], line: &str, at: usize) -> Taken {
        match texts {
            [a, b] => {
                self.rows.push(vec![void(), solid(a), solid(b)]);
                Taken::Yes
            }
            _ => {
                self.orphan(line.to_owned(), at, false);
                Taken::Held
            }
        }
    }

    /// 总分 100 99.5: points and score; a single figure keeps its place open.
    fn total_line(&mut self, texts: &[&str], line: &str, at: usize) -> Taken {
        let figures = texts[1..]
            .iter()
            .all(|t| matches!(token::kind(t, self.words), Kind::Number | Kind::Dash));
        if texts.len() > 3 || !figures {
            self.orphan(line.to_owned(), at, true);
            return Taken::Yes;
        }
        self.drop_pending();
        self.rows.push(texts.iter().map(|t| solid(t)).collect());
        Taken::Yes
    }

    fn grid_line(&mut self, texts: &[&str], line: &str, at: usize) -> Taken {
        let State::Grid(grid) = &self.state else {
            return Taken::No;
        };
        let tokens = token::cells(texts, grid.joins, self.words);
        if grid.indicators && tokens.iter().all(|t| t.kind.is_label()) {
            self.pending.extend(tokens.into_iter().map(|token| (token, at)));
            return Taken::Held;
        }
        let values = tokens.iter().filter(|t| t.kind.is_value()).count();
        let held = std::mem::take(&mut self.pending);
        let mut all: Vec<Token> = held.iter().map(|(token, _)| token.clone()).collect();
        all.extend(tokens);
        let fund = all
            .last()
            .is_some_and(|t| self.words.label(&t.text) == Some(Label::FundingRow));
        if let Some(columns) = place::bare_name(
            &all,
            &grid.parts,
            fund || all.len() == 1 && all[0].kind == Kind::Numbered,
        ) && !is_heading(line)
        {
            let row = grid.row(&all, &columns);
            self.rows.push(row);
            return Taken::Yes;
        }
        // The first row below 部门预算执行情况 may have figures only: that label is its name.
        let first =
            self.rows.len() == self.headed && !grid.headings[0].is_empty() && grid.headings[grid.name()].is_empty();
        let columns = place::values_of(&all, &grid.parts).filter(|_| first);
        if let Some(columns) = columns {
            self.rows.push(grid.row(&all, &columns));
            self.placed += 1;
            return Taken::Yes;
        }
        let placed = match place::row(&all, &grid.parts, true) {
            Placed::Columns(columns) if !columns.contains(&grid.name()) || values == 0 && !worded(&all) => {
                Placed::NoRow
            }
            placed => placed,
        };
        match placed {
            Placed::Columns(columns) => {
                let row = grid.row(&all, &columns);
                self.rows.push(row);
                self.placed += 1;
                Taken::Yes
            }
            Placed::Ambiguous if values > 0 => {
                self.labels_of(&all, at);
                Taken::Yes
            }
            _ => {
                // The labels above wait on: this line may be a stray part of a name.
                self.pending = held;
                if is_heading(line) || line.ends_with('。') || line.chars().count() > 120 {
                    return Taken::End;
                }
                self.orphan(line.to_owned(), at, values > 0);
                Taken::No
            }
        }
    }

    /// Keeps the labels of an ambiguous row, on which the rows below depend; the rest is no certain row.
    fn labels_of(&mut self, tokens: &[Token], at: usize) {
        let State::Grid(grid) = &self.state else { return };
        let count = tokens.iter().take_while(|t| t.kind.is_label()).count();
        let (labels, rest) = tokens.split_at(count);
        let columns = match place::row(labels, &grid.parts[..grid.name()], false) {
            Placed::Columns(columns) => Some(columns),
            _ => None,
        };
        let rest = match columns {
            Some(columns) => {
                let row = grid.row(labels, &columns);
                self.rows.push(row);
                rest
            }
            None => tokens,
        };
        let text: Vec<&str> = rest.iter().map(|t| t.text.as_str()).collect();
        self.orphan(text.join(" "), at, true);
    }

    fn drop_pending(&mut self) {
        for (token, line) in std::mem::take(&mut self.pending) {
            self.orphan(token.text, line, false);
        }
    }

    fn orphan(&mut self, text: String, line: usize, figures: bool) {
        self.orphans.push(Orphan { text, figures, line });
    }
}

/// Whether a row without figures says something all the same: target and actual in words.
pub(super) fn worded(tokens: &[Token]) -> bool {
    tokens
        .iter()
        .filter(|t| matches!(t.kind, Kind::Qualitative | Kind::Dash))
        .count()
        >= 2
}

fn row_is_value(words: &Words<'_>, text: &str) -> bool {
    words.label(text) != Some(Label::Head)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pattern::Patterns;

    #[test]
    fn labels_and_headings_that_blanks_part_are_put_together() {
        let patterns = Patterns::builtin().unwrap();
        let words = Words::new(&patterns);
        for (line, expected) in [
            (
                "效益 指标 社会效益 指标 办事效率 ≥80% 15",
                "效益指标|社会效益指标|办事效率|≥80%|15",
            ),
            (
                "满意度 指标 服务对象 满意度指标 受益群体满意度 90%",
                "满意度指标|服务对象满意度指标|受益群体满意度|90%",
            ),
            (
                "产出指标 （50分） 数量指标 培训人数",
                "产出指标（50分）|数量指标|培训人数",
            ),
            ("产出 数量 培训人数 100", "产出|数量|培训人数|100"),
        ] {
            assert_eq!(split_words(line, &words).join("|"), expected);
        }
        for (line, expected) in [
            (
                "一级指标 二级指标 三级指标 年度 指标值 实际 完成值 分值 得分",
                "一级指标|二级指标|三级指标|年度指标值|实际完成值|分值|得分",
            ),
            (
                "项目资金 （万元） 年初预算数 全年预算数 执行率 （B/A）",
                "项目资金（万元）||年初预算数|全年预算数|执行率（B/A）",
            ),
        ] {
            assert_eq!(heading(line, &words).unwrap().headings.join("|"), expected);
        }
        assert!(heading("下达及时性 下达及时 无", &words).is_none());
    }
}
