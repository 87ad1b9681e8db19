//! How texts and numbers are compared.

use crate::text::outline;
use rust_decimal::Decimal;
use serde_json::Value;
use unicode_normalization::UnicodeNormalization;

/// NFKC, no white space, one form for comparison signs and ellipses.
pub fn norm(text: &str) -> String {
    let folded: String = text.nfkc().filter(|c| !c.is_whitespace()).collect();
    folded.replace('≧', "≥").replace('≦', "≤").replace('…', "...")
}

/// Text of a value of a truth file, which may be a string or a bare number; null is empty.
pub fn norm_json(value: Option<&Value>) -> String {
    match value {
        None | Some(Value::Null) => String::new(),
        Some(Value::String(text)) => norm(text),
        Some(other) => norm(&other.to_string()),
    }
}

/// A name without its number (`指标1：`, `3、`) and without `其中：`.
pub fn name_of(text: &str) -> String {
    let text = norm(text);
    let unnumbered = outline::strip_counter(&text);
    let part = unnumbered
        .strip_prefix(outline::OF_WHICH)
        .and_then(|part| part.strip_prefix(':'));
    part.unwrap_or(unnumbered).to_owned()
}

/// The number at the start of a text.
pub fn number(text: &str) -> Option<Decimal> {
    let text = norm(text).replace(',', "");
    let digits = |s: &str| s.len() - s.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let sign = usize::from(text.starts_with(['-', '+']));
    let whole = digits(&text[sign..]);
    if whole == 0 {
        return None;
    }
    let mut end = sign + whole;
    if text[end..].starts_with('.') {
        let decimals = digits(&text[end + 1..]);
        if decimals > 0 {
            end += 1 + decimals;
        }
    }
    Decimal::from_str_exact(text[..end].trim_start_matches('+')).ok()
}

/// The number of a value of a truth file.
pub fn number_json(value: Option<&Value>) -> Option<Decimal> {
    match value? {
        Value::String(text) => number(text),
        Value::Number(n) => number(&n.to_string()),
        _ => None,
    }
}

/// A line may be called 合计 or “三公”经费合计; the figure must agree anyway.
pub fn same_name(a: &str, b: &str) -> bool {
    let (short, long) = if a.chars().count() <= b.chars().count() {
        (a, b)
    } else {
        (b, a)
    };
    a == b || (short.chars().count() >= 2 && long.contains(short))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_numbers() {
        assert_eq!(name_of("指标1：规模工业 增加值"), "规模工业增加值");
        assert_eq!(name_of("3、其中：财政拨款"), "财政拨款");
        assert_eq!(name_of("2023年投入"), "2023年投入");
        assert_eq!(name_of("指标体系"), "指标体系");
        assert_eq!(number("1,020.160元").unwrap().to_string(), "1020.160");
        assert_eq!(number("－3%").unwrap().to_string(), "-3");
        assert_eq!(number("约3"), None);
        assert!(same_name("合计", "三公经费合计") && !same_name("计", "合计"));
    }
}
