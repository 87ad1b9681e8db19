//! Number formats of lists (`ST_NumberFormat`, ISO/IEC 29500-1 §17.18.59), for the formats of Chinese documents.

/// How a level of a list writes its number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::ingest) enum NumberFormat {
    Decimal,
    DecimalZero,
    DecimalFullWidth,
    DecimalEnclosedCircle,
    DecimalEnclosedParen,
    DecimalEnclosedFullstop,
    NumberInDash,
    /// At least so many digits, from `custom` formats such as `001, 002, …`.
    Padded(usize),
    UpperRoman,
    LowerRoman,
    UpperLetter,
    LowerLetter,
    /// 一 … 九十九, then digit by digit: 一○○.
    ChineseCounting,
    /// 一百零一.
    ChineseCountingThousand,
    /// 百一.
    JapaneseCounting,
    /// 壹佰零壹.
    LegalSimplified,
    /// 壹佰零壹 in traditional characters.
    LegalTraditional,
    /// 一〇一.
    IdeographDigital,
    /// 甲乙丙.
    Stems,
    /// 子丑寅.
    Branches,
    /// 甲子, 乙丑.
    StemsAndBranches,
    /// ㈠㈡.
    IdeographEnclosed,
    /// A bullet: a mark, no number.
    Bullet,
    None,
}

const DIGITS: [char; 10] = ['零', '一', '二', '三', '四', '五', '六', '七', '八', '九'];
const LEGAL_SIMPLIFIED: [char; 10] = ['零', '壹', '贰', '叁', '肆', '伍', '陆', '柒', '捌', '玖'];
const LEGAL_TRADITIONAL: [char; 10] = ['零', '壹', '貳', '參', '肆', '伍', '陸', '柒', '捌', '玖'];
const STEMS: [char; 10] = ['甲', '乙', '丙', '丁', '戊', '己', '庚', '辛', '壬', '癸'];
const BRANCHES: [char; 12] = ['子', '丑', '寅', '卯', '辰', '巳', '午', '未', '申', '酉', '戌', '亥'];

impl NumberFormat {
    /// The format of a name; `None` for those that are not known here (Hebrew, Thai, Korean …).
    pub(in crate::ingest) fn of(name: &str) -> Option<Self> {
        Some(match name {
            "decimal" | "decimalHalfWidth" => Self::Decimal,
            "decimalZero" => Self::DecimalZero,
            "decimalFullWidth" | "decimalFullWidth2" => Self::DecimalFullWidth,
            "decimalEnclosedCircle" | "decimalEnclosedCircleChinese" => Self::DecimalEnclosedCircle,
            "decimalEnclosedParen" => Self::DecimalEnclosedParen,
            "decimalEnclosedFullstop" => Self::DecimalEnclosedFullstop,
            "numberInDash" => Self::NumberInDash,
            "upperRoman" => Self::UpperRoman,
            "lowerRoman" => Self::LowerRoman,
            "upperLetter" => Self::UpperLetter,
            "lowerLetter" => Self::LowerLetter,
            "chineseCounting" | "taiwaneseCounting" => Self::ChineseCounting,
            "chineseCountingThousand" | "taiwaneseCountingThousand" => Self::ChineseCountingThousand,
            "japaneseCounting" => Self::JapaneseCounting,
            "chineseLegalSimplified" => Self::LegalSimplified,
            "ideographLegalTraditional" | "japaneseLegal" => Self::LegalTraditional,
            "ideographDigital" | "japaneseDigitalTenThousand" | "taiwaneseDigital" => Self::IdeographDigital,
            "ideographTraditional" => Self::Stems,
            "ideographZodiac" => Self::Branches,
            "ideographZodiacTraditional" => Self::StemsAndBranches,
            "ideographEnclosedCircle" => Self::IdeographEnclosed,
            "bullet" => Self::Bullet,
            "none" => Self::None,
            _ => return None,
        })
    }

    /// Whether a number is written at all.
    pub(in crate::ingest) fn is_numeric(self) -> bool {
        !matches!(self, Self::Bullet | Self::None)
    }

    /// The number as the format writes it; beyond a format's range in Arabic digits, as Word does.
    pub(in crate::ingest) fn write(self, n: u32) -> String {
        let written = match self {
            Self::Bullet | Self::None => return String::new(),
            Self::Decimal => None,
            Self::DecimalZero => Some(format!("{n:02}")),
            Self::Padded(width) => Some(format!("{n:0width$}")),
            Self::DecimalFullWidth => {
                let wide = |c: char| char::from_u32(u32::from(c) - 0x30 + 0xFF10);
                n.to_string().chars().map(wide).collect()
            }
            Self::DecimalEnclosedCircle => match n {
                0 => Some('⓪'),
                1..=20 => char::from_u32(0x2460 + n - 1),
                21..=35 => char::from_u32(0x3251 + n - 21),
                36..=50 => char::from_u32(0x32B1 + n - 36),
                _ => None,
            }
            .map(String::from),
            Self::DecimalEnclosedParen => from_block(0x2474, 20, n),
            Self::DecimalEnclosedFullstop => from_block(0x2488, 20, n),
            Self::IdeographEnclosed => from_block(0x3220, 10, n),
            Self::NumberInDash => Some(format!("- {n} -")),
            Self::UpperRoman => roman(n),
            Self::LowerRoman => roman(n).map(|r| r.to_ascii_lowercase()),
            Self::UpperLetter => letters(n, b'A'),
            Self::LowerLetter => letters(n, b'a'),
            Self::ChineseCounting if n < 100 => Some(counting(n, &DIGITS, ['十', '百', '千'], Style::Short)),
            Self::ChineseCounting => Some(digital(n, '○')),
            Self::IdeographDigital => Some(digital(n, '〇')),
            Self::ChineseCountingThousand => myriads(n, &DIGITS, ['十', '百', '千'], Style::Short),
            Self::JapaneseCounting => myriads(n, &DIGITS, ['十', '百', '千'], Style::Japanese),
            Self::LegalSimplified => myriads(n, &LEGAL_SIMPLIFIED, ['拾', '佰', '仟'], Style::Full),
            Self::LegalTraditional => myriads(n, &LEGAL_TRADITIONAL, ['拾', '佰', '仟'], Style::Full),
            Self::Stems => cyclic(&STEMS, n),
            Self::Branches => cyclic(&BRANCHES, n),
            Self::StemsAndBranches => (1..=60).contains(&n).then(|| {
                let i = n as usize - 1;
                [STEMS[i % 10], BRANCHES[i % 12]].iter().collect()
            }),
        };
        written.unwrap_or_else(|| n.to_string())
    }
}

/// Where a counting system leaves out 一 and 零.
#[derive(Clone, Copy, PartialEq)]
enum Style {
    /// 十一, 一百零一.
    Short,
    /// 壹拾壹, 壹佰零壹.
    Full,
    /// 十一, 百一.
    Japanese,
}

fn from_block(first: u32, count: u32, n: u32) -> Option<String> {
    (1..=count)
        .contains(&n)
        .then(|| char::from_u32(first + n - 1))
        .flatten()
        .map(String::from)
}

fn cyclic(marks: &[char], n: u32) -> Option<String> {
    let index = usize::try_from(n).ok()?.checked_sub(1)?;
    marks.get(index).map(|c| c.to_string())
}

fn roman(mut n: u32) -> Option<String> {
    if !(1..4000).contains(&n) {
        return None;
    }
    const SIGNS: [(u32, &str); 13] = [
        (1000, "M"),
        (900, "CM"),
        (500, "D"),
        (400, "CD"),
        (100, "C"),
        (90, "XC"),
        (50, "L"),
        (40, "XL"),
        (10, "X"),
        (9, "IX"),
        (5, "V"),
        (4, "IV"),
        (1, "I"),
    ];
    let mut written = String::new();
    for (value, sign) in SIGNS {
        while n >= value {
            written.push_str(sign);
            n -= value;
        }
    }
    Some(written)
}

/// a … z, aa, bb … zz, aaa: the letter is repeated. Bounded, for numbers that a hostile file starts from.
fn letters(n: u32, first: u8) -> Option<String> {
    let index = n.checked_sub(1)?;
    let times = index / 26 + 1;
    let letter = char::from(first + (index % 26) as u8);
    (times <= 30).then(|| letter.to_string().repeat(times as usize))
}

fn digital(n: u32, zero: char) -> String {
    let digit = |c: char| match c.to_digit(10) {
        Some(0) | None => zero,
        Some(d) => DIGITS[d as usize],
    };
    n.to_string().chars().map(digit).collect()
}

/// Up to 99,999,999 in groups of 万.
fn myriads(n: u32, digits: &[char; 10], units: [char; 3], style: Style) -> Option<String> {
    let (high, low) = (n / 10_000, n % 10_000);
    if high >= 10_000 {
        return None;
    }
    if high == 0 {
        return Some(counting(low, digits, units, style));
    }
    let mut written = counting(high, digits, units, style);
    written.push(if units[0] == '拾' && digits[2] == '貳' {
        '萬'
    } else {
        '万'
    });
    if low > 0 {
        if low < 1000 && style != Style::Japanese {
            written.push(digits[0]);
        }
        // Inside a number 十 keeps its 一: 一万零一十.
        let inner = if style == Style::Japanese { style } else { Style::Full };
        written.push_str(&counting(low, digits, units, inner));
    }
    Some(written)
}

/// 0 … 9999.
fn counting(n: u32, digits: &[char; 10], units: [char; 3], style: Style) -> String {
    if n == 0 {
        return digits[0].to_string();
    }
    let mut written = String::new();
    let mut gap = false;
    for (power, unit) in [
        (1000, Some(units[2])),
        (100, Some(units[1])),
        (10, Some(units[0])),
        (1, None),
    ] {
        let digit = (n / power % 10) as usize;
        if digit == 0 {
            gap = !written.is_empty();
            continue;
        }
        if gap && style != Style::Japanese {
            written.push(digits[0]);
        }
        gap = false;
        let silent = digit == 1
            && match style {
                Style::Short => power == 10 && written.is_empty(),
                Style::Full => false,
                Style::Japanese => power > 1,
            };
        if !silent {
            written.push(digits[digit]);
        }
        written.extend(unit);
    }
    written
}

#[cfg(test)]
mod tests {
    use super::NumberFormat;
    use proptest::prelude::*;

    #[test]
    fn formats_write_as_word_does() {
        let rows: &[(&str, u32, &str)] = &[
            ("decimal", 12, "12"),
            ("decimalZero", 7, "07"),
            ("decimalFullWidth", 105, "１０５"),
            ("decimalEnclosedCircle", 1, "①"),
            ("decimalEnclosedCircle", 20, "⑳"),
            ("decimalEnclosedCircle", 21, "㉑"),
            ("decimalEnclosedCircle", 51, "51"),
            ("upperRoman", 14, "XIV"),
            ("lowerRoman", 1999, "mcmxcix"),
            ("upperRoman", 4000, "4000"),
            ("lowerLetter", 26, "z"),
            ("lowerLetter", 28, "bb"),
            ("upperLetter", 0, "0"),
            ("upperLetter", u32::MAX, "4294967295"),
            ("chineseCounting", 0, "零"),
            ("chineseCounting", 10, "十"),
            ("chineseCounting", 11, "十一"),
            ("chineseCounting", 20, "二十"),
            ("chineseCounting", 99, "九十九"),
            ("chineseCounting", 100, "一○○"),
            ("chineseCountingThousand", 100, "一百"),
            ("chineseCountingThousand", 101, "一百零一"),
            ("chineseCountingThousand", 110, "一百一十"),
            ("chineseCountingThousand", 1001, "一千零一"),
            ("chineseCountingThousand", 10_010, "一万零一十"),
            ("japaneseCounting", 3, "三"),
            ("japaneseCounting", 21, "二十一"),
            ("japaneseCounting", 101, "百一"),
            ("chineseLegalSimplified", 10, "壹拾"),
            ("chineseLegalSimplified", 205, "贰佰零伍"),
            ("ideographLegalTraditional", 3, "參"),
            ("ideographDigital", 10, "一〇"),
            ("ideographTraditional", 2, "乙"),
            ("ideographTraditional", 11, "11"),
            ("ideographZodiac", 12, "亥"),
            ("ideographZodiacTraditional", 1, "甲子"),
            ("none", 4, ""),
            ("bullet", 4, ""),
        ];
        for (format, n, expected) in rows {
            assert_eq!(NumberFormat::of(format).unwrap().write(*n), *expected, "{format} {n}");
        }
        assert_eq!(NumberFormat::of("thaiLetters"), None);
        assert_eq!(NumberFormat::Padded(3).write(7), "007");
    }

    proptest! {
        /// Counting words of one system are all different: no two items of a list bear the same number.
        #[test]
        fn numbers_stay_distinct(a in 1u32..20_000, b in 1u32..20_000) {
            for format in ["chineseCountingThousand", "japaneseCounting", "chineseLegalSimplified", "chineseCounting"] {
                let format = NumberFormat::of(format).unwrap();
                prop_assert_eq!(a == b, format.write(a) == format.write(b));
            }
        }
    }
}
