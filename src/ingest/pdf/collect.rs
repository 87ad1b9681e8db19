//! The interpreter's drawing calls to ink.

mod values;

use super::decode::FontEncodings;
use super::fonts::Fonts;
use super::ink::{Ink, Rule};
use super::paint::{Surface, Surfaces};
use super::raw::{RawGlyph, Tint, is_bold, quarter, subpaths, text_string, usable};
use super::{sight, turn};
use crate::text::radical::radical;
use hayro_interpret::font::{Glyph as PdfGlyph, GlyphRun};
use hayro_interpret::hayro_cmap::BfString;
use hayro_interpret::hayro_syntax::object::{Dict, String as PdfString};
use hayro_interpret::kurbo::{Affine, BezPath, PathSeg, Point, Rect, Shape};
use hayro_interpret::{
    BlendMode, ClipPath, Device, DrawMode, DrawProps, FillRule, Image, ImageDrawProps, Paint, SoftMask,
};
use std::panic::resume_unwind;
use std::time::Instant;

/// A filled shape at most this thick, in points, is a ruling and not an area.
const THIN: f64 = 3.0;
/// Coordinates beyond this many points from the origin are nonsense and are dropped.
const FAR: f64 = 100_000.0;
/// Most glyphs and rulings that one page may draw.
pub const MAX_MARKS: usize = 400_000;

/// Most drawing operations of one page.
const MAX_CALLS: usize = 4_000_000;

/// Thrown, as the only way out of the interpreter, when a page draws more than is read or takes too long.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Abandoned {
    /// More than [`MAX_MARKS`] marks, or too many operations.
    TooMuch,
    /// The deadline passed.
    TooLong,
}

/// Where drawing shows.
#[derive(Clone, Copy)]
struct Clip {
    /// A box that holds all of it.
    bounds: Rect,
    /// It fills that box.
    whole: bool,
    /// Its number on the page.
    number: u32,
}

/// Collects the ink of one page.
pub struct Collector<'f> {
    encodings: &'f FontEncodings,
    page: Rect,
    clips: Vec<Clip>,
    /// How many clips there were.
    clip_count: u32,
    /// Opacity of the groups that are open, each with those around it.
    opacities: Vec<f32>,
    glyphs: Vec<RawGlyph>,
    surfaces: Surfaces,
    fonts: Fonts,
    across: Vec<Rule>,
    down: Vec<Rule>,
    image_area: f64,
    unknown: usize,
    /// Characters beyond the page's edge in runs that begin on the page.
    cut_off: usize,
    overflow: bool,
    runs: u32,
    /// Counts what is painted.
    order: u32,
    calls: usize,
    deadline: Instant,
    marked: Vec<Option<(String, usize)>>,
    /// Glyphs that the page itself draws.
    annotations: usize,
    /// Values of forms that are shown and not read, and their boxes.
    values_unread: Vec<(String, Rect)>,
}

impl<'f> Collector<'f> {
    /// A collector for a page of this size.
    pub fn new(width: f64, height: f64, encodings: &'f FontEncodings, deadline: Instant) -> Self {
        Collector {
            encodings,
            page: Rect::new(0.0, 0.0, width, height),
            clips: Vec::new(),
            clip_count: 0,
            opacities: Vec::new(),
            glyphs: Vec::new(),
            surfaces: Surfaces::default(),
            fonts: Fonts::default(),
            across: Vec::new(),
            down: Vec::new(),
            image_area: 0.0,
            unknown: 0,
            cut_off: 0,
            overflow: false,
            runs: 0,
            order: 0,
            calls: 0,
            deadline,
            marked: Vec::new(),
            annotations: 0,
            values_unread: Vec::new(),
        }
    }

    /// The page's ink, turned so that most of its text reads from left to right.
    pub fn finish(mut self) -> Ink {
        let (spaces, doubtful) = self.fonts.settle(&mut self.glyphs);
        self.unknown = (self.unknown + doubtful).saturating_sub(spaces);
        let unseen = sight::settle(&mut self.glyphs, &mut self.surfaces, self.page);
        let mut ink = turn::upright(self.page, self.glyphs, self.across, self.down);
        ink.image_share = (self.image_area / self.page.area().max(1.0)).min(1.0);
        ink.unknown = self.unknown;
        ink.cut_off = self.cut_off;
        ink.overflow = self.overflow;
        ink.unseen = unseen;
        ink.doubtful = doubtful;
        ink.values_unread = self.values_unread;
        ink
    }

    fn clip(&self) -> Clip {
        self.clips.last().copied().unwrap_or(Clip {
            bounds: self.page,
            whole: true,
            number: 0,
        })
    }

    fn push_clip(&mut self, bounds: Rect, whole: bool) {
        self.clip_count += 1;
        let around = self.clip();
        self.clips.push(Clip {
            bounds: around.bounds.intersect(bounds),
            whole: whole && around.whole,
            number: self.clip_count,
        });
    }

    fn opacity(&self) -> f32 {
        self.opacities.last().copied().unwrap_or(1.0)
    }

    /// Notes an area that hides what lies below it, or that text stands on.
    fn surface(&mut self, bounds: Rect, outline: Option<(BezPath, FillRule)>, image: bool, look: Option<Tint>) {
        let clip = self.clip();
        let bounds = bounds.intersect(clip.bounds);
        if !bounds.is_finite() || bounds.width() <= THIN || bounds.height() <= THIN || look == Some(Tint::Clear) {
            return;
        }
        self.order += 1;
        let surface = Surface {
            order: self.order,
            bounds,
            outline,
            colour: match look {
                Some(Tint::Colour(colour)) => Some(colour),
                _ => None,
            },
            opaque: clip.whole && matches!(look, None | Some(Tint::Colour(_))),
            image,
        };
        self.surfaces.add(surface, self.page);
    }

    /// Counts an operation; leaves the interpreter when there are too many or time is up. Forms that draw forms can
    /// repeat a few lines without end, and each form begins with a clip.
    fn tick(&mut self, weight: usize) {
        let before = self.calls / 256;
        self.calls += weight;
        if self.calls > MAX_CALLS || self.overflow {
            self.overflow = true;
            resume_unwind(Box::new(Abandoned::TooMuch));
        }
        if self.calls / 256 != before && Instant::now() > self.deadline {
            resume_unwind(Box::new(Abandoned::TooLong));
        }
    }

    fn full(&mut self) -> bool {
        let full = self.glyphs.len() + self.across.len() + self.down.len() >= MAX_MARKS;
        self.overflow |= full;
        full
    }

    /// A painted area: a ruling when it is thin.
    fn area(&mut self, shape: Rect) {
        if !shape.is_finite() || self.full() {
            return;
        }
        // A ruling on the very edge of its clip is still seen.
        let seen = shape.intersect(self.clip().bounds.inflate(1.0, 1.0));
        if seen.width() < 0.0 || seen.height() < 0.0 || seen.x0.abs() > FAR || seen.y0.abs() > FAR {
            return;
        }
        let (middle, wide, high) = (seen.center(), seen.width(), seen.height());
        if high <= THIN && wide > high.max(THIN) {
            self.across.push(Rule {
                at: middle.y,
                lo: seen.x0,
                hi: seen.x1,
            });
        } else if wide <= THIN && high > wide.max(THIN) {
            self.down.push(Rule {
                at: middle.x,
                lo: seen.y0,
                hi: seen.y1,
            });
        }
    }

    /// A painted line: a ruling when it is level or upright.
    fn line(&mut self, from: Point, to: Point, thickness: f64) {
        let half = (thickness / 2.0).min(THIN * 200.0);
        let (dx, dy) = ((to.x - from.x).abs(), (to.y - from.y).abs());
        let shape = Rect::new(from.x.min(to.x), from.y.min(to.y), from.x.max(to.x), from.y.max(to.y));
        if dy <= 0.7 && dx > dy {
            self.area(shape.inflate(0.0, half));
        } else if dx <= 0.7 && dy > dx {
            self.area(shape.inflate(half, 0.0));
        }
    }

    /// Whether a glyph draws nothing though the file holds its font.
    fn is_blank(&self, glyph: &PdfGlyph<'_>) -> bool {
        let PdfGlyph::Outline(outline) = glyph else {
            return false;
        };
        let name = outline.font_data().and_then(|font| font.postscript_name);
        name.is_some_and(|name| self.encodings.holds(&name)) && outline.outline().elements().is_empty()
    }

    fn text_of(&mut self, glyph: &PdfGlyph<'_>) -> Option<BfString> {
        let own = glyph.as_unicode().filter(|text| match text {
            BfString::Char(c) => usable(*c),
            BfString::String(s) => !s.is_empty() && s.chars().all(usable),
        });
        own.or_else(|| {
            let PdfGlyph::Outline(outline) = glyph else { return None };
            let name = outline.font_data()?.postscript_name?;
            self.encodings.decode(&name, glyph.char_code()).map(BfString::Char)
        })
    }

    fn put(&mut self, ch: char, origin: Point, advance: f64, like: &RawGlyph) {
        if !usable(ch) && ch != '\u{fffd}' {
            return;
        }
        self.glyphs.push(RawGlyph {
            ch: radical(ch),
            origin,
            advance,
            ..like.clone()
        });
    }

    /// Replaces the glyphs of a marked sequence by its /ActualText (ISO 32000-1, 14.9.4).
    fn apply_actual_text(&mut self, text: &str, start: usize) {
        let Some(shown) = self.glyphs.get(start..).filter(|g| !g.is_empty()) else {
            return;
        };
        let chars: Vec<char> = text.chars().filter(|c| usable(*c)).collect();
        if chars.len() == shown.len() {
            for (glyph, ch) in self.glyphs[start..].iter_mut().zip(chars) {
                glyph.ch = radical(ch);
            }
            return;
        }
        let first = &shown[0];
        let one_line = shown
            .iter()
            .all(|g| (g.origin.y - first.origin.y).abs() < 0.5 * first.size.max(1.0));
        if !one_line || first.quarter != 0 || chars.len() > 4 * shown.len() + 8 {
            return; // the text stands for more than these glyphs; what was drawn is surer
        }
        let left = shown.iter().map(|g| g.origin.x).fold(f64::INFINITY, f64::min);
        let right = shown.iter().map(|g| g.origin.x + g.advance).fold(left, f64::max);
        let like = first.clone();
        self.glyphs.truncate(start);
        let step = (right - left) / chars.len().max(1) as f64;
        for (index, ch) in chars.into_iter().enumerate() {
            self.put(ch, Point::new(left + step * index as f64, like.origin.y), step, &like);
        }
    }
}

/// White and fully transparent paint draws nothing that separates cells.
fn seen(paint: &Paint<'_>) -> bool {
    match paint {
        Paint::Color(color) => {
            let [r, g, b, a] = color.to_rgba().to_rgba8();
            a > 8 && r.min(g).min(b) < 250
        }
        Paint::Pattern(_) => true,
    }
}

/// How an area or text is painted, given what shows of it.
fn look(paint: &Paint<'_>, masked: bool, blend: BlendMode, opacity: f32) -> Tint {
    match Tint::of(paint, opacity) {
        Tint::Colour(_) if masked || blend != BlendMode::Normal => Tint::Mixed,
        tint => tint,
    }
}

impl<'a> Device<'a> for Collector<'_> {
    fn draw_path(&mut self, path: &BezPath, props: DrawProps<'a>, mode: &DrawMode) {
        self.tick(1);
        if let DrawMode::Fill(rule) | DrawMode::FillAndStroke(rule, _) = mode {
            let path = props.transform * path.clone();
            let look = look(
                &props.paint,
                props.soft_mask.is_some(),
                props.blend_mode,
                self.opacity(),
            );
            self.surface(path.bounding_box(), Some((path, *rule)), false, Some(look));
        }
        if !seen(&props.paint) || self.full() {
            return;
        }
        let stroke = match mode {
            DrawMode::Stroke(stroke) | DrawMode::FillAndStroke(_, stroke) => Some(stroke),
            DrawMode::Fill(_) => None,
            DrawMode::Invisible => return,
        };
        let path = props.transform * path.clone();
        if let Some(stroke) = stroke {
            let scale = props.transform.determinant().abs().sqrt();
            let thickness = f64::from(stroke.line_width) * scale;
            for segment in path.segments() {
                if let PathSeg::Line(line) = segment {
                    self.line(line.p0, line.p1, thickness.min(THIN));
                }
            }
        } else {
            for part in subpaths(&path) {
                self.area(part.bounding_box());
            }
        }
    }

    fn draw_rect(&mut self, rect: &Rect, props: DrawProps<'a>, mode: &DrawMode) {
        let [a, b, c, d, ..] = props.transform.as_coeffs();
        let upright = (a == 0.0 && d == 0.0) || (b == 0.0 && c == 0.0);
        if matches!(mode, DrawMode::Fill(_)) && upright {
            self.tick(1);
            let look = look(
                &props.paint,
                props.soft_mask.is_some(),
                props.blend_mode,
                self.opacity(),
            );
            self.surface(props.transform.transform_rect_bbox(*rect), None, false, Some(look));
            if seen(&props.paint) {
                self.area(props.transform.transform_rect_bbox(*rect));
            }
        } else {
            self.draw_path(&rect.to_path(0.1), props, mode);
        }
    }

    fn push_clip_path(&mut self, clip: &ClipPath) {
        self.tick(64);
        let bounds = clip.path.bounding_box();
        self.push_clip(
            bounds,
            (clip.path.area().abs() - bounds.area()).abs() < 0.01 * bounds.area() + 0.01,
        );
    }

    fn push_clip_rect(&mut self, rect: &Rect) {
        self.push_clip(*rect, true);
    }

    fn pop_clip(&mut self) {
        self.clips.pop();
    }

    fn push_transparency_group(&mut self, opacity: f32, mask: Option<SoftMask<'a>>, blend: BlendMode) {
        // What a mask or a blend shows of its group is not known: text is taken for seen, areas for transparent.
        let unsure = mask.is_some() || blend != BlendMode::Normal;
        let own = if unsure { opacity.min(0.9) } else { opacity };
        self.opacities.push(self.opacity() * own);
    }

    fn pop_transparency_group(&mut self) {
        self.opacities.pop();
    }

    fn draw_glyph_run(&mut self, run: &GlyphRun<'_, 'a>, props: DrawProps<'a>, mode: &DrawMode) {
        self.tick(1);
        self.runs += 1;
        if matches!(mode, DrawMode::Stroke(_)) {
            // Render mode 2 fills and strokes: the same glyphs come twice, which is how bold is often faked.
            let count = run.glyphs().len();
            let from = self.glyphs.len().saturating_sub(count);
            let repeats = run
                .glyphs()
                .first()
                .zip(self.glyphs.get(from))
                .is_some_and(|(again, before)| {
                    let origin = props.transform * again.transform() * Point::ZERO;
                    origin.distance(before.origin) < 0.01 && before.run + 1 == self.runs
                });
            if repeats {
                let stroke = look(
                    &props.paint,
                    props.soft_mask.is_some(),
                    props.blend_mode,
                    self.opacity(),
                );
                for glyph in &mut self.glyphs[from..] {
                    glyph.bold = true;
                    if glyph.tint == Tint::Clear || (stroke != Tint::Clear && stroke != glyph.tint) {
                        glyph.tint = if glyph.tint == Tint::Clear { stroke } else { Tint::Mixed };
                    }
                }
                return;
            }
        }
        self.order += 1;
        let tint = look(
            &props.paint,
            props.soft_mask.is_some(),
            props.blend_mode,
            self.opacity(),
        );
        let clip = self.clip();
        let font = self.fonts.note(run);
        let bold = run.glyphs().first().is_some_and(|g| is_bold(g));
        let mut begun = false;
        for placed in run.glyphs() {
            if self.full() {
                return;
            }
            let place: Affine = props.transform * placed.transform();
            let origin = place * Point::ZERO;
            let up = place * Point::new(0.0, 1000.0) - origin;
            let size = up.hypot();
            if !origin.is_finite() || !size.is_finite() || !(0.5..2000.0).contains(&size) {
                continue;
            }
            if !self.page.inflate(2.0, 2.0).contains(origin) {
                // Outside of the CropBox: not on the page as displayed. What begins on it and ends there is cut off.
                self.cut_off += usize::from(begun);
                continue;
            }
            begun = true;
            let width = match &**placed {
                PdfGlyph::Outline(outline) => outline.advance_width(),
                PdfGlyph::Type3(glyph) => glyph.advance_width(),
            };
            let width = f64::from(width.unwrap_or(0.0));
            let advance = (place * Point::new(width, 0.0) - origin).hypot().min(20.0 * size);
            let mut like = RawGlyph {
                quarter: quarter(up.x / size, up.y / size),
                run: self.runs,
                bold,
                visible: !matches!(mode, DrawMode::Invisible),
                order: self.order,
                tint,
                clip: clip.number,
                font,
                ..RawGlyph::plain(' ', origin, advance, size)
            };
            like.outside = outside(&like, clip.bounds);
            match self.text_of(placed) {
                Some(BfString::Char(ch)) => {
                    if let Some(font) = font {
                        self.fonts.digit(font, ch, placed);
                    }
                    self.put(ch, origin, advance, &like);
                }
                Some(BfString::String(text)) => {
                    // A ligature: its characters share the width.
                    let step = advance / text.chars().count().max(1) as f64;
                    let along = (place * Point::new(width, 0.0) - origin) / advance.max(1e-6);
                    for (index, ch) in text.chars().enumerate() {
                        self.put(ch, origin + along * step * index as f64, step, &like);
                    }
                }
                None => {
                    self.unknown += 1;
                    like.blank = self.is_blank(placed);
                    self.put('\u{fffd}', origin, advance, &like);
                }
            }
        }
    }

    fn draw_image(&mut self, image: Image<'a, '_>, props: ImageDrawProps<'a>) {
        self.tick(1);
        let size = Rect::new(0.0, 0.0, f64::from(image.width()), f64::from(image.height()));
        let shown = props.transform.transform_rect_bbox(size);
        if shown.is_finite() {
            let masked = match &image {
                Image::Raster(raster) => {
                    let dict = raster.stream().dict();
                    [b"SMask" as &[u8], b"Mask"].iter().any(|key| dict.contains_key(key))
                }
                Image::Stencil(_) => true,
            };
            let whole = !masked && props.soft_mask.is_none() && props.blend_mode == BlendMode::Normal;
            let opaque = whole && self.opacity() > 0.98;
            self.surface(shown, None, true, (!opaque).then_some(Tint::Mixed));
            let seen = shown.intersect(self.clip().bounds);
            self.image_area += seen.width().max(0.0) * seen.height().max(0.0);
        }
    }

    fn begin_marked_content(&mut self, _tag: &[u8], properties: Option<&Dict<'_>>) {
        let text = properties.and_then(|p| p.get::<PdfString<'_>>(b"ActualText" as &[u8]));
        let text = text.and_then(|text| text_string(text.as_ref()));
        self.marked.push(text.map(|text| (text, self.glyphs.len())));
    }

    fn end_marked_content(&mut self) {
        if let Some(Some((text, start))) = self.marked.pop() {
            self.apply_actual_text(&text, start);
        }
    }
}

/// Whether a glyph stands outside of a clip, but for a sliver.
fn outside(glyph: &RawGlyph, clip: Rect) -> bool {
    let bounds = glyph.bounds();
    let shown = bounds.intersect(clip);
    !clip.contains(glyph.point(0.5, 0.35))
        && shown.width().max(0.0) * shown.height().max(0.0) < 0.2 * bounds.area().max(0.01)
}
