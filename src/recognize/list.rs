//! Tables that list projects or tasks, one a row, with goals, scores and grades: 项目名称 ∣ 年度目标 ∣ 完成情况 ∣ 得分.

use super::header::Header;
use super::view::RowView;
use crate::model::{Column, ColumnRole, SectionKind};
use crate::pattern::Patterns;
use crate::pattern::forms::HeadField;
use crate::text::shape::is_figure;

/// The header of a list that begins at a row: headings next to each other, none of them the value of another, and below
/// them a row that has its name under the heading of names. A form's head and goals have the same words, each beside or
/// above its one value.
pub fn header(
    rows: &[RowView<'_>],
    row: usize,
    open: Option<SectionKind>,
    built: &dyn Fn() -> Header,
    patterns: &Patterns,
) -> Option<Header> {
    let own = &rows.get(row)?.own;
    // Between the indicators of a grid, or below the goals of a form, the same words head other things.
    let listed = matches!(
        open,
        None | Some(SectionKind::Projects | SectionKind::Head | SectionKind::Money)
    );
    if own.len() < 3 || !listed {
        return None;
    }
    let named = own.iter().any(|(_, t)| names_projects(t, patterns));
    let unknown = || own.iter().filter(|(_, t)| !is_heading(t, patterns)).count();
    if !named || unknown() * 3 > own.len() {
        return None;
    }
    let found = built();
    let of_indicators = [ColumnRole::Indicator, ColumnRole::Level1, ColumnRole::Level2];
    if of_indicators.into_iter().any(|role| found.has(role)) || found.is_indicators() || !tells(&found, patterns) {
        return None;
    }
    let below = rows.get(found.rows.end)?;
    let name = found.columns.iter().rfind(|c| names_projects(c.leaf(), patterns))?;
    let under = |(cell, _): &(&crate::model::Cell, String)| found.columns.iter().any(|c| c.index == cell.col);
    let words = |text: &str| !is_figure(text) && !is_heading(text, patterns);
    let has_name = below.own.iter().any(|(cell, t)| cell.col == name.index && words(t));
    (has_name && below.own.len() >= 2 && below.own.iter().all(under)).then_some(found)
}

/// Whether headings are those of a list of projects: names beside goals, scores or grades.
pub fn tells(found: &Header, patterns: &Patterns) -> bool {
    let forms = &patterns.forms;
    let any = |is: &dyn Fn(&Column) -> bool| found.columns.iter().any(is);
    let named = any(&|c| c.role == ColumnRole::Project || names_projects(c.leaf(), patterns));
    let goal = any(&|c| forms.is_goal_expected(c.leaf()) || forms.is_goal_label(c.leaf()));
    let reached = any(&|c| forms.is_goal_actual(c.leaf()) || c.role == ColumnRole::ActualValue);
    let judged = any(&|c| c.role == ColumnRole::Score || forms.is_grade(c.leaf()));
    named && (judged || goal && reached)
}

fn names_projects(text: &str, patterns: &Patterns) -> bool {
    patterns.forms.head_field(text) == Some(HeadField::Project)
        || patterns
            .headers
            .role(text)
            .is_some_and(|m| m.role == ColumnRole::Project)
}

fn is_heading(text: &str, patterns: &Patterns) -> bool {
    let forms = &patterns.forms;
    patterns.headers.role(text).is_some()
        || forms.is_goal_heading(text)
        || forms.is_grade(text)
        || forms.head_field(text).is_some()
        || forms.is_code_heading(text)
}
