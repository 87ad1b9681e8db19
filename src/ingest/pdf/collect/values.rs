//! What a viewer adds to a page from forms and annotations.

use super::super::form::{self, Shown, Value};
use super::super::raw::{RawGlyph, Tint, quarter};
use super::Collector;
use crate::text::radical::radical;
use hayro_interpret::kurbo::{Affine, Point};

impl Collector<'_> {
    /// Begins the annotations: what is drawn from here on is theirs.
    pub fn begin_annotations(&mut self) {
        self.annotations = self.glyphs.len();
    }

    /// Adds what a viewer shows of a form's field or an annotation and the file does not draw. `to_page` leads from the
    /// page's own coordinates to the displayed page.
    pub fn add_value(&mut self, value: &Value, to_page: Affine) {
        let rect = to_page.transform_rect_bbox(value.rect);
        let text = match &value.shown {
            Shown::Strike => {
                // From side to side, halfway up the text.
                let ((x0, x1), y) = ((value.rect.x0, value.rect.x1), value.rect.center().y);
                self.line(to_page * Point::new(x0, y), to_page * Point::new(x1, y), 0.5);
                return;
            }
            Shown::Unknown => {
                self.values_unread.push((String::new(), rect));
                return;
            }
            Shown::Text(text) => text,
        };
        // Each value looks at all glyphs.
        self.tick(1 + self.glyphs.len() / 64);
        let bare = |text: &mut dyn Iterator<Item = char>| text.filter(|c| !c.is_whitespace()).collect::<String>();
        let own = bare(&mut text.chars());
        let within = |g: &&RawGlyph| rect.contains(g.point(0.5, 0.35)) && !g.ch.is_whitespace();
        let from = self.annotations.min(self.glyphs.len());
        let drawn = bare(&mut self.glyphs[from..].iter().filter(within).map(|g| g.ch));
        let printed = bare(&mut self.glyphs[..from].iter().filter(within).map(|g| g.ch));
        if printed == own || (!drawn.is_empty() && (drawn == own || !value.anew)) || self.full() {
            return;
        }
        if !drawn.is_empty() {
            let mut index = 0;
            self.glyphs.retain(|g| {
                index += 1;
                index <= from || !within(&g)
            });
        }
        if let Some(ground) = value.ground {
            self.surface(rect, None, false, Some(Tint::Colour(ground)));
        }
        let up = to_page * turned_up(value.turns) - to_page * Point::ZERO;
        let size = form::size_of(value, form::lines_of(text).count()) * up.hypot();
        self.runs += 1;
        self.order += 1;
        let set: Vec<RawGlyph> = form::set(value, text)
            .into_iter()
            .map(|(ch, at, advance)| RawGlyph {
                quarter: quarter(up.x / up.hypot(), up.y / up.hypot()),
                run: self.runs,
                order: self.order,
                tint: Tint::Mixed,
                field: true,
                ..RawGlyph::plain(radical(ch), to_page * at, advance * up.hypot(), size)
            })
            .collect();
        let blank = |ch: char| ch.is_whitespace() || matches!(ch, '_' | '＿' | '…' | '.' | '．');
        let below = || {
            let glyphs = self.glyphs[..from].iter();
            glyphs.filter(|g| !blank(g.ch) && rect.overlaps(g.bounds()))
        };
        let touches = |g: &RawGlyph| set.iter().any(|own| own.bounds().contains(g.point(0.5, 0.35)));
        let over_text = value.ground.is_none() && (below().nth(1000).is_some() || below().any(touches));
        if over_text {
            self.values_unread.push((text.clone(), rect));
            return;
        }
        self.glyphs
            .extend(set.into_iter().filter(|g| self.page.contains(g.origin)));
    }
}

/// A step upwards in text that is turned by quarters, in coordinates whose y grows upwards.
fn turned_up(turns: u8) -> Point {
    match turns {
        1 => Point::new(-1.0, 0.0),
        2 => Point::new(0.0, -1.0),
        3 => Point::new(1.0, 0.0),
        _ => Point::new(0.0, 1.0),
    }
}
