//! Records of a BIFF stream ([MS-XLS] §2.4), as far as they say how cells look: formats, borders, hidden rows.

use super::floating::Floating;
use super::format::Format;
use super::shared;
use super::strings::RichText;
use super::styles::{CellStyle, NONE};
use super::xls::encrypted;
use super::{COLUMNS, Count};
use crate::error::{Error, Result};
use crate::ingest::looks::{Level, Look};
use crate::model::{Limits, Table};
use std::collections::{BTreeMap, BTreeSet};

/// What one sheet's records say.
#[derive(Debug, Default)]
pub(super) struct SheetRecords {
    /// Style of each cell that the sheet names.
    pub(super) styles: BTreeMap<(u32, u32), u16>,
    /// Number of the text of each cell that has one.
    pub(super) texts: BTreeMap<(u32, u32), u32>,
    /// Conditions may paint cells.
    pub(super) is_painted: bool,
    pub(super) hidden_rows: BTreeSet<u32>,
    pub(super) hidden_columns: Vec<(u32, u32)>,
    /// Text boxes with the row and column of their anchors, and the cells whose comments hold a figure.
    pub(super) boxes: Vec<((u32, u32), String)>,
    pub(super) commented: Vec<(u32, u32)>,
}

/// Rows of a sheet, and cells: 256 columns of them ([MS-XLS] §2.1).
const MOST_ROWS: u32 = 65_536;
const MOST_SQUARES: u64 = 65_536 * 256;

/// What a workbook's records say.
#[derive(Debug, Default)]
pub(super) struct Records {
    styles: Vec<CellStyle>,
    /// Texts with runs of their own, by their number.
    strings: BTreeMap<u32, RichText>,
    sheets: Vec<SheetRecords>,
}

struct Record<'a> {
    kind: u16,
    body: &'a [u8],
}

fn u16_at(body: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_le_bytes([*body.get(at)?, *body.get(at + 1)?]))
}

fn u32_at(body: &[u8], at: usize) -> Option<u32> {
    Some(u32::from(u16_at(body, at)?) | u32::from(u16_at(body, at + 2)?) << 16)
}

/// The records from a byte on, up to the end of their substream.
fn substream(stream: &[u8], mut at: usize) -> impl Iterator<Item = Record<'_>> {
    let mut depth = 0usize;
    std::iter::from_fn(move || {
        let kind = u16_at(stream, at)?;
        let len = usize::from(u16_at(stream, at + 2)?);
        let body = stream.get(at + 4..at + 4 + len)?;
        at += 4 + len;
        match kind {
            // Charts stand inside the sheet that shows them.
            0x0809 | 0x0409 | 0x0209 | 0x0009 => depth += 1,
            0x000A => {
                depth = depth.checked_sub(1)?;
                if depth == 0 {
                    return None;
                }
            }
            _ => {}
        }
        let outer = depth <= 1;
        Some(Record {
            kind: if outer { kind } else { 0 },
            body,
        })
    })
}

impl Records {
    /// Reads the globals and every sheet.
    pub(super) fn read(stream: &[u8], limits: &Limits) -> Result<Self> {
        let mut records = Records::default();
        let mut codes: BTreeMap<u16, Format> = BTreeMap::new();
        let mut styles: Vec<Style> = Vec::new();
        let mut fonts: Vec<Look> = Vec::new();
        let mut texts: Vec<&[u8]> = Vec::new();
        let mut goes_on = false;
        let mut starts = Vec::new();
        let mut new_layout = true;
        for Record { kind, body } in substream(stream, 0) {
            match kind {
                0x0809 => new_layout = u16_at(body, 0) == Some(0x0600),
                0x002F => return Err(encrypted()),
                0x0085 => starts.extend(u32_at(body, 0)),
                0x041E => {
                    if let Some((id, code)) = format_code(body, new_layout) {
                        codes.insert(id, Format::of(&code));
                    }
                }
                0x00E0 => styles.extend(style(body, new_layout)),
                0x0031 | 0x0231 => fonts.push(font(body)),
                0x00FC if texts.is_empty() => texts.push(body),
                0x003C if goes_on => texts.push(body),
                _ => {}
            }
            goes_on = matches!(kind, 0x00FC) || (kind == 0x003C && goes_on);
        }
        // There is no font 4.
        let look = |index: u16| {
            let index = usize::from(index);
            fonts.get(index - usize::from(index > 4)).copied().unwrap_or_default()
        };
        for style in styles {
            let builtin = || Format::builtin(u32::from(style.format));
            let font = look(style.font);
            records.styles.push(CellStyle {
                format: codes.get(&style.format).cloned().unwrap_or_else(builtin),
                ruled: style.ruled,
                struck: font.struck == Some(true),
                white: font.white == Some(true) && !style.painted,
                painted: style.painted,
            });
        }
        records.strings = shared::rich_texts(&texts, look);
        let mut count = Count::new(limits);
        for start in starts {
            let sheet = read_sheet(stream, start as usize, &mut count)?;
            records.sheets.push(sheet);
        }
        Ok(records)
    }

    pub(super) fn sheet(&self, index: usize) -> Option<&SheetRecords> {
        self.sheets.get(index)
    }

    pub(super) fn style(&self, style: u16) -> &CellStyle {
        self.styles.get(usize::from(style)).unwrap_or(NONE)
    }

    /// A text that has runs of its own.
    pub(super) fn rich(&self, text: u32) -> Option<&RichText> {
        self.strings.get(&text)
    }
}

/// Format record (§2.4.126): number and code.
fn format_code(body: &[u8], new_layout: bool) -> Option<(u16, String)> {
    let id = u16_at(body, 0)?;
    if !new_layout {
        let len = usize::from(*body.get(2)?);
        let code = encoding_rs::GBK.decode_without_bom_handling(body.get(3..3 + len)?).0;
        return Some((id, code.into_owned()));
    }
    let len = usize::from(u16_at(body, 2)?);
    let units: Vec<u16> = match body.get(4)? & 1 {
        0 => body.get(5..5 + len)?.iter().map(|b| u16::from(*b)).collect(),
        _ => body
            .get(5..5 + len * 2)?
            .chunks_exact(2)
            .map(|p| u16::from_le_bytes([p[0], p[1]]))
            .collect(),
    };
    Some((id, String::from_utf16_lossy(&units)))
}

/// An XF record (§2.4.353).
struct Style {
    font: u16,
    format: u16,
    /// Any border is drawn.
    ruled: bool,
    painted: bool,
}

fn style(body: &[u8], new_layout: bool) -> Option<Style> {
    let font = u16_at(body, 0)?;
    let format = u16_at(body, 2)?;
    let (ruled, painted) = if new_layout {
        // Four lines of four bits each; the pattern in the upper six bits, then its colours of seven bits each.
        let pattern = u32_at(body, 14).unwrap_or(0) >> 26;
        let white = matches!(u16_at(body, 18).unwrap_or(0) & 0x7F, WHITE);
        (
            u16_at(body, 10).is_some_and(|lines| lines != 0),
            pattern != 0 && !(pattern == 1 && white),
        )
    } else {
        // BIFF5: the bottom line ends the fill's word, the others stand in the next one.
        let bottom = u16_at(body, 10).is_some_and(|word| word & 0x01C0 != 0);
        let ruled = bottom || u16_at(body, 12).is_some_and(|word| word & 0x01FF != 0);
        (ruled, u16_at(body, 10).is_some_and(|word| word & 0x003F != 0))
    };
    Some(Style {
        font,
        format,
        ruled,
        painted,
    })
}

/// White in the table of colours.
const WHITE: u16 = 9;

/// Font record (§2.4.122): struck letters, their colour, how they stand.
fn font(body: &[u8]) -> Look {
    Look {
        struck: Some(u16_at(body, 2).unwrap_or(0) & 0x0008 != 0),
        white: Some(u16_at(body, 4) == Some(WHITE)),
        level: match u16_at(body, 8) {
            Some(1) => Some(Level::Raised),
            Some(2) => Some(Level::Lowered),
            _ => None,
        },
        ..Look::default()
    }
}

/// Dimensions record (§2.4.90): first row, row behind the last, first column, column behind the last. Whether it is an
/// extent that the format allows.
fn has_sound_extent(body: &[u8]) -> bool {
    let extent = if body.len() < 14 {
        // BIFF5: rows of two bytes.
        [0, 2, 6].map(|at| u16_at(body, at).map(u32::from))
    } else {
        [u32_at(body, 0), u32_at(body, 4), u16_at(body, 10).map(u32::from)]
    };
    let [Some(first_row), Some(rows), Some(columns)] = extent else {
        return true; // too short: calamine says so
    };
    // Both ends are 0 in an empty sheet; calamine takes a first column behind the last for 0.
    let empty = rows == 0 || columns == 0;
    empty || (first_row < rows && rows <= MOST_ROWS && u64::from(rows) * u64::from(columns) <= MOST_SQUARES)
}

fn read_sheet(stream: &[u8], start: usize, count: &mut Count) -> Result<SheetRecords> {
    let mut sheet = SheetRecords::default();
    // First and last row and column with a value: what a dense grid would take.
    let mut bounds: Option<(u32, u32, u32, u32)> = None;
    let mut add = |sheet: &mut SheetRecords, row: u16, column: u16, style: u16, value: bool| {
        let (row, column) = (u32::from(row), u32::from(column));
        count.add()?;
        sheet.styles.insert((row, column), style);
        if value {
            let (r1, c1, r2, c2) = bounds.unwrap_or((row, column, row, column));
            let grown = (r1.min(row), c1.min(column), r2.max(row), c2.max(column));
            let squares = u64::from(grown.2 - grown.0 + 1) * u64::from(grown.3 - grown.1 + 1);
            if squares > Table::MAX_SQUARES as u64 {
                return Err(Error::limit(
                    "the size of a sheet",
                    format!("{} squares", Table::MAX_SQUARES),
                ));
            }
            bounds = Some(grown);
        }
        Ok(())
    };
    let mut floating = Floating::default();
    for Record { kind, body } in substream(stream, start) {
        floating.record(kind, body, &mut sheet);
        let (Some(first), Some(second)) = (u16_at(body, 0), u16_at(body, 2)) else {
            continue;
        };
        match kind {
            0x002F => return Err(encrypted()),
            // Blank, Number, Label, BoolErr, RString, LabelSst, RK, Formula: row, column, style.
            0x0201 | 0x0203 | 0x0204 | 0x0205 | 0x00D6 | 0x00FD | 0x027E | 0x0006 | 0x0406 => {
                if let Some(style) = u16_at(body, 4) {
                    add(&mut sheet, first, second, style, kind != 0x0201)?;
                }
                if let Some(text) = u32_at(body, 6).filter(|_| kind == 0x00FD) {
                    sheet.texts.insert((u32::from(first), u32::from(second)), text);
                }
            }
            // MulBlank: styles, then the last column. MulRk: style and number of each.
            0x00BE | 0x00BD => {
                let width = if kind == 0x00BE { 2 } else { 6 };
                let count = body.len().saturating_sub(6) / width;
                for index in 0..count {
                    let column = u32::from(second) + index as u32;
                    if let Some(style) = u16_at(body, 4 + index * width)
                        && column < COLUMNS
                    {
                        add(&mut sheet, first, column as u16, style, kind == 0x00BD)?;
                    }
                }
            }
            // Dimensions: calamine takes memory for as many cells as it says.
            0x0200 if !has_sound_extent(body) => {
                return Err(Error::damaged("broken workbook: the extent of a sheet is impossible"));
            }
            // Row: fDyZero.
            0x0208 if u16_at(body, 12).is_some_and(|flags| flags & 0x20 != 0) => {
                sheet.hidden_rows.insert(u32::from(first));
            }
            0x01B0 => sheet.is_painted = true,
            // ColInfo: fHidden.
            0x007D if u16_at(body, 8).is_some_and(|flags| flags & 1 != 0) => {
                sheet.hidden_columns.push((u32::from(first), u32::from(second)));
            }
            _ => {}
        }
    }
    Ok(sheet)
}
