//! What each element does to the state of a story.

use super::paragraph::{Control, Piece};
use super::story::{Frame, Step, StoryReader};
use super::symbols::{self, Font};
use super::table::TableBuilder;
use super::tags::Tag;
use super::xml::Element;
use crate::error::Result;
use crate::model::ParagraphKind;

impl StoryReader<'_, '_> {
    /// An element opens. Its children come next, unless it is skipped.
    pub(super) fn enter(&mut self, tag: Tag, element: &Element<'_>) -> Result<Step> {
        match tag {
            Tag::Other => {}
            // Deleted and moved-away content is gone, as if the changes had been accepted.
            Tag::Del | Tag::MoveFrom => return Ok(self.enter_deletion()),
            Tag::InstrText | Tag::DelInstrText | Tag::DelText | Tag::RubyText => return Ok(Step::Skip),
            // What properties were before a tracked change.
            Tag::PPrChange
            | Tag::RPrChange
            | Tag::SectPrChange
            | Tag::TblGridChange
            | Tag::TblPrChange
            | Tag::TcPrChange
            | Tag::TrPrChange => return Ok(Step::Skip),
            Tag::AlternateContent => self.alternatives.push(false),
            Tag::Choice => {
                if let Some(taken) = self.alternatives.last_mut() {
                    if *taken {
                        return Ok(Step::Skip);
                    }
                    *taken = !element.is_empty;
                }
            }
            Tag::Fallback if self.alternatives.last() == Some(&true) => return Ok(Step::Skip),
            Tag::P => self.start_paragraph(),
            Tag::R => {
                if let Some(paragraph) = self.paragraphs.last_mut() {
                    paragraph.start_run();
                }
            }
            Tag::T => {
                let preserve = element.attr("space")?.is_some_and(|v| v == "preserve");
                if let Some(paragraph) = self.paragraphs.last_mut() {
                    paragraph.start_piece(preserve || self.math > 0);
                }
            }
            Tag::Tab | Tag::PTab if self.around(0) != Tag::Other => self.push('\t'),
            Tag::Br | Tag::Cr => self.push('\n'),
            Tag::NoBreakHyphen => self.push('-'),
            Tag::Sym => self.symbol(element)?,
            Tag::Body => self.story.has_body = true,
            Tag::Sdt => self.controls.push(Control::default()),
            Tag::TxbxContent => self.frames.push(Frame::Flow {
                kind: ParagraphKind::TextBox,
                carry: String::new(),
            }),
            Tag::Footnote | Tag::Endnote => return self.enter_note(element),
            Tag::FootnoteReference | Tag::EndnoteReference => self.note_reference(tag, element)?,
            Tag::HeaderReference | Tag::FooterReference => {
                if let Some(id) = element.attr("id")?
                    && !self.story.furniture.iter().any(|known| *known == id)
                {
                    self.story.furniture.push(id.into_owned());
                }
            }
            Tag::Blip | Tag::ImageData => self.story.unread.pictures += 1,
            Tag::Chart => self.story.unread.charts += 1,
            Tag::RelIds => self.story.unread.diagrams += 1,
            Tag::OleObject => self.story.unread.objects += 1,
            Tag::AltChunk | Tag::SubDoc => self.story.unread.imports += 1,
            Tag::Math => self.math += 1,
            // Linear format: a fraction 1/2 must not read as 12, nor a power 10^4 as 104.
            Tag::Denominator if self.math > 0 => self.push('/'),
            Tag::Superscript if self.math > 0 => self.push('^'),
            Tag::Subscript if self.math > 0 => self.push('_'),
            Tag::Radical if self.math > 0 => self.push('√'),
            Tag::Delimiter if self.math > 0 => self.push('('),
            Tag::Tbl | Tag::Tr | Tag::Tc => return self.enter_table_part(tag),
            _ => self.property(tag, element)?,
        }
        Ok(Step::Enter)
    }

    /// The innermost element closes.
    pub(super) fn leave(&mut self) -> Result<()> {
        let Some(tag) = self.open.pop() else {
            return Ok(());
        };
        match tag {
            Tag::P => self.end_paragraph()?,
            Tag::T => self.end_text(),
            Tag::R => {
                if let Some(paragraph) = self.paragraphs.last_mut() {
                    paragraph.start_run();
                }
            }
            Tag::Tc => {
                self.settle_carry();
                self.end_cell();
            }
            Tag::Tr => self.end_row(),
            Tag::Tbl => self.end_table()?,
            Tag::TxbxContent => {
                self.settle_carry();
                self.frames.pop();
                self.flush();
            }
            Tag::SdtContent => self.end_control_content(),
            Tag::Sdt => {
                self.controls.pop();
            }
            Tag::AlternateContent => {
                self.alternatives.pop();
            }
            Tag::Math => self.math = self.math.saturating_sub(1),
            Tag::Delimiter if self.math > 0 => self.push(')'),
            Tag::Footnote | Tag::Endnote => {
                self.settle_carry();
                self.flush();
                let blocks = std::mem::take(&mut self.story.blocks);
                self.story.notes.push((self.note, blocks));
            }
            Tag::Body => {
                self.settle_carry();
                self.flush();
            }
            _ => {}
        }
        Ok(())
    }

    fn push(&mut self, c: char) {
        if let Some(paragraph) = self.paragraphs.last_mut() {
            paragraph.push(c);
        }
    }

    /// `w:del` and `w:moveFrom` around runs, in the properties of a paragraph mark, or in those of a row.
    fn enter_deletion(&mut self) -> Step {
        match (self.around(0), self.around(1)) {
            (Tag::RPr, Tag::PPr) => {
                if let Some(paragraph) = self.paragraphs.last_mut() {
                    paragraph.joins_next = true;
                }
            }
            (Tag::TrPr, _) => {
                if let Some(table) = self.table() {
                    table.row_deleted = true;
                }
            }
            _ => return Step::Skip,
        }
        Step::Enter
    }

    fn enter_table_part(&mut self, tag: Tag) -> Result<Step> {
        match tag {
            Tag::Tbl => {
                self.settle_carry();
                self.shared.meter.charge(size_of::<TableBuilder>())?;
                let slot = self.new_slot();
                if let Some(cell) = self.table().and_then(TableBuilder::cell) {
                    cell.nested.push(slot);
                }
                let builder = Box::default();
                self.frames.push(Frame::Table { slot, builder });
            }
            Tag::Tr => {
                self.end_row();
                if let Some(table) = self.table() {
                    table.start_row();
                }
            }
            _ => {
                self.shared.meter.cell()?;
                if let Some(table) = self.table() {
                    if table.row_deleted {
                        return Ok(Step::Skip);
                    }
                    table.start_cell();
                }
            }
        }
        Ok(Step::Enter)
    }

    fn enter_note(&mut self, element: &Element<'_>) -> Result<Step> {
        // Separators are lines, not notes.
        if element.attr("type")?.is_some_and(|kind| kind != "normal") {
            return Ok(Step::Skip);
        }
        self.note = element.number("id")?.unwrap_or(-1);
        Ok(Step::Enter)
    }

    fn note_reference(&mut self, tag: Tag, element: &Element<'_>) -> Result<()> {
        let Some(id) = element.number("id")? else {
            return Ok(());
        };
        let custom = element
            .attr("customMarkFollows")?
            .is_some_and(|v| v != "0" && v != "false");
        if let Some(paragraph) = self.paragraphs.last_mut() {
            paragraph.run.is_note_mark = custom;
        }
        let list = if tag == Tag::FootnoteReference {
            &mut self.story.footnotes
        } else {
            &mut self.story.endnotes
        };
        list.push(id);
        self.shared.meter.charge(size_of::<i64>())
    }

    /// `w:sym`: one character of a symbol font.
    fn symbol(&mut self, element: &Element<'_>) -> Result<()> {
        let font = Font::of(&element.attr("font")?.unwrap_or_default());
        let code = element
            .attr("char")?
            .and_then(|c| u32::from_str_radix(c.trim(), 16).ok());
        let mapped = code.and_then(|code| font.map(code)).filter(|c| !c.is_control());
        if self.takes_check_box() {
            return Ok(());
        }
        if mapped.is_none() {
            self.note_unknown_symbol();
        }
        self.push(mapped.unwrap_or(char::REPLACEMENT_CHARACTER));
        Ok(())
    }

    fn end_text(&mut self) {
        let in_check_box = self.controls.last().is_some_and(|control| control.check_box.is_some());
        let Some(paragraph) = self.paragraphs.last_mut() else {
            return;
        };
        if in_check_box && let Some((start, _)) = paragraph.piece {
            paragraph.text.truncate(start);
            paragraph.piece = None;
            self.takes_check_box();
            return;
        }
        if paragraph.end_piece() == Piece::UnknownSymbol {
            self.note_unknown_symbol();
        }
    }

    /// In a check box control the state speaks, not the character that the author's font shows for it.
    fn takes_check_box(&mut self) -> bool {
        let Some(control) = self.controls.last_mut() else {
            return false;
        };
        let Some(ticked) = control.check_box else {
            return false;
        };
        if !std::mem::replace(&mut control.marked, true) {
            self.push(symbols::check_box(ticked));
        }
        true
    }

    fn end_control_content(&mut self) {
        if !self.paragraphs.is_empty() {
            self.takes_check_box();
        }
    }
}
