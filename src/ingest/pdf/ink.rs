//! What a page draws: glyphs and rulings, in points of the displayed page (after /Rotate and CropBox, y down).

/// One character with its box.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Glyph {
    /// Character; U+FFFD where the font does not say.
    pub ch: char,
    /// Left edge.
    pub x0: f64,
    /// Right edge.
    pub x1: f64,
    /// Baseline.
    pub base: f64,
    /// Font size as displayed.
    pub size: f64,
    /// Number of the drawing operation: glyphs of one operation belong together.
    pub run: u32,
    /// Drawn in bold (by weight, or by filling and stroking).
    pub bold: bool,
    /// Painted, as against an invisible OCR layer.
    pub visible: bool,
    /// A value of a form whose size and place follow from its field.
    pub field: bool,
}

impl Glyph {
    /// Top of the character's box: fonts of Chinese text rise 0.86 of their size over the baseline.
    pub fn top(&self) -> f64 {
        self.base - 0.86 * self.size
    }

    /// Bottom of the character's box.
    pub fn bottom(&self) -> f64 {
        self.base + 0.14 * self.size
    }

    /// Middle of the character's box.
    pub fn middle(&self) -> (f64, f64) {
        ((self.x0 + self.x1) / 2.0, self.base - 0.36 * self.size)
    }
}

/// A horizontal or vertical line.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Rule {
    /// Position across the line: y of a horizontal one, x of a vertical one.
    pub at: f64,
    /// Where it begins.
    pub lo: f64,
    /// Where it ends.
    pub hi: f64,
}

/// Everything that a page draws and that matters to text and tables.
#[derive(Debug, Default)]
pub struct Ink {
    /// Width of the displayed page.
    pub width: f64,
    /// Height of the displayed page.
    pub height: f64,
    /// Upright text, in drawing order.
    pub glyphs: Vec<Glyph>,
    /// Text turned by quarters against most of the page, in drawing order: the quarters (counter-clockwise), and the glyph
    /// in a frame in which it is upright.
    pub sideways: Vec<(u8, Glyph)>,
    /// Text at any other angle (watermarks, stamps), in drawing order.
    pub slanted: String,
    /// Horizontal rulings.
    pub across: Vec<Rule>,
    /// Vertical rulings.
    pub down: Vec<Rule>,
    /// Share of the page that images cover, at most 1.
    pub image_share: f64,
    /// Characters of the file that are not seen on the page.
    pub unseen: Vec<super::sight::Unseen>,
    /// Heights of the lines that struck text out, from top to bottom, one for each height.
    pub struck: Vec<f64>,
    /// Values of forms that are shown and were not read, and where on the displayed page.
    pub values_unread: Vec<(String, hayro_interpret::kurbo::Rect)>,
    /// Glyphs that could not be decoded.
    pub unknown: usize,
    /// Those of them that the file says are digits, of two forms each.
    pub doubtful: usize,
    /// Characters beyond the page's edge in runs that begin on the page.
    pub cut_off: usize,
    /// More was drawn than `collect::MAX_MARKS`.
    pub overflow: bool,
    /// Quarter turns (clockwise) from the page as displayed to the page as its text reads.
    pub turns: u8,
}

impl Ink {
    /// Turns coordinates of the text's frame back to those of the displayed page.
    pub fn displayed(&self, x: f64, y: f64) -> (f64, f64) {
        match self.turns {
            1 => (y, self.height - x),
            2 => (self.width - x, self.height - y),
            3 => (self.width - y, x),
            _ => (x, y),
        }
    }

    /// Size of the page in the text's frame.
    pub fn frame(&self) -> (f64, f64) {
        if self.turns % 2 == 1 {
            (self.height, self.width)
        } else {
            (self.width, self.height)
        }
    }
}
