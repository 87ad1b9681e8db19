//! What a text is by its shape alone, where no unit list and no vocabulary is at hand.

use super::chinese::{self, YUAN, capital_money, scale_word};
use super::mark::is_minus;
use super::note::without_marks;
use super::number::is_apostrophe;
use super::pieces;
use super::unit::POINTS;

/// The word that makes the figure behind it negative. Text knows more of them: `negative` of `patterns/values.toml`.
pub const NEGATIVE: char = '负';

/// Whether a text ends a figure of money, of a rate or of points: 万元, 亿, %, 分, or nothing.
fn ends_figure(rest: &str) -> bool {
    let scaled = rest.strip_suffix(YUAN).unwrap_or(rest);
    matches!(rest, "%" | "‰" | "‱" | POINTS) || scaled.is_empty() || scale_word(scaled).is_some()
}

/// Whether a folded text is a figure: `1,020.16`, `-3`, `98.5%`, `200万元`, `(12.3)`, `△8.80`, `1亿2300万元`, `三千元整`.
///
/// A mark of a note beside it is no part of it: `371.20①`.
pub fn is_figure(folded: &str) -> bool {
    let folded = without_marks(folded);
    let bracketed = folded.strip_prefix('(').and_then(|inner| inner.split_once(')'));
    let text = bracketed.map_or(folded.trim_matches(['(', ')']).to_owned(), |(inner, unit)| {
        format!("{inner}{unit}")
    });
    let marks = |c: char| is_minus(c) || matches!(c, '+' | '−' | '－' | '—' | NEGATIVE | '¥' | '￥');
    let text = text.trim_start_matches(marks);
    if !text.starts_with(|c: char| c.is_ascii_digit()) {
        // Numerals in Chinese are a figure with 元 only: 一 and 三千 may be names and ordinals.
        return !text.is_empty() && capital_money(&text.chars().collect::<Vec<_>>()).is_some();
    }
    let rest = after_digits(text);
    ends_figure(rest) || in_pieces(rest).is_some_and(ends_figure)
}

fn after_digits(text: &str) -> &str {
    text.trim_start_matches(|c: char| c.is_ascii_digit() || matches!(c, ',' | '.') || is_apostrophe(c))
}

/// What follows the last piece of 1亿2300万元, 3万5千元, 5元6角, read from behind its first digits.
fn in_pieces(rest: &str) -> Option<&str> {
    let between = |c: char| chinese::is_scale(c) || chinese::is_zero(c) || YUAN.contains(c);
    let mut rest = rest;
    for _ in 0..4 {
        let next = rest.trim_start_matches(between);
        let digits = after_digits(next);
        if next.len() == rest.len() || digits.len() == next.len() {
            return None;
        }
        let small: Vec<char> = next.chars().take(5).collect();
        if rest.starts_with(YUAN) {
            return pieces::cents(&small, 0)
                .filter(|(_, end)| *end == next.chars().count())
                .map(|_| "");
        }
        rest = digits;
        if !rest
            .trim_start_matches(between)
            .starts_with(|c: char| c.is_ascii_digit())
        {
            return Some(rest);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_by_shape() {
        for text in [
            "1,020.16",
            "-3",
            "98.5%",
            "200万元",
            "(12.3)",
            "0",
            "△8.80",
            "▲15.00",
            "–33.33%",
            "—9.50",
            "负10.00",
            "￥980.00",
            "1亿2300万元",
            "1亿2,300万元",
            "1亿零500万元",
            "3万5千元",
            "12万3456元",
            "12万3,456.50元",
            "5元6角",
            "2千3百万元",
            "三亿五千万元",
            "1亿2300万",
            "壹亿贰仟叁佰万元整",
            "(120)万元",
            "371.20①",
            "300.00*",
            "300.00[2]",
            "①371.20",
        ] {
            assert!(is_figure(text), "{text}");
        }
        for text in [
            "2022年",
            "合计",
            "≥100人",
            "1.项目",
            "",
            "3家",
            "2-3",
            "一",
            "三千",
            "元",
            "1号线",
            "5G",
            "1亿元项目",
            "万元",
            "负债",
            "一、",
            "3万家",
            "12万人次",
            "5*",
            "①技术改造",
            "①",
        ] {
            assert!(!is_figure(text), "{text}");
        }
    }
}
