//! What became of the figures of a document, counted.

use super::vocabulary::Fate;
use crate::text::number::is_plain_digit;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The figures of a document: each cell with a digit (ASCII or full-width) has one fate.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Figures {
    /// Cells that hold a digit: the sum of the four below.
    pub cells: usize,
    /// Cells that a fact's source names.
    pub placed: usize,
    /// Cells kept in `others`, under headings that no measure names.
    pub other: usize,
    /// Cells whose digits are no figure: sequences, codes, dates, numbers of columns, labels.
    pub not_figures: usize,
    /// Cells with a figure that no fact took; `warnings` name them.
    pub unread: usize,
    /// Figures of the paragraphs.
    pub prose: ProseFigures,
}

impl Figures {
    /// Counts a cell.
    pub fn add(&mut self, fate: Fate) {
        self.cells += 1;
        let count = match fate {
            Fate::Placed => &mut self.placed,
            Fate::Other => &mut self.other,
            Fate::Unread => &mut self.unread,
            Fate::Sequence | Fate::Code | Fate::Date | Fate::ColumnNumber | Fate::Label => &mut self.not_figures,
        };
        *count += 1;
    }

    /// Adds the counts of another document.
    pub fn merge(&mut self, other: &Figures) {
        self.cells += other.cells;
        self.placed += other.placed;
        self.other += other.other;
        self.not_figures += other.not_figures;
        self.unread += other.unread;
        self.prose.stated += other.prose.stated;
        self.prose.not_figures += other.prose.not_figures;
        self.prose.unread += other.prose.unread;
    }
}

/// The figures of a document's paragraphs. A figure is a run of digits, points and commas between digits included.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ProseFigures {
    /// Inside a statement, or the source of a score, indicator or budget line told in prose.
    pub stated: usize,
    /// Dates, outline numbers, numbers of documents, telephone numbers and the like.
    pub not_figures: usize,
    /// Neither; `warnings` name them.
    pub unread: usize,
}

/// Whether a text holds a digit, ASCII or full-width.
pub fn has_digit(text: &str) -> bool {
    text.chars().any(is_plain_digit)
}
