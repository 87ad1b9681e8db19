//! Relations of one indicator: target, actual, points and reason.

use super::{IND_01, IND_02, IND_03, IND_04, IND_05, IND_07, IND_10, IND_11, IND_12, IND_13, IND_14, IND_17, Offered};
use crate::check::figure::sane;
use crate::check::interval::Rational;
use crate::check::ledger::{Entry, Ledger, shorten};
use crate::model::{CheckStatus, ColumnRole, Exact, Indicator, Source, Value, ValueKind};
use crate::pattern::Patterns;
use crate::pattern::checks::{IndicatorWords, Limits};
use crate::text::fold::fold;
use rust_decimal::Decimal;

/// The degree that a text starts with, from all to none.
fn degree(text: &str, words: &IndicatorWords) -> Option<usize> {
    let folded = fold(text);
    words.degrees.iter().position(|degree| degree.start(&folded))
}

/// Whether an indicator misses its target: as recorded, else by words of degree.
pub fn unmet(indicator: &Indicator, words: &IndicatorWords) -> Option<bool> {
    if let Some(met) = indicator.met {
        return Some(!met);
    }
    let (target, actual) = (indicator.target.as_ref()?, indicator.actual.as_ref()?);
    if target.kind != ValueKind::Qualitative || actual.kind != ValueKind::Qualitative {
        return None;
    }
    let (wanted, reached) = (degree(&target.raw, words)?, degree(&actual.raw, words)?);
    Some(reached > wanted)
}

fn cells(indicator: &Indicator) -> Vec<&Source> {
    let value = |v: &'_ Option<Value>| v.as_ref().and_then(|v| v.source.clone()).is_some();
    let mut out = Vec::new();
    if value(&indicator.target) {
        out.extend(indicator.target.as_ref().and_then(|v| v.source.as_ref()));
    }
    if value(&indicator.actual) {
        out.extend(indicator.actual.as_ref().and_then(|v| v.source.as_ref()));
    }
    if out.is_empty() {
        out.push(&indicator.source);
    }
    out
}

fn points(indicator: &Indicator) -> impl Iterator<Item = &Source> {
    [indicator.weight_source.as_ref(), indicator.score_source.as_ref()]
        .into_iter()
        .flatten()
}

fn title(indicator: &Indicator) -> String {
    format!(
        "表{}第{}行“{}”",
        indicator.table,
        indicator.row + 1,
        shorten(&indicator.name, 30)
    )
}

/// The bound of the target that the actual is held against.
fn bound(target: &Value, actual: Decimal) -> Option<Decimal> {
    match target.kind {
        ValueKind::Range => {
            let (low, high) = (sane(target.low?.0)?, sane(target.high?.0)?);
            Some(if actual > high { high } else { low })
        }
        _ => target.value.and_then(|v| sane(v.0)),
    }
}

/// Target and actual as numbers of one unit.
fn numbers(indicator: &Indicator, words: &IndicatorWords) -> Option<(Decimal, Decimal)> {
    let (target, actual) = (indicator.target.as_ref()?, indicator.actual.as_ref()?);
    let value = sane(actual.value?.0)?;
    let same = target.unit == actual.unit || kin(target.unit.as_deref(), actual.unit.as_deref(), words);
    same.then_some((bound(target, value)?, value))
}

fn reversed(target: &Value) -> bool {
    matches!(target.kind, ValueKind::AtMost | ValueKind::LessThan)
}

/// Units that count the same kind of thing.
fn kin(a: Option<&str>, b: Option<&str>, words: &IndicatorWords) -> bool {
    match (a, b) {
        (Some(a), Some(b)) => a == b || (words.things.is(a) && words.things.is(b)),
        (None, None) => true,
        // A figure without a unit takes that of the other cell.
        _ => true,
    }
}

pub fn examine(
    indicator: &Indicator,
    offered: &Offered<'_>,
    limits: &Limits,
    patterns: &Patterns,
    ledger: &mut Ledger<'_>,
) {
    let words = &patterns.checks.words.indicators;
    reached(indicator, words, ledger);
    in_proportion(indicator, limits, words, ledger);
    reason(indicator, offered, limits, words, ledger);
    incomplete_points(indicator, ledger);
    units_and_kinds(indicator, patterns, ledger);
    plausible(indicator, words, ledger);
}

/// IND-01 and IND-17.
fn reached(indicator: &Indicator, words: &IndicatorWords, ledger: &mut Ledger<'_>) {
    let (Some(target), Some(actual)) = (&indicator.target, &indicator.actual) else {
        return;
    };
    let Some(missed) = unmet(indicator, words) else {
        return;
    };
    let rule = if target.kind == ValueKind::Date {
        &IND_17
    } else {
        &IND_01
    };
    let status = if missed { CheckStatus::Fail } else { CheckStatus::Pass };
    let told = if missed { "未达到" } else { "达到" };
    let message = format!(
        "{}：指标值“{}”，完成值“{}”，{told}",
        title(indicator),
        shorten(&target.raw, 40),
        shorten(&actual.raw, 40)
    );
    let entry = Entry::new(rule, status).message(message).operands(cells(indicator));
    let entry = match numbers(indicator, words) {
        Some((wanted, got)) => entry
            .numbers(wanted, got)
            .unit(target.unit.as_deref().or(actual.unit.as_deref())),
        None => entry.words(target.raw.clone(), actual.raw.clone()),
    };
    ledger.add(entry);
}

/// IND-02 and IND-03.
fn in_proportion(indicator: &Indicator, limits: &Limits, words: &IndicatorWords, ledger: &mut Ledger<'_>) {
    let (Some(Exact(weight)), Some(Exact(score)), Some(true)) =
        (indicator.weight, indicator.score, unmet(indicator, words))
    else {
        return;
    };
    if weight <= Decimal::ZERO || score <= Decimal::ZERO || sane(weight).is_none() || sane(score).is_none() {
        return;
    }
    let sources = || cells(indicator).into_iter().chain(points(indicator));
    if score == weight {
        let message = format!("{}：未达到指标值，得分{score}分仍为满分{weight}分", title(indicator));
        ledger.add(
            Entry::new(&IND_02, CheckStatus::Fail)
                .message(message)
                .numbers(score, weight)
                .unit(Some("分"))
                .operands(sources()),
        );
    }
    let (Some((wanted, got)), Some(target)) = (numbers(indicator, words), &indicator.target) else {
        return;
    };
    let (part, whole) = if reversed(target) { (wanted, got) } else { (got, wanted) };
    let hundred = Rational::whole(100);
    let percent = |a: Decimal, b: Decimal| Rational::from(a).over(b.into()).and_then(|r| r.times(hundred));
    let (Some(done), Some(given)) = (percent(part, whole), percent(score, weight)) else {
        return;
    };
    if done.is_negative() || done >= hundred {
        return;
    }
    let expected = done.over(hundred).and_then(|r| r.times(weight.into()));
    let off = expected.and_then(|e| Rational::from(score).minus(e)).map(Rational::abs);
    let (Some(off), Some(done_shown), Some(given_shown), Some(expected)) = (
        off,
        done.rounded(1),
        given.rounded(1),
        expected.and_then(|e| e.rounded(2)),
    ) else {
        return;
    };
    if off <= limits.proportion_points.into() || done_shown.is_zero() && score.is_zero() {
        return;
    }
    let message = format!(
        "{}：完成{done_shown}%，按比例应得{expected}分，得分{score}分为分值{weight}分的{given_shown}%",
        title(indicator)
    );
    ledger.add(
        Entry::new(&IND_03, CheckStatus::Fail)
            .message(message)
            .numbers(given_shown, done_shown)
            .unit(Some("%"))
            .operands(sources()),
    );
}

/// IND-04 and IND-05.
fn reason(
    indicator: &Indicator,
    offered: &Offered<'_>,
    limits: &Limits,
    words: &IndicatorWords,
    ledger: &mut Ledger<'_>,
) {
    let told = indicator
        .deviation_reason
        .as_deref()
        .is_some_and(|r| !r.trim().is_empty());
    let place_for_it = offered.has(&indicator.table, ColumnRole::Reason);
    if told || !place_for_it {
        return;
    }
    let missed = unmet(indicator, words) == Some(true);
    let lost = matches!((indicator.weight, indicator.score), (Some(w), Some(s)) if s < w);
    if missed || lost {
        let what = if missed { "未达到指标值" } else { "有扣分" };
        let message = format!("{}：{what}，偏差原因栏空白", title(indicator));
        ledger.add(
            Entry::new(&IND_04, CheckStatus::Fail)
                .message(message)
                .words(what, "偏差原因空白")
                .operands(cells(indicator).into_iter().chain(points(indicator))),
        );
        return;
    }
    let Some((wanted, got)) = numbers(indicator, words).filter(|(w, _)| *w > Decimal::ZERO) else {
        return;
    };
    let deviation = Rational::from(got)
        .minus(wanted.into())
        .and_then(|d| d.over(wanted.into()))
        .and_then(|d| d.times(Rational::whole(100)));
    let Some(shown) = deviation.and_then(|d| d.rounded(1)) else {
        return;
    };
    let favourable = indicator.target.as_ref().is_some_and(reversed) && got < wanted;
    if shown.abs() <= limits.deviation_percent || favourable {
        return;
    }
    let limit = limits.deviation_percent.normalize();
    let message = format!(
        "{}：完成值{got}与指标值{wanted}相差{shown}%，超过{limit}%，偏差原因栏空白",
        title(indicator)
    );
    ledger.add(
        Entry::new(&IND_05, CheckStatus::Fail)
            .message(message)
            .threshold(shown, limit)
            .unit(Some("%"))
            .operands(cells(indicator)),
    );
}

/// IND-07.
fn incomplete_points(indicator: &Indicator, ledger: &mut Ledger<'_>) {
    let (has, lacks, value) = match (indicator.weight, indicator.score) {
        (Some(w), None) if indicator.score_source.is_some() => ("分值", "得分", w),
        (None, Some(s)) if indicator.weight_source.is_some() => ("得分", "分值", s),
        _ => return,
    };
    let message = format!("{}：有{has}{value}分而{lacks}空白", title(indicator));
    ledger.add(
        Entry::new(&IND_07, CheckStatus::Fail)
            .message(message)
            .stated(value.0)
            .unit(Some("分"))
            .operands(points(indicator)),
    );
}

/// IND-10, IND-11 and IND-12.
fn units_and_kinds(indicator: &Indicator, patterns: &Patterns, ledger: &mut Ledger<'_>) {
    let (Some(target), Some(actual)) = (&indicator.target, &indicator.actual) else {
        return;
    };
    let numeric = |v: &Value| v.value.is_some() || v.low.is_some();
    if numeric(target) && numeric(actual) {
        if let (Some(a), Some(b)) = (target.unit.as_deref(), actual.unit.as_deref())
            && !kin(Some(a), Some(b), &patterns.checks.words.indicators)
            && !same_dimension(a, b, patterns)
        {
            let message = format!(
                "{}：指标值“{}”与完成值“{}”单位不同",
                title(indicator),
                target.raw,
                actual.raw
            );
            ledger.add(
                Entry::new(&IND_10, CheckStatus::Fail)
                    .message(message)
                    .words(a, b)
                    .operands(cells(indicator)),
            );
        }
        let compared = matches!(
            actual.kind,
            ValueKind::AtLeast | ValueKind::MoreThan | ValueKind::AtMost | ValueKind::LessThan
        );
        if compared {
            let message = format!("{}：完成值“{}”写成比较式，不是确定的数", title(indicator), actual.raw);
            ledger.add(
                Entry::new(&IND_12, CheckStatus::Fail)
                    .message(message)
                    .words(target.raw.clone(), actual.raw.clone())
                    .operands(cells(indicator)),
            );
        }
    }
    let date = |v: &Value| v.kind == ValueKind::Date;
    if (date(target) && numeric(actual)) || (numeric(target) && date(actual)) {
        let message = format!(
            "{}：指标值“{}”与完成值“{}”类型不同，无法比较",
            title(indicator),
            target.raw,
            actual.raw
        );
        ledger.add(
            Entry::new(&IND_11, CheckStatus::Fail)
                .message(message)
                .words(target.raw.clone(), actual.raw.clone())
                .operands(cells(indicator)),
        );
    }
}

/// Units of money and area that differ only by a power of ten.
fn same_dimension(a: &str, b: &str, patterns: &Patterns) -> bool {
    let scales = &patterns.checks.words.indicators.scales;
    let base = |u: &str| patterns.units.whole(u).map(|unit| (unit.kind, unit.base));
    let bare = |u: &str| scales.trim_start(u).replace('％', "%");
    let (a, b) = (bare(a), bare(b));
    // 1.2亿 against 1.3亿元: a scale alone takes the unit of the other cell.
    // 九成 against 95%: one may be told in the other.
    let converted = base(&a).is_some() && base(&a) == base(&b);
    a == b || a.is_empty() || b.is_empty() || converted
}

/// IND-13 and IND-14.
fn plausible(indicator: &Indicator, words: &IndicatorWords, ledger: &mut Ledger<'_>) {
    let Some(actual) = &indicator.actual else {
        return;
    };
    let Some(Exact(value)) = actual
        .value
        .filter(|_| matches!(actual.unit.as_deref(), Some("%" | "％")))
    else {
        return;
    };
    let rule = if words.satisfaction.within(&indicator.name) {
        &IND_13
    } else if words.bounded.within(&indicator.name) {
        &IND_14
    } else {
        return;
    };
    if (Decimal::ZERO..=Decimal::ONE_HUNDRED).contains(&value) {
        return;
    }
    let message = format!("{}：完成值{value}%不在0%与100%之间", title(indicator));
    ledger.add(
        Entry::new(rule, CheckStatus::Fail)
            .message(message)
            .numbers(value, Decimal::ONE_HUNDRED)
            .unit(Some("%"))
            .operands(cells(indicator)),
    );
}
