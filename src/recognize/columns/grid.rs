//! Columns of indicator grids: which of several names the indicator, holds its points and its score.

use super::super::profile::{Profile, Shape, shape};
use super::texts;
use crate::model::{Column, ColumnRole, Section, Table};
use crate::pattern::Patterns;
use crate::pattern::checks::WordList;
use crate::text::fold::fold;
use rust_decimal::Decimal;
use std::collections::BTreeSet;

/// Settles the columns of a grid. Each level may have points of its own right of it (一级指标 ∣ 分值 ∣ 二级指标 ∣ 分值 ∣ 三级指标 ∣
/// 分值), and a reviewer's score may stand beside the reporter's: the pair that belongs to the row is the one right of the
/// last level.
pub fn settle(table: &Table, section: &mut Section, patterns: &Patterns, evidence: &mut Vec<String>) {
    latest_year(section, patterns, evidence);
    divide_names(table, section, evidence);
    name_unknown(table, section, patterns, evidence);
    drop_blank(table, section, evidence);
    let at = |columns: &[Column], role: ColumnRole| -> Vec<usize> {
        columns
            .iter()
            .enumerate()
            .filter(|(_, c)| c.role == role)
            .map(|(i, _)| i)
            .collect()
    };
    let columns = &section.columns;
    let levelled = columns
        .iter()
        .any(|c| matches!(c.role, ColumnRole::Level1 | ColumnRole::Level2));
    let first = columns.iter().any(|c| c.role == ColumnRole::Level1);
    let names = at(columns, ColumnRole::Indicator);
    if names.is_empty() && !levelled {
        return;
    }
    let words = &patterns.tables.columns;
    let says = |column: &Column, words: &WordList| words.within(&column.header);
    let name = names
        .iter()
        .copied()
        .find(|i| says(&columns[*i], &words.finest))
        .or_else(|| names.iter().copied().find(|i| says(&columns[*i], &words.third)))
        .or(names.last().copied());
    // Of several columns under one heading the last names the indicator.
    let alike = |i: &usize| name.is_some_and(|n| columns[n].header == columns[*i].header);
    let name = names.iter().copied().rfind(alike);
    for other in names.iter().filter(|i| Some(**i) != name) {
        // 三级指标 beside 四级指标 is a level; 绩效指标 left of the levels labels the block.
        let cells = texts(table, section, *other);
        let labels = || cells.iter().map(|(_, t)| t.as_str()).filter(|t| !t.is_empty());
        let most = |is: &dyn Fn(&str) -> bool| {
            labels().count() > 0 && labels().filter(|t| is(t)).count() * 2 > labels().count()
        };
        section.columns[*other].role = if says(&section.columns[*other], &words.third) {
            ColumnRole::Level3
        } else if !first && most(&|t| patterns.forms.is_first_level(t)) {
            ColumnRole::Level1
        } else if !levelled && most(&|t| patterns.forms.is_second_level(t)) {
            ColumnRole::Level2
        } else {
            ColumnRole::Other
        };
    }
    let columns = &section.columns;
    let last_name = name
        .or_else(|| at(columns, ColumnRole::Level2).last().copied())
        .or_else(|| at(columns, ColumnRole::Level1).last().copied());
    let (weights, scores) = (at(columns, ColumnRole::Weight), at(columns, ColumnRole::Score));
    let own = |all: &[usize]| -> Vec<usize> {
        let right: Vec<usize> = all.iter().copied().filter(|i| Some(*i) > last_name).collect();
        if right.is_empty() { all.to_vec() } else { right }
    };
    let mut weight = own(&weights);
    let mut score = own(&scores);
    // 三级指标 ∣ 得分 ∣ 评价标准 ∣ 得分: the first are the points that can be had, where none is below the score beside it.
    if weights.is_empty()
        && let [full, got] = score[..]
        && columns[full].header == columns[got].header
        && is_bounded(table, section, full, got, patterns)
    {
        evidence.push(format!(
            "第{}列“{}”各行均不小于第{}列，为满分",
            section.columns[full].index + 1,
            section.columns[full].header,
            section.columns[got].index + 1
        ));
        section.columns[full].role = ColumnRole::Weight;
        weight = vec![full];
        score = vec![got];
    }
    let chosen = |list: &[usize]| {
        list.iter()
            .copied()
            .find(|i| says(&section.columns[*i], &words.own_score))
            .or_else(|| {
                list.iter()
                    .copied()
                    .find(|i| words.score.is(&section.columns[*i].header))
            })
            .or(list.first().copied())
    };
    // 权重 ∣ 满分 ∣ 评分 ∣ 加权得分: the score of the indicator is the one within its points.
    if let (Some(full), true) = (weight.first().copied(), score.len() > 1) {
        let within: Vec<usize> = score
            .iter()
            .copied()
            .filter(|got| is_bounded(table, section, full, *got, patterns))
            .collect();
        if within.len() == 1 {
            score = within;
        }
    }
    let (weight, score) = (weight.first().copied(), chosen(&score));
    for (all, own, why) in [
        (weights, weight, "上级指标的分值"),
        (scores, score, "上级指标或另一方的得分"),
    ] {
        for other in all.into_iter().filter(|i| Some(*i) != own && Some(*i) != weight) {
            section.columns[other].role = ColumnRole::Other;
            evidence.push(format!(
                "第{}列“{}”是{why}",
                section.columns[other].index + 1,
                section.columns[other].header
            ));
        }
    }
}

/// Where no heading names the indicators, the words under a heading that nobody knows, right of the levels and left of the
/// values, one a row, are their names: 一级指标 ∣ 二级指标 ∣ 考核要点 ∣ 目标值.
fn name_unknown(table: &Table, section: &mut Section, patterns: &Patterns, evidence: &mut Vec<String>) {
    let level = |c: &Column| matches!(c.role, ColumnRole::Level1 | ColumnRole::Level2 | ColumnRole::Level3);
    let value = |c: &Column| {
        matches!(
            c.role,
            ColumnRole::Target | ColumnRole::ActualValue | ColumnRole::Weight | ColumnRole::Score
        )
    };
    let columns = &section.columns;
    let (Some(last), false) = (
        columns.iter().rposition(level),
        columns.iter().any(|c| c.role == ColumnRole::Indicator),
    ) else {
        return;
    };
    let end = columns.iter().position(value).unwrap_or(columns.len());
    let rows = |p: usize| texts(table, section, p).into_iter().filter(|(_, t)| is_name(t));
    let own: Vec<usize> = (last + 1..end)
        .filter(|p| columns[*p].role == ColumnRole::Other && !columns[*p].header.is_empty())
        .filter(|p| patterns.headers.role(columns[*p].leaf()).is_none())
        .filter(|p| {
            let names: BTreeSet<String> = rows(*p).map(|(_, t)| t).collect();
            names.len() > 1 && names.len() * 10 >= section.rows().count() * 8
        })
        .collect();
    if let [only] = own[..] {
        evidence.push(format!(
            "“{}”栏在各级指标之右、指标值之左，各行不同，为指标名称",
            section.columns[only].header
        ));
        section.columns[only].role = ColumnRole::Indicator;
    }
}

/// A heading of names over several grid columns (指标名称 over 产出指标 ∣ 建设示范村) heads each of those in which most rows have a
/// word of their own.
fn divide_names(table: &Table, section: &mut Section, evidence: &mut Vec<String>) {
    let mut position = 0;
    while position < section.columns.len() {
        let column = section.columns[position].clone();
        let next = section.columns.get(position + 1).map_or(table.cols(), |c| c.index);
        position += 1;
        if column.role != ColumnRole::Indicator || next == column.index + 1 {
            continue;
        }
        let words = |row: usize, col: usize| {
            let own = table.at(row, col).filter(|c| c.row == row && c.col == col);
            own.is_some_and(|c| is_name(&fold(&c.text)))
        };
        let named = |row: &usize| (column.index..next).any(|col| words(*row, col));
        let rows: Vec<usize> = section.rows().filter(named).collect();
        let divides = |col: &usize| rows.iter().filter(|row| words(**row, *col)).count() * 2 > rows.len();
        for col in (column.index + 1..next).filter(divides) {
            evidence.push(format!("第{}列也在“{}”栏下", col + 1, column.header));
            let another = Column {
                index: col,
                number: None,
                ..column.clone()
            };
            section.columns.insert(position, another);
            position += 1;
        }
    }
}

fn is_name(folded: &str) -> bool {
    matches!(shape(folded), Shape::Words) && !folded.is_empty()
}

/// Of several columns of targets or actuals those that hold next to nothing are none: a label beside the block
/// (绩效指标完成情况), or a heading that a dump repeats over merged cells.
fn drop_blank(table: &Table, section: &mut Section, evidence: &mut Vec<String>) {
    for role in [ColumnRole::Target, ColumnRole::ActualValue] {
        let filled: Vec<(usize, usize)> = (0..section.columns.len())
            .filter(|p| section.columns[*p].role == role)
            .map(|p| {
                let heading = fold(&section.columns[p].header);
                let cells = texts(table, section, p);
                (p, cells.iter().filter(|(_, t)| !t.is_empty() && *t != heading).count())
            })
            .collect();
        let most = filled.iter().map(|(_, n)| *n).max().unwrap_or(0);
        for (p, _) in filled.iter().filter(|(_, n)| *n == 0 && most > 0 || *n * 4 < most) {
            section.columns[*p].role = ColumnRole::Other;
            evidence.push(format!(
                "“{}”栏下几乎没有内容，不作{}",
                section.columns[*p].header,
                role.name()
            ));
        }
    }
}

/// Of targets and actuals under several years only those of the latest are this report's.
fn latest_year(section: &mut Section, patterns: &Patterns, evidence: &mut Vec<String>) {
    for role in [ColumnRole::Target, ColumnRole::ActualValue] {
        let dated: Vec<(usize, u16)> = (0..section.columns.len())
            .filter(|p| section.columns[*p].role == role)
            .filter_map(|p| Some((p, patterns.headers.year(&section.columns[p].header)?)))
            .collect();
        let Some(latest) = dated.iter().map(|(_, y)| *y).max() else {
            continue;
        };
        // 2017年实际值 beside 实际完成值: what is of a year is not of this one, where another is of none.
        let undated = section.columns.iter().filter(|c| c.role == role).count() > dated.len();
        for (p, _) in dated.iter().filter(|(_, y)| *y < latest || undated) {
            section.columns[*p].role = ColumnRole::Other;
            evidence.push(format!("“{}”属以前年度", section.columns[*p].header));
        }
    }
}

/// Whether, in every row where both columns hold a number, the first is not less than the second, and such rows are most.
fn is_bounded(table: &Table, section: &Section, first: usize, second: usize, patterns: &Patterns) -> bool {
    let point = &patterns.tables.columns.point;
    let number = |text: &str| point.trim_end(text).parse::<Decimal>().ok();
    let right = texts(table, section, second);
    let (mut holds, mut fails) = (0usize, 0usize);
    for (row, text) in texts(table, section, first) {
        let other = right.iter().find(|(r, _)| *r == row).and_then(|(_, t)| number(t));
        if let (Some(a), Some(b)) = (number(&text), other) {
            if a >= b { holds += 1 } else { fails += 1 }
        }
    }
    holds >= 1 && fails == 0
}

/// A grid whose targets stand in one column for each project or unit: headings that nobody knows over values.
pub fn targets_by_column(table: &Table, section: &mut Section, patterns: &Patterns, evidence: &mut Vec<String>) {
    let has = |role: ColumnRole| section.columns.iter().any(|c| c.role == role);
    let named = has(ColumnRole::Indicator) && (has(ColumnRole::Level1) || has(ColumnRole::Level2));
    let valued = [
        ColumnRole::Target,
        ColumnRole::ActualValue,
        ColumnRole::Weight,
        ColumnRole::Score,
    ];
    if !named || valued.into_iter().any(has) {
        return;
    }
    let unknown: Vec<usize> = (0..section.columns.len())
        .filter(|p| section.columns[*p].role == ColumnRole::Other && !section.columns[*p].header.is_empty())
        .collect();
    // Names of places, units or projects, or all of them below one heading; what else may stand there nobody knows.
    let parts = |p: &usize| section.columns[*p].header.rsplit_once('/');
    let upper = unknown.first().and_then(parts).map(|(above, _)| above.to_owned());
    let together = upper.is_some()
        && unknown
            .iter()
            .all(|p| parts(p).map(|(above, _)| above) == upper.as_deref());
    let place = |p: &usize| {
        let leaf = parts(p).map_or(section.columns[*p].header.as_str(), |(_, leaf)| leaf);
        patterns.forms.names_place(leaf)
    };
    let placed: Vec<usize> = unknown.iter().copied().filter(|p| together || place(p)).collect();
    for position in placed {
        let column = &section.columns[position];
        let cells = texts(table, section, position);
        let filled: Vec<&String> = cells.iter().map(|(_, t)| t).filter(|t| !t.is_empty()).collect();
        let values = filled
            .iter()
            .filter(|t| t.chars().count() <= 12 && t.chars().any(|c| c.is_ascii_digit()))
            .count();
        let profile = Profile::of(cells.iter().map(|(_, t)| t.as_str()));
        if values > 0 && values * 2 >= filled.len() && !profile.sequence && !profile.is_codes() {
            evidence.push(format!("“{}”是项目或单位，其下各行是它的指标值", column.header));
            section.columns[position].role = ColumnRole::Target;
        }
    }
}

/// Whether a grid tells more than names: targets, actuals or points.
pub fn tells(section: &Section) -> bool {
    section.columns.iter().any(|c| {
        matches!(
            c.role,
            ColumnRole::Target | ColumnRole::ActualValue | ColumnRole::Weight | ColumnRole::Score
        )
    })
}
