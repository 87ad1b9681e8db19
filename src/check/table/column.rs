//! Columns of figures: what a column of a table holds, line by line, and whether it adds up.

use super::beside::{is_ratio, never_adds_up};
use crate::check::figure::{Figure, half, sane};
use crate::model::{BudgetLine, FigureKind, Measure, Source, TableRecord, lowest_heading};
use crate::pattern::checks::TableWords;
use crate::text::fold::fold;
use crate::text::mark::is_nothing;
use rust_decimal::Decimal;
use std::collections::{BTreeMap, BTreeSet};

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
    /// In per cent, where a rate told as a fraction is proven to be one.
    pub percent: Option<Decimal>,
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
                percent: amount.percent.and_then(|v| sane(v.0)),
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
                percent: None,
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
        _ => measure.title().to_owned(),
    }
}
