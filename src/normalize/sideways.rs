//! Indicators and total of a scoring sheet laid sideways: each column is what a row is in an upright one.

use super::cells::{TableContext, one_line, points, raw};
use super::indicator::label;
use super::{met, value};
use crate::model::{Cell, ColumnRole, Exact, Indicator, Score, ScoreKind, Section, SectionKind, Value};
use crate::pattern::Patterns;
use crate::text::fold::fold;
use crate::text::outline::strip_counter;
use std::collections::BTreeSet;

/// Indicators and scores of the sections of a table that are laid sideways.
pub fn of_table(
    context: &TableContext<'_>,
    project: &dyn Fn(usize) -> Option<String>,
    patterns: &Patterns,
) -> (Vec<Indicator>, Vec<Score>) {
    let (mut indicators, mut scores) = (Vec::new(), Vec::new());
    let sideways = |s: &&Section| s.kind == SectionKind::Sideways;
    for section in context.recognized.sections.iter().filter(sideways) {
        let sheet = Sheet {
            context,
            section,
            project: project(section.header.start),
            patterns,
        };
        for name in sheet.names() {
            if patterns.forms.is_total_score(&fold(&name.text)) {
                scores.extend(sheet.total(name));
            } else {
                indicators.push(sheet.indicator(name));
            }
        }
    }
    (indicators, scores)
}

struct Sheet<'a> {
    context: &'a TableContext<'a>,
    section: &'a Section,
    project: Option<String>,
    patterns: &'a Patterns,
}

impl<'a> Sheet<'a> {
    /// What names each column of values: the lowest name above it.
    fn names(&self) -> Vec<&'a Cell> {
        let table = self.context.table;
        let values = self.section.rows().flat_map(|row| {
            let own = table
                .row_cells(row)
                .filter(move |c| c.row == row && !fold(&c.text).is_empty());
            own.skip(1).map(|c| c.col)
        });
        let columns: BTreeSet<usize> = values.collect();
        let name = |col: &usize| {
            let mut rows = self.section.header.clone().rev();
            rows.find_map(|row| table.at(row, *col).filter(|c| !fold(&c.text).is_empty()))
        };
        columns.iter().filter_map(name).collect()
    }

    /// The cell below a name in the first row whose heading has a role.
    fn below(&self, name: &Cell, role: ColumnRole) -> Option<&'a Cell> {
        let mut rows = self.section.rows();
        rows.find_map(|row| {
            let mut own = self.context.table.row_cells(row).filter(|c| c.row == row);
            let heading = own.find(|c| !fold(&c.text).is_empty())?;
            let said = self.patterns.headers.role(&heading.text)?.role;
            let cell = own.find(|c| c.col == name.col)?;
            (said == role && !fold(&cell.text).is_empty()).then_some(cell)
        })
    }

    fn points(&self, name: &Cell, role: ColumnRole) -> Option<(&'a Cell, Exact)> {
        let cell = self.below(name, role)?;
        Some((cell, points(cell)?))
    }

    fn value(&self, name: &Cell, role: ColumnRole) -> Option<Value> {
        let cell = self.below(name, role)?;
        let mut value = value::read(raw(&cell.text), None, None, self.patterns);
        value.source = Some(self.context.source(cell));
        Some(value)
    }

    /// A name above that of an indicator, of the nth row of names.
    fn level(&self, name: &Cell, nth: usize) -> Option<String> {
        let row = self.section.header.start + nth;
        let cell = self.context.table.at(row, name.col).filter(|_| row < name.row)?;
        Some(label(cell).text).filter(|t| !t.is_empty())
    }

    fn indicator(&self, cell: &Cell) -> Indicator {
        let name = strip_counter(&one_line(&cell.text)).to_owned();
        let only = self.section.header.len() == 1;
        let (weight, score) = (
            self.points(cell, ColumnRole::Weight),
            self.points(cell, ColumnRole::Score),
        );
        let (target, actual) = (
            self.value(cell, ColumnRole::Target),
            self.value(cell, ColumnRole::ActualValue),
        );
        let met = match (&target, &actual) {
            (Some(target), Some(actual)) => met::judge(target, actual, &name, self.patterns),
            _ => None,
        };
        let heading = self.context.table.row_cells(self.section.header.start).next();
        let first = heading.and_then(|c| self.patterns.headers.role(&c.text));
        let is_level1 = first.is_some_and(|m| m.role == ColumnRole::Level1);
        Indicator {
            id: String::new(),
            table: self.context.recognized.id.clone(),
            row: cell.row,
            project: self.project.clone(),
            // As in an upright sheet of nothing but level-1 names.
            level1: if only {
                Some(name.clone()).filter(|_| is_level1)
            } else {
                self.level(cell, 0)
            },
            level2: self.level(cell, 1),
            name,
            target,
            actual,
            weight: weight.map(|(_, points)| points),
            score: score.map(|(_, points)| points),
            deviation_reason: None,
            met,
            level1_weight: None,
            level1_weight_source: None,
            interim: None,
            forecast: None,
            weight_source: weight.map(|(cell, _)| self.context.source(cell)),
            score_source: score.map(|(cell, _)| self.context.source(cell)),
            source: self.context.source(cell),
        }
    }

    fn total(&self, name: &Cell) -> Option<Score> {
        let (full, value) = (
            self.points(name, ColumnRole::Weight),
            self.points(name, ColumnRole::Score),
        );
        let (cell, _) = value.or(full)?;
        Some(Score {
            project: self.project.clone(),
            kind: ScoreKind::Total,
            name: one_line(&name.text),
            value: value.map(|(_, points)| points),
            full: full.map(|(_, points)| points),
            grade: None,
            table: Some(self.context.recognized.id.clone()),
            full_source: full.map(|(cell, _)| self.context.source(cell)),
            source: self.context.source(cell),
        })
    }
}
