//! The table of texts of a BIFF8 workbook ([MS-XLS] §2.4.265): only those with runs of their own are kept, the others
//! come from `calamine`.

use super::strings::{RichText, clean, set};
use crate::ingest::looks::Look;
use std::collections::BTreeMap;

/// Reads through a record and those that continue it.
struct Reader<'a> {
    bodies: &'a [&'a [u8]],
    at: usize,
}

impl Reader<'_> {
    /// Goes to the next body where this one is used up; whether it did.
    fn turn(&mut self) -> Option<bool> {
        let mut turned = false;
        while self.at >= self.bodies.first()?.len() {
            self.bodies = &self.bodies[1..];
            self.at = 0;
            turned = true;
        }
        Some(turned)
    }

    fn byte(&mut self) -> Option<u8> {
        self.turn()?;
        let byte = *self.bodies.first()?.get(self.at)?;
        self.at += 1;
        Some(byte)
    }

    fn word(&mut self) -> Option<u16> {
        Some(u16::from(self.byte()?) | u16::from(self.byte()?) << 8)
    }

    fn long(&mut self) -> Option<u32> {
        Some(u32::from(self.word()?) | u32::from(self.word()?) << 16)
    }

    fn skip(&mut self, mut bytes: usize) -> Option<()> {
        while bytes > 0 {
            self.turn()?;
            let here = (self.bodies.first()?.len() - self.at).min(bytes);
            self.at += here;
            bytes -= here;
        }
        Some(())
    }

    /// Characters; a body that continues them begins with their width.
    fn characters(&mut self, count: usize, mut wide: bool) -> Option<Vec<u16>> {
        let mut units = Vec::new();
        while units.len() < count {
            if self.turn()? {
                wide = self.byte()? & 1 != 0;
            }
            units.push(if wide { self.word()? } else { u16::from(self.byte()?) });
        }
        Some(units)
    }

    /// One text; `Some(None)` for one without runs.
    fn text(&mut self, look: &impl Fn(u16) -> Look) -> Option<Option<RichText>> {
        let count = usize::from(self.word()?);
        let flags = self.byte()?;
        let runs = if flags & 8 != 0 { usize::from(self.word()?) } else { 0 };
        let extra = if flags & 4 != 0 { self.long()? as usize } else { 0 };
        let units = self.characters(count, flags & 1 != 0)?;
        let mut starts = vec![(0usize, None)];
        for _ in 0..runs {
            let (start, font) = (self.word()?, self.word()?);
            starts.push((usize::from(start), Some(font)));
        }
        self.skip(extra)?;
        if runs == 0 {
            return Some(None);
        }
        let ends = starts.iter().skip(1).map(|(start, _)| *start).chain([units.len()]);
        let pieces = starts.iter().zip(ends).filter_map(|((start, font), end)| {
            let piece = units
                .get(*start..end.min(units.len()))
                .filter(|piece| !piece.is_empty())?;
            let look = font.map_or(Look::default(), look);
            Some((look, clean(&String::from_utf16_lossy(piece))))
        });
        Some(Some(set(pieces.collect())))
    }
}

/// The texts with runs of their own, by their number; what is cut off ends them.
pub(super) fn rich_texts(bodies: &[&[u8]], look: impl Fn(u16) -> Look) -> BTreeMap<u32, RichText> {
    let mut rich = BTreeMap::new();
    let mut reader = Reader { bodies, at: 8 };
    let count = bodies.first().and_then(|body| body.get(4..8));
    let count = count.map_or(0, |count| u32::from_le_bytes([count[0], count[1], count[2], count[3]]));
    for index in 0..count {
        match reader.text(&look) {
            Some(Some(text)) => {
                rich.insert(index, text);
            }
            Some(None) => {}
            None => break,
        }
    }
    rich
}
