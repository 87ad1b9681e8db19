//! Figures in running text, each with the noun that it belongs to.

use super::change;
use super::figure::{self, Figure};
use super::subject::Sentence;
use crate::model::{Document, Paragraph, Source, Statement, StatementKind, ValueKind};
use crate::pattern::Patterns;
use crate::pattern::units::UnitKind;
use crate::text::chinese;
use crate::text::date;
use crate::text::fold::{fold_chars, is_blank};
use crate::text::mark::is_minus;
use crate::text::number::{self, Commas};
use crate::text::sentence::sentence_at;
use std::ops::Range;

/// Longest sentence in characters; a longer one (a page without a full stop) is cut at a semicolon or comma, because each of
/// its statements carries it.
const MAX_SENTENCE: usize = 1000;
/// The same once this many characters of sentences have been handed out: figures without end in hostile input stay linear.
const MAX_SENTENCE_CROWDED: usize = 120;
const CROWDED: usize = 4_000_000;

/// Every amount, rate, count and score in the paragraphs of a document, in reading order.
///
/// `year` is the one that the report is of: what it compares with 2021年 in a report of 2022 is compared with the year before.
///
/// Left out: dates, years and spans of time, ordinals, document numbers, titles in 《》, names such as 5G and “135”工程, and
/// Chinese numerals that count less than ten. `start` and `end` hold the number and its unit, without comparators; the sentence
/// ends at 。！？ or a line break and keeps its semicolons.
pub fn statements(document: &Document, year: Option<u16>, patterns: &Patterns) -> Vec<Statement> {
    let mut found = Vec::new();
    let mut handed_out = 0;
    for (block, paragraph) in document.blocks.iter().enumerate() {
        if let Some(paragraph) = paragraph.paragraph() {
            read_paragraph(block, paragraph, year, patterns, &mut handed_out, &mut found);
        }
    }
    found
}

fn read_paragraph(
    block: usize,
    paragraph: &Paragraph,
    year: Option<u16>,
    patterns: &Patterns,
    handed_out: &mut usize,
    found: &mut Vec<Statement>,
) {
    let mut rest = 0..paragraph.text.len();
    while !rest.is_empty() {
        let limit = if *handed_out > CROWDED {
            MAX_SENTENCE_CROWDED
        } else {
            MAX_SENTENCE
        };
        let span = sentence_at(&paragraph.text, rest.start, limit);
        rest.start = span.end;
        let text = &paragraph.text[span.clone()];
        let trimmed = text.trim_matches(is_blank);
        if !trimmed
            .chars()
            .any(|c| c.is_numeric() || chinese::is_chinese_numeral(c))
        {
            continue;
        }
        let first = span.start + (text.len() - text.trim_start_matches(is_blank).len());
        let source = Source {
            block: Some(block),
            text: Some(trimmed.to_owned()),
            ..Source::default()
        }
        .with_places(&paragraph.places(first, first + trimmed.len()));
        let before = found.len();
        read_sentence(trimmed, &source, year, patterns, found);
        *handed_out += (found.len() - before) * trimmed.len() / 3;
    }
}

fn read_sentence(text: &str, source: &Source, year: Option<u16>, patterns: &Patterns, found: &mut Vec<Statement>) {
    let original: Vec<char> = text.chars().collect();
    let chars = fold_chars(text);
    let dates = date::all_in(&chars);
    let titles = titles(&chars);
    let inside =
        |spans: &[Range<usize>], f: &Figure| spans.iter().any(|s| s.start < f.span.end && f.span.start < s.end);
    let dates: Vec<Range<usize>> = dates.into_iter().map(|d| d.span).collect();
    let yuan = |mut figure: Figure| {
        if figure.yuan_sign {
            figure.unit = patterns.units.whole("元");
        }
        figure
    };
    let figures: Vec<Figure> = figure::all(&chars, Commas::Ascii, patterns)
        .into_iter()
        .map(yuan)
        .filter(|f| is_statement(&chars, f, patterns) && !inside(&dates, f) && !inside(&titles, f))
        .collect();
    if figures.is_empty() {
        return;
    }
    let sentence = Sentence::new(&chars, &figures);
    let mut carried: Option<String> = None;
    let mut changes = change::Reader::new(&chars, year, patterns);
    for (i, figure) in figures.iter().enumerate() {
        let Some(unit) = &figure.unit else { continue };
        let clause = sentence.clause(i);
        let next = figures.get(i + 1).map_or(chars.len(), |f| f.span.start);
        let told = changes.next(figure, clause.clone(), next);
        let subject = sentence.subject(i, unit.kind, carried.as_deref(), patterns);
        let money = unit.kind == UnitKind::Scale
            && patterns
                .lexicon
                .money_subjects
                .within(&subject.as_deref().unwrap_or_default().chars().collect::<Vec<_>>());
        let kind = match unit.kind {
            UnitKind::Money | UnitKind::Foreign => StatementKind::Amount,
            UnitKind::Rate => StatementKind::Rate,
            UnitKind::Score => StatementKind::Score,
            UnitKind::Scale if money => StatementKind::Amount,
            _ => StatementKind::Count,
        };
        let yuan = match figure.kind {
            ValueKind::Range => None,
            _ if money => number::scaled(figure.low, unit.factor).map(crate::model::Exact::normalized),
            _ => figure.yuan(),
        };
        // A rate speaks of the noun of the amount before it, and hands that on rather than its own words.
        let hands_on = !matches!(unit.kind, UnitKind::Rate | UnitKind::Score) && subject.is_some();
        if hands_on || carried.is_none() {
            carried.clone_from(&subject);
        }
        found.push(Statement {
            raw: original[clause]
                .iter()
                .collect::<String>()
                .trim_matches(is_blank)
                .to_owned(),
            kind,
            subject,
            value: figure.high.is_none().then_some(figure.low),
            unit: Some(unit.text.clone()),
            yuan,
            qualifier: figure.kind,
            direction: told.direction,
            compared_with: told.compared_with,
            share_of: told.share_of,
            start: figure.span.start,
            end: figure.span.end,
            source: source.clone(),
        });
    }
}

fn is_statement(chars: &[char], figure: &Figure, patterns: &Patterns) -> bool {
    let Some(unit) = &figure.unit else { return false };
    if unit.kind == UnitKind::Time {
        return false;
    }
    // ▲ before a line of running text may be a bullet.
    if figure.span.start == 0 && !chars[0].is_ascii_digit() && is_minus(chars[0]) {
        return false;
    }
    let mut before = &chars[..figure.span.start];
    while let [rest @ .., last] = before
        && is_blank(*last)
    {
        before = rest;
    }
    if patterns.lexicon.is_ordinal(before, &unit.text) {
        return false;
    }
    // 9点30分, 9时30分.
    if unit.kind == UnitKind::Score
        && before
            .last()
            .is_some_and(|c| *c == ':' || patterns.lexicon.hours.has(*c))
        && figure.high.is_none()
    {
        let clock = before.len() >= 2 && before[before.len() - 2].is_ascii_digit();
        if clock {
            return false;
        }
    }
    if figure.chinese {
        return match unit.kind {
            UnitKind::Money => unit.factor == rust_decimal::Decimal::ONE || figure.low.0 >= rust_decimal::Decimal::ONE,
            UnitKind::Count | UnitKind::Measure => patterns.lexicon.chinese_counts(&figure.low.0, &unit.text),
            _ => false,
        };
    }
    true
}

/// Spans between 《 and 》 or 〈 and 〉: names of documents.
fn titles(chars: &[char]) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut open = None;
    for (i, c) in chars.iter().enumerate() {
        match c {
            '《' => open = open.or(Some(i)),
            '》' => found.extend(open.take().map(|start| start..i + 1)),
            _ => {}
        }
    }
    found
}
