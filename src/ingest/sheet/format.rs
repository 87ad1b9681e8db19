//! Number formats (ISO/IEC 29500-1 §18.8.31): what a sheet shows of a number.

mod code;

use super::number::Decimal;
use std::cmp::Ordering;

/// What a cell shows.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Shown {
    pub(super) text: String,
    /// The format shows fewer decimals than the cell holds.
    pub(super) rounded: bool,
    /// The cell holds something and its format shows nothing of it.
    pub(super) hidden: bool,
}

impl Shown {
    fn text(text: String) -> Self {
        Shown {
            text,
            rounded: false,
            hidden: false,
        }
    }

    fn nothing() -> Self {
        Shown {
            text: String::new(),
            rounded: false,
            hidden: true,
        }
    }
}

/// A format: what each kind of number looks like.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Format {
    /// None: General.
    sections: Vec<Section>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Section {
    condition: Option<(Vec<Ordering>, Decimal)>,
    look: Look,
}

/// What a section makes of a number.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Look {
    /// Nothing at all.
    Nothing,
    /// Text without any digit of the number.
    Words(String),
    /// All digits, between texts. Also for what is not understood: fractions, exponents.
    General(String, String),
    Digits(Digits),
    /// A date or a time, by its code.
    Date(String),
    /// The text of a cell, between texts.
    Text(String, String),
}

/// A part of a section of digits.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Part {
    /// `0`, `#` or `?`.
    Digit(char),
    Point,
    Percent,
    Literal(String),
}

/// A section of digits.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Digits {
    parts: Vec<Part>,
    decimals: usize,
    grouped: bool,
    percent: bool,
    thousands: i64,
}

impl Format {
    /// All digits as they are.
    pub(super) const GENERAL: Format = Format { sections: Vec::new() };

    /// By a code such as `#,##0.00_ ` or `yyyy"年"m"月"`.
    pub(super) fn of(code: &str) -> Self {
        let sections: Vec<Section> = code::sections(code).into_iter().map(code::section).collect();
        match sections.as_slice() {
            [
                Section {
                    condition: None,
                    look: Look::General(before, after),
                },
            ] if before.is_empty() && after.is_empty() => Format::default(),
            _ => Format { sections },
        }
    }

    /// By the number of a built-in format, as Excel in Chinese has it (§18.8.30).
    pub(super) fn builtin(id: u32) -> Self {
        let code = match id {
            1 => "0",
            2 => "0.00",
            3 | 37 | 38 => "#,##0",
            4 | 39 | 40 => "#,##0.00",
            5 | 6 => "#,##0",
            7 | 8 => "#,##0.00",
            9 => "0%",
            10 => "0.00%",
            14 | 15 | 30 => "yyyy-mm-dd",
            16 => "m\"月\"d\"日\"",
            17 => "yyyy\"年\"m\"月\"",
            18 | 20 => "h:mm",
            19 | 21 => "h:mm:ss",
            22 => "yyyy-mm-dd h:mm",
            27 | 36 | 50 | 52 | 57 => "yyyy\"年\"m\"月\"",
            28 | 29 | 51 | 53 | 54 | 58 => "m\"月\"d\"日\"",
            31 => "yyyy\"年\"m\"月\"d\"日\"",
            32 | 34 | 55 => "h\"时\"mm\"分\"",
            33 | 35 | 56 => "h\"时\"mm\"分\"ss\"秒\"",
            41 | 42 => "#,##0",
            43 | 44 => "#,##0.00",
            45 => "mm:ss",
            _ => return Format::default(),
        };
        Format::of(code)
    }

    /// A number under this format; `None` when it is none or too large to write out. Negative figures have a minus sign,
    /// whatever brackets or colours the format has for them, and zero is written in digits even where it is hidden.
    pub(super) fn show(&self, number: &str, since_1904: bool) -> Option<Shown> {
        let decimal = Decimal::parse(number)?;
        let plain = decimal.plain()?;
        let Some(section) = self.section(&decimal) else {
            return Some(Shown::text(plain));
        };
        Some(match &section.look {
            Look::Nothing => Shown::nothing(),
            Look::Words(words) => Shown::text(words.clone()),
            Look::Text(before, after) | Look::General(before, after) => {
                let (sign, digits) = match plain.strip_prefix('-') {
                    Some(digits) => ("-", digits),
                    None => ("", plain.as_str()),
                };
                Shown::text(format!("{sign}{before}{digits}{after}"))
            }
            Look::Date(code) => Shown::text(super::date::show(&decimal, code, since_1904).unwrap_or(plain)),
            Look::Digits(digits) => digits.show(decimal),
        })
    }

    /// The text of a cell under this format.
    pub(super) fn show_text(&self, text: &str) -> Shown {
        let section = match self.sections.as_slice() {
            [_, _, _, section, ..] => Some(section),
            sections => sections.iter().find(|section| matches!(section.look, Look::Text(..))),
        };
        match section.map(|section| &section.look) {
            Some(Look::Nothing) if !text.trim().is_empty() => Shown::nothing(),
            Some(Look::Text(before, after)) => Shown::text(format!("{before}{text}{after}")),
            _ => Shown::text(text.to_owned()),
        }
    }

    /// The section that a number falls under.
    fn section(&self, number: &Decimal) -> Option<&Section> {
        let numeric: Vec<&Section> = self.sections.iter().take(3).collect();
        // `"-"??` is a dash with room for two digits.
        let has_digits = |section: &&&Section| match &section.look {
            Look::Nothing | Look::Words(_) => false,
            Look::Digits(digits) => digits.parts.iter().any(|part| matches!(part, Part::Digit('0' | '#'))),
            _ => true,
        };
        let conditional = numeric.iter().any(|section| section.condition.is_some());
        let found = if conditional {
            let holds = |section: &&&Section| match &section.condition {
                Some((orders, limit)) => orders.contains(&number.compare(limit)),
                None => true,
            };
            numeric.iter().find(holds).or(numeric.last())
        } else {
            // A section for text alone is none for numbers.
            let text = numeric.len() > 1 && numeric.last().is_some_and(|s| matches!(s.look, Look::Text(..)));
            let numbers = &numeric[..numeric.len() - usize::from(text)];
            let at = match (number.is_negative(), number.is_zero()) {
                (true, _) => 1,
                (_, true) => 2,
                _ => 0,
            };
            numbers.get(at).or(numbers.first())
        };
        // Zeros that are not shown, or as a dash, are zeros.
        let found = found.filter(|section| !number.is_zero() || has_digits(section));
        found.or(numeric.iter().find(has_digits)).copied()
    }
}

impl Digits {
    fn show(&self, decimal: Decimal) -> Shown {
        let places = if self.percent { 2 } else { 0 } - 3 * self.thousands;
        let mut decimal = decimal.shifted(places);
        let rounded = decimal.round_to_decimals(self.decimals);
        let (whole, part) = decimal.parts();
        let before_point = self.parts.iter().take_while(|p| **p != Part::Point);
        let mut open = before_point.filter(|p| matches!(p, Part::Digit(_))).count();
        let whole: Vec<char> = whole.chars().collect();
        let mut left = whole.len();
        let mut part = part.chars();
        let (mut text, mut behind, mut number) = (String::new(), false, false);
        for piece in &self.parts {
            match piece {
                Part::Digit(kind) if behind => {
                    // 0.5 under #.## has one decimal.
                    let digit = part.next().or((*kind != '#').then_some('0'));
                    text.extend(digit);
                }
                Part::Digit(kind) => {
                    // The first place takes all digits that the others have no room for.
                    let take = if number {
                        usize::from(left >= open)
                    } else {
                        (left + 1).saturating_sub(open)
                    };
                    for _ in 0..take {
                        self.push_digit(&mut text, whole[whole.len() - left], left);
                        left -= 1;
                    }
                    let is_last = open == 1;
                    if take == 0 && (*kind == '0' || is_last) {
                        self.push_digit(&mut text, '0', open);
                    }
                    number = true;
                    open -= 1;
                }
                Part::Point => {
                    if !number {
                        text.extend(if whole.is_empty() { vec!['0'] } else { whole.clone() });
                        number = true;
                    }
                    behind = true;
                    text.push('.');
                }
                Part::Percent => text.push('%'),
                Part::Literal(literal) => text.push_str(literal),
            }
        }
        let text = text.trim().trim_end_matches('.');
        // What rounds to nothing has no sign.
        let sign = if decimal.is_negative() { "-" } else { "" };
        let text = format!("{sign}{}", text.trim_start_matches(['△', '▲']));
        Shown {
            text,
            rounded,
            hidden: false,
        }
    }

    /// A digit with `left` digits from it to the point.
    fn push_digit(&self, text: &mut String, digit: char, left: usize) {
        text.push(digit);
        if self.grouped && left > 1 && left % 3 == 1 {
            text.push(',');
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn shown(number: &str, code: &str) -> String {
        Format::of(code).show(number, false).unwrap().text
    }

    #[test]
    fn numbers_show_as_the_sheet_shows_them() {
        let rows = [
            ("0.30000000000000004", "General", "0.3"),
            ("0.98819999999999997", "0.00%", "98.82%"),
            ("0.9", "0%", "90%"),
            ("1", "0.00%", "100.00%"),
            ("7040.8", "#,##0.00", "7,040.80"),
            ("7040.804999", "#,##0.00_ ", "7,040.80"),
            ("7040.805", "#,##0.00_);[Red]\\(#,##0.00\\)", "7,040.81"),
            ("-7040.805", "#,##0.00_);[Red]\\(#,##0.00\\)", "-7,040.81"),
            ("-0.001", "0.00", "0.00"),
            ("1234567", "#,##0", "1,234,567"),
            ("0.5", "#.##", "0.5"),
            ("12", "0.00\"万元\"", "12.00万元"),
            ("12", "0\\家", "12家"),
            ("0", "_ * #,##0.00_ ;_ * -#,##0.00_ ;_ * \"-\"??_ ;_ @_ ", "0.00"),
            ("12345678", "#,##0.00,", "12,345.68"),
            ("8000000", "0!.0,", "800.0"),
            ("8000000", "0\\.0,", "800.0"),
            ("8000000", "0\".\"0,\"万\"", "800.0万"),
            ("8105000", "#0\\.0000\"万元\"", "810.5000万元"),
            ("500", "0!.0000", "0.0500"),
            ("123000000", "0!.00,,\"亿元\"", "1.23亿元"),
            ("8000000", "[>=10000]0!.0,\"万\";0", "800.0万"),
            ("8000", "[>=10000]0!.0,\"万\";0", "8000"),
            ("12345678", "0,.00", "12345.68"),
            ("12345678", "#,##0,", "12,346"),
            ("8105000", "#,##0.00,,\"百万元\"", "8.11百万元"),
            ("1", "[=1]\"是\";[=0]\"否\";0", "是"),
            ("300", "G/通用格式\"万元\"", "300万元"),
            ("300", "[DBNum2][$-804]General\"万元\"", "300万元"),
            ("-5", "0.00;[Red]0.00", "-5.00"),
            ("-5", "0.00;\"△\"0.00", "-5.00"),
            ("0.05", "0.00\"‰\"", "0.05‰"),
            ("5", "0.", "5"),
            ("123", "0-0-0", "123"),
            ("1E-3", "General", "0.001"),
            ("1.5E3", "0.0", "1500.0"),
            ("123456789012345678", "0", "123456789012346000"),
            ("5", "000", "005"),
            ("1.25", "# ?/?", "1.25"),
            ("1234.5", "[$¥-804]#,##0.00", "1,234.50"),
            ("1234.5", "\"¥\"#,##0.00", "1,234.50"),
            ("99999.995", "0.00", "100000.00"),
            ("45", "@", "45"),
        ];
        for (number, code, expected) in rows {
            assert_eq!(shown(number, code), expected, "{number} as {code}");
        }
        assert!(Format::of("0.00").show("1.005", false).unwrap().rounded);
        assert!(!Format::of("0.00").show("1.5", false).unwrap().rounded);
        let hidden = |number: &str, code: &str| Format::of(code).show(number, false).unwrap().hidden;
        assert!(hidden("5", ";;;") && !hidden("0", "0;-0;;@") && hidden("-5", "0;;0"));
        assert!(Format::of(";;;").show_text("甲").hidden);
        assert_eq!(Format::of("@\"万元\"").show_text("800").text, "800万元");
        assert_eq!(Format::of("0.00;-0.00;0;@").show_text("甲").text, "甲");
        assert_eq!(Format::default().show("1E300", false), None);
        assert_eq!(Format::default().show("n/a", false), None);
    }

    #[test]
    fn dates_show_in_the_order_of_the_code() {
        let rows = [
            ("44658", "yyyy\"年\"m\"月\"d\"日\"", "2022年4月7日"),
            ("44658", "yyyy\\-mm\\-dd", "2022-04-07"),
            ("44658", "[$-804]yyyy\"年\"m\"月\";@", "2022年4月"),
            ("44658", "m/d/yy", "2022-04-07"),
            ("44658.75", "yyyy/m/d h:mm", "2022/4/7 18:00"),
            ("59", "yyyy-mm-dd", "1900-02-28"),
            ("61", "yyyy-mm-dd", "1900-03-01"),
            ("0.5", "h:mm", "12:00"),
        ];
        for (number, code, expected) in rows {
            assert_eq!(shown(number, code), expected, "{number} as {code}");
        }
        assert_eq!(Format::of("yyyy-mm-dd").show("43196", true).unwrap().text, "2022-04-07");
        assert_eq!(Format::builtin(31).show("44658", false).unwrap().text, "2022年4月7日");
        // What is no day stays a number.
        assert_eq!(shown("-5", "yyyy-mm-dd"), "-5");
    }

    proptest! {
        /// A plain decimal of up to 15 digits comes back as written, and no format panics.
        #[test]
        fn plain_decimals_survive(whole in 0u64..1_000_000_000, part in 0u32..1_000_000, code in "[0#?,.%;\"a-z_*!\\\\\\[\\]万-]{0,20}") {
            let written = format!("{whole}.{part:06}");
            let decimal = Decimal::parse(&written).unwrap();
            prop_assert_eq!(decimal.plain().unwrap(), written.trim_end_matches('0').trim_end_matches('.'));
            let _ = Format::of(&code).show(&written, false);
        }
    }
}
