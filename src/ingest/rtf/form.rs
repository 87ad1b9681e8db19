//! Form fields whose value is no text: check boxes and lists to choose from.

use crate::ingest::docx::symbols;

/// Entries of one list.
const ENTRIES: usize = 1_000;
/// A result that was never given.
const UNDEFINED: i32 = 25;

/// The data of a field (`\\formfield`).
#[derive(Debug, Default)]
pub(super) struct Form {
    kind: i32,
    result: Option<i32>,
    default: i32,
    entries: Vec<String>,
}

impl Form {
    pub(super) fn property(&mut self, word: &str, number: i32) {
        match word {
            "fftype" => self.kind = number,
            "ffres" => self.result = Some(number),
            "ffdefres" => self.default = number,
            _ => {}
        }
    }

    /// An entry of the list begins.
    pub(super) fn add_entry(&mut self) {
        if self.entries.len() < ENTRIES {
            self.entries.push(String::new());
        }
    }

    pub(super) fn add_text(&mut self, text: &str) {
        if let Some(entry) = self.entries.last_mut() {
            entry.push_str(text);
        }
    }

    /// What the field shows; `None` for a field of text, whose result stands in the text.
    pub(super) fn value(self) -> Option<String> {
        let result = self
            .result
            .filter(|result| *result != UNDEFINED)
            .unwrap_or(self.default);
        match self.kind {
            1 => Some(symbols::check_box(result == 1).to_string()),
            2 => self.entries.into_iter().nth(usize::try_from(result).ok()?),
            _ => None,
        }
    }
}
