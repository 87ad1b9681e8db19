//! What of a page's text its reader sees: text that is painted in the colour below it, covered later, clipped away or
//! never painted is in the file and not on the page.

use super::raw::{RawGlyph, Tint};
use hayro_interpret::FillRule;
use hayro_interpret::kurbo::{BezPath, Point, Rect, Shape};

/// Largest difference of a channel at which two colours look alike.
const ALIKE: u8 = 16;
/// Height of the bands, in points, by which surfaces are found.
const BAND: f64 = 12.0;
/// Most surfaces and most entries of bands that a page keeps; beyond them nothing more counts as covered.
const MAX_SURFACES: usize = 50_000;
const MAX_ENTRIES: usize = 1_000_000;
/// Most comparisons of a point with a piece of a surface's outline.
const MAX_WORK: usize = 60_000_000;

/// A painted area.
pub struct Surface {
    /// When it was painted.
    pub order: u32,
    /// Its extent on the displayed page.
    pub bounds: Rect,
    /// Its outline, where it is no upright rectangle.
    pub outline: Option<(BezPath, FillRule)>,
    /// Its colour; `None` for an image or a pattern.
    pub colour: Option<[u8; 3]>,
    /// Nothing below shines through.
    pub opaque: bool,
    /// An image.
    pub image: bool,
}

/// Why a glyph is not seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Hidden {
    /// Not painted at all, or with full transparency.
    Unpainted,
    /// In the colour of what lies below.
    SameColour,
    /// Painted over.
    Covered,
    /// Outside of the clip.
    Clipped,
    /// Seen, with a line through it.
    Struck,
}

/// The painted areas of a page.
#[derive(Default)]
pub struct Surfaces {
    list: Vec<Surface>,
    bands: Vec<Vec<u32>>,
    entries: usize,
    work: usize,
}

impl Surfaces {
    /// Adds an area that was just painted.
    pub fn add(&mut self, surface: Surface, page: Rect) {
        let seen = surface.bounds.intersect(page);
        let pieces = surface.outline.as_ref().map_or(0, |(path, _)| path.elements().len());
        if seen.width() <= 0.0 || seen.height() <= 0.0 || pieces > 4096 {
            return;
        }
        let (first, last) = ((seen.y0 / BAND) as usize, (seen.y1 / BAND) as usize);
        self.entries += last + 1 - first;
        if self.list.len() >= MAX_SURFACES || self.entries > MAX_ENTRIES {
            return;
        }
        if self.bands.len() <= last {
            self.bands.resize(last + 1, Vec::new());
        }
        let index = self.list.len() as u32;
        self.bands[first..=last].iter_mut().for_each(|band| band.push(index));
        self.list.push(surface);
    }

    /// Whether an image lies at a point, below or above.
    pub fn image_at(&mut self, point: Point, least: f64) -> bool {
        let found = self.at(point);
        found
            .iter()
            .any(|i| self.list[*i as usize].image && self.list[*i as usize].bounds.area() >= least)
    }

    /// Surfaces at a point, in the order of painting.
    fn at(&mut self, point: Point) -> Vec<u32> {
        let band = (point.y / BAND).max(0.0) as usize;
        let Some(band) = self.bands.get(band) else {
            return Vec::new();
        };
        let mut found = Vec::new();
        for index in band {
            let surface = &self.list[*index as usize];
            self.work += 1;
            if self.work > MAX_WORK || !surface.bounds.contains(point) {
                continue;
            }
            let inside = surface.outline.as_ref().is_none_or(|(path, rule)| {
                self.work += path.elements().len();
                match rule {
                    FillRule::NonZero => path.winding(point) != 0,
                    FillRule::EvenOdd => path.winding(point) % 2 != 0,
                }
            });
            if inside {
                found.push(*index);
            }
        }
        found
    }

    /// Why a point of a glyph is not seen.
    fn hidden_at(&mut self, point: Point, glyph: &RawGlyph) -> Option<Hidden> {
        let found = self.at(point);
        let surfaces = || found.iter().map(|index| &self.list[*index as usize]);
        if surfaces().any(|s| s.order > glyph.order && s.opaque) {
            return Some(Hidden::Covered);
        }
        let Tint::Colour(own) = glyph.tint else { return None };
        let below = match surfaces().rfind(|s| s.order < glyph.order) {
            None => [255; 3],
            Some(surface) if surface.opaque => surface.colour?,
            Some(_) => return None,
        };
        let alike = own.iter().zip(below).all(|(a, b)| a.abs_diff(b) <= ALIKE);
        alike.then_some(Hidden::SameColour)
    }

    /// Why a glyph is not seen; `None` when it is, and when that cannot be told.
    pub fn hidden(&mut self, glyph: &RawGlyph) -> Option<Hidden> {
        if glyph.tint == Tint::Clear {
            return Some(Hidden::Unpainted);
        }
        let unpainted = (!glyph.visible).then_some(Hidden::Unpainted);
        if glyph.quarter > 3 {
            return unpainted;
        }
        let mut counts = [0usize; 2];
        for (along, up) in [(0.5, 0.35), (0.2, 0.15), (0.8, 0.15), (0.2, 0.6), (0.8, 0.6)] {
            match self.hidden_at(glyph.point(along, up), glyph) {
                Some(Hidden::Covered) => counts[0] += 1,
                Some(_) => counts[1] += 1,
                None => {}
            }
        }
        // One corner may show: what covers a figure is seldom drawn to the point.
        let why = if counts[0] > counts[1] {
            Hidden::Covered
        } else {
            Hidden::SameColour
        };
        // A text layer lies under its image or over it; in the colour of the paper it is no text layer.
        (counts[0] + counts[1] >= 4 && (glyph.visible || why == Hidden::SameColour))
            .then_some(why)
            .or(unpainted)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn glyph(order: u32, tint: Tint) -> RawGlyph {
        RawGlyph {
            order,
            tint,
            ..RawGlyph::plain('1', Point::new(20.0, 30.0), 6.0, 10.0)
        }
    }

    fn surface(order: u32, colour: [u8; 3]) -> Surface {
        Surface {
            order,
            bounds: Rect::new(10.0, 10.0, 90.0, 40.0),
            outline: None,
            colour: Some(colour),
            opaque: true,
            image: false,
        }
    }

    #[test]
    fn white_text_is_seen_on_a_dark_fill_only() {
        let page = Rect::new(0.0, 0.0, 100.0, 100.0);
        let mut surfaces = Surfaces::default();
        let white = Tint::Colour([255; 3]);
        assert_eq!(surfaces.hidden(&glyph(5, white)), Some(Hidden::SameColour));
        surfaces.add(surface(1, [0, 0, 120]), page);
        assert_eq!(surfaces.hidden(&glyph(5, white)), None);
        assert_eq!(
            surfaces.hidden(&glyph(5, Tint::Colour([0, 0, 118]))),
            Some(Hidden::SameColour)
        );
        surfaces.add(surface(7, [255; 3]), page);
        assert_eq!(surfaces.hidden(&glyph(5, white)), Some(Hidden::Covered));
        assert_eq!(surfaces.hidden(&glyph(8, Tint::Colour([0; 3]))), None);
    }

    #[test]
    fn a_frame_of_two_rectangles_covers_nothing_inside() {
        let mut path = Rect::new(10.0, 10.0, 90.0, 40.0).to_path(0.1);
        path.extend(Rect::new(12.0, 12.0, 88.0, 38.0).to_path(0.1));
        let mut surfaces = Surfaces::default();
        let frame = Surface {
            outline: Some((path, FillRule::EvenOdd)),
            ..surface(9, [0; 3])
        };
        surfaces.add(frame, Rect::new(0.0, 0.0, 100.0, 100.0));
        assert_eq!(surfaces.hidden(&glyph(5, Tint::Colour([0; 3]))), None);
    }
}
