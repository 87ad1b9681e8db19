//! The interpreter's drawing calls to ink.

use super::decode::FontEncodings;
use super::ink::{Glyph, Ink, Rule};
use crate::text::radical::radical;
use hayro_interpret::font::{Glyph as PdfGlyph, GlyphRun};
use hayro_interpret::hayro_cmap::BfString;
use hayro_interpret::hayro_syntax::object::{Dict, String as PdfString};
use hayro_interpret::kurbo::{Affine, BezPath, PathEl, PathSeg, Point, Rect, Shape};
use hayro_interpret::{BlendMode, ClipPath, Device, DrawMode, DrawProps, Image, ImageDrawProps, Paint, SoftMask};
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

/// A glyph before the page's main direction is known.
struct RawGlyph {
    ch: char,
    origin: Point,
    advance: f64,
    size: f64,
    /// 0 upright, 1 reading upwards, 2 upside down, 3 reading downwards, 4 any other angle.
    quarter: u8,
    run: u32,
    bold: bool,
    visible: bool,
}

/// Collects the ink of one page.
pub struct Collector<'f> {
    encodings: &'f FontEncodings,
    page: Rect,
    clips: Vec<Rect>,
    glyphs: Vec<RawGlyph>,
    across: Vec<Rule>,
    down: Vec<Rule>,
    image_area: f64,
    unknown: usize,
    /// Characters beyond the page's edge in runs that begin on the page.
    cut_off: usize,
    overflow: bool,
    runs: u32,
    calls: usize,
    deadline: Instant,
    marked: Vec<Option<(String, usize)>>,
}

impl<'f> Collector<'f> {
    /// A collector for a page of this size.
    pub fn new(width: f64, height: f64, encodings: &'f FontEncodings, deadline: Instant) -> Self {
        Collector {
            encodings,
            page: Rect::new(0.0, 0.0, width, height),
            clips: Vec::new(),
            glyphs: Vec::new(),
            across: Vec::new(),
            down: Vec::new(),
            image_area: 0.0,
            unknown: 0,
            cut_off: 0,
            overflow: false,
            runs: 0,
            calls: 0,
            deadline,
            marked: Vec::new(),
        }
    }

    /// The page's ink, turned so that most of its text reads from left to right.
    pub fn finish(self) -> Ink {
        let (width, height) = (self.page.width(), self.page.height());
        let mut counts = [0usize; 5];
        for glyph in self.glyphs.iter().filter(|g| !g.ch.is_whitespace()) {
            counts[usize::from(glyph.quarter.min(4))] += 1;
        }
        let turns = (0..4u8).max_by_key(|q| (counts[usize::from(*q)], *q == 0)).unwrap_or(0);
        let mut ink = Ink {
            width,
            height,
            image_share: (self.image_area / (width * height).max(1.0)).min(1.0),
            unknown: self.unknown,
            cut_off: self.cut_off,
            overflow: self.overflow,
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
        for raw in self.glyphs {
            if raw.quarter != turns {
                ink.slanted.push(raw.ch);
                continue;
            }
            let (x, base) = turned(raw.origin);
            ink.glyphs.push(Glyph {
                ch: raw.ch,
                x0: x,
                x1: x + raw.advance,
                base,
                size: raw.size,
                run: raw.run,
                bold: raw.bold,
                visible: raw.visible,
            });
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
                self.down.into_iter().map(|r| mirror(r, height)).collect(),
                self.across.into_iter().map(|r| flip(r, height)).collect(),
            ),
            2 => (
                self.across
                    .into_iter()
                    .map(|r| mirror(flip(r, height), width))
                    .collect(),
                self.down.into_iter().map(|r| mirror(flip(r, width), height)).collect(),
            ),
            3 => (
                self.down.into_iter().map(|r| flip(r, width)).collect(),
                self.across.into_iter().map(|r| mirror(r, width)).collect(),
            ),
            _ => (self.across, self.down),
        };
        ink
    }

    fn clip(&self) -> Rect {
        self.clips.last().copied().unwrap_or(self.page)
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
        let seen = shape.intersect(self.clip().inflate(1.0, 1.0));
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
            ..*like
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
        let like = RawGlyph { ..*first };
        self.glyphs.truncate(start);
        let step = (right - left) / chars.len().max(1) as f64;
        for (index, ch) in chars.into_iter().enumerate() {
            self.put(ch, Point::new(left + step * index as f64, like.origin.y), step, &like);
        }
    }
}

/// Control characters and unassigned stand-ins are no text.
fn usable(ch: char) -> bool {
    !ch.is_control()
        && !matches!(
            ch,
            '\u{fffd}' | '\u{fffe}' | '\u{ffff}' | '\u{feff}' | '\u{200b}' | '\u{ad}'
        )
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

impl<'a> Device<'a> for Collector<'_> {
    fn draw_path(&mut self, path: &BezPath, props: DrawProps<'a>, mode: &DrawMode) {
        self.tick(1);
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
        if matches!(mode, DrawMode::Fill(_)) {
            self.tick(1);
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
        self.clips.push(self.clip().intersect(bounds));
    }

    fn push_clip_rect(&mut self, rect: &Rect) {
        self.clips.push(self.clip().intersect(*rect));
    }

    fn pop_clip(&mut self) {
        self.clips.pop();
    }

    fn push_transparency_group(&mut self, _: f32, _: Option<SoftMask<'a>>, _: BlendMode) {}

    fn pop_transparency_group(&mut self) {}

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
                self.glyphs[from..].iter_mut().for_each(|g| g.bold = true);
                return;
            }
        }
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
            let like = RawGlyph {
                ch: ' ',
                origin,
                advance,
                size,
                quarter: quarter(up.x / size, up.y / size),
                run: self.runs,
                bold,
                visible: !matches!(mode, DrawMode::Invisible),
            };
            match self.text_of(placed) {
                Some(BfString::Char(ch)) => self.put(ch, origin, advance, &like),
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
            let seen = shown.intersect(self.clip());
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

/// A PDF text string (ISO 32000-1, 7.9.2.2), or `None` when its encoding is not clear.
fn text_string(bytes: &[u8]) -> Option<String> {
    if let Some(utf16) = bytes.strip_prefix(&[0xfe, 0xff]) {
        let units: Vec<u16> = utf16
            .chunks_exact(2)
            .map(|c| u16::from_be_bytes([c[0], c[1]]))
            .collect();
        return String::from_utf16(&units).ok();
    }
    let bytes = bytes.strip_prefix(&[0xef, 0xbb, 0xbf]).unwrap_or(bytes);
    String::from_utf8(bytes.to_vec()).ok()
}

/// Direction of a glyph by its upward vector on the displayed page, where y grows downwards.
fn quarter(x: f64, y: f64) -> u8 {
    if y < -0.98 {
        0
    } else if x < -0.98 {
        1
    } else if y > 0.98 {
        2
    } else if x > 0.98 {
        3
    } else {
        4
    }
}

fn is_bold(glyph: &PdfGlyph<'_>) -> bool {
    let PdfGlyph::Outline(outline) = glyph else {
        return false;
    };
    let Some(font) = outline.font_data() else { return false };
    let named = font.postscript_name.is_some_and(|name| {
        [
            "Bold",
            "bold",
            "Black",
            "Heavy",
            "SimHei",
            "黑体",
            "Hei",
            "FZXBS",
            "小标宋",
        ]
        .iter()
        .any(|w| name.contains(w))
    });
    named || font.weight.is_some_and(|weight| weight >= 600)
}

fn subpaths(path: &BezPath) -> Vec<BezPath> {
    let mut parts: Vec<BezPath> = Vec::new();
    for element in path.elements() {
        if matches!(element, PathEl::MoveTo(_)) || parts.is_empty() {
            parts.push(BezPath::new());
        }
        if let Some(part) = parts.last_mut() {
            if part.elements().is_empty() && !matches!(element, PathEl::MoveTo(_)) {
                continue; // a segment without a start is not drawn
            }
            part.push(*element);
        }
    }
    parts
}
