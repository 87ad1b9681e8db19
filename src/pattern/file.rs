//! One pattern file: its text, and errors that name file and line.

use crate::error::{Error, ErrorKind, Result};
use serde::de::DeserializeOwned;
use sha2::{Digest, Sha256};

/// Gives the path and text that replace a built-in file, if any.
pub type Overrides<'a> = &'a dyn Fn(&str) -> Result<Option<(String, String)>>;

/// The text of a pattern file and the name to show in messages.
pub struct PatternFile {
    shown: String,
    text: String,
}

impl PatternFile {
    /// Takes the override of a name, else the built-in text.
    pub fn load(name: &str, builtin: &str, overrides: Overrides<'_>) -> Result<Self> {
        Ok(match overrides(name)? {
            Some((shown, text)) => PatternFile { shown, text },
            None => PatternFile {
                shown: format!("patterns/{name}"),
                text: builtin.to_owned(),
            },
        })
    }

    /// Adds the text to a fingerprint.
    pub fn add_to(&self, hasher: &mut Sha256) {
        hasher.update((self.text.len() as u64).to_le_bytes());
        hasher.update(self.text.as_bytes());
    }

    /// Parses the file; unknown keys and words are refused by the types.
    pub fn parse<T: DeserializeOwned>(&self) -> Result<T> {
        toml::from_str(&self.text).map_err(|error| {
            let offset = error.span().map_or(0, |span| span.start).min(self.text.len());
            let line = self.text.as_bytes()[..offset].iter().filter(|b| **b == b'\n').count() + 1;
            self.error(error.message(), line)
        })
    }

    /// An error in this file.
    pub fn error(&self, message: &str, line: usize) -> Error {
        Error::new(ErrorKind::Pattern(message.to_owned()))
            .in_part(self.shown.clone())
            .at_line(line)
    }
}
