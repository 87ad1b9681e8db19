//! From tables as read to tables with meaning.

pub mod join;

use crate::model::{Document, RecognizedTable};
use crate::pattern::Patterns;

/// Recognizes every table of a document.
pub fn recognize(_document: &Document, _patterns: &Patterns) -> Vec<RecognizedTable> {
    Vec::new()
}
