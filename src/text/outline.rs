//! Numbers of an outline: 一、 （一） 1. （1）. One grammar for headings, names and items.

use super::chinese::is_outline_numeral;
use super::fold::fold;
use super::number::is_plain_digit;

/// The word before the parts of what stands above: 其中：省级资金.
pub const OF_WHICH: &str = "其中";
/// What forms number before the name of an indicator: 指标1：.
const COUNTED: &str = "指标";

/// A name without the counter of its form: `指标1：`, `1.`, `（1）`.
pub fn strip_counter(name: &str) -> &str {
    let trimmed = name.strip_prefix(COUNTED).unwrap_or(name);
    let digits = trimmed.trim_start_matches(is_plain_digit);
    if digits.len() == trimmed.len() {
        return name;
    }
    match digits.chars().next() {
        Some(c @ (':' | '：' | '、' | '．')) => digits[c.len_utf8()..].trim(),
        // 1.5倍 is a value; 1.规模 is a counter.
        Some('.') if !digits[1..].starts_with(|c: char| c.is_ascii_digit()) => digits[1..].trim(),
        None if trimmed.len() < name.len() => "",
        _ => name,
    }
}

/// The number that a folded text begins with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Numbered<'t> {
    /// 一、 is 1, （一） is 2, 1. is 3, （1） is 4.
    pub level: u8,
    /// How many characters the number itself has.
    pub digits: usize,
    /// What stands after the number and its mark.
    pub rest: &'t str,
}

/// Reads the number at the start of a folded text. 1.5倍 is a value, 2、110联动 a name with its number.
pub fn numbered(folded: &str) -> Option<Numbered<'_>> {
    let (inner, bracketed) = match folded.strip_prefix('(') {
        Some(inner) => (inner, true),
        None => (folded, false),
    };
    let chinese = inner.trim_start_matches(is_outline_numeral);
    let arabic = inner.trim_start_matches(|c: char| c.is_ascii_digit());
    let (rest, is_chinese) = match chinese.len() < inner.len() {
        true => (chinese, true),
        false => (arabic, false),
    };
    let digits = inner[..inner.len() - rest.len()].chars().count();
    if digits == 0 {
        return None;
    }
    let mark = rest.chars().next()?;
    let marked = match bracketed {
        true => mark == ')',
        false => matches!(mark, '、' | '.' | '．'),
    };
    let rest = &rest[mark.len_utf8()..];
    let decimal = mark == '.' && rest.starts_with(|c: char| c.is_ascii_digit());
    let level = match (is_chinese, bracketed) {
        (true, false) => 1,
        (true, true) => 2,
        (false, false) => 3,
        (false, true) => 4,
    };
    (marked && !decimal).then_some(Numbered { level, digits, rest })
}

/// Level that a name's number gives. Of an Arabic number only two digits are one of an outline: 2022.预算 is a year.
pub fn level(name: &str) -> Option<u8> {
    let folded = fold(name);
    let numbered = numbered(&folded)?;
    (numbered.level != 3 || numbered.digits <= 2).then_some(numbered.level)
}

/// A folded name without the number before it.
pub fn strip(folded: &str) -> &str {
    numbered(folded).map_or(folded, |n| n.rest.trim_start_matches('、'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counters_of_forms() {
        for (name, bare) in [
            ("指标1：规模工业增加值增速", "规模工业增加值增速"),
            ("指标2：", ""),
            ("指标3", ""),
            ("5G应用示范项目", "5G应用示范项目"),
            ("2.培训人数", "培训人数"),
            ("1.5倍", "1.5倍"),
            ("３、完成率", "完成率"),
        ] {
            assert_eq!(strip_counter(name), bare, "{name}");
        }
    }

    #[test]
    fn numbers_of_outlines() {
        for (text, level, rest) in [
            ("一、一般公共服务支出", Some(1), "一般公共服务支出"),
            ("十二、其他", Some(1), "其他"),
            ("(二)政府性基金", Some(2), "政府性基金"),
            ("1.一般公共预算资金", Some(3), "一般公共预算资金"),
            ("2、110联动指挥系统", Some(3), "110联动指挥系统"),
            ("(1)办公费", Some(4), "办公费"),
            ("1.5倍", None, "1.5倍"),
            ("三公经费", None, "三公经费"),
            ("5G产业发展扶持资金", None, "5G产业发展扶持资金"),
            ("(不含预留部分)", None, "(不含预留部分)"),
            ("2023年追加", None, "2023年追加"),
            ("", None, ""),
        ] {
            assert_eq!(numbered(text).map(|n| n.level), level, "{text}");
            assert_eq!(strip(text), rest, "{text}");
        }
    }

    #[test]
    fn levels_of_numbers() {
        for (name, expected) in [
            ("一、一般公共预算拨款收入", Some(1)),
            ("（二）项目支出", Some(2)),
            ("1.工资福利支出", Some(3)),
            ("（1）办公费", Some(4)),
            ("5G产业发展扶持资金", None),
            ("2023年追加", None),
            ("一般公共预算", None),
        ] {
            assert_eq!(level(name), expected, "{name}");
        }
    }
}
