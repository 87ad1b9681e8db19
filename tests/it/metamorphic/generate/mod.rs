//! Documents whose facts are known: plans of each kind of table, small enough to be made smaller.

pub mod budget;

use super::facts::Fact;
use super::sheet::{Piece, Sheet};
use crate::mutate::Random;
use budget::Budget;

/// Kinds of documents.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Subject {
    Budget,
}

pub const SUBJECTS: [Subject; 1] = [Subject::Budget];

/// What a document shall hold, before it has a shape.
#[derive(Clone, Debug)]
pub enum Plan {
    Budget(Budget),
}

/// A document before it is written.
#[derive(Clone, Debug)]
pub struct Draft {
    /// Paragraphs above the table: title, unit.
    pub before: Vec<String>,
    pub after: Vec<String>,
    pub sheet: Sheet,
    pub facts: Vec<Fact>,
    /// Names that a line may have.
    pub names: Vec<String>,
}

/// A document ready to be written.
#[derive(Clone, Debug)]
pub struct Document {
    pub pieces: Vec<Piece>,
    pub facts: Vec<Fact>,
    /// Names that a line may have.
    pub names: Vec<String>,
}

impl Plan {
    pub fn new(subject: Subject, random: &mut Random) -> Self {
        match subject {
            Subject::Budget => Plan::Budget(Budget::new(random)),
        }
    }

    /// The document without changes, in the plan's unit of money or in the other.
    pub fn draft(&self, other_unit: bool) -> Draft {
        match self {
            Plan::Budget(budget) => budget.draft(budget.wan != other_unit),
        }
    }

    /// Plans with one row or column less.
    pub fn smaller(&self) -> Vec<Plan> {
        match self {
            Plan::Budget(budget) => budget.smaller().into_iter().map(Plan::Budget).collect(),
        }
    }
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
