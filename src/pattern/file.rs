//! One pattern file: what is built in, what a partial file of the same name lays over it, and errors that name file and line.

use super::nearest::explained;
use super::overlay;
use crate::error::{Error, ErrorKind, Result};
use serde::de::DeserializeOwned;
use sha2::{Digest, Sha256};
use toml::de::{DeTable, Deserializer};

/// A text and the name to show in messages.
struct Source {
    shown: String,
    text: String,
}

/// The built-in text of a pattern file, and the partial file that adds to it.
pub struct PatternFile {
    /// Name without its extension: how lists of it are named (`headers.exact.score`).
    stem: &'static str,
    builtin: Source,
    /// Its text stands behind as many blanks as the built-in one is long, so that a place in a merged table tells of which of
    /// the two it is.
    overlay: Option<Source>,
}

impl PatternFile {
    /// The built-in text of a name, with a partial file (the name to show, its text) over it.
    pub fn new(name: &'static str, builtin: &str, overlay: Option<(String, String)>) -> Self {
        PatternFile {
            stem: name.strip_suffix(".toml").unwrap_or(name),
            overlay: overlay.map(|(shown, text)| Source {
                shown,
                text: " ".repeat(builtin.len()) + text.strip_prefix('\u{feff}').unwrap_or(&text),
            }),
            builtin: Source {
                shown: format!("patterns/{name}"),
                text: builtin.to_owned(),
            },
        }
    }

    /// Adds the texts to a fingerprint.
    pub fn add_to(&self, hasher: &mut Sha256) {
        for source in [Some(&self.builtin), self.overlay.as_ref()].into_iter().flatten() {
            hasher.update((source.text.len() as u64).to_le_bytes());
            hasher.update(source.text.as_bytes());
        }
    }

    /// Parses the file; unknown keys and words are refused by the types.
    pub fn parse<T: DeserializeOwned>(&self) -> Result<T> {
        let Some(overlay) = &self.overlay else {
            return toml::from_str(&self.builtin.text).map_err(|error| self.refused(&error, 0));
        };
        let mut table = DeTable::parse(&self.builtin.text).map_err(|error| self.refused(&error, 0))?;
        let from = self.builtin.text.len();
        let over = DeTable::parse(&overlay.text).map_err(|error| self.refused(&error, from))?;
        overlay::lay(self, self.stem, table.get_mut(), over.into_inner())?;
        T::deserialize(Deserializer::from(table)).map_err(|error| self.refused(&error, from))
    }

    /// What the reader of TOML says, at its place.
    fn refused(&self, error: &toml::de::Error, unknown: usize) -> Error {
        let at = error.span().map_or(unknown, |span| span.start);
        self.error_at(&explained(error.message()), at)
    }

    /// Whether a place of a merged table is one of the overlay.
    pub fn is_overlay(&self, at: usize) -> bool {
        self.overlay.is_some() && at >= self.builtin.text.len()
    }

    /// An error at a place of a merged table.
    pub fn error_at(&self, message: &str, at: usize) -> Error {
        let source = match &self.overlay {
            Some(overlay) if self.is_overlay(at) => overlay,
            _ => &self.builtin,
        };
        let before = &source.text.as_bytes()[..at.min(source.text.len())];
        let line = before.iter().filter(|b| **b == b'\n').count() + 1;
        Error::new(ErrorKind::Pattern(message.to_owned()))
            .in_part(source.shown.clone())
            .at_line(line)
    }

    /// An error about a text of the file, which no place is known of: at its last mention in what was laid over, else in what
    /// is built in.
    pub fn error_about(&self, message: &str, text: &str) -> Error {
        let overlaid = self.overlay.as_ref().and_then(|overlay| overlay.text.rfind(text));
        let from = if self.overlay.is_some() {
            self.builtin.text.len()
        } else {
            0
        };
        self.error_at(
            message,
            overlaid.or_else(|| self.builtin.text.rfind(text)).unwrap_or(from),
        )
    }
}
