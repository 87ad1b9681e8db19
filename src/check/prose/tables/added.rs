//! What prose says of a whole table: its rate, and what was added to its budget.

use super::totals::Total;
use super::{Compared, Finding, against, enter};
use crate::check::figure::{compare, sane};
use crate::check::fund::{FND_03, FND_07};
use crate::check::interval::{Interval, Rational};
use crate::check::ledger::{Entry, Ledger, place, verdict};
use crate::check::prose::roles::{Role, role};
use crate::check::prose::text::{Dimension, Fig, Paragraph, bare_name, has};
use crate::check::table::ColumnKey;
use crate::model::{CheckStatus, Measure, RowRole, Severity, Source};
use crate::pattern::checks::Words;
use rust_decimal::Decimal;

/// A rate of execution in a sentence that states the table's own outlay, against the table's own budget.
pub(super) fn rate_of_total(figs: &[Fig<'_>], total: &Total<'_>, words: &Words, ledger: &mut Ledger<'_>) {
    let executed = [Measure::Actual, Measure::FinalAccounts]
        .iter()
        .find_map(|m| total.line.amounts.get(m));
    let base = [Measure::AdjustedBudget, Measure::Budget]
        .iter()
        .find_map(|m| total.line.amounts.get(m));
    let (Some(executed), Some(base)) = (executed, base) else {
        return;
    };
    let own = figs.iter().any(|f| {
        role(f, words) == Some(Role::Actual)
            && against(f, executed).is_some_and(|c| c.status != CheckStatus::Fail)
            && !f.value.is_zero()
    });
    let (Some(a), Some(b)) = (executed.value, base.value) else {
        return;
    };
    if sane(a.0).is_none() || sane(b.0).is_none() {
        return;
    }
    if !own || executed.unit != base.unit || b.0 <= Decimal::ZERO {
        return;
    }
    let scale = a.0.scale().max(b.0.scale());
    for rate in figs
        .iter()
        .filter(|f| f.dimension() == Some(Dimension::Percent) && has(f.clause(), &words.execution_rate))
    {
        let look = || {
            let around = |v: Decimal| Interval::around(v.into(), crate::check::figure::half(scale).into());
            let span = around(a.0)?.share(around(b.0)?)?;
            let exact = Rational::from(a.0).over(b.0.into())?.times(Rational::whole(100))?;
            // Two decimals at least: 112.03 % and not 112 %.
            let mut outcome =
                crate::check::figure::compare_interval(&crate::check::prose::rates::stated(rate), exact, span)?;
            if outcome.status == CheckStatus::Fail && outcome.computed.scale() < 2 {
                outcome.computed = exact.rounded(2)?;
                outcome.difference = rate.value.checked_sub(outcome.computed)?;
            }
            Some(outcome)
        };
        let Some(outcome) = look() else {
            continue;
        };
        let message = format!(
            "{}{}，按{}“{}”执行{}÷预算{}为{}%，{}（分母口径可能不同）",
            place(&rate.statement.source),
            rate.quoted(),
            total.sequence.title(),
            total.line.name,
            a,
            b,
            outcome.computed,
            verdict(outcome.status, outcome.difference, outcome.tolerance, "个百分点")
        );
        ledger.add(
            Entry::new(&FND_03, outcome.status)
                .severity(Severity::Warning)
                .message(message)
                .numbers(rate.value, outcome.computed)
                .tolerance(outcome.tolerance)
                .unit(Some("%"))
                .operands([&rate.statement.source, &executed.source, &base.source]),
        );
    }
}

/// FND-07: the first budget and what was added, against the lines that are (not) marked as added.
pub(super) fn added_lines(
    paragraph: &Paragraph<'_>,
    total: &Total<'_>,
    known: usize,
    words: &Words,
    ledger: &mut Ledger<'_>,
) {
    let items: Vec<usize> = (0..total.sequence.lines.len())
        .filter(|i| total.sequence.lines[*i].role == RowRole::Item)
        .collect();
    let marked = |i: &usize| has(&total.sequence.lines[*i].name, &words.added_line);
    let (added, first): (Vec<usize>, Vec<usize>) = items.iter().copied().partition(marked);
    if added.is_empty() || first.is_empty() {
        return;
    }
    let text: String = paragraph.texts().concat();
    let named = total.names.iter().any(|n| bare_name(&text).contains(n.as_str()));
    if !named && known != 1 {
        return;
    }
    let column = [Measure::Budget, Measure::AdjustedBudget]
        .iter()
        .find_map(|m| total.sequence.columns.iter().find(|c| c.key == ColumnKey::Measure(*m)));
    let Some(column) = column else {
        return;
    };
    let money: Vec<&Fig<'_>> = paragraph
        .figs
        .iter()
        .filter(|f| f.dimension() == Some(Dimension::Money))
        .collect();
    let first_figs: Vec<&&Fig<'_>> = money
        .iter()
        .filter(|f| {
            matches!(role(f, words), Some(Role::Initial | Role::Budget))
                && has(&f.clause().replace(char::is_whitespace, ""), &words.first_budget)
        })
        .collect();
    let added_figs: Vec<&&Fig<'_>> = money.iter().filter(|f| role(f, words) == Some(Role::Added)).collect();
    let ([a], [b]) = (&first_figs[..], &added_figs[..]) else {
        return; // none, or several: which of them the lines add up to is not said
    };
    for (fig, lines, what) in [
        (a, &first, "未标“追加”各行预算之和"),
        (b, &added, "标“追加”各行预算之和"),
    ] {
        let figures: Vec<_> = lines.iter().filter_map(|i| column.figure(*i)).collect();
        if figures.len() < lines.len() || column.in_yuan || column.unit != fig.statement.unit.as_deref() {
            continue;
        }
        let (Some(sum), Some(slack)) = (
            figures.iter().try_fold(Decimal::ZERO, |s, f| s.checked_add(f.value)),
            figures
                .iter()
                .try_fold(crate::check::figure::half(fig.value.scale()), |s, f| {
                    s.checked_add(f.half)
                }),
        ) else {
            continue;
        };
        let Some(outcome) = compare(fig.value, sum, slack) else {
            continue;
        };
        let sources: Vec<&Source> = figures.iter().map(|f| f.source).collect();
        let Some((head, rest)) = sources.split_first() else {
            continue;
        };
        let compared = Compared {
            table: sum,
            status: outcome.status,
            tolerance: slack,
        };
        enter(
            fig,
            &Finding {
                rule: &FND_07,
                compared: &compared,
                what,
                source: head,
                more: rest,
                status: outcome.status,
                severity: Severity::Warning,
                note: "",
            },
            ledger,
        );
    }
}
