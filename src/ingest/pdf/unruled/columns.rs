//! Columns of a table without vertical rulings: borders that part words side by side, in places that few words run over.
//!
//! Each gap between two words side by side asks for a border, the wider the more; each border costs something, and more
//! for each word that runs over it (a heading over several columns, a label that is merged). The cheapest borders win.

use super::words::Word;

/// Cost of a border.
const BORDER: i64 = 40;
/// Cost of a word that runs over it.
const OVER: i64 = 25;
/// The same for a figure.
const OVER_FIGURE: i64 = 60;
/// How much a gap between two known headings asks for a border, and one between two figures: no cell holds two of them.
const HEADINGS: i64 = 100;
const FIGURES: i64 = 300;
/// How much two words near each other that do not overlap ask for a border, and how many lines are looked at.
const DISJOINT: i64 = 20;
const AROUND: usize = 6;
/// The least that a border costs.
const CHEAPEST: i64 = 10;
/// What each further word that begins or ends at the border speaks for it, and how many are counted.
const ALIGNED: i64 = 10;
const MOST_ALIGNED: i64 = 3;
/// Most places where a border may stand.
const MOST: usize = 400;
/// Most columns of a table.
const WIDEST: usize = 48;

/// A gap that asks for a border: where, and how much.
struct Gap {
    from: f64,
    to: f64,
    weight: i64,
}

/// How far a letter's side bearing may reach over a border.
pub fn bearing(size: f64) -> f64 {
    (0.1 * size).min(1.0)
}

/// How much a gap between two words asks for a border.
fn weight(gap: f64, left: &Word, right: &Word) -> i64 {
    // Two values are as far apart as two figures: ≥95% beside 97.8%.
    let figures = match (left.value, right.value) {
        (true, true) => 2,
        _ => i64::from(left.figure) + i64::from(right.figure),
    };
    // The characters of a label may stand apart: 合 计.
    let spread = [left, right].iter().all(|w| w.text.chars().count() == 1 && !w.figure);
    if spread && gap < 4.0 {
        return 20;
    }
    let own = match gap {
        g if g < 0.55 => [10, 10, 100][figures as usize],
        g if g < 0.8 => [20, 25, FIGURES][figures as usize],
        g if g < 1.4 => [40, 60, FIGURES][figures as usize],
        g if g < 2.2 => 300 + 150 * figures,
        _ => 600,
    };
    if right.same_run && gap < 2.2 { own / 2 } else { own }
}

/// Gaps between words that stand side by side.
fn gaps(lines: &[Vec<Word>], known: &dyn Fn(&str) -> bool) -> Vec<Gap> {
    let mut gaps = Vec::new();
    for (at, line) in lines.iter().enumerate() {
        // Words of the next lines stand beside a cell of more lines.
        let near = &lines[at.saturating_sub(2)..lines.len().min(at + 3)];
        for word in line {
            let right = near
                .iter()
                .flatten()
                .filter(|w| w.x0 > word.x1 - 0.01 && w.beside(word));
            let Some(next) = right.min_by(|a, b| a.x0.total_cmp(&b.x0)) else {
                continue;
            };
            let size = word.size.max(next.size);
            let gap = (next.x0 - word.x1) / size;
            // The other of two such pairs says no more.
            let level = (next.base - word.base).abs() < 0.2 * size;
            let weight = match (level, weight(gap, word, next)) {
                // Two headings, each by itself.
                (true, own) if known(&word.text) && known(&next.text) => own.max(HEADINGS),
                (true, own) => own,
                (false, own) => own / 2,
            };
            // A border may stand within the side bearings beside it, as where words run over it.
            let margin = bearing(word.size.min(next.size));
            gaps.push(Gap {
                from: word.x1 - margin,
                to: next.x0 + margin,
                weight,
            });
        }
        // Words of one column stand below each other: what does not overlap is of two.
        let around = &lines[at.saturating_sub(AROUND)..lines.len().min(at + AROUND + 1)];
        // Figures stand at the right below headings at the left.
        let words = |w: &Word| w.text.chars().all(|c| !c.is_ascii_digit()) && w.text.chars().count() > 1;
        for word in line.iter().filter(|w| words(w)) {
            let near = |w: &&Word| (w.base - word.base).abs() < 5.0 * word.size && words(w);
            let right = around
                .iter()
                .flatten()
                .filter(near)
                .filter(|w| w.x0 > word.x1 + 0.3 * word.size);
            let mut right: Vec<f64> = right.map(|w| w.x0).collect();
            right.sort_by(f64::total_cmp);
            // Those of the next column begin at about one place.
            if let Some(to) = right.first().copied() {
                let many = right.iter().take_while(|x| **x < to + 2.0 * word.size).take(4).count();
                gaps.push(Gap {
                    from: word.x1,
                    to,
                    weight: DISJOINT * many as i64,
                });
            }
        }
    }
    gaps
}

/// Places where a border may stand: the middle of each stretch that fewer words run over than over what is beside it.
fn places(lines: &[Vec<Word>], left: f64, right: f64) -> Vec<(f64, i64)> {
    let step = ((right - left) / 1_600.0).max(0.5);
    let count = ((right - left) / step).ceil() as usize + 1;
    let mut over = vec![0i64; count + 1];
    for word in lines.iter().flatten() {
        let cost = if word.figure { OVER_FIGURE } else { OVER };
        let margin = bearing(word.size);
        let at = |x: f64| (((x - left) / step).max(0.0) as usize).min(count);
        let (from, to) = (at(word.x0 + margin) + 1, at(word.x1 - margin) + 1);
        if from < to {
            over[from.min(count)] += cost;
            over[to.min(count)] -= cost;
        }
    }
    let mut sum = 0;
    for cost in &mut over {
        sum += *cost;
        *cost = sum;
    }
    let mut places = Vec::new();
    let mut start = 0;
    while start < count {
        let mut end = start;
        while end + 1 < count && over[end + 1] == over[start] {
            end += 1;
        }
        let lower = |i: Option<&i64>| i.is_none_or(|other| *other > over[start]);
        if start > 0 && end + 1 < count && lower(over.get(start - 1)) && lower(over.get(end + 1)) {
            let at = |i: usize| left + i as f64 * step;
            let aligned = aligned(lines, at(start) - 2.0 * step, at(end) + 2.0 * step);
            places.push((
                (at(start) + at(end)) / 2.0,
                (over[start] - aligned).max(CHEAPEST - BORDER),
            ));
        }
        start = end + 1;
    }
    places
}

/// How much the words beside a border speak for it: those that begin behind it, or end before it, at one place.
fn aligned(lines: &[Vec<Word>], from: f64, to: f64) -> i64 {
    let most = |mut edges: Vec<f64>| {
        edges.sort_by(f64::total_cmp);
        let near = |i: usize| edges[i..].iter().take_while(|e| **e - edges[i] < 0.6).count();
        (0..edges.len()).map(near).max().unwrap_or(0) as i64
    };
    // Words stand at the left of their columns, figures at the right.
    let words = |figures: bool| lines.iter().flatten().filter(move |w| w.figure == figures);
    let begin = most(words(false).map(|w| w.x0).filter(|x| *x > from && *x < to).collect());
    let end = most(words(true).map(|w| w.x1).filter(|x| *x > from && *x < to).collect());
    ALIGNED * (begin - 1).max(end - 1).clamp(0, MOST_ALIGNED)
}

/// Borders between columns, from left to right; none when there are too many places to look at.
pub fn borders(lines: &[Vec<Word>], known: &dyn Fn(&str) -> bool) -> Vec<f64> {
    let all = || lines.iter().flatten();
    let left = all().map(|w| w.x0).fold(f64::INFINITY, f64::min) - 1.0;
    let right = all().map(|w| w.x1).fold(f64::NEG_INFINITY, f64::max) + 1.0;
    if !left.is_finite() || !right.is_finite() || right - left > 20_000.0 {
        return Vec::new();
    }
    let places = places(lines, left, right);
    if places.len() > MOST {
        return Vec::new();
    }
    let mut gaps = gaps(lines, known);
    gaps.sort_by(|a, b| a.to.total_cmp(&b.to));
    // at[k]: the k-th place; 0 stands for the left edge, the last for the right one.
    let mut at = vec![(left - 1.0, 0)];
    at.extend(places);
    at.push((right + 1.0, -BORDER));
    // Weight of the gaps wholly between two places is what is left unparted.
    let n = at.len();
    let mut best: Vec<(i64, usize)> = vec![(i64::MAX, 0); n];
    best[0] = (0, 0);
    let mut unparted = vec![0i64; n];
    for k in 1..n {
        // Gaps that end before this place and after the one before, by where they begin.
        for gap in gaps.iter().filter(|g| g.to <= at[k].0 && g.to > at[k - 1].0) {
            let first = at.partition_point(|(x, _)| *x <= gap.from);
            unparted[..first].iter_mut().for_each(|u| *u += gap.weight);
        }
        for j in 0..k {
            let cost = best[j].0 + unparted[j] + BORDER + at[k].1;
            if cost < best[k].0 {
                best[k] = (cost, j);
            }
        }
    }
    let mut borders = Vec::new();
    let mut k = best[n - 1].1;
    while k > 0 {
        borders.push(at[k].0);
        k = best[k].1;
    }
    borders.reverse();
    if borders.len() >= WIDEST { Vec::new() } else { borders }
}
