//! Text boxes and comments of legacy workbooks: the records Obj, TxO and MsoDrawing ([MS-XLS] §2.4.181, §2.4.329, §2.4.170).

use super::records::SheetRecords;
use crate::model::has_digit;
use std::collections::BTreeSet;

const DRAWING: u16 = 0x00EC;
const OBJECT: u16 = 0x005D;
const TEXT: u16 = 0x01B6;
const CONTINUE: u16 = 0x003C;
const NOTE: u16 = 0x001C;
/// The kind of object that is a comment of a cell.
const COMMENT: u16 = 0x0019;
/// Texts of one sheet that are read, and characters of one.
const MOST: usize = 10_000;
const MOST_CHARS: usize = 32_767;

/// The object under way: its records follow each other.
#[derive(Debug, Default)]
pub(super) struct Floating {
    anchor: (u32, u32),
    kind: u16,
    id: u16,
    /// Comments that hold a figure, by the number of their object: a Note tells the cell.
    comments: BTreeSet<u16>,
    /// Characters of its text that are still to come.
    left: usize,
    text: Vec<u16>,
}

impl Floating {
    /// Looks at a record of a sheet.
    pub(super) fn record(&mut self, kind: u16, body: &[u8], sheet: &mut SheetRecords) {
        match kind {
            DRAWING => {
                if let Some(anchor) = anchor(body) {
                    self.anchor = anchor;
                }
            }
            OBJECT => {
                self.kind = number(body, 4).unwrap_or_default();
                self.id = number(body, 6).unwrap_or_default();
            }
            NOTE => {
                let known = number(body, 6).is_some_and(|id| self.comments.contains(&id));
                if let (Some(row), Some(column), true) = (number(body, 0), number(body, 2), known) {
                    sheet.commented.push((u32::from(row), u32::from(column)));
                }
            }
            TEXT => {
                self.left = number(body, 10).map_or(0, usize::from).min(MOST_CHARS);
                self.text.clear();
            }
            CONTINUE if self.left > 0 => {
                self.piece(body);
                if self.left == 0 {
                    self.end(sheet);
                }
            }
            _ => {}
        }
    }

    /// Characters of one byte or of two, as the first byte says.
    fn piece(&mut self, body: &[u8]) {
        let Some((wide, chars)) = body.split_first() else {
            self.left = 0;
            return;
        };
        let before = self.text.len();
        if wide & 1 == 0 {
            self.text.extend(chars.iter().take(self.left).map(|b| u16::from(*b)));
        } else {
            let pairs = chars.chunks_exact(2).take(self.left);
            self.text.extend(pairs.map(|p| u16::from_le_bytes([p[0], p[1]])));
        }
        let read = self.text.len() - before;
        // A piece without a character would never end the text.
        self.left = if read == 0 { 0 } else { self.left - read };
    }

    fn end(&mut self, sheet: &mut SheetRecords) {
        let text = String::from_utf16_lossy(&std::mem::take(&mut self.text));
        if self.kind != COMMENT && sheet.boxes.len() < MOST {
            sheet.boxes.push((self.anchor, text));
        } else if self.kind == COMMENT && has_digit(&text) && self.comments.len() < MOST {
            self.comments.insert(self.id);
        }
    }
}

fn number(body: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_le_bytes([*body.get(at)?, *body.get(at + 1)?]))
}

/// Row and column of the last anchor in a record of drawings ([MS-ODRAW] OfficeArtClientAnchorSheet: flags, column, dx, row).
fn anchor(body: &[u8]) -> Option<(u32, u32)> {
    const HEAD: [u8; 8] = [0, 0, 0x10, 0xF0, 0x12, 0, 0, 0];
    let at = body.windows(HEAD.len()).rposition(|window| window == HEAD)? + HEAD.len();
    Some((u32::from(number(body, at + 6)?), u32::from(number(body, at + 2)?)))
}
