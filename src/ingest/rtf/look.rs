//! What controls say of letters: how they stand, what is painted behind them, and in which encoding they come.

use crate::ingest::docx::properties::RAISED;
use crate::ingest::looks::Level;
use encoding_rs::{BIG5, EUC_KR, Encoding, GB18030, SHIFT_JIS, WINDOWS_1252};

/// The level of text that is moved by so many half points.
pub(super) fn raised_by(half_points: i32, level: Level) -> Level {
    if i64::from(half_points) >= RAISED {
        level
    } else {
        Level::Line
    }
}

/// Whether some paragraph, cell or row has a colour behind it. Definitions of rows may follow their text, so that this is
/// looked for in the whole file.
pub(super) fn paints(bytes: &[u8]) -> bool {
    const WORDS: [&[u8]; 6] = [
        b"\\cbpat",
        b"\\clcbpat",
        b"\\trcbpat",
        b"\\shading",
        b"\\clshdng",
        b"\\background",
    ];
    // One pass: only what follows a backslash is compared.
    bytes
        .iter()
        .enumerate()
        .filter(|(_, b)| **b == b'\\')
        .any(|(at, _)| WORDS.iter().any(|word| bytes[at..].starts_with(word)))
}

/// The encoding of a font's character set (`\fcharset`), else of the document (`\ansicpg`).
pub(super) fn encoding_of(charset: i32, code_page: i32) -> &'static Encoding {
    let label = match charset {
        134 => return GB18030,
        136 => return BIG5,
        128 => return SHIFT_JIS,
        129 | 130 => return EUC_KR,
        77 => "macintosh",
        161 => "windows-1253",
        162 => "windows-1254",
        177 => "windows-1255",
        178 => "windows-1256",
        186 => "windows-1257",
        204 => "windows-1251",
        222 => "windows-874",
        238 => "windows-1250",
        // Western and default fonts: the document's code page knows better.
        _ => match code_page {
            936 | 54936 => return GB18030,
            950 => return BIG5,
            932 => return SHIFT_JIS,
            949 => return EUC_KR,
            65001 => "utf-8",
            10_000 => "macintosh",
            1250 => "windows-1250",
            1251 => "windows-1251",
            _ => "windows-1252",
        },
    };
    Encoding::for_label(label.as_bytes()).unwrap_or(WINDOWS_1252)
}
