//! What a line is among its neighbours: item, part of a line above, subtotal, total.

use crate::model::{Line, RowRole};
use crate::pattern::Patterns;
use crate::pattern::tables::LineWords;
use crate::text::outline;
use rust_decimal::Decimal;

/// What is known of a line when its role is decided.
pub(super) struct About {
    /// Folded name; empty where the line has none.
    pub name: String,
    /// Code; empty where the line has none.
    pub code: String,
    /// Figures of money in the side's columns.
    pub figures: Vec<Option<Decimal>>,
}

/// Longest run of lines after 其中 that may sum to the line above.
const LONGEST_RUN: usize = 40;

pub(super) fn assign(lines: &mut [Line], about: &[About], patterns: &Patterns) {
    let (forms, words) = (&patterns.forms, &patterns.tables.lines);
    let is_total = |name: &str| !forms.is_of_which_row(name) && forms.is_total_row(name);
    // Beside a 总计 (or a 合计 of everything), a 合计 that comes again and again sums a group.
    let plain_totals = about.iter().filter(|a| words.total.is(outline::strip(&a.name))).count();
    let grand = about.iter().any(|a| words.grand.is(outline::strip(&a.name)));
    let depths: Vec<u8> = about.iter().map(|a| ordinal_depth(&a.name, words)).collect();
    let top = depths.iter().copied().filter(|d| *d > 0).min().unwrap_or(0);
    // The last line that is no part, and one past the last line that its 其中 covers.
    let (mut parent, mut covered) = (None, 0usize);
    let mut open = false;
    for i in 0..lines.len() {
        let name = about[i].name.as_str();
        let code = about[i].code.as_str();
        let parent_code = code.len() >= 3
            && about.get(i + 1).is_some_and(|next| {
                next.code.len() > code.len() && next.code.starts_with(code) && fits(&about[i], next)
            });
        let numbered_below = top > 0 && depths[i] > top;
        let ends = parent.is_some_and(|p: usize| depths[p] > 0 && depths[i] > 0 && depths[i] <= depths[p]);
        let part = |parent: Option<usize>| {
            i < covered
                || (open
                    && !ends
                    && forms.is_funding_source(name)
                    && parent.is_none_or(|p: usize| {
                        // Sources follow a total or another source; beside an item they are items too.
                        let above = about[p].name.as_str();
                        (forms.is_total_row(above) || forms.is_funding_source(above)) && fits(&about[p], &about[i])
                    })
                    && !is_sibling(about, parent, name, words))
                || (open && parent.is_some_and(|p: usize| is_between(&depths, p, i)))
        };
        lines[i].role = if forms.is_subtotal_row(name) {
            (open, parent) = (false, None);
            RowRole::Subtotal
        } else if is_total(name) {
            (open, parent) = (false, Some(i));
            let of_group =
                words.total.is(outline::strip(name)) && (grand || plain_totals > 1) && lines[i].group.is_some();
            if of_group { RowRole::Subtotal } else { RowRole::Total }
        } else if forms.is_of_which_row(name) {
            open = true;
            covered = parent.map_or(i + 1, |p| run_of_parts(about, p, i)).max(covered);
            RowRole::OfWhich
        } else if name.starts_with(['—', '–', '-']) || part(parent) {
            RowRole::OfWhich
        } else if parent_code {
            (open, parent) = (false, Some(i));
            RowRole::Subtotal
        } else if numbered_below {
            // A numbered line may have parts of its own; a number ends the 其中 of the line above.
            (open, parent) = (false, Some(i));
            RowRole::OfWhich
        } else {
            (open, parent) = (false, Some(i));
            RowRole::Item
        };
    }
}

/// Whether no figure of a line is larger than that of the line that it would be part of.
fn fits(whole: &About, part: &About) -> bool {
    let pairs = whole.figures.iter().zip(&part.figures);
    pairs
        .into_iter()
        .all(|(w, p)| w.zip(*p).is_none_or(|(w, p)| p <= w || w.is_sign_negative()))
}

/// Whether a line without a number stands between the numbered line above 其中 and the next number of its level.
fn is_between(depths: &[u8], parent: usize, line: usize) -> bool {
    let level = depths[parent];
    level > 0 && depths[line] == 0 && depths[line..].iter().any(|d| *d > 0 && *d <= level)
}

/// Whether a line stands beside the one above 其中 and not below it: 项目支出 after 基本支出.
fn is_sibling(about: &[About], parent: Option<usize>, name: &str, words: &LineWords) -> bool {
    let kind = |name: &str| words.kinds.start(outline::strip(name));
    parent.is_some_and(|p| kind(&about[p].name)) && kind(name)
}

/// One past the last line of the parts that begin at `first` and sum to the parent in each column that has figures; just
/// past the first where no run does.
fn run_of_parts(about: &[About], parent: usize, first: usize) -> usize {
    let whole = &about[parent].figures;
    let told: Vec<usize> = (0..whole.len())
        .filter(|c| whole[*c].is_some_and(|v| !v.is_zero()))
        .collect();
    if told.is_empty() {
        return first + 1;
    }
    let mut sums = vec![Decimal::ZERO; whole.len()];
    for (end, line) in about.iter().enumerate().skip(first).take(LONGEST_RUN) {
        for c in &told {
            let Some(sum) = sums[*c].checked_add(line.figures.get(*c).copied().flatten().unwrap_or_default()) else {
                return first + 1;
            };
            sums[*c] = sum;
        }
        if told.iter().all(|c| Some(sums[*c]) == whole[*c]) {
            return end + 1;
        }
    }
    first + 1
}

/// Depth of a Chinese outline number: 一、 is 1, （一） 2, 1. 3, （1） 4; 0 where there is none.
fn ordinal_depth(name: &str, words: &LineWords) -> u8 {
    let part = words.of_which.strip_start(name);
    let name = part.map_or(name, |rest| rest.trim_start_matches(':'));
    outline::numbered(name).map_or(0, |n| n.level)
}
