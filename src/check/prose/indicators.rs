//! TXT-01 and TXT-07: indicators that prose names, and what it claims of all of them.

use super::repeat::misprint;
use super::text::{Fig, Paragraph, bare_name, has};
use super::{TXT_01, TXT_07};
use crate::check::indicator::unmet;
use crate::check::ledger::{Entry, Ledger, place};
use crate::model::{CheckStatus, Indicator, Report, Severity, Value, ValueKind};
use crate::pattern::checks::{ProseWords, Words};
use crate::text::sentence::{first_clause, is_pause};
use rust_decimal::Decimal;
use std::collections::{BTreeSet, HashMap};

/// Shortest name of an indicator that is looked for in prose.
const SHORTEST: usize = 5;

/// Indicators that prose names, and counts that look like misprints of an indicator's.
pub(super) fn indicators(report: &Report, paragraphs: &[Paragraph<'_>], words: &Words, ledger: &mut Ledger<'_>) {
    let mut by_start: HashMap<Vec<char>, Vec<(Vec<char>, &Indicator)>> = HashMap::new();
    let mut by_digits: HashMap<Vec<char>, Vec<&Indicator>> = HashMap::new();
    for i in &report.indicators {
        let Some(actual) = i.actual.as_ref().filter(|v| v.value.is_some()) else {
            continue;
        };
        let chars: Vec<char> = bare_name(&i.name).chars().collect();
        if chars.len() >= SHORTEST {
            by_start.entry(chars[..SHORTEST].to_vec()).or_default().push((chars, i));
        }
        by_digits.entry(sorted_digits(actual)).or_default().push(i);
    }
    let mut all_values: BTreeSet<Decimal> = BTreeSet::new();
    all_values.extend(paragraphs.iter().flat_map(|p| &p.figs).map(|f| f.value.normalize()));
    for fig in paragraphs.iter().flat_map(|p| &p.figs) {
        let clause: Vec<char> = bare_name(fig.clause()).chars().collect();
        let mut best: (usize, Vec<&Indicator>) = (0, Vec::new());
        for at in 0..clause.len().saturating_sub(SHORTEST - 1) {
            for (name, i) in by_start.get(&clause[at..at + SHORTEST]).into_iter().flatten() {
                // The figure follows the name, but for a few words.
                let rest = clause[at..].strip_prefix(name.as_slice());
                if rest.is_some_and(|r| r.len() <= 6) && name.len() >= best.0 {
                    if name.len() > best.0 {
                        best = (name.len(), Vec::new());
                    }
                    best.1.push(i);
                }
            }
        }
        if let [only] = best.1[..] {
            named(fig, only, words, ledger);
        }
        if fig.value.scale() == 0 && fig.value >= Decimal::ONE_HUNDRED && !fig.qualified() {
            let key = digits_of(fig.value);
            for i in by_digits.get(&key).into_iter().flatten() {
                exchanged(report, fig, i, &all_values, &words.prose, ledger);
            }
        }
    }
}

fn digits_of(value: Decimal) -> Vec<char> {
    let mut digits: Vec<char> = value
        .normalize()
        .to_string()
        .chars()
        .filter(char::is_ascii_digit)
        .collect();
    digits.sort_unstable();
    digits
}

fn sorted_digits(value: &Value) -> Vec<char> {
    value.value.map_or_else(Vec::new, |v| digits_of(v.0))
}

fn same_unit(fig: &Fig<'_>, value: &Value, words: &ProseWords) -> bool {
    let bare = |u: &str| words.unit_ends.trim_end(u).to_owned();
    let stands_for = |u: &str| words.unit_for.get(u).is_some_and(|units| units.is(fig.unit()));
    value
        .unit
        .as_deref()
        .is_some_and(|u| bare(u) == bare(fig.unit()) || stands_for(u))
}

/// TXT-01: the clause ends with the indicator's name.
fn named(fig: &Fig<'_>, indicator: &Indicator, words: &Words, ledger: &mut Ledger<'_>) {
    let (Some(actual), Some(source)) = (
        &indicator.actual,
        indicator.actual.as_ref().and_then(|v| v.source.as_ref()),
    ) else {
        return;
    };
    let Some(value) = actual.value.filter(|_| same_unit(fig, actual, &words.prose)) else {
        return;
    };
    // 参训人数增加20人 is no second telling of 参训人数.
    if fig.grows().is_some() && !has(&indicator.name, &words.growth) && !has(&indicator.name, &words.decline) {
        return;
    }
    let clause = fig.clause();
    let is_target = indicator
        .target
        .as_ref()
        .is_some_and(|t| t.value.is_some_and(|v| v.0 == fig.value));
    let agrees = value.0 == fig.value || qualified_agrees(fig, value.0);
    if !agrees && (is_target || words.prose.elsewhere.within(clause) || fig.qualified()) {
        return;
    }
    let status = if agrees { CheckStatus::Pass } else { CheckStatus::Fail };
    let told = if agrees { "相符" } else { "不同" };
    let message = format!(
        "{}{}，{}“{}”完成值“{}”，{told}",
        place(&fig.statement.source),
        fig.quoted(),
        place(source),
        indicator.name,
        actual.raw
    );
    ledger.add(
        Entry::new(&TXT_01, status)
            .message(message)
            .numbers(fig.value, value.0)
            .unit(fig.statement.unit.as_deref())
            .operands([&fig.statement.source, source]),
    );
}

fn qualified_agrees(fig: &Fig<'_>, actual: Decimal) -> bool {
    match fig.statement.qualifier {
        ValueKind::AtLeast | ValueKind::MoreThan => actual >= fig.value,
        ValueKind::AtMost | ValueKind::LessThan => actual <= fig.value,
        ValueKind::Approximate => true,
        _ => false,
    }
}

/// TXT-07: 468家 in prose, 486家 in the table, under names that share most characters.
fn exchanged(
    report: &Report,
    fig: &Fig<'_>,
    indicator: &Indicator,
    prose: &BTreeSet<Decimal>,
    words: &ProseWords,
    ledger: &mut Ledger<'_>,
) {
    let (Some(actual), Some(source)) = (
        &indicator.actual,
        indicator.actual.as_ref().and_then(|v| v.source.as_ref()),
    ) else {
        return;
    };
    let Some(value) = actual
        .value
        .map(|v| v.0)
        .filter(|v| *v != fig.value && same_unit(fig, actual, words))
    else {
        return;
    };
    if !misprint(fig.value, value.normalize()) || prose.contains(&value.normalize()) {
        return;
    }
    let told = |i: &Indicator| {
        i.actual
            .as_ref()
            .and_then(|a| a.value)
            .is_some_and(|v| v.0 == fig.value)
    };
    if report.indicators.iter().any(told) {
        return;
    }
    let cjk = |text: &str| -> BTreeSet<char> {
        bare_name(text)
            .chars()
            .filter(|c| !c.is_ascii() && !words.common.has(*c))
            .collect()
    };
    let around: String = format!("{}{}", fig.clause(), first_clause(fig.tail()));
    let (a, b) = (cjk(&around), cjk(&indicator.name));
    let shared = a.intersection(&b).count();
    // Rows that the table repeats tell the same once.
    let first = report
        .indicators
        .iter()
        .find(|i| i.name == indicator.name)
        .is_none_or(|i| i.id == indicator.id);
    if shared * 2 < b.len() || shared < 4 || !first {
        return;
    }
    let message = format!(
        "{}{}，{}“{}”完成值“{}”，数字相近而不同，疑为倒置",
        place(&fig.statement.source),
        fig.quoted(),
        place(source),
        indicator.name,
        actual.raw
    );
    ledger.add(
        Entry::new(&TXT_07, CheckStatus::Fail)
            .message(message)
            .numbers(fig.value, value)
            .tolerance(Decimal::ZERO)
            .unit(fig.statement.unit.as_deref())
            .operands([&fig.statement.source, source]),
    );
}

/// TXT-01: 全面完成了年初设定的目标任务, while indicators miss their targets.
pub(super) fn claims(report: &Report, paragraphs: &[Paragraph<'_>], words: &Words, ledger: &mut Ledger<'_>) {
    let missed: Vec<&Indicator> = report
        .indicators
        .iter()
        .filter(|i| unmet(i, &words.indicators) == Some(true))
        .collect();
    if missed.is_empty() {
        return;
    }
    for paragraph in paragraphs {
        let mut last = None;
        for fig in &paragraph.figs {
            if last == Some(fig.sentence) {
                continue;
            }
            last = Some(fig.sentence);
            let Some(at) = words
                .prose
                .all_done
                .iter()
                .find_map(|w| fig.text.find(w.as_str()).map(|at| at + w.len()))
            else {
                continue;
            };
            let after: String = fig.text[at..].chars().take(24).collect();
            let clause = first_clause(&after);
            if !words.prose.goals.within(clause) {
                continue;
            }
            // The whole clause: 全面完成了2020年年初设定的目标任务.
            let before = fig.text[..at].rfind(is_pause);
            let start = before.map_or(0, |p| p + fig.text[p..].chars().next().map_or(1, char::len_utf8));
            let quoted = &fig.text[start..at + clause.len()];
            let message = format!(
                "{}写“{}”，而表中有{}项指标未达到指标值",
                place(&fig.statement.source),
                crate::check::ledger::shorten(quoted.trim(), 40),
                missed.len()
            );
            ledger.add(
                Entry::new(&TXT_01, CheckStatus::Fail)
                    .severity(Severity::Warning)
                    .message(message)
                    .numbers(Decimal::ZERO, Decimal::from(missed.len()))
                    .unit(Some("项"))
                    .operands(
                        [&fig.statement.source]
                            .into_iter()
                            .chain(missed.iter().map(|i| &i.source)),
                    ),
            );
            return;
        }
    }
}
