//! A page turned so that most of its text reads from left to right.

use super::ink::{Glyph, Ink, Rule};
use super::raw::RawGlyph;
use hayro_interpret::kurbo::{Point, Rect};

/// The glyphs and rulings of a displayed page in the frame of its text.
pub fn upright(page: Rect, glyphs: Vec<RawGlyph>, across: Vec<Rule>, down: Vec<Rule>) -> Ink {
    let (width, height) = (page.width(), page.height());
    let mut counts = [0usize; 5];
    for glyph in glyphs.iter().filter(|g| !g.ch.is_whitespace()) {
        counts[usize::from(glyph.quarter.min(4))] += 1;
    }
    let turns = (0..4u8).max_by_key(|q| (counts[usize::from(*q)], *q == 0)).unwrap_or(0);
    let mut ink = Ink {
        width,
        height,
        turns,
        ..Ink::default()
    };
    // From displayed coordinates to those of the text's frame: the inverse of `Ink::displayed`.
    let turned = |p: Point| match turns {
        1 => (height - p.y, p.x),
        2 => (width - p.x, height - p.y),
        3 => (p.y, width - p.x),
        _ => (p.x, p.y),
    };
    let (wide, high) = ink.frame();
    for raw in glyphs {
        if raw.quarter > 3 {
            ink.slanted.push(raw.ch);
            continue;
        }
        let (x, base) = turned(raw.origin);
        let quarters = (raw.quarter + 4 - turns) % 4;
        let (x, base) = match quarters {
            1 => (high - base, x),
            2 => (wide - x, high - base),
            3 => (base, wide - x),
            _ => (x, base),
        };
        let glyph = Glyph {
            ch: raw.ch,
            x0: x,
            x1: x + raw.advance,
            base,
            size: raw.size,
            run: raw.run,
            bold: raw.bold,
            visible: raw.visible,
            field: raw.field,
        };
        if quarters == 0 {
            ink.glyphs.push(glyph);
        } else {
            ink.sideways.push((quarters, glyph));
        }
    }
    let flip = |rule: Rule, extent: f64| Rule {
        at: extent - rule.at,
        ..rule
    };
    let mirror = |rule: Rule, extent: f64| Rule {
        lo: extent - rule.hi,
        hi: extent - rule.lo,
        ..rule
    };
    (ink.across, ink.down) = match turns {
        1 => (
            down.into_iter().map(|r| mirror(r, height)).collect(),
            across.into_iter().map(|r| flip(r, height)).collect(),
        ),
        2 => (
            across.into_iter().map(|r| mirror(flip(r, height), width)).collect(),
            down.into_iter().map(|r| mirror(flip(r, width), height)).collect(),
        ),
        3 => (
            down.into_iter().map(|r| flip(r, width)).collect(),
            across.into_iter().map(|r| mirror(r, width)).collect(),
        ),
        _ => (across, down),
    };
    ink
}
