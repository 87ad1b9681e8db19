//! What a piece of text is by its form: the letters of the code in which columns are told apart.

use crate::pattern::label::Label;
use crate::pattern::token::{self, Kind as Word};
use crate::pattern::wording::Words;
use crate::text::lines::is_heading;
use std::collections::HashMap;

/// The form of a piece.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[repr(u8)]
pub(crate) enum Kind {
    /// A cell that is known to be empty, or one that the text leaves out.
    Empty,
    /// A cell that its neighbour covers.
    Covered,
    /// —, /, 无.
    Dash,
    /// A whole number that goes on from one before it: 1, 2, 3.
    Run,
    /// A whole number up to 100.
    Small,
    /// A whole number of three or four digits.
    Whole,
    /// A longer one without separators: money in 元, or a code.
    Long,
    /// With separators of thousands.
    Grouped,
    /// With a decimal point.
    Decimal,
    /// 98.82%.
    Percent,
    /// With comparator: ≥8次.
    Bound,
    /// With unit or range.
    Value,
    /// A date or a span of time.
    Date,
    /// ≥ alone.
    Comparator,
    /// 产出指标.
    Level1,
    /// 数量指标.
    Level2,
    /// 合计, 其中：财政拨款: names of rows.
    RowName,
    /// 一、, （一）: a numbered name, or the heading of a chapter.
    Outline,
    /// 有效提升.
    Qualitative,
    /// 人次.
    Unit,
    /// Up to four characters.
    Short,
    /// Up to twelve.
    Words,
    /// More.
    Phrase,
    /// With the marks of a sentence.
    Sentence,
}

/// Pieces from one number of a sequence to the next at most.
const FARTHEST: usize = 60;

/// How many kinds there are.
pub(crate) const KINDS: usize = Kind::Sentence as usize + 1;

impl Kind {
    /// Whether the piece is a figure.
    pub fn is_figure(self) -> bool {
        (Kind::Run as u8..=Kind::Value as u8).contains(&(self as u8))
    }

    /// Whether it holds digits that a column may need: a figure or a date.
    pub fn is_value(self) -> bool {
        self.is_figure() || self == Kind::Date
    }

    /// Whether it is in words.
    pub fn is_words(self) -> bool {
        self as u8 >= Kind::Level1 as u8
    }
}

/// The kinds of texts in their order; `Run` needs the neighbours.
pub(crate) fn kinds(texts: &[&str], words: &Words<'_>) -> Vec<Kind> {
    let mut kinds: Vec<Kind> = texts.iter().map(|text| kind(text, words)).collect();
    // 1, 2, 3 …: each about as many pieces behind the one before; also several such sequences side by side.
    let mut last: HashMap<u32, (usize, usize, usize)> = HashMap::new();
    for at in 0..texts.len() {
        if kinds[at] != Kind::Small && kinds[at] != Kind::Run {
            continue;
        }
        let Ok(number) = texts[at].trim().parse::<u32>() else {
            continue;
        };
        let before = number.checked_sub(1).and_then(|n| last.get(&n).copied());
        let (mut step, mut length) = (0, 1);
        if let Some((place, before_step, before_length)) = before
            && at - place <= FARTHEST
            && (before_step == 0 || (at - place).abs_diff(before_step) <= before_step / 2 + 1)
        {
            (step, length) = (at - place, before_length + 1);
            // A sequence from 1 on is told by two of them.
            if length > 3 || number as usize == length {
                kinds[place] = Kind::Run;
                kinds[at] = Kind::Run;
                let (mut number, mut from) = (number - 1, place);
                while let Some((earlier, ..)) = number.checked_sub(1).and_then(|n| last.get(&n).copied())
                    && (1..=FARTHEST).contains(&from.wrapping_sub(earlier))
                    && kinds[earlier] == Kind::Small
                    && length > 3
                {
                    kinds[earlier] = Kind::Run;
                    (number, from) = (number - 1, earlier);
                }
            }
        }
        last.insert(number, (at, step, length));
    }
    kinds
}

fn kind(text: &str, words: &Words<'_>) -> Kind {
    if text.is_empty() {
        return Kind::Empty;
    }
    if crate::text::page::is_title(text) {
        return Kind::Phrase;
    }
    // (1), the number of a column.
    let inner = text.trim_start_matches(['（', '(']).trim_end_matches(['）', ')']);
    if inner.len() < text.len() && inner.len() <= 2 && inner.bytes().all(|b| b.is_ascii_digit()) {
        return Kind::Small;
    }
    match token::kind(text, words) {
        Word::Number => number(text),
        Word::Percent => Kind::Percent,
        Word::Value if is_date(text) => Kind::Date,
        Word::Value if text.starts_with(token::is_comparator) => Kind::Bound,
        Word::Value => Kind::Value,
        Word::Dash => Kind::Dash,
        Word::Comparator => Kind::Comparator,
        Word::Level1 | Word::Side => Kind::Level1,
        Word::Level2 | Word::EitherLevel => Kind::Level2,
        Word::Qualitative => Kind::Qualitative,
        Word::Numbered | Word::Filler | Word::Text => wording(text, words),
    }
}

fn number(text: &str) -> Kind {
    if text.contains('.') && is_date(text) {
        return Kind::Date;
    }
    if text.contains(['.', '．']) {
        return Kind::Decimal;
    }
    if text.contains([',', '，']) {
        return Kind::Grouped;
    }
    match text.chars().filter(char::is_ascii_digit).count() {
        0..=2 => Kind::Small,
        3 if text == "100" => Kind::Small,
        3..=4 => Kind::Whole,
        _ => Kind::Long,
    }
}

/// Whether a text is a date or a span of time: 2022.12, 2022-03-01, 2022年3月, 2021年-2023年.
fn is_date(text: &str) -> bool {
    let year = text.len() >= 6 && (text.starts_with("19") || text.starts_with("20"));
    let digits = |part: &str| (1..=4).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_digit());
    let parts: Vec<&str> = text
        .split(['.', '-', '/', '年', '月', '日', '至'])
        .filter(|p| !p.is_empty())
        .collect();
    year && parts.len() >= 2
        && parts[0].len() == 4
        && parts.iter().all(|p| digits(p))
        && parts[1].len() != 3
        && (text.contains('年') || parts[1].parse::<u32>().is_ok_and(|m| (1..=12).contains(&m) || m > 1900))
        && !(text.contains('.') && parts.len() == 2 && parts[1].len() != 2)
}

fn wording(text: &str, words: &Words<'_>) -> Kind {
    match words.label(text) {
        Some(Label::Total | Label::FundingRow) => return Kind::RowName,
        Some(Label::Unit) => return Kind::Unit,
        _ => {}
    }
    if text.starts_with("其中") {
        return Kind::RowName;
    }
    if is_heading(text) {
        return Kind::Outline;
    }
    if text.contains(['。', '；', '，']) {
        return Kind::Sentence;
    }
    match text.chars().count() {
        0..=4 => Kind::Short,
        5..=12 => Kind::Words,
        13..=40 => Kind::Phrase,
        _ => Kind::Sentence,
    }
}
