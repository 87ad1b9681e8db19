//! When a text fits an entry of an ordered list: it holds words and not others, or an expression fits it as a whole.

use super::expression::{Expression, Groups};
use super::file::PatternFile;
use crate::error::Result;
use crate::text::fold::fold;

/// Every word of `all` and none of `none`, or `regex`.
#[derive(Debug, Clone)]
pub(super) struct Fits {
    all: Vec<String>,
    none: Vec<String>,
    regex: Option<Expression>,
}

impl Fits {
    /// Folds the words, and refuses what would fit every text, or none.
    pub fn new(
        all: &[String],
        none: &[String],
        regex: Option<Expression>,
        file: &PatternFile,
        at: usize,
    ) -> Result<Self> {
        match &regex {
            None if all.is_empty() => {
                return Err(file.error_at("`all` needs a word, or `regex` an expression", at));
            }
            Some(_) if !all.is_empty() => {
                return Err(file.error_at("give `all` or `regex`, not both", at));
            }
            Some(regex) if file.is_overlay(at) => regex.compile().map_err(|message| file.error_at(&message, at))?,
            _ => {}
        }
        let folded = |words: &[String]| words.iter().map(|word| fold(word)).collect();
        Ok(Fits {
            all: folded(all),
            none: folded(none),
            regex,
        })
    }

    /// What a folded text tells, if it fits.
    pub fn groups(&self, folded: &str) -> Option<Groups> {
        let holds = |word: &String| folded.contains(word.as_str());
        // Few texts hold all: what must not stand in them is looked for in these alone.
        if !self.all.iter().all(holds) || self.none.iter().any(holds) {
            return None;
        }
        match &self.regex {
            Some(regex) => regex.groups(folded),
            None => Some(Groups::default()),
        }
    }

    /// Whether a text without a character beyond ASCII, as figures are, may fit.
    pub fn may_fit_ascii(&self) -> bool {
        self.regex.is_some() || self.all.iter().all(|word| word.is_ascii())
    }

    /// Whether an expression decides, not words.
    pub fn by_expression(&self) -> bool {
        self.regex.is_some()
    }

    /// For the reader: why a text that fits does.
    pub fn evidence(&self, folded: &str) -> String {
        match &self.regex {
            Some(regex) => format!("“{folded}”合于 {}", regex.source()),
            None => format!("“{folded}”含{}", self.all.join("、")),
        }
    }
}
