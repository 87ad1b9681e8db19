//! TBL-03: formulas that the heading prints below the columns: 3=1+2, (3)=(2)/(1), 4=3/2×100%.

mod parse;

use super::TBL_03;
use super::column::{Column, ColumnKey};
use super::lines::Sequence;
use crate::check::figure::{Figure, Outcome, compare, compare_interval};
use crate::check::interval::{Interval, Rational};
use crate::check::ledger::{Entry, Ledger, place, verdict};
use crate::model::{CheckStatus, Measure, Severity};
use crate::pattern::words::Letters;
use crate::text::fold::fold;
use parse::{Step, Token, label, numbered, parse, tokens};
use rust_decimal::Decimal;
use std::collections::{BTreeSet, HashMap};

/// How the form computes a column.
#[derive(Debug)]
struct Formula<'t> {
    /// The column of the sequence that holds the result.
    target: usize,
    steps: Vec<Step>,
    /// As printed.
    text: &'t str,
}

impl Formula<'_> {
    /// Whether it only adds and subtracts.
    fn linear(&self) -> bool {
        let product = |s: &Step| matches!(s, Step::Multiply | Step::Divide);
        !self.steps.iter().any(product)
    }

    fn columns(&self) -> impl Iterator<Item = usize> + '_ {
        self.steps.iter().filter_map(|step| match step {
            Step::Column(column) => Some(*column),
            _ => None,
        })
    }
}

/// What one row says of a formula.
struct Row<'a> {
    stated: Figure<'a>,
    operands: Vec<Figure<'a>>,
    outcome: Outcome,
    /// Whether the figures' own decimals explain the difference.
    weak: bool,
}

/// Examines the formulas of a sequence; the columns that they compute, by grid column.
pub fn examine(sequence: &Sequence<'_>, signs: &Letters, ledger: &mut Ledger<'_>) -> BTreeSet<usize> {
    let formulas = formulas(sequence, signs);
    let mut done = BTreeSet::new();
    for formula in &formulas {
        done.insert(sequence.columns[formula.target].index);
        one(sequence, formula, ledger);
    }
    done
}

/// The formulas of the heading whose columns the sequence has.
fn formulas<'t>(sequence: &Sequence<'t>, signs: &Letters) -> Vec<Formula<'t>> {
    let Some(table) = sequence.table else {
        return Vec::new();
    };
    let holds = |c: &Column<'_>, grid: usize| c.cells.iter().flatten().any(|cell| cell.source.col == Some(grid));
    let place = |grid: usize| sequence.columns.iter().position(|c| holds(c, grid));
    let mut labels: HashMap<String, usize> = HashMap::new();
    let mut printed: Vec<(usize, &str, Vec<Token>)> = Vec::new();
    for column in &table.columns {
        let Some(at) = place(column.index) else {
            continue;
        };
        let text = column.number.as_deref().unwrap_or_else(|| numbered(&column.header));
        let folded = fold(text);
        let (own, formula) = match folded.split_once('=') {
            Some((own, formula)) => (own, Some(formula)),
            None => (folded.as_str(), None),
        };
        if let Some(label) = label(own, signs) {
            labels.entry(label).or_insert(at);
        }
        if let Some(formula) = formula.and_then(|text| tokens(text, signs)) {
            printed.push((at, text, formula));
        }
    }
    let mut out: Vec<Formula<'t>> = Vec::new();
    for (target, text, tokens) in printed {
        let Some(steps) = parse(&tokens, &labels) else {
            continue;
        };
        let formula = Formula { target, steps, text };
        let named = formula.columns().count() >= 2 && formula.columns().all(|c| c != target);
        if named && !out.iter().any(|o| o.target == target) && !examined_elsewhere(sequence, &formula) {
            out.push(formula);
        }
    }
    out
}

/// Whether FND-03 or FND-10 examines the same relation.
fn examined_elsewhere(sequence: &Sequence<'_>, formula: &Formula<'_>) -> bool {
    let key = |column: usize| match sequence.columns[column].key {
        ColumnKey::Measure(measure) => Some(measure),
        ColumnKey::Other(_) => None,
    };
    let has = |measures: &[Measure]| formula.columns().filter_map(key).any(|m| measures.contains(&m));
    let known = matches!(key(formula.target), Some(Measure::ExecutionRate | Measure::Balance));
    let base = [
        Measure::AdjustedBudget,
        Measure::Budget,
        Measure::Allocated,
        Measure::InitialBudget,
    ];
    known && formula.columns().count() == 2 && has(&[Measure::Actual, Measure::FinalAccounts]) && has(&base)
}

/// The result of a formula in a row, without rounding and as the interval that the figures leave.
fn result(formula: &Formula<'_>, figure: impl Fn(usize) -> Option<(Decimal, Decimal)>) -> Option<(Rational, Interval)> {
    let mut stack: Vec<(Rational, Interval)> = Vec::new();
    for step in &formula.steps {
        let value = match step {
            Step::Column(column) => {
                let (value, half) = figure(*column)?;
                (value.into(), Interval::around(value.into(), half.into())?)
            }
            Step::One => (Rational::ONE, Interval::point(Rational::ONE)),
            operator => {
                let (b, a) = (stack.pop()?, stack.pop()?);
                match operator {
                    Step::Add => (a.0.plus(b.0)?, a.1.plus(b.1)?),
                    Step::Subtract => (a.0.minus(b.0)?, a.1.minus(b.1)?),
                    Step::Multiply => (a.0.times(b.0)?, a.1.times(b.1)?),
                    _ => (a.0.over(b.0)?, a.1.over(b.1)?),
                }
            }
        };
        stack.push(value);
    }
    stack.pop().filter(|_| stack.is_empty())
}

/// The formula in one row; `None` where the row has no such figures or one of them was not read. `scale` is 100 where a
/// quotient is written in per cent.
fn look<'a>(sequence: &Sequence<'a>, formula: &Formula<'_>, row: usize, scale: i64) -> Option<Row<'a>> {
    let target = &sequence.columns[formula.target];
    let linear = formula.linear();
    // A rate stands for itself, whatever decimals its neighbours show.
    let stated = if linear {
        target.figure(row)?
    } else {
        target.own_figure(row)?
    };
    if formula.columns().any(|c| sequence.columns[c].unread(row)) {
        return None;
    }
    let operands: Vec<Figure<'a>> = formula
        .columns()
        .filter_map(|c| sequence.columns[c].figure(row))
        .collect();
    if operands.is_empty() || (!linear && operands.len() < formula.columns().count()) {
        return None;
    }
    let figure = |own: bool| {
        move |column: usize| {
            let column = &sequence.columns[column];
            let figure = if own {
                column.own_figure(row)
            } else {
                column.figure(row)
            };
            // A blank beside figures of the row adds nothing.
            Some(figure.map_or((Decimal::ZERO, Decimal::ZERO), |f| (f.value, f.half)))
        }
    };
    if linear {
        let against = |stated: &Figure<'_>, own: bool| {
            let (exact, span) = result(formula, figure(own))?;
            let slack = span.half()?.decimal(12)?.checked_add(stated.half)?;
            let mut computed = exact.decimal(12)?;
            if computed.scale() < stated.value.scale() {
                computed.rescale(stated.value.scale());
            }
            compare(stated.value, computed, slack)
        };
        let outcome = against(&stated, false)?;
        let by_own = target.own_figure(row).and_then(|own| against(&own, true));
        let weak = outcome.status == CheckStatus::Fail && by_own.is_some_and(|o| o.status != CheckStatus::Fail);
        return Some(Row {
            stated,
            operands,
            outcome,
            weak,
        });
    }
    let (exact, span) = result(formula, figure(true))?;
    let factor = Rational::whole(scale);
    let outcome = compare_interval(&stated, exact.times(factor)?, span.times(Interval::point(factor))?)?;
    Some(Row {
        stated,
        operands,
        outcome,
        weak: false,
    })
}

/// Whether the units of a sum allow it to be examined: all the same, as far as they are known.
fn comparable(sequence: &Sequence<'_>, formula: &Formula<'_>) -> bool {
    let units = |columns: &mut dyn Iterator<Item = usize>| -> BTreeSet<(Option<&str>, bool)> {
        let known = |c: &usize| sequence.columns[*c].unit.is_some();
        columns
            .filter(known)
            .map(|c| (sequence.columns[c].unit, sequence.columns[c].in_yuan))
            .collect()
    };
    if formula.linear() {
        return units(&mut formula.columns().chain([formula.target])).len() <= 1;
    }
    // A quotient of money in two units is no rate of them.
    let divides = formula.steps.contains(&Step::Divide);
    !divides || units(&mut formula.columns()).len() <= 1
}

fn one(sequence: &Sequence<'_>, formula: &Formula<'_>, ledger: &mut Ledger<'_>) {
    if !comparable(sequence, formula) {
        return;
    }
    let rows = |scale: i64| -> Vec<(usize, Row<'_>)> {
        let looked = |row| Some((row, look(sequence, formula, row, scale)?));
        (0..sequence.lines.len()).filter_map(looked).collect()
    };
    let telling = |row: &Row<'_>| !row.stated.value.is_zero() || row.operands.iter().any(|f| !f.value.is_zero());
    let count = |rows: &[(usize, Row<'_>)], failed: bool| {
        let fits = |r: &Row<'_>| (r.outcome.status == CheckStatus::Fail) == failed && telling(r);
        rows.iter().filter(|(_, r)| fits(r)).count()
    };
    // 92 under a heading of per cent, 0.92 in a column of fractions: what most rows bear out.
    let mut examined = rows(1);
    let mut scale = 1;
    if formula.steps.contains(&Step::Divide) {
        let percent = rows(100);
        if count(&percent, false) >= count(&examined, false) {
            (examined, scale) = (percent, 100);
        }
    }
    let (holds, fails) = (count(&examined, false), count(&examined, true));
    let target = &sequence.columns[formula.target];
    let unit = match (scale, target.unit) {
        (100, None) => "%",
        (_, unit) => unit.unwrap_or(""),
    };
    if holds == 0 && fails > 0 {
        let message = format!(
            "{}“{}”：表头所写的“{}”在可以核对的{fails}行都不成立，未据以判断各行",
            sequence.title(),
            target.header,
            formula.text
        );
        let cells = examined.iter().map(|(_, r)| r.stated.source);
        ledger.add(
            Entry::new(&TBL_03, CheckStatus::Fail)
                .severity(Severity::Info)
                .message(message)
                .operands(cells),
        );
        return;
    }
    for (at, row) in &examined {
        let names: Vec<&str> = formula.columns().map(|c| sequence.columns[c].header.as_str()).collect();
        let message = format!(
            "{}第{}行“{}”：{}“{}”写{}{unit}，按表头“{}”由“{}”计算为{}{unit}，{}",
            sequence.title(),
            sequence.lines[*at].row + 1,
            sequence.lines[*at].name,
            place(row.stated.source),
            target.header,
            row.stated.value,
            formula.text,
            names.join("”“"),
            row.outcome.computed,
            verdict(row.outcome.status, row.outcome.difference, row.outcome.tolerance, unit)
        );
        // A formula that most rows deny is no ground for an error.
        let severity = if row.weak || fails > holds {
            Severity::Warning
        } else {
            Severity::Error
        };
        ledger.add(
            Entry::new(&TBL_03, row.outcome.status)
                .severity(severity)
                .message(message)
                .numbers(row.stated.value, row.outcome.computed)
                .tolerance(row.outcome.tolerance)
                .unit(Some(unit).filter(|u| !u.is_empty()))
                .operands([&row.stated].into_iter().chain(&row.operands).map(|f| f.source)),
        );
    }
}
