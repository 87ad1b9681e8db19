//! A line of funds and its sources: the 其中 lines below it.

use super::{FND_01, FND_02, FND_12};
use crate::check::figure::{Figure, compare_sum};
use crate::check::ledger::{Entry, Ledger, place, verdict};
use crate::check::table::{Column, Sequence};
use crate::model::{CheckStatus, RowRole, Severity};
use rust_decimal::Decimal;

/// FND-01, FND-02 and FND-12: a line and the 其中 lines below it.
pub(super) fn sources(sequence: &Sequence<'_>, ledger: &mut Ledger<'_>) {
    let n = sequence.lines.len();
    let mut at = 0;
    while at < n {
        if sequence.lines[at].role == RowRole::OfWhich {
            at += 1;
            continue;
        }
        let parts: Vec<usize> = (at + 1..n)
            .take_while(|i| sequence.lines[*i].role == RowRole::OfWhich)
            .collect();
        if !parts.is_empty() {
            for c in sequence.columns.iter().filter(|c| c.adds_up()) {
                one_block(sequence, c, at, &parts, ledger);
            }
        }
        at += parts.len() + 1;
    }
}

/// Words of sources that together are all the money there is.
fn names_all_sources(sequence: &Sequence<'_>, parts: &[usize]) -> bool {
    let has = |word: &str| parts.iter().any(|i| sequence.lines[*i].name.contains(word));
    parts.len() >= 2
        && (has("其他") || has("其它") || has("单位资金") || has("自筹") || (has("基本支出") && has("项目支出")))
}

fn one_block(sequence: &Sequence<'_>, c: &Column<'_>, parent: usize, parts: &[usize], ledger: &mut Ledger<'_>) {
    let Some(total) = c.figure(parent) else {
        return;
    };
    let figures: Vec<Figure<'_>> = parts.iter().filter_map(|i| c.figure(*i)).collect();
    if figures.is_empty() {
        return;
    }
    let unit = c.unit.unwrap_or("");
    let name = &sequence.lines[parent].name;
    let mut part_too_large = false;
    for part in &figures {
        let slack = part.half + total.half;
        let over = part.value - total.value;
        if total.value < Decimal::ZERO || part.value < Decimal::ZERO || over <= slack {
            continue;
        }
        part_too_large = true;
        let message = format!(
            "{}：{}“其中”写{}{unit}，大于{}“{name}”的{}{unit}，多{over}{unit}",
            sequence.title(),
            place(part.source),
            part.value,
            place(total.source),
            total.value,
        );
        ledger.add(
            Entry::new(&FND_02, CheckStatus::Fail)
                .message(message)
                .numbers(part.value, total.value)
                .tolerance(slack)
                .unit(c.unit)
                .operands([part.source, total.source]),
        );
    }
    let unread = parts.iter().any(|i| c.unread(*i));
    let Some(sum) = compare_sum(&total, &figures) else {
        return;
    };
    let mut rule = &FND_01;
    let mut outcome = sum;
    let mut used = figures.clone();
    if sum.status == CheckStatus::Fail {
        // Two partitions of one total: each of two runs sums to it.
        let halves = (1..parts.len()).find_map(|k| {
            let run = |range: &[usize]| range.iter().filter_map(|i| c.figure(*i)).collect::<Vec<_>>();
            let (a, b) = (run(&parts[..k]), run(&parts[k..]));
            let holds = |f: &[Figure<'_>]| {
                !f.is_empty() && compare_sum(&total, f).is_some_and(|o| o.status != CheckStatus::Fail)
            };
            (a.len() + b.len() > 2 && holds(&a) && holds(&b)).then_some((a, b))
        });
        let nested = || {
            // 财政资金 = 中央 + 省: a part that the parts below it make up.
            let (mut kept, mut k) = (Vec::new(), 0);
            while k < figures.len() {
                kept.push(figures[k]);
                let mut below = Decimal::ZERO;
                let mut end = k + 1;
                for (j, part) in figures.iter().enumerate().skip(k + 1) {
                    below = below.checked_add(part.value)?;
                    if below == figures[k].value && !below.is_zero() {
                        end = j + 1;
                        break;
                    }
                }
                k = end;
            }
            let outcome = compare_sum(&total, &kept)?;
            (kept.len() < figures.len() && outcome.status != CheckStatus::Fail).then_some(outcome)
        };
        if let (None, Some(found)) = (&halves, nested()) {
            outcome = found;
        }
        if let Some((a, _)) = halves {
            rule = &FND_12;
            outcome = compare_sum(&total, &a).unwrap_or(sum);
            used = figures.clone();
        }
    }
    let short = outcome.difference.is_sign_positive();
    let all = names_all_sources(sequence, parts);
    let blank = parts.iter().any(|i| c.blank(*i));
    let status = match outcome.status {
        CheckStatus::Fail if unread => CheckStatus::Insufficient,
        // A list of some sources may stay below the total; blanks are no noughts.
        CheckStatus::Fail if short && !all => CheckStatus::Pass,
        CheckStatus::Fail if short && blank && figures.len() == 1 => CheckStatus::Insufficient,
        CheckStatus::Fail if part_too_large => CheckStatus::Insufficient, // FND-02 has said it
        status => status,
    };
    let words = match (outcome.status, status) {
        (CheckStatus::Fail, CheckStatus::Pass) => "只列出部分来源，未超过总额".to_owned(),
        (CheckStatus::Fail, CheckStatus::Insufficient) => "有空白或未能读出的数，无法核对".to_owned(),
        _ => verdict(status, outcome.difference, outcome.tolerance, unit),
    };
    let message = format!(
        "{}：{}“{name}”“{}”写{}{unit}，其下{}行之和为{}{unit}，{words}",
        sequence.title(),
        place(total.source),
        c.header,
        total.value,
        used.len(),
        outcome.computed,
    );
    ledger.add(
        Entry::new(rule, status)
            .severity(if all { Severity::Error } else { Severity::Warning })
            .message(message)
            .numbers(total.value, outcome.computed)
            .tolerance(outcome.tolerance)
            .unit(c.unit)
            .operands([&total].into_iter().chain(&used).map(|f| f.source)),
    );
}
