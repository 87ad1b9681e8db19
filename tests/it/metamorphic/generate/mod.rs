//! Documents whose facts are known: plans of each kind of table, small enough to be made smaller.

pub mod budget;
mod budget_rows;
mod form;
mod funding;
mod grid;
mod indicator_words;

use super::facts::Fact;
use super::sheet::{Grid, Piece, Sheet, Slot};
use crate::mutate::Random;
use budget::Budget;
use form::Form;
use funding::Funding;
use grid::Indicators;

/// Kinds of documents.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Subject {
    Budget,
    Funding,
    Grid,
    Form,
    Scoring,
}

pub const SUBJECTS: [Subject; 5] = [
    Subject::Budget,
    Subject::Funding,
    Subject::Grid,
    Subject::Form,
    Subject::Scoring,
];

/// What a document shall hold, before it has a shape.
#[derive(Clone, Debug)]
pub enum Plan {
    Budget(Budget),
    Funding(Funding),
    Grid(Indicators),
    Form(Box<Form>),
}

/// A piece of a table from its top to its bottom.
#[derive(Clone, Debug)]
pub enum Part {
    /// Labels and texts.
    Fixed(Grid),
    Sheet(Sheet),
}

/// A document before it is written.
#[derive(Clone, Debug, Default)]
pub struct Draft {
    /// What stands above the title and belongs to something else.
    pub ahead: Vec<Piece>,
    /// Paragraphs above the table: title, unit.
    pub before: Vec<String>,
    /// Rows over the whole width of a table of several parts.
    pub top: Vec<String>,
    pub parts: Vec<Part>,
    pub after: Vec<String>,
    pub facts: Vec<Fact>,
    /// Names that a line, an indicator or a project may have.
    pub names: Vec<String>,
    /// Points that parts of an evaluation have.
    pub points: Vec<String>,
}

/// A document ready to be written.
#[derive(Clone, Debug, Default)]
pub struct Document {
    pub pieces: Vec<Piece>,
    pub facts: Vec<Fact>,
    /// Money under headings that no measure names: a record keeps it beside the line.
    pub kept: Vec<Fact>,
    pub names: Vec<String>,
    pub points: Vec<String>,
}

impl Plan {
    pub fn new(subject: Subject, random: &mut Random) -> Self {
        match subject {
            Subject::Budget => Plan::Budget(Budget::new(random)),
            Subject::Funding => Plan::Funding(Funding::new(random)),
            Subject::Grid => Plan::Grid(Indicators::new(random, true, 100)),
            Subject::Scoring => Plan::Grid(Indicators::new(random, false, 100)),
            Subject::Form => Plan::Form(Box::new(Form::new(random))),
        }
    }

    /// The document without changes, in the plan's unit of money or in the other.
    pub fn draft(&self, other_unit: bool) -> Draft {
        match self {
            Plan::Budget(budget) => budget.draft(budget.wan != other_unit),
            Plan::Funding(funding) => funding.draft(funding.wan != other_unit),
            Plan::Grid(grid) => grid.draft(),
            Plan::Form(form) => form.draft(other_unit),
        }
    }

    /// Plans with one row or column less.
    pub fn smaller(&self) -> Vec<Plan> {
        match self {
            Plan::Budget(budget) => budget.smaller().into_iter().map(Plan::Budget).collect(),
            Plan::Funding(funding) => funding.smaller().into_iter().map(Plan::Funding).collect(),
            Plan::Grid(grid) => grid.smaller().into_iter().map(Plan::Grid).collect(),
            Plan::Form(form) => form.smaller().into_iter().map(|f| Plan::Form(Box::new(f))).collect(),
        }
    }
}

impl Draft {
    pub fn sheets(&mut self) -> impl Iterator<Item = &mut Sheet> {
        self.parts.iter_mut().filter_map(|part| match part {
            Part::Sheet(sheet) => Some(sheet),
            Part::Fixed(_) => None,
        })
    }

    /// Its pieces: the parts are one table, as wide as the widest of them.
    pub fn document(self) -> Document {
        let mut laid: Vec<Piece> = Vec::new();
        let single = self.parts.len() == 1;
        for part in &self.parts {
            match part {
                Part::Fixed(grid) => laid.push(Piece::Table(grid.clone())),
                Part::Sheet(sheet) => laid.extend(sheet.lay()),
            }
        }
        let width_of = |piece: &Piece| match piece {
            Piece::Table(grid) => grid.rows.first().map_or(0, Vec::len),
            Piece::Paragraph(_) => 0,
        };
        let width = laid.iter().map(width_of).max().unwrap_or(1);
        let mut pieces = self.ahead;
        pieces.extend(self.before.into_iter().map(Piece::Paragraph));
        let mut open = Grid::default();
        for text in &self.top {
            open.rows.push(whole_row(text, width));
        }
        for piece in laid {
            match piece {
                Piece::Table(grid) if single => pieces.push(Piece::Table(grid)),
                Piece::Table(grid) => open.rows.extend(grid.stretched(width).rows),
                paragraph => {
                    if !open.rows.is_empty() {
                        pieces.push(Piece::Table(std::mem::take(&mut open)));
                    }
                    pieces.push(paragraph);
                }
            }
        }
        if !open.rows.is_empty() {
            pieces.push(Piece::Table(open));
        }
        pieces.extend(self.after.into_iter().map(Piece::Paragraph));
        Document {
            pieces,
            facts: self.facts,
            kept: Vec::new(),
            names: self.names,
            points: self.points,
        }
    }
}

/// A row of one cell.
pub fn whole_row(text: &str, width: usize) -> Vec<Slot> {
    let mut row = vec![Slot::Right; width];
    row[0] = Slot::Cell {
        text: text.to_owned(),
        rows: 1,
        cols: width,
    };
    row
}

/// A number with decimals as a text; `trim` drops zeros at its end.
pub fn decimal(units: i64, scale: usize, trim: bool) -> String {
    let digits = format!("{:0>width$}", units.unsigned_abs(), width = scale + 1);
    let (whole, part) = digits.split_at(digits.len() - scale);
    let sign = if units < 0 { "-" } else { "" };
    let part = if trim { part.trim_end_matches('0') } else { part };
    if part.is_empty() {
        format!("{sign}{whole}")
    } else {
        format!("{sign}{whole}.{part}")
    }
}

/// 分 in the table's unit: 万元 with some decimals, or 元 with as many as the amounts have.
pub fn money(fen: i64, wan: bool, decimals: usize, trim: bool) -> String {
    if wan {
        decimal(fen / 10_i64.pow(6 - decimals as u32), decimals, trim)
    } else {
        decimal(fen, 2, trim && decimals <= 4)
    }
}

/// Hundredths of a per cent that one amount is of another, rounded as people do.
pub fn share(part: i64, whole: i64) -> i64 {
    let doubled = part as i128 * 20_000 / whole.max(1) as i128;
    ((doubled + doubled.signum()) / 2) as i64
}

/// Picks without taking one twice.
pub fn some<T: Clone>(random: &mut Random, items: &[T], count: usize) -> Vec<T> {
    let mut left = items.to_vec();
    let mut out = Vec::new();
    while out.len() < count && !left.is_empty() {
        out.push(left.swap_remove(random.below(left.len())));
    }
    out
}

/// Whether something of this chance in a hundred happens.
pub fn chance(random: &mut Random, percent: usize) -> bool {
    random.below(100) < percent
}
