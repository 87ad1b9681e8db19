//! The style sheet ([MS-DOC] §2.4.6.5) and the font names, as far as they change what is read.

use super::bytes::Bytes;
use super::limits;
use super::sprm::{Character, Paragraph};
use crate::ingest::docx::symbols::Font;

/// A style with what it is based on.
#[derive(Debug, Clone, Default)]
pub(super) struct Style {
    /// Paragraph formatting of the style and its bases.
    pub(super) paragraph: Paragraph,
    /// Heading level from 1, by the number of the built-in style.
    pub(super) heading: Option<u8>,
    /// Character formatting of the style and its bases.
    pub(super) character: Character,
}

/// The styles by their index.
#[derive(Debug, Default)]
pub(super) struct StyleSheet(Vec<Style>);

struct Raw<'a> {
    number: u16,
    base: usize,
    paragraph: &'a [u8],
    character: &'a [u8],
}

impl StyleSheet {
    /// Reads the sheet; styles that are cut off count as absent.
    pub(super) fn read(sheet: Bytes<'_>) -> Self {
        let Some(head) = sheet.u16(0).map(usize::from) else {
            return StyleSheet::default();
        };
        let count = usize::from(sheet.u16(2).unwrap_or(0)).min(4096);
        let fixed = usize::from(sheet.u16(4).unwrap_or(10)).max(10);
        let mut at = 2 + head;
        let mut raw: Vec<Option<Raw<'_>>> = Vec::with_capacity(count);
        for _ in 0..count {
            let Some(len) = sheet.u16(at).map(usize::from) else {
                break;
            };
            raw.push(sheet.part(at + 2, len).and_then(|style| Raw::read(style, fixed)));
            at += 2 + len + len % 2;
        }
        StyleSheet((0..raw.len()).map(|index| resolve(&raw, index)).collect())
    }

    pub(super) fn get(&self, index: u16) -> Option<&Style> {
        self.0.get(usize::from(index))
    }
}

impl<'a> Raw<'a> {
    fn read(style: Bytes<'a>, fixed: usize) -> Option<Self> {
        let number = style.u16(0)? & 0x0FFF;
        let kind = style.u16(2)? & 0x000F;
        let base = usize::from(style.u16(2)? >> 4);
        let name = usize::from(style.u16(fixed)?);
        let mut at = fixed + 2 + (name + 1) * 2;
        let mut next = || {
            let len = usize::from(style.u16(at)?);
            let group = style.slice(at + 2, len)?;
            at += 2 + len + len % 2;
            Some(group)
        };
        let (mut paragraph, mut character): (&[u8], &[u8]) = (&[], &[]);
        match kind {
            1 => {
                // The style's own index stands first.
                paragraph = next().and_then(|group| group.get(2..)).unwrap_or_default();
                character = next().unwrap_or_default();
            }
            2 => character = next().unwrap_or_default(),
            _ => {}
        }
        Some(Raw {
            number,
            base,
            paragraph,
            character,
        })
    }
}

fn resolve(raw: &[Option<Raw<'_>>], index: usize) -> Style {
    let mut chain = Vec::new();
    let mut at = index;
    while let Some(Some(style)) = raw.get(at)
        && chain.len() < limits::CHAIN
    {
        chain.push(style);
        at = style.base;
    }
    let mut resolved = Style::default();
    let mut character = Character::default();
    for style in chain.iter().rev() {
        // Long groups in the data stream are not used in styles.
        resolved.paragraph.apply(style.paragraph, Bytes(&[]));
        let base = character.clone();
        character.apply(style.character, &base);
    }
    resolved.character = character;
    // sti 1..=9 are the headings, and a style based on one is a heading of its level.
    resolved.heading = chain
        .iter()
        .find(|style| (1..=9).contains(&style.number))
        .and_then(|style| u8::try_from(style.number).ok());
    resolved
}

/// Kinds of the fonts, by their index (SttbfFfn, §2.9.286).
pub(super) fn fonts(table: Bytes<'_>) -> Vec<Font> {
    let mut fonts = Vec::new();
    let count = usize::from(table.u16(0).unwrap_or(0));
    let mut at = 4;
    for _ in 0..count {
        let Some(len) = table.u8(at).map(usize::from) else {
            break;
        };
        let name = table
            .slice(at + 1, len)
            .and_then(|font| font.get(39..))
            .unwrap_or_default();
        let units: Vec<u16> = name
            .chunks_exact(2)
            .map(|pair| u16::from_le_bytes([pair[0], pair[1]]))
            .take_while(|unit| *unit != 0)
            .collect();
        fonts.push(Font::of(&String::from_utf16_lossy(&units)));
        at += 1 + len;
    }
    fonts
}
