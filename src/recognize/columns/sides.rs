//! Tells tables that stand side by side from one table with words between its figures.

use super::{Looked, Use};
use crate::model::{ColumnRole, Section};
use crate::pattern::Patterns;
use std::ops::Range;

/// Ranges of positions, one a side: a second side begins with a column of names of its own right of the first side's
/// figures, and its figures have the measures (or the headings) of those; or each side has its own total.
pub(super) fn part(
    section: &Section,
    looked: &[Looked],
    patterns: &Patterns,
    evidence: &mut Vec<String>,
) -> Vec<Range<usize>> {
    let n = section.columns.len();
    let mut starts = vec![0usize];
    for at in 1..n {
        let from = starts.last().copied().unwrap_or(0);
        if !matches!(looked[at].role, Use::Words) {
            continue;
        }
        let left = figures(looked, from..at);
        let next = (at + 1..n).find(|p| opens(section, looked, *p)).unwrap_or(n);
        let right = figures(looked, at..next);
        let named = (from..at).rev().find(|p| matches!(looked[*p].role, Use::Words));
        let (Some(name), false, false) = (named, left.is_empty(), right.is_empty()) else {
            continue;
        };
        if left[0] < name {
            continue; // names stand right of figures in this table: no second side begins behind them
        }
        let keys = |positions: &[usize]| -> Vec<(ColumnRole, &str)> {
            let key = |p: &usize| (section.columns[*p].role, section.columns[*p].leaf());
            positions.iter().map(key).collect()
        };
        let (left, right) = (keys(&left), keys(&right));
        // The same measures again, or the same words above: neither can be two columns of one row.
        let measures = |keys: &[(ColumnRole, &str)]| -> Vec<ColumnRole> {
            keys.iter().map(|(r, _)| *r).filter(|r| r.measure().is_some()).collect()
        };
        let again = !measures(&left).is_empty() && measures(&left) == measures(&right);
        let words_again = !right.is_empty()
            && right
                .iter()
                .all(|(_, h)| !h.is_empty() && left.iter().any(|(_, l)| l == h));
        let totals = |position: usize| {
            let total = |(_, t): &&(usize, String)| patterns.forms.is_total_row(t);
            looked[position].texts.iter().filter(total).count()
        };
        let both_sum = totals(name) > 0 && totals(at) > 0;
        if again || words_again || both_sum {
            evidence.push(format!(
                "第{}列“{}”起是并列的另一张表：{}",
                section.columns[at].index + 1,
                section.columns[at].header,
                if both_sum {
                    "有自己的合计行"
                } else {
                    "栏目与左侧相同"
                }
            ));
            starts.push(at);
        }
    }
    // Codes and numbers of order right before a second side's names belong to it.
    for i in 1..starts.len() {
        while starts[i] > starts[i - 1] + 1 && matches!(looked[starts[i] - 1].role, Use::Codes) {
            starts[i] -= 1;
        }
    }
    let ends = starts.iter().skip(1).copied().chain([n]);
    starts.iter().copied().zip(ends).map(|(a, b)| a..b).collect()
}

fn figures(looked: &[Looked], range: Range<usize>) -> Vec<usize> {
    range.filter(|p| matches!(looked[*p].role, Use::Figures(_))).collect()
}

/// Whether a column may open a further side: words whose heading names rows.
fn opens(section: &Section, looked: &[Looked], position: usize) -> bool {
    matches!(looked[position].role, Use::Words) && section.columns[position].role == ColumnRole::Project
}
