//! Numbers as a sheet shows them: exact decimals under a number format (ISO/IEC 29500-1 §18.8.31), without a float.

/// Digits that a spreadsheet program keeps of a number.
const PRECISION: usize = 15;
/// Places before or after the point that are written out; what is larger is no figure of a report.
const PLACES: i64 = 60;

/// An exact decimal: `0.digits × 10^point`, without leading or trailing zeros in `digits`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Decimal {
    negative: bool,
    digits: Vec<u8>,
    point: i64,
}

impl Decimal {
    /// Reads `-12.5`, `1E-3` and the like, at the precision of spreadsheet programs: 0.30000000000000004 is 0.3.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let (negative, rest) = match text.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, text.strip_prefix('+').unwrap_or(text)),
        };
        let (mantissa, exponent) = match rest.split_once(['e', 'E']) {
            Some((mantissa, exponent)) => (mantissa, exponent.parse::<i64>().ok()?),
            None => (rest, 0),
        };
        let (whole, part) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        if whole.len() + part.len() == 0 || mantissa.len() > 400 || exponent.abs() > 400 {
            return None;
        }
        let mut digits = Vec::with_capacity(mantissa.len());
        for byte in whole.bytes().chain(part.bytes()) {
            digits.push(byte.checked_sub(b'0').filter(|digit| *digit < 10)?);
        }
        let mut decimal = Decimal {
            negative,
            digits,
            point: whole.len() as i64 + exponent,
        };
        decimal.settle();
        decimal.round(PRECISION);
        Some(decimal)
    }

    fn settle(&mut self) {
        let leading = self.digits.iter().take_while(|digit| **digit == 0).count();
        self.digits.drain(..leading);
        self.point -= leading as i64;
        while self.digits.last() == Some(&0) {
            self.digits.pop();
        }
        if self.digits.is_empty() {
            self.point = 0;
            self.negative = false;
        }
    }

    /// Keeps so many digits, half away from zero.
    fn round(&mut self, keep: usize) {
        if self.digits.len() <= keep {
            return;
        }
        let up = self.digits[keep] >= 5;
        self.digits.truncate(keep);
        if up {
            let mut at = keep;
            loop {
                let Some(before) = at.checked_sub(1) else {
                    self.digits.insert(0, 1);
                    self.point += 1;
                    break;
                };
                at = before;
                if self.digits[at] < 9 {
                    self.digits[at] += 1;
                    break;
                }
                self.digits[at] = 0;
            }
        }
        self.settle();
    }

    /// Moves the point: by 2 for percents, by -3 for each scaling comma.
    fn shifted(mut self, places: i64) -> Self {
        if !self.digits.is_empty() {
            self.point += places;
        }
        self
    }

    /// Rounds to so many decimals; whether anything was lost.
    fn round_to_decimals(&mut self, decimals: usize) -> bool {
        let keep = self.point + decimals as i64;
        if keep >= self.digits.len() as i64 {
            return false;
        }
        match usize::try_from(keep) {
            Ok(keep) => self.round(keep),
            Err(_) => {
                self.digits.clear();
                self.settle();
            }
        }
        true
    }

    pub(super) fn is_negative(&self) -> bool {
        self.negative
    }

    fn is_zero(&self) -> bool {
        self.digits.is_empty()
    }

    /// Plain notation with at least so many decimals and whole digits.
    fn write(&self, decimals: usize, whole_digits: usize, grouped: bool) -> String {
        let digit = |at: i64| match usize::try_from(at).ok().and_then(|at| self.digits.get(at)) {
            Some(digit) => char::from(b'0' + digit),
            None => '0',
        };
        let whole = self.point.max(whole_digits.min(30) as i64).max(0);
        let mut text = String::new();
        if self.negative {
            text.push('-');
        }
        for place in (0..whole).rev() {
            text.push(digit(self.point - 1 - place));
            if grouped && place > 0 && place % 3 == 0 {
                text.push(',');
            }
        }
        let stated = (self.digits.len() as i64 - self.point).max(0);
        let decimals = stated.max(decimals as i64);
        if decimals > 0 {
            text.push('.');
            for place in 0..decimals {
                text.push(digit(self.point + place));
            }
        }
        text
    }

    /// All its digits, no more.
    pub(super) fn plain(&self) -> Option<String> {
        let small = self.point.abs() <= PLACES;
        small.then(|| self.write(0, 1, false))
    }
}

/// A cell's text, and whether the format shows less than the cell holds.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Shown {
    pub(super) text: String,
    pub(super) rounded: bool,
}

/// What a format makes of numbers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Format {
    /// No format, or one that is not understood: all digits.
    General,
    /// Digits.
    Digits(Digits),
    /// A date or a time, by its tokens.
    Date(String),
}

/// A format of digits.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Digits {
    before: String,
    after: String,
    whole: usize,
    /// Decimals that are always shown, and those that are shown when there are any.
    decimals: usize,
    most_decimals: usize,
    grouped: bool,
    percent: bool,
    thousands: i64,
}

impl Format {
    /// By a code such as `#,##0.00_ ` or `yyyy"年"m"月"`.
    pub(super) fn of(code: &str) -> Self {
        let section = code.split(';').next().unwrap_or_default();
        if is_date(section) {
            return Format::Date(section.to_owned());
        }
        digits(section).map_or(Format::General, Format::Digits)
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
            _ => return Format::General,
        };
        Format::of(code)
    }

    /// A number under this format; `None` when it is none or too large to write out. Negative figures have a minus sign,
    /// whatever brackets or colours the format has for them, and zero is written in digits even where it is hidden.
    pub(super) fn show(&self, number: &str, since_1904: bool) -> Option<Shown> {
        let decimal = Decimal::parse(number)?;
        let plain = Shown {
            text: decimal.plain()?,
            rounded: false,
        };
        let shown = match self {
            Format::General => None,
            Format::Date(code) => {
                super::date::show(&decimal, code, since_1904).map(|text| Shown { text, rounded: false })
            }
            Format::Digits(digits) => {
                let places = if digits.percent { 2 } else { 0 } - 3 * digits.thousands;
                let mut decimal = decimal.shifted(places);
                let rounded = decimal.round_to_decimals(digits.most_decimals);
                let number = decimal.write(digits.decimals, digits.whole.max(1), digits.grouped);
                let percent = if digits.percent { "%" } else { "" };
                // What rounds to nothing has no sign.
                let number = if decimal.is_zero() {
                    number.replace('-', "")
                } else {
                    number
                };
                let text = match number.strip_prefix('-') {
                    Some(number) => format!("-{}{number}{percent}{}", digits.before, digits.after),
                    None => format!("{}{number}{percent}{}", digits.before, digits.after),
                };
                Some(Shown {
                    text: text.trim().to_owned(),
                    rounded,
                })
            }
        };
        Some(shown.unwrap_or(plain))
    }
}

/// Characters of a code outside quotes, brackets and escapes, each with its place.
fn bare(code: &str) -> impl Iterator<Item = (usize, char)> {
    let mut quoted = false;
    let mut bracketed = false;
    let mut escaped = false;
    code.char_indices().filter(move |(_, c)| {
        if std::mem::take(&mut escaped) {
            return false;
        }
        match c {
            '"' if !bracketed => quoted = !quoted,
            '[' if !quoted => bracketed = true,
            ']' if bracketed => bracketed = false,
            '\\' | '_' | '*' | '!' if !quoted && !bracketed => escaped = true,
            _ => return !quoted && !bracketed,
        }
        false
    })
}

/// Dates and times have letters for their parts.
fn is_date(section: &str) -> bool {
    if section.to_ascii_lowercase().contains("[h") || section.to_ascii_lowercase().contains("[m") {
        return true;
    }
    let general = section.to_ascii_lowercase().contains("general");
    !general && bare(section).any(|(_, c)| matches!(c.to_ascii_lowercase(), 'y' | 'm' | 'd' | 'h' | 's' | 'a'))
}

/// The digits of a section; `None` for General, text, fractions, exponents, and points that are no points.
fn digits(section: &str) -> Option<Digits> {
    if section.to_ascii_lowercase().contains("general") || section.contains('@') {
        return None;
    }
    let places: Vec<(usize, char)> = bare(section).collect();
    let first = places.iter().find(|(_, c)| matches!(c, '0' | '#' | '?'))?.0;
    let last = places.iter().rev().find(|(_, c)| matches!(c, '0' | '#' | '?' | ','))?.0;
    let core: Vec<char> = places
        .iter()
        .filter(|(at, _)| (first..=last).contains(at))
        .map(|(_, c)| *c)
        .collect();
    // Text inside the digits (12!.3, 0"."0) shows another number than the cell holds.
    if core.len() != section.get(first..=last)?.chars().count() || core.iter().any(|c| !"0#?,.".contains(*c)) {
        return None;
    }
    if places.iter().any(|(_, c)| matches!(c, 'E' | 'e' | '/')) {
        return None;
    }
    let core: String = core.into_iter().collect();
    let digits_end = core.trim_end_matches(',').len();
    let thousands = (core.len() - digits_end) as i64;
    let core = core.get(..digits_end)?;
    let (whole, part) = core.split_once('.').unwrap_or((core, ""));
    let count = |text: &str, wanted: &[char]| text.chars().filter(|c| wanted.contains(c)).count();
    Some(Digits {
        before: literals(section.get(..first)?),
        after: literals(section.get(last + 1..)?),
        whole: count(whole, &['0']),
        decimals: count(part, &['0', '?']),
        most_decimals: count(part, &['0', '?', '#']),
        grouped: whole.contains(','),
        percent: places.iter().any(|(_, c)| *c == '%'),
        thousands,
    })
}

/// Text that a code puts around the digits: `"万元"`, `\元`. Colours, conditions, currencies and gaps are no text.
fn literals(code: &str) -> String {
    let mut text = String::new();
    let mut chars = code.chars();
    let mut quoted = false;
    while let Some(c) = chars.next() {
        match c {
            '"' => quoted = !quoted,
            _ if quoted => text.push(c),
            '[' => {
                chars.by_ref().find(|c| *c == ']');
            }
            '\\' | '!' => text.extend(chars.next()),
            '_' | '*' => {
                chars.next();
            }
            '%' | '-' | '+' | '(' | ')' | ',' | '.' | '¥' | '￥' | '$' => {}
            _ => text.push(c),
        }
    }
    let text = text.trim().trim_matches(['¥', '￥', '$', '-', '(', ')']);
    text.trim().to_owned()
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
            ("12345", "0!.0,", "12345"),
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
        assert_eq!(Format::General.show("1E300", false), None);
        assert_eq!(Format::General.show("n/a", false), None);
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
