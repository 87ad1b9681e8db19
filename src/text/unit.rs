//! Units as they are written, without a list of them: what a price or a pace is by.
//!
//! 元/(人·月), 元/人*月, 元/人/月, 元每人每月 and 元/月·人 are one unit; 元/人 is another. Which words are units is told by
//! `patterns/units.toml`.

use super::chinese::POINT;

/// 每 of 元每人.
pub const EACH: char = '每';
/// The unit of points.
pub const POINTS: &str = "分";
/// What opens the name of a unit: 单位：万元.
const LABEL: &str = "单位";

/// A folded cell of points without its unit: 9.5分.
pub fn without_points(folded: &str) -> &str {
    folded.strip_suffix(POINTS).unwrap_or(folded)
}

/// Whether a unit of rates counts points of them, so that its figure is a difference: 个百分点, 个点.
pub fn counts_points(unit: &str) -> bool {
    unit.contains(POINT)
}

/// Whether a folded character joins what a price is by: 元/人·月.
pub fn joins_price(c: char) -> bool {
    matches!(c, '·' | '*' | '•' | '×' | '⋅' | '∙' | '.' | '、' | '/')
}

/// Whether a folded character says what a price is by: 元/户, 元每户.
pub fn is_each(c: char) -> bool {
    c == '/' || c == EACH
}

/// A price taken apart: what it counts, and by what, in one order. `None` for a unit that is no price.
pub fn price(unit: &str) -> Option<(&str, Vec<&str>)> {
    let (counted, by) = unit.split_once(is_each)?;
    let brackets = |c: char| matches!(c, '(' | ')' | '（' | '）');
    let mut by: Vec<&str> = by
        .split(|c: char| joins_price(c) || c == EACH || brackets(c))
        .map(str::trim)
        .filter(|part| !part.is_empty())
        .collect();
    by.sort_unstable();
    (!counted.is_empty() && !by.is_empty()).then_some((counted, by))
}

/// A unit in one way of writing, for comparing: a price with what it is by in one order, any other as it is.
pub fn one_way(unit: &str) -> String {
    match price(unit) {
        Some((counted, by)) => format!("{counted}/{}", by.join("·")),
        None => unit.to_owned(),
    }
}

/// The price that a heading or label states in brackets, the last one: 补助标准（元/人·年）.
pub fn price_in_brackets(text: &str) -> Option<&str> {
    let (mut depth, mut start, mut found) = (0_usize, 0, None);
    for (at, c) in text.char_indices() {
        match c {
            '(' | '（' => {
                depth += 1;
                if depth == 1 {
                    start = at + c.len_utf8();
                }
            }
            ')' | '）' if depth > 0 => {
                depth -= 1;
                let inside = text[start..at].trim();
                let unit = inside.strip_prefix(LABEL).unwrap_or(inside);
                let unit = unit.trim_start_matches([':', '：', ' ']);
                if depth == 0 && price(unit).is_some() {
                    found = Some(unit);
                }
            }
            _ => {}
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prices_in_one_way() {
        for same in [
            ["元/(人·月)", "元/人*月", "元/人/月", "元/月·人"],
            ["元/(人·月)", "元每人每月", "元每月每人", "元/人每月"],
            ["元/公里·年", "元/公里*年", "元/公里/年", "元/年、公里"],
            ["万元/个", "万元/(个)", "万元/个", "万元/（个）"],
            ["微克/立方米", "微克/立方米", "微克/立方米", "微克/(立方米)"],
        ] {
            for unit in same {
                assert_eq!(one_way(unit), one_way(same[0]), "{unit}");
            }
        }
        for (a, b) in [
            ("元/人", "元/人·月"),
            ("元/人", "万元/人"),
            ("元", "元/人"),
            ("人次", "人"),
        ] {
            assert_ne!(one_way(a), one_way(b));
        }
        for unit in ["元", "万人次", "个百分点", "/", "元/", "/人"] {
            assert_eq!(one_way(unit), unit);
        }
    }

    #[test]
    fn prices_in_headings() {
        for (heading, unit) in [
            ("补助标准（元/人·年）", Some("元/人·年")),
            ("补助标准(单位:元/人)", Some("元/人")),
            ("单价（元/(人·月)）", Some("元/(人·月)")),
            ("预算数（万元）", None),
            ("得分（A/B）", Some("A/B")),
            ("补助（试点）/标准（元/户）", Some("元/户")),
            ("补助标准（元/人", None),
            ("补助标准", None),
        ] {
            assert_eq!(price_in_brackets(heading), unit, "{heading}");
        }
    }
}
