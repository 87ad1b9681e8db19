//! Text of a cell that does not run from left to right: turned by a quarter, or set in columns from top to bottom.

use super::ink::{Glyph, Ink};
use super::layout::bounds_of;
use super::text::{block_text, lines};

/// A stretch of text turned against the page's own.
#[derive(Debug, Clone)]
struct Stretch {
    /// Quarter turns (counter-clockwise) of the text against the page's text.
    turns: u8,
    /// Its glyphs, in a frame in which they are upright.
    glyphs: Vec<Glyph>,
    /// Left, top, right, bottom in the frame of the page's text.
    bounds: [f64; 4],
}

/// The turned text of a page that no cell has taken.
#[derive(Debug)]
pub struct Sideways {
    frame: (f64, f64),
    stretches: Vec<Option<Stretch>>,
}

/// A box of the frame in which turned text is upright, as one of the frame of the page's text; the other way with the
/// turns that bring it back.
fn turned(b: [f64; 4], turns: u8, frame: (f64, f64)) -> [f64; 4] {
    let (width, height) = frame;
    match turns {
        1 => [b[1], height - b[2], b[3], height - b[0]],
        2 => [width - b[2], height - b[3], width - b[0], height - b[1]],
        3 => [width - b[3], b[0], width - b[1], b[2]],
        _ => b,
    }
}

/// A box of the page's text as one of the frame in which turned text is upright.
fn back(b: [f64; 4], turns: u8, frame: (f64, f64)) -> [f64; 4] {
    let (width, height) = frame;
    match turns {
        1 => [height - b[3], b[0], height - b[1], b[2]],
        2 => [width - b[2], height - b[3], width - b[0], height - b[1]],
        3 => [b[1], width - b[2], b[3], width - b[0]],
        _ => b,
    }
}

impl Sideways {
    /// The turned text of a page.
    pub fn of(ink: &Ink) -> Self {
        let frame = ink.frame();
        let mut stretches: Vec<Option<Stretch>> = Vec::new();
        let goes_on = |a: &Glyph, b: &Glyph| {
            (a.base - b.base).abs() < 0.2 * a.size
                && (b.x0 - a.x1).abs() < a.size
                && (a.size - b.size).abs() < 0.3 * a.size
        };
        for (turns, glyph) in &ink.sideways {
            let last = stretches.last_mut().and_then(Option::as_mut);
            match last.filter(|s| s.turns == *turns && s.glyphs.last().is_some_and(|g| goes_on(g, glyph))) {
                Some(last) => last.glyphs.push(*glyph),
                None => stretches.push(Some(Stretch {
                    turns: *turns,
                    glyphs: vec![*glyph],
                    bounds: [0.0; 4],
                })),
            }
        }
        for stretch in stretches.iter_mut().flatten() {
            stretch.bounds = turned(bounds_of(&stretch.glyphs), stretch.turns, frame);
        }
        Sideways { frame, stretches }
    }

    /// Takes the text that stands in a box, or nothing when some of it reaches out: a watermark lies over its cells.
    pub fn take(&mut self, bounds: [f64; 4]) -> String {
        let [left, top, right, bottom] = bounds;
        let mut glyphs: Vec<Glyph> = Vec::new();
        let mut turns = None;
        for slot in &mut self.stretches {
            let Some(stretch) = slot else { continue };
            let b = stretch.bounds;
            let (x, y) = ((b[0] + b[2]) / 2.0, (b[1] + b[3]) / 2.0);
            let size = stretch.glyphs.first().map_or(0.0, |g| g.size);
            let slack = 0.6 * size;
            let holds = x > left && x < right && y > top && y < bottom;
            let within = b[0] > left - slack && b[2] < right + slack && b[1] > top - slack && b[3] < bottom + slack;
            if holds && within && stretch.turns != 2 && turns.is_none_or(|t| t == stretch.turns) {
                turns = Some(stretch.turns);
                glyphs.append(&mut stretch.glyphs);
                *slot = None;
            }
        }
        let own = back(bounds, turns.unwrap_or(0), self.frame);
        block_text(&lines(glyphs), own[0], own[2])
    }

    /// What is left, in drawing order.
    pub fn rest(&self) -> String {
        let left = self.stretches.iter().flatten();
        left.flat_map(|s| s.glyphs.iter().map(|g| g.ch)).collect()
    }
}

/// The text of a cell that was set from top to bottom in several columns, column by column; `None` for text in lines. The order
/// of drawing tells the two apart, and which column comes first.
pub fn columns(glyphs: &[Glyph]) -> Option<Vec<Glyph>> {
    let ink: Vec<&Glyph> = glyphs.iter().filter(|g| !g.ch.is_whitespace()).collect();
    let wide = |g: &&&Glyph| g.x1 - g.x0 > 0.7 * g.size;
    if ink.len() < 4 || ink.iter().filter(wide).count() * 10 < ink.len() * 9 {
        return None;
    }
    let below = |a: &Glyph, b: &Glyph| {
        let size = a.size.max(b.size);
        let step = (b.base - a.base).abs();
        ((a.x0 + a.x1 - b.x0 - b.x1) / 2.0).abs() < 0.3 * size && step > 0.5 * size && step < 3.0 * size
    };
    let mut columns: Vec<Vec<Glyph>> = Vec::new();
    for (index, glyph) in ink.iter().enumerate() {
        match columns.last_mut() {
            Some(column) if below(ink[index - 1], glyph) => column.push(**glyph),
            _ => columns.push(vec![**glyph]),
        }
    }
    // In lines of one or two characters each column would hold one.
    if columns.len() < 2 || columns.len() * 2 > ink.len() {
        return None;
    }
    for column in &mut columns {
        column.sort_by(|a, b| a.base.total_cmp(&b.base));
    }
    Some(columns.concat())
}
