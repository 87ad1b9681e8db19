//! Words that tell digits which are no figures.

use super::file::PatternFile;
use super::headers::{fold, strip_notes};
use super::words::Letters;
use crate::error::Result;
use crate::text::mark::is_range;
use serde::Deserialize;

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct FateFile {
    dates: Vec<String>,
    relative: Vec<String>,
    codes: Vec<String>,
    orders: Vec<String>,
    notes: Vec<String>,
    references: Vec<String>,
    names: Vec<String>,
    before_number: Letters,
    after_number: Letters,
    between_years: Letters,
    after_month: Letters,
}

/// Words that tell digits which are no figures.
#[derive(Debug, Clone)]
pub struct FatePatterns {
    file: FateFile,
}

impl FatePatterns {
    pub(super) fn new(file: &PatternFile) -> Result<Self> {
        Ok(FatePatterns { file: file.parse()? })
    }

    /// Whether the digits below a heading are points in time: it ends in such a word, so that 年度计划数 is none, and is no
    /// year whose figures stand below it (本年度).
    pub fn is_date_heading(&self, heading: &str) -> bool {
        let of_figures = |before: &str| self.file.relative.iter().any(|word| before.ends_with(word.as_str()));
        self.before_time(heading).is_some_and(|before| !of_figures(&before))
    }

    /// Whether a heading ends in a word of time, whatever stands below it.
    pub fn ends_in_time(&self, heading: &str) -> bool {
        self.before_time(heading).is_some()
    }

    fn before_time(&self, heading: &str) -> Option<String> {
        let folded = strip_notes(&fold(heading));
        let bare = folded.trim_end_matches(':');
        let mut words = self.file.dates.iter();
        words
            .find_map(|word| bare.strip_suffix(word.as_str()))
            .map(str::to_owned)
    }

    /// Whether the digits below a heading are codes.
    pub fn is_code_heading(&self, heading: &str) -> bool {
        holds(&self.file.codes, heading)
    }

    /// Whether the digits below a heading count the rows.
    pub fn is_order_heading(&self, heading: &str) -> bool {
        holds(&self.file.orders, heading)
    }

    /// Whether the words below a heading tell about a row.
    pub fn is_note_heading(&self, heading: &str) -> bool {
        holds(&self.file.notes, heading)
    }

    /// Whether a character opens the number of a document: 第3号.
    pub fn opens_number(&self, c: char) -> bool {
        self.file.before_number.has(c)
    }

    /// Whether a character closes the number of a document.
    pub fn closes_number(&self, c: char) -> bool {
        self.file.after_number.has(c)
    }

    /// Whether a character joins years that share one 年: 2021、2022年, 2021-2023年.
    pub fn joins_years(&self, c: char) -> bool {
        is_range(c) || self.file.between_years.has(c)
    }

    /// Whether a character makes digits like 2022.12 a point in time.
    pub fn follows_month(&self, c: char) -> bool {
        self.file.after_month.has(c)
    }

    /// Whether a text before a number makes it the number of something: 附件1.
    pub fn refers(&self, before: &[char]) -> bool {
        self.file.references.iter().any(|word| ends_with(before, word))
    }

    /// Whether a text after a number makes it the number of something: 10号.
    pub fn names(&self, after: &[char]) -> bool {
        self.file.names.iter().any(|word| starts_with(after, word))
    }
}

fn holds(words: &[String], heading: &str) -> bool {
    let folded = fold(heading);
    words.iter().any(|word| folded.contains(word.as_str()))
}

fn ends_with(text: &[char], word: &str) -> bool {
    let mut rest = text.iter().rev();
    word.chars().rev().all(|c| rest.next() == Some(&c))
}

fn starts_with(text: &[char], word: &str) -> bool {
    let mut rest = text.iter();
    word.chars().all(|c| rest.next() == Some(&c))
}
