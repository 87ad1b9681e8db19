//! Ruled tables on pages as wide as they need, whole or cut over two pages.

// The writer of the PDF tests, which keep it to themselves.
#[allow(dead_code, clippy::duplicate_mod)] // its single pages serve them
#[path = "../../pdf/writer.rs"]
mod raw;

use crate::metamorphic::sheet::{Grid, Piece, Slot};

const LINE: f64 = 12.0;
const PAD: f64 = 4.0;
const MARGIN: f64 = 40.0;
/// Widest column of words.
const WIDEST: f64 = 110.0;

/// How a table is drawn.
#[derive(Clone, Copy, Debug)]
pub struct Style {
    /// Cells stand in the middle of their rows and columns.
    pub centred: bool,
    /// Figures stand at the right of their columns.
    pub right: bool,
    /// Which rules are drawn.
    pub rules: Rules,
    /// Space between a cell's text and its borders, above and below, left and right.
    pub pad: (f64, f64),
    /// What one drawing operation draws.
    pub run: Run,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rules {
    All,
    /// Between rows only.
    Across,
    /// Above and below the headings and below the last row.
    Three,
    None,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Run {
    Cell,
    Glyph,
    Line,
}

impl Style {
    /// Of a table whose cells are ruled.
    pub fn ruled(seed: u64) -> Self {
        Style {
            centred: seed.is_multiple_of(2),
            right: false,
            rules: Rules::All,
            pad: (PAD, PAD),
            run: Run::Cell,
        }
    }

    /// Of one whose columns are not.
    pub fn bare(seed: u64) -> Self {
        let pick = |n: u64, of: u64| (seed / n % of) as usize;
        Style {
            centred: pick(1, 2) == 0,
            right: pick(4, 2) == 0,
            rules: [Rules::None, Rules::None, Rules::Across, Rules::Three][pick(8, 4)],
            pad: ([0.0, 2.0, PAD, 8.0][pick(32, 4)], [3.0, PAD, 8.0][pick(128, 3)]),
            run: [Run::Cell, Run::Glyph, Run::Line][pick(384, 3)],
        }
    }
}

/// Width of a text of ten points in the writer's font.
fn width(text: &str) -> f64 {
    text.chars()
        .map(|c| if (' '..=':').contains(&c) { 5.0 } else { 10.0 })
        .sum()
}

/// Lines of a text no wider than `most`, not broken within figures.
fn wrap(text: &str, most: f64) -> Vec<String> {
    let figure = |c: char| c.is_ascii_alphanumeric() || ".,%-".contains(c);
    let mut lines = Vec::new();
    for whole in text.split('\n') {
        let mut words: Vec<String> = Vec::new();
        for c in whole.chars() {
            match words.last_mut() {
                Some(word) if figure(c) && word.ends_with(figure) => word.push(c),
                _ => words.push(c.to_string()),
            }
        }
        let mut line = String::new();
        for word in words {
            if !line.is_empty() && width(&line) + width(&word) > most {
                lines.push(std::mem::take(&mut line));
            }
            line += &word;
        }
        lines.push(line);
    }
    lines
}

/// A table with its measures.
struct Ruled<'a> {
    grid: &'a Grid,
    style: Style,
    /// Left edge of each column, and the right one of the last.
    edges: Vec<f64>,
    heights: Vec<f64>,
}

impl<'a> Ruled<'a> {
    fn new(grid: &'a Grid, style: Style) -> Self {
        let (high, wide) = style.pad;
        let count = grid.rows.first().map_or(0, Vec::len);
        let mut widths = vec![24.0_f64; count];
        for row in &grid.rows {
            for (c, slot) in row.iter().enumerate() {
                if let Slot::Cell { text, cols: 1, .. } = slot {
                    let longest = text.split('\n').map(width).fold(0.0, f64::max);
                    let words = !text.is_ascii();
                    let need = if words { longest.min(WIDEST) } else { longest };
                    widths[c] = widths[c].max(need + 2.0 * wide);
                }
            }
        }
        let mut edges = vec![MARGIN];
        edges.extend(widths.iter().scan(MARGIN, |x, w| {
            *x += w;
            Some(*x)
        }));
        let mut ruled = Ruled {
            grid,
            style,
            edges,
            heights: vec![LINE + 2.0 * high; grid.rows.len()],
        };
        for (r, row) in grid.rows.iter().enumerate() {
            for (c, slot) in row.iter().enumerate() {
                let Slot::Cell { text, rows, cols } = slot else {
                    continue;
                };
                let need =
                    wrap(text, ruled.edges[c + cols] - ruled.edges[c] - 2.0 * wide).len() as f64 * LINE + 2.0 * high;
                let has: f64 = ruled.heights[r..r + rows].iter().sum();
                ruled.heights[r + rows - 1] += (need - has).max(0.0);
            }
        }
        ruled
    }

    /// Whether the headings can stand again: no cell goes on from them into the body.
    fn closed(&self) -> bool {
        let header = self.grid.header;
        self.grid.rows.iter().enumerate().take(header).all(|(r, row)| {
            row.iter()
                .all(|slot| !matches!(slot, Slot::Cell { rows, .. } if r + rows > header))
        })
    }

    /// Draws some rows from a height down; gives the height below them.
    fn draw(&self, rows: std::ops::Range<usize>, top: f64, out: &mut String) -> f64 {
        let Style {
            centred,
            right: at_right,
            pad: (high_pad, pad),
            ..
        } = self.style;
        let mut texts: Vec<(f64, f64, String)> = Vec::new();
        let whole: f64 = self.heights[rows.clone()].iter().sum();
        let (start, stop) = (self.edges[0], self.edges[self.edges.len() - 1]);
        let rule = |out: &mut String, y: f64| *out += &format!("{start} {y} m {stop} {y} l S\n");
        match self.style.rules {
            Rules::Across => {
                let mut y = top;
                rule(out, y);
                for r in rows.clone() {
                    y -= self.heights[r];
                    rule(out, y);
                }
            }
            Rules::Three => {
                rule(out, top);
                rule(out, top - whole);
                let header = self.grid.header.min(rows.end);
                if rows.start < header {
                    rule(out, top - self.heights[rows.start..header].iter().sum::<f64>());
                }
            }
            Rules::All | Rules::None => {}
        }
        for (r, row) in self.grid.rows.iter().enumerate().take(rows.end) {
            for (c, slot) in row.iter().enumerate() {
                let Slot::Cell { text, rows: high, cols } = slot else {
                    continue;
                };
                let (from, to) = (r.max(rows.start), (r + high).min(rows.end));
                if from >= to {
                    continue;
                }
                let above: f64 = self.heights[rows.start..from].iter().sum();
                let height: f64 = self.heights[from..to].iter().sum();
                let (left, right) = (self.edges[c], self.edges[c + cols]);
                if self.style.rules == Rules::All {
                    *out += &format!("{left} {} {} {height} re S\n", top - above - height, right - left);
                }
                let lines = wrap(text, right - left - 2.0 * pad);
                let need = lines.len() as f64 * LINE;
                // A cell that goes on over the page has its text where it has room.
                let before: f64 = self.heights[r.min(from)..from].iter().sum();
                let fits = |room: f64| need <= room - 2.0 * high_pad;
                let here = if from > r {
                    !fits(before)
                } else {
                    fits(height) || to == r + high
                };
                if !here {
                    continue;
                }
                let free = if centred { (height - need) / 2.0 } else { high_pad };
                let figure = text.bytes().all(|b| b.is_ascii_digit() || b".,%-".contains(&b));
                for (index, line) in lines.iter().enumerate().filter(|(_, l)| !l.is_empty()) {
                    let x = if at_right && figure {
                        right - pad - width(line)
                    } else if centred {
                        (left + right - width(line)) / 2.0
                    } else {
                        left + pad
                    };
                    let y = top - above - free - LINE * (index as f64 + 1.0) + 3.0;
                    texts.push((y, x, line.clone()));
                }
            }
        }
        print(texts, self.style.run, out);
        top - self.heights[rows].iter().sum::<f64>()
    }
}

/// Draws texts, each with its place.
fn print(mut texts: Vec<(f64, f64, String)>, run: Run, out: &mut String) {
    match run {
        Run::Cell => texts.iter().for_each(|(y, x, text)| *out += &raw::text(*x, *y, text)),
        Run::Glyph => {
            for (y, x, text) in &texts {
                let mut x = *x;
                for c in text.chars() {
                    let own = c.to_string();
                    *out += &raw::text(x, *y, &own);
                    x += width(&own);
                }
            }
        }
        Run::Line => {
            texts.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.total_cmp(&b.1)));
            let mut at = 0;
            while at < texts.len() {
                let (y, x, _) = texts[at];
                let level = texts[at..].iter().take_while(|t| (t.0 - y).abs() < 0.01).count();
                *out += &format!("BT /F 10 Tf 1 0 0 1 {x} {y} Tm [");
                let mut end = x;
                for (_, x, text) in &texts[at..at + level] {
                    *out += &format!("{} <{}> ", -(x - end) * 100.0, raw::hex(text));
                    end = x + width(text);
                }
                *out += "] TJ ET\n";
                at += level;
            }
        }
    }
}

pub fn write(pieces: &[Piece], seed: u64, cut: bool, style: Style) -> Vec<u8> {
    let (centred, again) = (style.centred, (seed / 2).is_multiple_of(2));
    let tables: Vec<Option<Ruled>> = pieces
        .iter()
        .map(|p| match p {
            Piece::Table(grid) => Some(Ruled::new(grid, style)),
            Piece::Paragraph(_) => None,
        })
        .collect();
    let height: f64 = tables
        .iter()
        .map(|t| t.as_ref().map_or(20.0, |t| t.heights.iter().sum::<f64>() + 10.0))
        .sum();
    let right = tables
        .iter()
        .flatten()
        .filter_map(|t| t.edges.last())
        .fold(400.0_f64, |a, b| a.max(*b));
    let page = 2.0 * MARGIN + if cut { height * 0.6 } else { height };
    let mut writer = raw::Writer::new();
    let media = format!("/MediaBox[0 0 {} {page}]", right + MARGIN);
    let (mut out, mut y) = (String::new(), page - MARGIN);
    let turn = |out: &mut String, y: &mut f64, writer: &mut raw::Writer| {
        writer.page(&std::mem::take(out), &media, "");
        *y = page - MARGIN;
    };
    for (piece, table) in pieces.iter().zip(&tables) {
        match (piece, table) {
            (Piece::Paragraph(text), _) => {
                let text = text.replace('\n', "");
                if y - 20.0 < MARGIN - 1.0 {
                    turn(&mut out, &mut y, &mut writer);
                }
                let x = if centred {
                    (right + MARGIN - width(&text)) / 2.0
                } else {
                    MARGIN
                };
                out += &raw::text(x.max(MARGIN), y - 14.0, &text);
                y -= 20.0;
            }
            (_, Some(table)) => {
                let end = table.heights.len();
                let again = again && table.closed();
                let mut from = 0;
                while from < end {
                    let mut to = from;
                    let mut room = y - MARGIN + 1.0;
                    if from > 0 && again {
                        room -= table.heights[..table.grid.header].iter().sum::<f64>();
                    }
                    while to < end && room >= table.heights[to] {
                        room -= table.heights[to];
                        to += 1;
                    }
                    // Headings do not stand alone at the end of a page, and each page takes a row.
                    let least = if from == 0 && y < page - MARGIN {
                        table.grid.header + 1
                    } else {
                        from + 1
                    };
                    if to < least.min(end) && y < page - MARGIN {
                        turn(&mut out, &mut y, &mut writer);
                        continue;
                    }
                    let to = to.max(from + 1);
                    if from > 0 && again {
                        y = table.draw(0..table.grid.header, y, &mut out);
                    }
                    y = table.draw(from..to, y, &mut out);
                    from = to;
                    if from < end {
                        turn(&mut out, &mut y, &mut writer);
                    }
                }
                y -= 10.0;
            }
            _ => {}
        }
    }
    writer.page(&out, &media, "");
    writer.bytes()
}
