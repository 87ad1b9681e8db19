//! Numbers as reports write them: one grammar for Arabic and Chinese figures, exact to 28 digits.
//!
//! What is refused, because a wrong figure that looks right is worse than a missing one: exponents (`1.2E3`), more than 28
//! digits, separators that do not group in threes (`1,02`), leading zeros (`007` is a code), figures in brackets: `（100）` is a
//! note in these forms far more often than an accountant's minus.

use super::fold::{fold_chars, is_blank};
use crate::model::Exact;
use rust_decimal::Decimal;

/// Part of a whole that a number is stated in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// % and 百分之.
    Percent,
    /// ‰ and 千分之.
    PerMille,
    /// 万分之.
    PerTenThousand,
}

/// A number as written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Number {
    /// The number itself, decimals as written; a scale word written after Arabic digits is not multiplied in.
    pub value: Exact,
    /// 10000 for 208万, 100000000 for 7.21亿; 1 where no scale word stands.
    pub scale: Decimal,
    /// Set by 百分之, 千分之, 万分之, and by % or ‰ in [`parse`].
    pub part: Option<Part>,
    /// Whether it is written in Chinese numerals.
    pub chinese: bool,
}

impl Number {
    fn plain(value: Decimal, chinese: bool) -> Self {
        Number {
            value: Exact(value),
            scale: Decimal::ONE,
            part: None,
            chinese,
        }
    }

    /// The number with its scale word multiplied in; `None` over 28 digits.
    pub fn full(&self) -> Option<Exact> {
        scaled(self.value, self.scale)
    }
}

/// A value times a factor, exactly; `None` where 28 digits do not hold it.
pub fn scaled(value: Exact, factor: Decimal) -> Option<Exact> {
    if factor == Decimal::ONE {
        return Some(value);
    }
    let (a, b) = (value.0.normalize(), factor.normalize());
    let product = a.checked_mul(b)?;
    // `checked_mul` rounds where the digits run out; an exact product divides back and keeps its scale.
    let exact = product.scale() == a.scale() + b.scale() || product.checked_div(b) == Some(a);
    exact.then(|| Exact(product.normalize()))
}

/// Reads a text that is a number and nothing else (white space around it aside); `None` otherwise.
///
/// Money in capitals (壹佰贰拾万元整) gives its value in 元.
pub fn parse(text: &str) -> Option<Number> {
    let chars = fold_chars(text);
    let start = chars.iter().position(|c| !is_blank(*c))?;
    let end = chars.iter().rposition(|c| !is_blank(*c))? + 1;
    let chars = join_spaces(&chars[start..end]);
    if let Some(value) = capital_money(&chars) {
        return Some(Number::plain(value.0, true));
    }
    let (mut number, mut at) = scan(&chars, 0, Commas::Both)?;
    let rest: String = chars[at..].iter().filter(|c| !is_blank(**c)).collect();
    if let Some(scale) = scale_word(&rest) {
        (!number.chinese).then_some(())?;
        number.scale = scale;
        at = chars.len();
    } else if number.part.is_none() {
        number.part = match rest.as_str() {
            "%" => Some(Part::Percent),
            "‰" => Some(Part::PerMille),
            _ => None,
        };
        if number.part.is_some() {
            at = chars.len();
        }
    }
    (at == chars.len()).then_some(number)
}

/// A folded text that is one plain number and nothing else: points and counts. Thousands separators are allowed.
pub fn plain(folded: &str) -> Option<Exact> {
    let (sign, digits) = match folded.strip_prefix('-') {
        Some(rest) => ("-", rest),
        None => ("", folded),
    };
    let grouped = digits.contains(',');
    if grouped {
        let whole = digits.split('.').next()?;
        let mut groups = whole.split(',');
        let first = groups.next()?;
        if first.is_empty() || first.len() > 3 || !groups.all(|g| g.len() == 3) {
            return None;
        }
    }
    let text: String = digits.chars().filter(|c| *c != ',').collect();
    let shape = text.starts_with(|c: char| c.is_ascii_digit())
        && text.ends_with(|c: char| c.is_ascii_digit())
        && text.chars().all(|c| c.is_ascii_digit() || c == '.');
    if shape {
        format!("{sign}{text}").parse().ok()
    } else {
        None
    }
}

fn scale_word(text: &str) -> Option<Decimal> {
    let power = match text {
        "百" => 2,
        "千" => 3,
        "万" => 4,
        "十万" => 5,
        "百万" => 6,
        "千万" => 7,
        "亿" => 8,
        "十亿" => 9,
        "百亿" => 10,
        "千亿" => 11,
        "万亿" => 12,
        _ => return None,
    };
    Some(Decimal::from(10_i64.pow(power)))
}

/// Which commas group digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Commas {
    /// `,` alone: running text, where `，` separates clauses.
    Ascii,
    /// `,` and `，`: a cell of its own.
    Both,
}

/// A number that starts at `at` and its end. `chars` are folded ([`fold_chars`]); the caller looks at what stands before.
pub fn scan(chars: &[char], at: usize, commas: Commas) -> Option<(Number, usize)> {
    let first = *chars.get(at)?;
    if chars[at..].starts_with(&['百', '分', '百']) {
        let mut number = Number::plain(Decimal::ONE_HUNDRED, true);
        number.part = Some(Part::Percent);
        return Some((number, at + 3));
    }
    if let Some((part, start)) = part_prefix(chars, at) {
        let (mut number, end) = if part == Part::Percent && chars.get(start) == Some(&'百') {
            (Number::plain(Decimal::ONE_HUNDRED, true), start + 1)
        } else if chars.get(start)?.is_ascii_digit() {
            scan_arabic(chars, start, commas)?
        } else {
            scan_chinese(chars, start)?
        };
        number.part = Some(part);
        return Some((number, end));
    }
    if first.is_ascii_digit() || matches!(first, '+' | '-') {
        scan_arabic(chars, at, commas)
    } else {
        scan_chinese(chars, at)
    }
}

fn part_prefix(chars: &[char], at: usize) -> Option<(Part, usize)> {
    let part = match chars.get(at..at + 3)? {
        ['百', '分', '之'] => Part::Percent,
        ['千', '分', '之'] => Part::PerMille,
        ['万', '分', '之'] => Part::PerTenThousand,
        _ => return None,
    };
    Some((part, at + 3))
}

/// Longest run of digits that is looked at: longer ones are no figure, and reading them stays linear.
const MAX_DIGITS: usize = 40;

fn scan_arabic(chars: &[char], at: usize, commas: Commas) -> Option<(Number, usize)> {
    let digit = |i: usize| chars.get(i).is_some_and(char::is_ascii_digit);
    let comma = |i: usize| match chars.get(i) {
        Some(',') => true,
        Some('，') => commas == Commas::Both,
        _ => false,
    };
    let mut text = String::new();
    let mut i = at;
    match chars.get(i) {
        Some('-') => {
            text.push('-');
            i += 1;
        }
        Some('+') => i += 1,
        _ => {}
    }
    let run = |from: usize| {
        chars[from.min(chars.len())..]
            .iter()
            .take_while(|c| c.is_ascii_digit())
            .count()
    };
    let whole = run(i);
    if whole == 0 || whole > MAX_DIGITS || (whole > 1 && chars[i] == '0') {
        return None;
    }
    text.extend(&chars[i..i + whole]);
    i += whole;
    if whole <= 3 && comma(i) && run(i + 1) == 3 && text.trim_start_matches('-') != "0" {
        while comma(i) && run(i + 1) == 3 {
            text.extend(&chars[i + 1..i + 4]);
            i += 4;
            if text.len() > MAX_DIGITS {
                return None;
            }
        }
    }
    // A comma straight before more digits: 1,02 or 1,0200. In a cell that is no number; in a list of running text either.
    if chars.get(i) == Some(&',') && digit(i + 1) {
        return None;
    }
    if chars.get(i) == Some(&'.') && digit(i + 1) {
        let decimals = run(i + 1);
        if decimals > MAX_DIGITS {
            return None;
        }
        text.push('.');
        text.extend(&chars[i + 1..i + 1 + decimals]);
        i += 1 + decimals;
        // 2023.4.7 and 192.168.1 are no numbers.
        if chars.get(i) == Some(&'.') && digit(i + 1) {
            return None;
        }
    }
    if matches!(chars.get(i), Some('e' | 'E'))
        && (digit(i + 1) || (matches!(chars.get(i + 1), Some('+' | '-')) && digit(i + 2)))
    {
        return None;
    }
    let value = Decimal::from_str_exact(&text).ok()?;
    Some((Number::plain(value, false), i))
}

/// Drops spaces that a PDF puts inside a figure: thin ones as group separators, and any beside a separator.
///
/// `1 020.16` is joined; `1 020` is not: two figures in one cell look the same.
fn join_spaces(chars: &[char]) -> Vec<char> {
    let spaced = chars.contains(&' ');
    if !spaced {
        return chars.to_vec();
    }
    let shape = |c: &char| c.is_ascii_digit() || matches!(c, ' ' | ',' | '，' | '.' | '+' | '-');
    let figure_end = chars.iter().position(|c| !shape(c)).unwrap_or(chars.len());
    let figure = &chars[..figure_end];
    let compact: Vec<char> = figure.iter().copied().filter(|c| *c != ' ').collect();
    let points = compact.iter().filter(|c| **c == '.').count();
    let text: String = figure.iter().collect();
    let groups: Vec<&str> = text.trim_start_matches(['+', '-']).split_whitespace().collect();
    let grouped = points == 1
        && groups.len() > 1
        && (1..=3).contains(&groups[0].len())
        && groups[0].bytes().all(|b| b.is_ascii_digit())
        && groups[1..].iter().all(|g| g.find('.').unwrap_or(g.len()) == 3)
        && groups[..groups.len() - 1].iter().all(|g| !g.contains('.'));
    let beside_separator = (0..figure.len()).filter(|i| figure[*i] == ' ').all(|i| {
        let neighbours = [i.checked_sub(1).and_then(|j| figure.get(j)), figure.get(i + 1)];
        neighbours.iter().flatten().any(|c| matches!(c, ',' | '.'))
    });
    if grouped || (beside_separator && figure.contains(&',')) {
        compact.into_iter().chain(chars[figure_end..].iter().copied()).collect()
    } else {
        chars.to_vec()
    }
}

/// A number told in pieces of falling size, Arabic digits between the words: 12亿3456万, 3万5千, 1亿零500万, 2千3百万.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pieces {
    /// The whole in units of the scale words behind the last digits: 123456 for 12亿3456万.
    pub value: Exact,
    /// The end of the last digits; 万 of 3456万 still follows.
    pub end: usize,
}

/// Reads such a number at `at`. `None` where it has one piece only, and where its pieces do not fall in size or are told too
/// short to be sure of (3万5 is 35000 in speech).
pub fn pieces(chars: &[char], at: usize, commas: Commas) -> Option<Pieces> {
    let (mut total, mut section) = (Decimal::ZERO, Decimal::ZERO);
    let mut last_big = Decimal::MAX;
    let mut last_small = Decimal::MAX;
    let (mut i, mut count, mut zero) = (at, 0, false);
    loop {
        if !chars.get(i)?.is_ascii_digit() {
            return None;
        }
        let (number, end) = scan_arabic(chars, i, commas)?;
        count += 1;
        // 1亿2000余万: the word belongs to the piece, the scale behind it too.
        let vague =
            matches!(chars.get(end), Some('余' | '多' | '来')) && chars.get(end + 1).is_some_and(|c| is_scale(*c));
        let mut next = end + usize::from(vague);
        let unit = |at: usize, of: fn(char) -> Option<u64>| chars.get(at).and_then(|c| of(*c)).map(Decimal::from);
        let small = unit(next, small_unit).unwrap_or(Decimal::ONE);
        next += usize::from(small != Decimal::ONE);
        let mut big = unit(next, big_unit).unwrap_or(Decimal::ONE);
        next += usize::from(big != Decimal::ONE);
        if let Some(more) = unit(next, big_unit).filter(|more| *more > big && big != Decimal::ONE) {
            big = big.checked_mul(more)?; // 万亿
            next += 1;
        }
        let goes_on = |at: usize| chars.get(at).is_some_and(char::is_ascii_digit);
        let zeros = usize::from(matches!(chars.get(next), Some('零' | '〇')) && goes_on(next + 1));
        let more = goes_on(next + zeros);
        let value = number.value.0;
        // Decimals may stand in the last piece only.
        let told = value.scale() == 0 || !more;
        let long =
            zero || count == 1 || small != Decimal::ONE || big != Decimal::ONE || value.trunc() > Decimal::from(9);
        if !told || !long || small >= last_small {
            return None;
        }
        section = section.checked_add(value.checked_mul(small)?)?;
        last_small = if big == Decimal::ONE { small } else { Decimal::MAX };
        if big != Decimal::ONE || !more {
            let piece = section.checked_mul(big)?;
            if piece >= last_big {
                return None;
            }
            total = total.checked_add(piece)?;
            (section, last_big) = (Decimal::ZERO, big);
        }
        if !more {
            let scale = small.checked_mul(big)?;
            // Behind the last digits 百万 is read as one unit; a lone 十 or 百 is none that every unit list knows.
            let value = total.checked_div(scale)?;
            return (count > 1 && value.checked_mul(scale) == Some(total)).then_some(Pieces {
                value: Exact(if scale == Decimal::ONE {
                    value
                } else {
                    value.normalize()
                }),
                end,
            });
        }
        (i, zero) = (next + zeros, zeros > 0);
    }
}

/// 角 and 分 behind 元, in 元, and their end: 6角, 5角2分, 06分, 壹角捌分, with 整 or 正 behind them.
pub fn cents(chars: &[char], at: usize) -> Option<(Decimal, usize)> {
    let digit = |at: usize| {
        let c = *chars.get(at)?;
        c.to_digit(10).or_else(|| digit_value(c))
    };
    let mut at = at + usize::from(chars.get(at) == Some(&'零'));
    let mut sum = 0_i64;
    let mut found = false;
    for (word, worth) in [('角', 10), ('分', 1)] {
        if let Some(d) = digit(at).filter(|_| chars.get(at + 1) == Some(&word)) {
            sum += i64::from(d) * worth;
            (at, found) = (at + 2, true);
        }
    }
    if !found && let (Some(tens), Some(ones), Some('分')) = (digit(at), digit(at + 1), chars.get(at + 2)) {
        sum = i64::from(tens * 10 + ones);
        (at, found) = (at + 3, true);
    }
    at += usize::from(found && matches!(chars.get(at), Some('整' | '正')));
    found.then(|| (Decimal::new(sum, 2), at))
}

/// Whether a character multiplies the digits before it: 百, 千, 万, 亿.
pub fn is_scale(c: char) -> bool {
    small_unit(c).is_some() || big_unit(c).is_some()
}

fn digit_value(c: char) -> Option<u32> {
    Some(match c {
        '零' | '〇' | '○' => 0,
        '一' | '壹' | '弌' => 1,
        '二' | '贰' | '貳' | '弍' | '貮' | '两' => 2,
        '三' | '叁' | '參' | '叄' | '弎' => 3,
        '四' | '肆' => 4,
        '五' | '伍' => 5,
        '六' | '陆' | '陸' => 6,
        '七' | '柒' => 7,
        '八' | '捌' => 8,
        '九' | '玖' => 9,
        _ => return None,
    })
}

fn small_unit(c: char) -> Option<u64> {
    Some(match c {
        '十' | '拾' => 10,
        '百' | '佰' => 100,
        '千' | '仟' => 1000,
        _ => return None,
    })
}

fn big_unit(c: char) -> Option<u64> {
    Some(match c {
        '万' | '萬' => 10_000,
        '亿' | '億' => 100_000_000,
        _ => return None,
    })
}

/// The value of a Chinese digit, formal and older forms included.
pub fn chinese_digit(c: char) -> Option<u32> {
    digit_value(c)
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
    digit_value(c).is_some() || small_unit(c).is_some() || big_unit(c).is_some()
}

fn scan_chinese(chars: &[char], at: usize) -> Option<(Number, usize)> {
    let run = chars[at..]
        .iter()
        .take_while(|c| is_chinese_numeral(**c))
        .take(MAX_DIGITS)
        .count();
    if run == 0 || chars.get(at + run).is_some_and(|c| is_chinese_numeral(*c)) {
        return None;
    }
    let mut end = at + run;
    let whole = chinese_integer(&chars[at..end])?;
    let mut value = Decimal::from(whole);
    if chars.get(end) == Some(&'点') {
        let decimals: Option<String> = chars[end + 1..]
            .iter()
            .take(MAX_DIGITS)
            .map_while(|c| digit_value(*c))
            .map(|d| char::from_digit(d, 10))
            .collect();
        let decimals = decimals?;
        if !decimals.is_empty() {
            end += 1 + decimals.len();
            value = Decimal::from_str_exact(&format!("{whole}.{decimals}")).ok()?;
            if chars
                .get(end)
                .is_some_and(|c| is_chinese_numeral(*c) && big_unit(*c).is_none())
            {
                return None;
            }
        }
    }
    Some((Number::plain(value, true), end))
}

/// A whole Chinese numeral: 三千五百, 三千五 (3500), 十五, 二〇二一 (2021), 壹佰贰拾万. `None` where it is none (三五, 万).
fn chinese_integer(chars: &[char]) -> Option<u64> {
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
    numeral || is_yuan(c) || matches!(c, '角' | '分' | '整' | '正')
}

/// Whether a character is a digit that counts as one: ASCII or full width; not ① and ².
pub fn is_plain_digit(c: char) -> bool {
    c.is_ascii_digit() || ('０'..='９').contains(&c)
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
    let text = text.strip_prefix(&['人', '民', '币'][..]).unwrap_or(&text);
    let text = text.strip_prefix(&[':'][..]).unwrap_or(text);
    let yuan = text.iter().position(|c| is_yuan(*c))?;
    let whole = chinese_integer(&text[..yuan])?;
    let mut rest = &text[yuan + 1..];
    if let Some(bare) = rest
        .strip_suffix(&['整'][..])
        .or_else(|| rest.strip_suffix(&['正'][..]))
    {
        rest = bare;
    }
    let rest = rest.strip_prefix(&['零'][..]).unwrap_or(rest);
    let single = |c: char| digit_value(c).map(i64::from);
    let cents = match rest {
        [] => return Some(Exact(Decimal::from(whole))),
        [d, '角'] => single(*d)? * 10,
        [d, '分'] => single(*d)?,
        [d, '角', e, '分'] => single(*d)? * 10 + single(*e)?,
        _ => return None,
    };
    Decimal::from(whole).checked_add(Decimal::new(cents, 2)).map(Exact)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn full(text: &str) -> Option<String> {
        parse(text).and_then(|n| n.full()).map(|v| v.to_string())
    }

    #[test]
    fn numbers_as_reports_write_them() {
        for (text, expected) in [
            ("1,020.16", "1020.16"),
            ("1，020.16", "1020.16"),
            ("１２３", "123"),
            ("１，０２０．１６", "1020.16"),
            ("97.00", "97.00"),
            ("208万", "2080000"),
            ("7.21亿", "721000000"),
            ("2.4 万", "24000"),
            ("-2.3", "-2.3"),
            ("－2.3", "-2.3"),
            ("−2.3", "-2.3"),
            ("+3", "3"),
            ("1 020.16", "1020.16"),
            ("1\u{2009}020.16", "1020.16"),
            ("12 1, 020.16", ""),
            ("1, 020.16", "1020.16"),
            ("三千五", "3500"),
            ("三千五百", "3500"),
            ("三千零五", "3005"),
            ("十五", "15"),
            ("两百三", "230"),
            ("一万二", "12000"),
            ("一百一十五", "115"),
            ("二〇二一", "2021"),
            ("壹佰贰拾万元整", "1200000"),
            ("人民币叁仟元伍角整", "3000.50"),
            ("叁仟零伍元柒角", "3005.70"),
            ("贰亿零叁万元整", "200030000"),
            ("拾万元整", "100000"),
            ("伍仟肆佰叁拾贰元壹角玖分", "5432.19"),
            ("叄佰萬圓正", "3000000"),
            ("一亿零五十万", "100500000"),
            ("百分之二十", "20"),
            ("千分之三", "3"),
            ("百分之百", "100"),
            ("百分百", "100"),
            ("百分之三点五", "3.5"),
            ("1.2‰", "1.2"),
            ("98.82%", "98.82"),
            ("9999999999999999999999999999", "9999999999999999999999999999"),
        ] {
            let expected = (!expected.is_empty()).then(|| expected.to_owned());
            assert_eq!(full(text), expected, "{text}");
        }
        assert_eq!(parse("1.2‰").and_then(|n| n.part), Some(Part::PerMille));
        assert_eq!(parse("千分之三").and_then(|n| n.part), Some(Part::PerMille));
    }

    #[test]
    fn numbers_in_pieces() {
        for (text, expected) in [
            ("12亿3456万元", Some(("123456", 7))),
            ("12亿3000万", Some(("123000", 7))),
            ("3万5千元", Some(("35", 3))),
            ("12万3456元", Some(("123456", 7))),
            ("12万3,456.50元", Some(("123456.50", 11))),
            ("1亿零500万元", Some(("10500", 6))),
            ("120万零3456元", Some(("1203456", 9))),
            ("2千3百万元", Some(("23", 3))),
            ("1亿2千万元", Some(("12", 3))),
            ("1亿2300万3456元", Some(("123003456", 11))),
            ("1万亿2000亿元", Some(("12000", 7))),
            ("1亿2000余万元", Some(("12000", 6))),
            ("3万5", None),
            ("12亿13000万", None),
            ("1.2亿300万", None),
            ("3千5万", Some(("3005", 3))),
            ("3万", None),
            ("3456", None),
        ] {
            let chars = fold_chars(text);
            let read = pieces(&chars, 0, Commas::Both).map(|p| (p.value.to_string(), p.end));
            assert_eq!(read, expected.map(|(v, e)| (v.to_owned(), e)), "{text}");
        }
    }

    #[test]
    fn cents_behind_yuan() {
        for (text, expected) in [
            ("6角", Some("0.60")),
            ("5角2分", Some("0.52")),
            ("零6分", Some("0.06")),
            ("06分", Some("0.06")),
            ("壹角捌分整", Some("0.18")),
            ("分", None),
            ("6分别", Some("0.06")),
            ("整", None),
        ] {
            let read = cents(&fold_chars(text), 0).map(|(v, _)| v.to_string());
            assert_eq!(read.as_deref(), expected, "{text}");
        }
    }

    #[test]
    fn what_is_no_number() {
        for text in [
            "",
            " ",
            "1.2E3",
            "1e5",
            "1,02",
            "1,0200",
            "1,020,16",
            "1.2.3",
            "2023.4.7",
            "007",
            "0,123",
            "（100）",
            "(100)",
            "3-5",
            "第5",
            "2021年",
            "三五",
            "万",
            "百",
            "一百零",
            "十十",
            "1 020",
            "10 100",
            "12 3.5",
            "99999999999999999999999999999",
            "0.00000000000000000000000000001",
            "--3",
            "5.",
            ".5",
            "1/3",
            "五家",
            "元",
            "元整",
            "二零两一",
        ] {
            assert_eq!(parse(text), None, "{text}");
        }
    }

    /// The standard spelling of a number below 10^12, as a peer of the parser.
    fn spell(n: u64) -> String {
        const DIGITS: [&str; 10] = ["零", "一", "二", "三", "四", "五", "六", "七", "八", "九"];
        fn section(n: u64) -> String {
            let mut out = String::new();
            let mut gap = false;
            for (unit, word) in [(1000, "千"), (100, "百"), (10, "十"), (1, "")] {
                let d = n / unit % 10;
                if d == 0 {
                    gap = !out.is_empty();
                } else {
                    if gap {
                        out.push('零');
                    }
                    gap = false;
                    out.push_str(DIGITS[d as usize]);
                    out.push_str(word);
                }
            }
            out
        }
        let mut out = String::new();
        for (unit, word) in [(100_000_000, "亿"), (10_000, "万"), (1, "")] {
            let part = n / unit % 10_000;
            if part > 0 {
                if !out.is_empty() && part < 1000 {
                    out.push('零');
                }
                out.push_str(&section(part));
                out.push_str(word);
            }
        }
        out
    }

    proptest! {
        #[test]
        fn arabic_round_trip(n in -9_999_999_999_i64..9_999_999_999, scale in 0_u32..4, wide: bool, grouped: bool, wide_comma: bool) {
            let exact = Exact(Decimal::new(n, scale));
            let plain = exact.to_string();
            let mut text = plain.clone();
            if grouped {
                let (head, tail) = plain.split_once('.').map_or((plain.as_str(), String::new()), |(h, t)| (h, format!(".{t}")));
                let (sign, digits) = head.strip_prefix('-').map_or(("", head), |d| ("-", d));
                let mut out = String::new();
                for (i, c) in digits.chars().enumerate() {
                    if i > 0 && (digits.len() - i) % 3 == 0 {
                        out.push(if wide_comma { '，' } else { ',' });
                    }
                    out.push(c);
                }
                text = format!("{sign}{out}{tail}");
            }
            if wide {
                text = text.chars().map(|c| if c.is_ascii() { char::from_u32(c as u32 + 0xfee0).unwrap() } else { c }).collect();
            }
            prop_assert_eq!(parse(&text).map(|n| n.value.to_string()), Some(plain), "{}", text);
        }

        #[test]
        fn scale_words_multiply_exactly(n in 1_i64..9_999_999, scale in 0_u32..5) {
            let value = Decimal::new(n, scale);
            let read = parse(&format!("{value}万")).unwrap();
            prop_assert_eq!(read.value.0, value);
            prop_assert_eq!(read.full().unwrap().0, value * Decimal::from(10_000));
        }

        #[test]
        fn chinese_round_trip(n in 1_u64..999_999_999_999) {
            let text = spell(n);
            prop_assert_eq!(parse(&text).and_then(|r| r.full()).map(|v| v.to_string()), Some(n.to_string()), "{}", text);
        }

        #[test]
        fn never_panics(text in "[0-9０-９,，.． +\\-eE万亿千百十零〇一二两三点分之百元角整%‰壹佰（）]{0,24}") {
            let _ = parse(&text);
            let chars = fold_chars(&text);
            for at in 0..chars.len() {
                if let Some((_, end)) = scan(&chars, at, Commas::Ascii) {
                    prop_assert!(end > at && end <= chars.len());
                }
            }
        }
    }
}
