//! Readings by the roles of the lines: totals and subtotals over what stands above, below or under the same heading.

use super::{Group, Reading, flat};
use crate::check::table::lines::Sequence;
use crate::model::RowRole;

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
