//! FND-03 and FND-09: rates of execution and their basis.

use super::{BASES, EXECUTED, FND_03, FND_09, column};
use crate::check::figure::{Figure, Outcome, compare_interval};
use crate::check::interval::{Interval, Rational};
use crate::check::ledger::{Entry, Ledger, place, verdict};
use crate::check::prose::cut_off;
use crate::check::table::{Column, ColumnKey, Entered, Sequence};
use crate::model::{CheckStatus, Measure, RowRole, Severity, Source, TableKind, lowest_heading};
use crate::pattern::checks::{FundWords, Limits};
use rust_decimal::Decimal;

/// A rate against the quotient of two figures.
fn quotient(rate: &Figure<'_>, part: &Figure<'_>, whole: &Figure<'_>) -> Option<Outcome> {
    let span = part.interval()?.share(whole.interval()?)?;
    let exact = Interval::point(part.value.into()).share(Interval::point(whole.value.into()))?;
    compare_interval(rate, exact.low, span)
}

/// Whether a column that no measure names is headed as a budget: 全年预算 beside 调整预算, which took the measure.
fn is_budget_aside(c: &Column<'_>, words: &FundWords) -> bool {
    let ColumnKey::Other(header) = &c.key else {
        return false;
    };
    c.adds_up() && words.budgets_aside.within(lowest_heading(header))
}

/// The stated rate in per cent: 0.98 that the record knows as a fraction, or in a column of fractions, is 98.
pub(super) fn rate_of<'a>(c: &Column<'a>, row: usize, fractions: bool) -> Option<Figure<'a>> {
    let cell = c.cells[row].as_ref()?;
    let stated = Figure::rounded(cell.value?, cell.value?.scale(), cell.source);
    if !fractions && cell.percent.is_none() {
        return Some(stated);
    }
    Some(Figure {
        value: stated.value.checked_mul(Decimal::ONE_HUNDRED)?,
        half: stated.half.checked_mul(Decimal::ONE_HUNDRED)?,
        source: stated.source,
    })
}

/// The execution rate of a cell in per cent, whether its column is written so or as fractions.
pub fn percent_at(sequences: &[Sequence<'_>], cell: &Source) -> Option<Decimal> {
    sequences.iter().find_map(|sequence| {
        let rate = column(sequence, &[Measure::ExecutionRate])?;
        let here = |c: &Option<Entered<'_>>| c.is_some_and(|c| std::ptr::eq(c.source, cell));
        let row = rate.cells.iter().position(here)?;
        Some(rate_of(rate, row, holds_fractions(sequence, rate))?.value)
    })
}

/// Whether a column of rates of which the record could prove none (`rate_unclear`) looks like one of fractions: none is above
/// 2, and in most rows where the quotient can be formed it is nearer to a hundred times the rate than to the rate itself.
/// What the record has proven stands in `percent` of each rate; this is for a finding about rates that are wrong themselves.
pub(super) fn holds_fractions(sequence: &Sequence<'_>, rate: &Column<'_>) -> bool {
    let rows = 0..sequence.lines.len();
    let stated = |row: usize| rate.cells[row].as_ref().and_then(|c| c.value);
    let proven = rate.cells.iter().flatten().any(|c| c.percent.is_some());
    if rate.unit.is_some() || proven || rows.clone().filter_map(stated).any(|v| v > Decimal::TWO) {
        return false;
    }
    let (mut fractions, mut others) = (0usize, 0usize);
    let executed = column(sequence, &EXECUTED);
    let bases = BASES.iter().filter_map(|m| column(sequence, &[*m]));
    for base in bases {
        for row in rows.clone() {
            let (Some(v), Some(part), Some(whole)) =
                (stated(row), executed.and_then(|e| e.figure(row)), base.figure(row))
            else {
                continue;
            };
            let percent = part
                .value
                .checked_div(whole.value)
                .and_then(|q| q.checked_mul(Decimal::ONE_HUNDRED));
            let (Some(percent), Some(scaled)) = (percent, v.checked_mul(Decimal::ONE_HUNDRED)) else {
                continue;
            };
            if v.is_zero() || percent.is_zero() {
                continue;
            }
            if (scaled - percent).abs() < (v - percent).abs() {
                fractions += 1
            } else {
                others += 1
            }
        }
    }
    fractions > others
}

/// FND-03 and FND-09.
pub(super) fn examine(sequence: &Sequence<'_>, limits: &Limits, ledger: &mut Ledger<'_>) {
    let Some(executed) = column(sequence, &EXECUTED) else {
        return;
    };
    stated_rates(sequence, executed, ledger);
    low_rates(sequence, executed, limits, ledger);
}

/// A stated rate, its part, its whole, and what their quotient says of it.
struct Looked<'a> {
    stated: Figure<'a>,
    part: Figure<'a>,
    whole: Figure<'a>,
    outcome: Outcome,
}

/// The columns of a rate and of its part.
#[derive(Clone, Copy)]
struct Rate<'s, 'a> {
    rate: &'s Column<'a>,
    executed: &'s Column<'a>,
    /// Whether the column holds fractions.
    fractions: bool,
}

impl<'a> Rate<'_, 'a> {
    /// The rate of a row against a basis.
    fn look(&self, base: &Column<'a>, row: usize) -> Option<Looked<'a>> {
        let stated = rate_of(self.rate, row, self.fractions)?;
        let (part, whole) = (self.executed.figure(row)?, base.figure(row)?);
        if base.unit != self.executed.unit || whole.value <= Decimal::ZERO {
            return None;
        }
        let outcome = quotient(&stated, &part, &whole)?;
        let look = |stated: Figure<'a>, outcome: Outcome| Looked {
            stated,
            part,
            whole,
            outcome,
        };
        // One fraction among rates in per cent: 0.9884 beside 97.68.
        let small = |v: Decimal| v <= Decimal::TWO;
        let bare = self.rate.cells[row].is_some_and(|c| c.unit.is_none() && c.value.is_some_and(small));
        if outcome.status == CheckStatus::Fail && bare && !self.fractions {
            let fraction = rate_of(self.rate, row, true)?;
            let scaled = quotient(&fraction, &part, &whole)?;
            if scaled.status != CheckStatus::Fail {
                return Some(look(fraction, scaled));
            }
        }
        Some(look(stated, outcome))
    }
}

/// FND-03: the rates that the table states, by the one basis that bears most of them out.
fn stated_rates<'a>(sequence: &Sequence<'a>, executed: &Column<'a>, ledger: &mut Ledger<'_>) {
    let Some(rate) = column(sequence, &[Measure::ExecutionRate]) else {
        return;
    };
    let mut bases: Vec<&Column<'a>> = BASES.iter().filter_map(|m| column(sequence, &[*m])).collect();
    let known = bases.len();
    // Of two columns of one measure the record has one aside, under its heading: either may be the basis.
    let funds = &sequence.patterns.checks.words.funds;
    bases.extend(sequence.columns.iter().filter(|c| is_budget_aside(c, funds)));
    let rate = Rate {
        rate,
        executed,
        fractions: holds_fractions(sequence, rate),
    };
    let rows = 0..sequence.lines.len();
    let holds = |base: &Column<'a>| {
        let looked = rows.clone().filter_map(|row| rate.look(base, row));
        looked.filter(|l| l.outcome.status != CheckStatus::Fail).count()
    };
    // One basis for the whole table: the first that most rows bear out.
    let mut best: Option<(&Column<'a>, usize)> = None;
    for base in &bases {
        let count = holds(base);
        if best.is_none_or(|(_, c)| count > c) {
            best = Some((base, count));
        }
    }
    let Some((base, held)) = best else {
        return;
    };
    let examined = rows.clone().filter(|row| rate.look(base, *row).is_some()).count();
    // What was allocated is a basis where it is proven, and so is a budget beside which another one stands.
    let sure = held > 0 || (known == bases.len() && base.key != ColumnKey::Measure(Measure::Allocated));
    // Where no row bears the formula out, the rate may have another base.
    let severity = match held == 0 && examined > 1 {
        true => Severity::Warning,
        false => Severity::Error,
    };
    for row in rows {
        let Some(looked) = rate.look(base, row) else {
            continue;
        };
        let status = match looked.outcome.status {
            CheckStatus::Fail if !sure => CheckStatus::Insufficient,
            status => status,
        };
        let name = &sequence.lines[row].name;
        let headers = (executed.header.as_str(), base.header.as_str());
        enter(&sequence.title(), name, headers, &looked, status, severity, ledger);
    }
}

fn enter(
    title: &str,
    name: &str,
    (part_header, whole_header): (&str, &str),
    looked: &Looked<'_>,
    status: CheckStatus,
    severity: Severity,
    ledger: &mut Ledger<'_>,
) {
    let Looked {
        stated,
        part,
        whole,
        outcome,
    } = looked;
    let message = format!(
        "{title}：{}“{name}”执行率写{}%，“{part_header}”{}÷“{whole_header}”{}为{}%，{}",
        place(stated.source),
        stated.value,
        part.value,
        whole.value,
        outcome.computed,
        match status {
            CheckStatus::Insufficient => "不相符，但执行率可能以另一预算数为分母，无法核对".to_owned(),
            _ => verdict(status, outcome.difference, outcome.tolerance, "个百分点"),
        }
    );
    // A rate that was cut off and not rounded is no contradiction.
    let exact = Rational::from(part.value)
        .over(whole.value.into())
        .and_then(|r| r.times(Rational::whole(100)));
    let severity = match exact.is_some_and(|e| cut_off(stated.value, e)) {
        true => Severity::Info,
        false => severity,
    };
    ledger.add(
        Entry::new(&FND_03, status)
            .severity(severity)
            .message(message)
            .numbers(stated.value, outcome.computed)
            .tolerance(outcome.tolerance)
            .unit(Some("%"))
            .operands([stated.source, part.source, whole.source]),
    );
}

/// FND-09: a low rate, told once for the table's total. What was spent by summer is no rate of the year.
fn low_rates(sequence: &Sequence<'_>, executed: &Column<'_>, limits: &Limits, ledger: &mut Ledger<'_>) {
    if executed.key == ColumnKey::Measure(Measure::InterimActual) {
        return;
    }
    let Some(base) = column(sequence, &BASES[..2]).filter(|b| b.unit == executed.unit) else {
        return;
    };
    for (row, line) in sequence.lines.iter().enumerate() {
        let (Some(part), Some(whole)) = (executed.figure(row), base.figure(row)) else {
            continue;
        };
        let frugal = sequence.table.is_some_and(|t| t.kind == TableKind::ThreePublic);
        if line.role != RowRole::Total || whole.value <= Decimal::ZERO || sequence.is_income() || frugal {
            continue;
        }
        let ratio = Rational::from(part.value).over(whole.value.into());
        let percent = ratio.and_then(|r| r.times(Rational::whole(100)));
        let Some(shown) = percent
            .and_then(|p| p.rounded(2))
            .filter(|p| *p < limits.execution_percent)
        else {
            continue;
        };
        let limit = limits.execution_percent.normalize();
        let message = format!(
            "{}：{}“{}”执行{}，{}预算{}，执行率{shown}%，低于{limit}%，请说明原因",
            sequence.title(),
            place(part.source),
            line.name,
            part.value,
            place(whole.source),
            whole.value
        );
        ledger.add(
            Entry::new(&FND_09, CheckStatus::Fail)
                .message(message)
                .threshold(shown, limit)
                .unit(Some("%"))
                .operands([part.source, whole.source]),
        );
    }
}
