//! A story (the text, the notes, the headers, the boxes): characters to paragraphs and tables.

use super::bytes::Bytes;
use super::form;
use super::formatting::{Stretch, Stretches};
use super::limits;
use super::pieces::{Piece, Text};
use super::sprm::{Character, Paragraph};
use super::styles::StyleSheet;
use super::tables::Rows;
use crate::error::Result;
use crate::ingest::docx::limits::Meter;
use crate::ingest::docx::numbering::Numbering;
use crate::ingest::docx::symbols::Font;
use crate::ingest::looks::{self, Level, Unseen};
use crate::model::{self, Block, ParagraphKind, Source, Warning};
use std::collections::BTreeMap;
use std::ops::Range;

/// Everything that stories are read with.
pub(super) struct Shared<'a> {
    pub(super) text: &'a Text,
    pub(super) characters: &'a Stretches<'a>,
    pub(super) paragraphs: &'a Stretches<'a>,
    pub(super) data: Bytes<'a>,
    pub(super) sheet: &'a StyleSheet,
    pub(super) fonts: &'a [Font],
    pub(super) numbering: Numbering,
    pub(super) meter: Meter,
    /// Positions of the marks that end sections, sorted: other form feeds are page breaks.
    pub(super) section_ends: Vec<usize>,
    pub(super) pictures: usize,
    pub(super) unknown_symbols: usize,
    /// What was left out for its look.
    pub(super) unseen: Unseen,
    /// Some paragraph or cell has a colour behind it: white letters may be seen.
    pub(super) is_painted: bool,
    /// Text of boxes by the position of their anchor.
    pub(super) boxes: BTreeMap<usize, Vec<String>>,
}

/// A field ([MS-DOC] §2.8.25): instruction, then result.
struct Field {
    in_instruction: bool,
    /// Byte of the instruction's start in the paragraph, while it is in one.
    start: usize,
    instruction: String,
    /// It is a form field whose value stands in the text: its result does not count.
    has_value: bool,
}

/// The paragraph under way.
#[derive(Default)]
struct Line {
    text: String,
    had_hidden: bool,
    /// Anchors of boxes in the paragraph.
    anchors: Vec<usize>,
    set: looks::Line,
    /// Characters off the line, which are one piece.
    waiting: String,
    level: Level,
}

impl Line {
    fn push(&mut self, piece: &str, level: Level) {
        if level != self.level {
            self.settle();
            self.level = level;
        }
        if level != Level::Line {
            self.waiting.push_str(piece);
        } else if self.set.is_off() {
            self.set.push(&mut self.text, piece, level);
        } else {
            self.text.push_str(piece);
        }
    }

    /// Puts the piece that waits into the text.
    fn settle(&mut self) {
        let piece = std::mem::take(&mut self.waiting);
        if !piece.is_empty() {
            self.set.push(&mut self.text, &piece, self.level);
        }
    }

    fn take_text(&mut self) -> String {
        self.settle();
        self.set = looks::Line::default();
        std::mem::take(&mut self.text)
    }
}

pub(super) struct StoryReader<'s, 'a> {
    shared: &'s mut Shared<'a>,
    kind: ParagraphKind,
    line: Line,
    fields: Vec<Field>,
    high: Option<u16>,
    pub(super) tables: Vec<Rows>,
    /// Finished blocks; a nested table waits in its place until the outer one is finished.
    pub(super) slots: Vec<Option<Block>>,
    pub(super) parents: BTreeMap<usize, (usize, usize, usize)>,
    pub(super) warnings: Vec<(usize, Warning)>,
}

/// What a story holds.
#[derive(Default)]
pub(super) struct Story {
    pub(super) blocks: Vec<Block>,
    /// Warnings; their block counts from the story's first.
    pub(super) warnings: Vec<Warning>,
}

/// Reads the characters `range`.
pub(super) fn read(shared: &mut Shared<'_>, range: Range<usize>, kind: ParagraphKind) -> Result<Story> {
    let mut reader = StoryReader {
        shared,
        kind,
        line: Line::default(),
        fields: Vec::new(),
        high: None,
        tables: Vec::new(),
        slots: Vec::new(),
        parents: BTreeMap::new(),
        warnings: Vec::new(),
    };
    reader.run(range)?;
    Ok(reader.finish())
}

impl StoryReader<'_, '_> {
    fn run(&mut self, range: Range<usize>) -> Result<()> {
        let (text, characters) = (self.shared.text, self.shared.characters);
        let mut cp = range.start;
        while cp < range.end {
            let Some(piece) = text.piece(cp) else {
                break;
            };
            // One formatting at a time: its stretch, as far as the piece reaches.
            let mut stretch: Option<&Stretch<'_>> = None;
            let mut format = self.format(None, piece);
            let mut known = false;
            for position in cp..piece.end.min(range.end) {
                let byte = piece.at + (position - piece.start) * piece.width;
                if !known || !stretch.is_some_and(|s| s.covers(byte)) {
                    stretch = characters.at(byte);
                    format = self.format(stretch, piece);
                    known = true;
                }
                let unit = text.units[position];
                self.character(unit, &format, position, byte, piece)?;
            }
            cp = piece.end.max(cp + 1);
        }
        // A story that does not end with a paragraph mark.
        self.line.settle();
        if !self.line.text.trim().is_empty() {
            self.close_tables(0)?;
            self.put(&Paragraph::default())?;
        }
        self.close_tables(0)
    }

    fn format(&self, stretch: Option<&Stretch<'_>>, piece: &Piece) -> Character {
        let mut format = Character::default();
        let group = stretch.map(|s| s.group).unwrap_or_default();
        // The character style is found first: toggles look at it.
        format.apply(group, &Character::default());
        let style = format.style.and_then(|style| self.shared.sheet.get(style));
        let base = style.map(|style| style.character.clone()).unwrap_or_default();
        format = Character {
            hidden: base.hidden,
            look: base.look,
            painted: base.painted,
            ..Character::default()
        };
        format.apply(group, &base);
        format.apply(&piece.changes, &base);
        format
    }

    fn character(&mut self, unit: u16, format: &Character, cp: usize, byte: usize, piece: &Piece) -> Result<()> {
        match unit {
            0x0D | 0x07 | 0x0C if unit != 0x0C || self.shared.section_ends.binary_search(&cp).is_ok() => {
                return self.end_paragraph(unit, format, byte, piece);
            }
            _ if format.deleted => return Ok(()),
            0x13 => {
                self.fields.push(Field {
                    in_instruction: true,
                    start: self.line.text.len(),
                    instruction: String::new(),
                    has_value: false,
                });
                return Ok(());
            }
            0x14 => {
                if let Some(field) = self.fields.last_mut() {
                    field.in_instruction = false;
                }
                return Ok(());
            }
            0x15 => {
                self.fields.pop();
                return Ok(());
            }
            _ => {}
        }
        if let Some(field) = self.fields.iter_mut().rev().find(|field| field.in_instruction) {
            if unit == 1 && format.is_form_data {
                let named = ["FORMCHECKBOX", "FORMDROPDOWN"]
                    .iter()
                    .any(|name| field.instruction.contains(name));
                let value = format
                    .picture
                    .filter(|_| named)
                    .and_then(|at| form::value(self.shared.data, at as usize));
                if let Some(value) = value {
                    field.has_value = true;
                    self.line.push(&value, Level::Line);
                }
            } else if unit >= 0x20 && field.instruction.len() < 1 << 16 {
                field.instruction.push_str(&String::from_utf16_lossy(&[unit]));
            }
            return Ok(());
        }
        let is_value = self.fields.iter().any(|field| field.has_value);
        if format.hidden || is_value {
            self.line.had_hidden |= format.hidden;
            return Ok(());
        }
        if let Some(why) = format.look.unread(!format.painted && !self.shared.is_painted) {
            self.line.had_hidden = true;
            let text = if matches!(unit, 0x01..=0x20 | 0x3000) { "" } else { "?" };
            self.shared.unseen.note(why, text);
            return Ok(());
        }
        self.shared.unseen.seen();
        match unit {
            // 0 is the second byte of a GBK character.
            0 | 0x02..=0x06 | 0x1F => {}
            0x01 => self.shared.pictures += usize::from(!format.is_form_data),
            0x08 => self.line.anchors.push(cp),
            0x09 => self.push('\t'),
            0x0A | 0x0B | 0x0C | 0x0E => self.push('\n'),
            0x1E => self.push('-'),
            0x20.. if format.special && format.symbol.is_some() => {
                let (font, code) = format.symbol.unwrap_or_default();
                self.symbol(Some(font), code);
            }
            0xF020..=0xF0FF => self.symbol(format.font, unit),
            0x21..=0xFF if self.font(format.font) != Font::Text => self.symbol(format.font, unit),
            0x20.. => self.unit(unit, format.look.level()),
            _ => {}
        }
        Ok(())
    }

    fn font(&self, index: Option<u16>) -> Font {
        let font = index.and_then(|index| self.shared.fonts.get(usize::from(index)));
        font.copied().unwrap_or_default()
    }

    fn symbol(&mut self, font: Option<u16>, code: u16) {
        match self.font(font).map(u32::from(code)).filter(|c| !c.is_control()) {
            Some(c) => self.push(c),
            None => {
                self.shared.unknown_symbols += 1;
                self.push(char::REPLACEMENT_CHARACTER);
            }
        }
    }

    fn unit(&mut self, unit: u16, level: Level) {
        match (self.high.take(), unit) {
            (_, 0xD800..=0xDBFF) => self.high = Some(unit),
            (Some(high), 0xDC00..=0xDFFF) => {
                self.line.push(&String::from_utf16_lossy(&[high, unit]), level);
            }
            (_, unit) => {
                let c = char::from_u32(u32::from(unit)).unwrap_or(char::REPLACEMENT_CHARACTER);
                self.line.push(c.encode_utf8(&mut [0; 4]), level);
            }
        }
    }

    fn push(&mut self, c: char) {
        self.line.push(c.encode_utf8(&mut [0; 4]), Level::Line);
    }

    fn end_paragraph(&mut self, mark: u16, format: &Character, byte: usize, piece: &Piece) -> Result<()> {
        self.high = None;
        // An instruction that never ends: its text is kept rather than lost.
        for field in self.fields.iter_mut().filter(|field| field.in_instruction) {
            field.in_instruction = false;
            let at = field.start.min(self.line.text.len());
            let at = if self.line.text.is_char_boundary(at) { at } else { 0 };
            self.line.text.insert_str(at, &std::mem::take(&mut field.instruction));
        }
        let properties = self.properties(byte, piece);
        // A deleted mark: the next paragraph goes on in the same line.
        if format.deleted && mark == 0x0D && !properties.ends_inner_cell && !properties.ends_inner_row {
            return Ok(());
        }
        let depth = match properties.in_table {
            true => usize::try_from(properties.depth).unwrap_or(0).clamp(1, limits::DEPTH),
            false => 0,
        };
        self.close_tables(depth)?;
        while self.tables.len() < depth {
            self.open_table()?;
        }
        if depth == 0 {
            return self.put(&properties);
        }
        let outermost = depth == 1;
        let ends_row = if outermost {
            properties.ends_row
        } else {
            properties.ends_inner_row
        };
        if ends_row {
            self.line = Line::default();
            if let Some(rows) = self.tables.last_mut() {
                rows.end_row(&properties.row, format.deleted);
            }
            return Ok(());
        }
        let text = self.labelled(&properties)?;
        self.shared.meter.charge(text.len())?;
        let boxes = self.take_boxes();
        let ends_cell = if outermost {
            mark == 0x07
        } else {
            properties.ends_inner_cell
        };
        if let Some(rows) = self.tables.last_mut() {
            rows.add_paragraph(&text);
            boxes.iter().for_each(|text| rows.add_paragraph(text));
            if ends_cell {
                rows.end_cell(format.deleted);
                self.shared.meter.cell()?;
            }
        }
        Ok(())
    }

    fn properties(&self, byte: usize, piece: &Piece) -> Paragraph {
        let stretch = self.shared.paragraphs.at(byte);
        let style = stretch.map_or(0, |s| s.style);
        let mut properties = self
            .shared
            .sheet
            .get(style)
            .map(|style| style.paragraph.clone())
            .unwrap_or_default();
        properties.style = style;
        if let Some(stretch) = stretch {
            properties.apply(stretch.group, self.shared.data);
        }
        properties.apply(&piece.changes, self.shared.data);
        properties
    }

    /// The paragraph's text with its number.
    fn labelled(&mut self, properties: &Paragraph) -> Result<String> {
        let line = self.line.take_text();
        let text = line.trim_end();
        if text.is_empty() && std::mem::take(&mut self.line.had_hidden) {
            return Ok(String::new());
        }
        self.line.had_hidden = false;
        // Uses of lists above this are of Word 6.
        let list = properties.list.filter(|list| (1..=0x07FE).contains(list));
        let label = list.and_then(|list| {
            let level = properties.level.unwrap_or(0).min(8);
            self.shared.numbering.next(i64::from(list), level)
        });
        Ok(match label {
            Some(label) => label.before(text.trim_start()),
            None => text.to_owned(),
        })
    }

    /// Puts the paragraph into the flow of text.
    fn put(&mut self, properties: &Paragraph) -> Result<()> {
        let text = self.labelled(properties)?;
        let text = text.trim();
        let heading = match properties.outline {
            Some(level @ 0..=8) => Some(level + 1),
            Some(_) => None,
            None => self.shared.sheet.get(properties.style).and_then(|style| style.heading),
        };
        let kind = match heading {
            Some(level) if self.kind == ParagraphKind::Body => ParagraphKind::Heading(level),
            _ => self.kind,
        };
        if !text.is_empty() {
            self.add_paragraph(text, kind)?;
        }
        for text in self.take_boxes() {
            self.add_paragraph(&text, ParagraphKind::TextBox)?;
        }
        Ok(())
    }

    fn take_boxes(&mut self) -> Vec<String> {
        let anchors = std::mem::take(&mut self.line.anchors);
        let mut found = Vec::new();
        for anchor in anchors {
            found.extend(self.shared.boxes.remove(&anchor).unwrap_or_default());
        }
        found
    }

    fn add_paragraph(&mut self, text: &str, kind: ParagraphKind) -> Result<()> {
        self.shared.meter.charge(text.len() + size_of::<Block>())?;
        self.slots.push(Some(Block::Paragraph(model::Paragraph {
            text: text.to_owned(),
            kind,
            lines: Vec::new(),
        })));
        Ok(())
    }

    fn open_table(&mut self) -> Result<()> {
        self.shared.meter.charge(size_of::<Rows>())?;
        let slot = self.slots.len();
        self.slots.push(None);
        if let Some(outer) = self.tables.last_mut() {
            outer.cell().nested.push(slot);
        }
        self.tables.push(Rows::new(slot));
        Ok(())
    }

    fn close_tables(&mut self, depth: usize) -> Result<()> {
        while self.tables.len() > depth {
            let Some(rows) = self.tables.pop() else {
                break;
            };
            let slot = rows.slot;
            let squares = rows.squares();
            self.shared.meter.charge(squares.saturating_mul(5))?;
            let Some(ruled) = rows.finish()? else {
                continue;
            };
            for (nested, row, col) in ruled.nested {
                self.parents.insert(nested, (slot, row, col));
            }
            if let Some((row, width)) = ruled.short_rows.first() {
                let all = ruled.table.cols();
                let message = format!("第{}行只有{width}列，少于表格的{all}列，其右侧按空单元格处理", row + 1);
                let source = Source {
                    row: Some(*row),
                    ..Source::default()
                };
                self.warnings
                    .push((slot, Warning::new("table_row_short", message, source)));
            }
            for (row, col, text) in ruled.hidden_texts.into_iter().take(50) {
                let source = Source {
                    row: Some(row),
                    col: Some(col),
                    text: Some(text),
                    ..Source::default()
                };
                let message = "合并单元格被遮盖的部分另有文字，Word 不显示，未读入";
                self.warnings
                    .push((slot, Warning::new("merged_cell_text", message, source)));
            }
            self.slots[slot] = Some(Block::Table(ruled.table));
        }
        Ok(())
    }

    fn finish(self) -> Story {
        let mut place = Vec::with_capacity(self.slots.len());
        let mut count = 0;
        for slot in &self.slots {
            place.push(slot.is_some().then_some(count));
            count += usize::from(slot.is_some());
        }
        let block_of = |slot: usize| place.get(slot).copied().flatten();
        let mut story = Story::default();
        for (slot, block) in self.slots.into_iter().enumerate() {
            let Some(mut block) = block else {
                continue;
            };
            if let (Block::Table(table), Some((outer, row, col))) = (&mut block, self.parents.get(&slot)) {
                table.parent = block_of(*outer).map(|outer| (outer, *row, *col));
            }
            story.blocks.push(block);
        }
        for (slot, mut warning) in self.warnings {
            warning.source.block = block_of(slot);
            story.warnings.push(warning);
        }
        story
    }
}
