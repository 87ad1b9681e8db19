//! Points that each level of a scoring sheet has beside its name: 一级指标 ∣ 标准分 ∣ 得分 ∣ 二级指标 ∣ 标准分 ∣ 得分.

use super::cells::{TableContext, points};
use super::indicator::label;
use crate::model::{Cell, ColumnRole, Exact, Score, ScoreKind, Section};
use crate::pattern::Patterns;
use crate::text::fold::fold;
use rust_decimal::Decimal;
use std::ops::Range;

/// The points of each level above the indicators of a grid, the upper levels first.
pub fn scores(
    context: &TableContext<'_>,
    section: &Section,
    project: &dyn Fn(usize) -> Option<String>,
    patterns: &Patterns,
) -> Vec<Score> {
    let mut out = Vec::new();
    for level in levels(section) {
        let Some(points) = Points::of(context, section, &level, patterns) else {
            continue;
        };
        for (row, _) in groups(context, section, level.name) {
            let full = points.full.and_then(|p| number(context, section, row, p));
            let value = points.value.and_then(|p| number(context, section, row, p));
            let (Some((cell, _)), Some(named)) = (value.or(full), own(context, section, row, level.name)) else {
                continue;
            };
            out.push(Score {
                project: project(row),
                kind: ScoreKind::Section,
                name: label(named).text,
                value: value.map(|(_, points)| points),
                full: full.map(|(_, points)| points),
                grade: None,
                table: Some(context.recognized.id.clone()),
                full_source: full.map(|(cell, _)| context.source(cell)),
                source: context.source(cell),
            });
        }
    }
    out
}

/// A level: the position of its names, and those of the columns up to the next names.
struct Level {
    name: usize,
    right: Range<usize>,
}

/// The levels left of what names the indicators.
fn levels(section: &Section) -> Vec<Level> {
    let names: Vec<usize> = (0..section.columns.len())
        .filter(|p| {
            matches!(
                section.columns[*p].role,
                ColumnRole::Level1 | ColumnRole::Level2 | ColumnRole::Level3 | ColumnRole::Indicator
            )
        })
        .collect();
    let pairs = names.windows(2);
    pairs
        .map(|pair| Level {
            name: pair[0],
            right: pair[0] + 1..pair[1],
        })
        .collect()
}

/// Which columns hold the points of a level.
struct Points {
    full: Option<usize>,
    value: Option<usize>,
}

impl Points {
    /// By the headings; a single 得分 is what the sums of the indicators below say: the points that can be had, or those that
    /// were had. None where that stays open.
    fn of(context: &TableContext<'_>, section: &Section, level: &Level, patterns: &Patterns) -> Option<Points> {
        let headed = |role: ColumnRole| -> Vec<usize> {
            let own = level.right.clone().filter(|p| {
                let column = &section.columns[*p];
                let said = patterns.headers.role(column.leaf()).map(|m| m.role);
                column.role == ColumnRole::Other && said == Some(role)
            });
            own.collect()
        };
        let (full, value) = match (&headed(ColumnRole::Weight)[..], &headed(ColumnRole::Score)[..]) {
            (&[full], &[value]) => (Some(full), Some(value)),
            (&[full], &[]) => (Some(full), None),
            (&[], &[only]) => match sums_to(context, section, level, only)? {
                ColumnRole::Weight => (Some(only), None),
                _ => (None, Some(only)),
            },
            _ => return None,
        };
        Some(Points { full, value })
    }
}

/// Whether the points of a level's column are, group by group, the sums of the indicators' points or of their scores.
fn sums_to(context: &TableContext<'_>, section: &Section, level: &Level, column: usize) -> Option<ColumnRole> {
    let position = |role: ColumnRole| section.columns.iter().position(|c| c.role == role);
    let holds = |role: ColumnRole| {
        let below = position(role)?;
        let mut told = 0usize;
        for (row, rows) in groups(context, section, level.name) {
            let Some((_, stated)) = number(context, section, row, column) else {
                continue;
            };
            let mut sum = Decimal::ZERO;
            for points in rows.filter_map(|row| number(context, section, row, below)) {
                sum = sum.checked_add(points.1.0)?;
            }
            if sum != stated.0 {
                return None;
            }
            told += 1;
        }
        (told > 0).then_some(role)
    };
    // Where every point was had the heading says which of the two it is.
    holds(ColumnRole::Score).or_else(|| holds(ColumnRole::Weight))
}

/// The rows in which a name of a level begins, each with the rows up to the next name of this level or of one above it.
fn groups(context: &TableContext<'_>, section: &Section, name: usize) -> Vec<(usize, Range<usize>)> {
    let upper: Vec<usize> = levels(section).iter().map(|l| l.name).filter(|p| *p <= name).collect();
    let begins: Vec<usize> = section
        .rows()
        .filter(|row| upper.iter().any(|p| own(context, section, *row, *p).is_some()))
        .collect();
    let ends = begins.iter().skip(1).copied().chain([section.body.end]);
    begins
        .iter()
        .zip(ends)
        .filter(|(row, _)| own(context, section, **row, name).is_some())
        .map(|(row, end)| (*row, *row..end))
        .collect()
}

/// A cell of the row itself that holds something.
fn own<'a>(context: &TableContext<'a>, section: &Section, row: usize, position: usize) -> Option<&'a Cell> {
    let cell = context.under(section, row, position).filter(|c| c.row == row)?;
    (!fold(&cell.text).is_empty()).then_some(cell)
}

/// The number of a row's own cell.
fn number<'a>(context: &TableContext<'a>, section: &Section, row: usize, position: usize) -> Option<(&'a Cell, Exact)> {
    let cell = own(context, section, row, position)?;
    Some((cell, points(cell)?))
}
