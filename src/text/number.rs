//! Numbers as reports write them: one grammar for Arabic and Chinese figures, exact to 28 digits.
//!
//! What is refused, because a wrong figure that looks right is worse than a missing one: exponents (`1.2E3`), more than 28
//! digits, separators that do not group in threes (`1,02`), leading zeros (`007` is a code), figures in brackets: `（100）` is a
//! note in these forms far more often than an accountant's minus.

use super::chinese::{
    FEN, POINT, big_unit, capital_money, digit_value, integer, is_chinese_numeral, scale_word, small_unit,
};
use super::fold::{fold_chars, is_blank};
use super::note::without_stars;
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
        number.scale = Decimal::from(scale);
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

/// A folded text that is one plain number and nothing else but a mark of a note: points and counts. Thousands separators are
/// allowed.
pub fn plain(folded: &str) -> Option<Exact> {
    let folded = without_stars(folded);
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

/// Whether a folded character is an apostrophe, which groups digits as a comma does: 1'234.56.
pub fn is_apostrophe(c: char) -> bool {
    matches!(c, '\'' | '’' | 'ʼ' | '′' | '´')
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
    let hundred = |at: usize| chars.get(at).is_some_and(|c| small_unit(*c) == Some(100));
    // 百分百.
    if hundred(at) && chars.get(at + 1) == Some(&FEN) && hundred(at + 2) {
        let mut number = Number::plain(Decimal::ONE_HUNDRED, true);
        number.part = Some(Part::Percent);
        return Some((number, at + 3));
    }
    if let Some((part, start)) = part_prefix(chars, at) {
        let (mut number, end) = if part == Part::Percent && hundred(start) {
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

/// 之 of 百分之五.
const OF: char = '之';

fn part_prefix(chars: &[char], at: usize) -> Option<(Part, usize)> {
    let [of, FEN, OF] = chars.get(at..at + 3)? else {
        return None;
    };
    let part = match small_unit(*of).or_else(|| big_unit(*of))? {
        100 => Part::Percent,
        1000 => Part::PerMille,
        10_000 => Part::PerTenThousand,
        _ => return None,
    };
    Some((part, at + 3))
}

/// Longest run of digits that is looked at: longer ones are no figure, and reading them stays linear.
pub(super) const MAX_DIGITS: usize = 40;

pub(super) fn scan_arabic(chars: &[char], at: usize, commas: Commas) -> Option<(Number, usize)> {
    let digit = |i: usize| chars.get(i).is_some_and(char::is_ascii_digit);
    let comma = |i: usize| match chars.get(i) {
        Some(',') => true,
        Some(c) if is_apostrophe(*c) => true,
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
    if chars.get(i).is_some_and(|c| *c == ',' || is_apostrophe(*c)) && digit(i + 1) {
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
    if grouped || (beside_separator && figure.contains(&',')) || breaks_a_group(figure, &compact) || parts_point(figure)
    {
        compact.into_iter().chain(chars[figure_end..].iter().copied()).collect()
    } else {
        chars.to_vec()
    }
}

/// Whether the only gap stands beside the decimal point of one number: 1636. 99, 12 .50. 1. 99 may be a number of an outline.
fn parts_point(figure: &[char]) -> bool {
    let mut gaps = (0..figure.len()).filter(|i| figure[*i] == ' ');
    let (Some(gap), None) = (gaps.next(), gaps.next()) else {
        return false;
    };
    let digits = |part: &[char]| part.iter().filter(|c| c.is_ascii_digit()).count();
    let (before, after) = (&figure[..gap], &figure[gap + 1..]);
    let plain = |part: &[char]| part.iter().all(|c| c.is_ascii_digit() || *c == '.');
    if !plain(before.strip_prefix(&['-'][..]).unwrap_or(before)) || !plain(after) {
        return false;
    }
    match (before.last(), after.first()) {
        (Some('.'), _) => digits(before) > 2 && (1..=2).contains(&after.len()) && digits(after) == after.len(),
        (_, Some('.')) => {
            !before.contains(&'.') && digits(before) > 0 && digits(after) + 1 == after.len() && after.len() > 1
        }
        _ => false,
    }
}

/// Whether each gap stands inside a group of three digits that it alone leaves short: 1,46 6.70 can be no two figures.
fn breaks_a_group(figure: &[char], compact: &[char]) -> bool {
    let short = |gap: usize| {
        let before: Vec<char> = figure[..gap].iter().copied().filter(|c| *c != ' ').collect();
        let digits = before.iter().rev().take_while(|c| c.is_ascii_digit()).count();
        let comma = before.len().checked_sub(digits + 1).map(|at| before[at]);
        let rest = figure[gap..].iter().filter(|c| **c != ' ');
        let more = rest.take_while(|c| c.is_ascii_digit()).count();
        matches!(comma, Some(',' | '，')) && (1..3).contains(&digits) && digits + more == 3
    };
    let mut gaps = (0..figure.len()).filter(|i| figure[*i] == ' ').peekable();
    let inside = gaps.peek().is_some() && gaps.all(short);
    inside && scan_arabic(compact, 0, Commas::Both).is_some_and(|(_, end)| end == compact.len())
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
    let whole = integer(&chars[at..end])?;
    let mut value = Decimal::from(whole);
    if chars.get(end) == Some(&POINT) {
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

/// Whether a character is a digit that counts as one: ASCII or full width; not ① and ².
pub fn is_plain_digit(c: char) -> bool {
    c.is_ascii_digit() || ('０'..='９').contains(&c)
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
            ("1,46 6.70", "1466.70"),
            ("1,4 66.70", "1466.70"),
            ("1,02 0", "1020"),
            ("12,345,6 78", "12345678"),
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
            "1,466 70",
            "1,46 670",
            "14 66.70",
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
