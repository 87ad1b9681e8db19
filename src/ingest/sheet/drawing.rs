//! Text boxes that float over a sheet, and comments of its cells (ISO/IEC 29500-1 §20.5 and §18.7). What a box says is read
//! as paragraphs at the row that it is anchored to; comments are not, and figures in them are said.

use super::grid::Sheet;
use super::strings::clean;
use super::xlsx::place;
use crate::error::Result;
use crate::ingest::docx::package::Package;
use crate::ingest::docx::xml::{Element, Node, Xml};
use crate::ingest::looks::Unread;
use crate::model::has_digit;

/// Boxes of one sheet that are read.
const MOST: usize = 10_000;

/// Reads what floats over a sheet whose part is `name`.
pub(super) fn read(package: &mut Package<'_>, name: &str, sheet: &mut Sheet) -> Result<()> {
    for related in package.relationships(name)?.unwrap_or_default() {
        match related.kind.as_str() {
            "drawing" => {
                if let Some(mut xml) = package.part(&related.target)? {
                    boxes(&mut xml, sheet).map_err(|e| xml.locate(e))?;
                }
            }
            "comments" | "threadedComment" => {
                if let Some(mut xml) = package.part(&related.target)? {
                    comments(&mut xml, sheet).map_err(|e| xml.locate(e))?;
                }
            }
            _ => {}
        }
    }
    sheet.commented.sort_unstable();
    sheet.commented.dedup();
    Ok(())
}

/// The shape under way.
#[derive(Default)]
struct Shapes {
    open: Vec<String>,
    /// Row and column of the anchor, as digits.
    row: String,
    column: String,
    text: String,
    struck: bool,
    /// What a comment of an old form leaves out.
    is_hidden: bool,
}

impl Shapes {
    fn is_in(&self, name: &str) -> bool {
        self.open.iter().any(|open| open == name)
    }

    fn open(&mut self, element: &Element<'_>) -> Result<()> {
        match element.local() {
            "twoCellAnchor" | "oneCellAnchor" | "absoluteAnchor" => {
                (self.row, self.column) = (String::new(), String::new());
            }
            "r" | "fld" => self.struck = false,
            "rPr" => self.struck = element.attr("strike")?.is_some_and(|strike| strike != "noStrike"),
            "br" if self.is_in("txBody") => self.text.push('\n'),
            "cNvPr" => {
                self.is_hidden = element
                    .attr("hidden")?
                    .is_some_and(|hidden| matches!(hidden.as_ref(), "1" | "true"));
            }
            _ => {}
        }
        if !element.is_empty {
            self.open.push(element.local().to_owned());
        }
        Ok(())
    }

    fn text(&mut self, text: &str, sheet: &mut Sheet) {
        match self.open.last().map(String::as_str) {
            Some("row") if self.is_in("from") => self.row.push_str(text),
            Some("col") if self.is_in("from") => self.column.push_str(text),
            Some("t") if self.is_in("txBody") => {
                if self.struck {
                    sheet.unseen.note(Unread::Struck, text);
                } else if self.is_hidden {
                    sheet.unseen.note(Unread::Invisible, text);
                } else {
                    sheet.unseen.seen();
                    self.text.push_str(text);
                }
            }
            _ => {}
        }
    }

    fn close(&mut self, sheet: &mut Sheet) {
        let closed = self.open.pop();
        match closed.as_deref() {
            Some("p") if self.is_in("txBody") => self.text.push('\n'),
            Some("txBody") => {
                let number = |digits: &str| digits.trim().parse::<u32>().unwrap_or(0);
                let at = (number(&self.row), number(&self.column));
                put_box(at, &std::mem::take(&mut self.text), sheet);
            }
            _ => {}
        }
    }
}

/// Keeps the text of a box.
pub(super) fn put_box(at: (u32, u32), text: &str, sheet: &mut Sheet) {
    let text = clean(text).trim().to_owned();
    if !text.is_empty() && sheet.boxes.len() < MOST {
        sheet.boxes.push((at, text));
    }
}

fn boxes(xml: &mut Xml<'_>, sheet: &mut Sheet) -> Result<()> {
    let mut shapes = Shapes::default();
    loop {
        let mut skip = false;
        match xml.next()? {
            Node::Open(element) => {
                // What stands in `Fallback` is drawn only where `Choice` cannot be.
                skip = element.local() == "Fallback" && !element.is_empty;
                if !skip {
                    shapes.open(&element)?;
                }
            }
            Node::Close => shapes.close(sheet),
            Node::Text(text) => shapes.text(&text, sheet),
            Node::Char(c) => shapes.text(c.encode_utf8(&mut [0; 4]), sheet),
            Node::End => return Ok(()),
        }
        if skip {
            xml.skip()?;
        }
    }
}

/// Notes the cells whose comments hold a figure.
fn comments(xml: &mut Xml<'_>, sheet: &mut Sheet) -> Result<()> {
    let mut at = None;
    // Authors stand before the comments; their names are no comment.
    let mut said = |at: &Option<(u32, u32)>, text: &str| {
        if let Some(at) = at.filter(|_| has_digit(text) && sheet.commented.len() < MOST)
            && sheet.commented.last() != Some(&at)
        {
            sheet.commented.push(at);
        }
    };
    loop {
        match xml.next()? {
            Node::Open(element) if matches!(element.local(), "comment" | "threadedComment") => {
                at = element.attr("ref")?.as_deref().and_then(place);
            }
            Node::Text(text) => said(&at, &text),
            Node::Char(c) => said(&at, c.encode_utf8(&mut [0; 4])),
            Node::End => return Ok(()),
            _ => {}
        }
    }
}
