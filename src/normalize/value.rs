//! Targets and actuals: how a cell states a value.

use super::deadline;
use super::figure::{self, Figure};
use crate::model::{Value, ValueKind};
use crate::pattern::Patterns;
use crate::pattern::units::UnitKind;
use crate::text::chinese::{self, YUAN};
use crate::text::date::{self, closes_part};
use crate::text::fold::{bare, fold_char, is_blank};
use crate::text::mark::{is_comparator, is_dash, is_minus, is_unknown};
use crate::text::note::without_marks;
use crate::text::number::{self, Commas};

/// Cells longer than this are prose; their figures are no value of the indicator.
const MAX_CELL: usize = 400;

/// Reads a cell. `column_unit` is the row's cell in a unit column, `comparator_cell` the one in a sign column (≥ ≤ = 定性); what
/// the cell itself says wins over both. The number stays as written: 208万 is `208` with the unit `万`.
///
/// Kinds are those of the output contract: 以上, 以下 and 以内 include the bound; 超过 and 不满 exclude it. A wording with one
/// incidental number (对全县12个乡镇开展检查) is qualitative; several figures with units make a `compound`.
pub fn read(raw: &str, column_unit: Option<&str>, comparator_cell: Option<&str>, patterns: &Patterns) -> Value {
    let raw = raw.trim_matches(is_blank);
    if patterns.values.is_blank(raw) {
        return of_kind(raw, ValueKind::Empty);
    }
    // 96%①: the mark of a note is no part of the value.
    let core = without_marks(raw);
    if core != raw {
        let read = read_bare(core, column_unit, comparator_cell, patterns);
        if !matches!(
            read.kind,
            ValueKind::Qualitative | ValueKind::Compound | ValueKind::Empty
        ) {
            return Value {
                raw: raw.to_owned(),
                ..read
            };
        }
    }
    read_bare(raw, column_unit, comparator_cell, patterns)
}

fn read_bare(raw: &str, column_unit: Option<&str>, comparator_cell: Option<&str>, patterns: &Patterns) -> Value {
    let stated = comparator_cell.and_then(|cell| patterns.values.comparator(cell));
    let chars = trimmed(raw, patterns);
    let text: String = chars.iter().collect();
    let mut value = if text.is_empty() || chars.len() > MAX_CELL || stated == Some(ValueKind::Qualitative) {
        of_kind(raw, ValueKind::Qualitative)
    } else if let Some(date) = deadline::cell(&text, &patterns.values).or_else(|| {
        // 2021.12 and 20211231 are dates where no unit and no sign makes them figures.
        let bare = column_unit.is_none_or(|u| patterns.values.is_blank(u)) && stated.is_none();
        bare.then(|| deadline::compact(&text, &patterns.values).map(Some))
            .flatten()
    }) {
        Value {
            date,
            ..of_kind(raw, ValueKind::Date)
        }
    } else {
        numeric(raw, &chars, patterns)
    };
    if let Some(kind) = stated
        && value.kind == ValueKind::Exact
    {
        value.kind = kind;
    }
    let numeric = !matches!(
        value.kind,
        ValueKind::Date | ValueKind::Qualitative | ValueKind::Compound | ValueKind::Empty
    );
    let yuan_sign = value.unit.as_deref() == Some(YUAN_SIGN);
    if yuan_sign {
        value.unit = None;
    }
    if numeric && value.unit.is_none() {
        value.unit = column_unit
            .map(|unit| unit.trim_matches(is_blank))
            .filter(|unit| {
                !patterns.values.is_blank(unit) && !unit.chars().any(char::is_numeric) && unit.chars().count() <= 12
            })
            .map(|unit| {
                unit.trim_matches(['(', ')', '（', '）'])
                    .chars()
                    .map(|c| if c == '％' { '%' } else { c })
                    .collect()
            });
    }
    if yuan_sign && value.unit.is_none() {
        value.unit = Some(YUAN.to_owned());
    }
    value
}

/// Whether a cell states its unit by ￥ alone, which says nothing of 万.
pub fn is_sign_alone(raw: &str, value: &Value, patterns: &Patterns) -> bool {
    value.unit.as_deref() == Some(YUAN) && {
        let chars = trimmed(raw, patterns);
        let told = |c: &char| {
            patterns
                .units
                .longest(&[*c], 0)
                .is_some_and(|u| u.kind == UnitKind::Money)
        };
        !chars.iter().any(told)
    }
}

/// What stands for it until the unit of the column has been looked at.
const YUAN_SIGN: &str = "￥";

/// The cell folded, without white space between characters other than digits, label and closing punctuation.
fn trimmed(raw: &str, patterns: &Patterns) -> Vec<char> {
    let mut chars: Vec<char> = Vec::with_capacity(raw.len() / 2);
    let mut gap = false;
    for c in raw.chars() {
        if is_blank(c) {
            gap = true;
            continue;
        }
        let c = fold_char(c);
        let figure = |c: &char| c.is_ascii_alphanumeric() || *c == '.' || *c == ',';
        if gap && figure(&c) && chars.last().is_some_and(figure) {
            chars.push(' ');
        }
        gap = false;
        chars.push(c);
    }
    chars.drain(..patterns.values.label(&chars));
    while chars
        .last()
        .is_some_and(|c| matches!(c, '。' | ';' | '；' | ',' | '，' | '、' | ' '))
    {
        chars.pop();
    }
    if chars.last() == Some(&'.') && chars.iter().filter(|c| **c == '.').count() == 1 {
        chars.pop();
    }
    chars
}

fn numeric(raw: &str, chars: &[char], patterns: &Patterns) -> Value {
    // (1.16%) is a note, or a minus where a decrease may stand: [`accounting`] reads it there. ≥ may hide behind a mark.
    if accounting_form(chars).is_some() || chars.iter().any(|c| is_unknown(*c)) {
        return of_kind(raw, ValueKind::Qualitative);
    }
    if let Some(value) = whole(raw, chars, patterns) {
        return value;
    }
    // 满意度90%以上（含90%）: the note says nothing of its own.
    let bare = without_note(chars);
    if let [only] = &stated_figures(bare, patterns)[..]
        && is_the_value(bare, only, patterns)
    {
        return of_figure(raw, only, None);
    }
    let figures = stated_figures(chars, patterns);
    // 80%<X≤90% is a wording that this grammar does not know.
    let formula = |f: &Figure| chars.get(f.outer.end).is_some_and(|c| is_comparator(*c) || *c == '±');
    if figures.iter().any(formula) {
        return of_kind(raw, ValueKind::Qualitative);
    }
    match &figures[..] {
        [] => of_kind(raw, ValueKind::Qualitative),
        [only] if is_the_value(chars, only, patterns) => of_figure(raw, only, None),
        [_] => of_kind(raw, ValueKind::Qualitative),
        several => {
            let mut parts = Vec::new();
            let mut from = 0;
            for figure in several {
                parts.push(of_figure(
                    &part_text(&chars[from..figure.outer.end], patterns),
                    figure,
                    None,
                ));
                from = figure.outer.end;
            }
            Value {
                parts,
                ..of_kind(raw, ValueKind::Compound)
            }
        }
    }
}

/// Reads digits as a date where the cell beside them is one: 2022 beside 2022年, 12.20 beside 12月31日前. 202212 and 202211
/// beside each other are months.
pub fn settle_dates(target: Option<&mut Value>, actual: Option<&mut Value>) {
    let (Some(target), Some(actual)) = (target, actual) else {
        return;
    };
    let months = [&*target, &*actual].iter().all(|v| bare(&v.raw).len() == 6);
    let other_dated = [actual.kind == ValueKind::Date, target.kind == ValueKind::Date];
    let read = [&*target, &*actual].map(|v| {
        let plain = v.kind == ValueKind::Exact && v.unit.is_none();
        plain.then(|| deadline::beside(&v.raw)).flatten()
    });
    let both = months && read.iter().all(Option::is_some);
    for ((value, read), dated) in [target, actual].into_iter().zip(read).zip(other_dated) {
        if let Some(date) = read.filter(|_| dated || both) {
            let source = value.source.take();
            *value = Value {
                date,
                source,
                ..of_kind(&value.raw, ValueKind::Date)
            };
        }
    }
}

/// Whether a cell that gave no value looks like one all the same: numerals with nothing but units, signs and qualifiers
/// around them (9 6 %, ≥5.0.3, 1OO, 近千人). A ratio (1:2) and a fraction (26/27) are told in no other way.
pub fn is_unread(value: &Value, patterns: &Patterns) -> bool {
    if value.kind != ValueKind::Qualitative {
        return false;
    }
    let chars: Vec<char> = trimmed(&value.raw, patterns)
        .into_iter()
        .filter(|c| *c != ' ')
        .collect();
    let ratio = |c: &char| matches!(c, ':' | '/');
    let mut parts = chars.split(ratio);
    let number = |part: &[char]| !part.is_empty() && part.iter().all(|c| c.is_ascii_digit() || *c == '.');
    // 2022年6月、12月: points in time, told in a way that gives no date.
    let dated = (1..chars.len()).any(|i| closes_part(chars[i]) && chars[i - 1].is_ascii_digit());
    if chars.is_empty() || dated || chars.len() > 40 || chars.iter().any(ratio) && parts.all(number) {
        return false;
    }
    let (mut digits, mut runs, mut scale, mut i) = (false, 0, false, 0);
    while i < chars.len() {
        let c = chars[i];
        if chinese::is_chinese_numeral(c) {
            let run = chars[i..].iter().take_while(|c| chinese::is_chinese_numeral(**c));
            scale |= run.clone().any(|c| chinese::is_scale(*c));
            i += run.count();
            runs += 1;
            continue;
        }
        let looks = "OoIlxXeE".contains(c);
        let unit = || patterns.units.longest(&chars, i).map(|u| u.len);
        match patterns.values.word_at(&chars, i).or_else(unit) {
            Some(len) => i += len,
            // A number that is no digit of ours: Ⅲ.
            None if looks || !c.is_alphabetic() || c.is_numeric() => {
                digits |= c.is_numeric() && number::is_plain_digit(c);
                i += 1;
            }
            None => return false,
        }
    }
    let roman = chars.iter().all(|c| ('Ⅰ'..='Ⅿ').contains(c));
    digits || roman || runs == 1 && scale
}

/// A figure that a cell marks as negative in the way of accounts, (1.16%), (120)万元 or —5, for cells where a decrease may
/// stand; `None` where the cell is anything else.
pub fn accounting(raw: &str, patterns: &Patterns) -> Option<Value> {
    let inner = accounting_form(&trimmed(without_marks(raw), patterns))?;
    let mut value = whole(raw.trim_matches(is_blank), &inner, patterns).filter(|v| v.kind == ValueKind::Exact)?;
    let told = value.value.filter(|v| v.0 > rust_decimal::Decimal::ZERO)?;
    value.value = Some(crate::model::Exact(-told.0));
    Some(value)
}

/// The figure inside brackets that hold nothing else, with the unit behind them; or behind an em dash.
fn accounting_form(chars: &[char]) -> Option<Vec<char>> {
    let figure = |inner: &[char]| inner.first().is_some_and(char::is_ascii_digit);
    if let [first, inner @ ..] = chars
        && matches!(first, '—' | '―')
    {
        return figure(inner).then(|| inner.to_vec());
    }
    let inner = chars.strip_prefix(&['('][..])?;
    let close = inner.iter().position(|c| *c == ')')?;
    let (inner, unit) = (&inner[..close], &inner[close + 1..]);
    let short = unit.len() <= 4 && unit.iter().all(|c| c.is_alphabetic() || *c == '%');
    let told = inner
        .iter()
        .all(|c| c.is_ascii_digit() || matches!(c, ',' | '，' | '.' | '%' | '‰') || c.is_alphabetic());
    (figure(inner) && short && told).then(|| [inner, unit].concat())
}

/// A cell that is one figure and nothing else but a note in brackets.
fn whole(raw: &str, chars: &[char], patterns: &Patterns) -> Option<Value> {
    let bare = without_note(chars);
    for text in [chars, bare] {
        let spaced = text.contains(&' ');
        let joined: Vec<char>;
        let text = if spaced {
            // 1 020.16 as a PDF gives it: only where the number grammar says that the pieces are one number.
            let figure: String = text
                .iter()
                .take_while(|c| !c.is_alphabetic() && !matches!(c, '%' | '‰'))
                .collect();
            let rest = &text[figure.chars().count()..];
            let signs: String = figure.chars().take_while(|c| !c.is_ascii_digit()).collect();
            match number::parse(&figure[signs.len()..]) {
                Some(number) => {
                    joined = signs
                        .chars()
                        .chain(number.value.to_string().chars())
                        .chain(rest.iter().copied())
                        .collect();
                    &joined[..]
                }
                None => text,
            }
        } else {
            text
        };
        for start in 0..text.len() {
            if !figure::can_start(text, start, patterns) {
                continue;
            }
            // Only what comes before may be qualifiers; the first place where a figure can start decides.
            let Some(figure) = figure::at(text, start, Commas::Both, patterns) else {
                if chinese::is_chinese_numeral(text[start]) {
                    continue;
                }
                break;
            };
            if figure.outer.start != 0 {
                break;
            }
            let rest = &text[figure.outer.end..];
            if rest.is_empty() {
                return Some(of_figure(raw, &figure, None));
            }
            if figure.unit.is_none() && !figure.chinese && is_unknown_unit(rest, patterns) {
                return Some(of_figure(raw, &figure, Some(rest.iter().collect())));
            }
            break;
        }
    }
    None
}

/// A word of one or two letters straight after a number is a unit that the list does not know.
fn is_unknown_unit(rest: &[char], patterns: &Patterns) -> bool {
    // Words that go on about the figure instead: 100达标, 2021.12前.
    let goes_on = |c: &char| patterns.values.goes_on.has(*c) || chinese::is_chinese_numeral(*c);
    // 5G, 2A: a name.
    let name = rest.len() == 1 && rest[0].is_ascii_uppercase();
    // 1OO: letters that look like digits are not the unit of the digits before them.
    let digits = rest
        .iter()
        .any(|c| matches!(c, 'O' | 'o' | 'l' | 'I' | 'О' | 'о' | 'Ο' | 'ο' | '〇'));
    rest.len() <= 2 && rest.iter().all(|c| c.is_alphabetic()) && !rest.iter().any(goes_on) && !name && !digits
}

/// The text before a closing note: 2451（不含预留部分）.
fn without_note(chars: &[char]) -> &[char] {
    if chars.last() != Some(&')') {
        return chars;
    }
    let mut depth = 0_usize;
    for (i, c) in chars.iter().enumerate().rev() {
        match c {
            ')' => depth += 1,
            '(' => {
                depth -= 1;
                if depth == 0 {
                    return if i == 0 { chars } else { &chars[..i] };
                }
            }
            _ => {}
        }
    }
    chars
}

/// Figures with a unit that are no dates, ordinals or Chinese numerals in words (一次性).
fn stated_figures(chars: &[char], patterns: &Patterns) -> Vec<Figure> {
    let dates = date::all_in(chars);
    figure::all(chars, Commas::Ascii, patterns)
        .into_iter()
        .filter(|f| {
            let dated = dates
                .iter()
                .any(|d| d.span.start < f.span.end && f.span.start < d.span.end);
            let year = f
                .unit
                .as_ref()
                .is_some_and(|u| u.kind == UnitKind::Time && date::part(&u.text).is_some());
            let unit = f.unit.as_ref().map_or("", |u| u.text.as_str());
            let ordinal = patterns.lexicon.is_ordinal(&chars[..f.span.start], unit);
            (f.unit.is_some() || f.yuan_sign) && !f.chinese && !dated && !year && !ordinal
        })
        .collect()
}

/// Whether the only figure of a short wording is its value: 完成率≥95%, 100家企业; not 对全县12个乡镇开展检查.
fn is_the_value(chars: &[char], figure: &Figure, patterns: &Patterns) -> bool {
    let bare = without_note(chars);
    let chars = if figure.outer.end <= bare.len() { bare } else { chars };
    let (before, after) = (&chars[..figure.outer.start], &chars[figure.outer.end..]);
    let clause = |text: &[char]| text.iter().any(|c| matches!(c, '，' | ',' | ';' | '；' | '。' | '、'));
    let negated = |text: &[char]| text.iter().any(|c| patterns.values.negations.has(*c));
    let short = before.len() + after.len() <= 14 && after.len() <= 8;
    // -(5%) and 5%- may be negative or not.
    let signed = before.iter().rev().find(|c| **c != '(').is_some_and(|c| is_minus(*c)) && before.last() == Some(&'(')
        || matches!(after, [only] if is_dash(*only));
    short && !signed && !clause(before) && !clause(after) && !negated(before) && !negated(after)
}

fn part_text(chars: &[char], patterns: &Patterns) -> String {
    let mark = |c: char| c.is_whitespace() || matches!(c, '，' | ',' | ';' | '；' | '。' | '、');
    let cut = |c: char| mark(c) || patterns.values.joins.has(c);
    chars.iter().collect::<String>().trim_start_matches(cut).to_owned()
}

fn of_kind(raw: &str, kind: ValueKind) -> Value {
    Value {
        raw: raw.to_owned(),
        kind,
        value: None,
        low: None,
        high: None,
        unit: None,
        date: None,
        parts: Vec::new(),
        source: None,
    }
}

fn of_figure(raw: &str, figure: &Figure, unknown_unit: Option<String>) -> Value {
    let sign = figure.yuan_sign.then(|| YUAN_SIGN.to_owned());
    let unit = figure.unit.as_ref().map(|u| u.text.clone()).or(unknown_unit).or(sign);
    let mut value = Value {
        unit,
        ..of_kind(raw, figure.kind)
    };
    match figure.high {
        Some(high) => {
            value.low = Some(figure.low);
            value.high = Some(high);
        }
        None => value.value = Some(figure.low),
    }
    value
}
