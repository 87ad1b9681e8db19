//! Text with a line through it: struck out, so it does not count. The line is no ruling.

use super::edges::{SNAP, positions};
use super::ink::{Glyph, Ink, Rule};
use super::layout::place;
use super::paint::Hidden;
use super::sight::Unseen;

/// Where a line goes through a character and not below or above it, in parts of the size over the baseline.
const THROUGH: (f64, f64) = (0.16, 0.58);
/// How far, in parts of the size, a line may go beyond the text that it strikes.
const BEYOND: f64 = 1.2;
/// Gap in a struck text, in parts of the size, that parts two stretches of it.
const APART: f64 = 1.5;
/// How near, in points, the ends of a border come to the borders that it meets.
const MEETS: f64 = 2.0;

/// Takes struck characters and the lines through them from a page.
pub fn take_struck(ink: &mut Ink) {
    let mut by_height: Vec<usize> = (0..ink.glyphs.len())
        .filter(|i| !ink.glyphs[*i].ch.is_whitespace())
        .collect();
    by_height.sort_by(|a, b| ink.glyphs[*a].base.total_cmp(&ink.glyphs[*b].base));
    let tallest = ink.glyphs.iter().map(|g| g.size).fold(0.0, f64::max);
    let heights = Heights::of(&ink.across);
    let mut struck = vec![false; ink.glyphs.len()];
    let mut lines = vec![false; ink.across.len()];
    for (index, rule) in ink.across.iter().enumerate() {
        let from = by_height.partition_point(|i| ink.glyphs[*i].base < rule.at);
        let near = by_height[from..]
            .iter()
            .take_while(|i| ink.glyphs[**i].base <= rule.at + THROUGH.1 * tallest);
        let mut crossed: Vec<usize> = near.copied().filter(|i| crosses(rule, &ink.glyphs[*i])).collect();
        crossed.sort_by(|a, b| ink.glyphs[*a].x0.total_cmp(&ink.glyphs[*b].x0));
        if strikes(rule, &crossed, ink, &heights) {
            lines[index] = true;
            crossed.iter().for_each(|i| struck[*i] = true);
        }
    }
    if !lines.contains(&true) {
        return;
    }
    let told = stretches(ink, &struck);
    ink.unseen.extend(told);
    let mut keep = struck.into_iter();
    ink.glyphs.retain(|_| !keep.next().unwrap_or(false));
    let mut keep = lines.into_iter();
    ink.across.retain(|_| !keep.next().unwrap_or(false));
}

/// Whether a line goes through a character from side to side.
fn crosses(rule: &Rule, glyph: &Glyph) -> bool {
    let up = (glyph.base - rule.at) / glyph.size;
    let slack = 0.3 * (glyph.x1 - glyph.x0);
    (THROUGH.0..=THROUGH.1).contains(&up) && rule.lo <= glyph.x0 + slack && rule.hi >= glyph.x1 - slack
}

/// Whether a line that goes through these characters, from left to right, is there to strike them out.
fn strikes(rule: &Rule, crossed: &[usize], ink: &Ink, heights: &Heights) -> bool {
    let (Some(first), Some(last)) = (crossed.first(), crossed.last()) else {
        return false;
    };
    let size = crossed.iter().map(|i| ink.glyphs[*i].size).fold(0.0, f64::max);
    let gaps = crossed
        .windows(2)
        .filter(|w| ink.glyphs[w[1]].x0 - ink.glyphs[w[0]].x1 > APART * size)
        .count();
    // A line along a dash is what a dash looks like; one through a rule of underscores is a form's.
    let words = crossed.iter().any(|i| ink.glyphs[*i].ch.is_alphanumeric());
    let fits = ink.glyphs[*first].x0 - rule.lo <= BEYOND * size && rule.hi - ink.glyphs[*last].x1 <= BEYOND * size;
    if !words {
        false
    } else if gaps == 0 {
        fits && !is_border(rule, ink)
    } else {
        // Through a row. A border that goes through the texts of several columns is one that its text does not fit.
        let figures = crossed.iter().any(|i| ink.glyphs[*i].ch.is_ascii_digit());
        figures && (!is_border(rule, ink) || heights.parts_a_row(rule.at))
    }
}

/// Where the horizontal rulings of a page stand.
struct Heights {
    at: Vec<f64>,
    /// The usual distance of two of them.
    pitch: f64,
}

impl Heights {
    fn of(across: &[Rule]) -> Self {
        let at = positions(across.iter().map(|rule| rule.at).collect());
        let mut gaps: Vec<f64> = at.windows(2).map(|w| w[1] - w[0]).collect();
        gaps.sort_by(f64::total_cmp);
        // Lines through rows make two small gaps of one.
        let pitch = gaps.get(gaps.len() * 2 / 3).copied().unwrap_or(0.0);
        Heights { at, pitch }
    }

    /// Whether the rulings around a line stand as close as those of one row.
    fn parts_a_row(&self, at: f64) -> bool {
        let own = self.at.partition_point(|y| *y < at - SNAP);
        let (above, below) = (own.checked_sub(1).and_then(|i| self.at.get(i)), self.at.get(own + 1));
        above
            .zip(below)
            .is_some_and(|(above, below)| below - above < 1.4 * self.pitch)
    }
}

/// Whether a line ends at other rulings on both sides.
fn is_border(rule: &Rule, ink: &Ink) -> bool {
    let meets = |at: f64| {
        ink.down
            .iter()
            .any(|d| (d.at - at).abs() <= MEETS && d.lo <= rule.at + MEETS && d.hi >= rule.at - MEETS)
    };
    meets(rule.lo) && meets(rule.hi)
}

/// The struck characters in stretches.
fn stretches(ink: &Ink, struck: &[bool]) -> Vec<Unseen> {
    let mut found: Vec<Unseen> = Vec::new();
    let mut before: Option<&Glyph> = None;
    for (glyph, _) in ink.glyphs.iter().zip(struck).filter(|(_, struck)| **struck) {
        let place = place(ink, [glyph.x0, glyph.top(), glyph.x1, glyph.bottom()]);
        let goes_on = before
            .is_some_and(|b| (b.base - glyph.base).abs() < 0.5 * glyph.size && (glyph.x0 - b.x1).abs() < glyph.size);
        match found.last_mut().filter(|_| goes_on) {
            Some(last) => {
                last.text.push(glyph.ch);
                last.place = last.place.union(place);
            }
            None => found.push(Unseen {
                why: Hidden::Struck,
                text: glyph.ch.to_string(),
                place,
            }),
        }
        before = Some(glyph);
    }
    found
}
