//! Lines whose labels stand right before their figures: 全年预算数 ∣ 100 ∣ 全年执行数 ∣ 98.

use super::{figure_kind_of, measure, subject_of_measure};
use crate::model::{ColumnRole, Figure, FigureKind, Line, RowRole, Section};
use crate::pattern::Patterns;
use crate::recognize::view::{RowView, inline_figure};
use crate::text::fold::fold;
use crate::text::shape::is_figure;

/// Label and figure in turn, or both in one cell.
///
/// 全年预算数 ∣ 100 ∣ 全年执行数 ∣ 98 is one line with two measures, also over several rows; 财政拨款 ∣ 100 ∣ 其他资金 ∣ 20
/// are two lines of a budget.
pub(super) fn lines(rows: &[RowView<'_>], section: &Section, patterns: &Patterns) -> Vec<Line> {
    let mut named: Vec<Line> = Vec::new();
    let mut measured: Vec<Line> = Vec::new();
    // Measures by the grid column of their label: what stands below them in pairs has the same measure.
    let mut above: Vec<(usize, ColumnRole, String)> = Vec::new();
    for row in section.rows() {
        let own = &rows[row].own;
        let pairs = own.windows(2).filter(|w| is_figure(&w[1].1) && !is_figure(&w[0].1));
        let labels: Vec<&str> = pairs.map(|w| w[0].1.as_str()).collect();
        let repeated =
            labels.len() >= 2 && labels.iter().all(|l| *l == labels[0]) && measure(labels[0], patterns).is_none();
        if repeated {
            named.extend(below_measures(own, row, &above));
            continue;
        }
        let outer = own
            .first()
            .filter(|(_, t)| measure(t, patterns).is_none() && inline_figure(t).is_none());
        let outer = outer
            .map(|(c, _)| c.col)
            .or_else(|| rows[row].carried.first().map(|c| c.col));
        // The measure that the labels of this row stand under: 实际到位 ∣ 1100 ∣ 其中：中央 ∣ 800, also merged downwards.
        let carried = rows[row]
            .carried
            .iter()
            .filter_map(|c| measure_of_sum(&fold(&c.text), patterns));
        let mut current: Option<ColumnRole> = carried.into_iter().next_back();
        for (i, (cell, text)) in own.iter().enumerate() {
            let (name, value) = match (inline_figure(text), own.get(i + 1)) {
                (Some((name, _)), _) => (name, *cell),
                (None, Some((value, figure))) if is_figure(figure) && !is_figure(text) => (text.as_str(), *value),
                _ => continue,
            };
            let inline = std::ptr::eq(*cell, value);
            let bare = patterns.tables.lines.done.is(name).then_some(ColumnRole::Actual);
            let said = measure(name, patterns).or(bare);
            current = measure_of_sum(name, patterns).or(said).or(current);
            if let Some(role) = said {
                above.retain(|(col, ..)| *col != cell.col);
                above.push((cell.col, role, name.to_owned()));
                let label = subject_of_measure(name, patterns);
                let figure = Figure {
                    row,
                    col: value.col,
                    role,
                    header: name.to_owned(),
                    kind: figure_kind_of(role),
                };
                let open = measured.iter_mut().find(|l| {
                    l.figures.iter().all(|f| f.role != role)
                        && (l.label == label || label.is_none() || l.label.is_none())
                });
                match open {
                    Some(line) => {
                        line.label = line.label.take().or(label);
                        line.figures.push(figure);
                    }
                    None => measured.push(Line {
                        row,
                        name: outer,
                        label,
                        // 计划资金 ∣ 60 ∣ 实际支出 ∣ 55.5 says all but a name.
                        among_named: outer.is_none(),
                        group: None,
                        role: RowRole::Total,
                        figures: vec![figure],
                    }),
                }
            } else if patterns.forms.is_total_row(name) || patterns.forms.is_funding_source(name) || inline {
                let total = patterns.forms.is_total_row(name);
                let (role, header) = match partition_above(rows, section, row, cell.col, patterns) {
                    Some(partition) => (ColumnRole::Other, partition),
                    None => (current.unwrap_or(ColumnRole::Budget), name.to_owned()),
                };
                let figure = Figure {
                    row,
                    col: value.col,
                    role,
                    header,
                    kind: FigureKind::Money,
                };
                // 中央财政资金 of the budget and of what was allocated is one line.
                let known = named.iter_mut().find(|l: &&mut Line| {
                    let text = l
                        .name
                        .and_then(|col| rows[l.row].own.iter().find(|(c, _)| c.col == col));
                    role != ColumnRole::Other
                        && text.is_some_and(|(_, t)| t == text_of(own, cell.col))
                        && l.figures.iter().all(|f| f.role != role && f.role != ColumnRole::Other)
                });
                if let Some(line) = known {
                    line.figures.push(figure);
                    continue;
                }
                named.push(Line {
                    row,
                    name: Some(cell.col),
                    label: None,
                    among_named: false,
                    group: None,
                    role: if total { RowRole::Total } else { RowRole::OfWhich },
                    figures: vec![figure],
                });
            }
        }
    }
    join_budget(rows, &mut measured, &mut named, patterns);
    measured.extend(named);
    measured
}

/// 预算总额 ∣ 1200 beside 实际到位 ∣ 1100 and 实际支出 ∣ 1000 is the budget of their line and none of its own.
fn join_budget(rows: &[RowView<'_>], measured: &mut [Line], named: &mut Vec<Line>, patterns: &Patterns) {
    let of_budget = |l: &Line| {
        let cells = &rows[l.row].own;
        let label = l.name.and_then(|col| cells.iter().find(|(c, _)| c.col == col));
        l.role == RowRole::Total
            && l.figures.len() == 1
            && label.is_some_and(|(_, t)| measure_of_sum(t, patterns) == Some(ColumnRole::Budget))
    };
    let without = |l: &&mut Line| {
        let money = |f: &Figure| f.role.is_money();
        l.label.is_none() && l.figures.iter().any(money) && l.figures.iter().all(|f| f.role != ColumnRole::Budget)
    };
    if named.iter().filter(|l| of_budget(l)).count() != 1 {
        return;
    }
    if let (Some(line), Some(at)) = (measured.iter_mut().find(without), named.iter().position(of_budget)) {
        line.figures.extend(named.remove(at).figures);
    }
}

/// The folded text of the cell that begins in a column.
fn text_of<'t>(own: &'t [(&crate::model::Cell, String)], col: usize) -> &'t str {
    own.iter().find(|(c, _)| c.col == col).map_or("", |(_, t)| t.as_str())
}

/// The measure that a label of money gives to the parts beside it: 实际到位, and 预算总额 for the budget.
fn measure_of_sum(label: &str, patterns: &Patterns) -> Option<ColumnRole> {
    let role = measure(label, patterns).filter(|r| r.is_money());
    let budget = patterns.forms.is_total_row(label) && patterns.tables.lines.budget.within(label);
    role.or(budget.then_some(ColumnRole::Budget))
}

/// 县财政 ∣ 60 ∣ 县财政 ∣ 58 below 计划安排资金 ∣ 60 ∣ 实际到位资金 ∣ 58: one line with the measures above its labels.
fn below_measures(
    own: &[(&crate::model::Cell, String)],
    row: usize,
    above: &[(usize, ColumnRole, String)],
) -> Option<Line> {
    let figures: Vec<Figure> = own
        .windows(2)
        .filter(|w| is_figure(&w[1].1) && !is_figure(&w[0].1))
        .filter_map(|w| {
            let (_, role, header) = above.iter().find(|(col, ..)| *col == w[0].0.col)?;
            Some(Figure {
                row,
                col: w[1].0.col,
                role: *role,
                header: header.clone(),
                kind: figure_kind_of(*role),
            })
        })
        .collect();
    let name = own.iter().find(|(_, t)| !is_figure(t)).map(|(c, _)| c.col);
    (!figures.is_empty()).then_some(Line {
        row,
        name,
        label: None,
        among_named: false,
        group: None,
        role: RowRole::OfWhich,
        figures,
    })
}

/// The heading that says how a total is divided (按收入性质分), above a column of cells with name and figure.
fn partition_above(
    rows: &[RowView<'_>],
    section: &Section,
    row: usize,
    col: usize,
    patterns: &Patterns,
) -> Option<String> {
    let above = (section.body.start.saturating_sub(1)..row)
        .rev()
        .flat_map(|r| rows.get(r))
        .flat_map(|r| &r.own);
    above
        .filter(|(c, text)| c.col == col && patterns.forms.divides_total(text) && inline_figure(text).is_none())
        .map(|(_, text)| text.trim_end_matches(':').to_owned())
        .next()
}
