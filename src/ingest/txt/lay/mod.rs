//! Cells whose places are not certain, laid in a grid.
//!
//! A text that lost its lines still tells where cells stand: the same columns hold the same forms of text row after row,
//! headings say what, and sums hold. [`solve`] looks for the reading under which the whole text is described in the
//! fewest bits (`profile`): which pieces are headings (`heads`), how many columns there are, where rows begin (`place`).
//! A reading that is not clearly better than every other is none.

mod heads;
mod kind;
pub(super) mod lines;
mod place;
mod profile;
pub(super) mod stretch;

use super::layout::{RawCell, RawRow};
use super::words::Words;
use crate::model::ColumnRole;
use heads::Reading;
pub(crate) use kind::Kind;
pub(crate) use place::Border;
use place::{Columns, Item, Spot};
use profile::{BIT, Cost, Profile};

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
    pub above: Above,
}

/// The columns of a table above.
#[derive(Debug, Clone)]
pub(crate) struct Above {
    leaves: Vec<String>,
    roles: Vec<Option<ColumnRole>>,
    profiles: Vec<Profile>,
}

/// Pieces by which readings are compared; the whole is laid with the best of them.
const SAMPLE: usize = 240;
/// How often columns learn from what was placed in them.
const ROUNDS: usize = 3;
/// A reading must be this much shorter than another of other columns.
const APART: Cost = 6 * BIT;
/// A figure in another column must make the table this much longer.
const CLEAR: Cost = 3 * BIT;

/// Cost of a column that holds what its heading rules out.
const VETO: Cost = 12 * BIT;
/// Cost of words among the figures of a measure.
const STRANGER: Cost = 8 * BIT;
/// Cost of a known heading below the headings.
const BELOW: Cost = 4 * BIT;

/// Lays a table that begins at the first piece or within a few titles of it.
pub(crate) fn solve(pieces: &[Piece<'_>], above: Option<&Above>, words: &Words<'_>) -> Option<Laid> {
    let texts: Vec<&str> = pieces.iter().map(|p| p.text).collect();
    let kinds = kind::kinds(&texts, words);
    let items: Vec<Item> = pieces
        .iter()
        .zip(&kinds)
        .map(|(piece, kind)| Item {
            kind: *kind,
            border: piece.border,
            prose: prose(piece.text, *kind, words),
            echo: 0,
            heading: kind.is_words() && words.role(piece.text).is_some(),
        })
        .collect();
    if items.iter().filter(|i| i.kind.is_value()).take(2).count() < 2 {
        return None;
    }
    let sample = &items[..items.len().min(SAMPLE)];
    let mut found: Vec<(Cost, usize, Reading)> = Vec::new();
    let plain: Cost = sample.iter().map(|i| i.prose).sum();
    let rows = items.first().is_some_and(|i| i.border == Border::Row);
    for start in heads::starts(&texts, sample, words) {
        if rows && sample[start].border != Border::Row {
            continue;
        }
        // Known headings right before the headings are more likely some of them.
        let before = sample[..start].iter().rev().take_while(|i| i.heading).count() as Cost;
        let short = |at: usize| matches!(sample[at].kind, Kind::Short | Kind::Words) && before == 0;
        let stray = if start.checked_sub(1).is_some_and(short) {
            heads::STRAY
        } else {
            0
        };
        let titles = sample[..start].iter().map(|i| i.prose).sum::<Cost>() + before * heads::BEHIND + stray;
        let (below, sampled) = (&texts[start..sample.len()], &sample[start..]);
        let mut readings = match rows {
            true => heads::of_rows(below, sampled, words),
            false => heads::readings(below, sampled, words),
        };
        readings.extend(above.map(Reading::goes_on));
        for reading in readings {
            let fitted = fit(&echoes(&sample[start..], &texts[start..], &reading), &reading, false);
            let cost = titles + reading.cost + fitted.cost;
            found.push((cost, start, reading));
        }
    }
    found.sort_by_key(|(cost, start, reading)| (*cost, *start, reading.leaves.len()));
    let (cost, start, reading) = found.first()?;
    // The same columns are the same reading: headings that are repeated below those of a table above, too.
    let rival = found.iter().find(|(.., other)| other.leaves != reading.leaves);
    if *cost + APART > plain || rival.is_some_and(|(other, ..)| *other < cost + APART) {
        return None;
    }
    let fitted = fit(&echoes(&items[*start..], &texts[*start..], reading), reading, true);
    let mixed = reading
        .roles
        .iter()
        .zip(&fitted.profiles)
        .any(|(role, p)| is_mixed(*role, p));
    if mixed {
        return None;
    }
    Some(lay(pieces, &items, *start, reading, &fitted))
}

/// Cost of a piece as no part of a table.
fn prose(text: &str, kind: Kind, words: &Words<'_>) -> Cost {
    let title = heads::is_title(text);
    BIT * match kind {
        _ if words.role(text).is_some() => 12,
        _ if title => 2,
        Kind::Empty => 1,
        Kind::Sentence => 3,
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

/// Pieces below the headings in their columns, and the length of the description.
struct Fitted {
    spots: Vec<Spot>,
    profiles: Vec<Profile>,
    left_out: Kind,
    cost: Cost,
}

/// Places the pieces below the headings of a reading, whose columns learn what they hold.
fn fit(items: &[Item], reading: &Reading, last: bool) -> Fitted {
    let below = &items[reading.head..];
    let n = reading.leaves.len();
    let left_out = match below.iter().any(|i| i.kind == Kind::Empty) {
        true => Kind::Covered,
        false => Kind::Empty,
    };
    let expected = || reading.roles.iter().map(|role| Profile::new(*role)).collect();
    let mut profiles: Vec<Profile> = reading.above.clone().unwrap_or_else(expected);
    // The first rows as if nothing were left out.
    if reading.above.is_none() && below.iter().all(|i| matches!(i.border, Border::Any)) {
        for (at, item) in below.iter().take(3 * n).enumerate() {
            profiles[at % n].take(item.kind);
        }
    }
    let mut spots = Vec::new();
    for _ in 0..ROUNDS {
        let columns = Columns {
            costs: profiles.iter().map(Profile::costs).collect(),
            left_out,
        };
        let now = place::place(below, &columns, false);
        match &reading.above {
            Some(above) => profiles.clone_from(above),
            None => profiles.iter_mut().for_each(Profile::clear),
        }
        learn(below, &now, &mut profiles, left_out);
        let stays = now == spots;
        spots = now;
        if stays {
            break;
        }
    }
    if last {
        let costs = profiles.iter().map(Profile::costs).collect();
        spots = place::place(below, &Columns { costs, left_out }, true);
    }
    match &reading.above {
        Some(above) => profiles.clone_from(above),
        None => profiles.iter_mut().for_each(Profile::clear),
    }
    let rest: Cost = below[spots.len()..].iter().map(|i| i.prose).sum();
    let cost = learn(below, &spots, &mut profiles, left_out) + rest;
    let against = reading
        .roles
        .iter()
        .zip(&profiles)
        .filter(|(role, p)| vetoed(**role, p));
    let odd: usize = reading
        .roles
        .iter()
        .zip(&profiles)
        .map(|(role, p)| strangers(*role, p))
        .sum();
    let cost = cost + against.count() as Cost * VETO + odd as Cost * STRANGER;
    Fitted {
        spots,
        profiles,
        left_out,
        cost,
    }
}

/// Whether a column holds what its heading rules out: words under 金额, figures under 项目名称.
fn vetoed(role: Option<ColumnRole>, profile: &Profile) -> bool {
    use ColumnRole as R;
    let (words, all) = profile.share(|k| k >= Kind::Level1 as usize);
    let (figures, _) = profile.share(|k| (Kind::Small as usize..=Kind::Value as usize).contains(&k));
    let mostly = |n: u32| n * 2 > all;
    match role {
        None | Some(R::Other | R::Target | R::ActualValue | R::Sequence) => false,
        Some(R::Level1 | R::Level2 | R::Level3 | R::Project | R::Indicator | R::Unit | R::Comparator) => {
            mostly(figures)
        }
        Some(R::Reason | R::Remark) => mostly(figures),
        Some(_) => mostly(words),
    }
}

/// Whether a column holds words and figures by turns, as no column but one of targets does.
fn is_mixed(role: Option<ColumnRole>, profile: &Profile) -> bool {
    let figures = profile
        .share(|k| (Kind::Small as usize..=Kind::Value as usize).contains(&k))
        .0;
    let words = profile.share(|k| k >= Kind::RowName as usize).0;
    let may = matches!(
        role,
        Some(ColumnRole::Target | ColumnRole::ActualValue | ColumnRole::Remark | ColumnRole::Reason)
    );
    !may && words.min(figures) * 5 > words + figures
}

/// Words in a column of money, rates or points.
fn strangers(role: Option<ColumnRole>, profile: &Profile) -> usize {
    let figures = profile
        .share(|k| (Kind::Run as usize..=Kind::Percent as usize).contains(&k))
        .0;
    let words = profile.share(|k| k >= Kind::Level1 as usize).0;
    let measured = role.is_some_and(|role| role.measure().is_some());
    if measured && words < figures { words as usize } else { 0 }
}

/// Profiles take in the placed pieces; the cost of telling them one after the other.
fn learn(items: &[Item], spots: &[Spot], profiles: &mut [Profile], left_out: Kind) -> Cost {
    let mut cost = 0;
    let mut filled = vec![false; profiles.len()];
    let mut row = None;
    let close = |filled: &mut Vec<bool>, profiles: &mut [Profile]| {
        let mut cost = 0;
        for (profile, filled) in profiles.iter_mut().zip(filled) {
            if !std::mem::take(filled) {
                cost += profile.take(left_out);
            }
        }
        cost
    };
    for (item, spot) in items.iter().zip(spots) {
        let Some(at) = spot.row else {
            cost += item.prose;
            continue;
        };
        if row.is_some_and(|row| row != at) {
            cost += close(&mut filled, profiles);
        }
        row = Some(at);
        if std::mem::replace(&mut filled[spot.col], true) {
            cost += 5 * BIT;
        } else if item.echo >> spot.col & 1 == 1 {
            cost += place::ECHO;
        } else {
            cost += profiles[spot.col].take(item.kind) + if item.heading { BELOW } else { 0 };
        }
    }
    if row.is_some() {
        cost += close(&mut filled, profiles);
    }
    cost
}

/// The grid of a reading.
fn lay(pieces: &[Piece<'_>], items: &[Item], start: usize, reading: &Reading, fitted: &Fitted) -> Laid {
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
        }
        cell.text.push_str(pieces[at].text);
        (cell.void, cell.up) = (false, false);
        row.certain &= spot.margin >= CLEAR || !items[at].kind.is_value();
    }
    Laid {
        headings: reading.block.clone(),
        rows,
        start,
        end: first + fitted.spots.len(),
        cost: reading.cost + fitted.cost + items[..start].iter().map(|i| i.prose).sum::<Cost>(),
        above: Above {
            leaves: reading.leaves.clone(),
            roles: reading.roles.clone(),
            profiles: fitted.profiles.clone(),
        },
    }
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
    let n = reading.leaves.len();
    let share = |j: usize, is: &dyn Fn(usize) -> bool| fitted.profiles[j].share(is);
    let words = |k: usize| k >= Kind::Level1 as usize;
    let named_behind = |j: usize| {
        (j + 1..n).any(|k| {
            let (wordy, all) = share(k, &words);
            wordy * 10 >= all * 9
        })
    };
    let is_group = |j: usize| {
        let role = reading.roles[j];
        if matches!(role, Some(ColumnRole::Level1 | ColumnRole::Level2)) {
            return true;
        }
        let (wordy, all) = share(j, &words);
        let (out, _) = share(j, &|k| k == fitted.left_out as usize);
        let free = matches!(role, None | Some(ColumnRole::Project | ColumnRole::Other));
        let many = fitted.left_out == Kind::Covered && out > 0 || out * 3 >= all;
        free && wordy + out == all && many && named_behind(j)
    };
    (0..n).map(is_group).collect()
}
