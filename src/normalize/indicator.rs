//! Indicators from the indicator sections of a table.

use super::cells::fold_figures;
use super::cells::{TableContext, one_line, raw};
use super::{direction, heads, met, value};
use crate::model::{Cell, ColumnRole, Exact, FigureKind, Indicator, Section, SectionKind, Source, Value, Warning};
use crate::pattern::Patterns;
use crate::pattern::headers::strip_notes;
use crate::text::fold::fold;
use crate::text::mark::is_nothing;
use crate::text::number::plain;
use crate::text::outline::strip_counter;
use crate::text::unit::{POINTS, without_points};

/// Code of the warning of a target or an actual that looks like a figure and gave none.
pub const VALUE_UNREAD: &str = "value_unread";

/// What labels above a row still say about it.
#[derive(Default)]
struct Carried {
    project: Option<String>,
    level1: Option<Label>,
    level2: Option<Label>,
}

/// A level's name and the points that it states for the whole level.
#[derive(Clone)]
pub struct Label {
    /// The name without the points.
    pub text: String,
    points: Option<Exact>,
    /// Row and column of the cell.
    place: (usize, usize),
}

/// Reads the indicators of a table. `project` gives the form's project for a row.
pub fn indicators(
    context: &TableContext<'_>,
    project: &dyn Fn(usize) -> Option<String>,
    patterns: &Patterns,
    warnings: &mut Vec<Warning>,
) -> Vec<Indicator> {
    let mut out = Vec::new();
    let mut carried = Carried::default();
    let mut previous: Option<&Section> = None;
    for section in context
        .recognized
        .sections
        .iter()
        .filter(|s| s.kind == SectionKind::Indicators)
    {
        // A repeated header goes on with the labels above it; another header does not.
        if previous.is_none_or(|p| p.columns != section.columns) {
            carried = Carried::default();
        }
        previous = Some(section);
        let targets = target_columns(section);
        let shifted = levels_are_shifted(context, section, patterns);
        let heads = heads::heads(context, section);
        for row in section.rows() {
            if let Some(head) = heads.iter().find(|head| head.row == row) {
                let (points, cell) = head.weight;
                carried.level1 = Some(Label {
                    text: head.name.clone(),
                    points: Some(points),
                    place: (cell.row, cell.col),
                });
                continue;
            }
            for target in &targets {
                let reader = RowReader {
                    context,
                    section,
                    row,
                    target: *target,
                    patterns,
                };
                if let Some(mut indicator) = reader.read(&mut carried, shifted, project, warnings) {
                    if let (true, Some(position)) = (targets.len() > 1, target) {
                        let header = &section.columns[*position].header;
                        indicator.project = header.rsplit('/').next().map(str::to_owned);
                    }
                    out.push(indicator);
                }
            }
        }
    }
    out
}

/// Whether the column called 二级指标 holds level-1 names (产出指标 …) because the form has no level 1.
fn levels_are_shifted(context: &TableContext<'_>, section: &Section, patterns: &Patterns) -> bool {
    if section.columns_of(ColumnRole::Level1).next().is_some() {
        return false;
    }
    let Some(position) = section.columns.iter().position(|c| c.role == ColumnRole::Level2) else {
        return false;
    };
    let labels: Vec<String> = section
        .rows()
        .filter_map(|row| context.under(section, row, position).filter(|c| c.row == row))
        .map(|c| fold(&c.text))
        .filter(|t| !t.is_empty())
        .collect();
    // A page may have torn a label over two rows: 满意度, 指标.
    let torn = |n: usize| {
        n > 0
            && patterns
                .forms
                .is_first_level(&format!("{}{}", labels[n - 1], labels[n]))
    };
    let first_level = |(n, label): (usize, &String)| {
        patterns.forms.is_first_level(label) || patterns.checks.words.indicators.satisfaction.start(label) || torn(n)
    };
    !labels.is_empty() && labels.iter().enumerate().all(first_level)
}

/// Positions of the columns whose targets are indicators of their own: several only where each column is a project's
/// or unit's. A form with actual values has one target an indicator (年初指标值 before 调整指标值).
fn target_columns(section: &Section) -> Vec<Option<usize>> {
    let all = || {
        section
            .columns
            .iter()
            .enumerate()
            .filter(|(_, c)| c.role == ColumnRole::Target)
            .map(|(i, _)| Some(i))
    };
    let done = section.columns_of(ColumnRole::ActualValue).next().is_some();
    let all: Vec<Option<usize>> = if done { all().take(1).collect() } else { all().collect() };
    if all.is_empty() { vec![None] } else { all }
}

struct RowReader<'a> {
    context: &'a TableContext<'a>,
    section: &'a Section,
    row: usize,
    target: Option<usize>,
    patterns: &'a Patterns,
}

impl<'a> RowReader<'a> {
    /// The cell under the first column of a role; also cells merged from above within the body.
    fn cell(&self, role: ColumnRole) -> Option<&'a Cell> {
        let position = self.section.columns.iter().position(|c| c.role == role)?;
        let cell = self.context.under(self.section, self.row, position)?;
        (cell.row >= self.section.body.start).then_some(cell)
    }

    /// As [`Self::cell`], but only when the cell starts in this row: values are not shared by merged rows.
    fn own(&self, role: ColumnRole) -> Option<&'a Cell> {
        self.cell(role).filter(|c| c.row == self.row)
    }

    fn text(cell: Option<&Cell>) -> Option<String> {
        cell.map(|c| one_line(&c.text)).filter(|t| !t.is_empty())
    }

    fn read(
        &self,
        carried: &mut Carried,
        shifted: bool,
        project: &dyn Fn(usize) -> Option<String>,
        warnings: &mut Vec<Warning>,
    ) -> Option<Indicator> {
        self.carry(carried);
        let forms = &self.patterns.forms;
        let name_cell = self.own(ColumnRole::Indicator).or_else(|| self.own(ColumnRole::Level3));
        let has_name_column = self
            .section
            .columns
            .iter()
            .any(|c| matches!(c.role, ColumnRole::Indicator | ColumnRole::Level3));
        let level_cell = || {
            self.own(ColumnRole::Level2)
                .or_else(|| self.own(ColumnRole::Level1))
                .or_else(|| self.own(ColumnRole::Project))
        };
        let target_cell = self
            .target
            .and_then(|p| self.context.under(self.section, self.row, p))
            .filter(|c| c.row == self.row);
        let actual_cell = self.own(ColumnRole::ActualValue);
        let filled = |cell: Option<&Cell>| cell.is_some_and(|c| !is_nothing(&fold(&c.text)));
        let has_values = filled(target_cell)
            || filled(actual_cell)
            || filled(self.own(ColumnRole::InterimActual))
            || filled(self.own(ColumnRole::Weight))
            || filled(self.own(ColumnRole::Score));
        let written = Self::text(name_cell).map(|t| strip_counter(&t).to_owned());
        let named = written.as_deref().filter(|t| !forms.is_placeholder(t));
        // 相关建议 ∣ a text over the rest of the row: what closes a form is no indicator.
        let over_values = |c: &Cell| {
            let values = [ColumnRole::Target, ColumnRole::ActualValue, ColumnRole::InterimActual];
            let mut columns = values.into_iter().flat_map(|role| self.section.columns_of(role));
            columns.any(|value| (c.col + 1..c.col + c.col_span).contains(&value.index))
        };
        if name_cell.is_some_and(over_values) {
            return None;
        }
        let (name, name_cell) = match named {
            Some(name) => (name.to_owned(), name_cell?),
            None if !has_values => return None,
            None => {
                let fallback = level_cell().filter(|c| !fold(&c.text).is_empty());
                match fallback {
                    Some(cell) => (strip_counter(&label(cell).text).to_owned(), cell),
                    None => {
                        let cell = target_cell.or(actual_cell).or(name_cell)?;
                        let message = format!("第{}行有指标值或得分，但没有指标名称", self.row + 1);
                        warnings.push(Warning::new(
                            "indicator_without_name",
                            message,
                            self.context.source(cell),
                        ));
                        return None;
                    }
                }
            }
        };
        if forms.is_subtotal_row(&name)
            || forms.is_remark(&name)
            || (!filled(target_cell) && forms.is_total_score(&name))
        {
            return None;
        }
        let (level1, level2) = match (has_name_column, shifted) {
            (true, true) => (carried.level2.clone(), None),
            (true, false) => (carried.level1.clone(), carried.level2.clone()),
            (false, _) => (carried.level1.clone(), None),
        };
        let mut target = target_cell.map(|c| self.value(c, true));
        let mut actual = actual_cell.map(|c| self.value(c, false));
        value::settle_dates(target.as_mut(), actual.as_mut());
        direction::settle(target.as_mut(), actual.as_mut(), &name, self.patterns);
        self.warn_unread(&name, target.as_ref(), actual.as_ref(), warnings);
        let valued = |role| self.own(role).map(|c| self.value(c, false));
        let (mut weight, mut weight_source) = self.points(ColumnRole::Weight, &name, warnings);
        let mut name = name;
        if self.section.columns_of(ColumnRole::Weight).next().is_none()
            && self.names_state_points()
            && let Some(points) = stated_points(&fold(&name))
        {
            // 三级指标（权重） over 立项依据（15）.
            weight = Some(points);
            weight_source = Some(self.context.source(name_cell));
            name = bare_label(&name);
        }
        let (score, score_source) = self.points(ColumnRole::Score, &name, warnings);
        let reason = self.reason();
        let met = match (&target, &actual) {
            (Some(target), Some(actual)) => {
                let levels = [&level1, &level2].map(|l| l.as_ref().map_or("", |l| l.text.as_str()));
                met::judge_under(&levels.concat(), target, actual, &name, self.patterns)
            }
            _ => None,
        };
        let in_label = level1.as_ref().and_then(|l| Some((l.points?, l.place)));
        let (level1_weight, level1_cell) = match in_label.or_else(|| self.level1_points()) {
            Some((points, (row, col))) => (Some(points), self.context.table.at(row, col)),
            None => (None, None),
        };
        let level1_weight_source = level1_cell.map(|c| self.context.source(c));
        Some(Indicator {
            id: String::new(),
            table: self.context.recognized.id.clone(),
            row: self.row,
            project: carried.project.clone().or_else(|| project(self.row)),
            level1: level1.as_ref().map(|l| l.text.clone()),
            level2: level2.map(|l| l.text),
            name,
            target,
            actual,
            weight,
            score,
            deviation_reason: reason.filter(|t| !matches!(t.as_str(), "/" | "-" | "—" | "——")),
            met,
            level1_weight,
            level1_weight_source,
            interim: valued(ColumnRole::InterimActual),
            forecast: valued(ColumnRole::Forecast),
            weight_source,
            score_source,
            source: self.context.source(name_cell),
        })
    }

    /// The reason that the row gives: of several columns (经费保障 ∣ 人员保障 ∣ 原因说明) the first with words, else the heading of
    /// the one that is ticked.
    fn reason(&self) -> Option<String> {
        let columns = &self.section.columns;
        let positions: Vec<usize> = (0..columns.len())
            .filter(|p| columns[*p].role == ColumnRole::Reason)
            .collect();
        let text = |p: usize| {
            let cell = self.context.under(self.section, self.row, p)?;
            Self::text(Some(cell).filter(|c| c.row >= self.section.body.start))
        };
        if positions.len() < 2 {
            return Self::text(self.cell(ColumnRole::Reason).or_else(|| self.cell(ColumnRole::Remark)));
        }
        let ticked = |t: &str| self.patterns.report.score.ticked.iter().any(|mark| mark == t);
        let words = |t: &String| !ticked(t) && !is_nothing(&fold(t));
        positions.iter().find_map(|p| text(*p).filter(words)).or_else(|| {
            let tick = positions.iter().find(|p| text(**p).is_some_and(|t| ticked(&t)))?;
            Some(columns[*tick].leaf().to_owned())
        })
    }

    /// Whether the heading of the names says that they bring their points along: 三级指标（分值）, 三级指标及权重.
    fn names_state_points(&self) -> bool {
        let last = self
            .section
            .columns
            .iter()
            .rfind(|c| matches!(c.role, ColumnRole::Indicator | ColumnRole::Level3 | ColumnRole::Level2));
        last.is_some_and(|c| self.patterns.headers.figure_kind(&c.header) == Some(FigureKind::Points))
    }

    /// Labels of this row replace those above; a new level 1 ends the level 2 before it.
    fn carry(&self, carried: &mut Carried) {
        if let Some(project) = Self::text(self.cell(ColumnRole::Project))
            && carried.project.as_ref() != Some(&project)
        {
            *carried = Carried {
                project: Some(project),
                ..Carried::default()
            };
        }
        let read = |role| {
            self.cell(role)
                .filter(|c| !fold(&c.text).is_empty())
                .map(|c| (c.row == self.row, label(c)))
        };
        if let Some((new, level1)) = read(ColumnRole::Level1) {
            if new || carried.level1.is_none() {
                carried.level2 = None;
            }
            carried.level1 = Some(level1);
        }
        if let Some((_, level2)) = read(ColumnRole::Level2) {
            carried.level2 = Some(level2);
        }
    }

    /// Points of the level 1 in a column of their own, right of it.
    fn level1_points(&self) -> Option<(Exact, (usize, usize))> {
        let level1 = self.section.columns.iter().position(|c| c.role == ColumnRole::Level1)?;
        let column = self
            .section
            .columns
            .get(level1 + 1)
            .filter(|c| c.role == ColumnRole::Other)?;
        let role = self.patterns.headers.role(&column.header)?.role;
        let cell = self.context.under(self.section, self.row, level1 + 1)?;
        let folded = fold_figures(&cell.text);
        let points = plain(without_points(&folded)).filter(|_| role == ColumnRole::Weight)?;
        Some((points, (cell.row, cell.col)))
    }

    fn value(&self, cell: &Cell, is_target: bool) -> Value {
        let role = if is_target {
            ColumnRole::Target
        } else {
            ColumnRole::ActualValue
        };
        let mut columns = self.section.columns.iter().filter(|c| c.role == role);
        let told = || columns.find_map(|c| self.patterns.headers.told(&c.header)?.unit);
        let column_unit = Self::text(self.cell(ColumnRole::Unit)).or_else(told);
        let comparator = Self::text(self.cell(ColumnRole::Comparator)).filter(|_| is_target);
        let mut value = value::read(
            raw(&cell.text),
            column_unit.as_deref(),
            comparator.as_deref(),
            self.patterns,
        );
        value.source = Some(self.context.source(cell));
        value
    }

    /// Says that a cell looks like a figure and was read as words.
    fn warn_unread(&self, name: &str, target: Option<&Value>, actual: Option<&Value>, warnings: &mut Vec<Warning>) {
        for (what, value) in [("指标值", target), ("完成值", actual)] {
            let Some(value) = value.filter(|v| value::is_unread(v, self.patterns)) else {
                continue;
            };
            let Some(source) = &value.source else { continue };
            let message = format!("指标“{name}”的{what}“{}”像是数，读不出", one_line(&value.raw));
            warnings.push(Warning::new(VALUE_UNREAD, message, source.clone()));
        }
    }

    /// A weight or score: one number, with or without 分.
    fn points(&self, role: ColumnRole, name: &str, warnings: &mut Vec<Warning>) -> (Option<Exact>, Option<Source>) {
        let Some(cell) = self.own(role) else {
            return (None, None);
        };
        let text = fold_figures(&cell.text);
        if is_nothing(&text) {
            return (None, None);
        }
        let source = self.context.source(cell);
        let points = plain(without_points(&text));
        if points.is_none() {
            let what = if role == ColumnRole::Weight { "分值" } else { "得分" };
            let message = format!("指标“{name}”的{what}写“{text}”，读不出数");
            warnings.push(Warning::new("points_unread", message, source.clone()));
        }
        (points, Some(source))
    }
}

/// `产出指标（50分）` is the level 产出指标 with 50 points.
pub fn label(cell: &Cell) -> Label {
    let text = &cell.text;
    let folded = fold(text);
    let points = stated_points(&folded);
    let bare = if points.is_some() {
        bare_label(text)
    } else {
        one_line(text)
    };
    Label {
        text: if bare.is_empty() { one_line(text) } else { bare },
        points,
        place: (cell.row, cell.col),
    }
}

/// A label without the points at its end.
fn bare_label(text: &str) -> String {
    let bare = strip_notes(&fold(text));
    bare.trim_end_matches(|c: char| c.is_ascii_digit() || c == '.' || POINTS.contains(c))
        .to_owned()
}

/// The points at the end of a folded label: `(50分)`, `(50)`, `50分`.
pub fn stated_points(folded: &str) -> Option<Exact> {
    if let Some(open) = folded.strip_suffix(POINTS) {
        let digits = open.trim_end_matches(|c: char| c.is_ascii_digit() || c == '.');
        let words = digits
            .chars()
            .last()
            .is_some_and(|c| ('\u{4e00}'..='\u{9fff}').contains(&c));
        return plain(&open[digits.len()..]).filter(|_| words);
    }
    let inner = folded.strip_suffix(')')?;
    let open = inner.rfind('(')?;
    let inside = inner[open + 1..].trim_end_matches(POINTS);
    plain(inside)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counters_and_points() {
        assert_eq!(strip_counter("指标1：规模工业增加值增速"), "规模工业增加值增速");
        assert_eq!(strip_counter("指标2："), "");
        assert_eq!(strip_counter("5G应用示范项目"), "5G应用示范项目");
        assert_eq!(strip_counter("2.培训人数"), "培训人数");
        assert_eq!(strip_counter("2023年12月31日"), "2023年12月31日");
        assert_eq!(
            stated_points("产出指标(50分)").map(|e| e.to_string()).as_deref(),
            Some("50")
        );
        assert_eq!(
            stated_points("产出指标80分").map(|e| e.to_string()).as_deref(),
            Some("80")
        );
        assert_eq!(stated_points("产出指标"), None);
    }
}
