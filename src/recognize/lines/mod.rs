//! Turns the rows of a money section into lines: name, group, figures, and what the line is among its neighbours.

mod headings;
mod labelled;
mod roles;
mod turned;

use super::caption::Caption;
use super::columns;
use super::profile::{Shape, shape};
use super::view::{RowView, decimal};
use crate::model::{Cell, ColumnRole, Figure, FigureKind, Line, Measure, RowRole, Section, Side, Table};
use crate::pattern::Patterns;
use crate::pattern::headers::strip_notes;
use crate::text::chinese::is_all_chinese;
use crate::text::fold::fold;
use crate::text::mark::is_nothing;
use crate::text::shape::is_figure;

/// Fills `section.lines`.
pub fn fill(table: &Table, rows: &[RowView<'_>], section: &mut Section, patterns: &Patterns) {
    section.lines = if section.columns.is_empty() {
        labelled::lines(rows, section, patterns)
    } else {
        let mut lines = Vec::new();
        for side in &section.sides {
            let turned = turned::lines(table, section, side, patterns);
            lines.extend(turned.unwrap_or_else(|| lines_of_side(table, section, side, patterns)));
        }
        lines.sort_by_key(|line| line.row);
        lines
    };
}

/// Budget lines of a grid that tells money and indicators of each project in one row: only what stands under headings of
/// money beside a project's name. `end` is one past the last row: the row of the total closes the grid, and is a line too.
pub fn fill_from_grid(table: &Table, rows: &[RowView<'_>], section: &mut Section, end: usize, patterns: &Patterns) {
    // What was reached by summer, and what is expected, are values of the indicators here.
    let of_values = |role: ColumnRole| matches!(role, ColumnRole::InterimActual | ColumnRole::Forecast);
    let money = |role: ColumnRole| role.is_money() && !of_values(role) || role == ColumnRole::ExecutionRate;
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
    of_money.body.end = end;
    for column in &mut of_money.columns {
        if !money(column.role) && column.role != ColumnRole::Project {
            column.role = ColumnRole::Remark; // neither name nor figure of the line
        }
    }
    columns::settle(table, &mut of_money, &Caption::default(), patterns, &mut Vec::new());
    fill(table, rows, &mut of_money, patterns);
    section.lines = of_money
        .lines
        .into_iter()
        .filter(|line| line.name.is_some() && !line.figures.is_empty())
        .collect();
}

/// Whether a folded text holds a figure: digits, or a number in Chinese and nothing else.
fn holds_figure(folded: &str) -> bool {
    // A sentence with a number in it is a note, not a figure.
    let short = folded.chars().count() <= 40 && !folded.contains('。');
    !is_nothing(folded)
        && short
        && (folded.chars().any(|c| c.is_ascii_digit()) || folded.chars().count() >= 2 && is_all_chinese(folded))
}

fn lines_of_side(table: &Table, section: &Section, side: &Side, patterns: &Patterns) -> Vec<Line> {
    let mut lines: Vec<Line> = Vec::new();
    let mut about: Vec<roles::About> = Vec::new();
    let explained = explanations(table, section, side);
    for row in section.rows().take_while(|row| *row < explained) {
        let figures: Vec<Figure> = side
            .figures
            .iter()
            .filter_map(|(p, kind)| {
                let cell = section.body_cell(table, row, *p)?;
                let text = fold(&cell.text);
                (cell.row == row && !text.is_empty()).then(|| Figure {
                    row,
                    col: cell.col,
                    role: section.columns[*p].role,
                    header: section.columns[*p].header.clone(),
                    kind: *kind,
                })
            })
            .collect();
        let texts: Vec<String> = figures
            .iter()
            .map(|f| table.at(row, f.col).map(|c| fold(&c.text)).unwrap_or_default())
            .collect();
        let has_figure = texts.iter().any(|t| holds_figure(t));
        let name = name_of_row(table, section, side, row, patterns);
        let own_name = name.filter(|c| c.row == row);
        // A line without figures is kept only as a source of funds: that it is blank is what the form says.
        let source_of_funds = own_name.is_some_and(|c| patterns.forms.is_funding_source(&c.text));
        if !(has_figure || source_of_funds) {
            continue;
        }
        // 下达及时性 ∣ 30日内下达 under the headings of money: words throughout, and no name.
        if name.is_none() && texts.iter().all(|t| is_nothing(t) || !is_figure(t)) {
            continue;
        }
        if !has_figure
            && name.is_some_and(|c| patterns.forms.is_placeholder(&c.text) || patterns.forms.is_remark(&c.text))
        {
            continue;
        }
        let group = side
            .groups
            .iter()
            .filter_map(|p| section.body_cell(table, row, *p))
            .find(|c| is_name(&fold(&c.text)) && name.is_none_or(|n| !std::ptr::eq(*c, n)));
        // 其中 in a cell of its own beside the names.
        let part = side.name.is_some_and(|p| {
            let mut cells = cells_under(table, section, row, p);
            cells.any(|c| patterns.forms.is_of_which_row(&c.text) && name.is_some_and(|n| !std::ptr::eq(n, c)))
        });
        about.push(roles::About {
            name: name
                .map(|c| fold(&c.text))
                .map(|n| if part { format!("其中:{n}") } else { n })
                .unwrap_or_default(),
            code: code_of(table, section, side, row),
            figures: side
                .figures
                .iter()
                .map(|(p, _)| {
                    let cell = section.body_cell(table, row, *p).filter(|c| c.row == row)?;
                    let measure = section.columns[*p].role.measure()?;
                    measure.is_money().then(|| decimal(&fold(&cell.text))).flatten()
                })
                .collect(),
        });
        lines.push(Line {
            row,
            name: name.map(|c| c.col),
            label: None,
            among_named: false,
            group: group.filter(|_| name.is_some()).map(|c| c.col),
            role: RowRole::Item,
            figures,
        });
    }
    let named = lines.iter().any(|line| line.name.is_some());
    for line in &mut lines {
        line.among_named = named && side.name.is_some();
    }
    roles::assign(&mut lines, &about, patterns);
    // Headings that say what the figures are of (合计, 公务接待费 …), not only which measure, name the lines.
    let of_things = |line: &Line| {
        let things = line
            .figures
            .iter()
            .filter(|f| measure(&f.header, patterns).is_none() || f.header.contains('/'));
        let unnamed = line.name.is_none() && !line.among_named;
        unnamed && line.figures.len() >= 2 && things.count() * 2 >= line.figures.len()
    };
    lines
        .into_iter()
        .flat_map(|line| {
            if of_things(&line) {
                let beside = label_beside(table, &line).and_then(|label| {
                    let budget = patterns.forms.stands_beside_budget(label).then_some(ColumnRole::Budget);
                    budget.or(measure(label, patterns).filter(|role| role.is_money()))
                });
                headings::by_headings(line, beside, patterns)
            } else {
                vec![line]
            }
        })
        .collect()
}

/// The label that stands beside a row's figures and begins above them.
fn label_beside<'t>(table: &'t Table, line: &Line) -> Option<&'t str> {
    let first = line.figures.first()?.col;
    let mut cells = table.row_cells(line.row).take_while(|c| c.col < first);
    cells
        .find(|c| c.row < line.row && !c.text.trim().is_empty())
        .map(|c| c.text.as_str())
}

/// The first of the rows below the last figures that explain and hold none: 情况说明 ∣ 存在问题和改进措施 under the headings of
/// money, and what stands below these. One past the last row where there are none.
fn explanations(table: &Table, section: &Section, side: &Side) -> usize {
    let texts = |row: usize| -> Vec<String> {
        let cells = side
            .figures
            .iter()
            .filter_map(|(p, _)| section.body_cell(table, row, *p));
        cells.filter(|c| c.row == row).map(|c| fold(&c.text)).collect()
    };
    let rows: Vec<usize> = section.rows().collect();
    let figures = rows.iter().rposition(|row| texts(*row).iter().any(|t| is_figure(t)));
    let heads = |row: &usize| {
        let texts = texts(*row);
        let words = |t: &&String| matches!(shape(t), Shape::Words) && !t.chars().any(|c| c.is_ascii_digit());
        texts.len() > 1 && texts.iter().filter(words).count() == texts.len()
    };
    let below = &rows[figures.map_or(0, |last| last + 1)..];
    below.iter().copied().find(heads).unwrap_or(section.body.end)
}

fn is_name(folded: &str) -> bool {
    !matches!(shape(folded), Shape::Blank | Shape::Mark) && !is_figure(folded)
}

/// The cell that names a row: under the column of names; where that is empty, the total's label wherever it stands before
/// the figures, or the last group's own cell; else what a merged cell above still names.
fn name_of_row<'t>(
    table: &'t Table,
    section: &Section,
    side: &Side,
    row: usize,
    patterns: &Patterns,
) -> Option<&'t Cell> {
    // A heading of names may stand over several grid columns: 其中 ∣ 人员经费. The last word is the name.
    let own_last = side.name.and_then(|p| {
        let own = cells_under(table, section, row, p).filter(|c| c.row == row && is_name(&fold(&c.text)));
        own.last()
    });
    // 合计 ∣ 2笔: the label of the total names the row, not what is counted in it.
    let counted = own_last.is_some_and(|c| shape(&fold(&c.text)) == Shape::Counted);
    if own_last.is_some() && !counted {
        return own_last;
    }
    let named = side.name.and_then(|p| section.body_cell(table, row, p));
    // Where years name the rows, numbers do.
    let years = side
        .name
        .is_some_and(|p| section.columns[p].role == ColumnRole::Sequence);
    let names = |c: &&Cell| is_name(&fold(&c.text)) || (years && !is_nothing(&fold(&c.text)));
    if let Some(cell) = named.filter(|c| c.row == row && !counted).filter(names) {
        return Some(cell);
    }
    let (from, figures) = reach(section, side);
    // 一、专项业务费 merged over the columns of kinds and of names names its own row.
    let over_name = |p: usize| {
        let column = section.columns[p].index;
        let cell = table.at(row, column)?;
        let inside = cell.col >= from && (column > figures || cell.col + cell.col_span <= figures);
        (cell.row == row && cell.col < column && inside && is_name(&fold(&cell.text))).then_some(cell)
    };
    if let Some(cell) = side.name.and_then(over_name).filter(|_| !counted) {
        return Some(cell);
    }
    let before = |cell: &&Cell| {
        let name = side.name.map_or(0, |n| section.columns[n].index);
        cell.row == row && cell.col >= from && (cell.col < figures || cell.col <= name)
    };
    let summing = |cell: &&Cell| {
        let text = fold(&cell.text);
        patterns.forms.is_total_row(&text) || patterns.forms.is_subtotal_row(&text)
    };
    if let Some(total) = table.row_cells(row).filter(before).find(summing) {
        return Some(total);
    }
    if own_last.is_some() {
        return own_last;
    }
    // 合计 in the first group of columns, its figures in the last: nothing but blanks stands between.
    let left: Vec<&Cell> = table
        .row_cells(row)
        .filter(|c| c.row == row && c.col < figures)
        .collect();
    if from > 0
        && let Some((last, rest)) = left.split_last().map(|(l, r)| (*l, r))
    {
        let filled = |c: &&Cell| !c.text.trim().is_empty();
        let label = Some(last).filter(filled).or_else(|| rest.iter().copied().rfind(filled));
        if let Some(total) = label.filter(|c| summing(c)) {
            return Some(total);
        }
    }
    // An organization groups rows; it never names one whose own name is left blank.
    let naming: Vec<usize> = side
        .groups
        .iter()
        .copied()
        .filter(|p| !patterns.forms.is_organization_heading(section.columns[*p].leaf()))
        .collect();
    let group = naming
        .iter()
        .rev()
        .filter_map(|p| section.body_cell(table, row, *p))
        .find(|c| c.row == row && is_name(&fold(&c.text)));
    group.or_else(|| named.filter(|c| is_name(&fold(&c.text)))).or_else(|| {
        let above = naming.iter().rev().filter_map(|p| section.body_cell(table, row, *p));
        above.into_iter().find(|c| is_name(&fold(&c.text)))
    })
}

/// The cells of a row that begin under a heading, from left to right.
fn cells_under<'t>(table: &'t Table, section: &Section, row: usize, position: usize) -> impl Iterator<Item = &'t Cell> {
    let from = section.columns[position].index;
    let next = section.columns.get(position + 1).map_or(table.cols(), |c| c.index);
    let start = section.body.start;
    table
        .row_cells(row)
        .filter(move |c| c.row >= start && (from..next).contains(&c.col))
}

/// The first grid column of a side, and the first of its figures.
fn reach(section: &Section, side: &Side) -> (usize, usize) {
    let figures = side.figures.iter().map(|(p, _)| section.columns[*p].index);
    let figures = figures.min().unwrap_or(0);
    // Columns of remarks or marks before the first side's names may hold the total's label too.
    if section.sides.first() == Some(side) {
        return (0, figures);
    }
    let words = side.name.iter().chain(&side.groups).chain(&side.codes);
    let first = words.map(|p| section.columns[*p].index).min().unwrap_or(figures);
    (first.min(figures), figures)
}

/// The code of a row: digits of its code columns, 类 款 项 put together.
fn code_of(table: &Table, section: &Section, side: &Side, row: usize) -> String {
    let mut code = String::new();
    for position in &side.codes {
        if let Some(cell) = section.body_cell(table, row, *position) {
            let text = fold(&cell.text);
            if cell.row == row && text.chars().all(|c| c.is_ascii_digit() || c == '.') {
                code.push_str(&text);
            }
        }
    }
    code
}

/// What the figures of a measure count.
fn figure_kind_of(role: ColumnRole) -> FigureKind {
    match role.measure() {
        Some(m) if m.is_money() => FigureKind::Money,
        Some(Measure::Weight | Measure::Score) => FigureKind::Points,
        Some(_) => FigureKind::Rate,
        None => FigureKind::Unknown,
    }
}

fn measure(text: &str, patterns: &Patterns) -> Option<ColumnRole> {
    patterns
        .headers
        .role(text)
        .map(|m| m.role)
        .filter(|r| r.measure().is_some())
}

/// What a labelled measure is of: 转移支付预算数 is of 转移支付, 机关运行经费决算数 of 机关运行经费; `None` for 全年预算数.
fn subject_of_measure(name: &str, patterns: &Patterns) -> Option<String> {
    let words = &patterns.tables.lines;
    let bare = strip_notes(name);
    let subject = words.measures.strip_end(&bare)?;
    (subject.chars().count() >= 2 && !words.plain.start(subject)).then(|| subject.to_owned())
}
