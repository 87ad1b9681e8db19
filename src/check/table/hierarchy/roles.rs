//! Readings by the roles of the lines: totals and subtotals over what stands above, below or under the same heading.

use super::{Group, Reading, flat};
use crate::check::table::lines::Sequence;
use crate::model::RowRole;
use std::ops::Range;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum SubStyle {
    /// The subtotal stands below its lines.
    Below,
    /// The subtotal stands above its lines.
    Above,
    /// The subtotal sums the lines of its 一级项目.
    SameLevel1,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum TotalStyle {
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

pub(super) fn by_role(
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
    let owner = owners(sequence, roles, sub, &subs);
    let mut groups: Vec<Group> = subs
        .iter()
        .map(|s| Group {
            parent: *s,
            children: (0..n).filter(|i| owner[*i] == Some(*s)).collect(),
            total: false,
        })
        .collect();
    // What a total sums: subtotals, and items that no subtotal covers.
    let top = |i: &usize| match roles[*i] {
        RowRole::Subtotal => true,
        RowRole::Item => owner[*i].is_none() && !beside.contains(i),
        RowRole::Total | RowRole::OfWhich => false,
    };
    let within = |range: Range<usize>| range.filter(|i| top(i)).collect::<Vec<usize>>();
    groups.extend(sums_of(sequence, &totals, total, within)?);
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

/// Which subtotal each item belongs to.
fn owners(sequence: &Sequence<'_>, roles: &[RowRole], sub: SubStyle, subs: &[usize]) -> Vec<Option<usize>> {
    let n = roles.len();
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
    owner
}

/// The totals with what each sums; `within` gives the lines of a range that a total may sum.
fn sums_of(
    sequence: &Sequence<'_>,
    totals: &[usize],
    style: TotalStyle,
    within: impl Fn(Range<usize>) -> Vec<usize>,
) -> Option<Vec<Group>> {
    let n = sequence.lines.len();
    let group = |parent: usize, children: Vec<usize>| Group {
        parent,
        children,
        total: true,
    };
    let closes = &sequence.patterns.checks.words.tables.grand;
    Some(match style {
        TotalStyle::All => totals.iter().map(|t| group(*t, within(0..n))).collect(),
        TotalStyle::SincePrevious | TotalStyle::Running | TotalStyle::GrandRunning => {
            let mut out = Vec::new();
            let mut before: Option<usize> = None;
            for t in totals {
                let mut children = within(before.map_or(0, |b| b + 1)..*t);
                let grand = closes.within(&sequence.lines[*t].name);
                let runs = style == TotalStyle::Running || (style == TotalStyle::GrandRunning && grand);
                if let Some(before) = before.filter(|_| runs) {
                    children.insert(0, before);
                }
                out.push(group(*t, children));
                before = Some(*t);
            }
            out
        }
        TotalStyle::UntilNext => {
            let ends = totals.iter().skip(1).copied().chain([n]);
            totals
                .iter()
                .zip(ends)
                .map(|(t, end)| group(*t, within(*t + 1..end)))
                .collect()
        }
        TotalStyle::OfTotals => of_totals(totals, n, within, group)?,
    })
}

/// The last or first total over the others, and these over their own lines.
fn of_totals(
    totals: &[usize],
    n: usize,
    within: impl Fn(Range<usize>) -> Vec<usize>,
    group: impl Fn(usize, Vec<usize>) -> Group,
) -> Option<Vec<Group>> {
    let (first, last) = (*totals.first()?, *totals.last()?);
    let at_bottom = last + 1 == n;
    let grand = if at_bottom { last } else { first };
    let others: Vec<usize> = totals.iter().copied().filter(|t| *t != grand).collect();
    let mut start = if at_bottom { 0 } else { grand + 1 };
    let mut out = Vec::new();
    for (k, t) in others.iter().enumerate() {
        let above = within(start..*t);
        let end = others.get(k + 1).copied().unwrap_or(if at_bottom { grand } else { n });
        let children = if above.is_empty() { within(*t + 1..end) } else { above };
        out.push(group(*t, children));
        start = *t + 1;
    }
    out.push(group(grand, others));
    Some(out)
}
