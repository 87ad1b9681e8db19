//! TBL-01, TBL-02, TBL-04: totals and subtotals.

use super::beside::{is_a_mean, runs_on};
use super::hierarchy::{Group, Reading, readings};
use super::lines::{Column, ColumnKey, Sequence};
use super::{TBL_01, TBL_02, TBL_04};
use crate::check::figure::{Figure, Outcome, compare, compare_sum};
use crate::check::ledger::{Entry, Ledger, place, verdict};
use crate::model::{CheckStatus, RowRole, Severity, Source};
use rust_decimal::Decimal;

/// What a reading says of one group in one column.
enum Examined<'a> {
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

/// Examines the totals of one sequence under the reading that holds best.
pub fn examine(sequence: &Sequence<'_>, ledger: &mut Ledger<'_>) {
    let candidates = readings(sequence);
    let sums = |i: &usize| matches!(sequence.lines[*i].role, RowRole::Total | RowRole::Subtotal);
    let summing = (0..sequence.lines.len()).filter(sums).count();
    let mut best: Option<(usize, usize, usize, &Reading)> = None;
    for reading in &candidates {
        let (mut holds, mut fails) = (0usize, 0usize);
        for (group, column) in pairs(sequence, reading) {
            if let Examined::Compared { outcome, total, .. } = look(group, column) {
                match outcome.status {
                    CheckStatus::Fail => fails += 1,
                    _ if total.value.is_zero() => {}
                    _ => holds += 1,
                }
            }
        }
        if reading.inferred && fails > 0 {
            continue;
        }
        // A total that the reading leaves without parts is as bad as one that does not hold.
        let explained = reading.groups.iter().filter(|g| sums(&g.parent)).count();
        let open = fails + summing.saturating_sub(explained);
        // A larger share that holds wins; of equals the one that one wrong figure explains, then the one that explains
        // more totals, then the more natural one.
        let by_one = sequence
            .columns
            .iter()
            .filter(|c| one_figure_explains(reading, c))
            .count();
        let rank = by_one * candidates.len().max(8) + explained;
        let better = best.is_none_or(|(h, o, r, _)| {
            let (ours, theirs) = (holds * (h + o).max(1), h * (holds + open).max(1));
            ours > theirs || (ours == theirs && rank > r && open > 0)
        });
        if better {
            best = Some((holds, open, rank, reading));
        }
    }
    let Some((.., reading)) = best else {
        return;
    };
    let (mut holds, mut fails) = (0usize, 0usize);
    for (group, column) in pairs(sequence, reading) {
        if let Examined::Compared {
            outcome, total, items, ..
        } = look(group, column)
        {
            // An excerpt says nothing of the other sums.
            let failed = outcome.status == CheckStatus::Fail;
            fails += usize::from(failed && !is_excerpt(sequence, reading, group, &total, &items));
            holds += usize::from(!failed && !total.value.is_zero());
        }
    }
    let clear = if parts_may_stand_unmarked(sequence) {
        fails == 0 || holds > fails
    } else {
        fails == 0 || holds >= fails || reading.plain
    };
    let blanks_are_nought = proven(sequence, reading);
    let explained: Vec<bool> = sequence
        .columns
        .iter()
        .map(|c| one_figure_explains(reading, c))
        .collect();
    for (group, column) in pairs(sequence, reading) {
        let place = sequence.columns.iter().position(|c| std::ptr::eq(c, column));
        let clear = clear || place.is_some_and(|p| explained[p]);
        enter(sequence, reading, group, column, clear, blanks_are_nought, ledger);
    }
}

/// Whether one wrong figure explains every difference of a column: the total of one sum that is a part of the other.
fn one_figure_explains(reading: &Reading, column: &Column<'_>) -> bool {
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
fn parts_may_stand_unmarked(sequence: &Sequence<'_>) -> bool {
    let words = &sequence.patterns.checks.words.tables;
    let quantity = |name: &str| words.quantities.within(name) && !words.closing.within(name);
    let total = sequence
        .lines
        .iter()
        .any(|l| l.role == RowRole::Total && quantity(&l.name));
    let follows = |w: &[&crate::model::BudgetLine]| w[0].role == RowRole::OfWhich && w[1].role == RowRole::Item;
    total && sequence.lines.windows(2).any(follows)
}

fn pairs<'s, 'a>(
    sequence: &'s Sequence<'a>,
    reading: &'s Reading,
) -> impl Iterator<Item = (&'s Group, &'s Column<'a>)> {
    let columns = sequence.summed();
    columns.flat_map(move |column| reading.groups.iter().map(move |group| (group, column)))
}

/// Whether some sum of the table holds only because a blank stands for nought.
fn proven(sequence: &Sequence<'_>, reading: &Reading) -> bool {
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

fn look<'a>(group: &Group, column: &Column<'a>) -> Examined<'a> {
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

#[allow(clippy::too_many_arguments)] // one relation and how far it is to be believed
fn enter(
    sequence: &Sequence<'_>,
    reading: &Reading,
    group: &Group,
    column: &Column<'_>,
    clear: bool,
    blanks_are_nought: bool,
    ledger: &mut Ledger<'_>,
) {
    let rule = if group.total { &TBL_01 } else { &TBL_02 };
    let parent = sequence.lines[group.parent];
    // In a table with rows of counts the unit is that of the total.
    let own_unit = column.cells[group.parent].and_then(|c| c.unit).filter(|_| column.mixed);
    let unit_of_sum = own_unit.or(column.unit);
    let unit = unit_of_sum.unwrap_or("");
    // How the table was read stands outside the quotation: inside it would be a name that the report does not hold.
    let label = match group.total {
        true => format!("“{}”行", parent.name),
        false => format!("“{}”行（{}）", parent.name, reading.name),
    };
    match look(group, column) {
        Examined::Empty => {}
        Examined::Unknown { total, sources } => {
            let message = format!(
                "{}{label}“{}”列：{}，无法核对",
                sequence.title(),
                column.header,
                if column.mixed {
                    "各行单位不同"
                } else {
                    "有数未能读出"
                }
            );
            let mut entry = Entry::new(rule, CheckStatus::Insufficient)
                .message(message)
                .unit(unit_of_sum);
            if let Some(total) = total {
                entry = entry.stated(total.value);
            }
            ledger.add(entry.operands(sources));
        }
        Examined::Compared {
            total,
            items,
            outcome,
            blank,
            weak,
        } => {
            let unproven = blank && !blanks_are_nought && outcome.difference.is_sign_positive();
            // A blank beside figures of the same line is no line that was not read.
            let beside = |i: &usize| {
                column.figure(*i).is_some() || sequence.columns.iter().any(|c| c.adds_up() && c.figure(*i).is_some())
            };
            let doubtful = unproven && group.children.iter().all(beside);
            let unproven = unproven && !doubtful;
            let clear = clear && !holds_nowhere(sequence, reading, group);
            let excerpt = is_excerpt(sequence, reading, group, &total, &items);
            let mean =
                is_a_mean(sequence, column, &group.children, &total, &items) && others_hold(sequence, group, column);
            let mean = mean || runs_on(column, &total, &items);
            let status = match outcome.status {
                CheckStatus::Fail if !clear || unproven || excerpt || mean => CheckStatus::Insufficient,
                status => status,
            };
            let reason = match (outcome.status, status) {
                (CheckStatus::Fail, CheckStatus::Insufficient) if !clear => {
                    format!("相差{}{unit}，但表的层级不能确定，无法核对", outcome.difference.abs())
                }
                (CheckStatus::Fail, CheckStatus::Insufficient) if mean => {
                    "不等于各行之和，但可能是平均数或累计数，无法核对".to_owned()
                }
                (CheckStatus::Fail, CheckStatus::Insufficient) if excerpt => {
                    format!(
                        "相差{}{unit}，但所列各行之和不到其一半，表中可能只列了一部分，无法核对",
                        outcome.difference.abs()
                    )
                }
                (CheckStatus::Fail, CheckStatus::Insufficient) => {
                    format!(
                        "相差{}{unit}，但有空白格，不能断定其为零，无法核对",
                        outcome.difference.abs()
                    )
                }
                _ => verdict(status, outcome.difference, outcome.tolerance, unit),
            };
            let message = format!(
                "{}：{}{label}“{}”写{}{unit}，其下{}行（{}）之和{}{}{unit}，{reason}",
                sequence.title(),
                place(total.source),
                column.header,
                total.value,
                items.len(),
                rows_in_words(sequence, group, column),
                addition(&items),
                outcome.computed,
            );
            let mut entry = Entry::new(rule, status)
                .message(message)
                .numbers(total.value, outcome.computed)
                .tolerance(outcome.tolerance)
                .unit(unit_of_sum)
                .operands([&total].into_iter().chain(&items).map(|f| f.source));
            // A heading that no measure names may stand for what does not add up, unless the table bears it out.
            let unproven_column = matches!(column.key, ColumnKey::Other(_))
                && !column_holds(reading, column)
                && !any_holds(sequence, reading);
            if weak || doubtful || unproven_column {
                entry = entry.severity(Severity::Warning);
            }
            ledger.add(entry);
        }
    }
}

/// Whether a total in front of its lines is more than twice what they make: a list that was cut, such as an annex that
/// shows the first places of a province.
/// A column in which it is the sum of its lines says that the list is whole.
fn is_excerpt(
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
fn others_hold(sequence: &Sequence<'_>, group: &Group, column: &Column<'_>) -> bool {
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
fn holds_nowhere(sequence: &Sequence<'_>, reading: &Reading, group: &Group) -> bool {
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
fn column_holds(reading: &Reading, column: &Column<'_>) -> bool {
    reading.groups.iter().any(|group| {
        let held = |o: &Outcome, t: &Figure<'_>| o.status != CheckStatus::Fail && !t.value.is_zero();
        matches!(look(group, column), Examined::Compared { outcome, total, .. } if held(&outcome, &total))
    })
}

fn any_holds(sequence: &Sequence<'_>, reading: &Reading) -> bool {
    sequence.summed().any(|c| column_holds(reading, c))
}

/// Most terms of an addition that a message writes out.
const MOST_TERMS: usize = 6;

/// 10+20+…等9项= for a short sum its terms, for a longer one the first of them.
fn addition(items: &[Figure<'_>]) -> String {
    let terms: Vec<String> = items.iter().take(MOST_TERMS).map(|i| i.value.to_string()).collect();
    let sum = terms.join("+").replace("+-", "-");
    match items.len() {
        0 | 1 => "为".to_owned(),
        n if n <= MOST_TERMS => format!("{sum}="),
        n => format!("{sum}+…（共{n}项）="),
    }
}

/// 第2至11行, or the single rows: those that have a figure in the column.
fn rows_in_words(sequence: &Sequence<'_>, group: &Group, column: &Column<'_>) -> String {
    let counted = group.children.iter().filter(|i| column.figure(**i).is_some());
    let rows: Vec<usize> = counted.map(|i| sequence.lines[*i].row + 1).collect();
    match (rows.first(), rows.last()) {
        (Some(first), Some(last)) if rows.len() > 1 && rows.windows(2).all(|w| w[1] == w[0] + 1) => {
            format!("第{first}至{last}行")
        }
        (Some(_), Some(_)) if rows.len() <= 8 => {
            let words: Vec<String> = rows.iter().map(ToString::to_string).collect();
            format!("第{}行", words.join("、"))
        }
        (Some(first), Some(last)) => format!("第{first}行起至第{last}行"),
        _ => String::new(),
    }
}

/// TBL-04: 收入总计 against 支出总计 of one table, column by column.
pub fn balance(all: &[Sequence<'_>], ledger: &mut Ledger<'_>) {
    // A grand total by its words: 总计 closes both sides, 本年…合计 does not.
    let grand = |sequence: &Sequence<'_>, side: fn((bool, bool)) -> bool| {
        let closes = &sequence.patterns.checks.words.tables.grand;
        (0..sequence.lines.len()).find(|i| {
            let line = sequence.lines[*i];
            let name: String = line.name.chars().filter(|c| !c.is_whitespace()).collect();
            let told = sequence.patterns.forms.revenue_and_expenditure(&name);
            matches!(line.role, RowRole::Total | RowRole::Subtotal) && side(told) && closes.within(&name)
        })
    };
    for (k, income) in all.iter().enumerate() {
        let Some(i) = grand(income, |told| told.0) else {
            continue;
        };
        let same_table = |s: &&Sequence<'_>| s.lines[0].table == income.lines[0].table;
        let Some((outlay, j)) = all[k..]
            .iter()
            .take_while(same_table)
            .find_map(|s| Some((s, grand(s, |told| told.1)?)))
        else {
            continue;
        };
        for (a, b) in income.summed().filter_map(|column| {
            let mut same = outlay.columns.iter().filter(|c| c.key == column.key);
            let other = same.next()?;
            Some((column, other)).filter(|_| column.unit == other.unit)
        }) {
            let (Some(stated), Some(against)) = (a.figure(i), b.figure(j)) else {
                continue;
            };
            let tolerance = stated.half + against.half;
            let Some(outcome) = compare(stated.value, against.value, tolerance) else {
                continue;
            };
            let unit = a.unit.unwrap_or("");
            let message = format!(
                "{}：{}“{}”{}{unit}，{}“{}”{}{unit}，{}",
                income.title(),
                place(stated.source),
                income.lines[i].name,
                stated.value,
                place(against.source),
                outlay.lines[j].name,
                against.value,
                verdict(outcome.status, outcome.difference, outcome.tolerance, unit)
            );
            ledger.add(
                Entry::new(&TBL_04, outcome.status)
                    .message(message)
                    .numbers(stated.value, outcome.computed)
                    .tolerance(outcome.tolerance)
                    .unit(a.unit)
                    .operands([stated.source, against.source]),
            );
        }
    }
}
