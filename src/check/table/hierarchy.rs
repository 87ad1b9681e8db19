//! The ways in which a table's lines may add up: which lines each total and subtotal is the sum of.

use super::beside::{self, Below};
use super::lines::{Column, Sequence};
use crate::model::RowRole;
use crate::text::outline;
use rust_decimal::Decimal;

/// A summing line and the lines that it sums.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    /// The total or subtotal.
    pub parent: usize,
    /// Its parts, in row order.
    pub children: Vec<usize>,
    /// Whether the parent is a total of the table (and not of a part of it).
    pub total: bool,
}

/// One way of reading a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reading {
    /// How it reads, for messages.
    pub name: &'static str,
    /// Its groups, in order of their parents.
    pub groups: Vec<Group>,
    /// Whether nothing but the roles of the lines was needed: one total over plain lines.
    pub plain: bool,
    /// Whether the reading was found from the figures themselves, so that it proves something only where all of it holds.
    pub inferred: bool,
}

/// Every reading that the lines support, the most natural first.
pub fn readings(sequence: &Sequence<'_>) -> Vec<Reading> {
    let roles = beside::roles(sequence);
    let below = beside::below(&sequence.lines, &roles, &sequence.patterns.checks.words.tables);
    let mut out: Vec<Reading> = Vec::new();
    let mut push = |reading: Option<Reading>| {
        if let Some(reading) = reading.filter(|r| !r.groups.is_empty())
            && !out.iter().any(|o| o.groups == reading.groups)
        {
            out.push(reading);
        }
    };
    push(three_public(sequence, &roles));
    push(by_code(sequence, &roles));
    let subtotals = roles.contains(&RowRole::Subtotal);
    let twins = only_children(sequence, &roles);
    let totals = roles.iter().filter(|r| **r == RowRole::Total).count();
    for sub in [SubStyle::Below, SubStyle::Above, SubStyle::SameLevel1] {
        for total in [
            TotalStyle::All,
            TotalStyle::SincePrevious,
            TotalStyle::UntilNext,
            TotalStyle::Running,
            TotalStyle::GrandRunning,
            TotalStyle::OfTotals,
        ] {
            if (totals < 2) != (total == TotalStyle::All) {
                continue;
            }
            // 合计 ∣ 结余: what stands below the total may stand beside it.
            let above = by_role(sequence, &roles, sub, TotalStyle::SincePrevious, &[]);
            match below {
                Below::None => push(by_role(sequence, &roles, sub, total, &[])),
                Below::Beside => {
                    push(above);
                    let all = by_role(sequence, &roles, sub, total, &[]);
                    push(all.map(|all| Reading { plain: false, ..all }));
                }
                Below::Open => {
                    push(by_role(sequence, &roles, sub, total, &[]));
                    push(above.map(|above| Reading { plain: false, ..above }));
                }
            }
            if !twins.is_empty() {
                push(by_role(sequence, &roles, sub, total, &twins));
            }
        }
        if !subtotals {
            break;
        }
    }
    push(by_numbering(sequence, &roles));
    push(by_figures(sequence, &roles, false));
    push(by_figures(sequence, &roles, true));
    out
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum SubStyle {
    /// The subtotal stands below its lines.
    Below,
    /// The subtotal stands above its lines.
    Above,
    /// The subtotal sums the lines of its 一级项目.
    SameLevel1,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum TotalStyle {
    /// One total over everything.
    All,
    /// Each total sums what stands since the total before.
    SincePrevious,
    /// Each total sums what stands until the next.
    UntilNext,
    /// Each total sums the total before and what stands since (本年收入合计 + 年初结转 = 总计).
    Running,
    /// Each 总计 sums the total before and what stands since, each 合计 what stands since: income above outlay.
    GrandRunning,
    /// The last or first total sums the other totals; each of these sums its own lines.
    OfTotals,
}

/// Lines that repeat every figure of the line above under another name: the only part of that line, which a total does
/// not sum beside it.
fn only_children(sequence: &Sequence<'_>, roles: &[RowRole]) -> Vec<usize> {
    let columns: Vec<&Column<'_>> = sequence.summed().collect();
    let value = |c: &Column<'_>, i: usize| c.figure(i).map(|f| f.value);
    (1..roles.len())
        .filter(|i| {
            let items = roles[*i] == RowRole::Item && roles[*i - 1] == RowRole::Item;
            let told = columns.iter().any(|c| value(c, *i).is_some_and(|v| !v.is_zero()));
            let same = columns.iter().all(|c| value(c, *i) == value(c, *i - 1));
            items && told && same && sequence.lines[*i].name != sequence.lines[*i - 1].name
        })
        .collect()
}

/// Whether codes, where there are any, tell no levels: none begins another.
fn flat(codes: &[Option<String>]) -> bool {
    let codes: Vec<&str> = codes.iter().flatten().map(String::as_str).collect();
    let begins = |a: &str, b: &str| a.len() < b.len() && b.starts_with(a);
    // Codes of a tree stand below each other, so neighbours tell.
    !codes.windows(2).any(|w| begins(w[0], w[1]) || begins(w[1], w[0]))
}

fn by_role(
    sequence: &Sequence<'_>,
    roles: &[RowRole],
    sub: SubStyle,
    total: TotalStyle,
    beside: &[usize],
) -> Option<Reading> {
    let n = roles.len();
    let totals: Vec<usize> = (0..n).filter(|i| roles[*i] == RowRole::Total).collect();
    let subs: Vec<usize> = (0..n).filter(|i| roles[*i] == RowRole::Subtotal).collect();
    if subs.len().saturating_mul(n) > 4_000_000 {
        return None; // a guard: the loops below are lines × subtotals
    }
    // Which subtotal each item belongs to.
    let mut owner: Vec<Option<usize>> = vec![None; n];
    let mut open: Option<usize> = None;
    let order: Vec<usize> = if sub == SubStyle::Below {
        (0..n).rev().collect()
    } else {
        (0..n).collect()
    };
    for i in order {
        match roles[i] {
            RowRole::Total => open = None,
            RowRole::Subtotal => open = Some(i),
            RowRole::Item if sub == SubStyle::SameLevel1 => {
                let level1 = sequence.lines[i].level1.as_deref();
                let same = |s: &&usize| level1.is_some() && sequence.lines[**s].level1.as_deref() == level1;
                owner[i] = subs.iter().find(same).copied();
            }
            RowRole::Item => owner[i] = open,
            RowRole::OfWhich => {}
        }
    }
    let mut groups: Vec<Group> = Vec::new();
    for s in &subs {
        let children: Vec<usize> = (0..n).filter(|i| owner[*i] == Some(*s)).collect();
        if !children.is_empty() {
            groups.push(Group {
                parent: *s,
                children,
                total: false,
            });
        }
    }
    // What a total sums: subtotals, and items that no subtotal covers.
    let top = |i: &usize| match roles[*i] {
        RowRole::Subtotal => true,
        RowRole::Item => owner[*i].is_none() && !beside.contains(i),
        RowRole::Total | RowRole::OfWhich => false,
    };
    let within = |range: std::ops::Range<usize>| range.filter(|i| top(i)).collect::<Vec<usize>>();
    match total {
        TotalStyle::All => {
            for t in &totals {
                groups.push(Group {
                    parent: *t,
                    children: within(0..n),
                    total: true,
                });
            }
        }
        TotalStyle::SincePrevious | TotalStyle::Running | TotalStyle::GrandRunning => {
            let mut start = 0;
            let mut before: Option<usize> = None;
            for t in &totals {
                let mut children = within(start..*t);
                let grand = sequence
                    .patterns
                    .checks
                    .words
                    .tables
                    .grand
                    .within(&sequence.lines[*t].name);
                let runs = total == TotalStyle::Running || (total == TotalStyle::GrandRunning && grand);
                if let Some(before) = before.filter(|_| runs) {
                    children.insert(0, before);
                }
                groups.push(Group {
                    parent: *t,
                    children,
                    total: true,
                });
                (start, before) = (*t + 1, Some(*t));
            }
        }
        TotalStyle::UntilNext => {
            for (k, t) in totals.iter().enumerate() {
                let end = totals.get(k + 1).copied().unwrap_or(n);
                groups.push(Group {
                    parent: *t,
                    children: within(*t + 1..end),
                    total: true,
                });
            }
        }
        TotalStyle::OfTotals => {
            let (first, last) = (*totals.first()?, *totals.last()?);
            let at_bottom = last + 1 == n;
            let grand = if at_bottom { last } else { first };
            let others: Vec<usize> = totals.iter().copied().filter(|t| *t != grand).collect();
            let mut start = if at_bottom { 0 } else { grand + 1 };
            for (k, t) in others.iter().enumerate() {
                let above = within(start..*t);
                let end = others.get(k + 1).copied().unwrap_or(if at_bottom { grand } else { n });
                let children = if above.is_empty() { within(*t + 1..end) } else { above };
                groups.push(Group {
                    parent: *t,
                    children,
                    total: true,
                });
                start = *t + 1;
            }
            groups.push(Group {
                parent: grand,
                children: others,
                total: true,
            });
        }
    }
    groups.retain(|g| !g.children.is_empty());
    groups.sort_by_key(|g| g.parent);
    let plain = subs.is_empty() && totals.len() == 1 && flat(&sequence.codes);
    Some(Reading {
        name: "按小计行取其各行",
        groups,
        plain,
        inferred: false,
    })
}

/// 三公经费: 合计 = 因公出国 + 公务接待 + 公务用车, 公务用车 = 购置 + 运行; what else stands in the table is beside it.
fn three_public(sequence: &Sequence<'_>, roles: &[RowRole]) -> Option<Reading> {
    let name = |i: usize| sequence.lines[i].name.as_str();
    let words = &sequence.patterns.checks.words.three_public;
    let (bought_word, kept_word) = (|n: &str| words.bought.within(n), |n: &str| words.kept.within(n));
    let vehicles = |n: &str| words.vehicles.within(n) || words.bought.start(n) || words.kept.start(n);
    let both = |n: &str| bought_word(n) && kept_word(n);
    let sum = |n: &str| words.subtotal.within(n);
    let mut groups = Vec::new();
    let mut start = 0;
    while start < roles.len() {
        // One block from its total to the next.
        let end = (start + 1..roles.len())
            .find(|i| roles[*i] == RowRole::Total)
            .unwrap_or(roles.len());
        let find = |fits: &dyn Fn(&str) -> bool| (start..end).find(|i| roles[*i] != RowRole::Total && fits(name(*i)));
        let abroad = find(&|n| words.abroad.within(n));
        let guests = find(&|n| words.guests.within(n));
        let all = find(&|n| vehicles(n) && (both(n) || sum(n) || !(bought_word(n) || kept_word(n))));
        let bought = find(&|n| vehicles(n) && bought_word(n) && !both(n) && !sum(n));
        let run = find(&|n| vehicles(n) && kept_word(n) && !both(n) && !sum(n) && !words.offices.within(n));
        if let (Some(all), Some(bought), Some(run)) = (all, bought, run) {
            groups.push(Group {
                parent: all,
                children: vec![bought, run],
                total: false,
            });
        }
        let cars: Option<Vec<usize>> = all.map(|a| vec![a]).or_else(|| Some(vec![bought?, run?]));
        // A kind without any figure is no line of the record.
        let persons: Vec<usize> = [abroad, guests].into_iter().flatten().collect();
        if let (RowRole::Total, false, Some(cars)) = (roles[start], persons.is_empty(), cars) {
            let mut children: Vec<usize> = persons.into_iter().chain(cars).collect();
            children.sort_unstable();
            groups.push(Group {
                parent: start,
                children,
                total: true,
            });
        }
        start = end;
    }
    groups.sort_by_key(|g| g.parent);
    // The form is fixed: its relations are known without a row that bears them out.
    Some(Reading {
        name: "按三公经费表式",
        groups,
        plain: true,
        inferred: false,
    })
}

fn by_code(sequence: &Sequence<'_>, roles: &[RowRole]) -> Option<Reading> {
    let lowest = sequence.codes.iter().flatten().map(String::len).min()?;
    let mut groups: Vec<Group> = Vec::new();
    let mut open: Vec<(String, usize)> = Vec::new(); // code and its place in `groups`
    let mut tops = Vec::new();
    for (i, code) in sequence.codes.iter().enumerate() {
        let Some(code) = code.as_ref().filter(|_| roles[i] != RowRole::OfWhich) else {
            continue;
        };
        while open
            .last()
            .is_some_and(|(above, _)| !(code.starts_with(above.as_str()) && code.len() > above.len()))
        {
            open.pop();
        }
        if let Some((_, at)) = open.last() {
            groups[*at].children.push(i);
        } else if code.len() == lowest {
            tops.push(i);
        } else {
            return None; // a 款 without its 类 above: the codes tell no whole tree
        }
        groups.push(Group {
            parent: i,
            children: Vec::new(),
            total: false,
        });
        open.push((code.clone(), groups.len() - 1));
    }
    let totals: Vec<usize> = (0..roles.len())
        .filter(|i| sequence.codes[*i].is_none() && roles[*i] == RowRole::Total)
        .collect();
    if let [total] = totals[..] {
        groups.push(Group {
            parent: total,
            children: tops,
            total: true,
        });
    }
    groups.retain(|g| !g.children.is_empty());
    groups.sort_by_key(|g| g.parent);
    // Codes of one level are names: one total over its lines.
    let plain = matches!(&groups[..], [only] if only.total) && flat(&sequence.codes);
    Some(Reading {
        name: "按科目编码",
        groups,
        plain,
        inferred: false,
    })
}

fn by_numbering(sequence: &Sequence<'_>, roles: &[RowRole]) -> Option<Reading> {
    let levels: Vec<Option<u8>> = sequence.lines.iter().map(|l| outline::level(&l.name)).collect();
    let top = levels.iter().flatten().min().copied()?;
    let mut groups: Vec<Group> = Vec::new();
    let mut open: Vec<(u8, usize)> = Vec::new();
    let mut tops = Vec::new();
    for (i, role) in roles.iter().enumerate() {
        if matches!(role, RowRole::Total | RowRole::OfWhich) {
            continue;
        }
        // A name without a number stands below the last numbered one.
        let level = levels[i].unwrap_or(9);
        while open.last().is_some_and(|(above, _)| *above >= level) {
            open.pop();
        }
        match open.last() {
            Some((_, at)) => groups[*at].children.push(i),
            None if level == top => tops.push(i),
            None => return None,
        }
        groups.push(Group {
            parent: i,
            children: Vec::new(),
            total: false,
        });
        open.push((level, groups.len() - 1));
    }
    let totals: Vec<usize> = (0..roles.len()).filter(|i| roles[*i] == RowRole::Total).collect();
    if let [total] = totals[..] {
        groups.push(Group {
            parent: total,
            children: tops,
            total: true,
        });
    }
    groups.retain(|g| !g.children.is_empty());
    groups.sort_by_key(|g| g.parent);
    Some(Reading {
        name: "按编号层级",
        groups,
        plain: false,
        inferred: false,
    })
}

/// Most parts that a line without any mark is taken to have.
const LONGEST_UNMARKED: usize = 60;

/// Lines that are the sum of those below them, found from the figures of all columns together: parts of parts too, and a
/// single part that repeats its line, where `twins` says that these count.
fn by_figures(sequence: &Sequence<'_>, roles: &[RowRole], twins: bool) -> Option<Reading> {
    let totals: Vec<usize> = (0..roles.len()).filter(|i| roles[*i] == RowRole::Total).collect();
    let (first, last) = (*totals.first()?, *totals.last()?);
    let columns: Vec<&Column<'_>> = sequence.summed().collect();
    let values: Vec<Vec<Decimal>> = (0..roles.len())
        .map(|i| {
            columns
                .iter()
                .map(|c| c.figure(i).map_or(Decimal::ZERO, |f| f.value))
                .collect()
        })
        .collect();
    let value = |i: usize| values[i].as_slice();
    // Where nothing is below nought, a sum that is too large stays so.
    let grows = values.iter().flatten().all(|v| !v.is_sign_negative());
    let lines: Vec<usize> = (0..roles.len())
        .filter(|i| matches!(roles[*i], RowRole::Item | RowRole::Subtotal))
        .collect();
    // From the last line up: the parts of each, and where in `lines` they end. A total ends the parts above it.
    let mut parts: Vec<Vec<usize>> = vec![Vec::new(); lines.len()];
    let mut ends: Vec<usize> = (0..lines.len()).collect();
    for k in (0..lines.len()).rev() {
        let own = value(lines[k]);
        let until = totals.iter().copied().find(|t| *t > lines[k]).unwrap_or(roles.len());
        let (mut sum, mut found, mut next) = (vec![Decimal::ZERO; own.len()], Vec::new(), k + 1);
        while next < lines.len() && lines[next] < until && found.len() < LONGEST_UNMARKED {
            sum = added(&sum, value(lines[next]))?;
            if grows && sum.iter().zip(own).any(|(sum, own)| sum > own) {
                break;
            }
            found.push(next);
            let end = ends[next];
            if sum == own && (found.len() > 1 || twins) && own.iter().any(|v| !v.is_zero()) {
                (parts[k], ends[k]) = (found, end);
                break;
            }
            next = end + 1;
        }
    }
    let (mut tops, mut k) = (Vec::new(), 0);
    while k < lines.len() {
        tops.push(k);
        k = ends[k] + 1;
    }
    let mut groups: Vec<Group> = parts
        .iter()
        .enumerate()
        .filter(|(_, parts)| !parts.is_empty())
        .map(|(k, parts)| Group {
            parent: lines[k],
            children: parts.iter().map(|p| lines[*p]).collect(),
            total: false,
        })
        .collect();
    let tops: Vec<usize> = tops.into_iter().map(|k| lines[k]).collect();
    let sum_of = |children: &[usize]| {
        children
            .iter()
            .try_fold(vec![Decimal::ZERO; columns.len()], |sum, i| added(&sum, value(*i)))
    };
    let told = !groups.is_empty();
    let split = (first == last)
        .then(|| partitions(&tops, value(first), value))
        .flatten();
    if let Some(runs) = split {
        // 按收入性质分 and 按支出性质分: each is the whole once more.
        let group = |children| Group {
            parent: first,
            children,
            total: true,
        };
        groups.extend(runs.into_iter().map(group));
    } else if told {
        let mut before: Option<usize> = None;
        for total in totals {
            let from = before.map_or(0, |b| b + 1);
            let mut children: Vec<usize> = tops.iter().copied().filter(|i| (from..total).contains(i)).collect();
            if first == last {
                children.clone_from(&tops);
            }
            // 支出总计 sums 本年支出合计 and what stands between.
            let alone = sum_of(&children).is_some_and(|sum| sum == value(total));
            if let Some(before) = before.filter(|_| !alone) {
                children.insert(0, before);
            }
            groups.push(Group {
                parent: total,
                children,
                total: true,
            });
            before = Some(total);
        }
    } else {
        return None;
    }
    groups.retain(|g| !g.children.is_empty());
    groups.sort_by_key(|g| g.parent);
    Some(Reading {
        name: "按数值看出的层级",
        groups,
        plain: false,
        inferred: true,
    })
}

fn added(a: &[Decimal], b: &[Decimal]) -> Option<Vec<Decimal>> {
    a.iter().zip(b).map(|(a, b)| a.checked_add(*b)).collect()
}

/// The lines in runs of two and more that each make the whole, in every column; `None` where they are not two such runs at
/// least, with nothing between.
fn partitions<'v>(
    lines: &[usize],
    whole: &[Decimal],
    value: impl Fn(usize) -> &'v [Decimal],
) -> Option<Vec<Vec<usize>>> {
    let (mut runs, mut run) = (Vec::new(), Vec::new());
    let nothing = vec![Decimal::ZERO; whole.len()];
    let mut sum = nothing.clone();
    for line in lines {
        sum = added(&sum, value(*line))?;
        run.push(*line);
        if run.len() > 1 && sum == whole {
            runs.push(std::mem::take(&mut run));
            sum.clone_from(&nothing);
        }
    }
    let told = whole.iter().any(|v| !v.is_zero());
    (told && run.is_empty() && runs.len() > 1).then_some(runs)
}
