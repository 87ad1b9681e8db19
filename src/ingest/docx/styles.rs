//! styles.xml (ISO/IEC 29500-1 §17.7): what a style says about headings, numbering and hidden text.

use super::limits;
use super::properties::{look_property, paints};
use super::xml::{Node, Xml};
use crate::error::Result;
use crate::ingest::looks::Look;
use std::collections::HashMap;

/// What a paragraph or run takes from its style, the styles that it is based on included.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Style {
    /// Heading level from 1.
    pub(super) heading: Option<u8>,
    /// `numId`; 0 means that numbering is switched off.
    pub(super) list: Option<i64>,
    /// `ilvl`; a level that names the style in numbering.xml goes before it.
    pub(super) level: Option<u8>,
    /// Ids of the style and of those that it is based on, nearest first; kept for numbered styles only.
    pub(super) lineage: Vec<String>,
    /// What its text looks like.
    pub(super) look: Look,
    /// It puts a colour behind the text, in some part of a table at least.
    pub(super) painted: bool,
}

/// The styles of a document, resolved.
#[derive(Debug, Default)]
pub(super) struct StyleSheet {
    styles: HashMap<String, Style>,
    default_paragraph: Option<String>,
}

/// A style as it stands in the part.
#[derive(Debug, Default)]
struct Raw {
    based_on: Option<String>,
    name: String,
    outline: Option<u8>,
    list: Option<i64>,
    level: Option<u8>,
    look: Look,
    painted: bool,
}

impl StyleSheet {
    /// The style of an id; `None` stands for a paragraph without a style.
    pub(super) fn paragraph(&self, id: Option<&str>) -> Option<&Style> {
        self.styles.get(id.or(self.default_paragraph.as_deref())?)
    }

    /// The style of an id.
    pub(super) fn get(&self, id: &str) -> Option<&Style> {
        self.styles.get(id)
    }

    /// Reads the part. On an error, what was read up to it stays in `sheet`.
    pub(super) fn read(xml: &mut Xml<'_>) -> (Self, Result<()>) {
        let mut raw = HashMap::new();
        let mut default_paragraph = None;
        let outcome = read_raw(xml, &mut raw, &mut default_paragraph);
        let styles = raw.keys().map(|id| (id.clone(), resolve(id, &raw))).collect();
        let sheet = StyleSheet {
            styles,
            default_paragraph,
        };
        (sheet, outcome)
    }
}

fn read_raw(xml: &mut Xml<'_>, raw: &mut HashMap<String, Raw>, default: &mut Option<String>) -> Result<()> {
    let mut current: Option<(String, Raw)> = None;
    let mut depth = 0usize;
    // Depth of the open conditional part of a table style; 0 outside.
    let mut part = 0usize;
    loop {
        let mut skip = false;
        match xml.next()? {
            Node::Open(element) => {
                if !element.is_empty {
                    depth += 1;
                }
                if element.local() == "shd"
                    && let Some((_, style)) = current.as_mut()
                {
                    style.painted |= paints(&element)?;
                }
                // Of a conditional part of a table style only the colours are asked for.
                let parts = if element.local() == "tblStylePr" && !element.is_empty {
                    depth
                } else {
                    0
                };
                if part == 0 {
                    part = parts;
                }
                match (element.local(), current.as_mut()) {
                    _ if part > 0 => {}
                    ("style", None) if depth == 2 => {
                        let id = element.attr("styleId")?.unwrap_or_default().into_owned();
                        let kind = element.attr("type")?;
                        let is_default = element
                            .attr("default")?
                            .is_some_and(|v| v == "1" || v == "true" || v == "on");
                        if kind.as_deref().unwrap_or("paragraph") == "paragraph" && is_default {
                            *default = Some(id.clone());
                        }
                        current = Some((id, Raw::default()));
                    }
                    ("basedOn", Some((_, style))) => style.based_on = element.val()?.map(|v| v.into_owned()),
                    ("name", Some((_, style))) => style.name = element.val()?.unwrap_or_default().into_owned(),
                    ("outlineLvl", Some((_, style))) => {
                        style.outline = element.val_number()?.and_then(|v| u8::try_from(v).ok());
                    }
                    ("numId", Some((_, style))) => style.list = element.val_number()?,
                    ("ilvl", Some((_, style))) => {
                        style.level = element.val_number()?.and_then(|v| u8::try_from(v).ok());
                    }
                    ("pPrChange" | "rPrChange" | "latentStyles" | "docDefaults", _) => {
                        skip = !element.is_empty;
                    }
                    // Of the style's own rPr.
                    (_, Some((_, style))) if depth - usize::from(!element.is_empty) == 3 => {
                        look_property(&element, &mut style.look)?;
                    }
                    _ => {}
                }
            }
            Node::Close => {
                if part == depth {
                    part = 0;
                }
                depth = depth.saturating_sub(1);
                if depth == 1
                    && let Some((id, style)) = current.take()
                {
                    raw.insert(id, style);
                }
            }
            Node::Text(_) | Node::Char(_) => {}
            Node::End => return Ok(()),
        }
        if skip {
            xml.skip()?;
            depth -= 1;
        }
    }
}

fn resolve(id: &str, raw: &HashMap<String, Raw>) -> Style {
    let mut style = Style::default();
    let mut outline = None;
    let mut next = Some(id);
    for _ in 0..limits::CHAIN {
        let Some((id, found)) = next.and_then(|id| raw.get_key_value(id)) else {
            break;
        };
        outline = outline.or(found.outline.or_else(|| heading_of_name(&found.name)));
        style.list = style.list.or(found.list);
        style.level = style.level.or(found.level);
        style.look = style.look.over(found.look);
        style.painted |= found.painted;
        style.lineage.push(id.clone());
        next = found.based_on.as_deref();
    }
    style.heading = outline.filter(|level| *level < 9).map(|level| level + 1);
    if style.list.is_none() {
        style.lineage.clear();
    }
    style
}

/// Outline level (from 0) by the built-in name of a heading style, in English or Chinese.
fn heading_of_name(name: &str) -> Option<u8> {
    let lower = name.to_ascii_lowercase();
    let number = lower
        .strip_prefix("heading")
        .or_else(|| lower.strip_prefix("标题"))?
        .trim();
    number.parse::<u8>().ok().filter(|n| (1..=9).contains(n)).map(|n| n - 1)
}

/// Heading level (from 1) by a style id alone, where there is no style of this id.
pub(super) fn heading_of_id(id: &str) -> Option<u8> {
    heading_of_name(id).map(|level| level + 1)
}
