//! Lists ([MS-DOC] §2.9.131, §2.9.147): the numbers that stand in no text.

use super::bytes::Bytes;
use super::limits;
use crate::ingest::docx::numbering::{LevelSpec, Numbering};
use std::collections::BTreeMap;

/// Names of the number formats ([MS-OSHARED] §2.2.1.3) as OOXML has them.
const FORMATS: [&str; 41] = [
    "decimal",
    "upperRoman",
    "lowerRoman",
    "upperLetter",
    "lowerLetter",
    "ordinal",
    "cardinalText",
    "ordinalText",
    "hex",
    "chicago",
    "ideographDigital",
    "japaneseCounting",
    "aiueo",
    "iroha",
    "decimalFullWidth",
    "decimalHalfWidth",
    "japaneseLegal",
    "japaneseDigitalTenThousand",
    "decimalEnclosedCircle",
    "decimalFullWidth2",
    "aiueoFullWidth",
    "irohaFullWidth",
    "decimalZero",
    "bullet",
    "ganada",
    "chosung",
    "decimalEnclosedFullstop",
    "decimalEnclosedParen",
    "decimalEnclosedCircleChinese",
    "ideographEnclosedCircle",
    "ideographTraditional",
    "ideographZodiac",
    "ideographZodiacTraditional",
    "taiwaneseCounting",
    "ideographLegalTraditional",
    "taiwaneseCountingThousand",
    "taiwaneseDigital",
    "chineseCounting",
    "chineseLegalSimplified",
    "chineseCountingThousand",
    "koreanDigital",
];

/// Reads both tables. `lists` begins at PlfLst and goes on to the stream's end, because the levels stand behind it.
pub(super) fn read(lists: Bytes<'_>, heads: usize, uses: Bytes<'_>) -> Numbering {
    let mut numbering = Numbering::default();
    read_lists(lists, heads, &mut numbering);
    read_uses(uses, &mut numbering);
    numbering
}

fn read_lists(lists: Bytes<'_>, heads: usize, numbering: &mut Numbering) -> Option<()> {
    let count = usize::from(lists.u16(0)?);
    let mut at = heads;
    let mut left = limits::LIST_LEVELS;
    for index in 0..count {
        let head = lists.part(2 + index * 28, 28)?;
        let id = head.i32(0)?;
        let levels = if head.u8(26)? & 1 == 1 { 1 } else { 9 };
        left = left.checked_sub(levels)?;
        let mut found = Vec::with_capacity(levels);
        for _ in 0..levels {
            let Some((level, len)) = level(lists.from(at)) else {
                break;
            };
            at += len;
            found.push(level);
        }
        let complete = found.len() == levels;
        numbering.define(i64::from(id), found);
        if !complete {
            return None;
        }
    }
    Some(())
}

fn read_uses(uses: Bytes<'_>, numbering: &mut Numbering) -> Option<()> {
    let count = uses.u32(0)? as usize;
    let mut at = 4usize.checked_add(count.checked_mul(16)?)?;
    // What a use changes stands behind all uses.
    for index in 0..count.min(uses.len() / 16) {
        let head = uses.part(4 + index * 16, 16)?;
        let (list, changes) = (head.i32(0)?, head.u8(12)?);
        let (mut starts, mut levels) = (BTreeMap::new(), BTreeMap::new());
        let mut intact = uses.u32(at).is_some();
        at += 4;
        for _ in 0..changes {
            let (Some(start), Some(flags)) = (uses.i32(at), uses.u32(at + 4)) else {
                intact = false;
                break;
            };
            at += 8;
            let place = (flags & 0xF) as usize;
            if flags & 0x20 != 0 {
                let Some((level, len)) = level(uses.from(at)) else {
                    intact = false;
                    break;
                };
                at += len;
                if flags & 0x10 != 0 {
                    starts.insert(place, level.start);
                }
                levels.insert(place, level);
            } else if flags & 0x10 != 0 {
                starts.insert(place, u32::try_from(start).unwrap_or(0));
            }
        }
        numbering.define_use(index as i64 + 1, i64::from(list), starts, levels);
        if !intact && changes > 0 {
            return None;
        }
    }
    Some(())
}

/// One level (LVL, §2.9.150) and its length in bytes.
fn level(bytes: Bytes<'_>) -> Option<(LevelSpec, usize)> {
    let start = u32::try_from(bytes.i32(0)?).unwrap_or(0);
    let format = match usize::from(bytes.u8(4)?) {
        255 => "none",
        code => FORMATS.get(code).copied().unwrap_or("unknown"),
    };
    let flags = bytes.u8(5)?;
    let follow = bytes.u8(15)?;
    let (characters, paragraph) = (usize::from(bytes.u8(24)?), usize::from(bytes.u8(25)?));
    let restart = bytes.u8(26)?;
    let at = 28 + characters + paragraph;
    let length = usize::from(bytes.u16(at)?);
    let units = bytes.slice(at + 2, length * 2)?;
    let units: Vec<u16> = units
        .chunks_exact(2)
        .map(|pair| u16::from_le_bytes([pair[0], pair[1]]))
        .collect();
    let mut text = String::new();
    for c in String::from_utf16_lossy(&units).chars() {
        match u32::from(c) {
            // A number of that level stands here.
            place @ 0..=8 => {
                text.push('%');
                text.push(char::from_digit(place + 1, 10).unwrap_or('1'));
            }
            _ => text.push(c),
        }
    }
    let level = LevelSpec {
        start,
        format,
        text,
        glued: follow == 2,
        restart: (flags & 0x08 != 0).then_some(u32::from(restart)),
        legal: flags & 0x04 != 0,
    };
    Some((level, at + 2 + length * 2))
}
