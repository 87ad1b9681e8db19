//! TBL-01 and TBL-02: totals and subtotals.

use super::beside::{is_a_mean, runs_on};
use super::column::{Column, ColumnKey};
use super::evidence::{
    Examined, any_holds, column_holds, holds_nowhere, is_excerpt, look, one_figure_explains, others_hold, pairs,
    parts_may_stand_unmarked, proven,
};
use super::hierarchy::{Group, Reading, readings};
use super::lines::Sequence;
use super::{TBL_01, TBL_02};
use crate::check::figure::Figure;
use crate::check::ledger::{Entry, Ledger, place, verdict};
use crate::model::{CheckStatus, RowRole, Severity};

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
