//! Serial days of spreadsheets (ISO/IEC 29500-1 §18.17.4) under a date format.

use super::number::Decimal;

/// Seconds of a day.
const DAY: i64 = 86_400;

/// A serial day as the code orders it; `None` for what is no day that sheets know. A code that puts the year last, as
/// m/d/yy does, gives `yyyy-mm-dd`: nobody can tell 4/7 from 7/4.
pub(super) fn show(serial: &Decimal, code: &str, since_1904: bool) -> Option<String> {
    if serial.is_negative() {
        return None;
    }
    let (days, seconds) = serial.days_and_seconds()?;
    let time = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    let date = civil(days, since_1904)?;
    let tokens = tokens(code);
    let order: String = tokens
        .iter()
        .filter_map(|token| match token {
            Token::Part(letter @ ('y' | 'm' | 'd'), _) => Some(*letter),
            _ => None,
        })
        .collect();
    let elapsed = code.to_ascii_lowercase().contains("[h");
    if elapsed {
        return Some(format!("{}:{:02}:{:02}", days * 24 + time.0, time.1, time.2));
    }
    if order.contains('y') && !order.starts_with('y') {
        return Some(format!("{:04}-{:02}-{:02}", date.0, date.1, date.2));
    }
    let mut text = String::new();
    for token in &tokens {
        let (value, width) = match token {
            Token::Literal(c) => {
                text.push(*c);
                continue;
            }
            Token::Part('y', width) => (date.0, (*width).max(4)),
            Token::Part('m', width) => (date.1, (*width).min(2)),
            Token::Part('d', width) => (date.2, (*width).min(2)),
            Token::Part('h', width) => (time.0, *width),
            Token::Part('n', width) => (time.1, *width),
            Token::Part(_, width) => (time.2, *width),
        };
        text.push_str(&format!("{value:0width$}"));
    }
    let text = text.trim().to_owned();
    (!text.is_empty()).then_some(text)
}

enum Token {
    /// Letter (`n` for minutes) and width.
    Part(char, usize),
    Literal(char),
}

/// The parts of a code. Names of months and days of the week are left out: numbers say the same.
fn tokens(code: &str) -> Vec<Token> {
    let mut tokens = Vec::new();
    let mut chars = code.chars().peekable();
    let mut after_hour = false;
    while let Some(c) = chars.next() {
        match c.to_ascii_lowercase() {
            letter @ ('y' | 'm' | 'd' | 'h' | 's' | 'a' | 'e') => {
                let mut width = 1;
                while chars.next_if(|c| c.to_ascii_lowercase() == letter).is_some() {
                    width += 1;
                }
                match letter {
                    'm' if after_hour => tokens.push(Token::Part('n', width)),
                    'e' => tokens.push(Token::Part('y', 4)),
                    // AM/PM, 上午/下午, names of days: no digits.
                    'a' => while chars.next_if(|c| matches!(c, '/' | 'P' | 'p' | 'M' | 'm')).is_some() {},
                    'd' if width > 2 => {}
                    _ => tokens.push(Token::Part(letter, width)),
                }
                after_hour = match letter {
                    'h' | 's' => true,
                    'm' | 'a' => after_hour,
                    _ => false,
                };
            }
            '"' => tokens.extend(chars.by_ref().take_while(|c| *c != '"').map(Token::Literal)),
            '[' => {
                chars.by_ref().find(|c| *c == ']');
            }
            '\\' | '!' => tokens.extend(chars.next().map(Token::Literal)),
            '_' | '*' => {
                chars.next();
            }
            '@' | ';' => {}
            // mm:ss: minutes come before seconds.
            ':' => {
                if let Some(Token::Part(letter @ 'm', _)) = tokens.last_mut() {
                    *letter = 'n';
                    after_hour = true;
                }
                tokens.push(Token::Literal(':'));
            }
            _ => tokens.push(Token::Literal(c)),
        }
    }
    tokens
}

/// Year, month and day of a serial day.
fn civil(serial: i64, since_1904: bool) -> Option<(i64, i64, i64)> {
    const LAST: i64 = 2_958_465; // 9999-12-31
    if !(0..=LAST).contains(&serial) {
        return None;
    }
    // Days since 1970-01-01; 1900 had no 29 February though serial 60 is one.
    let days = match (since_1904, serial) {
        (true, _) => serial - 24_107,
        (false, 0..=59) => serial - 25_568,
        (false, 60) => return Some((1900, 2, 29)),
        (false, _) => serial - 25_569,
    };
    // Days to civil date (H. Hinnant, chrono-compatible low-level date algorithms).
    let shifted = days + 719_468;
    let era = shifted.div_euclid(146_097);
    let of_era = shifted.rem_euclid(146_097);
    let year = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let month = (5 * of_year + 2) / 153;
    let day = of_year - (153 * month + 2) / 5 + 1;
    let month = if month < 10 { month + 3 } else { month - 9 };
    Some((year + era * 400 + i64::from(month <= 2), month, day))
}

impl Decimal {
    /// Whole days and the seconds of the rest, rounded to the second.
    fn days_and_seconds(&self) -> Option<(i64, i64)> {
        let text = self.plain()?;
        let (whole, part) = text.split_once('.').unwrap_or((&text, ""));
        let days: i64 = whole.parse().ok()?;
        // Nine decimals of a day are a tenth of a millisecond.
        let nine: String = part.chars().chain(std::iter::repeat('0')).take(9).collect();
        let rest: i64 = nine.parse().ok()?;
        let seconds = (rest * DAY + 500_000_000) / 1_000_000_000;
        Some(if seconds >= DAY { (days + 1, 0) } else { (days, seconds) })
    }
}
