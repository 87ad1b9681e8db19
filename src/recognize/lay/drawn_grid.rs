//! From the lines of a drawn table to its cells: columns by the places of the strokes (or by their number where that is
//! always the same), rows by the rulings, or by the lines where rulings do not part them.

use super::drawn_line::{Drawn, METRICS};
use super::drawn_rows::{self, Band, Cell, Part};
use crate::model::RawRow;

/// How far a stroke may stand from that of the ruling, in columns of the screen.
const TOLERANCE: [usize; 3] = [0, 1, 2];

/// The rows of a block; `None` where its strokes do not tell the columns.
pub(super) fn rows(block: &[Drawn<'_>]) -> Option<Vec<RawRow>> {
    let laid = Columns::of(block)?;
    let mut grid = Grid::new(laid.count);
    for line in block {
        grid.line(line, &laid.spans(line)?);
    }
    drawn_rows::rows(grid.bands, laid.count)
}

/// Whether some line of cells parted by bars alone goes on with what the line above it had no room for.
pub(super) fn goes_on(block: &[Drawn<'_>]) -> bool {
    let Some(laid) = Columns::of(block) else { return false };
    let mut grid = Grid::new(laid.count);
    for line in block {
        let Some(spans) = laid.spans(line) else { return false };
        grid.line(line, &spans);
    }
    grid.bands.iter().any(drawn_rows::goes_on)
}

/// How strokes tell columns.
struct Columns {
    count: usize,
    /// Where the strokes of the columns stand, in which metric, and how exactly; `None` where their number tells.
    edges: Option<(Vec<usize>, usize, usize)>,
}

impl Columns {
    fn of(block: &[Drawn<'_>]) -> Option<Columns> {
        let count = block.iter().map(|line| line.segments.len()).max()?;
        let all = |line: &Drawn<'_>| line.segments.len() == count || line.segments.len() == 1 && line.is_ruling();
        if block.iter().all(all) {
            return (count > 1).then_some(Columns { count, edges: None });
        }
        for tolerance in TOLERANCE {
            for metric in 0..METRICS.len() {
                let edges = edges(block, metric, tolerance);
                let columns = Columns {
                    count: edges.len() + 1,
                    edges: Some((edges, metric, tolerance)),
                };
                if columns.count > 1 && block.iter().all(|line| columns.spans(line).is_some()) {
                    return Some(columns);
                }
            }
        }
        None
    }

    /// The columns that each segment of a line covers: the column behind its last one.
    fn spans(&self, line: &Drawn<'_>) -> Option<Vec<usize>> {
        let Some((edges, metric, tolerance)) = &self.edges else {
            return Some(match line.segments.len() {
                1 => vec![self.count],
                n => (1..=n).collect(),
            });
        };
        let mut ends: Vec<usize> = Vec::with_capacity(line.segments.len());
        for stroke in inner(line) {
            let at = stroke[*metric];
            let right = edges.partition_point(|edge| *edge < at);
            let near = |i: usize| edges.get(i).is_some_and(|edge| edge.abs_diff(at) <= *tolerance);
            let hit = match (right.checked_sub(1).filter(|i| near(*i)), near(right)) {
                (_, true) if edges[right] == at => right,
                (Some(_), true) => return None,
                (Some(left), false) => left,
                (None, true) => right,
                (None, false) => return None,
            };
            if ends.last().is_some_and(|last| hit < *last) {
                return None;
            }
            ends.push(hit + 1);
        }
        ends.push(self.count);
        (ends.windows(2).all(|pair| pair[0] < pair[1])).then_some(ends)
    }
}

/// Strokes between cells: those of the frame are left out.
fn inner<'d>(line: &'d Drawn<'_>) -> &'d [[usize; METRICS.len()]] {
    let (first, last) = (usize::from(line.closed.0), usize::from(line.closed.1));
    let strokes = &line.strokes;
    strokes.get(first..strokes.len().saturating_sub(last)).unwrap_or(&[])
}

/// Where strokes stand, those within the tolerance of one before taken for the same; the frame's are left out.
fn edges(block: &[Drawn<'_>], metric: usize, tolerance: usize) -> Vec<usize> {
    let rulings = || block.iter().filter(|line| line.has_rule());
    let mut all: Vec<usize> = match rulings().any(|line| inner(line).len() > 1) {
        true => rulings().flat_map(inner).map(|stroke| stroke[metric]).collect(),
        false => block.iter().flat_map(inner).map(|stroke| stroke[metric]).collect(),
    };
    all.sort_unstable();
    all.dedup_by(|next, kept| next.abs_diff(*kept) <= tolerance);
    all
}

/// The cells found so far, and those that the next line may go on with.
struct Grid<'l> {
    bands: Vec<Band<'l>>,
    /// For each column: the cell (band and place in it) that has not been closed below.
    open: Vec<Option<(usize, usize)>>,
    /// A ruling stands above the next line.
    ruled: bool,
}

impl<'l> Grid<'l> {
    fn new(count: usize) -> Self {
        Grid {
            bands: Vec::new(),
            open: vec![None; count],
            ruled: true,
        }
    }

    fn line(&mut self, line: &Drawn<'l>, ends: &[usize]) {
        if line.has_rule() {
            let mut from = 0;
            for (segment, to) in line.segments.iter().zip(ends) {
                let place = self.open[from];
                match place {
                    _ if segment.ruled => self.open[from..*to].fill(None),
                    Some((band, cell)) => self.bands[band].cells[cell].parts.push(Part::new(segment.text)),
                    None => {}
                }
                from = *to;
            }
            self.ruled = true;
            return;
        }
        let mut from = 0;
        let same = line.segments.iter().zip(ends).all(|(_, to)| {
            let first = self.open[from];
            let columns = from..*to;
            from = *to;
            let whole = |(band, cell): (usize, usize)| self.bands[band].cells[cell].columns == columns;
            self.open[columns.clone()].iter().all(|open| *open == first) && first.is_none_or(whole)
        });
        // Cells of another width: another row, though no ruling says so.
        if !same {
            self.open.fill(None);
        }
        if self.ruled || !same || self.bands.is_empty() {
            self.bands.push(Band::default());
            self.ruled = false;
        }
        let band = self.bands.len() - 1;
        self.bands[band].lines += 1;
        let mut from = 0;
        for (segment, to) in line.segments.iter().zip(ends) {
            let (at, cell) = match self.open[from] {
                Some(place) => place,
                None => {
                    let cells = &mut self.bands[band].cells;
                    cells.push(Cell::new(from..*to, band));
                    let place = (band, cells.len() - 1);
                    self.open[from..*to].fill(Some(place));
                    place
                }
            };
            let cell = &mut self.bands[at].cells[cell];
            cell.last = band;
            cell.parts.push(Part::new(segment.text));
            from = *to;
        }
    }
}
