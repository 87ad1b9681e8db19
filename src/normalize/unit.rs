//! Units of money columns, and amounts: a cell's number with the unit that applies to it.

use super::cells::TableContext;
use super::value;
use crate::model::{BudgetLine, Exact, FigureKind, TableKind, Value, ValueKind, Warning};
use crate::pattern::Patterns;
use crate::pattern::stated::one_unit;
use crate::pattern::units::{UnitKind, UnitMatch};
use crate::text::chinese;
use crate::text::fold::{fold_chars, is_blank};
use crate::text::note::{without_marks, without_stars};
use crate::text::number::{self, Commas};

/// What a column holds, as its role tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Expects {
    /// Money: 万 alone is 万元, and the value in 元 is wanted.
    Money,
    /// Per cent.
    Rate,
    /// Points.
    Points,
    /// Not known.
    Any,
}

/// Where the unit of a cell without one may stand, the nearest first.
#[derive(Debug, Clone, Copy, Default)]
pub struct UnitHints<'a> {
    /// The column's heading: 预算金额（万元）.
    pub header: Option<&'a str>,
    /// A unit row inside the table.
    pub section: Option<&'a str>,
    /// The table's caption or unit line: 单位：万元.
    pub caption: Option<&'a str>,
    /// The table's title.
    pub title: Option<&'a str>,
}

/// A cell read as an amount.
#[derive(Debug, Clone, PartialEq)]
pub struct AmountReading {
    /// The number as written; `None` for blanks and for what is no number.
    pub value: Option<Exact>,
    /// Unit as written (万元, 万, %).
    pub unit: Option<String>,
    /// The amount in 元, for money whose unit is known.
    pub yuan: Option<Exact>,
    /// How the cell states it; `Empty` for blanks.
    pub kind: ValueKind,
    /// Why a cell that is not blank gave no number, in Chinese, for a warning.
    pub problem: Option<String>,
}

impl AmountReading {
    /// Makes a positive figure negative: 减少120万元.
    pub fn turn(&mut self) {
        let negative = |value: Exact| match value.0 > rust_decimal::Decimal::ZERO {
            true => Exact(-value.0),
            false => value,
        };
        self.value = self.value.map(negative);
        self.yuan = self.yuan.map(negative);
    }

    fn nothing() -> Self {
        AmountReading {
            value: None,
            unit: None,
            yuan: None,
            kind: ValueKind::Empty,
            problem: None,
        }
    }
}

/// Reads the cell of a money, rate or points column. The cell's own unit wins over header, caption and title, in that order.
///
/// A figure with a note counts (2451（不含预留部分）); two figures in one cell, a range, and a figure in brackets alone do not.
pub fn amount(raw: &str, hints: UnitHints<'_>, expects: Expects, patterns: &Patterns) -> AmountReading {
    let reading = AmountReading::nothing();
    if patterns.values.is_blank(raw) {
        return reading;
    }
    let raw = match expects {
        Expects::Any => without_marks(raw),
        _ => without_stars(raw),
    };
    let exact = |value: Exact, unit: Option<String>| Value {
        value: Some(value),
        unit,
        kind: ValueKind::Exact,
        ..value::read("", None, None, patterns)
    };
    let read: Value = if let Some(value) = chinese::capital_money(&fold_chars(raw)) {
        exact(value, Some("元".to_owned()))
    } else if let Some(value) = plain_number(raw) {
        exact(value, None) // also 2021.12, which a target would mean as a date
    } else {
        value::read(raw, None, None, patterns)
    };
    settle(reading, raw, read, hints, expects, patterns)
}

/// As [`amount`], of a cell that marks its figure as negative in the way of accounts: (9.50), —9.50.
pub fn negative(raw: &str, hints: UnitHints<'_>, expects: Expects, patterns: &Patterns) -> Option<AmountReading> {
    let read = value::accounting(raw, patterns)?;
    Some(settle(AmountReading::nothing(), raw, read, hints, expects, patterns))
}

fn settle(
    mut reading: AmountReading,
    raw: &str,
    read: Value,
    hints: UnitHints<'_>,
    expects: Expects,
    patterns: &Patterns,
) -> AmountReading {
    reading.kind = read.kind;
    let Some(number) = read.value else {
        let shown: String = raw.trim_matches(is_blank).chars().take(30).collect();
        reading.problem = Some(match read.kind {
            ValueKind::Range => format!("“{shown}”是一个区间，不是一个数"),
            ValueKind::Compound => format!("“{shown}”中有多个数"),
            _ => format!("“{shown}”不是数字"),
        });
        return reading;
    };
    // ￥ says that it is money, not of which multiple.
    let bare_sign = expects == Expects::Money && value::is_sign_alone(raw, &read, patterns);
    let own = read
        .unit
        .as_deref()
        .filter(|_| !bare_sign)
        .and_then(|u| patterns.units.whole(u));
    if let (Some(text), None, false) = (&read.unit, &own, bare_sign) {
        // A price (元/户) or a unit nobody knows: a number, but of no known dimension.
        reading.value = Some(number);
        reading.unit = Some(text.clone());
        return reading;
    }
    let wanted = |unit: &UnitMatch| match expects {
        Expects::Money => matches!(unit.kind, UnitKind::Money | UnitKind::Foreign | UnitKind::Scale),
        Expects::Rate => unit.kind == UnitKind::Rate,
        Expects::Points => unit.kind == UnitKind::Score,
        Expects::Any => true,
    };
    let unit = own.or_else(|| {
        let texts = match expects {
            // Points and rates are not stated in the unit of the table.
            Expects::Points | Expects::Rate => [hints.header, None, None, None],
            _ => [hints.header, hints.section, hints.caption, hints.title],
        };
        let mut stated = texts.into_iter().flatten().map(|text| {
            let mut units = patterns.stated_units(text);
            units.retain(wanted);
            units
        });
        stated.find(|units| !units.is_empty()).and_then(one_unit)
    });
    reading.value = Some(number);
    reading.unit = unit.as_ref().map(|u| u.text.clone());
    reading.yuan = unit
        .filter(|u| u.kind == UnitKind::Money || (u.kind == UnitKind::Scale && expects == Expects::Money))
        .and_then(|u| number::scaled(number, u.factor))
        .map(Exact::normalized);
    reading
}

/// Says that amounts of a table have no unit, so that none is lost silently: `unit_unclear` where its unit line states two,
/// `unit_missing` where nothing states any. `before` are the lines of the tables above.
pub fn warn_unstated(
    context: &TableContext<'_>,
    lines: &[BudgetLine],
    before: &[BudgetLine],
    warnings: &mut Vec<Warning>,
) {
    let without = |value: Option<Exact>, unit: &Option<String>| unit.is_none() && value.is_some_and(|v| !v.0.is_zero());
    let amounts = |line: &BudgetLine| {
        let known = line.amounts.iter().filter(|(measure, _)| measure.is_money());
        let others = line.others.iter().filter(|o| o.kind == FigureKind::Money);
        let known = known.filter(|(_, a)| without(a.value, &a.unit)).count();
        known + others.filter(|o| without(o.value, &o.unit)).count()
    };
    // A form that is broken into several tables states its unit in one of them.
    let form = context.recognized.kind == TableKind::SelfEvaluationForm;
    let stated = |line: &BudgetLine| {
        let same = before.iter().filter(|b| b.level1.is_some() && b.level1 == line.level1);
        form && same.flat_map(|b| b.amounts.values()).any(|a| a.yuan.is_some())
    };
    let missing: usize = lines.iter().filter(|line| !stated(line)).map(amounts).sum();
    if missing == 0 {
        return;
    }
    let id = &context.recognized.id;
    let priced = lines.iter().flat_map(|l| l.amounts.values()).any(|a| a.yuan.is_some());
    let (code, message) = match &context.recognized.unclear {
        Some(units) => {
            let message = format!("表{id}的单位行写了“{units}”，不能确定各金额的单位，{missing}个金额未折算为元");
            ("unit_unclear", message)
        }
        None if priced => ("unit_missing", format!("表{id}有{missing}个金额未找到单位，未折算为元")),
        None => ("unit_missing", format!("表{id}未找到金额单位，金额未折算为元")),
    };
    warnings.push(Warning::new(code, message, context.table_source()));
}

/// Reads a text that is a number alone, with the decimals as written; for cells where no unit is expected (分值, 得分).
pub fn plain_number(raw: &str) -> Option<Exact> {
    let chars = fold_chars(without_stars(raw).trim_matches(is_blank));
    let (number, end) = number::scan(&chars, 0, Commas::Both)?;
    (end == chars.len() && number.part.is_none()).then_some(number.value)
}
