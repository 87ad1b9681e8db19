//! Glyphs for which a font gives no character and that draw nothing: spaces, where the file holds the font.

use super::raw::RawGlyph;
use hayro_interpret::font::{Glyph, GlyphRun};
use std::collections::BTreeMap;

/// The fonts of a page, by name: a number, and whether some glyph of it has an outline.
#[derive(Default)]
pub struct Fonts {
    known: BTreeMap<String, (u32, bool)>,
}

impl Fonts {
    /// Notes whether a font has outlines: that is what tells its spaces from glyphs that the file does not hold.
    pub fn note(&mut self, run: &GlyphRun<'_, '_>) {
        for glyph in run.glyphs().iter().take(8) {
            let Glyph::Outline(outline) = &**glyph else { return };
            let Some(name) = outline.font_data().and_then(|font| font.postscript_name) else {
                return;
            };
            let number = self.known.len() as u32;
            let known = self.known.entry(name).or_insert((number, false));
            if known.1 {
                return;
            }
            known.1 = !outline.outline().elements().is_empty();
        }
    }

    /// The number of the font of a glyph without outline.
    pub fn blank_of(&self, glyph: &Glyph<'_>) -> Option<u32> {
        let Glyph::Outline(outline) = glyph else { return None };
        let name = outline.font_data()?.postscript_name?;
        let blank = outline.outline().elements().is_empty();
        self.known.get(&name).filter(|_| blank).map(|(number, _)| *number)
    }

    /// Makes spaces of the glyphs that draw nothing in fonts whose other glyphs do. Returns how many.
    pub fn settle(&self, glyphs: &mut [RawGlyph]) -> usize {
        let drawn: Vec<u32> = self.known.values().filter(|(_, ink)| *ink).map(|(n, _)| *n).collect();
        let blank = |g: &&mut RawGlyph| g.blank_of.is_some_and(|font| drawn.contains(&font));
        glyphs.iter_mut().filter(blank).map(|g| g.ch = ' ').count()
    }
}
