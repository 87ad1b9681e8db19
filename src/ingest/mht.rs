//! Web archives (MHT, RFC 2557): the page inside a MIME message, as Word, Excel and browsers save it, and mails.

use super::html;
use super::txt;
use crate::error::{Error, ErrorKind, Result};
use crate::model::{Block, Document, Format, Limit, Limits};
use std::borrow::Cow;

/// Multiparts in each other.
const DEPTH: usize = 16;
/// Bytes of one part's headers.
const HEADERS: usize = 64 << 10;

/// Reads a web archive: its first page, or all of them where the first is only the frame of the others (workbooks).
///
/// # Errors
/// Without a page, and those of the page's reader.
pub fn read(bytes: &[u8], limits: &Limits) -> Result<Document> {
    // A message saved as UTF-16 text.
    let wide = matches!(bytes, [0xFF, 0xFE, ..] | [0xFE, 0xFF, ..]) || bytes[..bytes.len().min(256)].contains(&0);
    let bytes: Cow<'_, [u8]> = match wide {
        true => Cow::Owned(txt::decode(bytes)?.0.into_owned().into_bytes()),
        false => Cow::Borrowed(bytes),
    };
    let parts = parts(&bytes, limits)?;
    let pages: Vec<&Part<'_>> = parts.iter().filter(|part| part.kind == "text/html").collect();
    let Some(first) = pages.first() else {
        return Err(match parts.iter().any(|part| part.kind.starts_with("text/")) {
            true => Error::unsupported(
                "a mail without a page",
                "save its text as .txt, and its attachments by themselves",
            ),
            false => Error::damaged("a web archive without a page in it"),
        });
    };
    match first.page(limits) {
        Err(error) if matches!(error.kind, ErrorKind::Unsupported { .. }) && pages.len() > 1 => {
            let mut whole = Document::new(Format::Mht);
            for page in pages[1..].iter().filter(|page| !page.location.contains("tabstrip")) {
                match page.page(limits) {
                    Ok(document) => append(&mut whole, document),
                    Err(error) if error.kind == ErrorKind::Empty => {}
                    Err(error) => return Err(error),
                }
            }
            if whole.blocks.is_empty() { Err(error) } else { Ok(whole) }
        }
        other => other,
    }
}

/// Appends a document whose references to blocks count from its own first one.
fn append(whole: &mut Document, document: Document) {
    let first = whole.blocks.len();
    for mut block in document.blocks {
        if let Block::Table(table) = &mut block
            && let Some((outer, ..)) = &mut table.parent
        {
            *outer += first;
        }
        whole.blocks.push(block);
    }
    whole.furniture.extend(document.furniture);
    for mut warning in document.warnings {
        warning.source.block = warning.source.block.map(|block| block + first);
        whole.warnings.push(warning);
    }
}

/// A part that is no container.
struct Part<'a> {
    kind: String,
    charset: Option<String>,
    encoding: String,
    location: String,
    body: &'a [u8],
}

impl Part<'_> {
    fn page(&self, limits: &Limits) -> Result<Document> {
        let body: Cow<'_, [u8]> = match self.encoding.as_str() {
            "quoted-printable" => Cow::Owned(quoted_printable(self.body)),
            "base64" => Cow::Owned(base64(self.body)),
            _ => Cow::Borrowed(self.body),
        };
        html::read_part(&body, self.charset.as_deref(), Format::Mht, limits)
    }
}

/// The leaves of a message, in order.
fn parts<'a>(bytes: &'a [u8], limits: &Limits) -> Result<Vec<Part<'a>>> {
    let mut found = Vec::new();
    let mut waiting = vec![(bytes, 0usize)];
    let mut seen = 0usize;
    while let Some((bytes, depth)) = waiting.pop() {
        seen += 1;
        if seen > limits.entries {
            return Err(limits.over(Limit::Entries, "the number of parts of the web archive"));
        }
        let (headers, body) = headers(bytes);
        let get = |name: &str| headers.iter().find(|(n, _)| n == name).map(|(_, value)| value.as_str());
        let (kind, parameters) = content_type(get("content-type").unwrap_or("text/plain"));
        let parameter = |name: &str| {
            parameters
                .iter()
                .find(|(n, _)| n == name)
                .map(|(_, value)| value.clone())
        };
        if depth > DEPTH {
            return Err(Error::limit("parts in each other", format!("{DEPTH} levels")));
        }
        if kind.starts_with("multipart/") {
            let boundary = parameter("boundary").unwrap_or_default();
            let inner = split(body, boundary.as_bytes());
            waiting.extend(inner.into_iter().rev().map(|part| (part, depth + 1)));
        } else if kind == "message/rfc822" {
            waiting.push((body, depth + 1));
        } else {
            found.push(Part {
                kind,
                charset: parameter("charset"),
                encoding: get("content-transfer-encoding")
                    .unwrap_or_default()
                    .trim()
                    .to_ascii_lowercase(),
                location: get("content-location").unwrap_or_default().to_ascii_lowercase(),
                body,
            });
        }
    }
    Ok(found)
}

/// Lines with their ends.
fn lines(bytes: &[u8]) -> impl Iterator<Item = &[u8]> {
    bytes.split_inclusive(|b| *b == b'\n')
}

fn without_end(line: &[u8]) -> &[u8] {
    let line = line.strip_suffix(b"\n").unwrap_or(line);
    line.strip_suffix(b"\r").unwrap_or(line)
}

/// Headers with names in lower case, folded lines joined, and what follows the empty line.
fn headers(bytes: &[u8]) -> (Vec<(String, String)>, &[u8]) {
    let mut found: Vec<(String, String)> = Vec::new();
    let mut at = 0;
    // A message may begin with empty lines.
    let mut begun = false;
    for line in lines(bytes) {
        let text = without_end(line);
        if at > HEADERS || (begun && text.is_empty()) {
            at += line.len();
            break;
        }
        at += line.len();
        if text.is_empty() {
            continue;
        }
        begun = true;
        let text = String::from_utf8_lossy(text);
        match text.split_once(':') {
            _ if text.starts_with([' ', '\t']) => {
                if let Some((_, value)) = found.last_mut() {
                    value.push(' ');
                    value.push_str(text.trim());
                }
            }
            Some((name, value)) => found.push((name.trim().to_ascii_lowercase(), value.trim().to_owned())),
            None => {}
        }
    }
    (found, &bytes[at.min(bytes.len())..])
}

/// `text/html; charset="gb2312"` as its type and parameters, names in lower case.
fn content_type(value: &str) -> (String, Vec<(String, String)>) {
    let mut pieces = Vec::new();
    let mut quoted = false;
    let mut piece = String::new();
    for c in value.chars() {
        match c {
            '"' => quoted = !quoted,
            ';' if !quoted => pieces.push(std::mem::take(&mut piece)),
            c => piece.push(c),
        }
    }
    pieces.push(piece);
    let mut pieces = pieces.into_iter();
    let kind = pieces.next().unwrap_or_default().trim().to_ascii_lowercase();
    let parameters = pieces.filter_map(|piece| {
        let (name, value) = piece.split_once('=')?;
        Some((name.trim().to_ascii_lowercase(), value.trim().to_owned()))
    });
    (kind, parameters.collect())
}

/// The parts between the boundary's lines; the last one may lack its end.
fn split<'a>(body: &'a [u8], boundary: &[u8]) -> Vec<&'a [u8]> {
    let mut parts = Vec::new();
    if boundary.is_empty() {
        return parts;
    }
    let mut start = None;
    let mut at = 0;
    for line in lines(body) {
        let mark = without_end(line).trim_ascii_end();
        let rest = mark.strip_prefix(b"--").and_then(|mark| mark.strip_prefix(boundary));
        if matches!(rest, Some(b"" | b"--")) {
            if let Some(start) = start.take() {
                parts.push(&body[start..at]);
            }
            if rest == Some(b"") {
                start = Some(at + line.len());
            }
        }
        at += line.len();
    }
    if let Some(start) = start {
        parts.push(&body[start..]);
    }
    parts
}

/// RFC 2045 §6.7. What is no code stands for itself.
fn quoted_printable(bytes: &[u8]) -> Vec<u8> {
    let digit = |b: u8| char::from(b).to_digit(16).and_then(|d| u8::try_from(d).ok());
    let mut out = Vec::with_capacity(bytes.len());
    for line in lines(bytes) {
        let end = line.len() - without_end(line).len();
        let text = line[..line.len() - end].trim_ascii_end();
        let soft = text.last() == Some(&b'=');
        let text = if soft { &text[..text.len() - 1] } else { text };
        let mut at = 0;
        while at < text.len() {
            let code = match (text[at], text.get(at + 1), text.get(at + 2)) {
                (b'=', Some(a), Some(b)) => digit(*a).zip(digit(*b)),
                _ => None,
            };
            match code {
                Some((a, b)) => {
                    out.push(a * 16 + b);
                    at += 3;
                }
                None => {
                    out.push(text[at]);
                    at += 1;
                }
            }
        }
        if !soft {
            out.extend_from_slice(&line[line.len() - end..]);
        }
    }
    out
}

/// RFC 2045 §6.8. What is no letter of the alphabet is passed over.
fn base64(bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len() / 4 * 3);
    let (mut bits, mut count) = (0u32, 0u32);
    for b in bytes {
        let value = match b {
            b'A'..=b'Z' => b - b'A',
            b'a'..=b'z' => b - b'a' + 26,
            b'0'..=b'9' => b - b'0' + 52,
            b'+' | b'-' => 62,
            b'/' | b'_' => 63,
            b'=' => break,
            _ => continue,
        };
        bits = (bits << 6 | u32::from(value)) & 0xFF_FFFF;
        count += 6;
        if count >= 8 {
            count -= 8;
            out.push((bits >> count) as u8); // the low eight bits are wanted
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn encodings_of_mime() {
        assert_eq!(quoted_printable(b"a=3Db=\r\nc  \r\n=e9=D6=X="), b"a=bc\r\n\xe9\xd6=X");
        assert_eq!(base64(b"57up\r\n5pWI"), "绩效".as_bytes());
        assert_eq!(base64(b"YQ=="), b"a");
        let (kind, parameters) = content_type("Multipart/Related; boundary=\"a;b\"; TYPE=x");
        assert_eq!(kind, "multipart/related");
        assert_eq!(parameters[0], ("boundary".to_owned(), "a;b".to_owned()));
    }

    proptest! {
        #[test]
        fn no_bytes_are_a_panic(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
            let message = [b"Content-Type: multipart/related; boundary=x\r\n\r\n--x\r\nContent-Type: text/html\r\n\r\n", bytes.as_slice()].concat();
            let _ = read(&message, &Limits::default());
            let _ = (quoted_printable(&bytes), base64(&bytes), read(&bytes, &Limits::default()));
        }
    }
}
