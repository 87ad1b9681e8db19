//! One page: which glyphs stand in which cell, and the lines of text outside of tables.

use super::align::aligned_grids;
use super::cells::read_table;
use super::edges::{Frame, frames};
use super::grid::{Grid, grid};
use super::ink::{Glyph, Ink};
use super::sideways::Sideways;
use super::sight::{Unseen, bbox};
use super::text::{Piece, lines, pieces, spell, unbreakable};
use crate::model::BBox;
use crate::pattern::wording::Words;

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
    /// Points that the last line would leave free after one more character; negative where none fits.
    pub spare: f64,
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
    /// Those of them that the file says are digits, of two forms each.
    pub doubtful: usize,
    /// Where glyphs stand that could not be decoded.
    pub unknown_at: Option<BBox>,
    /// Most of the page is in letters that no report is written in.
    pub garbled: Option<String>,
    /// Characters beyond the page's edge in runs that begin on the page.
    pub cut_off: usize,
    /// Values of forms that are shown and were not read, and where.
    pub values_unread: Vec<(String, BBox)>,
    /// Cells that show `###`: the figure is wider than its column and not in the file.
    pub too_narrow: Vec<BBox>,
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
pub fn read_page(ink: &Ink, words: Option<&Words<'_>>) -> Page {
    let evidence = find_grids(ink);
    let mut grids = evidence.grids;
    // The inner of two nested tables takes its text first.
    grids.sort_by(|a, b| area(a.bounds()).total_cmp(&area(b.bounds())));
    let all = pieces(&ink.glyphs);
    let mut free = vec![true; all.len()];
    let mut sideways = Sideways::of(ink);
    let mut items = Vec::new();
    for grid in &grids {
        items.push(Item::Table(read_table(ink, grid, &all, &mut free, &mut sideways)));
    }
    for grid in aligned_grids(&outside(ink, &all, &free), &evidence.frames, &ink.struck, words) {
        items.push(Item::Table(read_table(ink, &grid, &all, &mut free, &mut sideways)));
    }
    items.extend(
        outside(ink, &all, &free)
            .iter()
            .map(|glyphs| Item::Line(line(ink, glyphs))),
    );
    in_reading_order(&mut items);
    Page {
        size: ink.frame(),
        slanted: sideways.rest() + &ink.slanted,
        unseen: ink.unseen.clone(),
        values_unread: ink.values_unread.iter().map(|(t, r)| (t.clone(), bbox(*r))).collect(),
        too_narrow: too_narrow(&items),
        unknown: ink.unknown,
        doubtful: ink.doubtful,
        unknown_at: unknown_at(ink),
        garbled: garbled(&ink.glyphs),
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
        items,
    }
}

/// The cells of spreadsheets whose column is too narrow for their figure.
fn too_narrow(items: &[Item]) -> Vec<BBox> {
    let cells = items.iter().flat_map(|item| match item {
        Item::Table(table) => table.cells.as_slice(),
        Item::Line(_) => &[],
    });
    let hashes = |text: &str| text.chars().count() >= 2 && text.chars().all(|c| matches!(c, '#' | '＃' | '\n'));
    cells.filter(|cell| hashes(&cell.text)).map(|cell| cell.place).collect()
}

/// Where the characters stand that could not be decoded.
fn unknown_at(ink: &Ink) -> Option<BBox> {
    let unknown = ink.glyphs.iter().filter(|g| g.ch == char::REPLACEMENT_CHARACTER);
    let boxes = unknown.map(|g| place(ink, [g.x0, g.top(), g.x1, g.bottom()]));
    boxes.reduce(BBox::union)
}

/// The first letters of a page whose text layer is in a wrong encoding: a fifth of it or more in letters of other alphabets
/// or in characters for private use.
fn garbled(glyphs: &[Glyph]) -> Option<String> {
    let foreign = |c: char| {
        matches!(c, '\u{a1}'..='\u{2ff}' | '\u{370}'..='\u{1fff}' | '\u{a000}'..='\u{abff}' | '\u{e000}'..='\u{f8ff}')
            && !matches!(c, '·' | '×' | '÷' | '±' | '°' | '§' | '¥' | '²' | '³' | '¹' | '«' | '»')
    };
    let chars = || {
        glyphs
            .iter()
            .map(|g| g.ch)
            .filter(|c| !c.is_whitespace() && !c.is_ascii_digit())
    };
    let found: Vec<char> = chars().filter(|c| foreign(*c)).collect();
    (found.len() >= 12 && found.len() * 5 >= chars().count()).then(|| found.into_iter().take(20).collect())
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

/// Left, top, right, bottom of glyphs.
pub fn bounds_of(glyphs: &[Glyph]) -> [f64; 4] {
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
