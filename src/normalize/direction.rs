//! Which way a change goes, and which way its indicator wants it: 增长, 下降 and the signs for them.
//!
//! A cell that says 下降6% under 收入增速 states −6 %; under 能耗降低率 it states 6 %. The words of name and target give the
//! axis; where they give none, the figure stays as written, and no verdict rests on it.

use super::value;
use crate::model::{Exact, Value, ValueKind};
use crate::pattern::Patterns;
use crate::text::fold::bare;
use rust_decimal::Decimal;

/// The way of a change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// 增长, 上升, 提高.
    Up,
    /// 下降, 减少, 降低.
    Down,
}

/// The way that a text speaks of, if it speaks of one only.
pub fn of(text: &str, patterns: &Patterns) -> Option<Way> {
    let text = bare(text);
    let holds = |words: &[String]| words.iter().any(|w| text.contains(w.as_str()));
    let direction = &patterns.values.direction;
    match (holds(&direction.up), holds(&direction.down)) {
        (true, false) => Some(Way::Up),
        (false, true) => Some(Way::Down),
        _ => None,
    }
}

/// Whether a name or heading is that of a change, which may be negative: 增减额, 收入增速, 结余.
pub fn may_fall(name: &str, patterns: &Patterns) -> bool {
    let name = bare(name);
    let direction = &patterns.values.direction;
    let holds = |words: &[String]| words.iter().any(|w| name.contains(w.as_str()));
    holds(&direction.signed_names) || holds(&direction.up) && !holds(&direction.down)
}

/// Settles the sign of an indicator's target and actual. `name` is the indicator's.
pub fn settle(target: Option<&mut Value>, actual: Option<&mut Value>, name: &str, patterns: &Patterns) {
    let axis = axis(target.as_deref(), name, patterns);
    let falls = may_fall(name, patterns);
    for value in [target, actual].into_iter().flatten() {
        if falls
            && value.kind == ValueKind::Qualitative
            && let Some(read) = value::accounting(&value.raw, patterns)
        {
            let source = value.source.take();
            *value = Value { source, ..read };
            continue;
        }
        let way = of(&value.raw, patterns);
        let opposite = axis.is_some() && way.is_some() && way != axis;
        let plain = matches!(value.kind, ValueKind::Exact | ValueKind::Approximate);
        if let Some(told) = value.value.filter(|v| opposite && plain && v.0 > Decimal::ZERO) {
            value.value = Some(Exact(-told.0));
        }
    }
}

/// The way that the indicator counts as more: that of its name, else of its target.
fn axis(target: Option<&Value>, name: &str, patterns: &Patterns) -> Option<Way> {
    of(name, patterns).or_else(|| of(&target?.raw, patterns))
}

/// Whether the numbers of target and actual can be compared as they stand: both count along the same axis.
pub fn comparable(target: &Value, actual: &Value, name: &str, patterns: &Patterns) -> bool {
    let named = of(name, patterns);
    let (due, done) = (of(&target.raw, patterns), of(&actual.raw, patterns));
    let negative = |value: &Value| value.value.is_some_and(|v| v.0 < Decimal::ZERO);
    // 降低率 -4%: a fall of 4 %, or a rise?
    let fall = named.or(due) == Some(Way::Down);
    let doubtful = |value: &Value, way: Option<Way>| fall && way.is_none() && negative(value);
    if doubtful(target, due) || doubtful(actual, done) {
        return false;
    }
    match (named, due, done) {
        // Along an axis that is known.
        (Some(_), ..) | (None, Some(_), _) => true,
        // 能耗 ≤5, 下降6%: a level against a change.
        (None, None, done) => done.is_none(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::normalize::met;

    #[test]
    fn changes_along_the_axis_of_their_indicator() {
        let patterns = Patterns::builtin().unwrap();
        for (name, target, actual, value, met) in [
            ("收入增速", "≥5%", "–6%", Some("-6"), Some(false)),
            ("收入增速", "≥5%", "负增长6%", Some("-6"), Some(false)),
            ("收入增速", "增长≥5%", "下降6%", Some("-6"), Some(false)),
            ("收入增速", "增长5%以上", "减少6.2%", Some("-6.2"), Some(false)),
            ("收入增速", "≥5%", "▼6%", Some("-6"), Some(false)),
            ("收入增速", "≥5%", "↓6%", Some("-6"), Some(false)),
            ("收入增速", "≥5%", "△3%", Some("-3"), Some(false)),
            ("收入增速", "≥5%", "（1.16%）", Some("-1.16"), Some(false)),
            ("收入增速", "≥5%", "增长-2.1%", Some("-2.1"), Some(false)),
            ("收入增速", "≥5%", "增长6%", Some("6"), Some(true)),
            ("税收增减额", "≥100万元", "(120)万元", Some("-120"), Some(false)),
            ("增减率", "≥0", "—5", Some("-5"), Some(false)),
            ("增减率", "≥-3%", "-2%", Some("-2"), Some(true)),
            ("能耗降低率", "下降3%", "上升4%", Some("-4"), Some(false)),
            ("能耗降低率", "≥3%", "4%", Some("4"), Some(true)),
            ("能耗降低率", "≥3%", "下降4%", Some("4"), Some(true)),
            ("能耗降低率", "≥3%", "-4%", Some("-4"), None),
            ("单位能耗", "下降≥3%", "下降4%", Some("4"), Some(true)),
            ("单位能耗", "下降≥3%", "上升4%", Some("-4"), Some(false)),
            ("单位产出", "≥5%", "下降6%", Some("6"), None),
            ("满意度", "≥90%", "（95%）", None, None),
            ("投诉件数", "减少12人", "减少15人", Some("15"), Some(true)),
        ] {
            let read = |text: &str| value::read(text, None, None, &patterns);
            let (mut due, mut done) = (read(target), read(actual));
            settle(Some(&mut due), Some(&mut done), name, &patterns);
            let shown = done.value.map(|v| v.to_string());
            assert_eq!(shown.as_deref(), value, "{name} {target} {actual}");
            assert_eq!(
                met::judge(&due, &done, name, &patterns),
                met,
                "{name} {target} {actual}"
            );
        }
    }
}
