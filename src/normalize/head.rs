//! Heads of forms: project, departments, goals.

use super::cells::{TableContext, one_line, raw};
use crate::model::{Cell, Document, Project, RecognizedTable, Section, SectionKind, Source};
use crate::pattern::Patterns;
use crate::pattern::forms::HeadField;
use crate::text::fold::fold;

/// The forms of a table, each with the first row that belongs to it.
pub fn projects(context: &TableContext<'_>, patterns: &Patterns) -> Vec<(usize, Project)> {
    let mut forms: Vec<(usize, Project)> = Vec::new();
    for section in &context.recognized.sections {
        match section.kind {
            SectionKind::Head => read_head(context, section, patterns, &mut forms),
            SectionKind::Goals => read_goals(context, section, patterns, &mut forms),
            _ => {}
        }
    }
    forms
}

fn empty(context: &TableContext<'_>, source: Source) -> Project {
    Project {
        name: None,
        code: None,
        department: None,
        implementer: None,
        goal_expected: None,
        goal_actual: None,
        table: context.recognized.id.clone(),
        source,
    }
}

fn read_head(context: &TableContext<'_>, section: &Section, patterns: &Patterns, forms: &mut Vec<(usize, Project)>) {
    for row in section.rows() {
        let cells: Vec<&Cell> = context.table.row_cells(row).filter(|c| c.row == row).collect();
        let mut i = 0;
        while i < cells.len() {
            let cell = cells[i];
            i += 1;
            let folded = fold(&cell.text);
            let inline = folded.split_once(':').filter(|(_, value)| !value.is_empty());
            let (field, value, value_cell) = if let Some(field) = patterns.forms.head_field(&cell.text) {
                // Behind blank cells, where the format merges nothing.
                let blanks = cells[i..].iter().take_while(|c| c.text.trim().is_empty()).count();
                let Some(next) = cells.get(i + blanks) else { continue };
                if patterns.forms.head_field(&next.text).is_some() {
                    continue; // a label without a value before the next label
                }
                i += blanks + 1;
                (field, one_line(&next.text), *next)
            } else if let Some((field, _)) = inline.and_then(|(l, v)| Some((patterns.forms.head_field(l)?, v))) {
                let text = one_line(&cell.text);
                let value = text
                    .split_once([':', '：'])
                    .map(|(_, v)| v.trim().to_owned())
                    .unwrap_or_default();
                (field, value, cell)
            } else {
                continue;
            };
            if value.is_empty() {
                continue;
            }
            set(context, forms, row, field, value, value_cell);
        }
    }
}

fn set(
    context: &TableContext<'_>,
    forms: &mut Vec<(usize, Project)>,
    row: usize,
    field: HeadField,
    value: String,
    cell: &Cell,
) {
    // A second name starts a second form.
    let second = field == HeadField::Project && forms.last().is_some_and(|(_, p)| p.name.is_some());
    if forms.is_empty() || second {
        forms.push((row, empty(context, context.source(cell))));
    }
    let Some((_, form)) = forms.last_mut() else { return };
    match field {
        HeadField::Project => {
            let (code, name) = split_code(&value);
            form.code = form.code.take().or(code);
            form.name = Some(name);
            form.source = context.source(cell);
        }
        HeadField::Code => form.code = Some(value),
        HeadField::Department => form.department = Some(value),
        HeadField::Implementer => form.implementer = Some(value),
        HeadField::Other => {}
    }
}

/// 四川 forms write the code before the name: `51092324T000010263357-name`.
fn split_code(value: &str) -> (Option<String>, String) {
    if let Some((code, name)) = value.split_once(['-', '－', '—']) {
        let code = code.trim();
        let digits = code.chars().filter(char::is_ascii_digit).count();
        if digits >= 10 && code.chars().all(|c| c.is_ascii_alphanumeric()) && !name.trim().is_empty() {
            return (Some(code.to_owned()), name.trim().to_owned());
        }
    }
    (None, value.to_owned())
}

fn read_goals(context: &TableContext<'_>, section: &Section, patterns: &Patterns, forms: &mut Vec<(usize, Project)>) {
    let table = context.table;
    let mut columns: (Option<usize>, Option<usize>) = (None, None);
    let mut expected: Option<&Cell> = None;
    let mut actual: Option<&Cell> = None;
    for row in section.rows() {
        let own: Vec<&Cell> = table
            .row_cells(row)
            .filter(|c| c.row == row && !fold(&c.text).is_empty())
            .collect();
        let first = own.first().map_or(0, |c| c.col);
        let done = own
            .iter()
            .find(|c| patterns.forms.is_goal_actual(&c.text) && (c.col > first || own.len() == 2));
        let goal = own.iter().find(|c| {
            let label = c.col > first && patterns.forms.is_goal_label(&c.text);
            (label || patterns.forms.is_goal_expected(&c.text)) && done.is_none_or(|d| c.col < d.col)
        });
        if let (Some(goal), Some(done)) = (goal, done) {
            columns = (Some(goal.col), Some(done.col));
            continue;
        }
        // 项目总目标 ∣ 年度总体目标 over their texts: both are headings, and the year's goal is the one that was set.
        let heads = |c: &Cell| patterns.forms.is_goal_label(&c.text) || patterns.forms.is_goal_expected(&c.text);
        // The first cell is a heading too where a text stands below it: it is no label beside the goals.
        let below = table.at(row + 1, first).map(|c| (c.row > row, c.text.as_str()));
        let over_text =
            below.is_some_and(|(next, text)| next && !fold(text).is_empty() && !patterns.forms.is_goal_heading(text));
        let from = if over_text && own.iter().all(|c| heads(c)) {
            first
        } else {
            first + 1
        };
        let headings: Vec<&&Cell> = own.iter().filter(|c| heads(c) && c.col >= from).collect();
        if headings.len() >= 2 && headings.len() + 1 >= own.len() {
            let yearly = headings.iter().find(|c| patterns.forms.is_of_year(&c.text));
            columns = (yearly.or(headings.first()).map(|c| c.col), None);
            continue;
        }
        if let (Some(left), None) = columns {
            expected = expected.or_else(|| table.at(row, left).filter(|c| c.row == row));
            continue;
        }
        if let (Some(left), Some(right)) = columns {
            expected = expected.or_else(|| table.at(row, left).filter(|c| c.row == row && c.col >= left.min(c.col)));
            actual = actual.or_else(|| table.at(row, right).filter(|c| c.row == row));
            continue;
        }
        // Label and text in one row.
        for pair in own.windows(2) {
            let label = &pair[0].text;
            if patterns.forms.is_goal_actual(label) {
                actual = actual.or(Some(pair[1]));
            } else if patterns.forms.is_goal_expected(label) || patterns.forms.is_goal_label(label) {
                let is_label =
                    patterns.forms.is_goal_expected(&pair[1].text) || patterns.forms.is_goal_actual(&pair[1].text);
                if !is_label {
                    expected = expected.or(Some(pair[1]));
                }
            }
        }
    }
    let Some(place) = expected.or(actual) else { return };
    if forms.is_empty() {
        forms.push((section.body.start, empty(context, context.source(place))));
    }
    if let Some((_, form)) = forms.last_mut() {
        let text = |cell: Option<&Cell>| cell.map(|c| raw(&c.text).to_owned()).filter(|t| !t.is_empty());
        form.goal_expected = form.goal_expected.take().or(text(expected));
        form.goal_actual = form.goal_actual.take().or(text(actual).filter(|_| {
            actual.map(|c| c.col) != expected.map(|c| c.col) || actual.map(|c| c.row) != expected.map(|c| c.row)
        }));
    }
}

/// Labels of the heads of forms, each with the text of the cell beside it.
fn labels<'d>(document: &'d Document, tables: &'d [RecognizedTable]) -> impl Iterator<Item = (String, &'d Cell)> {
    TableContext::all(document, tables).flat_map(|context| {
        let heads = context
            .recognized
            .sections
            .iter()
            .filter(|s| s.kind == SectionKind::Head);
        let rows: Vec<usize> = heads.flat_map(Section::rows).collect();
        let pairs = rows.into_iter().flat_map(move |row| {
            let cells: Vec<&'d Cell> = context.table.row_cells(row).filter(|c| c.row == row).collect();
            cells
                .windows(2)
                .map(|pair| (fold(&pair[0].text), pair[1]))
                .collect::<Vec<_>>()
        });
        pairs.collect::<Vec<_>>()
    })
}

/// Whether a form's head calls its project a transfer payment: 转移支付（项目）名称 beside 中央主管部门.
pub fn names_transfer(document: &Document, tables: &[RecognizedTable], patterns: &Patterns) -> bool {
    let words = &patterns.report.transfer;
    labels(document, tables).any(|(label, _)| {
        patterns.forms.head_field(&label) == Some(HeadField::Project)
            && words.names.iter().any(|w| label.contains(w.as_str()))
    })
}

/// The office of the place that a form of a transfer payment names beside that of the state or province.
pub fn local_office(document: &Document, tables: &[RecognizedTable], patterns: &Patterns) -> Option<String> {
    labels(document, tables)
        .find(|(label, _)| patterns.report.names_local_office(label))
        .map(|(_, cell)| one_line(&cell.text))
        .filter(|name| !name.is_empty())
}
