//! Bytes of a page to text: BOM → what the page or its envelope states → the text reader's order. Never lossy.

use crate::error::Result;
use crate::ingest::txt;
use crate::model::{Source, Warning};
use encoding_rs::{Encoding, GB18030, GBK, UTF_8, UTF_16BE, UTF_16LE};
use std::borrow::Cow;

/// A statement of the encoding is looked for in no more than this; Word's own styles may stand before it.
const HEAD: usize = 64 << 10;

/// Decodes a page. `stated` is the envelope's word (a MIME header), which weighs more than the page's own.
///
/// # Errors
/// As the text reader: bytes that no encoding decodes without loss.
pub(super) fn decode<'a>(bytes: &'a [u8], stated: Option<&str>) -> Result<(Cow<'a, str>, Option<Warning>)> {
    let label = stated.map(str::to_owned).or_else(|| meta(bytes));
    let encoding = label
        .as_deref()
        .and_then(|label| Encoding::for_label(label.trim().as_bytes()));
    let encoding = match encoding {
        // Any page that says so in ASCII is no UTF-16 (WHATWG, "prescan a byte stream").
        Some(found) if found == UTF_16LE || found == UTF_16BE => Some(UTF_8),
        Some(found) if found == GBK => Some(GB18030),
        other => other,
    };
    let marked = Encoding::for_bom(bytes).is_some();
    let Some(encoding) = encoding.filter(|_| !marked && !bytes.contains(&0)) else {
        return txt::decode(bytes);
    };
    let is_utf8 = std::str::from_utf8(bytes).is_ok();
    let trusted = match encoding.is_single_byte() {
        // Decodes whatever comes: a Chinese page that says so was labelled by a program that did not look.
        true => false,
        // Bytes above ASCII that happen to be UTF-8 are no GB18030.
        false => encoding == UTF_8 || !is_utf8 || bytes.is_ascii(),
    };
    if trusted && let Some(text) = encoding.decode_without_bom_handling_and_without_replacement(bytes) {
        return Ok((text, None));
    }
    match txt::decode(bytes) {
        Ok((text, _)) if bytes.is_ascii() => Ok((text, None)),
        Ok((text, unsure)) => {
            let message = format!("网页注明的编码为{}，与内容不符，按内容判定的编码读取", encoding.name());
            let warning = Warning::new("encoding_disagrees", message, Source::default());
            Ok((text, unsure.or(Some(warning))))
        }
        Err(_) if encoding.is_single_byte() => {
            match encoding.decode_without_bom_handling_and_without_replacement(bytes) {
                Some(text) => Ok((text, None)),
                None => txt::decode(bytes),
            }
        }
        Err(error) => Err(error),
    }
}

/// The encoding that a `<meta>` of the page states: `charset=` of either form.
fn meta(bytes: &[u8]) -> Option<String> {
    let head = bytes[..bytes.len().min(HEAD)].to_ascii_lowercase();
    let mut rest = head.as_slice();
    while let Some(at) = find(rest, b"<meta") {
        let tag = &rest[at..];
        let end = tag.iter().position(|b| *b == b'>').unwrap_or(tag.len());
        if let Some(at) = find(&tag[..end], b"charset") {
            let value = tag[at + b"charset".len()..end].trim_ascii_start();
            if let Some(value) = value.strip_prefix(b"=") {
                let value = value.trim_ascii_start();
                let value = value.strip_prefix(b"\"").or(value.strip_prefix(b"'")).unwrap_or(value);
                let name = |b: &u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b':' | b'.');
                let label: Vec<u8> = value.iter().copied().take_while(name).collect();
                if let Ok(label) = String::from_utf8(label)
                    && !label.is_empty()
                {
                    return Some(label);
                }
            }
        }
        rest = &tag[end.max(1)..];
    }
    None
}

fn find(bytes: &[u8], needle: &[u8]) -> Option<usize> {
    bytes.windows(needle.len()).position(|window| window == needle)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_says_its_encoding_in_several_ways() {
        for (page, expected) in [
            (
                r#"<META content="text/html; charset=gb2312" http-equiv=Content-Type>"#,
                Some("gb2312"),
            ),
            ("<meta name=a><meta charset='UTF-8'>", Some("utf-8")),
            ("<meta charset = gbk >", Some("gbk")),
            ("<meta name=charset content=none>", None),
            ("<meta", None),
            ("<p>charset=gbk", None),
        ] {
            assert_eq!(meta(page.as_bytes()).as_deref(), expected, "{page}");
        }
    }

    #[test]
    fn what_is_stated_wins_unless_the_bytes_contradict_it() {
        let page = |label: &str| format!("<meta charset={label}><p>绩效自评得分95分，等级为优</p>");
        let gbk = |label: &str| GB18030.encode(&page(label)).0.into_owned();
        let code = |bytes: &[u8]| {
            let (text, warning) = decode(bytes, None).unwrap();
            assert!(text.contains("绩效自评得分95分"), "{text}");
            warning.map(|w| w.code)
        };
        assert_eq!(code(&gbk("gb2312")), None);
        assert_eq!(code(page("utf-8").as_bytes()), None);
        assert_eq!(code(page("gb2312").as_bytes()).as_deref(), Some("encoding_disagrees"));
        assert_eq!(code(&gbk("utf-8")).as_deref(), Some("encoding_disagrees"));
        assert_eq!(code(&gbk("iso-8859-1")).as_deref(), Some("encoding_disagrees"));
        let (text, warning) = decode(b"<meta charset=windows-1252><p>1\xb7<b>2", None).unwrap();
        assert!(text.contains("1·<b>2") && warning.is_none());
        assert!(decode(b"<meta charset=gbk>\xff\xff\xff\xff<p>", None).is_err());
    }
}
