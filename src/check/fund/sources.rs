//! A line of funds and its sources: the 其中 lines below it.

use super::{FND_01, FND_02, FND_12};
use crate::check::catalogue::Rule;
use crate::check::figure::{Figure, Outcome, compare_sum};
use crate::check::ledger::{Entry, Ledger, place, verdict};
use crate::check::table::{Column, Sequence, TBL_02};
use crate::model::{CheckStatus, RowRole, Severity};
use crate::pattern::checks::{WordList, Words};
use crate::text::outline;
use rust_decimal::Decimal;

/// FND-01, FND-02 and FND-12: a line and the 其中 lines below it.
pub(super) fn sources(sequence: &Sequence<'_>, ledger: &mut Ledger<'_>) {
    let n = sequence.lines.len();
    // 其中 lines above the first line have no parent here.
    let mut at = (0..n)
        .find(|i| sequence.lines[*i].role != RowRole::OfWhich)
        .unwrap_or(n);
    while at < n {
        // A line that stands beside its parent is no part of it: it may have parts of its own.
        let below: Vec<usize> = (at + 1..n)
            .take_while(|i| sequence.lines[*i].role == RowRole::OfWhich && !beside(sequence, at, *i))
            .collect();
        let parts = own_parts(sequence, at, &below);
        if !parts.is_empty() && !headed_by_another(sequence, at, parts[0]) {
            if of_an_earlier_line(sequence, at, parts[0]) {
                undecided(sequence, at, parts[0], ledger);
            } else {
                for c in sequence.summed() {
                    one_block(sequence, c, at, &parts, ledger);
                }
            }
        }
        at += below.len() + 1;
    }
}

/// Whether a name says that its line is part of the one above.
fn marked(name: &str, words: &Words) -> bool {
    words.of_which.iter().any(|w| name.contains(w.as_str())) || name.trim_start().starts_with(['—', '-', '－'])
}

/// The lines below that are parts of their line itself: 其中 below 1. is a part of that, not of 一、 above both.
fn own_parts(sequence: &Sequence<'_>, parent: usize, below: &[usize]) -> Vec<usize> {
    let level = |i: usize| outline::level(&sequence.lines[i].name);
    let mut numbered = false;
    let mut parts = Vec::with_capacity(below.len());
    for part in below {
        let own = level(*part);
        numbered |= own > level(parent) && level(parent).is_some();
        if !(numbered && own.is_none() && marked(&sequence.lines[*part].name, &sequence.patterns.checks.words)) {
            parts.push(*part);
        }
    }
    parts
}

/// Whether a line that was taken for a part stands beside the line above: 2. after 1., 项目支出 after 基本支出.
fn beside(sequence: &Sequence<'_>, parent: usize, part: usize) -> bool {
    let (parent, part) = (&sequence.lines[parent].name, &sequence.lines[part].name);
    let numbered = match (outline::level(parent), outline::level(part)) {
        (Some(above), Some(own)) => own <= above,
        _ => false,
    };
    let words = &sequence.patterns.checks.words;
    let funds = &words.funds;
    let basic = |name: &str| funds.basic.within(name) && !funds.project.within(name);
    let project = |name: &str| funds.project.within(name) && !funds.basic.within(name);
    !marked(part, words) && (numbered || (basic(parent) && project(part)))
}

/// Whether a 其中 may divide the parent of the 其中 before it once more (by trade, then by goods): the line above follows
/// that 其中 without a mark, and is smaller than its would-be part in every column, while the earlier parent is not.
fn of_an_earlier_line(sequence: &Sequence<'_>, above: usize, part: usize) -> bool {
    let mut before = (0..above).rev();
    if before.next().is_none_or(|i| sequence.lines[i].role != RowRole::OfWhich) {
        return false;
    }
    let Some(earlier) = before.find(|i| sequence.lines[*i].role != RowRole::OfWhich) else {
        return false;
    };
    let mut told = false;
    for c in sequence.summed() {
        let (Some(own), Some(line), Some(whole)) = (c.figure(part), c.figure(above), c.figure(earlier)) else {
            continue;
        };
        if own.value <= line.value || own.value > whole.value {
            return false;
        }
        told = true;
    }
    told
}

/// FND-02 where the parent is not certain.
fn undecided(sequence: &Sequence<'_>, above: usize, part: usize, ledger: &mut Ledger<'_>) {
    let (line, own) = (sequence.lines[above], sequence.lines[part]);
    let message = format!(
        "{}：第{}行“{}”不能确定是其上“{}”的一部分，还是更上一行的另一种划分，未核对",
        sequence.title(),
        own.row + 1,
        own.name,
        line.name
    );
    ledger.add(
        Entry::new(&FND_02, CheckStatus::Insufficient)
            .message(message)
            .operands([&own.source, &line.source]),
    );
}

/// Whether a line without figures, which the record does not hold, stands between: the part belongs to that line.
fn headed_by_another(sequence: &Sequence<'_>, parent: usize, part: usize) -> bool {
    let (parent, part) = (sequence.lines[parent], sequence.lines[part]);
    let (Some(table), Some(col)) = (sequence.table, part.source.col) else {
        return false;
    };
    let heading = table
        .columns
        .iter()
        .find(|c| c.index == col)
        .map_or("", |c| c.header.as_str());
    let word = |text: &str| text.chars().any(|c| c.is_alphabetic());
    let repeats = |text: &str| heading.contains(text.trim());
    table.cells.iter().any(|c| {
        parent.row < c.row && c.row < part.row && c.col == col && c.row_span == 1 && word(&c.text) && !repeats(&c.text)
    })
}

/// Whether the lines below are all parts of their line, as other columns prove: there the sum of two parts or more holds,
/// and more often than not. With it, how sure that is.
fn proven(sequence: &Sequence<'_>, parent: usize, parts: &[usize]) -> Option<Severity> {
    let (mut holds, mut fails, mut most) = (0usize, 0usize, 0usize);
    for c in sequence.summed() {
        let figures: Vec<Figure<'_>> = parts.iter().filter_map(|i| c.figure(*i)).collect();
        let Some(outcome) = c.figure(parent).and_then(|total| compare_sum(&total, &figures)) else {
            continue;
        };
        let filled = figures.iter().filter(|f| !f.value.is_zero()).count();
        if outcome.status == CheckStatus::Fail {
            fails += 1;
        } else if filled >= 2 {
            holds += 1;
            most = most.max(filled);
        }
    }
    let sure = holds >= 2 || most >= 3;
    (holds > 0 && holds >= fails).then_some(if sure { Severity::Error } else { Severity::Warning })
}

/// Words of sources that together are all the money there is.
fn names_all_sources(sequence: &Sequence<'_>, parts: &[usize]) -> bool {
    let funds = &sequence.patterns.checks.words.funds;
    let has = |words: &WordList| parts.iter().any(|i| words.within(&sequence.lines[*i].name));
    parts.len() >= 2 && (has(&funds.the_rest) || (has(&funds.basic) && has(&funds.project)))
}

pub(super) fn one_block(
    sequence: &Sequence<'_>,
    c: &Column<'_>,
    parent: usize,
    parts: &[usize],
    ledger: &mut Ledger<'_>,
) {
    let Some(total) = c.figure(parent) else {
        return;
    };
    // 接待批次（个） below 公务接待费（万元） is no part of it.
    let unit_of = |i: usize| c.cells[i].and_then(|cell| cell.unit);
    let like = |i: &&usize| !c.mixed || unit_of(**i).is_none() || unit_of(**i) == unit_of(parent);
    let parts: &[usize] = &parts.iter().filter(like).copied().collect::<Vec<usize>>();
    let figures: Vec<Figure<'_>> = parts.iter().filter_map(|i| c.figure(*i)).collect();
    if figures.is_empty() {
        return;
    }
    let unit = c.unit.unwrap_or("");
    let name = &sequence.lines[parent].name;
    let part_too_large = too_large(sequence, c, name, &total, &figures, ledger);
    let unread = parts.iter().any(|i| c.unread(*i));
    let Some(sum) = compare_sum(&total, &figures) else {
        return;
    };
    let (rule, outcome) = divided(sequence, c, parent, parts, &figures, sum);
    let short = outcome.difference.is_sign_positive();
    let named = names_all_sources(sequence, parts);
    let borne_out = proven(sequence, parent, parts);
    let all = named || borne_out.is_some();
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
        figures.len(),
        outcome.computed,
    );
    ledger.add(
        Entry::new(rule, status)
            .severity(if named {
                Severity::Error
            } else {
                borne_out.unwrap_or(Severity::Warning)
            })
            .message(message)
            .numbers(total.value, outcome.computed)
            .tolerance(outcome.tolerance)
            .unit(c.unit)
            .operands([&total].into_iter().chain(&figures).map(|f| f.source)),
    );
}

/// FND-02: parts that are larger than their line. Whether there is one.
fn too_large(
    sequence: &Sequence<'_>,
    c: &Column<'_>,
    name: &str,
    total: &Figure<'_>,
    figures: &[Figure<'_>],
    ledger: &mut Ledger<'_>,
) -> bool {
    let unit = c.unit.unwrap_or("");
    let mut found = false;
    for part in figures {
        let slack = part.half + total.half;
        let over = part.value - total.value;
        // Among changes, some of them down, a part may well be larger than what they come to.
        if total.value < Decimal::ZERO || figures.iter().any(|f| f.value < Decimal::ZERO) || over <= slack {
            continue;
        }
        found = true;
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
    found
}

/// How the parts divide their line, and what that says: levels, sources, two partitions of one total, or parts of parts.
fn divided(
    sequence: &Sequence<'_>,
    c: &Column<'_>,
    parent: usize,
    parts: &[usize],
    figures: &[Figure<'_>],
    sum: Outcome,
) -> (&'static Rule, Outcome) {
    // 一、 over 1、2、3、 are levels of a table, no sources of funds.
    let level = |i: usize| outline::level(&sequence.lines[i].name);
    let levels = level(parent).is_some_and(|above| parts.iter().all(|i| level(*i).is_some_and(|own| own > above)));
    let rule = if levels { &TBL_02 } else { &FND_01 };
    let Some(total) = c.figure(parent).filter(|_| sum.status == CheckStatus::Fail) else {
        return (rule, sum);
    };
    // Two partitions of one total: each of two runs sums to it.
    let halves = (1..parts.len()).find_map(|k| {
        let run = |range: &[usize]| range.iter().filter_map(|i| c.figure(*i)).collect::<Vec<_>>();
        let (a, b) = (run(&parts[..k]), run(&parts[k..]));
        let holds =
            |f: &[Figure<'_>]| !f.is_empty() && compare_sum(&total, f).is_some_and(|o| o.status != CheckStatus::Fail);
        (a.len() + b.len() > 2 && holds(&a) && holds(&b)).then_some(a)
    });
    match halves {
        Some(first) => (&FND_12, compare_sum(&total, &first).unwrap_or(sum)),
        None => (rule, nested(&total, figures).unwrap_or(sum)),
    }
}

/// 财政资金 = 中央 + 省: parts that the parts below them make up, where the sum holds without these.
fn nested(total: &Figure<'_>, figures: &[Figure<'_>]) -> Option<Outcome> {
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
    let outcome = compare_sum(total, &kept)?;
    (kept.len() < figures.len() && outcome.status != CheckStatus::Fail).then_some(outcome)
}
