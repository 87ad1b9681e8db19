//! What the report's own rates, differences and sums say of columns that heading and content leave open.

use super::texts;
use crate::model::{Column, ColumnRole, FigureKind, Section, Side, Table};
use crate::recognize::view::decimal;
use rust_decimal::Decimal;

/// Figures of a column by row.
type Figures = Vec<(usize, Decimal)>;

const EXECUTED: [ColumnRole; 2] = [ColumnRole::Actual, ColumnRole::FinalAccounts];
const BASES: [ColumnRole; 4] = [
    ColumnRole::AdjustedBudget,
    ColumnRole::Budget,
    ColumnRole::Allocated,
    ColumnRole::InitialBudget,
];

fn figures(table: &Table, section: &Section, position: usize) -> Figures {
    let cells = texts(table, section, position);
    cells
        .into_iter()
        .filter_map(|(row, text)| Some((row, decimal(text.trim_end_matches('%'))?)))
        .collect()
}

fn at(figures: &Figures, row: usize) -> Option<Decimal> {
    figures.iter().find(|(r, _)| *r == row).map(|(_, v)| *v)
}

/// The one of several columns of a role with which the side's rate or balance holds in every row, and with none of the
/// others; `None` where the figures leave it open.
pub(super) fn proved(table: &Table, section: &Section, side: &Side, same: &[usize], role: ColumnRole) -> Option<usize> {
    let columns = &section.columns;
    let of = |wanted: &dyn Fn(&Column) -> bool| -> Vec<Figures> {
        let found = side
            .figures
            .iter()
            .filter(|(p, _)| wanted(&columns[*p]) && !same.contains(p));
        found.map(|(p, _)| figures(table, section, *p)).collect()
    };
    // 预算数 + 调整预算数 = 调整后预算数: the sum is the measure, what is added is a change of it.
    if let (ColumnRole::AdjustedBudget, [a, b]) = (role, same) {
        let bases = of(&|c| matches!(c.role, ColumnRole::Budget | ColumnRole::InitialBudget));
        let (first, second) = (figures(table, section, *a), figures(table, section, *b));
        for base in &bases {
            if adds(base, &first, &second) {
                return Some(*b);
            }
            if adds(base, &second, &first) {
                return Some(*a);
            }
        }
    }
    let rate = of(&|c| c.role == ColumnRole::ExecutionRate).into_iter().next();
    let balance = of(&|c| c.role == ColumnRole::Balance).into_iter().next();
    let executed = EXECUTED.contains(&role);
    let others = match executed {
        true => of(&|c| BASES.contains(&c.role)),
        false if BASES.contains(&role) => of(&|c| EXECUTED.contains(&c.role)),
        false => return None,
    };
    let fits = |candidate: usize| -> (usize, usize) {
        let own = figures(table, section, candidate);
        let (mut holds, mut fails) = (0, 0);
        for (row, value) in &own {
            for other in &others {
                let Some(other) = at(other, *row) else { continue };
                let (part, whole) = if executed { (*value, other) } else { (other, *value) };
                let stated = rate.as_ref().and_then(|r| at(r, *row));
                let left = balance.as_ref().and_then(|b| at(b, *row));
                let says = [
                    stated.and_then(|s| is_rate(s, part, whole)),
                    left.map(|l| whole.checked_sub(part) == Some(l)),
                ];
                for said in says.into_iter().flatten() {
                    if said { holds += 1 } else { fails += 1 }
                }
            }
        }
        (holds, fails)
    };
    let scored: Vec<(usize, (usize, usize))> = same.iter().map(|p| (*p, fits(*p))).collect();
    let whole: Vec<usize> = scored
        .iter()
        .filter(|(_, (holds, fails))| *holds > 0 && *fails == 0)
        .map(|(p, _)| *p)
        .collect();
    match whole[..] {
        [one] if scored.iter().all(|(p, (_, fails))| *p == one || *fails > 0) => Some(one),
        _ => None,
    }
}

/// Whether, in every row that has the sum, base and change make it up; at least two such rows with a change.
fn adds(base: &Figures, change: &Figures, sum: &Figures) -> bool {
    let mut telling = 0;
    for (row, whole) in sum {
        let (Some(base), change) = (at(base, *row), at(change, *row).unwrap_or_default()) else {
            return false;
        };
        if base.checked_add(change) != Some(*whole) {
            return false;
        }
        telling += usize::from(!change.is_zero());
    }
    telling >= 1
}

/// Whether a rate is that of two figures, within its own decimals; `None` where nothing can be said.
fn is_rate(stated: Decimal, part: Decimal, whole: Decimal) -> Option<bool> {
    let percent = part.checked_div(whole)?.checked_mul(Decimal::ONE_HUNDRED)?;
    let step = Decimal::new(1, stated.scale().min(6));
    Some((percent - stated).abs() <= step)
}

/// Columns under headings that nobody knows are money where they sum, in every row, to a column of money.
pub(super) fn prove_money(table: &Table, section: &Section, side: &mut Side, evidence: &mut Vec<String>) {
    let unknown = |(_, kind): &(usize, FigureKind)| *kind == FigureKind::Unknown;
    if !side.figures.iter().any(unknown) {
        return;
    }
    let all: Vec<Figures> = side.figures.iter().map(|(p, _)| figures(table, section, *p)).collect();
    let n = side.figures.len();
    for total in 0..n {
        if side.figures[total].1 != FigureKind::Money {
            continue;
        }
        for first in 0..n {
            for last in first + 1..n.min(first + MOST_PARTS) {
                let parts = first..=last;
                let open = parts.clone().any(|i| unknown(&side.figures[i]));
                let sound = parts
                    .clone()
                    .all(|i| matches!(side.figures[i].1, FigureKind::Money | FigureKind::Unknown));
                if parts.contains(&total) || !open || !sound || !sums(&all, total, first, last) {
                    continue;
                }
                for i in first..=last {
                    side.figures[i].1 = FigureKind::Money;
                }
                let head = |i: usize| section.columns[side.figures[i].0].header.as_str();
                evidence.push(format!(
                    "“{}”至“{}”各行之和等于“{}”，为金额",
                    head(first),
                    head(last),
                    head(total)
                ));
            }
        }
    }
}

/// Most columns that may be the parts of one.
const MOST_PARTS: usize = 12;

/// Whether the columns from `first` to `last` sum to the total in every row, and in two rows at least two of them count.
fn sums(all: &[Figures], total: usize, first: usize, last: usize) -> bool {
    let mut telling = 0;
    for (row, whole) in &all[total] {
        let parts: Vec<Decimal> = (first..=last).filter_map(|i| at(&all[i], *row)).collect();
        let sum = parts.iter().try_fold(Decimal::ZERO, |sum, p| sum.checked_add(*p));
        if sum != Some(*whole) {
            return false;
        }
        telling += usize::from(parts.iter().filter(|p| !p.is_zero()).count() >= 2);
    }
    telling >= 2
}
