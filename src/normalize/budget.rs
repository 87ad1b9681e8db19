//! Budget lines from the money sections of a table.

use super::cells::{TableContext, one_line, raw};
use super::direction;
use super::fraction;
use super::unit::{self, Expects, UnitHints};
use crate::model::{
    Amount, BudgetLine, ColumnRole, Figure, FigureKind, Line, Measure, OtherAmount, Section, Source, ValueKind, Warning,
};
use crate::pattern::Patterns;
use crate::pattern::headers::strip_notes;
use crate::pattern::units::{UnitKind, UnitMatch};
use crate::text::fold::fold;
use crate::text::number::plain;
use crate::text::outline;
use crate::text::unit::{POINTS, price_in_brackets};
use std::collections::BTreeMap;

/// Reads the lines of a table. `project` gives the form's project for a row.
pub fn lines(
    context: &TableContext<'_>,
    project: &dyn Fn(usize) -> Option<String>,
    patterns: &Patterns,
    warnings: &mut Vec<Warning>,
) -> Vec<BudgetLine> {
    let mut out = Vec::new();
    let sections = context.recognized.sections.iter().filter(|s| !s.lines.is_empty());
    for section in sections {
        let first = out.len();
        let mut counted = Counted::default();
        for line in &section.lines {
            let Some(mut record) = read_line(context, line, project, warnings) else {
                continue;
            };
            let above = counted.above(line, &record.name, patterns);
            for figure in &line.figures {
                read_figure(
                    context,
                    figure,
                    section.unit.as_deref(),
                    &above,
                    patterns,
                    &mut record,
                    warnings,
                );
            }
            if let Some(weight) = weight_in_heading(context, section, &record) {
                record.amounts.insert(Measure::Weight, weight);
            }
            out.push(record);
        }
        fraction::settle(&mut out[first..], warnings);
    }
    out
}

/// Points of a scored line that stand in a heading instead of a column: 得分（20分*执行率）, 预算执行情况（20分）.
fn weight_in_heading(context: &TableContext<'_>, section: &Section, line: &BudgetLine) -> Option<Amount> {
    if !line.amounts.contains_key(&Measure::Score) || line.amounts.contains_key(&Measure::Weight) {
        return None;
    }
    context
        .table
        .row_cells(section.header.start)
        .filter(|c| section.header.contains(&c.row))
        .find_map(|cell| {
            let folded = fold(&cell.text);
            let (_, inside) = folded.rsplit_once('(')?;
            let (points, _) = inside.split_once(POINTS)?;
            let value = plain(points)?;
            let source = context.source(cell);
            Some(Amount {
                raw: raw(&cell.text).to_owned(),
                value: Some(value),
                unit: Some("分".to_owned()),
                yuan: None,
                percent: None,
                source,
            })
        })
}

fn read_line(
    context: &TableContext<'_>,
    line: &Line,
    project: &dyn Fn(usize) -> Option<String>,
    warnings: &mut Vec<Warning>,
) -> Option<BudgetLine> {
    let recognized = context.recognized;
    let name_cell = line.name.and_then(|col| context.table.at(line.row, col));
    // Name and figure may share a cell (其中：一般公共预算：80.5).
    let inline = line.figures.iter().any(|f| Some(f.col) == line.name);
    let name = name_cell
        .map(|c| one_line(&c.text))
        .map(|n| {
            if inline {
                split_inline(&n).map_or(n.clone(), |(name, _)| name.to_owned())
            } else {
                n
            }
        })
        .map(|n| n.trim_end_matches([':', '：']).to_owned())
        .filter(|n| !n.is_empty());
    let name = line.label.clone().or(name);
    let group = line
        .group
        .and_then(|col| context.table.at(line.row, col))
        .map(|c| one_line(&c.text));
    // A form with one line of figures names them by the label beside the block (预算执行情况).
    let label = || {
        if line.among_named {
            return None; // what stands beside a blank name groups the rows
        }
        let first = line.figures.first()?.col;
        let cells = context.table.row_cells(line.row).take_while(|c| c.col < first);
        cells
            .filter(|c| c.row < line.row)
            .map(|c| strip_notes(&fold(&c.text)))
            .find(|t| !t.is_empty())
    };
    let source = name_cell.map(|c| context.source(c)).unwrap_or_else(|| Source {
        row: Some(line.row),
        ..context.table_source()
    });
    // A caption names a table, never a line: a row of figures that nothing names is said and not placed.
    let name = match name.or_else(label).or_else(|| project(line.row)) {
        Some(name) => name,
        None => {
            warnings.push(without_name(context, line, &source));
            // Among named rows its figures stand where they belong, and only the name is missing.
            if !line.among_named {
                return None;
            }
            String::new()
        }
    };
    Some(BudgetLine {
        id: String::new(),
        table: recognized.id.clone(),
        row: line.row,
        level1: group.or_else(|| project(line.row)),
        name,
        role: line.role,
        amounts: Default::default(),
        others: Vec::new(),
        source,
    })
}

/// The things that the rows of a heading count: 车辆数合计（辆） over 1. 机要通信用车.
#[derive(Default)]
struct Counted {
    /// By the column of names: how deep the heading stands, and its unit.
    above: BTreeMap<Option<usize>, (u8, String)>,
}

impl Counted {
    /// The unit of the heading that a line stands under, if it is numbered below one that counts and speaks of no money.
    fn above(&mut self, line: &Line, name: &str, patterns: &Patterns) -> Option<String> {
        let Some(level) = outline::level(name) else {
            self.above.remove(&line.name);
            return None;
        };
        if self.above.get(&line.name).is_some_and(|(of, _)| level <= *of) {
            self.above.remove(&line.name);
        }
        if let Some(unit) = bracketed_unit(name, patterns).filter(|unit| unit.kind == UnitKind::Count) {
            self.above.entry(line.name).or_insert((level, unit.text));
            return None;
        }
        let (_, unit) = self.above.get(&line.name)?;
        (!patterns.forms.speaks_of_money(name)).then(|| unit.clone())
    }
}

fn without_name(context: &TableContext<'_>, line: &Line, source: &Source) -> Warning {
    let cells = line.figures.iter().filter_map(|f| context.table.at(f.row, f.col));
    let texts: Vec<&str> = cells.map(|c| raw(&c.text)).filter(|t| !t.is_empty()).collect();
    let fate = if line.among_named { "名称留空" } else { "未入库" };
    let message = format!("第{}行有数字但没有名称，{fate}：“{}”", line.row + 1, texts.join("｜"));
    Warning::new("line_without_name", message, source.clone())
}

/// The unit of money that a row states in a column of units.
fn unit_beside(context: &TableContext<'_>, row: usize, patterns: &Patterns) -> Option<String> {
    let section = context.recognized.section_of(row)?;
    let position = section.columns.iter().position(|c| c.role == ColumnRole::Unit)?;
    let cell = section.body_cell(context.table, row, position)?;
    patterns
        .units
        .whole(&cell.text)
        .filter(|u| u.kind == UnitKind::Money)
        .map(|u| u.text)
}

/// The unit that a line's name states in brackets at its end, for a figure of the line: 公务用车保有量（辆）, 公用经费（万元）.
///
/// One of money says nothing of counts, prices and rates in the same line.
fn unit_of_name(name: &str, figure: &Figure, patterns: &Patterns) -> Option<String> {
    let unit = bracketed_unit(name, patterns)?;
    let money = match figure.role.measure() {
        Some(measure) => measure.is_money(),
        None => matches!(figure.kind, FigureKind::Money | FigureKind::Unknown),
    };
    match unit.kind {
        UnitKind::Count | UnitKind::Measure | UnitKind::Rate | UnitKind::Time => Some(unit.text),
        UnitKind::Money if money => Some(unit.text),
        _ => None,
    }
}

/// The unit in brackets at the end of a name; of several (台，套) the first, where none is one of money.
fn bracketed_unit(name: &str, patterns: &Patterns) -> Option<UnitMatch> {
    let folded = fold(name);
    let (_, inside) = folded.strip_suffix(')')?.rsplit_once('(')?;
    let inside = patterns.units.without_label(inside);
    let several = || {
        let units: Option<Vec<UnitMatch>> = inside
            .split([',', '、'])
            .map(|unit| patterns.units.whole(unit))
            .collect();
        units.filter(|units| units.iter().all(|unit| unit.kind == UnitKind::Count))
    };
    patterns
        .units
        .whole(inside)
        .or_else(|| several().and_then(|units| units.into_iter().next()))
}

fn read_figure(
    context: &TableContext<'_>,
    figure: &Figure,
    stated: Option<&str>,
    counted: &Option<String>,
    patterns: &Patterns,
    record: &mut BudgetLine,
    warnings: &mut Vec<Warning>,
) {
    let Some(cell) = context.table.at(figure.row, figure.col) else {
        return;
    };
    let text = raw(&cell.text);
    let source = context.source(cell);
    let measure = figure.role.measure();
    let of_row = unit_of_name(&record.name, figure, patterns).or_else(|| counted.clone());
    let beside = unit_beside(context, figure.row, patterns);
    let stated = beside.as_deref().or(stated);
    let expects = match (measure, figure.kind) {
        (Some(Measure::ExecutionRate | Measure::ChangeRate), _) | (None, FigureKind::Rate) => Expects::Rate,
        (Some(Measure::Weight | Measure::Score), _) | (None, FigureKind::Points) => Expects::Points,
        _ if of_row.is_some() => Expects::Any,
        (Some(_), _) | (None, FigureKind::Money) => Expects::Money,
        (None, _) => Expects::Any,
    };
    // The unit of a caption is one of money: it says nothing of persons, areas, and what nobody knows.
    let told = patterns.headers.told(&figure.header).and_then(|told| told.unit);
    let header = told.as_deref().unwrap_or(&figure.header);
    let hints = if expects == Expects::Money {
        UnitHints {
            header: Some(header),
            section: stated,
            caption: context.recognized.unit.as_deref(),
            title: context.recognized.title.as_deref(),
        }
    } else {
        UnitHints {
            header: of_row.as_deref().or(Some(header)),
            ..UnitHints::default()
        }
    };
    let figure_text = split_inline(text).map_or(text, |(_, figure)| figure);
    let falls = matches!(measure, Some(Measure::Change | Measure::ChangeRate | Measure::Balance))
        || direction::may_fall(&figure.header, patterns);
    let bare_text = if falls {
        direction::without_word(figure_text, patterns)
    } else {
        figure_text
    };
    let mut reading = unit::amount(bare_text, hints, expects, patterns);
    // (9.50) and —9.50 are negative where a decrease may stand.
    if falls && let Some(negative) = unit::negative(figure_text, hints, expects, patterns) {
        reading = negative;
    } else if falls && direction::turns(figure_text, &figure.header, patterns) {
        reading.turn();
    }
    if expects == Expects::Rate && reading.unit.is_none() && reading.value.is_some() {
        // 增减% says so in its heading; 单位：亿元、% in the caption says it of the column of rates.
        let change = measure == Some(Measure::ChangeRate) && context.recognized.percent;
        let said = change || fold(&figure.header).contains('%');
        reading.unit = said.then(|| "%".to_owned());
    }
    if figure.kind == FigureKind::Price && reading.unit.is_none() && reading.value.is_some() {
        let of_table = context.recognized.price.clone().filter(|unit| !unit.is_empty());
        reading.unit = price_in_brackets(&figure.header).map(str::to_owned).or(of_table);
    }
    if reading.kind == ValueKind::Empty {
        return; // a dash says that there is no figure; it is no zero either
    }
    if let Some(problem) = &reading.problem {
        let message = format!("“{}”的“{}”栏{problem}", record.name, figure.header);
        warnings.push(Warning::new("amount_unread", message, source.clone()));
    }
    match measure {
        Some(measure) if figure.role != ColumnRole::Other => {
            let amount = Amount {
                raw: text.to_owned(),
                value: reading.value,
                unit: reading.unit,
                yuan: reading.yuan,
                percent: None,
                source,
            };
            record.amounts.entry(measure).or_insert(amount);
        }
        _ => record.others.push(OtherAmount {
            header: figure.header.clone(),
            raw: text.to_owned(),
            value: reading.value,
            unit: reading.unit,
            yuan: reading
                .yuan
                .filter(|_| matches!(figure.kind, FigureKind::Money | FigureKind::Unknown)),
            kind: match of_row.and_then(|unit| patterns.units.whole(&unit)) {
                Some(unit) if unit.kind == UnitKind::Count => FigureKind::Count,
                _ => figure.kind,
            },
            source,
        }),
    }
}

/// Name and figure of a cell that holds both: 其中：一般公共预算：80.5. A ratio (1:2) has no name, and what stands in brackets
/// is a note: 2172.42（其中：省级39）.
fn split_inline(text: &str) -> Option<(&str, &str)> {
    let mut depth = 0_usize;
    let mut last = None;
    for (at, c) in text.char_indices() {
        match c {
            '(' | '（' => depth += 1,
            ')' | '）' => depth = depth.saturating_sub(1),
            ':' | '：' if depth == 0 => last = Some(at),
            _ => {}
        }
    }
    let at = last?;
    let colon = text[at..].chars().next().map_or(1, char::len_utf8);
    let name = &text[..at];
    name.chars()
        .any(char::is_alphabetic)
        .then(|| (name, text[at + colon..].trim()))
}
