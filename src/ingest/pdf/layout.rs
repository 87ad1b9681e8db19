//! One page: which glyphs stand in which cell, and the lines of text outside of tables.

use super::align::{aligned_grids, split_rows};
use super::edges::{Frame, frames};
use super::grid::{Grid, grid};
use super::ink::{Glyph, Ink};
use super::sight::Unseen;
use super::text::{Piece, block_text, lines, pieces, room, spell, unbreakable};
use crate::model::BBox;

/// One visual line outside of tables. Coordinates are those of the text's frame, places those of the displayed page.
#[derive(Debug, Clone)]
pub struct Line {
    /// Text.
    pub text: String,
    /// Place of each character: end byte in `text` and box; spaces that a gap stands for have none.
    pub places: Vec<(usize, BBox)>,
    /// Left, top, right, bottom.
    pub bounds: [f64; 4],
    /// Baseline.
    pub base: f64,
    /// Largest font size.
    pub size: f64,
    /// All of it is bold.
    pub bold: bool,
    /// None of it is painted.
    pub hidden: bool,
    /// Width of its first character or word: what the line before would have needed.
    pub first_width: f64,
}

/// One cell as read.
#[derive(Debug, Clone)]
pub struct ReadCell {
    /// Place in the grid.
    pub row: usize,
    /// Column.
    pub col: usize,
    /// Rows covered.
    pub row_span: usize,
    /// Columns covered.
    pub col_span: usize,
    /// Text.
    pub text: String,
    /// Place on the displayed page.
    pub place: BBox,
    /// Points left free at the end of the text; infinite when another line would fit below.
    pub room: f64,
    /// Points that the first word of the text needs.
    pub first_word: f64,
}

/// The part of a table on one page.
#[derive(Debug, Clone)]
pub struct TablePiece {
    /// Rows.
    pub rows: usize,
    /// Columns.
    pub cols: usize,
    /// Cells; they tile the grid.
    pub cells: Vec<ReadCell>,
    /// Left, top, right, bottom in the text's frame.
    pub bounds: [f64; 4],
    /// Column edges in the text's frame.
    pub xs: Vec<f64>,
    /// No rule closes it at the bottom.
    pub open_bottom: bool,
}

/// What stands on a page.
#[derive(Debug, Clone)]
pub enum Item {
    /// A line of text.
    Line(Line),
    /// A table.
    Table(TablePiece),
}

impl Item {
    /// Left, top, right, bottom in the text's frame.
    pub fn bounds(&self) -> [f64; 4] {
        match self {
            Item::Line(line) => line.bounds,
            Item::Table(table) => table.bounds,
        }
    }
}

/// A page as read.
#[derive(Debug, Clone, Default)]
pub struct Page {
    /// Width and height in the text's frame.
    pub size: (f64, f64),
    /// Lines and tables from top to bottom.
    pub items: Vec<Item>,
    /// Text at other angles.
    pub slanted: String,
    /// Characters of the file that are not seen on the page, or struck out there.
    pub unseen: Vec<Unseen>,
    /// Glyphs that could not be decoded.
    pub unknown: usize,
    /// Characters beyond the page's edge in runs that begin on the page.
    pub cut_off: usize,
    /// Letters of Western alphabets beyond ASCII between Chinese characters: what a broken ToUnicode map gives.
    pub suspicious: usize,
    /// Glyphs of an invisible layer.
    pub hidden: usize,
    /// Glyphs.
    pub glyphs: usize,
    /// Share covered by images.
    pub image_share: f64,
    /// More was drawn than is read.
    pub overflow: bool,
}

/// The frames and grids of a page: the evidence for its tables.
#[derive(Debug, Default)]
pub struct Evidence {
    /// Frames.
    pub frames: Vec<Frame>,
    /// Their grids, those that are tables.
    pub grids: Vec<Grid>,
}

/// Finds the tables that the page's rulings draw.
pub fn find_grids(ink: &Ink) -> Evidence {
    let Some(frames) = frames(ink) else {
        return Evidence::default();
    };
    let mut grids: Vec<Grid> = frames.iter().filter_map(grid).collect();
    // A frame around one square is a box or a page border, not a table.
    grids.retain(|g| g.cells.len() > 1);
    Evidence { frames, grids }
}

/// Reads a page.
pub fn read_page(ink: &Ink) -> Page {
    let evidence = find_grids(ink);
    let mut grids = evidence.grids;
    // The inner of two nested tables takes its text first.
    grids.sort_by(|a, b| area(a.bounds()).total_cmp(&area(b.bounds())));
    let all = pieces(&ink.glyphs);
    let mut free = vec![true; all.len()];
    let mut items = Vec::new();
    for grid in &grids {
        items.push(Item::Table(read_table(ink, grid, &all, &mut free)));
    }
    for grid in aligned_grids(&outside(ink, &all, &free), &evidence.frames) {
        items.push(Item::Table(read_table(ink, &grid, &all, &mut free)));
    }
    items.extend(
        outside(ink, &all, &free)
            .iter()
            .map(|glyphs| Item::Line(line(ink, glyphs))),
    );
    in_reading_order(&mut items);
    Page {
        size: ink.frame(),
        items,
        slanted: ink.slanted.clone(),
        unseen: ink.unseen.clone(),
        unknown: ink.unknown,
        cut_off: ink.cut_off,
        suspicious: suspicious(&ink.glyphs),
        hidden: ink
            .glyphs
            .iter()
            .filter(|g| !g.visible && !g.ch.is_whitespace())
            .count(),
        glyphs: ink.glyphs.iter().filter(|g| !g.ch.is_whitespace()).count(),
        image_share: ink.image_share,
        overflow: ink.overflow,
    }
}

/// Letters such as Ā or ó next to a Chinese character. Reports hold none; converters that number their characters anew
/// and write a wrong map give them in place of frequent characters.
fn suspicious(glyphs: &[Glyph]) -> usize {
    let foreign = |c: char| ('\u{a1}'..='\u{24f}').contains(&c) && c.is_alphabetic();
    let chinese = |g: Option<&Glyph>| g.is_some_and(|g| ('\u{4e00}'..='\u{9fff}').contains(&g.ch));
    let beside = |i: usize| chinese(glyphs.get(i + 1)) || (i > 0 && chinese(glyphs.get(i - 1)));
    (0..glyphs.len())
        .filter(|i| foreign(glyphs[*i].ch) && beside(*i))
        .count()
}

/// Lines of the pieces that no table has taken.
fn outside(ink: &Ink, all: &[Piece], free: &[bool]) -> Vec<Vec<Glyph>> {
    let left = all.iter().zip(free).filter(|(_, free)| **free);
    lines(
        left.flat_map(|(piece, _)| ink.glyphs[piece.from..piece.to].iter().copied())
            .collect(),
    )
}

/// From top to bottom; what begins at about the same height, from left to right.
fn in_reading_order(items: &mut [Item]) {
    items.sort_by(|a, b| a.bounds()[1].total_cmp(&b.bounds()[1]));
    let mut start = 0;
    while start < items.len() {
        let top = items[start].bounds()[1];
        let beside = items[start..].iter().take_while(|i| i.bounds()[1] - top < 4.0).count();
        items[start..start + beside].sort_by(|a, b| a.bounds()[0].total_cmp(&b.bounds()[0]));
        start += beside;
    }
}

fn area(b: [f64; 4]) -> f64 {
    (b[2] - b[0]) * (b[3] - b[1])
}

/// A box of the text's frame as a box of the displayed page.
pub fn place(ink: &Ink, b: [f64; 4]) -> BBox {
    let (x0, y0) = ink.displayed(b[0], b[1]);
    let (x1, y1) = ink.displayed(b[2], b[3]);
    BBox::new(x0, y0, x1, y1)
}

fn bounds_of(glyphs: &[Glyph]) -> [f64; 4] {
    let start = [f64::INFINITY, f64::INFINITY, f64::NEG_INFINITY, f64::NEG_INFINITY];
    glyphs.iter().fold(start, |b, g| {
        [b[0].min(g.x0), b[1].min(g.top()), b[2].max(g.x1), b[3].max(g.bottom())]
    })
}

fn line(ink: &Ink, glyphs: &[Glyph]) -> Line {
    let mut text = String::new();
    let mut places = Vec::with_capacity(glyphs.len());
    spell(glyphs, |ch, glyph| {
        text.push(ch);
        if let Some(g) = glyph.filter(|g| !g.ch.is_whitespace()) {
            places.push((text.len(), place(ink, [g.x0, g.top(), g.x1, g.bottom()])));
        }
    });
    Line {
        text,
        places,
        bounds: bounds_of(glyphs),
        base: glyphs.iter().map(|g| g.base).fold(f64::NEG_INFINITY, f64::max),
        size: glyphs.iter().map(|g| g.size).fold(0.0, f64::max),
        bold: glyphs.iter().all(|g| g.bold || g.ch.is_whitespace()),
        hidden: glyphs.iter().all(|g| !g.visible),
        first_width: unbreakable(glyphs),
    }
}

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
        grid.square_at(x, y).map(|(row, col)| owners[row * grid.cols() + col])
    };
    for (index, piece) in all.iter().enumerate().filter(|(index, _)| free[*index]) {
        let glyphs = &ink.glyphs[piece.from..piece.to];
        let (x, y) = glyphs[glyphs.len() / 2].middle();
        if y < top || y > bottom || x < left - 40.0 || x > right + 40.0 {
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
        if votes.len() > 1 || inside < glyphs.len() {
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
fn read_table(ink: &Ink, grid: &Grid, all: &[Piece], free: &mut [bool]) -> TablePiece {
    let mut content = assign(ink, grid, all, free);
    let mut cell_lines: Vec<Vec<Vec<Glyph>>> = content.texts.iter().map(|glyphs| lines(glyphs.clone())).collect();
    let finer = split_rows(grid, &cell_lines);
    if let Some(finer) = &finer {
        content = assign(ink, finer, all, free);
        cell_lines = content.texts.iter().map(|glyphs| lines(glyphs.clone())).collect();
    }
    let grid = finer.as_ref().unwrap_or(grid);
    if take_overhang(ink, grid, all, free, &mut content, &cell_lines) {
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
        let lines = &cell_lines[index];
        cells.push(ReadCell {
            row: square.row,
            col: square.col,
            row_span: square.row_span,
            col_span: square.col_span,
            text: block_text(lines, bounds[0], bounds[2]),
            place: place(ink, own),
            room: room_after(lines, bounds),
            first_word: lines.first().map_or(0.0, |line| unbreakable(line)),
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
