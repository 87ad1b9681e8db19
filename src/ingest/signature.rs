//! Files that are no documents, told by their first bytes: what each is and what to do about it.

use crate::error::Error;

/// What sort of thing a file is, for those that are not read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sort {
    /// A picture: perhaps a scanned report.
    Picture,
    /// An archive of a kind that is not unpacked here: it may hold reports.
    Archive,
    /// A document of another kind.
    Document,
    /// Sound, film, program, font, database: no report under any name.
    Other,
}

/// A recognized file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Known {
    /// What sort of thing.
    pub sort: Sort,
    /// What it is, with an article.
    pub found: String,
    /// What to do.
    pub advice: &'static str,
}

impl Known {
    fn new(sort: Sort, found: impl Into<String>) -> Self {
        let advice = match sort {
            Sort::Picture => "run OCR on it and extract the result",
            Sort::Archive => "unpack it and extract the documents in it",
            Sort::Document => "print it to PDF or save it as .docx in its program",
            Sort::Other => "leave it out; if a report should stand here, obtain it again",
        };
        Known {
            sort,
            found: found.into(),
            advice,
        }
    }

    /// The message for the file's line.
    pub fn error(&self) -> Error {
        Error::unsupported(self.found.clone(), self.advice)
    }
}

/// Bytes of a file that suffice to tell it.
pub const HEAD: usize = 64 << 10;

/// Beginnings; longer ones stand before those that they start with.
const BEGINNINGS: &[(&[u8], Sort, &str)] = &[
    (b"\x89PNG", Sort::Picture, "a PNG picture"),
    (b"\xFF\xD8\xFF", Sort::Picture, "a JPEG picture"),
    (b"II*\0", Sort::Picture, "a TIFF picture"),
    (b"MM\0*", Sort::Picture, "a TIFF picture"),
    (b"GIF8", Sort::Picture, "a GIF picture"),
    (b"BM", Sort::Picture, "a BMP picture"),
    (b"\0\0\x01\0", Sort::Picture, "an ICO picture"),
    (b"8BPS", Sort::Picture, "a Photoshop picture"),
    (b"AT&TFORM", Sort::Picture, "a DjVu picture"),
    (b"\0\0\0\x0CjP  ", Sort::Picture, "a JPEG 2000 picture"),
    (b"\xD7\xCD\xC6\x9A", Sort::Picture, "a WMF picture"),
    (b"\x1F\x8B", Sort::Archive, "a gzip archive"),
    (b"Rar!\x1A\x07", Sort::Archive, "a RAR archive"),
    (b"7z\xBC\xAF\x27\x1C", Sort::Archive, "a 7z archive"),
    (b"BZh", Sort::Archive, "a bzip2 archive"),
    (b"\xFD7zXZ\0", Sort::Archive, "a xz archive"),
    (b"\x28\xB5\x2F\xFD", Sort::Archive, "a Zstandard archive"),
    (b"MSCF\0\0\0\0", Sort::Archive, "a Windows cabinet archive"),
    (b"%!PS", Sort::Document, "a PostScript document"),
    (b"ITSF\x03\0\0\0", Sort::Document, "a compiled help file (.chm)"),
    (b"CAJ\0", Sort::Document, "a CAJ document"),
    (b"KDH ", Sort::Document, "a KDH document"),
    (b"AC10", Sort::Document, "an AutoCAD drawing"),
    (b"\x1A\x45\xDF\xA3", Sort::Other, "a Matroska or WebM video"),
    (b"FLV\x01", Sort::Other, "a Flash video"),
    (
        b"\x30\x26\xB2\x75\x8E\x66\xCF\x11",
        Sort::Other,
        "a Windows Media video",
    ),
    (b"\0\0\x01\xBA", Sort::Other, "an MPEG video"),
    (b"\0\0\x01\xB3", Sort::Other, "an MPEG video"),
    (b".RMF\0\0", Sort::Other, "a RealMedia video"),
    (b"OggS\0", Sort::Other, "an Ogg sound or video file"),
    (b"fLaC\0", Sort::Other, "a FLAC sound file"),
    (b"ID3\x02", Sort::Other, "an MP3 sound file"),
    (b"ID3\x03", Sort::Other, "an MP3 sound file"),
    (b"ID3\x04", Sort::Other, "an MP3 sound file"),
    (b"\xFF\xFB", Sort::Other, "an MP3 sound file"),
    (b"#!AMR", Sort::Other, "an AMR sound file"),
    (b"MThd\0\0", Sort::Other, "a MIDI sound file"),
    (b"\x7FELF", Sort::Other, "a program (ELF)"),
    (b"\xCF\xFA\xED\xFE", Sort::Other, "a program (Mach-O)"),
    (b"\xCA\xFE\xBA\xBE", Sort::Other, "a program (Java or Mach-O)"),
    (b"\0asm\x01", Sort::Other, "a program (WebAssembly)"),
    (b"SQLite format 3\0", Sort::Other, "a SQLite database"),
    (b"\0\x01\0\0Standard ", Sort::Other, "an Access database"),
    (b"!BDN", Sort::Other, "an Outlook mailbox"),
    (
        b"L\0\0\0\x01\x14\x02\0",
        Sort::Other,
        "a Windows shortcut, not the file that it points to",
    ),
    (b"\0\x01\0\0\0", Sort::Other, "a font"),
    (b"OTTO\0", Sort::Other, "a font"),
    (b"wOFF", Sort::Other, "a font"),
    (b"wOF2", Sort::Other, "a font"),
    (b"PAR1", Sort::Other, "a Parquet table"),
];

/// Recognizes a file by its first [`HEAD`] bytes. `is_text` tells whether they could be text: short signatures of letters
/// could begin a report as well.
pub(super) fn known(head: &[u8], is_text: impl Fn(&[u8]) -> bool) -> Option<Known> {
    let begins = |signature: &[u8]| {
        head.starts_with(signature) && (signature.iter().any(|b| !b.is_ascii_graphic()) || !is_text(head))
    };
    if let Some((_, sort, found)) = BEGINNINGS.iter().find(|(signature, ..)| begins(signature)) {
        return Some(Known::new(*sort, *found));
    }
    inside(head).map(|(sort, found)| Known::new(sort, found))
}

/// Formats whose mark stands further in.
fn inside(head: &[u8]) -> Option<(Sort, &'static str)> {
    let at = |start: usize, mark: &[u8]| head.get(start..start + mark.len()) == Some(mark);
    if at(4, b"ftyp") {
        return Some(match head.get(8..12) {
            Some(b"heic" | b"heix" | b"mif1" | b"msf1" | b"avif") => (Sort::Picture, "a HEIC or AVIF picture"),
            Some(b"M4A " | b"M4B ") => (Sort::Other, "an MPEG-4 sound file"),
            _ => (Sort::Other, "a video (MPEG-4, QuickTime)"),
        });
    }
    if at(4, b"moov") || at(4, b"mdat") || at(4, b"wide") {
        return Some((Sort::Other, "a video (QuickTime)"));
    }
    if at(0, b"RIFF") {
        return match head.get(8..12) {
            Some(b"AVI ") => Some((Sort::Other, "a video (AVI)")),
            Some(b"WAVE") => Some((Sort::Other, "a WAVE sound file")),
            Some(b"WEBP") => Some((Sort::Picture, "a WebP picture")),
            _ => None,
        };
    }
    if at(0, b"G") && at(188, b"G") && at(376, b"G") && at(564, b"G") && head.contains(&0xFF) {
        return Some((Sort::Other, "a video (MPEG transport stream)"));
    }
    if at(257, b"ustar") {
        return Some((Sort::Archive, "a tar archive"));
    }
    if at(32_769, b"CD001") {
        return Some((Sort::Archive, "a disc image"));
    }
    if at(0, b"\x01\0\0\0") && at(40, b" EMF") {
        return Some((Sort::Picture, "an EMF picture"));
    }
    // The offset of the header proper stands at 60 (Microsoft PE format).
    let pe = head
        .get(60..64)
        .and_then(|b| <[u8; 4]>::try_from(b).ok())
        .map(u32::from_le_bytes);
    if at(0, b"MZ") && pe.is_some_and(|pe| pe < 4096 && at(pe as usize, b"PE\0\0")) {
        return Some((Sort::Other, "a program (Windows)"));
    }
    None
}
