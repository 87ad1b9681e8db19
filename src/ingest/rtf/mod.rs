//! Rich Text Format (version 1.9.1, and what Word, WPS and LibreOffice write of it).
//!
//! ```text
//! bytes ─token→ controls, characters ─(this file)→ groups, fonts, text ─story→ paragraphs, rows ─ruled→ tables
//! ```
//!
//! Text is what a reader sees: deleted and hidden text, instructions of fields and pictures are left out; headers and
//! footers are furniture.

mod finish;
mod form;
mod look;
mod story;
mod token;

use super::docx::symbols::Font;
use super::looks::{Level, Look, Unseen};
use super::nested::Nest;
use crate::error::Result;
use crate::model::{Document, Limit, Limits, ParagraphKind};
use form::Form;
use look::{encoding_of, paints, raised_by};
use std::collections::BTreeMap;
use story::Story;
use token::{Token, Tokens};

/// Groups in each other.
const DEPTH: usize = 4_096;
/// Colours that one table may have.
const COLOURS: usize = 4_096;

/// Reads a document.
///
/// # Errors
/// Nothing to read in it, or a limit. A document that is cut off is read as far as it goes, with a warning.
pub fn read(bytes: &[u8], limits: &Limits) -> Result<Document> {
    let mut reader = Reader::new(limits);
    reader.is_painted = paints(bytes);
    for token in Tokens::new(bytes) {
        reader.take(token)?;
        if reader.ended {
            break;
        }
    }
    reader.finish()
}

/// What the text of a group is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Destination {
    Text,
    Skip,
    Fonts,
    Colours,
    /// Data of a form field, and an entry of its list.
    Form,
    FormEntry,
    /// The number of a list's item, followed by a tab that is none of it.
    ListText,
    /// Definition of a nested table's row.
    NestedRow,
}

/// What a group inherits and gives back at its end.
#[derive(Debug, Clone)]
struct State {
    destination: Destination,
    /// The group opened a story of its own.
    story: Option<Place>,
    font: i32,
    hidden: bool,
    deleted: bool,
    look: Look,
    /// Number of the colour of the letters, and whether another colour is behind them.
    colour: usize,
    painted: bool,
    /// Bytes that stand for a `\u` character in programs without Unicode.
    fallback: usize,
}

/// Where a story of its own goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    Furniture,
    Note,
    Box,
}

#[derive(Debug, Clone, Copy)]
struct FontEntry {
    charset: i32,
    symbols: Font,
}

struct Reader<'l> {
    limits: &'l Limits,
    state: State,
    stack: Vec<State>,
    /// The body, and the stories inside it that are open.
    stories: Vec<Story>,
    nest: Nest,
    furniture: Vec<Story>,
    notes: Vec<Story>,
    fonts: BTreeMap<i32, FontEntry>,
    /// Font of the table's entry under way, and its name.
    font_entry: i32,
    font_name: Vec<u8>,
    default_font: i32,
    /// For each colour of the table, its red, green and blue as far as they are stated.
    colours: Vec<[Option<i32>; 3]>,
    /// Somewhere a paragraph or a cell has a colour behind it: white letters may be seen.
    is_painted: bool,
    unseen: Unseen,
    form: Form,
    /// The field under way has shown its value.
    has_value: bool,
    code_page: i32,
    /// Bytes of text that wait for the rest of their characters.
    pending: Vec<u8>,
    /// Bytes to pass over after `\u`.
    skip: usize,
    /// First half of a character beyond 16 bits.
    high: Option<u16>,
    /// The group has just opened with `\*`.
    optional: bool,
    at_start: bool,
    ended: bool,
    cells: usize,
    pictures: usize,
    undecodable: usize,
}

impl<'l> Reader<'l> {
    fn new(limits: &'l Limits) -> Self {
        Reader {
            limits,
            state: State {
                destination: Destination::Text,
                story: None,
                font: 0,
                hidden: false,
                deleted: false,
                look: Look::default(),
                colour: 0,
                painted: false,
                fallback: 1,
            },
            stack: Vec::new(),
            stories: vec![Story::new(ParagraphKind::Body)],
            nest: Nest::default(),
            furniture: Vec::new(),
            notes: Vec::new(),
            fonts: BTreeMap::new(),
            font_entry: 0,
            font_name: Vec::new(),
            default_font: 0,
            colours: vec![[None; 3]],
            is_painted: false,
            unseen: Unseen::default(),
            form: Form::default(),
            has_value: false,
            code_page: 1252,
            pending: Vec::new(),
            skip: 0,
            high: None,
            optional: false,
            at_start: false,
            ended: false,
            cells: 0,
            pictures: 0,
            undecodable: 0,
        }
    }

    fn take(&mut self, token: Token<'_>) -> Result<()> {
        match token {
            Token::Bytes(bytes) => {
                let skipped = self.skip.min(bytes.len());
                self.skip -= skipped;
                self.bytes(&bytes[skipped..]);
            }
            Token::Hex(byte) if self.skip > 0 => {
                let _ = byte;
                self.skip -= 1;
            }
            Token::Hex(byte) => self.bytes(&[byte]),
            Token::Open => {
                self.settle();
                if self.stack.len() >= self.limits.depth.min(DEPTH) {
                    return Err(self.limits.over(Limit::Depth, "nesting of groups"));
                }
                let mut inner = self.state.clone();
                inner.story = None;
                self.stack.push(std::mem::replace(&mut self.state, inner));
                self.at_start = true;
                return Ok(());
            }
            Token::Close => {
                self.settle();
                self.close()?;
            }
            Token::Symbol(symbol) => {
                if symbol == b'*' && self.at_start {
                    self.optional = true;
                    return Ok(());
                }
                self.settle();
                let text = match symbol {
                    b'~' => " ",
                    b'_' => "-",
                    b'\\' => "\\",
                    b'{' => "{",
                    b'}' => "}",
                    b'\t' => "\t",
                    b'\n' | b'\r' => {
                        self.control("par", None)?;
                        ""
                    }
                    _ => "",
                };
                self.push(text);
            }
            Token::Control(word, number) => {
                self.settle();
                let optional = std::mem::take(&mut self.optional);
                self.word(word, number, optional)?;
            }
        }
        self.at_start = false;
        self.optional = false;
        Ok(())
    }

    /// Text of the document or of the font table, as bytes of a code page.
    fn bytes(&mut self, bytes: &[u8]) {
        if self.state.destination == Destination::Fonts {
            for b in bytes {
                match b {
                    b';' => self.end_font(),
                    b => self.font_name.push(*b),
                }
            }
        } else if self.state.destination == Destination::Colours {
            let ends = bytes.iter().filter(|b| **b == b';').count();
            let count = (self.colours.len() + ends).min(COLOURS);
            self.colours.resize(count, [None; 3]);
        } else if self.state.destination != Destination::Skip {
            self.pending.extend_from_slice(bytes);
        }
    }

    fn end_font(&mut self) {
        let name = std::mem::take(&mut self.font_name);
        let name = String::from_utf8_lossy(&name);
        if let Some(entry) = self.fonts.get_mut(&self.font_entry) {
            entry.symbols = Font::of(name.trim());
        }
    }

    /// Decodes the bytes that wait.
    fn settle(&mut self) {
        if self.pending.is_empty() {
            return;
        }
        let bytes = std::mem::take(&mut self.pending);
        let font = self.fonts.get(&self.state.font).copied();
        if let Some(font) = font.filter(|font| font.symbols != Font::Text) {
            let text: String = bytes.iter().map(|b| self.symbol(font.symbols, u32::from(*b))).collect();
            self.push(&text);
            return;
        }
        let encoding = encoding_of(font.map_or(1, |font| font.charset), self.code_page);
        let (text, had_errors) = encoding.decode_without_bom_handling(&bytes);
        if had_errors {
            self.undecodable += text.matches('\u{FFFD}').count();
        }
        let text = text.into_owned();
        self.push(&text);
    }

    fn symbol(&mut self, font: Font, code: u32) -> char {
        match font.map(code) {
            Some(c) => c,
            None => {
                self.undecodable += 1;
                '\u{FFFD}'
            }
        }
    }

    fn push(&mut self, text: &str) {
        if self.state.destination == Destination::FormEntry {
            self.form.add_text(text);
            return;
        }
        let state = &self.state;
        let shown = matches!(state.destination, Destination::Text | Destination::ListText);
        if text.is_empty() || !shown || state.hidden || state.deleted {
            return;
        }
        let is_number = state.destination == Destination::ListText;
        let white = self.colours.get(state.colour) == Some(&[Some(255); 3]);
        let look = Look {
            white: Some(white),
            ..state.look
        };
        if let Some(why) = look.unread(!self.is_painted && !state.painted) {
            self.unseen.note(why, text);
            return;
        }
        self.unseen.seen();
        if let Some(story) = self.stories.last_mut() {
            story.text(text, is_number, look.level());
        }
    }

    fn word(&mut self, word: &str, number: Option<i32>, optional: bool) -> Result<()> {
        if self.skip > 0 {
            self.skip -= 1;
            return Ok(());
        }
        if self.at_start && self.begin(word) {
            return Ok(());
        }
        if optional
            && !matches!(
                word,
                "shpinst" | "shptxt" | "nesttableprops" | "fldrslt" | "do" | "dptxbxtext"
            )
        {
            self.state.destination = Destination::Skip;
            return Ok(());
        }
        if self.state.destination == Destination::Skip {
            return Ok(());
        }
        self.control(word, number)
    }

    /// Destinations; `true` when the word names one.
    fn begin(&mut self, word: &str) -> bool {
        let skipped = self.state.destination == Destination::Skip;
        match word {
            "fonttbl" => self.state.destination = Destination::Fonts,
            "pict" => {
                self.pictures += usize::from(!skipped);
                self.state.destination = Destination::Skip;
            }
            "formfield" => {
                self.form = Form::default();
                self.state.destination = Destination::Form;
            }
            "ffl" if self.state.destination == Destination::Form => {
                self.form.add_entry();
                self.state.destination = Destination::FormEntry;
            }
            "field" => self.has_value = false,
            // A box or a list shows what its data say.
            "fldrslt" if !skipped && self.has_value => self.state.destination = Destination::Skip,
            "colortbl" => self.state.destination = Destination::Colours,
            "stylesheet" | "info" | "fldinst" | "nonesttables" | "nonshppict" | "shppict" | "shprslt" | "sp" | "sn"
            | "sv" | "xe" | "tc" | "rxe" | "ftnsep" | "ftnsepc" | "ftncn" | "aftnsep" | "aftnsepc" | "aftncn"
            | "filetbl" | "listtable" | "objdata" | "objclass" | "objname" | "bkmkstart" | "bkmkend" | "annotation"
            | "atnid" | "atnauthor" | "atnref" | "atndate" | "atnicn" | "atntime" | "falt" | "panose" => {
                // A picture that Word can show is one, though it stands in an optional group.
                if word == "shppict" && !skipped {
                    self.pictures += 1;
                }
                self.state.destination = Destination::Skip;
            }
            _ if skipped => return false,
            "header" | "headerl" | "headerr" | "headerf" | "footer" | "footerl" | "footerr" | "footerf" => {
                self.open_story(Place::Furniture, ParagraphKind::Body);
            }
            "footnote" => self.open_story(Place::Note, ParagraphKind::Note),
            "shptxt" | "dptxbxtext" => self.open_story(Place::Box, ParagraphKind::TextBox),
            "listtext" | "pntext" => self.state.destination = Destination::ListText,
            "nesttableprops" => self.state.destination = Destination::NestedRow,
            _ => return false,
        }
        true
    }

    fn open_story(&mut self, place: Place, kind: ParagraphKind) {
        self.state.story = Some(place);
        self.state.destination = Destination::Text;
        self.stories.push(Story::new(kind));
    }

    fn control(&mut self, word: &str, number: Option<i32>) -> Result<()> {
        let on = number != Some(0);
        if self.state.destination == Destination::Fonts {
            match word {
                "f" => {
                    self.font_entry = number.unwrap_or(0);
                    self.font_name.clear();
                    let entry = FontEntry {
                        charset: 1,
                        symbols: Font::Text,
                    };
                    self.fonts.insert(self.font_entry, entry);
                }
                "fcharset" => {
                    if let Some(entry) = self.fonts.get_mut(&self.font_entry) {
                        entry.charset = number.unwrap_or(1);
                    }
                }
                _ => {}
            }
            return Ok(());
        }
        if self.state.destination == Destination::Form {
            self.form.property(word, number.unwrap_or(0));
            return Ok(());
        }
        match word {
            "ansicpg" => self.code_page = number.unwrap_or(1252),
            "mac" => self.code_page = 10_000,
            "deff" => {
                self.default_font = number.unwrap_or(0);
                self.state.font = self.default_font;
            }
            "f" => self.state.font = number.unwrap_or(0),
            "plain" => {
                self.state.font = self.default_font;
                self.state.hidden = false;
                self.state.deleted = false;
                self.state.look = Look::default();
                self.state.colour = 0;
                self.state.painted = false;
            }
            "red" | "green" | "blue" if self.state.destination == Destination::Colours => {
                let part = ["red", "green", "blue"].iter().position(|name| *name == word);
                if let (Some(colour), Some(part)) = (self.colours.last_mut(), part) {
                    colour[part] = number;
                }
            }
            "strike" | "striked" => self.state.look.struck = Some(on),
            "super" => self.state.look.level = Some(if on { Level::Raised } else { Level::Line }),
            "sub" => self.state.look.level = Some(if on { Level::Lowered } else { Level::Line }),
            "nosupersub" => self.state.look.level = Some(Level::Line),
            // Half points; without a number, 6.
            "up" => self.state.look.level = Some(raised_by(number.unwrap_or(6), Level::Raised)),
            "dn" => self.state.look.level = Some(raised_by(number.unwrap_or(6), Level::Lowered)),
            "fs" => self.state.look.tiny = Some(number.is_some_and(|size| size <= 2)),
            "cf" => self.state.colour = usize::try_from(number.unwrap_or(0)).unwrap_or(0),
            "highlight" | "cb" | "chcbpat" | "chshdng" => self.state.painted = number.unwrap_or(0) > 0,
            "v" => self.state.hidden = on,
            "deleted" => self.state.deleted = on,
            "uc" => self.state.fallback = usize::try_from(number.unwrap_or(1)).unwrap_or(0).min(16),
            "u" => self.unicode(number.unwrap_or(0)),
            "bin" => {}
            "line" | "lbr" => self.push("\n"),
            "tab" => self.push("\t"),
            "emdash" => self.push("—"),
            "endash" => self.push("–"),
            "bullet" => self.push("•"),
            "lquote" => self.push("‘"),
            "rquote" => self.push("’"),
            "ldblquote" => self.push("“"),
            "rdblquote" => self.push("”"),
            "emspace" | "enspace" | "qmspace" => self.push(" "),
            _ => self.layout(word, number)?,
        }
        Ok(())
    }

    /// Paragraphs, rows and cells.
    fn layout(&mut self, word: &str, number: Option<i32>) -> Result<()> {
        // A number is no paragraph, though its group resets the properties of one.
        if self.state.destination == Destination::ListText {
            return Ok(());
        }
        let nested_row = self.state.destination == Destination::NestedRow;
        let Some(story) = self.stories.last_mut() else {
            return Ok(());
        };
        match word {
            "par" | "sect" | "page" if !nested_row => story.end_paragraph(&mut self.nest)?,
            "cell" | "nestcell" => {
                self.cells += 1;
                if self.cells > self.limits.cells {
                    return Err(self.limits.over(Limit::Cells, "the number of cells"));
                }
                story.end_cell(word == "nestcell", &mut self.nest)?;
            }
            "row" | "nestrow" => story.end_row(word == "nestrow", &mut self.nest)?,
            _ => story.property(word, number, nested_row),
        }
        Ok(())
    }

    fn unicode(&mut self, code: i32) {
        self.skip = self.state.fallback;
        // Signed 16 bits, or a plain code point of programs that do not know.
        let code = if code < 0 { code + 0x1_0000 } else { code };
        let Ok(code) = u32::try_from(code) else { return };
        if let Ok(unit @ 0xD800..=0xDBFF) = u16::try_from(code) {
            self.high = Some(unit);
            return;
        }
        let c = match (self.high.take(), u16::try_from(code)) {
            (Some(high), Ok(low)) => char::decode_utf16([high, low]).next().and_then(|c| c.ok()),
            _ => match self.fonts.get(&self.state.font).map(|font| font.symbols) {
                Some(font) if font != Font::Text || (0xF020..=0xF0FF).contains(&code) => Some(self.symbol(font, code)),
                _ => char::from_u32(code),
            },
        };
        match c {
            Some(c) => self.push(c.encode_utf8(&mut [0; 4])),
            None => {
                self.undecodable += 1;
                self.push("\u{FFFD}");
            }
        }
    }

    fn close(&mut self) -> Result<()> {
        self.skip = 0;
        if self.state.destination == Destination::Fonts && !self.font_name.is_empty() {
            self.end_font();
        }
        let ends_form = self.state.destination == Destination::Form;
        let place = self.state.story;
        match self.stack.pop() {
            Some(outer) => self.state = outer,
            // More ends than groups.
            None => self.ended = true,
        }
        if self.stack.is_empty() {
            self.ended = true;
        }
        if ends_form && let Some(value) = std::mem::take(&mut self.form).value() {
            // The instruction around the data is no text, the value is.
            self.has_value = true;
            let around = std::mem::replace(&mut self.state.destination, Destination::Text);
            self.push(&value);
            self.state.destination = around;
        }
        let Some(place) = place.filter(|_| self.stories.len() > 1) else {
            return Ok(());
        };
        let Some(mut story) = self.stories.pop() else {
            return Ok(());
        };
        story.close(&mut self.nest)?;
        match place {
            Place::Furniture => self.furniture.push(story),
            Place::Note => self.notes.push(story),
            Place::Box => {
                if let Some(around) = self.stories.last_mut() {
                    around.take_box(story);
                }
            }
        }
        Ok(())
    }
}
