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
/// How near, in points, an underline ends to the ends of its text.
const EXACT: f64 = 0.6;
/// How near, in points, the ends of a border come to the borders that it meets.
const MEETS: f64 = 2.0;

/// Where a line underlines a character.
const UNDER: (f64, f64) = (-0.4, 0.1);
/// Most comparisons of lines with characters and with each other on a page.
const MAX_WORK: usize = 20_000_000;

/// Takes struck characters and the lines through them from a page, and the underlines of text in cells.
pub fn take_struck(ink: &mut Ink) {
    let mut by_height: Vec<usize> = (0..ink.glyphs.len())
        .filter(|i| !ink.glyphs[*i].ch.is_whitespace())
        .collect();
    by_height.sort_by(|a, b| ink.glyphs[*a].base.total_cmp(&ink.glyphs[*b].base));
    let tallest = ink.glyphs.iter().map(|g| g.size).fold(0.0, f64::max);
    let page = Lines::of(ink);
    let mut struck = vec![false; ink.glyphs.len()];
    let mut taken = vec![false; ink.across.len()];
    let mut heights = Vec::new();
    let mut work = 0;
    for (index, rule) in ink.across.iter().enumerate() {
        let from = by_height.partition_point(|i| ink.glyphs[*i].base < rule.at + UNDER.0 * tallest);
        let to = by_height.partition_point(|i| ink.glyphs[*i].base <= rule.at + THROUGH.1 * tallest);
        let near = &by_height[from..to];
        work += near.len();
        if work > MAX_WORK {
            break; // a page drawn to slow its reader down
        }
        let along = |share: (f64, f64)| {
            let mut found: Vec<usize> = near
                .iter()
                .copied()
                .filter(|i| runs_along(rule, &ink.glyphs[*i], share))
                .collect();
            found.sort_by(|a, b| ink.glyphs[*a].x0.total_cmp(&ink.glyphs[*b].x0));
            found
        };
        let crossed = along(THROUGH);
        if strikes(rule, &crossed, ink, &page) {
            taken[index] = true;
            heights.push(rule.at);
            crossed.iter().for_each(|i| struck[*i] = true);
        } else if crossed.is_empty() {
            taken[index] = underlines(rule, &along(UNDER), ink, &page);
        }
    }
    if !taken.contains(&true) {
        return;
    }
    ink.struck = positions(heights);
    let told = stretches(ink, &struck);
    ink.unseen.extend(told);
    let mut keep = struck.into_iter();
    ink.glyphs.retain(|_| !keep.next().unwrap_or(false));
    let mut keep = taken.into_iter();
    ink.across.retain(|_| !keep.next().unwrap_or(false));
}

/// Whether a line runs along a character from side to side, so high over its baseline.
fn runs_along(rule: &Rule, glyph: &Glyph, share: (f64, f64)) -> bool {
    let up = (glyph.base - rule.at) / glyph.size;
    let slack = 0.3 * (glyph.x1 - glyph.x0);
    (share.0..=share.1).contains(&up) && rule.lo <= glyph.x0 + slack && rule.hi >= glyph.x1 - slack
}

/// Whether a line that goes through these characters, from left to right, is there to strike them out.
fn strikes(rule: &Rule, crossed: &[usize], ink: &Ink, page: &Lines) -> bool {
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
        fits && !page.is_border(rule)
    } else {
        // Through a row. A border that goes through the texts of several columns is one that its text does not fit.
        let figures = crossed.iter().any(|i| ink.glyphs[*i].ch.is_ascii_digit());
        figures && (!page.is_border(rule) || page.parts_a_row(rule.at))
    }
}

/// Whether a line underlines a text inside of a cell: it ends where the text does and meets no border.
fn underlines(rule: &Rule, over: &[usize], ink: &Ink, page: &Lines) -> bool {
    let (Some(first), Some(last)) = (over.first(), over.last()) else {
        return false;
    };
    let size = ink.glyphs[*first].size;
    let (left, right) = (
        (ink.glyphs[*first].x0 - rule.lo).abs(),
        (rule.hi - ink.glyphs[*last].x1).abs(),
    );
    let fits = left.max(right) <= 0.4 * size;
    // One that ends with its text to the point may come near a border all the same.
    let exact = left.max(right) <= EXACT;
    fits && page.is_inside(rule) && (exact || !page.meets(rule.lo, rule.at) && !page.meets(rule.hi, rule.at))
}

/// The rulings of a page.
struct Lines {
    /// Heights of the horizontal ones.
    heights: Vec<f64>,
    /// The usual distance of two of them.
    pitch: f64,
    /// The vertical ones, from left to right.
    down: Vec<Rule>,
}

impl Lines {
    fn of(ink: &Ink) -> Self {
        let heights = positions(ink.across.iter().map(|rule| rule.at).collect());
        let mut gaps: Vec<f64> = heights.windows(2).map(|w| w[1] - w[0]).collect();
        gaps.sort_by(f64::total_cmp);
        // Lines through rows make two small gaps of one.
        let pitch = gaps.get(gaps.len() * 2 / 3).copied().unwrap_or(0.0);
        let mut down = ink.down.clone();
        down.sort_by(|a, b| a.at.total_cmp(&b.at));
        Lines { heights, pitch, down }
    }

    /// Whether the rulings around a line stand as close as those of one row.
    fn parts_a_row(&self, at: f64) -> bool {
        let own = self.heights.partition_point(|y| *y < at - SNAP);
        let above = own.checked_sub(1).and_then(|i| self.heights.get(i));
        above
            .zip(self.heights.get(own + 1))
            .is_some_and(|(above, below)| below - above < 1.4 * self.pitch)
    }

    /// Vertical rulings between two positions that pass a height; of very many only the first are looked at.
    fn passing(&self, from: f64, to: f64, at: f64) -> bool {
        let start = self.down.partition_point(|d| d.at < from);
        let near = self.down[start..].iter().take_while(|d| d.at <= to).take(2000);
        near.into_iter().any(|d| d.lo <= at + MEETS && d.hi >= at - MEETS)
    }

    /// Whether a vertical ruling passes a point.
    fn meets(&self, x: f64, y: f64) -> bool {
        self.passing(x - MEETS, x + MEETS, y)
    }

    /// Whether a line ends at other rulings on both sides.
    fn is_border(&self, rule: &Rule) -> bool {
        self.meets(rule.lo, rule.at) && self.meets(rule.hi, rule.at)
    }

    /// Whether a line stands between two vertical rulings and reaches neither.
    fn is_inside(&self, rule: &Rule) -> bool {
        self.passing(f64::NEG_INFINITY, rule.lo - EXACT, rule.at)
            && self.passing(rule.hi + EXACT, f64::INFINITY, rule.at)
    }
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
