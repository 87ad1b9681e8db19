//! TXT-07 and TXT-01: the same quantity told twice, and indicators in prose.

use super::text::{Dimension, Fig, Paragraph, bare_name, has};
use super::{TXT_01, TXT_07};
use crate::check::figure::{half, sane};
use crate::check::indicator::unmet;
use crate::check::ledger::{Entry, Ledger, place};
use crate::check::score::SCR_08;
use crate::model::{CheckStatus, Indicator, Report, Severity, Source, Value, ValueKind};
use crate::pattern::checks::Words;
use crate::text::sentence::first_clause;
use rust_decimal::Decimal;
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// Examines the report's prose as a whole.
pub fn examine(report: &Report, paragraphs: &[Paragraph<'_>], words: &Words, ledger: &mut Ledger<'_>) {
    for paragraph in paragraphs {
        growth_told_twice(paragraph, ledger);
        deductions(report, paragraph, ledger);
    }
    misprints(paragraphs, ledger);
    indicators(report, paragraphs, words, ledger);
    claims(report, paragraphs, ledger);
}

/// 工业固定资产投资…同比提升1.2%，…，工业固定资产投资同比增长23.1%.
fn growth_told_twice(paragraph: &Paragraph<'_>, ledger: &mut Ledger<'_>) {
    let mut told: BTreeMap<(usize, String), &Fig<'_>> = BTreeMap::new();
    for fig in &paragraph.figs {
        let clause = fig.clause();
        let part_of_year = ["月", "季度", "上半年", "下半年", "年均", "累计", "全国", "全省"]
            .iter()
            .any(|w| clause.contains(w));
        let changes = fig.grows().is_some() && clause.contains("同比");
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
fn misprint(a: Decimal, b: Decimal) -> bool {
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
    for fig in paragraphs.iter().flat_map(|p| &p.figs) {
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

/// SCR-08 in prose: 扣2分，该指标得分3分.
fn deductions(report: &Report, paragraph: &Paragraph<'_>, ledger: &mut Ledger<'_>) {
    for pair in paragraph.figs.windows(2) {
        let [lost, got] = pair else { continue };
        let both = lost.dimension() == Some(Dimension::Score) && got.dimension() == Some(Dimension::Score);
        let told = lost.clause().trim_end().ends_with(['扣', '减'])
            || lost.clause().contains("扣分")
            || lost.clause().ends_with("扣除");
        if !both
            || lost.sentence != got.sentence
            || !told
            || !(got.clause().contains("得分") || got.clause().trim_end().ends_with('得'))
        {
            continue;
        }
        let weight = lost.value + got.value;
        // Points of the item: told in the same sentence, or those of an indicator of the form.
        let before = paragraph.sentence(lost.sentence).iter().find(|f| {
            f.dimension() == Some(Dimension::Score)
                && f.start < lost.start
                && (f.clause().contains("满分") || f.clause().contains("分值"))
        });
        if let Some(full) = before {
            let status = if full.value == weight {
                CheckStatus::Pass
            } else {
                CheckStatus::Fail
            };
            enter_deduction(lost, got, full.value, status, &[&full.statement.source], ledger);
            continue;
        }
        let points: Vec<&Indicator> = report
            .indicators
            .iter()
            .filter(|i| i.weight.is_some() && i.score.is_some())
            .collect();
        if points.is_empty() {
            continue;
        }
        let fits = points
            .iter()
            .find(|i| i.weight.is_some_and(|w| w.0 == weight) && i.score.is_some_and(|s| s.0 == got.value));
        match fits {
            Some(i) => {
                let cells: Vec<&Source> = [i.weight_source.as_ref(), i.score_source.as_ref()]
                    .into_iter()
                    .flatten()
                    .collect();
                enter_deduction(lost, got, weight, CheckStatus::Pass, &cells, ledger);
            }
            // No indicator gives that many points: the nearest that lost as many, or got as many.
            None => {
                let near = points.iter().find(|i| {
                    let (w, s) = (
                        i.weight.and_then(|w| sane(w.0)).unwrap_or_default(),
                        i.score.and_then(|s| sane(s.0)).unwrap_or_default(),
                    );
                    s < w && (s == got.value || w - s == lost.value)
                });
                if let Some(i) = near {
                    let cells: Vec<&Source> = [i.weight_source.as_ref(), i.score_source.as_ref()]
                        .into_iter()
                        .flatten()
                        .collect();
                    let full = i.weight.and_then(|w| sane(w.0)).unwrap_or(weight);
                    enter_deduction(lost, got, full, CheckStatus::Fail, &cells, ledger);
                }
            }
        }
    }
}

fn enter_deduction(
    lost: &Fig<'_>,
    got: &Fig<'_>,
    full: Decimal,
    status: CheckStatus,
    cells: &[&Source],
    ledger: &mut Ledger<'_>,
) {
    let computed = full - lost.value;
    let words = if status == CheckStatus::Pass {
        "相符"
    } else {
        "不符"
    };
    let message = format!(
        "{}{}，得分{}分；分值{full}分扣{}分为{computed}分，{words}",
        place(&lost.statement.source),
        lost.quoted(),
        got.value,
        lost.value
    );
    ledger.add(
        Entry::new(&SCR_08, status)
            .message(message)
            .numbers(
                got.value,
                if status == CheckStatus::Pass {
                    got.value
                } else {
                    computed
                },
            )
            .tolerance(Decimal::ZERO)
            .unit(Some("分"))
            .operands(
                [&got.statement.source, &lost.statement.source]
                    .into_iter()
                    .chain(cells.iter().copied()),
            ),
    );
}

/// Shortest name of an indicator that is looked for in prose.
const SHORTEST: usize = 5;

/// Indicators that prose names, and counts that look like misprints of an indicator's.
fn indicators(report: &Report, paragraphs: &[Paragraph<'_>], words: &Words, ledger: &mut Ledger<'_>) {
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
                exchanged(report, fig, i, &all_values, ledger);
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

fn same_unit(fig: &Fig<'_>, value: &Value) -> bool {
    let bare = |u: &str| u.trim_end_matches(|c: char| "次".contains(c)).to_owned();
    value
        .unit
        .as_deref()
        .is_some_and(|u| bare(u) == bare(fig.unit()) || (u == "家" && fig.unit() == "户"))
}

/// TXT-01: the clause ends with the indicator's name.
fn named(fig: &Fig<'_>, indicator: &Indicator, words: &Words, ledger: &mut Ledger<'_>) {
    let (Some(actual), Some(source)) = (
        &indicator.actual,
        indicator.actual.as_ref().and_then(|v| v.source.as_ref()),
    ) else {
        return;
    };
    let Some(value) = actual.value.filter(|_| same_unit(fig, actual)) else {
        return;
    };
    // 参训人数增加20人 is no second telling of 参训人数.
    if fig.grows().is_some() && !has(&indicator.name, &words.growth) && !has(&indicator.name, &words.decline) {
        return;
    }
    let clause = fig.clause();
    let elsewhere = [
        "目标",
        "计划",
        "预计",
        "力争",
        "上年",
        "去年",
        "同期",
        "累计",
        "以来",
        "不低于",
        "其中",
    ];
    let is_target = indicator
        .target
        .as_ref()
        .is_some_and(|t| t.value.is_some_and(|v| v.0 == fig.value));
    let agrees = value.0 == fig.value || qualified_agrees(fig, value.0);
    if !agrees && (is_target || elsewhere.iter().any(|w| clause.contains(w)) || fig.qualified()) {
        return;
    }
    let status = if agrees { CheckStatus::Pass } else { CheckStatus::Fail };
    let verdict = if agrees { "相符" } else { "不同" };
    let message = format!(
        "{}{}，{}“{}”完成值“{}”，{verdict}",
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
        .filter(|v| *v != fig.value && same_unit(fig, actual))
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
            .filter(|c| !c.is_ascii() && !"数量的个家项得获".contains(*c))
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
fn claims(report: &Report, paragraphs: &[Paragraph<'_>], ledger: &mut Ledger<'_>) {
    let missed: Vec<&Indicator> = report.indicators.iter().filter(|i| unmet(i) == Some(true)).collect();
    if missed.is_empty() {
        return;
    }
    let all = [
        "全面完成",
        "全部完成",
        "均已完成",
        "均完成",
        "全部达标",
        "全面达标",
        "圆满完成",
    ];
    for paragraph in paragraphs {
        let mut last = None;
        for fig in &paragraph.figs {
            if last == Some(fig.sentence) {
                continue;
            }
            last = Some(fig.sentence);
            let Some(at) = all.iter().find_map(|w| fig.text.find(w).map(|at| at + w.len())) else {
                continue;
            };
            let after: String = fig.text[at..].chars().take(24).collect();
            let clause = first_clause(&after);
            if !["目标", "指标"].iter().any(|w| clause.contains(w)) {
                continue;
            }
            let message = format!(
                "{}写“{}”，而表中有{}项指标未达到指标值",
                place(&fig.statement.source),
                crate::check::ledger::shorten(clause, 20),
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
