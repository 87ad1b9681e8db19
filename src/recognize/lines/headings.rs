//! Rows of figures without a name, where the headings say what the figures are of: 公务接待费 over 预算数 and 决算数.

use super::{measure, subject_of_measure};
use crate::model::{ColumnRole, Figure, FigureKind, Line, RowRole};
use crate::pattern::Patterns;
use crate::text::fold::fold;

/// A row of figures without a name: each group of headings (公务接待费: 预算数, 决算数) is a line of its own.
///
/// The headings' levels give the roles: 购置费 and 运行费 under the heading of a 小计 are parts of it, and what stands
/// beside the heading of the 合计 (机关运行经费) is no part of it. `beside` is the measure that the label beside the block says
/// the figures are of (年度预算), where their headings say none.
pub(super) fn by_headings(line: Line, beside: Option<ColumnRole>, patterns: &Patterns) -> Vec<Line> {
    // Headings that say the same twice (as those of a torn grid may) tell no figure from another.
    let mut said: Vec<(Vec<String>, ColumnRole)> =
        line.figures.iter().map(|f| subject_of_headings(f, patterns)).collect();
    said.sort();
    if said.windows(2).any(|pair| pair[0] == pair[1]) {
        return vec![line];
    }
    let before = year_before(&line.figures, patterns);
    let spent = |role: ColumnRole| matches!(role, ColumnRole::FinalAccounts | ColumnRole::Actual);
    let outlay = line.figures.iter().any(|figure| {
        patterns.headers.year(&figure.header) == before && spent(subject_of_headings(figure, patterns).1)
    });
    let mut lines: Vec<(Vec<String>, Line)> = Vec::new();
    for mut figure in line.figures {
        let (words, mut role) = subject_of_headings(&figure, patterns);
        if role.is_money() && before.is_some() && patterns.headers.year(&figure.header) == before {
            // Of last year's budget and outlay the outlay is what 上年 means.
            role = if spent(role) || !outlay {
                ColumnRole::PriorYear
            } else {
                ColumnRole::Other
            };
        }
        if let (ColumnRole::Other, FigureKind::Money, Some(measure)) = (role, figure.kind, beside) {
            role = measure;
        }
        let label = match words.as_slice() {
            [] => figure.header.clone(),
            [.., whole, sum] if sums(sum, patterns) => format!("{whole}{sum}"),
            [.., last] => last.clone(),
        };
        figure.role = role;
        let known = lines
            .iter_mut()
            .find(|(_, l)| l.label.as_ref() == Some(&label) && l.figures.iter().all(|f| f.role != role));
        match known {
            Some((_, open)) => open.figures.push(figure),
            None => {
                let line = Line {
                    row: line.row,
                    name: None,
                    label: Some(label),
                    among_named: false,
                    group: None,
                    role: RowRole::Item,
                    figures: vec![figure],
                };
                lines.push((words, line));
            }
        }
    }
    let of_part = |word: &str| patterns.tables.columns.part_sums.is(&fold(word));
    let heads: Vec<(Vec<String>, bool)> = lines
        .iter()
        .filter_map(|(words, _)| {
            let (last, whole) = words.split_last().filter(|(last, _)| sums(last, patterns))?;
            Some((whole.to_vec(), !of_part(last)))
        })
        .collect();
    let total = heads.iter().find(|(_, total)| *total).map(|(whole, _)| whole.clone());
    let part = |words: &[String]| words.len() > 1 && patterns.forms.divides_total(&words[0]);
    let divided = lines.iter().any(|(words, _)| part(words));
    for (words, line) in &mut lines {
        let own = words
            .split_last()
            .filter(|(last, _)| sums(last, patterns))
            .map(|(_, whole)| whole);
        let part_of = |whole: &[String]| !whole.is_empty() && words.len() > whole.len() && words.starts_with(whole);
        line.role = match own {
            Some(_) if words.last().is_some_and(|w| !of_part(w)) => RowRole::Total,
            Some(_) => RowRole::Item,
            // 资金总额 beside 按收入性质分 and 按支出性质分, over what each divides it into.
            None if divided && is_whole(words, patterns) => RowRole::Total,
            None if part(words) => RowRole::OfWhich,
            None if heads.iter().any(|(whole, total)| !total && part_of(whole)) => RowRole::OfWhich,
            None => RowRole::Item,
        };
    }
    // What is no part of the 合计 stands before it, so that no reader takes it for the end of its parts.
    let outside = |words: &[String]| {
        total
            .as_ref()
            .is_some_and(|whole| !whole.is_empty() && !words.starts_with(whole))
    };
    lines.sort_by_key(|(words, _)| !outside(words));
    lines.into_iter().map(|(_, line)| line).collect()
}

/// The earlier of two years that follow one another, where the headings name these and no other: 2022年预算数 and
/// 2023年预算数 over the same items.
fn year_before(figures: &[Figure], patterns: &Patterns) -> Option<u16> {
    let mut years: Vec<u16> = figures
        .iter()
        .filter_map(|f| patterns.headers.year(&f.header))
        .collect();
    years.sort_unstable();
    years.dedup();
    match years[..] {
        [earlier, later] if later == earlier + 1 => Some(earlier),
        _ => None,
    }
}

fn is_whole(words: &[String], patterns: &Patterns) -> bool {
    words.iter().all(|word| patterns.forms.is_total_row(word))
}

/// Whether a heading says no more than that a sum stands below it.
fn sums(word: &str, patterns: &Patterns) -> bool {
    patterns.tables.columns.sums.is(&fold(word))
}

/// What a figure's headings say it is of, without the measure, and the measure's role.
fn subject_of_headings(figure: &Figure, patterns: &Patterns) -> (Vec<String>, ColumnRole) {
    let parts: Vec<&str> = figure.header.split('/').collect();
    let found = parts.iter().rposition(|p| measure(p, patterns).is_some());
    let role = found.and_then(|i| measure(parts[i], patterns)).unwrap_or(figure.role);
    let mut words: Vec<String> = parts
        .iter()
        .enumerate()
        .filter(|(i, _)| Some(*i) != found)
        .map(|(_, p)| (*p).to_owned())
        .collect();
    if let Some((i, subject)) = found.and_then(|i| Some((i, subject_of_measure(&fold(parts[i]), patterns)?))) {
        words.insert(i.min(words.len()), subject);
    }
    (words, role)
}
