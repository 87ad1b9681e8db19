//! The fates of the figures of paragraphs.

use super::digits::{Digits, Place, runs};
use crate::model::{Document, Paragraph, ProseFigures, Report, Source, Warning, has_digit};
use crate::pattern::Patterns;
use std::collections::{HashMap, HashSet};
use std::ops::Range;

/// Figures that a warning names, and the characters shown around each.
const NAMED: usize = 5;
const AROUND: usize = 8;
/// Longest paragraph, in characters, that may be a cell of a table told in paragraphs.
const CELL: usize = 60;

/// What the record took from a paragraph.
#[derive(Default)]
struct Told<'r> {
    /// Sentences in order, with spans of figures in characters of the sentence.
    sentences: Vec<(&'r str, Range<usize>)>,
    /// Sentences and the text of a figure in them.
    quoted: Vec<(&'r str, String)>,
}

/// Counts the figures of the paragraphs; warns of those that nobody read.
pub fn count(document: &Document, report: &Report, patterns: &Patterns, warnings: &mut Vec<Warning>) -> ProseFigures {
    let told = told(report);
    let warned: HashSet<usize> = report
        .warnings
        .iter()
        .filter(|w| w.source.table.is_none())
        .filter_map(|w| w.source.block)
        .collect();
    let stretches: HashSet<usize> = report
        .warnings
        .iter()
        .filter(|w| w.code == "table_unread" && w.source.table.is_none())
        .filter_map(|w| w.source.block)
        .collect();
    let mut counts = ProseFigures::default();
    let mut stretch = false;
    for (block, content) in document.blocks.iter().enumerate() {
        let Some(paragraph) = content.paragraph() else {
            stretch = false;
            continue;
        };
        // A table told in paragraphs was warned of as a whole, at its first.
        let short = paragraph.text.chars().take(CELL + 1).count() <= CELL && !paragraph.text.contains('。');
        stretch = stretches.contains(&block) || stretch && short;
        if !has_digit(&paragraph.text) {
            continue;
        }
        let unread = fates(paragraph, told.get(&block), patterns, &mut counts);
        if !unread.is_empty() && !stretch && !warned.contains(&block) {
            warnings.push(warning(block, paragraph, &unread));
        }
    }
    counts
}

fn told(report: &Report) -> HashMap<usize, Told<'_>> {
    let mut blocks: HashMap<usize, Told<'_>> = HashMap::new();
    for statement in &report.statements {
        if let (Some(block), Some(text)) = (statement.source.block, &statement.source.text) {
            let told = blocks.entry(block).or_default();
            told.sentences.push((text, statement.start..statement.end));
        }
    }
    for (source, figure) in quotations(report) {
        if let (None, Some(block), Some(text)) = (&source.table, source.block, &source.text) {
            blocks.entry(block).or_default().quoted.push((text, figure));
        }
    }
    blocks
}

/// Figures that scores, indicators and budget lines took, with their sentences.
fn quotations(report: &Report) -> Vec<(&Source, String)> {
    let mut found = Vec::new();
    for score in &report.scores {
        found.extend(score.value.map(|value| (&score.source, value.to_string())));
    }
    for indicator in &report.indicators {
        for value in [&indicator.target, &indicator.actual].into_iter().flatten() {
            found.extend(value.source.as_ref().map(|source| (source, value.raw.clone())));
        }
    }
    for line in &report.budgets {
        for amount in line.amounts.values() {
            // Of a clause that begins with its figure only that figure is the amount.
            let raw = &amount.raw;
            let end = raw
                .find(|c: char| !(c.is_ascii_digit() || matches!(c, '.' | ',')))
                .unwrap_or(raw.len());
            found.push((&amount.source, raw[..end].to_owned()));
        }
    }
    found
}

/// Counts the runs of a paragraph and gives those that nobody read.
fn fates(
    paragraph: &Paragraph,
    told: Option<&Told<'_>>,
    patterns: &Patterns,
    counts: &mut ProseFigures,
) -> Vec<Range<usize>> {
    let text = paragraph.text.as_str();
    let stated = told.map(|told| spans(text, told)).unwrap_or_default();
    let mut digits = None;
    let mut unread = Vec::new();
    let mut next = 0;
    for run in runs(text) {
        while stated.get(next).is_some_and(|s| s.end <= run.start) {
            next += 1;
        }
        if stated.get(next).is_some_and(|s| s.start < run.end) {
            counts.stated += 1;
            continue;
        }
        let digits = digits.get_or_insert_with(|| Digits::new(text, Place::Prose, patterns));
        if digits.why(&run).is_some() {
            counts.not_figures += 1;
        } else {
            counts.unread += 1;
            unread.push(run);
        }
    }
    unread
}

/// Spans of the figures that were taken, in characters of the paragraph, in order.
fn spans(text: &str, told: &Told<'_>) -> Vec<Range<usize>> {
    let mut found: Vec<Range<usize>> = Vec::new();
    let mut at = 0; // byte of the sentence that is open
    let mut chars = 0; // its character
    let mut open: Option<(&str, usize)> = None;
    for (sentence, span) in &told.sentences {
        // The same words once more are a sentence of their own when its figures begin anew.
        let same = open.is_some_and(|(known, last)| known == *sentence && span.start >= last);
        if !same {
            let from = at + open.map_or(0, |(known, _)| known.len());
            let Some(offset) = text.get(from..).and_then(|rest| rest.find(sentence)) else {
                continue;
            };
            chars += text[at..from + offset].chars().count();
            at = from + offset;
        }
        open = Some((sentence, span.end));
        found.push(chars + span.start..chars + span.end);
    }
    for (sentence, figure) in &told.quoted {
        let place = text
            .find(sentence)
            .and_then(|at| Some(at + text[at..].find(figure.as_str())?));
        if let Some(place) = place {
            let start = text[..place].chars().count();
            found.push(start..start + figure.chars().count());
        }
    }
    found.sort_by_key(|s| (s.start, s.end));
    found
}

fn warning(block: usize, paragraph: &Paragraph, unread: &[Range<usize>]) -> Warning {
    let chars: Vec<char> = paragraph.text.chars().collect();
    let named: Vec<String> = unread
        .iter()
        .take(NAMED)
        .map(|run| {
            let around = run.start.saturating_sub(AROUND)..chars.len().min(run.end + AROUND);
            let text: String = chars[around]
                .iter()
                .map(|c| if c.is_whitespace() { ' ' } else { *c })
                .collect();
            format!("“{}”", text.trim())
        })
        .collect();
    let more = if unread.len() > NAMED { "等" } else { "" };
    let message = format!("正文有{}个数没有读出：{}{more}", unread.len(), named.join("、"));
    let bytes = |at: usize| chars[..at].iter().map(|c| c.len_utf8()).sum::<usize>();
    let (first, last) = (
        unread.first().map_or(0, |r| r.start),
        unread.last().map_or(0, |r| r.end),
    );
    let source = Source {
        block: Some(block),
        ..Source::default()
    };
    let source = source.with_places(&paragraph.places(bytes(first), bytes(last)));
    Warning::new("figure_unread", message, source)
}
