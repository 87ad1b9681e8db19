//! What a cell holds by its shape, and what a column holds by its cells: evidence that needs no vocabulary.

use crate::text::mark::holds_no_figure;
use crate::text::shape::is_figure;
use std::collections::BTreeSet;

/// The shape of a cell's folded text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// Nothing, or a mark that stands for nothing (`-`, `——`, `/`, 不适用).
    Blank,
    /// A tick, an empty box, or the word that stands for one.
    Mark,
    /// A year, a month or a day that says so (2022年3月, 2022-03-05).
    Date,
    /// A number with %.
    Rate,
    /// A number without decimals and without a unit.
    Whole,
    /// A number with decimals, thousands separators or a unit of money.
    Amount,
    /// Digits that number or name something: 007, 2022-001, A0012.
    Code,
    /// A number with something that it counts: 120户, 3.2公里.
    Counted,
    /// Words, with or without digits among them.
    Words,
}

/// The shape of a folded text.
pub fn shape(folded: &str) -> Shape {
    if holds_no_figure(folded) {
        return Shape::Blank;
    }
    if matches!(folded, "是" | "否") || folded.chars().all(|c| "√✓✔☑■□○●◯×☐".contains(c)) {
        return Shape::Mark;
    }
    if is_date(folded) {
        return Shape::Date;
    }
    if is_code(folded) {
        return Shape::Code;
    }
    // A figure with a note: 2451(不含预留部分).
    let folded = match folded.split_once('(') {
        Some((figure, note)) if note.ends_with(')') && is_figure(figure) => figure,
        _ => folded,
    };
    if !is_figure(folded) {
        return if is_counted(folded) {
            Shape::Counted
        } else {
            Shape::Words
        };
    }
    if folded.ends_with(['%', '‰']) {
        Shape::Rate
    } else if folded.bytes().all(|b| b.is_ascii_digit()) {
        Shape::Whole
    } else {
        Shape::Amount
    }
}

/// A number and at most three characters of Chinese that say what it counts.
fn is_counted(folded: &str) -> bool {
    let unit = folded.trim_start_matches(|c: char| c.is_ascii_digit() || matches!(c, '.' | ','));
    let number = &folded[..folded.len() - unit.len()];
    let chinese = |c: char| ('\u{4e00}'..='\u{9fff}').contains(&c);
    number.starts_with(|c: char| c.is_ascii_digit())
        && number.ends_with(|c: char| c.is_ascii_digit())
        && (1..=3).contains(&unit.chars().count())
        && unit.chars().all(chinese)
}

/// A date that says so by 年 or by its separators; 2022.12 may be an amount.
fn is_date(folded: &str) -> bool {
    let mut rest = folded;
    let digits = |rest: &mut &str| -> usize {
        let end = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
        *rest = &rest[end..];
        end
    };
    // 3月5日, 3月5号
    let short = folded.trim_end_matches(['日', '号']);
    if let Some((month, day)) = short.split_once('月')
        && [month, day]
            .iter()
            .all(|n| matches!(n.len(), 1..=2) && n.bytes().all(|b| b.is_ascii_digit()))
    {
        return true;
    }
    if digits(&mut rest) != 4 || !(folded.starts_with("19") || folded.starts_with("20")) {
        return false;
    }
    let Some(separator) = rest.chars().next() else {
        return false;
    };
    if !matches!(separator, '年' | '-' | '/' | '.') {
        return false;
    }
    rest = &rest[separator.len_utf8()..];
    if matches!(rest, "" | "度") {
        return separator == '年';
    }
    if !(1..=2).contains(&digits(&mut rest)) {
        return false;
    }
    let next = if separator == '年' { '月' } else { separator };
    let Some(day) = rest.strip_prefix(next) else {
        return false;
    };
    rest = day;
    let day = digits(&mut rest);
    match separator {
        '年' => matches!((day, rest), (0, "" | "底" | "末" | "前") | (1..=2, "" | "日" | "日前")),
        _ => (1..=2).contains(&day) && rest.is_empty(),
    }
}

/// Digits that name something: with a leading zero, with hyphens between groups, or with Latin letters among many digits.
fn is_code(folded: &str) -> bool {
    let ascii = folded
        .bytes()
        .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'));
    if !ascii || !folded.starts_with(|c: char| c.is_ascii_alphanumeric()) {
        return false;
    }
    let digits = folded.bytes().filter(u8::is_ascii_digit).count();
    let letters = folded.bytes().any(|b| b.is_ascii_alphabetic());
    if folded.contains(['-', '_']) {
        return digits >= 3 && folded.split(['-', '_']).all(|part| !part.is_empty());
    }
    if letters {
        return digits >= 3 && digits * 2 >= folded.len();
    }
    (folded.len() >= 2 && folded.starts_with('0')) || folded.len() >= 12
}

/// What the cells of a column hold.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Profile {
    /// Cells that hold nothing.
    pub blank: usize,
    /// Ticks and boxes.
    pub marks: usize,
    /// Dates.
    pub dates: usize,
    /// Rates.
    pub rates: usize,
    /// Whole numbers.
    pub wholes: usize,
    /// Numbers with decimals, separators or a unit of money.
    pub amounts: usize,
    /// Codes by shape.
    pub codes: usize,
    /// Numbers with what they count.
    pub counted: usize,
    /// Cells with words.
    pub words: usize,
    /// How many different texts those are.
    pub distinct: usize,
    /// Whether the whole numbers count the rows: 1, 2, 3 …
    pub sequence: bool,
    /// Whether the numbers are codes that nest (201, 20101, 2010101) or number the columns of 类 款 项.
    pub nested: bool,
    /// Whole numbers that are years of this age: 1990 to 2049.
    pub years: usize,
    /// Whether the whole numbers all have three, five or seven digits.
    pub digits: bool,
}

impl Profile {
    /// Profile of a column's folded texts, top to bottom.
    pub fn of<'t>(texts: impl Iterator<Item = &'t str>) -> Profile {
        let mut profile = Profile::default();
        let mut seen: BTreeSet<&str> = BTreeSet::new();
        let mut numbers: Vec<&str> = Vec::new();
        for text in texts {
            match shape(text) {
                Shape::Blank => profile.blank += 1,
                Shape::Mark => profile.marks += 1,
                Shape::Date => profile.dates += 1,
                Shape::Rate => profile.rates += 1,
                Shape::Amount => profile.amounts += 1,
                Shape::Code => {
                    profile.codes += 1;
                    numbers.push(text);
                }
                Shape::Whole => {
                    let year = text.len() == 4 && matches!(text.parse::<u16>(), Ok(1990..=2049));
                    profile.years += usize::from(year);
                    profile.wholes += 1;
                    numbers.push(text);
                }
                Shape::Counted => {
                    profile.counted += 1;
                    seen.insert(text);
                }
                Shape::Words => {
                    profile.words += 1;
                    seen.insert(text);
                }
            }
        }
        profile.distinct = seen.len();
        profile.sequence = counts_up(&numbers);
        profile.nested = nest(&numbers);
        profile.digits = !numbers.is_empty() && numbers.iter().all(|n| matches!(n.len(), 3 | 5 | 7));
        profile
    }

    /// Cells that hold a figure of whatever kind.
    pub fn figures(&self) -> usize {
        self.rates + self.wholes + self.amounts
    }

    /// Cells that hold something.
    pub fn filled(&self) -> usize {
        self.figures() + self.marks + self.dates + self.codes + self.counted + self.words
    }

    /// Whether it holds figures, a few notes among them notwithstanding.
    pub fn is_figures(&self) -> bool {
        self.figures() > 0 && self.figures() * 10 >= self.filled() * 7
    }

    /// Whether it holds codes.
    pub fn is_codes(&self) -> bool {
        let codes = self.codes + if self.nested { self.wholes } else { 0 };
        codes > 0
            && self.amounts == 0
            && self.rates == 0
            && codes * 10 >= (self.filled() - self.words) * 8
            && codes >= self.words
    }

    /// Whether it holds whole numbers of three, five or seven digits and no other figure.
    pub fn is_digits(&self) -> bool {
        self.digits && self.wholes + self.codes > 0 && self.amounts == 0 && self.rates == 0
    }

    /// Whether it holds years, written out or as four digits.
    pub fn is_years(&self) -> bool {
        self.dates + self.years > 0 && self.dates + self.years == self.filled() - self.words
    }

    /// Whether it holds words that may name the rows.
    pub fn is_words(&self) -> bool {
        self.words > 0 && (self.words + self.counted) * 2 >= self.filled()
    }
}

/// 1, 2, 3 … at least two of them; a number that repeats over merged or subordinate rows does not count up.
fn counts_up(numbers: &[&str]) -> bool {
    let values: Vec<u32> = numbers.iter().filter_map(|n| n.parse().ok()).collect();
    values.len() >= 2
        && values.len() == numbers.len()
        && values
            .windows(2)
            .all(|w| w[0].checked_add(1) == Some(w[1]) || (w[1] == 1 && w[0] > 1))
        && values[0] <= 1
}

/// Codes of 3, 5, 7 or 9 digits of which some begin with others, or codes all of 7 digits and more of one class.
fn nest(numbers: &[&str]) -> bool {
    let lengths: BTreeSet<usize> = numbers.iter().map(|n| n.len()).collect();
    let whole = numbers.iter().all(|n| n.bytes().all(|b| b.is_ascii_digit()));
    if !whole || !lengths.iter().all(|l| matches!(l, 3 | 5 | 7 | 9)) {
        return false;
    }
    let known: BTreeSet<&str> = numbers.iter().copied().collect();
    let below = |n: &&&str| [3, 5, 7].iter().any(|l| n.len() > *l && known.contains(&n[..*l]));
    let nested = known.iter().filter(below).count();
    let classes = known.iter().filter(|n| n.starts_with('2')).count() == known.len();
    nested * 3 >= known.len() && nested > 0 || (classes && known.len() >= 2 && lengths.iter().all(|l| *l >= 7))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_that_count_up() {
        for (numbers, up) in [
            (&["1", "2", "3"][..], true),
            (&["1", "2", "1"], true),
            (&["1", "3"], false),
            (&["4294967295", "15"], false),
            (&["1"], false),
        ] {
            assert_eq!(counts_up(numbers), up, "{numbers:?}");
        }
    }

    #[test]
    fn shapes_of_cells() {
        for (text, expected) in [
            ("", Shape::Blank),
            ("——", Shape::Blank),
            ("不适用", Shape::Blank),
            ("√", Shape::Mark),
            ("2022年", Shape::Date),
            ("2022年3月", Shape::Date),
            ("2022-03-05", Shape::Date),
            ("2022.12.31", Shape::Date),
            ("2022.12", Shape::Amount),
            ("2022年水利资金", Shape::Words),
            ("98.5%", Shape::Rate),
            ("143", Shape::Whole),
            ("1,020", Shape::Amount),
            ("200万元", Shape::Amount),
            ("2451(不含预留部分)", Shape::Whole),
            ("(不含预留部分)", Shape::Words),
            ("-3.5", Shape::Amount),
            ("2022-001", Shape::Code),
            ("007", Shape::Code),
            ("0", Shape::Whole),
            ("0.00", Shape::Amount),
            ("51092324T000010263357", Shape::Code),
            ("5G园区", Shape::Words),
            ("120户", Shape::Counted),
            ("3月5号", Shape::Date),
            ("≥95%", Shape::Words),
        ] {
            assert_eq!(shape(text), expected, "{text}");
        }
    }

    #[test]
    fn columns_of_codes_and_order() {
        let of = |texts: &[&str]| Profile::of(texts.iter().copied());
        assert!(of(&["1", "2", "", "3"]).sequence);
        assert!(!of(&["1", "3", "2"]).sequence);
        assert!(of(&["201", "20101", "2010101", "合计"]).is_codes());
        assert!(of(&["2101202", "2080505"]).is_codes());
        assert!(of(&["2022-001", "2022-002"]).is_codes());
        assert!(!of(&["100", "205", "307"]).is_codes());
        assert!(of(&["100", "205.5", "另行下达", "3"]).is_figures());
        assert!(!of(&["甲", "乙", "3"]).is_figures());
    }
}
