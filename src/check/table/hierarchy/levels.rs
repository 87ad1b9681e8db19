//! Readings by levels that the lines print: codes of 科目, and 一、 over 1.

use super::{Group, Reading, flat};
use crate::check::table::lines::Sequence;
use crate::model::RowRole;
use crate::text::outline;

pub(super) fn by_code(sequence: &Sequence<'_>, roles: &[RowRole]) -> Option<Reading> {
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
    let groups = under_total(groups, &totals, tops);
    // Codes of one level are names: one total over its lines.
    let plain = matches!(&groups[..], [only] if only.total) && flat(&sequence.codes);
    Some(Reading {
        name: "按科目编码",
        groups,
        plain,
        inferred: false,
    })
}

/// The groups that hold something, the lines of the highest level under the total where there is one only.
fn under_total(mut groups: Vec<Group>, totals: &[usize], tops: Vec<usize>) -> Vec<Group> {
    if let [total] = totals {
        groups.push(Group {
            parent: *total,
            children: tops,
            total: true,
        });
    }
    groups.retain(|g| !g.children.is_empty());
    groups.sort_by_key(|g| g.parent);
    groups
}

pub(super) fn by_numbering(sequence: &Sequence<'_>, roles: &[RowRole]) -> Option<Reading> {
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
    let groups = under_total(groups, &totals, tops);
    Some(Reading {
        name: "按编号层级",
        groups,
        plain: false,
        inferred: false,
    })
}
