//! Small .doc files by hand ([MS-DOC]): text in pieces, formatting on disk pages.

use std::io::{Cursor, Write};

/// A stretch of text as it stands in the stream.
pub enum Piece {
    /// UTF-16.
    Wide(String),
    /// One byte a character.
    Narrow(Vec<u8>),
}

impl Piece {
    fn len(&self) -> usize {
        match self {
            Piece::Wide(text) => text.encode_utf16().count(),
            Piece::Narrow(bytes) => bytes.len(),
        }
    }

    fn bytes(&self) -> Vec<u8> {
        match self {
            Piece::Wide(text) => text.encode_utf16().flat_map(u16::to_le_bytes).collect(),
            Piece::Narrow(bytes) => bytes.clone(),
        }
    }
}

/// A document under construction.
#[derive(Default)]
pub struct Maker {
    pub pieces: Vec<Piece>,
    /// Pieces stand in the stream in reverse order, as after a fast save.
    pub reversed: bool,
    /// First character, one past the last, sprms.
    pub characters: Vec<(usize, usize, Vec<u8>)>,
    pub paragraphs: Vec<(usize, usize, Vec<u8>)>,
    pub flags: u16,
    pub version: u16,
    pub magic: u16,
}

const TEXT: usize = 1536;

impl Maker {
    pub fn new(text: &str) -> Self {
        Maker {
            pieces: vec![Piece::Wide(text.to_owned())],
            version: 0x00C1,
            magic: 0xA5EC,
            ..Maker::default()
        }
    }

    /// Adds text with formatting of its characters; gives its place.
    pub fn run(&mut self, text: &str, sprms: &[u8]) -> &mut Self {
        let start: usize = self.pieces.iter().map(Piece::len).sum();
        match self.pieces.last_mut() {
            Some(Piece::Wide(all)) => all.push_str(text),
            _ => self.pieces.push(Piece::Wide(text.to_owned())),
        }
        let end = start + text.encode_utf16().count();
        if !sprms.is_empty() {
            self.characters.push((start, end, sprms.to_vec()));
        }
        self
    }

    /// Adds a paragraph, its mark included in `text`, with formatting.
    pub fn paragraph(&mut self, text: &str, sprms: &[u8]) -> &mut Self {
        let start: usize = self.pieces.iter().map(Piece::len).sum();
        self.run(text, &[]);
        self.paragraphs
            .push((start, start + text.encode_utf16().count(), sprms.to_vec()));
        self
    }

    /// A row of a table: texts of its cells, then the definition.
    pub fn row(&mut self, cells: &[&str], edges: &[i16], flags: &[u16]) -> &mut Self {
        const IN_TABLE: [u8; 3] = [0x16, 0x24, 1];
        for cell in cells {
            self.paragraph(&format!("{cell}\u{7}"), &IN_TABLE);
        }
        let mut operand = vec![(edges.len() - 1) as u8];
        edges.iter().for_each(|edge| operand.extend(edge.to_le_bytes()));
        for flag in flags {
            operand.extend(flag.to_le_bytes());
            operand.extend([0; 18]);
        }
        let mut sprms = IN_TABLE.to_vec();
        sprms.extend([0x17, 0x24, 1, 0x08, 0xD6]);
        sprms.extend((operand.len() as u16 + 1).to_le_bytes());
        sprms.extend(operand);
        self.paragraph("\u{7}", &sprms)
    }

    pub fn bytes(&self) -> Vec<u8> {
        let mut stream = vec![0u8; TEXT];
        let mut starts = vec![0; self.pieces.len()];
        let order: Vec<usize> = match self.reversed {
            true => (0..self.pieces.len()).rev().collect(),
            false => (0..self.pieces.len()).collect(),
        };
        for index in order {
            starts[index] = stream.len();
            stream.extend(self.pieces[index].bytes());
            stream.resize(stream.len().next_multiple_of(2), 0);
        }
        let mut firsts = vec![0];
        for piece in &self.pieces {
            firsts.push(firsts[firsts.len() - 1] + piece.len());
        }
        let byte_of = |cp: usize| {
            let index = firsts
                .iter()
                .rposition(|first| *first <= cp)
                .unwrap()
                .min(self.pieces.len() - 1);
            let width = if matches!(self.pieces[index], Piece::Wide(_)) {
                2
            } else {
                1
            };
            starts[index] + (cp - firsts[index]) * width
        };
        let mut table = vec![0u8; 16];
        let mut put = |stream: &mut Vec<u8>, place: usize, part: Vec<u8>| {
            let at = 154 + place * 8;
            stream[at..at + 4].copy_from_slice(&(table.len() as u32).to_le_bytes());
            stream[at + 4..at + 8].copy_from_slice(&(part.len() as u32).to_le_bytes());
            table.extend(part);
        };
        // The piece table.
        let mut plc: Vec<u8> = firsts.iter().flat_map(|first| (*first as u32).to_le_bytes()).collect();
        for (index, piece) in self.pieces.iter().enumerate() {
            let fc = match piece {
                Piece::Wide(_) => starts[index] as u32,
                Piece::Narrow(_) => (starts[index] as u32 * 2) | 0x4000_0000,
            };
            plc.extend([0, 0]);
            plc.extend(fc.to_le_bytes());
            plc.extend([0, 0]);
        }
        let mut clx = vec![2];
        clx.extend((plc.len() as u32).to_le_bytes());
        clx.extend(plc);
        put(&mut stream, 33, clx);
        for (place, runs, is_paragraph) in [(12, &self.characters, false), (13, &self.paragraphs, true)] {
            let mut pages: Vec<(u32, u32, u32)> = Vec::new();
            // One run a page is simple, and any number of pages is allowed.
            for (start, end, sprms) in runs {
                let (first, last) = (byte_of(*start) as u32, (byte_of(end - 1) + 2) as u32);
                let mut page = vec![0u8; 512];
                page[..4].copy_from_slice(&first.to_le_bytes());
                page[4..8].copy_from_slice(&last.to_le_bytes());
                let (at, mut group) = (256, sprms.clone());
                page[8] = (at / 2) as u8;
                if is_paragraph {
                    group.splice(0..0, [0, 0]);
                    group.resize(group.len().next_multiple_of(2), 0);
                    // The long form: a zero, then words.
                    page[at + 1] = (group.len() / 2) as u8;
                    page[at + 2..at + 2 + group.len()].copy_from_slice(&group);
                } else {
                    page[at] = group.len() as u8;
                    page[at + 1..at + 1 + group.len()].copy_from_slice(&group);
                }
                page[511] = 1;
                stream.resize(stream.len().next_multiple_of(512), 0);
                pages.push((first, last, stream.len() as u32 / 512));
                stream.extend(page);
            }
            pages.sort_unstable();
            if let Some(last) = pages.last() {
                let mut plc: Vec<u8> = pages.iter().flat_map(|page| page.0.to_le_bytes()).collect();
                plc.extend(last.1.to_le_bytes());
                plc.extend(pages.iter().flat_map(|page| page.2.to_le_bytes()));
                put(&mut stream, place, plc);
            }
        }
        let word =
            |stream: &mut Vec<u8>, at: usize, value: u16| stream[at..at + 2].copy_from_slice(&value.to_le_bytes());
        word(&mut stream, 0, self.magic);
        word(&mut stream, 2, self.version);
        word(&mut stream, 6, 0x0804);
        word(&mut stream, 10, self.flags | 0x0200);
        word(&mut stream, 32, 14);
        word(&mut stream, 62, 22);
        word(&mut stream, 152, 93);
        let length = firsts[firsts.len() - 1] as u32;
        stream[76..80].copy_from_slice(&length.to_le_bytes());
        compound(&[("WordDocument", &stream), ("1Table", &table)])
    }
}

pub fn compound(streams: &[(&str, &[u8])]) -> Vec<u8> {
    let mut file = cfb::CompoundFile::create(Cursor::new(Vec::new())).unwrap();
    for (name, bytes) in streams {
        file.create_stream(format!("/{name}"))
            .unwrap()
            .write_all(bytes)
            .unwrap();
    }
    file.flush().unwrap();
    file.into_inner().into_inner()
}
