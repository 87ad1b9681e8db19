//! Numbers told in pieces, with words of scale and of money between Arabic digits: 12亿3456万, 5元6角.

use super::chinese::{FEN, JIAO, big_unit, closes_money, digit_value, is_scale, is_zero, small_unit};
use super::number::{Commas, scan_arabic};
use crate::model::Exact;
use rust_decimal::Decimal;

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
        let zeros = usize::from(chars.get(next).is_some_and(|c| is_zero(*c)) && goes_on(next + 1));
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
    let mut at = at + usize::from(chars.get(at).is_some_and(|c| is_zero(*c)));
    let mut sum = 0_i64;
    let mut found = false;
    for (word, worth) in [(JIAO, 10), (FEN, 1)] {
        if let Some(d) = digit(at).filter(|_| chars.get(at + 1) == Some(&word)) {
            sum += i64::from(d) * worth;
            (at, found) = (at + 2, true);
        }
    }
    if !found && let (Some(tens), Some(ones), Some(&FEN)) = (digit(at), digit(at + 1), chars.get(at + 2)) {
        sum = i64::from(tens * 10 + ones);
        (at, found) = (at + 3, true);
    }
    at += usize::from(found && chars.get(at).is_some_and(|c| closes_money(*c)));
    found.then(|| (Decimal::new(sum, 2), at))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::fold::fold_chars;

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
}
