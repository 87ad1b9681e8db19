//! Which of a page's characters are its text: those that its reader sees, or an OCR layer that stands for an image.

use super::paint::{Hidden, Surfaces};
use super::raw::RawGlyph;
use crate::model::BBox;
use hayro_interpret::kurbo::Rect;
use std::collections::BTreeMap;

/// Share of the page that an image covers whose text layer stands for it.
const SCAN: f64 = 0.3;

/// Characters that stand in the file and are not seen on the page.
#[derive(Debug, Clone)]
pub struct Unseen {
    /// Why.
    pub why: Hidden,
    /// The characters, in drawing order.
    pub text: String,
    /// Where they stand on the displayed page.
    pub place: BBox,
}

/// A box as the model has it.
pub fn bbox(rect: Rect) -> BBox {
    BBox::new(rect.x0, rect.y0, rect.x1, rect.y1)
}

/// Takes the characters that are not seen from a page, unless they are its only text or the text layer of a scan.
pub fn settle(glyphs: &mut Vec<RawGlyph>, surfaces: &mut Surfaces, page: Rect) -> Vec<Unseen> {
    for glyph in glyphs.iter_mut() {
        glyph.hidden = surfaces.hidden(glyph);
    }
    clip(glyphs);
    let inked = |g: &&RawGlyph| !g.ch.is_whitespace();
    let seen = glyphs.iter().filter(|g| inked(g) && g.hidden.is_none()).count();
    if seen == 0 {
        // Nothing else to read: the text is what the page has, of lower trust.
        glyphs.iter_mut().for_each(|g| g.visible &= g.hidden.is_none());
        return Vec::new();
    }
    let near = Near::of(glyphs.iter().filter(|g| g.hidden.is_none()));
    let mut stays: Vec<bool> = glyphs.iter().map(|g| g.hidden.is_none()).collect();
    for index in text_layer(glyphs, surfaces, page, &near, seen) {
        stays[index] = true;
    }
    let unseen = told(glyphs, &stays, &near);
    let mut stays = stays.into_iter();
    glyphs.retain_mut(|g| {
        g.visible &= g.hidden.is_none();
        stays.next().unwrap_or(true)
    });
    unseen
}

/// The characters of a text layer that say what an image or curves show, and not once more what is seen as text.
fn text_layer(glyphs: &[RawGlyph], surfaces: &mut Surfaces, page: Rect, near: &Near, seen: usize) -> Vec<usize> {
    let scan = SCAN * page.area();
    let mut over_image = |g: &RawGlyph| {
        matches!(g.hidden, Some(Hidden::Unpainted | Hidden::Covered)) && surfaces.image_at(g.point(0.5, 0.35), scan)
    };
    let layer: Vec<bool> = glyphs.iter().map(&mut over_image).collect();
    let unpainted: Vec<usize> = (0..glyphs.len())
        .filter(|i| glyphs[*i].hidden == Some(Hidden::Unpainted) || layer[*i])
        .collect();
    // A layer that is drawn twice counts once: the first time.
    let mut once: Vec<usize> = Vec::new();
    let mut own = Near::default();
    for run in unpainted.chunk_by(|a, b| glyphs[*a].run == glyphs[*b].run) {
        let inked = || run.iter().filter(|i| !glyphs[**i].ch.is_whitespace());
        let again = inked().filter(|i| near.touches(&glyphs[**i]) || own.touches(&glyphs[**i]));
        if again.count() * 2 < inked().count().max(1) {
            run.iter().for_each(|i| own.add(&glyphs[*i]));
            once.extend(run);
        }
    }
    let inked = |list: &[usize]| list.iter().filter(|i| !glyphs[**i].ch.is_whitespace()).count();
    let over_text = unpainted.iter().filter(|i| near.touches(&glyphs[**i])).count();
    if over_text * 10 >= inked(&unpainted) * 3 {
        return Vec::new();
    }
    // Without an image, a few characters that are not painted are no text layer.
    let whole = inked(&once) >= seen;
    once.retain(|i| layer[*i] || whole);
    once
}

/// Marks what stands wholly outside of its clip. Text that begins inside and runs out, or whose next line runs out, is a
/// text that its cell cuts short: half of a figure would be a wrong one, so it stays whole.
fn clip(glyphs: &mut [RawGlyph]) {
    let joins = |a: &RawGlyph, b: &RawGlyph| {
        let end = a.point(1.0, 0.0);
        let (gap, next) = ((b.origin - end).hypot(), (b.origin - a.origin).hypot());
        let beside = (b.origin.y - a.origin.y).abs() < 2.0 * a.size && (b.origin.x - a.origin.x).abs() < 20.0 * a.size;
        a.clip == b.clip && (gap < a.size || next < 2.0 * a.size || (a.run != b.run && beside))
    };
    let mut start = 0;
    while start < glyphs.len() {
        let mut end = start + 1;
        while end < glyphs.len() && joins(&glyphs[end - 1], &glyphs[end]) {
            end += 1;
        }
        let group = &mut glyphs[start..end];
        if group.iter().all(|g| g.outside) {
            group.iter_mut().for_each(|g| g.hidden = Some(Hidden::Clipped));
        }
        start = end;
    }
}

/// Characters by place.
#[derive(Default)]
struct Near {
    cells: BTreeMap<(i32, i32), Vec<(char, Rect)>>,
}

impl Near {
    const CELL: f64 = 24.0;

    fn key(at: hayro_interpret::kurbo::Point) -> (i32, i32) {
        ((at.x / Self::CELL).floor() as i32, (at.y / Self::CELL).floor() as i32)
    }

    fn of<'g>(glyphs: impl Iterator<Item = &'g RawGlyph>) -> Self {
        let mut near = Near::default();
        glyphs.for_each(|glyph| near.add(glyph));
        near
    }

    fn add(&mut self, glyph: &RawGlyph) {
        if glyph.ch.is_whitespace() {
            return;
        }
        let cell = self.cells.entry(Self::key(glyph.point(0.5, 0.35))).or_default();
        // So many characters stand in one place only to slow their reader down.
        if cell.len() < 64 {
            cell.push((glyph.ch, glyph.bounds()));
        }
    }

    fn around(&self, glyph: &RawGlyph) -> impl Iterator<Item = &(char, Rect)> {
        let (x, y) = Self::key(glyph.point(0.5, 0.35));
        let keys = (-1..=1).flat_map(move |dx| (-1..=1).map(move |dy| (x + dx, y + dy)));
        keys.filter_map(|key| self.cells.get(&key)).flatten()
    }

    /// Whether the middle of a glyph lies on one of the characters.
    fn touches(&self, glyph: &RawGlyph) -> bool {
        let middle = glyph.point(0.5, 0.35);
        self.around(glyph).any(|(_, bounds)| bounds.contains(middle))
    }

    /// Whether the same character is seen at about the same place: a shadow, a halo, bold made by drawing twice.
    fn repeats(&self, glyph: &RawGlyph) -> bool {
        let middle = glyph.bounds().center();
        let near = |bounds: &Rect| (bounds.center() - middle).hypot() < 0.4 * glyph.size;
        self.around(glyph).any(|(ch, bounds)| *ch == glyph.ch && near(bounds))
    }
}

/// What is left out and stands nowhere else on the page, in stretches.
fn told(glyphs: &[RawGlyph], stays: &[bool], near: &Near) -> Vec<Unseen> {
    let mut unseen: Vec<(Unseen, bool)> = Vec::new();
    let mut before: Option<&RawGlyph> = None;
    for (glyph, _) in glyphs.iter().zip(stays).filter(|(_, stays)| !**stays) {
        let Some(why) = glyph.hidden.filter(|_| !glyph.ch.is_whitespace()) else {
            continue;
        };
        let new = !near.repeats(glyph);
        let goes_on = before.is_some_and(|b| (glyph.origin - b.point(1.0, 0.0)).hypot() < glyph.size);
        match unseen.last_mut().filter(|(last, _)| goes_on && last.why == why) {
            Some((last, any_new)) => {
                last.text.push(glyph.ch);
                last.place = last.place.union(bbox(glyph.bounds()));
                *any_new |= new;
            }
            None => {
                let first = Unseen {
                    why,
                    text: glyph.ch.to_string(),
                    place: bbox(glyph.bounds()),
                };
                unseen.push((first, new));
            }
        }
        before = Some(glyph);
    }
    unseen.into_iter().filter(|(_, new)| *new).map(|(u, _)| u).collect()
}
