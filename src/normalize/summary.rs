//! Scores, grades and goals of tables that list projects, one a row: summaries of self-evaluations, lists of tasks.

use super::cells::{TableContext, fold_figures, one_line, raw};
use super::score::grade_of;
use crate::model::{
    BudgetLine, Cell, Column, ColumnRole, Exact, Project, RowRole, Score, ScoreKind, Section, SectionKind, Source,
    Warning,
};
use crate::pattern::Patterns;
use crate::pattern::forms::HeadField;
use crate::pattern::headers::fold;
use crate::text::mark::is_nothing;
use crate::text::number::plain;
use crate::text::unit::without_points;
use rust_decimal::Decimal;
use std::collections::BTreeSet;

/// Points of a part of a form go up to this many; a column whose scores are all lower holds no totals.
const MOST_OF_A_PART: u32 = 30;
/// What a project can reach.
const FULL: u32 = 100;

/// What the lists of a table say of their projects.
#[derive(Default)]
pub struct Summary {
    /// A project for each row that states goals.
    pub projects: Vec<Project>,
    /// Total score and grade of each project.
    pub scores: Vec<Score>,
}

/// A row of a list: the project, and the cell of its name.
struct Row<'a> {
    row: usize,
    name: String,
    cell: &'a Cell,
}

/// Reads the lists of a table; `lines` are the budget lines of it. A table with the head of a form is that form.
pub fn of_table(
    context: &TableContext<'_>,
    lines: &[BudgetLine],
    patterns: &Patterns,
    warnings: &mut Vec<Warning>,
) -> Summary {
    let mut out = Summary::default();
    let sections = &context.recognized.sections;
    let of_projects = |s: &Section| s.columns_of(ColumnRole::Project).next().is_some();
    let listed = |s: &Section| match s.kind {
        SectionKind::Money | SectionKind::Projects => !s.columns.is_empty(),
        // 项目名称 ∣ 总体目标 ∣ 一级指标 …: a grid of several projects.
        SectionKind::Indicators => of_projects(s),
        SectionKind::Closing => true,
        SectionKind::Head | SectionKind::Goals | SectionKind::Sideways => false,
    };
    if sections.iter().any(|s| !listed(s)) {
        return out;
    }
    for section in sections.iter().filter(|s| s.kind != SectionKind::Closing) {
        let list = List {
            context,
            section,
            rows: rows(context, section, lines, patterns),
            patterns,
        };
        let has_goals = list.goals(&mut out.projects);
        if section.kind != SectionKind::Indicators {
            list.scores(has_goals, &mut out.scores, warnings);
        }
    }
    out
}

/// The rows of a section that are projects: totals and sources of funds are none.
fn rows<'a>(context: &TableContext<'a>, section: &Section, lines: &[BudgetLine], patterns: &Patterns) -> Vec<Row<'a>> {
    let forms = &patterns.forms;
    let sums = |name: &str| forms.is_total_row(name) || forms.is_subtotal_row(name) || forms.is_funding_row(name);
    if section.kind == SectionKind::Money {
        let own = lines.iter().filter(|l| {
            section.sides.len() == 1
                && section.body.contains(&l.row)
                && matches!(l.role, RowRole::Item | RowRole::OfWhich)
                && !sums(&l.name)
        });
        let row = |l: &BudgetLine| {
            let cell = context.table.at(l.source.row?, l.source.col?)?;
            Some(Row {
                row: l.row,
                name: l.name.clone(),
                cell,
            })
        };
        return own.filter_map(row).collect();
    }
    let names = |c: &Column| {
        c.role == ColumnRole::Project
            || forms.head_field(c.leaf()) == Some(HeadField::Project) && c.role == ColumnRole::Other
    };
    let named: Vec<usize> = (0..section.columns.len())
        .filter(|p| names(&section.columns[*p]))
        .collect();
    let organization = |p: &&usize| forms.is_organization_heading(section.columns[**p].leaf());
    let Some(name) = named.iter().rfind(|p| !organization(p)).or(named.last()).copied() else {
        return Vec::new();
    };
    let row = |row: usize| {
        let cell = context.under(section, row, name).filter(|c| c.row == row)?;
        let text = one_line(&cell.text);
        let bare = fold(&text);
        let said = plain(&bare).is_none() && !is_nothing(&bare) && !sums(&bare) && !forms.is_remark(&bare);
        said.then_some(Row { row, name: text, cell })
    };
    let mut rows: Vec<Row<'a>> = section.rows().filter_map(row).collect();
    if section.kind == SectionKind::Indicators {
        rows.dedup_by(|next, last| next.name == last.name); // a project in each row of its indicators
    }
    rows
}

struct List<'a> {
    context: &'a TableContext<'a>,
    section: &'a Section,
    rows: Vec<Row<'a>>,
    patterns: &'a Patterns,
}

impl List<'_> {
    fn own(&self, row: usize, position: usize) -> Option<&Cell> {
        let cell = self.context.under(self.section, row, position)?;
        (cell.row == row && !is_nothing(&fold(&cell.text))).then_some(cell)
    }

    fn points(&self, row: usize, position: usize) -> Option<(Exact, &Cell)> {
        let cell = self.own(row, position)?;
        let folded = fold_figures(&cell.text);
        Some((plain(without_points(&folded))?, cell))
    }

    fn positions(&self, is: impl Fn(&Column) -> bool) -> Vec<usize> {
        (0..self.section.columns.len())
            .filter(|p| is(&self.section.columns[*p]))
            .collect()
    }

    /// Puts the projects whose goals stand in columns; whether there are such columns.
    fn goals(&self, projects: &mut Vec<Project>) -> bool {
        let forms = &self.patterns.forms;
        // Beside indicators 完成情况 is theirs.
        let grid = self.section.kind == SectionKind::Indicators;
        let mut expected = self.positions(|c| {
            let goal = forms.is_goal_expected(c.leaf()) || forms.is_goal_label(c.leaf());
            if grid {
                goal && c.role == ColumnRole::Other
            } else {
                goal || c.role == ColumnRole::Target
            }
        });
        // Of 总体目标 ∣ 年度目标 that of the year was set for it.
        let yearly = |p: &usize| forms.is_of_year(self.section.columns[*p].leaf());
        if let Some(year) = expected.iter().copied().find(yearly) {
            expected.insert(0, year);
        }
        let actual = self.positions(|c| {
            let goal = forms.is_goal_actual(c.leaf());
            if grid {
                goal && c.role == ColumnRole::Other
            } else {
                goal || c.role == ColumnRole::ActualValue
            }
        });
        if expected.is_empty() {
            return false;
        }
        let field = |wanted: HeadField| self.positions(|c| forms.head_field(c.leaf()) == Some(wanted));
        let (departments, implementers) = (field(HeadField::Department), field(HeadField::Implementer));
        for row in &self.rows {
            let text = |positions: &[usize]| {
                let cell = positions.iter().find_map(|p| self.own(row.row, *p));
                cell.map(|c| raw(&c.text).to_owned())
            };
            // An office merged over its projects is that of each.
            let office = |positions: &[usize]| {
                let cell = positions
                    .iter()
                    .find_map(|p| self.section.body_cell(self.context.table, row.row, *p));
                cell.map(|c| one_line(&c.text)).filter(|t| !t.is_empty())
            };
            projects.push(Project {
                name: Some(row.name.clone()),
                code: None,
                department: office(&departments),
                implementer: office(&implementers),
                goal_expected: text(&expected),
                goal_actual: text(&actual),
                table: self.context.recognized.id.clone(),
                source: self.context.source(row.cell),
            });
        }
        true
    }

    /// Puts the total score and the grade of each project.
    fn scores(&self, has_goals: bool, out: &mut Vec<Score>, warnings: &mut Vec<Warning>) {
        let (headers, forms) = (&self.patterns.headers, &self.patterns.forms);
        // 财政复核等级 heads grades where these are such; a road has its 等级 too.
        let known = |p: &usize| {
            let own = |r: &Row<'_>| grade_of(&fold_figures(&self.own(r.row, *p)?.text), &self.patterns.report.score);
            self.rows.iter().any(|r| own(r).is_some())
        };
        let mut graded = self.positions(|c| forms.ends_as_grade(c.leaf()));
        graded.retain(|p| forms.is_grade(self.section.columns[*p].leaf()) || known(p));
        let numbers = |p: &usize| self.rows.iter().any(|r| self.points(r.row, *p).is_some());
        let (results, grades): (Vec<usize>, Vec<usize>) = graded.into_iter().partition(|p| numbers(p));
        // A second score (自评得分 ∣ 复核得分) is no measure of the line, and a total all the same.
        let score = |c: &Column| {
            let role = match c.role {
                ColumnRole::Other => headers.role(c.leaf()).map(|m| m.role),
                role => Some(role),
            };
            let part = |word: &String| fold(&c.header).contains(word.as_str());
            let words = &self.patterns.report.score;
            role == Some(ColumnRole::Score) && !words.parts.iter().chain(&words.execution).any(part)
        };
        let mut columns = self.positions(score);
        columns.extend(results);
        columns.sort_unstable();
        columns.retain(|p| self.holds_totals(*p, has_goals || !grades.is_empty()));
        let full = self.positions(|c| c.role == ColumnRole::Weight).first().copied();
        for row in &self.rows {
            let first = out.len();
            for position in &columns {
                let Some((value, cell)) = self.points(row.row, *position) else {
                    continue;
                };
                let of = full.and_then(|p| self.points(row.row, p));
                out.push(Score {
                    value: Some(value),
                    full: of.map(|(points, _)| points),
                    full_source: of.map(|(_, cell)| self.context.source(cell)),
                    ..self.score(row, *position, self.context.source(cell))
                });
            }
            for position in &grades {
                let Some(cell) = self.own(row.row, *position) else {
                    continue;
                };
                let source = self.context.source(cell);
                let Some(grade) = grade_of(&fold_figures(&cell.text), &self.patterns.report.score) else {
                    let message = format!("“{}”的等级写“{}”，未能识别", row.name, one_line(&cell.text));
                    warnings.push(Warning::new("grade_unread", message, source));
                    continue;
                };
                // 自评得分 ∣ 等级 ∣ 复核得分 ∣ 等级: a grade follows its score.
                let index = self.section.columns[*position].index;
                let free = |s: &&mut Score| s.grade.is_none();
                let before = out[first..].iter().rposition(|s| s.source.col < Some(index));
                let own = match before {
                    Some(at) => out[first..].get_mut(at).filter(free),
                    None => out[first..].iter_mut().find(free),
                };
                match own {
                    Some(own) => own.grade = Some(grade),
                    None => out.push(Score {
                        grade: Some(grade),
                        ..self.score(row, *position, source)
                    }),
                }
            }
        }
    }

    fn score(&self, row: &Row<'_>, position: usize, source: Source) -> Score {
        Score {
            project: Some(row.name.clone()),
            kind: ScoreKind::Total,
            name: self.section.columns[position].leaf().to_owned(),
            value: None,
            full: None,
            grade: None,
            table: Some(self.context.recognized.id.clone()),
            full_source: None,
            source,
        }
    }

    /// Whether a column of points holds the totals of projects, and neither the points of one part (执行率) nor the items of
    /// one sheet: of 100 where the full points are stated, else too many for a part, and none the sum of the others.
    fn holds_totals(&self, position: usize, judged: bool) -> bool {
        let points = |p: usize| -> Vec<Decimal> {
            let own = self.rows.iter().filter_map(|r| self.points(r.row, p));
            own.map(|(value, _)| value.0).collect()
        };
        let values = points(position);
        if values.is_empty() {
            return false;
        }
        let weights = self.positions(|c| c.role == ColumnRole::Weight);
        if let Some(full) = weights.first() {
            let full: BTreeSet<Decimal> = points(*full).into_iter().collect();
            return full.iter().all(|f| *f >= Decimal::from(FULL)) && !full.is_empty();
        }
        let sum = values.iter().try_fold(Decimal::ZERO, |sum, v| sum.checked_add(*v));
        let named: BTreeSet<usize> = self.rows.iter().map(|r| r.row).collect();
        let others = self.section.rows().filter(|row| !named.contains(row));
        let summed = others
            .filter_map(|row| self.points(row, position))
            .any(|(total, _)| Some(total.0) == sum && values.len() > 1);
        let many = values.iter().any(|v| *v > Decimal::from(MOST_OF_A_PART));
        !summed && (judged || many)
    }
}
