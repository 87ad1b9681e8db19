//! Whether digits are a point in time: years, months and clocks.

use super::super::figure::Figure;
use super::digits::Place;
use crate::pattern::fates::FatePatterns;
use crate::text::date::{self, MONTH, Part, behind_year_in};
use crate::text::mark::is_range;
use crate::text::number::is_plain_digit;
use std::ops::Range;

/// Whether a figure with a unit of time is a point in time (2022年, 2021-2023年, 3月) and not a span (15年, 3个月).
pub fn is_point(chars: &[char], figure: &Figure) -> bool {
    let Some(unit) = &figure.unit else { return false };
    let numbers: String = chars[figure.span.clone()]
        .iter()
        .map(|c| if is_plain_digit(*c) || *c == '.' { *c } else { ' ' })
        .collect();
    let all = |within: fn(u32) -> bool| numbers.split_whitespace().all(|n| n.parse().is_ok_and(within));
    match date::part(&unit.text) {
        Some(Part::Year) => all(|n| (1949..=2099).contains(&n)),
        Some(Part::Month) => all(|n| (1..=12).contains(&n)),
        Some(Part::Day) => figure.span.start > 0 && chars[figure.span.start - 1] == MONTH,
        None => false,
    }
}

/// A year without 年 (2021、2022年, in running text also 2023部门预算), a year and month in digits, a clock.
pub fn in_digits(chars: &[char], run: &Range<usize>, place: Place, words: &FatePatterns) -> bool {
    let digits: String = chars[run.clone()].iter().collect();
    let sure = place != Place::Cell;
    if is_year(&digits) {
        return sure || before_year(&chars[run.end..], words) || month_after(&chars[run.end..]);
    }
    if is_month(&digits) && (sure || in_period(chars, run, words)) {
        return true;
    }
    if sure && run.len() == 8 && is_day(&digits) && place == Place::DateCell {
        return true;
    }
    // 2022-04 told within other words.
    let year_before = run.start >= 5 && is_year(&chars[run.start - 5..run.start - 1].iter().collect::<String>());
    if year_before && run.len() <= 2 && matches!(chars[run.start - 1], '-' | '/') {
        return sure || month_after(&chars[run.start - 1..]);
    }
    sure && is_clock(chars, run)
}

fn is_year(text: &str) -> bool {
    text.len() == 4 && text.parse::<u32>().is_ok_and(|n| (1990..=2099).contains(&n))
}

fn small(text: &str, max: u32) -> bool {
    text.len() <= 2 && text.parse::<u32>().is_ok_and(|n| (1..=max).contains(&n))
}

/// 2022.3, 2022.3.5.
fn is_month(digits: &str) -> bool {
    let Some((first, rest)) = digits.split_once('.') else {
        return false;
    };
    let month = match rest.split_once('.') {
        Some((month, day)) => small(month, 12) && small(day, 31),
        None => small(rest, 12),
    };
    is_year(first) && month
}

/// 20220315.
fn is_day(digits: &str) -> bool {
    let parts = (digits.get(..4), digits.get(4..6), digits.get(6..));
    let (Some(year), Some(month), Some(day)) = parts else {
        return false;
    };
    let number = |text: &str| text.parse::<u32>().unwrap_or(0);
    is_year(year) && small(month, 12) && (1..=date::days(number(year), number(month))).contains(&number(day))
}

/// Whether a year's digits are followed by 年, alone or after other years: 、2022年, -2023学年.
fn before_year(after: &[char], words: &FatePatterns) -> bool {
    match after {
        _ if behind_year_in(after).is_some() => true,
        [joint, rest @ ..] if words.joins_years(*joint) => {
            let number = rest.iter().take_while(|c| is_plain_digit(**c)).count();
            let year: String = rest[..number].iter().collect();
            (number == 0 || is_year(&year)) && before_year(&rest[number..], words)
        }
        _ => false,
    }
}

/// Whether -04 follows; -4 and /10 may be of a range or a quotient.
fn month_after(after: &[char]) -> bool {
    let ['-', first, second, rest @ ..] = after else {
        return false;
    };
    small(&[*first, *second].iter().collect::<String>(), 12) && !rest.first().is_some_and(|c| is_plain_digit(*c))
}

/// Whether the other end of a period stands beside a year and month: 2022.1-2022.12; or a word of time follows: 2022.12前.
fn in_period(chars: &[char], run: &Range<usize>, words: &FatePatterns) -> bool {
    let dash = |c: Option<&char>| c.is_some_and(|c| is_range(*c));
    let part = |c: &&char| is_plain_digit(**c) || **c == '.';
    let next = || {
        chars[(run.end + 1).min(chars.len())..]
            .iter()
            .take_while(part)
            .collect::<String>()
    };
    let last = || {
        let head = &chars[..run.start.saturating_sub(1)];
        let length = head.iter().rev().take_while(part).count();
        head[head.len() - length..].iter().collect::<String>()
    };
    let after = dash(chars.get(run.end)) && is_month(&next());
    let before = run.start > 0 && dash(chars.get(run.start - 1)) && is_month(&last());
    after || before || chars.get(run.end).is_some_and(|c| words.follows_month(*c))
}

/// 9:30.
fn is_clock(chars: &[char], run: &Range<usize>) -> bool {
    let number = || chars[run.clone()].iter().collect::<String>().parse::<u32>();
    let after = chars.get(run.end) == Some(&':') && chars.get(run.end + 1).is_some_and(|c| is_plain_digit(*c));
    let before = run.start >= 2 && chars[run.start - 1] == ':' && is_plain_digit(chars[run.start - 2]);
    run.len() <= 2 && after && number().is_ok_and(|n| n < 24)
        || run.len() == 2 && before && number().is_ok_and(|n| n < 60)
}
