//! Whether an actual reaches its target, in the direction that the target states. What cannot be judged safely stays open.

use super::direction;
use crate::model::{Value, ValueKind};
use crate::pattern::Patterns;
use crate::pattern::units::{UnitKind, UnitMatch};
use crate::text::chinese::YUAN;
use crate::text::fold::bare;
use crate::text::unit::one_way;
use rust_decimal::Decimal;

/// An interval of possible values; `None` is unbounded, `bool` says that the bound itself is possible.
struct Interval {
    low: Option<(Decimal, bool)>,
    high: Option<(Decimal, bool)>,
}

/// Judges an actual against a target; `name` is the indicator's.
///
/// An exact target is a floor; where the name says that less is better (成本, 投诉 …: `patterns/values.toml`) a ceiling. A range
/// is reached at its lower bound; an approximate target within a band. Different dimensions, blanks and unlike wordings: `None`.
pub fn judge(target: &Value, actual: &Value, name: &str, patterns: &Patterns) -> Option<bool> {
    judge_under("", target, actual, name, patterns)
}

/// As [`judge`], of an indicator below a level: under 成本指标 an amount of money is a ceiling.
pub fn judge_under(level: &str, target: &Value, actual: &Value, name: &str, patterns: &Patterns) -> Option<bool> {
    use ValueKind as K;
    match (target.kind, actual.kind) {
        (K::Empty, _) | (_, K::Empty) => None,
        (K::Compound, K::Compound) => compound(target, actual, name, patterns),
        (K::Compound, _) | (_, K::Compound) => None,
        (K::Date, K::Date) => date(target, actual),
        (K::Date | K::Qualitative, K::Qualitative) => words(target, actual, patterns),
        (_, K::Qualitative) => patterns
            .values
            .met
            .not_done
            .contains(&closing(&actual.raw))
            .then_some(false),
        (K::Date | K::Qualitative, _) | (_, K::Date) => None,
        _ => numbers(level, target, actual, name, patterns),
    }
}

fn compound(target: &Value, actual: &Value, name: &str, patterns: &Patterns) -> Option<bool> {
    if target.parts.len() != actual.parts.len() {
        return None;
    }
    let verdicts: Vec<Option<bool>> = target
        .parts
        .iter()
        .zip(&actual.parts)
        .map(|(t, a)| judge(t, a, name, patterns))
        .collect();
    if verdicts.contains(&None) {
        return None; // parts that do not pair up may be told in another order
    }
    Some(verdicts.iter().all(|v| *v == Some(true)))
}

fn date(target: &Value, actual: &Value) -> Option<bool> {
    match (&target.date, &actual.date) {
        (Some(due), Some(done)) => {
            // Both name a span of time; the deadline is its last day.
            if last_day(done)? <= last_day(due)? {
                Some(true)
            } else if *done > last_day(due)? {
                // “2024-01” sorts before its days, so a prefix compares as its first day.
                Some(false)
            } else {
                None
            }
        }
        _ => (bare(&target.raw) == bare(&actual.raw)).then_some(true),
    }
}

/// The last day of a year, month or day.
fn last_day(date: &str) -> Option<String> {
    Some(match date.len() {
        4 => format!("{date}-12-31"),
        7 => {
            let (year, month) = date.split_once('-')?;
            format!(
                "{date}-{}",
                crate::text::date::days(year.parse().ok()?, month.parse().ok()?)
            )
        }
        _ => date.to_owned(),
    })
}

fn closing(text: &str) -> String {
    bare(text)
        .trim_end_matches(['。', '.', ';', '；', ',', '，', '!'])
        .to_owned()
}

fn words(target: &Value, actual: &Value, patterns: &Patterns) -> Option<bool> {
    let (due, done) = (closing(&target.raw), closing(&actual.raw));
    let met = &patterns.values.met;
    if due == done {
        return Some(true);
    }
    let rank = |ladder: &[String], text: &str| ladder.iter().position(|step| bare(step) == text);
    let mut verdicts = met
        .ladders
        .iter()
        .filter_map(|l| Some(rank(l, &done)? <= rank(l, &due)?));
    if let Some(verdict) = verdicts.next() {
        return verdicts.all(|v| v == verdict).then_some(verdict);
    }
    if met.not_done.contains(&done) {
        return Some(false);
    }
    if met.done.contains(&done) && !met.not_done.contains(&due) {
        return Some(true);
    }
    // 已健全 against 健全, 得到有效提升 against 有效提升.
    let prefixes = met.reached.iter();
    let mut bare = prefixes.filter_map(|prefix| done.strip_prefix(prefix.as_str()));
    bare.any(|bare| bare == due).then_some(true)
}

fn numbers(level: &str, target: &Value, actual: &Value, name: &str, patterns: &Patterns) -> Option<bool> {
    direction::comparable(target, actual, name, patterns).then_some(())?;
    let unit = |v: &Value| {
        v.unit
            .as_deref()
            .map(|text| (one_way(text), patterns.units.whole(text)))
    };
    let (due_unit, done_unit) = (unit(target), unit(actual));
    let (due_factor, done_factor) = match (&due_unit, &done_unit) {
        (Some((a, due)), Some((b, done))) => {
            if a == b {
                (Decimal::ONE, Decimal::ONE)
            } else {
                same_dimension(due.as_ref()?, done.as_ref()?, patterns)?
            }
        }
        // 100家以上 and 189: the actual is told in the target's unit. A share told as 0.95 is not.
        (Some((_, Some(u))), None) if u.kind == UnitKind::Rate => {
            let share = actual.value.or(actual.low)?.0;
            (share > Decimal::ONE || share.is_zero()).then_some((Decimal::ONE, Decimal::ONE))?
        }
        (None, Some((_, Some(u)))) if u.kind == UnitKind::Rate => {
            let share = target.value.or(target.low)?.0;
            (share > Decimal::ONE || share.is_zero()).then_some((Decimal::ONE, Decimal::ONE))?
        }
        _ => (Decimal::ONE, Decimal::ONE),
    };
    let done = interval(actual, done_factor, patterns)?;
    let times = |v: Option<crate::model::Exact>| v?.0.checked_mul(due_factor);
    let kind = due_unit.as_ref().and_then(|(_, u)| u.as_ref()).map(|u| u.kind);
    let time = kind == Some(UnitKind::Time);
    // 投诉减少12件: of a reduction more is better, whatever is reduced.
    let reduced = direction::of(&target.raw, patterns) == Some(direction::Way::Down);
    let money = kind == Some(UnitKind::Money) || due_unit.as_ref().is_some_and(|(text, _)| text.contains(YUAN));
    let cost = money
        && patterns
            .values
            .met
            .costs
            .iter()
            .any(|cost| level.contains(cost.as_str()));
    let falling = match cost {
        true => cost_is_ceiling(name, patterns),
        // An amount that no word calls a ceiling or a gain may be either: 设备购置 50万元 beside 48万元.
        false => {
            less_is_better(name, time, patterns).filter(|falling| *falling || !money || is_gain(level, name, patterns))
        }
    };
    let falling = falling.map(|falling| falling && !reduced);
    let band = patterns.values.met.band;
    match target.kind {
        ValueKind::AtLeast => at_least(&done, times(target.value)?, true),
        ValueKind::MoreThan => at_least(&done, times(target.value)?, false),
        ValueKind::AtMost => at_most(&done, times(target.value)?, true),
        ValueKind::LessThan => at_most(&done, times(target.value)?, false),
        ValueKind::Exact => {
            let due = times(target.value)?;
            let equal = actual.kind == ValueKind::Exact && done.low.is_some_and(|(v, _)| v == due);
            if equal {
                Some(true)
            } else {
                match falling? {
                    true => at_most(&done, due, true),
                    false => at_least(&done, due, true),
                }
            }
        }
        ValueKind::Range => {
            let (low, high) = (times(target.low)?, times(target.high)?);
            between(&done, low, high, falling)
        }
        ValueKind::Approximate => {
            let due = times(target.value)?;
            let slack = due.abs().checked_mul(band)?;
            let (low, high) = (due.checked_sub(slack)?, due.checked_add(slack)?);
            between(&done, low, high, falling)
        }
        _ => None,
    }
}

fn same_dimension(a: &UnitMatch, b: &UnitMatch, patterns: &Patterns) -> Option<(Decimal, Decimal)> {
    let money = |u: &UnitMatch| u.kind == UnitKind::Money;
    // 208万 beside 208万元, 3万 beside 3万人: a scale word alone takes the other's base.
    let scale = (a.kind == UnitKind::Scale) != (b.kind == UnitKind::Scale);
    let same = a.kind == b.kind && patterns.units.comparable(&a.base, &b.base);
    (same || (scale && (money(a) || money(b) || a.factor == b.factor))).then_some((a.factor, b.factor))
}

fn interval(value: &Value, factor: Decimal, patterns: &Patterns) -> Option<Interval> {
    let times = |v: Option<crate::model::Exact>| v?.0.checked_mul(factor);
    let one = times(value.value);
    Some(match value.kind {
        ValueKind::Exact => Interval {
            low: Some((one?, true)),
            high: Some((one?, true)),
        },
        ValueKind::AtLeast => Interval {
            low: Some((one?, true)),
            high: None,
        },
        ValueKind::MoreThan => Interval {
            low: Some((one?, false)),
            high: None,
        },
        ValueKind::AtMost => Interval {
            low: None,
            high: Some((one?, true)),
        },
        ValueKind::LessThan => Interval {
            low: None,
            high: Some((one?, false)),
        },
        ValueKind::Range => Interval {
            low: Some((times(value.low)?, true)),
            high: Some((times(value.high)?, true)),
        },
        ValueKind::Approximate => {
            let slack = one?.abs().checked_mul(patterns.values.met.band)?;
            Interval {
                low: Some((one?.checked_sub(slack)?, true)),
                high: Some((one?.checked_add(slack)?, true)),
            }
        }
        _ => return None,
    })
}

fn at_least(done: &Interval, due: Decimal, included: bool) -> Option<bool> {
    if let Some((low, itself)) = done.low
        && (low > due || (low == due && (included || !itself)))
    {
        return Some(true);
    }
    let (high, itself) = done.high?;
    (high < due || (high == due && !(included && itself))).then_some(false)
}

fn at_most(done: &Interval, due: Decimal, included: bool) -> Option<bool> {
    if let Some((high, itself)) = done.high
        && (high < due || (high == due && (included || !itself)))
    {
        return Some(true);
    }
    let (low, itself) = done.low?;
    (low > due || (low == due && !(included && itself))).then_some(false)
}

/// Whether an actual reaches a span of targets: inside of it no direction is asked.
fn between(done: &Interval, low: Decimal, high: Decimal, falling: Option<bool>) -> Option<bool> {
    if at_least(done, low, true) == Some(true) && at_most(done, high, true) == Some(true) {
        return Some(true);
    }
    match falling? {
        true => at_most(done, high, true),
        false => at_least(done, low, true),
    }
}

/// Whether an amount under 成本指标 is a ceiling: what is saved is none, and a subsidy is paid as it was promised.
fn cost_is_ceiling(name: &str, patterns: &Patterns) -> Option<bool> {
    let met = &patterns.values.met;
    let name = bare(name);
    let holds = |words: &[String]| words.iter().any(|w| name.contains(w.as_str()));
    match (holds(&met.savings), holds(&met.promised)) {
        (true, _) => Some(false),
        (false, true) => None,
        (false, false) => Some(true),
    }
}

/// Whether of an amount of money more is better: under 效益指标, or by its name.
fn is_gain(level: &str, name: &str, patterns: &Patterns) -> bool {
    let met = &patterns.values.met;
    let words = &patterns.checks.words.indicators;
    words.benefits.within(level)
        || words.benefits.within(name)
        || met.gains.within(name)
        || met.savings.iter().any(|w| name.contains(w.as_str()))
}

/// Whether a small figure is the good one; `None` where the name does not tell and the unit makes it doubtful (a span of time).
fn less_is_better(name: &str, time: bool, patterns: &Patterns) -> Option<bool> {
    let met = &patterns.values.met;
    let name = bare(name);
    let holds = |words: &[String]| words.iter().any(|w| name.contains(w.as_str()));
    let saved = holds(&met.savings);
    if time {
        // 办理时间缩短3天: of what is saved more is better. 培训天数 is no delay.
        return match (saved, holds(&met.time_is_open)) {
            (true, _) => Some(false),
            (false, true) => None,
            (false, false) => holds(&met.time_is_ceiling).then_some(true),
        };
    }
    if holds(&met.control) && holds(&met.controlled) {
        return None;
    }
    // 培训成本 is a cost, whatever is bought; 节约成本 is none.
    let cost = met.costs.iter().any(|w| name.ends_with(w.as_str())) && !saved;
    // 满意 of 不满意率 takes nothing back; 处置 of 不合格产品处置率 does.
    let negative = met.negative.iter();
    let rest = negative.fold(name.clone(), |name, word| name.replace(word.as_str(), ""));
    let taken_back = met.unless.iter().any(|w| rest.contains(w.as_str()));
    Some(cost || holds(&met.less_is_better) && !taken_back)
}
