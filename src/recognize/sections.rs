//! Cuts a table into sections by the classes of its rows: head, money, goals, indicators, closing rows.

use super::header::Header;
use super::rows::{Above, Class, classify};
use super::view::RowView;
use super::{columns, list};
use crate::model::{Cell, Column, ColumnRole, Section, SectionKind, Table};
use crate::pattern::Patterns;
use crate::text::shape::is_figure;

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
        let above = Above {
            open: out.list.last(),
            start,
            money_caption,
        };
        row = match classify(table, rows, row, &above, patterns) {
            Class::Empty => {
                extend(&mut out, row);
                row + 1
            }
            Class::Labelled(kind) => {
                push_or_extend(&mut out, kind, row);
                row + 1
            }
            Class::Header(found) => open_section(&mut out, found, money_caption, patterns),
            Class::Sideways(found) => {
                out.evidence
                    .push(format!("第{}行起名称横排，分值、得分在其下各行", row + 1));
                let next = found.body.end;
                out.list.push(found);
                next
            }
            Class::Structure(found) => {
                out.evidence.push("表头按结构判定：文字行在上，数字行在下".to_owned());
                open_section(&mut out, found, true, patterns)
            }
            Class::Repeated(count) => {
                out.evidence.push(format!("第{}行是重复的表头", row + 1));
                (row..row + count).fold(row, |_, row| skip(&mut out, row))
            }
            Class::ColumnNumbers => {
                out.evidence.push(format!("第{}行是栏次，不是数据", row + 1));
                skip(&mut out, row)
            }
            Class::Note => skip(&mut out, row),
            Class::Banner => {
                out.evidence
                    .push(format!("第{}行是标题行“{}”", row + 1, rows[row].own[0].1));
                extend(&mut out, row);
                row + 1
            }
            Class::Body => {
                body(&mut out, &rows[row], row);
                row + 1
            }
        };
    }
    out
}

/// Puts a row into the open section, or among the unread ones where its figures belong to nothing.
fn body(out: &mut Sections, view: &RowView<'_>, row: usize) {
    // 合计 as the first row of a grid, or between its rows: what follows still stands under the grid's headings.
    if let [.., grid, closing] = out.list.as_slice()
        && closing.kind == SectionKind::Closing
        && closing.body.end == row
        && grid.kind == SectionKind::Indicators
        && stands_under(grid, view)
    {
        let again = Section {
            header: row..row,
            body: row..row + 1,
            skipped: Vec::new(),
            lines: Vec::new(),
            ..grid.clone()
        };
        out.list.push(again);
        return;
    }
    let figure = |(_, text): &(&Cell, String)| is_figure(text);
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
}

/// Whether a row has a name and points or values under the headings of a grid.
fn stands_under(grid: &Section, view: &RowView<'_>) -> bool {
    let under = |roles: &[ColumnRole], figures: bool| {
        grid.columns.iter().filter(|c| roles.contains(&c.role)).any(|c| {
            let cell = view.own.iter().find(|(cell, _)| cell.col == c.index);
            cell.is_some_and(|(_, t)| !figures || is_figure(t))
        })
    };
    let named = under(&[ColumnRole::Indicator, ColumnRole::Level3, ColumnRole::Level2], false);
    let valued = under(&[ColumnRole::Weight, ColumnRole::Score], true)
        || under(&[ColumnRole::Target, ColumnRole::ActualValue], false);
    named && valued && view.own.len() >= 3
}

/// Takes a row into the open section as one that holds no fact; gives the next row.
fn skip(out: &mut Sections, row: usize) -> usize {
    if let Some(open) = out.list.last_mut() {
        open.body.end = row + 1;
        open.skipped.push(row);
    }
    row + 1
}

/// Opens the section that a header heads, or goes on with the one before when its header is repeated.
fn open_section(out: &mut Sections, mut found: Header, money_caption: bool, patterns: &Patterns) -> usize {
    let next = found.rows.end;
    // A scoring sheet whose items are called neither indicator nor level.
    if found.has(ColumnRole::Weight) && found.has(ColumnRole::Score) && !found.is_indicators() && !found.is_money() {
        let item = |c: &&mut Column| patterns.headers.is_scoring_item(c.leaf());
        if let Some(column) = found.columns.iter_mut().find(item) {
            column.role = ColumnRole::Indicator;
        }
    }
    // 项目 ∣ 年度目标 ∣ 完成情况 ∣ 分值 ∣ 得分: where the items are scored as indicators, their goals are the targets.
    if found.is_indicators() && !found.has(ColumnRole::Target) {
        let goal = |c: &&mut Column| {
            let forms = &patterns.forms;
            c.role == ColumnRole::Other && (forms.is_goal_expected(c.leaf()) || forms.is_goal_label(c.leaf()))
        };
        if let Some(column) = found.columns.iter_mut().find(goal) {
            column.role = ColumnRole::Target;
        }
    }
    let levels = found.has(ColumnRole::Level1) || found.has(ColumnRole::Level2);
    // 资金（万元） under no heading that is known, beside names.
    let states_money = || {
        let stated = |c: &Column| columns::states_money(&c.header, patterns);
        found.has(ColumnRole::Project) && found.columns.iter().any(stated)
    };
    let kind = if found.is_indicators() {
        SectionKind::Indicators
    } else if found.is_money() || found.sources {
        SectionKind::Money
    } else if found.has(ColumnRole::Indicator) && levels {
        SectionKind::Indicators // targets may stand in one column for each project
    } else if money_caption && found.columns.len() >= 2 || states_money() {
        SectionKind::Money
    } else if list::tells(&found, patterns) {
        SectionKind::Projects
    } else {
        // Known headings that make no facts (名单 and the like): leave the rows to nobody.
        out.evidence
            .push(format!("第{}行的表头没有金额或指标栏", found.rows.start + 1));
        return next;
    };
    // What stands above the first of them (a title, a row of another table) is not repeated with it.
    let below = |path: &str, heading: &str| path.strip_suffix(heading).is_some_and(|above| above.ends_with('/'));
    let same = |open: &Section| {
        let pairs = open.columns.iter().zip(&found.columns);
        open.kind == kind
            && open.body.end == found.rows.start
            && open.columns.len() == found.columns.len()
            && pairs.into_iter().all(|(a, b)| {
                let again = a.header == b.header || below(&a.header, &b.header);
                a.index == b.index && (again && a.role == b.role || b.header.is_empty())
            })
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
        unit: None,
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
            unit: None,
            lines: Vec::new(),
        }),
    }
}
