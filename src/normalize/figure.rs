//! Figures in a text: a number, or two as a range, with unit and qualifiers. Cells and running text share this grammar:
//! `[≥ 不低于 约 …] number [余 多 …] unit [- number unit] [以上 以内 左右 …]`.

use crate::model::{Exact, ValueKind};
use crate::pattern::Patterns;
use crate::pattern::units::{UnitKind, UnitMatch};
use crate::text::fold::is_blank;
use crate::text::number::{self, Commas, Number, Part};
use rust_decimal::Decimal;
use std::ops::Range;

/// A figure; positions count characters of the folded text.
#[derive(Debug, Clone, PartialEq)]
pub struct Figure {
    /// From the number's first character to the end of its unit.
    pub span: Range<usize>,
    /// `span` with the qualifiers around it.
    pub outer: Range<usize>,
    /// How it is stated.
    pub kind: ValueKind,
    /// The number; the lower bound of a range.
    pub low: Exact,
    /// The upper bound of a range.
    pub high: Option<Exact>,
    /// Unit.
    pub unit: Option<UnitMatch>,
    /// Whether the unit is a price or pace (元/户, 次/周), given after `/`.
    pub per: bool,
    /// Whether the number is written in Chinese numerals without 百分之.
    pub chinese: bool,
}

impl Figure {
    /// The amount in 元, for money that is no price and no range.
    pub fn yuan(&self) -> Option<Exact> {
        let unit = self
            .unit
            .as_ref()
            .filter(|u| u.kind == UnitKind::Money && !self.per && self.high.is_none())?;
        number::scaled(self.low, unit.factor).map(Exact::normalized)
    }
}

/// Whether a figure may start here: no digit, letter or point hangs on to it from the left.
pub fn can_start(chars: &[char], at: usize) -> bool {
    let c = chars[at];
    let before = at.checked_sub(1).map(|i| chars[i]);
    if c.is_ascii_digit() {
        let hangs_on =
            before.is_some_and(|b| b.is_ascii_alphanumeric() || matches!(b, '.' | '/' | '_' | '#' | '×' | '*'));
        // 1 0 0 % and 1 120.5 as a PDF may space them: the last piece alone would be a wrong figure.
        let spaced = before.is_some_and(is_blank) && {
            let previous = skip_blanks_back(chars, at);
            previous > 0 && matches!(chars[previous - 1], '0'..='9' | '.')
        };
        let grouped = before == Some(',') && at >= 2 && chars[at - 2].is_ascii_digit();
        // 5+2个, 2021-3个 that is no range: a sign after a figure makes this the rest of an expression.
        let rest = matches!(before, Some('+' | '-')) && at >= 2 && chars[at - 2].is_ascii_alphanumeric();
        !hangs_on && !grouped && !rest && !spaced
    } else if matches!(c, '-' | '+') {
        chars.get(at + 1).is_some_and(char::is_ascii_digit)
            && !before.is_some_and(|b| b.is_alphanumeric() || matches!(b, '%' | '‰' | '-' | '~' | '+' | '—' | ')'))
    } else {
        number::is_chinese_numeral(c) && !before.is_some_and(number::is_chinese_numeral)
    }
}

/// The figure whose number starts at `at`; ask [`can_start`] first.
pub fn at(chars: &[char], at: usize, commas: Commas, patterns: &Patterns) -> Option<Figure> {
    let (low, after_low) = number::scan(chars, at, commas)?;
    let first = with_unit(chars, &low, after_low, commas, patterns);
    let (mut kind, mut unit, mut per, mut end) = (first.kind, first.unit, first.per, first.end);
    let mut high = None;
    if let Some(second) = range_end(chars, end, commas).or_else(|| range_end(chars, after_low, commas)) {
        let (number, after) = second;
        let upper = with_unit(chars, &number, after, commas, patterns);
        let same = match (&unit, &upper.unit) {
            (Some(a), Some(b)) => a.text == b.text,
            (None, _) => true,
            (Some(a), None) => a.kind == UnitKind::Scale || upper.end == chars.len(),
        };
        if same && low.value.0 < number.value.0 && low.part == number.part {
            high = Some(number.value);
            end = upper.end;
            per |= upper.per;
            unit = upper.unit.or(unit);
            kind = upper.kind;
        } else if unit.is_none() {
            return None;
        }
    }
    let span = at..end;
    let mut outer = span.clone();
    let next = skip_blanks(chars, outer.end);
    let mut after = None;
    if let Some(q) = patterns.values.after(chars, next) {
        after = Some(q.kind);
        outer.end = next + q.chars.len();
    }
    let mut before = None;
    for _ in 0..3 {
        let previous = skip_blanks_back(chars, outer.start);
        let Some(q) = patterns.values.before(chars, previous) else {
            break;
        };
        outer.start = previous - q.chars.len();
        if q.kind != ValueKind::Exact {
            before = Some(q.kind);
            break;
        }
    }
    let kind = match (high, before, after) {
        (Some(_), _, _) => ValueKind::Range,
        (None, Some(ValueKind::Approximate), Some(k)) => k,
        (None, Some(k), _) | (None, None, Some(k)) => k,
        (None, None, None) => kind,
    };
    Some(Figure {
        span,
        outer,
        kind,
        low: low.value,
        high,
        unit,
        per,
        chinese: low.chinese && low.part.is_none(),
    })
}

/// Every figure of a text, from left to right, without overlap.
pub fn all(chars: &[char], commas: Commas, patterns: &Patterns) -> Vec<Figure> {
    let mut found: Vec<Figure> = Vec::new();
    let mut i = 0;
    while i < chars.len() {
        if !can_start(chars, i) {
            i += 1;
            continue;
        }
        match at(chars, i, commas, patterns) {
            Some(mut figure) => {
                // A qualifier belongs to one figure only.
                let taken = found.last().map_or(0, |f| f.outer.end);
                figure.outer.start = figure.outer.start.max(taken);
                i = figure.outer.end.max(i + 1);
                found.push(figure);
            }
            None => i += 1,
        }
    }
    found
}

struct Tail {
    kind: ValueKind,
    unit: Option<UnitMatch>,
    per: bool,
    end: usize,
}

fn with_unit(chars: &[char], number: &Number, after: usize, commas: Commas, patterns: &Patterns) -> Tail {
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
    // 元/户, 元/人/年, 元/人*月, 元/平方米·天
    for _ in 0..2 {
        let joint = chars.get(tail.end).copied();
        if !(joint == Some('/') || tail.per && matches!(joint, Some('·' | '*' | '•' | '×'))) {
            break;
        }
        let next = tail.end + 1;
        let len = match patterns.units.longest(chars, next) {
            Some(per) => per.len,
            None if commas == Commas::Both => chars[next..]
                .iter()
                .take_while(|c| c.is_alphabetic() && !c.is_ascii_digit())
                .take(5)
                .count(),
            None => 0,
        };
        if !(1..5).contains(&len) {
            break;
        }
        let per: String = chars[tail.end..next + len].iter().collect();
        unit.text += &per;
        unit.base += &per;
        unit.len += len + 1;
        tail.end = next + len;
        tail.per = true;
    }
    tail.unit = Some(unit);
    tail
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

/// The number after a range sign: 3～5, 3-5, 3至5.
fn range_end(chars: &[char], end: usize, commas: Commas) -> Option<(Number, usize)> {
    let at = skip_blanks(chars, end);
    let sign = |c: &char| matches!(c, '-' | '~' | '—' | '–' | '―' | '至' | '到');
    let signs = chars[at.min(chars.len())..]
        .iter()
        .take_while(|c| sign(c))
        .take(3)
        .count();
    if signs == 0 || signs > 2 {
        return None;
    }
    let start = skip_blanks(chars, at + signs);
    let c = chars.get(start)?;
    (c.is_ascii_digit() || number::is_chinese_numeral(*c))
        .then(|| number::scan(chars, start, commas))
        .flatten()
}

/// The first character from `at` on that is not white space.
pub fn skip_blanks(chars: &[char], at: usize) -> usize {
    at + chars[at.min(chars.len())..]
        .iter()
        .take_while(|c| is_blank(**c))
        .count()
}

fn skip_blanks_back(chars: &[char], at: usize) -> usize {
    at - chars[..at].iter().rev().take_while(|c| is_blank(**c)).count()
}
