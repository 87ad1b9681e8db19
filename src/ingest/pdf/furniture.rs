//! Running headers, footers and page numbers: known by what repeats and what counts up from page to page, and only for the
//! rest by how near the edge it stands.

use super::layout::{Item, Line, Page};
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

/// The number of a page number: `- 3 -`, `3`, `第 3 页`, `第3页 共11页`, `3/11`, `— 3 —`, `第 3 页（共 11 页）`, `Page 3 of 11`.
fn page_number(text: &str) -> Option<i64> {
    let text = text.trim();
    let text = text
        .strip_prefix("Page")
        .or_else(|| text.strip_prefix("page"))
        .unwrap_or(text);
    let text = text.replace("of", "/");
    let digit = |c: char| c.is_ascii_digit() || ('０'..='９').contains(&c);
    let around = |c: char| c.is_whitespace() || "-—–－―·•~～.．/第页共,，|()（）[]【】".contains(c);
    let digits = text.chars().filter(|c| digit(*c)).count();
    // 1,200.50 at the foot of a page is a figure.
    let chars: Vec<char> = text.chars().collect();
    let figure = |w: &[char]| digit(w[0]) && ".．,，".contains(w[1]) && digit(w[2]);
    if chars.windows(3).any(figure) || digits == 0 || digits > 6 || !text.chars().all(|c| digit(c) || around(c)) {
        return None;
    }
    let first: String = text
        .chars()
        .skip_while(|c| !digit(*c))
        .take_while(|c| digit(*c))
        .map(|c| char::from_u32(c as u32 - if c < '０' { 0 } else { '０' as u32 - '0' as u32 }).unwrap_or(c))
        .collect();
    first.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::page_number;

    #[test]
    fn page_numbers() {
        for text in [
            "- 3 -",
            "3",
            "第 3 页",
            "第3页 共11页",
            "3/11",
            "— ３ —",
            "第3页（共11页）",
            "Page 3 of 11",
            "·3·",
        ] {
            assert_eq!(page_number(text), Some(3), "{text}");
        }
        for text in ["", "-", "1200.50万元", "三、", "20230401", "第3号", "12.50", "1,200"] {
            assert_eq!(page_number(text), None, "{text}");
        }
    }
}
