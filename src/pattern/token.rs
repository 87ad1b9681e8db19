//! The words of a flattened row, and what each can be.

use crate::pattern::label::Label;
use crate::pattern::wording::Words;
use crate::text::fold::fold_char;
use crate::text::number::is_plain_digit;

/// What a word of a flattened row can be, by its form and the known labels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A plain number: 1,020.16; with a note in brackets also.
    Number,
    /// 98.82%.
    Percent,
    /// A number with comparator, unit or range, or a date: ≥100人, 2-3家, 2023年12月底.
    Value,
    /// A blank mark: —, /, 无.
    Dash,
    /// ≥, ≤, = alone.
    Comparator,
    /// 产出指标.
    Level1,
    /// 数量指标.
    Level2,
    /// 成本指标, which is of the first level in some forms and of the second in others.
    EitherLevel,
    /// A value in words: 有效提升.
    Qualitative,
    /// The label left of a grid: 绩效指标.
    Side,
    /// A numbered name: 指标1：培训人数, 2.培训人数.
    Numbered,
    /// A name that was left empty: 指标2：, ……
    Filler,
    /// Anything else.
    Text,
}

impl Kind {
    /// Whether the word is a label of indicator levels or of a grid's side.
    pub fn is_label(self) -> bool {
        matches!(self, Kind::Level1 | Kind::Level2 | Kind::EitherLevel | Kind::Side)
    }

    /// Whether the word says something that a name does not.
    pub fn is_value(self) -> bool {
        matches!(self, Kind::Number | Kind::Percent | Kind::Value)
    }
}

/// A word of a flattened row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Token {
    /// Text; parts of one value joined (≥200 家).
    pub text: String,
    /// What it can be.
    pub kind: Kind,
    /// It belongs to a row of the funding block that is part of another (其中, 上年结转资金): such rows have no points.
    pub part_row: bool,
    /// It is a whole cell for certain.
    pub whole: bool,
    /// It is the label of a level in full (数量指标), which names no indicator.
    pub full_label: bool,
}

/// Whether a text is the label of a level in full: 数量指标, which says more than 数量. 服务对象满意度 may name an indicator.
pub(crate) fn is_full_label(text: &str, words: &Words<'_>) -> bool {
    let level = |text: &str| words.label(text).is_some_and(Label::is_level);
    let cut = text.char_indices().nth_back(1).map_or(0, |(at, _)| at);
    cut > 0 && level(text) && level(&text[..cut])
}

/// Tokens of texts; `joins` puts a number and its unit together that a blank parts.
pub(crate) fn cells(texts: &[&str], joins: bool, words: &Words<'_>) -> Vec<Token> {
    let mut tokens: Vec<Token> = Vec::with_capacity(texts.len());
    let mut part_row = false;
    for (index, text) in texts.iter().enumerate() {
        let kind = kind(text, words);
        if let (true, Some(last)) = (joins, tokens.last_mut()) {
            let unit = last.kind == Kind::Number && words.label(text) == Some(Label::Unit);
            let compared = last.kind == Kind::Comparator && matches!(kind, Kind::Number | Kind::Percent | Kind::Value);
            let spaced = last.kind == Kind::Value
                && last.text.ends_with(|c: char| c.is_ascii_digit())
                && words.label(text) == Some(Label::Unit);
            if unit || compared || spaced {
                last.text.push(' ');
                last.text.push_str(text);
                last.kind = Kind::Value;
                continue;
            }
        }
        if words.label(text) == Some(Label::FundingRow) {
            part_row = !text.contains("总额") && !text.contains("合计");
        }
        tokens.push(Token {
            text: (*text).to_owned(),
            kind,
            part_row: part_row && index > 0,
            whole: false,
            full_label: kind.is_label() && is_full_label(text, words),
        });
    }
    twins(&mut tokens);
    tokens
}

/// What a text is whose parts are a number and its unit in one cell: 200 家.
pub(crate) fn kind_of_parts<'t>(parts: impl Iterator<Item = &'t str>, words: &Words<'_>) -> Option<Kind> {
    let parts: Vec<&str> = parts.collect();
    match cells(&parts, true, words).as_slice() {
        [one] => Some(one.kind),
        _ => None,
    }
}

/// Target and actual in the same words stand side by side and are no name.
fn twins(tokens: &mut [Token]) {
    for i in 1..tokens.len().saturating_sub(1) {
        let (left, right) = tokens.split_at_mut(i + 1);
        if let (Some(a), Some(b)) = (left.last_mut(), right.first_mut())
            && a.kind == Kind::Text
            && a.text == b.text
        {
            a.kind = Kind::Qualitative;
            b.kind = Kind::Qualitative;
        }
    }
}

/// What a text can be.
pub(crate) fn kind(text: &str, words: &Words<'_>) -> Kind {
    let first = text.chars().next().unwrap_or(' ');
    if text
        .chars()
        .all(|c| matches!(c, '-' | '—' | '–' | '－' | '/' | '\\' | '无' | '─'))
    {
        return Kind::Dash;
    }
    if is_comparator(first) {
        let rest = text.trim_start_matches(is_comparator);
        return match rest.chars().next() {
            None => Kind::Comparator,
            Some(c) if is_plain_digit(c) => Kind::Value,
            Some(_) => Kind::Text,
        };
    }
    if text.chars().all(|c| matches!(c, '…' | '.' | '·')) {
        return Kind::Filler;
    }
    if is_plain_digit(first) || matches!(first, '-' | '－' | '+') {
        return figure(text, words);
    }
    match words.label(text) {
        Some(Label::Level1) if matches!(text.chars().next(), Some('成')) => return Kind::EitherLevel,
        Some(Label::Level1) => return Kind::Level1,
        Some(Label::Level2) => return Kind::Level2,
        Some(Label::Qualitative) => return Kind::Qualitative,
        Some(Label::Side | Label::FundingHead) => return Kind::Side,
        _ => {}
    }
    if let Some(rest) = text.strip_prefix("指标").or_else(|| text.strip_prefix("目标")) {
        let rest = rest.trim_start_matches(is_plain_digit);
        if let Some(name) = rest.strip_prefix(['：', ':', '、']) {
            return if name.is_empty() { Kind::Filler } else { Kind::Numbered };
        }
    }
    for word in COMPARING {
        if let Some(rest) = text.strip_prefix(word)
            && rest.starts_with(is_plain_digit)
        {
            return Kind::Value;
        }
    }
    Kind::Text
}

/// Words before a number that make it a bound.
const COMPARING: [&str; 18] = [
    "不低于",
    "不少于",
    "不小于",
    "不超过",
    "不高于",
    "不大于",
    "大于等于",
    "小于等于",
    "大于",
    "小于",
    "高于",
    "低于",
    "超过",
    "达到",
    "至少",
    "约",
    "控制在",
    "增长",
];

pub(crate) fn is_comparator(c: char) -> bool {
    matches!(fold_char(c), '≥' | '≤' | '>' | '<' | '=' | '≈' | '±')
}

/// A text that starts with a digit or sign.
fn figure(text: &str, words: &Words<'_>) -> Kind {
    let number = |c: char| is_plain_digit(c) || matches!(c, '.' | ',' | '，' | '．');
    let rest = text.trim_start_matches(['-', '－', '+']);
    let digits = rest.len();
    let rest = rest.trim_start_matches(number);
    if rest.len() == digits {
        return Kind::Text;
    }
    let before = &text[..text.len() - rest.len()];
    if before.ends_with(['.', '．', '，', ',']) {
        return if rest.is_empty() { Kind::Text } else { Kind::Numbered };
    }
    let mut chars = rest.chars();
    match chars.next() {
        None => return Kind::Number,
        Some('%' | '％' | '‰') if chars.as_str().is_empty() => return Kind::Percent,
        // 权重及得分: 20/18.
        Some('/') if !chars.as_str().is_empty() && chars.as_str().chars().all(number) => return Kind::Number,
        Some('、' | '：' | ':' | ')' | '）') => return Kind::Numbered,
        Some('(' | '（') if rest.ends_with(['）', ')']) => return Kind::Number,
        _ => {}
    }
    // Names that start with a number: 5G基站数量, 2022年培训人数, 12345热线办结率.
    let rest_chars = rest.chars().count();
    let name = NAME_ENDS.iter().any(|end| rest.ends_with(end)) && rest_chars > 2;
    let letter = rest.starts_with(|c: char| c.is_ascii_uppercase());
    if name || letter || rest_chars > 14 || rest_chars > LONGEST_UNIT && !opens_with_unit(rest, words) {
        Kind::Text
    } else {
        Kind::Value
    }
}

/// Characters of what may follow a number as its unit without being known.
const LONGEST_UNIT: usize = 4;

/// Whether what follows a number begins with a unit, a part of a date or the end of a range: 个工作日内, 年底前, -30家.
fn opens_with_unit(rest: &str, words: &Words<'_>) -> bool {
    let ends = rest.char_indices().skip(1).map(|(at, _)| at).take(LONGEST_UNIT);
    let unit = |end: usize| words.label(&rest[..end]) == Some(Label::Unit);
    rest.starts_with(|c: char| "年月日时季至到-－—~～/+×*以左万亿千百余多几".contains(c)) || ends.into_iter().any(unit)
}

/// Endings of indicator names.
const NAME_ENDS: [&str; 16] = [
    "数量", "率", "人数", "次数", "数", "情况", "程度", "面积", "金额", "度", "成本", "项目", "资金", "经费", "工程",
    "性",
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pattern::Patterns;

    #[test]
    fn kinds_of_words() {
        let patterns = Patterns::builtin().unwrap();
        let words = Words::new(&patterns);
        for (text, expected) in [
            ("1,020.16", Kind::Number),
            ("2451（不含预留部分）", Kind::Number),
            ("98.82%", Kind::Percent),
            ("≥100人", Kind::Value),
            ("2-3家", Kind::Value),
            ("10亿元以上", Kind::Value),
            ("不低于90%", Kind::Value),
            ("2023年12月31日前", Kind::Value),
            ("——", Kind::Dash),
            ("产出指标（50分）", Kind::Level1),
            ("成本指标", Kind::EitherLevel),
            ("社会效益", Kind::Level2),
            ("有效提升", Kind::Qualitative),
            ("指标1：培训人数", Kind::Numbered),
            ("1.培训人数", Kind::Numbered),
            ("指标2：", Kind::Filler),
            ("……", Kind::Filler),
            ("5G基站数量", Kind::Text),
            ("110联动指挥系统升级", Kind::Text),
            ("5个工作日以内", Kind::Value),
            ("2022年培训人数", Kind::Text),
            ("培训人数", Kind::Text),
        ] {
            assert_eq!(kind(text, &words), expected, "{text}");
        }
    }

    #[test]
    fn a_number_takes_its_unit_back() {
        let patterns = Patterns::builtin().unwrap();
        let words = Words::new(&patterns);
        let texts: Vec<String> = cells(&["12", "新增企业数量", "≥200", "家", "510", "家", "10"], true, &words)
            .into_iter()
            .map(|t| t.text)
            .collect();
        assert_eq!(texts, ["12", "新增企业数量", "≥200 家", "510 家", "10"]);
    }
}
