//! Formulas whose result a workbook does not have: programs that only write files leave it out, or write 0 for all.
//!
//! What is plain arithmetic is computed exactly; for everything else the formula itself stands in the cell, so that nobody
//! takes it for an empty one.

mod parser;

use super::number;
use parser::Parser;
use rust_decimal::Decimal;
use std::collections::BTreeMap;

/// Formulas that ask for each other, and brackets in each other.
const DEPTH: usize = 200;
/// Cells that all formulas of a workbook together may look at.
const LOOKS: usize = 2_000_000;

type Place = (u32, u32);

/// What a cell holds.
#[derive(Debug)]
enum Held {
    Number(String),
    Words,
    Error,
    Formula(usize),
}

#[derive(Debug)]
struct Pending {
    sheet: usize,
    at: Place,
    /// The formula, and how far its cell is from the one that it was written for.
    text: String,
    moved: (i64, i64),
    style: usize,
    /// A result is there, and is 0.
    zero: bool,
}

/// A formula without a result.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Outcome {
    pub(super) sheet: usize,
    pub(super) at: Place,
    pub(super) formula: String,
    pub(super) style: usize,
    pub(super) value: Option<String>,
}

/// A formula as its cell has it.
#[derive(Debug, Default)]
pub(super) struct Stated {
    pub(super) text: String,
    /// Number of the group of cells that share it.
    pub(super) shared: Option<i64>,
}

/// The cells of a workbook, as far as formulas ask for them.
#[derive(Debug, Default)]
pub(super) struct Formulas {
    sheets: Vec<(String, BTreeMap<Place, Held>)>,
    pending: Vec<Pending>,
    shared: BTreeMap<(usize, i64), (String, Place)>,
    /// Some formula has a result other than 0.
    has_results: bool,
}

impl Formulas {
    pub(super) fn start_sheet(&mut self, name: &str) {
        self.sheets.push((name.to_owned(), BTreeMap::new()));
    }

    fn hold(&mut self, at: Place, held: Held) {
        if let Some((_, cells)) = self.sheets.last_mut() {
            cells.insert(at, held);
        }
    }

    pub(super) fn number(&mut self, at: Place, value: &str) {
        self.hold(at, Held::Number(value.to_owned()));
    }

    pub(super) fn words(&mut self, at: Place) {
        self.hold(at, Held::Words);
    }

    pub(super) fn error(&mut self, at: Place) {
        self.hold(at, Held::Error);
    }

    /// A formula whose result is no number: it has been computed.
    pub(super) fn computed(&mut self) {
        self.has_results = true;
    }

    /// A formula with the number that is stored as its result, which may be empty.
    pub(super) fn formula(&mut self, at: Place, stated: &Stated, value: &str, style: usize) {
        let sheet = self.sheets.len().saturating_sub(1);
        let mut text = stated.text.trim().to_owned();
        let mut moved = (0, 0);
        if let Some(group) = stated.shared {
            if text.is_empty() {
                if let Some((master, from)) = self.shared.get(&(sheet, group)) {
                    text.clone_from(master);
                    moved = (i64::from(at.0) - i64::from(from.0), i64::from(at.1) - i64::from(from.1));
                }
            } else {
                self.shared.insert((sheet, group), (text.clone(), at));
            }
        }
        let zero = !value.is_empty() && value.trim_matches(['0', '.', '-']).is_empty();
        if !value.is_empty() && !zero {
            self.has_results = true;
            self.number(at, value);
            return;
        }
        self.hold(at, Held::Formula(self.pending.len()));
        self.pending.push(Pending {
            sheet,
            at,
            text,
            moved,
            style,
            zero,
        });
    }

    /// The formulas without a result, each with what it gives.
    pub(super) fn results(self) -> Vec<Outcome> {
        let mut solver = Solver {
            states: self.pending.iter().map(|_| State::New).collect(),
            looks: 0,
            formulas: &self,
        };
        let values: Vec<Option<Decimal>> = (0..self.pending.len()).map(|index| solver.cell(index, 0)).collect();
        // Zeros throughout, of which one at least cannot be: nobody computed them.
        let differs =
            |(pending, value): (&Pending, &Option<Decimal>)| pending.zero && value.is_some_and(|v| !v.is_zero());
        let never = !self.has_results && self.pending.iter().zip(&values).any(differs);
        let outcome = |(pending, value): (&Pending, Option<Decimal>)| {
            (never || !pending.zero).then(|| Outcome {
                sheet: pending.sheet,
                at: pending.at,
                formula: pending.text.clone(),
                style: pending.style,
                value: value.map(|value| value.normalize().to_string()),
            })
        };
        self.pending.iter().zip(values).filter_map(outcome).collect()
    }
}

#[derive(Debug, Clone, Copy)]
enum State {
    New,
    /// Asked for by itself: a circle.
    Open,
    Done(Option<Decimal>),
}

struct Solver<'f> {
    formulas: &'f Formulas,
    states: Vec<State>,
    looks: usize,
}

impl Solver<'_> {
    fn cell(&mut self, index: usize, depth: usize) -> Option<Decimal> {
        let pending = self.formulas.pending.get(index)?;
        if pending.zero && self.formulas.has_results {
            return Some(Decimal::ZERO);
        }
        match self.states.get(index)? {
            State::Done(value) => return *value,
            State::Open => return None,
            State::New if depth > DEPTH => return None,
            State::New => {}
        }
        self.states[index] = State::Open;
        let mut parser = Parser {
            solver: self,
            chars: pending.text.chars().collect(),
            at: 0,
            depth,
            sheet: pending.sheet,
            moved: pending.moved,
        };
        let value = parser.whole();
        self.states[index] = State::Done(value);
        value
    }

    /// The value of a cell: `Some(None)` for one that is empty or holds words, `None` for one without a value.
    fn held(&mut self, held: Option<&Held>, depth: usize) -> Option<Option<Decimal>> {
        self.looks += 1;
        if self.looks > LOOKS {
            return None;
        }
        match held {
            None | Some(Held::Words) => Some(None),
            Some(Held::Number(text)) => exact(text).map(Some),
            Some(Held::Error) => None,
            Some(Held::Formula(index)) => self.cell(*index, depth + 1).map(Some),
        }
    }
}

/// A stored number at the precision of spreadsheet programs.
fn exact(text: &str) -> Option<Decimal> {
    Decimal::from_str_exact(&number::Decimal::parse(text)?.plain()?).ok()
}

/// `C6` of a row and column from 0.
pub(super) fn name((row, column): Place) -> String {
    let mut letters = Vec::new();
    let mut left = column + 1;
    while left > 0 {
        left -= 1;
        letters.push(char::from(b'A' + (left % 26) as u8));
        left /= 26;
    }
    format!("{}{}", letters.iter().rev().collect::<String>(), row + 1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn stated(text: &str) -> Stated {
        Stated {
            text: text.to_owned(),
            shared: None,
        }
    }

    /// A1 = 800, A2 = 10.5, A3 = 甲, B1 = 0.1, B2 = 0.2 on the sheet 一; A1 = 7 on 年 度.
    fn book() -> Formulas {
        let mut book = Formulas::default();
        book.start_sheet("年 度");
        book.number((0, 0), "7");
        book.start_sheet("一");
        for (at, value) in [((0, 0), "800"), ((1, 0), "10.5"), ((0, 1), "0.1"), ((1, 1), "0.2")] {
            book.number(at, value);
        }
        book.words((2, 0));
        book
    }

    fn result(formula: &str) -> Option<String> {
        let mut book = book();
        book.formula((9, 9), &stated(formula), "", 0);
        book.results().pop().and_then(|outcome| outcome.value)
    }

    #[test]
    fn plain_arithmetic_is_exact() {
        for (formula, expected) in [
            ("800+10.5", Some("810.5")),
            ("A1+A2", Some("810.5")),
            ("B1+B2", Some("0.3")),
            ("SUM(A1:A5)", Some("810.5")),
            ("sum($A$1:A$2, B1, 3)", Some("813.6")),
            ("-(A1-A2)*50%", Some("-394.75")),
            ("ROUND(A2/A1*100,2)", Some("1.31")),
            ("ROUND(1250,-2)", Some("1300")),
            ("PRODUCT(A1:A2)", Some("8400")),
            ("AVERAGE(A1:A3)", Some("405.25")),
            ("MAX(A1,A2)-MIN(A1,A2)", Some("789.5")),
            ("'年 度'!A1*2^3", Some("56")),
            ("C7+1", Some("1")),
            ("A1/0", None),
            ("A1/C9", None),
            ("A3+1", None),
            ("SUM(A:A)", None),
            ("VLOOKUP(A1,B1:B2,1)", None),
            ("IF(A1>1,2,3)", None),
            ("A1&\"元\"", None),
            ("#REF!+1", None),
            ("别处!A1", None),
            ("J10+1", None),
            ("SUM(J1:J10)", None),
            ("SUM(A1:A2)*", None),
            ("", None),
        ] {
            assert_eq!(result(formula).as_deref(), expected, "{formula}");
        }
        assert_eq!(name((5, 2)), "C6");
        assert_eq!(name((0, 27)), "AB1");
    }

    #[test]
    fn formulas_ask_for_each_other_and_share() {
        let mut book = book();
        let group = |text: &str| Stated {
            text: text.to_owned(),
            shared: Some(0),
        };
        book.formula((0, 2), &group("A1*2"), "", 0);
        book.formula((1, 2), &group(""), "", 0);
        book.formula((2, 2), &stated("SUM(C1:C2)"), "", 0);
        let values: Vec<Option<String>> = book.results().into_iter().map(|outcome| outcome.value).collect();
        assert_eq!(values, ["1600", "21", "1621"].map(|v| Some(v.to_owned())));
    }

    #[test]
    fn zeros_that_nobody_computed_are_told_from_zeros() {
        let mut never = book();
        never.formula((5, 0), &stated("A1+A2"), "0", 0);
        assert_eq!(never.results().len(), 1);
        let mut computed = book();
        computed.formula((5, 0), &stated("A1-800"), "0", 0);
        computed.formula((6, 0), &stated("VLOOKUP(1)"), "0", 0);
        assert_eq!(computed.results(), []);
        let mut other = book();
        other.formula((5, 0), &stated("A1+A2"), "0", 0);
        other.formula((6, 0), &stated("A1*2"), "1600", 0);
        assert_eq!(other.results(), []);
    }

    proptest! {
        /// Any text is some formula.
        #[test]
        fn any_formula_ends(text in "[A-C1-3+*/^%(),:$!' SUM.-]{0,40}") {
            let _ = result(&text);
        }
    }
}
