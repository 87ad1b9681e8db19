//! Why a run of digits is no figure: one answer for cells and for running text.

use super::super::figure;
use super::point;
use crate::model::Fate;
use crate::pattern::Patterns;
use crate::pattern::units::UnitKind;
use crate::text::date::{self, YEAR};
use crate::text::fold::{fold_chars, is_blank};
use crate::text::number::Commas;
use crate::text::number::is_plain_digit;
use std::ops::Range;

/// Longest word in quotation marks that is a name: “十四五”, “1+2+3”.
const QUOTED: usize = 12;
/// Most digits of an outline number, of a page.
const ORDINAL: usize = 3;
/// Digits from which a number without words may be a code, and from which it can be nothing else: no amount has so many.
const LONG: usize = 7;
const LONGEST: usize = 15;
/// Characters before a number in which a word may call it a code.
const NAME: usize = 8;
/// Farthest that a title, token or bracket is looked for, in characters.
const REACH: usize = 60;

/// Where a text stands, which decides how much its digits alone tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// In running text: four digits without a unit are a year, a number of days with its unit no figure of the report.
    Prose,
    /// In a cell: a figure, unless its own shape leaves nothing else. A span of time (180天) is one.
    Cell,
    /// In a cell below or beside a heading of dates: 2022, 2022.3 and 20220315 are such.
    DateCell,
}

/// A text with what tells its digits.
pub struct Digits<'p> {
    chars: Vec<char>,
    dates: Vec<Range<usize>>,
    /// Figures with a unit of time, and with another unit.
    spans: Vec<Range<usize>>,
    measured: Vec<Range<usize>>,
    place: Place,
    patterns: &'p Patterns,
}

/// Runs of digits of a text, in characters; points and commas between digits belong to their run.
pub fn runs(text: &str) -> Vec<Range<usize>> {
    let mut found: Vec<Range<usize>> = Vec::new();
    let mut join = None;
    for (at, c) in text.chars().enumerate() {
        match found.last_mut() {
            Some(last) if is_plain_digit(c) && (last.end == at || join == Some(at) && last.end + 1 == at) => {
                last.end = at + 1;
            }
            _ if is_plain_digit(c) => found.push(at..at + 1),
            Some(last) if last.end == at && matches!(c, '.' | ',' | '．') => join = Some(at + 1),
            _ => {}
        }
    }
    found
}

impl<'p> Digits<'p> {
    /// Looks at a text.
    pub fn new(text: &str, place: Place, patterns: &'p Patterns) -> Self {
        let chars = fold_chars(text);
        let dates = date::all_in(&chars).into_iter().map(|d| d.span).collect();
        let (mut spans, mut measured) = (Vec::new(), Vec::new());
        for figure in figure::all(&chars, Commas::Ascii, patterns) {
            match &figure.unit {
                Some(unit) if unit.kind == UnitKind::Time => {
                    match place == Place::Prose || point::is_point(&chars, &figure) {
                        true => spans.push(figure.span),
                        false => measured.push(figure.span),
                    }
                }
                Some(_) => measured.push(figure.span),
                None => {}
            }
        }
        Digits {
            chars,
            dates,
            spans,
            measured,
            place,
            patterns,
        }
    }

    /// Why the digits of a run are no figure; `None` for a figure.
    pub fn why(&self, run: &Range<usize>) -> Option<Fate> {
        let within = |spans: &[Range<usize>]| {
            let after = spans.partition_point(|s| s.end <= run.start);
            spans.get(after).is_some_and(|s| s.start < run.end)
        };
        if within(&self.dates) || within(&self.spans) {
            return Some(Fate::Date);
        }
        if self.enclosed(run, '《', '》', REACH) || self.enclosed(run, '〈', '〉', REACH) {
            return Some(Fate::Label);
        }
        if self.document_number(run) {
            return Some(Fate::Code);
        }
        let (before, after) = (self.before(run), self.after(run));
        if self.patterns.lexicon.is_ordinal(before, "") {
            return Some(Fate::Label);
        }
        if let Some(fate) = self.outline(run) {
            return Some(fate);
        }
        if within(&self.measured) {
            return None;
        }
        if point::in_digits(&self.chars, run, self.place, &self.patterns.fates) {
            return Some(Fate::Date);
        }
        if self.code(run) {
            return Some(Fate::Code);
        }
        let whole = self.chars[run.clone()].iter().all(char::is_ascii_digit);
        let short = whole && run.len() <= ORDINAL;
        let fates = &self.patterns.fates;
        let named = fates.refers(before) || fates.names(after);
        let lettered = |c: Option<&char>| c.is_some_and(char::is_ascii_alphabetic);
        let beside = lettered(self.chars.get(run.end)) || lettered(run.start.checked_sub(1).map(|i| &self.chars[i]));
        let page = short && self.page(run);
        let quoted = self.enclosed(run, '“', '”', QUOTED) || self.enclosed(run, '"', '"', QUOTED);
        (named && (short || whole && run.len() <= 6) || beside || page || quoted).then_some(Fate::Label)
    }

    fn before(&self, run: &Range<usize>) -> &[char] {
        let blanks = self.chars[..run.start].iter().rev().take_while(|c| is_blank(**c));
        &self.chars[..run.start - blanks.count()]
    }

    fn after(&self, run: &Range<usize>) -> &[char] {
        let blanks = self.chars[run.end..].iter().take_while(|c| is_blank(**c));
        &self.chars[run.end + blanks.count()..]
    }

    fn number(&self, run: &Range<usize>) -> Option<u32> {
        let digits = &self.chars[run.clone()];
        if digits.len() > 9 {
            return None;
        }
        digits.iter().try_fold(0, |sum, c| Some(sum * 10 + c.to_digit(10)?))
    }

    fn enclosed(&self, run: &Range<usize>, open: char, close: char, reach: usize) -> bool {
        let far = run.start.saturating_sub(reach);
        let left = self.chars[far..run.start]
            .iter()
            .rposition(|c| *c == open || *c == close && open != close);
        let Some(left) = left.map(|i| far + i).filter(|i| self.chars[*i] == open) else {
            return false;
        };
        let right = self.chars[run.end..].iter().take(reach).position(|c| *c == close);
        right.is_some_and(|right| run.end + right - left <= reach)
    }

    /// 财预〔2020〕10号, (2020)3号, 2020年第3号, 10号.
    fn document_number(&self, run: &Range<usize>) -> bool {
        let brackets = |c: &char| matches!(c, '〔' | '[' | '(' | '【' | '﹝' | '［');
        let closing = |c: &char| matches!(c, '〕' | ']' | ')' | '】' | '﹞' | '］');
        let year = |n: Option<u32>| n.is_some_and(|n| (1949..=2099).contains(&n));
        let after = self.after(run);
        let in_brackets = self.before(run).last().is_some_and(brackets) && after.first().is_some_and(closing);
        if in_brackets && year(self.number(run)) {
            return after[1..]
                .iter()
                .find(|c| !is_blank(**c))
                .is_some_and(|c| is_plain_digit(*c) || self.patterns.fates.opens_number(*c));
        }
        let before = self.before(run);
        let before = match before.split_last() {
            Some((last, rest)) if self.patterns.fates.opens_number(*last) => rest,
            _ => before,
        };
        let numbered = after.first().is_none_or(|c| self.patterns.fates.closes_number(*c));
        let closed = before.last().is_some_and(closing);
        let digits: String = before.iter().rev().skip(1).take(4).collect();
        closed && numbered && year(digits.chars().rev().collect::<String>().parse().ok())
    }

    /// 1. （1） 1、 1) at the beginning of a line or after a mark of punctuation, also 1.1.2 and 1.2023年….
    fn outline(&self, run: &Range<usize>) -> Option<Fate> {
        let digits = &self.chars[run.clone()];
        let first = digits.iter().take_while(|c| c.is_ascii_digit()).count();
        let rest = &digits[first..];
        let before = self.chars[..run.start].iter().rev().find(|c| !matches!(c, ' '));
        let opens = |c: Option<&char>| {
            c.is_none_or(|c| {
                matches!(
                    c,
                    '\n' | '。' | ';' | '；' | ':' | '，' | '、' | '>' | '•' | '#' | '*' | '\u{2028}'
                )
            })
        };
        let start = opens(before) || before == Some(&'(') && opens(self.before_bracket(run));
        let next = self.chars.get(run.end);
        let at_line = before.is_none_or(|c| matches!(c, '\n' | '\u{2028}'));
        if first > ORDINAL {
            return None;
        }
        // The 1. of 1.2023年 and 1.5月: a numbered line that goes on with a date is read as one number.
        if at_line && rest.first() == Some(&'.') && rest.len() > 1 {
            let tail = run.start + first + 1..run.end;
            let dotted = rest.iter().filter(|c| **c == '.').count() > 1;
            let year = tail.len() == 4 && self.number(&tail).is_some_and(|n| (1949..=2099).contains(&n));
            let year = year && first <= 2 && self.after(run).first() == Some(&YEAR);
            // In a cell 9.5 左右 may be meant.
            let heading = next.is_some_and(|c| !is_plain_digit(*c) && (is_blank(*c) || c.is_alphabetic()))
                && self.place == Place::Prose
                && first <= 2
                && tail.len() <= 2;
            let measured = self.measured.iter().any(|s| s.start <= run.start && run.end <= s.end);
            return (dotted || year || heading && !measured).then_some(Fate::Sequence);
        }
        if !rest.is_empty() {
            return None;
        }
        // In a cell a number in brackets or with a point that nothing follows may be a figure: (12), 100.
        let followed = |from: usize| {
            let rest = self.chars.get(from..).unwrap_or_default();
            self.place == Place::Prose || rest.iter().find(|c| !is_blank(**c)).is_some_and(|c| c.is_alphabetic())
        };
        let after = self.after(run);
        let closed = self.chars.len() - after.len() + 1;
        let bracketed = before == Some(&'(') && after.first() == Some(&')') && followed(closed);
        if bracketed && first <= 2 {
            return Some(Fate::Sequence);
        }
        let marked = match next {
            Some('.') => !self.chars.get(run.end + 1).is_some_and(|c| is_plain_digit(*c)),
            Some('、' | '．' | ')') => true,
            Some(':') => at_line,
            _ => false,
        };
        // Items that follow each other in one line: 1、部门预算项目□ 2、市直专项□.
        let blank = run.start > 0 && is_blank(self.chars[run.start - 1]);
        let goes_on = self
            .chars
            .get(run.end + 1)
            .is_some_and(|c| !is_plain_digit(*c) && c.is_alphabetic());
        (marked && followed(run.end + 1) && (start || blank && goes_on && first <= 2)).then_some(Fate::Sequence)
    }

    fn before_bracket(&self, run: &Range<usize>) -> Option<&char> {
        let before = self.before(run);
        before[..before.len().saturating_sub(1)]
            .iter()
            .rev()
            .find(|c| **c != ' ')
    }

    /// Telephone numbers, addresses, long codes, numbers with leading zeros.
    fn code(&self, run: &Range<usize>) -> bool {
        let digits = &self.chars[run.clone()];
        let whole = digits.iter().all(char::is_ascii_digit);
        let zero = digits.len() >= 2 && digits[0] == '0';
        if whole && (zero || digits.len() >= LONGEST || digits.len() >= LONG && self.called_code(run)) {
            return true;
        }
        // 0750-3123456: the part after the first is long by itself or part of a longer token.
        let graphic = |c: &&char| c.is_ascii_graphic() && !matches!(c, ',' | ';' | '(' | ')');
        let left = self.chars[..run.start]
            .iter()
            .rev()
            .take(REACH)
            .take_while(graphic)
            .count();
        let right = self.chars[run.end..].iter().take(REACH).take_while(graphic).count();
        let token: String = self.chars[run.start - left..run.end + right].iter().collect();
        let lower = token.to_ascii_lowercase();
        let address = ["@", "://", "www.", ".gov", ".com", ".cn"]
            .iter()
            .any(|w| lower.contains(w));
        let letters = lower.chars().filter(char::is_ascii_alphabetic).count();
        let numbers = lower.chars().filter(char::is_ascii_digit).count();
        let mixed = letters >= 1 && numbers >= 6;
        let dialled = lower.starts_with('0') && lower.contains('-') && numbers >= 9;
        address || mixed || dialled
    }

    /// Whether the words right before a number call it a code: 联系电话（手机）：13800138000.
    fn called_code(&self, run: &Range<usize>) -> bool {
        let before = self.before(run);
        let label: String = before[before.len().saturating_sub(NAME)..].iter().collect();
        let label = label.rsplit(['，', ',', '。', '；', ';', '\n']).next().unwrap_or("");
        self.patterns.fates.is_code_heading(label)
    }

    /// The number of a page: - 3 - as a whole, or at the end of a line of a table of contents.
    fn page(&self, run: &Range<usize>) -> bool {
        let (before, after) = (self.before(run), self.after(run));
        let dashes = |text: &[char]| {
            !text.is_empty()
                && text
                    .iter()
                    .all(|c| matches!(c, '-' | '—' | '–' | '―' | ' ' | '~' | '·'))
        };
        let leader = before
            .iter()
            .rev()
            .take_while(|c| matches!(c, '.' | '…' | '·' | '．' | '⋯' | '-' | '_'))
            .count();
        let ends = after.is_empty() || self.chars.get(run.end) == Some(&'\n');
        let tab = run.start > 1 && self.chars[run.start - 1] == ' ' && self.chars[run.start - 2] == ' ';
        (dashes(before) && dashes(after)) || ends && (leader >= 2 || before.ends_with(&['…']) || tab)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fates(text: &str, place: Place) -> Vec<Option<Fate>> {
        let patterns = Patterns::builtin().unwrap();
        let digits = Digits::new(text, place, &patterns);
        runs(text).iter().map(|run| digits.why(run)).collect()
    }

    #[test]
    fn runs_of_digits() {
        let texts = |text: &str| -> Vec<String> {
            let chars: Vec<char> = text.chars().collect();
            runs(text).into_iter().map(|r| chars[r].iter().collect()).collect()
        };
        assert_eq!(texts("1,020.16万元，３家"), ["1,020.16", "３"]);
        assert_eq!(texts("1、2. 3"), ["1", "2", "3"]);
        assert_eq!(texts("无"), Vec::<String>::new());
    }

    #[test]
    fn why_digits_are_no_figures() {
        use Fate::{Code, Date, Label, Sequence};
        let mut wrong = Vec::new();
        for (text, expected) in [
            ("2022年度预算100万元", vec![Some(Date), None]),
            ("2021、2022年", vec![Some(Date), Some(Date)]),
            ("2023.4.7", vec![Some(Date)]),
            ("2023部门预算", vec![Some(Date)]),
            ("服务期3个月", vec![Some(Date)]),
            ("上午9:30", vec![Some(Date), Some(Date)]),
            ("财预〔2020〕10号", vec![Some(Code), Some(Code)]),
            ("江府办（2019）3号文", vec![Some(Code), Some(Code)]),
            ("联系电话：0750-3123456", vec![Some(Code), Some(Code)]),
            ("手机：13800138000", vec![Some(Code)]),
            ("合计1742725", vec![None]),
            ("217.1964", vec![None]),
            ("编码2130104", vec![Some(Code)]),
            ("http://www.a.gov.cn/2/3", vec![Some(Code), Some(Code)]),
            ("51092324T000010263357", vec![Some(Code), Some(Code)]),
            ("1.基本情况", vec![Some(Sequence)]),
            ("1.2023年预算", vec![Some(Date)]),
            ("1.1 目标", vec![Some(Sequence)]),
            ("（1）数量指标", vec![Some(Sequence)]),
            ("情况如下：1、甲；2、乙", vec![Some(Sequence), Some(Sequence)]),
            ("甲□ 2、乙□", vec![Some(Sequence)]),
            ("工业200强企业", vec![Some(Label)]),
            ("第3批", vec![Some(Label)]),
            ("附件1", vec![Some(Label)]),
            ("公开01表", vec![Some(Code)]),
            ("见图3", vec![Some(Label)]),
            ("《十三五规划2020》", vec![Some(Label)]),
            ("“135”工程", vec![Some(Label)]),
            ("5G基站", vec![Some(Label)]),
            ("- 3 -", vec![Some(Label)]),
            ("一、概况……12", vec![Some(Label)]),
            ("预算1000", vec![None]),
            ("1.5倍", vec![None]),
            ("1.5万元用于培训", vec![None]),
            ("支出率98.82%", vec![None]),
            ("12345678.90元", vec![None]),
            ("培训 12 人", vec![None]),
            ("20.00", vec![None]),
        ] {
            let found = fates(text, Place::Prose);
            if found != expected {
                wrong.push(format!("{text}: {found:?}, not {expected:?}"));
            }
        }
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    }

    #[test]
    fn digits_of_cells_are_figures_in_doubt() {
        use Fate::{Code, Date, Sequence};
        let mut wrong = Vec::new();
        for (text, cell, below_dates) in [
            ("2000", None, Some(Date)),
            ("2022.3", None, Some(Date)),
            ("20211231", None, Some(Date)),
            ("180天", None, None),
            ("15年", None, None),
            ("3个月", None, None),
            ("≤10天", None, None),
            ("2022年", Some(Date), Some(Date)),
            ("3月底前", Some(Date), Some(Date)),
            ("2022年3月", Some(Date), Some(Date)),
            ("2022-04", Some(Date), Some(Date)),
            ("1742725", None, None),
            ("13800138000", None, None),
            ("320102199001011234", Some(Code), Some(Code)),
            ("007", Some(Code), Some(Code)),
            ("217.1964", None, None),
            ("1.1", None, None),
            ("(12)", None, None),
            ("100.", None, None),
            ("1.道路", Some(Sequence), Some(Sequence)),
            ("（2）桥梁", Some(Sequence), Some(Sequence)),
        ] {
            for (place, expected) in [(Place::Cell, cell), (Place::DateCell, below_dates)] {
                let found = fates(text, place).first().copied().flatten();
                if found != expected {
                    wrong.push(format!("{text}, {place:?}: {found:?}, not {expected:?}"));
                }
            }
        }
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    }
}
