//! Cuts a table into sections: head, money, goals, indicators, closing rows.

use super::header::{self, Header};
use super::numbers;
use super::view::{RowView, inline_figure, is_blank_mark, looks_numeric};
use crate::model::{Cell, Column, ColumnRole, Section, SectionKind, Table};
use crate::pattern::Patterns;

/// The sections of a table, and why they are such.
#[derive(Debug, Default)]
pub struct Sections {
    /// In row order.
    pub list: Vec<Section>,
    /// Evidence for the reader.
    pub evidence: Vec<String>,
    /// Rows with figures that no section took.
    pub unread: Vec<usize>,
}

/// Scans the rows from `start`.
pub fn scan(table: &Table, rows: &[RowView<'_>], start: usize, money_caption: bool, patterns: &Patterns) -> Sections {
    let mut out = Sections::default();
    let mut row = start;
    while row < rows.len() {
        row = step(&mut out, table, rows, row, start, money_caption, patterns);
    }
    out
}

/// Takes the row (or the header) at `row`; gives the next row to look at.
fn step(
    out: &mut Sections,
    table: &Table,
    rows: &[RowView<'_>],
    row: usize,
    start: usize,
    money_caption: bool,
    patterns: &Patterns,
) -> usize {
    let view = &rows[row];
    if view.own.is_empty() {
        extend(out, row);
        return row + 1;
    }
    if let Some(kind) = labelled_row(out, rows, row, patterns) {
        push_or_extend(out, kind, row);
        return row + 1;
    }
    if let Some(found) = header::by_wording(table, rows, row, patterns) {
        return open_section(out, found, money_caption, patterns);
    }
    if head_row(out, view, patterns) {
        push_or_extend(out, SectionKind::Head, row);
        return row + 1;
    }
    // Numbers of columns below a heading that a page repeats, or in a row that a blank one parts from the heading.
    if numbers::of_columns(view).is_some()
        && let Some(open) = out
            .list
            .last_mut()
            .filter(|s| !s.columns.is_empty() && s.body.end == row)
    {
        open.body.end = row + 1;
        open.skipped.push(row);
        out.evidence.push(format!("第{}行是栏次，不是数据", row + 1));
        return row + 1;
    }
    if banner(table, view, patterns) && !matches!(out.list.last(), Some(s) if s.kind == SectionKind::Goals) {
        out.evidence.push(format!("第{}行是标题行“{}”", row + 1, view.own[0].1));
        extend(out, row);
        return row + 1;
    }
    // A title row inside the table (部门支出情况（万元）) heads a part of its own, as the caption heads the first.
    let titled = row.checked_sub(1).is_some_and(|above| {
        banner(table, &rows[above], patterns) && patterns.forms.speaks_of_money(&rows[above].own[0].1)
    });
    let first = out.list.is_empty() && row <= start + 2 && money_caption;
    let next = titled && out.list.last().is_none_or(|s| s.kind == SectionKind::Money);
    if (first || next)
        && let Some(found) = header::by_structure(table, rows, row, patterns)
    {
        out.evidence.push("表头按结构判定：文字行在上，数字行在下".to_owned());
        return open_section(out, found, true, patterns);
    }
    // A note below the lines of money: nothing of it is a figure of theirs.
    if let ([(_, text)], Some(open)) = (view.own.as_slice(), out.list.last_mut())
        && open.kind == SectionKind::Money
        && open.body.end == row
        && patterns.forms.is_remark(text)
    {
        open.body.end = row + 1;
        open.skipped.push(row);
        return row + 1;
    }
    let figure = |(_, text): &(&Cell, String)| looks_numeric(text);
    let unread = match extend(out, row) {
        false => view.own.iter().any(figure),
        // Figures side by side below a form's head or its goals are those of a header that was not understood.
        true => {
            let said = out.list.last().map(|section| section.kind);
            let wordy = matches!(said, Some(SectionKind::Head | SectionKind::Goals));
            wordy && view.own.windows(2).any(|pair| pair.iter().all(figure))
        }
    };
    if unread {
        out.unread.push(row);
    }
    row + 1
}

/// Rows whose label says what they are, whatever the columns: head, goals, total score, grade, remarks.
fn labelled_row(out: &Sections, rows: &[RowView<'_>], row: usize, patterns: &Patterns) -> Option<SectionKind> {
    let forms = &patterns.forms;
    let view = &rows[row];
    let mut texts: Vec<&str> = view.own.iter().map(|(_, t)| t.as_str()).collect();
    // A label merged over columns may stand in each of them: 总分 ∣ 总分 ∣ 总分 ∣ 100 ∣ 98.25.
    let same = texts
        .iter()
        .skip(1)
        .take_while(|t| Some(*t) == texts.first() && !looks_numeric(t))
        .count();
    texts.drain(1..1 + same);
    let first = texts.first()?;
    let last_kind = out.list.last().map(|s| s.kind);
    let expected =
        texts.iter().any(|t| forms.is_goal_expected(t)) || texts.iter().skip(1).any(|t| forms.is_goal_label(t));
    let actual = texts.iter().any(|t| forms.is_goal_actual(t));
    let known_headings = texts.iter().filter(|t| patterns.headers.role(t).is_some()).count();
    let target_heading = texts.iter().any(|t| {
        patterns
            .headers
            .role(t)
            .is_some_and(|m| m.role == ColumnRole::Target || m.role == ColumnRole::Indicator)
    });
    if expected && actual && !target_heading {
        return Some(SectionKind::Goals);
    }
    // Inside a grid 绩效目标 is the name of a level, not of the form's goals.
    let in_grid = last_kind == Some(SectionKind::Indicators) && texts.len() > 3;
    let goal_label = forms.is_goal_label(first) || carried_goal_label(view, patterns);
    if !in_grid && (goal_label || (expected || actual) && texts.len() <= 3) && known_headings <= 1 && !target_heading {
        let long = texts
            .iter()
            .skip(1)
            .any(|t| t.chars().count() > 12 && !forms.is_goal_expected(t));
        if long || expected || actual || (goal_label && last_kind == Some(SectionKind::Goals)) {
            return Some(SectionKind::Goals);
        }
    }
    let after_grid = matches!(last_kind, Some(SectionKind::Indicators | SectionKind::Closing));
    if after_grid {
        let figures = texts.iter().filter(|t| looks_numeric(t)).count();
        let graded = forms.is_grade(first) && known_headings < 3;
        if graded || out.list.last().is_some_and(|open| closes(open, view, patterns)) {
            return Some(SectionKind::Closing);
        }
        if forms.is_remark(first) && known_headings < 3 && !(texts.len() > 3 && figures > 0) {
            return Some(SectionKind::Closing);
        }
        if last_kind == Some(SectionKind::Closing)
            && texts.len() <= 2
            && forms.head_field(first).is_none()
            && known_headings < 2
        {
            return Some(SectionKind::Closing);
        }
    }
    if labelled_figures(view, last_kind, out, patterns) {
        return Some(SectionKind::Money);
    }
    None
}

/// Whether a row below a grid is that of the total score: its label is the only word in the row but for remarks, and
/// figures (and marks for nothing) are all that stands beside it.
fn closes(open: &Section, view: &RowView<'_>, patterns: &Patterns) -> bool {
    let named = |role: ColumnRole| {
        matches!(
            role,
            ColumnRole::Level1
                | ColumnRole::Level2
                | ColumnRole::Level3
                | ColumnRole::Indicator
                | ColumnRole::Target
                | ColumnRole::ActualValue
                | ColumnRole::Project
        )
    };
    let role = |cell: &Cell| open.columns.iter().rfind(|c| c.index <= cell.col).map(|c| c.role);
    let words: Vec<&(&Cell, String)> = view
        .own
        .iter()
        .filter(|(_, t)| !looks_numeric(t) && !is_blank_mark(t))
        .collect();
    let total = |text: &str| {
        patterns.forms.is_total_score(text)
            || text
                .split_once(':')
                .is_some_and(|(label, value)| patterns.forms.is_total_score(label) && looks_numeric(value))
    };
    let Some((_, label)) = words.iter().find(|(_, t)| total(t)) else {
        return false;
    };
    let figures = view.own.iter().any(|(_, t)| looks_numeric(t)) || label.contains(':');
    let beside = |(cell, text): &&&(&Cell, String)| text != label && role(cell).is_none_or(named);
    figures && words.iter().filter(beside).count() == 0
}

/// A row of a form's head: labels, each with its value. A row of headings over figures has been found before.
fn head_row(out: &Sections, view: &RowView<'_>, patterns: &Patterns) -> bool {
    let forms = &patterns.forms;
    let texts: Vec<&str> = view.own.iter().map(|(_, t)| t.as_str()).collect();
    let Some(first) = texts.first() else { return false };
    if forms.head_field(first).is_some() && texts.len() <= 8 {
        // 项目名称 ∣ 预算数 ∣ 执行数 is a header; a label with its value is a head.
        let second_is_heading = texts.get(1).is_some_and(|t| {
            patterns
                .headers
                .role(t)
                .is_some_and(|m| m.role.measure().is_some() || m.role == ColumnRole::Indicator)
        });
        let figures = texts[1..].iter().filter(|t| looks_numeric(t)).count();
        let in_money = out.list.last().is_some_and(|s| s.kind == SectionKind::Money) && figures > 0;
        // 项目完成时间 ∣ 2022年底前 ∣ 2022年11月 ∣ 100 ∣ 100 is an indicator: its points stand under their headings.
        let pointed = out.list.last().is_some_and(|open| {
            let points = |c: &&Column| matches!(c.role, ColumnRole::Weight | ColumnRole::Score);
            let under = |c: &Column| view.own.iter().any(|(cell, t)| cell.col == c.index && looks_numeric(t));
            texts.len() >= 3 && open.columns.iter().filter(points).any(under)
        });
        if !second_is_heading && !in_money && !pointed && figures * 2 <= texts.len() {
            return true;
        }
    }
    let labelled = first
        .split_once(':')
        .is_some_and(|(label, value)| !value.is_empty() && forms.head_field(label).is_some());
    labelled && texts.len() <= 4
}

/// Funding labels as rows: 全年预算数 ∣ 100 ∣ 全年执行数 ∣ 98, or 资金总额 ∣ 100 ∣ 其中：财政拨款 ∣ 80.
fn labelled_figures(view: &RowView<'_>, last: Option<SectionKind>, out: &Sections, patterns: &Patterns) -> bool {
    let in_columns = last == Some(SectionKind::Money) && out.list.last().is_some_and(|s| !s.columns.is_empty());
    let role_of = |text: &str| patterns.headers.role(text).and_then(|m| m.role.measure());
    let named = |text: &str| patterns.forms.is_funding_source(text) || patterns.forms.is_total_row(text);
    let inline = view
        .own
        .iter()
        .filter_map(|(_, t)| inline_figure(t))
        .any(|(name, _)| role_of(name).is_some_and(|m| m.is_money()) || named(name));
    // 按收入性质分：420 ∣ 按支出性质分：390: every cell brings its figure along.
    let every = view.own.len() >= 2 && view.own.iter().all(|(_, t)| inline_figure(t).is_some());
    if inline || every && in_columns {
        return true;
    }
    let figures = view.own.iter().filter(|(_, t)| looks_numeric(t)).count();
    let pairs = view
        .own
        .windows(2)
        .filter(|w| looks_numeric(&w[1].1) && !looks_numeric(&w[0].1));
    let (mut money, mut measures, mut names) = (0, 0, 0);
    for pair in pairs {
        match role_of(&pair[0].1) {
            Some(measure) => {
                measures += 1;
                money += usize::from(measure.is_money());
            }
            None => names += usize::from(named(&pair[0].1)),
        }
    }
    // Each figure has its own label; a row under columns has one label for all its figures.
    let all_labelled = measures + names == figures;
    let few = view.own.len() <= 3;
    // The same label before every figure stands below the measures of the row above.
    let labels: Vec<&str> = view
        .own
        .windows(2)
        .filter(|w| looks_numeric(&w[1].1) && !looks_numeric(&w[0].1))
        .map(|w| w[0].1.as_str())
        .collect();
    let below = out
        .list
        .last()
        .is_some_and(|s| s.kind == SectionKind::Money && s.columns.is_empty());
    if below && labels.len() >= 2 && labels.iter().all(|l| *l == labels[0]) {
        return true;
    }
    (money >= 1 && (measures >= 2 || few) && !(few && in_columns)) || (all_labelled && names >= 2 && !in_columns)
}

fn carried_goal_label(view: &RowView<'_>, patterns: &Patterns) -> bool {
    view.carried.iter().any(|c| patterns.forms.is_goal_label(&c.text))
}

/// A row of one text over the table's width.
fn banner(table: &Table, view: &RowView<'_>, patterns: &Patterns) -> bool {
    let [(cell, text)] = view.own.as_slice() else {
        return false;
    };
    let wide = cell.col_span * 5 >= table.cols() * 4 && table.cols() > 1;
    wide && !looks_numeric(text) && !patterns.forms.is_total_row(text)
}

/// Opens the section that a header heads, or goes on with the one before when its header is repeated.
fn open_section(out: &mut Sections, mut found: Header, money_caption: bool, patterns: &Patterns) -> usize {
    let next = found.rows.end;
    // A scoring sheet whose items are called neither indicator nor level.
    if found.has(ColumnRole::Weight) && found.has(ColumnRole::Score) && !found.is_indicators() && !found.is_money() {
        let item = |c: &&mut Column| {
            patterns
                .headers
                .is_scoring_item(c.header.rsplit('/').next().unwrap_or(""))
        };
        if let Some(column) = found.columns.iter_mut().find(item) {
            column.role = ColumnRole::Indicator;
        }
    }
    let levels = found.has(ColumnRole::Level1) || found.has(ColumnRole::Level2);
    let kind = if found.is_indicators() {
        SectionKind::Indicators
    } else if found.is_money() {
        SectionKind::Money
    } else if found.has(ColumnRole::Indicator) && levels {
        SectionKind::Indicators // targets may stand in one column for each project
    } else if money_caption && found.columns.len() >= 2 {
        SectionKind::Money
    } else {
        // Known headings that make no facts (名单 and the like): leave the rows to nobody.
        out.evidence
            .push(format!("第{}行的表头没有金额或指标栏", found.rows.start + 1));
        return next;
    };
    let same = |open: &Section| {
        let pairs = open.columns.iter().zip(&found.columns);
        open.kind == kind
            && open.body.end == found.rows.start
            && open.columns.len() == found.columns.len()
            && pairs
                .into_iter()
                .all(|(a, b)| (a.index, a.role) == (b.index, b.role) && a.header == b.header)
    };
    if let Some(open) = out.list.last_mut().filter(|open| same(open)) {
        out.evidence.push(format!("第{}行是重复的表头", found.rows.start + 1));
        open.skipped.extend(found.rows);
        open.body.end = next;
        return next;
    }
    out.evidence.extend(found.evidence);
    out.list.push(Section {
        kind,
        header: found.rows,
        body: next..next,
        skipped: Vec::new(),
        columns: found.columns,
        sides: Vec::new(),
        lines: Vec::new(),
    });
    next
}

/// Adds a row to the open section when it is one that takes rows as they come.
fn extend(out: &mut Sections, row: usize) -> bool {
    match out.list.last_mut() {
        Some(open) if open.body.end == row => {
            open.body.end = row + 1;
            true
        }
        _ => false,
    }
}

/// Puts a labelled row into an open section of its kind, else opens one.
fn push_or_extend(out: &mut Sections, kind: SectionKind, row: usize) {
    match out.list.last_mut() {
        // Labelled rows of money do not join rows under columns.
        Some(open) if open.kind == kind && open.body.end == row && open.columns.is_empty() => open.body.end = row + 1,
        _ => out.list.push(Section {
            kind,
            header: row..row,
            body: row..row + 1,
            skipped: Vec::new(),
            columns: Vec::new(),
            sides: Vec::new(),
            lines: Vec::new(),
        }),
    }
}
