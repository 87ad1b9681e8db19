//! Lists of words and of characters that have one meaning, as pattern files hold them.

use serde::Deserialize;
use std::ops::Deref;

/// Words of one meaning.
#[derive(Debug, Clone, Deserialize)]
#[serde(transparent)]
pub struct WordList(Vec<String>);

impl Deref for WordList {
    type Target = [String];

    fn deref(&self) -> &[String] {
        &self.0
    }
}

impl WordList {
    /// Whether one of the words stands in a text.
    pub fn within(&self, text: &str) -> bool {
        self.0.iter().any(|word| text.contains(word.as_str()))
    }

    /// Whether a text starts with one of the words.
    pub fn start(&self, text: &str) -> bool {
        self.0.iter().any(|word| text.starts_with(word.as_str()))
    }

    /// Whether a text ends with one of the words.
    pub fn end(&self, text: &str) -> bool {
        self.0.iter().any(|word| text.ends_with(word.as_str()))
    }

    /// A text without the first of the words that it starts with.
    pub fn strip_start<'t>(&self, text: &'t str) -> Option<&'t str> {
        self.0.iter().find_map(|word| text.strip_prefix(word.as_str()))
    }

    /// A text before the first of the words with which it ends.
    pub fn strip_end<'t>(&self, text: &'t str) -> Option<&'t str> {
        self.0.iter().find_map(|word| text.strip_suffix(word.as_str()))
    }

    /// A text up to the first place where one of the words stands.
    pub fn before<'t>(&self, text: &'t str) -> &'t str {
        let starts = self.0.iter().filter_map(|word| text.find(word.as_str()));
        &text[..starts.min().unwrap_or(text.len())]
    }

    /// Whether a text is one of the words.
    pub fn is(&self, text: &str) -> bool {
        self.0.iter().any(|word| word == text)
    }
}

/// Characters of one meaning.
#[derive(Debug, Clone, Deserialize)]
#[serde(transparent)]
pub struct Letters(String);

impl Letters {
    /// Whether a character is one of them.
    pub fn has(&self, c: char) -> bool {
        self.0.contains(c)
    }

    /// A text without these characters at its end.
    pub fn trim_end<'t>(&self, text: &'t str) -> &'t str {
        text.trim_end_matches(|c| self.has(c))
    }

    /// A text without these characters at its start.
    pub fn trim_start<'t>(&self, text: &'t str) -> &'t str {
        text.trim_start_matches(|c| self.has(c))
    }
}
