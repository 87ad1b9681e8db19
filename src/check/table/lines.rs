//! Lines of one table as sequences of figures, and relations of single lines.

use super::beside::{is_ratio, never_adds_up};
use super::{TBL_05, TBL_08, TBL_09};
use crate::check::figure::{Figure, half, sane};
use crate::check::interval::Rational;
use crate::check::ledger::{Entry, Ledger, place};
use crate::model::{
    BudgetLine, CheckStatus, FigureKind, Measure, Report, RowRole, Source, TableRecord, lowest_heading,
};
use crate::pattern::Patterns;
use crate::pattern::checks::{Limits, TableWords};
use crate::text::fold::fold;
use crate::text::mark::is_nothing;
use rust_decimal::Decimal;
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// What a column of figures holds.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ColumnKey {
    /// A measure of the vocabulary.
    Measure(Measure),
    /// A heading that no measure names.
    Other(String),
}

/// A figure of a line as it stands in a column.
#[derive(Debug, Clone, Copy)]
pub struct Entered<'a> {
    /// Text of the cell.
    pub raw: &'a str,
    /// Its number.
    pub value: Option<Decimal>,
    /// Unit.
    pub unit: Option<&'a str>,
    /// In 元.
    pub yuan: Option<Decimal>,
    /// What it is, as heading and content say.
    pub kind: FigureKind,
    /// Cell.
    pub source: &'a Source,
}

impl Entered<'_> {
    /// Whether the cell says nothing: empty, or one of the marks for nothing.
    pub fn is_blank(&self) -> bool {
        is_nothing(&fold(self.raw))
    }
}

/// A column of figures of a sequence.
#[derive(Debug, Clone)]
pub struct Column<'a> {
    /// What it holds.
    pub key: ColumnKey,
    /// Grid column of its first figure.
    pub index: usize,
    /// Heading.
    pub header: String,
    /// Unit of its figures, where they share one.
    pub unit: Option<&'a str>,
    /// Whether its figures have several units and stand in 元 here.
    pub in_yuan: bool,
    /// Whether its figures have several units of which one has no amount in 元: they add up to nothing.
    pub mixed: bool,
    /// Most decimals that a figure of it has.
    pub decimals: u32,
    /// Per line: the cell, where the line has one in this column.
    pub cells: Vec<Option<Entered<'a>>>,
    /// Words of tables.
    pub words: &'a TableWords,
}

impl<'a> Column<'a> {
    /// The figure of a line; `None` when blank or unread.
    pub fn figure(&self, line: usize) -> Option<Figure<'a>> {
        let cell = self.cells.get(line)?.as_ref()?;
        let value = if self.in_yuan { cell.yuan? } else { cell.value? };
        Some(Figure {
            value,
            half: if self.in_yuan {
                yuan_half(cell)
            } else {
                half(self.decimals)
            },
            source: cell.source,
        })
    }

    /// The same figure with the half step of its own decimals.
    pub fn own_figure(&self, line: usize) -> Option<Figure<'a>> {
        let mut figure = self.figure(line)?;
        if !self.in_yuan {
            figure.half = half(figure.value.scale());
        }
        Some(figure)
    }

    /// Whether a cell of the line holds something that could not be read.
    pub fn unread(&self, line: usize) -> bool {
        let cell = self.cells.get(line).and_then(Option::as_ref);
        cell.is_some_and(|c| c.value.is_none() && !c.is_blank())
    }

    /// Whether the cell of the line is there and empty.
    pub fn blank(&self, line: usize) -> bool {
        let cell = self.cells.get(line).and_then(Option::as_ref);
        cell.is_none_or(|c| c.value.is_none() && c.is_blank())
    }

    /// Whether it holds money (or counts), and not rates or points.
    pub fn adds_up(&self) -> bool {
        match &self.key {
            ColumnKey::Measure(measure) => {
                let last = lowest_heading(&self.header);
                measure.is_money() && !is_ratio(last, self.words)
            }
            ColumnKey::Other(header) => {
                let kinds = || {
                    self.cells
                        .iter()
                        .flatten()
                        .filter(|c| c.value.is_some())
                        .map(|c| c.kind)
                };
                let no_sum = kinds().count() > 0 && kinds().all(never_adds_up);
                !no_sum
                    && !self.words.rates.within(header)
                    && !is_ratio(header, self.words)
                    && self.unit != Some("%")
                    && !self.words.no_sums.within(header)
            }
        }
    }
}

/// Half step in 元 of a figure that is stated in another unit.
fn yuan_half(cell: &Entered<'_>) -> Decimal {
    let (Some(value), Some(yuan)) = (cell.value, cell.yuan) else {
        return Decimal::ZERO;
    };
    if value.is_zero() {
        return Decimal::ZERO;
    }
    let factor = yuan.checked_div(value).unwrap_or(Decimal::ONE);
    half(value.scale()).checked_mul(factor).unwrap_or(Decimal::ZERO)
}

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

/// The table id for messages: 表t1“标题”.
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

pub(super) fn columns_of<'a>(
    table: Option<&'a TableRecord>,
    lines: &[&'a BudgetLine],
    words: &'a TableWords,
) -> Vec<Column<'a>> {
    // A heading that stands over two columns (预算数 of two blocks) gives two columns: the grid column tells them apart.
    let mut found: BTreeMap<(usize, ColumnKey), Vec<Option<Entered<'a>>>> = BTreeMap::new();
    let mut enter = |line: usize, key: ColumnKey, cell: Entered<'a>| {
        let at = cell.source.col.unwrap_or(usize::MAX);
        let cells = found.entry((at, key)).or_insert_with(|| vec![None; lines.len()]);
        cells[line] = Some(cell);
    };
    for (i, line) in lines.iter().enumerate() {
        for (measure, amount) in &line.amounts {
            let cell = Entered {
                raw: &amount.raw,
                value: amount.value.and_then(|v| sane(v.0)),
                unit: amount.unit.as_deref(),
                yuan: amount.yuan.and_then(|v| sane(v.0)),
                kind: FigureKind::Unknown,
                source: &amount.source,
            };
            enter(i, ColumnKey::Measure(*measure), cell);
        }
        for other in &line.others {
            let cell = Entered {
                raw: &other.raw,
                value: other.value.and_then(|v| sane(v.0)),
                unit: other.unit.as_deref(),
                yuan: other.yuan.and_then(|v| sane(v.0)),
                kind: other.kind,
                source: &other.source,
            };
            enter(i, ColumnKey::Other(other.header.clone()), cell);
        }
    }
    let mut out: Vec<Column<'a>> = Vec::new();
    for ((index, key), cells) in found {
        // A measure whose cells were found in shifting grid columns (merged cells) is one column.
        let same = out.iter_mut().find(|c| c.key == key && !overlap(&c.cells, &cells));
        if let Some(column) = same {
            for (old, new) in column.cells.iter_mut().zip(cells) {
                *old = old.or(new);
            }
            continue;
        }
        out.push(Column {
            header: header_of(table, index, &key),
            key,
            index,
            unit: None,
            in_yuan: false,
            mixed: false,
            decimals: 0,
            cells,
            words,
        });
    }
    for column in &mut out {
        let valued = || column.cells.iter().flatten().filter(|c| c.value.is_some());
        let units: BTreeSet<&str> = valued().filter_map(|c| c.unit).collect();
        let all_in_yuan = valued().all(|c| c.yuan.is_some());
        column.decimals = valued().filter_map(|c| c.value).map(|v| v.scale()).max().unwrap_or(0);
        column.in_yuan = units.len() > 1 && all_in_yuan;
        column.mixed = units.len() > 1 && !all_in_yuan;
        column.unit = if column.in_yuan {
            Some("元")
        } else {
            units.first().copied()
        };
    }
    out
}

fn overlap(a: &[Option<Entered<'_>>], b: &[Option<Entered<'_>>]) -> bool {
    a.iter().zip(b).any(|(x, y)| x.is_some() && y.is_some())
}

fn header_of(table: Option<&TableRecord>, index: usize, key: &ColumnKey) -> String {
    if let ColumnKey::Other(header) = key {
        return header.clone();
    }
    let ColumnKey::Measure(measure) = key else {
        return String::new();
    };
    let column = table.and_then(|t| {
        let fits = |c: &&crate::model::Column| c.index == index && c.role.measure() == Some(*measure);
        t.columns.iter().find(fits)
    });
    match column {
        Some(column) if !column.header.trim().is_empty() => column.header.split_whitespace().collect(),
        _ => measure_label(*measure).to_owned(),
    }
}

/// A measure in words, where the table's heading is not at hand.
pub fn measure_label(measure: Measure) -> &'static str {
    match measure {
        Measure::InitialBudget => "年初预算数",
        Measure::AdjustedBudget => "全年预算数",
        Measure::Budget => "预算金额",
        Measure::Allocated => "到位（下达）数",
        Measure::Actual => "执行数",
        Measure::InterimActual => "期中执行数",
        Measure::Forecast => "预计全年执行数",
        Measure::FinalAccounts => "决算数",
        Measure::Balance => "结转结余",
        Measure::PriorYear => "上年数",
        Measure::Change => "增减额",
        Measure::ChangeRate => "增减幅度",
        Measure::ExecutionRate => "执行率",
        Measure::Weight => "分值",
        Measure::Score => "得分",
    }
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

fn measure_column<'a, 's>(sequence: &'s Sequence<'a>, measures: &[Measure]) -> Option<&'s Column<'a>> {
    let find = |m: &Measure| sequence.columns.iter().find(|c| c.key == ColumnKey::Measure(*m));
    measures.iter().find_map(find)
}

/// TBL-05.
pub fn same_columns(sequence: &Sequence<'_>, ledger: &mut Ledger<'_>) {
    let adjusted = measure_column(sequence, &[Measure::AdjustedBudget]);
    let executed = measure_column(sequence, &[Measure::FinalAccounts, Measure::Actual]);
    let (Some(adjusted), Some(executed)) = (adjusted, executed) else {
        return;
    };
    let pairs: Vec<_> = (0..sequence.lines.len())
        .filter_map(|i| Some((adjusted.figure(i)?, executed.figure(i)?)))
        .collect();
    let filled = pairs.iter().filter(|(a, _)| !a.value.is_zero()).count();
    if filled < 4 || pairs.iter().any(|(a, b)| a.value != b.value) {
        return;
    }
    let message = format!(
        "{}：“{}”与“{}”两列{}行逐行相同，请确认全年预算数是否按决算数填写",
        sequence.title(),
        adjusted.header,
        executed.header,
        pairs.len()
    );
    let sources = pairs.iter().flat_map(|(a, b)| [a.source, b.source]);
    ledger.add(
        Entry::new(&TBL_05, CheckStatus::Fail)
            .message(message)
            .words(adjusted.header.clone(), executed.header.clone())
            .operands(sources),
    );
}

/// Group, name and figures of a line.
type LineKey<'a> = (Option<&'a str>, &'a str, Vec<Option<Decimal>>);

/// TBL-08.
pub fn repeated(sequence: &Sequence<'_>, ledger: &mut Ledger<'_>) {
    let mut seen: HashMap<LineKey<'_>, usize> = HashMap::new();
    for (i, line) in sequence.lines.iter().enumerate() {
        let values: Vec<Option<Decimal>> = sequence.columns.iter().map(|c| c.figure(i).map(|f| f.value)).collect();
        let filled = values.iter().flatten().filter(|v| !v.is_zero()).count();
        if filled == 0 || line.role == RowRole::Subtotal {
            continue;
        }
        let key = (line.level1.as_deref(), line.name.as_str(), values);
        let Some(first) = seen.get(&key).copied() else {
            seen.insert(key, i);
            continue;
        };
        let other = sequence.lines[first];
        let message = format!(
            "{}：第{}行与第{}行“{}”名称和各列数值都相同，疑为重复",
            sequence.title(),
            other.row + 1,
            line.row + 1,
            line.name
        );
        let cells = |i: usize| {
            sequence
                .columns
                .iter()
                .filter_map(move |c| c.figure(i).map(|f| f.source))
        };
        ledger.add(
            Entry::new(&TBL_08, CheckStatus::Fail)
                .message(message)
                .words(other.name.clone(), line.name.clone())
                .operands(
                    [&other.source, &line.source]
                        .into_iter()
                        .chain(cells(first))
                        .chain(cells(i)),
                ),
        );
    }
}

/// TBL-09.
pub fn out_of_band(sequence: &Sequence<'_>, limits: &Limits, ledger: &mut Ledger<'_>) {
    let budget = measure_column(
        sequence,
        &[Measure::AdjustedBudget, Measure::Budget, Measure::InitialBudget],
    );
    let executed = measure_column(sequence, &[Measure::Actual, Measure::FinalAccounts]);
    let (Some(budget), Some(executed)) = (budget, executed) else {
        return;
    };
    if budget.in_yuan != executed.in_yuan || budget.unit != executed.unit || sequence.is_income() {
        return;
    }
    for (i, line) in sequence.lines.iter().enumerate() {
        let (Some(b), Some(a)) = (budget.figure(i), executed.figure(i)) else {
            continue;
        };
        if line.role != RowRole::Item || b.value <= Decimal::ZERO {
            continue;
        }
        let percent = Rational::from(a.value).over(b.value.into());
        let percent = percent.and_then(|r| r.times(Rational::whole(100)));
        let Some(shown) = percent.and_then(|p| p.rounded(2)) else {
            continue;
        };
        let (bound, word) = if shown > limits.line_high_percent {
            (limits.line_high_percent, "高于")
        } else if shown < limits.line_low_percent {
            (limits.line_low_percent, "低于")
        } else {
            continue;
        };
        let message = format!(
            "{}第{}行“{}”：{}“{}”{}与{}“{}”{}之比为{shown}%，{word}{}%",
            sequence.title(),
            line.row + 1,
            line.name,
            place(a.source),
            executed.header,
            a.value,
            place(b.source),
            budget.header,
            b.value,
            bound.normalize()
        );
        ledger.add(
            Entry::new(&TBL_09, CheckStatus::Fail)
                .message(message)
                .threshold(shown, bound.normalize())
                .unit(Some("%"))
                .operands([a.source, b.source]),
        );
    }
}
