//! Tables of money laid sideways: the measures name the rows (预算数, 执行数), and the headings the lines (甲工程, 乙工程).

use super::roles::{self, About};
use super::{figure_kind_of, measure};
use crate::model::{ColumnRole, Figure, FigureKind, Line, RowRole, Section, Side, Table};
use crate::pattern::Patterns;
use crate::recognize::profile::{Shape, shape};
use crate::recognize::view::decimal;
use crate::text::fold::fold;
use crate::text::shape::is_figure;

/// What a row measures.
struct Measured {
    row: usize,
    role: ColumnRole,
    header: String,
    kind: FigureKind,
}

/// The lines of such a side, one a column: at least two rows are named by measures, no two by the same, every other row with
/// figures by something that is counted, and no heading by a measure. None where the side is an upright one.
pub(super) fn lines(table: &Table, section: &Section, side: &Side, patterns: &Patterns) -> Option<Vec<Line>> {
    let name = side.name?;
    let last = section.header.end.checked_sub(1)?;
    let of_things = |position: &usize| {
        let column = &section.columns[*position];
        let total = patterns.forms.is_total_row(column.leaf()) || patterns.forms.is_subtotal_row(column.leaf());
        let leaf = fold(column.leaf());
        let year = is_figure(&leaf) || shape(&leaf) == Shape::Date;
        let named = patterns.headers.role(column.leaf()).is_none() && !year;
        column.role == ColumnRole::Other && (named || total)
    };
    if side.figures.len() < 2 || !side.figures.iter().all(|(p, _)| of_things(p)) {
        return None;
    }
    let mut measured: Vec<Measured> = Vec::new();
    for row in section.rows() {
        let filled = |p: usize| {
            section
                .body_cell(table, row, p)
                .filter(|c| c.row == row && is_figure(&fold(&c.text)))
        };
        if !side.figures.iter().any(|(p, _)| filled(*p).is_some()) {
            continue;
        }
        let label = section.body_cell(table, row, name).filter(|c| c.row == row)?;
        let role = measure(&label.text, patterns);
        let kind = match role {
            Some(role) => figure_kind_of(role),
            None => patterns.headers.figure_kind(&label.text)?,
        };
        let header: String = label.text.chars().filter(|c| !c.is_whitespace()).collect();
        let role = role.unwrap_or(ColumnRole::Other);
        if role != ColumnRole::Other && measured.iter().any(|m| m.role == role) {
            return None;
        }
        measured.push(Measured {
            row,
            role,
            header,
            kind,
        });
    }
    if measured.iter().filter(|m| m.role.is_money()).count() < 2 {
        return None;
    }
    let line = |position: usize| Line {
        row: last,
        name: Some(section.columns[position].index),
        label: None,
        among_named: false,
        group: None,
        role: RowRole::Item,
        figures: figures(table, section, position, &measured),
    };
    let lines = side.figures.iter().map(|(p, _)| line(*p));
    let mut lines: Vec<Line> = lines.filter(|line| !line.figures.is_empty()).collect();
    let text = |row: usize, col: usize| table.at(row, col).map(|c| fold(&c.text)).unwrap_or_default();
    let about: Vec<About> = lines
        .iter()
        .map(|line| About {
            name: line.name.map(|col| text(last, col)).unwrap_or_default(),
            code: String::new(),
            figures: money(line, &measured)
                .map(|f| f.and_then(|f| decimal(&text(f.row, f.col))))
                .collect(),
        })
        .collect();
    roles::assign(&mut lines, &about, patterns);
    Some(lines)
}

/// The figures of a line in the rows of money, in order.
fn money<'l>(line: &'l Line, measured: &'l [Measured]) -> impl Iterator<Item = Option<&'l Figure>> {
    let rows = measured.iter().filter(|m| m.role.is_money());
    rows.map(|m| line.figures.iter().find(|f| f.row == m.row))
}

fn figures(table: &Table, section: &Section, position: usize, measured: &[Measured]) -> Vec<Figure> {
    let figure = |m: &Measured| {
        let cell = section.body_cell(table, m.row, position).filter(|c| c.row == m.row)?;
        (!fold(&cell.text).is_empty()).then(|| Figure {
            row: m.row,
            col: cell.col,
            role: m.role,
            header: m.header.clone(),
            kind: m.kind,
        })
    };
    measured.iter().filter_map(figure).collect()
}
