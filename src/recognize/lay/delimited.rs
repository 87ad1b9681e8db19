//! Rows whose cells commas, semicolons or tabs part, some of them in quotes (RFC 4180).
//!
//! Prose has commas, too. Only lines in a row with the same number of them, most of which hold a figure or nothing between
//! two, are a table; a comma inside a number is told from one that ends a cell, and where both are possible the row is not
//! placed.

use super::certain::{Found, Reading};
use super::delimited_row::{Field, Row, comma_in_number, figure, mended, row};
use super::short;
use crate::model::Orphan;
use crate::model::Table;
use crate::model::{RawCell, RawRow};
use crate::pattern::wording::Words;
use crate::text::lines::Line;

/// What may part cells, in the order in which it is tried: a semicolon leaves the comma to the numbers.
pub(super) const DELIMITERS: [u8; 3] = [b';', b',', b'\t'];
/// Longest cell, in characters, that may stand in a line of its own.
const LONGEST_LABEL: usize = 30;

/// Reads the table of rows parted by `delimiter` that starts at a line.
///
/// Below known headings one row is enough.
pub(super) fn read(lines: &[Line<'_>], start: usize, delimiter: u8, words: &Words<'_>) -> Reading {
    let Some(first) = row(lines, start, delimiter) else {
        return Reading::None;
    };
    let (mut rows, next) = stretch(lines, first, delimiter, words);
    // A line of one cell behind a tab is a dump's (`dump`), which parts rows in other ways.
    let dumped = |row: &Row| row.filled() == 1 && row.filled_to() == 2;
    let below = &rows[titles(&rows)..];
    let headed = || delimiter != b'\t' && is_headed(below, words);
    if delimiter == b'\t' && rows.iter().any(dumped) || !(is_table(&rows) || is_table(below) || headed()) {
        return Reading::Refused(next);
    }
    let width = core_width(&rows);
    let prose = rows
        .iter()
        .take_while(|row| row.is_prose() && row.fields.len() != width)
        .count();
    rows.drain(..prose);
    while rows
        .last()
        .is_some_and(|row| row.is_prose() && row.fields.len() < width.min(4))
    {
        rows.pop();
    }
    let (Some(first), Some(last)) = (rows.first(), rows.last()) else {
        return Reading::Refused(next);
    };
    let (start, next) = (first.line, last.next);
    let titles: Vec<String> = rows
        .drain(..titles(&rows))
        .flat_map(|row| row.fields)
        .map(|f| f.text)
        .filter(|text| !text.is_empty())
        .collect();
    let widest = rows.iter().map(|row| row.fields.len()).max().unwrap_or(0);
    // Where commas may stand in numbers, a row of all the cells alone is certain.
    let unsure = |row: &Row| row.number || row.is_cut() || row.fields.len() < widest && comma_in_number(row);
    let unsure = delimiter == b',' && rows.iter().any(unsure);
    let own: Vec<(Vec<&str>, usize)> = rows.iter().map(|row| (row.texts(), row.line)).collect();
    let short = short::of_cells(&own, words).filter(|_| !unsure);
    match short.or_else(|| place(rows, lines, delimiter)) {
        Some((rows, orphans)) => Reading::Found(Found {
            start,
            next,
            before: titles,
            rows,
            orphans,
        }),
        None => Reading::Refused(next),
    }
}

/// How many texts stand alone above the headings: the title, the unit.
fn titles(rows: &[Row]) -> usize {
    let above = &rows[..rows.len().saturating_sub(2)];
    above.iter().take_while(|row| row.filled() < 2).count()
}

/// The rows from the first one on, and the first line that is none.
fn stretch(lines: &[Line<'_>], first: Row, delimiter: u8, words: &Words<'_>) -> (Vec<Row>, usize) {
    let mut figures = first.has_figure();
    let mut next = first.next;
    let mut rows = vec![first];
    while let Some(line) = lines.get(next).filter(|line| !line.page_top) {
        let at = next + usize::from(line.blank);
        let found = lines.get(at).and_then(|_| row(lines, at, delimiter));
        match found {
            // Behind an empty line another table may begin, with headings or a width of its own.
            Some(row)
                if line.blank
                    && (row.fields.len() != rows[rows.len() - 1].fields.len() || figures && !row.has_figure()) =>
            {
                break;
            }
            // The title of a wider table.
            Some(row) if row.filled() == 1 && row.fields.len() > rows[rows.len() - 1].fields.len() => break,
            // The title of another table of the same sheet.
            Some(row) if figures && titles_another(&row, lines, delimiter, words) => break,
            Some(row) => {
                figures |= row.has_figure();
                next = row.next;
                rows.push(row);
            }
            None => match label(lines, next, delimiter, &rows) {
                Some(row) => {
                    next = row.next;
                    rows.push(row);
                }
                None => break,
            },
        }
    }
    (rows, next)
}

/// Whether a row that holds one text stands above headings, with nothing but such rows between them.
fn titles_another(row: &Row, lines: &[Line<'_>], delimiter: u8, words: &Words<'_>) -> bool {
    if row.filled() != 1 || row.filled_to() != 1 || row.has_figure() {
        return false;
    }
    let mut next = row.next;
    for _ in 0..TOP {
        let Some(below) = lines.get(next).and_then(|_| self::row(lines, next, delimiter)) else {
            return false;
        };
        if below.filled() != 1 {
            let heads = below.filled() > 2 && !below.has_figure();
            return heads && words.header(below.texts().into_iter()).is_some();
        }
        next = below.next;
    }
    false
}

/// A row down to its first cell, for the delimiters at its end were cut off: rows with figures stand above and below.
fn label(lines: &[Line<'_>], at: usize, delimiter: u8, rows: &[Row]) -> Option<Row> {
    let text = lines[at].trimmed();
    let above = rows.last()?;
    if lines[at].blank
        || text.chars().count() > LONGEST_LABEL
        || text.contains(['。', '，', '|', '"'])
        || !above.is_evidence()
    {
        return None;
    }
    let below = row(lines, at + 1, delimiter).filter(|_| !lines[at + 1].blank)?;
    let field = Field {
        text: text.to_owned(),
        quoted: false,
    };
    (below.is_evidence() && below.has_figure()).then(|| Row {
        fields: vec![field],
        line: at,
        next: at + 1,
        number: false,
    })
}

/// Rows among which the headings are looked for.
const TOP: usize = 4;

/// Whether one of the first rows is of known headings, and each row has as many cells.
fn is_headed(rows: &[Row], words: &Words<'_>) -> bool {
    let heads = |row: &Row| {
        let texts: Vec<&str> = row.fields.iter().map(|f| f.text.as_str()).collect();
        texts.len() > 2 && words.header(texts.into_iter()).is_some()
    };
    let Some(at) = rows.iter().take(TOP).position(heads) else {
        return false;
    };
    let width = rows[at].fields.len();
    rows.len() > at + 1 && rows.iter().all(|row| row.fields.len() == width && !row.is_cut())
}

/// Fewest rows of one width in a row; two are a heading and a row of figures.
const FEWEST: usize = 3;

/// Whether rows are those of a table.
fn is_table(rows: &[Row]) -> bool {
    // A row whose commas may stand in numbers is as wide as the headings say.
    let headings = rows
        .first()
        .filter(|row| !row.has_figure())
        .map_or(usize::MAX, |row| row.fields.len());
    let width = |row: &Row| match row.fields.len() {
        n if n > headings && comma_in_number(row) => headings,
        n => n,
    };
    let own = || rows.iter().filter(|r| !r.number);
    // As the headings say, or as written below headings that reach over several columns.
    let longest = longest(own().map(width)).max(longest(own().map(|row| row.fields.len())));
    if let ([heading, row], 2) = (rows, longest) {
        let short = |row: &Row| row.fields.iter().all(|f| f.text.chars().count() <= LONGEST_LABEL) && !row.is_prose();
        let headings = heading.filled() > 1 && !heading.has_figure();
        let body = row.fields.iter().skip(1);
        let figures = body.clone().filter(|f| figure(&f.text)).count();
        let blanks = body.filter(|f| f.text.is_empty()).count();
        return headings && figures > 0 && (figures + blanks) * 2 >= row.fields.len() && short(heading) && short(row);
    }
    let evidence = rows.iter().filter(|row| row.is_evidence()).count();
    let figures = rows.iter().filter(|row| row.is_evidence() && row.has_figure()).count();
    let prose = rows.iter().filter(|row| row.is_prose()).count();
    // The heading need not have any.
    longest >= FEWEST
        && evidence * 2 >= rows.len() - 1
        && figures * 4 >= rows.len() - 1
        && figures > 0
        && prose * 2 <= rows.len()
}

/// The most neighbours of one width.
fn longest(widths: impl Iterator<Item = usize>) -> usize {
    let widths: Vec<usize> = widths.collect();
    widths.chunk_by(|a, b| a == b).map(<[usize]>::len).max().unwrap_or(0)
}

/// The number of cells that most rows have.
fn core_width(rows: &[Row]) -> usize {
    let mut widths: Vec<usize> = rows.iter().map(|r| r.fields.len()).collect();
    widths.sort_unstable();
    widths
        .chunk_by(|a, b| a == b)
        .max_by_key(|same| same.len())
        .map_or(0, |same| same[0])
}

/// Rows of one width; a row with more cells than any heading above it has lost which of its commas part cells.
fn place(rows: Vec<Row>, lines: &[Line<'_>], delimiter: u8) -> Option<(Vec<RawRow>, Vec<Orphan>)> {
    let headed = rows.iter().any(|row| row.filled() > 1 && !row.has_figure());
    let mut headings = if headed { 0 } else { core_width(&rows) };
    let mut placed: Vec<Vec<String>> = Vec::with_capacity(rows.len());
    let mut orphans = Vec::new();
    for row in rows {
        let figures = row.has_figure();
        if !figures && row.filled() > 1 {
            headings = headings.max(row.fields.len());
        }
        let (first, next, filled) = (row.line, row.next, row.filled_to());
        let apart = delimiter == b',' && comma_in_number(&row);
        let fits = !figures || filled <= headings || headings == 0;
        if fits && !row.number && !(apart && (row.fields.len() < headings || row.is_cut())) {
            let mut texts: Vec<String> = row.fields.into_iter().map(|f| f.text).collect();
            texts.truncate(filled);
            placed.push(texts);
        } else if let Some(texts) = mended(&row, headings).filter(|_| apart && !row.number) {
            placed.push(texts);
        } else {
            let text: Vec<&str> = lines[first..next].iter().map(Line::trimmed).collect();
            orphans.push(Orphan {
                text: text.join(" "),
                figures: true,
                line: first,
            });
        }
    }
    let width = placed.iter().map(Vec::len).max().unwrap_or(0);
    if placed.len() < 2 || width < 2 || placed.len().saturating_mul(width) > Table::MAX_SQUARES {
        return None;
    }
    let cells = |texts: Vec<String>| {
        let mut row: RawRow = texts.iter().map(|text| RawCell::new(text)).collect();
        row.resize(width, RawCell::new(" "));
        row
    };
    Some((placed.into_iter().map(cells).collect(), orphans))
}
