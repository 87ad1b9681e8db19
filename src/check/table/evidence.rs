//! What speaks for a reading of a table, and against it: which of its sums hold, and what explains those that do not.

use super::column::Column;
use super::hierarchy::{Group, Reading};
use super::lines::Sequence;
use crate::check::figure::{Figure, Outcome, compare_sum};
use crate::model::{CheckStatus, RowRole, Source};
use rust_decimal::Decimal;

/// What a reading says of one group in one column.
pub(super) enum Examined<'a> {
    /// Nothing stands there.
    Empty,
    /// A figure could not be read, or a blank may stand for one.
    Unknown {
        total: Option<Figure<'a>>,
        sources: Vec<&'a Source>,
    },
    /// Compared.
    Compared {
        total: Figure<'a>,
        items: Vec<Figure<'a>>,
        outcome: Outcome,
        /// Whether a part is blank and was taken as nought.
        blank: bool,
        /// Whether the figures' own decimals explain the difference.
        weak: bool,
    },
}

/// Whether one wrong figure explains every difference of a column: the total of one sum that is a part of the other.
pub(super) fn one_figure_explains(reading: &Reading, column: &Column<'_>) -> bool {
    let failed: Vec<(&Group, Decimal)> = reading
        .groups
        .iter()
        .filter_map(|group| match look(group, column) {
            Examined::Compared { outcome, .. } if outcome.status == CheckStatus::Fail => {
                Some((group, outcome.difference))
            }
            _ => None,
        })
        .collect();
    match failed[..] {
        [(a, d), (b, e)] => d == -e && (b.children.contains(&a.parent) || a.children.contains(&b.parent)),
        _ => false,
    }
}

/// Whether the total is a quantity that its name tells (进出口总额) and lines without a mark follow a 其中: these may be
/// parts of its line, and the total be no sum of the table.
pub(super) fn parts_may_stand_unmarked(sequence: &Sequence<'_>) -> bool {
    let words = &sequence.patterns.checks.words.tables;
    let quantity = |name: &str| words.quantities.within(name) && !words.closing.within(name);
    let total = sequence
        .lines
        .iter()
        .any(|l| l.role == RowRole::Total && quantity(&l.name));
    let follows = |w: &[&crate::model::BudgetLine]| w[0].role == RowRole::OfWhich && w[1].role == RowRole::Item;
    total && sequence.lines.windows(2).any(follows)
}

pub(super) fn pairs<'s, 'a>(
    sequence: &'s Sequence<'a>,
    reading: &'s Reading,
) -> impl Iterator<Item = (&'s Group, &'s Column<'a>)> {
    let columns = sequence.summed();
    columns.flat_map(move |column| reading.groups.iter().map(move |group| (group, column)))
}

/// Whether some sum of the table holds only because a blank stands for nought.
pub(super) fn proven(sequence: &Sequence<'_>, reading: &Reading) -> bool {
    pairs(sequence, reading).any(|(group, column)| match look(group, column) {
        Examined::Compared {
            outcome,
            blank,
            total,
            items,
            ..
        } => blank && items.len() > 1 && outcome.status != CheckStatus::Fail && !total.value.is_zero(),
        _ => false,
    })
}

pub(super) fn look<'a>(group: &Group, column: &Column<'a>) -> Examined<'a> {
    let total = column.figure(group.parent);
    let items: Vec<Figure<'a>> = group.children.iter().filter_map(|i| column.figure(*i)).collect();
    let unit = |i: usize| {
        column.cells[i]
            .as_ref()
            .filter(|c| c.value.is_some())
            .and_then(|c| c.unit)
    };
    let other = |i: &usize| unit(*i).is_some_and(|u| unit(group.parent).is_some_and(|own| own != u));
    // 万美元 among 万元 adds up to nothing, nor do persons.
    let foreign = column.mixed && group.children.iter().any(other);
    if foreign || group.children.iter().any(|i| column.unread(*i)) || column.unread(group.parent) {
        let cells = [group.parent].into_iter().chain(group.children.iter().copied());
        let sources = cells
            .filter_map(|i| column.cells[i].as_ref().map(|c| c.source))
            .collect();
        return Examined::Unknown { total, sources };
    }
    let Some(total) = total.filter(|_| !items.is_empty()) else {
        return Examined::Empty;
    };
    let Some(outcome) = compare_sum(&total, &items) else {
        let sources = [&total].into_iter().chain(&items).map(|f| f.source).collect();
        return Examined::Unknown {
            total: Some(total),
            sources,
        };
    };
    let own = || {
        let own_total = column.own_figure(group.parent)?;
        let own_items: Vec<Figure<'_>> = group.children.iter().filter_map(|i| column.own_figure(*i)).collect();
        compare_sum(&own_total, &own_items)
    };
    let weak = outcome.status == CheckStatus::Fail && own().is_some_and(|o| o.status != CheckStatus::Fail);
    let blank = items.len() < group.children.len();
    Examined::Compared {
        total,
        items,
        outcome,
        blank,
        weak,
    }
}

/// Whether a total in front of its lines is more than twice what they make: a list that was cut, such as an annex that
/// shows the first places of a province.
/// A column in which it is the sum of its lines says that the list is whole.
pub(super) fn is_excerpt(
    sequence: &Sequence<'_>,
    reading: &Reading,
    group: &Group,
    total: &Figure<'_>,
    items: &[Figure<'_>],
) -> bool {
    !reading.plain && stands_above_a_part(group, total, items) && tally(sequence, group).0 == 0
}

fn stands_above_a_part(group: &Group, total: &Figure<'_>, items: &[Figure<'_>]) -> bool {
    let sum = items.iter().try_fold(Decimal::ZERO, |sum, i| sum.checked_add(i.value));
    let positive = items.iter().all(|i| i.value >= Decimal::ZERO);
    let above = group.children.iter().all(|i| *i > group.parent);
    let twice = sum.and_then(|sum| sum.checked_mul(Decimal::TWO));
    group.total && above && positive && twice.is_some_and(|twice| total.value > twice)
}

/// Whether the sum holds in every other column, and in one at least.
pub(super) fn others_hold(sequence: &Sequence<'_>, group: &Group, column: &Column<'_>) -> bool {
    let others = || {
        let others = sequence
            .columns
            .iter()
            .filter(|c| c.adds_up() && !std::ptr::eq(*c, column));
        others.filter_map(|c| match look(group, c) {
            Examined::Compared { outcome, .. } => Some(outcome.status != CheckStatus::Fail),
            _ => None,
        })
    };
    others().count() > 0 && others().all(|holds| holds)
}

/// In how many columns a sum holds without being nought, and in how many it fails.
fn tally(sequence: &Sequence<'_>, group: &Group) -> (usize, usize) {
    let (mut holds, mut fails) = (0usize, 0usize);
    for column in sequence.summed() {
        if let Examined::Compared { outcome, total, .. } = look(group, column) {
            fails += usize::from(outcome.status == CheckStatus::Fail);
            holds += usize::from(outcome.status != CheckStatus::Fail && !total.value.is_zero());
        }
    }
    (holds, fails)
}

/// Whether the reading fails for a total wherever it can be judged, in a table whose totals may be read in several ways.
pub(super) fn holds_nowhere(sequence: &Sequence<'_>, reading: &Reading, group: &Group) -> bool {
    let totals = sequence.lines.iter().filter(|l| l.role == RowRole::Total).count();
    if reading.plain || !group.total || totals < 2 {
        return false;
    }
    let sums = |i: &usize| matches!(sequence.lines[*i].role, RowRole::Total | RowRole::Subtotal);
    let whole = (0..sequence.lines.len())
        .filter(sums)
        .all(|i| reading.groups.iter().any(|g| g.parent == i));
    let (holds, fails) = tally(sequence, group);
    holds == 0 && (fails > 1 || !whole)
}

/// Whether some sum of the column holds and is not nought.
pub(super) fn column_holds(reading: &Reading, column: &Column<'_>) -> bool {
    reading.groups.iter().any(|group| {
        let held = |o: &Outcome, t: &Figure<'_>| o.status != CheckStatus::Fail && !t.value.is_zero();
        matches!(look(group, column), Examined::Compared { outcome, total, .. } if held(&outcome, &total))
    })
}

pub(super) fn any_holds(sequence: &Sequence<'_>, reading: &Reading) -> bool {
    sequence.summed().any(|c| column_holds(reading, c))
}
