//! What the fonts of a page show of glyphs whose character the file does not give, or gives wrongly.

use super::raw::RawGlyph;
use hayro_interpret::font::{Glyph, GlyphRun};
use hayro_interpret::kurbo::{BezPath, PathEl, Point, Shape};
use std::collections::{BTreeMap, BTreeSet};

/// Distance, in thousandths of the size, at which two outlines are of two forms.
const APART: f64 = 60.0;

/// The fonts of a page.
#[derive(Default)]
pub struct Fonts {
    /// Number of each font, by the key of its data.
    numbers: BTreeMap<u128, u32>,
    /// Fonts of which some glyph has an outline.
    drawn: BTreeSet<u32>,
    /// The glyphs that stand for a digit of a font: code and outline of the first.
    digits: BTreeMap<(u32, char), (u32, BezPath)>,
    /// Digits that glyphs of two forms stand for.
    doubtful: BTreeSet<(u32, char)>,
}

impl Fonts {
    /// Notes the font of a run and whether it has outlines: that is what tells its spaces from glyphs that the file does
    /// not hold. Returns its number; `None` for a font drawn by operators.
    pub fn note(&mut self, run: &GlyphRun<'_, '_>) -> Option<u32> {
        let mut number = None;
        for glyph in run.glyphs().iter().take(8) {
            let Glyph::Outline(outline) = &**glyph else { return None };
            let next = self.numbers.len() as u32;
            let own = match number {
                Some(own) => own,
                None => *self.numbers.entry(outline.font_data()?.cache_key).or_insert(next),
            };
            number = Some(own);
            if self.drawn.contains(&own) {
                break;
            }
            if !outline.outline().elements().is_empty() {
                self.drawn.insert(own);
            }
        }
        number
    }

    /// Notes which glyph stands for a digit. One font does not draw one digit in two forms: where two of its glyphs claim
    /// to be the same digit, the file says a wrong one of either.
    pub fn digit(&mut self, font: u32, ch: char, glyph: &Glyph<'_>) {
        let Glyph::Outline(outline) = glyph else { return };
        if !ch.is_ascii_digit() || self.doubtful.contains(&(font, ch)) {
            return;
        }
        let code = glyph.char_code();
        match self.digits.get(&(font, ch)) {
            Some((known, _)) if *known == code => {}
            Some((_, form)) => {
                if !alike(form, &outline.outline()) {
                    self.doubtful.insert((font, ch));
                }
            }
            None => {
                self.digits.insert((font, ch), (code, outline.outline()));
            }
        }
    }

    /// Makes spaces of the glyphs that draw nothing in fonts whose other glyphs do, and unknown characters of digits that
    /// are in doubt. Returns how many there were of each.
    pub fn settle(&self, glyphs: &mut [RawGlyph]) -> (usize, usize) {
        let (mut spaces, mut doubtful) = (0, 0);
        for glyph in glyphs {
            let Some(font) = glyph.font else { continue };
            if glyph.blank && self.drawn.contains(&font) {
                glyph.ch = ' ';
                spaces += 1;
            } else if !self.doubtful.is_empty() && self.doubtful.contains(&(font, glyph.ch)) {
                glyph.ch = char::REPLACEMENT_CHARACTER;
                doubtful += 1;
            }
        }
        (spaces, doubtful)
    }
}

/// Whether two outlines are of one form, wherever they stand.
fn alike(a: &BezPath, b: &BezPath) -> bool {
    let points = |path: &BezPath| -> Vec<Point> {
        let start = path.bounding_box().origin();
        let ends = path.elements().iter().filter_map(PathEl::end_point);
        ends.map(|p| (p - start).to_point()).collect()
    };
    let (a, b) = (points(a), points(b));
    // An alternate of other widths has the same curves; what has other curves is another character.
    a.len() == b.len() && a.iter().zip(&b).all(|(a, b)| a.distance(*b) < APART)
}
