//! Text as a browser would set it: white space, lines, paragraphs.

use crate::ingest::looks::{Level, Line};
use crate::ingest::nested::Item;
use crate::model::ParagraphKind;

/// White space that waits for the text after it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd)]
enum Gap {
    None,
    Space,
    /// With a line end of the source, which is nothing between Chinese characters.
    SourceLine,
}

/// A place that text flows into: the body, a cell, a caption.
#[derive(Debug)]
pub(super) struct Flow {
    pub(super) items: Vec<Item>,
    text: String,
    gap: Gap,
    /// Kind of the paragraph under way.
    pub(super) kind: ParagraphKind,
    /// Number of the paragraph under way.
    label: String,
    set: Line,
}

impl Default for Flow {
    fn default() -> Self {
        Flow {
            items: Vec::new(),
            text: String::new(),
            gap: Gap::None,
            kind: ParagraphKind::Body,
            label: String::new(),
            set: Line::default(),
        }
    }
}

impl Flow {
    /// Takes text in; `as_is` keeps its white space.
    pub(super) fn text(&mut self, text: &str, as_is: bool, level: Level) {
        let set = self.set.set(&mut self.text, text, level);
        let is_mark = set.is_some();
        for c in set.as_deref().unwrap_or(text).chars() {
            match c {
                // Marks without width.
                '\u{200B}' | '\u{FEFF}' | '\u{AD}' | '\u{200E}' | '\u{200F}' => {}
                '\r' if as_is => {}
                '\n' if as_is => self.line(),
                '\t' | ' ' if as_is => self.text.push(c),
                '\n' | '\r' => self.gap = Gap::SourceLine,
                ' ' | '\t' | '\u{C}' => self.gap = if self.gap == Gap::None { Gap::Space } else { self.gap },
                c => {
                    self.settle_gap(c);
                    // Word writes its second and further blanks so.
                    self.text.push(if c == '\u{A0}' { ' ' } else { c });
                }
            }
        }
        self.set.pushed(self.text.len(), level, is_mark);
    }

    fn settle_gap(&mut self, next: char) {
        let gap = std::mem::replace(&mut self.gap, Gap::None);
        let Some(last) = self.text.chars().next_back().filter(|_| gap != Gap::None) else {
            return;
        };
        let between_wide = gap == Gap::SourceLine && is_wide(last) && is_wide(next);
        if last != '\n' && !between_wide {
            self.text.push(' ');
        }
    }

    /// A forced line end; two of them end the paragraph.
    pub(super) fn line(&mut self) {
        self.gap = Gap::None;
        let ends_line = self.text.trim_end_matches([' ', '\u{3000}']).ends_with('\n');
        if ends_line {
            self.end_paragraph();
        } else if !self.text.is_empty() {
            self.text.push('\n');
        }
    }

    /// The number of an item, before its text.
    pub(super) fn label(&mut self, label: String) {
        self.label = label;
    }

    /// A number that stands in the text as such: its padding is none of it.
    pub(super) fn trim_padding(&mut self) {
        let trimmed = self.text.trim_end().len();
        self.text.truncate(trimmed);
        self.gap = Gap::None;
        // `1.` and `5亿元` must not become 1.5亿元.
        if self
            .text
            .ends_with(|c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '．'))
        {
            self.gap = Gap::Space;
        }
    }

    /// Ends the paragraph under way; gives the bytes of its text.
    pub(super) fn end_paragraph(&mut self) -> usize {
        self.gap = Gap::None;
        let text = std::mem::take(&mut self.text);
        let text = text.trim();
        if text.is_empty() {
            return 0;
        }
        let label = std::mem::take(&mut self.label);
        let gap = if label.ends_with('.') { " " } else { "" };
        let text = format!("{label}{gap}{text}");
        let bytes = text.len();
        self.items.push(Item::Paragraph { text, kind: self.kind });
        bytes
    }
}

/// Characters of a full em, between which a line of the source may end without a blank.
fn is_wide(c: char) -> bool {
    matches!(c, '\u{2E80}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}' | '\u{FE30}'..='\u{FE4F}' | '\u{FF00}'..='\u{FF60}'
        | '\u{20000}'..='\u{3FFFF}' | '“' | '”' | '‘' | '’' | '—' | '…' | '·')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set(pieces: &[&str]) -> Vec<String> {
        let mut flow = Flow::default();
        for piece in pieces {
            match *piece {
                "<br>" => flow.line(),
                text => flow.text(text, false, Level::Line),
            }
        }
        flow.end_paragraph();
        let texts = flow.items.iter().map(|item| match item {
            Item::Paragraph { text, .. } => text.clone(),
            Item::Table(_) => String::new(),
        });
        texts.collect()
    }

    #[test]
    fn white_space_is_set_as_browsers_do() {
        assert_eq!(
            set(&["\n  预算\r\n执行  率 ", "\n 98%  of\n it "]),
            ["预算执行 率 98% of it"]
        );
        assert_eq!(set(&["a\u{A0}\u{A0}b\u{A0}"]), ["a  b"]);
        assert_eq!(
            set(&["甲 ", "<br>", " 乙", "<br>", "\u{A0}", "<br>", "丙", "<br>"]),
            ["甲\n乙", "丙"]
        );
    }
}
