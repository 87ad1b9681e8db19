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
    /// Left edge of each column, and the right one of the last.
    edges: Vec<f64>,
    heights: Vec<f64>,
}

impl<'a> Ruled<'a> {
    fn new(grid: &'a Grid) -> Self {
        let count = grid.rows.first().map_or(0, Vec::len);
        let mut widths = vec![24.0_f64; count];
        for row in &grid.rows {
            for (c, slot) in row.iter().enumerate() {
                if let Slot::Cell { text, cols: 1, .. } = slot {
                    let longest = text.split('\n').map(width).fold(0.0, f64::max);
                    let words = !text.is_ascii();
                    let need = if words { longest.min(WIDEST) } else { longest };
                    widths[c] = widths[c].max(need + 2.0 * PAD);
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
            edges,
            heights: vec![LINE + 2.0 * PAD; grid.rows.len()],
        };
        for (r, row) in grid.rows.iter().enumerate() {
            for (c, slot) in row.iter().enumerate() {
                let Slot::Cell { text, rows, cols } = slot else {
                    continue;
                };
                let need =
                    wrap(text, ruled.edges[c + cols] - ruled.edges[c] - 2.0 * PAD).len() as f64 * LINE + 2.0 * PAD;
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
    fn draw(&self, rows: std::ops::Range<usize>, top: f64, out: &mut String, centred: bool) -> f64 {
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
                *out += &format!("{left} {} {} {height} re S\n", top - above - height, right - left);
                let lines = wrap(text, right - left - 2.0 * PAD);
                let need = lines.len() as f64 * LINE;
                // A cell that goes on over the page has its text where it has room.
                let before: f64 = self.heights[r.min(from)..from].iter().sum();
                let fits = |room: f64| need <= room - 2.0 * PAD;
                let here = if from > r {
                    !fits(before)
                } else {
                    fits(height) || to == r + high
                };
                if !here {
                    continue;
                }
                let free = if centred { (height - need) / 2.0 } else { PAD };
                for (index, line) in lines.iter().enumerate().filter(|(_, l)| !l.is_empty()) {
                    let x = if centred {
                        (left + right - width(line)) / 2.0
                    } else {
                        left + PAD
                    };
                    *out += &raw::text(x, top - above - free - LINE * (index as f64 + 1.0) + 3.0, line);
                }
            }
        }
        top - self.heights[rows].iter().sum::<f64>()
    }
}

pub fn write(pieces: &[Piece], seed: u64, cut: bool) -> Vec<u8> {
    let (centred, again) = (seed.is_multiple_of(2), (seed / 2).is_multiple_of(2));
    let tables: Vec<Option<Ruled>> = pieces
        .iter()
        .map(|p| match p {
            Piece::Table(grid) => Some(Ruled::new(grid)),
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
                        y = table.draw(0..table.grid.header, y, &mut out, centred);
                    }
                    y = table.draw(from..to, y, &mut out, centred);
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
