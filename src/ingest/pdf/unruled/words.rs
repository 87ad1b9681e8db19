//! Lines of glyphs to words: stretches of one line that no gap worth a border parts.

use crate::ingest::pdf::align::is_figure;
use crate::ingest::pdf::ink::Glyph;
use crate::ingest::pdf::text::{line_text, unbreakable, usual_gap};
use crate::pattern::wording::Words;
use crate::text::fold::fold;
use crate::text::number::is_plain_digit;

/// Gap, in parts of the font size, between two words that one drawing operation draws.
const GAP_IN_RUN: f64 = 0.45;
/// The same between two operations.
const GAP: f64 = 0.35;
/// Gap between the characters of a label that stand apart, and between two such that may be two cells.
const SPREAD: f64 = 2.3;
const SPREAD_TWO: f64 = 1.3;
/// Longest unit of a value, in characters: 平方米.
const UNIT: usize = 3;
/// What stands on another baseline by more than this, in parts of the font size, is another cell's.
const SAME_BASE: f64 = 0.15;

/// A stretch of a line.
#[derive(Debug, Clone)]
pub struct Word {
    /// Left edge.
    pub x0: f64,
    /// Right edge.
    pub x1: f64,
    /// Baseline.
    pub base: f64,
    /// Font size.
    pub size: f64,
    /// Width of what a printer does not break at its start.
    pub first: f64,
    /// Text.
    pub text: String,
    /// It is a figure and nothing else.
    pub figure: bool,
    /// It is a figure, or one with a comparator or a unit.
    pub value: bool,
    /// The gap before it is within one drawing operation.
    pub same_run: bool,
}

impl Word {
    /// Whether another stands beside it and not below.
    pub fn beside(&self, other: &Word) -> bool {
        (self.base - other.base).abs() < 0.95 * self.size.min(other.size)
    }
}

/// Whether a text is a value of few characters: 120.00, ≥90%, 12家.
pub fn is_value(text: &str) -> bool {
    let comparators = ['≥', '≤', '＞', '＜', '>', '<', '=', '≧', '≦', '±', '-', '－'];
    let bare = text.trim_start_matches(comparators);
    let unit = bare.trim_start_matches(|c: char| is_plain_digit(c) || ".,．，~-—".contains(c));
    // 2022年度 is a heading.
    let number = &bare[..bare.len() - unit.len()];
    let year = number.len() == 4 && (number.starts_with("19") || number.starts_with("20")) && !unit.is_empty();
    bare.starts_with(is_plain_digit) && unit.chars().count() <= UNIT && !year
}

/// The words of a line, from left to right.
pub fn words(line: &[Glyph], known: Option<&Words<'_>>) -> Vec<Word> {
    // Labels whose characters stand apart say nothing of the gaps between others.
    let usual = usual_gap(line).min(0.2 * line.first().map_or(0.0, |g| g.size));
    let mut words: Vec<(Vec<Glyph>, bool)> = Vec::new();
    let mut before: Option<&Glyph> = None;
    let mut spaced = false;
    for glyph in line {
        if glyph.ch.is_whitespace() {
            spaced = true;
            continue;
        }
        let same_run = before.is_some_and(|b| b.run == glyph.run);
        let apart = before.is_none_or(|b| {
            let size = glyph.size.max(b.size);
            let least = if same_run { GAP_IN_RUN } else { GAP };
            glyph.x0 - b.x1 - usual > least * size || (glyph.base - b.base).abs() > SAME_BASE * size
        });
        match words.last_mut() {
            Some((glyphs, _)) if !apart => {
                // A space that is seen stays in the text.
                if spaced && let Some(last) = glyphs.last().copied() {
                    glyphs.push(Glyph {
                        ch: ' ',
                        x0: last.x1,
                        x1: glyph.x0.max(last.x1),
                        ..last
                    });
                }
                glyphs.push(*glyph);
            }
            _ => words.push((vec![*glyph], same_run)),
        }
        before = Some(glyph);
        spaced = false;
    }
    let words = words.into_iter().map(|(glyphs, same_run)| {
        let base = glyphs.iter().map(|g| g.base).sum::<f64>() / glyphs.len() as f64;
        Word {
            x0: glyphs.iter().map(|g| g.x0).fold(f64::INFINITY, f64::min),
            x1: glyphs.iter().map(|g| g.x1).fold(f64::NEG_INFINITY, f64::max),
            base,
            size: glyphs.iter().map(|g| g.size).fold(0.0, f64::max),
            first: unbreakable(&glyphs),
            figure: false,
            value: false,
            text: line_text(&glyphs),
            same_run,
        }
    });
    spread(words.collect(), known)
}

/// Joins the characters of labels that stand apart: 合 计, 一 级 指 标. Labels side by side may stand no farther apart than
/// their characters: 科 目 编 码 决 算 数 are two where each is known and both together are not.
fn spread(words: Vec<Word>, known: Option<&Words<'_>>) -> Vec<Word> {
    let han = |w: &Word| w.text.chars().count() == 1 && w.text.chars().all(|c| ('\u{4e00}'..='\u{9fff}').contains(&c));
    let gap = |a: &Word, b: &Word| (b.x0 - a.x1) / a.size.max(b.size);
    let mut joined: Vec<Word> = Vec::with_capacity(words.len());
    let mut at = 0;
    while at < words.len() {
        let first = gap_after(&words, at, &gap);
        let mut end = at + 1;
        while end < words.len()
            && han(&words[end - 1])
            && han(&words[end])
            && (gap(&words[end - 1], &words[end]) - first).abs() < 0.2
            && (words[end - 1].base - words[end].base).abs() < SAME_BASE * words[end].size
        {
            end += 1;
        }
        // Two of them may be two cells.
        let widest = match end - at {
            2 if !words[at + 1].same_run => SPREAD_TWO,
            _ => SPREAD,
        };
        let end = if first < widest { end } else { at + 1 };
        let end = at + one_label(&words[at..end], known);
        let mut word = words[at].clone();
        for other in &words[at + 1..end] {
            word.x1 = other.x1;
            word.text.push_str(&other.text);
        }
        word.figure = is_figure(&fold(&word.text));
        word.value = word.figure || is_value(&word.text);
        joined.push(word);
        at = end;
    }
    joined
}

fn gap_after(words: &[Word], at: usize, gap: &dyn Fn(&Word, &Word) -> f64) -> f64 {
    words.get(at + 1).map_or(f64::INFINITY, |next| gap(&words[at], next))
}

/// How many characters at the start of a run are one label.
fn one_label(run: &[Word], known: Option<&Words<'_>>) -> usize {
    let Some(known) = known.filter(|_| run.len() >= 4) else {
        return run.len();
    };
    let text = |part: &[Word]| part.iter().map(|w| w.text.as_str()).collect::<String>();
    if known.exact(&text(run)) {
        return run.len();
    }
    // Of two labels one is known, the longer the better, and the other is known or has three characters at least.
    let told = |at: usize| {
        let (before, after) = run.split_at(at);
        let exact = [before, after].map(|part| if known.exact(&text(part)) { part.len() } else { 0 });
        let two = match exact {
            [0, 0] => false,
            [0, _] => before.len() > 2,
            [_, 0] => after.len() > 2,
            _ => true,
        };
        if two { exact[0] + exact[1] } else { 0 }
    };
    let best = (2..run.len() - 1).map(|at| (told(at), at)).max();
    best.filter(|(told, _)| *told > 0).map_or(run.len(), |(_, at)| at)
}
