//! The ways in which a table's lines may add up: which lines each total and subtotal is the sum of.

mod figures;
mod levels;
mod roles;
mod three_public;

use super::beside::{self, Below};
use super::column::Column;
use super::lines::Sequence;
use crate::model::RowRole;
use figures::by_figures;
use levels::{by_code, by_numbering};
use roles::{SubStyle, TotalStyle, by_role};
use three_public::three_public;

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
