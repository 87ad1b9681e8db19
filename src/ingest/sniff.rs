//! Tells the format of a file by its bytes. Names lie: a `.doc` may hold HTML, RTF, a zip or a picture.

use super::signature::{self, Known};
use crate::error::{Error, ErrorKind, Result};
use crate::model::Format;
use std::io::Cursor;

/// The format of a file, or why it is none that is read.
///
/// Zips are taken for Word packages here; the reader tells other zips apart by their parts. Text is what remains when
/// nothing else is known and few bytes are control characters; its encoding is the text reader's affair.
///
/// # Errors
/// Empty files, encrypted packages, spreadsheets, images, films, other archives and bytes that
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
    if let Some(known) = known(bytes) {
        return Err(known.error());
    }
    if let Some(format) = by_markup(bytes)? {
        return Ok(format);
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

/// Whether a file begins as OLE compound files do.
pub fn is_compound_file(head: &[u8]) -> bool {
    head.starts_with(&COMPOUND_FILE)
}

pub use signature::HEAD;

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

/// What the first bytes of a file say that is no document: a picture, an archive, a film …; `head` may be the whole file.
pub fn known(head: &[u8]) -> Option<Known> {
    let head = &head[..head.len().min(signature::HEAD)];
    signature::known(head, is_text)
}

/// Formats that begin as text.
fn by_markup(bytes: &[u8]) -> Result<Option<Format>> {
    /// Elements that a page or a piece of one begins with.
    const PAGES: [&[u8]; 20] = [
        b"<html", b"<head", b"<body", b"<table", b"<meta", b"<title", b"<style", b"<script", b"<link", b"<div", b"<p>",
        b"<p ", b"<h1", b"<h2", b"<span", b"<center", b"<font", b"<br", b"<tr", b"<ul",
    ];
    const MAIL: [&[u8]; 10] = [
        b"mime-version:",
        b"from:",
        b"content-type:",
        b"content-location:",
        b"subject:",
        b"date:",
        b"received:",
        b"return-path:",
        b"message-id:",
        b"x-",
    ];
    let sample = &bytes[..bytes.len().min(4096)];
    // UTF-16 markup reads as ASCII without its zero bytes.
    let head: Vec<u8> = sample.iter().filter(|b| **b != 0).map(u8::to_ascii_lowercase).collect();
    let head = [&b"\xEF\xBB\xBF"[..], b"\xFF\xFE", b"\xFE\xFF"]
        .iter()
        .find_map(|mark| head.strip_prefix(*mark))
        .unwrap_or(&head);
    let head = head.trim_ascii_start();
    let has = |needle: &[u8]| head.windows(needle.len()).any(|w| w == needle);
    if head.starts_with(b"{\\rtf") {
        return Ok(Some(Format::Rtf));
    }
    let is_mail = MAIL.iter().any(|name| head.starts_with(name));
    if is_mail && has(b"content-type:") && (has(b"mime-version:") || has(b"boundary=") || has(b"text/html")) {
        return Ok(Some(Format::Mht));
    }
    if !head.starts_with(b"<") {
        return Ok(None);
    }
    if has(b"<pkg:package") || has(b"<w:worddocument") {
        return Err(Error::unsupported(
            "a Word document as one flat XML file",
            "open it in Word and save it as .docx",
        ));
    }
    if has(b"urn:schemas-microsoft-com:office:spreadsheet") && !has(b"<html") {
        return Err(Error::unsupported(
            "an Excel workbook as one flat XML file",
            "open it in Excel and save it as .xlsx",
        ));
    }
    if has(b"<office:document") {
        return Err(Error::unsupported("a flat OpenDocument file", "save it as .docx"));
    }
    let starts = PAGES.iter().any(|start| head.starts_with(start)) || head.starts_with(b"<!doctype html");
    let declared = head.starts_with(b"<!") || head.starts_with(b"<?xml");
    if starts || has(b"<html") || has(b"<!doctype html") || (declared && PAGES[..4].iter().any(|start| has(start))) {
        return Ok(Some(Format::Html));
    }
    if head.starts_with(b"<?xml") {
        return Err(Error::unsupported(
            "an XML file of another kind",
            "supply the report as .docx, .pdf or .txt",
        ));
    }
    Ok(None)
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
            ("rtf", b"{\\rtf1\\ansi".to_vec(), "rtf"),
            ("html", b"\xEF\xBB\xBF<!DOCTYPE html><p>".to_vec(), "html"),
            ("html in utf-16", utf16("<html><body>"), "html"),
            ("excel html", b"<table><tr><td>1</td></tr></table>".to_vec(), "html"),
            (
                "mht",
                b"MIME-Version: 1.0\r\nContent-Type: multipart/related".to_vec(),
                "mht",
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
            ("tar", [&[b'a'; 257][..], b"ustar"].concat(), "tar archive"),
            ("mp4", b"\0\0\0\x18ftypmp42".to_vec(), "video"),
            ("heic", b"\0\0\0\x18ftypheic".to_vec(), "picture"),
            ("avi", b"RIFF\x10\0\0\0AVI LIST".to_vec(), "video"),
            ("mkv", b"\x1A\x45\xDF\xA3\x01".to_vec(), "video"),
            ("mp3", b"ID3\x03\0\0".to_vec(), "sound"),
            ("elf", b"\x7FELF\x02\x01".to_vec(), "program"),
            ("sqlite", b"SQLite format 3\0\x10".to_vec(), "database"),
            (
                "chromium page",
                b"From: <Saved by Blink>\r\nMIME-Version: 1.0\r\nContent-Type: multipart/related".to_vec(),
                "mht",
            ),
            ("a letter", "From: 财政局\nto all".as_bytes().to_vec(), "txt"),
            ("fragment", b"<p class=x>1".to_vec(), "html"),
            (
                "xhtml",
                b"<?xml version=\"1.0\"?><!-- saved --><html xmlns=\"x\">".to_vec(),
                "html",
            ),
            ("text in angle brackets", "<一>预算执行情况".as_bytes().to_vec(), "txt"),
            ("other xml", b"<?xml version=\"1.0\"?><rss/>".to_vec(), "XML file"),
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
