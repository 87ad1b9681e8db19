//! Every figure has a fate: placed in a fact, kept under a heading that no measure names, told to be no figure, or unread
//! and said to be.
//!
//! Worked out from the finished facts: what a source names is placed, whatever anybody thought of it. Then what recognition
//! told of a cell counts, then headings and digits.

mod cell;
mod digits;
mod facts;
mod layout;
mod point;
mod prose;
mod warn;

use super::cells::{TableContext, raw};
use crate::model::{Document, Fate, Figures, RecognizedTable, Report, Warning, has_digit};
use crate::pattern::Patterns;
use cell::Teller;
use facts::Facts;

/// Gives each cell with a digit its fate, counts them, and warns of what nobody read.
pub fn settle(document: &Document, tables: &[RecognizedTable], report: &mut Report, patterns: &Patterns) {
    let mut figures = Figures::default();
    let mut warnings: Vec<Warning> = Vec::new();
    let mut fates: Vec<Vec<Option<Fate>>> = Vec::new();
    let facts = Facts::of(report);
    for context in TableContext::all(document, tables) {
        let teller = Teller::new(&context, patterns);
        let own = context.table.cells().iter().map(|cell| {
            if !has_digit(&cell.text) {
                return None;
            }
            let place = (cell.row, cell.col);
            let taken = facts.fate(&context.recognized.id, place, teller.is_words(raw(&cell.text)));
            let told = || context.recognized.told.get(&place).copied();
            let fate = taken.or_else(told).unwrap_or_else(|| teller.fate(cell));
            figures.add(fate);
            Some(fate)
        });
        fates.push(own.collect());
    }
    for ((context, record), fates) in TableContext::all(document, tables).zip(&mut report.tables).zip(fates) {
        for (cell, fate) in record.cells.iter_mut().zip(fates) {
            cell.fate = fate;
        }
        warnings.extend(warn::of_table(&context, record, &report.warnings));
    }
    figures.prose = prose::count(document, report, patterns, &mut warnings);
    report.figures = figures;
    report.warnings.extend(warnings);
}
