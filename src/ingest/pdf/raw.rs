//! Glyphs as the interpreter draws them, before the page's main direction is known.

use super::paint::Hidden;
use hayro_interpret::Paint;
use hayro_interpret::font::Glyph as PdfGlyph;
use hayro_interpret::kurbo::{BezPath, PathEl, Point, Rect, Vec2};

/// How text or an area is painted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tint {
    /// In one colour, without transparency.
    Colour([u8; 3]),
    /// By a pattern, or so that what is below shines through.
    Mixed,
    /// Not at all.
    Clear,
}

impl Tint {
    /// The tint of a paint at an opacity that the group around it has.
    pub fn of(paint: &Paint<'_>, opacity: f32) -> Self {
        let Paint::Color(color) = paint else { return Tint::Mixed };
        let [r, g, b, a] = color.to_rgba().to_rgba8();
        let seen = f32::from(a) * opacity;
        if seen <= 12.0 {
            Tint::Clear
        } else if seen < 250.0 {
            Tint::Mixed
        } else {
            Tint::Colour([r, g, b])
        }
    }
}

/// One character as drawn on the displayed page.
#[derive(Debug, Clone)]
pub struct RawGlyph {
    /// Character; U+FFFD where the font does not say.
    pub ch: char,
    /// Start of its baseline.
    pub origin: Point,
    /// Width along the baseline.
    pub advance: f64,
    /// Font size as displayed.
    pub size: f64,
    /// 0 upright, 1 reading upwards, 2 upside down, 3 reading downwards, 4 any other angle.
    pub quarter: u8,
    /// Number of the drawing operation.
    pub run: u32,
    /// Drawn in bold.
    pub bold: bool,
    /// Painted, as against render mode 3.
    pub visible: bool,
    /// When it was painted.
    pub order: u32,
    /// How it is painted.
    pub tint: Tint,
    /// Number of the clip that holds where it was drawn.
    pub clip: u32,
    /// It stands outside of that clip.
    pub outside: bool,
    /// Number of its font.
    pub font: Option<u32>,
    /// The glyph has no outline and the font gives no character for it.
    pub blank: bool,
    /// It is a value of a form that the file does not draw.
    pub field: bool,
    /// Why its reader does not see it.
    pub hidden: Option<Hidden>,
}

impl RawGlyph {
    /// A black upright glyph.
    pub fn plain(ch: char, origin: Point, advance: f64, size: f64) -> Self {
        RawGlyph {
            ch,
            origin,
            advance,
            size,
            quarter: 0,
            run: 0,
            bold: false,
            visible: true,
            order: 0,
            tint: Tint::Colour([0; 3]),
            clip: 0,
            outside: false,
            font: None,
            blank: false,
            field: false,
            hidden: None,
        }
    }

    /// The direction of its baseline and its upward direction on the displayed page, where y grows downwards.
    fn axes(&self) -> (Vec2, Vec2) {
        match self.quarter {
            1 => (Vec2::new(0.0, -1.0), Vec2::new(-1.0, 0.0)),
            2 => (Vec2::new(-1.0, 0.0), Vec2::new(0.0, 1.0)),
            3 => (Vec2::new(0.0, 1.0), Vec2::new(1.0, 0.0)),
            _ => (Vec2::new(1.0, 0.0), Vec2::new(0.0, -1.0)),
        }
    }

    /// A point of the glyph's box: parts of its width along the baseline and of its size upwards.
    pub fn point(&self, along: f64, up: f64) -> Point {
        let (forth, rise) = self.axes();
        self.origin + forth * (along * self.advance) + rise * (up * self.size)
    }

    /// The box that its ink may fill.
    pub fn bounds(&self) -> Rect {
        Rect::from_points(self.point(0.0, -0.14), self.point(1.0, 0.86))
    }
}

/// Control characters and unassigned stand-ins are no text.
pub fn usable(ch: char) -> bool {
    !ch.is_control()
        && !matches!(
            ch,
            '\u{fffd}' | '\u{fffe}' | '\u{ffff}' | '\u{feff}' | '\u{200b}' | '\u{ad}'
        )
}

/// A PDF text string (ISO 32000-1, 7.9.2.2), or `None` when its encoding is not clear.
pub fn text_string(bytes: &[u8]) -> Option<String> {
    let utf16 = |bytes: &[u8], unit: fn([u8; 2]) -> u16| {
        let units: Vec<u16> = bytes.chunks_exact(2).map(|c| unit([c[0], c[1]])).collect();
        String::from_utf16(&units).ok()
    };
    if let Some(bytes) = bytes.strip_prefix(&[0xfe, 0xff]) {
        return utf16(bytes, u16::from_be_bytes);
    }
    if let Some(bytes) = bytes.strip_prefix(&[0xff, 0xfe]) {
        return utf16(bytes, u16::from_le_bytes);
    }
    let bytes = bytes.strip_prefix(&[0xef, 0xbb, 0xbf]).unwrap_or(bytes);
    String::from_utf8(bytes.to_vec()).ok()
}

/// Direction of a glyph by its upward vector on the displayed page, where y grows downwards.
pub fn quarter(x: f64, y: f64) -> u8 {
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

/// Whether a glyph comes from a bold font.
pub fn is_bold(glyph: &PdfGlyph<'_>) -> bool {
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

/// The parts of a path, each with its own start.
pub fn subpaths(path: &BezPath) -> Vec<BezPath> {
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
