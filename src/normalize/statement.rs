//! Figures in prose, each with the noun that it belongs to.

use crate::model::{Document, Statement};
use crate::pattern::Patterns;

/// Every amount, rate, count and score in the paragraphs of a document, in reading order.
pub fn statements(_document: &Document, _patterns: &Patterns) -> Vec<Statement> {
    Vec::new()
}
