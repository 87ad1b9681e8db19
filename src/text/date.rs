//! Dates: a year, a month or a day that a text states.

use super::chinese::{digit_value, is_chinese_numeral};
use super::fold::{bare, fold_chars, is_blank};
use super::mark::is_range;
use std::ops::Range;

/// What closes a year.
pub const YEAR: char = '年';
/// What closes a month.
pub const MONTH: char = '月';
/// What closes a day, and what closes one in speech.
pub const DAY: char = '日';
const SPOKEN_DAY: char = '号';
const TEN: char = '十';
/// Words that close a year, the longer ones first: 2022年度, 2022-2023学年.
const YEARS: [&str; 3] = ["年度", "学年", "年"];

/// A part of a date.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// 年.
    Year,
    /// 月.
    Month,
    /// 日.
    Day,
}

/// The part of a date that a unit may be: 2022年, 12月.
pub fn part(unit: &str) -> Option<Part> {
    let mut chars = unit.chars();
    let first = chars.next().filter(|_| chars.next().is_none())?;
    match first {
        YEAR => Some(Part::Year),
        MONTH => Some(Part::Month),
        DAY => Some(Part::Day),
        _ => None,
    }
}

/// Whether a character closes a part of a date: 年, 月, 日.
pub fn closes_part(c: char) -> bool {
    matches!(c, YEAR | MONTH | DAY)
}

fn closes_day(c: Option<&char>) -> bool {
    matches!(c, Some(&(DAY | SPOKEN_DAY)))
}

/// What follows the word that closes a year at the start of a text: 年, 年度, 学年.
pub fn behind_year(text: &str) -> Option<&str> {
    YEARS.iter().find_map(|word| text.strip_prefix(word))
}

/// As [`behind_year`], in characters.
pub fn behind_year_in(text: &[char]) -> Option<&[char]> {
    YEARS.iter().find_map(|word| {
        let starts = text.len() >= word.chars().count() && word.chars().zip(text).all(|(a, b)| a == *b);
        starts.then(|| &text[word.chars().count()..])
    })
}

/// A text without the word that closes a year at its end: 2022 of 2022年度. `None` where none does.
pub fn before_year(text: &str) -> Option<&str> {
    YEARS.iter().find_map(|word| text.strip_suffix(word))
}

/// A date as stated: a year, a month or a day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Date {
    /// Year.
    pub year: u32,
    /// Month, 1 to 12.
    pub month: Option<u32>,
    /// Day, valid in its month.
    pub day: Option<u32>,
    /// Where it stands, in characters of the text.
    pub span: Range<usize>,
}

impl Date {
    /// `YYYY`, `YYYY-MM` or `YYYY-MM-DD`.
    pub fn iso(&self) -> String {
        match (self.month, self.day) {
            (Some(month), Some(day)) => format!("{:04}-{month:02}-{day:02}", self.year),
            (Some(month), None) => format!("{:04}-{month:02}", self.year),
            _ => format!("{:04}", self.year),
        }
    }
}

/// The first day that a text states in full: 2021年4月10日, 二〇二一年四月十日, 2023.4.7, 2023-04-07, 2023/4/7.
pub fn find(text: &str) -> Option<Date> {
    find_all(text).into_iter().find(|d| d.day.is_some())
}

/// The day that a whole text is, as `YYYY-MM-DD`; `None` for anything else.
pub fn whole(text: &str) -> Option<String> {
    let text = bare(text);
    let date = find(&text).filter(|d| d.span == (0..text.chars().count()))?;
    Some(date.iso())
}

/// Every date with at least a month, in order.
pub fn find_all(text: &str) -> Vec<Date> {
    let chars = fold_chars(text);
    all_in(&chars)
}

/// As [`find_all`], on folded characters.
pub fn all_in(chars: &[char]) -> Vec<Date> {
    let mut found = Vec::new();
    let mut i = 0;
    while i < chars.len() {
        let inside = i > 0 && (chars[i - 1].is_ascii_alphanumeric() || part_of_numeral(chars[i - 1]));
        match (!inside)
            .then(|| date_at(chars, i))
            .flatten()
            .filter(|d| d.month.is_some())
        {
            Some(date) => {
                i = date.span.end;
                found.push(date);
            }
            None => i += 1,
        }
    }
    found
}

/// 1-12月, 1月-12月.
pub fn month_range(chars: &[char]) -> bool {
    let Some((first, mut at)) = small(chars, 0, 12) else {
        return false;
    };
    at += usize::from(chars.get(at) == Some(&MONTH));
    if !chars.get(at).is_some_and(|c| is_range(*c)) {
        return false;
    }
    small(chars, at + 1, 12).is_some_and(|(last, end)| first <= last && chars[end..] == [MONTH])
}

/// 12月, 12月31日; gives the end.
pub fn month_day(chars: &[char]) -> Option<usize> {
    let (_, at) = small(chars, 0, 12)?;
    (chars.get(at) == Some(&MONTH)).then_some(())?;
    match small(chars, at + 1, 31) {
        Some((_, end)) if closes_day(chars.get(end)) => Some(end + 1),
        _ => Some(at + 1),
    }
}

fn part_of_numeral(c: char) -> bool {
    is_chinese_numeral(c)
}

/// The date that starts at `at`, if one does.
pub fn date_at(chars: &[char], at: usize) -> Option<Date> {
    let (year, after) = year_number(chars, at)?;
    let next = skip(chars, after);
    let date = |month, day, end| Date {
        year,
        month,
        day,
        span: at..end,
    };
    match chars.get(next) {
        Some(&YEAR) => {
            let end = next + 1;
            let Some((month, after)) = small(chars, skip(chars, end), 12) else {
                return Some(date(None, None, end));
            };
            let after = skip(chars, after);
            if chars.get(after) != Some(&MONTH) {
                return Some(date(None, None, end));
            }
            let end = after + 1;
            match small(chars, skip(chars, end), days(year, month)) {
                Some((day, after)) if closes_day(chars.get(skip(chars, after))) => {
                    Some(date(Some(month), Some(day), skip(chars, after) + 1))
                }
                _ => Some(date(Some(month), None, end)),
            }
        }
        Some(sign @ ('.' | '-' | '/')) if next == after && chars[at].is_ascii_digit() => {
            let (month, after) = small(chars, next + 1, 12)?;
            if chars.get(after) != Some(sign) {
                return None;
            }
            let (day, end) = small(chars, after + 1, days(year, month))?;
            let ends = !chars
                .get(end)
                .is_some_and(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '/' | '%'))
                || (chars.get(end) == Some(&'.') && !chars.get(end + 1).is_some_and(char::is_ascii_digit));
            ends.then(|| date(Some(month), Some(day), end))
        }
        _ => None,
    }
}

/// A year with 年 that starts at `at`, and its end.
pub fn year(chars: &[char], at: usize) -> Option<(u32, usize)> {
    let (year, end) = year_number(chars, at)?;
    (chars.get(end) == Some(&YEAR)).then_some((year, end + 1))
}

/// Four digits from 1949 to 2099, Arabic or Chinese.
fn year_number(chars: &[char], at: usize) -> Option<(u32, usize)> {
    let digits = chars.get(at..at + 4)?;
    let value = digits.iter().try_fold(0, |sum, c| Some(sum * 10 + digit(*c)?))?;
    let more = chars.get(at + 4).is_some_and(|c| digit(*c).is_some());
    let one_script = digits.iter().all(char::is_ascii_digit) || digits.iter().all(|c| !c.is_ascii_digit());
    (one_script && !more && (1949..=2099).contains(&value)).then_some((value, at + 4))
}

fn digit(c: char) -> Option<u32> {
    // Formal digits and 两 tell amounts, not dates; a zero may be typed as a letter of the same look.
    let told = |c: &char| "〇零○一二三四五六七八九".contains(*c);
    c.to_digit(10)
        .or_else(|| Some(c).filter(told).and_then(digit_value))
        .or(matches!(c, 'О' | 'Ο').then_some(0))
}

/// A number from 1 to `max`, in Arabic digits (04 too) or Chinese numerals (十二).
fn small(chars: &[char], at: usize, max: u32) -> Option<(u32, usize)> {
    let rest = chars.get(at..)?;
    let run = rest.iter().take_while(|c| c.is_ascii_digit()).take(3).count();
    let (value, len) = if run > 0 {
        if run > 2 {
            return None;
        }
        (
            rest[..run]
                .iter()
                .try_fold(0, |sum, c| Some(sum * 10 + c.to_digit(10)?))?,
            run,
        )
    } else {
        let run = rest
            .iter()
            .take_while(|c| digit(**c).is_some() || **c == TEN)
            .take(4)
            .count();
        let value = match rest.get(..run)? {
            [TEN] => 10,
            [TEN, d] => 10 + digit(*d)?,
            [d, TEN] => digit(*d)? * 10,
            [d, TEN, e] => digit(*d)? * 10 + digit(*e)?,
            [d] => digit(*d)?,
            _ => return None,
        };
        (value, run)
    };
    (1..=max).contains(&value).then_some((value, at + len))
}

/// Days of a month.
pub fn days(year: u32, month: u32) -> u32 {
    match month {
        2 if year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400)) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

fn skip(chars: &[char], at: usize) -> usize {
    // Dates on cover pages are spaced out: 2021 年 4 月.
    at + chars[at.min(chars.len())..]
        .iter()
        .take_while(|c| is_blank(**c) && **c != '\n')
        .take(4)
        .count()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn dates_of_reports() {
        for (text, expected) in [
            ("2021年4月10日", Some("2021-04-10")),
            ("二〇二一年四月十日", Some("2021-04-10")),
            ("二○二三年十二月三十一日", Some("2023-12-31")),
            ("２０２１ 年 ４ 月 １０ 日", Some("2021-04-10")),
            ("2023.4.7", Some("2023-04-07")),
            ("2023-04-07", Some("2023-04-07")),
            ("填报日期：2023/4/7", Some("2023-04-07")),
            ("2023年2月30日", None),
            ("2023.13.1", None),
            ("2023年度", None),
            ("12023年4月7日", None),
            ("版本2023.4.7.1", None),
        ] {
            assert_eq!(find(text).map(|d| d.iso()).as_deref(), expected, "{text}");
        }
    }

    proptest! {
        #[test]
        fn never_panics(text in "[0-9年月日底前.\\-/一二三十〇○ 至到截于]{0,20}") {
            let _ = find_all(&text);
        }
    }
}
