//! A paragraph under construction: its properties, the run under way, and the text.

use super::symbols::{self, Font};
use crate::ingest::looks::{Level, Line, Look, Unread, Unseen};

/// The paragraph.
#[derive(Debug, Default)]
pub(super) struct ParagraphState {
    /// Tells paragraphs apart, so that a field's start is never looked for in another one.
    pub(super) id: u64,
    pub(super) text: String,
    /// Slot that the paragraph takes in reading order; `None` inside a cell.
    pub(super) slot: Option<usize>,
    pub(super) style: Option<String>,
    pub(super) outline: Option<i64>,
    pub(super) list: Option<i64>,
    pub(super) level: Option<i64>,
    /// The paragraph mark was deleted: the next paragraph goes on in the same line.
    pub(super) joins_next: bool,
    /// Text was left out because it is hidden.
    pub(super) had_hidden: bool,
    /// What runs look like that say nothing of their own.
    pub(super) style_look: Look,
    /// Something is painted behind the paragraph: by itself, the cell, the table or the box around it.
    pub(super) painted: bool,
    line: Line,
    /// What was left out for its look.
    pub(super) unseen: Unseen,
    pub(super) run: Run,
    /// Start of the text element under way, and whether its white space counts.
    pub(super) piece: Option<(usize, bool)>,
}

/// Properties of the run under way.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Run {
    /// Said by the run itself.
    pub(super) look: Look,
    /// Said by its character style.
    pub(super) style: Look,
    pub(super) font: Font,
    /// The run has a colour behind it.
    pub(super) painted: bool,
    /// What follows in the run is the mark of a note.
    pub(super) is_note_mark: bool,
}

/// What became of a text element.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Piece {
    /// Its text is in the paragraph.
    Kept,
    /// Nothing is.
    Dropped,
    /// Its text is in the paragraph, with a symbol that no Unicode character is known for.
    UnknownSymbol,
}

impl ParagraphState {
    /// Makes a used paragraph new, keeping its buffers.
    pub(super) fn renew(&mut self, id: u64) {
        self.text.clear();
        let text = std::mem::take(&mut self.text);
        *self = ParagraphState {
            id,
            text,
            ..ParagraphState::default()
        };
    }

    pub(super) fn start_run(&mut self) {
        self.run = Run::default();
    }

    fn look(&self) -> Look {
        self.run.look.over(self.run.style).over(self.style_look)
    }

    pub(super) fn run_is_hidden(&self) -> bool {
        self.look().hidden == Some(true)
    }

    /// Why the run's text is left out, though it is not hidden.
    pub(super) fn run_is_unread(&self) -> Option<Unread> {
        self.look().unread(!self.painted && !self.run.painted)
    }

    /// A single character that stands as an element of its own: tab, line break, hyphen, symbol.
    pub(super) fn push(&mut self, c: char) {
        if self.run_is_hidden() {
            self.had_hidden = true;
        } else if let Some(why) = self.run_is_unread() {
            self.had_hidden = true;
            self.unseen.note(why, c.encode_utf8(&mut [0; 4]));
        } else {
            self.unseen.seen();
            let level = self.look().level();
            self.line.push(&mut self.text, c.encode_utf8(&mut [0; 4]), level);
        }
    }

    pub(super) fn start_piece(&mut self, preserve: bool) {
        self.piece = Some((self.text.len(), preserve));
    }

    /// Settles the text element that was collected since [`Self::start_piece`].
    pub(super) fn end_piece(&mut self) -> Piece {
        let Some((start, preserve)) = self.piece.take() else {
            return Piece::Kept;
        };
        if self.run_is_hidden() {
            self.had_hidden = true;
            self.text.truncate(start);
            return Piece::Dropped;
        }
        if self.run.is_note_mark {
            self.text.truncate(start);
            return Piece::Dropped;
        }
        if let Some(why) = self.run_is_unread() {
            self.had_hidden = true;
            self.unseen.note(why, &self.text[start..]);
            self.text.truncate(start);
            return Piece::Dropped;
        }
        self.unseen.seen();
        let level = self.look().level();
        let off_line = level != Level::Line || self.line.is_off();
        let piece = &self.text[start..];
        let unclean = |b: &u8| matches!(b, b'\n' | b'\r');
        let outer = |b: Option<&u8>| b.is_some_and(u8::is_ascii_whitespace);
        let bytes = piece.as_bytes();
        let trims = !preserve && (outer(bytes.first()) || outer(bytes.last()));
        let private = self.run.font != Font::Text || bytes.contains(&0xEF);
        if !trims && !off_line && !private && !bytes.iter().any(unclean) {
            return Piece::Kept;
        }
        let trimmed = if preserve {
            piece
        } else {
            piece.trim_matches(|c: char| c.is_ascii_whitespace())
        };
        let mut outcome = Piece::Kept;
        let mut text = String::with_capacity(trimmed.len());
        for c in trimmed.chars() {
            let code = u32::from(c);
            let is_private = (0xF020..=0xF0FF).contains(&code);
            match c {
                '\n' | '\r' => text.push(' '),
                _ if is_private || (self.run.font != Font::Text && (0x21..=0xFF).contains(&code)) => {
                    match self.run.font.map(code) {
                        Some(mapped) => text.push(mapped),
                        None => {
                            text.push(char::REPLACEMENT_CHARACTER);
                            outcome = Piece::UnknownSymbol;
                        }
                    }
                }
                _ => text.push(c),
            }
        }
        self.text.truncate(start);
        self.line.push(&mut self.text, &text, level);
        outcome
    }
}

/// A complex field (ISO/IEC 29500-1 §17.16.18): instruction, then result.
#[derive(Debug)]
pub(super) struct Field {
    pub(super) paragraph: u64,
    /// Byte in the paragraph's text where the field begins.
    pub(super) start: usize,
    pub(super) in_instruction: bool,
    pub(super) form: Option<Form>,
}

/// A form field, whose value is no text.
#[derive(Debug)]
pub(super) enum Form {
    /// `FORMCHECKBOX`.
    CheckBox { default: bool, checked: Option<bool> },
    /// `FORMDROPDOWN`.
    DropDown {
        entries: Vec<String>,
        default: usize,
        result: Option<usize>,
    },
}

impl Form {
    /// The value as it shows.
    pub(super) fn value(&self) -> String {
        match self {
            Form::CheckBox { default, checked } => symbols::check_box(checked.unwrap_or(*default)).to_string(),
            Form::DropDown {
                entries,
                default,
                result,
            } => entries.get(result.unwrap_or(*default)).cloned().unwrap_or_default(),
        }
    }
}

/// A content control.
#[derive(Debug, Default)]
pub(super) struct Control {
    /// State of a check box control.
    pub(super) check_box: Option<bool>,
    /// Its box is in the text.
    pub(super) marked: bool,
    /// Nobody has filled it in: its text says what to enter.
    pub(super) is_empty: bool,
}
