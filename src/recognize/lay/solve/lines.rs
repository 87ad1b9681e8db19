//! Lines that hold one row each, words parted by blanks: which words are one cell, and which cells are left out.

use super::super::flat;
use super::super::place::Part;
use super::super::row_words::{is_note, split_words};
use super::found::{Found, found, text};
use super::heads::{Reading, TITLES};
use super::{Border, Piece, solve};
use crate::model::ColumnRole;
use crate::pattern::label::Label;
use crate::pattern::token;
use crate::pattern::wording::Words;
use crate::text::fold::fold_char;
use crate::text::lines::{Line, is_space};
use crate::text::page::{is_caption, is_title};
use std::borrow::Cow;

/// Most lines, and the longest of them in bytes.
const MOST: usize = 20_000;
const LONGEST: usize = 900;
/// Lines that are looked at before the others.
const AT_FIRST: usize = 120;
/// Most words of a row; a line of more is none.
const MOST_WORDS: usize = 60;

/// What was looked at and found in lines that are rows so far.
#[derive(Debug, Default)]
pub(in super::super) struct Rows {
    /// Lines before this one were looked at in vain.
    vain_before: usize,
    above: Option<Reading>,
}

impl Rows {
    /// The table that starts at a line or behind a few titles, or `None` when there is none that is certain.
    pub fn read(&mut self, lines: &[Line<'_>], start: usize, words: &Words<'_>) -> Option<Found> {
        if start < self.vain_before {
            return None;
        }
        let at = rows(lines, start, AT_FIRST, words);
        let several = |line: &&usize| text(lines, **line).contains(is_space);
        // Where blanks align columns, places say more than words.
        let aligned = |line: &&usize| text(lines, **line).contains("  ");
        if at.iter().filter(aligned).count() * 2 > at.len() {
            return None;
        }
        let found = match at.iter().filter(several).take(2).count() < 2 || is_form(lines, &at, words) {
            true => None,
            false => self.table(lines, &at, words),
        };
        // Where every heading is known, the words may say what the forms of the cells leave open.
        let open = |found: &Found| !found.table.orphans.is_empty();
        if found.as_ref().is_some_and(open) && at.iter().take(TITLES).any(|line| is_known(&lines[*line].text, words)) {
            return None;
        }
        let Some(found) = found else {
            self.vain_before = next_headings(lines, &at, words).unwrap_or(at.last().map_or(start, |last| last + 1));
            return None;
        };
        match at.len() < AT_FIRST || found.table.next <= at[at.len() / 2] {
            true => Some(found),
            false => self.table(lines, &rows(lines, start, MOST, words), words),
        }
    }

    fn table(&mut self, lines: &[Line<'_>], at: &[usize], words: &Words<'_>) -> Option<Found> {
        let units = units_apart(lines, at, words);
        let (captions, at): (Vec<usize>, Vec<usize>) = at.iter().partition(|line| is_caption(text(lines, **line)));
        let mut origin: Vec<Option<usize>> = Vec::new();
        let mut texts: Vec<Cow<'_, str>> = Vec::new();
        for line in at {
            texts.extend(cells(text(lines, line), units, words));
            origin.resize(texts.len(), Some(line));
        }
        let border = |index: usize| match index.checked_sub(1) {
            Some(before) if origin[before] == origin[index] => Border::Word,
            _ => Border::Row,
        };
        let pieces: Vec<Piece<'_>> = texts
            .iter()
            .enumerate()
            .map(|(index, text)| Piece {
                text,
                border: border(index),
            })
            .collect();
        let laid = solve(&pieces, self.above.as_ref(), words)?;
        let found = found(&laid, &origin, &captions, lines);
        self.above = Some(laid.above);
        found
    }
}

/// Whether a line is one of headings that are all known, each once.
fn is_known(line: &str, words: &Words<'_>) -> bool {
    let Some(grid) = flat::heading(line, words) else {
        return false;
    };
    let roles: Vec<Option<ColumnRole>> = grid.headings.iter().map(|text| words.role(text)).collect();
    let twice = |at: usize| roles[..at].contains(&roles[at]);
    !grid.parts.contains(&Part::Other) && !(0..roles.len()).any(|at| roles[at].is_some() && twice(at))
}

/// Whether the first lines are labels of a form with their values.
fn is_form(lines: &[Line<'_>], at: &[usize], words: &Words<'_>) -> bool {
    let pair = |line: &&usize| {
        let texts: Vec<&str> = lines[**line].text.split(is_space).filter(|t| !t.is_empty()).collect();
        let Some((first, rest)) = texts.split_first() else {
            return false;
        };
        // 专项名称 是否跨年 年初预算数 全年预算数: headings, and no label with its value.
        let heads = rest.iter().filter(|text| words.role(text).is_some()).count() > 1;
        let label = match words.label(first) {
            Some(Label::Head) => rest.first().is_none_or(|second| words.role(second).is_none()),
            Some(Label::FundingHead | Label::Goal | Label::Side) => true,
            _ => false,
        };
        label && !heads && !words.is_row_of_figures(&texts, 3)
    };
    at.iter().take(2 * TITLES).any(|line| pair(&line))
}

/// The next line behind the titles that holds known headings.
fn next_headings(lines: &[Line<'_>], at: &[usize], words: &Words<'_>) -> Option<usize> {
    let heads = |line: &&usize| {
        let known = lines[**line]
            .text
            .split(is_space)
            .filter(|word| words.role(word).is_some());
        known.take(2).count() == 2
    };
    at.iter().skip(TITLES).find(heads).copied()
}

/// The lines from `start` on that can be rows.
fn rows(lines: &[Line<'_>], start: usize, most: usize, words: &Words<'_>) -> Vec<usize> {
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
        let own = text(lines, index);
        let prose = own.ends_with('。') && at.len() < TITLES;
        if prose
            || own.len() > LONGEST
            || line.part
            || line.starts_cell()
            || own.contains(['|', '\t'])
            || own.split(is_space).count() > MOST_WORDS
            || at.len() == most
        {
            break;
        }
        if figures > 1 && is_title(own) && !own.contains(is_space) {
            break;
        }
        // Other headings begin another table; the same ones are repeated.
        let again = || at.iter().any(|before| text(lines, *before) == own);
        if figures > 1 && is_header(own, words) && !again() {
            break;
        }
        let figure = |part: &str| part.starts_with(|c: char| fold_char(c).is_ascii_digit() || token::is_comparator(c));
        figures += usize::from(own.split(is_space).skip(1).any(figure));
        at.push(index);
    }
    at
}

/// Whether the words of a line are headings.
fn is_header(text: &str, words: &Words<'_>) -> bool {
    words
        .header(text.split(is_space).filter(|part| !part.is_empty()))
        .is_some()
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
    for word in split_words(text, words) {
        if let Some(last) = cells.last_mut() {
            let number = last.ends_with(|c: char| c.is_ascii_digit()) && words.label(&word) == Some(Label::Unit);
            // 执行率 （B/A）
            let heading = words.role(last).is_some() && is_note(&word);
            if heading || number && !units_apart {
                last.to_mut().push_str(&word);
                continue;
            }
        }
        cells.push(word);
    }
    cells
}
