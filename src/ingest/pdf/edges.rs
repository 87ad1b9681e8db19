//! Rulings to edges: collinear pieces joined, and edges that touch gathered into frames.

use super::ink::{Ink, Rule};

/// Rulings closer than this, in points, are one edge: double lines, and borders that each cell draws for itself.
pub const SNAP: f64 = 3.0;
/// Gap in an edge that a dash or a rounding leaves.
const GAP: f64 = 3.0;
/// Most edges of one direction on a page; more is a drawing and not a table.
const MAX_EDGES: usize = 6_000;

/// Edges that touch each other: the skeleton of one table.
#[derive(Debug, Clone, Default)]
pub struct Frame {
    /// Horizontal edges.
    pub across: Vec<Rule>,
    /// Vertical edges.
    pub down: Vec<Rule>,
}

impl Frame {
    /// Left, top, right and bottom of all edges.
    pub fn bounds(&self) -> [f64; 4] {
        let mut b = [f64::INFINITY, f64::INFINITY, f64::NEG_INFINITY, f64::NEG_INFINITY];
        for edge in &self.across {
            b = [
                b[0].min(edge.lo),
                b[1].min(edge.at),
                b[2].max(edge.hi),
                b[3].max(edge.at),
            ];
        }
        for edge in &self.down {
            b = [
                b[0].min(edge.at),
                b[1].min(edge.lo),
                b[2].max(edge.at),
                b[3].max(edge.hi),
            ];
        }
        b
    }
}

/// Joins collinear rulings that overlap or touch.
pub fn join(rules: &[Rule], snap: f64) -> Vec<Rule> {
    let mut sorted = rules.to_vec();
    sorted.sort_by(|a, b| a.at.total_cmp(&b.at).then(a.lo.total_cmp(&b.lo)));
    let mut joined: Vec<Rule> = Vec::new();
    let mut start = 0;
    while start < sorted.len() {
        let near = sorted[start..]
            .iter()
            .take_while(|r| r.at - sorted[start].at <= snap)
            .count();
        let mut group = sorted[start..start + near].to_vec();
        let length: f64 = group.iter().map(|r| r.hi - r.lo).sum();
        let at = group.iter().map(|r| r.at * (r.hi - r.lo)).sum::<f64>() / length.max(1e-9);
        group.sort_by(|a, b| a.lo.total_cmp(&b.lo));
        let first = joined.len();
        for rule in group {
            match joined[first..].last_mut() {
                Some(last) if rule.lo <= last.hi + GAP => last.hi = last.hi.max(rule.hi),
                _ => joined.push(Rule { at, ..rule }),
            }
        }
        start += near;
    }
    joined
}

/// The frames of a page, from top to bottom; `None` when the page draws more edges than a table can have.
pub fn frames(ink: &Ink) -> Option<Vec<Frame>> {
    // First only what lies on one line, so that edges of neighbouring tables are not pulled together.
    let (across, down) = (join(&ink.across, 0.6), join(&ink.down, 0.6));
    if across.len() > MAX_EDGES || down.len() > MAX_EDGES {
        return None;
    }
    let count = across.len() + down.len();
    let mut parent: Vec<usize> = (0..count).collect();
    for (i, a) in across.iter().enumerate() {
        for (j, d) in down.iter().enumerate() {
            let crosses = d.at >= a.lo - SNAP && d.at <= a.hi + SNAP && a.at >= d.lo - SNAP && a.at <= d.hi + SNAP;
            if crosses {
                let (x, y) = (root(&mut parent, i), root(&mut parent, across.len() + j));
                parent[x.max(y)] = x.min(y);
            }
        }
    }
    let mut frames: std::collections::BTreeMap<usize, Frame> = std::collections::BTreeMap::new();
    for index in 0..count {
        let frame = frames.entry(root(&mut parent, index)).or_default();
        if index < across.len() {
            frame.across.push(across[index]);
        } else {
            frame.down.push(down[index - across.len()]);
        }
    }
    let mut frames: Vec<Frame> = frames.into_values().collect();
    attach_open_sides(&mut frames);
    for frame in &mut frames {
        frame.across = join(&frame.across, SNAP);
        frame.down = join(&frame.down, SNAP);
    }
    frames.sort_by(|a, b| {
        let (a, b) = (a.bounds(), b.bounds());
        a[1].total_cmp(&b[1]).then(a[0].total_cmp(&b[0]))
    });
    Some(frames)
}

/// A merged label that goes on from the page before and to the page after has no rule of its own on this page but the
/// one at its side: a lone vertical along the whole table. It is closed where the table begins and ends.
fn attach_open_sides(frames: &mut Vec<Frame>) {
    let (lone, mut rest): (Vec<Frame>, Vec<Frame>) =
        frames.drain(..).partition(|f| f.across.is_empty() && f.down.len() == 1);
    for side in lone {
        let edge = side.down[0];
        let mut best: Option<(f64, usize, [f64; 4])> = None;
        for (index, frame) in rest
            .iter()
            .enumerate()
            .filter(|(_, f)| f.across.len() >= 2 && f.down.len() >= 2)
        {
            let at = |pick: fn(f64, f64) -> f64, start: f64| frame.across.iter().map(|a| a.at).fold(start, pick);
            let (top, bottom) = (at(f64::min, f64::INFINITY), at(f64::max, f64::NEG_INFINITY));
            let left = frame.across.iter().map(|a| a.lo).fold(f64::INFINITY, f64::min);
            let right = frame.across.iter().map(|a| a.hi).fold(f64::NEG_INFINITY, f64::max);
            let along = edge.lo <= top + 2.0 * SNAP && edge.hi >= bottom - 2.0 * SNAP;
            let (gap, lo, hi) = if edge.at < left {
                (left - edge.at, edge.at, left)
            } else {
                (edge.at - right, right, edge.at)
            };
            if along && gap > SNAP && gap <= (right - left) / 2.0 && best.is_none_or(|(known, ..)| gap < known) {
                best = Some((gap, index, [lo, top, hi, bottom]));
            }
        }
        match best {
            Some((_, index, [lo, top, hi, bottom])) => {
                rest[index].down.push(edge);
                rest[index].across.extend([top, bottom].map(|at| Rule { at, lo, hi }));
            }
            None => rest.push(side),
        }
    }
    *frames = rest;
}

fn root(parent: &mut [usize], mut index: usize) -> usize {
    while parent[index] != index {
        parent[index] = parent[parent[index]];
        index = parent[index];
    }
    index
}

/// Distinct positions, those within [`SNAP`] being one.
pub fn positions(mut values: Vec<f64>) -> Vec<f64> {
    values.sort_by(f64::total_cmp);
    let mut distinct: Vec<f64> = Vec::new();
    for value in values {
        if distinct.last().is_none_or(|last| value - last > SNAP) {
            distinct.push(value);
        }
    }
    distinct
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rule(at: f64, lo: f64, hi: f64) -> Rule {
        Rule { at, lo, hi }
    }

    #[test]
    fn double_lines_and_dashes_are_one_edge() {
        let joined = join(
            &[rule(10.0, 0.0, 40.0), rule(12.0, 0.0, 40.0), rule(10.0, 42.0, 80.0)],
            SNAP,
        );
        assert_eq!(joined.len(), 1);
        assert_eq!((joined[0].lo, joined[0].hi), (0.0, 80.0));
        assert_eq!(join(&[rule(10.0, 0.0, 40.0), rule(10.0, 60.0, 80.0)], SNAP).len(), 2);
    }

    #[test]
    fn tables_side_by_side_are_two_frames() {
        let boxed = |x: f64| {
            (
                vec![rule(0.0, x, x + 50.0), rule(20.0, x, x + 50.0)],
                vec![rule(x, 0.0, 20.0), rule(x + 50.0, 0.0, 20.0)],
            )
        };
        let ((mut across, mut down), (a2, d2)) = (boxed(0.0), boxed(100.0));
        across.extend(a2);
        down.extend(d2);
        let ink = Ink {
            across,
            down,
            ..Ink::default()
        };
        assert_eq!(frames(&ink).unwrap().len(), 2);
    }

    #[test]
    fn a_lone_vertical_along_a_table_is_its_open_side() {
        let ink = Ink {
            across: vec![rule(0.0, 30.0, 90.0), rule(20.0, 30.0, 90.0), rule(40.0, 30.0, 90.0)],
            down: vec![rule(5.0, 0.0, 60.0), rule(30.0, 0.0, 60.0), rule(90.0, 0.0, 40.0)],
            ..Ink::default()
        };
        let frames = frames(&ink).unwrap();
        assert_eq!(frames.len(), 1);
        assert_eq!(frames[0].bounds()[0], 5.0);
    }
}
