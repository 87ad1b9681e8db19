//! Bytes to text without loss: BOM → UTF-8 → UTF-16 by zero bytes → GB18030 → a detector's guess (STACK.md, "Text").

use crate::error::{Error, Result};
use crate::model::{Source, Warning};
use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{BIG5, DecoderResult, EUC_JP, EUC_KR, Encoding, GB18030, SHIFT_JIS, UTF_16BE, UTF_16LE};
use std::borrow::Cow;

/// The detector looks at no more than this.
const DETECT_BYTES: usize = 64 * 1024;
/// Shorter texts give an encoding little to contradict.
const SHORT_CHARS: usize = 16;

/// Decodes a text file strictly; the second part says how sure the choice of encoding was, where it was not.
///
/// # Errors
/// Binary data, or bytes that no encoding decodes without loss; the byte is the first that the best candidate refused.
pub(in crate::ingest) fn decode(bytes: &[u8]) -> Result<(Cow<'_, str>, Option<Warning>)> {
    if let Some((encoding, bom)) = Encoding::for_bom(bytes) {
        return match strict(encoding, &bytes[bom..]) {
            Ok(text) => binary_free(text).map(|text| (text, None)),
            Err(at) => Err(undecodable(
                &format!("not valid {} though its byte order mark says so", encoding.name()),
                bom + at,
            )),
        };
    }
    let utf8_error = match std::str::from_utf8(bytes) {
        Ok(text) if !text.contains('\0') => return Ok((Cow::Borrowed(text), None)),
        Ok(_) => None,
        Err(error) => Some(error.valid_up_to()),
    };
    if let Some(at) = bytes.iter().position(|b| *b == 0) {
        return utf16_by_zero_bytes(bytes, at).map(|text| (text, None));
    }
    let utf8_at = utf8_error.unwrap_or(0);
    if mostly_utf8(bytes) {
        return Err(undecodable("UTF-8 with broken bytes", utf8_at));
    }
    let gb_at = match strict(GB18030, bytes) {
        Ok(text) => {
            let unsure = text.chars().nth(SHORT_CHARS - 1).is_none().then(|| {
                warning(
                    "encoding_unsure",
                    "文本不足16个字，编码按GB18030推定，可能有误".to_owned(),
                )
            });
            return binary_free(text).map(|text| (text, unsure));
        }
        Err(at) => at,
    };
    if let Some((text, name)) = detector_guess(bytes) {
        return binary_free(text).map(|text| {
            let message = format!("编码既非UTF-8也非GB18030，按检测结果{name}解码，可能有误");
            (text, Some(warning("encoding_guessed", message)))
        });
    }
    Err(undecodable(
        "no encoding decodes it without loss (UTF-8, UTF-16, GB18030)",
        utf8_at.max(gb_at),
    ))
}

fn warning(code: &str, message: String) -> Warning {
    Warning::new(code, message, Source::default())
}

fn undecodable(what: &str, at: usize) -> Error {
    Error::damaged(what).at_byte(at as u64)
}

/// Text of a whole input, or the offset of the first bad byte.
fn strict<'a>(encoding: &'static Encoding, bytes: &'a [u8]) -> std::result::Result<Cow<'a, str>, usize> {
    if let Some(text) = encoding.decode_without_bom_handling_and_without_replacement(bytes) {
        return Ok(text);
    }
    // Only on the way to an error: decode again in pieces to learn where.
    let mut decoder = encoding.new_decoder_without_bom_handling();
    let mut out = [0u8; 4096];
    let mut read = 0;
    loop {
        let (result, n, _) = decoder.decode_to_utf8_without_replacement(&bytes[read..], &mut out, true);
        read += n;
        match result {
            DecoderResult::Malformed(bad, after) => {
                return Err(read.saturating_sub(usize::from(bad) + usize::from(after)));
            }
            DecoderResult::InputEmpty => return Err(bytes.len()),
            DecoderResult::OutputFull => {}
        }
    }
}

/// UTF-16 without a mark: in every text the zero bytes of its digits, blanks and line ends stand on one parity only.
fn utf16_by_zero_bytes(bytes: &[u8], first_zero: usize) -> Result<Cow<'_, str>> {
    let sample = &bytes[..bytes.len().min(DETECT_BYTES)];
    let zeros = |parity: usize| sample.iter().skip(parity).step_by(2).filter(|b| **b == 0).count();
    let (even, odd) = (zeros(0), zeros(1));
    let encoding = if even * 20 < odd {
        Some(UTF_16LE)
    } else if odd * 20 < even {
        Some(UTF_16BE)
    } else {
        None
    };
    if let Some(text) = encoding.and_then(|encoding| strict(encoding, bytes).ok()) {
        // A text has line ends or blanks, and no control characters.
        if !text.chars().any(is_binary) {
            return Ok(text);
        }
    }
    Err(binary(first_zero))
}

fn binary(at: usize) -> Error {
    Error::unsupported(
        "binary data, not text",
        "give the .docx, .pdf or .txt that it was made from",
    )
    .at_byte(at as u64)
}

/// Control characters that no text file holds (tab, line ends, form feed and vertical tab are layout).
fn is_binary(c: char) -> bool {
    (c < ' ' && !matches!(c, '\t' | '\n' | '\r' | '\u{b}' | '\u{c}' | '\u{1a}')) || c == '\u{fffe}' || c == '\u{ffff}'
}

fn binary_free(text: Cow<'_, str>) -> Result<Cow<'_, str>> {
    match text.bytes().position(|b| b == 0) {
        Some(at) => Err(binary(at)),
        None => Ok(text),
    }
}

/// Whether the bytes are UTF-8 with some damage: then reading them as GB18030 would give mojibake that looks decoded.
fn mostly_utf8(bytes: &[u8]) -> bool {
    let (mut good, mut bad) = (0usize, 0usize);
    for chunk in bytes.utf8_chunks() {
        good += chunk.valid().chars().filter(|c| *c >= '\u{800}').count();
        bad += usize::from(!chunk.invalid().is_empty());
    }
    good >= 4 && good > bad * 4
}

/// The detector's guess, only for multi-byte encodings of East Asia: single-byte ones decode anything.
fn detector_guess(bytes: &[u8]) -> Option<(Cow<'_, str>, &'static str)> {
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    let sample = &bytes[..bytes.len().min(DETECT_BYTES)];
    detector.feed(sample, sample.len() == bytes.len());
    let guess = detector.guess(Some(b"cn"), Utf8Detection::Deny);
    let plausible = [BIG5, EUC_JP, EUC_KR, SHIFT_JIS].contains(&guess);
    let text = plausible.then(|| strict(guess, bytes).ok()).flatten()?;
    Some((text, guess.name()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::ErrorKind;

    const TEXT: &str = "项目自评结论：预算执行率为98.82%，自评得分95分，等级为优。\n";

    #[test]
    fn every_encoding_gives_the_same_text() {
        let utf16 = |big: bool, bom: bool| -> Vec<u8> {
            let units = bom.then_some(0xFEFF).into_iter().chain(TEXT.encode_utf16());
            units
                .flat_map(|u: u16| if big { u.to_be_bytes() } else { u.to_le_bytes() })
                .collect()
        };
        let gb = GB18030.encode(TEXT).0.into_owned();
        let bom = [b"\xEF\xBB\xBF", TEXT.as_bytes()].concat();
        let all = [
            TEXT.as_bytes().to_vec(),
            bom,
            gb,
            utf16(false, true),
            utf16(true, true),
            utf16(false, false),
            utf16(true, false),
        ];
        for bytes in all {
            let (text, warning) = decode(&bytes).unwrap();
            assert_eq!(text, TEXT);
            assert_eq!(warning, None);
        }
    }

    #[test]
    fn a_bad_byte_is_named_and_never_replaced() {
        let mut utf8 = TEXT.as_bytes().to_vec();
        utf8[30] = 0xFF;
        let error = decode(&utf8).unwrap_err();
        assert!(matches!(error.kind, ErrorKind::Damaged(_)), "{error}");
        assert_eq!(error.origin.byte, Some(30));

        let mut gb = GB18030.encode(TEXT).0.into_owned();
        gb[20] = 0xFF;
        let error = decode(&gb).unwrap_err();
        assert!(matches!(error.kind, ErrorKind::Damaged(_)), "{error}");
        assert_eq!(error.origin.byte, Some(20));
    }

    #[test]
    fn binary_is_refused() {
        for bytes in [
            &b"\x00\x01\x02\x03abc\x00\x00"[..],
            b"abc\0def",
            b"\x89BIN\x00\x00\x00\rIHDR\x00\x01",
        ] {
            let error = decode(bytes).unwrap_err();
            assert!(matches!(error.kind, ErrorKind::Unsupported { .. }), "{error}");
        }
    }

    #[test]
    fn short_text_says_how_sure() {
        let (text, warning) = decode(b"\xd6\xd0\xb9\xfa").unwrap();
        assert_eq!(text, "中国");
        assert_eq!(warning.unwrap().code, "encoding_unsure");
    }
}
