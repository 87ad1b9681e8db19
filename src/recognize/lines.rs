//! Turns the rows of a money section into lines: name, group, figures, and what the line is among its neighbours.

use super::view::{RowView, inline_figure, is_blank_mark, looks_numeric};
use crate::model::{Cell, ColumnRole, Figure, Line, RowRole, Section, Table};
use crate::pattern::Patterns;
use crate::pattern::forms::strip_ordinal;
use crate::pattern::headers::{fold, strip_notes};
use std::collections::BTreeSet;

/// Fills `section.lines`.
pub fn fill(table: &Table, rows: &[RowView<'_>], section: &mut Section, patterns: &Patterns) {
    section.lines = if section.columns.is_empty() {
        labelled_lines(rows, section, patterns)
    } else {
        let mut lines = Vec::new();
        for mut side in sides(table, section, patterns) {
            drop_later_words(table, section, &mut side);
            lines.extend(lines_of_side(table, section, &side, patterns));
        }
        lines.sort_by_key(|line| line.row);
        lines
    };
}

/// Budget lines of a grid that tells money and indicators of each project in one row: only what stands under headings of
/// money beside a project's name.
pub fn fill_from_grid(table: &Table, rows: &[RowView<'_>], section: &mut Section, patterns: &Patterns) {
    let money = |role: ColumnRole| role.measure().is_some_and(|m| m.is_money()) || role == ColumnRole::ExecutionRate;
    let named = section.columns_of(ColumnRole::Project).next().is_some();
    if !named
        || !section
            .columns
            .iter()
            .any(|c| money(c.role) && c.role != ColumnRole::ExecutionRate)
    {
        return;
    }
    let mut of_money = section.clone();
    for column in &mut of_money.columns {
        if !money(column.role) && column.role != ColumnRole::Project {
            column.role = ColumnRole::Remark; // neither name nor figure of the line
        }
    }
    fill(table, rows, &mut of_money, patterns);
    section.lines = of_money
        .lines
        .into_iter()
        .filter(|line| line.name.is_some() && !line.figures.is_empty())
        .collect();
}

/// A name part and the figures right of it; side-by-side tables have two.
struct Side {
    /// Positions in `section.columns` of columns that hold words.
    names: Vec<usize>,
    /// Of columns that hold codes.
    codes: Vec<usize>,
    /// Of columns that hold figures.
    figures: Vec<usize>,
}

fn sides(table: &Table, section: &Section, patterns: &Patterns) -> Vec<Side> {
    let mut sides: Vec<Side> = Vec::new();
    let mut open = Side {
        names: Vec::new(),
        codes: Vec::new(),
        figures: Vec::new(),
    };
    for (position, column) in section.columns.iter().enumerate() {
        match content(table, section, position, patterns) {
            Content::Figures => open.figures.push(position),
            Content::Codes => {
                if !open.figures.is_empty() {
                    sides.push(std::mem::replace(
                        &mut open,
                        Side {
                            names: Vec::new(),
                            codes: Vec::new(),
                            figures: Vec::new(),
                        },
                    ));
                }
                open.codes.push(position);
            }
            Content::Words => {
                let later_figures = (position + 1..section.columns.len())
                    .any(|p| matches!(content(table, section, p, patterns), Content::Figures));
                let remark = matches!(column.role, ColumnRole::Remark | ColumnRole::Reason | ColumnRole::Unit);
                if remark || (!open.figures.is_empty() && !later_figures) {
                    continue; // remarks at the end name nothing
                }
                if !open.figures.is_empty() {
                    sides.push(std::mem::replace(
                        &mut open,
                        Side {
                            names: Vec::new(),
                            codes: Vec::new(),
                            figures: Vec::new(),
                        },
                    ));
                }
                open.names.push(position);
            }
        }
    }
    if !open.figures.is_empty() {
        sides.push(open);
    }
    sides.retain(|s| !s.figures.is_empty());
    // A code or word column between figures without names of its own does not start a side.
    let mut merged: Vec<Side> = Vec::new();
    for side in sides {
        match merged.last_mut() {
            Some(last) if side.names.is_empty() => last.figures.extend(side.figures),
            _ => merged.push(side),
        }
    }
    merged
}

/// A column of names that names each row by itself leaves nothing to unknown ones right of it: 项目名称 ∣ 主管部门.
fn drop_later_words(table: &Table, section: &Section, side: &mut Side) {
    let role = |position: &usize| section.columns[*position].role;
    let Some(last) = side.names.iter().rposition(|p| role(p) == ColumnRole::Project) else {
        return;
    };
    if !side.names[last + 1..].iter().all(|p| role(p) == ColumnRole::Other) {
        return;
    }
    let mut seen = BTreeSet::new();
    for row in section.body.clone() {
        let figure = |p: &usize| body_cell(table, section, row, *p).is_some_and(|c| c.row == row && !c.text.is_empty());
        if !side.figures.iter().any(figure) {
            continue;
        }
        let Some(cell) = body_cell(table, section, row, side.names[last]) else {
            continue; // a total over all columns of words
        };
        let text = fold(&cell.text);
        let total = side.names[last + 1..]
            .iter()
            .all(|p| body_cell(table, section, row, *p).is_none_or(|c| c.text.trim().is_empty()));
        if text.is_empty() && total {
            continue;
        }
        if cell.row != row || cell.row_span > 1 || is_blank_mark(&text) || !seen.insert(text) {
            return;
        }
    }
    side.names.truncate(last + 1);
}

enum Content {
    Figures,
    Codes,
    Words,
}

fn content(table: &Table, section: &Section, position: usize, patterns: &Patterns) -> Content {
    let column = &section.columns[position];
    if column.role.measure().is_some() {
        return Content::Figures;
    }
    if column.role == ColumnRole::Sequence {
        return Content::Codes;
    }
    if column.role != ColumnRole::Other {
        return Content::Words;
    }
    let mut figures = 0usize;
    let mut words = 0usize;
    for row in section.body.clone() {
        let Some(cell) = body_cell(table, section, row, position) else {
            continue;
        };
        let text = fold(&cell.text);
        if is_blank_mark(&text) {
            continue;
        }
        if looks_numeric(&text) { figures += 1 } else { words += 1 }
    }
    // A column left blank names nothing: it is one of the figures that this report does not have.
    let blank = figures == 0 && words == 0 && !column.header.is_empty();
    if blank || (figures > 0 && figures * 10 >= (figures + words) * 7) {
        if patterns.forms.is_code_heading(&column.header) {
            Content::Codes
        } else {
            Content::Figures
        }
    } else {
        Content::Words
    }
}

/// The cell of a row under a heading: it starts under this heading, or spans rows of the body from above.
fn body_cell<'t>(table: &'t Table, section: &Section, row: usize, position: usize) -> Option<&'t Cell> {
    let column = &section.columns[position];
    let next = section.columns.get(position + 1).map_or(table.cols(), |c| c.index);
    let cell = (column.index..next)
        .filter_map(|col| table.at(row, col))
        .find(|c| (column.index..next).contains(&c.col))?;
    (cell.row >= section.body.start).then_some(cell)
}

fn lines_of_side(table: &Table, section: &Section, side: &Side, patterns: &Patterns) -> Vec<Line> {
    let mut lines: Vec<Line> = Vec::new();
    let mut names: Vec<String> = Vec::new();
    let mut codes: Vec<String> = Vec::new();
    for row in section.body.clone() {
        let figures: Vec<Figure> = side
            .figures
            .iter()
            .filter_map(|p| {
                let cell = body_cell(table, section, row, *p)?;
                let text = fold(&cell.text);
                (cell.row == row && !text.is_empty()).then(|| Figure {
                    row,
                    col: cell.col,
                    role: section.columns[*p].role,
                    header: section.columns[*p].header.clone(),
                })
            })
            .collect();
        let words: Vec<&Cell> = side
            .names
            .iter()
            .filter_map(|p| body_cell(table, section, row, *p))
            .filter(|c| {
                let text = fold(&c.text);
                !text.is_empty() && !looks_numeric(&text)
            })
            .collect();
        let own_word = words.iter().any(|c| c.row == row);
        let has_figure = figures.iter().any(|f| {
            let text = table.at(row, f.col).map(|c| fold(&c.text)).unwrap_or_default();
            !is_blank_mark(&text)
                && text
                    .chars()
                    .any(|c| c.is_ascii_digit() || "一二三四五六七八九十零〇".contains(c))
        });
        // A total may stand in a code column, before an empty name.
        let in_codes = side
            .codes
            .iter()
            .filter_map(|p| body_cell(table, section, row, *p))
            .find(|c| {
                let text = fold(&c.text);
                c.row == row && patterns.forms.is_total_row(&text) | patterns.forms.is_subtotal_row(&text)
            });
        let name = words
            .last()
            .copied()
            .filter(|_| own_word || in_codes.is_none())
            .or(in_codes);
        // A line without figures is kept only as a source of funds: that it is blank is what the form says.
        let source_of_funds = name.is_some_and(|c| patterns.forms.is_funding_source(&c.text));
        if !(has_figure || own_word && source_of_funds) {
            continue;
        }
        if !has_figure
            && name.is_some_and(|c| patterns.forms.is_placeholder(&c.text) || patterns.forms.is_remark(&c.text))
        {
            continue;
        }
        let group = words
            .first()
            .copied()
            .filter(|first| name.is_some_and(|n| !std::ptr::eq(*first, n)));
        names.push(name.map(|c| fold(&c.text)).unwrap_or_default());
        codes.push(code_of(table, section, side, row));
        lines.push(Line {
            row,
            name: name.map(|c| c.col),
            label: None,
            group: group.map(|c| c.col),
            role: RowRole::Item,
            figures,
        });
    }
    assign_roles(&mut lines, &names, &codes, patterns);
    // Headings that say what the figures are of (合计, 公务接待费 …), not only which measure, name the lines.
    let of_things = |line: &Line| {
        let things = line
            .figures
            .iter()
            .filter(|f| measure(&f.header, patterns).is_none() || f.header.contains('/'));
        line.name.is_none() && line.figures.len() >= 2 && things.count() * 2 >= line.figures.len()
    };
    lines
        .into_iter()
        .flat_map(|line| {
            if of_things(&line) {
                by_headings(line, patterns)
            } else {
                vec![line]
            }
        })
        .collect()
}

/// The code of a row: digits of its code columns, 类 款 项 put together.
fn code_of(table: &Table, section: &Section, side: &Side, row: usize) -> String {
    let mut code = String::new();
    for position in &side.codes {
        if let Some(cell) = body_cell(table, section, row, *position) {
            let text = fold(&cell.text);
            if cell.row == row && text.chars().all(|c| c.is_ascii_digit() || c == '.') {
                code.push_str(&text);
            }
        }
    }
    code
}

fn assign_roles(lines: &mut [Line], names: &[String], codes: &[String], patterns: &Patterns) {
    let forms = &patterns.forms;
    let is_total = |name: &str| !forms.is_of_which_row(name) && forms.is_total_row(name);
    // Beside a 总计 (or a 合计 of everything), a 合计 that comes again and again sums a group.
    let plain_totals = names
        .iter()
        .filter(|n| matches!(strip_ordinal(n), "合计" | "合计:"))
        .count();
    let grand = names.iter().any(|n| matches!(strip_ordinal(n), "总计" | "总合计"));
    let depths: Vec<u8> = names.iter().map(|n| ordinal_depth(n)).collect();
    let top = depths.iter().copied().filter(|d| *d > 0).min().unwrap_or(0);
    let mut after_of_which = false;
    for i in 0..lines.len() {
        let name = names[i].as_str();
        let parent_code = codes[i].len() >= 3
            && codes
                .get(i + 1)
                .is_some_and(|next| next.len() > codes[i].len() && next.starts_with(codes[i].as_str()));
        lines[i].role = if forms.is_subtotal_row(name) {
            after_of_which = false;
            RowRole::Subtotal
        } else if is_total(name) {
            after_of_which = false;
            let of_group =
                matches!(strip_ordinal(name), "合计") && (grand || plain_totals > 1) && lines[i].group.is_some();
            if of_group { RowRole::Subtotal } else { RowRole::Total }
        } else if forms.is_of_which_row(name) {
            after_of_which = true;
            RowRole::OfWhich
        } else if after_of_which && forms.is_funding_source(name) {
            RowRole::OfWhich
        } else if parent_code {
            after_of_which = false;
            RowRole::Subtotal
        } else if top > 0 && depths[i] > top {
            RowRole::OfWhich
        } else {
            after_of_which = false;
            RowRole::Item
        };
    }
}

/// Depth of a Chinese outline number: 一、 is 1, （一） 2, 1. 3, （1） 4; 0 where there is none.
fn ordinal_depth(name: &str) -> u8 {
    let name = name
        .strip_prefix("其中")
        .map_or(name, |rest| rest.trim_start_matches(':'));
    let bare = strip_ordinal(name);
    if bare.len() == name.len() {
        return 0;
    }
    let bracketed = name.starts_with('(');
    let arabic = name.trim_start_matches('(').starts_with(|c: char| c.is_ascii_digit());
    match (arabic, bracketed) {
        (false, false) => 1,
        (false, true) => 2,
        (true, false) => 3,
        (true, true) => 4,
    }
}

/// Label and figure in turn, or both in one cell.
///
/// 全年预算数 ∣ 100 ∣ 全年执行数 ∣ 98 is one line with two measures, also over several rows; 财政拨款 ∣ 100 ∣ 其他资金 ∣ 20
/// are two lines of a budget.
fn labelled_lines(rows: &[RowView<'_>], section: &Section, patterns: &Patterns) -> Vec<Line> {
    let mut named: Vec<Line> = Vec::new();
    let mut measured: Vec<Line> = Vec::new();
    for row in section.body.clone() {
        let own = &rows[row].own;
        let outer = own
            .first()
            .filter(|(_, t)| measure(t, patterns).is_none() && inline_figure(t).is_none());
        let outer = outer
            .map(|(c, _)| c.col)
            .or_else(|| rows[row].carried.first().map(|c| c.col));
        for (i, (cell, text)) in own.iter().enumerate() {
            let (name, value) = match (inline_figure(text), own.get(i + 1)) {
                (Some((name, _)), _) => (name, *cell),
                (None, Some((value, figure))) if looks_numeric(figure) && !looks_numeric(text) => {
                    (text.as_str(), *value)
                }
                _ => continue,
            };
            let inline = std::ptr::eq(*cell, value);
            if let Some(role) = measure(name, patterns) {
                let label = subject_of_measure(name);
                let figure = Figure {
                    row,
                    col: value.col,
                    role,
                    header: name.to_owned(),
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
                        group: None,
                        role: RowRole::Total,
                        figures: vec![figure],
                    }),
                }
            } else if patterns.forms.is_total_row(name) || patterns.forms.is_funding_source(name) || inline {
                let total = patterns.forms.is_total_row(name);
                let (role, header) = match partition_above(rows, section, row, cell.col) {
                    Some(partition) => (ColumnRole::Other, partition),
                    None => (ColumnRole::Budget, name.to_owned()),
                };
                named.push(Line {
                    row,
                    name: Some(cell.col),
                    label: None,
                    group: None,
                    role: if total { RowRole::Total } else { RowRole::OfWhich },
                    figures: vec![Figure {
                        row,
                        col: value.col,
                        role,
                        header,
                    }],
                });
            }
        }
    }
    measured.extend(named);
    measured
}

fn measure(text: &str, patterns: &Patterns) -> Option<ColumnRole> {
    patterns
        .headers
        .role(text)
        .map(|m| m.role)
        .filter(|r| r.measure().is_some())
}

/// What a labelled measure is of: 转移支付预算数 is of 转移支付, 机关运行经费决算数 of 机关运行经费; `None` for 全年预算数.
fn subject_of_measure(name: &str) -> Option<String> {
    const ENDS: [&str; 12] = [
        "年初预算数",
        "全年预算数",
        "调整预算数",
        "预算数",
        "预算执行数",
        "全年执行数",
        "执行数",
        "决算数",
        "支出数",
        "执行率",
        "预算",
        "决算",
    ];
    let bare = strip_notes(name);
    let subject = ENDS.iter().find_map(|end| bare.strip_suffix(end))?;
    let plain = ["年初", "全年", "年度", "调整", "调整后", "本年", "实际", "预算", "上年"];
    let said = subject.chars().count() >= 2 && !plain.iter().any(|p| subject.starts_with(p));
    said.then(|| subject.to_owned())
}

/// The heading that says how a total is divided (按收入性质分), above a column of cells with name and figure.
fn partition_above(rows: &[RowView<'_>], section: &Section, row: usize, col: usize) -> Option<String> {
    let above = (section.body.start.saturating_sub(1)..row)
        .rev()
        .flat_map(|r| rows.get(r))
        .flat_map(|r| &r.own);
    above
        .filter(|(c, text)| c.col == col && text.starts_with('按') && inline_figure(text).is_none())
        .map(|(_, text)| text.trim_end_matches(':').to_owned())
        .next()
}

/// A row of figures without a name: each group of headings (公务接待费: 预算数, 决算数) is a line of its own.
///
/// The headings' levels give the roles: 购置费 and 运行费 under the heading of a 小计 are parts of it, and what stands
/// beside the heading of the 合计 (机关运行经费) is no part of it.
fn by_headings(line: Line, patterns: &Patterns) -> Vec<Line> {
    let mut lines: Vec<(Vec<String>, Line)> = Vec::new();
    for mut figure in line.figures {
        let (words, role) = subject_of_headings(&figure, patterns);
        let label = match words.as_slice() {
            [] => figure.header.clone(),
            [.., whole, sum] if sums(sum) => format!("{whole}{sum}"),
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
                    group: None,
                    role: RowRole::Item,
                    figures: vec![figure],
                };
                lines.push((words, line));
            }
        }
    }
    let heads: Vec<(Vec<String>, bool)> = lines
        .iter()
        .filter_map(|(words, _)| {
            let (last, whole) = words.split_last().filter(|(last, _)| sums(last))?;
            Some((whole.to_vec(), fold(last) != "小计"))
        })
        .collect();
    let total = heads.iter().find(|(_, total)| *total).map(|(whole, _)| whole.clone());
    for (words, line) in &mut lines {
        let own = words
            .split_last()
            .filter(|(last, _)| sums(last))
            .map(|(_, whole)| whole);
        let part_of = |whole: &[String]| !whole.is_empty() && words.len() > whole.len() && words.starts_with(whole);
        line.role = match own {
            Some(_) if words.last().is_some_and(|w| fold(w) != "小计") => RowRole::Total,
            Some(_) => RowRole::Item,
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

fn sums(word: &str) -> bool {
    matches!(fold(word).as_str(), "合计" | "小计" | "总计")
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
    if let Some((i, subject)) = found.and_then(|i| Some((i, subject_of_measure(&fold(parts[i]))?))) {
        words.insert(i.min(words.len()), subject);
    }
    (words, role)
}
