//! Paragraphs from their start to their place in a flow of text or a cell: numbers, headings, joined marks.

use super::numbering::Label;
use super::paragraph::ParagraphState;
use super::story::{Frame, StoryReader};
use super::styles;
use super::table::{RowCell, TableBuilder};
use crate::error::Result;
use crate::ingest::looks::Look;
use crate::model::{Block, Paragraph, ParagraphKind, Source};

impl StoryReader<'_, '_> {
    pub(super) fn start_paragraph(&mut self) {
        let mut paragraph = self.spare.pop().unwrap_or_default();
        self.next_id += 1;
        paragraph.renew(self.next_id);
        let in_cell = self.table().is_some_and(|table| table.in_cell);
        if !in_cell {
            paragraph.slot = Some(self.new_slot());
        }
        let style = self.shared.sheet.paragraph(None);
        paragraph.style_look = style.map_or(Look::default(), |style| style.look);
        paragraph.painted = self.is_painted() || style.is_some_and(|style| style.painted);
        self.paragraphs.push(paragraph);
    }

    /// Whether anything is painted behind what is written here. What a box is filled with is not read: it may be.
    fn is_painted(&self) -> bool {
        // White titles of a cover stand on its picture.
        let on_picture = self.frames.len() == 1 && self.story.unread.pictures > 0;
        self.story.has_background
            || on_picture
            || self.frames.iter().any(|frame| match frame {
                Frame::Flow { kind, .. } => *kind == ParagraphKind::TextBox,
                Frame::Table { builder, .. } => builder.is_painted(),
            })
    }

    /// What boxes in a cell say is the cell's text where it has no other: forms are filled in so.
    pub(super) fn end_cell(&mut self) {
        let Some(cell) = self.table().and_then(TableBuilder::cell) else {
            return;
        };
        let boxes = std::mem::take(&mut cell.boxes);
        if cell.text.trim().is_empty() && cell.nested.is_empty() {
            let texts: Vec<String> = boxes.into_iter().filter_map(|slot| self.take_paragraph(slot)).collect();
            if let Some(cell) = self.table().and_then(TableBuilder::cell).filter(|_| !texts.is_empty()) {
                cell.text.clear();
                cell.started = false;
                texts.iter().for_each(|text| cell.add_paragraph(text));
            }
        }
        if let Some(table) = self.table() {
            table.end_cell();
        }
    }

    pub(super) fn end_paragraph(&mut self) -> Result<()> {
        let Some(mut paragraph) = self.paragraphs.pop() else {
            return Ok(());
        };
        paragraph.end_piece();
        self.story.unseen.add(paragraph.unseen);
        // An instruction that never ends: its text is kept rather than lost.
        for field in self.fields.iter_mut().filter(|f| f.paragraph == paragraph.id) {
            field.in_instruction = false;
        }
        if paragraph.joins_next {
            if let Some(carry) = self.carry(paragraph.slot.is_none()) {
                carry.push_str(&paragraph.text);
            }
        } else {
            self.put_paragraph(&paragraph)?;
        }
        self.spare.push(paragraph);
        self.flush();
        Ok(())
    }

    /// Where text of a paragraph with a deleted mark waits.
    fn carry(&mut self, in_cell: bool) -> Option<&mut String> {
        match self.frames.last_mut() {
            Some(Frame::Flow { carry, .. }) => Some(carry),
            Some(Frame::Table { builder, .. }) if in_cell => builder.cell().map(|cell| &mut cell.carry),
            _ => None,
        }
    }

    /// Text that waits for a next paragraph which does not come becomes a paragraph of its own.
    pub(super) fn settle_carry(&mut self) {
        let (text, kind) = match self.frames.last_mut() {
            Some(Frame::Flow { carry, kind }) => (std::mem::take(carry), *kind),
            Some(Frame::Table { builder, .. }) => {
                if let Some(cell) = builder.cell()
                    && !cell.carry.trim().is_empty()
                {
                    let text = std::mem::take(&mut cell.carry);
                    cell.add_paragraph(text.trim_end());
                }
                return;
            }
            None => return,
        };
        let text = text.trim();
        if !text.is_empty() {
            let slot = self.new_slot();
            let block = Block::Paragraph(Paragraph {
                text: text.to_owned(),
                kind,
                lines: Vec::new(),
            });
            self.fill(Some(slot), block);
        }
    }

    fn put_paragraph(&mut self, paragraph: &ParagraphState) -> Result<()> {
        let in_cell = paragraph.slot.is_none();
        let carry = self.carry(in_cell).map(std::mem::take).unwrap_or_default();
        let joined;
        let mut text = paragraph.text.as_str();
        if !carry.is_empty() {
            joined = carry + text;
            text = &joined;
        }
        let text = text.trim_end();
        let invisible = text.is_empty() && paragraph.had_hidden;
        let label = if invisible { None } else { self.label(paragraph)? };
        let labelled = label.map(|label| label.before(text.trim_start()));
        let text = labelled.as_deref().unwrap_or(text);
        if in_cell {
            if let Some(cell) = self.table().and_then(TableBuilder::cell) {
                cell.add_paragraph(text);
            }
            return Ok(());
        }
        let text = text.trim();
        if text.is_empty() {
            return Ok(());
        }
        self.shared.meter.charge(size_of::<Block>())?;
        let kind = match self.frames.last() {
            Some(Frame::Flow { kind, .. }) => *kind,
            _ => ParagraphKind::Body,
        };
        let kind = match self.heading(paragraph) {
            Some(level) if kind == ParagraphKind::Body => ParagraphKind::Heading(level),
            _ => kind,
        };
        let block = Block::Paragraph(Paragraph {
            text: text.to_owned(),
            kind,
            lines: Vec::new(),
        });
        self.fill(paragraph.slot, block);
        if let (Some(slot), Some(cell)) = (paragraph.slot, self.cell_around_box()) {
            cell.boxes.push(slot);
        }
        Ok(())
    }

    /// The cell that the text box under way hangs in.
    fn cell_around_box(&mut self) -> Option<&mut RowCell> {
        match self.frames.as_mut_slice() {
            [.., Frame::Table { builder, .. }, Frame::Flow { .. }] => builder.cell(),
            _ => None,
        }
    }

    fn heading(&self, paragraph: &ParagraphState) -> Option<u8> {
        if let Some(outline) = paragraph.outline {
            return u8::try_from(outline)
                .ok()
                .filter(|level| *level < 9)
                .map(|level| level + 1);
        }
        let style = paragraph.style.as_deref();
        match self.shared.sheet.paragraph(style) {
            Some(found) => found.heading,
            None => styles::heading_of_id(style?),
        }
    }

    /// Counts the paragraph in its list.
    fn label(&mut self, paragraph: &ParagraphState) -> Result<Option<Label>> {
        let style = self.shared.sheet.paragraph(paragraph.style.as_deref());
        let Some(list) = paragraph.list.or(style.and_then(|s| s.list)).filter(|id| *id != 0) else {
            return Ok(None);
        };
        let direct = paragraph.level.and_then(|level| u8::try_from(level).ok());
        let level = match (direct, style) {
            (Some(level), _) => level,
            (None, Some(style)) if paragraph.list.is_none() => {
                let linked = self.shared.numbering.level_of_style(list, &style.lineage);
                linked.or(style.level).unwrap_or(0)
            }
            _ => 0,
        };
        let label = self.shared.numbering.next(list, level);
        if let Some(label) = &label {
            self.shared.meter.charge(label.text.len())?;
            if let Some(format) = &label.unknown_format
                && self.unknown_formats.insert(format.clone())
            {
                let message = format!("编号格式“{format}”未知，编号以阿拉伯数字写出：{}", label.text);
                self.warn(paragraph.slot, "numbering_format_unknown", message, Source::default());
            }
        }
        Ok(label)
    }
}
