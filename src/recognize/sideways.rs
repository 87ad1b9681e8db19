//! Scoring sheets laid sideways: the names side by side in one row, and below them a row of points and a row of scores.

use super::view::RowView;
use crate::model::{Cell, ColumnRole, Section, SectionKind};
use crate::pattern::Patterns;
use crate::text::mark::is_nothing;
use crate::text::shape::is_figure;

/// Most rows of names: one a level.
const MOST_LEVELS: usize = 4;

/// The section that begins at a row: rows of names, each behind the heading of its level, then rows of values, each behind
/// its own heading. At least one of them holds points or scores.
pub fn section(rows: &[RowView<'_>], start: usize, patterns: &Patterns) -> Option<Section> {
    let levels = rows[start..].iter().take(MOST_LEVELS);
    let names = levels.take_while(|row| names_items(row, patterns)).count();
    let below = start + names;
    let first = rows.get(below).filter(|_| names > 0)?.own.first()?.0.col;
    let values = rows[below..]
        .iter()
        .take_while(|row| holds_values(row, first, patterns))
        .count();
    let end = below + values;
    let points = |row: &RowView<'_>| {
        let role = row.own.first().and_then(|(_, t)| patterns.headers.role(t));
        let pointed = role.is_some_and(|m| matches!(m.role, ColumnRole::Weight | ColumnRole::Score));
        pointed && row.own.iter().skip(1).filter(|(_, t)| is_figure(t)).count() >= 2
    };
    // Every value stands below a name.
    let covers = |name: &Cell, col: usize| (name.col..name.col + name.col_span).contains(&col);
    let named = |cell: &Cell| {
        let mut names = rows[start..below].iter().flat_map(|row| row.own.iter().skip(1));
        names.any(|(name, _)| covers(name, cell.col))
    };
    let under = |row: &RowView<'_>| row.own.iter().skip(1).all(|(cell, _)| named(cell));
    let body = &rows[below..end];
    (body.iter().any(points) && body.iter().all(under)).then(|| Section {
        kind: SectionKind::Sideways,
        header: start..below,
        body: below..end,
        skipped: Vec::new(),
        columns: Vec::new(),
        sides: Vec::new(),
        unit: None,
        lines: Vec::new(),
    })
}

/// 一级指标 ∣ 决策 ∣ 过程 ∣ 产出: one heading of names, and words that are none.
fn names_items(row: &RowView<'_>, patterns: &Patterns) -> bool {
    let [(_, heading), names @ ..] = row.own.as_slice() else {
        return false;
    };
    let role = patterns.headers.role(heading).map(|m| m.role);
    let levels = [
        ColumnRole::Level1,
        ColumnRole::Level2,
        ColumnRole::Level3,
        ColumnRole::Indicator,
        ColumnRole::Project,
    ];
    let headed = role.is_some_and(|role| levels.contains(&role)) || patterns.headers.is_scoring_item(heading);
    if !headed {
        return false;
    }
    let word = |text: &str| !is_figure(text) && !is_nothing(text);
    // 预算完成率 is the name of an indicator as well as a heading: headings throughout are a header.
    let heading = |text: &str| patterns.headers.role(text).is_some() && !patterns.forms.is_total_score(text);
    let headings = names.iter().filter(|(_, t)| heading(t)).count();
    names.iter().all(|(_, t)| word(t)) && headings * 2 < names.len()
}

/// 权重 ∣ 20 ∣ 20 ∣ 60: a known heading in the first column, and values.
fn holds_values(row: &RowView<'_>, first: usize, patterns: &Patterns) -> bool {
    let [(cell, heading), values @ ..] = row.own.as_slice() else {
        return false;
    };
    let known = patterns.headers.role(heading).is_some() || patterns.headers.figure_kind(heading).is_some();
    cell.col == first && known && !is_figure(heading) && values.iter().any(|(_, t)| is_figure(t))
}
