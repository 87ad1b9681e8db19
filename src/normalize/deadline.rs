//! Deadlines of indicators: dates with the words that a form puts around them.

use crate::pattern::values::ValuePatterns;
use crate::text::date::{date_at, days, month_day, month_range, year};
use crate::text::fold::bare;
use std::ops::Range;

/// What a whole cell says if it is a point in time: `Some(Some(date))` for 2023年12月底前, `Some(None)` for one without a year
/// (12月底前, 年底前, 2023年1-12月), `None` for anything else.
pub fn cell(text: &str, values: &ValuePatterns) -> Option<Option<String>> {
    let folded = bare(text);
    let folded = folded.trim_end_matches(['。', '.', ';', '；', ',', '，']);
    let chars: Vec<char> = folded.chars().collect();
    let rest_of = |from: usize| chars[from.min(chars.len())..].iter().collect::<String>();
    let start = usize::from(
        chars
            .first()
            .is_some_and(|c| matches!(c, '于' | '在' | '至' | '≤' | '<' | '截')),
    );
    let start = if chars.get(..2) == Some(&['截', '至'][..]) || chars.get(..2) == Some(&['截', '止'][..]) {
        2
    } else {
        start
    };
    if is_span_of_months(&chars[start..]) {
        return Some(None);
    }
    if let Some(date) = date_at(&chars, start) {
        let rest = rest_of(date.span.end);
        if values.is_deadline(&rest) {
            return Some(Some(date.iso()));
        }
        let period = rest.strip_prefix(['-', '~', '至', '—', '到']).is_some_and(|r| {
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
        let range = rest.strip_prefix(['-', '~', '至', '—', '到']).is_some_and(|r| {
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

/// 2022.6-2022.12, 2022.06至12: from a month to a month, told in digits.
fn is_span_of_months(chars: &[char]) -> bool {
    let range = |c: &char| matches!(c, '-' | '~' | '至' | '—' | '到');
    let Some(at) = chars.iter().position(range) else {
        return false;
    };
    let month = |text: &[char]| {
        (1..=2).contains(&text.len())
            && text
                .iter()
                .collect::<String>()
                .parse()
                .is_ok_and(|m: u32| (1..=12).contains(&m))
    };
    let of_year = |text: &[char]| {
        let dot = text.iter().position(|c| *c == '.');
        let year: Option<u32> = dot.and_then(|dot| text[..dot].iter().collect::<String>().parse().ok());
        dot.is_some_and(|dot| month(&text[dot + 1..])) && year.is_some_and(|y| (1949..=2099).contains(&y))
    };
    of_year(&chars[..at]) && of_year(&chars[at + 1..])
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
    (run == 4 && chars[4] == '.' && values.is_deadline(&rest)).then(|| format!("{year:04}-{month:02}"))
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
        ] {
            assert_eq!(cell(text, values), expected.map(|d| d.map(str::to_owned)), "{text}");
        }
    }

    proptest! {
        #[test]
        fn never_panics(text in "[0-9年月日底前.\\-/一二三十〇○ 至到截于]{0,20}") {
            let values = &Patterns::builtin().unwrap().values;
            let _ = (cell(&text, values), compact(&text, values));
        }
    }
}
