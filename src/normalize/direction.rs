//! Which way a change goes, and which way its indicator wants it: 增长, 下降 and the signs for them.
//!
//! A cell that says 下降6% under 收入增速 states −6 %; under 能耗降低率 it states 6 %. The words of name and target give the
//! axis; where they give none, the figure stays as written, and no verdict rests on it.

use super::value;
use crate::model::{Exact, Value, ValueKind};
use crate::pattern::Patterns;
use crate::text::chinese::is_zero;
use crate::text::fold::{bare, fold_char};
use crate::text::mark::{is_minus, reaches};
use rust_decimal::Decimal;

/// The way of a change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// 增长, 上升, 提高.
    Up,
    /// 下降, 减少, 降低.
    Down,
}

/// The way that a text speaks of, if it speaks of one only: by its words, or by an arrow behind the figure (6%↓).
///
/// 不减少 speaks of none, and 下降至4% states a level.
pub fn of(text: &str, patterns: &Patterns) -> Option<Way> {
    let direction = &patterns.values.direction;
    // 减幅 of 增减幅度 says neither way.
    let text = direction
        .signed_names
        .iter()
        .fold(bare(text), |text, word| match text.contains(word.as_str()) {
            true => text.replace(word.as_str(), " "),
            false => text,
        });
    let says = |words: &[String]| {
        words.iter().any(|word| {
            text.match_indices(word.as_str()).any(|(at, _)| {
                let before = text[..at].chars().next_back();
                let after = text[at + word.len()..].chars().next();
                !before.is_some_and(|c| patterns.values.negations.has(c) || is_zero(c)) && !after.is_some_and(reaches)
            })
        })
    };
    let up = says(&direction.up) || text.ends_with('↑');
    let down = says(&direction.down) || text.ends_with(['↓', '▼']);
    match (up, down) {
        (true, false) => Some(Way::Up),
        (false, true) => Some(Way::Down),
        _ => None,
    }
}

/// A text without the word of its change before the figure: 10.00 of 减少10.00, of 同比净减少了10.00.
pub fn without_word<'t>(text: &'t str, patterns: &Patterns) -> &'t str {
    let rest = told_before(text, patterns).map_or(text, |(_, rest)| rest);
    rest.trim_start_matches('↑').trim_end_matches(['↑', '↓', '▼'])
}

/// The way that the words before a figure tell, where they tell nothing else, and what stands behind them.
fn told_before<'t>(text: &'t str, patterns: &Patterns) -> Option<(Way, &'t str)> {
    let words = &patterns.values.change;
    let names = &patterns.values.direction.signed_names;
    let mut rest = text.trim_start();
    while let Some(behind) = names.iter().find_map(|name| rest.strip_prefix(name.as_str())) {
        rest = behind.trim_start();
    }
    // Words of change have few characters: no more is looked at.
    let chars: Vec<char> = rest.chars().take(12).collect();
    let (up, down) = (words.up.at_start(&chars), words.down.at_start(&chars));
    let mut end = up.max(down);
    let way = if down >= up { Way::Down } else { Way::Up };
    while end > 0 && end < chars.len() && !matches!(chars[end], '(' | '（') {
        // 减少了, 降幅为, 净减少额: but no figure is a filler.
        let filler = words.fillers.at_start(&chars[end..]);
        let more = words.up.at_start(&chars[end..]).max(words.down.at_start(&chars[end..]));
        match filler.max(if way_of(&chars[end..], patterns) == Some(way) {
            more
        } else {
            0
        }) {
            0 => break,
            len => end += len,
        }
    }
    let figure =
        |c: &char| c.is_ascii_digit() || fold_char(*c).is_ascii_digit() || is_minus(*c) || "-+(（￥¥".contains(*c);
    let told = end > 0 && chars.get(end).is_some_and(figure);
    let bytes: usize = chars[..end].iter().map(|c| c.len_utf8()).sum();
    told.then(|| (way, &rest[bytes..]))
}

fn way_of(chars: &[char], patterns: &Patterns) -> Option<Way> {
    let words = &patterns.values.change;
    let (up, down) = (words.up.at_start(chars), words.down.at_start(chars));
    (up.max(down) > 0).then_some(if down >= up { Way::Down } else { Way::Up })
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
        // ↓ behind a figure is 以内 elsewhere: here it is the way of the change.
        let arrow = falls && value.raw.ends_with(['↓', '▼', '↑']);
        if arrow && matches!(value.kind, ValueKind::AtMost | ValueKind::AtLeast) {
            value.kind = ValueKind::Exact;
        }
        let plain = matches!(value.kind, ValueKind::Exact | ValueKind::Approximate);
        if let Some(told) = value.value.filter(|v| opposite && plain && v.0 > Decimal::ZERO) {
            value.value = Some(Exact(-told.0));
        }
    }
}

/// The sign that words give a figure under the heading of a change: 减少120万元 under 增减额.
pub fn turns(text: &str, heading: &str, patterns: &Patterns) -> bool {
    let told = told_before(text, patterns).map(|(way, _)| way);
    told.or_else(|| of(text, patterns)) == Some(Way::Down) && of(heading, patterns) != Some(Way::Down)
}

/// The way that the indicator counts as more: that of its name, else of its target.
fn axis(target: Option<&Value>, name: &str, patterns: &Patterns) -> Option<Way> {
    let told = target.filter(|t| t.value.is_some());
    of(name, patterns).or_else(|| of(&told?.raw, patterns))
}

/// Whether the numbers of target and actual can be compared as they stand: both count along the same axis.
pub fn comparable(target: &Value, actual: &Value, name: &str, patterns: &Patterns) -> bool {
    let named = of(name, patterns);
    // An arrow behind a level (95%↑) is no change.
    let words = |value: &Value| of(value.raw.trim_end_matches(['↑', '↓', '▼']), patterns);
    let (due, done) = (words(target), words(actual));
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
            ("失业率", "≤5%", "下降至4%", Some("4"), Some(true)),
            ("发病率", "下降至5%", "下降到4%", Some("4"), Some(true)),
            ("耕地保有量", "不减少", "增加20亩", Some("20"), None),
            ("新增就业", "增加100人", "减少20人", Some("-20"), Some(false)),
            ("收入增幅", "≥5%", "6%↓", Some("-6"), Some(false)),
            ("收入增幅", "≥5%", "6%↑", Some("6"), Some(true)),
            ("覆盖率", "≥90%", "95%↑", Some("95"), Some(true)),
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
