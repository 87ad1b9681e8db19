//! Properties of runs, paragraphs, cells and rows; fields and form fields.

use super::paragraph::{Field, Form};
use super::story::StoryReader;
use super::symbols::Font;
use super::table::Merge;
use super::tags::Tag;
use super::xml::Element;
use crate::error::Result;
use crate::ingest::looks::{Level, Look};

impl StoryReader<'_, '_> {
    /// An element that says something about what is around it.
    pub(super) fn property(&mut self, tag: Tag, element: &Element<'_>) -> Result<()> {
        match tag {
            Tag::FieldChar => self.field_char(element),
            Tag::CheckBox | Tag::Default | Tag::Checked | Tag::DropDown | Tag::ListEntry | Tag::ResultIndex => {
                self.form_property(tag, element)
            }
            Tag::ShowingPlaceholder if self.around(0) == Tag::SdtPr => {
                if let Some(control) = self.controls.last_mut() {
                    control.is_empty = element.on()?;
                }
                Ok(())
            }
            Tag::CheckBox14 if self.around(0) == Tag::SdtPr => {
                if let Some(control) = self.controls.last_mut() {
                    control.check_box = Some(false);
                }
                Ok(())
            }
            Tag::GridCol
            | Tag::GridBefore
            | Tag::GridAfter
            | Tag::TblHeader
            | Tag::GridSpan
            | Tag::VMerge
            | Tag::HMerge
            | Tag::TcW
            | Tag::TblStyle
            | Tag::CellDel => self.table_property(tag, element),
            Tag::Shading if matches!(self.around(0), Tag::TcPr | Tag::TblPr) => self.table_property(tag, element),
            Tag::Background if self.around(0) == Tag::Document => {
                self.story.has_background = true;
                Ok(())
            }
            Tag::PStyle
            | Tag::OutlineLvl
            | Tag::NumId
            | Tag::ILvl
            | Tag::Vanish
            | Tag::RStyle
            | Tag::RFonts
            | Tag::Strike
            | Tag::DoubleStrike
            | Tag::Color
            | Tag::Size
            | Tag::Position
            | Tag::Shading
            | Tag::Highlight
            | Tag::VertAlign => self.text_property(tag, element),
            _ => Ok(()),
        }
    }

    fn text_property(&mut self, tag: Tag, element: &Element<'_>) -> Result<()> {
        let around = (self.around(0), self.around(1));
        let sheet = self.shared.sheet;
        let Some(paragraph) = self.paragraphs.last_mut() else {
            return Ok(());
        };
        match (tag, around) {
            (Tag::PStyle, (Tag::PPr, _)) => {
                paragraph.style = element.val()?.map(|v| v.into_owned());
                let style = sheet.paragraph(paragraph.style.as_deref());
                paragraph.style_look = style.map_or(Look::default(), |style| style.look);
                paragraph.painted |= style.is_some_and(|style| style.painted);
            }
            (Tag::OutlineLvl, (Tag::PPr, _)) => paragraph.outline = element.val_number()?,
            (Tag::NumId, (Tag::NumPr, _)) => paragraph.list = element.val_number()?,
            (Tag::ILvl, (Tag::NumPr, _)) => paragraph.level = element.val_number()?,
            (Tag::RStyle, (Tag::RPr, Tag::R)) => {
                let style = element.val()?;
                let style = style.and_then(|id| sheet.get(&id));
                paragraph.run.style = style.map_or(Look::default(), |style| style.look);
                paragraph.run.painted |= style.is_some_and(|style| style.painted);
            }
            (Tag::RFonts, (Tag::RPr, Tag::R)) => {
                let name = element.attr("ascii")?.or(element.attr("hAnsi")?);
                paragraph.run.font = name.map(|name| Font::of(&name)).unwrap_or_default();
            }
            (Tag::Shading, (Tag::PPr, _)) => paragraph.painted |= paints(element)?,
            (Tag::Shading | Tag::Highlight, (Tag::RPr, Tag::R)) => paragraph.run.painted |= paints(element)?,
            (_, (Tag::RPr, Tag::R)) => look_property(element, &mut paragraph.run.look)?,
            _ => {}
        }
        Ok(())
    }

    fn table_property(&mut self, tag: Tag, element: &Element<'_>) -> Result<()> {
        let sheet = self.shared.sheet;
        let Some(table) = self.table() else {
            return Ok(());
        };
        match tag {
            Tag::GridCol => table.grid_column(element.number("w")?.unwrap_or(0)),
            Tag::GridBefore => table.grid_before(element.val_number()?.unwrap_or(0)),
            Tag::GridAfter => table.grid_after(element.val_number()?.unwrap_or(0)),
            Tag::TblHeader => table.header_row(element.on()?),
            Tag::GridSpan => table.set_span(element.val_number()?.unwrap_or(1)),
            Tag::TblStyle => {
                let style = element.val()?;
                table.painted |= style.and_then(|id| sheet.get(&id)).is_some_and(|style| style.painted);
            }
            Tag::Shading if !table.in_cell => table.painted |= paints(element)?,
            _ => {
                let Some(cell) = table.cell() else {
                    return Ok(());
                };
                match tag {
                    Tag::VMerge => cell.vertical = Merge::of(element.val()?.as_deref()),
                    Tag::HMerge => cell.horizontal = Merge::of(element.val()?.as_deref()),
                    Tag::CellDel => cell.deleted = true,
                    Tag::Shading => cell.painted = paints(element)?,
                    _ => {
                        let in_twips = element.attr("type")?.is_none_or(|kind| kind == "dxa");
                        cell.width = if in_twips { element.number("w")?.unwrap_or(0) } else { 0 };
                    }
                }
            }
        }
        Ok(())
    }

    fn field_char(&mut self, element: &Element<'_>) -> Result<()> {
        let kind = element.attr("fldCharType")?;
        let current = self.paragraphs.last_mut();
        match kind.as_deref() {
            Some("begin") => {
                self.shared.meter.charge(size_of::<Field>())?;
                self.fields.push(Field {
                    paragraph: current.as_ref().map_or(0, |p| p.id),
                    start: current.map_or(0, |p| p.text.len()),
                    in_instruction: true,
                    form: None,
                });
            }
            Some("separate") => {
                if let Some(field) = self.fields.last_mut()
                    && std::mem::replace(&mut field.in_instruction, false)
                    && let Some(paragraph) = current.filter(|p| p.id == field.paragraph)
                    && paragraph.text.is_char_boundary(field.start)
                {
                    // What inner fields gave is part of the instruction.
                    paragraph.text.truncate(field.start);
                }
            }
            Some("end") => {
                let Some(field) = self.fields.pop() else {
                    return Ok(());
                };
                let Some(paragraph) = current else {
                    return Ok(());
                };
                let clears = field.in_instruction || field.form.is_some();
                let same = paragraph.id == field.paragraph && paragraph.text.is_char_boundary(field.start);
                if clears && same {
                    paragraph.text.truncate(field.start);
                }
                if let Some(form) = field.form
                    && !paragraph.run_is_hidden()
                {
                    let value = form.value();
                    self.shared.meter.charge(value.len())?;
                    paragraph.text.push_str(&value);
                }
            }
            _ => {}
        }
        Ok(())
    }

    /// Values of form fields and check box controls.
    fn form_property(&mut self, tag: Tag, element: &Element<'_>) -> Result<()> {
        if tag == Tag::Checked && self.around(0) == Tag::CheckBox14 {
            if let Some(control) = self.controls.last_mut() {
                control.check_box = Some(element.on()?);
            }
            return Ok(());
        }
        let around = self.around(0);
        let Some(field) = self.fields.last_mut() else {
            return Ok(());
        };
        let index =
            || -> Result<usize> { Ok(element.val_number()?.and_then(|v| usize::try_from(v).ok()).unwrap_or(0)) };
        match (tag, around, &mut field.form) {
            (Tag::CheckBox, Tag::FormData, form) => {
                *form = Some(Form::CheckBox {
                    default: false,
                    checked: None,
                });
            }
            (Tag::DropDown, Tag::FormData, form) => {
                *form = Some(Form::DropDown {
                    entries: Vec::new(),
                    default: 0,
                    result: None,
                });
            }
            (Tag::Default, Tag::CheckBox, Some(Form::CheckBox { default, .. })) => *default = element.on()?,
            (Tag::Checked, Tag::CheckBox, Some(Form::CheckBox { checked, .. })) => *checked = Some(element.on()?),
            (Tag::Default, Tag::DropDown, Some(Form::DropDown { default, .. })) => *default = index()?,
            (Tag::ResultIndex, Tag::DropDown, Some(Form::DropDown { result, .. })) => *result = Some(index()?),
            (Tag::ListEntry, Tag::DropDown, Some(Form::DropDown { entries, .. })) => {
                let entry = element.val()?.unwrap_or_default().into_owned();
                self.shared.meter.charge(entry.len() + size_of::<String>())?;
                entries.push(entry);
            }
            _ => {}
        }
        Ok(())
    }
}

/// Half points off the line from which text is a mark; less than that moves letters to fit a picture or another font.
pub(in crate::ingest) const RAISED: i64 = 2;
pub(in crate::ingest) const LOWERED: i64 = -RAISED;

/// What an element of run properties says of the look; any other element says nothing.
pub(super) fn look_property(element: &Element<'_>, look: &mut Look) -> Result<()> {
    match element.local() {
        "vanish" => look.hidden = Some(element.on()?),
        "strike" | "dstrike" => look.struck = Some(element.on()? || look.struck == Some(true)),
        "color" => {
            let white = element.val()?.is_some_and(|v| v.eq_ignore_ascii_case("ffffff"));
            look.white = Some(white);
        }
        // Half points.
        "sz" => look.tiny = Some(element.val_number()?.is_some_and(|size| size <= 2)),
        "vertAlign" => {
            look.level = Some(match element.val()?.as_deref() {
                Some("superscript") => Level::Raised,
                Some("subscript") => Level::Lowered,
                _ => Level::Line,
            });
        }
        "position" => match element.val_number()? {
            Some(RAISED..) => look.level = Some(Level::Raised),
            Some(..=LOWERED) => look.level = Some(Level::Lowered),
            _ => {}
        },
        _ => {}
    }
    Ok(())
}

/// Whether shading (`shd`) or `highlight` puts a colour other than white behind the text.
pub(super) fn paints(element: &Element<'_>) -> Result<bool> {
    let val = element.val()?;
    if element.local() == "highlight" {
        return Ok(val.is_some_and(|v| !matches!(v.as_ref(), "none" | "white")));
    }
    let pattern = val.is_some_and(|v| !matches!(v.as_ref(), "clear" | "nil"));
    let fill = element.attr("fill")?;
    let white = |fill: &str| fill.eq_ignore_ascii_case("auto") || fill.eq_ignore_ascii_case("ffffff");
    let filled = match fill.as_deref() {
        Some(fill) => !white(fill),
        None => element.attr("themeFill")?.is_some(),
    };
    Ok(pattern || filled)
}
