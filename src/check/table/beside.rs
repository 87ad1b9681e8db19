//! What stands in a table beside its sums: rows that count, rows of what is left over, columns that add up to nothing.

use super::column::{Column, ColumnKey, Entered};
use super::lines::Sequence;
use crate::check::figure::Figure;
use crate::model::{BudgetLine, FigureKind, RowRole};
use crate::pattern::checks::TableWords;
use rust_decimal::Decimal;

/// The roles of the lines for what a sum may take: a line that is certainly none of its parts has the role of a 其中 line,
/// which no sum takes.
pub(super) fn roles(sequence: &Sequence<'_>) -> Vec<RowRole> {
    let lines = &sequence.lines;
    let mut roles: Vec<RowRole> = lines.iter().map(|l| l.role).collect();
    let totals: Vec<usize> = (0..roles.len()).filter(|i| roles[*i] == RowRole::Total).collect();
    let money = |line: usize| {
        let figures = || figures(sequence, line);
        figures().count() > 0 && figures().all(|c| c.yuan.is_some())
    };
    if totals.is_empty() || !totals.iter().all(|t| money(*t)) {
        return roles;
    }
    let words = &sequence.patterns.checks.words.tables;
    let only = (totals.len() == 1).then(|| lines[totals[0]].name.as_str());
    let public = only.is_some_and(|name| sequence.patterns.forms.speaks_of_three_public(name));
    let this_year = only.is_some_and(|name| words.this_year.within(name)) && !is_whole_sum(sequence, &roles, totals[0]);
    for i in 0..roles.len() {
        let name = &lines[i].name;
        // 机关运行经费 is told beside the 三公经费; what was left from the year before is no part of 本年收入.
        let other = (public && words.beside_three_public.within(name)) || (this_year && left_over(name, words));
        if roles[i] == RowRole::Item && (other || is_count(sequence, i)) {
            roles[i] = RowRole::OfWhich;
        }
    }
    roles
}

/// Whether a total is the sum of all items, what was left over among them: 本年支出合计 over 财政拨款 and 上年结转.
fn is_whole_sum(sequence: &Sequence<'_>, roles: &[RowRole], total: usize) -> bool {
    let items: Vec<usize> = (0..roles.len()).filter(|i| roles[*i] == RowRole::Item).collect();
    let holds = |column: &Column<'_>| {
        let figures = items.iter().filter_map(|i| column.figure(*i));
        let sum = figures
            .into_iter()
            .try_fold(Decimal::ZERO, |sum, f| sum.checked_add(f.value));
        sum == column.figure(total).map(|f| f.value)
    };
    sequence.summed().count() > 0 && sequence.summed().all(holds)
}

/// The figures of a line in the columns that add up.
fn figures<'s, 'a>(sequence: &'s Sequence<'a>, line: usize) -> impl Iterator<Item = Entered<'a>> + use<'s, 'a> {
    let cells = sequence.summed().filter_map(move |c| c.cells[line]);
    cells.filter(|c| c.value.is_some())
}

/// Whether a line of a table of money counts something: its unit is none of money, or its name ends with what it counts.
fn is_count(sequence: &Sequence<'_>, line: usize) -> bool {
    let figures = || figures(sequence, line);
    // 万美元 have no amount in 元 and are money all the same.
    let words = &sequence.patterns.checks.words.tables;
    let counted = |unit: &str| !unit.contains(|c| words.money_units.has(c));
    let by_unit = figures().all(|c| c.yuan.is_none() && c.unit.is_some_and(counted));
    (figures().count() > 0 && by_unit) || counts_by_name(&sequence.lines[line].name, words)
}

/// 国内公务接待批次（个）, 公务用车保有量（辆）, 接待人数.
fn counts_by_name(name: &str, words: &TableWords) -> bool {
    let folded = crate::pattern::headers::fold(name);
    let unit = folded
        .strip_suffix(')')
        .and_then(|n| n.rsplit_once('('))
        .map(|(_, u)| u);
    unit.is_some_and(|u| words.count_units.is(u)) || words.count_ends.end(&folded)
}

/// Whether a name says what is left over and not what was spent on something: 结余, 年末结转.
pub(super) fn left_over(name: &str, words: &TableWords) -> bool {
    words.left_over.within(name)
}

/// Where the one total of a table stands between lines: how lines below it are to be taken.
pub(super) enum Below {
    /// There are none, or none above.
    None,
    /// They say themselves that they are no parts: 结余.
    Beside,
    /// The figures must tell.
    Open,
}

pub(super) fn below(lines: &[&BudgetLine], roles: &[RowRole], words: &TableWords) -> Below {
    let mut totals = (0..roles.len()).filter(|i| roles[*i] == RowRole::Total);
    let (Some(total), None) = (totals.next(), totals.next()) else {
        return Below::None;
    };
    let part = |i: &usize| matches!(roles[*i], RowRole::Item | RowRole::Subtotal);
    let after: Vec<usize> = (total + 1..roles.len()).filter(part).collect();
    if after.is_empty() || !(0..total).any(|i| part(&i)) {
        Below::None
    } else if after.iter().all(|i| left_over(&lines[*i].name, words)) {
        Below::Beside
    } else {
        Below::Open
    }
}

/// Words of what is a mean or a ratio, whatever its unit says.
pub(super) fn is_ratio(header: &str, words: &TableWords) -> bool {
    // 同比增加额 is the difference of two amounts.
    let amount = words.amount_ends.end(header) && !words.means.within(header);
    let growth = words.ratio_starts.start(header) || words.ratio_ends.end(header);
    growth || (!amount && words.ratios.within(header))
}

/// Whether the figure of a total is the mean of the lines, in a column that does not say that it holds money: that of the lines
/// themselves, or weighed by another column.
pub(super) fn is_a_mean(
    sequence: &Sequence<'_>,
    column: &Column<'_>,
    parts: &[usize],
    total: &Figure<'_>,
    items: &[Figure<'_>],
) -> bool {
    let ColumnKey::Other(header) = &column.key else {
        return false;
    };
    let values = || items.iter().map(|i| i.value).filter(|v| !v.is_zero());
    let (Some(least), Some(most)) = (values().min(), values().max()) else {
        return false;
    };
    let within = least > Decimal::ZERO && (least..=most).contains(&total.value);
    // Of two lines of money or heads the total may be the mean by chance.
    let kinds = || column.cells.iter().flatten().map(|c| c.kind);
    let least_lines = if kinds().any(|k| matches!(k, FigureKind::Money | FigureKind::Count)) {
        3
    } else {
        2
    };
    if !within || values().count() < least_lines || column.words.money.within(header) {
        return false;
    }
    let near =
        |mean: Decimal| (mean - total.value).abs() <= total.half.max(crate::check::figure::half(total.value.scale()));
    // Σ weight × figure ÷ Σ weight.
    let mean = |weight: &dyn Fn(usize) -> Option<Decimal>| {
        let (mut sum, mut weights) = (Decimal::ZERO, Decimal::ZERO);
        for i in parts {
            if let (Some(figure), Some(weight)) = (column.figure(*i), weight(*i)) {
                sum = sum.checked_add(figure.value.checked_mul(weight)?)?;
                weights = weights.checked_add(weight)?;
            }
        }
        sum.checked_div(weights)
    };
    let other = |c: &&Column<'_>| c.index != column.index;
    mean(&|_| Some(Decimal::ONE)).is_some_and(near)
        || sequence
            .summed()
            .filter(other)
            .any(|c| mean(&|i| c.figure(i).map(|f| f.value)).is_some_and(near))
}

/// Whether the figures run on from line to line, so that the total is the last of them: 累计支出 by months.
pub(super) fn runs_on(column: &Column<'_>, total: &Figure<'_>, items: &[Figure<'_>]) -> bool {
    let rising = items.windows(2).all(|w| w[0].value <= w[1].value);
    let last = items.last().is_some_and(|last| last.value == total.value);
    column.words.running.within(&column.header) && items.len() >= 2 && rising && last
}

/// Kinds of figures that never add up.
pub(super) fn never_adds_up(kind: FigureKind) -> bool {
    matches!(kind, FigureKind::Rate | FigureKind::Price | FigureKind::Points)
}
