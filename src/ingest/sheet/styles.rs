//! Cell styles of OOXML workbooks (ISO/IEC 29500-1 §18.8): formats, borders, struck and white letters.

use super::format::Format;
use super::strings::{is_white, run_property};
use crate::error::Result;
use crate::ingest::docx::xml::{Element, Node, Xml};
use crate::ingest::looks::Look;
use std::collections::BTreeMap;

/// What a style says about a cell.
#[derive(Debug, Clone)]
pub(super) struct CellStyle {
    pub(super) format: Format,
    pub(super) ruled: bool,
    pub(super) struck: bool,
    /// White letters on a cell without a colour.
    pub(super) white: bool,
    pub(super) painted: bool,
}

/// The style of a cell that has none.
pub(super) const NONE: &CellStyle = &CellStyle {
    format: Format::GENERAL,
    ruled: false,
    struck: false,
    white: false,
    painted: false,
};

/// The styles of a workbook's cells.
#[derive(Debug, Default)]
pub(super) struct Styles {
    cells: Vec<CellStyle>,
}

/// Parts that styles are made of, while the part is read.
#[derive(Default)]
struct Parts {
    codes: BTreeMap<i64, Format>,
    fonts: Vec<Look>,
    /// Whether each fill is a colour.
    fills: Vec<bool>,
    borders: Vec<bool>,
    /// The list that is open.
    list: String,
}

impl Styles {
    /// The style of a number.
    pub(super) fn of(&self, index: usize) -> &CellStyle {
        self.cells.get(index).unwrap_or(NONE)
    }

    pub(super) fn read(&mut self, xml: &mut Xml<'_>) -> Result<()> {
        let mut parts = Parts::default();
        loop {
            match xml.next()? {
                Node::Open(element) => match element.local() {
                    name @ ("numFmts" | "borders" | "fills" | "fonts" | "cellStyleXfs" | "cellXfs" | "cellStyles"
                    | "dxfs") => name.clone_into(&mut parts.list),
                    "xf" if parts.list == "cellXfs" => {
                        let style = parts.style(&element)?;
                        self.cells.push(style);
                    }
                    _ => parts.read(&element)?,
                },
                Node::End => return Ok(()),
                _ => {}
            }
        }
    }
}

impl Parts {
    fn read(&mut self, element: &Element<'_>) -> Result<()> {
        match (self.list.as_str(), element.local()) {
            ("numFmts" | "", "numFmt") => {
                if let Some(id) = element.number("numFmtId")? {
                    let code = element.attr("formatCode")?.unwrap_or_default();
                    self.codes.entry(id).or_insert_with(|| Format::of(&code));
                }
            }
            ("fonts", "font") => self.fonts.push(Look::default()),
            ("fonts", _) => {
                if let Some(font) = self.fonts.last_mut() {
                    run_property(element, font)?;
                }
            }
            ("fills", "fill") => self.fills.push(false),
            ("fills", "patternFill") => {
                let pattern = element.attr("patternType")?;
                let painted = pattern.is_some_and(|kind| kind != "none");
                self.fills.last_mut().into_iter().for_each(|fill| *fill = painted);
            }
            ("fills", "gradientFill") => self.fills.last_mut().into_iter().for_each(|fill| *fill = true),
            ("fills", "fgColor") => {
                let white = is_white(element)?;
                self.fills.last_mut().into_iter().for_each(|fill| *fill &= !white);
            }
            ("borders", "border") => self.borders.push(false),
            ("borders", "left" | "right" | "top" | "bottom" | "start" | "end") => {
                let drawn = element.attr("style")?.is_some_and(|style| style != "none");
                self.borders.last_mut().into_iter().for_each(|border| *border |= drawn);
            }
            _ => {}
        }
        Ok(())
    }

    fn style(&self, element: &Element<'_>) -> Result<CellStyle> {
        let index = |name: &str| -> Result<usize> {
            let number = element.number(name)?;
            Ok(number.and_then(|n| usize::try_from(n).ok()).unwrap_or(usize::MAX))
        };
        let id = element.number("numFmtId")?.unwrap_or(0);
        let builtin = || Format::builtin(u32::try_from(id).unwrap_or(0));
        let font = self.fonts.get(index("fontId")?).copied().unwrap_or_default();
        let painted = self.fills.get(index("fillId")?).copied().unwrap_or(false);
        Ok(CellStyle {
            format: self.codes.get(&id).cloned().unwrap_or_else(builtin),
            ruled: self.borders.get(index("borderId")?).copied().unwrap_or(false),
            struck: font.struck == Some(true),
            white: font.white == Some(true) && !painted,
            painted,
        })
    }
}
