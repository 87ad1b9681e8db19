//! Lines of one table as sequences of figures.

use super::column::{Column, columns_of};
use crate::model::{BudgetLine, Report, RowRole, TableRecord};
use crate::pattern::Patterns;
use std::collections::{BTreeSet, HashMap};

/// Lines of one table (one side of it, where two stand side by side) in row order, with their columns.
#[derive(Debug, Clone)]
pub struct Sequence<'a> {
    /// The table.
    pub table: Option<&'a TableRecord>,
    /// Lines.
    pub lines: Vec<&'a BudgetLine>,
    /// Level codes of the lines (208, 20805, 2080501), where the table has a column of them.
    pub codes: Vec<Option<String>>,
    /// Columns from left to right.
    pub columns: Vec<Column<'a>>,
    /// Words of forms and checks.
    pub patterns: &'a Patterns,
}

impl<'a> Sequence<'a> {
    /// The columns whose figures add up from line to line.
    pub fn summed(&self) -> impl Iterator<Item = &Column<'a>> {
        self.columns.iter().filter(|c| c.adds_up())
    }

    /// Whether the lines are income, of which more than budgeted is no overrun.
    pub fn is_income(&self) -> bool {
        let forms = &self.patterns.forms;
        let told = |text: &str| forms.revenue_and_expenditure(text);
        let income = |text: &str| told(text) == (true, false);
        let total = self.lines.iter().find(|l| l.role == RowRole::Total);
        match total {
            Some(line) if told(&line.name) != (false, false) => income(&line.name),
            _ => self.table.and_then(|t| t.title.as_deref()).is_some_and(income),
        }
    }

    /// How messages name the table.
    pub fn title(&self) -> String {
        let id = self.lines.first().map_or("", |line| line.table.as_str());
        if id.is_empty() {
            return "正文".to_owned();
        }
        match self
            .table
            .and_then(|t| t.title.as_deref())
            .filter(|t| !t.trim().is_empty())
        {
            Some(title) => format!("表{id}“{}”", crate::check::ledger::shorten(title, 24)),
            None => format!("表{id}"),
        }
    }
}

/// Every sequence of the report, in table order.
pub fn sequences<'a>(report: &'a Report, patterns: &'a Patterns) -> Vec<Sequence<'a>> {
    let tables: HashMap<&str, &TableRecord> = report.tables.iter().map(|t| (t.id.as_str(), t)).collect();
    let mut by_table: Vec<(&str, Vec<&BudgetLine>)> = Vec::new();
    for line in &report.budgets {
        match by_table.last_mut() {
            Some((id, lines)) if *id == line.table => lines.push(line),
            _ => by_table.push((&line.table, vec![line])),
        }
    }
    let mut out = Vec::new();
    for (id, lines) in by_table {
        let table = tables.get(id).copied();
        let codes = codes_of(table, &lines);
        for side in super::sides::split(table, &lines) {
            let lines: Vec<&BudgetLine> = side.iter().map(|i| lines[*i]).collect();
            out.push(Sequence {
                table,
                codes: side.iter().map(|i| codes[*i].clone()).collect(),
                columns: columns_of(table, &lines, &patterns.checks.words.tables),
                lines,
                patterns,
            });
        }
    }
    super::continued::join(out)
}

/// The level code of each line: one cell of 3, 5 or 7 digits left of the name, or cells of 3, 2 and 2 digits.
fn codes_of(table: Option<&TableRecord>, lines: &[&BudgetLine]) -> Vec<Option<String>> {
    let Some(table) = table else {
        return vec![None; lines.len()];
    };
    let wanted: BTreeSet<usize> = lines.iter().map(|l| l.row).collect();
    let mut digits: HashMap<usize, Vec<(usize, String)>> = HashMap::new();
    for cell in table.cells.iter().filter(|c| wanted.contains(&c.row)) {
        let text: String = cell.text.chars().filter(|c| !c.is_whitespace()).collect();
        if (2..=7).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit()) {
            digits.entry(cell.row).or_default().push((cell.col, text));
        }
    }
    let code = |line: &&BudgetLine| {
        let leading: String = line.name.chars().take_while(char::is_ascii_digit).collect();
        if matches!(leading.len(), 3 | 5 | 7) {
            return Some(leading);
        }
        let name_col = line.source.col.unwrap_or(0);
        let cells = digits.get(&line.row)?;
        let left: Vec<&String> = cells
            .iter()
            .filter(|(col, _)| *col < name_col)
            .map(|(_, t)| t)
            .collect();
        let whole = left.iter().find(|t| matches!(t.len(), 3 | 5 | 7));
        if let Some(whole) = whole.filter(|t| left.len() == 1 || t.len() > 3) {
            return Some((*whole).clone());
        }
        let start = left.iter().position(|t| t.len() == 3)?;
        let rest = &left[start + 1..];
        (rest.len() <= 2 && rest.iter().all(|t| t.len() == 2)).then(|| {
            let mut code = left[start].clone();
            rest.iter().for_each(|t| code.push_str(t));
            code
        })
    };
    let codes: Vec<Option<String>> = lines.iter().map(code).collect();
    // A few numbers beside names are no code column.
    let coded = codes.iter().flatten().count();
    if coded >= 3 && coded * 2 >= lines.len() {
        codes
    } else {
        vec![None; lines.len()]
    }
}
