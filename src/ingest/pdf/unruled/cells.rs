//! What it costs to read lines of one column as one cell, and where in its row a cell stands.

use super::frags::{Frag, Measures};

/// Costs are in tenths of a bit.
pub type Cost = i64;
/// Not possible.
pub const NEVER: Cost = 1_000_000;
/// A line that has room for what begins the next one.
const ROOM: Cost = 90;
const NOTE: Cost = 10;
/// Lines at another distance than those of other cells.
const PITCH: Cost = 30;
/// The same, much farther apart.
const APART: Cost = 90;
/// Two values below each other in one cell.
const VALUES: Cost = 100;
/// Two known labels; a known label with something else; a known label of two lines; two lines at all.
pub const KNOWN: Cost = 90;
/// Two such word for word: no cell holds them.
const BOTH: Cost = 300;
const HALF_KNOWN: Cost = 25;
const JOINED: Cost = 15;
/// Two lines that are a known label word for word.
const WHOLE: Cost = 60;
const JOIN: Cost = 5;
/// A bracket without its other one.
const OPEN: Cost = 60;
/// A figure of two lines.
const BROKEN: Cost = 40;
/// A line that begins something of its own.
const BEGINS: Cost = 80;
/// Most that a cell which stands elsewhere than its neighbours costs.
const ASTRAY: Cost = 220;

/// Where cells stand in their rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Align {
    Top,
    Middle,
    Bottom,
}

/// All of them, the likelier first.
pub const ALIGNS: [Align; 3] = [Align::Middle, Align::Top, Align::Bottom];

/// Cost of lines, from top to bottom, as one cell.
pub fn as_one(lines: &[&Frag], measures: &Measures<'_>) -> Cost {
    let mut cost = if is_whole(lines) { 0 } else { OPEN };
    if lines.iter().filter(|l| l.figure).count() > 1 {
        match lines {
            [above, below] if is_broken(above, below) && measures.room(above) < 0.6 * above.size => cost += BROKEN,
            _ => return NEVER,
        }
    }
    // A heading or label of two lines begins within: 补助 above 一级指 above 标.
    let begins = |at: usize| lines[at].opens && at + 1 < lines.len();
    if (1..lines.len()).any(begins) && !measures.knows(&lines.iter().map(|l| l.text.as_str()).collect::<String>()) {
        cost += 2 * KNOWN;
    }
    for pair in lines.windows(2) {
        let (above, below) = (pair[0], pair[1]);
        let distance = below.base - above.base;
        let size = above.size.max(below.size);
        if distance < 0.8 * size || distance > 2.6 * size {
            return NEVER;
        }
        let off = (distance - measures.pitch) / size;
        cost += match off {
            o if o <= 0.08 => 0,
            o if o <= 0.25 => PITCH,
            _ => APART,
        };
        let full = measures.room(above) <= below.unbreakable - 0.1 * size;
        if !full {
            // A note stands on a line of its own: 执行率 （B/A）.
            cost += if below.text.starts_with(['（', '(']) {
                NOTE
            } else {
                ROOM
            };
        }
        if above.value && below.value && !(above.figure && below.figure) {
            cost += VALUES;
        }
        cost += joint(above, below, measures);
        if below.begins {
            cost += BEGINS;
        }
        if (above.size - below.size).abs() > 0.15 * size {
            cost += APART;
        }
    }
    cost
}

/// What two lines say about being one text: 产出指标 and 数量指标 are two labels, 满意度指 and 标 are one.
fn joint(above: &Frag, below: &Frag, measures: &Measures<'_>) -> Cost {
    // A figure is no part of the words above it.
    let ends = |text: &str| text.ends_with(|c: char| c.is_ascii_digit() || "≥≤＞＜><=（(—-~".contains(c));
    if below.figure && !above.figure && !ends(&above.text) || below.value && !above.value && above.known {
        return KNOWN;
    }
    if above.figure && !below.value && below.known {
        return KNOWN;
    }
    let text = format!("{}{}", above.text, below.text);
    let whole = measures.knows(&text);
    match (above.known, below.known, whole) {
        // 全年 above 执行数 are one heading word for word, 年度 above 资金总额 one label.
        (_, _, true) if measures.exact(&text) => -WHOLE,
        (true, true, false) if measures.exact(&above.text) && measures.exact(&below.text) => BOTH,
        (true, true, false) => KNOWN,
        (true, true, true) => KNOWN / 2,
        // 情况 above 指标值: the lower is a heading of its own, and both together hold it.
        (false, true, true) if measures.exact(&below.text) && !measures.exact(&text) => 2 * HALF_KNOWN,
        (_, _, true) => -JOINED,
        (true, false, false) => HALF_KNOWN,
        (false, true, false) if measures.exact(&below.text) => KNOWN,
        (false, true, false) => 2 * HALF_KNOWN,
        _ => JOIN,
    }
}

/// Whether every bracket that is opened is closed.
fn is_whole(lines: &[&Frag]) -> bool {
    let (mut open, mut least) = (0i32, 0);
    for c in lines.iter().flat_map(|l| l.text.chars()) {
        open += i32::from(matches!(c, '（' | '(')) - i32::from(matches!(c, '）' | ')'));
        least = least.min(open);
    }
    // 1) begins a list.
    open == 0 && least == 0 || lines.iter().any(|l| l.begins)
}

/// Whether two lines are one figure that a narrow column broke.
fn is_broken(above: &Frag, below: &Frag) -> bool {
    let point = |f: &Frag| f.text.contains(['.', '．']);
    let short = below.text.chars().count() <= 3 && below.text.chars().count() < above.text.chars().count();
    point(above) && !point(below) && short && !below.text.contains(['-', '－', ',', '，'])
}

/// Top and bottom of lines.
pub fn extent<'f>(lines: impl IntoIterator<Item = &'f Frag>) -> (f64, f64) {
    lines.into_iter().fold((f64::INFINITY, f64::NEG_INFINITY), |(t, b), f| {
        (t.min(f.top()), b.max(f.bottom()))
    })
}

/// Cost of a cell that reaches over one height in a row of another.
pub fn astray(cell: (f64, f64), row: (f64, f64), align: Align, size: f64) -> Cost {
    let off = match align {
        Align::Top => cell.0 - row.0,
        Align::Middle => (cell.0 + cell.1 - row.0 - row.1) / 2.0,
        Align::Bottom => row.1 - cell.1,
    };
    let off = off.abs() / size;
    if off <= 0.15 {
        0
    } else {
        (40 + (120.0 * off) as Cost).min(ASTRAY)
    }
}
