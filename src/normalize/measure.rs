//! The unit of a figure: behind its number, over several words, or told by a sign of currency before it.

use crate::model::ValueKind;
use crate::pattern::Patterns;
use crate::pattern::units::{UnitKind, UnitMatch};
use crate::text::chinese::YUAN;
use crate::text::fold::skip_blanks;
use crate::text::note;
use crate::text::number::{Commas, Number, Part};
use crate::text::unit;
use rust_decimal::Decimal;

/// The unit behind a number.
pub(super) struct Tail {
    /// What a word between number and unit makes of it.
    pub kind: ValueKind,
    /// Unit.
    pub unit: Option<UnitMatch>,
    /// Whether it is a price or a pace.
    pub per: bool,
    /// Its end.
    pub end: usize,
}

/// Reads the unit behind a number that ends at `after`.
pub(super) fn with_unit(chars: &[char], number: &Number, after: usize, commas: Commas, patterns: &Patterns) -> Tail {
    if let Some(part) = number.part {
        return Tail {
            kind: ValueKind::Exact,
            unit: Some(part_unit(part)),
            per: false,
            end: after,
        };
    }
    let mut tail = Tail {
        kind: ValueKind::Exact,
        unit: None,
        per: false,
        end: after,
    };
    let mut start = skip_blanks(chars, after);
    let mut unit = patterns.units.longest(chars, start);
    if unit.is_none()
        && let Some(q) = patterns.values.between(chars, start)
    {
        let next = skip_blanks(chars, start + q.chars.len());
        if let Some(found) = patterns.units.longest(chars, next) {
            tail.kind = q.kind;
            start = next;
            unit = Some(found);
        }
    }
    // 371.20①万元
    let mark = note::mark_at(chars, start);
    if unit.is_none()
        && mark > 0
        && let Some(found) = patterns.units.longest(chars, start + mark)
    {
        start += mark;
        unit = Some(found);
    }
    // 12（个）
    if unit.is_none()
        && chars.get(start) == Some(&'(')
        && let Some(found) = patterns.units.longest(chars, start + 1)
        && chars.get(start + 1 + found.len) == Some(&')')
    {
        tail.end = start + found.len + 2;
        tail.unit = Some(found);
        return tail;
    }
    let Some(mut unit) = unit else { return tail };
    tail.end = start + unit.len;
    // 100万余元, 3亿多元: the scale word alone was the unit so far.
    if unit.kind == UnitKind::Scale {
        let next = skip_blanks(chars, tail.end);
        let (kind, next) = match patterns.values.between(chars, next) {
            Some(q) => (q.kind, skip_blanks(chars, next + q.chars.len())),
            None => (tail.kind, next),
        };
        if next > tail.end
            && let Some(base) = patterns.units.longest(chars, next).filter(|u| u.factor == Decimal::ONE)
            && matches!(base.kind, UnitKind::Money | UnitKind::Count | UnitKind::Measure)
        {
            tail.end = next + base.len;
            tail.kind = kind;
            unit = UnitMatch {
                len: tail.end - start,
                text: unit.text + &base.text,
                factor: unit.factor,
                ..base
            };
        }
    }
    per_units(chars, &mut tail, &mut unit, commas, patterns);
    tail.unit = Some(unit);
    tail
}

/// Reads what a price or pace is told by: 元/户, 元每人, 元/人/年, 元/人*月, 元/平方米·天, 元/(人·月), 元/人、天.
fn per_units(chars: &[char], tail: &mut Tail, unit: &mut UnitMatch, commas: Commas, patterns: &Patterns) {
    let mut bracket = false;
    for _ in 0..3 {
        let joint = chars.get(tail.end).copied();
        // 、 lists as well as it joins.
        let further = tail.per && joint.is_some_and(|c| unit::joins_price(c) && c != '、');
        let listed = tail.per && joint == Some('、') && commas == Commas::Both;
        // 元每人每年.
        let each = joint.is_some_and(unit::is_each);
        if !(each || further || listed) {
            break;
        }
        let open = !bracket && joint == Some('/') && chars.get(tail.end + 1) == Some(&'(');
        let next = tail.end + 1 + usize::from(open);
        let len = match patterns.units.longest(chars, next) {
            Some(per) => per.len,
            None if commas == Commas::Both && !listed => chars[next.min(chars.len())..]
                .iter()
                .take_while(|c| c.is_alphabetic() && !c.is_ascii_digit())
                .take(5)
                .count(),
            None => 0,
        };
        let mut end = next + len;
        let closed = (bracket || open) && chars.get(end) == Some(&')');
        bracket = (bracket || open) && !closed;
        // A bracket that closes nowhere is a note, no part of the unit.
        let closes = |from: usize| chars[from..].iter().take(8).any(|c| *c == ')');
        if !(1..5).contains(&len) || open && !closed && !closes(end) {
            break;
        }
        end += usize::from(closed);
        let per: String = chars[tail.end..end].iter().collect();
        unit.text += &per;
        unit.base += &per;
        unit.len += end - tail.end;
        tail.end = end;
        tail.per = true;
    }
}

/// What a price is by that stands straight before its figure: 人·年 of 每人每年|1500元.
pub(super) fn each_before(before: &[char], patterns: &Patterns) -> Option<String> {
    let each = |c: &char| *c == unit::EACH;
    let (mut end, mut by) = (before.len(), Vec::new());
    while let Some(at) = before[end.saturating_sub(5)..end].iter().rposition(each) {
        let at = end.saturating_sub(5) + at;
        let Some(unit) = patterns.units.longest(before, at + 1).filter(|u| at + 1 + u.len == end) else {
            break;
        };
        by.insert(0, unit.text);
        end = at;
    }
    (!by.is_empty()).then(|| by.join("·"))
}

fn part_unit(part: Part) -> UnitMatch {
    let (text, factor) = match part {
        Part::Percent => ("%", Decimal::ONE),
        Part::PerMille => ("‰", Decimal::new(1, 1)),
        Part::PerTenThousand => ("‱", Decimal::new(1, 2)),
    };
    UnitMatch {
        len: 0,
        text: text.to_owned(),
        kind: UnitKind::Rate,
        base: "%".to_owned(),
        factor,
    }
}

/// The unit of a figure behind a currency sign: $50万 is 50 万美元. ￥ alone says that it is money, not of which multiple.
/// `None` where sign and unit disagree (￥50万美元).
pub(super) fn currency_unit(currency: &str, unit: Option<UnitMatch>, patterns: &Patterns) -> Option<Option<UnitMatch>> {
    let home = patterns.units.whole(currency)?.kind == UnitKind::Money;
    match unit {
        None if home => Some(None),
        None => Some(patterns.units.whole(currency)),
        Some(unit) if unit.kind == UnitKind::Scale => Some(patterns.units.whole(&(unit.text + currency))),
        Some(unit) if unit.kind == UnitKind::Money && home => Some(Some(unit)),
        // 港币20万元, US$50万元: 元 is that of the currency.
        Some(unit) if unit.kind == UnitKind::Money => {
            let scale = unit.text.strip_suffix(YUAN)?;
            Some(Some(patterns.units.whole(&(scale.to_owned() + currency))?))
        }
        Some(unit) if unit.kind == UnitKind::Foreign => (!home && unit.base == currency).then_some(Some(unit)),
        unit => Some(unit),
    }
}
