//! Texts and figures as cells can hold them.

use crate::emit::audit::visible;
use crate::model::Exact;
use std::borrow::Cow;

/// Most UTF-16 units that a cell holds (Excel specifications and limits).
const MAX_UNITS: usize = 32_767;

/// Stands at the end of a text that was cut.
pub const CUT: &str = "……〔过长，此处截断；全文见原文件或该份报告的 JSON 记录〕";

/// The text as a cell holds it: visible characters only, cut with a mark where it is too long.
pub fn of(text: &str) -> Cow<'_, str> {
    let text = visible(text);
    // A UTF-8 byte is at most one UTF-16 unit, so short texts need no count.
    if text.len() <= MAX_UNITS || text.encode_utf16().count() <= MAX_UNITS {
        return text;
    }
    let room = MAX_UNITS - CUT.encode_utf16().count();
    let mut units = 0;
    let end = text.char_indices().find(|(_, c)| {
        units += c.len_utf16();
        units > room
    });
    let end = end.map_or(text.len(), |(at, _)| at);
    Cow::Owned(format!("{}{CUT}", &text[..end]))
}

/// Whether a program that reads the text again might take it for a formula or a command.
pub fn looks_like_formula(text: &str) -> bool {
    // Full-width signs count too: some programs fold them on input.
    text.starts_with(['=', '+', '-', '@', '\t', '\n', '＝', '＋', '－', '＠'])
}

/// The figure as the double of a cell, where that says exactly the same: 15 significant digits or fewer.
pub fn double(value: Exact) -> Option<f64> {
    let digits = value.0.normalize().mantissa().unsigned_abs();
    if digits >= 10_u128.pow(15) {
        return None;
    }
    // Both ways are correctly rounded, and 15 digits survive the way to a double and back (IEEE 754).
    value.to_string().parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use rust_decimal::Decimal;

    #[test]
    fn a_long_text_is_cut_with_a_mark() {
        let text = of(&"绩".repeat(40_000)).into_owned();
        assert_eq!(text.encode_utf16().count(), MAX_UNITS);
        assert!(text.ends_with(CUT));
        let text = of(&"😀".repeat(20_000)).into_owned();
        assert!(text.encode_utf16().count() <= MAX_UNITS && text.ends_with(CUT));
        assert_eq!(of(&"绩".repeat(32_767)).chars().count(), 32_767);
    }

    #[test]
    fn what_a_double_cannot_hold_is_no_number() {
        let exact = |text: &str| text.parse::<Exact>().unwrap();
        assert_eq!(double(exact("1778.64")), Some(1778.64));
        assert_eq!(double(exact("-0.05")), Some(-0.05));
        assert_eq!(double(exact("999999999999999")), Some(999_999_999_999_999.0));
        assert_eq!(double(exact("9999999999999999")), None);
        assert_eq!(double(exact("1000000000000000000.00")), None);
        assert_eq!(double(exact("100000000000000.000")), Some(1e14));
        assert_eq!(double(exact("0.1234567890123456")), None);
    }

    proptest! {
        #[test]
        fn a_double_gives_the_decimal_back(mantissa in -999_999_999_999_999_i64..=999_999_999_999_999, scale in 0_u32..12) {
            let value = Exact(Decimal::new(mantissa, scale));
            let double = double(value).unwrap();
            prop_assert_eq!(double.to_string().parse::<Exact>().unwrap().normalized(), value.normalized());
        }

        #[test]
        fn every_text_fits_a_cell(text in "\\PC{0,200}") {
            let cell = of(&text);
            prop_assert!(cell.encode_utf16().count() <= MAX_UNITS);
        }
    }
}
