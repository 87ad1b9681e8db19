//! TXT-01, FND-07 and FND-13: money in prose against the lines of tables.
//!
//! A figure is held against a line only when its identity is proven: by the line's, the fund's or the project's name in
//! the sentence, or by other figures of the sentence that agree with the same line. Never by position.

mod added;
mod names;
mod totals;

use super::roles::{Role, role};
use super::text::{Dimension, Fig, Paragraph};
use crate::check::catalogue::Rule;
use crate::check::figure::{compare, sane};
use crate::check::fund::FND_13;
use crate::check::ledger::{Entry, Ledger, place, verdict};
use crate::check::prose::TXT_01;
use crate::check::table::Sequence;
use crate::model::{Amount, CheckStatus, Report, Severity, Source};
use crate::pattern::checks::Words;
use added::{added_lines, rate_of_total};
use names::{Names, named_lines};
use rust_decimal::Decimal;
use totals::{against_total, totals};

/// Shortest name that proves anything, in characters.
const SHORTEST: usize = 4;

/// Examines every amount.
pub fn examine(
    report: &Report,
    sequences: &[Sequence<'_>],
    paragraphs: &[Paragraph<'_>],
    words: &Words,
    ledger: &mut Ledger<'_>,
) {
    let names = Names::new(report, words);
    let totals = totals(report, sequences);
    for paragraph in paragraphs {
        // What the paragraph says was added: it explains a first budget that is lower than the table's.
        let is_added = |f: &&Fig<'_>| role(f, words) == Some(Role::Added);
        let added: Vec<Decimal> = paragraph.figs.iter().filter(is_added).map(|f| f.value).collect();
        let sentences = paragraph.figs.last().map_or(0, |f| f.sentence + 1);
        for sentence in 0..sentences {
            let figs = paragraph.sentence(sentence);
            if figs.iter().all(|f| f.dimension() != Some(Dimension::Money)) {
                continue;
            }
            named_lines(figs, &names, words, ledger);
            for total in &totals {
                against_total(figs, total, totals.len(), &added, words, ledger);
                rate_of_total(figs, total, words, ledger);
            }
        }
        for total in &totals {
            added_lines(paragraph, total, totals.len(), words, ledger);
        }
    }
}

/// Difference, tolerance and the table's figure in the unit of the prose figure.
struct Compared {
    table: Decimal,
    status: CheckStatus,
    tolerance: Decimal,
}

fn against(fig: &Fig<'_>, amount: &Amount) -> Option<Compared> {
    let (own, other) = (sane(fig.statement.yuan?.0)?, sane(amount.yuan?.0)?);
    let factor = if fig.value.is_zero() {
        Decimal::ONE
    } else {
        own.checked_div(fig.value)?
    };
    let table = other.checked_div(factor)?.normalize();
    let table_scale = amount.value.map_or(0, |v| v.0.scale());
    let (_, half_own) = fig.in_unit_of(fig, fig.value.scale())?;
    // What the table's own decimals leave open, in the unit of the prose.
    let table_unit = amount
        .value
        .filter(|v| !v.0.is_zero())
        .and_then(|v| other.checked_div(v.0))
        .unwrap_or(factor);
    let half_table = crate::check::figure::half(table_scale)
        .checked_mul(table_unit)?
        .checked_div(factor)?;
    let outcome = compare(fig.value, table, half_own + half_table)?;
    Some(Compared {
        table,
        status: outcome.status,
        tolerance: outcome.tolerance,
    })
}

/// A figure of prose against a figure of a table, as it is entered.
struct Finding<'s> {
    rule: &'static Rule,
    compared: &'s Compared,
    /// What the table's figure is, in words.
    what: &'s str,
    /// Its cell, and those that it is computed from.
    source: &'s Source,
    more: &'s [&'s Source],
    status: CheckStatus,
    severity: Severity,
    note: &'s str,
}

fn enter(fig: &Fig<'_>, finding: &Finding<'_>, ledger: &mut Ledger<'_>) {
    let Finding {
        rule,
        compared,
        what,
        source,
        more,
        status,
        severity,
        note,
    } = *finding;
    let Some(difference) = fig.value.checked_sub(compared.table) else {
        return;
    };
    let message = format!(
        "{}{}，{}{what}{}{}，{}{note}",
        place(&fig.statement.source),
        fig.quoted(),
        place(source),
        compared.table,
        fig.unit(),
        verdict(status, difference, compared.tolerance, fig.unit())
    );
    ledger.add(
        Entry::new(rule, status)
            .severity(severity)
            .message(message)
            .numbers(fig.value, compared.table)
            .tolerance(compared.tolerance)
            .unit(fig.statement.unit.as_deref())
            .operands([&fig.statement.source, source].into_iter().chain(more.iter().copied())),
    );
}

/// What an amount told against one of a table is: 元 taken for 万元, or another difference.
fn rule_of(told: Decimal, table: Decimal) -> &'static Rule {
    if of_magnitude(told, table) { &FND_13 } else { &TXT_01 }
}

/// Whether two amounts differ by a power of ten of at least a thousand: 元 taken for 万元.
fn of_magnitude(a: Decimal, b: Decimal) -> bool {
    let (large, small) = if a.abs() > b.abs() { (a, b) } else { (b, a) };
    if small.is_zero() {
        return false;
    }
    large.checked_div(small).is_some_and(|ratio| {
        let ratio = ratio.normalize();
        ratio >= Decimal::ONE_THOUSAND && ratio.scale() == 0 && ratio.to_string().trim_end_matches('0') == "1"
    })
}
