//! What a reader cannot settle by itself: lines whose borders are not certain.
//!
//! A text tells where a line ends and, where it is drawn or delimited, where a cell does. What is a heading, which cell
//! stands below which, and how far one reaches is a question of words and sums: `recognize::lay` answers it.

use crate::text::mark::is_space;
use std::borrow::Cow;

/// A part of a document before it is laid in paragraphs and tables.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Loose {
    /// Lines of which no border but their ends is certain.
    Lines(Vec<Line<'static>>),
}

/// One line, without its end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line<'a> {
    /// Text as written, residue removed.
    pub text: Cow<'a, str>,
    /// A form feed stands before it.
    pub page_top: bool,
    /// Nothing but white space.
    pub blank: bool,
    /// A part of the line above, from which a blank parted it (`oneline`).
    pub part: bool,
    /// One whole cell for certain (`cell_lines`).
    pub cell: bool,
}

impl Line<'_> {
    /// The line with a text of its own.
    pub fn into_owned(self) -> Line<'static> {
        Line {
            text: Cow::Owned(self.text.into_owned()),
            page_top: self.page_top,
            blank: self.blank,
            part: self.part,
            cell: self.cell,
        }
    }

    /// The text without tabs and blanks at its ends; full-width blanks (indents) are kept.
    pub fn trimmed(&self) -> &str {
        self.text.trim_matches([' ', '\t'])
    }

    /// Whether a bar opens or closes it, as in a row of a table.
    pub fn has_outer_bar(&self) -> bool {
        let text = self.trimmed();
        text.starts_with('|') || text.ends_with('|')
    }

    /// Whether tabs part it into columns.
    pub fn has_inner_tab(&self) -> bool {
        self.text.trim_start_matches([' ', '\t']).contains('\t')
    }

    /// Whether it starts a cell in the dump of a Word table: a tab, with nothing but white space before it.
    pub fn starts_cell(&self) -> bool {
        match self.text.as_bytes().first() {
            Some(b'\t') => true,
            Some(b' ' | 0xC2 | 0xE3) => self
                .text
                .trim_start_matches([' ', '\u{a0}', '\u{3000}'])
                .starts_with('\t'),
            _ => false,
        }
    }
}

/// A cell as read, before it has a place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RawCell {
    /// Text, trimmed.
    pub text: String,
    /// Nothing at all stood there, not even a blank: in a label column the cell above goes on.
    pub void: bool,
    /// The cell left of it reaches over this column.
    pub left: bool,
    /// The cell above reaches over it.
    pub up: bool,
}

impl RawCell {
    /// A cell that merges with nothing but, where nothing at all stood in it, the one above.
    pub fn new(text: &str) -> Self {
        RawCell {
            text: text.trim_matches(is_space).to_owned(),
            void: text.is_empty(),
            left: false,
            up: false,
        }
    }
}

/// A row as read.
pub type RawRow = Vec<RawCell>;

/// A line of a table that was not placed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Orphan {
    /// Its text, or what of it is not in the table.
    pub text: String,
    /// It holds figures, so that the reader must know.
    pub figures: bool,
    /// Its line.
    pub line: usize,
}
