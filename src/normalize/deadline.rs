//! Deadlines of indicators: dates with the words that a form puts around them.

use crate::pattern::values::ValuePatterns;
use crate::text::date::{behind_year_in, date_at, days, month_day, month_range, year};
use crate::text::fold::bare;
use crate::text::mark::is_range;
use std::ops::Range;

/// What a whole cell says if it is a point in time: `Some(Some(date))` for 2023年12月底前, `Some(None)` for one without a year
/// (12月底前, 年底前, 2023年1-12月), `None` for anything else.
pub fn cell(text: &str, values: &ValuePatterns) -> Option<Option<String>> {
    // 2022年12月31日（含）前, 2022年12月31日（星期六）
    let folded = without_notes(&bare(text));
    let folded = folded.trim_end_matches(['。', '.', ';', '；', ',', '，']);
    let chars: Vec<char> = folded.chars().collect();
    let rest_of = |from: usize| chars[from.min(chars.len())..].iter().collect::<String>();
    let start = values.deadline_leads.at_start(&chars);
    if is_span(&chars[start..]) {
        return Some(None);
    }
    // 12.31前: a month and a day, where a word of deadlines follows.
    let told = chars[start..]
        .iter()
        .take_while(|c| c.is_ascii_digit() || **c == '.')
        .count();
    if let Some(dot) = chars[start..start + told].iter().position(|c| *c == '.') {
        let (month, day) = (&chars[start..start + dot], &chars[start + dot + 1..start + told]);
        let rest = rest_of(start + told);
        if is_month_and_day(month, day) && rest.contains(|c| values.deadline_marks.has(c)) && values.is_deadline(&rest)
        {
            return Some(None);
        }
    }
    if let Some(date) = date_at(&chars, start) {
        let rest = rest_of(date.span.end);
        if values.is_deadline(&rest) {
            return Some(Some(date.iso()));
        }
        let period = rest.strip_prefix(is_range).is_some_and(|r| {
            let tail: Vec<char> = r.chars().collect();
            date_at(&tail, 0)
                .map(|d| d.span.end)
                .or_else(|| month_day(&tail))
                .is_some_and(|end| values.is_deadline(&tail[end..].iter().collect::<String>()))
        });
        if period || values.is_period(&rest) {
            return Some(None);
        }
    }
    if let Some(end) = month_day(&chars[start..]) {
        let rest = rest_of(start + end);
        let range = rest.strip_prefix(is_range).is_some_and(|r| {
            let tail: Vec<char> = r.chars().collect();
            month_day(&tail).is_some_and(|end| values.is_deadline(&tail[end..].iter().collect::<String>()))
        });
        if values.is_deadline(&rest) || range {
            return Some(None);
        }
    }
    // 2023年1-12月
    if let Some((_, end)) = year(&chars, start)
        && month_range(&chars[end..])
    {
        return Some(None);
    }
    (month_range(&chars[start..]) || values.is_period(folded)).then_some(None)
}

/// 2022.6-2022.12, 2022.1.1至2022.12.31, 2022-2023年: from a point in time to another, told in digits.
fn is_span(chars: &[char]) -> bool {
    let Some(at) = chars.iter().position(|c| is_range(*c)) else {
        return false;
    };
    let (from, to) = (&chars[..at], &chars[at + 1..]);
    let year = to.len() > 4 && is_year(&to[..4]) && behind_year_in(&to[4..]).is_some_and(<[char]>::is_empty);
    dotted(from).is_some() && dotted(to).is_some() || is_year(from) && year
}

fn digits(text: &[char]) -> Option<u32> {
    let short = (1..=4).contains(&text.len()) && text.iter().all(char::is_ascii_digit);
    short.then(|| text.iter().try_fold(0, |sum, c| Some(sum * 10 + c.to_digit(10)?)))?
}

fn is_year(text: &[char]) -> bool {
    text.len() == 4 && digits(text).is_some_and(|year| (1949..=2099).contains(&year))
}

/// 2022.6 and 2022.6.30, as `YYYY-MM` and `YYYY-MM-DD`.
fn dotted(text: &[char]) -> Option<String> {
    let mut parts = text.split(|c| *c == '.');
    let year = parts.next().filter(|year| is_year(year)).and_then(digits)?;
    let month = parts
        .next()
        .filter(|m| m.len() <= 2)
        .and_then(digits)
        .filter(|m| (1..=12).contains(m))?;
    let Some(day) = parts.next() else {
        return Some(format!("{year:04}-{month:02}"));
    };
    let day = Some(day)
        .filter(|d| d.len() <= 2)
        .and_then(digits)
        .filter(|d| (1..=days(year, month)).contains(d))?;
    parts.next().is_none().then(|| format!("{year:04}-{month:02}-{day:02}"))
}

/// What a cell says whose digits are a date only because the cell beside it is one: 2022, 202211, 12.20.
pub fn beside(text: &str) -> Option<Option<String>> {
    let chars: Vec<char> = bare(text).chars().collect();
    if is_year(&chars) {
        return Some(Some(chars.iter().collect()));
    }
    if chars.len() == 6 && is_year(&chars[..4]) {
        let month = digits(&chars[4..]).filter(|m| (1..=12).contains(m))?;
        return Some(Some(format!("{}-{month:02}", chars[..4].iter().collect::<String>())));
    }
    let dot = chars.iter().position(|c| *c == '.')?;
    is_month_and_day(&chars[..dot], &chars[dot + 1..]).then_some(None)
}

fn is_month_and_day(month: &[char], day: &[char]) -> bool {
    let short = month.len() <= 2 && day.len() <= 2;
    short
        && digits(month)
            .is_some_and(|m| (1..=12).contains(&m) && digits(day).is_some_and(|d| (1..=days(2000, m)).contains(&d)))
}

/// A text without notes in brackets that hold no digit: （含）, （星期六）.
fn without_notes(text: &str) -> String {
    let Some((before, rest)) = text.split_once('(') else {
        return text.to_owned();
    };
    match rest.split_once(')') {
        Some((note, after)) if !note.contains(|c: char| c.is_ascii_digit()) => format!("{before}{after}"),
        _ => text.to_owned(),
    }
}

/// A year and month or a day told in digits alone, deadline words aside: 2021.12, 2021.12前, 20211231.
pub fn compact(text: &str, values: &ValuePatterns) -> Option<String> {
    let chars: Vec<char> = bare(text).chars().collect();
    let run = chars.iter().take_while(|c| c.is_ascii_digit()).count();
    let number = |range: Range<usize>| {
        chars
            .get(range)?
            .iter()
            .try_fold(0, |sum, c| Some(sum * 10 + c.to_digit(10)?))
    };
    let (year, month) = (
        number(0..4).filter(|y| (1990..=2099).contains(y))?,
        number(if run == 8 { 4..6 } else { 5..7 })?,
    );
    if !(1..=12).contains(&month) {
        return None;
    }
    if run == 8 {
        let day = number(6..8).filter(|d| (1..=days(year, month)).contains(d))?;
        return (chars.len() == 8).then(|| format!("{year:04}-{month:02}-{day:02}"));
    }
    let rest: String = chars.get(7..)?.iter().collect();
    // 2022-12 and 2022/12 too, with a month of two digits: 2022-1 may be a number.
    let sign = chars[4] == '.' || matches!(chars[4], '-' | '/') && chars.len() == 7;
    (run == 4 && sign && values.is_deadline(&rest)).then(|| format!("{year:04}-{month:02}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pattern::Patterns;
    use proptest::prelude::*;

    #[test]
    fn cells_that_are_dates() {
        let values = &Patterns::builtin().unwrap().values;
        for (text, expected) in [
            ("2023年12月31日", Some(Some("2023-12-31"))),
            ("2023年12月底前", Some(Some("2023-12"))),
            ("2023年12月31日前完成", Some(Some("2023-12-31"))),
            ("2023年", Some(Some("2023"))),
            ("2023-12-31", Some(Some("2023-12-31"))),
            ("12月底前", Some(None)),
            ("12月31日前", Some(None)),
            ("2023年1-12月", Some(None)),
            ("1月-12月", Some(None)),
            ("年底前", Some(None)),
            ("2023年1月1日-2023年12月31日", Some(None)),
            ("2023年完成3次", None),
            ("1年", None),
            ("按时完成", None),
            ("12个月", None),
            ("5月", Some(None)),
            ("2022.6-2022.12", Some(None)),
            ("2022.06～2022.12", Some(None)),
            ("2.5-3.5", None),
            ("2022.1.1-2022.12.31", Some(None)),
            ("2022-2023年", Some(None)),
            ("2022-2023学年", Some(None)),
            ("12.31前", Some(None)),
            ("12.31", None),
            ("3.5以内", None),
            ("2022年12月31日（含）前", Some(Some("2022-12-31"))),
            ("2022年12月31日（星期六）", Some(Some("2022-12-31"))),
            ("2022年度", Some(Some("2022"))),
            ("2022年度内", Some(Some("2022"))),
            ("2022年第4季度", Some(None)),
        ] {
            assert_eq!(cell(text, values), expected.map(|d| d.map(str::to_owned)), "{text}");
        }
    }

    #[test]
    fn digits_beside_a_date() {
        for (text, expected) in [
            ("2022", Some(Some("2022"))),
            ("202211", Some(Some("2022-11"))),
            ("12.20", Some(None)),
            ("12.40", None),
            ("95", None),
            ("202213", None),
            ("2022.5", None),
        ] {
            assert_eq!(beside(text), expected.map(|d| d.map(str::to_owned)), "{text}");
        }
    }

    proptest! {
        #[test]
        fn never_panics(text in "[0-9年月日底前.\\-/一二三十〇○ 至到截于]{0,20}") {
            let values = &Patterns::builtin().unwrap().values;
            let _ = (cell(&text, values), compact(&text, values), beside(&text));
        }
    }
}
