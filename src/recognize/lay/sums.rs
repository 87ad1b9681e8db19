//! What the figures below a heading say for it: totals that are the sum of the columns beside them, rates that are the
//! quotient of two.

use super::heading_tree::Heading;
use crate::model::ColumnRole;
use crate::pattern::wording::Words;
use crate::text::fold::fold;
use crate::text::number;
use rust_decimal::Decimal;
use std::cell::RefCell;
use std::collections::HashMap;

/// What a relation that holds speaks for a reading, and one that does not against it.
const HOLDS: i32 = 6;
const FAILS: i32 = -4;
/// Rows that are asked.
const ROWS: usize = 24;

/// The figures of whole rows, by columns.
pub(super) struct Sums<'a> {
    words: &'a Words<'a>,
    rows: Vec<Vec<Option<Decimal>>>,
    /// Answers for a column and those that may make it.
    known: RefCell<HashMap<(usize, Vec<usize>), Answer>>,
}

/// Whether a relation holds in most rows that have its figures.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Answer {
    Holds,
    Fails,
    Nothing,
}

impl<'a> Sums<'a> {
    pub fn new<'t>(rows: impl Iterator<Item = &'t [String]>, words: &'a Words<'a>) -> Self {
        let figure = |text: &String| number::parse(&fold(text)).map(|n| n.value.0);
        Sums {
            words,
            rows: rows.take(ROWS).map(|row| row.iter().map(figure).collect()).collect(),
            known: RefCell::default(),
        }
    }

    /// What the figures say for headings that stand in these places.
    pub fn speak_for(&self, headings: &[Heading]) -> i32 {
        let groups = headings.iter().map(|h| children(headings, Some(h)));
        let roots = children(headings, None);
        let sums: i32 = groups.map(|group| self.total(headings, &group).max(FAILS)).sum();
        sums + self.total(headings, &roots).max(0) + self.rate(headings) + self.change(headings)
    }

    /// Whether the total among headings of one row is the sum of the others.
    fn total(&self, headings: &[Heading], group: &[&Heading]) -> i32 {
        let mut totals = group.iter().filter(|h| self.words.is_total(&h.text));
        let (Some(total), None) = (totals.next(), totals.next()) else {
            return 0;
        };
        // 合计 over 预算数 and 决算数: each of the two is a sum.
        let own = self.columns(headings, total).unwrap_or_default();
        let others: Vec<Vec<usize>> = group
            .iter()
            .filter(|h| *h != total)
            .filter_map(|h| self.columns(headings, h))
            .collect();
        let alike = others.iter().all(|columns| columns.len() == own.len());
        let leaf = total.cols == 1
            || children(headings, Some(total))
                .iter()
                .any(|h| self.words.is_total(&h.text));
        if own.len() > 1 && !alike || own.len() == 1 && !leaf {
            return 0;
        }
        let sums = own.iter().enumerate().map(|(at, column)| match own.len() {
            1 => self.weigh(*column, others.concat()),
            _ => self.weigh(*column, others.iter().map(|columns| columns[at]).collect()),
        });
        let (least, most) = sums.fold((0, 0), |(least, most), sum| (sum.min(least), sum.max(most)));
        if least < 0 { least } else { most }
    }

    /// The columns that make up what a heading stands over: its total, or all of its parts; none of names and rates.
    fn columns(&self, headings: &[Heading], heading: &Heading) -> Option<Vec<usize>> {
        use ColumnRole as R;
        let parts = children(headings, Some(heading));
        if parts.is_empty() {
            let figures = self
                .rows
                .iter()
                .any(|row| row.get(heading.col).is_some_and(Option::is_some));
            let role = self.words.role(&heading.text);
            let rate = matches!(
                role,
                Some(R::Sequence | R::ExecutionRate | R::ChangeRate | R::Score | R::Weight)
            );
            let none = rate || self.words.is_code(&heading.text);
            return (figures && !none).then(|| vec![heading.col]);
        }
        if let Some(total) = parts.iter().find(|h| self.words.is_total(&h.text)) {
            return self.columns(headings, total);
        }
        let columns: Vec<usize> = parts
            .iter()
            .filter_map(|h| self.columns(headings, h))
            .flatten()
            .collect();
        (!columns.is_empty()).then_some(columns)
    }

    fn weigh(&self, total: usize, addends: Vec<usize>) -> i32 {
        if addends.len() < 2 {
            return 0;
        }
        let key = (total, addends);
        let found = self.known.borrow().get(&key).copied();
        let answer = found.unwrap_or_else(|| {
            let answer = majority(self.rows.iter().map(|row| sum_holds(row, key.0, &key.1)));
            self.known.borrow_mut().insert(key, answer);
            answer
        });
        match answer {
            Answer::Holds => HOLDS,
            Answer::Fails => FAILS,
            Answer::Nothing => 0,
        }
    }

    /// Whether the change is what a figure of this year has more than that of the year before.
    fn change(&self, headings: &[Heading]) -> i32 {
        use ColumnRole as R;
        let only = |role: R| {
            let mut columns = self.leaves(headings, role);
            columns.next().filter(|_| columns.next().is_none())
        };
        let (Some(change), Some(before)) = (only(R::Change), only(R::PriorYear)) else {
            return 0;
        };
        let now = [
            R::Budget,
            R::InitialBudget,
            R::AdjustedBudget,
            R::Actual,
            R::FinalAccounts,
        ];
        let now = now.into_iter().flat_map(|role| self.leaves(headings, role));
        let mut best = 0;
        for now in now {
            // What is now is the sum of what was and of the change.
            match majority(self.rows.iter().map(|row| sum_holds(row, now, &[before, change]))) {
                Answer::Holds => return HOLDS,
                Answer::Fails => best = FAILS,
                Answer::Nothing => {}
            }
        }
        best
    }

    /// The columns whose lowest heading has a role.
    fn leaves<'h>(&'h self, headings: &'h [Heading], role: ColumnRole) -> impl Iterator<Item = usize> + 'h {
        let lowest =
            move |h: &&Heading| self.words.role(&h.text) == Some(role) && children(headings, Some(h)).is_empty();
        headings.iter().filter(lowest).map(|h| h.col)
    }

    /// Whether the rate is what is spent of a budget.
    fn rate(&self, headings: &[Heading]) -> i32 {
        use ColumnRole as R;
        let leaf = |role: R| self.leaves(headings, role);
        let mut rates = leaf(R::ExecutionRate);
        let mut actuals = leaf(R::Actual);
        let (Some(rate), None, Some(actual), None) = (rates.next(), rates.next(), actuals.next(), actuals.next())
        else {
            return 0;
        };
        let budgets = leaf(R::Budget)
            .chain(leaf(R::AdjustedBudget))
            .chain(leaf(R::InitialBudget));
        let mut best = 0;
        for budget in budgets {
            match majority(self.rows.iter().map(|row| rate_holds(row, rate, actual, budget))) {
                Answer::Holds => return HOLDS,
                Answer::Fails => best = FAILS,
                Answer::Nothing => {}
            }
        }
        best
    }
}

/// The headings right below one, or those that none stands over.
fn children<'h>(headings: &'h [Heading], parent: Option<&Heading>) -> Vec<&'h Heading> {
    let row = match parent {
        None => headings.iter().map(|h| h.row).min(),
        Some(p) => headings
            .iter()
            .filter(|h| h.row > p.row && p.covers(h.col))
            .map(|h| h.row)
            .min(),
    };
    let within = |h: &&Heading| Some(h.row) == row && parent.is_none_or(|p| p.covers(h.col));
    headings.iter().filter(within).collect()
}

/// What most rows say that say something.
fn majority(rows: impl Iterator<Item = Option<bool>>) -> Answer {
    let (mut holds, mut fails) = (0, 0);
    for row in rows.flatten() {
        if row {
            holds += 1;
        } else {
            fails += 1;
        }
    }
    match (holds, fails) {
        (0, 0) => Answer::Nothing,
        (holds, fails) if holds > fails => Answer::Holds,
        _ => Answer::Fails,
    }
}

/// Whether a figure is the sum of others; nothing where they are too few to say so.
pub(super) fn sum_holds(row: &[Option<Decimal>], total: usize, addends: &[usize]) -> Option<bool> {
    let at = |column: usize| row.get(column).copied().flatten();
    let total = at(total)?;
    let parts: Vec<Decimal> = addends.iter().filter_map(|column| at(*column)).collect();
    let told = parts.iter().filter(|part| !part.is_zero()).count();
    if total.is_zero() || told < 2 {
        return (total.is_zero() != (told == 0) && told != 0).then_some(false);
    }
    let sum = parts
        .iter()
        .try_fold(Decimal::ZERO, |sum, part| sum.checked_add(*part))?;
    Some(within(sum, total, parts.len()))
}

/// Whether two figures differ by what rounding allows, one unit of the last place for each of `parts`.
fn within(a: Decimal, b: Decimal, parts: usize) -> bool {
    let scale = a.scale().max(b.scale());
    let allowed = match scale {
        0 => Decimal::ZERO,
        _ => Decimal::new(i64::try_from(parts).unwrap_or(i64::MAX), scale),
    };
    a.checked_sub(b).is_some_and(|difference| difference.abs() <= allowed)
}

fn rate_holds(row: &[Option<Decimal>], rate: usize, actual: usize, budget: usize) -> Option<bool> {
    let at = |column: usize| row.get(column).copied().flatten();
    let (rate, actual, budget) = (at(rate)?, at(actual)?, at(budget)?);
    let quotient = actual.checked_div(budget)?;
    // 98.8% and 0.988.
    let of_hundred = quotient.checked_mul(Decimal::ONE_HUNDRED)?;
    let near = |value: Decimal| within(value.round_dp(rate.scale()), rate, 1) || value == rate;
    Some(near(of_hundred) || near(quotient))
}
