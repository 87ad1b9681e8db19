//! Lines that hold one cell each, as pieces: what the empty lines between them say.

use super::found::{Found, found, text};
use super::heads::{Reading, TITLES};
use super::profile::{BIT, Cost};
use super::{Border, Laid, Piece, solve};
use crate::pattern::label::Label;
use crate::pattern::wording::Words;
use crate::text::fold::fold_char;
use crate::text::lines::{Line, is_space};
use crate::text::page::{is_caption, is_title};

/// Fewest and most cells of a table of lines.
const FEWEST: usize = 4;
const MOST: usize = 20_000;
/// Cells that are looked at before the others.
const AT_FIRST: usize = 360;
/// Known headings one after the other that begin a table.
const NEXT: usize = 3;
/// Longest cell, in bytes.
const LONGEST: usize = 600;
/// No sentence stands among the first cells: they are titles and headings.
const OPENING: usize = 6;
/// Most empty cells between two others.
const EMPTIES: usize = 24;

/// Cost of an empty line that says nothing.
const UNTOLD: Cost = 6 * BIT;

/// What an empty line more than elsewhere is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Extra {
    /// An empty cell.
    Cell,
    /// The end of a row.
    Row,
    /// Nothing.
    Nothing,
}

/// What was looked at and found in the lines of cells so far.
#[derive(Debug, Default)]
pub(in super::super) struct Stretches {
    /// Lines before this one were looked at in vain.
    vain_before: usize,
    /// The columns of the table that was found last.
    above: Option<Reading>,
}

impl Stretches {
    /// The table that starts at a line or behind a few titles, or `None` when there is none that is certain.
    pub fn read(&mut self, lines: &[Line<'_>], start: usize, words: &Words<'_>) -> Option<Found> {
        if start < self.vain_before {
            return None;
        }
        let at = stretch(lines, start, AT_FIRST, words)?;
        let end = at.last().map_or(start, |last| last + 1);
        let rows = at.iter().filter(|line| is_row(&lines[**line].text)).count();
        if rows * 8 > at.len() || is_form(lines, &at, words) {
            self.vain_before = end;
            return None;
        }
        let Some(found) = self.table(lines, &at, words) else {
            // The headings may stand behind more titles than were looked at; not in the middle of them.
            let heading = |line: &&usize| words.role(text(lines, **line)).is_some();
            let titles = at.iter().take(TITLES).find(heading).is_none();
            let next = if titles {
                at.iter().skip(TITLES).find(heading)
            } else {
                None
            };
            self.vain_before = next.copied().unwrap_or(end);
            return None;
        };
        match at.len() < AT_FIRST || found.table.next <= at[at.len() / 2] {
            true => Some(found),
            false => self.table(lines, &stretch(lines, start, MOST, words)?, words),
        }
    }

    fn table(&mut self, lines: &[Line<'_>], at: &[usize], words: &Words<'_>) -> Option<Found> {
        let start = *at.first()?;
        // 单位：万元 among headings is above them.
        let is_caption = |line: usize| line != start && is_caption(text(lines, line));
        let (captions, at): (Vec<usize>, Vec<usize>) = at.iter().partition(|line| is_caption(**line));
        let (usual, gaps) = gaps(&at, &captions);
        let mut best: Option<(Vec<Option<usize>>, Laid)> = None;
        for extra in modes(&gaps, usual) {
            let (origin, pieces) = pieces(lines, &at, &gaps, usual, *extra);
            let Some(mut laid) = solve(&pieces, self.above.as_ref(), words) else {
                continue;
            };
            // Empty lines that say nothing are to be told, too.
            if *extra == Extra::Nothing {
                laid.cost += untold(&gaps, usual);
            }
            if best.as_ref().is_none_or(|(_, before)| laid.cost < before.cost) {
                best = Some((origin, laid));
            }
        }
        let (origin, laid) = best?;
        let found = found(&laid, &origin, &captions, lines);
        self.above = Some(laid.above);
        found
    }
}

/// How many blank lines mostly stand before a cell, and how many before each but the first; none are told where a caption
/// stood.
pub(super) fn gaps(at: &[usize], captions: &[usize]) -> (usize, Vec<usize>) {
    let before = |line: usize| captions.partition_point(|caption| *caption < line);
    let gap = |two: &[usize]| (before(two[0]) == before(two[1])).then_some(two[1] - two[0] - 1);
    let gaps: Vec<Option<usize>> = at.windows(2).map(gap).collect();
    let count = |g: usize| gaps.iter().filter(|gap| **gap == Some(g)).count();
    let usual = usize::from(count(1) > count(0));
    (usual, gaps.into_iter().map(|gap| gap.unwrap_or(usual)).collect())
}

/// What blank lines beyond the usual may be.
pub(super) fn modes(gaps: &[usize], usual: usize) -> &'static [Extra] {
    match (gaps.iter().any(|gap| *gap > usual), usual) {
        (true, 0) => &[Extra::Cell, Extra::Row, Extra::Nothing],
        (true, _) => &[Extra::Cell, Extra::Nothing],
        (false, _) => &[Extra::Nothing],
    }
}

/// Cost of blank lines that say nothing.
pub(super) fn untold(gaps: &[usize], usual: usize) -> Cost {
    let more: usize = gaps.iter().map(|gap| gap.saturating_sub(usual)).sum();
    Cost::try_from(more)
        .unwrap_or(Cost::MAX / UNTOLD)
        .saturating_mul(UNTOLD)
}

/// Whether a line holds a whole row: figures behind blanks.
fn is_row(line: &str) -> bool {
    let parts = line.split(is_space).filter(|part| !part.is_empty()).skip(1);
    parts
        .filter(|part| part.starts_with(|c: char| fold_char(c).is_ascii_digit()))
        .count()
        > 1
}

/// Whether the first cells are labels of a form, each with its value.
fn is_form(lines: &[Line<'_>], at: &[usize], words: &Words<'_>) -> bool {
    let texts: Vec<&str> = at.iter().map(|line| text(lines, *line)).collect();
    let label = |text: &str| matches!(words.label(text), Some(Label::Head | Label::FundingHead | Label::Goal));
    let pair = |two: &[&str]| label(two[0]) && words.role(two[1]).is_none() && !label(two[1]);
    let pairs = texts.windows(2).take(OPENING * 2).filter(|two| pair(two)).count();
    // One field, and right behind it what opens another part of a form.
    let part = |three: &[&str]| {
        pair(three)
            && matches!(
                words.label(three[2]),
                Some(Label::FundingHead | Label::Goal | Label::Side)
            )
    };
    pairs > 1 || texts.windows(3).take(OPENING).any(part)
}

/// The lines of cells from `start` on.
fn stretch(lines: &[Line<'_>], start: usize, most: usize, words: &Words<'_>) -> Option<Vec<usize>> {
    let digit = |c: char| fold_char(c).is_ascii_digit();
    let mut at = Vec::new();
    let (mut blank, mut figures, mut run) = (0, 0, 0);
    for (index, line) in lines.iter().enumerate().skip(start) {
        if line.blank || line.text.is_empty() {
            blank += 1;
            if blank > 2 * EMPTIES {
                break;
            }
            continue;
        }
        blank = 0;
        let prose = at.len() < OPENING && line.text.contains('。');
        // A part of a line may be a part of a cell.
        if prose
            || line.part
            || line.text.len() > LONGEST
            || line.starts_cell()
            || line.text.contains(['|', '\t'])
            || at.len() == most
        {
            break;
        }
        let own = text(lines, index);
        // The title of the next table, or 续表.
        if figures > 1 && is_title(own) {
            break;
        }
        // What closes a form stands below its grid; 绩效等级 may also be a heading, repeated.
        let again = || at.iter().any(|before| text(lines, *before) == own);
        if figures > 1 && words.label(own) == Some(Label::Closing) && words.role(own).is_none() && !again() {
            break;
        }
        figures += usize::from(own.starts_with(digit) && !is_title(own));
        at.push(index);
        // Other headings begin another table; the same ones are repeated.
        run = if words.role(own).is_some() { run + 1 } else { 0 };
        let first = at.len().saturating_sub(run);
        if figures > 1
            && run == NEXT
            && !at[..first]
                .iter()
                .any(|before| text(lines, *before) == text(lines, at[first]))
        {
            at.truncate(first);
            break;
        }
    }
    (at.len() >= FEWEST).then_some(at)
}

/// The pieces, with the line of each but the empty ones.
pub(super) fn pieces<'l>(
    lines: &'l [Line<'_>],
    at: &[usize],
    gaps: &[usize],
    usual: usize,
    extra: Extra,
) -> (Vec<Option<usize>>, Vec<Piece<'l>>) {
    let mut origin = Vec::with_capacity(at.len());
    let mut pieces = Vec::with_capacity(at.len());
    for (index, line) in at.iter().enumerate() {
        let gap = index.checked_sub(1).map_or(usual, |before| gaps[before]);
        let more = gap.saturating_sub(usual);
        if extra == Extra::Cell && more % (usual + 1) == 0 {
            for _ in 0..(more / (usual + 1)).min(EMPTIES) {
                origin.push(None);
                pieces.push(Piece {
                    text: "",
                    border: Border::Any,
                });
            }
        }
        let border = match extra {
            Extra::Row if more > 0 => Border::Row,
            Extra::Row => Border::Cell,
            _ => Border::Any,
        };
        origin.push(Some(*line));
        pieces.push(Piece {
            text: text(lines, *line),
            border,
        });
    }
    (origin, pieces)
}
