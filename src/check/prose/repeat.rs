//! TXT-07 and TXT-01: the same quantity told twice, and indicators in prose.

use super::TXT_07;
use super::deductions::deductions;
use super::indicators::{claims, indicators};
use super::text::{Dimension, Fig, Paragraph, bare_name};
use crate::check::figure::half;
use crate::check::ledger::{Entry, Ledger, place};
use crate::model::{CheckStatus, Report};
use crate::pattern::checks::Words;
use rust_decimal::Decimal;
use std::collections::{BTreeMap, BTreeSet};

/// Examines the report's prose as a whole.
pub fn examine(report: &Report, paragraphs: &[Paragraph<'_>], words: &Words, ledger: &mut Ledger<'_>) {
    for paragraph in paragraphs {
        growth_told_twice(paragraph, words, ledger);
        deductions(report, paragraph, &words.points, ledger);
    }
    misprints(paragraphs, ledger);
    indicators(report, paragraphs, words, ledger);
    claims(report, paragraphs, words, ledger);
}

/// 工业固定资产投资…同比提升1.2%，…，工业固定资产投资同比增长23.1%.
fn growth_told_twice(paragraph: &Paragraph<'_>, words: &Words, ledger: &mut Ledger<'_>) {
    let mut told: BTreeMap<(usize, String), &Fig<'_>> = BTreeMap::new();
    for fig in &paragraph.figs {
        let clause = fig.clause();
        let part_of_year = words.prose.part_of_year.within(piece(fig));
        let changes = fig.grows().is_some() && words.prose.year_on_year.within(clause);
        if fig.dimension() != Some(Dimension::Percent) || !changes || part_of_year || fig.qualified() {
            continue;
        }
        let Some(subject) = fig
            .statement
            .subject
            .as_deref()
            .map(bare_name)
            .filter(|s| s.chars().count() >= 4)
        else {
            continue;
        };
        match told.get(&(fig.sentence, subject.clone())) {
            Some(other) if other.change() != fig.change() => twice(other, fig, &subject, ledger),
            Some(_) => {}
            None => {
                told.insert((fig.sentence, subject), fig);
            }
        }
    }
}

/// What is told of a figure up to it, since the last semicolon: 1-6月工业增加值30亿元，同比增长5%.
fn piece<'a>(fig: &Fig<'a>) -> &'a str {
    let before = fig.text.get(..fig.start).unwrap_or("");
    let start = before.rfind(['；', ';', '。']).unwrap_or(0);
    &before[start..]
}

fn twice(a: &Fig<'_>, b: &Fig<'_>, subject: &str, ledger: &mut Ledger<'_>) {
    let message = format!(
        "“{subject}”：{}{}，{}{}，同一对象两处数值不同",
        place(&a.statement.source),
        a.quoted(),
        place(&b.statement.source),
        b.quoted()
    );
    ledger.add(
        Entry::new(&TXT_07, CheckStatus::Fail)
            .message(message)
            .numbers(a.value, b.value)
            .tolerance(half(a.value.scale()) + half(b.value.scale()))
            .unit(a.statement.unit.as_deref())
            .operands([&a.statement.source, &b.statement.source]),
    );
}

/// Whether one number may be a misprint of the other: the same length, one digit changed or two neighbours exchanged.
pub(super) fn misprint(a: Decimal, b: Decimal) -> bool {
    let (a, b) = (a.to_string().into_bytes(), b.to_string().into_bytes());
    if a.len() != b.len() || a.iter().filter(|c| c.is_ascii_digit()).count() < 3 {
        return false;
    }
    let differing: Vec<usize> = (0..a.len()).filter(|i| a[*i] != b[*i]).collect();
    match differing[..] {
        [_] => true,
        [i, j] => j == i + 1 && a[i] == b[j] && a[j] == b[i],
        _ => false,
    }
}

/// The same long subject with the same unit, told elsewhere with a number that looks like a misprint.
fn misprints(paragraphs: &[Paragraph<'_>], ledger: &mut Ledger<'_>) {
    // What was added is no second telling of what there is.
    let mut by_subject: BTreeMap<(String, &str, Option<bool>), Vec<&Fig<'_>>> = BTreeMap::new();
    // A figure straight behind another one is a cell of a row that was flattened into text.
    let told = |f: &&Fig<'_>| f.previous == 0 || f.lead().chars().any(char::is_alphanumeric);
    for fig in paragraphs.iter().flat_map(|p| &p.figs).filter(told) {
        let adds_up = matches!(fig.dimension(), Some(Dimension::Money | Dimension::Things(_)));
        let Some(subject) = fig.statement.subject.as_deref().map(bare_name) else {
            continue;
        };
        if adds_up && !fig.qualified() && subject.chars().count() >= 6 {
            by_subject
                .entry((subject, fig.unit(), fig.grows()))
                .or_default()
                .push(fig);
        }
    }
    for ((subject, ..), figs) in by_subject {
        let values: BTreeSet<Decimal> = figs.iter().map(|f| f.value).collect();
        if values.len() != 2 {
            continue; // agreed, or a word that stands for many things
        }
        let Some(other) = figs.iter().find(|f| f.value != figs[0].value) else {
            continue;
        };
        if misprint(figs[0].value, other.value) {
            twice(figs[0], other, &subject, ledger);
        }
    }
}
