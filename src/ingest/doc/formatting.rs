//! Formatted disk pages ([MS-DOC] §2.9.33, §2.9.174): which formatting holds at which byte of the stream.

use super::bytes::Bytes;

/// A stretch of bytes with one formatting.
#[derive(Debug, Clone, Copy)]
pub(super) struct Stretch<'a> {
    start: usize,
    end: usize,
    /// For paragraphs: the style, before the modifiers.
    pub(super) style: u16,
    pub(super) group: &'a [u8],
}

/// All stretches of a kind, by their first byte.
#[derive(Debug, Default)]
pub(super) struct Stretches<'a>(Vec<Stretch<'a>>);

/// Bytes of a page.
const PAGE: usize = 512;

impl<'a> Stretches<'a> {
    /// Those of characters (PlcBteChpx).
    pub(super) fn of_characters(table: Bytes<'_>, stream: Bytes<'a>) -> Self {
        Self::read(table, stream, |page, index, runs| {
            let offset = usize::from(page.u8((runs + 1) * 4 + index)?) * 2;
            if offset == 0 {
                return Some((0, &[][..]));
            }
            let len = usize::from(page.u8(offset)?);
            Some((0, page.slice(offset + 1, len)?))
        })
    }

    /// Those of paragraphs (PlcBtePapx).
    pub(super) fn of_paragraphs(table: Bytes<'_>, stream: Bytes<'a>) -> Self {
        Self::read(table, stream, |page, index, runs| {
            let offset = usize::from(page.u8((runs + 1) * 4 + index * 13)?) * 2;
            if offset == 0 {
                return Some((0, &[][..]));
            }
            let (at, len) = match usize::from(page.u8(offset)?) {
                0 => (offset + 2, usize::from(page.u8(offset + 1)?) * 2),
                words => (offset + 1, words * 2 - 1),
            };
            let bytes = page.part(at, len)?;
            Some((bytes.u16(0)?, bytes.from(2).0))
        })
    }

    fn read(
        table: Bytes<'_>,
        stream: Bytes<'a>,
        entry: impl Fn(Bytes<'a>, usize, usize) -> Option<(u16, &'a [u8])>,
    ) -> Self {
        let pages = table.len().saturating_sub(4) / 8;
        let mut found = Vec::new();
        // A page belongs to one entry; a hostile table may name one page often.
        let most = stream.len() / PAGE + 1;
        for index in 0..pages.min(most) {
            let Some(number) = table.u32((pages + 1) * 4 + index * 4) else {
                break;
            };
            let at = (number & 0x003F_FFFF) as usize * PAGE;
            let Some(page) = stream.part(at, PAGE) else {
                continue;
            };
            let runs = usize::from(page.u8(PAGE - 1).unwrap_or(0));
            for run in 0..runs {
                let (Some(start), Some(end)) = (page.u32(run * 4), page.u32(run * 4 + 4)) else {
                    break;
                };
                if start < end
                    && let Some((style, group)) = entry(page, run, runs)
                {
                    found.push(Stretch {
                        start: start as usize,
                        end: end as usize,
                        style,
                        group,
                    });
                }
            }
        }
        found.sort_by_key(|stretch| stretch.start);
        Stretches(found)
    }

    /// The groups of all stretches.
    pub(super) fn groups(&self) -> impl Iterator<Item = &'a [u8]> {
        self.0.iter().map(|stretch| stretch.group)
    }

    /// The formatting at a byte of the stream, and whether the stretch holds for the bytes up to its end.
    pub(super) fn at(&self, byte: usize) -> Option<&Stretch<'a>> {
        let index = self.0.partition_point(|stretch| stretch.start <= byte);
        let stretch = self.0.get(index.checked_sub(1)?)?;
        (byte < stretch.end).then_some(stretch)
    }
}

impl Stretch<'_> {
    /// Bytes that the stretch covers.
    pub(super) fn covers(&self, byte: usize) -> bool {
        (self.start..self.end).contains(&byte)
    }
}
