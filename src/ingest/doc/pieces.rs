//! The piece table ([MS-DOC] §2.4.1, §2.8.35): the document's characters in order, wherever they stand in the stream.

use super::bytes::Bytes;
use super::limits;
use crate::error::{Error, Result};
use encoding_rs::{GBK, WINDOWS_1252};

/// A stretch of characters that stand together in the stream.
#[derive(Debug)]
pub(super) struct Piece {
    /// First character of the piece in the document.
    pub(super) start: usize,
    /// One past its last character.
    pub(super) end: usize,
    /// Byte of the stream where it stands.
    pub(super) at: usize,
    /// Bytes of a character: 1 or 2.
    pub(super) width: usize,
    /// Changes of formatting that a fast save put beside the piece: sprms.
    pub(super) changes: Vec<u8>,
}

/// All text of a document.
#[derive(Debug)]
pub(super) struct Text {
    pub(super) pieces: Vec<Piece>,
    /// UTF-16 units, one a character position; 0 where the second byte of a GBK character stood.
    pub(super) units: Vec<u16>,
    /// Bytes were read as GBK though the format says Western.
    pub(super) guessed_gbk: bool,
}

impl Text {
    /// Reads the table and decodes every piece. `characters` is what the stories need together.
    pub(super) fn read(clx: Bytes<'_>, stream: Bytes<'_>, characters: usize, language: u16) -> Result<Self> {
        let broken = |what: &str| Error::damaged(format!("the piece table {what}")).in_part("Clx");
        if characters > limits::CHARACTERS {
            return Err(Error::limit(
                "the document's text",
                format!("{} characters", limits::CHARACTERS),
            ));
        }
        let mut changes: Vec<&[u8]> = Vec::new();
        let mut at = 0;
        let table = loop {
            match clx.u8(at) {
                Some(1) => {
                    let len = usize::from(clx.u16(at + 1).ok_or_else(|| broken("is cut off"))?);
                    changes.push(clx.slice(at + 3, len).ok_or_else(|| broken("is cut off"))?);
                    at += 3 + len;
                }
                Some(2) => {
                    let len = clx.u32(at + 1).ok_or_else(|| broken("is cut off"))? as usize;
                    let rest = clx.from(at + 5);
                    break rest.part(0, len).ok_or_else(|| broken("is cut off"))?;
                }
                _ => return Err(broken("has no beginning")),
            }
        };
        let count = table.len().saturating_sub(4) / 12;
        let mut text = Text {
            pieces: Vec::new(),
            units: Vec::new(),
            guessed_gbk: false,
        };
        for index in 0..count {
            let bounds = (table.u32(index * 4), table.u32(index * 4 + 4));
            let descriptor = (count + 1) * 4 + index * 8;
            let (Some(start), Some(end)) = (bounds.0, bounds.1) else {
                return Err(broken("is cut off"));
            };
            let (start, end) = (start as usize, end as usize);
            if start != text.units.len() || end < start {
                return Err(broken("is out of order"));
            }
            if start >= characters {
                break;
            }
            let end = end.min(characters);
            let fc = table.u32(descriptor + 2).ok_or_else(|| broken("is cut off"))?;
            let compressed = fc & 0x4000_0000 != 0;
            let at = (fc & 0x3FFF_FFFF) as usize;
            let (at, width) = if compressed { (at / 2, 1) } else { (at, 2) };
            let bytes = stream.slice(at, (end - start) * width);
            let bytes = bytes.ok_or_else(|| broken("points behind the end of the text"))?;
            if compressed {
                text.push_narrow(bytes, language);
            } else {
                let wide = bytes.chunks_exact(2).map(|pair| u16::from_le_bytes([pair[0], pair[1]]));
                text.units.extend(wide);
            }
            let prm = table.u16(descriptor + 6).unwrap_or(0);
            text.pieces.push(Piece {
                start,
                end,
                at,
                width,
                changes: changes_of(prm, &changes),
            });
        }
        if text.units.len() < characters {
            return Err(broken("holds less text than the document has"));
        }
        Ok(text)
    }

    /// Characters of one byte. The format says that they are Western; some Chinese programs put GBK there.
    fn push_narrow(&mut self, bytes: &[u8], language: u16) {
        const CHINESE: [u16; 3] = [0x0804, 0x1004, 0x0004];
        if looks_like_gbk(bytes, CHINESE.contains(&language)) {
            self.guessed_gbk = true;
            let mut rest = bytes;
            while let [first, tail @ ..] = rest {
                if *first < 0x80 {
                    self.units.push(u16::from(*first));
                    rest = tail;
                    continue;
                }
                let pair = &rest[..rest.len().min(2)];
                let decoded = GBK.decode_without_bom_handling_and_without_replacement(pair);
                let unit = decoded.and_then(|text| text.encode_utf16().next());
                self.units.push(unit.unwrap_or(0xFFFD));
                self.units.extend(std::iter::repeat_n(0, pair.len() - 1));
                rest = &rest[pair.len()..];
            }
            return;
        }
        for byte in bytes {
            let unit = match byte {
                0x80..=0x9F => {
                    let decoded = WINDOWS_1252.decode_without_bom_handling(std::slice::from_ref(byte)).0;
                    decoded.encode_utf16().next().unwrap_or(0xFFFD)
                }
                other => u16::from(*other),
            };
            self.units.push(unit);
        }
    }

    /// The piece that holds a character.
    pub(super) fn piece(&self, cp: usize) -> Option<&Piece> {
        let index = self.pieces.partition_point(|piece| piece.end <= cp);
        self.pieces.get(index).filter(|piece| piece.start <= cp)
    }
}

/// Whether the bytes above ASCII come in pairs of common Chinese characters, in runs that Western text does not have.
fn looks_like_gbk(bytes: &[u8], chinese: bool) -> bool {
    let mut rest = bytes;
    let (mut pairs, mut hanzi, mut longest, mut run) = (0usize, 0usize, 0usize, 0usize);
    while let [first, tail @ ..] = rest {
        if *first < 0x80 {
            run = 0;
            rest = tail;
            continue;
        }
        let (0xA1..=0xF7, Some(0xA1..=0xFE)) = (first, tail.first()) else {
            return false;
        };
        pairs += 1;
        hanzi += usize::from(*first >= 0xB0);
        run += 1;
        longest = longest.max(run);
        rest = &tail[1..];
    }
    let enough = if chinese { 2 } else { 4 };
    longest >= enough && hanzi * 2 >= pairs
}

/// Prm0 or Prm1 (§2.9.183): one small sprm, or an entry of the Clx.
fn changes_of(prm: u16, all: &[&[u8]]) -> Vec<u8> {
    if prm & 1 == 1 {
        return all.get(usize::from(prm >> 1)).map(|c| c.to_vec()).unwrap_or_default();
    }
    // Of the 128 short codes only those that change what is read.
    let sprm: u16 = match (prm >> 1) & 0x7F {
        0x18 => 0x2416, // sprmPFInTable
        0x19 => 0x2417, // sprmPFTtp
        0x41 => 0x0800, // sprmCFRMarkDel
        0x5C => 0x083C, // sprmCFVanish
        _ => return Vec::new(),
    };
    let [low, high] = sprm.to_le_bytes();
    vec![low, high, (prm >> 8) as u8]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gbk_is_told_from_western_text() {
        let gbk = encoding_rs::GBK.encode("预算金额200万元").0;
        assert!(looks_like_gbk(&gbk, true));
        assert!(looks_like_gbk(&gbk, false));
        for western in [
            &b"caf\xE9 200"[..],
            b"\x93quoted\x94",
            b"2\xB710",
            b"\x97\x97",
            b"plain",
        ] {
            assert!(!looks_like_gbk(western, true), "{western:?}");
        }
    }
}
