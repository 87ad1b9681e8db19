//! A story (ISO/IEC 29500-1 §17.2: main document, note, header, footer) from XML events to blocks.
//!
//! The state is an explicit stack of open elements and of frames (flows of text and tables): no recursion, whatever
//! the file nests. Blocks get a slot in the order in which their elements open, so that a nested table or a text box
//! comes right after the table or paragraph around it.

use super::limits::Meter;
use super::numbering::Numbering;
use super::paragraph::{Control, Field, ParagraphState};
use super::styles::StyleSheet;
use super::table::TableBuilder;
use super::tags::Tag;
use super::xml::{Node, Xml};
use crate::error::Result;
use crate::ingest::looks::Unseen;
use crate::model::{Block, ParagraphKind, Source, Warning};
use std::collections::BTreeSet;

/// Warnings that one story may give; more say nothing new.
const WARNINGS: usize = 200;

/// What a story refers to and consists of.
#[derive(Debug, Default)]
pub(super) struct Story {
    pub(super) blocks: Vec<Block>,
    pub(super) warnings: Vec<Warning>,
    /// Notes by id, of a footnote or endnote part.
    pub(super) notes: Vec<(i64, Vec<Block>)>,
    /// Footnotes and endnotes that are referred to, in order.
    pub(super) footnotes: Vec<i64>,
    pub(super) endnotes: Vec<i64>,
    /// Relationship ids of headers and footers, in order.
    pub(super) furniture: Vec<String>,
    /// What is shown and not read.
    pub(super) unread: Unread,
    /// A `document` element with a `body` was seen.
    pub(super) has_body: bool,
    /// Name of the first element.
    pub(super) root: String,
    /// The pages have a colour.
    pub(super) has_background: bool,
    /// What was left out for its look.
    pub(super) unseen: Unseen,
}

/// Counts of what a story shows and this reader does not read.
#[derive(Debug, Default, Clone, Copy)]
pub(super) struct Unread {
    pub(super) pictures: usize,
    pub(super) charts: usize,
    pub(super) diagrams: usize,
    pub(super) objects: usize,
    pub(super) imports: usize,
}

/// What the stories of a document share.
pub(super) struct Shared<'s> {
    pub(super) sheet: &'s StyleSheet,
    pub(super) numbering: &'s mut Numbering,
    pub(super) meter: &'s mut Meter,
}

/// A place in reading order, filled when its element closes.
#[derive(Debug, Default)]
pub(super) struct Slot {
    pub(super) block: Option<Block>,
    /// For a nested table: slot of the table around it, row and column.
    pub(super) parent: Option<(usize, usize, usize)>,
}

/// What text flows into.
pub(super) enum Frame {
    Flow {
        kind: ParagraphKind,
        /// Text of a paragraph whose mark was deleted.
        carry: String,
    },
    Table {
        slot: usize,
        builder: Box<TableBuilder>,
    },
}

/// Whether the content of an element is read.
#[derive(PartialEq, Eq)]
pub(super) enum Step {
    Enter,
    Skip,
}

/// The reader's state.
pub(super) struct StoryReader<'r, 's> {
    pub(super) shared: &'r mut Shared<'s>,
    pub(super) story: Story,
    /// Open elements that were entered.
    pub(super) open: Vec<Tag>,
    pub(super) frames: Vec<Frame>,
    pub(super) paragraphs: Vec<ParagraphState>,
    pub(super) spare: Vec<ParagraphState>,
    pub(super) next_id: u64,
    pub(super) fields: Vec<Field>,
    pub(super) controls: Vec<Control>,
    /// For each open `mc:AlternateContent`, whether a choice was taken.
    pub(super) alternatives: Vec<bool>,
    pub(super) math: usize,
    pub(super) note: i64,
    slots: Vec<Slot>,
    /// Warnings of blocks that are still in their slots.
    pending: Vec<(usize, Warning)>,
    pub(super) unknown_formats: BTreeSet<String>,
    unknown_symbols: usize,
}

/// Reads a story whose paragraphs are of `kind` outside text boxes.
///
/// # Errors
/// XML that is cut off or not well-formed, and limits.
pub(super) fn read(xml: &mut Xml<'_>, shared: &mut Shared<'_>, kind: ParagraphKind) -> Result<Story> {
    let mut reader = StoryReader {
        shared,
        story: Story::default(),
        open: Vec::new(),
        frames: vec![Frame::Flow {
            kind,
            carry: String::new(),
        }],
        paragraphs: Vec::new(),
        spare: Vec::new(),
        next_id: 0,
        fields: Vec::new(),
        controls: Vec::new(),
        alternatives: Vec::new(),
        math: 0,
        note: -1,
        slots: Vec::new(),
        pending: Vec::new(),
        unknown_formats: BTreeSet::new(),
        unknown_symbols: 0,
    };
    loop {
        let mut skip = false;
        let outcome = match xml.next()? {
            Node::Open(element) => {
                let tag = Tag::of(element.local());
                if reader.open.is_empty() {
                    element.local().clone_into(&mut reader.story.root);
                }
                reader.enter(tag, &element).and_then(|step| {
                    match (step, element.is_empty) {
                        (Step::Enter, false) => reader.open.push(tag),
                        (Step::Enter, true) => {
                            reader.open.push(tag);
                            return reader.leave();
                        }
                        (Step::Skip, false) => skip = true,
                        (Step::Skip, true) => {}
                    }
                    Ok(())
                })
            }
            Node::Close => reader.leave(),
            Node::Text(text) => reader.text(&text),
            Node::Char(c) => reader.text(c.encode_utf8(&mut [0; 4])),
            Node::End => break,
        };
        outcome.map_err(|e| xml.locate(e))?;
        if skip {
            xml.skip()?;
        }
    }
    reader.settle_carry();
    reader.flush();
    Ok(reader.finish())
}

impl StoryReader<'_, '_> {
    fn text(&mut self, text: &str) -> Result<()> {
        if self.open.last() == Some(&Tag::T)
            && !self.is_prompt(text)
            && let Some(paragraph) = self.paragraphs.last_mut()
            && paragraph.piece.is_some()
        {
            self.shared.meter.charge(text.len())?;
            paragraph.text.push_str(text);
        }
        Ok(())
    }

    /// Whether a text only says what to enter. A program may fill in a control and still call it empty: figures are kept.
    fn is_prompt(&self, text: &str) -> bool {
        self.controls.iter().any(|control| control.is_empty) && !text.contains(|c: char| c.is_ascii_digit())
    }

    /// The element around the one under way, `n` levels up from the innermost entered one (0).
    pub(super) fn around(&self, n: usize) -> Tag {
        let index = self.open.len().checked_sub(n + 1);
        index.and_then(|i| self.open.get(i)).copied().unwrap_or(Tag::Other)
    }

    pub(super) fn table(&mut self) -> Option<&mut TableBuilder> {
        match self.frames.last_mut() {
            Some(Frame::Table { builder, .. }) => Some(builder),
            _ => None,
        }
    }

    pub(super) fn new_slot(&mut self) -> usize {
        self.slots.push(Slot::default());
        self.slots.len() - 1
    }

    pub(super) fn warn(&mut self, slot: Option<usize>, code: &str, message: String, source: Source) {
        if self.story.warnings.len() + self.pending.len() >= WARNINGS {
            return;
        }
        let warning = Warning::new(code, message, source);
        match slot {
            Some(slot) => self.pending.push((slot, warning)),
            None => self.story.warnings.push(warning),
        }
    }

    pub(super) fn note_unknown_symbol(&mut self) {
        self.unknown_symbols += 1;
    }

    pub(super) fn fill(&mut self, slot: Option<usize>, block: Block) {
        if let Some(slot) = slot.and_then(|i| self.slots.get_mut(i)) {
            slot.block = Some(block);
        }
    }

    /// The text of a paragraph that waits in its slot; the slot is empty then.
    pub(super) fn take_paragraph(&mut self, slot: usize) -> Option<String> {
        let block = &mut self.slots.get_mut(slot)?.block;
        match block.take() {
            Some(Block::Paragraph(paragraph)) => Some(paragraph.text),
            other => {
                *block = other;
                None
            }
        }
    }

    pub(super) fn end_row(&mut self) {
        if let Some(Frame::Table { slot, builder }) = self.frames.last_mut() {
            let table = *slot;
            let slots = &mut self.slots;
            builder.end_row(|nested, row, col| {
                if let Some(nested) = slots.get_mut(nested) {
                    nested.parent = Some((table, row, col));
                }
            });
        }
    }

    pub(super) fn end_table(&mut self) -> Result<()> {
        self.end_row();
        let Some(Frame::Table { slot, builder }) = self.frames.pop() else {
            return Ok(());
        };
        self.shared.meter.charge(builder.grid_bytes())?;
        if let Some((table, oddities)) = builder.finish()? {
            if let Some((row, width)) = oddities.short_rows.first() {
                let message = format!(
                    "第{}行只有{width}列，少于表格的{}列，其右侧按空单元格处理",
                    row + 1,
                    table.cols()
                );
                let source = Source {
                    row: Some(*row),
                    ..Source::default()
                };
                self.warn(Some(slot), "table_row_short", message, source);
            }
            for (row, col, text) in oddities.hidden_texts {
                let source = Source {
                    row: Some(row),
                    col: Some(col),
                    text: Some(text),
                    ..Source::default()
                };
                let message = "合并单元格被遮盖的部分另有文字，Word 不显示，未读入";
                self.warn(Some(slot), "merged_cell_text", message.to_owned(), source);
            }
            self.fill(Some(slot), Block::Table(table));
        }
        self.flush();
        Ok(())
    }

    /// Moves finished slots into the story once nothing is open around them.
    pub(super) fn flush(&mut self) {
        if self.frames.len() != 1 || !self.paragraphs.is_empty() {
            return;
        }
        if self.slots.is_empty() {
            return;
        }
        let first = self.story.blocks.len();
        let mut index = first;
        let mut places = Vec::with_capacity(self.slots.len());
        for slot in &self.slots {
            places.push(slot.block.is_some().then_some(index));
            index += usize::from(slot.block.is_some());
        }
        let block_of = |slot: usize| places.get(slot).copied().flatten();
        for slot in self.slots.drain(..) {
            let Some(mut block) = slot.block else {
                continue;
            };
            if let (Block::Table(table), Some((outer, row, col))) = (&mut block, slot.parent) {
                table.parent = block_of(outer).map(|outer| (outer, row, col));
            }
            self.story.blocks.push(block);
        }
        for (slot, mut warning) in self.pending.drain(..) {
            warning.source.block = block_of(slot);
            self.story.warnings.push(warning);
        }
    }

    fn finish(mut self) -> Story {
        if self.unknown_symbols > 0 {
            let message = format!("有{}个符号字体的字符无法对应，以“\u{fffd}”代替", self.unknown_symbols);
            self.warn(None, "symbol_unknown", message, Source::default());
        }
        self.story
    }
}
