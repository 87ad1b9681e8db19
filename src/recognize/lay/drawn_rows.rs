//! From what stands between two rulings to rows: one row whose cells run over lines, or a row for each line.

use super::drawn_line::places;
use crate::model::Table;
use crate::model::{RawCell, RawRow};
use crate::text::lines::is_plain_figure as is_figure;
use std::ops::Range;

/// Free columns of the screen at the end of a part that had no room for one more character.
const ROOM: usize = 3;

/// A line of a cell.
#[derive(Debug)]
pub(super) struct Part<'l> {
    text: &'l str,
    /// Columns of the screen that the text leaves free.
    room: usize,
    /// The same with blanks at the end alone.
    indent: usize,
}

impl<'l> Part<'l> {
    pub fn new(text: &'l str) -> Self {
        let blank = |c: char| c == ' ' || crate::text::lines::is_space(c);
        let trimmed = text.trim_matches(blank);
        let wide = |text: &str| places(text)[0];
        Part {
            text: trimmed,
            room: wide(text) - wide(trimmed),
            indent: wide(text) - wide(text.trim_start_matches(blank)),
        }
    }
}

/// A cell: the columns that it covers, its last band, its lines.
#[derive(Debug)]
pub(super) struct Cell<'l> {
    pub columns: Range<usize>,
    pub last: usize,
    pub parts: Vec<Part<'l>>,
}

impl Cell<'_> {
    pub fn new(columns: Range<usize>, band: usize) -> Self {
        Cell {
            columns,
            last: band,
            parts: Vec::new(),
        }
    }
}

/// What begins between two rulings.
#[derive(Debug, Default)]
pub(super) struct Band<'l> {
    pub cells: Vec<Cell<'l>>,
    /// Lines with cells.
    pub lines: usize,
}

/// A line of a band: a part for each cell.
type Strip<'b, 'l> = Vec<&'b Part<'l>>;

/// The lines of a band whose cells all begin and end in it.
fn strips<'b, 'l>(band: &'b Band<'l>) -> Vec<Strip<'b, 'l>> {
    (0..band.lines)
        .map(|line| band.cells.iter().filter_map(|cell| cell.parts.get(line)).collect())
        .collect()
}

/// Rows with their cells; `None` for a grid over the limit.
pub(super) fn rows(bands: Vec<Band<'_>>, count: usize) -> Option<Vec<RawRow>> {
    let lines: usize = bands.iter().map(|band| band.lines.max(1)).sum();
    if lines.saturating_mul(count) > Table::MAX_SQUARES {
        return None;
    }
    // Bands that a cell of a band above or below reaches into are rows: the ruling beside it says so.
    let mut reached = vec![false; bands.len()];
    for (index, band) in bands.iter().enumerate() {
        for cell in band.cells.iter().filter(|cell| cell.last > index) {
            reached[index..=cell.last].fill(true);
        }
    }
    let several = |(index, band): &(usize, &Band<'_>)| band.lines > 1 && !reached[*index];
    let listed = bands.len() < 3
        || bands
            .iter()
            .enumerate()
            .filter(several)
            .any(|(_, band)| holds_rows(band));
    let mut out: Vec<RawRow> = Vec::with_capacity(lines);
    // For each column: bands down to which a cell reaches.
    let mut reach = vec![0; count];
    for (index, band) in bands.iter().enumerate() {
        let headings = index == 0 && bands.len() > 1 && !has_figures(band);
        if several(&(index, band)) && listed && !headings {
            out.extend(listed_rows(band, count));
            continue;
        }
        let mut row: RawRow = vec![covered(); count];
        for (cell, _) in row.iter_mut().zip(&reach).filter(|(_, reach)| **reach > index) {
            cell.up = true;
        }
        // A blank line of its own is no row, where no ruling says so.
        for cell in &band.cells {
            let lists = listed && !reached[index];
            put(&mut row, &cell.columns, joined(cell.parts.iter()), lists);
            reach[cell.columns.clone()].fill(cell.last + 1);
        }
        out.push(row);
    }
    Some(out)
}

/// A square that another cell reaches over.
fn covered() -> RawCell {
    RawCell {
        text: String::new(),
        void: false,
        left: false,
        up: false,
    }
}

/// Puts a cell into its row; where lines are rows, nothing in a cell may mean that the one above goes on.
fn put(row: &mut RawRow, columns: &Range<usize>, text: String, lists: bool) {
    for cell in &mut row[columns.clone()] {
        (cell.left, cell.up) = (true, false);
    }
    let first = &mut row[columns.start];
    first.left = false;
    first.void = lists && text.is_empty();
    first.text = text;
}

fn has_figures(band: &Band<'_>) -> bool {
    let mut parts = band.cells.iter().flat_map(|cell| &cell.parts);
    parts.any(|part| is_figure(part.text))
}

/// Whether the lines of a band are rows: figures stand below figures, or every cell goes on.
fn holds_rows(band: &Band<'_>) -> bool {
    let full = |strip: &Strip<'_, '_>| strip.iter().all(|part| !part.text.is_empty());
    let strips = strips(band);
    strips.windows(2).any(|pair| {
        let both = pair[0].iter().zip(&pair[1]);
        let apart = both.clone().any(|(above, below)| {
            is_figure(above.text) && is_figure(below.text) && !(pair[1][0].text.is_empty() && one_number(above, below))
        });
        apart || pair[0].len() > 1 && full(&pair[0]) && full(&pair[1])
    })
}

/// Whether a line of a band goes on with the one above.
pub(super) fn goes_on(band: &Band<'_>) -> bool {
    strips(band).windows(2).any(|pair| continues(&pair[0], &pair[1]))
}

/// Each cell is as wide in one line as in the other: the text was cut to fit.
fn is_even(above: &Strip<'_, '_>, below: &Strip<'_, '_>) -> bool {
    let width = |part: &Part<'_>| places(part.text)[0] + part.room;
    above
        .iter()
        .zip(below)
        .all(|(above, below)| width(above) > 0 && width(above) == width(below))
}

/// A row for each line but those that go on with the row above.
fn listed_rows(band: &Band<'_>, count: usize) -> Vec<RawRow> {
    let strips = strips(band);
    let mut rows: Vec<RawRow> = Vec::with_capacity(strips.len());
    let mut from = 0;
    for to in 1..=strips.len() {
        let open = to < strips.len() && continues(&strips[to - 1], &strips[to]);
        if open {
            continue;
        }
        let mut row: RawRow = vec![covered(); count];
        for (column, cell) in band.cells.iter().enumerate() {
            let parts = strips[from..to].iter().filter_map(|strip| strip.get(column).copied());
            put(&mut row, &cell.columns, joined(parts), true);
        }
        rows.push(row);
        from = to;
    }
    // An empty line parts rows and is none.
    rows.retain(|row| row.iter().any(|cell| !cell.text.is_empty()));
    rows
}

/// Whether a line holds what the one above had no room for: nothing in its first cell and in another one, and each text
/// below one that fills its cell.
fn continues(above: &Strip<'_, '_>, below: &Strip<'_, '_>) -> bool {
    let (Some(first), Some(label)) = (below.first(), above.first()) else {
        return false;
    };
    if !first.text.is_empty() || below.iter().all(|part| part.text.is_empty()) {
        return false;
    }
    let even = is_even(above, below);
    let both = || above.iter().zip(below).skip(1);
    let filled = both().filter(|(above, _)| !above.text.is_empty()).count();
    let further: Vec<_> = both().filter(|(_, below)| !below.text.is_empty()).collect();
    let fits = |(above, below): &(&&Part<'_>, &&Part<'_>)| {
        let figure = is_figure(above.text) || is_figure(below.text);
        !above.text.is_empty()
            && match figure {
                true => even && one_number(above, below),
                false => !even || above.room <= ROOM,
            }
    };
    // Without the width of cells only a text in a row of its own kind is one that goes on: the row's number is missing.
    let said = even || further.len() == 1 && is_figure(label.text) && filled > 1;
    said && further.len() < filled.max(2) && further.iter().all(fits)
}

/// Whether two figures below each other are one: 12,400.0 over 0.
fn one_number(above: &Part<'_>, below: &Part<'_>) -> bool {
    let begun = above.text.contains(['.', ',', '，']) && above.room < ROOM;
    begun && below.indent <= above.indent + 1 && is_number(&format!("{}{}", above.text, below.text))
}

/// Whether a text is one number: digits, in groups of three or not, two decimals at most (four in a rate's fraction).
fn is_number(text: &str) -> bool {
    let text = text.trim_start_matches(['-', '+']).trim_end_matches(['%', '％']);
    let (whole, decimals) = text.split_once('.').unwrap_or((text, ""));
    let digits = |t: &str| t.bytes().all(|b| b.is_ascii_digit());
    let mut groups = whole.split(',');
    let lead = groups.next().unwrap_or("");
    let grouped = whole.contains(',');
    let rest = groups.all(|group| group.len() == 3 && digits(group));
    let lead_fits = !lead.is_empty() && digits(lead) && (!grouped || lead.len() <= 3);
    lead_fits && rest && digits(decimals) && decimals.len() <= 6 && !(lead.len() > 1 && lead.starts_with('0'))
}

/// The lines of a cell as one text: Chinese that had no room goes on at once, what ends early is a line of its own.
fn joined<'p, 'l: 'p>(parts: impl Iterator<Item = &'p Part<'l>>) -> String {
    let mut text = String::new();
    let mut before: Option<&Part<'_>> = None;
    for part in parts.filter(|part| !part.text.is_empty()) {
        if let Some(above) = before {
            let (last, first) = (above.text.chars().next_back(), part.text.chars().next());
            let letters = last
                .zip(first)
                .is_some_and(|(a, b)| a.is_ascii_alphabetic() && b.is_ascii_alphabetic());
            let figures = is_figure(above.text) && is_figure(part.text);
            match () {
                () if figures && !one_number(above, part) => text.push('\n'),
                () if letters => text.push(' '),
                () if above.room > ROOM + above.indent && !figures => text.push('\n'),
                () => {}
            }
        }
        text.push_str(part.text);
        before = Some(part);
    }
    text
}
