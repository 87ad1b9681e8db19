//! What stands in a table beside its sums: rows that count, rows of what is left over, columns that add up to nothing.

use super::lines::{Column, ColumnKey, Entered, Sequence};
use crate::check::figure::Figure;
use crate::model::{BudgetLine, FigureKind, RowRole};
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
    let named = |word: &str| totals.len() == 1 && lines[totals[0]].name.contains(word);
    let (public, this_year) = (
        named("三公"),
        named("本年") && !is_whole_sum(sequence, &roles, totals[0]),
    );
    for i in 0..roles.len() {
        let name = &lines[i].name;
        // 机关运行经费 is told beside the 三公经费; what was left from the year before is no part of 本年收入.
        let other = (public && name.contains("机关运行")) || (this_year && left_over(name));
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
    let counted = |unit: &str| !unit.contains(['元', '币', '镑', '圆', '%']);
    let by_unit = figures().all(|c| c.yuan.is_none() && c.unit.is_some_and(counted));
    (figures().count() > 0 && by_unit) || counts_by_name(&sequence.lines[line].name)
}

/// 国内公务接待批次（个）, 公务用车保有量（辆）, 接待人数.
fn counts_by_name(name: &str) -> bool {
    let folded = crate::pattern::headers::fold(name);
    let unit = folded
        .strip_suffix(')')
        .and_then(|n| n.rsplit_once('('))
        .map(|(_, u)| u);
    let units = [
        "个", "人", "批", "辆", "台", "次", "人次", "批次", "户", "家", "件", "个数", "台套", "套",
    ];
    let ends = [
        "人数",
        "批次",
        "辆数",
        "次数",
        "户数",
        "人次",
        "保有量",
        "团组数",
        "个数",
    ];
    unit.is_some_and(|u| units.contains(&u)) || ends.iter().any(|e| folded.ends_with(e))
}

/// Whether a name says what is left over and not what was spent on something: 结余, 年末结转.
pub(super) fn left_over(name: &str) -> bool {
    ["结余", "结转", "余额", "缴回", "上缴", "收回"]
        .iter()
        .any(|w| name.contains(w))
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

pub(super) fn below(lines: &[&BudgetLine], roles: &[RowRole]) -> Below {
    let mut totals = (0..roles.len()).filter(|i| roles[*i] == RowRole::Total);
    let (Some(total), None) = (totals.next(), totals.next()) else {
        return Below::None;
    };
    let part = |i: &usize| matches!(roles[*i], RowRole::Item | RowRole::Subtotal);
    let after: Vec<usize> = (total + 1..roles.len()).filter(part).collect();
    if after.is_empty() || !(0..total).any(|i| part(&i)) {
        Below::None
    } else if after.iter().all(|i| left_over(&lines[*i].name)) {
        Below::Beside
    } else {
        Below::Open
    }
}

/// Words of what is a mean or a ratio, whatever its unit says.
pub(super) fn is_ratio(header: &str) -> bool {
    let words = [
        "人均", "亩均", "户均", "村均", "年均", "月均", "均价", "单价", "平均", "同比", "环比", "占比", "比重",
    ];
    // 同比增加额 is the difference of two amounts.
    let amount = header.ends_with(['额', '数', '量']) && !["均", "单价"].iter().any(|w| header.contains(w));
    let growth = header.starts_with('每') || header.ends_with("增长") || header.ends_with("增速");
    growth || (!amount && words.iter().any(|w| header.contains(w)))
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
    let sums = ["资金", "金额", "预算", "决算", "支出", "收入", "拨款", "投资"];
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
    if !within || values().count() < least_lines || sums.iter().any(|w| header.contains(w)) {
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
    column.header.contains("累计") && items.len() >= 2 && rising && last
}

/// Kinds of figures that never add up.
pub(super) fn never_adds_up(kind: FigureKind) -> bool {
    matches!(kind, FigureKind::Rate | FigureKind::Price | FigureKind::Points)
}
