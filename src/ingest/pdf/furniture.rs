//! Running headers, footers and page numbers: known by what repeats and what counts up from page to page, and only for the
//! rest by how near the edge it stands.

use super::layout::{Item, Line, Page};
use crate::text::page::page_number;
use std::collections::{BTreeMap, BTreeSet};

/// Parts of the page height, from the top and from the bottom, where headers and footers usually stand.
const MARGIN: f64 = 0.12;
/// The same for lines that stand word for word on many pages.
const WIDE_MARGIN: f64 = 0.2;
/// How many items at the top and at the bottom of a page may be furniture.
const OUTERMOST: usize = 2;

/// A line at the top or the bottom of a page.
struct Edge<'p> {
    page: usize,
    position: usize,
    line: &'p Line,
    /// Distance from the edge of the page: positive from the top, negative from the bottom.
    distance: f64,
    /// The same in parts of the height.
    share: f64,
    /// Nothing stands between it and the edge.
    outermost: bool,
}

/// Lines of running headers, footers and page numbers, as (page, position).
pub fn find_furniture(pages: &[Page], body_size: f64) -> BTreeSet<(usize, usize)> {
    let edges: Vec<Edge<'_>> = pages.iter().enumerate().flat_map(edges_of).collect();
    let mut found = BTreeSet::new();
    let mut repeated: BTreeMap<(String, i64), Vec<&Edge<'_>>> = BTreeMap::new();
    let mut verbatim: BTreeMap<(String, i64), Vec<&Edge<'_>>> = BTreeMap::new();
    let mut numbers: BTreeMap<i64, Vec<(&Edge<'_>, i64)>> = BTreeMap::new();
    for edge in &edges {
        let number = page_number(&edge.line.text);
        if edge.share < MARGIN {
            if number.is_some() {
                found.insert((edge.page, edge.position));
                continue;
            }
            for bucket in buckets(edge.distance) {
                repeated.entry((shape(&edge.line.text), bucket)).or_default().push(edge);
            }
        }
        for bucket in buckets(edge.distance) {
            if let Some(number) = number {
                numbers.entry(bucket).or_default().push((edge, number));
            } else if edge.share < WIDE_MARGIN && runs(edge, body_size) {
                verbatim.entry((bare(&edge.line.text), bucket)).or_default().push(edge);
            }
        }
    }
    for places in repeated.into_values() {
        let distinct = pages_of(&places);
        if distinct >= 3 || (distinct == 2 && pages.len() <= 3) {
            found.extend(places.iter().map(|edge| (edge.page, edge.position)));
        }
    }
    for places in verbatim.into_values().filter(|places| pages_of(places) >= 3) {
        found.extend(places.iter().map(|edge| (edge.page, edge.position)));
    }
    for places in numbers.into_values() {
        found.extend(counting(&places));
    }
    found
}

/// The lines at the top and at the bottom of a page.
fn edges_of((index, page): (usize, &Page)) -> impl Iterator<Item = Edge<'_>> {
    let (count, height) = (page.items.len(), page.size.1.max(1.0));
    page.items.iter().enumerate().filter_map(move |(position, item)| {
        let Item::Line(line) = item else { return None };
        let [_, top, _, bottom] = line.bounds;
        let (first, last) = (position < OUTERMOST, position + OUTERMOST >= count);
        // A short page has both ends in one: the nearer edge counts.
        let at_top = first && (!last || bottom < height - top);
        (first || last).then(|| Edge {
            page: index,
            position,
            line,
            distance: if at_top { top } else { top - height },
            share: if at_top { bottom } else { height - top } / height,
            outermost: if at_top { position == 0 } else { position + 1 == count },
        })
    })
}

/// Two overlapping rounds, so that heights on both sides of a rounding border meet.
fn buckets(distance: f64) -> [i64; 2] {
    [0i64, 1].map(|round| ((distance + 3.0 * round as f64) / 6.0).floor() as i64 * 2 + round)
}

fn pages_of(places: &[&Edge<'_>]) -> usize {
    places.iter().map(|edge| edge.page).collect::<BTreeSet<_>>().len()
}

/// Whether a line may be a running head or foot: not set larger than the text, and no label with its value, which each
/// form of a set repeats.
fn runs(edge: &Edge<'_>, body_size: f64) -> bool {
    edge.outermost && edge.line.size <= 1.05 * body_size && !edge.line.text.contains(['：', ':'])
}

/// The lines whose numbers count up with the pages.
fn counting(places: &[(&Edge<'_>, i64)]) -> Vec<(usize, usize)> {
    let mut offsets: BTreeMap<i64, BTreeSet<(usize, usize)>> = BTreeMap::new();
    for (edge, number) in places {
        let own = offsets.entry(number - edge.page as i64).or_default();
        own.insert((edge.page, edge.position));
    }
    let counts = |own: &BTreeSet<(usize, usize)>| own.iter().map(|(page, _)| *page).collect::<BTreeSet<_>>().len() >= 2;
    offsets.into_values().filter(counts).flatten().collect()
}

fn bare(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace()).collect()
}

/// A text without the digits that differ from page to page.
fn shape(text: &str) -> String {
    let digit = |c: char| if c.is_ascii_digit() { '0' } else { c };
    bare(text).chars().map(digit).collect()
}
