//! The reading of the 三公经费, whose form is fixed.

use super::{Group, Reading};
use crate::check::table::lines::Sequence;
use crate::model::RowRole;

/// 三公经费: 合计 = 因公出国 + 公务接待 + 公务用车, 公务用车 = 购置 + 运行; what else stands in the table is beside it.
pub(super) fn three_public(sequence: &Sequence<'_>, roles: &[RowRole]) -> Option<Reading> {
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
