//! Tables drawn with characters: ┌─┬─┐, ╔═╗, `+---+---+`, bars of full width. Finds where one stands; `drawn_line` takes
//! its lines apart, `drawn_grid` makes cells of them.

use super::certain::{Found, Reading};
use super::drawn_grid;
use super::drawn_line::{self, Drawn};
use crate::text::lines::Line;
use crate::text::lines::is_separator;

/// Fewest lines with cells; where neither rulings nor a frame are drawn, fewest lines of as many cells.
const FEWEST: usize = 2;
const FEWEST_OPEN: usize = 3;

/// Reads the table that starts at a line.
pub(super) fn read(lines: &[Line<'_>], start: usize) -> Reading {
    let first = match drawn(&lines[start]) {
        Some(first) if starts(&first, lines.get(start + 1)) => first,
        _ => return Reading::None,
    };
    let (block, next) = block(lines, start, first);
    let ruled = block.iter().any(Drawn::is_ruling);
    let rows = block.iter().filter(|line| !line.is_ruling()).count();
    let framed = block.iter().all(|line| line.closed == (true, true));
    // Bars of ASCII alone are read by `bars` and `pipes`; here only where lines go on in the one below.
    let plain = !ruled && block.iter().all(|line| line.ascii);
    let barred = |at: Option<usize>| at.and_then(|at| lines.get(at)).is_some_and(Line::has_outer_bar);
    let part = plain && (barred(start.checked_sub(1)) || barred(Some(next)));
    let enough = rows >= if ruled || framed { FEWEST } else { FEWEST_OPEN };
    if !enough || part || plain && !is_wrapped(&block) {
        return Reading::Refused(next);
    }
    match drawn_grid::rows(&block) {
        Some(rows) => Reading::Found(Found {
            start,
            next,
            before: Vec::new(),
            rows,
            orphans: Vec::new(),
        }),
        None => Reading::Refused(next),
    }
}

fn drawn<'l>(line: &'l Line<'_>) -> Option<Drawn<'l>> {
    if line.blank || !drawn_line::may_be_drawn(&line.text) {
        return None;
    }
    // The row of dashes of Markdown says nothing of the rows below it.
    let markdown = || is_separator(line.trimmed());
    drawn_line::lex(&line.text).filter(|_| !markdown())
}

/// Whether a table may begin with a line, given the line below it.
fn starts(line: &Drawn<'_>, below: Option<&Line<'_>>) -> bool {
    if line.is_ruling() {
        return line.segments.len() > 1 || line.closed == (true, true);
    }
    if line.closed == (true, true) {
        return true;
    }
    // Without a frame: the ruling below the headings tells it, or bars that are used for nothing else.
    let ruling = || below.and_then(drawn).is_some_and(|below| below.is_ruling());
    line.closed == (false, false) && (line.segments.len() > 2 && !line.ascii || ruling())
}

/// The lines of the table, and the first line that is no part of it.
fn block<'l>(lines: &'l [Line<'_>], start: usize, first: Drawn<'l>) -> (Vec<Drawn<'l>>, usize) {
    let (ascii, closed) = (first.ascii, first.closed);
    let mut block = vec![first];
    let mut next = start + 1;
    while let Some(line) = lines.get(next).filter(|line| !line.page_top) {
        let last = &block[block.len() - 1];
        if matches!(last.ends.0, '└' | '╚' | '┗' | '╰' | '╙' | '╘') && block.len() > 1 {
            break;
        }
        let at = next + usize::from(line.blank);
        let found = lines.get(at).filter(|l| !l.page_top).and_then(drawn);
        let Some(found) = found.filter(|f| f.ascii == ascii && (f.closed == closed || f.is_ruling())) else {
            break;
        };
        // Two rulings below each other end one table and begin the next.
        let twice = found.is_ruling() && last.is_ruling();
        if twice && block.len() > 1 || matches!(found.ends.0, '┌' | '╔' | '┏' | '╭' | '╓' | '╒') {
            break;
        }
        block.push(found);
        next = at + 1;
    }
    (block, next)
}

/// Whether some lines hold nothing but what the lines above them had no room for; their first cell is blank.
fn is_wrapped(block: &[Drawn<'_>]) -> bool {
    let cells = block[0].segments.len();
    let blank = |text: &str| !text.is_empty() && text.trim().is_empty();
    let framed = |line: &Drawn<'_>| line.closed == (true, true) && line.segments.len() == cells;
    cells > 1
        && block.iter().skip(1).any(|line| blank(line.segments[0].text))
        && block.iter().all(framed)
        && drawn_grid::goes_on(block)
}
