//! Cells whose places are not certain, laid in a grid.
//!
//! A text that lost its lines still tells where cells stand: the same columns hold the same forms of text row after row,
//! headings say what, and sums hold. [`solve`] looks for the reading under which the whole text is described in the
//! fewest bits (`profile`): which pieces are headings (`heads`), how many columns there are, where rows begin (`place`).
//! A reading that is not clearly better than every other is none.

mod fit;
mod found;
mod heads;
mod kind;
pub(super) mod lines;
mod place;
mod profile;
pub(super) mod section;
pub(super) mod stretch;

use super::place::{Placed, is_cut, row as place_row};
use crate::model::ColumnRole;
use crate::model::{RawCell, RawRow};
use crate::pattern::label::Label;
use crate::pattern::token;
use crate::pattern::wording::Words;
use crate::text::lines::is_heading;
use fit::{Fitted, fit, is_mixed};
pub(super) use heads::Reading;
pub(crate) use kind::Kind;
pub(crate) use place::Border;
use place::Item;
use profile::{BIT, Cost};

/// A piece of text with what parts it from the one before.
#[derive(Debug, Clone)]
pub(crate) struct Piece<'t> {
    /// Text; empty for a cell that is known to be empty.
    pub text: &'t str,
    pub border: Border,
}

/// A row of the grid and the pieces that it was made of.
#[derive(Debug)]
pub(crate) struct LaidRow {
    /// Its cells.
    pub cells: RawRow,
    /// Its first piece and one past its last.
    pub pieces: (usize, usize),
    /// Every figure of it stands in one column only.
    pub certain: bool,
}

/// A table laid from pieces.
#[derive(Debug)]
pub(crate) struct Laid {
    /// Rows of headings.
    pub headings: Vec<RawRow>,
    /// Rows below them.
    pub rows: Vec<LaidRow>,
    /// First piece of the headings.
    pub start: usize,
    /// One past the last piece of the table.
    pub end: usize,
    /// Length of the description.
    pub cost: Cost,
    /// Its columns, for a table that goes on without headings.
    pub above: Reading,
}

/// Pieces by which readings are compared; the whole is laid with the best of them.
const SAMPLE: usize = 240;
/// At most one row of so many has figures and no name.
const UNNAMED: usize = 8;
/// A reading must be this much shorter than another of other columns.
const APART: Cost = 6 * BIT;
/// A figure in another column must make the table this much longer.
const CLEAR: Cost = 3 * BIT;

/// Lays a table that begins at the first piece or within a few titles of it; `above` are the columns of the table before.
pub(crate) fn solve(pieces: &[Piece<'_>], above: Option<&Reading>, words: &Words<'_>) -> Option<Laid> {
    let texts: Vec<&str> = pieces.iter().map(|p| p.text).collect();
    let items = items(pieces, words);
    if items.iter().filter(|i| i.kind.is_value()).take(2).count() < 2 {
        return None;
    }
    let sample = items.len().min(SAMPLE);
    let (start, reading) = shortest(&texts[..sample], &items[..sample], above, words)?;
    laid_under(pieces, &items, start, &reading, words)
}

/// Lays the pieces below headings that are told; `reading` has no piece of them. `cells` says that each piece is a cell for
/// certain, so that it hardly is the text below the table.
pub(crate) fn solve_below(pieces: &[Piece<'_>], reading: &Reading, cells: bool, words: &Words<'_>) -> Option<Laid> {
    let mut items = items(pieces, words);
    for item in items.iter_mut().filter(|_| cells) {
        item.prose += BIT * 3;
    }
    laid_under(pieces, &items, 0, reading, words)
}

fn items(pieces: &[Piece<'_>], words: &Words<'_>) -> Vec<Item> {
    let texts: Vec<&str> = pieces.iter().map(|p| p.text).collect();
    let kinds = kind::kinds(&texts, words);
    let item = |(piece, kind): (&Piece<'_>, &Kind)| Item {
        kind: *kind,
        border: piece.border,
        prose: prose(piece.text, *kind, words),
        echo: 0,
        heading: kind.is_words() && words.role(piece.text).is_some(),
    };
    pieces.iter().zip(&kinds).map(item).collect()
}

/// The grid under a reading whose headings begin at a piece, unless what its columns hold speaks against it.
fn laid_under(
    pieces: &[Piece<'_>],
    items: &[Item],
    start: usize,
    reading: &Reading,
    words: &Words<'_>,
) -> Option<Laid> {
    let texts: Vec<&str> = pieces[start..].iter().map(|p| p.text).collect();
    let fitted = fit(&echoes(&items[start..], &texts, reading), reading, true);
    let mut columns = reading.roles.iter().zip(&fitted.profiles);
    let mixed = columns.any(|(role, profile)| is_mixed(*role, profile));
    // One row says too little of which of its headings divides which.
    let rows = fitted.spots.last().and_then(|spot| spot.row).map_or(0, |row| row + 1);
    if mixed
        || is_shifted(reading, &fitted)
        || rows == 0
        || rows < 2 && reading.head > 0 && reading.block.len() - usize::from(reading.numbered) > 1
    {
        return None;
    }
    let laid = lay(pieces, items, start, reading, &fitted, words);
    // Figures that nothing names, row after row: what stands below the headings is another table.
    let unnamed = |row: &&LaidRow| {
        let own = &items[row.pieces.0..row.pieces.1];
        own.iter().any(|i| i.kind.is_value()) && !own.iter().any(|i| i.kind.is_words())
    };
    (laid.rows.iter().filter(unnamed).count() * UNNAMED <= laid.rows.len()).then_some(laid)
}

/// Whether 1, 2, 3 … stand below another heading than 序号, and none below it: all columns are shifted.
fn is_shifted(reading: &Reading, fitted: &Fitted) -> bool {
    let run = |sequence: bool| {
        let columns = reading.roles.iter().zip(&fitted.profiles);
        let own = columns.filter(move |(role, _)| (**role == Some(ColumnRole::Sequence)) == sequence);
        own.map(|(_, profile)| profile.count(Kind::Run, Kind::Run)).max()
    };
    run(true) == Some(0) && run(false) > Some(2)
}

/// The piece at which the headings begin and the reading under which the whole is told shortest, if it is by far.
fn shortest(texts: &[&str], items: &[Item], above: Option<&Reading>, words: &Words<'_>) -> Option<(usize, Reading)> {
    let rows = items.first().is_some_and(|i| i.border == Border::Row);
    let mut found: Vec<(Cost, usize, Reading)> = Vec::new();
    for start in heads::starts(texts, items, words) {
        if rows && items[start].border != Border::Row {
            continue;
        }
        let (titles, below) = items.split_at(start);
        let own = &texts[start..];
        let mut readings = match rows {
            true => heads::of_rows(own, below, words),
            false => heads::readings(own, below, words),
        };
        readings.iter_mut().for_each(|reading| reading.take_numbers(own));
        let named: Vec<Reading> = readings.iter().filter_map(Reading::names_first).collect();
        readings.extend(named);
        readings.extend(above.cloned());
        for reading in readings {
            let fitted = fit(&echoes(below, own, &reading), &reading, false);
            let again = own.get(reading.head..).is_some_and(|below| reading.is_repeated(below));
            let once = if again { 0 } else { heads::ONCE };
            found.push((told(titles) + reading.cost + fitted.cost + once, start, reading));
        }
    }
    found.sort_by_key(|(cost, start, reading)| (*cost, *start, reading.leaves.len()));
    let mut found = found.into_iter();
    let (cost, start, reading) = found.next()?;
    // The same columns are the same reading: headings that are repeated below those of a table above, too.
    let rival = found.find(|(.., other)| other.leaves != reading.leaves);
    let plain: Cost = items.iter().map(|i| i.prose).sum();
    let clear = cost + APART <= plain && rival.is_none_or(|(other, ..)| other >= cost + APART);
    // Headings that may be divided in several ways are still likelier than a worse reading of them: none is told.
    (clear && !reading.divided).then_some((start, reading))
}

/// Cost of what stands above the headings.
fn told(titles: &[Item]) -> Cost {
    // Known headings before the headings are more likely some of them, with what stands between; so is another short text.
    let first = titles.iter().position(|i| i.heading).unwrap_or(titles.len());
    let known = (titles.len() - first) as Cost;
    let short = titles
        .last()
        .is_some_and(|i| matches!(i.kind, Kind::Short | Kind::Words));
    let stray = if short && known == 0 { heads::STRAY } else { 0 };
    titles.iter().map(|i| i.prose).sum::<Cost>() + known * heads::BEHIND + stray
}

/// Cost of a piece as no part of a table.
fn prose(text: &str, kind: Kind, words: &Words<'_>) -> Cost {
    let title = crate::text::page::is_title(text);
    BIT * match kind {
        _ if words.role(text).is_some() => 12,
        _ if title => 2,
        Kind::Empty => 1,
        Kind::Sentence | Kind::Outline => 3,
        Kind::Phrase => 5,
        kind if kind.is_value() => 14,
        _ => 9,
    }
}

/// The items, those told that repeat a heading.
fn echoes(items: &[Item], texts: &[&str], reading: &Reading) -> Vec<Item> {
    let mut items = items.to_vec();
    // Right below the headings nothing repeats them.
    let mut values = false;
    for (item, text) in items.iter_mut().zip(texts).skip(reading.head) {
        values |= item.kind.is_value() || reading.head == 0;
        if values && item.kind.is_words() {
            let same = reading.leaves.iter().enumerate().filter(|(_, leaf)| leaf == text);
            item.echo = same.map(|(column, _)| 1 << column).sum();
        }
    }
    items
}

/// The grid of a reading.
fn lay(
    pieces: &[Piece<'_>],
    items: &[Item],
    start: usize,
    reading: &Reading,
    fitted: &Fitted,
    words: &Words<'_>,
) -> Laid {
    let n = reading.leaves.len();
    let first = start + reading.head;
    let groups = groups(reading, fitted);
    let mut rows: Vec<LaidRow> = Vec::new();
    for (at, spot) in fitted.spots.iter().enumerate() {
        let (Some(row), at) = (spot.row, first + at) else {
            continue;
        };
        if row >= rows.len() {
            rows.push(LaidRow {
                cells: (0..n).map(|j| left_out(groups[j])).collect(),
                pieces: (at, at),
                certain: true,
            });
        }
        let last = rows.len() - 1;
        let row = &mut rows[last];
        row.pieces.1 = at + 1;
        let cell = &mut row.cells[spot.col];
        if !cell.text.is_empty() {
            cell.text.push(' ');
            // A figure has its cell for itself.
            row.certain &= items[at].kind.is_words() && items[at - 1].kind.is_words();
        }
        cell.text.push_str(pieces[at].text);
        cell.void &= pieces[at].text.is_empty();
        row.certain &= spot.margin >= CLEAR || !items[at].kind.is_value();
        row.certain &= !is_cut(pieces[at].text);
    }
    for row in rows.iter_mut() {
        row.certain &= !is_misnamed(row, first, pieces, items, reading, fitted, words);
    }
    names_in_one_column(&mut rows, reading);
    let points = reading.takes_points();
    for row in rows.iter_mut() {
        let own = row.pieces.0..row.pieces.1;
        if points && let Some(cells) = total_row(&pieces[own.clone()], &items[own], words) {
            row.cells = cells;
            row.certain = true;
        }
    }
    for row in rows.iter_mut().filter(|row| !row.certain) {
        let texts: Vec<&str> = pieces[row.pieces.0..row.pieces.1].iter().map(|p| p.text).collect();
        if let Some(cells) = by_words(&texts, reading, &groups, words) {
            row.cells = cells;
            row.certain = true;
        }
    }
    let end = without_prose(pieces, items, &mut rows).unwrap_or(first + fitted.spots.len());
    Laid {
        headings: reading.block.clone(),
        rows,
        start,
        end,
        cost: reading.cost + fitted.cost + items[..start].iter().map(|i| i.prose).sum::<Cost>(),
        above: reading.goes_on(fitted.profiles.clone()),
    }
}

/// Moves names that stand alone from 单位名称, whose cells reach over several rows, to 项目名称 beside it: where some rows
/// have both and none has the second alone, the first of them was taken for the column of all names.
fn names_in_one_column(rows: &mut [LaidRow], reading: &Reading) {
    let Some(name) = reading
        .roles
        .iter()
        .rposition(|role| *role == Some(ColumnRole::Project))
    else {
        return;
    };
    let Some(office) = name.checked_sub(1) else { return };
    let may = !reading.side
        && matches!(
            reading.roles[office],
            None | Some(ColumnRole::Project | ColumnRole::Level1)
        );
    let filled = |row: &LaidRow, column: usize| !row.cells[column].text.trim().is_empty();
    let both = rows.iter().any(|row| filled(row, office) && filled(row, name));
    let alone = rows.iter().any(|row| !filled(row, office) && filled(row, name));
    if !may || !both || alone {
        return;
    }
    for row in rows.iter_mut().filter(|row| row.cells[name].text.trim().is_empty()) {
        row.cells.swap(office, name);
        row.cells[office] = left_out(true);
    }
}

/// Whether the name of a row is no name: a label of levels behind columns for them, a target, or one glued to a word.
fn is_misnamed(
    row: &LaidRow,
    first: usize,
    pieces: &[Piece<'_>],
    items: &[Item],
    reading: &Reading,
    fitted: &Fitted,
    words: &Words<'_>,
) -> bool {
    use ColumnRole as R;
    let named = |role: &Option<R>| matches!(role, Some(R::Indicator | R::Level3));
    let Some(name) = reading.roles.iter().rposition(named) else {
        return false;
    };
    let level = |role: &Option<R>| matches!(role, Some(R::Level1 | R::Level2));
    let leveled = reading.roles[..name].iter().any(level);
    let spots = (row.pieces.0..row.pieces.1).filter_map(|at| Some((at, fitted.spots.get(at - first)?)));
    let names = spots.filter(|(_, spot)| spot.row.is_some() && spot.col == name);
    let names: Vec<usize> = names.map(|(at, _)| at).collect();
    let no_name = |at: usize| match items[at].kind {
        Kind::Level1 | Kind::Level2 => token::is_full_label(pieces[at].text, words),
        kind => matches!(kind, Kind::Decimal | Kind::Grouped | Kind::Percent | Kind::Bound),
    };
    (leveled || names.len() > 1) && names.iter().any(|at| no_name(*at))
}

/// 总分 100 98.5 in a grid of indicators: its figures are points, wherever the columns before them are left out.
fn total_row(pieces: &[Piece<'_>], items: &[Item], words: &Words<'_>) -> Option<RawRow> {
    let label = pieces
        .first()
        .is_some_and(|p| words.label(p.text) == Some(Label::Total));
    let number = |i: &Item| i.kind.is_figure() || matches!(i.kind, Kind::Dash | Kind::Empty);
    let figures = items.iter().filter(|i| i.kind.is_figure()).count();
    let fits = label && items[1..].iter().all(number) && (1..=2).contains(&figures);
    let filled = || pieces.iter().filter(|p| !p.text.is_empty());
    fits.then(|| filled().map(|p| RawCell::new(p.text)).collect())
}

/// A row whose places the forms of its cells leave open, where every heading is known and the words tell them.
fn by_words(texts: &[&str], reading: &Reading, groups: &[bool], words: &Words<'_>) -> Option<RawRow> {
    let tokens = token::cells(texts, false, words);
    let Placed::Columns(columns) = place_row(&tokens, &reading.parts, false) else {
        return None;
    };
    let mut cells: RawRow = groups.iter().map(|group| left_out(*group)).collect();
    for (column, text) in columns.iter().zip(texts) {
        let cell = cells.get_mut(*column)?;
        if !cell.text.is_empty() {
            return None;
        }
        cell.text.push_str(text);
        cell.void = false;
    }
    Some(cells)
}

/// Takes off the last rows where they are the text below a table whose rows hold figures; where they began.
fn without_prose(pieces: &[Piece<'_>], items: &[Item], rows: &mut Vec<LaidRow>) -> Option<usize> {
    let own = |row: &LaidRow| row.pieces.0..row.pieces.1;
    let valued = |row: &LaidRow| items[own(row)].iter().any(|i| i.kind.is_value());
    if rows.iter().filter(|row| valued(row)).count() * 2 < rows.len() {
        return None;
    }
    let prose = |row: &LaidRow| {
        let opens = is_heading(pieces[row.pieces.0].text);
        let told = items[own(row)].iter().any(|i| i.kind == Kind::Sentence);
        !valued(row) && (opens || told)
    };
    let mut end = None;
    while rows.len() > 1 && rows.last().is_some_and(prose) {
        end = rows.pop().map(|row| row.pieces.0);
    }
    end
}

/// A cell that no piece stands in.
fn left_out(of_group: bool) -> RawCell {
    RawCell {
        void: of_group,
        ..RawCell::new(" ")
    }
}

/// Which columns are groups, whose cells reach over the rows below: levels, and words left of the names that some rows
/// leave out.
fn groups(reading: &Reading, fitted: &Fitted) -> Vec<bool> {
    let profiles = &fitted.profiles;
    let named_behind = |j: usize| profiles[j + 1..].iter().any(|p| p.words() * 10 >= p.placed() * 9);
    let is_group = |j: usize| {
        let role = reading.roles[j];
        let (all, out) = (
            profiles[j].placed(),
            profiles[j].count(fitted.left_out, fitted.left_out),
        );
        // 绩效指标, left of the grid.
        let label = j == 0 && reading.side && out == all;
        if label || matches!(role, Some(ColumnRole::Level1 | ColumnRole::Level2)) {
            return true;
        }
        let free = matches!(role, None | Some(ColumnRole::Project | ColumnRole::Other));
        let many = fitted.left_out == Kind::Covered && out > 0 || out * 3 >= all;
        free && profiles[j].words() + out == all && many && named_behind(j)
    };
    (0..reading.leaves.len()).map(is_group).collect()
}
