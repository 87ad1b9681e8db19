//! Single property modifiers ([MS-DOC] §2.2.5, §2.6): what a stretch of formatting changes.

use super::bytes::Bytes;
use crate::ingest::docx::properties::{LOWERED, RAISED};
use crate::ingest::looks::{Level, Look};

/// One modifier and its operand.
#[derive(Debug, Clone, Copy)]
pub(super) struct Sprm<'a> {
    pub(super) code: u16,
    pub(super) operand: Bytes<'a>,
}

impl Sprm<'_> {
    pub(super) fn byte(&self) -> u8 {
        self.operand.u8(0).unwrap_or(0)
    }

    pub(super) fn word(&self) -> u16 {
        self.operand.u16(0).unwrap_or(0)
    }
}

pub(super) const P_HUGE_PAPX: u16 = 0x6646;
pub(super) const P_HUGE_PAPX_OLD: u16 = 0x6645;
const T_DEF_TABLE: u16 = 0xD608;
const T_DEF_TABLE_10: u16 = 0xD606;
const P_CHG_TABS: u16 = 0xC615;

/// The modifiers of a group, in order; what is cut off ends it.
pub(super) fn modifiers(group: &[u8]) -> impl Iterator<Item = Sprm<'_>> {
    let group = Bytes(group);
    let mut at = 0;
    std::iter::from_fn(move || {
        let code = group.u16(at)?;
        at += 2;
        let len = match code >> 13 {
            0 | 1 => 1,
            2 | 4 | 5 => 2,
            3 => 4,
            7 => 3,
            _ => {
                let stated = usize::from(group.u8(at)?);
                match code {
                    // Its own length takes two bytes and counts one too many.
                    T_DEF_TABLE | T_DEF_TABLE_10 => {
                        let len = usize::from(group.u16(at)?).saturating_sub(1);
                        at += 2;
                        len
                    }
                    P_CHG_TABS if stated == 255 => {
                        let deleted = usize::from(group.u8(at + 1)?);
                        let added = usize::from(group.u8(at + 2 + deleted * 4)?);
                        at += 1;
                        2 + deleted * 4 + added * 3
                    }
                    _ => {
                        at += 1;
                        stated
                    }
                }
            }
        };
        // A group whose last operand is cut short still says what is there.
        let end = (at + len).min(group.len());
        let operand = Bytes(group.0.get(at..end)?);
        at = end;
        Some(Sprm { code, operand })
    })
}

/// Formatting of a character, as far as it changes the text.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Character {
    pub(super) deleted: bool,
    pub(super) hidden: bool,
    pub(super) look: Look,
    /// A colour is behind the character.
    pub(super) painted: bool,
    /// The character stands for something else: a symbol, a picture, a note's mark.
    pub(super) special: bool,
    /// Font and code of a symbol.
    pub(super) symbol: Option<(u16, u16)>,
    /// Font of characters up to U+007F and of the private area.
    pub(super) font: Option<u16>,
    /// The picture character holds the data of a form field.
    pub(super) is_form_data: bool,
    /// Where the data stream holds a picture or a form field.
    pub(super) picture: Option<u32>,
    /// Character style.
    pub(super) style: Option<u16>,
}

impl Character {
    /// Applies a group; `base` is what the styles say, for toggles (§2.6.1).
    pub(super) fn apply(&mut self, group: &[u8], base: &Character) {
        let struck = base.look.struck == Some(true);
        for sprm in modifiers(group) {
            match sprm.code {
                0x0800 => self.deleted = sprm.byte() != 0,
                0x083C => self.hidden = toggled(sprm.byte(), base.hidden),
                0x0806 => self.is_form_data = sprm.byte() != 0,
                0x0855 => self.special = sprm.byte() != 0,
                0x0837 | 0x2A53 => self.look.struck = Some(toggled(sprm.byte(), struck)),
                0x2A48 => {
                    self.look.level = Some(match sprm.byte() {
                        1 => Level::Raised,
                        2 => Level::Lowered,
                        _ => Level::Line,
                    });
                }
                0x4845 => match sprm.operand.i16(0).map_or(0, i64::from) {
                    RAISED.. => self.look.level = Some(Level::Raised),
                    ..=LOWERED => self.look.level = Some(Level::Lowered),
                    _ => {}
                },
                0x4A43 => self.look.tiny = Some(sprm.word() <= 2),
                // Colour by index, 8 is white; by value, of which the last byte says "automatic".
                0x2A42 => self.look.white = Some(sprm.byte() == 8),
                0x6870 => self.look.white = Some(sprm.operand.u32(0) == Some(0x00FF_FFFF)),
                0x2A0C => self.painted = !matches!(sprm.byte(), 0 | 8),
                0x4866 | 0xCA71 => self.painted = true,
                0x4A30 => self.style = Some(sprm.word()),
                0x4A4F => self.font = Some(sprm.word()),
                0x6A03 => self.picture = sprm.operand.u32(0),
                0x6A09 => {
                    self.symbol = sprm.operand.u16(0).zip(sprm.operand.u16(2));
                    self.special = true;
                }
                _ => {}
            }
        }
    }
}

/// Whether a paragraph's modifiers put a colour behind it, its cells or its row.
pub(super) fn paints(group: &[u8], data: Bytes<'_>) -> bool {
    modifiers(group).any(|sprm| match sprm.code {
        P_HUGE_PAPX | P_HUGE_PAPX_OLD => huge(sprm, data).is_some_and(|group| modifiers(group).any(is_shading)),
        _ => is_shading(sprm),
    })
}

/// The long group in the data stream that a modifier names.
fn huge<'d>(sprm: Sprm<'_>, data: Bytes<'d>) -> Option<&'d [u8]> {
    let at = sprm.operand.u32(0)? as usize;
    let len = Bytes(data.0.get(at..)?).u16(0)?;
    data.slice(at.checked_add(2)?, usize::from(len))
}

fn is_shading(sprm: Sprm<'_>) -> bool {
    // Colours of the letters and of the ground (3 bytes and whether it is automatic) and the pattern (§2.9.248).
    let full = |shading: &[u8]| match shading {
        [_, _, _, _, red, green, blue, automatic, pattern, ..] => {
            let plain = *automatic == 0xFF || [*red, *green, *blue] == [0xFF; 3];
            !plain || !matches!(pattern, 0 | 0xFF)
        }
        _ => false,
    };
    // By numbers of 5, 5 and 6 bits (§2.9.249); 8 is white.
    let short = |shading: u16| !matches!(shading >> 5 & 0x1F, 0 | 8) || !matches!(shading >> 10, 0 | 0x3F);
    let operand = sprm.operand.0;
    match sprm.code {
        0xC64D | 0xD612 | 0xD616 | 0xD60C | 0xD660 | 0xD670 | 0xD671 | 0xD672 => operand.chunks(10).any(full),
        // The range of cells stands first.
        0xD62D => operand.get(2..).is_some_and(full),
        0x442D => short(sprm.word()),
        0xD609 => operand
            .chunks_exact(2)
            .any(|pair| short(u16::from_le_bytes([pair[0], pair[1]]))),
        _ => false,
    }
}

/// The value of a toggle: 0 off, 1 on, 0x80 as the style, 0x81 the opposite.
fn toggled(value: u8, base: bool) -> bool {
    match value {
        0x80 => base,
        0x81 => !base,
        other => other != 0,
    }
}

/// Formatting of a paragraph, as far as it is read.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Paragraph {
    pub(super) style: u16,
    pub(super) in_table: bool,
    /// Ends a row of the outermost table.
    pub(super) ends_row: bool,
    /// Depth in tables.
    pub(super) depth: i32,
    /// Ends a cell of a table inside a table.
    pub(super) ends_inner_cell: bool,
    /// Ends a row of a table inside a table.
    pub(super) ends_inner_row: bool,
    /// Outline level from 0; 9 is running text.
    pub(super) outline: Option<u8>,
    /// Use of a list, from 1; 0 takes the style's away.
    pub(super) list: Option<u16>,
    pub(super) level: Option<u8>,
    pub(super) row: Row,
}

impl Paragraph {
    /// Applies a group of modifiers; `data` is the Data stream, where long groups stand.
    pub(super) fn apply(&mut self, group: &[u8], data: Bytes<'_>) {
        for sprm in modifiers(group) {
            match sprm.code {
                P_HUGE_PAPX | P_HUGE_PAPX_OLD => {
                    // One step only: a group in the data stream must not lead on.
                    if let Some(group) = huge(sprm, data) {
                        modifiers(group).for_each(|sprm| self.one(sprm));
                    }
                }
                _ => self.one(sprm),
            }
        }
    }

    fn one(&mut self, sprm: Sprm<'_>) {
        match sprm.code {
            0x2416 => self.in_table = sprm.byte() != 0,
            0x2417 => self.ends_row = sprm.byte() != 0,
            0x244B => self.ends_inner_cell = sprm.byte() != 0,
            0x244C => self.ends_inner_row = sprm.byte() != 0,
            0x6649 => self.depth = sprm.operand.i32(0).unwrap_or(0),
            0x664A => self.depth = self.depth.saturating_add(sprm.operand.i32(0).unwrap_or(0)),
            0x2640 => self.outline = Some(sprm.byte()),
            0x260A => self.level = Some(sprm.byte()),
            0x460B => self.list = Some(sprm.word()),
            _ => self.row.apply(sprm),
        }
    }
}

/// What the end of a row says about its cells (§2.4.3).
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Row {
    /// Edges of the cells in twips: one more than cells.
    pub(super) edges: Vec<i32>,
    /// Merge flags of each cell (TC80, §2.9.313), as far as they are stated.
    pub(super) flags: Vec<u16>,
    pub(super) is_header: bool,
}

impl Row {
    fn apply(&mut self, sprm: Sprm<'_>) {
        let operand = sprm.operand;
        match sprm.code {
            T_DEF_TABLE => {
                let count = usize::from(operand.u8(0).unwrap_or(0));
                let edges: Option<Vec<i32>> = (0..=count).map(|i| operand.i16(1 + i * 2).map(i32::from)).collect();
                let Some(edges) = edges.filter(|edges| edges.len() > 1) else {
                    return;
                };
                let cells = 1 + edges.len() * 2;
                self.flags = (0..count).map_while(|i| operand.u16(cells + i * 20)).collect();
                self.flags.resize(count, 0);
                self.edges = edges;
            }
            0x3404 => self.is_header = sprm.byte() != 0,
            // sprmTVertMerge: a cell and its part in a vertical merge.
            0xD62B => {
                if let (Some(cell), Some(part)) = (operand.u8(0), operand.u8(1))
                    && let Some(flags) = self.flags.get_mut(usize::from(cell))
                {
                    *flags = *flags & !0x0060 | u16::from(part & 3) << 5;
                }
            }
            // sprmTMerge, sprmTSplit: cells first..limit.
            0x5624 | 0x5625 => {
                let (first, limit) = (usize::from(sprm.word() & 0xFF), usize::from(sprm.word() >> 8));
                for index in first..limit.min(self.flags.len()) {
                    let merged = match (sprm.code, index == first) {
                        (0x5625, _) => 0,
                        (_, true) => 3,
                        _ => 1,
                    };
                    self.flags[index] = self.flags[index] & !3 | merged;
                }
            }
            // sprmTDelete: cells first..limit are gone, what stands right of them moves up.
            0x5622 => {
                let (first, limit) = (usize::from(sprm.word() & 0xFF), usize::from(sprm.word() >> 8));
                let limit = limit.min(self.flags.len());
                if first < limit {
                    let width = self.edges[limit] - self.edges[first];
                    self.edges.drain(first..limit);
                    self.edges[first..].iter_mut().for_each(|edge| *edge -= width);
                    self.flags.drain(first..limit);
                }
            }
            // sprmTInsert: so many cells of one width before a cell.
            0x7621 => {
                let (Some(at), Some(count), Some(width)) = (operand.u8(0), operand.u8(1), operand.i16(2)) else {
                    return;
                };
                let (at, width) = (usize::from(at).min(self.flags.len()), i32::from(width));
                if self.edges.is_empty() || self.flags.len() + usize::from(count) > 255 {
                    return;
                }
                for _ in 0..count {
                    let left = self.edges[at];
                    self.edges[at..]
                        .iter_mut()
                        .for_each(|edge| *edge = edge.saturating_add(width));
                    self.edges.insert(at, left);
                    self.flags.insert(at, 0);
                }
            }
            // sprmTDxaCol: cells first..limit get one width.
            0x7623 => {
                let (Some(first), Some(limit), Some(width)) = (operand.u8(0), operand.u8(1), operand.i16(2)) else {
                    return;
                };
                for index in usize::from(first)..usize::from(limit).min(self.flags.len()) {
                    let change = i32::from(width).saturating_sub(self.edges[index + 1] - self.edges[index]);
                    self.edges[index + 1..]
                        .iter_mut()
                        .for_each(|edge| *edge = edge.saturating_add(change));
                }
            }
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn definition(edges: &[i16], flags: &[u16]) -> Vec<u8> {
        let mut operand = vec![(edges.len() - 1) as u8];
        edges.iter().for_each(|e| operand.extend(e.to_le_bytes()));
        for flag in flags {
            operand.extend(flag.to_le_bytes());
            operand.extend([0; 18]);
        }
        let mut group = vec![0x08, 0xD6];
        group.extend((operand.len() as u16 + 1).to_le_bytes());
        group.extend(operand);
        group
    }

    fn row(groups: &[&[u8]]) -> Row {
        let mut paragraph = Paragraph::default();
        groups.iter().for_each(|group| paragraph.apply(group, Bytes(&[])));
        paragraph.row
    }

    #[test]
    fn a_row_is_defined_and_changed() {
        let base = definition(&[-108, 1000, 2000, 3000], &[0x60, 0, 0x20]);
        assert_eq!(row(&[&base]).edges, [-108, 1000, 2000, 3000]);
        assert_eq!(row(&[&base]).flags, [0x60, 0, 0x20]);
        // Flags that are left out are none.
        assert_eq!(row(&[&definition(&[0, 5, 9], &[])]).flags, [0, 0]);
        let merge = [0x24, 0x56, 0, 2];
        assert_eq!(row(&[&base, &merge]).flags, [0x63, 1, 0x20]);
        let vertical = [0x2B, 0xD6, 2, 1, 3];
        assert_eq!(row(&[&base, &vertical]).flags, [0x60, 0x60, 0x20]);
        let delete = [0x22, 0x56, 1, 2];
        assert_eq!(row(&[&base, &delete]).edges, [-108, 1000, 2000]);
        let insert = [0x21, 0x76, 1, 1, 0xF4, 1];
        assert_eq!(row(&[&base, &insert]).edges, [-108, 1000, 1500, 2500, 3500]);
        let width = [0x23, 0x76, 0, 1, 0xF4, 1];
        assert_eq!(row(&[&base, &width]).edges, [-108, 392, 1392, 2392]);
    }

    #[test]
    fn toggles_look_at_the_style() {
        for (value, base, hidden) in [
            (0, true, false),
            (1, false, true),
            (0x80, true, true),
            (0x81, true, false),
        ] {
            let mut character = Character::default();
            let base = Character {
                hidden: base,
                ..Character::default()
            };
            character.apply(&[0x3C, 0x08, value], &base);
            assert_eq!(character.hidden, hidden, "{value:#x}");
        }
    }

    proptest! {
        /// Any bytes are some formatting, and edges and flags stay in step.
        #[test]
        fn any_group_is_read(group in prop::collection::vec(any::<u8>(), 0..200), codes in prop::collection::vec(
            prop::sample::select(vec![0xD608u16, 0xD62B, 0x5624, 0x5625, 0x5622, 0x7621, 0x7623, 0xC615, 0x6646]), 0..6),
        ) {
            let mut bytes = definition(&[0, 100, 200], &[0, 0]);
            for (code, chunk) in codes.iter().zip(group.chunks(20)) {
                bytes.extend(code.to_le_bytes());
                bytes.extend(chunk);
            }
            bytes.extend(&group);
            let row = row(&[&bytes]);
            prop_assert_eq!(row.edges.len(), row.flags.len() + 1);
            Character::default().apply(&bytes, &Character::default());
        }
    }
}
