//! Tells the format of a file by its bytes. Names lie: a `.doc` may hold HTML, RTF, a zip or a picture.

use crate::error::{Error, ErrorKind, Result};
use crate::model::Format;
use std::io::Cursor;

/// The format of a file, or why it is none that is read.
///
/// Zips are taken for Word packages here; the reader tells other zips apart by their parts. Text is what remains when
/// nothing else is known and few bytes are control characters; its encoding is the text reader's affair.
///
/// # Errors
/// Empty files, encrypted packages, HTML, RTF, spreadsheets, images, other archives and bytes that
/// are no text, each with advice.
pub fn sniff(bytes: &[u8]) -> Result<Format> {
    if is_blank(bytes) {
        return Err(Error::new(ErrorKind::Empty));
    }
    if bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(b"PK\x05\x06") || bytes.starts_with(b"PK\x07\x08") {
        return Ok(super::sheet::zip_format(bytes).unwrap_or(Format::Docx));
    }
    if bytes[..bytes.len().min(1024)].windows(5).any(|w| w == b"%PDF-") {
        return Ok(Format::Pdf);
    }
    if bytes.starts_with(&COMPOUND_FILE) {
        return compound_file(bytes);
    }
    if let Some(error) = by_signature(bytes).or_else(|| by_markup(bytes)) {
        return Err(error);
    }
    if is_text(bytes) {
        return Ok(Format::Txt);
    }
    Err(Error::unsupported(
        "binary data of an unknown format",
        "supply the report as .docx, .pdf or .txt",
    ))
}

/// First bytes of an OLE compound file ([MS-CFB] §2.2).
const COMPOUND_FILE: [u8; 8] = [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1];

/// Bytes at the start that tell whether the rest is text.
const SAMPLE: usize = 64 << 10;

/// Nothing but white space, in any of the encodings that text comes in.
fn is_blank(bytes: &[u8]) -> bool {
    let wide = |units: &[u8], decode: fn([u8; 2]) -> u16| {
        let blank = |unit: u16| matches!(unit, 0x09..=0x0D | 0x20 | 0xA0 | 0x3000 | 0xFEFF);
        units
            .chunks(2)
            .all(|pair| matches!(pair, [a, b] if blank(decode([*a, *b]))))
    };
    match bytes {
        [0xFF, 0xFE, rest @ ..] => return wide(rest, u16::from_le_bytes),
        [0xFE, 0xFF, rest @ ..] => return wide(rest, u16::from_be_bytes),
        _ => {}
    }
    let mut rest = bytes;
    loop {
        rest = match rest {
            [] => return true,
            [b, tail @ ..] if b.is_ascii_whitespace() || *b == 0x0B => tail,
            // U+FEFF, U+3000, U+00A0 in UTF-8; U+3000 in GB18030.
            [0xEF, 0xBB, 0xBF, tail @ ..] | [0xE3, 0x80, 0x80, tail @ ..] => tail,
            [0xC2, 0xA0, tail @ ..] | [0xA1, 0xA1, tail @ ..] => tail,
            _ => return false,
        };
    }
}

/// Formats with a fixed beginning.
fn by_signature(bytes: &[u8]) -> Option<Error> {
    const PICTURES: [(&[u8], &str); 7] = [
        (b"\x89PNG", "PNG"),
        (b"\xFF\xD8\xFF", "JPEG"),
        (b"II*\0", "TIFF"),
        (b"MM\0*", "TIFF"),
        (b"GIF8", "GIF"),
        (b"BM", "BMP"),
        (b"\0\0\x01\0", "ICO"),
    ];
    const ARCHIVES: [(&[u8], &str); 5] = [
        (b"\x1F\x8B", "gzip"),
        (b"Rar!\x1A\x07", "RAR"),
        (b"7z\xBC\xAF\x27\x1C", "7z"),
        (b"BZh", "bzip2"),
        (b"\xFD7zXZ\0", "xz"),
    ];
    // Short signatures of letters could begin a text as well.
    let begins = |signature: &[u8]| {
        bytes.starts_with(signature) && (signature.iter().any(|b| !b.is_ascii_graphic()) || !is_text(bytes))
    };
    if let Some((_, name)) = PICTURES.iter().find(|(signature, _)| begins(signature)) {
        return Some(Error::unsupported(
            format!("a {name} picture, perhaps a scanned report"),
            "run OCR on it and extract the result",
        ));
    }
    if let Some((_, name)) = ARCHIVES.iter().find(|(signature, _)| begins(signature)) {
        return Some(Error::unsupported(
            format!("a {name} archive"),
            "unpack it and extract the documents in it",
        ));
    }
    None
}

/// Formats that begin as text.
fn by_markup(bytes: &[u8]) -> Option<Error> {
    let sample = &bytes[..bytes.len().min(4096)];
    // UTF-16 markup reads as ASCII without its zero bytes.
    let head: Vec<u8> = sample.iter().filter(|b| **b != 0).map(u8::to_ascii_lowercase).collect();
    let head = head
        .strip_prefix(b"\xEF\xBB\xBF")
        .or(head.strip_prefix(b"\xFF\xFE"))
        .unwrap_or(&head);
    let head = head.trim_ascii_start();
    let has = |needle: &[u8]| head.windows(needle.len()).any(|w| w == needle);
    if head.starts_with(b"{\\rtf") {
        return Some(Error::unsupported(
            "an RTF document",
            "open it in Word or WPS and save it as .docx",
        ));
    }
    let is_markup = head.starts_with(b"<");
    if is_markup && (has(b"<pkg:package") || has(b"<w:worddocument")) {
        return Some(Error::unsupported(
            "a Word document as one flat XML file",
            "open it in Word and save it as .docx",
        ));
    }
    if is_markup && (has(b"<html") || has(b"<!doctype html") || has(b"<body") || has(b"<table")) {
        return Some(Error::unsupported(
            "an HTML page",
            "open it in Word or WPS and save it as .docx",
        ));
    }
    if is_markup && has(b"<office:document") {
        return Some(Error::unsupported("a flat OpenDocument file", "save it as .docx"));
    }
    let is_mail = head.starts_with(b"mime-version:") || head.starts_with(b"from:");
    if is_mail && has(b"content-type:") {
        return Some(Error::unsupported(
            "a web archive (MHT)",
            "open it in Word or WPS and save it as .docx",
        ));
    }
    None
}

/// What an OLE compound file holds.
fn compound_file(bytes: &[u8]) -> Result<Format> {
    let streams = [
        "EncryptedPackage",
        "WordDocument",
        "Workbook",
        "Book",
        "PowerPoint Document",
    ];
    let found = match cfb::CompoundFile::open(Cursor::new(bytes)) {
        Ok(file) => streams.into_iter().find(|name| file.exists(format!("/{name}"))),
        // A broken directory still holds its names, in UTF-16.
        Err(_) => streams.into_iter().find(|name| {
            let wide: Vec<u8> = name.encode_utf16().flat_map(u16::to_le_bytes).collect();
            bytes
                .chunks(128)
                .any(|entry| entry.starts_with(&wide) && entry.get(wide.len()) == Some(&0))
        }),
    };
    Err(match found {
        Some("EncryptedPackage") => Error::new(ErrorKind::Encrypted(
            "an Office document with a password; open it and save it without one".to_owned(),
        )),
        Some("WordDocument") => return Ok(Format::Doc),
        Some("Workbook" | "Book") => return Ok(Format::Xls),
        Some(_) => Error::unsupported("a legacy PowerPoint presentation (.ppt)", "save it as PDF"),
        None => Error::unsupported(
            "an OLE compound file that holds no Word document",
            "supply the report as .docx, .pdf or .txt",
        ),
    })
}

/// Text has hardly any control characters, in UTF-8 and GB18030 alike; in UTF-16 every second byte may be zero.
fn is_text(bytes: &[u8]) -> bool {
    let sample = &bytes[..bytes.len().min(SAMPLE)];
    match sample {
        [0xFF, 0xFE, ..] | [0xFE, 0xFF, ..] => return true,
        _ => {}
    }
    if sample.contains(&0) {
        return is_utf16(sample, u16::from_le_bytes) || is_utf16(sample, u16::from_be_bytes);
    }
    // 0x07, 0x0B, 0x0C and 0x13..=0x15 come with the dumps of Word files.
    let control = |b: &&u8| matches!(**b, 0x01..=0x06 | 0x08 | 0x0E..=0x12 | 0x16..=0x1A | 0x1C..=0x1F | 0x7F);
    let controls = sample.iter().filter(control).count();
    controls * 50 <= sample.len()
}

/// Without a byte order mark: nearly all units are ASCII, Chinese, or punctuation that goes with them.
fn is_utf16(sample: &[u8], decode: fn([u8; 2]) -> u16) -> bool {
    let usual = |unit: u16| {
        matches!(unit, 0x09 | 0x0A | 0x0D | 0x20..=0x7E | 0xA0..=0xFF | 0x2000..=0x27BF | 0x3000..=0x30FF
            | 0x3200..=0x33FF | 0x4E00..=0x9FFF | 0xFF00..=0xFFEF)
    };
    let units = sample.chunks_exact(2).map(|pair| decode([pair[0], pair[1]]));
    let (mut all, mut strange) = (0usize, 0usize);
    for unit in units {
        all += 1;
        strange += usize::from(!usual(unit));
    }
    all > 0 && strange * 50 <= all
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;

    fn found(bytes: &[u8]) -> String {
        match sniff(bytes) {
            Ok(format) => format.name().to_owned(),
            Err(error) => error.to_string(),
        }
    }

    fn utf16(text: &str) -> Vec<u8> {
        text.encode_utf16().flat_map(u16::to_le_bytes).collect()
    }

    fn compound(stream: &str) -> Vec<u8> {
        let mut file = cfb::CompoundFile::create(Cursor::new(Vec::new())).unwrap();
        file.create_stream(format!("/{stream}"))
            .unwrap()
            .write_all(b"x")
            .unwrap();
        file.flush().unwrap();
        file.into_inner().into_inner()
    }

    #[test]
    fn bytes_tell_the_format() {
        let gbk = encoding_rs::GB18030.encode("绩效自评得分95分").0.into_owned();
        let mut marked = vec![0xFF, 0xFE];
        marked.extend(utf16("绩效自评"));
        let rows: Vec<(&str, Vec<u8>, &str)> = vec![
            ("empty", vec![], "empty file"),
            ("spaces", b"\xEF\xBB\xBF \r\n\t\xE3\x80\x80".to_vec(), "empty file"),
            ("gbk spaces", b"\xA1\xA1\n".to_vec(), "empty file"),
            ("utf-16 spaces", vec![0xFF, 0xFE, 0x20, 0, 0x00, 0x30], "empty file"),
            ("zip", b"PK\x03\x04....".to_vec(), "docx"),
            ("pdf", b"\n%PDF-1.7\n".to_vec(), "pdf"),
            ("utf-8", "绩效自评".as_bytes().to_vec(), "txt"),
            ("gbk", gbk, "txt"),
            ("utf-16 with a mark", marked, "txt"),
            ("utf-16 without a mark", utf16("绩效自评得分95分\r\n预算200万元"), "txt"),
            ("text in capitals", b"BM project: 200".to_vec(), "txt"),
            ("rtf", b"{\\rtf1\\ansi".to_vec(), "RTF"),
            ("html", b"\xEF\xBB\xBF<!DOCTYPE html><p>".to_vec(), "HTML"),
            ("html in utf-16", utf16("<html><body>"), "HTML"),
            ("excel html", b"<table><tr><td>1</td></tr></table>".to_vec(), "HTML"),
            (
                "mht",
                b"MIME-Version: 1.0\r\nContent-Type: multipart/related".to_vec(),
                "MHT",
            ),
            (
                "flat opc",
                b"<?xml version=\"1.0\"?><pkg:package xmlns:pkg=\"x\">".to_vec(),
                "flat XML",
            ),
            (
                "word 2003",
                b"<?xml version=\"1.0\"?><w:wordDocument>".to_vec(),
                "flat XML",
            ),
            ("png", b"\x89PNG\r\n\x1a\n".to_vec(), "PNG picture"),
            ("jpeg", b"\xFF\xD8\xFF\xE0".to_vec(), "JPEG picture"),
            ("tiff", b"II*\0\x08\0".to_vec(), "TIFF picture"),
            ("gzip", b"\x1F\x8B\x08\0".to_vec(), "gzip archive"),
            ("rar", b"Rar!\x1A\x07\x01\0".to_vec(), "RAR archive"),
            ("7z", b"7z\xBC\xAF\x27\x1C".to_vec(), "7z archive"),
            ("doc", compound("WordDocument"), "doc"),
            ("encrypted", compound("EncryptedPackage"), "encrypted"),
            ("xls", compound("Workbook"), "xls"),
            ("ppt", compound("PowerPoint Document"), "PowerPoint"),
            ("other ole", compound("Other"), "OLE compound"),
            ("zeros", vec![0; 300], "binary data"),
            (
                "noise",
                (0..4000u32).map(|i| (i * i % 251 * 7 % 256) as u8).collect(),
                "binary data",
            ),
        ];
        for (name, bytes, expected) in rows {
            let found = found(&bytes);
            assert!(found.contains(expected), "{name}: {found}");
        }
    }

    #[test]
    fn a_broken_compound_file_is_still_named() {
        let mut bytes = compound("WordDocument");
        bytes[28..80].fill(0xEE);
        assert_eq!(found(&bytes), "doc");
    }
}
