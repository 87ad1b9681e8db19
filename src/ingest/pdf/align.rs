//! Tables that rulings draw only in part or not at all: columns from the alignment of text.
//!
//! Alignment is weaker evidence than a ruling, so more of it is asked for: figures below each other in several rows.

use super::edges::{Frame, SNAP};
use super::grid::{Grid, Square};
use super::ink::Glyph;
use super::signs;
use super::text::{is_full, line_text};
use super::unruled;
use crate::pattern::wording::Words;

/// Gap, in parts of the font size, that parts two columns.
const CHUNK_GAP: f64 = 1.4;
/// The same between two figures.
const FIGURE_GAP: f64 = 0.8;
/// Rows of an unruled table stand closer than this many font sizes.
const ROW_PITCH: f64 = 3.2;

/// A stretch of a line that belongs to one column.
#[derive(Debug, Clone)]
pub struct Chunk {
    /// Left edge.
    pub x0: f64,
    /// Right edge.
    pub x1: f64,
    /// Text.
    pub text: String,
}

impl Chunk {
    /// Whether it is a figure and nothing else.
    pub fn figure(&self) -> bool {
        is_figure(&self.text)
    }
}

/// A text that is a figure and nothing else; a dash stands for none.
pub fn is_figure(text: &str) -> bool {
    let bare: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    bare.chars().any(|c| c.is_ascii_digit()) && bare.chars().all(|c| c.is_ascii_digit() || ".,%-+()％，．".contains(c))
}

/// A line of chunks.
#[derive(Debug, Clone)]
pub struct Row {
    /// Top of its characters.
    pub top: f64,
    /// Bottom of its characters.
    pub bottom: f64,
    /// Largest font size.
    pub size: f64,
    /// Its chunks, from left to right.
    pub chunks: Vec<Chunk>,
}

impl Row {
    fn of(line: &[Glyph]) -> Self {
        let ink: Vec<&Glyph> = line.iter().filter(|g| !g.ch.is_whitespace()).collect();
        let digit = |g: &Glyph| g.ch.is_ascii_digit() || "%.,-".contains(g.ch);
        let mut chunks: Vec<Vec<Glyph>> = Vec::new();
        for (index, glyph) in ink.iter().enumerate() {
            let apart = index > 0 && {
                let before = ink[index - 1];
                let least = if digit(before) && digit(glyph) {
                    FIGURE_GAP
                } else {
                    CHUNK_GAP
                };
                glyph.x0 - before.x1 > least * glyph.size.max(before.size)
            };
            match chunks.last_mut() {
                Some(chunk) if !apart => chunk.push(**glyph),
                _ => chunks.push(vec![**glyph]),
            }
        }
        let chunk = |glyphs: Vec<Glyph>| Chunk {
            x0: glyphs.iter().map(|g| g.x0).fold(f64::INFINITY, f64::min),
            x1: glyphs.iter().map(|g| g.x1).fold(f64::NEG_INFINITY, f64::max),
            text: line_text(&glyphs),
        };
        Row {
            top: line.iter().map(Glyph::top).fold(f64::INFINITY, f64::min),
            bottom: line.iter().map(Glyph::bottom).fold(f64::NEG_INFINITY, f64::max),
            size: line.iter().map(|g| g.size).fold(0.0, f64::max),
            chunks: chunks.into_iter().map(chunk).collect(),
        }
    }

    /// Left and right edge.
    pub fn bounds(&self) -> (f64, f64) {
        let start = (f64::INFINITY, f64::NEG_INFINITY);
        self.chunks.iter().fold(start, |(a, b), c| (a.min(c.x0), b.max(c.x1)))
    }

    fn figures(&self) -> usize {
        self.chunks.iter().filter(|c| c.figure()).count()
    }
}

/// Joins lines that overlap in height: cells of one row, centred beside cells of more lines.
fn visual_rows(lines: Vec<Row>) -> Vec<Row> {
    let mut rows: Vec<Row> = Vec::new();
    for line in lines {
        match rows.last_mut() {
            Some(row) if line.top < row.bottom - 0.2 * line.size => {
                row.bottom = row.bottom.max(line.bottom);
                row.top = row.top.min(line.top);
                row.size = row.size.max(line.size);
                for chunk in line.chunks {
                    match row.chunks.iter_mut().find(|c| c.x0 < chunk.x1 && chunk.x0 < c.x1) {
                        Some(same) => {
                            same.x0 = same.x0.min(chunk.x0);
                            same.x1 = same.x1.max(chunk.x1);
                            same.text.push_str(&chunk.text);
                        }
                        None => row.chunks.push(chunk),
                    }
                }
                row.chunks.sort_by(|a, b| a.x0.total_cmp(&b.x0));
            }
            _ => rows.push(line),
        }
    }
    rows
}

/// A part of the page between horizontal rules of one width: three-line tables, tables ruled by rows only.
#[derive(Debug, Clone)]
pub struct Region {
    left: f64,
    right: f64,
    /// Heights of its rules, from top to bottom.
    pub rules: Vec<f64>,
}

impl Region {
    /// Whether the middle of a row stands between its first and its last rule.
    pub fn holds(&self, row: &Row) -> bool {
        let middle = (row.top + row.bottom) / 2.0;
        let (top, bottom) = (self.rules.first(), self.rules.last());
        top.zip(bottom)
            .is_some_and(|(top, bottom)| middle > *top && middle < *bottom)
    }
}

/// Tables among lines outside of ruled tables; `struck` are the heights of lines that struck rows out.
pub fn aligned_grids(lines: &[Vec<Glyph>], frames: &[Frame], struck: &[f64], words: Option<&Words<'_>>) -> Vec<Grid> {
    let single: Vec<Row> = lines.iter().map(|line| Row::of(line)).collect();
    let (mut grids, taken) = unruled::grids(lines, &single, frames, struck, words);
    let left = single.into_iter().zip(taken).filter(|(_, taken)| !taken);
    let rows = visual_rows(left.map(|(row, _)| row).collect());
    let mut taken = vec![false; rows.len()];
    for region in regions(frames) {
        let inside = |row: &Row| region.holds(row);
        let members: Vec<usize> = (0..rows.len()).filter(|i| !taken[*i] && inside(&rows[*i])).collect();
        let parted = members.iter().filter(|i| rows[**i].chunks.len() >= 2).count();
        if members.len() < 2 || parted * 10 < members.len() * 6 || parted < 2 {
            continue;
        }
        let own: Vec<&Row> = members.iter().map(|i| &rows[*i]).collect();
        if let Some(grid) = grid_of(&own, Some(&region)) {
            members.iter().for_each(|i| taken[*i] = true);
            grids.push(grid);
        }
    }
    // A row that was struck out leaves its height between the others.
    let near = |above: &Row, below: &Row| {
        let between = |y: &&f64| **y > above.bottom && **y < below.top;
        let first = struck.partition_point(|y| *y <= above.bottom);
        let gone = struck[first..].iter().take_while(between).take(8).count();
        below.bottom - above.bottom < ROW_PITCH * below.size * (gone + 1) as f64
    };
    let mut start = 0;
    while start < rows.len() {
        let mut end = start;
        let fits = |i: usize| !taken[i] && rows[i].chunks.len() >= 2;
        while end < rows.len() && fits(end) && (end == start || near(&rows[end - 1], &rows[end])) {
            end += 1;
        }
        if end > start {
            let own: Vec<&Row> = rows[start..end].iter().collect();
            if convincing(&own) {
                grids.extend(grid_of(&own, None));
            }
        }
        start = end.max(start + 1);
    }
    grids
}

/// Without any ruling: at least three rows, most of them with figures in a column after the first.
fn convincing(rows: &[&Row]) -> bool {
    let with_figures = rows
        .iter()
        .filter(|r| r.chunks.iter().skip(1).any(Chunk::figure))
        .count();
    let most = rows.iter().map(|r| r.chunks.len()).max().unwrap_or(0);
    // A table of contents has two columns, the second of page numbers.
    let contents = most == 2
        && rows
            .iter()
            .all(|r| r.chunks[1].text.chars().all(|c| c.is_ascii_digit()) && r.chunks[1].text.len() <= 3);
    rows.len() >= 3 && with_figures * 10 >= rows.len() * 6 && most >= 2 && !contents
}

/// Groups of at least two rules of the same extent that no vertical rule touches.
pub fn regions(frames: &[Frame]) -> Vec<Region> {
    let mut regions: Vec<Region> = Vec::new();
    for rule in frames.iter().filter(|f| f.down.is_empty()).flat_map(|f| &f.across) {
        let same = |r: &&mut Region| (r.left - rule.lo).abs() <= 2.0 * SNAP && (r.right - rule.hi).abs() <= 2.0 * SNAP;
        match regions.iter_mut().find(same) {
            Some(region) => region.rules.push(rule.at),
            None => regions.push(Region {
                left: rule.lo,
                right: rule.hi,
                rules: vec![rule.at],
            }),
        }
    }
    for region in &mut regions {
        region.rules.sort_by(f64::total_cmp);
    }
    regions.retain(|r| r.rules.len() >= 2 && r.right - r.left > 60.0);
    regions
}

/// The grid of rows of chunks; `None` when their columns do not stand apart.
fn grid_of(rows: &[&Row], region: Option<&Region>) -> Option<Grid> {
    let joined = signs::joined(rows);
    let rows: &[&Row] = &joined.iter().collect::<Vec<_>>();
    // Columns are told by the rows with figures; headings may span several.
    let data: Vec<&&Row> = rows.iter().filter(|r| r.figures() > 0).collect();
    let most = data.iter().map(|r| r.chunks.len()).max().unwrap_or(0);
    let telling: Vec<&&Row> = if data.len() >= 2 && most >= 2 {
        data
    } else {
        rows.iter().collect()
    };
    let mut spans: Vec<(f64, f64)> = telling
        .iter()
        .flat_map(|r| r.chunks.iter().map(|c| (c.x0, c.x1)))
        .collect();
    spans.sort_by(|a, b| a.0.total_cmp(&b.0));
    let mut columns: Vec<(f64, f64)> = Vec::new();
    for span in spans {
        match columns.last_mut() {
            Some(last) if span.0 < last.1 - 0.5 => last.1 = last.1.max(span.1),
            _ => columns.push(span),
        }
    }
    if columns.len() < 2 || telling.iter().any(|r| r.chunks.len() > columns.len()) {
        return None;
    }
    // A column that only headings have.
    for chunk in rows.iter().flat_map(|r| &r.chunks) {
        if columns.iter().all(|c| chunk.x0 > c.1 || chunk.x1 < c.0) {
            columns.push((chunk.x0, chunk.x1));
            columns.sort_by(|a, b| a.0.total_cmp(&b.0));
        }
    }
    let left = rows
        .iter()
        .flat_map(|r| r.chunks.first())
        .map(|c| c.x0)
        .fold(f64::INFINITY, f64::min)
        - 2.0;
    let right = rows
        .iter()
        .flat_map(|r| r.chunks.last())
        .map(|c| c.x1)
        .fold(f64::NEG_INFINITY, f64::max)
        + 2.0;
    let (left, right) = region.map_or((left, right), |r| (r.left.min(left), r.right.max(right)));
    let mut xs = vec![left];
    xs.extend(columns.windows(2).map(|w| (w[0].1 + w[1].0) / 2.0));
    xs.push(right);
    let mut ys = vec![rows[0].top - 1.0];
    for pair in rows.windows(2) {
        // Rules part rows; where there are none, each line is a row.
        let between = (pair[0].bottom + pair[1].top) / 2.0;
        ys.push(between.max(ys[ys.len() - 1] + 0.5));
    }
    ys.push(rows[rows.len() - 1].bottom + 1.0);
    if let Some(region) = region {
        ys[0] = region.rules[0].min(ys[0]);
        let last = ys.len() - 1;
        ys[last] = region.rules[region.rules.len() - 1].max(ys[last]);
    }
    let mut cells = Vec::new();
    for (row, own) in rows.iter().enumerate() {
        let touched = |chunk: &Chunk| {
            let first = columns.iter().position(|c| chunk.x0 < c.1 && chunk.x1 > c.0);
            let last = columns.iter().rposition(|c| chunk.x0 < c.1 && chunk.x1 > c.0);
            first.zip(last)
        };
        let mut col = 0;
        for (first, last) in own.chunks.iter().filter_map(touched) {
            if first < col {
                continue; // overlaps the chunk before: both fall into its cell
            }
            (col..first).for_each(|c| cells.push(square(row, c, 1)));
            cells.push(square(row, first, last + 1 - first));
            col = last + 1;
        }
        (col..columns.len()).for_each(|c| cells.push(square(row, c, 1)));
    }
    let grid = Grid {
        xs,
        ys,
        cells,
        open_bottom: false,
        held: Vec::new(),
        extents: Vec::new(),
    };
    Some(match region {
        Some(region) => by_rules(grid, rows, region),
        None => grid,
    })
}

fn square(row: usize, col: usize, col_span: usize) -> Square {
    Square {
        row,
        col,
        row_span: 1,
        col_span,
    }
}

/// Joins lines that stand between two neighbouring rules, unless figures below each other show that they are rows.
fn by_rules(grid: Grid, rows: &[&Row], region: &Region) -> Grid {
    let band = |row: &Row| {
        region
            .rules
            .partition_point(|rule| *rule < (row.top + row.bottom) / 2.0)
    };
    let mut groups: Vec<(usize, usize)> = Vec::new(); // first row, one past the last
    for (index, row) in rows.iter().enumerate() {
        let same_band = index > 0 && band(rows[index - 1]) == band(row);
        match groups.last_mut() {
            Some(group) if same_band => group.1 = index + 1,
            _ => groups.push((index, index + 1)),
        }
    }
    let mut kept = vec![grid.ys[0]];
    let mut merged: Vec<(usize, usize)> = Vec::new();
    for (from, to) in groups {
        let figured = rows[from..to].iter().filter(|r| r.figures() > 0).count();
        if figured >= 2 || to - from == 1 {
            (from..to).for_each(|row| merged.push((row, row + 1)));
        } else {
            merged.push((from, to));
        }
    }
    let mut cells: Vec<Square> = Vec::new();
    for (row, (from, to)) in merged.iter().enumerate() {
        kept.push(grid.ys[*to]);
        let own = grid.cells.iter().filter(|c| c.row == *from);
        if to - from == 1 {
            cells.extend(own.map(|c| Square { row, ..*c }));
        } else {
            // Several lines of one row: the columns of the line that has most of them.
            let count = |r: &usize| grid.cells.iter().filter(|c| c.row == *r).count();
            let finest = (*from..*to).max_by_key(count).unwrap_or(*from);
            cells.extend(
                grid.cells
                    .iter()
                    .filter(|c| c.row == finest)
                    .map(|c| Square { row, ..*c }),
            );
        }
    }
    Grid {
        ys: kept,
        cells,
        ..grid
    }
}

/// Splits the rows of a ruled grid in which figures stand below each other: tables whose rulings part only columns.
pub fn split_rows(grid: &Grid, texts: &[Vec<Vec<Glyph>>]) -> Option<Grid> {
    let mut cuts: Vec<Vec<f64>> = Vec::with_capacity(grid.rows());
    for row in 0..grid.rows() {
        let own: Vec<usize> = (0..grid.cells.len())
            .filter(|i| grid.cells[*i].row == row && grid.cells[*i].row_span == 1)
            .collect();
        cuts.push(row_cuts(grid, texts, &own));
    }
    if cuts.iter().all(Vec::is_empty) {
        return None;
    }
    // First new row of each old one.
    let mut first = vec![0];
    let mut ys = vec![grid.ys[0]];
    for (row, cuts) in cuts.iter().enumerate() {
        ys.extend(cuts);
        ys.push(grid.ys[row + 1]);
        first.push(first[row] + cuts.len() + 1);
    }
    let mut cells = Vec::new();
    for cell in &grid.cells {
        let (from, to) = (first[cell.row], first[cell.row + cell.row_span]);
        if cell.row_span == 1 {
            cells.extend((from..to).map(|row| Square { row, ..*cell }));
        } else {
            cells.push(Square {
                row: from,
                row_span: to - from,
                ..*cell
            });
        }
    }
    cells.sort_by_key(|c| (c.row, c.col));
    Some(Grid {
        ys,
        cells,
        ..grid.clone()
    })
}

/// Where to cut a row: between lines, if at least one column holds only figures, one a line, and another has lines beside
/// them.
fn row_cuts(grid: &Grid, texts: &[Vec<Vec<Glyph>>], own: &[usize]) -> Vec<f64> {
    let apart = |index: &&usize| {
        let lines = &texts[**index];
        let [left, _, right, _] = grid.place(grid.cells[**index]);
        lines.len() >= 2
            && lines.iter().all(|l| is_figure(&line_text(l)))
            && lines.windows(2).all(|w| !is_full(&w[0], &w[1], left, right))
    };
    let Some(figures) = own.iter().filter(apart).max_by_key(|i| texts[**i].len()) else {
        return Vec::new();
    };
    let base = |line: &Vec<Glyph>| line[0].base;
    let size = texts[*figures][0][0].size;
    let beside = |index: &&usize| {
        let shared = texts[*figures]
            .iter()
            .filter(|l| texts[**index].iter().any(|m| (base(l) - base(m)).abs() < 0.4 * size));
        **index != *figures && shared.count() >= 2
    };
    if !own.iter().any(|i| beside(&i)) {
        return Vec::new();
    }
    // Every baseline of any column is a row; names that wrap are joined to the row they belong to by their fullness.
    let mut bases: Vec<f64> = own.iter().flat_map(|i| texts[*i].iter().map(base)).collect();
    bases.sort_by(f64::total_cmp);
    bases.dedup_by(|b, a| *b - *a < 0.5 * size);
    let wraps = |above: f64, below: f64| {
        let at = |i: usize, y: f64| texts[i].iter().find(|l| (base(l) - y).abs() < 0.5 * size);
        let figure_at = |y: f64| own.iter().any(|i| at(*i, y).is_some_and(|l| is_figure(&line_text(l))));
        let continues = own.iter().any(|i| {
            let [left, _, right, _] = grid.place(grid.cells[*i]);
            at(*i, above)
                .zip(at(*i, below))
                .is_some_and(|(a, b)| is_full(a, b, left, right))
        });
        continues && (!figure_at(above) || !figure_at(below))
    };
    bases
        .windows(2)
        .filter(|w| !wraps(w[0], w[1]))
        .map(|w| (w[0] + 0.14 * size + w[1] - 0.86 * size) / 2.0)
        .collect()
}
