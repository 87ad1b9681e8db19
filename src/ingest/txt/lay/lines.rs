//! Lines that hold one row each, words parted by blanks: which words are one cell, and which cells are left out.

use super::super::flat::{Flat, Orphan, parted_heading, solid};
use super::super::lines::{Line, is_space};
use super::super::row_words::{is_note, split_words};
use super::super::words::Words;
use super::heads::{TITLES, is_caption, is_title};
use super::stretch::{Found, is_form};
use super::{Above, Border, Laid, Piece, solve};
use crate::model::ColumnRole;
use crate::pattern::text_layout::Label;
use std::borrow::Cow;

/// Most lines, and the longest of them in bytes.
const MOST: usize = 20_000;
const LONGEST: usize = 900;
/// Most words of a row.
const MOST_WORDS: usize = 60;

/// What was looked at and found in lines that are rows so far.
#[derive(Debug, Default)]
pub(in super::super) struct Rows {
    /// Lines before this one were looked at in vain.
    vain_before: usize,
    above: Option<Above>,
}

impl Rows {
    /// The table that starts at a line or behind a few titles, or `None` when there is none that is certain.
    pub fn read(&mut self, lines: &[Line<'_>], start: usize, words: &Words<'_>) -> Option<Found> {
        if start < self.vain_before {
            return None;
        }
        let at = rows(lines, start);
        let end = at.last().map_or(start, |last| last + 1);
        let several = |line: &&usize| lines[**line].text.trim_matches(is_space).contains(is_space);
        if at.iter().filter(several).take(2).count() < 2 {
            return None;
        }
        let found = match is_form(lines, &at, words) {
            true => None,
            false => self.table(lines, &at, words),
        };
        if found.is_none() {
            self.vain_before = at.get(TITLES).copied().unwrap_or(end);
        }
        found
    }

    fn table(&mut self, lines: &[Line<'_>], at: &[usize], words: &Words<'_>) -> Option<Found> {
        let units = units_apart(lines, at, words);
        let mut texts: Vec<(usize, Cow<'_, str>)> = Vec::new();
        let mut captions = Vec::new();
        for line in at {
            let text = lines[*line].text.trim_matches(is_space);
            if is_caption(text) {
                captions.push(*line);
                continue;
            }
            texts.extend(cells(text, units, words).into_iter().map(|cell| (*line, cell)));
        }
        let piece = |index: usize| Piece {
            text: texts[index].1.as_ref(),
            border: match index.checked_sub(1) {
                Some(before) if texts[before].0 == texts[index].0 => Border::Word,
                _ => Border::Row,
            },
        };
        let pieces: Vec<Piece<'_>> = (0..texts.len()).map(piece).collect();
        let laid = solve(&pieces, self.above.as_ref(), words)?;
        let first = texts[laid.start].0;
        let next = texts[laid.end - 1].0 + 1;
        let table = flat(lines, &texts, &captions, &laid, first, next);
        self.above = Some(laid.above);
        Some(Found { start: first, table })
    }
}

fn flat(
    lines: &[Line<'_>],
    texts: &[(usize, Cow<'_, str>)],
    captions: &[usize],
    laid: &Laid,
    first: usize,
    next: usize,
) -> Flat {
    let trimmed = |line: usize| lines[line].text.trim_matches(is_space);
    let within = captions.iter().filter(|line| (first..next).contains(line));
    let mut table = Flat {
        rows: within.map(|line| vec![solid(trimmed(*line))]).collect(),
        orphans: Vec::new(),
        next,
    };
    table.rows.extend(laid.headings.iter().cloned());
    for row in &laid.rows {
        if row.certain {
            table.rows.push(row.cells.clone());
        } else {
            let line = texts[row.pieces.0].0;
            table.orphans.push(Orphan {
                text: trimmed(line).to_owned(),
                figures: true,
                line,
            });
        }
    }
    table
}

/// The lines from `start` on that can be rows.
fn rows(lines: &[Line<'_>], start: usize) -> Vec<usize> {
    let mut at = Vec::new();
    let (mut blank, mut figures) = (0, 0);
    for (index, line) in lines.iter().enumerate().skip(start) {
        if line.blank || line.text.is_empty() {
            blank += 1;
            if blank > 2 {
                break;
            }
            continue;
        }
        blank = 0;
        let text = line.text.trim_matches(is_space);
        let prose = text.ends_with('。') && at.len() < TITLES;
        if prose || text.len() > LONGEST || line.starts_cell() || text.contains(['|', '\t']) || at.len() == MOST {
            break;
        }
        if figures > 1 && is_title(text) && !text.contains(is_space) {
            break;
        }
        figures += usize::from(text.contains(is_space) && text.ends_with(|c: char| c.is_ascii_digit() || c == '%'));
        at.push(index);
    }
    at
}

/// Whether a column takes the units, so that a number and the unit behind it are two cells.
fn units_apart(lines: &[Line<'_>], at: &[usize], words: &Words<'_>) -> bool {
    let mut heads = at
        .iter()
        .take(2 * TITLES)
        .flat_map(|line| lines[*line].text.split(is_space));
    heads.any(|word| words.role(word) == Some(ColumnRole::Unit))
}

/// The words of a row, those joined that are one cell for certain.
fn cells<'l>(text: &'l str, units_apart: bool, words: &Words<'_>) -> Vec<Cow<'l, str>> {
    let mut cells: Vec<Cow<'l, str>> = Vec::new();
    for word in split_words(text, words).into_iter().take(MOST_WORDS) {
        if let Some(last) = cells.last_mut() {
            let number = last.ends_with(|c: char| c.is_ascii_digit()) && words.label(&word) == Some(Label::Unit);
            // 执行率 （B/A）; 年度 指标值.
            let heading = words.role(last).is_some() && is_note(&word) || parted_heading(last, &word, words);
            if heading || number && !units_apart {
                last.to_mut().push_str(&word);
                continue;
            }
        }
        cells.push(word);
    }
    cells
}
