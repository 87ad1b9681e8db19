//! Tables whose columns are parted by tabs or stand below each other, aligned by two or more blanks.

use super::flat::{Flat, Grid, grid};
use super::place::{self, Placed};
use super::short;
use crate::model::Orphan;
use crate::model::{RawCell, RawRow};
use crate::pattern::label::Label;
use crate::pattern::token::{self, Kind};
use crate::pattern::wording::Words;
use crate::text::lines::is_plain_figure as is_figure;
use crate::text::lines::{Line, is_heading, is_space};
use std::ops::Range;

/// A part of a line and the columns of the screen that it covers (a Chinese character takes two).
struct Field<'l> {
    text: &'l str,
    start: usize,
    extent: Range<usize>,
}

/// Reads the table aligned by blanks that starts at a line, or `None` when the line starts none.
pub(super) fn read(lines: &[Line<'_>], start: usize, words: &Words<'_>) -> Option<Flat> {
    if has_gap(&lines[start].text) {
        return spaced(lines, start, words).or_else(|| regular(lines, start));
    }
    None
}

/// Fewest rows and columns that make a table of headings that nobody knows.
const REGULAR: usize = 3;

/// A table whose headings no wording tells: each field of each line below the heading stands below one heading and no
/// other, the first below the first. One line that does not fit and the shape is no proof.
fn regular(lines: &[Line<'_>], start: usize) -> Option<Flat> {
    let heading = fields(&lines[start].text);
    let is_figure = |f: &Field<'_>| f.text.starts_with(|c: char| c.is_ascii_digit());
    if heading.len() < REGULAR || heading.iter().any(is_figure) {
        return None;
    }
    let mut bands: Vec<Range<usize>> = heading.iter().map(|f| f.extent.clone()).collect();
    let mut rows: Vec<RawRow> = vec![heading.iter().map(|f| RawCell::new(f.text)).collect()];
    let mut whole = 0;
    let mut next = start + 1;
    while let Some(line) = lines.get(next).filter(|line| !line.blank) {
        let fields = fields(&line.text);
        if fields.len() < 2 {
            break;
        }
        let columns = columns_below(&bands, &fields).filter(|columns| columns[0] == 0)?;
        if !fields.iter().any(is_figure) {
            return None;
        }
        let mut row: RawRow = vec![RawCell::new(" "); bands.len()];
        for (column, field) in columns.iter().zip(&fields) {
            row[*column] = RawCell::new(field.text);
            let band = &mut bands[*column];
            *band = band.start.min(field.extent.start)..band.end.max(field.extent.end);
        }
        rows.push(row);
        whole += usize::from(fields.len() == bands.len());
        next += 1;
    }
    (whole >= REGULAR).then_some(Flat {
        rows,
        orphans: Vec::new(),
        next,
    })
}

/// The column below whose cells each field stands, if each stands below exactly one, in order.
fn columns_below(bands: &[Range<usize>], fields: &[Field<'_>]) -> Option<Vec<usize>> {
    let mut columns: Vec<usize> = Vec::with_capacity(fields.len());
    for field in fields {
        let below = |band: &Range<usize>| band.start < field.extent.end && field.extent.start < band.end;
        let mut hits = (0..bands.len()).filter(|c| below(&bands[*c]));
        let (hit, other) = (hits.next()?, hits.next());
        if other.is_some() || columns.last().is_some_and(|last| hit <= *last) {
            return None;
        }
        columns.push(hit);
    }
    Some(columns)
}

/// Whether two blanks stand together inside a line.
fn has_gap(line: &str) -> bool {
    let line = line.trim_matches(is_space);
    line.contains("  ") || line.contains("\u{3000}\u{3000}") || line.contains(" \u{3000}") || line.contains("\u{3000} ")
}

/// Reads the table of tabbed lines that starts at a line, or the line up to which there is none.
pub(super) fn tabbed(lines: &[Line<'_>], start: usize, words: &Words<'_>) -> Result<Flat, usize> {
    let mut rows: Vec<RawRow> = Vec::new();
    let mut own: Vec<(Vec<&str>, usize)> = Vec::new();
    let mut width = None;
    let mut at = start;
    let mut next = start;
    while let Some(line) = lines.get(at) {
        if line.blank && !lines.get(at + 1).is_some_and(Line::has_inner_tab) {
            break;
        }
        if line.blank {
            at += 1;
            continue;
        }
        // A row may be down to its first cell when the tabs at its end are cut off.
        let goes_on = || width.is_some() || at > start && lines.get(at + 1).is_some_and(Line::has_inner_tab);
        let more = line.has_inner_tab() || line.text.starts_with('\t') && goes_on();
        if !more {
            break;
        }
        let text = line.text.trim_end_matches(['\r', ' ']);
        let mut row: RawRow = text.split('\t').map(RawCell::new).collect();
        own.push((text.split('\t').map(|cell| cell.trim_matches(is_space)).collect(), at));
        if words.header(row.iter().map(|c| c.text.as_str())).is_some() {
            width = Some(row.len());
        }
        let label = row.first().and_then(|cell| words.label(&cell.text));
        let own_shape = matches!(label, Some(Label::Head | Label::Goal | Label::Closing));
        if let Some(width) = width.filter(|width| row.len() < *width && !own_shape) {
            row.resize(width, RawCell::new(" "));
        }
        rows.push(row);
        at += 1;
        next = at;
    }
    if let Some((rows, orphans)) = short::of_cells(&own, words) {
        return Ok(Flat { rows, orphans, next });
    }
    let regular = || rows.len() >= 3 && rows.iter().all(|row| row.len() == rows[0].len() && row.len() >= 3);
    let widest = rows.iter().map(Vec::len).max().unwrap_or(0);
    let keeps_empty = keeps_empty(&rows);
    let headed = width.is_some() || keeps_empty && is_headed_below(&rows, widest, words);
    if rows.len() < 2 || !headed && !regular() {
        return Err(at);
    }
    // Where covered and empty cells are kept, each stands in its column, and only those at the ends of rows were cut off.
    if keeps_empty {
        rows.iter_mut().for_each(|row| row.resize(widest, RawCell::new(" ")));
    }
    Ok(Flat {
        rows,
        orphans: Vec::new(),
        next,
    })
}

/// Whether the lowest headings over the columns are known, where they stand in several rows.
fn is_headed_below(rows: &[RawRow], widest: usize, words: &Words<'_>) -> bool {
    let block: Vec<&RawRow> = rows.iter().take_while(|row| !has_figure(row)).collect();
    if block.len() < 2 || block.len() == rows.len() {
        return false;
    }
    let leaf = |column: usize| {
        let texts = block.iter().filter_map(|row| row.get(column));
        texts.map(|cell| cell.text.as_str()).rfind(|text| !text.is_empty())
    };
    let leaves: Option<Vec<&str>> = (0..widest).map(leaf).collect();
    leaves.is_some_and(|leaves| words.header(leaves.into_iter()).is_some())
}

fn has_figure(row: &RawRow) -> bool {
    row.iter().any(|cell| is_figure(&cell.text))
}

/// Whether a row has an empty cell between two others, or one of headings below others begins with one.
fn keeps_empty(rows: &[RawRow]) -> bool {
    let between = |row: &RawRow| {
        let mut cells = row.iter().skip_while(|c| c.text.is_empty());
        cells.any(|c| c.text.is_empty()) && cells.any(|c| !c.text.is_empty())
    };
    let led = |row: &RawRow| row.len() > 1 && row[0].text.is_empty() && !row[1].text.is_empty();
    let headings = rows.iter().take_while(|row| !has_figure(row)).skip(1);
    rows.iter().any(between) || headings.into_iter().any(led)
}

fn spaced(lines: &[Line<'_>], start: usize, words: &Words<'_>) -> Option<Flat> {
    let heading = fields(&lines[start].text);
    if heading.len() < 2 {
        return None;
    }
    let grid = grid(heading.iter().map(|f| f.text.to_owned()).collect(), words)?;
    // A column that the heading does not show has no place on the screen.
    if grid.headings.len() != heading.len() {
        return None;
    }
    let mut table = Spaced {
        words,
        bands: heading.into_iter().map(|f| f.extent).collect(),
        rows: vec![grid.heading_row()],
        orphans: Vec::new(),
        placed: 0,
        grid,
    };
    let mut at = start + 1;
    let mut next = at;
    while let Some(line) = lines.get(at) {
        let gap = lines[at..].iter().take(2).take_while(|l| l.blank).count();
        if gap > 1 || line.starts_cell() {
            break;
        }
        if !line.blank {
            if !table.line(&line.text, at) {
                break;
            }
            next = at + 1;
        }
        at += 1;
    }
    (table.placed > 0).then_some(Flat {
        rows: table.rows,
        orphans: table.orphans,
        next,
    })
}

struct Spaced<'a> {
    words: &'a Words<'a>,
    grid: Grid,
    /// Columns of the screen that each column of the table covers so far.
    bands: Vec<Range<usize>>,
    rows: Vec<RawRow>,
    orphans: Vec<Orphan>,
    placed: usize,
}

impl Spaced<'_> {
    /// Takes a line in; false when the table has ended before it.
    fn line(&mut self, line: &str, at: usize) -> bool {
        let fields = fields(line);
        let texts: Vec<&str> = fields.iter().map(|f| f.text).collect();
        let tokens = token::cells(&texts, false, self.words);
        let values = tokens.iter().any(|t| t.kind.is_value());
        if fields.len() < 2 && (is_heading(line) || !line.starts_with("  ")) && !values {
            return false;
        }
        let by_count = (fields.len() == self.bands.len()).then(|| (0..fields.len()).collect());
        let by_place = || self.overlap(&fields);
        let columns: Option<Vec<usize>> = by_count.or_else(by_place).filter(|columns| {
            let possible = |(t, c): (&token::Token, &usize)| place::is_possible(t, self.grid.parts[*c]);
            tokens.iter().zip(columns).all(possible)
        });
        if let Some(columns) = &columns
            && columns.contains(&self.grid.name())
            && (values || tokens.len() > 2)
        {
            for (field, column) in fields.iter().zip(columns) {
                let band = &mut self.bands[*column];
                *band = band.start.min(field.extent.start)..band.end.max(field.extent.end);
            }
            self.rows.push(self.grid.row(&tokens, columns));
            self.placed += 1;
            return true;
        }
        // Text below cells that hold text: their second line.
        let text_only = tokens.iter().all(|t| matches!(t.kind, Kind::Text));
        if let (Some(columns), true, true, Some(row)) = (
            &columns,
            text_only,
            line.starts_with("  "),
            self.rows.last_mut().filter(|_| self.placed > 0),
        ) && columns.iter().all(|c| !row[*c].text.is_empty())
        {
            for (field, column) in fields.iter().zip(columns) {
                row[*column].text.push('\n');
                row[*column].text.push_str(field.text);
            }
            return true;
        }
        if fields.len() < 2 && !values {
            return false;
        }
        match place::row(&tokens, &self.grid.parts, false) {
            Placed::Columns(columns)
                if columns.contains(&self.grid.name()) && columns_agree(&columns, self.overlap(&fields)) =>
            {
                self.rows.push(self.grid.row(&tokens, &columns));
                self.placed += 1;
                true
            }
            _ if values => {
                self.orphans.push(Orphan {
                    text: line.trim_matches(is_space).to_owned(),
                    figures: true,
                    line: at,
                });
                true
            }
            _ => false,
        }
    }

    fn overlap(&self, fields: &[Field<'_>]) -> Option<Vec<usize>> {
        columns_below(&self.bands, fields)
    }
}

/// What the words say must not contradict the place on the screen, where that is clear.
fn columns_agree(columns: &[usize], by_place: Option<Vec<usize>>) -> bool {
    by_place.is_none_or(|place| place == columns)
}

/// Parts of a line between runs of two and more blanks.
fn fields(line: &str) -> Vec<Field<'_>> {
    let mut fields: Vec<Field<'_>> = Vec::new();
    let (mut column, mut run, mut run_width) = (0, 0, 0);
    for (at, c) in line.char_indices() {
        let width = if c.is_ascii() || c == '\u{a0}' { 1 } else { 2 };
        if is_space(c) {
            run += 1;
            run_width += width;
        } else {
            let end = at + c.len_utf8();
            match fields.last_mut() {
                Some(last) if run < 2 => {
                    last.text = &line[last.start..end];
                    last.extent.end = column + run_width + width;
                }
                _ => fields.push(Field {
                    text: &line[at..end],
                    start: at,
                    extent: column + run_width..column + run_width + width,
                }),
            }
            column += run_width + width;
            (run, run_width) = (0, 0);
        }
    }
    fields
}

#[cfg(test)]
mod tests {
    use crate::model::Block;
    use crate::pattern::Patterns;

    fn tables(text: &str) -> usize {
        let patterns = Patterns::builtin().unwrap();
        let read = crate::ingest::txt::read(text.as_bytes(), &patterns).unwrap();
        let document = crate::recognize::lay::lay(read, &patterns);
        document.blocks.iter().filter(|b| matches!(b, Block::Table(_))).count()
    }

    #[test]
    fn columns_under_unknown_headings_are_a_table_only_when_every_line_fits() {
        let fits = "镇街      岗位数    甲类    乙类\n城东街    58        46      70\n城西镇    430       344     516\n南港镇    380       305     455\n北关镇    12        8       4\n";
        assert_eq!(tables(fits), 1);
        let with = |line: &str| fits.replace("城西镇    430       344     516", line);
        assert_eq!(tables(&with("城西镇              344     516")), 1, "an empty cell");
        assert_eq!(
            tables(&with("城西镇    430    344     516")),
            0,
            "a field between two headings"
        );
        assert_eq!(
            tables(&with("城西镇    430       344516.00")),
            0,
            "a field below two headings"
        );
        assert_eq!(
            tables(&with("城西镇    暂无      暂无    暂无")),
            0,
            "a line without figures"
        );
    }
}
