//! What stands in the cells of a grid.

use super::align::split_rows;
use super::grid::Grid;
use super::ink::{Glyph, Ink};
use super::layout::{ReadCell, TablePiece, bounds_of, place};
use super::sideways::{self, Sideways};
use super::text::{Piece, block_text, lines, room, spare, unbreakable};

/// What the cells of a grid hold.
struct Content {
    /// Glyphs of each cell.
    texts: Vec<Vec<Glyph>>,
    /// Cells in whose box stands a glyph of another cell's text, or whose own text runs over its border.
    mixed: Vec<bool>,
    /// Pieces that stand in cells.
    taken: Vec<usize>,
}

/// Gives the pieces inside of a grid to its cells.
fn assign(ink: &Ink, grid: &Grid, all: &[Piece], free: &[bool]) -> Content {
    let [left, top, right, bottom] = grid.bounds();
    let owners = grid.owners();
    let mut content = Content {
        texts: vec![Vec::new(); grid.cells.len()],
        mixed: vec![false; grid.cells.len()],
        taken: Vec::new(),
    };
    let cell_at = |g: &Glyph| {
        let (x, y) = g.middle();
        if !grid.held.is_empty() {
            return grid.holder(x, g.base, g.size);
        }
        grid.square_at(x, y).map(|(row, col)| owners[row * grid.cols() + col])
    };
    for (index, piece) in all.iter().enumerate().filter(|(index, _)| free[*index]) {
        let glyphs = &ink.glyphs[piece.from..piece.to];
        let (x, y) = glyphs[glyphs.len() / 2].middle();
        // Labels may be higher than the rows beside them.
        let apart = y < top || y > bottom || x < left - 40.0 || x > right + 40.0;
        if apart && grid.held.is_empty() {
            continue;
        }
        // A piece that runs over a border belongs to the cell that holds most of it.
        let mut votes: Vec<(usize, usize)> = Vec::new();
        for cell in glyphs.iter().filter_map(cell_at) {
            match votes.iter_mut().find(|(c, _)| *c == cell) {
                Some(vote) => vote.1 += 1,
                None => votes.push((cell, 1)),
            }
        }
        let inside: usize = votes.iter().map(|(_, n)| n).sum();
        let Some((cell, _)) = votes.iter().rev().max_by_key(|(_, n)| *n).copied() else {
            continue;
        };
        if inside * 2 < glyphs.len() {
            continue;
        }
        if votes.len() > 1 || inside < glyphs.len() || !grid.held.is_empty() {
            votes.iter().for_each(|(c, _)| content.mixed[*c] = true);
        }
        content.texts[cell].extend_from_slice(glyphs);
        content.taken.push(index);
    }
    content
}

/// Gives text that hangs out below the grid to the cell above it: a printer that tears a merged label between two pages
/// lets its last line stand below the last rule. Returns whether there was any.
fn take_overhang(
    ink: &Ink,
    grid: &Grid,
    all: &[Piece],
    free: &[bool],
    content: &mut Content,
    texts: &[Vec<Vec<Glyph>>],
) -> bool {
    let [left, _, right, bottom] = grid.bounds();
    if bottom < 0.6 * ink.frame().1 {
        return false;
    }
    let place_of = |piece: &Piece| bounds_of(&ink.glyphs[piece.from..piece.to]);
    let below = |piece: &Piece| {
        let (own, size) = (place_of(piece), ink.glyphs[piece.from].size);
        own[1] > bottom - 0.6 * size && own[1] < bottom + 0.8 * size && !ink.glyphs[piece.from].ch.is_whitespace()
    };
    let candidates: Vec<usize> = (0..all.len())
        .filter(|i| free[*i] && below(&all[*i]) && content.taken.binary_search(i).is_err())
        .collect();
    let cell_above = |piece: &Piece| {
        let (own, size) = (place_of(piece), ink.glyphs[piece.from].size);
        let cell = grid.cells.iter().position(|cell| {
            let [x0, _, x1, y1] = grid.place(*cell);
            y1 == bottom && x1 - x0 < 0.25 * (right - left) && own[0] >= x0 && own[2] <= x1
        })?;
        // Only where the cell's own text reaches down to the rule with a full line of the same size.
        let [x0, _, x1, _] = grid.place(grid.cells[cell]);
        let reaches = texts[cell].last().is_some_and(|line| {
            let [_, _, _, y1] = bounds_of(line);
            (line[0].size - size).abs() < 0.1 * size && y1 > bottom - 1.2 * size && room(line, x0, x1) < 1.3 * size
        });
        reaches.then_some(cell)
    };
    // A line of which any part stands elsewhere is a line of text.
    let cells: Option<Vec<usize>> = candidates.iter().map(|i| cell_above(&all[*i])).collect();
    let Some(cells) = cells.filter(|cells| !cells.is_empty()) else {
        return false;
    };
    for (index, cell) in candidates.into_iter().zip(cells) {
        content.texts[cell].extend_from_slice(&ink.glyphs[all[index].from..all[index].to]);
        content.mixed[cell] = true;
        content.taken.push(index);
    }
    true
}

/// Reads the cells of a grid and takes their pieces.
pub fn read_table(ink: &Ink, grid: &Grid, all: &[Piece], free: &mut [bool], sideways: &mut Sideways) -> TablePiece {
    let mut content = assign(ink, grid, all, free);
    let mut cell_lines: Vec<Vec<Vec<Glyph>>> = content.texts.iter().map(|glyphs| lines(glyphs.clone())).collect();
    let drawn = grid.held.is_empty();
    let finer = if drawn { split_rows(grid, &cell_lines) } else { None };
    if let Some(finer) = &finer {
        content = assign(ink, finer, all, free);
        cell_lines = content.texts.iter().map(|glyphs| lines(glyphs.clone())).collect();
    }
    let grid = finer.as_ref().unwrap_or(grid);
    if drawn && take_overhang(ink, grid, all, free, &mut content, &cell_lines) {
        cell_lines = content.texts.iter().map(|glyphs| lines(glyphs.clone())).collect();
    }
    content.taken.iter().for_each(|index| free[*index] = false);
    let mut cells = Vec::with_capacity(grid.cells.len());
    for (index, square) in grid.cells.iter().enumerate() {
        let bounds = grid.place(*square);
        let glyphs = &content.texts[index];
        let own = if content.mixed[index] && !glyphs.is_empty() {
            bounds_of(glyphs)
        } else {
            bounds
        };
        let columns = sideways::columns(glyphs).map(|line| vec![line]);
        let lines = columns.as_ref().unwrap_or(&cell_lines[index]);
        let (left, right) = grid.width(*square);
        let mut text = block_text(lines, left, right);
        if text.is_empty() {
            text = sideways.take(bounds);
        }
        cells.push(ReadCell {
            row: square.row,
            col: square.col,
            row_span: square.row_span,
            col_span: square.col_span,
            text,
            place: place(ink, own),
            room: room_after(lines, [left, bounds[1], right, bounds[3]]),
            first_word: lines.first().map_or(0.0, |line| unbreakable(line)),
            spare: lines.last().map_or(f64::INFINITY, |line| spare(line, left, right)),
        });
    }
    TablePiece {
        rows: grid.rows(),
        cols: grid.cols(),
        cells,
        bounds: grid.bounds(),
        xs: grid.xs.clone(),
        open_bottom: grid.open_bottom,
    }
}

/// Points left free at the end of a cell's text; infinite when it is empty or has room for more lines.
fn room_after(lines: &[Vec<Glyph>], bounds: [f64; 4]) -> f64 {
    let Some(last) = lines.last() else { return f64::INFINITY };
    let text = bounds_of(&lines.concat());
    let size = last.iter().map(|g| g.size).fold(0.0, f64::max);
    // A printer leaves up to two lines free at a page's end, so as not to part a paragraph after its first line.
    if (bounds[3] - bounds[1]) - (text[3] - text[1]) > 3.6 * size {
        return f64::INFINITY;
    }
    room(last, bounds[0], bounds[2])
}
