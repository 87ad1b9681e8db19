//! Numbers of a sheet as exact decimals, without a float.

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
    pub(super) fn shifted(mut self, places: i64) -> Self {
        if !self.digits.is_empty() {
            self.point += places;
        }
        self
    }

    /// Rounds to so many decimals; whether anything was lost.
    pub(super) fn round_to_decimals(&mut self, decimals: usize) -> bool {
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

    pub(super) fn is_zero(&self) -> bool {
        self.digits.is_empty()
    }

    /// Digits before the point, without leading zeros, and behind it, without the zeros at its end.
    pub(super) fn parts(&self) -> (String, String) {
        let text = self.write(0, 0, false);
        let text = text.trim_start_matches('-');
        let (whole, part) = text.split_once('.').unwrap_or((text, ""));
        (whole.to_owned(), part.to_owned())
    }

    /// -1, 0 or 1, as this number is less than the other, equal or more.
    pub(super) fn compare(&self, other: &Decimal) -> std::cmp::Ordering {
        let sign = |of: &Decimal| {
            if of.is_zero() {
                0
            } else if of.negative {
                -1
            } else {
                1
            }
        };
        let magnitude = |of: &Decimal| (of.point, of.digits.clone());
        let by_sign = sign(self).cmp(&sign(other));
        let by_size = magnitude(self).cmp(&magnitude(other));
        by_sign.then(if self.negative { by_size.reverse() } else { by_size })
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
