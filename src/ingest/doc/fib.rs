//! The file information block ([MS-DOC] §2.5): what the file is, and where its parts stand in the table stream.

use super::bytes::Bytes;
use crate::error::{Error, ErrorKind, Result};

/// A part of the table stream.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Place {
    pub(super) at: usize,
    pub(super) len: usize,
}

/// Parts that are read, by their index in FibRgFcLcb97 (§2.5.6).
#[derive(Debug, Clone, Copy)]
pub(super) enum Part {
    Styles = 1,
    Sections = 6,
    Chpx = 12,
    Papx = 13,
    Fonts = 15,
    Clx = 33,
    ShapeAnchors = 40,
    TextBoxes = 56,
    Lists = 73,
    ListUses = 74,
}

/// What the block says.
#[derive(Debug)]
pub(super) struct Fib {
    /// The table stream is `1Table`, else `0Table`.
    pub(super) second_table: bool,
    /// Language of the writing program ([MS-LCID]).
    pub(super) language: u16,
    /// Characters of the stories, in the order in which they stand: text, footnotes, headers, (unused), comments,
    /// endnotes, text boxes, text boxes of headers (§2.5.4).
    pub(super) counts: [u32; 8],
    places: Vec<Place>,
}

/// First version whose layout is that of Word 97 (§2.5.1).
const WORD_97: u16 = 0x00C1;

impl Fib {
    /// Reads the block at the start of the WordDocument stream.
    pub(super) fn read(stream: Bytes<'_>) -> Result<Self> {
        let cut = || Error::damaged("the Word file's head is cut off").in_part("WordDocument");
        let magic = stream.u16(0).ok_or_else(cut)?;
        let version = stream.u16(2).ok_or_else(cut)?;
        let language = stream.u16(6).ok_or_else(cut)?;
        let flags = stream.u16(10).ok_or_else(cut)?;
        // 0xA5DC is Word 6 and 95, 0xA59B and the like Word 2, 0xA697/0xA699 Far East editions of it.
        let old = matches!(magic, 0xA5DC | 0xA59B | 0xA59C | 0xA5DB | 0xA697 | 0xA698 | 0xA699);
        if old || (magic == 0xA5EC && version < WORD_97) {
            return Err(Error::unsupported(
                "a document of Word 95 or older",
                "open it in Word or WPS and save it as .docx, or let LibreOffice convert it with --converter soffice",
            ));
        }
        if magic != 0xA5EC {
            return Err(Error::unsupported(
                "a WordDocument stream of a format that is not Word's",
                "open it in WPS or Word and save it as .docx, or let LibreOffice convert it with --converter soffice",
            ));
        }
        if flags & 0x0100 != 0 {
            return Err(Error::new(ErrorKind::Encrypted(
                "a Word document with a password; open it and save it without one".to_owned(),
            )));
        }
        let words = usize::from(stream.u16(32).ok_or_else(cut)?);
        let longs_at = 34 + words * 2;
        let longs = usize::from(stream.u16(longs_at).ok_or_else(cut)?);
        let pairs_at = longs_at + 2 + longs * 4;
        let pairs = usize::from(stream.u16(pairs_at).ok_or_else(cut)?);
        if longs < 11 || pairs <= Part::Clx as usize {
            return Err(cut());
        }
        let mut counts = [0; 8];
        for (index, count) in counts.iter_mut().enumerate() {
            let stated = stream.i32(longs_at + 2 + (3 + index) * 4).ok_or_else(cut)?;
            *count = u32::try_from(stated)
                .map_err(|_| Error::damaged("a story of negative length").in_part("WordDocument"))?;
        }
        let mut places = Vec::new();
        for index in 0..pairs.min(Part::ListUses as usize + 1) {
            let at = pairs_at + 2 + index * 8;
            let (Some(at), Some(len)) = (stream.u32(at), stream.u32(at + 4)) else {
                break;
            };
            places.push(Place {
                at: at as usize,
                len: len as usize,
            });
        }
        Ok(Fib {
            second_table: flags & 0x0200 != 0,
            language,
            counts,
            places,
        })
    }

    /// Where a part stands in the table stream; length 0 when there is none.
    pub(super) fn place(&self, part: Part) -> Place {
        self.places.get(part as usize).copied().unwrap_or_default()
    }

    /// The bytes of a part; `None` when there is none or it reaches over the stream's end.
    pub(super) fn part<'a>(&self, part: Part, table: Bytes<'a>) -> Option<Bytes<'a>> {
        let Place { at, len } = self.place(part);
        if len == 0 { None } else { table.part(at, len) }
    }
}
