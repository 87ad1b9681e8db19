//! What each row of a table is, decided once, by its words, its place below the rows before it, and what stands below.

use super::caption::is_unit_line;
use super::columns::states_money;
use super::header::{self, Header};
use super::list;
use super::numbers;
use super::sideways;
use super::view::{RowView, inline_figure};
use crate::model::{Cell, Column, ColumnRole, Section, SectionKind, Table};
use crate::pattern::Patterns;
use crate::pattern::forms::HeadField;
use crate::text::fold::fold;
use crate::text::mark::is_nothing;
use crate::text::shape::is_figure;
use std::cell::OnceCell;

/// What a row is.
#[derive(Debug)]
pub enum Class {
    /// No text begins in it.
    Empty,
    /// Labels with their values: head, goals, funding labels, closing rows.
    Labelled(SectionKind),
    /// The first row of headings, with all that they say.
    Header(Header),
    /// As [`Class::Header`], where no heading is known and the place alone says so.
    Structure(Header),
    /// The headings of the open section again, in so many rows.
    Repeated(usize),
    /// The first row of a scoring sheet laid sideways.
    Sideways(Section),
    /// Numbers of columns.
    ColumnNumbers,
    /// One text over the table's width: the title of a part.
    Banner,
    /// A remark below lines of money.
    Note,
    /// A row of the open section.
    Body,
}

/// What stands above a row.
pub struct Above<'a> {
    /// The section that is open, if any.
    pub open: Option<&'a Section>,
    /// The first row below the table's caption.
    pub start: usize,
    /// Whether the caption speaks of money.
    pub money_caption: bool,
}

impl Above<'_> {
    fn kind(&self) -> Option<SectionKind> {
        self.open.map(|s| s.kind)
    }

    /// The open section, if it goes on to this row.
    fn reaches(&self, row: usize) -> Option<&Section> {
        self.open.filter(|s| s.body.end == row)
    }
}

/// The class of a row. The order of the questions is that of certainty: labels of goals and totals, headings that the rows
/// below bear out, labels of a head, numbers of columns, titles of parts.
pub fn classify(table: &Table, rows: &[RowView<'_>], row: usize, above: &Above<'_>, patterns: &Patterns) -> Class {
    let view = &rows[row];
    if view.own.is_empty() {
        return Class::Empty;
    }
    // 续表 and a unit line between the rows of a table, as sheets have them.
    if let ([(_, text)], Some(_)) = (view.own.as_slice(), above.reaches(row))
        && (patterns.tables.caption.is_continued(text) || is_unit_line(text, &patterns.tables.caption))
    {
        return Class::Note;
    }
    if let Some(count) = above.reaches(row).and_then(|open| repeated_rows(rows, open, row)) {
        return Class::Repeated(count);
    }
    if let Some(found) = sideways::section(rows, row, patterns) {
        return Class::Sideways(found);
    }
    // All who ask for the headings that begin here look at the same ones.
    let once = OnceCell::new();
    let built = || -> Header {
        let header = once.get_or_init(|| header::build(table, rows, row, patterns));
        header.clone()
    };
    if let Some(found) = list::header(rows, row, above.kind(), &built, patterns) {
        return Class::Header(found);
    }
    if let Some(kind) = labelled_row(above, view, patterns) {
        return Class::Labelled(kind);
    }
    // Above a repeated heading stands the last line before it, however wordy.
    let repeats = |row: usize| above.open.is_some_and(|open| repeats_header(rows, open, row));
    let last_line = above.reaches(row).is_some() && repeats(row + 1) && !repeats(row);
    if let Some(found) = header::by_wording(table, rows, row, &built, patterns).filter(|_| !last_line) {
        return Class::Header(found);
    }
    if head_row(above, rows, view, patterns) && !heads_list(rows, row, patterns) {
        return Class::Labelled(SectionKind::Head);
    }
    let open = above.reaches(row);
    // Below a heading that a page repeats, or in a row that a blank one parts from the heading.
    if open.is_some_and(|s| !s.columns.is_empty()) && numbers::of_columns(view, None, patterns).is_some() {
        return Class::ColumnNumbers;
    }
    let noted = open.is_some_and(|s| s.kind == SectionKind::Money);
    if let ([(_, text)], true) = (view.own.as_slice(), noted)
        && patterns.forms.is_remark(text)
    {
        return Class::Note;
    }
    if banner(table, view, patterns) && above.kind() != Some(SectionKind::Goals) {
        return Class::Banner;
    }
    // A title row inside the table (部门支出情况（万元）) heads a part of its own, as the caption heads the first.
    let titled = row.checked_sub(1).is_some_and(|before| {
        banner(table, &rows[before], patterns) && patterns.forms.speaks_of_money(&rows[before].own[0].1)
    });
    // As a heading with a unit of money speaks of it: 税种 ∣ 完成数（亿元）.
    let stated = || view.own.iter().any(|(_, t)| states_money(t, patterns));
    let first = above.open.is_none() && row <= above.start + 2 && (above.money_caption || stated());
    let next = titled && above.kind().is_none_or(|kind| kind == SectionKind::Money);
    if (first || next)
        && let Some(found) = header::by_structure(rows, row, &built)
    {
        return Class::Structure(found);
    }
    Class::Body
}

/// Whether a row has the texts of the first row of a section's header, each in its column.
fn repeats_header(rows: &[RowView<'_>], open: &Section, row: usize) -> bool {
    let again = texts_at(rows, row);
    !open.header.is_empty() && again.len() >= 2 && again == texts_at(rows, open.header.start)
}

/// The texts of a row, each with its column; none where there is no such row.
fn texts_at<'r>(rows: &'r [RowView<'_>], row: usize) -> Vec<(usize, &'r str)> {
    let own = rows.get(row).into_iter().flat_map(|view| &view.own);
    own.map(|(cell, text)| (cell.col, text.as_str())).collect()
}

/// How many rows at a row say the headings of a section again, each cell in its column; the label beside the block may be
/// left out, or stand in the rows above as in this one.
fn repeated_rows(rows: &[RowView<'_>], open: &Section, row: usize) -> Option<usize> {
    // The label of the row before, asked only of a row that says the headings.
    let before = || {
        row.checked_sub(1)
            .map(|before| texts_at(rows, before))
            .unwrap_or_default()
    };
    let same = |count: usize| {
        let (head, again) = (texts_at(rows, open.header.start + count), texts_at(rows, row + count));
        let ((label, head), (other, again)) = (parted(&head), parted(&again));
        let goes_on = || label.is_none() && other.is_some() && other == parted(&before()).0;
        let least = if count == 0 { 2 } else { 1 };
        again.len() >= least && head == again && (label == other || other.is_none() || goes_on())
    };
    let count = open.header.len();
    (count > 0 && (0..count).all(same)).then_some(count)
}

/// The text of a row's first column and the other cells.
fn parted<'r>(own: &'r [(usize, &'r str)]) -> (Option<&'r str>, &'r [(usize, &'r str)]) {
    match own {
        [(0, label), rest @ ..] => (Some(label), rest),
        own => (None, own),
    }
}

/// Rows whose label says what they are, whatever the columns: head, goals, total score, grade, remarks.
fn labelled_row(above: &Above<'_>, view: &RowView<'_>, patterns: &Patterns) -> Option<SectionKind> {
    let forms = &patterns.forms;
    let mut texts: Vec<&str> = view.own.iter().map(|(_, t)| t.as_str()).collect();
    // A label merged over columns may stand in each of them: 总分 ∣ 总分 ∣ 总分 ∣ 100 ∣ 98.25.
    let same = texts
        .iter()
        .skip(1)
        .take_while(|t| Some(*t) == texts.first() && !is_figure(t))
        .count();
    texts.drain(1..1 + same);
    let first = texts.first()?;
    let last_kind = above.kind();
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
        // 总体目标 ∣ 新建水池7座: a label with its one value, however short.
        let valued = goal_label && says_goal(view, patterns);
        if long || valued || expected || actual || (goal_label && last_kind == Some(SectionKind::Goals)) {
            return Some(SectionKind::Goals);
        }
    }
    let after_grid = matches!(last_kind, Some(SectionKind::Indicators | SectionKind::Closing));
    if after_grid {
        let figures = texts.iter().filter(|t| is_figure(t)).count();
        let graded = forms.is_grade(first) && known_headings < 3;
        if graded || above.open.is_some_and(|open| closes(open, view, patterns)) {
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
    if labelled_figures(view, above, patterns) {
        return Some(SectionKind::Money);
    }
    None
}

/// Whether all that stands beside a label of goals is one text over several columns that is no heading of others.
fn says_goal(view: &RowView<'_>, patterns: &Patterns) -> bool {
    let [_, (cell, text)] = view.own.as_slice() else {
        return false;
    };
    let forms = &patterns.forms;
    let level = forms.is_first_level(text) || forms.is_second_level(text);
    cell.col_span > 1 && !level && patterns.headers.role(text).is_none() && !forms.is_goal_heading(text)
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
        .filter(|(_, t)| !is_figure(t) && !is_nothing(t))
        .collect();
    let total = |text: &str| {
        patterns.forms.is_total_score(text)
            || text
                .split_once(':')
                .is_some_and(|(label, value)| patterns.forms.is_total_score(label) && is_figure(value))
    };
    let Some((_, label)) = words.iter().find(|(_, t)| total(t)) else {
        return false;
    };
    let figures = view.own.iter().any(|(_, t)| is_figure(t)) || label.contains(':');
    // A label beside the block, which a dump repeats in each of its rows, is no name.
    let repeats = |cell: &Cell, text: &str| {
        let column = open.columns.iter().rfind(|c| c.index <= cell.col);
        column.is_none_or(|c| c.header.is_empty() || fold(&c.header) == text)
    };
    let beside =
        |(cell, text): &&&(&Cell, String)| text != label && role(cell).is_none_or(named) && !repeats(cell, text);
    // 自评总分 ∣ 97 ∣ 自评等级 ∣ 优
    let graded = |word: &&&(&Cell, String)| {
        let before = words.iter().take_while(|w| !std::ptr::eq(**w, **word)).last();
        patterns.forms.is_grade(&word.1) || before.is_some_and(|(_, t)| patterns.forms.is_grade(t))
    };
    figures && words.iter().filter(beside).all(|word| graded(&word))
}

/// A row of a form's head: labels, each with its value. A row of headings over figures has been found before.
fn head_row(above: &Above<'_>, rows: &[RowView<'_>], view: &RowView<'_>, patterns: &Patterns) -> bool {
    let forms = &patterns.forms;
    let mut texts: Vec<&str> = view.own.iter().map(|(_, t)| t.as_str()).collect();
    // A cell merged over columns may stand in each of them.
    texts.dedup();
    let Some(first) = texts.first() else { return false };
    if forms.head_field(first).is_some() && texts.len() <= 8 {
        // 项目名称 ∣ 预算数 ∣ 执行数 is a header; a label with its value is a head.
        let second_is_heading = texts.get(1).is_some_and(|t| {
            let role = patterns.headers.role(t).map(|m| m.role);
            let heads = role.is_some_and(|role| role.measure().is_some() || role == ColumnRole::Indicator);
            heads && header::heads_beside_name(rows, view.own[0].0.row, patterns)
        });
        let figures = texts[1..].iter().filter(|t| is_figure(t)).count();
        let in_money = above.kind() == Some(SectionKind::Money) && figures > 0;
        // 项目完成时间 ∣ 2022年底前 ∣ 2022年11月 ∣ 100 ∣ 100 is an indicator: its points stand under their headings.
        let pointed = above.open.is_some_and(|open| {
            let points = |c: &&Column| matches!(c.role, ColumnRole::Weight | ColumnRole::Score);
            let under = |c: &Column| view.own.iter().any(|(cell, t)| cell.col == c.index && is_figure(t));
            texts.len() >= 3 && open.columns.iter().filter(points).any(under)
        });
        // 项目完成时间 ∣ 2022年12月底前 ∣ 2023年1月15日 under the headings of a grid: its name and values stand in their columns.
        let of_grid = above.open.is_some_and(|open| {
            let under = |roles: &[ColumnRole]| {
                let mut columns = open.columns.iter().filter(|c| roles.contains(&c.role));
                columns.any(|c| view.own.iter().any(|(cell, _)| cell.col == c.index))
            };
            open.kind == SectionKind::Indicators
                && open.body.end == view.own[0].0.row
                && texts.len() >= 3
                && texts[1..].iter().all(|t| forms.head_field(t).is_none())
                && forms.head_field(first) == Some(HeadField::Other)
                && under(&[ColumnRole::Indicator, ColumnRole::Level3])
                && under(&[ColumnRole::Target, ColumnRole::ActualValue])
        });
        // 资金名称 ∣ 其中 over 中央 ∣ 省级: no label has the value 其中.
        let second_divides = texts.get(1).is_some_and(|t| forms.is_of_which_word(t));
        if !second_is_heading && !second_divides && !in_money && !pointed && !of_grid && figures * 2 <= texts.len() {
            return true;
        }
    }
    let labelled = first
        .split_once(':')
        .is_some_and(|(label, value)| !value.is_empty() && forms.head_field(label).is_some());
    labelled && texts.len() <= 4
}

/// Whether rows below have their cells under each of this row's cells: 项目名称 ∣ 建设内容 ∣ 建设期限 heads a list, and none of
/// its cells is the value of another.
fn heads_list(rows: &[RowView<'_>], row: usize, patterns: &Patterns) -> bool {
    let own = &rows[row].own;
    let same = |below: &RowView<'_>| {
        below.own.len() == own.len()
            && below.own.iter().zip(own).all(|((a, _), (b, _))| a.col == b.col)
            && below
                .own
                .first()
                .is_some_and(|(_, t)| patterns.forms.head_field(t).is_none() && !patterns.forms.is_goal_label(t))
    };
    own.len() >= 3 && rows.len() >= row + 3 && rows[row + 1..row + 3].iter().all(same)
}

/// Funding labels as rows: 全年预算数 ∣ 100 ∣ 全年执行数 ∣ 98, or 资金总额 ∣ 100 ∣ 其中：财政拨款 ∣ 80.
fn labelled_figures(view: &RowView<'_>, above: &Above<'_>, patterns: &Patterns) -> bool {
    let money_open = above.open.filter(|s| s.kind == SectionKind::Money);
    let in_columns = money_open.is_some_and(|s| !s.columns.is_empty());
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
    let figures = view.own.iter().filter(|(_, t)| is_figure(t)).count();
    let pairs = view
        .own
        .windows(2)
        .filter(|w| is_figure(&w[1].1) && !is_figure(&w[0].1));
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
        .filter(|w| is_figure(&w[1].1) && !is_figure(&w[0].1))
        .map(|w| w[0].1.as_str())
        .collect();
    let below = money_open.is_some_and(|s| s.columns.is_empty());
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
    wide && !is_figure(text) && !patterns.forms.is_total_row(text)
}
