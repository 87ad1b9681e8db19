//! Chinese numerals: plain, formal and of outlines, and money written in them.

use super::fold::is_blank;
use crate::model::Exact;
use rust_decimal::Decimal;

/// Whether a character multiplies the digits before it: 百, 千, 万, 亿.
pub fn is_scale(c: char) -> bool {
    numeral(c).is_some_and(|value| value >= 10)
}

/// The characters of numerals, formal and older forms included, and their values, in the order of their code points.
const NUMERALS: [(char, u64); 40] = [
    ('○', 0),
    ('〇', 0),
    ('一', 1),
    ('七', 7),
    ('万', 10_000),
    ('三', 3),
    ('两', 2),
    ('九', 9),
    ('二', 2),
    ('五', 5),
    ('亿', 100_000_000),
    ('仟', 1000),
    ('伍', 5),
    ('佰', 100),
    ('億', 100_000_000),
    ('八', 8),
    ('六', 6),
    ('十', 10),
    ('千', 1000),
    ('叁', 3),
    ('參', 3),
    ('叄', 3),
    ('四', 4),
    ('壹', 1),
    ('弌', 1),
    ('弍', 2),
    ('弎', 3),
    ('拾', 10),
    ('捌', 8),
    ('柒', 7),
    ('玖', 9),
    ('百', 100),
    ('肆', 4),
    ('萬', 10_000),
    ('貮', 2),
    ('貳', 2),
    ('贰', 2),
    ('陆', 6),
    ('陸', 6),
    ('零', 0),
];

fn numeral(c: char) -> Option<u64> {
    let found = NUMERALS.binary_search_by_key(&c, |(numeral, _)| *numeral).ok()?;
    Some(NUMERALS[found].1)
}

/// The value of a Chinese digit, formal and older forms included.
pub fn digit_value(c: char) -> Option<u32> {
    numeral(c)
        .and_then(|value| u32::try_from(value).ok())
        .filter(|value| *value < 10)
}

pub(super) fn small_unit(c: char) -> Option<u64> {
    numeral(c).filter(|value| (10..10_000).contains(value))
}

pub(super) fn big_unit(c: char) -> Option<u64> {
    numeral(c).filter(|value| *value >= 10_000)
}

/// The name of the currency, which may stand before an amount.
const CURRENCY: &str = "人民币";
/// The unit of money, as reports write it.
pub const YUAN: &str = "元";
/// What parts the decimals of a numeral: 三点五.
pub const POINT: char = '点';
/// A tenth and a hundredth of 元.
pub(super) const JIAO: char = '角';
pub(super) const FEN: char = '分';

/// Whether a character is a zero of numerals.
pub fn is_zero(c: char) -> bool {
    digit_value(c) == Some(0)
}

/// Whether a character closes an amount written out: 壹佰元整.
pub fn closes_money(c: char) -> bool {
    matches!(c, '整' | '正')
}

/// What a word of scale multiplies by: 百, 十万, 百万, 亿, 万亿. `None` for any other text, and for 十 alone, which is a number.
pub fn scale_word(text: &str) -> Option<u64> {
    let mut chars = text.chars();
    let (first, second) = (chars.next()?, chars.next());
    if chars.next().is_some() {
        return None;
    }
    match second {
        None => big_unit(first).or_else(|| small_unit(first).filter(|unit| *unit > 10)),
        Some(second) => {
            let (small, big) = (small_unit(first).or_else(|| big_unit(first))?, big_unit(second)?);
            (small < big).then(|| small * big)
        }
    }
}

/// What the words of scale before a unit multiply by: 万 of 万人; 1 where there are none.
pub fn scale_of_unit(unit: &str) -> u64 {
    let end = unit.find(|c| !is_scale(c)).unwrap_or(unit.len());
    scale_word(&unit[..end]).unwrap_or(1)
}

/// The Chinese numeral of one to ten.
pub fn outline_numeral(n: u32) -> Option<char> {
    "一二三四五六七八九十".chars().nth(n.checked_sub(1)? as usize)
}

/// Whether a character can stand in the Chinese number of an outline: 一 to 十, 百.
pub fn is_outline_numeral(c: char) -> bool {
    "一二三四五六七八九十百".contains(c)
}

/// Whether a character can stand in a Chinese numeral.
pub fn is_chinese_numeral(c: char) -> bool {
    numeral(c).is_some()
}

/// A whole Chinese numeral: 三千五百, 三千五 (3500), 十五, 二〇二一 (2021), 壹佰贰拾万. `None` where it is none (三五, 万).
pub(super) fn integer(chars: &[char]) -> Option<u64> {
    (!chars.is_empty()).then_some(())?;
    if chars.iter().all(|c| digit_value(*c).is_some()) {
        return chinese_digits(chars);
    }
    // `section` collects below 万, `total` what 万 and 亿 have closed.
    let (mut total, mut section): (u64, u64) = (0, 0);
    let mut digit: Option<u64> = None;
    let mut zero = false;
    let mut last_unit: u64 = 0; // unit just passed, for 三千五 and for descending order
    let mut section_unit: u64 = u64::MAX; // small units descend within a section
    let mut total_unit: u64 = u64::MAX; // 亿 before 万
    for &c in chars {
        if let Some(d) = digit_value(c) {
            if d == 0 {
                if digit.is_some() || last_unit == 0 {
                    return None;
                }
                zero = true;
            } else if digit.replace(u64::from(d)).is_some() {
                return None;
            }
        } else if let Some(unit) = small_unit(c) {
            let d = match digit.take() {
                Some(d) => d,
                None if unit == 10 => 1,
                None => return None,
            };
            if unit >= section_unit {
                return None;
            }
            section += d * unit;
            (section_unit, last_unit, zero) = (unit, unit, false);
        } else {
            let unit = big_unit(c)?;
            section += digit.take().unwrap_or(0);
            if unit == 10_000 {
                if section == 0 || total_unit <= 10_000 {
                    return None;
                }
                total = total.checked_add(section.checked_mul(unit)?)?;
            } else {
                let sum = total.checked_add(section)?;
                if sum == 0 || total_unit <= 100_000_000 && total_unit != 10_000 || last_unit == 100_000_000 {
                    return None;
                }
                total = sum.checked_mul(unit)?;
            }
            (total_unit, last_unit, section, section_unit, zero) = (unit, unit, 0, u64::MAX, false);
        }
    }
    if let Some(d) = digit {
        section += if zero || last_unit <= 10 {
            d
        } else {
            d * (last_unit / 10)
        };
    } else if zero {
        return None; // 一百零
    }
    total.checked_add(section)
}

/// Digits alone: one digit, or a number told digit by digit (二〇二一). 三五 is “three to five” and no number.
fn chinese_digits(chars: &[char]) -> Option<u64> {
    let by_digit = chars.len() >= 4 || chars.contains(&'〇') || chars.contains(&'○');
    if chars.len() > 1 && (!by_digit || chars.len() > 18) {
        return None;
    }
    if chars.contains(&'两') && chars.len() > 1 {
        return None;
    }
    chars
        .iter()
        .try_fold(0_u64, |sum, c| Some(sum * 10 + u64::from(digit_value(*c)?)))
}

/// Whether a character stands in amounts written in formal capitals: 壹佰贰拾万元整.
pub fn is_formal(c: char) -> bool {
    let plain = "一二三四五六七八九〇○两十百千";
    let numeral = is_chinese_numeral(c) && (c == '〇' || !plain.contains(c));
    numeral || is_yuan(c) || matches!(c, JIAO | FEN) || closes_money(c)
}

fn is_yuan(c: char) -> bool {
    matches!(c, '元' | '圆' | '圓')
}

/// Whether every character of a text can stand in an amount written in Chinese: 三千元, 壹佰贰拾万元整.
pub fn is_all_chinese(text: &str) -> bool {
    text.chars().all(|c| is_chinese_numeral(c) || is_formal(c))
}

/// Money in capitals or Chinese numerals with 元 (圆), 角, 分, 整 (正), in 元: 壹佰贰拾万元整, 叁仟元伍角. `None` without 元.
pub fn capital_money(chars: &[char]) -> Option<Exact> {
    let text: Vec<char> = chars.iter().copied().filter(|c| !is_blank(*c)).collect();
    let currency = CURRENCY.chars().count();
    let named = text.len() > currency && text.iter().zip(CURRENCY.chars()).all(|(a, b)| *a == b);
    let text = &text[if named { currency } else { 0 }..];
    let text = text.strip_prefix(&[':'][..]).unwrap_or(text);
    let yuan = text.iter().position(|c| is_yuan(*c))?;
    let whole = integer(&text[..yuan])?;
    let mut rest = &text[yuan + 1..];
    if let Some((_, bare)) = rest.split_last().filter(|(last, _)| closes_money(**last)) {
        rest = bare;
    }
    let rest = match rest.split_first() {
        Some((first, after)) if is_zero(*first) => after,
        _ => rest,
    };
    let single = |c: char| digit_value(c).map(i64::from);
    let cents = match rest {
        [] => return Some(Exact(Decimal::from(whole))),
        [d, JIAO] => single(*d)? * 10,
        [d, FEN] => single(*d)?,
        [d, JIAO, e, FEN] => single(*d)? * 10 + single(*e)?,
        _ => return None,
    };
    Decimal::from(whole).checked_add(Decimal::new(cents, 2)).map(Exact)
}
