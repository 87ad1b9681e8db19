//! Figures in a text: a number, or two as a range, with unit and qualifiers. Cells and running text share this grammar:
//! `[≥ 不低于 约 …] number [余 多 …] unit [- number unit] [以上 以内 左右 …]`.

use super::measure::{Tail, currency_unit, each_before, with_unit};
use crate::model::{Exact, ValueKind};
use crate::pattern::Patterns;
use crate::pattern::units::{UnitKind, UnitMatch};
use crate::text::fold::{is_blank, skip_blanks};
use crate::text::mark::{is_dash, is_minus, is_operator, is_range, is_unknown};
use crate::text::number::{self, Commas, Number, is_apostrophe};
use crate::text::{chinese, pieces};
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
    /// Whether ￥ stands before it and no unit behind it.
    pub yuan_sign: bool,
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

/// What a sign right before a digit says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Sign {
    /// It makes the number negative.
    Minus,
    /// It parts the number from what stands before (3-5, A-2).
    Parts,
    /// It may be either: 人员经费-120万元. The number is not read.
    Unclear,
}

/// What the character before a number says, when it is a sign at all. A dash after a word is a minus only where a value may
/// be negative: 差额为-5, 结余-33.3 (`signed` of `patterns/values.toml`).
fn sign(chars: &[char], at: usize, patterns: &Patterns) -> Option<Sign> {
    let c = chars[at];
    let digit = chars.get(at + 1).is_some_and(char::is_ascii_digit);
    if !digit || !(is_minus(c) || c == '—') {
        return None;
    }
    let before = &chars[..at];
    let signed = || patterns.values.may_be_signed(before);
    let Some(b) = before.last().copied() else {
        return Some(if c == '—' { Sign::Parts } else { Sign::Minus });
    };
    // 较上年（100万元）-10%: what stands before the bracket tells.
    let bracket = (b == ')').then(|| before.iter().rposition(|c| *c == '(')).flatten();
    if let Some(open) = bracket
        && patterns.values.may_be_signed(&before[..open])
    {
        return Some(Sign::Minus);
    }
    let counted = b.is_ascii_alphanumeric() || matches!(b, '%' | '‰' | ')' | '.' | '/');
    Some(match c {
        '—' if b != '—' && signed() => Sign::Minus,
        '—' => Sign::Parts,
        _ if counted || b == '~' || b == '+' || is_dash(b) => Sign::Parts,
        '-' | '–' if b.is_alphanumeric() && !signed() => match ends_in_a_figure(before, patterns) {
            true => Sign::Parts,
            false => Sign::Unclear,
        },
        _ => Sign::Minus,
    })
}

/// 3家-5家, 2021年-2023年: what stands before a dash is a figure with its unit.
fn ends_in_a_figure(before: &[char], patterns: &Patterns) -> bool {
    if before
        .last()
        .is_some_and(|c| c.is_ascii_digit() || matches!(c, '%' | '‰'))
    {
        return true;
    }
    let reach = before.len().saturating_sub(6);
    (reach..before.len()).any(|at| {
        let counted = at > 0 && (before[at - 1].is_ascii_digit() || chinese::is_chinese_numeral(before[at - 1]));
        counted
            && patterns
                .units
                .longest(before, at)
                .is_some_and(|u| at + u.len == before.len())
    })
}

/// Whether a figure may start here: no digit, letter or point hangs on to it from the left.
pub fn can_start(chars: &[char], at: usize, patterns: &Patterns) -> bool {
    let c = chars[at];
    let before = at.checked_sub(1).map(|i| chars[i]);
    if c.is_ascii_digit() {
        // A character that no font explains may be ≥ or a digit.
        let hangs_on = before.is_some_and(|b| {
            let part = b.is_ascii_alphanumeric() && patterns.units.currency_before(chars, at).is_none();
            // ±5 alone is a deviation of 5, behind a figure it makes an expression.
            let rest = is_operator(b) && (b != '±' || ends_in_a_figure(&chars[..at - 1], patterns));
            part || matches!(b, '.' | '/' | '_' | '#' | '*') || is_unknown(b) || rest
        });
        // 1 0 0 % and 1 120.5 as a PDF may space them: the last piece alone would be a wrong figure.
        let spaced = before.is_some_and(is_blank) && {
            let previous = skip_blanks_back(chars, at);
            previous > 0 && matches!(chars[previous - 1], '0'..='9' | '.')
        };
        // 结余 - 33.3: a minus that a PDF has spaced, or a dash between a name and its figure. At the start of a line it is a
        // mark of a list.
        let spaced = spaced
            || before.is_some_and(is_blank) && {
                let dash = skip_blanks_back(chars, at);
                let word = dash.checked_sub(1).map(|i| skip_blanks_back(chars, i));
                dash > 0
                    && matches!(chars[dash - 1], '-' | '–')
                    && word.is_some_and(|end| end > 0 && chars[end - 1].is_alphabetic() && !chars[end - 1].is_ascii())
            };
        let grouped = before.is_some_and(|b| b == ',' || is_apostrophe(b)) && at >= 2 && chars[at - 2].is_ascii_digit();
        // 5+2个, 2021-3个 that is no range: a sign after a figure makes this the rest of an expression.
        let rest = matches!(before, Some('+' | '-')) && at >= 2 && chars[at - 2].is_ascii_alphanumeric();
        let unsigned = at == 0 || !matches!(sign(chars, at - 1, patterns), Some(Sign::Minus | Sign::Unclear));
        // 1亿|2300万: the rest of an amount that is told in pieces.
        let piece = at >= 2 && chinese::is_scale(chars[at - 1]) && chars[at - 2].is_ascii_digit();
        !hangs_on && !grouped && !rest && !spaced && unsigned && !piece
    } else if c == '+' {
        chars.get(at + 1).is_some_and(char::is_ascii_digit)
            && !before.is_some_and(|b| b.is_alphanumeric() || matches!(b, '%' | '‰' | '-' | '~' | '+' | '—' | ')'))
    } else if is_minus(c) || c == '—' {
        sign(chars, at, patterns) == Some(Sign::Minus)
    } else {
        chinese::is_chinese_numeral(c)
            && !before.is_some_and(|b| chinese::is_chinese_numeral(b) || is_unknown(b))
            && !(before == Some(chinese::POINT) && at >= 2 && chinese::is_chinese_numeral(chars[at - 2]))
    }
}

/// The number at `at` with its unit, told in one piece (3.5万元) or several (12亿3456万元, 5元6角).
fn told(chars: &[char], at: usize, commas: Commas, patterns: &Patterns) -> Option<(Number, usize, Tail)> {
    let (mut number, mut after) = number::scan(chars, at, commas)?;
    let mut tail = with_unit(chars, &number, after, commas, patterns);
    let goes_on = |end: usize| {
        let end = end + usize::from(chars.get(end).is_some_and(|c| chinese::is_zero(*c)));
        chars.get(end).is_some_and(char::is_ascii_digit)
    };
    let scale = tail.unit.as_ref().is_some_and(|u| u.kind == UnitKind::Scale);
    if scale && !number.chinese && goes_on(tail.end) {
        let pieces = pieces::pieces(chars, at, commas)?;
        number.value = pieces.value;
        after = pieces.end;
        tail = with_unit(chars, &number, after, commas, patterns);
    }
    let yuan = tail
        .unit
        .as_ref()
        .is_some_and(|u| u.kind == UnitKind::Money && u.factor == Decimal::ONE);
    if yuan && number.chinese && chars.get(tail.end).is_some_and(|c| chinese::closes_money(*c)) {
        tail.end += 1;
    } else if yuan
        && !tail.per
        && number.value.scale() == 0
        && let Some((cents, end)) = pieces::cents(chars, tail.end)
    {
        number.value = Exact(number.value.0.checked_add(cents)?);
        tail.end = end;
    } else if yuan && chars.get(tail.end).is_some_and(char::is_ascii_digit) {
        return None; // 3元5 is 3.5 元 in speech
    }
    Some((number, after, tail))
}

/// The figure whose number starts at `at`; ask [`can_start`] first.
pub fn at(chars: &[char], at: usize, commas: Commas, patterns: &Patterns) -> Option<Figure> {
    let negative = is_minus(chars[at]) || chars[at] == '—';
    let (mut low, after_low, first) = told(chars, at + usize::from(negative), commas, patterns)?;
    // 5×10^4, 5±1, 3×5米: the number is the beginning of an expression.
    let behind = [after_low, first.end].map(|end| chars.get(skip_blanks(chars, end)));
    if behind.into_iter().flatten().any(|c| is_operator(*c)) {
        return None;
    }
    if negative {
        low.value = Exact(-low.value.0);
    }
    let (mut kind, mut unit, mut per, mut end) = (first.kind, first.unit, first.per, first.end);
    let mut high = None;
    if let Some(second) = range_end(chars, end, commas).or_else(|| range_end(chars, after_low, commas)) {
        let (number, after) = second;
        let upper = with_unit(chars, &number, after, commas, patterns);
        let same = match (&unit, &upper.unit) {
            // 100万-200万元: the scale word alone is that of the unit behind.
            (Some(a), Some(b)) => {
                a.text == b.text || a.kind == UnitKind::Scale && a.factor == b.factor && b.text.starts_with(&a.text)
            }
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
    let lead = lead(chars, outer.start, patterns);
    outer.start = lead.start;
    if let Some(currency) = &lead.currency {
        unit = currency_unit(currency, unit, patterns)?;
    }
    if lead.negative {
        // 负增长-3%: two signs, of which nobody knows what they mean together.
        (!negative && high.is_none() && !lead.unclear).then_some(())?;
        low.value = Exact(-low.value.0);
    }
    // 每人每年1500元 is a price as 1500元/人·年 is one.
    if let Some(money) = unit.as_mut().filter(|u| u.kind == UnitKind::Money && !per)
        && let Some(by) = each_before(&chars[..outer.start], patterns)
    {
        money.text = format!("{}/{by}", money.text);
        money.base = format!("{}/{by}", money.base);
        per = true;
    }
    let kind = match (high, lead.kind, after) {
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
        yuan_sign: lead.currency.is_some() && unit.is_none(),
        unit,
        per,
        chinese: low.chinese && low.part.is_none(),
    })
}

/// What stands before a number and belongs to it.
struct Lead {
    start: usize,
    kind: Option<ValueKind>,
    /// 负增长, 负.
    negative: bool,
    /// Whether the dash that makes it negative may part it from a name.
    unclear: bool,
    /// The unit of a currency sign: ￥, US$.
    currency: Option<String>,
}

/// Reads qualifiers, currency signs and words of sign leftwards from a number.
fn lead(chars: &[char], start: usize, patterns: &Patterns) -> Lead {
    let mut lead = Lead {
        start,
        kind: None,
        negative: false,
        unclear: false,
        currency: None,
    };
    for _ in 0..5 {
        let previous = skip_blanks_back(chars, lead.start);
        if lead.currency.is_none()
            && let Some((len, unit)) = patterns.units.currency_before(chars, previous)
        {
            lead.start = previous - len;
            lead.currency = Some(unit.to_owned());
            // -￥10.00: whatever the dash means, the figure is not a plain one.
            if lead.start > 0 && (is_minus(chars[lead.start - 1]) || chars[lead.start - 1] == '—') {
                lead.start -= 1;
                lead.negative = true;
                lead.unclear = lead.start > 0 && !patterns.values.may_be_signed(&chars[..lead.start]);
            }
            continue;
        }
        if let Some(q) = patterns.values.negative(chars, previous).filter(|_| !lead.negative) {
            lead.start = previous - q.chars.len();
            lead.negative = true;
            continue;
        }
        let Some(q) = patterns.values.before(chars, previous) else {
            break;
        };
        lead.start = previous - q.chars.len();
        if q.kind != ValueKind::Exact {
            lead.kind = Some(q.kind);
            break;
        }
    }
    // ￥≤500: the sign stands before the comparator.
    let previous = skip_blanks_back(chars, lead.start);
    if lead.currency.is_none()
        && let Some((len, unit)) = patterns.units.currency_before(chars, previous)
    {
        lead.start = previous - len;
        lead.currency = Some(unit.to_owned());
    }
    lead
}

/// Every figure of a text, from left to right, without overlap.
pub fn all(chars: &[char], commas: Commas, patterns: &Patterns) -> Vec<Figure> {
    let mut found: Vec<Figure> = Vec::new();
    let mut i = 0;
    while i < chars.len() {
        if !can_start(chars, i, patterns) {
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

/// The number after a range sign: 3～5, 3-5, 3至5.
fn range_end(chars: &[char], end: usize, commas: Commas) -> Option<(Number, usize)> {
    let at = skip_blanks(chars, end);
    let signs = chars[at.min(chars.len())..]
        .iter()
        .take_while(|c| is_range(**c))
        .take(3)
        .count();
    if signs == 0 || signs > 2 {
        return None;
    }
    // -5%~-3%: the second sign is a minus; —— is one sign.
    let minus = signs == 2 && !is_dash(chars[at]) && is_minus(chars[at + 1]);
    let start = skip_blanks(chars, at + signs);
    let c = chars.get(start)?;
    let (mut number, end) = (c.is_ascii_digit() || chinese::is_chinese_numeral(*c))
        .then(|| number::scan(chars, start, commas))
        .flatten()?;
    if minus {
        number.value = Exact(-number.value.0);
    }
    Some((number, end))
}

fn skip_blanks_back(chars: &[char], at: usize) -> usize {
    at - chars[..at].iter().rev().take_while(|c| is_blank(**c)).count()
}
