//! A table before it is laid: columns with headings and cells. Changes work on it; [`Sheet::lay`] makes the grids.

/// What a column holds, for those that change it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Role {
    Name,
    /// A level above the names, its cells merged downwards.
    Level,
    /// Money of a measure.
    Money,
    /// 执行率.
    Rate,
    /// Other figures of the facts: 分值, 得分.
    Points,
    /// Words of the facts: targets, actuals, reasons.
    Text,
    Sequence,
    Neutral,
}

/// What a row is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Item,
    OfWhich,
    Subtotal,
    Total,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cell {
    pub text: String,
    /// Merged with the cell above it.
    pub with_above: bool,
}

#[derive(Clone, Debug)]
pub struct Column {
    pub role: Role,
    /// Headings from the outermost to its own.
    pub head: Vec<String>,
    pub cells: Vec<Cell>,
}

impl Column {
    pub fn new(role: Role, heading: &str, cells: Vec<String>) -> Self {
        let cells = cells
            .into_iter()
            .map(|text| Cell {
                text,
                with_above: false,
            })
            .collect();
        Column {
            role,
            head: vec![heading.to_owned()],
            cells,
        }
    }
}

/// Where a side label begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SideFrom {
    Above,
    Header,
    Below,
}

#[derive(Clone, Debug, Default)]
pub struct Sheet {
    pub columns: Vec<Column>,
    pub kinds: Vec<Kind>,
    /// Rows over the whole width above the headings, and below the last row.
    pub top: Vec<String>,
    pub bottom: Vec<String>,
    /// Numbers of columns below the headings.
    pub numbers: Option<Vec<String>>,
    /// The row before which the headings stand again.
    pub repeated: Option<usize>,
    /// The row before which another table begins, and the paragraphs between.
    pub cut: Option<(usize, Vec<String>)>,
    pub side: Option<(String, SideFrom)>,
    /// Headings say what they mean by their order (several 得分): no column moves or comes between.
    pub fixed: bool,
    /// The total's word reaches over the levels left of the names.
    pub wide_total: bool,
}

/// A place of a grid.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Slot {
    Cell {
        text: String,
        rows: usize,
        cols: usize,
    },
    /// Below the first row of a cell that has this many columns.
    Below {
        cols: usize,
    },
    /// Right of a cell's first column.
    Right,
}

/// A table as it is written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Grid {
    pub rows: Vec<Vec<Slot>>,
    /// Rows of the first header, with what stands above it.
    pub header: usize,
}

impl Grid {
    /// The same on more columns: the first stays as it is, the others take about as many each.
    pub fn stretched(self, width: usize) -> Grid {
        let own = self.rows.first().map_or(1, Vec::len);
        let start = |c: usize| match c {
            0 => 0,
            _ if own == 1 => width,
            c => 1 + (c - 1) * (width - 1) / (own - 1),
        };
        let wide = |c: usize, cols: usize| start(c + cols) - start(c);
        let rows = self.rows.into_iter().map(|row| {
            let mut out = vec![Slot::Right; width];
            for (c, slot) in row.into_iter().enumerate() {
                out[start(c)] = match slot {
                    Slot::Cell { text, rows, cols } => Slot::Cell {
                        text,
                        rows,
                        cols: wide(c, cols),
                    },
                    Slot::Below { cols } => Slot::Below { cols: wide(c, cols) },
                    Slot::Right => Slot::Right,
                };
            }
            out
        });
        Grid {
            rows: rows.collect(),
            header: 0,
        }
    }
}

/// What a document is made of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Piece {
    Paragraph(String),
    Table(Grid),
}

/// Texts with their joins, while a grid is laid.
struct Draft {
    rows: Vec<Vec<(String, bool, bool)>>,
}

impl Draft {
    fn row(&mut self, cells: impl Iterator<Item = (String, bool, bool)>) {
        self.rows.push(cells.collect());
    }

    /// Cells from texts, joined to the one above or to the left where that is said.
    fn grid(&self, header: usize) -> Grid {
        let at = |r: usize, c: usize| &self.rows[r][c];
        let (height, width) = (self.rows.len(), self.rows.first().map_or(0, Vec::len));
        let mut rows = vec![vec![Slot::Right; width]; height];
        for r in 0..height {
            for c in 0..width {
                let (text, above, left) = at(r, c);
                if *left || *above {
                    continue;
                }
                let cols = 1 + (c + 1..width).take_while(|c| at(r, *c).2).count();
                let high = 1 + (r + 1..height).take_while(|r| at(*r, c).1).count();
                rows[r][c] = Slot::Cell {
                    text: text.clone(),
                    rows: high,
                    cols,
                };
                for row in &mut rows[r + 1..r + high] {
                    row[c] = Slot::Below { cols };
                }
            }
        }
        Grid { rows, header }
    }
}

impl Sheet {
    pub fn index(&self, role: &Role) -> Option<usize> {
        self.columns.iter().position(|c| c.role == *role)
    }

    /// The grids, with the paragraphs between them.
    pub fn lay(&self) -> Vec<Piece> {
        let end = self.kinds.len();
        let parts = match &self.cut {
            Some((at, between)) if *at > 0 && *at < end => vec![(0..*at, &[][..]), (*at..end, &between[..])],
            _ => vec![(0..end, &[][..])],
        };
        let last = parts.len() - 1;
        let mut out = Vec::new();
        for (index, (rows, between)) in parts.into_iter().enumerate() {
            out.extend(between.iter().map(|p| Piece::Paragraph(p.clone())));
            out.push(Piece::Table(self.part(rows, index == 0, index == last)));
        }
        out
    }

    fn part(&self, rows: std::ops::Range<usize>, first: bool, last: bool) -> Grid {
        let width = self.columns.len();
        let mut draft = Draft { rows: Vec::new() };
        let whole = |text: &String| {
            let text = text.clone();
            (0..width).map(move |c| (if c == 0 { text.clone() } else { String::new() }, false, c > 0))
        };
        if first {
            for text in &self.top {
                draft.row(whole(text));
            }
        }
        let top = draft.rows.len();
        self.headings(&mut draft);
        let header = draft.rows.len();
        if let Some(numbers) = &self.numbers {
            draft.row(numbers.iter().map(|n| (n.clone(), false, false)));
        }
        let begin = rows.start;
        for row in rows {
            let again = self.repeated == Some(row) && row > begin;
            if again {
                self.headings(&mut draft);
            }
            draft.row((0..width).map(|c| self.body(row, c, row == begin || again)));
        }
        if last {
            for text in &self.bottom {
                draft.row(whole(text));
            }
        }
        if let Some((label, from)) = &self.side {
            let from = match from {
                SideFrom::Above => 0,
                SideFrom::Header => top,
                SideFrom::Below => header,
            };
            let end = draft.rows.len() - if last { self.bottom.len() } else { 0 };
            for (r, row) in draft.rows.iter_mut().enumerate() {
                let inside = (from..end).contains(&r);
                let cell = if inside && r > from {
                    (String::new(), true, false)
                } else if inside {
                    (label.clone(), false, false)
                } else if r < top || r >= end {
                    // A row over the whole width reaches over the label's column too.
                    row[0].2 = true;
                    (std::mem::take(&mut row[0].0), false, false)
                } else {
                    (String::new(), r > top, false)
                };
                row.insert(0, cell);
            }
        }
        draft.grid(header)
    }

    /// The heading rows: equal neighbours under one heading are one cell, and the last of a path reaches down.
    fn headings(&self, draft: &mut Draft) {
        let depth = self.columns.iter().map(|c| c.head.len()).max().unwrap_or(1);
        for level in 0..depth {
            let row = self.columns.iter().enumerate().map(|(c, column)| {
                let Some(text) = column.head.get(level) else {
                    return (String::new(), true, false);
                };
                let inner = level + 1 < column.head.len();
                let left = c > 0 && inner && {
                    let other = &self.columns[c - 1].head;
                    other.len() > level + 1 && other[..=level] == column.head[..=level]
                };
                (if left { String::new() } else { text.clone() }, false, left)
            });
            draft.row(row);
        }
    }

    fn body(&self, row: usize, col: usize, begins: bool) -> (String, bool, bool) {
        let cells = &self.columns[col].cells;
        let is_total = matches!(self.kinds[row], Kind::Total);
        let reaches = |c: usize| matches!(self.columns[c].role, Role::Level | Role::Sequence);
        if is_total
            && self.wide_total
            && let Some(name) = self.index(&Role::Name)
        {
            let first = (0..name).rev().take_while(|c| reaches(*c)).last().unwrap_or(name);
            if (first..=name).contains(&col) {
                let text = if col == first {
                    self.columns[name].cells[row].text.clone()
                } else {
                    String::new()
                };
                return (text, false, col > first);
            }
        }
        let cell = &cells[row];
        if cell.with_above && begins {
            // After a cut the merged text is written again.
            let from = (0..row).rev().find(|r| !cells[*r].with_above).unwrap_or(0);
            return (cells[from].text.clone(), false, false);
        }
        (cell.text.clone(), cell.with_above, false)
    }
}
